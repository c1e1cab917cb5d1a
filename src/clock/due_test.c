/* What `yimen due` prints. */
#include "clock/clock_test_world.h"
#include "clock/due.h"

static void the_makeup_sunday(void **state)
{
    struct world *world = need(state);
    struct due_answer answer;
    assert_int_equal(due_compute(&world->calendar, &opening_default, d("2014-05-04"),
                                 limit_working(working_days(20)), world->arena, &answer),
                     OK);
    assert_int_equal(answer.due_date, d("2014-05-30"));
    struct text lines = due_lines(&answer, world->arena);
    assert_true(text_starts(lines, TEXT("2014-05-30\n")));
    assert_true(text_ends(lines, TEXT("第20个工作日届满：2014年5月30日17:00。\n")));
    struct text json = due_json(&answer, world->arena);
    assert_true(text_find(json, TEXT("\"due_date\":\"2014-05-30\"")) >= 0);
    assert_true(text_find(json, TEXT("\"unit\":\"working_days\"")) >= 0);
    assert_true(text_find(json, TEXT("\"kind\":\"weekends\"")) >= 0);
}

static void refused_not_guessed(void **state)
{
    static const struct {
        const char *from;
        int64_t unit, n;
        enum refusal refusal;
        int64_t waits;
    } rows[] = {
        {"2026-12-21", UNIT_WORKING_DAYS, 20, REFUSED_CALENDAR, 2027},
        {"2026-12-21", UNIT_CALENDAR_DAYS, 20, REFUSED_CALENDAR, 2027},
        {"2027-02-01", UNIT_WORKING_DAYS, 1, REFUSED_CALENDAR, 2027},
        {"2006-12-01", UNIT_WORKING_DAYS, 1, REFUSED_CALENDAR, 2006},
        {"2014-05-04", UNIT_WORKING_DAYS, 0, REFUSED_OUT_OF_RANGE, 0},
        {"2014-05-04", UNIT_NONE, 5, REFUSED_MISSING, 0},
    };
    struct world *world = need(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct due_answer answer;
        assert_int_equal(due_compute(&world->calendar, &opening_default, d(rows[i].from),
                                     (struct limit){rows[i].unit, rows[i].n}, world->arena,
                                     &answer),
                         rows[i].refusal);
        assert_int_equal(answer.waits_for_year, rows[i].waits);
        if (rows[i].waits)
            assert_true(due_lines(&answer, world->arena).len > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_makeup_sunday),
        cmocka_unit_test(refused_not_guessed),
    };
    return cmocka_run_group_tests_name("due", tests, world_setup, world_teardown);
}
