/* The clock on the journal, through the conductor, on both engines: notices are published and take
 * effect, deadlines are set by another module, every rung fires once, and replay gives the same
 * tables. */
#include "clock/clock_test_world.h"
#include "clock/clock.h"
#include "db/testing.h"
#include "flow/flow.h"

#define REGION INT64_C(330482)

/* A module of the test that does to deadlines what a platform would. */
enum act { ACT_SET, ACT_PAUSE, ACT_RESUME, ACT_EXTEND, ACT_CLOSE };
static const struct word act_words[] = {
    {"set", ""}, {"pause", ""}, {"resume", ""}, {"extend", ""}, {"close", ""}, {NULL, NULL}};

struct probe {
    struct text subject;
    int64_t act;
    int64_t kind;
    int64_t days;
};
static const struct field probe_fields[] = {
    {"subject", FIELD_TEXT, offsetof(struct probe, subject), FIELD_REQUIRED},
    {"act", FIELD_WORD, offsetof(struct probe, act), 0, .words = act_words},
    {"kind", FIELD_WORD, offsetof(struct probe, kind), 0, .words = deadline_kind_words},
    {"days", FIELD_INT, offsetof(struct probe, days), 0},
};
static const struct shape probe_shape = {
    .name = "probe", .size = sizeof(struct probe), SHAPE_FIELDS(probe_fields)};

static bool probe_read(struct db_read *db, const struct context *context, const void *input,
                       const void **facts, struct fault *why)
{
    const struct probe *probe = input;
    struct list *deadlines = arena_alloc(context->arena, sizeof *deadlines);
    *facts = deadlines;
    return clock_deadlines_read(db, context->region, probe->subject, context->arena, deadlines,
                                why);
}

static enum refusal probe_decide(const void *facts, const void *input,
                                 const struct context *context, struct decision *out)
{
    const struct probe *probe = input;
    const struct clock_deadline *there = clock_deadline_of(facts, probe->kind);
    int64_t today = time_date(context->now_ms);
    if (probe->act == ACT_SET) {
        struct deadline deadline = {.kind = probe->kind,
                                    .start_date = today,
                                    .limit = limit_working(working_days(probe->days))};
        return clock_set(out, context, probe->subject, NULL, &deadline, TEXT("centre"), there);
    }
    if (!there)
        return REFUSED_NOT_FOUND;
    struct pause pause = {.reason = PAUSE_HEARING,
                          .from_date = today,
                          .planned_days = probe->days,
                          .paper = TEXT("特程1号")};
    switch ((enum act)probe->act) {
    case ACT_PAUSE:
        return clock_pause(out, context, there, &pause);
    case ACT_RESUME:
        return clock_resume(out, context, there, today);
    case ACT_EXTEND:
        return clock_extend(out, context, there, probe->days, EXTENSION_DAYS, TEXT("延1号"));
    case ACT_CLOSE:
        return clock_close(out, context, there, context->now_ms, false, NULL);
    case ACT_SET:
        break;
    }
    return REFUSED_STATE;
}

static const struct command probe_command = {.name = "probe",
                                             .roles = ROLE_CLERK,
                                             .input = &probe_shape,
                                             .read = probe_read,
                                             .decide = probe_decide};
static const struct command *const probe_commands[] = {&probe_command, NULL};
static const struct module probe_module = {.name = "probe", .commands = probe_commands};
static const struct module *const test_modules[] = {&clock_module, &probe_module, NULL};

/* One server: its conductor, and a reader beside it. */
struct server {
    const char *where;
    struct flow *flow;
    struct db_read *db;
    struct arena *arena;
    int64_t now_ms;
};

static void must(bool good, const struct fault *why)
{
    if (!good)
        fail_msg("%s", why->why);
}

static int64_t server_now(void *clock)
{
    return *(int64_t *)clock;
}

