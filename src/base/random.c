#include "base/random.h"

#include <sodium.h>
#include <stdlib.h>

void random_bytes(void *out, size_t size)
{
    if (sodium_init() < 0)
        abort();
    randombytes_buf(out, size);
}
