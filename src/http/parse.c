#include "http/parse.h"

#include <string.h>

enum {
    TCHAR = 1, /* RFC 9110 section 5.6.2 */
    PATH = 2,  /* RFC 3986 pchar, '/' and '%' */
    QUERY = 4, /* what browsers leave as it is in a query (URL standard), so wider than RFC 3986 */
    VALUE = 8, /* RFC 9110 section 5.5: visible, space, tab, obs-text */
    HOST = 16, /* a registered name or IPv4 address; names in other scripts come as Punycode */
    LETTER_DIGIT = TCHAR | PATH | QUERY | VALUE | HOST,
};

static const unsigned char classes[256] = {
    ['\t'] = VALUE,
    [' '] = VALUE,
    ['!'] = TCHAR | PATH | QUERY | VALUE,
    ['"'] = VALUE,
    ['#'] = TCHAR | VALUE,
    ['$'] = TCHAR | PATH | QUERY | VALUE,
    ['%'] = TCHAR | PATH | QUERY | VALUE,
    ['&'] = TCHAR | PATH | QUERY | VALUE,
    ['\''] = TCHAR | PATH | QUERY | VALUE,
    ['('] = PATH | QUERY | VALUE,
    [')'] = PATH | QUERY | VALUE,
    ['*'] = TCHAR | PATH | QUERY | VALUE,
    ['+'] = TCHAR | PATH | QUERY | VALUE,
    [','] = PATH | QUERY | VALUE,
    ['-'] = LETTER_DIGIT,
    ['.'] = LETTER_DIGIT,
    ['/'] = PATH | QUERY | VALUE,
    ['0' ... '9'] = LETTER_DIGIT,
    [':'] = PATH | QUERY | VALUE,
    [';'] = PATH | QUERY | VALUE,
    ['<'] = VALUE,
    ['='] = PATH | QUERY | VALUE,
    ['>'] = VALUE,
    ['?'] = QUERY | VALUE,
    ['@'] = PATH | QUERY | VALUE,
    ['A' ... 'Z'] = LETTER_DIGIT,
    ['['] = QUERY | VALUE,
    ['\\'] = QUERY | VALUE,
    [']'] = QUERY | VALUE,
    ['^'] = TCHAR | QUERY | VALUE,
    ['_'] = LETTER_DIGIT,
    ['`'] = TCHAR | QUERY | VALUE,
    ['a' ... 'z'] = LETTER_DIGIT,
    ['{'] = QUERY | VALUE,
    ['|'] = TCHAR | QUERY | VALUE,
    ['}'] = QUERY | VALUE,
    ['~'] = LETTER_DIGIT,
    [128 ... 255] = VALUE,
};

static bool is(char c, int class)
{
    return classes[(unsigned char)c] & class;
}

static bool all(const char *at, size_t len, int class)
{
    for (size_t i = 0; i < len; i++)
        if (!is(at[i], class))
            return false;
    return true;
}

bool field_name_valid(struct text name)
{
    return name.len && all(name.at, name.len, TCHAR);
}

bool field_value_valid(struct text value)
{
    return all(value.at, value.len, VALUE);
}

bool text_is_lower(struct text a, const char *b)
{
    for (size_t i = 0; i < a.len; i++) {
        char c = a.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (!b[i] || c != b[i])
            return false;
    }
    return !b[a.len];
}

static bool same_letters(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char x = a[i], y = b[i];
        if (x >= 'A' && x <= 'Z')
            x = (char)(x + 32);
        if (y >= 'A' && y <= 'Z')
            y = (char)(y + 32);
        if (x != y)
            return false;
    }
    return true;
}

static enum parse bad(struct head *head, int status)
{
    head->status = status;
    return PARSE_BAD;
}

static struct text span_text(const char *at, struct span span)
{
    return (struct text){at + span.at, span.len};
}

/* uri-host [":" port] (RFC 9110 section 4.2.1), never empty, never with user information. */
static bool host_valid(struct text host)
{
    size_t i = 0;
    if (host.len && host.at[0] == '[') {
        while (i < host.len && host.at[i] != ']')
            i++;
        if (i == host.len || i < 3)
            return false;
        for (size_t k = 1; k < i; k++)
            if (!memchr("0123456789abcdefABCDEF:.", host.at[k], 24))
                return false;
        i++;
    } else {
        while (i < host.len && is(host.at[i], HOST))
            i++;
        if (i == 0)
            return false;
    }
    if (i == host.len)
        return true;
    if (host.at[i] != ':')
        return false;
    int64_t port;
    struct text digits = text_slice(host, i + 1, host.len);
    return digits.len <= 5 && text_int(digits, &port) && port >= 0 && port <= 65535;
}

