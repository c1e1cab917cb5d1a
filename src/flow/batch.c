/* One batch: begin, decide the jobs one after another, journal, apply, commit. */
#include "flow/batch.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"

#define MOST_REACTIONS 64 /* commands that one command may set off, so that no loop of wishes runs on */
#define CHECKPOINT_BATCHES 32 /* between checkpoints where no thread does them */
#define MOST_TRIES 20     /* of a transaction that PostgreSQL asks to be run again */

struct run {
    struct flow *flow;
    struct writer *writer;
    int64_t now_ms;
    int64_t entries;
    int reactions; /* of the job at hand */
    bool moved;    /* an event of this batch changed standing facts or who may act */
};

static const struct actor system_actor = {
    .name = {"system", 6}, .display = {"系统", 6}, .roles = ROLE_SYSTEM};

static struct db_read *reader(const struct run *run)
{
    return db_reader(run->flow->db);
}

static bool run_command(struct run *run, struct job *job);

static bool fresh_standing(struct run *run, struct fault *why)
{
    struct writer *writer = run->writer;
    if (!writer->standing_stale)
        return true;
    if (!standing_load(&writer->standing, reader(run), writer->region, why))
        return false;
    writer->standing_stale = false;
    return true;
}

/* What an event makes other modules want, run at once as commands of the system. */
static bool run_reactions(struct run *run, const struct job *job, const struct entry_head *head,
                          const struct emitted *event, const struct context *context)
{
    struct wishes wishes = {.arena = job->arena};
    const struct module *const *modules = run->flow->options.modules;
    struct fault *why = (struct fault *)&job->fault;
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->react && !modules[i]->react(reader(run), head, event->kind, event->body,
                                                    context, &wishes, why))
            return fault_set(why, "%s could not react to %s", modules[i]->name, event->kind->name);
    for (size_t i = 0; i < wishes.count; i++) {
        struct job nested = {.command = wishes.items[i].command,
                             .region = job->region,
                             .actor = system_actor,
                             .acting = &system_actor,
                             .input = (void *)wishes.items[i].input,
                             .arena = job->arena,
                             .at_ms = job->at_ms};
        if (++run->reactions > MOST_REACTIONS)
            return fault_set(why, "%s set off more than %d commands", event->kind->name,
                             MOST_REACTIONS);
        random_bytes(nested.luck, sizeof nested.luck);
        if (!run_command(run, &nested))
            return fault_set(why, "%s", nested.fault.why);
        if (nested.end == JOB_REFUSED)
            log_line(LOG_INFO, "flow.wish", "%s after %s was refused: %s", nested.command->name,
                     event->kind->name, refusal_text(nested.refusal)->name);
    }
    return true;
}

static bool write_event(struct run *run, struct job *job, const struct emitted *event,
                        const struct context *context)
{
    struct writer *writer = run->writer;
    const struct event_kind *kind = event->kind;
    struct buf body = {.arena = job->arena}, hidden = {.arena = job->arena};
    struct entry_head head = {.at = context->now_ms,
                              .actor = job->acting->name,
                              .kind = text_of(kind->name),
                              .version = kind->version,
                              .subject = event->subject};
    shape_to_json(kind->shape, event->body, SHAPE_PUBLIC, &body);
    if (shape_has_private(kind->shape, event->body))
        shape_to_json(kind->shape, event->body, SHAPE_PRIVATE, &hidden);
    journal_add(writer->journal, &head, buf_done(&body), buf_done(&hidden));
    run->entries++;
    if (job->index < 0)
        job->index = head.index;
    if (!kind->apply(run->flow->db, &head, event->body, job->arena, &job->fault) ||
        (kind->enact &&
         !kind->enact(run->flow->db, &head, event->body, job->arena, &job->fault)))
        return fault_set(&job->fault, "%s could not be applied", kind->name);
    if (kind->standing) {
        journal_standing(writer->journal);
        writer->standing_stale = true;
        run->moved = true;
    }
    return run_reactions(run, job, &head, event, context);
}

