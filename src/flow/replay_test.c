/* A replay of many pages, read by one thread and applied by another: what happens when something
 * behind the first pages is wrong. Both engines; under TSan too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/random.h"
#include "db/testing.h"
#include "flow/flow.h"

#define REGION 330482
enum { PAGE = 1000, BATCH = 900, BATCHES = 5, ENTRIES = BATCH * BATCHES, COINS_BREAKING = 13 };

struct put {
    struct text box;
    int64_t coins;
};
static const struct field put_fields[] = {
    {"box", FIELD_TEXT, offsetof(struct put, box), FIELD_REQUIRED, 0, 0, "盒"},
    {"coins", FIELD_INT, offsetof(struct put, coins), 0, 0, 0, "硬币"},
};
static const struct shape put_shape = {"put", "放入", sizeof(struct put), SHAPE_FIELDS(put_fields)};

/* The table is made by the first entry: rebuild drops it and has no script that makes it. */
static const char box_table[] = "CREATE TABLE IF NOT EXISTS box (region {int} NOT NULL, name TEXT "
                                "NOT NULL, coins {int} NOT NULL, PRIMARY KEY (region, name)) {strict};";
static const struct db_sql put_sql = {
    "INSERT INTO box (region, name, coins) VALUES ($1, $2, $3) "
    "ON CONFLICT (region, name) DO UPDATE SET coins = box.coins + $3"};
static const struct db_sql breaking_sql = {"INSERT INTO box (region, name) VALUES ($1, NULL)"};

static bool apply_put(struct db *db, const struct entry_head *head, const void *body,
                      struct arena *arena, struct fault *why)
{
    const struct put *put = body;
    (void)arena;
    if (head->index == 0 && !db_script(db, text_of(box_table), why))
        return false;
    if (put->coins == COINS_BREAKING)
        return db_write(db, &breaking_sql, DB_ARGS(db_int(head->region)), why) &&
               db_flush(db, why);
    return db_write(db, &put_sql,
                    DB_ARGS(db_int(head->region), db_text(put->box), db_int(put->coins)), why);
}

static const struct event_kind put_event = {
    .name = "box.put", .version = 1, .shape = &put_shape, .apply = apply_put};

static enum refusal decide_put(const void *facts, const void *input, const struct context *context,
                               struct decision *out)
{
    (void)facts;
    (void)context;
    decision_emit(out, &put_event, TEXT("box:1"), input);
    return OK;
}

static const struct command put_command = {
    .name = "box.put", .roles = ROLE_CLERK, .input = &put_shape, .decide = decide_put};
static const struct command *const commands[] = {&put_command, NULL};
static const struct event_kind *const events[] = {&put_event, NULL};
static const struct table tables[] = {{"box", "region, name"}, {NULL, NULL}};
static const struct module box_module = {
    .name = "box", .commands = commands, .events = events, .tables = tables};
static const struct module *const box_modules[] = {&box_module, NULL};
static const int64_t regions[] = {REGION};

static void must(bool good, const struct fault *why)
{
    if (!good)
        fail_msg("%s", why->why);
}

static void run_batch(struct flow *flow, struct arena *arena)
{
    static const char *const boxes[] = {"a", "b", "c"};
    struct fault why = {0};
    struct job *list[BATCH];
    for (size_t i = 0; i < BATCH; i++) {
        struct put *put = arena_alloc(arena, sizeof *put);
        *put = (struct put){text_of(boxes[i % 3]), 1};
        list[i] = arena_alloc(arena, sizeof *list[i]);
        *list[i] = (struct job){.command = &put_command,
                                .region = REGION,
                                .actor = {.account = 5, .name = TEXT("account:5"), .roles = ROLE_CLERK},
                                .input = put,
                                .arena = arena};
        random_bytes(list[i]->luck, sizeof list[i]->luck);
    }
    must(flow_run(flow, list, BATCH, &why), &why);
    for (size_t i = 0; i < BATCH; i++)
        assert_int_equal(list[i]->end, JOB_DONE);
}

static void fill(const char *where, struct arena *arena)
{
    struct fault why = {0};
    struct flow *flow;
    struct db *db;
    struct flow_options options = {
        .where = where, .modules = box_modules, .regions = regions, .region_count = 1};
    must(db_open(where, false, &db, &why), &why);
    must(flow_create(db, box_modules, &why), &why);
    must(journal_init(db, REGION, TEXT("test.example/log/330482"), &why), &why);
    db_close(db);
    must(flow_open(&options, &flow, &why), &why);
    for (int i = 0; i < BATCHES; i++)
        run_batch(flow, arena);
    flow_close(flow);
}

