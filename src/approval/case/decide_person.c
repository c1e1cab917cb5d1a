/* Decisions about the person behind a case, not about the matter. Pure. */
#include "approval/case/parts.h"

/* Another's case is looked at for a reason, which the applicant reads. It moves nothing of the case. */
DECIDE(case_decide_look_reason)
{
    const struct case_facts *known = facts;
    const struct case_look_reason *said = input;
    if (!known->found || case_kept_back(&known->file))
        return decision_refuse(out, REFUSED_NOT_FOUND, "case_id", NULL);
    if (case_duty(context->actor, &known->file))
        return decision_refuse(out, REFUSED_STATE, "", "本件由您所在部门办理，查看不用填写事由。");
    trace_reason(out, case_subject(known->file.case_id, out->arena), said->reason);
    out->location = case_location(known, context);
    return OK;
}

/* Years of 366 days: never too short. */
static bool kept_long_enough(const struct case_file *file, const struct context *context)
{
    int64_t years = catalogue_number(catalogue_of(context), SETTING_RETENTION_YEARS);
    return context->now_ms - file->closed_at >= years * 366 * DAY_MS;
}

/* 个人信息保护法 47: what is private is forgotten when its time is over, or before on one of the law's
 * grounds. What happened to the case stays, and everything that proves it. */
DECIDE(case_decide_erase)
{
    const struct case_facts *known = facts;
    const struct case_erase *said = input;
    struct text subject = case_subject(known->file.case_id, out->arena);
    if (!known->found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "case_id", NULL);
    if (known->file.erased_at)
        return decision_refuse(out, REFUSED_ONCE, "case_id", "个人信息已经删除。");
    if (said->ground == ERASE_EXPIRED && !known->file.closed_at)
        return decision_refuse(out, REFUSED_STATE, "case_id", "办件尚未办结。");
    if (said->ground == ERASE_EXPIRED && !kept_long_enough(&known->file, context))
        return decision_refuse(out, REFUSED_NOT_YET, "case_id", "保存期限尚未届满。");
    struct person_erased *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct person_erased){said->ground};
    decision_emit(out, &person_erased_event, subject, body);
    clock_forget(out, subject);
    files_forget(out, subject);
    trace_forget(out, subject);
    return OK;
}
