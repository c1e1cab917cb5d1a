/* Pure: what may be done with a draft. */
#include <string.h>

#include "catalogue/draft.h"

static struct text draft_address(struct text item_code, struct arena *arena)
{
    return text_format(arena, "/staff/catalogue/drafts/%.*s", TEXT_ARG(item_code));
}

static struct text section_address(struct text item_code, int64_t section, struct arena *arena)
{
    return text_format(arena, "/staff/catalogue/drafts/%.*s/%s", TEXT_ARG(item_code),
                       draft_section_words[section].name);
}

static struct text subject_of(struct text item_code, struct arena *arena)
{
    return text_format(arena, "item:%.*s", TEXT_ARG(item_code));
}

/* The draft is there, the actor's department's, and as the form had it. A stale form keeps what was
 * typed: the problem names a field, so its page is shown again and sends the revision that is now. */
static enum refusal draft_open(const struct draft_facts *known, int64_t revision,
                               const struct context *context, struct decision *out)
{
    if (!known->found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "item_code", "这个事项没有草稿。");
    if (!catalogue_own(context->actor, known->kept.draft.department))
        return decision_refuse(out, REFUSED_DEPARTMENT, "", NULL);
    if (revision != known->kept.draft.revision)
        return decision_refuse(
            out, REFUSED_STALE, "revision",
            text_format(out->arena,
                        "在您填写期间，草稿已被别人改过（现为第%lld稿）。您填写的内容还在下面，尚未保存；"
                        "请先核对已保存的草稿，再决定是否保存。",
                        (long long)known->kept.draft.revision)
                .at);
    return OK;
}

static void answer(struct decision *out, const struct context *context,
                   const struct item_draft *draft)
{
    struct draft_saved *saved = arena_alloc(out->arena, sizeof *saved);
    struct problems mistakes = {0};
    item_mistakes(catalogue_of(context), &draft->item, out->arena, &mistakes);
    *saved = (struct draft_saved){draft->item_code, draft->revision, (int64_t)mistakes.count};
    out->answer_shape = &draft_saved_shape;
    out->answer = saved;
}

/* What is wrong with a new item's beginning. */
static enum refusal start_new(const struct draft_start *start, const struct context *context,
                              struct item_draft *draft, struct decision *out)
{
    const struct actor *actor = context->actor;
    bool chooses = actor->roles & ROLE_ADMINISTRATOR;
    struct text department = start->department.len ? start->department : actor->department;
    if (start->version)
        return decision_refuse(out, REFUSED_NOT_FOUND, "item_code", "没有这个事项。");
    if (!start->name.len)
        return decision_refuse(out, REFUSED_MISSING, "name", "新事项要写名称。");
    if (!chooses && !text_equal(department, actor->department))
        return decision_refuse(out, REFUSED_DEPARTMENT, "department", NULL);
    if (!department.len)
        return decision_refuse(out, REFUSED_MISSING, "department", "请选择实施部门。");
    if (!catalogue_department(context, department))
        return decision_refuse(out, REFUSED_REFERENCE, "department", "没有这个部门。");
    draft->department = department;
    draft->item = (struct item){.code = start->item_code, .name = start->name,
                                .department = department, .can_accept = true};
    return OK;
}

static enum refusal start_from(const struct draft_start *start, const struct version *versions,
                               size_t count, const struct context *context,
                               struct item_draft *draft, struct decision *out)
{
    int64_t newest = versions[count - 1].item.version;
    if (start->name.len)
        return decision_refuse(out, REFUSED_EXISTS, "item_code",
                               "这个编码已经用于别的事项，请换一个编码。");
    for (size_t i = 0; i < count; i++)
        if (versions[i].item.version == (start->version ? start->version : newest)) {
            draft->item = versions[i].item;
            draft->based_on = versions[i].item.version;
        }
    if (!draft->based_on)
        return decision_refuse(out, REFUSED_NOT_FOUND, "version", "没有这一版。");
    draft->department = versions[count - 1].item.department;
    draft->item.version = 0;
    draft->item.valid_from = 0;
    return catalogue_own(context->actor, draft->department)
               ? OK
               : decision_refuse(out, REFUSED_DEPARTMENT, "", NULL);
}

static void add_author(struct item_draft *draft, struct text actor, struct arena *arena)
{
    if (draft_has_author(draft, actor))
        return;
    struct text *authors = arena_array(arena, draft->authors.count + 1, sizeof *authors);
    if (draft->authors.count)
        memcpy(authors, draft->authors.items, draft->authors.count * sizeof *authors);
    authors[draft->authors.count] = actor;
    draft->authors = (struct list){authors, draft->authors.count + 1};
}

