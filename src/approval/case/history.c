/* What happened to a case, as citizens and staff see it: its entries in the journal, in words. */
#include "approval/case/papers.h"

#include <string.h>

const struct event_kind *case_event_named(struct text name)
{
    for (size_t i = 0; case_events[i]; i++)
        if (text_is(name, case_events[i]->name))
            return case_events[i];
    return NULL;
}

/* Machine's matters, and what the page says elsewhere in people's words. */
static bool field_dull(const char *name)
{
    static const char *const dull[] = {
        "case_no",       "item_code",     "item_version",   "item_name",      "department",
        "place",         "serial",        "promised_days",  "promised_unit",  "statutory_days",
        "statutory_unit", "delegation_id", "role",           "window",         "document_no",
        "state_before",  "kind",          "channel",        "before",         "undone",
        "undone_kind",   "reviewer",      "reviewed_at",
    };
    for (size_t i = 0; i < sizeof dull / sizeof *dull; i++)
        if (strcmp(name, dull[i]) == 0)
            return true;
    return false;
}

static struct text material_name(const struct list *materials, struct text code)
{
    const struct case_material *material = materials->items;
    for (size_t i = 0; i < materials->count; i++)
        if (text_equal(material[i].code, code))
            return material[i].name;
    return code;
}

/* A list of an event in lines: the materials by name, with what was found and what is wrong. */
static struct text list_said(const struct field *field, const void *body,
                             const struct list *materials, struct arena *arena)
{
    const struct list *list = (const void *)((const char *)body + field->offset);
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            buf_char(&out, '\n');
        if (field->type == FIELD_TEXTS) {
            buf_text(&out, material_name(materials, ((const struct text *)list->items)[i]));
            continue;
        }
        const struct checked *checked = (const struct checked *)list->items + i;
        buf_text(&out, material_name(materials, checked->code));
        buf_format(&out, "：%s", material_state_words[checked->state].label);
        if (checked->note.len && !text_is(checked->note, material_state_words[checked->state].label))
            buf_format(&out, "，%.*s", TEXT_ARG(checked->note));
    }
    return buf_done(&out);
}

static struct text value_said(const struct field *field, const void *body,
                              const struct list *materials, struct arena *arena)
{
    bool list = field->type == FIELD_TEXTS || field->of == &checked_shape;
    struct text value = list ? list_said(field, body, materials, arena)
                             : field_display(field, body, arena);
    bool empty = !list && (!field_text(field, body, arena).len || text_is(value, "0"));
    return empty ? TEXT("") : value;
}

/* The fields of an event's body as label and value, empty ones left out. Of the private ones only
 * what was written about the case (events.c), and only for those who may see the person. */
static void show_body(const struct event_kind *kind, const struct entry *entry,
                      const struct list *materials, bool whole, struct arena *arena,
                      struct list *out)
{
    const struct shape *shape = kind->shape;
    void *body = arena_alloc(arena, shape->size);
    struct detail *details = arena_array(arena, shape->count + 1, sizeof *details); /* and a letter */
    struct fault unread = {0};
    if (!shape_read_json(shape, entry->body, arena, body, &unread) ||
        (whole && entry->private_body.len &&
         !shape_read_json(shape, entry->private_body, arena, body, &unread)))
        return;
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        bool of_suspension = kind == &case_suspended_event &&
                             (strcmp(field->name, "kind") == 0 ||
                              strcmp(field->name, "state_before") == 0);
        if (field_dull(field->name) && !of_suspension)
            continue;
        /* What the item asked for when the draft was begun is the guide's, not the case's. */
        if (field->type == FIELD_BOOL || (field->type == FIELD_LIST && field->of != &checked_shape))
            continue;
        if ((field->flags & FIELD_PRIVATE) && !(whole && (field->flags & FIELD_LINES)))
            continue;
        struct text value = value_said(field, body, materials, arena);
        if (value.len)
            details[out->count++] = (struct detail){text_of(field->label), value};
    }
    out->items = details;
}

/* A member of an event's body by its name, NULL where that kind has none. */
static const void *member(const struct event_kind *kind, const void *body, struct text name)
{
    const struct field *field = shape_field(kind->shape, name);
    return field ? (const char *)body + field->offset : NULL;
}

/* The letter under which it was done, with the powers it gives; nothing where it was by post or
 * office. */
static bool add_letter(const struct look_context *context, const struct event_kind *kind,
                       const void *body, struct list *details, struct fault *why)
{
    const int64_t *named = member(kind, body, TEXT("delegation_id"));
    struct text letter;
    int64_t id = named ? *named : 0;
    if (!id)
        return true;
    if (!identity_letter(context->db, context->region, id, context->arena, &letter, why))
        return false;
    if (letter.len && details->items)
        ((struct detail *)details->items)[details->count++] =
            (struct detail){TEXT("授权书"), letter};
    return true;
}

/* In what office it was done and where, and the number of the paper it made: for everybody, as the
 * journal says it. Of the house's own steps the actor says enough. */
