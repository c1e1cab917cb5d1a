/* The pages on which staff see to the items of their department. */
#include "catalogue/edit_pages.h"
#include "identity/identity.h"

#define PAGE_SIZE 50

bool sees_department(const struct actor *actor, struct text department)
{
    return actor->roles & DRAFT_OVERSEERS || text_equal(actor->department, department);
}

static bool may(const struct look_context *context, int64_t roles, struct text department)
{
    return context->actor->roles & roles && catalogue_own(context->actor, department);
}

static struct text department_called(const struct look_context *context, struct text code)
{
    const struct department *department = catalogue_find_department(catalogue_at(context), code);
    return department ? department_name_on(department, time_date(context->now_ms)) : code;
}

struct text actor_name(const struct look_context *context, struct text actor, struct fault *why)
{
    struct account account;
    int64_t id;
    bool found = false;
    if (!text_starts(actor, TEXT("account:")) || !text_int(text_slice(actor, 8, actor.len), &id) ||
        !identity_account(context->db, context->region, id, context->arena, &account, &found, why))
        return TEXT("系统");
    return found ? account.display : TEXT("工作人员");
}

static bool drafts_read(const struct look_context *context, struct db_rows *rows,
                        struct fault *why)
{
    static const struct db_sql sql = {"SELECT item_code, name, department, revision, saved_at "
                                      "FROM item_draft WHERE region = $1 ORDER BY item_code"};
    return db_select(context->db, &sql, DB_ARGS(db_int(context->region)), context->arena, rows,
                     why);
}

/* What is to be said of an item with at least one version. */
static struct edited_row item_row_of(const struct look_context *context, struct text code)
{
    const struct catalogue *catalogue = catalogue_at(context);
    int64_t today = time_date(context->now_ms);
    struct list told = versions_told(catalogue, code, today, context->arena);
    const struct version_told *newest = told.items;
    const struct item *now = catalogue_find_item(catalogue, code, 0, context->now_ms);
    const struct item *item =
        catalogue_find_item(catalogue, code, newest->version, context->now_ms);
    return (struct edited_row){
        .code = code,
        .name = item->name,
        .department_name = department_called(context, item->department),
        .newest = newest->version,
        .in_force = now ? now->version : 0,
        .state = now ? STATE_IN_FORCE : newest->state,
        .withdrawn_after = newest->withdrawn_after,
        .upcoming_from = newest->state == STATE_UPCOMING ? newest->valid_from : 0,
    };
}

struct listing {
    const struct look_context *context;
    const struct editing_query *query;
    struct editing_page *page;
    struct edited_row *rows;
    size_t most; /* on a page */
};

static bool listed(const struct listing *listing, struct text department)
{
    return sees_department(listing->context->actor, department) &&
           (!listing->query->department.len ||
            text_equal(listing->query->department, department));
}

static void list_add(struct listing *listing, struct edited_row row)
{
    struct editing_page *page = listing->page;
    page->found++;
    if (text_order(row.code, listing->query->after) <= 0)
        return;
    if (page->rows.count < listing->most)
        listing->rows[page->rows.count++] = row;
    else if (!page->next.len)
        page->next = listing->rows[listing->most - 1].code;
}

/* Items and drafts of new ones together, in the order of their codes. */
static void list_all(struct listing *listing, const struct db_rows *drafts)
{
    const struct catalogue *catalogue = catalogue_at(listing->context);
    size_t count = catalogue ? catalogue->version_count : 0, i = 0, j = 0;
    while (i < count || j < drafts->count) {
        struct text code = i < count ? catalogue->versions[i].item.code : TEXT("");
        struct text draft = j < drafts->count ? db_cell_text(drafts, j, "item_code") : TEXT("");
        bool item = i < count && (j == drafts->count || text_order(code, draft) <= 0);
        bool drafted = j < drafts->count && (!item || text_equal(code, draft));
        struct text department = drafted ? db_cell_text(drafts, j, "department") : TEXT("");
        struct edited_row row = {.code = draft, .state = STATE_UNPUBLISHED};
        while (item && i < count && text_equal(catalogue->versions[i].item.code, code))
            department = catalogue->versions[i++].item.department;
        if (item)
            row = (struct edited_row){.code = code};
        if (drafted && !item)
            row.name = db_cell_text(drafts, j, "name");
        if (listed(listing, department)) {
            row = item ? item_row_of(listing->context, code) : row;
            row.department_name = department_called(listing->context, department);
            if (drafted) {
                row.revision = db_cell_int(drafts, j, "revision");
                row.saved_at = db_cell_int(drafts, j, "saved_at");
            }
            list_add(listing, row);
        }
        j += drafted;
    }
}

