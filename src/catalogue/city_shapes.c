#include "catalogue/city_shapes.h"

#include <stddef.h>

#define AT(type, member) offsetof(struct type, member)

static const struct field hours_fields[] = {
    {"code", FIELD_TEXT, AT(city_hours, code), FIELD_REQUIRED, 1, 30, "编码"},
    {"name", FIELD_TEXT, AT(city_hours, name), FIELD_REQUIRED, 1, 100, "名称"},
    {"late_is_next_day", FIELD_BOOL, AT(city_hours, late_is_next_day), 0, 0, 0,
     "下班后收到的算下一工作日"},
    {"shifts", FIELD_LIST, AT(city_hours, shifts), FIELD_REQUIRED, 1, 100, "时段", NULL,
     &hours_shift_shape},
    {"source", FIELD_WORD, AT(city_hours, source), FIELD_REQUIRED, 0, 0, "来源", NULL, NULL,
     source_words},
};
const struct shape city_hours_shape = {"hours", "办公时间", sizeof(struct city_hours),
                                       SHAPE_FIELDS(hours_fields)};

static const struct field account_fields[] = {
    {"login", FIELD_TEXT, AT(city_account, login), FIELD_REQUIRED, 2, 50, "登录名"},
    {"display", FIELD_TEXT, AT(city_account, display), FIELD_REQUIRED, 1, 50, "姓名"},
    {"roles", FIELD_TEXTS, AT(city_account, roles), FIELD_REQUIRED, 1, 7, "角色"},
    {"department", FIELD_TEXT, AT(city_account, department), 0, 0, 20, "部门"},
    {"place", FIELD_TEXT, AT(city_account, place), 0, 0, 30, "地点"},
};
static const struct shape account_shape = {"account", "账号", sizeof(struct city_account),
                                           SHAPE_FIELDS(account_fields)};

static const struct field delegation_fields[] = {
    {"login", FIELD_TEXT, AT(city_delegation, login), FIELD_REQUIRED, 2, 50, "被授权人"},
    {"department", FIELD_TEXT, AT(city_delegation, department), FIELD_REQUIRED, 1, 20, "部门"},
    {"document", FIELD_TEXT, AT(city_delegation, document), FIELD_REQUIRED, 1, 100, "授权书文号"},
    {"powers", FIELD_TEXTS, AT(city_delegation, powers), FIELD_REQUIRED, 1, 6, "权限"},
    {"all_items", FIELD_BOOL, AT(city_delegation, all_items), 0, 0, 0, "全部事项"},
    {"items", FIELD_TEXTS, AT(city_delegation, items), 0, 0, 200, "事项"},
    {"amount_limit", FIELD_MONEY, AT(city_delegation, amount_limit_fen), 0, 0, 0,
     "金额上限"},
    {"area_limit_m2", FIELD_INT, AT(city_delegation, area_limit_m2), 0, 0, 0,
     "面积上限（平方米）"},
    {"extend_limit_days", FIELD_INT, AT(city_delegation, extend_limit_days), 0, 0, 10,
     "可延长工作日"},
    {"valid_from", FIELD_DATE, AT(city_delegation, valid_from), FIELD_REQUIRED, 0, 0, "生效日期"},
    {"valid_to", FIELD_DATE, AT(city_delegation, valid_to), 0, 0, 0, "失效日期"},
    {"substitute", FIELD_TEXT, AT(city_delegation, substitute), 0, 0, 50, "B岗"},
};
static const struct shape delegation_shape = {"delegation", "授权", sizeof(struct city_delegation),
                                              SHAPE_FIELDS(delegation_fields)};

/* A file that is one list, of at least `least`: staff may be left out. */
#define LIST_FILE(file, key, label, shape_of, least)                                               \
    static const struct field file##_file_fields[] = {                                             \
        {key, FIELD_LIST, AT(city_list, list), least ? FIELD_REQUIRED : 0, least, 20000, label,    \
         NULL, shape_of},                                                                          \
    };                                                                                             \
    const struct shape file##_file_shape = {key, label, sizeof(struct city_list),                  \
                                            SHAPE_FIELDS(file##_file_fields)};

LIST_FILE(departments, "departments", "部门", &department_shape, 1)
LIST_FILE(places, "places", "地点", &place_shape, 1)
LIST_FILE(hours, "hours", "办公时间", &city_hours_shape, 1)
LIST_FILE(accounts, "accounts", "账号", &account_shape, 0)
LIST_FILE(delegations, "delegations", "授权", &delegation_shape, 0)
