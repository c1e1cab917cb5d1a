/* ID tokens as they should be, and every way in which they should not: forged, borrowed, over, of
 * somebody else (OpenID Connect Core 1.0, 3.1.3.7; RFC 8725, section 3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjose/cjose.h>
#include <sodium.h>

#include "oidc/parts.h"

#define NOW INT64_C(1399165200)
#define ISSUER "https://sso.example/"
#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { OURS, OTHER, SHORT, CURVE, CURVE384, KEYS };
static const char *const kids[KEYS] = {"k1", "k2", "k3", "e1", "e2"};

struct keys {
    cjose_jwk_t *all[KEYS];
    struct text set; /* public: OURS, SHORT, CURVE, CURVE384 */
    struct arena *arena;
};

static struct text json_words(const json_t *value, struct arena *arena)
{
    char *words = json_dumps(value, JSON_COMPACT);
    struct text copy = text_of(text_cstr(arena, text_of(words)));
    free(words);
    return copy;
}

static json_t *public_key(const cjose_jwk_t *key)
{
    cjose_err error;
    char *words = cjose_jwk_to_json(key, false, &error);
    json_t *object = json_loads(words, 0, NULL);
    cjose_get_dealloc()(words);
    return object;
}

static int make_keys(void **state)
{
    struct keys *keys = calloc(1, sizeof *keys);
    cjose_err error;
    json_t *list = json_array();
    assert_true(sodium_init() >= 0);
    keys->arena = arena_new(64 * 1024);
    for (int i = 0; i < KEYS; i++) {
        keys->all[i] = i == CURVE ? cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error)
                       : i == CURVE384
                           ? cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_384, &error)
                           : cjose_jwk_create_RSA_random(i == SHORT ? 1024 : 2048, NULL, 0, &error);
        assert_non_null(keys->all[i]);
        assert_true(cjose_jwk_set_kid(keys->all[i], kids[i], strlen(kids[i]), &error));
        if (i != OTHER)
            json_array_append_new(list, public_key(keys->all[i]));
    }
    json_t *set = json_pack("{s:o}", "keys", list);
    keys->set = json_words(set, keys->arena);
    json_decref(set);
    *state = keys;
    return 0;
}

static int drop_keys(void **state)
{
    struct keys *keys = *state;
    for (int i = 0; i < KEYS; i++)
        cjose_jwk_release(keys->all[i]);
    arena_free(keys->arena);
    free(keys);
    return 0;
}

/* What a good token says; a row changes members of it (JSON null takes one away). */
static json_t *merged(const char *good, const char *change)
{
    json_t *object = json_loads(good, 0, NULL), *changes = json_loads(change, 0, NULL), *value;
    const char *name;
    void *next;
    assert_non_null(object);
    assert_non_null(changes);
    json_object_foreach_safe(changes, next, name, value)
        if (json_is_null(value))
            json_object_del(object, name);
        else
            json_object_set(object, name, value);
    json_decref(changes);
    return object;
}

static struct text head_and_body(const json_t *head, const json_t *body, struct arena *arena)
{
    struct text a = json_words(head, arena), b = json_words(body, arena);
    a = oidc_base64url(arena, a.at, a.len);
    b = oidc_base64url(arena, b.at, b.len);
    return text_format(arena, "%.*s.%.*s", TEXT_ARG(a), TEXT_ARG(b));
}

static struct text signed_by(const struct keys *keys, int key, json_t *head, const json_t *body)
{
    cjose_err error;
    const char *words;
    struct text claims = json_words(body, keys->arena);
    cjose_jws_t *jws = cjose_jws_sign(keys->all[key], (cjose_header_t *)head,
                                      (const uint8_t *)claims.at, claims.len, &error);
    if (!jws)
        fail_msg("cannot sign: %s", error.message);
    assert_true(cjose_jws_export(jws, &words, &error));
    struct text token = text_copy(keys->arena, text_of(words));
    cjose_jws_release(jws);
    return token;
}

#define HEAD "{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}"
#define BODY                                                                                       \
    "{\"iss\":\"" ISSUER "\",\"sub\":\"4321\",\"aud\":\"yimen\",\"nonce\":\"n-1\","                 \
    "\"iat\":1399165190,\"exp\":1399165490,\"preferred_username\":\"zhang.san\","                   \
    "\"amr\":[\"pwd\",\"otp\"],\"acr\":\"high\"}"

static struct oidc_setting setting_for(const char *signing, const char *claim)
{
    return (struct oidc_setting){.key = TEXT("sso"),
                                 .issuer = TEXT(ISSUER),
                                 .client_id = TEXT("yimen"),
                                 .claim = text_of(claim),
                                 .signing = text_of(signing)};
}

