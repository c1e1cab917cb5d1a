/* The lists: what can be asked of the catalogue, and what it consists of. */
#include <stddef.h>

#include "catalogue/draft.h"
#include "catalogue/edit_pages.h"

#define ROLES (ROLE_ADMINISTRATOR | ROLE_IMPORTER)

static const struct field withdrawal_fields[] = {
    {"item_code", FIELD_TEXT, offsetof(struct item_withdrawal, item_code),
     FIELD_REQUIRED | FIELD_CODE, 1, 50, "事项编码"},
    {"last_date", FIELD_DATE, offsetof(struct item_withdrawal, last_date), FIELD_REQUIRED, 0, 0,
     "最后办理日期", "这一天之后不再接受申请，已受理的照常办结。"},
    {"reason", FIELD_TEXT, offsetof(struct item_withdrawal, reason), FIELD_REQUIRED | FIELD_LINES,
     2, 500, "取消的原因"},
    {"basis", FIELD_TEXT, offsetof(struct item_withdrawal, basis), FIELD_REQUIRED, 2, 100,
     "依据文号", "要求取消或者调整这一事项的文件，例如：国发〔2014〕5号。"},
    {"notice_no", FIELD_TEXT, offsetof(struct item_withdrawal, notice_no), FIELD_INTERNAL, 0, 50,
     "公告文号"},
};
const struct shape item_withdrawal_shape = {"item_withdrawal", "取消事项",
                                            sizeof(struct item_withdrawal),
                                            SHAPE_FIELDS(withdrawal_fields)};

static const struct field published_fields[] = {
    {"item_code", FIELD_TEXT, offsetof(struct item_published, item_code), FIELD_CODE, 0, 50,
     "事项编码"},
    {"version", FIELD_INT, offsetof(struct item_published, version), 0, 0, 0, "版本"},
};
const struct shape item_published_shape = {"item_published", "已发布的事项",
                                           sizeof(struct item_published),
                                           SHAPE_FIELDS(published_fields)};

const struct command catalogue_region_set = {
    .name = "catalogue.region.set",
    .title = "设置区域",
    .said = "区域已设置。",
    .path = "/staff/catalogue/region",
    .roles = ROLES,
    .input = &region_shape,
    .decide = region_set_decide,
};

const struct command catalogue_department_define = {
    .name = "catalogue.department.define",
    .title = "登记部门",
    .said = "部门已登记。",
    .path = "/staff/catalogue/departments",
    .roles = ROLES,
    .input = &department_shape,
    .decide = department_define_decide,
};

const struct command catalogue_place_define = {
    .name = "catalogue.place.define",
    .title = "登记地点",
    .said = "地点已登记。",
    .path = "/staff/catalogue/places",
    .roles = ROLES,
    .input = &place_shape,
    .decide = place_define_decide,
};

const struct command catalogue_item_publish = {
    .name = "catalogue.item.publish",
    .title = "发布事项",
    .roles = ROLE_IMPORTER, /* a city's folder; in service two people publish, by a draft */
    .input = &item_shape,
    .decide = item_publish_decide,
};

const struct command catalogue_item_withdraw = {
    .name = "catalogue.item.withdraw",
    .title = "取消事项",
    .said = "事项已取消，公告已发布。",
    .path = "/staff/catalogue/items/{item_code}/withdraw",
    .roles = ROLES | ROLE_HEAD,
    .input = &item_withdrawal_shape,
    .decide = item_withdraw_decide,
};

static const struct command *const commands[] = {
    &catalogue_region_set,   &catalogue_department_define, &catalogue_place_define,
    &catalogue_item_publish, &catalogue_item_withdraw,     &catalogue_draft_start,
    &catalogue_draft_save,   &catalogue_draft_row,         &catalogue_draft_move,
    &catalogue_draft_discard, &catalogue_draft_publish,    NULL,
};

static const struct event_kind *const events[] = {
    &region_set, &department_defined, &place_defined, &item_published, &item_withdrawn,
    &item_drafted, &item_draft_saved, &item_draft_over, NULL,
};

static const struct look *const looks[] = {
    &items_look,      &item_look,       &departments_look, &places_look,     &withdrawals_look,
    &withdrawal_look, &editing_look,    &new_item_look,    &edited_look,     &draft_look,
    &section_look,    &row_look,        &preview_look,     &publishing_look, &changes_look,
    &withdrawing_look, NULL,
};

static const struct table tables[] = {
    {"catalogue_region", "region"},
    {"department", "region, code"},
    {"place", "region, code"},
    {"item", "region, item_code, version"},
    {"item_withdrawal", "region, withdrawal_id"},
    {"item_draft", "region, item_code"},
    {NULL, NULL},
};

const struct module catalogue_module = {
    .name = "catalogue",
    .commands = commands,
    .events = events,
    .looks = looks,
    .tables = tables,
    .tables_sql = "catalogue/tables.sql",
    .standing = catalogue_load,
    .names = catalogue_names,
};
