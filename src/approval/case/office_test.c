/* What every step says of itself, as tables: in what office it was taken and at which window, and the
 * number of the paper it made. Facts are written by hand. */
#include "approval/case/desk_testing.h"
#include "approval/case/inputs_testing.h"

typedef enum refusal decide(const void *facts, const void *input, const struct context *context,
                            struct decision *out);

/* A member of the body of an event that was emitted; fails where that kind has none. */
static const void *member(const struct emitted *event, const char *name)
{
    const struct field *field = shape_field(event->kind->shape, text_of(name));
    if (!field)
        fail_msg("%s has no %s", event->kind->name, name);
    return (const char *)event->body + field->offset;
}

static void expect_office(const struct emitted *event, const char *name, enum office office,
                          const char *window)
{
    int64_t role = *(const int64_t *)member(event, "role");
    if (role != (int64_t)office)
        fail_msg("%s: as %s", name, office_words[role].name);
    if (!text_is(*(const struct text *)member(event, "window"), window))
        fail_msg("%s: at another window", name);
}

/* Filling in the draft is not a step of the case, nor is forgetting who it was; all others say who and
 * where, so that none that is added later can forget to. */
static void every_step_says_its_office(void **state)
{
    (void)state;
    for (size_t i = 0; case_events[i]; i++) {
        const struct event_kind *kind = case_events[i];
        bool filling = kind == &case_applicant_event || kind == &case_matter_event ||
                       kind == &case_provided_event || kind == &person_erased_event;
        struct emitted event = {.kind = kind, .body = ""};
        if (!filling && member(&event, "role") && member(&event, "window"))
            assert_int_equal(shape_field(kind->shape, TEXT("window"))->flags & FIELD_PRIVATE, 0);
    }
}

/* Who acts in which office: the first of those that the step is for. */
static const struct {
    const char *name;
    decide *decide;
    const void *input;
    int64_t state, roles;
    const char *department;
    bool letter;
    enum office office;
    const char *window;
} rows[] = {
    {"receive", case_decide_receive, &given_only, CASE_SUBMITTED, ROLE_CLERK | ROLE_REVIEWER, "d",
     false, OFFICE_CLERK, "w1"},
    {"receive", case_decide_receive, &given_only, CASE_SUBMITTED, ROLE_CLERK | ROLE_HEAD, "d", false,
     OFFICE_CLERK, "w1"},
    {"receive", case_decide_receive, &given_only, CASE_SUBMITTED, ROLE_VERIFIER, "d", true,
     OFFICE_VERIFIER, "w1"},
    {"review", case_decide_review, &given_review, CASE_ACCEPTED, ROLE_CLERK | ROLE_REVIEWER, "d",
     false, OFFICE_REVIEWER, "w1"},
    {"review", case_decide_review, &given_review, CASE_ACCEPTED, ROLE_CLERK | ROLE_VERIFIER, "d",
     true, OFFICE_VERIFIER, "w1"},
    {"review", case_decide_review, &given_review, CASE_ACCEPTED, ROLE_REVIEWER | ROLE_VERIFIER, "d",
     true, OFFICE_REVIEWER, "w1"},
    {"decide", case_decide_decide, &given_granting, CASE_REVIEWED, ROLE_VERIFIER | ROLE_HEAD, "d",
     true, OFFICE_HEAD, "w1"},
    {"decide", case_decide_decide, &given_granting, CASE_REVIEWED, ROLE_CLERK | ROLE_VERIFIER, "d",
     true, OFFICE_VERIFIER, "w1"},
    {"issue", case_decide_issue, &given_certificate, CASE_GRANTED, ROLE_HEAD, "d", false, OFFICE_HEAD,
     "w1"},
    {"deliver", case_decide_deliver, &given_handing, CASE_ISSUED, ROLE_CLERK | ROLE_HEAD, "d", false,
     OFFICE_CLERK, "w1"},
    {"gap_close", case_decide_gap_close, &given_closing, CASE_ACCEPTED, ROLE_CLERK, "d", false,
     OFFICE_CLERK, "w1"},
    {"terminate", case_decide_terminate, &given_reason, CASE_ACCEPTED, ROLE_HEAD, "d", false,
     OFFICE_HEAD, "w1"},
    {"terminate", case_decide_terminate, &given_reason, CASE_ACCEPTED, ROLE_HEAD | ROLE_MANAGER, "d",
     false, OFFICE_HEAD, "w1"},
    {"terminate", case_decide_terminate, &given_reason, CASE_ACCEPTED, ROLE_MANAGER, "", false,
     OFFICE_MANAGER, "w1"},
    {"terminate", case_decide_terminate, &given_reason, CASE_ACCEPTED, ROLE_HEAD | ROLE_MANAGER, "",
     false, OFFICE_MANAGER, "w1"},
    {"submit", case_decide_submit, &given_declared, CASE_DRAFT, ROLE_CLERK, "d", false, OFFICE_CLERK,
     "w1"},
    {"submit", case_decide_submit, &given_declared, CASE_DRAFT, ROLE_APPLICANT, "", false,
     OFFICE_NONE, ""},
    {"withdraw", case_decide_withdraw, &given_withdrawal, CASE_RECEIVED, ROLE_APPLICANT, "", false,
     OFFICE_NONE, ""},
    {"supplied", case_decide_supplied, &given_supplied, CASE_SUPPLEMENT, ROLE_APPLICANT, "", false,
     OFFICE_NONE, ""},
    {"deem", case_decide_deem, &given_only, CASE_RECEIVED, ROLE_SYSTEM, "", false, OFFICE_SYSTEM, ""},
    {"lapse", case_decide_lapse, &given_only, CASE_SUPPLEMENT, ROLE_SYSTEM, "", false, OFFICE_SYSTEM,
     ""},
    {"gap_lapse", case_decide_gap_lapse, &given_only, CASE_ACCEPTED, ROLE_SYSTEM, "", false,
     OFFICE_SYSTEM, ""},
    {"redate", case_decide_redate, &given_only, CASE_ACCEPTED, ROLE_SYSTEM, "", false, OFFICE_SYSTEM,
     ""},
};

