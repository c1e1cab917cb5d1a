#include "catalogue/diff.h"

#include <stddef.h>
#include <string.h>

const struct word change_kind_words[] = {
    {"none", "未注明"},  {"altered", "修改"}, {"added", "新增"},
    {"removed", "删除"}, {"moved", "顺序"},   {NULL, NULL},
};

#define F(member) .name = #member, .offset = offsetof(struct change, member)
static const struct field change_fields[] = {
    {F(path), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 400, .label = "位置"},
    {F(label), .type = FIELD_TEXT, .high = 2500, .label = "项目"},
    {F(kind), .type = FIELD_WORD, .label = "变化", .words = change_kind_words},
    {F(old), .type = FIELD_TEXT, .flags = FIELD_LINES, .high = 20000, .label = "原来"},
    {F(new), .type = FIELD_TEXT, .flags = FIELD_LINES, .high = 20000, .label = "改为"},
};
const struct shape change_shape = {"change", "修改", sizeof(struct change),
                                   SHAPE_FIELDS(change_fields)};

struct diff {
    struct arena *arena;
    struct change *items;
    size_t count;
};

static void add(struct diff *diff, struct change change)
{
    if ((diff->count & (diff->count - 1)) == 0)
        diff->items =
            arena_grow(diff->arena, diff->items, diff->count * sizeof change,
                       (diff->count ? diff->count * 2 : 1) * sizeof change);
    diff->items[diff->count++] = change;
}

static struct text code_label(const struct word *words, struct text name)
{
    int64_t index;
    return word_index(words, name, &index) ? text_of(words[index].label) : name;
}

static struct text shown(const struct field *field, const void *record, struct arena *arena)
{
    return field_empty(field, record) ? TEXT("") : field_display(field, record, arena);
}

/* A whole row in words: "材料名称：身份证；必要：是；…". */
static struct text row_said(const struct shape *shape, const void *row, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < shape->count; i++) {
        if (field_empty(&shape->fields[i], row))
            continue;
        buf_str(&out, out.len ? "；" : "");
        buf_str(&out, shape->fields[i].label);
        buf_str(&out, "：");
        buf_text(&out, field_display(&shape->fields[i], row, arena));
    }
    return buf_done(&out);
}

/* What makes a row the same row: its code, else its first field (name, question, kind). */
static struct text row_key(const struct shape *shape, const void *row, struct arena *arena)
{
    return field_text(&shape->fields[0], row, arena);
}

/* What people call the row: its name, else what makes it the same. */
static struct text row_name(const struct shape *shape, const void *row, struct arena *arena)
{
    const struct field *name = shape_field(shape, TEXT("name"));
    return shown(name ? name : &shape->fields[0], row, arena);
}

/* The rows of two lists beside one another: for each of a side the index of the other's, -1: none. */
struct pairing {
    const struct list *old, *new;
    ptrdiff_t *of_old, *of_new;
};

static struct text key_at(const struct field *field, const struct list *list, size_t at,
                          struct arena *arena)
{
    if (field->type == FIELD_TEXTS)
        return ((const struct text *)list->items)[at];
    return row_key(field->of, (const char *)list->items + at * field->of->size, arena);
}

static struct pairing pair_rows(const struct field *field, const struct list *old,
                                const struct list *new, struct arena *arena)
{
    struct pairing pairing = {old, new, arena_array(arena, old->count, sizeof(ptrdiff_t)),
                              arena_array(arena, new->count, sizeof(ptrdiff_t))};
    for (size_t j = 0; j < new->count; j++)
        pairing.of_new[j] = -1;
    for (size_t i = 0; i < old->count; i++) {
        struct text key = key_at(field, old, i, arena);
        pairing.of_old[i] = -1;
        for (size_t j = 0; j < new->count && pairing.of_old[i] < 0; j++)
            if (pairing.of_new[j] < 0 && text_equal(key, key_at(field, new, j, arena))) {
                pairing.of_old[i] = (ptrdiff_t)j;
                pairing.of_new[j] = (ptrdiff_t)i;
            }
    }
    return pairing;
}

static bool reordered(const struct pairing *pairing)
{
    ptrdiff_t last = -1;
    for (size_t i = 0; i < pairing->old->count; i++) {
        if (pairing->of_old[i] < 0)
            continue;
        if (pairing->of_old[i] < last)
            return true;
        last = pairing->of_old[i];
    }
    return false;
}

static struct text name_at(const struct field *field, const struct list *list, size_t at,
                           struct arena *arena)
{
    if (field->type != FIELD_TEXTS)
        return row_name(field->of, (const char *)list->items + at * field->of->size, arena);
    struct text value = ((const struct text *)list->items)[at];
    bool objects = strcmp(field->name, "objects") == 0;
    return objects ? code_label(object_words, value) : value;
}

