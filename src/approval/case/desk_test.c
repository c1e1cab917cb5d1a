/* The desk: what lies on whose, how it is counted and how one pages through it, on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "approval/case/view.h"
#include "catalogue/parts.h"
#include "clock/commands.h"
#include "db/testing.h"
#include "flow/flow.h"
#include "modules.h"

#define REGION 330482

struct desk {
    struct db *db;
    struct arena *arena;
    struct clock_standing clock;
    struct catalogue catalogue;
    struct standing standing[2];
    struct actor actor;
    struct look_context context;
    int64_t next_id;
};

static void must(bool good, const struct fault *why)
{
    if (!good)
        fail_msg("%s", why->why);
}

static int64_t moment(const char *civil)
{
    int64_t at;
    assert_true(time_parse(text_of(civil), &at));
    return at;
}

/* Wednesday 7 May 2014, ten in the morning, of a year without any day off. */
static void open_desk(struct desk *desk, const char *where)
{
    static const struct notice_day day = {.off = true, .name = {"元旦", 6}};
    static struct notice notice;
    struct fault why = {0};
    *desk = (struct desk){.arena = arena_new(1 << 16), .next_id = 1};
    struct notice_day *days = arena_copy(desk->arena, &day, sizeof day);
    days->date = date_of(2014, 1, 1);
    notice = (struct notice){.year = 2014,
                             .published_date = date_of(2013, 12, 1),
                             .scope = NOTICE_YEAR,
                             .days = {days, 1},
                             .version = 1};
    desk->clock.calendar = calendar_build(&notice, 1, date_of(2014, 1, 1), desk->arena);
    desk->standing[0] = (struct standing){&clock_module, &desk->clock};
    desk->standing[1] = (struct standing){&catalogue_module, &desk->catalogue};
    must(db_open(where, false, &desk->db, &why), &why);
    must(flow_create(desk->db, modules, &why), &why);
    desk->context = (struct look_context){.db = db_reader(desk->db),
                                          .region = REGION,
                                          .now_ms = moment("2014-05-07T10:00"),
                                          .actor = &desk->actor,
                                          .standing = desk->standing,
                                          .standing_count = 2,
                                          .arena = desk->arena};
}

static void close_desk(struct desk *desk)
{
    db_close(desk->db);
    arena_free(desk->arena);
}

static void put(struct desk *desk, const char *department, int64_t state, int64_t due_at,
                bool closed, int64_t count)
{
    static const struct db_sql insert = {
        "INSERT INTO cases (region, case_id, case_no, query_code, item_code, item_version, "
        "item_name, department, kind, state, channel, place, created_at, due_at, later, "
        "closed_at) "
        "VALUES ($1, $2, $3, '', '', 1, '', $4, 'none', $5, 'none', '', 1, $6, $7, $8)"};
    struct fault why = {0};
    must(db_begin(desk->db, &why), &why);
    for (int64_t i = 0; i < count; i++, desk->next_id++)
        must(db_write(desk->db, &insert,
                      DB_ARGS(db_int(REGION), db_int(desk->next_id),
                              db_text(text_format(desk->arena, "N%lld", (long long)desk->next_id)),
                              db_text(text_of(department)),
                              db_text(text_of(case_state_words[state].name)), db_int(due_at),
                              db_int(due_at == 0), db_int(closed)),
                      &why),
             &why);
    assert_int_equal(db_commit(desk->db, &why), DB_COMMITTED);
}

static void be(struct desk *desk, int64_t roles, const char *department)
{
    desk->actor = (struct actor){.roles = roles, .department = text_of(department)};
}

static struct desk_page look(struct desk *desk, const struct desk_ask *ask)
{
    struct desk_page page = {0};
    struct fault why = {0};
    assert_int_equal(case_look_desk(&desk->context, ask, &page, &why), OK);
    must(!why.why[0], &why);
    return page;
}

/* Where no clock runs, the light says why. */
static void what_the_light_says(const char *where)
{
    static const struct {
        int64_t state;
        const char *said;
    } table[] = {
        {CASE_ACCEPTED, "未计时"},
        {CASE_SUSPENDED, "计时中止"},
        {CASE_FORWARDED, "计时中止"},
    };
    static const struct desk_ask first = {0};
    struct desk desk;
    open_desk(&desk, where);
    be(&desk, ROLE_REVIEWER, "011");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        put(&desk, "011", table[i].state, 0, false, 1);
    struct desk_page page = look(&desk, &first);
    const struct desk_row *rows = page.rows.items;
    assert_int_equal(page.rows.count, sizeof table / sizeof *table);
    for (size_t i = 0; i < page.rows.count; i++)
        for (size_t j = 0; j < sizeof table / sizeof *table; j++)
            if (rows[i].state == table[j].state)
                assert_true(text_is(rows[i].light_said, table[j].said));
    close_desk(&desk);
}

