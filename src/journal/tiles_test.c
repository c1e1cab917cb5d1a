#include "journal/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void paths(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int level;
        int64_t n;
        int width;
    } rows[] = {
        {"0/000", 0, 0, 256},
        {"0/x001/x234/067", 0, 1234067, 256}, /* the specification's example */
        {"0/x001/x234/067.p/112", 0, 1234067, 112},
        {"entries/x001/x234/067", -1, 1234067, 256},
        {"entries/000.p/1", -1, 0, 1},
        {"63/999", 63, 999, 256},
        {"1/x001/000", 1, 1000, 256},
        {"1/x999/999.p/255", 1, 999999, 255},
        {"2/x001/x000/000", 2, 1000000, 256},
        {"0/x999/x999/x999/x999/x999/999", 0, INT64_C(999999999999999999), 256},
    };
    struct arena *arena = arena_new(4096);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int level, width;
        int64_t n;
        if (!tile_path_read(text_of(rows[i].path), &level, &n, &width))
            fail_msg("not read: %s", rows[i].path);
        assert_int_equal(level, rows[i].level);
        assert_int_equal(n, rows[i].n);
        assert_int_equal(width, rows[i].width);
        struct text again = tile_path(level, n, width, arena);
        if (!text_is(again, rows[i].path))
            fail_msg("%s written as %.*s", rows[i].path, TEXT_ARG(again));
    }
    arena_free(arena);
}

static void one_spelling(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "0",          "0/",         "/000",        "00/000",      "64/000",
        "-1/000",     "+1/000",     "0/0",        "0/00",        "0/0000",      "0/x000",
        "0/x000/001", "0/001/002",  "0/x001",     "0/x001/",     "0/x01/002",   "0/X001/002",
        "0/000.p",    "0/000.p/",   "0/000.p/0",  "0/000.p/256", "0/000.p/01",  "0/000.p/-1",
        "0/000.p/1/", "0/000.p/1x", "0/000.q/1",  "0/000/",      " 0/000",      "0/000 ",
        "Entries/000", "entry/000", "entries",    "entries/",    "data/000",    "0/0a0",
        "0/x001/x000/x000/x000/x000/x000/000",    "0/-01",       "0/x-01/002",  "0/000.p/1.p/1",
    };
    int level, width;
    int64_t n;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (tile_path_read(text_of(bad[i]), &level, &n, &width))
            fail_msg("read: '%s'", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths),
        cmocka_unit_test(one_spelling),
    };
    return cmocka_run_group_tests_name("journal/tiles", tests, NULL, NULL);
}
