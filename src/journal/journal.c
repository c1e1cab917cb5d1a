/* The writer: one for each region, owned by the writing thread. */
#include "journal/journal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/time.h"
#include "journal/entry.h"
#include "journal/key.h"

enum { TILE = 256, SALT = 32, SALTS = 64, ENTRY_COLUMNS = 5, PRIVATE_COLUMNS = 4 };

/* Rows for one multi-row insert. */
struct rows {
    struct db_value *cells;
    size_t count, room; /* in cells */
};

struct journal {
    int64_t region;
    struct signing_keys keys;
    struct arena *kept;    /* the keys' names */
    struct arena *batch;   /* what was added and is not yet written */
    struct arena *scratch; /* one entry at a time */
    struct checkpoint stands;

    /* What the head row said when this batch began. */
    bool known;
    int64_t seq, clock_was, standing;
    struct hash root;

    /* The tree with the batch's entries: whole tiles, then the leaves of the unfinished one. The
     * two edges follow each other in the tree's own, since 256 leaves are one perfect subtree. */
    struct merkle_edge tiles, leaves;
    struct hash unfinished[TILE];

    int64_t clock_at;
    bool standing_moves;
    struct rows entries, privates, full;
    struct fault fault; /* of an addition */
    unsigned char salts[SALTS * SALT];
    size_t salts_left;
};

static const struct db_insert insert_entries = {"journal", "region, idx, at, subject, entry",
                                                ENTRY_COLUMNS, NULL};
static const struct db_insert insert_privates = {"journal_private", "region, idx, salt, body",
                                                 PRIVATE_COLUMNS, NULL};
static const struct db_insert insert_tiles = {"journal_tile", "region, level, n, hashes, root", 5,
                                              NULL};

static void row_add(struct arena *arena, struct rows *rows, const struct db_value *cells,
                    size_t width)
{
    if (rows->room - rows->count < width) {
        size_t room = rows->room ? rows->room * 2 : width * 64;
        rows->cells = arena_grow(arena, rows->cells, rows->room * sizeof *rows->cells,
                                 room * sizeof *rows->cells);
        rows->room = room;
    }
    memcpy(rows->cells + rows->count, cells, width * sizeof *cells);
    rows->count += width;
}

static int64_t size_of(const struct journal *journal)
{
    return journal->tiles.size * TILE + journal->leaves.size;
}

static struct merkle_edge edge_of(const struct journal *journal)
{
    struct merkle_edge edge = journal->tiles;
    edge.size = size_of(journal);
    memcpy(edge.peaks + edge.count, journal->leaves.peaks,
           (size_t)journal->leaves.count * sizeof *edge.peaks);
    edge.count += journal->leaves.count;
    return edge;
}

static bool head_make(struct db *db, int64_t region, struct text origin, struct arena *arena,
                      struct fault *why)
{
    static const struct db_sql make_head = {
        "INSERT INTO region_head (region, ordinal, seq, root, edge, clock_at, checkpoint, standing,"
        " origin) VALUES ($1, (SELECT coalesce(max(ordinal), 0) + 1 FROM region_head),"
        " 0, $2, $3, 0, $4, 0, $5) ON CONFLICT (region) DO NOTHING"};
    static const struct db_sql make_key = {
        "INSERT INTO journal_key (region, id, name, public_key, seed, from_seq)"
        " VALUES ($1, $2, $3, $4, $5, 0)"};
    unsigned char seed[32];
    struct note_key key;
    int64_t made;
    random_bytes(seed, sizeof seed);
    note_key_make(origin, seed, &key);
    struct checkpoint start = {origin, 0, merkle_empty()};
    struct text note = note_sign(checkpoint_text(&start, arena), &key, arena);
    bool good =
        db_write(db, &make_head,
                 DB_ARGS(db_int(region), db_bytes(start.root.bytes, sizeof start.root.bytes),
                         db_bytes("", 0), db_text(note), db_text(origin)),
                 why) &&
        db_changed(db, &made, why) &&
        (made == 0 ||
         db_write(db, &make_key,
                  DB_ARGS(db_int(region), db_text(text_hex(arena, key.id, sizeof key.id)),
                          db_text(origin), db_bytes(key.public_key, sizeof key.public_key),
                          db_bytes(seed, sizeof seed)),
                  why));
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(&key, sizeof key);
    return good;
}

