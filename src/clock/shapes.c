/* The shapes of the clock's commands and events. */
#include "clock/commands.h"

#define AT(type, field) offsetof(struct type, field)

const struct word deadline_state_words[] = {
    {"none", "未设定"}, {"running", "计算中"}, {"paused", "已暂停"}, {"closed", "已结束"},
    {NULL, NULL},
};
_Static_assert(sizeof deadline_state_words / sizeof *deadline_state_words ==
                   DEADLINE_CLOSED + 2,
               "a word for each");
const struct word deadline_outcome_words[] = {
    {"none", "未定"}, {"met", "按期"}, {"late", "逾期"}, {"cancelled", "终止"}, {NULL, NULL},
};
_Static_assert(sizeof deadline_outcome_words / sizeof *deadline_outcome_words ==
                   OUTCOME_CANCELLED + 2,
               "a word for each");

enum {
    NOTICE_DAYS = 100,
    ID_CHARACTERS = 120,
};

static const struct field notice_fields[] = {
    {"year", FIELD_INT, AT(notice, year), FIELD_REQUIRED, .low = 1949, .high = 2999,
     .label = "年份"},
    {"published_date", FIELD_DATE, AT(notice, published_date), FIELD_REQUIRED,
     .label = "发布日期"},
    {"scope", FIELD_WORD, AT(notice, scope), FIELD_REQUIRED, .label = "范围",
     .words = notice_scope_words},
    {"document", FIELD_TEXT, AT(notice, document), 0, .high = 100, .label = "文号"},
    {"source", FIELD_TEXT, AT(notice, source), FIELD_REQUIRED, .low = 1, .high = 400,
     .label = "来源"},
    {"days", FIELD_LIST, AT(notice, days), FIELD_REQUIRED, .low = 1, .high = NOTICE_DAYS,
     .label = "放假和调休日", .of = &notice_day_shape},
    {"version", FIELD_INT, AT(notice, version), FIELD_REQUIRED, .low = 1, .label = "日历版本"},
};
/* The input is the same record without its last field, the version. */
const struct shape notice_shape = {
    .name = "notice",
    .title = "节假日安排通知",
    .size = sizeof(struct notice),
    .fields = notice_fields,
    .count = sizeof notice_fields / sizeof *notice_fields - 1,
};
const struct shape notice_entered_shape = {
    .name = "calendar_published",
    .title = "节假日安排已录入",
    .size = sizeof(struct notice),
    SHAPE_FIELDS(notice_fields),
};

static const struct field in_force_fields[] = {
    {"version", FIELD_INT, AT(calendar_in_force, version), FIELD_REQUIRED, .label = "日历版本"},
    {"published_date", FIELD_DATE, AT(calendar_in_force, published_date), FIELD_REQUIRED,
     .label = "发布日期"},
    {"year", FIELD_INT, AT(calendar_in_force, year), FIELD_REQUIRED, .label = "年份"},
    {"first_date", FIELD_DATE, AT(calendar_in_force, first_date), FIELD_REQUIRED, .label = "自"},
    {"last_date", FIELD_DATE, AT(calendar_in_force, last_date), FIELD_REQUIRED, .label = "至"},
};
const struct shape calendar_in_force_shape = {
    .name = "calendar_in_force",
    .title = "节假日安排生效",
    .size = sizeof(struct calendar_in_force),
    SHAPE_FIELDS(in_force_fields),
};

static const struct field take_effect_fields[] = {
    {"version", FIELD_INT, AT(take_effect, version), FIELD_REQUIRED, .low = 1,
     .label = "日历版本"},
};
const struct shape take_effect_shape = {
    .name = "take_effect",
    .title = "日历生效",
    .size = sizeof(struct take_effect),
    SHAPE_FIELDS(take_effect_fields),
};

#define DEADLINE_ID(type)                                                                          \
    {"deadline", FIELD_TEXT, AT(type, deadline), FIELD_REQUIRED | FIELD_CODE, .low = 1,            \
     .high = ID_CHARACTERS, .label = "期限"}
