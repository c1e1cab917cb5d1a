/* Stories of who looked at whose case, on both engines: what each sees for which reason, what the
 * applicant is told, what the auditor finds, and what alarms. */
#include "approval/case/view.h"
#include "cli/story_testing.h"

#define PERSON                                                                                     \
    "{\"applicant_type\":\"person\",\"applicant_name\":\"王小明\","                                \
    "\"id_number\":\"330482198001010016\",\"phone\":\"13800005678\",\"delivery_method\":\"window\"}"
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
        {"2014-05-05 09:14", "administrator", false, WHY_MASKED},
        /* here a reason is given */
        {"2014-05-05 10:01", "supervisor", true, WHY_REASON},
        {"2014-05-05 10:02", "administrator", false, WHY_MASKED}, /* not theirs */
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
    int64_t entry;
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
    assert_true(says(seen(world, "trace.looks", "administrator", &all),
                     "\"cause\":\"closed\",\"subjects\":11,\"most\":10"));
}

static void all_stories(struct world *world)
{
    tell(world, of_a_person);
    tell_why(world);
    tell_applicant(world);
    tell_auditor(world);
    tell_alarm(world);
}

STORY_PROGRAM("cli/story_trace", all_stories, 200)
