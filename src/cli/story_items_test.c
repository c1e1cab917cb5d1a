/* The catalogue in service: an item is drafted by a clerk, put right, read and published by another
 * person, used by a citizen, and withdrawn with a paper; a new one begins with nothing. On both
 * engines, and replaying the journal gives the same tables. */
#include "catalogue/edit_pages.h"
#include "cli/story_testing.h"

#define CODE "\"item_code\":\"011-001\""
#define LIMITS(revision, days)                                                                     \
    "{" CODE ",\"section\":\"limits\",\"revision\":" revision ",\"item\":{\"case_kind\":\"promised\"," \
    "\"statutory_days\":20,\"statutory_unit\":\"working\",\"statutory_source\":\"example\","       \
    "\"promised_days\":" days ",\"promised_unit\":\"working\",\"promised_source\":\"example\"}}"
#define PUBLISH(revision, over, from)                                                              \
    "{" CODE ",\"revision\":" revision ",\"over\":" over ",\"valid_from\":\"" from "\"}"
#define SAVE "catalogue.draft.save"

/* Two at one draft, a promise over the limit, and the head who does not publish their own words. */
static const struct step drafting[] = {
    {"2014-05-05 09:00", "market-clerk", "catalogue.draft.start", "{" CODE "}", "department", NULL},
    {"2014-05-05 09:00", "land-verifier", "catalogue.draft.start", "{" CODE "}", "role", NULL},
    {"2014-05-05 09:00", "supervisor", "catalogue.draft.start", "{" CODE "}", "look_only", NULL},
    {"2014-05-05 09:01", "land-clerk", "catalogue.draft.start", "{" CODE "}", "ok", NULL},
    {"2014-05-05 09:02", "land-reviewer", "catalogue.draft.start", "{" CODE "}", "exists", NULL},
    {"2014-05-05 09:03", "land-clerk", SAVE, LIMITS("1", "30"), "ok", NULL},
    {"2014-05-05 09:04", "land-reviewer", SAVE, LIMITS("1", "8"), "stale", NULL},
    {"2014-05-05 09:05", "land-head", "catalogue.draft.publish", PUBLISH("2", "1", "2014-06-01"),
     "conflict", NULL},
    {"2014-05-05 09:06", "land-reviewer", SAVE, LIMITS("2", "8"), "ok", NULL},
    {"2014-05-05 09:07", "land-clerk", "catalogue.draft.row",
     "{" CODE ",\"section\":\"materials\",\"row\":0,\"revision\":3,\"item\":{\"materials\":["
     "{\"code\":\"m10\",\"name\":\"界址点成果表\"}]}}",
     "ok", NULL},
    {"2014-05-05 09:08", "land-head", "catalogue.draft.publish", PUBLISH("4", "1", "2014-06-01"),
     "missing", NULL},
    {"2014-05-05 09:09", "land-clerk", "catalogue.draft.row",
     "{" CODE ",\"section\":\"materials\",\"row\":10,\"revision\":4,\"item\":{\"materials\":["
     "{\"code\":\"m10\",\"name\":\"界址点成果表\",\"form\":\"original\",\"issuer\":\"other\","
     "\"basis\":\"《土地登记办法》第九条\"}]}}",
     "ok", NULL},
    {"2014-05-05 09:10", "land-clerk", "catalogue.draft.move",
     "{" CODE ",\"section\":\"materials\",\"row\":10,\"to\":1,\"revision\":5}", "ok", NULL},
    {"2014-05-05 09:11", "land-clerk", "catalogue.draft.publish",
     PUBLISH("6", "1", "2014-06-01"), "role", NULL},
    {0},
};

/* Published for the first of June; whoever applies before is under the first version. */
static const struct step published[] = {
    {"2014-05-06 09:00", "market-head", "catalogue.draft.publish",
     PUBLISH("6", "1", "2014-06-01"), "department", NULL},
    {"2014-05-06 09:01", "land-head", "catalogue.draft.publish", PUBLISH("6", "1", "2014-05-05"),
     "too_late", NULL},
    {"2014-05-06 09:02", "land-head", "catalogue.draft.publish", PUBLISH("6", "1", "2014-06-01"),
     "ok", NULL},
    {"2014-05-06 09:03", "land-head", "catalogue.draft.publish", PUBLISH("6", "1", "2014-06-01"),
     "not_found", NULL},
    HANDED_IN("2014-05-07"),
    {0},
};

