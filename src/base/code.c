/* Codes for people, from random bytes drawn elsewhere: pure, so that decisions may call it. */
#include "base/random.h"

struct text random_code(struct arena *arena, const unsigned char *seed, size_t length)
{
    static const char letters[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    char *at = arena_alloc(arena, length);
    for (size_t i = 0; i < length; i++)
        at[i] = letters[seed[i] % 31];
    return (struct text){at, length};
}
