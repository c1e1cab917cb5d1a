/* The PostgreSQL driver: a query, a flush and a commit wait for everything sent before them. */
#include <stdlib.h>
#include <string.h>

#include "db/postgresql_gather.h"
#include "db/postgresql_pipeline.h"
#include "db/postgresql_rows.h"

static bool right_count(const struct pg_statement *statement, size_t count, struct fault *why)
{
    return count == (size_t)statement->count ||
           fault_set(why, "%zu values for %d variables: %.80s", count, statement->count,
                     statement->text);
}

/* Names live in the connection's arena, so rows stay readable when a statement is prepared again. */
static void read_names(struct postgresql *pg, struct pg_statement *statement,
                       const struct pg_answer *answer)
{
    statement->width = (size_t)answer->width;
    statement->names = arena_array(pg->db.arena, statement->width, sizeof *statement->names);
    for (size_t i = 0; i < statement->width; i++)
        statement->names[i] = text_cstr(pg->db.arena, text_of(PQfname(answer->result, (int)i)));
}

static bool read_result(struct postgresql *pg, struct pg_statement *statement,
                        const struct pg_answer *answer, struct arena *arena, struct db_rows *out,
                        struct fault *why)
{
    if (!statement->names)
        read_names(pg, statement, answer);
    bool good = postgresql_rows(answer, arena, out, why);
    out->names = statement->names;
    return good;
}

/* A data-modifying WITH is against our one SQL, and would write by a reader of a writing handle. */
static bool modifies(const char *text)
{
    return strcasestr(text, "INSERT INTO ") || strcasestr(text, "DELETE FROM ") ||
           (strcasestr(text, "UPDATE ") && strcasestr(text, " SET "));
}

/* Not a fault of the transaction's: the caller asks again when the answer is there. */
static bool ask_ahead(struct postgresql *pg, struct pg_statement *statement,
                      const struct db_value *args, struct fault *why)
{
    writes_flush_for(pg, &statement->meaning);
    gather_ask(pg, statement, args);
    return fault_set(why, "asked ahead");
}

static bool postgresql_ahead(struct db *db, size_t *asked, struct fault *why)
{
    struct postgresql *pg = (struct postgresql *)db;
    *asked = pg->ahead.asked;
    pg->ahead.asked = 0;
    pg->ahead.round++;
    if (!pg_usable(pg, why))
        return false;
    gather_rest(pg);
    return pg_report(pg, why);
}

/* Waits for what was asked in an earlier round; what is asked in this one is on its way. */
static const struct pg_answer *told_ahead(struct postgresql *pg, struct pg_statement *statement,
                                          const struct db_value *args)
{
    struct ahead_read *read = ahead_find(&pg->ahead, statement, args);
    if (!read || (pg->db.ahead && read->round == pg->ahead.round))
        return NULL;
    pg_await(pg, read);
    return ahead_answer(&pg->ahead, read);
}

#ifdef YIMEN_CHECK_AHEAD
/* Builds for tests ask the server all the same, and end where it says something else. */
static void check_known(struct postgresql *pg, struct pg_statement *statement,
                        const struct db_value *args, size_t count,
                        const struct pg_answer *known)
{
    if (ahead_find(&pg->ahead, statement, args)->told)
        writes_flush_for(pg, &statement->meaning); /* the server has not heard of it */
    pg_send(pg, SENT_SELECT, statement, args, count ? count : 1);
    pg_drain(pg);
    PGresult *now = pg->rows;
    pg->rows = NULL;
    bool same = !now || (PQntuples(now) == known->count && PQnfields(now) == known->width);
    for (int row = 0; now && same && row < PQntuples(now); row++)
        for (int column = 0; same && column < PQnfields(now); column++) {
            int length = PQgetlength(now, row, column), at = pg_answer_row(known, row);
            same = length == PQgetlength(known->result, at, column) &&
                   PQgetisnull(now, row, column) == PQgetisnull(known->result, at, column) &&
                   memcmp(PQgetvalue(now, row, column), PQgetvalue(known->result, at, column),
                          (size_t)length) == 0;
        }
    PQclear(now); /* NULL: a write before it failed, which is told in its turn */
    if (!same) {
        fprintf(stderr, "read ahead, and no longer so: %s\n", statement->text);
        abort();
    }
}
#endif

