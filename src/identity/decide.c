/* The decisions of identity. Pure: facts, command and context in, events or a refusal out. */
#include "identity/parts.h"

static const struct {
    const char *name;
    int64_t bit;
    const char *label;
    size_t offset;
} role_list[] = {
    {"clerk", ROLE_CLERK, "窗口受理", offsetof(struct role_set, clerk)},
    {"reviewer", ROLE_REVIEWER, "审查", offsetof(struct role_set, reviewer)},
    {"verifier", ROLE_VERIFIER, "核准", offsetof(struct role_set, verifier)},
    {"head", ROLE_HEAD, "部门负责人", offsetof(struct role_set, head)},
    {"manager", ROLE_MANAGER, "中心管理", offsetof(struct role_set, manager)},
    {"supervisor", ROLE_SUPERVISOR, "监督", offsetof(struct role_set, supervisor)},
    {"administrator", ROLE_ADMINISTRATOR, "系统管理", offsetof(struct role_set, administrator)},
};
#define ROLE_COUNT (sizeof role_list / sizeof *role_list)

static const struct {
    int64_t bit;
    const char *label;
    size_t offset;
} power_list[] = {
    {POWER_RECEIVE, "受理", offsetof(struct power_set, receive)},
    {POWER_REVIEW, "审查", offsetof(struct power_set, review)},
    {POWER_DECIDE, "决定", offsetof(struct power_set, decide)},
    {POWER_SIGN, "签发", offsetof(struct power_set, sign)},
    {POWER_SEAL, "盖章", offsetof(struct power_set, seal)},
    {POWER_EXTEND, "延期", offsetof(struct power_set, extend)},
};
#define POWER_COUNT (sizeof power_list / sizeof *power_list)

int64_t role_set_bits(const struct role_set *roles)
{
    int64_t bits = 0;
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (*(const bool *)((const char *)roles + role_list[i].offset))
            bits |= role_list[i].bit;
    return bits;
}

struct role_set role_set_of(int64_t bits)
{
    struct role_set roles = {0};
    for (size_t i = 0; i < ROLE_COUNT; i++)
        *(bool *)((char *)&roles + role_list[i].offset) = bits & role_list[i].bit;
    return roles;
}

int64_t role_bit(struct text name)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (text_is(name, role_list[i].name))
            return role_list[i].bit;
    return 0;
}

struct text role_labels(int64_t bits, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (bits & role_list[i].bit) {
            if (out.len)
                buf_str(&out, "、");
            buf_str(&out, role_list[i].label);
        }
    return buf_done(&out);
}

int64_t power_set_bits(const struct power_set *powers)
{
    int64_t bits = 0;
    for (size_t i = 0; i < POWER_COUNT; i++)
        if (*(const bool *)((const char *)powers + power_list[i].offset))
            bits |= power_list[i].bit;
    return bits;
}

struct power_set power_set_of(int64_t bits)
{
    struct power_set powers = {0};
    for (size_t i = 0; i < POWER_COUNT; i++)
        *(bool *)((char *)&powers + power_list[i].offset) = bits & power_list[i].bit;
    return powers;
}

struct text power_labels(int64_t bits, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < POWER_COUNT; i++)
        if (bits & power_list[i].bit) {
            if (out.len)
                buf_str(&out, "、");
            buf_str(&out, power_list[i].label);
        }
    return buf_done(&out);
}

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

static enum grant_lack grant_lacks(const struct grant *grant,
                                   const struct grant_question *question)
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

static struct text subject_account(const struct context *context, int64_t account_id)
{
    return text_format(context->arena, "account:%lld", (long long)account_id);
}

static void answer_account(struct decision *out, const struct context *context, int64_t account_id)
{
    int64_t *answer = arena_alloc(context->arena, sizeof *answer);
    *answer = account_id;
    out->answer_shape = &account_made_shape;
    out->answer = answer;
    out->location =
        text_format(context->arena, "/staff/accounts/%lld", (long long)account_id);
}

/* Who handles cases does it for one department, which must be one of the house: a window of the centre
 * is a department's window there (domain rules 2, 两集中), and no department would mean every one.
 * Looking and handling stay apart, and so do handling and letting people in. */
