/* /metrics: what a Prometheus asks for, in its text format 0.0.4. Counts and sizes only: no address, no
 * case, no person; a route is the pattern of its path. For whoever sits at this machine, or brings the
 * token of the configuration; for anybody else there is no such page. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "door/parts.h"

enum kind { LOOK, COMMAND, PLAIN, KINDS };
static const char *const kinds[] = {"look", "command", "plain"};

#define LATENCIES 13
static const int64_t latencies_us[LATENCIES] = {500,    1000,   2500,   5000,    10000,   25000, 50000,
                                                100000, 250000, 500000, 1000000, 2500000, 10000000};
#define CLASSES 6 /* 2xx stands at 2 */

struct route_figures {
    const void *of; /* the look or the command; NULL for what the door answers by itself */
    const char *method, *path;
    enum kind kind;
    _Atomic int64_t classes[CLASSES];
};

struct metrics {
    struct route_figures *routes; /* the first is whatever has no route */
    size_t count;
    struct histogram latency[KINDS];
    _Atomic int64_t rejected[CLASSES], files, file_bytes;
    int64_t started_ms;
};

static void add_route(struct metrics *metrics, const void *of, const char *method, const char *path,
                      enum kind kind)
{
    metrics->routes[metrics->count++] = (struct route_figures){of, method, path, kind, {0}};
}

struct metrics *metrics_new(const struct module *const *modules, struct arena *arena)
{
    struct metrics *metrics = arena_alloc(arena, sizeof *metrics);
    size_t most = 8;
    for (size_t i = 0; modules[i]; i++) {
        for (size_t j = 0; modules[i]->looks && modules[i]->looks[j]; j++)
            most++;
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++)
            most++;
    }
    metrics->started_ms = time_now();
    metrics->routes = arena_array(arena, most, sizeof *metrics->routes);
    add_route(metrics, NULL, "", "", PLAIN);
    for (size_t i = 0; i < DOOR_PLAIN; i++)
        add_route(metrics, NULL, "GET", door_plain[i], PLAIN);
    for (size_t i = 0; modules[i]; i++) {
        for (size_t j = 0; modules[i]->looks && modules[i]->looks[j]; j++)
            add_route(metrics, modules[i]->looks[j], "GET", modules[i]->looks[j]->path, LOOK);
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++)
            if (modules[i]->commands[j]->path)
                add_route(metrics, modules[i]->commands[j], "POST",
                          modules[i]->commands[j]->path, COMMAND);
    }
    return metrics;
}

void metrics_mark(struct exchange *exchange, const void *of, int plain)
{
    const struct metrics *metrics = exchange->door->metrics;
    size_t at = (size_t)plain;
    if (of)
        for (at = metrics->count - 1; at && metrics->routes[at].of != of;)
            at--;
    http_mark(exchange->request, (int64_t)at);
}

void metrics_answered(const struct http_request *request, int status, int64_t took_us,
                      void *context)
{
    struct metrics *metrics = ((struct door *)context)->metrics;
    if (!request) {
        metrics->rejected[status / 100]++;
        return;
    }
    struct route_figures *route = &metrics->routes[http_marked(request)];
    route->classes[status / 100]++;
    histogram_add(&metrics->latency[route->kind], latencies_us, LATENCIES, took_us);
}

void metrics_file(struct door *door, int64_t bytes)
{
    door->metrics->files++;
    door->metrics->file_bytes += bytes;
}

/* ---- the text ---- */

