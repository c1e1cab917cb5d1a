/* Writing YAML: one way of writing everything, so that equal records are equal files. */
#include <string.h>
#include <strings.h>

#include "base/yaml.h"

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* Words that other readers of YAML take for something else than a text. */
static bool word_of_yaml(struct text a)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == a.len && strncasecmp(a.at, words[i], a.len) == 0)
            return true;
    return false;
}

/* Whether the text may stand without quotation marks: it begins with a letter and holds nothing
 * that means something in YAML. Everything else is quoted, also where a reader might do without. */
static bool plain(struct text a)
{
    if (!a.len || !letter(a.at[0]) || a.at[a.len - 1] == ' ' || word_of_yaml(a))
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (!letter(a.at[i]) && !(a.at[i] >= '0' && a.at[i] <= '9') && !strchr(" -_./()%+", a.at[i]))
            return false;
    /* Line and paragraph separators, NEL, the byte order mark: no letters, though not ASCII. */
    for (struct text rest = a; rest.len;) {
        int32_t point = text_next(&rest);
        if (point == 0x85 || point == 0x2028 || point == 0x2029 || point == 0xfeff)
            return false;
    }
    return true;
}

/* A double-quoted scalar: a JSON string is one. */
static void text_write(struct text a, struct buf *out)
{
    if (plain(a))
        buf_text(out, a);
    else
        buf_json(out, a);
}

static void indent(struct buf *out, int depth)
{
    buf_format(out, "%*s", depth * 2, "");
}

static bool nothing(const struct field *field, const void *record)
{
    const char *at = (const char *)record + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        return !((const struct text *)at)->len;
    case FIELD_BOOL:
        return !*(const bool *)at;
    case FIELD_LIST:
    case FIELD_TEXTS:
        return !((const struct list *)at)->count;
    case FIELD_RECORD:
        return false;
    default:
        return !*(const int64_t *)at;
    }
}

/* begun: the first line's indentation and "- " are there already. */
static void mapping_write(const struct shape *shape, const void *record, int depth, bool begun,
                          struct buf *out);

static void value_write(const struct field *field, const void *record, int depth, struct buf *out)
{
    const char *at = (const char *)record + field->offset;
    const struct list *list = (const struct list *)at;
    switch (field->type) {
    case FIELD_TEXT:
        buf_char(out, ' ');
        text_write(*(const struct text *)at, out);
        buf_char(out, '\n');
        return;
    case FIELD_TEXTS:
        buf_char(out, '\n');
        for (size_t i = 0; i < list->count; i++) {
            indent(out, depth + 1);
            buf_str(out, "- ");
            text_write(((const struct text *)list->items)[i], out);
            buf_char(out, '\n');
        }
        return;
    case FIELD_LIST:
        buf_char(out, '\n');
        for (size_t i = 0; i < list->count; i++) {
            indent(out, depth + 1);
            buf_str(out, "- ");
            mapping_write(field->of, (const char *)list->items + i * field->of->size, depth + 2, true,
                          out);
        }
        return;
    case FIELD_RECORD:
        buf_char(out, '\n');
        mapping_write(field->of, at, depth + 1, false, out);
        return;
    default:
        buf_char(out, ' ');
        buf_text(out, field_text(field, record, out->arena));
        buf_char(out, '\n');
    }
}

static void mapping_write(const struct shape *shape, const void *record, int depth, bool begun,
                          struct buf *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        if (field->flags & (FIELD_INTERNAL | FIELD_SECRET) || nothing(field, record))
            continue;
        if (!begun)
            indent(out, depth);
        begun = false;
        buf_format(out, "%s:", field->name);
        value_write(field, record, depth, out);
    }
}

void shape_to_yaml(const struct shape *shape, const void *record, struct buf *out)
{
    mapping_write(shape, record, 0, false, out);
}
