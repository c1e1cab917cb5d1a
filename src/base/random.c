#include "base/random.h"

#include <sodium.h>
#include <stdlib.h>

void random_bytes(void *out, size_t size)
{
    if (sodium_init() < 0)
        abort();
    randombytes_buf(out, size);
}

struct text random_code(struct arena *arena, const unsigned char *seed, size_t length)
{
    static const char letters[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    char *at = arena_alloc(arena, length);
    for (size_t i = 0; i < length; i++)
        at[i] = letters[seed[i] % 31];
    return (struct text){at, length};
}
