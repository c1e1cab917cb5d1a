/* What the files of this room share. Nothing here may be included from outside of it.
 *
 * Threads: a connection, its request and its timers belong to one loop and are touched on that
 * loop's thread alone. What crosses threads is named so: loop_post, pool_submit, a stream's
 * waiting bytes (under its lock), an upload's ring (under its lock), and the counters. */
#ifndef YIMEN_HTTP_INSIDE_H
#define YIMEN_HTTP_INSIDE_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "http/http.h"
#include "http/parse.h"

/* Of a multipart body, on the disk or in memory. */
enum { PARTS_LIMIT = 128 };

enum {
    LOOPS_LIMIT = 64,
    SCRATCH_SIZE =
        64 * 1024, /* what one read takes, hence the most that is kept of pipelined input */
    OUTPUT_LIMIT = 64 * 1024, /* answers waiting in memory before the next request is looked at */
    STREAM_LIMIT = 64 * 1024,
    /* How long and how much a rejected peer may go on sending, to be thrown away, before the
     * connection goes: a browser shows no answer before it has sent its form. */
    LINGER_MS = 3000,
    LINGER_BYTES = 32 * 1024 * 1024,
    SPARE_REQUESTS = 256,   /* kept per loop for the next ones */
    REQUEST_BLOCK = 4096,   /* first block of a request's arena */
    FILE_TURN = 512 * 1024, /* bytes of a file sent before others have their turn */
    READ_TURNS = 4,
};

/* Something to be run on a loop's thread, posted from any thread. */
struct task {
    struct task *next;
    void (*run)(struct task *task);
};

/* Something to be run on a helper thread. */
struct job {
    struct job *next;
    void (*run)(struct job *job);
};

struct pool;
struct pool *pool_new(int threads, struct fault *why); /* NULL on a fault */
void pool_submit(struct pool *pool, struct job *job);  /* from any thread, never refused */
bool pool_offer(struct pool *pool, struct job *job, int most); /* false: so many wait already */
void pool_free(struct pool *pool);                     /* runs what waits, joins */

enum timer { TIMER_NONE, TIMER_HEADER, TIMER_IDLE, TIMER_BODY, TIMER_WRITE, TIMER_LINGER, TIMERS };

enum connection_state {
    AT_HEAD, /* between requests or reading a head */
    AT_BODY,
    AT_DISK,    /* the body is read, the disk worker has not ended */
    AT_HANDLER, /* handler running or parked */
    AT_STREAM,
    AT_LINGER, /* answered and closing; what still comes is thrown away */
    AT_END,    /* the socket is closed */
};

/* What follows the bytes in memory: a large body, or a file. */
struct tail {
    char *owned; /* or NULL: the bytes are static */
    struct text bytes;
    int file; /* or -1 */
    int64_t file_at;
    int64_t file_left;
};

struct connection {
    struct connection *next, *previous; /* in its timer's list */
    struct connection *all_next, *all_previous;
    struct connection *ready_next;
    struct loop *loop;
    struct http_request *request; /* from its first byte to its answer */
    struct http_stream *stream;
    char *in;  /* input not used yet, held only while there is some */
    char *out; /* output not sent yet, likewise; or the loop's scratch while it works */
    struct tail *tail;
    uint32_t in_len;
    uint32_t out_at, out_len, out_cap;
    int64_t deadline;
    int64_t mark; /* bytes at the beginning of the time now measured: read, or taken by the peer */
    int64_t bytes_in, bytes_out;
    int fd;
    uint8_t state;
    uint8_t timer;
    bool readable, writable, ended_in; /* ended_in: the peer sends no more */
    bool closing;                      /* close once the output is sent */
    bool half;   /* the kernel said that the peer will send no more; there may be bytes to read */
    bool served; /* had an answer already */
    bool timer_again; /* begin the timer anew although its kind stays */
    bool held;        /* the disk made us stop reading since the timer began */
    bool is_ready;    /* in the loop's list of those who have more to do */
    bool working;
    struct sockaddr_in6 peer; /* or sockaddr_in */
};

enum request_state { REQUEST_FRESH, REQUEST_PARKED, REQUEST_ANSWERED, REQUEST_STREAMING };

struct http_request {
    struct task task;
    struct job job;
    struct loop *loop;
    struct connection *connection; /* NULL once the peer is gone */
    struct http_request *spare;
    struct arena *arena;
    const char *bytes; /* the head in the arena, names in lower case */
    struct head head;
    struct text path;
    enum request_state state;
    struct http_plan plan;
    struct chunks chunks;
    int64_t body_left;
    struct buf body;
    struct upload *upload;
    struct buf fields; /* of the answer, ready to send */
    void (*resume)(struct http_request *request, void *with);
    void (*work)(void *with);
    void *with;
    struct sockaddr_in6 peer; /* or sockaddr_in */
    int64_t begun_us, marked; /* when the handler was called; http_mark */
};

struct http_stream {
    struct task task;
    struct loop *loop;
    struct connection *connection; /* loop's thread only */
    void (*on_close)(void *with);
    void *with;
    pthread_mutex_t lock;
    char *waiting; /* from here on under the lock */
    size_t waiting_len, waiting_cap;
    size_t unsent; /* bytes taken over by the connection and not sent */
    bool posted, ended, slow;
};

struct counters {
    _Atomic int64_t connections, requests, bytes_in, bytes_out, rejected, timed_out, streams;
};

/* Reading and writing a connection, so that TLS could stand here. Both return as recv and sendmsg
 * do; send_file as sendfile does. */
