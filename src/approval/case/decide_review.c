/* From acceptance to delivery. Pure: facts, command and context in, events or a refusal out. */
#include "approval/case/parts.h"

static struct text subject_of(const struct case_facts *facts, const struct context *context)
{
    return case_subject(facts->file.case_id, context->arena);
}

/* Open to the actor and in that state; the way back is the case's page. */
static enum refusal ready(const struct case_facts *facts, const struct context *context,
                          int64_t state, struct decision *out)
{
    enum refusal refusal = case_open_to(facts, context, out);
    if (refusal == OK)
        out->location = case_location(facts, context);
    return refusal == OK ? case_in_state(facts, state, out) : refusal;
}

/* As `ready`, and whoever acts has that power. */
static enum refusal empowered(const struct case_facts *facts, const struct context *context,
                              int64_t state, enum power power, struct done_by *by,
                              struct decision *out)
{
    enum refusal refusal = ready(facts, context, state, out);
    return refusal == OK ? case_authority(facts, context, power, 0, by, out) : refusal;
}

DECIDE(case_decide_review)
{
    const struct case_facts *known = facts;
    const struct case_review *said = input;
    struct done_by by;
    enum refusal refusal =
        empowered(known, context, CASE_ACCEPTED, POWER_REVIEW, &by, out);
    if (refusal != OK)
        return refusal;
    struct reviewed *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct reviewed){said->recommendation, said->opinion, by};
    decision_emit(out, &case_reviewed_event, subject_of(known, context), body);
    return OK;
}

DECIDE(case_decide_return)
{
    const struct case_facts *known = facts;
    const struct case_reason *said = input;
    struct done_by by;
    enum refusal refusal =
        empowered(known, context, CASE_REVIEWED, POWER_DECIDE, &by, out);
    if (refusal != OK)
        return refusal;
    struct reasoned *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct reasoned){
        .reason = said->reason, .basis = said->basis, .by = by};
    decision_emit(out, &case_returned_event, subject_of(known, context), body);
    return OK;
}

/* 一审一核: whoever reviewed may not verify; a refusal says why and what can be done about it
 * (law 38). */
DECIDE(case_decide_decide)
{
    const struct case_facts *known = facts;
    const struct case_decide *said = input;
    bool grant = said->outcome == DECISION_GRANT;
    struct done_by by;
    enum refusal refusal = ready(known, context, CASE_REVIEWED, out);
    if (refusal == OK && text_equal(known->file.reviewer, context->actor->name))
        refusal = decision_refuse(out, REFUSED_SAME_PERSON, "", NULL);
    if (refusal == OK)
        refusal = case_authority(known, context, POWER_DECIDE, 0, &by, out);
    if (refusal == OK && !grant && text_chars(said->reason) < REASON_LEAST)
        refusal = decision_refuse(out, REFUSED_REASON, "reason",
                                  "不予许可须写明理由，不少于10个字（行政许可法第三十八条）。");
    if (refusal != OK)
        return refusal;
    const struct item *item =
        catalogue_item(context, known->file.item_code, known->file.item_version);
    struct decided *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct decided){.reason = said->reason,
                             .basis = said->basis,
                             .remedy = item && !grant
                                           ? item_remedy(item, time_date(context->now_ms))
                                           : TEXT(""),
                             .by = by,
                             .document_no = case_document_no(
                                 &known->file, grant ? PAPER_GRANT : PAPER_REFUSAL, out->arena)};
    refusal = case_days_used(known, context, &body->used_days, out);
    if (refusal != OK)
        return refusal;
    if (item && item->statutory_unit == DAYS_WORKING) {
        body->statutory_days = item->statutory_days;
        body->saved_days = item->statutory_days - body->used_days;
    }
    decision_emit(out, grant ? &case_granted_event : &case_refused_event,
                  subject_of(known, context), body);
    /* That of deferred papers goes on: the certificate waits for them. */
    refusal = case_deadline_close(known, DEADLINE_OF_PROMISE, false, context, out);
    if (refusal == OK)
        refusal = case_deadline_close(known, DEADLINE_OF_LAW, false, context, out);
    if (refusal != OK || !grant)
        return refusal;
    struct due due;
    int64_t days = item && item->deliver_days
                       ? item->deliver_days
                       : catalogue_days(catalogue_of(context), SETTING_DELIVER_DAYS);
    refusal = case_deadline_start(context, known, DEADLINE_OF_DELIVERY,
                                  DEADLINE_DELIVER, time_date(context->now_ms),
                                  limit_working(working_days(days)), &due, out);
    if (refusal == OK)
        body->due_at = due.at;
    return refusal;
}

