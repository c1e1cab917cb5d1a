#include <errno.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"
#include "http/inside.h"

void connection_new(struct loop *loop, int fd, const struct sockaddr_in6 *peer)
{
    struct connection *c = calloc(1, sizeof *c);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    if (!c || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        log_line(LOG_ERROR, "http.accept", "a connection could not be taken: %s", strerror(errno));
        free(c);
        close(fd);
        atomic_fetch_sub(&loop->server->connections, 1);
        return;
    }
    c->fd = fd;
    c->loop = loop;
    c->peer = *peer;
    c->writable = true;
    c->all_next = loop->all;
    if (loop->all)
        loop->all->all_previous = c;
    loop->all = c;
    count_up(&loop->counters.connections, 1);
    timer_set(c, TIMER_HEADER);
}

static void forget_request(struct connection *c)
{
    struct http_request *request = c->request;
    c->request = NULL;
    if (!request)
        return;
    request->connection = NULL;
    if (request->state != REQUEST_PARKED) /* a parked one belongs to whoever will wake it */
        request_free(request);
}

void connection_close(struct connection *c)
{
    if (c->state == AT_END)
        return;
    struct loop *loop = c->loop;
    struct http_stream *stream = c->stream;
    c->state = AT_END;
    timer_set(c, TIMER_NONE);
    close(c->fd);
    output_drop(c);
    free(c->in);
    c->in = NULL;
    forget_request(c);
    c->stream = NULL;
    if (c->all_next)
        c->all_next->all_previous = c->all_previous;
    if (c->all_previous)
        c->all_previous->all_next = c->all_next;
    else
        loop->all = c->all_next;
    count_up(&loop->counters.connections, -1);
    atomic_fetch_sub(&loop->server->connections, 1);
    loop_bury(loop, c);
    if (stream)
        stream_gone(stream);
}

/* The head was taken, and asks for JSON and not for a page. */
static bool wants_problem(const struct http_request *request)
{
    if (!request || !request->bytes)
        return false;
    struct text accept = http_header(request, "accept");
    return text_find(accept, TEXT("json")) >= 0 &&
           text_find(accept, TEXT("text/html")) < 0;
}

void connection_reject(struct connection *c, int status)
{
    struct loop *loop = c->loop;
    bool was_working = c->working;
    c->working = true;
    bool head_only = c->request && c->request->head.begun && c->request->head.method == HTTP_HEAD;
    bool json = wants_problem(c->request);
    count_up(&loop->counters.rejected, 1);
    forget_request(c);
    c->state = AT_HEAD;
    c->closing = true;
    answer_reject(c, status, head_only, json);
    if (!was_working)
        connection_work(c);
}

/* Whether the next bytes may be looked at now: not while an answer is owed or waits to be taken. */
static bool input_wanted(struct connection *c)
{
    if (c->closing || c->tail || c->out_len - c->out_at >= OUTPUT_LIMIT)
        return false;
    if (c->state == AT_BODY && c->request->upload && upload_full(c->request->upload)) {
        c->held = true;
        return false;
    }
    return c->state == AT_HEAD || c->state == AT_BODY;
}