/* The order of those that both have, each name on a line. */
static struct text order_said(const struct field *field, const struct list *list,
                              const ptrdiff_t *other, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < list->count; i++) {
        if (other[i] < 0)
            continue;
        buf_str(&out, out.len ? "\n" : "");
        buf_text(&out, name_at(field, list, i, arena));
    }
    return buf_done(&out);
}

static struct text whole_at(const struct field *field, const struct list *list, size_t at,
                            struct arena *arena)
{
    return field->type == FIELD_TEXTS
               ? name_at(field, list, at, arena)
               : row_said(field->of, (const char *)list->items + at * field->of->size, arena);
}

static struct text row_label(const struct field *field, const struct list *list, size_t at,
                             struct arena *arena)
{
    if (field->type == FIELD_TEXTS)
        return text_of(field->label);
    return text_format(arena, "%s：%.*s", field->label,
                       TEXT_ARG(name_at(field, list, at, arena)));
}

static struct text row_path(const struct field *field, const struct list *list, size_t at,
                            struct arena *arena)
{
    if (field->type == FIELD_TEXTS)
        return text_of(field->name);
    return text_format(arena, "%s.%.*s", field->name,
                       TEXT_ARG(text_head(key_at(field, list, at, arena), 200)));
}

static void rows_differ(struct diff *diff, const struct field *field, const struct pairing *pairing,
                        size_t new_at)
{
    const struct shape *shape = field->of;
    size_t old_at = (size_t)pairing->of_new[new_at];
    const char *old = (const char *)pairing->old->items + old_at * shape->size;
    const char *new = (const char *)pairing->new->items + new_at * shape->size;
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *inner = &shape->fields[i];
        struct text before = shown(inner, old, diff->arena), after = shown(inner, new, diff->arena);
        if (text_equal(before, after))
            continue;
        struct text label = row_label(field, pairing->new, new_at, diff->arena);
        struct text path = row_path(field, pairing->new, new_at, diff->arena);
        add(diff, (struct change){
                      .path = text_format(diff->arena, "%.*s.%s", TEXT_ARG(path), inner->name),
                      .label = text_format(diff->arena, "%.*s，%s", TEXT_ARG(label), inner->label),
                      .kind = CHANGE_ALTERED,
                      .old = before,
                      .new = after});
    }
}

static void lists_differ(struct diff *diff, const struct field *field, const struct list *old,
                         const struct list *new)
{
    struct arena *arena = diff->arena;
    struct pairing pairing = pair_rows(field, old, new, arena);
    for (size_t i = 0; i < old->count; i++)
        if (pairing.of_old[i] < 0)
            add(diff, (struct change){.path = row_path(field, old, i, arena),
                                      .label = row_label(field, old, i, arena),
                                      .kind = CHANGE_REMOVED,
                                      .old = whole_at(field, old, i, arena)});
    for (size_t j = 0; j < new->count; j++) {
        if (pairing.of_new[j] < 0)
            add(diff, (struct change){.path = row_path(field, new, j, arena),
                                      .label = row_label(field, new, j, arena),
                                      .kind = CHANGE_ADDED,
                                      .new = whole_at(field, new, j, arena)});
        else if (field->type == FIELD_LIST)
            rows_differ(diff, field, &pairing, j);
    }
    if (reordered(&pairing))
        add(diff, (struct change){.path = text_of(field->name),
                                  .label = text_format(arena, "%s的顺序", field->label),
                                  .kind = CHANGE_MOVED,
                                  .old = order_said(field, old, pairing.of_old, arena),
                                  .new = order_said(field, new, pairing.of_new, arena)});
}

struct list item_changes(const struct item *old, const struct item *new, struct arena *arena)
{
    struct diff diff = {.arena = arena};
    for (size_t i = 0; i < item_shape.count; i++) {
        const struct field *field = &item_shape.fields[i];
        const char *before = (const char *)old, *after = (const char *)new;
        if (field->flags & FIELD_INTERNAL)
            continue;
        if (field->type == FIELD_LIST || field->type == FIELD_TEXTS) {
            lists_differ(&diff, field, (const void *)(before + field->offset),
                         (const void *)(after + field->offset));
            continue;
        }
        struct text was = shown(field, before, arena), is = shown(field, after, arena);
        if (!text_equal(was, is))
            add(&diff, (struct change){.path = text_of(field->name),
                                       .label = text_of(field->label),
                                       .kind = CHANGE_ALTERED,
                                       .old = was,
                                       .new = is});
    }
    return (struct list){diff.items, diff.count};
}
