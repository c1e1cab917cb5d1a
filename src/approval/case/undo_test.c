/* Undoing one's own last step, as a table: which steps, by whom, until when; and that what has effect
 * outside says why not. Facts are written by hand. */
#include "approval/case/desk_testing.h"

#include "approval/case/inputs_testing.h"

#define ME "account:5"
#define OTHER "account:6"
#define LIMIT CASE_UNDO_MS

static const struct {
    const char *name;
    const struct event_kind *last, *previous;
    int64_t state, role;
    const char *by;   /* whose step it was */
    int64_t ago_ms;
    int64_t index;    /* that the page named; the last is 41 */
    int64_t material; /* of m1, which the check made `checked` */
    enum refusal want;
    int64_t office; /* done: in which */
} rows[] = {
    {"received", &case_received_event, &case_submitted_event, CASE_RECEIVED, ROLE_CLERK, ME, 0, 41,
     MATERIAL_CHECKED, OK, OFFICE_CLERK},
    {"checked", &case_checked_event, &case_received_event, CASE_RECEIVED, ROLE_CLERK, ME, 0, 41,
     MATERIAL_CHECKED, OK, OFFICE_CLERK},
    {"reviewed", &case_reviewed_event, &case_accepted_event, CASE_REVIEWED, ROLE_REVIEWER, ME, 0, 41,
     MATERIAL_CHECKED, OK, OFFICE_REVIEWER},
    {"returned", &case_returned_event, &case_reviewed_event, CASE_ACCEPTED, ROLE_HEAD, ME, 0, 41,
     MATERIAL_CHECKED, OK, OFFICE_HEAD},
    {"in the last moment", &case_received_event, NULL, CASE_RECEIVED, ROLE_CLERK, ME, LIMIT - 1, 41,
     MATERIAL_CHECKED, OK, OFFICE_CLERK},
    {"too late", &case_received_event, NULL, CASE_RECEIVED, ROLE_CLERK, ME, LIMIT, 41,
     MATERIAL_CHECKED, REFUSED_TOO_LATE, 0},
    {"another's", &case_received_event, NULL, CASE_RECEIVED, ROLE_CLERK, OTHER, 0, 41,
     MATERIAL_CHECKED, REFUSED_TOO_LATE, 0},
    {"another step since", &case_checked_event, &case_received_event, CASE_RECEIVED, ROLE_CLERK, ME, 0,
     40, MATERIAL_CHECKED, REFUSED_TOO_LATE, 0},
    {"nothing was done", NULL, NULL, CASE_RECEIVED, ROLE_CLERK, ME, 0, 41, MATERIAL_CHECKED,
     REFUSED_TOO_LATE, 0},
    {"undone before", &case_undone_event, &case_received_event, CASE_SUBMITTED, ROLE_CLERK, ME, 0, 41,
     MATERIAL_CHECKED, REFUSED_TOO_LATE, 0},
    {"at the window", &case_received_event, &case_submitted_event, CASE_RECEIVED, ROLE_CLERK, ME "w", 0,
     41, MATERIAL_CHECKED, REFUSED_TOO_LATE, 0},
    {"accepted meanwhile", &case_received_event, NULL, CASE_ACCEPTED, ROLE_CLERK, ME, 0, 41,
     MATERIAL_CHECKED, REFUSED_TOO_LATE, 0},
    {"a paper came meanwhile", &case_checked_event, NULL, CASE_RECEIVED, ROLE_CLERK, ME, 0, 41,
     MATERIAL_FILE, REFUSED_TOO_LATE, 0},
    {"the post was taken", &case_reviewed_event, NULL, CASE_REVIEWED, ROLE_CLERK, ME, 0, 41,
     MATERIAL_CHECKED, REFUSED_GRANT, 0},
};

static struct checked was[] = {{{"m1", 2}, MATERIAL_FILE, {"缺页", 6}}};
static struct checked left[] = {{{"m1", 2}, MATERIAL_CHECKED, {"", 0}}};

