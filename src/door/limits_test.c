/* Each address has its own share, for so long, and the memory for it is bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/time.h"
#include "door/limits.h"

static const int64_t most[LIMIT_COUNT] = {[LIMIT_HASHING] = 2, [LIMIT_BEGUN] = 3};

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_address_is_not_another),
        cmocka_unit_test(what_is_given_back),
        cmocka_unit_test(a_flood_of_addresses),
    };
    return cmocka_run_group_tests_name("door/limits", tests, NULL, NULL);
}
