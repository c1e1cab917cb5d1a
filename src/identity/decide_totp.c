/* The second step of signing in: set up by its owner, taken away by somebody else. Pure. */
#include "identity/parts.h"

enum refusal decide_totp_begin(const void *facts, const void *input, const struct context *context,
                               struct decision *out)
{
    const struct totp_facts *known = facts;
    const struct totp_begin *wanted = input;
    if (known->totp.confirmed_at)
        return decision_refuse(out, REFUSED_STATE, "",
                               "两步登录已经启用。更换手机请先由安全管理员重设。");
    if (!known->of.found || !wanted->verified)
        return decision_refuse(out, REFUSED_PASSWORD, "current", "当前密码不对。");
    if (!text_equal(known->of.password_hash, wanted->hash_seen))
        return decision_refuse(out, REFUSED_STALE, "", NULL);
    /* Another was the first to seal anything here, under a key of its own. */
    if (wanted->sealed.len == 0 ||
        (known->house_key.len && !text_equal(known->house_key, wanted->house_key)))
        return decision_refuse(out, REFUSED_STALE, "", "没有办成，请再试一次。");
    struct totp_begun *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct totp_begun){context->actor->account, wanted->sealed, wanted->house_key};
    decision_emit(out, &totp_begun_kind, subject_account(context, body->account_id), body);
    out->location = TEXT(TOTP_PATH);
    return OK;
}

enum refusal decide_totp_confirm(const void *facts, const void *input,
                                 const struct context *context, struct decision *out)
{
    const struct totp_facts *known = facts;
    const struct totp_confirm *wanted = input;
    if (!known->totp.found)
        return decision_refuse(out, REFUSED_STATE, "", "请先开始启用。");
    if (known->totp.confirmed_at)
        return decision_refuse(out, REFUSED_ONCE, "", "两步登录已经启用。");
    if (!text_equal(known->totp.sealed, wanted->sealed))
        return decision_refuse(out, REFUSED_STALE, "", NULL);
    if (!wanted->step)
        return decision_refuse(
            out, REFUSED_CODE, "code",
            "验证码不对。请输入验证器此刻显示的6位数字，并核对手机时间是否准确。");
    struct totp_confirmed *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct totp_confirmed){context->actor->account, wanted->step, wanted->recovery};
    decision_emit(out, &totp_confirmed_kind, subject_account(context, body->account_id), body);
    out->location = TEXT(TOTP_PATH);
    return OK;
}

/* Whoever could take the own second step away would make one step of two for a thief of the
 * session. */
enum refusal decide_totp_reset(const void *facts, const void *input, const struct context *context,
                               struct decision *out)
{
    const struct totp_facts *known = facts;
    const struct totp_reset *wanted = input;
    if (!known->of.found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (wanted->account_id == context->actor->account)
        return decision_refuse(out, REFUSED_SAME_PERSON, "",
                               "不能重设自己的两步登录。请由另一名安全管理员办理，或在服务器上用 "
                               "yimen user second 办理。");
    if (!known->totp.found)
        return decision_refuse(out, REFUSED_STATE, "", "该账号没有启用两步登录。");
    struct totp_was_reset *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct totp_was_reset){wanted->account_id, wanted->reason};
    decision_emit(out, &totp_reset_kind, subject_account(context, wanted->account_id), body);
    answer_account(out, context, wanted->account_id);
    return OK;
}
