/* The home page and the verifying of receipts. */
#include "catalogue/catalogue.h"
#include "journal/journal.h"
#include "portal/figures.h"
#include "portal/portal.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)

struct home_item {
    struct text code;
    struct text name;
    struct text promised_said;
};
static const struct field home_item_fields[] = {
    {F(home_item, code), .type = FIELD_TEXT, .label = "事项代码"},
    {F(home_item, name), .type = FIELD_TEXT, .label = "事项"},
    {F(home_item, promised_said), .type = FIELD_TEXT, .label = "承诺期限"},
};
static const struct shape home_item_shape = {"home_item", "事项", sizeof(struct home_item),
                                             SHAPE_FIELDS(home_item_fields)};

struct home_department {
    struct text code;
    struct text name;
    struct list items; /* struct home_item */
};
static const struct field home_department_fields[] = {
    {F(home_department, code), .type = FIELD_TEXT, .label = "部门代码"},
    {F(home_department, name), .type = FIELD_TEXT, .label = "部门"},
    {F(home_department, items), .type = FIELD_LIST, .of = &home_item_shape, .label = "事项"},
};
static const struct shape home_department_shape = {
    "home_department", "部门", sizeof(struct home_department),
    SHAPE_FIELDS(home_department_fields)};

struct home_page {
    struct text centre;
    struct text phone;
    int64_t item_count;
    struct list departments; /* struct home_department: those with items */
};
static const struct field home_fields[] = {
    {F(home_page, centre), .type = FIELD_TEXT, .label = "中心"},
    {F(home_page, phone), .type = FIELD_TEXT, .label = "电话"},
    {F(home_page, item_count), .type = FIELD_INT, .label = "事项数"},
    {F(home_page, departments), .type = FIELD_LIST, .of = &home_department_shape,
     .label = "部门"},
};
static const struct shape home_shape = {"home", "首页", sizeof(struct home_page),
                                        SHAPE_FIELDS(home_fields)};

static struct home_department *department_row(struct home_page *page, size_t room,
                                              const struct look_context *context,
                                              struct text code)
{
    struct home_department *rows = page->departments.items;
    const struct department *department;
    for (size_t i = 0; i < page->departments.count; i++)
        if (text_equal(rows[i].code, code))
            return &rows[i];
    struct home_department *row = &rows[page->departments.count++];
    department = catalogue_find_department(catalogue_at(context), code);
    row->code = code;
    row->name = department ? department_name_on(department, time_date(context->now_ms)) : code;
    row->items.items = arena_array(context->arena, room, sizeof(struct home_item));
    return row;
}

static enum refusal look_home(const struct look_context *context, const void *query, void *out,
                              struct fault *why)
{
    struct home_page *page = out;
    const struct catalogue *catalogue = catalogue_at(context);
    const struct region *region = catalogue_region(catalogue);
    size_t count;
    const struct item *const *items =
        catalogue_offered(catalogue, context->now_ms, context->arena, &count);
    (void)query;
    (void)why;
    if (region) {
        page->centre = region->centre;
        page->phone = region->phone;
    }
    page->item_count = (int64_t)count;
    page->departments.items =
        arena_array(context->arena, count, sizeof(struct home_department));
    for (size_t i = 0; i < count; i++) {
        struct home_department *row =
            department_row(page, count, context, items[i]->department);
        ((struct home_item *)row->items.items)[row->items.count++] = (struct home_item){
            items[i]->code, items[i]->name, item_promised_said(items[i], context->arena)};
    }
    return OK;
}

static const struct look home_look = {
    .name = "portal.home",
    .title = "首页",
    .path = "/",
    .roles = ROLE_ANYONE | ROLE_APPLICANT,
    .page = &home_shape,
    .template = "portal/home.html",
    .look = look_home,
};

static const struct look *const looks[] = {&home_look, &verify_look, &figures_look, &staff_figures_look,
                                           NULL};

const struct module portal_module = {.name = "portal", .looks = looks};