/* One case in every state, in two departments: whose desk shows which. */
static void whose_desk(const char *where)
{
    static const struct {
        int64_t roles;
        const char *department;
        size_t rows;
        const char *states;
    } table[] = {
        {ROLE_CLERK, "011", 4, "submitted received granted issued "},
        {ROLE_REVIEWER, "011", 3, "accepted suspended forwarded "},
        {ROLE_VERIFIER, "011", 3, "reviewed suspended forwarded "},
        {ROLE_HEAD, "011", 3, "reviewed suspended forwarded "},
        {ROLE_CLERK | ROLE_HEAD, "012", 7,
         "submitted received reviewed suspended forwarded granted issued "},
        {ROLE_MANAGER, "", 18, NULL},
        {ROLE_SUPERVISOR, "", 18, NULL},
        {ROLE_CLERK, "", 8, NULL},
        {ROLE_CLERK, "099", 0, ""},
    };
    static const struct desk_ask first = {0};
    struct desk desk;
    open_desk(&desk, where);
    for (int64_t state = CASE_DRAFT; state <= CASE_TERMINATED; state++) {
        put(&desk, "011", state, 0, !case_state_open(state), 1);
        put(&desk, "012", state, 0, !case_state_open(state), 1);
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct buf states = {.arena = desk.arena};
        be(&desk, table[i].roles, table[i].department);
        struct desk_page page = look(&desk, &first);
        const struct desk_row *rows = page.rows.items;
        assert_int_equal(page.rows.count, table[i].rows);
        assert_int_equal(page.total, table[i].rows);
        for (size_t j = 0; j < page.rows.count; j++)
            buf_format(&states, "%s ", case_state_words[rows[j].state].name);
        if (table[i].states)
            assert_true(text_is(buf_done(&states), table[i].states));
    }
    close_desk(&desk);
}

/* The counts are those of the lights, whatever page is shown; more than three pages of rows. */
static void all_are_counted(const char *where)
{
    static const struct {
        const char *due_at; /* NULL: no clock */
        int64_t count, light;
    } table[] = {
        {"2014-05-06T17:00", 60, LIGHT_RED},    {"2014-05-07T10:00", 1, LIGHT_RED},
        {"2014-05-07T17:00", 2, LIGHT_YELLOW},  {"2014-05-08T17:00", 3, LIGHT_YELLOW},
        {"2014-05-09T00:00", 4, LIGHT_YELLOW},  {"2014-05-09T17:00", 70, LIGHT_GREEN},
        {"2014-06-09T17:00", 5, LIGHT_GREEN},   {"2015-02-09T17:00", 7, LIGHT_GREEN},
        {NULL, 40, LIGHT_GREY},
    };
    struct desk desk;
    int64_t want[LIGHT_GREY + 1] = {0}, total = 0;
    open_desk(&desk, where);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        put(&desk, "011", CASE_ACCEPTED, table[i].due_at ? moment(table[i].due_at) : 0, false,
            table[i].count);
        want[table[i].light] += table[i].count;
        total += table[i].count;
    }
    put(&desk, "011", CASE_DRAFT, 0, false, 9);
    put(&desk, "011", CASE_DELIVERED, moment("2014-05-06T17:00"), true, 9);
    put(&desk, "012", CASE_ACCEPTED, moment("2014-05-06T17:00"), false, 2);
    be(&desk, ROLE_REVIEWER, "011");
    struct desk_ask ask = {0};
    int64_t shown[LIGHT_GREY + 1] = {0}, rows_shown = 0;
    for (int pages = 0; pages < 4; pages++) {
        struct desk_page page = look(&desk, &ask);
        const struct desk_row *rows = page.rows.items;
        assert_int_equal(page.red, want[LIGHT_RED]);
        assert_int_equal(page.yellow, want[LIGHT_YELLOW]);
        assert_int_equal(page.green, want[LIGHT_GREEN]);
        assert_int_equal(page.grey, want[LIGHT_GREY]);
        assert_int_equal(page.total, total);
        for (size_t i = 0; i < page.rows.count; i++)
            shown[rows[i].light]++;
        rows_shown += (int64_t)page.rows.count;
        assert_int_equal(page.more.len > 0, pages < 3);
        assert_int_equal(page.before.len > 0, pages > 0);
        ask = (struct desk_ask){.after_due = rows[page.rows.count - 1].due_at,
                                .after_id = rows[page.rows.count - 1].case_id};
    }
    assert_int_equal(rows_shown, total);
    assert_memory_equal(shown, want, sizeof want);
    be(&desk, ROLE_MANAGER, "");
    ask = (struct desk_ask){0};
    assert_int_equal(look(&desk, &ask).total, total + 2);
    assert_int_equal(look(&desk, &ask).red, want[LIGHT_RED] + 2);
    close_desk(&desk);
}

