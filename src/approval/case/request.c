/* What may be asked of a case: every input field by field, and the list of commands. */
#include "approval/case/case.h"
#include "approval/case/parts.h"
#include "base/idcode.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)
#define SHAPE(record, title)                                                                       \
    static const struct shape record##_shape = {#record, title, sizeof(struct record),             \
                                                SHAPE_FIELDS(record##_fields)}

static bool phone_good(struct text phone)
{
    if (phone.len != 11 || phone.at[0] != '1' || phone.at[1] < '3')
        return false;
    for (size_t i = 0; i < phone.len; i++)
        if (phone.at[i] < '0' || phone.at[i] > '9')
            return false;
    return true;
}

/* A citizen's number (GB 11643) or an organisation's (GB 32100, before 2015 GB 11714). Which of
 * them it must be depends on the kind of applicant: decide looks at that. */
static bool number_good(struct text number)
{
    return idcode_person(number) || idcode_uscc(number) || idcode_organisation(number);
}

#define KEY(record)                                                                                \
    {F(record, case_no), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE, .high = 40,     \
     .label = "办件编号", .tidy = idcode_tidy},                                                    \
    {                                                                                              \
        F(record, query_code), .type = FIELD_TEXT,                                                 \
            .flags = FIELD_REQUIRED | FIELD_CODE | FIELD_PRIVATE, .high = 20, .label = "查询码",   \
            .tidy = idcode_tidy                                                                    \
    }
#define ID(record)                                                                                 \
    {                                                                                              \
        F(record, case_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .label = "办件"            \
    }
#define REASON(record, label_, more)                                                               \
    {                                                                                              \
        F(record, reason), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES | (more),     \
            .low = REASON_LEAST, .high = 2000, .label = label_                                     \
    }

static const struct field case_key_fields[] = {KEY(case_key)};
const struct shape case_key_shape = {"case_key", "办件查询", sizeof(struct case_key),
                                     SHAPE_FIELDS(case_key_fields)};

static const struct field case_draft_fields[] = {
    {F(case_draft, item_code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,
     .high = 40, .label = "事项代码"},
    {F(case_draft, place), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 40,
     .label = "办理地点"},
};
SHAPE(case_draft, "开始申请");

/* Who applies, how to reach them, how they get the result: all at once for programs, one question a
 * page for people. */
#define WHO(record)                                                                                \
    {F(record, applicant_type), .type = FIELD_WORD, .flags = FIELD_REQUIRED,                       \
     .label = "您代表谁申请？", .words = applicant_type_words},                                    \
    {F(record, applicant_name), .type = FIELD_TEXT,                                                \
     .flags = FIELD_REQUIRED | FIELD_PRIVATE, .low = 2, .high = 100,                               \
     .label = "申请人姓名或名称",                                                                  \
     .hint = "个人请填写身份证上的姓名，单位请填写登记的全称。"},                                  \
    {                                                                                              \
        F(record, id_number), .type = FIELD_TEXT,                                                  \
            .flags = FIELD_REQUIRED | FIELD_PRIVATE | FIELD_CODE, .high = 18, .label = "证件号码", \
            .hint = "个人填写18位居民身份证号码；单位填写统一社会信用代码，尚未换发的填写组织机"   \
                    "构代码。",                                                                    \
            .check = number_good, .check_hint = "请对照证件逐位核对，末位校验码不符。",            \
            .tidy = idcode_tidy                                                                    \
    }
#define CONTACT(record)                                                                            \
    {F(record, phone), .type = FIELD_TEXT,                                                         \
     .flags = FIELD_REQUIRED | FIELD_PRIVATE | FIELD_CODE, .high = 11, .label = "手机号码",        \
     .hint = "用于通知您办理进度。", .check = phone_good, .check_hint = "请填写11位手机号码。",    \
     .tidy = idcode_tidy},                                                                         \
    {F(record, address), .type = FIELD_TEXT, .flags = FIELD_PRIVATE, .high = 200,                  \
     .label = "联系地址", .hint = "选择邮寄送达的，请填写收件地址。"},                             \
    {F(record, agent_name), .type = FIELD_TEXT, .flags = FIELD_PRIVATE, .high = 100,               \
     .label = "代理人姓名", .hint = "由他人代办时填写。"},                                         \
    {                                                                                              \
        F(record, agent_phone), .type = FIELD_TEXT, .flags = FIELD_PRIVATE | FIELD_CODE,           \
            .high = 11, .label = "代理人手机号码", .check = phone_good,                            \
            .check_hint = "请填写11位手机号码。", .tidy = idcode_tidy                              \
    }
#define WAY(record)                                                                                \
    {                                                                                              \
        F(record, delivery_method), .type = FIELD_WORD, .flags = FIELD_REQUIRED,                   \
            .label = "您希望怎样领取结果？", .words = delivery_method_words                        \
    }
static const struct field case_applicant_fields[] = {KEY(case_applicant), WHO(case_applicant),
                                                     CONTACT(case_applicant), WAY(case_applicant)};
SHAPE(case_applicant, "申请人信息");
static const struct field case_who_fields[] = {KEY(case_who), WHO(case_who)};
SHAPE(case_who, "申请人");
static const struct field case_contact_fields[] = {KEY(case_contact), CONTACT(case_contact)};
SHAPE(case_contact, "联系方式");
static const struct field case_way_fields[] = {KEY(case_way), WAY(case_way)};
SHAPE(case_way, "领取方式");

static const struct field case_matter_fields[] = {
    KEY(case_matter),
    {F(case_matter, matter), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PRIVATE,
     .low = 4, .high = 200, .label = "申请内容",
     .hint = "用一句话说明，例如：独山港镇三宗工业用地土地证分割登记。"},
    {F(case_matter, details), .type = FIELD_TEXT, .flags = FIELD_PRIVATE | FIELD_LINES,
     .high = 4000, .label = "情况说明", .hint = "如有需要窗口了解的情况，请写在这里。"},
    {F(case_matter, amount_fen), .type = FIELD_MONEY, .flags = FIELD_PRIVATE,
     .high = 100000000000000, .label = "金额（元）", .hint = "按申请材料填写，例如：2500000.00。"},
    {F(case_matter, area_m2), .type = FIELD_INT, .flags = FIELD_PRIVATE, .high = 1000000000,
     .label = "面积（平方米）", .hint = "按申请材料填写整数，不足1平方米的按1平方米。"},
};
SHAPE(case_matter, "申请内容");

static const struct field case_provide_fields[] = {
    KEY(case_provide),
    {F(case_provide, code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE, .high = 40,
     .label = "材料代码"},
    {F(case_provide, paper), .type = FIELD_BOOL, .label = "到窗口提交纸质材料"},
    {F(case_provide, document), .type = FIELD_RECORD, .label = "电子文件",
     .hint = "支持 PDF、OFD、DOCX、JPG、PNG、TXT，不超过 1 GB。", .of = &upload_shape},
};
SHAPE(case_provide, "提交材料");

static const struct field case_submit_fields[] = {
    KEY(case_submit),
    {F(case_submit, declared), .type = FIELD_BOOL, .flags = FIELD_REQUIRED,
     .label = "我承诺所填信息和所交材料真实、有效，并对其真实性负责。"},
};
SHAPE(case_submit, "核对并提交");

static const struct field case_withdraw_fields[] = {
    KEY(case_withdraw),
    {F(case_withdraw, reason), .type = FIELD_TEXT, .flags = FIELD_LINES | FIELD_PRIVATE,
     .high = 1000, .label = "撤回原因"},
};
SHAPE(case_withdraw, "撤回申请");

static const struct field case_supplied_fields[] = {KEY(case_supplied)};
SHAPE(case_supplied, "补正完毕");

static const struct field case_only_fields[] = {ID(case_only)};
SHAPE(case_only, "办件");

static const struct field material_finding_fields[] = {
    {F(material_finding, code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE, .high = 40,
     .label = "材料代码"},
    {F(material_finding, state), .type = FIELD_WORD, .label = "核对结果", .words = finding_words},
    {F(material_finding, note), .type = FIELD_TEXT, .flags = FIELD_PRIVATE, .high = 500,
     .label = "需补正的内容"},
};
SHAPE(material_finding, "材料核对");
static const struct field case_check_fields[] = {
    ID(case_check),
    {F(case_check, materials), .type = FIELD_LIST, .flags = FIELD_REQUIRED, .high = 100,
     .label = "材料", .of = &material_finding_shape},
};
SHAPE(case_check, "核对材料");

static const struct field case_accept_fields[] = {
    ID(case_accept),
    {F(case_accept, promise), .type = FIELD_TEXT, .flags = FIELD_LINES, .high = 1000,
     .label = "容缺承诺", .hint = "有容缺材料时，填写申请人书面承诺的内容。"},
};
SHAPE(case_accept, "受理");

static const struct field case_reason_fields[] = {
    ID(case_reason),
    REASON(case_reason, "理由", 0),
    {F(case_reason, basis), .type = FIELD_TEXT, .flags = FIELD_LINES, .high = 1000,
     .label = "法律依据"},
};
SHAPE(case_reason, "理由");

static const struct field case_supplement_fields[] = {
    ID(case_supplement),
    {F(case_supplement, supply_days), .type = FIELD_INT, .high = 250, .label = "补正期限（工作日）",
     .hint = "不填时按本区域的规定。"},
    {F(case_supplement, note), .type = FIELD_TEXT, .flags = FIELD_LINES, .high = 2000,
     .label = "其他说明"},
};
SHAPE(case_supplement, "补正材料通知");

static const struct field case_review_fields[] = {
    ID(case_review),
    {F(case_review, recommendation), .type = FIELD_WORD, .flags = FIELD_REQUIRED,
     .label = "审查建议", .words = outcome_words},
    {F(case_review, opinion), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .low = 2,
     .high = 4000, .label = "审查意见"},
};
SHAPE(case_review, "审查");

static const struct field case_decide_fields[] = {
    ID(case_decide),
    {F(case_decide, outcome), .type = FIELD_WORD, .flags = FIELD_REQUIRED, .label = "决定",
     .words = outcome_words},
    {F(case_decide, reason), .type = FIELD_TEXT, .flags = FIELD_LINES, .high = 4000,
     .label = "理由", .hint = "不予许可时必须说明理由（行政许可法第三十八条）。"},
    {F(case_decide, basis), .type = FIELD_TEXT, .flags = FIELD_LINES, .high = 1000,
     .label = "法律依据"},
};
SHAPE(case_decide, "核准决定");

static const struct field case_suspend_fields[] = {
    ID(case_suspend),
    {F(case_suspend, kind), .type = FIELD_WORD, .flags = FIELD_REQUIRED, .label = "特别程序",
     .words = special_kind_words},
    {F(case_suspend, paper), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .high = 100,
     .label = "告知书文号"},
    {F(case_suspend, planned_days), .type = FIELD_INT, .flags = FIELD_REQUIRED, .low = 1,
     .high = 250, .label = "预计所需工作日",
     .hint = "须书面告知申请人（行政许可法第四十五条）。"},
    {F(case_suspend, reason), .type = FIELD_TEXT, .flags = FIELD_LINES, .high = 1000,
     .label = "说明"},
};
SHAPE(case_suspend, "启动特别程序");

static const struct field case_resume_fields[] = {
    ID(case_resume),
    {F(case_resume, result), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .low = 2,
     .high = 2000, .label = "特别程序结果"},
};
SHAPE(case_resume, "特别程序结束");

static const struct field case_extend_fields[] = {
    ID(case_extend),
    {F(case_extend, days), .type = FIELD_INT, .flags = FIELD_REQUIRED, .low = 1, .high = 250,
     .label = "延长工作日", .hint = "最多10个工作日，只能延长一次（行政许可法第四十二条）。"},
    REASON(case_extend, "延长理由", 0),
};
SHAPE(case_extend, "延长期限");

static const struct field case_forward_fields[] = {
    ID(case_forward),
    {F(case_forward, to), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .low = 2, .high = 100,
     .label = "上级机关"},
    {F(case_forward, paper), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .high = 100,
     .label = "上报文号"},
};
SHAPE(case_forward, "上报");

static const struct field case_return_fields[] = {
    ID(case_return),
    {F(case_return, opinion), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .low = 2,
     .high = 4000, .label = "上级意见"},
    {F(case_return, paper), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .high = 100,
     .label = "批复文号"},
};
SHAPE(case_return, "上级批复");

static const struct field case_issue_fields[] = {
    ID(case_issue),
    {F(case_issue, certificate_no), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,
     .low = 2, .high = 100, .label = "证照或文书编号"},
    {F(case_issue, valid_to), .type = FIELD_DATE, .label = "有效期至", .hint = "长期有效的不填。"},
};
SHAPE(case_issue, "制证");

static const struct field case_deliver_fields[] = {
    ID(case_deliver),
    {F(case_deliver, method), .type = FIELD_WORD, .flags = FIELD_REQUIRED, .label = "送达方式",
     .words = delivery_method_words},
    {F(case_deliver, recipient), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PRIVATE,
     .low = 2, .high = 100, .label = "签收人"},
    {F(case_deliver, tracking), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 60,
     .label = "邮件单号"},
};
SHAPE(case_deliver, "送达");

static const struct field case_gap_close_fields[] = {
    ID(case_gap_close),
    {F(case_gap_close, code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,
     .high = 40, .label = "材料代码"},
};
SHAPE(case_gap_close, "容缺补齐");

static const struct field case_erase_fields[] = {
    ID(case_erase),
    {F(case_erase, ground), .type = FIELD_WORD, .words = erase_ground_words, .label = "依据"},
};
SHAPE(case_erase, "删除个人信息");

static const struct field case_look_reason_fields[] = {
    ID(case_look_reason),
    {F(case_look_reason, reason), .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_LINES | FIELD_PRIVATE, .low = 5, .high = 500,
     .label = "查看事由",
     .hint = "写明因何公务需要查看，至少5个字。申请人和审计人员都能看到。"},
};
SHAPE(case_look_reason, "查看事由");

/* Who may act as the applicant: whoever is not signed in and holds number and code, or a clerk at
 * the window. Other staff do not: who looks or decides does not also apply. */
#define BY_KEY (ROLE_APPLICANT | ROLE_CLERK)

#define KEYED(id, name_, title_, said_, path_, input_, read_, decide_)                             \
    const struct command id = {.name = name_,                                                      \
                               .title = title_,                                                    \
                               .said = said_,                                                      \
                               .path = "/my/{case_no}/{query_code}/" path_,                        \
                               .roles = BY_KEY,                                                    \
                               .input = &input_,                                                   \
                               .guards = "case_no",                                                \
                               .read = read_,                                                      \
                               .decide = decide_}

#define COMMAND(id, name_, title_, said_, path_, roles_, input_, read_, decide_)                   \
    const struct command id = {.name = name_,                                                      \
                               .title = title_,                                                    \
                               .said = said_,                                                      \
                               .path = path_,                                                      \
                               .roles = roles_,                                                    \
                               .input = &input_,                                                   \
                               .read = read_,                                                      \
                               .decide = decide_}

const struct command case_draft_command = {.name = "case.draft",
                                           .title = "开始申请",
                                           .said = "申请已开始，请记下办件编号和查询码。",
                                           .path = "/apply/{item_code}",
                                           .roles = BY_KEY,
                                           .input = &case_draft_shape,
                                           .begins = true,
                                           .read = case_read_draft,
                                           .decide = case_decide_draft};
KEYED(case_applicant_command, "case.applicant", "填写申请人信息", "申请人信息已保存。",
      "applicant", case_applicant_shape, case_read_key, case_decide_applicant);
KEYED(case_who_command, "case.who", "填写申请人", "申请人信息已保存。", "who", case_who_shape,
      case_read_key, case_decide_who);
KEYED(case_contact_command, "case.contact", "填写联系方式", "联系方式已保存。", "contact",
      case_contact_shape, case_read_key, case_decide_contact);
KEYED(case_way_command, "case.way", "选择领取方式", "领取方式已保存。", "way", case_way_shape,
      case_read_key, case_decide_way);
KEYED(case_matter_command, "case.matter", "填写申请内容", "申请内容已保存。", "matter",
      case_matter_shape, case_read_key, case_decide_matter);
const struct command case_provide_command = {
    .name = "case.provide",
    .title = "提交材料",
    .said = "材料已保存。",
    .path = "/my/{case_no}/{query_code}/materials/{code}",
    .roles = BY_KEY,
    .input = &case_provide_shape,
    .guards = "case_no",
    .read = case_read_key_paper,
    .admit = case_admit_provide,
    .decide = case_decide_provide,
};
KEYED(case_submit_command, "case.submit", "核对并提交", "申请已提交。", "submit",
      case_submit_shape, case_read_key_all, case_decide_submit);
KEYED(case_withdraw_command, "case.withdraw", "撤回申请", "申请已撤回。", "withdraw",
      case_withdraw_shape, case_read_key_clocks, case_decide_withdraw);
KEYED(case_supplied_command, "case.supplied", "补正完毕", "补正材料已交回窗口。", "supplied",
      case_supplied_shape, case_read_key_all, case_decide_supplied);

#define STAFF(id, name_, title_, said_, verb, roles_, input_, read_, decide_)                      \
    COMMAND(id, name_, title_, said_, "/staff/cases/{case_id}/" verb, roles_, input_, read_,       \
            decide_)

/* Whose post it is, who holds a letter with that power, and the head by office: decide_authority.c. */
#define RECEIVING (ROLE_CLERK | ROLE_VERIFIER | ROLE_HEAD)
#define REVIEWING (ROLE_REVIEWER | ROLE_VERIFIER | ROLE_HEAD)
#define SEALING RECEIVING
#define DECIDING (ROLE_VERIFIER | ROLE_HEAD)

STAFF(case_receive_command, "case.receive", "接件", "申请已接件。",
      "receive", RECEIVING, case_only_shape, case_read_id_grants, case_decide_receive);
STAFF(case_check_command, "case.check", "核对材料", "核对结果已保存。",
      "check", RECEIVING, case_check_shape, case_read_id_papers_grants, case_decide_check);
STAFF(case_accept_command, "case.accept", "受理", "申请已受理。",
      "accept", RECEIVING, case_accept_shape, case_read_id_papers_clocks_grants, case_decide_accept);
STAFF(case_not_accept_command, "case.not_accept", "不予受理", "不予受理的决定已作出。",
      "not-accept", RECEIVING, case_reason_shape, case_read_id_clocks_grants, case_decide_not_accept);
STAFF(case_supplement_command, "case.supplement", "一次性告知补正", "补正通知已发出。",
      "supplement", RECEIVING, case_supplement_shape, case_read_id_papers_clocks_grants,
      case_decide_supplement);
STAFF(case_review_command, "case.review", "审查", "审查意见已提交，等待核准。",
      "review", REVIEWING, case_review_shape, case_read_id_grants, case_decide_review);
STAFF(case_return_command, "case.return", "退回重审", "办件已退回重新审查。",
      "return", DECIDING, case_reason_shape, case_read_id_grants,
      case_decide_return);
STAFF(case_decide_command, "case.decide", "核准决定", "决定已作出。",
      "decide", DECIDING, case_decide_shape, case_read_id_clocks_grants,
      case_decide_decide);
STAFF(case_suspend_command, "case.suspend", "启动特别程序", "特别程序已启动，办理期限中止计算。",
      "suspend", REVIEWING, case_suspend_shape,
      case_read_id_clocks_grants, case_decide_suspend);
STAFF(case_resume_command, "case.resume", "特别程序结束", "特别程序已结束，办理期限恢复计算。",
      "resume", REVIEWING, case_resume_shape,
      case_read_id_clocks_grants, case_decide_resume);
STAFF(case_extend_command, "case.extend", "延长期限", "办理期限已延长。",
      "extend", DECIDING, case_extend_shape, case_read_id_clocks_grants,
      case_decide_extend);
STAFF(case_forward_command, "case.forward", "上报", "办件已上报，办理期限中止计算。",
      "forward", DECIDING, case_forward_shape, case_read_id_clocks_grants,
      case_decide_forward);
STAFF(case_answered_command, "case.answered", "登记上级批复", "上级批复已登记，办理期限恢复计算。",
      "answered", REVIEWING, case_return_shape,
      case_read_id_clocks_grants, case_decide_answered);
STAFF(case_issue_command, "case.issue", "制证", "制证已登记。",
      "issue", SEALING, case_issue_shape, case_read_id_grants, case_decide_issue);
STAFF(case_deliver_command, "case.deliver", "送达", "送达已登记，本办件办结。",
      "deliver", ROLE_CLERK, case_deliver_shape, case_read_id_clocks, case_decide_deliver);
STAFF(case_terminate_command, "case.terminate", "终止办理", "办件已终止办理。",
      "terminate", ROLE_HEAD | ROLE_MANAGER, case_reason_shape, case_read_id_clocks,
      case_decide_terminate);
STAFF(case_gap_close_command, "case.gap_close", "容缺补齐", "容缺材料的补交已登记。",
      "gap-close", ROLE_CLERK, case_gap_close_shape, case_read_id_papers_clocks,
      case_decide_gap_close);

/* No step of the case: it says why somebody looks whose case it is not. */
STAFF(case_look_reason_command, "case.look_reason", "查看事由", "查看事由已记录，申请人可以看到。",
      "reason", ROLE_WORK, case_look_reason_shape, case_read_id, case_decide_look_reason);

/* The command line alone: `yimen erase`. */
COMMAND(case_erase_command, "case.erase", "删除个人信息", NULL,
        NULL, ROLE_IMPORTER, case_erase_shape, case_read_id, case_decide_erase);

/* What passing time makes the house do. */
COMMAND(case_deem_command, "case.deem", "逾期视为受理", NULL,
        NULL, ROLE_SYSTEM, case_only_shape, case_read_id_clocks, case_decide_deem);
COMMAND(case_lapse_command, "case.lapse", "逾期未补正视为撤回", NULL,
        NULL, ROLE_SYSTEM, case_only_shape, case_read_id_clocks, case_decide_lapse);
COMMAND(case_gap_lapse_command, "case.gap_lapse", "容缺逾期", NULL,
        NULL, ROLE_SYSTEM, case_only_shape, case_read_id_clocks, case_decide_gap_lapse);
COMMAND(case_redate_command, "case.redate", "期限随日历调整", NULL,
        NULL, ROLE_SYSTEM, case_only_shape, case_read_id_clocks, case_decide_redate);

static const struct field undo_fields[] = {
    {F(case_undo, case_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .label = "办件"},
    {F(case_undo, index), .type = FIELD_INT, .flags = FIELD_REQUIRED, .label = "日志条目"},
};
static const struct shape undo_shape = {"case_undo", "撤销操作", sizeof(struct case_undo),
                                        SHAPE_FIELDS(undo_fields)};
STAFF(case_undo_command, "case.undo", "撤销操作", "上一步操作已撤销。", "undo",
      RECEIVING | REVIEWING | DECIDING, undo_shape, case_read_undo, case_decide_undo);

const struct command *const case_commands[] = {
    &case_draft_command,    &case_applicant_command,  &case_who_command,
    &case_contact_command,  &case_way_command,        &case_matter_command,
    &case_provide_command,  &case_submit_command,     &case_withdraw_command,
    &case_supplied_command, &case_receive_command,    &case_check_command,
    &case_accept_command,   &case_not_accept_command, &case_supplement_command,
    &case_review_command,   &case_return_command,     &case_decide_command,
    &case_suspend_command,  &case_resume_command,     &case_extend_command,
    &case_forward_command,  &case_answered_command,   &case_issue_command,
    &case_deliver_command,  &case_terminate_command,  &case_gap_close_command,
    &case_deem_command,     &case_lapse_command,      &case_gap_lapse_command,
    &case_redate_command,   &case_look_reason_command,
    &case_erase_command,    &case_undo_command,       NULL,
};
