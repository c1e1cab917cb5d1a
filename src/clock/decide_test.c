/* The clock's decisions as tables: facts and command in, events or a refusal out. No database. */
#include "clock/clock_test_world.h"
#include "clock/commands.h"

/* A context at a moment, with the real notices as standing facts. */
struct desk {
    struct clock_standing facts;
    struct standing standing;
    struct context context;
    struct decision decision;
};

static void desk_at(struct desk *desk, const struct world *world, const char *now)
{
    *desk = (struct desk){.facts = {.calendar = world->calendar}};
    desk->standing = (struct standing){&clock_module, &desk->facts};
    desk->context = (struct context){.region = 330482,
                                     .now_ms = at(now),
                                     .standing = &desk->standing,
                                     .standing_count = 1,
                                     .arena = world->arena};
    desk->decision = (struct decision){.arena = world->arena};
}

static const void *only_event(const struct desk *desk, const struct event_kind *kind,
                              const char *subject)
{
    assert_int_equal(desk->decision.count, 1);
    assert_ptr_equal(desk->decision.events[0].kind, kind);
    assert_true(text_is(desk->decision.events[0].subject, subject));
    return desk->decision.events[0].body;
}

static void publishing_a_notice(void **state)
{
    struct world *world = *state;
    struct notice_day day = {d("2014-01-01"), true, TEXT("元旦")};
    struct notice_day twice[] = {day, day};
    struct notice_day elsewhere = {d("2015-01-01"), true, TEXT("元旦")};
    struct notice_day december = {d("2013-12-31"), true, TEXT("元旦")};
    const int64_t published = d("2013-12-11");
    const struct {
        struct notice notice;
        struct publish_facts facts;
        enum refusal refusal;
        const char *field;
    } rows[] = {
        {{2014, published, NOTICE_YEAR, .days = {&day, 1}}, {7, false}, OK, NULL},
        {{2014, published, NOTICE_YEAR, .days = {&december, 1}}, {7, false}, OK, NULL},
        {{2014, published, NOTICE_YEAR, .days = {&day, 1}}, {7, true}, REFUSED_EXISTS,
         "published_date"},
        {{2014, published, NOTICE_NONE, .days = {&day, 1}}, {0, false}, REFUSED_MISSING, "scope"},
        {{2014, published, NOTICE_YEAR, .days = {NULL, 0}}, {0, false}, REFUSED_MISSING, "days"},
        {{2014, published, NOTICE_YEAR, .days = {twice, 2}}, {0, false}, REFUSED_REPEATED, "days"},
        {{2014, published, NOTICE_YEAR, .days = {&elsewhere, 1}}, {0, false},
         REFUSED_OUT_OF_RANGE, "days.0.date"},
        {{2016, published, NOTICE_YEAR, .days = {&day, 1}}, {0, false}, REFUSED_OUT_OF_RANGE,
         "published_date"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        desk_at(&desk, world, "2014-05-04T14:00");
        assert_int_equal(
            decide_publish(&rows[i].facts, &rows[i].notice, &desk.context, &desk.decision),
            rows[i].refusal);
        if (rows[i].refusal) {
            assert_int_equal(desk.decision.count, 0);
            assert_true(text_is(desk.decision.problems.items[0].field, rows[i].field));
            continue;
        }
        const struct notice *entered =
            only_event(&desk, &calendar_published_event, "calendar:2014");
        assert_int_equal(entered->version, rows[i].facts.last_version + 1);
    }
}

static void taking_effect(void **state)
{
    const struct {
        struct effect_facts facts;
        enum refusal refusal;
        const char *first, *last;
    } rows[] = {
        {{.found = false}, REFUSED_NOT_FOUND, NULL, NULL},
        {{true, true, 2014, d("2013-12-11"), NOTICE_YEAR, d("2014-01-01"), d("2014-10-11")},
         REFUSED_ONCE, NULL, NULL},
        {{true, false, 2015, d("2014-12-16"), NOTICE_YEAR, d("2015-01-01"), d("2015-10-10")},
         REFUSED_NOT_YET, NULL, NULL},
        {{true, false, 2014, d("2013-12-11"), NOTICE_YEAR, d("2014-01-26"), d("2014-10-11")}, OK,
         "2014-01-01", "2014-12-31"},
        {{true, false, 2014, d("2013-12-11"), NOTICE_YEAR, d("2013-12-29"), d("2014-10-11")}, OK,
         "2013-12-29", "2014-12-31"},
        {{true, false, 2014, d("2014-05-04"), NOTICE_CHANGE, d("2014-09-03"), d("2014-09-06")}, OK,
         "2014-09-03", "2014-09-06"},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct take_effect input = {3};
        struct desk desk;
        desk_at(&desk, world, "2014-05-04T00:00");
        assert_int_equal(decide_effect(&rows[i].facts, &input, &desk.context, &desk.decision),
                         rows[i].refusal);
        assert_int_equal(desk.decision.count, rows[i].refusal == OK);
        if (rows[i].refusal)
            continue;
        const struct calendar_in_force *body =
            only_event(&desk, &calendar_in_force_event, "calendar:2014");
        assert_int_equal(body->version, 3);
        assert_int_equal(body->first_date, d(rows[i].first));
        assert_int_equal(body->last_date, d(rows[i].last));
    }
}

static void firing_a_rung(void **state)
{
    const int64_t noon = at("2014-05-04T12:00");
    const struct {
        struct fire_facts facts;
        enum refusal refusal;
    } rows[] = {
        {{true, false, false, noon, TEXT("case:1")}, OK},
        {{.found = false}, REFUSED_ONCE},                              /* closed or paused */
        {{true, true, false, noon, TEXT("case:1")}, REFUSED_ONCE},     /* fired */
        {{true, false, false, noon - 1, TEXT("case:1")}, REFUSED_ONCE}, /* moved */
        {{true, false, false, noon + DAY_MS, TEXT("case:1")}, REFUSED_ONCE},
        {{true, false, true, noon, TEXT("case:1")}, REFUSED_STALE}, /* recounted first */
    };
    struct world *world = *state;
    struct deadline_rung input = {TEXT("case:1/promised"), RUNG_REMINDER, noon};
    struct desk desk;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        desk_at(&desk, world, "2014-05-04T12:00");
        assert_int_equal(decide_fire(&rows[i].facts, &input, &desk.context, &desk.decision),
                         rows[i].refusal);
        assert_int_equal(desk.decision.count, rows[i].refusal == OK);
    }
    desk_at(&desk, world, "2014-05-04T11:59");
    assert_int_equal(decide_fire(&rows[0].facts, &input, &desk.context, &desk.decision),
                     REFUSED_ONCE);
    desk_at(&desk, world, "2014-05-04T12:00");
    assert_int_equal(decide_fire(&rows[0].facts, &input, &desk.context, &desk.decision), OK);
    const struct deadline_rung *body = only_event(&desk, &deadline_rung_passed_event, "case:1");
    assert_int_equal(body->rung, RUNG_REMINDER);
    assert_int_equal(body->due_at, noon);
}

