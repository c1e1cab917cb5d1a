/* Real and malformed logs through flow into the tables, counted, written out and read in again. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "approval/history/history.h"
#include "clock/clock.h"
#include "db/testing.h"
#include "view/view.h"

#define LOGS "../shared/data/eventlogs/"
#define RECEIPT LOGS "receipt.xes.gz"
#define REGION INT64_C(330482)

static const struct module *const modules[] = {&history_module, &clock_module, NULL};

static void good(bool done, const struct fault *why)
{
    if (!done)
        print_error("%s\n", why->why);
    assert_true(done);
}

static bool have_logs(void)
{
    if (access(RECEIPT, R_OK) == 0)
        return true;
    printf("skipped: no %s\n", LOGS);
    return false;
}

static struct flow *open_flow(const char *where)
{
    struct fault why = {0};
    struct flow *flow;
    int64_t region = REGION;
    struct flow_options options = {
        .where = where, .modules = modules, .regions = &region, .region_count = 1};
    good(flow_open(&options, &flow, &why), &why);
    return flow;
}

static void prepare(const char *where)
{
    struct fault why = {0};
    struct db *db;
    good(db_open(where, false, &db, &why), &why);
    good(flow_create(db, modules, &why), &why);
    good(journal_init(db, REGION, TEXT("yimen.example/log/330482"), &why), &why);
    db_close(db);
}

static struct history_result import(const char *where, const char *path)
{
    struct fault why = {0};
    struct history_result result;
    struct flow *flow = open_flow(where);
    good(history_import(flow, REGION, path, NULL, &result, &why), &why);
    flow_close(flow);
    return result;
}

static int64_t number(const char *where, const struct db_sql *sql)
{
    struct fault why = {0};
    struct db_read *db;
    struct db_rows rows;
    struct arena *arena = arena_new(4096);
    good(db_open_reader(where, &db, &why), &why);
    good(db_select(db, sql, DB_ARGS(db_int(REGION)), arena, &rows, &why), &why);
    int64_t value = rows.cells[0].number;
    db_close_reader(db);
    arena_free(arena);
    return value;
}

static const struct db_sql entries_sql = {"SELECT seq FROM region_head WHERE region = $1"};
static const struct db_sql live_sql = {"SELECT clock_at FROM region_head WHERE region = $1"};
static const struct db_sql logs_sql = {"SELECT count(*) FROM history_log WHERE region = $1"};
static const struct db_sql cases_sql = {"SELECT count(*) FROM history_case WHERE region = $1"};
static const struct db_sql events_sql = {"SELECT count(*) FROM history_event WHERE region = $1"};
static const struct db_sql resources_sql = {
    "SELECT count(*) FROM history_resource WHERE region = $1"};

/* Deadlines of the clock with that outcome ("none": still running). */
static int64_t deadlines(const char *where, const char *state, const char *outcome)
{
    static const struct db_sql sql = {
        "SELECT count(*) FROM deadline WHERE region = $1 AND state = $2 AND outcome = $3"};
    struct fault why = {0};
    struct db_read *db;
    struct db_rows rows;
    struct arena *arena = arena_new(4096);
    good(db_open_reader(where, &db, &why), &why);
    good(db_select(db, &sql,
                   DB_ARGS(db_int(REGION), db_text(text_of(state)), db_text(text_of(outcome))),
                   arena, &rows, &why),
         &why);
    int64_t value = rows.cells[0].number;
    db_close_reader(db);
    arena_free(arena);
    return value;
}

static char *report(const char *where)
{
    struct fault why = {0};
    struct db_read *db;
    bool found;
    struct arena *arena = arena_new(4096);
    struct buf out = {.arena = arena};
    good(db_open_reader(where, &db, &why), &why);
    good(history_report(db, REGION, 0, NULL, &out, &found, &why), &why);
    assert_true(found);
    db_close_reader(db);
    char *json = strndup(out.at, out.len);
    arena_free(arena);
    return json;
}

