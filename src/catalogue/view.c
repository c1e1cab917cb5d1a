/* The looks: what anyone may read of the catalogue. Everything comes from the standing facts. */
#include "catalogue/pages.h"

struct text department_name_today(const struct catalogue *catalogue, struct text code,
                                         int64_t now_ms)
{
    const struct department *department = catalogue_find_department(catalogue, code);
    return department ? department_name_on(department, time_date(now_ms)) : code;
}

static struct place_row place_row_of(const struct catalogue *catalogue, const struct place *place)
{
    const struct place *parent = catalogue_find_place(catalogue, place->parent);
    return (struct place_row){
        .code = place->code,
        .name = place->name,
        .kind = place->kind,
        .parent = place->parent,
        .parent_name = parent ? parent->name : TEXT(""),
        .division_name = place->division_name,
        .address = place->address,
        .phone = place->phone,
    };
}

static void guide_lists(const struct catalogue *catalogue, const struct look_context *context,
                        const struct item *item, struct item_page *page)
{
    const struct text *objects = item->objects.items, *joins = item->joins.items;
    const struct text *places = item->places.items;
    struct text *labels = arena_array(context->arena, item->objects.count, sizeof *labels);
    struct text *names = arena_array(context->arena, item->joins.count, sizeof *names);
    struct place_row *rows = arena_array(context->arena, item->places.count, sizeof *rows);
    page->objects.items = labels;
    page->joins.items = names;
    page->places.items = rows;
    for (size_t i = 0; i < item->objects.count; i++) {
        int64_t word;
        if (word_index(object_words, objects[i], &word))
            labels[page->objects.count++] = text_of(object_words[word].label);
    }
    for (size_t i = 0; i < item->joins.count; i++)
        names[page->joins.count++] = department_name_today(catalogue, joins[i], context->now_ms);
    for (size_t i = 0; i < item->places.count; i++) {
        const struct place *place = catalogue_find_place(catalogue, places[i]);
        if (place)
            rows[page->places.count++] = place_row_of(catalogue, place);
    }
}

void guide_fill(const struct catalogue *catalogue, const struct look_context *context,
                const struct item *item, struct item_page *page)
{
    page->guide = *item;
    page->department_name = department_name_today(catalogue, item->department, context->now_ms);
    page->statutory = item_statutory_said(item, context->arena);
    page->promised = item_promised_said(item, context->arena);
    page->remedy = item_remedy(item, time_date(context->now_ms));
    guide_lists(catalogue, context, item, page);
}

static enum refusal item_guide(const struct look_context *context, const void *asked, void *out,
                               struct fault *why)
{
    const struct catalogue *catalogue = catalogue_at(context);
    const struct item_query *query = asked;
    struct item_page *page = out;
    (void)why;
    const struct item *newest =
        catalogue_find_item(catalogue, query->item_code, 0, context->now_ms);
    const struct item *item =
        query->version
            ? catalogue_find_item(catalogue, query->item_code, query->version, context->now_ms)
            : newest;
    size_t count;
    const struct version *versions = catalogue_versions(catalogue, query->item_code, &count);
    /* An item that is no longer or not yet offered still has its page, saying so. */
    if (!item && count && !query->version)
        item = &versions[count - 1].item;
    if (!item)
        return REFUSED_NOT_FOUND;
    guide_fill(catalogue, context, item, page);
    page->newest = newest ? newest->version : 0;
    page->offered = item == newest;
    page->versions = versions_told(catalogue, item->code, time_date(context->now_ms),
                                   context->arena);
    for (size_t i = 0; i < count; i++)
        if (&versions[i].item == item)
            page->withdrawn_after = versions[i].withdrawn_after;
    const struct announced *announced =
        catalogue_withdrawal(catalogue, item->code, page->withdrawn_after);
    if (announced) {
        page->withdrawal_id = announced->withdrawal_id;
        page->notice_no = announced->withdrawal.notice_no;
    }
    return OK;
}

