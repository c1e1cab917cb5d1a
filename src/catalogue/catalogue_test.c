/* The catalogue on the journal, through the conductor, on both engines: Pinghu is set up by its own
 * commands, versions follow one another, what is refused and why, what the pages show, and replay
 * gives the same tables. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/random.h"
#include "catalogue/import.h"
#include "catalogue/pages.h"
#include "db/testing.h"
#include "flow/flow.h"
#include "view/view.h"

#define REGION INT64_C(330482)

static const struct module *const test_modules[] = {&catalogue_module, NULL};

struct server {
    const char *where;
    struct flow *flow;
    struct flow_facts *facts;
    struct db_read *db;
    struct arena *arena;
    struct city city;
    int64_t now_ms;
};

static void must(bool good, const struct fault *why)
{
    if (!good)
        fail_msg("%s", why->why);
}

static int64_t at(const char *text)
{
    int64_t at_ms = 0;
    assert_true(time_parse(text_of(text), &at_ms));
    return at_ms;
}

static int64_t server_now(void *clock)
{
    return *(int64_t *)clock;
}

static void server_open(struct server *server, const char *where)
{
    static const int64_t regions[] = {REGION};
    struct fault why = {0};
    struct db *db;
    must(db_open(where, false, &db, &why), &why);
    must(flow_create(db, test_modules, &why), &why);
    must(journal_init(db, REGION, TEXT("test.example/log/330482"), &why), &why);
    db_close(db);
    *server = (struct server){.where = where, .arena = arena_new(1 << 20)};
    server->now_ms = at("2014-05-04T14:00");
    struct flow_options options = {.where = where,
                                   .modules = test_modules,
                                   .regions = regions,
                                   .region_count = 1,
                                   .now = server_now,
                                   .clock = &server->now_ms};
    must(flow_open(&options, &server->flow, &why), &why);
    must(db_open_reader(where, &server->db, &why), &why);
    server->facts = flow_facts_new(test_modules);
    struct yaml_errors errors = {server->arena};
    assert_true(city_load("cities/pinghu", server->arena, &server->city, &errors));
}

static void server_close(struct server *server)
{
    flow_facts_free(server->facts);
    flow_close(server->flow);
    db_close_reader(server->db);
    arena_free(server->arena);
}

static struct job job_of(struct server *server, const struct command *command, const void *input)
{
    struct job job = {.command = command,
                      .region = REGION,
                      .actor = {.account = 1,
                                .name = TEXT("account:1"),
                                .roles = ROLE_ADMINISTRATOR | ROLE_IMPORTER},
                      .input = arena_copy(server->arena, input, command->input->size),
                      .arena = server->arena};
    random_bytes(job.luck, sizeof job.luck);
    return job;
}

static enum refusal run(struct server *server, const struct command *command, const void *input)
{
    struct fault why = {0};
    struct job job = job_of(server, command, input), *jobs[] = {&job};
    must(flow_run(server->flow, jobs, 1, &why), &why);
    if (job.end == JOB_FAULT)
        fail_msg("%s", job.fault.why);
    return job.end == JOB_REFUSED ? job.refusal : OK;
}

/* The whole city as one batch, through JSON as a client would send it. */
static void set_up(struct server *server)
{
    struct city_commands commands;
    struct fault why = {0};
    city_commands(&server->city, server->arena, &commands);
    size_t count = commands.count;
    struct job *jobs = arena_array(server->arena, count, sizeof *jobs);
    struct job **list = arena_array(server->arena, count, sizeof *list);
    for (size_t i = 0; i < count; i++) {
        const struct shape *shape = commands.items[i].command->input;
        struct problems problems = {0};
        struct buf json = {server->arena};
        void *input = arena_alloc(server->arena, shape->size);
        shape_to_json(shape, commands.items[i].input, SHAPE_ALL, &json);
        if (!shape_from_json(shape, buf_done(&json), server->arena, input, &problems))
            fail_msg("%s: %.*s", shape->name, TEXT_ARG(problems.items[0].message));
        jobs[i] = job_of(server, commands.items[i].command, input);
        list[i] = &jobs[i];
    }
    must(flow_run(server->flow, list, count, &why), &why);
    for (size_t i = 0; i < count; i++)
        if (jobs[i].end != JOB_DONE)
            fail_msg("%s: %s %.*s", jobs[i].command->name, jobs[i].fault.why,
                     TEXT_ARG(jobs[i].problems.count ? jobs[i].problems.items[0].message
                                                     : TEXT("")));
}