enum refusal draft_start_decide(const void *facts, const void *input,
                                const struct context *context, struct decision *out)
{
    const struct draft_facts *known = facts;
    const struct draft_start *start = input;
    size_t count;
    const struct version *versions =
        catalogue_versions(catalogue_of(context), start->item_code, &count);
    struct item_draft *draft = arena_alloc(out->arena, sizeof *draft);
    *draft = (struct item_draft){.item_code = start->item_code, .revision = 1};
    enum refusal refusal = count ? start_from(start, versions, count, context, draft, out)
                                 : start_new(start, context, draft, out);
    if (refusal != OK)
        return refusal;
    if (known->found)
        return decision_refuse(out, REFUSED_EXISTS, "item_code",
                               "这个事项已经有一份草稿，请在那份草稿上修改。");
    /* Who only takes over what is in force has typed nothing yet. */
    if (!count)
        add_author(draft, context->actor->name, out->arena);
    decision_emit(out, &item_drafted, subject_of(draft->item_code, out->arena), draft);
    answer(out, context, draft);
    out->location = draft_address(draft->item_code, out->arena);
    return OK;
}

/* Emits the draft as it would be, unless nothing changed. */
static enum refusal save(const struct draft_facts *known, struct item_draft *next,
                         const struct context *context, struct decision *out)
{
    const struct item_draft *old = &known->kept.draft;
    if (!(context->actor->roles & ROLE_ADMINISTRATOR) &&
        !text_equal(next->item.department, old->item.department))
        return decision_refuse(out, REFUSED_DEPARTMENT, "item.department",
                               "改变实施部门要由管理员办理。");
    if (!items_equal(&old->item, &next->item, out->arena)) {
        next->revision = old->revision + 1;
        add_author(next, context->actor->name, out->arena);
        decision_emit(out, &item_draft_saved, subject_of(next->item_code, out->arena), next);
    }
    answer(out, context, next);
    return OK;
}

static size_t field_size(const struct field *field)
{
    switch (field->type) {
    case FIELD_TEXT:
        return sizeof(struct text);
    case FIELD_LIST:
    case FIELD_TEXTS:
        return sizeof(struct list);
    case FIELD_BOOL:
        return sizeof(bool);
    case FIELD_RECORD:
        return field->of->size;
    default:
        return sizeof(int64_t);
    }
}

/* Everything of the section is taken as it came, also what is empty; nothing else may have come. */
static void take_section(int64_t section, const struct item *from, struct item *to,
                         struct decision *out)
{
    for (size_t i = 0; i < item_shape.count; i++) {
        const struct field *field = &item_shape.fields[i];
        struct text name = text_of(field->name);
        if (section_holds(section, name))
            memcpy((char *)to + field->offset, (const char *)from + field->offset,
                   field_size(field));
        else if (!(field->flags & FIELD_INTERNAL) && !field_empty(field, from))
            decision_refuse(out, REFUSED_UNDECLARED,
                            text_format(out->arena, "item.%s", field->name).at,
                            "这一项不属于这一部分，请在它自己的部分修改。");
    }
}

enum refusal draft_save_decide(const void *facts, const void *input, const struct context *context,
                               struct decision *out)
{
    const struct draft_facts *known = facts;
    const struct draft_save *said = input;
    enum refusal refusal = draft_open(known, said->revision, context, out);
    if (refusal != OK)
        return refusal;
    struct item_draft *next = arena_copy(out->arena, &known->kept.draft, sizeof *next);
    take_section(said->section, &said->item, &next->item, out);
    if (out->problems.count)
        return out->problems.items[0].code;
    out->location = draft_address(said->item_code, out->arena);
    return save(known, next, context, out);
}

/* The list of the draft that a command about rows means; NULL: that section has none. */
static struct list *rows_of(const struct field *field, struct item *item)
{
    return (void *)((char *)item + field->offset);
}

static enum refusal no_row(struct decision *out)
{
    return decision_refuse(out, REFUSED_NOT_FOUND, "row", "没有这一条。");
}

/* The one row that was sent, NULL unless there is exactly one and it says anything. */
static const void *row_sent(const struct field *field, const struct item *item)
{
    const struct list *sent = (const void *)((const char *)item + field->offset);
    for (size_t i = 0; sent->count == 1 && i < field->of->count; i++)
        if (!field_empty(&field->of->fields[i], sent->items))
            return sent->items;
    return NULL;
}

enum refusal draft_row_decide(const void *facts, const void *input, const struct context *context,
                              struct decision *out)
{
    const struct draft_facts *known = facts;
    const struct draft_save *said = input;
    const struct field *field = section_list(said->section);
    enum refusal refusal = draft_open(known, said->revision, context, out);
    if (refusal != OK)
        return refusal;
    struct item_draft *next = arena_copy(out->arena, &known->kept.draft, sizeof *next);
    if (!field || said->row < 0 || said->row > (int64_t)rows_of(field, &next->item)->count)
        return no_row(out);
    struct item others = {0};
    take_section(said->section, &said->item, &others, out);
    if (out->problems.count)
        return out->problems.items[0].code;
    const void *row = row_sent(field, &said->item);
    if (!row)
        return decision_refuse(
            out, REFUSED_MISSING,
            text_format(out->arena, "item.%s.0.%s", field->name, field->of->fields[0].name).at,
            "这一条是空的。请填写内容，或者返回不作修改。");
    struct list *rows = rows_of(field, &next->item);
    size_t size = field->of->size, count = rows->count + !said->row;
    size_t at = said->row ? (size_t)said->row - 1 : rows->count;
    char *items = arena_array(out->arena, count, size);
    if (rows->count)
        memcpy(items, rows->items, rows->count * size);
    memcpy(items + at * size, row, size);
    *rows = (struct list){items, count};
    out->location = section_address(said->item_code, said->section, out->arena);
    return save(known, next, context, out);
}

