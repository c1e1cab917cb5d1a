/* The probe's cases, each as a test of its own over a real socket: framing, limits, timeouts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/http_testing.h"

/* The probes' server waits long enough for a busy machine; that times end is shown on another. */
enum { TIMEOUT_MS = 1000, PATIENCE_MS = 30000, LIMIT = 1024 };

#define HOST "Host: localhost\r\n"
#define GET_WITH(fields) "GET /get HTTP/1.1\r\n" HOST fields "\r\n"
#define GET GET_WITH("")
#define POST(fields, body)                                                                         \
    "POST /post HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n" fields "\r\n" body
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define LENGTH_2 "Content-Length: 2\r\n"
#define BYTES(literal)                                                                             \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static const char marker[] = "the marker of the page";

static struct http_plan plan(const struct http_request *request, void *context)
{
    (void)request;
    (void)context;
    return (struct http_plan){.body_limit = LIMIT};
}

static void handle(struct http_request *request, void *context)
{
    (void)context;
    enum http_method method = http_method(request);
    struct text path = http_path(request);
    if (text_is(path, "/get") && (method == HTTP_GET || method == HTTP_HEAD))
        http_answer_static(request, 200, "text/plain; charset=utf-8", text_of(marker));
    else if (text_is(path, "/post") && method == HTTP_POST)
        http_answer(request, 201, "application/json", TEXT("{}"));
    else
        http_answer(request, 404, NULL, TEXT(""));
}

static struct http_server *server, *hasty;

static int set_up(void **state)
{
    (void)state;
    struct http_options options = {.address = "127.0.0.1",
                                   .threads = 2,
                                   .header_timeout_ms = PATIENCE_MS,
                                   .idle_timeout_ms = PATIENCE_MS,
                                   .body_timeout_ms = PATIENCE_MS,
                                   .plan = plan,
                                   .handle = handle};
    struct fault why = {0};
    if (!http_start(&options, &server, &why))
        return -1;
    options.header_timeout_ms = options.idle_timeout_ms = options.body_timeout_ms = TIMEOUT_MS;
    return http_start(&options, &hasty, &why) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    http_stop(server, 1000);
    http_stop(hasty, 1000);
    return 0;
}

struct bytes {
    const char *at;
    size_t len;
};

struct probe {
    const char *name;
    struct bytes say[4]; /* sent with a pause in between */
    const char *repeat;  /* instead: this text, `times` over, between say[0] and say[1] */
    int times;
    /* Wanted: exactly these statuses; where `either` stands, one status and that one is allowed
     * too. */
    int want[5];
    int either;
    bool first_only; /* what follows the first answer does not matter */
    bool closes;     /* the connection must end */
    bool half;       /* shut down our side after sending */
    bool head_only;
};

