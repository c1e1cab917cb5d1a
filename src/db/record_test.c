#include "db/given_testing.h"

static const struct db_insert into_pair = {"pair", "region, k, v, t, b", 5, NULL};
static const struct db_sql add_pair = {ADD_PAIR};

struct sample {
    int64_t k;
    struct text t;
    bool flag;
    int64_t state;
    struct text note;
    int64_t price_fen;
};
static const struct word states[] = {{"", "未说明"}, {"open", "办理中"}, {"closed", "已办结"}, {0}};
static const struct field sample_fields[] = {
    {.name = "k", .type = FIELD_INT, .offset = offsetof(struct sample, k)},
    {.name = "t", .type = FIELD_TEXT, .offset = offsetof(struct sample, t)},
    {.name = "flag", .type = FIELD_BOOL, .offset = offsetof(struct sample, flag)},
    {.name = "state", .type = FIELD_WORD, .offset = offsetof(struct sample, state), .words = states},
    {.name = "note", .type = FIELD_TEXT, .offset = offsetof(struct sample, note)},
    {.name = "price_fen", .type = FIELD_MONEY, .offset = offsetof(struct sample, price_fen)},
};
static const struct shape sample_shape = {
    .name = "sample", .size = sizeof(struct sample), SHAPE_FIELDS(sample_fields)};

static void records_by_column_name(const char *where)
{
    static const struct db_insert into = {"sample", "region, k, t, flag, state, price_fen", 6,
                                          NULL};
    static const struct db_sql all = {
        "SELECT state, k, region, flag, t, price_fen FROM sample WHERE region = 1 ORDER BY k"};
    const struct sample samples[] = {
        {.k = 1, .t = TEXT("门"), .flag = true, .state = 2, .price_fen = INT64_MAX},
        {.k = 2, .state = 0},
        {.k = 3, .t = TEXT("x"), .state = 1, .price_fen = -5},
    };
    struct db *db = opened(where);
    struct arena *arena = arena_new(4096), *rows_arena = arena_new(4096);
    script(db, "CREATE TABLE sample (region {int}, k {int}, t TEXT, flag {int}, state TEXT,"
               " price_fen {int});");
    for (size_t i = 0; i < 3; i++) {
        struct db_value cells[7] = {db_int(1)};
        assert_int_equal(db_values(&sample_shape, &samples[i], arena, cells + 1, 6), 6);
        cells[5] = cells[6]; /* the table has no note */
        GOOD(db_insert(db, &into, cells, 1, &trouble));
    }
    struct db_rows rows;
    GOOD(db_select(db_reader(db), &all, NULL, 0, rows_arena, &rows, &trouble));
    struct list list;
    GOOD(db_records(&sample_shape, &rows, arena, &list, &trouble));
    struct sample one = {.note = TEXT("kept")};
    GOOD(db_record(&sample_shape, &rows, 2, arena, &one, &trouble));
    arena_free(rows_arena); /* records stand on their own */
    assert_int_equal(list.count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct sample *is = (const struct sample *)list.items + i;
        assert_true(is->k == samples[i].k && is->flag == samples[i].flag &&
                    is->state == samples[i].state && is->price_fen == samples[i].price_fen);
        assert_true(text_equal(is->t, samples[i].t));
    }
    assert_true(text_is(one.note, "kept") && one.k == 3 && one.state == 1);
    arena_free(arena);
    db_close(db);
}

