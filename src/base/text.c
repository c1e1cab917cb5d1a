#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/wording.h"

struct text text_of(const char *c_string)
{
    return c_string ? (struct text){c_string, strlen(c_string)} : (struct text){"", 0};
}

bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool text_is(struct text a, const char *c_string)
{
    return text_equal(a, text_of(c_string));
}

int text_order(struct text a, struct text b)
{
    size_t least = a.len < b.len ? a.len : b.len;
    int order = least ? memcmp(a.at, b.at, least) : 0;
    if (order)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool text_starts(struct text a, struct text prefix)
{
    return a.len >= prefix.len && text_equal(text_slice(a, 0, prefix.len), prefix);
}

bool text_ends(struct text a, struct text suffix)
{
    return a.len >= suffix.len && text_equal(text_slice(a, a.len - suffix.len, a.len), suffix);
}

struct text text_copy(struct arena *arena, struct text a)
{
    return (struct text){arena_copy(arena, a.at, a.len), a.len};
}

char *text_cstr(struct arena *arena, struct text a)
{
    char *copy = arena_alloc(arena, a.len + 1);
    if (a.len)
        memcpy(copy, a.at, a.len);
    return copy;
}

/* Most results are short: they are made once and copied, long ones are made twice. */
struct text text_format(struct arena *arena, const char *format, ...)
{
    char brief[256];
    va_list args, again, noted;
    va_start(args, format);
    va_copy(again, args);
    va_copy(noted, args);
    int need = vsnprintf(brief, sizeof brief, format, args);
    va_end(args);
    char *at;
    if ((size_t)need < sizeof brief) {
        at = arena_copy(arena, brief, (size_t)need + 1);
    } else {
        at = arena_alloc(arena, (size_t)need + 1);
        vsnprintf(at, (size_t)need + 1, format, again);
    }
    va_end(again);
    if (wordings_kept(arena))
        wording_note(arena, (struct text){at, (size_t)need}, format, noted);
    va_end(noted);
    return (struct text){at, (size_t)need};
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

struct text text_trim(struct text a)
{
    while (a.len && is_space(a.at[0])) {
        a.at++;
        a.len--;
    }
    while (a.len && is_space(a.at[a.len - 1]))
        a.len--;
    return a;
}

struct text text_slice(struct text a, size_t from, size_t to)
{
    if (to > a.len)
        to = a.len;
    if (from > to)
        from = to;
    return (struct text){a.at + from, to - from};
}

bool text_cut(struct text *a, char separator, struct text *head)
{
    if (!a->at)
        return false;
    const char *found = a->len ? memchr(a->at, separator, a->len) : NULL;
    if (!found) {
        *head = *a;
        *a = (struct text){NULL, 0};
        return true;
    }
    size_t before = (size_t)(found - a->at);
    *head = (struct text){a->at, before};
    *a = (struct text){found + 1, a->len - before - 1};
    return true;
}

ptrdiff_t text_find(struct text a, struct text what)
{
    if (what.len == 0)
        return 0;
    for (size_t i = 0; i + what.len <= a.len; i++)
        if (a.at[i] == what.at[0] && memcmp(a.at + i, what.at, what.len) == 0)
            return (ptrdiff_t)i;
    return -1;
}

uint64_t text_hash(struct text a)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < a.len; i++)
        hash = (hash ^ (unsigned char)a.at[i]) * 1099511628211u;
    return hash;
}

