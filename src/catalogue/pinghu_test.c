/* The city that comes with the house: what is in it, and where each thing comes from. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "catalogue/city.h"
#include "catalogue/import.h"

#define PINGHU "cities/pinghu"
#define DIVISIONS "../shared/data/divisions/"
#define HOLIDAYS "../shared/data/holidays/"

struct loaded {
    struct arena *arena;
    struct city city;
};

static int load(void **state)
{
    struct loaded *loaded = calloc(1, sizeof *loaded);
    loaded->arena = arena_new(1 << 20);
    struct yaml_errors errors = {loaded->arena};
    bool ok = city_load(PINGHU, loaded->arena, &loaded->city, &errors);
    if (!ok)
        print_error("%.*s", TEXT_ARG(yaml_errors_text(&errors, loaded->arena)));
    *state = loaded;
    return ok ? 0 : 1;
}

static int unload(void **state)
{
    struct loaded *loaded = *state;
    arena_free(loaded->arena);
    free(loaded);
    return 0;
}

static size_t places_of(const struct city *city, int64_t kind)
{
    const struct place *places = city->places.items;
    size_t count = 0;
    for (size_t i = 0; i < city->places.count; i++)
        count += places[i].kind == kind;
    return count;
}

/* How many distinct divisions of that kind have a name that ends so. */
static size_t divisions_named(const struct city *city, int64_t kind, const char *end)
{
    const struct place *places = city->places.items;
    size_t count = 0;
    for (size_t i = 0; i < city->places.count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || (places[j].kind == kind &&
                              text_equal(places[j].division, places[i].division));
        count += places[i].kind == kind && !again &&
                 text_ends(places[i].division_name, text_of(end));
    }
    return count;
}

static void pinghu_counts(void **state)
{
    const struct loaded *loaded = *state;
    const struct city *city = &loaded->city;
    const struct department *departments = city->departments.items;
    size_t in_centre = 0;
    for (size_t i = 0; i < city->departments.count; i++)
        in_centre += departments[i].in_centre && departments[i].unit_merged;
    assert_int_equal(city->region.code, 330482);
    assert_int_equal(city->departments.count, 32);
    assert_int_equal(in_centre, 32); /* 两集中、两到位 100% */
    assert_int_equal(places_of(city, PLACE_CENTRE), 1);
    assert_int_equal(places_of(city, PLACE_SUB_CENTRE), 4);
    assert_int_equal(places_of(city, PLACE_TOWN_CENTRE), 9);
    assert_int_equal(divisions_named(city, PLACE_TOWN_CENTRE, "街道"), 3);
    assert_int_equal(divisions_named(city, PLACE_TOWN_CENTRE, "镇"), 6);
    assert_int_equal(places_of(city, PLACE_VILLAGE_STATION), 136);
    assert_int_equal(divisions_named(city, PLACE_VILLAGE_STATION, "委员会") +
                         divisions_named(city, PLACE_VILLAGE_STATION, "社区居委会"),
                     136);
    assert_true(places_of(city, PLACE_WINDOW) > 0 && places_of(city, PLACE_POST) > 0);
}

/* "330482001,\"当湖街道\",…" */
static bool row_read(char *line, struct text *code, struct text *name)
{
    struct text rest = text_of(line);
    if (!text_cut(&rest, ',', code) || !text_cut(&rest, ',', name) || name->len < 2)
        return false;
    *name = text_slice(*name, 1, name->len - 1);
    return code->len > 6 && code->at[0] == '3';
}

static size_t divisions_found(const struct city *city, const char *path, int64_t kind)
{
    const struct place *places = city->places.items;
    char line[400];
    size_t found = 0;
    FILE *in = fopen(path, "r");
    if (!in)
        return 0;
    while (fgets(line, sizeof line, in)) {
        struct text code, name;
        if (!row_read(line, &code, &name))
            continue;
        size_t hits = 0;
        for (size_t i = 0; i < city->places.count; i++)
            hits += places[i].kind == kind && text_equal(places[i].code, code) &&
                    text_equal(places[i].division, code) &&
                    text_equal(places[i].division_name, name) &&
                    (kind == PLACE_TOWN_CENTRE || text_starts(code, places[i].parent));
        if (hits != 1)
            fail_msg("%.*s %.*s: %zu", TEXT_ARG(code), TEXT_ARG(name), hits);
        found++;
    }
    fclose(in);
    return found;
}

