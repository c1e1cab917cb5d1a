/* The conductor on a module of its own: accounts of a savings box. Both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "db/testing.h"
#include "flow/flow.h"

#define REGION 330482

/* A box holds coins up to a limit. 13 coins break apply (a planted bug); 77 make the house put two
 * into the overflow box; what goes into the box "loop" makes it want the same again, for ever; coins
 * "ripen" as time passes. */
struct put {
    struct text box;
    int64_t coins;
};
static const struct field put_fields[] = {
    {"box", FIELD_TEXT, offsetof(struct put, box), FIELD_REQUIRED, 0, 0, "盒"},
    {"coins", FIELD_INT, offsetof(struct put, coins), 0, 0, 0, "硬币"},
};
static const struct shape put_shape = {"put", "放入", sizeof(struct put), SHAPE_FIELDS(put_fields)};

#define COINS_REFUSED 1000
#define COINS_BREAKING 13
#define COINS_REACTING 77

static const struct db_sql box_sql = {"SELECT coins FROM box WHERE region = $1 AND name = $2"};
static const struct db_sql put_sql = {
    "INSERT INTO box (region, name, coins, last_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (region, name) DO UPDATE SET coins = box.coins + $3, last_at = $4"};
static const struct db_sql breaking_sql = {"INSERT INTO box (region, name) VALUES ($1, NULL)"};
static const struct db_sql all_sql = {"SELECT sum(coins) AS coins FROM box WHERE region = $1"};

struct box_facts {
    int64_t coins;
};

static bool read_box(struct db_read *db, const struct context *context, const void *input,
                     const void **facts, struct fault *why)
{
    const struct put *put = input;
    struct box_facts *box = arena_alloc(context->arena, sizeof *box);
    struct db_rows rows;
    *facts = box;
    if (!db_select(db, &box_sql, DB_ARGS(db_int(context->region), db_text(put->box)),
                   context->arena, &rows, why))
        return false;
    box->coins = rows.count ? db_cell_int(&rows, 0, "coins") : 0;
    return true;
}

extern const struct event_kind put_event;
extern const struct command put_command;

static enum refusal decide_put(const void *facts, const void *input, const struct context *context,
                               struct decision *out)
{
    const struct box_facts *box = facts;
    (void)context;
    if (box->coins + ((const struct put *)input)->coins >= COINS_REFUSED)
        return decision_refuse(out, REFUSED_LIMIT, "coins", NULL);
    decision_emit(out, &put_event, TEXT("box:1"), input);
    out->location = TEXT("/box");
    return OK;
}

static bool apply_put(struct db *db, const struct entry_head *head, const void *body,
                      struct arena *arena, struct fault *why)
{
    const struct put *put = body;
    (void)arena;
    if (put->coins == COINS_BREAKING)
        return db_write(db, &breaking_sql, DB_ARGS(db_int(head->region)), why) &&
               db_flush(db, why);
    return db_write(db, &put_sql,
                    DB_ARGS(db_int(head->region), db_text(put->box), db_int(put->coins),
                            db_int(head->at)),
                    why);
}

const struct event_kind put_event = {
    .name = "box.put", .version = 1, .shape = &put_shape, .apply = apply_put, .standing = true};
const struct command put_command = {.name = "box.put",
                                    .roles = ROLE_CLERK | ROLE_SYSTEM,
                                    .input = &put_shape,
                                    .read = read_box,
                                    .decide = decide_put};

static bool react(struct db_read *db, const struct entry_head *head, const struct event_kind *kind,
                  const void *body, const struct context *context, struct wishes *out,
                  struct fault *why)
{
    const struct put *put = body;
    (void)db;
    (void)head;
    (void)kind;
    (void)context;
    (void)why;
    bool loop = text_is(put->box, "loop");
    if (put->coins != COINS_REACTING && !loop)
        return true;
    struct put *more = arena_alloc(out->arena, sizeof *more);
    *more = loop ? *put : (struct put){TEXT("overflow"), 2};
    wish_add(out, &put_command, more);
    return true;
}

/* One coin a day ripens until there are five. */
static bool due(struct db_read *db, const struct context *context, int64_t limit,
                struct wishes *out, struct fault *why)
{
    struct db_rows rows;
    (void)limit;
    if (!db_select(db, &box_sql, DB_ARGS(db_int(context->region), db_text(TEXT("ripe"))),
                   context->arena, &rows, why))
        return false;
    int64_t have = rows.count ? db_cell_int(&rows, 0, "coins") : 0;
    int64_t want = context->now_ms / DAY_MS < 5 ? context->now_ms / DAY_MS : 5;
    if (have >= want)
        return true;
    struct put *one = arena_alloc(out->arena, sizeof *one);
    *one = (struct put){TEXT("ripe"), 1};
    wish_add(out, &put_command, one);
    return true;
}

