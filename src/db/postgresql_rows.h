/* Decoding of what PostgreSQL answers in its binary formats. Private to this folder. */
#ifndef YIMEN_DB_POSTGRESQL_ROWS_H
#define YIMEN_DB_POSTGRESQL_ROWS_H

#include <libpq-fe.h>

#include "db/db.h"

/* The types of variables, from the server's catalogue (pg_type.dat): they never change. */
enum { TYPE_UNKNOWN = 0, TYPE_BYTEA = 17, TYPE_INT8 = 20, TYPE_TEXT = 25 };

/* Copies all cells into the arena: integers, booleans and whole numerics (the sum of a BIGINT) as
 * DB_INT, texts as DB_TEXT, bytea as DB_BYTES. Any other type, and a fraction, is a fault. Sets
 * count, width and cells of out. */
bool postgresql_rows(const PGresult *result, struct arena *arena, struct db_rows *out,
                     struct fault *why);

/* One cell, whose text points into the result; false where it is of a type that postgresql_rows
 * does not take. */
bool postgresql_cell(const PGresult *result, int row, int column, struct db_value *out);

#endif
