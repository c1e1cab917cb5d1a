/* Traces as they are told: to the person, and to whoever audits. */
#include "trace/parts.h"

#include <string.h>

#include "base/idcode.h"
#include "base/mask.h"
#include "identity/identity.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)
#define TEXT_OF(record, member, label_)                                                            \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .label = label_                                     \
    }
#define CODE(record, member, label_)                                                               \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = label_                \
    }
#define OTHER(record, member, type_, label_)                                                       \
    {                                                                                              \
        F(record, member), .type = type_, .label = label_                                          \
    }
#define WORD(record, member, words_, label_)                                                       \
    {                                                                                              \
        F(record, member), .type = FIELD_WORD, .words = words_, .label = label_                    \
    }

static const struct field look_row_fields[] = {
    OTHER(look_row, entry, FIELD_INT, "日志序号"),
    OTHER(look_row, at, FIELD_TIME, "时间"),
    OTHER(look_row, account, FIELD_INT, "账号编号"),
    TEXT_OF(look_row, who, "查看人"),
    CODE(look_row, department, "部门代码"),
    TEXT_OF(look_row, department_name, "部门"),
    WORD(look_row, post, look_post_words, "岗位"),
    WORD(look_row, made_by, look_by_words, "方式"),
    CODE(look_row, look, "页面代码"),
    TEXT_OF(look_row, look_title, "页面"),
    CODE(look_row, subject, "对象"),
    OTHER(look_row, persons, FIELD_INT, "人数"),
    OTHER(look_row, masked, FIELD_BOOL, "脱敏"),
    WORD(look_row, why, look_why_words, "依据"),
    TEXT_OF(look_row, reason, "查看事由"),
    OTHER(look_row, closed, FIELD_BOOL, "非办公时间"),
    TEXT_OF(look_row, asked, "查询内容"),
    CODE(look_row, from_address, "来源地址"),
};
const struct shape look_row_shape = {"look_row", "查看记录", sizeof(struct look_row),
                                     SHAPE_FIELDS(look_row_fields)};
static const struct field look_told_fields[] = {
    OTHER(look_row, at, FIELD_TIME, "时间"),
    TEXT_OF(look_row, department_name, "部门"),
    WORD(look_row, post, look_post_words, "岗位"),
    TEXT_OF(look_row, look_title, "页面"),
    OTHER(look_row, masked, FIELD_BOOL, "脱敏"),
    WORD(look_row, why, look_why_words, "依据"),
    TEXT_OF(look_row, reason, "查看事由"),
};
const struct shape look_told_shape = {"look_told", "谁查看过我的信息", sizeof(struct look_row),
                                      SHAPE_FIELDS(look_told_fields)};

/* A reason is looked up where it was typed: forgotten there, it is forgotten everywhere. */
#define ROWS                                                                                       \
    "SELECT t.entry AS entry, t.at AS at, t.account AS account, t.made_by AS made_by, "            \
    "t.department AS department, t.post AS post, t.look AS look, t.subject AS subject, "           \
    "t.persons AS persons, t.masked AS masked, t.why AS why, t.closed AS closed, "                 \
    "t.asked AS asked, t.from_address AS from_address, COALESCE(r.reason, '') AS reason "          \
    "FROM look_trace t LEFT JOIN look_reason r ON r.region = t.region AND r.entry = t.reason "

static const struct db_sql rows_of_subject = {ROWS
                                              "WHERE t.region = $1 AND t.subject = $2 "
                                              "AND t.entry < $3 "
                                              "ORDER BY t.entry DESC LIMIT $4"};

static void name_rows(const struct look_context *context, const struct list *rows)
{
    struct list departments = look_names(context, NAMES_DEPARTMENT);
    struct look_row *row = (struct look_row *)rows->items;
    for (size_t i = 0; i < rows->count; i++) {
        row[i].department_name = row[i].department.len ? name_of(&departments, row[i].department)
                                                       : TEXT("行政服务中心");
        row[i].look_title = look_title(context, row[i].look);
    }
}

bool trace_of(const struct look_context *context, struct text subject, int64_t before,
              int64_t limit, struct list *out, struct fault *why)
{
    struct db_rows rows;
    if (!db_select(context->db, &rows_of_subject,
                   DB_ARGS(db_int(context->region), db_text(subject),
                           db_int(before ? before : INT64_MAX), db_int(limit)),
                   context->arena, &rows, why) ||
        !db_records(&look_row_shape, &rows, context->arena, out, why))
        return false;
    name_rows(context, out);
    return true;
}

