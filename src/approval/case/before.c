/* How a case stood before its last step, from the entries about it. */
#include "approval/case/parts.h"

static bool whole_body(const struct event_kind *kind, const struct entry *entry,
                       struct arena *arena, void *body)
{
    struct fault unread = {0};
    return shape_read_json(kind->shape, entry->body, arena, body, &unread) &&
           (!entry->private_body.len ||
            shape_read_json(kind->shape, entry->private_body, arena, body, &unread));
}

static void read_review(const struct entry *entry, struct arena *arena, struct case_before *out)
{
    struct reviewed *body = arena_alloc(arena, sizeof *body);
    if (!whole_body(&case_reviewed_event, entry, arena, body))
        return;
    out->reviewer = entry->head.actor;
    out->recommendation = body->recommendation;
    out->reviewed_at = entry->head.at;
}

static void read_check(const struct entry *entry, struct arena *arena, struct case_before *out)
{
    struct materials_checked *body = arena_alloc(arena, sizeof *body);
    if (!whole_body(&case_checked_event, entry, arena, body))
        return;
    out->materials = body->before;
    out->found = body->materials;
}

void case_before_of(const struct list *entries, struct arena *arena, struct case_before *out)
{
    const struct entry *entry = entries->items, *last = NULL;
    *out = (struct case_before){0};
    for (size_t i = 0; i < entries->count; i++) {
        const struct event_kind *kind = case_event_named(entry[i].head.kind);
        /* The calendar's own changes follow from nobody's step. */
        if (!kind || kind == &case_redated_event)
            continue;
        out->previous = out->last;
        out->last = (struct case_step){entry[i].head.index, entry[i].head.at, kind,
                                       entry[i].head.actor};
        last = &entry[i];
        if (kind == &case_reviewed_event)
            read_review(last, arena, out);
    }
    if (out->last.kind == &case_checked_event)
        read_check(last, arena, out);
}
