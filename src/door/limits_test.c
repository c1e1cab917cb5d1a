/* Each address has its own share, for so long, and the memory for it is bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/time.h"
#include "door/limits.h"

static const int64_t most[LIMIT_COUNT] = {[LIMIT_HASHING] = 2,
                                          [LIMIT_BEGUN] = 3,
                                          [LIMIT_GUESSES] = 2,
                                          [LIMIT_GUESSED] = 5};

static void one_address_is_not_another(void **state)
{
    static const struct {
        const char *client;
        enum limited what;
        int64_t amount, at_ms;
        bool room;
    } rows[] = {
        {"10.0.0.1", LIMIT_BEGUN, 3, 0, true},
        {"10.0.0.1", LIMIT_BEGUN, 1, 1, false},
        {"10.0.0.2", LIMIT_BEGUN, 1, 1, true},
        {"10.0.0.1", LIMIT_HASHING, 1, 1, true}, /* another thing, another count */
        {"::ffff:10.0.0.1", LIMIT_BEGUN, 1, 1, false}, /* the same, as a socket of both kinds says it */
        {"2001:db8::1", LIMIT_BEGUN, 3, 1, true},
        {"2001:db8::2:1", LIMIT_BEGUN, 1, 1, false}, /* one customer's 64 bits */
        {"2001:db8:0:1::1", LIMIT_BEGUN, 1, 1, true},
        {"10.0.0.1", LIMIT_BEGUN, 1, HOUR_MS - 1, false},
        {"10.0.0.1", LIMIT_BEGUN, 1, HOUR_MS, true},
        {"10.0.0.1", LIMIT_BEGUN, 3, HOUR_MS, false}, /* what does not fit is not taken */
        {"10.0.0.1", LIMIT_BEGUN, 2, HOUR_MS, true},
        {"", LIMIT_BEGUN, 100, 1, true}, /* who cannot be told is not counted */
        {"unknown", LIMIT_BEGUN, 100, 1, true},
        {"10.0.0.1", LIMIT_UPLOADED, INT64_C(1) << 60, 1, true}, /* no bound */
    };
    struct limits *limits = limits_new(most);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (limits_take(limits, rows[i].what, text_of(rows[i].client), rows[i].amount,
                        rows[i].at_ms) != rows[i].room)
            fail_msg("row %zu: %s", i, rows[i].client);
    limits_free(limits);
}

static void what_is_given_back(void **state)
{
    struct limits *limits = limits_new(most);
    struct text client = TEXT("10.0.0.1");
    (void)state;
    assert_true(limits_take(limits, LIMIT_HASHING, client, 1, 1));
    assert_true(limits_take(limits, LIMIT_HASHING, client, 1, 1));
    assert_false(limits_has_room(limits, LIMIT_HASHING, client, 1, 5));
    limits_give(limits, LIMIT_HASHING, client, 1, 5);
    assert_true(limits_has_room(limits, LIMIT_HASHING, client, 1, 5));
    limits_free(limits);
}

/* A million addresses are more than there are places: a newcomer is taken all the same, and whose
 * passwords are being checked is not forgotten. */
static void a_flood_of_addresses(void **state)
{
    struct limits *limits = limits_new(most);
    struct text busy = TEXT("192.168.1.1");
    char name[32];
    (void)state;
    assert_true(limits_take(limits, LIMIT_HASHING, busy, 2, 1));
    for (int i = 0; i < 1000000; i++) {
        snprintf(name, sizeof name, "10.%d.%d.%d", i >> 16, (i >> 8) & 255, i & 255);
        assert_true(limits_take(limits, LIMIT_BEGUN, text_of(name), 1, 2 + i / 1000));
    }
    assert_false(limits_take(limits, LIMIT_HASHING, busy, 1, 2000));
    limits_free(limits);
}

