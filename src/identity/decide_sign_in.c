/* Passwords, signing in and out. Pure. */
#include "identity/parts.h"

enum refusal check_password(struct text password, struct text login, struct decision *out)
{
    if (login.len && text_find(password, login) >= 0)
        return decision_refuse(out, REFUSED_MALFORMED, "password", "密码不能包含登录名。");
    for (size_t i = 1; i < password.len; i++)
        if (password.at[i] != password.at[0])
            return OK;
    return decision_refuse(out, REFUSED_MALFORMED, "password", "密码不能是同一个字符的重复。");
}

enum refusal decide_password_set(const void *facts, const void *input,
                                 const struct context *context, struct decision *out)
{
    const struct account_facts *known = facts;
    const struct password_set *wanted = input;
    if (!known->found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (known->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_STATE, "", "账号已停用，不能设置密码。");
    enum refusal refusal = check_password(wanted->password, known->account.login, out);
    if (refusal)
        return refusal;
    struct password_was_set *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct password_was_set){.account_id = wanted->account_id,
                                      .password_hash = wanted->password_hash};
    decision_emit(out, &password_set_kind, subject_account(context, wanted->account_id), body);
    answer_account(out, context, wanted->account_id);
    return OK;
}

enum refusal decide_password_change(const void *facts, const void *input,
                                    const struct context *context, struct decision *out)
{
    const struct account_facts *known = facts;
    const struct password_change *wanted = input;
    if (!known->found || known->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_SIGN_IN, "", NULL);
    if (!text_equal(known->password_hash, wanted->hash_seen))
        return decision_refuse(out, REFUSED_STALE, "", NULL);
    if (!wanted->verified)
        return decision_refuse(out, REFUSED_PASSWORD, "current", "当前密码不正确。");
    if (!text_equal(wanted->password, wanted->again))
        return decision_refuse(out, REFUSED_CONFLICT, "again", "两次输入的新密码不一致。");
    enum refusal refusal = check_password(wanted->password, known->account.login, out);
    if (refusal)
        return refusal;
    struct password_was_set *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct password_was_set){known->account.account_id, wanted->password_hash,
                                      context->actor->session};
    decision_emit(out, &password_set_kind, subject_account(context, known->account.account_id),
                  body);
    out->location = TEXT("/staff/me");
    return OK;
}

/* A path of this site, so that a link cannot send somebody elsewhere after signing in. */
static bool path_of_this_site(struct text path)
{
    if (path.len == 0 || path.at[0] != '/')
        return false;
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.at[i] <= ' ' || path.at[i] == '\\' || path.at[i] == 0x7f)
            return false;
    return path.len == 1 || path.at[1] != '/';
}

static int64_t wait_after(const struct failures *failures, int64_t now_ms)
{
    int64_t until_ms = failures->nth_at ? failures->nth_at + SIGN_IN_WINDOW_MS : 0;
    int64_t wait_ms = MINUTE_MS;
    for (int64_t i = SIGN_IN_DAY_FAILURES; i < failures->count && wait_ms < SIGN_IN_LONGEST_MS; i++)
        wait_ms *= 2;
    if (wait_ms > SIGN_IN_LONGEST_MS)
        wait_ms = SIGN_IN_LONGEST_MS;
    if (failures->count >= SIGN_IN_DAY_FAILURES && failures->last_at + wait_ms > until_ms)
        until_ms = failures->last_at + wait_ms;
    return until_ms > now_ms ? until_ms - now_ms : 0;
}

int64_t sign_in_wait(const struct sign_in_facts *facts, int64_t now_ms)
{
    /* Five in 15 minutes close a name at one place, not everywhere. */
    struct failures all = facts->all;
    all.nth_at = 0;
    int64_t here_ms = wait_after(&facts->here, now_ms), all_ms = wait_after(&all, now_ms);
    return here_ms > all_ms ? here_ms : all_ms;
}

enum refusal refuse_waiting(struct decision *out, int64_t wait_ms)
{
    out->wait_ms = wait_ms;
    return decision_refuse(
        out, REFUSED_TOO_MANY, "",
        text_format(out->arena,
                    "连续输错次数过多，请%lld分钟后再试，或换一台曾登录过本账号的电脑登录。",
                    (long long)((wait_ms + MINUTE_MS - 1) / MINUTE_MS))
            .at);
}