static void before_of(size_t i, struct case_before *before, const struct context *context)
{
    bool window = strcmp(rows[i].by, ME "w") == 0;
    struct text by = window ? TEXT(ME) : text_of(rows[i].by);
    *before = (struct case_before){
        .last = {41, context->now_ms - rows[i].ago_ms, rows[i].last, by},
        .previous = {40, context->now_ms - rows[i].ago_ms, rows[i].previous,
                     window ? by : TEXT("applicant")},
        .reviewer = TEXT(OTHER),
        .recommendation = DECISION_REFUSE,
        .reviewed_at = 1234};
    if (rows[i].last == &case_checked_event) {
        before->materials = (struct list){was, 1};
        before->found = (struct list){left, 1};
    }
}

static void what_may_be_undone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct case_before before;
        struct case_undo undo = {7, rows[i].index};
        desk_open(&desk, rows[i].state);
        desk.actor.roles = rows[i].role;
        desk.materials[0].state = rows[i].material;
        before_of(i, &before, &desk.context);
        desk.facts.before = &before;
        enum refusal got = case_decide_undo(&desk.facts, &undo, &desk.context, &desk.decision);
        if (got != rows[i].want)
            fail_msg("%s: %d instead of %d", rows[i].name, got, rows[i].want);
        assert_int_equal(desk.decision.count, got == OK);
        if (got == OK) {
            const struct undone *body = desk.decision.events[0].body;
            assert_ptr_equal(desk.decision.events[0].kind, &case_undone_event);
            assert_int_equal(body->undone, 41);
            assert_true(text_is(body->undone_kind, rows[i].last->name));
            assert_int_equal(body->by.role, rows[i].office);
            bool check = rows[i].last == &case_checked_event;
            bool back = rows[i].last == &case_returned_event;
            assert_int_equal(body->before.count, check);
            assert_true(!check || text_is(((struct checked *)body->before.items)->note, "缺页"));
            assert_true(text_is(body->reviewer, back ? OTHER : ""));
            assert_int_equal(body->recommendation, back ? DECISION_REFUSE : 0);
            assert_int_equal(body->reviewed_at, back ? 1234 : 0);
        }
        arena_free(desk.arena);
    }
}

/* What has effect outside is not undone, in whatever state, and says what the law has instead. */
static void what_has_effect(void **state)
{
    static const struct event_kind *const kinds[] = {
        &case_accepted_event,  &case_not_accepted_event, &case_supplement_event, &case_granted_event,
        &case_refused_event,   &case_suspended_event,    &case_extended_event,   &case_forwarded_event,
        &case_issued_event,    &case_delivered_event,    &case_terminated_event,
    };
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (int64_t now = CASE_SUBMITTED; now <= CASE_TERMINATED; now++) {
            struct desk desk;
            struct case_undo undo = {7, 41};
            desk_open(&desk, now);
            struct case_before before = {.last = {41, desk.context.now_ms, kinds[i], TEXT(ME)}};
            desk.facts.before = &before;
            assert_int_equal(
                case_decide_undo(&desk.facts, &undo, &desk.context, &desk.decision),
                REFUSED_STATE);
            assert_true(text_chars(desk.decision.problems.items[0].message) > 10);
            assert_int_equal(desk.decision.count, 0);
            arena_free(desk.arena);
        }
    assert_int_equal(strlen(case_final_said(&case_received_event, NULL)), 0);
    assert_true(strlen(case_final_said(NULL, &case_accept_command)) > 0);
    assert_int_equal(strlen(case_final_said(NULL, &case_check_command)), 0);
}

/* A check notes how the papers were, those alone that were looked at. */
static void a_check_notes(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, CASE_RECEIVED);
    desk.materials[0].state = MATERIAL_WRONG;
    desk.materials[0].note = TEXT("缺页");
    assert_int_equal(case_decide_check(&desk.facts, &given_check, &desk.context, &desk.decision), OK);
    const struct materials_checked *body = desk.decision.events[0].body;
    assert_int_equal(body->before.count, 1);
    const struct checked *before = body->before.items;
    assert_true(text_is(before->code, "m1") && text_is(before->note, "缺页"));
    assert_int_equal(before->state, MATERIAL_WRONG);
    arena_free(desk.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_be_undone),
        cmocka_unit_test(what_has_effect),
        cmocka_unit_test(a_check_notes),
    };
    return cmocka_run_group_tests_name("approval/case/undo", tests, NULL, NULL);
}
