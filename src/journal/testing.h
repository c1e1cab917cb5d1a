/* For tests alone: a region's log in a fresh database, and entries to fill it. A failure ends the
 * process, since no test can go on without its log. */
#ifndef YIMEN_JOURNAL_TESTING_H
#define YIMEN_JOURNAL_TESTING_H

#include "journal/journal.h"

#define TESTING_REGION INT64_C(330482)
#define TESTING_ORIGIN "yimen.example/log/330482"

/* Opens the database, makes the journal's tables and the log of TESTING_REGION if they are not
 * there. The working directory is the root of the repository. */
struct db *testing_log(const char *where);
struct journal *testing_journal(struct db *db);
/* Adds entries between journal_begin and journal_end. What the entry of index i holds depends on i
 * alone: subject "case:(i % 7)", every third with a private part. */
void testing_add(struct journal *journal, int64_t count);
/* A whole transaction of so many entries. */
void testing_append(struct db *db, struct journal *journal, int64_t count);

/* MTH of RFC 6962 section 2.1 as it is written there, recursion and all. */
struct hash testing_root(const struct hash *leaves, size_t count);
/* The leaves of the first entries as they are stored; the caller frees them. */
struct hash *testing_leaves(struct db *db, int64_t count);
/* The log's key, by its vkey. */
struct note_key testing_key(struct db *db, struct arena *arena);
/* Ends the process unless head, signed checkpoint and testing_root agree. */
void testing_stands(struct db *db, const struct hash *leaves, int64_t size);
/* Ends the process unless journal_verify finds nothing. */
void testing_verified(struct db *db);

#endif