static void pinghu_divisions(void **state)
{
    const struct loaded *loaded = *state;
    if (access(DIVISIONS "pinghu-streets.csv", R_OK)) {
        print_message("skipped: %s is not here\n", DIVISIONS);
        skip();
    }
    assert_int_equal(divisions_found(&loaded->city, DIVISIONS "pinghu-streets.csv",
                                     PLACE_TOWN_CENTRE),
                     places_of(&loaded->city, PLACE_TOWN_CENTRE));
    assert_int_equal(divisions_found(&loaded->city, DIVISIONS "pinghu-villages.csv",
                                     PLACE_VILLAGE_STATION),
                     places_of(&loaded->city, PLACE_VILLAGE_STATION));
}

static const struct item *item_on(const struct city *city, const char *code, int64_t date)
{
    const struct item *items = city->items.items, *found = NULL;
    for (size_t i = 0; i < city->items.count; i++)
        if (text_is(items[i].code, code) && item_valid_on(&items[i], date))
            found = &items[i];
    return found;
}

static size_t items_on(const struct city *city, int64_t date)
{
    const struct item *items = city->items.items;
    size_t count = 0;
    for (size_t i = 0; i < city->items.count; i++)
        count += item_valid_on(&items[i], date);
    return count;
}

static void pinghu_items(void **state)
{
    const struct loaded *loaded = *state;
    const struct city *city = &loaded->city;
    int64_t then = date_of(2014, 5, 4), now = date_of(2026, 11, 1);
    assert_true(items_on(city, then) >= 60);
    assert_true(items_on(city, now) >= 60);
    const struct item *land = item_on(city, "011-001", then);
    assert_non_null(land);
    assert_int_equal(land->statutory_days, 20);
    assert_int_equal(land->statutory_unit, DAYS_WORKING);
    assert_null(item_on(city, "011-001", now)); /* 不动产登记 has taken its place */
    assert_non_null(item_on(city, "011-002", now));
    /* The law of the day: 15 days until 建筑法 was amended on 2019-04-23, 7 since. */
    const struct item *before = item_on(city, "013-001", date_of(2019, 4, 22));
    const struct item *after = item_on(city, "013-001", date_of(2019, 4, 23));
    assert_true(before && before->statutory_days == 15);
    assert_true(after && after->statutory_days == 7);
    assert_int_equal(after->statutory_source, SOURCE_LAW);
    assert_non_null(item_on(city, "022-001", then)); /* company registration */
    assert_non_null(item_on(city, "010-002", then)); /* social insurance */
    assert_true(item_on(city, "007-001", then)->has_fee);
    assert_false(item_on(city, "007-001", date_of(2017, 4, 1))->has_fee);
}

/* Every department has something to be applied for: on the day of the report, when all 32 were
 * there, and today those that still are. */
static void pinghu_everybody(void **state)
{
    const struct loaded *loaded = *state;
    const struct city *city = &loaded->city;
    const struct department *departments = city->departments.items;
    const struct item *items = city->items.items;
    const int64_t days[] = {date_of(2014, 5, 4), date_of(2026, 11, 1)};
    size_t there[2] = {0};
    for (size_t day = 0; day < 2; day++)
        for (size_t i = 0; i < city->departments.count; i++) {
            size_t offered = 0;
            if (departments[i].valid_to && departments[i].valid_to < days[day])
                continue;
            for (size_t j = 0; j < city->items.count; j++)
                offered += text_equal(items[j].department, departments[i].code) &&
                           item_valid_on(&items[j], days[day]);
            if (!offered)
                fail_msg("%.*s offers nothing", TEXT_ARG(departments[i].code));
            there[day]++;
        }
    assert_int_equal(there[0], 32);
    assert_true(there[1] > 20 && there[1] < 32);
}

/* Guides are whole: whatever the day, an item says on what, under which conditions, with which
 * papers of whom, how long, for how much and with what result. */
