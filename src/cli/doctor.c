/* yimen doctor: is everything in order here, and what is to be done where it is not? */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "files/files.h"

static const struct db_sql select_hashes = {
    "SELECT DISTINCT sha256 FROM file WHERE region = $1 AND sha256 > $2 ORDER BY sha256 LIMIT 500"};

void doctor_tell(struct doctor *doctor, bool good, const char *name, struct text what,
                 const char *remedy)
{
    buf_format(&doctor->json,
               "%s{\"check\":\"%s\",\"good\":%s,\"what\":", doctor->json.len ? "," : "", name,
               good ? "true" : "false");
    buf_json(&doctor->json, what);
    buf_str(&doctor->json, ",\"remedy\":");
    buf_json(&doctor->json, text_of(good ? "" : remedy));
    buf_char(&doctor->json, '}');
    buf_format(&doctor->text, "%-4s %-14s %.*s\n", good ? "ok" : "BAD", name, TEXT_ARG(what));
    if (!good)
        buf_format(&doctor->text, "     %-14s -> %s\n", "", remedy);
    doctor->wrong += !good;
}

static bool check_order(struct doctor *doctor)
{
    struct text collation;
    bool bytewise;
    if (!db_collation(doctor->house->db, doctor->cli->arena, &collation, &bytewise, &doctor->why))
        return false;
    doctor_tell(doctor, bytewise, "collation", collation,
                "lists are in another order than on SQLite: pg_dump, then pg_restore into a new "
                "one: " CLI_NEW_DATABASE);
    return true;
}

static bool check_schema(struct doctor *doctor)
{
    struct text wrong;
    if (!db_strange(doctor->house->db, doctor->cli->arena, &wrong, &doctor->why))
        return false;
    doctor_tell(doctor, wrong.len == 0, "schema",
                wrong.len ? wrong : TEXT("no triggers, views or rules"),
                "find out who put it there and what it did; then drop it and run `yimen verify`");
    return true;
}

static bool still_fits(const char *path, struct text sha256, struct arena *arena)
{
    char part[65536];
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    struct hash_stream *stream = hash_stream_new();
    while ((got = read(fd, part, sizeof part)) > 0)
        hash_stream_add(stream, part, (size_t)got);
    struct hash hash = hash_stream_end(stream);
    close(fd);
    return got == 0 && text_equal(hash_hex(arena, &hash), sha256);
}

/* Somebody may be sending that file again just now. */
static bool sweep(struct doctor *doctor, struct text sha256)
{
    bool removed = false;
    int hold = files_hold(doctor->files, sha256, &doctor->why);
    if (hold >= 0 &&
        !files_drop(doctor->files, sha256, hold, doctor->house->db, &removed, &doctor->why))
        return false;
    doctor->swept += removed;
    return !doctor->why.why[0];
}

static bool check_file(struct text sha256, const char *path, void *with)
{
    struct doctor *doctor = with;
    struct arena *arena = arena_new(4096);
    struct stat about;
    bool named = false, good = files_named(doctor->house->db, sha256, arena, &named, &doctor->why);
    cli_bar_tell(++doctor->kept, doctor->expected, &doctor->bar);
    if (good && named && !still_fits(path, sha256, arena))
        doctor->altered++;
    if (good && !named) {
        doctor->unnamed++;
        bool old = stat(path, &about) == 0 && time_now() / SECOND_MS - about.st_mtime > 86400;
        if (old && cli_value(doctor->cli, "sweep"))
            good = sweep(doctor, sha256);
    }
    arena_free(arena);
    return good;
}

/* Files that the journal names and the disk lacks. */
static bool count_missing(struct doctor *doctor, int64_t region, int64_t *missing)
{
    struct arena *arena = arena_new(64 * 1024);
    struct text after = TEXT("");
    struct db_rows rows;
    bool good;
    do {
        good = db_select(doctor->house->db, &select_hashes, DB_ARGS(db_int(region), db_text(after)),
                         arena, &rows, &doctor->why);
        for (size_t i = 0; good && i < rows.count; i++) {
            after = db_cell_text(&rows, i, "sha256");
            struct text path = files_path(doctor->files, after, arena);
            *missing += !path.len || access(path.at, R_OK) != 0;
        }
    } while (good && rows.count);
    arena_free(arena);
    return good;
}

