/* Finding things in the catalogue: pure. */
#include "catalogue/parts.h"

const struct catalogue *catalogue_of(const struct context *context)
{
    return context_standing(context, &catalogue_module);
}

const struct catalogue *catalogue_at(const struct look_context *context)
{
    return look_standing(context, &catalogue_module);
}

/* The first version whose code is not before `code`. */
static size_t lower_bound(const struct catalogue *catalogue, struct text code)
{
    size_t low = 0, high = catalogue->version_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_order(catalogue->versions[middle].item.code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct version *catalogue_versions(const struct catalogue *catalogue, struct text code,
                                         size_t *count)
{
    *count = 0;
    if (!catalogue)
        return NULL;
    size_t first = lower_bound(catalogue, code), at = first;
    while (at < catalogue->version_count && text_equal(catalogue->versions[at].item.code, code))
        at++;
    *count = at - first;
    return *count ? &catalogue->versions[first] : NULL;
}

bool catalogue_own(const struct actor *actor, struct text department)
{
    return actor->roles & (ROLE_ADMINISTRATOR | ROLE_IMPORTER) ||
           (actor->department.len && text_equal(actor->department, department));
}

const struct announced *catalogue_withdrawal(const struct catalogue *catalogue, struct text code,
                                             int64_t last_date)
{
    for (size_t i = last_date ? catalogue->withdrawal_count : 0; i-- > 0;) {
        const struct announced *one = &catalogue->withdrawals[i];
        if (text_equal(one->withdrawal.item_code, code) && one->withdrawal.last_date == last_date)
            return one;
    }
    return NULL;
}

bool item_valid_on(const struct item *item, int64_t date)
{
    return item->valid_from <= date && (!item->valid_to || date <= item->valid_to);
}

const struct item *catalogue_find_item(const struct catalogue *catalogue, struct text code,
                                       int64_t version, int64_t now_ms)
{
    size_t count;
    const struct version *versions = catalogue_versions(catalogue, code, &count);
    int64_t today = time_date(now_ms);
    for (size_t i = count; i-- > 0;) {
        const struct item *item = &versions[i].item;
        bool withdrawn = versions[i].withdrawn_after && today > versions[i].withdrawn_after;
        if (version ? item->version == version : item_valid_on(item, today) && !withdrawn)
            return item;
    }
    return NULL;
}

const struct department *catalogue_find_department(const struct catalogue *catalogue,
                                                   struct text code)
{
    for (size_t i = 0; catalogue && i < catalogue->department_count; i++)
        if (text_equal(catalogue->departments[i].code, code))
            return &catalogue->departments[i];
    return NULL;
}

const struct place *catalogue_find_place(const struct catalogue *catalogue, struct text code)
{
    size_t low = 0, high = catalogue ? catalogue->place_count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_order(catalogue->places[middle].code, code);
        if (order == 0)
            return &catalogue->places[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct region *catalogue_region(const struct catalogue *catalogue)
{
    return catalogue && catalogue->has_region ? &catalogue->region : NULL;
}

struct text catalogue_setting(const struct catalogue *catalogue, const char *name)
{
    const struct region *region = catalogue_region(catalogue);
    const struct setting *settings = region ? region->settings.items : NULL;
    for (size_t i = 0; region && i < region->settings.count; i++)
        if (text_is(settings[i].name, name))
            return settings[i].value;
    return TEXT("");
}

const struct item *catalogue_item(const struct context *context, struct text code,
                                  int64_t version)
{
    return catalogue_find_item(catalogue_of(context), code, version, context->now_ms);
}

const struct department *catalogue_department(const struct context *context, struct text code)
{
    return catalogue_find_department(catalogue_of(context), code);
}

const struct place *catalogue_place(const struct context *context, struct text code)
{
    return catalogue_find_place(catalogue_of(context), code);
}

struct text department_name_on(const struct department *department, int64_t date)
{
    const struct department_name *names = department->names.items;
    struct text name = department->names.count ? names[0].name : TEXT("");
    for (size_t i = 1; i < department->names.count; i++)
        if (names[i].valid_from <= date)
            name = names[i].name;
    return name;
}

const struct measure *item_measure(const struct item *item, int64_t kind)
{
    const struct measure *measures = item->measures.items;
    for (size_t i = 0; i < item->measures.count; i++)
        if (measures[i].kind == kind)
            return &measures[i];
    return NULL;
}

const struct material *item_material(const struct item *item, struct text code)
{
    const struct material *materials = item->materials.items;
    for (size_t i = 0; i < item->materials.count; i++)
        if (text_equal(materials[i].code, code))
            return &materials[i];
    return NULL;
}

struct text item_remedy(const struct item *item, int64_t date)
{
    if (item->remedy.len)
        return item->remedy;
    if (date < date_of(2015, 5, 1))
        return TEXT("如对本决定不服，可以自收到本决定书之日起六十日内依法申请行政复议，"
                    "或者自收到本决定书之日起三个月内向人民法院提起行政诉讼。");
    return TEXT("如对本决定不服，可以自收到本决定书之日起六十日内依法申请行政复议，"
                "或者自收到本决定书之日起六个月内向人民法院提起行政诉讼。");
}

const struct item *const *catalogue_offered(const struct catalogue *catalogue, int64_t now_ms,
                                            struct arena *arena, size_t *count)
{
    *count = 0;
    if (!catalogue)
        return NULL;
    const struct item **items = arena_array(arena, catalogue->version_count, sizeof *items);
    for (size_t at = 0; at < catalogue->version_count;) {
        struct text code = catalogue->versions[at].item.code;
        const struct item *item = catalogue_find_item(catalogue, code, 0, now_ms);
        if (item)
            items[(*count)++] = item;
        while (at < catalogue->version_count &&
               text_equal(catalogue->versions[at].item.code, code))
            at++;
    }
    return items;
}

static struct text limit_said(int64_t days, int64_t unit, const char *none, struct arena *arena)
{
    if (!days || unit == DAYS_NONE)
        return text_of(none);
    return text_format(arena, unit == DAYS_WORKING ? "%lld个工作日" : "%lld个自然日",
                       (long long)days);
}

struct text item_promised_said(const struct item *item, struct arena *arena)
{
    if (item->case_kind == CASE_ON_SPOT)
        return TEXT("即办");
    return limit_said(item->promised_days, item->promised_unit,
                      item->guide_only ? "未写明" : "未承诺", arena);
}

struct text item_statutory_said(const struct item *item, struct arena *arena)
{
    return limit_said(item->statutory_days, item->statutory_unit,
                      item->guide_only ? "未写明" : "没有法定期限", arena);
}

static struct list department_names(const struct catalogue *catalogue, int64_t now_ms,
                                    struct arena *arena)
{
    struct named *names = arena_array(arena, catalogue->department_count, sizeof *names);
    for (size_t i = 0; i < catalogue->department_count; i++) {
        const struct department *one = &catalogue->departments[i];
        names[i] = (struct named){one->code, department_name_on(one, time_date(now_ms)), one->code};
    }
    return (struct list){names, catalogue->department_count};
}

static struct list place_names(const struct catalogue *catalogue, struct arena *arena)
{
    struct named *names = arena_array(arena, catalogue->place_count, sizeof *names);
    for (size_t i = 0; i < catalogue->place_count; i++)
        names[i] = (struct named){.code = catalogue->places[i].code,
                                  .name = catalogue->places[i].name};
    return (struct list){names, catalogue->place_count};
}

/* An item by the version in force, else by its newest. */
static struct list item_names(const struct catalogue *catalogue, int64_t now_ms,
                              struct arena *arena)
{
    struct named *names = arena_array(arena, catalogue->version_count, sizeof *names);
    size_t filled = 0;
    for (size_t i = 0; i < catalogue->version_count; i++) {
        const struct item *item = &catalogue->versions[i].item;
        if (i + 1 < catalogue->version_count &&
            text_equal(catalogue->versions[i + 1].item.code, item->code))
            continue;
        const struct item *now = catalogue_find_item(catalogue, item->code, 0, now_ms);
        item = now ? now : item;
        names[filled++] = (struct named){item->code, item->name, item->department};
    }
    return (struct list){names, filled};
}

struct list catalogue_names(const void *facts, enum naming what, int64_t now_ms,
                            struct arena *arena)
{
    if (!facts)
        return (struct list){0};
    switch (what) {
    case NAMES_DEPARTMENT:
        return department_names(facts, now_ms, arena);
    case NAMES_PLACE:
        return place_names(facts, arena);
    case NAMES_ITEM:
        return item_names(facts, now_ms, arena);
    }
    return (struct list){0};
}