static void server_open(struct server *server, const char *where)
{
    static const int64_t regions[] = {REGION};
    struct fault why = {0};
    *server = (struct server){.where = where, .arena = arena_new(1 << 16)};
    server->now_ms = at("2014-05-04T14:00");
    struct flow_options options = {.where = where,
                                   .modules = test_modules,
                                   .regions = regions,
                                   .region_count = 1,
                                   .now = server_now,
                                   .clock = &server->now_ms};
    must(flow_open(&options, &server->flow, &why), &why);
    must(db_open_reader(where, &server->db, &why), &why);
}

static void server_close(struct server *server)
{
    flow_close(server->flow);
    db_close_reader(server->db);
    arena_free(server->arena);
}

static void make_region(const char *where)
{
    struct fault why = {0};
    struct db *db;
    must(db_open(where, false, &db, &why), &why);
    must(flow_create(db, test_modules, &why), &why);
    must(journal_init(db, REGION, TEXT("test.example/log/330482"), &why), &why);
    db_close(db);
}

static enum refusal run(struct server *server, const struct command *command, const void *input,
                        int64_t roles)
{
    struct fault why = {0};
    struct job job = {.command = command,
                      .region = REGION,
                      .actor = {.account = 1, .name = TEXT("account:1"), .roles = roles},
                      .input = (void *)input,
                      .arena = server->arena};
    struct job *jobs[] = {&job};
    must(flow_run(server->flow, jobs, 1, &why), &why);
    if (job.end == JOB_FAULT)
        fail_msg("%s: %s", command->name, job.fault.why);
    return job.refusal;
}

static enum refusal act(struct server *server, const char *now, const char *subject, enum act what,
                        int64_t kind, int64_t days)
{
    struct probe probe = {text_of(subject), what, kind, days};
    server->now_ms = at(now);
    return run(server, &probe_command, &probe, ROLE_CLERK);
}

static int64_t due(struct server *server, const char *now)
{
    struct fault why = {0};
    int64_t ran = -1;
    server->now_ms = at(now);
    must(flow_run_due(server->flow, REGION, &ran, &why), &why);
    return ran;
}

static struct clock_deadline deadline_now(struct server *server, const char *id)
{
    struct fault why = {0};
    struct clock_deadline deadline;
    bool found;
    must(clock_deadline_read(server->db, REGION, text_of(id), server->arena, &deadline, &found,
                             &why),
         &why);
    assert_true(found);
    return deadline;
}

/* How many rungs the journal says have passed for a subject. */
static int64_t rungs_passed(struct server *server, const char *subject)
{
    struct fault why = {0};
    struct list entries;
    int64_t n = 0;
    must(journal_history(server->db, REGION, text_of(subject), -1, 1000, server->arena, &entries,
                         &why),
         &why);
    const struct entry *items = entries.items;
    for (size_t i = 0; i < entries.count; i++)
        n += text_is(items[i].head.kind, "deadline.rung_passed");
    return n;
}

static void replay_agrees(const char *where)
{
    struct fault why = {0};
    struct arena *arena = arena_new(1 << 16);
    struct text wrong;
    int64_t replayed = 0;
    must(flow_compare(where, test_modules, arena, NULL, &wrong, &why), &why);
    if (wrong.len)
        fail_msg("%.*s", TEXT_ARG(wrong));
    must(flow_rebuild(where, test_modules, NULL, &replayed, &why), &why);
    assert_true(replayed > 0);
    must(flow_compare(where, test_modules, arena, NULL, &wrong, &why), &why);
    if (wrong.len)
        fail_msg("%.*s", TEXT_ARG(wrong));
    arena_free(arena);
}

static struct world *shared_world; /* set once by main's group set-up, read by the tests below */

static void publish_all(struct server *server)
{
    const struct notice *notices = shared_world->notices.items;
    for (size_t i = 0; i < shared_world->notices.count; i++)
        assert_int_equal(run(server, &clock_calendar_publish, &notices[i], ROLE_IMPORTER), OK);
    assert_int_equal(run(server, &clock_calendar_publish, &notices[7], ROLE_IMPORTER),
                     REFUSED_EXISTS);
    assert_int_equal(run(server, &clock_calendar_publish, &notices[7], ROLE_CLERK), REFUSED_ROLE);
}