/* 0, or the status to refuse with. *more: bytes are missing. */
static int take_head(struct connection *c, const char *at, size_t len, size_t *used, bool *more)
{
    if (len == 0) {
        *more = true;
        return 0;
    }
    if (!c->request) {
        c->request = request_new(c->loop);
        c->request->connection = c;
        c->request->peer = c->peer;
        c->timer_again = true;
    }
    struct http_request *request = c->request;
    enum parse result = head_parse(&request->head, at, len, &c->loop->server->limits);
    if (result == PARSE_BAD)
        return request->head.status;
    if (result == PARSE_MORE) {
        *more = true;
        return 0;
    }
    int status = request_begin(request, at);
    if (status)
        return status;
    *used = request->head.size;
    c->state = AT_BODY;
    if (request->head.expect && !request_body_done(request) && *used == len)
        output_add(c, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    return 0;
}

static void run_handler(struct connection *c)
{
    struct http_request *request = c->request;
    c->state = AT_HANDLER;
    request_handle(request);
    request_after(request);
}

static int take_body(struct connection *c, const char *at, size_t len, size_t *used, bool *more)
{
    struct http_request *request = c->request;
    if (!request_body_done(request)) {
        if (len == 0) {
            *more = true;
            return 0;
        }
        int status = request_body(request, at, len, used);
        if (status)
            return status;
    }
    if (!request_body_done(request))
        return 0;
    if (request->upload) {
        c->state = AT_DISK;
        upload_end(request->upload);
    } else {
        run_handler(c);
    }
    return 0;
}

/* Works through at[0..len) until it is used up or no more is wanted. True: bytes are missing. */
static bool process(struct connection *c, const char *at, size_t len, size_t *used)
{
    bool more = false;
    while (!more && input_wanted(c)) {
        size_t n = 0;
        int status = c->state == AT_HEAD ? take_head(c, at + *used, len - *used, &n, &more)
                                         : take_body(c, at + *used, len - *used, &n, &more);
        *used += n;
        if (status) {
            connection_reject(c, status);
            *used = len;
            return false;
        }
    }
    return more;
}

/* Reads once, behind what was kept. False: the peer is gone. */
static bool receive(struct connection *c, char *to, size_t room, size_t *len)
{
    if (!c->readable || c->ended_in || room == 0)
        return true;
    ssize_t got = c->loop->transport->receive(c, to, room);
    if (got < 0) {
        if (errno == EAGAIN)
            c->readable = false;
        return errno == EAGAIN || errno == EINTR;
    }
    if (got == 0) {
        c->ended_in = true;
        c->readable = false;
        return true;
    }
    if ((size_t)got < room && !c->half)
        c->readable = false;
    c->bytes_in += got;
    count_up(&c->loop->counters.bytes_in, got);
    *len += (size_t)got;
    return true;
}

static void keep_input(struct connection *c, const char *at, size_t len)
{
    if (len == 0) {
        free(c->in);
        c->in = NULL;
    } else {
        char *to = len == c->in_len ? c->in : realloc(c->in, len);
        if (!to)
            http_bug("out of memory for input");
        memcpy(to, at, len);
        c->in = to;
    }
    c->in_len = (uint32_t)len;
}

/* Reads and answers what is there. *more: all that was read is used or lacks bytes. */
static bool take_input(struct connection *c, bool *more)
{
    char *scratch = c->loop->in;
    size_t len = c->in_len, used = 0;
    if (len)
        memcpy(scratch, c->in, len);
    if (!receive(c, scratch + len, SCRATCH_SIZE - len, &len))
        return false;
    *more = process(c, scratch, len, &used);
    if (c->in_len || used < len)
        keep_input(c, scratch + used, len - used);
    return true;
}

/* What a rejected or closing peer still sends is thrown away, so that the answer reaches it before
 * a reset does. */
static bool linger_turn(struct connection *c)
{
    size_t len = 0;
    bool alive = receive(c, c->loop->in, SCRATCH_SIZE, &len);
    if (!alive || c->ended_in || c->bytes_in - c->mark > LINGER_BYTES) {
        connection_close(c);
        return false;
    }
    return c->readable;
}

/* One read and what follows from it. True: there is more to do at once. */
static bool turn(struct connection *c)
{
    if (c->state == AT_LINGER)
        return linger_turn(c);
    /* What was kept while an answer had to wait must be looked at although nothing new comes. */
    bool more = c->in_len == 0;
    if (input_wanted(c) && !take_input(c, &more)) {
        connection_close(c);
        return false;
    }
    if (c->ended_in && more && (c->state == AT_HEAD || c->state == AT_BODY))
        c->closing = true;
    if (c->state == AT_STREAM && (c->half || c->ended_in)) {
        connection_close(c);
        return false;
    }
    if (output_waits(c) && !output_send(c)) {
        connection_close(c);
        return false;
    }
    if (c->closing && !output_waits(c) &&
        (c->state == AT_HEAD || c->state == AT_STREAM || c->state == AT_BODY)) {
        if (c->ended_in || shutdown(c->fd, SHUT_WR) != 0) {
            connection_close(c);
            return false;
        }
        c->state = AT_LINGER;
        c->mark = c->bytes_in;
        return true;
    }
    return input_wanted(c) && (c->readable || !more);
}

static enum timer wanted_timer(const struct connection *c)
{
    if (c->state == AT_LINGER)
        return TIMER_LINGER;
    if (output_waits(c))
        return TIMER_WRITE;
    if (c->state == AT_HEAD)
        return c->request || !c->served ? TIMER_HEADER : TIMER_IDLE;
    return c->state == AT_BODY ? TIMER_BODY : TIMER_NONE;
}

void connection_work(struct connection *c)
{
    c->working = true;
    int turns = 0;
    while (c->state != AT_END && turn(c))
        if (++turns == READ_TURNS) {
            loop_ready(c->loop, c);
            break;
        }
    c->working = false;
    if (c->state == AT_END)
        return;
    output_keep(c);
    enum timer timer = wanted_timer(c);
    if (timer != c->timer || (c->timer_again && timer != TIMER_WRITE))
        timer_set(c, timer);
    c->timer_again = false;
}

void connection_event(struct connection *c, uint32_t events)
{
    if (c->state == AT_END)
        return;
    if (events & (EPOLLERR | EPOLLHUP)) {
        connection_close(c);
        return;
    }
    if (events & EPOLLRDHUP)
        c->half = true;
    if (events & (EPOLLIN | EPOLLRDHUP))
        c->readable = true;
    if (events & EPOLLOUT)
        c->writable = true;
    connection_work(c);
}

/* Bytes that the peer acknowledged; what the kernel still holds does not count as read. */
static int64_t bytes_taken(const struct connection *c)
{
    int queued = 0;
    if (ioctl(c->fd, SIOCOUTQ, &queued) != 0)
        queued = 0;
    return c->bytes_out - queued;
}

void timer_set(struct connection *c, enum timer timer)
{
    struct loop *loop = c->loop;
    if (c->timer != TIMER_NONE) {
        if (c->next)
            c->next->previous = c->previous;
        else
            loop->timers[c->timer].last = c->previous;
        if (c->previous)
            c->previous->next = c->next;
        else
            loop->timers[c->timer].first = c->next;
    }
    c->next = c->previous = NULL;
    c->timer = (uint8_t)timer;
    if (timer == TIMER_NONE)
        return;
    /* All of one kind last equally long, so that a list in order of setting is in order of end. */
    c->deadline = loop->now + loop->duration[timer];
    c->previous = loop->timers[timer].last;
    if (c->previous)
        c->previous->next = c;
    else
        loop->timers[timer].first = c;
    loop->timers[timer].last = c;
    c->held = false;
    c->mark = timer == TIMER_WRITE ? bytes_taken(c) : c->bytes_in;
}

void connection_expired(struct connection *c)
{
    struct loop *loop = c->loop;
    enum timer timer = c->timer;
    int64_t least = loop->server->options.body_rate * loop->duration[timer] / 1000;
    if (timer == TIMER_BODY && (c->held || c->bytes_in - c->mark >= least)) {
        timer_set(c, timer);
        return;
    }
    if (timer == TIMER_WRITE && bytes_taken(c) - c->mark >= least) {
        timer_set(c, timer);
        return;
    }
    bool answer = timer == TIMER_BODY || (timer == TIMER_HEADER && c->request);
    if (answer || timer == TIMER_WRITE)
        count_up(&loop->counters.timed_out, 1);
    if (answer)
        connection_reject(c, 408);
    else
        connection_close(c);
}

void connection_stop(struct connection *c, bool now)
{
    bool idle = c->state == AT_HEAD && !c->request && !output_waits(c);
    if (now || idle || c->state == AT_STREAM || c->state == AT_LINGER)
        connection_close(c);
}

void connection_uploaded(struct http_request *request)
{
    struct connection *c = request->connection;
    int status = upload_status(request->upload);
    if (status) {
        connection_reject(c, status);
        return;
    }
    c->working = true;
    if (c->state == AT_DISK && upload_done(request->upload))
        run_handler(c);
    connection_work(c);
}
