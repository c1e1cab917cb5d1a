/* Stories of what a chief approver may do under a signed letter, and where it ends, on both engines:
 * each ends, as all stories do, by replaying the journal and comparing the tables. */
#include "cli/story_testing.h"

#define ACCEPTED(day, area)                                                                        \
    HANDED_IN_OF(day, area), {day " 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},       \
        {day " 09:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},                          \
    {                                                                                              \
        day " 09:12", "land-clerk", "case.accept", NULL, "ok", "accepted"                          \
    }
#define REVIEWED(day, area)                                                                        \
    ACCEPTED(day, area),                                                                           \
    {                                                                                              \
        day " 10:00", "land-reviewer", "case.review",                                              \
            "{\"recommendation\":\"grant\",\"opinion\":\"权属清楚\"}", "ok", "reviewed"            \
    }
#define REVIEW "{\"recommendation\":\"grant\",\"opinion\":\"材料齐全\"}"
#define REFUSE "{\"outcome\":\"refuse\",\"reason\":\"申请登记的土地权属有争议，尚未解决。\"}"
#define LONGER "{\"days\":5,\"reason\":\"案情复杂，需要补充调查取证\"}"
#define BACK "{\"reason\":\"四至界线与宗地图不一致，请核对后重报\"}"
#define UPWARD "{\"to\":\"嘉兴市国土资源局\",\"paper\":\"平国土〔2014〕8号\"}"
#define CERTIFICATE "{\"certificate_no\":\"平湖国用（2014）第00009号\"}"

/* What the item is measured by is asked for in the draft, and nothing else. */
static const struct step drafting[] = {
    {"2014-09-01 08:30", "citizen", "case.draft", "{\"item_code\":\"011-001\"}", "ok", "draft"},
    {"2014-09-01 08:31", "citizen", "case.applicant", APPLICANT, "ok", NULL},
    {"2014-09-01 08:32", "citizen", "case.matter", "{\"matter\":\"土地分割登记\"}", "missing", NULL},
    {"2014-09-01 08:33", "citizen", "case.matter",
     "{\"matter\":\"土地分割登记\",\"area_m2\":-5}", "out_of_range", NULL},
    {"2014-09-01 08:34", "citizen", "case.matter",
     "{\"matter\":\"土地分割登记\",\"area_m2\":9,\"amount_fen\":100}", "conflict", NULL},
    {"2014-09-01 08:35", "citizen", "case.submit", "{\"declared\":true}", "missing", "draft"},
    {"2014-09-01 08:36", "citizen", "case.matter",
     "{\"matter\":\"土地分割登记\",\"area_m2\":9}", "ok", "draft"},
    {0},
};

/* The letter of land-verifier reaches to 100,000 m²: one more is for the head, whatever the step. */
static const struct step above[] = {
    REVIEWED("2014-09-02", "100001"),
    {"2014-09-02 10:10", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "grant",
     "reviewed"},
    {"2014-09-02 10:11", "land-verifier", "case.decide", REFUSE, "grant", "reviewed"},
    {"2014-09-02 10:12", "land-verifier", "case.return", BACK, "grant", "reviewed"},
    {"2014-09-02 10:13", "land-verifier", "case.extend", LONGER, "grant", "reviewed"},
    {"2014-09-02 10:14", "land-verifier", "case.forward", UPWARD, "grant", "reviewed"},
    {0},
};
static const struct step by_the_head[] = {
    {"2014-09-02 10:20", "land-head", "case.decide", "{\"outcome\":\"grant\"}", "ok", "granted"},
    {"2014-09-02 10:21", "land-verifier", "case.issue", CERTIFICATE, "grant", "granted"},
    {"2014-09-02 10:22", "land-reviewer", "case.issue", CERTIFICATE, "ok", "issued"},
    {0},
};

static void tell_limit(struct world *world)
{
    tell(world, drafting);
    assert_int_equal(case_now(world).area_m2, 9);
    /* As the matter, it is the applicant's and the handlers'. */
    assert_true(says(case_seen_by_applicant(world), "\"value\":\"9平方米\""));
    assert_false(journal_says(world, "area_m2"));
    tell(world, above);
    struct text verifier = case_seen_by(world, "land-verifier");
    assert_true(says(verifier, "分割前宗地面积为100001平方米，超出授权书的上限100000平方米。"
                               "请由部门负责人办理。"));
    assert_true(says(verifier, "\"area_m2\":100001"));
    assert_false(says(case_seen_by(world, "land-head"), "超出授权书"));
    assert_false(says(case_seen_by(world, "supervisor"), "100001"));
    assert_false(says(case_seen_by(world, "market-clerk"), "100001"));
    tell(world, by_the_head);
    assert_false(says(case_seen_by(world, "land-head"), "\"label\":\"授权书\""));
}

/* At the limit the letter holds, and with every power its holder may take each step; the case page
 * offers it, and the history names the letter. Whoever reviewed still does not decide. */
