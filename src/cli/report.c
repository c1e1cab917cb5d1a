/* yimen report: figures. */
#include <string.h>

#include "approval/history/history.h"
#include "cli/cli.h"

static int run(struct cli *cli)
{
    struct cli_house house;
    struct buf out = {.arena = cli->arena};
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
    if (!history_report(house.db, house.region, log_id, &out, &found, &why))
        end = cli_fault(cli, &why);
    else if (!found)
        end = cli_wrong(cli, "there is no such log");
    else {
        struct text json = buf_done(&out);
        cli_print(cli, json, text_format(cli->arena, "%.*s\n", TEXT_ARG(json)));
        end = CLI_DONE;
    }
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"log", "N", "which imported log; default the newest"},
    {"region", "CODE", "which region; default the first"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_report = {
    .name = "report",
    .usage = "report cases --json --data DIR [--log N]",
    .summary = "Figures of the imported cases: counts, variants, durations, late and on time",
    .options = options,
    .run = run,
};
