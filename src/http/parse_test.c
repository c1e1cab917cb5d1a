/* Decision tables for the parsers; every text is also fed cut at every place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/parse.h"

static const struct head_limits limits = {4096, 256};

#define H "Host: a\r\n"

static const struct {
    const char *text;
    int status; /* 0: good, 1: needs more */
} heads[] = {
    {"GET / HTTP/1.1\r\n" H "\r\n", 0},
    {"\r\nGET / HTTP/1.1\r\n" H "\r\n", 0},
    {"GET / HTTP/1.1\r\n" H "\r", 1},
    {"G", 1},
    {"\r", 1},
    {"\r\n", 1},
    {"\r\n\r\nGET / HTTP/1.1\r\n" H "\r\n", 400},
    {" GET / HTTP/1.1\r\n" H "\r\n", 400},
    {"GET  / HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /  HTTP/1.1\r\n" H "\r\n", 400},
    {"GET / HTTP/1.1 \r\n" H "\r\n", 400},
    {"GET\t/ HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /\r\n" H "\r\n", 400},
    {"GET / http/1.1\r\n" H "\r\n", 400},
    {"GET / HTTP/1.2\r\n" H "\r\n", 505},
    {"GET / HTTP/3.0\r\n" H "\r\n", 505},
    {"GET / HTTP/11\r\n" H "\r\n", 400},
    {"get / HTTP/1.1\r\n" H "\r\n", 501},
    {"TRACE / HTTP/1.1\r\n" H "\r\n", 501},
    {"CONNECT a:80 HTTP/1.1\r\n" H "\r\n", 501},
    {"BREW / HTTP/1.1\r\n" H "\r\n", 501},
    {"OPTIONS * HTTP/1.1\r\n" H "\r\n", 501},
    {"OPTIONS / HTTP/1.1\r\n" H "\r\n", 0},
    {"GET * HTTP/1.1\r\n" H "\r\n", 400},
    {"GET a HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /a#b HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /a\"b HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /\xe4\xb8\x80 HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /a?b|c={d} HTTP/1.1\r\n" H "\r\n", 0},
    {"GET /a?b#c HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /a?b<c HTTP/1.1\r\n" H "\r\n", 400},
    {"GET http://a/x HTTP/1.1\r\n" H "\r\n", 0},
    {"GET HTTPS://A/x HTTP/1.1\r\n" H "\r\n", 0},
    {"GET http://b/x HTTP/1.1\r\n" H "\r\n", 400},
    {"GET http://u@a/x HTTP/1.1\r\n" H "\r\n", 400},
    {"GET http://a HTTP/1.1\r\n" H "\r\n", 400},
    {"GET ftp://a/x HTTP/1.1\r\n" H "\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: \r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a:80\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\nHost: a:\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a:-1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: [::1]:8480\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: [x]\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400},
    {"GET / HTTP/1.0\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "X Y: 1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "X\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "X: \x7f\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "X: \x01\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "X:\ta\tb \r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n" H "X: \xe4\xb8\x80\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n" H "X:\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n" H "X: 1\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "Content-Length: \r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "Content-Length: 9223372036854775807\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n" H "Content-Length: 9223372036854775808\r\n\r\n", 413},
    {"GET / HTTP/1.1\r\n" H "Content-Length: 1 2\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "Transfer-Encoding: Chunked\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
     400},
    {"GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "Transfer-Encoding:\x0b"
     "chunked\r\n\r\n",
     400},
    {"GET / HTTP/1.1\r\n" H "Expect: 100-Continue\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n" H "Expect: 200-ok\r\n\r\n", 417},
    {"GET / HTTP/1.1\r\n" H "Content-Encoding: gzip\r\n\r\n", 415},
    {"GET / HTTP/1.1\r\n" H "Connection: a, Close\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n" H "Connection: a b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "Authorization: a\r\nAuthorization: b\r\n\r\n", 400},
};

static enum parse parse_cut(struct head *head, const char *text, size_t len, size_t cut)
{
    memset(head, 0, sizeof *head);
    enum parse result = cut < len ? head_parse(head, text, cut, &limits) : PARSE_MORE;
    return result == PARSE_MORE ? head_parse(head, text, len, &limits) : result;
}

static void head_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        const char *text = heads[i].text;
        size_t len = strlen(text);
        for (size_t cut = 0; cut <= len; cut++) {
            struct head head;
            enum parse result = parse_cut(&head, text, len, cut);
            int status = result == PARSE_DONE ? 0 : result == PARSE_MORE ? 1 : head.status;
            if (status != heads[i].status)
                fail_msg("head %zu cut at %zu gives %d: %s", i, cut, status, text);
            if (result == PARSE_DONE)
                assert_int_equal(head.size, len);
        }
    }
}

static void head_values(void **state)
{
    (void)state;
    static const char text[] = "POST https://h.cn:81/a%20b?c=d HTTP/1.1\r\nhOST:H.cn:81\r\n"
                               "Content-Length:\t 17 \r\nConnection: CLOSE\r\nExpect: 100-continue"
                               "\r\n\r\nbody";
    struct head head;
    assert_int_equal(parse_cut(&head, text, sizeof text - 1, 9), PARSE_DONE);
    assert_int_equal(head.size, sizeof text - 1 - 4);
    assert_int_equal(head.method, HTTP_POST);
    assert_true(text_is((struct text){text + head.target.at, head.target.len}, "/a%20b?c=d"));
    assert_true(text_is((struct text){text + head.path.at, head.path.len}, "/a%20b"));
    assert_true(text_is((struct text){text + head.query.at, head.query.len}, "c=d"));
    assert_true(text_is((struct text){text + head.host.at, head.host.len}, "H.cn:81"));
    assert_int_equal(head.length, 17);
    assert_int_equal(head.count, 4);
    assert_true(head.close && head.expect && !head.chunked);
}

static void head_sizes(void **state)
{
    (void)state;
    char text[8192];
    struct head head;
    for (int target = 254; target <= 258; target++) {
        int len = snprintf(text, sizeof text, "GET /%0*d HTTP/1.1\r\n" H "\r\n", target - 1, 0);
        enum parse result = parse_cut(&head, text, (size_t)len, 40);
        assert_int_equal(result, target <= 256 ? PARSE_DONE : PARSE_BAD);
        assert_int_equal(head.status, target <= 256 ? 0 : 414);
    }
    for (int pad = 0; pad < 200; pad++) {
        int len =
            snprintf(text, sizeof text, "GET / HTTP/1.1\r\n" H "X: %0*d\r\n\r\n", 3960 + pad, 0);
        enum parse result = parse_cut(&head, text, (size_t)len, 4000);
        assert_int_equal(result, len <= 4096 ? PARSE_DONE : PARSE_BAD);
        assert_int_equal(head.status, len <= 4096 ? 0 : 431);
    }
    for (int fields = 62; fields <= 65; fields++) {
        int len = snprintf(text, sizeof text, "GET / HTTP/1.1\r\n" H);
        for (int i = 1; i < fields; i++)
            len += snprintf(text + len, sizeof text - (size_t)len, "X: 1\r\n");
        len += snprintf(text + len, sizeof text - (size_t)len, "\r\n");
        enum parse result = parse_cut(&head, text, (size_t)len, 100);
        assert_int_equal(result, fields <= HEAD_FIELDS ? PARSE_DONE : PARSE_BAD);
        assert_int_equal(head.status, fields <= HEAD_FIELDS ? 0 : 431);
    }
}

static const struct {
    const char *raw;
    const char *decoded; /* NULL: refused */
} paths[] = {
    {"/", "/"},
    {"/a/b", "/a/b"},
    {"/a/", "/a/"},
    {"/%E4%B8%80%E9%97%A8", "/一门"},
    {"/%41", "/A"},
    {"/a+b", "/a+b"},
    {"/%2", NULL},
    {"/%", NULL},
    {"/%zz", NULL},
    {"/%00", NULL},
    {"/%0a", NULL},
    {"/%7F", NULL},
    {"/a%2Fb", NULL},
    {"/a%5cb", NULL},
    {"/..", NULL},
    {"/a/../b", NULL},
    {"/%2e%2E/b", NULL},
    {"/./b", NULL},
    {"/a/.", NULL},
    {"/...", "/..."},
    {"/.well-known", "/.well-known"},
    {"//a", NULL},
    {"/a//b", NULL},
    {"/%ff", NULL},
    {"/%c0%af", NULL},
};

static void path_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char out[64];
        size_t len = 0;
        bool good = path_decode(text_of(paths[i].raw), out, &len);
        if (good != (paths[i].decoded != NULL) ||
            (good && !text_is((struct text){out, len}, paths[i].decoded)))
            fail_msg("%s gives %d %.*s", paths[i].raw, good, (int)len, out);
    }
}

