/* Lists as tables over real sockets, on both engines: all rows, the bound, who may, the trace. */
#include "door/door_testing.h"

#define LINE                                                                                       \
    ",\"'=1+1,\"\"x\"\"\",\"2014-05-04 09:00\",\"2014-05-04\",\"12.50\",\"是\",\"甲；乙\"\r\n"
#define HEAD "\r\n\r\n\xef\xbb\xbf\"编号\",\"内容\",\"时间\",\"日期\",\"金额（元）\",\"已完成\",\"标签\"\r\n"

static int64_t lines(const struct world *world)
{
    struct text answer = {world->heard.bytes, world->heard.len};
    ptrdiff_t body = text_find(answer, TEXT("\r\n\r\n"));
    int64_t count = 0;
    for (size_t i = (size_t)body + 4; i < answer.len; i++)
        count += answer.at[i] == '\n';
    return count;
}

static void all_rows(struct world *world)
{
    assert_int_equal(request(world, "GET", "/rows/7.csv", "", TEXT("")), 200);
    assert_true(says(world, "Content-Type: text/csv") && says(world, "charset=utf-8"));
    assert_true(says(world, "Content-Disposition: attachment; filename=\"______-2014-05-04.csv\"; "
                            "filename*=UTF-8''%E5%88%97%E8%A1%A8-2014-05-04.csv"));
    assert_true(says(world, "Cache-Control: no-store") && says(world, "Content-Security-Policy"));
    assert_true(says(world, HEAD "\"1\"" LINE "\"2\"" LINE "\"3\"" LINE "\"4\"" LINE) &&
                says(world, "\"7\"" LINE));
    assert_int_equal(lines(world), 8);
    assert_int_equal(request(world, "GET", "/rows/0.csv", "", TEXT("")), 200);
    assert_int_equal(lines(world), 1);
    /* Before what the address says, and by what is accepted alone. */
    assert_int_equal(request(world, "GET", "/rows/7.csv?after=5", "", TEXT("")), 200);
    assert_int_equal(lines(world), 3);
    assert_int_equal(request(world, "GET", "/rows/7", "Accept: text/csv\r\n", TEXT("")), 200);
    assert_int_equal(lines(world), 8);
    assert_int_equal(request(world, "GET", "/rows/7", "Accept: text/html, text/csv;q=0.5\r\n",
                             TEXT("")),
                     200);
    assert_false(says(world, "text/csv"));
    assert_int_equal(request(world, "GET", "/rows/7.csv", "Accept-Language: en\r\n", TEXT("")), 200);
    assert_true(says(world, ",\"Yes\",") && says(world, "\"Content\""));
    assert_int_equal(request(world, "HEAD", "/rows/7.csv", "", TEXT("")), 200);
    assert_int_equal(request(world, "POST", "/rows/7.csv", FORM, TEXT("")), 405);
    assert_int_equal(request(world, "OPTIONS", "/rows/7.csv", "", TEXT("")), 204);
    assert_true(says(world, "Allow: GET, HEAD, OPTIONS"));
    /* What is no list has no table; a parameter may end so. */
    assert_int_equal(request(world, "GET", "/notes/5.csv", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/drawers/a.csv/7", "", TEXT("")), 200);
    assert_int_equal(request(world, "GET", "/rows/404.csv", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/rows/x.csv", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/rows/500.csv", "", TEXT("")), 500);
    assert_false(says(world, "on purpose"));
    assert_int_equal(request(world, "GET", "/rows/7.csv?after=x", WANT_JSON, TEXT("")), 422);
    assert_true(says(world, "application/problem+json"));
}

/* A page says where its table is, without what only turns pages. */
static void linked(struct world *world)
{
    static const struct {
        const char *target, *table;
    } rows[] = {
        {"/rows/7", "href=\"/rows/7.csv\""},
        {"/rows/7?after=3", "href=\"/rows/7.csv\""},
        {"/rows/7?after=3&words=%E7%94%B2&from=chat", "href=\"/rows/7.csv?words=%E7%94%B2\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(request(world, "GET", rows[i].target, "", TEXT("")), 200);
        if (!says(world, rows[i].table))
            fail_msg("%s: no %s", rows[i].target, rows[i].table);
    }
    assert_int_equal(request(world, "GET", "/rows/0", "", TEXT("")), 200);
    assert_false(says(world, ".csv"));
    assert_int_equal(request(world, "GET", "/notes/5", "", TEXT("")), 200);
    assert_false(says(world, ".csv"));
}

/* A long one ends at its bound, says so, and goes on where it says. */
static void bounded(struct world *world)
{
    assert_int_equal(request(world, "GET", "/rows/10001.csv?words=a%26b", "", TEXT("")), 200);
    assert_int_equal(lines(world), 1 + 10000 + 1);
    assert_true(says(world, "\"10000\",\"\",\"\",\"\",\"0.00\",\"否\",\"\"\r\n"
                            "\"一次最多下载10000行，其余请从此地址继续下载："
                            "/rows/10001.csv?after=10000&words=a%26b\""
                            ",\"\",\"\",\"\",\"\",\"\",\"\"\r\n"));
    struct text rest = between(world, "Link: <", ">; rel=\"next\"");
    assert_int_equal(request(world, "GET", text_cstr(world->arena, rest), "", TEXT("")), 200);
    assert_int_equal(lines(world), 2);
    assert_true(says(world, "\"10001\",") && !says(world, "Link:"));
    assert_int_equal(request(world, "GET", "/rows/10000.csv", "", TEXT("")), 200);
    assert_int_equal(lines(world), 10001);
    assert_false(says(world, "一次最多"));
}

static void traced(struct world *world)
{
    static const struct db_sql sql = {"SELECT look, persons, masked FROM look_trace "
                                      "WHERE region = $1 ORDER BY entry DESC"};
    struct db_read *db = NULL;
    struct db_rows rows = {0};
    struct fault why = {0};
    assert_int_equal(request(world, "GET", "/staff/rows/7.csv", "", TEXT("")), 303);
    assert_int_equal(request(world, "GET", "/staff/rows/7.csv", WANT_JSON, TEXT("")), 401);
    assert_int_equal(form(world, "/staff/sign-in", "", "login=shen&password=correct+horse"), 303);
    struct text shen = text_format(world->arena, "Cookie: yimen_session=%.*s\r\n",
                                   TEXT_ARG(between(world, "yimen_session=", ";")));
    assert_int_equal(request(world, "GET", "/staff/rows/7", shen.at, TEXT("")), 200);
    assert_true(says(world, "href=\"/staff/rows/7.csv\""));
    assert_int_equal(request(world, "GET", "/staff/rows/50.csv", shen.at, TEXT("")), 200);
    assert_int_equal(lines(world), 51);
    must(db_open_reader(world->where, &db, &why) &&
             db_select(db, &sql, DB_ARGS(db_int(REGION)), world->arena, &rows, &why),
         &why);
    assert_int_equal(rows.count, 2);
    assert_true(text_is(db_cell_text(&rows, 0, "look"), "note.own.csv"));
    assert_int_equal(db_cell_int(&rows, 0, "persons"), 50);
    assert_int_equal(db_cell_int(&rows, 0, "masked"), 1);
    assert_true(text_is(db_cell_text(&rows, 1, "look"), "note.own"));
    assert_int_equal(db_cell_int(&rows, 1, "persons"), 3);
    db_close_reader(db);
}

static void all_tables(const char *where)
{
    struct world world;
    open_world(&world, where);
    all_rows(&world);
    linked(&world);
    bounded(&world);
    traced(&world);
    compare_world(&world, where);
    close_world(&world);
}

static void tables_on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(all_tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables_on_both_engines)};
    return cmocka_run_group_tests_name("door/table", tests, NULL, NULL);
}
