/* Opening hours: the day of receipt, closing time, spans of opening time; and notice files. */
#include "clock/clock_test_world.h"
#include "clock/opening.h"

/* Summer hours of a town office: lunch longer from 1 June to 30 September; open on Saturdays. */
static const struct opening_rule town_rules[] = {
    {0, 0, 0x1f, 8 * HOUR_MS, 0, 0, 16 * HOUR_MS},
    {0, 0, 0x20, 9 * HOUR_MS, 0, 0, 12 * HOUR_MS},
    {16222, 16343, 0x1f, 8 * HOUR_MS, 12 * HOUR_MS, 15 * HOUR_MS, 18 * HOUR_MS}, /* of 2014 */
};
static const struct opening town = {town_rules, 3, true};
static const struct opening lenient = {town_rules, 3, false};

static void the_day_of_receipt(void **state)
{
    static const struct {
        const struct opening *opening;
        const char *at, *date;
    } rows[] = {
        {&opening_default, "2014-05-04T14:00", "2014-05-04"}, /* the make-up Sunday */
        {&opening_default, "2014-05-04T07:00", "2014-05-04"}, /* before opening: the same day */
        {&opening_default, "2014-05-04T12:00", "2014-05-04"}, /* at lunch */
        {&opening_default, "2014-05-04T16:59:59.999", "2014-05-04"},
        {&opening_default, "2014-05-04T17:00", "2014-05-05"}, /* after closing */
        {&opening_default, "2014-05-01T10:00", "2014-05-04"}, /* a holiday, sent by the web */
        {&opening_default, "2014-05-30T18:00", "2014-06-03"}, /* Friday evening, Dragon Boat */
        {&town, "2014-05-09T16:30", "2014-05-12"},
        {&lenient, "2014-05-09T16:30", "2014-05-09"},
        {&town, "2014-05-10T10:00", "2014-05-12"}, /* open on Saturday, but no working day */
        {&town, "2014-07-04T17:30", "2014-07-04"}, /* summer hours */
    };
    struct world *world = need(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t date = 0;
        assert_int_equal(
            opening_receipt_date(rows[i].opening, &world->calendar, at(rows[i].at), &date), OK);
        assert_int_equal(date, d(rows[i].date));
    }
    int64_t date;
    assert_int_equal(opening_receipt_date(&opening_default, &world->calendar,
                                          at("2026-12-31T17:30"), &date),
                     REFUSED_CALENDAR);
}

static void open_or_not(void **state)
{
    static const struct {
        const struct opening *opening;
        const char *at;
        bool open;
    } rows[] = {
        {&opening_default, "2014-05-04T08:29", false}, {&opening_default, "2014-05-04T08:30", true},
        {&opening_default, "2014-05-04T11:30", false}, {&opening_default, "2014-05-04T13:30", true},
        {&opening_default, "2014-05-04T17:00", false}, {&opening_default, "2014-05-01T10:00", false},
        {&opening_default, "2014-05-10T10:00", false}, {&town, "2014-05-10T10:00", true},
        {&town, "2014-07-04T13:00", false},            {&town, "2014-05-09T13:00", true},
    };
    struct world *world = need(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool open;
        assert_int_equal(
            opening_is_open(rows[i].opening, &world->calendar, at(rows[i].at), &open), OK);
        assert_int_equal(open, rows[i].open);
    }
}

static void spans_of_opening_time(void **state)
{
    static const struct {
        const char *at;
        int64_t minutes;
        const char *end;
    } rows[] = {
        {"2014-05-05T09:00", 30, "2014-05-05T09:30"},
        {"2014-05-05T11:20", 30, "2014-05-05T13:50"}, /* over lunch */
        {"2014-05-05T11:30", 30, "2014-05-05T14:00"},
        {"2014-05-05T16:50", 30, "2014-05-06T08:50"},
        {"2014-05-05T06:00", 30, "2014-05-05T09:00"},
        {"2014-05-05T16:30", 30, "2014-05-05T17:00"},
        {"2014-05-01T10:00", 30, "2014-05-04T09:00"}, /* a holiday: the make-up Sunday */
        {"2014-05-09T16:40", 6 * 60 + 30 + 30, "2014-05-13T08:40"},
    };
    struct world *world = need(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t end = 0;
        assert_int_equal(opening_after(&opening_default, &world->calendar, at(rows[i].at),
                                       rows[i].minutes * MINUTE_MS, &end),
                         OK);
        assert_int_equal(end, at(rows[i].end));
    }
    static const struct opening never = {NULL, 0, true};
    int64_t end;
    assert_int_equal(opening_after(&never, &world->calendar, at("2014-05-05T09:00"), 1, &end),
                     REFUSED_LIMIT);
    /* Where a place has no hours a period ends at 24:00. */
    assert_int_equal(opening_end_of(&never, &world->calendar, d("2014-05-05"), &end), OK);
    assert_int_equal(end, at("2014-05-06T00:00"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_day_of_receipt),
        cmocka_unit_test(open_or_not),
        cmocka_unit_test(spans_of_opening_time),
    };
    return cmocka_run_group_tests_name("opening", tests, world_setup, world_teardown);
}
