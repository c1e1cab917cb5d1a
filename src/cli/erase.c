/* yimen erase: what is private about a person is forgotten; what happened, and its proofs, stay. */
#include <stdlib.h>
#include <unistd.h>

#include "approval/case/case.h"
#include "base/idcode.h"
#include "base/random.h"
#include "cli/cli.h"
#include "files/files.h"
#include "modules.h"

#define GROUNDS "purpose, stopped, withdrawn, unlawful or other"

struct erasing {
    struct cli *cli;
    struct cli_house *house;
    struct text number; /* of the person or the case */
    bool person;
    int64_t ground;
    bool go;          /* else nothing is done but told */
    const char *files;
    struct cli_bar bar;
    int64_t expected, seen; /* kept files, for the bar */
    int64_t cases, refused, removed;
    struct list elsewhere; /* texts: subjects that name the number besides */
    bool whole;
    struct fault why;
};

/* Private words of other cases that hold the number. It reads them all. */
static const struct db_sql named_in = {
    "SELECT DISTINCT j.subject AS subject FROM journal_private p JOIN journal j "
    "ON j.region = p.region AND j.idx = p.idx WHERE p.region = $1 AND p.body LIKE $2 "
    "ORDER BY j.subject"};

static bool all_subjects(struct erasing *erasing, struct list *out)
{
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->subjects &&
            !modules[i]->subjects(erasing->house->db, erasing->house->region, erasing->number,
                                  erasing->cli->arena, out, &erasing->why))
            return false;
    return true;
}

static struct job *job_of(struct erasing *erasing, struct text subject)
{
    struct arena *arena = erasing->cli->arena;
    struct case_erase *input = arena_alloc(arena, sizeof *input);
    struct job *job = arena_alloc(arena, sizeof *job);
    input->ground = erasing->ground;
    if (!text_starts(subject, TEXT("case:")) ||
        !text_int(text_slice(subject, 5, subject.len), &input->case_id))
        return NULL;
    *job = (struct job){.command = &case_erase_command,
                        .region = erasing->house->region,
                        .actor = cli_actor(),
                        .input = input,
                        .arena = arena};
    random_bytes(job->luck, sizeof job->luck);
    return job;
}

/* Asked as the decision asks, in a transaction of nobody: what would be refused. */
static bool would_refuse(struct erasing *erasing, const struct job *job, enum refusal *refusal)
{
    struct decision out = {.arena = erasing->cli->arena};
    const void *facts = NULL;
    struct flow_facts *standing = flow_facts_new(modules);
    struct context context = {.region = job->region,
                              .now_ms = flow_time(erasing->house->flow, job->region),
                              .actor = &job->actor,
                              .arena = erasing->cli->arena};
    bool good = flow_facts_get(standing, erasing->house->db, job->region, &context.standing,
                               &context.standing_count, &erasing->why) &&
                job->command->read(erasing->house->db, &context, job->input, &facts,
                                   &erasing->why);
    if (good)
        *refusal = job->command->decide(facts, job->input, &context, &out);
    flow_facts_free(standing);
    return good;
}

/* All cases of the region at once, or none: some forgotten and some not is no answer to a person. */
static bool erase_region(struct erasing *erasing)
{
    struct list subjects = {0};
    if (!all_subjects(erasing, &subjects))
        return false;
    struct job **jobs = arena_array(erasing->cli->arena, subjects.count, sizeof *jobs);
    size_t count = 0;
    for (size_t i = 0; i < subjects.count; i++) {
        enum refusal refusal = OK;
        struct job *job = job_of(erasing, ((const struct text *)subjects.items)[i]);
        if (!job)
            continue;
        if (!would_refuse(erasing, job, &refusal))
            return false;
        if (refusal == REFUSED_ONCE)
            continue;
        erasing->refused += refusal != OK;
        if (refusal != OK)
            cli_wrong(erasing->cli, "%.*s: %s",
                      TEXT_ARG(((const struct text *)subjects.items)[i]),
                      refusal_text(refusal)->english);
        jobs[count++] = job;
    }
    erasing->cases += (int64_t)count;
    if (!erasing->go || erasing->refused || !count)
        return true;
    if (!flow_run(erasing->house->flow, jobs, count, &erasing->why))
        return false;
    for (size_t i = 0; i < count; i++)
        if (jobs[i]->end != JOB_DONE)
            return fault_set(&erasing->why, "%s: %s %s", jobs[i]->command->name,
                             refusal_text(jobs[i]->refusal)->name, jobs[i]->fault.why);
    return true;
}

