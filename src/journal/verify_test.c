#include "journal/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/testing.h"
#include "journal/testing.h"

/* One thing done behind the journal's back to a log of 600 entries, and what is then said. */
enum with {
    NOTHING,
    SOME_BYTES,     /* 32 */
    FIRST_TURNED,   /* the hashes of tile 0/001 with their first bit turned */
    LAST_TURNED,    /* with their last bit turned */
    OLD_CHECKPOINT, /* of size 599, rightly signed */
};

struct tampering {
    struct db_sql sql;
    const char *says;
    enum with with; /* $2 */
};

static const struct tampering tamperings[] = {
    /* entries */
    {{"UPDATE journal SET entry = replace(entry, 'accepted', 'bccepted')"
      " WHERE region = $1 AND idx = 17"},
     "entry 17: its hash is not the one in tile 0/000"},
    {{"UPDATE journal SET entry = replace(entry, 'accepted', 'bccepted')"
      " WHERE region = $1 AND idx = 513"},
     "entries 512 to 575: their hash"},
    {{"UPDATE journal SET entry = replace(entry, 'accepted', 'bccepted')"
      " WHERE region = $1 AND idx = 599"},
     "entries 592 to 599: their hash"},
    {{"UPDATE journal SET entry = replace(entry, '\"body\":', '\"body\": ')"
      " WHERE region = $1 AND idx = 300"},
     "entry 300: not in canonical form: expected {"},
    {{"UPDATE journal SET entry = replace(entry, '\"index\":300', '\"index\":301')"
      " WHERE region = $1 AND idx = 300"},
     "entry 300: it says it is entry 301"},
    {{"UPDATE journal SET entry = replace(entry, '330482', '330483')"
      " WHERE region = $1 AND idx = 300"},
     "entry 300: it says it is entry 300 of region 330483"},
    {{"UPDATE journal SET at = at + 1 WHERE region = $1 AND idx = 301"},
     "entry 301: the row's time"},
    {{"UPDATE journal SET subject = 'case:9' WHERE region = $1 AND idx = 301"},
     "entry 301: the row's subject"},
    {{"DELETE FROM journal WHERE region = $1 AND idx = 0"}, "entry 0: missing"},
    {{"DELETE FROM journal WHERE region = $1 AND idx = 257"}, "entry 257: missing"},
    {{"DELETE FROM journal WHERE region = $1 AND idx = 599"}, "entry 599: missing"},
    {{"DELETE FROM journal WHERE region = $1 AND idx >= 0"}, "entry 0: missing"},
    {{"UPDATE journal SET idx = 600 WHERE region = $1 AND idx = 599"}, "entry 599: missing"},
    {{"INSERT INTO journal (region, idx, at, subject, entry)"
      " SELECT region, 600, at, subject, entry FROM journal WHERE region = $1 AND idx = 5"},
     "entry 600: stored, but the head says 600 entries"},
    {{"INSERT INTO journal (region, idx, at, subject, entry)"
      " SELECT region, -1, at, subject, entry FROM journal WHERE region = $1 AND idx = 5"},
     "entry -1: stored"},
    /* private bodies */
    {{"UPDATE journal_private SET body = replace(body, 'name', 'nbme')"
      " WHERE region = $1 AND idx = 300"},
     "entry 300: its private body"},
    {{"UPDATE journal_private SET salt = $2 WHERE region = $1 AND idx = 300"},
     "entry 300: its private body", SOME_BYTES},
    {{"UPDATE journal_private SET idx = 301 WHERE region = $1 AND idx = 300"},
     "entry 301: a private body is stored that it does not commit to"},
    {{"UPDATE journal_private SET idx = 600 WHERE region = $1 AND idx = 300"},
     "entry 600: a private body is stored, but no entry"},
    /* tiles */
    {{"UPDATE journal_tile SET hashes = $2 WHERE region = $1 AND level = 0 AND n = 1"},
     "tile 0/001: 32 bytes instead of 8192", SOME_BYTES},
    {{"UPDATE journal_tile SET hashes = $2 WHERE region = $1 AND level = 0 AND n = 1"},
     "entry 256: its hash is not the one in tile 0/001", FIRST_TURNED},
    {{"UPDATE journal_tile SET hashes = $2 WHERE region = $1 AND level = 0 AND n = 1"},
     "entry 511: its hash is not the one in tile 0/001", LAST_TURNED},
    {{"UPDATE journal_tile SET root = $2 WHERE region = $1 AND level = 0 AND n = 1"},
     "tile 0/001: its root", SOME_BYTES},
    {{"DELETE FROM journal_tile WHERE region = $1 AND level = 0 AND n = 0"}, "tile 0/000: missing"},
    {{"UPDATE journal_tile SET n = 2 WHERE region = $1 AND level = 0 AND n = 1"},
     "tile 0/001: missing"},
    {{"INSERT INTO journal_tile (region, level, n, hashes, root)"
      " SELECT region, 1, 0, hashes, root FROM journal_tile"
      " WHERE region = $1 AND level = 0 AND n = 1"},
     "tile 1/0: stored, but no such tile is full yet"},
    /* the head */
    {{"UPDATE region_head SET edge = $2 WHERE region = $1"},
     "head: its edge does not fit",
     SOME_BYTES},
    {{"UPDATE region_head SET root = $2 WHERE region = $1"}, "head: its root", SOME_BYTES},
    {{"UPDATE region_head SET seq = 599 WHERE region = $1"},
     "entry 599: stored, but the head says 599 entries"},
    {{"UPDATE region_head SET seq = 601 WHERE region = $1"}, "entry 600: missing"},
    {{"UPDATE region_head SET seq = -1 WHERE region = $1"}, "head: its size is negative"},
    {{"UPDATE region_head SET origin = 'another' WHERE region = $1"}, "head: its origin"},
    /* the checkpoint */
    {{"UPDATE region_head SET checkpoint = replace(checkpoint, '600', '601') WHERE region = $1"},
     "checkpoint: no good signature"},
    {{"UPDATE region_head SET checkpoint = '' WHERE region = $1"},
     "checkpoint: no good signature"},
    {{"UPDATE region_head SET checkpoint = $2 WHERE region = $1"},
     "checkpoint: it does not say",
     OLD_CHECKPOINT},
    /* the key */
    {{"UPDATE journal_key SET seed = $2 WHERE region = $1"}, "its parts do not fit", SOME_BYTES},
    {{"UPDATE journal_key SET public_key = $2 WHERE region = $1"},
     "its parts do not fit",
     SOME_BYTES},
    {{"UPDATE journal_key SET id = '00000000' WHERE region = $1"}, "its parts do not fit"},
    {{"DELETE FROM journal_key WHERE region = $1"}, "key: there is none"},
};

