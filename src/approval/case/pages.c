/* The shapes of the pages about cases. */
#include "approval/case/pages.h"

const struct word light_words[] = {{"none", ""},         {"green", "正常"}, {"yellow", "即将到期"},
                                   {"red", "已超期"},    {"grey", "未计时"}, {NULL, NULL}};

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)
#define TEXT_FIELD(record, member, label_)                                                         \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .label = label_                                     \
    }
#define OTHER(record, member, type_, label_)                                                       \
    {                                                                                              \
        F(record, member), .type = type_, .low = -100000, .label = label_                          \
    }
#define WORD_FIELD(record, member, words_, label_)                                                 \
    {                                                                                              \
        F(record, member), .type = FIELD_WORD, .words = words_, .label = label_                    \
    }
#define LIST_FIELD(record, member, of_, label_)                                                    \
    {                                                                                              \
        F(record, member), .type = FIELD_LIST, .of = &of_, .label = label_                         \
    }
#define SHAPE(record, title)                                                                       \
    const struct shape record##_shape = {#record, title, sizeof(struct record),                    \
                                         SHAPE_FIELDS(record##_fields)}

static const struct field deadline_view_fields[] = {
    TEXT_FIELD(deadline_view, name, "期限"),
    TEXT_FIELD(deadline_view, id, "编号"),
    WORD_FIELD(deadline_view, state, deadline_state_words, "状态"),
    WORD_FIELD(deadline_view, light, light_words, "提示"),
    TEXT_FIELD(deadline_view, said, "说明"),
    OTHER(deadline_view, due_date, FIELD_DATE, "到期日"),
    OTHER(deadline_view, due_at, FIELD_TIME, "到期时间"),
    OTHER(deadline_view, left_days, FIELD_INT, "剩余工作日"),
    TEXT_FIELD(deadline_view, how, "怎样算出"),
};
static SHAPE(deadline_view, "期限");

static const struct field detail_fields[] = {
    TEXT_FIELD(detail, label, "项目"),
    TEXT_FIELD(detail, value, "内容"),
};
static SHAPE(detail, "内容");

static const struct field history_view_fields[] = {
    OTHER(history_view, index, FIELD_INT, "日志序号"),
    OTHER(history_view, at, FIELD_TIME, "时间"),
    TEXT_FIELD(history_view, title, "事项"),
    TEXT_FIELD(history_view, said, "说明"),
    TEXT_FIELD(history_view, actor, "办理人"),
    WORD_FIELD(history_view, role, office_words, "经办身份"),
    TEXT_FIELD(history_view, window, "经办地点代码"),
    TEXT_FIELD(history_view, post, "经办身份和地点"),
    TEXT_FIELD(history_view, document_no, "文书编号"),
    TEXT_FIELD(history_view, paper, "可打印的文书"),
    TEXT_FIELD(history_view, kind, "事件"),
    LIST_FIELD(history_view, details, detail_shape, "内容"),
    OTHER(history_view, filling, FIELD_BOOL, "填写申请"),
};
static SHAPE(history_view, "过程");

static const struct field material_view_fields[] = {
    TEXT_FIELD(material_view, code, "材料代码"),
    TEXT_FIELD(material_view, name, "材料名称"),
    OTHER(material_view, required, FIELD_BOOL, "必要"),
    OTHER(material_view, can_defer, FIELD_BOOL, "可容缺"),
    WORD_FIELD(material_view, state, material_state_words, "状态"),
    WORD_FIELD(material_view, finding, finding_words, "核对结果"),
    TEXT_FIELD(material_view, file_sha256, "文件指纹"),
    TEXT_FIELD(material_view, file_name, "文件名"),
    OTHER(material_view, file_size, FIELD_INT, "文件大小"),
    TEXT_FIELD(material_view, file_said, "文件"),
    TEXT_FIELD(material_view, note, "说明"),
    OTHER(material_view, supplied_at, FIELD_TIME, "提交时间"),
};
static SHAPE(material_view, "材料");

static const struct field action_view_fields[] = {
    TEXT_FIELD(action_view, name, "命令"),
    TEXT_FIELD(action_view, title, "操作"),
    TEXT_FIELD(action_view, path, "地址"),
    OTHER(action_view, first, FIELD_BOOL, "下一步"),
};
static SHAPE(action_view, "操作");

static const struct field case_page_fields[] = {
    {F(case_page, file), .type = FIELD_RECORD, .of = &case_file_shape, .label = "办件"},
    TEXT_FIELD(case_page, case_no, "办件编号"),
    TEXT_FIELD(case_page, query_code, "查询码"),
    OTHER(case_page, case_id, FIELD_INT, "内部编号"),
    TEXT_FIELD(case_page, title, "标题"),
    TEXT_FIELD(case_page, department_name, "承办部门"),
    TEXT_FIELD(case_page, place_name, "办理地点"),
    TEXT_FIELD(case_page, applicant_shown, "申请人"),
    TEXT_FIELD(case_page, id_shown, "证件号码"),
    TEXT_FIELD(case_page, phone_shown, "手机号码"),
    TEXT_FIELD(case_page, promised_said, "承诺期限"),
    TEXT_FIELD(case_page, statutory_said, "法定期限"),
    TEXT_FIELD(case_page, amount_label, "所问金额"),
    TEXT_FIELD(case_page, area_label, "所问面积"),
    LIST_FIELD(case_page, measures, detail_shape, "金额和面积"),
    TEXT_FIELD(case_page, not_yours, "不能核准的原因"),
    TEXT_FIELD(case_page, remedy, "救济途径"),
    WORD_FIELD(case_page, light, light_words, "提示"),
    TEXT_FIELD(case_page, light_said, "剩余时间"),
    LIST_FIELD(case_page, materials, material_view_shape, "材料"),
    LIST_FIELD(case_page, to_supply, material_view_shape, "需补正材料"),
    LIST_FIELD(case_page, gap, material_view_shape, "容缺材料"),
    LIST_FIELD(case_page, deadlines, deadline_view_shape, "期限"),
    LIST_FIELD(case_page, history, history_view_shape, "办理过程"),
    LIST_FIELD(case_page, actions, action_view_shape, "可进行的操作"),
    TEXT_FIELD(case_page, undo_title, "可撤销的操作"),
    OTHER(case_page, undo_index, FIELD_INT, "可撤销的日志条目"),
    OTHER(case_page, undo_until, FIELD_TIME, "可撤销到"),
    TEXT_FIELD(case_page, final_said, "不能撤销的说明"),
    OTHER(case_page, missing, FIELD_INT, "尚缺材料"),
    OTHER(case_page, done, FIELD_INT, "已完成"),
    OTHER(case_page, papers, FIELD_INT, "文书份数"),
    OTHER(case_page, filling, FIELD_INT, "填写步数"),
    OTHER(case_page, who_done, FIELD_BOOL, "申请人已填"),
    OTHER(case_page, address_wanted, FIELD_BOOL, "邮寄送达缺收件地址"),
    OTHER(case_page, contact_done, FIELD_BOOL, "联系方式已填"),
    OTHER(case_page, way_done, FIELD_BOOL, "领取方式已选"),
    OTHER(case_page, complete, FIELD_BOOL, "可提交"),
    OTHER(case_page, matter_done, FIELD_BOOL, "申请内容已填"),
    OTHER(case_page, materials_done, FIELD_BOOL, "材料已交"),
    OTHER(case_page, draft, FIELD_BOOL, "草稿"),
    OTHER(case_page, unfit, FIELD_BOOL, "现在不能进行此操作"),
    OTHER(case_page, masked, FIELD_BOOL, "已隐去个人信息"),
    OTHER(case_page, by_reason, FIELD_BOOL, "按事由查看"),
    LIST_FIELD(case_page, looks, look_told_shape, "谁查看过我的信息"),
    OTHER(case_page, looks_next, FIELD_INT, "下一页起点"),
    OTHER(case_page, may_withdraw, FIELD_BOOL, "可撤回"),
    OTHER(case_page, may_supply, FIELD_BOOL, "可补正"),
    OTHER(case_page, today, FIELD_DATE, "今天"),
    TEXT_FIELD(case_page, region, "区划"),
    TEXT_FIELD(case_page, link, "查询地址"),
    TEXT_FIELD(case_page, check, "核验地址"),
    TEXT_FIELD(case_page, code, "材料代码"),
    TEXT_FIELD(case_page, material_name, "材料名称"),
    TEXT_FIELD(case_page, material_file, "已上传的文件"),
};
SHAPE(case_page, "办件");

static const struct field desk_row_fields[] = {
    OTHER(desk_row, case_id, FIELD_INT, "内部编号"),
    TEXT_FIELD(desk_row, case_no, "办件编号"),
    TEXT_FIELD(desk_row, item_name, "事项"),
    TEXT_FIELD(desk_row, applicant, "申请人"),
    WORD_FIELD(desk_row, state, case_state_words, "状态"),
    WORD_FIELD(desk_row, light, light_words, "提示"),
    TEXT_FIELD(desk_row, light_said, "剩余时间"),
    OTHER(desk_row, due_at, FIELD_TIME, "最近期限"),
    OTHER(desk_row, submitted_at, FIELD_TIME, "提交时间"),
    TEXT_FIELD(desk_row, next, "待办"),
    TEXT_FIELD(desk_row, next_path, "办理地址"),
};
SHAPE(desk_row, "办件");

static const struct field desk_page_fields[] = {
    TEXT_FIELD(desk_page, name, "姓名"),
    TEXT_FIELD(desk_page, roles, "岗位"),
    OTHER(desk_page, now_ms, FIELD_TIME, "时间"),
    LIST_FIELD(desk_page, rows, desk_row_shape, "办件"),
    OTHER(desk_page, red, FIELD_INT, "已超期"),
    OTHER(desk_page, yellow, FIELD_INT, "即将到期"),
    OTHER(desk_page, green, FIELD_INT, "正常"),
    OTHER(desk_page, grey, FIELD_INT, "未计时"),
    OTHER(desk_page, total, FIELD_INT, "总数"),
    TEXT_FIELD(desk_page, more, "下一页"),
    TEXT_FIELD(desk_page, before, "上一页"),
    TEXT_FIELD(desk_page, case_no, "办件编号"),
    WORD_FIELD(desk_page, state, case_state_words, "状态"),
    OTHER(desk_page, searched, FIELD_BOOL, "已查询"),
    OTHER(desk_page, alarms, FIELD_INT, "批量查看告警"),
};
SHAPE(desk_page, "工作台");

static const struct field apply_page_fields[] = {
    TEXT_FIELD(apply_page, item_code, "事项代码"),
    TEXT_FIELD(apply_page, name, "事项"),
    TEXT_FIELD(apply_page, department_name, "承办部门"),
    TEXT_FIELD(apply_page, promised_said, "承诺期限"),
    TEXT_FIELD(apply_page, statutory_said, "法定期限"),
    LIST_FIELD(apply_page, materials, case_material_shape, "材料"),
    OTHER(apply_page, offered, FIELD_BOOL, "可网上申请"),
};
SHAPE(apply_page, "申请");

static const struct field new_page_fields[] = {
    LIST_FIELD(new_page, items, apply_page_shape, "事项"),
    TEXT_FIELD(new_page, next, "下一页起点"),
};
SHAPE(new_page, "受理登记");

static const struct field my_page_fields[] = {
    TEXT_FIELD(my_page, case_no, "办件编号"),
    TEXT_FIELD(my_page, query_code, "查询码"),
    OTHER(my_page, searched, FIELD_BOOL, "已查询"),
    OTHER(my_page, found, FIELD_BOOL, "已找到"),
    TEXT_FIELD(my_page, link, "地址"),
    TEXT_FIELD(my_page, item_name, "事项"),
    WORD_FIELD(my_page, state, case_state_words, "状态"),
};
SHAPE(my_page, "我的办件");