static bool postgresql_select(struct db *db, const struct db_sql *sql, bool writes,
                              const struct db_value *args, size_t count, struct arena *arena,
                              struct db_rows *out, struct fault *why)
{
    struct postgresql *pg = (struct postgresql *)db;
    *out = (struct db_rows){0};
    if (!pg_usable(pg, why))
        return false;
    struct pg_statement *statement = pg_statement_for(pg, sql);
    if (!right_count(statement, count, why))
        return false;
    if (!writes && !statement->names && modifies(statement->text))
        return fault_set(why, "db_select runs queries only: %.80s", sql->text);
    if (writes) {
        ahead_wrote(&pg->ahead, statement, args, 1, count);
    } else {
        const struct pg_answer *known = told_ahead(pg, statement, args);
#ifdef YIMEN_CHECK_AHEAD
        if (known && !db->ahead)
            check_known(pg, statement, args, count, known);
#endif
        if (known)
            return read_result(pg, statement, known, arena, out, why);
        if (db->ahead)
            return ask_ahead(pg, statement, args, why);
    }
    if (writes)
        writes_flush(pg);
    else
        writes_flush_for(pg, &statement->meaning);
    for (int attempt = 0; pg_usable(pg, why); attempt++) {
        pg->stale_plan = false;
        pg_send(pg, SENT_SELECT, statement, args, count ? count : 1);
        pg_drain(pg);
        if (!pg->failed || !pg->stale_plan || db->open || attempt)
            break;
        pg->failed = false; /* a table has changed: prepare again */
    }
    PGresult *result = pg->rows;
    bool good = pg_report(pg, why);
    if (good && !result)
        good = fault_set(why, "PostgreSQL: no result (%.80s)", sql->text);
    pg->rows = NULL;
    if (good) {
        struct pg_answer answer = pg_answer_all(result);
        good = read_result(pg, statement, &answer, arena, out, why);
    }
    PQclear(result);
    return good;
}

static bool postgresql_flush(struct db *db, struct fault *why)
{
    struct postgresql *pg = (struct postgresql *)db;
    if (!pg_usable(pg, why))
        return false;
    writes_flush(pg);
    if (pg->head < pg->tail)
        pg_drain(pg);
    return pg_report(pg, why);
}

/* Outside a transaction a write is one by itself, and its fault is told at once. */
static bool written(struct postgresql *pg, struct fault *why)
{
    if (!pg->db.open)
        pg_drain(pg);
    return pg_report(pg, why);
}

static bool postgresql_write(struct db *db, const struct db_sql *sql, const struct db_value *args,
                             size_t count, struct fault *why)
{
    struct postgresql *pg = (struct postgresql *)db;
    if (!pg_usable(pg, why))
        return false;
    struct pg_statement *statement = pg_statement_for(pg, sql);
    if (!right_count(statement, count, why) || !pg_usable(pg, why))
        return false;
    ahead_wrote(&pg->ahead, statement, args, 1, count);
    writes_add(pg, statement, args, 1, count);
    return written(pg, why);
}

static bool postgresql_insert(struct db *db, const struct db_insert *insert,
                              const struct db_value *cells, size_t rows, struct fault *why)
{
    struct postgresql *pg = (struct postgresql *)db;
    if (!pg_usable(pg, why))
        return false;
    struct pg_statement *statement = pg_insert_for(pg, insert, 1);
    if (!pg_usable(pg, why))
        return false;
    ahead_wrote(&pg->ahead, statement, cells, rows, insert->width);
    writes_add(pg, statement, cells, rows, insert->width);
    return written(pg, why);
}

static bool postgresql_changed(struct db *db, int64_t *rows, struct fault *why)
{
    struct postgresql *pg = (struct postgresql *)db;
    (void)why;
    *rows = pg->changed_by == db->operation ? pg->changed : 0;
    return true;
}

