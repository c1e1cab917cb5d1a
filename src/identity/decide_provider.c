/* Signing in by another house's word, and whose word counts for whom. Pure. */
#include "identity/provider.h"

/* What came of asking, where it was not good. */
static enum refusal refuse_end(int64_t end, struct decision *out)
{
    switch ((enum oidc_end)end) {
    case OIDC_GOOD:
        return OK;
    case OIDC_UNKNOWN:
        return decision_refuse(out, REFUSED_NOT_FOUND, "", "本系统没有这种登录方式，请用登录名和密码登录。");
    case OIDC_DENIED:
        return decision_refuse(out, REFUSED_DENIED, "", NULL);
    case OIDC_STALE:
        return decision_refuse(out, REFUSED_STALE, "",
                               "本次登录已失效：时间过长、已经用过，或不是在这个浏览器上开始的。"
                               "请重新登录。");
    case OIDC_AWAY:
        return decision_refuse(out, REFUSED_PROVIDER, "", NULL);
    case OIDC_FORGED:
        break;
    }
    return decision_refuse(out, REFUSED_PROOF, "", NULL);
}

DECIDE(decide_sign_in_with)
{
    (void)facts, (void)context;
    return refuse_end(((const struct provider_begin *)input)->end, out);
}

DECIDE(decide_sign_out_there)
{
    const struct provider_leave *wanted = input;
    (void)facts, (void)context;
    enum refusal refusal = refuse_end(wanted->end, out);
    if (!refusal && !wanted->url.len)
        return decision_refuse(out, REFUSED_STATE, "",
                               "您已退出本系统。对方没有提供退出页面，请到对方网站退出，或关闭浏览器。");
    return refusal;
}

DECIDE(decide_link_begin)
{
    const struct link_facts *known = facts;
    const struct provider_begin *wanted = input;
    (void)context;
    if (!wanted->verified || !known->found)
        return decision_refuse(out, REFUSED_PASSWORD, "current", "当前密码不对。");
    if (!text_equal(known->password_hash, wanted->hash_seen))
        return decision_refuse(out, REFUSED_STALE, "", NULL);
    return refuse_end(wanted->end, out);
}

/* The other house says who it is; whether, when and in how many steps that opens an account here is
 * for this one to say, as after a password. */
DECIDE(decide_sign_in_back)
{
    const struct back_facts *known = facts;
    const struct provider_back *wanted = input;
    const struct sign_in_facts *of = &known->of;
    enum refusal refusal = refuse_end(wanted->end, out);
    if (refusal)
        return refusal;
    if (wanted->to.account)
        return decision_refuse(out, REFUSED_STALE, "", "这是绑定账号的返回页，请先登录，再重新绑定。");
    if (!known->linked)
        return decision_refuse(
            out, REFUSED_UNLINKED, "",
            text_format(out->arena,
                        "您的身份已经核实，但没有绑定本系统的账号。请用登录名和密码登录后在“我的账号”绑定，"
                        "或将编号“%.*s”告知安全管理员。",
                        TEXT_ARG(wanted->person.subject))
                .at);
    int64_t wait_ms = sign_in_wait(of, context->now_ms);
    if (wait_ms || wanted->in.wait_ms)
        return refuse_waiting(out, wait_ms ? wait_ms : wanted->in.wait_ms);
    if (!of->found || of->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_UNLINKED, "", "绑定的账号已经停用，请联系系统管理员。");
    /* Linked to another account, or its password changed, between asking and deciding. */
    if (!text_equal(of->account.login, wanted->in.login) ||
        !text_equal(of->password_hash, wanted->in.hash_seen))
        return decision_refuse(out, REFUSED_STALE, "", "账号情况刚有变化，请重新登录。");
    if (!of->totp.confirmed_at || wanted->in.way_second) {
        open_session(of, &wanted->in, NULL, context, out);
        return OK;
    }
    /* The second step is bound to the password that goes with it. */
    if (!of->password_hash.len)
        return decision_refuse(out, REFUSED_UNLINKED, "",
                               "账号没有密码，不能进行两步登录。请联系安全管理员设置。");
    ask_for_code(wanted->in.next, out);
    return OK;
}

static enum refusal linkable(const struct link_facts *known, int64_t account_id,
                             struct decision *out)
{
    if (!known->found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (known->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_STATE, "", "账号已停用，不能绑定。");
    if (known->link_found)
        return decision_refuse(out, REFUSED_EXISTS, "",
                               known->link.account_id == account_id
                                   ? "已经绑定，无需再次绑定。"
                                   : "该身份已经绑定另一个账号，请先解除。");
    if (known->has_one)
        return decision_refuse(out, REFUSED_EXISTS, "",
                               "账号已绑定这个系统的另一个身份，请先解除。");
    return OK;
}

static void link_up(struct account_linked linked, const struct context *context,
                    struct decision *out)
{
    struct account_linked *body = arena_alloc(context->arena, sizeof *body);
    *body = linked;
    body->link_id = context->next_index;
    decision_emit(out, &account_linked_kind, subject_account(context, body->account_id), body);
}

DECIDE(decide_link_back)
{
    const struct provider_back *wanted = input;
    const struct oidc_person *person = &wanted->person;
    int64_t account_id = context->actor->account;
    enum refusal refusal = refuse_end(wanted->end, out);
    if (refusal)
        return refusal;
    if (wanted->to.account != account_id)
        return decision_refuse(out, REFUSED_STALE, "", "绑定不是由您现在登录的账号开始的，请重新绑定。");
    refusal = linkable(facts, account_id, out);
    if (refusal)
        return refusal;
    link_up((struct account_linked){.account_id = account_id,
                                    .provider = wanted->to.provider,
                                    .issuer = person->issuer,
                                    .claim = person->claim,
                                    .subject = person->subject},
            context, out);
    out->location = TEXT("/staff/me");
    return OK;
}

/* Nobody opens a second door for oneself without showing that one can go through it. */
DECIDE(decide_link_add)
{
    const struct link_add *wanted = input;
    if (wanted->account_id == context->actor->account)
        return decision_refuse(out, REFUSED_SAME_PERSON, "",
                               "不能这样绑定自己的账号，请到“我的账号”绑定。");
    if (!wanted->issuer.len)
        return decision_refuse(out, REFUSED_REFERENCE, "provider", "没有这种统一身份认证。");
    enum refusal refusal = linkable(facts, wanted->account_id, out);
    if (refusal)
        return refusal;
    link_up((struct account_linked){.account_id = wanted->account_id,
                                    .provider = wanted->provider,
                                    .issuer = wanted->issuer,
                                    .claim = wanted->claim,
                                    .subject = wanted->subject},
            context, out);
    answer_account(out, context, wanted->account_id);
    return OK;
}

/* By the security administrator, or by the owner, who has another way in. */
DECIDE(decide_link_remove)
{
    const struct link_facts *known = facts;
    const struct actor *actor = context->actor;
    (void)input;
    bool own = known->link_found && actor->account == known->link.account_id;
    bool may = actor->roles & (ROLE_SECURITY | ROLE_IMPORTER);
    if (!known->link_found || (!own && !may))
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (own && !known->password_hash.len)
        return decision_refuse(out, REFUSED_STATE, "",
                               "账号没有密码，解除后您将无法登录。请联系安全管理员。");
    struct account_unlinked *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct account_unlinked){known->link.link_id, known->link.account_id,
                                      own ? actor->session : TEXT("")};
    decision_emit(out, &account_unlinked_kind, subject_account(context, body->account_id), body);
    if (own)
        out->location = TEXT("/staff/me");
    else
        answer_account(out, context, body->account_id);
    return OK;
}
