#include "approval/history/xes_source.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

struct xes_source {
    struct xes_input input;
    const struct xes_limits *limits;
    struct hash_stream *hash;
    z_stream packed;
    bool known; /* whether it is gzip has been seen */
    bool gzip;
    bool member; /* inside a gzip member */
    bool ended;  /* the input is used up */
    const unsigned char *at; /* bytes not yet given out, within raw */
    size_t left;
    int64_t bytes_in, bytes_out;
    unsigned char raw[64 * 1024];
};

struct xes_source *xes_source_new(const struct xes_input *input, const struct xes_limits *limits)
{
    struct xes_source *source = calloc(1, sizeof *source);
    if (!source)
        abort();
    source->input = *input;
    source->limits = limits;
    source->hash = hash_stream_new();
    return source;
}

/* More raw bytes behind those that are left; false on a read error. */
static bool refill(struct xes_source *source)
{
    memmove(source->raw, source->at ? source->at : source->raw, source->left);
    source->at = source->raw;
    while (!source->ended && source->left < 2) {
        ptrdiff_t got = source->input.read(source->input.context, source->raw + source->left,
                                           sizeof source->raw - source->left);
        if (got < 0)
            return false;
        source->ended = got == 0;
        hash_stream_add(source->hash, source->raw + source->left, (size_t)got);
        source->left += (size_t)got;
        source->bytes_in += got;
    }
    return true;
}

static bool magic(const struct xes_source *source)
{
    return source->left >= 2 && source->at[0] == 0x1f && source->at[1] == 0x8b;
}

static ptrdiff_t fail(enum xes_wrong *wrong, enum xes_wrong code)
{
    *wrong = code;
    return -1;
}

/* One member follows another (RFC 1952 section 2.2); anything else after a member is damage. */
static bool member_start(struct xes_source *source)
{
    int status = source->gzip ? inflateReset(&source->packed)
                              : inflateInit2(&source->packed, 15 + 16);
    if (status == Z_MEM_ERROR)
        abort();
    source->gzip = true;
    source->member = true;
    return status == Z_OK;
}

static ptrdiff_t unpack(struct xes_source *source, void *out, size_t room, enum xes_wrong *wrong)
{
    size_t done = 0;
    while (done == 0) {
        if (source->left < 2 && !refill(source))
            return fail(wrong, XES_UNREADABLE);
        if (!source->member && source->left == 0)
            return 0;
        if (!source->member && (!magic(source) || !member_start(source)))
            return fail(wrong, XES_DAMAGED);
        source->packed.next_in = (unsigned char *)source->at;
        source->packed.avail_in = (unsigned)source->left;
        source->packed.next_out = out;
        source->packed.avail_out = (unsigned)room;
        int status = inflate(&source->packed, Z_NO_FLUSH);
        source->at = source->packed.next_in;
        source->left = source->packed.avail_in;
        done = room - source->packed.avail_out;
        if (status == Z_STREAM_END)
            source->member = false;
        else if (status == Z_BUF_ERROR && done == 0 && source->left == 0 && source->ended)
            return fail(wrong, XES_ENDS_EARLY);
        else if (status != Z_OK && status != Z_BUF_ERROR)
            return fail(wrong, XES_DAMAGED);
    }
    return (ptrdiff_t)done;
}

ptrdiff_t xes_source_read(struct xes_source *source, void *out, size_t room, enum xes_wrong *wrong)
{
    if (source->left < 2 && !refill(source))
        return fail(wrong, XES_UNREADABLE);
    bool packed = source->gzip || (!source->known && magic(source));
    source->known = true;
    ptrdiff_t got;
    if (packed) {
        got = unpack(source, out, room, wrong);
        if (got < 0)
            return got;
    } else {
        got = (ptrdiff_t)(source->left < room ? source->left : room);
        memcpy(out, source->at, (size_t)got);
        source->at += got;
        source->left -= (size_t)got;
    }
    source->bytes_out += got;
    if (source->bytes_out > source->limits->xml_bytes)
        return fail(wrong, XES_TOO_BIG);
    if (packed && source->bytes_out > source->limits->ratio_from &&
        source->bytes_out / source->limits->ratio > source->bytes_in)
        return fail(wrong, XES_BOMB);
    return got;
}

void xes_source_end(struct xes_source *source, struct xes_found *found)
{
    struct hash hash = hash_stream_end(source->hash);
    if (found) {
        found->file = hash;
        found->file_bytes = source->bytes_in;
        found->xml_bytes = source->bytes_out;
    }
    if (source->gzip)
        inflateEnd(&source->packed);
    free(source);
}

static ptrdiff_t read_fd(void *context, void *out, size_t room)
{
    return read(*(const int *)context, out, room);
}

bool xes_read_file(int fd, const struct xes_limits *limits, const struct xes_handler *handler,
                   struct xes_found *found, struct xes_error *error)
{
    struct xes_input input = {&fd, read_fd};
    lseek(fd, 0, SEEK_SET); /* a pipe has no beginning to go back to and is read as it comes */
    return xes_read(&input, limits, handler, found, error);
}

static ptrdiff_t read_memory(void *context, void *out, size_t room)
{
    struct text *rest = context;
    size_t take = rest->len < room ? rest->len : room;
    if (take)
        memcpy(out, rest->at, take);
    rest->at += take;
    rest->len -= take;
    return (ptrdiff_t)take;
}

bool xes_read_memory(struct text bytes, const struct xes_limits *limits,
                     const struct xes_handler *handler, struct xes_found *found,
                     struct xes_error *error)
{
    struct xes_input input = {&bytes, read_memory};
    return xes_read(&input, limits, handler, found, error);
}
