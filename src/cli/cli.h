/* The command line: one file for each subcommand. It prints facts on standard output, everything
 * else on standard error, and ends with 0 (done), 1 (refused, or found wrong) or 2 (misused). */
#ifndef YIMEN_CLI_CLI_H
#define YIMEN_CLI_CLI_H

#include "cli/config.h"
#include "door/door.h"
#include "flow/flow.h"
#include "identity/identity.h"

enum cli_end { CLI_DONE = 0, CLI_WRONG = 1, CLI_MISUSED = 2 };

struct cli;

struct cli_option {
    const char *name;  /* "data" for --data */
    const char *value; /* what follows it, "DIR"; NULL: nothing does */
    const char *help;
};

struct cli_command {
    const char *name;
    const char *usage;   /* "init --city FOLDER --data DIR [--demo]" */
    const char *summary; /* one line */
    const char *help;    /* more lines, or NULL */
    const struct cli_option *options; /* ended by a NULL name; --data, --db, --config, --json,
                                         --help are everybody's */
    int (*run)(struct cli *cli);
};

#define CLI_OPTIONS 32

struct cli {
    const struct cli_command *command;
    struct arena *arena;
    struct {
        const char *name;
        const char *value; /* "" for an option without one */
    } given[CLI_OPTIONS];
    size_t given_count;
    const char *words[CLI_OPTIONS];
    size_t word_count;
    bool json;
    struct config config;
};

extern const struct cli_command cli_init, cli_serve, cli_import, cli_export, cli_verify, cli_rebuild,
    cli_backup, cli_restore, cli_report, cli_due, cli_user, cli_token, cli_doctor, cli_key,
    cli_erase;

/* Of the API document; ended by a NULL operation. */
extern const struct door_example cli_examples[];

/* Runs `yimen argv[1] …`. */
int cli_main(int argc, char **argv);

/* The option's value, NULL if it was not given. */
const char *cli_value(const struct cli *cli, const char *name);
/* Number in range, or fallback; false after saying what is wrong with it. */
bool cli_number(const struct cli *cli, const char *name, int64_t low, int64_t high,
                int64_t fallback, int64_t *out);
/* Says what is wrong on standard error. */
int cli_misused(const struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int cli_wrong(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
int cli_fault(const struct cli *cli, const struct fault *why);
/* With --json the JSON document, else the text; a line feed is added to JSON. */
void cli_print(const struct cli *cli, struct text json, struct text text);

/* As a JSON string, with its quotation marks: a path may hold any character. */
struct text cli_quoted(const struct cli *cli, const char *string);

/* A bar on standard error if that is a terminal; for struct progress. */
struct cli_bar {
    const char *label;
    int64_t shown_ms;
    bool drawn;
};
void cli_bar_tell(int64_t done, int64_t total, void *bar);
void cli_bar_end(struct cli_bar *bar);

/* Where the data is: --db, else the configuration's db, else DATA/yimen.db. NULL after saying that
 * neither was named or that nothing is there yet. */
const char *cli_where(const struct cli *cli);
/* Whether that is an address of PostgreSQL, and no file. */
bool cli_postgresql(const char *where);
/* How to make a PostgreSQL database that orders lists as SQLite does. */
#define CLI_NEW_DATABASE                                                                           \
    "CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C.UTF-8'"
/* Absolute; the configuration's, else DATA/files. NULL: neither is known. */
const char *cli_files(const struct cli *cli);

/* Business time that begins at --clock, else at the configuration's clock, else the machine's. It
 * begins where the regions already stand if that is later: it never goes back, nor waits. */
#define CLI_CLOCK_OPTION \
    {"clock", "TIME", "business time starts at TIME (2014-05-04T09:00) and runs on"}
/* False after saying that --clock is no time. */
bool cli_clock_fits(const struct cli *cli);
bool cli_clock(const struct cli *cli, struct db_read *db, const struct list *regions,
               struct flow_options *out, struct fault *why);

/* How many files a directory of uploaded files has, for a bar's total. */
bool cli_files_count(const char *files, int64_t *out, struct fault *why);

/* A flow on all regions of the database, without a thread, on the clock of cli_clock unless `more`
 * has one. The regions' list lives in the arena. */
struct cli_house {
    const char *where;
    struct flow *flow;
    struct db_read *db;
    struct list regions; /* int64_t, in the order they were set up */
    int64_t region;      /* --region, else the first */
};
bool cli_open(const struct cli *cli, const struct flow_options *more, struct cli_house *out,
              int *end);
void cli_close(struct cli_house *house);
/* `import items` and `export city`: see import_items.c, export_city.c. */
int cli_import_items(struct cli *cli, struct cli_house *house, const char *path);
int cli_export_city(struct cli *cli, struct cli_house *house, const char *folder);
/* Whoever sits at the command line: may do what an importer may, and the administrators. */
struct actor cli_actor(void);
/* The rules of a form hold for what is typed on the command line too, except lists: the record is read
 * again as a form would send it (trimmed and so on). False after saying what is wrong, status 1. */
bool cli_fits(const struct cli *cli, const struct shape *shape, void *record);
/* Says which command was refused, and each problem. */
void cli_refused(const struct cli *cli, const struct job *job);
/* Runs one command as the administrator at the command line: prepared, decided, journalled. False
 * after saying why not; job holds the outcome. at_ms 0: live, in business time. */
bool cli_run(const struct cli *cli, struct cli_house *house, const struct command *command,
             void *input, int64_t at_ms, struct job *job);

/* Runs commands without `prepare` as one batch for the conductor, few transactions for many; jobs,
 * one for each, hold how each ended. False after saying what failed: the machine, not a refusal. */
struct city_command;
bool cli_run_many(const struct cli *cli, struct cli_house *house, const struct city_command *commands,
                  size_t count, int64_t at_ms, struct job *jobs);
/* How many of them go to the conductor at once: few transactions, and a bar that moves. */
#define CLI_AT_ONCE 64

/* Copies into a file that must not exist yet; flushed to disk. */
bool copy_file(const char *from, const char *to, struct fault *why);
/* SHA-256 of what is in a file. */
bool hash_file(const char *path, struct hash *out, struct fault *why);
bool make_directories(const char *path, struct fault *why);
/* True also for a directory that does not exist. */
bool directory_empty(const char *path);
/* Removes what is in it, following no links, but not itself. */
bool directory_clear(const char *path, struct fault *why);
bool write_whole(const char *path, struct text bytes, int mode, struct fault *why);

#endif
