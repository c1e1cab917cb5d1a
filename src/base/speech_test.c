/* Which language somebody gets, and what a text becomes in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/script.h"
#include "base/speech.h"
#include "base/wording.h"

static void accepts(void **state)
{
    static const struct {
        const char *header;
        enum language language;
    } cases[] = {
        {"", LANGUAGE_HANS},
        {"zh-CN,zh;q=0.9,en;q=0.8", LANGUAGE_HANS},
        {"en", LANGUAGE_ENGLISH},
        {"EN-gb", LANGUAGE_ENGLISH},
        {"en;q=0.3, zh;q=0.4", LANGUAGE_HANS},
        {"zh;q=0.4,en;q=0.45", LANGUAGE_ENGLISH},
        {"zh;q=0.5,en;q=0.5", LANGUAGE_HANS}, /* the first of equals */
        {"en;q=0.5,zh;q=0.5", LANGUAGE_ENGLISH},
        {"zh-TW", LANGUAGE_HANT},
        {"zh-hk,zh;q=0.9", LANGUAGE_HANT},
        {"zh-MO", LANGUAGE_HANT},
        {"zh-Hant-CN", LANGUAGE_HANT},
        {"zh-Hans-HK, en;q=0.1", LANGUAGE_HANS},
        {"zh-SG", LANGUAGE_HANS},
        {"fr, de;q=0.9, en ; q=0.2", LANGUAGE_ENGLISH},
        {"fr, *", LANGUAGE_HANS}, /* nothing of ours: the source */
        {"en;q=0, fr", LANGUAGE_HANS},
        {"en;q=0.000", LANGUAGE_HANS},
        {"en;q=0.001", LANGUAGE_ENGLISH},
        {"english", LANGUAGE_HANS},
        {"en;q=nonsense, zh-TW;q=0.1", LANGUAGE_HANT},
        {",,;;,=", LANGUAGE_HANS},
        {"en;q=1.000,zh;q=0.999", LANGUAGE_ENGLISH},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (language_accepted(text_of(cases[i].header)) != cases[i].language)
            fail_msg("%s: not %s", cases[i].header, language_words(cases[i].language)->tag);
}

/* A .mo file of these words, which stand in the order of their bytes. */
static const char *const words[][2] = {
    {"%s%s放假，%s天不计入。", "%2$s, %1$s: %3$s day(s) off."},
    {"%s。%s", "%s. %s"},
    {"共%s件，超期%s%%", "%s case(s), %s%% late"},
    {"受理", "Accept"},
    {"已办结。", "Closed."},
    {"未办结。", "Open."},
};
enum { WORDS = sizeof words / sizeof *words };

static struct text mo_make(struct arena *arena)
{
    struct buf out = {.arena = arena}, strings = {.arena = arena};
    uint32_t head[] = {0x950412de, 0, WORDS, 28, 28 + 8 * WORDS, 0, 0}, at = 28 + 16 * WORDS;
    buf_add(&out, head, sizeof head);
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < WORDS; i++) {
            uint32_t place[] = {(uint32_t)strlen(words[i][side]), at + (uint32_t)strings.len};
            buf_add(&out, place, sizeof place);
            buf_add(&strings, words[i][side], place[0] + 1);
        }
    buf_text(&out, buf_done(&strings));
    return buf_done(&out);
}

static void says(const struct speech *speech, struct arena *arena, struct text given,
                 const char *wanted)
{
    struct wordings_of worded = {{arena, NULL}};
    struct text said = speech_say(speech, &worded, given, arena);
    if (!text_is(said, wanted))
        fail_msg("%.*s: %.*s, not %s", TEXT_ARG(given), TEXT_ARG(said), wanted);
}

