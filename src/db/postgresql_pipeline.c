#include "db/postgresql_pipeline.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgresql_rows.h"

enum {
    WAIT_MS = 70000, /* longer than the server's own limit on a statement */
    PUMP_EVERY = 128, /* values sent between two looks at the socket */
};

/* ---- faults ---- */

void pg_fail(struct postgresql *pg, bool retryable, const char *what)
{
    if (pg->failed)
        return;
    pg->failed = true;
    pg->told = pg->stale_plan = false;
    pg->fault.why[0] = 0;
    pg->db.retryable = retryable;
    fault_set(&pg->fault, "PostgreSQL: %s", what);
}

void pg_lose(struct postgresql *pg, const char *what)
{
    pg_fail(pg, true, what);
    PQfinish(pg->connection);
    pg->connection = NULL;
    pg->head = pg->tail = 0;
}

/* Tells the fault that is waiting, if any. */
bool pg_report(struct postgresql *pg, struct fault *why)
{
    if (!pg->failed)
        return true;
    pg->failed = false;
    return fault_set(why, "%s", pg->fault.why);
}

static bool retryable_state(const char *state)
{
    return strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0 ||
           strcmp(state, "57P01") == 0 || strncmp(state, "08", 2) == 0;
}

/* The detail is left out, and in class 22 (data) the message too: they may quote values. */
void pg_fail_by_result(struct postgresql *pg, const PGresult *result, const struct sent *sent)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (pg->failed)
        return;
    if (!state) {
        /* libpq's own: the connection is gone, and it did not say what of. */
        pg_fail(pg, true, "connection lost");
        return;
    }
    char what[320];
    snprintf(what, sizeof what, "%s %.120s (%.120s)", state,
             strncmp(state, "22", 2) == 0 || !message ? "bad value" : message, sent->text);
    pg_fail(pg, retryable_state(state), what);
    pg->stale_plan = strcmp(state, "0A000") == 0;
    pg->told = sent->kind != SENT_COMMIT || (severity && strcmp(severity, "ERROR") == 0);
}

/* ---- the queue ---- */

static void queue_add(struct postgresql *pg, enum sent_kind kind, struct pg_statement *statement,
                      const char *text)
{
    if (pg->tail == pg->room) {
        pg->room = pg->room ? pg->room * 2 : 256;
        pg->queue = realloc(pg->queue, pg->room * sizeof *pg->queue);
        if (!pg->queue)
            abort();
    }
    pg->queue[pg->tail++] = (struct sent){kind, false, statement, text, pg->db.operation,
                                           pg->ahead.span};
}

static void queue_next(struct postgresql *pg)
{
    if (++pg->head == pg->tail)
        pg->head = pg->tail = 0;
}

static void take_good(struct postgresql *pg, const struct sent *sent, PGresult **result)
{
    if (sent->kind == SENT_WRITE) {
        if (pg->changed_by != sent->operation) {
            pg->changed_by = sent->operation;
            pg->changed = 0;
        }
        pg->changed += strtoll(PQcmdTuples(*result), NULL, 10);
    } else if (sent->kind == SENT_COMMIT) {
        pg->committed = strcmp(PQcmdStatus(*result), "COMMIT") == 0;
    } else if (sent->kind == SENT_SELECT) {
        pg->rows = *result;
        *result = NULL;
    } else if (sent->kind == SENT_AHEAD) {
        ahead_came(&pg->ahead, sent->span, *result);
        *result = NULL;
    }
}

/* Reads one result, or the NULL that ends a statement's results. A broken connection ends them
 * without any. */
static void take(struct postgresql *pg)
{
    struct sent *sent = &pg->queue[pg->head];
    PGresult *result = PQgetResult(pg->connection);
    if (!result) {
        if (sent->seen)
            queue_next(pg);
        else
            pg_lose(pg, "connection lost");
        return;
    }
    sent->seen = true;
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
        take_good(pg, sent, &result);
        break;
    case PGRES_PIPELINE_SYNC:
        queue_next(pg);
        break;
    case PGRES_PIPELINE_ABORTED:
        if (sent->kind == SENT_PREPARE)
            sent->statement->ready = false;
        break;
    default:
        pg_fail_by_result(pg, result, sent);
        if (sent->kind == SENT_PREPARE || (pg->stale_plan && sent->statement))
            sent->statement->ready = false;
    }
    PQclear(result);
}

