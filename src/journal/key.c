/* The keys that sign a log, and their change. The newest key signs from its size on; the one before it
 * signs beside it, so that whoever knows only that one goes on reading, until it is retired: then its
 * secret half is gone, and its public half stays, for receipts of its time. */
#include "journal/key.h"

#include <sodium.h>
#include <string.h>

#include "base/random.h"

bool keys_read(struct db_read *db, int64_t region, struct arena *arena, struct signing_keys *out,
               struct fault *why)
{
    static const struct db_sql sql = {"SELECT name, public_key, seed FROM journal_key"
                                      " WHERE region = $1 ORDER BY from_seq DESC"};
    struct db_rows rows;
    *out = (struct signing_keys){0};
    if (!db_select(db, &sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    if (rows.count == 0)
        return fault_set(why, "region %lld has no journal", (long long)region);
    for (size_t i = 0; i < rows.count && out->count < SIGNING_KEYS; i++) {
        struct text seed = db_cell_text(&rows, i, "seed");
        struct text public_key = db_cell_text(&rows, i, "public_key");
        struct note_key *key = &out->keys[out->count];
        if (i && seed.len == 0) /* retired */
            continue;
        if (seed.len != sizeof key->seed)
            return fault_set(why, "region %lld: its signing key is damaged", (long long)region);
        note_key_make(db_cell_text(&rows, i, "name"), (const unsigned char *)seed.at, key);
        struct text made = {(const char *)key->public_key, sizeof key->public_key};
        if (!text_equal(public_key, made))
            return fault_set(why, "region %lld: its signing key is damaged", (long long)region);
        out->count++;
    }
    return true;
}

struct text keys_sign(const struct signing_keys *keys, struct text text, struct arena *arena)
{
    struct buf note = {.arena = arena};
    for (size_t i = 0; i < keys->count; i++) {
        struct text one = note_sign(text, &keys->keys[i], arena);
        /* Of the further ones the line with the signature alone. */
        buf_text(&note, i ? text_slice(one, text.len + 1, one.len) : one);
    }
    return buf_done(&note);
}

void keys_forget(struct signing_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}

bool journal_vkeys(struct db_read *db, int64_t region, struct arena *arena, struct text *lines,
                   struct fault *why)
{
    static const struct db_sql sql = {"SELECT name, public_key FROM journal_key"
                                      " WHERE region = $1 ORDER BY from_seq DESC"};
    struct db_rows rows;
    struct buf out = {.arena = arena};
    if (!db_select(db, &sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        struct note_key key;
        if (!note_key_public(db_cell_text(&rows, i, "name"), db_cell_text(&rows, i, "public_key"),
                             &key))
            return fault_set(why, "region %lld: its public key is damaged", (long long)region);
        buf_text(&out, note_vkey(&key, arena));
        buf_char(&out, '\n');
    }
    *lines = buf_done(&out);
    return true;
}

bool vkeys_verify(struct text vkeys, const struct proof *proof, struct arena *arena,
                  struct checkpoint *seen, struct fault *why)
{
    struct text line;
    struct note_key key;
    bool tried = false;
    while (text_cut(&vkeys, '\n', &line)) {
        struct fault this = {0};
        if (!text_trim(line).len)
            continue;
        if (!note_vkey_read(text_trim(line), arena, &key))
            return fault_set(why, "that is no verifier key (NAME+HASH+BASE64)");
        if (proof_verify(proof, &key, seen, &this))
            return true;
        if (!tried) /* the newest key's reason */
            *why = this;
        tried = true;
    }
    return tried ? false : fault_set(why, "there is no verifier key");
}

/* Takes the head, so that every writer of the region waits. */
static bool take_head(struct db *db, int64_t region, struct arena *arena, struct checkpoint *head,
                      struct fault *why)
{
    static const struct db_sql sql = {"UPDATE region_head SET seq = seq WHERE region = $1"
                                      " RETURNING seq, root, origin"};
    struct db_rows rows;
    if (!db_returning(db, &sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    struct text root = rows.count ? db_cell_text(&rows, 0, "root") : TEXT("");
    if (root.len != sizeof head->root.bytes)
        return fault_set(why, "region %lld has no journal", (long long)region);
    *head = (struct checkpoint){.origin = db_cell_text(&rows, 0, "origin"),
                                .size = db_cell_int(&rows, 0, "seq")};
    memcpy(head->root.bytes, root.at, root.len);
    return true;
}

/* Signs the head anew, and tells every writer that something it remembers is old. */
static bool sign_again(struct db *db, int64_t region, const struct checkpoint *head,
                       struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {"UPDATE region_head SET checkpoint = $2,"
                                      " standing = standing + 1 WHERE region = $1"};
    struct signing_keys keys;
    if (!keys_read(db_reader(db), region, arena, &keys, why))
        return false;
    struct text note = keys_sign(&keys, checkpoint_text(head, arena), arena);
    keys_forget(&keys);
    return db_write(db, &sql, DB_ARGS(db_int(region), db_text(note)), why);
}

static bool add_key(struct db *db, int64_t region, const struct checkpoint *head,
                    struct arena *arena, struct fault *why)
{
    static const struct db_sql last = {
        "SELECT max(from_seq) AS last FROM journal_key WHERE region = $1"};
    static const struct db_sql add = {
        "INSERT INTO journal_key (region, id, name, public_key, seed, from_seq)"
        " VALUES ($1, $2, $3, $4, $5, $6)"};
    struct db_rows rows;
    unsigned char seed[32];
    struct note_key key;
    if (!db_select(db_reader(db), &last, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    if (db_cell_int(&rows, 0, "last") >= head->size)
        return fault_set(why, "no entry has been signed since the key was changed last");
    random_bytes(seed, sizeof seed);
    note_key_make(head->origin, seed, &key);
    bool good = db_write(db, &add,
                         DB_ARGS(db_int(region), db_text(text_hex(arena, key.id, sizeof key.id)),
                                 db_text(head->origin),
                                 db_bytes(key.public_key, sizeof key.public_key),
                                 db_bytes(seed, sizeof seed), db_int(head->size)),
                         why) &&
                db_flush(db, why);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(&key, sizeof key);
    return good;
}

static bool retire(struct db *db, int64_t region, struct fault *why)
{
    static const struct db_sql sql = {
        "UPDATE journal_key SET seed = $2 WHERE region = $1 AND from_seq <"
        " (SELECT max(from_seq) FROM journal_key WHERE region = $1)"};
    return db_write(db, &sql, DB_ARGS(db_int(region), db_bytes("", 0)), why) && db_flush(db, why);
}

bool journal_change_keys(struct db *db, int64_t region, bool add, bool retire_old,
                         struct fault *why)
{
    struct arena *arena = arena_new(16 * 1024);
    struct checkpoint head = {0};
    bool good = db_begin(db, why) && take_head(db, region, arena, &head, why) &&
                (!add || add_key(db, region, &head, arena, why)) &&
                (!retire_old || retire(db, region, why)) &&
                sign_again(db, region, &head, arena, why);
    if (good)
        good = db_commit(db, why) == DB_COMMITTED;
    else
        db_rollback(db);
    arena_free(arena);
    return good;
}
