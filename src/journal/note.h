/* C2SP signed notes (signed-note v1.0.0), checkpoints (tlog-checkpoint v1.0.0) and proofs
 * (tlog-proof v1): pure functions over text, Ed25519 by libsodium. */
#ifndef YIMEN_JOURNAL_NOTE_H
#define YIMEN_JOURNAL_NOTE_H

#include "base/fault.h"
#include "base/hash.h"

struct note_key {
    struct text name;             /* the origin: no spaces, no '+' */
    unsigned char id[4];          /* SHA-256(name || 0x0A || 0x01 || public)[:4] */
    unsigned char public_key[32]; /* Ed25519 */
    bool can_sign;
    unsigned char seed[32]; /* secret; zero unless can_sign */
};

/* A key's name: not empty, UTF-8, no Unicode space, no control, no '+'. */
bool note_name_good(struct text name);
/* A new key of that name from a 32-byte seed. The name is not copied. */
void note_key_make(struct text name, const unsigned char seed[32], struct note_key *out);
/* A key that can only check, from the 32 bytes of its public half. The name is not copied. */
bool note_key_public(struct text name, struct text public_key, struct note_key *out);
/* "name+hex8+base64(0x01 || public)" and back. False: malformed, or not an Ed25519 key (0x01), or
 * the id does not fit. */
struct text note_vkey(const struct note_key *key, struct arena *arena);
bool note_vkey_read(struct text vkey, struct arena *arena, struct note_key *out);

/* text must end in a line feed; gives text, an empty line and one signature line. */
struct text note_sign(struct text text, const struct note_key *key, struct arena *arena);
/* The signed text if the note is well formed and carries a good signature by key; unknown keys are
 * passed over, a bad signature by this key rejects the note. */
bool note_open(struct text note, const struct note_key *key, struct text *signed_text);

struct checkpoint {
    struct text origin;
    int64_t size;
    struct hash root;
};

struct text checkpoint_text(const struct checkpoint *checkpoint, struct arena *arena);
bool checkpoint_read(struct text signed_text, struct checkpoint *out);

/* A .tlog-proof (c2sp.org/tlog-proof@v1): its entry travels in the `extra` line, so one file checks
 * alone. verify: the entry in it is leaf `index` of a tree whose signed checkpoint is included. */
struct proof {
    struct text extra; /* the entry's bytes */
    int64_t index;
    struct hash hashes[63];
    size_t count;
    struct text checkpoint; /* the note, verbatim */
};

struct text proof_text(const struct proof *proof, struct arena *arena);
/* False: not of the format. */
bool proof_read(struct text file, struct arena *arena, struct proof *out);
/* False with the first thing that does not hold in why. */
bool proof_verify(const struct proof *proof, const struct note_key *key, struct checkpoint *seen,
                  struct fault *why);

#endif
