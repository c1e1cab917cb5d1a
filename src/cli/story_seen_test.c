/* Stories of who sees what of a case, and of who stands in for whom, on both engines: each ends, as all
 * stories do, by replaying the journal and comparing the tables. */
#include "approval/case/view.h"
#include "cli/story_testing.h"

#define ONE_WRONG                                                                                  \
    "{\"materials\":[{\"code\":\"m1\",\"state\":\"checked\"},{\"code\":\"m2\",\"state\":"          \
    "\"wrong\",\"note\":\"宗地图未盖测绘资质章\"},{\"code\":\"m3\",\"state\":\"checked\"},"        \
    "{\"code\":\"m4\",\"state\":\"checked\"},{\"code\":\"m5\",\"state\":\"checked\"}]}"

/* The history names every paper of a list; what is wrong with one is told to those who may see. */
static void tell_lists(struct world *world)
{
    static const struct step checked[] = {
        HANDED_IN("2014-05-05"),
        {"2014-05-05 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},
        {"2014-05-05 09:04", "land-clerk", "case.check",
         "{\"materials\":[{\"code\":\"m1\",\"state\":\"file\"}]}", "malformed", "received"},
        {"2014-05-05 09:04", "land-clerk", "case.check",
         "{\"materials\":[{\"code\":\"m1\",\"state\":\"none\"}]}", "missing", "received"},
        {"2014-05-05 09:05", "land-clerk", "case.check", ONE_WRONG, "ok", "received"},
        {0},
    };
    static const struct step notice[] = {
        {"2014-05-05 09:12", "land-clerk", "case.supplement", NULL, "ok", "supplement"}, {0}};
    tell(world, checked);
    struct text clerk = case_seen_by(world, "land-clerk");
    assert_true(says(clerk, "：已核对\\n"));
    assert_true(says(clerk, "：不符合要求，宗地图未盖测绘资质章\\n"));
    /* In instalments is what article 32 forbids: the applicant hears it from the notice. */
    assert_false(says(case_seen_by_applicant(world), "：不符合要求"));
    tell(world, notice);
    assert_true(says(case_seen_by_applicant(world),
                     "{\"label\":\"需补正材料\",\"value\":\""));
    assert_true(says(case_seen_by_applicant(world), "：不符合要求，宗地图未盖测绘资质章\"}"));
    struct text watcher = case_seen_by(world, "supervisor");
    assert_true(says(watcher, "：不符合要求\""));
    assert_false(says(watcher, "测绘资质章"));
    assert_false(says(case_seen_by(world, "market-clerk"), "测绘资质章"));
    assert_false(journal_says(world, "测绘资质章"));
}

#define REVIEWED(day)                                                                              \
    HANDED_IN(day), {day " 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},                \
        {day " 09:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},                          \
        {day " 09:12", "land-clerk", "case.accept", NULL, "ok", "accepted"},                       \
    {                                                                                              \
        day " 10:00", "land-reviewer", "case.review",                                              \
            "{\"recommendation\":\"refuse\",\"opinion\":\"界线有争议\"}", "ok", "reviewed"         \
    }

/* What the reviewer recommends is for those who handle the case, before a decision and after. */
static void tell_recommendation(struct world *world)
{
    static const struct step reviewed[] = {REVIEWED("2014-05-06"), {0}};
    static const struct step decided[] = {
        {"2014-05-06 10:30", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok",
         "granted"},
        {0}};
    for (int after = 0; after < 2; after++) {
        tell(world, after ? decided : reviewed);
        assert_false(journal_says(world, "recommendation"));
        assert_false(journal_says(world, "refuse"));
        assert_false(journal_says(world, "争议"));
        assert_true(says(case_seen_by(world, "land-verifier"), "\"recommendation\":\"refuse\""));
        assert_true(says(case_seen_by(world, "land-verifier"),
                         "{\"label\":\"审查建议\",\"value\":\"不予许可\"}"));
        static const char *const others[] = {"supervisor", "market-clerk"};
        for (size_t i = 0; i < 2; i++) {
            assert_false(says(case_seen_by(world, others[i]), "\"refuse\""));
            assert_false(says(case_seen_by(world, others[i]), "审查建议"));
        }
        assert_false(says(case_seen_by_applicant(world), "\"refuse\""));
        assert_false(says(case_seen_by_applicant(world), "审查建议"));
    }
    assert_int_equal(case_now(world).recommendation, DECISION_REFUSE);
    /* By which letter it was decided, and what that allows. */
    assert_true(says(case_seen_by_applicant(world),
                     "{\"label\":\"授权书\",\"value\":\"平国土资授〔2014〕1号（"));
}

#define OLD_HASH "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NEW_HASH "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static bool opens(struct world *world, const char *who, const char *hash)
{
    struct text sha256 = text_of(hash);
    struct text got = seen(world, "files.file", who, &sha256);
    assert_true(!got.len || text_is(got, hash));
    return got.len > 0;
}

/* Neither its page nor a line in the list: every post is told that there is no such case. */
static void draft_is_kept_back(struct world *world)
{
    static const char *const posts[] = {"land-clerk", "market-clerk", "land-head", "supervisor",
                                        "manager"};
    const struct desk_ask all = {0}, one = {.case_no = world->case_no};
    const char *row = text_format(world->arena, "%.*s\",\"item_name", TEXT_ARG(world->case_no)).at;
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        assert_int_equal(case_seen_by(world, posts[i]).len, 0);
        assert_false(says(seen(world, "case.list", posts[i], &all), row));
        assert_false(says(seen(world, "case.list", posts[i], &one), row));
    }
}

