#include "db/db.h"

#include <stdio.h>
#include <string.h>

#include "db/driver.h"

/* Below SQLite's 32766 variables a statement (PostgreSQL allows 65535). */
enum { MOST_VARIABLES = 32766 };

static const size_t insert_sizes[] = {256, 64, 16};

static bool is_postgresql(const char *where)
{
    return strncmp(where, "postgresql:", 11) == 0 || strncmp(where, "postgres://", 11) == 0;
}

bool db_open(const char *where, bool read_only, struct db **out, struct fault *why)
{
    *out = NULL;
    if (is_postgresql(where))
        return postgresql_open(where, read_only, NULL, out, why);
    return sqlite_open(where, read_only, false, out, why);
}

bool db_open_scratch(const char *where, const char *name, struct db **out, struct fault *why)
{
    *out = NULL;
    if (is_postgresql(where))
        return postgresql_open(where, false, name, out, why);
    return sqlite_open("", false, true, out, why);
}

void db_close(struct db *db)
{
    if (db)
        db->driver->close(db);
}

enum db_engine db_engine(const struct db *db)
{
    return db->driver->engine;
}

/* struct db_read is never defined: it is a struct db that the compiler lets nobody write to. */
struct db_read *db_reader(struct db *db)
{
    return (struct db_read *)db;
}

bool db_open_reader(const char *where, struct db_read **out, struct fault *why)
{
    struct db *db;
    bool good = db_open(where, true, &db, why);
    *out = (struct db_read *)db;
    return good;
}

void db_close_reader(struct db_read *db)
{
    db_close((struct db *)db);
}

/* Providers: c the C library's, i ICU's, b PostgreSQL's own (from 17 on, all of them bytewise). */
static const struct db_sql collation_sql = {
    "SELECT CASE WHEN datlocprovider = 'i' THEN 'ICU' ELSE CAST(datcollate AS TEXT) END AS collation,"
    " CASE WHEN datlocprovider = 'b' OR (datlocprovider = 'c' AND"
    " upper(replace(datcollate, '-', '')) IN ('C', 'POSIX', 'C.UTF8'))"
    " THEN 'yes' ELSE 'no' END AS bytewise"
    " FROM pg_database WHERE datname = current_database()"};

bool db_collation(struct db_read *db, struct arena *arena, struct text *collation, bool *bytewise,
                  struct fault *why)
{
    struct db_rows rows;
    *collation = TEXT("BINARY");
    *bytewise = true;
    if (db_engine((const struct db *)db) == DB_SQLITE)
        return true;
    if (!db_select(db, &collation_sql, NULL, 0, arena, &rows, why))
        return false;
    *collation = db_cell_text(&rows, 0, "collation");
    *bytewise = text_is(db_cell_text(&rows, 0, "bytewise"), "yes");
    return true;
}

static const struct db_sql sqlite_size = {
    "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()"};
static const struct db_sql postgresql_size = {
    "SELECT pg_database_size(current_database()) AS bytes"};

bool db_size(struct db_read *db, struct arena *arena, int64_t *bytes, struct fault *why)
{
    struct db_rows rows;
    bool sqlite = db_engine((const struct db *)db) == DB_SQLITE;
    if (!db_select(db, sqlite ? &sqlite_size : &postgresql_size, NULL, 0, arena, &rows, why))
        return false;
    *bytes = db_cell_int(&rows, 0, "bytes");
    return true;
}

bool db_alive(const struct db *db)
{
    return db->driver->alive(db);
}

bool db_reader_alive(const struct db_read *db)
{
    return db_alive((const struct db *)db);
}

bool db_reconnect(struct db *db, struct fault *why)
{
    db->open = db->broken = db->ahead = false;
    return db->driver->reconnect(db, why);
}

/* Before each call: a broken transaction takes nothing more, on SQLite as on PostgreSQL. */
static bool ready(struct db *db, struct fault *why)
{
    if (db->open && db->broken)
        return fault_set(why, "the transaction is broken by an earlier fault: roll it back");
    if (!db->open)
        db->retryable = false;
    return true;
}

/* After each call: a fault breaks the open transaction. */
static bool settled(struct db *db, bool good)
{
    if (!good && db->open)
        db->broken = true;
    return good;
}

static bool starts_with_word(const char *sql, const char *word)
{
    size_t length = strlen(word);
    sql += strspn(sql, " \t\r\n(");
    return strncasecmp(sql, word, length) == 0 && strchr(" \t\r\n(", sql[length]);
}

static bool is_query(const char *sql)
{
    return starts_with_word(sql, "SELECT") || starts_with_word(sql, "WITH") ||
           starts_with_word(sql, "VALUES");
}

bool db_select(struct db_read *reader, const struct db_sql *sql, const struct db_value *args,
               size_t count, struct arena *arena, struct db_rows *out, struct fault *why)
{
    struct db *db = (struct db *)reader;
    if (!ready(db, why))
        return false;
    if (!is_query(sql->text))
        return settled(db, fault_set(why, "db_select runs queries only: %.80s", sql->text));
    if (db->ahead)
        return db->driver->select(db, sql, false, args, count, arena, out, why);
    return settled(db, db->driver->select(db, sql, false, args, count, arena, out, why));
}

