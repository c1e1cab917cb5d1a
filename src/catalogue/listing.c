#include "catalogue/listing.h"

#include <jansson.h>

#include "base/file.h"
#include "catalogue/check.h"
#include "catalogue/parts.h"

#define FILE_LIMIT ((size_t)64 << 20)

const struct word listing_end_words[] = {
    {"new", "new"},         {"changed", "changed"},       {"same", "as they are"},
    {"differs", "differ"},  {"bad", "left out"},          {NULL, NULL},
};

static void bad(struct listing_row *row, const char *reason, struct text why)
{
    row->end = LISTING_BAD;
    row->reason = text_of(reason);
    row->why = why;
}

/* One member as a text; false after saying that it is missing, no text or not as texts must be. */
static bool member(const json_t *from, const char *key, const struct field *field,
                   struct arena *arena, struct listing_row *row, struct text *out)
{
    const json_t *value = json_object_get(from, key);
    struct problems problems = {0};
    struct text text = {json_string_value(value), json_string_length(value)};
    if (row->end == LISTING_BAD)
        return false;
    if (value && !json_is_string(value)) {
        bad(row, "fields", text_format(arena, "%s is no text", key));
        return false;
    }
    bool good = shape_text(field, text_of(key), text_copy(arena, text), arena, &problems, out);
    bool missing = good && field->flags & FIELD_REQUIRED && !out->len;
    if (good && !missing)
        return true;
    enum refusal wrong = missing ? REFUSED_MISSING : problems.items[0].code;
    bad(row, "fields", text_format(arena, "%s: %s", key, refusal_text(wrong)->english));
    return false;
}

static void row_read(const json_t *from, size_t at, struct arena *arena, struct listing_row *row)
{
    static const struct field name = {.name = "name", .type = FIELD_TEXT,
                                      .flags = FIELD_REQUIRED, .low = 1, .high = 200};
    static const struct field code = {.name = "item_code", .type = FIELD_TEXT,
                                      .flags = FIELD_REQUIRED, .low = 1, .high = 80};
    static const struct field free = {.name = "group", .type = FIELD_TEXT, .high = 500};
    const struct {
        const char *key;
        const struct field *field;
        struct text *to;
    } members[] = {
        {"item_code", &code, &row->code},       {"name", &name, &row->name},
        {"department", &name, &row->department}, {"task_type", &code, &row->type},
        {"area_code", &free, &row->division},   {"group", &free, &row->heading},
    };
    *row = (struct listing_row){.at = text_format(arena, "items[%zu]", at)};
    if (!json_is_object(from))
        bad(row, "fields", TEXT("this is no object"));
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        member(from, members[i].key, members[i].field, arena, row, members[i].to);
}

bool listing_read(const char *path, struct arena *arena, struct list *rows, struct fault *why)
{
    struct text json;
    json_error_t error;
    if (!file_read(path, FILE_LIMIT, arena, &json, why))
        return false;
    json_t *root = json_loadb(json.at, json.len, JSON_REJECT_DUPLICATES, &error);
    bool good = json_is_array(root);
    if (!root)
        fault_set(why, "%s:%d: %s", path, error.line, error.text);
    else if (!good)
        fault_set(why, "%s: a list of items is a JSON array", path);
    size_t count = json_array_size(root);
    struct listing_row *read = arena_array(arena, count, sizeof *read);
    for (size_t i = 0; i < count; i++)
        row_read(json_array_get(root, i), i, arena, &read[i]);
    *rows = (struct list){read, count};
    json_decref(root);
    return good;
}

bool listing_read_yaml(const char *path, struct arena *arena, struct list *rows,
                       struct yaml_errors *errors)
{
    struct list items;
    struct text *names;
    if (!city_items_load(path, arena, &items, &names, errors))
        return false;
    struct listing_row *read = arena_array(arena, items.count, sizeof *read);
    for (size_t i = 0; i < items.count; i++) {
        const struct item *item = (const struct item *)items.items + i;
        read[i] = (struct listing_row){
            .at = names[i], .code = item->code, .name = item->name, .item = item};
    }
    *rows = (struct list){read, items.count};
    return true;
}

/* What the plan is made of. */
struct plan {
    const struct catalogue *catalogue;
    int64_t region, today;
    bool new_departments;
    struct arena *arena;
    struct listing *out;
};

