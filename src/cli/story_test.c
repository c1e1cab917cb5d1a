/* Stories of citizens and clerks, told as steps through the conductor on a city set up from its
 * folder, on both engines. Every story ends by replaying the journal and comparing the tables. */
#include "cli/story_testing.h"

/* Publishes the city's item again, with another promise. */
static void publish_with_promise(struct world *world, const char *code, int64_t days)
{
    struct city city;
    struct yaml_errors errors = {.arena = world->arena};
    struct fault why = {0};
    struct item *item = NULL;
    assert_true(city_load("cities/pinghu", world->arena, &city, &errors));
    struct item *items = city.items.items;
    for (size_t i = 0; i < city.items.count; i++)
        if (text_is(items[i].code, code))
            item = &items[i];
    assert_non_null(item);
    item->promised_days = days;
    struct job job = {.command = command_named("catalogue.item.publish"),
                      .region = REGION,
                      .actor = {.name = TEXT("system"), .roles = ROLE_IMPORTER},
                      .input = item,
                      .arena = world->arena};
    struct job *jobs[] = {&job};
    random_bytes(job.luck, sizeof job.luck);
    assert_true(flow_run(world->flow, jobs, 1, &why));
    if (job.end != JOB_DONE)
        fail_msg("publish: %s %s", refusal_text(job.refusal)->name, job.fault.why);
}

/* The report's own story: accepted and delivered on Sunday 4 May 2014, a make-up workday. */
static const struct step land_certificate[] = {
    HANDED_IN("2014-05-04"),
    {"2014-05-04 08:41", "market-clerk", "case.draft", "{\"item_code\":\"011-001\"}",
     "department", "submitted"},
    {"2014-05-04 08:50", "land-reviewer", "case.review",
     "{\"recommendation\":\"grant\",\"opinion\":\"材料齐全\"}", "state", "submitted"},
    {"2014-05-04 09:00", "land-clerk", "case.receive", NULL, "ok", "received"},
    {"2014-05-04 09:01", "market-clerk", "case.accept", NULL, "department", "received"},
    {"2014-05-04 09:02", "supervisor", "case.accept", NULL, "look_only", "received"},
    {"2014-05-04 09:03", "land-clerk", "case.accept", NULL, "material", "received"},
    {"2014-05-04 09:10", "land-clerk", "case.check", ALL_GOOD, "ok", "received"},
    {"2014-05-04 09:12", "land-clerk", "case.accept", NULL, "ok", "accepted"},
    {"2014-05-04 09:12", "land-clerk", "case.accept", NULL, "stale", "accepted"},
    {"2014-05-04 10:00", "land-clerk", "case.review",
     "{\"recommendation\":\"grant\",\"opinion\":\"材料齐全\"}", "role", "accepted"},
    {"2014-05-04 10:05", "land-reviewer", "case.review",
     "{\"recommendation\":\"grant\",\"opinion\":\"权属清楚，材料齐全，建议准予。\"}", "ok",
     "reviewed"},
    {"2014-05-04 10:20", "market-verifier", "case.decide", "{\"outcome\":\"grant\"}", "department",
     "reviewed"},
    {"2014-05-04 10:30", "land-verifier", "case.decide", "{\"outcome\":\"refuse\"}", "reason",
     "reviewed"},
    {"2014-05-04 10:31", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok",
     "granted"},
    {"2014-05-04 10:40", "land-clerk", "case.deliver",
     "{\"method\":\"window\",\"recipient\":\"王强\"}", "state", "granted"},
    {"2014-05-04 11:00", "land-clerk", "case.issue",
     "{\"certificate_no\":\"平湖国用（2014）第00001号\"}", "ok", "issued"},
    {"2014-05-04 14:20", "land-clerk", "case.deliver",
     "{\"method\":\"window\",\"recipient\":\"王强\"}", "ok", "delivered"},
    {0},
};

