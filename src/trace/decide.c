/* A look, and the alarm it may set off. Pure. */
#include "catalogue/catalogue.h"
#include "clock/clock.h"
#include "trace/parts.h"

/* Before opening, after closing and on days off; lunch is not meant. Where the calendar of the year is
 * not known nobody can say, and no alarm is made of it. */
static bool outside_hours(const struct context *context)
{
    const struct place *place = catalogue_place(context, context->actor->place);
    const struct opening *opening = clock_opening(context, place ? place->hours : TEXT(""));
    const struct opening_rule *rule;
    int64_t date = time_date(context->now_ms);
    if (opening_rule_on(opening, clock_calendar(context), date, &rule) != OK)
        return false;
    int64_t since_midnight = time_of_day(context->now_ms);
    return !rule || since_midnight < rule->opens_ms || since_midnight >= rule->closes_ms;
}

static int64_t post_of(int64_t roles)
{
    static const int64_t posts[] = {ROLE_CLERK, ROLE_REVIEWER, ROLE_VERIFIER, ROLE_HEAD,
                                    ROLE_MANAGER, ROLE_SUPERVISOR, ROLE_ADMINISTRATOR,
                                    ROLE_SECURITY, ROLE_AUDITOR};
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++)
        if (roles & posts[i])
            return (int64_t)i + 1;
    return 0;
}

enum alarm_cause trace_alarm_of(const struct trace_facts *facts, bool outside, int64_t most,
                                int64_t most_closed)
{
    if (!facts->recent_alarmed && facts->recent + 1 > most)
        return ALARM_MANY;
    if (outside && !facts->closed_alarmed && facts->closed + 1 > most_closed)
        return ALARM_CLOSED;
    return ALARM_NONE;
}

enum alarm_cause trace_alarm_of_table(const struct trace_facts *facts, int64_t persons,
                                      int64_t most)
{
    return !facts->table_alarmed && persons > most ? ALARM_TABLE : ALARM_NONE;
}

static void alarm(const struct trace_facts *facts, const struct look_seen *seen, bool outside,
                  const struct context *context, struct decision *out)
{
    const struct catalogue *catalogue = catalogue_of(context);
    int64_t most = catalogue_number(catalogue, SETTING_LOOKS_ALARM);
    int64_t most_closed = catalogue_number(catalogue, SETTING_LOOKS_ALARM_CLOSED);
    enum alarm_cause cause = seen->subject.len
                                 ? trace_alarm_of(facts, outside, most, most_closed)
                                 : trace_alarm_of_table(facts, seen->persons, most);
    if (cause == ALARM_NONE)
        return;
    struct look_alarmed *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct look_alarmed){
        .account = context->actor->account,
        .cause = cause,
        .subjects = cause == ALARM_TABLE  ? seen->persons
                    : cause == ALARM_MANY ? 1 + facts->recent
                                          : 1 + facts->closed,
        .most = cause == ALARM_CLOSED ? most_closed : most};
    decision_emit(out, &look_alarmed_event, text_copy(out->arena, context->actor->name), body);
}

enum refusal trace_decide(const void *known, const void *input, const struct context *context,
                          struct decision *out)
{
    const struct trace_facts *facts = known;
    const struct look_seen *seen = input;
    bool outside = context->actor->account && outside_hours(context);
    struct look_recorded *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct look_recorded){.look = seen->look,
                                   .subject = seen->subject,
                                   .persons = seen->persons,
                                   .masked = seen->masked,
                                   .why = seen->why,
                                   .reason = seen->reason,
                                   .by = seen->by,
                                   .department = context->actor->department,
                                   .post = post_of(context->actor->roles),
                                   .closed = outside,
                                   .asked = seen->asked,
                                   .from = seen->from};
    decision_emit(out, &look_recorded_event,
                  text_format(out->arena, "look:%.*s",
                              TEXT_ARG(seen->subject.len ? seen->subject : seen->look)),
                  body);
    /* Lists show everybody in part only; what alarms is opening one after another, or taking very many
     * out of the house at once. */
    if (context->actor->account && (seen->subject.len || trace_is_table(seen)))
        alarm(facts, seen, outside, context, out);
    return OK;
}

void trace_reason(struct decision *out, struct text subject, struct text reason)
{
    struct look_reasoned *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct look_reasoned){subject, reason};
    decision_emit(out, &look_reasoned_event,
                  text_format(out->arena, "reason:%.*s", TEXT_ARG(subject)), body);
}

void trace_forget(struct decision *out, struct text subject)
{
    struct look_forgotten *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct look_forgotten){subject};
    decision_emit(out, &look_forgotten_event,
                  text_format(out->arena, "look:%.*s", TEXT_ARG(subject)), body);
}