struct sum {
    int64_t coins;
};
static bool standing(struct db_read *db, int64_t region, struct arena *arena, void **facts,
                     struct fault *why)
{
    struct db_rows rows;
    struct sum *sum = arena_alloc(arena, sizeof *sum);
    *facts = sum;
    if (!db_select(db, &all_sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    sum->coins = db_cell(&rows, 0, "coins")->type == DB_NULL ? 0 : db_cell_int(&rows, 0, "coins");
    return true;
}

static const struct command *const commands[] = {&put_command, NULL};
static const struct event_kind *const events[] = {&put_event, NULL};
static const struct table tables[] = {{"box", "region, name"}, {NULL, NULL}};
static const struct module box_module = {.name = "box",
                                         .commands = commands,
                                         .events = events,
                                         .tables = tables,
                                         .standing = standing,
                                         .react = react,
                                         .due = due};
static const struct module *const box_modules[] = {&box_module, NULL};
static const int64_t regions[] = {REGION};

struct box_clock {
    int64_t now_ms;
};
static int64_t clock_now(void *clock)
{
    return ((struct box_clock *)clock)->now_ms;
}

struct house {
    const char *where;
    struct box_clock clock;
    struct flow *flow;
    struct arena *arena;
};

static void open_flow(struct house *house)
{
    struct fault why = {0};
    struct flow_options options = {.where = house->where,
                                   .modules = box_modules,
                                   .regions = regions,
                                   .region_count = 1,
                                   .now = clock_now,
                                   .clock = &house->clock};
    if (!flow_open(&options, &house->flow, &why))
        fail_msg("%s", why.why);
}

static void set_up(struct house *house, const char *where)
{
    struct fault why = {0};
    struct db *db;
    *house = (struct house){.where = where, .clock = {1000}, .arena = arena_new(1 << 16)};
    assert_true(db_open(where, false, &db, &why));
    if (!flow_create(db, box_modules, &why) ||
        !db_script(db,
                   TEXT("CREATE TABLE box (region {int} NOT NULL, name TEXT NOT NULL, coins {int} "
                        "NOT NULL, last_at {int} NOT NULL, PRIMARY KEY (region, name)) {strict};"),
                   &why) ||
        !journal_init(db, REGION, TEXT("test.example/log/330482"), &why))
        fail_msg("%s", why.why);
    db_close(db);
    open_flow(house);
}

static void tear_down(struct house *house)
{
    struct arena *arena = arena_new(1024);
    struct text wrong;
    struct fault why = {0};
    struct db_read *db;
    flow_close(house->flow);
    assert_true(db_open_reader(house->where, &db, &why));
    assert_true(journal_verify(db, REGION, arena, NULL, NULL, &wrong, &why));
    if (wrong.len)
        fail_msg("%.*s", TEXT_ARG(wrong));
    db_close_reader(db);
    arena_free(arena);
    arena_free(house->arena);
}

static struct job *new_job(struct house *house, const char *box, int64_t coins)
{
    struct job *job = arena_alloc(house->arena, sizeof *job);
    struct put *put = arena_alloc(house->arena, sizeof *put);
    *put = (struct put){text_of(box), coins};
    *job = (struct job){.command = &put_command,
                        .region = REGION,
                        .actor = {.account = 5, .name = TEXT("account:5"), .roles = ROLE_CLERK},
                        .input = put,
                        .arena = house->arena};
    random_bytes(job->luck, sizeof job->luck);
    return job;
}

static int64_t coins_in(struct house *house, const char *box)
{
    struct fault why = {0};
    struct db_rows rows;
    struct db_read *db;
    assert_true(db_open_reader(house->where, &db, &why));
    assert_true(db_select(db, &box_sql, DB_ARGS(db_int(REGION), db_text(text_of(box))),
                          house->arena, &rows, &why));
    int64_t coins = rows.count ? db_cell_int(&rows, 0, "coins") : 0;
    db_close_reader(db);
    return coins;
}

static int64_t entries(struct house *house)
{
    struct fault why = {0};
    struct checkpoint head;
    struct db_read *db;
    assert_true(db_open_reader(house->where, &db, &why));
    assert_true(journal_head(db, REGION, house->arena, &head, &why));
    db_close_reader(db);
    return head.size;
}

static void run(struct house *house, struct job **jobs, size_t count)
{
    struct fault why = {0};
    assert_true(flow_run(house->flow, jobs, count, &why));
}

/* Accepted, refused and forbidden commands in one batch do not touch one another. */
static void one_batch(const char *where)
{
    struct house house;
    set_up(&house, where);
    struct job *jobs[] = {new_job(&house, "a", 10), new_job(&house, "a", 990),
                          new_job(&house, "a", 5), new_job(&house, "b", 1)};
    jobs[3]->actor.roles = ROLE_SUPERVISOR;
    run(&house, jobs, 4);
    assert_int_equal(jobs[0]->end, JOB_DONE);
    assert_int_equal(jobs[0]->index, 0);
    assert_int_equal(jobs[1]->end, JOB_REFUSED);
    assert_int_equal(jobs[1]->refusal, REFUSED_LIMIT);
    assert_int_equal(jobs[1]->problems.count, 1);
    assert_int_equal(jobs[2]->index, 1);
    assert_int_equal(jobs[3]->refusal, REFUSED_LOOK_ONLY);
    assert_int_equal(coins_in(&house, "a"), 15);
    assert_true(text_find(jobs[2]->answer, TEXT("\"receipt\":\"/receipts/330482/1\"")) > 0);
    assert_int_equal(flow_figures(house.flow).batches, 1);
    tear_down(&house);
}

/* A fault in one apply undoes the batch; its neighbours are run again and succeed. */
static void one_fault(const char *where)
{
    struct house house;
    set_up(&house, where);
    struct job *jobs[] = {new_job(&house, "a", 1), new_job(&house, "a", COINS_BREAKING),
                          new_job(&house, "a", 2)};
    run(&house, jobs, 3);
    assert_int_equal(jobs[0]->end, JOB_DONE);
    assert_int_equal(jobs[1]->end, JOB_FAULT);
    assert_true(jobs[1]->fault.why[0] != 0);
    assert_int_equal(jobs[2]->end, JOB_DONE);
    assert_int_equal(coins_in(&house, "a"), 3);
    assert_int_equal(entries(&house), 2);
    tear_down(&house);
}

static void same_key(const char *where)
{
    struct house house;
    set_up(&house, where);
    struct job *jobs[] = {new_job(&house, "a", 1), new_job(&house, "a", 1), new_job(&house, "a", 2),
                          new_job(&house, "a", 1000)};
    for (size_t i = 0; i < 4; i++)
        jobs[i]->idempotency_key = i < 3 ? TEXT("k1") : TEXT("k2");
    run(&house, jobs, 4);
    assert_int_equal(jobs[1]->end, JOB_DONE);
    assert_int_equal(jobs[1]->index, jobs[0]->index);
    assert_true(text_equal(jobs[1]->answer, jobs[0]->answer));
    assert_true(text_is(jobs[1]->location, "/box"));
    assert_int_equal(jobs[2]->refusal, REFUSED_IDEMPOTENCY);
    assert_int_equal(jobs[3]->refusal, REFUSED_LIMIT);
    assert_int_equal(coins_in(&house, "a"), 1);
    /* Also after a restart, and a refused command may be tried again under its key. */
    flow_close(house.flow);
    open_flow(&house);
    struct job *again[] = {new_job(&house, "a", 1), new_job(&house, "a", 3)};
    again[0]->idempotency_key = TEXT("k1");
    again[1]->idempotency_key = TEXT("k2");
    run(&house, again, 2);
    assert_int_equal(again[0]->index, jobs[0]->index);
    assert_int_equal(again[1]->end, JOB_DONE);
    assert_int_equal(coins_in(&house, "a"), 4);
    tear_down(&house);
}

/* A kept answer is its asker's alone, and only while they still may ask. */
static void whose_key(const char *where)
{
    static const struct {
        struct actor actor;
        enum job_end end;
        enum refusal refusal;
        bool first; /* gets the first answer */
    } cases[] = {
        {{.account = 5, .name = {"account:5", 9}, .roles = ROLE_CLERK}, JOB_DONE, OK, true},
        /* The same key of another account is another key. */
        {{.account = 6, .name = {"account:6", 9}, .roles = ROLE_CLERK}, JOB_DONE, OK, false},
        /* The post was taken away, or made one that only looks. */
        {{.account = 5, .name = {"account:5", 9}, .roles = ROLE_REVIEWER},
         JOB_REFUSED, REFUSED_ROLE, false},
        {{.account = 5, .name = {"account:5", 9}, .roles = ROLE_SUPERVISOR},
         JOB_REFUSED, REFUSED_LOOK_ONLY, false},
        {{.name = {"applicant", 9}, .roles = ROLE_ANYONE | ROLE_APPLICANT},
         JOB_REFUSED, REFUSED_SIGN_IN, false},
        /* Moved to another department. */
        {{.account = 5, .name = {"account:5", 9}, .roles = ROLE_CLERK, .department = {"011", 3}},
         JOB_REFUSED, REFUSED_IDEMPOTENCY, false},
        /* And back again. */
        {{.account = 5, .name = {"account:5", 9}, .roles = ROLE_CLERK | ROLE_REVIEWER},
         JOB_DONE, OK, true},
    };
    struct house house;
    set_up(&house, where);
    struct job *first = new_job(&house, "a", 1);
    first->idempotency_key = TEXT("k1");
    run(&house, &first, 1);
    assert_int_equal(first->end, JOB_DONE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct job *job = new_job(&house, "a", 1);
        job->idempotency_key = TEXT("k1");
        job->actor = cases[i].actor;
        run(&house, &job, 1);
        if (job->end != cases[i].end || job->refusal != cases[i].refusal ||
            (cases[i].first != (job->index == first->index)) ||
            (job->answer.len && job->end == JOB_REFUSED))
            fail_msg("case %zu: end %d, refusal %d, index %lld", i, job->end, job->refusal,
                     (long long)job->index);
    }
    assert_int_equal(coins_in(&house, "a"), 2);
    tear_down(&house);
}

static void reactions(const char *where)
{
    struct house house;
    set_up(&house, where);
    struct job *jobs[] = {new_job(&house, "a", COINS_REACTING), new_job(&house, "loop", 1),
                          new_job(&house, "c", 1)};
    run(&house, jobs, 3);
    assert_int_equal(jobs[0]->end, JOB_DONE);
    assert_int_equal(jobs[0]->count, 2); /* its own and the one it set off */
    assert_int_equal(coins_in(&house, "overflow"), 2);
    /* A chain of reactions without end is a fault of its own command and of no other. */
    assert_int_equal(jobs[1]->end, JOB_FAULT);
    assert_int_equal(coins_in(&house, "loop"), 0);
    assert_int_equal(jobs[2]->end, JOB_DONE);
    tear_down(&house);
}

static void time_passes(const char *where)
{
    struct house house;
    struct fault why = {0};
    int64_t ran;
    set_up(&house, where);
    house.clock.now_ms = 3 * DAY_MS + 5;
    assert_true(flow_run_due(house.flow, REGION, &ran, &why));
    assert_int_equal(ran, 3);
    assert_true(flow_run_due(house.flow, REGION, &ran, &why));
    assert_int_equal(ran, 0);
    house.clock.now_ms = 30 * DAY_MS;
    assert_true(flow_run_due(house.flow, REGION, &ran, &why));
    assert_int_equal(ran, 2);
    assert_int_equal(coins_in(&house, "ripe"), 5);
    tear_down(&house);
}

/* The machine's clock is set back: business time stands, and goes on from where it was. History
 * brought in at its own time does not move it. */
static void clock_set_back(const char *where)
{
    static const struct db_sql last = {"SELECT last_at FROM box WHERE region = $1 AND name = $2"};
    static const struct {
        int64_t clock, at_ms, want, live;
    } table[] = {{100000, 0, 100000, 100000}, {50, 0, 100000, 100000},
                 {100001, 0, 100001, 100001}, {60, 900000, 900000, 100001},
                 {100002, 0, 100002, 100002}, {70, 0, 100002, 100002}};
    struct house house;
    struct fault why = {0};
    struct db *db;
    set_up(&house, where);
    assert_true(db_open(where, false, &db, &why));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct db_rows rows;
        struct job *job = new_job(&house, "a", 1);
        house.clock.now_ms = table[i].clock;
        job->at_ms = table[i].at_ms;
        if (!table[i].at_ms) /* a look before it has the same time as the decision */
            assert_int_equal(flow_time(house.flow, REGION), table[i].want);
        run(&house, &job, 1);
        assert_int_equal(flow_live_at(house.flow, REGION), table[i].live);
        assert_true(db_select(db_reader(db), &last, DB_ARGS(db_int(REGION), db_text(TEXT("a"))),
                              house.arena, &rows, &why));
        assert_int_equal(db_cell_int(&rows, 0, "last_at"), table[i].want);
    }
    /* Who opens the house later starts from there, and so do a reader's facts. */
    struct flow_facts *facts = flow_facts_new(box_modules);
    const struct standing *seen;
    struct flow_stand stand;
    size_t count;
    assert_true(flow_facts_at(facts, db_reader(db), REGION, &seen, &count, &stand, &why));
    assert_int_equal(stand.live_at, 100002);
    flow_facts_free(facts);
    flow_close(house.flow);
    house.clock.now_ms = 80;
    open_flow(&house);
    assert_int_equal(flow_time(house.flow, REGION), 100002);
    db_close(db);
    tear_down(&house);
}

static void facts_follow(const char *where)
{
    struct house house;
    struct fault why = {0};
    struct db_read *db;
    const struct standing *seen;
    size_t count;
    set_up(&house, where);
    assert_true(db_open_reader(where, &db, &why));
    struct flow_facts *facts = flow_facts_new(box_modules);
    for (int64_t i = 0; i < 4; i++) {
        assert_true(flow_facts_get(facts, db, REGION, &seen, &count, &why));
        assert_int_equal(count, 1);
        assert_int_equal(((const struct sum *)seen[0].facts)->coins, i * 2);
        struct job *job = new_job(&house, "a", 2);
        run(&house, &job, 1);
    }
    flow_facts_free(facts);
    db_close_reader(db);
    tear_down(&house);
}

/* Two conductors on one database take turns; neither loses the other's coins. */
static void two_conductors(const char *where)
{
    struct house one, two;
    set_up(&one, where);
    two = one;
    two.arena = arena_new(1 << 16);
    open_flow(&two);
    for (int i = 0; i < 300; i++) {
        struct house *house = i % 3 ? &one : &two;
        struct job *job = new_job(house, "a", 1);
        run(house, &job, 1);
        assert_int_equal(job->end, JOB_DONE);
        assert_int_equal(job->index, i);
    }
    assert_int_equal(coins_in(&one, "a"), 300);
    flow_close(two.flow);
    arena_free(two.arena);
    tear_down(&one);
}

/* Many threads hand in; the writer's thread batches by itself and answers each exactly once. */
#define THREADS 4
#define EACH 200
struct crowd {
    struct house *house;
    pthread_mutex_t *lock;
    pthread_cond_t *wake;
    int *answered;
    struct job *jobs[EACH];
};

static void answered(struct job *job)
{
    struct crowd *crowd = job->context;
    pthread_mutex_lock(crowd->lock);
    ++*crowd->answered;
    pthread_cond_signal(crowd->wake);
    pthread_mutex_unlock(crowd->lock);
}

static void *hand_in(void *with)
{
    struct crowd *crowd = with;
    for (int i = 0; i < EACH; i++)
        flow_submit(crowd->house->flow, crowd->jobs[i]);
    return NULL;
}

static void crowd_of_threads(const char *where)
{
    struct house house;
    struct fault why = {0};
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
    int done = 0;
    struct crowd crowd[THREADS];
    pthread_t threads[THREADS];
    set_up(&house, where);
    assert_true(flow_start(house.flow, &why));
    for (int t = 0; t < THREADS; t++) {
        crowd[t] = (struct crowd){&house, &lock, &wake, &done, {0}};
        for (int i = 0; i < EACH; i++) {
            crowd[t].jobs[i] = new_job(&house, "a", 1);
            /* An arena belongs to one thread: each job has its own. */
            crowd[t].jobs[i]->arena = arena_new(1024);
            crowd[t].jobs[i]->done = answered;
            crowd[t].jobs[i]->context = &crowd[t];
        }
    }
    for (int t = 0; t < THREADS; t++)
        pthread_create(&threads[t], NULL, hand_in, &crowd[t]);
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    pthread_mutex_lock(&lock);
    while (done < THREADS * EACH)
        pthread_cond_wait(&wake, &lock);
    pthread_mutex_unlock(&lock);
    bool seen[THREADS * EACH] = {false};
    for (int t = 0; t < THREADS; t++)
        for (int i = 0; i < EACH; i++) {
            assert_int_equal(crowd[t].jobs[i]->end, JOB_DONE);
            assert_false(seen[crowd[t].jobs[i]->index]);
            seen[crowd[t].jobs[i]->index] = true;
            arena_free(crowd[t].jobs[i]->arena);
        }
    assert_int_equal(coins_in(&house, "a"), THREADS * EACH);
    tear_down(&house);
}

/* A long replay on PostgreSQL tells it how big the tables have become: plans made for empty ones would
 * look at every row of a region for each UPDATE. */
static void replay_tells_sizes(const char *where)
{
    struct house house;
    struct fault why = {0};
    struct db *db;
    struct db_rows rows;
    struct job *jobs[100];
    set_up(&house, where);
    for (int i = 0; i < 10; i++) {
        for (int j = 0; j < 100; j++)
            jobs[j] = new_job(&house, j % 2 ? "a" : "b", 1);
        assert_true(flow_run(house.flow, jobs, 100, &why));
    }
    assert_true(entries(&house) >= 1000);
    assert_true(db_open(where, false, &db, &why));
    assert_true(db_begin(db, &why));
    assert_true(db_script(db, TEXT("DELETE FROM box;"), &why));
    struct db_read *from;
    struct checkpoint head;
    assert_true(db_open_reader(where, &from, &why));
    assert_true(journal_head(from, REGION, house.arena, &head, &why));
    if (!flow_replay(from, db, box_modules, REGION, &head, NULL, &why))
        fail_msg("%s", why.why);
    db_close_reader(from);
    if (db_engine(db) == DB_POSTGRESQL) {
        static const struct db_sql known = {
            "SELECT CAST(reltuples AS BIGINT) AS known FROM pg_class WHERE relname = 'box'"};
        assert_true(db_select(db_reader(db), &known, NULL, 0, house.arena, &rows, &why));
        assert_int_equal(db_cell_int(&rows, 0, "known"), 2);
    }
    assert_int_equal(db_commit(db, &why), DB_COMMITTED);
    db_close(db);
    assert_int_equal(coins_in(&house, "a"), 500);
    tear_down(&house);
}

/* A conductor does not begin with a shape that the journal could not hold whole. */
static void long_shape(void **state)
{
    (void)state;
    static struct field fields[SHAPE_MOST_FIELDS + 1];
    for (size_t i = 0; i <= SHAPE_MOST_FIELDS; i++)
        fields[i] = (struct field){.name = "a", .type = FIELD_INT};
    const struct shape wide = {
        .name = "wide", .size = 8, .fields = fields, .count = SHAPE_MOST_FIELDS + 1};
    const struct event_kind kind = {.name = "long.said", .version = 1, .shape = &wide};
    const struct event_kind *const said[] = {&kind, NULL};
    const struct command command = {.name = "long.say", .input = &wide};
    const struct command *const asked[] = {&command, NULL};
    const struct module saying = {.name = "long", .events = said};
    const struct module asking = {.name = "long", .commands = asked};
    const struct module *const lists[][2] = {{&saying, NULL}, {&asking, NULL}};
    for (size_t i = 0; i < 2; i++) {
        struct flow_options options = {.where = "nowhere", .modules = lists[i]};
        struct flow *flow = NULL;
        struct fault why = {0};
        assert_false(flow_open(&options, &flow, &why));
        assert_string_equal(why.why, "shape wide has 129 fields, more than 128");
        assert_null(flow);
    }
}

#define BOTH(name)                                                                                 \
    static void name##_test(void **state)                                                          \
    {                                                                                              \
        (void)state;                                                                               \
        testing_each_engine(name);                                                                 \
    }
BOTH(one_batch)
BOTH(one_fault)
BOTH(same_key)
BOTH(whose_key)
BOTH(reactions)
BOTH(time_passes)
BOTH(clock_set_back)
BOTH(facts_follow)
BOTH(two_conductors)
BOTH(crowd_of_threads)
BOTH(replay_tells_sizes)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_batch_test),      cmocka_unit_test(one_fault_test),
        cmocka_unit_test(whose_key_test),
        cmocka_unit_test(same_key_test),       cmocka_unit_test(reactions_test),
        cmocka_unit_test(time_passes_test),    cmocka_unit_test(clock_set_back_test),
        cmocka_unit_test(facts_follow_test),   cmocka_unit_test(two_conductors_test),
        cmocka_unit_test(crowd_of_threads_test), cmocka_unit_test(long_shape),
        cmocka_unit_test(replay_tells_sizes_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