static void build_answer(struct job *job, const struct decision *decision)
{
    struct buf out = {.arena = job->arena};
    buf_format(&out, "{\"region\":\"%06lld\",\"index\":%lld,\"count\":%lld", (long long)job->region,
               (long long)job->index, (long long)job->count);
    if (job->index >= 0)
        buf_format(&out, ",\"receipt\":\"/receipts/%06lld/%lld\"", (long long)job->region,
                   (long long)job->index);
    if (decision->location.len) {
        buf_str(&out, ",\"location\":");
        buf_json(&out, decision->location);
    }
    if (decision->answer_shape) {
        struct buf extra = {.arena = job->arena};
        shape_to_answer(decision->answer_shape, decision->answer, &extra);
        struct text inner = text_slice(buf_done(&extra), 1, extra.len - 1);
        if (inner.len) {
            buf_char(&out, ',');
            buf_text(&out, inner);
        }
    }
    buf_char(&out, '}');
    job->location = text_copy(job->arena, decision->location);
    job->answer = buf_done(&out);
}

struct context job_context(const struct writer *writer, const struct job *job, int64_t now_ms,
                           struct arena *arena)
{
    return (struct context){.region = job->region,
                            .now_ms = job->at_ms ? job->at_ms : now_ms,
                            .actor = job->acting ? job->acting : &job->actor,
                            .next_index = journal_next(writer->journal),
                            .luck = job->luck,
                            .standing = writer->standing.items,
                            .standing_count = writer->standing.count,
                            .arena = arena};
}

bool batch_stood(const struct writer *writer, const struct job *job)
{
    return job->actor.stood_at == journal_standing_seen(writer->journal) + 1;
}

bool batch_actor(const struct flow *flow, const struct job *job, const struct context *context,
                 struct actor *out, bool *stands, struct fault *why)
{
    const struct module *const *modules = flow->options.modules;
    *out = job->actor;
    *stands = true;
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->stands && job->actor.stood_at)
            return modules[i]->stands(db_reader(flow->db), context, &job->actor, out, stands, why);
    return true;
}

/* The list's column, asked of whoever sent the job as they stand now, not as they stood when the
 * request was read: a session may have been revoked since, an account closed, a role taken away. It
 * costs nothing while no such thing has happened: the counter, held with the head, says so. */
static bool let_in(struct run *run, struct job *job)
{
    struct actor *now;
    bool stands = true;
    job->index = -1;
    job->count = 0;
    job->end = JOB_REFUSED;
    if (!job->acting) {
        job->acting = &job->actor;
        if (job->actor.stood_at &&
            (run->moved || !batch_stood(run->writer, job))) {
            struct context context = job_context(run->writer, job, run->now_ms, job->arena);
            now = arena_alloc(job->arena, sizeof *now);
            if (!batch_actor(run->flow, job, &context, now, &stands, &job->fault))
                return fault_set(&job->fault, "who sent %s could not be read", job->command->name);
            job->acting = now;
        }
    }
    job->refusal = stands ? role_refusal(job->command->roles, job->acting) : REFUSED_SIGN_IN;
    return true;
}

/* Reads, decides and, if accepted, journals and applies. False: a fault, the batch must be undone. */
static bool run_command(struct run *run, struct job *job)
{
    const struct command *command = job->command;
    struct decision decision = {.arena = job->arena};
    const void *facts = NULL;
    if (!let_in(run, job))
        return false;
    if (job->refusal != OK)
        return true;
    if (!fresh_standing(run, &job->fault))
        return false;
    struct context context = job_context(run->writer, job, run->now_ms, job->arena);
    if (command->read && !command->read(reader(run), &context, job->input, &facts, &job->fault))
        return fault_set(&job->fault, "facts for %s could not be read", command->name);
    job->refusal = command->decide(facts, job->input, &context, &decision);
    job->problems = decision.problems;
    job->wait_ms = decision.wait_ms;
    if (job->refusal != OK)
        return true;
    int64_t first = journal_next(run->writer->journal);
    for (size_t i = 0; i < decision.count; i++)
        if (!write_event(run, job, &decision.events[i], &context))
            return false;
    job->count = journal_next(run->writer->journal) - first;
    build_answer(job, &decision);
    job->end = JOB_DONE;
    return true;
}

/* What was asked, and on whose behalf: who has moved to another department is not the one that asked
 * before. What the applicant's key opens is part of the input. */
static struct hash request_hash(const struct job *job)
{
    struct buf input = {.arena = job->arena};
    if (job->command->input)
        shape_to_json(job->command->input, job->input, SHAPE_ALL, &input);
    struct text parts[] = {text_of(job->command->name), TEXT("\n"), job->acting->department,
                           TEXT("\n"), buf_done(&input)};
    return hash_parts(parts, 5);
}