bool journal_init(struct db *db, int64_t region, struct text origin, struct fault *why)
{
    if (region < 100000 || region > 999999)
        return fault_set(why, "region %lld is not a code of six digits", (long long)region);
    if (!note_name_good(origin))
        return fault_set(why, "a log's name has no spaces, no '+' and is not empty");
    if (!db_begin(db, why))
        return false;
    struct arena *arena = arena_new(4096);
    bool good = head_make(db, region, origin, arena, why);
    arena_free(arena);
    if (!good) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, why) == DB_COMMITTED ||
           fault_set(why, "region %lld could not be made", (long long)region);
}

/* Reads the keys that sign now; the names of those read before are given up. */
static bool read_keys(struct journal *journal, struct db *db, struct fault *why)
{
    arena_reset(journal->kept);
    if (!keys_read(db_reader(db), journal->region, journal->kept, &journal->keys, why))
        return false;
    journal->stands.origin = journal->keys.keys[0].name;
    return true;
}

bool journal_open(struct db *db, int64_t region, struct journal **out, struct fault *why)
{
    struct journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return fault_set(why, "no memory for a journal");
    journal->region = region;
    journal->kept = arena_new(1024);
    journal->batch = arena_new(1024 * 1024); /* some hundred commands' entries, without growing */
    journal->scratch = arena_new(16 * 1024);
    if (!read_keys(journal, db, why)) {
        journal_close(journal);
        return false;
    }
    journal->stands.root = merkle_empty();
    *out = journal;
    return true;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    arena_free(journal->kept);
    arena_free(journal->batch);
    arena_free(journal->scratch);
    sodium_memzero(journal, sizeof *journal);
    free(journal);
}

/* Forgets the batch, not the tree. */
static void batch_clear(struct journal *journal)
{
    journal->entries = journal->privates = journal->full = (struct rows){NULL, 0, 0};
    journal->standing_moves = false;
    journal->fault.why[0] = 0;
    arena_reset(journal->batch);
}

/* The leaves of the unfinished tile, from its entries, checked against the head's edge. */
static bool catch_up_leaves(struct journal *journal, struct db *db, const struct merkle_edge *edge,
                            struct fault *why)
{
    static const struct db_sql sql = {"SELECT idx, entry FROM journal"
                                      " WHERE region = $1 AND idx >= $2 AND idx < $3 ORDER BY idx"};
    int64_t from = edge->size / TILE * TILE;
    struct db_rows rows = {0};
    journal->leaves = (struct merkle_edge){0};
    if (from < edge->size &&
        !db_select(db_reader(db), &sql,
                   DB_ARGS(db_int(journal->region), db_int(from), db_int(edge->size)),
                   journal->scratch, &rows, why))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        journal->unfinished[i] = merkle_leaf(db_cell_text(&rows, i, "entry"));
        merkle_append(&journal->leaves, &journal->unfinished[i]);
    }
    if (journal->leaves.size != edge->size - from ||
        memcmp(journal->leaves.peaks, edge->peaks + edge->count - journal->leaves.count,
               (size_t)journal->leaves.count * sizeof *edge->peaks) != 0)
        return fault_set(why, "region %lld: the entries from %lld on do not fit the head",
                         (long long)journal->region, (long long)from);
    return true;
}

/* Takes the tree from the head row. */
static bool catch_up(struct journal *journal, struct db *db, const struct db_rows *head,
                     struct fault *why)
{
    struct merkle_edge edge;
    if (!merkle_edge_read(journal->seq, db_cell_text(head, 0, "edge"), &edge))
        return fault_set(why, "region %lld: the head's edge does not fit its size",
                         (long long)journal->region);
    struct hash root = merkle_root(&edge);
    if (!hash_equal(&root, &journal->root))
        return fault_set(why, "region %lld: the head's edge does not lead to its root",
                         (long long)journal->region);
    if (!catch_up_leaves(journal, db, &edge, why))
        return false;
    journal->tiles = edge;
    journal->tiles.size = edge.size / TILE;
    journal->tiles.count = edge.count - journal->leaves.count;
    return true;
}