static const struct db_sql begin_sql = {"BEGIN"};
static const struct db_sql replan_sql = {"DISCARD PLANS"};
static const struct db_sql commit_sql = {"COMMIT"};
static const struct db_sql rollback_sql = {"ROLLBACK"};

/* What is planned while a table is empty may go through all of a region's rows once it is not, and a
 * new house's tables are empty: so plans are made anew whenever much more was sent than when they
 * were made. (Later PostgreSQL's own ANALYZE does the same.) */
static void replan(struct postgresql *pg)
{
    enum { FIRST = 512, TIMES = 4 };
    if (pg->sent < pg->replan_at)
        return;
    if (pg->replan_at)
        pg_send(pg, SENT_WRITE, pg_statement_for(pg, &replan_sql), NULL, 1);
    pg->replan_at = pg->replan_at ? pg->replan_at * TIMES : FIRST;
}

/* Travels with the first statement. */
static bool postgresql_begin(struct db *db, struct fault *why)
{
    struct postgresql *pg = (struct postgresql *)db;
    if (!pg_usable(pg, why))
        return false;
    /* A connection that lives long meets more statements than are kept: they are met anew. */
    if (ahead_full(&pg->ahead))
        ahead_forget_statements(&pg->ahead);
    else
        ahead_forget(&pg->ahead);
    writes_forget(pg);
    replan(pg);
    pg_send(pg, SENT_BEGIN, pg_statement_for(pg, &begin_sql), NULL, 1);
    return pg_report(pg, why);
}

static void postgresql_rollback(struct db *db)
{
    struct postgresql *pg = (struct postgresql *)db;
    bool retryable = db->retryable;
    writes_forget(pg);
    if (pg->unsynced)
        pg_drain(pg);
    if (pg->connection) {
        pg_send(pg, SENT_WRITE, pg_statement_for(pg, &rollback_sql), NULL, 1);
        pg_drain(pg);
    }
    ahead_forget(&pg->ahead);
    pg->failed = false;
    db->retryable = retryable || !pg->connection;
}

static enum db_commit unknown(struct postgresql *pg, const char *what, struct fault *why)
{
    if (pg->connection)
        pg_lose(pg, what);
    pg->failed = false;
    fault_set(why, "PostgreSQL: %s around COMMIT", what);
    return DB_UNKNOWN;
}

static enum db_commit postgresql_commit(struct db *db, struct fault *why)
{
    struct postgresql *pg = (struct postgresql *)db;
    if (!pg_usable(pg, why))
        return DB_RETRY;
    writes_flush(pg);
    struct pg_statement *statement = pg_statement_for(pg, &commit_sql);
    pg->committing = true;
    pg->committed = pg->warned = false;
    pg_send(pg, SENT_COMMIT, statement, NULL, 1);
    pg_drain(pg);
    ahead_forget(&pg->ahead);
    pg->committing = false;
    if (pg->committed && !pg->warned) {
        pg->failed = false; /* it may have broken right afterwards */
        return DB_COMMITTED;
    }
    if (pg->committed)
        return unknown(pg, "a warning", why);
    if (!pg->connection && !pg->told)
        return unknown(pg, "connection lost", why);
    if (pg_report(pg, why))
        fault_set(why, "PostgreSQL: COMMIT was answered by a rollback");
    postgresql_rollback(db);
    return db->retryable ? DB_RETRY : DB_FAILED;
}

static bool execute(struct postgresql *pg, const char *sql, struct fault *why)
{
    PGresult *result = PQexec(pg->connection, sql);
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!good) {
        const struct sent sent = {.text = "script"};
        pg_fail_by_result(pg, result, &sent);
        pg_report(pg, why);
    }
    PQclear(result);
    if (PQstatus(pg->connection) != CONNECTION_OK)
        pg_lose(pg, "connection lost");
    return good;
}

/* Many statements in one text go by the simple protocol, which the pipeline does not carry. What
 * is prepared may speak of tables as they were, so it is prepared again. */
