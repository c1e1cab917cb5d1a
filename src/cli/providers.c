/* The providers of the configuration, and their secrets from files, so that these are in no list of
 * processes, no help and no log. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

#define SECRET_MOST 512 /* bytes */

static bool read_secret(struct cli *cli, const struct config_provider *provider, struct text *out,
                        struct fault *why)
{
    char bytes[SECRET_MOST + 1];
    struct stat about;
    const char *path = text_cstr(cli->arena, provider->secret_file);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fault_set(why, "providers: %.*s: secret_file %s: %s", TEXT_ARG(provider->key), path,
                         strerror(errno));
    bool known = fstat(fd, &about) == 0;
    ssize_t got = known ? read(fd, bytes, sizeof bytes) : -1;
    close(fd);
    if (got < 0 || got > SECRET_MOST || !S_ISREG(about.st_mode))
        return fault_set(why, "providers: %.*s: secret_file %s: not a file of one line",
                         TEXT_ARG(provider->key), path);
    if (about.st_mode & S_IRWXO)
        return fault_set(why, "providers: %.*s: secret_file %s: everybody may read it: chmod 640",
                         TEXT_ARG(provider->key), path);
    *out = text_copy(cli->arena, text_trim((struct text){bytes, (size_t)got}));
    explicit_bzero(bytes, sizeof bytes);
    return true;
}

static struct text joined(const struct list *words, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < words->count; i++) {
        if (i)
            buf_char(&out, ' ');
        buf_text(&out, ((const struct text *)words->items)[i]);
    }
    return buf_done(&out);
}

bool cli_providers(struct cli *cli, struct oidc **out, struct fault *why)
{
    const struct list *list = &cli->config.providers;
    const struct config_provider *providers = list->items;
    struct oidc_setting *settings = arena_array(cli->arena, list->count, sizeof *settings);
    *out = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct config_provider *from = &providers[i];
        settings[i] = (struct oidc_setting){
            .key = from->key,
            .name = from->name,
            .issuer = from->issuer,
            .client_id = from->client_id,
            .scopes = joined(&from->scopes, cli->arena),
            .claim = from->claim,
            .signing = from->signing,
            .second = from->second,
            .ca_file = from->ca_file.len ? text_cstr(cli->arena, from->ca_file) : NULL,
        };
        if (!read_secret(cli, from, &settings[i].secret, why))
            return false;
    }
    return !list->count || oidc_new(settings, list->count, out, why);
}
