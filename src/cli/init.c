/* yimen init: a new house from a city's folder. Everything in it is an event from the first one on. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "catalogue/city.h"
#include "catalogue/import.h"
#include "cli/cli.h"
#include "clock/clock.h"
#include "files/files.h"
#include "modules.h"

struct setting_up {
    struct cli *cli;
    const char *data;
    const char *where;
    struct city city;
    int64_t at_ms; /* business time of the set-up, 0: now */
    bool demo;
    bool made_directory;
    struct buf people; /* who may sign in, with first passwords */
    struct buf people_json;
    int64_t commands, expected; /* done, of all */
    struct cli_bar bar;
};

static struct text new_password(struct arena *arena)
{
    unsigned char seed[12];
    random_bytes(seed, sizeof seed);
    struct text code = random_code(arena, seed, sizeof seed);
    return text_format(arena, "%.4s-%.4s-%.4s", code.at, code.at + 4, code.at + 8);
}

static void came_further(struct setting_up *up, size_t commands)
{
    up->commands += (int64_t)commands;
    cli_bar_tell(up->commands, up->expected, &up->bar);
}

static void run_one(struct setting_up *up, struct cli_house *house,
                    const struct command *command, void *input, bool *good)
{
    struct job job;
    *good = *good && cli_run(up->cli, house, command, input, up->at_ms, &job);
    came_further(up, *good);
}

static bool run_together(struct setting_up *up, struct cli_house *house,
                         const struct city_command *commands, size_t count)
{
    struct job *jobs = arena_array(up->cli->arena, count, sizeof *jobs);
    if (!cli_run_many(up->cli, house, commands, count, up->at_ms, jobs))
        return false;
    for (size_t i = 0; i < count; i++)
        if (jobs[i].end != JOB_DONE) {
            cli_refused(up->cli, &jobs[i]);
            return false;
        }
    came_further(up, count);
    return true;
}

static bool run_catalogue(struct setting_up *up, struct cli_house *house,
                          const struct city_commands *commands)
{
    for (size_t i = 0; i < commands->count; i += CLI_AT_ONCE) {
        size_t left = commands->count - i;
        if (!run_together(up, house, commands->items + i, left < CLI_AT_ONCE ? left : CLI_AT_ONCE))
            return false;
    }
    return true;
}

static bool run_calendars(struct setting_up *up, struct cli_house *house)
{
    struct notice *notices = up->city.notices.items;
    const struct city_hours *hours = up->city.hours.items;
    struct arena *arena = up->cli->arena;
    bool good = true;
    for (size_t i = 0; good && i < up->city.notices.count; i++)
        run_one(up, house, &clock_calendar_publish, &notices[i], &good);
    for (size_t i = 0; good && i < up->city.hours.count; i++) {
        struct hours *set = arena_alloc(arena, sizeof *set);
        *set = (struct hours){.code = hours[i].code,
                              .name = hours[i].name,
                              .late_is_next_day = hours[i].late_is_next_day,
                              .shifts = hours[i].shifts,
                              .source = text_of(source_words[hours[i].source].name)};
        run_one(up, house, &clock_hours_set, set, &good);
    }
    return good;
}

static void note_person(struct setting_up *up, struct text login, struct text display,
                        int64_t roles, struct text password)
{
    struct text labels = role_labels(roles, up->cli->arena);
    buf_format(&up->people, "  %-24.*s %-16.*s %.*s（%.*s）\n", TEXT_ARG(login),
               TEXT_ARG(password), TEXT_ARG(display), TEXT_ARG(labels));
    buf_str(&up->people_json, up->people_json.len ? "," : "");
    buf_str(&up->people_json, "{\"login\":");
    buf_json(&up->people_json, login);
    buf_str(&up->people_json, ",\"password\":");
    buf_json(&up->people_json, password);
    buf_str(&up->people_json, ",\"display\":");
    buf_json(&up->people_json, display);
    buf_str(&up->people_json, ",\"roles\":");
    buf_json(&up->people_json, labels);
    buf_char(&up->people_json, '}');
}

static int64_t role_bits(const struct list *names)
{
    const struct text *items = names->items;
    int64_t bits = 0;
    for (size_t i = 0; i < names->count; i++)
        bits |= role_bit(items[i]);
    return bits;
}

