/* yimen restore: a backup becomes a data directory again, and is checked. */
#include <fts.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "files/files.h"
#include "modules.h"

#define MANIFEST_LIMIT ((size_t)1 << 30)

struct restoring {
    struct cli *cli;
    const char *from;
    const char *data;
    json_t *manifest;
    struct fault why;
};

static bool restore_file(struct restoring *up, const json_t *file)
{
    struct arena *arena = arena_new(4096);
    struct text sha256 = text_of(json_string_value(json_object_get(file, "sha256")));
    struct text from =
        files_path(text_format(arena, "%s/files", up->from).at, sha256, arena);
    struct text to = files_path(text_format(arena, "%s/files", up->data).at, sha256, arena);
    struct hash hash;
    bool good = from.len || fault_set(&up->why, "manifest.json names a file that is no SHA-256");
    good = good && make_directories(text_format(arena, "%s/files/%.2s", up->data, sha256.at).at,
                                    &up->why) &&
           copy_file(from.at, to.at, &up->why) && hash_file(to.at, &hash, &up->why) &&
           (text_equal(hash_hex(arena, &hash), sha256) ||
            fault_set(&up->why, "%s is not what it was when it was backed up", from.at));
    arena_free(arena);
    return good;
}

static bool restore_files(struct restoring *up)
{
    struct cli_bar bar = {.label = "files"};
    json_t *files = json_object_get(up->manifest, "files");
    bool good = true;
    for (size_t i = 0; good && i < json_array_size(files); i++) {
        good = restore_file(up, json_array_get(files, i));
        cli_bar_tell((int64_t)i + 1, (int64_t)json_array_size(files), &bar);
    }
    cli_bar_end(&bar);
    return good;
}

/* The journal in the copy is the one that the manifest speaks of, and holds. */
static bool check_journal(struct restoring *up, struct db_read *db, const json_t *region)
{
    struct arena *arena = up->cli->arena;
    struct cli_bar bar = {.label = "journal"};
    struct text wrong = TEXT("");
    int64_t code = json_integer_value(json_object_get(region, "region"));
    struct checkpoint head;
    if (!journal_head(db, code, arena, &head, &up->why))
        return false;
    if (head.size != json_integer_value(json_object_get(region, "size")) ||
        !text_is(hash_hex(arena, &head.root), json_string_value(json_object_get(region, "root"))))
        return fault_set(&up->why, "the journal of region %lld is not the manifest's",
                         (long long)code);
    bool good = journal_verify(db, code, arena, cli_bar_tell, &bar, &wrong, &up->why);
    cli_bar_end(&bar);
    return good && (wrong.len == 0 || fault_set(&up->why, "%.*s", TEXT_ARG(wrong)));
}

/* The manifest names every region of the copy: one that it left out would not be checked. */
static bool check_named(struct restoring *up, struct db_read *db)
{
    json_t *named = json_object_get(up->manifest, "regions");
    struct list regions;
    if (!flow_regions(db, up->cli->arena, &regions, &up->why))
        return false;
    for (size_t i = 0; i < regions.count; i++) {
        int64_t code = ((const int64_t *)regions.items)[i];
        bool found = false;
        for (size_t j = 0; j < json_array_size(named); j++)
            found |= json_integer_value(json_object_get(json_array_get(named, j), "region")) == code;
        if (!found)
            return fault_set(&up->why, "the manifest does not name region %lld of the database",
                             (long long)code);
    }
    return true;
}

/* Nothing acts in it by itself, which comes before anything is written to it. */
static bool check_schema(struct restoring *up, struct db_read *db)
{
    struct text wrong;
    return db_strange(db, up->cli->arena, &wrong, &up->why) &&
           (wrong.len == 0 || fault_set(&up->why, "%.*s", TEXT_ARG(wrong)));
}

/* Who is signed in no journal says: a session in a backup may have ended since, or be anybody's. */
static bool sign_all_out(struct restoring *up, const char *where)
{
    struct db *db = NULL;
    bool good = db_open(where, false, &db, &up->why) && identity_sign_all_out(db, &up->why);
    db_close(db);
    return good;
}

/* And so do the tables. */
static bool check(struct restoring *up, const char *where)
{
    struct db_read *db = NULL;
    struct text wrong = TEXT("");
    json_t *regions = json_object_get(up->manifest, "regions");
    bool good = db_open_reader(where, &db, &up->why) && check_schema(up, db) && check_named(up, db);
    for (size_t i = 0; good && i < json_array_size(regions); i++)
        good = check_journal(up, db, json_array_get(regions, i));
    if (db)
        db_close_reader(db);
    good = good && sign_all_out(up, where);
    struct cli_bar bar = {.label = "replay"};
    struct progress progress = {cli_bar_tell, &bar};
    good = good && flow_compare(where, modules, up->cli->arena, &progress, &wrong, &up->why);
    cli_bar_end(&bar);
    return good && (wrong.len == 0 || fault_set(&up->why, "%.*s", TEXT_ARG(wrong)));
}

/* A configuration says whose database is opened and who may be believed: only the one that was backed
 * up comes back, never one that somebody laid beside it. */
