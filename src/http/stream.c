#include <stdlib.h>
#include <string.h>

#include "http/inside.h"

static void stream_finish(struct http_stream *stream)
{
    if (stream->on_close)
        stream->on_close(stream->with);
    pthread_mutex_destroy(&stream->lock);
    free(stream->waiting);
    free(stream);
}

/* On the loop's thread: sends what was gathered. */
static void stream_task(struct task *task)
{
    struct http_stream *stream =
        (struct http_stream *)((char *)task - offsetof(struct http_stream, task));
    struct connection *c = stream->connection;
    pthread_mutex_lock(&stream->lock);
    char *bytes = stream->waiting;
    size_t len = stream->waiting_len;
    bool ended = stream->ended, slow = stream->slow;
    stream->posted = false;
    stream->waiting = NULL;
    stream->waiting_len = stream->waiting_cap = 0;
    stream->unsent += len;
    pthread_mutex_unlock(&stream->lock);
    if (!c) { /* the peer went between the posting and now */
        free(bytes);
        stream->loop->waiting--;
        stream_finish(stream);
        return;
    }
    if (slow) {
        free(bytes);
        connection_close(c);
        return;
    }
    c->working = true;
    output_add(c, bytes, len);
    free(bytes);
    c->closing |= ended;
    connection_work(c);
}

/* Under the lock. */
static void post(struct http_stream *stream)
{
    if (stream->posted)
        return;
    stream->posted = true;
    stream->task.run = stream_task;
    loop_post(stream->loop, &stream->task, &stream->task);
}

void stream_begin(struct http_stream *stream, struct connection *c)
{
    stream->connection = c;
    if (c) {
        c->stream = stream;
        count_up(&stream->loop->counters.streams, 1);
        return;
    }
    /* Nobody listens: on_close must still come, but not from within http_stream. */
    pthread_mutex_lock(&stream->lock);
    stream->ended = true;
    stream->loop->waiting++;
    post(stream);
    pthread_mutex_unlock(&stream->lock);
}

bool http_stream_send(struct http_stream *stream, struct text bytes)
{
    pthread_mutex_lock(&stream->lock);
    bool open = !stream->ended;
    if (open && bytes.len) {
        size_t len = stream->waiting_len + bytes.len;
        if (bytes.len > STREAM_LIMIT || stream->unsent + len > STREAM_LIMIT) {
            stream->ended = stream->slow = true;
            open = false;
        } else {
            if (len > stream->waiting_cap) {
                size_t cap = len < 256 ? 256 : len + len / 2;
                char *to = realloc(stream->waiting, cap);
                if (!to)
                    http_bug("out of memory for a stream");
                stream->waiting = to;
                stream->waiting_cap = cap;
            }
            memcpy(stream->waiting + stream->waiting_len, bytes.at, bytes.len);
            stream->waiting_len = len;
        }
        post(stream);
    }
    pthread_mutex_unlock(&stream->lock);
    return open;
}

void http_stream_end(struct http_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    if (!stream->ended) {
        stream->ended = true;
        post(stream);
    }
    pthread_mutex_unlock(&stream->lock);
}

void stream_gone(struct http_stream *stream)
{
    stream->connection = NULL;
    count_up(&stream->loop->counters.streams, -1);
    pthread_mutex_lock(&stream->lock);
    stream->ended = true;
    bool posted = stream->posted;
    pthread_mutex_unlock(&stream->lock);
    if (posted)
        stream->loop->waiting++; /* its task will finish it */
    else
        stream_finish(stream);
}

void stream_sent(struct http_stream *stream, size_t bytes)
{
    pthread_mutex_lock(&stream->lock);
    stream->unsent -= bytes < stream->unsent ? bytes : stream->unsent;
    pthread_mutex_unlock(&stream->lock);
}