static bool make_account(struct setting_up *up, struct cli_house *house, struct text login,
                         struct text display, int64_t roles, struct text department,
                         struct text place)
{
    struct account_create *input = arena_alloc(up->cli->arena, sizeof *input);
    *input = (struct account_create){.login = login,
                                     .display = display,
                                     .roles = role_set_of(roles),
                                     .department = department,
                                     .place = place,
                                     .password = new_password(up->cli->arena)};
    bool good = cli_fits(up->cli, identity_account_create.input, input);
    run_one(up, house, &identity_account_create, input, &good);
    if (good)
        note_person(up, login, display, roles, input->password);
    return good;
}

static bool find_id(struct setting_up *up, struct cli_house *house, struct text login, int64_t *id)
{
    struct account account;
    struct fault why = {0};
    bool found = false;
    *id = 0;
    if (login.len == 0)
        return true;
    if (!identity_account_by_login(house->db, house->region, login, up->cli->arena, &account,
                                   &found, &why)) {
        cli_fault(up->cli, &why);
        return false;
    }
    if (!found)
        cli_wrong(up->cli, "delegations.yaml: there is no account %.*s", TEXT_ARG(login));
    *id = found ? account.account_id : 0;
    return found;
}

static struct power_set powers_of(const struct list *names)
{
    const struct text *items = names->items;
    struct power_set powers = {0};
    for (size_t i = 0; i < names->count; i++) {
        powers.receive |= text_is(items[i], "receive");
        powers.review |= text_is(items[i], "review");
        powers.decide |= text_is(items[i], "decide");
        powers.sign |= text_is(items[i], "sign");
        powers.seal |= text_is(items[i], "seal");
        powers.extend |= text_is(items[i], "extend");
    }
    return powers;
}

static bool run_delegations(struct setting_up *up, struct cli_house *house)
{
    const struct city_delegation *all = up->city.delegations.items;
    bool good = true;
    for (size_t i = 0; good && i < up->city.delegations.count; i++) {
        struct delegation_grant *grant = arena_alloc(up->cli->arena, sizeof *grant);
        *grant = (struct delegation_grant){
            .department = all[i].department,
            .document = all[i].document,
            .powers = powers_of(&all[i].powers),
            .all_items = all[i].all_items,
            .items = all[i].items,
            .amount_limit_fen = all[i].amount_limit_fen,
            .area_limit_m2 = all[i].area_limit_m2,
            .extend_limit_days = all[i].extend_limit_days,
            .valid_from_date = all[i].valid_from,
            .valid_to_date = all[i].valid_to,
        };
        good = find_id(up, house, all[i].login, &grant->account_id) &&
               find_id(up, house, all[i].substitute, &grant->substitute_account);
        run_one(up, house, &identity_delegation_grant, grant, &good);
    }
    return good;
}

/* The three without whom a house cannot go on: it begins with all of them. */
static const struct {
    const char *option; /* and login where none is said */
    const char *display;
    int64_t role;
} three[] = {{"admin", "系统管理员", ROLE_ADMINISTRATOR},
             {"security", "安全管理员", ROLE_SECURITY},
             {"auditor", "审计管理员", ROLE_AUDITOR}};
#define THREE (sizeof three / sizeof *three)

/* Whether one of them must be made: the city brings none, or a login is said. */
static bool wants(const struct setting_up *up, size_t which)
{
    const struct city_account *staff = up->city.accounts.items;
    bool there = false;
    for (size_t i = 0; up->demo && i < up->city.accounts.count; i++)
        there |= (role_bits(&staff[i].roles) & three[which].role) != 0;
    return !there || cli_value(up->cli, three[which].option);
}

static int64_t expected(const struct setting_up *up, const struct city_commands *catalogue)
{
    size_t people = up->demo ? up->city.accounts.count + up->city.delegations.count : 0;
    for (size_t i = 0; i < THREE; i++)
        people += wants(up, i);
    return (int64_t)(catalogue->count + up->city.notices.count + up->city.hours.count + people);
}