static void tables_equal_replay(const char *where)
{
    struct fault why = {0};
    struct text wrong;
    struct arena *arena = arena_new(4096);
    good(flow_compare(where, modules, arena, NULL, &wrong, &why), &why);
    if (wrong.len)
        print_error("%.*s\n", TEXT_ARG(wrong));
    assert_int_equal(wrong.len, 0);
    arena_free(arena);
}

static void equals_oracle(const char *json, const char *name)
{
    json_t *all = json_load_file(LOGS "oracle.json", 0, NULL);
    json_t *got = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(all);
    assert_non_null(got);
    char *a = json_dumps(got, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17));
    char *b = json_dumps(json_object_get(all, name), JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17));
    assert_string_equal(a, b);
    free(a);
    free(b);
    json_decref(all);
    json_decref(got);
}

/* One digest over all attributes of a log, their order within a place left out of account, since
 * the standard gives it no meaning. */
struct digest {
    struct arena *arena;
    struct hash_stream *hash;
};

static void add_sorted(struct digest *digest, const char *what,
                       const struct xes_attribute *attributes)
{
    struct buf out = {.arena = digest->arena};
    xes_json(attributes, &out);
    json_t *list = json_loadb(out.at, out.len, 0, NULL), *sorted = json_object();
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
        json_object_set(sorted, json_string_value(json_object_get(one, "key")), one);
    char *text = json_dumps(sorted, JSON_SORT_KEYS);
    hash_stream_add(digest->hash, what, strlen(what));
    hash_stream_add(digest->hash, text, strlen(text));
    free(text);
    json_decref(list);
    json_decref(sorted);
    arena_reset(digest->arena);
}

static bool digest_log(void *context, const struct xes_log *log)
{
    struct digest *digest = context;
    struct buf out = {.arena = digest->arena};
    struct xes_log rest = *log;
    rest.attributes = NULL;
    xes_log_json(&rest, &out);
    hash_stream_add(digest->hash, out.at, out.len);
    add_sorted(digest, "log", log->attributes);
    return true;
}

static bool digest_trace(void *context, const struct xes_attribute *attributes)
{
    add_sorted(context, "trace", attributes);
    return true;
}

static bool digest_event(void *context, const struct xes_attribute *attributes, bool loose)
{
    add_sorted(context, loose ? "loose" : "event", attributes);
    return true;
}

static struct hash digest_of(const char *path)
{
    struct digest digest = {arena_new(4096), hash_stream_new()};
    const struct xes_handler handler = {&digest, digest_log, digest_trace, NULL, digest_event};
    struct xes_found found;
    struct xes_error error;
    int fd = open(path, O_RDONLY);
    bool read = xes_read_file(fd, NULL, &handler, &found, &error);
    if (!read)
        print_error("%s: %s\n", path, error.zh);
    assert_true(read);
    close(fd);
    arena_free(digest.arena);
    return hash_stream_end(digest.hash);
}

/* Writes the newest log to a temporary file, whose name is to be freed and unlinked. */
static char *export(const char *where)
{
    struct fault why = {0};
    struct db_read *db;
    struct history_exported exported;
    char *path = strdup("/tmp/yimen-history-XXXXXX");
    int fd = mkstemp(path);
    good(db_open_reader(where, &db, &why), &why);
    good(history_export(db, REGION, 0, fd, NULL, &exported, &why), &why);
    assert_true(exported.found && exported.log_id > 0);
    db_close_reader(db);
    close(fd);
    return path;
}

/* Imported, exported and imported again: same attributes, same figures. */
static void round_trip(const char *where, const char *original)
{
    char *path = export(where), *before = report(where);
    struct hash a = digest_of(original), b = digest_of(path);
    if (!hash_equal(&a, &b))
        print_error("%s differs after export\n", original);
    assert_true(hash_equal(&a, &b));
    const char *second = testing_database(DB_SQLITE, "second");
    prepare(second);
    assert_int_equal(import(second, path).end, HISTORY_DONE);
    char *after = report(second);
    assert_string_equal(before, after);
    unlink(path);
    free(path);
    free(before);
    free(after);
}

