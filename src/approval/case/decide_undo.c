/* Undoing one's own last step while nothing has followed from it, inside the house or outside. Pure.
 *
 * Only what is the house's own may be undone: that a clerk took a case up, what was found of the
 * papers, what a reviewer thinks, that it was sent back to review. Whatever has been told to the
 * applicant or to another authority has effect from then on (行政许可法 32, 38, 42 to 45), and the
 * law has its own ways to put it right: `words` names them. Nothing leaves the journal: undoing is a
 * step of its own. */
#include "approval/case/parts.h"

static const struct undoable undoables[] = {
    {&case_received_event, CASE_RECEIVED, POWER_RECEIVE},
    {&case_checked_event, CASE_RECEIVED, POWER_RECEIVE},
    {&case_reviewed_event, CASE_REVIEWED, POWER_REVIEW},
    {&case_returned_event, CASE_ACCEPTED, POWER_DECIDE},
};

static const struct {
    const struct event_kind *kind;
    const struct command *command;
    const char *words;
} finals[] = {
    {&case_accepted_event, &case_accept_command,
     "受理决定作出后不能撤销。不应受理的，由部门负责人依法终止办理并说明理由；申请人也可以撤回申请。"},
    {&case_not_accepted_event, &case_not_accept_command,
     "不予受理决定作出后不能撤销。确有错误的，由本部门依法纠正；申请人可以重新申请，也可以申请行政复议。"},
    {&case_supplement_event, &case_supplement_command,
     "补正内容一次性告知申请人，发出后不能撤销（行政许可法第三十二条）。"},
    {&case_granted_event, &case_decide_command,
     "决定作出后不能撤销。文字有误的，出具更正通知；依法应当撤销许可的，按行政许可法第六十九条办理。"},
    {&case_refused_event, &case_decide_command,
     "决定作出后不能撤销。文字有误的，出具更正通知；申请人可以申请行政复议或者提起行政诉讼。"},
    {&case_suspended_event, &case_suspend_command,
     "特别程序告知申请人后不能撤销。不再需要的，登记特别程序结束，恢复计时。"},
    {&case_extended_event, &case_extend_command, "延期决定告知申请人后不能撤销，但可以提前办结。"},
    {&case_forwarded_event, &case_forward_command,
     "报上级机关后不能撤销。上级退回的，登记批复后继续办理。"},
    {&case_issued_event, &case_issue_command,
     "证照制成后不能撤销。内容有误的，收回作废，依法更正后重新制作。"},
    {&case_delivered_event, &case_deliver_command, "送达登记后不能撤销，本办件办结。"},
    {&case_terminated_event, &case_terminate_command,
     "终止办理后不能恢复。确有错误的，由本部门依法纠正；申请人可以重新申请，也可以申请行政复议。"},
};

const char *case_final_said(const struct event_kind *kind, const struct command *command)
{
    for (size_t i = 0; i < sizeof finals / sizeof *finals; i++)
        if ((kind && finals[i].kind == kind) || (command && finals[i].command == command))
            return finals[i].words;
    return "";
}

static bool recent_own(const struct case_before *before, struct text actor, int64_t now_ms)
{
    return before->last.kind && text_equal(before->last.actor, actor) &&
           now_ms - before->last.at < CASE_UNDO_MS;
}

const char *case_final_of(const struct case_before *before, struct text actor, int64_t now_ms)
{
    return recent_own(before, actor, now_ms) ? case_final_said(before->last.kind, NULL) : "";
}

const struct undoable *case_undoable(const struct case_before *before,
                                     const struct case_file *file, struct text actor,
                                     int64_t now_ms)
{
    const struct case_step *last = &before->last;
    if (!recent_own(before, actor, now_ms))
        return NULL;
    /* At the window handing in and taking up are one step. */
    if (last->kind == &case_received_event && before->previous.kind == &case_submitted_event &&
        text_equal(before->previous.actor, actor))
        return NULL;
    if (last->kind == &case_checked_event && !before->materials.count)
        return NULL; /* from before it was noted how they were */
    for (size_t i = 0; i < sizeof undoables / sizeof *undoables; i++)
        if (undoables[i].kind == last->kind && undoables[i].state == file->state)
            return &undoables[i];
    return NULL;
}

/* The papers are as the check left them: nobody has handed one in or looked again since. */
static bool as_left(const struct case_facts *facts)
{
    const struct checked *found = facts->before->found.items;
    for (size_t i = 0; i < facts->before->found.count; i++) {
        const struct case_material *material = case_material_of(facts, found[i].code);
        if (!material || material->state != found[i].state)
            return false;
    }
    return true;
}

DECIDE(case_decide_undo)
{
    const struct case_facts *known = facts;
    const struct case_undo *said = input;
    const struct case_before *before = known->before;
    struct done_by by;
    enum refusal refusal = case_open_to(known, context, out);
    if (refusal != OK)
        return refusal;
    out->location = case_location(known, context);
    const struct undoable *step =
        case_undoable(before, &known->file, context->actor->name, context->now_ms);
    const char *final = case_final_of(before, context->actor->name, context->now_ms);
    if (final[0])
        return decision_refuse(out, REFUSED_STATE, "", final);
    if (!step || before->last.index != said->index || !as_left(known))
        return decision_refuse(out, REFUSED_TOO_LATE, "",
                               "只能在10分钟内撤销自己刚才的操作；已有新的操作或者已超过时间的，不能撤销。");
    refusal = case_authority(known, context, step->power, 0, &by, out);
    if (refusal != OK)
        return refusal;
    struct undone *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct undone){
        .undone = before->last.index, .undone_kind = text_of(step->kind->name), .by = by};
    if (step->kind == &case_checked_event)
        body->before = before->materials;
    if (step->kind == &case_returned_event) {
        body->reviewer = before->reviewer;
        body->recommendation = before->recommendation;
        body->reviewed_at = before->reviewed_at;
    }
    decision_emit(out, &case_undone_event, case_subject(known->file.case_id, context->arena), body);
    return OK;
}
