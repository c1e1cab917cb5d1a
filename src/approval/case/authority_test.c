/* Who may do what in a case, as tables: by post, by office, under a letter; and every bound of a letter
 * held against what the applicant stated. Facts are written by hand. */
#include "approval/case/desk_testing.h"
#include "approval/case/inputs_testing.h"

/* Every step that a letter may empower to, and whose post it is besides. */
static const struct {
    const char *name;
    enum refusal (*decide)(const void *facts, const void *input, const struct context *context,
                           struct decision *out);
    const void *input;
    const struct command *command;
    int64_t state;
    enum power power;
    int64_t post; /* 0: nobody's, it takes a letter or the head's office */
    enum material_state second;
} steps[] = {
    {"receive", case_decide_receive, &given_only, &case_receive_command, CASE_SUBMITTED, POWER_RECEIVE,
     ROLE_CLERK, MATERIAL_CHECKED},
    {"check", case_decide_check, &given_check, &case_check_command, CASE_RECEIVED, POWER_RECEIVE,
     ROLE_CLERK, MATERIAL_CHECKED},
    {"accept", case_decide_accept, &given_promise, &case_accept_command, CASE_RECEIVED, POWER_RECEIVE,
     ROLE_CLERK, MATERIAL_CHECKED},
    {"not_accept", case_decide_not_accept, &given_reason, &case_not_accept_command, CASE_RECEIVED,
     POWER_RECEIVE, ROLE_CLERK, MATERIAL_CHECKED},
    {"supplement", case_decide_supplement, &given_asking, &case_supplement_command, CASE_RECEIVED,
     POWER_RECEIVE, ROLE_CLERK, MATERIAL_NONE},
    {"review", case_decide_review, &given_review, &case_review_command, CASE_ACCEPTED, POWER_REVIEW,
     ROLE_REVIEWER, MATERIAL_CHECKED},
    {"suspend", case_decide_suspend, &given_hearing, &case_suspend_command, CASE_ACCEPTED, POWER_REVIEW,
     ROLE_REVIEWER, MATERIAL_CHECKED},
    {"resume", case_decide_resume, &given_result, &case_resume_command, CASE_SUSPENDED, POWER_REVIEW,
     ROLE_REVIEWER, MATERIAL_CHECKED},
    {"answered", case_decide_answered, &given_answer, &case_answered_command, CASE_FORWARDED,
     POWER_REVIEW, ROLE_REVIEWER, MATERIAL_CHECKED},
    {"grant", case_decide_decide, &given_granting, &case_decide_command, CASE_REVIEWED, POWER_DECIDE,
     0, MATERIAL_CHECKED},
    {"refuse", case_decide_decide, &given_refusing, &case_decide_command, CASE_REVIEWED, POWER_DECIDE,
     0, MATERIAL_CHECKED},
    {"return", case_decide_return, &given_reason, &case_return_command, CASE_REVIEWED, POWER_DECIDE,
     0, MATERIAL_CHECKED},
    {"forward", case_decide_forward, &given_upward, &case_forward_command, CASE_REVIEWED, POWER_SIGN, 0,
     MATERIAL_CHECKED},
    {"extend", case_decide_extend, &given_extension, &case_extend_command, CASE_ACCEPTED, POWER_EXTEND,
     0, MATERIAL_CHECKED},
    {"issue", case_decide_issue, &given_certificate, &case_issue_command, CASE_GRANTED, POWER_SEAL,
     ROLE_CLERK, MATERIAL_CHECKED},
};
#define STEPS (sizeof steps / sizeof *steps)
#define ALL_POWERS                                                                                 \
    (POWER_RECEIVE | POWER_REVIEW | POWER_DECIDE | POWER_SIGN | POWER_SEAL | POWER_EXTEND)

/* A verifier with the desk's letter before a case that is ready for the step. */
static void desk_at(struct desk *desk, size_t step)
{
    desk_open(desk, steps[step].state);
    desk->materials[1].state = steps[step].second;
    desk->actor.roles = ROLE_VERIFIER;
    desk->grant.powers = steps[step].power;
}

static enum refusal take(struct desk *desk, size_t step)
{
    return steps[step].decide(&desk->facts, steps[step].input, &desk->context, &desk->decision);
}

