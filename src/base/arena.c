#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *next;
    size_t used;
    size_t size;
    _Alignas(16) unsigned char data[];
};

struct arena {
    struct block *first; /* kept by arena_reset */
    struct block *now;   /* the block being filled */
    size_t block_size;
    size_t used;
    void *attached;
};

static _Noreturn void out_of_memory(size_t size)
{
    fprintf(stderr, "yimen: out of memory (%zu bytes asked for)\n", size);
    abort();
}

static struct block *block_new(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct block))
        out_of_memory(size);
    struct block *block = malloc(sizeof *block + size);
    if (!block)
        out_of_memory(size);
    block->next = NULL;
    block->used = 0;
    block->size = size;
    return block;
}

struct arena *arena_new(size_t block_size)
{
    struct arena *arena = malloc(sizeof *arena);
    if (!arena)
        out_of_memory(sizeof *arena);
    if (block_size < 1024)
        block_size = 1024;
    arena->first = block_new(block_size);
    arena->now = arena->first;
    arena->block_size = block_size;
    arena->used = 0;
    arena->attached = NULL;
    return arena;
}

static void *arena_take(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - 64)
        out_of_memory(size);
    size_t need = (size + 15) & ~(size_t)15;
    if (need == 0)
        need = 16;
    if (arena->now->size - arena->now->used < need) {
        struct block *block = block_new(need > arena->block_size ? need : arena->block_size);
        arena->now->next = block;
        arena->now = block;
    }
    void *at = arena->now->data + arena->now->used;
    arena->now->used += need;
    arena->used += need;
    return at;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *at = arena_take(arena, size);
    memset(at, 0, size);
    return at;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory(SIZE_MAX);
    return arena_alloc(arena, count * size);
}

void *arena_copy(struct arena *arena, const void *src, size_t size)
{
    void *at = arena_take(arena, size);
    if (size)
        memcpy(at, src, size);
    return at;
}

void *arena_grow(struct arena *arena, void *at, size_t old_size, size_t new_size)
{
    size_t had = (old_size + 15) & ~(size_t)15;
    size_t need = (new_size + 15) & ~(size_t)15;
    struct block *block = arena->now;
    if (at && need >= had && (unsigned char *)at + had == block->data + block->used &&
        need - had <= block->size - block->used) {
        block->used += need - had;
        arena->used += need - had;
        return at;
    }
    void *to = arena_take(arena, new_size);
    if (at && old_size)
        memcpy(to, at, old_size < new_size ? old_size : new_size);
    return to;
}

void arena_reset(struct arena *arena)
{
    struct block *block = arena->first->next;
    while (block) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    arena->first->next = NULL;
    arena->first->used = 0;
    arena->now = arena->first;
    arena->used = 0;
    arena->attached = NULL;
}

void arena_attach(struct arena *arena, void *with)
{
    arena->attached = with;
}

void *arena_attached(const struct arena *arena)
{
    return arena->attached;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    arena_reset(arena);
    free(arena->first);
    free(arena);
}
