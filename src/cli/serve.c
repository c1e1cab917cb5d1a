/* yimen serve: the door is open until a signal says otherwise. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "catalogue/catalogue.h"
#include "cli/cli.h"
#include "cli/version.h"
#include "door/door.h"
#include "modules.h"

#define GRACE_MS 10000

/* Names of a region: the configuration's, else what the catalogue says of it. */
static bool describe_region(struct cli *cli, struct cli_house *house, struct flow_facts *facts,
                            int64_t code, struct door_region *out, struct fault *why)
{
    const struct config_region *configured = cli->config.regions.items;
    const struct standing *standing;
    size_t count;
    struct list hosts = {0};
    *out = (struct door_region){.region = code, .place = TEXT("行政服务中心")};
    if (!flow_facts_get(facts, house->db, code, &standing, &count, why))
        return false;
    struct context context = {.region = code, .standing = standing, .standing_count = count};
    const struct catalogue *catalogue = context_standing(&context, &catalogue_module);
    const struct region *region = catalogue ? catalogue_region(catalogue) : NULL;
    if (region) {
        out->place = text_copy(cli->arena, region->centre);
        hosts = region->hosts;
    }
    for (size_t i = 0; i < cli->config.regions.count; i++)
        if (configured[i].region == code) {
            out->place = configured[i].place.len ? configured[i].place : out->place;
            hosts = configured[i].hosts.count ? configured[i].hosts : hosts;
        }
    const char **names = arena_array(cli->arena, hosts.count, sizeof *names);
    for (size_t i = 0; i < hosts.count; i++)
        names[i] = text_cstr(cli->arena, ((struct text *)hosts.items)[i]);
    out->hosts = names;
    out->host_count = hosts.count;
    return true;
}

/* The configuration's regions in its order, else all. */
static bool describe_regions(struct cli *cli, struct cli_house *house, struct door_region **out,
                             size_t *count, struct fault *why)
{
    const struct config_region *configured = cli->config.regions.items;
    const int64_t *all = house->regions.items;
    struct flow_facts *facts = flow_facts_new(modules);
    bool good = true;
    *count = cli->config.regions.count ? cli->config.regions.count : house->regions.count;
    *out = arena_array(cli->arena, *count, sizeof **out);
    for (size_t i = 0; good && i < *count; i++)
        good = describe_region(cli, house, facts,
                               cli->config.regions.count ? configured[i].region : all[i],
                               &(*out)[i], why);
    flow_facts_free(facts);
    return good;
}

/* Moves the write-ahead log into the database from time to time, so that commits need not. */
static void checkpoint(struct db *db)
{
    struct fault why = {0};
    int64_t pages = 0;
    if (!db_checkpoint(db, false, &pages, &why))
        log_line(LOG_WARN, "serve.checkpoint", "%s", why.why);
    else if (pages > 16000 && !db_checkpoint(db, true, &pages, &why))
        log_line(LOG_WARN, "serve.checkpoint", "%s", why.why);
}

static void wait_for_signal(const char *where)
{
    struct fault why = {0};
    struct db *db = NULL;
    sigset_t signals;
    struct timespec pause = {.tv_sec = 1};
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (!db_open(where, false, &db, &why))
        log_line(LOG_WARN, "serve.checkpoint", "%s", why.why);
    while (sigtimedwait(&signals, NULL, &pause) < 0)
        if (db)
            checkpoint(db);
    db_close(db);
}

