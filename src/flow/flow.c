/* The queue, the writer's thread and the passing of time. */
#include "flow/flow.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "base/random.h"
#include "flow/batch.h"

#define BATCH_LIMIT 1024
#define DUE_LIMIT 256
#define TICK_MS 1000

struct inbox {
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job *first, *last;
    bool closing;
    /* The writer's thread alone: */
    int64_t ticked_ms; /* monotonic */
    bool more_due;     /* the last round of due commands found some, so there may be others */
};

static struct writer *writer_of(const struct flow *flow, int64_t region)
{
    for (size_t i = 0; i < flow->options.region_count; i++)
        if (flow->writers[i].region == region)
            return &flow->writers[i];
    return NULL;
}

int64_t flow_live_at(const struct flow *flow, int64_t region)
{
    const struct writer *writer = writer_of(flow, region);
    return writer ? writer->live_at : 0;
}

int64_t flow_time(const struct flow *flow, int64_t region)
{
    int64_t now = flow->options.now ? flow->options.now(flow->options.clock) : time_now();
    int64_t live_at = flow_live_at(flow, region);
    return now > live_at ? now : live_at;
}

static bool open_writer(struct flow *flow, struct writer *writer, int64_t region,
                        struct fault *why)
{
    struct journal_place place;
    writer->region = region;
    writer->standing_stale = true;
    standing_init(&writer->standing, flow->options.modules);
    if (!journal_open(flow->db, region, &writer->journal, why) ||
        !journal_place_of(db_reader(flow->db), region, flow->scratch, &place, why))
        return false;
    writer->live_at = place.live_at;
    return true;
}