static void tell_land_certificate(struct world *world)
{
    tell(world, land_certificate);
    struct case_file file = case_now(world);
    assert_int_equal(file.used_days, 1);
    assert_int_equal(file.saved_days, 19);
    assert_int_equal(file.statutory_date, date_of(2014, 5, 30));
    assert_int_equal(time_date(file.delivered_at), date_of(2014, 5, 4));
}

/* A verifier may not verify what the same person reviewed, even with both roles and a letter. */
static const struct step same_person[] = {
    HANDED_IN("2014-05-05"),
    {"2014-05-05 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},
    {"2014-05-05 09:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},
    {"2014-05-05 09:12", "land-clerk", "case.accept", NULL, "ok", "accepted"},
    {"2014-05-05 10:05", "land-verifier-b", "case.review",
     "{\"recommendation\":\"grant\",\"opinion\":\"建议准予\"}", "ok", "reviewed"},
    {"2014-05-05 10:10", "land-verifier-b", "case.decide", "{\"outcome\":\"grant\"}",
     "same_person", "reviewed"},
    {"2014-05-05 10:20", "land-verifier", "case.return",
     "{\"reason\":\"四至界线与宗地图不一致，请核对后重报\"}", "ok", "accepted"},
    {"2014-05-05 10:30", "land-reviewer", "case.review",
     "{\"recommendation\":\"refuse\",\"opinion\":\"界线有争议\"}", "ok", "reviewed"},
    {"2014-05-05 10:40", "land-verifier", "case.decide",
     "{\"outcome\":\"refuse\",\"reason\":\"申请登记的土地权属有争议，尚未解决。\"}", "ok",
     "refused"},
    {"2014-05-05 10:41", "citizen", "case.withdraw", NULL, "too_late", "refused"},
    {0},
};

/* Silence of five working days is acceptance as of the day of receipt (law 32). */
static const struct step silence[] = {
    HANDED_IN("2014-05-06"),
    {"2014-05-13 16:59", "time", NULL, NULL, NULL, "submitted"},
    {"2014-05-14 08:00", "time", NULL, NULL, NULL, "accepted"},
    {0},
};

static void tell_silence(struct world *world)
{
    tell(world, silence);
    struct case_file file = case_now(world);
    assert_true(file.deemed);
    assert_int_equal(time_date(file.accepted_at), date_of(2014, 5, 6));
}

/* Everything missing is told at once and once only. */
#define ONE_WRONG                                                                                  \
    "{\"materials\":[{\"code\":\"m1\",\"state\":\"checked\"},{\"code\":\"m2\",\"state\":"          \
    "\"wrong\",\"note\":\"宗地图未盖测绘资质章\"},{\"code\":\"m3\",\"state\":\"checked\"},"        \
    "{\"code\":\"m4\",\"state\":\"checked\"},{\"code\":\"m5\",\"state\":\"checked\"}]}"
static const struct step supplement[] = {
    HANDED_IN("2014-05-07"),
    {"2014-05-07 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},
    {"2014-05-07 09:05", "land-clerk", "case.supplement", NULL, "material", "received"},
    {"2014-05-07 09:06", "land-clerk", "case.check",
     "{\"materials\":[{\"code\":\"m2\",\"state\":\"wrong\"}]}", "reason", "received"},
    {"2014-05-07 09:10", "land-clerk", "case.check", ONE_WRONG, "ok", NULL},
    {"2014-05-07 09:12", "land-clerk", "case.supplement", NULL, "ok", "supplement"},
    {"2014-05-08 09:00", "citizen", "case.supplied", NULL, "material", "supplement"},
    PAPER("2014-05-08 09:10", "m2"),
    {"2014-05-08 09:11", "citizen", "case.supplied", NULL, "ok", "received"},
    {"2014-05-08 09:30", "land-clerk", "case.check", ONE_WRONG, "ok", NULL},
    {"2014-05-08 09:31", "land-clerk", "case.supplement", NULL, "once", "received"},
    {"2014-05-08 09:40", "land-clerk", "case.not_accept", "{\"reason\":\"太短\"}", "too_short",
     "received"},
    {"2014-05-08 09:41", "land-clerk", "case.not_accept",
     "{\"reason\":\"不属于本机关职权范围，请向市规划建设局申请。\"}", "ok", "not_accepted"},
    {0},
};

/* What is not supplied in time counts as withdrawn. */
static const struct step lapse[] = {
    HANDED_IN("2014-06-03"),
    {"2014-06-03 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},
    {"2014-06-03 09:10", "land-clerk", "case.check", ONE_WRONG, "ok", NULL},
    {"2014-06-03 09:12", "land-clerk", "case.supplement", "{\"supply_days\":5}", "ok",
     "supplement"},
    {"2014-06-10 16:00", "time", NULL, NULL, NULL, "supplement"},
    {"2014-06-11 08:00", "time", NULL, NULL, NULL, "withdrawn"},
    {0},
};

/* Special procedures stop the clock, one extension lengthens it, the authority above is waited for. */
static const struct step pauses[] = {
    HANDED_IN("2014-07-01"),
    {"2014-07-01 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},
    {"2014-07-01 09:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},
    {"2014-07-01 09:12", "land-clerk", "case.accept", NULL, "ok", "accepted"},
    {"2014-07-02 09:00", "land-reviewer", "case.suspend",
     "{\"kind\":\"hearing\",\"paper\":\"平国土听〔2014〕3号\"}", "missing", "accepted"},
    {"2014-07-02 09:01", "land-reviewer", "case.suspend",
     "{\"kind\":\"hearing\",\"paper\":\"平国土听〔2014〕3号\",\"planned_days\":10}", "ok",
     "suspended"},
    {"2014-07-02 09:02", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "stale",
     "suspended"},
    {"2014-07-09 09:00", "land-reviewer", "case.resume", "{\"result\":\"听证结束，无异议\"}", "ok",
     "accepted"},
    {"2014-07-09 10:00", "land-verifier", "case.extend",
     "{\"days\":11,\"reason\":\"案情复杂，需要补充调查取证\"}", "grant", "accepted"},
    {"2014-07-09 10:00", "land-head", "case.extend",
     "{\"days\":11,\"reason\":\"案情复杂，需要补充调查取证\"}", "limit", "accepted"},
    {"2014-07-09 10:01", "land-head", "case.extend",
     "{\"days\":10,\"reason\":\"案情复杂，需要补充调查取证\"}", "ok", "accepted"},
    {"2014-07-09 10:02", "land-head", "case.extend",
     "{\"days\":1,\"reason\":\"案情复杂，需要补充调查取证\"}", "once", "accepted"},
    {"2014-07-10 10:00", "land-verifier", "case.forward",
     "{\"to\":\"嘉兴市国土资源局\",\"paper\":\"平国土〔2014〕8号\"}", "ok", "forwarded"},
    {"2014-07-17 10:00", "land-reviewer", "case.answered",
     "{\"opinion\":\"同意\",\"paper\":\"嘉国土复〔2014〕2号\"}", "ok", "accepted"},
    {"2014-07-18 10:00", "citizen", "case.withdraw", "{\"reason\":\"项目调整\"}", "ok",
     "withdrawn"},
    {0},
};

static void tell_pauses(struct world *world)
{
    tell(world, pauses);
    struct case_file file = case_now(world);
    assert_int_equal(file.extended_days, 10);
    /* 20 working days from 2014-07-01 end on 07-29; 10 more on 08-12; out are 2-8 July (5 working
     * days) and 10-16 July (5): 2014-08-26. */
    assert_int_equal(file.statutory_date, date_of(2014, 8, 26));
}

/* Settled on the spot: no promised days, and a house that decides the same day has used one. */
static const struct step on_the_spot[] = {
    {"2014-08-05 09:00", "social-clerk", "case.draft", "{\"item_code\":\"010-001\"}", "ok", "draft"},
    {"2014-08-05 09:01", "social-clerk", "case.applicant", APPLICANT, "ok", NULL},
    {"2014-08-05 09:02", "social-clerk", "case.matter", "{\"matter\":\"新设企业社会保险登记\"}",
     "ok", NULL},
    {"2014-08-05 09:03", "social-clerk", "case.submit", "{\"declared\":true}", "ok", "received"},
    {"2014-08-05 09:05", "social-clerk", "case.check",
     "{\"materials\":[{\"code\":\"m1\",\"state\":\"checked\"},{\"code\":\"m2\",\"state\":"
     "\"checked\"}]}",
     "ok", NULL},
    {"2014-08-05 09:06", "social-clerk", "case.accept", NULL, "ok", "accepted"},
    {"2014-08-05 09:10", "social-reviewer", "case.review",
     "{\"recommendation\":\"grant\",\"opinion\":\"材料齐全\"}", "ok", "reviewed"},
    {"2014-08-05 09:12", "social-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok",
     "granted"},
    {0},
};

static void tell_on_the_spot(struct world *world)
{
    tell(world, on_the_spot);
    struct case_file file = case_now(world);
    assert_int_equal(file.kind, CASE_ON_SPOT);
    assert_int_equal(file.channel, CHANNEL_WINDOW);
    assert_int_equal(file.promised_date, date_of(2014, 8, 5));
    assert_int_equal(file.used_days, 1);
    /* Its limit of law is in calendar days: nothing saved is counted against it. */
    assert_int_equal(file.saved_days, 0);
}

/* A deferred paper (容缺): accepted against a promise, delivered only once it is there. */
#define ONE_DEFERRED                                                                               \
    "{\"materials\":[{\"code\":\"m1\",\"state\":\"checked\"},{\"code\":\"m2\",\"state\":"          \
    "\"checked\"},{\"code\":\"m3\",\"state\":\"checked\"},{\"code\":\"m4\",\"state\":"             \
    "\"checked\"},{\"code\":\"m5\",\"state\":\"checked\"},{\"code\":\"m7\",\"state\":"             \
    "\"deferred\"}]}"
#define ACCEPTED_WITH_A_GAP(day)                                                                   \
    HANDED_IN(day), {day " 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},                \
        {day " 09:10", "land-clerk", "case.check", ONE_DEFERRED, "ok", NULL},                      \
        {day " 09:11", "land-clerk", "case.accept", NULL, "material", "received"},                 \
    {                                                                                              \
        day " 09:12", "land-clerk", "case.accept", "{\"promise\":\"五个工作日内补交房产证\"}",    \
            "ok", "accepted"                                                                       \
    }
static const struct step gap_closed[] = {
    ACCEPTED_WITH_A_GAP("2014-08-06"),
    {"2014-08-06 10:00", "land-reviewer", "case.review",
     "{\"recommendation\":\"grant\",\"opinion\":\"建议准予\"}", "ok", "reviewed"},
    {"2014-08-06 10:10", "land-verifier", "case.decide", "{\"outcome\":\"grant\"}", "ok", "granted"},
    {"2014-08-06 10:20", "land-clerk", "case.issue",
     "{\"certificate_no\":\"平湖国用（2014）第00002号\"}", "ok", "issued"},
    {"2014-08-06 10:30", "land-clerk", "case.deliver",
     "{\"method\":\"window\",\"recipient\":\"王强\"}", "material", "issued"},
    {"2014-08-07 09:00", "land-clerk", "case.gap_close", "{\"code\":\"m1\"}", "state", "issued"},
    {"2014-08-07 09:01", "land-clerk", "case.gap_close", "{\"code\":\"m7\"}", "ok", "issued"},
    {"2014-08-07 09:10", "land-clerk", "case.deliver",
     "{\"method\":\"window\",\"recipient\":\"王强\"}", "ok", "delivered"},
    {0},
};

/* It stays away: first the clock stands still, after the days of grace the case goes back. */
static const struct step gap_lapsed[] = {
    ACCEPTED_WITH_A_GAP("2014-09-03"),
    {"2014-09-11 16:59", "time", NULL, NULL, NULL, "accepted"},
    {"2014-09-12 08:00", "time", NULL, NULL, NULL, "accepted"},
    {"2014-09-12 09:00", "land-clerk", "case.extend",
     "{\"days\":1,\"reason\":\"容缺材料没有按期补交到窗口\"}", "role", "accepted"},
    {"2014-10-09 16:00", "time", NULL, NULL, NULL, "accepted"},
    {"2014-10-10 08:00", "time", NULL, NULL, NULL, "terminated"},
    {0},
};

/* It comes in the days of grace: the clock of the law runs on, later by the days it stood still. The
 * promise of five days had run out before and stays broken. */
static const struct step gap_late[] = {
    ACCEPTED_WITH_A_GAP("2014-08-18"),
    {"2014-08-26 08:00", "time", NULL, NULL, NULL, "accepted"},
    {"2014-09-02 09:00", "land-clerk", "case.gap_close", "{\"code\":\"m7\"}", "ok", "accepted"},
    {0},
};

static void tell_gap_late(struct world *world)
{
    tell(world, gap_late);
    struct case_file file = case_now(world);
    assert_false(file.gap_open);
    /* 20 working days from 18 August end on 16 September (the 8th is a day off); out are 26 August to
     * 1 September, 5 working days. */
    assert_int_equal(file.statutory_date, date_of(2014, 9, 23));
}

/* A new version of the item is published while a case is under way: the case keeps its own. */
static void keeps_its_version(struct world *world)
{
    static const struct step before[] = {HANDED_IN("2014-08-13"), {0}};
    static const struct step after[] = {
        {"2014-08-13 10:00", "land-clerk", "case.receive", NULL, "ok", NULL},
        {"2014-08-13 10:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},
        {"2014-08-13 10:12", "land-clerk", "case.accept", NULL, "ok", "accepted"},
        {0},
    };
    static const struct step fresh[] = {
        HANDED_IN("2014-08-14"),
        {"2014-08-14 10:00", "land-clerk", "case.receive", NULL, "ok", NULL},
        {"2014-08-14 10:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},
        {"2014-08-14 10:12", "land-clerk", "case.accept", NULL, "ok", "accepted"},
        {0},
    };
    tell(world, before);
    int64_t version = case_now(world).item_version;
    publish_with_promise(world, "011-001", 5);
    tell(world, after);
    struct case_file file = case_now(world);
    assert_int_equal(file.item_version, version);
    assert_int_equal(file.promised_date, date_of(2014, 8, 27)); /* 10 working days */
    tell(world, fresh);
    file = case_now(world);
    assert_int_equal(file.item_version, version + 1);
    assert_int_equal(file.promised_date, date_of(2014, 8, 21)); /* 5 */
}

static void terminated(struct world *world)
{
    static const struct step steps[] = {
        HANDED_IN("2014-08-01"),
        {"2014-08-01 09:00", "land-clerk", "case.terminate", "{\"reason\":\"申请人死亡，无人继受申请\"}",
         "role", "submitted"},
        {"2014-08-01 09:00", "land-head", "case.terminate",
         "{\"reason\":\"申请人已经注销，无人继受申请\"}", "ok", "terminated"},
        {0},
    };
    tell(world, steps);
}

static void wrong_keys(struct world *world)
{
    static const struct step steps[] = {
        HANDED_IN("2014-08-04"),
        {0},
    };
    tell(world, steps);
    struct text code = world->query_code;
    world->query_code = TEXT("XXXXXXXXXXXX");
    static const struct step guess[] = {
        {"2014-08-04 09:00", "citizen", "case.withdraw", NULL, "not_found", "submitted"}, {0}};
    tell(world, guess);
    world->query_code = code;
    static const struct step person[] = {
        {"2014-08-04 09:10", "citizen", "case.draft", "{\"item_code\":\"nothing\"}", "not_found", NULL},
        {"2014-08-04 09:10", "citizen", "case.draft", "{\"item_code\":\"011-001\"}", "ok", "draft"},
        {"2014-08-04 09:11", "citizen", "case.submit", "{\"declared\":true}", "missing", "draft"},
        {"2014-08-04 09:11", "citizen", "case.submit", "{\"declared\":false}", "missing", "draft"},
        {"2014-08-04 09:12", "citizen", "case.applicant",
         "{\"applicant_type\":\"person\",\"applicant_name\":\"张三\",\"id_number\":"
         "\"330482199002290018\",\"phone\":\"13800138000\",\"delivery_method\":\"window\"}",
         "malformed", "draft"},
        {"2014-08-04 09:13", "citizen", "case.applicant",
         "{\"applicant_type\":\"person\",\"applicant_name\":\"张三\",\"id_number\":"
         "\"91330482MA28N00114\",\"phone\":\"13800138000\",\"delivery_method\":\"window\"}",
         "conflict", "draft"},
        {"2014-08-04 09:14", "citizen", "case.applicant",
         "{\"applicant_type\":\"person\",\"applicant_name\":\"张三\",\"id_number\":"
         "\"330482198001010016\",\"phone\":\"13800138000\",\"delivery_method\":\"window\"}",
         "ok", "draft"},
        {0}};
    tell(world, person);
}

static void all_stories(struct world *world)
{
    tell_land_certificate(world);
    tell(world, same_person);
    tell_silence(world);
    tell(world, supplement);
    tell(world, lapse);
    tell_pauses(world);
    terminated(world);
    wrong_keys(world);
    tell_on_the_spot(world);
    tell(world, gap_closed);
    /* Business time never goes back, so neither do the stories. */
    keeps_its_version(world);
    tell_gap_late(world);
    tell(world, gap_lapsed);
}

STORIES(all_stories, 300)

/* A body's limit is memory that anybody may fill; files go to disk under a limit of their own. */
static void bodies_are_small(void **state)
{
    size_t count = 0;
    (void)state;
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++) {
            const struct command *command = modules[i]->commands[j];
            if (command->body_limit > 1024 * 1024)
                fail_msg("%s takes %lld bytes into memory", command->name,
                         (long long)command->body_limit);
            /* An open command's body above all. */
            if (command->path && (command->roles & (ROLE_ANYONE | ROLE_APPLICANT)))
                assert_int_equal(command->body_limit, 0);
            count++;
        }
    assert_true(count > 30);
}

/* Who supervises, and the three administrators, neither opens files nor acts as an applicant.
 * To say why one looks moves nothing. */
static void watchers_only_watch(void **state)
{
    static const int64_t watchers[] = {ROLE_SUPERVISOR, ROLE_ADMINISTRATOR, ROLE_SECURITY,
                                       ROLE_AUDITOR};
    (void)state;
    for (size_t w = 0; w < sizeof watchers / sizeof *watchers; w++) {
        struct actor actor = {.account = 1, .roles = watchers[w] | ROLE_ANYONE};
        for (size_t i = 0; modules[i]; i++) {
            for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++)
                if (strncmp(modules[i]->commands[j]->name, "case.", 5) == 0 &&
                    strcmp(modules[i]->commands[j]->name, "case.look_reason") != 0)
                    assert_int_not_equal(role_refusal(modules[i]->commands[j]->roles, &actor), OK);
            for (size_t j = 0; modules[i]->looks && modules[i]->looks[j]; j++)
                if (strcmp(modules[i]->looks[j]->name, "files.file") == 0)
                    assert_int_not_equal(role_refusal(modules[i]->looks[j]->roles, &actor), OK);
        }
    }
}

/* What a person may do ends in a page that says so in a sentence. */
static void commands_say_what_was_done(void **state)
{
    (void)state;
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++) {
            const struct command *command = modules[i]->commands[j];
            if (command->path && (!command->said || !text_ends(text_of(command->said), TEXT("。"))))
                fail_msg("%s does not say what was done", command->name);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_small),
        cmocka_unit_test(watchers_only_watch),
        cmocka_unit_test(commands_say_what_was_done),
        cmocka_unit_test(stories_on_both_engines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
