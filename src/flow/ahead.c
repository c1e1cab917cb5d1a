/* Reading ahead for a batch. One command's read waits for the database once for each of its queries;
 * a batch of hundreds would wait hundreds of times, so the reads of all its commands are run before
 * the first decision, only to learn what they ask. What they ask travels together; what follows from
 * the answers travels in the next round. Then every command is read and decided in its turn as if
 * nothing had happened, and db_select has the answers where they still hold (db.h). */
#include "flow/batch.h"

enum { MOST_ROUNDS = 4, MOST_KINS = 32 };

/* True if there is nothing left to ask: all was answered, or it ended in a fault of its own, which its
 * turn will bring again. */
static bool ask(struct flow *flow, const struct writer *writer, const struct job *job,
                int64_t now_ms)
{
    struct arena *arena = flow->ahead;
    struct db_read *db = db_reader(flow->db);
    struct fault unheard = {0};
    const void *facts;
    arena_reset(arena);
    if (job->idempotency_key.len) {
        struct idempotency kept;
        bool found = false;
        if (!idempotency_find(db, job->region, job_key(job, arena), arena, &kept, &found,
                              &unheard))
            return false;
        if (found)
            return true;
    }
    struct context context = job_context(writer, job, now_ms, arena);
    struct actor now = job->actor;
    bool stands = true;
    if (!batch_stood(writer, job) &&
        !batch_actor(flow, job, &context, &now, &stands, &unheard))
        return false;
    if (!job->command->read || !stands || role_refusal(job->command->roles, &now) != OK)
        return true;
    context.actor = &now;
    return job->command->read(db, &context, job->input, &facts, &unheard);
}

/* The jobs of one command in one round. */
struct kin {
    const struct command *command;
    size_t asked, done;
};

/* Reads of one command go equally deep as a rule: where the first few had nothing left to ask, the
 * rest are not run to find that out. One that had asks in its own turn. */
static bool like_its_kin(const struct kin *kin)
{
    enum { FEW = 4 };
    return kin->asked >= FEW && kin->done == kin->asked;
}

static struct kin *kin_of(struct kin *kins, size_t *count, const struct command *command)
{
    for (size_t i = 0; i < *count; i++)
        if (kins[i].command == command)
            return &kins[i];
    if (*count == MOST_KINS)
        return NULL;
    kins[*count] = (struct kin){.command = command};
    return &kins[(*count)++];
}

static void ask_all(struct flow *flow, const struct writer *writer, struct job *const *jobs,
                    size_t count, int64_t now_ms)
{
    struct kin kins[MOST_KINS];
    size_t kin_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (flow->read[i])
            continue;
        struct kin *kin = kin_of(kins, &kin_count, jobs[i]->command);
        flow->read[i] = (kin && like_its_kin(kin)) || ask(flow, writer, jobs[i], now_ms);
        if (kin) {
            kin->asked++;
            kin->done += flow->read[i];
        }
    }
}

bool batch_read_ahead(struct flow *flow, const struct writer *writer, struct job *const *jobs,
                      size_t count, int64_t now_ms, struct fault *why)
{
    size_t asked = 1;
    if (count < 2)
        return true; /* what is asked once takes its journey anyhow */
    for (size_t i = 0; i < count; i++)
        flow->read[i] = false;
    for (int round = 0; round < MOST_ROUNDS && asked && db_ahead_begin(flow->db); round++) {
        ask_all(flow, writer, jobs, count, now_ms);
        if (!db_ahead_end(flow->db, &asked, why))
            return false;
    }
    return true;
}
