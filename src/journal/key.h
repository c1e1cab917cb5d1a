/* Inside journal: the keys that sign now. */
#ifndef YIMEN_JOURNAL_KEY_H
#define YIMEN_JOURNAL_KEY_H

#include "journal/journal.h"

#define SIGNING_KEYS 2

/* The newest first, then the one before it unless that is retired. */
struct signing_keys {
    struct note_key keys[SIGNING_KEYS];
    size_t count;
};

/* Names lie in the arena. */
bool keys_read(struct db_read *db, int64_t region, struct arena *arena, struct signing_keys *out,
               struct fault *why);
/* A note with a signature of each. */
struct text keys_sign(const struct signing_keys *keys, struct text text, struct arena *arena);
void keys_forget(struct signing_keys *keys);

#endif
