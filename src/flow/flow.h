/* The one conductor: takes the commands that wait for a region, decides them one after another in
 * one transaction, and answers all of them when it is on disk. No timer fills a batch: the writer
 * takes what is queued when the last commit returns. */
#ifndef YIMEN_FLOW_FLOW_H
#define YIMEN_FLOW_FLOW_H

#include "base/histogram.h"
#include "flow/module.h"

struct flow;

enum job_end {
    JOB_WAITS,
    JOB_DONE,    /* on disk */
    JOB_REFUSED, /* nothing happened */
    JOB_FAULT,   /* nothing happened, unless `away` is set; the log knows why */
};

/* One command on its way. The caller owns it and its arena, and touches neither between
 * flow_submit and done. */
struct job {
    const struct command *command;
    int64_t region;
    struct actor actor;         /* as the request brought it */
    const struct actor *acting; /* the conductor's: as the actor stands when it is decided */
    void *input;
    struct arena *arena;
    int64_t at_ms;                /* 0: live, at the flow's clock; else history at its own time */
    struct text idempotency_key;  /* empty: none */
    unsigned char luck[32];
    void (*done)(struct job *job); /* on the writer's thread; NULL for flow_run */
    void *context;

    enum job_end end;
    bool repeated; /* done before under the same key: all of the answer is the first one's */
    enum refusal refusal;
    struct problems problems;
    int64_t wait_ms; /* of a refusal: until it may be tried again; 0: unsaid */
    int64_t index; /* first entry, -1 if it made none */
    int64_t count;
    struct text location;
    struct text answer; /* JSON object: region, index, receipt, location and the command's own */
    struct fault fault;
    bool away; /* of a fault: the database cannot be reached. Where it went away around COMMIT, nobody
                * knows whether the command was done: the same idempotency key asks safely. */
    struct job *next; /* the queue's */
};

struct flow_options {
    const char *where; /* db_open */
    const struct module *const *modules; /* ended by NULL */
    const int64_t *regions;
    size_t region_count;
    /* The clock of service: NULL is time_now. A simulated clock passes its own. */
    int64_t (*now)(void *clock);
    void *clock;
    int batch_limit; /* 0: 1024 */
    bool timers;     /* run modules' due hooks about once a second */
    /* After every job of a batch had its done: one wake-up for all. NULL: nothing. */
    void (*after_batch)(void *context);
    void *context;
};

bool flow_open(const struct flow_options *options, struct flow **out, struct fault *why);
/* Starts the writer's thread. Without it only flow_run may be used. */
bool flow_start(struct flow *flow, struct fault *why);
/* Ends the thread after the queue is empty and closes everything. */
void flow_close(struct flow *flow);

void flow_submit(struct flow *flow, struct job *job);
/* Runs the jobs as one batch (or several) on the calling thread; each ends DONE, REFUSED or FAULT.
 * False only if the database is gone. */
bool flow_run(struct flow *flow, struct job *const *jobs, size_t count, struct fault *why);
/* Runs every module's due commands until none is left; returns how many ran. */
bool flow_run_due(struct flow *flow, int64_t region, int64_t *ran, struct fault *why);
/* Business time of a region, the same for a look as for a decision: the flow's clock, but never before
 * the last live moment of the region's journal as far as this flow knows of it. */
int64_t flow_time(const struct flow *flow, int64_t region);
/* That last live moment; 0: none yet, or no such region. */
int64_t flow_live_at(const struct flow *flow, int64_t region);

struct flow_figures {
    int64_t batches, commands, refused, faults, entries, waiting;
    int64_t due; /* commands of the house itself whose moment had come, and that were done */
};
struct flow_figures flow_figures(const struct flow *flow);
/* How many commands were in a batch, and how long COMMIT took (us). */
#define FLOW_SIZES 11
#define FLOW_TIMES 12
extern const int64_t flow_sizes[FLOW_SIZES], flow_times_us[FLOW_TIMES];
const struct histogram *flow_batch_sizes(const struct flow *flow);
const struct histogram *flow_commit_times(const struct flow *flow);

/* A reader's standing facts, kept current: cheap to call before each look. */
struct flow_facts;
struct flow_facts *flow_facts_new(const struct module *const *modules);
void flow_facts_free(struct flow_facts *facts);
bool flow_facts_get(struct flow_facts *facts, struct db_read *db, int64_t region,
                    const struct standing **standing, size_t *count, struct fault *why);
/* The same, and where the region stood then: while seq and version are as they were, everything that
 * was derived from its journal is too. */
struct flow_stand {
    int64_t seq;     /* entries */
    int64_t version; /* of the standing facts */
    int64_t live_at; /* journal_place: business time is not before it, whoever moved it */
};
bool flow_facts_at(struct flow_facts *facts, struct db_read *db, int64_t region,
                   const struct standing **standing, size_t *count, struct flow_stand *stand,
                   struct fault *why);

/* Every shape that the journal will hold can be written whole: asked by flow_open. */
bool flow_shapes_sound(const struct module *const *modules, struct fault *why);

/* Event kinds by name, for replay and for showing histories. */
struct registry;
struct registry *registry_new(const struct module *const *modules, struct fault *why);
void registry_free(struct registry *registry);
const struct event_kind *registry_find(const struct registry *registry, struct text name);

/* How far long work has come. */
struct progress {
    void (*tell)(int64_t done, int64_t total, void *context); /* may be NULL */
    void *context;
};
static inline void progress_tell(const struct progress *progress, int64_t done, int64_t total)
{
    if (progress && progress->tell)
        progress->tell(done, total, progress->context);
}

/* Truth tables and derived tables of all modules, made if they are not there. */
bool flow_create(struct db *db, const struct module *const *modules, struct fault *why);
/* The regions of a database in the order they were set up, in a list of int64_t. */
bool flow_regions(struct db_read *db, struct arena *arena, struct list *out, struct fault *why);
/* Replays a region's entries up to that head from `from` into the derived tables of `to`. They must be
 * two connections: another thread reads from `from` meanwhile. */
bool flow_replay(struct db_read *from, struct db *to, const struct module *const *modules,
                 int64_t region, const struct checkpoint *head, const struct progress *progress,
                 struct fault *why);
/* Drops, makes and refills the derived tables in one transaction. *replayed counts entries. */
bool flow_rebuild(const char *where, const struct module *const *modules,
                  const struct progress *progress, int64_t *replayed, struct fault *why);
/* Replays into a scratch place and compares every derived table with the live one. *wrong names the
 * first row that differs, or that is of a region not set up; empty if all agree. */
bool flow_compare(const char *where, const struct module *const *modules, struct arena *arena,
                  const struct progress *progress, struct text *wrong, struct fault *why);

#endif