bool flow_open(const struct flow_options *options, struct flow **out, struct fault *why)
{
    struct flow *flow = calloc(1, sizeof *flow);
    struct inbox *inbox = calloc(1, sizeof *inbox);
    if (!flow || !inbox)
        abort();
    flow->options = *options;
    flow->inbox = inbox;
    if (!flow->options.batch_limit)
        flow->options.batch_limit = BATCH_LIMIT;
    flow->scratch = arena_new(64 * 1024);
    flow->ahead = arena_new(16 * 1024);
    flow->read = calloc((size_t)flow->options.batch_limit, sizeof *flow->read);
    if (!flow->read)
        abort();
    pthread_mutex_init(&inbox->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&inbox->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    flow->writers = calloc(options->region_count, sizeof *flow->writers);
    if (!flow->writers)
        abort();
    bool good = flow_shapes_sound(options->modules, why) &&
                db_open(options->where, false, &flow->db, why);
    for (size_t i = 0; good && i < options->region_count; i++)
        good = open_writer(flow, &flow->writers[i], options->regions[i], why);
    if (!good) {
        flow_close(flow);
        return false;
    }
    *out = flow;
    return true;
}

bool flow_run(struct flow *flow, struct job *const *jobs, size_t count, struct fault *why)
{
    size_t from = 0;
    while (from < count) {
        struct writer *writer = writer_of(flow, jobs[from]->region);
        size_t to = from + 1;
        while (to < count && jobs[to]->region == jobs[from]->region &&
               to - from < (size_t)flow->options.batch_limit)
            to++;
        if (!writer) {
            for (size_t i = from; i < to; i++) {
                jobs[i]->end = JOB_FAULT;
                fault_set(&jobs[i]->fault, "region %lld is not served here",
                          (long long)jobs[i]->region);
            }
        } else if (!batch_run(flow, writer, jobs + from, to - from, why)) {
            for (size_t i = to; i < count; i++) {
                jobs[i]->end = JOB_FAULT;
                jobs[i]->fault = *why;
                jobs[i]->away = true;
            }
            return false;
        }
        from = to;
    }
    return true;
}

static const struct actor system_actor = {
    .name = {"system", 6}, .display = {"系统", 6}, .roles = ROLE_SYSTEM};

/* The commands of one module whose moment has come, as one batch; returns how many were accepted. */
static bool run_due_of(struct flow *flow, struct writer *writer, const struct module *module,
                       int64_t *accepted, struct fault *why)
{
    struct arena *arena = flow->scratch;
    arena_reset(arena);
    struct context context = {.region = writer->region,
                              .now_ms = flow_time(flow, writer->region),
                              .actor = &system_actor,
                              .arena = arena};
    struct wishes wishes = {.arena = arena};
    if (!module->due(db_reader(flow->db), &context, DUE_LIMIT, &wishes, why))
        return fault_set(why, "what is due in %s could not be read", module->name);
    struct job *jobs = arena_array(arena, wishes.count, sizeof *jobs);
    struct job **list = arena_array(arena, wishes.count, sizeof *list);
    for (size_t i = 0; i < wishes.count; i++) {
        list[i] = &jobs[i];
        jobs[i] = (struct job){.command = wishes.items[i].command,
                               .region = writer->region,
                               .actor = system_actor,
                               .input = (void *)wishes.items[i].input,
                               .arena = arena};
        random_bytes(jobs[i].luck, sizeof jobs[i].luck);
    }
    *accepted = 0;
    if (wishes.count && !flow_run(flow, list, wishes.count, why))
        return false;
    for (size_t i = 0; i < wishes.count; i++)
        *accepted += jobs[i].end == JOB_DONE;
    flow->figures.due += *accepted;
    return true;
}

bool flow_run_due(struct flow *flow, int64_t region, int64_t *ran, struct fault *why)
{
    struct writer *writer = writer_of(flow, region);
    const struct module *const *modules = flow->options.modules;
    *ran = 0;
    if (!writer)
        return fault_set(why, "region %lld is not served here", (long long)region);
    for (size_t i = 0; modules[i]; i++) {
        int64_t accepted = modules[i]->due ? 1 : 0;
        /* Where nothing was accepted, asking again would bring the same wishes again. */
        while (accepted) {
            if (!run_due_of(flow, writer, modules[i], &accepted, why))
                return false;
            *ran += accepted;
        }
    }
    return true;
}

/* One batch of every module's due commands. However many are due, what people send waits for one
 * round of them only. */
static void run_round(struct flow *flow, struct writer *writer)
{
    const struct module *const *modules = flow->options.modules;
    for (size_t i = 0; modules[i]; i++) {
        struct fault why = {0};
        int64_t accepted = 0;
        if (!modules[i]->due)
            continue;
        if (!run_due_of(flow, writer, modules[i], &accepted, &why)) {
            log_line(LOG_ERROR, "flow.due", "%s", why.why);
            if (!db_alive(flow->db))
                db_reconnect(flow->db, &why);
            return;
        }
        flow->inbox->more_due |= accepted > 0;
    }
}

static void tick(struct flow *flow)
{
    struct inbox *inbox = flow->inbox;
    if (!flow->options.timers ||
        (!inbox->more_due && time_monotonic() - inbox->ticked_ms < TICK_MS))
        return;
    inbox->more_due = false;
    for (size_t i = 0; i < flow->options.region_count; i++)
        run_round(flow, &flow->writers[i]);
    inbox->ticked_ms = time_monotonic();
}

/* Takes what is queued, at most a batch; waits if nothing is and no more is due. NULL: nothing.
 * over: nothing is left and nothing comes any more. */
static struct job *take(struct flow *flow, size_t *count, bool *over)
{
    struct inbox *inbox = flow->inbox;
    *count = 0;
    pthread_mutex_lock(&inbox->lock);
    while (!inbox->first && !inbox->closing && !inbox->more_due) {
        if (flow->options.timers) {
            struct timespec until;
            int64_t ms = inbox->ticked_ms + TICK_MS;
            until.tv_sec = ms / 1000;
            until.tv_nsec = ms % 1000 * 1000000;
            if (pthread_cond_timedwait(&inbox->wake, &inbox->lock, &until) == ETIMEDOUT)
                break;
        } else {
            pthread_cond_wait(&inbox->wake, &inbox->lock);
        }
    }
    struct job *first = inbox->first, *last = NULL;
    for (struct job *job = first; job && *count < (size_t)flow->options.batch_limit;
         job = job->next) {
        last = job;
        ++*count;
    }
    if (last) {
        inbox->first = last->next;
        last->next = NULL;
        if (!inbox->first)
            inbox->last = NULL;
    }
    *over = !first && inbox->closing;
    pthread_mutex_unlock(&inbox->lock);
    return first;
}

static void *write_forever(void *with)
{
    struct flow *flow = with;
    struct job **jobs = calloc((size_t)flow->options.batch_limit, sizeof *jobs);
    if (!jobs)
        abort();
    for (;;) {
        size_t count, filled = 0;
        bool over;
        struct job *first = take(flow, &count, &over);
        if (over)
            break;
        /* Region by region, each in the order of arrival. */
        for (size_t i = 0; i < flow->options.region_count && first; i++)
            for (struct job *job = first; job; job = job->next)
                if (job->region == flow->writers[i].region)
                    jobs[filled++] = job;
        for (struct job *job = first; job; job = job->next)
            if (!writer_of(flow, job->region))
                jobs[filled++] = job;
        if (filled) {
            struct fault why = {0};
            if (!flow_run(flow, jobs, filled, &why))
                log_line(LOG_ERROR, "flow.database", "%s", why.why);
            flow->figures.waiting -= (int64_t)filled;
            for (size_t i = 0; i < filled; i++)
                jobs[i]->done(jobs[i]);
            if (flow->options.after_batch)
                flow->options.after_batch(flow->options.context);
        }
        tick(flow);
    }
    free(jobs);
    return NULL;
}

bool flow_threaded(const struct flow *flow)
{
    return flow->inbox->started;
}

bool flow_start(struct flow *flow, struct fault *why)
{
    /* Said before the thread is there, which asks. */
    flow->inbox->started = true;
    if (pthread_create(&flow->inbox->thread, NULL, write_forever, flow) != 0) {
        flow->inbox->started = false;
        return fault_set(why, "the writer's thread could not be started");
    }
    pthread_setname_np(flow->inbox->thread, "writer");
    return true;
}

void flow_submit(struct flow *flow, struct job *job)
{
    struct inbox *inbox = flow->inbox;
    job->next = NULL;
    job->end = JOB_WAITS;
    flow->figures.waiting++;
    pthread_mutex_lock(&inbox->lock);
    if (inbox->last)
        inbox->last->next = job;
    else
        inbox->first = job;
    inbox->last = job;
    pthread_cond_signal(&inbox->wake);
    pthread_mutex_unlock(&inbox->lock);
}

void flow_close(struct flow *flow)
{
    struct inbox *inbox = flow->inbox;
    if (inbox->started) {
        pthread_mutex_lock(&inbox->lock);
        inbox->closing = true;
        pthread_cond_signal(&inbox->wake);
        pthread_mutex_unlock(&inbox->lock);
        pthread_join(inbox->thread, NULL);
    }
    for (size_t i = 0; i < flow->options.region_count; i++) {
        journal_close(flow->writers[i].journal);
        if (flow->writers[i].standing.now)
            standing_end(&flow->writers[i].standing);
    }
    pthread_cond_destroy(&inbox->wake);
    pthread_mutex_destroy(&inbox->lock);
    db_close(flow->db);
    arena_free(flow->scratch);
    arena_free(flow->ahead);
    free(flow->read);
    free(flow->writers);
    free(inbox);
    free(flow);
}

struct flow_figures flow_figures(const struct flow *flow)
{
    const struct figures *now = &flow->figures;
    return (struct flow_figures){now->batches, now->commands, now->refused, now->faults,
                                 now->entries, now->waiting,  now->due};
}

const int64_t flow_sizes[FLOW_SIZES] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
const int64_t flow_times_us[FLOW_TIMES] = {500,    1000,   2500,   5000,    10000,   25000,
                                           50000, 100000, 250000, 500000, 1000000, 5000000};

const struct histogram *flow_batch_sizes(const struct flow *flow)
{
    return &flow->figures.sizes;
}

const struct histogram *flow_commit_times(const struct flow *flow)
{
    return &flow->figures.commits;
}
