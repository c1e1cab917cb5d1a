/* Stories of who looked at whose case, on both engines: what each sees for which reason, what the
 * applicant is told, what the auditor finds, and what alarms. */
#include "approval/case/view.h"
#include "cli/story_testing.h"

#define PERSON                                                                                     \
    "{\"applicant_type\":\"person\",\"applicant_name\":\"王小明\","                                \
    "\"id_number\":\"330482198001010016\",\"phone\":\"13800005678\",\"delivery_method\":\"window\","  \
    "\"address\":\"平湖市当湖街道东湖大道1号\"}"
static const struct step handed_in[] = {
    HANDED_IN("2014-05-05"),
    {0},
};
static const struct step of_a_person[] = {
    {"2014-05-05 08:35", "citizen", "case.draft", "{\"item_code\":\"011-001\"}", "ok", "draft"},
    {"2014-05-05 08:36", "citizen", "case.applicant", PERSON, "ok", NULL},
    {"2014-05-05 08:37", "citizen", "case.matter",
     "{\"matter\":\"祖宅分割登记\",\"area_m2\":120}", "ok", NULL},
    PAPER("2014-05-05 08:38", "m1"), PAPER("2014-05-05 08:38", "m2"),
    PAPER("2014-05-05 08:38", "m3"), PAPER("2014-05-05 08:38", "m4"),
    PAPER("2014-05-05 08:38", "m5"),
    {"2014-05-05 08:40", "citizen", "case.submit", "{\"declared\":true}", "ok", "submitted"},
    {0},
};

static bool whole(struct text page)
{
    bool named = says(page, "王小明");
    assert_int_equal(named, says(page, "13800005678"));
    assert_int_equal(named, says(page, "祖宅"));
    assert_int_equal(!named, says(page, "138****5678"));
    assert_int_equal(named, says(page, "东湖大道"));
    assert_true(says(page, "平湖市当湖街道"));
    assert_false(says(page, "330482198001010016"));
    assert_true(says(page, "330482********0016"));
    return named;
}

/* Who sees the case when, whole or masked, and what is written down as the reason. */
static void tell_why(struct world *world)
{
    static const struct step give[] = {
        {"2014-05-05 10:00", "supervisor", "case.look_reason", "{\"reason\":\"短\"}", "too_short",
         NULL},
        {"2014-05-05 10:00", "land-clerk", "case.look_reason", "{\"reason\":\"信访件核查需要\"}",
         "state", NULL},
        {"2014-05-05 10:00", "supervisor", "case.look_reason", "{\"reason\":\"信访件核查需要\"}",
         "ok", "submitted"},
        {0}};
    const struct case_only only = {world->case_id};
    const struct {
        const char *at, *who;
        bool whole;
        int64_t why;
    } looks[] = {
        {"2014-05-05 09:10", "land-clerk", true, WHY_DUTY},
        {"2014-05-05 09:11", "manager", true, WHY_DUTY},
        {"2014-05-05 09:12", "market-clerk", false, WHY_MASKED},
        {"2014-05-05 09:13", "supervisor", false, WHY_MASKED},
        {"2014-05-05 09:14", "market-head", false, WHY_MASKED},
        /* here a reason is given */
        {"2014-05-05 10:01", "supervisor", true, WHY_REASON},
        {"2014-05-05 10:02", "market-head", false, WHY_MASKED}, /* not theirs */
        {"2014-06-04 09:59", "supervisor", true, WHY_REASON},
        {"2014-06-04 10:01", "supervisor", false, WHY_MASKED}, /* thirty days later */
    };
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        if (i == 5)
            tell(world, give);
        struct text page = traced(world, looks[i].at, looks[i].who, "case.page", &only);
        if (whole(page) != looks[i].whole || world->shown.why != looks[i].why)
            fail_msg("%s at %s: why %lld", looks[i].who, looks[i].at, (long long)world->shown.why);
        assert_int_equal(world->shown.masked, !looks[i].whole);
    }
    assert_false(journal_says(world, "look"));
}

