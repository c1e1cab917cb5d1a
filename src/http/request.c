#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/time.h"
#include "http/inside.h"

void http_bug(const char *what)
{
    log_line(LOG_ERROR, "http.bug", "%s", what);
    abort();
}

struct http_request *request_new(struct loop *loop)
{
    struct http_request *request = loop->spares;
    struct arena *arena;
    if (request) {
        loop->spares = request->spare;
        loop->spare_count--;
        arena = request->arena;
    } else {
        request = malloc(sizeof *request);
        if (!request)
            http_bug("out of memory for a request");
        arena = arena_new(REQUEST_BLOCK);
    }
    /* The array of fields need not be zero, and is most of it. */
    size_t head_end = offsetof(struct http_request, head) + sizeof request->head;
    memset(request, 0, offsetof(struct http_request, head) + offsetof(struct head, fields));
    memset((char *)request + head_end, 0, sizeof *request - head_end);
    request->loop = loop;
    request->arena = arena;
    request->body.arena = request->fields.arena = arena;
    return request;
}

void request_free(struct http_request *request)
{
    struct loop *loop = request->loop;
    if (request->upload)
        upload_drop(request->upload);
    if (loop->spare_count == SPARE_REQUESTS) {
        arena_free(request->arena);
        free(request);
        return;
    }
    arena_reset(request->arena);
    request->spare = loop->spares;
    loop->spares = request;
    loop->spare_count++;
}

static struct text head_text(const struct http_request *request, struct span span)
{
    return (struct text){request->bytes + span.at, span.len};
}

static void keep_head(struct http_request *request, const char *at)
{
    char *bytes = arena_copy(request->arena, at, request->head.size);
    for (size_t i = 0; i < request->head.count; i++) {
        struct span name = request->head.fields[i].name;
        for (char *c = bytes + name.at; c < bytes + name.at + name.len; c++)
            if (*c >= 'A' && *c <= 'Z')
                *c = (char)(*c + 32);
    }
    request->bytes = bytes;
}

int request_begin(struct http_request *request, const char *at)
{
    const struct http_options *options = &request->loop->server->options;
    const struct head *head = &request->head;
    keep_head(request, at);
    char *path = arena_alloc(request->arena, head->path.len);
    size_t path_len;
    if (!path_decode(head_text(request, head->path), path, &path_len))
        return 400;
    request->path = (struct text){path, path_len};
    request->body_left = head->length;
    if (!head->chunked && head->length == 0)
        return 0;
    if (options->plan)
        request->plan = options->plan(request, options->context);
    else
        request->plan.body_limit = 64 * 1024;
    if (head->length > request->plan.body_limit)
        return 413;
    if (request->plan.turn_away) {
        request->head.chunked = false;
        request->head.close = true;
        request->body_left = 0;
        return 0;
    }
    if (!request->plan.to_disk)
        return 0;
    struct text boundary;
    if (!options->upload_directory)
        return 501;
    if (!multipart_boundary(head_text(request, head->content_type), &boundary))
        return 415;
    request->upload = upload_new(request, boundary);
    return 0;
}

/* Hands over a piece of the body, as much as there is room for. */
static size_t body_piece(struct http_request *request, const char *at, size_t len)
{
    if (request->upload)
        return upload_add(request->upload, at, len);
    buf_add(&request->body, at, len);
    return len;
}

static int chunked_body(struct http_request *request, const char *at, size_t len, size_t *used)
{
    struct text in = {at, len}, data;
    for (;;) {
        switch (chunks_next(&request->chunks, &in, &data)) {
        case CHUNK_DATA:
            request->body_left += (int64_t)data.len; /* here the bytes so far */
            if (request->body_left > request->plan.body_limit)
                return 413;
            /* Never more is read than an upload has room for. */
            body_piece(request, data.at, data.len);
            continue;
        case CHUNK_BAD:
            return 400;
        case CHUNK_DONE:
            request->head.chunked = false;
            request->body_left = 0;
            *used = len - in.len;
            return 0;
        default:
            *used = len;
            return 0;
        }
    }
}

int request_body(struct http_request *request, const char *at, size_t len, size_t *used)
{
    if (request->head.chunked)
        return chunked_body(request, at, len, used);
    size_t take = (int64_t)len < request->body_left ? len : (size_t)request->body_left;
    *used = body_piece(request, at, take);
    request->body_left -= (int64_t)*used;
    return 0;
}

bool request_body_done(const struct http_request *request)
{
    return !request->head.chunked && request->body_left == 0;
}

void http_mark(struct http_request *request, int64_t mark)
{
    request->marked = mark;
}

int64_t http_marked(const struct http_request *request)
{
    return request->marked;
}

void request_handle(struct http_request *request)
{
    struct loop *loop = request->loop;
    count_up(&loop->counters.requests, 1);
    request->begun_us = time_monotonic_us();
    loop->server->options.handle(request, loop->server->options.context);
}

bool request_after(struct http_request *request)
{
    struct connection *c = request->connection;
    if (request->state == REQUEST_PARKED)
        return false;
    if (request->state == REQUEST_FRESH) {
        log_line(LOG_ERROR, "http.unanswered", "a handler neither answered nor parked");
        http_answer(request, 500, NULL, (struct text){"", 0});
    }
    if (c) {
        c->request = NULL;
        c->served = c->timer_again = true;
        c->closing |= request->head.close;
        c->state = request->state == REQUEST_STREAMING ? AT_STREAM : AT_HEAD;
    }
    request_free(request);
    return true;
}

/* On the loop's thread, once http_wake was called. */
static void request_woken(struct task *task)
{
    struct http_request *request =
        (struct http_request *)((char *)task - offsetof(struct http_request, task));
    struct connection *c = request->connection;
    request->loop->waiting--;
    if (c)
        c->working = true;
    request->state = REQUEST_FRESH;
    request->resume(request, request->with);
    request_after(request);
    if (c)
        connection_work(c);
}

