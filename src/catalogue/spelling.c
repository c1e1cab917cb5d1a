/* Pinyin against characters, and slips against text: both bit by bit, a machine word for all places of
 * what was typed at once. Pure. */
#include "catalogue/search.h"

#include <string.h>

/* How a sound carries on: bit i of a mask says that what was typed has it at place i. */
struct carries {
    uint64_t one, two;     /* the initial; zh, ch, sh */
    uint64_t full[2];      /* each reading */
    uint64_t ends;         /* what is left from place i is the beginning of a reading */
    uint64_t nearly[3];    /* a reading with one slip, by one letter fewer, as many, one more... */
    unsigned char len[2];
    unsigned char nearly_len; /* ...than this */
};

struct spelling {
    size_t len;
    struct units text;
    uint64_t done; /* the bit behind the last letter */
    uint32_t letters;
    uint64_t last;              /* places from which a single character may end it */
    uint64_t onward[64];        /* from each place: where the next character may begin */
    uint32_t either[26];        /* as in indexed_letters: initials with which it may begin, or end */
    bool digits;
    uint64_t plain[128];
    struct carries sounds[HAN_SOUND_LIMIT];
};

static bool typed_at(struct units typed, size_t at, const char *what, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (at + i >= typed.len || typed.at[at + i] != (uint16_t)what[i])
            return false;
    return true;
}

/* Whether len letters from `at` are the syllable with one slip. */
static bool nearly_at(struct units typed, size_t at, size_t len, const char *what, size_t size)
{
    size_t head = 0, tail = 0;
    if (at + len > typed.len)
        return false;
    while (head < len && head < size && typed.at[at + head] == (uint16_t)what[head])
        head++;
    while (tail < len - head && tail < size - head &&
           typed.at[at + len - 1 - tail] == (uint16_t)what[size - 1 - tail])
        tail++;
    bool crossed = len == size && head + 2 + tail == size &&
                   typed.at[at + head] == (uint16_t)what[head + 1] &&
                   typed.at[at + head + 1] == (uint16_t)what[head];
    return crossed || head + tail + 1 >= (len > size ? len : size);
}

static void carry(struct carries *carries, struct units typed, const char *syllable, int which)
{
    size_t len = strlen(syllable);
    carries->len[which] = (unsigned char)len;
    if (which == 0)
        carries->nearly_len = (unsigned char)len;
    for (size_t at = 0; len && at < typed.len; at++) {
        uint64_t bit = UINT64_C(1) << at;
        if (typed_at(typed, at, syllable, 1))
            carries->one |= bit;
        if (len > 1 && syllable[1] == 'h' && typed_at(typed, at, syllable, 2))
            carries->two |= bit;
        if (typed_at(typed, at, syllable, len))
            carries->full[which] |= bit;
        if (typed.len - at < len && typed_at(typed, at, syllable, typed.len - at))
            carries->ends |= bit;
        for (size_t more = 0; which == 0 && len > 2 && more < 3; more++)
            if (nearly_at(typed, at, len + more - 1, syllable, len))
                carries->nearly[more] |= bit;
    }
}

static void mark(uint32_t follow[26], struct units typed, size_t at, size_t next)
{
    if (typed.at[at] >= 'a' && typed.at[next] >= 'a')
        follow[typed.at[at] - 'a'] |= UINT32_C(1) << (typed.at[next] - 'a');
}

/* How the places follow one another, whatever the characters are. */
static void follow(struct spelling *spelling, struct units typed)
{
    for (size_t at = 0; at < typed.len; at++) {
        uint64_t bit = UINT64_C(1) << at;
        spelling->onward[at] = (spelling->plain[typed.at[at] & 127] & bit) << 1;
        for (unsigned sound = 1; sound < HAN_SOUND_LIMIT; sound++) {
            const struct carries *carries = &spelling->sounds[sound];
            spelling->onward[at] |= (carries->two & bit) << 2 |
                                    (carries->full[0] & bit) << carries->len[0] |
                                    (carries->full[1] & bit) << carries->len[1];
            if (carries->ends & bit)
                spelling->last |= bit;
        }
        if (spelling->onward[at] & spelling->done)
            spelling->last |= bit;
        for (size_t next = at + 1; at == 0 && next < typed.len; next++)
            if (spelling->onward[at] >> next & 1)
                mark(spelling->either, typed, at, next);
    }
    for (size_t at = 0; at < typed.len; at++)
        for (size_t next = at + 1; next < typed.len; next++)
            if ((spelling->onward[at] & spelling->last) >> next & 1)
                mark(spelling->either, typed, at, next);
    spelling->text = typed;
}

const struct spelling *spelling_of(struct units letters, struct arena *arena)
{
    struct spelling *spelling = arena_alloc(arena, sizeof *spelling);
    spelling->len = letters.len;
    spelling->done = UINT64_C(1) << letters.len;
    for (size_t i = 0; i < letters.len; i++) {
        spelling->plain[letters.at[i] & 127] |= UINT64_C(1) << i;
        spelling->digits = spelling->digits || letters.at[i] < 'a';
        if (letters.at[i] >= 'a')
            spelling->letters |= UINT32_C(1) << (letters.at[i] - 'a');
    }
    for (unsigned sound = 1; sound < HAN_SOUND_LIMIT; sound++)
        for (int which = 0; which < 2; which++)
            carry(&spelling->sounds[sound], letters, han_syllable(sound, which), which);
    follow(spelling, letters);
    return spelling;
}

