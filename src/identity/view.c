/* Identity's pages: signing in, accounts, delegations, my own. */
#include "identity/parts.h"

#include <string.h>

#define FIELD(record, member) .name = #member, .offset = offsetof(struct record, member)
#define SHAPE(variable, words)                                                                     \
    static const struct shape variable##_shape = {#variable, words, sizeof(struct variable),       \
                                                  SHAPE_FIELDS(variable##_fields)}
#define PAGE_ROWS 100

struct sign_in_query {
    struct text next;
};
static const struct field sign_in_query_fields[] = {
    {FIELD(sign_in_query, next), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 500,
     .label = "登录后前往"},
};
SHAPE(sign_in_query, "登录");

struct account_query {
    int64_t account_id;
};
static const struct field account_query_fields[] = {
    {FIELD(account_query, account_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .low = 1,
     .label = "账号编号"},
};
SHAPE(account_query, "账号");

struct after_query {
    int64_t after;
};
static const struct field after_query_fields[] = {
    {FIELD(after_query, after), .type = FIELD_INT, .label = "从此编号之后"},
};
SHAPE(after_query, "列表");

struct account_row {
    int64_t account_id;
    struct text login;
    struct text display;
    struct text role_names;
    struct text department;
    struct text department_name;
    struct text place;
    struct text place_name;
    int64_t state;
    bool has_password;
    bool imported;
    int64_t created_at;
    int64_t closed_at;
    int64_t signed_in_at;
    struct role_set roles;
};
static const struct field account_row_fields[] = {
    {FIELD(account_row, account_id), .type = FIELD_INT, .label = "账号编号"},
    {FIELD(account_row, login), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "登录名"},
    {FIELD(account_row, display), .type = FIELD_TEXT, .label = "姓名"},
    {FIELD(account_row, role_names), .type = FIELD_TEXT, .label = "岗位"},
    {FIELD(account_row, department), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "部门代码"},
    {FIELD(account_row, department_name), .type = FIELD_TEXT, .label = "部门"},
    {FIELD(account_row, place), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "办公地点代码"},
    {FIELD(account_row, place_name), .type = FIELD_TEXT, .label = "办公地点"},
    {FIELD(account_row, state), .type = FIELD_WORD, .label = "状态",
     .words = account_state_words},
    {FIELD(account_row, has_password), .type = FIELD_BOOL, .label = "可登录"},
    {FIELD(account_row, imported), .type = FIELD_BOOL, .label = "由旧系统迁入"},
    {FIELD(account_row, created_at), .type = FIELD_TIME, .label = "建立时间"},
    {FIELD(account_row, closed_at), .type = FIELD_TIME, .label = "停用时间"},
    {FIELD(account_row, signed_in_at), .type = FIELD_TIME, .label = "最近登录"},
    {FIELD(account_row, roles), .type = FIELD_RECORD, .label = "岗位", .of = &role_set_shape},
};
SHAPE(account_row, "账号");

struct grant_row {
    int64_t delegation_id;
    int64_t account_id;
    struct text display;
    struct text department;
    struct text department_name;
    struct text document;
    struct text power_names;
    bool all_items;
    struct list items;      /* struct text */
    struct list item_names; /* struct text: name and code */
    int64_t amount_limit_fen;
    int64_t area_limit_m2;
    int64_t extend_limit_days;
    int64_t valid_from_date;
    int64_t valid_to_date;
    int64_t substitute_account;
    struct text substitute_display;
    struct text granted_by;
    int64_t granted_at;
    int64_t revoked_at;
    struct text revoke_reason;
};
static const struct field grant_row_fields[] = {
    {FIELD(grant_row, delegation_id), .type = FIELD_INT, .label = "授权编号"},
    {FIELD(grant_row, account_id), .type = FIELD_INT, .label = "账号编号"},
    {FIELD(grant_row, display), .type = FIELD_TEXT, .label = "姓名"},
    {FIELD(grant_row, department), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "部门代码"},
    {FIELD(grant_row, department_name), .type = FIELD_TEXT, .label = "部门"},
    {FIELD(grant_row, document), .type = FIELD_TEXT, .label = "授权书文号"},
    {FIELD(grant_row, power_names), .type = FIELD_TEXT, .label = "权限"},
    {FIELD(grant_row, all_items), .type = FIELD_BOOL, .label = "全部事项"},
    {FIELD(grant_row, items), .type = FIELD_TEXTS, .flags = FIELD_CODE, .label = "事项代码"},
    {FIELD(grant_row, item_names), .type = FIELD_TEXTS, .label = "事项"},
    {FIELD(grant_row, amount_limit_fen), .type = FIELD_MONEY, .label = "金额上限"},
    {FIELD(grant_row, area_limit_m2), .type = FIELD_INT, .label = "面积上限（平方米）"},
    {FIELD(grant_row, extend_limit_days), .type = FIELD_INT, .label = "延期上限（工作日）"},
    {FIELD(grant_row, valid_from_date), .type = FIELD_DATE, .label = "生效日期"},
    {FIELD(grant_row, valid_to_date), .type = FIELD_DATE, .label = "截止日期"},
    {FIELD(grant_row, substitute_account), .type = FIELD_INT, .label = "B岗账号编号"},
    {FIELD(grant_row, substitute_display), .type = FIELD_TEXT, .label = "B岗"},
    {FIELD(grant_row, granted_by), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "授权人"},
    {FIELD(grant_row, granted_at), .type = FIELD_TIME, .label = "授权时间"},
    {FIELD(grant_row, revoked_at), .type = FIELD_TIME, .label = "撤销时间"},
    {FIELD(grant_row, revoke_reason), .type = FIELD_TEXT, .label = "撤销原因"},
};
SHAPE(grant_row, "授权");

struct token_row {
    int64_t token_id;
    struct text label;
    int64_t created_at;
    int64_t expires_at;
    int64_t revoked_at;
    struct text made_by; /* on the owner's own page */
};
static const struct field token_row_fields[] = {
    {FIELD(token_row, token_id), .type = FIELD_INT, .label = "令牌编号"},
    {FIELD(token_row, label), .type = FIELD_TEXT, .label = "用途"},
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
    struct list grants; /* struct grant_row */
    struct list tokens; /* struct token_row */
    struct list departments; /* struct named: what the account may be given */
    struct list places;      /* struct named */
    bool may_edit;
};
static const struct field account_page_fields[] = {
    {FIELD(account_page, account_id), .type = FIELD_INT, .label = "账号编号"},
    {FIELD(account_page, account), .type = FIELD_RECORD, .label = "账号",
     .of = &account_row_shape},
    {FIELD(account_page, grants), .type = FIELD_LIST, .label = "授权", .of = &grant_row_shape},
    {FIELD(account_page, tokens), .type = FIELD_LIST, .label = "接口令牌", .of = &token_row_shape},
    {FIELD(account_page, departments), .type = FIELD_LIST, .label = "部门", .of = &named_shape},
    {FIELD(account_page, places), .type = FIELD_LIST, .label = "地点", .of = &named_shape},
    {FIELD(account_page, may_edit), .type = FIELD_BOOL, .label = "可修改"},
};
SHAPE(account_page, "账号");

struct delegations_page {
    struct list grants; /* struct grant_row */
    int64_t next_after;
    bool may_edit;
};
static const struct field delegations_page_fields[] = {
    {FIELD(delegations_page, grants), .type = FIELD_LIST, .label = "授权", .of = &grant_row_shape},
    {FIELD(delegations_page, next_after), .type = FIELD_INT, .label = "下一页"},
    {FIELD(delegations_page, may_edit), .type = FIELD_BOOL, .label = "可修改"},
};
SHAPE(delegations_page, "授权");

struct delegation_new_page {
    struct text department; /* of the head who grants */
    struct list accounts;   /* struct account_row: whom a grant may name */
    struct list departments; /* struct named */
    struct list items;       /* struct named: of the department, or all */
};
static const struct field delegation_new_page_fields[] = {
    {FIELD(delegation_new_page, department), .type = FIELD_TEXT, .flags = FIELD_CODE,
     .label = "部门代码"},
    {FIELD(delegation_new_page, accounts), .type = FIELD_LIST, .label = "账号",
     .of = &account_row_shape},
    {FIELD(delegation_new_page, departments), .type = FIELD_LIST, .label = "部门",
     .of = &named_shape},
    {FIELD(delegation_new_page, items), .type = FIELD_LIST, .label = "事项", .of = &named_shape},
};
SHAPE(delegation_new_page, "新授权");

struct absence_row {
    int64_t absence_id;
    int64_t account_id;
    struct text display;
    struct text department;
    struct text department_name;
    int64_t first_date;
    int64_t last_date;
    struct text reason; /* only for those who may end it: it may be an illness */
    int64_t recorded_at;
    int64_t ended_at;
    bool may_end;
};
static const struct field absence_row_fields[] = {
    {FIELD(absence_row, absence_id), .type = FIELD_INT, .label = "离岗登记编号"},
    {FIELD(absence_row, account_id), .type = FIELD_INT, .label = "账号编号"},
    {FIELD(absence_row, display), .type = FIELD_TEXT, .label = "姓名"},
    {FIELD(absence_row, department), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "部门代码"},
    {FIELD(absence_row, department_name), .type = FIELD_TEXT, .label = "部门"},
    {FIELD(absence_row, first_date), .type = FIELD_DATE, .label = "第一天"},
    {FIELD(absence_row, last_date), .type = FIELD_DATE, .label = "最后一天"},
    {FIELD(absence_row, reason), .type = FIELD_TEXT, .label = "原因"},
    {FIELD(absence_row, recorded_at), .type = FIELD_TIME, .label = "登记时间"},
    {FIELD(absence_row, ended_at), .type = FIELD_TIME, .label = "提前结束"},
    {FIELD(absence_row, may_end), .type = FIELD_BOOL, .label = "可结束"},
};
SHAPE(absence_row, "离岗");

struct absences_page {
    struct list absences; /* struct absence_row, the latest first */
    struct list accounts; /* struct account_row: whose absence this person may record */
    bool may_record;
};
static const struct field absences_page_fields[] = {
    {FIELD(absences_page, absences), .type = FIELD_LIST, .label = "离岗", .of = &absence_row_shape},
    {FIELD(absences_page, accounts), .type = FIELD_LIST, .label = "账号", .of = &account_row_shape},
    {FIELD(absences_page, may_record), .type = FIELD_BOOL, .label = "可登记"},
};
SHAPE(absences_page, "离岗登记");

struct account_new_page {
    struct list departments; /* struct named */
    struct list places;      /* struct named */
};
static const struct field account_new_page_fields[] = {
    {FIELD(account_new_page, departments), .type = FIELD_LIST, .label = "部门",
     .of = &named_shape},
    {FIELD(account_new_page, places), .type = FIELD_LIST, .label = "地点", .of = &named_shape},
};
SHAPE(account_new_page, "新建账号");

#define ACCOUNT_COLUMNS                                                                            \
    "SELECT account_id, login, display, roles, department, place, state, "                         \
    "CASE WHEN password_hash <> '' THEN 1 ELSE 0 END AS has_password, imported, created_at, "      \
    "closed_at, signed_in_at FROM account "
static const struct db_sql select_accounts = {
    ACCOUNT_COLUMNS
    "WHERE region = $1 AND account_id > $2 ORDER BY account_id LIMIT $3"};
static const struct db_sql select_one = {
    ACCOUNT_COLUMNS
    "WHERE region = $1 AND account_id = $2"};
static const struct db_sql select_colleagues = {
    ACCOUNT_COLUMNS
    "WHERE region = $1 AND state = 'open' AND department <> '' AND ($2 = '' OR department = $2) "
    "ORDER BY department, account_id LIMIT 500"};
#define GRANT_COLUMNS                                                                              \
    "SELECT d.delegation_id, d.account_id, a.display, d.department, d.document, d.powers, "        \
    "d.all_items, d.amount_limit_fen, d.area_limit_m2, d.extend_limit_days, d.valid_from_date, "   \
    "d.valid_to_date, d.substitute_account, s.display AS substitute_display, d.granted_by, "       \
    "d.granted_at, d.revoked_at, d.revoke_reason FROM delegation d "                               \
    "LEFT JOIN account a ON a.region = d.region AND a.account_id = d.account_id "                  \
    "LEFT JOIN account s ON s.region = d.region AND s.account_id = d.substitute_account "
static const struct db_sql select_account_grants = {
    GRANT_COLUMNS "WHERE d.region = $1 AND (d.account_id = $2 OR d.substitute_account = $2) "
                  "ORDER BY d.delegation_id"};
static const struct db_sql select_all_grants = {
    GRANT_COLUMNS "WHERE d.region = $1 AND d.delegation_id > $2 AND ($3 = '' OR d.department = $3) "
                  "ORDER BY d.delegation_id LIMIT $4"};
static const struct db_sql select_items = {
    "SELECT item FROM delegation_item WHERE region = $1 AND delegation_id = $2 ORDER BY item"};
static const struct db_sql select_tokens = {
    "SELECT token_id, label, created_at, expires_at, revoked_at FROM api_token "
    "WHERE region = $1 AND account_id = $2 ORDER BY token_id"};

/* "国有土地使用权分割及变更登记（011-001）": the name for reading, the code for telling apart. */
static struct text name_and_code(const struct list *names, struct text code, struct arena *arena)
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

static bool read_items(const struct look_context *context, const struct list *names,
                       struct grant_row *grant, struct fault *why)
{
    struct db_rows rows;
    if (grant->all_items)
        return true;
    if (!db_select(context->db, &select_items,
                   DB_ARGS(db_int(context->region), db_int(grant->delegation_id)), context->arena,
                   &rows, why))
        return false;
    struct text *items = arena_array(context->arena, rows.count, sizeof *items);
    struct text *named = arena_array(context->arena, rows.count, sizeof *named);
    for (size_t i = 0; i < rows.count; i++) {
        items[i] = db_cell_text(&rows, i, "item");
        named[i] = name_and_code(names, items[i], context->arena);
    }
    grant->items = (struct list){items, rows.count};
    grant->item_names = (struct list){named, rows.count};
    return true;
}

static bool read_grants(const struct look_context *context, const struct db_sql *sql,
                        const struct db_value *args, size_t count, struct list *out,
                        struct fault *why)
{
    struct db_rows rows;
    if (!db_select(context->db, sql, args, count, context->arena, &rows, why) ||
        !db_records(&grant_row_shape, &rows, context->arena, out, why))
        return false;
    struct grant_row *grants = out->items;
    struct list departments = look_names(context, NAMES_DEPARTMENT);
    struct list names = look_names(context, NAMES_ITEM);
    for (size_t i = 0; i < out->count; i++) {
        grants[i].power_names = power_labels(db_cell_int(&rows, i, "powers"), context->arena);
        grants[i].department_name = name_of(&departments, grants[i].department);
        if (!read_items(context, &names, &grants[i], why))
            return false;
    }
    return true;
}

static bool administers(const struct look_context *context)
{
    return context->actor->roles & ROLE_ADMINISTRATOR;
}

static enum refusal look_sign_in(const struct look_context *context, const void *query, void *page,
                                 struct fault *why)
{
    (void)context, (void)why;
    *(struct sign_in_query *)page = *(const struct sign_in_query *)query;
    return OK;
}

static enum refusal look_accounts(const struct look_context *context, const void *query, void *out,
                                  struct fault *why)
{
    const struct after_query *wanted = query;
    struct accounts_page *page = out;
    if (!read_accounts(
            context, &select_accounts,
            DB_ARGS(db_int(context->region), db_int(wanted->after), db_int(PAGE_ROWS + 1)),
            &page->accounts, why))
        return OK;
    if (page->accounts.count > PAGE_ROWS) {
        page->accounts.count = PAGE_ROWS;
        page->next_after = ((struct account_row *)page->accounts.items)[PAGE_ROWS - 1].account_id;
    }
    page->may_edit = administers(context);
    return OK;
}

/* All names, and a code that is in use though nobody has a name for it (a migrated account's), so that
 * saving the form does not lose it. */
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
    if (!read_accounts(context, &select_one, args, 2, &found, why))
        return OK;
    if (found.count == 0)
        return REFUSED_NOT_FOUND;
    page->account_id = account_id;
    page->account = *(struct account_row *)found.items;
    page->may_edit = administers(context);
    if (page->may_edit) {
        page->departments = names_with(context, NAMES_DEPARTMENT, page->account.department);
        page->places = names_with(context, NAMES_PLACE, page->account.place);
    }
    if (read_grants(context, &select_account_grants, args, 2, &page->grants, why) &&
        db_select(context->db, &select_tokens, args, 2, context->arena, &rows, why))
        db_records(&token_row_shape, &rows, context->arena, &page->tokens, why);
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
        struct text kind, id = entries.count ? ((const struct entry *)entries.items)->head.actor
                                             : TEXT("");
        rows[i].made_by = TEXT("系统管理人员（命令行）");
        if (!text_cut(&id, ':', &kind) || !text_is(kind, "account") || !text_int(id, &account_id))
            continue;
        if (!read_accounts(context, &select_one,
                           DB_ARGS(db_int(context->region), db_int(account_id)), &found, why))
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
    shown->departments = look_names(context, NAMES_DEPARTMENT);
    shown->places = look_names(context, NAMES_PLACE);
    return OK;
}

/* A head sees the own department; who watches over the centre sees all. */
static struct text department_seen(const struct actor *actor)
{
    return actor->roles & (ROLE_MANAGER | ROLE_SUPERVISOR | ROLE_ADMINISTRATOR)
               ? TEXT("")
               : actor->department;
}

static enum refusal look_delegations(const struct look_context *context, const void *query,
                                     void *out, struct fault *why)
{
    const struct after_query *wanted = query;
    struct delegations_page *page = out;
    if (!read_grants(context, &select_all_grants,
                     DB_ARGS(db_int(context->region), db_int(wanted->after ? wanted->after : -1),
                             db_text(department_seen(context->actor)), db_int(PAGE_ROWS + 1)),
                     &page->grants, why))
        return OK;
    if (page->grants.count > PAGE_ROWS) {
        page->grants.count = PAGE_ROWS;
        page->next_after = ((struct grant_row *)page->grants.items)[PAGE_ROWS - 1].delegation_id;
    }
    page->may_edit = context->actor->roles & (ROLE_HEAD | ROLE_ADMINISTRATOR);
    return OK;
}

/* What a department calls its own; all where none is named. */
static struct list names_of_department(const struct look_context *context, enum naming what,
                                       struct text department)
{
    struct list names = look_names(context, what);
    struct named *items = names.items;
    size_t kept = 0;
    for (size_t i = 0; department.len && i < names.count; i++)
        if (text_equal(items[i].department, department))
            items[kept++] = items[i];
    return (struct list){items, department.len ? kept : names.count};
}

static enum refusal look_delegation_new(const struct look_context *context, const void *query,
                                        void *out, struct fault *why)
{
    struct delegation_new_page *page = out;
    (void)query;
    page->department = administers(context) ? TEXT("") : context->actor->department;
    page->departments = names_of_department(context, NAMES_DEPARTMENT, page->department);
    page->items = names_of_department(context, NAMES_ITEM, page->department);
    read_accounts(context, &select_colleagues,
                  DB_ARGS(db_int(context->region), db_text(page->department)), &page->accounts,
                  why);
    return OK;
}

/* One's own, those of whom one is the substitute, a head's department, for who watches over the centre
 * all ($3). */
static const struct db_sql select_absences = {
    "SELECT b.absence_id, b.account_id, a.display, a.department, b.first_date, b.last_date, "
    "b.reason, b.recorded_at, b.ended_at FROM absence b "
    "LEFT JOIN account a ON a.region = b.region AND a.account_id = b.account_id "
    "WHERE b.region = $1 AND (b.account_id = $2 OR $3 = 1 OR ($4 <> '' AND a.department = $4) OR "
    "EXISTS (SELECT 1 FROM delegation d WHERE d.region = $1 AND d.account_id = b.account_id AND "
    "d.substitute_account = $2 AND d.revoked_at = 0)) "
    "ORDER BY b.first_date DESC, b.absence_id DESC LIMIT 200"};

static enum refusal look_absences(const struct look_context *context, const void *query, void *out,
                                  struct fault *why)
{
    struct absences_page *page = out;
    const struct actor *actor = context->actor;
    struct text department = actor->roles & ROLE_HEAD ? actor->department : TEXT("");
    bool all = actor->roles & (ROLE_MANAGER | ROLE_SUPERVISOR | ROLE_ADMINISTRATOR);
    struct db_rows rows;
    (void)query;
    page->may_record = !(actor->roles & ROLE_SUPERVISOR);
    if (!db_select(context->db, &select_absences,
                   DB_ARGS(db_int(context->region), db_int(actor->account), db_int(all),
                           db_text(department)),
                   context->arena, &rows, why) ||
        !db_records(&absence_row_shape, &rows, context->arena, &page->absences, why))
        return OK;
    struct absence_row *absences = page->absences.items;
    struct list names = look_names(context, NAMES_DEPARTMENT);
    for (size_t i = 0; i < page->absences.count; i++) {
        struct absence_row *one = &absences[i];
        one->department_name = name_of(&names, one->department);
        bool speaks = one->account_id == actor->account || administers(context) ||
                      (department.len && text_equal(one->department, department));
        one->may_end = speaks && page->may_record && !one->ended_at &&
                       one->last_date >= time_date(context->now_ms);
        if (!speaks)
            one->reason = TEXT("");
    }
    if (administers(context) || department.len)
        read_accounts(context, &select_colleagues,
                      DB_ARGS(db_int(context->region), db_text(department)), &page->accounts, why);
    else if (page->may_record)
        read_accounts(context, &select_one,
                      DB_ARGS(db_int(context->region), db_int(actor->account)), &page->accounts,
                      why);
    return OK;
}

static const struct look absences_look = {
    .name = "identity.absences",
    .title = "离岗登记",
    .path = "/staff/absences",
    .roles = ROLE_STAFF,
    .page = &absences_page_shape,
    .template = "identity/absences.html",
    .look = look_absences,
};
static const struct look sign_in_look = {
    .name = "identity.sign_in",
    .title = "工作人员登录",
    .path = "/staff/sign-in",
    .roles = ROLE_ANYONE,
    .query = &sign_in_query_shape,
    .page = &sign_in_query_shape,
    .template = "identity/sign_in.html",
    .look = look_sign_in,
};
static const struct look accounts_look = {
    .name = "identity.accounts",
    .title = "账号",
    .path = "/staff/accounts",
    .roles = ROLE_ADMINISTRATOR | ROLE_MANAGER | ROLE_SUPERVISOR,
    .query = &after_query_shape,
    .page = &accounts_page_shape,
    .template = "identity/accounts.html",
    .look = look_accounts,
};
static const struct look account_new_look = {
    .name = "identity.account.new",
    .title = "新建账号",
    .path = "/staff/accounts/new",
    .roles = ROLE_ADMINISTRATOR,
    .page = &account_new_page_shape,
    .template = "identity/account_new.html",
    .look = look_account_new,
};
static const struct look account_look = {
    .name = "identity.account",
    .title = "账号",
    .path = "/staff/accounts/{account_id}",
    .roles = ROLE_ADMINISTRATOR | ROLE_MANAGER | ROLE_SUPERVISOR,
    .query = &account_query_shape,
    .page = &account_page_shape,
    .template = "identity/account.html",
    .look = look_account,
};
static const struct look me_look = {
    .name = "identity.me",
    .title = "我的账号",
    .path = "/staff/me",
    .roles = ROLE_STAFF,
    .page = &account_page_shape,
    .template = "identity/me.html",
    .look = look_me,
};
static const struct look delegations_look = {
    .name = "identity.delegations",
    .title = "授权",
    .path = "/staff/delegations",
    .roles = ROLE_HEAD | ROLE_MANAGER | ROLE_SUPERVISOR | ROLE_ADMINISTRATOR,
    .query = &after_query_shape,
    .page = &delegations_page_shape,
    .template = "identity/delegations.html",
    .look = look_delegations,
};
static const struct look delegation_new_look = {
    .name = "identity.delegation.new",
    .title = "新授权",
    .path = "/staff/delegations/new",
    .roles = ROLE_HEAD | ROLE_ADMINISTRATOR,
    .page = &delegation_new_page_shape,
    .template = "identity/delegation_new.html",
    .look = look_delegation_new,
};

const struct look *const identity_looks[] = {
    &sign_in_look, &accounts_look,    &account_new_look,    &account_look,
    &me_look,      &delegations_look, &delegation_new_look, &absences_look, NULL};
