/* The forms of a draft: a section of plain fields, a list with its rows, one row of it. */
#include <string.h>

#include "catalogue/edit_pages.h"

static void choose_objects(struct section_page *page, struct arena *arena)
{
    size_t count = 0;
    while (object_words[count].name)
        count++;
    struct choice_row *rows = arena_array(arena, count, sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct choice_row){text_of(object_words[i].name),
                                      text_of(object_words[i].label)};
    page->objects = (struct list){rows, count};
}

static void choose_departments(struct section_page *page, const struct look_context *context)
{
    const struct catalogue *catalogue = catalogue_at(context);
    int64_t today = time_date(context->now_ms);
    struct choice_row *rows =
        arena_array(context->arena, catalogue->department_count, sizeof *rows);
    for (size_t i = 0; i < catalogue->department_count; i++) {
        const struct department *one = &catalogue->departments[i];
        bool kept = text_equal(one->code, page->item.department);
        const struct text *joins = page->item.joins.items;
        for (size_t j = 0; j < page->item.joins.count; j++)
            kept |= text_equal(one->code, joins[j]);
        if (kept || !one->valid_to || today <= one->valid_to)
            rows[page->departments.count++] =
                (struct choice_row){one->code, department_name_on(one, today)};
    }
    page->departments.items = rows;
}

static bool holds(const struct list *texts, struct text value)
{
    const struct text *items = texts->items;
    for (size_t i = 0; i < texts->count; i++)
        if (text_equal(items[i], value))
            return true;
    return false;
}

/* Where people can go: the centres and their halls, the department's own windows, and what the item
 * names already. */
static void choose_places(struct section_page *page, const struct look_context *context)
{
    const struct catalogue *catalogue = catalogue_at(context);
    struct choice_row *rows = arena_array(context->arena, catalogue->place_count, sizeof *rows);
    for (size_t i = 0; i < catalogue->place_count; i++) {
        const struct place *one = &catalogue->places[i];
        const struct place *above = catalogue_find_place(catalogue, one->parent);
        bool window = one->kind == PLACE_WINDOW && holds(&one->departments, page->item.department);
        bool house = one->kind == PLACE_CENTRE || one->kind == PLACE_SUB_CENTRE ||
                     one->kind == PLACE_TOWN_CENTRE || one->kind == PLACE_HALL;
        if (window || house || holds(&page->item.places, one->code))
            rows[page->places.count++] = (struct choice_row){
                one->code, above ? text_format(context->arena, "%.*s %.*s", TEXT_ARG(above->name),
                                               TEXT_ARG(one->name))
                                 : one->name};
    }
    page->places.items = rows;
}

static enum refusal section_begin(const struct look_context *context,
                                  const struct section_query *query, struct section_page *page,
                                  struct fault *why)
{
    struct kept_draft kept;
    enum refusal refusal = draft_shown(context, query->item_code, &kept, why);
    if (refusal != OK || why->why[0])
        return refusal;
    page->item_code = kept.draft.item_code;
    page->name = kept.draft.item.name;
    page->section = text_of(draft_section_words[query->section].name);
    page->section_name = text_of(draft_section_words[query->section].label);
    page->revision = kept.draft.revision;
    page->item = kept.draft.item;
    page->rows_of_list = section_list(query->section);
    page->may_write = context->actor->roles & DRAFT_WRITERS &&
                      catalogue_own(context->actor, kept.draft.department);
    page->chooses_department = context->actor->roles & ROLE_ADMINISTRATOR;
    return OK;
}

/* The mistakes of a section under its controls' names; of a row those of that row alone, 0: of all. */
static void mark(const struct look_context *context, struct section_page *page, int64_t row)
{
    struct list all = mistakes_of(context, &page->item);
    struct mistake *marks = arena_array(context->arena, all.count, sizeof *marks);
    const struct mistake *from = all.items;
    struct text prefix = text_format(context->arena, "%.*s.%lld.", TEXT_ARG(page->section),
                                     (long long)row - 1);
    page->mistakes.items = marks;
    for (size_t i = 0; i < all.count; i++) {
        struct mistake one = from[i];
        if (!text_equal(one.section, page->section) || (row && !text_starts(one.field, prefix)))
            continue;
        if (row)
            one.field = text_format(context->arena, "item.%.*s.0.%.*s", TEXT_ARG(page->section),
                                    TEXT_ARG(text_slice(one.field, prefix.len, one.field.len)));
        else
            one.field = text_format(context->arena, "item.%.*s", TEXT_ARG(one.field));
        marks[page->mistakes.count++] = one;
    }
}

/* Mistakes of single values of a texts field stand at the one text area. */
static void mark_lines(struct section_page *page, struct arena *arena)
{
    struct mistake *marks = page->mistakes.items;
    for (size_t i = 0; i < page->mistakes.count; i++) {
        struct text rest = marks[i].field, part;
        text_cut(&rest, '.', &part); /* item */
        text_cut(&rest, '.', &part);
        marks[i].field = text_format(arena, "item.%.*s", TEXT_ARG(part));
    }
}

