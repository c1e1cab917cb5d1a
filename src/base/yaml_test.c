#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "base/yaml.h"

struct part {
    struct text name;
    bool wanted;
    int64_t days;
};

struct whole {
    struct text title;
    int64_t number;
    int64_t sum_fen;
    int64_t day;
    int64_t colour;
    struct list tags;
    struct list parts;
    struct text hidden;
};

static const struct word colours[] = {{"none", "无"}, {"red", "红"}, {"green", "绿"}, {NULL, NULL}};

static const struct field part_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct part, name), FIELD_REQUIRED, 1, 20, "名称"},
    {"wanted", FIELD_BOOL, offsetof(struct part, wanted), 0, 0, 0, "需要"},
    {"days", FIELD_INT, offsetof(struct part, days), 0, 0, 30, "天数"},
};
static const struct shape part_shape = {"part", "部分", sizeof(struct part),
                                        SHAPE_FIELDS(part_fields)};

static const struct field whole_fields[] = {
    {"title", FIELD_TEXT, offsetof(struct whole, title), FIELD_REQUIRED | FIELD_LINES, 1, 40,
     "标题"},
    {"number", FIELD_INT, offsetof(struct whole, number), 0, 0, 100, "数"},
    {"sum", FIELD_MONEY, offsetof(struct whole, sum_fen), 0, 0, 0, "金额"},
    {"day", FIELD_DATE, offsetof(struct whole, day), 0, 0, 0, "日期"},
    {"colour", FIELD_WORD, offsetof(struct whole, colour), 0, 0, 0, "颜色", NULL, NULL, colours},
    {"tags", FIELD_TEXTS, offsetof(struct whole, tags), 0, 0, 3, "标签"},
    {"parts", FIELD_LIST, offsetof(struct whole, parts), 0, 0, 5, "部分", NULL, &part_shape},
    {"hidden", FIELD_TEXT, offsetof(struct whole, hidden), FIELD_INTERNAL, 0, 0, "内部"},
};
static const struct shape whole_shape = {"whole", "整体", sizeof(struct whole),
                                         SHAPE_FIELDS(whole_fields)};

static void good(void **state)
{
    static const char yaml[] = "# a note\n"
                               "title: |\n"
                               "  第一行\n"
                               "  第二行\n"
                               "number: 7\n"
                               "sum: 12.50\n"
                               "day: 2014-05-04\n"
                               "colour: green\n"
                               "tags: [一, \"2\"]\n"
                               "parts:\n"
                               "  - name: 甲\n"
                               "    wanted: true\n"
                               "  - {name: \"乙: b\", days: 3}\n";
    struct arena *arena = arena_new(4096);
    struct yaml_errors errors = {arena};
    struct yaml_marks marks;
    struct whole whole;
    (void)state;
    assert_true(yaml_parse(text_of(yaml), TEXT("a.yaml"), &whole_shape, arena, &whole, &marks,
                           &errors));
    assert_int_equal(errors.count, 0);
    assert_true(text_is(whole.title, "第一行\n第二行"));
    assert_int_equal(whole.number, 7);
    assert_int_equal(whole.sum_fen, 1250);
    assert_int_equal(whole.day, date_of(2014, 5, 4));
    assert_int_equal(whole.colour, 2);
    assert_int_equal(whole.tags.count, 2);
    assert_true(text_is(((struct text *)whole.tags.items)[1], "2"));
    assert_int_equal(whole.parts.count, 2);
    const struct part *parts = whole.parts.items;
    assert_true(parts[0].wanted);
    assert_true(text_is(parts[1].name, "乙: b"));
    assert_int_equal(parts[1].days, 3);
    assert_int_equal(yaml_line(&marks, TEXT("sum")), 6);
    assert_int_equal(yaml_line(&marks, TEXT("parts.1.days")), 13);
    assert_int_equal(yaml_line(&marks, TEXT("parts.0.days")), 11); /* the part it is missing in */
    arena_free(arena);
}

