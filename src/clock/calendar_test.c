/* The calendar against the State Council's notices of 2007-2026 and against a count made another
 * way. */
#include "clock/clock_test_world.h"

/* Mixing the two kinds of day does not compile. */
_Static_assert(_Generic((struct working_days){0}, struct calendar_days: 0, default: 1),
               "working days and calendar days are different types");

static void known_due_dates(void **state)
{
    static const struct {
        const char *from;
        int64_t days;
        const char *due;
    } rows[] = {
        {"2014-05-04", 20, "2014-05-30"}, /* accepted on a Sunday that is a make-up workday */
        {"2014-04-30", 1, "2014-05-04"},  /* over the May holiday to that same Sunday */
        {"2014-09-26", 5, "2014-10-09"},  /* Sunday 09-28 works, 10-01 to 10-07 are off */
        {"2014-01-24", 10, "2014-02-12"}, /* Spring Festival, Sunday 01-26 and Saturday 02-08 work */
        {"2014-05-04", 0, "2014-05-04"},
        {"2018-12-28", 1, "2018-12-29"}, /* a Saturday made a workday by the notice for 2019 */
        {"2006-12-31", 1, "2007-01-04"},
        {"2015-09-02", 1, "2015-09-06"}, /* the parade of 3 September, by a change in mid-year */
        {"2020-01-23", 1, "2020-02-03"}, /* the festival lengthened on 2020-01-27 */
    };
    struct world *world = need(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t due = 0;
        assert_int_equal(calendar_due(&world->calendar, d(rows[i].from),
                                      working_days(rows[i].days), &due),
                         OK);
        assert_int_equal(due, d(rows[i].due));
    }
}

static void calendar_days_roll_over_days_off(void **state)
{
    static const struct {
        const char *from;
        int64_t days;
        const char *due;
    } rows[] = {
        {"2014-04-01", 20, "2014-04-21"}, /* a Monday */
        {"2014-04-01", 30, "2014-05-04"}, /* 1 May is off: the make-up Sunday is the next workday */
        {"2014-09-11", 20, "2014-10-08"}, /* the whole holiday */
        {"2014-05-02", 3, "2014-05-05"},
    };
    struct world *world = need(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t due = 0;
        assert_int_equal(calendar_due_in_days(&world->calendar, d(rows[i].from),
                                              calendar_days(rows[i].days), &due),
                         OK);
        assert_int_equal(due, d(rows[i].due));
    }
}

static void days_used_and_days_saved(void **state)
{
    static const struct {
        const char *accepted, *finished;
        int64_t used;
    } rows[] = {
        {"2014-05-04", "2014-05-04", 1}, /* the same day: 1 used */
        {"2014-05-04", "2014-05-05", 1},
        {"2014-05-04", "2014-05-06", 2},
        {"2014-04-30", "2014-05-03", 1}, /* only days off between: still 1 */
        {"2014-05-04", "2014-05-30", 20},
    };
    struct world *world = need(state);
    struct working_days used;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(calendar_used_for_figures(&world->calendar, d(rows[i].accepted),
                                                   d(rows[i].finished), &used),
                         OK);
        assert_int_equal(used.n, rows[i].used);
    }
    struct working_days statutory = working_days(20);
    assert_int_equal(calendar_used_for_figures(&world->calendar, d("2014-05-04"), d("2014-05-04"),
                                               &used),
                     OK);
    assert_int_equal(statutory.n - used.n, 19); /* the centre's own figure in its report of 2014 */
    assert_int_equal(calendar_used_for_figures(&world->calendar, d("2014-05-04"), d("2014-05-03"),
                                               &used),
                     REFUSED_CONFLICT);
}

/* The count made another way: start from every day of the year by its weekday, then go through the
 * notices one by one in the order of publication. */
static int64_t naive_count(const struct world *world, int year)
{
    bool work[366];
    int64_t first = date_of(year, 1, 1), days = date_of(year + 1, 1, 1) - first, n = 0;
    for (int64_t i = 0; i < days; i++)
        work[i] = (first + i + 3) % 7 < 5; /* 1970-01-01 was a Thursday, the fourth of seven */
    const struct notice *notices = world->notices.items;
    for (size_t i = 0; i < world->notices.count; i++) {
        const struct notice_day *listed = notices[i].days.items;
        for (size_t k = 0; k < notices[i].days.count; k++)
            if (listed[k].date >= first && listed[k].date < first + days)
                work[listed[k].date - first] = !listed[k].off;
    }
    for (int64_t i = 0; i < days; i++)
        n += work[i];
    return n;
}

