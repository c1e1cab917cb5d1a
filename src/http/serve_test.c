/* The server at work: sleeping requests, helper threads, large answers, limits, stopping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "http/http_testing.h"

enum {
    QUEUE = 1024,
    PEERS = 400,
    BIG = 8 * 1024 * 1024,
    COPY = 300000,
    HARD_LINE = 4,
    WRITE_TIMEOUT_MS = 700,
};

/* One writer: takes everything that waits and wakes it all at once, as the conductor does. */
static struct service {
    struct http_server *server;
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct http_request *waiting[QUEUE];
    size_t count;
    bool held; /* the writer lets requests wait */
    bool ending;
    pthread_t writer;
    _Atomic int resumed;
    _Atomic int hard;
    _Atomic bool let_go;
    char *big;
} service;

static void *write_all(void *with)
{
    struct service *s = with;
    pthread_mutex_lock(&s->lock);
    while (!s->ending || s->count) {
        if (!s->count || s->held) {
            pthread_cond_wait(&s->some, &s->lock);
            continue;
        }
        struct http_request *batch[QUEUE];
        size_t count = s->count;
        memcpy(batch, s->waiting, count * sizeof *batch);
        s->count = 0;
        pthread_mutex_unlock(&s->lock);
        http_wake_many(batch, count);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void hold(bool held)
{
    pthread_mutex_lock(&service.lock);
    service.held = held;
    pthread_cond_broadcast(&service.some);
    pthread_mutex_unlock(&service.lock);
}

static size_t waiting(void)
{
    pthread_mutex_lock(&service.lock);
    size_t count = service.count;
    pthread_mutex_unlock(&service.lock);
    return count;
}

static void queue(struct http_request *request)
{
    pthread_mutex_lock(&service.lock);
    service.waiting[service.count++] = request;
    pthread_cond_signal(&service.some);
    pthread_mutex_unlock(&service.lock);
}

static void answer_text(struct http_request *request, void *with)
{
    struct text *text = with;
    atomic_fetch_add(&service.resumed, 1);
    http_answer(request, 201, "text/plain", *text);
}

static void park_again(struct http_request *request, void *with)
{
    http_park(request, answer_text, with);
    http_wake(request);
}

static void slow_work(void *with)
{
    struct text *text = with;
    usleep(20000);
    *text = TEXT("worked");
}

/* Keeps its thread busy until it is let go. */
static void hard_work(void *with)
{
    struct text *text = with;
    atomic_fetch_add(&service.hard, 1);
    while (!atomic_load(&service.let_go))
        usleep(1000);
    *text = TEXT("hashed");
}

static void tell_about(struct http_request *request)
{
    struct buf out = {.arena = http_arena(request)};
    buf_text(&out, http_path(request));
    buf_str(&out, "|");
    buf_text(&out, http_query(request));
    buf_str(&out, "|");
    buf_text(&out, http_target(request));
    buf_str(&out, "|");
    buf_text(&out, http_header(request, "x-some"));
    buf_str(&out, "|");
    buf_text(&out, http_cookie(request, "b"));
    buf_str(&out, "|");
    buf_text(&out, http_peer(request));
    buf_str(&out, "|");
    buf_text(&out, http_body(request));
    http_answer_header(request, "X-Answer", TEXT("一"));
    http_answer(request, 200, "text/plain; charset=utf-8", buf_done(&out));
}

static void handle(struct http_request *request, void *context)
{
    (void)context;
    struct text path = http_path(request);
    struct text *word = arena_alloc(http_arena(request), sizeof *word);
    *word = text_copy(http_arena(request), http_query(request));
    assert_ptr_equal(http_loop_context(request), &service);
    if (text_is(path, "/park")) {
        http_park(request, answer_text, word);
        queue(request);
    } else if (text_is(path, "/early")) {
        http_wake(request);
        http_park(request, park_again, word);
    } else if (text_is(path, "/work")) {
        http_work(request, slow_work, answer_text, word);
    } else if (text_is(path, "/hard") || text_is(path, "/outside")) {
        bool taken = text_is(path, "/hard")
                         ? http_work_hard(request, hard_work, answer_text, word)
                         : http_work_outside(request, slow_work, answer_text, word);
        if (!taken)
            http_answer(request, 503, NULL, TEXT(""));
    } else if (text_is(path, "/big")) {
        http_answer_static(request, 200, "text/plain", (struct text){service.big, BIG});
    } else if (text_is(path, "/copy")) {
        http_answer(request, 200, "text/plain", (struct text){service.big, COPY});
    } else if (text_is(path, "/file")) {
        http_answer_file(request, "text/plain", text_cstr(http_arena(request), *word));
    } else if (text_is(path, "/none")) {
        http_answer(request, 204, NULL, TEXT(""));
    } else if (text_starts(path, TEXT("/about"))) {
        tell_about(request);
    } else if (!text_is(path, "/forgotten")) {
        http_answer(request, 404, NULL, TEXT(""));
    }
}

static bool loop_start(void *context, void **loop_context, struct fault *why)
{
    (void)why;
    *loop_context = context;
    return true;
}

static int set_up(void **state)
{
    (void)state;
    struct http_options options = {.address = "127.0.0.1",
                                   .threads = 2,
                                   .write_timeout_ms = WRITE_TIMEOUT_MS,
                                   .hard_line = HARD_LINE,
                                   .context = &service,
                                   .loop_start = loop_start,
                                   .handle = handle};
    struct fault why = {0};
    service.big = malloc(BIG);
    for (size_t i = 0; i < BIG; i++)
        service.big[i] = (char)('a' + i % 23);
    pthread_mutex_init(&service.lock, NULL);
    pthread_cond_init(&service.some, NULL);
    return pthread_create(&service.writer, NULL, write_all, &service) == 0 &&
                   http_start(&options, &service.server, &why)
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    (void)state;
    http_stop(service.server, 2000);
    pthread_mutex_lock(&service.lock);
    service.ending = true;
    pthread_cond_broadcast(&service.some);
    pthread_mutex_unlock(&service.lock);
    pthread_join(service.writer, NULL);
    free(service.big);
    return 0;
}

static int port(void)
{
    return http_port(service.server);
}

static void ask_expecting(const char *request, int status, const char *part)
{
    struct heard *heard = ask(port(), request);
    assert_int_equal(heard->count, 1);
    assert_int_equal(heard->statuses[0], status);
    if (!heard_has(heard, part))
        fail_msg("%s is not in %.*s", part, (int)heard->len, heard->bytes);
    free(heard);
}

static void request_values(void **state)
{
    (void)state;
    ask_expecting("POST /about/%E4%B8%80?a=1%20 HTTP/1.1\r\nHost: x\r\nX-Some:  word \r\n"
                  "Cookie: a=1; b=2\r\nCookie: c=3\r\nContent-Length: 4\r\n\r\nbody",
                  200, "\r\n\r\n/about/一|a=1%20|/about/%E4%B8%80?a=1%20|word|2|127.0.0.1|body");
    ask_expecting("GET http://x/about HTTP/1.1\r\nHost: x\r\n\r\n", 200, "\r\n\r\n/about||/about|");
    ask_expecting("GET /about HTTP/1.1\r\nHost: x\r\n\r\n", 200, "\r\nX-Answer: 一\r\n");
    ask_expecting("GET /about HTTP/1.1\r\nHost: x\r\n\r\n", 200, " GMT\r\n");
    ask_expecting("GET /none HTTP/1.1\r\nHost: x\r\n\r\n", 204,
                  "HTTP/1.1 204 No Content\r\nDate: ");
    ask_expecting("GET /forgotten HTTP/1.1\r\nHost: x\r\n\r\n", 500, "Content-Length: 0\r\n");
    ask_expecting("GET /a/../about HTTP/1.1\r\nHost: x\r\n\r\n", 400, "Connection: close\r\n");
    ask_expecting("GET /about HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200,
                  "Connection: close\r\n");
}

/* Who asks for JSON hears in JSON also what no handler could hear. */
static void rejected_in_json(void **state)
{
    (void)state;
    ask_expecting("POST /about HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n"
                  "Content-Length: 10737418240\r\n\r\n",
                  413, "Content-Type: application/problem+json\r\n");
    ask_expecting("GET /a/../about HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n", 400,
                  "\r\n\r\n{\"type\":\"about:blank\",\"title\":\"无法识别的请求\",\"status\":400,"
                  "\"detail\":\"请从网站首页重新进入。\"}");
    ask_expecting("GET /a/../about HTTP/1.1\r\nHost: x\r\n"
                  "Accept: text/html,application/json;q=0.5\r\n\r\n",
                  400, "Content-Type: text/html; charset=utf-8\r\n");
}

static void parked_in_order(void **state)
{
    (void)state;
    struct heard *heard = heard_new();
    int fd = dial(port());
    hold(true);
    assert_true(say_text(fd, "GET /park?one HTTP/1.1\r\nHost: x\r\n\r\n"
                             "GET /about?two HTTP/1.1\r\nHost: x\r\n\r\n"
                             "GET /early?three HTTP/1.1\r\nHost: x\r\n\r\n"));
    eventually(waiting() == 1);
    hear(fd, heard, 1, false, 0, 50);
    assert_int_equal(heard->len, 0);
    hold(false);
    hear(fd, heard, 3, false, 20, 5000);
    close(fd);
    assert_int_equal(heard->count, 3);
    assert_int_equal(heard->statuses[0], 201);
    assert_int_equal(heard->statuses[1], 200);
    assert_int_equal(heard->statuses[2], 201);
    assert_true(heard_has(heard, "\r\n\r\nthree"));
    free(heard);
}

static void parked_together(void **state)
{
    (void)state;
    int fds[PEERS];
    struct heard *heard = heard_new();
    hold(true);
    for (int i = 0; i < PEERS; i++) {
        char text[80];
        fds[i] = dial(port());
        assert_true(fds[i] >= 0);
        snprintf(text, sizeof text, "GET /park?number%d. HTTP/1.1\r\nHost: x\r\n\r\n", i);
        assert_true(say_text(fds[i], text));
    }
    eventually(waiting() == PEERS);
    hold(false);
    for (int i = 0; i < PEERS; i++) {
        char text[40];
        memset(heard, 0, sizeof *heard);
        hear(fds[i], heard, 1, false, 0, 5000);
        close(fds[i]);
        snprintf(text, sizeof text, "\r\n\r\nnumber%d.", i);
        assert_int_equal(heard->count, 1);
        assert_true(heard_has(heard, text));
    }
    free(heard);
}

/* A reset, so that the server hears of it while the request sleeps. */
static void hang_up(int fd)
{
    struct linger hard = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(fd);
}

static void peer_gone_while_parked(void **state)
{
    (void)state;
    int fds[20], before = atomic_load(&service.resumed);
    int64_t connections = http_figures(service.server).connections;
    hold(true);
    for (int i = 0; i < 20; i++) {
        fds[i] = dial(port());
        assert_true(say_text(fds[i], "GET /park?gone HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    eventually(waiting() == 20);
    for (int i = 0; i < 20; i++)
        hang_up(fds[i]);
    eventually(http_figures(service.server).connections <= connections);
    assert_int_equal(atomic_load(&service.resumed), before);
    hold(false);
    eventually(atomic_load(&service.resumed) == before + 20);
    ask_expecting("GET /about HTTP/1.1\r\nHost: x\r\n\r\n", 200, "/about");
}

static void helper_threads(void **state)
{
    (void)state;
    int fds[32];
    struct heard *heard = heard_new();
    for (int i = 0; i < 32; i++) {
        fds[i] = dial(port());
        assert_true(say_text(fds[i], "GET /work HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    for (int i = 0; i < 32; i++) {
        memset(heard, 0, sizeof *heard);
        hear(fds[i], heard, 1, false, 0, 5000);
        close(fds[i]);
        assert_int_equal(heard->statuses[0], 201);
        assert_true(heard_has(heard, "\r\n\r\nworked"));
    }
    free(heard);
}

static int readable(const int *fds, int count)
{
    int ready = 0;
    for (int i = 0; i < count; i++)
        ready += poll(&(struct pollfd){.fd = fds[i], .events = POLLIN}, 1, 0) == 1;
    return ready;
}

/* Of a flood of hard work the threads and the line take what they hold; the rest is told so at once,
 * and other helpers are as free as ever. */
static void a_flood_of_hard_work(void **state)
{
    (void)state;
    enum { ALL = 20, TAKEN = 2 + HARD_LINE };
    int fds[ALL], taken = 0, refused = 0;
    struct heard *heard = heard_new();
    for (int i = 0; i < ALL; i++) {
        fds[i] = dial(port());
        assert_true(say_text(fds[i], "GET /hard HTTP/1.1\r\nHost: x\r\n\r\n"));
        if (i == 1)
            eventually(atomic_load(&service.hard) == 2);
    }
    ask_expecting("GET /work HTTP/1.1\r\nHost: x\r\n\r\n", 201, "worked");
    ask_expecting("GET /outside HTTP/1.1\r\nHost: x\r\n\r\n", 201, "worked");
    eventually(readable(fds, ALL) == ALL - TAKEN);
    atomic_store(&service.let_go, true);
    for (int i = 0; i < ALL; i++) {
        memset(heard, 0, sizeof *heard);
        hear(fds[i], heard, 1, false, 0, 5000);
        taken += heard->statuses[0] == 201;
        refused += heard->statuses[0] == 503;
        close(fds[i]);
    }
    assert_int_equal(taken, TAKEN);
    assert_int_equal(refused, ALL - TAKEN);
    free(heard);
}

/* Reads an answer of size body bytes and compares it with big. */
static void expect_big(int fd, size_t size)
{
    char *bytes = malloc(size + 1000);
    size_t len = 0;
    ptrdiff_t head = -1;
    while (head < 0 || len < (size_t)head + size) {
        /* No byte of the next answer. */
        size_t room = head < 0 ? 200 : (size_t)head + size - len;
        ssize_t n = recv(fd, bytes + len, room, 0);
        assert_true(n > 0);
        len += (size_t)n;
        if (head < 0)
            head = text_find((struct text){bytes, len}, TEXT("\r\n\r\n")) + 4;
        if (head < 4)
            head = -1;
    }
    assert_int_equal(len, (size_t)head + size);
    assert_memory_equal(bytes + head, service.big, size);
    free(bytes);
}

static void many_pipelined(void **state)
{
    (void)state;
    int fd = dial(port());
    struct arena *arena = arena_new(65536);
    struct buf say_all = {.arena = arena}, got = {.arena = arena};
    for (int i = 0; i < 3000; i++)
        buf_format(&say_all, "GET /about?%d HTTP/1.1\r\nHost: x\r\n\r\n", i);
    assert_true(say(fd, say_all.at, say_all.len));
    char bytes[65536];
    while (text_find(text_slice(buf_done(&got), got.len > 60 ? got.len - 60 : 0, got.len),
                     TEXT("?2999|||127.0.0.1|")) < 0) {
        ssize_t n = recv(fd, bytes, sizeof bytes, 0);
        assert_true(n > 0);
        buf_add(&got, bytes, (size_t)n);
    }
    struct text rest = buf_done(&got);
    for (int i = 0; i < 3000; i++) {
        struct text wanted = text_format(arena, "/about|%d|", i);
        ptrdiff_t at = text_find(rest, wanted);
        assert_true(at >= 0 && at < 300);
        rest = text_slice(rest, (size_t)at + 1, rest.len);
    }
    close(fd);
    arena_free(arena);
}

/* Answers that must wait for the peer, with further requests already read. */
static void large_pipelined(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    struct buf requests = {.arena = arena};
    for (int i = 0; i < 30; i++)
        buf_str(&requests, "GET /copy HTTP/1.1\r\nHost: x\r\n\r\n");
    int fd = dial(port()), small = 128 * 1024;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    assert_true(say(fd, requests.at, requests.len));
    usleep(200000);
    for (int i = 0; i < 30; i++)
        expect_big(fd, COPY);
    close(fd);
    arena_free(arena);
}

static void large_answers(void **state)
{
    (void)state;
    char path[] = "/tmp/yimen-http-XXXXXX", text[200];
    int file = mkstemp(path), fd = dial(port());
    assert_int_equal(write(file, service.big, 3000000), 3000000);
    close(file);
    for (int i = 0; i < 3; i++) {
        assert_true(say_text(fd, "GET /copy HTTP/1.1\r\nHost: x\r\n\r\n"));
        expect_big(fd, COPY);
        assert_true(say_text(fd, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n"));
        usleep(20000);
        expect_big(fd, BIG);
        snprintf(text, sizeof text, "GET /file?%s HTTP/1.1\r\nHost: x\r\n\r\n", path);
        assert_true(say_text(fd, text));
        expect_big(fd, 3000000);
    }
    snprintf(text, sizeof text,
             "HEAD /file?%s HTTP/1.1\r\nHost: x\r\n\r\n"
             "GET /about HTTP/1.1\r\nHost: x\r\n\r\n",
             path);
    assert_true(say_text(fd, text));
    struct heard *heard = heard_new();
    hear(fd, heard, 2, true, 50, 300);
    assert_true(heard_has(heard, "Content-Length: 3000000\r\n"));
    assert_true(heard_has(heard, "\r\n\r\nHTTP/1.1 200 OK\r\n"));
    free(heard);
    close(fd);
    unlink(path);
    ask_expecting("GET /file?/tmp HTTP/1.1\r\nHost: x\r\n\r\n", 404, "没有这个文件");
    ask_expecting("GET /file?/nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 404, "没有这个文件");
}

static void slow_reader_is_cut(void **state)
{
    (void)state;
    int64_t cut = http_figures(service.server).timed_out, from = time_monotonic();
    int fd = dial(port()), small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    assert_true(say_text(fd, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n"));
    while (http_figures(service.server).timed_out == cut &&
           time_monotonic() - from < 10 * WRITE_TIMEOUT_MS) {
        char byte[2];
        if (recv(fd, byte, sizeof byte, 0) <= 0)
            break;
        usleep(20000);
    }
    assert_int_equal(http_figures(service.server).timed_out, cut + 1);
    assert_true(time_monotonic() - from >= WRITE_TIMEOUT_MS - 10);
    close(fd);
}

static void inject(struct http_request *request, void *context)
{
    (void)context;
    http_answer_header(request, "X-Name", TEXT("a\r\nSet-Cookie: b"));
    http_answer(request, 200, NULL, TEXT(""));
}

/* In a process of its own, for it must end by the abort. */
static void header_injection(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct http_options options = {.address = "127.0.0.1", .threads = 1, .handle = inject};
        struct http_server *server;
        struct fault why = {0};
        struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        if (http_start(&options, &server, &why))
            free(ask(http_port(server), "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void connection_limit(void **state)
{
    (void)state;
    struct http_options options = {
        .address = "::1", .threads = 1, .connection_limit = 4, .handle = inject};
    struct http_options v4 = {
        .address = "127.0.0.1", .threads = 1, .connection_limit = 4, .handle = inject};
    struct http_server *server, *second;
    struct fault why = {0};
    assert_true(http_start(&v4, &server, &why));
    int fds[5];
    for (int i = 0; i < 5; i++)
        fds[i] = dial(http_port(server));
    char byte;
    assert_int_equal(recv(fds[4], &byte, 1, 0), 0);
    assert_int_equal(recv(fds[0], &byte, 1, MSG_DONTWAIT), -1);
    v4.port = http_port(server);
    assert_false(http_start(&v4, &second, &why));
    assert_non_null(strstr(why.why, "in use"));
    for (int i = 0; i < 5; i++)
        close(fds[i]);
    http_stop(server, 0);
    memset(&why, 0, sizeof why);
    options.address = "localhost";
    assert_false(http_start(&options, &second, &why));
    assert_non_null(strstr(why.why, "localhost"));
}

struct stopping {
    struct http_request *request;
    _Atomic int state;
};

static void stop_resume(struct http_request *request, void *with)
{
    struct stopping *s = with;
    atomic_store(&s->state, 2);
    http_answer(request, 200, NULL, TEXT("late"));
}

static void stop_handle(struct http_request *request, void *context)
{
    struct stopping *s = context;
    http_park(request, stop_resume, s);
    s->request = request;
    atomic_store(&s->state, 1);
}

static void *wake_late(void *with)
{
    struct stopping *s = with;
    usleep(200000);
    http_wake(s->request);
    return NULL;
}

/* Within the grace the parked request is answered; past it the connection goes, the request stays
 * until it is woken. */
static void stop_waits_for_parked(void **state)
{
    (void)state;
    for (int grace = 0; grace <= 5000; grace += 5000) {
        struct stopping s = {0};
        struct http_options options = {
            .address = "127.0.0.1", .threads = 1, .context = &s, .handle = stop_handle};
        struct http_server *server;
        struct fault why = {0};
        pthread_t thread;
        assert_true(http_start(&options, &server, &why));
        int fd = dial(http_port(server));
        assert_true(say_text(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        eventually(atomic_load(&s.state) == 1);
        assert_int_equal(pthread_create(&thread, NULL, wake_late, &s), 0);
        http_stop(server, grace);
        assert_int_equal(atomic_load(&s.state), 2);
        pthread_join(thread, NULL);
        struct heard *heard = heard_new();
        hear(fd, heard, 1, false, 1000, 1000);
        assert_int_equal(heard->count, grace ? 1 : 0);
        assert_true(heard->closed);
        free(heard);
        close(fd);
    }
}

int main(void)
{
    const struct CMUnitTest alone[] = {
        cmocka_unit_test(header_injection),
        cmocka_unit_test(connection_limit),
        cmocka_unit_test(stop_waits_for_parked),
    };
    const struct CMUnitTest served[] = {
        cmocka_unit_test(request_values),
        cmocka_unit_test(rejected_in_json),     cmocka_unit_test(parked_in_order),
        cmocka_unit_test(parked_together),    cmocka_unit_test(peer_gone_while_parked),
        cmocka_unit_test(helper_threads),     cmocka_unit_test(a_flood_of_hard_work),
            cmocka_unit_test(many_pipelined),
        cmocka_unit_test(large_pipelined),    cmocka_unit_test(large_answers),
        cmocka_unit_test(slow_reader_is_cut),
    };
    int failed = cmocka_run_group_tests_name("http alone", alone, NULL, NULL);
    return failed + cmocka_run_group_tests_name("http served", served, set_up, tear_down);
}
