/* Accounts: who there is, and what they may do. Pure: facts, command and context in, events or a
 * refusal out. */
#include "identity/parts.h"

struct text subject_account(const struct context *context, int64_t account_id)
{
    return text_format(context->arena, "account:%lld", (long long)account_id);
}

void answer_account(struct decision *out, const struct context *context, int64_t account_id)
{
    int64_t *answer = arena_alloc(context->arena, sizeof *answer);
    *answer = account_id;
    out->answer_shape = &account_made_shape;
    out->answer = answer;
    out->location = text_format(context->arena, "/staff/accounts/%lld", (long long)account_id);
}

/* One of the three administrators is that alone, and each another person: who lets people in, who
 * says what they may do and who looks at what they did keep watch over one another (GB/T
 * 22239-2019, 8.1.5.1 to 8.1.5.3). */
static enum refusal check_three(int64_t bits, struct decision *out)
{
    static const struct {
        int64_t bit;
        const char *field;
    } three[] = {{ROLE_ADMINISTRATOR, "roles.administrator"},
                 {ROLE_SECURITY, "roles.security"},
                 {ROLE_AUDITOR, "roles.auditor"}};
    for (size_t i = 0; i < sizeof three / sizeof *three; i++)
        if (bits & three[i].bit && bits != three[i].bit)
            return decision_refuse(
                out, REFUSED_CONFLICT, three[i].field,
                "系统管理、安全管理、审计管理须由三人分别担任，不能相互兼任，也不能兼任其他岗位。");
    return OK;
}

/* Who handles cases does it for one department, which must be one of the house: a window of the
 * centre is a department's window there (domain rules 2, 两集中), and no department would mean
 * every one. Looking and handling stay apart, and so do handling and letting people in. */
#define ROLE_HANDLING (ROLE_CLERK | ROLE_REVIEWER | ROLE_VERIFIER | ROLE_HEAD)
static enum refusal check_roles(const struct role_set *roles, struct text department, bool known,
                                struct decision *out)
{
    int64_t bits = role_set_bits(roles);
    if (bits & ROLE_SUPERVISOR && bits != ROLE_SUPERVISOR)
        return decision_refuse(out, REFUSED_CONFLICT, "roles.supervisor",
                               "监督岗位只读，不能兼任其他岗位。");
    enum refusal refusal = check_three(bits, out);
    if (refusal != OK)
        return refusal;
    if (bits & ROLE_HANDLING && department.len == 0)
        return decision_refuse(out, REFUSED_MISSING, "department",
                               "受理、审查、核准和部门负责人岗位必须填写所属部门。");
    if (!known)
        return decision_refuse(out, REFUSED_REFERENCE, "department",
                               "没有这个部门。请填写部门目录中的部门代码。");
    return OK;
}

/* The system administrator makes accounts that can do nothing; the security administrator says what
 * they may. The command line does both: a house begins there. */
static enum refusal check_maker(const struct account_create *wanted, const struct actor *actor,
                                struct decision *out)
{
    const char *field = role_set_bits(&wanted->roles) ? "roles"
                        : wanted->department.len      ? "department"
                        : wanted->password.len        ? "password"
                                                      : NULL;
    if (!field || actor->roles & ROLE_IMPORTER)
        return OK;
    return decision_refuse(out, REFUSED_ROLE, field,
                           "岗位、部门和密码由安全管理员在账号建立后设置。");
}

enum refusal decide_account_create(const void *facts, const void *input,
                                   const struct context *context, struct decision *out)
{
    const struct account_facts *known = facts;
    const struct account_create *wanted = input;
    if (known->login_taken)
        return decision_refuse(out, REFUSED_EXISTS, "login", "该登录名已被使用，请换一个。");
    enum refusal refusal = check_maker(wanted, context->actor, out);
    if (!refusal)
        refusal = check_roles(&wanted->roles, wanted->department, known->department_known, out);
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

/* The house must never be without one of the three. */
static enum refusal check_last(const struct account_facts *known, int64_t kept,
                               struct decision *out)
{
    if (known->account.roles & ROLE_THREE & ~kept & ~known->others)
        return decision_refuse(
            out, REFUSED_LIMIT, "",
            text_format(out->arena, "这是最后一个启用的%.*s账号，不能停用或取消其岗位。",
                        TEXT_ARG(role_labels(known->account.roles & ROLE_THREE, out->arena)))
                .at);
    return OK;
}

/* Name and place change here, roles and department stay as they are. */
enum refusal decide_account_change(const void *facts, const void *input,
                                   const struct context *context, struct decision *out)
{
    const struct account_facts *known = facts;
    const struct account_change *wanted = input;
    if (!known->found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (known->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_STATE, "", "账号已停用。");
    struct account_changed *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct account_changed){wanted->account_id, wanted->display,
                                     role_set_of(known->account.roles), known->account.department,
                                     wanted->place};
    decision_emit(out, &account_changed_kind, subject_account(context, wanted->account_id), body);
    answer_account(out, context, wanted->account_id);
    return OK;
}

enum refusal decide_account_assign(const void *facts, const void *input,
                                   const struct context *context, struct decision *out)
{
    const struct account_facts *known = facts;
    const struct account_assign *wanted = input;
    if (!known->found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    if (known->account.state != ACCOUNT_OPEN)
        return decision_refuse(out, REFUSED_STATE, "", "账号已停用。");
    /* Nobody says of themselves what they may do: another one does, or the console. */
    bool same = role_set_bits(&wanted->roles) == (known->account.roles & ROLE_STAFF) &&
                text_equal(wanted->department, known->account.department);
    if (wanted->account_id == context->actor->account && !same)
        return decision_refuse(out, REFUSED_ROLE, "roles",
                               "不能改变自己的岗位或部门。请由另一名安全管理员办理，或在服务器上用 "
                               "yimen user roles 办理。");
    /* A department that has ended keeps its people until they are moved. */
    enum refusal refusal =
        same ? OK : check_roles(&wanted->roles, wanted->department, known->department_known, out);
    if (!refusal)
        refusal = check_last(known, role_set_bits(&wanted->roles), out);
    if (refusal)
        return refusal;
    struct account_changed *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct account_changed){wanted->account_id, known->account.display, wanted->roles,
                                     wanted->department, known->account.place};
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
    enum refusal refusal = check_last(known, 0, out);
    if (refusal)
        return refusal;
    struct account_closed *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct account_closed){wanted->account_id, wanted->reason};
    decision_emit(out, &account_closed_kind, subject_account(context, wanted->account_id), body);
    answer_account(out, context, wanted->account_id);
    return OK;
}
