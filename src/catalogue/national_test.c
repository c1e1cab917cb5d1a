/* Codes of items taken apart, lists judged row by row: tables of cases, then the real list of a
 * district. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "catalogue/listing.h"
#include "catalogue/parts.h"

#define REAL "../shared/data/service-items/guangan-items.json"

static int arena_make(void **state)
{
    *state = arena_new(1 << 16);
    return 0;
}

static int arena_drop(void **state)
{
    arena_free(*state);
    return 0;
}

#define ORGAN "11511301008778183N"
#define AREA "-511602000000-000-"

static void codes(void **state)
{
    static const struct {
        const char *code;
        enum national_wrong wrong;
        const char *base, *division, *organ, *handling, *local;
    } rows[] = {
        /* A province's form: base codes of 14, 12 and with hyphens; organs of three kinds. */
        {"511A0138600000" AREA ORGAN "-1-00", NATIONAL_GOOD, "511A0138600000", "511602000000", ORGAN,
         "00", "511A0138600000-008778183"},
        {"511Z07001006" AREA ORGAN "-2-03", NATIONAL_GOOD, "511Z07001006", "511602000000", ORGAN, "03",
         "511Z07001006-008778183-03"},
        {"G-000007-001" AREA ORGAN "-1-00", NATIONAL_GOOD, "G-000007-001", "511602000000", ORGAN, "00",
         "G-000007-001-008778183"},
        {"511600000000-511602000000-000-083372204-1-00", NATIONAL_GOOD, "511600000000", "511602000000",
         "083372204", "00", "511600000000-083372204"},
        {"511A0138600000" AREA "00877868-5-1-00", NATIONAL_GOOD, "511A0138600000", "511602000000",
         "00877868-5", "00", "511A0138600000-008778685"},
        /* The national form, 31 and 33. */
        {"115113010087783861000131001000", NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        {"11511301008778386B3000131001000", NATIONAL_GOOD, "000131001000", "", "11511301008778386B", "",
         "000131001000-008778386"},
        {"11511301008778386B300013100100001", NATIONAL_GOOD, "000131001000", "", "11511301008778386B",
         "01", "000131001000-008778386-01"},
        {"11511301008778386BX000131001000", NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        /* Organs: a check character wrong, a digit lost, lower case, a stand-in. */
        {"511A0138600000" AREA "TE5116020105116050-1-00", NATIONAL_ORGAN_CHECK, "511A0138600000",
         "511602000000", "TE5116020105116050", "00", NULL},
        {"511A0138600000" AREA "11511301452259996u-1-00", NATIONAL_ORGAN_CHECK, "511A0138600000",
         "511602000000", "11511301452259996u", "00", NULL},
        {"511A0138600000" AREA "083372205-1-00", NATIONAL_ORGAN_CHECK, "511A0138600000", "511602000000",
         "083372205", "00", NULL},
        {"511A0138600000" AREA "1151130000877869M-1-00", NATIONAL_ORGAN_LENGTH, "511A0138600000",
         "511602000000", "1151130000877869M", "00", NULL},
        {"511A0138600000" AREA "2222222222222-1-00", NATIONAL_ORGAN_LENGTH, "511A0138600000",
         "511602000000", "2222222222222", "00", NULL},
        {"511A0138600000" AREA "-1-00", NATIONAL_ORGAN_LENGTH, "511A0138600000", "511602000000", "",
         "00", NULL},
        /* Parts: missing, too many, of another length, not digits. */
        {"E-000004-001-11511301008778386B", NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        {"511A0138600000" AREA ORGAN, NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        {"511A0138600000" AREA ORGAN "-1-0", NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        {"511A0138600000" AREA ORGAN "-1-0A", NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        {"511A0138600000" AREA ORGAN "-X-00", NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        {"511A0138600000" AREA "0-0-" ORGAN "-1-00", NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        {"511602000000-000-" ORGAN "-1-00", NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        {"", NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        {"-----------------", NATIONAL_PARTS, NULL, NULL, NULL, NULL, NULL},
        /* Base codes. */
        {"511a0138600000" AREA ORGAN "-1-00", NATIONAL_BASE, "511a0138600000", "511602000000", ORGAN,
         "00", NULL},
        {"51/.." AREA ORGAN "-1-00", NATIONAL_BASE, "51/..", "511602000000", ORGAN, "00", NULL},
        {"511A0" AREA ORGAN "-1-00", NATIONAL_BASE, "511A0", "511602000000", ORGAN, "00", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct national_code code;
        enum national_wrong wrong = national_code_parse(text_of(rows[i].code), &code);
        bool good = wrong == rows[i].wrong;
        if (good && rows[i].base)
            good = text_is(code.base, rows[i].base) && text_is(code.division, rows[i].division) &&
                   text_is(code.organ, rows[i].organ) && text_is(code.handling, rows[i].handling);
        if (good && rows[i].local)
            good = text_is(national_local_code(&code, *state), rows[i].local);
        if (!good)
            fail_msg("%s: %s, %.*s %.*s", rows[i].code, national_wrong_words[wrong].name,
                     TEXT_ARG(code.base), TEXT_ARG(code.organ));
    }
}

static void types(void **state)
{
    static const struct {
        const char *number;
        int64_t type;
    } rows[] = {{"1", ITEM_PERMIT},  {"01", ITEM_PERMIT}, {"5", ITEM_PAYMENT}, {"7", ITEM_CONFIRMATION},
                {"8", ITEM_REWARD},  {"9", ITEM_RULING},  {"10", ITEM_OTHER},  {"20", ITEM_PUBLIC},
                {"2", ITEM_NONE},    {"3", ITEM_NONE},    {"4", ITEM_NONE},    {"6", ITEM_NONE},
                {"001", ITEM_NONE},  {"", ITEM_NONE},     {"-1", ITEM_NONE},   {"x", ITEM_NONE}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (national_item_type(text_of(rows[i].number)) != rows[i].type)
            fail_msg("%s", rows[i].number);
}

/* A small house: one department that was renamed, one item known from a list, one that its
 * department has completed since, one of another code. */
static const struct catalogue *small_house(struct arena *arena)
{
    static const struct department_name names[] = {
        {{"区旧局", 9}, {"", 0}, 0, 9999, SOURCE_EXAMPLE},
        {{"广安区民政局", 18}, {"区民政局", 12}, 10000, 0, SOURCE_EXAMPLE},
    };
    struct department *department = arena_alloc(arena, sizeof *department);
    *department = (struct department){.code = TEXT("01"), .names = {(void *)names, 2}};
    struct version *versions = arena_array(arena, 3, sizeof *versions);
    const char *const codes[] = {"511A0000000001-008778183", "511A0000000002-008778183",
                                 "511A0000000003-008778183"};
    for (size_t i = 0; i < 3; i++) {
        versions[i].item = (struct item){.code = text_of(codes[i]),
                                         .version = 1,
                                         .name = TEXT("甲事项"),
                                         .department = TEXT("01"),
                                         .type = ITEM_PERMIT,
                                         .guide_only = i != 1};
        versions[i].item.task_code =
            text_format(arena, "%.14s" AREA ORGAN "-1-00", i == 2 ? "511Z0000000003" : codes[i]);
    }
    struct catalogue *catalogue = arena_alloc(arena, sizeof *catalogue);
    *catalogue = (struct catalogue){.versions = versions,
                                    .version_count = 3,
                                    .departments = department,
                                    .department_count = 1};
    return catalogue;
}

static void rows_judged(void **state)
{
    static const struct {
        const char *code, *name, *department, *area, *type;
        enum listing_end end;
        const char *reason;
    } table[] = {
        {"511A0000000009" AREA ORGAN "-1-00", "丙事项", "区民政局", "511602000000", "1", LISTING_NEW, ""},
        {"511A0000000008" AREA ORGAN "-1-00", "丁事项", "广安区民政局", "", "20", LISTING_NEW, ""},
        {"511A0000000001" AREA ORGAN "-1-00", "甲事项", "区民政局", "", "1", LISTING_SAME, ""},
        {"511A0000000002" AREA ORGAN "-1-00", "乙事项", "区民政局", "", "1", LISTING_DIFFERS, "differs"},
        {"511A0000000003" AREA ORGAN "-1-00", "甲事项", "区民政局", "", "1", LISTING_BAD, "taken"},
        {"511A0000000009" AREA ORGAN "-1-00", "丙事项", "区民政局", "", "1", LISTING_BAD, "repeated"},
        {"511A0000000007" AREA ORGAN "-1-00", "戊事项", "区旧局", "", "1", LISTING_BAD, "department"},
        {"511A0000000006" AREA ORGAN "-1-00", "己事项", "区民政局", "", "2", LISTING_BAD, "type"},
        {"511A0000000005" AREA ORGAN "-1-00", "庚事项", "区民政局", "511603000000", "1", LISTING_BAD,
         "division"},
        {"511A0000000004-511603000000-000-" ORGAN "-1-00", "辛事项", "区民政局", "", "1", LISTING_BAD,
         "region"},
        {"511A0000000004" AREA "TE5116020105116050-1-00", "壬事项", "区民政局", "", "1", LISTING_BAD,
         "organ_check"},
    };
    size_t count = sizeof table / sizeof *table;
    struct arena *arena = *state;
    struct listing_row *rows = arena_array(arena, count, sizeof *rows);
    struct list list = {rows, count};
    struct listing listing;
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct listing_row){.code = text_of(table[i].code),
                                       .name = text_of(table[i].name),
                                       .department = text_of(table[i].department),
                                       .division = text_of(table[i].area),
                                       .type = text_of(table[i].type)};
    listing_plan(&list, small_house(arena), 511602, 20000, false, arena, &listing);
    for (size_t i = 0; i < count; i++)
        if (rows[i].end != table[i].end || !text_is(rows[i].reason, table[i].reason))
            fail_msg("%s: %s %.*s", table[i].code, listing_end_words[rows[i].end].name,
                     TEXT_ARG(rows[i].reason));
    assert_int_equal(listing.commands.count, 2);
    assert_int_equal(listing.departments.count, 1);
    const struct item *item = listing.commands.items[0].input;
    assert_true(item->guide_only && item->source == SOURCE_CATALOGUE && !item->can_accept);
    assert_true(text_is(item->national_code, "511A0000000009") && text_is(item->organ_code, ORGAN));
    assert_true(text_is(item->department, "01") && item->valid_from == 0);
    assert_true(item->materials.count == 0 && item->statutory_days == 0 && item->promised_days == 0);
}

/* What the list now says of an item that nobody has completed is its next version. */
static void renamed(void **state)
{
    struct listing_row row = {.code = TEXT("511A0000000001" AREA ORGAN "-1-00"),
                              .name = TEXT("甲事项（新）"),
                              .department = TEXT("区民政局"),
                              .type = TEXT("1")};
    struct list list = {&row, 1};
    struct listing listing;
    listing_plan(&list, small_house(*state), 511602, 20000, false, *state, &listing);
    assert_int_equal(row.end, LISTING_CHANGED);
    assert_int_equal(listing.commands.count, 1);
}

static bool read_text(const char *json, struct arena *arena, struct list *rows)
{
    char path[] = "/tmp/yimen-listing-XXXXXX";
    struct fault why = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *out = fdopen(fd, "w");
    fputs(json, out);
    fclose(out);
    bool good = listing_read(path, arena, rows, &why);
    unlink(path);
    return good;
}

static void files(void **state)
{
    static const struct {
        const char *json;
        bool list;
        const char *why; /* of its first row, or NULL: that one is good */
    } rows[] = {
        {"[{\"name\":\"甲\",\"item_code\":\"x\",\"department\":\"乙\",\"task_type\":\"1\",\"more\":7}]",
         true, NULL},
        {"[{\"name\":\"甲\",\"item_code\":\"x\",\"department\":\"乙\",\"task_type\":1}]", true,
         "task_type is no text"},
        {"[{\"name\":\"甲\",\"department\":\"乙\",\"task_type\":\"1\"}]", true, "item_code: "},
        {"[{\"name\":\"甲\\u0007\",\"item_code\":\"x\",\"department\":\"乙\",\"task_type\":\"1\"}]", true,
         "name: "},
        {"[7]", true, "this is no object"},
        {"[]", true, NULL},
        {"{}", false, NULL},
        {"[", false, NULL},
        {"[{\"name\":\"甲\",\"name\":\"乙\"}]", false, NULL},
        {"", false, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct list list = {0};
        if (read_text(rows[i].json, *state, &list) != rows[i].list)
            fail_msg("%s", rows[i].json);
        const struct listing_row *first = list.items;
        if (rows[i].list && list.count &&
            (first->end == LISTING_BAD) != (rows[i].why != NULL))
            fail_msg("%s: %.*s", rows[i].json, TEXT_ARG(first->why));
        if (rows[i].why && !text_starts(first->why, text_of(rows[i].why)))
            fail_msg("%s: %.*s", rows[i].json, TEXT_ARG(first->why));
    }
}

/* The real list. The figures were counted from the file by another program; the scenario items counts
 * them anew each time. */
static void real_list(void **state)
{
    struct list rows;
    struct fault why = {0};
    struct listing listing;
    if (access(REAL, R_OK)) {
        print_message("skipped: %s is not here\n", REAL);
        skip();
    }
    assert_true(listing_read(REAL, *state, &rows, &why));
    assert_int_equal(rows.count, 1135);
    listing_plan(&rows, NULL, 511602, 20000, true, *state, &listing);
    assert_int_equal(listing.counts[LISTING_NEW], 1012);
    assert_int_equal(listing.counts[LISTING_BAD], 123);
    size_t wrong = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct listing_row *row = (const struct listing_row *)rows.items + i;
        wrong += text_find(row->code, TEXT("TE5116020105116050")) >= 0 &&
                 text_is(row->reason, "organ_check");
    }
    assert_int_equal(wrong, 7);
    assert_int_equal(listing.commands.count, 1012 + listing.departments.count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes),   cmocka_unit_test(types), cmocka_unit_test(rows_judged),
        cmocka_unit_test(renamed), cmocka_unit_test(files), cmocka_unit_test(real_list),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
