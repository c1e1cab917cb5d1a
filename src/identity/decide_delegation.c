/* Signed delegations and absences: what a letter allows, who gives and takes one. Pure. */
#include "identity/parts.h"

static bool grant_names(const struct grant *grant, struct text item)
{
    const struct text *items = grant->items.items;
    for (size_t i = 0; i < grant->items.count; i++)
        if (text_equal(items[i], item))
            return true;
    return grant->all_items;
}

/* The substitute stands in for somebody who is away, and for nobody else. */
static bool away_on(const struct list *absences, int64_t date)
{
    const struct absence *all = absences->items;
    for (size_t i = 0; i < absences->count; i++)
        if (!all[i].ended_at && all[i].first_date <= date && date <= all[i].last_date)
            return true;
    return false;
}

static bool over(int64_t measure, int64_t limit)
{
    return limit && measure > limit;
}

static enum grant_lack grant_lacks(const struct grant *grant, const struct grant_question *question)
{
    int64_t date = question->date;
    if (!text_equal(grant->department, question->department))
        return LACK_LETTER;
    if (grant->revoked_at)
        return LACK_REVOKED;
    if (date < grant->valid_from_date || (grant->valid_to_date && date > grant->valid_to_date))
        return LACK_DAY;
    if (grant->as_substitute && !away_on(&grant->absences, date))
        return LACK_ABSENCE;
    if (!grant_names(grant, question->item))
        return LACK_ITEM;
    if (!(grant->powers & question->power))
        return LACK_POWER;
    if (grant->amount_limit_fen && question->amount_fen == MEASURE_UNSTATED)
        return LACK_AMOUNT_SAID;
    if (over(question->amount_fen, grant->amount_limit_fen))
        return LACK_AMOUNT;
    if (grant->area_limit_m2 && question->area_m2 == MEASURE_UNSTATED)
        return LACK_AREA_SAID;
    if (over(question->area_m2, grant->area_limit_m2))
        return LACK_AREA;
    return over(question->extend_days, grant->extend_limit_days) ? LACK_DAYS : LACK_NOTHING;
}

const struct grant *grant_allowing(const struct list *grants, const struct grant_question *question,
                                   struct lacking *lacking)
{
    const struct grant *all = grants->items;
    *lacking = (struct lacking){LACK_LETTER, NULL};
    for (size_t i = 0; i < grants->count; i++) {
        enum grant_lack lack = grant_lacks(&all[i], question);
        if (lack > lacking->what)
            *lacking = (struct lacking){lack, &all[i]};
        if (lack == LACK_NOTHING)
            return &all[i];
    }
    return NULL;
}

/* A head speaks for the own department only; the security administrator enters what a head has
 * signed. */
static bool speaks_for(const struct actor *actor, struct text department)
{
    return actor->roles & (ROLE_SECURITY | ROLE_IMPORTER) ||
           (actor->roles & ROLE_HEAD && text_equal(actor->department, department));
}

static enum refusal check_items(const struct delegation_facts *known, struct decision *out)
{
    if (known->item_unknown.len)
        return decision_refuse(out, REFUSED_REFERENCE, "items",
                               text_format(out->arena, "没有代码为“%.*s”的事项，请核对授权书。",
                                           TEXT_ARG(known->item_unknown))
                                   .at);
    if (known->item_foreign.len)
        return decision_refuse(out, REFUSED_DEPARTMENT, "items",
                               text_format(out->arena,
                                           "事项“%.*s”不是该部门的事项，不能由该部门授权。",
                                           TEXT_ARG(known->item_foreign))
                                   .at);
    return OK;
}

/* A letter is power handed on by somebody else (domain rules 2: 授权书, signed by the department's
 * head). The head needs none, who does all of it by office (approval/case/README.md), and gives
 * none to the own person, neither as principal nor as substitute; nor does who only enters the
 * letter. */
static bool takes_for_itself(const struct actor *actor, const struct delegation_grant *wanted)
{
    return actor->account &&
           (actor->account == wanted->account_id || actor->account == wanted->substitute_account);
}

static enum refusal check_grant(const struct delegation_facts *known,
                                const struct delegation_grant *wanted, struct decision *out)
{
    if (!known->account_found || known->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_REFERENCE, "account_id", "没有这个启用的账号。");
    if (!text_equal(known->account.department, wanted->department))
        return decision_refuse(out, REFUSED_DEPARTMENT, "account_id", "被授权人不属于该部门。");
    if (power_set_bits(&wanted->powers) == 0)
        return decision_refuse(out, REFUSED_MISSING, "powers", "请至少选择一项权限。");
    if (wanted->all_items && wanted->items.count)
        return decision_refuse(out, REFUSED_CONFLICT, "items", "已选全部事项时不要再逐项填写。");
    if (!wanted->all_items && wanted->items.count == 0)
        return decision_refuse(out, REFUSED_MISSING, "items", "请填写事项代码，或选择全部事项。");
    enum refusal refusal = check_items(known, out);
    if (refusal != OK)
        return refusal;
    if (wanted->valid_to_date && wanted->valid_to_date < wanted->valid_from_date)
        return decision_refuse(out, REFUSED_CONFLICT, "valid_to_date", "截止日期早于生效日期。");
    if (wanted->substitute_account == wanted->account_id)
        return decision_refuse(out, REFUSED_CONFLICT, "substitute_account", "A岗与B岗须为两人。");
    if (wanted->substitute_account &&
        (!known->substitute_found || known->substitute.state != ACCOUNT_OPEN ||
         !text_equal(known->substitute.department, wanted->department)))
        return decision_refuse(out, REFUSED_REFERENCE, "substitute_account",
                               "B岗须为本部门启用的账号。");
    return OK;
}

