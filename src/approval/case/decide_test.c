/* Decisions about a case as tables: every command in every state, and every rule with what breaks it.
 * Facts are written by hand. */
#include "approval/case/desk_testing.h"
#include "approval/case/inputs_testing.h"

/* One letter a state, from draft to terminated: + allowed, . refused because of the state. */
static const struct {
    const char *name;
    enum refusal (*decide)(const void *facts, const void *input, const struct context *context,
                           struct decision *out);
    const void *input;
    const char *states;
    int64_t second_material; /* state of m2 */
} matrix[] = {
    {"applicant", case_decide_applicant, &given_applicant, "+..............", MATERIAL_CHECKED},
    {"who", case_decide_who, &given_who, "+..............", MATERIAL_CHECKED},
    {"contact", case_decide_contact, &given_contact, "+..............", MATERIAL_CHECKED},
    {"way", case_decide_way, &given_way, "+..............", MATERIAL_CHECKED},
    {"matter", case_decide_matter, &given_matter, "+..............", MATERIAL_CHECKED},
    {"provide", case_decide_provide, &given_paper, "+..+...........", MATERIAL_CHECKED},
    {"submit", case_decide_submit, &given_declared, "+..............", MATERIAL_CHECKED},
    {"withdraw", case_decide_withdraw, &given_withdrawal, "++++++++.......", MATERIAL_CHECKED},
    {"supplied", case_decide_supplied, &given_supplied, "...+...........", MATERIAL_CHECKED},
    {"receive", case_decide_receive, &given_only, ".+.............", MATERIAL_CHECKED},
    {"check", case_decide_check, &given_check, "..+............", MATERIAL_CHECKED},
    {"accept", case_decide_accept, &given_promise, "..+............", MATERIAL_DEFERRED},
    {"not_accept", case_decide_not_accept, &given_reason, ".++............", MATERIAL_CHECKED},
    {"supplement", case_decide_supplement, &given_asking, "..+............", MATERIAL_NONE},
    {"deem", case_decide_deem, &given_only, ".++............", MATERIAL_NONE},
    {"lapse", case_decide_lapse, &given_only, "...+...........", MATERIAL_NONE},
    {"review", case_decide_review, &given_review, "....+..........", MATERIAL_CHECKED},
    {"return", case_decide_return, &given_reason, ".....+.........", MATERIAL_CHECKED},
    {"decide", case_decide_decide, &given_granting, ".....+.........", MATERIAL_CHECKED},
    {"suspend", case_decide_suspend, &given_hearing, "....++.........", MATERIAL_CHECKED},
    {"resume", case_decide_resume, &given_result, "......+........", MATERIAL_CHECKED},
    {"extend", case_decide_extend, &given_extension, "....++.........", MATERIAL_CHECKED},
    {"forward", case_decide_forward, &given_upward, "....++.........", MATERIAL_CHECKED},
    {"answered", case_decide_answered, &given_answer, ".......+.......", MATERIAL_CHECKED},
    {"issue", case_decide_issue, &given_certificate, "........+......", MATERIAL_CHECKED},
    {"deliver", case_decide_deliver, &given_handing, ".........+.....", MATERIAL_CHECKED},
    {"terminate", case_decide_terminate, &given_reason, ".+++++++.......", MATERIAL_CHECKED},
    {"gap_close", case_decide_gap_close, &given_closing, "....++++++.....", MATERIAL_DEFERRED},
    {"gap_lapse", case_decide_gap_lapse, &given_only, "....++++++.....", MATERIAL_DEFERRED},
};

