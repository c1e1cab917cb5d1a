/* What the subcommands share: options, words, the bar, the house. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "catalogue/import.h"
#include "cli/cli.h"
#include "files/files.h"
#include "modules.h"

const char *cli_value(const struct cli *cli, const char *name)
{
    for (size_t i = 0; i < cli->given_count; i++)
        if (strcmp(cli->given[i].name, name) == 0)
            return cli->given[i].value;
    return NULL;
}

bool cli_number(const struct cli *cli, const char *name, int64_t low, int64_t high,
                int64_t fallback, int64_t *out)
{
    const char *value = cli_value(cli, name);
    *out = fallback;
    if (!value || (text_int(text_of(value), out) && *out >= low && *out <= high))
        return true;
    cli_misused(cli, "--%s: a number from %lld to %lld is wanted", name, (long long)low,
                (long long)high);
    return false;
}

static void say(const struct cli *cli, const char *format, va_list args)
{
    fprintf(stderr, "yimen %s: ", cli->command->name);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

int cli_misused(const struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(cli, format, args);
    va_end(args);
    fprintf(stderr, "usage: yimen %s\n`yimen %s --help` says more.\n", cli->command->usage,
            cli->command->name);
    return CLI_MISUSED;
}

int cli_wrong(const struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(cli, format, args);
    va_end(args);
    return CLI_WRONG;
}

int cli_fault(const struct cli *cli, const struct fault *why)
{
    return cli_wrong(cli, "%s", why->why);
}

void cli_print(const struct cli *cli, struct text json, struct text text)
{
    if (cli->json)
        printf("%.*s\n", TEXT_ARG(json));
    else
        printf("%.*s", TEXT_ARG(text));
}

struct text cli_quoted(const struct cli *cli, const char *string)
{
    struct buf json = {.arena = cli->arena};
    buf_json(&json, text_of(string));
    return buf_done(&json);
}

void cli_bar_tell(int64_t done, int64_t total, void *with)
{
    struct cli_bar *bar = with;
    int64_t now = time_monotonic();
    if (!isatty(STDERR_FILENO) || (now - bar->shown_ms < 100 && done < total))
        return;
    int part = total > 0 ? (int)(done * 40 / total) : 40;
    bar->shown_ms = now;
    bar->drawn = true;
    fprintf(stderr, "\r%s [%.*s%*s] %lld/%lld", bar->label, part,
            "########################################", 40 - part, "", (long long)done,
            (long long)total);
    fflush(stderr);
}

void cli_bar_end(struct cli_bar *bar)
{
    if (bar->drawn)
        fputc('\n', stderr);
    bar->drawn = false;
}

static const char *named_db(const struct cli *cli)
{
    const char *db = cli_value(cli, "db");
    return db ? db : cli->config.db.len ? text_cstr(cli->arena, cli->config.db) : NULL;
}

const char *cli_where(const struct cli *cli)
{
    const char *db = named_db(cli), *data = cli_value(cli, "data");
    if (db)
        return db;
    if (!data) {
        cli_misused(cli, "say where the data is: --data DIR or --db URL");
        return NULL;
    }
    const char *file = text_format(cli->arena, "%s/yimen.db", data).at;
    if (access(file, F_OK) != 0) {
        cli_wrong(cli, "there is no %s; `yimen init` makes one", file);
        return NULL;
    }
    return file;
}

bool cli_postgresql(const char *where)
{
    return strncmp(where, "postgresql:", 11) == 0 || strncmp(where, "postgres:", 9) == 0;
}

const char *cli_files(const struct cli *cli)
{
    const char *data = cli_value(cli, "data");
    struct text path = cli->config.files;
    if (!path.len && data)
        path = text_format(cli->arena, "%s/files", data);
    if (!path.len)
        return NULL;
    if (path.at[0] == '/')
        return text_cstr(cli->arena, path);
    char *here = getcwd(NULL, 0);
    if (!here)
        return NULL;
    const char *full = text_format(cli->arena, "%s/%.*s", here, TEXT_ARG(path)).at;
    free(here);
    return full;
}

static bool count_one(struct text sha256, const char *path, void *with)
{
    (void)sha256;
    (void)path;
    ++*(int64_t *)with;
    return true;
}

bool cli_files_count(const char *files, int64_t *out, struct fault *why)
{
    *out = 0;
    return files_each(files, count_one, out, why);
}

static bool choose_region(const struct cli *cli, struct cli_house *house, int *end)
{
    const int64_t *regions = house->regions.items;
    int64_t wanted;
    if (house->regions.count == 0) {
        *end = cli_wrong(cli, "the database is empty; `yimen init` fills it");
        return false;
    }
    *end = CLI_MISUSED;
    if (!cli_number(cli, "region", 100000, 999999, regions[0], &wanted))
        return false;
    for (size_t i = 0; i < house->regions.count; i++)
        if (regions[i] == wanted) {
            house->region = wanted;
            return true;
        }
    *end = cli_wrong(cli, "region %lld is not in this database", (long long)wanted);
    return false;
}

bool cli_open(const struct cli *cli, const struct flow_options *more, struct cli_house *out,
              int *end)
{
    struct fault why = {0};
    struct flow_options options = more ? *more : (struct flow_options){0};
    *out = (struct cli_house){.where = cli_where(cli)};
    *end = CLI_WRONG;
    if (!out->where) {
        *end = cli_value(cli, "data") ? CLI_WRONG : CLI_MISUSED;
        return false;
    }
    if (!db_open_reader(out->where, &out->db, &why) ||
        !flow_regions(out->db, cli->arena, &out->regions, &why) ||
        (!options.now && !cli_clock(cli, out->db, &out->regions, &options, &why))) {
        cli_fault(cli, &why);
        cli_close(out);
        return false;
    }
    if (!choose_region(cli, out, end)) {
        cli_close(out);
        return false;
    }
    options.where = out->where;
    options.modules = modules;
    options.regions = out->regions.items;
    options.region_count = out->regions.count;
    if (flow_open(&options, &out->flow, &why))
        return true;
    *end = cli_fault(cli, &why);
    out->flow = NULL;
    cli_close(out);
    return false;
}

void cli_close(struct cli_house *house)
{
    if (house->flow)
        flow_close(house->flow);
    if (house->db)
        db_close_reader(house->db);
    *house = (struct cli_house){0};
}

struct actor cli_actor(void)
{
    return (struct actor){.name = TEXT("console"),
                          .display = TEXT("管理员（命令行）"),
                          .roles = ROLE_IMPORTER | ROLE_ADMINISTRATOR};
}

static void print_problems(const struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        fprintf(stderr, "  %.*s: %.*s\n", TEXT_ARG(problems->items[i].field),
                TEXT_ARG(problems->items[i].message));
}

void cli_refused(const struct cli *cli, const struct job *job)
{
    const struct refusal_text *words = refusal_text(job->refusal);
    cli_wrong(cli, "%s: %s (%s)", job->command->name, words->name, words->english);
    print_problems(&job->problems);
}

/* The plain fields of a record as a form would send them; lists are not entered here. */
static void add_pairs(const struct shape *shape, const void *record, struct text prefix,
                      struct arena *arena, struct pairs *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        struct text name = text_format(arena, "%.*s%s", TEXT_ARG(prefix), field->name);
        if (field->flags & FIELD_INTERNAL || field->type == FIELD_LIST ||
            field->type == FIELD_TEXTS)
            continue;
        if (field->type == FIELD_RECORD)
            add_pairs(field->of, (const char *)record + field->offset,
                      text_format(arena, "%.*s.", TEXT_ARG(name)), arena, out);
        else
            pair_add(out, arena, name, field_text(field, record, arena));
    }
}

