/* JSON from outside into records (by jansson), and records into answers. */
#include <jansson.h>
#include <string.h>

#include "base/shape_input.h"
#include "base/time.h"

static void read_object(const struct input *input, struct text prefix, const struct shape *shape,
                        json_t *object, void *record);

static void wrong_type(const struct input *input, struct text path, const struct field *field,
                       const char *wanted)
{
    input_problem(input, path, field, REFUSED_MALFORMED, wanted);
}

static void read_texts(const struct input *input, struct text path, const struct field *field,
                       json_t *array, void *record)
{
    struct list *list = (void *)((char *)record + field->offset);
    size_t count = json_array_size(array);
    if ((int64_t)count > field_most(field)) {
        input_problem(input, path, field, REFUSED_TOO_LONG, NULL);
        return;
    }
    struct text *items = arena_array(input->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(array, i);
        struct text value = {json_string_value(item), json_string_length(item)};
        struct text where = input_item_path(input, path, i);
        if (!json_is_string(item))
            wrong_type(input, where, field, "应为文本。");
        else if (input_text(input, where, field, text_copy(input->arena, value), &value) &&
                 value.len)
            items[list->count++] = value;
    }
    list->items = items;
}

static void read_list(const struct input *input, struct text path, const struct field *field,
                      json_t *array, void *record)
{
    struct list *list = (void *)((char *)record + field->offset);
    size_t count = json_array_size(array);
    if ((int64_t)count > field_most(field)) {
        input_problem(input, path, field, REFUSED_TOO_LONG, NULL);
        return;
    }
    list->items = arena_array(input->arena, count, field->of->size);
    list->count = count;
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(array, i);
        struct text where = input_item_path(input, path, i);
        if (json_is_object(item))
            read_object(input, where, field->of, item,
                        (char *)list->items + i * field->of->size);
        else
            wrong_type(input, where, field, "应为 JSON 对象。");
    }
}

static void read_plain(const struct input *input, struct text path, const struct field *field,
                       json_t *value, void *record)
{
    bool number = field->type == FIELD_INT || field->type == FIELD_MONEY;
    if (field->type == FIELD_BOOL) {
        if (json_is_boolean(value))
            *(bool *)((char *)record + field->offset) = json_is_true(value);
        else
            wrong_type(input, path, field, "应为 true 或 false。");
    } else if (number) {
        if (json_is_integer(value))
            input_number(input, path, field, json_integer_value(value), record);
        else
            wrong_type(input, path, field, "应为整数。");
    } else if (json_is_string(value)) {
        struct text text = {json_string_value(value), json_string_length(value)};
        input_value(input, path, field, text_copy(input->arena, text), false, record);
    } else {
        wrong_type(input, path, field, "应为文本。");
    }
}

static void read_field(const struct input *input, struct text path, const struct field *field,
                       json_t *value, void *record)
{
    if (json_is_null(value))
        return;
    switch (field->type) {
    case FIELD_LIST:
    case FIELD_TEXTS:
        if (!json_is_array(value))
            wrong_type(input, path, field, "应为 JSON 数组。");
        else if (field->type == FIELD_LIST)
            read_list(input, path, field, value, record);
        else
            read_texts(input, path, field, value, record);
        break;
    case FIELD_RECORD:
        if (json_is_object(value)) {
            struct input inner = *input;
            inner.partial |= (field->flags & FIELD_PARTIAL) != 0;
            read_object(&inner, path, field->of, value, (char *)record + field->offset);
        } else {
            wrong_type(input, path, field, "应为 JSON 对象。");
        }
        break;
    default:
        read_plain(input, path, field, value, record);
    }
}

static void read_object(const struct input *input, struct text prefix, const struct shape *shape,
                        json_t *object, void *record)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        const struct field *field = shape_field(shape, text_of(key));
        struct text path = text_copy(input->arena, input_path(input, prefix, key));
        if (!field || (field->flags & FIELD_INTERNAL))
            input_problem(input, text_head(path, 200), NULL, REFUSED_UNDECLARED, NULL);
        else
            read_field(input, path, field, value, record);
    }
}

/* What jansson has to say, without the bytes of the input that it quotes (" near '…'"): they may be
 * cut in the midst of a character, and may be somebody's data. */
static struct text reader_said(const json_error_t *error)
{
    struct text said = text_of(error->text);
    ptrdiff_t quote = text_find(said, TEXT(" near '"));
    return quote < 0 ? said : text_slice(said, 0, (size_t)quote);
}

bool shape_from_json(const struct shape *shape, struct text json, struct arena *arena, void *out,
                     struct problems *problems)
{
    struct input input = {.arena = arena, .problems = problems};
    size_t before = problems->count;
    json_error_t error;
    memset(out, 0, shape->size);
    json_t *root = json_loadb(json.len ? json.at : " ", json.len ? json.len : 1,
                              JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(root)) {
        struct text message =
            root ? TEXT("请求内容应为一个 JSON 对象。")
                 : text_format(arena, "JSON 无法读取：第%d行第%d列，%.*s。", error.line,
                               error.column, TEXT_ARG(reader_said(&error)));
        problem_add(problems, arena, TEXT(""), REFUSED_BODY, message);
    } else {
        read_object(&input, TEXT(""), shape, root, out);
        input_required(&input, TEXT(""), shape, out);
    }
    json_decref(root);
    return problems->count == before;
}

static void answer_value(const struct field *field, const void *record, struct buf *out)
{
    const void *at = (const char *)record + field->offset;
    const struct list *list = at;
    switch (field->type) {
    case FIELD_TEXT:
        buf_json(out, *(const struct text *)at);
        break;
    case FIELD_INT:
    case FIELD_MONEY:
        buf_int(out, *(const int64_t *)at);
        break;
    case FIELD_BOOL:
        buf_str(out, *(const bool *)at ? "true" : "false");
        break;
    case FIELD_TIME:
    case FIELD_DATE:
        if (*(const int64_t *)at == 0)
            buf_str(out, "null");
        else
            buf_json(out, field_text(field, record, out->arena));
        break;
    case FIELD_WORD:
        buf_json(out, text_of(field->words[*(const int64_t *)at].name));
        break;
    case FIELD_RECORD:
        shape_to_answer(field->of, at, out);
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
                shape_to_answer(field->of, (const char *)list->items + i * field->of->size, out);
        }
        buf_char(out, ']');
        break;
    }
}

void shape_to_answer(const struct shape *shape, const void *record, struct buf *out)
{
    bool first = true;
    buf_char(out, '{');
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        if (field->flags & FIELD_SECRET)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_char(out, '"');
        buf_str(out, field->name);
        buf_str(out, "\":");
        answer_value(field, record, out);
    }
    buf_char(out, '}');
}