static struct list department_choices(const struct look_context *context, struct text chosen)
{
    const struct catalogue *catalogue = catalogue_at(context);
    int64_t today = time_date(context->now_ms);
    size_t count = catalogue ? catalogue->department_count : 0, kept = 0;
    struct department_choice *choices = arena_array(context->arena, count, sizeof *choices);
    for (size_t i = 0; i < count; i++) {
        const struct department *one = &catalogue->departments[i];
        if (!one->valid_to || today <= one->valid_to)
            choices[kept++] = (struct department_choice){
                one->code, department_name_on(one, today), text_equal(one->code, chosen)};
    }
    return (struct list){choices, kept};
}

static enum refusal editing_show(const struct look_context *context, const void *asked, void *out,
                                 struct fault *why)
{
    const struct editing_query *query = asked;
    struct editing_page *page = out;
    struct db_rows drafts;
    struct listing listing = {context, query, page, NULL, (size_t)look_rows(context, PAGE_SIZE)};
    if (!drafts_read(context, &drafts, why))
        return OK;
    listing.rows = arena_array(context->arena, listing.most, sizeof *listing.rows);
    page->rows.items = listing.rows;
    list_all(&listing, &drafts);
    page->department = query->department;
    page->may_write = context->actor->roles & DRAFT_WRITERS &&
                      (context->actor->department.len ||
                       context->actor->roles & ROLE_ADMINISTRATOR);
    if (context->actor->roles & DRAFT_OVERSEERS)
        page->departments = department_choices(context, query->department);
    return OK;
}

static bool editing_onward(const void *page, void *query)
{
    struct editing_query *asked = query;
    asked->after = ((const struct editing_page *)page)->next;
    return asked->after.len;
}

const struct look editing_look = {
    .name = "catalogue.editing",
    .title = "事项管理",
    .path = "/staff/catalogue",
    .roles = CATALOGUE_LOOKERS,
    .query = &editing_query_shape,
    .page = &editing_page_shape,
    .template = "catalogue/editing.html",
    .list = "rows",
    .turns = "after",
    .onward = editing_onward,
    .look = editing_show,
};

static enum refusal new_item_show(const struct look_context *context, const void *asked, void *out,
                                  struct fault *why)
{
    struct new_item_page *page = out;
    (void)asked;
    (void)why;
    if (context->actor->roles & ROLE_ADMINISTRATOR)
        page->departments = department_choices(context, context->actor->department);
    else if (!context->actor->department.len)
        return REFUSED_DEPARTMENT;
    else
        page->department_name = department_called(context, context->actor->department);
    return OK;
}

const struct look new_item_look = {
    .name = "catalogue.new",
    .title = "新增事项",
    .path = "/staff/catalogue/drafts",
    .roles = DRAFT_WRITERS,
    .page = &new_item_page_shape,
    .template = "catalogue/new.html",
    .look = new_item_show,
};

/* The item by its newest version, if this actor may see it. */
static enum refusal item_shown(const struct look_context *context, struct text code,
                               const struct item **out, const struct version **last)
{
    size_t count;
    const struct version *versions = catalogue_versions(catalogue_at(context), code, &count);
    if (!count)
        return REFUSED_NOT_FOUND;
    *last = &versions[count - 1];
    *out = &(*last)->item;
    return sees_department(context->actor, (*out)->department) ? OK : REFUSED_DEPARTMENT;
}

