/* Attributes as canonical JSON: names in RFC 8785 order, every value a string as given, so that
 * writing the log again loses nothing. */
#include "approval/history/xes.h"

const struct xes_attribute *xes_find(const struct xes_attribute *list, struct text key)
{
    uint64_t hash = text_hash(key);
    for (; list; list = list->next)
        if (list->hash == hash && text_equal(list->key, key))
            return list;
    return NULL;
}

/* Depth is bounded by xes_limits.depth. */
void xes_json(const struct xes_attribute *list, struct buf *out)
{
    buf_char(out, '[');
    for (const struct xes_attribute *a = list; a; a = a->next) {
        if (a != list)
            buf_char(out, ',');
        buf_char(out, '{');
        if (a->children) {
            buf_str(out, "\"children\":");
            xes_json(a->children, out);
            buf_char(out, ',');
        }
        buf_str(out, "\"key\":");
        buf_json(out, a->key);
        buf_format(out, ",\"type\":\"%s\"", xes_type_name(a->type));
        if (a->type == XES_LIST) {
            buf_str(out, ",\"values\":");
            xes_json(a->values, out);
        } else if (a->type != XES_CONTAINER) {
            buf_str(out, ",\"value\":");
            buf_json(out, a->value);
        }
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static void member(struct buf *out, const char *name, struct text value)
{
    if (value.len == 0)
        return;
    if (buf_done(out).at[out->len - 1] != '{')
        buf_char(out, ',');
    buf_format(out, "\"%s\":", name);
    buf_json(out, value);
}

void xes_log_json(const struct xes_log *log, struct buf *out)
{
    buf_str(out, "{\"attributes\":");
    xes_json(log->attributes, out);
    buf_str(out, ",\"classifiers\":[");
    for (const struct xes_classifier *c = log->classifiers; c; c = c->next) {
        buf_str(out, c == log->classifiers ? "{" : ",{");
        member(out, "keys", c->keys);
        member(out, "name", c->name);
        member(out, "scope", c->scope);
        buf_char(out, '}');
    }
    buf_str(out, "],\"extensions\":[");
    for (const struct xes_extension *e = log->extensions; e; e = e->next) {
        buf_str(out, e == log->extensions ? "{" : ",{");
        member(out, "name", e->name);
        member(out, "prefix", e->prefix);
        member(out, "uri", e->uri);
        buf_char(out, '}');
    }
    buf_str(out, "],\"globals\":[");
    for (const struct xes_global *g = log->globals; g; g = g->next) {
        buf_str(out, g == log->globals ? "{\"attributes\":" : ",{\"attributes\":");
        xes_json(g->attributes, out);
        member(out, "scope", g->scope);
        buf_char(out, '}');
    }
    buf_str(out, "],\"log\":{");
    member(out, "openxes.version", log->openxes_version);
    member(out, "xes.creator", log->creator);
    member(out, "xes.features", log->features);
    member(out, "xes.version", log->version);
    buf_str(out, "}}");
}
