/* Reading back and serving. A log only grows, so what is read at one size stays true while others
 * write: no transaction is needed, only that the size is read first. */
#include <string.h>

#include "journal/entry.h"

enum { TILE = 256, LEVEL_BITS = 8 };

/* The head row; *found false if the region has no journal. */
static bool head_read(struct db_read *db, int64_t region, struct arena *arena, struct db_rows *out,
                      bool *found, struct fault *why)
{
    static const struct db_sql sql = {"SELECT seq, root, checkpoint, standing, origin"
                                      " FROM region_head WHERE region = $1"};
    if (!db_select(db, &sql, DB_ARGS(db_int(region)), arena, out, why))
        return false;
    *found = out->count == 1;
    return true;
}

static bool no_journal(int64_t region, struct fault *why)
{
    return fault_set(why, "region %lld has no journal", (long long)region);
}

bool journal_head(struct db_read *db, int64_t region, struct arena *arena, struct checkpoint *out,
                  struct fault *why)
{
    struct db_rows rows;
    bool found;
    if (!head_read(db, region, arena, &rows, &found, why))
        return false;
    if (!found)
        return no_journal(region, why);
    struct text root = db_cell_text(&rows, 0, "root");
    if (root.len != sizeof out->root.bytes)
        return fault_set(why, "region %lld: the head's root is damaged", (long long)region);
    out->origin = db_cell_text(&rows, 0, "origin");
    out->size = db_cell_int(&rows, 0, "seq");
    memcpy(out->root.bytes, root.at, root.len);
    return true;
}

bool journal_hold(struct db *db, int64_t region, struct fault *why)
{
    static const struct db_sql sql = {"UPDATE region_head SET seq = seq WHERE region = $1"};
    return db_write(db, &sql, DB_ARGS(db_int(region)), why) && db_flush(db, why);
}

bool journal_counts(struct db_read *db, const struct checkpoint *head, int64_t region,
                    struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {
        "SELECT max(idx) AS last FROM journal WHERE region = $1 AND idx >= $2"};
    struct db_rows rows;
    if (head->size < 0)
        return fault_set(why, "region %lld: its head counts %lld entries; the database is damaged",
                         (long long)region, (long long)head->size);
    if (!db_select(db, &sql, DB_ARGS(db_int(region), db_int(head->size)), arena, &rows, why))
        return false;
    return db_cell(&rows, 0, "last")->type == DB_NULL ||
           fault_set(why,
                     "region %lld: its head counts %lld entries, but there is entry %lld; the "
                     "database is damaged",
                     (long long)region, (long long)head->size,
                     (long long)db_cell_int(&rows, 0, "last"));
}

bool journal_no_orphans(struct db_read *db, struct arena *arena, struct fault *why)
{
    /* From region to region by the key: the journal is long. */
    static const struct db_sql next = {
        "SELECT min(region) AS region FROM journal WHERE region > $1"};
    int64_t region = -1;
    for (;;) {
        struct db_rows rows;
        bool found;
        if (!db_select(db, &next, DB_ARGS(db_int(region)), arena, &rows, why))
            return false;
        if (db_cell(&rows, 0, "region")->type == DB_NULL)
            return true;
        region = db_cell_int(&rows, 0, "region");
        if (!head_read(db, region, arena, &rows, &found, why))
            return false;
        if (!found)
            return fault_set(why,
                             "region %lld has entries in the journal but no head; the database is "
                             "damaged",
                             (long long)region);
    }
}

bool journal_follow(struct journal_follower *follower, const struct entry *entry,
                    struct fault *why)
{
    struct hash leaf = merkle_leaf(entry->bytes);
    merkle_append(&follower->edge, &leaf);
    if (!entry->has_private || entry->erased)
        return true;
    struct hash hash = entry_commitment(entry->salt, entry->private_body);
    return hash_equal(&hash, &entry->commitment) ||
           fault_set(why, "entry %lld: its private body is not the one it commits to",
                     (long long)entry->head.index);
}

bool journal_arrived(const struct journal_follower *follower, const struct checkpoint *head,
                     int64_t region, struct fault *why)
{
    struct hash root = merkle_root(&follower->edge);
    return (follower->edge.size == head->size && hash_equal(&root, &head->root)) ||
           fault_set(why,
                     "region %lld: the entries do not come to the root that its head holds; "
                     "`yimen verify` says which",
                     (long long)region);
}

