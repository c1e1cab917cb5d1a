/* The clock of the command line: every command that writes a house is on the same one. */
#include "cli/cli.h"

/* A clock that began at another moment and runs at the same pace. */
struct moved_clock {
    int64_t started_ms; /* monotonic */
    int64_t at_ms;
};

static int64_t moved_now(void *with)
{
    const struct moved_clock *clock = with;
    return clock->at_ms + time_monotonic() - clock->started_ms;
}

bool cli_clock_fits(const struct cli *cli)
{
    const char *at = cli_value(cli, "clock");
    int64_t at_ms;
    if (!at || time_parse(text_of(at), &at_ms))
        return true;
    cli_misused(cli, "--clock: a time like 2014-05-04T09:00 is wanted");
    return false;
}

bool cli_clock(const struct cli *cli, struct db_read *db, const struct list *regions,
               struct flow_options *out, struct fault *why)
{
    const char *at = cli_value(cli, "clock");
    const int64_t *codes = regions->items;
    int64_t at_ms = cli->config.clock;
    if (at && !time_parse(text_of(at), &at_ms))
        return fault_set(why, "--clock is no time");
    if (!at && !at_ms)
        return true;
    for (size_t i = 0; i < regions->count; i++) {
        struct journal_place place;
        if (!journal_place_of(db, codes[i], cli->arena, &place, why))
            return false;
        if (at_ms < place.live_at)
            at_ms = place.live_at;
    }
    struct moved_clock *clock = arena_alloc(cli->arena, sizeof *clock);
    *clock = (struct moved_clock){.started_ms = time_monotonic(), .at_ms = at_ms};
    out->now = moved_now;
    out->clock = clock;
    return true;
}
