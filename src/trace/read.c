/* What the decision of a look knows, and what other modules ask of traces. */
#include "trace/parts.h"

/* Other subjects than this one that somebody has looked at since. */
static const struct db_sql count_recent = {
    "SELECT COUNT(DISTINCT subject) AS subjects FROM look_trace "
    "WHERE region = $1 AND account = $2 AND at > $3 AND subject <> '' AND subject <> $4"};
static const struct db_sql count_closed = {
    "SELECT COUNT(DISTINCT subject) AS subjects FROM look_trace "
    "WHERE region = $1 AND account = $2 AND at > $3 AND closed = 1 AND subject <> '' "
    "AND subject <> $4"};
static const struct db_sql alarms_of = {
    "SELECT cause, at FROM look_alarm WHERE region = $1 AND account = $2 AND at > $3"};
static const struct db_sql reason_of = {
    "SELECT entry FROM look_reason WHERE region = $1 AND subject = $2 AND account = $3 "
    "AND at > $4 ORDER BY entry DESC LIMIT 1"};
static const struct db_sql count_alarms = {
    "SELECT COUNT(*) AS alarms FROM look_alarm WHERE region = $1 AND at > $2"};

static bool read_alarms(struct db_read *db, const struct context *context, struct trace_facts *out,
                        struct fault *why)
{
    int64_t now = context->now_ms;
    struct db_rows rows;
    if (!db_select(db, &alarms_of,
                   DB_ARGS(db_int(context->region), db_int(context->actor->account),
                           db_int(now - TRACE_CLOSED_MS)),
                   context->arena, &rows, why))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        int64_t cause;
        bool recent = db_cell_int(&rows, i, "at") > now - TRACE_SPAN_MS;
        if (!word_index(alarm_cause_words, db_cell_text(&rows, i, "cause"), &cause))
            continue;
        out->closed_alarmed |= cause == ALARM_CLOSED;
        out->recent_alarmed |= cause == ALARM_MANY && recent;
        out->table_alarmed |= cause == ALARM_TABLE && recent;
    }
    return true;
}

bool trace_read(struct db_read *db, const struct context *context, const void *input,
                const void **facts, struct fault *why)
{
    const struct look_seen *seen = input;
    struct trace_facts *out = arena_alloc(context->arena, sizeof *out);
    int64_t now = context->now_ms;
    struct db_value region = db_int(context->region), who = db_int(context->actor->account),
                    subject = db_text(seen->subject);
    struct db_rows rows;
    *facts = out;
    if (!context->actor->account || (!seen->subject.len && !trace_is_table(seen)))
        return true;
    if (!read_alarms(db, context, out, why) || !seen->subject.len)
        return !why->why[0];
    if (!db_select(db, &count_recent, DB_ARGS(region, who, db_int(now - TRACE_SPAN_MS), subject),
                   context->arena, &rows, why))
        return false;
    out->recent = db_cell_int(&rows, 0, "subjects");
    if (!db_select(db, &count_closed, DB_ARGS(region, who, db_int(now - TRACE_CLOSED_MS), subject),
                   context->arena, &rows, why))
        return false;
    out->closed = db_cell_int(&rows, 0, "subjects");
    return true;
}

bool trace_reason_of(struct db_read *db, int64_t region, int64_t account, struct text subject,
                     int64_t now_ms, struct arena *arena, int64_t *entry, struct fault *why)
{
    struct db_rows rows;
    *entry = -1;
    if (!db_select(db, &reason_of,
                   DB_ARGS(db_int(region), db_text(subject), db_int(account),
                           db_int(now_ms - TRACE_REASON_MS)),
                   arena, &rows, why))
        return false;
    if (rows.count)
        *entry = db_cell_int(&rows, 0, "entry");
    return true;
}

bool trace_alarms(const struct look_context *context, int64_t since_ms, int64_t *count,
                  struct fault *why)
{
    struct db_rows rows;
    if (!db_select(context->db, &count_alarms, DB_ARGS(db_int(context->region), db_int(since_ms)),
                   context->arena, &rows, why))
        return false;
    *count = db_cell_int(&rows, 0, "alarms");
    return true;
}
