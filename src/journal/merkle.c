#include "journal/merkle.h"

#include <string.h>

struct hash merkle_empty(void)
{
    return hash_of((struct text){"", 0});
}

/* The two prefixes keep a leaf from ever passing for a node (RFC 6962 section 2.1). */
struct hash merkle_leaf(struct text data)
{
    const struct text parts[] = {{"\x00", 1}, data};
    return hash_parts(parts, 2);
}

struct hash merkle_node(const struct hash *left, const struct hash *right)
{
    char both[1 + 2 * sizeof(struct hash)] = {1};
    memcpy(both + 1, left->bytes, sizeof left->bytes);
    memcpy(both + 1 + sizeof left->bytes, right->bytes, sizeof right->bytes);
    return hash_of((struct text){both, sizeof both});
}

void merkle_append(struct merkle_edge *edge, const struct hash *leaf)
{
    struct hash now = *leaf;
    /* Every low one-bit of the size is a perfect subtree that the new leaf completes. */
    for (int64_t rest = edge->size; rest & 1; rest >>= 1)
        now = merkle_node(&edge->peaks[--edge->count], &now);
    edge->peaks[edge->count++] = now;
    edge->size++;
}

struct hash merkle_root(const struct merkle_edge *edge)
{
    if (edge->count == 0)
        return merkle_empty();
    struct hash root = edge->peaks[edge->count - 1];
    for (int i = edge->count - 2; i >= 0; i--)
        root = merkle_node(&edge->peaks[i], &root);
    return root;
}

struct text merkle_edge_bytes(const struct merkle_edge *edge, struct arena *arena)
{
    size_t len = (size_t)edge->count * sizeof edge->peaks[0];
    return (struct text){arena_copy(arena, edge->peaks, len), len};
}

bool merkle_edge_read(int64_t size, struct text bytes, struct merkle_edge *out)
{
    if (size < 0)
        return false;
    int count = __builtin_popcountll((unsigned long long)size);
    if (bytes.len != (size_t)count * sizeof out->peaks[0])
        return false;
    *out = (struct merkle_edge){.size = size, .count = count};
    if (bytes.len)
        memcpy(out->peaks, bytes.at, bytes.len);
    return true;
}

bool merkle_verify_inclusion(int64_t index, int64_t size, const struct hash *leaf,
                             const struct hash *proof, size_t count, const struct hash *root)
{
    if (index < 0 || index >= size)
        return false;
    int64_t node = index, last = size - 1;
    struct hash now = *leaf;
    for (size_t i = 0; i < count; i++) {
        if (last == 0)
            return false;
        if ((node & 1) || node == last) {
            now = merkle_node(&proof[i], &now);
            /* On the right edge the levels where the path has no sibling are skipped. */
            while (!(node & 1) && node) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            now = merkle_node(&now, &proof[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_equal(&now, root);
}

bool merkle_verify_consistency(int64_t old_size, int64_t new_size, const struct hash *old_root,
                               const struct hash *new_root, const struct hash *proof,
                               size_t count)
{
    if (old_size < 1 || old_size > new_size)
        return false;
    if (old_size == new_size)
        return count == 0 && hash_equal(old_root, new_root);
    /* A perfect old tree is itself the first hash of the path, so the proof leaves it out. */
    bool perfect = (old_size & (old_size - 1)) == 0;
    if (count == 0)
        return false;
    int64_t node = old_size - 1, last = new_size - 1;
    while (node & 1) {
        node >>= 1;
        last >>= 1;
    }
    struct hash old_now = perfect ? *old_root : proof[0];
    struct hash new_now = old_now;
    for (size_t i = perfect ? 0 : 1; i < count; i++) {
        if (last == 0)
            return false;
        if ((node & 1) || node == last) {
            old_now = merkle_node(&proof[i], &old_now);
            new_now = merkle_node(&proof[i], &new_now);
            while (!(node & 1) && node) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_now = merkle_node(&new_now, &proof[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_equal(&old_now, old_root) && hash_equal(&new_now, new_root);
}

/* The largest power of two below size, which must be at least 2: where RFC 6962 splits a tree. */
static int64_t split(int64_t size)
{
    int64_t half = 1;
    while (half < size - half)
        half *= 2;
    return half;
}

/* MTH(D[start:end]), not empty, from the perfect subtrees that the range falls into. start must be
 * where such a range can begin in a tree: a multiple of the largest perfect subtree within. */
static bool range_root(int64_t start, int64_t end, merkle_get *get, void *from, struct hash *out,
                       struct fault *why)
{
    struct hash peaks[63];
    int count = 0;
    do {
        int level = 62;
        while ((INT64_C(1) << level) > end - start)
            level--;
        if (!get(from, level, start, &peaks[count++], why))
            return false;
        start += INT64_C(1) << level;
    } while (start < end);
    *out = peaks[--count];
    while (count > 0)
        *out = merkle_node(&peaks[--count], out);
    return true;
}

bool merkle_root_from(int64_t size, merkle_get *get, void *from, struct hash *out,
                      struct fault *why)
{
    *out = merkle_empty();
    return size < 1 || range_root(0, size, get, from, out, why);
}

static void turn_round(struct hash *hashes, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct hash keep = hashes[i];
        hashes[i] = hashes[count - 1 - i];
        hashes[count - 1 - i] = keep;
    }
}

bool merkle_prove_inclusion(int64_t index, int64_t size, merkle_get *get, void *from,
                            struct hash *proof, size_t *count, struct fault *why)
{
    if (index < 0 || index >= size)
        return fault_set(why, "inclusion proof: index %lld is not below size %lld",
                         (long long)index, (long long)size);
    int64_t low = 0, high = size;
    *count = 0;
    while (high - low > 1) {
        int64_t middle = low + split(high - low);
        bool left = index < middle;
        if (!range_root(left ? middle : low, left ? high : middle, get, from, &proof[*count], why))
            return false;
        ++*count;
        if (left)
            high = middle;
        else
            low = middle;
    }
    turn_round(proof, *count);
    return true;
}

bool merkle_prove_consistency(int64_t old_size, int64_t new_size, merkle_get *get, void *from,
                              struct hash *proof, size_t *count, struct fault *why)
{
    if (old_size < 1 || old_size > new_size)
        return fault_set(why, "consistency proof: sizes %lld and %lld", (long long)old_size,
                         (long long)new_size);
    int64_t low = 0, high = new_size;
    *count = 0;
    /* Descend to the subtree that ends exactly where the old tree ended. */
    while (old_size != high) {
        int64_t middle = low + split(high - low);
        bool left = old_size <= middle;
        if (!range_root(left ? middle : low, left ? high : middle, get, from, &proof[*count], why))
            return false;
        ++*count;
        if (left)
            high = middle;
        else
            low = middle;
    }
    /* It is the old tree itself, which the verifier has, only if it starts at the left edge. */
    if (low > 0) {
        if (!range_root(low, high, get, from, &proof[*count], why))
            return false;
        ++*count;
    }
    turn_round(proof, *count);
    return true;
}
