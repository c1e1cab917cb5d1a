/* Chinese text as a search looks at it: folded to 16-bit units that do not tell width, case, nor
 * traditional from simplified script; and the syllables by which a character is spelt. Tables, made
 * when the house is built (tools/han.c): nothing is opened, nothing can fail, every machine finds the
 * same. Only han_words asks ICU in the running house. */
#ifndef YIMEN_BASE_HAN_H
#define YIMEN_BASE_HAN_H

#include "base/text.h"

struct units {
    const uint16_t *at;
    size_t len;
};

/* The unit that a code point of the basic plane folds to; 0: nobody searches for it (space, mark,
 * control character, most symbols). */
uint16_t han_fold(int32_t code_point);
/* Folds valid UTF-8 into out, which has room for a.len units; says how many came. What folds to 0 is
 * left out; a character beyond the basic plane becomes its two surrogates. */
size_t han_fold_text(struct text a, uint16_t *out);
/* The units as UTF-8 again. */
struct text han_text(struct arena *arena, struct units a);

/* How a folded unit is read, from 1 below HAN_SOUNDS; 0: it is not, or nobody knows. */
enum { HAN_SOUND_LIMIT = 512 };
unsigned han_sound(uint16_t unit);
/* A syllable of that sound in letters a to z, "nv" for nǚ; which: 0, or 1 for a second reading, which
 * is empty where there is none. */
const char *han_syllable(unsigned sound, int which);

/* The words of a text, cut as ICU cuts Chinese: the offset behind each in ends, which has room for
 * a.len of them; says how many came. A text that could not be cut is one word. */
size_t han_words(struct units a, uint16_t *ends);

#endif