static bool check_files(struct doctor *doctor)
{
    struct arena *arena = doctor->cli->arena;
    const int64_t *regions = doctor->house->regions.items;
    int64_t missing = 0;
    if (!doctor->files || access(doctor->files, F_OK) != 0) {
        doctor_tell(doctor, false, "files", TEXT("there is no directory for uploaded files"),
                    "name it with files: in the configuration, or make it");
        return true;
    }
    doctor->bar.label = "files";
    bool good = cli_files_count(doctor->files, &doctor->expected, &doctor->why) &&
                files_each(doctor->files, check_file, doctor, &doctor->why) && !doctor->why.why[0];
    cli_bar_end(&doctor->bar);
    if (!good)
        return false;
    for (size_t i = 0; i < doctor->house->regions.count; i++)
        if (!count_missing(doctor, regions[i], &missing))
            return false;
    doctor_tell(doctor, missing == 0 && doctor->altered == 0, "files",
                text_format(arena, "%lld kept, %lld missing, %lld altered", (long long)doctor->kept,
                            (long long)missing, (long long)doctor->altered),
                "bring the files back from a backup");
    doctor_tell(doctor, true, "unnamed files",
                text_format(arena,
                            "%lld that no entry names, %lld removed (--sweep removes those over "
                            "a day old)",
                            (long long)doctor->unnamed, (long long)doctor->swept),
                "");
    return true;
}

static int report(struct doctor *doctor)
{
    struct cli *cli = doctor->cli;
    struct text json = buf_done(&doctor->json);
    cli_print(cli,
              text_format(cli->arena, "{\"good\":%s,\"checks\":[%.*s]}",
                          doctor->wrong ? "false" : "true", TEXT_ARG(json)),
              buf_done(&doctor->text));
    return doctor->wrong ? CLI_WRONG : CLI_DONE;
}

static int examine(struct doctor *doctor)
{
    if (!doctor_machine(doctor))
        return CLI_MISUSED;
    doctor_providers(doctor);
    if (!check_order(doctor) || !check_schema(doctor) || !doctor_records(doctor) ||
        !check_files(doctor))
        return cli_fault(doctor->cli, &doctor->why);
    return report(doctor);
}

/* Why is on standard error by now. */
static int cannot_open(struct doctor *doctor)
{
    const char *where = cli_where(doctor->cli);
    doctor_tell(doctor, false, "database", TEXT("it cannot be opened"),
                where && cli_postgresql(where)
                    ? "see that PostgreSQL runs (`pg_lsclusters`, its log) and that "
                      "`psql URL` comes in as this user; then `db` in the configuration"
                    : "if a table or column is missing, it is an older version's: `yimen rebuild` "
                      "makes the tables anew; if it is damaged, restore the last backup");
    return report(doctor);
}

static int run(struct cli *cli)
{
    struct cli_house house;
    struct doctor doctor = {
        .cli = cli, .house = &house, .json = {.arena = cli->arena}, .text = {.arena = cli->arena}};
    int end;
    if (cli->word_count)
        return cli_misused(cli, "unexpected %s", cli->words[0]);
    if (!cli_open(cli, NULL, &house, &end))
        return end == CLI_WRONG && cli_where(cli) ? cannot_open(&doctor) : end;
    doctor.files = cli_files(cli);
    end = examine(&doctor);
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"sweep", NULL, "remove files that no entry names and that are over a day old"},
    {"space", "MIB", "how much must be free on the disks, default 1024"},
    {"deep", NULL, "compare the tables with the journal however long that is"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_doctor = {
    .name = "doctor",
    .usage = "doctor --data DIR [--sweep] [--space MIB] [--deep]",
    .summary = "Look whether everything is in order, and say what to do",
    .options = options,
    .run = run,
};
