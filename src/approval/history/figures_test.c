/* Figures of the real logs against the ones recomputed independently, key by key. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "approval/history/figures.h"
#include "approval/history/xes.h"

#define LOGS "../shared/data/eventlogs/"

static struct text value_of(const struct xes_attribute *list, const char *key)
{
    const struct xes_attribute *found = xes_find(list, text_of(key));
    return found ? found->value : TEXT("");
}

static bool feed_log(void *context, const struct xes_log *log)
{
    for (const struct xes_attribute *a = log->attributes; a; a = a->next)
        if (text_starts(a->key, TEXT("meta_")) && !(a->children && a->children->type == a->type))
            figures_meta(context, a->key, a->value);
    return true;
}

static bool feed_trace(void *context, const struct xes_attribute *attributes)
{
    struct figures_case begun = {0};
    begun.has_deadline = xes_instant(value_of(attributes, "deadline"), &begun.deadline_at);
    begun.has_end = xes_instant(value_of(attributes, "enddate"), &begun.end_at);
    figures_case(context, &begun);
    return true;
}

static bool feed_end(void *context)
{
    figures_case_end(context);
    return true;
}

static bool feed_event(void *context, const struct xes_attribute *attributes, bool loose)
{
    int64_t at_ms = 0;
    bool has_time = xes_instant(value_of(attributes, "time:timestamp"), &at_ms);
    if (loose)
        figures_loose_event(context);
    else
        figures_event(context, value_of(attributes, "concept:name"),
                      value_of(attributes, "org:resource"), has_time, at_ms);
    return true;
}

static json_t *figures_of(const char *path, struct arena *arena)
{
    struct figures *figures = figures_new(arena);
    const struct xes_handler handler = {figures, feed_log, feed_trace, feed_end, feed_event};
    struct xes_found found;
    struct xes_error error;
    int fd = open(path, O_RDONLY);
    assert_true(xes_read_file(fd, NULL, &handler, &found, &error));
    close(fd);
    struct buf out = {.arena = arena};
    figures_json(figures, &out);
    json_t *read = json_loadb(out.at, out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(read);
    return read;
}

/* Every key, every value, and the order of both; doubles to the last bit. */
static void same(const char *where, json_t *got, json_t *want)
{
    char *a = json_dumps(got, JSON_ENCODE_ANY | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17));
    char *b = json_dumps(want, JSON_ENCODE_ANY | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17));
    if (strcmp(a, b))
        print_error("%s:\n%s\n%s\n", where, a, b);
    assert_string_equal(a, b);
    free(a);
    free(b);
}

static void oracle(void **state)
{
    (void)state;
    json_t *all = json_load_file(LOGS "oracle.json", 0, NULL);
    if (!all) {
        printf("skipped: no %s\n", LOGS);
        skip();
    }
    static const struct {
        const char *name, *path;
    } logs[] = {{"receipt", LOGS "receipt.xes.gz"}, {"running-example", LOGS "running-example.xes"}};
    for (size_t i = 0; i < 2; i++) {
        struct arena *arena = arena_new(1 << 16);
        json_t *want = json_object_get(all, logs[i].name), *got = figures_of(logs[i].path, arena);
        const char *key;
        json_t *value;
        json_object_foreach(want, key, value)
        {
            assert_non_null(json_object_get(got, key));
            same(key, json_object_get(got, key), value);
        }
        same(logs[i].name, got, want);
        json_decref(got);
        arena_free(arena);
    }
    json_decref(all);
}

static void nothing_and_little(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    struct figures *figures = figures_new(arena);
    struct buf out = {.arena = arena};
    figures_json(figures, &out);
    assert_true(text_is(
        buf_done(&out),
        "{\"cases\":0,\"events\":0,\"activities\":0,\"resources\":0,\"variants\":0,"
        "\"top_variant_counts\":[],\"dfg_edges\":0,\"top_dfg\":[],\"start\":{},\"end\":{},"
        "\"activity_counts\":{},\"duration_seconds\":{\"mean\":null,\"median\":null,\"max\":null,"
        "\"min\":null,\"pstdev\":null},\"embedded_meta\":{}}"));
    /* Three cases: on the very moment of its deadline, a millisecond late, and without an end. */
    figures_case(figures, &(struct figures_case){true, true, 1000, 1000});
    figures_event(figures, TEXT("a"), TEXT("x"), true, 5);
    figures_event(figures, TEXT("b"), TEXT(""), true, 2005);
    figures_case_end(figures);
    figures_case(figures, &(struct figures_case){true, true, 1000, 1001});
    figures_event(figures, TEXT("a"), TEXT("x"), false, 0);
    figures_case_end(figures);
    figures_case(figures, &(struct figures_case){true, false, 1000, 0});
    figures_event(figures, TEXT("b"), TEXT("y"), true, 9001); /* the file's order, not time's */
    figures_event(figures, TEXT("a"), TEXT("y"), true, 5000);
    figures_case_end(figures);
    figures_loose_event(figures);
    struct figures_totals totals = figures_totals(figures);
    assert_int_equal(totals.cases, 3);
    assert_int_equal(totals.events, 5);
    assert_int_equal(totals.loose_events, 1);
    assert_int_equal(totals.activities, 2);
    assert_int_equal(totals.resources, 2);
    assert_int_equal(totals.variants, 3);
    assert_int_equal(totals.dfg_edges, 2);
    assert_int_equal(totals.with_end_date, 2);
    assert_int_equal(totals.late, 1);
    assert_int_equal(totals.on_time, 1);
    assert_int_equal(totals.open, 1);
    assert_int_equal(totals.duration.count, 2);
    assert_true(totals.duration.mean == 3.0005 && totals.duration.max == 4.001);
    assert_true(fabs(totals.duration.pstdev - 1.0005) < 1e-12);
    arena_free(arena);
}

/* Many keys: the tables grow and still count every one. */
static void many_keys(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    struct figures *figures = figures_new(arena);
    for (int i = 0; i < 20000; i++) {
        char name[20];
        int len = snprintf(name, sizeof name, "step %d", i % 5000);
        figures_case(figures, &(struct figures_case){0});
        figures_event(figures, (struct text){name, (size_t)len}, TEXT("r"), true, i);
        figures_event(figures, TEXT("last"), TEXT("r"), true, i + 7);
        figures_case_end(figures);
    }
    struct figures_totals totals = figures_totals(figures);
    assert_int_equal(totals.activities, 5001);
    assert_int_equal(totals.variants, 5000);
    assert_int_equal(totals.dfg_edges, 5000);
    assert_int_equal(totals.resources, 1);
    assert_true(totals.duration.mean == 0.007 && totals.duration.pstdev == 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oracle),
        cmocka_unit_test(nothing_and_little),
        cmocka_unit_test(many_keys),
    };
    return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