bool db_ahead_begin(struct db *db)
{
    db->ahead = db->driver->ahead && db->open && !db->broken;
    return db->ahead;
}

bool db_ahead_end(struct db *db, size_t *asked, struct fault *why)
{
    db->ahead = false;
    return settled(db, db->driver->ahead(db, asked, why));
}

static bool may_write(struct db *db, struct fault *why)
{
    if (!ready(db, why))
        return false;
    if (db->ahead)
        return settled(db, fault_set(why, "nothing is written while reading ahead"));
    if (db->read_only)
        return settled(db, fault_set(why, "this connection is for reading only"));
    return true;
}

bool db_returning(struct db *db, const struct db_sql *sql, const struct db_value *args,
                  size_t count, struct arena *arena, struct db_rows *out, struct fault *why)
{
    if (!may_write(db, why))
        return false;
    return settled(db, db->driver->select(db, sql, true, args, count, arena, out, why));
}

bool db_write(struct db *db, const struct db_sql *sql, const struct db_value *args, size_t count,
              struct fault *why)
{
    if (!may_write(db, why))
        return false;
    db->operation++;
    return settled(db, db->driver->write(db, sql, args, count, why));
}

static bool insert_all(struct db *db, const struct db_insert *insert,
                       const struct db_value *cells, size_t rows, struct fault *why)
{
    for (size_t i = 0; i < sizeof insert_sizes / sizeof *insert_sizes; i++) {
        size_t size = insert_sizes[i];
        if (size * insert->width > MOST_VARIABLES)
            continue;
        for (; rows >= size; rows -= size, cells += size * insert->width)
            if (!db->driver->insert(db, insert, cells, size, why))
                return false;
    }
    /* The rest, fewer than the smallest size, in one. */
    return rows == 0 || db->driver->insert(db, insert, cells, rows, why);
}

bool db_insert(struct db *db, const struct db_insert *insert, const struct db_value *cells,
               size_t rows, struct fault *why)
{
    if (!may_write(db, why))
        return false;
    db->operation++;
    if (db->open || rows <= 1)
        return settled(db, insert_all(db, insert, cells, rows, why));
    /* All rows or none, though it takes several statements. */
    if (!db_begin(db, why))
        return false;
    if (settled(db, insert_all(db, insert, cells, rows, why)))
        return db_commit(db, why) == DB_COMMITTED;
    db_rollback(db);
    return false;
}

bool db_flush(struct db *db, struct fault *why)
{
    return ready(db, why) && settled(db, db->driver->flush(db, why));
}

bool db_changed(struct db *db, int64_t *rows, struct fault *why)
{
    return db_flush(db, why) && settled(db, db->driver->changed(db, rows, why));
}

bool db_begin(struct db *db, struct fault *why)
{
    if (db->open)
        return fault_set(why, "a transaction is open already");
    db->broken = db->retryable = false;
    db->open = db->driver->begin(db, why);
    return db->open;
}

enum db_commit db_commit(struct db *db, struct fault *why)
{
    if (!db->open) {
        fault_set(why, "no transaction is open");
        return DB_FAILED;
    }
    enum db_commit end;
    if (db->broken) {
        fault_set(why, "the transaction was broken by an earlier fault");
        db->driver->rollback(db);
        end = db->retryable ? DB_RETRY : DB_FAILED;
    } else {
        end = db->driver->commit(db, why);
    }
    db->open = db->broken = false;
    return end;
}

void db_rollback(struct db *db)
{
    if (!db->open)
        return;
    db->driver->rollback(db);
    db->open = db->broken = false;
}

bool db_retryable(const struct db *db)
{
    return db->retryable;
}

bool db_script(struct db *db, struct text ddl, struct fault *why)
{
    if (!may_write(db, why))
        return false;
    struct arena *scratch = arena_new(ddl.len * 2 + 64);
    const char *sql = template_fill(ddl, db->driver->engine, scratch, why);
    bool alone = !db->open;
    bool good = sql && (!alone || db_begin(db, why));
    good = good && db->driver->script(db, sql, why);
    arena_free(scratch);
    if (!alone)
        return settled(db, good);
    if (good)
        return db_commit(db, why) == DB_COMMITTED;
    db_rollback(db);
    return false;
}

bool db_learn(struct db *db, const char *table, struct fault *why)
{
    char sql[100];
    if (db->driver->engine != DB_POSTGRESQL)
        return true;
    snprintf(sql, sizeof sql, "ANALYZE %.80s;", table);
    return db_script(db, text_of(sql), why);
}

bool db_checkpoint(struct db *db, bool restart, int64_t *wal_pages, struct fault *why)
{
    return db->driver->checkpoint(db, restart, wal_pages, why);
}
