/* Figures against a recount of the journal, after cases of every end; on both engines. */
#include "cli/story_testing.h"

#include <jansson.h>

#define FINE                                                                                       \
    "{\"materials\":[{\"code\":\"m1\",\"state\":\"checked\"},{\"code\":\"m2\",\"state\":"          \
    "\"checked\"},{\"code\":\"m3\",\"state\":\"checked\"},{\"code\":\"m4\",\"state\":"             \
    "\"checked\"},{\"code\":\"m5\",\"state\":\"checked\"}]}"
#define LACKING                                                                                    \
    "{\"materials\":[{\"code\":\"m1\",\"state\":\"checked\"},{\"code\":\"m2\",\"state\":"          \
    "\"wrong\",\"note\":\"宗地图未盖章\"},{\"code\":\"m3\",\"state\":\"checked\"},{\"code\":"      \
    "\"m4\",\"state\":\"checked\"},{\"code\":\"m5\",\"state\":\"checked\"}]}"

static const struct step granted[] = {
    HANDED_IN("2014-05-04"),
    {"2014-05-05 09:00", "land-clerk", "case.receive", NULL, "ok", "received"},
    {"2014-05-05 09:05", "land-clerk", "case.check", LACKING, "ok", "received"},
    {"2014-05-05 09:06", "land-clerk", "case.supplement", NULL, "ok", "supplement"},
    {"2014-05-06 09:00", "citizen", "case.provide", "{\"code\":\"m2\",\"paper\":true}", "ok",
     "supplement"},
    {"2014-05-06 09:01", "citizen", "case.supplied", NULL, "ok", "received"},
    {"2014-05-06 09:30", "land-clerk", "case.check", FINE, "ok", "received"},
    {"2014-05-06 09:31", "land-clerk", "case.accept", NULL, "ok", "accepted"},
    {"2014-05-08 10:00", "land-reviewer", "case.review",
     "{\"recommendation\":\"grant\",\"opinion\":\"材料齐全，符合条件\"}", "ok", "reviewed"},
    {"2014-05-09 10:00", "land-head", "case.decide", "{\"outcome\":\"grant\"}", "ok", "granted"},
    {0}};
static const struct step not_accepted[] = {
    HANDED_IN("2014-05-12"),
    {"2014-05-12 09:00", "land-clerk", "case.not_accept",
     "{\"reason\":\"不属于本机关职权范围，请向区局提出。\"}", "ok", "not_accepted"},
    {0}};
static const struct step ended[] = {
    HANDED_IN("2014-05-13"),
    {"2014-05-13 09:00", "land-head", "case.terminate",
     "{\"reason\":\"申请事项已由法院判决确认。\"}", "ok", "terminated"},
    {0}};
/* Never handed in: counted nowhere. */
static const struct step given_up[] = {
    {"2014-05-13 10:00", "citizen", "case.draft", "{\"item_code\":\"011-001\"}", "ok", "draft"},
    {"2014-05-13 10:01", "citizen", "case.withdraw", "{\"reason\":\"不办了\"}", "ok", "withdrawn"},
    {0}};
static const struct step waiting[] = {HANDED_IN("2014-06-03"), {0}};

/* How often an event of that kind stands in the journal, in May or at all. */
static int64_t events(struct world *world, const char *kind, bool may)
{
    struct list entries;
    struct fault why = {0};
    int64_t count = 0;
    if (!journal_read(db_reader(world->db), REGION, 0, 100000, world->arena, &entries, &why))
        fail_msg("%s", why.why);
    for (size_t i = 0; i < entries.count; i++) {
        const struct entry *entry = (const struct entry *)entries.items + i;
        struct text day = date_format(world->arena, time_date(entry->head.at));
        count += text_is(entry->head.kind, kind) && (!may || text_starts(day, TEXT("2014-05")));
    }
    return count;
}

static json_t *figures(struct world *world, const char *who, const char *period)
{
    struct figures_ask { /* as portal/figures.c has it */
        struct text period, department, item;
    } ask = {text_of(period), TEXT(""), TEXT("")};
    const char *look = strcmp(who, "citizen") == 0 ? "figures.public" : "figures.staff";
    struct text page = seen(world, look, who, &ask);
    json_t *root = json_loadb(page.at, page.len, 0, NULL);
    assert_non_null(root);
    return root;
}

static const char *told(json_t *page, const char *list, size_t row, const char *name)
{
    json_t *found = json_array_get(json_object_get(page, list), row);
    return json_string_value(json_object_get(found, name));
}

static void counts(json_t *page, const char *name, int64_t count)
{
    const char *said = told(page, "totals", 0, name);
    if (!said || strtoll(said, NULL, 10) != count)
        fail_msg("%s: %s, not %lld", name, said ? said : "nothing", (long long)count);
    /* Every table adds up to the same. */
    static const char *const tables[] = {"departments", "items", "channels", "periods"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        int64_t sum = 0;
        for (size_t j = 0; j < json_array_size(json_object_get(page, tables[i])); j++)
            sum += strtoll(told(page, tables[i], j, name), NULL, 10);
        if (sum != count)
            fail_msg("%s of %s: %lld, not %lld", name, tables[i], (long long)sum,
                     (long long)count);
    }
}

static void recount(struct world *world, const char *period, bool may)
{
    json_t *page = figures(world, "manager", period);
    counts(page, "submitted", events(world, "case.submitted", may));
    counts(page, "accepted", events(world, "case.accepted", may));
    counts(page, "decided", events(world, "case.granted", may) + events(world, "case.refused", may));
    counts(page, "refused", events(world, "case.refused", may));
    counts(page, "not_accepted", events(world, "case.not_accepted", may));
    counts(page, "ended", events(world, "case.terminated", may));
    json_decref(page);
}

static void all_stories(struct world *world)
{
    tell(world, granted);
    tell(world, not_accepted);
    tell(world, ended);
    tell(world, given_up);
    tell(world, waiting);
    assert_int_equal(events(world, "case.submitted", true), 3);
    assert_int_equal(events(world, "case.submitted", false), 4);
    recount(world, "2014-05", true);
    recount(world, "2014", false);
    json_t *page = figures(world, "manager", "2014-05");
    assert_string_equal(told(page, "totals", 0, "kept"), "100.0%");
    assert_string_equal(told(page, "totals", 0, "supplemented"), "100.0%");
    assert_string_equal(told(page, "totals", 0, "once"), "100.0%");
    assert_string_equal(told(page, "totals", 0, "mean"), "3.0");
    assert_string_equal(told(page, "totals", 0, "median"), "3.0");
    assert_string_equal(told(page, "items", 0, "code"), "011-001");
    json_decref(page);
    page = figures(world, "citizen", "2014-05");
    assert_string_equal(told(page, "totals", 0, "submitted"), "3");
    assert_string_equal(told(page, "totals", 0, "decided"), "少于3");
    assert_string_equal(told(page, "totals", 0, "mean"), "");
    json_decref(page);
    page = figures(world, "citizen", "2013-01");
    assert_true(json_is_true(json_object_get(page, "nothing")));
    json_decref(page);
}

STORY_PROGRAM("cli/story_figures", all_stories, 60)
