/* Memory with one of three lifetimes: process, request, scratch. An arena is an argument, never a
 * global; everything taken from it is given back at once by arena_reset or arena_free. */
#ifndef YIMEN_BASE_ARENA_H
#define YIMEN_BASE_ARENA_H

#include <stddef.h>

struct arena;

/* A new arena whose blocks hold at least block_size bytes each. Never NULL: memory that runs out
 * is a fault nobody up the stack can answer, so it ends the process with a message. */
struct arena *arena_new(size_t block_size);

/* size zeroed bytes, aligned for any type. size 0 gives a unique non-NULL address. */
void *arena_alloc(struct arena *arena, size_t size);

/* count * size zeroed bytes; a product that overflows ends the process. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* A copy of size bytes from src. */
void *arena_copy(struct arena *arena, const void *src, size_t size);

/* Grows the newest allocation in place where possible, else copies. at may be NULL. */
void *arena_grow(struct arena *arena, void *at, size_t old_size, size_t new_size);

/* Gives everything back but keeps the first block for the next use. */
void arena_reset(struct arena *arena);

/* Something of its own that goes with an arena until it is reset; NULL: nothing. */
void arena_attach(struct arena *arena, void *with);
void *arena_attached(const struct arena *arena);

/* Bytes handed out since the last reset; for limits and figures. */
size_t arena_used(const struct arena *arena);

/* Frees the arena; NULL is allowed. */
void arena_free(struct arena *arena);

#endif
