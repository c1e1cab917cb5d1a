#include "catalogue/pages.h"
#include "catalogue/search.h"

#include <stddef.h>

#define AT(type, member) offsetof(struct type, member)

static const struct field items_query_fields[] = {
    {"department", FIELD_TEXT, AT(items_query, department), FIELD_CODE, 0, 20, "部门"},
    {"words", FIELD_TEXT, AT(items_query, words), 0, 0, 50, "事项名称"},
    {"after", FIELD_TEXT, AT(items_query, after), FIELD_CODE, 0, 50, "上一页最后一项"},
};
const struct shape items_query_shape = {"items_query", "查找事项", sizeof(struct items_query),
                                        SHAPE_FIELDS(items_query_fields)};

static const struct field item_row_fields[] = {
    {"code", FIELD_TEXT, AT(item_row, code), FIELD_CODE, 0, 50, "事项编码"},
    {"name", FIELD_TEXT, AT(item_row, name), 0, 0, 200, "事项名称"},
    {"theme", FIELD_TEXT, AT(item_row, theme), 0, 0, 50, "主题"},
    {"department", FIELD_TEXT, AT(item_row, department), FIELD_CODE, 0, 20, "部门编码"},
    {"department_name", FIELD_TEXT, AT(item_row, department_name), 0, 0, 100, "实施部门"},
    {"case_kind", FIELD_WORD, AT(item_row, case_kind), 0, 0, 0, "办件类型", NULL, NULL,
     case_kind_words},
    {"promised", FIELD_TEXT, AT(item_row, promised), 0, 0, 50, "承诺期限"},
    {"online", FIELD_BOOL, AT(item_row, online), 0, 0, 0, "可网上办理"},
    {"guide_only", FIELD_BOOL, AT(item_row, guide_only), 0, 0, 0, "仅有目录信息"},
};
static const struct shape item_row_shape = {"item_row", "事项", sizeof(struct item_row),
                                            SHAPE_FIELDS(item_row_fields)};

static const struct field choice_fields[] = {
    {"code", FIELD_TEXT, AT(department_choice, code), FIELD_CODE, 0, 20, "部门编码"},
    {"name", FIELD_TEXT, AT(department_choice, name), 0, 0, 100, "部门名称"},
    {"chosen", FIELD_BOOL, AT(department_choice, chosen), 0, 0, 0, "已选"},
};
const struct shape department_choice_shape = {"department_choice", "部门",
                                              sizeof(struct department_choice),
                                          SHAPE_FIELDS(choice_fields)};

static const struct field items_page_fields[] = {
    {"department", FIELD_TEXT, AT(items_page, department), FIELD_CODE, 0, 20, "部门编码"},
    {"department_name", FIELD_TEXT, AT(items_page, department_name), 0, 0, 100, "部门"},
    {"words", FIELD_TEXT, AT(items_page, words), 0, 0, 50, "事项名称"},
    {"manner", FIELD_WORD, AT(items_page, manner), 0, 0, 0, "查找方式", NULL, NULL,
     search_manner_words},
    {"sought", FIELD_TEXTS, AT(items_page, sought), 0, 0, 0, "查找的词"},
    {"items", FIELD_LIST, AT(items_page, items), 0, 0, 0, "事项", NULL, &item_row_shape},
    {"found", FIELD_INT, AT(items_page, found), 0, 0, 0, "找到"},
    {"mentioned", FIELD_INT, AT(items_page, mentioned), 0, 0, 0, "只在指南正文中提到"},
    {"near", FIELD_LIST, AT(items_page, near), 0, 0, 0, "相近的事项", NULL, &item_row_shape},
    {"next", FIELD_TEXT, AT(items_page, next), FIELD_CODE, 0, 50, "下一页"},
    {"departments", FIELD_LIST, AT(items_page, departments), 0, 0, 0, "部门", NULL,
     &department_choice_shape},
};
const struct shape items_page_shape = {"items_page", "办事事项", sizeof(struct items_page),
                                       SHAPE_FIELDS(items_page_fields)};

static const struct field item_query_fields[] = {
    {"item_code", FIELD_TEXT, AT(item_query, item_code), FIELD_REQUIRED | FIELD_CODE, 1, 50,
     "事项编码"},
    {"version", FIELD_INT, AT(item_query, version), 0, 0, 0, "版本"},
};
const struct shape item_query_shape = {"item_query", "查看事项", sizeof(struct item_query),
                                       SHAPE_FIELDS(item_query_fields)};

