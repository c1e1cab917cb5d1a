/* Stories of who did what in which office and where, and of the numbers of the papers, as history, page
 * and journal tell them, on both engines: each ends, as all stories do, by replaying the journal and
 * comparing the tables. */
#include "cli/story_testing.h"
#include "view/view.h"

/* The page itself, as a browser gets it. */
static struct text page_seen(struct world *world, const char *name, const char *who,
                             const void *query)
{
    const struct look *look = look_named(name);
    struct view_form *forms = arena_array(world->arena, 200, sizeof *forms);
    struct asset *files = arena_array(world->arena, asset_count, sizeof *files);
    struct frame frame = {.title = text_of(look->title)};
    struct buf html = {.arena = world->arena};
    struct flow_facts *facts = flow_facts_new(modules);
    struct served served = {0};
    struct fault why = {0};
    struct view *view;
    size_t count = 0, file_count = 0;
    void *page;
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++) {
            const struct command *command = modules[i]->commands[j];
            assert_true(count < 200);
            if (command->path && command->input)
                forms[count++] = (struct view_form){command->name, command->title, command->said,
                                                    command->path, command->input,
                                                    shape_takes_upload(command->input)};
        }
    for (size_t i = 0; i < asset_count; i++)
        files[file_count++] = assets[i];
    assert_int_equal(looked(world, look, who, query, facts, &page, &served), OK);
    if (!view_load_forms(files, file_count, forms, count, &view, &why) ||
        !view_check(view, look->template, look->page, &why) ||
        !view_render(view, look->template, look->page, page, &frame, &html, &why))
        fail_msg("%s: %s", name, why.why);
    view_free(view);
    flow_facts_free(facts);
    return buf_done(&html);
}

static struct text staff_page(struct world *world, const char *who)
{
    struct case_only only = {world->case_id};
    return page_seen(world, "case.page", who, &only);
}

static struct text my_page(struct world *world)
{
    struct case_key key = {world->case_no, world->query_code};
    return page_seen(world, "case.my_case", "citizen", &key);
}

static void expect(struct text text, const char *where, const char *words)
{
    if (!says(text, words))
        fail_msg("%s: no %s", where, words);
}

/* The paper's number in the public journal, in both JSON answers and on both pages. */
static void numbered(struct world *world, const char *sign)
{
    struct text number =
        text_format(world->arena, "%.*s-%s", TEXT_ARG(world->case_no), sign);
    struct text said = text_format(world->arena, "\"document_no\":\"%s\"", number.at);
    struct text shown = text_format(world->arena, "<code class=\"ym-code\">%s</code>", number.at);
    if (!journal_says(world, said.at))
        fail_msg("journal: no %s", said.at);
    expect(case_seen_by(world, "land-clerk"), "staff JSON", said.at);
    expect(case_seen_by_applicant(world), "applicant JSON", said.at);
    expect(staff_page(world, "land-clerk"), "staff page", shown.at);
    expect(my_page(world), "applicant page", shown.at);
}

static int64_t numbers_in(struct text text)
{
    int64_t count = 0;
    for (int64_t at; (at = text_find(text, TEXT("\"document_no\":\"330482-"))) >= 0; count++)
        text = text_slice(text, (size_t)at + 1, text.len);
    return count;
}

#define WRONG                                                                                      \
    "{\"materials\":[{\"code\":\"m1\",\"state\":\"checked\"},{\"code\":\"m2\",\"state\":"          \
    "\"wrong\",\"note\":\"宗地图未盖章\"},{\"code\":\"m3\",\"state\":\"checked\"},"                \
    "{\"code\":\"m4\",\"state\":\"checked\"},{\"code\":\"m5\",\"state\":\"checked\"}]}"
#define HEARING                                                                                    \
    "{\"kind\":\"hearing\",\"paper\":\"平国土听〔2014〕3号\",\"planned_days\":10}"
#define REASON "{\"days\":5,\"reason\":\"案情复杂，需要补充调查取证\"}"
#define REVIEW "{\"recommendation\":\"grant\",\"opinion\":\"权属清楚\"}"
#define NO "{\"reason\":\"不属于本机关职权范围，请向市规划建设局申请。\"}"
#define REFUSE "{\"outcome\":\"refuse\",\"reason\":\"申请登记的土地权属有争议，尚未解决。\"}"

