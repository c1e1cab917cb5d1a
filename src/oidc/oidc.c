/* The way to a provider and back. */
#include "oidc/oidc.h"

#include <sodium.h>

#include "base/random.h"
#include "base/time.h"
#include "oidc/inside.h"

#define YOUNG_MS (10 * SECOND_MS) /* before a browser is sent there: is the provider there at all? */
#define OLD_MS HOUR_MS
#define KEYS_YOUNG_MS (5 * SECOND_MS) /* a key that nobody knows is asked for no more often */

#define LINKING "link." /* no other state has a dot */

bool oidc_state_links(struct text state)
{
    return text_starts(state, TEXT(LINKING));
}

static struct text drawn(struct arena *arena)
{
    unsigned char bytes[32];
    random_bytes(bytes, sizeof bytes);
    return oidc_base64url(arena, bytes, sizeof bytes);
}

static bool same(struct text a, struct text b)
{
    return a.len == b.len && a.len && sodium_memcmp(a.at, b.at, a.len) == 0;
}

static void add(struct buf *url, const char *name, struct text value)
{
    buf_format(url, "%s=", name);
    buf_url(url, value);
}

/* The address of an endpoint, ready for its first parameter. */
static struct buf query_of(const json_t *about, const char *endpoint, struct arena *arena)
{
    struct buf url = {.arena = arena};
    struct text at = oidc_json_text(about, endpoint, arena);
    buf_text(&url, at);
    buf_char(&url, text_find(at, TEXT("?")) < 0 ? '?' : '&');
    return url;
}

enum oidc_end oidc_begin(struct oidc *oidc, const struct oidc_trip *trip, int64_t now_ms,
                         struct arena *arena, struct oidc_begun *out, struct fault *why)
{
    struct provider *provider = provider_find(oidc, trip->provider);
    if (!provider)
        return OIDC_UNKNOWN;
    const struct oidc_setting *setting = &provider->setting;
    json_t *about = provider_about(provider, YOUNG_MS, arena, why);
    if (!about)
        return OIDC_AWAY;
    struct text state = drawn(arena);
    if (trip->account)
        state = text_format(arena, LINKING "%.*s", TEXT_ARG(state));
    struct oidc_secrets secrets = {state, drawn(arena), drawn(arena), now_ms + OIDC_BEGUN_MS};
    struct buf url = query_of(about, "authorization_endpoint", arena);
    json_decref(about);
    add(&url, "response_type", TEXT("code"));
    add(&url, "&client_id", setting->client_id);
    add(&url, "&redirect_uri", trip->back);
    add(&url, "&scope", setting->scopes);
    add(&url, "&state", secrets.state);
    add(&url, "&nonce", secrets.nonce);
    add(&url, "&code_challenge", oidc_challenge(secrets.verifier, arena));
    buf_str(&url, "&code_challenge_method=S256");
    *out = (struct oidc_begun){buf_done(&url), oidc_trip_seal(setting, trip, &secrets, arena)};
    return OIDC_GOOD;
}

/* An error's name as it may stand in a log. */
static struct text plain(struct text error)
{
    size_t len = 0;
    while (len < error.len && len < 40 &&
           ((error.at[len] >= 'a' && error.at[len] <= 'z') || error.at[len] == '_'))
        len++;
    return text_slice(error, 0, len);
}

/* What the provider said instead of a code (RFC 6749, 4.1.2.1; Core 1.0, 3.1.2.6). */
static enum oidc_end said_no(struct text error, struct fault *why)
{
    static const char *const denials[] = {"access_denied", "login_required", "consent_required",
                                          "interaction_required", "account_selection_required"};
    struct text name = plain(error);
    fault_set(why, "it answered %.*s", TEXT_ARG(name));
    for (size_t i = 0; i < sizeof denials / sizeof *denials; i++)
        if (text_is(error, denials[i]))
            return OIDC_DENIED;
    return OIDC_AWAY;
}

/* The client proves itself by HTTP Basic, which every provider must know (RFC 6749, 2.3.1);
 * else, where the provider says that it knows only that, in the form. */
static bool basic(const json_t *about)
{
    const json_t *ways = json_object_get(about, "token_endpoint_auth_methods_supported");
    bool post = false;
    for (size_t i = 0; i < json_array_size(ways); i++) {
        struct text way = text_of(json_string_value(json_array_get(ways, i)));
        if (text_is(way, "client_secret_basic"))
            return true;
        post = post || text_is(way, "client_secret_post");
    }
    return !post;
}

static struct text encoded(struct text value, struct arena *arena)
{
    struct buf out = {.arena = arena};
    buf_url(&out, value);
    return buf_done(&out);
}

static enum oidc_end redeem(const struct provider *provider, const json_t *about, struct text code,
                            const struct oidc_trip *trip, const struct oidc_secrets *secrets,
                            struct arena *arena, struct text *token, struct fault *why)
{
    const struct oidc_setting *setting = &provider->setting;
    struct buf form = {.arena = arena};
    struct oidc_answer answer;
    json_error_t error;
    buf_str(&form, "grant_type=authorization_code");
    add(&form, "&code", code);
    add(&form, "&redirect_uri", trip->back);
    add(&form, "&code_verifier", secrets->verifier);
    if (!basic(about)) {
        add(&form, "&client_id", setting->client_id);
        add(&form, "&client_secret", setting->secret);
    }
    struct oidc_question question = {.url = oidc_json_text(about, "token_endpoint", arena),
                                     .ca_file = setting->ca_file,
                                     .form = text_cstr(arena, buf_done(&form))};
    if (basic(about)) {
        question.user = encoded(setting->client_id, arena);
        question.password = encoded(setting->secret, arena);
    }
    if (!oidc_fetch(&question, arena, &answer, why))
        return OIDC_AWAY;
    json_t *told = json_loadb(answer.body.at ? answer.body.at : "", answer.body.len,
                              JSON_REJECT_DUPLICATES, &error);
    struct text refused = plain(oidc_json_text(told, "error", arena));
    *token = oidc_json_text(told, "id_token", arena);
    json_decref(told);
    if (answer.status == 200 && token->len)
        return OIDC_GOOD;
    fault_set(why, "the token endpoint answered %d %.*s", answer.status, TEXT_ARG(refused));
    /* Of a code that is over or used, whatever the status; of our own secret: invalid_client. */
    return text_is(refused, "invalid_grant") || text_is(refused, "invalid_code") ? OIDC_STALE
                                                                                 : OIDC_AWAY;
}