static void every_command_in_every_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof matrix / sizeof *matrix; i++) {
        assert_int_equal(strlen(matrix[i].states), CASE_TERMINATED);
        for (int64_t now = CASE_DRAFT; now <= CASE_TERMINATED; now++) {
            struct desk desk;
            desk_open(&desk, now);
            desk.materials[1].state = matrix[i].second_material;
            if (matrix[i].decide == case_decide_deem || matrix[i].decide == case_decide_lapse)
                desk_due_in(&desk, 0);
            desk.facts.file.gap_open = now != CASE_ISSUED || matrix[i].decide != case_decide_deliver;
            enum refusal refusal = matrix[i].decide(&desk.facts, matrix[i].input, &desk.context,
                                                    &desk.decision);
            bool allowed = matrix[i].states[now - 1] == '+';
            if ((refusal == OK) != allowed)
                fail_msg("%s in state %s: %s", matrix[i].name, case_state_words[now].name,
                         refusal_text(refusal)->name);
            if (allowed) {
                assert_true(desk.decision.count > 0);
            } else {
                bool by_state = refusal == REFUSED_STATE || refusal == REFUSED_STALE ||
                                refusal == REFUSED_TOO_LATE;
                if (!by_state)
                    fail_msg("%s in state %s: refused for another reason, %s", matrix[i].name,
                             case_state_words[now].name, refusal_text(refusal)->name);
            }
            arena_free(desk.arena);
        }
    }
}

/* Staff are told of a draft at the web what they are told of a case that is not there, withdrawn or
 * not; one at the window is theirs. */
static void a_draft_at_the_web_is_not_there(void **state)
{
    bool by_id = false; /* the rows that ask for the key come first */
    (void)state;
    for (size_t i = 0; i < sizeof matrix / sizeof *matrix; i++) {
        by_id |= matrix[i].decide == case_decide_receive;
        for (int row = 0; row < 6; row++) {
            struct desk desk;
            desk_open(&desk, row % 3 == 1 ? CASE_WITHDRAWN : CASE_DRAFT);
            desk.facts.file.channel = row % 3 == 2 ? CHANNEL_WINDOW : CHANNEL_WEB;
            desk.facts.file.submitted_at = 0;
            desk.actor.roles = row < 3 ? desk.actor.roles : ROLE_SYSTEM;
            enum refusal refusal = matrix[i].decide(&desk.facts, matrix[i].input, &desk.context,
                                                    &desk.decision);
            bool hidden = by_id && row < 2;
            if ((refusal == REFUSED_NOT_FOUND) != hidden)
                fail_msg("%s, row %d: %s", matrix[i].name, row, refusal_text(refusal)->name);
            arena_free(desk.arena);
        }
    }
}

/* What may still be said before the last moment, and not from it on, even if the house has not acted
 * on it: silence was acceptance (行政许可法 32), papers that did not come are a withdrawal. */
static void after_the_last_moment(void **state)
{
    static const struct {
        const char *name;
        enum refusal (*decide)(const void *facts, const void *input, const struct context *context,
                               struct decision *out);
        const void *input;
        int64_t state;
        enum material_state second;
    } rows[] = {
        {"accept", case_decide_accept, &given_promise, CASE_RECEIVED, MATERIAL_DEFERRED},
        {"not_accept", case_decide_not_accept, &given_reason, CASE_SUBMITTED, MATERIAL_CHECKED},
        {"not_accept", case_decide_not_accept, &given_reason, CASE_RECEIVED, MATERIAL_CHECKED},
        {"supplement", case_decide_supplement, &given_asking, CASE_RECEIVED, MATERIAL_NONE},
        {"supplied", case_decide_supplied, &given_supplied, CASE_SUPPLEMENT, MATERIAL_CHECKED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int64_t left = -1; left <= 1; left++) {
            struct desk desk;
            desk_open(&desk, rows[i].state);
            desk.materials[1].state = rows[i].second;
            desk_due_in(&desk, left);
            enum refusal refusal =
                rows[i].decide(&desk.facts, rows[i].input, &desk.context, &desk.decision);
            if (refusal != (left > 0 ? OK : REFUSED_TOO_LATE))
                fail_msg("%s, %d ms left: %s", rows[i].name, (int)left, refusal_text(refusal)->name);
            arena_free(desk.arena);
        }
}

/* A page says a part; the event says the whole, the other parts as they were. */
static void a_page_keeps_the_other_parts(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, CASE_DRAFT);
    assert_int_equal(case_decide_way(&desk.facts, &given_way, &desk.context, &desk.decision), OK);
    const struct applicant_set *said = desk.decision.events[0].body;
    assert_int_equal(said->delivery_method, DELIVERY_POST);
    assert_true(text_is(said->applicant_name, "张三") && text_is(said->phone, "13800000000"));
    assert_int_equal(case_decide_contact(&desk.facts, &given_contact, &desk.context, &desk.decision),
                     OK);
    said = desk.decision.events[1].body;
    assert_int_equal(said->delivery_method, DELIVERY_WINDOW);
    assert_true(text_is(said->applicant_name, "张三") && text_is(said->phone, "13900000000"));
    arena_free(desk.arena);
}

