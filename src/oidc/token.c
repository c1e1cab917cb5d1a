/* Is an ID token what it says (OpenID Connect Core 1.0, section 3.1.3.7)? The algorithm is the one that
 * was agreed on, whatever the token says; keys are the provider's alone; nothing is believed before the
 * signature holds. cjose looks at the signature. */
#include <cjose/cjose.h>
#include <sodium.h>
#include <string.h>

#include "oidc/parts.h"

#define SUBJECT_MOST 255 /* Core 1.0, section 2 */
#define RSA_LEAST 256    /* bytes: 2048 bits (RFC 7518, section 3.3) */

static const struct {
    const char *name, *type, *curve;
} algorithms[] = {
    {"RS256", "RSA", NULL},    {"RS384", "RSA", NULL},    {"RS512", "RSA", NULL},
    {"PS256", "RSA", NULL},    {"PS384", "RSA", NULL},    {"PS512", "RSA", NULL},
    {"ES256", "EC", "P-256"}, {"ES384", "EC", "P-384"}, {"ES512", "EC", "P-521"},
};
#define ALGORITHMS (sizeof algorithms / sizeof *algorithms)

static size_t algorithm_of(struct text name)
{
    size_t i = 0;
    while (i < ALGORITHMS && !text_is(name, algorithms[i].name))
        i++;
    return i;
}

bool oidc_signing_known(struct text signing)
{
    return algorithm_of(signing) < ALGORITHMS;
}

struct text oidc_base64url(struct arena *arena, const void *bytes, size_t size)
{
    size_t room = sodium_base64_encoded_len(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *at = arena_alloc(arena, room);
    return text_of(
        sodium_bin2base64(at, room, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
}

bool oidc_unbase64url(struct arena *arena, struct text from, struct text *out)
{
    unsigned char *at = arena_alloc(arena, from.len + 1);
    size_t got = 0;
    if (sodium_base642bin(at, from.len + 1, from.at, from.len, NULL, &got, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    *out = (struct text){(const char *)at, got};
    return true;
}

struct text oidc_json_text(const json_t *object, const char *name, struct arena *arena)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value))
        return TEXT("");
    return text_copy(arena, (struct text){json_string_value(value), json_string_length(value)});
}

static bool is(const json_t *object, const char *name, struct text wanted)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) && wanted.len == json_string_length(value) &&
           memcmp(json_string_value(value), wanted.at, wanted.len) == 0;
}

/* One of the three parts as a JSON object; NULL: it is none. */
static json_t *part(struct text encoded, struct arena *arena)
{
    struct text decoded;
    json_error_t error;
    if (!encoded.len || !oidc_unbase64url(arena, encoded, &decoded))
        return NULL;
    json_t *object = json_loadb(decoded.at, decoded.len, JSON_REJECT_DUPLICATES, &error);
    if (object && !json_is_object(object)) {
        json_decref(object);
        object = NULL;
    }
    return object;
}

/* A key that may be looked at with this algorithm, and that the token means. */
static bool key_fits(const json_t *key, size_t algorithm, const json_t *kid, struct arena *arena)
{
    struct text modulus;
    if (!is(key, "kty", text_of(algorithms[algorithm].type)) ||
        (json_object_get(key, "use") && !is(key, "use", TEXT("sig"))) ||
        (json_object_get(key, "alg") && !is(key, "alg", text_of(algorithms[algorithm].name))))
        return false;
    if (kid && !json_equal(json_object_get(key, "kid"), kid))
        return false;
    if (algorithms[algorithm].curve)
        return is(key, "crv", text_of(algorithms[algorithm].curve));
    return oidc_unbase64url(arena, oidc_json_text(key, "n", arena), &modulus) &&
           modulus.len >= RSA_LEAST;
}

/* The one key that fits; NULL: none, or more than one where the token names none. */
static json_t *key_of(const json_t *set, size_t algorithm, const json_t *kid, struct arena *arena)
{
    const json_t *keys = json_object_get(set, "keys");
    json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(keys); i++) {
        json_t *key = json_array_get(keys, i);
        if (!key_fits(key, algorithm, kid, arena))
            continue;
        if (found)
            return NULL;
        found = key;
    }
    return found;
}

static bool signature_holds(struct text token, json_t *key)
{
    cjose_err error;
    cjose_jwk_t *jwk = cjose_jwk_import_json((cjose_header_t *)key, &error);
    cjose_jws_t *jws = jwk ? cjose_jws_import(token.at, token.len, &error) : NULL;
    bool holds = jws && cjose_jws_verify(jws, jwk, &error);
    if (jws)
        cjose_jws_release(jws);
    if (jwk)
        cjose_jwk_release(jwk);
    return holds;
}

