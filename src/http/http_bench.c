/* Our server beside libmicrohttpd (epoll, a thread pool of the same size), on the same machine in
 * alternating rounds. Each measurement is a fresh child process; the load comes from here. Prints
 * one line of JSON per figure with the medians and their ratio. Ratios, never a verdict by time. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "http/http.h"
#include "http/load_testing.h"

enum {
    THREADS = 2,
    BODY = 300,
    CONNECTIONS = 1024, /* at most */
    ROUNDS = 15,        /* at most */
    WARM_UP_MS = 300,
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "http_bench: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void *need(void *memory)
{
    if (!memory)
        give_up("memory");
    return memory;
}

/* The one writer, the same for both servers: takes all that waits, one transaction, wakes all. */

struct writer {
    pthread_mutex_t lock;
    pthread_cond_t some;
    void *items[CONNECTIONS];
    size_t count;
    struct text (*body)(void *item);
    void (*wake)(void **items, size_t count);
    sqlite3 *db;
};

static void must_sql(struct writer *writer, int result)
{
    if (result != SQLITE_OK && result != SQLITE_DONE) {
        fprintf(stderr, "http_bench: %s\n", sqlite3_errmsg(writer->db));
        exit(2);
    }
}

static void *write_batches(void *with)
{
    struct writer *writer = with;
    void *batch[CONNECTIONS];
    sqlite3_stmt *insert;
    must_sql(writer, sqlite3_prepare_v2(writer->db, "INSERT INTO rows (body) VALUES ($1)", -1,
                                        &insert, NULL));
    for (;;) {
        pthread_mutex_lock(&writer->lock);
        while (!writer->count)
            pthread_cond_wait(&writer->some, &writer->lock);
        size_t count = writer->count;
        memcpy(batch, writer->items, count * sizeof *batch);
        writer->count = 0;
        pthread_mutex_unlock(&writer->lock);
        must_sql(writer, sqlite3_exec(writer->db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
        for (size_t i = 0; i < count; i++) {
            struct text body = writer->body(batch[i]);
            must_sql(writer, sqlite3_bind_blob(insert, 1, body.at, (int)body.len, SQLITE_STATIC));
            must_sql(writer, sqlite3_step(insert));
            must_sql(writer, sqlite3_reset(insert));
        }
        must_sql(writer, sqlite3_exec(writer->db, "COMMIT", NULL, NULL, NULL));
        writer->wake(batch, count);
    }
    return NULL;
}

static void writer_start(struct writer *writer, const char *directory)
{
    char path[200];
    pthread_t thread;
    snprintf(path, sizeof path, "%s/rows.db", directory);
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->some, NULL);
    must_sql(writer, sqlite3_open(path, &writer->db));
    must_sql(writer, sqlite3_exec(writer->db,
                                  "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                  "CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB)",
                                  NULL, NULL, NULL));
    if (pthread_create(&thread, NULL, write_batches, writer) != 0)
        give_up("thread");
}

static void writer_add(struct writer *writer, void *item)
{
    pthread_mutex_lock(&writer->lock);
    writer->items[writer->count++] = item;
    pthread_cond_signal(&writer->some);
    pthread_mutex_unlock(&writer->lock);
}

/* Ours. */

#define SIXTY_FOUR "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define FOUR(of) of of of of
static const char page[] = FOUR(FOUR(SIXTY_FOUR));
enum { PAGE = sizeof page - 1 };

struct ours {
    struct writer writer;
};

static struct text our_body(void *item)
{
    return http_body(item);
}

static void our_wake(void **items, size_t count)
{
    http_wake_many((struct http_request *const *)(void *)items, count);
}

static void our_resume(struct http_request *request, void *with)
{
    (void)with;
    http_answer_static(request, 201, "application/json", TEXT("{\"index\":1}"));
}

