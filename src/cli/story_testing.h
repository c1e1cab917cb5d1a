/* What the stories share: a city set up from its folder, steps through the conductor, and the proof at
 * the end that replaying the journal gives the same tables. */
#ifndef YIMEN_CLI_STORY_TESTING_H
#define YIMEN_CLI_STORY_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "approval/case/case.h"
#include "base/random.h"
#include "catalogue/city.h"
#include "cli/cli.h"
#include "db/testing.h"
#include "modules.h"

#define REGION 330482

struct step {
    const char *at;      /* civil time */
    const char *who;     /* a login, "citizen", or "time": what is due by then runs */
    const char *command; /* NULL with "time" */
    const char *input;   /* JSON; the case's own key or id is added */
    const char *expect;  /* "ok" or a refusal's name */
    const char *state;   /* of the case afterwards */
};

struct world {
    struct flow *flow;
    struct db *db;
    struct arena *arena;
    int64_t now_ms;
    int64_t case_id;
    struct text case_no, query_code;
    struct shown shown; /* by the last look */
};

static inline int64_t world_now(void *clock)
{
    return *(int64_t *)clock;
}

static inline int64_t moment(const char *civil)
{
    int64_t at;
    assert_true(time_parse(text_of(civil), &at));
    return at;
}

static inline const struct command *command_named(const char *name)
{
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++)
            if (strcmp(modules[i]->commands[j]->name, name) == 0)
                return modules[i]->commands[j];
    fail_msg("no command %s", name);
    return NULL;
}

static inline struct actor actor_named(struct world *world, const char *who)
{
    struct account account;
    struct fault why = {0};
    bool found = false;
    if (strcmp(who, "citizen") == 0)
        return (struct actor){.name = TEXT("applicant"), .roles = ROLE_APPLICANT};
    assert_true(identity_account_by_login(db_reader(world->db), REGION, text_of(who), world->arena,
                                          &account, &found, &why));
    if (!found)
        fail_msg("no account %s", who);
    return identity_actor_of(&account, world->arena);
}

/* The step's JSON with the case's key or id put in front, as the address would have it. */
static inline struct text whole_input(struct world *world, const struct command *command,
                               const char *input)
{
    struct buf out = {.arena = world->arena};
    struct text rest = text_of(input ? input : "{}");
    buf_char(&out, '{');
    if (shape_field(command->input, TEXT("case_id")))
        buf_format(&out, "\"case_id\":%lld", (long long)world->case_id);
    if (shape_field(command->input, TEXT("query_code")))
        buf_format(&out, "\"case_no\":\"%.*s\",\"query_code\":\"%.*s\"", TEXT_ARG(world->case_no),
                   TEXT_ARG(world->query_code));
    if (out.len > 1 && rest.len > 2)
        buf_char(&out, ',');
    buf_text(&out, text_slice(rest, 1, rest.len));
    return buf_done(&out);
}

static inline void run_step(struct world *world, const struct step *step)
{
    struct fault why = {0};
    struct problems problems = {0};
    const struct command *command = command_named(step->command);
    struct job job = {.command = command,
                      .region = REGION,
                      .actor = actor_named(world, step->who),
                      .arena = world->arena};
    struct job *jobs[] = {&job};
    enum refusal refusal = OK;
    job.input = arena_alloc(world->arena, command->input->size);
    random_bytes(job.luck, sizeof job.luck);
    if (shape_from_json(command->input, whole_input(world, command, step->input), world->arena,
                        job.input, &problems)) {
        assert_true(flow_run(world->flow, jobs, 1, &why));
        if (job.end == JOB_FAULT)
            fail_msg("%s at %s: fault: %s", step->command, step->at, job.fault.why);
        refusal = job.refusal;
        problems = job.problems;
    } else {
        refusal = problems.items[0].code;
    }
    if (strcmp(refusal_text(refusal)->name, step->expect) != 0)
        fail_msg("%s by %s at %s: %s instead of %s (%.*s)", step->command, step->who, step->at,
                 refusal_text(refusal)->name, step->expect,
                 TEXT_ARG(problems.count ? problems.items[0].message : TEXT("")));
    if (command == &case_draft_command && refusal == OK) {
        struct text no = TEXT("\"case_no\":\""), code = TEXT("\"query_code\":\"");
        struct text at = text_slice(job.answer, (size_t)text_find(job.answer, no) + no.len,
                                    job.answer.len);
        text_cut(&at, '"', &world->case_no);
        at = text_slice(job.answer, (size_t)text_find(job.answer, code) + code.len,
                        job.answer.len);
        text_cut(&at, '"', &world->query_code);
        world->case_id = job.index;
    }
}

