/* The journal: the truth. Every change anyone makes is an entry, appended and hashed into the
 * region's Merkle tree, served as C2SP tlog-tiles with signed checkpoints. Entries carry no
 * personal word: their private fields lie in journal_private under a salted commitment, and
 * deleting that row erases the person while every proof stays valid.
 *
 * Truth tables (tables.sql beside this file): region_head, journal, journal_private, journal_tile,
 * journal_key, idempotency. */
#ifndef YIMEN_JOURNAL_JOURNAL_H
#define YIMEN_JOURNAL_JOURNAL_H

#include "base/hash.h"
#include "db/db.h"
#include "journal/merkle.h"
#include "journal/note.h"

/* What an event was, apart from its body. */
struct entry_head {
    int64_t region; /* GB/T 2260, six digits */
    int64_t index;  /* from 0, without gaps */
    int64_t at;     /* business time, ms */
    struct text actor;   /* "account:12", "applicant", "system" */
    struct text kind;    /* "case.accepted"; a kind's name and meaning never change */
    int64_t version;     /* of the kind's body; from 1 */
    struct text subject; /* "case:17" */
};

/* The writer's side: one for each region a server writes, owned by the writing thread. Within a
 * transaction: journal_begin, then any number of journal_add, then journal_end, then db_commit.
 * After anything but DB_COMMITTED call journal_forget. */
struct journal;

/* Creates head row and signing key (origin/key name e.g. "yimen.example/log/330482") if the region
 * is new; needs a transaction of its own and makes it. */
bool journal_init(struct db *db, int64_t region, struct text origin, struct fault *why);
bool journal_open(struct db *db, int64_t region, struct journal **out, struct fault *why);
void journal_close(struct journal *journal);
/* First statement of a batch: takes the region's head row (so that this transaction queues behind
 * every other writer of the region) and, if another server moved it, catches up in memory.
 * *moved: the log is not where this journal last left it, or the journal cannot know (the first
 * time, and after journal_forget): what was remembered of the tables is to be read afresh. */
bool journal_begin(struct journal *journal, struct db *db, bool *moved, struct fault *why);
/* The index that the next entry will get. */
int64_t journal_next(const struct journal *journal);
/* The latest moment that a live command was decided at (not history that was imported), so that
 * business time never goes back when a clock does; journal_live_at moves it. */
int64_t journal_clock(const struct journal *journal);
void journal_live_at(struct journal *journal, int64_t at_ms);
/* The standing facts change with this batch: journal_end moves the region's counter by one, by
 * which every server knows that the facts it remembers are old. */
void journal_standing(struct journal *journal);
/* That counter as of the last journal_begin or journal_end. */
int64_t journal_standing_seen(const struct journal *journal);
/* Adds an entry (in memory until journal_end; everything is copied). body: canonical JSON object of
 * the public fields, numbers integers within 2^53; private_body: of the private ones, empty if
 * none. head->index and region are set here. An entry that could not be read again (body not
 * canonical, over 65,535 bytes, year outside 1 to 9999) is a fault, which journal_end reports. */
void journal_add(struct journal *journal, struct entry_head *head, struct text body,
                 struct text private_body);
/* Writes what was added in multi-row inserts, finished tiles, and the head with its signed
 * checkpoint, guarded so that a stale writer's batch dies. Nothing added: only the clock moves. */
bool journal_end(struct journal *journal, struct db *db, struct fault *why);
/* Drops what was added and everything remembered; the next journal_begin reads afresh. */
void journal_forget(struct journal *journal);
/* Where this writer stands: size and root after its last journal_end, also after journal_forget;
 * for DB_UNKNOWN. */
struct checkpoint journal_stands(const struct journal *journal);
/* After a COMMIT whose outcome is unknown: whether what the last journal_end wrote is there, even
 * if others have written since. */
bool journal_was_written(const struct journal *journal, struct db_read *db, bool *written,
                         struct fault *why);
/* The counter of standing facts as stored now. */
bool journal_standing_of(struct db_read *db, int64_t region, int64_t *out, struct fault *why);
/* Where the region stands now: what a reader of it asks first. */
struct journal_place {
    int64_t seq;      /* entries */
    int64_t standing; /* the counter of standing facts */
    int64_t live_at;  /* the latest moment that a live command was decided at; 0: none yet */
};
bool journal_place_of(struct db_read *db, int64_t region, struct arena *arena,
                      struct journal_place *out, struct fault *why);
/* Reads size and root as stored now. */
bool journal_head(struct db_read *db, int64_t region, struct arena *arena, struct checkpoint *out,
                  struct fault *why);

/* Before derived tables are made anew: makes every writer of the region wait, as a batch of one's own
 * would, until this transaction ends. */
bool journal_hold(struct db *db, int64_t region, struct fault *why);
/* A fault that says so where the head counts fewer entries than there are, or less than none: replayed
 * by it, tables would lose what those entries made. */
bool journal_counts(struct db_read *db, const struct checkpoint *head, int64_t region,
                    struct arena *arena, struct fault *why);
/* A fault where there are entries of a region that has no head. */
bool journal_no_orphans(struct db_read *db, struct arena *arena, struct fault *why);