static void our_handle(struct http_request *request, void *context)
{
    struct ours *ours = context;
    if (http_method(request) == HTTP_GET) {
        http_answer_static(request, 200, "text/html; charset=utf-8", (struct text){page, PAGE});
        return;
    }
    http_park(request, our_resume, NULL);
    writer_add(&ours->writer, request);
}

static int serve_ours(const char *directory)
{
    struct ours *ours = need(calloc(1, sizeof *ours));
    struct http_options options = {
        .address = "127.0.0.1", .threads = THREADS, .context = ours, .handle = our_handle};
    struct http_server *server;
    struct fault why = {0};
    ours->writer.body = our_body;
    ours->writer.wake = our_wake;
    writer_start(&ours->writer, directory);
    if (!http_start(&options, &server, &why)) {
        fprintf(stderr, "http_bench: %s\n", why.why);
        exit(2);
    }
    return http_port(server);
}

/* libmicrohttpd's. */

struct other {
    struct writer writer;
    struct MHD_Response *page, *done;
};

struct other_request {
    struct MHD_Connection *connection;
    size_t len;
    bool parked;
    char body[BODY];
};

static struct text other_body(void *item)
{
    const struct other_request *request = item;
    return (struct text){request->body, request->len};
}

static void other_wake(void **items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        MHD_resume_connection(((struct other_request *)items[i])->connection);
}

static enum MHD_Result other_handle(void *with, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version, const char *bytes,
                                    size_t *size, void **kept)
{
    struct other *other = with;
    struct other_request *request = *kept;
    (void)url;
    (void)version;
    if (strcmp(method, "GET") == 0) {
        /* An answer at the first call would close the connection. */
        if (request)
            return MHD_queue_response(connection, 200, other->page);
        *kept = other;
        return MHD_YES;
    }
    if (!request) {
        *kept = request = need(calloc(1, sizeof *request));
        request->connection = connection;
        return MHD_YES;
    }
    if (*size) {
        size_t take = *size < BODY - request->len ? *size : BODY - request->len;
        memcpy(request->body + request->len, bytes, take);
        request->len += take;
        *size = 0;
        return MHD_YES;
    }
    if (request->parked)
        return MHD_queue_response(connection, 201, other->done);
    request->parked = true;
    MHD_suspend_connection(connection);
    writer_add(&other->writer, request);
    return MHD_YES;
}

static void other_completed(void *with, struct MHD_Connection *connection, void **kept,
                            enum MHD_RequestTerminationCode why)
{
    (void)connection;
    (void)why;
    if (*kept != with)
        free(*kept);
}

/* Suspending costs it a little, so it is allowed only where it is needed. */
static int serve_other(const char *directory, bool post)
{
    struct other *other = need(calloc(1, sizeof *other));
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO;
    other->writer.body = other_body;
    other->writer.wake = other_wake;
    writer_start(&other->writer, directory);
    other->page = MHD_create_response_from_buffer(PAGE, (void *)page, MHD_RESPMEM_PERSISTENT);
    other->done =
        MHD_create_response_from_buffer(11, (char[]){"{\"index\":1}"}, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(other->page, "Content-Type", "text/html; charset=utf-8");
    MHD_add_response_header(other->done, "Content-Type", "application/json");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon =
        MHD_start_daemon(flags | (post ? MHD_ALLOW_SUSPEND_RESUME : 0), 0, NULL, NULL, other_handle,
                         other, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_THREAD_POOL_SIZE,
                         (unsigned)THREADS, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS * 2,
                         MHD_OPTION_NOTIFY_COMPLETED, other_completed, other, MHD_OPTION_END);
    if (!daemon)
        give_up("libmicrohttpd");
    return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

/* What one measurement gives. */

struct figures {
    double per_second;
    double p99_ms;
    double cpu_us; /* of the server, a request */
};

static void remove_directory(const char *directory)
{
    static const char *const files[] = {"rows.db", "rows.db-wal", "rows.db-shm"};
    char path[200];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, files[i]);
        unlink(path);
    }
    rmdir(directory);
}

