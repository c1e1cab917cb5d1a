/* SHA-256 (FIPS 180-4), the suite every commitment and tree hash here names as "sha-256". */
#ifndef YIMEN_BASE_HASH_H
#define YIMEN_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct hash {
    unsigned char bytes[32];
};

struct hash hash_of(struct text data);
/* SHA-256 over the parts in order, as if they were one text. */
struct hash hash_parts(const struct text *parts, size_t count);
/* Equal in constant time; for secrets as well as for proofs. */
bool hash_equal(const struct hash *a, const struct hash *b);
struct text hash_hex(struct arena *arena, const struct hash *hash);

/* For data that comes in pieces (uploads). hash_stream_end frees the stream. */
struct hash_stream;
struct hash_stream *hash_stream_new(void);
void hash_stream_add(struct hash_stream *stream, const void *bytes, size_t size);
struct hash hash_stream_end(struct hash_stream *stream);

#endif
