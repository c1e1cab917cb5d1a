/* yimen key: the keys that sign a region's log, and their change. */
#include <string.h>

#include "cli/cli.h"

static int list(struct cli *cli, struct cli_house *house)
{
    struct text lines, line;
    struct fault why = {0};
    struct buf json = {.arena = cli->arena};
    if (!journal_vkeys(house->db, house->region, cli->arena, &lines, &why))
        return cli_fault(cli, &why);
    struct text rest = lines;
    buf_format(&json, "{\"region\":\"%06lld\",\"keys\":[", (long long)house->region);
    for (bool first = true; text_cut(&rest, '\n', &line); first = false) {
        if (!line.len)
            continue;
        buf_str(&json, first ? "" : ",");
        buf_json(&json, line);
    }
    buf_str(&json, "]}");
    cli_print(cli, buf_done(&json), lines);
    return CLI_DONE;
}

static int change(struct cli *cli, struct cli_house *house, bool add, bool retire)
{
    struct fault why = {0};
    struct db *db = NULL;
    bool good = db_open(house->where, false, &db, &why) &&
                journal_change_keys(db, house->region, add, retire, &why);
    db_close(db);
    return good ? list(cli, house) : cli_fault(cli, &why);
}

static int run(struct cli *cli)
{
    struct cli_house house;
    const char *verb = cli->word_count == 1 ? cli->words[0] : "";
    bool rotate = strcmp(verb, "rotate") == 0, retire = strcmp(verb, "retire") == 0;
    int end;
    if (!rotate && !retire && strcmp(verb, "list") != 0)
        return cli_misused(cli, "say what: list, rotate or retire");
    if (cli_value(cli, "retire") && !rotate)
        return cli_misused(cli, "--retire goes with rotate");
    if (!cli_open(cli, NULL, &house, &end))
        return end;
    end = rotate || retire ? change(cli, &house, rotate, retire || cli_value(cli, "retire"))
                           : list(cli, &house);
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"retire", NULL, "with rotate: the former key signs no more from this moment on"},
    {"region", "CODE", "which region; default the one set up first"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_key = {
    .name = "key",
    .usage = "key list | rotate [--retire] | retire  --data DIR",
    .summary = "The keys that sign the log: list them, change them, also while serving",
    .help = "rotate: a new key signs, and the former one beside it, so that whoever knows only that\n"
            "one can still check. Publish the new line. retire: the former one's secret half is\n"
            "gone, the new one signs alone. Every public half stays at /log/REGION/vkey, the newest\n"
            "first: receipts of a former key's time hold by it for ever.\n",
    .options = options,
    .run = run,
};
