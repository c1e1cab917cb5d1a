/* What the tests of this room share: the real notices, and dates and moments written as text. */
#ifndef YIMEN_CLOCK_TEST_WORLD_H
#define YIMEN_CLOCK_TEST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "clock/notice.h"

#define HOLIDAYS "../shared/data/holidays"

struct world {
    struct arena *arena;
    struct list notices;
    struct calendar calendar; /* as known on 2026-06-01 */
};

static inline int64_t d(const char *text)
{
    int64_t date = 0;
    assert_true(date_parse(text_of(text), &date));
    return date;
}

static inline int64_t at(const char *text)
{
    int64_t at_ms = 0;
    assert_true(time_parse(text_of(text), &at_ms));
    return at_ms;
}

static inline int world_setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    struct stat folder;
    struct fault why = {0};
    if (!world)
        return -1;
    world->arena = arena_new(1 << 16);
    *state = world;
    if (stat(HOLIDAYS, &folder) != 0)
        return 0;
    if (!notice_read_folder(HOLIDAYS, world->arena, &world->notices, &why)) {
        fprintf(stderr, "%s\n", why.why);
        return -1;
    }
    world->calendar = calendar_build(world->notices.items, world->notices.count, d("2026-06-01"),
                                     world->arena);
    return 0;
}

static inline int world_teardown(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    free(world);
    return 0;
}

/* For tests that read the real notices: says "skipped" where they are absent. */
static inline struct world *need(void **state)
{
    struct world *world = *state;
    if (!world->notices.count)
        skip();
    return world;
}

#endif
