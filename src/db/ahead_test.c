/* What was read ahead is never told once a write may have changed it: by a table of what statements
 * mean, and by asking everything a second time in a text that was never asked ahead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "db/meaning.h"
#include "db/testing.h"

static const struct relation_row {
    const char *query, *write;
    enum touch touch;
} relations[] = {
#define BY_KEY "SELECT id, n FROM t WHERE region = $1 AND id = $2"
#define BY_GROUP "SELECT id, n FROM t WHERE region = $1 AND grp = $2 ORDER BY id"
#define NO_KEY "SELECT n FROM t WHERE region = $1 AND grp = $2 ORDER BY id"
    /* Another table, even one whose name is part of this one's or a column's. */
    {BY_KEY, "UPDATE u SET n = $2 WHERE region = $1 AND id = $3", TOUCHES_NOT},
    {BY_KEY, "UPDATE t_old SET n = $2 WHERE region = $1 AND id = $3", TOUCHES_NOT},
    {"SELECT u FROM t WHERE region = $1 AND id = $2", "DELETE FROM u WHERE region = $1",
     TOUCHES_NOT},
    /* The same column held to a value on both sides. */
    {BY_KEY, "UPDATE t SET n = $2 WHERE region = $1 AND id = $3", TOUCHES_SAME},
    {BY_KEY, "INSERT INTO t (region, id, grp) VALUES ($1, $2, $3)", TOUCHES_SAME},
    {BY_KEY, "DELETE FROM t WHERE region = $1 AND id = $2", TOUCHES_SAME},
    {BY_GROUP, "INSERT INTO t (region, id, grp) VALUES ($1, $2, $3)", TOUCHES_SAME},
    {BY_GROUP, "DELETE FROM t WHERE region = $1 AND grp = $2", TOUCHES_SAME},
    /* A row that moves: what the query asks by is what changes. */
    {BY_GROUP, "UPDATE t SET grp = $2 WHERE region = $1 AND id = $3", TOUCHES_ALWAYS},
    {BY_GROUP, "UPDATE t SET grp = $2 WHERE region = $1 AND grp = $3", TOUCHES_ALWAYS},
    {BY_KEY, "UPDATE t SET id = $2 WHERE region = $1 AND id = $3", TOUCHES_ALWAYS},
    /* One of the rows it gave, known by its key. */
    {BY_GROUP, "UPDATE t SET n = $2 WHERE region = $1 AND id = $3", TOUCHES_ROWS},
    {BY_GROUP, "DELETE FROM t WHERE region = $1 AND id = $2", TOUCHES_ROWS},
    {NO_KEY, "UPDATE t SET n = $2 WHERE region = $1 AND id = $3", TOUCHES_ALWAYS},
    /* What is not plain is taken for the worst. */
    {BY_KEY, "UPDATE t SET n = $2 WHERE region = $1", TOUCHES_ALWAYS},
    {BY_KEY, "UPDATE t SET n = $2 WHERE region = $1 AND id > $3", TOUCHES_ALWAYS},
    {BY_KEY, "UPDATE t SET n = 1 WHERE region = $1 AND (id = $2 OR n = 1)", TOUCHES_ALWAYS},
    {BY_KEY, "UPDATE t SET n = 1 WHERE region = $1 AND NOT id = $2", TOUCHES_ALWAYS},
    {BY_KEY, "UPDATE t SET n = 1 WHERE region = $1 AND id = $2 + 1", TOUCHES_ALWAYS},
    {BY_KEY, "update t set n = 1 where region = $1 and id = $2", TOUCHES_ALWAYS},
    {BY_KEY, "DELETE FROM t WHERE region = $1 AND id IN (SELECT id FROM u)", TOUCHES_ALWAYS},
    {BY_KEY, "INSERT INTO t (region, id) SELECT region, id FROM u WHERE region = $1",
     TOUCHES_ALWAYS},
    {BY_KEY, "INSERT INTO t (region, id) VALUES ($1, $2 + 1)", TOUCHES_ALWAYS},
    {BY_KEY,
     "INSERT INTO t (region, id, n) VALUES ($1, $2, $3) ON CONFLICT (region, id) DO UPDATE SET n = $3",
     TOUCHES_ALWAYS},
    {BY_KEY, "INSERT INTO t (region, id) VALUES ($1, $2) ON CONFLICT (region, id) DO NOTHING",
     TOUCHES_SAME},
    {BY_KEY, "TRUNCATE t", TOUCHES_ALWAYS},
    {"SELECT count(*) AS n FROM t WHERE region = $1 AND id = $2",
     "UPDATE t SET n = $2 WHERE region = $1 AND id = $3", TOUCHES_ALWAYS},
    {"SELECT t.n FROM u JOIN t ON t.id = u.id WHERE u.region = $1",
     "UPDATE t SET n = $2 WHERE region = $1 AND id = $3", TOUCHES_ALWAYS},
    {"SELECT n FROM u WHERE region = $1 AND id = (SELECT max(id) FROM T WHERE region = $1)",
     "UPDATE t SET n = $2 WHERE region = $1 AND id = $3", TOUCHES_ALWAYS},
    {"SELECT id FROM t WHERE region = $1 AND id > $2 ORDER BY id LIMIT 1",
     "INSERT INTO t (region, id) VALUES ($1, $2)", TOUCHES_ALWAYS},
};

