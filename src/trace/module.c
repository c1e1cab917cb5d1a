/* The trace as a module: its lists. */
#include "trace/parts.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)

static const struct field look_seen_fields[] = {
    {F(look_seen, look), .type = FIELD_TEXT, .flags = FIELD_INTERNAL | FIELD_CODE, .label = "页面"},
    {F(look_seen, subject), .type = FIELD_TEXT, .flags = FIELD_INTERNAL | FIELD_CODE,
     .label = "对象"},
    {F(look_seen, persons), .type = FIELD_INT, .flags = FIELD_INTERNAL, .label = "人数"},
    {F(look_seen, masked), .type = FIELD_BOOL, .flags = FIELD_INTERNAL, .label = "脱敏"},
    {F(look_seen, why), .type = FIELD_WORD, .flags = FIELD_INTERNAL, .words = look_why_words,
     .label = "依据"},
    {F(look_seen, reason), .type = FIELD_INT, .flags = FIELD_INTERNAL, .label = "事由所在条目"},
    {F(look_seen, asked), .type = FIELD_TEXT, .flags = FIELD_INTERNAL | FIELD_PRIVATE,
     .label = "查询内容"},
    {F(look_seen, from), .type = FIELD_TEXT, .flags = FIELD_INTERNAL | FIELD_PRIVATE,
     .label = "来源地址"},
    {F(look_seen, by), .type = FIELD_WORD, .flags = FIELD_INTERNAL, .words = look_by_words,
     .label = "方式"},
};
static const struct shape look_seen_shape = {"look_seen", "查看", sizeof(struct look_seen),
                                             SHAPE_FIELDS(look_seen_fields)};

/* Never from outside: the door and the command line send it when they show something. */
const struct command trace_record_command = {.name = "trace.record",
                                             .title = "记录查看",
                                             .roles = ROLE_STAFF | ROLE_IMPORTER,
                                             .input = &look_seen_shape,
                                             .read = trace_read,
                                             .decide = trace_decide};

static const struct command *const commands[] = {&trace_record_command, NULL};
static const struct table tables[] = {{"look_trace", "region, entry"},
                                      {"look_reason", "region, entry"},
                                      {"look_alarm", "region, entry"},
                                      {NULL, NULL}};

const struct module trace_module = {
    .name = "trace",
    .commands = commands,
    .events = trace_events,
    .looks = trace_looks,
    .tables = tables,
    .tables_sql = "trace/tables.sql",
};
