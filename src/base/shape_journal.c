/* Records into the journal's canonical JSON (RFC 8785) and back. The reader is a scanner of our own:
 * what it reads was written by shape_to_json, and replay reads every entry there ever was. */
#include <stdlib.h>
#include <string.h>

#include "base/shape_input.h"
#include "base/time.h"

/* Field indexes in the order of their names (ASCII, so bytes and UTF-16 units order alike). */
static void sorted(const struct shape *shape, unsigned char order[SHAPE_MOST_FIELDS])
{
    /* shape_sound has seen it at start: to leave a field out of the journal silently is the one thing
     * that must not happen. */
    if (shape->count > SHAPE_MOST_FIELDS)
        abort();
    for (size_t i = 0; i < shape->count; i++) {
        size_t j = i;
        for (; j && strcmp(shape->fields[order[j - 1]].name, shape->fields[i].name) > 0; j--)
            order[j] = order[j - 1];
        order[j] = (unsigned char)i;
    }
}

static bool holds_private(const struct field *field, const void *record);

bool shape_has_private(const struct shape *shape, const void *record)
{
    for (size_t i = 0; i < shape->count; i++)
        if (holds_private(&shape->fields[i], record))
            return true;
    return false;
}

static bool holds_private(const struct field *field, const void *record)
{
    const char *at = (const char *)record + field->offset;
    if (field->flags & FIELD_SECRET)
        return false;
    if (field->flags & FIELD_PRIVATE)
        return !field_empty(field, record);
    if (field->type == FIELD_RECORD)
        return shape_has_private(field->of, at);
    if (field->type != FIELD_LIST)
        return false;
    const struct list *list = (const void *)at;
    for (size_t i = 0; i < list->count; i++)
        if (shape_has_private(field->of, (const char *)list->items + i * field->of->size))
            return true;
    return false;
}

static bool wanted(const struct field *field, const void *record, enum shape_part part)
{
    if ((field->flags & FIELD_SECRET) || field_empty(field, record))
        return false;
    if (part == SHAPE_PUBLIC)
        return !(field->flags & FIELD_PRIVATE);
    return part == SHAPE_ALL || holds_private(field, record);
}

static void write_value(const struct field *field, const void *record, enum shape_part part,
                        struct buf *out)
{
    const void *at = (const char *)record + field->offset;
    const struct list *list = at;
    /* What lies in a private field is private as a whole. */
    if (part == SHAPE_PRIVATE && (field->flags & FIELD_PRIVATE))
        part = SHAPE_ALL;
    switch (field->type) {
    case FIELD_INT:
    case FIELD_MONEY:
        buf_int(out, *(const int64_t *)at);
        break;
    case FIELD_BOOL:
        buf_str(out, "true");
        break;
    case FIELD_RECORD:
        shape_to_json(field->of, at, part, out);
        break;
    case FIELD_LIST:
    case FIELD_TEXTS:
        buf_char(out, '[');
        for (size_t i = 0; i < list->count; i++) {
            if (i)
                buf_char(out, ',');
            if (field->type == FIELD_TEXTS)
                buf_json(out, ((const struct text *)list->items)[i]);
            else
                shape_to_json(field->of, (const char *)list->items + i * field->of->size, part,
                              out);
        }
        buf_char(out, ']');
        break;
    default:
        buf_json(out, field_text(field, record, out->arena));
    }
}

void shape_to_json(const struct shape *shape, const void *record, enum shape_part part,
                   struct buf *out)
{
    unsigned char order[SHAPE_MOST_FIELDS];
    bool first = true;
    sorted(shape, order);
    buf_char(out, '{');
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[order[i]];
        if (!wanted(field, record, part))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_char(out, '"');
        buf_str(out, field->name);
        buf_str(out, "\":");
        write_value(field, record, part, out);
    }
    buf_char(out, '}');
}

struct scan {
    const char *at, *end;
    struct arena *arena;
    struct fault *why;
};

static bool scan_object(struct scan *scan, const struct shape *shape, void *record);

static bool bad(struct scan *scan, const char *what)
{
    return fault_set(scan->why, "journal body: %s", what);
}

static bool scan_mark(struct scan *scan, char c)
{
    if (scan->at == scan->end || *scan->at != c)
        return false;
    scan->at++;
    return true;
}

static bool scan_escape(struct scan *scan, struct buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    unsigned char two[2];
    const char *found;
    if (scan->at == scan->end)
        return false;
    char c = *scan->at++;
    if (c == 'u') {
        /* Canonical JSON writes only control characters this way. */
        if (scan->end - scan->at < 4 || !text_unhex((struct text){scan->at, 4}, two, 2) || two[0])
            return false;
        scan->at += 4;
        buf_char(out, (char)two[1]);
        return true;
    }
    if (!c || !(found = strchr(from, c)))
        return false;
    buf_char(out, to[found - from]);
    return true;
}

