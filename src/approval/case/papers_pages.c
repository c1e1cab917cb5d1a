/* The shapes of the papers' pages and of what is asked for them. */
#include "approval/case/papers.h"
#include "base/idcode.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)
#define PAPER(member, type_, label_)                                                               \
    {                                                                                              \
        F(paper_page, member), .type = type_, .label = label_                                      \
    }
#define WORD(member, words_, label_)                                                               \
    {                                                                                              \
        F(paper_page, member), .type = FIELD_WORD, .words = words_, .label = label_                \
    }
#define SHAPE(record, title)                                                                       \
    const struct shape record##_shape = {#record, title, sizeof(struct record),                    \
                                         SHAPE_FIELDS(record##_fields)}
#define ASKED(record)                                                                              \
    {F(record, index), .type = FIELD_INT, .flags = FIELD_REQUIRED, .label = "日志序号"},           \
    {                                                                                              \
        F(record, sheet), .type = FIELD_WORD, .words = sheet_words, .label = "纸张"                \
    }

static const struct field paper_ask_fields[] = {
    {F(paper_ask, case_no), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE, .high = 40,
     .label = "办件编号", .tidy = idcode_tidy},
    {F(paper_ask, query_code), .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_CODE | FIELD_PRIVATE, .high = 20, .label = "查询码",
     .tidy = idcode_tidy},
    ASKED(paper_ask),
};
SHAPE(paper_ask, "文书");

static const struct field staff_paper_ask_fields[] = {
    {F(staff_paper_ask, case_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .label = "办件"},
    ASKED(staff_paper_ask),
};
SHAPE(staff_paper_ask, "文书");

static const struct field paper_row_fields[] = {
    {F(paper_row, name), .type = FIELD_TEXT, .label = "材料名称"},
    {F(paper_row, wanted), .type = FIELD_TEXT, .label = "形式和份数"},
    {F(paper_row, said), .type = FIELD_TEXT, .label = "情况"},
};
static SHAPE(paper_row, "材料");

static const struct field paper_page_fields[] = {
    WORD(printed, printed_words, "文书"),
    PAPER(title, FIELD_TEXT, "文书名称"),
    PAPER(model, FIELD_TEXT, "文书式样"),
    WORD(sheet, sheet_words, "纸张"),
    PAPER(here, FIELD_TEXT, "地址"),
    PAPER(back, FIELD_TEXT, "办件地址"),
    PAPER(masked, FIELD_BOOL, "已隐去个人信息"),
    PAPER(erased, FIELD_BOOL, "内容已清除"),
    PAPER(department_name, FIELD_TEXT, "出具机关"),
    PAPER(centre, FIELD_TEXT, "中心"),
    PAPER(place_name, FIELD_TEXT, "办理地点"),
    PAPER(place_address, FIELD_TEXT, "地址"),
    PAPER(consult, FIELD_TEXT, "咨询电话"),
    PAPER(complain, FIELD_TEXT, "监督电话"),
    PAPER(index, FIELD_INT, "日志序号"),
    PAPER(at, FIELD_TIME, "记录时间"),
    PAPER(dated, FIELD_DATE, "日期"),
    PAPER(step, FIELD_TEXT, "办理步骤"),
    PAPER(check, FIELD_TEXT, "核验地址"),
    PAPER(receipt, FIELD_TEXT, "回执地址"),
    PAPER(document_no, FIELD_TEXT, "文书编号"),
    PAPER(case_no, FIELD_TEXT, "办件编号"),
    PAPER(item_name, FIELD_TEXT, "事项"),
    PAPER(permit, FIELD_BOOL, "行政许可"),
    WORD(applicant_type, applicant_type_words, "申请人类型"),
    PAPER(applicant_shown, FIELD_TEXT, "申请人"),
    PAPER(id_shown, FIELD_TEXT, "证件号码"),
    PAPER(agent_name, FIELD_TEXT, "代理人"),
    PAPER(matter, FIELD_TEXT, "申请内容"),
    WORD(channel, channel_words, "申请渠道"),
    PAPER(submitted_on, FIELD_DATE, "提交日期"),
    WORD(delivery_method, delivery_method_words, "领取方式"),
    PAPER(accept_note, FIELD_TEXT, "受理说明"),
    {F(paper_page, rows), .type = FIELD_LIST, .of = &paper_row_shape, .label = "材料"},
    PAPER(due_at, FIELD_TIME, "截止时间"),
    PAPER(days, FIELD_INT, "工作日数"),
    PAPER(promised_said, FIELD_TEXT, "承诺期限"),
    PAPER(statutory_said, FIELD_TEXT, "法定期限"),
    PAPER(promised_date, FIELD_DATE, "承诺办结日"),
    PAPER(statutory_date, FIELD_DATE, "法定办结日"),
    PAPER(reason, FIELD_TEXT, "理由"),
    PAPER(basis, FIELD_TEXT, "依据"),
    PAPER(remedy, FIELD_TEXT, "救济途径"),
    PAPER(note, FIELD_TEXT, "说明"),
    WORD(special, special_kind_words, "特别程序"),
    PAPER(office_paper, FIELD_TEXT, "部门文号"),
    WORD(method, delivery_method_words, "送达方式"),
    PAPER(recipient, FIELD_TEXT, "签收人"),
    PAPER(tracking, FIELD_TEXT, "邮件单号"),
    PAPER(delivered_at, FIELD_TIME, "送达时间"),
    PAPER(decision_no, FIELD_TEXT, "决定书编号"),
    PAPER(certificate_no, FIELD_TEXT, "证照编号"),
    PAPER(valid_to, FIELD_DATE, "有效期至"),
};
SHAPE(paper_page, "文书");
