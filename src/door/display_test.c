/* How pages are shown: the address, the cookie, in that order; each choice leaves the others. */
#include "door/door_testing.h"

static const struct shown_as {
    const char *name, *wish, *cookie;
    const char *html; /* the page's first tag, after its language */
    const char *kept; /* the cookie that is set; NULL: none */
} rows[] = {
    {"as the browser does", "", "", "", NULL},
    {"large", "?display=size-large", "", " data-size=\"large\"",
     "size-large.contrast-normal.colour-system"},
    {"high contrast", "?display=contrast-high", "", " data-contrast=\"high\"",
     "size-normal.contrast-high.colour-system"},
    {"dark", "?display=colour-dark", "", " data-colour=\"dark\"",
     "size-normal.contrast-normal.colour-dark"},
    {"light", "?display=colour-light", "", " data-colour=\"light\"",
     "size-normal.contrast-normal.colour-light"},
    {"remembered", "", "size-large.contrast-high.colour-dark",
     " data-size=\"large\" data-contrast=\"high\" data-colour=\"dark\"", NULL},
    {"one of three changed", "?display=colour-system", "size-large.contrast-high.colour-dark",
     " data-size=\"large\" data-contrast=\"high\"", "size-large.contrast-high.colour-system"},
    {"for old people", "?a=1&display=elder", "size-large.contrast-normal.colour-light",
     " data-size=\"elder\" data-contrast=\"high\" data-colour=\"light\"",
     "elder.contrast-high.colour-light"},
    {"and with less contrast", "?display=contrast-normal", "elder.contrast-high.colour-system",
     " data-size=\"elder\"", "elder.contrast-normal.colour-system"},
    {"all as at first", "?display=standard", "elder.contrast-high.colour-dark", "",
     "size-normal.contrast-normal.colour-system"},
    {"no wish of ours", "?display=%22%3E%3Cscript%3E", "size-large", " data-size=\"large\"", NULL},
    {"no cookie of ours", "", "size-large\\.<b>.elder.x..", " data-size=\"elder\"", NULL},
    {"nothing", "?display=", "", "", NULL},
    {"part of a word", "?display=size-larg", "", "", NULL},
};

static void shown(struct world *world)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct shown_as *row = &rows[i];
        const char *target = text_format(world->arena, "/nowhere%s", row->wish).at;
        const char *header =
            *row->cookie ? text_format(world->arena, "Cookie: yimen_display=%s\r\n", row->cookie).at
                         : "";
        request(world, "GET", target, header, TEXT(""));
        const char *html = text_format(world->arena, "<html lang=\"zh-CN\"%s>", row->html).at;
        const char *set = text_format(world->arena,
                                      "Set-Cookie: yimen_display=%s; Path=/; HttpOnly; SameSite=Lax",
                                      row->kept ? row->kept : "").at;
        bool good = says(world, html) && says(world, row->kept ? set : "Vary: Accept, Accept-Lang") &&
                    (row->kept || !says(world, "Set-Cookie"));
        if (!good)
            print_message("%s\n", row->name);
        assert_true(good);
    }
}

/* The page calls itself by its address without the wish, and its links change one thing each. */
static void linked(struct world *world)
{
    request(world, "GET", "/nowhere?a=1&display=elder&lang=en&b=2", "", TEXT(""));
    assert_true(says(world, "href=\"/nowhere?a=1&amp;b=2&amp;display=colour-dark\""));
    assert_true(says(world, "href=\"/nowhere?a=1&amp;b=2&amp;lang=zh-Hant\""));
    request(world, "GET", "/nowhere?display=elder", "", TEXT(""));
    assert_true(says(world, "href=\"/nowhere?display=standard\""));
    assert_false(says(world, "display=elder\""));
}

static void displays(const char *where)
{
    struct world world;
    open_world(&world, where);
    shown(&world);
    linked(&world);
    close_world(&world);
}

static void on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(displays);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(on_both_engines)};
    return cmocka_run_group_tests_name("door display", tests, NULL, NULL);
}
