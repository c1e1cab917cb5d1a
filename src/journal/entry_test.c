#include "journal/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/time.h"

static struct entry_head head_of(void)
{
    return (struct entry_head){.region = 330482,
                               .index = 17,
                               .at = time_at(date_of(2014, 5, 4), 14 * HOUR_MS + 7),
                               .actor = TEXT("account:12"),
                               .kind = TEXT("case.accepted"),
                               .version = 1,
                               .subject = TEXT("case:17")};
}

/* The example of docs/journal.md. */
#define EXAMPLE  \
    "{\"actor\":\"account:12\",\"at\":\"2014-05-04T14:00:00.007+08:00\",\"body\":{\"days\":20,"  \
    "\"window\":\"\xe7\xbb\xbc\xe5\x90\x88 1\"},\"hash\":\"sha-256\",\"index\":17,\"kind\":"  \
    "\"case.accepted\",\"private\":\"%s\",\"region\":\"330482\",\"subject\":\"case:17\","  \
    "\"version\":1}"

static void written_and_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    struct buf out = {.arena = arena};
    struct entry_head head = head_of();
    struct text body = TEXT("{\"days\":20,\"window\":\"\xe7\xbb\xbc\xe5\x90\x88 1\"}");
    /* SHA-256("abc"), cut in two, of FIPS 180-4. */
    struct hash commitment = entry_commitment(TEXT("a"), TEXT("bc"));
    entry_write(&head, body, &commitment, arena, &out);
    struct text should = text_format(
        arena, EXAMPLE, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    if (!text_equal(buf_done(&out), should))
        fail_msg("%.*s", TEXT_ARG(buf_done(&out)));

    struct entry entry;
    struct fault why = {""};
    if (!entry_read(buf_done(&out), arena, &entry, &why))
        fail_msg("%s", why.why);
    assert_int_equal(entry.head.region, 330482);
    assert_int_equal(entry.head.index, 17);
    assert_int_equal(entry.head.at, head.at);
    assert_int_equal(entry.head.version, 1);
    assert_true(text_equal(entry.head.actor, head.actor));
    assert_true(text_equal(entry.head.kind, head.kind));
    assert_true(text_equal(entry.head.subject, head.subject));
    assert_true(text_equal(entry.body, body));
    assert_true(text_equal(entry.bytes, should));
    assert_true(entry.has_private);
    assert_true(hash_equal(&entry.commitment, &commitment));

    out.len = 0;
    head.region = 110101;
    entry_write(&head, TEXT("{}"), NULL, arena, &out);
    assert_true(entry_read(buf_done(&out), arena, &entry, &why));
    assert_false(entry.has_private);
    assert_int_equal(entry.head.region, 110101);
    assert_true(text_is(entry.body, "{}"));
    arena_free(arena);
}

static void odd_words_come_back(void **state)
{
    (void)state;
    static const char odd[] = "q\"b\\s\b\t\n\f\r\x01\x1f\x7f\xe4\xb8\x80\xf0\xa0\x80\x80/";
    struct arena *arena = arena_new(4096);
    struct buf out = {.arena = arena};
    struct entry_head head = head_of();
    struct entry entry;
    struct fault why = {""};
    head.actor = head.kind = head.subject = text_of(odd);
    entry_write(&head, TEXT("{\"a\":\"}{\\\"\"}"), NULL, arena, &out);
    if (!entry_read(buf_done(&out), arena, &entry, &why))
        fail_msg("%s", why.why);
    assert_true(text_is(entry.head.actor, odd));
    assert_true(text_is(entry.head.kind, odd));
    assert_true(text_is(entry.head.subject, odd));
    assert_true(text_is(entry.body, "{\"a\":\"}{\\\"\"}"));
    head.subject = (struct text){"a\0b", 3};
    out.len = 0;
    entry_write(&head, TEXT("{}"), NULL, arena, &out);
    assert_false(entry_read(buf_done(&out), arena, &entry, &why)); /* no text holds U+0000 */
    arena_free(arena);
}

