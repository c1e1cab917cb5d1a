/* What cases cost: through the conductor, over HTTP, as pages, replayed, on PostgreSQL; each beside
 * what it is measured against, in alternating rounds of one run. One line of JSON a figure. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/bench_testing.h"
#include "cli/cli.h"
#include "door/door.h"
#include "http/http.h"
#include "modules.h"

enum { ROUNDS = 15 /* at most */, WARM_UP_MS = 500 };

/* Both sides of a comparison, round by round. */
struct pairing {
    size_t rounds;
    double ours[ROUNDS], theirs[ROUNDS], ratio[ROUNDS], p99[ROUNDS];
    double our_cpu[ROUNDS], their_cpu[ROUNDS], cpu_ratio[ROUNDS]; /* microseconds each */
};

static void add(struct pairing *pairing, double ours, double theirs, double our_cpu_us,
                double their_cpu_us)
{
    size_t i = pairing->rounds++;
    pairing->ours[i] = ours;
    pairing->theirs[i] = theirs;
    pairing->ratio[i] = ours / theirs;
    pairing->our_cpu[i] = our_cpu_us;
    pairing->their_cpu[i] = their_cpu_us;
    pairing->cpu_ratio[i] = our_cpu_us > 0 ? their_cpu_us / our_cpu_us : 0;
}

static void print(struct pairing *pairing, const char *what, const char *against, double goal,
                  const char *unit, const char *more)
{
    size_t n = pairing->rounds;
    printf("{\"what\":\"%s\",\"against\":\"%s\",\"goal\":%.1f,\"ratio\":%.2f,\"ours\":%.0f,"
           "\"theirs\":%.0f,\"unit\":\"%s\",\"rounds\":%zu,\"ours_cpu_us\":%.1f,"
           "\"theirs_cpu_us\":%.1f,\"cpu_ratio\":%.2f%s}\n",
           what, against, goal, load_median(pairing->ratio, n), load_median(pairing->ours, n),
           load_median(pairing->theirs, n), unit, n, load_median(pairing->our_cpu, n),
           load_median(pairing->their_cpu, n), load_median(pairing->cpu_ratio, n), more);
    fflush(stdout);
}

/* ---- through the conductor, and replayed ---- */

static void measure_flow(size_t rounds, size_t clients, size_t cases)
{
    struct bench_world world;
    struct pairing left = {0}, written = {0}, replay = {0};
    struct bench_figures live = {0};
    struct bench_rows rows = {0}, versions = {0};
    char more[300];
    bench_world_make(&world, NULL);
    for (size_t i = 0; i < rounds; i++) {
        struct fault why = {0};
        const char *ran = bench_copy(&world, "ran.db");
        int64_t replayed = 0;
        live = bench_flow(&world, ran, clients, cases);
        rows = bench_bare(&world, ran, live.commands, false);
        versions = bench_bare(&world, ran, live.commands, true);
        double commands = (double)live.commands;
        add(&written, commands / live.seconds, commands / versions.seconds,
            live.cpu_seconds * 1e6 / commands, versions.cpu_seconds * 1e6 / commands);
        add(&left, commands / live.seconds, commands / rows.seconds,
            live.cpu_seconds * 1e6 / commands, rows.cpu_seconds * 1e6 / commands);
        int64_t from = load_now_us();
        double cpu = bench_cpu();
        if (!flow_rebuild(ran, modules, NULL, &replayed, &why))
            bench_give_up("rebuild: %s", why.why);
        double took = (double)(load_now_us() - from) / 1e6, entries = (double)live.entries;
        add(&replay, (double)replayed / took, commands / live.seconds,
            (bench_cpu() - cpu) * 1e6 / (double)replayed, live.cpu_seconds * 1e6 / commands);
        replay.p99[i] = (double)replayed / took / (entries / live.seconds);
    }
    snprintf(more, sizeof more,
             ",\"clients\":%zu,\"commands\":%lld,\"entries\":%lld,\"batches\":%lld,\"rows\":%lld,"
             "\"row_bytes\":%lld,\"transactions\":%lld",
             clients, (long long)live.commands, (long long)live.entries, (long long)live.batches,
             (long long)versions.rows, (long long)versions.bytes, (long long)versions.transactions);
    print(&written, "case commands through flow", "bare SQLite, every row written, 256 a transaction",
          0.5, "commands/s", more);
    snprintf(more, sizeof more, ",\"rows\":%lld,\"row_bytes\":%lld", (long long)rows.rows,
             (long long)rows.bytes);
    print(&left, "case commands through flow", "bare SQLite, the rows left, no version before", 0.5,
          "commands/s", more);
    snprintf(more, sizeof more, ",\"per_entry_ratio\":%.2f", load_median(replay.p99, rounds));
    print(&replay, "rebuild, entries", "live commands", 3, "1/s", more);
    bench_world_end(&world);
}