static void each_acts_in_an_office(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        desk_open(&desk, rows[i].state);
        desk.actor.roles = rows[i].roles;
        desk.actor.department = text_of(rows[i].department);
        if (!rows[i].window[0])
            desk.actor.place = TEXT("");
        desk.facts.grants.count = rows[i].letter;
        desk.grant.powers = POWER_RECEIVE | POWER_REVIEW | POWER_DECIDE;
        if (rows[i].decide == case_decide_gap_close)
            desk.materials[1].state = MATERIAL_DEFERRED;
        desk.facts.file.gap_open = rows[i].decide != case_decide_deliver;
        if (rows[i].roles == ROLE_SYSTEM)
            desk_due_in(&desk, 0);
        enum refusal refusal =
            rows[i].decide(&desk.facts, rows[i].input, &desk.context, &desk.decision);
        if (refusal != OK)
            fail_msg("row %zu, %s: %s", i, rows[i].name, refusal_text(refusal)->name);
        const struct emitted *event = &desk.decision.events[0];
        expect_office(event, rows[i].name, rows[i].office, rows[i].window);
        bool under = *(const int64_t *)member(event, "delegation_id") != 0;
        assert_int_equal(under, rows[i].office == OFFICE_VERIFIER);
        arena_free(desk.arena);
    }
}

/* Who has no place of work is not given one; and what a step sets off says the same as the step. */
static void the_place_is_the_accounts_own(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, CASE_ISSUED);
    desk.facts.file.gap_open = false;
    desk.actor.place = TEXT("");
    assert_int_equal(
        case_decide_deliver(&desk.facts, &given_handing, &desk.context, &desk.decision), OK);
    expect_office(&desk.decision.events[0], "deliver", OFFICE_CLERK, "");
    arena_free(desk.arena);

    desk_open(&desk, CASE_DRAFT);
    assert_int_equal(
        case_decide_submit(&desk.facts, &given_declared, &desk.context, &desk.decision), OK);
    size_t received = 0;
    for (size_t i = 0; i < desk.decision.count; i++)
        if (desk.decision.events[i].kind == &case_received_event) {
            expect_office(&desk.decision.events[i], "receive at the window", OFFICE_CLERK, "w1");
            received++;
        }
    assert_int_equal(received, 1);
    arena_free(desk.arena);
}

