/* What a browser carries on its way to a provider and back, and what it could make of it; addresses
 * that a provider may have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/parts.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct oidc_setting setting_of(const char *key, const char *secret)
{
    return (struct oidc_setting){.key = text_of(key),
                                 .issuer = TEXT("https://sso.example"),
                                 .client_id = TEXT("yimen"),
                                 .secret = text_of(secret)};
}

static void a_trip(void **state)
{
    struct arena *arena = *state;
    const struct oidc_setting ours = setting_of("sso", "0123456789abcdef"),
                              changed = setting_of("sso", "0123456789abcdeF"),
                              other = setting_of("other", "0123456789abcdef");
    const struct oidc_trip trip = {TEXT("sso"), TEXT("https://fw.example/staff/sign-in/back"),
                                   TEXT("/staff/cases?q=1"), 12, 330482};
    const struct oidc_secrets secrets = {TEXT("s"), TEXT("n"), TEXT("v"), 1399165200000};
    struct oidc_trip got;
    struct oidc_secrets told;
    struct text sealed = oidc_trip_seal(&ours, &trip, &secrets, arena);
    assert_true(text_is(oidc_trip_provider(sealed), "sso"));
    assert_true(oidc_trip_open(&ours, 330482, sealed, arena, &got, &told));
    assert_true(text_equal(got.back, trip.back) && text_equal(got.next, trip.next) &&
                got.account == 12 && got.region == 330482 && text_is(got.provider, "sso"));
    assert_true(text_is(told.state, "s") && text_is(told.nonce, "n") &&
                text_is(told.verifier, "v") && told.until_ms == 1399165200000);
    /* Nothing of it can be read, two are never alike, and none is good elsewhere. */
    assert_true(text_find(sealed, TEXT("fw.example")) < 0);
    assert_false(text_equal(sealed, oidc_trip_seal(&ours, &trip, &secrets, arena)));
    assert_false(oidc_trip_open(&changed, 330482, sealed, arena, &got, &told));
    assert_false(oidc_trip_open(&other, 330482, sealed, arena, &got, &told));
    assert_false(oidc_trip_open(&ours, 330483, sealed, arena, &got, &told));
    char *bytes = text_cstr(arena, sealed);
    for (size_t i = 0; i < sealed.len; i++) {
        bytes[i] = (char)(bytes[i] == 'A' ? 'B' : 'A');
        assert_false(oidc_trip_open(&ours, 330482, text_of(bytes), arena, &got, &told) &&
                     i + 1 < sealed.len); /* of the last character some bits are padding */
        bytes[i] = sealed.at[i];
    }
    static const char *const none[] = {"", ".", "sso", "sso.", "sso.AAAA", "sso.!", "sso.A.B"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_false(oidc_trip_open(&ours, 330482, text_of(none[i]), arena, &got, &told));
    for (size_t i = 0; i < 70; i++)
        assert_false(oidc_trip_open(&ours, 330482, text_slice(sealed, 0, i), arena, &got, &told));
}

/* RFC 7636, appendix B. */
static void the_challenge(void **state)
{
    assert_true(text_is(
        oidc_challenge(TEXT("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), *state),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
}

static void addresses(void **state)
{
    static const struct {
        const char *address;
        bool good;
    } rows[] = {
        {"https://sso.example", true},
        {"https://sso.example:8443/realms/a", true},
        {"http://127.0.0.1:4593/api/oidc", true},
        {"http://localhost/", true},
        {"http://[::1]:80/a", true},
        {"http://sso.example/", false},
        {"http://127.0.0.1.example/", false},
        {"http://localhost.example/", false},
        {"http://127.0.0.1@sso.example/", false},
        {"https://user:word@sso.example/", false},
        {"http://[::1].example/", false},
        {"https://", false},
        {"https:///a", false},
        {"ftp://127.0.0.1/", false},
        {"file:///etc/passwd", false},
        {"sso.example", false},
        {"https://sso.example/ a", false},
        {"https://sso.example/\"", false},
        {"https://sso.example/#a", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].good != !oidc_address_wrong(text_of(rows[i].address)))
            fail_msg("%s", rows[i].address);
}

static void settings(void **state)
{
    struct oidc_setting rows[] = {setting_of("sso", "0123456789abcdef"),
                                  setting_of("Sso", "0123456789abcdef"),
                                  setting_of("", "0123456789abcdef"),
                                  setting_of("s.o", "0123456789abcdef"),
                                  setting_of("sso", "0123456789"),
                                  setting_of("sso", "0123456789abcdef"),
                                  setting_of("sso", "0123456789abcdef")};
    struct oidc *oidc;
    struct fault why;
    (void)state;
    rows[5].issuer = TEXT("http://sso.example");
    rows[6].signing = TEXT("HS256");
    for (size_t i = 0; i < COUNT(rows); i++) {
        why = (struct fault){0};
        assert_int_equal(oidc_new(&rows[i], 1, &oidc, &why), i == 0);
        assert_int_equal(why.why[0] == '\0', i == 0);
        assert_null(strstr(why.why, "0123"));
        if (i == 0) {
            const struct oidc_setting *kept = oidc_find(oidc, TEXT("sso"));
            assert_true(text_is(kept->scopes, "openid") && text_is(kept->claim, "sub") &&
                        text_is(kept->signing, "RS256"));
            oidc_free(oidc);
        }
    }
    rows[1] = rows[0];
    why = (struct fault){0};
    assert_false(oidc_new(rows, 2, &oidc, &why)); /* one key, two providers */
    assert_int_equal(oidc_count(NULL), 0);
}

static int set_up(void **state)
{
    *state = arena_new(64 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_trip), cmocka_unit_test(the_challenge),
                                       cmocka_unit_test(addresses), cmocka_unit_test(settings)};
    return cmocka_run_group_tests_name("oidc/trip", tests, set_up, tear_down);
}