struct transport {
    ssize_t (*receive)(struct connection *c, void *to, size_t size);
    ssize_t (*send)(struct connection *c, const struct iovec *parts, int count, bool more);
    ssize_t (*send_file)(struct connection *c, int file, int64_t *at, size_t size);
};

struct loop {
    struct http_server *server;
    const struct transport *transport;
    void *context; /* what loop_start made */
    pthread_t thread;
    int epoll, listener, event;
    int64_t now; /* monotonic ms, once an iteration */
    int64_t date_second;
    char date[64]; /* "Date: …\r\n" */
    bool stopping;
    int64_t stop_at;   /* monotonic ms by which running requests must have ended */
    int64_t accept_at; /* descriptors ran out: accept again then; 0: accepting */
    _Atomic(struct task *) posted;
    _Atomic int posting; /* threads inside loop_post */
    struct {
        struct connection *first, *last;
    } timers[TIMERS];
    struct connection *all;
    struct connection *ready, *ready_last;
    struct connection *dead; /* freed when the events at hand are done */
    struct http_request *spares;
    int spare_count;
    int64_t waiting; /* parked requests and uploads whose worker still runs */
    struct counters counters;
    char *in;  /* SCRATCH_SIZE */
    char *out; /* SCRATCH_SIZE */
    int64_t duration[TIMERS];
    struct fault fault;                                     /* why it could not start */
    enum { LOOP_STARTING, LOOP_RUNS, LOOP_FAILED } started; /* under the server's start_lock */
};

struct http_server {
    struct http_options options;
    struct head_limits limits;
    char *address, *upload_directory, *rejected_fields;
    int port;
    int loop_count;
    struct loop *loops;
    struct pool *helpers, *hard, *outside, *disk;
    _Atomic int64_t connections;
    _Atomic int64_t stop_at; /* 0: serving */
    _Atomic int64_t full_at, full_count; /* descriptors ran out: said last then, so often since */
    pthread_mutex_t start_lock;
    pthread_cond_t started;
};

/* loop.c */
/* From any thread: hands over a chain, the newest first, and wakes the loop unless tasks it has not
 * looked at yet will do so. */
void loop_post(struct loop *loop, struct task *newest, struct task *oldest);
bool loop_start(struct loop *loop, struct fault *why);
void loop_ring(struct loop *loop);
void loop_join(struct loop *loop); /* after the server's stop_at was set and it was rung */
void loop_close(struct loop *loop);
void loop_ready(struct loop *loop, struct connection *c);
void loop_bury(struct loop *loop, struct connection *c);
void timer_set(struct connection *c, enum timer timer);
static inline void count_up(_Atomic int64_t *counter, int64_t by)
{
    /* One writer each: no locked instruction is needed. */
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + by,
                          memory_order_relaxed);
}

/* connection.c */
void connection_new(struct loop *loop, int fd, const struct sockaddr_in6 *peer);
void connection_event(struct connection *c, uint32_t events);
void connection_work(struct connection *c);
void connection_expired(struct connection *c);
void connection_close(struct connection *c); /* the peer is gone, or has to go */
void connection_stop(struct connection *c, bool now);
void connection_reject(struct connection *c, int status);

/* output.c */
void output_add(struct connection *c, const void *bytes, size_t size);
/* Sends what can be sent. False: the peer is gone. */
bool output_send(struct connection *c);
void output_drop(struct connection *c);
/* Moves what is left out of the loop's scratch. */
void output_keep(struct connection *c);
static inline bool output_waits(const struct connection *c)
{
    return c->out_at < c->out_len || c->tail;
}
extern const struct transport plain_transport;

/* request.c */
struct http_request *request_new(struct loop *loop);
void request_free(struct http_request *request);
/* After the head was read from at: copies it, decodes the path, asks the plan. 0 or the status to
 * refuse with. */
int request_begin(struct http_request *request, const char *at);
/* Feeds body bytes; used gets how many were taken. 0 or the status to refuse with. */
int request_body(struct http_request *request, const char *at, size_t len, size_t *used);
bool request_body_done(const struct http_request *request);
void request_handle(struct http_request *request);
/* Takes http_park back: nobody was told of the request meanwhile. */
void http_unpark(struct http_request *request);
/* After a handler or resume function returned. True: the request is over and was freed. */
bool request_after(struct http_request *request);

/* answer.c */
void answer_reject(struct connection *c, int status, bool head_only, bool json);

/* upload.c */
struct upload *upload_new(struct http_request *request, struct text boundary);
size_t upload_add(struct upload *upload, const char *at, size_t len);
bool upload_full(struct upload *upload);
int upload_status(struct upload *upload); /* 0 while all is well */
bool upload_done(struct upload *upload);  /* every part is on disk */
void upload_end(struct upload *upload);   /* no more bytes; its task will run */
void upload_drop(struct upload *upload);
size_t upload_parts(const struct upload *upload, const struct http_part **out);
void upload_keep(struct upload *upload, size_t part);
/* connection.c: called by an upload's task. */
void connection_uploaded(struct http_request *request);

/* stream.c */
/* c NULL: nobody listens, on_close comes soon. */
void stream_begin(struct http_stream *stream, struct connection *c);
void stream_gone(struct http_stream *stream);
void stream_sent(struct http_stream *stream, size_t bytes);

/* A caller broke the contract of http.h, or memory ran out: ends the process with a message. */
void http_bug(const char *what) __attribute__((noreturn));

#endif