bool text_int(struct text a, int64_t *out)
{
    bool negative = a.len && a.at[0] == '-';
    size_t i = negative;
    if (i >= a.len || a.len - i > 19)
        return false;
    uint64_t value = 0;
    for (; i < a.len; i++) {
        if (a.at[i] < '0' || a.at[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(a.at[i] - '0');
    }
    if (value > (uint64_t)INT64_MAX + negative)
        return false;
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

struct text text_hex(struct arena *arena, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char *at = arena_alloc(arena, size * 2);
    for (size_t i = 0; i < size; i++) {
        at[2 * i] = digits[from[i] >> 4];
        at[2 * i + 1] = digits[from[i] & 15];
    }
    return (struct text){at, size * 2};
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool text_unhex(struct text a, void *out, size_t size)
{
    unsigned char *to = out;
    if (a.len != size * 2)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(a.at[2 * i]), low = hex_digit(a.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        to[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

struct text text_base64(struct arena *arena, const void *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *from = bytes;
    size_t len = (size + 2) / 3 * 4, to = 0;
    char *at = arena_alloc(arena, len);
    for (size_t i = 0; i < size; i += 3) {
        uint32_t three = (uint32_t)from[i] << 16;
        if (i + 1 < size)
            three |= (uint32_t)from[i + 1] << 8;
        if (i + 2 < size)
            three |= from[i + 2];
        at[to++] = digits[three >> 18];
        at[to++] = digits[three >> 12 & 63];
        at[to++] = i + 1 < size ? digits[three >> 6 & 63] : '=';
        at[to++] = i + 2 < size ? digits[three & 63] : '=';
    }
    return (struct text){at, len};
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool text_unbase64(struct arena *arena, struct text a, struct text *out)
{
    if (a.len % 4)
        return false;
    size_t pad = 0;
    while (pad < 2 && pad < a.len && a.at[a.len - 1 - pad] == '=')
        pad++;
    size_t len = a.len / 4 * 3 - pad, to = 0;
    char *at = arena_alloc(arena, len + 3);
    for (size_t i = 0; i < a.len; i += 4) {
        uint32_t four = 0;
        for (size_t j = 0; j < 4; j++) {
            bool padding = i + j >= a.len - pad;
            int digit = padding ? 0 : base64_digit(a.at[i + j]);
            if (digit < 0)
                return false;
            four = four << 6 | (uint32_t)digit;
        }
        /* Bits past the last byte must be zero, so that every byte string has one spelling. */
        if (i + 4 == a.len && ((pad == 1 && (four & 0xff)) || (pad == 2 && (four & 0xffff))))
            return false;
        at[to++] = (char)(four >> 16);
        at[to++] = (char)(four >> 8);
        at[to++] = (char)four;
    }
    *out = (struct text){at, len};
    return true;
}

/* One code point at a, its length to *size; -1 if malformed (RFC 3629 section 4). */
static int32_t decode(const unsigned char *a, size_t len, size_t *size)
{
    static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (a[0] < 0x80) {
        *size = 1;
        return a[0];
    }
    size_t need = a[0] >= 0xf0 ? 4 : a[0] >= 0xe0 ? 3 : a[0] >= 0xc2 ? 2 : 0;
    if (need == 0 || a[0] > 0xf4 || need > len)
        return -1;
    int32_t point = a[0] & (0xff >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        if ((a[i] & 0xc0) != 0x80)
            return -1;
        point = point << 6 | (a[i] & 0x3f);
    }
    if (point < least[need] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        return -1;
    *size = need;
    return point;
}

bool text_utf8(struct text a)
{
    const unsigned char *at = (const unsigned char *)a.at;
    size_t size;
    for (size_t i = 0; i < a.len; i += size)
        if (decode(at + i, a.len - i, &size) < 0)
            return false;
    return true;
}

struct text text_head(struct text a, size_t most)
{
    if (a.len <= most)
        return a;
    while (most && ((unsigned char)a.at[most] & 0xc0) == 0x80)
        most--;
    return text_slice(a, 0, most);
}

size_t text_chars(struct text a)
{
    size_t count = 0;
    for (size_t i = 0; i < a.len; i++)
        count += ((unsigned char)a.at[i] & 0xc0) != 0x80;
    return count;
}

int32_t text_next(struct text *a)
{
    if (a->len == 0)
        return -1;
    size_t size = 1;
    int32_t point = decode((const unsigned char *)a->at, a->len, &size);
    a->at += size;
    a->len -= size;
    return point < 0 ? 0xfffd : point;
}

static void buf_room(struct buf *buf, size_t more)
{
    if (more <= buf->cap - buf->len)
        return;
    size_t cap = buf->cap ? buf->cap * 2 : 256;
    while (cap < buf->len + more)
        cap *= 2;
    buf->at = arena_grow(buf->arena, buf->at, buf->cap, cap);
    buf->cap = cap;
}

void buf_add(struct buf *buf, const void *bytes, size_t size)
{
    if (!size)
        return;
    buf_room(buf, size);
    memcpy(buf->at + buf->len, bytes, size);
    buf->len += size;
}

void buf_text(struct buf *buf, struct text a)
{
    buf_add(buf, a.at, a.len);
}

void buf_str(struct buf *buf, const char *c_string)
{
    buf_add(buf, c_string, strlen(c_string));
}

void buf_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_int(struct buf *buf, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        digits[--at] = '-';
    buf_add(buf, digits + at, sizeof digits - at);
}

/* Into the room that is there; again only if it was too little. */
void buf_format(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    buf_room(buf, 64);
    size_t room = buf->cap - buf->len;
    int need = vsnprintf(buf->at + buf->len, room, format, args);
    va_end(args);
    if ((size_t)need >= room) {
        buf_room(buf, (size_t)need + 1);
        vsnprintf(buf->at + buf->len, (size_t)need + 1, format, again);
    }
    va_end(again);
    buf->len += (size_t)need;
}

void buf_utf8(struct buf *buf, int32_t point)
{
    char out[4];
    size_t size;
    if (point < 0x80) {
        out[0] = (char)point;
        size = 1;
    } else if (point < 0x800) {
        out[0] = (char)(0xc0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3f));
        size = 2;
    } else if (point < 0x10000) {
        out[0] = (char)(0xe0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3f));
        out[2] = (char)(0x80 | (point & 0x3f));
        size = 3;
    } else {
        out[0] = (char)(0xf0 | point >> 18);
        out[1] = (char)(0x80 | (point >> 12 & 0x3f));
        out[2] = (char)(0x80 | (point >> 6 & 0x3f));
        out[3] = (char)(0x80 | (point & 0x3f));
        size = 4;
    }
    buf_add(buf, out, size);
}

void buf_html(struct buf *buf, struct text a)
{
    size_t from = 0;
    for (size_t i = 0; i < a.len; i++) {
        const char *as;
        switch (a.at[i]) {
        case '&':
            as = "&amp;";
            break;
        case '<':
            as = "&lt;";
            break;
        case '>':
            as = "&gt;";
            break;
        case '"':
            as = "&quot;";
            break;
        case '\'':
            as = "&#39;";
            break;
        default:
            continue;
        }
        buf_add(buf, a.at + from, i - from);
        buf_str(buf, as);
        from = i + 1;
    }
    if (from < a.len)
        buf_add(buf, a.at + from, a.len - from);
}

void buf_json(struct buf *buf, struct text a)
{
    static const char digits[] = "0123456789abcdef";
    buf_room(buf, a.len + 2);
    buf_char(buf, '"');
    size_t from = 0;
    for (size_t i = 0; i < a.len; i++) {
        unsigned char c = (unsigned char)a.at[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        char as[6] = {'\\', 0, '0', '0', 0, 0};
        size_t size = 2;
        switch (c) {
        case '"':
        case '\\':
            as[1] = (char)c;
            break;
        case '\b':
            as[1] = 'b';
            break;
        case '\t':
            as[1] = 't';
            break;
        case '\n':
            as[1] = 'n';
            break;
        case '\f':
            as[1] = 'f';
            break;
        case '\r':
            as[1] = 'r';
            break;
        default:
            as[1] = 'u';
            as[4] = digits[c >> 4];
            as[5] = digits[c & 15];
            size = 6;
        }
        buf_add(buf, a.at + from, i - from);
        buf_add(buf, as, size);
        from = i + 1;
    }
    if (from < a.len)
        buf_add(buf, a.at + from, a.len - from);
    buf_char(buf, '"');
}

void buf_url(struct buf *buf, struct text a)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < a.len; i++) {
        unsigned char c = (unsigned char)a.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '.' || c == '_' || c == '~') {
            buf_char(buf, (char)c);
        } else {
            char as[3] = {'%', digits[c >> 4], digits[c & 15]};
            buf_add(buf, as, 3);
        }
    }
}

struct text buf_done(const struct buf *buf)
{
    return (struct text){buf->at ? buf->at : "", buf->len};
}
