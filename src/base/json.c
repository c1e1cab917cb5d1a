#include "base/json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DEPTH 64

/* Order of UTF-16 code units: bytes order UTF-8 by code points, which differs only where a
 * surrogate pair (U+10000 and up) meets U+E000…U+FFFF. */
static int name_order(const void *a, const void *b)
{
    struct text x = text_of(*(const char *const *)a), y = text_of(*(const char *const *)b);
    for (;;) {
        int32_t p = text_next(&x), q = text_next(&y);
        if (p == q) {
            if (p < 0)
                return 0;
            continue;
        }
        bool high_p = p >= 0x10000, high_q = q >= 0x10000;
        if (high_p != high_q && p >= 0 && q >= 0) {
            /* A pair's first unit is 0xD800…0xDBFF: above everything but 0xE000…0xFFFF. */
            int32_t p_unit = high_p ? 0xd800 : p, q_unit = high_q ? 0xd800 : q;
            return p_unit < q_unit ? -1 : 1;
        }
        return p < q ? -1 : 1;
    }
}

/* ECMAScript Number::toString, as RFC 8785 section 3.2.2.3 asks. */
static bool write_real(double value, struct buf *out)
{
    char digits[32];
    int precision = 0;
    if (!isfinite(value))
        return false;
    if (value == 0) {
        buf_char(out, '0');
        return true;
    }
    do
        snprintf(digits, sizeof digits, "%.*e", precision, value);
    while (strtod(digits, NULL) != value && ++precision < 17);
    char plain[20];
    int count = 0, exponent = atoi(strchr(digits, 'e') + 1);
    for (const char *at = digits; *at != 'e'; at++)
        if (*at >= '0' && *at <= '9')
            plain[count++] = *at;
    int point = exponent + 1;
    if (value < 0)
        buf_char(out, '-');
    if (point > 21 || point < -5) {
        buf_add(out, plain, 1);
        if (count > 1) {
            buf_char(out, '.');
            buf_add(out, plain + 1, (size_t)count - 1);
        }
        buf_format(out, "e%c%d", point > 0 ? '+' : '-', abs(point - 1));
    } else if (point <= 0) {
        buf_str(out, "0.");
        for (int i = point; i < 0; i++)
            buf_char(out, '0');
        buf_add(out, plain, (size_t)count);
    } else if (point >= count) {
        buf_add(out, plain, (size_t)count);
        for (int i = count; i < point; i++)
            buf_char(out, '0');
    } else {
        buf_add(out, plain, (size_t)point);
        buf_char(out, '.');
        buf_add(out, plain + point, (size_t)(count - point));
    }
    return true;
}

static bool write_any(json_t *value, int depth, struct buf *out);

static bool write_object(json_t *object, int depth, struct buf *out)
{
    size_t count = 0;
    const char **names = arena_array(out->arena, json_object_size(object), sizeof *names);
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value) names[count++] = name;
    qsort(names, count, sizeof *names, name_order);
    buf_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_char(out, ',');
        buf_json(out, text_of(names[i]));
        buf_char(out, ':');
        if (!write_any(json_object_get(object, names[i]), depth + 1, out))
            return false;
    }
    buf_char(out, '}');
    return true;
}

static bool write_any(json_t *value, int depth, struct buf *out)
{
    if (depth > MOST_DEPTH)
        return false;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_object(value, depth, out);
    case JSON_ARRAY:
        buf_char(out, '[');
        for (size_t i = 0; i < json_array_size(value); i++) {
            if (i)
                buf_char(out, ',');
            if (!write_any(json_array_get(value, i), depth + 1, out))
                return false;
        }
        buf_char(out, ']');
        return true;
    case JSON_STRING:
        buf_json(out, (struct text){json_string_value(value), json_string_length(value)});
        return true;
    case JSON_INTEGER: {
        json_int_t number = json_integer_value(value);
        /* Beyond 2^53 a JSON number is a double to other readers. */
        if (number > -9007199254740992 && number < 9007199254740992)
            buf_int(out, number);
        else
            return write_real((double)number, out);
        return true;
    }
    case JSON_REAL:
        return write_real(json_real_value(value), out);
    case JSON_TRUE:
    case JSON_FALSE:
        buf_str(out, json_is_true(value) ? "true" : "false");
        return true;
    case JSON_NULL:
        buf_str(out, "null");
        return true;
    }
    return false;
}

bool json_canonical(struct text json, struct buf *out)
{
    json_error_t error;
    json_t *root = json_loadb(json.len ? json.at : " ", json.len ? json.len : 1,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    bool good = root && write_any(root, 1, out);
    json_decref(root);
    return good;
}
