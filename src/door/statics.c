/* Style sheets, scripts and pictures: embedded, named by their hash, so kept by browsers for ever;
 * packed once at the start. */
#include <string.h>
#include <zlib.h>

#include "door/parts.h"

static bool pack(const struct asset *asset, struct arena *arena, struct text *out,
                 struct fault *why)
{
    z_stream stream = {0};
    /* 15 + 16: the largest window, in gzip's wrapping. */
    if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return fault_set(why, "zlib does not start");
    size_t room = deflateBound(&stream, asset->size);
    unsigned char *at = arena_alloc(arena, room);
    stream.next_in = (unsigned char *)asset->bytes;
    stream.avail_in = (uInt)asset->size;
    stream.next_out = at;
    stream.avail_out = (uInt)room;
    bool good = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    if (good && stream.total_out < asset->size)
        *out = (struct text){(const char *)at, stream.total_out};
    deflateEnd(&stream);
    return good || fault_set(why, "%s could not be packed", asset->name);
}

bool statics_make(struct door *door, struct fault *why)
{
    door->statics = arena_array(door->arena, asset_count, sizeof *door->statics);
    for (size_t i = 0; i < asset_count; i++) {
        struct text path = asset_path(door->arena, &assets[i]);
        door->statics[i].asset = &assets[i];
        if (asset_served(path) && !pack(&assets[i], door->arena, &door->statics[i].packed, why))
            return false;
    }
    return true;
}

/* "gzip" as a word of its own, not refused by q=0. */
static bool takes_gzip(struct text accept)
{
    struct text coding, name;
    while (text_cut(&accept, ',', &coding)) {
        if (!text_cut(&coding, ';', &name) || !text_is(text_trim(name), "gzip"))
            continue;
        struct text quality = coding.at ? text_trim(coding) : TEXT("");
        return !(text_is(quality, "q=0") || text_starts(quality, TEXT("q=0.0")));
    }
    return false;
}

void static_handle(struct exchange *exchange)
{
    struct http_request *request = exchange->request;
    const struct asset *asset = asset_served(http_path(request));
    if (!asset) {
        answer_headers(exchange);
        http_answer_static(request, 404, "text/plain; charset=utf-8", TEXT("没有这个文件。\n"));
        return;
    }
    struct text body = {(const char *)asset->bytes, asset->size};
    const struct static_file *file = &exchange->door->statics[asset - assets];
    answer_headers(exchange);
    http_answer_header(request, "Cache-Control", TEXT("public, max-age=31536000, immutable"));
    http_answer_header(request, "Vary", TEXT("Accept-Encoding"));
    if (file->packed.len && takes_gzip(http_header(request, "accept-encoding"))) {
        http_answer_header(request, "Content-Encoding", TEXT("gzip"));
        body = file->packed;
    }
    http_answer_static(request, 200, asset->media_type, body);
}
