/* That the comparison of the tables with a replay sees every table, on both engines: in a world whose
 * tables all have rows, each value of a row of each is changed (on PostgreSQL one of them), a row
 * removed, one added, one added for a region that is not set up, and the table is named each time. The
 * list of tables is the program's own. */
#include <stdlib.h>

#include "cli/second_testing.h"
#include "view/view.h"

#define MANY 64 /* tables */

/* A deadline that was paused, a draft of a case and one of an item, an item withdrawn. Accounts, items,
 * hours and calendars come with the city. */
static const struct step paused[] = {
    HANDED_IN("2014-07-01"),
    {"2014-07-01 09:00", "land-clerk", "case.receive", NULL, "ok", NULL},
    {"2014-07-01 09:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},
    {"2014-07-01 09:12", "land-clerk", "case.accept", NULL, "ok", "accepted"},
    {"2014-07-02 09:01", "land-reviewer", "case.suspend",
     "{\"kind\":\"hearing\",\"paper\":\"平国土听〔2014〕3号\",\"planned_days\":10}", "ok",
     "suspended"},
    {"2014-07-09 09:00", "land-reviewer", "case.resume", "{\"result\":\"听证结束，无异议\"}", "ok",
     "accepted"},
    {"2014-07-10 08:20", "supervisor", "case.look_reason", "{\"reason\":\"信访件核查需要\"}", "ok",
     NULL},
    {"2014-07-10 08:30", "citizen", "case.draft", "{\"item_code\":\"011-001\"}", "ok", "draft"},
    {"2014-07-10 08:31", "land-clerk", "catalogue.draft.start", "{\"item_code\":\"011-002\"}", "ok",
     NULL},
    {"2014-07-10 08:32", "land-head", "catalogue.item.withdraw",
     "{\"item_code\":\"011-003\",\"last_date\":\"2014-07-31\",\"reason\":\"职能调整\","
     "\"basis\":\"国发〔2014〕27号\"}",
     "ok", NULL},
    {0},
};

/* Looks, and so many late ones that they alarm. */
static void tell_looks(struct world *world)
{
    const struct shown last = {.persons = 1, .why = WHY_DUTY};
    for (int i = 0; i < 12; i++) {
        world->shown = last;
        world->shown.subject = text_format(world->arena, "case:%d", i);
        trace(world, "2014-07-10 20:00", "land-clerk", "case.page");
    }
}

/* And a file, an absence, a letter for one item, a second step and another house's account. */
static void tell_all(struct world *world)
{
    const char *away = text_format(world->arena,
                                   "{\"account_id\":%lld,\"first_date\":\"2014-07-11\","
                                   "\"last_date\":\"2014-07-16\",\"reason\":\"外出培训\"}",
                                   (long long)actor_named(world, "land-verifier").account)
                           .at;
    const char *letter = text_format(world->arena,
                                     "{\"account_id\":%lld,\"department\":\"011\",\"document\":"
                                     "\"平国土资授〔2014〕2号\",\"powers\":{\"decide\":true},"
                                     "\"items\":[\"011-001\"],\"valid_from_date\":\"2014-07-11\"}",
                                     (long long)actor_named(world, "land-verifier").account)
                             .at;
    const struct step authority[] = {
        {"2014-07-10 09:00", "land-head", "identity.absence.record", away, "ok", NULL},
        {"2014-07-10 09:01", "land-head", "identity.delegation.grant", letter, "ok", NULL},
        {0}};
    tell(world, paused);
    upload(world, "2014-07-10 08:31", "m1",
           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    tell(world, authority);
    tell_looks(world);
    password_for(world, "land-clerk", "一句只为测试的话");
    enrol(world, "land-clerk", "一句只为测试的话");
    struct actor console = cli_actor();
    struct link_add link = {.account_id = actor_named(world, "land-clerk").account,
                            .provider = TEXT("sso"),
                            .issuer = TEXT("https://sso.example"),
                            .claim = TEXT("sub"),
                            .subject = TEXT("4321")};
    assert_int_equal(acted(world, &identity_link_add, &console, &link).end, JOB_DONE);
}

static const char event_log[] =
    "<log><extension name='O' prefix='org' uri='http://www.xes-standard.org/org.xesext'/>"
    "<trace><event><string key='org:resource' value='Wu'/></event>"
    "<event><string key='org:resource' value='Li'/></event></trace></log>";

/* What only the command line does: a token, and history with those who acted in it. */
static void add_by_command_line(const char *where)
{
    char path[] = "/tmp/yimen-compare-XXXXXX";
    char *db = (char *)(uintptr_t)where;
    char *token[] = {"yimen",   "token",         "create",  "land-clerk",       "--label", "x",
                     "--db",    db,              "--clock", "2014-07-11T09:00", "--json",  NULL};
    char *import[] = {"yimen", "import",  "xes",              path,     "--db",
                      db,      "--clock", "2014-07-11T09:10", "--json", NULL};
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, event_log, sizeof event_log - 1) > 0);
    close(file);
    quietly(11, token);
    quietly(9, import);
    unlink(path);
}