/* Each bad file, and every line that must be named in order. */
static void bad(void **state)
{
    static const struct {
        const char *yaml;
        const char *lines; /* "2,5" */
        const char *word;  /* that one of the messages contains */
    } table[] = {
        {"title: a\nnumbr: 7\n", "2", "not a known key"},
        {"title: a\nhidden: x\n", "2", "not a known key"},
        {"number: 7\n", "1", "title"},
        {"title: a\nnumber: seven\n", "2", "number"},
        {"title: a\nnumber: 7\nnumber: 8\n", "3", "repeated"},
        {"title: a\nnumber: [7]\n", "2", "one value"},
        {"title: a\ntags: x\n", "2", "list"},
        {"title: a\nparts:\n  name: x\n", "3", "list"},
        {"title: a\nparts:\n  - x\n", "3", "mapping"},
        {"title: a\nparts:\n  - {}\n", "3", "is empty"},
        {"title: a\nparts:\n  - wanted: true\n", "3", "parts.0.name"},
        {"title: a\nparts:\n  - name: x\n    days: 31\n", "4", "parts.0.days"},
        {"title: a\nday: 2014-02-29\n", "2", "day"},
        {"title: a\ncolour: blue\n", "2", "colour"},
        {"title: a\nsum: 1.234\n", "2", "sum"},
        {"title:\n", "1", "no value"},
        {"title: ~\nnumber: x\n", "1,2", "no value"},
        {"title: a\nx: 1\ny: 2\nnumber: z\n", "2,3,4", "not a known key"},
        {"title: &a b\n", "1", "anchors"},
        {"title: !!str b\n", "1", "anchors"},
        {"title: a\ntags: [&x q, *x]\n", "2,2,2", "anchors"},
        {"title: a\n---\ntitle: b\n", "2", "one document"},
        {"- a\n", "1", "mapping"},
        {"a\n", "1", "mapping"},
        {"", "0", "empty"},
        {"# only a note\n", "0", "empty"},
        {"title: [a\n", "1,2", "malformed"},
        {"title: \"a\n", "1", "malformed"},
        {"title: a\n\tnumber: 1\n", "1", "malformed"},
        {"Title: a\n", "1,1", "lower-case"},
        {"title: a\na.b: 1\n", "2", "lower-case"},
        {"title: a\xff\n", "0", "UTF-8"},
        {"title: a\ntags: [a, b, c, d]\n", "2", "tags"},
    };
    bool all = true;
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(4096);
        struct yaml_errors errors = {arena};
        struct whole whole;
        bool ok = yaml_parse(text_of(table[i].yaml), TEXT("bad.yaml"), &whole_shape, arena, &whole,
                             NULL, &errors);
        struct buf lines = {arena};
        for (size_t j = 0; j < errors.count; j++)
            buf_format(&lines, "%s%lld", j ? "," : "", (long long)errors.items[j].line);
        struct text said = yaml_errors_text(&errors, arena);
        if (ok || !text_is(buf_done(&lines), table[i].lines) ||
            text_find(said, text_of(table[i].word)) < 0 || !text_starts(said, TEXT("bad.yaml:"))) {
            print_error("case %zu: %s\nlines %.*s wanted %s, said %.*s\n", i, table[i].yaml,
                        TEXT_ARG(buf_done(&lines)), table[i].lines, TEXT_ARG(said));
            all = false;
        }
        arena_free(arena);
    }
    assert_true(all);
}

/* Texts that YAML would take for something else, or not at all: each comes back as it was, and the same
 * record is always the same file. */
static void written(void **state)
{
    static const char *const texts[] = {
        "甲",          "a b",      "true",      "No",        "null",  "~",       "0",      "2014-05-04",
        "- a",         "a: b",     "a #b",      "#b",        "[a]",   "{a}",     "a, b",   "'a'",
        "\"a\" \\ /", "*a",       "&a",        "!a",        "%a",    "@a",      "`a",     "|",
        ">",           "a\nb",     "a\n\nb",    "？：甲",    "甲：乙", "1e3",     "0x10",   "a'b",
        ":",           "a:",       "-",         "--- a",     "...",   "甲 # 乙", "a-b_c.d", "(a)",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena *arena = arena_new(4096);
        struct yaml_errors errors = {arena};
        struct text tags[] = {TEXT("甲"), text_of(texts[(i + 1) % 3])};
        struct part parts[] = {{TEXT("a: b"), true, 3}, {TEXT("乙"), false, 0}};
        struct whole before = {.title = text_of(texts[i]), .number = 7, .sum_fen = 1205, .colour = 2,
                               .day = date_of(2014, 5, 4), .tags = {tags, 2}, .parts = {parts, 2}};
        struct whole after;
        struct buf once = {arena}, twice = {arena};
        shape_to_yaml(&whole_shape, &before, &once);
        if (!yaml_parse(buf_done(&once), TEXT("a.yaml"), &whole_shape, arena, &after, NULL, &errors) ||
            !text_equal(after.title, before.title))
            fail_msg("%s: %.*s", texts[i], TEXT_ARG(yaml_errors_text(&errors, arena)));
        shape_to_yaml(&whole_shape, &after, &twice);
        assert_true(text_equal(buf_done(&once), buf_done(&twice)));
        assert_true(after.number == 7 && after.sum_fen == 1205 && after.colour == 2);
        assert_true(after.day == before.day && after.tags.count == 2 && after.parts.count == 2);
        arena_free(arena);
    }
}

static void deep(void **state)
{
    struct arena *arena = arena_new(4096);
    struct yaml_errors errors = {arena};
    struct whole whole;
    struct buf buf = {arena};
    (void)state;
    buf_str(&buf, "title: ");
    for (int i = 0; i < 5000; i++)
        buf_char(&buf, '[');
    assert_false(yaml_parse(buf_done(&buf), TEXT("deep.yaml"), &whole_shape, arena, &whole, NULL,
                            &errors));
    assert_true(errors.count > 0);
    arena_free(arena);
}

static void no_file(void **state)
{
    struct arena *arena = arena_new(4096);
    struct yaml_errors errors = {arena};
    struct whole whole;
    (void)state;
    assert_false(yaml_read("/nowhere/x.yaml", TEXT("x.yaml"), &whole_shape, arena, &whole, NULL,
                           &errors));
    assert_int_equal(errors.count, 1);
    assert_true(text_starts(yaml_errors_text(&errors, arena), TEXT("x.yaml: ")));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good),
        cmocka_unit_test(bad),
        cmocka_unit_test(written),
        cmocka_unit_test(deep),
        cmocka_unit_test(no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
