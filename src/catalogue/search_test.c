/* Finding guides: what people type and what they must be shown first, in Pinghu's catalogue; the order
 * of what is found; a thousand real titles of a district, as they are, spelt, each with one slip. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalogue/city.h"
#include "catalogue/search_testing.h"

#define DAY date_of(2014, 5, 4)
#define REAL_TITLES "../shared/data/service-items/guangan-items.json"

struct world {
    struct arena *arena;
    struct city city;
    const struct catalogue *pinghu;
};

static int load(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    world->arena = arena_new(1 << 20);
    struct yaml_errors errors = {world->arena};
    *state = world;
    if (!city_load("cities/pinghu", world->arena, &world->city, &errors))
        return 1;
    world->pinghu =
        catalogue_testing(world->city.items, world->city.departments, world->arena);
    return 0;
}

static int unload(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    free(world);
    return 0;
}

/* first: the code found first, or NULL: nothing is found; near: the same of what is offered beside. */
static const struct {
    const char *typed;
    enum search_manner manner;
    const char *first, *near;
} table[] = {
    /* as it is written: title, short name, keyword, result, theme and department, text */
    {"国有土地使用权分割及变更登记", SEARCH_WORDS, "011-001", NULL},
    {"国有土地", SEARCH_WORDS, "011-001", NULL},
    {"施工许可", SEARCH_WORDS, "013-001", NULL},
    {"土地证", SEARCH_WORDS, "011-001", NULL},
    {"国有土地使用证", SEARCH_WORDS, "011-001", NULL},
    {"土地 国土", SEARCH_WORDS, "011-001", NULL},
    {"KTV", SEARCH_SPELLING, "018-001", NULL},
    {"ｋｔｖ", SEARCH_SPELLING, "018-001", NULL},
    {"控制性详细规划", SEARCH_WORDS, "013-002", NULL},
    /* in traditional script, in another width, with marks around */
    {"國有土地使用權", SEARCH_WORDS, "011-001", NULL},
    {"不動產", SEARCH_WORDS, "011-001", NULL},
    {"結婚證", SEARCH_WORDS, "007-001", NULL},
    {"餐飲服務許可證", SEARCH_WORDS, "024-001", NULL},
    {"“结婚证”？", SEARCH_WORDS, "007-001", NULL},
    {"　结婚　登记　", SEARCH_WORDS, "007-001", NULL},
    /* a sentence, in words that stand apart in the title */
    {"我想开饭店", SEARCH_WORDS, "024-001", NULL},
    {"我要办理结婚登记", SEARCH_WORDS, "007-001", NULL},
    {"企业投资备案", SEARCH_WORDS, "001-001", NULL},
    {"企业备案", SEARCH_WORDS, "017-002", NULL}, /* in one piece goes before in words */
    /* the code, in whatever form */
    {"011-001", SEARCH_CODE, "011-001", NULL},
    {"０１１－００１", SEARCH_CODE, "011-001", NULL},
    {"011001", SEARCH_CODE, "011-001", NULL},
    /* pinyin: initials, in full, mixed, begun, with zh; two readings of a character */
    {"gytdsyz", SEARCH_SPELLING, "011-001", NULL},
    {"GYTDSYZ", SEARCH_SPELLING, "011-001", NULL},
    {"tdz", SEARCH_SPELLING, "011-001", NULL},
    {"tudizheng", SEARCH_SPELLING, "011-001", NULL},
    {"tudiz", SEARCH_SPELLING, "011-001", NULL},
    {"tdzh", SEARCH_SPELLING, "011-001", NULL},
    {"sgxk", SEARCH_SPELLING, "013-001", NULL},
    {"jiehunzheng", SEARCH_SPELLING, "007-001", NULL},
    {"jiehun dengji", SEARCH_SPELLING, "007-001", NULL},
    {"tehangzheng", SEARCH_SPELLING, "006-001", NULL},
    {"texingzheng", SEARCH_SPELLING, "006-001", NULL},
    {"结婚 dengji", SEARCH_SPELLING, "007-001", NULL},
    /* a slip: wrong, missing, too many, the wrong way round; characters passed over */
    {"结昏证", SEARCH_WORDS, NULL, "007-001"},
    {"国有土地使用劝分割", SEARCH_WORDS, NULL, "011-001"},
    {"公共场卫生许可", SEARCH_WORDS, "019-001", NULL},
    {"医师师执业注册", SEARCH_WORDS, "019-002", NULL},
    {"結昏證", SEARCH_WORDS, NULL, "007-001"},
    {"jiehunzhen", SEARCH_SPELLING, "007-001", NULL},
    {"jiehunzhegn", SEARCH_SPELLING, NULL, "007-001"},
    {"jiehhunzheng", SEARCH_SPELLING, NULL, "007-001"},
    {"jiehnzheng", SEARCH_SPELLING, NULL, "007-001"},
    {"ndjxjhdj", SEARCH_SPELLING, NULL, "007-001"},
    {"ndjjhdj", SEARCH_SPELLING, NULL, "007-001"},
    {"ndjhdj", SEARCH_SPELLING, NULL, "007-001"},
    {"<b>土地", SEARCH_WORDS, NULL, "011-001"},
    /* nothing of the kind */
    {"飞船", SEARCH_WORDS, NULL, NULL},
    {"过户 飞船", SEARCH_WORDS, NULL, "011-001"},
    {"qqqqqq", SEARCH_SPELLING, NULL, NULL},
    {"𠀀𠀁", SEARCH_WORDS, NULL, NULL},
    {"😀", SEARCH_WORDS, NULL, NULL},
    {"*", SEARCH_WORDS, NULL, NULL},
    {"%", SEARCH_WORDS, NULL, NULL},
    {"_", SEARCH_WORDS, NULL, NULL},
    /* the first eight words count */
    {"国 有 土 地 使 用 权 分 飞船", SEARCH_WORDS, "011-001", NULL},
    {"国 有 土 地 使 用 权 飞船 分", SEARCH_WORDS, NULL, "011-001"},
    {"土%证", SEARCH_WORDS, "011-001", NULL}, /* no wildcard: 土 and 证 */
};