static bool item_whole(const struct item *item, size_t *papers)
{
    const struct law *laws = item->laws.items;
    const struct material *materials = item->materials.items;
    const struct fee *fees = item->fees.items;
    bool whole = item->laws.count && item->conditions.count && item->materials.count &&
                 item->results.count && (item->fees.count > 0) == item->has_fee;
    whole = whole && (item->statutory_days > 0) == (item->statutory_unit != DAYS_NONE);
    whole = whole && (item->case_kind == CASE_ON_SPOT) == (item->promised_days == 0) &&
            (item->promised_days > 0) == (item->promised_unit != DAYS_NONE);
    for (size_t i = 0; i < item->laws.count; i++)
        whole = whole && text_starts(laws[i].name, TEXT("《"));
    for (size_t i = 0; i < item->fees.count; i++)
        whole = whole && fees[i].basis.len && (fees[i].amount_fen || fees[i].standard.len);
    for (size_t i = 0; i < item->materials.count; i++) {
        const struct material *one = &materials[i];
        whole = whole && one->name.len && one->basis.len && one->form && one->issuer &&
                (one->issuer == ISSUER_APPLICANT || one->issuer_name.len);
        papers[0] += one->required;
        papers[1] += !one->required;
        papers[2] += one->deferrable && one->defer_days;
        papers[2 + one->form] += 1;
        papers[6 + one->issuer] += 1;
    }
    return whole;
}

static void pinghu_guides(void **state)
{
    const struct loaded *loaded = *state;
    const struct item *items = loaded->city.items.items;
    /* required, not, deferrable; original, copy, both, electronic; applicant, government, other */
    size_t papers[10] = {0}, charged = 0;
    for (size_t i = 0; i < loaded->city.items.count; i++) {
        if (!item_whole(&items[i], papers))
            fail_msg("%.*s from %lld", TEXT_ARG(items[i].code), (long long)items[i].valid_from);
        charged += items[i].has_fee;
    }
    for (size_t i = 0; i < sizeof papers / sizeof *papers; i++)
        if (!papers[i] && i != 2 + FORM_ELECTRONIC)
            fail_msg("no paper of kind %zu", i);
    assert_true(charged >= 3);
}

/* The limits that the laws' own texts were read for: project approval 10, environmental statements
 * 22, construction 8 as amended in 2019, market entities 19, nurses 8. Nothing else may call itself
 * law. */
static const struct {
    const char *code;
    int year, month, day; /* from when that version is offered */
    int64_t days, unit;
    const char *law;
} law_limits[] = {
    {"001-002", 2017, 2, 1, 20, DAYS_WORKING, "《企业投资项目核准和备案管理条例》第十条"},
    {"012-001", 2014, 1, 1, 30, DAYS_WORKING, "《中华人民共和国环境影响评价法》第二十二条"},
    {"012-002", 2014, 1, 1, 60, DAYS_WORKING, "《中华人民共和国环境影响评价法》第二十二条"},
    {"013-001", 2019, 4, 23, 7, DAYS_WORKING, "《中华人民共和国建筑法》（2019年修正）第八条"},
    {"019-004", 2021, 1, 1, 20, DAYS_WORKING, "《护士条例》第八条"},
    {"022-001", 2022, 3, 1, 3, DAYS_WORKING, "《中华人民共和国市场主体登记管理条例》第十九条"},
    {"022-002", 2022, 3, 1, 3, DAYS_WORKING, "《中华人民共和国市场主体登记管理条例》第十九条"},
};

static bool limit_of_law(const struct item *item)
{
    for (size_t i = 0; i < sizeof law_limits / sizeof *law_limits; i++)
        if (text_is(item->code, law_limits[i].code) &&
            item->valid_from ==
                date_of(law_limits[i].year, law_limits[i].month, law_limits[i].day))
            return item->statutory_days == law_limits[i].days &&
                   item->statutory_unit == law_limits[i].unit &&
                   text_starts(item->statutory_basis, text_of(law_limits[i].law));
    return false;
}

static void pinghu_sources(void **state)
{
    const struct loaded *loaded = *state;
    const struct item *items = loaded->city.items.items;
    const struct setting *settings = loaded->city.region.settings.items;
    size_t law = 0;
    for (size_t i = 0; i < loaded->city.items.count; i++) {
        const struct item *item = &items[i];
        bool read = limit_of_law(item);
        law += read;
        int64_t want = !item->statutory_days ? SOURCE_NONE : read ? SOURCE_LAW : SOURCE_EXAMPLE;
        /* What the centre promised in those years is nowhere on record. */
        if (item->statutory_source != want ||
            item->promised_source != (item->promised_days ? SOURCE_EXAMPLE : SOURCE_NONE))
            fail_msg("%.*s from %lld", TEXT_ARG(item->code), (long long)item->valid_from);
    }
    assert_int_equal(law, sizeof law_limits / sizeof *law_limits);
    /* 行政许可法 32, 42 and 44 fix these three for every item. */
    for (size_t i = 0; i < loaded->city.region.settings.count; i++) {
        bool fixed = text_is(settings[i].name, "supplement_days") ||
                     text_is(settings[i].name, "extension_days") ||
                     text_is(settings[i].name, "deliver_days");
        assert_int_equal(settings[i].source, fixed ? SOURCE_LAW : SOURCE_EXAMPLE);
    }
    assert_int_equal(loaded->city.region.settings.count, SETTING_COUNT);
}

