/* A log of 1,000,000 events, packed while it is read, in constant memory. Slow, hence alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "approval/history/xes.h"

enum { EVENTS = 1000000, EVENTS_A_CASE = 10 };

/* Writes the log bit by bit as gzip. */
struct generator {
    z_stream packed;
    int64_t next; /* event */
    bool begun, ended;
    char plain[4096];
};

static void next_part(struct generator *g)
{
    char *at = g->plain;
    size_t room = sizeof g->plain;
    int len = 0;
    if (!g->begun) {
        len = snprintf(at, room, "<log>\n"
                       "<extension name='C' prefix='concept' uri='http://x/concept.xesext'/>\n"
                       "<extension name='O' prefix='org' uri='http://x/org.xesext'/>\n"
                       "<extension name='T' prefix='time' uri='http://x/time.xesext'/>\n");
        g->begun = true;
    } else if (g->next < EVENTS) {
        int64_t n = g->next++, of_case = n % EVENTS_A_CASE;
        len = snprintf(at, room,
                       "%s<event><string key='concept:name' value='step %lld'/>"
                       "<string key='org:resource' value='officer %lld'/>"
                       "<date key='time:timestamp' value='2011-05-%02lldT%02lld:00:00.000+08:00'/>"
                       "<int key='cost' value='%lld'/></event>\n%s",
                       of_case ? "" : "<trace>", (long long)of_case, (long long)(n * 7919 % 97),
                       (long long)(1 + n / EVENTS_A_CASE % 28), (long long)of_case, (long long)n,
                       of_case == EVENTS_A_CASE - 1 ? "</trace>\n" : "");
    } else {
        len = snprintf(at, room, "</log>\n");
        g->ended = true;
    }
    assert_true(len > 0 && (size_t)len < room);
    g->packed.next_in = (unsigned char *)g->plain;
    g->packed.avail_in = (unsigned)len;
}

static ptrdiff_t generate(void *context, void *out, size_t room)
{
    struct generator *g = context;
    int status = Z_OK;
    g->packed.next_out = out;
    g->packed.avail_out = (unsigned)room;
    while (g->packed.avail_out && status != Z_STREAM_END) {
        if (g->packed.avail_in == 0 && !g->ended)
            next_part(g);
        status = deflate(&g->packed, g->ended ? Z_FINISH : Z_NO_FLUSH);
        if (status == Z_BUF_ERROR)
            break;
    }
    return (ptrdiff_t)(room - g->packed.avail_out);
}

static int64_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long long pages = 0;
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %lld", &pages), 1);
    fclose(file);
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

struct watch {
    int64_t events, at_first_tenth, cost;
};

static bool on_event(void *context, const struct xes_attribute *attributes, bool loose)
{
    struct watch *watch = context;
    (void)loose;
    int64_t cost = -1;
    const struct xes_attribute *found = xes_find(attributes, TEXT("cost"));
    if (!found || !text_int(found->value, &cost) || cost != watch->events)
        return false;
    if (++watch->events == EVENTS / 10)
        watch->at_first_tenth = resident_bytes();
    return true;
}

static void million(void **state)
{
    (void)state;
    struct generator *g = test_calloc(1, sizeof *g);
    assert_int_equal(
        deflateInit2(&g->packed, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    struct watch watch = {0};
    const struct xes_handler handler = {.context = &watch, .event = on_event};
    const struct xes_input input = {g, generate};
    struct xes_found found;
    struct xes_error error;
    bool good = xes_read(&input, NULL, &handler, &found, &error);
    if (!good)
        print_error("%s\n", error.en);
    assert_true(good);
    int64_t grown = resident_bytes() - watch.at_first_tenth;
    print_message("%lld events, %lld MiB of XML in %lld MiB: resident memory grew by %lld KiB after "
                  "the first tenth\n",
                  (long long)found.events, (long long)(found.xml_bytes >> 20),
                  (long long)(found.file_bytes >> 20), (long long)(grown >> 10));
    assert_int_equal(found.events, EVENTS);
    assert_int_equal(found.traces, EVENTS / EVENTS_A_CASE);
    assert_int_equal(watch.events, EVENTS);
    assert_true(grown < 4 << 20);
    deflateEnd(&g->packed);
    test_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(million)};
    return cmocka_run_group_tests_name("a million events", tests, NULL, NULL);
}
