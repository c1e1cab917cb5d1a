/* Shapes as JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
#include "base/shape_input.h"

static void words_schema(const struct word *words, struct buf *out)
{
    buf_str(out, "\"type\":\"string\",\"enum\":[");
    for (size_t i = 0; words[i].name; i++) {
        if (i)
            buf_char(out, ',');
        buf_json(out, text_of(words[i].name));
    }
    buf_char(out, ']');
}

/* What a client sends leaves out what the server sets; what it is answered leaves out what is secret,
 * and everything else is there, also the empty ones. */
enum schema_of {
    SCHEMA_INPUT,
    SCHEMA_PARTIAL, /* input in a record that need not be finished */
    SCHEMA_ANSWER,
};
static void object_schema(const struct shape *shape, enum schema_of of, struct buf *out);

static void field_schema(const struct field *field, enum schema_of of, struct buf *out)
{
    buf_char(out, '{');
    if (field->label) {
        buf_str(out, "\"title\":");
        buf_json(out, text_of(field->label));
        buf_char(out, ',');
    }
    if (field->hint) {
        buf_str(out, "\"description\":");
        buf_json(out, text_of(field->hint));
        buf_char(out, ',');
    }
    switch (field->type) {
    case FIELD_TEXT:
        buf_format(out, "\"type\":\"string\",\"maxLength\":%lld%s", (long long)field_most(field),
                   field->flags & FIELD_SECRET ? ",\"writeOnly\":true" : "");
        break;
    case FIELD_INT:
    case FIELD_MONEY:
        buf_format(out, "\"type\":\"integer\",\"minimum\":%lld,\"maximum\":%lld",
                   (long long)field->low, (long long)field_most(field));
        break;
    case FIELD_BOOL:
        buf_str(out, "\"type\":\"boolean\"");
        break;
    case FIELD_TIME:
        buf_str(out, "\"type\":[\"string\",\"null\"],\"format\":\"date-time\"");
        break;
    case FIELD_DATE:
        buf_str(out, "\"type\":[\"string\",\"null\"],\"format\":\"date\"");
        break;
    case FIELD_WORD:
        words_schema(field->words, out);
        break;
    case FIELD_LIST:
    case FIELD_TEXTS:
        buf_format(out, "\"type\":\"array\",\"maxItems\":%lld,\"items\":",
                   (long long)field_most(field));
        if (field->type == FIELD_TEXTS)
            buf_format(out, "{\"type\":\"string\",\"maxLength\":%d}", MOST_CHARS_OF_ONE);
        else
            object_schema(field->of, of, out);
        break;
    case FIELD_RECORD:
        buf_str(out, "\"allOf\":[");
        object_schema(field->of,
                      of == SCHEMA_INPUT && field->flags & FIELD_PARTIAL ? SCHEMA_PARTIAL : of,
                      out);
        buf_char(out, ']');
        break;
    }
    buf_char(out, '}');
}

static void object_schema(const struct shape *shape, enum schema_of of, struct buf *out)
{
    int64_t left_out = of == SCHEMA_ANSWER ? FIELD_SECRET : FIELD_INTERNAL;
    bool first = true;
    buf_str(out, "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
    for (size_t i = 0; i < shape->count; i++) {
        if (shape->fields[i].flags & left_out)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_json(out, text_of(shape->fields[i].name));
        buf_char(out, ':');
        field_schema(&shape->fields[i], of, out);
    }
    buf_str(out, "},\"required\":[");
    first = true;
    for (size_t i = 0; i < shape->count; i++) {
        bool asked = of == SCHEMA_INPUT && shape->fields[i].flags & FIELD_REQUIRED;
        if ((of != SCHEMA_ANSWER && !asked) || (shape->fields[i].flags & left_out))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_json(out, text_of(shape->fields[i].name));
    }
    buf_str(out, "]}");
}

void shape_to_schema(const struct shape *shape, struct buf *out)
{
    object_schema(shape, SCHEMA_INPUT, out);
}

void shape_to_answer_schema(const struct shape *shape, struct buf *out)
{
    object_schema(shape, SCHEMA_ANSWER, out);
}
