/* Cells of tables: RFC 4180, and what a spreadsheet would run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/csv.h"

static const struct {
    const char *value, *cell;
} rows[] = {
    {"", "\"\""},
    {"张三", "\"张三\""},
    {"a \"b\", c", "\"a \"\"b\"\", c\""},
    {"two\nlines", "\"two\nlines\""},
    {"=1+1", "\"'=1+1\""},
    {"+86", "\"'+86\""},
    {"-3", "\"'-3\""},
    {"@SUM(A1)", "\"'@SUM(A1)\""},
    {"\t=1", "\"'\t=1\""},
    {"\r\n=1", "\"'\r\n=1\""},
    {"＝1", "\"'＝1\""},
    {"＋1", "\"'＋1\""},
    {"－1", "\"'－1\""},
    {"＠1", "\"'＠1\""},
    {"1=1", "\"1=1\""},
    {"=\"\"", "\"'=\"\"\"\"\""},
};

static void cells(void **state)
{
    struct arena *arena = arena_new(4096);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {.arena = arena};
        csv_cell(&out, text_of(rows[i].value), false);
        csv_cell(&out, text_of(rows[i].value), true);
        struct text wanted = text_format(arena, "%s,%s\r\n", rows[i].cell, rows[i].cell);
        if (!text_equal(buf_done(&out), wanted))
            fail_msg("%s became %.*s", rows[i].value, TEXT_ARG(buf_done(&out)));
    }
    struct buf out = {.arena = arena};
    csv_begin(&out);
    csv_value(&out, TEXT("-3"), true);
    assert_true(text_is(buf_done(&out), "\xef\xbb\xbf\"-3\"\r\n"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cells)};
    return cmocka_run_group_tests_name("base/csv", tests, NULL, NULL);
}