static void run_sql(struct db *db, struct text sql)
{
    struct fault why = {0};
    if (!db_begin(db, &why) || !db_script(db, sql, &why) || db_commit(db, &why) != DB_COMMITTED)
        fail_msg("%.*s: %s", TEXT_ARG(sql), why.why);
}

static struct text wrong_now(const char *where, struct arena *arena)
{
    struct fault why = {0};
    struct text wrong = {0};
    if (!flow_compare(where, modules, arena, NULL, &wrong, &why))
        fail_msg("compare: %s", why.why);
    return wrong;
}

/* The table as it was, and one row of it. */
struct subject {
    const char *where;
    struct db *db;
    struct arena *arena;
    const struct table *table;
    struct db_rows row;
    struct text which; /* the condition that holds for it alone */
};

static bool of_key(const struct subject *subject, const char *column)
{
    struct text keys = text_of(subject->table->key), key;
    while (text_cut(&keys, ',', &key))
        if (text_is(text_trim(key), column))
            return true;
    return false;
}

static struct text literal(struct arena *arena, const struct db_value *value)
{
    if (value->type == DB_INT)
        return text_format(arena, "%lld", (long long)value->number);
    assert_int_equal(value->type, DB_TEXT);
    assert_true(text_find(value->text, TEXT("'")) < 0);
    return text_format(arena, "'%.*s'", TEXT_ARG(value->text));
}

/* Another value than the column has, of the same type. */
static struct text changed(struct subject *subject, size_t column)
{
    const char *name = subject->row.names[column];
    enum db_type type = subject->row.cells[column].type;
    return type == DB_TEXT ? text_format(subject->arena, "%s || 'x'", name)
                           : text_format(subject->arena, "COALESCE(%s, 0) + 1000001", name);
}

static void take_row(struct subject *subject, struct db_sql *sql)
{
    const struct table *table = subject->table;
    struct fault why = {0};
    struct buf which = {.arena = subject->arena};
    sql->text = text_format(subject->arena,
                            "SELECT * FROM %s WHERE region = %d ORDER BY %s LIMIT 1 OFFSET "
                            "(SELECT count(*) / 2 FROM %s WHERE region = %d)",
                            table->name, REGION, table->key, table->name, REGION)
                    .at;
    assert_true(db_select(db_reader(subject->db), sql, NULL, 0, subject->arena, &subject->row,
                          &why));
    if (subject->row.count != 1)
        fail_msg("the world of this test leaves table %s empty", table->name);
    for (size_t i = 0; i < subject->row.width; i++)
        if (of_key(subject, subject->row.names[i]))
            buf_format(&which, "%s%s = %.*s", which.len ? " AND " : "", subject->row.names[i],
                       TEXT_ARG(literal(subject->arena, &subject->row.cells[i])));
    subject->which = buf_done(&which);
}

/* As it was, then what is told. */
static struct text afresh(struct arena *arena, const char *name, struct text then)
{
    return text_format(arena, "DELETE FROM %s; INSERT INTO %s SELECT * FROM kept_%s; %.*s;", name,
                       name, name, TEXT_ARG(then));
}

/* Does that alone to the table, and sees it named. */
static void spoil(struct subject *subject, struct text sql)
{
    struct arena *arena = arena_new(4096);
    run_sql(subject->db, afresh(arena, subject->table->name, sql));
    struct text wrong = wrong_now(subject->where, arena);
    if (!text_starts(wrong, text_format(arena, "table %s, row (", subject->table->name)))
        fail_msg("%.*s: the comparison says \"%.*s\"", TEXT_ARG(sql), TEXT_ARG(wrong));
    arena_free(arena);
}