static const struct {
    const char *text;
    const char *body; /* NULL: bad */
    int rest;         /* bytes behind it */
} chunkings[] = {
    {"0\r\n\r\n", "", 0},
    {"5\r\nhello\r\n0\r\n\r\nGET", "hello", 3},
    {"1\r\na\r\n00A\r\n0123456789\r\n0\r\n\r\n", "a0123456789", 0},
    {"1;a=\"b c\"\r\nx\r\n000;z\r\nT: 1\r\nU: 2\r\n\r\n", "x", 0},
    {"1 \r\nx\r\n0\r\n\r\n", NULL, 0},
    {"\r\n", NULL, 0},
    {"1\nx\r\n0\r\n\r\n", NULL, 0},
    {"1\r\nxy\r\n0\r\n\r\n", NULL, 0},
    {"1\r\nx\n0\r\n\r\n", NULL, 0},
    {"1\r\nx\r0\r\n\r\n", NULL, 0},
    {"g\r\n", NULL, 0},
    {"-1\r\n", NULL, 0},
    {"0000000000000001\r\nx\r\n0\r\n\r\n", NULL, 0},
    {"1;\x01\r\nx\r\n0\r\n\r\n", NULL, 0},
    {"0\r\n: x\r\n\r\n", NULL, 0},
    {"0\r\nT : x\r\n\r\n", NULL, 0},
    {"0\r\nT: x\n\r\n", NULL, 0},
    {"0\r\nT: x\r\n y\r\n\r\n", NULL, 0},
    {"0\r\n\rx", NULL, 0},
};