static const struct field place_row_fields[] = {
    {"code", FIELD_TEXT, AT(place_row, code), FIELD_CODE, 0, 30, "地点编码"},
    {"name", FIELD_TEXT, AT(place_row, name), 0, 0, 100, "名称"},
    {"kind", FIELD_WORD, AT(place_row, kind), 0, 0, 0, "类型", NULL, NULL, place_kind_words},
    {"parent", FIELD_TEXT, AT(place_row, parent), FIELD_CODE, 0, 30, "上级编码"},
    {"parent_name", FIELD_TEXT, AT(place_row, parent_name), 0, 0, 100, "上级"},
    {"division_name", FIELD_TEXT, AT(place_row, division_name), 0, 0, 100, "区划"},
    {"address", FIELD_TEXT, AT(place_row, address), 0, 0, 200, "地址"},
    {"phone", FIELD_TEXT, AT(place_row, phone), 0, 0, 50, "电话"},
};
static const struct shape place_row_shape = {"place_row", "地点", sizeof(struct place_row),
                                             SHAPE_FIELDS(place_row_fields)};

const struct word version_state_words[] = {
    {"none", "未注明"},    {"in_force", "现行"},    {"upcoming", "尚未生效"},
    {"replaced", "已被新版本取代"}, {"ended", "已到期"}, {"withdrawn", "已取消"},
    {"unpublished", "尚未发布"},    {NULL, NULL},
};

static const struct field version_told_fields[] = {
    {"code", FIELD_TEXT, AT(version_told, code), FIELD_CODE, 0, 50, "事项编码"},
    {"version", FIELD_INT, AT(version_told, version), 0, 0, 0, "版本"},
    {"previous", FIELD_INT, AT(version_told, previous), 0, 0, 0, "上一版"},
    {"published_at", FIELD_TIME, AT(version_told, published_at), 0, 0, 0, "发布时间"},
    {"valid_from", FIELD_DATE, AT(version_told, valid_from), 0, 0, 0, "生效日期"},
    {"valid_to", FIELD_DATE, AT(version_told, valid_to), 0, 0, 0, "停止日期"},
    {"withdrawn_after", FIELD_DATE, AT(version_told, withdrawn_after), 0, 0, 0, "最后办理日期"},
    {"state", FIELD_WORD, AT(version_told, state), 0, 0, 0, "状态", NULL, NULL,
     version_state_words},
};
const struct shape version_told_shape = {"version_told", "版本",
                                                sizeof(struct version_told),
                                                SHAPE_FIELDS(version_told_fields)};

static const struct field item_page_fields[] = {
    {"guide", FIELD_RECORD, AT(item_page, guide), 0, 0, 0, "办事指南", NULL, &item_shape},
    {"department_name", FIELD_TEXT, AT(item_page, department_name), 0, 0, 100, "实施部门"},
    {"statutory", FIELD_TEXT, AT(item_page, statutory), 0, 0, 50, "法定期限"},
    {"promised", FIELD_TEXT, AT(item_page, promised), 0, 0, 50, "承诺期限"},
    {"objects", FIELD_TEXTS, AT(item_page, objects), 0, 0, 0, "服务对象"},
    {"joins", FIELD_TEXTS, AT(item_page, joins), 0, 0, 0, "联办部门"},
    {"places", FIELD_LIST, AT(item_page, places), 0, 0, 0, "办理地点", NULL, &place_row_shape},
    {"remedy", FIELD_TEXT, AT(item_page, remedy), 0, 0, 1000, "救济途径"},
    {"offered", FIELD_BOOL, AT(item_page, offered), 0, 0, 0, "现在可以申请"},
    {"newest", FIELD_INT, AT(item_page, newest), 0, 0, 0, "现行版本"},
    {"versions", FIELD_LIST, AT(item_page, versions), 0, 0, 0, "历次版本", NULL,
     &version_told_shape},
    {"withdrawn_after", FIELD_DATE, AT(item_page, withdrawn_after), 0, 0, 0, "最后办理日期"},
    {"withdrawal_id", FIELD_INT, AT(item_page, withdrawal_id), 0, 0, 0, "取消公告"},
    {"notice_no", FIELD_TEXT, AT(item_page, notice_no), 0, 0, 50, "公告文号"},
    {"preview", FIELD_BOOL, AT(item_page, preview), 0, 0, 0, "预览"},
};
const struct shape item_page_shape = {"item_page", "办事指南", sizeof(struct item_page),
                                      SHAPE_FIELDS(item_page_fields)};

static const struct field department_row_fields[] = {
    {"code", FIELD_TEXT, AT(department_row, code), FIELD_CODE, 0, 20, "部门编码"},
    {"name", FIELD_TEXT, AT(department_row, name), 0, 0, 100, "部门"},
    {"former", FIELD_TEXT, AT(department_row, former), 0, 0, 100, "曾用名"},
    {"unit", FIELD_TEXT, AT(department_row, unit), 0, 0, 50, "审批科室"},
    {"phone", FIELD_TEXT, AT(department_row, phone), 0, 0, 50, "电话"},
    {"successor", FIELD_TEXT, AT(department_row, successor), FIELD_CODE, 0, 20, "承接部门编码"},
    {"successor_name", FIELD_TEXT, AT(department_row, successor_name), 0, 0, 100, "承接部门"},
    {"in_centre", FIELD_BOOL, AT(department_row, in_centre), 0, 0, 0, "进驻中心"},
    {"item_count", FIELD_INT, AT(department_row, item_count), 0, 0, 0, "事项数"},
};
static const struct shape department_row_shape = {"department_row", "部门",
                                                  sizeof(struct department_row),
                                                  SHAPE_FIELDS(department_row_fields)};