/* By a name or short name that it bears today. */
static struct text department_named(const struct plan *plan, struct text name)
{
    const struct catalogue *catalogue = plan->catalogue;
    for (size_t i = 0; catalogue && i < catalogue->department_count; i++) {
        const struct department *one = &catalogue->departments[i];
        const struct department_name *names = one->names.items;
        for (size_t j = 0; j < one->names.count; j++)
            if ((text_equal(names[j].name, name) || text_equal(names[j].short_name, name)) &&
                names[j].valid_from <= plan->today &&
                (!names[j].valid_to || plan->today <= names[j].valid_to))
                return one->code;
    }
    return TEXT("");
}

static bool code_taken(const struct plan *plan, struct text code)
{
    const struct listing_department *made = plan->out->departments.items;
    for (size_t i = 0; i < plan->out->departments.count; i++)
        if (text_equal(made[i].code, code))
            return true;
    return catalogue_find_department(plan->catalogue, code) != NULL;
}

static struct text free_code(const struct plan *plan)
{
    for (int number = 1;; number++) {
        struct text code =
            text_format(plan->arena, "%lld-%02d", (long long)plan->region, number);
        if (!code_taken(plan, code))
            return code;
    }
}

static struct text department_missing(struct plan *plan, struct text name)
{
    struct list *list = &plan->out->departments;
    struct listing_department *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (text_equal(items[i].name, name)) {
            items[i].rows++;
            return items[i].code;
        }
    struct text code = free_code(plan);
    items = arena_grow(plan->arena, items, list->count * sizeof *items,
                       (list->count + 1) * sizeof *items);
    items[list->count++] = (struct listing_department){name, code, 1};
    list->items = items;
    return code;
}

static bool repeated(const struct plan *plan, const struct listing_row *row)
{
    const struct listing_row *rows = plan->out->rows.items;
    for (; rows < row; rows++)
        if (rows->end != LISTING_BAD && text_equal(rows->code, row->code))
            return true;
    return false;
}

/* The code, the type and where the item belongs; false after saying what is wrong. */
static bool row_judge(struct plan *plan, struct listing_row *row, struct national_code *code)
{
    enum national_wrong wrong = national_code_parse(row->code, code);
    struct text division = code->division.len ? code->division : row->division;
    if (wrong != NATIONAL_GOOD)
        bad(row, national_wrong_words[wrong].name,
            text_format(plan->arena, "%s%s%.*s", national_wrong_words[wrong].label,
                        code->organ.len ? ": " : "", TEXT_ARG(code->organ)));
    else if (row->division.len && !text_equal(row->division, division))
        bad(row, "division", TEXT("area_code is not the division within the code"));
    else if (division.len &&
             !text_starts(division, text_format(plan->arena, "%lld", (long long)plan->region)))
        bad(row, "region",
            text_format(plan->arena, "division %.*s is not of this region", TEXT_ARG(division)));
    else if (national_item_type(row->type) == ITEM_NONE)
        bad(row, "type", text_format(plan->arena, "nobody applies for type %.*s",
                                     TEXT_ARG(row->type)));
    else if (repeated(plan, row))
        bad(row, "repeated", TEXT("the code stands there a second time"));
    return row->end != LISTING_BAD;
}

static bool says_the_same(const struct item *a, const struct item *b)
{
    return text_equal(a->name, b->name) && text_equal(a->department, b->department) &&
           a->type == b->type && text_equal(a->theme, b->theme);
}

/* What the house has under that code decides what becomes of the row. */
static void row_compare(const struct plan *plan, struct listing_row *row, const struct item *item)
{
    size_t count;
    const struct version *versions = catalogue_versions(plan->catalogue, item->code, &count);
    const struct item *newest = count ? &versions[count - 1].item : NULL;
    if (newest && !text_equal(newest->task_code, item->task_code)) {
        bad(row, "taken", text_format(plan->arena, "another item has the code %.*s",
                                      TEXT_ARG(item->code)));
    } else if (newest && (says_the_same(newest, item) || versions[count - 1].withdrawn_after)) {
        row->end = LISTING_SAME;
    } else if (newest && !newest->guide_only) {
        row->end = LISTING_DIFFERS;
        row->reason = TEXT("differs");
        row->why = text_format(plan->arena, "the house has it as %.*s", TEXT_ARG(newest->name));
    } else if (newest) {
        row->end = LISTING_CHANGED;
    }
}

