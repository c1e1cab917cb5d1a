/* An entry's bytes: canonical JSON (RFC 8785) with these members, in this order:
 * actor, at, body, hash, index, kind, private (only with a private part), region, subject, version.
 * Inside this room only; others read entries through journal.h. */
#ifndef YIMEN_JOURNAL_ENTRY_H
#define YIMEN_JOURNAL_ENTRY_H

#include "journal/journal.h"

/* A bundle writes an entry's length in two bytes (tlog-tiles). */
enum { ENTRY_MOST_BYTES = 65535 };

/* commitment is NULL where there is no private part. */
void entry_write(const struct entry_head *head, struct text body, const struct hash *commitment,
                 struct arena *scratch, struct buf *out);
/* A JSON object in canonical form, at most 64 deep, whose numbers are integers within +-(2^53 - 1)
 * and whose texts hold no U+0000. */
bool entry_body_good(struct text body, struct arena *scratch, struct fault *why);
/* SHA-256(salt || private body). */
struct hash entry_commitment(struct text salt, struct text private_body);

#endif
