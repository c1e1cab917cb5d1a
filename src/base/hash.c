#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdlib.h>

/* The low-level interface: EVP looks its algorithm up and allocates at every call, which costs more
 * than hashing the few hundred bytes of a journal entry. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

struct hash_stream {
    SHA256_CTX state;
};

struct hash hash_of(struct text data)
{
    return hash_parts(&data, 1);
}

struct hash hash_parts(const struct text *parts, size_t count)
{
    SHA256_CTX state;
    struct hash hash;
    SHA256_Init(&state);
    for (size_t i = 0; i < count; i++)
        if (parts[i].len)
            SHA256_Update(&state, parts[i].at, parts[i].len);
    SHA256_Final(hash.bytes, &state);
    return hash;
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return CRYPTO_memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

struct text hash_hex(struct arena *arena, const struct hash *hash)
{
    return text_hex(arena, hash->bytes, sizeof hash->bytes);
}

struct hash_stream *hash_stream_new(void)
{
    struct hash_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        abort();
    SHA256_Init(&stream->state);
    return stream;
}

void hash_stream_add(struct hash_stream *stream, const void *bytes, size_t size)
{
    SHA256_Update(&stream->state, bytes, size);
}

struct hash hash_stream_end(struct hash_stream *stream)
{
    struct hash hash;
    SHA256_Final(hash.bytes, &stream->state);
    free(stream);
    return hash;
}
