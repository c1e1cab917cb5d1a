/* A bare client for this room's tests: raw bytes over loopback, and a reader of answers. */
#ifndef YIMEN_HTTP_HTTP_TESTING_H
#define YIMEN_HTTP_HTTP_TESTING_H

#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"
#include "http/http.h"

/* A connected socket to 127.0.0.1, or -1. */
static inline int dial(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static inline bool say(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size) {
        ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

static inline bool say_text(int fd, const char *text)
{
    return say(fd, text, strlen(text));
}

enum { HEARD_ANSWERS = 16 };

/* What came back: bytes, statuses of the answers in them, whether the peer closed. */
struct heard {
    char bytes[512 * 1024];
    size_t len;
    int statuses[HEARD_ANSWERS];
    int count;
    bool whole; /* the last answer is complete */
    bool junk;
    bool closed;
};

/* The length of the answer at at, 0 while it is not whole, -1 if it is none. */
static inline ptrdiff_t answer_size(const char *at, size_t len, bool head_only, int *status)
{
    struct text all = {at, len};
    if (len < 12)
        return 0;
    if (memcmp(at, "HTTP/1.1 ", 9) != 0)
        return -1;
    *status = atoi(at + 9);
    ptrdiff_t end = text_find(all, TEXT("\r\n\r\n"));
    if (end < 0)
        return 0;
    struct text head = {at, (size_t)end + 2};
    ptrdiff_t length_at = text_find(head, TEXT("Content-Length: "));
    size_t body = 0;
    if (length_at >= 0 && !head_only && *status >= 200)
        body = (size_t)atoll(at + length_at + 16);
    return len >= (size_t)end + 4 + body ? end + 4 + (ptrdiff_t)body : 0;
}

static inline void understand(struct heard *heard, bool head_only)
{
    size_t at = 0;
    heard->count = 0;
    heard->junk = false;
    heard->whole = true;
    while (at < heard->len && heard->count < HEARD_ANSWERS) {
        int status = 0;
        ptrdiff_t size = answer_size(heard->bytes + at, heard->len - at, head_only, &status);
        if (size < 0)
            heard->junk = true;
        if (size == 0)
            heard->whole = false;
        if (size <= 0)
            return;
        heard->statuses[heard->count++] = status;
        at += (size_t)size;
    }
}

/* Listens until there are at least `answers` whole answers and then quiet_ms more of silence, or
 * the peer closes, or patience_ms are over. */
static inline void hear(int fd, struct heard *heard, int answers, bool head_only, int quiet_ms,
                        int patience_ms)
{
    int64_t until = time_monotonic() + patience_ms;
    while (!heard->closed && heard->len < sizeof heard->bytes) {
        understand(heard, head_only);
        bool enough = heard->count >= answers && heard->whole;
        int64_t left = until - time_monotonic();
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&wait, 1, enough && quiet_ms < left ? quiet_ms : (int)left) == 0)
            break;
        ssize_t got = recv(fd, heard->bytes + heard->len, sizeof heard->bytes - heard->len, 0);
        if (got <= 0)
            heard->closed = true;
        else
            heard->len += (size_t)got;
    }
    understand(heard, head_only);
}

static inline struct heard *heard_new(void)
{
    struct heard *heard = calloc(1, sizeof *heard);
    if (!heard)
        abort();
    return heard;
}

static inline bool heard_has(const struct heard *heard, const char *what)
{
    return text_find((struct text){heard->bytes, heard->len}, text_of(what)) >= 0;
}

/* Listens until these words came, the peer closes or 5 s are over. */
static inline bool hear_words(int fd, struct heard *heard, const char *words)
{
    int64_t until = time_monotonic() + 5000, left;
    while (!heard_has(heard, words) && !heard->closed && (left = until - time_monotonic()) > 0) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (poll(&wait, 1, (int)left) == 0)
            break;
        ssize_t got = recv(fd, heard->bytes + heard->len, sizeof heard->bytes - heard->len, 0);
        if (got <= 0)
            heard->closed = true;
        else
            heard->len += (size_t)got;
    }
    return heard_has(heard, words);
}

/* Waits for a condition that other threads bring about. */
#define eventually(condition)                                                                      \
    do {                                                                                           \
        for (int tries_ = 0; !(condition) && tries_ < 1000; tries_++)                              \
            usleep(5000);                                                                          \
        assert_true(condition);                                                                    \
    } while (0)

/* One request on a connection of its own; the caller frees the result. */
static inline struct heard *ask(int port, const char *request)
{
    struct heard *heard = heard_new();
    int fd = dial(port);
    if (fd < 0 || !say_text(fd, request))
        abort();
    hear(fd, heard, 1, false, 0, 5000);
    close(fd);
    return heard;
}

#endif
