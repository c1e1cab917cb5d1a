/* The codes of the second step: RFC 6238's own examples, clocks that are off, seals that are bound,
 * and what is decided of them, as tables. */
#include "identity/decide_testing.h"

static const char rfc[] = "12345678901234567890"; /* RFC 6238, appendix B */

/* Of the eight digits there, six are used here. */
static void examples_of_the_rfc(void **state)
{
    static const struct {
        int64_t at_s;
        const char *code;
    } rows[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    struct text secret = text_of(rfc);
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char code[7];
        assert_true(totp_code(secret, rows[i].at_s * SECOND_MS, code));
        assert_string_equal(code, rows[i].code);
        assert_int_equal(totp_step(secret, text_of(code), rows[i].at_s * SECOND_MS),
                         rows[i].at_s / 30);
    }
}

/* One step early or late is a telephone's clock; two are a code of somebody's notes. */
static void clocks_that_are_off(void **state)
{
    struct text secret = text_of(rfc);
    (void)state;
    for (int off = -3; off <= 3; off++) {
        char code[7];
        int64_t at_ms = NOW + off * 30 * SECOND_MS;
        assert_true(totp_code(secret, at_ms, code));
        assert_int_equal(totp_step(secret, text_of(code), NOW),
                         off >= -1 && off <= 1 ? at_ms / (30 * SECOND_MS) : 0);
    }
}

static void what_is_no_code(void **state)
{
    static const char *const codes[] = {"", "28708", "2870822", "28708x", "２８７０８２", "287 82"};
    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++)
        assert_int_equal(totp_step(text_of(rfc), text_of(codes[i]), 59 * SECOND_MS), 0);
    assert_int_equal(totp_step(TEXT(""), TEXT("287082"), 59 * SECOND_MS), 0);
}

/* A sealed secret opens for its own account under its own key, and is not to be read in what is
 * kept. */