/* Sends what can be sent and reads what has come, without waiting. What a broken connection said
 * last is still read. */
static void pump(struct postgresql *pg)
{
    pg->since_pump = 0;
    bool good = PQflush(pg->connection) >= 0;
    good = PQconsumeInput(pg->connection) && good;
    while (pg->connection && pg->head < pg->tail && !PQisBusy(pg->connection))
        take(pg);
    if (pg->connection && (!good || PQstatus(pg->connection) != CONNECTION_OK))
        pg_lose(pg, "connection lost");
}

/* Sends what can be sent and reads one result, waiting for it. */
static void await_one(struct postgresql *pg)
{
    int unsent = PQflush(pg->connection);
    if (!PQisBusy(pg->connection)) {
        take(pg);
        return;
    }
    if (unsent < 0 || PQstatus(pg->connection) != CONNECTION_OK) {
        pg_lose(pg, "connection lost");
        return;
    }
    struct pollfd wait = {PQsocket(pg->connection), POLLIN, 0};
    if (unsent > 0)
        wait.events |= POLLOUT;
    if (poll(&wait, 1, WAIT_MS) == 0)
        pg_lose(pg, "no answer in time");
    else
        PQconsumeInput(pg->connection); /* a failure shows in the connection's status */
}

void pg_await(struct postgresql *pg, const struct ahead_read *read)
{
    while (pg->connection && !pg->failed && !read->came && pg->head < pg->tail)
        await_one(pg);
}

/* Sends everything and reads every result. */
static void drain(struct postgresql *pg)
{
    while (pg->connection && pg->head < pg->tail)
        await_one(pg);
    if (pg->connection && PQstatus(pg->connection) != CONNECTION_OK)
        pg_lose(pg, "connection lost");
    pg->since_pump = 0;
}

bool pg_usable(struct postgresql *pg, struct fault *why)
{
    if (pg->connection)
        return true;
    pg_report(pg, why);
    pg->db.retryable = true;
    return fault_set(why, "PostgreSQL: connection lost");
}

void pg_drain(struct postgresql *pg)
{
    if (!pg->connection)
        return;
    if (PQpipelineSync(pg->connection))
        queue_add(pg, SENT_SYNC, NULL, "sync");
    else
        pg_lose(pg, "cannot send");
    drain(pg);
    pg->unsynced = false;
}

/* ---- statements ---- */

const size_t pg_gather_sizes[GATHER_SIZES] = {MOST_GATHERED, 16, 4};

static Oid type_of(const struct db_value *value)
{
    static const Oid types[] = {TYPE_UNKNOWN, TYPE_INT8, TYPE_TEXT, TYPE_BYTEA};
    return types[value->type];
}

static void make_room(struct postgresql *pg, size_t count)
{
    if (count <= pg->variables)
        return;
    pg->variables = count * 2;
    free(pg->values);
    free(pg->lengths);
    free(pg->formats);
    free(pg->numbers);
    free(pg->types);
    pg->values = calloc(pg->variables, sizeof *pg->values);
    pg->lengths = calloc(pg->variables, sizeof *pg->lengths);
    pg->formats = calloc(pg->variables, sizeof *pg->formats);
    pg->numbers = calloc(pg->variables, sizeof *pg->numbers);
    pg->types = calloc(pg->variables, sizeof *pg->types);
    if (!pg->values || !pg->lengths || !pg->formats || !pg->numbers || !pg->types)
        abort();
}

static void set_values(struct postgresql *pg, const struct db_value *args, size_t count)
{
    make_room(pg, count);
    for (size_t i = 0; i < count; i++) {
        pg->formats[i] = 1;
        if (args[i].type == DB_NULL) {
            pg->values[i] = NULL;
            pg->lengths[i] = 0;
        } else if (args[i].type == DB_INT) {
            pg->numbers[i] = __builtin_bswap64((uint64_t)args[i].number);
            pg->values[i] = (const char *)&pg->numbers[i];
            pg->lengths[i] = 8;
        } else {
            pg->values[i] = args[i].text.len ? args[i].text.at : "";
            pg->lengths[i] = (int)args[i].text.len;
        }
    }
}
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "integers are swapped to big-endian");

