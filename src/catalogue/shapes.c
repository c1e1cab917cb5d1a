#include "catalogue/catalogue.h"

#include <stddef.h>

#define AT(type, member) offsetof(struct type, member)

const struct word source_words[] = {
    {"none", "未注明"},   {"law", "法律法规"},   {"report", "中心报告"},
    {"statistics", "统计代码"}, {"example", "示例"},   {"catalogue", "政务服务事项目录"},
    {NULL, NULL},
};

const struct word case_kind_words[] = {
    {"none", "未注明"}, {"on_spot", "即办件"}, {"promised", "承诺件"}, {"joint", "联办件"}, {NULL, NULL},
};

const struct word day_unit_words[] = {
    {"none", "无"}, {"working", "工作日"}, {"calendar", "日"}, {NULL, NULL},
};

const struct word item_type_words[] = {
    {"none", "未注明"},          {"permit", "行政许可"}, {"payment", "行政给付"},
    {"confirmation", "行政确认"}, {"reward", "行政奖励"}, {"ruling", "行政裁决"},
    {"other", "其他行政权力"},   {"public", "公共服务"}, {NULL, NULL},
};

const struct word material_form_words[] = {
    {"none", "未注明"},
    {"original", "原件"},
    {"copy", "复印件"},
    {"original_and_copy", "原件及复印件"},
    {"electronic", "电子件"},
    {NULL, NULL},
};

const struct word issuer_words[] = {
    {"none", "未注明"}, {"applicant", "申请人自备"}, {"government", "政府部门核发"}, {"other", "其他"}, {NULL, NULL},
};

const struct word special_kind_words[] = {
    {"none", "无"},       {"hearing", "听证"},    {"tender", "招标"},
    {"auction", "拍卖"},  {"inspection", "检验"}, {"testing", "检测"},
    {"quarantine", "检疫"}, {"appraisal", "鉴定"}, {"experts", "专家评审"},
    {NULL, NULL},
};

const struct word measure_kind_words[] = {
    {"none", "未注明"}, {"amount", "金额"}, {"area", "面积"}, {NULL, NULL},
};

const struct word object_words[] = {
    {"natural_person", "自然人"},       {"enterprise", "企业法人"},
    {"public_institution", "事业法人"}, {"social_organisation", "社会组织法人"},
    {"unincorporated", "非法人企业"},   {"government", "行政机关"},
    {"other", "其他组织"},              {NULL, NULL},
};

const struct word result_kind_words[] = {
    {"none", "未注明"},     {"certificate", "证照"}, {"approval", "批准文件"},
    {"filing", "备案登记"}, {"payment", "给付"},     {NULL, NULL},
};

const struct word place_kind_words[] = {
    {"none", "未注明"},
    {"centre", "市行政服务中心"},
    {"sub_centre", "分中心"},
    {"town_centre", "镇（街道）便民服务中心"},
    {"village_station", "村（社区）便民服务站"},
    {"hall", "大厅"},
    {"window", "窗口"},
    {"post", "岗位"},
    {NULL, NULL},
};

static const struct field law_fields[] = {
    {"name", FIELD_TEXT, AT(law, name), FIELD_REQUIRED, 1, 200, "法律法规名称"},
    {"article", FIELD_TEXT, AT(law, article), 0, 0, 100, "条款"},
    {"words", FIELD_TEXT, AT(law, words), FIELD_LINES, 0, 4000, "条文"},
};
const struct shape law_shape = {"law", "设定依据", sizeof(struct law), SHAPE_FIELDS(law_fields)};

static const struct field material_fields[] = {
    {"code", FIELD_TEXT, AT(material, code), FIELD_REQUIRED | FIELD_CODE, 1, 20, "材料编号"},
    {"name", FIELD_TEXT, AT(material, name), FIELD_REQUIRED, 1, 200, "材料名称"},
    {"required", FIELD_BOOL, AT(material, required), 0, 0, 0, "必要"},
    {"deferrable", FIELD_BOOL, AT(material, deferrable), 0, 0, 0, "可容缺"},
    {"defer_days", FIELD_INT, AT(material, defer_days), 0, 0, 365, "补交期限（工作日）"},
    {"form", FIELD_WORD, AT(material, form), FIELD_REQUIRED, 0, 0, "材料形式", NULL, NULL,
     material_form_words},
    {"copies", FIELD_INT, AT(material, copies), 0, 0, 99, "份数"},
    {"issuer", FIELD_WORD, AT(material, issuer), FIELD_REQUIRED, 0, 0, "来源渠道", NULL, NULL,
     issuer_words},
    {"issuer_name", FIELD_TEXT, AT(material, issuer_name), 0, 0, 200, "核发机构"},
    {"basis", FIELD_TEXT, AT(material, basis), FIELD_REQUIRED, 1, 500, "要求提供的依据"},
    {"standard", FIELD_TEXT, AT(material, standard), FIELD_LINES, 0, 1000, "受理标准"},
    {"fill_hint", FIELD_TEXT, AT(material, fill_hint), FIELD_LINES, 0, 1000, "填报须知"},
};
const struct shape material_shape = {"material", "申请材料", sizeof(struct material),
                                     SHAPE_FIELDS(material_fields)};

