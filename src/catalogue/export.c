#include "catalogue/export.h"

#include <stdio.h>

#include "catalogue/city_shapes.h"
#include "catalogue/parts.h"
#include "clock/clock.h"

/* The children of a place in the order of their codes, each followed by its own. Places stand under one
 * another in one way only (check.c), so this is five deep at most. */
static void places_below(const struct catalogue *catalogue, struct text parent, struct city *out,
                         struct city_left *left)
{
    struct place *to = out->places.items;
    for (size_t i = 0; i < catalogue->place_count; i++) {
        const struct place *one = &catalogue->places[i];
        if (!text_equal(one->parent, parent))
            continue;
        if (one->kind == PLACE_POST) {
            left->posts++;
            continue;
        }
        to[out->places.count++] = *one;
        places_below(catalogue, one->code, out, left);
    }
}

static void items_of(const struct catalogue *catalogue, struct arena *arena, struct city *out,
                     struct city_left *left)
{
    struct item *to = arena_array(arena, catalogue->version_count, sizeof *to);
    out->items.items = to;
    for (size_t i = 0; i < catalogue->version_count; i++) {
        const struct version *version = &catalogue->versions[i];
        struct item item = version->item;
        int64_t last = version->withdrawn_after;
        if (last && (!item.valid_to || last < item.valid_to))
            item.valid_to = last;
        if (last && item.valid_to < item.valid_from)
            left->versions++;
        else
            to[out->items.count++] = item;
    }
}

static struct list notices_of(const struct list *from, struct arena *arena)
{
    const struct notice *notices = from->items;
    struct notice *to = arena_array(arena, from->count, sizeof *to);
    struct list list = {to, 0};
    for (size_t i = 0; i < from->count; i++) {
        if (!notices[i].days.count)
            continue; /* one without days says nothing */
        struct notice *one = &to[list.count++];
        *one = notices[i];
        /* A notice may have come in from a file that named none; a folder's must. */
        if (!one->source.len)
            one->source = TEXT("未注明");
    }
    city_notices_sort(&list);
    return list;
}

static struct list hours_of(const struct list *from, struct arena *arena)
{
    const struct hours *hours = from->items;
    struct city_hours *to = arena_array(arena, from->count, sizeof *to);
    for (size_t i = 0; i < from->count; i++) {
        to[i] = (struct city_hours){
            .code = hours[i].code,
            .name = hours[i].name,
            .late_is_next_day = hours[i].late_is_next_day,
            .shifts = hours[i].shifts,
        };
        /* Hours set by their address may name any source; what no file can name is to be settled. */
        if (!word_index(source_words, hours[i].source, &to[i].source) || !to[i].source)
            to[i].source = SOURCE_EXAMPLE;
    }
    return (struct list){to, from->count};
}

bool city_of_region(struct db_read *db, int64_t region, struct arena *arena, struct city *out,
                    struct city_left *left, struct fault *why)
{
    struct list notices, hours;
    void *facts = NULL;
    *out = (struct city){0};
    *left = (struct city_left){0};
    if (!catalogue_load(db, region, arena, &facts, why) ||
        !clock_notices_read(db, region, arena, &notices, why) ||
        !clock_hours_read(db, region, arena, &hours, why))
        return false;
    const struct catalogue *catalogue = facts;
    if (!catalogue->has_region)
        return fault_set(why, "region %lld was never set", (long long)region);
    out->region = catalogue->region;
    out->departments = (struct list){catalogue->departments, catalogue->department_count};
    out->places.items = arena_array(arena, catalogue->place_count, sizeof(struct place));
    places_below(catalogue, TEXT(""), out, left);
    items_of(catalogue, arena, out, left);
    out->notices = notices_of(&notices, arena);
    out->hours = hours_of(&hours, arena);
    return true;
}

static void add(struct list *files, struct text name, const struct shape *shape, const void *record,
                struct arena *arena)
{
    struct buf bytes = {arena};
    shape_to_yaml(shape, record, &bytes);
    ((struct city_file *)files->items)[files->count++] = (struct city_file){name, buf_done(&bytes)};
}

static void add_list(struct list *files, const char *name, const struct shape *shape,
                     const struct list *list, struct arena *arena)
{
    struct city_list whole = {*list};
    add(files, text_of(name), shape, &whole, arena);
}

/* Files of a code are read in the order of their names, so the numbers of versions are as long as the
 * highest. */
static void add_items(struct list *files, const struct city *city, struct arena *arena)
{
    const struct item *items = city->items.items;
    for (size_t i = 0, first = 0, end; i < city->items.count; i++) {
        if (!text_equal(items[i].code, items[first].code))
            first = i;
        for (end = i; end < city->items.count && text_equal(items[end].code, items[first].code);)
            end++;
        int width = snprintf(NULL, 0, "%zu", end - first);
        struct text stem = city_item_stem(items[i].code, arena);
        struct text name =
            i == first ? text_format(arena, "items/%.*s.yaml", TEXT_ARG(stem))
                       : text_format(arena, "items/%.*s.v%0*zu.yaml", TEXT_ARG(stem), width,
                                     i - first + 1);
        add(files, name, &item_shape, &items[i], arena);
    }
}

static void add_notices(struct list *files, const struct city *city, struct arena *arena)
{
    const struct notice *notices = city->notices.items;
    for (size_t i = 0; i < city->notices.count; i++) {
        size_t again = 1;
        for (size_t j = 0; j < i; j++)
            again += notices[j].year == notices[i].year && notices[j].scope == notices[i].scope;
        const char *scope = notices[i].scope == NOTICE_CHANGE ? "-change" : "";
        struct text name =
            again == 1 ? text_format(arena, "calendars/%lld%s.yaml", (long long)notices[i].year, scope)
                       : text_format(arena, "calendars/%lld%s.v%zu.yaml", (long long)notices[i].year,
                                     scope, again);
        add(files, name, &notice_shape, &notices[i], arena);
    }
}

struct list city_files(const struct city *city, struct arena *arena)
{
    size_t most = 6 + city->items.count + city->notices.count;
    struct list files = {arena_array(arena, most, sizeof(struct city_file)), 0};
    struct city_file *all = files.items;
    add(&files, TEXT("region.yaml"), &region_shape, &city->region, arena);
    add_list(&files, "departments.yaml", &departments_file_shape, &city->departments, arena);
    add_list(&files, "places.yaml", &places_file_shape, &city->places, arena);
    add_list(&files, "hours.yaml", &hours_file_shape, &city->hours, arena);
    all[files.count++] = (struct city_file){
        TEXT("accounts.yaml"), TEXT("# 人员是个人信息，不写出；岗位也不写出。\naccounts: []\n")};
    all[files.count++] = (struct city_file){
        TEXT("delegations.yaml"), TEXT("# 授权书写明人员，不写出。\ndelegations: []\n")};
    add_notices(&files, city, arena);
    add_items(&files, city, arena);
    return files;
}
