#include <pthread.h>
#include <unistd.h>

#include "db/given_testing.h"

static const struct db_insert into_pair = {"pair", "region, k, v, t, b", 5, NULL};
static const struct db_sql add_pair = {ADD_PAIR};
static const struct db_sql count_pairs = {COUNT_PAIRS};
static const struct db_sql pair_at = {
    "SELECT v, t, b, k FROM pair WHERE k = $2 AND region = $1"};

static void same_value(const struct db_value *is, const struct db_value *want)
{
    assert_int_equal(is->type, want->type);
    if (want->type == DB_INT)
        assert_true(is->number == want->number);
    if (want->type != DB_NULL) {
        assert_int_equal(is->text.len, want->text.len);
        assert_non_null(is->type == DB_INT ? "" : is->text.at);
        if (want->text.len)
            assert_memory_equal(is->text.at, want->text.at, want->text.len);
    }
}

static void every_value_comes_back(const char *where)
{
    const struct db_value values[][3] = {
        {db_int(0), db_text(TEXT("")), db_bytes("", 0)},
        {db_null(), db_null(), db_null()},
        {db_int(INT64_MAX), db_text(TEXT("一门办成")), db_bytes("a\0b\xff", 4)},
        {db_int(INT64_MIN), db_text(TEXT("it's \"x\" \\ % $1")), db_bytes("\0", 1)},
        {db_int(-1), db_text((struct text){NULL, 0}), db_bytes(NULL, 0)},
        {db_int(4294967296), db_text(TEXT("a\n\tb")), db_bytes("\\x00", 4)},
    };
    struct db *db = opened(where);
    struct arena *arena = arena_new(4096);
    script(db, PAIRS_DDL);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const struct db_value *row = values[i];
        GOOD(db_write(db, &add_pair,
                      DB_ARGS(db_int(1), db_int((int64_t)i), row[0], row[1], row[2]), &trouble));
        struct db_rows rows;
        GOOD(db_select(db_reader(db), &pair_at, DB_ARGS(db_int(1), db_int((int64_t)i)), arena,
                       &rows, &trouble));
        assert_int_equal(rows.count, 1);
        assert_int_equal(rows.width, 4);
        same_value(db_cell(&rows, 0, "v"), &row[0]);
        same_value(db_cell(&rows, 0, "t"), &row[1]);
        same_value(db_cell(&rows, 0, "b"), &row[2]);
        assert_int_equal(db_cell_int(&rows, 0, "k"), i);
    }
    arena_free(arena);
    db_close(db);
}

/* $2 before $1, one used twice, one not used at all. */
static void variables_go_by_name(const char *where)
{
    static const struct db_sql strange = {
        "SELECT k FROM pair WHERE v = $3 AND region = $1 AND (k = $2 OR k = $2 + 1) ORDER BY k"};
    struct db *db = opened(where);
    struct arena *arena = arena_new(4096);
    script(db, PAIRS_DDL);
    for (int64_t k = 0; k < 8; k++)
        GOOD(db_write(db, &add_pair,
                      DB_ARGS(db_int(1), db_int(k), db_int(7), db_null(), db_null()), &trouble));
    struct db_rows rows;
    GOOD(db_select(db_reader(db), &strange, DB_ARGS(db_int(1), db_int(3), db_int(7)), arena,
                   &rows, &trouble));
    assert_int_equal(rows.count, 2);
    assert_int_equal(db_cell_int(&rows, 0, "k"), 3);
    assert_int_equal(db_cell_int(&rows, 1, "k"), 4);
    struct fault why = {0};
    assert_false(db_select(db_reader(db), &strange, DB_ARGS(db_int(1), db_int(3)), arena, &rows,
                           &why));
    assert_non_null(strstr(why.why, "2 values for 3"));
    arena_free(arena);
    db_close(db);
}

