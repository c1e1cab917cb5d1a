/* Event streams from other threads, and what idle peers cost in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif
#ifdef SANITIZED
/* gcc of Debian does not ship sanitizer/allocator_interface.h. */
size_t __sanitizer_get_current_allocated_bytes(void);
#else
#include <malloc.h>
#endif

#include "http/http_testing.h"

enum {
    STREAMS = 256,
    IDLE = 100,
    PAGE = 100000, /* too large to be sent in one piece */
};

static struct service {
    struct http_server *server;
    pthread_mutex_t lock;
    struct http_stream *streams[STREAMS];
    _Atomic int stream_count, closed;
} service;

static void stream_closed(void *with)
{
    struct http_stream **place = with;
    pthread_mutex_lock(&service.lock);
    *place = NULL;
    pthread_mutex_unlock(&service.lock);
    atomic_fetch_add(&service.closed, 1);
}

static void begin_stream(struct http_request *request)
{
    pthread_mutex_lock(&service.lock);
    struct http_stream **place = &service.streams[atomic_load(&service.stream_count) % STREAMS];
    *place = http_stream(request, stream_closed, place);
    atomic_fetch_add(&service.stream_count, 1);
    pthread_mutex_unlock(&service.lock);
}

static void handle(struct http_request *request, void *context)
{
    (void)context;
    if (text_is(http_path(request), "/stream"))
        begin_stream(request);
    else
        http_answer(request, 200, "text/plain",
                    (struct text){arena_alloc(http_arena(request), PAGE), PAGE});
}

static int set_up(void **state)
{
    (void)state;
    struct http_options options = {.address = "127.0.0.1", .threads = 2, .handle = handle};
    struct fault why = {0};
    pthread_mutex_init(&service.lock, NULL);
    return http_start(&options, &service.server, &why) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    http_stop(service.server, 2000);
    return 0;
}

static int port(void)
{
    return http_port(service.server);
}

static int64_t allocated(void)
{
#ifdef SANITIZED
    return (int64_t)__sanitizer_get_current_allocated_bytes();
#else
    struct mallinfo2 info = mallinfo2();
    return (int64_t)(info.uordblks + info.hblkhd);
#endif
}

/* What is allocated once so many connections are open and nothing moves any more. */
static int64_t settled(int connections)
{
    int64_t before = -1, now = 0;
    eventually(http_figures(service.server).connections == connections);
    for (int tries = 0; before != now && tries < 100; tries++) {
        before = now;
        usleep(30000);
        now = allocated();
    }
    return now;
}

static void send_to_all(const char *words)
{
    pthread_mutex_lock(&service.lock);
    for (int i = 0; i < STREAMS; i++)
        if (service.streams[i])
            http_stream_send(service.streams[i], text_of(words));
    pthread_mutex_unlock(&service.lock);
}

/* Below 1 KiB for an idle stream, with its connection. */
static void streams(void **state)
{
    (void)state;
    int fds[STREAMS], began = atomic_load(&service.stream_count);
    int closed = atomic_load(&service.closed);
    struct heard *heard = heard_new();
    for (int i = 0; i < STREAMS; i++)
        fds[i] = dial(port());
    int64_t before = settled(STREAMS);
    for (int i = 0; i < STREAMS; i++)
        assert_true(say_text(fds[i], "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"));
    eventually(atomic_load(&service.stream_count) == began + STREAMS);
    send_to_all("data: first\n\n");
    for (int i = 0; i < STREAMS; i++) {
        memset(heard, 0, sizeof *heard);
        assert_true(hear_words(fds[i], heard, "\r\n\r\ndata: first\n\n"));
        assert_true(heard_has(heard, "Content-Type: text/event-stream\r\n"));
        assert_true(heard_has(heard, "X-Accel-Buffering: no\r\n"));
    }
    int64_t each = (settled(STREAMS) - before) / STREAMS;
    print_message("a stream holds %lld bytes beside its connection\n", (long long)each);
    assert_in_range(each + 256, 256, 1023); /* 256: no less than a connection itself */
    assert_int_equal(http_figures(service.server).streams, STREAMS);
    for (int i = 0; i < STREAMS / 2; i++)
        close(fds[i]);
    eventually(atomic_load(&service.closed) == closed + STREAMS / 2);
    pthread_mutex_lock(&service.lock);
    for (int i = 0; i < STREAMS; i++)
        if (service.streams[i]) {
            http_stream_send(service.streams[i], TEXT("data: last\n\n"));
            http_stream_end(service.streams[i]);
        }
    pthread_mutex_unlock(&service.lock);
    for (int i = STREAMS / 2; i < STREAMS; i++) {
        memset(heard, 0, sizeof *heard);
        assert_true(hear_words(fds[i], heard, "data: last\n\n"));
        assert_false(hear_words(fds[i], heard, "more"));
        assert_true(heard->closed);
        assert_string_equal(heard->bytes, "data: last\n\n");
        close(fds[i]);
    }
    eventually(atomic_load(&service.closed) == closed + STREAMS);
    assert_int_equal(http_figures(service.server).streams, 0);
    free(heard);
}

static void slow_stream(void **state)
{
    (void)state;
    int began = atomic_load(&service.stream_count), closed = atomic_load(&service.closed);
    int fd = dial(port());
    assert_true(say_text(fd, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"));
    eventually(atomic_load(&service.stream_count) == began + 1);
    char words[8001];
    memset(words, 'x', 8000);
    words[8000] = 0;
    for (int i = 0; i < 20000 && atomic_load(&service.closed) == closed; i++) {
        send_to_all(words);
        usleep(100);
    }
    assert_int_equal(atomic_load(&service.closed), closed + 1);
    close(fd);
}

static void idle_holds_little(void **state)
{
    (void)state;
    int fds[IDLE];
    struct heard *heard = heard_new();
    free(ask(port(), "GET /page HTTP/1.1\r\nHost: x\r\n\r\n"));
    int64_t before = settled(0);
    for (int i = 0; i < IDLE; i++) {
        fds[i] = dial(port());
        assert_true(say_text(fds[i], "GET /page HTTP/1.1\r\nHost: x\r\n\r\n"));
        memset(heard, 0, sizeof *heard);
        hear(fds[i], heard, 1, false, 0, 5000);
        assert_int_equal(heard->statuses[0], 200);
    }
    int64_t each = (settled(IDLE) - before) / IDLE;
    print_message("an idle connection holds %lld bytes\n", (long long)each);
    assert_in_range(each, 64, 511);
    for (int i = 0; i < IDLE; i++)
        close(fds[i]);
    free(heard);
}

/* Streams that are open when the server stops are closed, and told so. */
static void stop_ends_streams(void **state)
{
    (void)state;
    int began = atomic_load(&service.stream_count), closed = atomic_load(&service.closed);
    int fd = dial(port());
    assert_true(say_text(fd, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"));
    eventually(atomic_load(&service.stream_count) == began + 1);
    http_stop(service.server, 5000);
    assert_int_equal(atomic_load(&service.closed), closed + 1);
    close(fd);
    assert_int_equal(set_up(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams),
        cmocka_unit_test(slow_stream),
        cmocka_unit_test(idle_holds_little),
        cmocka_unit_test(stop_ends_streams),
    };
    return cmocka_run_group_tests_name("http stream", tests, set_up, tear_down);
}