static bool restore_config(struct restoring *up)
{
    struct arena *arena = up->cli->arena;
    const char *from = text_format(arena, "%s/yimen.yaml", up->from).at;
    const char *to = text_format(arena, "%s/yimen.yaml", up->data).at;
    const char *known = json_string_value(json_object_get(up->manifest, "configuration"));
    struct hash hash;
    if (!known)
        return access(from, F_OK) != 0 ||
               fault_set(&up->why,
                         "%s is not named in manifest.json, so it is none of the backup: look at it, "
                         "take it away and restore again",
                         from);
    return copy_file(from, to, &up->why) && hash_file(to, &hash, &up->why) &&
           (text_is(hash_hex(arena, &hash), known) ||
            fault_set(&up->why, "%s is not what it was when it was backed up", from));
}

static bool restore(struct restoring *up)
{
    struct arena *arena = up->cli->arena;
    const char *where = text_format(arena, "%s/yimen.db", up->data).at;
    return make_directories(up->data, &up->why) &&
           copy_file(text_format(arena, "%s/yimen.db", up->from).at, where, &up->why) &&
           files_prepare(text_format(arena, "%s/files", up->data).at, &up->why) &&
           restore_files(up) && restore_config(up) &&
           check(up, where);
}

/* A backup is directories and regular files. Whoever put a link, a pipe or a device into it wants
 * something read or written that is none of it. The directory that was named may be a link itself. */
static bool check_plain(struct restoring *up)
{
    char *roots[] = {(char *)(uintptr_t)text_format(up->cli->arena, "%s/.", up->from).at, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    bool good = walk != NULL || fault_set(&up->why, "%s cannot be read", up->from);
    for (FTSENT *entry; good && (entry = fts_read(walk));) {
        if (entry->fts_info == FTS_NS || entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
            good = fault_set(&up->why, "%s cannot be read", entry->fts_path);
        else if (entry->fts_info != FTS_D && entry->fts_info != FTS_DP && entry->fts_info != FTS_F)
            good = fault_set(&up->why,
                             "%s is a link or no regular file, which no backup holds; nothing was "
                             "touched",
                             entry->fts_path);
    }
    if (walk)
        fts_close(walk);
    return good;
}

/* True if the directory to be filled is what it seems: not a link to somewhere else. */
static bool goes_nowhere_else(const char *path)
{
    struct stat about;
    return lstat(path, &about) != 0 || !S_ISLNK(about.st_mode);
}

static int run(struct cli *cli)
{
    struct restoring up = {
        .cli = cli, .from = cli_value(cli, "from"), .data = cli_value(cli, "data")};
    struct text manifest;
    json_error_t error;
    if (cli->word_count || !up.from || !up.data)
        return cli_misused(cli, "say from where and to where: --from DIR --data DIR");
    if (cli_value(cli, "db"))
        return cli_misused(cli, "a backup becomes an SQLite file in --data; PostgreSQL's is brought "
                                "back by pg_restore, see `yimen backup --db URL --to DIR`");
    if (!directory_empty(up.data))
        return cli_wrong(cli, "%s is not empty; nothing was touched", up.data);
    if (!goes_nowhere_else(up.data))
        return cli_wrong(cli, "%s is a link; nothing was touched", up.data);
    if (access(up.from, F_OK) == 0 && !check_plain(&up))
        return cli_fault(cli, &up.why);
    if (!file_read(text_format(cli->arena, "%s/manifest.json", up.from).at, MANIFEST_LIMIT,
                    cli->arena, &manifest, &up.why))
        return cli_fault(cli, &up.why);
    up.manifest = json_loadb(manifest.at, manifest.len, JSON_REJECT_DUPLICATES, &error);
    if (json_integer_value(json_object_get(up.manifest, "format")) != 1) {
        json_decref(up.manifest);
        return cli_wrong(cli, "%s/manifest.json is no manifest of a backup", up.from);
    }
    bool good = restore(&up);
    struct fault left = {0};
    if (!good && !directory_clear(up.data, &left)) /* half a house is in the way of the next try */
        fprintf(stderr, "%s\n", left.why);
    long long files = (long long)json_array_size(json_object_get(up.manifest, "files"));
    json_decref(up.manifest);
    if (!good)
        return cli_fault(cli, &up.why);
    struct text to = cli_quoted(cli, up.data);
    cli_print(cli, text_format(cli->arena, "{\"data\":%.*s,\"files\":%lld}", TEXT_ARG(to), files),
              text_format(cli->arena,
                          "Restored to %s with %lld files; everything holds. Nobody is signed in: all "
                          "sign in again.\n",
                          up.data, files));
    return CLI_DONE;
}

static const struct cli_option options[] = {
    {"from", "DIR", "a directory that `yimen backup` made"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_restore = {
    .name = "restore",
    .usage = "restore --from DIR --data DIR",
    .summary = "Make a data directory from a backup and check all of it",
    .help = "Sessions are not taken over, nor are failures to sign in: everybody signs in again.\n"
            "SQLite only: a house on PostgreSQL is brought back by pg_restore, with the commands that\n"
            "`yimen backup --db URL --to DIR` prints.\n",
    .options = options,
    .run = run,
};