static const struct probe probes[] = {
    {"pipelined GETs", {BYTES(GET GET GET)}, .want = {200, 200, 200}},
    {"pipelined POST,GET,POST,GET",
     {BYTES(POST(LENGTH_2, "{}") GET POST(LENGTH_2, "{}") GET)},
     .want = {201, 200, 201, 200}},
    {"request split between bytes",
     {BYTES("GE"), BYTES("T /get HTTP/1.1\r"), BYTES("\nHost: localhost\r\n\r"), BYTES("\n")},
     .want = {200}},
    {"chunked body", {BYTES(POST(CHUNKED, "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"))}, .want = {201}},
    {"chunked, extension and trailer",
     {BYTES(POST(CHUNKED, "1;x=y\r\n{\r\n1\r\n}\r\n0\r\nX-T: 1\r\n\r\n") GET)},
     .want = {201, 200}},
    {"Expect answered before the body",
     {BYTES(POST(LENGTH_2 "Expect: 100-continue\r\n", ""))},
     .want = {100}},
    {"Expect with a body too large",
     {BYTES(POST("Content-Length: 99999999999\r\nExpect: 100-continue\r\n", ""))},
     .want = {413},
     .closes = true},
    {"10 GiB announced: refused early",
     {BYTES(POST("Content-Length: 10737418240\r\n", "")), BYTES("")},
     .repeat = "xxxxxxxxxxxxxxxxxxxx",
     .times = 100,
     .want = {413},
     .closes = true},
    {"200 KiB of headers",
     {BYTES("GET /get HTTP/1.1\r\n" HOST), BYTES("\r\n")},
     .repeat = "X-A: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
     .times = 2600,
     .want = {431},
     .closes = true},
    {"64 KiB target",
     {BYTES("GET /"), BYTES(" HTTP/1.1\r\n" HOST "\r\n")},
     .repeat = "aaaaaaaaaaaaaaaa",
     .times = 4096,
     .want = {414},
     .closes = true},
    {"two different Content-Length",
     {BYTES(POST(LENGTH_2 "Content-Length: 44\r\n", "{}") GET)},
     .want = {400},
     .closes = true},
    {"two equal Content-Length",
     {BYTES(POST(LENGTH_2 LENGTH_2, "{}"))},
     .want = {400},
     .closes = true},
    {"Content-Length list",
     {BYTES(POST("Content-Length: 2, 2\r\n", "{}"))},
     .want = {400},
     .closes = true},
    {"Content-Length and chunked",
     {BYTES(POST("Content-Length: 50\r\n" CHUNKED, "0\r\n\r\n") GET)},
     .want = {400},
     .closes = true},
    {"Transfer-Encoding: xchunked",
     {BYTES(POST("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n") GET)},
     .want = {501},
     .closes = true},
    {"Transfer-Encoding: chunked, identity",
     {BYTES(POST("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n") GET)},
     .want = {501},
     .closes = true},
    {"Transfer-Encoding: gzip, chunked",
     {BYTES(POST("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n") GET)},
     .want = {501},
     .closes = true},
    {"Content-Length: +2",
     {BYTES(POST("Content-Length: +2\r\n", "{}"))},
     .want = {400},
     .closes = true},
    {"Content-Length: -1",
     {BYTES(POST("Content-Length: -1\r\n", "{}"))},
     .want = {400},
     .closes = true},
    {"Content-Length: 0x2",
     {BYTES(POST("Content-Length: 0x2\r\n", "{}"))},
     .want = {400},
     .closes = true},
    {"Content-Length: 2^64+2",
     {BYTES(POST("Content-Length: 18446744073709551618\r\n", "{}"))},
     .want = {413},
     .closes = true},
    {"space before colon",
     {BYTES(POST("Content-Length : 2\r\n", "{}"))},
     .want = {400},
     .closes = true},
    {"folded header", {BYTES(GET_WITH("X-A: 1\r\n 2\r\n"))}, .want = {400}, .closes = true},
    {"folded smuggling",
     {BYTES(POST(LENGTH_2 "X: y\r\n " CHUNKED, "{}"))},
     .want = {400},
     .closes = true},
    {"empty header name", {BYTES(GET_WITH(": x\r\n"))}, .want = {400}, .closes = true},
    {"bare CR in a header", {BYTES(GET_WITH("X-A: 1\r" CHUNKED))}, .want = {400}, .closes = true},
    {"bare CR smuggling",
     {BYTES(POST("X-A: 1\r" CHUNKED, "5\r\nhello\r\n0\r\n\r\n"))},
     .want = {400},
     .closes = true},
    {"NUL in a header", {BYTES(GET_WITH("X-A: 1\0002\r\n"))}, .want = {400}, .closes = true},
    {"bare LF line ends",
     {BYTES("GET /get HTTP/1.1\nHost: localhost\n\n")},
     .want = {400},
     .closes = true},
    {"no Host", {BYTES("GET /get HTTP/1.1\r\n\r\n")}, .want = {400}, .closes = true},
    {"two Hosts", {BYTES(GET_WITH("Host: evil\r\n"))}, .want = {400}, .closes = true},
    {"chunk size 0x5",
     {BYTES(POST(CHUNKED, "0x5\r\nhello\r\n0\r\n\r\n"))},
     .want = {400},
     .closes = true},
    {"chunk size +5",
     {BYTES(POST(CHUNKED, "+5\r\nhello\r\n0\r\n\r\n"))},
     .want = {400},
     .closes = true},
    {"chunk size 2^64+5",
     {BYTES(POST(CHUNKED, "10000000000000005\r\nhello\r\n0\r\n\r\n"))},
     .want = {400},
     .closes = true},
    {"chunk not ended by CRLF",
     {BYTES(POST(CHUNKED, "5\r\nhelloXX0\r\n\r\n") GET)},
     .want = {400},
     .closes = true},
    {"bare LF in chunk extension",
     {BYTES(POST(CHUNKED, "5;a\nhello\r\n0\r\n\r\n"))},
     .want = {400},
     .closes = true},
    {"HTTP/1.0 closes",
     {BYTES("GET /get HTTP/1.0\r\nHost: localhost\r\n\r\n")},
     .want = {200},
     .closes = true},
    {"chunked in HTTP/1.0",
     {BYTES("POST /post HTTP/1.0\r\n" CHUNKED "\r\n0\r\n\r\n")},
     .want = {400},
     .closes = true},
    {"HTTP/2.0 in the request line",
     {BYTES("GET /get HTTP/2.0\r\nHost: localhost\r\n\r\n")},
     .want = {505},
     .closes = true},
    {"HTTP/1.1x",
     {BYTES("GET /get HTTP/1.1x\r\nHost: localhost\r\n\r\n")},
     .want = {400},
     .closes = true},
    {"HEAD has no body",
     {BYTES("HEAD /get HTTP/1.1\r\nHost: localhost\r\n\r\n")},
     .want = {200},
     .head_only = true},
    {"client half-closes, still answered",
     {BYTES(POST(LENGTH_2, "{}"))},
     .want = {201},
     .half = true,
     .closes = true},
    {"TLS hello on a plain port",
     {BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x9c\x41\x00\x0d\x0a\xff\r\n\r\n")},
     .want = {400},
     .closes = true},
};

static void send_probe(int fd, const struct probe *probe)
{
    assert_true(say(fd, probe->say[0].at, probe->say[0].len));
    for (int i = 0; i < probe->times; i++)
        if (!say_text(fd, probe->repeat)) /* cut before the end: the answer is looked at below */
            return;
    for (int i = 1; i < 4 && probe->say[i].len; i++) {
        if (!probe->times)
            usleep(30000);
        if (!say(fd, probe->say[i].at, probe->say[i].len))
            return;
    }
    if (probe->half)
        shutdown(fd, SHUT_WR);
}

static void probe_case(void **state)
{
    const struct probe *probe = *state;
    struct heard *heard = heard_new();
    int fd = dial(http_port(server)), wanted = 0;
    assert_true(fd >= 0);
    while (wanted < 5 && probe->want[wanted])
        wanted++;
    send_probe(fd, probe);
    /* Where the connection is to end, only its end is waited for. */
    hear(fd, heard, wanted, probe->head_only, probe->closes ? PATIENCE_MS : 100,
         PATIENCE_MS);
    close(fd);
    assert_false(heard->junk);
    assert_true(heard->whole);
    assert_int_equal(heard->count, wanted);
    for (int i = 0; i < wanted; i++)
        assert_int_equal(heard->statuses[i], probe->want[i]);
    assert_int_equal(heard->closed, probe->closes);
    if (probe->head_only) {
        assert_true(heard_has(heard, "Content-Length: 22\r\n"));
        assert_false(heard_has(heard, marker));
    }
    free(heard);
}

/* A peer that sends one byte every 100 ms must be cut soon after the timeout, not before. */
static void cut_slow(const char *first, bool drip)
{
    struct heard *heard = heard_new();
    int fd = dial(http_port(hasty));
    int64_t from = time_monotonic(), took = 0;
    assert_true(fd >= 0);
    assert_true(say_text(fd, first));
    while (!heard->closed && took < PATIENCE_MS) {
        if (drip && !say_text(fd, "a"))
            break;
        hear(fd, heard, 0, false, 100, 100);
        took = time_monotonic() - from;
    }
    close(fd);
    assert_true(heard->closed);
    assert_true(took >= TIMEOUT_MS - 150);
    assert_int_equal(heard->count, drip ? 1 : 0);
    if (drip)
        assert_int_equal(heard->statuses[0], 408);
    free(heard);
}

static void slow_idle(void **state)
{
    (void)state;
    cut_slow("", false);
}

static void slow_header(void **state)
{
    (void)state;
    cut_slow("GET /get HTTP/1.1\r\nHost: localhost\r\nX: ", true);
}

static void slow_body(void **state)
{
    (void)state;
    cut_slow(POST("Content-Length: 1000\r\n", ""), true);
}

enum { PROBES = sizeof probes / sizeof *probes };

int main(void)
{
    struct CMUnitTest tests[PROBES + 3] = {
        cmocka_unit_test(slow_idle),
        cmocka_unit_test(slow_header),
        cmocka_unit_test(slow_body),
    };
    for (size_t i = 0; i < PROBES; i++)
        tests[i + 3] = (struct CMUnitTest){
            .name = probes[i].name, .test_func = probe_case, .initial_state = (void *)&probes[i]};
    return cmocka_run_group_tests_name("http", tests, set_up, tear_down);
}
