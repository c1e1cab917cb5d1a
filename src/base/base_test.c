/* base: text, time, shapes, canonical JSON. Tables of input and expected outcome. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/random.h"
#include "base/shape.h"
#include "base/time.h"

static void assert_text(struct text got, const char *want)
{
    struct arena *arena = arena_new(1024);
    assert_string_equal(text_cstr(arena, got), want);
    arena_free(arena);
}

static void text_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        bool good;
        int64_t value;
    } table[] = {
        {"0", true, 0},
        {"-1", true, -1},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1e3", false, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int64_t value = 0;
        assert_int_equal(text_int(text_of(table[i].from), &value), table[i].good);
        if (table[i].good)
            assert_true(value == table[i].value);
    }
}

static void text_unicode(void **state)
{
    (void)state;
    assert_true(text_utf8(TEXT("一门办成 \xf0\x9f\x8f\x9b")));
    assert_int_equal(text_chars(TEXT("一门办成")), 4);
    assert_false(text_utf8(TEXT("\xc0\x80")));         /* overlong */
    assert_false(text_utf8(TEXT("\xed\xa0\x80")));     /* surrogate */
    assert_false(text_utf8(TEXT("\xf4\x90\x80\x80"))); /* past U+10FFFF */
    assert_false(text_utf8(TEXT("\xe4\xb8")));         /* cut */
}

static void text_base64_both_ways(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"", ""},         {"f", "Zg=="},     {"fo", "Zm8="},
                                           {"foo", "Zm9v"},  {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    struct arena *arena = arena_new(1024);
    struct text back;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_text(text_base64(arena, pairs[i][0], strlen(pairs[i][0])), pairs[i][1]);
        assert_true(text_unbase64(arena, text_of(pairs[i][1]), &back));
        assert_text(back, pairs[i][0]);
    }
    static const char *const wrong[] = {"Zg=", "Zh==", "Zm9=", "Z===", "Zm 9", "Zm9v\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(text_unbase64(arena, text_of(wrong[i]), &back));
    arena_free(arena);
}

static void html_escaped(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1024);
    struct buf buf = {.arena = arena};
    buf_html(&buf, TEXT("<a href=\"x\">'&'</a>"));
    assert_text(buf_done(&buf), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    arena_free(arena);
}

static void dates_both_ways(void **state)
{
    (void)state;
    for (int64_t date = date_of(1899, 12, 30); date < date_of(2101, 3, 2); date++) {
        int year, month, day;
        date_parts(date, &year, &month, &day);
        assert_true(date_valid(year, month, day));
        assert_true(date_of(year, month, day) == date);
    }
    assert_int_equal(date_weekday(date_of(2014, 5, 4)), 7); /* a Sunday, and a working day */
    assert_int_equal(date_weekday(date_of(1970, 1, 1)), 4);
    assert_false(date_valid(1990, 2, 29));
    assert_true(date_valid(2000, 2, 29));
}

static void times_read(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        bool good;
        int64_t at;
    } table[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"1970-01-01T08:00:00.000+08:00", true, 0},
        {"1970-01-01T08:00", true, 0},
        {"1970-01-01 08:00", true, 0},
        {"2011-10-11T13:45:40.276+02:00", true, INT64_C(1318333540276)},
        {"1969-12-31T23:59:59.999Z", true, -1},
        {"2014-05-04T09:00:00.1234567Z", true, INT64_C(1399194000123)},
        {"9999-12-31T23:59:59+08:00", true, INT64_C(253402271999000)},
        {"9999-12-31T15:59:59Z", true, INT64_C(253402271999000)},
        {"9999-12-31T16:00:00Z", false, 0}, /* the year 10000 where it would be written again */
        {"0001-01-01T00:00:00+08:00", true, INT64_C(-62135625600000)},
        {"0001-01-01T00:00:00+08:01", false, 0},
        {"2014-02-29T00:00:00Z", false, 0},
        {"2014-05-04T24:00:00Z", false, 0},
        {"2014-05-04", false, 0},
        {"2014-05-04T09:00:00+8:00", false, 0},
        {"2014-05-04T09:00:00Zx", false, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int64_t at = 0;
        if (time_parse(text_of(table[i].from), &at) != table[i].good)
            fail_msg("%s", table[i].from);
        if (table[i].good && at != table[i].at)
            fail_msg("%s gave %lld", table[i].from, (long long)at);
    }
    struct arena *arena = arena_new(1024);
    assert_text(time_format(arena, -1), "1970-01-01T07:59:59.999+08:00");
    assert_text(time_format_zh(arena, time_at(date_of(2014, 5, 4), 14 * HOUR_MS)),
                "2014年5月4日 14:00");
    arena_free(arena);
}