static struct look_context look_of(struct server *server)
{
    struct fault why = {0};
    static const struct actor nobody = {.roles = ROLE_ANYONE};
    struct look_context context = {.db = server->db,
                                   .region = REGION,
                                   .now_ms = server->now_ms,
                                   .actor = &nobody,
                                   .arena = server->arena};
    must(flow_facts_get(server->facts, server->db, REGION, &context.standing,
                        &context.standing_count, &why),
         &why);
    return context;
}

static enum refusal look(struct server *server, const struct look *one, const void *query,
                         void *page)
{
    struct fault why = {0};
    struct look_context context = look_of(server);
    memset(page, 0, one->page->size);
    return one->look(&context, query, page, &why);
}

static void replay_agrees(const struct server *server)
{
    struct fault why = {0};
    struct text wrong = {0};
    must(flow_compare(server->where, test_modules, server->arena, NULL, &wrong, &why), &why);
    if (wrong.len)
        fail_msg("%.*s", TEXT_ARG(wrong));
}

/* A copy of its own, since the standing facts are made anew after each change. */
static struct item item_now(struct server *server, const char *code)
{
    struct buf json = {server->arena};
    struct fault why = {0};
    struct item copy = {0};
    struct look_context context = look_of(server);
    const struct item *item =
        catalogue_find_item(catalogue_at(&context), text_of(code), 0, server->now_ms);
    if (!item)
        fail_msg("%s", code);
    shape_to_json(&item_shape, item, SHAPE_ALL, &json);
    must(shape_read_json(&item_shape, buf_done(&json), server->arena, &copy, &why), &why);
    return copy;
}

static void pinghu_on(const char *where)
{
    struct server server;
    server_open(&server, where);
    set_up(&server);
    struct look_context context = look_of(&server);
    const struct catalogue *catalogue = catalogue_at(&context);
    assert_int_equal(catalogue->department_count, server.city.departments.count);
    assert_int_equal(catalogue->place_count, server.city.places.count);
    assert_int_equal(catalogue->version_count, server.city.items.count);
    assert_true(text_is(catalogue_region(catalogue)->name, "平湖市"));
    assert_true(text_is(catalogue_setting(catalogue, "supplement_days"), "5"));
    assert_int_equal(catalogue_setting(catalogue, "nothing").len, 0);
    assert_int_equal(catalogue_days(catalogue, SETTING_SUPPLY_DAYS), 30);

    /* The law of the day: which version is in force depends on when one asks. */
    assert_int_equal(item_now(&server, "013-001").statutory_days, 15);
    server.now_ms = at("2026-11-02T09:00");
    assert_int_equal(item_now(&server, "013-001").statutory_days, 7);
    assert_int_equal(item_now(&server, "013-001").version, 2);
    context = look_of(&server);
    assert_null(catalogue_find_item(catalogue_at(&context), TEXT("011-001"), 0, server.now_ms));
    const struct item *kept =
        catalogue_find_item(catalogue_at(&context), TEXT("011-001"), 1, server.now_ms);
    assert_non_null(kept); /* a case accepted under it still finds it */
    assert_non_null(item_material(kept, TEXT("m3")));
    assert_null(item_material(kept, TEXT("m99")));
    assert_true(text_find(item_remedy(kept, date_of(2014, 5, 4)), TEXT("三个月")) > 0);
    assert_true(text_find(item_remedy(kept, date_of(2015, 5, 1)), TEXT("六个月")) > 0);
    replay_agrees(&server);
    server_close(&server);
}

static void pinghu(void **state)
{
    (void)state;
    testing_each_engine(pinghu_on);
}

