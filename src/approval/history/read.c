#include "approval/history/history.h"

static const struct db_sql log_sql = {
    "SELECT loose_events FROM history_log WHERE region = $1 AND log_id = $2"};
static const struct db_sql case_sql = {
    "SELECT events FROM history_case WHERE region = $1 AND log_id = $2 AND case_no = $3"};

static bool read_facts(struct db_read *db, const struct context *context, int64_t log_id,
                       int64_t case_no, const void **facts, struct fault *why)
{
    struct history_facts *read = arena_alloc(context->arena, sizeof *read);
    struct db_rows rows;
    /* An event's case names its log already; only what opens a case, or stands outside all, asks. */
    if (!db_select(db, &case_sql, DB_ARGS(db_int(context->region), db_int(log_id), db_int(case_no)),
                   context->arena, &rows, why))
        return false;
    if (rows.count) {
        read->log_known = read->case_known = true;
        read->events = db_cell_int(&rows, 0, "events");
        *facts = read;
        return true;
    }
    if (!db_select(db, &log_sql, DB_ARGS(db_int(context->region), db_int(log_id)), context->arena,
                   &rows, why))
        return false;
    read->log_known = rows.count > 0;
    if (rows.count && case_no == 0) {
        read->case_known = true;
        read->events = db_cell_int(&rows, 0, "loose_events");
    }
    *facts = read;
    return true;
}

static const struct db_sql file_sql = {
    "SELECT log_id FROM history_log WHERE region = $1 AND file = $2 LIMIT 1"};

bool history_read_log(struct db_read *db, const struct context *context, const void *input,
                      const void **facts, struct fault *why)
{
    const struct history_log *log = input;
    struct history_facts *read = arena_alloc(context->arena, sizeof *read);
    struct db_rows rows;
    if (!db_select(db, &file_sql, DB_ARGS(db_int(context->region), db_text(log->file)),
                   context->arena, &rows, why))
        return false;
    read->log_known = rows.count > 0;
    *facts = read;
    return true;
}

bool history_read_case(struct db_read *db, const struct context *context, const void *input,
                       const void **facts, struct fault *why)
{
    const struct history_case *opened = input;
    return read_facts(db, context, opened->log_id, opened->case_no, facts, why);
}

bool history_read_event(struct db_read *db, const struct context *context, const void *input,
                        const void **facts, struct fault *why)
{
    const struct history_event *event = input;
    return read_facts(db, context, event->log_id, event->case_no, facts, why);
}

static const struct db_sql cases_sql = {
    "SELECT log_id, case_no, name, responsible, department, channel, case_group, startdate, "
    "deadline, enddate_planned, enddate, extra FROM history_case "
    "WHERE region = $1 AND log_id = $2 AND case_no > $3 ORDER BY case_no LIMIT $4"};

bool history_page_cases(struct db_read *db, int64_t region, int64_t log_id, int64_t after_case,
                        int64_t limit, struct arena *arena, struct list *out, struct fault *why)
{
    struct db_rows rows;
    return db_select(db, &cases_sql,
                     DB_ARGS(db_int(region), db_int(log_id), db_int(after_case), db_int(limit)),
                     arena, &rows, why) &&
           db_records(&history_case_shape, &rows, arena, out, why);
}

/* An import numbers them from 1, in the order of the file. */
static const struct db_sql last_case_sql = {
    "SELECT max(case_no) AS n FROM history_case WHERE region = $1 AND log_id = $2"};

bool history_count_cases(struct db_read *db, int64_t region, int64_t log_id, int64_t *out,
                         struct fault *why)
{
    struct arena *arena = arena_new(1024);
    struct db_rows rows;
    bool good =
        db_select(db, &last_case_sql, DB_ARGS(db_int(region), db_int(log_id)), arena, &rows, why);
    if (good) /* of no case at all it is NULL, which reads as 0 */
        *out = db_cell_int(&rows, 0, "n");
    arena_free(arena);
    return good;
}

static const struct db_sql events_sql = {
    "SELECT log_id, case_no, event_no, activity, instance, resource, event_group, transition, "
    "event_time, extra FROM history_event WHERE region = $1 AND log_id = $2 "
    "AND (case_no, event_no) > ($3, $4) ORDER BY case_no, event_no LIMIT $5"};