static const struct db_sql state_sql = {
    "SELECT * FROM cases WHERE region = $1 AND case_id = $2"};

static inline struct case_file case_now(struct world *world)
{
    struct db_rows rows;
    struct fault why = {0};
    struct case_file file = {0};
    assert_true(db_select(db_reader(world->db), &state_sql,
                          DB_ARGS(db_int(REGION), db_int(world->case_id)), world->arena, &rows,
                          &why));
    assert_int_equal(rows.count, 1);
    assert_true(db_record(&case_file_shape, &rows, 0, world->arena, &file, &why));
    return file;
}

static inline void tell(struct world *world, const struct step *steps)
{
    for (const struct step *step = steps; step->at; step++) {
        struct fault why = {0};
        int64_t ran;
        world->now_ms = moment(step->at);
        if (step->command)
            run_step(world, step);
        else if (!flow_run_due(world->flow, REGION, &ran, &why))
            fail_msg("due at %s: %s", step->at, why.why);
        if (step->state) {
            struct case_file file = case_now(world);
            if (strcmp(case_state_words[file.state].name, step->state) != 0)
                fail_msg("after %s at %s: the case is %s, not %s",
                         step->command ? step->command : "due", step->at,
                         case_state_words[file.state].name, step->state);
        }
    }
}

static inline const struct look *look_named(const char *name)
{
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->looks && modules[i]->looks[j]; j++)
            if (strcmp(modules[i]->looks[j]->name, name) == 0)
                return modules[i]->looks[j];
    fail_msg("no look %s", name);
    return NULL;
}

/* A look filled for somebody: *page, or what is served, good until the facts are freed. OK, not found,
 * or another department's. */
static inline enum refusal looked(struct world *world, const struct look *look, const char *who,
                                  const void *query, struct flow_facts *facts, void **page,
                                  struct served *served)
{
    struct actor actor = actor_named(world, who);
    struct fault why = {0};
    struct look_context context = {.db = db_reader(world->db),
                                   .region = REGION,
                                   .now_ms = world->now_ms,
                                   .actor = &actor,
                                   .arena = world->arena,
                                   .modules = modules,
                                   .shown = &world->shown};
    world->shown = (struct shown){0};
    if (!flow_facts_get(facts, context.db, REGION, &context.standing, &context.standing_count,
                        &why))
        fail_msg("%s", why.why);
    actor.roles |= strcmp(who, "citizen") == 0 ? ROLE_ANYONE : 0;
    assert_int_equal(role_refusal(look->roles, &actor), OK);
    if (!query && look->query)
        query = arena_alloc(world->arena, look->query->size);
    *page = look->page ? arena_alloc(world->arena, look->page->size) : NULL;
    enum refusal refusal = look->serve ? look->serve(&context, query, served, &why)
                                       : look->look(&context, query, *page, &why);
    if (why.why[0])
        fail_msg("%s: %s", look->name, why.why);
    if (refusal != OK && refusal != REFUSED_DEPARTMENT)
        assert_int_equal(refusal, REFUSED_NOT_FOUND);
    return refusal;
}

/* What somebody gets to see, as JSON; of a file its hash. Empty: refused. */
static inline struct text seen(struct world *world, const char *name, const char *who,
                               const void *query)
{
    const struct look *look = look_named(name);
    struct buf json = {.arena = world->arena};
    struct flow_facts *facts = flow_facts_new(modules);
    struct served served = {0};
    void *page;
    enum refusal refusal = looked(world, look, who, query, facts, &page, &served);
    if (refusal == OK && look->serve)
        buf_str(&json, served.path);
    else if (refusal == OK)
        shape_to_answer(look->page, page, &json);
    flow_facts_free(facts);
    return buf_done(&json);
}