static struct clock_deadline stored(const char *start, int64_t state)
{
    return (struct clock_deadline){
        .id = TEXT("case:1/promised"),
        .subject = TEXT("case:1"),
        .state = state,
        .deadline = {.kind = DEADLINE_PROMISED,
                     .start_date = d(start),
                     .limit = limit_working(working_days(20))},
    };
}

static void recounting(void **state)
{
    struct world *world = need(state);
    struct recount input = {TEXT("case:1/promised")};
    struct clock_deadline deadline = stored("2014-05-04", DEADLINE_RUNNING);
    struct desk desk;
    desk_at(&desk, world, "2014-05-10T00:00");
    assert_int_equal(decide_recount(NULL, &input, &desk.context, &desk.decision),
                     REFUSED_NOT_FOUND);
    assert_int_equal(decide_recount(&deadline, &input, &desk.context, &desk.decision),
                     REFUSED_ONCE);
    deadline.stale = true;
    assert_int_equal(decide_recount(&deadline, &input, &desk.context, &desk.decision), OK);
    const struct deadline_recounted *body =
        only_event(&desk, &deadline_recounted_event, "case:1");
    assert_int_equal(body->reckoning.due_date, d("2014-05-30"));
    assert_int_equal(body->reckoning.known_date, d("2014-05-10")); /* as known that day */
    assert_int_equal(body->reckoning.calendar_version, 8);
}

