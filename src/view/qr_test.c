/* The drawn code holds just the modules that libqrencode made; that a camera reads it is shown in
 * the browser (tests/browser). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <qrencode.h>
#include <stdio.h>
#include <string.h>

#include "view/qr.h"
#include "view/view.h"

#define ADDRESS "https://banshi.pinghu.example/my/330482-2014-011-000001/ABCDEFGHJKMN"

static void modules_as_made(void **state)
{
    static const struct {
        const char *words;
        int width;
    } table[] = {{"a", 21}, {ADDRESS, 37}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(1 << 14);
        struct buf out = {.arena = arena};
        assert_true(qr_svg(text_of(table[i].words), TEXT("码"), &out));
        const char *svg = text_cstr(arena, buf_done(&out));
        QRcode *code = QRcode_encodeData((int)strlen(table[i].words),
                                         (const unsigned char *)table[i].words, 0, QR_ECLEVEL_M);
        int size, width = code->width, x, y, run;
        const char *at = strstr(svg, "viewBox=\"0 0 ");
        assert_int_equal(width, table[i].width);
        assert_int_equal(sscanf(at, "viewBox=\"0 0 %d", &size), 1);
        assert_int_equal(size, width + 8);
        unsigned char *seen = arena_alloc(arena, (size_t)width * (size_t)width);
        at = strstr(svg, "fill=\"#000\" d=\"") + 15;
        for (int used; sscanf(at, "M%d %dh%dv1h-%*dz%n", &x, &y, &run, &used) == 3; at += used)
            for (int k = 0; k < run; k++)
                seen[(y - 4) * width + x - 4 + k]++;
        assert_memory_equal(at, "\"/></svg>", 10);
        for (int k = 0; k < width * width; k++)
            assert_int_equal(seen[k], code->data[k] & 1);
        QRcode_free(code);
        arena_free(arena);
    }
}

/* What may stand in a page under its policy, whatever the label is. */
static void only_markup_of_ours(void **state)
{
    struct arena *arena = arena_new(1 << 14);
    struct buf out = {.arena = arena};
    (void)state;
    assert_true(qr_svg(TEXT(ADDRESS), TEXT("\"><script>&"), &out));
    struct text svg = buf_done(&out);
    assert_true(text_find(svg, TEXT("aria-label=\"&quot;&gt;&lt;script&gt;&amp;\"")) > 0);
    assert_true(text_find(svg, TEXT("style")) < 0);
    assert_true(text_find(svg, TEXT("<script")) < 0);
    assert_true(text_find(svg, TEXT("banshi")) < 0);
    arena_free(arena);
}

static void what_does_not_fit(void **state)
{
    struct arena *arena = arena_new(1 << 14);
    struct buf out = {.arena = arena};
    char words[2332];
    (void)state;
    memset(words, 'x', sizeof words);
    assert_false(qr_svg(TEXT(""), TEXT("码"), &out));
    assert_false(qr_svg((struct text){words, 2332}, TEXT("码"), &out));
    assert_int_equal(out.len, 0);
    assert_true(qr_svg((struct text){words, 2331}, TEXT("码"), &out));
    arena_free(arena);
}

/* {{qr}}: this house's address as the visitor reached it, and a path of the record; where either is
 * not known, or the text is no path, there is nothing. */
static void in_a_page(void **state)
{
    struct page {
        struct text link;
    };
    static const struct field fields[] = {
        {"link", FIELD_TEXT, offsetof(struct page, link), .label = "地址"}};
    static const struct shape shape = {"page", "页", sizeof(struct page), SHAPE_FIELDS(fields)};
    static const char html[] = "<p>{{qr link \"进度\"}}</p>";
    static const struct asset file = {
        "t/qr.html", (const unsigned char *)html, sizeof html - 1, "", "text/html"};
    static const struct {
        const char *origin, *link, *words;
    } table[] = {
        {"https://a.example", "/my/1/2", "https://a.example/my/1/2"},
        {"http://127.0.0.1:8480", "/verify?receipt=7", "http://127.0.0.1:8480/verify?receipt=7"},
        {"", "/my/1/2", NULL},
        {"https://a.example", "", NULL},
        {"https://a.example", "//b.example", "https://a.example//b.example"},
        {"https://a.example", "javascript:alert(1)", NULL},
    };
    struct view *view;
    struct fault why = {0};
    (void)state;
    assert_true(view_load_forms(&file, 1, NULL, 0, &view, &why));
    assert_true(view_check(view, "t/qr.html", &shape, &why));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(1 << 14);
        struct buf got = {.arena = arena}, want = {.arena = arena};
        struct page page = {text_of(table[i].link)};
        struct frame frame = {.origin = text_of(table[i].origin)};
        assert_true(view_render(view, "t/qr.html", &shape, &page, &frame, &got, &why));
        buf_str(&want, "<p>");
        if (table[i].words)
            assert_true(qr_svg(text_of(table[i].words), TEXT("进度"), &want));
        buf_str(&want, "</p>");
        assert_true(text_equal(buf_done(&got), buf_done(&want)));
        arena_free(arena);
    }
    view_free(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modules_as_made),
        cmocka_unit_test(only_markup_of_ours),
        cmocka_unit_test(what_does_not_fit),
        cmocka_unit_test(in_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
