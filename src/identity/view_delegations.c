/* The pages of delegations and absences. */
#include "identity/pages.h"

/* Who sees the letters and absences of every department. */
#define WATCHING (ROLE_MANAGER | ROLE_SUPERVISOR | ROLE_SECURITY | ROLE_AUDITOR)

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
const struct shape grant_row_shape = {"grant_row", "授权", sizeof(struct grant_row),
                                      SHAPE_FIELDS(grant_row_fields)};
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
    struct text department;  /* of the head who grants */
    struct list accounts;    /* struct account_row: whom a grant may name */
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

struct absences_query { /* the row before which a page begins; 0: the latest */
    int64_t before_date, before_id;
};
static const struct field absences_query_fields[] = {
    {FIELD(absences_query, before_date), .type = FIELD_DATE, .label = "到此日期之前"},
    {FIELD(absences_query, before_id), .type = FIELD_INT, .label = "到此编号之前"},
};
SHAPE(absences_query, "列表");

struct absences_page {
    struct list absences; /* struct absence_row, the latest first */
    struct list accounts; /* struct account_row: whose absence this person may record */
    int64_t next_date, next_id; /* for the next page; 0: there is none */
    bool may_record;
};
static const struct field absences_page_fields[] = {
    {FIELD(absences_page, absences), .type = FIELD_LIST, .label = "离岗", .of = &absence_row_shape},
    {FIELD(absences_page, accounts), .type = FIELD_LIST, .label = "账号", .of = &account_row_shape},
    {FIELD(absences_page, next_date), .type = FIELD_DATE, .label = "下一页起点日期"},
    {FIELD(absences_page, next_id), .type = FIELD_INT, .label = "下一页起点编号"},
    {FIELD(absences_page, may_record), .type = FIELD_BOOL, .label = "可登记"},
};
SHAPE(absences_page, "离岗登记");

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
bool view_grants_of(const struct look_context *context, int64_t account_id, struct list *out,
                    struct fault *why)
{
    return read_grants(context, &select_account_grants,
                       DB_ARGS(db_int(context->region), db_int(account_id)), out, why);
}

/* The security administrator enters what a head has signed. */
static bool enters_letters(const struct actor *actor)
{
    return actor->roles & ROLE_SECURITY;
}

/* A head sees the own department; who watches over the centre sees all. */
static struct text department_seen(const struct actor *actor)
{
    return actor->roles & WATCHING ? TEXT("") : actor->department;
}

static enum refusal look_delegations(const struct look_context *context, const void *query,
                                     void *out, struct fault *why)
{
    const struct after_query *wanted = query;
    struct delegations_page *page = out;
    int64_t most = look_rows(context, PAGE_ROWS);
    if (!read_grants(context, &select_all_grants,
                     DB_ARGS(db_int(context->region), db_int(wanted->after ? wanted->after : -1),
                             db_text(department_seen(context->actor)), db_int(most + 1)),
                     &page->grants, why))
        return OK;
    if (page->grants.count > (size_t)most) {
        page->grants.count = (size_t)most;
        page->next_after = ((struct grant_row *)page->grants.items)[most - 1].delegation_id;
    }
    page->may_edit = context->actor->roles & (ROLE_HEAD | ROLE_SECURITY);
    return OK;
}

static bool delegations_onward(const void *page, void *query)
{
    struct after_query *wanted = query;
    wanted->after = ((const struct delegations_page *)page)->next_after;
    return wanted->after;
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
    page->department = enters_letters(context->actor) ? TEXT("") : context->actor->department;
    page->departments = names_of_department(context, NAMES_DEPARTMENT, page->department);
    page->items = names_of_department(context, NAMES_ITEM, page->department);
    view_colleagues(context, page->department, &page->accounts, why);
    return OK;
}

/* One's own, those of whom one is the substitute, a head's department, for who watches over the
 * centre all ($3). */
