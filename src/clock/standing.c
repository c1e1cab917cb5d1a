/* Finding the clock's standing facts from a decision or a look. Pure. */
#include "clock/commands.h"

static const struct calendar *calendar_on(const struct clock_standing *facts, int64_t now_ms,
                                          struct arena *arena)
{
    struct calendar *calendar = arena_alloc(arena, sizeof *calendar);
    *calendar = facts ? calendar_as_known(&facts->calendar, time_date(now_ms))
                      : calendar_build(NULL, 0, time_date(now_ms), arena);
    return calendar;
}

static const struct opening *opening_of(const struct clock_standing *facts, struct text code)
{
    const struct clock_hours *hours = facts ? facts->hours.items : NULL;
    for (size_t i = 0; facts && i < facts->hours.count; i++)
        if (text_equal(hours[i].code, code))
            return &hours[i].opening;
    return &opening_default;
}

const struct calendar *clock_calendar(const struct context *context)
{
    return calendar_on(context_standing(context, &clock_module), context->now_ms, context->arena);
}

const struct calendar *clock_calendar_at(const struct look_context *context)
{
    return calendar_on(look_standing(context, &clock_module), context->now_ms, context->arena);
}

const struct clock_standing *clock_facts_at(const struct look_context *context)
{
    return look_standing(context, &clock_module);
}

const struct opening *clock_opening(const struct context *context, struct text hours)
{
    return opening_of(context_standing(context, &clock_module), hours);
}

const struct opening *clock_opening_at(const struct look_context *context, struct text hours)
{
    return opening_of(look_standing(context, &clock_module), hours);
}

enum refusal clock_explain(const struct look_context *context,
                           const struct clock_deadline *deadline, struct explanation *out)
{
    struct calendar then = *clock_calendar_at(context);
    if (deadline->reckoning.known_date)
        then = calendar_as_known(&then, deadline->reckoning.known_date);
    return deadline_explain(&then, clock_opening_at(context, deadline->hours),
                            &deadline->deadline, context->arena, out);
}

const struct clock_deadline *clock_deadline_of(const struct list *deadlines, int64_t kind)
{
    const struct clock_deadline *items = deadlines->items;
    for (size_t i = 0; i < deadlines->count; i++)
        if (items[i].deadline.kind == kind)
            return &items[i];
    return NULL;
}
