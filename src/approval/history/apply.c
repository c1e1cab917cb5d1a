/* The only writer of the history tables. */
#include "approval/history/history.h"

static const struct db_insert log_insert = {
    "history_log", "region, log_id, file, header, loose_events, imported_at", 6, NULL};

bool history_apply_log(struct db *db, const struct entry_head *head, const void *body,
                       struct arena *arena, struct fault *why)
{
    const struct history_log *log = body;
    (void)arena;
    const struct db_value row[] = {db_int(head->region), db_int(head->index + 1), db_text(log->file),
                                   db_text(log->header), db_int(0), db_int(head->at)};
    return db_insert(db, &log_insert, row, 1, why);
}

/* The moment a date of the log stands for; decide made sure it is one or nothing. */
static struct db_value moment(struct text date)
{
    int64_t at_ms;
    return xes_instant(date, &at_ms) ? db_int(at_ms) : db_null();
}

static const struct db_insert case_insert = {
    "history_case",
    "region, log_id, case_no, name, responsible, department, channel, case_group, startdate, "
    "deadline, enddate_planned, enddate, deadline_at, end_at, extra, events",
    16, NULL};

bool history_apply_case(struct db *db, const struct entry_head *head, const void *body,
                        struct arena *arena, struct fault *why)
{
    const struct history_case *c = body;
    (void)arena;
    const struct db_value row[] = {
        db_int(head->region), db_int(c->log_id),           db_int(c->case_no),
        db_text(c->name),     db_text(c->responsible),     db_text(c->department),
        db_text(c->channel),  db_text(c->group),           db_text(c->startdate),
        db_text(c->deadline), db_text(c->enddate_planned), db_text(c->enddate),
        moment(c->deadline),  moment(c->enddate),          db_text(c->extra),
        db_int(0)};
    return db_insert(db, &case_insert, row, 1, why);
}

static const struct db_insert event_insert = {
    "history_event",
    "region, log_id, case_no, event_no, activity, instance, resource, event_group, transition, "
    "event_time, event_at, extra",
    12, NULL};
static const struct db_insert resource_insert = {"history_resource", "region, resource, account", 3,
                                                 "ON CONFLICT (region, resource) DO NOTHING"};
static const struct db_sql case_events_sql = {
    "UPDATE history_case SET events = $4 WHERE region = $1 AND log_id = $2 AND case_no = $3"};
static const struct db_sql loose_events_sql = {
    "UPDATE history_log SET loose_events = $3 WHERE region = $1 AND log_id = $2"};

static bool count_event(struct db *db, int64_t region, const struct history_event *e,
                        struct fault *why)
{
    if (e->case_no == 0)
        return db_write(db, &loose_events_sql,
                        DB_ARGS(db_int(region), db_int(e->log_id), db_int(e->event_no)), why);
    return db_write(
        db, &case_events_sql,
        DB_ARGS(db_int(region), db_int(e->log_id), db_int(e->case_no), db_int(e->event_no)), why);
}

bool history_apply_event(struct db *db, const struct entry_head *head, const void *body,
                         struct arena *arena, struct fault *why)
{
    const struct history_event *e = body;
    const struct db_value row[] = {
        db_int(head->region), db_int(e->log_id),     db_int(e->case_no),    db_int(e->event_no),
        db_text(e->activity), db_text(e->instance),  db_text(e->resource),  db_text(e->group),
        db_text(e->transition), db_text(e->timestamp), moment(e->timestamp), db_text(e->extra)};
    if (!db_insert(db, &event_insert, row, 1, why) || !count_event(db, head->region, e, why))
        return false;
    if (e->resource.len == 0) /* nobody named, or erased */
        return true;
    struct text account = text_format(arena, "resource:%.*s", TEXT_ARG(e->resource));
    const struct db_value resource[] = {db_int(head->region), db_text(e->resource),
                                        db_text(account)};
    return db_insert(db, &resource_insert, resource, 1, why);
}