/* Feeds text in pieces of `step`; true with the body when it is whole, rest what is left over. */
static bool dechunk(const char *text, size_t step, char *body, size_t *len, size_t *rest)
{
    struct chunks chunks = {0};
    size_t size = strlen(text), at = 0;
    *len = 0;
    while (at < size) {
        struct text in = {text + at, size - at < step ? size - at : step}, data;
        at += in.len;
        for (;;) {
            enum chunk_event event = chunks_next(&chunks, &in, &data);
            if (event == CHUNK_BAD)
                return false;
            if (event == CHUNK_MORE)
                break;
            if (event == CHUNK_DONE) {
                *rest = in.len + size - at;
                return true;
            }
            memcpy(body + *len, data.at, data.len);
            *len += data.len;
        }
    }
    return false;
}

static void chunk_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof chunkings / sizeof *chunkings; i++)
        for (size_t step = 1; step <= strlen(chunkings[i].text); step++) {
            char body[128];
            size_t len, rest = 0;
            bool good = dechunk(chunkings[i].text, step, body, &len, &rest);
            if (good != (chunkings[i].body != NULL))
                fail_msg("chunking %zu in steps of %zu gives %d", i, step, good);
            if (good) {
                assert_true(text_is((struct text){body, len}, chunkings[i].body));
                assert_int_equal(rest, chunkings[i].rest);
            }
        }
}

/* Extensions are free to send but not for ever. */
static void chunk_overhead(void **state)
{
    (void)state;
    struct chunks chunks = {0};
    struct text data;
    size_t sent = 0;
    enum chunk_event event = CHUNK_MORE;
    while (event != CHUNK_BAD && sent < 100000) {
        struct text in = TEXT("1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n");
        sent += in.len;
        while (in.len && event != CHUNK_BAD)
            event = chunks_next(&chunks, &in, &data);
    }
    assert_int_equal(event, CHUNK_BAD);
    assert_in_range(sent, 16384, 24000);
}

#define B "--xyz"
#define D "Content-Disposition: form-data; "

