#include "http/parse.h"

#include <string.h>

enum {
    FIRST, /* the first delimiter, before which nothing may stand */
    AFTER, /* behind a delimiter: CR LF, or "--" */
    AFTER_LF,
    AFTER_DASH,
    PART_HEAD,
    PART_DATA,
    ENDED,    /* behind the closing delimiter */
    ENDED_LF, /* one line end may follow it */
    CLOSED,
};

bool multipart_boundary(struct text content_type, struct text *boundary)
{
    struct text word;
    if (!text_cut(&content_type, ';', &word) ||
        !text_is_lower(text_trim(word), "multipart/form-data"))
        return false;
    bool found = false;
    while (text_cut(&content_type, ';', &word)) {
        struct text name, value = text_trim(word);
        if (!text_cut(&value, '=', &name) || !value.at)
            return false;
        if (!text_is_lower(name, "boundary"))
            continue;
        if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
            value = text_slice(value, 1, value.len - 1);
        if (found || !value.len || value.len > MULTIPART_BOUNDARY)
            return false;
        /* RFC 2046 section 5.1.1, without the space that nobody uses and the semicolon-free rest */
        for (size_t i = 0; i < value.len; i++)
            if (!field_name_valid((struct text){value.at + i, 1}) &&
                !memchr("()/:=?,", value.at[i], 7))
                return false;
        *boundary = value;
        found = true;
    }
    return found;
}

void multipart_begin(struct multipart *multipart, struct text boundary)
{
    multipart->state = FIRST;
    memcpy(multipart->delimiter, "\r\n--", 4);
    memcpy(multipart->delimiter + 4, boundary.at, boundary.len);
    multipart->delimiter_len = boundary.len + 4;
    multipart->matched = 2; /* the line end before the first one may be left out */
    multipart->head_len = 0;
}

bool multipart_ended(const struct multipart *multipart)
{
    return multipart->state == ENDED || multipart->state == CLOSED;
}

/* A quoted string at the front of rest, unescaped in place: \" and \\ as older clients write them,
 * %22 as browsers do (WHATWG HTML, multipart/form-data encoding). */
static bool take_quoted(struct text *rest, char *base, struct text *out)
{
    if (!rest->len || rest->at[0] != '"')
        return false;
    char *to = base + (rest->at - base);
    size_t n = 0, i = 1;
    for (; i < rest->len && rest->at[i] != '"'; i++) {
        char c = rest->at[i];
        if (c == '\\' && i + 1 < rest->len && (rest->at[i + 1] == '"' || rest->at[i + 1] == '\\'))
            c = rest->at[++i];
        else if (c == '%' && i + 2 < rest->len && rest->at[i + 1] == '2' &&
                 rest->at[i + 2] == '2') {
            c = '"';
            i += 2;
        }
        to[n++] = c;
    }
    if (i >= rest->len)
        return false;
    *out = (struct text){to, n};
    *rest = text_slice(*rest, i + 1, rest->len);
    return true;
}

static struct text last_component(struct text name)
{
    for (size_t i = name.len; i > 0; i--)
        if (name.at[i - 1] == '/' || name.at[i - 1] == '\\')
            return text_slice(name, i, name.len);
    return name;
}

/* form-data; name="…"; filename="…" and nothing else (RFC 7578 section 4.2 forbids filename*). */
static bool read_disposition(struct multipart *m, struct text value)
{
    struct text kind = text_slice(value, 0, 9);
    if (!text_is_lower(kind, "form-data"))
        return false;
    value = text_slice(value, 9, value.len);
    bool named = false;
    while (value.len) {
        if (value.at[0] != ';')
            return false;
        value = text_trim(text_slice(value, 1, value.len));
        size_t i = 0;
        while (i < value.len && value.at[i] != '=')
            i++;
        struct text name = text_slice(value, 0, i), got;
        value = text_slice(value, i + 1, value.len);
        if (!take_quoted(&value, m->head, &got) || !text_utf8(got))
            return false;
        value = text_trim(value);
        if (text_is_lower(name, "name") && !named && got.len) {
            m->name = got;
            named = true;
        } else if (text_is_lower(name, "filename") && !m->file) {
            m->file = true;
            m->file_name = last_component(got);
            if (text_is(m->file_name, ".") || text_is(m->file_name, ".."))
                return false;
        } else {
            return false;
        }
    }
    return named;
}

