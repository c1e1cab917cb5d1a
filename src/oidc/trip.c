/* What is remembered while the browser is at the provider: sealed (XChaCha20-Poly1305) under a key that
 * follows from the client's secret, so that the house keeps nothing of those who never come back, and
 * nobody can make, read or change it. A browser that has none was sent here by somebody else. */
#include <sodium.h>
#include <string.h>

#include "base/hash.h"
#include "oidc/parts.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define TRIP_MOST 3500 /* characters of the cookie */

static void key_of(const struct oidc_setting *setting, int64_t region, struct arena *arena,
                   unsigned char key[32])
{
    struct text purpose = text_format(arena, "yimen trip\n%lld\n%.*s\n%.*s\n%.*s",
                                      (long long)region, TEXT_ARG(setting->key),
                                      TEXT_ARG(setting->issuer), TEXT_ARG(setting->client_id));
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)setting->secret.at,
                                setting->secret.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose.at, purpose.len);
    crypto_auth_hmacsha256_final(&state, key);
}

struct text oidc_challenge(struct text verifier, struct arena *arena)
{
    struct hash hash = hash_of(verifier);
    return oidc_base64url(arena, hash.bytes, sizeof hash.bytes);
}

struct text oidc_trip_seal(const struct oidc_setting *setting, const struct oidc_trip *trip,
                           const struct oidc_secrets *secrets, struct arena *arena)
{
    unsigned char key[32];
    struct text plain = text_format(
        arena, "%lld\n%lld\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s", (long long)secrets->until_ms,
        (long long)trip->account, TEXT_ARG(secrets->state), TEXT_ARG(secrets->nonce),
        TEXT_ARG(secrets->verifier), TEXT_ARG(trip->back), TEXT_ARG(trip->next));
    unsigned char *sealed = arena_alloc(arena, NONCE + plain.len + TAG);
    key_of(setting, trip->region, arena, key);
    randombytes_buf(sealed, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed + NONCE, NULL, (const unsigned char *)plain.at, plain.len,
        (const unsigned char *)setting->key.at, setting->key.len, NULL, sealed, key);
    sodium_memzero(key, sizeof key);
    struct text words = oidc_base64url(arena, sealed, NONCE + plain.len + TAG);
    return text_format(arena, "%.*s.%.*s", TEXT_ARG(setting->key), TEXT_ARG(words));
}

struct text oidc_trip_provider(struct text sealed)
{
    struct text rest = sealed, key;
    return text_cut(&rest, '.', &key) && rest.at ? key : TEXT("");
}

bool oidc_trip_open(const struct oidc_setting *setting, int64_t region, struct text sealed,
                    struct arena *arena, struct oidc_trip *trip, struct oidc_secrets *secrets)
{
    struct text rest = sealed, name, bytes, until, account;
    unsigned char key[32];
    if (sealed.len > TRIP_MOST || !text_cut(&rest, '.', &name) || !rest.at ||
        !text_equal(name, setting->key) || !oidc_unbase64url(arena, rest, &bytes) ||
        bytes.len < NONCE + TAG)
        return false;
    unsigned char *plain = arena_alloc(arena, bytes.len);
    const unsigned char *at = (const unsigned char *)bytes.at;
    key_of(setting, region, arena, key);
    bool good = crypto_aead_xchacha20poly1305_ietf_decrypt(
                    plain, NULL, NULL, at + NONCE, bytes.len - NONCE,
                    (const unsigned char *)setting->key.at, setting->key.len, at, key) == 0;
    sodium_memzero(key, sizeof key);
    if (!good)
        return false;
    rest = (struct text){(const char *)plain, bytes.len - NONCE - TAG};
    *trip = (struct oidc_trip){.provider = setting->key, .region = region};
    return text_cut(&rest, '\n', &until) && text_int(until, &secrets->until_ms) &&
           text_cut(&rest, '\n', &account) && text_int(account, &trip->account) &&
           text_cut(&rest, '\n', &secrets->state) && text_cut(&rest, '\n', &secrets->nonce) &&
           text_cut(&rest, '\n', &secrets->verifier) && text_cut(&rest, '\n', &trip->back) &&
           (trip->next = rest, true);
}
