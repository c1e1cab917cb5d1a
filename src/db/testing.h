/* For tests alone: fresh databases on both engines. Everything made here is removed when the
 * process ends. A failure ends the process, since no test can go on without its database. */
#ifndef YIMEN_DB_TESTING_H
#define YIMEN_DB_TESTING_H

#include "db/db.h"

/* True when YIMEN_TEST_POSTGRESQL names a server ("postgresql:///postgres?host=/tmp/x&user=y") on
 * which databases may be made. Without it a warning goes to standard error once, and with
 * YIMEN_TEST_REQUIRE_BOTH=1 the process ends, because then a missing engine is a failed run. */
bool testing_has_postgresql(void);

/* Where a fresh empty database is, as db_open takes it: an SQLite file alone in a new temporary
 * directory, or a new database on that server. name is a hint for people (letters, digits, '_').
 * The text lives until the process ends. */
const char *testing_database(enum db_engine engine, const char *name);

/* Runs a test on SQLite and, if there is a server, on PostgreSQL, each on a fresh database. */
void testing_each_engine(void (*test)(const char *where));

#endif
