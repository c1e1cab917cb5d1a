/* The page /items: all that is offered, or what somebody looks for (search.h). */
#include "catalogue/pages.h"
#include "catalogue/search.h"

#define PAGE_SIZE 50

static struct item_row row_of(const struct catalogue *catalogue, const struct item *item,
                              const struct look_context *context)
{
    return (struct item_row){
        .code = item->code,
        .name = item->name,
        .theme = item->theme,
        .department = item->department,
        .department_name = department_name_today(catalogue, item->department, context->now_ms),
        .case_kind = item->case_kind,
        .promised = item_promised_said(item, context->arena),
        .online = item->online,
        .guide_only = item->guide_only,
    };
}

static struct list rows_of(const struct catalogue *catalogue, const struct item *const *items,
                           size_t count, const struct look_context *context)
{
    struct item_row *rows = arena_array(context->arena, count, sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = row_of(catalogue, items[i], context);
    return (struct list){rows, count};
}

int64_t *catalogue_offers(const struct catalogue *catalogue, const struct look_context *context)
{
    const struct search_index *index = catalogue->index;
    int64_t *counts = arena_array(context->arena, catalogue->department_count, sizeof *counts);
    int64_t today = time_date(context->now_ms);
    for (size_t i = 0; i < index->count; i++)
        if (index->items[i].department != INDEXED_NOBODY && indexed_offered(index, i, today))
            counts[index->items[i].department]++;
    return counts;
}

static void choices_fill(const struct catalogue *catalogue, const struct look_context *context,
                         struct items_page *page)
{
    const int64_t *counts = catalogue_offers(catalogue, context);
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
    if (!context->further)
        choices_fill(catalogue, context, page);
    struct search_query wanted = {.words = query->words,
                                  .department = query->department,
                                  .after = query->after,
                                  .today = time_date(context->now_ms),
                                  .most = (size_t)look_rows(context, PAGE_SIZE)};
    struct search_found found = search(catalogue, &wanted, context->arena);
    page->manner = found.manner;
    page->sought = found.sought;
    page->found = found.found;
    page->mentioned = found.mentioned;
    page->items = rows_of(catalogue, found.items, found.count, context);
    page->near = rows_of(catalogue, found.near, found.near_count, context);
    if (found.more)
        page->next = found.items[found.count - 1]->code;
    return OK;
}

static bool items_onward(const void *page, void *query)
{
    struct items_query *asked = query;
    asked->after = ((const struct items_page *)page)->next;
    return asked->after.len;
}

const struct look items_look = {
    .name = "catalogue.items",
    .title = "办事事项",
    .path = "/items",
    .roles = ROLE_ANYONE,
    .query = &items_query_shape,
    .page = &items_page_shape,
    .template = "catalogue/items.html",
    .list = "items",
    .turns = "after",
    .onward = items_onward,
    .look = items_list,
};
