#include "cli/bench_testing.h"

#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "approval/case/case.h"
#include "base/random.h"
#include "cli/cli.h"
#include "modules.h"

void bench_give_up(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(2);
}

double bench_cpu(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int64_t bench_now(void *with)
{
    const struct bench_world *world = with;
    return time_at(date_of(2014, 5, 4), 9 * HOUR_MS) + time_monotonic() - world->started_ms;
}

/* ---- the life of a case ---- */

#define CHECKED(code) "{\"code\":\"" code "\",\"state\":\"checked\"}"
static const struct {
    const struct command *command;
    enum bench_who who;
    const char *parameter, *extra;
    const char *input;
} life[BENCH_STEPS] = {
    {&case_draft_command, BENCH_CITIZEN, "item_code", "011-001", "{}"},
    {&case_applicant_command, BENCH_CITIZEN, NULL, NULL,
     "{\"applicant_type\":\"organisation\",\"applicant_name\":\"中发输配电设备（平湖）有限公司\","
     "\"id_number\":\"91330482MA28N00114\",\"phone\":\"13800138000\","
     "\"delivery_method\":\"window\"}"},
    {&case_matter_command, BENCH_CITIZEN, NULL, NULL,
     "{\"matter\":\"独山港镇三宗土地分割及重次登记\",\"area_m2\":36500}"},
    {&case_provide_command, BENCH_CITIZEN, "code", "m1", "{\"paper\":true}"},
    {&case_provide_command, BENCH_CITIZEN, "code", "m2", "{\"paper\":true}"},
    {&case_provide_command, BENCH_CITIZEN, "code", "m3", "{\"paper\":true}"},
    {&case_provide_command, BENCH_CITIZEN, "code", "m4", "{\"paper\":true}"},
    {&case_provide_command, BENCH_CITIZEN, "code", "m5", "{\"paper\":true}"},
    {&case_submit_command, BENCH_CITIZEN, NULL, NULL, "{\"declared\":true}"},
    {&case_receive_command, BENCH_CLERK, NULL, NULL, "{}"},
    {&case_check_command, BENCH_CLERK, NULL, NULL,
     "{\"materials\":[" CHECKED("m1") "," CHECKED("m2") "," CHECKED("m3") "," CHECKED("m4") ","
     CHECKED("m5") "]}"},
    {&case_accept_command, BENCH_CLERK, NULL, NULL, "{}"},
    {&case_review_command, BENCH_REVIEWER, NULL, NULL,
     "{\"recommendation\":\"grant\",\"opinion\":\"权属清楚，材料齐全，建议准予。\"}"},
    {&case_decide_command, BENCH_VERIFIER, NULL, NULL, "{\"outcome\":\"grant\"}"},
    {&case_issue_command, BENCH_CLERK, NULL, NULL,
     "{\"certificate_no\":\"平湖国用（2014）第00001号\"}"},
    {&case_deliver_command, BENCH_CLERK, NULL, NULL,
     "{\"method\":\"window\",\"recipient\":\"王强\"}"},
};

static void make_step(struct bench_world *world, size_t i)
{
    struct bench_step *step = &world->steps[i];
    const struct shape *shape = life[i].command->input;
    struct problems problems = {0};
    struct buf json = {.arena = world->arena};
    bool by_id = shape_field(shape, TEXT("case_id")) != NULL;
    bool by_key = shape_field(shape, TEXT("query_code")) != NULL;
    *step = (struct bench_step){.command = life[i].command,
                                .who = life[i].who,
                                .input = text_of(life[i].input),
                                .extra = text_of(life[i].extra)};
    buf_str(&json, by_id ? "{\"case_id\":1" : by_key ? "{\"case_no\":\"x\",\"query_code\":\"x\"" : "{");
    if (life[i].parameter)
        buf_format(&json, "%s\"%s\":\"%s\"", json.len > 1 ? "," : "", life[i].parameter,
                   life[i].extra);
    if (step->input.len > 2 && json.len > 1)
        buf_char(&json, ',');
    buf_text(&json, text_slice(step->input, 1, step->input.len));
    step->record = arena_alloc(world->arena, shape->size);
    if (!shape_from_json(shape, buf_done(&json), world->arena, step->record, &problems))
        bench_give_up("step %zu: %.*s", i, TEXT_ARG(problems.items[0].message));
}

/* The record with this case's key or id, which every input begins with. */
static void *step_input(const struct bench_step *step, const struct bench_client *client,
                        struct arena *arena)
{
    void *input = arena_copy(arena, step->record, step->command->input->size);
    if (shape_field(step->command->input, TEXT("case_id")))
        ((struct case_only *)input)->case_id = client->case_id;
    else if (shape_field(step->command->input, TEXT("query_code")))
        *(struct case_key *)input =
            (struct case_key){text_of(client->case_no), text_of(client->query_code)};
    return input;
}

static void take_word(struct text answer, struct text name, char *to, size_t room)
{
    struct text value;
    ptrdiff_t at = text_find(answer, name);
    struct text rest = text_slice(answer, (size_t)at + name.len, answer.len);
    if (at < 0 || !text_cut(&rest, '"', &value) || value.len >= room)
        bench_give_up("an answer without %.*s: %.*s", TEXT_ARG(name), TEXT_ARG(answer));
    memcpy(to, value.at, value.len);
    to[value.len] = 0;
}

void bench_heard(struct bench_client *client, struct text answer)
{
    if (client->step != 0)
        return;
    ptrdiff_t at = text_find(answer, TEXT("\"index\":"));
    take_word(answer, TEXT("\"case_no\":\""), client->case_no, sizeof client->case_no);
    take_word(answer, TEXT("\"query_code\":\""), client->query_code, sizeof client->query_code);
    client->case_id = at < 0 ? -1 : strtoll(answer.at + at + 8, NULL, 10);
}

bool bench_next(struct bench_client *client)
{
    client->step = (client->step + 1) % BENCH_STEPS;
    return client->step || --client->cases;
}

static struct text value_of(const struct bench_client *client, const struct bench_step *step,
                            struct text name)
{
    if (text_is(name, "case_no"))
        return text_of(client->case_no);
    if (text_is(name, "query_code"))
        return text_of(client->query_code);
    return step->extra;
}

struct text bench_request(const struct bench_world *world, const struct bench_client *client,
                          char *room, size_t size)
{
    const struct bench_step *step = &world->steps[client->step];
    char path[200];
    size_t to = 0;
    for (const char *at = step->command->path; *at; at++) {
        if (*at != '{') {
            path[to++] = *at;
            continue;
        }
        struct text name = {at + 1, strcspn(at, "}") - 1};
        if (text_is(name, "case_id")) {
            to += (size_t)sprintf(path + to, "%lld", (long long)client->case_id);
        } else {
            struct text value = value_of(client, step, name);
            memcpy(path + to, value.at, value.len);
            to += value.len;
        }
        at = name.at + name.len;
    }
    struct text token = world->tokens[step->who];
    int len = snprintf(room, size,
                       "POST %.*s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                       "%s%.*s%sContent-Length: %zu\r\n\r\n%.*s",
                       (int)to, path, token.len ? "Authorization: Bearer " : "", TEXT_ARG(token),
                       token.len ? "\r\n" : "", step->input.len, TEXT_ARG(step->input));
    if (len < 0 || (size_t)len >= size)
        bench_give_up("a request does not fit");
    return (struct text){room, (size_t)len};
}

/* ---- the city ---- */

static const char *const logins[BENCH_WHO] = {NULL, "land-clerk", "land-reviewer", "land-verifier"};

static void set_up_city(const char *where)
{
    char *argv[] = {"yimen",  "init",   "--city", "cities/pinghu", "--db", (char *)(uintptr_t)where,
                    "--demo", "--json", "--at",   "2014-01-02T08:30", NULL};
    /* What init prints are passwords. */
    fflush(stdout);
    int kept = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    int end = cli_main(10, argv);
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(nowhere);
    if (end)
        bench_give_up("the city could not be set up");
}

static void run_alone(struct flow *flow, struct job *job)
{
    struct fault why = {0};
    random_bytes(job->luck, sizeof job->luck);
    if (!flow_run(flow, &job, 1, &why) || job->end != JOB_DONE)
        bench_give_up("%s: %s", job->command->name,
                      job->end == JOB_REFUSED ? refusal_text(job->refusal)->name : job->fault.why);
}

static struct text make_token(struct bench_world *world, struct flow *flow, struct db *db,
                              int64_t account_id)
{
    struct token_create *input = arena_alloc(world->arena, sizeof *input);
    struct actor actor = cli_actor();
    struct context context = {.region = BENCH_REGION,
                              .now_ms = bench_now(world),
                              .actor = &actor,
                              .arena = world->arena};
    struct fault why = {0};
    *input = (struct token_create){.account_id = account_id, .label = TEXT("bench"), .days = 90};
    if (!identity_token_create.prepare(db_reader(db), &context, input, &why))
        bench_give_up("%s", why.why);
    struct job job = {.command = &identity_token_create,
                      .region = BENCH_REGION,
                      .actor = actor,
                      .input = input,
                      .arena = world->arena};
    run_alone(flow, &job);
    return input->token;
}

static void open_flow(struct bench_world *world, const char *where, struct flow **flow)
{
    static const int64_t regions[] = {BENCH_REGION};
    struct fault why = {0};
    struct flow_options options = {.where = where,
                                   .modules = modules,
                                   .regions = regions,
                                   .region_count = 1,
                                   .now = bench_now,
                                   .clock = world,
                                   .timers = true};
    if (!flow_open(&options, flow, &why))
        bench_give_up("%s", why.why);
}

static void know_staff(struct bench_world *world)
{
    struct flow *flow;
    struct db *db;
    struct fault why = {0};
    open_flow(world, world->where, &flow);
    if (!db_open(world->where, false, &db, &why))
        bench_give_up("%s", why.why);
    world->actors[BENCH_CITIZEN] =
        (struct actor){.name = TEXT("applicant"), .roles = ROLE_ANYONE | ROLE_APPLICANT};
    for (size_t i = BENCH_CLERK; i < BENCH_WHO; i++) {
        struct account account;
        bool found = false;
        if (!identity_account_by_login(db_reader(db), BENCH_REGION, text_of(logins[i]),
                                       world->arena, &account, &found, &why) ||
            !found)
            bench_give_up("no account %s", logins[i]);
        world->actors[i] = identity_actor_of(&account, world->arena);
        world->tokens[i] = make_token(world, flow, db, account.account_id);
    }
    db_close(db);
    flow_close(flow);
    if (db_open(world->where, false, &db, &why)) {
        int64_t pages;
        db_checkpoint(db, true, &pages, &why);
        db_close(db);
    }
}

void bench_world_make(struct bench_world *world, const char *url)
{
    *world = (struct bench_world){.arena = arena_new(64 * 1024), .started_ms = time_monotonic()};
    const char *parent = getenv("TMPDIR");
    snprintf(world->directory, sizeof world->directory, "%.40s/yimen-bench-XXXXXX",
             parent && *parent ? parent : "/tmp");
    if (!mkdtemp(world->directory))
        bench_give_up("no directory");
    snprintf(world->where, sizeof world->where, "%s%s", url ? url : world->directory,
             url ? "" : "/fresh.db");
    set_up_city(world->where);
    know_staff(world);
    for (size_t i = 0; i < BENCH_STEPS; i++)
        make_step(world, i);
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about;
    (void)type;
    (void)walk;
    return remove(path);
}

void bench_world_end(struct bench_world *world)
{
    nftw(world->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(world->arena);
}

const char *bench_path(struct bench_world *world, const char *name)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    const char *path = text_format(world->arena, "%s/%s", world->directory, name).at;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        unlink(text_format(world->arena, "%s%s", path, endings[i]).at);
    return path;
}

const char *bench_copy(struct bench_world *world, const char *name)
{
    const char *path = bench_path(world, name);
    struct fault why = {0};
    if (!copy_file(world->where, path, &why))
        bench_give_up("%s", why.why);
    return path;
}

/* ---- checkpoints ---- */

struct bench_checkpoints {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t end;
    bool ending;
    struct db *db;
};

static void *checkpoint_forever(void *with)
{
    struct bench_checkpoints *checkpoints = with;
    pthread_mutex_lock(&checkpoints->lock);
    while (!checkpoints->ending) {
        struct timespec until;
        struct fault why = {0};
        int64_t pages = 0;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&checkpoints->end, &checkpoints->lock, &until);
        db_checkpoint(checkpoints->db, false, &pages, &why);
        if (pages > 16000)
            db_checkpoint(checkpoints->db, true, &pages, &why);
    }
    pthread_mutex_unlock(&checkpoints->lock);
    return NULL;
}

