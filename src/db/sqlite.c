/* The SQLite driver. Statements run at once; BEGIN is IMMEDIATE, so a transaction that has begun
 * never loses the race for the write lock half-way. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/driver.h"

enum { BUSY_MS = 5000 };

struct sqlite {
    struct db db;
    sqlite3 *handle;
    struct statements statements;
    bool lost; /* after a failed fsync: what is on disk is unknown until it is opened again */
    int64_t changed;
    uint64_t changed_by; /* the operation whose rows `changed` counts */
    sqlite3_stmt *begin, *commit;
};

/* A prepared statement with the place of each $n. */
struct sqlite_statement {
    sqlite3_stmt *handle;
    int count;     /* the highest $n */
    bool in_order; /* $n stands at place n */
    bool query;    /* changes nothing */
    int *places;   /* of $1…$n; 0: the text leaves it out */
    int width;
    const char **names;
};

static bool sqlite_fault(struct sqlite *sqlite, const char *doing, struct fault *why)
{
    int code = sqlite3_extended_errcode(sqlite->handle);
    int kind = code & 0xff;
    sqlite->db.retryable = kind == SQLITE_BUSY || kind == SQLITE_LOCKED;
    return fault_set(why, "SQLite %d: %s (%.120s)", code, sqlite3_errmsg(sqlite->handle), doing);
}

static void statement_drop(struct sqlite_statement *statement)
{
    if (!statement)
        return;
    sqlite3_finalize(statement->handle);
    free(statement->places);
    free(statement);
}

/* Names live in the connection's arena, so rows stay readable when a statement is prepared again. */
static void read_names(struct sqlite *sqlite, struct sqlite_statement *statement)
{
    statement->width = sqlite3_column_count(statement->handle);
    statement->names =
        arena_array(sqlite->db.arena, (size_t)statement->width, sizeof *statement->names);
    for (int i = 0; i < statement->width; i++) {
        const char *name = sqlite3_column_name(statement->handle, i);
        statement->names[i] = text_cstr(sqlite->db.arena, text_of(name));
    }
}

/* The text's $n, by name: SQLite itself numbers them by first appearance. */
static bool map_places(struct sqlite_statement *statement, const char *text, struct fault *why)
{
    int variables = sqlite3_bind_parameter_count(statement->handle);
    for (int i = 1; i <= variables; i++) {
        const char *name = sqlite3_bind_parameter_name(statement->handle, i);
        int number = name && name[0] == '$' ? atoi(name + 1) : 0;
        if (number < 1 || number > 32766)
            return fault_set(why, "a variable is not of the form $n: %.80s", text);
        if (number > statement->count)
            statement->count = number;
    }
    statement->places = calloc((size_t)statement->count + 1, sizeof *statement->places);
    if (!statement->places)
        abort();
    statement->in_order = true;
    for (int i = 1; i <= variables; i++) {
        int number = atoi(sqlite3_bind_parameter_name(statement->handle, i) + 1);
        statement->places[number - 1] = i;
        if (number != i)
            statement->in_order = false;
    }
    return true;
}

static struct sqlite_statement *prepare(struct sqlite *sqlite, const char *text, bool by_name,
                                        struct fault *why)
{
    struct sqlite_statement *statement = calloc(1, sizeof *statement);
    if (!statement)
        abort();
    const char *rest = NULL;
    if (sqlite3_prepare_v3(sqlite->handle, text, -1, SQLITE_PREPARE_PERSISTENT,
                           &statement->handle, &rest) != SQLITE_OK) {
        sqlite_fault(sqlite, text, why);
        statement_drop(statement);
        return NULL;
    }
    if (!statement->handle || rest[strspn(rest, " \t\r\n;")]) {
        fault_set(why, "not exactly one statement: %.80s", text);
        statement_drop(statement);
        return NULL;
    }
    if (!by_name)
        statement->count = sqlite3_bind_parameter_count(statement->handle);
    else if (!map_places(statement, text, why)) {
        statement_drop(statement);
        return NULL;
    }
    statement->in_order = statement->in_order || !by_name;
    statement->query = sqlite3_stmt_readonly(statement->handle);
    read_names(sqlite, statement);
    return statement;
}

static struct sqlite_statement *statement_for(struct sqlite *sqlite, const struct db_sql *sql,
                                              struct fault *why)
{
    struct statement *slot = statement_at(&sqlite->statements, sql, 0);
    if (slot->prepared && strcmp(slot->text, sql->text) == 0)
        return slot->prepared;
    statement_drop(slot->prepared);
    slot->text = text_cstr(sqlite->db.arena, text_of(sql->text));
    slot->prepared = prepare(sqlite, sql->text, true, why);
    return slot->prepared;
}

