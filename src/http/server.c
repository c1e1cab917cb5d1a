#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"
#include "http/inside.h"

enum { BACKLOG = 4096, DISK_THREADS = 2, OUTSIDE_THREADS = 4 };

static void fill_options(struct http_server *server, const struct http_options *from)
{
    struct http_options *o = &server->options;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *o = *from;
    server->address = strdup(from->address ? from->address : "127.0.0.1");
    server->upload_directory = from->upload_directory ? strdup(from->upload_directory) : NULL;
    server->rejected_fields = strdup(from->rejected_fields ? from->rejected_fields : "");
    o->address = server->address;
    o->upload_directory = server->upload_directory;
    if (o->threads <= 0)
        o->threads = cores < 1 ? 1 : (int)cores;
    if (o->threads > LOOPS_LIMIT)
        o->threads = LOOPS_LIMIT;
    if (o->header_timeout_ms <= 0)
        o->header_timeout_ms = 10000;
    if (o->idle_timeout_ms <= 0)
        o->idle_timeout_ms = 60000;
    if (o->body_timeout_ms <= 0)
        o->body_timeout_ms = 10000;
    if (o->body_rate <= 0)
        o->body_rate = 1024;
    if (o->write_timeout_ms <= 0)
        o->write_timeout_ms = 30000;
    if (o->header_limit == 0)
        o->header_limit = 16 * 1024;
    if (o->header_limit > SCRATCH_SIZE / 2)
        o->header_limit = SCRATCH_SIZE / 2;
    if (o->target_limit == 0)
        o->target_limit = 4 * 1024;
    if (o->hard_line <= 0)
        o->hard_line = 32 * (o->threads < 2 ? 2 : o->threads);
    if (o->connection_limit <= 0)
        o->connection_limit = 50000;
    server->limits = (struct head_limits){o->header_limit, o->target_limit};
}

/* So many connections need as many descriptors; the soft limit is often 1024. */
static void raise_descriptors(int connection_limit)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)connection_limit + 256;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log_line(LOG_WARN, "http.descriptors", "the descriptor limit stays: %s", strerror(errno));
}

static bool read_address(const struct http_options *o, struct sockaddr_storage *out,
                         socklen_t *size, struct fault *why)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    memset(out, 0, sizeof *out);
    if (o->port < 0 || o->port > 65535)
        return fault_set(why, "%d is not a port", o->port);
    if (inet_pton(AF_INET, o->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)o->port);
        *size = sizeof *v4;
        return true;
    }
    if (inet_pton(AF_INET6, o->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)o->port);
        *size = sizeof *v6;
        return true;
    }
    return fault_set(why, "%s is not an IPv4 or IPv6 address", o->address);
}

/* A bound socket, listening unless it is only to see whether the port is free; -1 on a fault. */
static int open_socket(const struct sockaddr_storage *address, socklen_t size, bool shared)
{
    int one = 1;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (address->ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if ((shared && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) != 0) ||
        bind(fd, (const struct sockaddr *)address, size) != 0 ||
        (shared && listen(fd, BACKLOG) != 0)) {
        int failed = errno;
        close(fd);
        errno = failed;
        return -1;
    }
    return fd;
}

static bool listen_all(struct http_server *server, struct fault *why)
{
    const struct http_options *o = &server->options;
    struct sockaddr_storage address;
    socklen_t size;
    if (!read_address(o, &address, &size, why))
        return false;
    /* Sharing a port among our loops would also share it with a second server started by mistake.
     */
    int probe = o->port ? open_socket(&address, size, false) : -1;
    if (o->port && probe < 0)
        return fault_set(why, "cannot listen on %s port %d: %s", o->address, o->port,
                         strerror(errno));
    if (probe >= 0)
        close(probe);
    for (int i = 0; i < server->loop_count; i++) {
        int fd = open_socket(&address, size, true);
        if (fd < 0)
            return fault_set(why, "cannot listen on %s port %d: %s", o->address, o->port,
                             strerror(errno));
        server->loops[i].listener = fd;
        if (i == 0 && getsockname(fd, (struct sockaddr *)&address, &size) != 0)
            return fault_set(why, "cannot ask for the port: %s", strerror(errno));
    }
    server->port =
        ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)&address)->sin_port
                                           : ((struct sockaddr_in6 *)&address)->sin6_port);
    return true;
}