/* Special procedures are not counted, and the applicant is told how long they take (law 45). */
DECIDE(case_decide_suspend)
{
    const struct case_facts *known = facts;
    const struct case_suspend *said = input;
    struct done_by by;
    int64_t state = known->file.state == CASE_REVIEWED ? CASE_REVIEWED : CASE_ACCEPTED;
    enum refusal refusal = empowered(known, context, state, POWER_REVIEW, &by, out);
    if (refusal != OK)
        return refusal;
    /* enum special_kind and the legal reasons of a pause are the list of article 45, in its order. */
    struct pause pause = {.reason = said->kind,
                          .from_date = time_date(context->now_ms),
                          .planned_days = said->planned_days,
                          .paper = said->paper};
    struct suspended *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct suspended){
        said->kind,   said->paper, said->planned_days,
        said->reason, state,       by,
        case_document_no(&known->file, PAPER_SPECIAL, out->arena)};
    decision_emit(out, &case_suspended_event, subject_of(known, context), body);
    return case_clock_pause(known, context, &pause, out);
}

DECIDE(case_decide_resume)
{
    const struct case_facts *known = facts;
    const struct case_resume *said = input;
    struct due promised, statutory;
    struct done_by by;
    enum refusal refusal =
        empowered(known, context, CASE_SUSPENDED, POWER_REVIEW, &by, out);
    if (refusal != OK)
        return refusal;
    struct resumed *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct resumed){.result = said->result,
                             .state = known->file.state_before,
                             .by = by};
    decision_emit(out, &case_resumed_event, subject_of(known, context), body);
    refusal = case_clock_resume(known, context, &promised, &statutory, out);
    body->promised_date = promised.date;
    body->statutory_date = statutory.date;
    body->due_at = case_next_due(&promised, &statutory);
    return refusal;
}

/* Once, before the end, by at most 10 working days or what the region sets, with the reason told to
 * the applicant (law 42). */
DECIDE(case_decide_extend)
{
    const struct case_facts *known = facts;
    const struct case_extend *said = input;
    struct due promised, statutory;
    struct done_by by;
    int64_t state = known->file.state == CASE_REVIEWED ? CASE_REVIEWED : CASE_ACCEPTED;
    enum refusal refusal = ready(known, context, state, out);
    if (refusal == OK)
        refusal = case_authority(known, context, POWER_EXTEND, said->days, &by, out);
    if (refusal == OK && known->file.extended_days)
        refusal = decision_refuse(out, REFUSED_ONCE, "", "期限只能延长一次（行政许可法第四十二条）。");
    int64_t most = catalogue_days(catalogue_of(context), SETTING_EXTENSION_DAYS);
    if (refusal == OK && said->days > most)
        refusal = decision_refuse(
            out, REFUSED_LIMIT, "days",
            text_format(out->arena, "最多延长%lld个工作日（行政许可法第四十二条）。", (long long)most)
                .at);
    if (refusal != OK)
        return refusal;
    struct extended *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct extended){
        .days = said->days,
        .reason = said->reason,
        .by = by,
        .document_no = case_document_no(&known->file, PAPER_EXTENSION, out->arena)};
    decision_emit(out, &case_extended_event, subject_of(known, context), body);
    /* The deadline's own events are public: they name the notice, not the reason. */
    struct text paper = text_format(out->arena, "延期告知（%.*s）", TEXT_ARG(known->file.case_no));
    refusal = case_clock_extend(known, context, said->days, paper, &promised, &statutory, out);
    body->promised_date = promised.date;
    body->statutory_date = statutory.date;
    body->due_at = case_next_due(&promised, &statutory);
    return refusal;
}

