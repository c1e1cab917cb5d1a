/* The looks: what anyone may read of the catalogue. Everything comes from the standing facts. */
#include "catalogue/pages.h"

#define PAGE_SIZE 50

static struct text department_name_today(const struct catalogue *catalogue, struct text code,
                                         int64_t now_ms)
{
    const struct department *department = catalogue_find_department(catalogue, code);
    return department ? department_name_on(department, time_date(now_ms)) : code;
}

/* The index of the first version of the next code. */
static size_t next_code(const struct catalogue *catalogue, size_t at)
{
    struct text code = catalogue->versions[at].item.code;
    while (at < catalogue->version_count && text_equal(catalogue->versions[at].item.code, code))
        at++;
    return at;
}

/* What people call it: a word of the search is part of it, or holds it (过户手续). */
static bool keyword_matches(const struct item *item, struct text word)
{
    const struct text *keywords = item->keywords.items;
    for (size_t i = 0; i < item->keywords.count; i++)
        if (text_find(keywords[i], word) >= 0 || text_find(word, keywords[i]) >= 0)
            return true;
    return false;
}

static bool result_matches(const struct item *item, struct text word)
{
    const struct result *results = item->results.items;
    for (size_t i = 0; i < item->results.count; i++)
        if (text_find(results[i].name, word) >= 0)
            return true;
    return false;
}

bool item_matches(const struct item *item, struct text department, struct text words)
{
    struct text word;
    while (text_cut(&words, ' ', &word)) {
        if (word.len && text_find(item->name, word) < 0 && text_find(item->short_name, word) < 0 &&
            text_find(item->theme, word) < 0 && text_find(department, word) < 0 &&
            !keyword_matches(item, word) && !result_matches(item, word))
            return false;
    }
    return true;
}

static struct item_row row_of(const struct item *item, struct text department,
                              struct arena *arena)
{
    return (struct item_row){
        .code = item->code,
        .name = item->name,
        .theme = item->theme,
        .department = item->department,
        .department_name = department,
        .case_kind = item->case_kind,
        .promised = item_promised_said(item, arena),
        .online = item->online,
        .guide_only = item->guide_only,
    };
}

/* Counts the items that each department offers today; counts stands beside the departments. */
static int64_t *items_of_departments(const struct catalogue *catalogue,
                                     const struct look_context *context)
{
    int64_t *counts = arena_array(context->arena, catalogue->department_count, sizeof *counts);
    for (size_t i = 0; i < catalogue->version_count; i = next_code(catalogue, i)) {
        struct text code = catalogue->versions[i].item.code;
        const struct item *item = catalogue_find_item(catalogue, code, 0, context->now_ms);
        const struct department *department =
            item ? catalogue_find_department(catalogue, item->department) : NULL;
        if (department)
            counts[department - catalogue->departments]++;
    }
    return counts;
}

static void choices_fill(const struct catalogue *catalogue, const struct look_context *context,
                         struct items_page *page)
{
    const int64_t *counts = items_of_departments(catalogue, context);
    struct department_choice *choices =
        arena_array(context->arena, catalogue->department_count, sizeof *choices);
    int64_t today = time_date(context->now_ms);
    page->departments.items = choices;
    for (size_t i = 0; i < catalogue->department_count; i++) {
        const struct department *one = &catalogue->departments[i];
        if (counts[i])
            choices[page->departments.count++] =
                (struct department_choice){one->code, department_name_on(one, today),
                                           text_equal(one->code, page->department)};
    }
}

static enum refusal items_list(const struct look_context *context, const void *asked, void *out,
                               struct fault *why)
{
    const struct catalogue *catalogue = catalogue_at(context);
    const struct items_query *query = asked;
    struct items_page *page = out;
    (void)why;
    page->department = query->department;
    page->words = query->words;
    if (!catalogue)
        return OK;
    if (query->department.len && !catalogue_find_department(catalogue, query->department))
        return REFUSED_NOT_FOUND;
    if (query->department.len)
        page->department_name =
            department_name_today(catalogue, query->department, context->now_ms);
    choices_fill(catalogue, context, page);
    struct item_row *rows = arena_array(context->arena, PAGE_SIZE, sizeof *rows);
    page->items.items = rows;
    for (size_t i = 0; i < catalogue->version_count; i = next_code(catalogue, i)) {
        struct text code = catalogue->versions[i].item.code;
        const struct item *item = catalogue_find_item(catalogue, code, 0, context->now_ms);
        if (!item || (query->department.len && !text_equal(item->department, query->department)))
            continue;
        struct text name = department_name_today(catalogue, item->department, context->now_ms);
        if (!item_matches(item, name, query->words))
            continue;
        page->found++;
        if (text_order(code, query->after) <= 0)
            continue;
        if (page->items.count < PAGE_SIZE)
            rows[page->items.count++] = row_of(item, name, context->arena);
        else if (!page->next.len)
            page->next = rows[PAGE_SIZE - 1].code;
    }
    return OK;
}

const struct look items_look = {
    .name = "catalogue.items",
    .title = "办事事项",
    .path = "/items",
    .roles = ROLE_ANYONE,
    .query = &items_query_shape,
    .page = &items_page_shape,
    .template = "catalogue/items.html",
    .look = items_list,
};

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
    const int64_t *counts = items_of_departments(catalogue, context);
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
    .look = places_list,
};