static void make_loops(struct http_server *server)
{
    const struct http_options *o = &server->options;
    server->loop_count = o->threads;
    server->loops = calloc((size_t)server->loop_count, sizeof *server->loops);
    if (!server->loops)
        http_bug("out of memory for a server");
    for (int i = 0; i < server->loop_count; i++) {
        struct loop *loop = &server->loops[i];
        loop->server = server;
        loop->transport = &plain_transport;
        loop->epoll = loop->event = loop->listener = -1;
        loop->duration[TIMER_HEADER] = o->header_timeout_ms;
        loop->duration[TIMER_IDLE] = o->idle_timeout_ms;
        loop->duration[TIMER_BODY] = o->body_timeout_ms;
        loop->duration[TIMER_WRITE] = o->write_timeout_ms;
        loop->duration[TIMER_LINGER] = LINGER_MS;
    }
}

static void server_free(struct http_server *server)
{
    pool_free(server->helpers);
    pool_free(server->hard);
    pool_free(server->outside);
    pool_free(server->disk);
    for (int i = 0; i < server->loop_count; i++)
        loop_close(&server->loops[i]);
    free(server->loops);
    free(server->address);
    free(server->upload_directory);
    free(server->rejected_fields);
    pthread_cond_destroy(&server->started);
    pthread_mutex_destroy(&server->start_lock);
    free(server);
}

static void stop_loops(struct http_server *server, int count, int64_t at)
{
    atomic_store(&server->stop_at, at);
    for (int i = 0; i < count; i++)
        loop_ring(&server->loops[i]);
    for (int i = 0; i < count; i++)
        loop_join(&server->loops[i]);
}

static bool start_threads(struct http_server *server, struct fault *why)
{
    int threads = server->options.threads;
    server->helpers = pool_new(threads < 2 ? 2 : threads, why);
    server->hard = server->helpers ? pool_new(threads < 2 ? 2 : threads, why) : NULL;
    server->outside = server->hard ? pool_new(OUTSIDE_THREADS, why) : NULL;
    server->disk = server->outside ? pool_new(DISK_THREADS, why) : NULL;
    if (!server->disk)
        return false;
    for (int i = 0; i < server->loop_count; i++)
        if (!loop_start(&server->loops[i], why)) {
            stop_loops(server, i, 1);
            return false;
        }
    return true;
}

bool http_start(const struct http_options *options, struct http_server **out, struct fault *why)
{
    struct http_server *server = calloc(1, sizeof *server);
    if (!server || !options->handle)
        http_bug("a server without memory or handler");
    pthread_mutex_init(&server->start_lock, NULL);
    pthread_cond_init(&server->started, NULL);
    fill_options(server, options);
    raise_descriptors(server->options.connection_limit);
    make_loops(server);
    /* Signals are the main thread's; and a broken pipe is an error of sendfile, not a signal. */
    sigset_t every, before;
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    bool good = listen_all(server, why) && start_threads(server, why);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!good) {
        server_free(server);
        return false;
    }
    *out = server;
    return true;
}

int http_port(const struct http_server *server)
{
    return server->port;
}

void http_stop(struct http_server *server, int grace_ms)
{
    stop_loops(server, server->loop_count, time_monotonic() + (grace_ms > 0 ? grace_ms : 0));
    server_free(server);
}

struct http_figures http_figures(const struct http_server *server)
{
    struct http_figures sum = {0};
    for (int i = 0; i < server->loop_count; i++) {
        const struct counters *c = &server->loops[i].counters;
        sum.connections += atomic_load_explicit(&c->connections, memory_order_relaxed);
        sum.requests += atomic_load_explicit(&c->requests, memory_order_relaxed);
        sum.bytes_in += atomic_load_explicit(&c->bytes_in, memory_order_relaxed);
        sum.bytes_out += atomic_load_explicit(&c->bytes_out, memory_order_relaxed);
        sum.rejected += atomic_load_explicit(&c->rejected, memory_order_relaxed);
        sum.timed_out += atomic_load_explicit(&c->timed_out, memory_order_relaxed);
        sum.streams += atomic_load_explicit(&c->streams, memory_order_relaxed);
    }
    return sum;
}
