/* Decoding of what PostgreSQL answers in its binary formats. Private to this folder. */
#ifndef YIMEN_DB_POSTGRESQL_ROWS_H
#define YIMEN_DB_POSTGRESQL_ROWS_H

#include <libpq-fe.h>

#include "db/db.h"

/* The types of variables, from the server's catalogue (pg_type.dat): they never change. */
enum { TYPE_UNKNOWN = 0, TYPE_BYTEA = 17, TYPE_INT8 = 20, TYPE_TEXT = 25 };

/* Rows of a result: all of them, or those of one key among the several that were asked for. */
struct pg_answer {
    const PGresult *result; /* NULL: no answer */
    const int *rows;        /* NULL: 0, 1, … */
    int count, width;       /* further columns are not part of the answer */
};

static inline struct pg_answer pg_answer_all(const PGresult *result)
{
    return (struct pg_answer){result, NULL, PQntuples(result), PQnfields(result)};
}
static inline int pg_answer_row(const struct pg_answer *answer, int number)
{
    return answer->rows ? answer->rows[number] : number;
}

/* Copies all cells into the arena: integers, booleans and whole numerics (the sum of a BIGINT) as
 * DB_INT, texts as DB_TEXT, bytea as DB_BYTES. Any other type, and a fraction, is a fault. Sets
 * count, width and cells of out. */
bool postgresql_rows(const struct pg_answer *answer, struct arena *arena, struct db_rows *out,
                     struct fault *why);

/* One cell, whose text points into the result; false where it is of a type that postgresql_rows
 * does not take. */
bool postgresql_cell(const PGresult *result, int row, int column, struct db_value *out);

#endif
