/* Looking at migrated cases: the logs, the cases of one, one case with its steps. Staff only, since
 * the names of those who acted stand in it. */
#include <jansson.h>

#include "approval/history/history.h"

enum { LOGS_A_PAGE = 50, CASES_A_PAGE = 50, EVENTS_A_PAGE = 200 };

static const struct word kept_words[] = {
    {"none", "无期限"}, {"open", "未办结"}, {"met", "按期"}, {"late", "超期"}, {NULL, NULL}};
enum kept { KEPT_NONE, KEPT_OPEN, KEPT_MET, KEPT_LATE };

/* The logs. */
struct log_row {
    int64_t log_id;
    struct text file;
    int64_t imported_at;
    int64_t cases, events;
};
static const struct field log_row_fields[] = {
    {"log_id", FIELD_INT, offsetof(struct log_row, log_id), .label = "日志编号"},
    {"file", FIELD_TEXT, offsetof(struct log_row, file), FIELD_CODE, .label = "文件校验值"},
    {"imported_at", FIELD_TIME, offsetof(struct log_row, imported_at), .label = "导入时间"},
    {"cases", FIELD_INT, offsetof(struct log_row, cases), .label = "办件数"},
    {"events", FIELD_INT, offsetof(struct log_row, events), .label = "环节数"},
};
static const struct shape log_row_shape = {"history_log_row", "历史日志", sizeof(struct log_row),
                                           SHAPE_FIELDS(log_row_fields)};

struct logs_query {
    int64_t before; /* the log before which a page begins; 0: the newest */
};
static const struct field logs_query_fields[] = {
    {"before", FIELD_INT, offsetof(struct logs_query, before), .label = "到此日志之前"},
};
static const struct shape logs_query_shape = {"history_logs_query", "查询",
                                              sizeof(struct logs_query),
                                              SHAPE_FIELDS(logs_query_fields)};

struct logs_page {
    struct list logs; /* struct log_row, newest first */
    int64_t next;     /* for `before`; 0: this is the last page */
};
static const struct field logs_fields[] = {
    {"logs", FIELD_LIST, offsetof(struct logs_page, logs), .label = "历史日志",
     .of = &log_row_shape},
    {"next", FIELD_INT, offsetof(struct logs_page, next), .label = "下一页起点"},
};
static const struct shape logs_shape = {"history_logs_page", "历史办件", sizeof(struct logs_page),
                                        SHAPE_FIELDS(logs_fields)};

static const struct db_sql logs_sql = {
    "SELECT l.log_id, l.file, l.imported_at, count(c.case_no) AS cases, "
    "l.loose_events + coalesce(CAST(sum(c.events) AS BIGINT), 0) AS events "
    "FROM history_log l LEFT JOIN history_case c ON c.region = l.region AND c.log_id = l.log_id "
    "WHERE l.region = $1 AND l.log_id < $2 "
    "GROUP BY l.log_id, l.file, l.imported_at, l.loose_events ORDER BY l.log_id DESC LIMIT $3"};

static bool logs_onward(const void *page, void *query)
{
    struct logs_query *asked = query;
    asked->before = ((const struct logs_page *)page)->next;
    return asked->before;
}

static enum refusal look_logs(const struct look_context *context, const void *query, void *page,
                              struct fault *why)
{
    struct logs_page *out = page;
    const struct logs_query *asked = query;
    int64_t most = look_rows(context, LOGS_A_PAGE);
    struct db_rows rows;
    if (!db_select(context->db, &logs_sql,
                   DB_ARGS(db_int(context->region), db_int(asked->before ? asked->before : INT64_MAX),
                           db_int(most + 1)),
                   context->arena, &rows, why) ||
        !db_records(&log_row_shape, &rows, context->arena, &out->logs, why))
        return OK;
    if (out->logs.count > (size_t)most) {
        out->logs.count = (size_t)most;
        out->next = ((const struct log_row *)out->logs.items)[most - 1].log_id;
    }
    return OK;
}

/* A migrated case, as a row and as the head of its page. */
struct case_row {
    int64_t case_no;
    struct text name, responsible, department, channel, group;
    int64_t start_at, deadline_at, planned_at, end_at;
    int64_t kept; /* enum kept */
    struct list extra; /* struct attribute_row */
};