struct text job_key(const struct job *job, struct arena *arena)
{
    return text_format(arena, "%.*s/%.*s", TEXT_ARG(job->actor.name),
                       TEXT_ARG(job->idempotency_key));
}

/* A job with an idempotency key: a repetition gets the first answer, and nothing happens twice. The
 * same actor alone gets it, and only while the list's column still lets them in; what else the
 * decision would say today does not matter, since the case has moved on by that very command. */
static bool run_once(struct run *run, struct job *job)
{
    struct idempotency kept = {0};
    bool found = false;
    if (!let_in(run, job))
        return false;
    if (job->refusal != OK)
        return true;
    struct hash request = request_hash(job);
    struct text key = job_key(job, job->arena);
    if (!idempotency_find(reader(run), job->region, key, job->arena, &kept, &found, &job->fault))
        return false;
    if (found && !hash_equal(&kept.request, &request)) {
        job->end = JOB_REFUSED;
        job->refusal = REFUSED_IDEMPOTENCY;
        return true;
    }
    if (found) {
        job->end = JOB_DONE;
        job->repeated = true;
        job->refusal = OK;
        job->index = kept.index;
        job->count = kept.count;
        job->answer = kept.answer;
        job->location = kept.location;
        return true;
    }
    if (!run_command(run, job))
        return false;
    if (job->end != JOB_DONE)
        return true;
    kept = (struct idempotency){.key = key,
                                .request = request,
                                .index = job->index,
                                .count = job->count,
                                .answer = job->answer,
                                .location = job->location,
                                .at = job->at_ms ? job->at_ms : run->now_ms};
    return idempotency_keep(run->flow->db, job->region, &kept, &job->fault);
}

static void job_reset(struct job *job)
{
    job->end = JOB_WAITS;
    job->repeated = false;
    job->acting = NULL;
    job->refusal = OK;
    job->problems = (struct problems){0};
    job->wait_ms = 0;
    job->away = false;
    job->index = -1;
    job->count = 0;
    job->location = job->answer = TEXT("");
    job->fault = (struct fault){0};
}

/* The transaction up to, not including, its COMMIT. *guilty is the job whose fault ended it, or
 * count if it was nobody's. */
