/* A rebuild makes the tables of nothing but a journal that holds, whatever was done to it behind the
 * program's back, and leaves them as they were where it does not; and it is made beside a house at
 * work. On both engines. */
#include <pthread.h>
#include <stdatomic.h>

#include "cli/story_testing.h"

static void handed_in(struct world *world)
{
    static const struct step steps[] = {
        HANDED_IN("2014-07-01"),
        {"2014-07-01 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},
        {"2014-07-01 09:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},
        {0},
    };
    tell(world, steps);
}

#define LATE "(SELECT max(idx) - 3 FROM journal WHERE region = 330482)"
#define CHANGE(from, to)                                                                           \
    "UPDATE journal SET entry = replace(entry, '" from "', '" to "') WHERE idx = " LATE
#define PRIVATE "(SELECT max(idx) FROM journal_private WHERE region = 330482)"

static const struct damage {
    const char *table, *sql, *says;
} damages[] = {
    {"region_head", "UPDATE region_head SET seq = 0", "its head counts 0 entries"},
    {"region_head", "UPDATE region_head SET seq = seq - 1", "but there is entry"},
    {"region_head", "UPDATE region_head SET seq = -1", "its head counts -1 entries"},
    {"region_head", "UPDATE region_head SET seq = seq + 1", "is missing from the journal"},
    {"region_head", "DELETE FROM region_head", "has entries in the journal but no head"},
    {"region_head",
     "UPDATE region_head SET root = (SELECT salt FROM journal_private WHERE region = 330482 "
     "AND idx = " PRIVATE ")",
     "root"},
    {"journal", "DELETE FROM journal WHERE idx = " LATE, "is missing from the journal"},
    {"journal", CHANGE("2014-07", "2015-07"), "do not come to the root"},
    {"journal", CHANGE("\"version\":", "\"version\":9"),
     "a later program wrote version"},
    {"journal", CHANGE("\"index\":", "\"index\":9"), "says it is entry"},
    {"journal", "UPDATE journal SET entry = '{}' WHERE idx = " LATE, "entry "},
    {"journal_private", "UPDATE journal_private SET body = replace(body, '王', '李')",
     "its private body is not the one it commits to"},
    {"journal_private", "UPDATE journal_private SET body = 'xx' WHERE idx = " PRIVATE,
     "its private body is not the one it commits to"},
};

static void run_sql(struct db *db, const char *sql)
{
    struct fault why = {0};
    if (!db_begin(db, &why) || !db_script(db, text_of(sql), &why) ||
        db_commit(db, &why) != DB_COMMITTED)
        fail_msg("%s: %s", sql, why.why);
}

static int64_t rows_of(struct db *db, struct arena *arena)
{
    static const struct db_sql sql = {
        "SELECT (SELECT count(*) FROM cases WHERE region = 330482) + (SELECT count(*) FROM "
        "case_material WHERE region = 330482) + (SELECT count(*) FROM deadline WHERE region = "
        "330482) AS n"};
    struct db_rows rows;
    struct fault why = {0};
    assert_true(db_select(db_reader(db), &sql, NULL, 0, arena, &rows, &why));
    return db_cell_int(&rows, 0, "n");
}

static void refused(const char *where, struct db *db, const struct damage *damage,
                    struct arena *arena)
{
    struct fault why = {0};
    int64_t replayed, before = rows_of(db, arena);
    const char *name = damage->table;
    run_sql(db, text_format(arena, "CREATE TABLE kept AS SELECT * FROM %s; %s;", name, damage->sql)
                    .at);
    if (flow_rebuild(where, modules, NULL, &replayed, &why))
        fail_msg("rebuilt after: %s", damage->sql);
    if (!strstr(why.why, damage->says))
        fail_msg("%s: \"%s\" says nothing of \"%s\"", damage->sql, why.why, damage->says);
    assert_int_equal(rows_of(db, arena), before);
    run_sql(db, text_format(arena,
                            "DELETE FROM %s; INSERT INTO %s SELECT * FROM kept; DROP TABLE kept;",
                            name, name)
                    .at);
}

static void damaged(const char *where)
{
    struct arena *arena = arena_new(1 << 16);
    struct db *db;
    struct fault why = {0};
    int64_t replayed;
    on_one_engine(where, handed_in, 10);
    assert_true(db_open(where, false, &db, &why));
    assert_true(rows_of(db, arena) > 5);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++)
        refused(where, db, &damages[i], arena);
    db_close(db);
    if (!flow_rebuild(where, modules, NULL, &replayed, &why))
        fail_msg("mended: %s", why.why);
    agrees(where);
    arena_free(arena);
}

/* A table that another version of the program made is named, not stumbled over. */
static void other_columns(const char *where)
{
    static const char *const changes[] = {"ALTER TABLE cases ADD COLUMN strange TEXT",
                                          "ALTER TABLE case_serial DROP COLUMN last"};
    static const char *const tables[] = {"table cases has other columns",
                                         "table case_serial has other columns"};
    on_one_engine(where, handed_in, 10);
    for (size_t i = 0; i < 2; i++) {
        struct arena *arena = arena_new(1 << 16);
        struct text wrong;
        struct fault why = {0};
        struct db *db;
        int64_t replayed;
        assert_true(db_open(where, false, &db, &why));
        run_sql(db, text_format(arena, "%s;", changes[i]).at);
        db_close(db);
        assert_true(flow_compare(where, modules, arena, NULL, &wrong, &why));
        if (!text_starts(wrong, text_of(tables[i])))
            fail_msg("%s: \"%.*s\"", changes[i], TEXT_ARG(wrong));
        assert_true(flow_rebuild(where, modules, NULL, &replayed, &why));
        agrees(where);
        arena_free(arena);
    }
}

struct beside {
    const char *where;
    atomic_bool over;
    atomic_int done;
};

/* As batches do: the head first, then the tables. */
static void *write_beside(void *with)
{
    struct beside *beside = with;
    static const struct db_sql cases = {"UPDATE cases SET matter = matter WHERE region = 330482"},
                               papers = {"UPDATE case_material SET note = note WHERE region = 330482"};
    struct fault why = {0};
    struct db *db;
    if (!db_open(beside->where, false, &db, &why))
        return NULL;
    while (!atomic_load(&beside->over)) {
        why = (struct fault){0};
        if (db_begin(db, &why) && journal_hold(db, REGION, &why) &&
            db_write(db, &papers, NULL, 0, &why) && db_flush(db, &why) &&
            db_write(db, &cases, NULL, 0, &why) && db_commit(db, &why) == DB_COMMITTED)
            atomic_fetch_add(&beside->done, 1);
        else
            db_rollback(db);
    }
    db_close(db);
    return NULL;
}

/* As a page does: several tables as of one moment. */
static void *read_beside(void *with)
{
    struct beside *beside = with;
    static const struct db_sql cases = {"SELECT count(*) AS n FROM cases WHERE region = 330482"},
                               papers = {
                                   "SELECT count(*) AS n FROM case_material WHERE region = 330482"};
    struct arena *arena = arena_new(4096);
    struct fault why = {0};
    struct db *db;
    if (!db_open(beside->where, true, &db, &why))
        return NULL;
    while (!atomic_load(&beside->over)) {
        struct db_rows rows;
        why = (struct fault){0};
        arena_reset(arena);
        if (db_begin(db, &why) && db_select(db_reader(db), &papers, NULL, 0, arena, &rows, &why) &&
            db_select(db_reader(db), &cases, NULL, 0, arena, &rows, &why))
            atomic_fetch_add(&beside->done, 1);
        db_rollback(db);
    }
    db_close(db);
    arena_free(arena);
    return NULL;
}

static void at_work(const char *where)
{
    enum { REBUILDS = 8, THREADS = 4 };
    struct beside writer = {.where = where}, reader = {.where = where};
    pthread_t threads[THREADS];
    on_one_engine(where, handed_in, 10);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, i % 2 ? read_beside : write_beside,
                                        i % 2 ? &reader : &writer),
                         0);
    while (!atomic_load(&writer.done) || !atomic_load(&reader.done))
        sched_yield();
    for (int i = 0; i < REBUILDS; i++) {
        struct fault why = {0};
        int64_t replayed;
        if (!flow_rebuild(where, modules, NULL, &replayed, &why))
            fail_msg("rebuild %d: %s", i, why.why);
    }
    int written = atomic_load(&writer.done), read = atomic_load(&reader.done);
    while (atomic_load(&writer.done) == written || atomic_load(&reader.done) == read)
        sched_yield(); /* both go on afterwards */
    atomic_store(&writer.over, true);
    atomic_store(&reader.over, true);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    agrees(where);
}

#define ON_EACH(name)                                                                              \
    static void name##_on_each(void **state)                                                       \
    {                                                                                              \
        (void)state;                                                                               \
        testing_each_engine(name);                                                                 \
    }
ON_EACH(damaged)
ON_EACH(other_columns)
ON_EACH(at_work)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_on_each),
        cmocka_unit_test(other_columns_on_each),
        cmocka_unit_test(at_work_on_each),
    };
    return cmocka_run_group_tests_name("cli/rebuild", tests, NULL, NULL);
}
