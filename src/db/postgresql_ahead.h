/* Queries sent before their answers are needed, many in one journey to the server, and what came
 * back, for as long as it holds: a write that may have changed an answer makes it forgotten, by what
 * both statements mean (meaning.h). Begins and ends with the transaction. Private to this folder. */
#ifndef YIMEN_DB_POSTGRESQL_AHEAD_H
#define YIMEN_DB_POSTGRESQL_AHEAD_H

#include <libpq-fe.h>

#include "db/driver.h"
#include "db/meaning.h"
#include "db/postgresql_rows.h"

struct postgresql;
struct pg_statement;

/* One query with its values. */
struct ahead_read {
    size_t query; /* its number among ahead's queries */
    const struct db_value *args;
    uint64_t hash;
    unsigned round;
    bool came;
    struct pg_answer answer; /* without result: not come yet, or forgotten */
    PGresult *told;          /* the answer's, where a write told it */
    bool stale;
};

/* What travels as one: a read by itself, or several of one query. */
struct ahead_parcel {
    const size_t *reads; /* their numbers */
    size_t count;
    bool gathered;    /* which of them a row is for stands behind its other columns */
    PGresult *result; /* NULL: on its way */
};

enum { MOST_GATHERED = 64, MOST_GATHERED_VALUES = 16 };

/* Reads of one query that wait for more of them. */
struct ahead_waiting {
    struct pg_statement *statement;
    size_t count;
    size_t reads[MOST_GATHERED];
};

/* A write that was met on this connection. */
struct ahead_write {
    const struct pg_statement *statement;
    uint64_t pins; /* bits: those that some query asks by */
    bool done;     /* in this transaction, since something was read ahead */
};

enum { MOST_AHEAD_STATEMENTS = 64 };

struct ahead {
    struct arena *arena;
    struct ahead_read *reads;
    size_t count, room;
    struct ahead_parcel *parcels;
    size_t parcel_count, came, parcel_room; /* answers come in the order of the questions */
    size_t *slots; /* of reads, number + 1; open addressing, a power of two */
    size_t slot_room;
    unsigned round;
    size_t asked;  /* in this round */
    uint64_t span; /* ends when all is forgotten: what was asked before is for nobody */

    uint64_t *touched; /* hashes of (write, variable, value); open addressing, 0: free */
    size_t touches, touch_room;

    const struct pg_statement *queries[MOST_AHEAD_STATEMENTS];
    struct ahead_waiting waiting[MOST_AHEAD_STATEMENTS]; /* by the query's number */
    struct ahead_write writes[MOST_AHEAD_STATEMENTS];
    size_t query_count, write_count;
    struct relation relations[MOST_AHEAD_STATEMENTS][MOST_AHEAD_STATEMENTS]; /* query, write */
};

/* The read if it was asked ahead, else NULL. */
struct ahead_read *ahead_find(struct ahead *ahead, const struct pg_statement *statement,
                              const struct db_value *args);
/* Its answer if it has come and still holds, else NULL. */
const struct pg_answer *ahead_answer(const struct ahead *ahead, struct ahead_read *read);
/* Notes a read that is to be sent, with a copy of its values. False if it need not be: it was asked
 * already, or is one that cannot be kept. */
bool ahead_ask(struct ahead *ahead, const struct pg_statement *statement,
               const struct db_value *args, size_t *read);
/* Notes that those reads are sent now, as one. */
void ahead_sent(struct ahead *ahead, const size_t *reads, size_t count, bool gathered);
/* Takes over the answer to the first parcel without one, asked in that span. */
void ahead_came(struct ahead *ahead, uint64_t span, PGresult *result);
/* Before each write. cells: rows times width values, or those of one statement. */
void ahead_wrote(struct ahead *ahead, const struct pg_statement *statement,
                 const struct db_value *cells, size_t rows, size_t width);
/* True if further statements would not be known. */
bool ahead_full(const struct ahead *ahead);
/* Forgets every answer; with statements also what they mean, since they are about to go. */
void ahead_forget(struct ahead *ahead);
void ahead_forget_statements(struct ahead *ahead);
void ahead_free(struct ahead *ahead);

#endif