static bool read_part_field(struct multipart *m, struct text line, bool *disposition)
{
    struct text name, value = line;
    if (!text_cut(&value, ':', &name) || !value.at || !field_name_valid(name) ||
        !field_value_valid(value))
        return false;
    value = text_trim(value);
    if (text_is_lower(name, "content-disposition")) {
        if (*disposition)
            return false;
        *disposition = true;
        return read_disposition(m, value);
    }
    if (text_is_lower(name, "content-type")) {
        if (m->media_type.len)
            return false;
        m->media_type = value;
        return true;
    }
    /* RFC 7578 section 4.7: senders must not encode; the harmless words are let pass. */
    if (text_is_lower(name, "content-transfer-encoding"))
        return text_is_lower(value, "binary") || text_is_lower(value, "8bit") ||
               text_is_lower(value, "7bit");
    return true;
}

static bool read_part_head(struct multipart *m)
{
    struct text rest = {m->head, m->head_len};
    bool disposition = false;
    m->name = m->file_name = m->media_type = (struct text){"", 0};
    m->file = false;
    for (;;) {
        ptrdiff_t end = text_find(rest, TEXT("\r\n"));
        if (end < 0)
            return false;
        if (end == 0)
            return disposition;
        if (!read_part_field(m, text_slice(rest, 0, (size_t)end), &disposition))
            return false;
        rest = text_slice(rest, (size_t)end + 2, rest.len);
    }
}

static enum multipart_event head_byte(struct multipart *m, char c)
{
    if (m->head_len == MULTIPART_HEAD)
        return MULTIPART_BAD;
    m->head[m->head_len++] = c;
    if (c != '\n')
        return MULTIPART_MORE;
    size_t n = m->head_len;
    if (n < 2 || m->head[n - 2] != '\r')
        return MULTIPART_BAD;
    if (n > 2 && (n < 4 || memcmp(m->head + n - 4, "\r\n\r\n", 4) != 0))
        return MULTIPART_MORE;
    if (!read_part_head(m))
        return MULTIPART_BAD;
    m->state = PART_DATA;
    m->matched = 0;
    return MULTIPART_PART;
}

/* Data up to something that may be the delimiter. CR stands only at the delimiter's front, so a
 * match that fails can begin again nowhere but at the byte that broke it. */
static enum multipart_event data_bytes(struct multipart *m, struct text *in, struct text *data)
{
    while (in->len) {
        if (m->matched == 0) {
            const char *cr = memchr(in->at, '\r', in->len);
            size_t plain = cr ? (size_t)(cr - in->at) : in->len;
            if (plain) {
                *data = text_slice(*in, 0, plain);
                *in = text_slice(*in, plain, in->len);
                return MULTIPART_DATA;
            }
        }
        if (in->at[0] != m->delimiter[m->matched]) {
            *data = (struct text){m->delimiter, m->matched};
            m->matched = 0;
            return MULTIPART_DATA;
        }
        *in = text_slice(*in, 1, in->len);
        if (++m->matched == m->delimiter_len) {
            m->state = AFTER;
            return MULTIPART_PART_END;
        }
    }
    return MULTIPART_MORE;
}

/* One byte of what stands between parts. */
static bool between_byte(struct multipart *m, char c)
{
    switch (m->state) {
    case FIRST:
        if (c != m->delimiter[m->matched])
            return false;
        if (++m->matched == m->delimiter_len)
            m->state = AFTER;
        return true;
    case AFTER:
        m->state = c == '\r' ? AFTER_LF : AFTER_DASH;
        return c == '\r' || c == '-';
    case AFTER_LF:
        m->state = PART_HEAD;
        m->head_len = 0;
        return c == '\n';
    case AFTER_DASH:
        m->state = ENDED;
        return c == '-';
    case ENDED:
        m->state = ENDED_LF;
        return c == '\r';
    case ENDED_LF:
        m->state = CLOSED;
        return c == '\n';
    default:
        return false;
    }
}

enum multipart_event multipart_next(struct multipart *multipart, struct text *in, struct text *data)
{
    while (in->len) {
        if (multipart->state == PART_DATA) {
            enum multipart_event event = data_bytes(multipart, in, data);
            if (event != MULTIPART_MORE)
                return event;
            continue;
        }
        char c = in->at[0];
        *in = text_slice(*in, 1, in->len);
        if (multipart->state == PART_HEAD) {
            enum multipart_event event = head_byte(multipart, c);
            if (event != MULTIPART_MORE)
                return event;
        } else if (!between_byte(multipart, c)) {
            return MULTIPART_BAD;
        }
    }
    return MULTIPART_MORE;
}