/* The papers of the law have a number of their own; no other step makes one. */
static const struct {
    const char *name;
    decide *decide;
    const void *input;
    int64_t state, second_material, supplements, suspensions;
    const char *number;
} papers[] = {
    {"accept", case_decide_accept, &given_promise, CASE_RECEIVED, MATERIAL_CHECKED, 0, 0, "n-受-1"},
    {"accept", case_decide_accept, &given_promise, CASE_RECEIVED, MATERIAL_DEFERRED, 1, 0, "n-受-1"},
    {"deem", case_decide_deem, &given_only, CASE_RECEIVED, MATERIAL_CHECKED, 0, 0, ""},
    {"not_accept", case_decide_not_accept, &given_reason, CASE_RECEIVED, MATERIAL_CHECKED, 1, 0,
     "n-不受-1"},
    {"supplement", case_decide_supplement, &given_asking, CASE_RECEIVED, MATERIAL_NONE, 0, 0,
     "n-补-1"},
    {"grant", case_decide_decide, &given_granting, CASE_REVIEWED, MATERIAL_CHECKED, 1, 3, "n-许-1"},
    {"refuse", case_decide_decide, &given_refusing, CASE_REVIEWED, MATERIAL_CHECKED, 0, 0,
     "n-不许-1"},
    {"extend", case_decide_extend, &given_extension, CASE_ACCEPTED, MATERIAL_CHECKED, 1, 2, "n-延-1"},
    {"suspend", case_decide_suspend, &given_hearing, CASE_ACCEPTED, MATERIAL_CHECKED, 1, 0, "n-特-1"},
    {"suspend", case_decide_suspend, &given_hearing, CASE_REVIEWED, MATERIAL_CHECKED, 0, 2, "n-特-3"},
    {"return", case_decide_return, &given_reason, CASE_REVIEWED, MATERIAL_CHECKED, 0, 0, ""},
    {"terminate", case_decide_terminate, &given_reason, CASE_ACCEPTED, MATERIAL_CHECKED, 0, 0,
     "n-终-1"},
};

static void the_papers_of_the_law_are_numbered(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof papers / sizeof *papers; i++) {
        struct desk desk;
        desk_open(&desk, papers[i].state);
        desk.materials[1].state = papers[i].second_material;
        desk.facts.file.supplements = papers[i].supplements;
        desk.facts.file.suspensions = papers[i].suspensions;
        if (papers[i].decide == case_decide_deem)
            desk_due_in(&desk, 0);
        enum refusal refusal =
            papers[i].decide(&desk.facts, papers[i].input, &desk.context, &desk.decision);
        if (refusal != OK)
            fail_msg("row %zu, %s: %s", i, papers[i].name, refusal_text(refusal)->name);
        struct text number =
            *(const struct text *)member(&desk.decision.events[0], "document_no");
        if (!text_is(number, papers[i].number))
            fail_msg("%s: “%.*s”", papers[i].name, TEXT_ARG(number));
        arena_free(desk.arena);
    }
}

/* An entry from before any of this reads as one that says nothing of it, and what is not said is not
 * written: its bytes, and so its hash, stay what they were. */
static void older_entries_stay_as_they_were(void **state)
{
    static const char old[] = "{\"days\":5,\"promised_date\":\"2014-05-20\"}";
    struct arena *arena = arena_new(1 << 12);
    struct extended body = {0};
    struct fault why = {0};
    struct buf out = {.arena = arena};
    (void)state;
    assert_true(shape_read_json(case_extended_event.shape, text_of(old), arena, &body, &why));
    assert_int_equal(body.by.role, OFFICE_NONE);
    assert_int_equal(body.by.window.len + body.document_no.len, 0);
    shape_to_json(case_extended_event.shape, &body, SHAPE_PUBLIC, &out);
    assert_true(text_is(buf_done(&out), old));
    for (size_t i = 0; case_events[i]; i++)
        assert_int_equal(case_events[i]->version, 1);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_says_its_office),
        cmocka_unit_test(each_acts_in_an_office),
        cmocka_unit_test(the_place_is_the_accounts_own),
        cmocka_unit_test(the_papers_of_the_law_are_numbered),
        cmocka_unit_test(older_entries_stay_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
