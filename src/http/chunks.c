#include "http/parse.h"

enum {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER, /* at the beginning of a line */
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    LAST_LF,
    DONE,
};

/* Fifteen hexadecimal digits cannot overflow 64 bits nor an int64_t. */
enum { DIGITS_LIMIT = 15, OVERHEAD_LIMIT = 16384 };

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

static bool size_byte(struct chunks *chunks, char c)
{
    int digit = hex(c);
    if (digit >= 0) {
        if (++chunks->digits > DIGITS_LIMIT)
            return false;
        chunks->left = chunks->left * 16 + (uint64_t)digit;
        return true;
    }
    if (!chunks->digits || (c != ';' && c != '\r'))
        return false;
    chunks->state = c == ';' ? EXTENSION : SIZE_LF;
    return true;
}

static bool expect(struct chunks *chunks, char c, char wanted, int next)
{
    chunks->state = next;
    return c == wanted;
}

static bool over(struct chunks *chunks)
{
    return ++chunks->overhead > OVERHEAD_LIMIT;
}

/* One byte that is not body. */
static bool framing_byte(struct chunks *chunks, char c)
{
    switch (chunks->state) {
    case SIZE:
        return size_byte(chunks, c);
    case EXTENSION:
        if (c == '\r')
            chunks->state = SIZE_LF;
        else if (over(chunks) || !field_value_valid((struct text){&c, 1}))
            return false;
        return true;
    case SIZE_LF:
        chunks->digits = 0;
        return expect(chunks, c, '\n', chunks->left ? DATA : TRAILER);
    case DATA_CR:
        return expect(chunks, c, '\r', DATA_LF);
    case DATA_LF:
        return expect(chunks, c, '\n', SIZE);
    case TRAILER:
        if (c == '\r') {
            chunks->state = LAST_LF;
            return true;
        }
        chunks->state = TRAILER_NAME;
        return !over(chunks) && field_name_valid((struct text){&c, 1});
    case TRAILER_NAME:
        if (c == ':')
            chunks->state = TRAILER_VALUE;
        else if (!field_name_valid((struct text){&c, 1}))
            return false;
        return !over(chunks);
    case TRAILER_VALUE:
        if (c == '\r')
            chunks->state = TRAILER_LF;
        else if (!field_value_valid((struct text){&c, 1}))
            return false;
        return !over(chunks);
    case TRAILER_LF:
        return expect(chunks, c, '\n', TRAILER);
    default:
        return expect(chunks, c, '\n', DONE);
    }
}

enum chunk_event chunks_next(struct chunks *chunks, struct text *in, struct text *data)
{
    while (chunks->state != DONE) {
        if (!in->len)
            return CHUNK_MORE;
        if (chunks->state == DATA) {
            size_t take = in->len < chunks->left ? in->len : (size_t)chunks->left;
            *data = (struct text){in->at, take};
            in->at += take;
            in->len -= take;
            chunks->left -= take;
            if (!chunks->left)
                chunks->state = DATA_CR;
            return CHUNK_DATA;
        }
        char c = in->at[0];
        in->at++;
        in->len--;
        if (!framing_byte(chunks, c))
            return CHUNK_BAD;
    }
    return CHUNK_DONE;
}
