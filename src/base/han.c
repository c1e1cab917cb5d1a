#include "base/han.h"

#include <unicode/ubrk.h>

#include "base/han_table.h"

_Static_assert((int)HAN_SOUNDS <= (int)HAN_SOUND_LIMIT, "more sounds than room");

uint16_t han_fold(int32_t code_point)
{
    if (code_point < 0 || code_point > 0xffff)
        return 0;
    unsigned page = fold_page[code_point >> 8];
    return page ? fold_pages[page - 1][code_point & 0xff] : (uint16_t)code_point;
}

size_t han_fold_text(struct text a, uint16_t *out)
{
    size_t count = 0;
    for (int32_t at; (at = text_next(&a)) >= 0;) {
        if (at > 0xffff) {
            out[count++] = (uint16_t)(0xd7c0 + (at >> 10));
            out[count++] = (uint16_t)(0xdc00 | (at & 0x3ff));
        } else if (han_fold(at)) {
            out[count++] = han_fold(at);
        }
    }
    return count;
}

struct text han_text(struct arena *arena, struct units a)
{
    struct buf buf = {arena};
    for (size_t i = 0; i < a.len; i++) {
        int32_t at = a.at[i];
        if (at >= 0xd800 && at < 0xdc00 && i + 1 < a.len)
            at = 0x10000 + ((at - 0xd800) << 10) + (a.at[++i] - 0xdc00);
        buf_utf8(&buf, at);
    }
    return buf_done(&buf);
}

unsigned han_sound(uint16_t unit)
{
    unsigned page = sound_page[unit >> 8];
    return page ? sound_pages[page - 1][unit & 0xff] : 0;
}

const char *han_syllable(unsigned sound, int which)
{
    return sound < HAN_SOUNDS ? sounds[sound][which] : "";
}

size_t han_words(struct units a, uint16_t *ends)
{
    UErrorCode error = U_ZERO_ERROR;
    size_t count = 0;
    UBreakIterator *breaks = ubrk_open(UBRK_WORD, "zh", a.at, (int32_t)a.len, &error);
    if (U_SUCCESS(error))
        for (int32_t end; (end = ubrk_next(breaks)) != UBRK_DONE;)
            ends[count++] = (uint16_t)end;
    else if (a.len)
        ends[count++] = (uint16_t)a.len;
    ubrk_close(breaks);
    return count;
}
