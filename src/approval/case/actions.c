/* What can be done with a case as it stands: the buttons of its page, the desk's next step. It offers
 * what the decisions would let pass, as far as state, person and file tell; they have the last word. */
#include "approval/case/view.h"

struct fitting {
    int64_t state;
    const struct command *command;
    /* On whose desk the case lies for this, where it is what comes next; 0: not what comes next. */
    int64_t desk;
    /* A post's work that a letter may also empower to: not offered to who has neither. Where it takes
     * a letter anyway it is always offered, and says what is lacking. */
    int64_t power;
};
#define DECIDERS (ROLE_VERIFIER | ROLE_HEAD)
#define ALL_REVIEW (ROLE_REVIEWER | DECIDERS)
static const struct fitting fitting[] = {
    {CASE_SUBMITTED, &case_receive_command, ROLE_CLERK, POWER_RECEIVE},
    {CASE_SUBMITTED, &case_not_accept_command, 0, POWER_RECEIVE},
    {CASE_SUBMITTED, &case_terminate_command, 0, 0},
    {CASE_RECEIVED, &case_check_command, ROLE_CLERK, POWER_RECEIVE},
    {CASE_RECEIVED, &case_accept_command, 0, POWER_RECEIVE},
    {CASE_RECEIVED, &case_supplement_command, 0, POWER_RECEIVE},
    {CASE_RECEIVED, &case_not_accept_command, 0, POWER_RECEIVE},
    {CASE_RECEIVED, &case_terminate_command, 0, 0},
    {CASE_SUPPLEMENT, &case_terminate_command, 0, 0},
    {CASE_ACCEPTED, &case_review_command, ROLE_REVIEWER, POWER_REVIEW},
    {CASE_ACCEPTED, &case_suspend_command, 0, POWER_REVIEW},
    {CASE_ACCEPTED, &case_extend_command, 0, 0},
    {CASE_ACCEPTED, &case_forward_command, 0, 0},
    {CASE_ACCEPTED, &case_terminate_command, 0, 0},
    {CASE_REVIEWED, &case_decide_command, DECIDERS, 0},
    {CASE_REVIEWED, &case_return_command, 0, 0},
    {CASE_REVIEWED, &case_suspend_command, 0, POWER_REVIEW},
    {CASE_REVIEWED, &case_extend_command, 0, 0},
    {CASE_REVIEWED, &case_forward_command, 0, 0},
    {CASE_REVIEWED, &case_terminate_command, 0, 0},
    {CASE_SUSPENDED, &case_resume_command, ALL_REVIEW, POWER_REVIEW},
    {CASE_SUSPENDED, &case_terminate_command, 0, 0},
    {CASE_FORWARDED, &case_answered_command, ALL_REVIEW, POWER_REVIEW},
    {CASE_FORWARDED, &case_terminate_command, 0, 0},
    {CASE_GRANTED, &case_issue_command, ROLE_CLERK, POWER_SEAL},
    {CASE_ISSUED, &case_deliver_command, ROLE_CLERK, 0},
};
static const size_t fitting_count = sizeof fitting / sizeof *fitting;

/* Where the page of a command about a case is. */
static struct text page_of(const struct command *command, int64_t case_id, struct arena *arena)
{
    struct text path = text_of(command->path);
    size_t verb = path.len;
    while (verb > 0 && path.at[verb - 1] != '/')
        verb--;
    return text_format(arena, "/staff/cases/%lld/%s", (long long)case_id, path.at + verb);
}

/* What may be done once only has been done, or only somebody else may do it: nothing to press. */
static bool used_up(const struct command *command, const struct case_file *file,
                    const struct actor *actor)
{
    if (command == &case_supplement_command)
        return file->supplements > 0;
    if (command == &case_extend_command)
        return file->extended_days > 0;
    return command == &case_decide_command && text_equal(file->reviewer, actor->name);
}

/* asked: what is known of who looks, but for the power. */
static bool offered(const struct fitting *fit, struct case_asked asked)
{
    struct lacking lacking;
    int64_t letter;
    if (fit->state != asked.file->state || !(fit->command->roles & asked.actor->roles) ||
        used_up(fit->command, asked.file, asked.actor))
        return false;
    asked.power = (enum power)fit->power;
    return !fit->power || case_may(&asked, &letter, &lacking);
}

/* Whether the command is what is expected next. Checking papers and accepting lie on one desk: once
 * nothing is left to be checked, the latter comes next. */
static bool comes_next(const struct fitting *fit, int64_t roles, bool in_order)
{
    if (in_order && fit->command == &case_check_command)
        return false;
    if (in_order && fit->command == &case_accept_command)
        return (ROLE_CLERK & roles) != 0;
    return (fit->desk & roles) != 0;
}

struct list case_actions(const struct case_asked *asked, bool gap_waits, bool in_order,
                         struct arena *arena)
{
    const struct case_file *file = asked->file;
    const struct actor *actor = asked->actor;
    struct action_view *actions = arena_array(arena, fitting_count + 1, sizeof *actions);
    struct list out = {actions, 0};
    bool centre = !actor->department.len && (actor->roles & ROLE_MANAGER);
    if (!centre && !text_equal(actor->department, file->department))
        return out;
    for (size_t i = 0; i < fitting_count; i++) {
        const struct command *command = fitting[i].command;
        if (offered(&fitting[i], *asked))
            actions[out.count++] = (struct action_view){
                text_of(command->name), text_of(command->title),
                page_of(command, file->case_id, arena),
                comes_next(&fitting[i], actor->roles, in_order)};
    }
    /* A deferred paper may come in any state from acceptance until the certificate is handed over. */
    const struct command *close = &case_gap_close_command;
    if (gap_waits && file->state >= CASE_ACCEPTED && file->state <= CASE_ISSUED &&
        (close->roles & actor->roles))
        actions[out.count++] =
            (struct action_view){text_of(close->name), text_of(close->title),
                                 page_of(close, file->case_id, arena), false};
    return out;
}

bool case_waits_for(int64_t state, int64_t roles)
{
    for (size_t i = 0; i < fitting_count; i++)
        if (fitting[i].state == state && (fitting[i].desk & roles))
            return true;
    return false;
}

const char *case_next_step(int64_t state)
{
    for (size_t i = 0; i < fitting_count; i++)
        if (fitting[i].state == state && fitting[i].desk)
            return fitting[i].command->title;
    return state == CASE_SUPPLEMENT ? "等待申请人补正" : "";
}

struct text case_next_path(const struct case_file *file, int64_t roles, struct arena *arena)
{
    for (size_t i = 0; i < fitting_count; i++)
        if (fitting[i].state == file->state && (fitting[i].desk & roles))
            return page_of(fitting[i].command, file->case_id, arena);
    return TEXT("");
}