const struct look item_look = {
    .name = "catalogue.item",
    .title = "办事指南",
    .path = "/items/{item_code}",
    .roles = ROLE_ANYONE,
    .query = &item_query_shape,
    .page = &item_page_shape,
    .template = "catalogue/item.html",
    .look = item_guide,
};

static struct department_row department_row_of(const struct catalogue *catalogue,
                                               const struct department *one, int64_t today)
{
    const struct department_name *names = one->names.items;
    struct department_row row = {
        .code = one->code,
        .name = department_name_on(one, today),
        .unit = one->unit,
        .phone = one->phone,
        .in_centre = one->in_centre,
        .successor = one->successor,
    };
    for (size_t i = 0; i < one->names.count && !text_equal(names[i].name, row.name); i++)
        row.former = names[i].name;
    const struct department *successor = catalogue_find_department(catalogue, one->successor);
    if (successor)
        row.successor_name = department_name_on(successor, today);
    return row;
}

static enum refusal departments_list(const struct look_context *context, const void *asked,
                                     void *out, struct fault *why)
{
    const struct catalogue *catalogue = catalogue_at(context);
    struct departments_page *page = out;
    int64_t today = time_date(context->now_ms);
    (void)asked;
    (void)why;
    if (!catalogue)
        return OK;
    size_t count = catalogue->department_count;
    const int64_t *counts = catalogue_offers(catalogue, context);
    struct department_row *rows = arena_array(context->arena, count, sizeof *rows);
    struct department_row *former = arena_array(context->arena, count, sizeof *former);
    page->departments.items = rows;
    page->former.items = former;
    for (size_t i = 0; i < count; i++) {
        const struct department *one = &catalogue->departments[i];
        struct department_row row = department_row_of(catalogue, one, today);
        row.item_count = counts[i];
        if (today < one->valid_from)
            continue;
        if (one->valid_to && today > one->valid_to)
            former[page->former.count++] = row;
        else
            rows[page->departments.count++] = row;
    }
    return OK;
}

const struct look departments_look = {
    .name = "catalogue.departments",
    .title = "进驻部门",
    .path = "/departments",
    .roles = ROLE_ANYONE,
    .page = &departments_page_shape,
    .template = "catalogue/departments.html",
    .list = "departments former",
    .look = departments_list,
};

static enum refusal places_list(const struct look_context *context, const void *asked, void *out,
                                struct fault *why)
{
    const struct catalogue *catalogue = catalogue_at(context);
    const struct places_query *query = asked;
    struct places_page *page = out;
    (void)why;
    if (!catalogue)
        return OK;
    const struct place *parent = catalogue_find_place(catalogue, query->parent);
    if (query->parent.len && !parent)
        return REFUSED_NOT_FOUND;
    page->parent = query->parent;
    if (parent) {
        page->parent_name = parent->name;
        page->above = parent->parent;
    }
    struct place_row *rows = arena_array(context->arena, catalogue->place_count, sizeof *rows);
    page->places.items = rows;
    for (size_t i = 0; i < catalogue->place_count; i++) {
        const struct place *place = &catalogue->places[i];
        const struct place *above = catalogue_find_place(catalogue, place->parent);
        /* The first page shows the centre together with what stands directly under it. */
        bool shown = parent ? text_equal(place->parent, query->parent)
                            : !above || above->kind == PLACE_CENTRE;
        /* Posts name people; they are the house's own matter. */
        if (shown && place->kind != PLACE_POST)
            rows[page->places.count++] = place_row_of(catalogue, place);
    }
    return OK;
}

const struct look places_look = {
    .name = "catalogue.places",
    .title = "服务网点",
    .path = "/places",
    .roles = ROLE_ANYONE,
    .query = &places_query_shape,
    .page = &places_page_shape,
    .template = "catalogue/places.html",
    .list = "places",
    .look = places_list,
};
