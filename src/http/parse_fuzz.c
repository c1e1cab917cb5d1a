/* libFuzzer over the three parsers: build with `make build/fuzz/http/parse_fuzz`. The first byte
 * chooses the parser, the second how the rest is cut; cut or whole, the result must be the same. */
#include <stdlib.h>
#include <string.h>

#include "http/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HOW = 2, INPUT_LIMIT = 1 << 16 };

static void must(bool good)
{
    if (!good)
        abort();
}

/* The next piece: lengths follow from the seed, so that one input always gives the same cuts. */
static size_t piece(uint32_t *seed, size_t left)
{
    *seed = *seed * 1664525u + 1013904223u;
    size_t size = 1 + (*seed >> 24) % 40;
    return size < left ? size : left;
}

static void fuzz_head(const char *at, size_t len, uint32_t seed)
{
    static const struct head_limits limits = {2048, 256};
    struct head whole = {0}, cut = {0};
    enum parse at_once = head_parse(&whole, at, len, &limits), result = PARSE_MORE;
    for (size_t n = 0; n < len && result == PARSE_MORE;) {
        n += piece(&seed, len - n);
        /* A copy of its own, so that reading past the bytes given is caught. */
        char *copy = malloc(n);
        if (!copy)
            abort();
        memcpy(copy, at, n);
        result = head_parse(&cut, copy, n, &limits);
        free(copy);
    }
    must(result == at_once && whole.status == cut.status);
    if (result != PARSE_DONE)
        return;
    must(whole.size == cut.size && whole.size <= len && whole.count == cut.count);
    must(whole.method == cut.method && whole.length == cut.length && whole.length >= 0);
    must(!(whole.chunked && whole.length > 0));
    for (size_t i = 0; i < whole.count; i++)
        must(whole.fields[i].value.at + whole.fields[i].value.len <= whole.size &&
             whole.fields[i].name.len > 0);
    must(whole.path.len > 0 && at[whole.path.at] == '/');
    char *path = malloc(whole.path.len);
    size_t path_len = 0;
    if (!path)
        abort();
    if (path_decode((struct text){at + whole.path.at, whole.path.len}, path, &path_len))
        must(path_len <= whole.path.len && path[0] == '/' && !memchr(path, 0, path_len));
    free(path);
}

/* Feeds all of at, whole or cut, and gives the last event, a hash of the body and what was used. */
static enum chunk_event run_chunks(const char *at, size_t len, uint32_t seed, bool whole,
                                   uint64_t *hash, size_t *used)
{
    struct chunks chunks = {0};
    enum chunk_event event = CHUNK_MORE;
    *hash = 5381;
    *used = 0;
    while (*used < len) {
        size_t n = whole ? len - *used : piece(&seed, len - *used);
        struct text in = {at + *used, n}, data;
        do {
            event = chunks_next(&chunks, &in, &data);
            for (size_t i = 0; event == CHUNK_DATA && i < data.len; i++)
                *hash = *hash * 33 + (unsigned char)data.at[i];
        } while (event == CHUNK_DATA);
        *used += n - in.len;
        if (event != CHUNK_MORE)
            break;
    }
    return event;
}

static void fuzz_chunks(const char *at, size_t len, uint32_t seed)
{
    uint64_t a, b;
    size_t used_a, used_b;
    enum chunk_event whole = run_chunks(at, len, seed, true, &a, &used_a);
    enum chunk_event cut = run_chunks(at, len, seed, false, &b, &used_b);
    must(whole == cut && used_a == used_b && a == b);
}

static bool run_multipart(const char *at, size_t len, uint32_t seed, bool whole, uint64_t *hash)
{
    struct multipart *m = calloc(1, sizeof *m);
    size_t used = 0, parts = 0, ends = 0;
    bool good = true;
    must(m);
    multipart_begin(m, TEXT("b"));
    *hash = 5381;
    while (used < len && good) {
        size_t n = whole ? len - used : piece(&seed, len - used);
        struct text in = {at + used, n}, data = {"", 0};
        enum multipart_event event;
        used += n;
        while ((event = multipart_next(m, &in, &data)) != MULTIPART_MORE) {
            if (event == MULTIPART_BAD) {
                good = false;
                break;
            }
            parts += event == MULTIPART_PART;
            ends += event == MULTIPART_PART_END;
            must(ends <= parts && parts <= ends + 1);
            must(event != MULTIPART_PART ||
                 (m->name.len && text_utf8(m->name) && text_utf8(m->file_name)));
            for (size_t i = 0; event == MULTIPART_DATA && i < data.len; i++)
                *hash = *hash * 33 + (unsigned char)data.at[i];
        }
    }
    good = good && multipart_ended(m);
    must(!good || parts == ends);
    free(m);
    return good;
}

static void fuzz_multipart(const char *at, size_t len, uint32_t seed)
{
    uint64_t a, b;
    struct text boundary;
    bool whole = run_multipart(at, len, seed, true, &a);
    must(whole == run_multipart(at, len, seed, false, &b) && (!whole || a == b));
    if (multipart_boundary((struct text){at, len}, &boundary))
        must(boundary.len > 0 && boundary.len <= MULTIPART_BOUNDARY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HOW || size > INPUT_LIMIT)
        return 0;
    /* On the heap and of exact size, so that the sanitizer sees a byte read too many. */
    size_t len = size - HOW;
    char *at = malloc(len ? len : 1);
    must(at);
    memcpy(at, data + HOW, len);
    switch (data[0] % 3) {
    case 0:
        fuzz_head(at, len, data[1]);
        break;
    case 1:
        fuzz_chunks(at, len, data[1]);
        break;
    default:
        fuzz_multipart(at, len, data[1]);
    }
    free(at);
    return 0;
}