/* Organisation, post, time and reason; nobody's name, no account, no address. */
static void tell_applicant(struct world *world)
{
    struct case_material_key key = {world->case_no, world->query_code, TEXT("")};
    struct text told = seen(world, "case.my_looks", "citizen", &key);
    static const char *const words[] = {"平湖市国土资源局",  "\"post\":\"clerk\"",
                                        "2014-05-05T09:10", "\"why\":\"duty\"",
                                        "信访件核查需要",   "\"post\":\"supervisor\"",
                                        "\"why\":\"masked\""};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!says(told, words[i]))
            fail_msg("the applicant is not told %s: %.*s", words[i], TEXT_ARG(told));
    struct text display = actor_named(world, "land-clerk").display;
    assert_true(display.len > 0);
    assert_false(says(told, text_cstr(world->arena, display)));
    assert_false(says(told, "10.1.2.3"));
    assert_false(says(told, "account"));
    assert_int_equal(world->shown.why, WHY_KEY);
}

struct asked { /* as trace/view.c's query begins */
    struct text number, login, from;
    int64_t day, before;
};

static int rows_of(struct text page)
{
    int count = 0;
    ptrdiff_t at;
    while ((at = text_find(page, TEXT("\"look_title\""))) >= 0) {
        page = text_slice(page, (size_t)at + 5, page.len);
        count++;
    }
    return count;
}

/* The auditor finds by case, person, looker, address and day; who is no auditor finds nothing. */
static void tell_auditor(struct world *world)
{
    const struct {
        struct asked ask;
        int rows;
    } searches[] = {
        {{.number = world->case_no}, 9},
        {{.number = TEXT("330482198001010016")}, 9},
        {{.number = TEXT("330482200002290021")}, 0},
        {{.number = world->case_no, .login = TEXT("supervisor")}, 4},
        {{.login = TEXT("supervisor")}, 4},
        {{.login = TEXT("nobody")}, 0},
        {{.from = TEXT("10.1.2.3")}, 9},
        {{.from = TEXT("10.1.2.4")}, 0},
        {{.day = time_date(moment("2014-06-04 09:00"))}, 2},
        {{.day = time_date(moment("2014-06-05 09:00"))}, 0},
        {{.before = 0}, 9},
    };
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        struct text page = seen(world, "trace.looks", "supervisor", &searches[i].ask);
        if (rows_of(page) != searches[i].rows)
            fail_msg("search %zu: %d rows", i, rows_of(page));
        assert_int_equal(world->shown.persons, searches[i].rows);
        assert_false(says(world->shown.asked, "19800101"));
    }
    struct text page = seen(world, "trace.looks", "supervisor", &searches[0].ask);
    assert_true(says(page, "信访件核查需要") && says(page, "10.1.2.3"));
    assert_true(says(page, text_cstr(world->arena, actor_named(world, "market-clerk").display)));
    /* Older than a row: the keyset. */
    int64_t entry = 0;
    struct text first = page, rest = text_slice(
        page, (size_t)text_find(page, TEXT("\"entry\":")) + 8, page.len);
    assert_true(text_cut(&rest, ',', &first) && text_int(first, &entry));
    struct asked older = {.before = entry};
    assert_int_equal(rows_of(seen(world, "trace.looks", "supervisor", &older)), 8);
}

static int64_t alarms(struct world *world)
{
    static const struct db_sql count = {
        "SELECT COUNT(*) AS alarms FROM look_alarm WHERE region = $1"};
    struct db_rows rows;
    struct fault why = {0};
    assert_true(db_select(db_reader(world->db), &count, DB_ARGS(db_int(REGION)), world->arena,
                          &rows, &why));
    return db_cell_int(&rows, 0, "alarms");
}