static void setting_for_another_module(void **state)
{
    struct world *world = need(state);
    struct deadline deadline = stored("2014-05-04", 0).deadline;
    struct desk desk;
    desk_at(&desk, world, "2014-05-04T14:00");
    assert_int_equal(clock_set(&desk.decision, &desk.context, TEXT("case:1"), NULL, &deadline,
                               TEXT(""), NULL),
                     OK);
    const struct deadline_set *body = only_event(&desk, &deadline_set_event, "case:1");
    assert_true(text_is(body->deadline, "case:1/promised"));
    assert_false(body->again);
    assert_int_equal(body->reckoning.due_at, at("2014-05-30T17:00"));
    desk_at(&desk, world, "2014-05-04T14:00");
    deadline.extension = 1;
    assert_int_equal(clock_set(&desk.decision, &desk.context, TEXT("case:1"), "x", &deadline,
                               TEXT(""), NULL),
                     REFUSED_CONFLICT);
    assert_int_equal(desk.decision.count, 0);
    /* Without any notice the year is unknown. */
    desk.context.standing_count = 0;
    deadline.extension = 0;
    assert_int_equal(clock_set(&desk.decision, &desk.context, TEXT("case:1"), "x", &deadline,
                               TEXT(""), NULL),
                     REFUSED_CALENDAR);
}

static void closing(void **state)
{
    static const struct {
        int64_t state;
        const char *finished;
        bool cancelled;
        enum refusal refusal;
        enum deadline_outcome outcome;
        int64_t used;
    } rows[] = {
        {DEADLINE_RUNNING, "2014-05-04T15:00", false, OK, OUTCOME_MET, 1},
        {DEADLINE_RUNNING, "2014-05-30T17:00", false, OK, OUTCOME_MET, 20},
        {DEADLINE_RUNNING, "2014-05-30T17:00:00.001", false, OK, OUTCOME_LATE, 20},
        {DEADLINE_RUNNING, "2014-06-20T10:00", true, OK, OUTCOME_CANCELLED, 34},
        {DEADLINE_RUNNING, "2014-05-03T10:00", false, REFUSED_CONFLICT, 0, 0},
        {DEADLINE_CLOSED, "2014-05-05T10:00", false, REFUSED_STATE, 0, 0},
    };
    struct world *world = need(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct clock_deadline deadline = stored("2014-05-04", rows[i].state);
        enum deadline_outcome outcome = OUTCOME_NONE;
        struct desk desk;
        desk_at(&desk, world, rows[i].finished);
        assert_int_equal(clock_close(&desk.decision, &desk.context, &deadline,
                                     at(rows[i].finished), rows[i].cancelled, &outcome),
                         rows[i].refusal);
        assert_int_equal(outcome, rows[i].outcome);
        if (rows[i].refusal)
            continue;
        const struct deadline_closed *body = only_event(&desk, &deadline_closed_event, "case:1");
        assert_int_equal(body->outcome, rows[i].outcome);
        assert_int_equal(body->used, rows[i].used);
    }
}