static const struct db_sql select_absences = {
    "SELECT b.absence_id, b.account_id, a.display, a.department, b.first_date, b.last_date, "
    "b.reason, b.recorded_at, b.ended_at FROM absence b "
    "LEFT JOIN account a ON a.region = b.region AND a.account_id = b.account_id "
    "WHERE b.region = $1 AND (b.account_id = $2 OR $3 = 1 OR ($4 <> '' AND a.department = $4) OR "
    "EXISTS (SELECT 1 FROM delegation d WHERE d.region = $1 AND d.account_id = b.account_id AND "
    "d.substitute_account = $2 AND d.revoked_at = 0)) "
    "AND (b.first_date, b.absence_id) < ($5, $6) "
    "ORDER BY b.first_date DESC, b.absence_id DESC LIMIT $7"};

static void absences_cut(struct absences_page *page, int64_t most)
{
    const struct absence_row *rows = page->absences.items;
    if (page->absences.count <= (size_t)most)
        return;
    page->absences.count = (size_t)most;
    page->next_date = rows[most - 1].first_date;
    page->next_id = rows[most - 1].absence_id;
}

static bool absences_onward(const void *page, void *query)
{
    const struct absences_page *shown = page;
    *(struct absences_query *)query = (struct absences_query){shown->next_date, shown->next_id};
    return shown->next_id;
}

static enum refusal look_absences(const struct look_context *context, const void *query, void *out,
                                  struct fault *why)
{
    struct absences_page *page = out;
    const struct actor *actor = context->actor;
    struct text department = actor->roles & ROLE_HEAD ? actor->department : TEXT("");
    bool all = actor->roles & WATCHING;
    const struct absences_query *asked = query;
    int64_t most = look_rows(context, PAGE_ROWS);
    struct db_rows rows;
    page->may_record = actor->roles & MAY_BE_ABSENT;
    if (!db_select(context->db, &select_absences,
                   DB_ARGS(db_int(context->region), db_int(actor->account), db_int(all),
                           db_text(department),
                           db_int(asked->before_id ? asked->before_date : INT64_MAX),
                           db_int(asked->before_id), db_int(most + 1)),
                   context->arena, &rows, why) ||
        !db_records(&absence_row_shape, &rows, context->arena, &page->absences, why))
        return OK;
    absences_cut(page, most);
    struct absence_row *absences = page->absences.items;
    struct list names = look_names(context, NAMES_DEPARTMENT);
    for (size_t i = 0; i < page->absences.count; i++) {
        struct absence_row *one = &absences[i];
        one->department_name = name_of(&names, one->department);
        bool speaks = one->account_id == actor->account || enters_letters(context->actor) ||
                      (department.len && text_equal(one->department, department));
        one->may_end = speaks && page->may_record && !one->ended_at &&
                       one->last_date >= time_date(context->now_ms);
        if (!speaks)
            one->reason = TEXT("");
    }
    if (enters_letters(context->actor) || department.len)
        view_colleagues(context, department, &page->accounts, why);
    else if (page->may_record)
        view_account(context, actor->account, &page->accounts, why);
    return OK;
}

const struct look absences_look = {
    .name = "identity.absences",
    .title = "离岗登记",
    .path = "/staff/absences",
    .roles = ROLE_WORK | ROLE_SECURITY | ROLE_AUDITOR,
    .query = &absences_query_shape,
    .page = &absences_page_shape,
    .template = "identity/absences.html",
    .list = "absences",
    .turns = "before_date before_id",
    .onward = absences_onward,
    .look = look_absences,
};
const struct look delegations_look = {
    .name = "identity.delegations",
    .title = "授权",
    .path = "/staff/delegations",
    .roles = ROLE_HEAD | WATCHING,
    .query = &after_query_shape,
    .page = &delegations_page_shape,
    .template = "identity/delegations.html",
    .list = "grants",
    .turns = "after",
    .onward = delegations_onward,
    .look = look_delegations,
};
const struct look delegation_new_look = {
    .name = "identity.delegation.new",
    .title = "新授权",
    .path = "/staff/delegations/new",
    .roles = ROLE_HEAD | ROLE_SECURITY,
    .page = &delegation_new_page_shape,
    .template = "identity/delegation_new.html",
    .look = look_delegation_new,
};
