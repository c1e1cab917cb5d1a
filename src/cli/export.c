/* yimen export: history as an event log, or a region as a city's folder (export_city.c). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "approval/history/history.h"
#include "cli/cli.h"

static int export_xes(struct cli *cli, struct cli_house *house)
{
    const char *path = cli_value(cli, "out");
    struct fault why = {0};
    /* What goes to the terminal itself is seen to go on. */
    bool silent = !path && isatty(STDOUT_FILENO);
    struct cli_bar bar = {.label = "export"};
    struct progress progress = {silent ? NULL : cli_bar_tell, &bar};
    struct history_exported exported;
    int64_t log_id;
    if (!cli_number(cli, "log", 1, INT64_MAX, 0, &log_id))
        return CLI_MISUSED;
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : STDOUT_FILENO;
    if (fd < 0)
        return cli_wrong(cli, "%s: %s", path, strerror(errno));
    bool good = history_export(house->db, house->region, log_id, fd, &progress, &exported, &why);
    cli_bar_end(&bar);
    if (path && close(fd) != 0 && good)
        good = fault_set(&why, "%s: %s", path, strerror(errno));
    if (!good)
        return cli_fault(cli, &why);
    if (!exported.found)
        return cli_wrong(cli, "there is no such log");
    if (cli->json)
        cli_print(cli,
                  text_format(cli->arena, "{\"log\":%lld,\"cases\":%lld,\"events\":%lld}",
                              (long long)exported.log_id, (long long)exported.cases,
                              (long long)exported.events),
                  TEXT(""));
    return CLI_DONE;
}

static int run(struct cli *cli)
{
    struct cli_house house;
    int end;
    bool city = cli->word_count == 2 && strcmp(cli->words[0], "city") == 0;
    if (!city && (cli->word_count != 1 || strcmp(cli->words[0], "xes") != 0))
        return cli_misused(cli, "say what: xes, or city FOLDER");
    if (city && (cli_value(cli, "out") || cli_value(cli, "log")))
        return cli_misused(cli, "--out and --log go with xes");
    if (!city && cli->json && !cli_value(cli, "out"))
        return cli_misused(cli, "--json needs --out FILE: without it the log itself is printed");
    if (!cli_open(cli, NULL, &house, &end))
        return end;
    end = city ? cli_export_city(cli, &house, cli->words[1]) : export_xes(cli, &house);
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"out", "FILE", "xes: write there; default standard output"},
    {"log", "N", "xes: which imported log; default the newest"},
    {"region", "CODE", "which region; default the one set up first"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_export = {
    .name = "export",
    .usage = "export xes --data DIR [--out FILE] [--log N] | export city FOLDER --data DIR",
    .summary = "Write out an imported event log (XES), or a region as a city's folder (YAML)",
    .help = "xes: --json, which goes with --out, prints how many cases and events were written.\n\n"
            "city: departments, places, hours, calendars and every version of every item, in the\n"
            "form that init reads; FOLDER must be empty or new. Accounts, delegations and posts are\n"
            "personal data and stay in the house. A withdrawal is written as the last day of the\n"
            "versions it ended.\n",
    .options = options,
    .run = run,
};