static const struct step whole_letter[] = {
    HANDED_IN_OF("2014-09-03", "100000"),
    {"2014-09-03 09:00", "land-verifier", "case.receive", NULL, "ok", "received"},
    {"2014-09-03 09:10", "land-verifier", "case.check", ALL_GOOD, "ok", NULL},
    {"2014-09-03 09:12", "land-verifier", "case.accept", NULL, "ok", "accepted"},
    {"2014-09-03 09:13", "market-verifier", "case.review", REVIEW, "department", "accepted"},
    {0},
};
static const struct step both_by_one[] = {
    {"2014-09-03 09:20", "land-verifier", "case.review", REVIEW, "ok", "reviewed"},
    {"2014-09-03 09:21", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "same_person",
     "reviewed"},
    {"2014-09-03 09:22", "land-verifier", "case.return", BACK, "ok", "accepted"},
    {"2014-09-03 09:31", "land-verifier", "case.extend", LONGER, "ok", "accepted"},
    {"2014-09-03 09:32", "land-verifier", "case.forward", UPWARD, "ok", "forwarded"},
    {"2014-09-03 09:33", "land-verifier", "case.answered",
     "{\"opinion\":\"同意\",\"paper\":\"嘉国土复〔2014〕2号\"}", "ok", "accepted"},
    {"2014-09-03 09:35", "land-reviewer", "case.review", REVIEW, "ok", "reviewed"},
    {"2014-09-03 09:40", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok",
     "granted"},
    {"2014-09-03 09:41", "land-verifier", "case.issue", CERTIFICATE, "ok", "issued"},
    {"2014-09-03 09:42", "land-verifier", "case.deliver",
     "{\"method\":\"window\",\"recipient\":\"王强\"}", "role", "issued"},
    {0},
};

static void tell_whole_letter(struct world *world)
{
    tell(world, whole_letter);
    assert_true(says(case_seen_by(world, "land-verifier"), "\"name\":\"case.review\""));
    assert_true(says(case_seen_by(world, "land-head"), "\"name\":\"case.review\""));
    assert_false(says(case_seen_by(world, "land-clerk"), "\"name\":\"case.review\""));
    /* The stand-in of somebody who is there is offered what is the own post's. */
    assert_true(says(case_seen_by(world, "land-verifier-b"), "\"name\":\"case.review\""));
    assert_true(says(case_seen_by(world, "land-verifier-b"), "A岗今天没有离岗登记"));
    tell(world, both_by_one);
    struct text page = case_seen_by(world, "land-verifier");
    size_t letters = 0;
    for (int64_t at; (at = text_find(page, TEXT("\"label\":\"授权书\""))) >= 0; letters++)
        page = text_slice(page, (size_t)at + 1, page.len);
    assert_int_equal(letters, 10); /* all but the reviewer's own review */
}

/* A letter of the head's own making, with one power and an amount, and taken back. */
static int64_t newest_letter(struct world *world)
{
    static const struct db_sql newest = {
        "SELECT max(delegation_id) AS id FROM delegation WHERE region = $1"};
    struct db_rows rows;
    struct fault why = {0};
    assert_true(db_select(db_reader(world->db), &newest, DB_ARGS(db_int(REGION)), world->arena,
                          &rows, &why));
    return db_cell_int(&rows, 0, "id");
}

static void paper(struct world *world, const char *at)
{
    static const struct db_sql codes = {
        "SELECT code FROM case_material WHERE region = $1 AND case_id = $2 AND required = 1"};
    struct db_rows rows;
    struct fault why = {0};
    struct buf checks = {.arena = world->arena};
    assert_true(db_select(db_reader(world->db), &codes,
                          DB_ARGS(db_int(REGION), db_int(world->case_id)), world->arena, &rows,
                          &why));
    buf_str(&checks, "{\"materials\":[");
    for (size_t i = 0; i < rows.count; i++)
        buf_format(&checks, "%s{\"code\":\"%.*s\",\"state\":\"checked\"}", i ? "," : "",
                   TEXT_ARG(db_cell_text(&rows, i, "code")));
    buf_str(&checks, "]}");
    struct step steps[] = {
        {at, "construction-clerk", "case.receive", NULL, "ok", "received"},
        {at, "construction-clerk", "case.check", buf_done(&checks).at, "ok", NULL},
        {at, "construction-clerk", "case.accept", NULL, "ok", "accepted"},
        {at, "construction-reviewer", "case.review", REVIEW, "ok", "reviewed"},
        {0}};
    tell(world, steps);
}

/* A construction permit of that contract price, up to "reviewed". */
static void permit_of(struct world *world, const char *at, const char *fen)
{
    const char *matter = text_format(world->arena, "{\"matter\":\"一号厂房工程\",\"amount_fen\":%s}",
                                     fen).at;
    struct step steps[] = {
        {at, "citizen", "case.draft", "{\"item_code\":\"013-001\"}", "ok", "draft"},
        {at, "citizen", "case.applicant", APPLICANT, "ok", NULL},
        {at, "citizen", "case.matter", matter, "ok", NULL},
        {at, "citizen", "case.submit", "{\"declared\":true}", "ok", "submitted"},
        {0}};
    tell(world, steps);
    paper(world, at);
}

