/* The commands about drafts. */
#include "catalogue/draft.h"

#include <stddef.h>

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)
#define CODE_FIELD(record)                                                                         \
    {F(record, item_code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE, .low = 1,     \
     .high = 50, .label = "事项编码"}
#define REVISION_FIELD(record)                                                                     \
    {F(record, revision), .type = FIELD_INT, .flags = FIELD_REQUIRED, .label = "草稿第几稿"}
#define SECTION_FIELD(record)                                                                      \
    {F(record, section), .type = FIELD_WORD, .flags = FIELD_REQUIRED, .label = "部分",             \
     .words = draft_section_words}
#define SHAPE(record, title)                                                                       \
    const struct shape record##_shape = {#record, title, sizeof(struct record),                    \
                                         SHAPE_FIELDS(record##_fields)}
/* An item with long law texts, as a form or as JSON. */
#define MOST_BODY (512 * 1024)

/* The code stands in addresses. */
static bool code_good(struct text code)
{
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              c == '-'))
            return false;
    }
    return true;
}

static const struct field item_draft_fields[] = {
    CODE_FIELD(item_draft),
    {F(item_draft, department), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 20,
     .label = "起草部门"},
    {F(item_draft, revision), .type = FIELD_INT, .label = "第几稿"},
    {F(item_draft, based_on), .type = FIELD_INT, .label = "所依据的版本"},
    {F(item_draft, authors), .type = FIELD_TEXTS, .flags = FIELD_CODE, .high = 1000,
     .label = "起草人"},
    {F(item_draft, item), .type = FIELD_RECORD, .flags = FIELD_PRIVATE, .label = "草稿内容",
     .of = &item_shape},
};
SHAPE(item_draft, "事项草稿");

static const struct field draft_over_fields[] = {
    CODE_FIELD(draft_over),
    {F(draft_over, revision), .type = FIELD_INT, .label = "第几稿"},
    {F(draft_over, version), .type = FIELD_INT, .label = "发布为版本"},
};
SHAPE(draft_over, "草稿结束");

static const struct field draft_saved_fields[] = {
    CODE_FIELD(draft_saved),
    {F(draft_saved, revision), .type = FIELD_INT, .label = "第几稿"},
    {F(draft_saved, mistakes), .type = FIELD_INT, .label = "待补正"},
};
SHAPE(draft_saved, "草稿");

static const struct field draft_start_fields[] = {
    {F(draft_start, item_code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE, .low = 1,
     .high = 50, .label = "事项编码", .check = code_good,
     .hint = "字母、数字和短横线，例如 011-004。发布以后不能改变。",
     .check_hint = "编码只用字母、数字和短横线。"},
    {F(draft_start, version), .type = FIELD_INT, .label = "所依据的版本"},
    {F(draft_start, name), .type = FIELD_TEXT, .high = 200, .label = "事项名称"},
    {F(draft_start, department), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 20,
     .label = "实施部门"},
};
static SHAPE(draft_start, "起草事项");

static const struct field draft_save_fields[] = {
    CODE_FIELD(draft_save),
    SECTION_FIELD(draft_save),
    REVISION_FIELD(draft_save),
    {F(draft_save, item), .type = FIELD_RECORD, .flags = FIELD_PARTIAL, .label = "内容",
     .of = &item_shape},
};
static SHAPE(draft_save, "保存草稿");

static const struct field draft_row_fields[] = {
    CODE_FIELD(draft_save),
    SECTION_FIELD(draft_save),
    {F(draft_save, row), .type = FIELD_INT, .high = 1000, .label = "第几条",
     .hint = "从1起；0表示新增一条。"},
    REVISION_FIELD(draft_save),
    {F(draft_save, item), .type = FIELD_RECORD, .flags = FIELD_PARTIAL, .label = "内容",
     .of = &item_shape},
};
static const struct shape draft_row_shape = {"draft_row", "保存一条", sizeof(struct draft_save),
                                             SHAPE_FIELDS(draft_row_fields)};

static const struct field draft_move_fields[] = {
    CODE_FIELD(draft_move),
    SECTION_FIELD(draft_move),
    {F(draft_move, row), .type = FIELD_INT, .flags = FIELD_REQUIRED, .high = 1000,
     .label = "第几条"},
    {F(draft_move, to), .type = FIELD_INT, .high = 1000, .label = "移到第几条",
     .hint = "0表示删除这一条。"},
    REVISION_FIELD(draft_move),
};
static SHAPE(draft_move, "移动或者删除一条");

static const struct field draft_end_fields[] = {
    CODE_FIELD(draft_end),
    REVISION_FIELD(draft_end),
};
static SHAPE(draft_end, "放弃草稿");

static const struct field draft_publish_fields[] = {
    CODE_FIELD(draft_publish),
    REVISION_FIELD(draft_publish),
    {F(draft_publish, over), .type = FIELD_INT, .label = "核对时的最新版本"},
    {F(draft_publish, valid_from), .type = FIELD_DATE, .flags = FIELD_REQUIRED,
     .label = "生效日期", .hint = "从这一天起按新版本办理，不能早于今天。例如 2014-05-04。"},
};
static SHAPE(draft_publish, "发布草稿");

const struct command catalogue_draft_start = {
    .name = "catalogue.draft.start",
    .title = "起草事项",
    .said = "草稿已建立。",
    .path = "/staff/catalogue/drafts",
    .roles = DRAFT_WRITERS,
    .input = &draft_start_shape,
    .read = draft_facts_read,
    .decide = draft_start_decide,
};

const struct command catalogue_draft_save = {
    .name = "catalogue.draft.save",
    .title = "保存草稿",
    .said = "草稿已保存。",
    .path = "/staff/catalogue/drafts/{item_code}/{section}",
    .roles = DRAFT_WRITERS,
    .input = &draft_save_shape,
    .body_limit = MOST_BODY,
    .read = draft_facts_read,
    .decide = draft_save_decide,
};

const struct command catalogue_draft_row = {
    .name = "catalogue.draft.row",
    .title = "保存一条",
    .said = "这一条已保存。",
    .path = "/staff/catalogue/drafts/{item_code}/{section}/{row}",
    .roles = DRAFT_WRITERS,
    .input = &draft_row_shape,
    .body_limit = MOST_BODY,
    .read = draft_facts_read,
    .decide = draft_row_decide,
};

const struct command catalogue_draft_move = {
    .name = "catalogue.draft.move",
    .title = "移动或者删除一条",
    .said = "已按要求调整。",
    .path = "/staff/catalogue/drafts/{item_code}/{section}/{row}/move",
    .roles = DRAFT_WRITERS,
    .input = &draft_move_shape,
    .read = draft_facts_read,
    .decide = draft_move_decide,
};

const struct command catalogue_draft_discard = {
    .name = "catalogue.draft.discard",
    .title = "放弃草稿",
    .said = "草稿已放弃。",
    .path = "/staff/catalogue/drafts/{item_code}/discard",
    .roles = DRAFT_WRITERS,
    .input = &draft_end_shape,
    .read = draft_facts_read,
    .decide = draft_discard_decide,
};

const struct command catalogue_draft_publish = {
    .name = "catalogue.draft.publish",
    .title = "发布草稿",
    .said = "新版本已发布。",
    .path = "/staff/catalogue/drafts/{item_code}/publish",
    .roles = DRAFT_PUBLISHERS,
    .input = &draft_publish_shape,
    .read = draft_facts_read,
    .decide = draft_publish_decide,
};
