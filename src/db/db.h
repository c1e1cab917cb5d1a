/* One SQL for SQLite and PostgreSQL. A statement is constant text with $1…$n; values are bound,
 * never pasted. The SQLite driver binds by name, since SQLite numbers $1 by first appearance. No
 * engine #ifdef outside this folder; nothing here knows the domain.
 *
 * A handle belongs to one thread at a time. struct db_read is the same connection seen through a
 * type that can only SELECT: handlers of GET get that, so the compiler says no to a write. */
#ifndef YIMEN_DB_DB_H
#define YIMEN_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/shape.h"
#include "base/text.h"

struct db;
struct db_read;

enum db_engine { DB_SQLITE, DB_POSTGRESQL };

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BYTES };

struct db_value {
    enum db_type type;
    int64_t number;
    struct text text; /* text or bytes */
};

static inline struct db_value db_int(int64_t number)
{
    return (struct db_value){.type = DB_INT, .number = number};
}
static inline struct db_value db_text(struct text text)
{
    return (struct db_value){.type = DB_TEXT, .text = text};
}
static inline struct db_value db_bytes(const void *at, size_t size)
{
    return (struct db_value){.type = DB_BYTES, .text = {at, size}};
}
static inline struct db_value db_null(void)
{
    return (struct db_value){.type = DB_NULL};
}

bool db_value_equal(const struct db_value *a, const struct db_value *b);

/* A statement. Declare it `static const struct db_sql name = {"…"}`: the address is its identity,
 * by which each connection keeps it prepared. Every statement on a domain table names region. */
struct db_sql {
    const char *text;
};

/* A multi-row insert: db_insert cuts any number of rows into prepared statements of 256, 64 and 16
 * rows and one of the rest. `after` is appended ("ON CONFLICT … DO …") or NULL. */
struct db_insert {
    const char *table;
    const char *columns; /* "region, idx, at" */
    size_t width;        /* how many columns */
    const char *after;
};

struct db_rows {
    size_t count;
    size_t width;
    const char *const *names;
    const struct db_value *cells; /* count * width, row by row */
};

