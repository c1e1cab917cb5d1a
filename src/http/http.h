/* A small strict HTTP/1.1 server (RFC 9110, 9112): one epoll loop per thread (SO_REUSEPORT), what
 * it does not know it rejects, limits on everything. It knows no domain and could be swapped for
 * another behind this header. TLS and HTTP/2 are a proxy's work in front of it.
 *
 * A handler is straight-line code on the loop's thread. The one place where a request sleeps is
 * http_park: another thread calls http_wake, and the loop then calls the resume function. */
#ifndef YIMEN_HTTP_HTTP_H
#define YIMEN_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/hash.h"
#include "base/text.h"

struct http_server;
struct http_request;

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS
};

/* What to do with a body, said once the headers are known and before the body is read. */
struct http_plan {
    int64_t body_limit; /* bytes; more is answered 413 without reading it */
    bool to_disk;       /* multipart/form-data: file parts stream to disk (below); fields stay in
                           memory and count against field_limit */
    int64_t field_limit;
    bool turn_away; /* the body is not taken: the handler is called at once, without it, and says why;
                       then the connection ends */
};

struct http_options {
    const char *address;   /* "127.0.0.1", "::1", "0.0.0.0"; IPv4 or IPv6 literal */
    int port;              /* 0: any free one, see http_port */
    int threads;           /* I/O loops; 0: one a core */
    int header_timeout_ms; /* absolute, from a head's first byte to its last; also how long a new
                              connection may send nothing; default 10000 */
    int idle_timeout_ms;   /* keep-alive after an answer; default 60000 */
    int body_timeout_ms;  /* how long a body may make less progress than body_rate; default 10000 */
    int body_rate;        /* bytes a second at the least, averaged over body_timeout_ms; 1024 */
    int write_timeout_ms; /* a peer that reads at less than body_rate; default 30000 */
    size_t header_limit;  /* default 16 KiB for the whole head, 64 fields; at most 32 KiB */
    size_t target_limit;  /* default 4 KiB */
    int connection_limit; /* default 50000 over all loops; more are refused at accept */
    int hard_line;        /* how many requests may wait for http_work_hard, and as many for
                             http_work_outside; default 32 a thread */
    const char *upload_directory; /* where file parts are written; NULL: to_disk is refused */
    const char *rejected_fields;  /* of every answer that no handler gives, each ended by CRLF; NULL:
                                     none */

    void *context; /* given to every function below */
    /* Once per loop, on its thread, before it accepts and after it stops. */
    bool (*loop_start)(void *context, void **loop_context, struct fault *why);
    void (*loop_stop)(void *context, void *loop_context);
    /* Body policy; NULL: 64 KiB in memory. */
    struct http_plan (*plan)(const struct http_request *request, void *context);
    void (*handle)(struct http_request *request, void *context);
    /* As an answer begins to leave, on the loop's thread; may be NULL. Request NULL: one that was
     * rejected before a handler saw it. took_us: since the handler was called. */
    void (*answered)(const struct http_request *request, int status, int64_t took_us, void *context);
};

/* Starts the loops and returns; the server answers from then on. The strings in options are copied.
 * Raises the process's soft limit of descriptors where connection_limit needs it. */
bool http_start(const struct http_options *options, struct http_server **out, struct fault *why);
int http_port(const struct http_server *server);
/* Stops accepting, lets running requests end for at most grace_ms, ends all streams, joins the
 * threads, frees. A parked request whose time is over loses its connection, but http_stop waits
 * until it is woken: whoever will wake it must still be running. */
void http_stop(struct http_server *server, int grace_ms);

struct http_figures {
    int64_t connections, requests, bytes_in, bytes_out, rejected, timed_out, streams;
};
struct http_figures http_figures(const struct http_server *server);

/* The request. Everything lives in its arena until the answer is written. */
enum http_method http_method(const struct http_request *request);
struct text http_path(const struct http_request *request);  /* decoded, no query; "/a/b" */
struct text http_query(const struct http_request *request); /* raw, without '?' */
struct text
http_target(const struct http_request *request); /* raw path and query; never absolute */
/* The first field of that name, or the empty text. Host, Content-Type, Authorization and what
 * frames a body can come only once. */