struct bench_checkpoints *bench_checkpoints_start(const char *where)
{
    struct bench_checkpoints *checkpoints = calloc(1, sizeof *checkpoints);
    struct fault why = {0};
    if (!checkpoints || !db_open(where, false, &checkpoints->db, &why))
        bench_give_up("%s", why.why);
    pthread_mutex_init(&checkpoints->lock, NULL);
    pthread_cond_init(&checkpoints->end, NULL);
    if (pthread_create(&checkpoints->thread, NULL, checkpoint_forever, checkpoints) != 0)
        bench_give_up("no thread");
    return checkpoints;
}

void bench_checkpoints_end(struct bench_checkpoints *checkpoints)
{
    pthread_mutex_lock(&checkpoints->lock);
    checkpoints->ending = true;
    pthread_cond_signal(&checkpoints->end);
    pthread_mutex_unlock(&checkpoints->lock);
    pthread_join(checkpoints->thread, NULL);
    db_close(checkpoints->db);
    free(checkpoints);
}

/* ---- in process ---- */

struct runner;
struct member {
    struct bench_client client;
    struct runner *runner;
    struct arena *arena;
    struct job job;
};
struct runner {
    struct bench_world *world;
    struct flow *flow;
    pthread_mutex_t lock;
    pthread_cond_t end;
    size_t running;
    int64_t commands;
};