#define RECKONING(type)                                                                            \
    {"reckoning", FIELD_RECORD, AT(type, reckoning), 0, .label = "计算结果", .of = &reckoning_shape}

static const struct field recount_fields[] = {DEADLINE_ID(recount)};
const struct shape recount_shape = {
    .name = "recount",
    .title = "重新计算期限",
    .size = sizeof(struct recount),
    SHAPE_FIELDS(recount_fields),
};

static const struct field set_fields[] = {
    DEADLINE_ID(deadline_set),
    {"kind", FIELD_WORD, AT(deadline_set, kind), 0, .label = "期限种类",
     .words = deadline_kind_words},
    {"start_date", FIELD_DATE, AT(deadline_set, start_date), FIELD_REQUIRED, .label = "起算日"},
    {"unit", FIELD_WORD, AT(deadline_set, limit.unit), FIELD_REQUIRED, .label = "单位",
     .words = limit_unit_words},
    {"days", FIELD_INT, AT(deadline_set, limit.n), FIELD_REQUIRED, .low = 1,
     .high = CALENDAR_MOST_DAYS, .label = "天数"},
    {"remind_days", FIELD_INT, AT(deadline_set, remind_days), 0, .high = RUNG_MOST_DAYS,
     .label = "提前提醒工作日"},
    {"red_after_days", FIELD_INT, AT(deadline_set, red_after_days), 0, .high = RUNG_MOST_DAYS,
     .label = "超期转红工作日"},
    {"hours", FIELD_TEXT, AT(deadline_set, hours), FIELD_CODE, .high = 30, .label = "办公时间"},
    {"again", FIELD_BOOL, AT(deadline_set, again), 0, .label = "重新设定"},
    RECKONING(deadline_set),
};
const struct shape deadline_set_shape = {
    .name = "deadline_set",
    .title = "设定期限",
    .size = sizeof(struct deadline_set),
    SHAPE_FIELDS(set_fields),
};

static const struct field paused_fields[] = {
    DEADLINE_ID(deadline_paused),
    {"pause", FIELD_RECORD, AT(deadline_paused, pause), 0, .label = "暂停", .of = &pause_shape},
};
const struct shape deadline_paused_shape = {
    .name = "deadline_paused",
    .title = "暂停计算",
    .size = sizeof(struct deadline_paused),
    SHAPE_FIELDS(paused_fields),
};

static const struct field resumed_fields[] = {
    DEADLINE_ID(deadline_resumed),
    {"to_date", FIELD_DATE, AT(deadline_resumed, to_date), FIELD_REQUIRED, .label = "恢复之日"},
    RECKONING(deadline_resumed),
};
const struct shape deadline_resumed_shape = {
    .name = "deadline_resumed",
    .title = "恢复计算",
    .size = sizeof(struct deadline_resumed),
    SHAPE_FIELDS(resumed_fields),
};

static const struct field extended_fields[] = {
    DEADLINE_ID(deadline_extended),
    {"days", FIELD_INT, AT(deadline_extended, days), FIELD_REQUIRED, .low = 1,
     .label = "延长天数"},
    {"on_date", FIELD_DATE, AT(deadline_extended, on_date), FIELD_REQUIRED, .label = "批准日"},
    {"paper", FIELD_TEXT, AT(deadline_extended, paper), FIELD_REQUIRED | FIELD_PRIVATE, .low = 1,
     .label = "文书编号"},
    RECKONING(deadline_extended),
};
const struct shape deadline_extended_shape = {
    .name = "deadline_extended",
    .title = "延长期限",
    .size = sizeof(struct deadline_extended),
    SHAPE_FIELDS(extended_fields),
};

static const struct field closed_fields[] = {
    DEADLINE_ID(deadline_closed),
    {"outcome", FIELD_WORD, AT(deadline_closed, outcome), FIELD_REQUIRED, .label = "结果",
     .words = deadline_outcome_words},
    {"finish_date", FIELD_DATE, AT(deadline_closed, finish_date), FIELD_REQUIRED,
     .label = "办结日"},
    {"used", FIELD_INT, AT(deadline_closed, used), 0, .label = "用时（工作日）"},
};
const struct shape deadline_closed_shape = {
    .name = "deadline_closed",
    .title = "期限结束",
    .size = sizeof(struct deadline_closed),
    SHAPE_FIELDS(closed_fields),
};

