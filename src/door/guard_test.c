/* Keys that are tried at the door, on both engines: looks, commands, uploads and a refused form's page
 * count alike, four wrong ones an hour. */
#include "door/door_testing.h"

static int upload(struct world *world, const char *target)
{
    return request(world, "POST", target,
                   "Content-Type: multipart/form-data; boundary=XX\r\n" WANT_JSON,
                   TEXT("--XX\r\nContent-Disposition: form-data; name=\"paper\"; "
                        "filename=\"b.pdf\"\r\n\r\n%PDF-1.7 new\r\n--XX--\r\n"));
}

static void right_keys(struct world *world)
{
    for (int i = 0; i < 6; i++) {
        assert_int_equal(request(world, "GET", "/drawers/mine/7", "", TEXT("")), 200);
        assert_int_equal(request(world, "POST", "/drawers/mine/7", JSON, TEXT("{}")), 201);
        assert_int_equal(upload(world, "/drawers/mine/7"), 201);
        /* Tells nothing, so counts for nothing. */
        assert_int_equal(request(world, "POST", "/drawers/other/7", JSON, TEXT("{\"note_id\":\"x\"}")),
                         422);
    }
}

static void wrong_keys(struct world *world)
{
    assert_int_equal(request(world, "GET", "/drawers/a/1", "", TEXT("")), 404);
    assert_int_equal(request(world, "POST", "/drawers/b/2", JSON, TEXT("{}")), 404);
    assert_int_equal(upload(world, "/drawers/c/3"), 404);
    assert_int_equal(form(world, "/notes/5", "", "words=a&count=99&_page=/drawers/a/3"), 422);
    assert_false(says(world, "Retry-After"));
}

static void waits(struct world *world)
{
    int64_t wait_s;
    assert_int_equal(request(world, "GET", "/drawers/a/7", "", TEXT("")), 429);
    assert_true(says(world, "查询码输错的次数过多") && says(world, "2014年5月4日") && says(world, "<html"));
    assert_int_equal(request(world, "GET", "/drawers/a/7", WANT_JSON, TEXT("")), 429);
    assert_true(says(world, "application/problem+json") && says(world, "/problems/too_many"));
    assert_true(text_int(between(world, "Retry-After: ", "\r"), &wait_s));
    assert_true(wait_s > 3500 && wait_s <= 3600);
    assert_int_equal(request(world, "POST", "/drawers/a/7", JSON, TEXT("{}")), 429);
    assert_true(says(world, "Retry-After: 3"));
    assert_int_equal(form(world, "/drawers/a/7", "", ""), 429);
    assert_true(says(world, "Retry-After: 3") && says(world, "<html"));
    assert_int_equal(upload(world, "/drawers/a/7"), 429);
    assert_true(says(world, "Retry-After: 3"));
    /* A refused form shows what its page is, which here would be inside. */
    assert_int_equal(form(world, "/notes/5", "", "words=a&count=99&_page=/drawers/a/7"), 422);
    assert_false(says(world, "<p>a</p>"));
    /* Who has opened a drawer from here may, and the rest of the house is open. */
    assert_int_equal(request(world, "GET", "/drawers/mine/7", "", TEXT("")), 200);
    assert_int_equal(request(world, "POST", "/drawers/mine/7", JSON, TEXT("{}")), 201);
    assert_int_equal(form(world, "/notes/5", "", "words=a&count=99&_page=/drawers/mine/7"), 422);
    assert_true(says(world, "<p>mine</p>"));
    assert_int_equal(request(world, "GET", "/notes/5", "", TEXT("")), 200);
}

static void all_keys(const char *where)
{
    struct world world;
    open_world(&world, where);
    right_keys(&world);
    wrong_keys(&world);
    waits(&world);
    compare_world(&world, where);
    close_world(&world);
}

static void on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(all_keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(on_both_engines)};
    return cmocka_run_group_tests_name("door keys", tests, NULL, NULL);
}