bool cli_fits(const struct cli *cli, const struct shape *shape, void *record)
{
    struct pairs pairs = {0};
    struct problems problems = {0};
    add_pairs(shape, record, TEXT(""), cli->arena, &pairs);
    if (shape_from_form(shape, &pairs, cli->arena, record, &problems))
        return true;
    cli_wrong(cli, "this is not taken:");
    print_problems(&problems);
    return false;
}

bool cli_run(const struct cli *cli, struct cli_house *house, const struct command *command,
             void *input, int64_t at_ms, struct job *job)
{
    struct fault why = {0};
    *job = (struct job){.command = command,
                        .region = house->region,
                        .actor = cli_actor(),
                        .input = input,
                        .arena = cli->arena,
                        .at_ms = at_ms};
    struct context context = {.region = house->region,
                              .now_ms = at_ms ? at_ms : flow_time(house->flow, house->region),
                              .actor = &job->actor,
                              .arena = cli->arena};
    random_bytes(job->luck, sizeof job->luck);
    if ((command->prepare && !command->prepare(house->db, &context, input, &why)) ||
        !flow_run(house->flow, &job, 1, &why)) {
        cli_fault(cli, &why);
        return false;
    }
    if (job->end == JOB_FAULT)
        cli_fault(cli, &job->fault);
    else if (job->end == JOB_REFUSED)
        cli_refused(cli, job);
    return job->end == JOB_DONE;
}

bool cli_run_many(const struct cli *cli, struct cli_house *house, const struct city_command *commands,
                  size_t count, int64_t at_ms, struct job *jobs)
{
    struct fault why = {0};
    struct job **list = arena_array(cli->arena, count, sizeof *list);
    for (size_t i = 0; i < count; i++) {
        list[i] = &jobs[i];
        jobs[i] = (struct job){.command = commands[i].command,
                               .region = house->region,
                               .actor = cli_actor(),
                               .input = commands[i].input,
                               .arena = cli->arena,
                               .at_ms = at_ms};
        random_bytes(jobs[i].luck, sizeof jobs[i].luck);
    }
    if (!flow_run(house->flow, list, count, &why)) {
        cli_fault(cli, &why);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (jobs[i].end == JOB_FAULT) {
            cli_fault(cli, &jobs[i].fault);
            return false;
        }
    return true;
}