static void versions_on(const char *where)
{
    struct server server;
    server_open(&server, where);
    set_up(&server);
    struct item item = item_now(&server, "011-001");
    item.promised_days = 5;
    assert_int_equal(run(&server, &catalogue_item_publish, &item), OK);
    assert_int_equal(item_now(&server, "011-001").version, 2);
    assert_int_equal(item_now(&server, "011-001").promised_days, 5);
    struct look_context context = look_of(&server);
    const struct catalogue *catalogue = catalogue_at(&context);
    assert_int_equal(
        catalogue_find_item(catalogue, TEXT("011-001"), 1, server.now_ms)->promised_days, 10);

    struct item_withdrawal gone = {TEXT("011-001"), date_of(2014, 5, 5), TEXT("职能调整"),
                                   .basis = TEXT("国发〔2014〕5号")};
    assert_int_equal(run(&server, &catalogue_item_withdraw, &gone), OK);
    assert_int_equal(run(&server, &catalogue_item_withdraw, &gone), REFUSED_ONCE);
    server.now_ms = at("2014-05-05T16:00");
    assert_int_equal(item_now(&server, "011-001").version, 2); /* the last day counts */
    server.now_ms = at("2014-05-06T08:30");
    context = look_of(&server);
    catalogue = catalogue_at(&context);
    assert_null(catalogue_find_item(catalogue, TEXT("011-001"), 0, server.now_ms));
    assert_non_null(catalogue_find_item(catalogue, TEXT("011-001"), 2, server.now_ms));
    /* Published again it is offered again. */
    assert_int_equal(run(&server, &catalogue_item_publish, &item), OK);
    assert_int_equal(item_now(&server, "011-001").version, 3);
    replay_agrees(&server);
    server_close(&server);
}

static void versions(void **state)
{
    (void)state;
    testing_each_engine(versions_on);
}

/* One change to a valid item each, and the refusal. */
static void no_department(struct item *item) { item->department = TEXT("911"); }
static void no_place(struct item *item)
{
    static struct text nowhere = {"C-W99", 5};
    item->places = (struct list){&nowhere, 1};
}
static void no_joined(struct item *item)
{
    static struct text nobody = {"911", 3};
    item->case_kind = CASE_JOINT;
    item->joins = (struct list){&nobody, 1};
}
static void gone_department(struct item *item)
{
    item->department = TEXT("024");
    item->valid_from = date_of(2015, 1, 1);
}
static void over_statutory(struct item *item) { item->promised_days = item->statutory_days + 1; }
static void at_statutory(struct item *item) { item->promised_days = item->statutory_days; }
static void other_unit(struct item *item) { item->promised_unit = DAYS_CALENDAR; }
static void fee_without_row(struct item *item) { item->fees.count = 0; }
static void on_spot_with_promise(struct item *item) { item->case_kind = CASE_ON_SPOT; }
static void zero_with_unit(struct item *item) { item->statutory_days = 0; }
static void law_without_article(struct item *item)
{
    item->statutory_source = SOURCE_LAW;
    item->statutory_basis = TEXT("");
}
static void measured_twice(struct item *item)
{
    static struct measure both[] = {{MEASURE_AREA, {"面积", 6}, true}, {MEASURE_AREA, {"面积", 6}, true}};
    item->measures = (struct list){both, 2};
}
static void not_measured(struct item *item) { item->measures.count = 0; }
static void nowhere(struct item *item) { item->places.count = 0; }
static void unchanged(struct item *item) { (void)item; }

static void publishing_on(const char *where)
{
    static const struct {
        void (*change)(struct item *item);
        enum refusal want;
    } table[] = {
        {unchanged, OK},
        {at_statutory, OK},
        {no_department, REFUSED_REFERENCE},
        {no_place, REFUSED_REFERENCE},
        {no_joined, REFUSED_REFERENCE},
        {gone_department, REFUSED_TOO_LATE},
        {over_statutory, REFUSED_CONFLICT},
        {other_unit, REFUSED_CONFLICT},
        {fee_without_row, REFUSED_MISSING},
        {on_spot_with_promise, REFUSED_CONFLICT},
        {zero_with_unit, REFUSED_CONFLICT},
        {law_without_article, REFUSED_MISSING},
        {nowhere, REFUSED_MISSING},
        {measured_twice, REFUSED_REPEATED},
        {not_measured, OK},
    };
    struct server server;
    server_open(&server, where);
    set_up(&server);
    const struct item good = item_now(&server, "011-001");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct item item = good;
        table[i].change(&item);
        enum refusal got = run(&server, &catalogue_item_publish, &item);
        if (got != table[i].want)
            fail_msg("case %zu: %s", i, refusal_text(got)->name);
    }
    replay_agrees(&server);
    server_close(&server);
}