static void decide_as(struct world *world, const char *at, const char *who, const char *expect,
                      const char *state)
{
    struct step steps[] = {
        {at, who, "case.decide", "{\"outcome\":\"grant\"}", expect, state}, {0}};
    tell(world, steps);
}

/* A construction department's letter: decide on that item, up to 50 million yuan, from the fifth on. */
static const char *letter_for(struct world *world, const char *who, const char *item)
{
    return text_format(world->arena,
                       "{\"account_id\":%lld,\"department\":\"013\",\"document\":\"平规建授〔2014〕2号\","
                       "\"powers\":{\"decide\":true},\"items\":[\"%s\"],"
                       "\"amount_limit_fen\":5000000000,\"valid_from_date\":\"2014-09-05\"}",
                       (long long)actor_named(world, who).account, item)
        .at;
}

static void tell_amount(struct world *world)
{
    permit_of(world, "2014-09-04 09:00", "2999999999");
    decide_as(world, "2014-09-04 09:10", "construction-verifier", "ok", "granted");
    permit_of(world, "2014-09-04 09:20", "3000000000");
    decide_as(world, "2014-09-04 09:30", "construction-verifier", "ok", "granted");
    permit_of(world, "2014-09-04 09:40", "3000000001");
    decide_as(world, "2014-09-04 09:50", "construction-verifier", "grant", "reviewed");
    assert_true(says(case_seen_by(world, "construction-verifier"),
                     "工程合同价为30000000.01元，超出授权书的上限30000000.00元"));
    /* A second letter that reaches further, for the item and for deciding alone; from tomorrow on. */
    const char *letter = letter_for(world, "construction-verifier", "013-001");
    const char *own = letter_for(world, "construction-head", "013-001");
    const char *unknown = letter_for(world, "construction-verifier", "013-999");
    const char *foreign = letter_for(world, "construction-verifier", "011-001");
    struct step grant[] = {
        /* Nobody hands power to oneself, and none for what is no item of the department. */
        {"2014-09-04 10:00", "construction-head", "identity.delegation.grant", own, "role", NULL},
        {"2014-09-04 10:00", "construction-head", "identity.delegation.grant", unknown, "reference",
         NULL},
        {"2014-09-04 10:00", "construction-head", "identity.delegation.grant", foreign, "department",
         NULL},
        {"2014-09-04 10:00", "land-head", "identity.delegation.grant", letter, "department", NULL},
        {"2014-09-04 10:00", "construction-head", "identity.delegation.grant", letter, "ok", NULL},
        {"2014-09-04 10:05", "construction-verifier", "case.decide", "{\"outcome\":\"grant\"}",
         "grant", "reviewed"},
        {"2014-09-05 09:00", "construction-verifier", "case.extend", LONGER, "grant", "reviewed"},
        {"2014-09-05 09:01", "construction-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok",
         "granted"},
        {"2014-09-05 09:02", "construction-verifier", "case.issue", CERTIFICATE, "grant", "granted"},
        {0}};
    tell(world, grant);
    permit_of(world, "2014-09-05 09:20", "3000000001");
    const char *back =
        text_format(world->arena, "{\"delegation_id\":%lld,\"reason\":\"另行授权\"}",
                    (long long)newest_letter(world))
            .at;
    struct step revoke[] = {
        {"2014-09-05 09:30", "construction-head", "identity.delegation.revoke", back, "ok", NULL},
        {"2014-09-05 09:31", "construction-verifier", "case.decide", "{\"outcome\":\"grant\"}",
         "grant", "reviewed"},
        {"2014-09-05 09:32", "construction-head", "case.decide", "{\"outcome\":\"grant\"}", "ok",
         "granted"},
        {0}};
    tell(world, revoke);
}

/* Who stands in has the letter's limits too, and only on the days of the absence. */
static void tell_stand_in(struct world *world)
{
    static const struct step steps[] = {
        {"2014-09-09 08:00", "land-verifier", "identity.absence.record",
         "{\"first_date\":\"2014-09-10\",\"last_date\":\"2014-09-10\",\"reason\":\"体检\"}", "ok",
         NULL},
        REVIEWED("2014-09-09", "100000"),
        {"2014-09-09 10:10", "land-verifier-b", "case.decide", "{\"outcome\":\"grant\"}", "grant",
         "reviewed"},
        {"2014-09-10 09:00", "land-verifier-b", "case.decide", "{\"outcome\":\"grant\"}", "ok",
         "granted"},
        {"2014-09-10 09:01", "land-verifier-b", "case.issue", CERTIFICATE, "ok", "issued"},
        REVIEWED("2014-09-10", "100001"),
        {"2014-09-10 10:10", "land-verifier-b", "case.decide", "{\"outcome\":\"grant\"}", "grant",
         "reviewed"},
        REVIEWED("2014-09-11", "100000"),
        {"2014-09-11 10:10", "land-verifier-b", "case.decide", "{\"outcome\":\"grant\"}", "grant",
         "reviewed"},
        {0}};
    tell(world, steps);
}

static void all_stories(struct world *world)
{
    tell_limit(world);
    tell_whole_letter(world);
    tell_amount(world);
    tell_stand_in(world);
}

STORY_PROGRAM("cli/story_authority", all_stories, 200)