/* Yellow begins as many working days ahead as the region's reminder is sent. */
static void yellow_by_the_setting(const char *where)
{
    static const struct {
        const char *days;
        int64_t yellow;
    } table[] = {{"", 2}, {"1", 2}, {"2", 4}, {"3", 7}, {"99", 2}};
    struct desk desk;
    struct desk_ask ask = {0};
    open_desk(&desk, where);
    put(&desk, "011", CASE_ACCEPTED, moment("2014-05-08T17:00"), false, 2);
    put(&desk, "011", CASE_ACCEPTED, moment("2014-05-09T17:00"), false, 2);
    put(&desk, "011", CASE_ACCEPTED, moment("2014-05-12T17:00"), false, 3);
    put(&desk, "011", CASE_ACCEPTED, moment("2014-05-13T17:00"), false, 5);
    be(&desk, ROLE_REVIEWER, "011");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct setting setting = {.name = TEXT("reminder_days"), .value = text_of(table[i].days)};
        int64_t yellow = 0;
        desk.catalogue.region.settings = (struct list){&setting, 1};
        desk.catalogue.has_region = true;
        struct desk_page page = look(&desk, &ask);
        const struct desk_row *rows = page.rows.items;
        for (size_t j = 0; j < page.rows.count; j++)
            yellow += rows[j].light == LIGHT_YELLOW;
        assert_int_equal(page.yellow, table[i].yellow);
        assert_int_equal(yellow, table[i].yellow);
        assert_int_equal(page.green, 12 - table[i].yellow);
    }
    close_desk(&desk);
}

/* Forwards and back again one meets the same rows in the same order, also where the clock ends. */
static void pages_both_ways(const char *where)
{
    struct desk desk;
    struct desk_ask ask = {0};
    int64_t ids[3][60] = {{0}};
    open_desk(&desk, where);
    put(&desk, "011", CASE_ACCEPTED, moment("2014-05-09T17:00"), false, 70);
    put(&desk, "011", CASE_SUSPENDED, 0, false, 60);
    be(&desk, ROLE_REVIEWER, "011");
    for (int i = 0; i < 3; i++) {
        struct desk_page page = look(&desk, &ask);
        const struct desk_row *rows = page.rows.items;
        assert_int_equal(page.rows.count, i < 2 ? 50 : 30);
        for (size_t j = 0; j < page.rows.count; j++)
            ids[i][j] = rows[j].case_id;
        ask = (struct desk_ask){.after_due = rows[page.rows.count - 1].due_at,
                                .after_id = ids[i][page.rows.count - 1]};
    }
    ask = (struct desk_ask){.before_due = 0, .before_id = ids[2][0]};
    for (int i = 1; i >= 0; i--) {
        struct desk_page page = look(&desk, &ask);
        const struct desk_row *rows = page.rows.items;
        assert_int_equal(page.rows.count, 50);
        for (size_t j = 0; j < 50; j++)
            assert_int_equal(rows[j].case_id, ids[i][j]);
        assert_true(page.more.len > 0);
        assert_int_equal(page.before.len > 0, i > 0);
        ask = (struct desk_ask){.before_due = rows[0].due_at, .before_id = rows[0].case_id};
    }
    /* Behind the last row nothing is shown, and the counts say that there is something. */
    ask = (struct desk_ask){.after_due = 0, .after_id = ids[2][29]};
    assert_int_equal(look(&desk, &ask).rows.count, 0);
    assert_int_equal(look(&desk, &ask).total, 130);
    close_desk(&desk);
}

/* The list of all cases pages the same way, newest first. */
static void list_both_ways(const char *where)
{
    static const char *const departments[] = {"", "011"};
    struct desk desk;
    open_desk(&desk, where);
    put(&desk, "011", CASE_DELIVERED, 0, true, 120);
    for (size_t i = 0; i < 2; i++) {
        struct desk_ask ask = {.after_id = 71};
        struct desk_page page = {0};
        struct fault why = {0};
        be(&desk, ROLE_CLERK, departments[i]);
        assert_int_equal(case_look_cases(&desk.context, &ask, &page, &why), OK);
        must(!why.why[0], &why);
        assert_int_equal(((const struct desk_row *)page.rows.items)[0].case_id, 70);
        assert_true(text_is(page.more, "/staff/cases?after_id=21"));
        assert_true(text_is(page.before, "/staff/cases?before_id=70"));
        ask = (struct desk_ask){.before_id = 70};
        page = (struct desk_page){0};
        assert_int_equal(case_look_cases(&desk.context, &ask, &page, &why), OK);
        must(!why.why[0], &why);
        assert_int_equal(((const struct desk_row *)page.rows.items)[0].case_id, 120);
        assert_int_equal(page.rows.count, 50);
        assert_true(text_is(page.more, "/staff/cases?after_id=71"));
        assert_int_equal(page.before.len, 0);
    }
    close_desk(&desk);
}

#define BOTH(name)                                                                                 \
    static void name##_test(void **state)                                                          \
    {                                                                                              \
        (void)state;                                                                               \
        testing_each_engine(name);                                                                 \
    }
BOTH(what_the_light_says)
BOTH(whose_desk)
BOTH(all_are_counted)
BOTH(yellow_by_the_setting)
BOTH(pages_both_ways)
BOTH(list_both_ways)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_light_says_test),
        cmocka_unit_test(whose_desk_test),
        cmocka_unit_test(all_are_counted_test),
        cmocka_unit_test(yellow_by_the_setting_test),
        cmocka_unit_test(pages_both_ways_test),
        cmocka_unit_test(list_both_ways_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