static void told(const char *row, const char *wrong, const char *words)
{
    if (words ? !wrong || !strstr(wrong, words) : wrong != NULL)
        fail_msg("%s: \"%s\" instead of \"%s\"", row, wrong ? wrong : "it holds",
                 words ? words : "it holds");
}

static const struct {
    int key;
    const char *signing, *head, *body, *wrong; /* NULL: it holds */
} rows[] = {
    {OURS, "RS256", "{}", "{}", NULL},
    {OURS, "RS256", "{\"kid\":null}", "{}", NULL}, /* one key alone is long enough */
    {CURVE, "ES256", "{\"alg\":\"ES256\",\"kid\":\"e1\"}", "{}", NULL},
    {CURVE384, "ES384", "{\"alg\":\"ES384\",\"kid\":\"e2\"}", "{}", NULL},
    {OURS, "PS256", "{\"alg\":\"PS256\"}", "{}", NULL},
    /* the algorithm is the one agreed on, and fits the key */
    {OURS, "RS256", "{\"alg\":\"PS256\"}", "{}", "another algorithm"},
    {OURS, "PS256", "{}", "{}", "another algorithm"},
    {CURVE, "RS256", "{\"alg\":\"ES256\",\"kid\":\"e1\"}", "{}", "another algorithm"},
    {CURVE, "ES256", "{\"alg\":\"ES256\",\"kid\":\"e2\"}", "{}", "no key"},
    {CURVE, "ES256", "{\"alg\":\"ES256\",\"kid\":\"k1\"}", "{}", "no key"},
    {OURS, "RS256", "{\"crit\":[\"b64\"],\"b64\":false}", "{}", "critical"},
    {OURS, "RS256", "{\"kid\":7}", "{}", "no text"},
    /* keys */
    {OTHER, "RS256", "{}", "{}", "does not hold"},
    {OTHER, "RS256", "{\"kid\":\"k2\"}", "{}", "no key"},
    {SHORT, "RS256", "{\"kid\":\"k3\"}", "{}", "no key"},
    /* who made it, for whom, for what */
    {OURS, "RS256", "{}", "{\"iss\":\"https://sso.example\"}", "another issuer"},
    {OURS, "RS256", "{}", "{\"iss\":null}", "another issuer"},
    {OURS, "RS256", "{}", "{\"aud\":\"yimen2\"}", "somebody else"},
    {OURS, "RS256", "{}", "{\"aud\":null}", "somebody else"},
    {OURS, "RS256", "{}", "{\"aud\":[\"yimen\"]}", NULL},
    {OURS, "RS256", "{}", "{\"aud\":[]}", "somebody else"},
    {OURS, "RS256", "{}", "{\"aud\":[\"yimen\",\"other\"]}", "somebody else"},
    {OURS, "RS256", "{}", "{\"aud\":[\"yimen\",\"other\"],\"azp\":\"yimen\"}", "somebody else"},
    {OURS, "RS256", "{}", "{\"azp\":\"yimen\"}", NULL},
    {OURS, "RS256", "{}", "{\"azp\":\"other\"}", "somebody else"},
    {OURS, "RS256", "{}", "{\"nonce\":\"n-2\"}", "another sign-in"},
    {OURS, "RS256", "{}", "{\"nonce\":null}", "another sign-in"},
    {OURS, "RS256", "{}", "{\"nonce\":\"\"}", "another sign-in"},
    /* when: a minute between two clocks is let pass */
    {OURS, "RS256", "{}", "{\"exp\":1399165141}", NULL},
    {OURS, "RS256", "{}", "{\"exp\":1399165140}", "over"},
    {OURS, "RS256", "{}", "{\"exp\":null}", "when"},
    {OURS, "RS256", "{}", "{\"exp\":\"1399165490\"}", "when"},
    {OURS, "RS256", "{}", "{\"iat\":1399165260}", NULL},
    {OURS, "RS256", "{}", "{\"iat\":1399165261}", "future"},
    {OURS, "RS256", "{}", "{\"iat\":1399164539}", "too long ago"},
    {OURS, "RS256", "{}", "{\"iat\":null}", "when"},
    {OURS, "RS256", "{}", "{\"iat\":1399165190.5}", NULL},
    {OURS, "RS256", "{}", "{\"nbf\":1399165261}", "not hold yet"},
    {OURS, "RS256", "{}", "{\"nbf\":1399165200}", NULL},
    /* who */
    {OURS, "RS256", "{}", "{\"sub\":null}", "who"},
    {OURS, "RS256", "{}", "{\"sub\":\"\"}", "who"},
    {OURS, "RS256", "{}", "{\"sub\":4321}", "who"},
    {OURS, "RS256", "{}", "{\"sub\":\"a\\nb\"}", "who"},
};

