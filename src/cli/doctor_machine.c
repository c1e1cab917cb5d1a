/* yimen doctor: disk, modes, clock, port, configuration. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/doctor.h"

#define LOW_SPACE_MIB 1024
#define CLOCK_SLACK_MS INT64_C(60000)

static void check_space(struct doctor *doctor, const char *name, const char *path,
                        int64_t least_mib)
{
    struct statvfs about;
    if (!path || statvfs(path, &about) != 0)
        return;
    int64_t free_mib = (int64_t)about.f_bavail * (int64_t)about.f_frsize >> 20;
    doctor_tell(doctor, free_mib >= least_mib, name,
                text_format(doctor->cli->arena, "%lld MiB free", (long long)free_mib),
                "make room on the disk: a full disk refuses every command");
}

/* The mode of what only its owner should read; what is not there is nobody's. */
static void check_mode(struct doctor *doctor, const char *what, const char *path,
                       const char *remedy)
{
    struct stat about;
    if (!path || stat(path, &about) != 0)
        return;
    doctor_tell(
        doctor, (about.st_mode & 077) == 0, "permissions",
        text_format(doctor->cli->arena, "%s has mode %03o", what, (unsigned)(about.st_mode & 0777)),
        remedy);
}

static void check_modes(struct doctor *doctor)
{
    struct cli *cli = doctor->cli;
    const char *where = doctor->house->where, *data = cli_value(cli, "data");
    const char *config = cli_value(cli, "config");
    if (!cli_postgresql(where))
        check_mode(doctor, "the database", where,
                   "chmod 600 the database and 700 its directory: they hold personal data and a "
                   "signing key");
    check_mode(doctor, "the directory of uploaded files", doctor->files,
               "chmod 700 it: it holds what people handed in");
    if (!config && data)
        config = text_format(cli->arena, "%s/yimen.yaml", data).at;
    /* Only where it holds a secret. */
    if (cli->config.metrics_token.len || text_find(cli->config.db, TEXT(":")) > 10)
        check_mode(doctor, "the configuration, which holds a password,", config,
                   "chmod 600 it, and its owner the user that serves");
}

static void check_clock(struct doctor *doctor)
{
    const int64_t *regions = doctor->house->regions.items;
    int64_t latest = 0;
    if (doctor->cli->config.clock) /* a demonstration has a clock of its own */
        return;
    for (size_t i = 0; i < doctor->house->regions.count; i++) {
        int64_t at = flow_live_at(doctor->house->flow, regions[i]);
        latest = at > latest ? at : latest;
    }
    int64_t behind = latest - time_now();
    doctor_tell(doctor, behind <= CLOCK_SLACK_MS, "clock",
                behind > CLOCK_SLACK_MS
                    ? text_format(doctor->cli->arena,
                                  "this machine's clock is %lld minutes behind the last entry",
                                  (long long)(behind / 60000))
                    : TEXT("this machine's clock is not behind the journal"),
                "set the clock (`timedatectl`, chrony). Business time never goes back: it stands "
                "still until the clock has passed the last entry, so deadlines come late");
}

/* What listens there says who it is: our health is a JSON object with a status. */
static bool answered_by_us(int fd)
{
    static const char ask[] = "GET /healthz HTTP/1.1\r\nHost: doctor\r\nConnection: close\r\n\r\n";
    char said[2048];
    size_t len = 0;
    ssize_t got;
    if (send(fd, ask, sizeof ask - 1, MSG_NOSIGNAL) < 0)
        return false;
    while (len < sizeof said && (got = recv(fd, said + len, sizeof said - len, 0)) > 0)
        len += (size_t)got;
    struct text all = {said, len};
    return text_starts(all, TEXT("HTTP/1.1 ")) && text_find(all, TEXT("{\"status\":\"")) > 0;
}

static void check_port(struct doctor *doctor)
{
    const struct config *config = &doctor->cli->config;
    int port = config->port ? (int)config->port : 8480;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval patience = {.tv_sec = 2};
    const char *address =
        config->address.len ? text_cstr(doctor->cli->arena, config->address) : "127.0.0.1";
    if (inet_pton(AF_INET, address, &to.sin_addr) != 1) /* IPv6: left to `serve` */
        return;
    if (to.sin_addr.s_addr == htonl(INADDR_ANY))
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    bool taken = connect(fd, (const struct sockaddr *)&to, sizeof to) == 0;
    bool ours = taken && answered_by_us(fd);
    close(fd);
    doctor_tell(doctor, !taken || ours, "port",
                text_format(doctor->cli->arena, "%s port %d: %s", address, port,
                            !taken ? "nobody listens"
                            : ours ? "a Yimen answers"
                                   : "another program has it"),
                "find out who has it (`ss -ltnp`) and stop it, or set `port` in the configuration "
                "and in the proxy in front");
}

static bool is_set_up(const struct doctor *doctor, int64_t region)
{
    const int64_t *regions = doctor->house->regions.items;
    for (size_t i = 0; i < doctor->house->regions.count; i++)
        if (regions[i] == region)
            return true;
    return false;
}

static void check_configuration(struct doctor *doctor)
{
    const struct config *config = &doctor->cli->config;
    const struct config_region *regions = config->regions.items;
    bool inside = !config->address.len || text_starts(config->address, TEXT("127.")) ||
                  text_is(config->address, "::1");
    const char *wrong = NULL, *remedy = NULL;
    if (config->behind_tls && !config->client_header.len) {
        wrong = "behind_tls without client_header: no address is bounded in what it may do";
        remedy = "set client_header to the header that the proxy writes, X-Forwarded-For for one";
    } else if (config->client_header.len && !inside) {
        wrong = "client_header, but address is open to others: who reaches it writes that header";
        remedy = "leave address at 127.0.0.1, or take client_header away";
    } else if (!config->behind_tls && !inside) {
        wrong = "address is open to others without TLS: passwords can be read on their way";
        remedy = "leave address at 127.0.0.1, put a proxy in front (nginx.conf), behind_tls: true";
    } else if (config->limits.guesses &&
               (config->limits.guesses_case ? config->limits.guesses_case : 100) <=
                   config->limits.guesses) {
        wrong = "limits.guesses is not below limits.guesses_case: one address can close a case";
        remedy = "raise limits.guesses_case well above limits.guesses";
    }
    for (size_t i = 0; i < config->regions.count && !wrong; i++)
        if (!is_set_up(doctor, regions[i].region)) {
            wrong = text_format(doctor->cli->arena, "region %lld is not in this database",
                                (long long)regions[i].region)
                        .at;
            remedy = "take it from `regions`, or set it up with `yimen init`";
        }
    doctor_tell(doctor, !wrong, "configuration",
                wrong ? text_of(wrong) : TEXT("no setting contradicts another"),
                remedy ? remedy : "");
}

bool doctor_machine(struct doctor *doctor)
{
    int64_t least_mib;
    if (!cli_number(doctor->cli, "space", 0, INT64_C(1) << 40, LOW_SPACE_MIB, &least_mib))
        return false;
    check_modes(doctor);
    check_space(doctor, "space", doctor->files, least_mib);
    if (!cli_postgresql(doctor->house->where))
        check_space(doctor, "database space", doctor->house->where, least_mib);
    check_clock(doctor);
    check_configuration(doctor);
    check_port(doctor);
    return true;
}