static bool scan_string(struct scan *scan, struct text *out)
{
    if (!scan_mark(scan, '"'))
        return bad(scan, "a text was expected");
    const char *from = scan->at;
    while (scan->at < scan->end && *scan->at != '"' && *scan->at != '\\')
        scan->at++;
    if (scan_mark(scan, '"')) {
        *out = text_copy(scan->arena, (struct text){from, (size_t)(scan->at - 1 - from)});
        return true;
    }
    struct buf buf = {.arena = scan->arena};
    buf_add(&buf, from, (size_t)(scan->at - from));
    while (scan->at < scan->end) {
        char c = *scan->at++;
        if (c == '"') {
            *out = buf_done(&buf);
            return true;
        }
        if (c != '\\')
            buf_char(&buf, c);
        else if (!scan_escape(scan, &buf))
            return bad(scan, "malformed escape");
    }
    return bad(scan, "a text without end");
}

static bool scan_number(struct scan *scan, int64_t *out)
{
    const char *from = scan->at;
    while (scan->at < scan->end && (*scan->at == '-' || (*scan->at >= '0' && *scan->at <= '9')))
        scan->at++;
    if (!text_int((struct text){from, (size_t)(scan->at - from)}, out))
        return bad(scan, "an integer was expected");
    return true;
}

/* How many items the array that starts here has, so that they are allocated at once. */
static size_t scan_count(const struct scan *scan)
{
    size_t depth = 0, commas = 0;
    bool quoted = false;
    const char *at = scan->at;
    if (at < scan->end && *at == ']')
        return 0;
    for (; at < scan->end; at++) {
        if (quoted) {
            if (*at == '\\')
                at++;
            else
                quoted = *at != '"';
            continue;
        }
        if (*at == '"')
            quoted = true;
        else if (*at == '[' || *at == '{')
            depth++;
        else if ((*at == ']' || *at == '}') && depth-- == 0)
            break;
        else if (*at == ',' && depth == 0)
            commas++;
    }
    return commas + 1;
}

static bool scan_array(struct scan *scan, const struct field *field, void *record)
{
    struct list *list = (void *)((char *)record + field->offset);
    size_t size = field->type == FIELD_TEXTS ? sizeof(struct text) : field->of->size;
    if (!scan_mark(scan, '['))
        return bad(scan, "a list was expected");
    size_t count = scan_count(scan);
    /* The other part of the same record may have made the items already. */
    if (list->count != count) {
        list->items = arena_array(scan->arena, count, size);
        list->count = count;
    }
    for (size_t i = 0; i < count; i++) {
        char *item = (char *)list->items + i * size;
        if (i && !scan_mark(scan, ','))
            return bad(scan, "a comma was expected");
        if (field->type == FIELD_TEXTS ? !scan_string(scan, (struct text *)(void *)item)
                                       : !scan_object(scan, field->of, item))
            return false;
    }
    return scan_mark(scan, ']') || bad(scan, "a list without end");
}

static bool scan_literal(struct scan *scan, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(scan->end - scan->at) < len || memcmp(scan->at, word, len) != 0)
        return false;
    scan->at += len;
    return true;
}

static bool scan_value(struct scan *scan, const struct field *field, void *record)
{
    void *at = (char *)record + field->offset;
    struct text text;
    switch (field->type) {
    case FIELD_TEXT:
        return scan_string(scan, at);
    case FIELD_INT:
    case FIELD_MONEY:
        return scan_number(scan, at);
    case FIELD_BOOL:
        *(bool *)at = scan_literal(scan, "true");
        return *(bool *)at || scan_literal(scan, "false") || bad(scan, "true or false expected");
    case FIELD_TIME:
        return scan_string(scan, &text) && (time_parse(text, at) || bad(scan, "a time expected"));
    case FIELD_DATE:
        return scan_string(scan, &text) && (date_parse(text, at) || bad(scan, "a date expected"));
    case FIELD_WORD:
        return scan_string(scan, &text) &&
               (word_index(field->words, text, at) || bad(scan, "an unknown word"));
    case FIELD_LIST:
    case FIELD_TEXTS:
        return scan_array(scan, field, record);
    case FIELD_RECORD:
        return scan_object(scan, field->of, at);
    }
    return false;
}

static bool scan_object(struct scan *scan, const struct shape *shape, void *record)
{
    if (!scan_mark(scan, '{'))
        return bad(scan, "an object was expected");
    if (scan_mark(scan, '}'))
        return true;
    do {
        const char *from = ++scan->at;
        if (scan->at > scan->end || from[-1] != '"')
            return bad(scan, "a name was expected");
        while (scan->at < scan->end && *scan->at != '"')
            scan->at++;
        struct text name = {from, (size_t)(scan->at - from)};
        const struct field *field = shape_field(shape, name);
        if (!field)
            return fault_set(scan->why, "journal body: %s has no field %.*s", shape->name,
                             TEXT_ARG(text_head(name, 60)));
        if (!scan_mark(scan, '"') || !scan_mark(scan, ':'))
            return bad(scan, "a colon was expected");
        if (!scan_value(scan, field, record))
            return false;
    } while (scan_mark(scan, ','));
    return scan_mark(scan, '}') || bad(scan, "an object without end");
}

bool shape_read_json(const struct shape *shape, struct text json, struct arena *arena, void *record,
                     struct fault *why)
{
    struct scan scan = {json.at, json.at + json.len, arena, why};
    if (!scan_object(&scan, shape, record))
        return fault_set(why, "journal body of %s is malformed", shape->name);
    return scan.at == scan.end || bad(&scan, "something after its end");
}