/* One after another in the evening: the eleventh alarms, once; by day as many are a day's work. */
static void tell_alarm(struct world *world)
{
    struct desk_ask desk = {0};
    struct case_only only[12];
    for (size_t i = 0; i < 12; i++) {
        tell(world, handed_in);
        only[i].case_id = world->case_id;
    }
    for (size_t i = 0; i < 12; i++)
        traced(world, "2014-06-05 10:00", "land-clerk", "case.page", &only[i]);
    assert_int_equal(alarms(world), 0);
    for (size_t i = 0; i < 10; i++)
        traced(world, "2014-06-05 21:00", "land-clerk", "case.page", &only[i]);
    for (size_t i = 0; i < 10; i++)
        traced(world, "2014-06-05 21:05", "land-clerk", "case.page", &only[i]);
    assert_int_equal(alarms(world), 0);
    traced(world, "2014-06-05 21:30", "land-clerk", "case.page", &only[10]);
    assert_int_equal(alarms(world), 1);
    traced(world, "2014-06-05 21:31", "land-clerk", "case.page", &only[11]);
    assert_int_equal(alarms(world), 1);
    assert_true(says(seen(world, "case.desk", "supervisor", &desk), "\"alarms\":1"));
    assert_false(says(seen(world, "case.desk", "land-clerk", &desk), "\"alarms\":1"));
    struct asked all = {0};
    assert_true(says(seen(world, "trace.looks", "auditor", &all),
                     "\"cause\":\"closed\",\"subjects\":11,\"most\":10"));
}

