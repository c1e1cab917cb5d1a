/* The addresses of tlog-tiles: pure. */
#include "journal/journal.h"

#include <string.h>

enum { GROUP = 3, MOST_GROUPS = 6, FULL = 256 };

/* Digits only, no leading zero but in "0" itself, at most `most`. */
static bool number(struct text a, int64_t most, int64_t *out)
{
    if (!a.len || (a.at[0] == '0' && a.len > 1) || a.at[0] == '-')
        return false;
    return text_int(a, out) && *out <= most;
}

/* "x001/x234/067" -> 1234067. */
static bool tile_number(struct text a, int64_t *n)
{
    struct text group;
    int64_t total = 0;
    for (int count = 1; text_cut(&a, '/', &group); count++) {
        bool last = !a.at;
        if (count > MOST_GROUPS || group.len != GROUP + (last ? 0 : 1) ||
            (!last && group.at[0] != 'x'))
            return false;
        struct text digits = text_slice(group, last ? 0 : 1, group.len);
        int value = 0;
        for (size_t i = 0; i < GROUP; i++) {
            if (digits.at[i] < '0' || digits.at[i] > '9')
                return false;
            value = value * 10 + (digits.at[i] - '0');
        }
        /* A first group of zeros before others would be a second spelling of the same tile. */
        if (count == 1 && !last && value == 0)
            return false;
        total = total * 1000 + value;
    }
    *n = total;
    return true;
}

bool tile_path_read(struct text path, int *level, int64_t *n, int *width)
{
    struct text rest = path, first;
    int64_t value;
    if (!text_cut(&rest, '/', &first) || !rest.at)
        return false;
    if (text_is(first, "entries"))
        *level = -1;
    else if (number(first, 63, &value))
        *level = (int)value;
    else
        return false;
    *width = FULL;
    ptrdiff_t partial = text_find(rest, TEXT(".p/"));
    if (partial >= 0) {
        if (!number(text_slice(rest, (size_t)partial + 3, rest.len), FULL - 1, &value) ||
            value < 1)
            return false;
        *width = (int)value;
        rest = text_slice(rest, 0, (size_t)partial);
    }
    return tile_number(rest, n);
}

struct text tile_path(int level, int64_t n, int width, struct arena *arena)
{
    struct buf path = {.arena = arena};
    if (level < 0)
        buf_str(&path, "entries/");
    else
        buf_format(&path, "%d/", level);
    int64_t unit = 1;
    while (n / unit >= 1000)
        unit *= 1000;
    for (; unit > 1; unit /= 1000)
        buf_format(&path, "x%03d/", (int)(n / unit % 1000));
    buf_format(&path, "%03d", (int)(n % 1000));
    if (width < FULL)
        buf_format(&path, ".p/%d", width);
    return buf_done(&path);
}
