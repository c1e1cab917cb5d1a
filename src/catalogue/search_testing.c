#include "catalogue/search_testing.h"

#include <stdlib.h>

static int by_code_and_version(const void *a, const void *b)
{
    const struct version *one = a, *other = b;
    int order = text_order(one->item.code, other->item.code);
    return order ? order
                 : (one->item.version > other->item.version) -
                       (one->item.version < other->item.version);
}

static int by_code(const void *a, const void *b)
{
    const struct department *one = a, *other = b;
    return text_order(one->code, other->code);
}

const struct catalogue *catalogue_testing(struct list items, struct list departments,
                                          struct arena *arena)
{
    struct catalogue *catalogue = arena_alloc(arena, sizeof *catalogue);
    const struct item *from = items.items;
    catalogue->version_count = items.count;
    catalogue->versions = arena_array(arena, items.count, sizeof *catalogue->versions);
    for (size_t i = 0; i < items.count; i++)
        catalogue->versions[i].item = from[i];
    qsort(catalogue->versions, items.count, sizeof *catalogue->versions, by_code_and_version);
    catalogue->department_count = departments.count;
    catalogue->departments = arena_copy(arena, departments.items,
                                        departments.count * sizeof *catalogue->departments);
    qsort(catalogue->departments, departments.count, sizeof *catalogue->departments, by_code);
    catalogue->index = search_index_make(catalogue, arena);
    return catalogue;
}

struct search_found search_testing(const struct catalogue *catalogue, const char *words,
                                   int64_t today, struct arena *arena)
{
    struct search_query query = {.words = text_of(words), .today = today, .most = 50};
    return search(catalogue, &query, arena);
}

size_t search_testing_place(const struct search_found *found, struct text name)
{
    for (size_t i = 0; i < found->count; i++)
        if (text_equal(found->items[i]->name, name))
            return i + 1;
    for (size_t i = 0; i < found->near_count; i++)
        if (text_equal(found->near[i]->name, name))
            return found->count + i + 1;
    return 0;
}
