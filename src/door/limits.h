/* What one address may ask of the house before anybody is known: counters in memory, of a bounded
 * number of addresses, so that a flood from one place is its own trouble and nobody else's. Forgotten
 * when the server ends; each server counts for itself. Safe for all threads. */
#ifndef YIMEN_DOOR_LIMITS_H
#define YIMEN_DOOR_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "flow/module.h"

enum limited {
    LIMIT_HASHING,  /* password checks that wait or run now */
    LIMIT_FAILURES, /* sign-ins that failed, in 15 minutes */
    LIMIT_BEGUN,    /* what was begun without signing in, in an hour */
    LIMIT_UPLOADED, /* bytes sent as files without signing in, in a day */
    LIMIT_GUESSES,  /* wrong keys, in an hour */
    LIMIT_GUESSED,  /* wrong keys at one name (a case number) from all addresses, in an hour */
    LIMIT_COUNT
};

/* By which an address is counted; false: it is none. */
#define LIMITS_KEY 16
bool limits_key(struct text client, unsigned char key[LIMITS_KEY]);

struct limits;
/* most[…] 0: no bound. */
struct limits *limits_new(const int64_t most[LIMIT_COUNT]);
void limits_free(struct limits *limits);

/* client: an IPv4 or IPv6 address (of IPv6 the first 64 bits count, which is what one customer gets);
 * what is none, the empty text too, is not counted. now_ms is monotonic. */
bool limits_has_room(struct limits *limits, enum limited what, struct text client, int64_t amount,
                     int64_t now_ms);
/* The same, and takes it. */
bool limits_take(struct limits *limits, enum limited what, struct text client, int64_t amount,
                 int64_t now_ms);
/* Gives back what was taken (LIMIT_HASHING). */
void limits_give(struct limits *limits, enum limited what, struct text client, int64_t amount,
                 int64_t now_ms);

/* One try of a key at a name: what has to be remembered until it is known how it ended. */
struct guess {
    struct text name; /* empty: none is under way */
    bool known;       /* that address has had the right key of that name before */
};
/* How long (ms) that address must wait before it tries a key at that name; 0: not at all, and then one
 * of its share, and of the name's, is taken until limits_guess_end, so that tries made at once count
 * as much as tries made one by one. Who has had the right key there before has a share for that name
 * alone, which strangers cannot use up. client as above: who cannot be told is not counted, for the
 * name's share would be everybody's. */
int64_t limits_guess(struct limits *limits, struct text name, struct text client, int64_t now_ms,
                     struct guess *out);
/* Gives back what was taken unless the key was wrong; once for each guess. */
void limits_guess_end(struct limits *limits, struct guess *guess, struct text client,
                      enum key_told told, int64_t now_ms);

#endif