/* A region's settings from a page or a program, under the rules of a file's. */
static void settings_on(const char *where)
{
    static const struct {
        const char *name, *value;
        enum refusal want;
    } table[] = {
        {"supplement_days", "5", OK},
        {"supplement_days", "6", REFUSED_OUT_OF_RANGE},
        {"extension_days", "11", REFUSED_OUT_OF_RANGE},
        {"deliver_days", "11", REFUSED_OUT_OF_RANGE},
        {"supply_days", "250", OK},
        {"supply_days", "251", REFUSED_OUT_OF_RANGE},
        {"supply_days", "-1", REFUSED_OUT_OF_RANGE},
        {"supply_days", "1.5", REFUSED_MALFORMED},
        {"supplement_supply_days", "30", REFUSED_REFERENCE},
        {"hearing_request_days", "5", REFUSED_REFERENCE},
    };
    struct server server;
    server_open(&server, where);
    set_up(&server);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct region region = server.city.region;
        struct setting one = {text_of(table[i].name), text_of(table[i].value), TEXT(""),
                              SOURCE_EXAMPLE};
        region.settings = (struct list){&one, 1};
        enum refusal got = run(&server, &catalogue_region_set, &region);
        if (got != table[i].want)
            fail_msg("%s: %s: %s", table[i].name, table[i].value, refusal_text(got)->name);
    }
    replay_agrees(&server);
    server_close(&server);
}

static void settings(void **state)
{
    (void)state;
    testing_each_engine(settings_on);
}

static void publishing(void **state)
{
    (void)state;
    testing_each_engine(publishing_on);
}

static void defining_on(const char *where)
{
    struct server server;
    server_open(&server, where);
    set_up(&server);
    struct region region = server.city.region;
    region.code = 330421;
    assert_int_equal(run(&server, &catalogue_region_set, &region), REFUSED_CONFLICT);
    region = server.city.region;
    region.zone = TEXT("Europe/Paris");
    assert_int_equal(run(&server, &catalogue_region_set, &region), REFUSED_CONFLICT);

    struct place place = {.code = TEXT("C-W50"),
                          .name = TEXT("新窗口"),
                          .kind = PLACE_WINDOW,
                          .parent = TEXT("C-H1"),
                          .source = SOURCE_EXAMPLE};
    assert_int_equal(run(&server, &catalogue_place_define, &place), OK);
    place.name = TEXT("综合窗口");
    assert_int_equal(run(&server, &catalogue_place_define, &place), OK); /* defined anew */
    place.parent = TEXT("C-H9");
    assert_int_equal(run(&server, &catalogue_place_define, &place), REFUSED_REFERENCE);
    place.parent = TEXT("330482001");
    assert_int_equal(run(&server, &catalogue_place_define, &place), REFUSED_CONFLICT);
    place.parent = TEXT("C-W50"); /* under itself */
    assert_int_equal(run(&server, &catalogue_place_define, &place), REFUSED_CONFLICT);
    place.parent = TEXT("C");
    place.kind = PLACE_HALL;
    assert_int_equal(run(&server, &catalogue_place_define, &place), REFUSED_CONFLICT);

    struct department_name name = {.name = TEXT("平湖市大数据局"), .source = SOURCE_EXAMPLE};
    struct department department = {
        .code = TEXT("033"), .names = {&name, 1}, .source = SOURCE_EXAMPLE};
    department.uscc = TEXT("113304820025492163");
    assert_int_equal(run(&server, &catalogue_department_define, &department), REFUSED_MALFORMED);
    department.uscc = TEXT("113304820025492162");
    assert_int_equal(run(&server, &catalogue_department_define, &department), OK);
    struct item_withdrawal none = {TEXT("999-999"), date_of(2020, 1, 1), TEXT("没有")};
    assert_int_equal(run(&server, &catalogue_item_withdraw, &none), REFUSED_NOT_FOUND);
    none = (struct item_withdrawal){TEXT("011-001"), date_of(2014, 5, 3), TEXT("昨天")};
    assert_int_equal(run(&server, &catalogue_item_withdraw, &none), REFUSED_TOO_LATE);

    struct look_context context = look_of(&server);
    const struct catalogue *catalogue = catalogue_at(&context);
    assert_true(
        text_is(catalogue_find_place(catalogue, TEXT("C-W50"))->name, "综合窗口"));
    assert_non_null(catalogue_find_department(catalogue, TEXT("033")));
    replay_agrees(&server);
    server_close(&server);
}

