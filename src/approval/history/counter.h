/* How often each key was seen: a hash table in an arena, its keys in the order of first sight. */
#ifndef YIMEN_APPROVAL_HISTORY_COUNTER_H
#define YIMEN_APPROVAL_HISTORY_COUNTER_H

#include "base/text.h"

struct tally {
    struct text key; /* any bytes */
    uint64_t hash;
    int64_t count;
};

/* Zeroed is empty. */
struct counter {
    struct tally *items;
    size_t count, room;
    uint32_t *slots; /* index + 1; a power of two of them, at most half full */
    size_t slot_count;
};

/* Counts the key once more and gives its index; a new key is copied. */
uint32_t counter_add(struct counter *counter, struct arena *arena, struct text key);

/* Room for one more item of size bytes: at, or a larger copy. */
void *counter_room(struct arena *arena, void *at, size_t count, size_t *room, size_t size);

#endif