/* The guard of the journal's head: NULL into NOT NULL ends the batch. */
static void a_case_of_integers_is_an_integer(const char *where)
{
    static const struct db_sql guard = {
        "UPDATE pair SET k = CASE WHEN v = $2 THEN $3 ELSE NULL END WHERE region = $1"};
    struct db *db = opened(where);
    script(db, PAIRS_DDL);
    GOOD(db_write(db, &add_pair, DB_ARGS(db_int(1), db_int(1), db_int(5), db_null(), db_null()),
                  &trouble));
    GOOD(db_begin(db, &trouble));
    GOOD(db_write(db, &guard, DB_ARGS(db_int(1), db_int(5), db_int(77)), &trouble));
    struct fault why = {0};
    assert_int_equal(db_commit(db, &why), DB_COMMITTED);
    assert_int_equal(number_of(db, "SELECT k FROM pair WHERE region = 1"), 77);
    GOOD(db_begin(db, &trouble));
    db_write(db, &guard, DB_ARGS(db_int(1), db_int(6), db_int(78)), &why);
    assert_int_equal(db_commit(db, &why), DB_FAILED);
    assert_int_equal(number_of(db, "SELECT k FROM pair WHERE region = 1"), 77);
    db_close(db);
}

/* A value that is NULL at first must not settle the variable's type. */
static void null_first_then_a_number(const char *where)
{
    static const struct db_sql set = {
        "UPDATE pair SET v = CASE WHEN k = $2 THEN $3 ELSE v END WHERE region = $1"};
    struct db *db = opened(where);
    script(db, PAIRS_DDL);
    GOOD(db_write(db, &add_pair, DB_ARGS(db_int(1), db_int(1), db_int(5), db_null(), db_null()),
                  &trouble));
    GOOD(db_write(db, &set, DB_ARGS(db_int(1), db_int(1), db_null()), &trouble));
    GOOD(db_write(db, &set, DB_ARGS(db_int(1), db_int(1), db_int(9)), &trouble));
    assert_int_equal(number_of(db, SUM_PAIRS), 9);
    db_close(db);
}

static void upsert_and_returning(const char *where)
{
    static const struct db_sql upsert = {
        "INSERT INTO pair (region, k, v) VALUES ($1, $2, $3)"
        " ON CONFLICT (region, k) DO UPDATE SET v = pair.v + excluded.v"};
    static const struct db_sql bump = {
        "UPDATE pair SET v = v + $3 WHERE region = $1 AND k = $2 RETURNING v, t"};
    struct db *db = opened(where);
    struct arena *arena = arena_new(4096);
    script(db, PAIRS_DDL);
    for (int i = 0; i < 3; i++)
        GOOD(db_write(db, &upsert, DB_ARGS(db_int(1), db_int(1), db_int(10)), &trouble));
    assert_int_equal(number_of(db, SUM_PAIRS), 30);
    struct db_rows rows;
    GOOD(db_returning(db, &bump, DB_ARGS(db_int(1), db_int(1), db_int(5)), arena, &rows, &trouble));
    assert_int_equal(rows.count, 1);
    assert_int_equal(db_cell_int(&rows, 0, "v"), 35);
    assert_int_equal(db_cell(&rows, 0, "t")->type, DB_NULL);
    struct fault why = {0};
    assert_false(db_select(db_reader(db), &bump, DB_ARGS(db_int(1), db_int(1), db_int(5)), arena,
                           &rows, &why));
    assert_int_equal(number_of(db, SUM_PAIRS), 35);
    arena_free(arena);
    db_close(db);
}

static void inserts_of_any_number_of_rows(const char *where)
{
    static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 63, 64, 65, 79, 255, 256, 257, 1000};
    static const struct db_sql check = {
        "SELECT count(*) AS n, count(v) AS v, sum(v) AS s, count(t) AS t, count(b) AS b"
        " FROM pair WHERE region = $1 AND k >= $2 AND k < $3"};
    struct db *db = opened(where);
    struct arena *arena = arena_new(4096);
    script(db, PAIRS_DDL);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int64_t from = (int64_t)i * 10000, n = (int64_t)sizes[i], thirds = (n + 2) / 3;
        GOOD(db_begin(db, &trouble));
        insert_rows(db, &into_pair, from, sizes[i]);
        struct fault why = {0};
        int64_t changed = -1;
        GOOD(db_changed(db, &changed, &trouble));
        assert_int_equal(changed, sizes[i]);
        assert_int_equal(db_commit(db, &why), DB_COMMITTED);
        struct db_rows rows;
        GOOD(db_select(db_reader(db), &check,
                       DB_ARGS(db_int(1), db_int(from), db_int(from + 10000)), arena, &rows,
                       &trouble));
        int64_t sum = 0;
        for (int64_t j = 0; j < n; j++)
            sum += j % 3 ? j : 0;
        assert_int_equal(db_cell_int(&rows, 0, "n"), n);
        assert_int_equal(db_cell_int(&rows, 0, "v"), n - thirds);
        assert_int_equal(db_cell_int(&rows, 0, "s"), sum);
        assert_int_equal(db_cell_int(&rows, 0, "t"), n - (n + 4) / 5);
        assert_int_equal(db_cell_int(&rows, 0, "b"), n / 2);
    }
    arena_free(arena);
    db_close(db);
}

