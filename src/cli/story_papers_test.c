/* Stories of the papers of a case, on both engines: which are offered after each step and to whom, and
 * that a paper says what its entry says, whatever has become of the case since. */
#include "approval/case/papers.h"
#include "cli/story_testing.h"

/* The titles of the papers that somebody is offered on the case's page, in order. */
static struct text offered(struct world *world, const char *who)
{
    struct buf out = {.arena = world->arena};
    bool applicant = strcmp(who, "citizen") == 0;
    struct case_key key = {world->case_no, world->query_code};
    struct case_only only = {world->case_id};
    struct flow_facts *facts = flow_facts_new(modules);
    struct served served = {0};
    void *page;
    const struct look *look = look_named(applicant ? "case.my_case" : "case.page");
    assert_int_equal(
        looked(world, look, who, applicant ? (void *)&key : (void *)&only, facts, &page, &served),
        OK);
    const struct case_page *shown = page;
    const struct history_view *step = shown->history.items;
    for (size_t i = 0; i < shown->history.count; i++)
        if (step[i].paper.len)
            buf_format(&out, "%.*s ", TEXT_ARG(step[i].paper));
    flow_facts_free(facts);
    return buf_done(&out);
}

static void offers(struct world *world, const char *papers)
{
    static const char *const handlers[] = {"citizen", "land-clerk", "land-reviewer", "land-head",
                                           "manager", "supervisor"};
    static const char *const others[] = {"market-clerk"};
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++) {
        struct text got = offered(world, handlers[i]);
        if (!text_is(got, papers))
            fail_msg("%s is offered %.*s, not %s", handlers[i], TEXT_ARG(got), papers);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(offered(world, others[i]).len, 0);
}

/* The entry of the case of that kind, the last of them. */
static int64_t entry_of(struct world *world, const char *kind)
{
    struct list entries;
    struct fault why = {0};
    int64_t index = -1;
    assert_true(journal_history(db_reader(world->db), REGION,
                                case_subject(world->case_id, world->arena), -1, 1000, world->arena,
                                &entries, &why));
    for (size_t i = 0; i < entries.count; i++) {
        const struct entry *entry = (const struct entry *)entries.items + i;
        if (text_is(entry->head.kind, kind))
            index = entry->head.index;
    }
    assert_true(index >= 0);
    return index;
}

/* A paper as JSON, to the applicant or to somebody of the staff; empty: refused. */
static struct text paper(struct world *world, const char *who, int64_t index)
{
    struct paper_ask mine = {world->case_no, world->query_code, index, SHEET_A4};
    struct staff_paper_ask staff = {world->case_id, index, SHEET_A4};
    return strcmp(who, "citizen") == 0 ? seen(world, "case.my_paper", who, &mine)
                                       : seen(world, "case.paper", who, &staff);
}

static void paper_says(struct world *world, const char *kind, const char *words)
{
    struct text got = paper(world, "citizen", entry_of(world, kind));
    if (!says(got, words))
        fail_msg("%s does not say %s: %.*s", kind, words, TEXT_ARG(got));
}

#define FOUND(m1, m2)                                                                              \
    "{\"materials\":[{\"code\":\"m1\"," m1 "},{\"code\":\"m2\"," m2 "},{\"code\":\"m3\",\"state\":" \
    "\"checked\"},{\"code\":\"m4\",\"state\":\"checked\"},{\"code\":\"m5\",\"state\":"             \
    "\"checked\"}]}"
#define FINE "\"state\":\"checked\""
#define BAD "\"state\":\"wrong\",\"note\":\"宗地图未盖测绘资质章\""
#define FIRST "申请材料接收凭证 "
#define SECOND FIRST "补正材料通知书 "
#define THIRD SECOND "补正材料接收凭证 "
#define FOURTH THIRD "受理通知书 "
#define FIFTH FOURTH "特别程序告知书 "
#define SIXTH FIFTH "延长办理期限告知书 "
#define SEVENTH SIXTH "准予许可决定书 "

