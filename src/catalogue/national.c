#include "catalogue/national.h"

#include "base/idcode.h"

const struct word national_wrong_words[] = {
    {"good", "the code is good"},
    {"parts", "the code is neither an implementing code of 31 or 33 characters nor one in six parts"},
    {"base", "the base code is no code"},
    {"organ_length", "the organ's code has neither 18 characters (GB 32100) nor 9 (GB 11714)"},
    {"organ_check", "the organ's check character is wrong (GB 32100, GB 11714)"},
    {NULL, NULL},
};

#define MOST_PARTS 16
#define USCC 18 /* characters of a unified social credit code */

static bool digits(struct text a, size_t size)
{
    for (size_t i = 0; i < a.len; i++)
        if (a.at[i] < '0' || a.at[i] > '9')
            return false;
    return a.len == size;
}

/* The stretch of a code from the beginning of one part to the end of another. */
static struct text joined(struct text from, struct text to)
{
    return (struct text){from.at, (size_t)(to.at + to.len - from.at)};
}

/* From the division on everything has its length, so the base code is what stands before. */
static bool province_read(struct text code, struct national_code *out)
{
    struct text parts[MOST_PARTS], part;
    size_t count = 0, division = 0;
    while (text_cut(&code, '-', &part)) {
        if (count == MOST_PARTS)
            return false;
        parts[count++] = part;
    }
    for (size_t i = 1; i + 1 < count && !division; i++)
        if (digits(parts[i], 12) && digits(parts[i + 1], 3))
            division = i;
    if (!division || count < division + 5 || count > division + 6)
        return false;
    out->base = joined(parts[0], parts[division - 1]);
    out->division = parts[division];
    out->organ = joined(parts[division + 2], parts[count - 3]);
    out->handling = parts[count - 1];
    return digits(parts[count - 2], 1) && digits(out->handling, 2);
}

static bool national_read(struct text code, struct national_code *out)
{
    if ((code.len != 31 && code.len != 33) || text_find(code, TEXT("-")) >= 0)
        return false;
    out->organ = text_slice(code, 0, USCC);
    out->base = text_slice(code, USCC + 1, 31);
    out->handling = text_slice(code, 31, code.len);
    return digits(text_slice(code, USCC, USCC + 1), 1) &&
           (!out->handling.len || digits(out->handling, 2));
}

static bool base_good(struct text base)
{
    for (size_t i = 0; i < base.len; i++) {
        char c = base.at[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && c != '-')
            return false;
    }
    return base.len >= 6 && base.len <= 36;
}

enum national_wrong national_code_parse(struct text code, struct national_code *out)
{
    *out = (struct national_code){0};
    if (!national_read(code, out) && !province_read(code, out))
        return NATIONAL_PARTS;
    if (!base_good(out->base))
        return NATIONAL_BASE;
    bool hyphen = out->organ.len == 10 && out->organ.at[8] == '-';
    if (out->organ.len != USCC && out->organ.len != 9 && !hyphen)
        return NATIONAL_ORGAN_LENGTH;
    bool good = out->organ.len == USCC ? idcode_uscc(out->organ) : idcode_organisation(out->organ);
    return good ? NATIONAL_GOOD : NATIONAL_ORGAN_CHECK;
}

struct text national_local_code(const struct national_code *code, struct arena *arena)
{
    struct text organ = code->organ;
    /* GB 32100 has the organisation code of GB 11714 as its characters 9 to 17. */
    size_t from = organ.len == USCC ? 8 : 0;
    struct text body = text_slice(organ, from, from + 8);
    char last = organ.at[organ.len == USCC ? 16 : organ.len - 1];
    bool whole = !code->handling.len || text_is(code->handling, "00");
    struct text local = text_format(arena, "%.*s-%.*s%c", TEXT_ARG(code->base), TEXT_ARG(body), last);
    return whole ? local
                 : text_format(arena, "%.*s-%.*s", TEXT_ARG(local), TEXT_ARG(code->handling));
}

int64_t national_item_type(struct text number)
{
    static const struct {
        int64_t number;
        enum item_type type;
    } types[] = {{1, ITEM_PERMIT}, {5, ITEM_PAYMENT}, {7, ITEM_CONFIRMATION}, {8, ITEM_REWARD},
                 {9, ITEM_RULING}, {10, ITEM_OTHER},  {20, ITEM_PUBLIC}};
    int64_t value;
    if (number.len > 2 || !text_int(number, &value))
        return ITEM_NONE;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].number == value)
            return types[i].type;
    return ITEM_NONE;
}
