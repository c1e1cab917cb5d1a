/* What may be brought in: a log once a file, its cases in order, their events without a gap. Pure. */
#include "approval/history/history.h"
#include "clock/clock.h"

/* A hash as hex, lower case: the file's name within the journal. */
static bool is_hash(struct text file)
{
    for (size_t i = 0; i < file.len; i++)
        if (!((file.at[i] >= '0' && file.at[i] <= '9') || (file.at[i] >= 'a' && file.at[i] <= 'f')))
            return false;
    return file.len == 64;
}

static struct text subject_of(struct arena *arena, int64_t log_id, int64_t case_no)
{
    return case_no ? text_format(arena, "history:%lld/%lld", (long long)log_id, (long long)case_no)
                   : text_format(arena, "history:%lld", (long long)log_id);
}

enum refusal history_decide_log(const void *facts, const void *input,
                                const struct context *context, struct decision *out)
{
    const struct history_facts *known = facts;
    const struct history_log *log = input;
    if (!is_hash(log->file))
        return decision_refuse(out, REFUSED_MALFORMED, "file", NULL);
    if (known->log_known)
        return decision_refuse(out, REFUSED_EXISTS, "file", NULL);
    struct history_log *body = arena_copy(out->arena, log, sizeof *log);
    decision_emit(out, &history_log_kind, subject_of(out->arena, context->next_index + 1, 0), body);
    return OK;
}

static enum refusal check_date(struct text date, const char *field, struct decision *out)
{
    int64_t at_ms;
    if (date.len == 0 || xes_instant(date, &at_ms))
        return OK;
    return decision_refuse(out, REFUSED_MALFORMED, field, NULL);
}

/* The old system's deadline as an object of the clock: due at the very moment it says, not at one
 * counted anew, and without rungs, since nobody is reminded of history. Ended cases close it, met or
 * late by the same comparison as the figures; the others leave it running. */
static void history_deadline(const struct history_case *opened, struct text subject,
                             const struct context *context, struct decision *out)
{
    int64_t due_at, start_at, end_at;
    if (!xes_instant(opened->deadline, &due_at))
        return;
    if (!xes_instant(opened->startdate, &start_at))
        start_at = context->now_ms < due_at ? context->now_ms : due_at;
    int64_t start_date = time_date(start_at), due_date = time_date(due_at);
    int64_t days = due_date > start_date ? due_date - start_date : 1; /* a limit is at least 1 */
    struct deadline_set *set = arena_alloc(out->arena, sizeof *set);
    *set = (struct deadline_set){
        .deadline = text_format(out->arena, "%.*s/%s", TEXT_ARG(subject),
                                deadline_kind_words[DEADLINE_CUSTOM].name),
        .kind = DEADLINE_CUSTOM,
        .start_date = start_date,
        .limit = {UNIT_CALENDAR_DAYS, days},
        .reckoning = {.due_date = due_date, .due_at = due_at},
    };
    decision_emit(out, &deadline_set_event, subject, set);
    if (!xes_instant(opened->enddate, &end_at))
        return;
    struct deadline counted = {
        .kind = set->kind, .start_date = set->start_date, .limit = set->limit};
    struct working_days used = working_days(0);
    struct deadline_closed *closed = arena_alloc(out->arena, sizeof *closed);
    *closed = (struct deadline_closed){
        .deadline = set->deadline,
        .outcome = end_at > due_at ? OUTCOME_LATE : OUTCOME_MET,
        .finish_date = time_date(end_at),
    };
    /* Unknown years and ends before the start (there are such) leave it 0: not counted. */
    if (closed->finish_date >= start_date &&
        deadline_used_for_figures(clock_calendar(context), &counted, closed->finish_date, &used) ==
            OK)
        closed->used = used.n;
    decision_emit(out, &deadline_closed_event, subject, closed);
}

enum refusal history_decide_case(const void *facts, const void *input,
                                 const struct context *context, struct decision *out)
{
    const struct history_facts *known = facts;
    const struct history_case *opened = input;
    if (!known->log_known)
        return decision_refuse(out, REFUSED_REFERENCE, "log_id", NULL);
    if (opened->case_no < 1)
        return decision_refuse(out, REFUSED_OUT_OF_RANGE, "case_no", NULL);
    if (known->case_known)
        return decision_refuse(out, REFUSED_EXISTS, "case_no", NULL);
    const struct {
        struct text date;
        const char *field;
    } dates[] = {{opened->startdate, "startdate"},
                 {opened->deadline, "deadline"},
                 {opened->enddate_planned, "enddate_planned"},
                 {opened->enddate, "enddate"}};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        if (check_date(dates[i].date, dates[i].field, out) != OK)
            return REFUSED_MALFORMED;
    struct history_case *body = arena_copy(out->arena, opened, sizeof *opened);
    struct text subject = subject_of(out->arena, opened->log_id, opened->case_no);
    decision_emit(out, &history_case_kind, subject, body);
    history_deadline(body, subject, context, out);
    return OK;
}

enum refusal history_decide_event(const void *facts, const void *input,
                                  const struct context *context, struct decision *out)
{
    const struct history_facts *known = facts;
    const struct history_event *event = input;
    (void)context;
    if (!known->case_known)
        return decision_refuse(out, REFUSED_REFERENCE, "case_no", NULL);
    if (event->event_no <= known->events)
        return decision_refuse(out, REFUSED_EXISTS, "event_no", NULL);
    if (event->event_no > known->events + 1)
        return decision_refuse(out, REFUSED_CONFLICT, "event_no", NULL);
    if (check_date(event->timestamp, "event_time", out) != OK)
        return REFUSED_MALFORMED;
    struct history_event *body = arena_copy(out->arena, event, sizeof *event);
    decision_emit(out, &history_event_kind,
                  subject_of(out->arena, event->log_id, event->case_no), body);
    return OK;
}