struct values {
    struct hash first[256], last[256];
    struct text checkpoint;
};

static struct db_value value_of(const struct values *values, enum with with)
{
    switch (with) {
    case SOME_BYTES:
        return db_bytes(values->first, 32);
    case FIRST_TURNED:
        return db_bytes(values->first, sizeof values->first);
    case LAST_TURNED:
        return db_bytes(values->last, sizeof values->last);
    case OLD_CHECKPOINT:
        return db_text(values->checkpoint);
    default:
        return db_null();
    }
}

static void try_one(struct db *db, const struct tampering *row, const struct values *values)
{
    struct fault why = {""};
    struct arena *arena = arena_new(4096);
    struct text wrong;
    const struct db_value args[] = {db_int(TESTING_REGION), value_of(values, row->with)};
    int64_t changed = 0;
    assert_true(db_begin(db, &why));
    if (!db_write(db, &row->sql, args, row->with ? 2 : 1, &why) ||
        !db_changed(db, &changed, &why) || changed == 0)
        fail_msg("%s: %s", row->sql.text, why.why);
    if (!journal_verify(db_reader(db), TESTING_REGION, arena, NULL, NULL, &wrong, &why))
        fail_msg("%s: %s", row->sql.text, why.why);
    if (!strstr(text_cstr(arena, wrong), row->says))
        fail_msg("%s: says '%.*s', should say '%s'", row->sql.text, TEXT_ARG(wrong), row->says);
    db_rollback(db);
    arena_free(arena);
}

