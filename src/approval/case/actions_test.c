/* The buttons of a case's page against the decisions: state by state, role by role, command by command,
 * what is offered is what would be let pass. */
#include "approval/case/desk_testing.h"
#include "approval/case/inputs_testing.h"
#include "approval/case/view.h"

#define STAFF_PATH "/staff/cases/{case_id}/"

/* A good input of each command, and the state of the second material that it is for. */
static const struct good {
    const struct command *command;
    const void *input;
    int64_t second;
} goods[] = {
    {&case_receive_command, &given_only, MATERIAL_CHECKED},
    {&case_check_command, &given_check, MATERIAL_CHECKED},
    {&case_accept_command, &given_promise, MATERIAL_CHECKED},
    {&case_not_accept_command, &given_reason, MATERIAL_CHECKED},
    {&case_supplement_command, &given_asking, MATERIAL_NONE},
    {&case_review_command, &given_review, MATERIAL_CHECKED},
    {&case_return_command, &given_reason, MATERIAL_CHECKED},
    {&case_decide_command, &given_granting, MATERIAL_CHECKED},
    {&case_suspend_command, &given_hearing, MATERIAL_CHECKED},
    {&case_resume_command, &given_result, MATERIAL_CHECKED},
    {&case_extend_command, &given_extension, MATERIAL_CHECKED},
    {&case_forward_command, &given_upward, MATERIAL_CHECKED},
    {&case_answered_command, &given_answer, MATERIAL_CHECKED},
    {&case_issue_command, &given_certificate, MATERIAL_CHECKED},
    {&case_deliver_command, &given_handing, MATERIAL_CHECKED},
    {&case_terminate_command, &given_reason, MATERIAL_CHECKED},
    {&case_gap_close_command, &given_closing, MATERIAL_DEFERRED},
};

static const struct good *good_of(const struct command *command)
{
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++)
        if (goods[i].command == command)
            return &goods[i];
    return NULL;
}

static struct list actions_of(const struct desk *desk, bool gap_waits, bool in_order)
{
    struct case_asked asked = {.file = &desk->facts.file,
                               .item = &desk->version.item,
                               .actor = &desk->actor,
                               .grants = &desk->facts.grants,
                               .date = time_date(desk->context.now_ms)};
    return case_actions(&asked, gap_waits, in_order, desk->arena);
}

static bool offered(const struct desk *desk, const struct command *command)
{
    struct list list = actions_of(
        desk, case_gap_waits(&desk->facts.file, &desk->materials[1]), false);
    const struct action_view *actions = list.items;
    bool found_it = false;
    for (size_t i = 0; i < list.count; i++) {
        if (!text_is(actions[i].name, command->name))
            continue;
        struct text verb = text_of(command->path + strlen(STAFF_PATH));
        assert_true(text_starts(actions[i].path, TEXT("/staff/cases/7/")));
        assert_true(text_ends(actions[i].path, verb));
        assert_false(found_it); /* no button twice */
        found_it = true;
    }
    return found_it;
}

enum { AS_IT_IS, ASKED_BEFORE, EXTENDED_BEFORE, OWN_REVIEW, TOLD_KINDS };

static void change(struct desk *desk, int kind)
{
    struct case_file *file = &desk->facts.file;
    file->supplements = kind == ASKED_BEFORE;
    file->extended_days = kind == EXTENDED_BEFORE ? 5 : 0;
    if (kind == OWN_REVIEW)
        file->reviewer = desk->actor.name;
}

static void compare(const struct command *command, int64_t state, int64_t role,
                    const char *department, int kind, size_t *yes)
{
    struct desk desk;
    const struct good *good = good_of(command);
    if (!good) {
        fail_msg("%s: this table has no input for it", command->name);
        return;
    }
    desk_open(&desk, state);
    desk.actor.roles = role;
    desk.actor.department = text_of(department);
    desk.materials[1].state = good->second;
    desk.facts.file.gap_open = good->second == MATERIAL_DEFERRED;
    change(&desk, kind);
    bool passes = (command->roles & role) &&
                  command->decide(&desk.facts, good->input, &desk.context, &desk.decision) == OK;
    if (offered(&desk, command) != passes)
        fail_msg("%s, state %s, role %d, department \"%s\", variant %d: %s", command->name,
                 case_state_words[state].name, (int)role, department, kind,
                 passes ? "passes and is not offered" : "is offered and does not pass");
    *yes += passes;
    arena_free(desk.arena);
}