static void an_insert_may_be_an_upsert(const char *where)
{
    static const struct db_insert once = {"pair", "region, k, v, t, b", 5,
                                          "ON CONFLICT (region, k) DO NOTHING"};
    struct db *db = opened(where);
    script(db, PAIRS_DDL);
    insert_rows(db, &once, 0, 300);
    insert_rows(db, &once, 100, 300);
    int64_t changed = -1;
    GOOD(db_changed(db, &changed, &trouble));
    assert_int_equal(changed, 100);
    assert_int_equal(number_of(db, COUNT_PAIRS), 400);
    db_close(db);
}

static void wide_inserts_stay_below_the_limit(const char *where)
{
    enum { WIDTH = 300, ROWS = 70 };
    struct arena *arena = arena_new(65536);
    struct buf ddl = {.arena = arena}, columns = {.arena = arena};
    for (int i = 0; i < WIDTH; i++) {
        buf_format(&ddl, "%sc%d {int}", i ? ", " : "CREATE TABLE wide (region {int}, ", i);
        buf_format(&columns, "%sc%d", i ? ", " : "region, ", i);
    }
    buf_str(&ddl, ");");
    buf_char(&columns, '\0');
    struct db_insert wide = {"wide", columns.at, WIDTH + 1, NULL};
    struct db *db = opened(where);
    GOOD(db_script(db, buf_done(&ddl), &trouble));
    struct db_value *cells = arena_array(arena, ROWS * (WIDTH + 1), sizeof *cells);
    for (size_t i = 0; i < ROWS * (WIDTH + 1); i++)
        cells[i] = db_int(1);
    GOOD(db_insert(db, &wide, cells, ROWS, &trouble));
    assert_int_equal(number_of(db, "SELECT sum(c299) FROM wide WHERE region=1"),
                     ROWS);
    arena_free(arena);
    db_close(db);
}

static void a_broken_transaction_is_rolled_back_and_life_goes_on(const char *where)
{
    struct db *db = opened(where);
    struct arena *arena = arena_new(1024);
    script(db, PAIRS_DDL);
    insert_rows(db, &into_pair, 0, 10);
    GOOD(db_begin(db, &trouble));
    insert_rows(db, &into_pair, 100, 20);
    struct fault why = {0};
    db_write(db, &add_pair, DB_ARGS(db_int(1), db_int(5), db_null(), db_null(), db_null()), &why);
    db_write(db, &add_pair, DB_ARGS(db_int(1), db_int(500), db_null(), db_null(), db_null()),
             &why);
    assert_false(db_flush(db, &why));
    assert_false(db_retryable(db));
    struct fault again = {0};
    struct db_rows rows;
    assert_false(db_select(db_reader(db), &count_pairs, NULL, 0, arena, &rows, &again));
    assert_non_null(strstr(again.why, "broken"));
    db_rollback(db);
    assert_int_equal(number_of(db, COUNT_PAIRS), 10);

    GOOD(db_begin(db, &trouble));
    db_write(db, &add_pair, DB_ARGS(db_int(1), db_int(5), db_null(), db_null(), db_null()), &why);
    why.why[0] = 0;
    assert_int_equal(db_commit(db, &why), DB_FAILED);
    assert_true(why.why[0]);
    GOOD(db_begin(db, &trouble));
    insert_rows(db, &into_pair, 200, 5);
    assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
    assert_int_equal(number_of(db, COUNT_PAIRS), 15);
    arena_free(arena);
    db_close(db);
}

