/* Stories of undoing, on both engines: each kind of step is undone and taken again, the case stands as
 * before, what others did or told to the applicant cannot be undone, and replaying agrees. */
#include "cli/story_testing.h"

#define ACT(at_, who_, command_, input_, expect_, state_)                                          \
    tell(world, (const struct step[]){{at_, who_, command_, input_, expect_, state_}, {0}})
#define WRONG                                                                                      \
    "{\"materials\":[{\"code\":\"m1\",\"state\":\"wrong\",\"note\":\"申请书没有盖章\"},"           \
    "{\"code\":\"m2\",\"state\":\"checked\"}]}"
#define OPINION "{\"recommendation\":\"grant\",\"opinion\":\"权属清楚，材料齐全，建议准予。\"}"
#define BACK "{\"reason\":\"四至界线与宗地图不一致，请核对后重报。\"}"

/* The last entry about the case, or one before it. */
static const char *entry(struct world *world, int64_t before)
{
    static const struct db_sql last = {
        "SELECT idx FROM journal WHERE region = $1 AND subject = $2 ORDER BY idx DESC"};
    struct db_rows rows;
    struct fault why = {0};
    assert_true(db_select(db_reader(world->db), &last,
                          DB_ARGS(db_int(REGION),
                                  db_text(case_subject(world->case_id, world->arena))),
                          world->arena, &rows, &why));
    return text_format(world->arena, "{\"index\":%lld}",
                       (long long)db_cell_int(&rows, (size_t)before, "idx"))
        .at;
}

static int64_t material_states(struct world *world, const char *state)
{
    static const struct db_sql count = {"SELECT COUNT(*) AS n FROM case_material WHERE region = $1 "
                                        "AND case_id = $2 AND state = $3"};
    struct db_rows rows;
    struct fault why = {0};
    assert_true(db_select(db_reader(world->db), &count,
                          DB_ARGS(db_int(REGION), db_int(world->case_id), db_text(text_of(state))),
                          world->arena, &rows, &why));
    return db_cell_int(&rows, 0, "n");
}

static void tell_at_the_window(struct world *world)
{
    static const struct step begun[] = {HANDED_IN("2014-05-05"), {0}};
    tell(world, begun);
    struct case_file before = case_now(world);
    int64_t papers = material_states(world, "paper");
    ACT("2014-05-05 09:00", "land-clerk", "case.receive", NULL, "ok", "received");
    assert_true(says(case_seen_by(world, "land-clerk"), "\"undo_title\":\"接件\""));
    assert_true(says(case_seen_by(world, "land-head"), "\"undo_title\":\"\""));
    ACT("2014-05-05 09:01", "land-head", "case.undo", entry(world, 0), "too_late", "received");
    ACT("2014-05-05 09:01", "market-clerk", "case.undo", entry(world, 0), "department", "received");
    ACT("2014-05-05 09:01", "land-clerk", "case.undo", entry(world, 1), "too_late", "received");
    ACT("2014-05-05 09:09", "land-clerk", "case.undo", entry(world, 0), "ok", "submitted");
    struct case_file after = case_now(world);
    assert_int_equal(after.received_at, 0);
    assert_int_equal(after.due_at, before.due_at);
    assert_true(says(case_seen_by_applicant(world), "工作人员撤销了上一步：接件。"));
    ACT("2014-05-05 09:09", "land-clerk", "case.undo", entry(world, 0), "too_late", "submitted");
    ACT("2014-05-05 09:10", "land-clerk", "case.receive", NULL, "ok", "received");
    ACT("2014-05-05 09:11", "land-clerk", "case.check", WRONG, "ok", "received");
    assert_int_equal(material_states(world, "wrong"), 1);
    ACT("2014-05-05 09:12", "land-clerk", "case.undo", entry(world, 0), "ok", "received");
    assert_int_equal(material_states(world, "wrong") + material_states(world, "checked"), 0);
    assert_int_equal(material_states(world, "paper"), papers);
    /* That a check was undone does not make the step before it one's last again. */
    ACT("2014-05-05 09:13", "land-clerk", "case.undo", entry(world, 2), "too_late", "received");
}

static void tell_inside(struct world *world)
{
    ACT("2014-05-05 09:20", "land-clerk", "case.check", ALL_GOOD, "ok", "received");
    ACT("2014-05-05 09:31", "land-clerk", "case.undo", entry(world, 0), "too_late", "received");
    ACT("2014-05-05 09:32", "land-clerk", "case.accept", NULL, "ok", "accepted");
    assert_true(says(case_seen_by(world, "land-clerk"), "受理决定作出后不能撤销"));
    ACT("2014-05-05 09:33", "land-clerk", "case.undo", entry(world, 0), "state", "accepted");
    ACT("2014-05-05 10:00", "land-reviewer", "case.review", OPINION, "ok", "reviewed");
    ACT("2014-05-05 10:05", "land-reviewer", "case.undo", entry(world, 0), "ok", "accepted");
    assert_int_equal(case_now(world).reviewed_at, 0);
    ACT("2014-05-05 10:06", "land-reviewer", "case.review", OPINION, "ok", "reviewed");
    struct case_file before = case_now(world);
    ACT("2014-05-05 10:07", "land-verifier", "case.return", BACK, "ok", "accepted");
    ACT("2014-05-05 10:07", "land-reviewer", "case.undo", entry(world, 0), "too_late", "accepted");
    ACT("2014-05-05 10:08", "land-verifier", "case.undo", entry(world, 0), "ok", "reviewed");
    struct case_file after = case_now(world);
    assert_true(text_equal(after.reviewer, before.reviewer) && after.reviewer.len);
    assert_int_equal(after.recommendation, DECISION_GRANT);
    assert_int_equal(after.reviewed_at, before.reviewed_at);
    ACT("2014-05-05 10:09", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok",
        "granted");
    ACT("2014-05-05 10:10", "land-verifier", "case.undo", entry(world, 0), "state", "granted");
    /* What somebody thinks of the case is not in the public part. */
    assert_false(journal_says(world, "申请书没有盖章"));
    assert_true(journal_says(world, "\"undone_kind\":\"case.returned\""));
}

static void all_stories(struct world *world)
{
    tell_at_the_window(world);
    tell_inside(world);
}

STORY_PROGRAM("cli/story_undo", all_stories, 100)
