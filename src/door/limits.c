#include "door/limits.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/time.h"

enum { SETS = 1024, WAYS = 8, KEY = LIMITS_KEY, LONGEST = 46 };

static const int64_t window_ms[LIMIT_COUNT] = {
    [LIMIT_FAILURES] = 15 * MINUTE_MS, [LIMIT_BEGUN] = HOUR_MS, [LIMIT_UPLOADED] = 24 * HOUR_MS,
    [LIMIT_GUESSES] = HOUR_MS,         [LIMIT_GUESSED] = HOUR_MS};

struct counter {
    int64_t from_ms, count;
};
struct place {
    unsigned char key[KEY];
    int64_t used_ms; /* 0: free */
    struct counter counters[LIMIT_COUNT];
};
/* A name at which keys are tried, or a name with an address that has had the right one. */
struct held {
    unsigned char key[KEY];
    int64_t used_ms; /* 0: free */
    struct counter wrong;
};
struct limits {
    pthread_mutex_t lock;
    int64_t most[LIMIT_COUNT];
    unsigned char seed[KEY]; /* so that nobody can choose who shares a set with whom */
    struct place places[SETS][WAYS];
    struct held names[SETS][WAYS], pairs[SETS][WAYS];
};

struct limits *limits_new(const int64_t most[LIMIT_COUNT])
{
    struct limits *limits = calloc(1, sizeof *limits);
    if (!limits)
        abort();
    pthread_mutex_init(&limits->lock, NULL);
    memcpy(limits->most, most, sizeof limits->most);
    random_bytes(limits->seed, sizeof limits->seed);
    return limits;
}

void limits_free(struct limits *limits)
{
    if (!limits)
        return;
    pthread_mutex_destroy(&limits->lock);
    free(limits);
}

bool limits_key(struct text client, unsigned char key[KEY])
{
    char name[LONGEST];
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (client.len == 0 || client.len >= sizeof name)
        return false;
    memcpy(name, client.at, client.len);
    name[client.len] = '\0';
    memcpy(key, mapped, sizeof mapped);
    if (inet_pton(AF_INET, name, key + sizeof mapped) == 1)
        return true;
    if (inet_pton(AF_INET6, name, key) != 1)
        return false;
    if (memcmp(key, mapped, sizeof mapped) != 0)
        memset(key + 8, 0, 8);
    return true;
}

/* Where there is no place left the one that was not used for longest goes, but none whose password
 * checks still run. Under the lock. NULL: all of them do. */
static struct place *place_of(struct limits *limits, const unsigned char key[KEY], int64_t now_ms)
{
    struct text parts[] = {{(const char *)limits->seed, KEY}, {(const char *)key, KEY}};
    struct hash hash = hash_parts(parts, 2);
    struct place *set = limits->places[(hash.bytes[0] << 8 | hash.bytes[1]) % SETS];
    struct place *oldest = NULL;
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].used_ms && memcmp(set[i].key, key, KEY) == 0)
            return &set[i];
        if (!set[i].counters[LIMIT_HASHING].count && (!oldest || set[i].used_ms < oldest->used_ms))
            oldest = &set[i];
    }
    if (oldest) {
        *oldest = (struct place){.used_ms = now_ms + 1};
        memcpy(oldest->key, key, KEY);
    }
    return oldest;
}

static bool count(struct limits *limits, enum limited what, struct text client, int64_t amount,
                  int64_t now_ms, bool take)
{
    unsigned char key[KEY];
    if (!limits->most[what] || !limits_key(client, key))
        return true;
    pthread_mutex_lock(&limits->lock);
    struct place *place = place_of(limits, key, now_ms);
    bool room = place != NULL;
    if (place) {
        struct counter *counter = &place->counters[what];
        if (window_ms[what] && now_ms - counter->from_ms >= window_ms[what])
            *counter = (struct counter){.from_ms = now_ms};
        room = amount <= limits->most[what] - counter->count;
        if (take && room)
            counter->count += amount;
        place->used_ms = now_ms + 1;
    }
    pthread_mutex_unlock(&limits->lock);
    return room;
}

bool limits_has_room(struct limits *limits, enum limited what, struct text client, int64_t amount,
                     int64_t now_ms)
{
    return count(limits, what, client, amount, now_ms, false);
}

bool limits_take(struct limits *limits, enum limited what, struct text client, int64_t amount,
                 int64_t now_ms)
{
    return count(limits, what, client, amount, now_ms, true);
}