static void tokens(void **state)
{
    const struct keys *keys = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct oidc_setting setting = setting_for(rows[i].signing, "sub");
        struct oidc_expected expected = {&setting, TEXT("n-1"), NOW};
        struct oidc_person person;
        enum oidc_key key;
        json_t *head = merged(HEAD, rows[i].head), *body = merged(BODY, rows[i].body);
        struct text token = signed_by(keys, rows[i].key, head, body);
        const char *wrong =
            oidc_token_wrong(token, keys->set, &expected, keys->arena, &person, &key);
        told(text_format(keys->arena, "row %zu", i).at, wrong, rows[i].wrong);
        assert_int_equal(key == OIDC_KEY_UNKNOWN, wrong && strstr(wrong, "no key"));
        if (!wrong)
            assert_true(text_is(person.subject, "4321") && text_is(person.issuer, ISSUER));
        json_decref(head);
        json_decref(body);
    }
}

/* What no key signed. */
static void forgeries(void **state)
{
    const struct keys *keys = *state;
    struct arena *arena = keys->arena;
    struct oidc_setting setting = setting_for("RS256", "sub");
    struct oidc_expected expected = {&setting, TEXT("n-1"), NOW};
    struct oidc_person person;
    enum oidc_key key;
    json_t *none = merged(HEAD, "{\"alg\":\"none\"}"), *hmac = merged(HEAD, "{\"alg\":\"HS256\"}"),
           *head = merged(HEAD, "{}"), *body = merged(BODY, "{}"),
           *other = merged(BODY, "{\"sub\":\"1\"}");
    struct text good = signed_by(keys, OURS, head, body);
    struct text plain = head_and_body(none, body, arena), mine = head_and_body(hmac, body, arena);
    struct text swapped = head_and_body(head, other, arena);
    struct text seal = good;
    while (text_find(seal, TEXT(".")) >= 0)
        seal = text_slice(seal, (size_t)text_find(seal, TEXT(".")) + 1, seal.len);
    /* The public key as a secret that everybody knows (RFC 8725, 2.1), as JSON as the set has it. */
    json_t *ours = public_key(keys->all[OURS]);
    struct text words = json_words(ours, arena);
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state hashing;
    crypto_auth_hmacsha256_init(&hashing, (const unsigned char *)words.at, words.len);
    crypto_auth_hmacsha256_update(&hashing, (const unsigned char *)mine.at, mine.len);
    crypto_auth_hmacsha256_final(&hashing, mac);
    struct text sealed = oidc_base64url(arena, mac, sizeof mac);
    const struct text forged[] = {
        text_format(arena, "%.*s.", TEXT_ARG(plain)),
        text_format(arena, "%.*s.%.*s", TEXT_ARG(plain), TEXT_ARG(seal)),
        text_format(arena, "%.*s.%.*s", TEXT_ARG(mine), TEXT_ARG(sealed)),
        text_format(arena, "%.*s.%.*s", TEXT_ARG(swapped), TEXT_ARG(seal)),
        text_slice(good, 0, good.len - 8),
        text_format(arena, "%.*s.", TEXT_ARG(good)),
        text_format(arena, "%.*s.a.b", TEXT_ARG(good)),
        text_format(arena, ".%.*s", TEXT_ARG(good)),
        TEXT(""), TEXT("."), TEXT(".."), TEXT("..."), TEXT("a.b.c"), TEXT("e30.e30.e30"),
        TEXT("bnVsbA.bnVsbA.bnVsbA"),
    };
    assert_null(oidc_token_wrong(good, keys->set, &expected, arena, &person, &key));
    for (size_t i = 0; i < COUNT(forged); i++)
        if (!oidc_token_wrong(forged[i], keys->set, &expected, arena, &person, &key))
            fail_msg("forgery %zu holds", i);
    /* And though a house agreed on a name that is none, or on none. */
    const char *const names[] = {"none", "HS256", "", "rs256"};
    for (size_t i = 0; i < COUNT(names); i++) {
        setting.signing = text_of(names[i]);
        assert_false(oidc_signing_known(setting.signing));
        for (size_t j = 0; j < 3; j++)
            assert_non_null(
                oidc_token_wrong(forged[j], keys->set, &expected, arena, &person, &key));
    }
    json_t *all[] = {none, hmac, head, body, other, ours};
    for (size_t i = 0; i < COUNT(all); i++)
        json_decref(all[i]);
}