static void done(struct job *job);

static void submit(struct member *member)
{
    struct bench_world *world = member->runner->world;
    const struct bench_step *step = &world->steps[member->client.step];
    arena_reset(member->arena);
    member->job = (struct job){.command = step->command,
                               .region = BENCH_REGION,
                               .actor = world->actors[step->who],
                               .input = step_input(step, &member->client, member->arena),
                               .arena = member->arena,
                               .done = done,
                               .context = member};
    random_bytes(member->job.luck, sizeof member->job.luck);
    flow_submit(member->runner->flow, &member->job);
}

/* On the writer's thread. */
static void done(struct job *job)
{
    struct member *member = job->context;
    struct runner *runner = member->runner;
    if (job->end != JOB_DONE)
        bench_give_up("%s: %s", job->command->name,
                      job->end == JOB_REFUSED ? refusal_text(job->refusal)->name : job->fault.why);
    bench_heard(&member->client, job->answer);
    runner->commands++;
    if (bench_next(&member->client)) {
        submit(member);
        return;
    }
    pthread_mutex_lock(&runner->lock);
    if (--runner->running == 0)
        pthread_cond_signal(&runner->end);
    pthread_mutex_unlock(&runner->lock);
}

struct bench_figures bench_flow(struct bench_world *world, const char *where, size_t clients,
                                size_t cases)
{
    struct runner runner = {.world = world,
                            .running = clients,
                            .lock = PTHREAD_MUTEX_INITIALIZER,
                            .end = PTHREAD_COND_INITIALIZER};
    struct member *members = calloc(clients, sizeof *members);
    struct fault why = {0};
    if (!members)
        bench_give_up("no memory");
    open_flow(world, where, &runner.flow);
    struct bench_checkpoints *checkpoints = bench_checkpoints_start(where);
    int64_t from = load_now_us();
    double cpu = bench_cpu();
    for (size_t i = 0; i < clients; i++) {
        members[i] = (struct member){
            .client = {.cases = cases}, .runner = &runner, .arena = arena_new(32 * 1024)};
        submit(&members[i]);
    }
    if (!flow_start(runner.flow, &why))
        bench_give_up("%s", why.why);
    pthread_mutex_lock(&runner.lock);
    while (runner.running)
        pthread_cond_wait(&runner.end, &runner.lock);
    pthread_mutex_unlock(&runner.lock);
    struct bench_figures figures = {.seconds = (double)(load_now_us() - from) / 1e6,
                                    .cpu_seconds = bench_cpu() - cpu,
                                    .commands = runner.commands};
    struct flow_figures counted = flow_figures(runner.flow);
    figures.entries = counted.entries;
    figures.batches = counted.batches;
    flow_close(runner.flow);
    bench_checkpoints_end(checkpoints);
    for (size_t i = 0; i < clients; i++)
        arena_free(members[i].arena);
    free(members);
    return figures;
}
