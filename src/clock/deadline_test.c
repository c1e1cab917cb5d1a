/* Deadlines: due moments, rungs, pauses, the one extension, and what they say of themselves. */
#include "clock/clock_test_world.h"
#include "clock/explain.h"

static struct deadline permit(const char *start, int64_t kind, int64_t n)
{
    return (struct deadline){
        .kind = kind, .start_date = d(start), .limit = limit_working(working_days(n))};
}

static void due_moments_and_rungs(void **state)
{
    static const struct {
        const char *start;
        int64_t kind, unit, n;
        const char *due;
        const char *rungs[MOST_RUNGS];
        int64_t words[MOST_RUNGS];
    } rows[] = {
        {"2014-05-04", DEADLINE_PROMISED, UNIT_WORKING_DAYS, 20, "2014-05-30T17:00",
         {"2014-05-29T17:00", "2014-05-30T17:00", "2014-06-04T17:00"},
         {RUNG_REMINDER, RUNG_PROMISED_PASSED, RUNG_PROMISED_LONG_PASSED}},
        {"2014-05-04", DEADLINE_STATUTORY, UNIT_WORKING_DAYS, 20, "2014-05-30T17:00",
         {"2014-05-29T17:00", "2014-05-30T17:00"},
         {RUNG_REMINDER, RUNG_STATUTORY_PASSED}},
        {"2014-04-30", DEADLINE_SUPPLEMENT_ANSWER, UNIT_WORKING_DAYS, 1, "2014-05-04T17:00",
         {"2014-04-30T17:00", "2014-05-04T17:00"}, /* the day before is the start day */
         {RUNG_REMINDER, RUNG_PASSED}},
        {"2014-09-11", DEADLINE_CUSTOM, UNIT_CALENDAR_DAYS, 20, "2014-10-08T17:00",
         {"2014-09-30T17:00", "2014-10-08T17:00"},
         {RUNG_REMINDER, RUNG_PASSED}},
    };
    struct world *world = need(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct deadline deadline = {.kind = rows[i].kind,
                                    .start_date = d(rows[i].start),
                                    .limit = {rows[i].unit, rows[i].n}};
        struct reckoning got;
        assert_int_equal(deadline_reckon(&world->calendar, &opening_default, &deadline,
                                         world->arena, &got),
                         OK);
        assert_int_equal(got.due_at, at(rows[i].due));
        assert_int_equal(got.due_date, time_date(at(rows[i].due)));
        assert_int_equal(got.waits_for_year, 0);
        assert_int_equal(got.calendar_version, world->calendar.version);
        const struct rung_at *rungs = got.rungs.items;
        size_t k = 0;
        for (; k < MOST_RUNGS && rows[i].rungs[k]; k++) {
            assert_true(k < got.rungs.count);
            assert_int_equal(rungs[k].rung, rows[i].words[k]);
            assert_int_equal(rungs[k].due_at, at(rows[i].rungs[k]));
        }
        assert_int_equal(got.rungs.count, k);
        /* Without opening hours a period ends at 24:00. */
        assert_int_equal(deadline_reckon(&world->calendar, NULL, &deadline, world->arena, &got),
                         OK);
        assert_int_equal(got.due_at, time_at(time_date(at(rows[i].due)) + 1, 0));
    }
}

/* How far the outer rungs stand off is said by whoever sets the deadline. */
static void rungs_that_are_set(void **state)
{
    static const struct {
        int64_t remind, red;
        enum refusal refusal;
        const char *reminder, *last;
    } rows[] = {
        {0, 0, OK, "2014-05-29T17:00", "2014-06-04T17:00"},
        {1, 2, OK, "2014-05-29T17:00", "2014-06-04T17:00"},
        {3, 5, OK, "2014-05-27T17:00", "2014-06-09T17:00"},
        {10, 10, OK, "2014-05-16T17:00", "2014-06-16T17:00"},
        {11, 2, REFUSED_LIMIT, "", ""},
        {1, 11, REFUSED_LIMIT, "", ""},
        {-1, 2, REFUSED_LIMIT, "", ""},
    };
    struct world *world = need(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct deadline deadline = permit("2014-05-04", DEADLINE_PROMISED, 20);
        struct reckoning got;
        deadline.remind_days = rows[i].remind;
        deadline.red_after_days = rows[i].red;
        assert_int_equal(deadline_reckon(&world->calendar, &opening_default, &deadline,
                                         world->arena, &got),
                         rows[i].refusal);
        if (rows[i].refusal)
            continue;
        const struct rung_at *rungs = got.rungs.items;
        assert_int_equal(got.rungs.count, 3);
        assert_int_equal(rungs[0].due_at, at(rows[i].reminder));
        assert_int_equal(rungs[2].rung, RUNG_PROMISED_LONG_PASSED);
        assert_int_equal(rungs[2].due_at, at(rows[i].last));
        assert_int_equal(got.due_at, at("2014-05-30T17:00"));
    }
}

