/* The figures of a log from the tables. */
#include <jansson.h>

#include "approval/history/figures.h"
#include "approval/history/history.h"

static struct text json_text(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    return (struct text){json_string_value(value) ? json_string_value(value) : "",
                         json_string_length(value)};
}

/* Tables by name (per resource, per group) split their value among children of its own type. */
static bool is_table(const json_t *attribute)
{
    json_t *child = json_array_get(json_object_get(attribute, "children"), 0);
    return child && text_equal(json_text(child, "type"), json_text(attribute, "type"));
}

static bool feed_meta(struct figures *figures, struct text header, struct fault *why)
{
    if (header.len == 0) /* erased */
        return true;
    json_t *read = json_loadb(header.at, header.len, 0, NULL);
    if (!read)
        return fault_set(why, "a log's header is no JSON");
    size_t i;
    json_t *attribute;
    json_array_foreach(json_object_get(read, "attributes"), i, attribute)
        if (text_starts(json_text(attribute, "key"), TEXT("meta_")) && !is_table(attribute))
            figures_meta(figures, json_text(attribute, "key"), json_text(attribute, "value"));
    json_decref(read);
    return true;
}

static void feed_event(struct figures *figures, const struct history_event *event)
{
    int64_t at_ms = 0;
    bool has_time = xes_instant(event->timestamp, &at_ms);
    if (event->case_no == 0)
        figures_loose_event(figures);
    else
        figures_event(figures, event->activity, event->resource, has_time, at_ms);
}

static bool feed_rows(struct figures *figures, struct history_cursor *cases,
                      struct history_cursor *events, const struct progress *progress,
                      int64_t total, struct fault *why)
{
    const struct history_case *opened;
    const struct history_event *event;
    if (!history_next_event(events, &event, why))
        return false;
    for (;;) {
        for (; event && event->case_no == 0;) {
            feed_event(figures, event);
            if (!history_next_event(events, &event, why))
                return false;
        }
        if (!history_next_case(cases, &opened, why))
            return false;
        if (!opened)
            return true;
        struct figures_case begun = {0};
        begun.has_deadline = xes_instant(opened->deadline, &begun.deadline_at);
        begun.has_end = xes_instant(opened->enddate, &begun.end_at);
        figures_case(figures, &begun);
        while (event && event->case_no == opened->case_no) {
            feed_event(figures, event);
            if (!history_next_event(events, &event, why))
                return false;
        }
        figures_case_end(figures);
        progress_tell(progress, opened->case_no, total);
    }
}

bool history_report(struct db_read *db, int64_t region, int64_t log_id,
                    const struct progress *progress, struct buf *out, bool *found,
                    struct fault *why)
{
    struct arena *arena = arena_new(256 * 1024);
    struct history_log log;
    bool good = history_find_log(db, region, log_id, arena, &log_id, &log, found, why);
    if (good && *found) {
        struct figures *figures = figures_new(arena);
        struct history_cursor cases, events;
        int64_t total;
        history_cursor_open(&cases, db, region, log_id, 0);
        history_cursor_open(&events, db, region, log_id, -1);
        good = history_count_cases(db, region, log_id, &total, why) &&
               feed_meta(figures, log.header, why) &&
               feed_rows(figures, &cases, &events, progress, total, why);
        if (good)
            figures_json(figures, out);
        history_cursor_close(&cases);
        history_cursor_close(&events);
    }
    arena_free(arena);
    return good;
}
