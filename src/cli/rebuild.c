/* yimen rebuild: the derived tables anew from the journal. */
#include "cli/cli.h"
#include "modules.h"

static int run(struct cli *cli)
{
    struct fault why = {0};
    struct cli_bar bar = {.label = "rebuild"};
    struct progress progress = {cli_bar_tell, &bar};
    int64_t replayed = 0, began = time_monotonic();
    if (cli->word_count)
        return cli_misused(cli, "unexpected %s", cli->words[0]);
    const char *where = cli_where(cli);
    if (!where)
        return cli_value(cli, "data") ? CLI_WRONG : CLI_MISUSED;
    bool good = flow_rebuild(where, modules, &progress, &replayed, &why);
    cli_bar_end(&bar);
    if (!good)
        return cli_fault(cli, &why);
    long long ms = (long long)(time_monotonic() - began);
    cli_print(cli,
              text_format(cli->arena, "{\"replayed\":%lld,\"ms\":%lld}", (long long)replayed, ms),
              text_format(cli->arena, "Replayed %lld entries in %lld ms.\n", (long long)replayed,
                          ms));
    return CLI_DONE;
}

const struct cli_command cli_rebuild = {
    .name = "rebuild",
    .usage = "rebuild --data DIR",
    .summary = "Make the derived tables anew from the journal, in one transaction",
    .run = run,
};