static void every_year_counts_as_the_files_say(void **state)
{
    struct world *world = need(state);
    for (int year = 2007; year <= 2026; year++) {
        struct working_days n;
        assert_int_equal(calendar_count(&world->calendar, date_of(year - 1, 12, 31),
                                        date_of(year, 12, 31), &n),
                         OK);
        assert_int_equal(n.n, naive_count(world, year));
        if (year == 2014)
            assert_int_equal(n.n, 250);
    }
    int64_t first, last;
    assert_true(calendar_years(&world->calendar, &first, &last));
    assert_int_equal(first, 2007);
    assert_int_equal(last, 2026);
}

static void an_unknown_year_is_refused(void **state)
{
    struct world *world = need(state);
    const struct calendar *calendar = &world->calendar;
    enum day_kind kind;
    int64_t due;
    struct working_days n;
    assert_int_equal(calendar_day(calendar, d("2027-01-04"), &kind, NULL), REFUSED_CALENDAR);
    assert_int_equal(calendar_day(calendar, d("2006-12-30"), &kind, NULL), REFUSED_CALENDAR);
    assert_int_equal(calendar_due(calendar, d("2026-12-25"), working_days(10), &due),
                     REFUSED_CALENDAR);
    assert_int_equal(calendar_due(calendar, d("2026-12-25"), working_days(4), &due), OK);
    assert_int_equal(calendar_due_in_days(calendar, d("2026-12-25"), calendar_days(10), &due),
                     REFUSED_CALENDAR);
    assert_int_equal(calendar_count(calendar, d("2026-12-01"), d("2027-01-01"), &n),
                     REFUSED_CALENDAR);
    assert_int_equal(calendar_due(calendar, d("2014-05-04"), working_days(-1), &due),
                     REFUSED_OUT_OF_RANGE);
    assert_int_equal(calendar_due(calendar, d("2014-05-04"),
                                  working_days(CALENDAR_MOST_DAYS + 1), &due),
                     REFUSED_LIMIT);
    assert_int_equal(calendar_step(calendar, d("2014-05-04"), working_days(INT64_MIN), &due),
                     REFUSED_LIMIT);
}

static struct notice notice_of(int64_t year, const char *published, enum notice_scope scope,
                               int64_t version, struct notice_day *days, size_t count)
{
    return (struct notice){.year = year,
                           .published_date = d(published),
                           .scope = scope,
                           .version = version,
                           .days = {days, count}};
}

/* What was known when: the notice for 2015, its change in May, and the notice for 2016, which is
 * made here to touch the end of December. */
static void as_known_on_a_day(void **state)
{
    struct world *world = *state;
    struct notice_day of_2015[] = {{d("2015-01-01"), true, TEXT("元旦")},
                                   {d("2015-01-04"), false, TEXT("元旦")}};
    struct notice_day parade[] = {{d("2015-09-03"), true, TEXT("抗战胜利纪念日")},
                                  {d("2015-09-06"), false, TEXT("抗战胜利纪念日")}};
    struct notice_day of_2016[] = {{d("2015-12-31"), true, TEXT("元旦")},
                                   {d("2016-01-01"), true, TEXT("元旦")}};
    struct notice notices[] = {
        notice_of(2016, "2015-12-10", NOTICE_YEAR, 3, of_2016, 2),
        notice_of(2015, "2014-12-16", NOTICE_YEAR, 1, of_2015, 2),
        notice_of(2015, "2015-05-13", NOTICE_CHANGE, 2, parade, 2),
    };
    static const struct {
        const char *known, *date;
        enum refusal refusal;
        enum day_kind kind;
        int64_t version;
    } rows[] = {
        {"2014-12-15", "2015-01-01", REFUSED_CALENDAR, 0, 0},
        {"2014-12-16", "2015-01-01", OK, DAY_OFF, 1},
        {"2014-12-16", "2015-01-04", OK, DAY_MAKE_UP, 1},
        {"2015-05-12", "2015-09-03", OK, DAY_WORK, 1}, /* before the change */
        {"2015-05-13", "2015-09-03", OK, DAY_OFF, 2},
        {"2015-05-13", "2015-09-06", OK, DAY_MAKE_UP, 2},
        {"2015-12-09", "2015-12-31", OK, DAY_WORK, 2}, /* the year's own notice rules */
        {"2015-12-10", "2015-12-31", OK, DAY_OFF, 3},  /* until the next one is published */
        {"2015-12-09", "2016-01-04", REFUSED_CALENDAR, 0, 2},
        {"2015-12-10", "2016-01-04", OK, DAY_WORK, 3},
    };
    struct calendar all = calendar_build(notices, 3, d("2020-01-01"), world->arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct calendar then = calendar_as_known(&all, d(rows[i].known));
        enum day_kind kind;
        enum refusal refusal = calendar_day(&then, d(rows[i].date), &kind, NULL);
        assert_int_equal(refusal, rows[i].refusal);
        assert_int_equal(then.version, rows[i].version);
        if (!refusal)
            assert_int_equal(kind, rows[i].kind);
    }
}

