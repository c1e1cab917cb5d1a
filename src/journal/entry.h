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

/* The private columns of a row `j` of the journal, salt and private_body, NULL where there are none.
 * Looked up row by row: joined, PostgreSQL chooses by its statistics, and before it has any (after
 * a large import) it read all private rows for every entry. */
#define JOURNAL_PRIVATE_OF_J                                                     \
    "(SELECT p.salt FROM journal_private p"                                      \
    " WHERE p.region = j.region AND p.idx = j.idx) AS salt, "                    \
    "(SELECT p.body FROM journal_private p"                                      \
    " WHERE p.region = j.region AND p.idx = j.idx) AS private_body"

#endif
