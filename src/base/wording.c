#include "base/wording.h"

#include <stdio.h>
#include <string.h>

enum { SLOTS = 64 };

struct wordings {
    struct wording *slots[SLOTS];
};

/* One conversion of a printf format: "%-5.2lld". */
struct spec {
    size_t len;      /* of the whole */
    char start[16];  /* '%' and its flags */
    bool star_width, star_precision;
    int width, precision; /* -1: none */
    char length;     /* 0, 'l', 'L' (long long), 'z', 'j', 't' */
    char kind;
};

static int number_read(const char **at)
{
    int number = 0;
    while (**at >= '0' && **at <= '9' && number < 100000)
        number = number * 10 + (*(*at)++ - '0');
    return number;
}

static struct spec spec_read(const char *from)
{
    struct spec spec = {.width = -1, .precision = -1};
    const char *at = from;
    size_t start = 0;
    do
        spec.start[start++] = *at++;
    while (*at && strchr("-+ #0", *at) && start + 1 < sizeof spec.start);
    spec.star_width = *at == '*';
    if (spec.star_width)
        at++;
    else if (*at >= '1' && *at <= '9')
        spec.width = number_read(&at);
    if (*at == '.') {
        at++;
        spec.star_precision = *at == '*';
        if (spec.star_precision)
            at++;
        else
            spec.precision = number_read(&at);
    }
    for (; *at && strchr("hljzt", *at); at++)
        spec.length = *at == 'l' && spec.length == 'l' ? 'L' : *at == 'h' ? 0 : *at;
    spec.kind = *at;
    spec.len = (size_t)(at - from) + (*at != 0);
    return spec;
}

/* The caller began the list; the analyser does not see that a pointer to it may be handed on (7.16).
 * NOLINTBEGIN(clang-analyzer-valist.Uninitialized) */
static long long signed_next(va_list *given, char length)
{
    switch (length) {
    case 'l':
        return va_arg(*given, long);
    case 'L':
        return va_arg(*given, long long);
    case 'z':
    case 't':
        return va_arg(*given, ptrdiff_t);
    case 'j':
        return va_arg(*given, intmax_t);
    default:
        return va_arg(*given, int);
    }
}

static unsigned long long unsigned_next(va_list *given, char length)
{
    switch (length) {
    case 'l':
        return va_arg(*given, unsigned long);
    case 'L':
        return va_arg(*given, unsigned long long);
    case 'z':
    case 't':
        return va_arg(*given, size_t);
    case 'j':
        return va_arg(*given, uintmax_t);
    default:
        return va_arg(*given, unsigned);
    }
}

static struct text number_piece(const struct spec *spec, va_list *given, struct arena *arena)
{
    char form[64], room[128];
    int at = snprintf(form, sizeof form, "%s", spec->start), size;
    if (spec->width >= 0)
        at += snprintf(form + at, sizeof form - (size_t)at, "%d", spec->width);
    if (spec->precision >= 0)
        at += snprintf(form + at, sizeof form - (size_t)at, ".%d", spec->precision);
    bool whole = strchr("di", spec->kind), natural = strchr("uxXo", spec->kind);
    snprintf(form + at, sizeof form - (size_t)at, "%s%c", whole || natural ? "ll" : "", spec->kind);
    if (whole)
        size = snprintf(room, sizeof room, form, signed_next(given, spec->length));
    else if (natural)
        size = snprintf(room, sizeof room, form, unsigned_next(given, spec->length));
    else if (spec->kind == 'c')
        size = snprintf(room, sizeof room, form, va_arg(*given, int));
    else if (spec->kind == 'p')
        size = snprintf(room, sizeof room, form, va_arg(*given, void *));
    else
        size = snprintf(room, sizeof room, form, va_arg(*given, double));
    if (size < 0 || (size_t)size >= sizeof room)
        size = 0;
    return text_copy(arena, (struct text){room, (size_t)size});
}

static struct text piece_next(struct spec *spec, va_list *given, struct arena *arena)
{
    if (spec->star_width)
        spec->width = va_arg(*given, int);
    if (spec->star_precision)
        spec->precision = va_arg(*given, int);
    if (spec->kind != 's')
        return number_piece(spec, given, arena);
    const char *at = va_arg(*given, const char *);
    size_t len = !at ? 0 : spec->precision >= 0 ? strnlen(at, (size_t)spec->precision) : strlen(at);
    return text_copy(arena, (struct text){at, len});
}

/* NOLINTEND(clang-analyzer-valist.Uninitialized) */

void wordings_keep(struct arena *arena)
{
    if (!arena_attached(arena))
        arena_attach(arena, arena_alloc(arena, sizeof(struct wordings)));
}

bool wordings_kept(const struct arena *arena)
{
    return arena_attached(arena) != NULL;
}

static bool plain_ascii(struct text a)
{
    for (size_t i = 0; i < a.len; i++)
        if ((unsigned char)a.at[i] >= 0x80)
            return false;
    return true;
}

void wording_note(struct arena *arena, struct text said, const char *format, va_list args)
{
    struct wordings *wordings = arena_attached(arena);
    va_list given;
    size_t room = 0;
    if (!wordings || plain_ascii(said))
        return;
    for (const char *at = format; *at; at++)
        room += *at == '%';
    struct wording *wording = arena_alloc(arena, sizeof *wording);
    *wording = (struct wording){.said = said, .format = format};
    wording->pieces = arena_array(arena, room, sizeof *wording->pieces);
    va_copy(given, args);
    for (const char *at = format; *at;) {
        if (*at != '%') {
            at++;
            continue;
        }
        struct spec spec = spec_read(at);
        if (spec.kind && spec.kind != '%')
            wording->pieces[wording->count++] = piece_next(&spec, &given, arena);
        at += spec.len;
    }
    va_end(given);
    struct wording **slot = &wordings->slots[text_hash(said) % SLOTS];
    wording->next = *slot;
    *slot = wording;
}

const struct wording *wording_find(const struct arena *arena, struct text said)
{
    const struct wordings *wordings = arena ? arena_attached(arena) : NULL;
    const struct wording *wording = wordings ? wordings->slots[text_hash(said) % SLOTS] : NULL;
    while (wording && !text_equal(wording->said, said))
        wording = wording->next;
    return wording;
}

struct text wording_plain(const char *format, struct arena *arena)
{
    struct buf out = {.arena = arena};
    while (*format) {
        if (*format != '%') {
            buf_char(&out, *format++);
            continue;
        }
        struct spec spec = spec_read(format);
        buf_str(&out, spec.kind == '%' ? "%%" : "%s");
        format += spec.len;
    }
    return buf_done(&out);
}