static const struct field measure_fields[] = {
    {"kind", FIELD_WORD, AT(measure, kind), FIELD_REQUIRED, 0, 0, "计量种类", NULL, NULL,
     measure_kind_words},
    {"name", FIELD_TEXT, AT(measure, name), FIELD_REQUIRED, 2, 30, "名称"},
    {"required", FIELD_BOOL, AT(measure, required), 0, 0, 0, "必填"},
};
const struct shape measure_shape = {"measure", "申请的计量", sizeof(struct measure),
                                    SHAPE_FIELDS(measure_fields)};

static const struct field fee_fields[] = {
    {"code", FIELD_TEXT, AT(fee, code), FIELD_REQUIRED | FIELD_CODE, 1, 20, "收费编号"},
    {"name", FIELD_TEXT, AT(fee, name), FIELD_REQUIRED, 1, 200, "收费项目"},
    {"amount", FIELD_MONEY, AT(fee, amount_fen), 0, 0, 0, "金额"},
    {"unit", FIELD_TEXT, AT(fee, unit), 0, 0, 20, "计费单位"},
    {"standard", FIELD_TEXT, AT(fee, standard), FIELD_REQUIRED, 1, 500, "收费标准"},
    {"basis", FIELD_TEXT, AT(fee, basis), FIELD_REQUIRED, 1, 500, "收费依据"},
    {"reducible", FIELD_BOOL, AT(fee, reducible), 0, 0, 0, "可减免"},
    {"reduction", FIELD_TEXT, AT(fee, reduction), 0, 0, 500, "减免情形"},
};
const struct shape fee_shape = {"fee", "收费", sizeof(struct fee), SHAPE_FIELDS(fee_fields)};

static const struct field result_fields[] = {
    {"code", FIELD_TEXT, AT(result, code), FIELD_REQUIRED | FIELD_CODE, 1, 20, "结果编号"},
    {"name", FIELD_TEXT, AT(result, name), FIELD_REQUIRED, 1, 200, "结果名称"},
    {"kind", FIELD_WORD, AT(result, kind), FIELD_REQUIRED, 0, 0, "结果类型", NULL, NULL,
     result_kind_words},
    {"validity", FIELD_TEXT, AT(result, validity), 0, 0, 200, "有效期"},
};
const struct shape result_shape = {"result", "办理结果", sizeof(struct result),
                                   SHAPE_FIELDS(result_fields)};

static const struct field special_fields[] = {
    {"kind", FIELD_WORD, AT(special, kind), FIELD_REQUIRED, 0, 0, "特别程序", NULL, NULL,
     special_kind_words},
    {"planned_days", FIELD_INT, AT(special, planned_days), 0, 0, 365, "所需时间（工作日）"},
    {"basis", FIELD_TEXT, AT(special, basis), FIELD_REQUIRED, 1, 500, "依据"},
};
const struct shape special_shape = {"special", "特别程序", sizeof(struct special),
                                    SHAPE_FIELDS(special_fields)};

static const struct field flow_step_fields[] = {
    {"name", FIELD_TEXT, AT(flow_step, name), FIELD_REQUIRED, 1, 100, "环节"},
    {"handler", FIELD_TEXT, AT(flow_step, handler), FIELD_REQUIRED, 1, 100, "办理人"},
    {"days", FIELD_INT, AT(flow_step, days), 0, 0, 365, "期限"},
    {"unit", FIELD_WORD, AT(flow_step, unit), 0, 0, 0, "期限单位", NULL, NULL, day_unit_words},
    {"outcome", FIELD_TEXT, AT(flow_step, outcome), 0, 0, 200, "环节结果"},
};
const struct shape flow_step_shape = {"flow_step", "办理环节", sizeof(struct flow_step),
                                      SHAPE_FIELDS(flow_step_fields)};

