#include "journal/entry.h"

#include <string.h>

#include "base/time.h"

enum { MOST_DEPTH = 64, REGION_DIGITS = 6 };

struct hash entry_commitment(struct text salt, struct text private_body)
{
    const struct text parts[] = {salt, private_body};
    return hash_parts(parts, 2);
}

void entry_write(const struct entry_head *head, struct text body, const struct hash *commitment,
                 struct arena *scratch, struct buf *out)
{
    buf_str(out, "{\"actor\":");
    buf_json(out, head->actor);
    buf_str(out, ",\"at\":\"");
    buf_text(out, time_format(scratch, head->at));
    buf_str(out, "\",\"body\":");
    buf_text(out, body);
    buf_str(out, ",\"hash\":\"sha-256\",\"index\":");
    buf_int(out, head->index);
    buf_str(out, ",\"kind\":");
    buf_json(out, head->kind);
    if (commitment) {
        buf_str(out, ",\"private\":\"");
        buf_text(out, hash_hex(scratch, commitment));
        buf_char(out, '"');
    }
    buf_str(out, ",\"region\":\"");
    for (int64_t unit = 100000; unit; unit /= 10)
        buf_char(out, (char)('0' + head->region / unit % 10));
    buf_str(out, "\",\"subject\":");
    buf_json(out, head->subject);
    buf_str(out, ",\"version\":");
    buf_int(out, head->version);
    buf_char(out, '}');
}

/* A scanner that knows only what we write, so that replay need not build a tree of JSON. Its
 * strictness is the canonical form: one spelling for every value. */
struct scan {
    const char *at;
    size_t len;
    size_t here;
    struct arena *arena;
    struct fault *why;
};

static bool expected(struct scan *scan, const char *what)
{
    return fault_set(scan->why, "not in canonical form: expected %s at byte %zu", what, scan->here);
}

/* The byte here, 0 at the end (a 0 byte is good for nothing in JSON). */
static char peek(const struct scan *scan)
{
    return scan->here < scan->len ? scan->at[scan->here] : 0;
}

static bool literal(struct scan *scan, const char *what)
{
    size_t len = strlen(what);
    if (scan->len - scan->here < len || memcmp(scan->at + scan->here, what, len) != 0)
        return expected(scan, what);
    scan->here += len;
    return true;
}

/* The escape after a backslash: the one spelling that RFC 8785 section 3.2.2.2 gives it. */
static int escape(struct scan *scan)
{
    static const char letters[] = "\"\\btnfr", values[] = "\"\\\b\t\n\f\r";
    char c = peek(scan);
    const char *found = c ? strchr(letters, c) : NULL;
    if (found) {
        scan->here++;
        return values[found - letters];
    }
    if (scan->len - scan->here < 5 || memcmp(scan->at + scan->here, "u00", 3) != 0)
        return -1;
    char high = scan->at[scan->here + 3], low = scan->at[scan->here + 4];
    int code = (low >= '0' && low <= '9')   ? low - '0'
                : (low >= 'a' && low <= 'f') ? low - 'a' + 10
                                             : -1;
    if ((high != '0' && high != '1') || code < 0)
        return -1;
    code += high == '1' ? 16 : 0;
    /* These have a shorter spelling; U+0000 stands in no text here, since few readers take it (and
     * strchr finds the end of the string for it). */
    if (strchr("\b\t\n\f\r", code))
        return -1;
    scan->here += 5;
    return code;
}

static bool unescape(struct scan *scan, size_t from, struct text *out)
{
    char *to = arena_alloc(scan->arena, scan->here - from);
    size_t len = 0, end = scan->here;
    for (scan->here = from; scan->here < end;) {
        char c = scan->at[scan->here++];
        to[len++] = c == '\\' ? (char)escape(scan) : c;
    }
    *out = (struct text){to, len};
    return true;
}

/* A string; *out (may be NULL) is a slice of the input, or a copy where it has escapes. */
static bool string(struct scan *scan, struct text *out)
{
    if (peek(scan) != '"')
        return expected(scan, "a string");
    size_t from = ++scan->here;
    bool escaped = false, wide = false;
    for (;;) {
        if (scan->here >= scan->len)
            return expected(scan, "the end of a string");
        unsigned char c = (unsigned char)scan->at[scan->here];
        if (c == '"')
            break;
        if (c < 0x20)
            return expected(scan, "no bare control character");
        scan->here++;
        wide |= c >= 0x80;
        if (c == '\\') {
            escaped = true;
            if (escape(scan) < 0)
                return expected(scan, "a canonical escape");
        }
    }
    struct text raw = {scan->at + from, scan->here - from};
    if (wide && !text_utf8(raw))
        return expected(scan, "UTF-8 before this");
    if (out && escaped)
        unescape(scan, from, out);
    else if (out)
        *out = raw;
    scan->here++;
    return true;
}

static bool integer(struct scan *scan, int64_t *out)
{
    const int64_t most = (INT64_C(1) << 53) - 1;
    bool negative = peek(scan) == '-';
    size_t from = scan->here += negative;
    int64_t number = 0;
    for (char c; (c = peek(scan)) >= '0' && c <= '9'; scan->here++) {
        number = number * 10 + (c - '0');
        if (number > most)
            return expected(scan, "an integer within 2^53");
    }
    size_t digits = scan->here - from;
    if (!digits || (scan->at[from] == '0' && (digits > 1 || negative)))
        return expected(scan, "an integer");
    *out = negative ? -number : number;
    return true;
}

