/* The bodies of a case's events, field by field, and the list of events. Append only: a kind's name
 * and meaning never change; a new meaning is a new version. */
#include "approval/case/parts.h"
#include "approval/case/appliers.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)
#define TEXT_FIELD(record, member, label_)                                                         \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .high = 4000, .label = label_                       \
    }
#define CODE_FIELD(record, member, label_)                                                         \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = label_                \
    }
#define PRIVATE_FIELD(record, member, label_)                                                      \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .flags = FIELD_PRIVATE, .high = 4000,               \
            .label = label_                                                                        \
    }
/* What an officer or an applicant wrote about this case: sentences that may name people. Private, but
 * told to those who may see the case: that is what FIELD_LINES says here. */
#define WORDS_FIELD(record, member, label_)                                                        \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .flags = FIELD_PRIVATE | FIELD_LINES, .high = 4000, \
            .label = label_                                                                        \
    }
#define INT_FIELD(record, member, label_)                                                          \
    {                                                                                              \
        F(record, member), .type = FIELD_INT, .low = -4000, .label = label_                        \
    }
#define BOOL_FIELD(record, member, label_)                                                         \
    {                                                                                              \
        F(record, member), .type = FIELD_BOOL, .label = label_                                     \
    }
#define TIME_FIELD(record, member, label_)                                                         \
    {                                                                                              \
        F(record, member), .type = FIELD_TIME, .label = label_                                     \
    }
#define DATE_FIELD(record, member, label_)                                                         \
    {                                                                                              \
        F(record, member), .type = FIELD_DATE, .label = label_                                     \
    }
#define WORD_FIELD(record, member, words_, label_)                                                 \
    {                                                                                              \
        F(record, member), .type = FIELD_WORD, .words = words_, .label = label_                    \
    }
#define LIST_FIELD(record, member, of_, label_)                                                    \
    {                                                                                              \
        F(record, member), .type = FIELD_LIST, .of = &of_, .label = label_                         \
    }
#define TEXTS_FIELD(record, member, label_)                                                        \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXTS, .label = label_                                    \
    }
/* In what office a step was taken: once for all of them, since every step says so (case_done_by). */
#define BY_FIELDS(record)                                                                          \
    {.name = "delegation_id", .offset = offsetof(struct record, by.delegation_id),                 \
     .type = FIELD_INT, .low = -4000, .label = "授权"},                                            \
        {.name = "role", .offset = offsetof(struct record, by.role), .type = FIELD_WORD,           \
         .words = office_words, .label = "经办身份"},                                              \
    {                                                                                              \
        .name = "window", .offset = offsetof(struct record, by.window), .type = FIELD_TEXT,        \
        .flags = FIELD_CODE, .label = "经办地点"                                                   \
    }