/* NULL: the signature is the provider's. */
static const char *signature_wrong(struct text token, struct text head, struct text keys,
                                   const struct oidc_expected *expected, struct arena *arena,
                                   enum oidc_key *known)
{
    size_t algorithm = algorithm_of(expected->setting->signing);
    json_error_t error;
    json_t *header = part(head, arena);
    json_t *set = json_loadb(keys.at ? keys.at : "", keys.len, 0, &error);
    const json_t *kid = header ? json_object_get(header, "kid") : NULL;
    const char *wrong = NULL;
    json_t *key = NULL;
    if (!header)
        wrong = "its head is no JSON object";
    else if (algorithm == ALGORITHMS || !is(header, "alg", text_of(algorithms[algorithm].name)))
        wrong = "it is signed by another algorithm than the one agreed on, or not at all";
    else if (json_object_get(header, "crit"))
        wrong = "its head has critical extensions";
    else if (kid && !json_is_string(kid))
        wrong = "its key's name is no text";
    else if (!(key = key_of(set, algorithm, kid, arena))) {
        wrong = "no key of the provider is the one it names";
        *known = OIDC_KEY_UNKNOWN;
    } else if (!signature_holds(token, key))
        wrong = "the signature does not hold";
    json_decref(header);
    json_decref(set);
    return wrong;
}

/* Made for us and nobody else (section 3.1.3.7, 3 to 5). */
static bool for_us(const json_t *claims, struct text client_id)
{
    const json_t *audience = json_object_get(claims, "aud");
    if (json_object_get(claims, "azp") && !is(claims, "azp", client_id))
        return false;
    if (!json_is_array(audience))
        return is(claims, "aud", client_id);
    const json_t *only = json_array_get(audience, 0);
    return json_array_size(audience) == 1 && json_is_string(only) &&
           text_is(client_id, json_string_value(only));
}

/* A moment in seconds; false: it is missing or no number. Some write fractions. */
static bool moment(const json_t *claims, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(claims, name);
    double number = json_number_value(value);
    if (!json_is_number(value) || !(number >= 0 && number < 1e11))
        return false;
    *out = (int64_t)number;
    return true;
}

static const char *times_wrong(const json_t *claims, int64_t now_s)
{
    int64_t expires, issued, from;
    if (!moment(claims, "exp", &expires) || !moment(claims, "iat", &issued))
        return "it does not say when it was made and until when it holds";
    if (now_s >= expires + OIDC_LEEWAY_S)
        return "it is over";
    if (issued > now_s + OIDC_LEEWAY_S)
        return "it was made in the future";
    if (issued < now_s - OIDC_OLD_S - OIDC_LEEWAY_S)
        return "it was made too long ago";
    if (json_object_get(claims, "nbf") &&
        (!moment(claims, "nbf", &from) || from > now_s + OIDC_LEEWAY_S))
        return "it does not hold yet";
    return NULL;
}

static bool subject_good(struct text subject)
{
    bool seen = false;
    for (size_t i = 0; i < subject.len; i++) {
        if ((unsigned char)subject.at[i] < ' ' || subject.at[i] == 0x7f)
            return false;
        seen = seen || subject.at[i] != ' ';
    }
    return seen && subject.len <= SUBJECT_MOST && text_utf8(subject);
}

/* One of the words that the setting counts is among what the token says. */
static bool says_second(const json_t *claims, const struct list *counted)
{
    const struct text *words = counted->items;
    const json_t *methods = json_object_get(claims, "amr");
    for (size_t i = 0; i < counted->count; i++) {
        if (is(claims, "acr", words[i]))
            return true;
        for (size_t j = 0; j < json_array_size(methods); j++) {
            const json_t *method = json_array_get(methods, j);
            if (json_is_string(method) && text_is(words[i], json_string_value(method)))
                return true;
        }
    }
    return false;
}

static const char *claims_wrong(const json_t *claims, const struct oidc_expected *expected,
                                struct arena *arena, struct oidc_person *out)
{
    const struct oidc_setting *setting = expected->setting;
    if (!is(claims, "iss", setting->issuer))
        return "another issuer made it";
    if (!for_us(claims, setting->client_id))
        return "it was made for somebody else, or not for us alone";
    if (!expected->nonce.len || !is(claims, "nonce", expected->nonce))
        return "it was made for another sign-in";
    const char *wrong = times_wrong(claims, expected->now_s);
    if (wrong)
        return wrong;
    if (!subject_good(oidc_json_text(claims, "sub", arena)))
        return "it does not say who";
    out->subject = oidc_json_text(claims, text_cstr(arena, setting->claim), arena);
    if (!subject_good(out->subject))
        return "it lacks the claim that tells people apart here";
    out->issuer = setting->issuer;
    out->claim = setting->claim;
    out->second = says_second(claims, &setting->second);
    return NULL;
}

const char *oidc_token_wrong(struct text token, struct text keys,
                             const struct oidc_expected *expected, struct arena *arena,
                             struct oidc_person *out, enum oidc_key *key)
{
    struct text rest = token, head, body;
    *key = OIDC_KEY_KNOWN;
    *out = (struct oidc_person){.id_token = token};
    if (token.len > OIDC_TOKEN_MOST)
        return "it is too long";
    if (!text_cut(&rest, '.', &head) || !rest.at || !text_cut(&rest, '.', &body) || !rest.at ||
        text_find(rest, TEXT(".")) >= 0)
        return "it is no signed token";
    const char *wrong = signature_wrong(token, head, keys, expected, arena, key);
    if (wrong)
        return wrong;
    json_t *claims = part(body, arena);
    wrong = claims ? claims_wrong(claims, expected, arena, out) : "it is no JSON object";
    json_decref(claims);
    return wrong;
}
