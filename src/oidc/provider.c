/* The providers, and what is known of each: its description and its keys, asked for when they are
 * wanted and kept for a while. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "oidc/inside.h"

/* One that was not reached is left alone so long, so that a queue at a dead provider is told so at
 * once. */
#define REST_MS (5 * SECOND_MS)

static bool on_this_machine(struct text authority)
{
    struct text host;
    if (authority.len && authority.at[0] == '[')
        return text_starts(authority, TEXT("[::1]")) &&
               (authority.len == 5 || authority.at[5] == ':');
    text_cut(&authority, ':', &host);
    return text_is(host, "127.0.0.1") || text_is(host, "localhost");
}

const char *oidc_address_wrong(struct text address)
{
    struct text rest, authority;
    bool plain = text_starts(address, TEXT("http://"));
    if (!plain && !text_starts(address, TEXT("https://")))
        return "it does not begin with https://";
    rest = text_slice(address, plain ? 7 : 8, address.len);
    if (!text_cut(&rest, '/', &authority) || !authority.len)
        return "it names no host";
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.at[i] <= ' ' || (unsigned char)address.at[i] >= 0x7f ||
            address.at[i] == '#' || address.at[i] == '"' || address.at[i] == '\\')
            return "it has characters that no address has";
    if (text_find(authority, TEXT("@")) >= 0)
        return "it has a name and password in it";
    return plain && !on_this_machine(authority) ? "plain http is for this machine alone" : NULL;
}

static bool key_good(struct text key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return key.len > 0 && key.len <= 20;
}

static bool setting_good(const struct oidc *oidc, const struct oidc_setting *setting,
                         struct fault *why)
{
    const char *wrong = oidc_address_wrong(setting->issuer);
    if (!key_good(setting->key) || oidc_find(oidc, setting->key))
        return fault_set(why, "providers: key: small letters, digits and '-', each once");
    if (wrong || text_find(setting->issuer, TEXT("?")) >= 0)
        return fault_set(why, "providers: %.*s: issuer: %s", TEXT_ARG(setting->key),
                         wrong ? wrong : "it has a question mark");
    if (setting->secret.len < 16)
        return fault_set(why, "providers: %.*s: the client's secret has fewer than 16 characters",
                         TEXT_ARG(setting->key));
    if (!oidc_signing_known(setting->signing))
        return fault_set(why, "providers: %.*s: signing: RS256, PS256, ES256 or the like",
                         TEXT_ARG(setting->key));
    return true;
}

static bool has_openid(struct text scopes)
{
    struct text one;
    while (text_cut(&scopes, ' ', &one))
        if (text_is(one, "openid"))
            return true;
    return false;
}

static void keep(struct oidc_setting *out, const struct oidc_setting *from, struct arena *arena)
{
    struct text *texts[] = {&out->key,    &out->name,   &out->issuer, &out->client_id,
                            &out->secret, &out->scopes, &out->claim,  &out->signing};
    *out = *from;
    if (!out->claim.len)
        out->claim = TEXT("sub");
    if (!out->signing.len)
        out->signing = TEXT("RS256");
    if (!has_openid(out->scopes))
        out->scopes = text_trim(text_format(arena, "openid %.*s", TEXT_ARG(out->scopes)));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = text_copy(arena, *texts[i]);
    struct text *words = arena_array(arena, from->second.count, sizeof *words);
    for (size_t i = 0; i < from->second.count; i++)
        words[i] = text_copy(arena, ((const struct text *)from->second.items)[i]);
    out->second = (struct list){words, from->second.count};
    if (from->ca_file)
        out->ca_file = text_cstr(arena, text_of(from->ca_file));
}

