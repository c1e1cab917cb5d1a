#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "http/inside.h"

static ssize_t plain_receive(struct connection *c, void *to, size_t size)
{
    return recv(c->fd, to, size, 0);
}

static ssize_t plain_send(struct connection *c, const struct iovec *parts, int count, bool more)
{
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
    return sendmsg(c->fd, &message, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
}

static ssize_t plain_send_file(struct connection *c, int file, int64_t *at, size_t size)
{
    off_t offset = *at;
    ssize_t sent = sendfile(c->fd, file, &offset, size);
    *at = offset;
    return sent;
}

const struct transport plain_transport = {plain_receive, plain_send, plain_send_file};

static char *more_memory(char *at, size_t size)
{
    char *to = realloc(at, size);
    if (!to)
        http_bug("out of memory for output");
    return to;
}

void output_add(struct connection *c, const void *bytes, size_t size)
{
    if (!c->out && c->working) {
        c->out = c->loop->out;
        c->out_cap = SCRATCH_SIZE;
    }
    if (!c->out || size > c->out_cap - c->out_len) {
        size_t cap = c->out_len + size + 1024;
        if (cap > UINT32_MAX)
            http_bug("an answer's head over 4 GiB");
        if (c->out && c->out == c->loop->out) {
            c->out = more_memory(NULL, cap);
            memcpy(c->out, c->loop->out, c->out_len);
        } else {
            c->out = more_memory(c->out, cap);
        }
        c->out_cap = (uint32_t)cap;
    }
    if (size)
        memcpy(c->out + c->out_len, bytes, size);
    c->out_len += (uint32_t)size;
}

static void forget_bytes(struct connection *c)
{
    if (c->out != c->loop->out)
        free(c->out);
    c->out = NULL;
    c->out_at = c->out_len = c->out_cap = 0;
}

static void forget_tail(struct connection *c)
{
    if (!c->tail)
        return;
    if (c->tail->file >= 0)
        close(c->tail->file);
    free(c->tail->owned);
    free(c->tail);
    c->tail = NULL;
}

void output_drop(struct connection *c)
{
    forget_bytes(c);
    forget_tail(c);
}

void output_keep(struct connection *c)
{
    if (c->out != c->loop->out)
        return;
    size_t left = c->out_len - c->out_at;
    char *copy = left ? more_memory(NULL, left) : NULL;
    if (left)
        memcpy(copy, c->out + c->out_at, left);
    c->out = copy;
    c->out_at = 0;
    c->out_len = c->out_cap = (uint32_t)left;
}

/* Marks sent bytes as gone: first the memory, then the tail. */
static void advance(struct connection *c, size_t sent)
{
    c->bytes_out += (int64_t)sent;
    count_up(&c->loop->counters.bytes_out, (int64_t)sent);
    if (c->stream)
        stream_sent(c->stream, sent);
    size_t head = c->out_len - c->out_at;
    size_t from_head = sent < head ? sent : head;
    c->out_at += (uint32_t)from_head;
    if (c->out_at == c->out_len)
        forget_bytes(c);
    if (!c->tail)
        return;
    if (c->tail->file < 0) {
        c->tail->bytes = text_slice(c->tail->bytes, sent - from_head, c->tail->bytes.len);
        if (!c->tail->bytes.len)
            forget_tail(c);
    }
}

/* 1 sent some, 0 must wait, -1 the peer is gone. */
static int send_file_part(struct connection *c)
{
    struct tail *tail = c->tail;
    size_t want = tail->file_left < FILE_TURN ? (size_t)tail->file_left : FILE_TURN;
    ssize_t sent = c->loop->transport->send_file(c, tail->file, &tail->file_at, want);
    if (sent < 0 && errno == EAGAIN) {
        c->writable = false;
        return 0;
    }
    if (sent < 0 && errno == EINTR)
        return 1;
    if (sent <= 0) /* 0: the file became shorter than was promised */
        return -1;
    tail->file_left -= sent;
    c->bytes_out += sent;
    count_up(&c->loop->counters.bytes_out, sent);
    if (!tail->file_left)
        forget_tail(c);
    return 1;
}

static int send_bytes(struct connection *c)
{
    struct iovec parts[2];
    int count = 0;
    size_t size = 0;
    if (c->out_at < c->out_len) {
        size = c->out_len - c->out_at;
        parts[count++] = (struct iovec){c->out + c->out_at, size};
    }
    bool file = c->tail && c->tail->file >= 0;
    if (c->tail && !file) {
        parts[count++] = (struct iovec){(void *)c->tail->bytes.at, c->tail->bytes.len};
        size += c->tail->bytes.len;
    }
    ssize_t sent = c->loop->transport->send(c, parts, count, file);
    if (sent < 0 && errno == EAGAIN) {
        c->writable = false;
        return 0;
    }
    if (sent < 0)
        return errno == EINTR ? 1 : -1;
    /* A short write means the socket's buffer is full; the edge will come when it is not. */
    if ((size_t)sent < size)
        c->writable = false;
    advance(c, (size_t)sent);
    return 1;
}

bool output_send(struct connection *c)
{
    int64_t file_bytes = 0;
    while (c->writable && output_waits(c)) {
        int64_t before = c->bytes_out;
        bool file = c->tail && c->tail->file >= 0 && c->out_at == c->out_len;
        int result = file ? send_file_part(c) : send_bytes(c);
        if (result < 0)
            return false;
        if (result == 0)
            break;
        file_bytes += file ? c->bytes_out - before : 0;
        if (file_bytes >= FILE_TURN && output_waits(c)) {
            loop_ready(c->loop, c);
            break;
        }
    }
    return true;
}