static void show_office(const struct look_context *context, const struct event_kind *kind,
                        const void *body, struct history_view *view)
{
    const int64_t *role = member(kind, body, TEXT("role"));
    const struct text *window = member(kind, body, TEXT("window"));
    const struct text *number = member(kind, body, TEXT("document_no"));
    if (number)
        view->document_no = *number;
    if (!role || !window)
        return;
    view->role = *role;
    view->window = *window;
    if (*role == OFFICE_NONE || *role == OFFICE_SYSTEM)
        return;
    const struct place *place = catalogue_find_place(catalogue_at(context), *window);
    view->post = text_of(office_words[*role].label);
    if (place)
        view->post = text_format(context->arena, "%.*s，%.*s", TEXT_ARG(view->post),
                                 TEXT_ARG(place->name));
}

struct known_actor {
    struct text name, display;
};

/* Staff see who did it; the public sees in what post. */
static bool actor_shown(const struct look_context *context, struct text name, bool staff,
                        struct known_actor *known, size_t *count, struct text *out,
                        struct fault *why)
{
    struct account account;
    int64_t id;
    bool found = false;
    *out = text_is(name, "system") ? TEXT("系统") : TEXT("申请人");
    if (!text_starts(name, TEXT("account:")))
        return true;
    *out = TEXT("工作人员");
    if (!staff || !text_int(text_slice(name, 8, name.len), &id))
        return true;
    for (size_t i = 0; i < *count; i++)
        if (text_equal(known[i].name, name)) {
            *out = known[i].display;
            return true;
        }
    if (!identity_account(context->db, context->region, id, context->arena, &account, &found, why))
        return false;
    if (found)
        *out = account.display;
    known[(*count)++] = (struct known_actor){name, *out};
    return true;
}

/* Filling in the draft, as against what happens to the application afterwards. */
static bool fills_draft(const struct event_kind *kind, bool submitted)
{
    return !submitted && (kind == &case_applicant_event || kind == &case_matter_event ||
                          kind == &case_provided_event);
}

/* What whoever looks has just done and may undo; or why not. */
static void show_undo(const struct look_context *context, const struct list *entries,
                      struct case_page *page)
{
    struct case_before before;
    struct text actor = context->actor->name;
    case_before_of(entries, context->arena, &before);
    page->final_said = text_of(case_final_of(&before, actor, context->now_ms));
    if (!case_duty(context->actor, &page->file) ||
        !case_undoable(&before, &page->file, actor, context->now_ms))
        return;
    page->undo_title = text_of(before.last.kind->title);
    page->undo_index = before.last.index;
    page->undo_until = before.last.at + CASE_UNDO_MS;
}

bool case_show_history(const struct look_context *context, struct case_page *page,
                       const struct list *materials, bool staff, bool whole, struct fault *why)
{
    struct list entries;
    if (!journal_history(context->db, context->region,
                         case_subject(page->file.case_id, context->arena), -1, CASE_STEPS,
                         context->arena, &entries, why))
        return false;
    const struct entry *from = entries.items;
    struct history_view *to = arena_array(context->arena, entries.count, sizeof *to);
    struct known_actor *known = arena_array(context->arena, entries.count, sizeof *known);
    size_t count = 0, known_count = 0;
    bool submitted = false, papers = !staff || case_papers_open_to(context->actor, &page->file);
    for (size_t i = 0; i < entries.count; i++) {
        const struct event_kind *kind = case_event_named(from[i].head.kind);
        if (!kind || (kind->internal && !staff))
            continue;
        struct history_view *view = &to[count++];
        void *body = arena_alloc(context->arena, kind->shape->size); /* what of it is public */
        struct fault unread = {0};
        bool read = shape_read_json(kind->shape, from[i].body, context->arena, body, &unread);
        *view = (struct history_view){.index = from[i].head.index,
                                      .at = from[i].head.at,
                                      .title = text_of(kind->title),
                                      .said = read ? case_told(kind, body, context->arena) : TEXT(""),
                                      .kind = from[i].head.kind,
                                      .filling = fills_draft(kind, submitted)};
        page->filling += view->filling;
        submitted |= kind == &case_submitted_event;
        if (kind == &case_submitted_event)
            page->check = text_format(context->arena, "/verify?receipt=%lld",
                                      (long long)view->index);
        if (!actor_shown(context, from[i].head.actor, staff, known, &known_count, &view->actor,
                         why))
            return false;
        if (read)
            show_office(context, kind, body, view);
        if (read && papers)
            view->paper = text_of(printed_words[case_printed(kind, body, page->file.state)].label);
        page->papers += view->paper.len > 0;
        /* What the staff say to one another is not the applicant's to read; of the papers the one
         * notice tells everything at once (law 32). */
        bool inner = kind == &case_checked_event || kind == &case_reviewed_event ||
                     kind == &case_returned_event || kind == &case_undone_event;
        if (inner && !staff)
            continue;
        show_body(kind, &from[i], materials, whole, context->arena, &view->details);
        if (read && !add_letter(context, kind, body, &view->details, why))
            return false;
    }
    page->history = (struct list){to, count};
    if (staff)
        show_undo(context, &entries, page);
    return true;
}
