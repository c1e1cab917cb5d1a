/* Fills a house with deadlines that are all due at the same moment: so many of 20 working days from
 * 4 May 2014, which end on 30 May 2014 at the close of the centre. Every second one is promised, the
 * others are the law's, so that every kind of rung is among theirs. For the fault tests.
 *   deadlines WHERE COUNT   WHERE as `yimen --db` takes it, or the path of an SQLite file */
#include <stdio.h>
#include <stdlib.h>

#include "clock/clock.h"
#include "flow/flow.h"
#include "modules.h"

#define REGION 330482
#define AT_ONCE 500 /* deadlines a command */

struct lot {
    int64_t from, count;
};
static const struct field lot_fields[] = {
    {"from", FIELD_INT, offsetof(struct lot, from), 0},
    {"count", FIELD_INT, offsetof(struct lot, count), 0},
};
static const struct shape lot_shape = {
    .name = "lot", .size = sizeof(struct lot), SHAPE_FIELDS(lot_fields)};

static enum refusal decide_lot(const void *facts, const void *input, const struct context *context,
                               struct decision *out)
{
    const struct lot *lot = input;
    struct deadline deadline = {.start_date = time_date(context->now_ms),
                                .limit = limit_working(working_days(20))};
    enum refusal refusal = OK;
    (void)facts;
    for (int64_t i = lot->from; refusal == OK && i < lot->from + lot->count; i++) {
        deadline.kind = i % 2 ? DEADLINE_PROMISED : DEADLINE_STATUTORY;
        refusal = clock_set(out, context, text_format(context->arena, "load:%lld", (long long)i),
                            NULL, &deadline, TEXT(""), NULL);
    }
    return refusal;
}

static const struct command lot_command = {
    .name = "lot", .roles = ROLE_IMPORTER, .input = &lot_shape, .decide = decide_lot};

static bool fill(struct flow *flow, int64_t count, struct fault *why)
{
    struct arena *arena = arena_new(1 << 20);
    bool good = true;
    for (int64_t from = 0; good && from < count; from += AT_ONCE) {
        struct lot lot = {from, count - from < AT_ONCE ? count - from : AT_ONCE};
        struct job job = {.command = &lot_command,
                          .region = REGION,
                          .actor = {.name = TEXT("console"), .roles = ROLE_IMPORTER},
                          .input = &lot,
                          .arena = arena};
        struct job *jobs[] = {&job};
        time_parse(TEXT("2014-05-04T09:00"), &job.at_ms);
        good = flow_run(flow, jobs, 1, why) &&
               (job.end == JOB_DONE || fault_set(why, "%s%s", job.fault.why,
                                                 refusal_text(job.refusal)->name));
        arena_reset(arena);
    }
    arena_free(arena);
    return good;
}

int main(int count, char **words)
{
    static const int64_t regions[] = {REGION};
    struct fault why = {0};
    struct flow *flow;
    if (count != 3) {
        fprintf(stderr, "usage: deadlines WHERE COUNT\n");
        return 2;
    }
    struct flow_options options = {
        .where = words[1], .modules = modules, .regions = regions, .region_count = 1};
    if (!flow_open(&options, &flow, &why)) {
        fprintf(stderr, "%s\n", why.why);
        return 1;
    }
    bool good = fill(flow, atoll(words[2]), &why);
    if (!good)
        fprintf(stderr, "%s\n", why.why);
    flow_close(flow);
    return good ? 0 : 1;
}