/* What the step's own event says of it: the letter (delegation_id), the office (role). */
static int64_t named(const struct desk *desk, const char *what)
{
    const struct emitted *event = &desk->decision.events[0];
    const struct field *field = shape_field(event->kind->shape, text_of(what));
    int64_t value;
    assert_non_null(field);
    memcpy(&value, (const char *)event->body + field->offset, sizeof value);
    return value;
}

static int64_t office_of_post(int64_t post)
{
    return post == ROLE_CLERK ? OFFICE_CLERK : OFFICE_REVIEWER;
}

enum who {
    WITH_THE_POWER,
    WITH_THE_OTHERS,
    WITHOUT_LETTER,
    WITH_THE_POST,
    HEAD,
    HEAD_ELSEWHERE,
    WHO_COUNT,
};

static void become(struct desk *desk, size_t step, enum who who)
{
    desk_at(desk, step);
    if (who == WITH_THE_OTHERS)
        desk->grant.powers = ALL_POWERS & ~(int64_t)steps[step].power;
    if (who >= WITHOUT_LETTER)
        desk->facts.grants.count = 0;
    if (who == WITH_THE_POST)
        desk->actor.roles = steps[step].post;
    if (who == HEAD || who == HEAD_ELSEWHERE)
        desk->actor.roles = ROLE_HEAD;
    if (who == HEAD_ELSEWHERE)
        desk->actor.department = TEXT("e");
}

/* Each power opens its own steps and no other; a post and the head's office need no letter. */
static void each_power_has_its_steps(void **state)
{
    static const enum refusal want[WHO_COUNT] = {
        [WITH_THE_POWER] = OK, [WITH_THE_OTHERS] = REFUSED_GRANT, [WITHOUT_LETTER] = REFUSED_GRANT,
        [WITH_THE_POST] = OK,  [HEAD] = OK,                       [HEAD_ELSEWHERE] = REFUSED_DEPARTMENT,
    };
    int64_t used = 0;
    (void)state;
    for (size_t i = 0; i < STEPS; i++) {
        for (int who = 0; who < WHO_COUNT; who++) {
            struct desk desk;
            if (who == WITH_THE_POST && !steps[i].post)
                continue;
            become(&desk, i, (enum who)who);
            /* The door lets in just those who may be empowered. */
            assert_int_equal(role_refusal(steps[i].command->roles, &desk.actor), OK);
            enum refusal refusal = take(&desk, i);
            if (refusal != want[who])
                fail_msg("%s by %d: %s", steps[i].name, who, refusal_text(refusal)->name);
            if (refusal == OK) {
                assert_int_equal(named(&desk, "delegation_id"), who == WITH_THE_POWER ? 9 : 0);
                assert_int_equal(named(&desk, "role"), who == WITH_THE_POWER ? OFFICE_VERIFIER
                                                       : who == HEAD        ? OFFICE_HEAD
                                                                : office_of_post(steps[i].post));
            }
            arena_free(desk.arena);
        }
        used |= steps[i].power;
    }
    assert_int_equal(used, ALL_POWERS);
}

/* What is stated against what the letter allows, in every step taken under it: a limit binds where the
 * item is measured so, and binds what is unstated too. */
static const struct measure area_asked[] = {{MEASURE_AREA, {"宗地面积", 12}, true}},
                            amount_asked[] = {{MEASURE_AMOUNT, {"合同价", 9}, false}},
                            both_asked[] = {{MEASURE_AMOUNT, {"合同价", 9}, true},
                                            {MEASURE_AREA, {"宗地面积", 12}, false}};
static const struct {
    const struct measure *asked;
    size_t count;
    int64_t fen, m2, fen_limit, m2_limit;
    const char *said; /* NULL: allowed */
} bounds[] = {
    {area_asked, 1, 0, 99999, 0, 100000, NULL},
    {area_asked, 1, 0, 100000, 0, 100000, NULL},
    {area_asked, 1, 0, 100001, 0, 100000, "宗地面积为100001平方米，超出授权书的上限100000平方米"},
    {area_asked, 1, 0, 0, 0, 100000, "没有填写宗地面积"},
    {area_asked, 1, 0, 1000000000, 0, 0, NULL},
    {area_asked, 1, 0, 0, 0, 0, NULL},
    {area_asked, 1, 0, 100000, 1, 100000, NULL},
    {amount_asked, 1, 299999999, 0, 300000000, 0, NULL},
    {amount_asked, 1, 300000000, 0, 300000000, 0, NULL},
    {amount_asked, 1, 300000001, 0, 300000000, 0,
     "合同价为3000000.01元，超出授权书的上限3000000.00元"},
    {amount_asked, 1, 0, 0, 300000000, 0, "没有填写合同价"},
    {amount_asked, 1, 300000000, 0, 300000000, 1, NULL},
    {both_asked, 2, 300000000, 100, 300000000, 100, NULL},
    {both_asked, 2, 300000001, 100, 300000000, 100, "合同价"},
    {both_asked, 2, 300000000, 101, 300000000, 100, "宗地面积"},
    {both_asked, 2, 300000000, 0, 300000000, 100, "没有填写宗地面积"},
    {both_asked, 2, 300000000, 0, 300000000, 0, NULL},
    {NULL, 0, 0, 0, 1, 1, NULL},
};

