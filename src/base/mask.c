#include "base/mask.h"

#include <string.h>

struct text mask_name(struct text name, struct arena *arena)
{
    struct text rest = name;
    if (!name.len)
        return name;
    text_next(&rest);
    return text_format(arena, "%.*s%s", (int)(name.len - rest.len), name.at,
                       text_chars(rest) > 1 ? "**" : "*");
}

static struct text mask_middle(struct text value, size_t head, size_t tail, struct arena *arena)
{
    struct buf out = {.arena = arena};
    bool whole = value.len <= head + tail;
    for (size_t i = 0; i < value.len; i++)
        buf_char(&out, !whole && (i < head || i >= value.len - tail) ? value.at[i] : '*');
    return buf_done(&out);
}

struct text mask_id(struct text number, struct arena *arena)
{
    return mask_middle(number, 6, 4, arena);
}

struct text mask_phone(struct text phone, struct arena *arena)
{
    return mask_middle(phone, 3, 4, arena);
}

/* Where the first of these characters ends, at or after `from`; 0: nowhere. */
static size_t end_of(struct text address, const char *const *marks, size_t from)
{
    size_t first = 0;
    for (; *marks; marks++) {
        ptrdiff_t at = text_find(text_slice(address, from, address.len), text_of(*marks));
        size_t end = from + (size_t)at + strlen(*marks);
        if (at >= 0 && (!first || end < first))
            first = end;
    }
    return first;
}

struct text mask_address(struct text address, struct arena *arena)
{
    static const char *const towns[] = {"街道", "镇", "乡", NULL};
    static const char *const counties[] = {"县", "区", "市", NULL};
    size_t end = end_of(address, towns, 0);
    if (!end)
        end = end_of(address, counties, 0);
    if (!address.len)
        return address;
    return text_format(arena, "%.*s******", (int)end, address.at);
}
