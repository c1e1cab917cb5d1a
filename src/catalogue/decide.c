/* Pure: whether a change of the catalogue may stand. The facts are the standing catalogue. */
#include "catalogue/check.h"
#include "catalogue/draft.h"

/* Everything wrong is in one answer, under the code of the first. */
static enum refusal verdict(const struct decision *out)
{
    return out->problems.count ? out->problems.items[0].code : OK;
}

static void refuse_unknown(struct decision *out, const char *field, const char *what,
                           struct text code)
{
    decision_refuse(out, REFUSED_REFERENCE, field,
                    text_format(out->arena, "没有这个%s：%.*s", what, TEXT_ARG(code)).at);
}

static void *keep(struct decision *out, const void *record, size_t size)
{
    return arena_copy(out->arena, record, size);
}

enum refusal region_set_decide(const void *facts, const void *input,
                               const struct context *context, struct decision *out)
{
    const struct region *region = input;
    (void)facts;
    if (region->code != context->region)
        return decision_refuse(out, REFUSED_CONFLICT, "code",
                               "行政区划代码与本区域不一致，请在该代码的区域中设置。");
    /* Working days and closing times are counted in China's one zone (base/time.h). */
    if (!text_is(region->zone, "Asia/Shanghai"))
        return decision_refuse(out, REFUSED_CONFLICT, "zone", "时区只能是 Asia/Shanghai。");
    region_check(region, out->arena, &out->problems);
    if (verdict(out) != OK)
        return verdict(out);
    decision_emit(out, &region_set,
                  text_format(out->arena, "region:%lld", (long long)region->code),
                  keep(out, region, sizeof *region));
    return OK;
}

enum refusal department_define_decide(const void *facts, const void *input,
                                      const struct context *context, struct decision *out)
{
    const struct department *department = input;
    (void)facts;
    (void)context;
    department_check(department, out->arena, &out->problems);
    if (verdict(out) != OK)
        return verdict(out);
    decision_emit(out, &department_defined,
                  text_format(out->arena, "department:%.*s", TEXT_ARG(department->code)),
                  keep(out, department, sizeof *department));
    out->location = TEXT("/departments");
    return OK;
}

static void departments_exist(const struct context *context, const struct list *codes,
                              const char *field, struct decision *out)
{
    const struct text *items = codes->items;
    for (size_t i = 0; i < codes->count; i++)
        if (!catalogue_department(context, items[i]))
            refuse_unknown(out, field, "部门", items[i]);
}

enum refusal place_define_decide(const void *facts, const void *input,
                                 const struct context *context, struct decision *out)
{
    const struct place *place = input;
    const struct place *old = catalogue_place(context, place->code);
    const struct place *parent = place->parent.len ? catalogue_place(context, place->parent) : NULL;
    (void)facts;
    place_check(place, out->arena, &out->problems);
    if (place->parent.len && !parent)
        refuse_unknown(out, "parent", "地点", place->parent);
    else if (!place_fits(place->kind, parent ? parent->kind : PLACE_NONE))
        decision_refuse(out, REFUSED_CONFLICT, "parent", "这一类地点不能设在这个上级之下。");
    /* What stands below it was allowed under the old kind; the kinds fit in one way only, so a
     * place that keeps its kind can never come to stand under itself. */
    if (old && old->kind != place->kind)
        decision_refuse(out, REFUSED_CONFLICT, "kind", "已登记地点的类型不能改变。");
    departments_exist(context, &place->departments, "departments", out);
    if (verdict(out) != OK)
        return verdict(out);
    decision_emit(out, &place_defined,
                  text_format(out->arena, "place:%.*s", TEXT_ARG(place->code)),
                  keep(out, place, sizeof *place));
    out->location = TEXT("/places");
    return OK;
}

enum refusal item_publish_decide(const void *facts, const void *input,
                                 const struct context *context, struct decision *out)
{
    const struct item *item = input;
    (void)facts;
    item_check(item, out->arena, &out->problems);
    item_references(catalogue_of(context), item, out->arena, &out->problems);
    if (verdict(out) != OK)
        return verdict(out);
    size_t count;
    const struct version *versions =
        catalogue_versions(catalogue_of(context), item->code, &count);
    struct item *next = keep(out, item, sizeof *item);
    next->version = count ? versions[count - 1].item.version + 1 : 1;
    decision_emit(out, &item_published,
                  text_format(out->arena, "item:%.*s", TEXT_ARG(item->code)), next);
    struct item_published *answer = arena_alloc(out->arena, sizeof *answer);
    *answer = (struct item_published){next->code, next->version};
    out->answer_shape = &item_published_shape;
    out->answer = answer;
    out->location = text_format(out->arena, "/items/%.*s", TEXT_ARG(item->code));
    return OK;
}

/* 事项取消公告〔2014〕3号: numbered within the year, as the law asks of public documents (党政机关公文
 * 处理工作条例 article 9). */
static struct text notice_number(const struct catalogue *catalogue, const struct context *context,
                                 struct arena *arena)
{
    int year = date_year(time_date(context->now_ms)), number = 1;
    for (size_t i = 0; i < catalogue->withdrawal_count; i++)
        number += date_year(time_date(catalogue->withdrawals[i].announced_at)) == year;
    return text_format(arena, "事项取消公告〔%d〕%d号", year, number);
}

enum refusal item_withdraw_decide(const void *facts, const void *input,
                                  const struct context *context, struct decision *out)
{
    const struct item_withdrawal *withdrawal = input;
    const struct catalogue *catalogue = catalogue_of(context);
    size_t count;
    const struct version *versions = catalogue_versions(catalogue, withdrawal->item_code, &count);
    (void)facts;
    if (!count)
        return decision_refuse(out, REFUSED_NOT_FOUND, "item_code", "没有这个事项。");
    if (!catalogue_own(context->actor, versions[count - 1].item.department))
        return decision_refuse(out, REFUSED_DEPARTMENT, "", NULL);
    if (versions[count - 1].withdrawn_after)
        return decision_refuse(out, REFUSED_ONCE, "item_code", "该事项已停止办理。");
    /* Nobody who applied in time may be told afterwards that the item was gone. */
    if (withdrawal->last_date < time_date(context->now_ms))
        return decision_refuse(out, REFUSED_TOO_LATE, "last_date", "最后办理日期不能早于今天。");
    struct item_withdrawal *body = keep(out, withdrawal, sizeof *withdrawal);
    body->notice_no = notice_number(catalogue, context, out->arena);
    decision_emit(out, &item_withdrawn,
                  text_format(out->arena, "item:%.*s", TEXT_ARG(withdrawal->item_code)), body);
    out->location = text_format(out->arena, "/withdrawals/%lld", (long long)context->next_index);
    return OK;
}