static void measure_desk(struct desk *desk, size_t row)
{
    desk->version.item.measures =
        (struct list){(void *)(uintptr_t)bounds[row].asked, bounds[row].count};
    desk->facts.file.amount_fen = bounds[row].fen;
    desk->facts.file.area_m2 = bounds[row].m2;
    desk->grant.amount_limit_fen = bounds[row].fen_limit;
    desk->grant.area_limit_m2 = bounds[row].m2_limit;
}

static void limits_bind_every_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < STEPS; i++)
        for (size_t row = 0; row < sizeof bounds / sizeof *bounds; row++) {
            struct desk desk;
            desk_at(&desk, i);
            measure_desk(&desk, row);
            enum refusal refusal = take(&desk, i);
            if (refusal != (bounds[row].said ? REFUSED_GRANT : OK))
                fail_msg("%s, bound %zu: %s", steps[i].name, row, refusal_text(refusal)->name);
            if (bounds[row].said) {
                struct text message = desk.decision.problems.items[0].message;
                if (text_find(message, text_of(bounds[row].said)) < 0 ||
                    text_find(message, TEXT("部门负责人办理")) < 0)
                    fail_msg("%s, bound %zu: %.*s", steps[i].name, row, TEXT_ARG(message));
            }
            arena_free(desk.arena);
        }
}

/* Nor does a limit bind who needs no letter. */
static void limits_do_not_bind_office_and_post(void **state)
{
    (void)state;
    for (size_t i = 0; i < STEPS; i++)
        for (int who = WITH_THE_POST; who <= HEAD; who++) {
            struct desk desk;
            if (who == WITH_THE_POST && !steps[i].post)
                continue;
            become(&desk, i, (enum who)who);
            measure_desk(&desk, 2); /* above */
            desk.facts.grants.count = 1;
            assert_int_equal(take(&desk, i), OK);
            arena_free(desk.arena);
        }
}

/* Each thing that a letter may lack is told in its own words. */
static void lack_day(struct desk *desk) { desk->grant.valid_to_date = d("2014-05-05"); }
static void lack_presence(struct desk *desk) { desk->grant.as_substitute = true; }
static void lack_item(struct desk *desk) { desk->grant.all_items = false; }
static void lack_power(struct desk *desk) { desk->grant.powers = POWER_REVIEW; }
static void lack_letter(struct desk *desk) { desk->facts.grants.count = 0; }
static void lack_standing(struct desk *desk) { desk->grant.revoked_at = 1; }
static void lack_days(struct desk *desk) { desk->grant.extend_limit_days = 4; }

