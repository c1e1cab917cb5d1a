/* What may be brought in, as a table; pure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "approval/history/history.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct context context_of(struct arena *arena)
{
    return (struct context){.region = 330482, .now_ms = 5, .next_index = 7, .arena = arena};
}

static void logs(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        bool known;
        enum refusal refusal;
    } rows[] = {
        {HASH, false, OK},
        {HASH, true, REFUSED_EXISTS},
        {"", false, REFUSED_MALFORMED},
        {"0123", false, REFUSED_MALFORMED},
        {"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", false, REFUSED_MALFORMED},
    };
    struct arena *arena = arena_new(4096);
    struct context context = context_of(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct decision decision = {.arena = arena};
        struct history_facts facts = {.log_known = rows[i].known};
        struct history_log log = {text_of(rows[i].file), TEXT("{}")};
        assert_int_equal(history_decide_log(&facts, &log, &context, &decision), rows[i].refusal);
        assert_int_equal(decision.count, rows[i].refusal == OK);
        assert_int_equal(decision.problems.count, rows[i].refusal != OK);
        if (decision.count) {
            assert_ptr_equal(decision.events[0].kind, &history_log_kind);
            assert_true(text_is(decision.events[0].subject, "history:8"));
        }
    }
    arena_free(arena);
}

static void cases(void **state)
{
    (void)state;
    static const struct {
        bool log_known, case_known;
        int64_t case_no;
        const char *deadline, *enddate;
        enum refusal refusal;
    } rows[] = {
        {true, false, 1, "", "", OK},
        {true, false, 1, "2011-05-04T10:00:00+02:00", "2011-05-04T10:00:00.001+02:00", OK},
        {false, false, 1, "", "", REFUSED_REFERENCE},
        {true, true, 1, "", "", REFUSED_EXISTS},
        {true, false, 0, "", "", REFUSED_OUT_OF_RANGE},
        {true, false, -1, "", "", REFUSED_OUT_OF_RANGE},
        {true, false, 1, "2011-05-04", "", REFUSED_MALFORMED},
        {true, false, 1, "", "2011-05-04T10:00:00", REFUSED_MALFORMED},
    };
    struct arena *arena = arena_new(4096);
    struct context context = context_of(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct decision decision = {.arena = arena};
        struct history_facts facts = {rows[i].log_known, rows[i].case_known, 0};
        struct history_case opened = {.log_id = 3, .case_no = rows[i].case_no,
                                      .deadline = text_of(rows[i].deadline),
                                      .enddate = text_of(rows[i].enddate)};
        assert_int_equal(history_decide_case(&facts, &opened, &context, &decision),
                         rows[i].refusal);
        assert_int_equal(decision.count > 0, rows[i].refusal == OK);
        if (decision.count) {
            assert_ptr_equal(decision.events[0].kind, &history_case_kind);
            assert_true(text_is(decision.events[0].subject, "history:3/1"));
        }
    }
    arena_free(arena);
}

static void events(void **state)
{
    (void)state;
    static const struct {
        bool case_known;
        int64_t events, event_no;
        const char *timestamp;
        enum refusal refusal;
    } rows[] = {
        {true, 0, 1, "", OK},
        {true, 4, 5, "2011-05-04T10:00:00Z", OK},
        {false, 0, 1, "", REFUSED_REFERENCE},
        {true, 4, 4, "", REFUSED_EXISTS},
        {true, 4, 6, "", REFUSED_CONFLICT}, /* a gap */
        {true, 0, 0, "", REFUSED_EXISTS},
        {true, 0, 1, "10:00", REFUSED_MALFORMED},
    };
    struct arena *arena = arena_new(4096);
    struct context context = context_of(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct decision decision = {.arena = arena};
        struct history_facts facts = {true, rows[i].case_known, rows[i].events};
        struct history_event event = {.log_id = 3, .case_no = 2, .event_no = rows[i].event_no,
                                      .timestamp = text_of(rows[i].timestamp)};
        assert_int_equal(history_decide_event(&facts, &event, &context, &decision),
                         rows[i].refusal);
        assert_int_equal(decision.count, rows[i].refusal == OK);
    }
    arena_free(arena);
}

static const struct xes_attribute *list_of(struct xes_attribute *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        items[i].hash = text_hash(items[i].key);
        items[i].next = i + 1 < count ? &items[i + 1] : NULL;
    }
    return items;
}

/* Fields take what they can hold wholly; everything else stays in extra as given. */
static void attributes_to_fields(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    struct xes_attribute child = {XES_INT, TEXT("n"), TEXT("1")};
    struct xes_attribute items[] = {
        {XES_STRING, TEXT("concept:name"), TEXT("check")},
        {XES_STRING, TEXT("org:resource"), TEXT("")},                 /* empty is not absent */
        {XES_STRING, TEXT("org:group"), TEXT("g"), .children = &child}, /* more than a word */
        {XES_INT, TEXT("lifecycle:transition"), TEXT("7")},           /* another type */
        {XES_DATE, TEXT("time:timestamp"), TEXT("2011-05-04T10:00:00Z")},
        {XES_STRING, TEXT("Costs"), TEXT("50")},
    };
    struct history_event event = {0};
    history_event_from(list_of(items, 6), arena, &event);
    assert_true(text_is(event.activity, "check"));
    assert_true(text_is(event.group, "g"));
    assert_true(text_is(event.timestamp, "2011-05-04T10:00:00Z"));
    assert_int_equal(event.resource.len + event.transition.len + event.instance.len, 0);
    assert_true(text_is(
        event.extra,
        "[{\"key\":\"org:resource\",\"type\":\"string\",\"value\":\"\"},"
        "{\"children\":[{\"key\":\"n\",\"type\":\"int\",\"value\":\"1\"}],\"key\":\"org:group\","
        "\"type\":\"string\",\"value\":\"g\"},"
        "{\"key\":\"lifecycle:transition\",\"type\":\"int\",\"value\":\"7\"},"
        "{\"key\":\"Costs\",\"type\":\"string\",\"value\":\"50\"}]"));
    struct history_case opened = {0};
    history_case_from(NULL, arena, &opened);
    assert_int_equal(opened.extra.len, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs),
        cmocka_unit_test(cases),
        cmocka_unit_test(events),
        cmocka_unit_test(attributes_to_fields),
    };
    return cmocka_run_group_tests_name("history decisions", tests, NULL, NULL);
}
