/* What may be brought in: a log once a file, its cases in order, their events without a gap. Pure. */
#include "approval/history/history.h"

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
    decision_emit(out, &history_log_kind, subject_of(out->arena, context->next_index, 0), body);
    return OK;
}

static enum refusal check_date(struct text date, const char *field, struct decision *out)
{
    int64_t at_ms;
    if (date.len == 0 || xes_instant(date, &at_ms))
        return OK;
    return decision_refuse(out, REFUSED_MALFORMED, field, NULL);
}

enum refusal history_decide_case(const void *facts, const void *input,
                                 const struct context *context, struct decision *out)
{
    const struct history_facts *known = facts;
    const struct history_case *opened = input;
    (void)context;
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
    decision_emit(out, &history_case_kind,
                  subject_of(out->arena, opened->log_id, opened->case_no), body);
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
