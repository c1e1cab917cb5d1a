#include "db/postgresql_rows.h"

#include <stdlib.h>
#include <string.h>

static uint64_t big_endian(const char *at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

/* numeric_send: int16 digits, weight, sign, scale, then base-10000 digits. Whole numbers within 64
 * bits only; the last digits before the point may be left out when they are zero. */
static bool whole_numeric(const char *at, size_t size, int64_t *out)
{
    enum { NEGATIVE = 0x4000 };
    /* A scale means a division (an average): a fraction even where it comes out whole, as it is on
     * SQLite. */
    if (size < 8 || big_endian(at + 6, 2) != 0)
        return false;
    int digits = (int)big_endian(at, 2);
    int weight = (int16_t)big_endian(at + 2, 2);
    unsigned sign = (unsigned)big_endian(at + 4, 2);
    if ((sign != 0 && sign != NEGATIVE) || size != 8 + 2 * (size_t)digits)
        return false;
    __int128 value = 0;
    for (int i = 0; i < digits; i++) {
        unsigned digit = (unsigned)big_endian(at + 8 + 2 * i, 2);
        if (i > weight && digit)
            return false;
        if (i <= weight)
            value = value * 10000 + digit;
        if (value > (__int128)INT64_MAX + 1)
            return false;
    }
    for (int i = digits; i <= weight; i++) {
        value *= 10000;
        if (value > (__int128)INT64_MAX + 1)
            return false;
    }
    if (sign == NEGATIVE)
        value = -value;
    *out = (int64_t)value;
    return value <= INT64_MAX;
}

enum decoding { TEXTS, BYTES, WHOLE, TRUTH, NUMERIC, STRANGE };

static enum decoding decoding_of(Oid type)
{
    switch (type) {
    case 19:   /* name */
    case 25:   /* text */
    case 705:  /* unknown: a quoted constant */
    case 1042: /* character(n) */
    case 1043: /* varchar */
        return TEXTS;
    case 17: /* bytea */
        return BYTES;
    case 16: /* boolean */
        return TRUTH;
    case 20: /* int8 */
    case 21: /* int2 */
    case 23: /* int4 */
        return WHOLE;
    case 1700:
        return NUMERIC;
    default:
        return STRANGE;
    }
}

static bool decode(const PGresult *result, int row, int column, enum decoding how,
                   struct db_value *out)
{
    const char *at = PQgetvalue(result, row, column);
    size_t size = (size_t)PQgetlength(result, row, column);
    if (PQgetisnull(result, row, column)) {
        *out = db_null();
        return true;
    }
    switch (how) {
    case TEXTS:
        *out = db_text((struct text){at, size});
        return true;
    case BYTES:
        *out = db_bytes(at, size);
        return true;
    case WHOLE: {
        uint64_t bits = big_endian(at, size);
        /* Carries the sign of the shorter ones up. */
        *out = db_int(size == 8   ? (int64_t)bits
                      : size == 4 ? (int32_t)bits
                                  : (int16_t)bits);
        return true;
    }
    case TRUTH:
        *out = db_int(at[0] != 0);
        return true;
    case NUMERIC:
        *out = db_int(0);
        return whole_numeric(at, size, &out->number);
    case STRANGE:
        break;
    }
    return false;
}

bool postgresql_cell(const PGresult *result, int row, int column, struct db_value *out)
{
    return decode(result, row, column, decoding_of(PQftype(result, column)), out);
}

bool postgresql_rows(const struct pg_answer *answer, struct arena *arena, struct db_rows *out,
                     struct fault *why)
{
    const PGresult *result = answer->result;
    int count = answer->count, width = answer->width;
    struct db_value *cells = arena_array(arena, (size_t)count * (size_t)width, sizeof *cells);
    size_t total = 0;
    for (int column = 0; column < width; column++) {
        enum decoding how = decoding_of(PQftype(result, column));
        for (int row = 0; row < count; row++) {
            struct db_value *cell = &cells[row * width + column];
            if (!decode(result, pg_answer_row(answer, row), column, how, cell))
                return fault_set(why, "column %s is neither a whole number, text nor bytes",
                                 PQfname(result, column));
            total += cell->text.len;
        }
    }
    char *to = arena_alloc(arena, total);
    for (int i = 0; i < count * width; i++) {
        struct text *from = &cells[i].text;
        if (from->len == 0) {
            from->at = "";
            continue;
        }
        memcpy(to, from->at, from->len);
        from->at = to;
        to += from->len;
    }
    out->count = (size_t)count;
    out->width = (size_t)width;
    out->cells = cells;
    return true;
}
