/* Recomputes the whole log from its entries, page by page, and compares all that is stored. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/entry.h"

enum { PAGE = 1000, TILE = 256, LEVELS = 8 };

/* The unfinished tile of each level. */
struct level {
    struct hash hashes[TILE];
    int count;
    int64_t tiles; /* full ones so far */
};

struct check {
    struct db_read *db;
    int64_t region;
    struct arena *page; /* reset after each page */
    struct level levels[LEVELS];
    char wrong[400];
};

/* Keeps the first thing that does not hold and returns false. A false without it is a fault. */
__attribute__((format(printf, 2, 3))) static bool amiss(struct check *check, const char *format,
                                                        ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(check->wrong, sizeof check->wrong, format, args);
    va_end(args);
    return false;
}

static bool same(struct text stored, const struct hash *computed)
{
    return stored.len == sizeof computed->bytes &&
           memcmp(stored.at, computed->bytes, stored.len) == 0;
}

/* The stored form of the tile that check->levels[level] has just filled. */
static bool tile_check(struct check *check, int level, const struct hash *root, struct fault *why)
{
    static const struct db_sql sql = {"SELECT hashes, root FROM journal_tile"
                                      " WHERE region = $1 AND level = $2 AND n = $3"};
    struct level *at = &check->levels[level];
    struct db_rows rows;
    if (!db_select(check->db, &sql,
                   DB_ARGS(db_int(check->region), db_int(level), db_int(at->tiles)), check->page,
                   &rows, why))
        return false;
    struct text path = tile_path(level, at->tiles, TILE, check->page);
    if (rows.count == 0)
        return amiss(check, "tile %.*s: missing", TEXT_ARG(path));
    struct text hashes = db_cell_text(&rows, 0, "hashes");
    if (hashes.len != sizeof at->hashes)
        return amiss(check, "tile %.*s: %zu bytes instead of %zu", TEXT_ARG(path), hashes.len,
                     sizeof at->hashes);
    for (int i = 0; i < TILE; i++)
        if (memcmp(hashes.at + (size_t)i * sizeof *root, at->hashes[i].bytes, sizeof *root) != 0)
            return level == 0
                       ? amiss(check, "entry %lld: its hash is not the one in tile %.*s",
                               (long long)at->tiles * TILE + i, TEXT_ARG(path))
                       : amiss(check, "tile %.*s: hash %d is not the root of the tile below",
                               TEXT_ARG(path), i);
    return same(db_cell_text(&rows, 0, "root"), root) ||
           amiss(check, "tile %.*s: its root is not that of its hashes", TEXT_ARG(path));
}

/* The roots of the perfect subtrees that these hashes make, appended to edge. */
static void peaks_add(const struct hash *hashes, int count, struct merkle_edge *edge)
{
    struct merkle_edge own = {0};
    for (int i = 0; i < count; i++)
        merkle_append(&own, &hashes[i]);
    memcpy(edge->peaks + edge->count, own.peaks, (size_t)own.count * sizeof *own.peaks);
    edge->count += own.count;
}

static bool leaf_check(struct check *check, struct hash hash, struct fault *why)
{
    for (int level = 0; level < LEVELS; level++) {
        struct level *at = &check->levels[level];
        at->hashes[at->count++] = hash;
        if (at->count < TILE)
            return true;
        struct merkle_edge edge = {0};
        peaks_add(at->hashes, TILE, &edge);
        hash = edge.peaks[0];
        if (!tile_check(check, level, &hash, why))
            return false;
        at->count = 0;
        at->tiles++;
    }
    return fault_set(why, "a log of more than 2^63 entries");
}

static bool private_check(struct check *check, const struct db_rows *rows, size_t row,
                          const struct entry *entry)
{
    long long index = (long long)entry->head.index;
    const struct db_value *salt = db_cell(rows, row, "salt");
    if (salt->type == DB_NULL)
        return true; /* nothing private, or erased */
    if (!entry->has_private)
        return amiss(check, "entry %lld: a private body is stored that it does not commit to",
                     index);
    struct hash hash = entry_commitment(salt->text, db_cell_text(rows, row, "private_body"));
    return hash_equal(&hash, &entry->commitment) ||
           amiss(check, "entry %lld: its private body is not the one it commits to", index);
}

static bool entry_check(struct check *check, const struct db_rows *rows, size_t row,
                        int64_t expected, struct fault *why)
{
    int64_t index = db_cell_int(rows, row, "idx");
    struct text bytes = db_cell_text(rows, row, "entry");
    struct entry entry;
    struct fault inside = {""};
    if (index != expected)
        return amiss(check, "entry %lld: missing", (long long)expected);
    if (!entry_read(bytes, check->page, &entry, &inside))
        return amiss(check, "entry %lld: %s", (long long)index, inside.why);
    if (entry.head.index != index || entry.head.region != check->region)
        return amiss(check, "entry %lld: it says it is entry %lld of region %06lld",
                     (long long)index, (long long)entry.head.index,
                     (long long)entry.head.region);
    if (entry.head.at != db_cell_int(rows, row, "at"))
        return amiss(check, "entry %lld: the row's time is not the entry's", (long long)index);
    if (!text_equal(entry.head.subject, db_cell_text(rows, row, "subject")))
        return amiss(check, "entry %lld: the row's subject is not the entry's", (long long)index);
    return private_check(check, rows, row, &entry) && leaf_check(check, merkle_leaf(bytes), why);
}