static void sealing(void **state)
{
    struct arena *arena = *state;
    struct text key = secret_new(arena), other = secret_new(arena), secret = totp_secret_new(arena);
    struct text sealed = totp_seal(key, 330482, 12, secret, arena), back;
    assert_true(totp_open(key, 330482, 12, sealed, arena, &back) && text_equal(back, secret));
    assert_false(totp_open(other, 330482, 12, sealed, arena, &back));
    assert_int_equal(back.len, 0);
    assert_false(totp_open(key, 330482, 13, sealed, arena, &back));
    assert_false(totp_open(key, 110101, 12, sealed, arena, &back));
    assert_false(totp_open(TEXT(""), 330482, 12, sealed, arena, &back));
    assert_false(totp_open(key, 330482, 12, TEXT(""), arena, &back));
    char *spoilt = arena_copy(arena, sealed.at, sealed.len);
    spoilt[40] = spoilt[40] == 'A' ? 'B' : 'A';
    assert_false(totp_open(key, 330482, 12, (struct text){spoilt, sealed.len}, arena, &back));
    assert_false(text_equal(sealed, totp_seal(key, 330482, 12, secret, arena)));
    assert_true(text_is(totp_words(text_of(rfc), arena), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
}

static void recovery_codes(void **state)
{
    struct arena *arena = *state;
    struct text one = totp_recovery(text_of(rfc), 0, arena);
    assert_int_equal(one.len, 14);
    assert_true(text_equal(one, totp_recovery(text_of(rfc), 0, arena)));
    assert_false(text_equal(one, totp_recovery(text_of(rfc), 1, arena)));
    struct text hash = totp_recovery_hash(12, one, arena);
    /* However it is typed. */
    struct text bare = text_format(arena, " %.4s %.4s%.4s", one.at, one.at + 5, one.at + 10);
    assert_true(text_equal(hash, totp_recovery_hash(12, bare, arena)));
    assert_false(text_equal(hash, totp_recovery_hash(13, one, arena)));
}

static void the_second_step(void **state)
{
    enum outcome { OPENED, FAILED, WAITS, STALE };
    static const struct {
        bool stale;
        const char *stored;
        int64_t confirmed_at, last_step, step, failures;
        bool recovery;
        enum outcome outcome;
    } rows[] = {
        {false, "h", 1, 0, 50, 0, false, OPENED},
        {false, "h", 1, 49, 50, 4, false, OPENED},
        {false, "h", 1, 50, 50, 0, false, FAILED}, /* used before, within its window */
        {false, "h", 1, 51, 50, 0, false, FAILED}, /* a later one was used */
        {false, "h", 1, 0, 0, 0, false, FAILED},
        {false, "h", 1, 50, 0, 0, true, OPENED},
        /* a code that is over is none, whatever else it may look like */
        {false, "h", 1, 50, 50, 0, true, FAILED},
        {false, "h", 1, 0, 50, 5, false, WAITS},
        {false, "h", 1, 0, 0, 5, true, WAITS},
        {true, "h", 1, 0, 50, 0, false, STALE},
        {false, "new", 1, 0, 50, 0, false, STALE}, /* the password was changed between the steps */
        {false, "h", 0, 0, 50, 0, false, STALE},   /* and the second step taken away */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct sign_in_facts facts = {
            .found = true,
            .account = {.account_id = 12, .state = ACCOUNT_OPEN, .roles = ROLE_CLERK},
            .password_hash = text_of(rows[i].stored),
            .totp = {true, TEXT("s"), 1, rows[i].confirmed_at, rows[i].last_step},
            .recovery_good = rows[i].recovery,
            .here = {.count = rows[i].failures,
                     .last_at = NOW - 1,
                     .nth_at = rows[i].failures >= SIGN_IN_FAILURES ? NOW - 1 : 0}};
        struct sign_in_code input = {.stale = rows[i].stale,
                                     .step = rows[i].step,
                                     .recovery_hash = TEXT("r"),
                                     .in = {.verified = true,
                                            .hash_seen = TEXT("h"),
                                            .login_hash = TEXT("l"),
                                            .token_hash = TEXT("t")}};
        desk_for(&desk, *state, ROLE_ANYONE, "");
        enum refusal got = decide_sign_in_code(&facts, &input, &desk.context, &desk.decision);
        expect(&desk, got,
               rows[i].outcome == WAITS   ? REFUSED_TOO_MANY
               : rows[i].outcome == STALE ? REFUSED_STALE
                                          : OK,
               "", i);
        if (rows[i].outcome == OPENED) {
            const struct session_opened *body = desk.decision.events[0].body;
            assert_ptr_equal(desk.decision.events[0].kind, &session_opened_kind);
            assert_int_equal(body->totp_step, rows[i].step);
            assert_int_equal(body->recovery_hash.len > 0, rows[i].step == 0);
        } else if (rows[i].outcome == FAILED) {
            assert_ptr_equal(desk.decision.events[0].kind, &sign_in_failed_kind);
            assert_int_equal(desk.decision.location.len, 0);
        }
    }
}

/* Name and password open nothing where there is a second step. */
static void the_first_step_alone(void **state)
{
    struct desk desk;
    struct sign_in_facts facts = {.found = true,
                                  .account = {.account_id = 12, .state = ACCOUNT_OPEN},
                                  .password_hash = TEXT("h"),
                                  .totp = {.found = true, .confirmed_at = 1}};
    struct sign_in input = {
        .verified = true, .hash_seen = TEXT("h"), .next = TEXT("/staff/me?a=b")};
    desk_for(&desk, *state, ROLE_ANYONE, "");
    expect(&desk, decide_sign_in(&facts, &input, &desk.context, &desk.decision), OK, "", 0);
    assert_int_equal(desk.decision.count, 0);
    assert_true(text_is(desk.decision.location, "/staff/sign-in/code?next=%2Fstaff%2Fme%3Fa%3Db"));
    facts.totp.confirmed_at = 0; /* begun is not yet set up */
    desk_for(&desk, *state, ROLE_ANYONE, "");
    expect(&desk, decide_sign_in(&facts, &input, &desk.context, &desk.decision), OK, "", 1);
    assert_int_equal(desk.decision.count, 1);
}

static void setting_it_up(void **state)
{
    static const struct {
        bool verified;
        const char *seen, *key, *sealed;
        int64_t confirmed_at;
        enum refusal refusal;
        const char *field;
    } begins[] = {
        {true, "h", "", "s", 0, OK, ""},
        {true, "h", "k", "s", 0, OK, ""},
        {false, "h", "", "s", 0, REFUSED_PASSWORD, "current"},
        {true, "old", "", "s", 0, REFUSED_STALE, ""},
        {true, "h", "another", "s", 0, REFUSED_STALE, ""},
        {true, "h", "", "", 0, REFUSED_STALE, ""},
        {true, "h", "", "s", 1, REFUSED_STATE, ""},
    };
    static const struct {
        bool found;
        int64_t confirmed_at, step;
        const char *seen;
        enum refusal refusal;
        const char *field;
    } ends[] = {
        {true, 0, 50, "s", OK, ""},
        {true, 0, 0, "s", REFUSED_CODE, "code"},
        {true, 0, 50, "before", REFUSED_STALE, ""},
        {true, 1, 50, "s", REFUSED_ONCE, ""},
        {false, 0, 50, "s", REFUSED_STATE, ""},
    };
    for (size_t i = 0; i < COUNT(begins); i++) {
        struct desk desk;
        struct totp_facts facts = {.of = {.found = true, .password_hash = TEXT("h")},
                                   .totp = {.confirmed_at = begins[i].confirmed_at},
                                   .house_key = text_of(begins[i].key)};
        struct totp_begin input = {.verified = begins[i].verified,
                                   .hash_seen = text_of(begins[i].seen),
                                   .sealed = text_of(begins[i].sealed),
                                   .house_key = TEXT("k")};
        desk_for(&desk, *state, ROLE_CLERK, "011");
        expect(&desk, decide_totp_begin(&facts, &input, &desk.context, &desk.decision),
               begins[i].refusal, begins[i].field, i);
    }
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct desk desk;
        struct totp_facts facts = {.totp = {ends[i].found, TEXT("s"), 1, ends[i].confirmed_at, 0}};
        struct totp_confirm input = {.step = ends[i].step, .sealed = text_of(ends[i].seen)};
        desk_for(&desk, *state, ROLE_CLERK, "011");
        expect(&desk, decide_totp_confirm(&facts, &input, &desk.context, &desk.decision),
               ends[i].refusal, ends[i].field, 100 + i);
    }
}

/* Account 7 acts. */
static void taking_it_away(void **state)
{
    static const struct {
        int64_t who;
        bool account, totp;
        enum refusal refusal;
    } rows[] = {{12, true, true, OK},
                {7, true, true, REFUSED_SAME_PERSON},
                {12, true, false, REFUSED_STATE},
                {12, false, false, REFUSED_NOT_FOUND}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct totp_facts facts = {.of = {.found = rows[i].account},
                                   .totp = {.found = rows[i].totp}};
        struct totp_reset input = {rows[i].who, TEXT("手机遗失")};
        desk_for(&desk, *state, ROLE_SECURITY, "");
        expect(&desk, decide_totp_reset(&facts, &input, &desk.context, &desk.decision),
               rows[i].refusal, "", i);
    }
}

/* What anybody reads of it in the journal is that it happened; the key is in no part of it. */
static void nothing_in_clear(void **state)
{
    struct arena *arena = *state;
    struct totp_begun begun = {12, TEXT("sealed-secret"), TEXT("the-house-key")};
    struct buf open = {.arena = arena}, hidden = {.arena = arena};
    shape_to_json(totp_begun_kind.shape, &begun, SHAPE_PUBLIC, &open);
    shape_to_json(totp_begun_kind.shape, &begun, SHAPE_PRIVATE, &hidden);
    assert_true(text_is(buf_done(&open), "{\"account_id\":12}"));
    assert_true(text_is(buf_done(&hidden), "{\"sealed\":\"sealed-secret\"}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_rfc),  cmocka_unit_test(clocks_that_are_off),
        cmocka_unit_test(what_is_no_code),      cmocka_unit_test(sealing),
        cmocka_unit_test(recovery_codes),       cmocka_unit_test(the_second_step),
        cmocka_unit_test(the_first_step_alone), cmocka_unit_test(setting_it_up),
        cmocka_unit_test(taking_it_away),       cmocka_unit_test(nothing_in_clear),
    };
    return cmocka_run_group_tests_name("identity/totp", tests, set_up, tear_down);
}
