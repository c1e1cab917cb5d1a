#include "cli/config.h"

#include "base/yaml.h"

#define FIELD(record, member) .name = #member, .offset = offsetof(struct record, member)

static const struct field region_fields[] = {
    {FIELD(config_region, region), .type = FIELD_INT, .flags = FIELD_REQUIRED, .low = 100000,
     .high = 999999, .label = "region", .hint = "GB/T 2260 code, six digits"},
    {FIELD(config_region, hosts), .type = FIELD_TEXTS, .label = "hosts",
     .hint = "host names that mean this region, without port; default: those of the catalogue"},
    {FIELD(config_region, place), .type = FIELD_TEXT, .label = "place",
     .hint = "the centre's name on every page; default: that of the catalogue"},
};
static const struct shape region_shape_ = {"config_region", "region", sizeof(struct config_region),
                                           SHAPE_FIELDS(region_fields)};

static const struct field limits_fields[] = {
    {FIELD(config_limits, hashing), .type = FIELD_INT, .high = 1000000, .label = "hashing",
     .hint = "passwords that are checked or wait to be checked at once; default 8"},
    {FIELD(config_limits, failures), .type = FIELD_INT, .high = 1000000, .label = "failures",
     .hint = "sign-ins that fail within 15 minutes; default 60"},
    {FIELD(config_limits, begun), .type = FIELD_INT, .high = 1000000000, .label = "begun",
     .hint = "applications begun within an hour by who is not signed in; default 60"},
    {FIELD(config_limits, upload_mib), .type = FIELD_INT, .high = 1000000000, .label = "upload_mib",
     .hint = "MiB of files sent within a day by who is not signed in; default 4096"},
    {FIELD(config_limits, guesses), .type = FIELD_INT, .high = 1000000, .label = "guesses",
     .hint = "wrong query codes within an hour; default 30"},
    {FIELD(config_limits, guesses_case), .type = FIELD_INT, .high = 1000000,
     .label = "guesses_case",
     .hint = "wrong query codes for one case within an hour, from all addresses; above guesses; "
             "default 100"},
    {FIELD(config_limits, streams), .type = FIELD_INT, .high = 1000000, .label = "streams",
     .hint = "pages that are kept up to date at once; default 400"},
};
static const struct shape limits_shape = {"config_limits", "limits", sizeof(struct config_limits),
                                          SHAPE_FIELDS(limits_fields)};

static const struct field provider_fields[] = {
    {FIELD(config_provider, key), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,
     .high = 20, .label = "key",
     .hint = "its short name in addresses and in the journal: small letters, digits and -"},
    {FIELD(config_provider, name), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .high = 30,
     .label = "name", .hint = "what people call it, on the button"},
    {FIELD(config_provider, issuer), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,
     .high = 500, .label = "issuer",
     .hint = "its address, as it names itself: https (or http on this very machine)"},
    {FIELD(config_provider, client_id), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,
     .high = 200, .label = "client_id", .hint = "the name by which it knows this house"},
    {FIELD(config_provider, secret_file), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,
     .high = 500, .label = "secret_file",
     .hint = "file with the secret that goes with that name, 16 characters or more; others than "
             "owner and group must not read it"},
    {FIELD(config_provider, scopes), .type = FIELD_TEXTS, .flags = FIELD_CODE, .label = "scopes",
     .hint = "what it is asked for; default openid"},
    {FIELD(config_provider, claim), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 100,
     .label = "claim",
     .hint = "the claim that tells people apart and stays with a person; default sub"},
    {FIELD(config_provider, signing), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 10,
     .label = "signing", .hint = "how it signs: RS256, PS256, ES256 or the like; default RS256"},
    {FIELD(config_provider, second), .type = FIELD_TEXTS, .flags = FIELD_CODE, .label = "second",
     .hint = "words in its amr or acr that count as a second step of signing in; default: none do"},
    {FIELD(config_provider, ca_file), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 500,
     .label = "ca_file",
     .hint = "PEM file of whom to trust for its TLS; default: the system's authorities"},
};
static const struct shape provider_shape = {"config_provider", "provider",
                                            sizeof(struct config_provider),
                                            SHAPE_FIELDS(provider_fields)};