void http_park(struct http_request *request,
               void (*resume)(struct http_request *request, void *with), void *with)
{
    if (request->state != REQUEST_FRESH)
        http_bug("a request was parked that is answered or parked");
    request->state = REQUEST_PARKED;
    request->resume = resume;
    request->with = with;
    request->task.run = request_woken;
    request->loop->waiting++;
}

void http_unpark(struct http_request *request)
{
    request->state = REQUEST_FRESH;
    request->loop->waiting--;
}

void http_wake(struct http_request *request)
{
    loop_post(request->loop, &request->task, &request->task);
}

void http_wake_many(struct http_request *const *requests, size_t count)
{
    struct task *newest[LOOPS_LIMIT] = {0}, *oldest[LOOPS_LIMIT] = {0};
    if (!count)
        return;
    struct loop *loops = requests[0]->loop->server->loops;
    int loop_count = requests[0]->loop->server->loop_count;
    for (size_t i = 0; i < count; i++) {
        struct task *task = &requests[i]->task;
        ptrdiff_t which = requests[i]->loop - loops;
        task->next = newest[which];
        newest[which] = task;
        if (!oldest[which])
            oldest[which] = task;
    }
    for (int i = 0; i < loop_count; i++)
        if (newest[i])
            loop_post(&loops[i], newest[i], oldest[i]);
}

enum http_method http_method(const struct http_request *request)
{
    return request->head.method;
}

struct text http_path(const struct http_request *request)
{
    return request->path;
}

struct text http_query(const struct http_request *request)
{
    return head_text(request, request->head.query);
}

struct text http_target(const struct http_request *request)
{
    return head_text(request, request->head.target);
}

struct text http_header(const struct http_request *request, const char *lower_name)
{
    struct text wanted = text_of(lower_name);
    for (size_t i = 0; i < request->head.count; i++)
        if (text_equal(head_text(request, request->head.fields[i].name), wanted))
            return head_text(request, request->head.fields[i].value);
    return (struct text){"", 0};
}

struct text http_header_last(const struct http_request *request, const char *lower_name)
{
    struct text wanted = text_of(lower_name), last = {"", 0};
    for (size_t i = 0; i < request->head.count; i++)
        if (text_equal(head_text(request, request->head.fields[i].name), wanted))
            last = head_text(request, request->head.fields[i].value);
    return last;
}

struct text http_cookie(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->head.count; i++) {
        if (!text_is(head_text(request, request->head.fields[i].name), "cookie"))
            continue;
        struct text rest = head_text(request, request->head.fields[i].value), pair, key;
        while (text_cut(&rest, ';', &pair)) {
            pair = text_trim(pair);
            if (text_cut(&pair, '=', &key) && pair.at && text_is(key, name))
                return pair;
        }
    }
    return (struct text){"", 0};
}

struct text http_body(const struct http_request *request)
{
    return buf_done(&request->body);
}

bool http_turned_away(const struct http_request *request)
{
    return request->plan.turn_away;
}

struct text http_peer(const struct http_request *request)
{
    char name[INET6_ADDRSTRLEN] = "";
    if (request->peer.sin6_family == AF_INET6)
        inet_ntop(AF_INET6, &request->peer.sin6_addr, name, sizeof name);
    else
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)&request->peer)->sin_addr,
                  name, sizeof name);
    return text_copy(request->arena, text_of(name));
}

struct arena *http_arena(struct http_request *request)
{
    return request->arena;
}

void *http_loop_context(struct http_request *request)
{
    return request->loop->context;
}

size_t http_parts(const struct http_request *request, const struct http_part **out)
{
    if (request->upload)
        return upload_parts(request->upload, out);
    *out = NULL;
    return 0;
}

/* The body lies there in one piece, and so does the value of a part of it: in pieces that follow one
 * another but for what looked like a delimiter, so they are put together. */
static bool parts_read(struct multipart *multipart, struct text in, struct arena *arena,
                       struct http_part *parts, size_t *count)
{
    struct buf value = {.arena = arena};
    struct text data;
    for (;;) {
        switch (multipart_next(multipart, &in, &data)) {
        case MULTIPART_BAD:
            return false;
        case MULTIPART_MORE:
            return multipart_ended(multipart);
        case MULTIPART_PART:
            if (*count == PARTS_LIMIT)
                return false;
            value = (struct buf){.arena = arena};
            parts[*count].name = text_copy(arena, multipart->name);
            parts[*count].file_name = text_copy(arena, multipart->file_name);
            parts[*count].media_type = text_copy(arena, multipart->media_type);
            break;
        case MULTIPART_DATA:
            buf_text(&value, data);
            break;
        case MULTIPART_PART_END:
            parts[*count].value = buf_done(&value);
            parts[*count].size = (int64_t)parts[*count].value.len;
            ++*count;
            break;
        }
    }
}

bool http_parts_in_memory(struct http_request *request, const struct http_part **out,
                          size_t *count)
{
    struct text boundary;
    struct arena *arena = http_arena(request);
    struct multipart *multipart = arena_alloc(arena, sizeof *multipart);
    struct http_part *parts = arena_array(arena, PARTS_LIMIT, sizeof *parts);
    *out = parts;
    *count = 0;
    if (request->upload || !multipart_boundary(http_header(request, "content-type"), &boundary))
        return false;
    multipart_begin(multipart, boundary);
    return parts_read(multipart, http_body(request), arena, parts, count);
}

void http_part_keep(struct http_request *request, size_t part)
{
    if (!request->upload)
        http_bug("a part was kept of a request without parts");
    upload_keep(request->upload, part);
}