static void defining(void **state)
{
    (void)state;
    testing_each_engine(defining_on);
}

static size_t offered_on(const struct city *city, int64_t date)
{
    const struct item *items = city->items.items;
    size_t count = 0;
    for (size_t i = 0; i < city->items.count; i++)
        count += item_valid_on(&items[i], date);
    return count;
}

static void items_pages(struct server *server)
{
    struct items_query query = {0};
    struct items_page page;
    assert_int_equal(look(server, &items_look, &query, &page), OK);
    assert_int_equal(page.found, offered_on(&server->city, date_of(2014, 5, 4)));
    assert_int_equal(page.items.count, 50);
    assert_true(page.next.len > 0);
    size_t all = (size_t)page.found;
    query.after = page.next;
    assert_int_equal(look(server, &items_look, &query, &page), OK);
    assert_int_equal(page.found, all);
    assert_int_equal(page.items.count, all - 50);
    assert_int_equal(page.next.len, 0);

    query = (struct items_query){.words = TEXT("土地 国土")};
    assert_int_equal(look(server, &items_look, &query, &page), OK);
    const struct item_row *rows = page.items.items;
    bool land = false;
    for (size_t i = 0; i < page.items.count; i++) {
        assert_true(text_is(rows[i].department_name, "平湖市国土资源局"));
        land = land || (text_is(rows[i].code, "011-001") &&
                        text_is(rows[i].promised, "10个工作日"));
    }
    assert_true(land);
    query = (struct items_query){.words = TEXT("飞船")};
    assert_int_equal(look(server, &items_look, &query, &page), OK);
    assert_int_equal(page.found, 0);
    query = (struct items_query){.department = TEXT("022")};
    assert_int_equal(look(server, &items_look, &query, &page), OK);
    assert_true(page.found > 0 && (size_t)page.found < all);
    query = (struct items_query){.department = TEXT("911")};
    assert_int_equal(look(server, &items_look, &query, &page), REFUSED_NOT_FOUND);
}

/* What other modules' pages call departments, places and items. */
static void names_page(struct server *server)
{
    struct look_context context = look_of(server);
    struct list departments = look_names(&context, NAMES_DEPARTMENT);
    struct list places = look_names(&context, NAMES_PLACE);
    struct list items = look_names(&context, NAMES_ITEM);
    assert_int_equal(departments.count, server->city.departments.count);
    assert_int_equal(places.count, server->city.places.count);
    assert_true(text_is(name_of(&departments, TEXT("011")), "平湖市国土资源局"));
    assert_true(text_is(name_of(&places, TEXT("330482001")), "当湖街道便民服务中心"));
    assert_true(text_is(name_of(&items, TEXT("011-001")), "国有土地使用权分割及变更登记"));
    assert_true(text_is(name_of(&items, TEXT("nothing")), "nothing"));
    for (size_t i = 0; i < items.count; i++)
        assert_true(((const struct named *)items.items)[i].department.len > 0);
}