/* Every paper that a granted case can have; two special procedures have two. */
static const struct step to_the_end[] = {
    HANDED_IN("2014-05-07"),
    {"2014-05-07 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},
    {"2014-05-07 09:10", "land-clerk", "case.check", WRONG, "ok", NULL},
    {"2014-05-07 09:12", "land-clerk", "case.supplement", NULL, "ok", "supplement"},
    PAPER("2014-05-08 09:10", "m2"),
    {"2014-05-08 09:11", "citizen", "case.supplied", NULL, "ok", "received"},
    {"2014-05-08 09:30", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},
    {"2014-05-08 09:31", "land-clerk", "case.accept", NULL, "ok", "accepted"},
    {"2014-05-09 09:00", "land-reviewer", "case.suspend", HEARING, "ok", "suspended"},
    {"2014-05-12 09:00", "land-reviewer", "case.resume", "{\"result\":\"无异议\"}", "ok", NULL},
    {"2014-05-12 09:10", "land-reviewer", "case.suspend", HEARING, "ok", "suspended"},
    {"2014-05-13 09:00", "land-reviewer", "case.resume", "{\"result\":\"无异议\"}", "ok", NULL},
    {"2014-05-13 10:00", "land-head", "case.extend", REASON, "ok", "accepted"},
    {"2014-05-13 11:00", "land-reviewer", "case.review", REVIEW, "ok", "reviewed"},
    {"2014-05-13 14:00", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok", "granted"},
    {"2014-05-13 14:10", "land-reviewer", "case.issue",
     "{\"certificate_no\":\"平湖国用（2014）第00009号\"}", "ok", "issued"},
    {"2014-05-13 15:00", "land-clerk", "case.deliver",
     "{\"method\":\"window\",\"recipient\":\"王强\"}", "ok", "delivered"},
    {0},
};

static void tell_to_the_end(struct world *world)
{
    static const char *const signs[] = {"补-1", "受-1", "特-1", "特-2", "延-1", "许-1"};
    static const char *const posts[][2] = {
        {"沈雅琴（窗口人员，国土窗口）", "\"role\":\"clerk\",\"window\":\"C-W01\",\"post\":\"窗口人员，国土窗口\""},
        {"陆建明（审查人员，国土窗口）", "\"role\":\"reviewer\",\"window\":\"C-W01\""},
        /* The same person, who is a clerk too: making the certificate is a clerk's. */
        {"陆建明（窗口人员，国土窗口）", "\"role\":\"clerk\",\"window\":\"C-W01\""},
        {"顾晓峰（首席代表，国土窗口）", "\"role\":\"verifier\",\"window\":\"C-W01\""},
        {"俞国平（部门负责人，国土窗口）", "\"role\":\"head\",\"window\":\"C-W01\""},
    };
    tell(world, to_the_end);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        numbered(world, signs[i]);
    assert_int_equal(numbers_in(case_seen_by(world, "land-clerk")), 6);
    assert_int_equal(case_now(world).suspensions, 2);
    struct text page = staff_page(world, "land-clerk"), json = case_seen_by(world, "land-clerk");
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        expect(page, "staff page", posts[i][0]);
        expect(json, "staff JSON", posts[i][1]);
    }
    /* The applicant sees the post and not the name; the letter's number in the journal is no label. */
    struct text mine = my_page(world);
    expect(mine, "applicant page", "<dt>受理通知编号</dt>");
    expect(mine, "applicant page", "工作人员（部门负责人，国土窗口）");
    expect(case_seen_by_applicant(world), "applicant JSON", "\"role\":\"verifier\"");
    assert_false(says(mine, "俞国平"));
    assert_false(says(page, "<dt>授权</dt>"));
    assert_false(says(page, "<dt>经办身份</dt>"));
    assert_true(journal_says(world, "\"role\":\"head\""));
    assert_true(journal_says(world, "\"window\":\"C-W01\""));
}

/* The clock acts as the house, in no window, and silence is no paper. */
static void tell_silence(struct world *world)
{
    static const struct step silence[] = {
        HANDED_IN("2014-05-14"), {"2014-05-22 08:00", "time", NULL, NULL, NULL, "accepted"}, {0}};
    tell(world, silence);
    assert_true(case_now(world).deemed);
    struct text json = case_seen_by(world, "land-clerk");
    expect(json, "staff JSON", "\"actor\":\"系统\",\"role\":\"system\",\"window\":\"\"");
    assert_false(says(json, "\"window\":\"C"));
    assert_int_equal(numbers_in(json), 0);
    assert_false(says(staff_page(world, "land-clerk"), "系统（"));
    assert_true(journal_says(world, "\"role\":\"system\""));
}

/* The two ways to say no. */
static void tell_refusals(struct world *world)
{
    static const struct step not_accepted[] = {
        HANDED_IN("2014-05-23"),
        {"2014-05-23 09:00", "land-head", "case.not_accept", NO, "ok", "not_accepted"},
        {0}};
    static const struct step refused[] = {
        HANDED_IN("2014-05-26"),
        {"2014-05-26 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},
        {"2014-05-26 09:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},
        {"2014-05-26 09:12", "land-clerk", "case.accept", NULL, "ok", "accepted"},
        {"2014-05-26 10:00", "land-reviewer", "case.review", REVIEW, "ok", "reviewed"},
        {"2014-05-26 10:30", "land-head", "case.decide", REFUSE, "ok", "refused"},
        {0}};
    tell(world, not_accepted);
    numbered(world, "不受-1");
    tell(world, refused);
    numbered(world, "不许-1");
    /* And at the head of the page, beside the reasons. */
    expect(my_page(world), "applicant page", "<strong>文书编号</strong>");
}

static void all_stories(struct world *world)
{
    tell_to_the_end(world);
    tell_silence(world);
    tell_refusals(world);
}

STORY_PROGRAM("cli/story_office", all_stories, 100)
