/* API tokens. Pure. */
#include "identity/parts.h"

enum refusal decide_token_create(const void *facts, const void *input,
                                 const struct context *context, struct decision *out)
{
    const struct token_facts *known = facts;
    const struct token_create *wanted = input;
    if (!known->account_found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (known->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_STATE, "", "账号已停用。");
    struct token_created *body = arena_alloc(context->arena, sizeof *body);
    int64_t days = wanted->days ? wanted->days : 90;
    *body = (struct token_created){context->next_index, wanted->account_id, wanted->label,
                                   context->now_ms + days * DAY_MS, wanted->token_hash};
    decision_emit(out, &token_created_kind, subject_account(context, wanted->account_id), body);
    answer_account(out, context, wanted->account_id);
    return OK;
}

enum refusal decide_token_revoke(const void *facts, const void *input,
                                 const struct context *context, struct decision *out)
{
    const struct token_facts *known = facts;
    const struct token_revoke *wanted = input;
    if (!known->token_found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (known->revoked_at)
        return decision_refuse(out, REFUSED_ONCE, "", "该令牌已经撤销。");
    struct token_revoked *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct token_revoked){wanted->token_id};
    decision_emit(out, &token_revoked_kind, subject_account(context, known->owner), body);
    answer_account(out, context, known->owner);
    return OK;
}
