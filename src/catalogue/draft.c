/* What is common to everything about drafts: the sections, and what is wrong with an item. Pure. */
#include "catalogue/draft.h"

#include <stddef.h>
#include <string.h>

#include "catalogue/check.h"

const struct word draft_section_words[] = {
    {"none", "未注明"},        {"basics", "基本信息"},   {"limits", "办理期限"},
    {"ways", "办理方式和地点"}, {"words", "提示和电话"},  {"laws", "设定依据"},
    {"materials", "申请材料"}, {"measures", "金额、面积"}, {"fees", "收费项目"},
    {"results", "办理结果"},   {"specials", "特别程序"}, {"steps", "办理流程"},
    {"answers", "常见问题"},   {NULL, NULL},
};

#define MOST_FIELDS 16
static const char *const plain_sections[][MOST_FIELDS] = {
    [SECTION_BASICS] = {"guide_only", "national_code", "task_code", "organ_code", "name",
                        "short_name", "department", "type", "theme",
                        "keywords", "objects", "conditions", "valid_to", "source"},
    [SECTION_LIMITS] = {"case_kind", "joins", "statutory_days", "statutory_unit",
                        "statutory_source", "statutory_basis", "promised_days", "promised_unit",
                        "promised_source", "deliver_days"},
    [SECTION_WAYS] = {"in_centre", "can_accept", "can_decide", "one_review_one_verify",
                      "needs_site_visit", "online", "appointment", "express", "commitment",
                      "default_consent", "has_fee", "visits", "places", "group"},
    [SECTION_WORDS] = {"accept_note", "remedy", "consult", "complain", "notes"},
};

const struct field *section_list(int64_t section)
{
    return section > SECTION_WORDS && section < SECTION_COUNT
               ? shape_field(&item_shape, text_of(draft_section_words[section].name))
               : NULL;
}

bool section_holds(int64_t section, struct text field)
{
    if (section <= SECTION_NONE || section >= SECTION_COUNT)
        return false;
    if (section > SECTION_WORDS)
        return text_is(field, draft_section_words[section].name);
    for (size_t i = 0; i < MOST_FIELDS && plain_sections[section][i]; i++)
        if (text_is(field, plain_sections[section][i]))
            return true;
    return false;
}

int64_t section_of(struct text path)
{
    struct text field;
    if (!text_cut(&path, '.', &field))
        return SECTION_NONE;
    for (int64_t section = 1; section < SECTION_COUNT; section++)
        if (section_holds(section, field))
            return section;
    return SECTION_NONE;
}

static void unknown(struct problems *problems, struct arena *arena, struct text field,
                    const char *what, struct text code)
{
    problem_add(problems, arena, field, REFUSED_REFERENCE,
                text_format(arena, "没有这个%s：%.*s", what, TEXT_ARG(code)));
}

void item_references(const struct catalogue *catalogue, const struct item *item,
                     struct arena *arena, struct problems *problems)
{
    const struct department *department = catalogue_find_department(catalogue, item->department);
    const struct text *places = item->places.items, *joins = item->joins.items;
    if (!department)
        unknown(problems, arena, TEXT("department"), "部门", item->department);
    else if (department->valid_to && item->valid_from > department->valid_to)
        problem_add(problems, arena, TEXT("department"), REFUSED_TOO_LATE,
                    TEXT("该部门在事项实施前已撤并，请改用承接部门。"));
    for (size_t i = 0; i < item->joins.count; i++)
        if (!catalogue_find_department(catalogue, joins[i]))
            unknown(problems, arena, TEXT("joins"), "部门", joins[i]);
    for (size_t i = 0; i < item->places.count; i++)
        if (!catalogue_find_place(catalogue, places[i]))
            unknown(problems, arena, TEXT("places"), "地点", places[i]);
    if (item->in_centre && !item->places.count)
        problem_add(problems, arena, TEXT("places"), REFUSED_MISSING,
                    TEXT("进驻大厅的事项要写明办理地点。"));
}

/* The rules of the shape come first; what they find needs not be said twice in other words. */
void item_mistakes(const struct catalogue *catalogue, const struct item *item, struct arena *arena,
                   struct problems *problems)
{
    struct problems more = {0};
    shape_check(&item_shape, item, arena, problems);
    size_t told = problems->count;
    item_check(item, arena, &more);
    item_references(catalogue, item, arena, &more);
    for (size_t i = 0; i < more.count; i++) {
        bool known = false;
        for (size_t j = 0; j < told; j++)
            known |= text_equal(problems->items[j].field, more.items[i].field);
        if (!known)
            problem_add(problems, arena, more.items[i].field, more.items[i].code,
                        more.items[i].message);
    }
}

bool items_equal(const struct item *one, const struct item *other, struct arena *arena)
{
    struct buf first = {.arena = arena}, second = {.arena = arena};
    shape_to_json(&item_shape, one, SHAPE_ALL, &first);
    shape_to_json(&item_shape, other, SHAPE_ALL, &second);
    return text_equal(buf_done(&first), buf_done(&second));
}

bool draft_has_author(const struct item_draft *draft, struct text actor)
{
    const struct text *authors = draft->authors.items;
    for (size_t i = 0; i < draft->authors.count; i++)
        if (text_equal(authors[i], actor))
            return true;
    return false;
}
