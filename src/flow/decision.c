/* What decide and react use: gathering events, refusals and wishes. */
#include "flow/module.h"

const void *context_standing(const struct context *context, const struct module *module)
{
    for (size_t i = 0; i < context->standing_count; i++)
        if (context->standing[i].module == module)
            return context->standing[i].facts;
    return NULL;
}

void decision_emit(struct decision *decision, const struct event_kind *kind, struct text subject,
                   const void *body)
{
    size_t count = decision->count;
    decision->events = arena_grow(decision->arena, decision->events,
                                  count * sizeof *decision->events,
                                  (count + 1) * sizeof *decision->events);
    decision->events[count] = (struct emitted){kind, subject, body};
    decision->count = count + 1;
}

enum refusal decision_refuse(struct decision *decision, enum refusal code, const char *field,
                             const char *message)
{
    const struct refusal_text *words = refusal_text(code);
    struct text said = message ? text_of(message)
                               : text_format(decision->arena, "%s。%s", words->title, words->remedy);
    problem_add(&decision->problems, decision->arena, text_of(field), code, said);
    return code;
}

void wish_add(struct wishes *wishes, const struct command *command, const void *input)
{
    size_t count = wishes->count;
    wishes->items = arena_grow(wishes->arena, wishes->items, count * sizeof *wishes->items,
                               (count + 1) * sizeof *wishes->items);
    wishes->items[count] = (struct wish){command, input};
    wishes->count = count + 1;
}

enum refusal role_refusal(int64_t roles, const struct actor *actor)
{
    if (roles & (actor->roles | ROLE_ANYONE))
        return OK;
    if (actor->account == 0)
        return REFUSED_SIGN_IN;
    /* Who only watches is told the rule of that post, not just "no". */
    if (actor->roles & (ROLE_SUPERVISOR | ROLE_AUDITOR) &&
        !(actor->roles & ROLE_STAFF & ~(ROLE_SUPERVISOR | ROLE_AUDITOR)))
        return REFUSED_LOOK_ONLY;
    return REFUSED_ROLE;
}