/* Demonstration staff and their delegations, and whoever of the three is wanting. */
static bool run_people(struct setting_up *up, struct cli_house *house)
{
    const struct city_account *staff = up->city.accounts.items;
    bool good = true;
    for (size_t i = 0; good && up->demo && i < up->city.accounts.count; i++)
        good = make_account(up, house, staff[i].login, staff[i].display,
                            role_bits(&staff[i].roles), staff[i].department, staff[i].place);
    for (size_t i = 0; good && i < THREE; i++) {
        const char *login = cli_value(up->cli, three[i].option);
        if (wants(up, i))
            good = make_account(up, house, text_of(login ? login : three[i].option),
                                text_of(three[i].display), three[i].role, TEXT(""), TEXT(""));
    }
    return good && (!up->demo || run_delegations(up, house));
}

/* Lists and their pages go by the order of texts, which must be the same on both engines. */
static bool order_good(struct setting_up *up, struct db *db, struct fault *why)
{
    struct text collation;
    bool bytewise;
    if (!db_collation(db_reader(db), up->cli->arena, &collation, &bytewise, why))
        return false;
    return bytewise ||
           fault_set(why, "the database's collation is %.*s, and lists would be in another order; "
                          "make one with " CLI_NEW_DATABASE, TEXT_ARG(collation));
}

static bool make_database(struct setting_up *up, const char *origin, struct fault *why)
{
    struct db *db = NULL;
    struct list regions;
    bool good = db_open(up->where, false, &db, why) && order_good(up, db, why) &&
                flow_create(db, modules, why) &&
                flow_regions(db_reader(db), up->cli->arena, &regions, why);
    const int64_t *codes = good ? regions.items : NULL;
    for (size_t i = 0; good && i < regions.count; i++)
        if (codes[i] == up->city.region.code)
            good = fault_set(why, "region %lld is there already", (long long)codes[i]);
    good = good && journal_init(db, up->city.region.code, text_of(origin), why);
    db_close(db);
    return good;
}

static int fill(struct setting_up *up)
{
    struct cli_house house;
    int end = CLI_WRONG;
    if (!cli_open(up->cli, NULL, &house, &end))
        return end;
    struct city_commands catalogue;
    city_commands(&up->city, up->cli->arena, &catalogue);
    house.region = up->city.region.code;
    up->bar.label = "init";
    up->expected = expected(up, &catalogue);
    bool good = run_catalogue(up, &house, &catalogue) && run_calendars(up, &house) &&
                run_people(up, &house);
    cli_bar_end(&up->bar);
    cli_close(&house);
    return good ? CLI_DONE : CLI_WRONG;
}

/* A demonstration of another day stays on that day, whichever command comes next; its administrators
 * may be looked at without a telephone. */
static bool keep_config(const struct setting_up *up, struct fault *why)
{
    const char *at = cli_value(up->cli, "at");
    struct buf yaml = {.arena = up->cli->arena};
    buf_str(&yaml, "# A demonstration: nobody must sign in in two steps.\ntotp: \"off\"\n");
    if (at)
        buf_format(&yaml, "# Business time of this demonstration starts here.\nclock: %s\n", at);
    return write_whole(text_format(up->cli->arena, "%s/yimen.yaml", up->data).at, buf_done(&yaml),
                       0600, why);
}

static int finish(struct setting_up *up)
{
    struct cli *cli = up->cli;
    struct fault why = {0};
    struct text people = buf_done(&up->people), people_json = buf_done(&up->people_json);
    if (up->demo && up->data &&
        (!write_whole(text_format(cli->arena, "%s/accounts.txt", up->data).at, people, 0600,
                      &why) ||
         !keep_config(up, &why)))
        return cli_fault(cli, &why);
    cli_print(cli,
              text_format(cli->arena,
                          "{\"region\":\"%lld\",\"commands\":%lld,\"accounts\":[%.*s]}",
                          (long long)up->city.region.code, (long long)up->commands,
                          TEXT_ARG(people_json)),
              text_format(cli->arena,
                          "%.*s (%lld) is set up: %lld commands.\nAccounts and first passwords, "
                          "shown only now:\n%.*s",
                          TEXT_ARG(up->city.region.name), (long long)up->city.region.code,
                          (long long)up->commands, TEXT_ARG(people)));
    return CLI_DONE;
}

static bool load_city(struct setting_up *up, const char *folder)
{
    struct yaml_errors errors = {.arena = up->cli->arena};
    if (city_load(folder, up->cli->arena, &up->city, &errors))
        return true;
    struct text lines = yaml_errors_text(&errors, up->cli->arena);
    fprintf(stderr, "%.*s", TEXT_ARG(lines));
    cli_wrong(up->cli, "%s: %zu errors, nothing was made", folder, errors.count);
    return false;
}