void limits_give(struct limits *limits, enum limited what, struct text client, int64_t amount,
                 int64_t now_ms)
{
    count(limits, what, client, -amount, now_ms, true);
}

/* A window that is over begins again with what comes next. */
static void turn(struct counter *counter, enum limited what, int64_t now_ms)
{
    if (now_ms - counter->from_ms >= window_ms[what])
        *counter = (struct counter){.from_ms = now_ms};
}

static int64_t wait_of(const struct limits *limits, struct counter *counter, enum limited what,
                       int64_t now_ms)
{
    turn(counter, what, now_ms);
    if (!limits->most[what] || counter->count < limits->most[what])
        return 0;
    return counter->from_ms + window_ms[what] - now_ms;
}

/* Of a name, or of a name and an address; NULL unless make: it is not there. Where there is no place
 * left, the one with the fewest wrong keys goes, of those the longest unused. Under the lock. */
static struct held *held_of(struct limits *limits, struct held held[SETS][WAYS], struct text name,
                            struct text address, bool make, int64_t now_ms)
{
    struct text parts[] = {{(const char *)limits->seed, KEY}, address, name};
    struct hash hash = hash_parts(parts, 3);
    struct held *set = held[(hash.bytes[KEY] << 8 | hash.bytes[KEY + 1]) % SETS], *least = set;
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].used_ms && memcmp(set[i].key, hash.bytes, KEY) == 0) {
            set[i].used_ms = now_ms + 1;
            return &set[i];
        }
        turn(&set[i].wrong, LIMIT_GUESSED, now_ms);
        if (set[i].wrong.count < least->wrong.count ||
            (set[i].wrong.count == least->wrong.count && set[i].used_ms < least->used_ms))
            least = &set[i];
    }
    if (!make)
        return NULL;
    *least = (struct held){.used_ms = now_ms + 1, .wrong = {.from_ms = now_ms}};
    memcpy(least->key, hash.bytes, KEY);
    return least;
}

int64_t limits_guess(struct limits *limits, struct text name, struct text client, int64_t now_ms,
                     struct guess *out)
{
    unsigned char key[KEY];
    int64_t wait_ms = 0;
    *out = (struct guess){.name = TEXT("")};
    if (!name.len || !limits_key(client, key))
        return 0;
    pthread_mutex_lock(&limits->lock);
    struct text address = {(const char *)key, KEY};
    struct held *pair = held_of(limits, limits->pairs, name, address, false, now_ms);
    if (pair) {
        wait_ms = wait_of(limits, &pair->wrong, LIMIT_GUESSES, now_ms);
        pair->wrong.count += !wait_ms;
    } else {
        struct place *place = place_of(limits, key, now_ms);
        struct held *held = held_of(limits, limits->names, name, TEXT(""), true, now_ms);
        int64_t here_ms = place ? wait_of(limits, &place->counters[LIMIT_GUESSES], LIMIT_GUESSES,
                                          now_ms)
                                : 0;
        int64_t there_ms = wait_of(limits, &held->wrong, LIMIT_GUESSED, now_ms);
        wait_ms = here_ms > there_ms ? here_ms : there_ms;
        held->wrong.count += !wait_ms;
        if (place) {
            place->counters[LIMIT_GUESSES].count += !wait_ms;
            place->used_ms = now_ms + 1;
        }
    }
    pthread_mutex_unlock(&limits->lock);
    if (!wait_ms)
        *out = (struct guess){name, pair != NULL};
    return wait_ms;
}

/* What was forgotten, or has begun again, since it was taken has nothing to give back. */
static void give_back(struct counter *counter)
{
    counter->count -= counter->count > 0;
}

void limits_guess_end(struct limits *limits, struct guess *guess, struct text client,
                      enum key_told told, int64_t now_ms)
{
    unsigned char key[KEY];
    struct text name = guess->name;
    guess->name = TEXT("");
    if (!name.len || told == KEY_WRONG || !limits_key(client, key))
        return;
    pthread_mutex_lock(&limits->lock);
    struct text address = {(const char *)key, KEY};
    struct held *pair =
        held_of(limits, limits->pairs, name, address, told == KEY_RIGHT, now_ms);
    if (guess->known) {
        if (pair)
            give_back(&pair->wrong);
    } else {
        struct place *place = place_of(limits, key, now_ms);
        struct held *held = held_of(limits, limits->names, name, TEXT(""), false, now_ms);
        if (place)
            give_back(&place->counters[LIMIT_GUESSES]);
        if (held)
            give_back(&held->wrong);
    }
    pthread_mutex_unlock(&limits->lock);
}
