/* yimen backup: a copy of database, uploaded files and configuration while the house serves. For a
 * house on PostgreSQL it says what to run instead: pg_dump does it better than we could. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "files/files.h"

struct backing_up {
    struct cli *cli;
    const char *to;
    struct buf manifest; /* the list of files in it */
    struct text configuration; /* SHA-256 of yimen.yaml in it, or empty */
    int64_t files, bytes, expected;
    struct fault why;
    struct cli_bar bar;
};

static void tell_pages(int done, int total, void *with)
{
    cli_bar_tell(done, total, with);
}

/* A file that the journal names was on disk before its entry: whoever copies the database first and
 * the files after it misses none. */
static bool copy_one(struct text sha256, const char *path, void *with)
{
    struct backing_up *up = with;
    struct stat about;
    struct arena *arena = arena_new(4096);
    const char *folder = text_format(arena, "%s/files/%.2s", up->to, sha256.at).at;
    struct text to = files_path(text_format(arena, "%s/files", up->to).at, sha256, arena);
    bool good = make_directories(folder, &up->why) && copy_file(path, to.at, &up->why) &&
                stat(to.at, &about) == 0;
    if (good) {
        buf_format(&up->manifest, "%s{\"sha256\":\"%.*s\",\"size\":%lld}",
                   up->files ? "," : "", TEXT_ARG(sha256), (long long)about.st_size);
        up->files++;
        up->bytes += about.st_size;
        cli_bar_tell(up->files, up->expected, &up->bar);
    }
    arena_free(arena);
    return good;
}

static bool copy_files(struct backing_up *up, const char *files)
{
    if (!files)
        return true;
    up->bar = (struct cli_bar){.label = "files"};
    bool good = cli_files_count(files, &up->expected, &up->why) &&
                files_each(files, copy_one, up, &up->why) && !up->why.why[0];
    cli_bar_end(&up->bar);
    return good;
}

/* Size, root and checkpoint of every region in the copy. */
static bool describe(struct backing_up *up, const char *copy, struct buf *out)
{
    struct db_read *db = NULL;
    struct list regions;
    struct arena *arena = up->cli->arena;
    bool good = db_open_reader(copy, &db, &up->why) && flow_regions(db, arena, &regions, &up->why);
    const int64_t *codes = good ? regions.items : NULL;
    for (size_t i = 0; good && i < regions.count; i++) {
        struct checkpoint head;
        struct text note, vkey;
        bool found;
        good = journal_head(db, codes[i], arena, &head, &up->why) &&
               journal_checkpoint(db, codes[i], arena, &note, &found, &up->why) &&
               journal_vkey(db, codes[i], arena, &vkey, &up->why);
        if (!good)
            break;
        struct text root = hash_hex(arena, &head.root);
        buf_format(out, "%s{\"region\":%lld,\"size\":%lld,\"root\":\"%.*s\",\"vkey\":",
                   i ? "," : "", (long long)codes[i], (long long)head.size, TEXT_ARG(root));
        buf_json(out, vkey);
        buf_str(out, ",\"checkpoint\":");
        buf_json(out, note);
        buf_char(out, '}');
    }
    if (db)
        db_close_reader(db);
    return good;
}

static bool copy_config(struct backing_up *up)
{
    const char *data = cli_value(up->cli, "data"), *path = cli_value(up->cli, "config");
    if (!path)
        path = text_format(up->cli->arena, "%s/yimen.yaml", data).at;
    const char *to = text_format(up->cli->arena, "%s/yimen.yaml", up->to).at;
    struct hash hash;
    if (access(path, F_OK) != 0)
        return true;
    if (!copy_file(path, to, &up->why) || !hash_file(to, &hash, &up->why))
        return false;
    up->configuration = hash_hex(up->cli->arena, &hash);
    return true;
}

static bool back_up(struct backing_up *up, const char *where, const char *files)
{
    struct cli *cli = up->cli;
    const char *copy = text_format(cli->arena, "%s/yimen.db", up->to).at;
    struct buf regions = {.arena = cli->arena};
    up->bar.label = "database";
    bool good = make_directories(up->to, &up->why) &&
                db_backup(where, copy, tell_pages, &up->bar, &up->why);
    cli_bar_end(&up->bar);
    good = good && describe(up, copy, &regions) &&
           files_prepare(text_format(cli->arena, "%s/files", up->to).at, &up->why) &&
           copy_files(up, files) && copy_config(up);
    if (!good)
        return false;
    struct text at = time_format(cli->arena, time_now()), list = buf_done(&regions),
                kept = buf_done(&up->manifest);
    struct text set = up->configuration;
    if (set.len)
        set = text_format(cli->arena, ",\"configuration\":\"%.*s\"", TEXT_ARG(set));
    struct text manifest = text_format(
        cli->arena, "{\"format\":1,\"at\":\"%.*s\",\"regions\":[%.*s],\"files\":[%.*s]%.*s}\n",
        TEXT_ARG(at), TEXT_ARG(list), TEXT_ARG(kept), TEXT_ARG(set));
    /* Last: a backup without it is none. */
    return write_whole(text_format(cli->arena, "%s/manifest.json", up->to).at, manifest, 0600,
                       &up->why);
}