/* UTF-16 order of two UTF-8 texts: byte order, but that the code points past U+FFFF, written in
 * surrogates, stand before U+E000 to U+FFFF. */
static int name_order(struct text a, struct text b)
{
    size_t least = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < least; i++) {
        unsigned char x = (unsigned char)a.at[i], y = (unsigned char)b.at[i];
        if (x == y)
            continue;
        if (x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0))
            return x >= 0xf0 ? -1 : 1;
        return x < y ? -1 : 1;
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

static bool value(struct scan *scan, int depth);

static bool object(struct scan *scan, int depth)
{
    struct text before = {NULL, 0}, name = {NULL, 0};
    if (!literal(scan, "{"))
        return false;
    if (peek(scan) == '}')
        return literal(scan, "}");
    for (;;) {
        if (!string(scan, &name))
            return false;
        if (before.at && name_order(before, name) >= 0)
            return expected(scan, "names in order before this");
        before = name;
        if (!literal(scan, ":") || !value(scan, depth))
            return false;
        if (peek(scan) == '}')
            return literal(scan, "}");
        if (!literal(scan, ","))
            return false;
    }
}

static bool array(struct scan *scan, int depth)
{
    if (!literal(scan, "["))
        return false;
    if (peek(scan) == ']')
        return literal(scan, "]");
    for (;;) {
        if (!value(scan, depth))
            return false;
        if (peek(scan) == ']')
            return literal(scan, "]");
        if (!literal(scan, ","))
            return false;
    }
}

static bool value(struct scan *scan, int depth)
{
    int64_t number;
    if (depth >= MOST_DEPTH)
        return expected(scan, "less depth");
    switch (peek(scan)) {
    case '{':
        return object(scan, depth + 1);
    case '[':
        return array(scan, depth + 1);
    case '"':
        return string(scan, NULL);
    case 't':
        return literal(scan, "true");
    case 'f':
        return literal(scan, "false");
    case 'n':
        return literal(scan, "null");
    default:
        return integer(scan, &number);
    }
}

bool entry_body_good(struct text body, struct arena *scratch, struct fault *why)
{
    struct scan scan = {body.at, body.len, 0, scratch, why};
    if (!object(&scan, 1))
        return false;
    return scan.here == scan.len || expected(&scan, "the end");
}

/* The fixed form of time_format, then its value. */
static bool moment(struct scan *scan, int64_t *out)
{
    static const char form[] = "0000-00-00T00:00:00.000+08:00";
    struct text text = {NULL, 0};
    if (!string(scan, &text))
        return false;
    if (text.len != sizeof form - 1)
        return expected(scan, "a time before this");
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool fixed = i >= 23 || form[i] != '0';
        if (fixed ? c != form[i] : (c < '0' || c > '9'))
            return expected(scan, "a time before this");
    }
    /* A leap second would be a second spelling of the minute after. */
    return (text.at[17] != '6' && time_parse(text, out)) ||
           expected(scan, "a time that exists before this");
}

static bool commitment(struct scan *scan, struct entry *out)
{
    struct text hex = {NULL, 0};
    if (!string(scan, &hex))
        return false;
    for (size_t i = 0; i < hex.len; i++)
        if (hex.at[i] >= 'A' && hex.at[i] <= 'F')
            return expected(scan, "lower case before this");
    out->has_private = true;
    return text_unhex(hex, out->commitment.bytes, sizeof out->commitment.bytes) ||
           expected(scan, "a SHA-256 in hex before this");
}

static bool region(struct scan *scan, int64_t *out)
{
    struct text code = {NULL, 0};
    if (!string(scan, &code))
        return false;
    return (code.len == REGION_DIGITS && code.at[0] != '-' && text_int(code, out)) ||
           expected(scan, "a region of six digits before this");
}

/* Counting numbers in the head: never negative. */
static bool natural(struct scan *scan, int64_t *out)
{
    return integer(scan, out) && (*out >= 0 || expected(scan, "no negative before this"));
}

bool entry_read(struct text bytes, struct arena *arena, struct entry *out, struct fault *why)
{
    struct scan scan = {bytes.at, bytes.len, 0, arena, why};
    *out = (struct entry){.bytes = bytes};
    struct entry_head *head = &out->head;
    if (bytes.len > ENTRY_MOST_BYTES)
        return fault_set(why, "not an entry: %zu bytes", bytes.len);
    if (!literal(&scan, "{\"actor\":") || !string(&scan, &head->actor) ||
        !literal(&scan, ",\"at\":") || !moment(&scan, &head->at) ||
        !literal(&scan, ",\"body\":"))
        return false;
    size_t from = scan.here;
    if (!object(&scan, 1))
        return false;
    out->body = (struct text){bytes.at + from, scan.here - from};
    if (!literal(&scan, ",\"hash\":\"sha-256\",\"index\":") || !natural(&scan, &head->index) ||
        !literal(&scan, ",\"kind\":") || !string(&scan, &head->kind) || !literal(&scan, ",\""))
        return false;
    if (peek(&scan) == 'p' && (!literal(&scan, "private\":") || !commitment(&scan, out) ||
                               !literal(&scan, ",\"")))
        return false;
    if (!literal(&scan, "region\":") || !region(&scan, &head->region) ||
        !literal(&scan, ",\"subject\":") || !string(&scan, &head->subject) ||
        !literal(&scan, ",\"version\":") || !natural(&scan, &head->version) ||
        !literal(&scan, "}"))
        return false;
    return scan.here == scan.len || expected(&scan, "the end");
}