DECIDE(case_decide_forward)
{
    const struct case_facts *known = facts;
    const struct case_forward *said = input;
    struct done_by by;
    int64_t state = known->file.state == CASE_REVIEWED ? CASE_REVIEWED : CASE_ACCEPTED;
    enum refusal refusal = empowered(known, context, state, POWER_SIGN, &by, out);
    if (refusal != OK)
        return refusal;
    struct pause pause = {.reason = PAUSE_FORWARDED_UP,
                          .from_date = time_date(context->now_ms),
                          .paper = said->paper};
    struct forwarded *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct forwarded){said->to, said->paper, by};
    decision_emit(out, &case_forwarded_event, subject_of(known, context), body);
    return case_clock_pause(known, context, &pause, out);
}

DECIDE(case_decide_answered)
{
    const struct case_facts *known = facts;
    const struct case_return *said = input;
    struct due promised, statutory;
    struct done_by by;
    enum refusal refusal =
        empowered(known, context, CASE_FORWARDED, POWER_REVIEW, &by, out);
    if (refusal != OK)
        return refusal;
    struct answered_above *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct answered_above){
        .opinion = said->opinion, .paper = said->paper, .by = by};
    decision_emit(out, &case_answered_event, subject_of(known, context), body);
    refusal = case_clock_resume(known, context, &promised, &statutory, out);
    body->promised_date = promised.date;
    body->statutory_date = statutory.date;
    body->due_at = case_next_due(&promised, &statutory);
    return refusal;
}

DECIDE(case_decide_issue)
{
    const struct case_facts *known = facts;
    const struct case_issue *said = input;
    struct done_by by;
    enum refusal refusal = empowered(known, context, CASE_GRANTED, POWER_SEAL, &by, out);
    if (refusal == OK && said->valid_to && said->valid_to < time_date(context->now_ms))
        refusal = decision_refuse(out, REFUSED_OUT_OF_RANGE, "valid_to", "有效期不能早于今天。");
    if (refusal != OK)
        return refusal;
    struct issued *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct issued){said->certificate_no, said->valid_to, by};
    decision_emit(out, &case_issued_event, subject_of(known, context), body);
    return OK;
}

DECIDE(case_decide_deliver)
{
    const struct case_facts *known = facts;
    const struct case_deliver *said = input;
    enum refusal refusal = ready(known, context, CASE_ISSUED, out);
    if (refusal == OK && known->file.gap_open)
        refusal = decision_refuse(out, REFUSED_MATERIAL, "", "容缺材料尚未补齐，不能送达证照。");
    if (refusal == OK && said->method == DELIVERY_POST && !said->tracking.len)
        refusal = decision_refuse(out, REFUSED_MISSING, "tracking", "邮寄送达请填写邮件单号。");
    if (refusal != OK)
        return refusal;
    struct delivered *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct delivered){said->method, said->recipient, said->tracking,
                               case_done_by(context, known->file.department, ROLE_CLERK)};
    decision_emit(out, &case_delivered_event, subject_of(known, context), body);
    return case_deadline_close(known, NULL, false, context, out);
}

DECIDE(case_decide_terminate)
{
    const struct case_facts *known = facts;
    const struct case_reason *said = input;
    enum refusal refusal = case_open_to(known, context, out);
    if (refusal == OK &&
        (known->file.state < CASE_SUBMITTED || known->file.state > CASE_FORWARDED))
        refusal = decision_refuse(out, REFUSED_STATE, "", "该办件未提交、已作出决定或已结束，不能终止。");
    if (refusal != OK)
        return refusal;
    const struct item *item =
        catalogue_item(context, known->file.item_code, known->file.item_version);
    struct reasoned *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct reasoned){
        .reason = said->reason,
        .basis = said->basis,
        .remedy = item ? item_remedy(item, time_date(context->now_ms)) : TEXT(""),
        .by = case_done_by(context, known->file.department, ROLE_HEAD | ROLE_MANAGER),
        .document_no = case_document_no(&known->file, PAPER_TERMINATION, out->arena)};
    decision_emit(out, &case_terminated_event, subject_of(known, context), body);
    out->location = case_location(known, context);
    return case_deadline_close(known, NULL, true, context, out);
}