static bool postgresql_script(struct db *db, const char *sql, struct fault *why)
{
    struct postgresql *pg = (struct postgresql *)db;
    if (!postgresql_flush(db, why))
        return false;
    if (!PQexitPipelineMode(pg->connection))
        return fault_set(why, "PostgreSQL: the pipeline is not empty");
    pg_forget_prepared(pg);
    ahead_forget(&pg->ahead);
    bool good = execute(pg, "DEALLOCATE ALL", why) && execute(pg, sql, why);
    if (pg->connection && !PQenterPipelineMode(pg->connection))
        pg_lose(pg, "no pipeline");
    return good;
}

static bool postgresql_checkpoint(struct db *db, bool restart, int64_t *wal_pages,
                                  struct fault *why)
{
    (void)db;
    (void)restart;
    (void)why;
    *wal_pages = 0;
    return true;
}

static bool postgresql_purge(struct db *db, bool *whole, struct fault *why)
{
    *whole = true;
    return postgresql_script(db, "SET statement_timeout = 0", why) &&
           postgresql_script(db, "VACUUM", why) &&
           postgresql_script(db, "RESET statement_timeout", why);
}

static bool postgresql_alive(const struct db *db)
{
    return ((const struct postgresql *)db)->connection != NULL;
}

/* ---- opening and closing ---- */

/* Under synchronous replication a COMMIT whose wait is cancelled succeeds with a warning. */
static void on_notice(void *context, const PGresult *result)
{
    struct postgresql *pg = context;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (pg->committing && severity && strcmp(severity, "WARNING") == 0)
        pg->warned = true;
}

static void disconnect(struct postgresql *pg)
{
    PQfinish(pg->connection);
    pg->connection = NULL;
    pg->head = pg->tail = 0;
    pg->sent = pg->replan_at = 0;
    pg->failed = false;
    PQclear(pg->rows);
    pg->rows = NULL;
    ahead_forget(&pg->ahead);
    writes_forget(pg);
    pg_forget_prepared(pg);
}

static bool settings(struct postgresql *pg, bool fresh, struct fault *why)
{
    struct arena *arena = arena_new(1024);
    struct buf sql = {.arena = arena};
    /* One scratch place of a name at a time: whoever comes second waits for its turn. */
    if (pg->db.scratch) {
        char *literal = PQescapeLiteral(pg->connection, pg->db.scratch, strlen(pg->db.scratch));
        buf_format(&sql, "SET statement_timeout = 0; SELECT pg_advisory_lock(hashtext(%s));",
                   literal);
        PQfreemem(literal);
    }
    /* A writer that stands still holds the region's head row, for which all others wait; a reader and
     * a scratch place hold nothing, and may be slow: a replay takes as long as it takes. */
    buf_format(&sql,
               "SET statement_timeout = '60s';"
               "SET idle_in_transaction_session_timeout = '%s';"
               "SET client_min_messages = 'warning';"
               /* A statement is the same whatever its values: planned once. */
               "SET plan_cache_mode = 'force_generic_plan';"
               "SET jit = off;",
               pg->db.read_only || pg->db.scratch ? "1h" : "30s");
    /* What a reading transaction sees is of one moment, as on SQLite. */
    if (pg->db.read_only)
        buf_str(&sql, "SET default_transaction_read_only = on;"
                      "SET default_transaction_isolation = 'repeatable read';");
    /* A writer's statements look rows up by their keys, also before anybody counted the rows. */
    if (!pg->db.read_only && !pg->db.scratch)
        buf_str(&sql, "SET enable_hashjoin = off; SET enable_mergejoin = off;"
                      "SET enable_seqscan = off;");
    if (pg->db.scratch) {
        const char *name = pg->db.scratch;
        char *quoted = PQescapeIdentifier(pg->connection, name, strlen(name));
        if (fresh)
            buf_format(&sql, "DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s;", quoted, quoted);
        buf_format(&sql, "SET search_path = %s;", quoted);
        PQfreemem(quoted);
    }
    buf_char(&sql, '\0');
    bool good = execute(pg, sql.at, why);
    arena_free(arena);
    return good;
}

