/* Notice files: the real ones, a city's own, and bad ones, each named with what is wrong. */
#include "clock/clock_test_world.h"

#define DAY "{\"name\":\"元旦\",\"date\":\"2014-01-01\",\"isOffDay\":true}"

static void bad_files_are_named(void **state)
{
    static const struct {
        const char *json, *fault;
    } rows[] = {
        {"", "bad.json: line 1: "},
        {"{\"year\":2014,\n\"days\":[}", "bad.json: line 2: "},
        {"[]", "bad.json: not a JSON object"},
        {"{\"days\":[]}", "bad.json: year: missing"},
        {"{\"year\":2014}", "bad.json: days: missing"},
        {"{\"year\":\"2014\",\"days\":[]}", "bad.json: year: not a whole number"},
        {"{\"year\":14,\"days\":[]}", "bad.json: year: outside 1949-2999"},
        {"{\"year\":2014,\"year\":2015,\"days\":[]}", "bad.json: line 1: duplicate"},
        {"{\"year\":2014,\"days\":{}}", "bad.json: days: not a list"},
        {"{\"year\":2014,\"days\":[1]}", "bad.json: days[0]: not an object"},
        {"{\"year\":2014,\"days\":[" DAY ",{\"name\":\"x\",\"date\":\"2014-02-30\"}]}",
         "bad.json: days[1].date: not a date"},
        {"{\"year\":2014,\"days\":[{\"name\":\"x\",\"isOffDay\":true}]}",
         "bad.json: days[0].date: missing"},
        {"{\"year\":2014,\"days\":[{\"name\":\"x\",\"date\":\"2014-01-01\",\"isOffDay\":1}]}",
         "bad.json: days[0].isOffDay: "},
        {"{\"year\":2014,\"days\":[{\"date\":\"2014-01-01\",\"isOffDay\":true}]}",
         "bad.json: days[0].name: missing"},
        {"{\"year\":2014,\"days\":[{\"note\":1}]}", "bad.json: days[0]: unknown key \"note\""},
        {"{\"year\":2015,\"days\":[" DAY "]}", "bad.json: days.0.date: "},
        {"{\"year\":2014,\"days\":[" DAY "," DAY "]}", "bad.json: days: 2014-01-01"},
        {"{\"year\":2014,\"days\":[],\"publised\":\"2013-12-11\"}",
         "bad.json: unknown key or wrong type: \"publised\""},
        {"{\"year\":2014,\"days\":[],\"published\":\"2013-12\"}", "bad.json: published: not a date"},
        {"{\"year\":2014,\"days\":[" DAY "],\"published\":\"2011-12-11\"}",
         "bad.json: published_date: "},
        {"{\"year\":2014,\"days\":[],\"scope\":\"all\"}", "bad.json: scope: "},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct notice notice;
        struct fault why = {0};
        assert_false(notice_read(text_of(rows[i].json), "bad.json", world->arena, &notice, &why));
        if (strncmp(why.why, rows[i].fault, strlen(rows[i].fault)) != 0)
            fail_msg("row %zu: \"%s\", expected \"%s\"", i, why.why, rows[i].fault);
    }
}

static void a_citys_own_file(void **state)
{
    static const char json[] =
        "{\"$schema\":\"x\",\"year\":2015,\"published\":\"2015-05-13\",\"scope\":\"change\","
        "\"source\":\"国办发明电〔2015〕1号\",\"papers\":[\"http://a\",\"http://b\"],"
        "\"days\":[{\"name\":\"抗战胜利纪念日\",\"date\":\"2015-09-03\",\"isOffDay\":true}]}";
    struct world *world = *state;
    struct notice notice;
    struct fault why = {0};
    assert_true(notice_read(text_of(json), "2015-2.json", world->arena, &notice, &why));
    assert_int_equal(notice.year, 2015);
    assert_int_equal(notice.published_date, d("2015-05-13"));
    assert_int_equal(notice.scope, NOTICE_CHANGE);
    assert_true(text_is(notice.source, "国办发明电〔2015〕1号"));
    assert_int_equal(notice.days.count, 1);
    const struct notice_day *day = notice.days.items;
    assert_int_equal(day->date, d("2015-09-03"));
    assert_true(day->off && text_is(day->name, "抗战胜利纪念日"));
}

static void the_real_files(void **state)
{
    struct world *world = need(state);
    const struct notice *notices = world->notices.items;
    assert_int_equal(world->notices.count, 20); /* 2007-2026; 2027 is empty and left out */
    for (size_t i = 0; i < world->notices.count; i++) {
        assert_int_equal(notices[i].year, 2007 + (int64_t)i);
        assert_int_equal(notices[i].version, (int64_t)i + 1);
        assert_int_equal(notices[i].published_date, date_of(2006 + (int)i, 12, 31));
        assert_true(notices[i].days.count >= 27 && notices[i].source.len > 0);
    }
    struct notice empty;
    struct fault why = {0};
    assert_true(notice_read_file(HOLIDAYS "/2027.json", world->arena, &empty, &why));
    assert_int_equal(empty.days.count, 0);
    assert_false(notice_read_file(HOLIDAYS "/1999.json", world->arena, &empty, &why));
    struct list none;
    why = (struct fault){0};
    assert_false(notice_read_folder("src/clock", world->arena, &none, &why));
    assert_string_equal(why.why, "src/clock: no notice with days in this folder");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_files_are_named),
        cmocka_unit_test(a_citys_own_file),
        cmocka_unit_test(the_real_files),
    };
    return cmocka_run_group_tests_name("notice", tests, world_setup, world_teardown);
}