static const struct put_row {
    const char *query;
    struct db_insert put;
    enum touch touch;
} put_relations[] = {
#define ID_N(after) {"t", "region, id, n", 3, after}
#define PUT_N ID_N("ON CONFLICT (region, id) DO UPDATE SET n = excluded.n")
    {BY_KEY, PUT_N, TOUCHES_TOLD},
    {"SELECT n FROM t WHERE id = $1 AND region = $2", PUT_N, TOUCHES_TOLD},
    {BY_KEY, ID_N("ON CONFLICT (id, region) DO UPDATE SET n = excluded.n"), TOUCHES_TOLD},
    /* Not all that is selected is put, or more is asked than the key. */
    {"SELECT id, grp FROM t WHERE region = $1 AND id = $2", PUT_N, TOUCHES_SAME},
    {"SELECT region, n FROM t WHERE region = $1 AND id = $2", PUT_N, TOUCHES_SAME},
    {"SELECT n FROM t WHERE region = $1 AND id = $2 AND n = $3", PUT_N, TOUCHES_SAME},
    {"SELECT n FROM t WHERE region = $1 AND id = $2 AND n > 0", PUT_N, TOUCHES_SAME},
    {"SELECT n FROM t WHERE id = $1", PUT_N, TOUCHES_SAME},
    {"SELECT id FROM t WHERE region = $1 AND n = $2", PUT_N, TOUCHES_ALWAYS},
    {BY_GROUP, PUT_N, TOUCHES_ALWAYS},
    {"SELECT n FROM u WHERE region = $1 AND id = $2", PUT_N, TOUCHES_NOT},
    /* The key is of more columns than the query asks by. */
    {BY_KEY,
     {"t", "region, id, grp, n", 4, "ON CONFLICT (region, id, grp) DO UPDATE SET n = excluded.n"},
     TOUCHES_SAME},
    /* A row that was there does not become what it says. */
    {BY_KEY, ID_N("ON CONFLICT (region, id) DO UPDATE SET n = t.n"), TOUCHES_ALWAYS},
    {BY_KEY, ID_N("ON CONFLICT (region, id) DO UPDATE SET n = excluded.n + 1"), TOUCHES_ALWAYS},
    {BY_KEY, ID_N("ON CONFLICT (region, id) DO UPDATE SET n = excluded.id"), TOUCHES_ALWAYS},
    {BY_KEY, ID_N("ON CONFLICT (region, id) DO UPDATE SET n = excluded.n WHERE t.n < 3"),
     TOUCHES_ALWAYS},
    {BY_KEY,
     {"t", "region, id, grp, n", 4, "ON CONFLICT (region, id) DO UPDATE SET n = excluded.n"},
     TOUCHES_ALWAYS},
    {BY_KEY, ID_N("ON CONFLICT (region, id) DO NOTHING"), TOUCHES_SAME},
    {BY_KEY, ID_N(NULL), TOUCHES_SAME},
};

