#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <netinet/tcp.h>

#include "base/log.h"
#include "base/time.h"
#include "http/inside.h"

enum { EVENTS = 256, ACCEPT_TURN = 64, ACCEPT_PAUSE_MS = 100, FULL_SAID_MS = 60000 };

void loop_ring(struct loop *loop)
{
    uint64_t one = 1;
    if (write(loop->event, &one, sizeof one) != sizeof one)
        http_bug("a loop cannot be woken");
}

void loop_post(struct loop *loop, struct task *newest, struct task *oldest)
{
    atomic_fetch_add(&loop->posting, 1);
    struct task *before = atomic_load(&loop->posted);
    do
        oldest->next = before;
    while (!atomic_compare_exchange_weak(&loop->posted, &before, newest));
    if (!before)
        loop_ring(loop);
    atomic_fetch_sub(&loop->posting, 1);
}

/* In the order of posting. */
static void run_posted(struct loop *loop)
{
    if (!atomic_load_explicit(&loop->posted, memory_order_relaxed))
        return;
    struct task *task = atomic_exchange(&loop->posted, NULL), *first = NULL;
    while (task) {
        struct task *next = task->next;
        task->next = first;
        first = task;
        task = next;
    }
    while (first) {
        struct task *next = first->next;
        first->run(first);
        first = next;
    }
}

void loop_ready(struct loop *loop, struct connection *c)
{
    if (c->is_ready)
        return;
    c->is_ready = true;
    c->ready_next = NULL;
    if (loop->ready)
        loop->ready_last->ready_next = c;
    else
        loop->ready = c;
    loop->ready_last = c;
}

static void run_ready(struct loop *loop)
{
    struct connection *c = loop->ready;
    loop->ready = NULL;
    while (c) {
        struct connection *next = c->ready_next;
        c->is_ready = false;
        if (c->state != AT_END)
            connection_work(c);
        c = next;
    }
}

/* Events and lists at hand may still name it: it is freed when they are worked through. */
void loop_bury(struct loop *loop, struct connection *c)
{
    c->all_next = loop->dead;
    loop->dead = c;
}

static void free_dead(struct loop *loop)
{
    struct connection **at = &loop->dead;
    while (*at) {
        struct connection *c = *at;
        if (c->is_ready) {
            at = &c->all_next;
            continue;
        }
        *at = c->all_next;
        free(c);
    }
}

static void run_timers(struct loop *loop)
{
    for (int i = TIMER_NONE + 1; i < TIMERS; i++)
        for (;;) {
            struct connection *c = loop->timers[i].first;
            if (!c || c->deadline > loop->now)
                break;
            connection_expired(c);
        }
}

static int next_wait(const struct loop *loop)
{
    if (loop->ready)
        return 0;
    int64_t next = INT64_MAX;
    for (int i = TIMER_NONE + 1; i < TIMERS; i++)
        if (loop->timers[i].first && loop->timers[i].first->deadline < next)
            next = loop->timers[i].first->deadline;
    if (loop->accept_at && loop->accept_at < next)
        next = loop->accept_at;
    if (loop->stopping && loop->all && loop->stop_at < next)
        next = loop->stop_at;
    if (next == INT64_MAX)
        return -1;
    int64_t wait = next - loop->now;
    return wait < 0 ? 0 : wait > 60000 ? 60000 : (int)wait;
}

/* The one place here where the wall clock is read: RFC 9110 section 6.6.1 wants it told. */
static void tell_date(struct loop *loop)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct timespec now;
    struct tm tm;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec == loop->date_second)
        return;
    loop->date_second = now.tv_sec;
    gmtime_r(&now.tv_sec, &tm);
    snprintf(loop->date, sizeof loop->date, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n",
             days + 3 * tm.tm_wday, tm.tm_mday % 100, months + 3 * tm.tm_mon,
             (tm.tm_year + 1900) % 10000, tm.tm_hour % 100, tm.tm_min % 100, tm.tm_sec % 100);
}

static void listen_events(struct loop *loop, bool on)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = loop};
    epoll_ctl(loop->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, loop->listener, &event);
}

/* One line a minute of the whole server, or a house that is full would fill its log as well. */
static void tell_full(struct loop *loop, int error)
{
    struct http_server *server = loop->server;
    int64_t said = atomic_load(&server->full_at);
    atomic_fetch_add(&server->full_count, 1);
    if ((said && loop->now - said < FULL_SAID_MS) ||
        !atomic_compare_exchange_strong(&server->full_at, &said, loop->now))
        return;
    log_line(LOG_WARN, "http.accept", "no connection can be taken: %s (%lld times since last said)",
             strerror(error), (long long)atomic_exchange(&server->full_count, 0));
}