static const struct field recounted_fields[] = {
    DEADLINE_ID(deadline_recounted),
    RECKONING(deadline_recounted),
};
static const struct field forgotten_fields[] = {
    {"subject", FIELD_TEXT, AT(deadline_forgotten, subject), FIELD_CODE, .label = "对象"},
};
const struct shape deadline_forgotten_shape = {
    .name = "deadline_forgotten",
    .title = "删除期限所记文书编号",
    .size = sizeof(struct deadline_forgotten),
    SHAPE_FIELDS(forgotten_fields),
};
const struct shape deadline_recounted_shape = {
    .name = "deadline_recounted",
    .title = "重新计算期限",
    .size = sizeof(struct deadline_recounted),
    SHAPE_FIELDS(recounted_fields),
};

static const struct field rung_fields[] = {
    DEADLINE_ID(deadline_rung),
    {"rung", FIELD_WORD, AT(deadline_rung, rung), FIELD_REQUIRED, .label = "节点",
     .words = rung_words},
    {"due_at", FIELD_TIME, AT(deadline_rung, due_at), FIELD_REQUIRED, .label = "时间"},
};
const struct shape deadline_rung_shape = {
    .name = "deadline_rung",
    .title = "期限节点",
    .size = sizeof(struct deadline_rung),
    SHAPE_FIELDS(rung_fields),
};

static bool is_time(struct text value)
{
    int64_t ms;
    return hours_time(value, &ms);
}

static const struct field shift_fields[] = {
    {"valid_from", FIELD_DATE, AT(hours_shift, valid_from), 0, .label = "起始日期"},
    {"valid_to", FIELD_DATE, AT(hours_shift, valid_to), 0, .label = "截止日期"},
    {"weekdays", FIELD_TEXTS, AT(hours_shift, weekdays), FIELD_REQUIRED, .low = 1, .high = 7,
     .label = "星期"},
    {"opens", FIELD_TEXT, AT(hours_shift, opens), FIELD_REQUIRED, .low = 5, .high = 5,
     .label = "上班时间", .check = is_time, .check_hint = "时间写作 08:30"},
    {"lunch_from", FIELD_TEXT, AT(hours_shift, lunch_from), 0, .low = 5, .high = 5,
     .label = "午休开始", .check = is_time, .check_hint = "时间写作 11:30"},
    {"lunch_to", FIELD_TEXT, AT(hours_shift, lunch_to), 0, .low = 5, .high = 5,
     .label = "午休结束", .check = is_time, .check_hint = "时间写作 13:30"},
    {"closes", FIELD_TEXT, AT(hours_shift, closes), FIELD_REQUIRED, .low = 5, .high = 5,
     .label = "下班时间", .check = is_time, .check_hint = "时间写作 17:00"},
};
const struct shape hours_shift_shape = {
    .name = "hours_shift",
    .title = "时段",
    .size = sizeof(struct hours_shift),
    SHAPE_FIELDS(shift_fields),
};

static const struct field hours_fields[] = {
    {"code", FIELD_TEXT, AT(hours, code), FIELD_REQUIRED | FIELD_CODE, .low = 1, .high = 30,
     .label = "编码"},
    {"name", FIELD_TEXT, AT(hours, name), FIELD_REQUIRED, .low = 1, .high = 100, .label = "名称"},
    {"late_is_next_day", FIELD_BOOL, AT(hours, late_is_next_day), 0,
     .label = "下班后收到的算下一工作日"},
    {"shifts", FIELD_LIST, AT(hours, shifts), FIELD_REQUIRED, .low = 1, .high = 100,
     .label = "时段", .of = &hours_shift_shape},
    {"source", FIELD_TEXT, AT(hours, source), 0, .high = 100, .label = "来源"},
};
const struct shape hours_shape = {
    .name = "hours",
    .title = "办公时间",
    .size = sizeof(struct hours),
    SHAPE_FIELDS(hours_fields),
};
