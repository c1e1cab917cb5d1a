/* The words of a case: states, channels and the shapes of what a case is. */
#include "approval/case/parts.h"

const struct word case_state_words[] = {
    {"none", ""},
    {"draft", "草稿"},
    {"submitted", "已提交，待接件"},
    {"received", "已接件，待受理"},
    {"supplement", "待补正材料"},
    {"accepted", "已受理，审查中"},
    {"reviewed", "已审查，待核准"},
    {"suspended", "特别程序中"},
    {"forwarded", "已上报，待批复"},
    {"granted", "准予，待制证"},
    {"issued", "已制证，待领取"},
    {"delivered", "已送达，办结"},
    {"refused", "不予许可"},
    {"not_accepted", "不予受理"},
    {"withdrawn", "已撤回"},
    {"terminated", "已终止"},
    {NULL, NULL},
};

const struct word channel_words[] = {
    {"none", ""}, {"window", "窗口"}, {"web", "网上"}, {NULL, NULL}};

const struct word applicant_type_words[] = {
    {"none", ""}, {"person", "个人"}, {"organisation", "企业或其他组织"}, {NULL, NULL}};

const struct word delivery_method_words[] = {
    {"none", ""},          {"window", "窗口领取"},           {"post", "邮寄送达"},
    {"electronic", "电子证照"}, {NULL, NULL}};

const struct word material_state_words[] = {
    {"none", "未提交"},     {"file", "已上传"},     {"paper", "纸质提交"}, {"checked", "已核对"},
    {"wrong", "不符合要求"}, {"deferred", "容缺后补"}, {NULL, NULL}};

const struct word finding_words[] = {{"none", ""},
                                     {"checked", "已核对"},
                                     {"wrong", "不符合要求"},
                                     {"deferred", "容缺后补"},
                                     {NULL, NULL}};

const struct word outcome_words[] = {
    {"none", ""}, {"grant", "准予"}, {"refuse", "不予许可"}, {NULL, NULL}};

const struct word office_words[] = {
    {"none", ""},          {"clerk", "窗口人员"},  {"reviewer", "审查人员"}, {"verifier", "首席代表"},
    {"head", "部门负责人"}, {"manager", "中心管理人员"}, {"system", "系统"},       {NULL, NULL}};

const struct word erase_ground_words[] = {
    {"expired", "保存期限届满"},       {"purpose", "处理目的已实现或无法实现"},
    {"stopped", "停止提供服务"},       {"withdrawn", "个人撤回同意"},
    {"unlawful", "违反法律规定处理"},  {"other", "法律、行政法规规定的其他情形"},
    {NULL, NULL}};

bool case_state_open(int64_t state)
{
    return state > CASE_NONE && state < CASE_DELIVERED;
}

bool case_gap_waits(const struct case_file *file, const struct case_material *material)
{
    bool came = (material->state == MATERIAL_FILE || material->state == MATERIAL_PAPER) &&
                material->supplied_at >= file->accepted_at;
    return file->gap_open && (material->state == MATERIAL_DEFERRED || came);
}

bool case_material_in_order(int64_t state, bool required)
{
    return state == MATERIAL_CHECKED || state == MATERIAL_DEFERRED ||
           (!required && state != MATERIAL_WRONG);
}

bool case_state_decided(int64_t state)
{
    return state >= CASE_GRANTED && state <= CASE_REFUSED;
}

struct text case_subject(int64_t case_id, struct arena *arena)
{
    return text_format(arena, "case:%lld", (long long)case_id);
}

struct text case_series(int64_t region, int64_t at_ms, struct text department, struct arena *arena)
{
    return text_format(arena, "%06lld-%04d-%.*s", (long long)region, date_year(time_date(at_ms)),
                       TEXT_ARG(department));
}

#define M(member) #member, .offset = offsetof(struct case_material, member)
static const struct field material_fields[] = {
    {M(code), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "材料代码"},
    {M(name), .type = FIELD_TEXT, .label = "材料名称"},
    {M(required), .type = FIELD_BOOL, .label = "必要"},
    {M(can_defer), .type = FIELD_BOOL, .label = "可容缺"},
    {M(state), .type = FIELD_WORD, .label = "状态", .words = material_state_words},
    {M(file_sha256), .type = FIELD_TEXT, .flags = FIELD_CODE | FIELD_PRIVATE, .label = "文件指纹"},
    {M(file_name), .type = FIELD_TEXT, .flags = FIELD_PRIVATE, .label = "文件名"},
    {M(file_size), .type = FIELD_INT, .flags = FIELD_PRIVATE, .label = "文件大小"},
    {M(note), .type = FIELD_TEXT, .flags = FIELD_PRIVATE, .label = "说明"},
    {M(supplied_at), .type = FIELD_TIME, .label = "提交时间"},
};
const struct shape case_material_shape = {"case_material", "材料", sizeof(struct case_material),
                                          SHAPE_FIELDS(material_fields)};