static void real_log(const char *where, const char *path, const char *name, int64_t cases,
                     int64_t events, int64_t resources)
{
    prepare(where);
    struct history_result result = import(where, path);
    assert_int_equal(result.end, HISTORY_DONE);
    assert_int_equal(result.commands, 1 + cases + events);
    assert_int_equal(number(where, &cases_sql), cases);
    assert_int_equal(number(where, &events_sql), events);
    assert_int_equal(number(where, &resources_sql), resources);
    char *json = report(where);
    equals_oracle(json, name);
    free(json);
    tables_equal_replay(where);
    round_trip(where, path);

    /* The same file once more: every command is answered, nothing happens. */
    int64_t entries = number(where, &entries_sql);
    struct history_result again = import(where, path);
    assert_int_equal(again.end, HISTORY_DONE);
    assert_int_equal(again.commands, result.commands);
    assert_int_equal(again.entries, 0);
    assert_int_equal(again.log_id, result.log_id);
    assert_int_equal(number(where, &entries_sql), entries);
}

static void receipt_on(const char *where)
{
    real_log(where, RECEIPT, "receipt", 1434, 8577, 48);
    assert_int_equal(deadlines(where, "closed", "late"), 377);
    assert_int_equal(deadlines(where, "closed", "met"), 952);
    assert_int_equal(deadlines(where, "running", "none"), 105);
}

static void running_example_on(const char *where)
{
    real_log(where, LOGS "running-example.xes", "running-example", 6, 42, 6);
}

static void receipt(void **state)
{
    (void)state;
    if (!have_logs())
        skip();
    testing_each_engine(receipt_on);
}

static void running_example(void **state)
{
    (void)state;
    if (!have_logs())
        skip();
    testing_each_engine(running_example_on);
}

static void die_midway(int64_t done, int64_t total, void *context)
{
    if (done > total / 3 && done > *(int64_t *)context)
        _exit(9);
}

/* The process dies in the middle of an import; run again it goes on and ends as if it had not. */
static void killed_on(const char *where)
{
    prepare(where);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct fault why = {0};
        struct history_result result;
        int64_t at = 1000;
        struct history_options options = {.progress = {die_midway, &at}};
        struct flow *flow = open_flow(where);
        history_import(flow, REGION, RECEIPT, &options, &result, &why);
        _exit(0); /* not reached */
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 9);
    int64_t before = number(where, &entries_sql);
    assert_true(before > 1000 && before < 10012 + 1434 + 1329);
    struct history_result result = import(where, RECEIPT);
    assert_int_equal(result.end, HISTORY_DONE);
    assert_int_equal(result.commands, 10012);
    assert_int_equal(result.entries, number(where, &entries_sql) - before);
    char *json = report(where);
    equals_oracle(json, "receipt");
    free(json);
    tables_equal_replay(where);
}

static void killed(void **state)
{
    (void)state;
    if (!have_logs())
        skip();
    testing_each_engine(killed_on);
}

/* What is wrong imports nothing; what is only odd comes out as it went in. */
static void malformed_on(const char *where)
{
    DIR *folder = opendir(LOGS "malformed");
    assert_non_null(folder);
    int wrong = 0, odd = 0;
    prepare(where);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[400];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, LOGS "malformed/%s", entry->d_name);
        int64_t entries = number(where, &entries_sql), logs = number(where, &logs_sql);
        struct history_result result = import(where, path);
        if (result.end == HISTORY_WRONG) {
            wrong++;
            assert_true(result.error.line > 0 && result.error.zh[0] && result.error.en[0]);
            assert_int_equal(number(where, &entries_sql), entries);
            assert_int_equal(number(where, &logs_sql), logs);
        } else {
            odd++;
            assert_int_equal(result.end, HISTORY_DONE);
            assert_int_equal(result.entries, 1 + result.found.traces + result.found.events +
                                                 result.found.loose_events);
            round_trip(where, path);
        }
    }
    closedir(folder);
    assert_int_equal(wrong + odd, 71);
    assert_int_equal(wrong, 43); /* as the table in xes_test.c says, file by file */
    tables_equal_replay(where);
}

