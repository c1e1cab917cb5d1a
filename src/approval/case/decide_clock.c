/* The deadlines of a case: started, paused, resumed, extended and closed along with its own events,
 * through the clock's pure functions. */
#include "approval/case/parts.h"

static struct text hours_of(const struct context *context, const struct case_file *file)
{
    struct text code = file->place;
    /* A place without hours of its own keeps its parent's; the tree is a few levels deep. */
    for (int level = 0; code.len && level < 8; level++) {
        const struct place *place = catalogue_place(context, code);
        if (!place)
            break;
        if (place->hours.len)
            return place->hours;
        code = place->parent;
    }
    return TEXT("");
}

enum refusal case_day(const struct context *context, const struct case_file *file, int64_t at_ms,
                      int64_t *date, struct decision *out)
{
    enum refusal refusal =
        opening_receipt_date(clock_opening(context, hours_of(context, file)),
                             clock_calendar(context), at_ms, date);
    return refusal == OK ? OK : decision_refuse(out, refusal, "", NULL);
}

static struct text id_of(const struct case_facts *facts, const char *name, struct arena *arena)
{
    return text_format(arena, "case:%lld/%s", (long long)facts->file.case_id, name);
}

static const struct clock_deadline *find(const struct case_facts *facts, const char *name,
                                         struct arena *arena)
{
    const struct clock_deadline *deadlines = facts->deadlines.items;
    struct text id = id_of(facts, name, arena);
    for (size_t i = 0; i < facts->deadlines.count; i++)
        if (text_equal(deadlines[i].id, id))
            return &deadlines[i];
    return NULL;
}

static bool open(const struct clock_deadline *deadline)
{
    return deadline &&
           (deadline->state == DEADLINE_RUNNING || deadline->state == DEADLINE_PAUSED);
}

/* The clock's functions emit exactly one event each; what a deadline now comes to is in its body. */
static const void *last_body(const struct decision *out)
{
    return out->events[out->count - 1].body;
}

enum refusal case_deadline_start(const struct context *context, const struct case_facts *facts,
                                 const char *name, int64_t kind, int64_t start_date,
                                 struct limit limit, struct due *due, struct decision *out)
{
    const struct catalogue *catalogue = catalogue_of(context);
    struct deadline deadline = {.kind = kind,
                                .start_date = start_date,
                                .limit = limit,
                                .remind_days = catalogue_days(catalogue, SETTING_REMINDER_DAYS)};
    if (kind == DEADLINE_PROMISED)
        deadline.red_after_days = catalogue_days(catalogue, SETTING_RED_AFTER_DAYS);
    enum refusal refusal =
        clock_set(out, context, case_subject(facts->file.case_id, out->arena), name, &deadline,
                  hours_of(context, &facts->file), find(facts, name, out->arena));
    if (refusal != OK)
        return decision_refuse(out, refusal, "", NULL);
    const struct deadline_set *set = last_body(out);
    *due = (struct due){set->reckoning.due_date, set->reckoning.due_at};
    return OK;
}

bool case_deadline_open(const struct case_facts *facts, const char *name,
                        const struct context *context)
{
    return open(find(facts, name, context->arena));
}

bool case_deadline_passed(const struct case_facts *facts, const char *name,
                          const struct context *context)
{
    const struct clock_deadline *deadline = find(facts, name, context->arena);
    return deadline && deadline->state == DEADLINE_RUNNING && deadline->reckoning.due_at &&
           deadline->reckoning.due_at <= context->now_ms;
}

enum refusal case_in_time(const struct case_facts *facts, const char *name, const char *otherwise,
                          const struct context *context, struct decision *out)
{
    if (!case_deadline_passed(facts, name, context))
        return OK;
    return decision_refuse(out, REFUSED_TOO_LATE, "", otherwise);
}

enum refusal case_unanswered(const struct case_facts *facts, int64_t state,
                             const struct context *context, struct decision *out)
{
    enum refusal refusal = case_in_state(facts, state, out);
    return refusal != OK ? refusal
                         : case_in_time(facts, DEADLINE_ANSWER,
                                        "答复期限已过，申请自收到之日起即为受理（行政许可法第三十二条），"
                                        "系统即将登记。请稍后刷新页面。",
                                        context, out);
}

enum refusal case_deadline_close(const struct case_facts *facts, const char *name,
                                 bool cancelled, const struct context *context,
                                 struct decision *out)
{
    const struct clock_deadline *deadlines = facts->deadlines.items;
    struct text id = name ? id_of(facts, name, out->arena) : TEXT("");
    for (size_t i = 0; i < facts->deadlines.count; i++) {
        if (!open(&deadlines[i]) || (name && !text_equal(deadlines[i].id, id)))
            continue;
        enum refusal refusal =
            clock_close(out, context, &deadlines[i], context->now_ms, cancelled, NULL);
        if (refusal != OK)
            return decision_refuse(out, refusal, "", NULL);
    }
    return OK;
}