static void each_rung_once(const char *where)
{
    struct server server, other;
    make_region(where);
    server_open(&server, where);
    /* Without any notice every year is unknown. */
    assert_int_equal(act(&server, "2014-05-04T14:00", "case:1", ACT_SET, DEADLINE_PROMISED, 20),
                     REFUSED_CALENDAR);
    publish_all(&server);
    /* 2007-2014 are published by then and take effect; the later ones are not known yet. */
    assert_int_equal(due(&server, "2014-05-04T14:00"), 8);
    assert_int_equal(due(&server, "2014-05-04T14:00"), 0);
    assert_int_equal(act(&server, "2014-05-04T14:00", "case:1", ACT_SET, DEADLINE_PROMISED, 20),
                     OK);
    assert_int_equal(act(&server, "2014-05-04T14:00", "case:1", ACT_SET, DEADLINE_STATUTORY, 20),
                     OK);
    struct clock_deadline promised = deadline_now(&server, "case:1/promised");
    assert_int_equal(promised.reckoning.due_at, at("2014-05-30T17:00"));
    assert_int_equal(promised.reckoning.rungs.count, 3);
    assert_int_equal(promised.reckoning.calendar_version, 8);

    static const struct {
        const char *now;
        int64_t fire;
    } times[] = {
        {"2014-05-29T16:59:59.999", 0}, {"2014-05-29T17:00", 2}, {"2014-05-29T17:00", 0},
        {"2014-05-30T16:59:59.999", 0}, {"2014-05-30T17:00", 2}, {"2014-06-03T23:00", 0},
        {"2014-06-04T17:00", 1},        {"2014-12-01T00:00", 0},
    };
    server_open(&other, where); /* a second server on the same database */
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        bool even = i % 2 == 0;
        assert_int_equal(due(even ? &server : &other, times[i].now), times[i].fire);
        assert_int_equal(due(even ? &other : &server, times[i].now), 0);
    }
    assert_int_equal(rungs_passed(&server, "case:1"), 5);
    server_close(&other);
    server_close(&server);
    replay_agrees(where);
}