static bool method_known(struct text word, enum http_method *out)
{
    static const char *const names[] = {
        [HTTP_GET] = "GET",        [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
        [HTTP_PUT] = "PUT",        [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
        [HTTP_OPTIONS] = "OPTIONS"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_is(word, names[i])) {
            *out = (enum http_method)i;
            return true;
        }
    return false;
}

/* Origin-form, or absolute-form of which the authority is kept to be compared with Host. */
static bool read_target(struct head *head, const char *at, size_t from, size_t to)
{
    size_t start = from;
    if (at[from] != '/') {
        size_t scheme = 0;
        if (to - from > 7 && same_letters(at + from, "http://", 7))
            scheme = 7;
        else if (to - from > 8 && same_letters(at + from, "https://", 8))
            scheme = 8;
        if (!scheme)
            return false;
        start = from + scheme;
        while (start < to && at[start] != '/')
            start++;
        if (start == to) /* "http://host" without a path: nobody sends it, so it is refused */
            return false;
        head->authority =
            (struct span){(uint32_t)(from + scheme), (uint32_t)(start - from - scheme)};
    }
    size_t path_end = start;
    while (path_end < to && is(at[path_end], PATH))
        path_end++;
    head->target = (struct span){(uint32_t)start, (uint32_t)(to - start)};
    head->path = (struct span){(uint32_t)start, (uint32_t)(path_end - start)};
    if (path_end == to)
        return true;
    if (at[path_end] != '?')
        return false;
    head->query = (struct span){(uint32_t)(path_end + 1), (uint32_t)(to - path_end - 1)};
    return all(at + path_end + 1, to - path_end - 1, QUERY);
}

/* method SP request-target SP HTTP-version (RFC 9112 section 3) in at[from..to). */
static enum parse read_request_line(struct head *head, const char *at, size_t from, size_t to,
                                    const struct head_limits *limits)
{
    size_t i = from;
    while (i < to && is(at[i], TCHAR))
        i++;
    struct text method = {at + from, i - from};
    if (i == from || i == to || at[i] != ' ' || method.len > 32)
        return bad(head, 400);
    size_t target = ++i;
    while (i < to && at[i] > ' ' && at[i] < 127)
        i++;
    size_t target_end = i;
    if (target == target_end || i == to || at[i] != ' ')
        return bad(head, 400);
    struct text version = {at + i + 1, to - i - 1};
    if (version.len != 8 || memcmp(version.at, "HTTP/", 5) != 0 || version.at[6] != '.' ||
        version.at[5] < '0' || version.at[5] > '9' || version.at[7] < '0' || version.at[7] > '9')
        return bad(head, 400);
    if (version.at[5] != '1' || version.at[7] > '1')
        return bad(head, 505);
    head->minor = version.at[7] - '0';
    if (target_end - target > limits->target)
        return bad(head, 414);
    if (!method_known(method, &head->method))
        return bad(head, 501);
    if (text_is((struct text){at + target, target_end - target}, "*"))
        return bad(head, head->method == HTTP_OPTIONS ? 501 : 400);
    if (!read_target(head, at, target, target_end))
        return bad(head, 400);
    head->begun = true;
    return PARSE_MORE;
}

/* A list of tokens, of which only "close" matters: keep-alive is the rule in HTTP/1.1 and HTTP/1.0
 * is always closed. */
static bool read_connection(struct head *head, struct text value)
{
    struct text word;
    while (text_cut(&value, ',', &word)) {
        word = text_trim(word);
        if (word.len && !field_name_valid(word))
            return false;
        if (text_is_lower(word, "close"))
            head->close = true;
    }
    return true;
}

static int read_length(struct head *head, struct text value)
{
    if (!value.len)
        return 400;
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] < '0' || value.at[i] > '9')
            return 400;
    return text_int(value, &head->length) ? 0 : 413;
}

/* Fields the server itself obeys, and those which may stand only once because two readers would
 * choose differently. Gives 0 or the status to refuse with. */
static int read_known(struct head *head, struct text name, struct text value, struct span where)
{
    static const char *const names[] = {"host",       "content-length",  "transfer-encoding",
                                        "expect",     "content-type",    "authorization",
                                        "connection", "content-encoding"};
    size_t which = 0, count = sizeof names / sizeof *names;
    while (which < count && !text_is_lower(name, names[which]))
        which++;
    if (which == count)
        return 0;
    if (which != 6) {
        if (head->once & 1u << which)
            return 400;
        head->once |= 1u << which;
    }
    switch (which) {
    case 0:
        head->host = where;
        return host_valid(value) ? 0 : 400;
    case 1:
        return read_length(head, value);
    case 2:
        head->chunked = text_is_lower(value, "chunked");
        return head->chunked ? 0 : 501;
    case 3:
        head->expect = text_is_lower(value, "100-continue");
        return head->expect ? 0 : 417;
    case 4:
        head->content_type = where;
        return 0;
    case 6:
        return read_connection(head, value) ? 0 : 400;
    case 7: /* a compressed body is nothing that anyone here reads */
        return text_is_lower(value, "identity") ? 0 : 415;
    default:
        return 0;
    }
}

