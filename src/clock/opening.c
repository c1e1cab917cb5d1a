#include "clock/opening.h"

enum {
    WEEKDAYS = 0x1f, /* Monday to Friday */
};

static const struct opening_rule default_rules[] = {
    {
        .weekdays = WEEKDAYS,
        .opens_ms = 8 * HOUR_MS + 30 * MINUTE_MS,
        .lunch_from_ms = 11 * HOUR_MS + 30 * MINUTE_MS,
        .lunch_to_ms = 13 * HOUR_MS + 30 * MINUTE_MS,
        .closes_ms = 17 * HOUR_MS,
    },
};
const struct opening opening_default = {
    .rules = default_rules,
    .count = sizeof default_rules / sizeof *default_rules,
    .late_is_next_day = true,
};

enum refusal opening_rule_on(const struct opening *opening, const struct calendar *calendar,
                             int64_t date, const struct opening_rule **rule)
{
    enum day_kind kind;
    enum refusal refusal = calendar_day(calendar, date, &kind, NULL);
    if (refusal)
        return refusal;
    *rule = NULL;
    if (kind == DAY_OFF)
        return OK;
    int weekday = kind == DAY_MAKE_UP ? 1 : date_weekday(date);
    for (size_t i = 0; i < opening->count; i++) {
        const struct opening_rule *row = &opening->rules[i];
        bool valid = date >= row->valid_from && (!row->valid_to || date <= row->valid_to);
        if (valid && (row->weekdays >> (weekday - 1) & 1))
            *rule = row;
    }
    return OK;
}

enum refusal opening_is_open(const struct opening *opening, const struct calendar *calendar,
                             int64_t at_ms, bool *open)
{
    const struct opening_rule *rule;
    enum refusal refusal = opening_rule_on(opening, calendar, time_date(at_ms), &rule);
    if (refusal)
        return refusal;
    int64_t of_day = time_of_day(at_ms);
    *open = rule && of_day >= rule->opens_ms && of_day < rule->closes_ms &&
            !(of_day >= rule->lunch_from_ms && of_day < rule->lunch_to_ms);
    return OK;
}

enum refusal opening_receipt_date(const struct opening *opening, const struct calendar *calendar,
                                  int64_t at_ms, int64_t *date)
{
    const struct opening_rule *rule;
    int64_t day = time_date(at_ms);
    enum refusal refusal = opening_rule_on(opening, calendar, day, &rule);
    if (refusal)
        return refusal;
    bool late = opening->late_is_next_day && rule && time_of_day(at_ms) >= rule->closes_ms;
    return calendar_roll(calendar, day + late, date);
}

enum refusal opening_end_of(const struct opening *opening, const struct calendar *calendar,
                            int64_t date, int64_t *at_ms)
{
    const struct opening_rule *rule;
    enum refusal refusal = opening_rule_on(opening, calendar, date, &rule);
    if (refusal)
        return refusal;
    *at_ms = time_at(date, rule ? rule->closes_ms : DAY_MS);
    return OK;
}

/* Takes what the part [from, to) of a day offers after `start`; true once the span is used up. */
static bool take(int64_t from, int64_t to, int64_t start, int64_t *span, int64_t *end)
{
    if (start > from)
        from = start;
    if (from >= to)
        return false;
    if (*span <= to - from) {
        *end = from + *span;
        return true;
    }
    *span -= to - from;
    return false;
}

enum refusal opening_after(const struct opening *opening, const struct calendar *calendar,
                           int64_t at_ms, int64_t span_ms, int64_t *out)
{
    int64_t date = time_date(at_ms);
    int64_t start = time_of_day(at_ms);
    if (span_ms < 0)
        return REFUSED_OUT_OF_RANGE;
    for (int64_t days = 0; days <= 366; days++, date++, start = 0) {
        const struct opening_rule *rule;
        int64_t end;
        enum refusal refusal = opening_rule_on(opening, calendar, date, &rule);
        if (refusal)
            return refusal;
        if (!rule)
            continue;
        bool lunch = rule->lunch_from_ms < rule->lunch_to_ms;
        int64_t noon = lunch ? rule->lunch_from_ms : rule->closes_ms;
        if (take(rule->opens_ms, noon, start, &span_ms, &end) ||
            (lunch && take(rule->lunch_to_ms, rule->closes_ms, start, &span_ms, &end))) {
            *out = time_at(date, end);
            return OK;
        }
    }
    return REFUSED_LIMIT;
}