static void tell_every_paper(struct world *world)
{
    static const struct {
        struct step step;
        const char *papers;
    } way[] = {
        {{"2014-05-05 09:00", "land-clerk", "case.receive", NULL, "ok", "received"}, FIRST},
        {{"2014-05-05 09:05", "land-clerk", "case.check", FOUND(FINE, BAD), "ok", "received"}, FIRST},
        {{"2014-05-05 09:06", "land-clerk", "case.supplement", NULL, "ok", "supplement"}, SECOND},
        {{"2014-05-06 09:00", "citizen", "case.provide", "{\"code\":\"m2\",\"paper\":true}", "ok",
          "supplement"}, SECOND},
        {{"2014-05-06 09:01", "citizen", "case.supplied", NULL, "ok", "received"}, THIRD},
        {{"2014-05-06 09:30", "land-clerk", "case.check", FOUND(FINE, FINE), "ok", "received"},
         THIRD},
        {{"2014-05-06 09:31", "land-clerk", "case.accept", NULL, "ok", "accepted"}, FOURTH},
        {{"2014-05-07 09:00", "land-reviewer", "case.suspend",
          "{\"kind\":\"hearing\",\"paper\":\"平土告1\",\"planned_days\":15,\"reason\":\"公告征询\"}",
          "ok", "suspended"}, FIFTH},
        {{"2014-05-08 09:00", "land-reviewer", "case.resume", "{\"result\":\"无异议\"}", "ok",
          "accepted"}, FIFTH},
        {{"2014-05-08 09:10", "land-head", "case.extend",
          "{\"days\":5,\"reason\":\"需要向主管部门核实规划条件\"}", "ok", "accepted"}, SIXTH},
        {{"2014-05-08 09:20", "land-reviewer", "case.review",
          "{\"recommendation\":\"grant\",\"opinion\":\"权属清楚\"}", "ok", "reviewed"}, SIXTH},
        {{"2014-05-08 09:30", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok",
          "granted"}, SEVENTH},
        {{"2014-05-08 10:00", "land-clerk", "case.issue", "{\"certificate_no\":\"平国用1\"}", "ok",
          "issued"}, SEVENTH "送达回证 "},
        {{"2014-05-08 10:30", "land-clerk", "case.deliver",
          "{\"method\":\"window\",\"recipient\":\"王代收\"}", "ok", "delivered"},
         SEVENTH "送达回证 "},
    };
    static const struct step handed_in[] = {HANDED_IN("2014-05-05"), {0}};
    tell(world, handed_in);
    offers(world, FIRST);
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        struct step steps[] = {way[i].step, {0}};
        tell(world, steps);
        offers(world, way[i].papers);
    }
    /* Of the entry, not of the case as it is now: the paper that was wrong has been right for days. */
    paper_says(world, "case.supplement", "不符合要求：宗地图未盖测绘资质章");
    paper_says(world, "case.supplement", "\"document_no\":\"");
    paper_says(world, "case.submitted", "\"dated\":\"2014-05-05\"");
    paper_says(world, "case.submitted", "\"said\":\"纸质提交\"");
    paper_says(world, "case.submitted", "中发输配电设备（平湖）有限公司");
    paper_says(world, "case.accepted", "\"statutory_said\":\"20个工作日\"");
    paper_says(world, "case.suspended", "\"days\":15");
    paper_says(world, "case.extended", "需要向主管部门核实规划条件");
    paper_says(world, "case.delivered", "\"recipient\":\"王代收\"");
    paper_says(world, "case.delivered", "-许-1\"");
    struct text supplied = paper(world, "citizen", entry_of(world, "case.supplied"));
    ptrdiff_t row = text_find(supplied, TEXT("纸质提交"));
    assert_true(row > 0); /* and what came since the notice alone */
    assert_false(says(text_slice(supplied, (size_t)row + 1, supplied.len), "纸质提交"));
}

/* Not every step makes one, nor one for everybody; what another case has is not this one's. */
static void tell_who(struct world *world)
{
    int64_t notice = entry_of(world, "case.supplement");
    static const char *const open[] = {"citizen", "land-clerk", "land-head", "manager",
                                       "supervisor"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        assert_true(paper(world, open[i], notice).len > 0);
    struct text watched = paper(world, "supervisor", notice);
    assert_true(says(watched, "\"masked\":true"));
    assert_true(says(watched, "不符合要求"));
    assert_false(says(watched, "测绘资质章"));
    assert_false(says(watched, "独山港镇三宗土地"));
    assert_false(says(paper(world, "supervisor", entry_of(world, "case.delivered")), "王代收"));
    assert_int_equal(paper(world, "market-clerk", notice).len, 0);
    assert_int_equal(paper(world, "citizen", entry_of(world, "case.checked")).len, 0);
    assert_int_equal(paper(world, "citizen", entry_of(world, "case.issued")).len, 0);
    assert_int_equal(paper(world, "citizen", 0).len, 0);
    struct text code = world->query_code;
    world->query_code = TEXT("ABCDEFGHJKMN");
    assert_int_equal(paper(world, "citizen", notice).len, 0);
    world->query_code = code;
    static const struct step other[] = {HANDED_IN("2014-05-09"), {0}};
    tell(world, other);
    assert_int_equal(paper(world, "citizen", notice).len, 0);
    assert_int_equal(paper(world, "land-clerk", notice).len, 0);
}

/* Each refusal is told with its reason and with what can be done about it. */
static void tell_noes(struct world *world)
{
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
    tell(world, not_accepted);
    offers(world, FIRST "不予受理告知书 ");
    paper_says(world, "case.not_accepted", "请向区局提出");
    paper_says(world, "case.not_accepted", "行政复议");
    paper_says(world, "case.not_accepted", "-不受-1\"");
    tell(world, ended);
    offers(world, FIRST "终止办理告知书 ");
    paper_says(world, "case.terminated", "法院判决确认");
    paper_says(world, "case.terminated", "行政复议");
    paper_says(world, "case.terminated", "-终-1\"");
}

static void all_stories(struct world *world)
{
    tell_every_paper(world);
    tell_who(world);
    tell_noes(world);
}

STORY_PROGRAM("cli/story_papers", all_stories, 200)