static void what_a_shape_does_not_know_is_a_fault(const char *where)
{
    static const struct db_sql queries[] = {
        {"SELECT 'lost' AS state"},
        {"SELECT 5 AS t"},
        {"SELECT 'five' AS k"},
    };
    static const char *const said[] = {"no such word", "an integer does not fit",
                                       "text does not fit"};
    static const struct db_sql nulls = {"SELECT NULL AS state, NULL AS k, NULL AS t, NULL AS flag"};
    struct db *db = opened(where);
    struct arena *arena = arena_new(4096);
    struct db_rows rows;
    struct sample one = {.state = 1, .k = 7, .flag = true};
    for (size_t i = 0; i < 3; i++) {
        struct fault why = {0};
        GOOD(db_select(db_reader(db), &queries[i], NULL, 0, arena, &rows, &trouble));
        assert_false(db_record(&sample_shape, &rows, 0, arena, &one, &why));
        assert_non_null(strstr(why.why, said[i]));
    }
    GOOD(db_select(db_reader(db), &nulls, NULL, 0, arena, &rows, &trouble));
    GOOD(db_record(&sample_shape, &rows, 0, arena, &one, &trouble));
    assert_true(one.state == 0 && one.k == 0 && !one.flag && one.t.len == 0);
    arena_free(arena);
    db_close(db);
}

static void numbers_of_aggregates(const char *where)
{
    static const struct db_sql sums = {
        "SELECT sum(v) AS s, count(*) AS c, max(v) AS m, min(t) AS t, sum(-v) AS n, sum(v - v) AS z"
        " FROM pair WHERE region = $1"};
    static const struct db_sql average = {"SELECT avg(k) AS a FROM pair WHERE region = 1"};
    static const int64_t values[] = {4611686018427387903, 4611686018427387903, 1, -10000, 9999};
    struct db *db = opened(where);
    struct arena *arena = arena_new(4096);
    struct db_rows rows;
    script(db, PAIRS_DDL);
    for (int64_t k = 0; k < 5; k++)
        GOOD(db_write(db, &add_pair,
                      DB_ARGS(db_int(1), db_int(k), db_int(values[k]), db_null(), db_null()),
                      &trouble));
    GOOD(db_select(db_reader(db), &sums, DB_ARGS(db_int(1)), arena, &rows, &trouble));
    assert_true(db_cell_int(&rows, 0, "s") == INT64_MAX - 1);
    assert_true(db_cell_int(&rows, 0, "n") == -(INT64_MAX - 1));
    assert_int_equal(db_cell_int(&rows, 0, "z"), 0);
    assert_int_equal(db_cell_int(&rows, 0, "c"), 5);
    assert_int_equal(db_cell(&rows, 0, "t")->type, DB_NULL);
    GOOD(db_select(db_reader(db), &sums, DB_ARGS(db_int(2)), arena, &rows, &trouble));
    assert_int_equal(db_cell(&rows, 0, "s")->type, DB_NULL);
    struct fault why = {0};
    assert_false(db_select(db_reader(db), &average, NULL, 0, arena, &rows, &why));
    assert_non_null(strstr(why.why, "column a"));
    arena_free(arena);
    db_close(db);
}

static void many_rows_come_in_order(const char *where)
{
    static const struct db_sql all = {"SELECT k, t FROM pair WHERE region = 1 ORDER BY k"};
    struct db *db = opened(where);
    struct arena *arena = arena_new(4096);
    script(db, PAIRS_DDL);
    insert_rows(db, &into_pair, 0, 3000);
    struct db_rows rows;
    GOOD(db_select(db_reader(db), &all, NULL, 0, arena, &rows, &trouble));
    assert_int_equal(rows.count, 3000);
    for (size_t i = 0; i < 3000; i++) {
        assert_int_equal(db_cell_int(&rows, i, "k"), i);
        assert_int_equal(db_cell(&rows, i, "t")->type, i % 5 ? DB_TEXT : DB_NULL);
    }
    arena_free(arena);
    db_close(db);
}

ON_BOTH(records_by_column_name)
ON_BOTH(what_a_shape_does_not_know_is_a_fault)
ON_BOTH(numbers_of_aggregates)
ON_BOTH(many_rows_come_in_order)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_by_column_name_on_both),
        cmocka_unit_test(what_a_shape_does_not_know_is_a_fault_on_both),
        cmocka_unit_test(numbers_of_aggregates_on_both),
        cmocka_unit_test(many_rows_come_in_order_on_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