/* Each part that is asked for on a page of its own must be there before handing in. */
static void nothing_missing_is_handed_in(void **state)
{
    static const char *const fields[] = {"applicant_name", "phone", "delivery_method", "matter",
                                         "address"};
    (void)state;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct desk desk;
        desk_open(&desk, CASE_DRAFT);
        struct case_file *file = &desk.facts.file;
        if (i == 0)
            file->applicant_name = TEXT("");
        else if (i == 1)
            file->phone = TEXT("");
        else if (i == 2)
            file->delivery_method = 0;
        else if (i == 3)
            file->matter = TEXT("");
        else {
            file->delivery_method = DELIVERY_POST;
            file->address = TEXT("");
        }
        assert_int_equal(case_decide_submit(&desk.facts, &given_declared, &desk.context,
                                            &desk.decision),
                         REFUSED_MISSING);
        assert_int_equal(desk.decision.problems.count, 1);
        assert_true(text_is(desk.decision.problems.items[0].field, fields[i]));
        arena_free(desk.arena);
    }
}

/* Each row breaks one rule of the verifying decision. */
static void break_none(struct desk *desk)
{
    (void)desk;
}
static void break_same(struct desk *desk)
{
    desk->facts.file.reviewer = desk->actor.name;
}
static void break_no_letter(struct desk *desk)
{
    desk->facts.grants.count = 0;
}
static void break_expired(struct desk *desk)
{
    desk->grant.valid_to_date = d("2014-05-05");
}
static void break_last_day(struct desk *desk)
{
    desk->grant.valid_to_date = d("2014-05-06");
}
static void break_not_begun(struct desk *desk)
{
    desk->grant.valid_from_date = d("2014-05-07");
}
static void break_power(struct desk *desk)
{
    desk->grant.powers = POWER_REVIEW;
}
static struct text other_item[] = {{"y", 1}}, own_item[] = {{"x", 1}};
static void break_items(struct desk *desk)
{
    desk->grant.all_items = false;
    desk->grant.items = (struct list){other_item, 1};
}
static void break_own_item(struct desk *desk)
{
    desk->grant.all_items = false;
    desk->grant.items = (struct list){own_item, 1};
}
static void break_letter_of_other_department(struct desk *desk)
{
    desk->grant.department = TEXT("e");
}
static void break_substitute(struct desk *desk)
{
    desk->grant.as_substitute = true;
}
static void break_substitute_of_absent(struct desk *desk)
{
    static struct absence absence;
    absence = (struct absence){3, 4, d("2014-05-06"), d("2014-05-06"), 0};
    desk->grant.as_substitute = true;
    desk->grant.absences = (struct list){&absence, 1};
}
static void break_revoked(struct desk *desk)
{
    desk->grant.revoked_at = 1;
}
static void break_no_department(struct desk *desk)
{
    desk->actor.department = TEXT("");
}

static void break_department(struct desk *desk)
{
    desk->actor.department = TEXT("e");
}
static void break_head_without_letter(struct desk *desk)
{
    desk->actor.roles = ROLE_HEAD;
    desk->facts.grants.count = 0;
}
static void break_missing(struct desk *desk)
{
    desk->facts.found = false;
}