/* Counts, whichever step it was. */
static void fail(const struct sign_in_facts *known, const struct sign_in *wanted,
                 const struct context *context, struct decision *out)
{
    struct sign_in_failed *failed = arena_alloc(context->arena, sizeof *failed);
    *failed = (struct sign_in_failed){known->found ? known->account.account_id : 0,
                                      wanted->login_hash, wanted->name_hash};
    decision_emit(out, &sign_in_failed_kind,
                  known->found ? subject_account(context, failed->account_id)
                               : TEXT("account:unknown"),
                  failed);
}

static bool password_good(const struct sign_in_facts *known, const struct sign_in *wanted)
{
    return wanted->verified && known->found && known->account.state == ACCOUNT_OPEN &&
           known->password_hash.len && text_equal(known->password_hash, wanted->hash_seen);
}

void open_session(const struct sign_in_facts *known, const struct sign_in *wanted,
                  const struct sign_in_code *code, const struct context *context,
                  struct decision *out)
{
    struct session_opened *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct session_opened){.account_id = known->account.account_id,
                                    .expires_at = context->now_ms + SESSION_ABSOLUTE_MS,
                                    .way = wanted->way,
                                    .way_second = wanted->way_second,
                                    .token_hash = wanted->token_hash,
                                    .seen_key = wanted->seen_key};
    if (code && code->step)
        body->totp_step = code->step;
    else if (code)
        body->recovery_hash = code->recovery_hash;
    decision_emit(out, &session_opened_kind, subject_account(context, body->account_id), body);
    /* The desk is for those who see cases. */
    struct text next = code ? code->next : wanted->next;
    struct text home = known->account.roles & ROLE_WORK ? TEXT("/staff") : TEXT("/staff/accounts");
    out->location = path_of_this_site(next) && !text_is(next, "/staff") ? next : home;
}

void ask_for_code(struct text next, struct decision *out)
{
    struct buf where = {.arena = out->arena};
    buf_str(&where, SIGN_IN_CODE_PATH);
    if (path_of_this_site(next)) {
        buf_str(&where, "?next=");
        buf_url(&where, next);
    }
    out->location = buf_done(&where);
}

enum refusal decide_sign_in(const void *facts, const void *input, const struct context *context,
                            struct decision *out)
{
    const struct sign_in_facts *known = facts;
    const struct sign_in *wanted = input;
    int64_t wait_ms = sign_in_wait(known, context->now_ms);
    /* Without a password that was looked at nothing is decided, though the wait be over since. */
    if (wait_ms || wanted->wait_ms)
        return refuse_waiting(out, wait_ms ? wait_ms : wanted->wait_ms);
    if (!password_good(known, wanted)) {
        fail(known, wanted, context, out);
        return OK;
    }
    if (!known->totp.confirmed_at) {
        open_session(known, wanted, NULL, context, out);
        return OK;
    }
    ask_for_code(wanted->next, out);
    return OK;
}

/* A code is good once: the step it belongs to must be later than the one used last (RFC 6238,
 * section 5.2). A recovery code is good once too. */
enum refusal decide_sign_in_code(const void *facts, const void *input,
                                 const struct context *context, struct decision *out)
{
    const struct sign_in_facts *known = facts;
    const struct sign_in_code *wanted = input;
    int64_t wait_ms = sign_in_wait(known, context->now_ms);
    if (wait_ms || wanted->in.wait_ms)
        return refuse_waiting(out, wait_ms ? wait_ms : wanted->in.wait_ms);
    if (wanted->stale || !password_good(known, &wanted->in) || !known->totp.confirmed_at)
        return decision_refuse(
            out, REFUSED_STALE, "",
            "输入密码已超过5分钟，或密码已变。请回到登录页重新输入登录名和密码。");
    if (wanted->step ? wanted->step > known->totp.last_step : known->recovery_good)
        open_session(known, &wanted->in, wanted, context, out);
    else
        fail(known, &wanted->in, context, out);
    return OK;
}

enum refusal decide_sign_out(const void *facts, const void *input, const struct context *context,
                             struct decision *out)
{
    (void)facts;
    (void)input;
    out->location = TEXT("/staff/sign-in");
    if (context->actor->session.len == 0)
        return decision_refuse(out, REFUSED_STATE, "",
                               "以令牌办理时没有登录，无需退出。停用令牌请到“我的账号”。");
    struct session_closed *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct session_closed){context->actor->account, context->actor->session};
    decision_emit(out, &session_closed_kind, subject_account(context, body->account_id), body);
    return OK;
}