static const struct word colours[] = {{"none", "未说明"}, {"red", "红"}, {NULL, NULL}};
struct line {
    struct text name;
    int64_t price_fen;
    struct text owner;
};
static const struct field line_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct line, name), FIELD_REQUIRED, 0, 10, "名称"},
    {"price", FIELD_MONEY, offsetof(struct line, price_fen), 0, 0, 0, "价格"},
    {"owner", FIELD_TEXT, offsetof(struct line, owner), FIELD_PRIVATE, 0, 0, "所有人"},
};
static const struct shape line_shape = {"line", "行", sizeof(struct line),
                                        SHAPE_FIELDS(line_fields)};
static bool even_length(struct text a)
{
    return a.len % 2 == 0;
}
struct sample {
    struct text name, phone, essay, password;
    int64_t count, born, at, fee, colour;
    bool agreed;
    struct list lines, tags;
    struct line main;
    struct text secret_of_server;
};
#define AT(member) offsetof(struct sample, member)
static const struct field sample_fields[] = {
    {"name", FIELD_TEXT, AT(name), FIELD_REQUIRED, 2, 5, "姓名"},
    {"phone", FIELD_TEXT, AT(phone), FIELD_PRIVATE, 0, 0, "电话", .check = even_length,
     .check_hint = "位数应为偶数。"},
    {"essay", FIELD_TEXT, AT(essay), FIELD_LINES, 0, 100, "说明"},
    {"password", FIELD_TEXT, AT(password), FIELD_SECRET, 0, 0, "密码"},
    {"count", FIELD_INT, AT(count), 0, 1, 9, "数量"},
    {"born", FIELD_DATE, AT(born), 0, 0, 0, "生日"},
    {"at", FIELD_TIME, AT(at), 0, 0, 0, "时间"},
    {"fee", FIELD_MONEY, AT(fee), 0, 0, 100000, "费用"},
    {"colour", FIELD_WORD, AT(colour), 0, 0, 0, "颜色", .words = colours},
    {"agreed", FIELD_BOOL, AT(agreed), 0, 0, 0, "同意"},
    {"lines", FIELD_LIST, AT(lines), 0, 0, 3, "各行", .of = &line_shape},
    {"tags", FIELD_TEXTS, AT(tags), 0, 0, 2, "标签"},
    {"main", FIELD_RECORD, AT(main), 0, 0, 0, "主行", .of = &line_shape},
    {"hidden", FIELD_TEXT, AT(secret_of_server), FIELD_INTERNAL, 0, 0, "内部"},
};
static const struct shape sample_shape = {"sample", "样本", sizeof(struct sample),
                                          SHAPE_FIELDS(sample_fields)};

/* "field:code field:code" in the order found. */
static struct text told(const struct problems *problems, struct arena *arena)
{
    struct buf buf = {.arena = arena};
    for (size_t i = 0; i < problems->count; i++) {
        if (i)
            buf_char(&buf, ' ');
        buf_text(&buf, problems->items[i].field);
        buf_char(&buf, ':');
        buf_str(&buf, refusal_text(problems->items[i].code)->name);
        assert_true(problems->items[i].message.len > 0);
    }
    return buf_done(&buf);
}

