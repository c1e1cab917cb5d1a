/* yimen import: history from an event log, a notice of days off, or items (import_items.c). */
#include <stdio.h>
#include <string.h>

#include "approval/history/history.h"
#include "cli/cli.h"
#include "clock/clock.h"
#include "clock/notice.h"

struct importing {
    struct cli *cli;
    struct cli_house *house;
    int64_t accounts;
};

/* Who acted in the log becomes an account that cannot sign in. The colon keeps these names apart
 * from those that people choose. */
static bool make_accounts(void *context, const struct list *names, int64_t at_ms,
                          struct fault *why)
{
    struct importing *importing = context;
    const struct text *items = names->items;
    for (size_t i = 0; i < names->count; i++) {
        struct arena *arena = importing->cli->arena;
        struct account_import *input = arena_alloc(arena, sizeof *input);
        struct job job;
        input->login = text_format(arena, "resource:%.*s", TEXT_ARG(items[i]));
        input->display = text_copy(arena, items[i]);
        if (!cli_run(importing->cli, importing->house, &identity_account_import, input, at_ms,
                     &job))
            return fault_set(why, "the account of %.*s could not be made", TEXT_ARG(items[i]));
        importing->accounts += job.count > 0;
    }
    return true;
}

static int import_xes(struct cli *cli, struct cli_house *house, const char *path)
{
    struct cli_bar bar = {.label = "import"};
    struct importing importing = {cli, house, 0};
    struct history_options options = {.progress = {cli_bar_tell, &bar},
                                      .resources = make_accounts,
                                      .context = &importing};
    struct history_result result = {0};
    struct fault why = {0};
    bool good = history_import(house->flow, house->region, path, &options, &result, &why);
    cli_bar_end(&bar);
    if (!good)
        return cli_fault(cli, &why);
    if (result.end == HISTORY_WRONG)
        return cli_wrong(cli, "%s: %s Nothing was imported.\n%s", path, result.error.en,
                         result.error.zh);
    if (result.end == HISTORY_REFUSED)
        return cli_wrong(cli, "%s: refused: %s", path, refusal_text(result.refusal)->english);
    cli_print(cli,
              text_format(cli->arena,
                          "{\"log\":%lld,\"commands\":%lld,\"entries\":%lld,\"accounts\":%lld}",
                          (long long)result.log_id, (long long)result.commands,
                          (long long)result.entries, (long long)importing.accounts),
              text_format(cli->arena,
                          "Log %lld: %lld commands, %lld new entries, %lld new accounts.\n",
                          (long long)result.log_id, (long long)result.commands,
                          (long long)result.entries, (long long)importing.accounts));
    return CLI_DONE;
}

static int import_notice(struct cli *cli, struct cli_house *house, const char *path)
{
    struct notice *notice = arena_alloc(cli->arena, sizeof *notice);
    struct fault why = {0};
    struct job job;
    if (!notice_read_file(path, cli->arena, notice, &why))
        return cli_fault(cli, &why);
    if (!cli_run(cli, house, &clock_calendar_publish, notice, 0, &job))
        return CLI_WRONG;
    cli_print(cli, job.answer,
              text_format(cli->arena, "The notice of %lld is in the calendar.\n",
                          (long long)notice->year));
    return CLI_DONE;
}

static const struct kind {
    const char *name;
    int (*run)(struct cli *cli, struct cli_house *house, const char *path);
} kinds[] = {{"xes", import_xes}, {"notice", import_notice}, {"items", cli_import_items}};

static const struct kind *kind_named(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

static int run(struct cli *cli)
{
    struct cli_house house;
    int end;
    const struct kind *kind = cli->word_count == 2 ? kind_named(cli->words[0]) : NULL;
    if (!kind)
        return cli_misused(cli, "say what: xes FILE, notice FILE, or items FILE");
    if (kind->run != cli_import_items &&
        (cli_value(cli, "dry-run") || cli_value(cli, "new-departments")))
        return cli_misused(cli, "--dry-run and --new-departments go with items");
    if (!cli_open(cli, NULL, &house, &end))
        return end;
    end = kind->run(cli, &house, cli->words[1]);
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"region", "CODE", "which region; default the one set up first"},
    {"dry-run", NULL, "items: say what would come in, write nothing"},
    {"new-departments", NULL, "items: also make the departments that the region lacks"},
    CLI_CLOCK_OPTION,
    {NULL, NULL, NULL},
};
const struct cli_command cli_import = {
    .name = "import",
    .usage = "import xes FILE --data DIR | import notice FILE --data DIR |\n"
             "       import items FILE --data DIR [--dry-run] [--new-departments]",
    .summary = "Bring in an event log (XES, also .gz), a notice of days off (JSON), or items",
    .help = "The whole file is checked before anything is imported. An import that broke off is run\n"
            "again and goes on where it was.\n\n"
            "items: a platform's list (JSON: name, item_code, department, task_type, area_code,\n"
            "group), or guides in the city's form, a .yaml file or a folder of them. Rows that cannot\n"
            "be taken are named with place and reason and keep no other out; the status is 1 only\n"
            "where none could. What a list does not say (conditions, papers, limits) is not made up:\n"
            "its items stand in the catalogue, and nobody can apply for one until its department has\n"
            "completed it.\n",
    .options = options,
    .run = run,
};