#define ROLE_HANDLING (ROLE_CLERK | ROLE_REVIEWER | ROLE_VERIFIER | ROLE_HEAD)
static enum refusal check_roles(const struct role_set *roles, struct text department, bool known,
                                struct decision *out)
{
    int64_t bits = role_set_bits(roles);
    if (bits & ROLE_SUPERVISOR && bits != ROLE_SUPERVISOR)
        return decision_refuse(out, REFUSED_CONFLICT, "roles.supervisor",
                               "监督岗位只读，不能兼任其他岗位。");
    if (bits & ROLE_ADMINISTRATOR && bits & ROLE_HANDLING)
        return decision_refuse(out, REFUSED_CONFLICT, "roles.administrator",
                               "系统管理岗位负责开设账号，不能兼任受理、审查、核准或部门负责人岗位。");
    if (bits & ROLE_HANDLING && department.len == 0)
        return decision_refuse(out, REFUSED_MISSING, "department",
                               "受理、审查、核准和部门负责人岗位必须填写所属部门。");
    if (!known)
        return decision_refuse(out, REFUSED_REFERENCE, "department",
                               "没有这个部门。请填写部门目录中的部门代码。");
    return OK;
}

static enum refusal check_password(struct text password, struct text login, struct decision *out)
{
    if (login.len && text_find(password, login) >= 0)
        return decision_refuse(out, REFUSED_MALFORMED, "password", "密码不能包含登录名。");
    for (size_t i = 1; i < password.len; i++)
        if (password.at[i] != password.at[0])
            return OK;
    return decision_refuse(out, REFUSED_MALFORMED, "password", "密码不能是同一个字符的重复。");
}

enum refusal decide_account_create(const void *facts, const void *input,
                                   const struct context *context, struct decision *out)
{
    const struct account_facts *known = facts;
    const struct account_create *wanted = input;
    if (known->login_taken)
        return decision_refuse(out, REFUSED_EXISTS, "login", "该登录名已被使用，请换一个。");
    enum refusal refusal =
        check_roles(&wanted->roles, wanted->department, known->department_known, out);
    if (!refusal && wanted->password.len)
        refusal = check_password(wanted->password, wanted->login, out);
    if (refusal)
        return refusal;
    struct account_created *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct account_created){
        .account_id = context->next_index + 1,
        .login = wanted->login,
        .display = wanted->display,
        .roles = wanted->roles,
        .department = wanted->department,
        .place = wanted->place,
        .password_hash = wanted->password_hash,
    };
    decision_emit(out, &account_created_kind, subject_account(context, body->account_id), body);
    answer_account(out, context, body->account_id);
    return OK;
}

/* Bringing the same account in twice is no change: an import that broke off can be run again. */
enum refusal decide_account_import(const void *facts, const void *input,
                                   const struct context *context, struct decision *out)
{
    const struct account_facts *known = facts;
    const struct account_import *wanted = input;
    if (known->login_taken) {
        answer_account(out, context, known->account.account_id);
        return OK;
    }
    struct account_created *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct account_created){
        .account_id = context->next_index + 1,
        .login = wanted->login,
        .display = wanted->display,
        .roles = wanted->roles,
        .department = wanted->department,
        .place = wanted->place,
        .imported = true,
    };
    decision_emit(out, &account_created_kind, subject_account(context, body->account_id), body);
    answer_account(out, context, body->account_id);
    return OK;
}

/* The house must never be without somebody who can let others in. */
static enum refusal check_last_administrator(const struct account_facts *known,
                                             struct decision *out)
{
    if (known->account.roles & ROLE_ADMINISTRATOR && known->other_administrators == 0)
        return decision_refuse(out, REFUSED_LIMIT, "", "这是最后一个启用的系统管理账号，不能停用或取消其岗位。");
    return OK;
}