static struct sqlite_statement *insert_for(struct sqlite *sqlite, const struct db_insert *insert,
                                           size_t rows, struct fault *why)
{
    struct statement *slot = statement_at(&sqlite->statements, insert, rows);
    if (insert_is(slot, insert))
        return slot->prepared;
    statement_drop(slot->prepared);
    insert_set(slot, insert, false, sqlite->db.arena);
    slot->prepared = prepare(sqlite, slot->text, false, why);
    return slot->prepared;
}

/* Values are bound in place: the statement has run, or is reset, before they can go away. A text
 * with a NUL inside is refused, as PostgreSQL refuses it. */
static bool bind(struct sqlite *sqlite, struct sqlite_statement *statement,
                 const struct db_value *args, size_t count, const char *text, struct fault *why)
{
    if (count != (size_t)statement->count)
        return fault_set(why, "%zu values for %d variables: %.80s", count, statement->count, text);
    sqlite3_stmt *handle = statement->handle;
    for (size_t i = 0; i < count; i++) {
        const struct db_value *value = &args[i];
        int place = statement->in_order ? (int)i + 1 : statement->places[i];
        int code = SQLITE_OK;
        if (place == 0)
            continue;
        switch (value->type) {
        case DB_NULL:
            code = sqlite3_bind_null(handle, place);
            break;
        case DB_INT:
            code = sqlite3_bind_int64(handle, place, value->number);
            break;
        case DB_TEXT:
            if (value->text.len && memchr(value->text.at, 0, value->text.len))
                return fault_set(why, "a text holds a zero byte: %.80s", text);
            code = sqlite3_bind_text64(handle, place, value->text.len ? value->text.at : "",
                                       value->text.len, SQLITE_STATIC, SQLITE_UTF8);
            break;
        case DB_BYTES:
            code = sqlite3_bind_blob64(handle, place, value->text.len ? value->text.at : "",
                                       value->text.len, SQLITE_STATIC);
            break;
        }
        if (code != SQLITE_OK)
            return sqlite_fault(sqlite, text, why);
    }
    return true;
}

/* One row's cells; its texts share one allocation. */
static bool read_row(sqlite3_stmt *handle, int width, struct arena *arena, struct db_value *cells,
                     const char *text, struct fault *why)
{
    size_t total = 0;
    for (int i = 0; i < width; i++) {
        int type = sqlite3_column_type(handle, i);
        struct db_value *cell = &cells[i];
        if (type == SQLITE_INTEGER) {
            *cell = db_int(sqlite3_column_int64(handle, i));
        } else if (type == SQLITE_TEXT) {
            cell->text.at = (const char *)sqlite3_column_text(handle, i);
            cell->text.len = (size_t)sqlite3_column_bytes(handle, i);
            cell->type = DB_TEXT;
        } else if (type == SQLITE_BLOB) {
            cell->text.at = sqlite3_column_blob(handle, i);
            cell->text.len = (size_t)sqlite3_column_bytes(handle, i);
            cell->type = DB_BYTES;
        } else if (type == SQLITE_NULL) {
            *cell = db_null();
        } else {
            return fault_set(why, "column %s is a fraction: %.80s",
                             sqlite3_column_name(handle, i), text);
        }
        total += cell->text.len;
    }
    char *to = arena_alloc(arena, total);
    for (int i = 0; i < width; i++) {
        struct text *from = &cells[i].text;
        if (from->len == 0) {
            from->at = "";
            continue;
        }
        memcpy(to, from->at, from->len);
        from->at = to;
        to += from->len;
    }
    return true;
}

static bool read_rows(struct sqlite *sqlite, struct sqlite_statement *statement, const char *text,
                      struct arena *arena, struct db_rows *out, struct fault *why)
{
    struct db_value *cells = NULL;
    size_t room = 0, count = 0;
    int code;
    *out = (struct db_rows){0};
    while ((code = sqlite3_step(statement->handle)) == SQLITE_ROW) {
        /* A changed schema prepares the statement again, and "*" may then mean other columns. */
        if (sqlite3_column_count(statement->handle) != statement->width)
            read_names(sqlite, statement);
        size_t width = (size_t)statement->width;
        if (count == room) {
            size_t more = room ? room * 4 : 1;
            struct db_value *to = arena_array(arena, more * width, sizeof *to);
            if (room)
                memcpy(to, cells, room * width * sizeof *to);
            cells = to;
            room = more;
        }
        if (!read_row(statement->handle, statement->width, arena, cells + count * width, text, why))
            return false;
        count++;
    }
    out->count = count;
    out->width = (size_t)statement->width;
    out->names = statement->names;
    out->cells = cells;
    return code == SQLITE_DONE || sqlite_fault(sqlite, text, why);
}