static void change(const char *where, const struct db_sql *sql, const struct db_value *args,
                   size_t count)
{
    struct fault why = {0};
    struct db *db;
    must(db_open(where, false, &db, &why), &why);
    must(db_begin(db, &why), &why);
    must(db_write(db, sql, args, count, &why), &why);
    assert_int_equal(db_commit(db, &why), DB_COMMITTED);
    db_close(db);
}

static const struct db_sql move_sql = {
    "UPDATE journal SET idx = $3 WHERE region = $1 AND idx = $2"};
static const struct db_sql swap_sql = {
    "UPDATE journal SET entry = replace(entry, $3, $4) WHERE region = $1 AND idx = $2"};

/* Says "a=1500 b=1500 c=1500". */
static struct text boxes_said(const char *where, struct arena *arena)
{
    static const struct db_sql sql = {
        "SELECT name, coins FROM box WHERE region = $1 ORDER BY name"};
    struct buf out = {.arena = arena};
    struct fault why = {0};
    struct db_rows rows;
    struct db_read *db;
    must(db_open_reader(where, &db, &why), &why);
    must(db_select(db, &sql, DB_ARGS(db_int(REGION)), arena, &rows, &why), &why);
    for (size_t i = 0; i < rows.count; i++)
        buf_format(&out, "%s%.*s=%lld", i ? " " : "", TEXT_ARG(db_cell_text(&rows, i, "name")),
                   (long long)db_cell_int(&rows, i, "coins"));
    db_close_reader(db);
    return buf_done(&out);
}

/* The fault tells `told`, and the tables are as they were before. */
static void fails(const char *where, struct arena *arena, const char *told)
{
    struct fault why = {0};
    int64_t replayed;
    assert_false(flow_rebuild(where, box_modules, NULL, &replayed, &why));
    if (!strstr(why.why, told))
        fail_msg("\"%s\" does not say \"%s\"", why.why, told);
    assert_true(text_is(boxes_said(where, arena), "a=1500 b=1500 c=1500"));
}

static void holds(const char *where, struct arena *arena)
{
    struct fault why = {0};
    int64_t replayed;
    must(flow_rebuild(where, box_modules, NULL, &replayed, &why), &why);
    assert_int_equal(replayed, ENTRIES);
    assert_true(text_is(boxes_said(where, arena), "a=1500 b=1500 c=1500"));
}

/* In the middle of page 4, the first of page 5, the last of all. */
static void missing(const char *where, struct arena *arena)
{
    static const int64_t gone[] = {3 * PAGE + 500, 4 * PAGE, ENTRIES - 1};
    for (size_t i = 0; i < 3; i++) {
        struct text told = text_format(arena, "entry %lld is missing", (long long)gone[i]);
        change(where, &move_sql, DB_ARGS(db_int(REGION), db_int(gone[i]), db_int(-1)));
        fails(where, arena, told.at);
        change(where, &move_sql, DB_ARGS(db_int(REGION), db_int(-1), db_int(gone[i])));
    }
}

static void wrong_in(const char *where, struct arena *arena, int64_t index, const char *is,
                     const char *becomes, const char *told)
{
    struct db_value is_value = db_text(text_of(is)), becomes_value = db_text(text_of(becomes));
    change(where, &swap_sql, DB_ARGS(db_int(REGION), db_int(index), is_value, becomes_value));
    fails(where, arena, told);
    change(where, &swap_sql, DB_ARGS(db_int(REGION), db_int(index), becomes_value, is_value));
}

static void many_pages(const char *where)
{
    struct arena *arena = arena_new(1 << 20);
    fill(where, arena);
    holds(where, arena);
    missing(where, arena);
    wrong_in(where, arena, 3 * PAGE + 77, "\"body\":{", "\"body\":", "3077");
    wrong_in(where, arena, 3 * PAGE + 77, "\"coins\":1", "\"coins\":\"many\"",
             "entry 3077 (box.put) cannot be replayed: journal body: an integer");
    wrong_in(where, arena, 4 * PAGE + 1, "box.put", "box.lost",
             "entry 4001: nobody knows the event kind box.lost");
    /* While the reader is pages ahead, and when it has read all there is. */
    wrong_in(where, arena, PAGE + 500, "\"coins\":1", "\"coins\":13",
             "stopped at entry 1500 (box.put): ");
    wrong_in(where, arena, ENTRIES - 1, "\"coins\":1", "\"coins\":13",
             "stopped at entry 4499 (box.put): ");
    holds(where, arena);
    arena_free(arena);
}

static void many_pages_test(void **state)
{
    (void)state;
    testing_each_engine(many_pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(many_pages_test)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