struct attribute_row {
    struct text key, value;
};
static const struct field attribute_fields[] = {
    {"key", FIELD_TEXT, offsetof(struct attribute_row, key), .label = "名称"},
    {"value", FIELD_TEXT, offsetof(struct attribute_row, value), .label = "内容"},
};
static const struct shape attribute_shape = {"history_attribute", "其他属性",
                                             sizeof(struct attribute_row),
                                             SHAPE_FIELDS(attribute_fields)};

#define ROW(member) offsetof(struct case_row, member)
static const struct field case_row_fields[] = {
    {"case_no", FIELD_INT, ROW(case_no), .label = "序号"},
    {"name", FIELD_TEXT, ROW(name), .label = "原系统办件编号"},
    {"responsible", FIELD_TEXT, ROW(responsible), .label = "责任人"},
    {"department", FIELD_TEXT, ROW(department), .label = "部门"},
    {"channel", FIELD_TEXT, ROW(channel), .label = "受理渠道"},
    {"case_group", FIELD_TEXT, ROW(group), .label = "小组"},
    {"start_at", FIELD_TIME, ROW(start_at), .label = "开始时间"},
    {"deadline_at", FIELD_TIME, ROW(deadline_at), .label = "办理期限"},
    {"planned_at", FIELD_TIME, ROW(planned_at), .label = "计划办结时间"},
    {"end_at", FIELD_TIME, ROW(end_at), .label = "办结时间"},
    {"kept", FIELD_WORD, ROW(kept), .label = "期限执行情况", .words = kept_words},
    {"extra", FIELD_LIST, ROW(extra), .label = "其他属性", .of = &attribute_shape},
};
static const struct shape case_row_shape = {"history_case_row", "历史办件",
                                            sizeof(struct case_row),
                                            SHAPE_FIELDS(case_row_fields)};

/* The attributes no field holds, at their first level. */
static bool read_extra(struct text extra, struct arena *arena, struct list *out, struct fault *why)
{
    if (extra.len == 0)
        return true;
    json_t *list = json_loadb(extra.at, extra.len, 0, NULL);
    if (!list)
        return fault_set(why, "the further attributes of a migrated case are no JSON");
    struct attribute_row *rows = arena_array(arena, json_array_size(list), sizeof *rows);
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        rows[i].key = text_copy(arena, text_of(json_string_value(json_object_get(one, "key"))));
        rows[i].value =
            text_copy(arena, text_of(json_string_value(json_object_get(one, "value"))));
    }
    *out = (struct list){rows, json_array_size(list)};
    json_decref(list);
    return true;
}

static bool row_of(const struct history_case *c, struct arena *arena, struct case_row *out,
                   struct fault *why)
{
    *out = (struct case_row){.case_no = c->case_no,
                             .name = c->name,
                             .responsible = c->responsible,
                             .department = c->department,
                             .channel = c->channel,
                             .group = c->group};
    xes_instant(c->startdate, &out->start_at);
    xes_instant(c->enddate_planned, &out->planned_at);
    bool due = xes_instant(c->deadline, &out->deadline_at);
    bool ended = xes_instant(c->enddate, &out->end_at);
    if (due)
        out->kept = !ended ? KEPT_OPEN : out->end_at > out->deadline_at ? KEPT_LATE : KEPT_MET;
    return read_extra(c->extra, arena, &out->extra, why);
}

/* The cases of a log. */
struct cases_query {
    int64_t log_id, after;
};
static const struct field cases_query_fields[] = {
    {"log_id", FIELD_INT, offsetof(struct cases_query, log_id), FIELD_REQUIRED, .label = "日志编号"},
    {"after", FIELD_INT, offsetof(struct cases_query, after), .label = "此序号之后"},
};
static const struct shape cases_query_shape = {"history_cases_query", "查询",
                                               sizeof(struct cases_query),
                                               SHAPE_FIELDS(cases_query_fields)};