/* ---- over HTTP ---- */

struct server {
    pid_t child;
    int port;
};

static int start_door(struct bench_world *world, const char *where)
{
    static const int64_t regions[] = {BENCH_REGION};
    static const struct door_region described = {.region = BENCH_REGION,
                                                 .place = TEXT("行政服务中心")};
    struct door *door = door_new();
    struct flow *flow;
    struct fault why = {0};
    struct flow_options options = {.where = where,
                                   .modules = modules,
                                   .regions = regions,
                                   .region_count = 1,
                                   .now = bench_now,
                                   .clock = world,
                                   .timers = true,
                                   .after_batch = door_ring,
                                   .context = door};
    if (!flow_open(&options, &flow, &why) || !flow_start(flow, &why))
        bench_give_up("%s", why.why);
    /* As long as the process: the door keeps pointing at it. */
    struct door_options *front = arena_alloc(arena_new(1024), sizeof *front);
    *front = (struct door_options){.where = where,
                                   .modules = modules,
                                   .flow = flow,
                                   .regions = &described,
                                   .region_count = 1,
                                   .files_directory = world->directory,
                                   .address = "127.0.0.1"};
    if (!door_start(door, front, &why))
        bench_give_up("%s", why.why);
    bench_checkpoints_start(where);
    return door_port(door);
}

struct constant {
    const char *media_type;
    struct text body;
};

static void answer_constant(struct http_request *request, void *context)
{
    const struct constant *constant = context;
    http_answer_static(request, 200, constant->media_type, constant->body);
}

static int start_constant(struct constant *constant)
{
    struct http_options options = {
        .address = "127.0.0.1", .context = constant, .handle = answer_constant};
    struct http_server *server;
    struct fault why = {0};
    if (!http_start(&options, &server, &why))
        bench_give_up("%s", why.why);
    return http_port(server);
}

/* The house on that database, or a constant, in a process of its own. */
static struct server serve(struct bench_world *world, const char *where, struct constant *constant)
{
    struct server server;
    int ends[2];
    fflush(stdout);
    if (pipe(ends) != 0 || (server.child = fork()) < 0)
        bench_give_up("no process");
    if (server.child == 0) {
        int port = constant ? start_constant(constant) : start_door(world, where);
        if (write(ends[1], &port, sizeof port) != sizeof port)
            bench_give_up("pipe");
        for (;;)
            pause();
    }
    if (read(ends[0], &server.port, sizeof server.port) != sizeof server.port)
        bench_give_up("the server did not start");
    close(ends[0]);
    close(ends[1]);
    return server;
}

