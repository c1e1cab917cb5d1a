/* The words, events and tables of the trace. */
#include "trace/parts.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)
#define CODE(record, member, label_)                                                               \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 200, .label = label_   \
    }
#define INT(record, member, label_)                                                                \
    {                                                                                              \
        F(record, member), .type = FIELD_INT, .label = label_                                      \
    }
#define BOOL(record, member, label_)                                                               \
    {                                                                                              \
        F(record, member), .type = FIELD_BOOL, .label = label_                                     \
    }
#define WORD(record, member, words_, label_)                                                       \
    {                                                                                              \
        F(record, member), .type = FIELD_WORD, .words = words_, .label = label_                    \
    }
#define PRIVATE(record, member, label_)                                                            \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .flags = FIELD_PRIVATE, .high = 500,                \
            .label = label_                                                                        \
    }
#define SHAPE(record, title)                                                                       \
    static const struct shape record##_shape = {#record, title, sizeof(struct record),             \
                                                SHAPE_FIELDS(record##_fields)}

const struct word look_by_words[] = {{"none", ""},          {"session", "网页登录"},
                                     {"token", "接口令牌"}, {"console", "命令行"}, {NULL, NULL}};
const struct word look_why_words[] = {
    {"none", ""},         {"duty", "办理本部门办件"}, {"closed", "查阅已办结件"},
    {"reason", "填写事由后查看"}, {"key", "持查询码协助申请人"}, {"masked", "只显示脱敏信息"}, {NULL, NULL}};
const struct word look_post_words[] = {
    {"none", "系统管理"},   {"clerk", "窗口受理"},  {"reviewer", "审查"},
    {"verifier", "核准"},   {"head", "部门负责人"}, {"manager", "中心管理"},
    {"supervisor", "监督"}, {"administrator", "系统管理"},
    {"security", "安全管理"}, {"auditor", "审计管理"}, {NULL, NULL}};
const struct word alarm_cause_words[] = {{"none", ""},
                                         {"many", "10分钟内查看人数过多"},
                                         {"closed", "非办公时间查看人数过多"},
                                         {"table", "一次下载人数过多"},
                                         {NULL, NULL}};

static const struct field look_recorded_fields[] = {
    CODE(look_recorded, look, "页面"),
    CODE(look_recorded, subject, "对象"),
    INT(look_recorded, persons, "人数"),
    BOOL(look_recorded, masked, "脱敏"),
    WORD(look_recorded, why, look_why_words, "依据"),
    INT(look_recorded, reason, "事由所在条目"),
    WORD(look_recorded, by, look_by_words, "方式"),
    CODE(look_recorded, department, "部门"),
    WORD(look_recorded, post, look_post_words, "岗位"),
    BOOL(look_recorded, closed, "非办公时间"),
    PRIVATE(look_recorded, asked, "查询内容"),
    PRIVATE(look_recorded, from, "来源地址"),
};
SHAPE(look_recorded, "查看个人信息");

static const struct field look_reasoned_fields[] = {
    CODE(look_reasoned, subject, "对象"),
    {F(look_reasoned, reason), .type = FIELD_TEXT, .flags = FIELD_PRIVATE | FIELD_LINES,
     .high = 500, .label = "查看事由"},
};
SHAPE(look_reasoned, "查看事由");

static const struct field look_alarmed_fields[] = {
    INT(look_alarmed, account, "账号编号"),
    WORD(look_alarmed, cause, alarm_cause_words, "原因"),
    INT(look_alarmed, subjects, "查看人数"),
    INT(look_alarmed, most, "上限"),
};
SHAPE(look_alarmed, "批量查看告警");

static const struct field look_forgotten_fields[] = {
    CODE(look_forgotten, subject, "对象"),
};
SHAPE(look_forgotten, "删除查看事由");

#define APPLIER(name)                                                                              \
    static bool name(struct db *db, const struct entry_head *head, const void *body,               \
                     struct arena *arena, struct fault *why)

static struct db_value word(const struct word *words, int64_t index)
{
    return db_text(text_of(words[index].name));
}

/* 0: not an account. */
static int64_t account_of(struct text actor)
{
    int64_t id = 0;
    if (text_starts(actor, TEXT("account:")))
        text_int(text_slice(actor, 8, actor.len), &id);
    return id;
}

static const struct db_insert insert_look = {
    "look_trace",
    "region, entry, at, account, made_by, department, post, look, subject, persons, masked, why, "
    "reason, closed, asked, from_address",
    16, NULL};

APPLIER(apply_recorded)
{
    const struct look_recorded *look = body;
    (void)arena;
    const struct db_value row[] = {
        db_int(head->region),      db_int(head->index),
        db_int(head->at),          db_int(account_of(head->actor)),
        word(look_by_words, look->by), db_text(look->department),
        word(look_post_words, look->post), db_text(look->look),
        db_text(look->subject),    db_int(look->persons),
        db_int(look->masked),      word(look_why_words, look->why),
        db_int(look->reason),      db_int(look->closed),
        db_text(look->asked),      db_text(look->from)};
    return db_insert(db, &insert_look, row, 1, why);
}

static const struct db_insert insert_reason = {
    "look_reason", "region, entry, at, account, subject, reason", 6, NULL};

APPLIER(apply_reasoned)
{
    const struct look_reasoned *given = body;
    (void)arena;
    const struct db_value row[] = {db_int(head->region), db_int(head->index),
                                   db_int(head->at),     db_int(account_of(head->actor)),
                                   db_text(given->subject), db_text(given->reason)};
    return db_insert(db, &insert_reason, row, 1, why);
}

static const struct db_insert insert_alarm = {
    "look_alarm", "region, entry, at, account, cause, subjects, most", 7, NULL};

APPLIER(apply_alarmed)
{
    const struct look_alarmed *alarm = body;
    (void)arena;
    const struct db_value row[] = {db_int(head->region),   db_int(head->index),
                                   db_int(head->at),       db_int(alarm->account),
                                   word(alarm_cause_words, alarm->cause),
                                   db_int(alarm->subjects), db_int(alarm->most)};
    return db_insert(db, &insert_alarm, row, 1, why);
}

static const struct db_sql forget_reasons = {
    "UPDATE look_reason SET reason = '' WHERE region = $1 AND subject = $2"};

APPLIER(apply_forgotten)
{
    const struct look_forgotten *gone = body;
    (void)arena;
    return db_write(db, &forget_reasons, DB_ARGS(db_int(head->region), db_text(gone->subject)),
                    why);
}

/* The entries of reasons lie under a subject of their own, "reason:case:17", so that a case's history
 * is its own and no look is in it. */
static bool enact_forgotten(struct db *db, const struct entry_head *head, const void *body,
                            struct arena *arena, struct fault *why)
{
    const struct look_forgotten *gone = body;
    return journal_erase(db, head->region,
                         text_format(arena, "reason:%.*s", TEXT_ARG(gone->subject)), why);
}

const struct event_kind look_recorded_event = {.name = "look.recorded",
                                               .title = "查看个人信息",
                                               .version = 1,
                                               .shape = &look_recorded_shape,
                                               .apply = apply_recorded,
                                               .internal = true};
const struct event_kind look_reasoned_event = {.name = "look.reasoned",
                                               .title = "查看事由",
                                               .version = 1,
                                               .shape = &look_reasoned_shape,
                                               .apply = apply_reasoned,
                                               .internal = true};
const struct event_kind look_alarmed_event = {.name = "look.alarmed",
                                              .title = "批量查看告警",
                                              .version = 1,
                                              .shape = &look_alarmed_shape,
                                              .apply = apply_alarmed,
                                              .internal = true};
const struct event_kind look_forgotten_event = {.name = "look.forgotten",
                                                .title = "删除查看事由",
                                                .version = 1,
                                                .shape = &look_forgotten_shape,
                                                .apply = apply_forgotten,
                                                .enact = enact_forgotten,
                                                .internal = true};
const struct event_kind *const trace_events[] = {&look_recorded_event, &look_reasoned_event,
                                                 &look_alarmed_event, &look_forgotten_event, NULL};