struct cases_page {
    int64_t log_id;
    int64_t after;     /* as asked: 0 on the first page */
    struct list cases; /* struct case_row */
    int64_t next;      /* for `after`; 0: this is the last page */
};
static const struct field cases_fields[] = {
    {"log_id", FIELD_INT, offsetof(struct cases_page, log_id), .label = "日志编号"},
    {"after", FIELD_INT, offsetof(struct cases_page, after), .label = "此序号之后"},
    {"cases", FIELD_LIST, offsetof(struct cases_page, cases), .label = "办件",
     .of = &case_row_shape},
    {"next", FIELD_INT, offsetof(struct cases_page, next), .label = "下一页起点"},
};
static const struct shape cases_shape = {"history_cases_page", "历史办件",
                                         sizeof(struct cases_page), SHAPE_FIELDS(cases_fields)};

static enum refusal look_cases(const struct look_context *context, const void *query, void *page,
                               struct fault *why)
{
    const struct cases_query *asked = query;
    struct cases_page *out = page;
    struct history_log log;
    struct list list;
    bool found;
    if (!history_find_log(context->db, context->region, asked->log_id, context->arena,
                          &out->log_id, &log, &found, why))
        return OK;
    if (!found)
        return REFUSED_NOT_FOUND;
    size_t most = (size_t)look_rows(context, CASES_A_PAGE);
    if (!history_page_cases(context->db, context->region, asked->log_id, asked->after,
                            (int64_t)most + 1, context->arena, &list, why))
        return OK;
    const struct history_case *cases = list.items;
    out->after = asked->after;
    size_t shown = list.count > most ? most : list.count;
    struct case_row *rows = arena_array(context->arena, shown, sizeof *rows);
    for (size_t i = 0; i < shown; i++)
        if (!row_of(&cases[i], context->arena, &rows[i], why))
            return OK;
    out->cases = (struct list){rows, shown};
    out->next = list.count > shown ? rows[shown - 1].case_no : 0;
    look_shows(context, (struct shown){.persons = (int64_t)shown,
                                       .why = WHY_CLOSED,
                                       .asked = text_format(context->arena, "日志：%lld",
                                                            (long long)asked->log_id)});
    return OK;
}

static bool cases_onward(const void *page, void *query)
{
    struct cases_query *asked = query;
    asked->after = ((const struct cases_page *)page)->next;
    return asked->after;
}

/* One case. */
struct case_query {
    int64_t log_id, case_no, after;
};
static const struct field case_query_fields[] = {
    {"log_id", FIELD_INT, offsetof(struct case_query, log_id), FIELD_REQUIRED, .label = "日志编号"},
    {"case_no", FIELD_INT, offsetof(struct case_query, case_no), FIELD_REQUIRED, .low = 1,
     .label = "办件序号"},
    {"after", FIELD_INT, offsetof(struct case_query, after), .label = "此环节之后"},
};
static const struct shape case_query_shape = {"history_case_query", "查询",
                                              sizeof(struct case_query),
                                              SHAPE_FIELDS(case_query_fields)};

struct step_row {
    int64_t event_no, at;
    struct text activity, resource, group, transition;
};
#define STEP(member) offsetof(struct step_row, member)
static const struct field step_fields[] = {
    {"event_no", FIELD_INT, STEP(event_no), .label = "序号"},
    {"at", FIELD_TIME, STEP(at), .label = "时间"},
    {"activity", FIELD_TEXT, STEP(activity), .label = "环节"},
    {"resource", FIELD_TEXT, STEP(resource), .label = "经办人"},
    {"event_group", FIELD_TEXT, STEP(group), .label = "小组"},
    {"transition", FIELD_TEXT, STEP(transition), FIELD_CODE, .label = "环节状态"},
};
static const struct shape step_shape = {"history_step", "环节", sizeof(struct step_row),
                                        SHAPE_FIELDS(step_fields)};

