/* What other modules' decisions do with their deadlines. Pure. */
#include "clock/clock.h"

enum refusal clock_set(struct decision *decision, const struct context *context,
                       struct text subject, const char *name, const struct deadline *deadline,
                       struct text hours, const struct clock_deadline *before)
{
    struct deadline_set *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct deadline_set){
        .deadline = text_format(context->arena, "%.*s/%s", TEXT_ARG(subject),
                                name ? name : deadline_kind_words[deadline->kind].name),
        .kind = deadline->kind,
        .start_date = deadline->start_date,
        .limit = deadline->limit,
        .remind_days = deadline->remind_days,
        .red_after_days = deadline->red_after_days,
        .hours = text_copy(context->arena, hours),
        .again = before != NULL,
    };
    if (deadline->pauses.count || deadline->extension)
        return REFUSED_CONFLICT; /* a deadline begins without; they have events of their own */
    enum refusal refusal =
        deadline_reckon(clock_calendar(context), clock_opening(context, hours), deadline,
                        context->arena, &body->reckoning);
    if (refusal)
        return refusal;
    decision_emit(decision, &deadline_set_event, subject, body);
    return OK;
}

enum refusal clock_pause(struct decision *decision, const struct context *context,
                         const struct clock_deadline *deadline, const struct pause *pause)
{
    struct deadline after;
    if (deadline->state != DEADLINE_RUNNING)
        return REFUSED_STATE;
    enum refusal refusal =
        deadline_pause(clock_calendar(context), clock_opening(context, deadline->hours),
                       &deadline->deadline, pause, context->now_ms, context->arena, &after);
    if (refusal)
        return refusal;
    struct deadline_paused *body = arena_alloc(context->arena, sizeof *body);
    body->deadline = deadline->id;
    body->pause = *deadline_open_pause(&after);
    body->pause.paper = text_copy(context->arena, body->pause.paper);
    decision_emit(decision, &deadline_paused_event, deadline->subject, body);
    return OK;
}

enum refusal clock_resume(struct decision *decision, const struct context *context,
                          const struct clock_deadline *deadline, int64_t to_date)
{
    struct deadline after;
    if (deadline->state != DEADLINE_PAUSED)
        return REFUSED_STATE;
    struct deadline_resumed *body = arena_alloc(context->arena, sizeof *body);
    body->deadline = deadline->id;
    body->to_date = to_date;
    enum refusal refusal = deadline_resume(&deadline->deadline, to_date, context->arena, &after);
    if (!refusal)
        refusal = deadline_reckon(clock_calendar(context), clock_opening(context, deadline->hours),
                                  &after, context->arena, &body->reckoning);
    if (refusal)
        return refusal;
    decision_emit(decision, &deadline_resumed_event, deadline->subject, body);
    return OK;
}

enum refusal clock_extend(struct decision *decision, const struct context *context,
                          const struct clock_deadline *deadline, int64_t days, int64_t most,
                          struct text paper)
{
    const struct calendar *calendar = clock_calendar(context);
    const struct opening *opening = clock_opening(context, deadline->hours);
    struct deadline after;
    if (deadline->state != DEADLINE_RUNNING && deadline->state != DEADLINE_PAUSED)
        return REFUSED_STATE;
    struct deadline_extended *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct deadline_extended){
        .deadline = deadline->id,
        .days = days,
        .on_date = time_date(context->now_ms),
        .paper = text_copy(context->arena, paper),
    };
    enum refusal refusal =
        deadline_extend(calendar, opening, &deadline->deadline, days, most, context->now_ms,
                        body->paper, context->arena, &after);
    if (!refusal)
        refusal = deadline_reckon(calendar, opening, &after, context->arena, &body->reckoning);
    if (refusal)
        return refusal;
    decision_emit(decision, &deadline_extended_event, deadline->subject, body);
    return OK;
}

enum refusal clock_close(struct decision *decision, const struct context *context,
                         const struct clock_deadline *deadline, int64_t finished_at,
                         bool cancelled, enum deadline_outcome *outcome)
{
    const struct calendar *calendar = clock_calendar(context);
    struct working_days used = working_days(0);
    struct reckoning now;
    if (deadline->state != DEADLINE_RUNNING && deadline->state != DEADLINE_PAUSED)
        return REFUSED_STATE;
    struct deadline_closed *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct deadline_closed){
        .deadline = deadline->id,
        .finish_date = time_date(finished_at),
        .outcome = OUTCOME_CANCELLED,
    };
    if (body->finish_date < deadline->deadline.start_date)
        return REFUSED_CONFLICT;
    /* Afresh: a notice may have taken effect that the stored due moment does not know yet. */
    enum refusal refusal =
        deadline_reckon(calendar, clock_opening(context, deadline->hours), &deadline->deadline,
                        context->arena, &now);
    if (refusal && refusal != REFUSED_CALENDAR)
        return refusal;
    int64_t due_at = refusal ? deadline->reckoning.due_at : now.due_at;
    if (!cancelled)
        body->outcome = due_at && finished_at > due_at ? OUTCOME_LATE : OUTCOME_MET;
    /* Work must be able to end in a year whose calendar is missing; the figures leave it out. */
    refusal = deadline_used_for_figures(calendar, &deadline->deadline, body->finish_date, &used);
    if (refusal && refusal != REFUSED_CALENDAR)
        return refusal;
    body->used = refusal ? 0 : used.n;
    if (outcome)
        *outcome = (enum deadline_outcome)body->outcome;
    decision_emit(decision, &deadline_closed_event, deadline->subject, body);
    return OK;
}

void clock_forget(struct decision *decision, struct text subject)
{
    struct deadline_forgotten *body = arena_alloc(decision->arena, sizeof *body);
    *body = (struct deadline_forgotten){subject};
    decision_emit(decision, &deadline_forgotten_event, subject, body);
}