static void english(void **state)
{
    struct arena *arena = arena_new(4096);
    struct speech *speech;
    struct fault why = {0};
    (void)state;
    assert_true(speech_open(LANGUAGE_ENGLISH, mo_make(arena), &speech, &why));
    wordings_keep(arena);
    says(speech, arena, TEXT("受理"), "Accept");
    says(speech, arena, TEXT("已办结。未办结。"), "Closed. Open.");
    says(speech, arena, TEXT("受理、受理"), "Accept, Accept");
    says(speech, arena, TEXT("plain"), "plain");
    says(speech, arena, TEXT(""), "");
    says(speech, arena, TEXT("沈志明"), "\001沈志明\002");
    /* Half known is somebody's own words. */
    says(speech, arena, TEXT("已办结。谢谢。"), "\001已办结。谢谢。\002");
    says(speech, arena, TEXT("2014年5月4日 14:00"), "4 May 2014 14:00");
    says(speech, arena, TEXT("2014年13月4日"), "\0012014年13月4日\002");
    says(speech, arena, TEXT("12.50元"), "CNY 12.50");
    says(speech, arena, text_format(arena, "%.*s%s放假，%lld天不计入。", 15, "2014年5月1日。。", "劳动节", 3LL),
         "\001劳动节\002, 1 May 2014: 3 days off.");
    says(speech, arena, text_format(arena, "%s%s放假，%d天不计入。", "2014年5月1日", "受理", 1),
         "Accept, 1 May 2014: 1 day off.");
    says(speech, arena, text_format(arena, "共%05.1f件，超期%-3zu%%", 1.5, (size_t)7),
         "001.5 case(s), 7  % late");
    /* A text in a text, and a format of signs alone. */
    struct text inner = text_format(arena, "%s。%s", "受理", "沈志明");
    says(speech, arena, text_format(arena, "[%.*s]", TEXT_ARG(inner)), "[Accept. \001沈志明\002]");
    /* Wherever its bytes lie. */
    says(speech, arena, text_copy(arena, inner), "Accept. \001沈志明\002");
    struct buf html = {.arena = arena};
    buf_said_html(&html, TEXT("a<\001沈&\002"));
    assert_true(text_is(buf_done(&html), "a&lt;<span lang=\"zh-CN\">沈&amp;</span>"));
    assert_true(text_is(said_plain(TEXT("a\001沈\002"), arena), "a沈"));
    speech_close(speech);
    arena_free(arena);
}

/* An arena that was not asked keeps nothing, and one that is reset forgets. */
static void kept(void **state)
{
    struct arena *arena = arena_new(4096);
    (void)state;
    struct text said = text_format(arena, "%s。%s", "受理", "受理");
    assert_null(wording_find(arena, said));
    wordings_keep(arena);
    said = text_format(arena, "%s。%s", "受理", "受理");
    const struct wording *wording = wording_find(arena, said);
    assert_non_null(wording);
    assert_int_equal(wording->count, 2);
    arena_reset(arena);
    assert_false(wordings_kept(arena));
    arena_free(arena);
}

static void traditional(void **state)
{
    struct arena *arena = arena_new(4096);
    struct speech *speech;
    struct script *script;
    struct fault why = {0};
    (void)state;
    assert_true(speech_open(LANGUAGE_HANT, TEXT(""), &speech, &why));
    says(speech, arena, TEXT("行政许可证件办理窗口"), "行政許可證件辦理窗口");
    /* Characters, not words: the terms of the law stay. */
    says(speech, arena, TEXT("政府信息公开"), "政府信息公開");
    says(speech, arena, TEXT("皇后后来"), "皇后後來");
    speech_close(speech);
    assert_true(script_open("t2s", &script, &why));
    assert_true(text_is(script_convert(script, TEXT("辦理 A1"), arena), "办理 A1"));
    script_close(script);
    assert_false(script_open("no-such", &script, &why));
    assert_true(why.why[0]);
    arena_free(arena);
}

/* Bytes that are no .mo, or are cut, end in words unsaid, never in a wild read. */
static void broken(void **state)
{
    struct arena *arena = arena_new(4096);
    struct speech *speech;
    struct fault why = {0};
    (void)state;
    assert_false(speech_open(LANGUAGE_ENGLISH, TEXT(""), &speech, &why));
    struct text mo = mo_make(arena);
    for (size_t len = 4; len < mo.len; len += 3) {
        struct text cut = {arena_copy(arena, mo.at, len), len};
        assert_true(speech_open(LANGUAGE_ENGLISH, cut, &speech, &why));
        speech_word(speech, TEXT("受理"), arena);
        speech_close(speech);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts), cmocka_unit_test(english), cmocka_unit_test(kept),
        cmocka_unit_test(traditional), cmocka_unit_test(broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