bool journal_begin(struct journal *journal, struct db *db, bool *moved, struct fault *why)
{
    /* Writing the row, not merely reading it, is what queues this transaction. */
    static const struct db_sql take = {"UPDATE region_head SET seq = seq WHERE region = $1"
                                       " RETURNING seq, root, edge, clock_at, standing"};
    struct db_rows head;
    arena_reset(journal->scratch);
    batch_clear(journal);
    if (!db_returning(db, &take, DB_ARGS(db_int(journal->region)), journal->scratch, &head, why))
        return false;
    if (head.count == 0)
        return fault_set(why, "region %lld has no journal", (long long)journal->region);
    int64_t seq = db_cell_int(&head, 0, "seq");
    struct text root = db_cell_text(&head, 0, "root");
    if (root.len != sizeof journal->root.bytes)
        return fault_set(why, "region %lld: the head's root is damaged",
                         (long long)journal->region);
    *moved = !journal->known || seq != journal->seq || size_of(journal) != seq ||
             memcmp(root.at, journal->root.bytes, root.len) != 0;
    journal->clock_was = journal->clock_at = db_cell_int(&head, 0, "clock_at");
    int64_t standing = db_cell_int(&head, 0, "standing");
    bool keys_old = !journal->known || standing != journal->standing;
    journal->standing = standing;
    if (keys_old && !read_keys(journal, db, why))
        return false;
    if (*moved) {
        journal->known = false;
        journal->seq = seq;
        memcpy(journal->root.bytes, root.at, root.len);
        if (!catch_up(journal, db, &head, why))
            return false;
        journal->known = true;
    }
    arena_reset(journal->scratch);
    return true;
}

int64_t journal_next(const struct journal *journal)
{
    return size_of(journal);
}

int64_t journal_clock(const struct journal *journal)
{
    return journal->clock_at;
}

void journal_live_at(struct journal *journal, int64_t at_ms)
{
    if (at_ms > journal->clock_at)
        journal->clock_at = at_ms;
}

void journal_standing(struct journal *journal)
{
    journal->standing_moves = true;
}

int64_t journal_standing_seen(const struct journal *journal)
{
    return journal->standing;
}

/* Salts are drawn many at a time: a system call for each would cost more than hashing the entry. */
static struct text salt_draw(struct journal *journal)
{
    if (journal->salts_left == 0) {
        random_bytes(journal->salts, sizeof journal->salts);
        journal->salts_left = SALTS;
    }
    unsigned char *salt = journal->salts + --journal->salts_left * SALT;
    struct text drawn = {arena_copy(journal->batch, salt, SALT), SALT};
    sodium_memzero(salt, SALT);
    return drawn;
}

/* Appends the leaf; a tile that it fills is put aside to be written. */
static void leaf_add(struct journal *journal, struct hash leaf)
{
    journal->unfinished[journal->leaves.size] = leaf;
    merkle_append(&journal->leaves, &leaf);
    if (journal->leaves.size < TILE)
        return;
    struct arena *batch = journal->batch;
    const struct hash *hashes = arena_copy(batch, journal->unfinished, sizeof journal->unfinished);
    const struct hash *root = arena_copy(batch, &journal->leaves.peaks[0], sizeof *root);
    const struct db_value cells[] = {db_int(journal->region), db_int(0),
                                     db_int(journal->tiles.size),
                                     db_bytes(hashes, sizeof journal->unfinished),
                                     db_bytes(root, sizeof *root)};
    row_add(batch, &journal->full, cells, 5);
    merkle_append(&journal->tiles, root);
    journal->leaves = (struct merkle_edge){0};
}

static bool word_good(struct text word)
{
    return text_utf8(word) && (!word.len || !memchr(word.at, 0, word.len));
}

