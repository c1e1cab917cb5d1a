/* What became of an item's versions, and the public notices of those that were withdrawn. */
#include "catalogue/pages.h"

#define PAGE_SIZE 50

/* One version beside those after it. */
static int64_t state_of(const struct version *versions, size_t at, size_t count, int64_t today)
{
    const struct version *one = &versions[at];
    if (one->withdrawn_after && today > one->withdrawn_after)
        return STATE_WITHDRAWN;
    if (one->item.valid_from > today)
        return STATE_UPCOMING;
    for (size_t i = at + 1; i < count; i++)
        if (item_valid_on(&versions[i].item, today) &&
            !(versions[i].withdrawn_after && today > versions[i].withdrawn_after))
            return STATE_REPLACED;
    return one->item.valid_to && one->item.valid_to < today ? STATE_ENDED : STATE_IN_FORCE;
}

struct list versions_told(const struct catalogue *catalogue, struct text item_code, int64_t today,
                          struct arena *arena)
{
    size_t count;
    const struct version *versions = catalogue_versions(catalogue, item_code, &count);
    struct version_told *rows = arena_array(arena, count, sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        const struct version *one = &versions[count - 1 - i];
        rows[i] = (struct version_told){.code = one->item.code,
                                        .version = one->item.version,
                                        .previous = i + 1 < count ? one[-1].item.version : 0,
                                        .published_at = one->published_at,
                                        .valid_from = one->item.valid_from,
                                        .valid_to = one->item.valid_to,
                                        .withdrawn_after = one->withdrawn_after,
                                        .state = state_of(versions, count - 1 - i, count, today)};
    }
    return (struct list){rows, count};
}

static struct notice_row row_of(const struct catalogue *catalogue, const struct announced *one)
{
    size_t count;
    const struct item_withdrawal *said = &one->withdrawal;
    const struct version *versions = catalogue_versions(catalogue, said->item_code, &count);
    struct notice_row row = {.withdrawal_id = one->withdrawal_id,
                             .item_code = said->item_code,
                             .notice_no = said->notice_no,
                             .basis = said->basis,
                             .reason = said->reason,
                             .last_date = said->last_date,
                             .announced_at = one->announced_at};
    /* As it was called when it was withdrawn: whatever was published since is another matter. */
    for (size_t i = 0; i < count && versions[i].published_at <= one->announced_at; i++) {
        const struct item *item = &versions[i].item;
        const struct department *department = catalogue_find_department(catalogue, item->department);
        row.item_name = item->name;
        row.department_name =
            department ? department_name_on(department, time_date(one->announced_at))
                       : item->department;
    }
    return row;
}

static enum refusal notices_list(const struct look_context *context, const void *asked, void *out,
                                 struct fault *why)
{
    const struct catalogue *catalogue = catalogue_at(context);
    const struct notices_query *query = asked;
    struct notices_page *page = out;
    size_t most = (size_t)look_rows(context, PAGE_SIZE);
    struct notice_row *rows = arena_array(context->arena, most, sizeof *rows);
    (void)why;
    page->notices.items = rows;
    for (size_t i = catalogue ? catalogue->withdrawal_count : 0; i-- > 0;) {
        const struct announced *one = &catalogue->withdrawals[i];
        if (query->before && one->withdrawal_id >= query->before)
            continue;
        if (page->notices.count == most) {
            page->next = rows[most - 1].withdrawal_id;
            break;
        }
        rows[page->notices.count++] = row_of(catalogue, one);
    }
    return OK;
}

static bool notices_onward(const void *page, void *query)
{
    struct notices_query *asked = query;
    asked->before = ((const struct notices_page *)page)->next;
    return asked->before;
}

const struct look withdrawals_look = {
    .name = "catalogue.withdrawals",
    .title = "事项取消公告",
    .path = "/withdrawals",
    .roles = ROLE_ANYONE,
    .query = &notices_query_shape,
    .page = &notices_page_shape,
    .template = "catalogue/withdrawals.html",
    .list = "notices",
    .turns = "before",
    .onward = notices_onward,
    .look = notices_list,
};

static enum refusal notice_show(const struct look_context *context, const void *asked, void *out,
                                struct fault *why)
{
    const struct catalogue *catalogue = catalogue_at(context);
    const struct notice_query *query = asked;
    const struct region *region = catalogue_region(catalogue);
    struct notice_page *page = out;
    (void)why;
    for (size_t i = 0; catalogue && i < catalogue->withdrawal_count; i++) {
        if (catalogue->withdrawals[i].withdrawal_id != query->withdrawal_id)
            continue;
        page->notice = row_of(catalogue, &catalogue->withdrawals[i]);
        page->centre = region ? region->centre : TEXT("");
        page->title = text_format(context->arena, "关于取消“%.*s”的公告",
                                  TEXT_ARG(page->notice.item_name));
        page->link = text_format(context->arena, "/withdrawals/%lld",
                                 (long long)query->withdrawal_id);
        return OK;
    }
    return REFUSED_NOT_FOUND;
}

const struct look withdrawal_look = {
    .name = "catalogue.withdrawal",
    .title = "事项取消公告",
    .path = "/withdrawals/{withdrawal_id}",
    .roles = ROLE_ANYONE,
    .query = &notice_query_shape,
    .page = &notice_page_shape,
    .template = "catalogue/withdrawal.html",
    .look = notice_show,
};