static void accept_some(struct loop *loop)
{
    struct http_server *server = loop->server;
    for (int i = 0; i < ACCEPT_TURN; i++) {
        struct sockaddr_in6 peer = {0};
        socklen_t size = sizeof peer;
        int fd =
            accept4(loop->listener, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)) {
            tell_full(loop, errno);
            listen_events(loop, false);
            loop->accept_at = loop->now + ACCEPT_PAUSE_MS;
            return;
        }
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (fd < 0)
            return;
        if (atomic_fetch_add(&server->connections, 1) >= server->options.connection_limit) {
            atomic_fetch_sub(&server->connections, 1);
            count_up(&loop->counters.rejected, 1);
            close(fd);
            continue;
        }
        int one = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connection_new(loop, fd, &peer);
    }
}

static void begin_stop(struct loop *loop)
{
    int64_t at = atomic_load(&loop->server->stop_at);
    if (!at)
        return;
    if (!loop->stopping) {
        loop->stopping = true;
        loop->stop_at = at;
        if (!loop->accept_at)
            listen_events(loop, false);
        loop->accept_at = 0;
    }
    bool now = loop->now >= loop->stop_at;
    for (struct connection *c = loop->all, *next; c; c = next) {
        next = c->all_next;
        connection_stop(c, now);
    }
}

static void loop_turn(struct loop *loop)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(loop->epoll, events, EVENTS, next_wait(loop));
    loop->now = time_monotonic();
    tell_date(loop);
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr == loop)
            accept_some(loop);
        else if (events[i].data.ptr)
            connection_event(events[i].data.ptr, events[i].events);
    }
    run_posted(loop);
    run_ready(loop);
    run_timers(loop);
    if (loop->accept_at && loop->now >= loop->accept_at) {
        loop->accept_at = 0;
        listen_events(loop, true);
    }
    begin_stop(loop);
    free_dead(loop);
}

static bool loop_open(struct loop *loop, struct fault *why)
{
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    /* Edge-triggered: every write is an event, so that it never needs to be read. */
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    if (loop->epoll < 0 || loop->event < 0 ||
        epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->event, &event) != 0)
        return fault_set(why, "cannot make an epoll loop: %s", strerror(errno));
    loop->in = malloc(SCRATCH_SIZE);
    loop->out = malloc(SCRATCH_SIZE);
    if (!loop->in || !loop->out)
        return fault_set(why, "no memory for a loop");
    loop->now = time_monotonic();
    tell_date(loop);
    return true;
}

static void tell_started(struct loop *loop, bool good)
{
    pthread_mutex_lock(&loop->server->start_lock);
    loop->started = good ? LOOP_RUNS : LOOP_FAILED;
    pthread_cond_signal(&loop->server->started);
    pthread_mutex_unlock(&loop->server->start_lock);
}

static void *loop_run(void *with)
{
    struct loop *loop = with;
    const struct http_options *options = &loop->server->options;
    if (options->loop_start &&
        !options->loop_start(options->context, &loop->context, &loop->fault)) {
        tell_started(loop, false);
        return NULL;
    }
    listen_events(loop, true);
    tell_started(loop, true);
    while (!loop->stopping || loop->all || loop->waiting)
        loop_turn(loop);
    run_ready(loop);
    free_dead(loop);
    if (options->loop_stop)
        options->loop_stop(options->context, loop->context);
    while (loop->spares) {
        struct http_request *request = loop->spares;
        loop->spares = request->spare;
        arena_free(request->arena);
        free(request);
    }
    return NULL;
}

bool loop_start(struct loop *loop, struct fault *why)
{
    struct http_server *server = loop->server;
    if (!loop_open(loop, why))
        return false;
    int failed = pthread_create(&loop->thread, NULL, loop_run, loop);
    if (failed)
        return fault_set(why, "cannot start a loop's thread: %s", strerror(failed));
    pthread_mutex_lock(&server->start_lock);
    while (loop->started == LOOP_STARTING)
        pthread_cond_wait(&server->started, &server->start_lock);
    bool good = loop->started == LOOP_RUNS;
    pthread_mutex_unlock(&server->start_lock);
    if (good)
        return true;
    pthread_join(loop->thread, NULL);
    return fault_set(why, "%s", loop->fault.why);
}

void loop_join(struct loop *loop)
{
    pthread_join(loop->thread, NULL);
    /* Whoever woke the last request may still be on the way out of loop_post. */
    while (atomic_load(&loop->posting))
        sched_yield();
}

void loop_close(struct loop *loop)
{
    if (loop->epoll >= 0)
        close(loop->epoll);
    if (loop->event >= 0)
        close(loop->event);
    if (loop->listener >= 0)
        close(loop->listener);
    free(loop->in);
    free(loop->out);
}