/* A copy of the row that differs in every column but the region, which is as told. */
static struct text another(struct subject *subject, int region)
{
    struct buf out = {.arena = subject->arena};
    const struct db_rows *row = &subject->row;
    buf_format(&out, "INSERT INTO %s SELECT ", subject->table->name);
    for (size_t i = 0; i < row->width; i++)
        if (strcmp(row->names[i], "region") == 0)
            buf_format(&out, "%s%d", i ? ", " : "", region);
        else
            buf_format(&out, "%s%.*s", i ? ", " : "", TEXT_ARG(changed(subject, i)));
    buf_format(&out, " FROM kept_%s WHERE %.*s", subject->table->name, TEXT_ARG(subject->which));
    return buf_done(&out);
}

static size_t spoil_table(struct subject *subject)
{
    const char *name = subject->table->name;
    struct arena *arena = subject->arena;
    const struct db_rows *row = &subject->row;
    run_sql(subject->db, text_format(arena, "CREATE TABLE kept_%s AS SELECT * FROM %s;", name,
                                     name));
    /* A comparison makes a schema on PostgreSQL, which is slow; the code is one. */
    bool slow = text_starts(text_of(subject->where), TEXT("postgresql:"));
    for (size_t i = slow ? row->width - 1 : 0; i < row->width; i++)
        spoil(subject, text_format(arena, "UPDATE %s SET %s = %.*s WHERE %.*s", name,
                                   row->names[i], TEXT_ARG(changed(subject, i)),
                                   TEXT_ARG(subject->which)));
    spoil(subject, text_format(arena, "DELETE FROM %s WHERE %.*s", name,
                               TEXT_ARG(subject->which)));
    if (strcmp(subject->table->key, "region") != 0)
        spoil(subject, another(subject, REGION));
    spoil(subject, another(subject, REGION + 1));
    run_sql(subject->db, afresh(arena, name, text_format(arena, "DROP TABLE kept_%s", name)));
    return row->width;
}

static void every_table(const char *where)
{
    struct arena *arena = arena_new(1 << 20);
    struct db_sql sql[MANY];
    struct fault why = {0};
    size_t tables = 0, columns = 0;
    on_one_engine(where, tell_all, 100);
    add_by_command_line(where);
    agrees(where);
    struct subject subject = {.where = where, .arena = arena};
    /* One who adds a table need not spoil all the others again. */
    const char *only = getenv("YIMEN_TEST_TABLE");
    assert_true(db_open(where, false, &subject.db, &why));
    for (size_t i = 0; modules[i]; i++)
        for (const struct table *table = modules[i]->tables; table && table->name; table++) {
            assert_true(tables < MANY);
            subject.table = table;
            take_row(&subject, &sql[tables++]);
            if (!only || strcmp(only, table->name) == 0)
                columns += spoil_table(&subject);
        }
    db_close(subject.db);
    agrees(where);
    /* So that a list that is not gone through is no success. */
    assert_true(tables >= 24 && columns >= (only ? 1 : 200));
    arena_free(arena);
}

static void every_table_on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(every_table);
}

static bool listed(struct text name)
{
    for (size_t i = 0; modules[i]; i++)
        for (const struct table *table = modules[i]->tables; table && table->name; table++)
            if (text_is(name, table->name))
                return true;
    return false;
}

/* A derived table that is made but not on its module's list would be neither compared nor rebuilt. */
static void every_table_is_listed(void **state)
{
    struct text mark = TEXT("CREATE TABLE IF NOT EXISTS "), name;
    size_t count = 0;
    (void)state;
    for (size_t i = 0; modules[i]; i++) {
        const struct asset *asset =
            modules[i]->tables_sql ? asset_find(text_of(modules[i]->tables_sql)) : NULL;
        struct text rest = {asset ? (const char *)asset->bytes : "", asset ? asset->size : 0};
        for (ptrdiff_t at; (at = text_find(rest, mark)) >= 0; count++) {
            rest = text_slice(rest, (size_t)at + mark.len, rest.len);
            assert_true(text_cut(&rest, ' ', &name));
            if (!listed(name))
                fail_msg("table %.*s of module %s is not on its list", TEXT_ARG(name),
                         modules[i]->name);
        }
    }
    assert_true(count >= 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_table_is_listed),
                                       cmocka_unit_test(every_table_on_both_engines)};
    return cmocka_run_group_tests_name("cli/compare", tests, NULL, NULL);
}
