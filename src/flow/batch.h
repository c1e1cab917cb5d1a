/* Inside flow: one region's writer state and the running of a batch. */
#ifndef YIMEN_FLOW_BATCH_H
#define YIMEN_FLOW_BATCH_H

#include "flow/facts.h"
#include "flow/flow.h"

struct writer {
    int64_t region;
    struct journal *journal;
    struct standing_set standing;
    bool standing_stale;
    _Atomic int64_t live_at; /* the last live moment that is known to be on disk; looks ask too */
};

struct figures {
    _Atomic int64_t batches, commands, refused, faults, entries, waiting, due;
    struct histogram sizes, commits;
};

struct flow {
    struct flow_options options;
    struct db *db;
    struct writer *writers; /* one a region */
    struct figures figures;
    struct arena *scratch; /* of one batch */
    struct arena *ahead;   /* of one job's reading ahead */
    bool *read;            /* which jobs of the batch have nothing left to read ahead */
    struct inbox *inbox;
};

/* True once flow_start has given the writer a thread. */
bool flow_threaded(const struct flow *flow);

/* The context in which a job is decided; now_ms is the batch's. */
struct context job_context(const struct writer *writer, const struct job *job, int64_t now_ms,
                           struct arena *arena);
/* Nothing that could end what somebody may do has happened since the job's request was read. */
bool batch_stood(const struct writer *writer, const struct job *job);
/* Who sent the job, asked again. *stands false: nobody any more. */
bool batch_actor(const struct flow *flow, const struct job *job, const struct context *context,
                 struct actor *out, bool *stands, struct fault *why);
/* The idempotency key as kept: with the actor's name before it. */
struct text job_key(const struct job *job, struct arena *arena);

/* Asks, in few journeys to the database, what the jobs of a batch will read (ahead.c). The region's
 * head is held and nothing of the batch is written yet. */
bool batch_read_ahead(struct flow *flow, const struct writer *writer, struct job *const *jobs,
                      size_t count, int64_t now_ms, struct fault *why);

/* Runs jobs of one region in one transaction; a fault in one of them makes each run alone. False
 * only if the database cannot be reached any more (the jobs end as faults then). */
bool batch_run(struct flow *flow, struct writer *writer, struct job *const *jobs, size_t count,
               struct fault *why);

#endif
