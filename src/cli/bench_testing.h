/* For measuring programs alone: a city with staff, and applicants and clerks who take cases through
 * the whole of their lives, in process or over HTTP. A failure ends the process. */
#ifndef YIMEN_CLI_BENCH_TESTING_H
#define YIMEN_CLI_BENCH_TESTING_H

#include "flow/flow.h"
#include "http/load_testing.h"

#define BENCH_REGION 330482
#define BENCH_STEPS 16 /* commands in the life of a case */

enum bench_who { BENCH_CITIZEN, BENCH_CLERK, BENCH_REVIEWER, BENCH_VERIFIER, BENCH_WHO };

/* A command of a case's life, ready to be filled with the case's key or id. */
struct bench_step {
    const struct command *command;
    enum bench_who who;
    struct text input; /* JSON without the key or id, as HTTP sends it */
    struct text extra; /* value of the path's own parameter ({item_code}, {code}), or empty */
    void *record;      /* the same as the command's input */
};

struct bench_world {
    struct arena *arena;
    char directory[64];      /* removed by bench_world_end */
    char where[200];         /* the city as it was set up: an SQLite file, or a PostgreSQL URL */
    struct actor actors[BENCH_WHO];
    struct text tokens[BENCH_WHO]; /* bearer tokens; none for the citizen */
    struct bench_step steps[BENCH_STEPS];
    int64_t started_ms; /* monotonic; the clock of service began then */
};

/* url NULL: SQLite in a new directory. */
void bench_world_make(struct bench_world *world, const char *url);
void bench_world_end(struct bench_world *world);
/* A copy of the city's file as it was set up, at directory/name; the path lives in the arena. */
const char *bench_copy(struct bench_world *world, const char *name);
/* directory/name, where no file is (any more). */
const char *bench_path(struct bench_world *world, const char *name);
/* 2014-05-04 09:00 and what has passed since; for flow_options.now with the world as clock. */
int64_t bench_now(void *world);

/* A client at its place in a case. */
struct bench_client {
    size_t step, cases;
    int64_t case_id;
    char case_no[48], query_code[24];
};
/* Takes key and id from the answer to the first step. */
void bench_heard(struct bench_client *client, struct text answer);
/* Moves on; false when it has no case left. */
bool bench_next(struct bench_client *client);
/* The HTTP request of the client's step, in room. */
struct text bench_request(const struct bench_world *world, const struct bench_client *client,
                          char *room, size_t size);

struct bench_figures {
    double seconds;
    double cpu_seconds; /* of this process */
    int64_t commands, entries, batches;
};
double bench_cpu(void); /* seconds of this process so far */
/* So many clients take `cases` cases each through all steps, each sending its next command when it
 * is told of the last; batches form by themselves. */
struct bench_figures bench_flow(struct bench_world *world, const char *where, size_t clients,
                                size_t cases);

/* Inserts the rows that a run left behind, or (versions) every version of a row that it wrote, by
 * plain SQLite into a copy of the same city, in as many transactions as the run's commands make
 * groups of 256. */
struct bench_rows {
    double seconds, cpu_seconds;
    int64_t rows, bytes, transactions;
};
struct bench_rows bench_bare(struct bench_world *world, const char *ran, int64_t commands,
                             bool versions);

/* Moves the write-ahead log into the database once a second, as serve does, until ended. */
struct bench_checkpoints;
struct bench_checkpoints *bench_checkpoints_start(const char *where);
void bench_checkpoints_end(struct bench_checkpoints *checkpoints);

_Noreturn void bench_give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