static void the_verifying_decision(void **state)
{
    static const struct {
        const char *name;
        void (*change)(struct desk *desk);
        enum refusal want;
    } rows[] = {
        {"all in order", break_none, OK},
        {"reviewed by the same person", break_same, REFUSED_SAME_PERSON},
        {"no letter", break_no_letter, REFUSED_GRANT},
        {"letter ended yesterday", break_expired, REFUSED_GRANT},
        {"letter ends today", break_last_day, OK},
        {"letter begins tomorrow", break_not_begun, REFUSED_GRANT},
        {"letter without that power", break_power, REFUSED_GRANT},
        {"letter for other items", break_items, REFUSED_GRANT},
        {"letter for this item", break_own_item, OK},
        {"letter of another department", break_letter_of_other_department, REFUSED_GRANT},
        {"as the substitute of somebody who is there", break_substitute, REFUSED_GRANT},
        {"as the substitute of somebody who is away", break_substitute_of_absent, OK},
        {"letter revoked", break_revoked, REFUSED_GRANT},
        {"another department's person", break_department, REFUSED_DEPARTMENT},
        {"a person of no department", break_no_department, REFUSED_DEPARTMENT},
        {"the head, by office", break_head_without_letter, OK},
        {"no such case", break_missing, REFUSED_NOT_FOUND},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        desk_open(&desk, CASE_REVIEWED);
        desk.actor.roles = ROLE_VERIFIER;
        rows[i].change(&desk);
        enum refusal refusal =
            case_decide_decide(&desk.facts, &given_granting, &desk.context, &desk.decision);
        if (refusal != rows[i].want)
            fail_msg("%s: %s", rows[i].name, refusal_text(refusal)->name);
        arena_free(desk.arena);
    }
}

static void refusing_needs_a_reason(void **state)
{
    static const struct {
        const char *reason;
        enum refusal want;
    } rows[] = {
        {"", REFUSED_REASON},
        {"九个字的理由不够的", REFUSED_REASON},
        {"十个字的理由刚刚够用", OK},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct case_decide refusing = {7, DECISION_REFUSE, text_of(rows[i].reason), TEXT("")};
        desk_open(&desk, CASE_REVIEWED);
        assert_int_equal(
            case_decide_decide(&desk.facts, &refusing, &desk.context, &desk.decision),
            rows[i].want);
        arena_free(desk.arena);
    }
}

/* What acceptance does to the clocks: the day is not counted, a deferred paper gets its own. */
static void acceptance_starts_the_clocks(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, CASE_RECEIVED);
    desk.materials[1].state = MATERIAL_DEFERRED;
    assert_int_equal(case_decide_accept(&desk.facts, &given_promise, &desk.context, &desk.decision),
                     OK);
    const struct accepted *accepted = desk.decision.events[0].body;
    assert_ptr_equal(desk.decision.events[0].kind, &case_accepted_event);
    assert_true(accepted->gap);
    assert_int_equal(accepted->promised_date, d("2014-05-20"));
    assert_int_equal(accepted->statutory_date, d("2014-06-03"));
    assert_true(accepted->due_at > 0);
    /* closed: the answer; set: promise, law, gap */
    size_t set = 0, closed = 0;
    for (size_t i = 1; i < desk.decision.count; i++) {
        set += desk.decision.events[i].kind == &deadline_set_event;
        closed += desk.decision.events[i].kind == &deadline_closed_event;
    }
    assert_int_equal(set, 3);
    assert_int_equal(closed, 1);
    arena_free(desk.arena);
}

