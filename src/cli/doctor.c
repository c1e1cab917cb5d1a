/* yimen doctor: is everything in order here, and what is to be done where it is not? */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/cli.h"
#include "files/files.h"

#define LOW_SPACE (INT64_C(1) << 30)

struct doctor {
    struct cli *cli;
    struct cli_house *house;
    const char *files;
    struct buf json, text;
    int wrong;
    int64_t kept, unnamed, swept, altered, expected;
    struct cli_bar bar;
    struct fault why;
};

static const struct db_sql select_hashes = {
    "SELECT DISTINCT sha256 FROM file WHERE region = $1 AND sha256 > $2 ORDER BY sha256 LIMIT 500"};
static const struct db_sql count_administrators = {
    "SELECT count(*) AS n FROM account WHERE region = $1 AND state = 'open' AND "
    "password_hash <> '' AND (roles & $2) <> 0"};

/* One line of the report; remedy is what to do when it is not good. */
static void tell(struct doctor *doctor, bool good, const char *name, struct text what,
                 const char *remedy)
{
    buf_format(&doctor->json, "%s{\"check\":\"%s\",\"good\":%s,\"what\":",
               doctor->json.len ? "," : "", name, good ? "true" : "false");
    buf_json(&doctor->json, what);
    buf_str(&doctor->json, ",\"remedy\":");
    buf_json(&doctor->json, text_of(good ? "" : remedy));
    buf_char(&doctor->json, '}');
    buf_format(&doctor->text, "%-4s %-14s %.*s\n", good ? "ok" : "BAD", name, TEXT_ARG(what));
    if (!good)
        buf_format(&doctor->text, "     %-14s -> %s\n", "", remedy);
    doctor->wrong += !good;
}

static bool check_space(struct doctor *doctor, const char *path)
{
    struct statvfs about;
    if (!path || statvfs(path, &about) != 0)
        return true;
    int64_t free_bytes = (int64_t)about.f_bavail * (int64_t)about.f_frsize;
    tell(doctor, free_bytes >= LOW_SPACE, "space",
         text_format(doctor->cli->arena, "%lld MiB free", (long long)(free_bytes >> 20)),
         "make room on the disk: a full disk refuses every command");
    return true;
}

static void check_modes(struct doctor *doctor)
{
    struct stat about;
    const char *where = doctor->house->where;
    if (stat(where, &about) != 0)
        return;
    tell(doctor, (about.st_mode & 077) == 0, "permissions",
         text_format(doctor->cli->arena, "the database has mode %03o",
                     (unsigned)(about.st_mode & 0777)),
         "chmod 600 the database and 700 its directory: they hold personal data and a signing key");
}

static bool check_order(struct doctor *doctor)
{
    struct text collation;
    bool bytewise;
    if (!db_collation(doctor->house->db, doctor->cli->arena, &collation, &bytewise, &doctor->why))
        return false;
    tell(doctor, bytewise, "collation", collation,
         "lists are in another order than on SQLite: pg_dump, then pg_restore into a new one: "
         CLI_NEW_DATABASE);
    return true;
}

static bool check_schema(struct doctor *doctor)
{
    struct text wrong;
    if (!db_strange(doctor->house->db, doctor->cli->arena, &wrong, &doctor->why))
        return false;
    tell(doctor, wrong.len == 0, "schema",
         wrong.len ? wrong : TEXT("no triggers, views or rules"),
         "find out who put it there and what it did; then drop it and run `yimen verify`");
    return true;
}

/* A house of before the three were parted has a system administrator alone. */
static bool check_three(struct doctor *doctor, int64_t region)
{
    static const struct {
        int64_t role;
        const char *check, *remedy;
    } three[] = {{ROLE_ADMINISTRATOR, "administrator",
                  "run `yimen user add LOGIN --roles administrator`"},
                 {ROLE_SECURITY, "security", "run `yimen user add LOGIN --roles security`"},
                 {ROLE_AUDITOR, "auditor", "run `yimen user add LOGIN --roles auditor`"}};
    struct arena *arena = doctor->cli->arena;
    for (size_t i = 0; i < sizeof three / sizeof *three; i++) {
        struct db_rows rows;
        if (!db_select(doctor->house->db, &count_administrators,
                       DB_ARGS(db_int(region), db_int(three[i].role)), arena, &rows, &doctor->why))
            return false;
        int64_t count = db_cell_int(&rows, 0, "n");
        struct text words = role_labels(three[i].role, arena);
        tell(doctor, count > 0, three[i].check,
             text_format(arena, "region %lld: %lld accounts for %.*s (%s) can sign in",
                         (long long)region, (long long)count, TEXT_ARG(words), three[i].check),
             three[i].remedy);
    }
    return true;
}