static bool totp_good(struct text word)
{
    return text_is(word, "off") || text_is(word, "administrators") || text_is(word, "staff");
}

static const struct field config_fields[] = {
    {FIELD(config, address), .type = FIELD_TEXT, .label = "address",
     .hint = "address to listen on; default 127.0.0.1"},
    {FIELD(config, port), .type = FIELD_INT, .high = 65535, .label = "port",
     .hint = "port to listen on; default 8480"},
    {FIELD(config, threads), .type = FIELD_INT, .high = 256, .label = "threads",
     .hint = "threads that read and write connections; default: one a core"},
    {FIELD(config, db), .type = FIELD_TEXT, .high = 500, .label = "db",
     .hint = "postgresql://… instead of the SQLite file DATA/yimen.db"},
    {FIELD(config, files), .type = FIELD_TEXT, .high = 500, .label = "files",
     .hint = "directory of uploaded files; default DATA/files"},
    {FIELD(config, behind_tls), .type = FIELD_BOOL, .label = "behind_tls",
     .hint = "true where a proxy in front speaks TLS: cookies become Secure, HSTS is sent"},
    {FIELD(config, client_header), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 60,
     .label = "client_header",
     .hint = "header in which the proxy in front says whose address asks, X-Forwarded-For for one; "
             "never without a proxy that writes it"},
    {FIELD(config, limits), .type = FIELD_RECORD, .label = "limits", .of = &limits_shape,
     .hint = "what one address may do; default: as below"},
    {FIELD(config, totp), .type = FIELD_TEXT, .flags = FIELD_CODE, .check = totp_good,
     .check_hint = "off, administrators or staff", .label = "totp",
     .hint = "who must sign in in two steps: off, administrators or staff; default administrators"},
    {FIELD(config, metrics_token), .type = FIELD_TEXT, .flags = FIELD_CODE, .low = 16, .high = 200,
     .label = "metrics_token",
     .hint = "what /metrics wants as a bearer token; default: nothing, but only from this machine"},
    {FIELD(config, providers), .type = FIELD_LIST, .high = 8, .label = "providers",
     .of = &provider_shape,
     .hint = "by whose word staff may sign in besides by password (OpenID Connect), a list"},
    {FIELD(config, clock), .type = FIELD_TIME, .label = "clock",
     .hint = "business time of a demonstration starts there (2014-05-04T09:00), or where it already "
             "stands, and runs on; default: the machine's clock"},
    {FIELD(config, regions), .type = FIELD_LIST, .label = "regions", .of = &region_shape_,
     .hint = "the regions served, the first answers unknown host names; default: all, in the order "
             "they were set up"},
};
const struct shape config_shape = {"config", "configuration", sizeof(struct config),
                                   SHAPE_FIELDS(config_fields)};

bool config_read(const char *path, struct arena *arena, struct config *out, struct text *wrong)
{
    struct yaml_errors errors = {.arena = arena};
    if (yaml_read(path, text_of(path), &config_shape, arena, out, NULL, &errors))
        return true;
    *wrong = yaml_errors_text(&errors, arena);
    return false;
}

static void help_fields(const struct shape *shape, const char *indent, struct buf *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        buf_format(out, "%s%-14s%s\n", indent, field->name, field->hint);
        if (field->type == FIELD_LIST || field->type == FIELD_RECORD)
            help_fields(field->of, field->type == FIELD_LIST ? "    - " : "    . ", out);
    }
}

struct text config_help(struct arena *arena)
{
    struct buf out = {.arena = arena};
    help_fields(&config_shape, "  ", &out);
    return buf_done(&out);
}