static enum oidc_end look_at(struct provider *provider, const json_t *about, struct text token,
                             struct text nonce, int64_t now_ms, struct arena *arena,
                             struct oidc_person *out, struct fault *why)
{
    struct oidc_expected expected = {&provider->setting, nonce, now_ms / SECOND_MS};
    const char *wrong = NULL;
    struct text keys;
    enum oidc_key key = OIDC_KEY_UNKNOWN;
    int64_t most_ms[] = {OLD_MS, KEYS_YOUNG_MS}; /* the second time: keys have changed since */
    for (size_t i = 0; i < 2 && key == OIDC_KEY_UNKNOWN; i++) {
        if (!provider_keys(provider, about, most_ms[i], arena, &keys, why))
            return OIDC_AWAY;
        wrong = oidc_token_wrong(token, keys, &expected, arena, out, &key);
    }
    if (wrong)
        fault_set(why, "the ID token: %s", wrong);
    return wrong ? OIDC_FORGED : OIDC_GOOD;
}

/* Which of several providers answered (RFC 9207): said where it is promised, and right where said. */
static bool from_issuer(const json_t *about, const struct oidc_setting *setting, struct text said)
{
    const json_t *promised =
        json_object_get(about, "authorization_response_iss_parameter_supported");
    return said.len ? text_equal(said, setting->issuer) : !json_is_true(promised);
}

enum oidc_end oidc_finish(struct oidc *oidc, const struct oidc_return *back, int64_t region,
                          int64_t now_ms, struct arena *arena, struct oidc_trip *trip,
                          struct oidc_person *out, struct fault *why)
{
    struct provider *provider = provider_find(oidc, oidc_trip_provider(back->trip));
    struct oidc_secrets secrets;
    struct text token = TEXT("");
    *trip = (struct oidc_trip){0};
    if (!provider)
        return OIDC_STALE;
    if (!oidc_trip_open(&provider->setting, region, back->trip, arena, trip, &secrets) ||
        now_ms >= secrets.until_ms || !same(secrets.state, back->state)) {
        fault_set(why, "begun in another browser, or too long ago");
        return OIDC_STALE;
    }
    if (back->error.len)
        return said_no(back->error, why);
    if (!back->code.len)
        return OIDC_STALE;
    json_t *about = provider_about(provider, OLD_MS, arena, why);
    if (!about)
        return OIDC_AWAY;
    enum oidc_end end = OIDC_FORGED;
    if (!from_issuer(about, &provider->setting, back->issuer))
        fault_set(why, "another issuer answered");
    else
        end = redeem(provider, about, back->code, trip, &secrets, arena, &token, why);
    if (end == OIDC_GOOD)
        end = look_at(provider, about, token, secrets.nonce, now_ms, arena, out, why);
    json_decref(about);
    return end;
}

enum oidc_end oidc_leave(struct oidc *oidc, struct text key, struct text id_token,
                         struct text after, struct arena *arena, struct text *url,
                         struct fault *why)
{
    struct provider *provider = provider_find(oidc, key);
    *url = TEXT("");
    if (!provider)
        return OIDC_UNKNOWN;
    json_t *about = provider_about(provider, YOUNG_MS, arena, why);
    if (!about)
        return OIDC_AWAY;
    struct text endpoint = oidc_json_text(about, "end_session_endpoint", arena);
    if (endpoint.len && !oidc_address_wrong(endpoint)) {
        struct buf out = query_of(about, "end_session_endpoint", arena);
        add(&out, "client_id", provider->setting.client_id);
        add(&out, "&post_logout_redirect_uri", after);
        if (id_token.len)
            add(&out, "&id_token_hint", id_token);
        *url = buf_done(&out);
    }
    json_decref(about);
    return OIDC_GOOD;
}

enum oidc_end oidc_check(struct oidc *oidc, struct text key, int64_t now_ms, struct arena *arena,
                         int64_t *ahead_ms, struct fault *why)
{
    struct provider *provider = provider_find(oidc, key);
    struct oidc_answer answer;
    *ahead_ms = 0;
    if (!provider)
        return OIDC_UNKNOWN;
    json_t *about = provider_about(provider, 0, arena, why);
    if (!about)
        return OIDC_AWAY;
    struct oidc_question question = {.url = oidc_json_text(about, "jwks_uri", arena),
                                     .ca_file = provider->setting.ca_file};
    json_decref(about);
    if (!oidc_fetch(&question, arena, &answer, why))
        return OIDC_AWAY;
    if (answer.status != 200) {
        fault_set(why, "its keys: status %d", answer.status);
        return OIDC_AWAY;
    }
    if (answer.date_ms)
        *ahead_ms = answer.date_ms - now_ms;
    return OIDC_GOOD;
}