/* A head who wrote it finds an administrator; a draft nobody wants is gone without a trace. */
static const struct step own_words[] = {
    {"2014-06-02 09:00", "land-head", "catalogue.draft.start", "{" CODE "}", "ok", NULL},
    {"2014-06-02 09:01", "land-head", SAVE, LIMITS("1", "6"), "ok", NULL},
    {"2014-06-02 09:02", "land-head", "catalogue.draft.publish", PUBLISH("2", "2", "2014-06-02"),
     "same_person", NULL},
    {"2014-06-02 09:03", "administrator", "catalogue.draft.publish",
     PUBLISH("2", "1", "2014-06-02"), "stale", NULL},
    {"2014-06-02 09:04", "administrator", "catalogue.draft.publish",
     PUBLISH("2", "2", "2014-06-02"), "ok", NULL},
    {"2014-06-02 10:00", "land-clerk", "catalogue.draft.start", "{" CODE ",\"version\":1}", "ok",
     NULL},
    {"2014-06-02 10:01", "land-reviewer", "catalogue.draft.discard", "{" CODE ",\"revision\":1}",
     "ok", NULL},
    {0},
};

/* A new item is nothing but a name, lacks almost everything, and is not published. */
static const struct step new_item[] = {
    {"2014-06-03 09:00", "land-clerk", "catalogue.draft.start",
     "{\"item_code\":\"011-9\",\"name\":\"土地权属争议调处\"}", "ok", NULL},
    {"2014-06-03 09:01", "land-head", "catalogue.draft.publish",
     "{\"item_code\":\"011-9\",\"revision\":1,\"valid_from\":\"2014-06-03\"}", "missing", NULL},
    {"2014-06-03 09:02", "citizen", "case.draft", "{\"item_code\":\"011-9\"}", "not_found", NULL},
    {0},
};

#define WITHDRAW(more) "{" CODE ",\"last_date\":\"2014-06-06\",\"reason\":\"国务院决定取消\"" more "}"
static const struct step withdrawn[] = {
    {"2014-06-04 09:00", "land-clerk", "catalogue.item.withdraw",
     WITHDRAW(",\"basis\":\"国发〔2014〕27号\""), "role", NULL},
    {"2014-06-04 09:00", "market-head", "catalogue.item.withdraw",
     WITHDRAW(",\"basis\":\"国发〔2014〕27号\""), "department", NULL},
    {"2014-06-04 09:01", "land-head", "catalogue.item.withdraw", WITHDRAW(""), "missing", NULL},
    {"2014-06-04 09:02", "land-head", "catalogue.item.withdraw",
     WITHDRAW(",\"basis\":\"国发〔2014〕27号\""), "ok", NULL},
    {"2014-06-04 09:03", "administrator", "catalogue.item.withdraw",
     WITHDRAW(",\"basis\":\"国发〔2014〕27号\""), "once", NULL},
    /* The last day counts. */
    HANDED_IN("2014-06-06"),
    {"2014-06-06 16:00", "citizen", "case.draft", "{" CODE "}", "ok", "draft"},
    {"2014-06-09 08:30", "citizen", "case.draft", "{" CODE "}", "item", "draft"},
    {"2014-06-09 08:31", "citizen", "case.submit", "{\"declared\":true}", "item", "draft"},
    {0},
};

static void expect(struct text text, const char *words)
{
    if (!says(text, words))
        fail_msg("no %s in %.*s", words, TEXT_ARG(text));
}

static struct text guide(struct world *world)
{
    struct item_query query = {.item_code = TEXT("011-001")};
    return seen(world, "catalogue.item", "citizen", &query);
}

