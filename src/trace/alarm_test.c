/* When looks alarm, as a table; and what a look's event says of whoever looked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "trace/parts.h"

static const struct {
    struct trace_facts known; /* other subjects: recent, closed; alarmed already: recent, closed */
    bool outside;
    int64_t most, most_closed;
    enum alarm_cause cause;
} rows[] = {
    {{0, 0, false, false}, false, 50, 10, ALARM_NONE},
    {{49, 0, false, false}, false, 50, 10, ALARM_NONE}, /* the fiftieth */
    {{50, 0, false, false}, false, 50, 10, ALARM_MANY},
    {{50, 0, true, false}, false, 50, 10, ALARM_NONE}, /* once in a span */
    {{500, 0, false, true}, false, 50, 10, ALARM_MANY},
    {{9, 9, false, false}, true, 50, 10, ALARM_NONE},
    {{10, 10, false, false}, true, 50, 10, ALARM_CLOSED},
    {{10, 10, false, false}, false, 50, 10, ALARM_NONE}, /* the day has begun */
    {{10, 10, false, true}, true, 50, 10, ALARM_NONE},
    {{10, 10, true, false}, true, 50, 10, ALARM_CLOSED},
    {{50, 50, false, false}, true, 50, 10, ALARM_MANY}, /* the graver first, the other with the next */
    {{51, 51, true, false}, true, 50, 10, ALARM_CLOSED},
    {{1, 0, false, false}, false, 1, 1, ALARM_MANY},
    {{0, 1, false, false}, true, 1, 1, ALARM_CLOSED},
};

static void alarms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum alarm_cause cause = trace_alarm_of(&rows[i].known, rows[i].outside, rows[i].most,
                                                rows[i].most_closed);
        if (cause != rows[i].cause)
            fail_msg("row %zu: %s", i, alarm_cause_words[cause].name);
    }
}

/* No calendar is known here, so no hour can be called closed; a list alarms nobody. */
static const struct {
    int64_t account, roles;
    const char *subject;
    int64_t recent;
    size_t events;
    const char *post, *of;
    int64_t persons; /* of a list; 0: three */
} looks[] = {
    {12, ROLE_CLERK, "case:7", 0, 1, "clerk", "look:case:7"},
    {12, ROLE_HEAD | ROLE_REVIEWER, "case:7", 50, 2, "reviewer", "look:case:7"},
    {12, ROLE_SUPERVISOR, "", 50, 1, "supervisor", "look:case.list"},
    {0, ROLE_ADMINISTRATOR | ROLE_IMPORTER, "", 0, 1, "administrator", "look:case.list"},
    {12, ROLE_SUPERVISOR, "", 0, 1, "supervisor", "look:case.list", 51},
    {12, ROLE_SUPERVISOR, "", 50, 1, "supervisor", "look:case.list.csv", 50},
    {12, ROLE_SUPERVISOR, "", 0, 2, "supervisor", "look:case.list.csv", 51},
    {0, ROLE_IMPORTER, "", 0, 1, "none", "look:case.list.csv", 5000},
};

/* A table of so many persons, where one was alarmed already or not. */
static void tables(void **state)
{
    const struct trace_facts none = {0}, other = {.recent_alarmed = true, .closed_alarmed = true},
                             alarmed = {.table_alarmed = true};
    (void)state;
    assert_int_equal(trace_alarm_of_table(&none, 50, 50), ALARM_NONE);
    assert_int_equal(trace_alarm_of_table(&none, 51, 50), ALARM_TABLE);
    assert_int_equal(trace_alarm_of_table(&other, 51, 50), ALARM_TABLE);
    assert_int_equal(trace_alarm_of_table(&alarmed, 51, 50), ALARM_NONE);
}

static void says_who(void **state)
{
    struct arena *arena = arena_new(4096);
    (void)state;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        struct actor actor = {.account = looks[i].account,
                              .name = TEXT("account:12"),
                              .roles = looks[i].roles,
                              .department = TEXT("011")};
        struct context context = {.region = 330482,
                                  .now_ms = INT64_C(1399165200000),
                                  .actor = &actor,
                                  .arena = arena};
        struct trace_facts facts = {.recent = looks[i].recent};
        int64_t persons = looks[i].persons ? looks[i].persons : 3;
        struct text look = text_ends(text_of(looks[i].of), TEXT(".csv")) ? TEXT("case.list.csv")
                                                                         : TEXT("case.list");
        struct look_seen seen = {.look = look, .subject = text_of(looks[i].subject),
                                 .persons = persons, .asked = TEXT("编号"), .from = TEXT("10.0.0.1")};
        struct decision out = {.arena = arena};
        assert_int_equal(trace_decide(&facts, &seen, &context, &out), OK);
        assert_int_equal(out.count, looks[i].events);
        const struct look_recorded *body = out.events[0].body;
        assert_string_equal(look_post_words[body->post].name, looks[i].post);
        assert_true(text_is(out.events[0].subject, looks[i].of));
        assert_true(text_is(body->department, "011") && body->persons == persons && !body->closed);
        if (out.count == 2) {
            const struct look_alarmed *alarm = out.events[1].body;
            assert_ptr_equal(out.events[1].kind, &look_alarmed_event);
            assert_true(alarm->account == 12 && alarm->subjects == 51 && alarm->most == 50);
        }
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(alarms), cmocka_unit_test(tables),
                                       cmocka_unit_test(says_who)};
    return cmocka_run_group_tests_name("trace/alarm", tests, NULL, NULL);
}
