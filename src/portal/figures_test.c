/* Figures: periods, medians, what is too small for the public. Tables of cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "portal/figures.h"

static const struct {
    const char *period, *first, *last; /* first NULL: refused */
} periods[] = {
    {"2014-05", "2014-05-01", "2014-05-31"},
    {"2014-12", "2014-12-01", "2014-12-31"},
    {"2012-02", "2012-02-01", "2012-02-29"},
    {"2014", "2014-01-01", "2014-12-31"},
    {"", NULL, NULL},
    {"2014-13", NULL, NULL},
    {"2014-00", NULL, NULL},
    {"2014-5", NULL, NULL},
    {"2014/05", NULL, NULL},
    {"0014-05", NULL, NULL},
    {"2014-+5", NULL, NULL},
    {"201a", NULL, NULL},
    {"-014", NULL, NULL},
};

static void period_rows(void **state)
{
    struct arena *arena = arena_new(4096);
    (void)state;
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        int64_t first = 0, last = 0;
        bool good = figure_period(text_of(periods[i].period), &first, &last);
        if (good != (periods[i].first != NULL))
            fail_msg("%s: %d", periods[i].period, good);
        if (good && (!text_is(date_format(arena, first), periods[i].first) ||
                     !text_is(date_format(arena, last), periods[i].last)))
            fail_msg("%s: to %s", periods[i].period, date_format(arena, last).at);
    }
    arena_free(arena);
}

/* So many cases took 0, 1, 2, 3 working days. */
static const struct {
    int64_t took[4];
    bool all;
    const char *mean, *median;
} times[] = {
    {{0, 0, 0, 0}, true, "", ""},
    {{0, 1, 0, 0}, true, "1.0", "1.0"},
    {{0, 1, 0, 0}, false, "", ""}, /* one person's */
    {{0, 1, 1, 0}, true, "1.5", "1.5"},
    {{0, 1, 1, 0}, false, "", ""},
    {{1, 1, 0, 1}, false, "1.3", "1.0"},
    {{2, 0, 0, 2}, false, "1.5", "1.5"},
    {{5, 0, 0, 4}, false, "1.3", "0.0"},
    {{0, 2, 3, 0}, false, "1.6", "2.0"},
    {{0, 0, 0, 100}, false, "3.0", "3.0"},
};

static void time_rows(void **state)
{
    struct arena *arena = arena_new(4096);
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct figure_line line = {0};
        for (int64_t days = 0; days < 4; days++) {
            line.sum.granted += times[i].took[days];
            line.sum.days += days * times[i].took[days];
        }
        for (int64_t days = 0; days < 4; days++) {
            struct case_took took = {.used_days = days, .cases = times[i].took[days]};
            if (took.cases)
                figure_line_took(&line, &took);
        }
        if (!text_is(figure_mean_said(&line, times[i].all, arena), times[i].mean) ||
            !text_is(figure_median_said(&line, times[i].all, arena), times[i].median))
            fail_msg("row %zu: %s", i, figure_median_said(&line, times[i].all, arena).at);
    }
    assert_true(text_is(figure_share_said(2, 3, false, arena), "66.7%"));
    assert_true(text_is(figure_share_said(3, 3, false, arena), "100.0%"));
    assert_true(text_is(figure_share_said(1, 2, false, arena), ""));
    assert_true(text_is(figure_share_said(1, 2, true, arena), "50.0%"));
    assert_true(text_is(figure_share_said(0, 0, true, arena), ""));
    arena_free(arena);
}

/* Of four departments, and what the public is told. */
static const struct {
    int64_t count[4];
    const char *told[4];
} hidden[] = {
    {{0, 3, 10, 5}, {"0", "3", "10", "5"}},
    {{2, 3, 10, 5}, {"少于3", "不单列", "10", "5"}}, /* else the sum would tell the first */
    {{2, 1, 10, 5}, {"少于3", "少于3", "10", "5"}},
    {{0, 0, 0, 2}, {"0", "0", "0", "少于3"}},
    {{1, 7, 6, 9}, {"少于3", "7", "不单列", "9"}},
    {{0, 0, 0, 0}, {"0", "0", "0", "0"}},
};

static void hidden_rows(void **state)
{
    static const char *const codes[] = {"001", "002", "003", "004"};
    struct arena *arena = arena_new(4096);
    (void)state;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        struct figure_lines lines;
        figure_lines_open(&lines, 4, arena);
        for (size_t j = 0; j < 4; j++) {
            /* In two pieces, as queries give them. */
            struct case_tally tally = {.submitted = hidden[i].count[j] - hidden[i].count[j] / 2,
                                       .accepted = 50};
            struct case_tally rest = {.submitted = hidden[i].count[j] / 2};
            figure_line_add(figure_line_at(&lines, text_of(codes[j])), &tally);
            figure_line_add(figure_line_at(&lines, text_of(codes[j])), &rest);
        }
        assert_int_equal(lines.count, 4);
        figure_hide_small(&lines);
        for (size_t j = 0; j < 4; j++) {
            struct figure_line *line = figure_line_at(&lines, text_of(codes[j]));
            if (!text_is(figure_count_said(line, FIGURE_SUBMITTED, arena), hidden[i].told[j]))
                fail_msg("row %zu, %s", i, codes[j]);
            assert_true(text_is(figure_count_said(line, FIGURE_ACCEPTED, arena), "50"));
        }
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(period_rows), cmocka_unit_test(time_rows),
                                       cmocka_unit_test(hidden_rows)};
    return cmocka_run_group_tests_name("portal/figures", tests, NULL, NULL);
}
