/* The pipeline to PostgreSQL: statements go out without waiting and their results are read as they
 * come; the socket does not block, so that neither side can wait for the other with both buffers
 * full. Private to this folder.
 *
 * What is sent stands in a queue until its result is read, so each result is known for what it is.
 * That decides what a break around COMMIT means: an error that the server tells for anything queued
 * before the COMMIT says that it was never reached; without one, nobody knows. */
#ifndef YIMEN_DB_POSTGRESQL_PIPELINE_H
#define YIMEN_DB_POSTGRESQL_PIPELINE_H

#include <libpq-fe.h>

#include "db/driver.h"
#include "db/postgresql_ahead.h"
#include "db/postgresql_writes.h"

enum sent_kind {
    SENT_PREPARE,
    SENT_BEGIN,
    SENT_WRITE,
    SENT_GATHERED, /* writes whose rows nobody counts */
    SENT_SELECT,
    SENT_AHEAD,
    SENT_COMMIT,
    SENT_SYNC
};

/* How many of one statement travel as one; the smaller are for what is left. */
enum { GATHER_SIZES = 3 };
extern const size_t pg_gather_sizes[GATHER_SIZES]; /* falling */

struct pg_statement {
    const char *text; /* lives as long as the connection */
    char name[24];
    bool ready; /* prepared, or its preparation is on the way */
    int count;
    Oid *types; /* TYPE_UNKNOWN where only NULL was seen so far: the server then infers it */
    size_t width;
    const char **names; /* NULL until the first result */
    struct meaning meaning;
    struct db_insert insert; /* what it was made of; without table where it was an SQL text */
    struct pg_statement *gathered[GATHER_SIZES]; /* NULL until asked for */
    struct pg_statement *retired;                /* the next of the connection's */
};

struct sent {
    enum sent_kind kind;
    bool seen; /* a result of it was read */
    struct pg_statement *statement;
    const char *text; /* for the fault; lives as long as the connection */
    uint64_t operation;
    uint64_t span; /* ahead's, when it was sent */
};

struct postgresql {
    struct db db;
    PGconn *connection; /* NULL: lost */
    struct statements statements;
    struct pg_statement *retired; /* replaced by others */
    unsigned named;               /* numbers the names of prepared statements */

    struct sent *queue; /* sent, result not read yet: [head, tail) */
    size_t head, tail, room;
    unsigned since_pump;
    uint64_t sent, replan_at; /* statements on this connection; when plans are made anew */
    bool unsynced; /* after a fault the server passes over everything up to a sync */

    bool failed; /* a fault nobody was told yet */
    struct fault fault;
    bool stale_plan;   /* it was a prepared statement whose tables have changed */
    bool told;         /* it was told by the server, and says that the transaction is undone */
    bool committing, committed, warned;
    PGresult *rows; /* of the SENT_SELECT */
    struct ahead ahead;
    struct writes writes;
    int64_t changed;
    uint64_t changed_by;

    const char **values; /* room for the variables of one statement */
    int *lengths, *formats;
    uint64_t *numbers;
    Oid *types;
    size_t variables;
};

/* Keeps a fault until report; an earlier one stays. */
void pg_fail(struct postgresql *pg, bool retryable, const char *what);
/* The same by what the server said. */
void pg_fail_by_result(struct postgresql *pg, const PGresult *result, const struct sent *sent);
/* Drops the connection. */
void pg_lose(struct postgresql *pg, const char *what);
/* Tells the fault that is waiting, if any. */
bool pg_report(struct postgresql *pg, struct fault *why);
/* False with a fault when there is no connection. */
bool pg_usable(struct postgresql *pg, struct fault *why);

/* A statement by its key; stays where it is until another text comes under that key. */
struct pg_statement *pg_statement_for(struct postgresql *pg, const struct db_sql *sql);
struct pg_statement *pg_insert_for(struct postgresql *pg, const struct db_insert *insert,
                                   size_t rows);
/* A query, or a plain UPDATE or DELETE, for several times its values, pg_gather_sizes[which] of them;
 * behind a query's columns stands for which of them a row is, from 0. No two of an UPDATE's values may
 * be for the same row. */
struct pg_statement *pg_gathered_for(struct postgresql *pg, struct pg_statement *one, size_t which);
void pg_statements_free(struct postgresql *pg);
/* After this every statement is prepared again before its next use. */
void pg_forget_prepared(struct postgresql *pg);

/* Sends one statement without waiting, prepared first where needed; a fault waits for report.
 * columns: how many different variables there are (those of a multi-row insert repeat). */
void pg_send(struct postgresql *pg, enum sent_kind kind, struct pg_statement *statement,
             const struct db_value *args, size_t columns);
/* Reads results until that read has come, or there was a fault. */
void pg_await(struct postgresql *pg, const struct ahead_read *read);
/* Sends a sync and reads every result. */
void pg_drain(struct postgresql *pg);

#endif
