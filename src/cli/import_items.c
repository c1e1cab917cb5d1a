/* yimen import items: a list of items from a platform, or guides in the city's form. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "catalogue/listing.h"
#include "cli/cli.h"

struct importing {
    struct cli *cli;
    struct cli_house *house;
    const char *path;
    bool dry;
    bool guides; /* whole ones, from YAML */
    struct listing listing;
    size_t refused;
};

static bool read_rows(struct importing *importing, struct list *rows)
{
    struct cli *cli = importing->cli;
    struct yaml_errors errors = {.arena = cli->arena};
    struct fault why = {0};
    struct stat about;
    bool folder = stat(importing->path, &about) == 0 && S_ISDIR(about.st_mode);
    importing->guides = folder || text_ends(text_of(importing->path), TEXT(".yaml"));
    if (!importing->guides && !listing_read(importing->path, cli->arena, rows, &why)) {
        cli_fault(cli, &why);
        return false;
    }
    if (!importing->guides || listing_read_yaml(importing->path, cli->arena, rows, &errors))
        return true;
    struct text lines = yaml_errors_text(&errors, cli->arena);
    fprintf(stderr, "%.*s", TEXT_ARG(lines));
    cli_wrong(cli, "%s: %zu errors, nothing was imported", importing->path, errors.count);
    return false;
}

/* What the decision says against a row: told like what the plan says, and no other row suffers. */
static void row_refused(struct importing *importing, struct listing_row *row, const struct job *job)
{
    struct listing *listing = &importing->listing;
    struct arena *arena = importing->cli->arena;
    const struct problem *first = job->problems.items;
    importing->refused++;
    if (!row)
        return;
    listing->counts[row->end]--;
    listing->counts[LISTING_BAD]++;
    row->end = LISTING_BAD;
    row->reason = text_of(refusal_text(job->refusal)->name);
    row->why = job->problems.count
                   ? text_format(arena, "%.*s: %.*s", TEXT_ARG(first->field), TEXT_ARG(first->message))
                   : text_of(refusal_text(job->refusal)->english);
}

static bool run_commands(struct importing *importing)
{
    const struct city_commands *commands = &importing->listing.commands;
    struct cli *cli = importing->cli;
    struct cli_bar bar = {.label = "import"};
    struct job *jobs = arena_array(cli->arena, CLI_AT_ONCE, sizeof *jobs);
    bool good = true;
    for (size_t i = 0; good && i < commands->count; i += CLI_AT_ONCE) {
        size_t left = commands->count - i, count = left < CLI_AT_ONCE ? left : CLI_AT_ONCE;
        good = cli_run_many(cli, importing->house, commands->items + i, count, 0, jobs);
        for (size_t j = 0; good && j < count; j++)
            if (jobs[j].end != JOB_DONE)
                row_refused(importing, importing->listing.published[i + j], &jobs[j]);
        cli_bar_tell((int64_t)(i + count), (int64_t)commands->count, &bar);
    }
    cli_bar_end(&bar);
    return good;
}

static void member(struct buf *json, const char *name, struct text value)
{
    buf_format(json, ",\"%s\":", name);
    buf_json(json, value);
}

static void rows_told(const struct importing *importing, enum listing_end end, struct buf *json,
                      struct buf *text)
{
    const struct listing_row *rows = importing->listing.rows.items;
    bool first = true;
    buf_format(json, ",\"%s\":[", end == LISTING_BAD ? "bad" : "differing");
    for (size_t i = 0; i < importing->listing.rows.count; i++) {
        const struct listing_row *row = &rows[i];
        if (row->end != end)
            continue;
        buf_str(json, first ? "{\"at\":" : ",{\"at\":");
        buf_json(json, row->at);
        member(json, "code", row->code);
        member(json, "name", row->name);
        member(json, "department", row->department);
        member(json, "reason", row->reason);
        member(json, "why", row->why);
        buf_char(json, '}');
        buf_format(text, "  %.*s %.*s: %.*s (%.*s)\n", TEXT_ARG(row->at), TEXT_ARG(row->code),
                   TEXT_ARG(row->why), TEXT_ARG(row->name));
        first = false;
    }
    buf_char(json, ']');
}

static void departments_told(const struct importing *importing, struct buf *json, struct buf *text)
{
    const struct list *list = &importing->listing.departments;
    const struct listing_department *items = list->items;
    bool made = cli_value(importing->cli, "new-departments");
    buf_format(json, ",\"%s\":[", made ? "new_departments" : "missing_departments");
    for (size_t i = 0; i < list->count; i++) {
        buf_str(json, i ? ",{\"name\":" : "{\"name\":");
        buf_json(json, items[i].name);
        if (made)
            member(json, "code", items[i].code);
        buf_format(json, ",\"items\":%zu}", items[i].rows);
        buf_format(text, "  %s department %.*s%s%.*s: %zu items\n", made ? "new" : "missing",
                   TEXT_ARG(items[i].name), made ? " " : "", made ? (int)items[i].code.len : 0,
                   items[i].code.at, items[i].rows);
    }
    buf_char(json, ']');
}

static void tell(const struct importing *importing)
{
    const struct listing *listing = &importing->listing;
    struct cli *cli = importing->cli;
    struct buf json = {cli->arena}, text = {cli->arena};
    buf_format(&json, "{\"rows\":%zu,\"dry_run\":%s", listing->rows.count,
               importing->dry ? "true" : "false");
    buf_format(&text, "%s: %zu items", importing->path, listing->rows.count);
    for (int end = 0; end < LISTING_ENDS; end++) {
        buf_format(&json, ",\"%s_count\":%zu", listing_end_words[end].name, listing->counts[end]);
        buf_format(&text, "%s%zu %s", end ? ", " : ": ", listing->counts[end],
                   listing_end_words[end].label);
    }
    bool nothing = !listing->counts[LISTING_NEW] && !listing->counts[LISTING_CHANGED];
    buf_str(&text, importing->dry ? "; nothing was written (--dry-run).\n"
                   : nothing      ? "; nothing new.\n"
                                  : ".\n");
    departments_told(importing, &json, &text);
    rows_told(importing, LISTING_DIFFERS, &json, &text);
    rows_told(importing, LISTING_BAD, &json, &text);
    buf_char(&json, '}');
    cli_print(cli, buf_done(&json), buf_done(&text));
}

int cli_import_items(struct cli *cli, struct cli_house *house, const char *path)
{
    struct importing importing = {
        .cli = cli, .house = house, .path = path, .dry = cli_value(cli, "dry-run")};
    const struct catalogue *catalogue;
    struct fault why = {0};
    struct list rows;
    int64_t today = time_date(flow_time(house->flow, house->region));
    if (!read_rows(&importing, &rows))
        return CLI_WRONG;
    if (!listing_catalogue(house->db, house->region, cli->arena, &catalogue, &why))
        return cli_fault(cli, &why);
    listing_plan(&rows, catalogue, house->region, today, cli_value(cli, "new-departments"),
                 cli->arena, &importing.listing);
    if (!importing.dry && !run_commands(&importing))
        return CLI_WRONG;
    tell(&importing);
    /* A row that is bad is told; that none was good, or one was refused after all, is a failure. */
    bool none = rows.count && importing.listing.counts[LISTING_BAD] == rows.count;
    return importing.refused || none ? CLI_WRONG : CLI_DONE;
}