static const struct field departments_page_fields[] = {
    {"departments", FIELD_LIST, AT(departments_page, departments), 0, 0, 0, "部门", NULL,
     &department_row_shape},
    {"former", FIELD_LIST, AT(departments_page, former), 0, 0, 0, "已撤并的部门", NULL,
     &department_row_shape},
};
const struct shape departments_page_shape = {"departments_page", "进驻部门",
                                             sizeof(struct departments_page),
                                             SHAPE_FIELDS(departments_page_fields)};

static const struct field places_query_fields[] = {
    {"parent", FIELD_TEXT, AT(places_query, parent), FIELD_CODE, 0, 30, "上级地点"},
};
const struct shape places_query_shape = {"places_query", "查看地点", sizeof(struct places_query),
                                         SHAPE_FIELDS(places_query_fields)};

static const struct field places_page_fields[] = {
    {"parent", FIELD_TEXT, AT(places_page, parent), FIELD_CODE, 0, 30, "上级编码"},
    {"parent_name", FIELD_TEXT, AT(places_page, parent_name), 0, 0, 100, "上级"},
    {"above", FIELD_TEXT, AT(places_page, above), FIELD_CODE, 0, 30, "再上一级"},
    {"places", FIELD_LIST, AT(places_page, places), 0, 0, 0, "地点", NULL, &place_row_shape},
};
const struct shape places_page_shape = {"places_page", "服务网点", sizeof(struct places_page),
                                        SHAPE_FIELDS(places_page_fields)};

static const struct field notice_row_fields[] = {
    {"withdrawal_id", FIELD_INT, AT(notice_row, withdrawal_id), 0, 0, 0, "公告"},
    {"item_code", FIELD_TEXT, AT(notice_row, item_code), FIELD_CODE, 0, 50, "事项编码"},
    {"item_name", FIELD_TEXT, AT(notice_row, item_name), 0, 0, 200, "事项名称"},
    {"department_name", FIELD_TEXT, AT(notice_row, department_name), 0, 0, 100, "实施部门"},
    {"notice_no", FIELD_TEXT, AT(notice_row, notice_no), 0, 0, 50, "公告文号"},
    {"basis", FIELD_TEXT, AT(notice_row, basis), 0, 0, 100, "依据文号"},
    {"reason", FIELD_TEXT, AT(notice_row, reason), FIELD_LINES, 0, 500, "取消的原因"},
    {"last_date", FIELD_DATE, AT(notice_row, last_date), 0, 0, 0, "最后办理日期"},
    {"announced_at", FIELD_TIME, AT(notice_row, announced_at), 0, 0, 0, "公告时间"},
};
static const struct shape notice_row_shape = {"notice_row", "事项取消公告",
                                              sizeof(struct notice_row),
                                              SHAPE_FIELDS(notice_row_fields)};

static const struct field notices_query_fields[] = {
    {"before", FIELD_INT, AT(notices_query, before), 0, 0, 0, "上一页最后一条"},
};
const struct shape notices_query_shape = {"notices_query", "事项取消公告",
                                          sizeof(struct notices_query),
                                          SHAPE_FIELDS(notices_query_fields)};

static const struct field notices_page_fields[] = {
    {"notices", FIELD_LIST, AT(notices_page, notices), 0, 0, 0, "公告", NULL, &notice_row_shape},
    {"next", FIELD_INT, AT(notices_page, next), 0, 0, 0, "下一页"},
};
const struct shape notices_page_shape = {"notices_page", "事项取消公告",
                                         sizeof(struct notices_page),
                                         SHAPE_FIELDS(notices_page_fields)};

static const struct field notice_query_fields[] = {
    {"withdrawal_id", FIELD_INT, AT(notice_query, withdrawal_id), FIELD_REQUIRED, 0, 0, "公告"},
};
const struct shape notice_query_shape = {"notice_query", "事项取消公告",
                                         sizeof(struct notice_query),
                                         SHAPE_FIELDS(notice_query_fields)};

static const struct field notice_page_fields[] = {
    {"notice", FIELD_RECORD, AT(notice_page, notice), 0, 0, 0, "公告", NULL, &notice_row_shape},
    {"centre", FIELD_TEXT, AT(notice_page, centre), 0, 0, 100, "公告单位"},
    {"title", FIELD_TEXT, AT(notice_page, title), 0, 0, 300, "标题"},
    {"link", FIELD_TEXT, AT(notice_page, link), FIELD_CODE, 0, 100, "网址"},
};
const struct shape notice_page_shape = {"notice_page", "事项取消公告", sizeof(struct notice_page),
                                        SHAPE_FIELDS(notice_page_fields)};