/* The auditor's search: whichever is given must fit. */
struct looks_ask {
    struct text number; /* of a case, or of a person or organisation */
    struct text login;
    struct text from;
    int64_t day;
    int64_t before; /* the entry before which the page begins; 0: the newest */
};
static const struct field looks_ask_fields[] = {
    {F(looks_ask, number), .type = FIELD_TEXT, .flags = FIELD_CODE | FIELD_PRIVATE, .high = 40,
     .label = "办件编号或证件号码", .tidy = idcode_tidy},
    {F(looks_ask, login), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 64, .label = "查看人登录名"},
    {F(looks_ask, from), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 60, .label = "来源地址"},
    {F(looks_ask, day), .type = FIELD_DATE, .label = "日期"},
    {F(looks_ask, before), .type = FIELD_INT, .label = "到此序号之前"},
};
static const struct shape looks_ask_shape = {"looks_ask", "查看记录查询", sizeof(struct looks_ask),
                                             SHAPE_FIELDS(looks_ask_fields)};

enum { SUBJECTS = 12 }; /* cases of one person that one search follows: the newest */

/* One statement for each of what can lead the way through an index; the rest is a condition. */
#define ALSO                                                                                       \
    "t.entry < $3 AND ($4 = 0 OR t.account = $4) AND ($5 = '' OR t.from_address = $5) "            \
    "AND ($6 = 0 OR (t.at >= $6 AND t.at < $7)) ORDER BY t.entry DESC LIMIT $2"
static const struct db_sql by_subjects = {
    ROWS "WHERE t.region = $1 AND t.subject IN ($8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
         "$18, $19) AND " ALSO};
static const struct db_sql by_account = {ROWS "WHERE t.region = $1 AND t.account = $4 AND " ALSO};
static const struct db_sql by_address = {
    ROWS "WHERE t.region = $1 AND t.from_address = $5 AND " ALSO};
static const struct db_sql by_day = {
    ROWS "WHERE t.region = $1 AND t.at >= $6 AND t.at < $7 AND " ALSO};
static const struct db_sql by_none = {ROWS "WHERE t.region = $1 AND " ALSO};

struct found {
    struct list rows; /* struct look_row */
    bool nothing;     /* no such case, person or account */
};

static bool arguments(const struct look_context *context, const struct looks_ask *ask,
                      int64_t limit, struct db_value args[7 + SUBJECTS], bool *nothing,
                      struct fault *why)
{
    struct list subjects = {0};
    struct account account = {0};
    bool known = true;
    if (ask->number.len && !look_subjects(context, ask->number, &subjects, why))
        return false;
    if (ask->login.len &&
        !identity_account_by_login(context->db, context->region, ask->login, context->arena,
                                   &account, &known, why))
        return false;
    *nothing = !known || (ask->number.len && !subjects.count);
    args[0] = db_int(context->region);
    args[1] = db_int(limit);
    args[2] = db_int(ask->before ? ask->before : INT64_MAX);
    args[3] = db_int(account.account_id);
    args[4] = db_text(ask->from);
    args[5] = db_int(ask->day ? time_at(ask->day, 0) : 0);
    args[6] = db_int(ask->day ? time_at(ask->day, 0) + DAY_MS : 0);
    const struct text *items = subjects.items;
    for (size_t i = 0; i < SUBJECTS; i++)
        args[7 + i] = db_text(i < subjects.count ? items[i] : TEXT("-"));
    return true;
}

static bool search(const struct look_context *context, const struct looks_ask *ask, int64_t limit,
                   struct found *out, struct fault *why)
{
    struct db_value args[7 + SUBJECTS];
    struct db_rows rows;
    const struct db_sql *sql = ask->number.len  ? &by_subjects
                               : ask->login.len ? &by_account
                               : ask->from.len  ? &by_address
                               : ask->day       ? &by_day
                                                : &by_none;
    if (!arguments(context, ask, limit, args, &out->nothing, why))
        return false;
    if (out->nothing)
        return true;
    if (!db_select(context->db, sql, args, sql == &by_subjects ? 7 + SUBJECTS : 7, context->arena,
                   &rows, why) ||
        !db_records(&look_row_shape, &rows, context->arena, &out->rows, why))
        return false;
    name_rows(context, &out->rows);
    return true;
}

/* Each account is asked for once. */
static bool name_people(const struct look_context *context, const struct list *rows,
                        struct fault *why)
{
    struct look_row *row = (struct look_row *)rows->items;
    for (size_t i = 0; i < rows->count; i++) {
        struct account account;
        bool found = false;
        for (size_t j = 0; j < i && !row[i].who.len; j++)
            if (row[j].account == row[i].account)
                row[i].who = row[j].who;
        if (row[i].who.len)
            continue;
        if (row[i].account && !identity_account(context->db, context->region, row[i].account,
                                                context->arena, &account, &found, why))
            return false;
        row[i].who = found ? account.display : row[i].account ? TEXT("已删除") : TEXT("命令行");
    }
    return true;
}

/* What was searched for, without a person's number: 330482********0016. */
static struct text asked_said(const struct look_context *context, const struct looks_ask *ask)
{
    struct buf out = {.arena = context->arena};
    for (size_t i = 0; i < looks_ask_shape.count; i++) {
        const struct field *field = &looks_ask_fields[i];
        struct text value = field_display(field, ask, context->arena);
        if (!value.len || text_is(value, "0"))
            continue;
        if (idcode_person(value))
            value = mask_id(value, context->arena);
        buf_format(&out, "%s%s：%.*s", out.len ? "；" : "", field->label, TEXT_ARG(value));
    }
    return buf_done(&out);
}