static void faults_name_no_values(const char *where)
{
    struct db *db = opened(where);
    script(db, PAIRS_DDL);
    script(db, "CREATE TABLE person (region {int}, name TEXT NOT NULL, PRIMARY KEY (name));");
    static const struct db_sql add = {"INSERT INTO person (region, name) VALUES ($1, $2)"};
    const struct db_value args[] = {db_int(1), db_text(TEXT("张三丰"))};
    struct fault why = {0};
    assert_true(db_write(db, &add, args, 2, &why));
    assert_false(db_write(db, &add, args, 2, &why));
    assert_true(why.why[0]);
    assert_null(strstr(why.why, "张三丰"));
    why.why[0] = 0;
    assert_false(db_write(db, &add, DB_ARGS(db_int(1), db_text((struct text){"张三丰\0", 10})),
                          &why));
    assert_true(why.why[0]);
    assert_null(strstr(why.why, "张三丰"));
    db_close(db);
}

static void a_reader_cannot_write(const char *where)
{
    static const struct db_sql sly = {
        "WITH x AS (SELECT 1) INSERT INTO pair (region, k) SELECT 1, 99 FROM x"};
    static const struct db_sql plain = {"INSERT INTO pair (region, k) VALUES (1, 98)"};
    struct db *db = opened(where);
    struct arena *arena = arena_new(1024);
    script(db, PAIRS_DDL);
    insert_rows(db, &into_pair, 0, 3);
    struct db_read *reader = NULL;
    GOOD(db_open_reader(where, &reader, &trouble));
    struct db_rows rows;
    const struct db_sql *writes[] = {&sly, &plain};
    for (size_t i = 0; i < 2; i++) {
        struct fault why = {0};
        assert_false(db_select(reader, writes[i], NULL, 0, arena, &rows, &why));
        assert_true(why.why[0]);
        assert_false(db_write((struct db *)reader, writes[i], NULL, 0, &why));
    }
    struct fault why = {0};
    assert_false(db_script((struct db *)reader, TEXT("DROP TABLE pair;"), &why));
    GOOD(db_select(reader, &count_pairs, NULL, 0, arena, &rows, &trouble));
    assert_int_equal(rows.cells[0].number, 3);
    assert_true(db_begin((struct db *)reader, &why));
    GOOD(db_select(reader, &count_pairs, NULL, 0, arena, &rows, &trouble));
    assert_int_equal(db_commit((struct db *)reader, &why), DB_COMMITTED);
    db_close_reader(reader);
    assert_int_equal(number_of(db, COUNT_PAIRS), 3);
    arena_free(arena);
    db_close(db);
}

/* A statement made up at run time may stand where another stood before. */
static void one_address_two_texts(const char *where)
{
    struct db *db = opened(where);
    struct arena *arena = arena_new(4096);
    struct db_rows rows;
    struct db_sql sql;
    char text[64];
    for (int i = 0; i < 500; i++) {
        snprintf(text, sizeof text, "SELECT %d AS n", i);
        sql.text = text;
        GOOD(db_select(db_reader(db), &sql, NULL, 0, arena, &rows, &trouble));
        assert_int_equal(db_cell_int(&rows, 0, "n"), i);
    }
    struct db_insert into = into_pair;
    script(db, PAIRS_DDL);
    insert_rows(db, &into, 0, 20);
    into.after = "ON CONFLICT (region, k) DO NOTHING";
    insert_rows(db, &into, 10, 20);
    assert_int_equal(number_of(db, COUNT_PAIRS), 30);
    arena_free(arena);
    db_close(db);
}

