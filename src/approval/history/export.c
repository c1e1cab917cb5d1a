/* A log out of the tables, as XES (IEEE 1849-2016 order: extensions, globals, classifiers,
 * attributes, traces, events). Attributes of one place stand fields first, the rest as given. */
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "approval/history/history.h"

enum { CHUNK = 64 * 1024 };

struct out {
    int fd;
    const struct progress *progress; /* cases written, of all */
    int64_t total;
    int64_t events; /* written */
    struct arena *arena; /* what waits to be written */
    struct buf buf;
};

static bool flush(struct out *out, struct fault *why)
{
    const char *at = out->buf.at;
    for (size_t left = out->buf.len; left;) {
        ssize_t done = write(out->fd, at, left);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return fault_set(why, "the export cannot be written: %s", strerror(errno));
        at += done;
        left -= (size_t)done;
    }
    arena_reset(out->arena);
    out->buf = (struct buf){.arena = out->arena};
    return true;
}

static bool flush_if_full(struct out *out, struct fault *why)
{
    return out->buf.len < CHUNK || flush(out, why);
}

/* An attribute value: white space but the blank would be made blanks by the reader (XML 3.3.3). */
static void quoted(struct buf *buf, const char *name, struct text value)
{
    buf_format(buf, " %s=\"", name);
    size_t from = 0;
    for (size_t i = 0; i <= value.len; i++) {
        bool white = i < value.len && (unsigned char)value.at[i] < 0x20;
        if (i < value.len && !white)
            continue;
        buf_html(buf, text_slice(value, from, i));
        if (white)
            buf_format(buf, "&#%d;", value.at[i]);
        from = i + 1;
    }
    buf_char(buf, '"');
}

static struct text json_text(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    return (struct text){json_string_value(value) ? json_string_value(value) : "",
                         json_string_length(value)};
}

static void indent(struct buf *buf, int depth)
{
    for (int i = 0; i < depth; i++)
        buf_char(buf, '\t');
}

/* Nesting is what the reader let in, so it is bounded. */
static void write_attributes(struct buf *buf, const json_t *list, int depth)
{
    size_t i;
    json_t *a;
    json_array_foreach(list, i, a)
    {
        const char *type = json_string_value(json_object_get(a, "type"));
        const json_t *children = json_object_get(a, "children");
        const json_t *values = json_object_get(a, "values");
        indent(buf, depth);
        buf_format(buf, "<%s", type);
        quoted(buf, "key", json_text(a, "key"));
        if (json_object_get(a, "value"))
            quoted(buf, "value", json_text(a, "value"));
        if (!children && !values) {
            buf_str(buf, "/>\n");
            continue;
        }
        buf_str(buf, ">\n");
        write_attributes(buf, children, depth + 1);
        if (values) {
            indent(buf, depth + 1);
            buf_str(buf, "<values>\n");
            write_attributes(buf, values, depth + 2);
            indent(buf, depth + 1);
            buf_str(buf, "</values>\n");
        }
        indent(buf, depth);
        buf_format(buf, "</%s>\n", type);
    }
}

static bool in_extra(const json_t *extra, const char *key)
{
    size_t i;
    json_t *a;
    json_array_foreach(extra, i, a)
        if (text_is(json_text(a, "key"), key))
            return true;
    return false;
}

/* The attributes of a case or event: what extra says counts over the field of its key. */
static bool write_record(struct buf *buf, const struct history_field *fields, const void *record,
                         struct text extra_json, int depth, struct fault *why)
{
    json_t *extra = NULL;
    if (extra_json.len && !(extra = json_loadb(extra_json.at, extra_json.len, 0, NULL)))
        return fault_set(why, "the further attributes of a migrated case are no JSON");
    for (; fields->key; fields++) {
        struct text value = *(const struct text *)((const char *)record + fields->offset);
        if (value.len == 0 || in_extra(extra, fields->key))
            continue;
        indent(buf, depth);
        buf_format(buf, "<%s key=\"%s\"", xes_type_name(fields->type), fields->key);
        quoted(buf, "value", value);
        buf_str(buf, "/>\n");
    }
    write_attributes(buf, extra, depth);
    json_decref(extra);
    return true;
}

static void write_named(struct buf *buf, const json_t *object, const char *const *names)
{
    for (; *names; names++)
        if (json_object_get(object, *names))
            quoted(buf, *names, json_text(object, *names));
}