enum refusal decide_account_change(const void *facts, const void *input,
                                   const struct context *context, struct decision *out)
{
    const struct account_facts *known = facts;
    const struct account_change *wanted = input;
    if (!known->found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (known->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_STATE, "", "账号已停用。");
    /* Nobody says of themselves what they may do: another administrator does, or the console. */
    bool same = role_set_bits(&wanted->roles) == (known->account.roles & ROLE_STAFF) &&
                text_equal(wanted->department, known->account.department);
    if (wanted->account_id == context->actor->account && !same)
        return decision_refuse(out, REFUSED_ROLE, "roles",
                               "不能改变自己的岗位或部门。请由另一名系统管理人员办理，或在服务器上用 yimen user roles 办理。");
    /* A department that has ended keeps its people until they are moved. */
    enum refusal refusal = same ? OK
                                : check_roles(&wanted->roles, wanted->department,
                                              known->department_known, out);
    if (!refusal && !wanted->roles.administrator)
        refusal = check_last_administrator(known, out);
    if (refusal)
        return refusal;
    struct account_changed *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct account_changed){wanted->account_id, wanted->display, wanted->roles,
                                     wanted->department, wanted->place};
    decision_emit(out, &account_changed_kind, subject_account(context, wanted->account_id), body);
    answer_account(out, context, wanted->account_id);
    return OK;
}

enum refusal decide_account_close(const void *facts, const void *input,
                                  const struct context *context, struct decision *out)
{
    const struct account_facts *known = facts;
    const struct account_close *wanted = input;
    if (!known->found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (known->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_ONCE, "", "账号已经停用。");
    enum refusal refusal = check_last_administrator(known, out);
    if (refusal)
        return refusal;
    struct account_closed *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct account_closed){wanted->account_id, wanted->reason};
    decision_emit(out, &account_closed_kind, subject_account(context, wanted->account_id), body);
    answer_account(out, context, wanted->account_id);
    return OK;
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

static enum refusal refuse_for(struct decision *out, int64_t wait_ms)
{
    out->wait_ms = wait_ms;
    return decision_refuse(
        out, REFUSED_TOO_MANY, "",
        text_format(out->arena,
                    "连续输错次数过多，请%lld分钟后再试，或换一台曾登录过本账号的电脑登录。",
                    (long long)((wait_ms + MINUTE_MS - 1) / MINUTE_MS))
            .at);
}

enum refusal decide_sign_in(const void *facts, const void *input, const struct context *context,
                            struct decision *out)
{
    const struct sign_in_facts *known = facts;
    const struct sign_in *wanted = input;
    int64_t wait_ms = sign_in_wait(known, context->now_ms);
    /* Without a password that was looked at nothing is decided, though the wait be over since. */
    if (wait_ms || wanted->wait_ms)
        return refuse_for(out, wait_ms ? wait_ms : wanted->wait_ms);
    bool good = wanted->verified && known->found && known->account.state == ACCOUNT_OPEN &&
                known->password_hash.len && text_equal(known->password_hash, wanted->hash_seen);
    if (!good) {
        struct sign_in_failed *failed = arena_alloc(context->arena, sizeof *failed);
        *failed = (struct sign_in_failed){known->found ? known->account.account_id : 0,
                                          wanted->login_hash, wanted->name_hash};
        decision_emit(out, &sign_in_failed_kind,
                      known->found ? subject_account(context, failed->account_id)
                                   : TEXT("account:unknown"),
                      failed);
        return OK;
    }
    struct session_opened *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct session_opened){known->account.account_id,
                                    context->now_ms + SESSION_ABSOLUTE_MS, wanted->token_hash,
                                    wanted->seen_key};
    decision_emit(out, &session_opened_kind, subject_account(context, body->account_id), body);
    out->location = path_of_this_site(wanted->next) ? wanted->next : TEXT("/staff");
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

/* A head speaks for the own department only; an administrator enters what a head has signed. */
static bool speaks_for(const struct actor *actor, struct text department)
{
    return actor->roles & (ROLE_ADMINISTRATOR | ROLE_IMPORTER) ||
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
 * head). The head needs none, who does all of it by office (approval/case/README.md), and gives none
 * to the own person, neither as principal nor as substitute; nor does who only enters the letter. */
static bool takes_for_itself(const struct actor *actor, const struct delegation_grant *wanted)
{
    return actor->account && (actor->account == wanted->account_id ||
                              actor->account == wanted->substitute_account);
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
    decision_emit(out, &delegation_revoked_kind,
                  subject_account(context, known->grant.account_id), body);
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

enum refusal decide_absence_end(const void *facts, const void *input,
                                const struct context *context, struct decision *out)
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