static const struct field answered_fields[] = {
    {"question", FIELD_TEXT, AT(answered, question), FIELD_REQUIRED, 1, 500, "问题"},
    {"answer", FIELD_TEXT, AT(answered, answer), FIELD_REQUIRED | FIELD_LINES, 1, 2000, "解答"},
};
const struct shape answered_shape = {"answered", "常见问题", sizeof(struct answered),
                                     SHAPE_FIELDS(answered_fields)};

static const struct field item_fields[] = {
    {"code", FIELD_TEXT, AT(item, code), FIELD_REQUIRED | FIELD_CODE, 1, 50, "事项编码"},
    {"national_code", FIELD_TEXT, AT(item, national_code), FIELD_CODE, 0, 36, "基本编码"},
    {"task_code", FIELD_TEXT, AT(item, task_code), FIELD_CODE, 0, 80, "实施编码"},
    {"organ_code", FIELD_TEXT, AT(item, organ_code), FIELD_CODE, 0, 18, "实施主体代码"},
    {"version", FIELD_INT, AT(item, version), FIELD_INTERNAL, 0, 0, "版本"},
    {"name", FIELD_TEXT, AT(item, name), FIELD_REQUIRED, 1, 200, "事项名称"},
    {"short_name", FIELD_TEXT, AT(item, short_name), 0, 0, 50, "事项简称"},
    {"department", FIELD_TEXT, AT(item, department), FIELD_REQUIRED | FIELD_CODE, 1, 20,
     "实施部门"},
    {"guide_only", FIELD_BOOL, AT(item, guide_only), 0, 0, 0, "仅有目录信息",
     "条件、材料、期限还没有写明，补全以前不受理申请。"},
    {"type", FIELD_WORD, AT(item, type), FIELD_REQUIRED, 0, 0, "事项类型", NULL, NULL,
     item_type_words},
    {"case_kind", FIELD_WORD, AT(item, case_kind), 0, 0, 0, "办件类型", NULL, NULL,
     case_kind_words},
    {"theme", FIELD_TEXT, AT(item, theme), 0, 0, 50, "主题"},
    {"keywords", FIELD_TEXTS, AT(item, keywords), 0, 0, 20, "俗称"},
    {"objects", FIELD_TEXTS, AT(item, objects), 0, 0, 7, "服务对象"},
    {"laws", FIELD_LIST, AT(item, laws), 0, 0, 50, "设定依据", NULL, &law_shape},
    {"conditions", FIELD_TEXTS, AT(item, conditions), 0, 0, 50, "受理条件"},
    {"materials", FIELD_LIST, AT(item, materials), 0, 0, 100, "申请材料", NULL,
     &material_shape},
    {"measures", FIELD_LIST, AT(item, measures), 0, 0, 2, "申请时填写的金额、面积", NULL,
     &measure_shape},
    {"statutory_days", FIELD_INT, AT(item, statutory_days), 0, 0, 1000, "法定期限"},
    {"statutory_unit", FIELD_WORD, AT(item, statutory_unit), 0, 0, 0, "法定期限单位", NULL, NULL,
     day_unit_words},
    {"statutory_source", FIELD_WORD, AT(item, statutory_source), 0, 0, 0, "法定期限来源", NULL,
     NULL, source_words},
    {"statutory_basis", FIELD_TEXT, AT(item, statutory_basis), 0, 0, 500, "法定期限依据"},
    {"promised_days", FIELD_INT, AT(item, promised_days), 0, 0, 1000, "承诺期限"},
    {"promised_unit", FIELD_WORD, AT(item, promised_unit), 0, 0, 0, "承诺期限单位", NULL, NULL,
     day_unit_words},
    {"promised_source", FIELD_WORD, AT(item, promised_source), 0, 0, 0, "承诺期限来源", NULL, NULL,
     source_words},
    {"deliver_days", FIELD_INT, AT(item, deliver_days), 0, 0, 365, "送达期限（工作日）",
     "不填时按本区域的规定。"},
    {"has_fee", FIELD_BOOL, AT(item, has_fee), 0, 0, 0, "是否收费"},
    {"fees", FIELD_LIST, AT(item, fees), 0, 0, 50, "收费", NULL, &fee_shape},
    {"results", FIELD_LIST, AT(item, results), 0, 0, 20, "办理结果", NULL,
     &result_shape},
    {"specials", FIELD_LIST, AT(item, specials), 0, 0, 20, "特别程序", NULL, &special_shape},
    {"steps", FIELD_LIST, AT(item, steps), 0, 0, 50, "办理流程", NULL, &flow_step_shape},
    {"answers", FIELD_LIST, AT(item, answers), 0, 0, 50, "常见问题", NULL, &answered_shape},
    {"joins", FIELD_TEXTS, AT(item, joins), 0, 0, 50, "联办部门"},
    {"in_centre", FIELD_BOOL, AT(item, in_centre), 0, 0, 0, "进驻大厅"},
    {"can_accept", FIELD_BOOL, AT(item, can_accept), 0, 0, 0, "窗口可受理"},
    {"can_decide", FIELD_BOOL, AT(item, can_decide), 0, 0, 0, "窗口可办结"},
    {"one_review_one_verify", FIELD_BOOL, AT(item, one_review_one_verify), 0, 0, 0, "一审一核"},
    {"needs_site_visit", FIELD_BOOL, AT(item, needs_site_visit), 0, 0, 0, "需现场踏勘"},
    {"online", FIELD_BOOL, AT(item, online), 0, 0, 0, "可网上办理"},
    {"appointment", FIELD_BOOL, AT(item, appointment), 0, 0, 0, "可预约"},
    {"express", FIELD_BOOL, AT(item, express), 0, 0, 0, "可快递送达"},
    {"commitment", FIELD_BOOL, AT(item, commitment), 0, 0, 0, "可告知承诺"},
    {"default_consent", FIELD_BOOL, AT(item, default_consent), 0, 0, 0, "可超时默许"},
    {"visits", FIELD_INT, AT(item, visits), 0, 0, 20, "到办事现场次数"},
    {"places", FIELD_TEXTS, AT(item, places), 0, 0, 200, "办理地点"},
    {"group", FIELD_TEXT, AT(item, group), 0, 0, 50, "窗口组"},
    {"accept_note", FIELD_TEXT, AT(item, accept_note), FIELD_LINES, 0, 1000, "受理提示"},
    {"remedy", FIELD_TEXT, AT(item, remedy), FIELD_LINES, 0, 1000, "救济途径"},
    {"consult", FIELD_TEXT, AT(item, consult), 0, 0, 100, "咨询电话"},
    {"complain", FIELD_TEXT, AT(item, complain), 0, 0, 100, "监督投诉电话"},
    {"notes", FIELD_TEXT, AT(item, notes), FIELD_LINES, 0, 2000, "说明"},
    {"valid_from", FIELD_DATE, AT(item, valid_from), 0, 0, 0, "实施日期"},
    {"valid_to", FIELD_DATE, AT(item, valid_to), 0, 0, 0, "停止日期"},
    {"source", FIELD_WORD, AT(item, source), FIELD_REQUIRED, 0, 0, "内容来源", NULL, NULL,
     source_words},
};
const struct shape item_shape = {"item", "办事事项", sizeof(struct item),
                                 SHAPE_FIELDS(item_fields)};