static bool write_header(struct buf *buf, struct text header, struct fault *why)
{
    static const char *const log_names[] = {"xes.version", "xes.features", "openxes.version",
                                            "xes.creator", NULL};
    static const char *const extension_names[] = {"name", "prefix", "uri", NULL};
    static const char *const scope_names[] = {"scope", NULL};
    static const char *const classifier_names[] = {"name", "scope", "keys", NULL};
    json_t *read = header.len ? json_loadb(header.at, header.len, 0, NULL) : NULL;
    if (header.len && !read)
        return fault_set(why, "a log's header is no JSON");
    size_t i;
    json_t *item;
    buf_str(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log");
    write_named(buf, json_object_get(read, "log"), log_names);
    buf_str(buf, " xmlns=\"http://www.xes-standard.org/\">\n");
    json_array_foreach(json_object_get(read, "extensions"), i, item)
    {
        buf_str(buf, "\t<extension");
        write_named(buf, item, extension_names);
        buf_str(buf, "/>\n");
    }
    json_array_foreach(json_object_get(read, "globals"), i, item)
    {
        buf_str(buf, "\t<global");
        write_named(buf, item, scope_names);
        buf_str(buf, ">\n");
        write_attributes(buf, json_object_get(item, "attributes"), 2);
        buf_str(buf, "\t</global>\n");
    }
    json_array_foreach(json_object_get(read, "classifiers"), i, item)
    {
        buf_str(buf, "\t<classifier");
        write_named(buf, item, classifier_names);
        buf_str(buf, "/>\n");
    }
    write_attributes(buf, json_object_get(read, "attributes"), 1);
    json_decref(read);
    return true;
}

static bool write_event(struct out *out, const struct history_event *event, int depth,
                        struct fault *why)
{
    indent(&out->buf, depth);
    buf_str(&out->buf, "<event>\n");
    if (!write_record(&out->buf, history_event_fields, event, event->extra, depth + 1, why))
        return false;
    indent(&out->buf, depth);
    buf_str(&out->buf, "</event>\n");
    out->events++;
    return flush_if_full(out, why);
}

static bool write_cases(struct out *out, struct history_cursor *cases,
                        struct history_cursor *events, struct fault *why)
{
    const struct history_case *opened;
    const struct history_event *event;
    if (!history_next_event(events, &event, why))
        return false;
    for (;;) {
        if (!history_next_case(cases, &opened, why))
            return false;
        if (!opened)
            return true;
        buf_str(&out->buf, "\t<trace>\n");
        if (!write_record(&out->buf, history_case_fields, opened, opened->extra, 2, why))
            return false;
        while (event && event->case_no == opened->case_no)
            if (!write_event(out, event, 2, why) || !history_next_event(events, &event, why))
                return false;
        buf_str(&out->buf, "\t</trace>\n");
        if (!flush_if_full(out, why))
            return false;
        progress_tell(out->progress, opened->case_no, out->total);
    }
}

static bool write_loose(struct out *out, struct history_cursor *events, struct fault *why)
{
    const struct history_event *event;
    do
        if (!history_next_event(events, &event, why) ||
            (event && event->case_no == 0 && !write_event(out, event, 1, why)))
            return false;
    while (event && event->case_no == 0);
    return true;
}

bool history_export(struct db_read *db, int64_t region, int64_t log_id, int fd,
                    const struct progress *progress, struct history_exported *exported,
                    struct fault *why)
{
    struct out out = {.fd = fd, .progress = progress, .arena = arena_new(2 * CHUNK)};
    struct arena *arena = arena_new(64 * 1024);
    struct history_log log;
    bool found = false;
    out.buf.arena = out.arena;
    *exported = (struct history_exported){0};
    bool good = history_find_log(db, region, log_id, arena, &log_id, &log, &found, why);
    if (good && found) {
        struct history_cursor cases, events, loose;
        history_cursor_open(&cases, db, region, log_id, 0);
        history_cursor_open(&events, db, region, log_id, 0);
        history_cursor_open(&loose, db, region, log_id, -1);
        good = history_count_cases(db, region, log_id, &out.total, why) &&
               write_header(&out.buf, log.header, why) &&
               write_cases(&out, &cases, &events, why) && write_loose(&out, &loose, why);
        buf_str(&out.buf, "</log>\n");
        good = good && flush(&out, why);
        *exported = (struct history_exported){true, log_id, out.total, out.events};
        history_cursor_close(&cases);
        history_cursor_close(&events);
        history_cursor_close(&loose);
    }
    arena_free(arena);
    arena_free(out.arena);
    return good;
}