bool journal_place_of(struct db_read *db, int64_t region, struct arena *arena,
                      struct journal_place *out, struct fault *why)
{
    static const struct db_sql sql = {
        "SELECT seq, standing, clock_at FROM region_head WHERE region = $1"};
    struct db_rows rows;
    if (!db_select(db, &sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    if (rows.count != 1)
        return no_journal(region, why);
    *out = (struct journal_place){.seq = db_cell_int(&rows, 0, "seq"),
                                  .standing = db_cell_int(&rows, 0, "standing"),
                                  .live_at = db_cell_int(&rows, 0, "clock_at")};
    return true;
}

bool journal_standing_of(struct db_read *db, int64_t region, int64_t *out, struct fault *why)
{
    struct arena *arena = arena_new(1024);
    struct journal_place place = {0};
    bool good = journal_place_of(db, region, arena, &place, why);
    *out = place.standing;
    arena_free(arena);
    return good;
}

/* One row of idx, entry, salt, private_body as an entry. */
static bool entry_of(const struct db_rows *rows, size_t row, int64_t region, struct arena *arena,
                     struct entry *out, struct fault *why)
{
    int64_t index = db_cell_int(rows, row, "idx");
    struct fault inside = {""};
    if (!entry_read(db_cell_text(rows, row, "entry"), arena, out, &inside))
        return fault_set(why, "region %lld, entry %lld: %s", (long long)region, (long long)index,
                         inside.why);
    if (out->head.index != index || out->head.region != region)
        return fault_set(why, "region %lld, entry %lld says it is entry %lld of %lld",
                         (long long)region, (long long)index, (long long)out->head.index,
                         (long long)out->head.region);
    const struct db_value *salt = db_cell(rows, row, "salt");
    out->erased = out->has_private && salt->type == DB_NULL;
    if (out->has_private && !out->erased) {
        out->salt = salt->text;
        out->private_body = db_cell_text(rows, row, "private_body");
    }
    return true;
}

static bool entries_of(const struct db_rows *rows, int64_t region, struct arena *arena,
                       struct list *out, struct fault *why)
{
    struct entry *entries = arena_array(arena, rows->count, sizeof *entries);
    for (size_t i = 0; i < rows->count; i++)
        if (!entry_of(rows, i, region, arena, &entries[i], why))
            return false;
    *out = (struct list){entries, rows->count};
    return true;
}

bool journal_read(struct db_read *db, int64_t region, int64_t from, int64_t limit,
                  struct arena *arena, struct list *out, struct fault *why)
{
    static const struct db_sql sql = {
        "SELECT j.idx, j.entry, " JOURNAL_PRIVATE_OF_J " FROM journal j"
        " WHERE j.region = $1 AND j.idx >= $2 ORDER BY j.idx LIMIT $3"};
    struct db_rows rows;
    return db_select(db, &sql, DB_ARGS(db_int(region), db_int(from), db_int(limit)), arena, &rows,
                     why) &&
           entries_of(&rows, region, arena, out, why);
}

bool journal_history(struct db_read *db, int64_t region, struct text subject, int64_t after,
                     int64_t limit, struct arena *arena, struct list *out, struct fault *why)
{
    static const struct db_sql sql = {
        "SELECT j.idx, j.entry, " JOURNAL_PRIVATE_OF_J " FROM journal j"
        " WHERE j.region = $1 AND j.subject = $2 AND j.idx > $3 ORDER BY j.idx LIMIT $4"};
    struct db_rows rows;
    return db_select(db, &sql,
                     DB_ARGS(db_int(region), db_text(subject), db_int(after), db_int(limit)),
                     arena, &rows, why) &&
           entries_of(&rows, region, arena, out, why);
}

bool journal_subjects(struct db_read *db, int64_t region, int64_t from, int64_t to,
                      struct arena *arena, struct list *out, struct fault *why)
{
    static const struct db_sql sql = {"SELECT DISTINCT subject FROM journal"
                                      " WHERE region = $1 AND idx >= $2 AND idx < $3"};
    struct db_rows rows;
    if (!db_select(db, &sql, DB_ARGS(db_int(region), db_int(from), db_int(to)), arena, &rows, why))
        return false;
    struct text *subjects = arena_array(arena, rows.count, sizeof *subjects);
    for (size_t i = 0; i < rows.count; i++)
        subjects[i] = db_cell_text(&rows, i, "subject");
    *out = (struct list){subjects, rows.count};
    return true;
}

bool journal_checkpoint(struct db_read *db, int64_t region, struct arena *arena, struct text *note,
                        bool *found, struct fault *why)
{
    struct db_rows rows;
    if (!head_read(db, region, arena, &rows, found, why))
        return false;
    if (*found)
        *note = db_cell_text(&rows, 0, "checkpoint");
    return true;
}

/* Bytes of entries [from, to), in order; a fault if one is missing. */
static bool entries_read(struct db_read *db, int64_t region, int64_t from, int64_t to,
                         struct arena *arena, struct db_rows *out, struct fault *why)
{
    static const struct db_sql sql = {"SELECT idx, entry FROM journal"
                                      " WHERE region = $1 AND idx >= $2 AND idx < $3 ORDER BY idx"};
    if (!db_select(db, &sql, DB_ARGS(db_int(region), db_int(from), db_int(to)), arena, out, why))
        return false;
    return out->count == (size_t)(to - from) ||
           fault_set(why, "region %lld: entries are missing in %lld to %lld", (long long)region,
                     (long long)from, (long long)to - 1);
}

/* The first `width` hashes of tile n of a level, known to be there. */
static bool hashes_full(struct db_read *db, int64_t region, int level, int64_t n, int width,
                        struct arena *arena, struct hash *out, struct fault *why)
{
    static const struct db_sql sql = {"SELECT hashes FROM journal_tile"
                                      " WHERE region = $1 AND level = $2 AND n = $3"};
    struct db_rows rows;
    if (!db_select(db, &sql, DB_ARGS(db_int(region), db_int(level), db_int(n)), arena, &rows, why))
        return false;
    struct text hashes = rows.count ? db_cell_text(&rows, 0, "hashes") : (struct text){"", 0};
    if (hashes.len != TILE * sizeof *out)
        return fault_set(why, "region %lld: tile %d/%lld is missing or damaged", (long long)region,
                         level, (long long)n);
    memcpy(out, hashes.at, (size_t)width * sizeof *out);
    return true;
}

/* The hashes of an unfinished tile above level 0: roots of full tiles below. */
static bool hashes_upper(struct db_read *db, int64_t region, int level, int64_t n, int width,
                         struct arena *arena, struct hash *out, struct fault *why)
{
    static const struct db_sql sql = {
        "SELECT root FROM journal_tile"
        " WHERE region = $1 AND level = $2 AND n >= $3 AND n < $4 ORDER BY n"};
    struct db_rows rows;
    if (!db_select(db, &sql,
                   DB_ARGS(db_int(region), db_int(level - 1), db_int(n * TILE),
                           db_int(n * TILE + width)),
                   arena, &rows, why))
        return false;
    bool good = rows.count == (size_t)width;
    for (size_t i = 0; good && i < rows.count; i++) {
        struct text root = db_cell_text(&rows, i, "root");
        good = root.len == sizeof *out;
        if (good)
            memcpy(out[i].bytes, root.at, root.len);
    }
    return good || fault_set(why, "region %lld: tiles below %d/%lld are missing or damaged",
                             (long long)region, level, (long long)n);
}

/* How many hashes level `level` of a tree of that size has. */
static int64_t level_size(int64_t size, int level)
{
    return level * LEVEL_BITS < 63 ? size >> (level * LEVEL_BITS) : 0;
}

/* Tile n of a level: its first width hashes, all of which lie in a tree of size. */
static bool hashes_read(struct db_read *db, int64_t region, int64_t size, int level, int64_t n,
                        int width, struct arena *arena, struct hash *out, struct fault *why)
{
    if (n < level_size(size, level) / TILE)
        return hashes_full(db, region, level, n, width, arena, out, why);
    if (level > 0)
        return hashes_upper(db, region, level, n, width, arena, out, why);
    struct db_rows rows;
    if (!entries_read(db, region, n * TILE, n * TILE + width, arena, &rows, why))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        out[i] = merkle_leaf(db_cell_text(&rows, i, "entry"));
    return true;
}

/* True when tile n of a level with count hashes at present has that width. */
static bool tile_there(int64_t count, int64_t n, int width)
{
    return n >= 0 && width >= 1 && width <= TILE && n <= count / TILE && n * TILE + width <= count;
}

bool journal_tile(struct db_read *db, int64_t region, int level, int64_t n, int width,
                  struct arena *arena, struct text *bytes, bool *found, struct fault *why)
{
    struct db_rows head;
    if (!head_read(db, region, arena, &head, found, why))
        return false;
    int64_t size = *found ? db_cell_int(&head, 0, "seq") : 0;
    *found = level >= 0 && tile_there(level_size(size, level), n, width);
    if (!*found)
        return true;
    struct hash *hashes = arena_array(arena, (size_t)width, sizeof *hashes);
    if (!hashes_read(db, region, size, level, n, width, arena, hashes, why))
        return false;
    *bytes = (struct text){(const char *)hashes, (size_t)width * sizeof *hashes};
    return true;
}

bool journal_entry_bundle(struct db_read *db, int64_t region, int64_t n, int width,
                          struct arena *arena, struct text *bytes, bool *found, struct fault *why)
{
    struct db_rows rows;
    if (!head_read(db, region, arena, &rows, found, why))
        return false;
    *found = *found && tile_there(db_cell_int(&rows, 0, "seq"), n, width);
    if (!*found)
        return true;
    if (!entries_read(db, region, n * TILE, n * TILE + width, arena, &rows, why))
        return false;
    struct buf bundle = {.arena = arena};
    for (size_t i = 0; i < rows.count; i++) {
        struct text entry = db_cell_text(&rows, i, "entry");
        const unsigned char length[2] = {(unsigned char)(entry.len >> 8),
                                         (unsigned char)entry.len};
        buf_add(&bundle, length, sizeof length);
        buf_text(&bundle, entry);
    }
    *bytes = buf_done(&bundle);
    return true;
}

/* Where a proof takes its hashes from: tiles, each read once. */
struct tiles {
    struct db_read *db;
    int64_t region, size;
    struct arena *arena;
    struct tile *read;
};

struct tile {
    struct tile *next;
    int level;
    int64_t n;
    struct hash hashes[TILE];
};

static struct tile *tile_of(struct tiles *tiles, int level, int64_t n, struct fault *why)
{
    for (struct tile *tile = tiles->read; tile; tile = tile->next)
        if (tile->level == level && tile->n == n)
            return tile;
    struct tile *tile = arena_alloc(tiles->arena, sizeof *tile);
    int64_t left = level_size(tiles->size, level) - n * TILE;
    tile->level = level;
    tile->n = n;
    if (!hashes_read(tiles->db, tiles->region, tiles->size, level, n,
                     left < TILE ? (int)left : TILE, tiles->arena, tile->hashes, why))
        return NULL;
    tile->next = tiles->read;
    tiles->read = tile;
    return tile;
}

static bool tiles_get(void *from, int level, int64_t start, struct hash *out, struct fault *why)
{
    struct tiles *tiles = from;
    int above = level % LEVEL_BITS; /* so many levels above a tile's own hashes */
    int64_t first = start >> (level - above);
    struct tile *tile = tile_of(tiles, level / LEVEL_BITS, first / TILE, why);
    if (!tile)
        return false;
    struct merkle_edge edge = {0};
    for (int64_t i = 0; i < INT64_C(1) << above; i++)
        merkle_append(&edge, &tile->hashes[first % TILE + i]);
    *out = merkle_root(&edge);
    return true;
}

bool journal_root_at(struct db_read *db, int64_t region, int64_t size, struct arena *arena,
                     struct hash *out, struct fault *why)
{
    struct tiles tiles = {db, region, size, arena, NULL};
    return merkle_root_from(size, tiles_get, &tiles, out, why);
}

bool journal_receipt(struct db_read *db, int64_t region, int64_t index, struct arena *arena,
                     struct text *proof, bool *found, struct fault *why)
{
    struct db_rows head, rows;
    if (!head_read(db, region, arena, &head, found, why))
        return false;
    int64_t size = *found ? db_cell_int(&head, 0, "seq") : 0;
    *found = index >= 0 && index < size;
    if (!*found)
        return true;
    struct proof made = {.index = index, .checkpoint = db_cell_text(&head, 0, "checkpoint")};
    struct tiles tiles = {db, region, size, arena, NULL};
    if (!entries_read(db, region, index, index + 1, arena, &rows, why) ||
        !merkle_prove_inclusion(index, size, tiles_get, &tiles, made.hashes, &made.count, why))
        return false;
    made.extra = db_cell_text(&rows, 0, "entry");
    *proof = proof_text(&made, arena);
    return true;
}

bool journal_vkey(struct db_read *db, int64_t region, struct arena *arena, struct text *vkey,
                  struct fault *why)
{
    static const struct db_sql sql = {"SELECT name, public_key FROM journal_key"
                                      " WHERE region = $1 ORDER BY from_seq DESC LIMIT 1"};
    struct db_rows rows;
    if (!db_select(db, &sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    if (rows.count == 0)
        return no_journal(region, why);
    struct text name = db_cell_text(&rows, 0, "name");
    struct text public_key = db_cell_text(&rows, 0, "public_key");
    struct note_key key;
    if (!note_key_public(name, public_key, &key))
        return fault_set(why, "region %lld: its public key is damaged", (long long)region);
    *vkey = note_vkey(&key, arena);
    return true;
}