static struct text draft(struct world *world, const char *look, const char *code)
{
    struct edited_query query = {text_of(code)};
    return seen(world, look, "land-clerk", &query);
}

/* What everybody can read in the journal about the item. */
static bool item_journal_says(struct world *world, const char *words)
{
    struct list entries;
    struct fault why = {0};
    bool found = false;
    assert_true(journal_history(db_reader(world->db), REGION, TEXT("item:011-001"), -1, 1000,
                                world->arena, &entries, &why));
    for (size_t i = 0; i < entries.count; i++)
        found |= says(((const struct entry *)entries.items)[i].body, words);
    return found;
}

static void tell_draft(struct world *world)
{
    tell(world, drafting);
    struct section_query limits = {TEXT("011-001"), SECTION_LIMITS, 0};
    struct changes_query changes = {.item_code = TEXT("011-001")};
    expect(seen(world, "catalogue.draft.section", "land-clerk", &limits), "\"revision\":6");
    expect(draft(world, "catalogue.draft", "011-001"), "\"authors\":[\"沈雅琴\",\"陆建明\"]");
    expect(draft(world, "catalogue.draft", "011-001"), "\"mistakes\":[]");
    expect(draft(world, "catalogue.draft.preview", "011-001"), "界址点成果表");
    struct text said = seen(world, "catalogue.changes", "supervisor", &changes);
    expect(said, "\"kind\":\"altered\",\"old\":\"10\",\"new\":\"8\"");
    expect(said, "\"path\":\"materials.m10\"");
    assert_false(says(said, "\"moved\"")); /* the others stand as they stood */
    assert_false(says(guide(world), "界址点成果表"));
    assert_false(item_journal_says(world, "界址点成果表"));
    tell(world, published);
    assert_true(item_journal_says(world, "界址点成果表"));
    expect(guide(world), "\"promised\":\"10个工作日\"");
    expect(guide(world), "\"valid_from\":\"2014-06-01\",\"valid_to\":\"2016-12-31\","
                         "\"withdrawn_after\":null,\"state\":\"upcoming\"");
    world->now_ms = moment("2014-06-01 00:01");
    expect(guide(world), "\"promised\":\"8个工作日\"");
    expect(guide(world), "\"state\":\"replaced\"");
}

static void tell_withdrawal(struct world *world)
{
    struct notices_query all = {0};
    tell(world, withdrawn);
    struct text notices = seen(world, "catalogue.withdrawals", "citizen", &all);
    expect(notices, "\"notice_no\":\"事项取消公告〔2014〕1号\",\"basis\":\"国发〔2014〕27号\"");
    expect(guide(world), "\"offered\":false");
    expect(guide(world), "\"notice_no\":\"事项取消公告〔2014〕1号\"");
    expect(guide(world), "\"state\":\"withdrawn\"");
    struct text at = text_slice(notices, (size_t)text_find(notices, TEXT("_id\":")) + 5, notices.len);
    struct text number;
    struct notice_query one;
    text_cut(&at, ',', &number);
    assert_true(text_int(number, &one.withdrawal_id));
    expect(seen(world, "catalogue.withdrawal", "citizen", &one), "国务院决定取消");
    one.withdrawal_id++;
    assert_int_equal(seen(world, "catalogue.withdrawal", "citizen", &one).len, 0);
}

static void all_stories(struct world *world)
{
    struct editing_query all = {0};
    tell_draft(world);
    tell(world, own_words);
    expect(guide(world), "\"promised\":\"6个工作日\"");
    assert_int_equal(draft(world, "catalogue.draft", "011-001").len, 0);
    tell(world, new_item);
    expect(draft(world, "catalogue.draft", "011-9"), "尚未选择");
    expect(seen(world, "catalogue.editing", "land-clerk", &all), "土地权属争议调处");
    assert_false(says(seen(world, "catalogue.editing", "market-clerk", &all), "土地"));
    expect(seen(world, "catalogue.editing", "manager", &all), "土地权属争议调处");
    tell_withdrawal(world);
}

STORY_PROGRAM("cli/story_items", all_stories, 100)
