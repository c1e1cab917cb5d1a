/* Text is a slice: an address and a length in bytes, UTF-8 wherever people read it, not ended by
 * NUL. A buf is a growing byte string in an arena. */
#ifndef YIMEN_BASE_TEXT_H
#define YIMEN_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct text {
    const char *at;
    size_t len; /* bytes */
};

#define TEXT(literal) ((struct text){"" literal, sizeof(literal) - 1})
/* For printf-like calls: printf("%.*s", TEXT_ARG(t)). */
#define TEXT_ARG(t) (int)(t).len, (t).at ? (t).at : ""

struct text text_of(const char *c_string); /* NULL gives the empty text */
bool text_equal(struct text a, struct text b);
bool text_is(struct text a, const char *c_string);
int text_order(struct text a, struct text b); /* byte order, as memcmp */
bool text_starts(struct text a, struct text prefix);
bool text_ends(struct text a, struct text suffix);
struct text text_copy(struct arena *arena, struct text a);
char *text_cstr(struct arena *arena, struct text a); /* ended by NUL */
struct text text_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct text text_trim(struct text a); /* ASCII white space at both ends */
struct text text_slice(struct text a, size_t from, size_t to);
/* The front of a valid UTF-8 text: at most that many bytes, no character cut in two. */
struct text text_head(struct text a, size_t most);
/* Cuts a at the first separator: the part before it goes to head, a becomes the rest.
 * False once a is used up. Splitting "x,,y" gives "x", "", "y". */
bool text_cut(struct text *a, char separator, struct text *head);
ptrdiff_t text_find(struct text a, struct text what); /* byte offset or -1 */
uint64_t text_hash(struct text a);                    /* FNV-1a, for tables in memory */

/* Whole text is one decimal integer in range, no sign but '-', no spaces, no leading '+'. */
bool text_int(struct text a, int64_t *out);
/* Lower-case hex of size bytes / its inverse (exact length, either case). */
struct text text_hex(struct arena *arena, const void *bytes, size_t size);
bool text_unhex(struct text a, void *out, size_t size);
/* RFC 4648 base64 with padding / strict inverse, out_len gets the byte count. */
struct text text_base64(struct arena *arena, const void *bytes, size_t size);
bool text_unbase64(struct arena *arena, struct text a, struct text *out);

/* Valid UTF-8 (no overlong forms, surrogates or values past U+10FFFF). */
bool text_utf8(struct text a);
/* Code points in a valid UTF-8 text. */
size_t text_chars(struct text a);
/* Next code point of a valid UTF-8 text; advances a; -1 at the end. */
int32_t text_next(struct text *a);

struct buf {
    struct arena *arena;
    char *at;
    size_t len;
    size_t cap;
};

void buf_add(struct buf *buf, const void *bytes, size_t size);
void buf_text(struct buf *buf, struct text a);
void buf_str(struct buf *buf, const char *c_string);
void buf_char(struct buf *buf, char c);
void buf_int(struct buf *buf, int64_t value);
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_utf8(struct buf *buf, int32_t code_point);
/* The five characters that matter in HTML text and quoted attributes are escaped. */
void buf_html(struct buf *buf, struct text a);
/* A JSON string with quotes, escaped as RFC 8785 section 3.2.2.2 says. */
void buf_json(struct buf *buf, struct text a);
/* Percent-encoding of everything but unreserved characters (RFC 3986 section 2.3). */
void buf_url(struct buf *buf, struct text a);
/* What was gathered; valid while the arena is and until the next addition. */
struct text buf_done(const struct buf *buf);

#endif
