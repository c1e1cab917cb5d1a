/* Time-based one-time passwords (RFC 6238) by liboath: six digits, 30 seconds, HMAC-SHA-1, which is
 * what every authenticator takes. The secret is sealed (XChaCha20-Poly1305) under a key that the
 * database keeps beside the journal, bound to its account: neither the journal nor an export of it
 * holds it in clear, and a sealed secret moved to another account opens nothing. */
#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "identity/parts.h"

#define SECRET_BYTES 20 /* RFC 4226 section 4, R6 */
#define STEP_S 30
#define DRIFT 1 /* steps that a clock may be off, RFC 6238 section 5.2 */
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

static struct text bytes_to_text(const void *bytes, size_t size, struct arena *arena)
{
    size_t room = sodium_base64_encoded_len(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *at = arena_alloc(arena, room);
    return text_of(
        sodium_bin2base64(at, room, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
}

static bool text_to_bytes(struct text from, void *out, size_t size)
{
    size_t got;
    return sodium_base642bin(out, size, from.at, from.len, NULL, &got, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           got == size;
}

/* Whose it is goes into the seal. */
static struct text bound_to(int64_t region, int64_t account_id, struct arena *arena)
{
    return text_format(arena, "totp %lld/%lld", (long long)region, (long long)account_id);
}

struct text totp_secret_new(struct arena *arena)
{
    unsigned char *bytes = arena_alloc(arena, SECRET_BYTES);
    random_bytes(bytes, SECRET_BYTES);
    return (struct text){(const char *)bytes, SECRET_BYTES};
}

struct text totp_seal(struct text key, int64_t region, int64_t account_id, struct text secret,
                      struct arena *arena)
{
    unsigned char raw[32], sealed[NONCE + SECRET_BYTES + TAG];
    struct text bound = bound_to(region, account_id, arena);
    if (secret.len != SECRET_BYTES || !text_to_bytes(key, raw, sizeof raw))
        return TEXT("");
    random_bytes(sealed, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed + NONCE, NULL, (const unsigned char *)secret.at, secret.len,
        (const unsigned char *)bound.at, bound.len, NULL, sealed, raw);
    sodium_memzero(raw, sizeof raw);
    return bytes_to_text(sealed, sizeof sealed, arena);
}

bool totp_open(struct text key, int64_t region, int64_t account_id, struct text sealed,
               struct arena *arena, struct text *secret)
{
    unsigned char raw[32], bytes[NONCE + SECRET_BYTES + TAG];
    unsigned char *out = arena_alloc(arena, SECRET_BYTES);
    struct text bound = bound_to(region, account_id, arena);
    *secret = TEXT("");
    if (!text_to_bytes(key, raw, sizeof raw) || !text_to_bytes(sealed, bytes, sizeof bytes))
        return false;
    bool good = crypto_aead_xchacha20poly1305_ietf_decrypt(
                    out, NULL, NULL, bytes + NONCE, SECRET_BYTES + TAG,
                    (const unsigned char *)bound.at, bound.len, bytes, raw) == 0;
    sodium_memzero(raw, sizeof raw);
    if (good)
        *secret = (struct text){(const char *)out, SECRET_BYTES};
    return good;
}

struct text totp_words(struct text secret, struct arena *arena)
{
    char *base32 = NULL;
    size_t size = 0;
    if (oath_base32_encode(secret.at, secret.len, &base32, &size) != OATH_OK)
        return TEXT("");
    struct text words = text_copy(arena, (struct text){base32, size});
    sodium_memzero(base32, size);
    free(base32);
    return words;
}

bool totp_code(struct text secret, int64_t at_ms, char out[7])
{
    return oath_totp_generate(secret.at, secret.len, (time_t)(at_ms / SECOND_MS), STEP_S, 0, 6,
                              out) == OATH_OK;
}

int64_t totp_step(struct text secret, struct text code, int64_t at_ms)
{
    char digits[7];
    uint64_t counter = 0;
    if (code.len != 6 || secret.len == 0)
        return 0;
    for (size_t i = 0; i < code.len; i++)
        if (code.at[i] < '0' || code.at[i] > '9')
            return 0;
    memcpy(digits, code.at, 6);
    digits[6] = '\0';
    int end = oath_totp_validate3(secret.at, secret.len, (time_t)(at_ms / SECOND_MS), STEP_S, 0,
                                  DRIFT, NULL, &counter, digits);
    return end >= 0 ? (int64_t)counter : 0;
}

struct text totp_recovery(struct text secret, int which, struct arena *arena)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    struct text message = text_format(arena, "recovery %d", which);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.at, secret.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)message.at, message.len);
    crypto_auth_hmacsha256_final(&state, mac);
    struct text code = random_code(arena, mac, 12);
    return text_format(arena, "%.4s-%.4s-%.4s", code.at, code.at + 4, code.at + 8);
}

struct text totp_recovery_hash(int64_t account_id, struct text code, struct arena *arena)
{
    struct buf plain = {.arena = arena};
    buf_format(&plain, "recovery\n%lld\n", (long long)account_id);
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            buf_char(&plain, c);
    }
    return secret_hash(buf_done(&plain), arena);
}
