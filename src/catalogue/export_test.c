/* A city written out and read again: names of files, versions in their order, every byte the same.
 * What a living house adds (withdrawals, posts) is told in tests/scenarios/items. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalogue/export.h"

struct world {
    struct arena *arena;
    struct city city;
    char folder[64];
};

static int load(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    world->arena = arena_new(1 << 20);
    struct yaml_errors errors = {world->arena};
    *state = world;
    snprintf(world->folder, sizeof world->folder, "/tmp/yimen-export-XXXXXX");
    if (!city_load("cities/pinghu", world->arena, &world->city, &errors) || !mkdtemp(world->folder))
        return 1;
    /* Posts name people and do not travel. */
    struct place *places = world->city.places.items;
    size_t kept = 0;
    for (size_t i = 0; i < world->city.places.count; i++)
        if (places[i].kind != PLACE_POST)
            places[kept++] = places[i];
    world->city.places.count = kept;
    return 0;
}

static int unload(void **state)
{
    struct world *world = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
    int end = system(command);
    arena_free(world->arena);
    free(world);
    return end;
}

static void write_files(struct world *world, const struct list *files)
{
    const struct city_file *all = files->items;
    mkdir(text_format(world->arena, "%s/items", world->folder).at, 0700);
    mkdir(text_format(world->arena, "%s/calendars", world->folder).at, 0700);
    for (size_t i = 0; i < files->count; i++) {
        FILE *out = fopen(text_format(world->arena, "%s/%.*s", world->folder,
                                      TEXT_ARG(all[i].name)).at, "w");
        assert_non_null(out);
        fwrite(all[i].bytes.at, 1, all[i].bytes.len, out);
        fclose(out);
    }
}

static bool has(const struct list *files, const char *name)
{
    const struct city_file *all = files->items;
    for (size_t i = 0; i < files->count; i++)
        if (text_is(all[i].name, name))
            return true;
    return false;
}

/* Eleven versions of one item, all open-ended as a house may have them; and codes that no file
 * could bear. */
static void grow(struct world *world)
{
    static const char *const codes[] = {"事项/一", "011-001.v2", "..", "a b%"};
    const struct list from = world->city.items;
    size_t extra = 11 + sizeof codes / sizeof *codes;
    struct item *items = arena_array(world->arena, from.count + extra, sizeof *items);
    for (size_t i = 0; i < extra; i++) {
        items[i] = ((const struct item *)from.items)[0];
        items[i].valid_to = 0;
        items[i].valid_from = date_of(2014, 1, 1);
        items[i].visits = (int64_t)i;
        items[i].code = i < 11 ? TEXT("000-001") : text_of(codes[i - 11]);
    }
    for (size_t i = 0; i < from.count; i++)
        items[extra + i] = ((const struct item *)from.items)[i];
    world->city.items = (struct list){items, from.count + extra};
}

static void there_and_back(void **state)
{
    struct world *world = *state;
    struct yaml_errors errors = {world->arena};
    struct city again;
    grow(world);
    struct list files = city_files(&world->city, world->arena);
    static const char *const names[] = {"region.yaml", "items/000-001.yaml", "items/000-001.v02.yaml",
                                        "items/000-001.v11.yaml", "items/011-001%2Ev2.yaml",
                                        "items/%2E%2E.yaml", "items/a%20b%25.yaml",
                                        "items/013-001.yaml", "items/013-001.v2.yaml",
                                        "calendars/2015.yaml", "calendars/2015-change.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!has(&files, names[i]))
            fail_msg("%s", names[i]);
    write_files(world, &files);
    if (!city_load(world->folder, world->arena, &again, &errors))
        fail_msg("%.*s", TEXT_ARG(yaml_errors_text(&errors, world->arena)));
    assert_int_equal(again.items.count, world->city.items.count);
    assert_int_equal(again.accounts.count + again.delegations.count, 0);
    int64_t next = 0; /* the versions in their order */
    for (size_t i = 0; i < again.items.count; i++) {
        const struct item *item = (const struct item *)again.items.items + i;
        if (text_is(item->code, "000-001"))
            assert_int_equal(item->visits, next++);
    }
    assert_int_equal(next, 11);
    struct list twice = city_files(&again, world->arena);
    assert_int_equal(twice.count, files.count);
    for (size_t i = 0; i < twice.count; i++) {
        const struct city_file *one = (const struct city_file *)twice.items + i;
        bool same = false;
        for (size_t j = 0; j < files.count && !same; j++) {
            const struct city_file *other = (const struct city_file *)files.items + j;
            same = text_equal(one->name, other->name) && text_equal(one->bytes, other->bytes);
        }
        if (!same)
            fail_msg("%.*s", TEXT_ARG(one->name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_and_back)};
    return cmocka_run_group_tests(tests, load, unload);
}
