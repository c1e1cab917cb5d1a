/* Notices as a city's folder has them, as the clock takes them. */
#include "catalogue/city.h"
#include "cli/cli.h"
#include "clock/calendar.h"

void cli_notice(const struct city_notice *from, struct arena *arena, struct notice *out)
{
    const struct city_day *days = from->days.items;
    struct notice_day *copies = arena_array(arena, from->days.count, sizeof *copies);
    for (size_t i = 0; i < from->days.count; i++)
        copies[i] = (struct notice_day){days[i].date, days[i].off, days[i].name};
    *out = (struct notice){.year = from->year,
                           .published_date = from->published_date,
                           .scope = from->scope == CITY_NOTICE_CHANGE ? NOTICE_CHANGE
                                                                      : NOTICE_YEAR,
                           .document = from->document,
                           .source = from->source,
                           .days = {copies, from->days.count}};
}