/* The departments of 2014 as they were called and what became of them. */
static const struct {
    const char *code, *then;
    const char *now;      /* NULL: the same, or no longer there */
    int year, month, day; /* the last under the name of 2014; 0: still */
    const char *successor;
} department_rows[] = {
    {"001", "平湖市发展和改革局"},
    {"002", "平湖市经济和信息化局"},
    {"003", "平湖市教育局"},
    {"004", "平湖市科学技术局"},
    {"005", "平湖市民族宗教事务局"},
    {"006", "平湖市公安局"},
    {"007", "平湖市民政局"},
    {"008", "平湖市司法局"},
    {"009", "平湖市财政局"},
    {"010", "平湖市人力资源和社会保障局"},
    {"011", "平湖市国土资源局", "平湖市自然资源和规划局", 2018, 12, 31},
    {"012", "平湖市环境保护局", "嘉兴市生态环境局平湖分局", 2018, 12, 31},
    {"013", "平湖市规划建设局", "平湖市住房和城乡建设局", 2018, 12, 31},
    {"014", "平湖市交通运输局"},
    {"015", "平湖市水利局"},
    {"016", "平湖市农业经济局", "平湖市农业农村局", 2018, 12, 31},
    {"017", "平湖市商务局"},
    {"018", "平湖市文化广电新闻出版局", "平湖市文化和广电旅游体育局", 2018, 12, 31},
    {"019", "平湖市卫生局", "平湖市卫生健康局", 2014, 12, 31},
    {"020", "平湖市人口和计划生育局", NULL, 2014, 12, 31, "019"},
    {"021", "平湖市安全生产监督管理局", "平湖市应急管理局", 2018, 12, 31},
    {"022", "平湖市工商行政管理局", "平湖市市场监督管理局", 2014, 12, 31},
    {"023", "平湖市质量技术监督局", NULL, 2014, 12, 31, "022"},
    {"024", "平湖市食品药品监督管理局", NULL, 2014, 12, 31, "022"},
    {"025", "平湖市国家税务局", "国家税务总局平湖市税务局", 2018, 7, 19},
    {"026", "平湖市地方税务局", NULL, 2018, 7, 19, "025"},
    {"027", "平湖市体育局", NULL, 2018, 12, 31, "018"},
    {"028", "平湖市旅游局", NULL, 2018, 12, 31, "018"},
    {"029", "平湖市城市管理行政执法局", "平湖市综合行政执法局", 2018, 12, 31},
    {"030", "平湖市人民防空办公室", NULL, 2018, 12, 31, "013"},
    {"031", "平湖市气象局"},
    {"032", "平湖市档案局"},
};

static void pinghu_names(void **state)
{
    const struct loaded *loaded = *state;
    const struct department *departments = loaded->city.departments.items;
    int64_t then = date_of(2014, 5, 4), now = date_of(2026, 11, 1);
    assert_int_equal(loaded->city.departments.count,
                     sizeof department_rows / sizeof *department_rows);
    for (size_t i = 0; i < loaded->city.departments.count; i++) {
        const struct department *one = &departments[i];
        const struct department_name *names = one->names.items;
        const char *after = department_rows[i].now, *heir = department_rows[i].successor;
        int64_t last = department_rows[i].year ? date_of(department_rows[i].year,
                                                         department_rows[i].month,
                                                         department_rows[i].day)
                                               : 0;
        bool good = text_is(one->code, department_rows[i].code) && !names[0].valid_from &&
                    text_is(department_name_on(one, then), department_rows[i].then) &&
                    text_is(department_name_on(one, now), after ? after : department_rows[i].then) &&
                    names[0].valid_to == last && text_is(one->successor, heir ? heir : "") &&
                    one->valid_to == (heir ? last : 0);
        if (!good)
            fail_msg("%.*s %s", TEXT_ARG(one->code), department_rows[i].then);
    }
}