/* In quotes for a shell. */
static struct text quoted(struct arena *arena, const char *word)
{
    struct buf out = {.arena = arena};
    buf_char(&out, '\'');
    for (; *word; word++)
        if (*word == '\'')
            buf_str(&out, "'\\''");
        else
            buf_char(&out, *word);
    buf_char(&out, '\'');
    return buf_done(&out);
}

/* The commands for this very house. A password is not repeated: whoever reads this knows it, and a
 * log that keeps it should not. */
static int say_how(struct cli *cli, const char *where, const char *to)
{
    const char *at = strchr(where, '@'), *colon = strchr(where + strlen("postgresql://"), ':');
    bool secret = strstr(where, "password=") || (at && colon && colon < at);
    const char *known = cli_files(cli);
    struct text url = secret ? TEXT("\"$URL\"") : quoted(cli->arena, where);
    struct text folder = quoted(cli->arena, to);
    struct text files = known ? quoted(cli->arena, known) : TEXT("\"$FILES\"");
    cli_wrong(cli, "a house on PostgreSQL is backed up by PostgreSQL's own tools, also while it "
                   "serves. Run these, the database before the files:");
    if (secret)
        fputs("# with URL=… as in --db\n", stderr);
    if (!known)
        fputs("# with FILES=… the directory of uploaded files\n", stderr);
    fprintf(stderr,
            "mkdir -m 700 -p %.*s\n"
            "pg_dump --format=custom --file=%.*s/yimen.dump --dbname=%.*s\n"
            "cp -a %.*s %.*s/files\n",
            TEXT_ARG(folder), TEXT_ARG(folder), TEXT_ARG(url), TEXT_ARG(files), TEXT_ARG(folder));
    fprintf(stderr,
            "And back, into an empty database NEW_URL and a new directory NEW_DIR:\n"
            "mkdir -m 700 -p \"$NEW_DIR\"\n"
            "pg_restore --exit-on-error --no-owner --dbname=\"$NEW_URL\" %.*s/yimen.dump\n"
            "cp -a %.*s/files \"$NEW_DIR/files\"\n"
            "yimen verify --db \"$NEW_URL\"\n"
            "psql --no-psqlrc --dbname=\"$NEW_URL\" --command='DELETE FROM session' "
            "--command='DELETE FROM sign_in_failure' # all sign in again\n"
            "yimen doctor --db \"$NEW_URL\" --data \"$NEW_DIR\"\n",
            TEXT_ARG(folder), TEXT_ARG(folder));
    return CLI_WRONG;
}

static int run(struct cli *cli)
{
    struct backing_up up = {.cli = cli, .to = cli_value(cli, "to"), .manifest = {cli->arena}};
    if (cli->word_count || !up.to)
        return cli_misused(cli, "say where to: --to DIR");
    const char *where = cli_where(cli);
    if (!where)
        return cli_value(cli, "data") ? CLI_WRONG : CLI_MISUSED;
    if (cli_postgresql(where))
        return say_how(cli, where, up.to);
    if (!cli_value(cli, "data"))
        return cli_misused(cli, "say what to back up: --data DIR");
    if (!directory_empty(up.to))
        return cli_wrong(cli, "%s is not empty", up.to);
    if (!back_up(&up, where, cli_files(cli)))
        return cli_fault(cli, &up.why);
    struct text to = cli_quoted(cli, up.to);
    cli_print(cli,
              text_format(cli->arena, "{\"to\":%.*s,\"files\":%lld,\"bytes\":%lld}", TEXT_ARG(to),
                          (long long)up.files, (long long)up.bytes),
              text_format(cli->arena, "Backed up to %s: the database and %lld files (%lld bytes).\n",
                          up.to, (long long)up.files, (long long)up.bytes));
    return CLI_DONE;
}

static const struct cli_option options[] = {
    {"to", "DIR", "an empty or new directory for the copy"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_backup = {
    .name = "backup",
    .usage = "backup --data DIR --to DIR",
    .summary = "Copy database, files, keys and configuration, also while serving",
    .help = "The copy holds the log's signing key and personal data: keep it as you keep DIR.\n"
            "For a house on PostgreSQL nothing is copied: it prints the pg_dump, cp, pg_restore\n"
            "and psql commands for that house, and ends with status 1.\n",
    .options = options,
    .run = run,
};