static void guide_page(struct server *server)
{
    struct item_query query = {.item_code = TEXT("011-001")};
    struct item_page page;
    assert_int_equal(look(server, &item_look, &query, &page), OK);
    assert_true(page.offered);
    assert_true(text_is(page.statutory, "20个工作日"));
    assert_true(text_is(page.department_name, "平湖市国土资源局"));
    assert_int_equal(page.places.count, 1);
    assert_true(text_is(((struct text *)page.objects.items)[0], "自然人"));
    query.version = 9;
    assert_int_equal(look(server, &item_look, &query, &page), REFUSED_NOT_FOUND);
    query = (struct item_query){.item_code = TEXT("011-002")};
    assert_int_equal(look(server, &item_look, &query, &page), OK);
    assert_false(page.offered); /* from 2017 on */
    query = (struct item_query){.item_code = TEXT("007-001")};
    assert_int_equal(look(server, &item_look, &query, &page), OK);
    assert_true(text_is(page.promised, "即办"));
    assert_true(text_is(page.statutory, "没有法定期限"));
    query = (struct item_query){.item_code = TEXT("999-999")};
    assert_int_equal(look(server, &item_look, &query, &page), REFUSED_NOT_FOUND);
}

static void looks_on(const char *where)
{
    struct server server;
    struct departments_page departments;
    struct places_query query = {0};
    struct places_page places;
    server_open(&server, where);
    struct items_query none = {0};
    struct items_page empty;
    assert_int_equal(look(&server, &items_look, &none, &empty), OK); /* before any city */
    assert_int_equal(empty.found, 0);
    set_up(&server);
    items_pages(&server);
    names_page(&server);
    guide_page(&server);
    assert_int_equal(look(&server, &departments_look, NULL, &departments), OK);
    assert_int_equal(departments.departments.count, 32);
    assert_int_equal(departments.former.count, 0);
    assert_int_equal(look(&server, &places_look, &query, &places), OK);
    assert_int_equal(places.places.count, 1 + 4 + 2 + 9); /* centre, sub-centres, halls, towns */
    query.parent = TEXT("330482001");
    assert_int_equal(look(&server, &places_look, &query, &places), OK);
    size_t stations = 0;
    const struct place *all = server.city.places.items;
    for (size_t i = 0; i < server.city.places.count; i++)
        stations += text_equal(all[i].parent, query.parent);
    assert_int_equal(places.places.count, stations);
    query.parent = TEXT("C-W01"); /* posts name people and are not shown */
    assert_int_equal(look(&server, &places_look, &query, &places), OK);
    assert_int_equal(places.places.count, 0);
    server.now_ms = at("2026-11-02T09:00");
    assert_int_equal(look(&server, &departments_look, NULL, &departments), OK);
    assert_int_equal(departments.departments.count + departments.former.count, 32);
    assert_true(departments.former.count > 0);
    const struct department_row *former = departments.former.items;
    for (size_t i = 0; i < departments.former.count; i++)
        assert_true(former[i].successor_name.len > 0);
    server_close(&server);
}

static void looks(void **state)
{
    (void)state;
    testing_each_engine(looks_on);
}

/* The catalogue's templates with the layouts they stand in; another room's are not its matter. */
static struct view *view_of(struct arena *arena)
{
    static const char *const rooms[] = {"catalogue/", "view/", "web/"};
    struct asset *files = arena_array(arena, asset_count, sizeof *files);
    struct view *view = NULL;
    struct fault why = {0};
    size_t count = 0;
    for (size_t i = 0; i < asset_count; i++)
        for (size_t j = 0; j < sizeof rooms / sizeof *rooms; j++)
            if (strncmp(assets[i].name, rooms[j], strlen(rooms[j])) == 0)
                files[count++] = assets[i];
    struct view_form *forms = arena_array(arena, 20, sizeof *forms);
    size_t form_count = 0;
    for (const struct command *const *one = catalogue_module.commands; *one; one++)
        forms[form_count++] = (struct view_form){.name = (*one)->name,
                                                 .title = (*one)->title,
                                                 .path = (*one)->path,
                                                 .input = (*one)->input};
    must(view_load_forms(files, count, forms, form_count, &view, &why), &why);
    for (const struct look *const *one = catalogue_module.looks; *one; one++)
        must(view_check(view, (*one)->template, (*one)->page, &why), &why);
    return view;
}