static void what_acceptance_needs(void **state)
{
    static const struct {
        int64_t first, second;
        const char *promise;
        enum refusal want;
    } rows[] = {
        {MATERIAL_CHECKED, MATERIAL_CHECKED, "", OK},
        {MATERIAL_CHECKED, MATERIAL_DEFERRED, "三日内补交", OK},
        {MATERIAL_CHECKED, MATERIAL_DEFERRED, "", REFUSED_MATERIAL},
        {MATERIAL_CHECKED, MATERIAL_FILE, "", REFUSED_MATERIAL},
        {MATERIAL_PAPER, MATERIAL_CHECKED, "", REFUSED_MATERIAL},
        {MATERIAL_WRONG, MATERIAL_CHECKED, "", REFUSED_MATERIAL},
        {MATERIAL_NONE, MATERIAL_NONE, "", REFUSED_MATERIAL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct case_accept accept = {7, text_of(rows[i].promise)};
        desk_open(&desk, CASE_RECEIVED);
            desk.materials[0].state = rows[i].first;
        desk.materials[1].state = rows[i].second;
        assert_int_equal(case_decide_accept(&desk.facts, &accept, &desk.context, &desk.decision),
                         rows[i].want);
        arena_free(desk.arena);
    }
}

/* A deferred paper that has come waits until the window has looked at it: confirming another one does
 * not stand for it. m1 and m2: state, whether supplied since acceptance. */
static void which_papers_close_the_gap(void **state)
{
    static const struct {
        int64_t first, second;
        bool first_since, second_since;
        const char *code;
        enum refusal want;
        bool all;
    } rows[] = {
        {MATERIAL_CHECKED, MATERIAL_DEFERRED, false, false, "m2", OK, true},
        {MATERIAL_CHECKED, MATERIAL_FILE, false, true, "m2", OK, true},
        {MATERIAL_CHECKED, MATERIAL_PAPER, false, true, "m2", OK, true},
        {MATERIAL_DEFERRED, MATERIAL_DEFERRED, false, false, "m2", OK, false},
        {MATERIAL_FILE, MATERIAL_DEFERRED, true, false, "m2", OK, false},
        {MATERIAL_FILE, MATERIAL_FILE, true, true, "m1", OK, false},
        /* An optional file from before acceptance is no deferred paper. */
        {MATERIAL_FILE, MATERIAL_DEFERRED, false, false, "m2", OK, true},
        {MATERIAL_FILE, MATERIAL_DEFERRED, false, false, "m1", REFUSED_STATE, false},
        {MATERIAL_CHECKED, MATERIAL_DEFERRED, false, false, "m1", REFUSED_STATE, false},
        {MATERIAL_NONE, MATERIAL_DEFERRED, false, false, "m1", REFUSED_STATE, false},
        {MATERIAL_CHECKED, MATERIAL_DEFERRED, false, false, "m9", REFUSED_STATE, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct case_gap_close close = {7, text_of(rows[i].code)};
        desk_open(&desk, CASE_ACCEPTED);
        desk.materials[0].state = rows[i].first;
        desk.materials[1].state = rows[i].second;
        desk.materials[0].supplied_at = desk.facts.file.accepted_at + (rows[i].first_since ? 1 : -1);
        desk.materials[1].supplied_at = desk.facts.file.accepted_at + (rows[i].second_since ? 1 : -1);
        assert_int_equal(case_decide_gap_close(&desk.facts, &close, &desk.context, &desk.decision),
                         rows[i].want);
        if (rows[i].want == OK) {
            const struct gap_closed *closed = desk.decision.events[0].body;
            assert_int_equal(closed->all, rows[i].all);
        }
        arena_free(desk.arena);
    }
}

static void extensions(void **state)
{
    static const struct {
        int64_t days, before;
        enum refusal want;
    } rows[] = {{1, 0, OK}, {10, 0, OK}, {11, 0, REFUSED_LIMIT}, {1, 1, REFUSED_ONCE}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct case_extend extend = {7, rows[i].days, TEXT("理由充分的十个字以上的说明")};
        desk_open(&desk, CASE_ACCEPTED);
        desk.facts.file.extended_days = rows[i].before;
        assert_int_equal(case_decide_extend(&desk.facts, &extend, &desk.context, &desk.decision),
                         rows[i].want);
        arena_free(desk.arena);
    }
    /* Before the end only. */
    struct desk desk;
    desk_open(&desk, CASE_ACCEPTED);
    desk.context.now_ms = time_at(d("2014-06-20"), 10 * HOUR_MS);
    assert_int_equal(case_decide_extend(&desk.facts, &given_extension, &desk.context, &desk.decision),
                     REFUSED_TOO_LATE);
    arena_free(desk.arena);
}

static void drafts(void **state)
{
    static const struct {
        bool can_accept, online, clerk;
        int64_t kind;
        const char *item;
        enum refusal want;
    } rows[] = {
        {true, true, false, CASE_PROMISED, "x", OK},
        {true, false, false, CASE_PROMISED, "x", REFUSED_ITEM},
        {true, false, true, CASE_PROMISED, "x", OK},
        {false, true, true, CASE_PROMISED, "x", REFUSED_ITEM},
        {true, true, false, CASE_JOINT, "x", REFUSED_ITEM},
        {true, true, false, CASE_PROMISED, "z", REFUSED_NOT_FOUND},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct case_draft draft = {.item_code = text_of(rows[i].item)};
        desk_open(&desk, CASE_NONE);
        desk.facts = (struct case_facts){.next_serial = 12};
        desk.context.next_index = 88;
        desk.actor.roles = rows[i].clerk ? ROLE_CLERK : ROLE_APPLICANT;
        desk.version.item.can_accept = rows[i].can_accept;
        desk.version.item.online = rows[i].online;
        desk.version.item.case_kind = rows[i].kind;
        enum refusal refusal =
            case_decide_draft(&desk.facts, &draft, &desk.context, &desk.decision);
        assert_int_equal(refusal, rows[i].want);
        if (refusal == OK) {
            const struct drafted *drafted = desk.decision.events[0].body;
            assert_true(text_is(desk.decision.events[0].subject, "case:88"));
            assert_true(text_is(drafted->case_no, "330482-2014-d-000012"));
            assert_int_equal(drafted->query_code.len, 12);
            assert_int_equal(drafted->channel, rows[i].clerk ? CHANNEL_WINDOW : CHANNEL_WEB);
            assert_int_equal(drafted->materials.count, 2);
        }
        arena_free(desk.arena);
    }
}

/* Every kind that law 45 leaves out of the limit stops the clock, under its own name. */
static void every_special_procedure(void **state)
{
    (void)state;
    for (int64_t kind = SPECIAL_HEARING; kind <= SPECIAL_EXPERTS; kind++) {
        struct desk desk;
        struct case_suspend asked = given_hearing;
        asked.kind = kind;
        desk_open(&desk, CASE_ACCEPTED);
        assert_int_equal(
            case_decide_suspend(&desk.facts, &asked, &desk.context, &desk.decision), OK);
        const struct suspended *body = NULL;
        size_t paused = 0;
        for (size_t i = 0; i < desk.decision.count; i++) {
            const struct emitted *event = &desk.decision.events[i];
            if (event->kind == &case_suspended_event)
                body = event->body;
            paused += text_is(text_of(event->kind->name), "deadline.paused");
        }
        assert_non_null(body);
        assert_int_equal(body->kind, kind);
        assert_int_equal(paused, 2); /* the promised limit and the law's */
        assert_non_null(special_kind_words[kind].label);
        arena_free(desk.arena);
    }
    assert_null(special_kind_words[SPECIAL_EXPERTS + 1].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_special_procedure),
        cmocka_unit_test(every_command_in_every_state),
        cmocka_unit_test(a_draft_at_the_web_is_not_there),
        cmocka_unit_test(after_the_last_moment),
        cmocka_unit_test(a_page_keeps_the_other_parts),
        cmocka_unit_test(nothing_missing_is_handed_in),
        cmocka_unit_test(the_verifying_decision),
        cmocka_unit_test(refusing_needs_a_reason),
        cmocka_unit_test(acceptance_starts_the_clocks),
        cmocka_unit_test(what_acceptance_needs),
        cmocka_unit_test(which_papers_close_the_gap),
        cmocka_unit_test(extensions),
        cmocka_unit_test(drafts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