/* A draft and its files are the applicant's alone; handed in they are the department's to read; what
 * tells which paper it was is in nobody's public journal. */
static void tell_files(struct world *world)
{
    static const struct step drafted[] = {
        {"2014-05-07 08:30", "citizen", "case.draft", "{\"item_code\":\"011-001\"}", "ok", "draft"},
        {"2014-05-07 08:31", "citizen", "case.applicant", APPLICANT, "ok", NULL},
        {"2014-05-07 08:32", "citizen", "case.matter",
         "{\"matter\":\"土地分割登记\",\"area_m2\":36500}", "ok", NULL},
        {0},
    };
    static const struct step handed_in[] = {
        {"2014-05-07 08:40", "citizen", "case.submit", "{\"declared\":true}", "ok", "submitted"},
        {0}};
    static const char *const staff[] = {"land-clerk", "land-head", "manager"};
    tell(world, drafted);
    upload(world, "2014-05-07 08:33", "m1", OLD_HASH);
    upload(world, "2014-05-07 08:34", "m1", NEW_HASH);
    for (size_t i = 0; i < 3; i++) {
        assert_false(opens(world, staff[i], OLD_HASH));
        assert_false(opens(world, staff[i], NEW_HASH));
        assert_false(says(case_seen_by(world, staff[i]), NEW_HASH));
        assert_false(says(case_seen_by(world, staff[i]), "张三申请书"));
    }
    draft_is_kept_back(world);
    assert_true(says(case_seen_by_applicant(world), NEW_HASH));
    tell(world, handed_in);
    const struct desk_ask all = {0};
    assert_true(says(seen(world, "case.list", "land-clerk", &all),
                     text_format(world->arena, "%.*s\",\"item_name", TEXT_ARG(world->case_no)).at));
    for (size_t i = 0; i < 3; i++) {
        /* What was replaced was never handed in. */
        assert_false(opens(world, staff[i], OLD_HASH));
        assert_true(opens(world, staff[i], NEW_HASH));
        assert_true(says(case_seen_by(world, staff[i]), NEW_HASH));
    }
    assert_false(opens(world, "market-clerk", NEW_HASH));
    assert_false(says(case_seen_by(world, "market-clerk"), NEW_HASH));
    assert_false(says(case_seen_by(world, "supervisor"), NEW_HASH));
    static const char *const telling[] = {OLD_HASH, NEW_HASH, "张三", "48213", "sha256"};
    for (size_t i = 0; i < 5; i++)
        if (journal_says(world, telling[i]))
            fail_msg("the journal says %s", telling[i]);
    assert_true(journal_says(world, "application/pdf"));
}

/* The case that was given while another department's looks on: it is another's draft that is kept
 * back, not the paper. The same bytes handed in by somebody else are that case's to read. */
static void tell_same_bytes(struct world *world)
{
    static const struct step drafted[] = {
        {"2014-05-07 09:30", "citizen", "case.draft", "{\"item_code\":\"011-001\"}", "ok", "draft"},
        {0}};
    tell(world, drafted);
    upload(world, "2014-05-07 09:33", "m1", NEW_HASH);
    upload(world, "2014-05-07 09:34", "m2", OLD_HASH);
    assert_true(opens(world, "land-clerk", NEW_HASH));
    assert_false(opens(world, "land-clerk", OLD_HASH));
}