static void tables_changed_under_prepared_statements(const char *where)
{
    static const struct db_sql all = {"SELECT * FROM pair WHERE region = 1"};
    struct db *db = opened(where);
    struct arena *arena = arena_new(1024);
    script(db, PAIRS_DDL);
    insert_rows(db, &into_pair, 0, 3);
    struct db_rows rows;
    GOOD(db_select(db_reader(db), &all, NULL, 0, arena, &rows, &trouble));
    assert_int_equal(rows.width, 5);
    script(db, "DROP TABLE pair; CREATE TABLE pair (region {int}, k {int}, v {int}, t TEXT,"
               " b {bytes}, more TEXT);");
    insert_rows(db, &into_pair, 0, 4);
    struct db_rows after;
    GOOD(db_select(db_reader(db), &all, NULL, 0, arena, &after, &trouble));
    assert_int_equal(after.count, 4);
    assert_int_equal(after.width, 6);
    assert_string_equal(after.names[5], "more");
    assert_string_equal(rows.names[4], "b");
    arena_free(arena);
    db_close(db);
}

static void a_script_is_all_or_nothing(const char *where)
{
    struct db *db = opened(where);
    struct fault why = {0};
    assert_false(db_script(db, TEXT("CREATE TABLE one (region {int}); CREATE TABLE one (x {int});"),
                           &why));
    script(db, "CREATE TABLE one (region {int}, note TEXT DEFAULT '{\"a\":1}; -- {x y}');");
    why.why[0] = 0;
    assert_false(db_script(db, TEXT("CREATE TABLE two (x {number});"), &why));
    assert_non_null(strstr(why.why, "{number}"));
    GOOD(db_begin(db, &trouble));
    script(db, "CREATE TABLE three (region {int}); INSERT INTO three VALUES (7);");
    assert_int_equal(number_of(db, "SELECT region FROM three"), 7);
    db_rollback(db);
    script(db, "CREATE TABLE three (region {int});");
    db_close(db);
}

static void scratch_leaves_nothing(const char *where)
{
    struct db *db = opened(where), *scratch = NULL;
    script(db, PAIRS_DDL);
    insert_rows(db, &into_pair, 0, 3);
    for (int round = 0; round < 2; round++) {
        GOOD(db_open_scratch(where, "replay", &scratch, &trouble));
        struct fault why = {0};
        assert_false(db_write(scratch, &add_pair,
                              DB_ARGS(db_int(1), db_int(9), db_null(), db_null(), db_null()),
                              &why));
        script(scratch, PAIRS_DDL);
        GOOD(db_begin(scratch, &trouble));
        insert_rows(scratch, &into_pair, 0, 1000);
        assert_int_equal(db_commit(scratch, NULL), DB_COMMITTED);
        assert_int_equal(number_of(scratch, COUNT_PAIRS), 1000);
        assert_int_equal(number_of(db, COUNT_PAIRS), 3);
        db_close(scratch);
    }
    if (db_engine(db) == DB_POSTGRESQL)
        assert_int_equal(number_of(db, "SELECT count(*) FROM pg_namespace"
                                                        " WHERE nspname = 'replay'"),
                         0);
    db_close(db);
}

static void *fill_scratch(void *where)
{
    struct db *scratch = NULL;
    struct fault why = {0};
    bool good = db_open_scratch(where, "replay", &scratch, &why) &&
                db_script(scratch, TEXT("CREATE TABLE one (region {int} NOT NULL) {strict};"), &why);
    usleep(50000);
    good = good && db_script(scratch, TEXT("INSERT INTO one VALUES (7);"), &why);
    if (scratch)
        db_close(scratch);
    return good ? where : NULL;
}

/* Two who verify one house at once do not pull the ground from under each other. */
static void scratch_places_take_turns(const char *where)
{
    pthread_t threads[3];
    for (size_t i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, fill_scratch, (void *)(uintptr_t)where);
    for (size_t i = 0; i < 3; i++) {
        void *good = NULL;
        pthread_join(threads[i], &good);
        assert_non_null(good);
    }
}

ON_BOTH(every_value_comes_back)
ON_BOTH(variables_go_by_name)
ON_BOTH(a_case_of_integers_is_an_integer)
ON_BOTH(null_first_then_a_number)
ON_BOTH(upsert_and_returning)
ON_BOTH(inserts_of_any_number_of_rows)
ON_BOTH(an_insert_may_be_an_upsert)
ON_BOTH(wide_inserts_stay_below_the_limit)
ON_BOTH(a_broken_transaction_is_rolled_back_and_life_goes_on)
ON_BOTH(faults_name_no_values)
ON_BOTH(a_reader_cannot_write)
ON_BOTH(one_address_two_texts)
ON_BOTH(tables_changed_under_prepared_statements)
static const char eavesdrop[] =
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
    "CREATE TRIGGER eavesdrop BEFORE INSERT ON thing FOR EACH ROW EXECUTE FUNCTION f()";