static const struct {
    const char *text;
    const char *told; /* name[/file][:type]=data; for each part; NULL: bad or unended */
} forms[] = {
    {B "\r\n" D "name=\"a\"\r\n\r\n1\r\n" B "--", "a=1;"},
    {"\r\n" B "\r\n" D "name=\"a\"\r\n\r\n1\r\n" B "--\r\n", NULL},
    {B "\r\n" D "name=\"a\"\r\n\r\n\r\n" B "--\r\n", "a=;"},
    {B "\r\n" D "name=\"a\"\r\n\r\n1\r\n" B "\r\n" D "name=\"a\"\r\n\r\n2\r\n" B "--", "a=1;a=2;"},
    {B "\r\n" D
       "name=\"f\"; filename=\"x.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\r\n--xy\r\r\n"
       "\r\n" B "--",
     "f/x.pdf:application/pdf=\r\n--xy\r\r\n;"},
    {B "\r\n" D "name=\"f\"; filename=\"C:\\dir\\x.pdf\"\r\n\r\n1\r\n" B "--", "f/x.pdf=1;"},
    {B "\r\n" D "name=\"f\"; filename=\"../../etc/passwd\"\r\n\r\n1\r\n" B "--", "f/passwd=1;"},
    {B "\r\n" D "name=\"f\"; filename=\"..\"\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "name=\"f\"; filename=\"\"\r\n\r\n\r\n" B "--", "f/=;"},
    {B "\r\n" D "name=\"%22a\\\"b\"\r\n\r\n1\r\n" B "--", "\"a\"b=1;"},
    {B "\r\n" D "name=\"f\"; filename*=UTF-8''x\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "name=a\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "name=\"\"\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "name=\"a\"; name=\"b\"\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "filename=\"b\"\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "name=\"\xff\"\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "name=\"a\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\nContent-Type: text/plain\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "name=\"a\"\r\n" D "name=\"b\"\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "name=\"a\"\n\r\n1\r\n" B "--", NULL},
    {B "\r\n\r\n1\r\n" B "--", NULL},
    {B " \r\n" D "name=\"a\"\r\n\r\n1\r\n" B "--", NULL},
    {B "\r\n" D "name=\"a\"\r\n\r\n1\r\n" B "--x", NULL},
    {B "\r\n" D "name=\"a\"\r\n\r\n1\r\n" B, NULL},
    {B "\r\n" D "name=\"a\"\r\n\r\n1", NULL},
    {B "--", ""},
    {"x" B "--", NULL},
};

static bool tell_form(const char *text, size_t step, struct buf *told)
{
    struct multipart m = {0};
    size_t size = strlen(text), at = 0;
    multipart_begin(&m, TEXT("xyz"));
    while (at < size) {
        struct text in = {text + at, size - at < step ? size - at : step}, data;
        at += in.len;
        for (bool more = false; !more;) {
            switch (multipart_next(&m, &in, &data)) {
            case MULTIPART_BAD:
                return false;
            case MULTIPART_MORE:
                more = true;
                break;
            case MULTIPART_PART:
                buf_text(told, m.name);
                if (m.file)
                    buf_str(told, "/");
                buf_text(told, m.file_name);
                if (m.media_type.len)
                    buf_str(told, ":");
                buf_text(told, m.media_type);
                buf_str(told, "=");
                break;
            case MULTIPART_DATA:
                assert_true(data.len > 0);
                buf_text(told, data);
                break;
            default:
                buf_str(told, ";");
            }
        }
    }
    return multipart_ended(&m);
}

static void multipart_table(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        for (size_t step = 1; step <= strlen(forms[i].text); step++) {
            arena_reset(arena);
            struct buf told = {.arena = arena};
            bool good = tell_form(forms[i].text, step, &told);
            if (good != (forms[i].told != NULL) ||
                (good && !text_is(buf_done(&told), forms[i].told)))
                fail_msg("form %zu in steps of %zu gives %d %.*s", i, step, good,
                         TEXT_ARG(buf_done(&told)));
        }
    arena_free(arena);
}

static const struct {
    const char *type;
    const char *boundary;
} boundaries[] = {
    {"multipart/form-data; boundary=abc", "abc"},
    {"Multipart/Form-Data;boundary=\"a b\"", NULL},
    {"multipart/form-data; boundary=\"a:b\"", "a:b"},
    {"multipart/form-data; charset=utf-8; Boundary=----WebKitFormBoundaryX",
     "----WebKitFormBoundaryX"},
    {"multipart/form-data", NULL},
    {"multipart/form-data; boundary=", NULL},
    {"multipart/form-data; boundary=a; boundary=b", NULL},
    {"multipart/mixed; boundary=a", NULL},
    {"multipart/form-data; boundary="
     "01234567890123456789012345678901234567890123456789012345678901234567890",
     NULL},
    {"", NULL},
};

static void boundary_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof boundaries / sizeof *boundaries; i++) {
        struct text boundary;
        bool good = multipart_boundary(text_of(boundaries[i].type), &boundary);
        if (good != (boundaries[i].boundary != NULL) ||
            (good && !text_is(boundary, boundaries[i].boundary)))
            fail_msg("%s gives %d", boundaries[i].type, good);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(head_table),      cmocka_unit_test(head_values),
        cmocka_unit_test(head_sizes),      cmocka_unit_test(path_table),
        cmocka_unit_test(chunk_table),     cmocka_unit_test(chunk_overhead),
        cmocka_unit_test(multipart_table), cmocka_unit_test(boundary_table),
    };
    return cmocka_run_group_tests_name("http parse", tests, NULL, NULL);
}
