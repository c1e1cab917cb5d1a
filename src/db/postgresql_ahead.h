/* Queries sent before their answers are needed, many in one journey to the server, and what came
 * back, for as long as it holds: a write that may have changed an answer makes it forgotten, by what
 * both statements mean (meaning.h). Begins and ends with the transaction. Private to this folder. */
#ifndef YIMEN_DB_POSTGRESQL_AHEAD_H
#define YIMEN_DB_POSTGRESQL_AHEAD_H

#include <libpq-fe.h>

#include "db/driver.h"
#include "db/meaning.h"

struct postgresql;
struct pg_statement;

/* One query with its values. */
struct ahead_read {
    size_t query; /* its number among ahead's queries */
    const struct db_value *args;
    uint64_t hash;
    PGresult *result; /* NULL: on its way, or forgotten */
    bool stale;
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
    size_t count, came, room; /* answers come in the order of the questions */
    size_t *slots; /* of reads, number + 1; open addressing, a power of two */
    size_t slot_room;
    size_t asked; /* in this round */

    uint64_t *touched; /* hashes of (write, variable, value); open addressing, 0: free */
    size_t touches, touch_room;

    const struct pg_statement *queries[MOST_AHEAD_STATEMENTS];
    struct ahead_write writes[MOST_AHEAD_STATEMENTS];
    size_t query_count, write_count;
    struct relation relations[MOST_AHEAD_STATEMENTS][MOST_AHEAD_STATEMENTS]; /* query, write */
};

/* The answer if it was read ahead and still holds, else NULL. */
const PGresult *ahead_answer(struct ahead *ahead, const struct pg_statement *statement,
                             const struct db_value *args);
/* Notes that the query is sent now. False if it need not be: it was asked already, or is one that
 * cannot be kept. */
bool ahead_ask(struct ahead *ahead, const struct pg_statement *statement,
               const struct db_value *args);
/* Takes over the answer to the first question without one. */
void ahead_came(struct ahead *ahead, PGresult *result);
/* Before each write. cells: rows times width values, or those of one statement. */
void ahead_wrote(struct ahead *ahead, const struct pg_statement *statement,
                 const struct db_value *cells, size_t rows, size_t width);
/* Forgets every answer; with statements also what they mean, since they are about to go. */
void ahead_forget(struct ahead *ahead);
void ahead_forget_statements(struct ahead *ahead);
void ahead_free(struct ahead *ahead);

#endif