/* Wrong keys: an address's share, a name's, and who has had the right one. */
static void keys_that_are_tried(void **state)
{
    static const struct {
        const char *client, *name;
        enum key_told told;
        int64_t at_ms, wait_ms;
    } rows[] = {
        {"10.0.0.1", "A", KEY_WRONG, 0, 0},
        {"10.0.0.1", "A", KEY_UNTOLD, 1, 0}, /* what tells nothing costs nothing */
        {"10.0.0.1", "B", KEY_WRONG, 1, 0},
        {"10.0.0.1", "C", KEY_RIGHT, 2, HOUR_MS - 2}, /* its share is used up, for the right one too */
        {"", "A", KEY_WRONG, 2, 0}, /* who cannot be told is not counted, nor is the name */
        {"10.0.0.1", "", KEY_WRONG, 2, 0},
        {"10.0.0.2", "A", KEY_RIGHT, 2, 0}, /* whose it is comes by */
        {"10.0.0.3", "A", KEY_WRONG, 3, 0},
        {"10.0.0.3", "A", KEY_WRONG, 3, 0},
        {"10.0.0.4", "A", KEY_WRONG, 4, 0},
        {"10.0.0.4", "A", KEY_WRONG, 4, 0},
        {"10.0.0.5", "A", KEY_WRONG, 5, HOUR_MS - 5}, /* five at one name, from wherever */
        {"10.0.0.5", "B", KEY_WRONG, 5, 0},
        {"10.0.0.2", "A", KEY_RIGHT, 5, 0}, /* whose it is still does */
        {"10.0.0.2", "A", KEY_WRONG, 5, 0},
        {"10.0.0.2", "A", KEY_WRONG, 6, 0},
        {"10.0.0.2", "A", KEY_RIGHT, 6, HOUR_MS - 4}, /* who shares that address is no owner */
        {"10.0.0.2", "D", KEY_WRONG, 6, 0},
        {"10.0.0.5", "A", KEY_RIGHT, HOUR_MS, 0},
        {"10.0.0.1", "C", KEY_RIGHT, HOUR_MS, 0},
    };
    struct limits *limits = limits_new(most);
    struct guess guess;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text client = text_of(rows[i].client);
        int64_t wait_ms =
            limits_guess(limits, text_of(rows[i].name), client, rows[i].at_ms, &guess);
        if (wait_ms != rows[i].wait_ms)
            fail_msg("row %zu: %lld", i, (long long)wait_ms);
        limits_guess_end(limits, &guess, client, rows[i].told, rows[i].at_ms);
    }
    limits_free(limits);
}

/* Before any has been answered: they count all the same. A flood of names, each once, does not wash
 * away a name that was tried often. */
static void keys_at_once(void **state)
{
    struct limits *limits = limits_new(most);
    struct text client = TEXT("10.0.0.1"), tried = TEXT("tried");
    struct guess guesses[3];
    char name[32], address[32];
    (void)state;
    assert_int_equal(limits_guess(limits, tried, client, 1, &guesses[0]), 0);
    assert_int_equal(limits_guess(limits, tried, client, 1, &guesses[1]), 0);
    assert_true(limits_guess(limits, tried, client, 1, &guesses[2]) > 0);
    limits_guess_end(limits, &guesses[2], client, KEY_RIGHT, 1); /* none had begun */
    assert_true(limits_guess(limits, tried, client, 1, &guesses[2]) > 0);
    for (int i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "name %d", i);
        snprintf(address, sizeof address, "11.%d.%d.%d", i >> 16, (i >> 8) & 255, i & 255);
        assert_int_equal(limits_guess(limits, text_of(name), text_of(address), 2, &guesses[2]), 0);
    }
    for (int i = 0; i < 3; i++) {
        snprintf(address, sizeof address, "12.0.0.%d", i);
        assert_int_equal(limits_guess(limits, tried, text_of(address), 3, &guesses[2]), 0);
    }
    assert_true(limits_guess(limits, tried, TEXT("12.0.0.9"), 3, &guesses[2]) > 0);
    limits_free(limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_address_is_not_another),
        cmocka_unit_test(what_is_given_back),
        cmocka_unit_test(a_flood_of_addresses),
        cmocka_unit_test(keys_that_are_tried),
        cmocka_unit_test(keys_at_once),
    };
    return cmocka_run_group_tests_name("door/limits", tests, NULL, NULL);
}