/* Names follow the calendar and lead from one body to the next without a day between. */
static void pinghu_departments(void **state)
{
    const struct loaded *loaded = *state;
    const struct department *departments = loaded->city.departments.items;
    for (size_t i = 0; i < loaded->city.departments.count; i++) {
        const struct department *one = &departments[i];
        const struct department_name *names = one->names.items;
        for (size_t j = 1; j < one->names.count; j++)
            assert_int_equal(names[j].valid_from, names[j - 1].valid_to + 1);
        if (one->valid_to)
            assert_int_equal(names[one->names.count - 1].valid_to, one->valid_to);
    }
}

/* What the notices say of a date as known on the last day: 0 nothing, 1 work, 2 off. */
static int notice_says(const struct city *city, int64_t date)
{
    const struct notice *notices = city->notices.items;
    int says = 0;
    for (size_t i = 0; i < city->notices.count; i++) {
        const struct notice_day *days = notices[i].days.items;
        for (size_t j = 0; j < notices[i].days.count; j++)
            if (days[j].date == date)
                says = days[j].off ? 2 : 1;
    }
    return says;
}

static size_t holiday_file(const struct city *city, int year)
{
    char path[100];
    snprintf(path, sizeof path, HOLIDAYS "%d.json", year);
    json_t *root = json_load_file(path, 0, NULL);
    const json_t *days = json_object_get(root, "days");
    size_t count = json_array_size(days);
    for (size_t i = 0; i < count; i++) {
        const json_t *day = json_array_get(days, i);
        const char *text = json_string_value(json_object_get(day, "date"));
        int64_t date;
        assert_true(date_parse(text_of(text), &date));
        int want = json_is_true(json_object_get(day, "isOffDay")) ? 2 : 1;
        if (notice_says(city, date) != want)
            fail_msg("%s", text);
    }
    json_decref(root);
    return count;
}

static void pinghu_calendars(void **state)
{
    const struct loaded *loaded = *state;
    const struct city *city = &loaded->city;
    const struct notice *notices = city->notices.items;
    size_t dates = 0, listed = 0;
    if (access(HOLIDAYS "2014.json", R_OK)) {
        print_message("skipped: %s is not here\n", HOLIDAYS);
        skip();
    }
    for (int year = 2007; year <= 2026; year++) {
        size_t count = holiday_file(city, year);
        assert_true(count > 0);
        dates += count;
    }
    for (size_t i = 0; i < city->notices.count; i++) {
        assert_true(notices[i].year >= 2007 && notices[i].year <= 2026); /* 2027 is not known */
        listed += notices[i].days.count;
        /* A year's notice comes before its year, a change within it. */
        bool before = date_year(notices[i].published_date) < notices[i].year;
        assert_true(before == (notices[i].scope == NOTICE_YEAR));
        assert_true(i == 0 || notices[i].published_date >= notices[i - 1].published_date);
    }
    /* Beyond the files only what a later notice overruled: 2019-05-01 and 2020-02-01. */
    assert_int_equal(listed, dates + 2);
}

static void pinghu_staff(void **state)
{
    const struct loaded *loaded = *state;
    static const char *const roles[] = {"clerk",   "reviewer",   "verifier",     "head",
                                        "manager", "supervisor", "administrator",
                                        "security", "auditor"};
    const struct city_account *accounts = loaded->city.accounts.items;
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        size_t holders = 0;
        for (size_t i = 0; i < loaded->city.accounts.count; i++) {
            const struct text *held = accounts[i].roles.items;
            for (size_t j = 0; j < accounts[i].roles.count; j++)
                holders += text_is(held[j], roles[r]);
        }
        if (!holders)
            fail_msg("%s", roles[r]);
    }
    assert_true(loaded->city.delegations.count >= 4);
}

static void pinghu_commands(void **state)
{
    const struct loaded *loaded = *state;
    const struct city *city = &loaded->city;
    struct city_commands commands;
    city_commands(city, loaded->arena, &commands);
    assert_int_equal(commands.count,
                     1 + city->departments.count + city->places.count + city->items.count);
    assert_ptr_equal(commands.items[0].command, &catalogue_region_set);
    assert_ptr_equal(commands.items[commands.count - 1].command, &catalogue_item_publish);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pinghu_counts),    cmocka_unit_test(pinghu_divisions),
        cmocka_unit_test(pinghu_items),     cmocka_unit_test(pinghu_everybody),
        cmocka_unit_test(pinghu_guides),
        cmocka_unit_test(pinghu_sources),   cmocka_unit_test(pinghu_names),
        cmocka_unit_test(pinghu_departments), cmocka_unit_test(pinghu_calendars),
        cmocka_unit_test(pinghu_staff),     cmocka_unit_test(pinghu_commands),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