static bool place_for_data(struct setting_up *up, const char *db)
{
    struct fault why = {0};
    if (up->data && !directory_empty(up->data)) {
        cli_wrong(up->cli, "%s is not empty; a new house needs an empty place", up->data);
        return false;
    }
    up->where = db ? db : text_format(up->cli->arena, "%s/yimen.db", up->data).at;
    up->made_directory = up->data && access(up->data, F_OK) != 0;
    if (up->data && (!make_directories(up->data, &why) ||
                     !files_prepare(text_format(up->cli->arena, "%s/files", up->data).at, &why))) {
        cli_fault(up->cli, &why);
        return false;
    }
    return true;
}

/* Half a house is none, and would be in the way of the next try. What lies in a database of its own is
 * left: it may hold other regions. Folders go where they are empty. */
static int undo(const struct setting_up *up)
{
    static const char *const files[] = {"yimen.db", "yimen.db-wal", "yimen.db-shm"};
    static const char *const folders[] = {"files/incoming", "files"};
    struct arena *arena = up->cli->arena;
    if (!up->data)
        return CLI_WRONG;
    for (size_t i = 0; i < 3 && !cli_value(up->cli, "db"); i++)
        unlink(text_format(arena, "%s/%s", up->data, files[i]).at);
    for (size_t i = 0; i < 2; i++)
        rmdir(text_format(arena, "%s/%s", up->data, folders[i]).at);
    if (up->made_directory)
        rmdir(up->data);
    return CLI_WRONG;
}

static int run(struct cli *cli)
{
    struct setting_up up = {.cli = cli,
                            .data = cli_value(cli, "data"),
                            .demo = cli_value(cli, "demo"),
                            .people = {.arena = cli->arena},
                            .people_json = {.arena = cli->arena}};
    const char *folder = cli_value(cli, "city"), *at = cli_value(cli, "at");
    const char *origin = cli_value(cli, "origin");
    struct fault why = {0};
    if (cli->word_count || !folder)
        return cli_misused(cli, "say which city: --city FOLDER");
    if (at && !time_parse(text_of(at), &up.at_ms))
        return cli_misused(cli, "--at: a time like 2014-05-04T08:00 is wanted");
    if (origin && !note_name_good(text_of(origin)))
        return cli_misused(cli, "--origin: a log's name has no spaces, no '+' and is not empty");
    if (!up.data && !cli_value(cli, "db"))
        return cli_misused(cli, "say where the data goes: --data DIR or --db URL");
    if (!load_city(&up, folder) || !place_for_data(&up, cli_value(cli, "db")))
        return CLI_WRONG;
    if (!origin)
        origin = text_format(cli->arena, "yimen.localhost/log/%lld",
                             (long long)up.city.region.code)
                     .at;
    if (!make_database(&up, origin, &why)) {
        cli_fault(cli, &why);
        return undo(&up);
    }
    return fill(&up) == CLI_DONE ? finish(&up) : undo(&up);
}

static const struct cli_option options[] = {
    {"city", "FOLDER", "the city's folder, such as cities/pinghu"},
    {"origin", "NAME", "the log's name and key name, for ever; HOST/log/REGION where it is served"},
    {"demo", NULL, "also make the staff of the city's accounts.yaml, with random passwords"},
    {"admin", "LOGIN", "login name of the first system administrator; default admin"},
    {"security", "LOGIN", "and of the security administrator; default security"},
    {"auditor", "LOGIN", "and of the audit administrator; default auditor"},
    {"at", "TIME", "business time of the set-up (2014-05-04T08:00); default now"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_init = {
    .name = "init",
    .usage = "init --city FOLDER --data DIR [--origin NAME] [--demo] [--admin LOGIN]\n"
             "             [--security LOGIN] [--auditor LOGIN] [--at TIME]",
    .summary = "Make a new house from a city's folder",
    .help = "Passwords are drawn at random and shown once; with --demo they are also kept in\n"
            "DIR/accounts.txt; DIR/yimen.yaml gets `totp: off` and, of --at, `clock`: every\n"
            "later command on that house then has that clock.\n",
    .options = options,
    .run = run,
};