#define C(member) #member, .offset = offsetof(struct case_file, member)
#define PRIVATE_TEXT(member, label_)                                                               \
    {                                                                                              \
        C(member), .type = FIELD_TEXT, .flags = FIELD_PRIVATE, .label = label_                     \
    }
#define TIME(member, label_)                                                                       \
    {                                                                                              \
        C(member), .type = FIELD_TIME, .label = label_                                             \
    }
static const struct field file_fields[] = {
    {C(case_id), .type = FIELD_INT, .label = "内部编号"},
    {C(case_no), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "办件编号"},
    {C(query_code), .type = FIELD_TEXT, .flags = FIELD_PRIVATE | FIELD_CODE, .label = "查询码"},
    {C(item_code), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "事项代码"},
    {C(item_version), .type = FIELD_INT, .label = "事项版本"},
    {C(item_name), .type = FIELD_TEXT, .label = "事项"},
    {C(department), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "部门"},
    {C(kind), .type = FIELD_WORD, .label = "办件类型", .words = case_kind_words},
    {C(state), .type = FIELD_WORD, .label = "状态", .words = case_state_words},
    {C(channel), .type = FIELD_WORD, .label = "申请渠道", .words = channel_words},
    {C(place), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "受理地点"},
    {C(applicant_type), .type = FIELD_WORD, .label = "申请人类型", .words = applicant_type_words},
    PRIVATE_TEXT(applicant_name, "申请人"),
    PRIVATE_TEXT(id_number, "证件号码"),
    PRIVATE_TEXT(phone, "手机号码"),
    PRIVATE_TEXT(address, "联系地址"),
    PRIVATE_TEXT(agent_name, "代理人"),
    PRIVATE_TEXT(agent_phone, "代理人电话"),
    {C(delivery_method), .type = FIELD_WORD, .label = "送达方式", .words = delivery_method_words},
    PRIVATE_TEXT(matter, "申请内容"),
    PRIVATE_TEXT(details, "情况说明"),
    {C(amount_fen), .type = FIELD_MONEY, .flags = FIELD_PRIVATE, .label = "金额"},
    {C(area_m2), .type = FIELD_INT, .flags = FIELD_PRIVATE, .label = "面积（平方米）"},
    TIME(created_at, "开始填写"),
    TIME(submitted_at, "提交时间"),
    TIME(received_at, "接件时间"),
    TIME(accepted_at, "受理时间"),
    {C(deemed), .type = FIELD_BOOL, .label = "逾期视为受理"},
    {C(gap_open), .type = FIELD_BOOL, .label = "容缺未补"},
    {C(supplements), .type = FIELD_INT, .label = "补正次数"},
    {C(extended_days), .type = FIELD_INT, .label = "延长工作日"},
    {C(suspensions), .type = FIELD_INT, .label = "特别程序次数"},
    TIME(due_at, "最近期限"),
    {C(promised_date), .type = FIELD_DATE, .label = "承诺办结日"},
    {C(statutory_date), .type = FIELD_DATE, .label = "法定办结日"},
    {C(state_before), .type = FIELD_WORD, .label = "中止前状态", .words = case_state_words},
    {C(reviewer), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "审查人"},
    {C(verifier), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "核准人"},
    {C(recommendation), .type = FIELD_WORD, .flags = FIELD_PRIVATE, .label = "审查建议",
     .words = outcome_words},
    {C(outcome), .type = FIELD_WORD, .label = "决定", .words = outcome_words},
    PRIVATE_TEXT(reason, "理由"),
    TIME(reviewed_at, "审查时间"),
    TIME(decided_at, "决定时间"),
    {C(used_days), .type = FIELD_INT, .label = "实际用时（工作日）"},
    {C(saved_days), .type = FIELD_INT, .low = -4000, .label = "比法定期限缩短（工作日）"},
    {C(certificate_no), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "证照编号"},
    TIME(issued_at, "制证时间"),
    TIME(delivered_at, "送达时间"),
    TIME(closed_at, "办结时间"),
    TIME(erased_at, "个人信息删除时间"),
};
const struct shape case_file_shape = {"case_file", "办件", sizeof(struct case_file),
                                      SHAPE_FIELDS(file_fields)};