struct text http_header(const struct http_request *request, const char *lower_name);
/* The last field of that name: the one that a proxy in front added. */
struct text http_header_last(const struct http_request *request, const char *lower_name);
struct text http_cookie(const struct http_request *request, const char *name);
struct text http_body(const struct http_request *request);
bool http_turned_away(const struct http_request *request); /* as `plan` had it */
struct text http_peer(const struct http_request *request); /* address without port */
struct arena *http_arena(struct http_request *request);
void *http_loop_context(struct http_request *request);
/* A number of the handler's own, for `answered`; 0 until it is set. */
void http_mark(struct http_request *request, int64_t mark);
int64_t http_marked(const struct http_request *request);

/* The parts of a multipart/form-data body (RFC 7578) of a request planned to_disk, at most 128. A
 * file part has a path: an unlinked-on-drop temporary file in upload_directory which the handler
 * may rename away; its bytes are synced (its directory entry is not). Its hash was computed while
 * it streamed. A file input in which nothing was chosen (no name, no bytes) is no part. */
struct http_part {
    struct text name;
    struct text file_name; /* the last path component only; empty for a field */
    struct text media_type;
    struct text value; /* a field's value */
    const char *path;  /* a file's temporary path, or NULL */
    int64_t size;
    struct hash sha256;
    struct text head; /* the file's first bytes, at most 512, for sniffing */
};
size_t http_parts(const struct http_request *request, const struct http_part **out);
/* The parts of such a body that lies in memory, of a request not planned to_disk: nothing is written, a
 * file's bytes are its value, and there is no path, hash or head. False: malformed, or over the
 * limit. */
bool http_parts_in_memory(struct http_request *request, const struct http_part **out,
                          size_t *count);
/* After this the server no longer removes the part's file when the request ends. */
void http_part_keep(struct http_request *request, size_t part);

/* The answer. Header names and values are checked: a control character is a bug and ends the
 * process. Content-Length, Date, Connection are the server's. */
void http_answer_header(struct http_request *request, const char *name, struct text value);
/* Copies the body. */
void http_answer(struct http_request *request, int status, const char *media_type,
                 struct text body);
/* Does not copy: the body must live as long as the process (embedded assets). */
void http_answer_static(struct http_request *request, int status, const char *media_type,
                        struct text body);
/* A file from disk, sent without passing through memory; 404 if it cannot be opened. */
void http_answer_file(struct http_request *request, const char *media_type, const char *path);

/* Parks the request; exactly one http_wake must follow, from any thread (it may come before the
 * handler returns, even before http_park). resume runs on the loop's
 * thread and answers (or parks again). If the peer went away meanwhile, resume still runs and the
 * answer is dropped, so whoever holds the request may use its arena until then. */
void http_park(struct http_request *request,
               void (*resume)(struct http_request *request, void *with), void *with);
void http_wake(struct http_request *request);
/* Wakes many with one eventfd write per loop. */
void http_wake_many(struct http_request *const *requests, size_t count);
/* Runs work on a small pool of helper threads (files), then resumes as above. */
void http_work(struct http_request *request, void (*work)(void *with),
               void (*resume)(struct http_request *request, void *with), void *with);

/* The same for work that keeps a processor busy (password hashing): on threads of its own, so that
 * files never wait for it, and in a line of bounded length. False, and nothing was done, when
 * hard_line requests wait already: whoever floods the server with such work keeps nobody waiting for
 * long, and the memory it takes is that of the threads. */
bool http_work_hard(struct http_request *request, void (*work)(void *with),
                    void (*resume)(struct http_request *request, void *with), void *with);
/* The same for work that waits for another machine, on a few threads of its own: one that does not
 * answer keeps no password waiting. */
bool http_work_outside(struct http_request *request, void (*work)(void *with),
                       void (*resume)(struct http_request *request, void *with), void *with);

/* Server-sent events: answers 200 text/event-stream and keeps the connection until the stream ends.
 * The stream handle may be used from any thread; sends to a peer that is gone or too slow (over
 * 64 KiB waiting) end the stream and return false. on_close runs exactly once, on the loop's
 * thread, never from within a call of these functions; the handle is valid until it returns. So
 * keep the handle under a lock of yours which on_close takes to strike it out, and send under that
 * lock. */
struct http_stream;
struct http_stream *http_stream(struct http_request *request, void (*on_close)(void *with),
                                void *with);
bool http_stream_send(struct http_stream *stream, struct text bytes);
void http_stream_end(struct http_stream *stream);

const char *http_reason(int status);

#endif