static bool addition_good(struct journal *journal, const struct entry_head *head, struct text body,
                          struct text private_body)
{
    struct fault *why = &journal->fault;
    if (head->version < 1)
        return fault_set(why, "a kind's version is at least 1");
    if (head->at < time_at(date_of(1, 1, 1), 0) ||
        head->at >= time_at(date_of(9999, 12, 31), DAY_MS))
        return fault_set(why, "the time is outside the years 1 to 9999");
    if (!word_good(head->actor) || !word_good(head->kind) || !word_good(head->subject))
        return fault_set(why, "actor, kind and subject are UTF-8 without a zero byte");
    return entry_body_good(body, journal->scratch, why) &&
           (!private_body.len || entry_body_good(private_body, journal->scratch, why));
}

void journal_add(struct journal *journal, struct entry_head *head, struct text body,
                 struct text private_body)
{
    struct arena *batch = journal->batch;
    struct buf bytes = {.arena = journal->scratch};
    struct hash commitment;
    head->region = journal->region;
    head->index = size_of(journal);
    if (journal->fault.why[0] || !addition_good(journal, head, body, private_body)) {
        leaf_add(journal, merkle_empty()); /* so that journal_next goes on; nothing is written */
        return;
    }
    if (private_body.len) {
        struct text salt = salt_draw(journal);
        commitment = entry_commitment(salt, private_body);
        const struct db_value cells[] = {db_int(journal->region), db_int(head->index),
                                         db_bytes(salt.at, salt.len),
                                         db_text(text_copy(batch, private_body))};
        row_add(batch, &journal->privates, cells, PRIVATE_COLUMNS);
    }
    entry_write(head, body, private_body.len ? &commitment : NULL, journal->scratch, &bytes);
    struct text entry = text_copy(batch, buf_done(&bytes));
    arena_reset(journal->scratch);
    if (entry.len > ENTRY_MOST_BYTES)
        fault_set(&journal->fault, "entry %lld (%.*s) has %zu bytes; the most is %d",
                  (long long)head->index, TEXT_ARG(head->kind), entry.len, ENTRY_MOST_BYTES);
    const struct db_value cells[] = {db_int(journal->region), db_int(head->index),
                                     db_int(head->at), db_text(text_copy(batch, head->subject)),
                                     db_text(entry)};
    row_add(batch, &journal->entries, cells, ENTRY_COLUMNS);
    leaf_add(journal, merkle_leaf(entry));
}

/* The tile of level `level` that ends with tile `last` of the level below, from the roots there;
 * reached once in 65,536 entries. */
static bool upper_tile(struct journal *journal, struct db *db, int level, int64_t last,
                       struct fault *why)
{
    static const struct db_sql roots = {
        "SELECT root FROM journal_tile WHERE region = $1 AND level = $2 AND n > $3 AND n <= $4"
        " ORDER BY n"};
    struct db_rows rows;
    struct hash hashes[TILE], root;
    struct merkle_edge edge = {0};
    if (!db_select(db_reader(db), &roots,
                   DB_ARGS(db_int(journal->region), db_int(level - 1), db_int(last - TILE),
                           db_int(last)),
                   journal->batch, &rows, why))
        return false;
    if (rows.count != TILE)
        return fault_set(why, "region %lld: tiles of level %d before %lld are missing",
                         (long long)journal->region, level - 1, (long long)last);
    for (size_t i = 0; i < TILE; i++) {
        struct text cell = db_cell_text(&rows, i, "root");
        if (cell.len != sizeof root.bytes)
            return fault_set(why, "region %lld: a tile's root is damaged",
                             (long long)journal->region);
        memcpy(hashes[i].bytes, cell.at, cell.len);
        merkle_append(&edge, &hashes[i]);
    }
    root = merkle_root(&edge);
    const struct db_value cells[] = {db_int(journal->region), db_int(level),
                                     db_int(last / TILE), db_bytes(hashes, sizeof hashes),
                                     db_bytes(root.bytes, sizeof root.bytes)};
    return db_insert(db, &insert_tiles, cells, 1, why);
}