static void form_problems(void **state)
{
    (void)state;
    static const struct {
        const char *form;
        const char *problems;
    } table[] = {
        {"name=%E5%BC%A0%E4%B8%89", ""},
        {"", "name:missing"},
        {"name=+++", "name:missing"},
        {"name=%E3%80%80%C2%A0%E3%80%80", "name:missing"},
        {"name=%E2%80%8B%E2%80%8B%E2%80%8B", "name:missing"},
        {"name=%E3%80%80%E5%BC%A0%E3%80%80", "name:too_short"},
        {"name=a%E3%80%80b%E3%80%80", ""},
        {"name=%E5%BC%A0", "name:too_short"},
        {"name=abcdef", "name:too_long"},
        {"name=ab&name=cd", "name:repeated"},
        {"name=ab&nope=1", "nope:undeclared"},
        {"name=ab&_token=1", ""},
        {"name=ab&hidden=1", "hidden:undeclared"},
        {"name=ab&phone=123", "phone:malformed"},
        {"name=ab&count=0", "count:out_of_range"},
        {"name=ab&count=10&fee=1000.01", "count:out_of_range fee:out_of_range"},
        {"name=ab&count=1e1&born=2014-02-30&at=noon&colour=blue&agreed=perhaps",
         "count:malformed born:malformed at:malformed colour:malformed agreed:malformed"},
        {"name=a%0Ab", "name:malformed"},
        {"name=ab&essay=a%0D%0Ab", ""},
        {"name=a%E2%80%AEb", "name:malformed"},
        {"name=a%E2%80%8Bb", "name:malformed"}, /* nothing is seen between them */
        {"name=a%C2%ADb", "name:malformed"},
        {"name=a%E2%81%A0b", "name:malformed"},
        {"name=a%D8%9Cb", "name:malformed"},
        {"name=a%CD%8Fb", "name:malformed"},       /* U+034F */
        {"name=a%EF%BE%A0b", "name:malformed"},    /* U+FFA0, a Hangul filler */
        {"name=a%F3%A0%81%81b", "name:malformed"}, /* U+E0041, a letter in a tag */
        {"name=a%E2%A0%80b", "name:malformed"},    /* U+2800, no point of Braille */
        {"name=a%EF%B7%90b", "name:malformed"},    /* U+FDD0, no character */
        {"name=%E8%91%9B%F3%A0%84%80", ""},        /* U+845B U+E0100: how somebody's name is written */
        {"name=%E6%98%BE%EF%B8%80", ""},           /* U+FE00 */
        {"name=ab&essay=a%E2%80%8Bb", "essay:malformed"},
        {"name=ab&essay=%E2%80%8Bab%E2%80%8B", ""},  /* at the ends it is no more than a space */
        {"name=ab&password=a%E2%80%8Db", ""},        /* as typed */
        {"name=a%FFb", "name:malformed"},
        {"name=ab&fee=12.345", "fee:malformed"},
        {"name=ab&lines.0.price=1", "lines.0.name:missing"},
        {"name=ab&lines.1.name=x", "lines.0.name:missing"},
        {"name=ab&lines.3.name=x", "lines:too_long lines.3.name:undeclared"},
        {"name=ab&lines.x.name=x", "lines.x.name:undeclared"},
        {"name=ab&lines.00.name=x", "lines.00.name:undeclared"},
        {"name=ab&tags=a&tags=b&tags=c", "tags:too_long"},
        {"name=ab&main.price=1", "main.name:missing"},
        {"name=ab&main.nope=1", "main.nope:undeclared"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(4096);
        struct pairs pairs = {0};
        struct problems problems = {0};
        struct sample sample;
        assert_true(pairs_parse(text_of(table[i].form), 100, arena, &pairs));
        bool good = shape_from_form(&sample_shape, &pairs, arena, &sample, &problems);
        struct text got = told(&problems, arena);
        if (!text_is(got, table[i].problems))
            fail_msg("%s: got %.*s", table[i].form, TEXT_ARG(got));
        assert_int_equal(good, table[i].problems[0] == 0);
        arena_free(arena);
    }
}

/* What people type where a quantity is asked, and what it is read as; -1: it is no number. */
static void typed_numbers(void **state)
{
    static const struct field fields[] = {
        {"area", FIELD_INT, AT(count), .high = 1000000, .label = "面积（平方米）"},
        {"fee", FIELD_MONEY, AT(fee), .high = 100000000, .label = "金额"},
        {"key", FIELD_INT, AT(born), .high = 1000000, .label = "编号"},
    };
    static const struct shape shape = {"typed", "数", sizeof(struct sample), SHAPE_FIELDS(fields)};
    static const struct {
        const char *name, *typed;
        int64_t read;
    } table[] = {
        {"area", "36500", 36500},  {"area", " 36,500 ", 36500},        {"area", "３６，５００", 36500},
        {"area", "120平方米", 120}, {"area", "　１２０ 平方米 ", 120}, {"area", "1,000,000", 1000000},
        {"area", "1,5", -1},       {"area", "1234,567", -1},           {"area", ",500", -1},
        {"area", "36,50", -1},     {"area", "120亩", -1},              {"area", "平方米", -1},
        {"area", "123.5", -1},     {"fee", "１２３．５", 12350},       {"fee", "2,500.00元", 250000},
        {"fee", "123.5", 12350},   {"fee", "1.000,5", -1},             {"fee", "1,00.5", -1},
        {"key", "12", 12},         {"key", "1,200", -1},               {"key", "１２", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(4096);
        struct pairs pairs = {0};
        struct problems problems = {0};
        struct sample sample;
        pair_add(&pairs, arena, text_of(table[i].name), text_of(table[i].typed));
        bool good = shape_from_form(&shape, &pairs, arena, &sample, &problems);
        int64_t got = good ? sample.count + sample.fee + sample.born : -1;
        if (got != table[i].read)
            fail_msg("%s=%s: got %lld", table[i].name, table[i].typed, (long long)got);
        arena_free(arena);
    }
}

static void json_problems(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *problems;
    } table[] = {
        {"{\"name\":\"ab\"}", ""},
        {"{\"name\":null}", "name:missing"},
        {"{\"name\":7}", "name:malformed"},
        {"{\"name\":\"ab\",\"name\":\"cd\"}", ":body"},
        {"{\"name\":\"ab\"", ":body"},
        {"[]", ":body"},
        {"", ":body"},
        {"{\"name\":\"ab\",\"x\":1}", "x:undeclared"},
        {"{\"name\":\"ab\",\"hidden\":\"1\"}", "hidden:undeclared"},
        {"{\"name\":\"ab\",\"count\":1.5,\"agreed\":\"true\",\"lines\":{},\"tags\":[1],"
         "\"fee\":2000000}",
         "count:malformed agreed:malformed lines:malformed tags.0:malformed fee:out_of_range"},
        {"{\"name\":\"ab\",\"lines\":[{\"name\":\"x\",\"q\":1},3]}",
         "lines.0.q:undeclared lines.1:malformed lines.1.name:missing"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(4096);
        struct problems problems = {0};
        struct sample sample;
        shape_from_json(&sample_shape, text_of(table[i].json), arena, &sample, &problems);
        struct text got = told(&problems, arena);
        if (!text_is(got, table[i].problems))
            fail_msg("%s: got %.*s", table[i].json, TEXT_ARG(got));
        arena_free(arena);
    }
}

#define WHOLE                                                                                      \
    "name=%E5%BC%A0%E4%B8%89&phone=1234&essay=a%0Ab%22&password=p&count=3&born=1980-01-01&"        \
    "at=2014-05-04T09:00&fee=12.5&colour=red&agreed=on&lines.0.name=x&lines.0.owner=o&"            \
    "lines.1.name=y&lines.1.price=0.01&tags=t&tags=u&main.name=m"

/* Nonsense without end costs no square of memory, and what is told of it is text. */
static void problems_are_bounded(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64 * 1024);
    struct buf json = {.arena = arena};
    struct problems problems = {0};
    struct sample sample;
    buf_str(&json, "{\"");
    for (int i = 0; i < 100; i++)
        buf_str(&json, "汉");
    buf_str(&json, "\":1");
    for (int i = 0; i < 6000; i++)
        buf_format(&json, ",\"k%d\":1", i);
    buf_char(&json, '}');
    assert_false(shape_from_json(&sample_shape, buf_done(&json), arena, &sample, &problems));
    assert_int_equal(problems.count, PROBLEMS_MOST);
    assert_int_equal(problems.items[0].field.len, 198);
    assert_true(text_utf8(problems.items[0].field));
    assert_true(text_utf8(problems.items[0].message));
    assert_true(arena_used(arena) < 8 * 1024 * 1024);
    arena_free(arena);
}

static void journal_both_ways(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    struct pairs pairs = {0};
    struct problems problems = {0};
    struct sample sample, back = {0};
    struct fault why = {0};
    struct buf open = {.arena = arena}, closed = {.arena = arena}, all = {.arena = arena},
               again = {.arena = arena}, canonical = {.arena = arena};
    assert_true(pairs_parse(TEXT(WHOLE), 100, arena, &pairs));
    assert_true(shape_from_form(&sample_shape, &pairs, arena, &sample, &problems));
    shape_to_json(&sample_shape, &sample, SHAPE_PUBLIC, &open);
    shape_to_json(&sample_shape, &sample, SHAPE_PRIVATE, &closed);
    shape_to_json(&sample_shape, &sample, SHAPE_ALL, &all);
    assert_text(buf_done(&open),
                "{\"agreed\":true,\"at\":\"2014-05-04T09:00:00.000+08:00\",\"born\":\"1980-01-01\","
                "\"colour\":\"red\",\"count\":3,\"essay\":\"a\\nb\\\"\",\"fee\":1250,"
                "\"lines\":[{\"name\":\"x\"},{\"name\":\"y\",\"price\":1}],"
                "\"main\":{\"name\":\"m\"},\"name\":\"张三\",\"tags\":[\"t\",\"u\"]}");
    assert_text(buf_done(&closed), "{\"lines\":[{\"owner\":\"o\"},{}],\"phone\":\"1234\"}");
    assert_true(shape_has_private(&sample_shape, &sample));
    assert_true(shape_read_json(&sample_shape, buf_done(&open), arena, &back, &why));
    assert_true(shape_read_json(&sample_shape, buf_done(&closed), arena, &back, &why));
    shape_to_json(&sample_shape, &back, SHAPE_ALL, &again);
    assert_true(text_equal(buf_done(&all), buf_done(&again)));
    assert_true(json_canonical(buf_done(&all), &canonical));
    assert_true(text_equal(buf_done(&all), buf_done(&canonical)));
    /* Every cut of it is refused, never crashed on. */
    struct text whole = buf_done(&all);
    for (size_t len = 0; len < whole.len; len++) {
        struct sample part = {0};
        struct fault cut = {0};
        char *copy = malloc(len + 1);
        memcpy(copy, whole.at, len);
        assert_false(shape_read_json(&sample_shape, (struct text){copy, len}, arena, &part, &cut));
        free(copy);
    }
    arena_free(arena);
}

/* A record that need not be finished: what it lacks is no problem as input, and is told later at the
 * same paths as of one that must be whole. */
static void partial(void **state)
{
    struct draft {
        struct text title;
        struct sample sample;
    };
    static const struct field fields[] = {
        {"title", FIELD_TEXT, offsetof(struct draft, title), FIELD_REQUIRED, 0, 0, "题目"},
        {"sample", FIELD_RECORD, offsetof(struct draft, sample), FIELD_PARTIAL, 0, 0, "内容",
         .of = &sample_shape},
    };
    static const struct shape shape = {"draft", "草稿", sizeof(struct draft), SHAPE_FIELDS(fields)};
    static const struct {
        const char *form, *json, *refused, *later;
    } table[] = {
        {"title=t", "{\"title\":\"t\"}", "", "name:missing"},
        {"sample.name=ab", "{\"sample\":{\"name\":\"ab\"}}", "title:missing", ""},
        {"title=t&sample.name=a", "{\"title\":\"t\",\"sample\":{\"name\":\"a\"}}", "",
         "name:too_short"},
        {"title=t&sample.name=abcdef",
         "{\"title\":\"t\",\"sample\":{\"name\":\"abcdef\"}}",
         "sample.name:too_long", "name:missing"},
        {"title=t&sample.count=x", "{\"title\":\"t\",\"sample\":{\"count\":\"x\"}}",
         "sample.count:malformed", "name:missing"},
        {"title=t&sample.name=ab&sample.lines.1.price=1",
         "{\"title\":\"t\",\"sample\":{\"name\":\"ab\",\"lines\":[{},{\"price\":100}]}}",
         "", "lines.0.name:missing lines.1.name:missing"},
        {"title=t&sample.name=ab&sample.tags=a%0D%0A%0D%0A+b+",
         "{\"title\":\"t\",\"sample\":{\"name\":\"ab\",\"tags\":[\"a\",\"b\"]}}", "", ""},
        {"title=t&sample.name=ab&sample.tags=a%0Ab%0Ac",
         "{\"title\":\"t\",\"sample\":{\"name\":\"ab\",\"tags\":[\"a\",\"b\",\"c\"]}}",
         "sample.tags:too_long", ""},
    };
    (void)state;
    for (size_t i = 0; i < 2 * sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(4096);
        struct pairs pairs = {0};
        struct problems problems = {0}, later = {0};
        struct draft draft;
        const char *form = table[i / 2].form, *json = table[i / 2].json;
        assert_true(pairs_parse(text_of(form), 100, arena, &pairs));
        if (i % 2)
            shape_from_json(&shape, text_of(json), arena, &draft, &problems);
        else
            shape_from_form(&shape, &pairs, arena, &draft, &problems);
        if (!text_is(told(&problems, arena), table[i / 2].refused))
            fail_msg("%s: %.*s", i % 2 ? json : form, TEXT_ARG(told(&problems, arena)));
        shape_check(&sample_shape, &draft.sample, arena, &later);
        if (!text_is(told(&later, arena), table[i / 2].later))
            fail_msg("%s later: %.*s", i % 2 ? json : form, TEXT_ARG(told(&later, arena)));
        struct list tags = draft.sample.tags;
        if (strstr(form, "a%0D"))
            assert_true(tags.count == 2 && text_is(((struct text *)tags.items)[1], "b"));
        arena_free(arena);
    }
}

static void answers(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    struct sample sample = {.name = TEXT("ab"), .password = TEXT("p")};
    struct buf answer = {.arena = arena};
    shape_to_answer(&sample_shape, &sample, &answer);
    assert_text(buf_done(&answer),
                "{\"name\":\"ab\",\"phone\":\"\",\"essay\":\"\",\"count\":0,\"born\":null,"
                "\"at\":null,\"fee\":0,\"colour\":\"none\",\"agreed\":false,\"lines\":[],"
                "\"tags\":[],\"main\":{\"name\":\"\",\"price\":0,\"owner\":\"\"},\"hidden\":\"\"}");
    struct buf schema = {.arena = arena}, check = {.arena = arena};
    shape_to_schema(&sample_shape, &schema);
    assert_true(json_canonical(buf_done(&schema), &check));
    assert_true(text_find(buf_done(&schema), TEXT("\"required\":[\"name\"]")) > 0);
    assert_true(text_find(buf_done(&schema), TEXT("\"password\"")) > 0);
    assert_true(text_find(buf_done(&schema), TEXT("\"hidden\"")) < 0);
    /* What is answered: nothing secret, and everything else is promised. */
    static const struct field inner[] = {
        {"sample", FIELD_RECORD, 0, FIELD_PARTIAL, 0, 0, "内容", .of = &sample_shape}};
    static const struct shape outer = {"o", "外", sizeof(struct sample), SHAPE_FIELDS(inner)};
    struct buf partly = {.arena = arena};
    shape_to_schema(&outer, &partly);
    assert_true(text_find(buf_done(&partly), TEXT("\"required\":[\"")) < 0);
    struct buf said = {.arena = arena};
    shape_to_answer_schema(&sample_shape, &said);
    assert_true(json_canonical(buf_done(&said), &check));
    assert_true(text_find(buf_done(&said), TEXT("\"password\"")) < 0);
    assert_true(text_find(buf_done(&said),
                          TEXT("\"required\":[\"name\",\"phone\",\"essay\",\"count\",\"born\",\"at\","
                               "\"fee\",\"colour\",\"agreed\",\"lines\",\"tags\",\"main\","
                               "\"hidden\"]")) > 0);
    arena_free(arena);
}

static void canonical_json(void **state)
{
    (void)state;
    /* The number samples are those of RFC 8785 appendix B. */
    static const char *const table[][2] = {
        {"{ \"b\" : 1, \"a\" : [ true , null ] }", "{\"a\":[true,null],\"b\":1}"},
        {"[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]",
         "[333333333.3333333,1e+30,4.5,0.002,1e-27]"},
        {"[-0.0,1e21,1e20,9007199254740993,1.7976931348623157e308,5e-324]",
         "[0,1e+21,100000000000000000000,9007199254740992,1.7976931348623157e+308,5e-324]"},
        {"{\"\\u20ac\":1,\"\\r\":2,\"\\ud83d\\ude00\":3,\"\\ufb33\":4,\"1\":5,\"\\u0080\":6}",
         "{\"\\r\":2,\"1\":5,\"\xc2\x80\":6,\"\xe2\x82\xac\":1,\"\xf0\x9f\x98\x80\":3,"
         "\"\xef\xac\xb3\":4}"},
        {"\"\\u000f\\u000a\\\"\"", "\"\\u000f\\n\\\"\""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(4096);
        struct buf out = {.arena = arena};
        assert_true(json_canonical(text_of(table[i][0]), &out));
        assert_text(buf_done(&out), table[i][1]);
        arena_free(arena);
    }
    struct arena *arena = arena_new(4096);
    struct buf deep = {.arena = arena}, out = {.arena = arena};
    for (int i = 0; i < 70; i++)
        buf_char(&deep, '[');
    for (int i = 0; i < 70; i++)
        buf_char(&deep, ']');
    assert_false(json_canonical(buf_done(&deep), &out));
    assert_false(json_canonical(TEXT("{\"a\":1,\"a\":2}"), &out));
    arena_free(arena);
}

static void refusals_are_one_list(void **state)
{
    (void)state;
    const struct refusal_text *list = refusal_list();
    for (size_t i = 0; list[i].name; i++) {
        assert_true(refusal_text(list[i].code) == &list[i]);
        /* The one refusal that nobody here can do anything about: another house is away. */
        int most = list[i].code == REFUSED_PROVIDER ? 503 : 499;
        assert_true(list[i].status >= 200 && list[i].status <= most);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(list[i].name, list[j].name);
    }
}

/* A shape that the journal's writer could not hold is found at start, and named. */
static void shapes_are_sound(void **state)
{
    (void)state;
    static struct field fields[SHAPE_MOST_FIELDS + 1];
    for (size_t i = 0; i <= SHAPE_MOST_FIELDS; i++)
        fields[i] = (struct field){.name = "a", .type = FIELD_INT};
    struct shape wide = {.name = "wide", .fields = fields, .count = SHAPE_MOST_FIELDS};
    struct field holds = {.name = "of", .type = FIELD_RECORD, .of = &wide};
    struct shape around = {.name = "around", .fields = &holds, .count = 1};
    struct shape ring = {.name = "ring", .count = 1};
    struct field again = {.name = "again", .type = FIELD_LIST, .of = &ring};
    struct fault why = {0};
    ring.fields = &again;
    assert_true(shape_sound(&wide, &why));
    assert_true(shape_sound(&around, &why));
    wide.count++;
    assert_false(shape_sound(&wide, &why));
    assert_string_equal(why.why, "shape wide has 129 fields, more than 128");
    why = (struct fault){0};
    assert_false(shape_sound(&around, &why));
    assert_string_equal(why.why, "shape wide has 129 fields, more than 128");
    why = (struct fault){0};
    assert_false(shape_sound(&ring, &why));
    assert_string_equal(why.why, "shape ring lies deeper than 16 records");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_numbers),    cmocka_unit_test(text_unicode),
        cmocka_unit_test(text_base64_both_ways), cmocka_unit_test(html_escaped),
        cmocka_unit_test(dates_both_ways), cmocka_unit_test(times_read),
        cmocka_unit_test(form_problems),
        cmocka_unit_test(typed_numbers),
        cmocka_unit_test(json_problems),
        cmocka_unit_test(problems_are_bounded),
        cmocka_unit_test(journal_both_ways), cmocka_unit_test(answers), cmocka_unit_test(partial),
        cmocka_unit_test(canonical_json),  cmocka_unit_test(refusals_are_one_list),
        cmocka_unit_test(shapes_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