static void first_hits(void **state)
{
    const struct world *world = *state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct search_found found =
            search_testing(world->pinghu, table[i].typed, DAY, world->arena);
        const char *first = found.count ? found.items[0]->code.at : NULL;
        const char *near = found.near_count ? found.near[0]->code.at : NULL;
        bool good = table[i].first ? found.count && text_is(found.items[0]->code, table[i].first)
                                   : !found.found && !found.mentioned && !found.count;
        if (table[i].near)
            good = good && found.near_count && text_is(found.near[0]->code, table[i].near);
        if (!table[i].near && !table[i].first)
            good = good && !found.near_count;
        if (!good || found.manner != table[i].manner)
            fail_msg("%s: %s, first %.7s, near %.7s", table[i].typed,
                     search_manner_words[found.manner].name, first ? first : "-",
                     near ? near : "-");
    }
}

/* Better evidence stands before weaker, and nothing stands twice. */
static void ranked(void **state)
{
    static const struct item items[] = {
        {.code = TEXT("a1"), .name = TEXT("停车场备案"), .department = TEXT("d1")},
        {.code = TEXT("a2"), .name = TEXT("公共停车场收费核准"), .department = TEXT("d1")},
        {.code = TEXT("a3"), .name = TEXT("公共停车的场地收费核准"), .department = TEXT("d1")},
        {.code = TEXT("a4"), .name = TEXT("占用道路许可"), .department = TEXT("d1")},
        {.code = TEXT("a5"), .name = TEXT("临时设摊许可"), .department = TEXT("d2")},
        {.code = TEXT("a6"), .name = TEXT("夜间施工证明"), .department = TEXT("d1")},
        {.code = TEXT("停车场"), .name = TEXT("编码就是这个词"), .department = TEXT("d1")},
        {.code = TEXT("a7"), .name = TEXT("停车场"), .department = TEXT("d1")},
        {.code = TEXT("a8"), .name = TEXT("不相干"), .department = TEXT("d1")},
        {.code = TEXT("a9"), .name = TEXT("夜间施工的证明"), .department = TEXT("d1")},
    };
    static const char *const want[] = {"停车场", "a7", "a1", "a2", "a3", "a4", "a5", "a6", "a9"};
    static struct text keyword = TEXT("停车场地"), condition = TEXT("不影响停车场出入");
    static struct department_name names[] = {{.name = TEXT("市建设局")},
                                                   {.name = TEXT("停车场管理所")}};
    struct department departments[] = {{.code = TEXT("d1"), .names = {&names[0], 1}},
                                       {.code = TEXT("d2"), .names = {&names[1], 1}}};
    const struct world *world = *state;
    struct item copy[sizeof items / sizeof *items];
    size_t count = sizeof items / sizeof *items;
    memcpy(copy, items, sizeof items);
    copy[3].keywords = (struct list){&keyword, 1};
    copy[5].conditions = copy[9].conditions = (struct list){&condition, 1};
    const struct catalogue *catalogue = catalogue_testing(
        (struct list){copy, count}, (struct list){departments, 2}, world->arena);
    struct search_found found = search_testing(catalogue, "停車場", DAY, world->arena);
    assert_int_equal(found.found, count - 3);
    assert_int_equal(found.mentioned, 2); /* a6, a9 */
    assert_int_equal(found.count, count - 1);
    for (size_t i = 0; i < found.count; i++)
        if (!text_is(found.items[i]->code, want[i]))
            fail_msg("%zu: %.*s", i, TEXT_ARG(found.items[i]->code));
    /* Page by page the same, each once. */
    struct text after = TEXT("");
    for (size_t i = 0; i < count - 1; i++) {
        struct search_query query = {
            .words = TEXT("停车场"), .after = after, .today = DAY, .most = 1};
        found = search(catalogue, &query, world->arena);
        assert_int_equal(found.count, 1);
        assert_true(text_is(found.items[0]->code, want[i]));
        assert_int_equal(found.more, i + 2 < count);
        after = found.items[0]->code;
    }
    struct search_query one = {
        .words = TEXT("停车场"), .department = TEXT("d2"), .today = DAY, .most = 50};
    found = search(catalogue, &one, world->arena);
    assert_int_equal(found.found, 1);
}