/* The keepalives and the limit on unacknowledged data find a peer that is gone within seconds; a
 * peer that is frozen is found by WAIT_MS. What the caller writes in `where` goes before all. */
static bool connect_postgresql(struct postgresql *pg, bool fresh, struct fault *why)
{
    static const char *const keys[] = {
        "application_name", "connect_timeout", "keepalives_idle", "keepalives_interval",
        "keepalives_count", "tcp_user_timeout", "client_encoding", "dbname", NULL};
    const char *where = pg->db.where;
    if (strncmp(where, "postgresql:", 11) == 0 && strncmp(where, "postgresql://", 13) != 0)
        where += 11;
    const char *const values[] = {"yimen", "10", "10", "5", "3", "15000", "UTF8", where, NULL};
    disconnect(pg);
    pg->connection = PQconnectdbParams(keys, values, 1);
    if (PQstatus(pg->connection) != CONNECTION_OK) {
        const char *said = PQerrorMessage(pg->connection);
        fault_set(why, "PostgreSQL: cannot connect: %.*s", (int)strcspn(said, "\n"), said);
        disconnect(pg);
        pg->db.retryable = true;
        return false;
    }
    PQsetNoticeReceiver(pg->connection, on_notice, pg);
    if (!settings(pg, fresh, why))
        return false;
    if (PQsetnonblocking(pg->connection, 1) != 0 || !PQenterPipelineMode(pg->connection))
        return fault_set(why, "PostgreSQL: no pipeline");
    return true;
}

static bool postgresql_reconnect(struct db *db, struct fault *why)
{
    return connect_postgresql((struct postgresql *)db, false, why);
}

static void drop_scratch(struct postgresql *pg)
{
    char *quoted = PQescapeIdentifier(pg->connection, pg->db.scratch, strlen(pg->db.scratch));
    char sql[256];
    snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS %s CASCADE", quoted);
    PQfreemem(quoted);
    if (pg->db.open)
        postgresql_rollback(&pg->db);
    /* A fault leaves the schema behind; the next scratch place of that name removes it. */
    if (pg->connection)
        postgresql_script(&pg->db, sql, NULL);
}

static void postgresql_close(struct db *db)
{
    struct postgresql *pg = (struct postgresql *)db;
    if (pg->db.scratch && pg->connection)
        drop_scratch(pg);
    disconnect(pg);
    ahead_free(&pg->ahead);
    writes_free(pg);
    pg_statements_free(pg);
    free(pg->queue);
    free(pg->values);
    free(pg->lengths);
    free(pg->formats);
    free(pg->numbers);
    free(pg->types);
    arena_free(db->arena);
    free(pg);
}

static const struct driver postgresql_driver = {
    .engine = DB_POSTGRESQL,
    .close = postgresql_close,
    .alive = postgresql_alive,
    .reconnect = postgresql_reconnect,
    .select = postgresql_select,
    .write = postgresql_write,
    .insert = postgresql_insert,
    .flush = postgresql_flush,
    .changed = postgresql_changed,
    .begin = postgresql_begin,
    .commit = postgresql_commit,
    .rollback = postgresql_rollback,
    .script = postgresql_script,
    .checkpoint = postgresql_checkpoint,
    .purge = postgresql_purge,
    .ahead = postgresql_ahead,
};

bool postgresql_open(const char *where, bool read_only, const char *scratch, struct db **out,
                     struct fault *why)
{
    struct postgresql *pg = calloc(1, sizeof *pg);
    if (!pg)
        abort();
    struct db *db = &pg->db;
    db->driver = &postgresql_driver;
    db->arena = arena_new(4096);
    db->where = text_cstr(db->arena, text_of(where));
    db->scratch = scratch ? text_cstr(db->arena, text_of(scratch)) : NULL;
    db->read_only = read_only;
    if (!connect_postgresql(pg, true, why)) {
        postgresql_close(db);
        return false;
    }
    *out = db;
    return true;
}