struct case_page {
    int64_t log_id;
    int64_t after; /* as asked: 0 where these are the first steps */
    struct case_row head;
    struct list steps; /* struct step_row */
    int64_t next;      /* for `after`; 0: these are the last */
};
static const struct field case_fields[] = {
    {"log_id", FIELD_INT, offsetof(struct case_page, log_id), .label = "日志编号"},
    {"after", FIELD_INT, offsetof(struct case_page, after), .label = "此环节之后"},
    {"head", FIELD_RECORD, offsetof(struct case_page, head), .label = "办件",
     .of = &case_row_shape},
    {"steps", FIELD_LIST, offsetof(struct case_page, steps), .label = "办理过程",
     .of = &step_shape},
    {"next", FIELD_INT, offsetof(struct case_page, next), .label = "下一页起点"},
};
static const struct shape case_shape = {"history_case_page", "历史办件", sizeof(struct case_page),
                                        SHAPE_FIELDS(case_fields)};

static void steps_of(const struct list *events, int64_t case_no, size_t most, struct arena *arena,
                     struct case_page *out)
{
    const struct history_event *items = events->items;
    struct step_row *rows = arena_array(arena, events->count, sizeof *rows);
    size_t count = 0;
    while (count < events->count && count < most && items[count].case_no == case_no) {
        const struct history_event *e = &items[count];
        rows[count] = (struct step_row){.event_no = e->event_no,
                                        .activity = e->activity,
                                        .resource = e->resource,
                                        .group = e->group,
                                        .transition = e->transition};
        xes_instant(e->timestamp, &rows[count++].at);
    }
    out->steps = (struct list){rows, count};
    bool more = count < events->count && items[count].case_no == case_no;
    out->next = more ? rows[count - 1].event_no : 0;
}

static enum refusal look_case(const struct look_context *context, const void *query, void *page,
                              struct fault *why)
{
    const struct case_query *asked = query;
    struct case_page *out = page;
    struct list list;
    if (!history_page_cases(context->db, context->region, asked->log_id, asked->case_no - 1, 1,
                            context->arena, &list, why))
        return OK;
    const struct history_case *found = list.items;
    if (list.count == 0 || found->case_no != asked->case_no)
        return REFUSED_NOT_FOUND;
    int64_t most = look_rows(context, EVENTS_A_PAGE);
    out->log_id = asked->log_id;
    out->after = asked->after;
    /* Whom the old system's words name we cannot know. */
    look_shows(context, (struct shown){.subject = text_format(context->arena, "history:%lld/%lld",
                                                              (long long)asked->log_id,
                                                              (long long)asked->case_no),
                                       .persons = 1,
                                       .why = WHY_CLOSED});
    if (row_of(found, context->arena, &out->head, why) &&
        history_page_events(context->db, context->region, asked->log_id, asked->case_no,
                            asked->after, most + 1, context->arena, &list, why))
        steps_of(&list, asked->case_no, (size_t)most, context->arena, out);
    return OK;
}

static bool case_onward(const void *page, void *query)
{
    struct case_query *asked = query;
    asked->after = ((const struct case_page *)page)->next;
    return asked->after;
}

const struct look history_logs_look = {.name = "history.logs",
                                       .title = "历史办件",
                                       .path = "/staff/history",
                                       .roles = ROLE_WORK,
                                       .query = &logs_query_shape,
                                       .page = &logs_shape,
                                       .list = "logs",
                                       .turns = "before",
                                       .onward = logs_onward,
                                       .template = "approval/history/logs.html",
                                       .look = look_logs};
const struct look history_cases_look = {.name = "history.cases",
                                        .title = "历史办件",
                                        .path = "/staff/history/{log_id}",
                                        .roles = ROLE_WORK,
                                        .people = true,
                                        .query = &cases_query_shape,
                                        .page = &cases_shape,
                                        .list = "cases",
                                        .turns = "after",
                                        .onward = cases_onward,
                                        .template = "approval/history/cases.html",
                                        .look = look_cases};
const struct look history_case_look = {.name = "history.case",
                                       .title = "历史办件",
                                       .path = "/staff/history/{log_id}/{case_no}",
                                       .roles = ROLE_WORK,
                                        .people = true,
                                       .query = &case_query_shape,
                                       .page = &case_shape,
                                       .list = "steps",
                                       .turns = "after",
                                       .onward = case_onward,
                                       .template = "approval/history/case.html",
                                       .look = look_case};
