/* Pure: no clock, no database, no random. */
#include "clock/commands.h"
#include "clock/notice.h"

bool hours_time(struct text words, int64_t *ms)
{
    int64_t hour, minute;
    if (words.len != 5 || words.at[2] != ':' || !text_int(text_slice(words, 0, 2), &hour) ||
        !text_int(text_slice(words, 3, 5), &minute))
        return false;
    if (hour < 0 || minute < 0 || minute > 59 || hour > 24 || (hour == 24 && minute))
        return false;
    *ms = hour * HOUR_MS + minute * MINUTE_MS;
    return true;
}

int64_t hours_weekdays(const struct list *words)
{
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
    const struct text *given = words->items;
    int64_t bits = 0;
    for (size_t i = 0; i < words->count; i++) {
        int day = 0;
        while (day < 7 && !text_is(given[i], names[day]))
            day++;
        if (day == 7)
            return -1;
        bits |= INT64_C(1) << day;
    }
    return bits;
}

static struct text year_subject(struct arena *arena, int64_t year)
{
    return text_format(arena, "calendar:%lld", (long long)year);
}

enum refusal decide_publish(const void *facts, const void *input, const struct context *context,
                            struct decision *out)
{
    const struct publish_facts *known = facts;
    const struct notice *notice = input;
    if (!notice_check(notice, context->arena, &out->problems))
        return out->problems.items[0].code;
    if (known->exists)
        return decision_refuse(out, REFUSED_EXISTS, "published_date",
                               "该年度同一天发布的同类通知已经录入。");
    struct notice *entered = arena_copy(context->arena, notice, sizeof *notice);
    entered->version = known->last_version + 1;
    decision_emit(out, &calendar_published_event, year_subject(context->arena, notice->year),
                  entered);
    out->location = text_format(context->arena, "/calendar?year=%lld", (long long)notice->year);
    return OK;
}

enum refusal decide_effect(const void *facts, const void *input, const struct context *context,
                           struct decision *out)
{
    const struct effect_facts *notice = facts;
    const struct take_effect *effect = input;
    if (!notice->found)
        return REFUSED_NOT_FOUND;
    if (notice->in_force)
        return REFUSED_ONCE;
    if (time_date(context->now_ms) < notice->published_date)
        return REFUSED_NOT_YET;
    struct calendar_in_force *body = arena_alloc(context->arena, sizeof *body);
    *body = (struct calendar_in_force){
        .version = effect->version,
        .published_date = notice->published_date,
        .year = notice->year,
        .first_date = notice->first_day,
        .last_date = notice->last_day,
    };
    /* A whole year's notice may also drop days that an older one listed. */
    int64_t new_year = date_of((int)notice->year, 1, 1);
    int64_t year_end = date_of((int)notice->year, 12, 31);
    if (notice->scope == NOTICE_YEAR && new_year < body->first_date)
        body->first_date = new_year;
    if (notice->scope == NOTICE_YEAR)
        body->last_date = year_end;
    decision_emit(out, &calendar_in_force_event, year_subject(context->arena, notice->year), body);
    return OK;
}

enum refusal decide_fire(const void *facts, const void *input, const struct context *context,
                         struct decision *out)
{
    const struct fire_facts *rung = facts;
    if (!rung->found || rung->fired)
        return REFUSED_ONCE;
    if (rung->stale)
        return REFUSED_STALE;
    const struct deadline_rung *wanted = input;
    /* Moved since it was found due: it comes again when its new moment has come. */
    if (rung->due_at != wanted->due_at || rung->due_at > context->now_ms)
        return REFUSED_ONCE;
    decision_emit(out, &deadline_rung_passed_event, rung->subject,
                  arena_copy(context->arena, wanted, sizeof *wanted));
    return OK;
}

enum refusal decide_recount(const void *facts, const void *input, const struct context *context,
                            struct decision *out)
{
    const struct clock_deadline *deadline = facts;
    const struct recount *recount = input;
    if (!deadline)
        return REFUSED_NOT_FOUND;
    if (!deadline->stale)
        return REFUSED_ONCE;
    struct deadline_recounted *body = arena_alloc(context->arena, sizeof *body);
    body->deadline = recount->deadline;
    enum refusal refusal =
        deadline_reckon(clock_calendar(context), clock_opening(context, deadline->hours),
                        &deadline->deadline, context->arena, &body->reckoning);
    if (refusal)
        return refusal;
    decision_emit(out, &deadline_recounted_event, deadline->subject, body);
    return OK;
}

bool hours_shift_check(const struct hours_shift *shift, struct text path, struct problems *problems,
                       struct arena *arena)
{
    int64_t opens = 0, closes = 0, from = 0, to = 0;
    size_t before = problems->count;
    bool times = hours_time(shift->opens, &opens) && hours_time(shift->closes, &closes);
    bool lunch = shift->lunch_from.len || shift->lunch_to.len;
    if (lunch)
        times = times && hours_time(shift->lunch_from, &from) && hours_time(shift->lunch_to, &to);
    if (!times || opens >= closes || (lunch && (from < opens || to > closes || from >= to)))
        problem_add(problems, arena, path, REFUSED_CONFLICT,
                    TEXT("时间先后不对：应为上班、午休开始、午休结束、下班。"));
    if (hours_weekdays(&shift->weekdays) < 0)
        problem_add(problems, arena, text_format(arena, "%.*s.weekdays", TEXT_ARG(path)),
                    REFUSED_MALFORMED, TEXT("星期写作 monday 至 sunday。"));
    if (shift->valid_to && shift->valid_to < shift->valid_from)
        problem_add(problems, arena, text_format(arena, "%.*s.valid_to", TEXT_ARG(path)),
                    REFUSED_CONFLICT, TEXT("截止日期早于起始日期。"));
    return problems->count == before;
}

enum refusal decide_hours(const void *facts, const void *input, const struct context *context,
                          struct decision *out)
{
    const struct hours *hours = input;
    const struct hours_shift *shifts = hours->shifts.items;
    bool good = true;
    (void)facts;
    for (size_t i = 0; i < hours->shifts.count; i++)
        good = hours_shift_check(&shifts[i], text_format(out->arena, "shifts.%zu", i),
                                 &out->problems, out->arena) &&
               good;
    if (!good)
        return out->problems.items[0].code;
    decision_emit(out, &hours_set_event,
                  text_format(context->arena, "hours:%.*s", TEXT_ARG(hours->code)), hours);
    return OK;
}