static bool entries_check(struct check *check, int64_t size,
                          void (*progress)(int64_t done, int64_t total, void *), void *context,
                          struct fault *why)
{
    static const struct db_sql sql = {
        "SELECT j.idx, j.at, j.subject, j.entry, " JOURNAL_PRIVATE_OF_J " FROM journal j"
        " WHERE j.region = $1 AND j.idx >= $2 AND j.idx < $3 ORDER BY j.idx LIMIT $4"};
    for (int64_t done = 0; done < size;) {
        struct db_rows rows;
        arena_reset(check->page);
        if (!db_select(check->db, &sql,
                       DB_ARGS(db_int(check->region), db_int(done), db_int(size), db_int(PAGE)),
                       check->page, &rows, why))
            return false;
        if (rows.count == 0)
            return amiss(check, "entry %lld: missing", (long long)done);
        for (size_t i = 0; i < rows.count; i++)
            if (!entry_check(check, &rows, i, done + (int64_t)i, why))
                return false;
        done += (int64_t)rows.count;
        if (progress)
            progress(done, size, context);
    }
    return true;
}

/* What is stored outside the range that the head names. Read before the head, because everything
 * committed before is within it even while others write. */
struct bounds {
    struct db_rows entries, privates, tiles;
};

static bool bounds_read(struct check *check, struct arena *arena, struct bounds *out,
                        struct fault *why)
{
    static const struct db_sql entries = {"SELECT min(idx) AS first, max(idx) AS last"
                                          " FROM journal WHERE region = $1"};
    static const struct db_sql privates = {"SELECT min(idx) AS first, max(idx) AS last"
                                           " FROM journal_private WHERE region = $1"};
    static const struct db_sql tiles = {
        "SELECT level, min(n) AS first, max(n) AS last FROM journal_tile"
        " WHERE region = $1 GROUP BY level ORDER BY level"};
    struct db_value region = db_int(check->region);
    return db_select(check->db, &entries, &region, 1, arena, &out->entries, why) &&
           db_select(check->db, &privates, &region, 1, arena, &out->privates, why) &&
           db_select(check->db, &tiles, &region, 1, arena, &out->tiles, why);
}

/* The number, if any, that lies outside 0 … end - 1. */
static bool outside(const struct db_rows *rows, size_t row, int64_t end, int64_t *which)
{
    const struct db_value *first = db_cell(rows, row, "first"), *last = db_cell(rows, row, "last");
    if (first->type == DB_NULL)
        return false;
    *which = first->number < 0 ? first->number : last->number;
    return first->number < 0 || last->number >= end;
}

static bool bounds_check(struct check *check, const struct bounds *bounds, int64_t size)
{
    int64_t which;
    if (outside(&bounds->entries, 0, size, &which))
        return amiss(check, "entry %lld: stored, but the head says %lld entries",
                     (long long)which, (long long)size);
    if (outside(&bounds->privates, 0, size, &which))
        return amiss(check, "entry %lld: a private body is stored, but no entry",
                     (long long)which);
    for (size_t i = 0; i < bounds->tiles.count; i++) {
        int64_t level = db_cell_int(&bounds->tiles, i, "level");
        int64_t full = level >= 0 && level < LEVELS ? check->levels[level].tiles : 0;
        if (outside(&bounds->tiles, i, full, &which))
            return amiss(check, "tile %lld/%lld: stored, but no such tile is full yet",
                         (long long)level, (long long)which);
    }
    return true;
}

/* The key that signs, its halves fitting each other. */
static bool key_check(struct check *check, struct arena *arena, struct note_key *out,
                      struct fault *why)
{
    static const struct db_sql sql = {"SELECT id, name, public_key, seed FROM journal_key"
                                      " WHERE region = $1 ORDER BY from_seq DESC LIMIT 1"};
    struct db_rows rows;
    if (!db_select(check->db, &sql, DB_ARGS(db_int(check->region)), arena, &rows, why))
        return false;
    if (rows.count == 0)
        return amiss(check, "key: there is none");
    struct text seed = db_cell_text(&rows, 0, "seed"), id = db_cell_text(&rows, 0, "id");
    struct text public_key = db_cell_text(&rows, 0, "public_key");
    if (seed.len != sizeof out->seed)
        return amiss(check, "key %.*s: damaged", TEXT_ARG(id));
    note_key_make(db_cell_text(&rows, 0, "name"), (const unsigned char *)seed.at, out);
    struct text made = {(const char *)out->public_key, sizeof out->public_key};
    return (text_equal(public_key, made) &&
            text_equal(id, text_hex(arena, out->id, sizeof out->id))) ||
           amiss(check, "key %.*s: its parts do not fit each other", TEXT_ARG(id));
}

