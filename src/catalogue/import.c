#include "catalogue/import.h"

static void add(struct city_commands *out, struct arena *arena, const char *name,
                const struct shape *shape, const void *record)
{
    struct buf json = {arena};
    shape_to_json(shape, record, SHAPE_ALL, &json);
    out->items[out->count++] = (struct city_command){name, buf_done(&json)};
}

static void add_list(struct city_commands *out, struct arena *arena, const char *name,
                     const struct shape *shape, const struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        add(out, arena, name, shape, (const char *)list->items + i * shape->size);
}

void city_commands(const struct city *city, struct arena *arena, struct city_commands *out)
{
    size_t most = 1 + city->notices.count + city->hours.count + city->departments.count +
                  city->places.count + city->items.count;
    *out = (struct city_commands){arena_array(arena, most, sizeof *out->items), 0};
    add(out, arena, catalogue_region_set.name, &region_shape, &city->region);
    add_list(out, arena, "clock.calendar.publish", &city_notice_shape, &city->notices);
    add_list(out, arena, "clock.hours.set", &city_hours_shape, &city->hours);
    add_list(out, arena, catalogue_department_define.name, &department_shape, &city->departments);
    add_list(out, arena, catalogue_place_define.name, &place_shape, &city->places);
    add_list(out, arena, catalogue_item_publish.name, &item_shape, &city->items);
}
