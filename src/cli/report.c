/* yimen report: figures, as the one JSON document they are or as a page to read. */
#include <jansson.h>
#include <string.h>

#include "approval/history/history.h"
#include "cli/cli.h"

/* How many lines of a table stand on the page; the document has them all. */
#define MOST_LINES 40

static long long count_of(const json_t *from, const char *key)
{
    return (long long)json_integer_value(json_object_get(from, key));
}

/* "2 d 23:59:59.123": what a person can compare; the document has the seconds. */
static void write_span(struct buf *out, const char *label, const json_t *from, const char *key)
{
    int64_t ms = (int64_t)(json_number_value(json_object_get(from, key)) * 1000 + 0.5);
    int64_t day = ms % DAY_MS;
    buf_format(out, "  %-10s %lld d %02lld:%02lld:%02lld.%03lld\n", label, (long long)(ms / DAY_MS),
               (long long)(day / HOUR_MS), (long long)(day / MINUTE_MS % 60),
               (long long)(day / SECOND_MS % 60), (long long)(day % 1000));
}

static void write_counts(struct buf *out, const char *title, json_t *counts)
{
    const char *name;
    json_t *count;
    size_t line = 0;
    buf_format(out, "\n%s\n", title);
    json_object_foreach(counts, name, count)
        if (line++ < MOST_LINES)
            buf_format(out, "%8lld  %s\n", (long long)json_integer_value(count), name);
    if (line > MOST_LINES)
        buf_format(out, "          … and %zu more (--json has all)\n", line - MOST_LINES);
}

static void write_totals(struct buf *out, const json_t *figures)
{
    static const char *const names[][2] = {
        {"cases", "cases"},         {"events", "events"},
        {"activities", "activities"}, {"resources", "people who acted"},
        {"variants", "variants"},   {"dfg_edges", "pairs of activities that follow each other"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        buf_format(out, "%8lld  %s\n", count_of(figures, names[i][0]), names[i][1]);
    if (json_object_get(figures, "events_without_case"))
        buf_format(out, "%8lld  events without a case\n", count_of(figures, "events_without_case"));
}

static void write_deadlines(struct buf *out, const json_t *split)
{
    if (!split)
        return;
    buf_str(out, "\nCases with a deadline\n");
    buf_format(out, "%8lld  on time\n%8lld  late\n%8lld  open\n", count_of(split, "on_time"),
               count_of(split, "late"), count_of(split, "open"));
}

static void write_paths(struct buf *out, json_t *figures)
{
    json_t *one;
    size_t i;
    buf_str(out, "\nCommonest variants, cases of each\n");
    json_array_foreach(json_object_get(figures, "top_variant_counts"), i, one)
        buf_format(out, "%8lld\n", (long long)json_integer_value(one));
    buf_str(out, "\nCommonest pairs of activities\n");
    json_array_foreach(json_object_get(figures, "top_dfg"), i, one)
        buf_format(out, "%8lld  %s -> %s\n",
                   (long long)json_integer_value(json_array_get(one, 2)),
                   json_string_value(json_array_get(one, 0)),
                   json_string_value(json_array_get(one, 1)));
}

/* The same figures for people; made from the document, so the two cannot disagree. */
static struct text page_of(json_t *figures, struct arena *arena)
{
    struct buf out = {.arena = arena};
    json_t *spans = json_object_get(figures, "duration_seconds");
    write_totals(&out, figures);
    write_deadlines(&out, json_object_get(figures, "deadline_split"));
    if (json_object_size(spans)) {
        buf_str(&out, "\nDuration of a case\n");
        write_span(&out, "mean", spans, "mean");
        write_span(&out, "median", spans, "median");
        write_span(&out, "shortest", spans, "min");
        write_span(&out, "longest", spans, "max");
    }
    write_paths(&out, figures);
    write_counts(&out, "Activities", json_object_get(figures, "activity_counts"));
    write_counts(&out, "First activity of a case", json_object_get(figures, "start"));
    write_counts(&out, "Last activity of a case", json_object_get(figures, "end"));
    if (json_object_size(json_object_get(figures, "embedded_meta"))) {
        const char *name;
        json_t *value;
        buf_str(&out, "\nWhat the log says of itself\n");
        json_object_foreach(json_object_get(figures, "embedded_meta"), name, value)
            buf_format(&out, "  %s = %s\n", name, json_string_value(value));
    }
    return buf_done(&out);
}

static int print_report(struct cli *cli, struct text json)
{
    json_error_t error;
    json_t *figures = cli->json ? NULL : json_loadb(json.at, json.len, 0, &error);
    if (!cli->json && !figures)
        return cli_wrong(cli, "the figures cannot be read: %s", error.text);
    cli_print(cli, json, figures ? page_of(figures, cli->arena) : TEXT(""));
    json_decref(figures);
    return CLI_DONE;
}

static int run(struct cli *cli)
{
    struct cli_house house;
    struct buf out = {.arena = cli->arena};
    struct cli_bar bar = {.label = "report"};
    struct progress progress = {cli_bar_tell, &bar};
    struct fault why = {0};
    int64_t log_id;
    bool found = false;
    int end;
    if (cli->word_count != 1 || strcmp(cli->words[0], "cases") != 0)
        return cli_misused(cli, "say what: cases");
    if (!cli_number(cli, "log", 1, INT64_MAX, 0, &log_id))
        return CLI_MISUSED;
    if (!cli_open(cli, NULL, &house, &end))
        return end;
    bool good =
        history_report(house.db, house.region, log_id, &progress, &out, &found, &why);
    cli_bar_end(&bar);
    if (!good)
        end = cli_fault(cli, &why);
    else if (!found)
        end = cli_wrong(cli, "there is no such log; `yimen import xes FILE` brings one in");
    else
        end = print_report(cli, buf_done(&out));
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"log", "N", "which imported log; default the newest"},
    {"region", "CODE", "which region; default the one set up first"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_report = {
    .name = "report",
    .usage = "report cases --data DIR [--log N] [--json]",
    .summary = "Figures of the imported cases: counts, variants, durations, late and on time",
    .help = "A page to read; with --json one document that has every figure.\n",
    .options = options,
    .run = run,
};
