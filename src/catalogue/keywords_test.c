/* The everyday words (俗称) that an item is found by: what people say, what they must be, and that items
 * published before there were any stay as they were. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "catalogue/check.h"
#include "catalogue/city.h"
#include "catalogue/search_testing.h"

struct loaded {
    struct arena *arena;
    struct city city;
};

static int load(void **state)
{
    struct loaded *loaded = calloc(1, sizeof *loaded);
    loaded->arena = arena_new(1 << 20);
    struct yaml_errors errors = {loaded->arena};
    *state = loaded;
    return city_load("cities/pinghu", loaded->arena, &loaded->city, &errors) ? 0 : 1;
}

static int unload(void **state)
{
    struct loaded *loaded = *state;
    arena_free(loaded->arena);
    free(loaded);
    return 0;
}

static struct item item_of(const struct loaded *loaded, const char *code)
{
    const struct item *items = loaded->city.items.items;
    for (size_t i = 0; i < loaded->city.items.count; i++)
        if (text_is(items[i].code, code))
            return items[i];
    fail_msg("%s", code);
    return (struct item){0};
}

/* What people say when they come in, what they look for then, and how many are found at the most. */
static void everyday_words(void **state)
{
    static const struct {
        const char *said, *item;
        size_t most;
    } table[] = {
        {"过户", "011-001", 3},     {"土地证", "011-001", 3},   {"过户手续", "011-001", 3},
        {"开店", "022-002", 12},    {"营业执照", "022-001", 8}, {"开饭店", "024-001", 4},
        {"办证", "013-001", 30},    {"社保", "010-002", 8},     {"盖房", "013-001", 6},
        {"低保", "007-003", 2},     {"结婚证", "007-001", 4},   {"落户", "006-002", 2},
        {"社保 社会保障局", "010-002", 8}, {"飞船", NULL, 0},          {"过户 飞船", NULL, 0},
    };
    const struct loaded *loaded = *state;
    const struct catalogue *catalogue =
        catalogue_testing(loaded->city.items, loaded->city.departments, loaded->arena);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct search_found found =
            search_testing(catalogue, table[i].said, date_of(2014, 5, 4), loaded->arena);
        bool met = !table[i].item;
        for (size_t j = 0; j < found.count; j++)
            met = met || text_is(found.items[j]->code, table[i].item);
        if (!met || found.found > (int64_t)table[i].most)
            fail_msg("%s: %lld found, %s is%s among them", table[i].said, (long long)found.found,
                     table[i].item ? table[i].item : "nothing", met ? "" : " not");
    }
}

static void what_they_must_be(void **state)
{
    static const struct {
        const char *words[2];
        enum refusal want;
    } table[] = {
        {{"过户", "土地证"}, OK},
        {{"过户", "KTV"}, OK},
        {{"过户", "把土地证分成几本证"}, OK},
        {{"过户", "过户"}, REFUSED_REPEATED},
        {{"过户", "地"}, REFUSED_MALFORMED},
        {{"过户", "我想把这本土地证分成两本"}, REFUSED_MALFORMED},
        {{"过户", "土地 证"}, REFUSED_MALFORMED},
    };
    const struct loaded *loaded = *state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct item item = item_of(loaded, "011-001");
        struct text words[2] = {text_of(table[i].words[0]), text_of(table[i].words[1])};
        struct problems problems = {0};
        item.keywords = (struct list){words, 2};
        item_check(&item, loaded->arena, &problems);
        assert_int_equal(problems.count, table[i].want != OK);
        if (problems.count)
            assert_int_equal(problems.items[0].code, table[i].want);
    }
}

/* An item of before reads back without any and is written again to the byte as it was, so its entry in
 * the journal keeps its hash and its row compares. */
static void items_of_before(void **state)
{
    const struct loaded *loaded = *state;
    struct fault why = {0};
    struct item item = item_of(loaded, "011-001"), read = {0};
    struct buf with = {loaded->arena}, before = {loaded->arena}, after = {loaded->arena};
    shape_to_json(&item_shape, &item, SHAPE_ALL, &with);
    assert_true(text_find(buf_done(&with), TEXT("\"keywords\":[\"过户\"")) >= 0);
    item.keywords.count = 0;
    shape_to_json(&item_shape, &item, SHAPE_ALL, &before);
    assert_true(text_find(buf_done(&before), TEXT("keywords")) < 0);
    if (!shape_read_json(&item_shape, buf_done(&before), loaded->arena, &read, &why))
        fail_msg("%s", why.why);
    assert_int_equal(read.keywords.count, 0);
    shape_to_json(&item_shape, &read, SHAPE_ALL, &after);
    assert_true(text_equal(buf_done(&before), buf_done(&after)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyday_words),
        cmocka_unit_test(what_they_must_be),
        cmocka_unit_test(items_of_before),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