static void times_and_weekdays(void **state)
{
    static const struct {
        const char *words;
        int64_t ms; /* -1: not a time */
    } rows[] = {
        {"08:30", 8 * HOUR_MS + 30 * MINUTE_MS}, {"00:00", 0}, {"24:00", DAY_MS},
        {"24:01", -1}, {"8:30", -1}, {"08:60", -1}, {"-1:30", -1}, {"08-30", -1}, {"", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = -1;
        assert_int_equal(hours_time(text_of(rows[i].words), &ms), rows[i].ms >= 0);
        if (rows[i].ms >= 0)
            assert_int_equal(ms, rows[i].ms);
    }
    struct text days[] = {TEXT("monday"), TEXT("sunday"), TEXT("sonntag")};
    struct list two = {days, 2}, three = {days, 3};
    assert_int_equal(hours_weekdays(&two), 0x41);
    assert_int_equal(hours_weekdays(&three), -1);
}

/* The public page's record: every day of the year once, the counts right, unknown years empty. */
static void the_public_page(void **state)
{
    struct world *world = need(state);
    struct desk desk;
    desk_at(&desk, world, "2014-05-04T14:00");
    desk.facts.notices = world->notices;
    struct look_context context = {.now_ms = desk.context.now_ms,
                                   .standing = &desk.standing,
                                   .standing_count = 1,
                                   .arena = world->arena};
    static const struct {
        const char *query;
        const char *parts[4];
    } rows[] = {
        {"", {"\"year\":2014", "\"known\":true", "\"workdays\":250", "\"next_year\":0"}},
        {"year=2013", {"\"year\":2013", "\"next_year\":2014", "\"asked\":false", NULL}},
        {"year=2015", {"\"known\":false", "\"months\":[]", "\"notices\":[]", NULL}},
        {"from=2014-05-04&days=20",
         {"\"asked\":true", "\"due_date\":\"2014-05-30\"", "\"refused\":\"\"", NULL}},
        {"from=2014-12-20&days=20", {"\"asked\":true", "2015年", "\"due_date\":null", NULL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pairs pairs = {0};
        struct problems problems = {0};
        struct fault why = {0};
        struct buf json = {.arena = world->arena};
        void *query = arena_alloc(world->arena, clock_calendar_look.query->size);
        void *page = arena_alloc(world->arena, clock_calendar_look.page->size);
        assert_true(pairs_parse(text_of(rows[i].query), 10, world->arena, &pairs));
        assert_true(shape_from_form(clock_calendar_look.query, &pairs, world->arena, query,
                                    &problems));
        assert_int_equal(clock_calendar_look.look(&context, query, page, &why), OK);
        shape_to_answer(clock_calendar_look.page, page, &json);
        for (size_t k = 0; k < 4 && rows[i].parts[k]; k++)
            if (text_find(buf_done(&json), text_of(rows[i].parts[k])) < 0)
                fail_msg("%s: no %s in the answer", rows[i].query, rows[i].parts[k]);
        if (i)
            continue;
        int64_t days = 0;
        struct text rest = buf_done(&json);
        for (ptrdiff_t found; (found = text_find(rest, TEXT("\"date\":\"2014-"))) >= 0; days++)
            rest = text_slice(rest, (size_t)found + 1, rest.len);
        assert_int_equal(days, 365);
    }
}

/* A stored deadline tells how it was computed then, not what is known now: the three days off of
 * September 2015 were published in May (here: not before the last day of 2014). */
static void it_tells_what_was_known_then(void **state)
{
    struct world *world = *state;
    struct notice_day year_day = {d("2015-01-01"), true, TEXT("元旦")};
    struct notice_day changed = {d("2015-09-03"), true, TEXT("纪念日")};
    struct notice notices[] = {
        {2015, d("2014-12-16"), NOTICE_YEAR, .days = {&year_day, 1}, .version = 1},
        {2015, d("2015-05-13"), NOTICE_CHANGE, .days = {&changed, 1}, .version = 2},
    };
    struct desk desk;
    desk_at(&desk, world, "2015-06-01T09:00");
    desk.facts.calendar = calendar_build(notices, 2, d("2015-06-01"), world->arena);
    struct look_context context = {.now_ms = desk.context.now_ms,
                                   .standing = &desk.standing,
                                   .standing_count = 1,
                                   .arena = world->arena};
    struct clock_deadline deadline = stored("2015-09-02", DEADLINE_RUNNING);
    struct explanation told;
    deadline.deadline.limit.n = 1;
    deadline.reckoning.known_date = d("2015-05-12");
    assert_int_equal(clock_explain(&context, &deadline, &told), OK);
    assert_int_equal(told.reckoning.due_date, d("2015-09-03"));
    deadline.reckoning.known_date = d("2015-05-13");
    assert_int_equal(clock_explain(&context, &deadline, &told), OK);
    assert_int_equal(told.reckoning.due_date, d("2015-09-04"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(publishing_a_notice),
        cmocka_unit_test(taking_effect),
        cmocka_unit_test(firing_a_rung),
        cmocka_unit_test(recounting),
        cmocka_unit_test(setting_for_another_module),
        cmocka_unit_test(closing),
        cmocka_unit_test(times_and_weekdays),
        cmocka_unit_test(the_public_page),
        cmocka_unit_test(it_tells_what_was_known_then),
    };
    return cmocka_run_group_tests_name("clock decisions", tests, world_setup, world_teardown);
}