/* Declares each variable by the values it gets. `columns` is the number of different ones: the
 * variables of a multi-row insert repeat. False if the statement was prepared for other types. */
static bool fit_types(struct pg_statement *statement, const struct db_value *args, size_t columns)
{
    bool fit = true;
    for (size_t i = 0; i < (size_t)statement->count; i++) {
        Oid type = type_of(&args[i]);
        if (type != TYPE_UNKNOWN && statement->types[i % columns] != type) {
            statement->types[i % columns] = type;
            fit = false;
        }
    }
    return fit;
}

static void prepare(struct postgresql *pg, struct pg_statement *statement, size_t columns)
{
    make_room(pg, (size_t)statement->count);
    for (size_t i = 0; i < (size_t)statement->count; i++)
        pg->types[i] = statement->types[i % columns];
    snprintf(statement->name, sizeof statement->name, "s%u", pg->named++);
    statement->ready = true;
    statement->names = NULL;
    if (!PQsendPrepare(pg->connection, statement->name, statement->text, statement->count,
                       pg->types)) {
        statement->ready = false;
        pg_lose(pg, "cannot send");
        return;
    }
    queue_add(pg, SENT_PREPARE, statement, statement->text);
}

/* The highest $n outside quoted text. */
static int highest_variable(const char *text)
{
    int highest = 0;
    char quote = 0;
    for (; *text; text++) {
        if (quote) {
            if (*text == quote)
                quote = 0;
        } else if (*text == '\'' || *text == '"') {
            quote = *text;
        } else if (*text == '$') {
            int number = atoi(text + 1);
            if (number > highest)
                highest = number;
        }
    }
    return highest;
}

static struct pg_statement *statement_new(const char *text, int count)
{
    struct pg_statement *statement = calloc(1, sizeof *statement);
    if (!statement)
        abort();
    statement->text = text;
    statement->count = count;
    statement->types = calloc((size_t)count + 1, sizeof *statement->types);
    if (!statement->types)
        abort();
    return statement;
}

static void statement_drop(struct pg_statement *statement)
{
    if (!statement)
        return;
    for (size_t i = 0; i < GATHER_SIZES; i++)
        statement_drop(statement->gathered[i]);
    free(statement->types);
    free(statement);
}

/* Another text under that key. Results on their way may still point at the one that stood here. It
 * keeps its place until the connection's end: its address is the key of its many-row inserts, and must
 * not be another's. */
static void replace(struct postgresql *pg, struct pg_statement *old)
{
    writes_flush(pg);
    pg_drain(pg);
    ahead_forget_statements(&pg->ahead);
    old->retired = pg->retired;
    pg->retired = old;
}

struct pg_statement *pg_statement_for(struct postgresql *pg, const struct db_sql *sql)
{
    struct statement *slot = statement_at(&pg->statements, sql, 0);
    if (slot->prepared && strcmp(slot->text, sql->text) == 0)
        return slot->prepared;
    if (slot->prepared) {
        replace(pg, slot->prepared);
        slot = statement_at(&pg->statements, sql, 0); /* the table may have grown meanwhile */
    }
    slot->text = text_cstr(pg->db.arena, text_of(sql->text));
    struct pg_statement *statement = statement_new(slot->text, highest_variable(slot->text));
    meaning_of(text_of(slot->text), &statement->meaning);
    return slot->prepared = statement;
}

struct pg_statement *pg_insert_for(struct postgresql *pg, const struct db_insert *insert,
                                   size_t rows)
{
    struct statement *slot = statement_at(&pg->statements, insert, rows);
    if (insert_is(slot, insert))
        return slot->prepared;
    if (slot->prepared) {
        replace(pg, slot->prepared);
        slot = statement_at(&pg->statements, insert, rows);
    }
    insert_set(slot, insert, true, pg->db.arena);
    struct pg_statement *statement = statement_new(slot->text, (int)(rows * insert->width));
    statement->insert = slot->insert;
    meaning_of_insert(&statement->insert, &statement->meaning);
    return slot->prepared = statement;
}

/* $n of the text as asked.cn. */
static void gather_text(struct text text, struct buf *out)
{
    char quote = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\'' || c == '"')
            quote = !quote ? c : quote == c ? 0 : quote;
        if (c == '$' && !quote)
            buf_str(out, "asked.c");
        else
            buf_char(out, c);
    }
}