static void limits_that_are_refused(void **state)
{
    struct world *world = need(state);
    struct reckoning got;
    const struct {
        struct deadline deadline;
        enum refusal refusal;
    } rows[] = {
        {permit("2014-05-04", DEADLINE_PROMISED, 0), REFUSED_OUT_OF_RANGE},
        {permit("2014-05-04", DEADLINE_PROMISED, -3), REFUSED_OUT_OF_RANGE},
        {permit("2014-05-04", DEADLINE_PROMISED, CALENDAR_MOST_DAYS + 1), REFUSED_LIMIT},
        {{.start_date = d("2014-05-04"), .limit = {UNIT_NONE, 5}}, REFUSED_MISSING},
        {permit("2027-02-01", DEADLINE_PROMISED, 5), REFUSED_CALENDAR},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(deadline_reckon(&world->calendar, &opening_default, &rows[i].deadline,
                                         world->arena, &got),
                         rows[i].refusal);
}

static void waiting_for_an_unpublished_year(void **state)
{
    struct world *world = need(state);
    struct reckoning got;
    struct deadline deadline = permit("2026-12-21", DEADLINE_PROMISED, 20);
    assert_int_equal(
        deadline_reckon(&world->calendar, &opening_default, &deadline, world->arena, &got), OK);
    assert_int_equal(got.due_date, 0);
    assert_int_equal(got.waits_for_year, 2027);
    assert_int_equal(got.rungs.count, 0);
    /* Due in the last days of the year: known, but the rung two working days later is not yet. */
    deadline = permit("2026-12-21", DEADLINE_PROMISED, 8);
    assert_int_equal(
        deadline_reckon(&world->calendar, &opening_default, &deadline, world->arena, &got), OK);
    assert_int_equal(got.due_date, d("2026-12-31"));
    assert_int_equal(got.rungs.count, 2);
    assert_int_equal(got.waits_for_year, 2027);
    /* It can be extended while it waits, as long as the year has not begun. */
    struct deadline extended;
    deadline = permit("2026-12-21", DEADLINE_STATUTORY, 20);
    assert_int_equal(deadline_extend(&world->calendar, &opening_default, &deadline, 10,
                                     EXTENSION_DAYS, at("2026-12-31T10:00"), TEXT("延1"),
                                     world->arena, &extended),
                     OK);
    assert_int_equal(deadline_extend(&world->calendar, &opening_default, &deadline, 10,
                                     EXTENSION_DAYS, at("2027-01-04T10:00"), TEXT("延1"),
                                     world->arena, &extended),
                     REFUSED_CALENDAR);
}

static struct pause pause_of(int64_t reason, const char *from, const char *to)
{
    return (struct pause){.reason = reason,
                          .from_date = d(from),
                          .to_date = to ? d(to) : 0,
                          .planned_days = 10,
                          .paper = TEXT("特程〔2014〕3号")};
}

static void pauses_move_the_due_date(void **state)
{
    static const struct {
        const char *from, *to; /* to NULL: open */
        const char *due;       /* NULL: frozen */
        int64_t run;           /* working days run by 2014-05-23 */
    } rows[] = {
        {"2014-05-08", "2014-05-15", "2014-06-09", 10}, /* 8, 9, 12, 13, 14 out; 15 used again */
        {"2014-05-08", "2014-05-08", "2014-05-30", 15}, /* begun and ended on one day */
        {"2014-05-10", "2014-05-12", "2014-05-30", 15}, /* a weekend */
        {"2014-05-30", "2014-06-03", "2014-06-03", 15}, /* begun on the due date */
        {"2014-05-04", "2014-05-06", "2014-06-03", 14}, /* from the start day on */
        {"2014-05-08", NULL, NULL, 3},
    };
    struct world *world = need(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pause pause = pause_of(PAUSE_HEARING, rows[i].from, rows[i].to);
        struct deadline deadline = permit("2014-05-04", DEADLINE_PROMISED, 20);
        struct reckoning got;
        struct working_days run;
        deadline.pauses = (struct list){&pause, 1};
        assert_int_equal(deadline_reckon(&world->calendar, &opening_default, &deadline,
                                         world->arena, &got),
                         OK);
        assert_int_equal(got.due_date, rows[i].due ? d(rows[i].due) : 0);
        assert_int_equal(got.rungs.count, rows[i].due ? 3 : 0);
        assert_int_equal(deadline_run(&world->calendar, &deadline, d("2014-05-23"), &run), OK);
        assert_int_equal(run.n, rows[i].run);
    }
}

static void pausing_resuming_extending(void **state)
{
    struct world *world = need(state);
    const struct calendar *calendar = &world->calendar;
    const struct opening *opening = &opening_default;
    struct arena *arena = world->arena;
    struct deadline start = permit("2014-05-04", DEADLINE_STATUTORY, 20), paused, resumed, again;
    struct pause hearing = pause_of(PAUSE_HEARING, "2014-05-08", NULL);
    static const char now[] = "2014-05-08T10:00", late[] = "2014-05-30T17:01";

    struct pause bad = hearing;
    bad.reason = PAUSE_NONE;
    assert_int_equal(deadline_pause(calendar, opening, &start, &bad, at(now), arena, &paused),
                     REFUSED_REASON);
    bad = hearing;
    bad.planned_days = 0; /* art. 45: the applicant is told how long it takes */
    assert_int_equal(deadline_pause(calendar, opening, &start, &bad, at(now), arena, &paused),
                     REFUSED_MISSING);
    bad.reason = PAUSE_FORWARDED_UP; /* nobody knows how long the authority above takes */
    assert_int_equal(deadline_pause(calendar, opening, &start, &bad, at(now), arena, &paused), OK);
    bad = hearing;
    bad.paper = TEXT("");
    assert_int_equal(deadline_pause(calendar, opening, &start, &bad, at(now), arena, &paused),
                     REFUSED_MISSING);
    bad = hearing;
    bad.from_date = d("2014-05-03");
    assert_int_equal(deadline_pause(calendar, opening, &start, &bad, at(now), arena, &paused),
                     REFUSED_CONFLICT);
    bad.from_date = d("2014-05-31");
    assert_int_equal(deadline_pause(calendar, opening, &start, &bad, at(now), arena, &paused),
                     REFUSED_TOO_LATE);
    assert_int_equal(deadline_pause(calendar, opening, &start, &hearing, at(late), arena, &paused),
                     REFUSED_TOO_LATE);
    assert_int_equal(deadline_resume(&start, d("2014-05-08"), arena, &resumed), REFUSED_STATE);

    assert_int_equal(deadline_pause(calendar, opening, &start, &hearing, at(now), arena, &paused),
                     OK);
    assert_int_equal(start.pauses.count, 0);
    assert_non_null(deadline_open_pause(&paused));
    assert_int_equal(deadline_pause(calendar, opening, &paused, &hearing, at(now), arena, &again),
                     REFUSED_STATE);
    assert_int_equal(deadline_resume(&paused, d("2014-05-07"), arena, &resumed), REFUSED_CONFLICT);
    assert_int_equal(deadline_resume(&paused, d("2014-07-08"), arena, &resumed), OK);
    struct reckoning got;
    assert_int_equal(deadline_reckon(calendar, opening, &resumed, arena, &got), OK);
    assert_int_equal(got.due_date, d("2014-07-30")); /* 3 run, 17 from 07-08 on */
    hearing.from_date = d("2014-07-07");
    assert_int_equal(deadline_pause(calendar, opening, &resumed, &hearing,
                                    at("2014-07-09T09:00"), arena, &again),
                     REFUSED_CONFLICT);

    struct deadline longer;
    assert_int_equal(deadline_extend(calendar, opening, &start, 11, EXTENSION_DAYS, at(now),
                                     TEXT("延1"), arena, &longer),
                     REFUSED_LIMIT);
    assert_int_equal(deadline_extend(calendar, opening, &start, 10, EXTENSION_DAYS, at(late),
                                     TEXT("延1"), arena, &longer),
                     REFUSED_TOO_LATE);
    assert_int_equal(deadline_extend(calendar, opening, &start, 10, EXTENSION_DAYS, at(now),
                                     TEXT(""), arena, &longer),
                     REFUSED_MISSING);
    assert_int_equal(deadline_extend(calendar, opening, &start, 10, EXTENSION_DAYS,
                                     at("2014-05-30T17:00"), TEXT("延1"), arena, &longer),
                     OK);
    assert_int_equal(deadline_reckon(calendar, opening, &longer, arena, &got), OK);
    assert_int_equal(got.due_date, d("2014-06-16"));
    assert_int_equal(deadline_extend(calendar, opening, &longer, 1, EXTENSION_DAYS, at(now),
                                     TEXT("延2"), arena, &again),
                     REFUSED_ONCE);
}

static void days_left_and_days_used(void **state)
{
    static const struct {
        const char *today;
        int64_t left, used;
    } rows[] = {
        {"2014-05-04", 20, 1}, {"2014-05-29", 1, 19}, {"2014-05-30", 0, 20},
        {"2014-05-31", 0, 20}, {"2014-06-03", -1, 21}, {"2014-06-04", -2, 22},
    };
    struct world *world = need(state);
    struct deadline deadline = permit("2014-05-04", DEADLINE_PROMISED, 20);
    struct reckoning got;
    assert_int_equal(
        deadline_reckon(&world->calendar, &opening_default, &deadline, world->arena, &got), OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t left;
        struct working_days used;
        assert_int_equal(
            deadline_left(&world->calendar, &deadline, &got, d(rows[i].today), &left), OK);
        assert_int_equal(left, rows[i].left);
        assert_int_equal(deadline_used_for_figures(&world->calendar, &deadline, d(rows[i].today),
                                                   &used),
                         OK);
        assert_int_equal(used.n, rows[i].used);
    }
    /* Frozen: the days left stay what they were when the pause began. */
    struct pause pause = pause_of(PAUSE_TESTING, "2014-05-08", NULL);
    int64_t left;
    deadline.pauses = (struct list){&pause, 1};
    assert_int_equal(deadline_left(&world->calendar, &deadline, &got, d("2014-09-01"), &left), OK);
    assert_int_equal(left, 17);
}

static uint64_t next(uint64_t *dice)
{
    *dice = *dice * 6364136223846793005u + 1442695040888963407u;
    return *dice >> 33;
}

/* Random starts, limits and pauses: the due date is where a plain count of days that work and are
 * not paused reaches the limit; a longer limit is never due earlier; the run by then is the limit. */
static void random_pauses(void **state)
{
    struct world *world = need(state);
    uint64_t dice = 330482;
    int64_t first = d("2007-01-02"), span = d("2023-12-31") - first;
    for (int round = 0; round < 3000; round++) {
        struct pause pauses[3];
        struct deadline deadline = {.kind = DEADLINE_STATUTORY};
        int64_t n = (int64_t)(next(&dice) % 45) + 1;
        deadline.start_date = first + (int64_t)(next(&dice) % (uint64_t)span);
        deadline.limit = limit_working(working_days(n));
        deadline.pauses = (struct list){pauses, next(&dice) % 4};
        int64_t from = deadline.start_date;
        for (size_t i = 0; i < deadline.pauses.count; i++) {
            from += (int64_t)(next(&dice) % 12);
            int64_t to = from + (int64_t)(next(&dice) % 30);
            pauses[i] = (struct pause){PAUSE_TESTING, from, to, 5, TEXT("x")};
            from = to;
        }
        struct reckoning got, longer;
        assert_int_equal(deadline_reckon(&world->calendar, &opening_default, &deadline,
                                         world->arena, &got),
                         OK);
        int64_t date = deadline.start_date, left = n;
        while (left > 0) {
            enum day_kind kind;
            bool paused = false;
            date++;
            for (size_t i = 0; i < deadline.pauses.count; i++)
                paused |= pauses[i].from_date <= date && date < pauses[i].to_date;
            assert_int_equal(calendar_day(&world->calendar, date, &kind, NULL), OK);
            left -= !paused && (kind == DAY_WORK || kind == DAY_MAKE_UP);
        }
        assert_int_equal(got.due_date, date);
        struct working_days run;
        assert_int_equal(deadline_run(&world->calendar, &deadline, date, &run), OK);
        assert_int_equal(run.n, n);
        deadline.limit.n++;
        assert_int_equal(deadline_reckon(&world->calendar, &opening_default, &deadline,
                                         world->arena, &longer),
                         OK);
        assert_true(longer.due_date > got.due_date);
    }
}

static void it_says_how_it_was_computed(void **state)
{
    struct world *world = need(state);
    struct explanation told;
    struct deadline deadline = permit("2014-09-26", DEADLINE_STATUTORY, 5);
    assert_int_equal(
        deadline_explain(&world->calendar, &opening_default, &deadline, world->arena, &told), OK);
    assert_string_equal(
        text_cstr(world->arena, told.words),
        "起算日为2014年9月26日，当日不计入，从2014年9月27日开始计算（《中华人民共和国民法通则》第一"
        "百五十四条）。法定期限为5个工作日，以工作日计算，不含法定节假日。2014年9月28日（星期日）为国"
        "庆节调休上班日，计入。2014年10月1日至2014年10月7日国庆节放假，7天不计入。其间星期六、星期日"
        "共1天不计入。第5个工作日届满：2014年10月9日17:00。");

    /* Every day between start and due date is accounted for exactly once. */
    struct pause pause = pause_of(PAUSE_EXPERT_REVIEW, "2014-09-29", "2014-10-09");
    deadline.pauses = (struct list){&pause, 1};
    deadline.extension = 10;
    deadline.extended_date = d("2014-09-28");
    deadline.extension_paper = TEXT("延〔2014〕1号");
    assert_int_equal(
        deadline_explain(&world->calendar, &opening_default, &deadline, world->arena, &told), OK);
    assert_int_equal(told.reckoning.due_date, d("2014-10-27")); /* Saturday 10-11 works */
    assert_true(text_find(told.words, TEXT("2014年9月29日因专家评审暂停计算")) >= 0);
    assert_true(text_find(told.words, TEXT("2014年10月9日恢复，暂停期间的3个工作日不计入")) >= 0);
    assert_true(text_find(told.words, TEXT("经批准延长10个工作日（文书：延〔2014〕1号）")) >= 0);
    assert_true(text_find(told.words, TEXT("第15个工作日届满：2014年10月27日17:00")) >= 0);

    pause.to_date = 0;
    assert_int_equal(
        deadline_explain(&world->calendar, &opening_default, &deadline, world->arena, &told), OK);
    assert_true(text_find(told.words, TEXT("暂停计算（文书：特程〔2014〕3号），已计1个工作日")) >= 0);

    struct deadline tender = {.kind = DEADLINE_CUSTOM,
                              .start_date = d("2024-09-11"),
                              .limit = limit_calendar(calendar_days(20))};
    assert_int_equal(
        deadline_explain(&world->calendar, NULL, &tender, world->arena, &told), OK);
    assert_true(text_find(told.words, TEXT("期间最后一日2024年10月1日不是工作日，顺延至2024年10月8日"
                                           "（《中华人民共和国民法典》第二百零三条）")) >= 0);
    assert_true(text_find(told.words, TEXT("2024年10月8日24:00")) >= 0);

    deadline = permit("2026-12-21", DEADLINE_PROMISED, 20);
    assert_int_equal(
        deadline_explain(&world->calendar, &opening_default, &deadline, world->arena, &told), OK);
    assert_true(text_find(told.words, TEXT("计至2026年12月31日为第8个工作日；2027年节假日安排尚未公"
                                           "布")) >= 0);
}

/* For random permits the steps add up: counted days + days off + weekends + paused calendar days
 * make the span from start to due. */
static void the_steps_add_up(void **state)
{
    struct world *world = need(state);
    uint64_t dice = 8480;
    int64_t first = d("2007-01-02"), span = d("2025-06-30") - first;
    for (int round = 0; round < 500; round++) {
        struct deadline deadline = {
            .kind = DEADLINE_PROMISED,
            .start_date = first + (int64_t)(next(&dice) % (uint64_t)span),
            .limit = limit_working(working_days((int64_t)(next(&dice) % 60) + 1))};
        struct explanation told;
        int64_t sum = 0, make_up = 0;
        assert_int_equal(deadline_explain(&world->calendar, &opening_default, &deadline,
                                          world->arena, &told),
                         OK);
        const struct deadline_step *steps = told.steps.items;
        for (size_t i = 0; i < told.steps.count; i++) {
            if (steps[i].kind == STEP_LIMIT || steps[i].kind == STEP_DAYS_OFF ||
                steps[i].kind == STEP_WEEKENDS)
                sum += steps[i].days;
            make_up += steps[i].kind == STEP_MAKE_UP;
        }
        assert_int_equal(deadline.start_date + sum, told.reckoning.due_date);
        assert_true(make_up <= deadline.limit.n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_moments_and_rungs),
        cmocka_unit_test(rungs_that_are_set),
        cmocka_unit_test(limits_that_are_refused),
        cmocka_unit_test(waiting_for_an_unpublished_year),
        cmocka_unit_test(pauses_move_the_due_date),
        cmocka_unit_test(pausing_resuming_extending),
        cmocka_unit_test(days_left_and_days_used),
        cmocka_unit_test(random_pauses),
        cmocka_unit_test(it_says_how_it_was_computed),
        cmocka_unit_test(the_steps_add_up),
    };
    return cmocka_run_group_tests_name("deadline", tests, world_setup, world_teardown);
}