static void show_auditors_look(const struct look_context *context, const struct looks_ask *ask,
                               size_t count)
{
    look_shows(context, (struct shown){.persons = (int64_t)count,
                                       .masked = true,
                                       .why = WHY_MASKED,
                                       .asked = asked_said(context, ask)});
}

struct alarm_row {
    int64_t entry, at, account;
    struct text who;
    int64_t cause, subjects, most;
};
static const struct field alarm_row_fields[] = {
    OTHER(alarm_row, entry, FIELD_INT, "日志序号"),
    OTHER(alarm_row, at, FIELD_TIME, "时间"),
    OTHER(alarm_row, account, FIELD_INT, "账号编号"),
    TEXT_OF(alarm_row, who, "查看人"),
    WORD(alarm_row, cause, alarm_cause_words, "原因"),
    OTHER(alarm_row, subjects, FIELD_INT, "查看人数"),
    OTHER(alarm_row, most, FIELD_INT, "上限"),
};
static const struct shape alarm_row_shape = {"alarm_row", "批量查看告警", sizeof(struct alarm_row),
                                             SHAPE_FIELDS(alarm_row_fields)};
static const struct db_sql newest_alarms = {
    "SELECT entry, at, account, cause, subjects, most FROM look_alarm "
    "WHERE region = $1 ORDER BY entry DESC LIMIT 20"};

static bool show_alarms(const struct look_context *context, struct list *out, struct fault *why)
{
    struct db_rows rows;
    if (!db_select(context->db, &newest_alarms, DB_ARGS(db_int(context->region)), context->arena,
                   &rows, why) ||
        !db_records(&alarm_row_shape, &rows, context->arena, out, why))
        return false;
    struct alarm_row *alarm = (struct alarm_row *)out->items;
    for (size_t i = 0; i < out->count; i++) {
        struct account account;
        bool found = false;
        if (!identity_account(context->db, context->region, alarm[i].account, context->arena,
                              &account, &found, why))
            return false;
        alarm[i].who = found ? account.display : TEXT("已删除");
    }
    return true;
}

enum { A_PAGE = 50 };

struct looks_page {
    struct looks_ask ask;
    bool searched, nothing;
    struct list rows;   /* struct look_row */
    struct list alarms; /* struct alarm_row, on the first page of no search */
    int64_t next;       /* for `before`; 0: this is the last page */
};
static const struct field looks_page_fields[] = {
    {F(looks_page, ask), .type = FIELD_RECORD, .label = "查询", .of = &looks_ask_shape},
    OTHER(looks_page, searched, FIELD_BOOL, "已查询"),
    OTHER(looks_page, nothing, FIELD_BOOL, "没有这个编号或账号"),
    {F(looks_page, rows), .type = FIELD_LIST, .label = "查看记录", .of = &look_row_shape},
    {F(looks_page, alarms), .type = FIELD_LIST, .label = "告警", .of = &alarm_row_shape},
    OTHER(looks_page, next, FIELD_INT, "下一页起点"),
};
static const struct shape looks_page_shape = {"looks_page", "查看记录", sizeof(struct looks_page),
                                              SHAPE_FIELDS(looks_page_fields)};

static enum refusal look_looks(const struct look_context *context, const void *query, void *out,
                               struct fault *why)
{
    const struct looks_ask *ask = query;
    struct looks_page *page = out;
    int64_t most = look_rows(context, A_PAGE);
    struct found found = {0};
    page->ask = *ask;
    page->searched = ask->number.len || ask->login.len || ask->from.len || ask->day;
    if (!search(context, ask, most + 1, &found, why) ||
        (!page->searched && !ask->before && !show_alarms(context, &page->alarms, why)))
        return OK;
    bool more = found.rows.count > (size_t)most;
    if (more)
        found.rows.count = (size_t)most;
    if (!name_people(context, &found.rows, why))
        return OK;
    page->nothing = found.nothing;
    page->rows = found.rows;
    if (more)
        page->next = ((const struct look_row *)found.rows.items)[most - 1].entry;
    show_auditors_look(context, ask, found.rows.count);
    return OK;
}

static bool looks_onward(const void *page, void *query)
{
    struct looks_ask *ask = query;
    ask->before = ((const struct looks_page *)page)->next;
    return ask->before;
}

static const struct look looks_look = {.name = "trace.looks",
                                       .title = "查看记录",
                                       .path = "/staff/looks",
                                       .roles = TRACE_AUDITORS,
                                       .by_post = true,
                                       .people = true,
                                       .query = &looks_ask_shape,
                                       .page = &looks_page_shape,
                                       .template = "trace/looks.html",
                                       .list = "rows",
                                       .turns = "before",
                                       .onward = looks_onward,
                                       .look = look_looks};
const struct look *const trace_looks[] = {&looks_look, NULL};