static enum refusal edited_show(const struct look_context *context, const void *asked, void *out,
                                struct fault *why)
{
    const struct edited_query *query = asked;
    struct edited_page *page = out;
    struct draft_facts draft;
    const struct item *item;
    const struct version *last;
    enum refusal refusal = item_shown(context, query->item_code, &item, &last);
    if (refusal != OK ||
        !draft_read(context->db, context->region, query->item_code, context->arena, &draft, why))
        return refusal;
    page->item_code = item->code;
    page->name = item->name;
    page->department_name = department_called(context, item->department);
    page->versions = versions_told(catalogue_at(context), item->code, time_date(context->now_ms),
                                   context->arena);
    page->newest = item->version;
    if (draft.found) {
        page->revision = draft.kept.draft.revision;
        page->saved_at = draft.kept.saved_at;
        page->saved_by = actor_name(context, draft.kept.saved_by, why);
    }
    const struct announced *announced =
        catalogue_withdrawal(catalogue_at(context), item->code, last->withdrawn_after);
    page->withdrawn = last->withdrawn_after;
    if (announced) {
        page->withdrawal_id = announced->withdrawal_id;
        page->notice_no = announced->withdrawal.notice_no;
    }
    page->may_write = may(context, DRAFT_WRITERS, item->department);
    page->may_withdraw = !page->withdrawn && may(context, DRAFT_PUBLISHERS, item->department);
    return OK;
}

const struct look edited_look = {
    .name = "catalogue.edited",
    .title = "事项的版本",
    .path = "/staff/catalogue/items/{item_code}",
    .roles = CATALOGUE_LOOKERS,
    .query = &edited_query_shape,
    .page = &edited_page_shape,
    .template = "catalogue/edited.html",
    .look = edited_show,
};

enum refusal draft_shown(const struct look_context *context, struct text item_code,
                         struct kept_draft *out, struct fault *why)
{
    struct draft_facts known;
    if (!draft_read(context->db, context->region, item_code, context->arena, &known, why))
        return OK;
    *out = known.kept;
    if (!known.found)
        return REFUSED_NOT_FOUND;
    return sees_department(context->actor, known.kept.draft.department) ? OK : REFUSED_DEPARTMENT;
}

struct list mistakes_of(const struct look_context *context, const struct item *item)
{
    struct problems problems = {0};
    item_mistakes(catalogue_at(context), item, context->arena, &problems);
    struct mistake *mistakes = arena_array(context->arena, problems.count, sizeof *mistakes);
    for (size_t i = 0; i < problems.count; i++) {
        const struct problem *one = &problems.items[i];
        int64_t section = section_of(one->field);
        mistakes[i] = (struct mistake){
            section ? text_of(draft_section_words[section].name) : TEXT(""), one->field,
            one->message.len ? one->message : text_of(refusal_text(one->code)->remedy)};
    }
    return (struct list){mistakes, problems.count};
}

/* Codes of departments and places, one to a line, by their names. */
static struct text named_lines(const struct look_context *context, struct text codes, bool places)
{
    struct buf out = {.arena = context->arena};
    struct text code;
    while (text_cut(&codes, '\n', &code)) {
        const struct place *place = catalogue_find_place(catalogue_at(context), code);
        buf_str(&out, out.len ? "\n" : "");
        if (code.len)
            buf_text(&out, !places ? department_called(context, code) : place ? place->name : code);
    }
    return buf_done(&out);
}

/* A draft has no first day yet: that it will have another is no change of its words. */
static struct list changes_named(const struct look_context *context, const struct item *old,
                                 const struct item *new)
{
    static const struct item nothing = {0};
    struct item *now = arena_copy(context->arena, new, sizeof *now);
    if (!new->version)
        now->valid_from = old ? old->valid_from : 0;
    struct list changes = item_changes(old ? old : &nothing, now, context->arena);
    struct change *items = changes.items;
    for (size_t i = 0; i < changes.count; i++) {
        bool places = text_is(items[i].path, "places");
        if (!places && !text_is(items[i].path, "department") && !text_is(items[i].path, "joins"))
            continue;
        items[i].old = named_lines(context, items[i].old, places);
        items[i].new = named_lines(context, items[i].new, places);
    }
    return changes;
}

static struct text section_said(const struct item *item, int64_t section, struct arena *arena)
{
    const struct field *field = section_list(section);
    if (field) {
        const struct list *list = (const void *)((const char *)item + field->offset);
        return text_format(arena, "%zu条", list->count);
    }
    switch (section) {
    case SECTION_BASICS:
        return item->name;
    case SECTION_LIMITS:
        return text_format(arena, "法定：%.*s；承诺：%.*s",
                           TEXT_ARG(item_statutory_said(item, arena)),
                           TEXT_ARG(item_promised_said(item, arena)));
    case SECTION_WAYS:
        return text_format(arena, "%s，%zu个办理地点", item->online ? "可网上办理" : "到窗口办理",
                           item->places.count);
    default:
        return item->consult;
    }
}

