#include "http/load_testing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUCKETS = 50000 /* of 0.1 ms */, READ = 64 * 1024 };

struct client {
    int fd;
    size_t number;
    char *bytes;
    size_t got, room;
    size_t head;  /* bytes of the answer's head, 0: not whole yet */
    size_t whole; /* bytes of the answer */
    int64_t sent_at;
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void *need(void *memory)
{
    if (!memory)
        give_up("memory");
    return memory;
}

int64_t load_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double load_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static int dial(int port)
{
    int one = 1;
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        give_up("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void say(struct client *client, struct text request)
{
    client->got = client->head = 0;
    client->sent_at = load_now_us();
    if (send(client->fd, request.at, request.len, MSG_NOSIGNAL) != (ssize_t)request.len)
        give_up("send");
}

/* Finds where the answer ends once its head is there. */
static void read_head(struct client *client)
{
    const char *end = memmem(client->bytes, client->got, "\r\n\r\n", 4);
    if (!end)
        return;
    client->head = (size_t)(end - client->bytes) + 4;
    const char *length = memmem(client->bytes, client->head, "Content-Length: ", 16);
    if (!length || client->head < 12) {
        errno = EPROTO;
        give_up("an answer without a length");
    }
    client->whole = client->head + strtoul(length + 16, NULL, 10);
}

/* False: the answer is not whole yet. */
static bool hear(struct client *client)
{
    if (client->room - client->got < READ)
        client->bytes = need(realloc(client->bytes, client->room += READ));
    ssize_t got = recv(client->fd, client->bytes + client->got, client->room - client->got, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (got <= 0)
        give_up("recv");
    client->got += (size_t)got;
    if (!client->head)
        read_head(client);
    return client->head && client->got >= client->whole;
}

static int status_of(const struct client *client)
{
    return atoi(client->bytes + 9);
}

static void tell(const struct load_use *use, const struct client *client)
{
    struct text body = {client->bytes + client->head, client->whole - client->head};
    int status = status_of(client);
    if (use->heard) {
        use->heard(use->with, client->number, status, body);
    } else if (status < 200 || status > 299) {
        fprintf(stderr, "load: %d: %.*s\n", status, (int)(body.len < 400 ? body.len : 400), body.at);
        exit(2);
    }
}

static double percentile(const int64_t *buckets, int64_t count)
{
    int64_t seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
        seen += buckets[i];
        if (seen * 100 >= count * 99)
            return (i + 1) / 10.0;
    }
    return BUCKETS / 10.0;
}

struct load load_run(int port, const struct load_use *use, size_t connections, int warm_up_ms,
                     int seconds)
{
    struct client *clients = need(calloc(connections, sizeof *clients));
    int64_t *buckets = need(calloc(BUCKETS, sizeof *buckets));
    struct load load = {0};
    size_t busy = 0;
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < connections; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[i]};
        clients[i].number = i;
        clients[i].fd = dial(port);
        epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &event);
    }
    int64_t start = load_now_us(), from = start + warm_up_ms * 1000LL, now;
    int64_t until = seconds ? from + seconds * 1000000LL : INT64_MAX;
    for (size_t i = 0; i < connections; i++) {
        struct text request = use->next(use->with, i);
        busy += request.len > 0;
        if (request.len)
            say(&clients[i], request);
    }
    while (busy && (now = load_now_us()) < until) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, 100);
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            if (!hear(client))
                continue;
            load.all++;
            if (now >= from) {
                int64_t took = (load_now_us() - client->sent_at) / 100;
                buckets[took < BUCKETS ? took : BUCKETS - 1]++;
                load.count++;
            }
            tell(use, client);
            struct text request = use->next(use->with, client->number);
            busy -= request.len == 0;
            if (request.len)
                say(client, request);
        }
    }
    load.seconds = (double)(load_now_us() - from) / 1e6;
    load.per_second = (double)load.count / load.seconds;
    load.p99_ms = percentile(buckets, load.count);
    for (size_t i = 0; i < connections; i++) {
        close(clients[i].fd);
        free(clients[i].bytes);
    }
    close(epoll);
    free(clients);
    free(buckets);
    return load;
}

static struct text same_again(void *with, size_t connection)
{
    (void)connection;
    return *(const struct text *)with;
}

struct load load_repeat(int port, struct text request, size_t connections, int warm_up_ms,
                        int seconds)
{
    struct load_use use = {.with = &request, .next = same_again};
    return load_run(port, &use, connections, warm_up_ms, seconds);
}

struct text load_once(int port, struct text request)
{
    struct client client = {.fd = dial(port)};
    say(&client, request);
    while (!hear(&client))
        ;
    close(client.fd);
    if (status_of(&client) / 100 != 2) {
        fprintf(stderr, "load: %.*s\n", (int)client.got, client.bytes);
        exit(2);
    }
    size_t len = client.whole - client.head;
    memmove(client.bytes, client.bytes + client.head, len);
    return (struct text){client.bytes, len};
}