static void what_puts_mean(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof put_relations / sizeof *put_relations; i++) {
        static struct meaning query, put;
        meaning_of(text_of(put_relations[i].query), &query);
        meaning_of_insert(&put_relations[i].put, &put);
        enum touch found = meaning_relation(&query, &put).touch;
        if (found != put_relations[i].touch)
            fail_msg("%d, not %d: %s / %s", found, put_relations[i].touch, put_relations[i].query,
                     put_relations[i].put.after);
    }
}

static void what_statements_mean(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        static struct meaning query, write;
        meaning_of(text_of(relations[i].query), &query);
        meaning_of(text_of(relations[i].write), &write);
        enum touch found = meaning_relation(&query, &write).touch;
        if (found != relations[i].touch)
            fail_msg("%d, not %d: %s / %s", found, relations[i].touch, relations[i].query,
                     relations[i].write);
    }
}

/* ---- everything asked twice ---- */

enum { VALUES = 12, ROUNDS = 400, STEPS = 24, ASKED = 40 };

/* The first text is asked ahead; the second is the same query as the parser never sees it. */
static const struct db_sql queries[][2] = {
#define TWICE(text) {{text}, {text " "}}
    TWICE("SELECT region, id, grp, n FROM t WHERE region = $1 AND id = $2"),
    TWICE("SELECT id, grp, n FROM t WHERE region = $1 AND grp = $2 ORDER BY id"),
    TWICE("SELECT n FROM t WHERE region = $1 AND grp = $2 ORDER BY id"),
    TWICE("SELECT id, n FROM t WHERE region = $1 AND n >= $2 ORDER BY id"),
    TWICE("SELECT id FROM t WHERE region = $1 AND id > $2 ORDER BY id LIMIT 2"),
    TWICE("SELECT count(*) AS n, coalesce(sum(n), 0) AS id FROM t WHERE region = $1 AND grp = $2"),
    TWICE("SELECT t.id, u.n FROM u JOIN t ON t.region = u.region AND t.id = u.id"
          " WHERE u.region = $1 AND t.grp = $2 ORDER BY t.id"),
    TWICE("SELECT id, n FROM u WHERE region = $1 AND id = $2"),
    TWICE("SELECT n, id, grp FROM t WHERE region = $1 AND id = $2"),
    TWICE("SELECT id FROM u WHERE region = $1 AND n = $2 ORDER BY id"),
};
enum { QUERIES = sizeof queries / sizeof *queries };

static const struct db_sql writes[] = {
    {"INSERT INTO t (region, id, grp, n) VALUES ($1, $2, $3, 0)"
     " ON CONFLICT (region, id) DO NOTHING"},
    {"INSERT INTO t (region, id, grp, n) VALUES ($1, $2, $3, 1)"
     " ON CONFLICT (region, id) DO UPDATE SET n = t.n + 1, grp = $3"},
    {"UPDATE t SET n = $3 WHERE region = $1 AND id = $2"},
    {"UPDATE t SET grp = $3 WHERE region = $1 AND id = $2"},
    {"UPDATE t SET grp = $3 WHERE region = $1 AND grp = $2"},
    {"UPDATE t SET n = n + 1 WHERE region = $1 AND grp = $2 AND n <> $3"},
    {"DELETE FROM t WHERE region = $1 AND id = $2 AND n <> $3"},
    {"DELETE FROM t WHERE region = $1 AND grp = $2 AND n = $3"},
    {"INSERT INTO u (region, id, n) VALUES ($1, $2, $3) ON CONFLICT (region, id) DO NOTHING"},
    {"UPDATE u SET n = $3 WHERE region = $1 AND id = $2"},
};
enum { WRITES = sizeof writes / sizeof *writes };
static const struct db_insert inserts[] = {
    {"t", "region, id, grp, n", 4, "ON CONFLICT (region, id) DO NOTHING"},
    {"t", "region, id, grp, n", 4,
     "ON CONFLICT (region, id) DO UPDATE SET grp = excluded.grp, n = excluded.n"},
    {"u", "region, n, id", 3, "ON CONFLICT (region, id) DO UPDATE SET n = excluded.n"},
};
enum { INSERTS = sizeof inserts / sizeof *inserts };

struct player {
    struct db *db;
    struct arena *arena;
    uint64_t seed;
    size_t answered;
};

static int64_t choose(struct player *player, int64_t below)
{
    player->seed = player->seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((player->seed >> 33) % (uint64_t)below);
}