bool history_page_events(struct db_read *db, int64_t region, int64_t log_id, int64_t after_case,
                         int64_t after_event, int64_t limit, struct arena *arena, struct list *out,
                         struct fault *why)
{
    struct db_rows rows;
    return db_select(db, &events_sql,
                     DB_ARGS(db_int(region), db_int(log_id), db_int(after_case),
                             db_int(after_event), db_int(limit)),
                     arena, &rows, why) &&
           db_records(&history_event_shape, &rows, arena, out, why);
}

static const struct db_sql find_sql = {
    "SELECT log_id, file, header FROM history_log WHERE region = $1 AND log_id = $2"};
static const struct db_sql newest_sql = {
    "SELECT log_id, file, header FROM history_log WHERE region = $1 ORDER BY log_id DESC LIMIT 1"};

bool history_find_log(struct db_read *db, int64_t region, int64_t log_id, struct arena *arena,
                      int64_t *found_id, struct history_log *out, bool *found, struct fault *why)
{
    struct db_rows rows;
    *found = false;
    if (log_id <= 0 ? !db_select(db, &newest_sql, DB_ARGS(db_int(region)), arena, &rows, why)
                   : !db_select(db, &find_sql, DB_ARGS(db_int(region), db_int(log_id)), arena,
                                &rows, why))
        return false;
    if (rows.count == 0)
        return true;
    *found = true;
    *found_id = db_cell_int(&rows, 0, "log_id");
    *out = (struct history_log){db_cell_text(&rows, 0, "file"), db_cell_text(&rows, 0, "header")};
    return true;
}

static const struct db_sql resources_sql = {
    "SELECT resource FROM history_resource WHERE region = $1 AND resource > $2 "
    "ORDER BY resource LIMIT $3"};

bool history_resources(struct db_read *db, int64_t region, struct text after, int64_t limit,
                       struct arena *arena, struct list *out, struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, &resources_sql, DB_ARGS(db_int(region), db_text(after), db_int(limit)),
                   arena, &rows, why))
        return false;
    struct text *names = arena_array(arena, rows.count, sizeof *names);
    for (size_t i = 0; i < rows.count; i++)
        names[i] = db_cell_text(&rows, i, "resource");
    *out = (struct list){names, rows.count};
    return true;
}

enum { PAGE = 512 };

void history_cursor_open(struct history_cursor *cursor, struct db_read *db, int64_t region,
                         int64_t log_id, int64_t after_case)
{
    *cursor = (struct history_cursor){.db = db, .region = region, .log_id = log_id,
                                      .case_no = after_case, .event_no = INT64_MAX,
                                      .arena = arena_new(256 * 1024)};
}

void history_cursor_close(struct history_cursor *cursor)
{
    arena_free(cursor->arena);
    cursor->arena = NULL;
}

bool history_next_case(struct history_cursor *cursor, const struct history_case **out,
                       struct fault *why)
{
    *out = NULL;
    if (cursor->at == cursor->page.count) {
        arena_reset(cursor->arena);
        cursor->at = 0;
        if (!history_page_cases(cursor->db, cursor->region, cursor->log_id, cursor->case_no, PAGE,
                                cursor->arena, &cursor->page, why))
            return false;
    }
    if (cursor->at == cursor->page.count)
        return true;
    *out = (const struct history_case *)cursor->page.items + cursor->at++;
    cursor->case_no = (*out)->case_no;
    return true;
}

bool history_next_event(struct history_cursor *cursor, const struct history_event **out,
                        struct fault *why)
{
    *out = NULL;
    if (cursor->at == cursor->page.count) {
        arena_reset(cursor->arena);
        cursor->at = 0;
        if (!history_page_events(cursor->db, cursor->region, cursor->log_id, cursor->case_no,
                                 cursor->event_no, PAGE, cursor->arena, &cursor->page, why))
            return false;
    }
    if (cursor->at == cursor->page.count)
        return true;
    *out = (const struct history_event *)cursor->page.items + cursor->at++;
    cursor->case_no = (*out)->case_no;
    cursor->event_no = (*out)->event_no;
    return true;
}