static const struct {
    const char *body;
    bool good;
} bodies[] = {
    {"{}", true},
    {"{\"a\":1}", true},
    {"{\"a\":-1,\"b\":0,\"c\":[],\"d\":{},\"e\":[1,[2],{\"x\":\"\"}],\"f\":true,\"g\":false,"
     "\"h\":null}",
     true},
    {"{\"a\":9007199254740991,\"b\":-9007199254740991}", true},
    {"{\"\":1}", true},
    {"{\"a\":\"\\u0001\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\x7f\"}", true},
    /* U+10000 (D800 DC00 in UTF-16) stands before U+E000 and U+FF21. */
    {"{\"\xf0\x90\x80\x80\":1,\"\xee\x80\x80\":2,\"\xef\xbc\xa1\":3}", true},
    {"{\"\xee\x80\x80\":2,\"\xf0\x90\x80\x80\":1}", false},
    {"{\"\xed\x9f\xbf\":1,\"\xf0\x90\x80\x80\":2}", true},
    {"{\"a\":1,\"a\":2}", false},
    {"{\"b\":1,\"a\":2}", false},
    {"{\"ab\":1,\"a\":2}", false},
    {"{\"a\":1,\"ab\":2,\"b\":3}", true},
    {"{\"Z\":1,\"a\":2,\"z\":3}", true},
    {"{\"\\n\":1,\" \":2}", true}, /* ordered by what they mean, not by how they are written */
    {"{\" \":2,\"\\n\":1}", false},
    {"{ \"a\":1}", false},
    {"{\"a\": 1}", false},
    {"{\"a\":1 }", false},
    {"{\"a\":1}\n", false},
    {"{\"a\":1},", false},
    {"{\"a\":1,}", false},
    {"{,}", false},
    {"{\"a\"}", false},
    {"{\"a\":}", false},
    {"{a:1}", false},
    {"{\"a\":01}", false},
    {"{\"a\":-0}", false},
    {"{\"a\":-}", false},
    {"{\"a\":+1}", false},
    {"{\"a\":1.5}", false},
    {"{\"a\":1.0}", false},
    {"{\"a\":1e3}", false},
    {"{\"a\":9007199254740992}", false},
    {"{\"a\":99999999999999999999999999}", false},
    {"{\"a\":\"\\u0000\"}", false},
    {"{\"a\":\"\\u0041\"}", false},
    {"{\"a\":\"\\u001F\"}", false},
    {"{\"a\":\"\\u000a\"}", false},
    {"{\"a\":\"\\u4e00\"}", false},
    {"{\"a\":\"\\/\"}", false},
    {"{\"a\":\"\\x\"}", false},
    {"{\"a\":\"\\", false},
    {"{\"a\":\"\\u00", false},
    {"{\"a\":\"\n\"}", false},
    {"{\"a\":\"\xff\"}", false},
    {"{\"a\":\"\xed\xa0\x80\"}", false}, /* a surrogate */
    {"{\"a\":[1,]}", false},
    {"{\"a\":[1 ,2]}", false},
    {"{\"a\":[1}", false},
    {"{\"a\":tru}", false},
    {"{\"a\":True}", false},
    {"{\"a\":nulL}", false},
    {"[]", false},
    {"1", false},
    {"\"a\"", false},
    {"", false},
    {"{", false},
};

static void bodies_are_canonical(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct fault why = {""};
        if (entry_body_good(text_of(bodies[i].body), arena, &why) != bodies[i].good)
            fail_msg("%s: %s", bodies[i].body, why.why);
        assert_true(bodies[i].good || why.why[0]);
    }
    arena_free(arena);
}

/* Canonical for RFC 8785, but with numbers that no body here has. */
static bool only_a_number(const char *body)
{
    return strcmp(body, "{\"a\":1.5}") == 0 || strcmp(body, "{\"a\":9007199254740992}") == 0;
}

/* The strict scanner and the writer of canonical JSON were made apart and must agree. */
static void agrees_with_json_canonical(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct text body = text_of(bodies[i].body);
        struct buf again = {.arena = arena};
        bool same = body.len && body.at[0] == '{' && json_canonical(body, &again) &&
                    text_equal(buf_done(&again), body);
        if (same != (bodies[i].good || only_a_number(bodies[i].body)))
            fail_msg("%s -> %.*s", bodies[i].body, TEXT_ARG(buf_done(&again)));
    }
    arena_free(arena);
}

static unsigned next(unsigned *random)
{
    *random = *random * 1103515245 + 12345;
    return *random >> 16;
}

/* JSON as a careless writer would put it: spaces, any order, needless escapes. */
static void careless(struct buf *out, unsigned *random, int depth)
{
    static const char *const texts[] = {"\"\"", "\"a\"", "\"\\u0041\\u00e9\\/\"",
                                        "\"\\u000a\\u0001\"",
                                        "\"\xe4\xb8\x80\\ud83d\\ude00\"", "\"\\\"\\\\\""};
    static const char *const plain[] = {"0",     "-1",   "17",  "9007199254740991", "true",
                                        "false", "null", "1e2", "1.0"};
    unsigned kind = next(random) % (depth > 3 ? 2 : 4), count = next(random) % 5;
    if (kind == 0)
        buf_str(out, texts[next(random) % 6]);
    else if (kind == 1)
        buf_str(out, plain[next(random) % 9]);
    else {
        buf_str(out, kind == 2 ? "[ " : "{ ");
        for (unsigned i = 0; i < count; i++) {
            if (i)
                buf_str(out, " ,");
            if (kind == 3)
                buf_format(out, "\"%s%u\" : ", next(random) % 2 ? "\xef\xbc\xa1" : "\\ud83d\\ude00",
                           i);
            careless(out, random, depth + 1);
        }
        buf_str(out, kind == 2 ? "]" : "}");
    }
}