static bool asked(struct player *player, size_t query, int64_t value, struct db_rows *out)
{
    struct fault why = {0};
    return db_select(db_reader(player->db), &queries[query][0],
                     DB_ARGS(db_int(1), db_int(value)), player->arena, out, &why);
}

static void read_ahead(struct player *player)
{
    struct fault why = {0};
    struct db_rows rows;
    size_t sent;
    if (!db_ahead_begin(player->db))
        return; /* SQLite */
    for (int i = 0; i < ASKED; i++)
        asked(player, (size_t)choose(player, QUERIES), choose(player, VALUES), &rows);
    assert_true(db_ahead_end(player->db, &sent, &why));
    assert_true(sent > 0);
    player->answered += sent;
}

static void same(struct player *player, size_t query, int64_t value)
{
    struct fault why = {0};
    struct db_rows told, now;
    assert_true(asked(player, query, value, &told));
    assert_true(db_select(db_reader(player->db), &queries[query][1],
                          DB_ARGS(db_int(1), db_int(value)), player->arena, &now, &why));
    bool good = told.count == now.count;
    for (size_t row = 0; good && row < now.count; row++)
        for (size_t column = 0; good && column < now.width; column++) {
            const struct db_value *a = &told.cells[row * now.width + column];
            const struct db_value *b = &now.cells[row * now.width + column];
            good = a->type == b->type && a->number == b->number;
        }
    if (!good)
        fail_msg("seed %llu: told what is no longer so: %s (%lld)",
                 (unsigned long long)player->seed, queries[query][0].text, (long long)value);
}

static void write(struct player *player)
{
    struct fault why = {0};
    size_t kind = (size_t)choose(player, WRITES + INSERTS);
    if (kind < WRITES) {
        assert_true(db_write(player->db, &writes[kind],
                             DB_ARGS(db_int(1), db_int(choose(player, VALUES)),
                                     db_int(choose(player, VALUES))),
                             &why));
        return;
    }
    const struct db_insert *insert = &inserts[kind - WRITES];
    struct db_value cells[3 * 4];
    int64_t id = choose(player, VALUES); /* a row is put once in one insert */
    for (size_t row = 0; row < 3; row++)
        for (size_t i = 0; i < insert->width; i++)
            cells[row * insert->width + i] =
                db_int(i == 0                                 ? 1
                       : i == (insert->width == 4 ? 1U : 2U) ? (id + (int64_t)row) % VALUES
                                                              : choose(player, VALUES));
    assert_true(db_insert(player->db, insert, cells, 3, &why));
}

static void play(struct player *player)
{
    struct fault why = {0};
    arena_reset(player->arena);
    assert_true(db_begin(player->db, &why));
    read_ahead(player);
    for (int step = 0; step < STEPS; step++) {
        if (choose(player, 3) == 0)
            write(player);
        else
            same(player, (size_t)choose(player, QUERIES), choose(player, VALUES));
    }
    if (choose(player, 4) == 0) {
        db_rollback(player->db);
        return;
    }
    assert_int_equal(db_commit(player->db, &why), DB_COMMITTED);
}

static void never_stale(const char *where)
{
    struct fault why = {0};
    struct player player = {.arena = arena_new(1 << 16)};
    random_bytes(&player.seed, sizeof player.seed);
    print_message("# seed %llu\n", (unsigned long long)player.seed);
    assert_true(db_open(where, false, &player.db, &why));
    assert_true(db_script(player.db,
                          TEXT("CREATE TABLE t (region {int}, id {int}, grp {int}, n {int},"
                               " PRIMARY KEY (region, id)) {strict};"
                               "CREATE TABLE u (region {int}, id {int}, n {int},"
                               " PRIMARY KEY (region, id)) {strict};"),
                          &why));
    for (int round = 0; round < ROUNDS; round++)
        play(&player);
    assert_true(db_engine(player.db) == DB_SQLITE || player.answered > ROUNDS);
    db_close(player.db);
    arena_free(player.arena);
}

static void test_never_stale(void **state)
{
    (void)state;
    testing_each_engine(never_stale);
}

