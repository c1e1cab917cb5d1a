/* From the attributes of a log to commands. A field takes an attribute of its key and type; what it
 * cannot hold wholly (another type, attributes within, nothing, too much) stays in extra as given. */
#include "approval/history/history.h"

#define IN_CASE(member) offsetof(struct history_case, member)
#define IN_EVENT(member) offsetof(struct history_event, member)

/* An entry of the journal has at most 65,535 bytes (tlog-tiles), so public words are bounded. */
enum { PUBLIC_BYTES = 4000, DATE_BYTES = 64 };

const struct history_field history_case_fields[] = {
    {"concept:name", XES_STRING, IN_CASE(name)},
    {"responsible", XES_STRING, IN_CASE(responsible)},
    {"department", XES_STRING, IN_CASE(department)},
    {"channel", XES_STRING, IN_CASE(channel)},
    {"group", XES_STRING, IN_CASE(group)},
    {"startdate", XES_DATE, IN_CASE(startdate)},
    {"deadline", XES_DATE, IN_CASE(deadline)},
    {"enddate_planned", XES_DATE, IN_CASE(enddate_planned)},
    {"enddate", XES_DATE, IN_CASE(enddate)},
    {NULL, XES_STRING, 0},
};

const struct history_field history_event_fields[] = {
    {"concept:name", XES_STRING, IN_EVENT(activity)},
    {"concept:instance", XES_STRING, IN_EVENT(instance)},
    {"org:resource", XES_STRING, IN_EVENT(resource)},
    {"org:group", XES_STRING, IN_EVENT(group)},
    {"lifecycle:transition", XES_STRING, IN_EVENT(transition)},
    {"time:timestamp", XES_DATE, IN_EVENT(timestamp)},
    {NULL, XES_STRING, 0},
};

/* True when the field says all there is to say of it. */
static bool take(const struct history_field *fields, const struct xes_attribute *a,
                 struct arena *arena, void *record)
{
    while (fields->key && !text_is(a->key, fields->key))
        fields++;
    if (!fields->key || fields->type != a->type || a->value.len == 0)
        return false;
    struct text *to = (struct text *)((char *)record + fields->offset);
    int64_t at_ms;
    if (a->type == XES_DATE && a->value.len > DATE_BYTES && xes_instant(a->value, &at_ms)) {
        *to = time_format(arena, at_ms);
        return false;
    }
    if (a->value.len > PUBLIC_BYTES)
        return false;
    *to = text_copy(arena, a->value);
    return !a->children;
}

static struct text spread(const struct history_field *fields, const struct xes_attribute *list,
                          struct arena *arena, void *record)
{
    struct buf extra = {.arena = arena};
    for (; list; list = list->next) {
        if (take(fields, list, arena, record))
            continue;
        struct xes_attribute alone = *list;
        alone.next = NULL;
        struct buf one = {.arena = arena};
        xes_json(&alone, &one);
        buf_char(&extra, extra.len ? ',' : '[');
        buf_text(&extra, text_slice(buf_done(&one), 1, one.len - 1));
    }
    if (extra.len)
        buf_char(&extra, ']');
    return buf_done(&extra);
}

void history_case_from(const struct xes_attribute *attributes, struct arena *arena,
                       struct history_case *out)
{
    out->extra = spread(history_case_fields, attributes, arena, out);
}

void history_event_from(const struct xes_attribute *attributes, struct arena *arena,
                        struct history_event *out)
{
    out->extra = spread(history_event_fields, attributes, arena, out);
}