bool oidc_new(const struct oidc_setting *settings, size_t count, struct oidc **out,
              struct fault *why)
{
    struct oidc *oidc = calloc(1, sizeof *oidc);
    *out = oidc;
    if (!oidc || curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return fault_set(why, "no memory for providers");
    oidc->arena = arena_new(4096);
    oidc->providers = arena_array(oidc->arena, count, sizeof *oidc->providers);
    for (size_t i = 0; i < count; i++) {
        struct provider *provider = &oidc->providers[i];
        keep(&provider->setting, &settings[i], oidc->arena);
        if (!setting_good(oidc, &provider->setting, why)) {
            oidc_free(oidc);
            *out = NULL;
            return false;
        }
        pthread_mutex_init(&provider->lock, NULL);
        oidc->count++;
    }
    return true;
}

void oidc_free(struct oidc *oidc)
{
    if (!oidc)
        return;
    for (size_t i = 0; i < oidc->count; i++) {
        pthread_mutex_destroy(&oidc->providers[i].lock);
        free(oidc->providers[i].about.at);
        free(oidc->providers[i].keys.at);
    }
    arena_free(oidc->arena);
    free(oidc);
    curl_global_cleanup();
}

size_t oidc_count(const struct oidc *oidc)
{
    return oidc ? oidc->count : 0;
}

const struct oidc_setting *oidc_at(const struct oidc *oidc, size_t i)
{
    return &oidc->providers[i].setting;
}

struct provider *provider_find(struct oidc *oidc, struct text key)
{
    for (size_t i = 0; i < oidc_count(oidc); i++)
        if (text_equal(oidc->providers[i].setting.key, key))
            return &oidc->providers[i];
    return NULL;
}

const struct oidc_setting *oidc_find(const struct oidc *oidc, struct text key)
{
    for (size_t i = 0; i < oidc_count(oidc); i++)
        if (text_equal(oidc->providers[i].setting.key, key))
            return &oidc->providers[i].setting;
    return NULL;
}

/* A copy of what was told, where it is young enough. */
static bool told(struct provider *provider, const struct told *what, int64_t most_ms,
                 struct arena *arena, struct text *out)
{
    int64_t now_ms = time_monotonic();
    pthread_mutex_lock(&provider->lock);
    bool young = what->at && now_ms - what->told_ms < most_ms;
    if (young)
        *out = text_copy(arena, (struct text){what->at, what->len});
    pthread_mutex_unlock(&provider->lock);
    return young;
}

static void remember(struct provider *provider, struct told *what, struct text body)
{
    char *copy = malloc(body.len + 1);
    if (!copy)
        abort();
    if (body.len)
        memcpy(copy, body.at, body.len);
    pthread_mutex_lock(&provider->lock);
    free(what->at);
    *what = (struct told){copy, body.len, time_monotonic()};
    pthread_mutex_unlock(&provider->lock);
}

static bool resting(struct provider *provider, struct fault *why)
{
    int64_t now_ms = time_monotonic();
    pthread_mutex_lock(&provider->lock);
    bool rests = provider->failed_ms && now_ms - provider->failed_ms < REST_MS;
    pthread_mutex_unlock(&provider->lock);
    return rests && !fault_set(why, "it was not reached a moment ago");
}

static bool ask(struct provider *provider, struct text url, struct arena *arena, struct text *body,
                struct fault *why)
{
    struct oidc_question question = {.url = url, .ca_file = provider->setting.ca_file};
    struct oidc_answer answer;
    if (resting(provider, why))
        return false;
    bool good = oidc_fetch(&question, arena, &answer, why);
    if (good && answer.status != 200)
        good = fault_set(why, "%.*s: status %d", TEXT_ARG(url), answer.status);
    pthread_mutex_lock(&provider->lock);
    provider->failed_ms = good ? 0 : time_monotonic();
    pthread_mutex_unlock(&provider->lock);
    *body = answer.body;
    return good;
}

/* An endpoint may be plain only where the issuer itself is. */
static bool endpoint_good(const struct oidc_setting *setting, struct text url)
{
    return !oidc_address_wrong(url) && (text_starts(url, TEXT("https://")) ||
                                        text_starts(setting->issuer, TEXT("http://")));
}

static bool lacks(const json_t *about, const char *list, struct text wanted)
{
    const json_t *words = json_object_get(about, list);
    for (size_t i = 0; i < json_array_size(words); i++) {
        const json_t *word = json_array_get(words, i);
        if (json_is_string(word) && text_is(wanted, json_string_value(word)))
            return false;
    }
    return words != NULL;
}

static const char *about_wrong(const struct oidc_setting *setting, const json_t *about,
                               struct arena *arena)
{
    static const char *const endpoints[] = {"authorization_endpoint", "token_endpoint", "jwks_uri"};
    if (!json_is_object(about))
        return "its description is no JSON object";
    if (!text_equal(oidc_json_text(about, "issuer", arena), setting->issuer))
        return "it names another issuer than the one configured";
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++)
        if (!endpoint_good(setting, oidc_json_text(about, endpoints[i], arena)))
            return "its description lacks an address, or has one that is not https";
    if (lacks(about, "id_token_signing_alg_values_supported", setting->signing))
        return "it does not sign by the configured algorithm";
    if (lacks(about, "code_challenge_methods_supported", TEXT("S256")))
        return "it does not know PKCE by S256";
    return NULL;
}

json_t *provider_about(struct provider *provider, int64_t most_ms, struct arena *arena,
                       struct fault *why)
{
    const struct oidc_setting *setting = &provider->setting;
    struct text body, issuer = setting->issuer;
    json_error_t error;
    if (told(provider, &provider->about, most_ms, arena, &body))
        return json_loadb(body.at, body.len, 0, &error);
    while (text_ends(issuer, TEXT("/")))
        issuer.len--;
    struct text url =
        text_format(arena, "%.*s/.well-known/openid-configuration", TEXT_ARG(issuer));
    if (!ask(provider, url, arena, &body, why))
        return NULL;
    json_t *about = json_loadb(body.at ? body.at : "", body.len, JSON_REJECT_DUPLICATES, &error);
    const char *wrong = about_wrong(setting, about, arena);
    if (wrong) {
        json_decref(about);
        fault_set(why, "%.*s: %s", TEXT_ARG(url), wrong);
        return NULL;
    }
    remember(provider, &provider->about, body);
    return about;
}

bool provider_keys(struct provider *provider, const json_t *about, int64_t most_ms,
                   struct arena *arena, struct text *keys, struct fault *why)
{
    if (told(provider, &provider->keys, most_ms, arena, keys))
        return true;
    if (!ask(provider, oidc_json_text(about, "jwks_uri", arena), arena, keys, why))
        return false;
    remember(provider, &provider->keys, *keys);
    return true;
}