static const struct field department_name_fields[] = {
    {"name", FIELD_TEXT, AT(department_name, name), FIELD_REQUIRED, 1, 100, "部门名称"},
    {"short_name", FIELD_TEXT, AT(department_name, short_name), 0, 0, 30, "简称"},
    {"valid_from", FIELD_DATE, AT(department_name, valid_from), 0, 0, 0, "启用日期"},
    {"valid_to", FIELD_DATE, AT(department_name, valid_to), 0, 0, 0, "停用日期"},
    {"source", FIELD_WORD, AT(department_name, source), FIELD_REQUIRED, 0, 0, "来源", NULL, NULL,
     source_words},
};
const struct shape department_name_shape = {"department_name", "部门名称",
                                            sizeof(struct department_name),
                                            SHAPE_FIELDS(department_name_fields)};

static const struct field department_fields[] = {
    {"code", FIELD_TEXT, AT(department, code), FIELD_REQUIRED | FIELD_CODE, 1, 20, "部门编码"},
    {"uscc", FIELD_TEXT, AT(department, uscc), FIELD_CODE, 0, 18, "统一社会信用代码"},
    {"names", FIELD_LIST, AT(department, names), FIELD_REQUIRED, 1, 20, "名称沿革", NULL,
     &department_name_shape},
    {"successor", FIELD_TEXT, AT(department, successor), FIELD_CODE, 0, 20, "职能承接部门"},
    {"valid_from", FIELD_DATE, AT(department, valid_from), 0, 0, 0, "设立日期"},
    {"valid_to", FIELD_DATE, AT(department, valid_to), 0, 0, 0, "撤并日期"},
    {"in_centre", FIELD_BOOL, AT(department, in_centre), 0, 0, 0, "进驻中心"},
    {"unit_merged", FIELD_BOOL, AT(department, unit_merged), 0, 0, 0, "审批职能归并"},
    {"unit", FIELD_TEXT, AT(department, unit), 0, 0, 50, "审批科室"},
    {"phone", FIELD_TEXT, AT(department, phone), 0, 0, 50, "电话"},
    {"source", FIELD_WORD, AT(department, source), FIELD_REQUIRED, 0, 0, "来源", NULL, NULL,
     source_words},
};
const struct shape department_shape = {"department", "部门", sizeof(struct department),
                                       SHAPE_FIELDS(department_fields)};