static struct text checkpoint_now(struct db *db, struct arena *arena)
{
    struct fault why = {""};
    struct text note;
    bool found;
    if (!journal_checkpoint(db_reader(db), TESTING_REGION, arena, &note, &found, &why) || !found)
        fail_msg("%s", why.why);
    return note;
}

static void every_tampering_is_named(const char *where)
{
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    struct arena *arena = arena_new(4096);
    struct values *values = calloc(1, sizeof *values);
    assert_non_null(values);
    testing_append(db, journal, 599);
    values->checkpoint = checkpoint_now(db, arena);
    testing_append(db, journal, 1);
    struct hash *leaves = testing_leaves(db, 512);
    memcpy(values->first, leaves + 256, sizeof values->first);
    memcpy(values->last, leaves + 256, sizeof values->last);
    values->first[0].bytes[0] ^= 0x80;
    values->last[255].bytes[31] ^= 1;
    testing_verified(db);
    for (size_t i = 0; i < sizeof tamperings / sizeof *tamperings; i++)
        try_one(db, &tamperings[i], values);
    testing_verified(db); /* all of it was rolled back */
    free(leaves);
    free(values);
    arena_free(arena);
    journal_close(journal);
    db_close(db);
}

struct seen {
    int calls;
    int64_t done, total;
};

static void remember(int64_t done, int64_t total, void *context)
{
    struct seen *seen = context;
    assert_true(done > seen->done);
    seen->calls++;
    seen->done = done;
    seen->total = total;
}

static void progress_is_told(const char *where)
{
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    struct arena *arena = arena_new(4096);
    struct fault why = {""};
    struct seen seen = {0};
    struct text wrong;
    testing_append(db, journal, 2500);
    assert_true(journal_verify(db_reader(db), TESTING_REGION, arena, remember, &seen, &wrong,
                               &why));
    assert_int_equal(wrong.len, 0);
    assert_int_equal(seen.calls, 3);
    assert_int_equal(seen.done, 2500);
    assert_int_equal(seen.total, 2500);
    assert_false(journal_verify(db_reader(db), 110101, arena, NULL, NULL, &wrong, &why));
    assert_non_null(strstr(why.why, "no journal"));
    arena_free(arena);
    journal_close(journal);
    db_close(db);
}

/* What is damaged is not built upon: the writer refuses to go on. */
static void writers_stop_at_damage(const char *where)
{
    static const struct tampering rows[] = {
        {{"UPDATE journal SET entry = replace(entry, 'accepted', 'bccepted')"
          " WHERE region = $1 AND idx = 299"},
         "entries from 256 on do not fit"},
        {{"DELETE FROM journal WHERE region = $1 AND idx = 299"}, "entries from 256 on do not fit"},
        {{"UPDATE region_head SET seq = 299 WHERE region = $1"}, "edge does not fit"},
        {{"UPDATE region_head SET root = edge WHERE region = $1"}, "root"},
        {{"DELETE FROM region_head WHERE region = $1"}, "no journal"},
    };
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    testing_append(db, journal, 300);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault why = {""};
        bool moved;
        struct journal *fresh = testing_journal(db);
        assert_true(db_begin(db, &why));
        assert_true(db_write(db, &rows[i].sql, DB_ARGS(db_int(TESTING_REGION)), &why));
        assert_false(journal_begin(fresh, db, &moved, &why));
        if (!strstr(why.why, rows[i].says))
            fail_msg("row %zu says: %s", i, why.why);
        db_rollback(db);
        journal_close(fresh);
    }
    testing_append(db, journal, 1);
    testing_verified(db);
    journal_close(journal);
    db_close(db);
}

#define EACH(name)                                                                                 \
    static void each_##name(void **state)                                                          \
    {                                                                                              \
        (void)state;                                                                               \
        testing_each_engine(name);                                                                 \
    }
EACH(every_tampering_is_named)
EACH(progress_is_told)
EACH(writers_stop_at_damage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_every_tampering_is_named),
        cmocka_unit_test(each_progress_is_told),
        cmocka_unit_test(each_writers_stop_at_damage),
    };
    return cmocka_run_group_tests_name("journal/verify", tests, NULL, NULL);
}
