/* Bytes nobody can guess, from the kernel by way of libsodium. Never called by decide or apply:
 * randomness a decision needs is drawn before it and passed in. */
#ifndef YIMEN_BASE_RANDOM_H
#define YIMEN_BASE_RANDOM_H

#include <stddef.h>

#include "base/text.h"

void random_bytes(void *out, size_t size);
/* length characters of 23456789ABCDEFGHJKMNPQRSTUVWXYZ (no 0/O, 1/I/L to confuse), made from
 * random seed bytes (one byte a character); 31 letters, so about 4.95 bits each. */
struct text random_code(struct arena *arena, const unsigned char *seed, size_t length);

#endif