static void row_plan(struct plan *plan, struct listing_row *row)
{
    struct national_code code;
    if (!row_judge(plan, row, &code))
        return;
    struct text department = department_named(plan, row->department);
    bool missing = !department.len;
    if (missing)
        department = department_missing(plan, row->department);
    if (missing && !plan->new_departments) {
        bad(row, "department", text_format(plan->arena, "the region has no department %.*s",
                                           TEXT_ARG(row->department)));
        return;
    }
    bool heading = !text_is(row->heading, "未分类") && text_chars(row->heading) <= 50;
    struct item *item = arena_alloc(plan->arena, sizeof *item);
    *item = (struct item){
        .code = national_local_code(&code, plan->arena),
        .national_code = code.base,
        .task_code = row->code,
        .organ_code = code.organ,
        .name = row->name,
        .department = department,
        .guide_only = true,
        .type = national_item_type(row->type),
        .theme = heading ? row->heading : TEXT(""),
        .source = SOURCE_CATALOGUE,
    };
    row->item = item;
    row_compare(plan, row, item);
}

static struct text written(const struct item *item, struct arena *arena)
{
    struct item copy = *item;
    struct buf json = {arena};
    copy.version = 0;
    shape_to_json(&item_shape, &copy, SHAPE_ALL, &json);
    return buf_done(&json);
}

/* A whole guide: new, unless some version says exactly this. */
static void guide_plan(const struct plan *plan, struct listing_row *row)
{
    struct problems problems = {0};
    size_t count;
    const struct version *versions = catalogue_versions(plan->catalogue, row->code, &count);
    struct text now = written(row->item, plan->arena);
    row->end = count ? LISTING_CHANGED : LISTING_NEW;
    for (size_t i = 0; i < count; i++)
        if (text_equal(written(&versions[i].item, plan->arena), now))
            row->end = LISTING_SAME;
    item_check(row->item, plan->arena, &problems);
    if (problems.count)
        bad(row, "guide", text_format(plan->arena, "%.*s: %.*s", TEXT_ARG(problems.items[0].field),
                                      TEXT_ARG(problems.items[0].message)));
    else if (!catalogue_find_department(plan->catalogue, row->item->department))
        bad(row, "department", text_format(plan->arena, "the region has no department %.*s",
                                           TEXT_ARG(row->item->department)));
}

static void command_add(struct listing *out, const struct command *command, const void *input,
                        struct listing_row *row, struct arena *arena)
{
    out->published[out->commands.count] = row;
    out->commands.items[out->commands.count++] =
        (struct city_command){command, arena_copy(arena, input, command->input->size)};
}

static void commands_make(struct plan *plan)
{
    struct listing *out = plan->out;
    const struct listing_department *missing = out->departments.items;
    size_t most = out->departments.count + out->rows.count;
    out->commands.items = arena_array(plan->arena, most, sizeof *out->commands.items);
    out->published = arena_array(plan->arena, most, sizeof(struct listing_row *));
    for (size_t i = 0; plan->new_departments && i < out->departments.count; i++) {
        struct department_name name = {.name = missing[i].name, .source = SOURCE_CATALOGUE};
        struct department department = {
            .code = missing[i].code,
            .names = {arena_copy(plan->arena, &name, sizeof name), 1},
            .source = SOURCE_CATALOGUE,
        };
        command_add(out, &catalogue_department_define, &department, NULL, plan->arena);
    }
    struct listing_row *rows = out->rows.items;
    for (size_t i = 0; i < out->rows.count; i++) {
        out->counts[rows[i].end]++;
        if (rows[i].end == LISTING_NEW || rows[i].end == LISTING_CHANGED)
            command_add(out, &catalogue_item_publish, rows[i].item, &rows[i], plan->arena);
    }
}

void listing_plan(const struct list *rows, const struct catalogue *catalogue, int64_t region,
                  int64_t today, bool new_departments, struct arena *arena, struct listing *out)
{
    *out = (struct listing){.rows = *rows};
    struct plan plan = {catalogue, region, today, new_departments, arena, out};
    struct listing_row *items = rows->items;
    for (size_t i = 0; i < rows->count; i++) {
        if (items[i].item)
            guide_plan(&plan, &items[i]);
        else if (items[i].end != LISTING_BAD)
            row_plan(&plan, &items[i]);
    }
    commands_make(&plan);
}

bool listing_catalogue(struct db_read *db, int64_t region, struct arena *arena,
                       const struct catalogue **out, struct fault *why)
{
    void *facts = NULL;
    bool good = catalogue_load(db, region, arena, &facts, why);
    *out = facts;
    return good;
}