static bool fill(struct run *run, struct job *const *jobs, size_t count, size_t *guilty,
                 struct fault *why)
{
    struct flow *flow = run->flow;
    struct writer *writer = run->writer;
    bool moved = false, live = false;
    *guilty = count;
    if (!db_begin(flow->db, why) || !journal_begin(writer->journal, flow->db, &moved, why))
        return false;
    writer->standing_stale |= moved;
    writer->live_at = journal_clock(writer->journal);
    run->now_ms = flow_time(flow, writer->region);
    if (!fresh_standing(run, why) ||
        !batch_read_ahead(flow, writer, jobs, count, run->now_ms, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        job_reset(jobs[i]);
        run->reactions = 0;
        if (jobs[i]->idempotency_key.len ? !run_once(run, jobs[i]) : !run_command(run, jobs[i])) {
            *guilty = i;
            return fault_set(why, "%s", jobs[i]->fault.why);
        }
        live |= jobs[i]->end == JOB_DONE && jobs[i]->count && !jobs[i]->at_ms;
    }
    if (live)
        journal_live_at(writer->journal, run->now_ms);
    return journal_end(writer->journal, flow->db, why);
}

/* Looks at the head under its lock: a PostgreSQL that lost us may still be about to commit. */
static bool look_at_head(struct flow *flow, struct writer *writer, bool *written,
                         struct fault *why)
{
    bool moved;
    bool seen = db_reconnect(flow->db, why) && db_begin(flow->db, why) &&
                journal_begin(writer->journal, flow->db, &moved, why) &&
                journal_was_written(writer->journal, db_reader(flow->db), written, why);
    db_rollback(flow->db);
    journal_forget(writer->journal);
    writer->standing_stale = true;
    return seen;
}

/* After a COMMIT whose outcome is unknown: what the head says decides. */
static enum db_commit find_out(struct flow *flow, struct writer *writer, struct fault *why)
{
    bool written = false;
    for (int try = 0; try < MOST_TRIES; try++) {
        struct fault now = {0};
        if (look_at_head(flow, writer, &written, &now))
            return written ? DB_COMMITTED : DB_RETRY;
        log_line(LOG_WARN, "flow.reconnect", "%s", now.why);
        usleep(200 * 1000);
    }
    fault_set(why, "the database did not come back after a COMMIT without answer");
    return DB_UNKNOWN;
}

static enum db_commit attempt(struct run *run, struct job *const *jobs, size_t count,
                              size_t *guilty, struct fault *why)
{
    struct flow *flow = run->flow;
    enum db_commit end = DB_FAILED;
    run->entries = 0;
    run->moved = false;
    if (fill(run, jobs, count, guilty, why)) {
        int64_t began_us = time_monotonic_us();
        end = db_commit(flow->db, why);
        histogram_add(&flow->figures.commits, flow_times_us, FLOW_TIMES,
                      time_monotonic_us() - began_us);
        *guilty = count;
        if (end == DB_UNKNOWN)
            end = find_out(flow, run->writer, why);
    } else if (db_retryable(flow->db)) {
        end = DB_RETRY;
    }
    if (end == DB_COMMITTED)
        return end;
    db_rollback(flow->db);
    journal_forget(run->writer->journal);
    run->writer->standing_stale = true;
    return end;
}

static enum db_commit try_transaction(struct run *run, struct job *const *jobs, size_t count,
                                      size_t *guilty, struct fault *why)
{
    struct flow *flow = run->flow;
    enum db_commit end = DB_FAILED;
    for (int try = 0; try < MOST_TRIES; try++) {
        *why = (struct fault){0};
        end = attempt(run, jobs, count, guilty, why);
        /* What may have been done is not done again. */
        if (end == DB_COMMITTED || end == DB_UNKNOWN ||
            (end == DB_FAILED && db_alive(flow->db)))
            return end;
        log_line(LOG_WARN, "flow.retry", "%s", why->why);
        struct fault again = {0};
        if (!db_alive(flow->db) && !db_reconnect(flow->db, &again))
            usleep(200 * 1000);
    }
    return end;
}

static void all_fault(struct job *const *jobs, size_t count, bool away, const struct fault *why)
{
    for (size_t i = 0; i < count; i++) {
        job_reset(jobs[i]);
        jobs[i]->end = JOB_FAULT;
        jobs[i]->away = away;
        jobs[i]->fault = *why;
    }
}

static void count_up(struct flow *flow, struct job *const *jobs, size_t count, int64_t entries)
{
    flow->figures.batches++;
    flow->figures.commands += (int64_t)count;
    histogram_add(&flow->figures.sizes, flow_sizes, FLOW_SIZES, (int64_t)count);
    flow->figures.entries += entries;
    for (size_t i = 0; i < count; i++) {
        flow->figures.refused += jobs[i]->end == JOB_REFUSED;
        flow->figures.faults += jobs[i]->end == JOB_FAULT;
    }
}

/* A server moves the write-ahead log into the database from a thread of its own. Who runs batches
 * without one (imports) does it here, or the log would grow with all that is brought in. */
static bool tend_log(struct flow *flow, struct fault *why)
{
    int64_t pages;
    if (flow_threaded(flow) || flow->figures.batches % CHECKPOINT_BATCHES)
        return true;
    return db_checkpoint(flow->db, false, &pages, why);
}

bool batch_run(struct flow *flow, struct writer *writer, struct job *const *jobs, size_t count,
               struct fault *why)
{
    struct run run = {.flow = flow, .writer = writer};
    size_t guilty;
    enum db_commit end = try_transaction(&run, jobs, count, &guilty, why);
    if (end == DB_COMMITTED) {
        writer->live_at = journal_clock(writer->journal);
        count_up(flow, jobs, count, run.entries);
        return tend_log(flow, why);
    }
    if (count > 1 && end != DB_UNKNOWN && db_alive(flow->db)) {
        /* One bad command must not hurt its neighbours: each runs in a transaction of its own. */
        log_line(LOG_WARN, "flow.split", "a batch of %zu failed and is run one by one: %s", count,
                 why->why);
        for (size_t i = 0; i < count; i++) {
            struct fault alone = {0};
            if (!batch_run(flow, writer, &jobs[i], 1, &alone) && !db_alive(flow->db)) {
                all_fault(jobs + i, count - i, true, &alone);
                return fault_set(why, "%s", alone.why);
            }
        }
        *why = (struct fault){0};
        return true;
    }
    all_fault(jobs, count, end == DB_UNKNOWN || !db_alive(flow->db), why);
    count_up(flow, jobs, count, 0);
    log_line(LOG_ERROR, "flow.fault", "%s: %s", count == 1 ? jobs[0]->command->name : "batch",
             why->why);
    return db_alive(flow->db);
}
