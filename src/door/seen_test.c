/* Looks at what is somebody's, on both engines: the trace is in the journal before the page is out. */
#include "door/door_testing.h"

/* Who looks, at what, and whether a trace more is there when the answer is. */
static void looks(struct world *world)
{
    struct look_row last;
    struct text shen = comes_as(world, "shen"), again = comes_as(world, "shen"),
                guan = comes_as(world, "guan");
    const struct {
        const struct text *who;
        const char *target, *accept;
        int64_t after_ms;
        int more;
    } rows[] = {
        {NULL, "/people/7", "", 0, 0}, /* an applicant's own */
        {&shen, "/people/9", "", 0, 0},
        {&shen, "/notes/7", "", 0, 0},
        {&shen, "/people/7", "", 0, 1},
        {&shen, "/people/7", "", 1000, 0}, /* the same look */
        {&shen, "/people/7", WANT_JSON, 1000, 0},
        {&shen, "/people/7", "", 60 * 1000, 1},
        {&shen, "/people/8", "", 0, 1},
        {&again, "/people/7", "", 0, 1}, /* another session */
        {&guan, "/people/7", WANT_JSON, 0, 1},
        {&guan, "/people/404", "", 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t before = traces(world, &last);
        pass(world, rows[i].after_ms);
        const char *headers = text_format(world->arena, "%s%.*s", rows[i].accept,
                                          rows[i].who ? (int)rows[i].who->len : 0,
                                          rows[i].who ? rows[i].who->at : "")
                                  .at;
        assert_int_equal(request(world, "GET", rows[i].target, headers, TEXT("")), 200);
        assert_true(says(world, rows[i].target[1] == 'n' ? "&lt;b&gt;" : "王小明"));
        if (traces(world, &last) - before != rows[i].more)
            fail_msg("row %zu: %lld traces", i, (long long)(traces(world, &last) - before));
    }
    assert_true(text_is(last.look, "note.person") && text_is(last.subject, "case:404"));
    assert_true(text_is(last.from_address, "127.0.0.1"));
    assert_int_equal(last.made_by, BY_SESSION);
    assert_true(strcmp(look_post_words[last.post].name, "security") == 0);
    assert_int_equal(last.why, WHY_DUTY);
    assert_int_equal(last.at, world_now(world));
}

/* Shown again with a refused form, it is shown; and what does not say so is not shown at all. */
static void other_ways(struct world *world)
{
    struct look_row last;
    struct text shen = comes_as(world, "shen");
    pass(world, 120 * 1000);
    assert_int_equal(request(world, "GET", "/notes/5", shen.at, TEXT("")), 200);
    struct text token = between(world, "name=\"_token\" value=\"", "\"");
    int64_t before = traces(world, &last);
    assert_int_equal(
        form(world, "/notes/5", shen.at,
             text_format(world->arena, "words=a&count=99&_token=%.*s&_page=/people/21",
                         TEXT_ARG(token))
                 .at),
        422);
    assert_true(says(world, "王小明"));
    assert_int_equal(traces(world, &last), before + 1);
    assert_true(text_is(last.subject, "case:21"));
    assert_int_equal(
        form(world, "/notes/5", shen.at,
             text_format(world->arena, "words=closed&_token=%.*s&_page=/people/22",
                         TEXT_ARG(token))
                 .at),
        409);
    assert_true(says(world, "王小明"));
    assert_int_equal(traces(world, &last), before + 2);
    assert_int_equal(request(world, "GET", "/unsaid/7", shen.at, TEXT("")), 500);
    assert_false(says(world, "王小明"));
    assert_int_equal(request(world, "HEAD", "/people/23", shen.at, TEXT("")), 200);
    assert_int_equal(traces(world, &last), before + 3);
}

static void all_looks(const char *where)
{
    struct world world;
    open_world(&world, where);
    looks(&world);
    other_ways(&world);
    compare_world(&world, where);
    close_world(&world);
}

static void looks_on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(all_looks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(looks_on_both_engines)};
    return cmocka_run_group_tests_name("door/seen", tests, NULL, NULL);
}