static void a_change_alone_makes_no_year_and_a_whole_notice_replaces(void **state)
{
    struct world *world = *state;
    struct notice_day change[] = {{d("2030-05-04"), false, TEXT("劳动节")}};
    struct notice_day first[] = {{d("2030-05-01"), true, TEXT("劳动节")},
                                 {d("2030-05-02"), true, TEXT("劳动节")}};
    struct notice_day second[] = {{d("2030-05-01"), true, TEXT("劳动节")}};
    struct notice notices[] = {
        notice_of(2030, "2029-11-01", NOTICE_CHANGE, 1, change, 1),
        notice_of(2030, "2029-11-10", NOTICE_YEAR, 2, first, 2),
        notice_of(2030, "2030-03-01", NOTICE_YEAR, 3, second, 1),
        notice_of(2031, "2030-03-01", NOTICE_YEAR, 4, NULL, 0),
    };
    struct calendar all = calendar_build(notices, 4, d("2030-03-01"), world->arena);
    struct calendar early = calendar_as_known(&all, d("2029-11-09"));
    struct calendar middle = calendar_as_known(&all, d("2030-02-28"));
    enum day_kind kind;
    assert_false(calendar_year_known(&early, 2030));
    assert_true(calendar_year_known(&middle, 2030));
    assert_false(calendar_year_known(&all, 2031)); /* an empty year is not known */
    assert_int_equal(calendar_day(&middle, d("2030-05-02"), &kind, NULL), OK);
    assert_int_equal(kind, DAY_OFF);
    assert_int_equal(calendar_day(&all, d("2030-05-02"), &kind, NULL), OK);
    assert_int_equal(kind, DAY_WORK);
    /* The change is older than the whole notice that came after it. */
    assert_int_equal(calendar_day(&middle, d("2030-05-04"), &kind, NULL), OK);
    assert_int_equal(kind, DAY_WEEKEND);
}

/* For any start and limit: the count up to the due date is the limit, the due date works, and a
 * longer limit or a later start is never due earlier. */
static void due_and_count_agree(void **state)
{
    struct world *world = need(state);
    uint64_t dice = 20140504;
    int64_t first = d("2007-01-01"), span = d("2025-12-31") - first;
    for (int round = 0; round < 2000; round++) {
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        int64_t from = first + (int64_t)(dice >> 33) % span;
        int64_t n = (int64_t)(dice >> 20) % 60 + 1;
        int64_t due, longer, later;
        struct working_days count;
        enum day_kind kind;
        assert_int_equal(calendar_due(&world->calendar, from, working_days(n), &due), OK);
        assert_int_equal(calendar_count(&world->calendar, from, due, &count), OK);
        assert_int_equal(count.n, n);
        assert_int_equal(calendar_used_for_figures(&world->calendar, from, due, &count), OK);
        assert_int_equal(count.n, n);
        assert_int_equal(calendar_day(&world->calendar, due, &kind, NULL), OK);
        assert_true(day_kind_works(kind));
        assert_int_equal(calendar_due(&world->calendar, from, working_days(n + 1), &longer), OK);
        assert_true(longer > due);
        assert_int_equal(calendar_due(&world->calendar, from + 1, working_days(n), &later), OK);
        assert_true(later >= due);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_due_dates),
        cmocka_unit_test(calendar_days_roll_over_days_off),
        cmocka_unit_test(days_used_and_days_saved),
        cmocka_unit_test(every_year_counts_as_the_files_say),
        cmocka_unit_test(an_unknown_year_is_refused),
        cmocka_unit_test(as_known_on_a_day),
        cmocka_unit_test(a_change_alone_makes_no_year_and_a_whole_notice_replaces),
        cmocka_unit_test(due_and_count_agree),
    };
    return cmocka_run_group_tests_name("calendar", tests, world_setup, world_teardown);
}