enum refusal case_clock_pause(const struct case_facts *facts, const struct context *context,
                              const struct pause *pause, struct decision *out)
{
    static const char *const names[] = {DEADLINE_OF_PROMISE, DEADLINE_OF_LAW};
    for (size_t i = 0; i < 2; i++) {
        const struct clock_deadline *deadline = find(facts, names[i], out->arena);
        enum refusal refusal = OK;
        /* A promise that has run out stays broken, but the law's own clock may still stand still. */
        if (open(deadline) && !(i == 0 && case_deadline_passed(facts, names[i], context)))
            refusal = clock_pause(out, context, deadline, pause);
        if (refusal == REFUSED_TOO_LATE)
            return decision_refuse(out, refusal, "", "期限已届满，不能再中止计时。");
        if (refusal != OK)
            return decision_refuse(out, refusal, "", NULL);
    }
    return OK;
}

enum refusal case_clock_resume(const struct case_facts *facts, const struct context *context,
                               struct due *promised, struct due *statutory, struct decision *out)
{
    static const char *const names[] = {DEADLINE_OF_PROMISE, DEADLINE_OF_LAW};
    struct due *dues[] = {promised, statutory};
    for (size_t i = 0; i < 2; i++) {
        const struct clock_deadline *deadline = find(facts, names[i], out->arena);
        *dues[i] = (struct due){0};
        if (!open(deadline))
            continue;
        *dues[i] = (struct due){deadline->reckoning.due_date, deadline->reckoning.due_at};
        if (deadline->state != DEADLINE_PAUSED)
            continue;
        enum refusal refusal =
            clock_resume(out, context, deadline, time_date(context->now_ms));
        if (refusal != OK)
            return decision_refuse(out, refusal, "", NULL);
        const struct deadline_resumed *resumed = last_body(out);
        *dues[i] = (struct due){resumed->reckoning.due_date, resumed->reckoning.due_at};
    }
    return OK;
}

enum refusal case_clock_extend(const struct case_facts *facts, const struct context *context,
                               int64_t days, struct text paper, struct due *promised,
                               struct due *statutory, struct decision *out)
{
    static const char *const names[] = {DEADLINE_OF_PROMISE, DEADLINE_OF_LAW};
    struct due *dues[] = {promised, statutory};
    for (size_t i = 0; i < 2; i++) {
        const struct clock_deadline *deadline = find(facts, names[i], out->arena);
        *dues[i] = (struct due){0};
        if (!open(deadline))
            continue;
        enum refusal refusal =
            clock_extend(out, context, deadline, days,
                         catalogue_days(catalogue_of(context), SETTING_EXTENSION_DAYS), paper);
        if (refusal == REFUSED_TOO_LATE)
            return decision_refuse(out, refusal, "", "期限已届满，延长须在届满前批准。");
        if (refusal != OK)
            return decision_refuse(out, refusal, "days", NULL);
        const struct deadline_extended *extended = last_body(out);
        *dues[i] = (struct due){extended->reckoning.due_date, extended->reckoning.due_at};
    }
    return OK;
}

enum refusal case_days_used(const struct case_facts *facts, const struct context *context,
                            int64_t *used, struct decision *out)
{
    const struct clock_deadline *deadline = find(facts, DEADLINE_OF_LAW, out->arena);
    const struct calendar *calendar = clock_calendar(context);
    int64_t today = time_date(context->now_ms);
    struct working_days days;
    if (!deadline)
        deadline = find(facts, DEADLINE_OF_PROMISE, out->arena);
    enum refusal refusal =
        deadline ? deadline_used_for_figures(calendar, &deadline->deadline, today, &days)
                 : calendar_used_for_figures(calendar, time_date(facts->file.accepted_at), today,
                                             &days);
    if (refusal != OK)
        return decision_refuse(out, refusal, "", NULL);
    *used = days.n;
    return OK;
}

int64_t case_next_due(const struct due *a, const struct due *b)
{
    if (!a->at || !b->at)
        return a->at ? a->at : b->at;
    return a->at < b->at ? a->at : b->at;
}

/* A notice moved the days: the case's own dates follow its deadlines. */
DECIDE(case_decide_redate)
{
    const struct case_facts *known = facts;
    enum refusal refusal = case_open_to(known, context, out);
    (void)input;
    if (refusal != OK)
        return refusal;
    const struct clock_deadline *promised = find(known, DEADLINE_OF_PROMISE, out->arena);
    const struct clock_deadline *statutory = find(known, DEADLINE_OF_LAW, out->arena);
    const struct clock_deadline *answer = find(known, DEADLINE_ANSWER, out->arena);
    struct due dues[3] = {{0}, {0}, {0}};
    const struct clock_deadline *all[3] = {promised, statutory, answer};
    for (size_t i = 0; i < 3; i++)
        if (open(all[i]))
            dues[i] = (struct due){all[i]->reckoning.due_date, all[i]->reckoning.due_at};
    struct redated *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct redated){dues[0].date ? dues[0].date : known->file.promised_date,
                             dues[1].date ? dues[1].date : known->file.statutory_date,
                             open(answer) ? dues[2].at : case_next_due(&dues[0], &dues[1]),
                             case_done_by(context, known->file.department, 0)};
    if (!case_state_open(known->file.state))
        body->due_at = 0;
    decision_emit(out, &case_redated_event, case_subject(known->file.case_id, out->arena), body);
    return OK;
}