/* The trace of what world->shown says, as the door sends it. */
static inline void trace(struct world *world, const char *at, const char *who, const char *name)
{
    struct fault why = {0};
    const struct shown *shown = &world->shown;
    struct look_seen said = {text_of(name), shown->subject, shown->persons, shown->masked, shown->why,
                             shown->reason, shown->asked,   TEXT("10.1.2.3"), BY_SESSION};
    struct job job = {.command = &trace_record_command,
                      .region = REGION,
                      .actor = actor_named(world, who),
                      .input = &said,
                      .arena = world->arena};
    struct job *jobs[] = {&job};
    world->now_ms = moment(at);
    assert_true(flow_run(world->flow, jobs, 1, &why));
    if (job.end != JOB_DONE)
        fail_msg("trace of %s: %s %s", name, refusal_text(job.refusal)->name, job.fault.why);
}

static inline struct text traced(struct world *world, const char *at, const char *who,
                                 const char *name, const void *query)
{
    world->now_ms = moment(at);
    struct text got = seen(world, name, who, query);
    assert_true(look_named(name)->people && world->shown.persons > 0);
    trace(world, at, who, name);
    return got;
}

static inline struct text case_seen_by(struct world *world, const char *who)
{
    struct case_only only = {world->case_id};
    return seen(world, "case.page", who, &only);
}

static inline struct text case_seen_by_applicant(struct world *world)
{
    struct case_key key = {world->case_no, world->query_code};
    return seen(world, "case.my_case", "citizen", &key);
}

static inline bool says(struct text text, const char *words)
{
    return text_find(text, text_of(words)) >= 0;
}

/* Whether anybody who reads the journal finds these words in an entry about the case. */
static inline bool journal_says(struct world *world, const char *words)
{
    struct list entries;
    struct fault why = {0};
    bool found = false;
    assert_true(journal_history(db_reader(world->db), REGION,
                                case_subject(world->case_id, world->arena), -1, 1000, world->arena,
                                &entries, &why));
    assert_true(entries.count > 0);
    for (size_t i = 0; i < entries.count; i++)
        found |= says(((const struct entry *)entries.items)[i].body, words);
    return found;
}

/* A file given for a paper, as the door hands it on once its bytes are kept. */
static inline void upload(struct world *world, const char *at, const char *code,
                          const char *hash)
{
    struct fault why = {0};
    struct case_provide provide = {.case_no = world->case_no,
                                   .query_code = world->query_code,
                                   .code = text_of(code),
                                   .document = {.sha256 = text_of(hash),
                                                .name = TEXT("张三申请书.pdf"),
                                                .size = 48213,
                                                .media_type = TEXT("application/pdf")}};
    struct job job = {.command = &case_provide_command,
                      .region = REGION,
                      .actor = actor_named(world, "citizen"),
                      .input = &provide,
                      .arena = world->arena};
    struct job *jobs[] = {&job};
    world->now_ms = moment(at);
    random_bytes(job.luck, sizeof job.luck);
    assert_true(flow_run(world->flow, jobs, 1, &why));
    if (job.end != JOB_DONE)
        fail_msg("upload: %s %s", refusal_text(job.refusal)->name, job.fault.why);
}

#define APPLICANT                                                                                  \
    "{\"applicant_type\":\"organisation\",\"applicant_name\":\"中发输配电设备（平湖）有限公司\","  \
    "\"id_number\":\"91330482MA28N00114\",\"phone\":\"13800138000\","                              \
    "\"delivery_method\":\"window\"}"
#define PAPER(at_, code_)                                                                          \
    {                                                                                              \
        at_, "citizen", "case.provide", "{\"code\":\"" code_ "\",\"paper\":true}", "ok", NULL      \
    }
/* A land-certificate division of so many m² handed in at the web, up to "submitted". */
#define HANDED_IN(day) HANDED_IN_OF(day, "36500")
#define HANDED_IN_OF(day, area) \
    {day " 08:35", "citizen", "case.draft", "{\"item_code\":\"011-001\"}", "ok", "draft"}, \
        {day " 08:36", "citizen", "case.applicant", APPLICANT, "ok", NULL}, \
        {day " 08:37", "citizen", "case.matter", \
         "{\"matter\":\"独山港镇三宗土地分割及重次登记\",\"area_m2\":" area "}", "ok", NULL}, \
        PAPER(day " 08:38", "m1"), PAPER(day " 08:38", "m2"), PAPER(day " 08:38", "m3"), \
        PAPER(day " 08:38", "m4"), PAPER(day " 08:38", "m5"), \
    { \
        day " 08:40", "citizen", "case.submit", "{\"declared\":true}", "ok", "submitted" \
    }
