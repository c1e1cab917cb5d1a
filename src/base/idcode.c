#include "base/idcode.h"

#include <string.h>

#include "base/time.h"

static bool digits(struct text a)
{
    for (size_t i = 0; i < a.len; i++)
        if (a.at[i] < '0' || a.at[i] > '9')
            return false;
    return true;
}

static int number(struct text a, size_t from, size_t size)
{
    int value = 0;
    for (size_t i = from; i < from + size; i++)
        value = value * 10 + (a.at[i] - '0');
    return value;
}

bool idcode_person(struct text code)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    if (code.len != 18 || !digits(text_slice(code, 0, 17)))
        return false;
    int year = number(code, 6, 4);
    if (code.at[0] == '0' || year < 1800 ||
        !date_valid(year, number(code, 10, 2), number(code, 12, 2)))
        return false;
    int sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += (code.at[i] - '0') * weights[i];
    return code.at[17] == "10X98765432"[sum % 11];
}

/* 0-9 and A-Z as 0 to 35; -1 for anything else. */
static int letter_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

bool idcode_organisation(struct text code)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    bool hyphen = code.len == 10 && code.at[8] == '-';
    if (code.len != 9 && !hyphen)
        return false;
    int sum = 0;
    for (size_t i = 0; i < 8; i++) {
        int value = letter_value(code.at[i]);
        if (value < 0)
            return false;
        sum += value * weights[i];
    }
    return code.at[code.len - 1] == "0X987654321"[sum % 11];
}

bool idcode_uscc(struct text code)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* no I O S V Z */
    if (code.len != 18 || !digits(text_slice(code, 2, 8)))
        return false;
    int sum = 0, weight = 1;
    for (size_t i = 0; i < 18; i++) {
        const char *at = memchr(alphabet, code.at[i], sizeof alphabet - 1);
        if (!at)
            return false;
        int value = (int)(at - alphabet);
        if (i == 17)
            return value == (31 - sum % 31) % 31 &&
                   idcode_organisation(text_slice(code, 8, 17));
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    return false;
}

struct text idcode_tidy(struct text typed, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (int32_t point; (point = text_next(&typed)) >= 0;) {
        if (point >= 0xff01 && point <= 0xff5e)
            point -= 0xff01 - '!';
        if (point >= 'a' && point <= 'z')
            point -= 'a' - 'A';
        if (point != ' ' && point != 0xa0 && point != 0x3000)
            buf_utf8(&out, point);
    }
    return buf_done(&out);
}