static void pauses_extensions_ends(const char *where)
{
    struct server server;
    make_region(where);
    server_open(&server, where);
    publish_all(&server);
    due(&server, "2014-05-04T14:00");
    assert_int_equal(act(&server, "2014-05-04T14:00", "case:2", ACT_SET, DEADLINE_PROMISED, 2),
                     OK);
    assert_int_equal(due(&server, "2014-05-05T17:00"), 1); /* the reminder */
    assert_int_equal(act(&server, "2014-05-06T09:00", "case:2", ACT_RESUME, DEADLINE_PROMISED, 0),
                     REFUSED_STATE);
    assert_int_equal(act(&server, "2014-05-06T09:00", "case:2", ACT_PAUSE, DEADLINE_PROMISED, 10),
                     OK);
    assert_int_equal(act(&server, "2014-05-06T09:00", "case:2", ACT_PAUSE, DEADLINE_PROMISED, 10),
                     REFUSED_STATE);
    assert_int_equal(due(&server, "2014-05-20T10:00"), 0); /* frozen: nothing passes */
    assert_int_equal(deadline_now(&server, "case:2/promised").reckoning.due_date, 0);
    assert_int_equal(act(&server, "2014-05-20T10:00", "case:2", ACT_RESUME, DEADLINE_PROMISED, 0),
                     OK);
    struct clock_deadline there = deadline_now(&server, "case:2/promised");
    assert_int_equal(there.reckoning.due_at, at("2014-05-20T17:00")); /* 1 day had run */
    assert_int_equal(there.reckoning.rungs.count, 2); /* the reminder does not come back */
    assert_int_equal(act(&server, "2014-05-20T11:00", "case:2", ACT_EXTEND, DEADLINE_PROMISED, 10),
                     OK);
    assert_int_equal(act(&server, "2014-05-20T11:00", "case:2", ACT_EXTEND, DEADLINE_PROMISED, 1),
                     REFUSED_ONCE);
    assert_int_equal(deadline_now(&server, "case:2/promised").reckoning.due_at,
                     at("2014-06-04T17:00"));
    assert_int_equal(due(&server, "2014-06-04T16:00"), 0);
    assert_int_equal(act(&server, "2014-06-04T16:00", "case:2", ACT_CLOSE, DEADLINE_PROMISED, 0),
                     OK);
    there = deadline_now(&server, "case:2/promised");
    assert_int_equal(there.state, DEADLINE_CLOSED);
    assert_int_equal(there.outcome, OUTCOME_MET);
    assert_int_equal(there.used, 12);
    assert_int_equal(due(&server, "2014-12-01T00:00"), 0); /* closed: no rung any more */
    assert_int_equal(act(&server, "2014-12-01T09:00", "case:2", ACT_PAUSE, DEADLINE_PROMISED, 1),
                     REFUSED_STATE);

    /* Set again: a new deadline in the place of the old, with all its rungs. */
    assert_int_equal(act(&server, "2014-12-01T09:00", "case:2", ACT_SET, DEADLINE_PROMISED, 1),
                     OK);
    there = deadline_now(&server, "case:2/promised");
    assert_int_equal(there.state, DEADLINE_RUNNING);
    assert_int_equal(there.deadline.pauses.count, 0);
    assert_int_equal(due(&server, "2014-12-04T17:00"), 3);
    assert_int_equal(act(&server, "2014-12-04T18:00", "case:2", ACT_CLOSE, DEADLINE_PROMISED, 0),
                     OK);
    assert_int_equal(deadline_now(&server, "case:2/promised").outcome, OUTCOME_LATE);
    server_close(&server);
    replay_agrees(where);
}

static void notices_move_deadlines(const char *where)
{
    struct server server;
    make_region(where);
    server_open(&server, where);
    publish_all(&server);
    due(&server, "2014-12-22T09:00");
    /* 2015 is not published before 12-31 (the files' latest day): the deadline waits for it. */
    assert_int_equal(act(&server, "2014-12-22T09:00", "case:3", ACT_SET, DEADLINE_STATUTORY, 20),
                     OK);
    struct clock_deadline there = deadline_now(&server, "case:3/statutory");
    assert_int_equal(there.reckoning.due_date, 0);
    assert_int_equal(there.reckoning.waits_for_year, 2015);
    assert_int_equal(due(&server, "2014-12-30T09:00"), 0);
    assert_int_equal(due(&server, "2014-12-31T00:00"), 2); /* takes effect, is recounted */
    there = deadline_now(&server, "case:3/statutory");
    assert_int_equal(there.reckoning.due_date, d("2015-01-20"));
    assert_int_equal(there.reckoning.waits_for_year, 0);
    assert_int_equal(there.reckoning.calendar_version, 9);

    /* A change in mid-year moves what it touches and nothing else. */
    assert_int_equal(act(&server, "2015-03-02T09:00", "case:4", ACT_SET, DEADLINE_PROMISED, 5),
                     OK);
    struct notice_day day = {d("2015-03-05"), true, TEXT("临时放假")};
    struct notice change = {.year = 2015,
                            .published_date = d("2015-03-03"),
                            .scope = NOTICE_CHANGE,
                            .source = TEXT("示例"),
                            .days = {&day, 1}};
    server.now_ms = at("2015-03-03T08:00");
    assert_int_equal(run(&server, &clock_calendar_publish, &change, ROLE_ADMINISTRATOR), OK);
    /* case:3 is long past but open: its rungs fire (2), and it is recounted no more. */
    assert_int_equal(due(&server, "2015-03-03T08:00"), 1 + 1 + 2);
    there = deadline_now(&server, "case:4/promised");
    assert_int_equal(there.reckoning.due_date, d("2015-03-10"));
    assert_int_equal(there.stale, false);
    assert_int_equal(due(&server, "2015-03-09T17:00"), 1);
    assert_int_equal(due(&server, "2015-03-10T17:00"), 1);
    server_close(&server);
    replay_agrees(where);
}

