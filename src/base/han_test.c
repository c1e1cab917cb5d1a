/* Folding and reading Chinese characters: the tables made when the house is built, and ICU's words. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/han.h"

static struct text folded(struct arena *arena, const char *typed)
{
    struct text text = text_of(typed);
    uint16_t *units = arena_array(arena, text.len + 1, sizeof *units);
    return han_text(arena, (struct units){units, han_fold_text(text, units)});
}

static void folding(void **state)
{
    static const char *const table[][2] = {
        {"國有土地使用權證", "国有土地使用权证"},
        {"臺灣 台湾", "台湾台湾"},
        {"裏裡里", "里里里"},
        {"ＫＴＶ ktv", "ktvktv"},
        {"０１１－００１", "011001"},
        {"①②", "12"},
        {"“一照多址”（试行）", "一照多址试行"},
        {"\xef\xa4\xb6", "虏"}, /* U+F936, a compatibility character */
        {"薴", "苎"},
        {"a\xcc\x81", "a"},
        {"\t\x01\xe2\x80\xae土\xe2\x80\x8b地", "土地"},
        {"%*_?<b>", "b"},
        {"😀𠀀", "😀𠀀"},
        {"", ""},
    };
    struct arena *arena = arena_new(4096);
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct text got = folded(arena, table[i][0]);
        if (!text_is(got, table[i][1]))
            fail_msg("%s: %.*s", table[i][0], TEXT_ARG(got));
    }
    arena_free(arena);
}

/* Folding what is folded changes nothing; whatever is simplified out of something is spoken. */
static void folded_once(void **state)
{
    size_t spoken = 0;
    (void)state;
    for (int32_t at = 0; at < 0x10000; at++) {
        uint16_t once = han_fold(at);
        if (han_fold(once) != once)
            fail_msg("U+%04X: U+%04X, then U+%04X", at, once, han_fold(once));
        spoken += at >= 0x4e00 && at < 0x9fa6 && han_sound(han_fold(at));
    }
    assert_true(spoken > 20000);
    assert_int_equal(han_fold(-1), 0);
    assert_int_equal(han_fold(0x10ffff), 0);
}

static void reading(void **state)
{
    static const struct {
        int32_t character;
        const char *first, *second;
    } table[] = {
        {0x571f, "tu", ""},       /* 土 */
        {0x5730, "di", "de"},     /* 地 */
        {0x884c, "xing", "hang"}, /* 行 */
        {0x4f1a, "hui", "kuai"},  /* 会 */
        {0x6703, "hui", "kuai"},  /* 會, folded */
        {0x5973, "nv", "nu"},     /* 女 */
        {0x7eff, "lv", "lu"},     /* 绿 */
        {0x957f, "chang", "zhang"},
        {'a', "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        unsigned sound = han_sound(han_fold(table[i].character));
        assert_string_equal(han_syllable(sound, 0), table[i].first);
        assert_string_equal(han_syllable(sound, 1), table[i].second);
    }
    assert_string_equal(han_syllable(HAN_SOUND_LIMIT + 1, 0), "");
}

static void words(void **state)
{
    static const char *const table[][2] = {
        {"国有土地使用证", "国有|土地|使用|证|"},
        {"我要办理结婚登记", "我要|办理|结婚|登记|"},
        {"", ""},
        {"营业执照ktv", "营业|执照|ktv|"},
    };
    struct arena *arena = arena_new(4096);
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct text text = text_of(table[i][0]);
        uint16_t *units = arena_array(arena, text.len + 1, sizeof *units);
        uint16_t *ends = arena_array(arena, text.len + 1, sizeof *ends);
        size_t len = han_fold_text(text, units), from = 0;
        size_t count = han_words((struct units){units, len}, ends);
        struct buf buf = {arena};
        for (size_t j = 0; j < count; from = ends[j++]) {
            buf_text(&buf, han_text(arena, (struct units){units + from, ends[j] - from}));
            buf_char(&buf, '|');
        }
        if (!text_is(buf_done(&buf), table[i][1]))
            fail_msg("%s: %.*s", table[i][0], TEXT_ARG(buf_done(&buf)));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding),
        cmocka_unit_test(folded_once),
        cmocka_unit_test(reading),
        cmocka_unit_test(words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
