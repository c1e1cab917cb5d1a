/* Forms into records. */
#include <string.h>

#include "base/shape_input.h"

struct form {
    struct input input;
    const struct pairs *pairs;
    bool *used;
};

static void read_record(struct form *form, struct text prefix, const struct shape *shape,
                        void *record);

/* The value of a single field; a second one of the same name is a problem. */
static void read_single(struct form *form, struct text path, const struct field *field,
                        void *record)
{
    bool seen = false;
    for (size_t i = 0; i < form->pairs->count; i++) {
        const struct pair *pair = &form->pairs->items[i];
        if (form->used[i] || !text_equal(pair->name, path))
            continue;
        form->used[i] = true;
        if (seen) {
            input_problem(&form->input, path, field, REFUSED_REPEATED, NULL);
            return;
        }
        seen = true;
        input_value(&form->input, path, field, pair->value, true, record);
    }
}

/* False: there are too many. */
static bool add_text(struct form *form, struct text path, const struct field *field,
                     struct text value, struct list *list)
{
    struct text clean;
    if (!input_text(&form->input, path, field, value, &clean) || clean.len == 0)
        return true;
    if ((int64_t)list->count >= field_most(field)) {
        input_problem(&form->input, path, field, REFUSED_TOO_LONG, NULL);
        return false;
    }
    list->items = arena_grow(form->input.arena, list->items, list->count * sizeof clean,
                             (list->count + 1) * sizeof clean);
    ((struct text *)list->items)[list->count++] = clean;
    return true;
}

/* One value each, or one to a line. */
static void read_texts(struct form *form, struct text path, const struct field *field,
                       void *record)
{
    struct list *list = (void *)((char *)record + field->offset);
    for (size_t i = 0; i < form->pairs->count; i++) {
        const struct pair *pair = &form->pairs->items[i];
        struct text rest = pair->value, line;
        if (form->used[i] || !text_equal(pair->name, path))
            continue;
        form->used[i] = true;
        while (text_cut(&rest, '\n', &line))
            if (!add_text(form, path, field, line, list))
                return;
    }
}

/* The greatest index in names "path.INDEX.…" plus one; names with another second part stay unused
 * and so become undeclared. */
static size_t list_length(const struct form *form, struct text path, int64_t most, bool *over)
{
    size_t count = 0;
    for (size_t i = 0; i < form->pairs->count; i++) {
        struct text name = form->pairs->items[i].name, head;
        int64_t index;
        if (!text_starts(name, path) || name.len <= path.len || name.at[path.len] != '.')
            continue;
        name = text_slice(name, path.len + 1, name.len);
        if (!text_cut(&name, '.', &head) || head.len == 0 || (head.len > 1 && head.at[0] == '0') ||
            !text_int(head, &index) || index < 0)
            continue;
        if (index >= most)
            *over = true;
        else if ((size_t)index + 1 > count)
            count = (size_t)index + 1;
    }
    return count;
}

static void read_list(struct form *form, struct text path, const struct field *field, void *record)
{
    struct list *list = (void *)((char *)record + field->offset);
    bool over = false;
    list->count = list_length(form, path, field_most(field), &over);
    list->items = arena_array(form->input.arena, list->count, field->of->size);
    if (over)
        input_problem(&form->input, path, field, REFUSED_TOO_LONG, NULL);
    for (size_t i = 0; i < list->count; i++)
        read_record(form, input_item_path(&form->input, path, i), field->of,
                    (char *)list->items + i * field->of->size);
}

static void read_record(struct form *form, struct text prefix, const struct shape *shape,
                        void *record)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        struct text path = input_path(&form->input, prefix, field->name);
        if (field->flags & FIELD_INTERNAL)
            continue;
        switch (field->type) {
        case FIELD_LIST:
            read_list(form, path, field, record);
            break;
        case FIELD_TEXTS:
            read_texts(form, path, field, record);
            break;
        case FIELD_RECORD: {
            bool outer = form->input.partial;
            form->input.partial |= (field->flags & FIELD_PARTIAL) != 0;
            read_record(form, path, field->of, (char *)record + field->offset);
            form->input.partial = outer;
            break;
        }
        default:
            read_single(form, path, field, record);
        }
    }
}

bool shape_from_form(const struct shape *shape, const struct pairs *pairs, struct arena *arena,
                     void *out, struct problems *problems)
{
    struct form form = {.input = {.arena = arena, .problems = problems}, .pairs = pairs};
    size_t before = problems->count;
    form.used = arena_alloc(arena, pairs->count);
    memset(out, 0, shape->size);
    read_record(&form, TEXT(""), shape, out);
    for (size_t i = 0; i < pairs->count; i++) {
        struct text name = pairs->items[i].name;
        if (form.used[i] || (name.len && name.at[0] == '_'))
            continue;
        if (!text_utf8(name) || name.len > 200)
            name = TEXT("?");
        input_problem(&form.input, name, NULL, REFUSED_UNDECLARED, NULL);
    }
    input_required(&form.input, TEXT(""), shape, out);
    return problems->count == before;
}
