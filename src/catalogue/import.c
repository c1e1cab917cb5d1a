#include "catalogue/import.h"

static void add(struct city_commands *out, struct arena *arena, const struct command *command,
                const void *record)
{
    out->items[out->count++] =
        (struct city_command){command, arena_copy(arena, record, command->input->size)};
}

static void add_list(struct city_commands *out, struct arena *arena,
                     const struct command *command, const struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        add(out, arena, command, (const char *)list->items + i * command->input->size);
}

void city_commands(const struct city *city, struct arena *arena, struct city_commands *out)
{
    size_t most = 1 + city->departments.count + city->places.count + city->items.count;
    *out = (struct city_commands){arena_array(arena, most, sizeof *out->items), 0};
    add(out, arena, &catalogue_region_set, &city->region);
    add_list(out, arena, &catalogue_department_define, &city->departments);
    add_list(out, arena, &catalogue_place_define, &city->places);
    add_list(out, arena, &catalogue_item_publish, &city->items);
}