/* The region is one of the values, not a constant beside them: so the planner finds nothing to start
 * from but the values, and looks each up by its key. */
static void gather_values(size_t times, size_t width, struct buf *out)
{
    buf_str(out, "(VALUES ");
    for (size_t i = 0; i < times; i++) {
        buf_str(out, i ? ", (" : "(");
        for (size_t j = 1; j <= width; j++)
            buf_format(out, "$%zu, ", i * width + j);
        buf_format(out, "%zu)", i);
    }
    buf_str(out, ") AS asked (");
    for (size_t j = 1; j <= width; j++)
        buf_format(out, "c%zu, ", j);
    buf_str(out, "number)");
}

static void gather_write(const struct meaning *meaning, size_t times, size_t width, struct buf *out)
{
    bool update = meaning->kind == MEANS_UPDATE;
    buf_str(out, update ? "UPDATE " : "DELETE FROM ");
    buf_text(out, meaning->table);
    if (update) {
        buf_str(out, " SET ");
        gather_text(meaning->set, out);
    }
    buf_str(out, update ? " FROM " : " USING ");
    gather_values(times, width, out);
    buf_str(out, " WHERE ");
    gather_text(meaning->where, out);
}

/* OFFSET 0 keeps the planner from turning the query inside out: it is run once for each row of
 * values, by the plan it has by itself, and its rows come in its own order. */
static void gather_query(const char *text, size_t times, size_t width, struct buf *out)
{
    buf_str(out, "SELECT told.*, asked.number FROM ");
    gather_values(times, width, out);
    buf_str(out, " CROSS JOIN LATERAL (SELECT * FROM (");
    gather_text(text_of(text), out);
    buf_str(out, ") AS query OFFSET 0) AS told");
}

struct pg_statement *pg_gathered_for(struct postgresql *pg, struct pg_statement *one, size_t which)
{
    struct buf text = {.arena = pg->db.arena};
    size_t times = pg_gather_sizes[which], width = (size_t)one->count;
    if (one->gathered[which])
        return one->gathered[which];
    if (one->meaning.kind == MEANS_UPDATE || one->meaning.kind == MEANS_DELETE)
        gather_write(&one->meaning, times, width, &text);
    else
        gather_query(one->text, times, width, &text);
    buf_char(&text, '\0');
    return one->gathered[which] = statement_new(text.at, (int)(times * width));
}

/* Sends one statement; a fault is kept for report. */
void pg_send(struct postgresql *pg, enum sent_kind kind, struct pg_statement *statement,
             const struct db_value *args, size_t columns)
{
    if (!fit_types(statement, args, columns) || !statement->ready)
        prepare(pg, statement, columns);
    if (!pg->connection)
        return;
    set_values(pg, args, (size_t)statement->count);
    if (!PQsendQueryPrepared(pg->connection, statement->name, statement->count, pg->values,
                             pg->lengths, pg->formats, 1)) {
        pg_lose(pg, "cannot send");
        return;
    }
    queue_add(pg, kind, statement, statement->text);
    /* Its answer is to come while more is sent, not with the next sync. */
    if (kind == SENT_AHEAD && !PQsendFlushRequest(pg->connection))
        pg_lose(pg, "cannot send");
    pg->unsynced = true;
    pg->sent++;
    pg->since_pump += 1 + (unsigned)statement->count;
    if (pg->since_pump >= PUMP_EVERY)
        pump(pg);
}

static void unready(struct pg_statement *statement)
{
    if (!statement)
        return;
    for (size_t i = 0; i < GATHER_SIZES; i++)
        unready(statement->gathered[i]);
    statement->ready = false;
}

void pg_forget_prepared(struct postgresql *pg)
{
    for (size_t i = 0; i < pg->statements.room; i++)
        unready(pg->statements.slots[i].prepared);
}

void pg_statements_free(struct postgresql *pg)
{
    for (size_t i = 0; i < pg->statements.room; i++)
        statement_drop(pg->statements.slots[i].prepared);
    while (pg->retired) {
        struct pg_statement *next = pg->retired->retired;
        statement_drop(pg->retired);
        pg->retired = next;
    }
    statements_free(&pg->statements);
}