static struct text row_detail(const struct shape *shape, const void *row, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 1; i < shape->count && out.len < 400; i++) {
        const struct field *field = &shape->fields[i];
        if (field_empty(field, row) || strcmp(field->name, "name") == 0)
            continue;
        struct text value = field_display(field, row, arena), head = text_head(value, 60);
        buf_str(&out, out.len ? "；" : "");
        if (field->type != FIELD_TEXT)
            buf_format(&out, "%s：", field->label);
        buf_text(&out, head);
        buf_str(&out, head.len < value.len ? "…" : "");
    }
    return buf_done(&out);
}

static void list_rows(struct section_page *page, int64_t section, struct arena *arena)
{
    const struct field *list_field = section_list(section);
    const struct shape *shape = list_field->of;
    const struct list *list = (const void *)((const char *)&page->item + list_field->offset);
    const struct mistake *marks = page->mistakes.items;
    const struct field *called = shape_field(shape, TEXT("name"));
    struct row_row *rows = arena_array(arena, list->count, sizeof *rows);
    called = called ? called : &shape->fields[0];
    for (size_t i = 0; i < list->count; i++) {
        const void *row = (const char *)list->items + i * shape->size;
        struct text prefix = text_format(arena, "item.%s.%zu.", list_field->name, i);
        rows[i] = (struct row_row){
            .item_code = page->item_code,
            .section = page->section,
            .row = (int64_t)i + 1,
            .name = field_empty(called, row) ? text_format(arena, "第%zu条", i + 1)
                                             : field_display(called, row, arena),
            .said = row_detail(shape, row, arena),
            .up = (int64_t)i,
            .down = i + 1 < list->count ? (int64_t)i + 2 : 0,
        };
        for (size_t j = 0; j < page->mistakes.count; j++)
            rows[i].mistakes += text_starts(marks[j].field, prefix);
    }
    page->rows = (struct list){rows, list->count};
}

enum refusal section_show(const struct look_context *context, const void *asked, void *out,
                          struct fault *why)
{
    const struct section_query *query = asked;
    struct section_page *page = out;
    enum refusal refusal = section_begin(context, query, page, why);
    if (refusal != OK || why->why[0])
        return refusal;
    mark(context, page, 0);
    if (page->rows_of_list) {
        list_rows(page, query->section, context->arena);
        return OK;
    }
    mark_lines(page, context->arena);
    choose_objects(page, context->arena);
    choose_departments(page, context);
    choose_places(page, context);
    return OK;
}

/* m4 after m1, m2, m3: a code that none of the rows has. */
static struct text next_code(const struct field *list_field, const struct list *list,
                             struct arena *arena)
{
    const struct field *code = shape_field(list_field->of, TEXT("code"));
    for (size_t number = list->count + 1; code; number++) {
        struct text proposed = text_format(arena, "%c%zu", list_field->name[0], number);
        bool used = false;
        for (size_t i = 0; i < list->count; i++)
            used |= text_equal(proposed,
                               field_text(code, (const char *)list->items + i * list_field->of->size,
                                          arena));
        if (!used)
            return proposed;
    }
    return TEXT("");
}

/* Leaves the one row in its list, an empty one where a row is added. */
static bool keep_row(struct section_page *page, int64_t section, int64_t row, struct arena *arena)
{
    const struct field *field = section_list(section);
    struct list *list = field ? (void *)((char *)&page->item + field->offset) : NULL;
    if (!list || row < 0 || row > (int64_t)list->count)
        return false;
    char *one = arena_array(arena, 1, field->of->size);
    if (row) {
        memcpy(one, (const char *)list->items + (size_t)(row - 1) * field->of->size,
               field->of->size);
    } else {
        const struct field *code = shape_field(field->of, TEXT("code"));
        if (code)
            *(struct text *)(void *)(one + code->offset) = next_code(field, list, arena);
    }
    *list = (struct list){one, 1};
    return true;
}

enum refusal row_show(const struct look_context *context, const void *asked, void *out,
                      struct fault *why)
{
    const struct section_query *query = asked;
    struct section_page *page = out;
    enum refusal refusal = section_begin(context, query, page, why);
    if (refusal != OK || why->why[0])
        return refusal;
    page->row = query->row;
    /* What is wrong with a row depends on the others, so it is asked before they go. */
    if (query->row)
        mark(context, page, query->row);
    return keep_row(page, query->section, query->row, context->arena) ? OK : REFUSED_NOT_FOUND;
}

const struct look section_look = {
    .name = "catalogue.draft.section",
    .title = "修改草稿",
    .path = "/staff/catalogue/drafts/{item_code}/{section}",
    .roles = CATALOGUE_LOOKERS,
    .query = &section_query_shape,
    .page = &section_page_shape,
    .template = "catalogue/section.html",
    .look = section_show,
};

const struct look row_look = {
    .name = "catalogue.draft.row",
    .title = "修改一条",
    .path = "/staff/catalogue/drafts/{item_code}/{section}/{row}",
    .roles = CATALOGUE_LOOKERS,
    .query = &row_query_shape,
    .page = &section_page_shape,
    .template = "catalogue/row.html",
    .look = row_show,
};