/* Deferred papers (容缺). */
DECIDE(case_decide_gap_close)
{
    const struct case_facts *known = facts;
    const struct case_gap_close *said = input;
    const struct case_material *materials = known->materials.items;
    enum refusal refusal = case_open_to(known, context, out);
    bool there = false, others = false;
    if (refusal != OK)
        return refusal;
    for (size_t i = 0; i < known->materials.count; i++) {
        bool this = text_equal(materials[i].code, said->code);
        bool waits = case_gap_waits(&known->file, &materials[i]);
        there |= this && waits;
        others |= !this && waits;
    }
    if (!there || known->file.state < CASE_ACCEPTED || known->file.state > CASE_ISSUED)
        return decision_refuse(out, REFUSED_STATE, "code", "该材料不在待补的容缺材料中。");
    struct gap_closed *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct gap_closed){said->code, !others,
                                case_done_by(context, known->file.department, ROLE_CLERK)};
    decision_emit(out, &case_gap_closed_event, subject_of(known, context), body);
    out->location = case_location(known, context);
    if (others)
        return OK;
    bool lapsed = case_deadline_open(known, DEADLINE_GRACE, context);
    refusal = case_deadline_close(known, lapsed ? DEADLINE_GRACE : DEADLINE_GAP, false, context, out);
    if (refusal != OK || !lapsed || case_state_decided(known->file.state))
        return refusal;
    struct due promised, statutory;
    struct resumed *resumed = arena_alloc(out->arena, sizeof *resumed);
    resumed->result = TEXT("容缺材料已补齐");
    resumed->state = known->file.state;
    resumed->by = body->by;
    decision_emit(out, &case_resumed_event, subject_of(known, context), resumed);
    refusal = case_clock_resume(known, context, &promised, &statutory, out);
    resumed->promised_date = promised.date;
    resumed->statutory_date = statutory.date;
    resumed->due_at = case_next_due(&promised, &statutory);
    return refusal;
}

/* The paper stayed away: first the clock stands still and the applicant is told, after the days of
 * grace the application goes back (退件). */
DECIDE(case_decide_gap_lapse)
{
    const struct case_facts *known = facts;
    enum refusal refusal = case_open_to(known, context, out);
    bool final = case_deadline_passed(known, DEADLINE_GRACE, context);
    (void)input;
    if (refusal == OK && (!known->file.gap_open || known->file.state < CASE_ACCEPTED ||
                          known->file.state > CASE_ISSUED))
        refusal = decision_refuse(out, REFUSED_STATE, "", NULL);
    if (refusal == OK && !final && !case_deadline_passed(known, DEADLINE_GAP, context))
        refusal = decision_refuse(out, REFUSED_NOT_YET, "", NULL);
    if (refusal != OK)
        return refusal;
    struct gap_lapsed *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct gap_lapsed){final ? TEXT("容缺材料逾期未补，退件") : TEXT("容缺材料逾期未补，中止计时"),
                                final, case_done_by(context, known->file.department, 0)};
    decision_emit(out, &case_gap_lapsed_event, subject_of(known, context), body);
    if (final)
        return case_deadline_close(known, NULL, true, context, out);
    struct due due;
    int64_t today = time_date(context->now_ms);
    int64_t grace = catalogue_days(catalogue_of(context), SETTING_DEFERRED_GRACE_DAYS);
    refusal = case_deadline_close(known, DEADLINE_GAP, false, context, out);
    if (refusal == OK)
        refusal = case_deadline_start(context, known, DEADLINE_GRACE, DEADLINE_CUSTOM, today,
                                      limit_working(working_days(grace)), &due, out);
    if (refusal != OK || case_state_decided(known->file.state) ||
        known->file.state == CASE_SUSPENDED || known->file.state == CASE_FORWARDED)
        return refusal;
    struct pause pause = {.reason = PAUSE_SUPPLEMENT,
                          .from_date = today,
                          .planned_days = grace,
                          .paper = TEXT("容缺逾期告知")};
    return case_clock_pause(known, context, &pause, out);
}
