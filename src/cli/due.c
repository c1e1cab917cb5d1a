/* yimen due: when is it due, and how was that found? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "catalogue/city.h"
#include "cli/cli.h"
#include "clock/due.h"
#include "clock/notice.h"

/* The notices of a city's folder, or of a folder of JSON files. */
static bool load_notices(struct cli *cli, struct list *out)
{
    const char *folder = cli_value(cli, "notices"), *city = cli_value(cli, "city");
    struct yaml_errors errors = {.arena = cli->arena};
    struct city loaded;
    struct fault why = {0};
    if (folder) {
        if (notice_read_folder(folder, cli->arena, out, &why))
            return true;
        cli_fault(cli, &why);
        return false;
    }
    if (!city_load(city ? city : "cities/pinghu", cli->arena, &loaded, &errors)) {
        struct text lines = yaml_errors_text(&errors, cli->arena);
        fprintf(stderr, "%.*s", TEXT_ARG(lines));
        cli_wrong(cli, "no calendar: name a city's folder (--city) or notices (--notices)");
        return false;
    }
    const struct city_notice *from = loaded.notices.items;
    struct notice *notices = arena_array(cli->arena, loaded.notices.count, sizeof *notices);
    for (size_t i = 0; i < loaded.notices.count; i++) {
        const struct city_day *days = from[i].days.items;
        struct notice_day *copies = arena_array(cli->arena, from[i].days.count, sizeof *copies);
        for (size_t j = 0; j < from[i].days.count; j++)
            copies[j] = (struct notice_day){days[j].date, days[j].off, days[j].name};
        notices[i] = (struct notice){.year = from[i].year,
                                     .published_date = from[i].published_date,
                                     .scope = from[i].scope == CITY_NOTICE_CHANGE ? NOTICE_CHANGE
                                                                                  : NOTICE_YEAR,
                                     .document = from[i].document,
                                     .source = from[i].source,
                                     .days = {copies, from[i].days.count},
                                     .version = (int64_t)i + 1};
    }
    *out = (struct list){notices, loaded.notices.count};
    return true;
}

static int run(struct cli *cli)
{
    const char *from = cli_value(cli, "from"), *unit = cli_value(cli, "unit"),
               *known = cli_value(cli, "known");
    int64_t from_date, known_date = time_date(time_now()), days;
    struct list notices;
    struct due_answer answer;
    if (cli->word_count || !from || !cli_value(cli, "days"))
        return cli_misused(cli, "say from when and how many days");
    if (!date_parse(text_of(from), &from_date) ||
        (known && !date_parse(text_of(known), &known_date)))
        return cli_misused(cli, "a date like 2014-05-04 is wanted");
    if (!cli_number(cli, "days", 1, 4000, 0, &days))
        return CLI_MISUSED;
    bool calendar_unit = unit && strcmp(unit, "calendar") == 0;
    if (unit && !calendar_unit && strcmp(unit, "working") != 0)
        return cli_misused(cli, "--unit is working or calendar");
    if (!load_notices(cli, &notices))
        return CLI_WRONG;
    struct calendar calendar =
        calendar_build(notices.items, notices.count, known_date, cli->arena);
    struct limit limit = calendar_unit ? limit_calendar(calendar_days(days))
                                       : limit_working(working_days(days));
    enum refusal refusal =
        due_compute(&calendar, NULL, from_date, limit, cli->arena, &answer);
    if (refusal == REFUSED_CALENDAR)
        cli_print(cli, due_json(&answer, cli->arena), due_lines(&answer, cli->arena));
    if (refusal)
        return cli_wrong(cli, "%s: %s", refusal_text(refusal)->name,
                         refusal_text(refusal)->english);
    cli_print(cli, due_json(&answer, cli->arena), due_lines(&answer, cli->arena));
    return CLI_DONE;
}

static const struct cli_option options[] = {
    {"from", "DATE", "the day of acceptance, which is not counted"},
    {"days", "N", "how many days"},
    {"unit", "UNIT", "working (default) or calendar"},
    {"known", "DATE", "as the calendar was known on that day; default today"},
    {"city", "FOLDER", "whose calendars; default cities/pinghu"},
    {"notices", "FOLDER", "notices as JSON files instead"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_due = {
    .name = "due",
    .usage = "due --from DATE --days N [--unit working|calendar] [--known DATE]",
    .summary = "The due date of a limit, and how it was found",
    .options = options,
    .run = run,
};
