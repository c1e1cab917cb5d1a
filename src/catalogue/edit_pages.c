#include "catalogue/edit_pages.h"

#include <stddef.h>

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)
#define TEXT_F(record, member, most, words)                                                        \
    {F(record, member), .type = FIELD_TEXT, .high = most, .label = words}
#define CODE_F(record, member, words)                                                              \
    {F(record, member), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 100, .label = words}
#define NUMBER_F(record, member, words) {F(record, member), .type = FIELD_INT, .label = words}
#define DATE_F(record, member, words) {F(record, member), .type = FIELD_DATE, .label = words}
#define TIME_F(record, member, words) {F(record, member), .type = FIELD_TIME, .label = words}
#define BOOL_F(record, member, words) {F(record, member), .type = FIELD_BOOL, .label = words}
#define LIST_F(record, member, shape, words)                                                       \
    {F(record, member), .type = FIELD_LIST, .label = words, .of = &shape}
#define SHAPE(record, title)                                                                       \
    const struct shape record##_shape = {#record, title, sizeof(struct record),                    \
                                         SHAPE_FIELDS(record##_fields)}
#define ASKED_CODE(record)                                                                         \
    {F(record, item_code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE, .low = 1,     \
     .high = 50, .label = "事项编码"}
#define ASKED_SECTION                                                                              \
    {F(section_query, section), .type = FIELD_WORD, .flags = FIELD_REQUIRED, .label = "部分",      \
     .words = draft_section_words}

static const struct field editing_query_fields[] = {
    CODE_F(editing_query, department, "部门"),
    CODE_F(editing_query, after, "上一页最后一项"),
};
SHAPE(editing_query, "查看事项");

static const struct field edited_query_fields[] = {ASKED_CODE(edited_query)};
SHAPE(edited_query, "查看事项");

static const struct field section_query_fields[] = {ASKED_CODE(section_query), ASKED_SECTION};
SHAPE(section_query, "查看草稿");

static const struct field row_query_fields[] = {
    ASKED_CODE(section_query),
    ASKED_SECTION,
    NUMBER_F(section_query, row, "第几条"),
};
const struct shape row_query_shape = {"row_query", "查看一条", sizeof(struct section_query),
                                      SHAPE_FIELDS(row_query_fields)};

static const struct field changes_query_fields[] = {
    ASKED_CODE(changes_query),
    NUMBER_F(changes_query, from, "原来的版本"),
    NUMBER_F(changes_query, to, "改后的版本"),
};
SHAPE(changes_query, "比较版本");

static const struct field edited_row_fields[] = {
    CODE_F(edited_row, code, "事项编码"),
    TEXT_F(edited_row, name, 200, "事项名称"),
    TEXT_F(edited_row, department_name, 100, "实施部门"),
    NUMBER_F(edited_row, newest, "最新版本"),
    NUMBER_F(edited_row, in_force, "现行版本"),
    {F(edited_row, state), .type = FIELD_WORD, .label = "状态", .words = version_state_words},
    DATE_F(edited_row, withdrawn_after, "最后办理日期"),
    DATE_F(edited_row, upcoming_from, "新版本生效日期"),
    NUMBER_F(edited_row, revision, "草稿第几稿"),
    TIME_F(edited_row, saved_at, "草稿保存时间"),
};
static SHAPE(edited_row, "事项");

static const struct field editing_page_fields[] = {
    LIST_F(editing_page, rows, edited_row_shape, "事项"),
    NUMBER_F(editing_page, found, "共有"),
    CODE_F(editing_page, next, "下一页"),
    CODE_F(editing_page, department, "部门"),
    LIST_F(editing_page, departments, department_choice_shape, "部门"),
    BOOL_F(editing_page, may_write, "可以起草"),
};
SHAPE(editing_page, "事项管理");

static const struct field new_item_page_fields[] = {
    LIST_F(new_item_page, departments, department_choice_shape, "部门"),
    TEXT_F(new_item_page, department_name, 100, "实施部门"),
};
SHAPE(new_item_page, "新增事项");

static const struct field edited_page_fields[] = {
    CODE_F(edited_page, item_code, "事项编码"),
    TEXT_F(edited_page, name, 200, "事项名称"),
    TEXT_F(edited_page, department_name, 100, "实施部门"),
    LIST_F(edited_page, versions, version_told_shape, "历次版本"),
    NUMBER_F(edited_page, newest, "最新版本"),
    NUMBER_F(edited_page, revision, "草稿第几稿"),
    TIME_F(edited_page, saved_at, "草稿保存时间"),
    TEXT_F(edited_page, saved_by, 100, "草稿保存人"),
    NUMBER_F(edited_page, withdrawal_id, "取消公告"),
    TEXT_F(edited_page, notice_no, 50, "公告文号"),
    BOOL_F(edited_page, withdrawn, "已取消"),
    BOOL_F(edited_page, may_write, "可以起草"),
    BOOL_F(edited_page, may_withdraw, "可以取消"),
};
SHAPE(edited_page, "事项");

static const struct field mistake_fields[] = {
    CODE_F(mistake, section, "部分"),
    {F(mistake, field), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 400, .label = "位置"},
    TEXT_F(mistake, message, 500, "待补正"),
};
static SHAPE(mistake, "待补正");

static const struct field section_row_fields[] = {
    CODE_F(section_row, section, "部分"),
    TEXT_F(section_row, label, 50, "名称"),
    TEXT_F(section_row, said, 300, "内容"),
    NUMBER_F(section_row, mistakes, "待补正"),
};
static SHAPE(section_row, "部分");

static const struct field draft_page_fields[] = {
    CODE_F(draft_page, item_code, "事项编码"),
    TEXT_F(draft_page, name, 200, "事项名称"),
    NUMBER_F(draft_page, revision, "第几稿"),
    NUMBER_F(draft_page, based_on, "所依据的版本"),
    NUMBER_F(draft_page, newest, "最新版本"),
    TIME_F(draft_page, started_at, "开始起草"),
    TIME_F(draft_page, saved_at, "保存时间"),
    TEXT_F(draft_page, saved_by, 100, "保存人"),
    {F(draft_page, authors), .type = FIELD_TEXTS, .label = "起草人"},
    LIST_F(draft_page, sections, section_row_shape, "各部分"),
    LIST_F(draft_page, mistakes, mistake_shape, "待补正"),
    LIST_F(draft_page, changes, change_shape, "修改的内容"),
    DATE_F(draft_page, valid_from, "建议的生效日期"),
    BOOL_F(draft_page, author, "本人参与起草"),
    BOOL_F(draft_page, may_write, "可以修改"),
    BOOL_F(draft_page, may_publish, "可以发布"),
};
SHAPE(draft_page, "事项草稿");

static const struct field row_row_fields[] = {
    CODE_F(row_row, item_code, "事项编码"),
    CODE_F(row_row, section, "部分"),
    NUMBER_F(row_row, row, "第几条"),
    TEXT_F(row_row, name, 500, "名称"),
    TEXT_F(row_row, said, 2000, "内容"),
    NUMBER_F(row_row, mistakes, "待补正"),
    NUMBER_F(row_row, up, "上移到"),
    NUMBER_F(row_row, down, "下移到"),
    NUMBER_F(row_row, gone, "删除"),
};
static SHAPE(row_row, "一条");

static const struct field choice_row_fields[] = {
    CODE_F(choice_row, code, "编码"),
    TEXT_F(choice_row, name, 300, "名称"),
};
static SHAPE(choice_row, "可选");

static const struct field section_page_fields[] = {
    CODE_F(section_page, item_code, "事项编码"),
    TEXT_F(section_page, name, 200, "事项名称"),
    CODE_F(section_page, section, "部分"),
    TEXT_F(section_page, section_name, 50, "部分的名称"),
    NUMBER_F(section_page, row, "第几条"),
    NUMBER_F(section_page, revision, "第几稿"),
    {F(section_page, item), .type = FIELD_RECORD, .label = "内容", .of = &item_shape},
    LIST_F(section_page, mistakes, mistake_shape, "待补正"),
    LIST_F(section_page, rows, row_row_shape, "各条"),
    BOOL_F(section_page, rows_of_list, "分条"),
    BOOL_F(section_page, chooses_department, "可以改变部门"),
    LIST_F(section_page, objects, choice_row_shape, "服务对象"),
    LIST_F(section_page, departments, choice_row_shape, "部门"),
    LIST_F(section_page, places, choice_row_shape, "办理地点"),
    BOOL_F(section_page, may_write, "可以修改"),
};
SHAPE(section_page, "修改草稿");

static const struct field changes_page_fields[] = {
    CODE_F(changes_page, item_code, "事项编码"),
    TEXT_F(changes_page, name, 200, "事项名称"),
    NUMBER_F(changes_page, from, "原来的版本"),
    NUMBER_F(changes_page, to, "改后的版本"),
    LIST_F(changes_page, changes, change_shape, "修改的内容"),
    LIST_F(changes_page, versions, version_told_shape, "历次版本"),
    LIST_F(changes_page, froms, department_choice_shape, "可比较的版本"),
    LIST_F(changes_page, tos, department_choice_shape, "可比较的版本"),
    BOOL_F(changes_page, has_draft, "有草稿"),
};
SHAPE(changes_page, "比较版本");

static const struct field withdrawing_page_fields[] = {
    CODE_F(withdrawing_page, item_code, "事项编码"),
    TEXT_F(withdrawing_page, name, 200, "事项名称"),
    BOOL_F(withdrawing_page, may_withdraw, "可以取消"),
    BOOL_F(withdrawing_page, withdrawn, "已取消"),
};
SHAPE(withdrawing_page, "取消事项");
