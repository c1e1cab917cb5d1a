#include "base/shape.h"

#include <string.h>

#include "base/time.h"

void problem_add(struct problems *problems, struct arena *arena, struct text field,
                 enum refusal code, struct text message)
{
    size_t count = problems->count;
    if (count == PROBLEMS_MOST)
        return;
    if ((count & (count - 1)) == 0)
        problems->items = arena_grow(arena, problems->items, count * sizeof *problems->items,
                                     (count ? count * 2 : 1) * sizeof *problems->items);
    problems->items[count] = (struct problem){field, code, message};
    problems->count = count + 1;
}

void pair_add(struct pairs *pairs, struct arena *arena, struct text name, struct text value)
{
    size_t count = pairs->count;
    /* Capacity doubles at powers of two, so that a long form costs no square of copies. */
    if ((count & (count - 1)) == 0)
        pairs->items = arena_grow(arena, pairs->items, count * sizeof *pairs->items,
                                  (count ? count * 2 : 1) * sizeof *pairs->items);
    pairs->items[count] = (struct pair){name, value};
    pairs->count = count + 1;
}

struct text pair_value(const struct pairs *pairs, struct text name, bool *found)
{
    for (size_t i = 0; pairs && i < pairs->count; i++)
        if (text_equal(pairs->items[i].name, name)) {
            if (found)
                *found = true;
            return pairs->items[i].value;
        }
    if (found)
        *found = false;
    return TEXT("");
}

/* Undoes percent-encoding, '+' being a space; false for a malformed escape or a NUL. */
static bool form_decode(struct text from, struct arena *arena, struct text *out)
{
    char *at = arena_alloc(arena, from.len);
    size_t to = 0;
    for (size_t i = 0; i < from.len; i++) {
        char c = from.at[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            if (!text_unhex(text_slice(from, i + 1, i + 3), &c, 1))
                return false;
            i += 2;
        }
        if (c == 0)
            return false;
        at[to++] = c;
    }
    *out = (struct text){at, to};
    return true;
}

bool pairs_parse(struct text body, size_t limit, struct arena *arena, struct pairs *out)
{
    struct text part;
    while (body.len && text_cut(&body, '&', &part)) {
        struct text name, value;
        if (part.len == 0)
            continue;
        if (out->count == limit || !text_cut(&part, '=', &name))
            return false;
        if (!part.at)
            part = TEXT("");
        if (!form_decode(name, arena, &name) || !form_decode(part, arena, &value))
            return false;
        pair_add(out, arena, name, value);
    }
    return true;
}

const struct field *shape_field(const struct shape *shape, struct text name)
{
    for (size_t i = 0; i < shape->count; i++)
        if (text_is(name, shape->fields[i].name))
            return &shape->fields[i];
    return NULL;
}

bool word_index(const struct word *words, struct text name, int64_t *index)
{
    for (int64_t i = 0; words[i].name; i++)
        if (text_is(name, words[i].name)) {
            *index = i;
            return true;
        }
    return false;
}

static struct text money_text(int64_t fen, struct arena *arena)
{
    uint64_t size = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
    return text_format(arena, "%s%llu.%02llu", fen < 0 ? "-" : "",
                       (unsigned long long)(size / 100), (unsigned long long)(size % 100));
}

static int64_t number_at(const struct field *field, const void *record)
{
    int64_t number;
    memcpy(&number, (const char *)record + field->offset, sizeof number);
    return number;
}

struct text field_text(const struct field *field, const void *record, struct arena *arena)
{
    const void *at = (const char *)record + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        return *(const struct text *)at;
    case FIELD_INT:
        return text_format(arena, "%lld", (long long)number_at(field, record));
    case FIELD_BOOL:
        return *(const bool *)at ? TEXT("true") : TEXT("false");
    case FIELD_TIME:
        return number_at(field, record) ? time_format(arena, number_at(field, record)) : TEXT("");
    case FIELD_DATE:
        return number_at(field, record) ? date_format(arena, number_at(field, record)) : TEXT("");
    case FIELD_MONEY:
        return money_text(number_at(field, record), arena);
    case FIELD_WORD:
        return text_of(field->words[number_at(field, record)].name);
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_RECORD:
        break;
    }
    return TEXT("");
}

static bool sound_at(const struct shape *shape, int depth, struct fault *why)
{
    if (shape->count > SHAPE_MOST_FIELDS)
        return fault_set(why, "shape %s has %zu fields, more than %d", shape->name, shape->count,
                         SHAPE_MOST_FIELDS);
    if (depth == SHAPE_MOST_DEEP)
        return fault_set(why, "shape %s lies deeper than %d records", shape->name,
                         SHAPE_MOST_DEEP);
    for (size_t i = 0; i < shape->count; i++)
        if (shape->fields[i].of && !sound_at(shape->fields[i].of, depth + 1, why))
            return false;
    return true;
}

bool shape_sound(const struct shape *shape, struct fault *why)
{
    return sound_at(shape, 0, why);
}

struct text field_display(const struct field *field, const void *record, struct arena *arena)
{
    switch (field->type) {
    case FIELD_BOOL:
        return *(const bool *)(const void *)((const char *)record + field->offset) ? TEXT("是")
                                                                                   : TEXT("否");
    case FIELD_TIME:
        return number_at(field, record) ? time_format_zh(arena, number_at(field, record))
                                        : TEXT("");
    case FIELD_DATE:
        return number_at(field, record) ? date_format_zh(arena, number_at(field, record))
                                        : TEXT("");
    case FIELD_MONEY:
        return text_format(arena, "%.*s元", TEXT_ARG(money_text(number_at(field, record), arena)));
    case FIELD_WORD:
        return text_of(field->words[number_at(field, record)].label);
    default:
        return field_text(field, record, arena);
    }
}