/* ---- a thousand real titles, each with one slip ---- */

static uint32_t next(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

/* One character of the title (never a mark) is wrong, missing or doubled by another. */
static struct text slipped(struct text title, struct text other, uint64_t *seed,
                           struct arena *arena)
{
    int32_t points[200], from[200];
    size_t count = 0, others = 0, marks = 0;
    for (int32_t at; count < 200 && (at = text_next(&title)) >= 0;)
        points[count++] = at;
    for (int32_t at; others < 200 && (at = text_next(&other)) >= 0;)
        if (han_fold(at))
            from[others++] = at;
    if (!count || !others)
        return TEXT("?"); /* no title is so, and nothing is found by it */
    size_t where = next(seed) % count;
    for (; !han_fold(points[where]) && marks <= count; marks++)
        where = (where + 1) % count;
    int32_t strange = from[next(seed) % others];
    uint32_t how = next(seed) % 3;
    struct buf buf = {arena};
    for (size_t i = 0; i < count; i++) {
        if (i == where && how != 1)
            buf_utf8(&buf, strange);
        if (i != where || how == 2)
            buf_utf8(&buf, points[i]);
    }
    return buf_done(&buf);
}

static struct list titles_of(struct arena *arena)
{
    json_error_t error;
    json_t *all = json_load_file(REAL_TITLES, 0, &error), *one;
    struct item *items = arena_array(arena, json_array_size(all), sizeof *items);
    size_t i;
    json_array_foreach (all, i, one) {
        const char *name = json_string_value(json_object_get(one, "name"));
        items[i].name = text_copy(arena, text_of(name));
        items[i].code = text_format(arena, "%05zu", i);
        items[i].department = TEXT("d1");
    }
    struct list list = {items, json_array_size(all)};
    json_decref(all);
    return list;
}

/* Looks for each title as `typed` makes it of the title; all must be among the first `most`. */
static void each_title(const struct world *world, const char *what, size_t most,
                       struct text (*typed)(const struct item *items, size_t at, size_t count,
                                            uint64_t *seed, struct arena *arena))
{
    struct list list = titles_of(world->arena);
    static struct department_name name = {.name = TEXT("区政府")};
    struct department department = {.code = TEXT("d1"), .names = {&name, 1}};
    const struct catalogue *catalogue =
        catalogue_testing(list, (struct list){&department, 1}, world->arena);
    struct arena *scratch = arena_new(1 << 20);
    const struct item *items = list.items;
    uint64_t seed = 20140504;
    size_t missed = 0;
    for (size_t i = 0; i < list.count; i++) {
        arena_reset(scratch);
        struct text words = typed(items, i, list.count, &seed, scratch);
        struct search_found found =
            search_testing(catalogue, text_cstr(scratch, words), DAY, scratch);
        size_t place = search_testing_place(&found, items[i].name);
        if (place >= 1 && place <= most)
            continue;
        missed++;
        print_message("%s: %.*s typed %.*s: place %zu of %lld\n", what, TEXT_ARG(items[i].name),
                      TEXT_ARG(words), place, (long long)found.found);
    }
    arena_free(scratch);
    assert_true(list.count > 1000);
    assert_int_equal(missed, 0);
}

static struct text as_it_is(const struct item *items, size_t at, size_t count, uint64_t *seed,
                            struct arena *arena)
{
    (void)count;
    (void)seed;
    (void)arena;
    return items[at].name;
}

static struct text with_a_slip(const struct item *items, size_t at, size_t count, uint64_t *seed,
                               struct arena *arena)
{
    return slipped(items[at].name, items[next(seed) % count].name, seed, arena);
}

/* The first syllables, by their initials: as many as somebody types. */
static struct text by_initials(const struct item *items, size_t at, size_t count, uint64_t *seed,
                               struct arena *arena)
{
    struct text name = items[at].name;
    struct buf buf = {arena};
    (void)count;
    (void)seed;
    for (int32_t point; buf.len < 24 && (point = text_next(&name)) >= 0;) {
        const char *said = han_syllable(han_sound(han_fold(point)), 0);
        if (*said)
            buf_char(&buf, *said);
        else if (han_fold(point))
            buf_utf8(&buf, point);
    }
    return buf_done(&buf);
}

static bool there(void)
{
    if (access(REAL_TITLES, R_OK) == 0)
        return true;
    print_message("%s is not there\n", REAL_TITLES);
    skip();
    return false;
}

static void real_titles(void **state)
{
    if (there())
        each_title(*state, "as it is", 3, as_it_is);
}

static void real_titles_slipped(void **state)
{
    if (there())
        each_title(*state, "one slip", 10, with_a_slip);
}

static void real_titles_spelt(void **state)
{
    if (there())
        each_title(*state, "initials", 10, by_initials);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_hits),
        cmocka_unit_test(ranked),
        cmocka_unit_test(real_titles),
        cmocka_unit_test(real_titles_slipped),
        cmocka_unit_test(real_titles_spelt),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