static bool tiles_write(struct journal *journal, struct db *db, struct fault *why)
{
    size_t count = journal->full.count / insert_tiles.width;
    if (!count)
        return true;
    if (!db_insert(db, &insert_tiles, journal->full.cells, count, why))
        return false;
    int64_t first = journal->seq / TILE, end = journal->tiles.size;
    /* Tiles [first, end) of the level below are new; every 256th ends one above. */
    for (int level = 1; first / TILE < end / TILE; level++) {
        first /= TILE;
        end /= TILE;
        for (int64_t n = first; n < end; n++)
            if (!upper_tile(journal, db, level, n * TILE + TILE - 1, why))
                return false;
    }
    return true;
}

static bool head_write(struct journal *journal, struct db *db, struct checkpoint *now,
                       struct fault *why)
{
    /* A stale writer sets NULL in a column that takes none, so its batch dies even where COMMIT
     * was sent along. */
    static const struct db_sql move = {
        "UPDATE region_head SET seq = CASE WHEN seq = $2 THEN $3 ELSE NULL END, root = $4,"
        " edge = $5, clock_at = $6, checkpoint = $7, standing = standing + $8 WHERE region = $1"};
    struct merkle_edge edge = edge_of(journal);
    *now = (struct checkpoint){journal->keys.keys[0].name, edge.size, merkle_root(&edge)};
    struct arena *batch = journal->batch;
    struct text bytes = merkle_edge_bytes(&edge, batch);
    struct text note = keys_sign(&journal->keys, checkpoint_text(now, batch), batch);
    return db_write(db, &move,
                    DB_ARGS(db_int(journal->region), db_int(journal->seq), db_int(now->size),
                            db_bytes(now->root.bytes, sizeof now->root.bytes),
                            db_bytes(bytes.at, bytes.len), db_int(journal->clock_at),
                            db_text(note), db_int(journal->standing_moves)),
                    why);
}

/* Nothing was added: the tree stays, the clock or the standing counter moves. */
static bool clock_write(struct journal *journal, struct db *db, struct fault *why)
{
    static const struct db_sql move = {
        "UPDATE region_head SET seq = CASE WHEN seq = $2 THEN seq ELSE NULL END, clock_at = $3,"
        " standing = standing + $4 WHERE region = $1"};
    if (journal->clock_at == journal->clock_was && !journal->standing_moves)
        return true;
    return db_write(db, &move,
                    DB_ARGS(db_int(journal->region), db_int(journal->seq),
                            db_int(journal->clock_at), db_int(journal->standing_moves)),
                    why);
}

bool journal_end(struct journal *journal, struct db *db, struct fault *why)
{
    struct checkpoint now = {journal->keys.keys[0].name, journal->seq, journal->root};
    if (journal->fault.why[0])
        return fault_set(why, "%s", journal->fault.why);
    if (!journal->known)
        return fault_set(why, "region %lld: journal_end without journal_begin",
                         (long long)journal->region);
    bool good = journal->entries.count == 0
                    ? clock_write(journal, db, why)
                    : db_insert(db, &insert_entries, journal->entries.cells,
                                journal->entries.count / ENTRY_COLUMNS, why) &&
                          (journal->privates.count == 0 ||
                           db_insert(db, &insert_privates, journal->privates.cells,
                                     journal->privates.count / PRIVATE_COLUMNS, why)) &&
                          tiles_write(journal, db, why) && head_write(journal, db, &now, why);
    if (!good)
        return false;
    journal->seq = now.size;
    journal->root = now.root;
    journal->clock_was = journal->clock_at;
    journal->standing += journal->standing_moves;
    journal->stands = now;
    batch_clear(journal);
    return true;
}

void journal_forget(struct journal *journal)
{
    batch_clear(journal);
    journal->known = false;
}

struct checkpoint journal_stands(const struct journal *journal)
{
    return journal->stands;
}

bool journal_was_written(const struct journal *journal, struct db_read *db, bool *written,
                         struct fault *why)
{
    struct arena *arena = arena_new(64 * 1024);
    struct checkpoint now;
    struct hash root;
    bool good = journal_head(db, journal->region, arena, &now, why);
    *written = false;
    if (good && now.size >= journal->stands.size) {
        good = journal_root_at(db, journal->region, journal->stands.size, arena, &root, why);
        *written = good && hash_equal(&root, &journal->stands.root);
    }
    arena_free(arena);
    return good;
}
