/* What was published and set, as the commands take it. */
#include "clock/commands.h"

bool clock_notices_read(struct db_read *db, int64_t region, struct arena *arena, struct list *out,
                        struct fault *why)
{
    void *facts;
    if (!read_standing(db, region, arena, &facts, why))
        return false;
    *out = ((const struct clock_standing *)facts)->notices;
    return true;
}

static struct text time_said(int64_t ms, struct arena *arena)
{
    return text_format(arena, "%02d:%02d", (int)(ms / HOUR_MS), (int)(ms % HOUR_MS / MINUTE_MS));
}

static struct list shifts_of(const struct opening *opening, struct arena *arena)
{
    static const char *const days[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};
    struct hours_shift *shifts = arena_array(arena, opening->count, sizeof *shifts);
    for (size_t i = 0; i < opening->count; i++) {
        const struct opening_rule *rule = &opening->rules[i];
        struct text *weekdays = arena_array(arena, 7, sizeof *weekdays);
        bool lunch = rule->lunch_from_ms != rule->lunch_to_ms;
        shifts[i] = (struct hours_shift){
            .valid_from = rule->valid_from,
            .valid_to = rule->valid_to,
            .weekdays = {weekdays, 0},
            .opens = time_said(rule->opens_ms, arena),
            .lunch_from = lunch ? time_said(rule->lunch_from_ms, arena) : TEXT(""),
            .lunch_to = lunch ? time_said(rule->lunch_to_ms, arena) : TEXT(""),
            .closes = time_said(rule->closes_ms, arena),
        };
        for (int day = 0; day < 7; day++)
            if (rule->weekdays & (INT64_C(1) << day))
                weekdays[shifts[i].weekdays.count++] = text_of(days[day]);
    }
    return (struct list){shifts, opening->count};
}

bool clock_hours_read(struct db_read *db, int64_t region, struct arena *arena, struct list *out,
                      struct fault *why)
{
    static const struct db_sql sql = {"SELECT code, name, late_is_next_day, source "
                                      "FROM opening_hours WHERE region = $1 ORDER BY code"};
    struct db_rows rows;
    void *facts;
    if (!read_standing(db, region, arena, &facts, why) ||
        !db_select(db, &sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    const struct list *openings = &((const struct clock_standing *)facts)->hours;
    const struct clock_hours *known = openings->items;
    struct hours *hours = arena_array(arena, rows.count, sizeof *hours);
    for (size_t i = 0; i < rows.count; i++) {
        hours[i] = (struct hours){
            .code = db_cell_text(&rows, i, "code"),
            .name = db_cell_text(&rows, i, "name"),
            .late_is_next_day = db_cell_int(&rows, i, "late_is_next_day") != 0,
            .source = db_cell_text(&rows, i, "source"),
        };
        for (size_t j = 0; j < openings->count; j++)
            if (text_equal(known[j].code, hours[i].code))
                hours[i].shifts = shifts_of(&known[j].opening, arena);
    }
    *out = (struct list){hours, rows.count};
    return true;
}