static void hours_decide_the_due_moment(const char *where)
{
    struct server server;
    struct text weekdays[] = {TEXT("monday"), TEXT("tuesday"), TEXT("wednesday"),
                              TEXT("thursday"), TEXT("friday")};
    struct hours_shift shift = {.weekdays = {weekdays, 5},
                                .opens = TEXT("09:00"),
                                .lunch_from = TEXT("12:00"),
                                .lunch_to = TEXT("13:00"),
                                .closes = TEXT("16:30")};
    struct hours hours = {.code = TEXT("centre"),
                          .name = TEXT("中心办公时间"),
                          .late_is_next_day = true,
                          .shifts = {&shift, 1}};
    make_region(where);
    server_open(&server, where);
    publish_all(&server);
    assert_int_equal(run(&server, &clock_hours_set, &hours, ROLE_ADMINISTRATOR), OK);
    assert_int_equal(act(&server, "2014-05-04T14:00", "case:5", ACT_SET, DEADLINE_DELIVER, 10),
                     OK);
    assert_int_equal(deadline_now(&server, "case:5/deliver").reckoning.due_at,
                     at("2014-05-16T16:30"));
    shift.closes = TEXT("12:30");
    assert_int_equal(run(&server, &clock_hours_set, &hours, ROLE_ADMINISTRATOR), REFUSED_CONFLICT);
    shift.closes = TEXT("24:00");
    assert_int_equal(run(&server, &clock_hours_set, &hours, ROLE_ADMINISTRATOR), OK);
    weekdays[0] = TEXT("Monday");
    assert_int_equal(run(&server, &clock_hours_set, &hours, ROLE_ADMINISTRATOR),
                     REFUSED_MALFORMED);
    server_close(&server);
    replay_agrees(where);
}

/* Many deadlines due at the same moment: each rung once, in batches. */
static void a_thousand_at_once(const char *where)
{
    struct server server;
    make_region(where);
    server_open(&server, where);
    publish_all(&server);
    due(&server, "2014-05-04T14:00");
    for (int i = 0; i < 1000; i++) {
        char subject[32];
        snprintf(subject, sizeof subject, "case:%d", i);
        assert_int_equal(
            act(&server, "2014-05-04T14:00", subject, ACT_SET, DEADLINE_STATUTORY, 20), OK);
        if (i % 100 == 0)
            arena_reset(server.arena);
    }
    assert_int_equal(due(&server, "2014-05-30T17:00"), 2000);
    assert_int_equal(due(&server, "2014-05-30T17:00"), 0);
    server_close(&server);
    replay_agrees(where);
}

#define ON_EACH_ENGINE(name)                                                                       \
    static void test_##name(void **state)                                                          \
    {                                                                                              \
        shared_world = need(state);                                                                \
        testing_each_engine(name);                                                                 \
    }
ON_EACH_ENGINE(each_rung_once)
ON_EACH_ENGINE(pauses_extensions_ends)
ON_EACH_ENGINE(notices_move_deadlines)
ON_EACH_ENGINE(hours_decide_the_due_moment)
ON_EACH_ENGINE(a_thousand_at_once)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_rung_once),
        cmocka_unit_test(test_pauses_extensions_ends),
        cmocka_unit_test(test_notices_move_deadlines),
        cmocka_unit_test(test_hours_decide_the_due_moment),
        cmocka_unit_test(test_a_thousand_at_once),
    };
    return cmocka_run_group_tests_name("clock", tests, world_setup, world_teardown);
}