static enum parse read_field(struct head *head, const char *at, size_t from, size_t to)
{
    size_t i = from;
    while (i < to && is(at[i], TCHAR))
        i++;
    if (i == from || i == to || at[i] != ':') /* also a folded line and a space before the colon */
        return bad(head, 400);
    struct text name = {at + from, i - from};
    i++;
    if (!all(at + i, to - i, VALUE))
        return bad(head, 400);
    size_t end = to;
    while (i < end && (at[i] == ' ' || at[i] == '\t'))
        i++;
    while (end > i && (at[end - 1] == ' ' || at[end - 1] == '\t'))
        end--;
    if (head->count == HEAD_FIELDS)
        return bad(head, 431);
    struct head_field *field = &head->fields[head->count++];
    field->name = (struct span){(uint32_t)from, (uint32_t)name.len};
    field->value = (struct span){(uint32_t)i, (uint32_t)(end - i)};
    int status = read_known(head, name, span_text(at, field->value), field->value);
    return status ? bad(head, status) : PARSE_MORE;
}

/* The rules between fields, once all are there. */
static enum parse finish_head(struct head *head, const char *at, size_t size)
{
    bool host = head->once & 1u, length = head->once & 2u, encoding = head->once & 4u;
    if (head->minor == 1 && !host)
        return bad(head, 400);
    if (encoding && (length || head->minor == 0))
        return bad(head, 400);
    if (head->authority.len &&
        (!host || head->authority.len != head->host.len ||
         !same_letters(at + head->authority.at, at + head->host.at, head->host.len)))
        return bad(head, 400);
    if (head->minor == 0) {
        head->close = true;
        head->expect = false;
    }
    head->size = size;
    return PARSE_DONE;
}

/* Passes over the one empty line a peer may send first, and looks at the first byte of the request
 * at once so that another protocol is not waited for. */
static enum parse begin_head(struct head *head, const char *at, size_t len)
{
    if (head->line == 0 && at[0] == '\r') {
        if (len < 2)
            return PARSE_MORE;
        if (at[1] != '\n')
            return bad(head, 400);
        head->line = head->seen = 2;
    }
    if (head->line < len && !is(at[head->line], TCHAR))
        return bad(head, 400);
    return PARSE_DONE;
}

enum parse head_parse(struct head *head, const char *at, size_t len,
                      const struct head_limits *limits)
{
    if (len == 0)
        return PARSE_MORE;
    if (!head->begun) {
        enum parse first = begin_head(head, at, len);
        if (first != PARSE_DONE)
            return first;
    }
    for (;;) {
        const char *found =
            head->seen < len ? memchr(at + head->seen, '\n', len - head->seen) : NULL;
        size_t end = found ? (size_t)(found - at) + 1 : len;
        /* "OPTIONS " and " HTTP/1.1" and the line's end leave room to spare in 64. */
        if (!head->begun && end - head->line > limits->target + 64)
            return bad(head, 414);
        if (end > limits->head)
            return bad(head, 431);
        if (!found) {
            head->seen = len;
            return PARSE_MORE;
        }
        size_t from = head->line, to = end - 2;
        if (end - from < 2 || at[to] != '\r')
            return bad(head, 400);
        head->line = head->seen = end;
        enum parse result;
        if (!head->begun)
            result = read_request_line(head, at, from, to, limits);
        else if (from == to)
            return finish_head(head, at, end);
        else
            result = read_field(head, at, from, to);
        if (result != PARSE_MORE)
            return result;
    }
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool segments_valid(struct text path)
{
    struct text rest = text_slice(path, 1, path.len), segment;
    while (text_cut(&rest, '/', &segment)) {
        bool last = !rest.at;
        if ((segment.len == 0 && !last) || text_is(segment, ".") || text_is(segment, ".."))
            return false;
    }
    return true;
}

bool path_decode(struct text raw, char *out, size_t *out_len)
{
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.at[i];
        if (c == '%') {
            int high = i + 2 < raw.len ? hex(raw.at[i + 1]) : -1;
            int low = high >= 0 ? hex(raw.at[i + 2]) : -1;
            if (low < 0)
                return false;
            c = (char)(high * 16 + low);
            if (c == '/' || c == '\\')
                return false;
            i += 2;
        }
        if ((unsigned char)c < 32 || c == 127)
            return false;
        out[n++] = c;
    }
    *out_len = n;
    struct text path = {out, n};
    return n && out[0] == '/' && segments_valid(path) && text_utf8(path);
}