static const struct field place_fields[] = {
    {"code", FIELD_TEXT, AT(place, code), FIELD_REQUIRED | FIELD_CODE, 1, 30, "地点编码"},
    {"name", FIELD_TEXT, AT(place, name), FIELD_REQUIRED, 1, 100, "名称"},
    {"kind", FIELD_WORD, AT(place, kind), FIELD_REQUIRED, 0, 0, "类型", NULL, NULL,
     place_kind_words},
    {"parent", FIELD_TEXT, AT(place, parent), FIELD_CODE, 0, 30, "上级地点"},
    {"division", FIELD_TEXT, AT(place, division), FIELD_CODE, 0, 12, "统计用区划代码"},
    {"division_name", FIELD_TEXT, AT(place, division_name), 0, 0, 100, "区划名称"},
    {"address", FIELD_TEXT, AT(place, address), 0, 0, 200, "地址"},
    {"phone", FIELD_TEXT, AT(place, phone), 0, 0, 50, "电话"},
    {"hours", FIELD_TEXT, AT(place, hours), FIELD_CODE, 0, 30, "办公时间"},
    {"departments", FIELD_TEXTS, AT(place, departments), 0, 0, 100, "部门"},
    {"group", FIELD_TEXT, AT(place, group), 0, 0, 50, "窗口组"},
    {"letter", FIELD_TEXT, AT(place, letter), FIELD_CODE, 0, 1, "取号字母"},
    {"post_a", FIELD_TEXT, AT(place, post_a), FIELD_CODE | FIELD_PRIVATE, 0, 50, "A岗"},
    {"post_b", FIELD_TEXT, AT(place, post_b), FIELD_CODE | FIELD_PRIVATE, 0, 50, "B岗"},
    {"source", FIELD_WORD, AT(place, source), FIELD_REQUIRED, 0, 0, "来源", NULL, NULL,
     source_words},
};
const struct shape place_shape = {"place", "地点", sizeof(struct place),
                                  SHAPE_FIELDS(place_fields)};

static const struct field setting_fields[] = {
    {"name", FIELD_TEXT, AT(setting, name), FIELD_REQUIRED | FIELD_CODE, 1, 50, "设置项"},
    {"value", FIELD_TEXT, AT(setting, value), FIELD_REQUIRED, 1, 200, "值"},
    {"note", FIELD_TEXT, AT(setting, note), 0, 0, 500, "说明"},
    {"source", FIELD_WORD, AT(setting, source), FIELD_REQUIRED, 0, 0, "来源", NULL, NULL,
     source_words},
};
const struct shape setting_shape = {"setting", "设置", sizeof(struct setting),
                                    SHAPE_FIELDS(setting_fields)};

static const struct field region_fields[] = {
    {"code", FIELD_INT, AT(region, code), FIELD_REQUIRED, 110000, 829999, "行政区划代码"},
    {"name", FIELD_TEXT, AT(region, name), FIELD_REQUIRED, 1, 50, "名称"},
    {"city", FIELD_TEXT, AT(region, city), 0, 0, 50, "设区市"},
    {"province", FIELD_TEXT, AT(region, province), 0, 0, 50, "省"},
    {"centre", FIELD_TEXT, AT(region, centre), FIELD_REQUIRED, 1, 100, "中心名称"},
    {"phone", FIELD_TEXT, AT(region, phone), 0, 0, 50, "电话"},
    {"hosts", FIELD_TEXTS, AT(region, hosts), 0, 0, 50, "主机名"},
    {"zone", FIELD_TEXT, AT(region, zone), FIELD_REQUIRED | FIELD_CODE, 1, 50, "时区"},
    {"settings", FIELD_LIST, AT(region, settings), 0, 0, 200, "设置", NULL, &setting_shape},
    {"source", FIELD_WORD, AT(region, source), FIELD_REQUIRED, 0, 0, "来源", NULL, NULL,
     source_words},
};
const struct shape region_shape = {"region", "区域", sizeof(struct region),
                                   SHAPE_FIELDS(region_fields)};