/* The root that the log had at a size up to the present one. */
bool journal_root_at(struct db_read *db, int64_t region, int64_t size, struct arena *arena,
                     struct hash *out, struct fault *why);

/* A log followed from its first entry: what its own words and its head say about it. */
struct journal_follower {
    struct merkle_edge edge;
};
/* The next entry. A fault where its private body is not the one it commits to. */
struct entry;
bool journal_follow(struct journal_follower *follower, const struct entry *entry,
                    struct fault *why);
/* A fault where the entries followed do not come to that root. */
bool journal_arrived(const struct journal_follower *follower, const struct checkpoint *head,
                     int64_t region, struct fault *why);

/* Reading back. */
struct entry {
    struct entry_head head;
    struct text bytes;        /* the canonical JSON that was hashed */
    struct text body;         /* the public object within bytes */
    bool has_private;
    struct hash commitment;
    bool erased;              /* has_private, but the row is gone */
    struct text salt;
    struct text private_body;
};

/* Takes apart an entry's bytes (journal.md); false if they are not an entry. */
bool entry_read(struct text bytes, struct arena *arena, struct entry *out, struct fault *why);
/* Entries from index `from` on, at most limit, with private parts. A list of struct entry. */
bool journal_read(struct db_read *db, int64_t region, int64_t from, int64_t limit,
                  struct arena *arena, struct list *out, struct fault *why);
/* The entries about one subject, oldest first, after index `after` (-1: from the start). */
bool journal_history(struct db_read *db, int64_t region, struct text subject, int64_t after,
                     int64_t limit, struct arena *arena, struct list *out, struct fault *why);

/* Of what the entries [from, to) are, each subject once: a list of texts. */
bool journal_subjects(struct db_read *db, int64_t region, int64_t from, int64_t to,
                      struct arena *arena, struct list *out, struct fault *why);

/* Forgets what is private in every entry about one subject, for good: its bodies, and the answers kept
 * for repetition of the commands that made them. Entries and proofs stay. Within a batch (`enact`). */
bool journal_erase(struct db *db, int64_t region, struct text subject, struct fault *why);

/* Serving (formats of tlog-tiles). *found false: no such thing at the present size. */
bool journal_checkpoint(struct db_read *db, int64_t region, struct arena *arena, struct text *note,
                        bool *found, struct fault *why);
/* width 256 is a full tile. */
bool journal_tile(struct db_read *db, int64_t region, int level, int64_t n, int width,
                  struct arena *arena, struct text *bytes, bool *found, struct fault *why);
bool journal_entry_bundle(struct db_read *db, int64_t region, int64_t n, int width,
                          struct arena *arena, struct text *bytes, bool *found, struct fault *why);
/* "0/x001/x234/067.p/112" -> level 0 (or -1 for "entries/…"), n 1234067, width 112. */
bool tile_path_read(struct text path, int *level, int64_t *n, int *width);
struct text tile_path(int level, int64_t n, int width, struct arena *arena);
/* The .tlog-proof of an entry against the present checkpoint. */
bool journal_receipt(struct db_read *db, int64_t region, int64_t index, struct arena *arena,
                     struct text *proof, bool *found, struct fault *why);
bool journal_vkey(struct db_read *db, int64_t region, struct arena *arena, struct text *vkey,
                  struct fault *why);

/* Every key that has signed, the newest first, a line each. */
bool journal_vkeys(struct db_read *db, int64_t region, struct arena *arena, struct text *lines,
                   struct fault *why);
/* proof_verify by any of those lines; why: the first one's reason. */
bool vkeys_verify(struct text vkeys, const struct proof *proof, struct arena *arena,
                  struct checkpoint *seen, struct fault *why);
/* A transaction of its own. add: a new key signs from here on, and the one before it beside it. Refused
 * while nothing has been signed by the present one. retire_old: the secret halves of all but the newest
 * are gone, so it signs alone. Servers at work take the change up with their next batch. */
bool journal_change_keys(struct db *db, int64_t region, bool add, bool retire_old,
                         struct fault *why);

/* Recomputes every leaf, tile, commitment, root and the checkpoint's signature. Found wrong is not
 * a fault: *wrong names the first thing that does not hold ("entry 17: …"), empty if all holds. */
bool journal_verify(struct db_read *db, int64_t region, struct arena *arena,
                    void (*progress)(int64_t done, int64_t total, void *), void *context,
                    struct text *wrong, struct fault *why);

/* The Idempotency-Key of a request: found within the same transaction that would repeat it. */
struct idempotency {
    struct text key;     /* as sent, 1-200 characters, prefixed by the actor */
    struct hash request; /* over command name and input */
    int64_t index;       /* first entry the command made, -1 if none */
    int64_t count;
    struct text answer; /* the JSON answer */
    struct text location;
    int64_t at;
};
bool idempotency_find(struct db_read *db, int64_t region, struct text key, struct arena *arena,
                      struct idempotency *out, bool *found, struct fault *why);
bool idempotency_keep(struct db *db, int64_t region, const struct idempotency *kept,
                      struct fault *why);

#endif
