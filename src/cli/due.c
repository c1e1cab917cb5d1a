/* yimen due: when is it due, and how was that found? */
#include <stdio.h>
#include <string.h>

#include "catalogue/city.h"
#include "cli/cli.h"
#include "clock/clock.h"
#include "clock/due.h"
#include "clock/notice.h"
#include "modules.h"
#include "view/view.h"

struct asking {
    struct cli *cli;
    int64_t from_date, known_date;
    struct limit limit;
};

static int answer(const struct asking *asking, const struct calendar *calendar)
{
    struct cli *cli = asking->cli;
    struct due_answer told;
    enum refusal refusal =
        due_compute(calendar, NULL, asking->from_date, asking->limit, cli->arena, &told);
    if (refusal == OK || refusal == REFUSED_CALENDAR)
        cli_print(cli, due_json(&told, cli->arena), due_lines(&told, cli->arena));
    return refusal ? cli_wrong(cli, "%s: %s", refusal_text(refusal)->name,
                               refusal_text(refusal)->english)
                   : CLI_DONE;
}

/* The notices of a house: as known on its own today, unless another day is asked for. */
static int ask_house(const struct asking *asking)
{
    struct cli *cli = asking->cli;
    struct cli_house house;
    struct fault why = {0};
    int end;
    if (!cli_open(cli, NULL, &house, &end))
        return end;
    struct flow_facts *facts = flow_facts_new(modules);
    struct context context = {.region = house.region,
                              .now_ms = flow_time(house.flow, house.region),
                              .arena = cli->arena};
    if (flow_facts_get(facts, house.db, house.region, &context.standing, &context.standing_count,
                       &why)) {
        struct calendar calendar = *clock_calendar(&context);
        if (cli_value(cli, "known"))
            calendar = calendar_as_known(&calendar, asking->known_date);
        end = answer(asking, &calendar);
    } else {
        end = cli_fault(cli, &why);
    }
    flow_facts_free(facts);
    cli_close(&house);
    return end;
}

static int ask_notices(const struct asking *asking, const struct list *notices)
{
    struct calendar calendar = calendar_build(notices->items, notices->count, asking->known_date,
                                              asking->cli->arena);
    return answer(asking, &calendar);
}

/* The notices of a folder, numbered in the order of their publication. */
static int ask_city_notices(const struct asking *asking, const struct list *from)
{
    struct notice *notices = from->items;
    for (size_t i = 0; i < from->count; i++)
        notices[i].version = (int64_t)i + 1;
    return ask_notices(asking, from);
}

static int wrong_files(struct cli *cli, const struct yaml_errors *errors)
{
    struct text lines = yaml_errors_text(errors, cli->arena);
    fprintf(stderr, "%.*s", TEXT_ARG(lines));
    return cli_wrong(cli, "no calendar: name a city's folder (--city) or notices (--notices)");
}

/* The State Council's notices that the program was built with. */
static int ask_built_in(const struct asking *asking)
{
    struct arena *arena = asking->cli->arena;
    struct yaml_errors errors = {.arena = arena};
    struct notice *notices = arena_array(arena, asset_count, sizeof *notices);
    struct list list = {notices, 0};
    for (size_t i = 0; i < asset_count; i++) {
        struct text name = text_of(assets[i].name),
                    yaml = {(const char *)assets[i].bytes, assets[i].size};
        if (text_ends(name, TEXT(".yaml")) &&
            !yaml_parse(yaml, name, &notice_shape, arena, &notices[list.count++], NULL,
                        &errors))
            return wrong_files(asking->cli, &errors);
    }
    city_notices_sort(&list);
    return ask_city_notices(asking, &list);
}

static int ask(const struct asking *asking)
{
    struct cli *cli = asking->cli;
    const char *folder = cli_value(cli, "notices"), *city_folder = cli_value(cli, "city");
    struct yaml_errors errors = {.arena = cli->arena};
    struct city city;
    struct list notices;
    struct fault why = {0};
    bool house = cli_value(cli, "data") || cli_value(cli, "db") || cli->config.db.len;
    if (house + !!folder + !!city_folder > 1)
        return cli_misused(cli, "one calendar: a house's, --city or --notices");
    if (house)
        return ask_house(asking);
    if (folder)
        return notice_read_folder(folder, cli->arena, &notices, &why)
                   ? ask_notices(asking, &notices)
                   : cli_fault(cli, &why);
    if (city_folder)
        return city_load(city_folder, cli->arena, &city, &errors)
                   ? ask_city_notices(asking, &city.notices)
                   : wrong_files(cli, &errors);
    return ask_built_in(asking);
}

static int run(struct cli *cli)
{
    const char *from = cli_value(cli, "from"), *unit = cli_value(cli, "unit"),
               *known = cli_value(cli, "known");
    struct asking asking = {.cli = cli, .known_date = time_date(time_now())};
    int64_t days;
    if (cli->word_count || !from || !cli_value(cli, "days"))
        return cli_misused(cli, "say from when and how many days");
    if (!date_parse(text_of(from), &asking.from_date) ||
        (known && !date_parse(text_of(known), &asking.known_date)))
        return cli_misused(cli, "a date like 2014-05-04 is wanted");
    if (!cli_number(cli, "days", 1, 4000, 0, &days))
        return CLI_MISUSED;
    bool calendar_unit = unit && strcmp(unit, "calendar") == 0;
    if (unit && !calendar_unit && strcmp(unit, "working") != 0)
        return cli_misused(cli, "--unit is working or calendar");
    asking.limit = calendar_unit ? limit_calendar(calendar_days(days))
                                 : limit_working(working_days(days));
    return ask(&asking);
}

static const struct cli_option options[] = {
    {"from", "DATE", "the day of acceptance, which is not counted"},
    {"days", "N", "how many days"},
    {"unit", "UNIT", "working (default) or calendar"},
    {"known", "DATE", "as the calendar was known on that day; default today (the house's)"},
    {"city", "FOLDER", "the notices of a city's folder instead"},
    {"notices", "FOLDER", "notices as JSON files instead"},
    {"region", "CODE", "which region of a house; default the one set up first"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_due = {
    .name = "due",
    .usage = "due --from DATE --days N [--unit working|calendar] [--known DATE] [--data DIR]",
    .summary = "The due date of a limit, and how it was found",
    .help = "By the calendar of the house that --data or --db names, else by the State Council's\n"
            "notices that this program was built with.\n",
    .options = options,
    .run = run,
};