static void about(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void single(struct buf *out, const char *name, const char *type, const char *help,
                   int64_t value)
{
    about(out, name, type, help);
    buf_format(out, "%s %lld\n", name, (long long)value);
}

/* A whole number, or millionths of one. */
static void number(struct buf *out, int64_t value, bool millionths)
{
    if (millionths)
        buf_format(out, "%lld.%06lld", (long long)(value / 1000000), (long long)(value % 1000000));
    else
        buf_format(out, "%lld", (long long)value);
}

/* labels: "kind=\"look\"," or "". The buckets of the format are of all values up to a bound. */
static void histogram(struct buf *out, const char *name, const char *labels,
                      const struct histogram *of, const int64_t *bounds, size_t count, bool us)
{
    int64_t sum = 0;
    for (size_t i = 0; i <= count; i++) {
        sum += of->counts[i];
        buf_format(out, "%s_bucket{%sle=\"", name, labels);
        if (i < count)
            number(out, bounds[i], us);
        else
            buf_str(out, "+Inf");
        buf_format(out, "\"} %lld\n", (long long)sum);
    }
    size_t len = strlen(labels);
    struct text own = {labels, len ? len - 1 : 0}; /* without the comma */
    buf_format(out, len ? "%s_sum{%.*s} " : "%s_sum%.*s ", name, TEXT_ARG(own));
    number(out, of->sum, us);
    buf_format(out, len ? "\n%s_count{%.*s} %lld\n" : "\n%s_count%.*s %lld\n", name,
               TEXT_ARG(own), (long long)sum);
}

static void of_http(const struct door *door, struct buf *out)
{
    const struct metrics *metrics = door->metrics;
    struct http_figures http = http_figures(door->server);
    about(out, "yimen_http_requests_total", "counter",
          "Requests answered, by pattern of path and class of status.");
    for (size_t i = 0; i < metrics->count; i++)
        for (int class = 1; class < CLASSES; class++) {
            const struct route_figures *route = &metrics->routes[i];
            if (route->classes[class])
                buf_format(out,
                           "yimen_http_requests_total{method=\"%s\",route=\"%s\",status=\"%dxx\"} "
                           "%lld\n",
                           route->method, route->path, class, (long long)route->classes[class]);
        }
    about(out, "yimen_http_rejected_total", "counter",
          "Requests turned away before any route was looked for.");
    for (int class = 4; class < CLASSES; class++)
        buf_format(out, "yimen_http_rejected_total{status=\"%dxx\"} %lld\n", class,
                   (long long)metrics->rejected[class]);
    about(out, "yimen_http_duration_seconds", "histogram",
          "From a request's last byte to its answer's first.");
    for (size_t kind = 0; kind < KINDS; kind++)
        histogram(out, "yimen_http_duration_seconds",
                  text_format(out->arena, "kind=\"%s\",", kinds[kind]).at, &metrics->latency[kind],
                  latencies_us, LATENCIES, true);
    single(out, "yimen_http_connections", "gauge", "Connections that are open.", http.connections);
    single(out, "yimen_http_streams", "gauge", "Event streams that are open.", http.streams);
    single(out, "yimen_http_timeouts_total", "counter", "Connections ended for being too slow.",
           http.timed_out);
    single(out, "yimen_http_received_bytes_total", "counter", "Bytes read.", http.bytes_in);
    single(out, "yimen_http_sent_bytes_total", "counter", "Bytes written.", http.bytes_out);
    single(out, "yimen_files_kept_total", "counter", "Uploaded files that were kept.",
           metrics->files);
    single(out, "yimen_files_kept_bytes_total", "counter", "Their bytes.", metrics->file_bytes);
}

static void of_flow(const struct flow *flow, struct buf *out)
{
    struct flow_figures now = flow_figures(flow);
    single(out, "yimen_commands_total", "counter", "Commands decided.", now.commands);
    single(out, "yimen_commands_refused_total", "counter", "Of these refused.", now.refused);
    single(out, "yimen_commands_faults_total", "counter", "Of these ended by a fault.", now.faults);
    single(out, "yimen_entries_total", "counter", "Entries of the journal written by this server.",
           now.entries);
    single(out, "yimen_deadlines_fired_total", "counter",
           "Commands of the house itself whose moment had come.", now.due);
    single(out, "yimen_queue_length", "gauge", "Commands that wait for the writer.", now.waiting);
    about(out, "yimen_batch_commands", "histogram", "Commands in one transaction.");
    histogram(out, "yimen_batch_commands", "", flow_batch_sizes(flow), flow_sizes, FLOW_SIZES,
              false);
    about(out, "yimen_commit_seconds", "histogram", "How long COMMIT took.");
    histogram(out, "yimen_commit_seconds", "", flow_commit_times(flow), flow_times_us, FLOW_TIMES,
              true);
}

static bool of_database(struct exchange *exchange, struct buf *out, struct fault *why)
{
    const struct door *door = exchange->door;
    struct db_read *db = exchange->reader->db;
    int64_t bytes, sessions;
    struct checkpoint head;
    struct buf open = {.arena = exchange->arena}, entries = {.arena = exchange->arena};
    if (!reader_ready(exchange->door, exchange->reader, why))
        return false;
    db = exchange->reader->db;
    if (!db_size(db, exchange->arena, &bytes, why))
        return false;
    for (size_t i = 0; i < door->options.region_count; i++) {
        int64_t region = door->options.regions[i].region;
        if (!identity_sessions(db, region, flow_time(door->options.flow, region), exchange->arena,
                               &sessions, why) ||
            !journal_head(db, region, exchange->arena, &head, why))
            return false;
        buf_format(&open, "yimen_sessions{region=\"%lld\"} %lld\n", (long long)region,
                   (long long)sessions);
        buf_format(&entries, "yimen_journal_entries{region=\"%lld\"} %lld\n", (long long)region,
                   (long long)head.size);
    }
    single(out, "yimen_database_bytes", "gauge", "What the database takes on its disk.", bytes);
    about(out, "yimen_sessions", "gauge", "Staff who are signed in.");
    buf_text(out, buf_done(&open));
    about(out, "yimen_journal_entries", "gauge", "Size of the journal, all servers together.");
    buf_text(out, buf_done(&entries));
    return true;
}

static int64_t open_descriptors(void)
{
    DIR *list = opendir("/proc/self/fd");
    int64_t count = -3; /* ".", ".." and this one */
    if (!list)
        return -1;
    while (readdir(list))
        count++;
    closedir(list);
    return count;
}

static void of_process(const struct door *door, struct buf *out)
{
    long long pages = 0, resident = 0;
    FILE *memory = fopen("/proc/self/statm", "re");
    if (memory) {
        if (fscanf(memory, "%lld %lld", &pages, &resident) != 2)
            resident = 0;
        fclose(memory);
    }
    single(out, "process_resident_memory_bytes", "gauge", "Memory in use.",
           (int64_t)resident * sysconf(_SC_PAGESIZE));
    single(out, "process_open_fds", "gauge", "Descriptors in use.", open_descriptors());
    single(out, "process_start_time_seconds", "gauge", "When the door was opened.",
           door->metrics->started_ms / 1000);
}

/* Somebody on this machine, with nobody in front; or who brings the token. */
static bool may_read(const struct exchange *exchange)
{
    static const char *const in_front[] = {"x-forwarded-for", "forwarded", "via", "x-real-ip"};
    struct http_request *request = exchange->request;
    struct text token = text_of(exchange->door->options.metrics_token);
    struct text scheme;
    struct text value = http_header(request, "authorization"), peer = http_peer(request);
    if (token.len) {
        if (!text_cut(&value, ' ', &scheme) || scheme.len != 6 ||
            strncasecmp(scheme.at, "Bearer", 6) != 0)
            return false;
        /* Of one length and unlike in every byte, so that comparing tells nothing of the token. */
        struct hash mine = hash_of(token), brought = hash_of(value);
        return hash_equal(&mine, &brought);
    }
    for (size_t i = 0; i < sizeof in_front / sizeof *in_front; i++)
        if (http_header(request, in_front[i]).len)
            return false;
    return text_starts(peer, TEXT("127.")) || text_is(peer, "::1");
}

void metrics_handle(struct exchange *exchange)
{
    const struct door *door = exchange->door;
    struct buf out = {.arena = exchange->arena};
    struct fault why = {0};
    answer_headers(exchange);
    http_answer_header(exchange->request, "Cache-Control", TEXT("no-store"));
    if (!may_read(exchange)) {
        http_answer_static(exchange->request, 404, "text/plain; charset=utf-8",
                           TEXT("没有这个网址。\n"));
        return;
    }
    about(&out, "yimen_build_info", "gauge", "Always 1: which program answers, on what.");
    buf_format(&out, "yimen_build_info{version=\"%s\",engine=\"%s\"} 1\n", door->options.version,
               strncmp(door->options.where, "postgres", 8) == 0 ? "postgresql" : "sqlite");
    of_http(door, &out);
    of_flow(door->options.flow, &out);
    of_process(door, &out);
    /* The figures that need no database come all the same. */
    bool up = of_database(exchange, &out, &why);
    if (!up)
        log_line(LOG_ERROR, "door.metrics", "%s", why.why);
    single(&out, "yimen_database_up", "gauge", "Whether the database answers.", up);
    http_answer(exchange->request, 200, "text/plain; version=0.0.4; charset=utf-8", buf_done(&out));
}