static bool sqlite_select(struct db *db, const struct db_sql *sql, bool writes,
                          const struct db_value *args, size_t count, struct arena *arena,
                          struct db_rows *out, struct fault *why)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    struct sqlite_statement *statement = statement_for(sqlite, sql, why);
    if (!statement || !bind(sqlite, statement, args, count, sql->text, why))
        return false;
    if (!writes && !statement->query)
        return fault_set(why, "db_select runs queries only: %.80s", sql->text);
    bool good = read_rows(sqlite, statement, sql->text, arena, out, why);
    sqlite3_reset(statement->handle);
    return good;
}

static bool run(struct sqlite *sqlite, struct sqlite_statement *statement, const char *text,
                struct fault *why)
{
    int code;
    do
        code = sqlite3_step(statement->handle);
    while (code == SQLITE_ROW);
    bool good = code == SQLITE_DONE || sqlite_fault(sqlite, text, why);
    sqlite3_reset(statement->handle);
    if (sqlite->changed_by != sqlite->db.operation) {
        sqlite->changed_by = sqlite->db.operation;
        sqlite->changed = 0;
    }
    if (good && !statement->query)
        sqlite->changed += sqlite3_changes64(sqlite->handle);
    return good;
}

static bool sqlite_write(struct db *db, const struct db_sql *sql, const struct db_value *args,
                         size_t count, struct fault *why)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    struct sqlite_statement *statement = statement_for(sqlite, sql, why);
    return statement && bind(sqlite, statement, args, count, sql->text, why) &&
           run(sqlite, statement, sql->text, why);
}

static bool sqlite_insert(struct db *db, const struct db_insert *insert,
                          const struct db_value *cells, size_t rows, struct fault *why)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    struct sqlite_statement *statement = insert_for(sqlite, insert, rows, why);
    return statement && bind(sqlite, statement, cells, rows * insert->width, insert->table, why) &&
           run(sqlite, statement, insert->table, why);
}

static bool sqlite_flush(struct db *db, struct fault *why)
{
    (void)db;
    (void)why;
    return true;
}

static bool sqlite_changed(struct db *db, int64_t *rows, struct fault *why)
{
    (void)why;
    *rows = ((struct sqlite *)db)->changed;
    return true;
}

static bool step_once(struct sqlite *sqlite, sqlite3_stmt **statement, const char *text)
{
    if (!*statement && sqlite3_prepare_v3(sqlite->handle, text, -1, SQLITE_PREPARE_PERSISTENT,
                                          statement, NULL) != SQLITE_OK)
        return false;
    int code = sqlite3_step(*statement);
    return sqlite3_reset(*statement) == SQLITE_OK && code == SQLITE_DONE;
}

static bool sqlite_begin(struct db *db, struct fault *why)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    if (sqlite->lost)
        return fault_set(why, "the database must be opened again");
    const char *text = db->read_only ? "BEGIN" : "BEGIN IMMEDIATE";
    return step_once(sqlite, &sqlite->begin, text) || sqlite_fault(sqlite, text, why);
}

static void sqlite_rollback(struct db *db)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    /* Some faults (a full disk) have rolled it back already. */
    if (!sqlite3_get_autocommit(sqlite->handle))
        sqlite3_exec(sqlite->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* When the WAL could not be synced, its frames may or may not outlive a crash: only a fresh look
 * can tell. Every other failure has left the transaction undone. */
static enum db_commit sqlite_commit(struct db *db, struct fault *why)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    if (step_once(sqlite, &sqlite->commit, "COMMIT"))
        return DB_COMMITTED;
    int code = sqlite3_extended_errcode(sqlite->handle);
    sqlite_fault(sqlite, "COMMIT", why);
    sqlite_rollback(db);
    if ((code & 0xff) == SQLITE_IOERR) {
        sqlite->lost = true;
        return DB_UNKNOWN;
    }
    return db->retryable ? DB_RETRY : DB_FAILED;
}

static bool sqlite_script(struct db *db, const char *sql, struct fault *why)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    return sqlite3_exec(sqlite->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
           sqlite_fault(sqlite, "DDL", why);
}