enum refusal decide_delegation_grant(const void *facts, const void *input,
                                     const struct context *context, struct decision *out)
{
    const struct delegation_grant *wanted = input;
    if (!speaks_for(context->actor, wanted->department))
        return decision_refuse(out, REFUSED_DEPARTMENT, "department", "只能为本部门授权。");
    if (takes_for_itself(context->actor, wanted))
        return decision_refuse(
            out, REFUSED_ROLE,
            context->actor->account == wanted->account_id ? "account_id" : "substitute_account",
            "不能给自己授权：授权书须由他人签署。部门负责人依职务办理，不需要授权书。");
    enum refusal refusal = check_grant(facts, wanted, out);
    if (refusal)
        return refusal;
    struct delegation_granted *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct delegation_granted){context->next_index, *wanted};
    decision_emit(out, &delegation_granted_kind, subject_account(context, wanted->account_id),
                  body);
    out->location = TEXT("/staff/delegations");
    return OK;
}

enum refusal decide_delegation_revoke(const void *facts, const void *input,
                                      const struct context *context, struct decision *out)
{
    const struct delegation_facts *known = facts;
    const struct delegation_revoke *wanted = input;
    if (!known->grant_found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (!speaks_for(context->actor, known->grant.department))
        return decision_refuse(out, REFUSED_DEPARTMENT, "", "只能撤销本部门的授权。");
    if (known->grant.revoked_at)
        return decision_refuse(out, REFUSED_ONCE, "", "该授权已经撤销。");
    struct delegation_revoked *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct delegation_revoked){wanted->delegation_id, wanted->reason};
    decision_emit(out, &delegation_revoked_kind, subject_account(context, known->grant.account_id),
                  body);
    out->location = TEXT("/staff/delegations");
    return OK;
}

/* Oneself, or whoever may give and take delegations there. */
static bool records_absence_of(const struct actor *actor, const struct account *account)
{
    return actor->account == account->account_id || speaks_for(actor, account->department);
}

/* Not backwards: what a substitute did without an absence would become right afterwards. */
static enum refusal check_absence(const struct absence_facts *known,
                                  const struct absence_record *wanted,
                                  const struct context *context, struct decision *out)
{
    const struct absence *others = known->standing.items;
    if (wanted->last_date < wanted->first_date)
        return decision_refuse(out, REFUSED_CONFLICT, "last_date", "最后一天早于第一天。");
    if (wanted->first_date < time_date(context->now_ms))
        return decision_refuse(out, REFUSED_TOO_LATE, "first_date", "离岗不能从今天以前算起。");
    if (wanted->last_date - wanted->first_date >= ABSENCE_MOST_DAYS)
        return decision_refuse(out, REFUSED_LIMIT, "last_date", "一次最多登记366天。");
    for (size_t i = 0; i < known->standing.count; i++)
        if (wanted->first_date <= others[i].last_date && others[i].first_date <= wanted->last_date)
            return decision_refuse(out, REFUSED_CONFLICT, "first_date",
                                   "与已登记的离岗日期重叠，请先结束原来的登记。");
    return OK;
}

enum refusal decide_absence_record(const void *facts, const void *input,
                                   const struct context *context, struct decision *out)
{
    const struct absence_facts *known = facts;
    const struct absence_record *wanted = input;
    if (!known->account_found || known->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_REFERENCE, "account_id", "没有这个启用的账号。");
    if (!records_absence_of(context->actor, &known->account))
        return decision_refuse(out, REFUSED_DEPARTMENT, "account_id",
                               "只能登记本人的离岗，部门负责人可登记本部门人员的离岗。");
    enum refusal refusal = check_absence(known, wanted, context, out);
    if (refusal)
        return refusal;
    struct absence_recorded *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct absence_recorded){context->next_index, known->account.account_id,
                                      wanted->first_date, wanted->last_date, wanted->reason};
    decision_emit(out, &absence_recorded_kind, subject_account(context, body->account_id), body);
    out->location = TEXT("/staff/absences");
    return OK;
}

enum refusal decide_absence_end(const void *facts, const void *input, const struct context *context,
                                struct decision *out)
{
    const struct absence_facts *known = facts;
    const struct absence_end *wanted = input;
    if (!known->absence_found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (!records_absence_of(context->actor, &known->account))
        return decision_refuse(out, REFUSED_DEPARTMENT, "", "只能结束本人或本部门人员的离岗。");
    if (known->absence.ended_at)
        return decision_refuse(out, REFUSED_ONCE, "", "该离岗已经结束。");
    if (known->absence.last_date < time_date(context->now_ms))
        return decision_refuse(out, REFUSED_TOO_LATE, "", "离岗的最后一天已过，不需要再结束。");
    struct absence_ended *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct absence_ended){wanted->absence_id, known->absence.account_id};
    decision_emit(out, &absence_ended_kind, subject_account(context, body->account_id), body);
    out->location = TEXT("/staff/absences");
    return OK;
}