static bool find_elsewhere(struct erasing *erasing)
{
    struct db_rows rows;
    struct arena *arena = erasing->cli->arena;
    struct text like = text_format(arena, "%%%.*s%%", TEXT_ARG(erasing->number));
    if (!erasing->person || !erasing->go)
        return true;
    if (!db_select(erasing->house->db, &named_in,
                   DB_ARGS(db_int(erasing->house->region), db_text(like)), arena, &rows,
                   &erasing->why))
        return false;
    struct text *items = arena_array(arena, erasing->elsewhere.count + rows.count, sizeof *items);
    for (size_t i = 0; i < erasing->elsewhere.count; i++)
        items[i] = ((const struct text *)erasing->elsewhere.items)[i];
    for (size_t i = 0; i < rows.count; i++)
        items[erasing->elsewhere.count++] = db_cell_text(&rows, i, "subject");
    erasing->elsewhere.items = items;
    return true;
}

/* A file that no entry names any more, unless somebody is sending it just now. */
static bool drop_file(struct text sha256, const char *path, void *with)
{
    struct erasing *erasing = with;
    struct arena *arena = arena_new(4096);
    bool named = false, removed = false;
    (void)path;
    cli_bar_tell(++erasing->seen, erasing->expected, &erasing->bar);
    bool good = files_named(erasing->house->db, sha256, arena, &named, &erasing->why);
    int hold = good && !named ? files_hold(erasing->files, sha256, &erasing->why) : -1;
    if (hold >= 0)
        files_drop(erasing->files, sha256, hold, erasing->house->db, &removed, &erasing->why);
    erasing->removed += removed;
    arena_free(arena);
    return !erasing->why.why[0];
}

/* Done every time, so that an erasure that was cut off is ended by saying it again: the tables know the
 * person no more, but bytes of files and blank pages of the database may still hold words. */
static bool clean(struct erasing *erasing)
{
    struct db *db = NULL;
    if (access(erasing->files, F_OK) == 0) {
        bool good = cli_files_count(erasing->files, &erasing->expected, &erasing->why) &&
                    files_each(erasing->files, drop_file, erasing, &erasing->why);
        cli_bar_end(&erasing->bar);
        if (!good || erasing->why.why[0])
            return false;
    }
    bool good = db_open(erasing->house->where, false, &db, &erasing->why) &&
                db_purge(db, &erasing->whole, &erasing->why);
    db_close(db);
    return good;
}

static bool every_region(struct erasing *erasing)
{
    struct cli_house *house = erasing->house;
    bool one = cli_value(erasing->cli, "region") != NULL;
    const int64_t *regions = house->regions.items;
    for (size_t i = 0; i < house->regions.count; i++) {
        if (!one)
            house->region = regions[i];
        else if (regions[i] != house->region)
            continue;
        if (!erase_region(erasing) || (!erasing->refused && !find_elsewhere(erasing)))
            return false;
    }
    return true;
}