static void what_passes_is_offered(void **state)
{
    static const int64_t roles[] = {ROLE_CLERK,   ROLE_REVIEWER,   ROLE_VERIFIER,     ROLE_HEAD,
                                    ROLE_MANAGER, ROLE_SUPERVISOR, ROLE_ADMINISTRATOR,
                                    ROLE_SECURITY, ROLE_AUDITOR};
    static const char *const departments[] = {"d", "e", ""};
    size_t commands = 0, yes = 0;
    (void)state;
    for (size_t i = 0; case_commands[i]; i++) {
        const struct command *command = case_commands[i];
        /* Why somebody looks is no step of the case: its page is not among the buttons. What undoes a
         * step depends on the step and not on the case (undo_test.c). */
        if (command == &case_look_reason_command || command == &case_undo_command || !command->path ||
            !text_starts(text_of(command->path), TEXT(STAFF_PATH)))
            continue;
        size_t before = yes;
        commands++;
        for (int64_t now = CASE_DRAFT; now <= CASE_TERMINATED; now++)
            for (size_t r = 0; r < sizeof roles / sizeof *roles; r++)
                for (size_t d = 0; d < 3; d++)
                    for (int kind = AS_IT_IS; kind < TOLD_KINDS; kind++)
                        compare(command, now, roles[r], departments[d], kind, &yes);
        if (yes == before)
            fail_msg("%s is offered to nobody in no state", command->name);
    }
    assert_int_equal(commands, sizeof goods / sizeof *goods);
}

/* Somebody of the centre itself, the manager, belongs to no department and meets them all. */
static void the_centre_is_everywhere(void **state)
{
    size_t yes = 0;
    (void)state;
    for (int64_t now = CASE_DRAFT; now <= CASE_TERMINATED; now++)
        compare(&case_terminate_command, now, ROLE_MANAGER, "", AS_IT_IS, &yes);
    assert_int_equal(yes, CASE_FORWARDED - CASE_SUBMITTED + 1);
}

/* The next step is one step, and one of those offered. */
static void one_next_step(void **state)
{
    (void)state;
    for (int64_t now = CASE_DRAFT; now <= CASE_TERMINATED; now++) {
        struct desk desk;
        desk_open(&desk, now);
        desk.actor.roles = ROLE_CLERK | ROLE_REVIEWER | ROLE_VERIFIER | ROLE_HEAD;
        struct list list = actions_of(&desk, false, false);
        const struct action_view *actions = list.items;
        size_t firsts = 0;
        for (size_t i = 0; i < list.count; i++)
            if (actions[i].first) {
                assert_true(text_is(actions[i].title, case_next_step(now)));
                assert_true(text_equal(actions[i].path,
                                       case_next_path(&desk.facts.file, desk.actor.roles,
                                                      desk.arena)));
                firsts++;
            }
        assert_int_equal(firsts, case_waits_for(now, desk.actor.roles));
        arena_free(desk.arena);
    }
}

/* Whether a paper stands in the way of acceptance, beside what the decision itself says of it. */
static void papers_in_order(void **state)
{
    static const bool in_order[2][MATERIAL_DEFERRED + 1] = {
        {[MATERIAL_NONE] = true,
         [MATERIAL_FILE] = true,
         [MATERIAL_PAPER] = true,
         [MATERIAL_CHECKED] = true,
         [MATERIAL_DEFERRED] = true},
        {[MATERIAL_CHECKED] = true, [MATERIAL_DEFERRED] = true}, /* required */
    };
    (void)state;
    for (int required = 0; required < 2; required++)
        for (int64_t now = MATERIAL_NONE; now <= MATERIAL_DEFERRED; now++) {
            struct desk desk;
            desk_open(&desk, CASE_RECEIVED);
            desk.materials[1].required = required;
            desk.materials[1].state = now;
            bool passes = case_decide_accept(&desk.facts, &given_promise, &desk.context,
                                             &desk.decision) == OK;
            assert_int_equal(case_material_in_order(now, required), in_order[required][now]);
            assert_int_equal(passes, in_order[required][now]);
            arena_free(desk.arena);
        }
}

/* At the received case the papers are checked first; once all are in order, it is accepted. */
static void checked_then_accepted(void **state)
{
    (void)state;
    for (int in_order = 0; in_order < 2; in_order++) {
        struct desk desk;
        desk_open(&desk, CASE_RECEIVED);
        desk.actor.roles = ROLE_CLERK;
        struct list list = actions_of(&desk, false, in_order);
        const struct action_view *actions = list.items;
        const char *wanted = in_order ? "case.accept" : "case.check";
        size_t firsts = 0;
        bool check_stays = false;
        for (size_t i = 0; i < list.count; i++) {
            check_stays = check_stays || text_is(actions[i].name, "case.check");
            if (!actions[i].first)
                continue;
            assert_true(text_is(actions[i].name, wanted));
            firsts++;
        }
        assert_int_equal(firsts, 1);
        assert_true(check_stays);
        arena_free(desk.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_passes_is_offered),
        cmocka_unit_test(the_centre_is_everywhere),
        cmocka_unit_test(one_next_step),
        cmocka_unit_test(papers_in_order),
        cmocka_unit_test(checked_then_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