static struct list sections_of(const struct item *item, const struct list *mistakes,
                               struct arena *arena)
{
    struct section_row *rows = arena_array(arena, SECTION_COUNT - 1, sizeof *rows);
    const struct mistake *all = mistakes->items;
    for (int64_t section = 1; section < SECTION_COUNT; section++) {
        struct section_row *row = &rows[section - 1];
        *row = (struct section_row){text_of(draft_section_words[section].name),
                                    text_of(draft_section_words[section].label),
                                    section_said(item, section, arena), 0};
        for (size_t i = 0; i < mistakes->count; i++)
            row->mistakes += text_equal(all[i].section, row->section);
    }
    return (struct list){rows, SECTION_COUNT - 1};
}

static enum refusal draft_show(const struct look_context *context, const void *asked, void *out,
                               struct fault *why)
{
    const struct edited_query *query = asked;
    struct draft_page *page = out;
    struct kept_draft kept;
    enum refusal refusal = draft_shown(context, query->item_code, &kept, why);
    if (refusal != OK || why->why[0])
        return refusal;
    const struct item_draft *draft = &kept.draft;
    size_t count;
    const struct version *versions =
        catalogue_versions(catalogue_at(context), draft->item_code, &count);
    const struct text *authors = draft->authors.items;
    struct text *names = arena_array(context->arena, draft->authors.count, sizeof *names);
    for (size_t i = 0; i < draft->authors.count; i++)
        names[i] = actor_name(context, authors[i], why);
    page->item_code = draft->item_code;
    page->name = draft->item.name;
    page->revision = draft->revision;
    page->based_on = draft->based_on;
    page->newest = count ? versions[count - 1].item.version : 0;
    page->started_at = kept.started_at;
    page->saved_at = kept.saved_at;
    page->saved_by = actor_name(context, kept.saved_by, why);
    page->authors = (struct list){names, draft->authors.count};
    page->mistakes = mistakes_of(context, &draft->item);
    page->sections = sections_of(&draft->item, &page->mistakes, context->arena);
    page->author = draft_has_author(draft, context->actor->name);
    page->may_write = may(context, DRAFT_WRITERS, draft->department);
    page->may_publish = may(context, DRAFT_PUBLISHERS, draft->department);
    return OK;
}

const struct look draft_look = {
    .name = "catalogue.draft",
    .title = "事项草稿",
    .path = "/staff/catalogue/drafts/{item_code}",
    .roles = CATALOGUE_LOOKERS,
    .query = &edited_query_shape,
    .page = &draft_page_shape,
    .template = "catalogue/draft.html",
    .look = draft_show,
};

static enum refusal publishing_show(const struct look_context *context, const void *asked,
                                    void *out, struct fault *why)
{
    struct draft_page *page = out;
    struct kept_draft kept;
    enum refusal refusal = draft_show(context, asked, out, why);
    if (refusal != OK || why->why[0])
        return refusal;
    refusal = draft_shown(context, page->item_code, &kept, why);
    page->changes =
        changes_named(context,
                      catalogue_find_item(catalogue_at(context), page->item_code, page->newest,
                                          context->now_ms),
                      &kept.draft.item);
    page->valid_from = time_date(context->now_ms);
    return refusal;
}

const struct look publishing_look = {
    .name = "catalogue.draft.publishing",
    .title = "核对并发布",
    .path = "/staff/catalogue/drafts/{item_code}/publish",
    .roles = CATALOGUE_LOOKERS,
    .query = &edited_query_shape,
    .page = &draft_page_shape,
    .template = "catalogue/publish.html",
    .look = publishing_show,
};

static enum refusal preview_show(const struct look_context *context, const void *asked, void *out,
                                 struct fault *why)
{
    const struct edited_query *query = asked;
    struct item_page *page = out;
    struct kept_draft *kept = arena_alloc(context->arena, sizeof *kept);
    enum refusal refusal = draft_shown(context, query->item_code, kept, why);
    if (refusal != OK || why->why[0])
        return refusal;
    guide_fill(catalogue_at(context), context, &kept->draft.item, page);
    page->preview = page->offered = true;
    return OK;
}

const struct look preview_look = {
    .name = "catalogue.draft.preview",
    .title = "预览办事指南",
    .path = "/staff/catalogue/drafts/{item_code}/preview",
    .roles = CATALOGUE_LOOKERS,
    .query = &edited_query_shape,
    .page = &item_page_shape,
    .template = "catalogue/item.html",
    .look = preview_show,
};