static int tell(struct erasing *erasing)
{
    struct cli *cli = erasing->cli;
    struct buf json = {.arena = cli->arena}, text = {.arena = cli->arena};
    const struct text *elsewhere = erasing->elsewhere.items;
    buf_format(&json, "{\"cases\":%lld,\"refused\":%lld,\"erased\":%s,\"files\":%lld,\"whole\":%s,"
                      "\"elsewhere\":[",
               (long long)erasing->cases, (long long)erasing->refused,
               erasing->go && !erasing->refused ? "true" : "false", (long long)erasing->removed,
               erasing->whole ? "true" : "false");
    if (!erasing->go)
        buf_format(&text, "Would forget %lld cases; nothing was done.\n", (long long)erasing->cases);
    else
        buf_format(&text, "Forgotten: %lld cases, %lld files. Every entry and proof stays.\n",
                   (long long)erasing->cases, (long long)erasing->removed);
    for (size_t i = 0; i < erasing->elsewhere.count; i++) {
        buf_str(&json, i ? "," : "");
        buf_json(&json, elsewhere[i]);
        buf_format(&text, "Named also in %.*s, which is another's: look at it.\n",
                   TEXT_ARG(elsewhere[i]));
    }
    if (erasing->go && !erasing->whole)
        buf_str(&text, "The write-ahead log is in use and holds older pages yet: run this again, best "
                       "while no server runs.\n");
    buf_str(&json, "]}");
    cli_print(cli, buf_done(&json), buf_done(&text));
    return erasing->refused || (erasing->go && !erasing->whole) ? CLI_WRONG : CLI_DONE;
}

/* Numbers prove themselves: one with a typing error would find nobody, and seem to be done. */
static int read_said(struct erasing *erasing)
{
    struct cli *cli = erasing->cli;
    const char *person = cli_value(cli, "person"), *one = cli_value(cli, "case");
    const char *ground = cli_value(cli, "despite");
    if (cli->word_count || (person != NULL) == (one != NULL))
        return cli_misused(cli, "say --person NUMBER or --case NUMBER");
    erasing->person = person != NULL;
    erasing->number = idcode_tidy(text_of(person ? person : one), cli->arena);
    if (person && !idcode_person(erasing->number) && !idcode_uscc(erasing->number))
        return cli_misused(cli, "--person: no identity number (GB 11643) or social credit code");
    for (int64_t i = ERASE_PURPOSE; ground && !erasing->ground && erase_ground_words[i].name; i++)
        if (text_is(text_of(ground), erase_ground_words[i].name))
            erasing->ground = i;
    if (ground && !erasing->ground)
        return cli_misused(cli, "--despite: one of " GROUNDS);
    erasing->go = cli_value(cli, "yes") != NULL;
    if (erasing->go == (cli_value(cli, "dry-run") != NULL))
        return cli_misused(cli, "say --dry-run to see what it would do, or --yes to do it for good");
    erasing->files = cli_files(cli);
    return erasing->files ? CLI_DONE
                          : cli_misused(cli, "say where uploaded files are: --data DIR, or files: in "
                                             "the configuration");
}

static int run(struct cli *cli)
{
    struct cli_house house;
    struct erasing erasing = {
        .cli = cli, .house = &house, .whole = true, .bar = {.label = "files"}};
    int end = read_said(&erasing);
    if (end || !cli_open(cli, NULL, &house, &end))
        return end;
    bool good = every_region(&erasing);
    if (good && erasing.go && !erasing.refused)
        good = clean(&erasing);
    end = good ? tell(&erasing) : cli_fault(cli, &erasing.why);
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"person", "NUMBER", "of an identity card (18 characters) or a social credit code"},
    {"case", "NUMBER", "of one case instead"},
    {"despite", "GROUND", "before its time, or while it is open: " GROUNDS},
    {"dry-run", NULL, "only say what would be forgotten"},
    {"yes", NULL, "do it; it cannot be undone"},
    {"region", "CODE", "only there; default all regions"},
    CLI_CLOCK_OPTION,
    {NULL, NULL, NULL},
};
const struct cli_command cli_erase = {
    .name = "erase",
    .usage = "erase (--person NUMBER | --case NUMBER) (--dry-run | --yes) --data DIR",
    .summary = "Forget what is private about a person; what happened, and its proofs, stay",
    .help = "Refused while a case is open and for the years that the region keeps it\n"
            "(retention_years), unless --despite names a ground of the Personal Information\n"
            "Protection Law, article 47: purpose reached, service stopped, consent withdrawn,\n"
            "unlawful, or another law's. Private words, tables and files go; the database is written\n"
            "anew so that their bytes are gone too. Cut off, it is ended by saying it again. Backups,\n"
            "and on PostgreSQL its log, are to be seen to besides: docs/journal.md.\n",
    .options = options,
    .run = run,
};