#define DOCUMENT_FIELD(record) TEXT_FIELD(record, document_no, "文书编号")
#define SHAPE(record, title)                                                                       \
    static const struct shape record##_shape = {#record, title, sizeof(struct record),             \
                                                SHAPE_FIELDS(record##_fields)}

static const struct field drafted_fields[] = {
    CODE_FIELD(drafted, case_no, "办件编号"),
    PRIVATE_FIELD(drafted, query_code, "查询码"),
    CODE_FIELD(drafted, item_code, "事项代码"),
    INT_FIELD(drafted, item_version, "事项版本"),
    TEXT_FIELD(drafted, item_name, "事项"),
    CODE_FIELD(drafted, department, "部门"),
    WORD_FIELD(drafted, kind, case_kind_words, "办件类型"),
    WORD_FIELD(drafted, channel, channel_words, "申请渠道"),
    CODE_FIELD(drafted, place, "办理地点"),
    INT_FIELD(drafted, serial, "流水号"),
    LIST_FIELD(drafted, materials, case_material_shape, "材料"),
    BY_FIELDS(drafted),
};
SHAPE(drafted, "开始申请");

static const struct field applicant_set_fields[] = {
    WORD_FIELD(applicant_set, applicant_type, applicant_type_words, "申请人类型"),
    PRIVATE_FIELD(applicant_set, applicant_name, "申请人"),
    PRIVATE_FIELD(applicant_set, id_number, "证件号码"),
    PRIVATE_FIELD(applicant_set, phone, "手机号码"),
    PRIVATE_FIELD(applicant_set, address, "联系地址"),
    PRIVATE_FIELD(applicant_set, agent_name, "代理人"),
    PRIVATE_FIELD(applicant_set, agent_phone, "代理人电话"),
    WORD_FIELD(applicant_set, delivery_method, delivery_method_words, "送达方式"),
};
SHAPE(applicant_set, "申请人信息");

static const struct field matter_set_fields[] = {
    PRIVATE_FIELD(matter_set, matter, "申请内容"),
    PRIVATE_FIELD(matter_set, details, "情况说明"),
    {F(matter_set, amount_fen), .type = FIELD_MONEY, .flags = FIELD_PRIVATE, .label = "金额"},
    {F(matter_set, area_m2), .type = FIELD_INT, .flags = FIELD_PRIVATE, .label = "面积（平方米）"},
};
SHAPE(matter_set, "申请内容");

static const struct field provided_fields[] = {
    CODE_FIELD(provided, code, "材料代码"),
    WORD_FIELD(provided, state, material_state_words, "方式"),
    /* As in the file's own event: what tells which paper it was is private. */
    {F(provided, file_sha256), .type = FIELD_TEXT, .flags = FIELD_CODE | FIELD_PRIVATE,
     .label = "文件指纹"},
    PRIVATE_FIELD(provided, file_name, "文件名"),
    CODE_FIELD(provided, media_type, "文件类型"),
    {F(provided, file_size), .type = FIELD_INT, .flags = FIELD_PRIVATE, .label = "文件大小"},
};
SHAPE(provided, "提交材料");

static const struct field submitted_fields[] = {
    TEXTS_FIELD(submitted, missing, "尚缺材料"),
    TIME_FIELD(submitted, due_at, "答复期限"),
    BY_FIELDS(submitted),
};
SHAPE(submitted, "提交申请");

static const struct field received_fields[] = {
    BOOL_FIELD(received, again, "补正后"),
    TIME_FIELD(received, due_at, "答复期限"),
    BY_FIELDS(received),
};
SHAPE(received, "接件");

static const struct field checked_fields[] = {
    CODE_FIELD(checked, code, "材料代码"),
    WORD_FIELD(checked, state, material_state_words, "核对结果"),
    WORDS_FIELD(checked, note, "需补正的内容"),
};
const struct shape checked_shape = {"checked", "材料核对", sizeof(struct checked),
                                    SHAPE_FIELDS(checked_fields)};

static const struct field materials_checked_fields[] = {
    LIST_FIELD(materials_checked, materials, checked_shape, "材料"),
    LIST_FIELD(materials_checked, before, checked_shape, "核对之前"),
    BY_FIELDS(materials_checked),
};
SHAPE(materials_checked, "核对材料");

static const struct field accepted_fields[] = {
    BOOL_FIELD(accepted, deemed, "逾期视为受理"),
    BOOL_FIELD(accepted, gap, "容缺受理"),
    WORDS_FIELD(accepted, promise, "容缺承诺"),
    TEXTS_FIELD(accepted, deferred, "容缺材料"),
    TIME_FIELD(accepted, received_at, "收件时间"),
    TIME_FIELD(accepted, accepted_at, "受理时间"),
    INT_FIELD(accepted, promised_days, "承诺期限"),
    WORD_FIELD(accepted, promised_unit, day_unit_words, "承诺期限单位"),
    DATE_FIELD(accepted, promised_date, "承诺办结日"),
    INT_FIELD(accepted, statutory_days, "法定期限"),
    WORD_FIELD(accepted, statutory_unit, day_unit_words, "法定期限单位"),
    DATE_FIELD(accepted, statutory_date, "法定办结日"),
    TIME_FIELD(accepted, due_at, "最近期限"),
    BY_FIELDS(accepted),
    DOCUMENT_FIELD(accepted),
};
SHAPE(accepted, "受理");

static const struct field reasoned_fields[] = {
    WORDS_FIELD(reasoned, reason, "理由"),
    WORDS_FIELD(reasoned, basis, "依据"),
    TEXT_FIELD(reasoned, remedy, "救济途径"),
    BY_FIELDS(reasoned),
    DOCUMENT_FIELD(reasoned),
};
SHAPE(reasoned, "理由");

static const struct field supplement_asked_fields[] = {
    LIST_FIELD(supplement_asked, materials, checked_shape, "需补正材料"),
    INT_FIELD(supplement_asked, supply_days, "补正期限（工作日）"),
    WORDS_FIELD(supplement_asked, note, "其他说明"),
    TIME_FIELD(supplement_asked, due_at, "补正截止"),
    BY_FIELDS(supplement_asked),
    DOCUMENT_FIELD(supplement_asked),
};
SHAPE(supplement_asked, "一次性告知补正");

static const struct field reviewed_fields[] = {
    /* What it tends to is for the house until there is a decision, and the journal is everybody's. */
    {F(reviewed, recommendation), .type = FIELD_WORD, .flags = FIELD_PRIVATE | FIELD_LINES,
     .label = "审查建议", .words = outcome_words},
    WORDS_FIELD(reviewed, opinion, "审查意见"),
    BY_FIELDS(reviewed),
};
SHAPE(reviewed, "审查");

static const struct field decided_fields[] = {
    WORDS_FIELD(decided, reason, "理由"),
    WORDS_FIELD(decided, basis, "依据"),
    TEXT_FIELD(decided, remedy, "救济途径"),
    BY_FIELDS(decided),
    DOCUMENT_FIELD(decided),
    INT_FIELD(decided, used_days, "实际用时（工作日）"),
    INT_FIELD(decided, saved_days, "比法定期限缩短（工作日）"),
    INT_FIELD(decided, statutory_days, "法定期限"),
    TIME_FIELD(decided, due_at, "送达期限"),
};
SHAPE(decided, "决定");

static const struct field suspended_fields[] = {
    WORD_FIELD(suspended, kind, special_kind_words, "特别程序"),
    WORDS_FIELD(suspended, paper, "告知书文号"),
    INT_FIELD(suspended, planned_days, "预计工作日"),
    WORDS_FIELD(suspended, reason, "说明"),
    WORD_FIELD(suspended, state_before, case_state_words, "中止前状态"),
    BY_FIELDS(suspended),
    DOCUMENT_FIELD(suspended),
};
SHAPE(suspended, "启动特别程序");

#define DATES(record)                                                                              \
    DATE_FIELD(record, promised_date, "承诺办结日"),                                               \
        DATE_FIELD(record, statutory_date, "法定办结日"),                                          \
        TIME_FIELD(record, due_at, "最近期限")

static const struct field resumed_fields[] = {
    WORDS_FIELD(resumed, result, "结果"),
    WORD_FIELD(resumed, state, case_state_words, "恢复状态"),
    DATES(resumed),
    BY_FIELDS(resumed),
};
SHAPE(resumed, "特别程序结束");

static const struct field extended_fields[] = {
    INT_FIELD(extended, days, "延长工作日"),
    WORDS_FIELD(extended, reason, "理由"),
    DATES(extended),
    BY_FIELDS(extended),
    DOCUMENT_FIELD(extended),
};
SHAPE(extended, "延长期限");

static const struct field forwarded_fields[] = {
    WORDS_FIELD(forwarded, to, "上级机关"),
    WORDS_FIELD(forwarded, paper, "上报文号"),
    BY_FIELDS(forwarded),
};
SHAPE(forwarded, "上报");

static const struct field answered_above_fields[] = {
    WORDS_FIELD(answered_above, opinion, "上级意见"),
    WORDS_FIELD(answered_above, paper, "批复文号"),
    DATES(answered_above),
    BY_FIELDS(answered_above),
};
SHAPE(answered_above, "上级批复");

static const struct field issued_fields[] = {
    WORDS_FIELD(issued, certificate_no, "证照编号"),
    DATE_FIELD(issued, valid_to, "有效期至"),
    BY_FIELDS(issued),
};
SHAPE(issued, "制证");

static const struct field delivered_fields[] = {
    WORD_FIELD(delivered, method, delivery_method_words, "送达方式"),
    PRIVATE_FIELD(delivered, recipient, "签收人"),
    PRIVATE_FIELD(delivered, tracking, "邮件单号"),
    BY_FIELDS(delivered),
};
SHAPE(delivered, "送达");

static const struct field withdrawn_fields[] = {
    BOOL_FIELD(withdrawn, lapsed, "逾期视为撤回"),
    WORDS_FIELD(withdrawn, reason, "撤回原因"),
    BY_FIELDS(withdrawn),
};
SHAPE(withdrawn, "撤回");

static const struct field gap_closed_fields[] = {
    CODE_FIELD(gap_closed, code, "材料代码"),
    BOOL_FIELD(gap_closed, all, "已全部补齐"),
    BY_FIELDS(gap_closed),
};
SHAPE(gap_closed, "容缺补齐");

static const struct field gap_lapsed_fields[] = {
    TEXT_FIELD(gap_lapsed, note, "说明"),
    BOOL_FIELD(gap_lapsed, final, "退件"),
    BY_FIELDS(gap_lapsed),
};
SHAPE(gap_lapsed, "容缺逾期");

static const struct field redated_fields[] = {DATES(redated), BY_FIELDS(redated)};
SHAPE(redated, "期限随日历调整");

static const struct field person_erased_fields[] = {
    WORD_FIELD(person_erased, ground, erase_ground_words, "依据"),
};
SHAPE(person_erased, "删除个人信息");

#define EVENT(id, name_, title_, shape_, apply_)                                                   \
    const struct event_kind id = {                                                                 \
        .name = name_, .title = title_, .version = 1, .shape = &shape_, .apply = apply_}

EVENT(case_drafted_event, "case.drafted", "开始申请", drafted_shape, case_apply_drafted);
EVENT(case_applicant_event, "case.applicant", "填写申请人信息", applicant_set_shape,
      case_apply_applicant);
EVENT(case_matter_event, "case.matter", "填写申请内容", matter_set_shape, case_apply_matter);
EVENT(case_provided_event, "case.provided", "提交材料", provided_shape, case_apply_provided);
EVENT(case_submitted_event, "case.submitted", "提交申请", submitted_shape, case_apply_submitted);
EVENT(case_received_event, "case.received", "接件", received_shape, case_apply_received);
EVENT(case_checked_event, "case.checked", "核对材料", materials_checked_shape, case_apply_checked);
EVENT(case_accepted_event, "case.accepted", "受理", accepted_shape, case_apply_accepted);
EVENT(case_not_accepted_event, "case.not_accepted", "不予受理", reasoned_shape,
      case_apply_not_accepted);
EVENT(case_supplement_event, "case.supplement", "一次性告知补正", supplement_asked_shape,
      case_apply_supplement);
EVENT(case_supplied_event, "case.supplied", "补正完毕", received_shape, case_apply_supplied);
EVENT(case_reviewed_event, "case.reviewed", "审查", reviewed_shape, case_apply_reviewed);
EVENT(case_returned_event, "case.returned", "退回重审", reasoned_shape, case_apply_returned);
EVENT(case_granted_event, "case.granted", "准予许可", decided_shape, case_apply_granted);
EVENT(case_refused_event, "case.refused", "不予许可", decided_shape, case_apply_refused);
EVENT(case_suspended_event, "case.suspended", "启动特别程序", suspended_shape, case_apply_suspended);
EVENT(case_resumed_event, "case.resumed", "特别程序结束", resumed_shape, case_apply_resumed);
EVENT(case_extended_event, "case.extended", "延长期限", extended_shape, case_apply_extended);
EVENT(case_forwarded_event, "case.forwarded", "上报", forwarded_shape, case_apply_forwarded);
EVENT(case_answered_event, "case.answered", "上级批复", answered_above_shape, case_apply_answered);
EVENT(case_issued_event, "case.issued", "制证", issued_shape, case_apply_issued);
EVENT(case_delivered_event, "case.delivered", "送达", delivered_shape, case_apply_delivered);
EVENT(case_withdrawn_event, "case.withdrawn", "撤回", withdrawn_shape, case_apply_withdrawn);
EVENT(case_terminated_event, "case.terminated", "终止办理", reasoned_shape, case_apply_terminated);
EVENT(case_gap_closed_event, "case.gap_closed", "容缺补齐", gap_closed_shape, case_apply_gap_closed);
EVENT(case_gap_lapsed_event, "case.gap_lapsed", "容缺逾期", gap_lapsed_shape, case_apply_gap_lapsed);
EVENT(case_redated_event, "case.redated", "期限随日历调整", redated_shape, case_apply_redated);

static const struct field undone_fields[] = {
    INT_FIELD(undone, undone, "撤销的日志条目"),
    CODE_FIELD(undone, undone_kind, "撤销的操作"),
    LIST_FIELD(undone, before, checked_shape, "核对之前"),
    CODE_FIELD(undone, reviewer, "审查人"),
    {F(undone, recommendation), .type = FIELD_WORD, .flags = FIELD_PRIVATE, .words = outcome_words,
     .label = "审查意见"},
    TIME_FIELD(undone, reviewed_at, "审查时间"),
    BY_FIELDS(undone),
};
SHAPE(undone, "撤销操作");
EVENT(case_undone_event, "case.undone", "撤销操作", undone_shape, case_apply_undone);

const struct event_kind person_erased_event = {.name = "person.erased",
                                               .title = "删除个人信息",
                                               .version = 1,
                                               .shape = &person_erased_shape,
                                               .apply = case_apply_erased,
                                               .enact = case_enact_erased};

const struct event_kind *const case_events[] = {
    &case_drafted_event,   &case_applicant_event,    &case_matter_event,
    &case_provided_event,  &case_submitted_event,    &case_received_event,
    &case_checked_event,   &case_accepted_event,     &case_not_accepted_event,
    &case_supplement_event, &case_supplied_event,    &case_reviewed_event,
    &case_returned_event,  &case_granted_event,      &case_refused_event,
    &case_suspended_event, &case_resumed_event,      &case_extended_event,
    &case_forwarded_event, &case_answered_event,     &case_issued_event,
    &case_delivered_event, &case_withdrawn_event,    &case_terminated_event,
    &case_gap_closed_event, &case_gap_lapsed_event,  &case_redated_event,
    &case_undone_event,    &person_erased_event,     NULL,
};