/* Processor seconds that the server took. */
static double serve_end(struct server *server)
{
    struct rusage used;
    int status;
    kill(server->child, SIGKILL);
    if (wait4(server->child, &status, 0, &used) < 0 || !WIFSIGNALED(status))
        bench_give_up("the server ended by itself");
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

struct caller {
    struct bench_client client;
    bool started;
    char request[2048];
};
struct callers {
    const struct bench_world *world;
    struct caller *items;
};

static struct text call_next(void *with, size_t connection)
{
    struct callers *callers = with;
    struct caller *caller = &callers->items[connection];
    if (caller->started && !bench_next(&caller->client))
        return TEXT("");
    caller->started = true;
    return bench_request(callers->world, &caller->client, caller->request, sizeof caller->request);
}

static void call_heard(void *with, size_t connection, int status, struct text body)
{
    struct callers *callers = with;
    if (status != 201)
        bench_give_up("%d: %.*s", status, TEXT_ARG(body));
    bench_heard(&callers->items[connection].client, body);
}

static struct load call(const struct bench_world *world, int port, size_t clients, size_t cases)
{
    struct callers callers = {world, calloc(clients, sizeof *callers.items)};
    if (!callers.items)
        bench_give_up("no memory");
    struct load_use use = {&callers, call_next, call_heard};
    for (size_t i = 0; i < clients; i++)
        callers.items[i].client.cases = cases;
    struct load load = load_run(port, &use, clients, 0, 0);
    free(callers.items);
    return load;
}

static void measure_http(size_t rounds, size_t clients, size_t commands)
{
    struct bench_world world;
    struct pairing pairing = {0};
    size_t cases = commands / clients / BENCH_STEPS;
    char what[80], more[60];
    bench_world_make(&world, NULL);
    for (size_t i = 0; i < rounds; i++) {
        struct bench_figures within = {0};
        struct load load = {0};
        double cpu = 0;
        for (size_t k = 0; k < 2; k++) {
            const char *where = bench_copy(&world, "ran.db");
            if ((i + k) % 2) {
                within = bench_flow(&world, where, clients, cases);
                continue;
            }
            struct server server = serve(&world, where, NULL);
            load = call(&world, server.port, clients, cases);
            cpu = serve_end(&server);
        }
        pairing.p99[pairing.rounds] = load.p99_ms;
        add(&pairing, load.per_second, (double)within.commands / within.seconds,
            cpu * 1e6 / (double)load.all, within.cpu_seconds * 1e6 / (double)within.commands);
    }
    snprintf(what, sizeof what, "case commands over HTTP, %zu connections", clients);
    snprintf(more, sizeof more, ",\"p99_ms\":%.1f", load_median(pairing.p99, rounds));
    print(&pairing, what, "in process", 0.5, "commands/s", more);
    bench_world_end(&world);
}

/* ---- pages ---- */

static void measure_page(struct bench_world *world, const char *where, int64_t case_id,
                         const char *what, const char *accept, double goal, size_t rounds,
                         int seconds)
{
    enum { CONNECTIONS = 64 };
    struct pairing pairing = {0};
    char request[400], more[60];
    int len = snprintf(request, sizeof request,
                       "GET /staff/cases/%lld HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n"
                       "Authorization: Bearer %.*s\r\n\r\n",
                       (long long)case_id, accept, TEXT_ARG(world->tokens[BENCH_CLERK]));
    struct text asked = {request, (size_t)len};
    struct server server = serve(world, where, NULL);
    struct constant constant = {accept, load_once(server.port, asked)};
    serve_end(&server);
    for (size_t i = 0; i < rounds; i++) {
        struct load load[2];
        double cpu[2];
        for (size_t k = 0; k < 2; k++) {
            size_t who = (i + k) % 2;
            server = serve(world, where, who ? &constant : NULL);
            load[who] = load_repeat(server.port, asked, CONNECTIONS, WARM_UP_MS, seconds);
            cpu[who] = serve_end(&server) * 1e6 / (double)load[who].all;
        }
        pairing.p99[pairing.rounds] = load[0].p99_ms;
        add(&pairing, load[0].per_second, load[1].per_second, cpu[0], cpu[1]);
    }
    snprintf(more, sizeof more, ",\"bytes\":%zu,\"p99_ms\":%.1f", constant.body.len,
             load_median(pairing.p99, rounds));
    print(&pairing, what, "our HTTP server, a constant of the same size", goal, "1/s", more);
}

static void measure_pages(size_t rounds, int seconds)
{
    struct bench_world world;
    struct server server;
    struct caller caller = {.client.cases = 1};
    struct callers callers = {&world, &caller};
    struct load_use use = {&callers, call_next, call_heard};
    bench_world_make(&world, NULL);
    const char *where = bench_copy(&world, "ran.db");
    bench_flow(&world, where, 16, 16); /* a house with some cases in it */
    server = serve(&world, where, NULL);
    load_run(server.port, &use, 1, 0, 0);
    serve_end(&server);
    measure_page(&world, where, caller.client.case_id, "case page as JSON", "application/json", 0.5,
                 rounds, seconds);
    measure_page(&world, where, caller.client.case_id, "case page as HTML", "text/html", 0.3,
                 rounds, seconds);
    bench_world_end(&world);
}

/* ---- PostgreSQL ---- */

/* Single-row commits a second, as pgbench counts them with one client. */
static double pgbench(const char *url, const char *script, int seconds)
{
    char command[600], line[300];
    double rate = 0;
    snprintf(command, sizeof command, "pgbench -n -c 1 -M prepared -T %d -f '%s' '%s' 2>&1", seconds,
             script, url);
    FILE *out = popen(command, "r");
    if (!out)
        bench_give_up("pgbench");
    while (fgets(line, sizeof line, out))
        sscanf(line, "tps = %lf", &rate);
    if (pclose(out) != 0 || rate <= 0)
        bench_give_up("pgbench: %s", line);
    return rate;
}

static void make_rows_table(const char *url)
{
    struct db *db;
    struct fault why = {0};
    if (!db_open(url, false, &db, &why) ||
        !db_script(db, TEXT("CREATE TABLE bench_rows (id BIGINT GENERATED ALWAYS AS IDENTITY "
                            "PRIMARY KEY, body TEXT NOT NULL);"),
                   &why))
        bench_give_up("%s", why.why);
    db_close(db);
}

static void measure_postgresql(const char *url, size_t rounds, size_t clients, size_t cases)
{
    struct bench_world world;
    struct pairing pairing = {0};
    char script[100], more[100];
    struct bench_figures live = {0};
    bench_world_make(&world, url);
    make_rows_table(url);
    snprintf(script, sizeof script, "%s/row.sql", world.directory);
    FILE *file = fopen(script, "w");
    if (!file || fprintf(file, "INSERT INTO bench_rows (body) VALUES ('%0300d');\n", 7) < 0 ||
        fclose(file) != 0)
        bench_give_up("%s", script);
    for (size_t i = 0; i < rounds; i++) {
        double rate = 0;
        for (size_t k = 0; k < 2; k++)
            if ((i + k) % 2)
                rate = pgbench(url, script, 3);
            else
                live = bench_flow(&world, url, clients, cases);
        add(&pairing, (double)live.commands / live.seconds, rate,
            live.cpu_seconds * 1e6 / (double)live.commands, 0);
    }
    snprintf(more, sizeof more, ",\"clients\":%zu,\"commands\":%lld,\"batches\":%lld", clients,
             (long long)live.commands, (long long)live.batches);
    print(&pairing, "case commands on PostgreSQL", "pgbench, single-row commits, 1 client", 3,
          "commands/s", more);
    bench_world_end(&world);
}

/* ---- a house of many events ---- */

static int64_t resident_kib(void)
{
    char line[200];
    long long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        sscanf(line, "VmRSS: %lld", &kib);
    if (status)
        fclose(status);
    return kib;
}

static void measure_events(int64_t events, const char *directory)
{
    struct bench_world world;
    struct bench_figures all = {0};
    struct fault why = {0};
    bench_world_make(&world, NULL);
    char path[300];
    snprintf(path, sizeof path, "%s/yimen.db", directory);
    if (!copy_file(world.where, path, &why))
        bench_give_up("%s", why.why);
    int64_t most = 0;
    while (all.entries < events) {
        struct bench_figures part = bench_flow(&world, path, 256, 4);
        all.entries += part.entries;
        all.commands += part.commands;
        all.seconds += part.seconds;
        if (resident_kib() > most)
            most = resident_kib();
    }
    printf("{\"figure\":\"events\",\"events\":%lld,\"commands\":%lld,\"seconds\":%.1f,"
           "\"resident_kib\":%lld}\n",
           (long long)all.entries, (long long)all.commands, all.seconds, (long long)most);
    bench_world_end(&world);
}

static int misused(void)
{
    fputs("usage: case_bench flow|http|page [ROUNDS]\n"
          "       case_bench postgresql URL [ROUNDS]\n"
          "       case_bench events COUNT DIR\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct rlimit limit = {4096, 4096};
    const char *which = argc > 1 ? argv[1] : "";
    bool postgresql = strcmp(which, "postgresql") == 0, events = strcmp(which, "events") == 0;
    int at = postgresql ? 3 : 2;
    size_t rounds = argc > at && !events ? strtoul(argv[at], NULL, 10) : 5;
    if (rounds < 1 || rounds > ROUNDS || argc < at || (events && argc != 4))
        return misused();
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    if (strcmp(which, "flow") == 0) {
        measure_flow(rounds, 256, 4);
    } else if (strcmp(which, "http") == 0) {
        measure_http(rounds, 64, 64 * 4 * BENCH_STEPS);
        measure_http(rounds, 256, 256 * 2 * BENCH_STEPS);
    } else if (strcmp(which, "page") == 0) {
        measure_pages(rounds, 2);
    } else if (postgresql) {
        measure_postgresql(argv[2], rounds, 256, 8);
    } else if (events) {
        measure_events(strtoll(argv[2], NULL, 10), argv[3]);
    } else {
        return misused();
    }
    return 0;
}