/* What the set of keys may be, and is not always. */
static void sets_of_keys(void **state)
{
    const struct keys *keys = *state;
    struct arena *arena = keys->arena;
    static const struct {
        const char *head, *change; /* of the key */
        bool twice, holds;
    } cases[] = {
        {HEAD, "{}", false, true},
        {HEAD, "{\"use\":\"sig\",\"alg\":\"RS256\"}", false, true},
        {HEAD, "{\"use\":\"enc\"}", false, false},
        {HEAD, "{\"alg\":\"RS512\"}", false, false},
        {HEAD, "{\"kid\":null}", false, false},
        {HEAD, "{\"n\":\"AQAB\"}", false, false},
        {HEAD, "{\"n\":7}", false, false},
        {HEAD, "{\"kty\":\"oct\",\"k\":\"AQAB\"}", false, false},
        {HEAD, "{}", true, false}, /* two of one name */
        {"{\"alg\":\"RS256\"}", "{\"kid\":null}", false, true},
        {"{\"alg\":\"RS256\"}", "{}", true, false}, /* which of them? */
    };
    static const char *const broken[] = {"", "[]", "{", "{\"keys\":{}}", "{\"keys\":[]}",
                                         "{\"keys\":[1,null,\"k1\"]}"};
    struct oidc_setting setting = setting_for("RS256", "sub");
    struct oidc_expected expected = {&setting, TEXT("n-1"), NOW};
    struct oidc_person person;
    enum oidc_key key;
    json_t *body = merged(BODY, "{}"), *ours = public_key(keys->all[OURS]);
    struct text plain = json_words(ours, arena), token = TEXT("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *head = merged(cases[i].head, "{}");
        json_t *one = merged(plain.at, cases[i].change);
        json_t *set = json_pack("{s:[O]}", "keys", one);
        if (cases[i].twice)
            json_array_append(json_object_get(set, "keys"), one);
        token = signed_by(keys, OURS, head, body);
        const char *wrong = oidc_token_wrong(token, json_words(set, arena), &expected, arena,
                                             &person, &key);
        told(text_format(arena, "set %zu", i).at, wrong, cases[i].holds ? NULL : "");
        json_decref(set);
        json_decref(one);
        json_decref(head);
    }
    for (size_t i = 0; i < COUNT(broken); i++) {
        assert_non_null(
            oidc_token_wrong(token, text_of(broken[i]), &expected, arena, &person, &key));
        assert_int_equal(key, OIDC_KEY_UNKNOWN);
    }
    json_decref(body);
    json_decref(ours);
}

static void people(void **state)
{
    const struct keys *keys = *state;
    static const struct {
        const char *claim, *change, *subject, *second; /* counted, or NULL; subject NULL: refused */
        bool twice;
    } cases[] = {
        {"sub", "{}", "4321", NULL, false},
        {"preferred_username", "{}", "zhang.san", "otp", true},
        {"preferred_username", "{\"preferred_username\":null}", NULL, NULL, false},
        {"preferred_username", "{\"preferred_username\":[\"zhang.san\"]}", NULL, NULL, false},
        {"employee", "{}", NULL, NULL, false},
        {"sub", "{}", "4321", "mfa", false},
        {"sub", "{}", "4321", "high", true}, /* the class (acr) */
        {"sub", "{\"amr\":\"otp\"}", "4321", "otp", false}, /* no list */
        {"sub", "{\"amr\":null,\"acr\":null}", "4321", "otp", false},
        {"sub", "{\"amr\":[1,\"otpx\"]}", "4321", "otp", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text counted = text_of(cases[i].second);
        struct oidc_setting setting = setting_for("RS256", cases[i].claim);
        struct oidc_expected expected = {&setting, TEXT("n-1"), NOW};
        struct oidc_person person;
        enum oidc_key key;
        json_t *head = merged(HEAD, "{}"), *body = merged(BODY, cases[i].change);
        setting.second = (struct list){&counted, counted.len > 0};
        const char *wrong = oidc_token_wrong(signed_by(keys, OURS, head, body), keys->set,
                                             &expected, keys->arena, &person, &key);
        told(text_format(keys->arena, "person %zu", i).at, wrong,
             cases[i].subject ? NULL : "tells people apart");
        if (!wrong) {
            assert_true(text_is(person.subject, cases[i].subject));
            assert_true(text_is(person.claim, cases[i].claim));
            assert_int_equal(person.second, cases[i].twice);
        }
        json_decref(head);
        json_decref(body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tokens), cmocka_unit_test(forgeries),
                                       cmocka_unit_test(sets_of_keys), cmocka_unit_test(people)};
    return cmocka_run_group_tests_name("oidc/token", tests, make_keys, drop_keys);
}