/* Those before it: each is what its id says, and what still can sign has signed the checkpoint. */
static bool old_keys_check(struct check *check, struct text note, struct arena *arena,
                           struct fault *why)
{
    static const struct db_sql sql = {"SELECT id, name, public_key, seed FROM journal_key"
                                      " WHERE region = $1 ORDER BY from_seq DESC"};
    struct db_rows rows;
    if (!db_select(check->db, &sql, DB_ARGS(db_int(check->region)), arena, &rows, why))
        return false;
    for (size_t i = 1; i < rows.count; i++) {
        struct text id = db_cell_text(&rows, i, "id"), signed_text;
        struct note_key key;
        if (!note_key_public(db_cell_text(&rows, i, "name"), db_cell_text(&rows, i, "public_key"),
                             &key) ||
            !text_equal(id, text_hex(arena, key.id, sizeof key.id)))
            return amiss(check, "key %.*s: its parts do not fit each other", TEXT_ARG(id));
        if (i == 1 && db_cell_text(&rows, i, "seed").len && !note_open(note, &key, &signed_text))
            return amiss(check, "checkpoint: no good signature by key %.*s, which is not retired",
                         TEXT_ARG(id));
    }
    return true;
}

/* The stored edge against the computed one: names the range of entries that differs. */
static bool edge_check(struct check *check, struct text stored, const struct merkle_edge *edge)
{
    struct merkle_edge read;
    int64_t from = 0;
    if (!merkle_edge_read(edge->size, stored, &read))
        return amiss(check, "head: its edge does not fit its size");
    for (int i = 0; i < edge->count; i++) {
        int64_t width = INT64_C(1) << (63 - __builtin_clzll((uint64_t)(edge->size - from)));
        if (!hash_equal(&read.peaks[i], &edge->peaks[i]))
            return amiss(check,
                         "entries %lld to %lld: their hash is not the one in the head's edge",
                         (long long)from, (long long)(from + width - 1));
        from += width;
    }
    return true;
}

static bool head_check(struct check *check, const struct db_rows *head, const struct note_key *key)
{
    struct merkle_edge edge = {.size = db_cell_int(head, 0, "seq")};
    for (int level = LEVELS - 1; level >= 0; level--)
        peaks_add(check->levels[level].hashes, check->levels[level].count, &edge);
    struct hash root = merkle_root(&edge);
    struct text note = db_cell_text(head, 0, "checkpoint"), text;
    struct checkpoint said;
    if (!edge_check(check, db_cell_text(head, 0, "edge"), &edge))
        return false;
    if (!same(db_cell_text(head, 0, "root"), &root))
        return amiss(check, "head: its root is not that of the entries");
    if (!text_equal(db_cell_text(head, 0, "origin"), key->name))
        return amiss(check, "head: its origin is not the key's name");
    if (!note_open(note, key, &text))
        return amiss(check, "checkpoint: no good signature by the log's key");
    if (!checkpoint_read(text, &said) || said.size != edge.size ||
        !hash_equal(&said.root, &root) || !text_equal(said.origin, key->name))
        return amiss(check, "checkpoint: it does not say what the head says");
    return true;
}

static bool log_check(struct check *check, struct arena *arena,
                      void (*progress)(int64_t done, int64_t total, void *), void *context,
                      struct fault *why)
{
    static const struct db_sql sql = {"SELECT seq, root, edge, checkpoint, origin"
                                      " FROM region_head WHERE region = $1"};
    struct bounds bounds;
    struct db_rows head;
    struct note_key key;
    if (!bounds_read(check, arena, &bounds, why) ||
        !db_select(check->db, &sql, DB_ARGS(db_int(check->region)), arena, &head, why))
        return false;
    if (head.count == 0)
        return fault_set(why, "region %lld has no journal", (long long)check->region);
    int64_t size = db_cell_int(&head, 0, "seq");
    if (size < 0)
        return amiss(check, "head: its size is negative");
    return entries_check(check, size, progress, context, why) &&
           bounds_check(check, &bounds, size) && key_check(check, arena, &key, why) &&
           head_check(check, &head, &key) &&
           old_keys_check(check, db_cell_text(&head, 0, "checkpoint"), arena, why);
}

bool journal_verify(struct db_read *db, int64_t region, struct arena *arena,
                    void (*progress)(int64_t done, int64_t total, void *), void *context,
                    struct text *wrong, struct fault *why)
{
    struct check *check = calloc(1, sizeof *check);
    if (!check)
        return fault_set(why, "no memory to verify a journal");
    check->db = db;
    check->region = region;
    check->page = arena_new(1 << 20);
    struct arena *kept = arena_new(16 * 1024);
    bool good = log_check(check, kept, progress, context, why) || check->wrong[0];
    *wrong = text_copy(arena, text_of(check->wrong));
    arena_free(kept);
    arena_free(check->page);
    free(check);
    return good;
}