/* Nothing can be written while reading ahead, and a fault in a question is a fault of the round. */
static void rules(const char *where)
{
    static const struct db_sql wrong = {"SELECT id FROM nowhere WHERE region = $1"};
    struct fault why = {0};
    struct db_rows rows;
    struct db *db;
    struct arena *arena = arena_new(1 << 14);
    size_t sent;
    assert_true(db_open(where, false, &db, &why));
    assert_true(db_script(db, TEXT("CREATE TABLE u (region {int}, id {int}, n {int},"
                                   " PRIMARY KEY (region, id)) {strict};"),
                          &why));
    assert_false(db_ahead_begin(db)); /* outside a transaction */
    assert_true(db_begin(db, &why));
    if (db_ahead_begin(db)) {
        assert_false(db_write(db, &writes[9], DB_ARGS(db_int(1), db_int(1), db_int(1)), &why));
        assert_non_null(strstr(why.why, "while reading ahead"));
        db_rollback(db);
        why = (struct fault){0};
        assert_true(db_begin(db, &why));
        assert_true(db_ahead_begin(db));
        assert_false(db_select(db_reader(db), &wrong, DB_ARGS(db_int(1)), arena, &rows, &why));
        why = (struct fault){0};
        assert_true(db_ahead_end(db, &sent, &why));
        assert_false(db_flush(db, &why));
        assert_non_null(strstr(why.why, "nowhere"));
    }
    db_rollback(db);
    db_close(db);
    arena_free(arena);
}

static void test_rules(void **state)
{
    (void)state;
    testing_each_engine(rules);
}

/* More writes than are known at a time, while answers are on their way: what was asked before they were
 * forgotten is for nobody, least of all for what is asked next. And what comes after is known again. */
static void many_statements(const char *where)
{
    enum { MANY = 200 };
    static struct db_sql updates[MANY];
    static char texts[MANY][90];
    static const struct db_sql before = {"SELECT grp, n FROM t WHERE region = $1 AND id = $2"},
                               after = {"SELECT id, n FROM t WHERE region = $1 AND id = $2"};
    struct fault why = {0};
    struct db_rows rows;
    struct db *db;
    struct arena *arena = arena_new(1 << 14);
    size_t sent;
    assert_true(db_open(where, false, &db, &why));
    assert_true(db_script(db,
                          TEXT("CREATE TABLE t (region {int}, id {int}, grp {int}, n {int},"
                               " PRIMARY KEY (region, id)) {strict};"
                               "INSERT INTO t VALUES (1, 1, 100, 0), (1, 2, 200, 0);"),
                          &why));
    for (int batch = 0; batch < 3; batch++) {
        assert_true(db_begin(db, &why));
        for (int64_t id = 1; id <= 2 && db_ahead_begin(db); id++) {
            db_select(db_reader(db), &before, DB_ARGS(db_int(1), db_int(id)), arena, &rows, &why);
            why = (struct fault){0};
            assert_true(db_ahead_end(db, &sent, &why));
            assert_int_equal(sent, 1);
            for (int i = 0; i < MANY; i++) {
                snprintf(texts[i], sizeof texts[i],
                         "UPDATE t SET n = n + 1 WHERE region = $1 AND id = $2 AND grp <> %d", i);
                updates[i].text = texts[i];
                assert_true(db_write(db, &updates[i], DB_ARGS(db_int(1), db_int(id)), &why));
            }
        }
        if (db_ahead_begin(db)) {
            db_select(db_reader(db), &after, DB_ARGS(db_int(1), db_int(2)), arena, &rows, &why);
            why = (struct fault){0};
            assert_true(db_ahead_end(db, &sent, &why));
        }
        assert_true(db_select(db_reader(db), &after, DB_ARGS(db_int(1), db_int(2)), arena, &rows,
                              &why));
        assert_int_equal(rows.count, 1);
        assert_int_equal(db_cell_int(&rows, 0, "id"), 2);
        assert_int_equal(db_commit(db, &why), DB_COMMITTED);
    }
    db_close(db);
    arena_free(arena);
}

static void test_many_statements(void **state)
{
    (void)state;
    testing_each_engine(many_statements);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_statements_mean),
        cmocka_unit_test(what_puts_mean),
        cmocka_unit_test(test_never_stale),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_many_statements),
    };
    return cmocka_run_group_tests_name("reading ahead", tests, NULL, NULL);
}