static void takes_all_that_json_canonical_writes(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    unsigned random = 7;
    for (int i = 0; i < 3000; i++) {
        struct buf json = {.arena = arena}, canonical = {.arena = arena};
        struct fault why = {""};
        buf_str(&json, "{\"z\":");
        careless(&json, &random, 0);
        buf_str(&json, ",\"a\":");
        careless(&json, &random, 0);
        buf_str(&json, "}");
        if (!json_canonical(buf_done(&json), &canonical))
            fail_msg("not JSON: %.*s", TEXT_ARG(buf_done(&json)));
        if (!entry_body_good(buf_done(&canonical), arena, &why))
            fail_msg("%.*s: %s", TEXT_ARG(buf_done(&canonical)), why.why);
        assert_false(entry_body_good(buf_done(&json), arena, NULL));
        arena_reset(arena);
    }
    arena_free(arena);
}

static void depth_has_an_end(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    for (int depth = 60; depth < 70; depth++) {
        struct buf body = {.arena = arena};
        buf_str(&body, "{\"a\":");
        for (int i = 1; i < depth; i++)
            buf_char(&body, '[');
        for (int i = 1; i < depth; i++)
            buf_char(&body, ']');
        buf_char(&body, '}');
        assert_int_equal(entry_body_good(buf_done(&body), arena, NULL), depth <= 64);
    }
    arena_free(arena);
}

static void not_entries(void **state)
{
    (void)state;
#define AT "\"at\":\"2014-05-04T14:00:00.007+08:00\""
#define REST "\"hash\":\"sha-256\",\"index\":17,\"kind\":\"k\","
#define END "\"region\":\"330482\",\"subject\":\"s\",\"version\":1}"
#define SUM "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    static const struct {
        const char *bytes;
        bool good;
    } rows[] = {
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST END, true},
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST "\"private\":\"" SUM "\"," END, true},
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST "\"private\":\"BA" SUM "\"," END, false},
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST "\"private\":\"ba\"," END, false},
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST "\"private\":null," END, false},
        {"{\"actor\":\"a\"," AT ",\"body\":[]," REST END, false},
        {"{\"actor\":1," AT ",\"body\":{}," REST END, false},
        {"{" AT ",\"actor\":\"a\",\"body\":{}," REST END, false},
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST END "\n", false},
        {" {\"actor\":\"a\"," AT ",\"body\":{}," REST END, false},
        {"{\"actor\":\"a\",\"at\":\"2014-05-04T14:00:00+08:00\",\"body\":{}," REST END, false},
        {"{\"actor\":\"a\",\"at\":\"2014-05-04T14:00:00.007Z\",\"body\":{}," REST END, false},
        {"{\"actor\":\"a\",\"at\":\"2014-05-04T14:00:60.007+08:00\",\"body\":{}," REST END, false},
        {"{\"actor\":\"a\",\"at\":\"2014-05-04 14:00:00.007+08:00\",\"body\":{}," REST END, false},
        {"{\"actor\":\"a\",\"at\":\"2014-05-04T14:00:00.007+09:00\",\"body\":{}," REST END, false},
        {"{\"actor\":\"a\",\"at\":\"2014-02-30T14:00:00.007+08:00\",\"body\":{}," REST END, false},
        {"{\"actor\":\"a\",\"at\":1399183200007,\"body\":{}," REST END, false},
        {"{\"actor\":\"a\"," AT ",\"body\":{},\"hash\":\"sm3\",\"index\":17,\"kind\":\"k\"," END,
         false},
        {"{\"actor\":\"a\"," AT ",\"body\":{},\"hash\":\"sha-256\",\"index\":-1,\"kind\":"
         "\"k\"," END,
         false},
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST
         "\"region\":\"33048\",\"subject\":\"s\",\"version\":1}",
         false},
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST
         "\"region\":\"-30482\",\"subject\":\"s\",\"version\":1}",
         false},
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST
         "\"region\":330482,\"subject\":\"s\",\"version\":1}",
         false},
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST
         "\"region\":\"330482\",\"subject\":\"s\",\"version\":1,\"x\":1}",
         false},
        {"{\"actor\":\"a\"," AT ",\"body\":{}," REST "\"region\":\"330482\",\"version\":1}", false},
        {"{}", false},
        {"", false},
    };
    struct arena *arena = arena_new(4096);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct entry entry;
        struct fault why = {""};
        if (entry_read(text_of(rows[i].bytes), arena, &entry, &why) != rows[i].good)
            fail_msg("row %zu: %s", i, why.why);
    }
    /* Cut off anywhere, it is no entry. */
    struct text whole = text_of(rows[1].bytes);
    for (size_t len = 0; len < whole.len; len++) {
        struct entry entry;
        char *cut = malloc(len ? len : 1);
        assert_non_null(cut);
        memcpy(cut, whole.at, len);
        assert_false(entry_read((struct text){cut, len}, arena, &entry, NULL));
        free(cut);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_and_read),     cmocka_unit_test(odd_words_come_back),
        cmocka_unit_test(bodies_are_canonical), cmocka_unit_test(depth_has_an_end),
        cmocka_unit_test(not_entries),          cmocka_unit_test(agrees_with_json_canonical),
        cmocka_unit_test(takes_all_that_json_canonical_writes),
    };
    return cmocka_run_group_tests_name("journal/entry", tests, NULL, NULL);
}