static void what_is_lacking_is_said(void **state)
{
    static const struct {
        void (*change)(struct desk *desk);
        const char *said, *field;
    } rows[] = {
        {lack_day, "授权书今天不在有效期内。请由部门负责人办理。", ""},
        {lack_presence, "B岗只能在A岗离岗登记的日期内代行", ""},
        {lack_item, "授权书不包括本事项", ""},
        {lack_power, "没有授予“延期”的权限", ""},
        {lack_letter, "没有本部门有效的授权书", ""},
        {lack_standing, "没有本部门有效的授权书", ""},
        {lack_days, "授权书只允许延长4个工作日", "days"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        desk_open(&desk, CASE_ACCEPTED);
        desk.actor.roles = ROLE_VERIFIER;
        rows[i].change(&desk);
        assert_int_equal(
            case_decide_extend(&desk.facts, &given_extension, &desk.context, &desk.decision),
            REFUSED_GRANT);
        const struct problem *problem = &desk.decision.problems.items[0];
        if (text_find(problem->message, text_of(rows[i].said)) < 0)
            fail_msg("row %zu: %.*s", i, TEXT_ARG(problem->message));
        assert_true(text_is(problem->field, rows[i].field));
        arena_free(desk.arena);
    }
}

/* What the item asks for must be stated with the matter, and nothing that it does not ask for. */
static void the_matter_states_what_is_asked(void **state)
{
    static const struct {
        const struct measure *asked;
        size_t count;
        int64_t fen, m2;
        enum refusal want;
        const char *field;
    } rows[] = {
        {NULL, 0, 0, 0, OK, NULL},
        {NULL, 0, 1, 0, REFUSED_CONFLICT, "amount_fen"},
        {NULL, 0, 0, 1, REFUSED_CONFLICT, "area_m2"},
        {area_asked, 1, 0, 36500, OK, NULL},
        {area_asked, 1, 0, 0, REFUSED_MISSING, "area_m2"},
        {area_asked, 1, 1, 36500, REFUSED_CONFLICT, "amount_fen"},
        {amount_asked, 1, 0, 0, OK, NULL},
        {amount_asked, 1, 100, 0, OK, NULL},
        {amount_asked, 1, 100, 1, REFUSED_CONFLICT, "area_m2"},
        {both_asked, 2, 100, 0, OK, NULL},
        {both_asked, 2, 0, 1, REFUSED_MISSING, "amount_fen"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int submit = 0; submit <= 1; submit++) {
            struct desk desk;
            struct case_matter said = {.matter = TEXT("事情"), .amount_fen = rows[i].fen,
                                       .area_m2 = rows[i].m2};
            struct case_submit declared = {.declared = true};
            desk_open(&desk, CASE_DRAFT);
            desk.version.item.measures =
                (struct list){(void *)(uintptr_t)rows[i].asked, rows[i].count};
            /* A draft cannot hold what was not asked for; that its rest is there is asked again. */
            if (submit && rows[i].want == REFUSED_CONFLICT) {
                arena_free(desk.arena);
                continue;
            }
            desk.facts.file.amount_fen = submit ? rows[i].fen : 0;
            desk.facts.file.area_m2 = submit ? rows[i].m2 : 0;
            enum refusal refusal =
                submit
                    ? case_decide_submit(&desk.facts, &declared, &desk.context, &desk.decision)
                    : case_decide_matter(&desk.facts, &said, &desk.context, &desk.decision);
            if (refusal != rows[i].want)
                fail_msg("row %zu, %d: %s", i, submit, refusal_text(refusal)->name);
            if (rows[i].field)
                assert_true(text_is(desk.decision.problems.items[0].field, rows[i].field));
            if (refusal == OK && !submit) {
                const struct matter_set *set = desk.decision.events[0].body;
                assert_true(set->amount_fen == rows[i].fen && set->area_m2 == rows[i].m2);
            }
            arena_free(desk.arena);
        }
}

/* An entry written before there were measures reads as one that states none. */
static void old_entries_state_nothing(void **state)
{
    struct arena *arena = arena_new(1 << 12);
    struct matter_set old = {0};
    struct reviewed reviewed = {0};
    struct fault why = {0};
    (void)state;
    assert_true(shape_read_json(case_matter_event.shape, TEXT("{\"matter\":\"事情\"}"), arena, &old,
                                &why));
    assert_true(text_is(old.matter, "事情") && !old.amount_fen && !old.area_m2);
    assert_true(shape_read_json(case_reviewed_event.shape, TEXT("{}"), arena, &reviewed, &why));
    assert_int_equal(reviewed.by.delegation_id, 0);
    /* And what is stated is nobody's to read in the public journal. */
    struct buf out = {.arena = arena};
    old.area_m2 = 36500;
    old.amount_fen = 12345678;
    shape_to_json(case_matter_event.shape, &old, SHAPE_PUBLIC, &out);
    assert_true(text_is(buf_done(&out), "{}"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_power_has_its_steps),
        cmocka_unit_test(limits_bind_every_step),
        cmocka_unit_test(limits_do_not_bind_office_and_post),
        cmocka_unit_test(what_is_lacking_is_said),
        cmocka_unit_test(the_matter_states_what_is_asked),
        cmocka_unit_test(old_entries_state_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
