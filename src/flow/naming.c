/* What may be asked of other modules, and of their standing facts, without knowing the modules. */
#include "flow/module.h"


const void *look_standing(const struct look_context *context, const struct module *module)
{
    for (size_t i = 0; i < context->standing_count; i++)
        if (context->standing[i].module == module)
            return context->standing[i].facts;
    return NULL;
}

#define NAMED(member, words)                                                                       \
    {                                                                                              \
        #member, FIELD_TEXT, offsetof(struct named, member), .label = words                        \
    }
static const struct field named_fields[] = {NAMED(code, "代码"), NAMED(name, "名称"),
                                            NAMED(department, "部门代码")};
const struct shape named_shape = {"named", "名称", sizeof(struct named),
                                  SHAPE_FIELDS(named_fields)};

struct list context_names(const struct context *context, enum naming what)
{
    for (size_t i = 0; i < context->standing_count; i++) {
        const struct standing *standing = &context->standing[i];
        if (!standing->module->names)
            continue;
        struct list names =
            standing->module->names(standing->facts, what, context->now_ms, context->arena);
        if (names.count)
            return names;
    }
    return (struct list){0};
}

struct list look_names(const struct look_context *context, enum naming what)
{
    struct context same = {.now_ms = context->now_ms,
                           .standing = context->standing,
                           .standing_count = context->standing_count,
                           .arena = context->arena};
    return context_names(&same, what);
}

const struct named *name_find(const struct list *names, struct text code)
{
    const struct named *items = names->items;
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(items[i].code, code))
            return &items[i];
    return NULL;
}

bool names_hold(const struct list *names, struct text code)
{
    return name_find(names, code) != NULL;
}

struct text name_of(const struct list *names, struct text code)
{
    const struct named *found = name_find(names, code);
    return found ? found->name : code;
}

void look_shows(const struct look_context *context, struct shown shown)
{
    if (context->shown)
        *context->shown = shown;
}

bool look_subjects(const struct look_context *context, struct text number, struct list *out,
                   struct fault *why)
{
    *out = (struct list){0};
    for (size_t i = 0; context->modules && context->modules[i]; i++)
        if (context->modules[i]->subjects &&
            !context->modules[i]->subjects(context->db, context->region, number, context->arena,
                                           out, why))
            return false;
    return true;
}

int64_t look_rows(const struct look_context *context, int64_t shown)
{
    return context->rows ? context->rows : shown;
}

static struct text title_of(const struct module *const *modules, struct text name)
{
    for (size_t i = 0; modules && modules[i]; i++) {
        const struct look *const *looks = modules[i]->looks;
        for (size_t j = 0; looks && looks[j]; j++)
            if (text_is(name, looks[j]->name))
                return text_of(looks[j]->title);
    }
    return name;
}

struct text look_title(const struct look_context *context, struct text name)
{
    size_t table = name.len - (sizeof LOOK_TABLE - 1);
    if (!text_ends(name, TEXT(LOOK_TABLE)))
        return title_of(context->modules, name);
    struct text title = title_of(context->modules, text_slice(name, 0, table));
    return text_format(context->arena, "%.*s（下载表格）", TEXT_ARG(title));
}