#define ALL_GOOD                                                                                   \
    "{\"materials\":[{\"code\":\"m1\",\"state\":\"checked\"},{\"code\":\"m2\",\"state\":"          \
    "\"checked\"},{\"code\":\"m3\",\"state\":\"checked\"},{\"code\":\"m4\",\"state\":"             \
    "\"checked\"},{\"code\":\"m5\",\"state\":\"checked\"}]}"

/* What some commands print are passwords and tokens: not for a test's output. */
static inline void quietly(int argc, char **argv)
{
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    assert_true(freopen("/dev/null", "w", stdout) != NULL);
    int end = cli_main(argc, argv);
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    assert_int_equal(end, 0);
}

static inline void set_up(const char *where)
{
    char *argv[] = {"yimen", "init",   "--city",        "cities/pinghu", "--db",
                    (char *)(uintptr_t)where, "--demo", "--json", "--at", "2014-01-02T08:30", NULL};
    quietly(10, argv);
}

static inline void agrees(const char *where)
{
    struct arena *arena = arena_new(4096);
    struct fault why = {0};
    struct text wrong = {0};
    struct db_read *db;
    if (!flow_compare(where, modules, arena, NULL, &wrong, &why))
        fail_msg("compare: %s", why.why);
    if (wrong.len)
        fail_msg("compare: %.*s", TEXT_ARG(wrong));
    assert_true(db_open_reader(where, &db, &why));
    if (!journal_verify(db, REGION, arena, NULL, NULL, &wrong, &why))
        fail_msg("verify: %s", why.why);
    if (wrong.len)
        fail_msg("verify: %.*s", TEXT_ARG(wrong));
    /* What the desk is ordered by is written by hand beside what it follows. */
    static const struct db_sql later = {
        "SELECT case_id FROM cases WHERE region = $1 AND later <> CASE WHEN due_at = 0 THEN 1 "
        "ELSE 0 END"};
    struct db_rows rows;
    if (!db_select(db, &later, DB_ARGS(db_int(REGION)), arena, &rows, &why))
        fail_msg("later: %s", why.why);
    assert_int_equal(rows.count, 0);
    db_close_reader(db);
    arena_free(arena);
}

/* Tells what `story` tells on a world of its own, then compares, rebuilds and compares again. */
static inline void on_one_engine(const char *where, void (*story)(struct world *world),
                                 int64_t least)
{
    static const int64_t regions[] = {REGION};
    struct world world = {.arena = arena_new(1 << 20)};
    struct fault why = {0};
    set_up(where);
    struct flow_options options = {.where = where,
                                   .modules = modules,
                                   .regions = regions,
                                   .region_count = 1,
                                   .now = world_now,
                                   .clock = &world.now_ms};
    if (!flow_open(&options, &world.flow, &why) || !db_open(where, false, &world.db, &why))
        fail_msg("%s", why.why);
    story(&world);
    db_close(world.db);
    flow_close(world.flow);
    arena_free(world.arena);
    agrees(where);
    int64_t replayed;
    if (!flow_rebuild(where, modules, NULL, &replayed, &why))
        fail_msg("rebuild: %s", why.why);
    assert_true(replayed > least);
    agrees(where);
}

/* The test `stories_on_both_engines` of a story, and the whole program where that is its only one. */
#define STORIES(story, least)                                                                      \
    static void stories(const char *where)                                                         \
    {                                                                                              \
        on_one_engine(where, story, least);                                                        \
    }                                                                                              \
    static void stories_on_both_engines(void **state)                                              \
    {                                                                                              \
        (void)state;                                                                               \
        testing_each_engine(stories);                                                              \
    }
#define STORY_PROGRAM(name, story, least)                                                          \
    STORIES(story, least)                                                                          \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = {cmocka_unit_test(stories_on_both_engines)};             \
        return cmocka_run_group_tests_name(name, tests, NULL, NULL);                               \
    }

#endif
