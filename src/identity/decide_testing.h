/* What the tests of identity's decisions share: a desk to decide at, and what is expected of it. */
#ifndef YIMEN_IDENTITY_DECIDE_TESTING_H
#define YIMEN_IDENTITY_DECIDE_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "identity/parts.h"

#define NOW INT64_C(1399165200000) /* 2014-05-04T09:00+08:00 */
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct desk {
    struct actor actor;
    struct context context;
    struct decision decision;
};

static inline void desk_for(struct desk *desk, struct arena *arena, int64_t roles,
                            const char *department)
{
    *desk = (struct desk){.actor = {.account = 7,
                                    .name = TEXT("account:7"),
                                    .roles = roles,
                                    .department = text_of(department)}};
    desk->context = (struct context){
        .region = 330482, .now_ms = NOW, .actor = &desk->actor, .next_index = 41, .arena = arena};
    desk->decision = (struct decision){.arena = arena};
}

/* The refusal, and the field it names. */
static inline void expect(const struct desk *desk, enum refusal got, enum refusal wanted,
                          const char *field, size_t row)
{
    if (got != wanted)
        print_error("row %zu: %s instead of %s\n", row, refusal_text(got)->name,
                    refusal_text(wanted)->name);
    assert_int_equal(got, wanted);
    if (wanted == OK) {
        assert_int_equal(desk->decision.problems.count, 0);
        return;
    }
    assert_int_equal(desk->decision.count, 0);
    assert_int_equal(desk->decision.problems.count, 1);
    assert_int_equal(desk->decision.problems.items[0].code, wanted);
    assert_true(text_is(desk->decision.problems.items[0].field, field));
}
static inline int set_up(void **state)
{
    *state = arena_new(64 * 1024);
    return 0;
}

static inline int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

#endif