static void malformed(void **state)
{
    (void)state;
    if (!have_logs())
        skip();
    testing_each_engine(malformed_on);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static bool note_resources(void *context, const struct list *names, int64_t at_ms,
                           struct fault *why)
{
    struct buf *out = context;
    (void)why;
    assert_int_equal(at_ms, 1); /* the log's latest moment, the first of 1970; 0 would be "now" */
    for (size_t i = 0; i < names->count; i++) {
        buf_text(out, ((const struct text *)names->items)[i]);
        buf_char(out, ' ');
    }
    return true;
}

/* Odd corners: no times, times before 1970 and at its first moment, lists, white space in values. */
static void corners_on(const char *where)
{
    char path[] = "/tmp/yimen-corners-XXXXXX";
    close(mkstemp(path));
    write_file(path,
               "<log xes.creator='x &amp; y'>"
               "<extension name='O' prefix='org' uri='http://www.xes-standard.org/org.xesext'/>"
               "<extension name='T' prefix='time' uri='http://www.xes-standard.org/time.xesext'/>"
               "<global><string key='two words' value=''/></global>"
               "<classifier name='c' keys=\"'two words'\"/>"
               "<string key='note' value='a&#9;b&#10;c&#13;&lt;&quot;&apos;>'/>"
               "<trace><event/><event><string key='org:resource' value='Wu'/></event></trace>"
               "<trace/>"
               "<trace><date key='startdate' value='1970-01-01T00:00:00Z'/>"
               "<list key='l'><string key='m' value=''/><values><int key='i' value='007'/>"
               "<int key='i' value='-1'/></values></list>"
               "<event><date key='time:timestamp' value='1969-12-31T23:59:59.999Z'/>"
               "<string key='org:resource' value='Li'/></event></trace>"
               "<event><string key='org:resource' value='Wu'/></event></log>");
    prepare(where);
    struct fault why = {0};
    struct history_result result;
    struct arena *arena = arena_new(4096);
    struct buf named = {.arena = arena};
    struct history_options options = {.resources = note_resources, .context = &named};
    struct flow *flow = open_flow(where);
    good(history_import(flow, REGION, path, &options, &result, &why), &why);
    flow_close(flow);
    assert_int_equal(result.end, HISTORY_DONE);
    assert_int_equal(result.commands, 8);
    assert_true(text_is(buf_done(&named), "Wu Li "));
    assert_int_equal(number(where, &resources_sql), 2);
    assert_int_equal(number(where, &live_sql), 0); /* history moves no business time */
    char *json = report(where);
    assert_non_null(strstr(json, "\"events\":3,"));
    assert_non_null(strstr(json, "\"events_without_case\":1"));
    free(json);
    tables_equal_replay(where);
    round_trip(where, path);

    struct history_result missing = import(where, "/tmp/there-is-no-such-log.xes");
    assert_int_equal(missing.end, HISTORY_WRONG);
    assert_int_equal(missing.error.wrong, XES_UNREADABLE);
    unlink(path);
    arena_free(arena);
}

static void corners(void **state)
{
    (void)state;
    testing_each_engine(corners_on);
}

/* Neither report nor export where nothing was imported. */
static void nothing_there_on(const char *where)
{
    prepare(where);
    struct fault why = {0};
    struct db_read *db;
    bool found = true;
    struct arena *arena = arena_new(4096);
    struct buf out = {.arena = arena};
    good(db_open_reader(where, &db, &why), &why);
    good(history_report(db, REGION, 0, NULL, &out, &found, &why), &why);
    assert_false(found);
    struct history_exported exported = {.found = true};
    good(history_export(db, REGION, 17, STDERR_FILENO, NULL, &exported, &why), &why);
    assert_false(exported.found);
    assert_int_equal(out.len, 0);
    db_close_reader(db);
    arena_free(arena);
}

static void nothing_there(void **state)
{
    (void)state;
    testing_each_engine(nothing_there_on);
}

/* The three pages load, and show what was imported. */
static void pages_on(const char *where)
{
    prepare(where);
    struct history_result result = import(where, RECEIPT);
    struct fault why = {0};
    struct view *view;
    struct arena *arena = arena_new(1 << 16);
    struct look_context context = {.region = REGION, .arena = arena};
    good(db_open_reader(where, &context.db, &why), &why);
    struct asset *files = arena_array(arena, asset_count, sizeof *files);
    size_t count = 0; /* this room's pages and the layouts: other rooms' forms are not known here */
    for (size_t i = 0; i < asset_count; i++)
        if (text_starts(text_of(assets[i].name), TEXT("approval/history/")) ||
            !text_ends(text_of(assets[i].name), TEXT(".html")) ||
            text_starts(text_of(assets[i].name), TEXT("view/")))
            files[count++] = assets[i];
    good(view_load_forms(files, count, NULL, 0, &view, &why), &why);
    static const struct {
        const struct look *look;
        int64_t case_no, after;
        enum refusal refusal;
        const char *shows;
    } looks[] = {
        {&history_logs_look, 0, 0, OK, "data-label=\"环节数\">8577<"},
        {&history_cases_look, 0, 0, OK, "?after=50"},
        {&history_cases_look, 0, 1400, OK, ">case-"},
        {&history_cases_look, 0, 1434, OK, "没有更多办件"},
        {&history_case_look, 1, 0, OK, "<h3>Confirmation of receipt</h3>"},
        {&history_case_look, 1434, 0, OK, "期限执行情况"},
        {&history_case_look, 1435, 0, REFUSED_NOT_FOUND, NULL},
    };
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        const struct look *look = looks[i].look;
        struct pairs pairs = {0};
        if (look != &history_logs_look)
            pair_add(&pairs, arena, TEXT("log_id"),
                     text_format(arena, "%lld", (long long)result.log_id));
        if (looks[i].case_no)
            pair_add(&pairs, arena, TEXT("case_no"),
                     text_format(arena, "%lld", (long long)looks[i].case_no));
        if (looks[i].after)
            pair_add(&pairs, arena, TEXT("after"),
                     text_format(arena, "%lld", (long long)looks[i].after));
        struct problems problems = {0};
        void *query = look->query ? arena_alloc(arena, look->query->size) : NULL;
        if (query)
            assert_true(shape_from_form(look->query, &pairs, arena, query, &problems));
        void *page = arena_alloc(arena, look->page->size);
        assert_int_equal(look->look(&context, query, page, &why), looks[i].refusal);
        good(why.why[0] == 0, &why);
        good(view_check(view, look->template, look->page, &why), &why);
        if (looks[i].refusal != OK)
            continue;
        struct frame frame = {.title = text_of(look->title), .staff = true};
        struct buf html = {.arena = arena};
        good(view_render(view, look->template, look->page, page, &frame, &html, &why), &why);
        if (text_find(buf_done(&html), text_of(looks[i].shows)) < 0)
            print_error("%s: no %s\n", look->name, looks[i].shows);
        assert_true(text_find(buf_done(&html), text_of(looks[i].shows)) >= 0);
    }
    view_free(view);
    db_close_reader(context.db);
    arena_free(arena);
}

static void pages(void **state)
{
    (void)state;
    if (!have_logs())
        skip();
    testing_each_engine(pages_on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receipt),   cmocka_unit_test(running_example),
        cmocka_unit_test(killed),    cmocka_unit_test(malformed),
        cmocka_unit_test(corners),   cmocka_unit_test(nothing_there),
        cmocka_unit_test(pages),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
