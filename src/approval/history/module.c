/* The lists of the history part: commands, events, looks, tables. */
#include "approval/history/history.h"

#define LOG(member) offsetof(struct history_log, member)
#define CASE(member) offsetof(struct history_case, member)
#define EVENT(member) offsetof(struct history_event, member)

/* Characters; the bytes are bounded by request.c and by xes_limits. */
enum { WORDS = 4000, DATE = 64, EXTRA = 4 << 20, HEADER = 32 << 20 };
enum { CODE = FIELD_CODE, HIDDEN = FIELD_PRIVATE };

static const struct field log_fields[] = {
    {"file", FIELD_TEXT, LOG(file), FIELD_REQUIRED | CODE, 64, 64, "文件校验值（SHA-256）"},
    {"header", FIELD_TEXT, LOG(header), HIDDEN | CODE, 0, HEADER, "日志头部"},
};

static const struct field case_fields[] = {
    {"log_id", FIELD_INT, CASE(log_id), FIELD_REQUIRED, 0, 0, "日志编号"},
    {"case_no", FIELD_INT, CASE(case_no), FIELD_REQUIRED, 1, 0, "办件序号"},
    {"name", FIELD_TEXT, CASE(name), HIDDEN, 0, WORDS, "原系统办件编号"},
    {"responsible", FIELD_TEXT, CASE(responsible), HIDDEN, 0, WORDS, "责任人"},
    {"department", FIELD_TEXT, CASE(department), 0, 0, WORDS, "部门"},
    {"channel", FIELD_TEXT, CASE(channel), 0, 0, WORDS, "受理渠道"},
    {"case_group", FIELD_TEXT, CASE(group), 0, 0, WORDS, "小组"},
    {"startdate", FIELD_TEXT, CASE(startdate), CODE, 0, DATE, "开始时间"},
    {"deadline", FIELD_TEXT, CASE(deadline), CODE, 0, DATE, "办理期限"},
    {"enddate_planned", FIELD_TEXT, CASE(enddate_planned), CODE, 0, DATE, "计划办结时间"},
    {"enddate", FIELD_TEXT, CASE(enddate), CODE, 0, DATE, "办结时间"},
    {"extra", FIELD_TEXT, CASE(extra), HIDDEN | CODE, 0, EXTRA, "其他属性"},
};

static const struct field event_fields[] = {
    {"log_id", FIELD_INT, EVENT(log_id), FIELD_REQUIRED, 0, 0, "日志编号"},
    {"case_no", FIELD_INT, EVENT(case_no), 0, 0, 0, "办件序号"},
    {"event_no", FIELD_INT, EVENT(event_no), FIELD_REQUIRED, 1, 0, "步骤序号"},
    {"activity", FIELD_TEXT, EVENT(activity), 0, 0, WORDS, "环节"},
    {"instance", FIELD_TEXT, EVENT(instance), CODE, 0, WORDS, "环节实例"},
    {"resource", FIELD_TEXT, EVENT(resource), HIDDEN, 0, WORDS, "经办人"},
    {"event_group", FIELD_TEXT, EVENT(group), 0, 0, WORDS, "小组"},
    {"transition", FIELD_TEXT, EVENT(transition), CODE, 0, WORDS, "环节状态"},
    {"event_time", FIELD_TEXT, EVENT(timestamp), CODE, 0, DATE, "时间"},
    {"extra", FIELD_TEXT, EVENT(extra), HIDDEN | CODE, 0, EXTRA, "其他属性"},
};

const struct shape history_log_shape = {"history_log", "历史日志", sizeof(struct history_log),
                                        SHAPE_FIELDS(log_fields)};
const struct shape history_case_shape = {"history_case", "历史办件", sizeof(struct history_case),
                                         SHAPE_FIELDS(case_fields)};
const struct shape history_event_shape = {"history_event", "历史办件环节",
                                          sizeof(struct history_event),
                                          SHAPE_FIELDS(event_fields)};

const struct event_kind history_log_kind = {
    "history.log", "导入历史日志", 1, &history_log_shape, .apply = history_apply_log};
const struct event_kind history_case_kind = {
    "history.case", "导入历史办件", 1, &history_case_shape, .apply = history_apply_case};
const struct event_kind history_event_kind = {
    "history.event", "导入历史环节", 1, &history_event_shape, .apply = history_apply_event};

const struct command history_log_command = {"history.log", "导入历史日志",
                                            .roles = ROLE_IMPORTER,
                                            .input = &history_log_shape,
                                            .read = history_read_log,
                                            .decide = history_decide_log};
const struct command history_case_command = {"history.case", "导入历史办件",
                                             .roles = ROLE_IMPORTER,
                                             .input = &history_case_shape,
                                             .read = history_read_case,
                                             .decide = history_decide_case};
const struct command history_event_command = {"history.event", "导入历史环节",
                                              .roles = ROLE_IMPORTER,
                                              .input = &history_event_shape,
                                              .read = history_read_event,
                                              .decide = history_decide_event};

static const struct command *const commands[] = {&history_log_command, &history_case_command,
                                                 &history_event_command, NULL};
static const struct event_kind *const events[] = {&history_log_kind, &history_case_kind,
                                                  &history_event_kind, NULL};
static const struct look *const looks[] = {&history_logs_look, &history_cases_look,
                                          &history_case_look, NULL};
static const struct table tables[] = {
    {"history_log", "region, log_id"},
    {"history_case", "region, log_id, case_no"},
    {"history_event", "region, log_id, case_no, event_no"},
    {"history_resource", "region, resource"},
    {NULL, NULL},
};

const struct module history_module = {
    .name = "history",
    .commands = commands,
    .events = events,
    .looks = looks,
    .tables = tables,
    .tables_sql = "approval/history/tables.sql",
};
