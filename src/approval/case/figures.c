/* Counting cases: each question one pass over an index that holds all it asks (tables.sql). */
#include "approval/case/figures.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)
#define INT(member)                                                                                \
    {                                                                                              \
        F(case_tally, member), .type = FIELD_INT                                                   \
    }
static const struct field tally_fields[] = {
    INT(day),
    {F(case_tally, department), .type = FIELD_TEXT},
    {F(case_tally, item_code), .type = FIELD_TEXT},
    {F(case_tally, channel), .type = FIELD_TEXT},
    INT(submitted),
    INT(accepted),
    INT(supplemented),
    INT(supplemented_once),
    INT(granted),
    INT(refused),
    INT(promised),
    INT(promised_kept),
    INT(statutory),
    INT(statutory_kept),
    INT(days),
    INT(not_accepted),
    INT(ended),
    INT(overdue),
};
static const struct shape tally_shape = {"case_tally", "统计", sizeof(struct case_tally),
                                         SHAPE_FIELDS(tally_fields)};
static const struct field took_fields[] = {
    {F(case_took, department), .type = FIELD_TEXT},
    {F(case_took, item_code), .type = FIELD_TEXT},
    {F(case_took, channel), .type = FIELD_TEXT},
    {F(case_took, used_days), .type = FIELD_INT},
    {F(case_took, cases), .type = FIELD_INT},
};
static const struct shape took_shape = {"case_took", "用时", sizeof(struct case_took),
                                        SHAPE_FIELDS(took_fields)};

/* Civil days of China, as base/time.h counts them: no instant here lies before 1970. */
#define DAY_OF(at) "(" at " + 28800000) / 86400000"
#define BY_DAY(at) "SELECT " DAY_OF(at) " AS day, "
#define BY_KIND "SELECT department, item_code, channel, "
/* What makes the index's own condition true stands here once more: SQLite asks for that. */
#define WITHIN(at)                                                                                 \
    at " > 0 AND " at " >= $2 AND " at " < $3 "               \
    "AND ($4 = '' OR department = $4) AND ($5 = '' OR item_code = $5) "
#define DAYS(at) "GROUP BY " DAY_OF(at)
#define KINDS "GROUP BY department, item_code, channel"
#define COUNT_OF(condition, name) "COUNT(CASE WHEN " condition " THEN 1 END) AS " name
#define SUM_OF(what, name) "CAST(SUM(" what ") AS BIGINT) AS " name

#define ACCEPTED                                                                                   \
    "COUNT(*) AS accepted, " COUNT_OF("supplements > 0", "supplemented") ", "                      \
    COUNT_OF("supplements = 1", "supplemented_once")
#define DECIDED                                                                                    \
    COUNT_OF("outcome = 'grant'", "granted") ", " COUNT_OF("outcome = 'refuse'", "refused") ", "   \
    COUNT_OF("promised_date > 0", "promised") ", "                                                 \
    COUNT_OF("promised_date > 0 AND " DAY_OF("decided_at") " <= promised_date", "promised_kept")   \
    ", " COUNT_OF("statutory_date > 0", "statutory") ", "                                          \
    COUNT_OF("statutory_date > 0 AND " DAY_OF("decided_at") " <= statutory_date", "statutory_kept")\
    ", " SUM_OF("used_days", "days")
#define ENDED                                                                                      \
    COUNT_OF("state = 'not_accepted'", "not_accepted") ", "                                        \
    COUNT_OF("state <> 'not_accepted'", "ended")

/* A draft that was given up was never handed in. */
#define UNDECIDED "AND decided_at = 0 AND submitted_at > 0 "