static bool check_regions(struct doctor *doctor)
{
    struct arena *arena = doctor->cli->arena;
    const int64_t *regions = doctor->house->regions.items;
    for (size_t i = 0; i < doctor->house->regions.count; i++) {
        struct checkpoint head;
        struct text note;
        bool found;
        if (!journal_head(doctor->house->db, regions[i], arena, &head, &doctor->why) ||
            !journal_checkpoint(doctor->house->db, regions[i], arena, &note, &found,
                                &doctor->why) ||
            !check_three(doctor, regions[i]))
            return false;
        tell(doctor, found, "journal",
             text_format(arena, "region %lld: %lld entries, checkpoint %s", (long long)regions[i],
                         (long long)head.size, found ? "signed" : "missing"),
             "run `yimen verify`");
    }
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
    if (hold >= 0 && !files_drop(doctor->files, sha256, hold, doctor->house->db, &removed,
                                 &doctor->why))
        return false;
    doctor->swept += removed;
    return !doctor->why.why[0];
}

static bool check_file(struct text sha256, const char *path, void *with)
{
    struct doctor *doctor = with;
    struct arena *arena = arena_new(4096);
    struct stat about;
    bool named = false,
         good = files_named(doctor->house->db, sha256, arena, &named, &doctor->why);
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
        tell(doctor, false, "files", TEXT("there is no directory for uploaded files"),
             "name it with files: in the configuration, or make it");
        return true;
    }
    doctor->bar.label = "files";
    bool good = cli_files_count(doctor->files, &doctor->expected, &doctor->why) &&
                files_each(doctor->files, check_file, doctor, &doctor->why) &&
                !doctor->why.why[0];
    cli_bar_end(&doctor->bar);
    if (!good)
        return false;
    for (size_t i = 0; i < doctor->house->regions.count; i++)
        if (!count_missing(doctor, regions[i], &missing))
            return false;
    tell(doctor, missing == 0 && doctor->altered == 0, "files",
         text_format(arena, "%lld kept, %lld missing, %lld altered", (long long)doctor->kept,
                     (long long)missing, (long long)doctor->altered),
         "bring the files back from a backup");
    tell(doctor, true, "unnamed files",
         text_format(arena, "%lld that no entry names, %lld removed (--sweep removes those over "
                            "a day old)",
                     (long long)doctor->unnamed, (long long)doctor->swept),
         "");
    return true;
}

static int examine(struct doctor *doctor)
{
    struct cli *cli = doctor->cli;
    if (!cli_postgresql(doctor->house->where))
        check_modes(doctor);
    if (!check_space(doctor, doctor->files) || !check_order(doctor) || !check_schema(doctor) ||
        !check_regions(doctor) || !check_files(doctor))
        return cli_fault(cli, &doctor->why);
    struct text json = buf_done(&doctor->json);
    cli_print(cli,
              text_format(cli->arena, "{\"good\":%s,\"checks\":[%.*s]}",
                          doctor->wrong ? "false" : "true", TEXT_ARG(json)),
              buf_done(&doctor->text));
    return doctor->wrong ? CLI_WRONG : CLI_DONE;
}

static int run(struct cli *cli)
{
    struct cli_house house;
    struct doctor doctor = {.cli = cli,
                            .house = &house,
                            .json = {.arena = cli->arena},
                            .text = {.arena = cli->arena}};
    int end;
    if (cli->word_count)
        return cli_misused(cli, "unexpected %s", cli->words[0]);
    if (!cli_open(cli, NULL, &house, &end))
        return end;
    doctor.files = cli_files(cli);
    end = examine(&doctor);
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"sweep", NULL, "remove files that no entry names and that are over a day old"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_doctor = {
    .name = "doctor",
    .usage = "doctor --data DIR [--sweep]",
    .summary = "Look whether everything is in order, and say what to do",
    .options = options,
    .run = run,
};