/* Without a choice: the draft against the newest, else the newest against the one before. */
static void changes_choose(struct changes_page *page, const struct changes_query *query)
{
    const struct version_told *told = page->versions.items;
    page->from = query->from;
    page->to = query->to;
    if (!page->to && !page->has_draft)
        page->to = page->versions.count ? told[0].version : 0;
    for (size_t i = 0; !page->from && i < page->versions.count; i++)
        if (!page->to || told[i].version < page->to)
            page->from = told[i].version;
}

static struct list comparable(const struct changes_page *page, int64_t chosen, bool draft,
                              struct arena *arena)
{
    const struct version_told *told = page->versions.items;
    struct department_choice *choices =
        arena_array(arena, page->versions.count + 1, sizeof *choices);
    size_t count = 0;
    if (draft)
        choices[count++] = (struct department_choice){TEXT("0"), TEXT("草稿"), !chosen};
    for (size_t i = 0; i < page->versions.count; i++)
        choices[count++] = (struct department_choice){
            text_format(arena, "%lld", (long long)told[i].version),
            text_format(arena, "第%lld版", (long long)told[i].version), chosen == told[i].version};
    return (struct list){choices, count};
}

static enum refusal changes_show(const struct look_context *context, const void *asked, void *out,
                                 struct fault *why)
{
    const struct catalogue *catalogue = catalogue_at(context);
    const struct changes_query *query = asked;
    struct changes_page *page = out;
    struct draft_facts *known = arena_alloc(context->arena, sizeof *known);
    const struct item *item = NULL;
    const struct version *last;
    enum refusal refusal = item_shown(context, query->item_code, &item, &last);
    if (!draft_read(context->db, context->region, query->item_code, context->arena, known, why))
        return OK;
    if (refusal == REFUSED_NOT_FOUND && known->found) {
        item = &known->kept.draft.item;
        refusal = sees_department(context->actor, known->kept.draft.department)
                      ? OK
                      : REFUSED_DEPARTMENT;
    }
    if (refusal != OK)
        return refusal;
    page->item_code = query->item_code;
    page->name = item->name;
    page->has_draft = known->found;
    page->versions = versions_told(catalogue, query->item_code, time_date(context->now_ms),
                                   context->arena);
    changes_choose(page, query);
    page->froms = comparable(page, page->from, false, context->arena);
    page->tos = comparable(page, page->to, page->has_draft, context->arena);
    const struct item *old =
        page->from ? catalogue_find_item(catalogue, page->item_code, page->from, context->now_ms)
                   : NULL;
    const struct item *new =
        page->to ? catalogue_find_item(catalogue, page->item_code, page->to, context->now_ms)
                 : &known->kept.draft.item;
    if ((page->from && !old) || !new)
        return REFUSED_NOT_FOUND;
    page->changes = changes_named(context, old, new);
    return OK;
}

const struct look changes_look = {
    .name = "catalogue.changes",
    .title = "比较版本",
    .path = "/staff/catalogue/items/{item_code}/changes",
    .roles = CATALOGUE_LOOKERS,
    .query = &changes_query_shape,
    .page = &changes_page_shape,
    .template = "catalogue/changes.html",
    .look = changes_show,
};

static enum refusal withdrawing_show(const struct look_context *context, const void *asked,
                                     void *out, struct fault *why)
{
    const struct edited_query *query = asked;
    struct withdrawing_page *page = out;
    const struct item *item;
    const struct version *last;
    enum refusal refusal = item_shown(context, query->item_code, &item, &last);
    (void)why;
    if (refusal != OK)
        return refusal;
    page->item_code = item->code;
    page->name = item->name;
    page->withdrawn = last->withdrawn_after;
    page->may_withdraw = !page->withdrawn && may(context, DRAFT_PUBLISHERS, item->department);
    return OK;
}

const struct look withdrawing_look = {
    .name = "catalogue.withdrawing",
    .title = "取消事项",
    .path = "/staff/catalogue/items/{item_code}/withdraw",
    .roles = CATALOGUE_LOOKERS,
    .query = &edited_query_shape,
    .page = &withdrawing_page_shape,
    .template = "catalogue/withdraw.html",
    .look = withdrawing_show,
};