static bool sqlite_checkpoint(struct db *db, bool restart, int64_t *wal_pages, struct fault *why)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    int mode = restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
    int in_wal = 0, copied = 0;
    int code = sqlite3_wal_checkpoint_v2(sqlite->handle, NULL, mode, &in_wal, &copied);
    *wal_pages = in_wal < 0 ? 0 : in_wal;
    /* Busy: a reader or a writer holds on to the WAL; what could be moved has been. */
    return code == SQLITE_OK || code == SQLITE_BUSY || sqlite_fault(sqlite, "checkpoint", why);
}

static bool sqlite_purge(struct db *db, bool *whole, struct fault *why)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    int in_wal = 0, copied = 0;
    if (!sqlite_script(db, "PRAGMA secure_delete=ON; VACUUM", why))
        return false;
    int code = sqlite3_wal_checkpoint_v2(sqlite->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, &in_wal,
                                         &copied);
    *whole = code == SQLITE_OK;
    return code == SQLITE_OK || code == SQLITE_BUSY || sqlite_fault(sqlite, "purge", why);
}

static bool sqlite_alive(const struct db *db)
{
    return !((const struct sqlite *)db)->lost;
}

static void disconnect(struct sqlite *sqlite)
{
    for (size_t i = 0; i < sqlite->statements.room; i++)
        statement_drop(sqlite->statements.slots[i].prepared);
    statements_free(&sqlite->statements);
    sqlite3_finalize(sqlite->begin);
    sqlite3_finalize(sqlite->commit);
    sqlite->begin = sqlite->commit = NULL;
    sqlite3_close_v2(sqlite->handle);
    sqlite->handle = NULL;
}

static void sqlite_close(struct db *db)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    disconnect(sqlite);
    arena_free(db->arena);
    free(sqlite);
}

/* A new file is made readable by its owner alone (it holds personal data); SQLite gives the WAL the
 * same mode. O_EXCL: closing a descriptor of a database in use would drop its locks. */
static bool make_private(const char *where, struct fault *why)
{
    int fd = open(where, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    else if (access(where, F_OK) != 0)
        return fault_set(why, "cannot make the database file: %m");
    return true;
}

static bool connect_sqlite(struct sqlite *sqlite, struct fault *why)
{
    const struct db *db = &sqlite->db;
    const char *settings = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                           "PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0;"
                           "PRAGMA cache_size=-8192; PRAGMA trusted_schema=OFF";
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (db->read_only) {
        flags |= SQLITE_OPEN_READONLY;
        settings = "PRAGMA query_only=ON; PRAGMA cache_size=-8192; PRAGMA trusted_schema=OFF";
    } else {
        flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    }
    /* The empty name is a temporary file that SQLite has unlinked already. Nobody needs it after a
     * crash, so nothing waits for the disk. */
    if (db->scratch)
        settings = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
                   "PRAGMA cache_size=-8192; PRAGMA trusted_schema=OFF";
    else if (!db->read_only && !make_private(db->where, why))
        return false;
    /* Debian's SQLite has no lookaside: each text cell is a malloc, which without this takes a lock
     * to be counted. Only the first call in a process counts, the others change nothing. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(db->where, &sqlite->handle, flags, NULL) != SQLITE_OK)
        return sqlite_fault(sqlite, "open", why);
    sqlite3_busy_timeout(sqlite->handle, BUSY_MS);
    if (sqlite3_exec(sqlite->handle, settings, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_fault(sqlite, "settings", why);
    sqlite->lost = false;
    return true;
}

static bool sqlite_reconnect(struct db *db, struct fault *why)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    if (db->scratch)
        return fault_set(why, "a scratch database cannot be opened again");
    disconnect(sqlite);
    sqlite->lost = true;
    return connect_sqlite(sqlite, why);
}

static const struct driver sqlite_driver = {
    .engine = DB_SQLITE,
    .close = sqlite_close,
    .alive = sqlite_alive,
    .reconnect = sqlite_reconnect,
    .select = sqlite_select,
    .write = sqlite_write,
    .insert = sqlite_insert,
    .flush = sqlite_flush,
    .changed = sqlite_changed,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .script = sqlite_script,
    .checkpoint = sqlite_checkpoint,
    .purge = sqlite_purge,
};

bool sqlite_open(const char *where, bool read_only, bool scratch, struct db **out,
                 struct fault *why)
{
    struct sqlite *sqlite = calloc(1, sizeof *sqlite);
    if (!sqlite)
        abort();
    struct db *db = &sqlite->db;
    db->driver = &sqlite_driver;
    db->arena = arena_new(4096);
    db->where = text_cstr(db->arena, text_of(where));
    db->scratch = scratch ? "temporary file" : NULL;
    db->read_only = read_only;
    if (!connect_sqlite(sqlite, why)) {
        sqlite_close(db);
        return false;
    }
    *out = db;
    return true;
}
