#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/idcode.h"

#define VECTORS "../shared/data/vectors/id-codes.json"

static void persons(void **state)
{
    static const struct {
        const char *number;
        bool good;
    } table[] = {
        {"330482198001010016", true},
        {"330482200002290021", true},
        {"11010519491231002X", true},
        {"440524188001010014", true},
        {"330482199002290018", false}, /* right check digit, 29 February 1990 never was */
        {"330482198001010017", false},
        {"11010519491231002x", false},
        {"33048219800101001", false},
        {"3304821980010100166", false},
        {"330482198013010016", false},
        {"330482800101001", false}, /* 15 digits */
        {"33048219800101001 ", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (idcode_person(text_of(table[i].number)) != table[i].good)
            fail_msg("%s", table[i].number);
}

static void organisations(void **state)
{
    (void)state;
    assert_true(idcode_organisation(TEXT("D2143569X")));
    assert_true(idcode_organisation(TEXT("D2143569-X")));
    assert_false(idcode_organisation(TEXT("D21435691")));
    assert_false(idcode_organisation(TEXT("D2143569x")));
    assert_false(idcode_organisation(TEXT("D2143569")));
    assert_true(idcode_uscc(TEXT("91330482MA28N00114")));
    assert_true(idcode_uscc(TEXT("113304820025492162")));
    assert_false(idcode_uscc(TEXT("91330482MA28N00115")));
    assert_false(idcode_uscc(TEXT("91330482MA28N0011")));
    assert_false(idcode_uscc(TEXT("91330482MA28NO0114"))); /* the letter O is not used */
}

/* A single wrong character is always found, wherever it stands. */
static void one_wrong_character(void **state)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char code[] = "91330482MA28N00114";
    (void)state;
    for (size_t at = 0; at < 18; at++) {
        char right = code[at];
        for (const char *c = alphabet; *c; c++) {
            code[at] = *c;
            if (idcode_uscc(text_of(code)) != (*c == right))
                fail_msg("%s", code);
        }
        code[at] = right;
    }
}

static void check_array(const json_t *root, const char *name, bool (*check)(struct text),
                        bool good)
{
    const json_t *array = json_object_get(root, name);
    assert_true(json_array_size(array) > 0);
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *code = json_string_value(json_array_get(array, i));
        if (check(text_of(code)) != good)
            fail_msg("%s: %s", name, code);
    }
}

static void vectors(void **state)
{
    json_error_t error;
    json_t *root = json_load_file(VECTORS, 0, &error);
    (void)state;
    if (!root) {
        print_message("skipped: %s is not here\n", VECTORS);
        skip();
    }
    check_array(root, "gb32100_valid", idcode_uscc, true);
    check_array(root, "gb32100_invalid", idcode_uscc, false);
    check_array(root, "gb11643_1999_examples", idcode_person, true);
    assert_true(idcode_organisation(
        text_of(json_string_value(json_object_get(root, "gb11714_example")))));
    json_decref(root);
}

static void as_typed(void **state)
{
    static const char *const rows[][2] = {
        {"11010519491231002x", "11010519491231002X"},
        {"１３８ ００１３　8000", "13800138000"},
        {" 59nh gknz h5tb ", "59NHGKNZH5TB"},
        {"330482－2014-011-000001", "330482-2014-011-000001"},
        {"", ""},
        {"张a", "张A"},
    };
    struct arena *arena = arena_new(4096);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(text_equal(idcode_tidy(text_of(rows[i][0]), arena), text_of(rows[i][1])));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(persons),
        cmocka_unit_test(organisations),
        cmocka_unit_test(one_wrong_character),
        cmocka_unit_test(vectors),
        cmocka_unit_test(as_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