static void absence(struct world *world, const char *at, const char *who, const char *of,
                    const char *first, const char *last, const char *expect)
{
    const char *input =
        text_format(world->arena,
                    "{\"account_id\":%lld,\"first_date\":\"%s\",\"last_date\":\"%s\","
                    "\"reason\":\"赴嘉兴参加业务培训\"}",
                    (long long)actor_named(world, of).account, first, last)
            .at;
    struct step steps[] = {{at, who, "identity.absence.record", input, expect, NULL}, {0}};
    tell(world, steps);
}

static int64_t absence_of(struct world *world, const char *login)
{
    static const struct db_sql last = {
        "SELECT max(absence_id) AS id FROM absence WHERE region = $1 AND account_id = $2"};
    struct db_rows rows;
    struct fault why = {0};
    assert_true(db_select(db_reader(world->db), &last,
                          DB_ARGS(db_int(REGION), db_int(actor_named(world, login).account)),
                          world->arena, &rows, &why));
    return db_cell_int(&rows, 0, "id");
}

/* The substitute decides on the days on which the chief approver is away, and on no other. */
static void tell_substitute(struct world *world)
{
    static const struct step there[] = {
        REVIEWED("2014-05-08"),
        {"2014-05-08 10:10", "land-verifier-b", "case.decide", "{\"outcome\":\"grant\"}", "grant",
         "reviewed"},
        {0}};
    static const struct step not_yet[] = {
        {"2014-05-08 10:30", "land-verifier-b", "case.decide", "{\"outcome\":\"grant\"}", "grant",
         "reviewed"},
        {0}};
    static const struct step away[] = {
        {"2014-05-09 09:00", "land-verifier-b", "case.decide", "{\"outcome\":\"grant\"}", "ok",
         "granted"},
        REVIEWED("2014-05-12"),
        {0}};
    static const struct step back[] = {
        {"2014-05-12 10:40", "land-verifier-b", "case.decide", "{\"outcome\":\"grant\"}", "grant",
         "reviewed"},
        {"2014-05-12 10:41", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok",
         "granted"},
        {0}};
    tell(world, there);
    absence(world, "2014-05-08 10:20", "land-reviewer", "land-verifier", "2014-05-09",
            "2014-05-16", "department");
    absence(world, "2014-05-08 10:20", "market-head", "land-verifier", "2014-05-09", "2014-05-16",
            "department");
    absence(world, "2014-05-08 10:20", "land-verifier", "land-verifier", "2014-05-07",
            "2014-05-16", "too_late");
    absence(world, "2014-05-08 10:21", "land-head", "land-verifier", "2014-05-09", "2014-05-16",
            "ok");
    absence(world, "2014-05-08 10:22", "land-verifier", "land-verifier", "2014-05-16",
            "2014-05-20", "conflict");
    tell(world, not_yet);
    /* The stand-in sees that it is so, not why; the reason is the person's and the head's. */
    struct text stand_in = seen(world, "identity.absences", "land-verifier-b", NULL);
    assert_true(says(stand_in, "2014-05-16"));
    assert_false(says(stand_in, "业务培训"));
    assert_true(says(seen(world, "identity.absences", "land-head", NULL), "业务培训"));
    assert_false(says(seen(world, "identity.absences", "market-head", NULL), "2014-05-16"));
    tell(world, away);
    /* Back before the time. */
    const char *which =
        text_format(world->arena, "{\"absence_id\":%lld}",
                    (long long)absence_of(world, "land-verifier"))
            .at;
    struct step end[] = {
        {"2014-05-12 10:30", "market-head", "identity.absence.end", which, "department", NULL},
        {"2014-05-12 10:31", "land-verifier", "identity.absence.end", which, "ok", NULL},
        {"2014-05-12 10:32", "land-verifier", "identity.absence.end", which, "once", NULL},
        {0}};
    tell(world, end);
    tell(world, back);
}

static void all_stories(struct world *world)
{
    tell_lists(world);
    tell_recommendation(world);
    tell_files(world);
    tell_same_bytes(world);
    tell_substitute(world);
}

STORY_PROGRAM("cli/story_seen", all_stories, 200)