enum refusal draft_move_decide(const void *facts, const void *input, const struct context *context,
                               struct decision *out)
{
    const struct draft_facts *known = facts;
    const struct draft_move *said = input;
    const struct field *field = section_list(said->section);
    enum refusal refusal = draft_open(known, said->revision, context, out);
    if (refusal != OK)
        return refusal;
    struct item_draft *next = arena_copy(out->arena, &known->kept.draft, sizeof *next);
    struct list *rows = field ? rows_of(field, &next->item) : NULL;
    if (!rows || said->row < 1 || said->row > (int64_t)rows->count)
        return no_row(out);
    if (said->to < 0 || said->to > (int64_t)rows->count)
        return decision_refuse(out, REFUSED_OUT_OF_RANGE, "to", "没有这个位置。");
    size_t size = field->of->size, count = 0, kept = rows->count - !said->to;
    char *items = arena_array(out->arena, kept, size);
    const char *old = rows->items, *moved = old + (size_t)(said->row - 1) * size;
    for (size_t i = 0; i < rows->count; i++) {
        if (said->to && count == (size_t)(said->to - 1))
            memcpy(items + count++ * size, moved, size);
        if (old + i * size != moved)
            memcpy(items + count++ * size, old + i * size, size);
    }
    if (count < kept)
        memcpy(items + count * size, moved, size);
    *rows = (struct list){items, kept};
    out->location = section_address(said->item_code, said->section, out->arena);
    return save(known, next, context, out);
}

static void emit_over(struct decision *out, const struct item_draft *draft, int64_t version)
{
    struct draft_over *over = arena_alloc(out->arena, sizeof *over);
    *over = (struct draft_over){draft->item_code, draft->revision, version};
    decision_emit(out, &item_draft_over, subject_of(draft->item_code, out->arena), over);
}

enum refusal draft_discard_decide(const void *facts, const void *input,
                                  const struct context *context, struct decision *out)
{
    const struct draft_facts *known = facts;
    const struct draft_end *said = input;
    enum refusal refusal = draft_open(known, said->revision, context, out);
    if (refusal != OK)
        return refusal;
    emit_over(out, &known->kept.draft, 0);
    out->location = known->kept.draft.based_on
                        ? text_format(out->arena, "/staff/catalogue/items/%.*s",
                                      TEXT_ARG(said->item_code))
                        : TEXT("/staff/catalogue");
    return OK;
}

/* Who, what was looked at, and from when. */
static enum refusal publishable(const struct draft_facts *known, const struct draft_publish *said,
                                int64_t newest, const struct context *context,
                                struct decision *out)
{
    enum refusal refusal = draft_open(known, said->revision, context, out);
    if (refusal != OK)
        return refusal;
    if (said->over != newest)
        return decision_refuse(out, REFUSED_STALE, "over",
                               "核对之后又发布了新的版本，请重新核对修改的内容。");
    if (draft_has_author(&known->kept.draft, context->actor->name))
        return decision_refuse(out, REFUSED_SAME_PERSON, "",
                               "您参与了这份草稿的起草，须由本部门另一名负责人或者管理员发布。");
    if (said->valid_from < time_date(context->now_ms))
        return decision_refuse(out, REFUSED_TOO_LATE, "valid_from", "生效日期不能早于今天。");
    return OK;
}

enum refusal draft_publish_decide(const void *facts, const void *input,
                                  const struct context *context, struct decision *out)
{
    const struct draft_facts *known = facts;
    const struct draft_publish *said = input;
    size_t count;
    const struct version *versions =
        catalogue_versions(catalogue_of(context), said->item_code, &count);
    int64_t newest = count ? versions[count - 1].item.version : 0;
    enum refusal refusal = publishable(known, said, newest, context, out);
    if (refusal != OK)
        return refusal;
    struct item *item = arena_copy(out->arena, &known->kept.draft.item, sizeof *item);
    item->valid_from = said->valid_from;
    item_mistakes(catalogue_of(context), item, out->arena, &out->problems);
    if (out->problems.count)
        return out->problems.items[0].code;
    item->version = newest + 1;
    decision_emit(out, &item_published, subject_of(item->code, out->arena), item);
    emit_over(out, &known->kept.draft, item->version);
    struct item_published *published = arena_alloc(out->arena, sizeof *published);
    *published = (struct item_published){item->code, item->version};
    out->answer_shape = &item_published_shape;
    out->answer = published;
    out->location =
        text_format(out->arena, "/staff/catalogue/items/%.*s", TEXT_ARG(said->item_code));
    return OK;
}
