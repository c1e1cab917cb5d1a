/* How long a name waits after sign-ins that failed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "identity/parts.h"

#define NOW INT64_C(1399165200000)
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Five at one place within 15 minutes; from the tenth in a day on longer and longer, wherever. */
static void waiting_to_sign_in(void **state)
{
    static const struct {
        struct failures here, all; /* at: before NOW */
        int64_t wait_ms;
    } rows[] = {
        {{0}, {0}, 0},
        {{4, 1, 0}, {4, 1, 0}, 0},
        {{5, 1, 3 * MINUTE_MS}, {5, 1, 3 * MINUTE_MS}, 12 * MINUTE_MS},
        {{5, 1, 15 * MINUTE_MS}, {5, 1, 15 * MINUTE_MS}, 0},
        {{0}, {9, 0, 1}, 0}, /* elsewhere, five or nine close nothing here */
        {{0}, {10, 0, 1}, MINUTE_MS},
        {{0}, {10, MINUTE_MS, 1}, 0},
        {{0}, {11, 0, 1}, 2 * MINUTE_MS},
        {{0}, {15, 0, 1}, 32 * MINUTE_MS},
        {{0}, {16, 0, 1}, HOUR_MS},
        {{0}, {16, HOUR_MS, 1}, 0},
        {{0}, {99, 1, 1}, HOUR_MS - 1},
        /* a known browser is counted for itself by both rules */
        {{14, 0, 1}, {0}, 16 * MINUTE_MS},
        {{10, 0, 1}, {0}, 15 * MINUTE_MS - 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sign_in_facts facts = {.here = rows[i].here, .all = rows[i].all};
        struct failures *both[] = {&facts.here, &facts.all};
        for (size_t j = 0; j < 2; j++) {
            both[j]->last_at = NOW - both[j]->last_at;
            both[j]->nth_at = both[j]->nth_at ? NOW - both[j]->nth_at : 0;
        }
        if (sign_in_wait(&facts, NOW) != rows[i].wait_ms)
            fail_msg("row %zu: %lld", i, (long long)sign_in_wait(&facts, NOW));
    }
}

/* The most that somebody with as many addresses as one likes can try. */
static void tries_of_a_day(void **state)
{
    struct sign_in_facts facts = {0};
    int64_t now_ms = NOW;
    (void)state;
    while (now_ms < NOW + SIGN_IN_DAY_MS) {
        facts.all.count++;
        facts.all.last_at = now_ms;
        now_ms += sign_in_wait(&facts, now_ms);
        if (now_ms < NOW + HOUR_MS)
            assert_true(facts.all.count <= 16);
    }
    assert_true(facts.all.count < 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_to_sign_in),
        cmocka_unit_test(tries_of_a_day),
    };
    return cmocka_run_group_tests_name("identity/sign_in", tests, NULL, NULL);
}
