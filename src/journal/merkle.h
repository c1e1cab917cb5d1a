/* RFC 6962 / RFC 9162 Merkle trees over SHA-256: pure functions. */
#ifndef YIMEN_JOURNAL_MERKLE_H
#define YIMEN_JOURNAL_MERKLE_H

#include "base/fault.h"
#include "base/hash.h"

struct hash merkle_empty(void);                                       /* SHA-256("") */
struct hash merkle_leaf(struct text data);                            /* SHA-256(0x00 || data) */
struct hash merkle_node(const struct hash *left, const struct hash *right); /* 0x01 prefix */

/* The right edge of a tree: the roots of its perfect subtrees, largest first. Appending costs
 * O(1) amortised, the root O(log size). */
struct merkle_edge {
    int64_t size;
    struct hash peaks[63];
    int count;
};

void merkle_append(struct merkle_edge *edge, const struct hash *leaf);
struct hash merkle_root(const struct merkle_edge *edge);
/* peaks * 32 bytes, as stored in the head row, and back; false if the count does not fit size. */
struct text merkle_edge_bytes(const struct merkle_edge *edge, struct arena *arena);
bool merkle_edge_read(int64_t size, struct text bytes, struct merkle_edge *out);

/* RFC 9162 section 2.1.3.2 and 2.1.4.2. An old size of 0 is an error in the latter. */
bool merkle_verify_inclusion(int64_t index, int64_t size, const struct hash *leaf,
                             const struct hash *proof, size_t count, const struct hash *root);
bool merkle_verify_consistency(int64_t old_size, int64_t new_size, const struct hash *old_root,
                               const struct hash *new_root, const struct hash *proof,
                               size_t count);

/* Makes a proof for a tree of that size by asking for the roots of perfect subtrees: get gives the
 * hash over leaves [start, start + (1 << level)). proof has room for 63; false if get failed. */
typedef bool merkle_get(void *from, int level, int64_t start, struct hash *out, struct fault *why);
/* The root of a tree of that size (0: the empty tree's). */
bool merkle_root_from(int64_t size, merkle_get *get, void *from, struct hash *out,
                      struct fault *why);
bool merkle_prove_inclusion(int64_t index, int64_t size, merkle_get *get, void *from,
                            struct hash *proof, size_t *count, struct fault *why);
bool merkle_prove_consistency(int64_t old_size, int64_t new_size, merkle_get *get, void *from,
                              struct hash *proof, size_t *count, struct fault *why);

#endif