/* One server in a child, one load. */
static struct figures measure(bool ours, bool post, int connections, int seconds)
{
    char directory[] = "/tmp/yimen-bench-XXXXXX", text[700];
    int pipe_fds[2], port = 0;
    if (!mkdtemp(directory) || pipe(pipe_fds) != 0)
        give_up("directory");
    pid_t child = fork();
    if (child == 0) {
        port = ours ? serve_ours(directory) : serve_other(directory, post);
        if (write(pipe_fds[1], &port, sizeof port) != sizeof port)
            give_up("pipe");
        for (;;)
            pause();
    }
    if (child < 0 || read(pipe_fds[0], &port, sizeof port) != sizeof port)
        give_up("child");
    int len = post ? snprintf(text, sizeof text,
                              "POST /rows HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                              "application/json\r\nContent-Length: %d\r\n\r\n%0*d",
                              BODY, BODY, 7)
                   : snprintf(text, sizeof text,
                              "GET /page HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n");
    struct load load = load_repeat(port, (struct text){text, (size_t)len}, (size_t)connections,
                                   WARM_UP_MS, seconds);
    struct rusage used;
    int status;
    kill(child, SIGKILL);
    wait4(child, &status, 0, &used);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    remove_directory(directory);
    double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    return (struct figures){load.per_second, load.p99_ms, cpu / (double)load.all};
}

static void compare(const char *figure, bool post, int connections, int rounds, int seconds)
{
    double rate[2][ROUNDS], p99[2][ROUNDS], cpu[2][ROUNDS], ratio[ROUNDS];
    size_t count = (size_t)rounds;
    for (int i = 0; i < rounds; i++) {
        for (int k = 0; k < 2; k++) {
            int who = (i + k) % 2; /* each goes first in turn */
            struct figures load = measure(who == 0, post, connections, seconds);
            if (load.per_second <= 0) { /* no ratio can be made of it */
                fprintf(stderr, "http_bench: %s answered nothing to %d connections\n",
                        who == 0 ? "our server" : "libmicrohttpd", connections);
                exit(2);
            }
            rate[who][i] = load.per_second;
            p99[who][i] = load.p99_ms;
            cpu[who][i] = load.cpu_us;
        }
        ratio[i] = rate[0][i] / rate[1][i];
    }
    printf("{\"figure\":\"%s\",\"connections\":%d,\"rounds\":%d,\"seconds\":%d,"
           "\"ours_per_s\":%.0f,\"microhttpd_per_s\":%.0f,\"ratio\":%.2f,"
           "\"ours_p99_ms\":%.1f,\"microhttpd_p99_ms\":%.1f,"
           "\"ours_cpu_us\":%.1f,\"microhttpd_cpu_us\":%.1f}\n",
           figure, connections, rounds, seconds, load_median(rate[0], count),
           load_median(rate[1], count), load_median(ratio, count), load_median(p99[0], count),
           load_median(p99[1], count), load_median(cpu[0], count), load_median(cpu[1], count));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int rounds = 5, seconds = 2;
    struct rlimit limit = {4096, 4096};
    if (argc > 3) {
        fputs("usage: http_bench [ROUNDS [SECONDS]]\n", stderr);
        return 2;
    }
    if (argc > 1)
        rounds = atoi(argv[1]);
    if (argc > 2)
        seconds = atoi(argv[2]);
    if (rounds < 1 || rounds > ROUNDS || seconds < 1 || seconds > 60) {
        fprintf(stderr, "http_bench: 1 to %d rounds of 1 to 60 seconds\n", ROUNDS);
        return 2;
    }
    setrlimit(RLIMIT_NOFILE, &limit);
    compare("http.get", false, 256, rounds, seconds);
    compare("http.post_grouped", true, 64, rounds, seconds);
    compare("http.post_grouped", true, 256, rounds, seconds);
    return 0;
}
