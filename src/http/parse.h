/* Strict incremental parsing of what a peer sends (RFC 9110, RFC 9112, RFC 7578). Pure: no I/O, no
 * memory of its own, no clock; the same bytes give the same result however they are cut. What is
 * not known to be right is refused. */
#ifndef YIMEN_HTTP_PARSE_H
#define YIMEN_HTTP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "http/http.h"

enum { HEAD_FIELDS = 64 };

/* A place in the head, counted from its first byte, so that the bytes may move. */
struct span {
    uint32_t at;
    uint32_t len;
};

struct head_field {
    struct span name;
    struct span value; /* without the white space around it */
};

/* Zeroed before the first byte, at least up to fields. */
struct head {
    size_t line;   /* where the line being gathered begins */
    size_t seen;   /* bytes already searched for its end */
    bool begun;    /* the request line was read */
    unsigned once; /* fields that may stand only once and were met */

    int status; /* after PARSE_BAD: what to answer */

    /* After PARSE_DONE. */
    size_t size; /* of the whole head, with the empty line at its end */
    enum http_method method;
    int minor;             /* HTTP/1.minor, 0 or 1 */
    struct span authority; /* of an absolute-form target */
    struct span target;    /* path and query, as sent */
    struct span path;      /* as sent, not decoded */
    struct span query;
    struct span host;
    struct span content_type;
    size_t count;   /* of fields */
    int64_t length; /* Content-Length; 0 without one */
    bool chunked;
    bool close;
    bool expect; /* 100-continue */
    struct head_field fields[HEAD_FIELDS];
};

struct head_limits {
    size_t head;   /* bytes of the whole head; longer is 431 */
    size_t target; /* bytes of the target; longer is 414 */
};

enum parse { PARSE_MORE, PARSE_DONE, PARSE_BAD };

/* at[0..len) is the head from its first byte on, as much as there is; call again with more. */
enum parse head_parse(struct head *head, const char *at, size_t len,
                      const struct head_limits *limits);

/* Decodes a path's percent escapes into out (at least raw.len bytes). False for a malformed escape,
 * a control character, an encoded slash or backslash, an empty, "." or ".." segment, or text that
 * is not UTF-8. */
bool path_decode(struct text raw, char *out, size_t *out_len);

/* Bytes as they may stand in a field's name (RFC 9110 section 5.6.2) and value (5.5). */
bool field_name_valid(struct text name);
bool field_value_valid(struct text value);
/* ASCII letters compared without case; b in lower case. */
bool text_is_lower(struct text a, const char *b);

/* A chunked body (RFC 9112 section 7.1). Zeroed before the first byte. Trailer fields are checked
 * and dropped. */
struct chunks {
    int state;
    int digits;
    uint64_t left;
    size_t overhead; /* bytes of extensions and trailers so far; limited over the whole body */
};

enum chunk_event { CHUNK_MORE, CHUNK_DATA, CHUNK_DONE, CHUNK_BAD };

/* Takes bytes from the front of in. CHUNK_DATA: data is the next piece of the body, inside in. */
enum chunk_event chunks_next(struct chunks *chunks, struct text *in, struct text *data);

/* multipart/form-data (RFC 7578). */
enum { MULTIPART_HEAD = 4096, MULTIPART_BOUNDARY = 70 };

struct multipart {
    int state;
    char delimiter[MULTIPART_BOUNDARY + 4]; /* CR LF "--" boundary */
    size_t delimiter_len;
    size_t matched; /* bytes of the delimiter met so far */
    char head[MULTIPART_HEAD];
    size_t head_len;
    /* The part whose head was read last; inside head. */
    bool file; /* it has a filename, be it empty */
    struct text name;
    struct text file_name; /* the last path component */
    struct text media_type;
};

enum multipart_event {
    MULTIPART_MORE,
    MULTIPART_PART, /* a part begins: name, file, file_name, media_type are set */
    MULTIPART_DATA,
    MULTIPART_PART_END,
    MULTIPART_BAD,
};

/* The boundary of a Content-Type; false if it is not multipart/form-data or has no valid one. */
bool multipart_boundary(struct text content_type, struct text *boundary);
void multipart_begin(struct multipart *multipart, struct text boundary);
/* Takes bytes from the front of in. MULTIPART_DATA: data is the next piece of the part; it lies in
 * in or in the multipart. */
enum multipart_event multipart_next(struct multipart *multipart, struct text *in,
                                    struct text *data);
/* The closing delimiter was met, so the body may end here. */
bool multipart_ended(const struct multipart *multipart);

#endif
