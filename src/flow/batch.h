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
};

struct figures {
    _Atomic int64_t batches, commands, refused, faults, entries, waiting;
};

struct flow {
    struct flow_options options;
    struct db *db;
    struct writer *writers; /* one a region */
    struct figures figures;
    struct arena *scratch; /* of one batch */
    struct inbox *inbox;
};

/* True once flow_start has given the writer a thread. */
bool flow_threaded(const struct flow *flow);

/* Runs jobs of one region in one transaction; a fault in one of them makes each run alone. False
 * only if the database cannot be reached any more (the jobs end as faults then). */
bool batch_run(struct flow *flow, struct writer *writer, struct job *const *jobs, size_t count,
               struct fault *why);

#endif
