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
