/* Which language the door answers in: the address, the cookie, the browser, in that order. */
#include "door/door_testing.h"

static void pages(struct world *world)
{
    assert_int_equal(request(world, "GET", "/nowhere", "", TEXT("")), 404);
    assert_true(says(world, "Content-Language: zh-CN\r\n"));
    assert_true(says(world, "Vary: Accept, Accept-Language, Cookie, Authorization\r\n"));
    assert_true(says(world, "没有找到"));
    assert_false(says(world, "Set-Cookie"));
    request(world, "GET", "/nowhere", "Accept-Language: zh-TW, en;q=0.5\r\n", TEXT(""));
    assert_true(says(world, "<html lang=\"zh-Hant\">"));
    assert_true(says(world, "請核對編號"));
    request(world, "GET", "/nowhere", "Accept-Language: fr, en;q=0.5\r\n", TEXT(""));
    assert_true(says(world, "<html lang=\"en\">"));
    assert_true(says(world, "Not found"));
    assert_false(says(world, "没有找到"));
    /* What was chosen before goes before the browser's wish; what is no language of ours is none. */
    request(world, "GET", "/nowhere", "Accept-Language: en\r\nCookie: yimen_language=zh-Hant\r\n",
            TEXT(""));
    assert_true(says(world, "Content-Language: zh-Hant\r\n"));
    request(world, "GET", "/nowhere", "Accept-Language: en\r\nCookie: yimen_language=xx\r\n", TEXT(""));
    assert_true(says(world, "Content-Language: en\r\n"));
}

static void chosen(struct world *world)
{
    request(world, "GET", "/nowhere?a=1&lang=en&b=2", "Cookie: yimen_language=zh-Hant\r\n", TEXT(""));
    assert_true(says(world, "Content-Language: en\r\n"));
    assert_true(says(world, "Set-Cookie: yimen_language=en; Path=/; HttpOnly; SameSite=Lax"));
    /* The page calls itself by its address without the wish, and so do its links to other languages. */
    assert_true(says(world, "href=\"/nowhere?a=1&amp;b=2&amp;lang=zh-Hant\""));
    request(world, "GET", "/nowhere?lang=en&b=2", "", TEXT(""));
    assert_true(says(world, "href=\"/nowhere?b=2&amp;lang=zh-CN\""));
    request(world, "GET", "/nowhere?lang=en", "", TEXT(""));
    assert_true(says(world, "href=\"/nowhere?lang=zh-CN\""));
    request(world, "GET", "/nowhere?lang=xx", "", TEXT(""));
    assert_true(says(world, "Content-Language: zh-CN\r\n"));
    assert_false(says(world, "Set-Cookie"));
}

/* Problem details speak as the reader does; the answer itself is data and does not. */
static void programs(struct world *world)
{
    request(world, "POST", "/notes/5", JSON "Accept-Language: en\r\n", TEXT("{\"count\":99}"));
    assert_true(says(world, "It must be between 0 and 9."));
    assert_false(says(world, "应在"));
    request(world, "POST", "/notes/5", JSON, TEXT("{\"count\":99}"));
    assert_true(says(world, "应在0到9之间。"));
}

/* A page that is kept for one language is no other's. */
static void kept(struct world *world)
{
    static const char *const tags[] = {"en", "zh-CN", "zh-Hant", "zh-CN", "en"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        const char *header = text_format(world->arena, "Accept-Language: %s\r\n", tags[i]).at;
        assert_int_equal(request(world, "GET", "/drawers/mine/7", header, TEXT("")), 200);
        const char *wanted = text_format(world->arena, "Content-Language: %s\r\n", tags[i]).at;
        assert_true(says(world, wanted));
    }
}

static void speaks(const char *where)
{
    struct world world;
    open_world(&world, where);
    pages(&world);
    chosen(&world);
    programs(&world);
    kept(&world);
    close_world(&world);
}

static void on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(speaks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(on_both_engines)};
    return cmocka_run_group_tests_name("door languages", tests, NULL, NULL);
}