bool may_be_spelt(const struct spelling *spelling, const struct indexed_letters *letters)
{
    uint64_t reach = 1;
    if (spelling->letters & ~letters->all)
        return false;
    while (reach) {
        unsigned at = (unsigned)__builtin_ctzll(reach);
        if (spelling->last >> at & 1)
            return true;
        reach &= reach - 1;
        for (uint64_t on = spelling->onward[at]; on; on &= on - 1) {
            unsigned next = (unsigned)__builtin_ctzll(on);
            uint16_t one = spelling->text.at[at], other = spelling->text.at[next];
            if (one < 'a' || other < 'a' || letters->follow[one - 'a'] >> (other - 'a') & 1)
                reach |= UINT64_C(1) << next;
        }
    }
    return false;
}

bool may_be_nearly_spelt(const struct spelling *spelling, const struct indexed_letters *letters)
{
    uint32_t common = spelling->digits;
    for (size_t i = 0; i < 26; i++)
        common |= letters->follow[i] & spelling->either[i];
    return common;
}

/* Where one may stand after a character, having stood at `state` before it. */
static uint64_t step(const struct spelling *spelling, const struct carries *carries, uint16_t unit,
                     uint64_t state)
{
    if (unit < 128)
        return (state & spelling->plain[unit]) << 1;
    uint64_t next = (state & carries->one) << 1 | (state & carries->two) << 2 |
                    (state & carries->full[0]) << carries->len[0] |
                    (state & carries->full[1]) << carries->len[1];
    return state & carries->ends ? next | spelling->done : next;
}

enum spelt spelt(const struct spelling *spelling, struct units field)
{
    uint64_t ahead = 1, inside = 0;
    enum spelt best = SPELT_NOT;
    for (size_t i = 0; i < field.len; i++) {
        const struct carries *carries = &spelling->sounds[han_sound(field.at[i])];
        if (ahead)
            ahead = step(spelling, carries, field.at[i], ahead);
        inside = step(spelling, carries, field.at[i], inside | 1);
        if (ahead & spelling->done)
            return i + 1 == field.len ? SPELT_WHOLE : SPELT_AHEAD;
        if (inside & spelling->done)
            best = SPELT_INSIDE;
    }
    return best;
}

static uint64_t slip(const struct carries *carries, uint64_t state)
{
    /* An initial that is wrong; one that is missing is a character passed over. */
    uint64_t next = state << 1;
    if (carries->nearly_len > 2)
        for (unsigned more = 0; more < 3; more++)
            next |= (state & carries->nearly[more]) << (carries->nearly_len + more - 1);
    return next;
}

size_t nearly_spelt(const struct spelling *spelling, struct units field)
{
    uint64_t good = 0, apart = 0, slipped = 0, passed[3] = {0};
    size_t best = SPELT_OTHERWISE;
    for (size_t i = 0; i < field.len; i++) {
        const struct carries *carries = &spelling->sounds[han_sound(field.at[i])];
        uint16_t unit = field.at[i];
        uint64_t before = good | 1;
        slipped = step(spelling, carries, unit, slipped | before << 1) | slip(carries, before);
        apart = step(spelling, carries, unit, apart | passed[0] | passed[1] | passed[2]);
        passed[2] = passed[1];
        passed[1] = passed[0];
        passed[0] = good; /* something was spelt before what is passed over */
        good = step(spelling, carries, unit, before);
        if (apart & spelling->done)
            return SPELT_APART;
        if (spelling->len > 3 && (good << 1 | slipped) & spelling->done)
            best = SPELT_SLIPPED;
    }
    return best;
}

/* ---- slips ---- */

enum { SLOTS = 256 }; /* four times the most units: looking up ends soon */

struct slips {
    size_t len;
    uint16_t keys[SLOTS];
    uint64_t bits[SLOTS];
};

static size_t slot_of(const struct slips *slips, uint16_t unit)
{
    size_t slot = (uint32_t)unit * 2654435761U >> 24;
    while (slips->keys[slot] && slips->keys[slot] != unit)
        slot = (slot + 1) % SLOTS;
    return slot;
}

const struct slips *slips_of(struct units pattern, struct arena *arena)
{
    struct slips *slips = arena_alloc(arena, sizeof *slips);
    slips->len = pattern.len < 64 ? pattern.len : 64;
    for (size_t i = 0; i < slips->len; i++) {
        size_t slot = slot_of(slips, pattern.at[i]);
        slips->keys[slot] = pattern.at[i];
        slips->bits[slot] |= UINT64_C(1) << i;
    }
    return slips;
}

/* G. Myers, A fast bit-vector algorithm for approximate string matching, JACM 46 (1999). */
size_t slips_in(const struct slips *slips, struct units field)
{
    uint64_t up = ~UINT64_C(0), down = 0, last = UINT64_C(1) << (slips->len - 1);
    size_t now = slips->len, best = now;
    for (size_t i = 0; i < field.len; i++) {
        uint64_t equal = slips->bits[slot_of(slips, field.at[i])];
        uint64_t straight = equal | down;
        uint64_t cross = (((equal & up) + up) ^ up) | equal;
        uint64_t right = down | ~(cross | up), left = up & cross;
        if (right & last)
            now++;
        else if (left & last)
            now--;
        right <<= 1; /* nothing is paid for where it begins */
        left <<= 1;
        up = left | ~(straight | right);
        down = right & straight;
        best = now < best ? now : best;
    }
    return best;
}