/* Through review, a special procedure, an extension and a decision: every private word is there. */
static const struct step worked_at[] = {
    {"2014-06-06 08:35", "citizen", "case.draft", "{\"item_code\":\"011-001\"}", "ok", "draft"},
    {"2014-06-06 08:36", "citizen", "case.applicant", PERSON, "ok", NULL},
    {"2014-06-06 08:37", "citizen", "case.matter",
     "{\"matter\":\"祖宅分割登记\",\"details\":\"兄弟二人\",\"area_m2\":120}", "ok", NULL},
    PAPER("2014-06-06 08:38", "m2"), PAPER("2014-06-06 08:38", "m3"),
    PAPER("2014-06-06 08:38", "m4"), PAPER("2014-06-06 08:38", "m5"),
    {0},
};
static const struct step ended[] = {
    {"2014-06-06 08:40", "citizen", "case.submit", "{\"declared\":true}", "ok", "submitted"},
    {"2014-06-06 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},
    {"2014-06-06 09:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},
    {"2014-06-06 09:12", "land-clerk", "case.accept", NULL, "ok", "accepted"},
    {"2014-06-09 09:00", "land-reviewer", "case.suspend",
     "{\"kind\":\"hearing\",\"paper\":\"平国土资听〔2014〕1号\",\"planned_days\":5,"
     "\"reason\":\"申请人要求听证\"}", "ok", "suspended"},
    {"2014-06-11 09:00", "land-reviewer", "case.resume", "{\"result\":\"听证完毕\"}", "ok",
     "accepted"},
    {"2014-06-11 09:30", "land-head", "case.extend",
     "{\"days\":3,\"reason\":\"需要补充调查宗地四至界线情况\"}", "ok", NULL},
    {"2014-06-12 10:00", "land-reviewer", "case.review",
     "{\"recommendation\":\"grant\",\"opinion\":\"界线清楚\"}", "ok", "reviewed"},
    {"2014-06-12 11:00", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok", "granted"},
    {"2014-06-12 14:00", "land-clerk", "case.issue",
     "{\"certificate_no\":\"平湖国用（2014）第00001号\"}", "ok", "issued"},
    {"2014-06-13 09:00", "supervisor", "case.look_reason",
     "{\"reason\":\"王小明来信反映办理情况\"}", "ok", NULL},
    {0},
};
static const struct step handed_over[] = {
    {"2014-06-13 10:00", "land-clerk", "case.deliver",
     "{\"method\":\"window\",\"recipient\":\"王小明\"}", "ok", "delivered"},
    {0},
};

static void erase(struct world *world, const char *at, int64_t ground, enum refusal expect)
{
    struct fault why = {0};
    struct case_erase input = {world->case_id, ground};
    struct job job = {.command = &case_erase_command,
                      .region = REGION,
                      .actor = cli_actor(),
                      .input = &input,
                      .arena = world->arena};
    struct job *jobs[] = {&job};
    world->now_ms = moment(at);
    assert_true(flow_run(world->flow, jobs, 1, &why));
    if (job.end == JOB_FAULT)
        fail_msg("erase: %s", job.fault.why);
    assert_int_equal(job.refusal, expect);
}

/* How many private bodies hold these words. */
static int64_t bodies_with(struct world *world, const char *words)
{
    static const struct db_sql count = {
        "SELECT COUNT(*) AS bodies FROM journal_private WHERE region = $1 AND body LIKE $2"};
    struct db_rows rows;
    struct fault why = {0};
    struct text like = text_format(world->arena, "%%%s%%", words);
    assert_true(db_select(db_reader(world->db), &count, DB_ARGS(db_int(REGION), db_text(like)),
                          world->arena, &rows, &why));
    return db_cell_int(&rows, 0, "bodies");
}

/* What is private is forgotten when its time has come, or on a ground of the law; the case, its looks
 * and all proofs stay, and replay agrees, as at the end of every story. */
static void tell_erase(struct world *world)
{
    static const char *const gone[] = {"祖宅分割登记", "兄弟二人", "听〔2014〕1号", "宗地四至",
                                       "界线清楚",     "00001号",  "来信反映",      "张三申请书"};
    tell(world, worked_at);
    const struct case_only now = {world->case_id};
    upload(world, "2014-06-06 08:39", "m1",
           "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc");
    tell(world, ended);
    assert_true(whole(traced(world, "2014-06-13 09:10", "supervisor", "case.page", &now)));
    erase(world, "2014-06-13 09:30", ERASE_EXPIRED, REFUSED_STATE);
    tell(world, handed_over);
    erase(world, "2014-06-13 11:00", ERASE_EXPIRED, REFUSED_NOT_YET);
    int64_t others = bodies_with(world, "祖宅分割登记") - 1;
    assert_true(others > 0); /* the first story's, which is the same person's and stays */
    erase(world, "2014-06-13 11:01", ERASE_WITHDRAWN, OK);
    erase(world, "2014-06-13 11:02", ERASE_WITHDRAWN, REFUSED_ONCE);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        if (bodies_with(world, gone[i]) != (i ? 0 : others))
            fail_msg("%s is not forgotten", gone[i]);
    struct text page = traced(world, "2014-06-13 13:40", "land-clerk", "case.page", &now);
    assert_false(says(page, "王") || says(page, "祖宅") || says(page, "00001号"));
    assert_true(says(page, "\"erased_at\":\"2014-06-13") && says(page, "准予许可"));
    struct case_material_key key = {world->case_no, world->query_code, TEXT("")};
    assert_int_equal(seen(world, "case.my_case", "citizen", &key).len, 0);
    struct asked of = {.number = world->case_no};
    struct text looks = seen(world, "trace.looks", "supervisor", &of);
    assert_int_equal(rows_of(looks), 2);
    assert_false(says(looks, "来信反映"));
}

static const struct step worked_at_last[] = {
    HANDED_IN("2014-06-16"),
    {"2014-06-16 16:00", "citizen", "case.withdraw", "{\"reason\":\"另行办理\"}", "ok", "withdrawn"},
    {0},
};

/* Ten years after its end, and not a day before. */
static void tell_expired(struct world *world)
{
    tell(world, worked_at_last);
    erase(world, "2024-06-20 09:00", ERASE_EXPIRED, REFUSED_NOT_YET);
    erase(world, "2024-06-25 09:00", ERASE_EXPIRED, OK);
}

static void all_stories(struct world *world)
{
    tell(world, of_a_person);
    tell_why(world);
    tell_applicant(world);
    tell_auditor(world);
    tell_alarm(world);
    tell_erase(world);
    tell_expired(world);
}

STORY_PROGRAM("cli/story_trace", all_stories, 200)