#define DB_ARGS(...)                                                                               \
    (const struct db_value[]){__VA_ARGS__},                                                        \
        sizeof((const struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value)

/* where: "postgresql://…" or a "host=… dbname=…" conninfo prefixed by "postgresql:", else the path
 * of an SQLite file (created if absent unless read_only). SQLite is opened with WAL,
 * synchronous=FULL, foreign_keys=ON, a busy timeout of 5 s and no automatic checkpoint
 * (db_checkpoint does it). PostgreSQL sets application_name, a statement timeout of 60 s and an
 * idle-in-transaction timeout of 30 s (1 h for readers and scratch places, which hold up nobody). A
 * reading transaction sees one moment on both engines. */
bool db_open(const char *where, bool read_only, struct db **out, struct fault *why);
void db_close(struct db *db); /* NULL is allowed */
enum db_engine db_engine(const struct db *db);
struct db_read *db_reader(struct db *db);
/* Whether texts are ordered by their bytes, as every list expects: SQLite always, PostgreSQL in a
 * database whose collation is C or C.UTF-8. collation says which it is, in the arena. */
bool db_collation(struct db_read *db, struct arena *arena, struct text *collation, bool *bytewise,
                  struct fault *why);
/* What the database takes on its disk: the SQLite file with what waits in its log, or all that
 * PostgreSQL counts to this database. */
bool db_size(struct db_read *db, struct arena *arena, int64_t *bytes, struct fault *why);
/* A read handle of its own: an SQLite connection opened read-only, or a PostgreSQL connection whose
 * transactions are READ ONLY. */
bool db_open_reader(const char *where, struct db_read **out, struct fault *why);
void db_close_reader(struct db_read *db);
/* True while the connection can be used; a lost PostgreSQL connection is false until db_reconnect
 * succeeds. */
bool db_alive(const struct db *db);
bool db_reader_alive(const struct db_read *db);
bool db_reconnect(struct db *db, struct fault *why);

/* All rows at once, in the arena. Queries that could be long page by key instead. On PostgreSQL
 * this first waits for everything queued by db_write and reports its faults, unless the answer was
 * read ahead. */
bool db_select(struct db_read *db, const struct db_sql *sql, const struct db_value *args,
               size_t count, struct arena *arena, struct db_rows *out, struct fault *why);

/* The same for a statement that writes and says what it wrote: "UPDATE … RETURNING …". db_select
 * takes SELECT, WITH and VALUES only. */
bool db_returning(struct db *db, const struct db_sql *sql, const struct db_value *args,
                  size_t count, struct arena *arena, struct db_rows *out, struct fault *why);

/* Reading ahead, within a transaction, what will be asked soon: many queries in one journey to the
 * server. Between db_ahead_begin and db_ahead_end, which is one round, db_select answers from earlier
 * rounds; what they did not ask for it asks now, without waiting, and returns false (this breaks no
 * transaction). Nothing may be written meanwhile. Afterwards db_select knows the answers until the
 * transaction ends or a write may have changed them: it never tells anything else than the database
 * would. db_ahead_begin is false on SQLite, where there is no journey to save; db_ahead_end tells how
 * many queries the round asked. It does not wait for them: a fault in one of them is told by the next
 * call that does. */
bool db_ahead_begin(struct db *db);
bool db_ahead_end(struct db *db, size_t *asked, struct fault *why);

/* Queues one statement. On PostgreSQL it travels in the pipeline, and a fault may surface at the
 * next db_select, db_flush or db_commit; on SQLite it has run when this returns. Values are copied. */
bool db_write(struct db *db, const struct db_sql *sql, const struct db_value *args, size_t count,
              struct fault *why);
bool db_insert(struct db *db, const struct db_insert *insert, const struct db_value *cells,
               size_t rows, struct fault *why);
/* While a transaction fills a table: PostgreSQL plans by what it knows of it, learns nothing by itself
 * until COMMIT, and a plan made for an empty table may look at every row of a region for each UPDATE.
 * Nothing on SQLite. */
bool db_learn(struct db *db, const char *table, struct fault *why);
/* Waits for everything queued. */
bool db_flush(struct db *db, struct fault *why);
/* Rows that the last db_write changed (flushes first). */
bool db_changed(struct db *db, int64_t *rows, struct fault *why);

enum db_commit {
    DB_COMMITTED, /* it is on disk */
    DB_FAILED,    /* it is not, and never will be */
    DB_RETRY,     /* it is not; the same transaction may be run again (40001, 40P01, 57P01, 08xxx) */
    DB_UNKNOWN,   /* the connection broke around COMMIT: reconnect and look at the head row */
};

bool db_begin(struct db *db, struct fault *why);
enum db_commit db_commit(struct db *db, struct fault *why);
void db_rollback(struct db *db);
/* True when the fault that broke the open transaction is one after which it may be run again. */
bool db_retryable(const struct db *db);

/* Runs a DDL template: statements ended by ';', with {int} {bytes} {strict} replaced for the engine
 * (INTEGER/BIGINT, BLOB/BYTEA, STRICT/nothing). Runs inside the open transaction if there is one. */
bool db_script(struct db *db, struct text ddl, struct fault *why);
/* A scratch place with no tables, for replay: on SQLite a temporary file, on PostgreSQL a new
 * schema of the given name in the same database, first in the search path. Closing drops it. */
bool db_open_scratch(const char *where, const char *name, struct db **out, struct fault *why);

/* SQLite: moves WAL frames into the database (PASSIVE, or RESTART when restart is set). PostgreSQL:
 * nothing to do. Meant for a connection of its own in a second thread. */
bool db_checkpoint(struct db *db, bool restart, int64_t *wal_pages, struct fault *why);
/* SQLite: a consistent copy into the file `to` while others write (online backup). PostgreSQL
 * handles are a fault: there pg_dump is the tool. */
bool db_backup(const char *where, const char *to, void (*progress)(int done, int total, void *),
               void *context, struct fault *why);

/* Names the first trigger, view, rule, virtual table or row policy in the place of our tables: we make
 * none of those. Empty: there is none. */
bool db_strange(struct db_read *db, struct arena *arena, struct text *wrong, struct fault *why);

/* The cell of that column; a column that is not there is a bug and ends the process. */
const struct db_value *db_cell(const struct db_rows *rows, size_t row, const char *column);
int64_t db_cell_int(const struct db_rows *rows, size_t row, const char *column);
struct text db_cell_text(const struct db_rows *rows, size_t row, const char *column);

/* Fills a record from a row by column names. Fields without a column are left alone, columns
 * without a field are passed over; a word that the shape does not know is a fault. */
bool db_record(const struct shape *shape, const struct db_rows *rows, size_t row,
               struct arena *arena, void *record, struct fault *why);
/* All rows as a list of records. */
bool db_records(const struct shape *shape, const struct db_rows *rows, struct arena *arena,
                struct list *out, struct fault *why);
/* The plain fields of a record as values, in the order of the shape's fields (lists, texts and
 * records skipped): for inserts whose columns are in the same order. Returns how many. */
size_t db_values(const struct shape *shape, const void *record, struct arena *arena,
                 struct db_value *out, size_t room);

#endif
