/* The pages of accounts: who there is, one account, my own. */
#include "identity/pages.h"

#include <string.h>

struct account_query {
    int64_t account_id;
};
static const struct field account_query_fields[] = {
    {FIELD(account_query, account_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .low = 1,
     .label = "账号编号"},
};
SHAPE(account_query, "账号");
static const struct field after_query_fields[] = {
    {FIELD(after_query, after), .type = FIELD_INT, .label = "从此编号之后"},
};
const struct shape after_query_shape = {"after_query", "列表", sizeof(struct after_query),
                                        SHAPE_FIELDS(after_query_fields)};
static const struct field account_row_fields[] = {
    {FIELD(account_row, account_id), .type = FIELD_INT, .label = "账号编号"},
    {FIELD(account_row, login), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "登录名"},
    {FIELD(account_row, display), .type = FIELD_TEXT, .label = "姓名"},
    {FIELD(account_row, role_names), .type = FIELD_TEXT, .label = "岗位"},
    {FIELD(account_row, department), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "部门代码"},
    {FIELD(account_row, department_name), .type = FIELD_TEXT, .label = "部门"},
    {FIELD(account_row, place), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "办公地点代码"},
    {FIELD(account_row, place_name), .type = FIELD_TEXT, .label = "办公地点"},
    {FIELD(account_row, state), .type = FIELD_WORD, .label = "状态", .words = account_state_words},
    {FIELD(account_row, has_password), .type = FIELD_BOOL, .label = "可登录"},
    {FIELD(account_row, imported), .type = FIELD_BOOL, .label = "由旧系统迁入"},
    {FIELD(account_row, created_at), .type = FIELD_TIME, .label = "建立时间"},
    {FIELD(account_row, closed_at), .type = FIELD_TIME, .label = "停用时间"},
    {FIELD(account_row, signed_in_at), .type = FIELD_TIME, .label = "最近登录"},
    {FIELD(account_row, roles), .type = FIELD_RECORD, .label = "岗位", .of = &role_set_shape},
};
const struct shape account_row_shape = {"account_row", "账号", sizeof(struct account_row),
                                        SHAPE_FIELDS(account_row_fields)};
struct token_row {
    int64_t token_id;
    struct text label;
    struct text scope_names;
    int64_t created_at;
    int64_t expires_at;
    int64_t revoked_at;
    struct text made_by; /* on the owner's own page */
};
static const struct field token_row_fields[] = {
    {FIELD(token_row, token_id), .type = FIELD_INT, .label = "令牌编号"},
    {FIELD(token_row, label), .type = FIELD_TEXT, .label = "用途"},
    {FIELD(token_row, scope_names), .type = FIELD_TEXT, .label = "令牌权限"},
    {FIELD(token_row, created_at), .type = FIELD_TIME, .label = "建立时间"},
    {FIELD(token_row, expires_at), .type = FIELD_TIME, .label = "到期时间"},
    {FIELD(token_row, revoked_at), .type = FIELD_TIME, .label = "撤销时间"},
    {FIELD(token_row, made_by), .type = FIELD_TEXT, .label = "建立人"},
};
SHAPE(token_row, "接口令牌");

struct accounts_page {
    struct list accounts; /* struct account_row */
    int64_t next_after;   /* 0: no more */
    bool may_edit;
};
static const struct field accounts_page_fields[] = {
    {FIELD(accounts_page, accounts), .type = FIELD_LIST, .label = "账号", .of = &account_row_shape},
    {FIELD(accounts_page, next_after), .type = FIELD_INT, .label = "下一页"},
    {FIELD(accounts_page, may_edit), .type = FIELD_BOOL, .label = "可修改"},
};
SHAPE(accounts_page, "账号");

struct account_page {
    int64_t account_id;
    struct account_row account;
    struct list grants;      /* struct grant_row */
    struct list tokens;      /* struct token_row */
    struct list departments; /* struct named: what the account may be given */
    struct list places;      /* struct named */
    bool may_edit;           /* the account itself */
    bool may_empower;        /* its roles, password and tokens */
    bool second;             /* the account signs in with a second step */
    struct list links;       /* struct link_row */
    struct list providers;   /* struct provider_row: what it could be linked to */
};
static const struct field account_page_fields[] = {
    {FIELD(account_page, account_id), .type = FIELD_INT, .label = "账号编号"},
    {FIELD(account_page, account), .type = FIELD_RECORD, .label = "账号", .of = &account_row_shape},
    {FIELD(account_page, grants), .type = FIELD_LIST, .label = "授权", .of = &grant_row_shape},
    {FIELD(account_page, tokens), .type = FIELD_LIST, .label = "接口令牌", .of = &token_row_shape},
    {FIELD(account_page, departments), .type = FIELD_LIST, .label = "部门", .of = &named_shape},
    {FIELD(account_page, places), .type = FIELD_LIST, .label = "地点", .of = &named_shape},
    {FIELD(account_page, may_edit), .type = FIELD_BOOL, .label = "可修改"},
    {FIELD(account_page, may_empower), .type = FIELD_BOOL, .label = "可授予岗位"},
    {FIELD(account_page, second), .type = FIELD_BOOL, .label = "两步登录"},
    {FIELD(account_page, links), .type = FIELD_LIST, .label = "绑定", .of = &link_row_shape},
    {FIELD(account_page, providers), .type = FIELD_LIST, .label = "统一身份认证",
     .of = &provider_row_shape},
};
SHAPE(account_page, "账号");
struct account_new_page {
    struct list places; /* struct named */
};
static const struct field account_new_page_fields[] = {
    {FIELD(account_new_page, places), .type = FIELD_LIST, .label = "地点", .of = &named_shape},
};
SHAPE(account_new_page, "新建账号");

#define ACCOUNT_COLUMNS                                                                            \
    "SELECT account_id, login, display, roles, department, place, state, "                         \
    "CASE WHEN password_hash <> '' THEN 1 ELSE 0 END AS has_password, imported, created_at, "      \
    "closed_at, signed_in_at FROM account "
static const struct db_sql select_accounts = {
    ACCOUNT_COLUMNS "WHERE region = $1 AND account_id > $2 ORDER BY account_id LIMIT $3"};
static const struct db_sql select_one = {ACCOUNT_COLUMNS "WHERE region = $1 AND account_id = $2"};
static const struct db_sql select_colleagues = {
    ACCOUNT_COLUMNS
    "WHERE region = $1 AND state = 'open' AND department <> '' AND ($2 = '' OR department = $2) "
    "ORDER BY department, account_id LIMIT 500"};
static const struct db_sql select_tokens = {
    "SELECT token_id, label, scopes, created_at, expires_at, revoked_at FROM api_token "
    "WHERE region = $1 AND account_id = $2 ORDER BY token_id"};

/* "国有土地使用权分割及变更登记（011-001）": the name for reading, the code for telling apart. */
struct text name_and_code(const struct list *names, struct text code, struct arena *arena)
{
    struct text name = name_of(names, code);
    if (!code.len || text_equal(name, code))
        return code;
    return text_format(arena, "%.*s（%.*s）", TEXT_ARG(name), TEXT_ARG(code));
}

static void fill_account(const struct db_rows *rows, size_t row, struct arena *arena,
                         struct account_row *out)
{
    int64_t roles = db_cell_int(rows, row, "roles");
    *out = (struct account_row){
        .account_id = db_cell_int(rows, row, "account_id"),
        .login = db_cell_text(rows, row, "login"),
        .display = db_cell_text(rows, row, "display"),
        .role_names = role_labels(roles, arena),
        .department = db_cell_text(rows, row, "department"),
        .place = db_cell_text(rows, row, "place"),
        .state = text_is(db_cell_text(rows, row, "state"), "open") ? ACCOUNT_OPEN : ACCOUNT_CLOSED,
        .has_password = db_cell_int(rows, row, "has_password"),
        .imported = db_cell_int(rows, row, "imported"),
        .created_at = db_cell_int(rows, row, "created_at"),
        .closed_at = db_cell_int(rows, row, "closed_at"),
        .signed_in_at = db_cell_int(rows, row, "signed_in_at"),
        .roles = role_set_of(roles),
    };
}

static bool read_accounts(const struct look_context *context, const struct db_sql *sql,
                          const struct db_value *args, size_t count, struct list *out,
                          struct fault *why)
{
    struct db_rows rows;
    if (!db_select(context->db, sql, args, count, context->arena, &rows, why))
        return false;
    struct account_row *accounts = arena_array(context->arena, rows.count, sizeof *accounts);
    struct list departments = look_names(context, NAMES_DEPARTMENT);
    struct list places = look_names(context, NAMES_PLACE);
    for (size_t i = 0; i < rows.count; i++) {
        struct account_row *account = &accounts[i];
        fill_account(&rows, i, context->arena, account);
        account->department_name = name_and_code(&departments, account->department, context->arena);
        account->place_name = name_and_code(&places, account->place, context->arena);
    }
    *out = (struct list){accounts, rows.count};
    return true;
}
bool view_account(const struct look_context *context, int64_t account_id, struct list *out,
                  struct fault *why)
{
    return read_accounts(context, &select_one, DB_ARGS(db_int(context->region), db_int(account_id)),
                         out, why);
}

bool view_colleagues(const struct look_context *context, struct text department, struct list *out,
                     struct fault *why)
{
    return read_accounts(context, &select_colleagues,
                         DB_ARGS(db_int(context->region), db_text(department)), out, why);
}

static enum refusal look_accounts(const struct look_context *context, const void *query, void *out,
                                  struct fault *why)
{
    const struct after_query *wanted = query;
    struct accounts_page *page = out;
    int64_t most = look_rows(context, PAGE_ROWS);
    if (!read_accounts(
            context, &select_accounts,
            DB_ARGS(db_int(context->region), db_int(wanted->after), db_int(most + 1)),
            &page->accounts, why))
        return OK;
    if (page->accounts.count > (size_t)most) {
        page->accounts.count = (size_t)most;
        page->next_after = ((struct account_row *)page->accounts.items)[most - 1].account_id;
    }
    page->may_edit = context->actor->roles & ROLE_ADMINISTRATOR;
    return OK;
}

static bool accounts_onward(const void *page, void *query)
{
    struct after_query *wanted = query;
    wanted->after = ((const struct accounts_page *)page)->next_after;
    return wanted->after;
}

/* All names, and a code that is in use though nobody has a name for it (a migrated account's), so
 * that saving the form does not lose it. */
static struct list names_with(const struct look_context *context, enum naming what,
                              struct text code)
{
    struct list names = look_names(context, what);
    if (!code.len || !text_equal(name_of(&names, code), code))
        return names;
    struct named *items = arena_array(context->arena, names.count + 1, sizeof *items);
    if (names.count)
        memcpy(items, names.items, names.count * sizeof *items);
    items[names.count] = (struct named){.code = code, .name = code};
    return (struct list){items, names.count + 1};
}

static enum refusal account_at(const struct look_context *context, int64_t account_id, void *out,
                               struct fault *why)
{
    struct account_page *page = out;
    struct list found = {0};
    struct db_rows rows;
    struct db_value args[] = {db_int(context->region), db_int(account_id)};
    if (!view_account(context, account_id, &found, why))
        return OK;
    if (found.count == 0)
        return REFUSED_NOT_FOUND;
    page->account_id = account_id;
    page->account = *(struct account_row *)found.items;
    page->may_edit = context->actor->roles & ROLE_ADMINISTRATOR;
    page->may_empower = context->actor->roles & ROLE_SECURITY;
    if (page->may_empower)
        page->departments = names_with(context, NAMES_DEPARTMENT, page->account.department);
    if (page->may_edit)
        page->places = names_with(context, NAMES_PLACE, page->account.place);
    struct totp totp;
    if (!read_totp(context->db, context->region, account_id, context->arena, &totp, why))
        return OK;
    page->second = totp.confirmed_at;
    page->providers = view_providers(context);
    if (view_links(context, account_id, &page->links, why) &&
        view_grants_of(context, account_id, &page->grants, why) &&
        db_select(context->db, &select_tokens, args, 2, context->arena, &rows, why) &&
        db_records(&token_row_shape, &rows, context->arena, &page->tokens, why))
        for (size_t i = 0; i < rows.count; i++)
            ((struct token_row *)page->tokens.items)[i].scope_names =
                scope_labels(db_cell_int(&rows, i, "scopes"), context->arena);
    return OK;
}

static enum refusal look_account(const struct look_context *context, const void *query, void *page,
                                 struct fault *why)
{
    return account_at(context, ((const struct account_query *)query)->account_id, page, why);
}

/* Whoever acts in one's name, one is told who let them: a token's id is the index of its entry. */
static bool read_makers(const struct look_context *context, const struct list *tokens,
                        struct fault *why)
{
    struct token_row *rows = tokens->items;
    for (size_t i = 0; i < tokens->count; i++) {
        struct list entries, found = {0};
        int64_t account_id;
        if (!journal_read(context->db, context->region, rows[i].token_id, 1, context->arena,
                          &entries, why))
            return false;
        struct text kind,
            id = entries.count ? ((const struct entry *)entries.items)->head.actor : TEXT("");
        rows[i].made_by = TEXT("服务器管理人员（命令行）");
        if (!text_cut(&id, ':', &kind) || !text_is(kind, "account") || !text_int(id, &account_id))
            continue;
        if (!view_account(context, account_id, &found, why))
            return false;
        if (found.count)
            rows[i].made_by = ((const struct account_row *)found.items)->display;
    }
    return true;
}

static enum refusal look_me(const struct look_context *context, const void *query, void *page,
                            struct fault *why)
{
    const struct account_page *shown = page;
    enum refusal refusal = account_at(context, context->actor->account, page, why);
    (void)query;
    if (!refusal && !why->why[0])
        read_makers(context, &shown->tokens, why);
    return refusal;
}

static enum refusal look_account_new(const struct look_context *context, const void *query,
                                     void *page, struct fault *why)
{
    struct account_new_page *shown = page;
    (void)query, (void)why;
    shown->places = look_names(context, NAMES_PLACE);
    return OK;
}
const struct look accounts_look = {
    .name = "identity.accounts",
    .title = "账号",
    .path = "/staff/accounts",
    .roles = ROLE_THREE | ROLE_MANAGER | ROLE_SUPERVISOR,
    .query = &after_query_shape,
    .page = &accounts_page_shape,
    .template = "identity/accounts.html",
    .list = "accounts",
    .turns = "after",
    .onward = accounts_onward,
    .look = look_accounts,
};
const struct look account_new_look = {
    .name = "identity.account.new",
    .title = "新建账号",
    .path = "/staff/accounts/new",
    .roles = ROLE_ADMINISTRATOR,
    .page = &account_new_page_shape,
    .template = "identity/account_new.html",
    .look = look_account_new,
};
const struct look account_look = {
    .name = "identity.account",
    .title = "账号",
    .path = "/staff/accounts/{account_id}",
    .roles = ROLE_THREE | ROLE_MANAGER | ROLE_SUPERVISOR,
    .query = &account_query_shape,
    .page = &account_page_shape,
    .template = "identity/account.html",
    .look = look_account,
};
const struct look me_look = {
    .name = "identity.me",
    .title = "我的账号",
    .path = "/staff/me",
    .roles = ROLE_STAFF,
    .page = &account_page_shape,
    .template = "identity/me.html",
    .look = look_me,
};