static const struct db_sql by_day[] = {
    {BY_DAY("submitted_at") "COUNT(*) AS submitted FROM cases WHERE region = $1 AND "
     WITHIN("submitted_at") DAYS("submitted_at")},
    {BY_DAY("accepted_at") ACCEPTED " FROM cases WHERE region = $1 AND "
     WITHIN("accepted_at") DAYS("accepted_at")},
    {BY_DAY("decided_at") DECIDED " FROM cases WHERE region = $1 AND "
     WITHIN("decided_at") DAYS("decided_at")},
    {BY_DAY("closed_at") ENDED " FROM cases WHERE region = $1 AND "
     WITHIN("closed_at") UNDECIDED DAYS("closed_at")},
};
static const struct db_sql by_kind[] = {
    {BY_KIND "COUNT(*) AS submitted FROM cases WHERE region = $1 AND " WITHIN("submitted_at") KINDS},
    {BY_KIND ACCEPTED " FROM cases WHERE region = $1 AND " WITHIN("accepted_at") KINDS},
    {BY_KIND DECIDED " FROM cases WHERE region = $1 AND " WITHIN("decided_at") KINDS},
    {BY_KIND ENDED " FROM cases WHERE region = $1 AND " WITHIN("closed_at") UNDECIDED KINDS},
};
/* With the staff, and past the limit that is the nearest: in review, or waiting for the decision. */
static const struct db_sql overdue_now = {
    BY_KIND "COUNT(*) AS overdue FROM cases WHERE region = $1 AND closed_at = 0 AND later = 0 "
            "AND due_at <= $2 AND state IN ('accepted', 'reviewed') "
            "AND ($3 = '' OR department = $3) AND ($4 = '' OR item_code = $4) " KINDS};
static const struct db_sql times = {
    BY_KIND "used_days, COUNT(*) AS cases FROM cases WHERE region = $1 AND " WITHIN("decided_at")
    "GROUP BY department, item_code, channel, used_days ORDER BY used_days"};

enum { PARTS = sizeof by_day / sizeof *by_day };

static bool ask(const struct look_context *context, const struct case_scope *scope,
                const struct db_sql *sql, struct db_rows *rows, struct fault *why)
{
    return db_select(context->db, sql,
                     DB_ARGS(db_int(context->region), db_int(scope->from_ms),
                             db_int(scope->to_ms), db_text(scope->department),
                             db_text(scope->item_code)),
                     context->arena, rows, why);
}

static bool add_rows(const struct look_context *context, const struct db_rows *rows,
                     struct list *out, struct fault *why)
{
    struct list more;
    if (!db_records(&tally_shape, rows, context->arena, &more, why))
        return false;
    struct case_tally *all = arena_grow(context->arena, out->items, out->count * sizeof *all,
                                        (out->count + more.count) * sizeof *all);
    for (size_t i = 0; i < more.count; i++)
        all[out->count + i] = ((const struct case_tally *)more.items)[i];
    *out = (struct list){all, out->count + more.count};
    return true;
}

bool case_tallies(const struct look_context *context, const struct case_scope *scope, bool days,
                  struct list *out, struct fault *why)
{
    struct db_rows rows;
    *out = (struct list){0};
    for (size_t i = 0; i < PARTS; i++)
        if (!ask(context, scope, days ? &by_day[i] : &by_kind[i], &rows, why) ||
            !add_rows(context, &rows, out, why))
            return false;
    return days || (db_select(context->db, &overdue_now,
                              DB_ARGS(db_int(context->region), db_int(context->now_ms),
                                      db_text(scope->department), db_text(scope->item_code)),
                              context->arena, &rows, why) &&
                    add_rows(context, &rows, out, why));
}

bool case_first(const struct look_context *context, int64_t *first_ms, struct fault *why)
{
    static const struct db_sql sql = {"SELECT COALESCE(MIN(submitted_at), 0) AS first FROM cases "
                                      "WHERE region = $1 AND submitted_at > 0"};
    struct db_rows rows;
    if (!db_select(context->db, &sql, DB_ARGS(db_int(context->region)), context->arena, &rows, why))
        return false;
    *first_ms = db_cell_int(&rows, 0, "first");
    return true;
}

bool case_times(const struct look_context *context, const struct case_scope *scope,
                struct list *out, struct fault *why)
{
    struct db_rows rows;
    return ask(context, scope, &times, &rows, why) &&
           db_records(&took_shape, &rows, context->arena, out, why);
}