/* Tells the service manager (sd_notify(3)), if it asked to be told. */
static void notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (!path || !*path || strlen(path) >= sizeof to.sun_path)
        return;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    size_t len = strlen(path);
    memcpy(to.sun_path, path, len);
    if (to.sun_path[0] == '@') /* an abstract name */
        to.sun_path[0] = '\0';
    if (fd < 0 || sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&to,
                         (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
        log_line(LOG_WARN, "serve.notify", "the service manager could not be told: %s",
                 strerror(errno));
    if (fd >= 0)
        close(fd);
}

static void announce(const struct cli *cli, const char *address, int port)
{
    struct text url = text_format(cli->arena, strchr(address, ':') ? "http://[%s]:%d/"
                                                                   : "http://%s:%d/",
                                  address, port);
    cli_print(cli, text_format(cli->arena, "{\"url\":\"%.*s\",\"pid\":%d}", TEXT_ARG(url), getpid()),
              text_format(cli->arena, "%.*s\n", TEXT_ARG(url)));
    fflush(stdout);
}

/* What one address may do, and how it is known. */
static void read_limits(struct cli *cli, struct door_options *options)
{
    const struct config_limits *set = &cli->config.limits;
    struct text header = cli->config.client_header;
    char *name = arena_alloc(cli->arena, header.len + 1);
    for (size_t i = 0; i < header.len; i++) {
        bool upper = header.at[i] >= 'A' && header.at[i] <= 'Z';
        name[i] = (char)(upper ? header.at[i] + 32 : header.at[i]);
    }
    name[header.len] = '\0';
    options->client_header = header.len ? name : NULL;
    options->limits[LIMIT_HASHING] = set->hashing ? set->hashing : 8;
    options->limits[LIMIT_FAILURES] = set->failures ? set->failures : 60;
    options->limits[LIMIT_BEGUN] = set->begun ? set->begun : 60;
    options->limits[LIMIT_UPLOADED] = (set->upload_mib ? set->upload_mib : 4096) << 20;
    options->limits[LIMIT_GUESSES] = set->guesses ? set->guesses : 30;
    options->limits[LIMIT_GUESSED] = set->guesses_case ? set->guesses_case : 100;
    options->streams = set->streams ? set->streams : 400;
    if (options->behind_tls && !header.len)
        log_line(LOG_WARN, "serve.limits",
                 "behind_tls without client_header: nobody can be told from anybody else, so nothing "
                 "is bounded by address");
}

static int serve(struct cli *cli, struct cli_house *house, struct door *door,
                 struct door_options *options)
{
    struct fault why = {0};
    options->where = house->where;
    options->modules = modules;
    options->flow = house->flow;
    options->files_directory = cli_files(cli);
    options->behind_tls = cli->config.behind_tls;
    options->threads = (int)cli->config.threads;
    options->second_roles = text_is(cli->config.totp, "off")     ? 0
                            : text_is(cli->config.totp, "staff") ? ROLE_STAFF
                                                                 : ROLE_THREE;
    options->examples = cli_examples;
    options->version = YIMEN_VERSION;
    options->metrics_token = text_cstr(cli->arena, cli->config.metrics_token);
    read_limits(cli, options);
    if (!cli_providers(cli, &options->providers, &why))
        return cli_fault(cli, &why);
    struct door_region *regions;
    if (!describe_regions(cli, house, &regions, &options->region_count, &why))
        return cli_fault(cli, &why);
    options->regions = regions;
    if (!flow_start(house->flow, &why) || !door_start(door, options, &why))
        return cli_fault(cli, &why);
    announce(cli, options->address, door_port(door));
    log_line(LOG_INFO, "serve.start", "listening on %s port %d", options->address,
             door_port(door));
    notify("READY=1");
    wait_for_signal(house->where);
    notify("STOPPING=1");
    log_line(LOG_INFO, "serve.stop", "ending: running requests may finish");
    door_stop(door, GRACE_MS);
    return CLI_DONE;
}

static int run(struct cli *cli)
{
    struct flow_options flow = {.timers = true, .after_batch = door_ring};
    struct cli_house house;
    struct door_options options = {0};
    int64_t port;
    int end = CLI_MISUSED;
    const char *address = cli_value(cli, "address");
    if (cli->word_count)
        return cli_misused(cli, "unexpected %s", cli->words[0]);
    /* Told from "nowhere at all", which cli_open says; and before anything is connected to. */
    if ((cli_value(cli, "db") || cli->config.db.len) && !cli_files(cli))
        return cli_misused(cli, "uploaded files are not kept in the database: add --data DIR (they go "
                                "to DIR/files), or name a directory as files: in the configuration "
                                "file");
    options.address = address                      ? address
                      : cli->config.address.len    ? text_cstr(cli->arena, cli->config.address)
                                                   : "127.0.0.1";
    if (!cli_number(cli, "port", 0, 65535, cli->config.port ? cli->config.port : 8480, &port))
        return CLI_MISUSED;
    options.port = (int)port;
    /* Before any thread starts, so that all of them inherit it. */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct door *door = door_new();
    flow.context = door;
    if (cli_open(cli, &flow, &house, &end)) {
        end = serve(cli, &house, door, &options);
        door_stop(door, 0);
        cli_close(&house);
    }
    door_free(door);
    oidc_free(options.providers);
    return end;
}

static const struct cli_option options_[] = {
    {"port", "N", "port to listen on; 0: any free one; default 8480"},
    {"address", "A", "address to listen on; default 127.0.0.1"},
    CLI_CLOCK_OPTION,
    {NULL, NULL, NULL},
};
const struct cli_command cli_serve = {
    .name = "serve",
    .usage = "serve --data DIR [--db URL] [--port N] [--address A] [--clock TIME]",
    .summary = "Answer citizens and staff until stopped (SIGTERM, SIGINT)",
    .help = "With --db postgresql://… the records and the log's signing keys are in that database;\n"
            "--data DIR is wanted all the same, for what people upload (DIR/files) and for\n"
            "DIR/yimen.yaml. Servers that share a database share that directory too.\n",
    .options = options_,
    .run = run,
};