static struct text page_of(struct server *server, const struct view *view, const struct look *one,
                           const void *query)
{
    struct frame frame = {.title = text_of(one->title),
                          .path = text_of(one->path),
                          .now_ms = server->now_ms,
                          .place = TEXT("平湖市行政服务中心")};
    void *page = arena_alloc(server->arena, one->page->size);
    struct buf html = {server->arena};
    struct fault why = {0};
    assert_int_equal(look(server, one, query, page), OK);
    must(view_render(view, one->template, one->page, page, &frame, &html, &why), &why);
    return buf_done(&html);
}

static bool has(struct text html, const char *word)
{
    return text_find(html, text_of(word)) >= 0;
}

/* Every item's guide says what an applicant must know, whenever it is looked at. */
static void guides(struct server *server, const struct view *view)
{
    const struct item *items = server->city.items.items;
    for (size_t i = 0; i < server->city.items.count; i++) {
        struct item_query query = {.item_code = items[i].code};
        struct look_context context = look_of(server);
        const struct item *now =
            catalogue_find_item(catalogue_at(&context), items[i].code, 0, server->now_ms);
        struct text html = page_of(server, view, &item_look, &query);
        struct text apply =
            text_format(server->arena, "href=\"/apply/%.*s\"", TEXT_ARG(items[i].code));
        if (has(html, apply.at) != (now && now->online))
            fail_msg("%.*s", TEXT_ARG(items[i].code));
        const struct material *materials = now ? now->materials.items : NULL;
        for (size_t j = 0; now && j < now->materials.count; j++)
            assert_true(text_find(html, materials[j].name) > 0);
        assert_true(has(html, "行政复议") && has(html, "申请材料") && !has(html, "{{"));
    }
}

static void pages(void **state)
{
    struct server server;
    struct items_query search = {.words = TEXT("<b>土地")};
    struct places_query town = {.parent = TEXT("330482001")};
    (void)state;
    server_open(&server, testing_database(DB_SQLITE, "pages"));
    set_up(&server);
    struct view *view = view_of(server.arena);
    guides(&server, view);
    struct text html = page_of(&server, view, &items_look, &search);
    assert_true(has(html, "&lt;b&gt;土地") && !has(html, "<b>土地") && has(html, "没有找到"));
    search.words = TEXT("");
    html = page_of(&server, view, &items_look, &search);
    assert_true(has(html, "href=\"/items/011-001\"") && has(html, "平湖市国土资源局"));
    assert_true(has(page_of(&server, view, &departments_look, NULL), "国土资源局"));
    assert_true(has(page_of(&server, view, &places_look, &town), "水洞埭"));
    server.now_ms = at("2026-11-02T09:00");
    guides(&server, view);
    html = page_of(&server, view, &departments_look, NULL);
    assert_true(has(html, "自然资源和规划局") && has(html, "职能由平湖市市场监督管理局承接"));
    view_free(view);
    server_close(&server);
}

/* The same words wherever a limit is shown. */
static void limits_in_words(void **state)
{
    static const struct {
        struct item item;
        const char *promised, *statutory;
    } table[] = {
        {{.case_kind = CASE_ON_SPOT}, "即办", "没有法定期限"},
        {{.case_kind = CASE_ON_SPOT, .promised_days = 1, .promised_unit = DAYS_WORKING}, "即办",
         "没有法定期限"},
        {{.case_kind = CASE_PROMISED, .promised_days = 10, .promised_unit = DAYS_WORKING,
          .statutory_days = 45, .statutory_unit = DAYS_CALENDAR},
         "10个工作日", "45个自然日"},
        {{.case_kind = CASE_PROMISED, .statutory_days = 20, .statutory_unit = DAYS_WORKING},
         "未承诺", "20个工作日"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(1024);
        assert_true(text_is(item_promised_said(&table[i].item, arena), table[i].promised));
        assert_true(text_is(item_statutory_said(&table[i].item, arena), table[i].statutory));
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pinghu),   cmocka_unit_test(versions), cmocka_unit_test(settings),
        cmocka_unit_test(publishing),
        cmocka_unit_test(defining), cmocka_unit_test(looks),    cmocka_unit_test(pages),
        cmocka_unit_test(limits_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
