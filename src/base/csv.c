#include "base/csv.h"

void csv_begin(struct buf *out)
{
    buf_str(out, "\xef\xbb\xbf");
}

static bool formula(struct text value)
{
    struct text rest = value;
    if (!value.len)
        return false;
    switch (text_next(&rest)) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case 0xff1d: /* full-width: = + - @ */
    case 0xff0b:
    case 0xff0d:
    case 0xff20:
        return true;
    default:
        return false;
    }
}

void csv_value(struct buf *out, struct text value, bool last)
{
    buf_char(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] == '"')
            buf_char(out, '"');
        buf_char(out, value.at[i]);
    }
    buf_str(out, last ? "\"\r\n" : "\",");
}

void csv_cell(struct buf *out, struct text value, bool last)
{
    struct buf guarded = {.arena = out->arena};
    if (!formula(value)) {
        csv_value(out, value, last);
        return;
    }
    buf_char(&guarded, '\'');
    buf_text(&guarded, value);
    csv_value(out, buf_done(&guarded), last);
}
