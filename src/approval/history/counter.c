#include "approval/history/counter.h"

static void rehash(struct counter *counter, struct arena *arena)
{
    counter->slot_count = counter->slot_count ? counter->slot_count * 2 : 64;
    counter->slots = arena_array(arena, counter->slot_count, sizeof *counter->slots);
    for (size_t i = 0; i < counter->count; i++) {
        size_t at = counter->items[i].hash & (counter->slot_count - 1);
        while (counter->slots[at])
            at = (at + 1) & (counter->slot_count - 1);
        counter->slots[at] = (uint32_t)i + 1;
    }
}

void *counter_room(struct arena *arena, void *at, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return at;
    size_t more = *room ? *room * 2 : 16;
    at = arena_grow(arena, at, *room * size, more * size);
    *room = more;
    return at;
}

uint32_t counter_add(struct counter *counter, struct arena *arena, struct text key)
{
    uint64_t hash = text_hash(key);
    hash ^= hash >> 29; /* FNV leaves the low bits of like keys alike */
    if (counter->count * 2 >= counter->slot_count)
        rehash(counter, arena);
    size_t at = hash & (counter->slot_count - 1);
    for (; counter->slots[at]; at = (at + 1) & (counter->slot_count - 1)) {
        struct tally *tally = &counter->items[counter->slots[at] - 1];
        if (tally->hash == hash && text_equal(tally->key, key)) {
            tally->count++;
            return counter->slots[at] - 1;
        }
    }
    counter->items = counter_room(arena, counter->items, counter->count, &counter->room,
                                  sizeof *counter->items);
    counter->items[counter->count] = (struct tally){text_copy(arena, key), hash, 1};
    counter->slots[at] = (uint32_t)++counter->count;
    return (uint32_t)counter->count - 1;
}