/* Whatever acts by itself is named, and our own tables and indexes are not. */
static void what_acts_by_itself_is_named(const char *where)
{
    static const char *const rows[][5] = {
        /* SQLite, PostgreSQL, what is said, and how each is removed */
        {"CREATE TRIGGER eavesdrop AFTER INSERT ON thing BEGIN DELETE FROM thing; END",
         eavesdrop,
         "the database has a trigger eavesdrop on thing, which is none of ours",
         "DROP TRIGGER eavesdrop", "DROP TRIGGER eavesdrop ON thing"},
        {"CREATE VIEW shown AS SELECT 1 AS one", "CREATE VIEW shown AS SELECT 1 AS one",
         "the database has a view shown, which is none of ours", "DROP VIEW shown",
         "DROP VIEW shown"},
        {NULL, "CREATE RULE quiet AS ON DELETE TO thing DO INSTEAD NOTHING",
         "the database has a rule quiet on thing, which is none of ours", NULL,
         "DROP RULE quiet ON thing"},
        {NULL, "ALTER TABLE thing ENABLE ROW LEVEL SECURITY",
         "the database has a row policy thing, which is none of ours", NULL,
         "ALTER TABLE thing DISABLE ROW LEVEL SECURITY"},
        {"CREATE VIRTUAL TABLE words USING fts5(word)", NULL,
         "the database has a virtual table words, which is none of ours", "DROP TABLE words", NULL},
    };
    struct fault why = {0};
    struct arena *arena = arena_new(4096);
    struct text wrong;
    struct db *db;
    assert_true(db_open(where, false, &db, &why));
    assert_true(db_script(db, TEXT("CREATE TABLE thing (id {int} NOT NULL PRIMARY KEY) {strict};"
                                   "CREATE INDEX thing_id ON thing (id);"),
                          &why));
    int side = db_engine(db) == DB_POSTGRESQL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *make = rows[i][side], *drop = rows[i][3 + side];
        if (!make)
            continue;
        assert_true(db_script(db, text_of(make), &why));
        if (!db_strange(db_reader(db), arena, &wrong, &why) || !text_is(wrong, rows[i][2]))
            fail_msg("%s: %.*s %s", make, TEXT_ARG(wrong), why.why);
        assert_true(db_script(db, text_of(drop), &why));
        assert_true(db_strange(db_reader(db), arena, &wrong, &why) && wrong.len == 0);
    }
    db_close(db);
    arena_free(arena);
}

ON_BOTH(what_acts_by_itself_is_named)
ON_BOTH(a_script_is_all_or_nothing)
ON_BOTH(scratch_leaves_nothing)
ON_BOTH(scratch_places_take_turns)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_comes_back_on_both),
        cmocka_unit_test(variables_go_by_name_on_both),
        cmocka_unit_test(a_case_of_integers_is_an_integer_on_both),
        cmocka_unit_test(null_first_then_a_number_on_both),
        cmocka_unit_test(upsert_and_returning_on_both),
        cmocka_unit_test(inserts_of_any_number_of_rows_on_both),
        cmocka_unit_test(an_insert_may_be_an_upsert_on_both),
        cmocka_unit_test(wide_inserts_stay_below_the_limit_on_both),
        cmocka_unit_test(a_broken_transaction_is_rolled_back_and_life_goes_on_on_both),
        cmocka_unit_test(faults_name_no_values_on_both),
        cmocka_unit_test(a_reader_cannot_write_on_both),
        cmocka_unit_test(one_address_two_texts_on_both),
        cmocka_unit_test(tables_changed_under_prepared_statements_on_both),
        cmocka_unit_test(what_acts_by_itself_is_named_on_both),
        cmocka_unit_test(a_script_is_all_or_nothing_on_both),
        cmocka_unit_test(scratch_leaves_nothing_on_both),
        cmocka_unit_test(scratch_places_take_turns_on_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
