#include "journal/merkle.h"

#include <dirent.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DATA "../shared/data/merkle/"

enum { MOST = 300 };

static struct hash from_hex(const char *hex)
{
    struct hash hash;
    assert_true(text_unhex(text_of(hex), hash.bytes, sizeof hash.bytes));
    return hash;
}

static void assert_hash(const struct hash *is, const char *hex)
{
    struct hash should = from_hex(hex);
    assert_memory_equal(is->bytes, should.bytes, sizeof should.bytes);
}

/* RFC 6962 section 2.1 as it is written there, recursion and all. */
static struct hash reference(const struct hash *leaves, size_t count)
{
    if (count == 0)
        return merkle_empty();
    if (count == 1)
        return leaves[0];
    size_t k = 1;
    while (k * 2 < count)
        k *= 2;
    struct hash left = reference(leaves, k), right = reference(leaves + k, count - k);
    return merkle_node(&left, &right);
}

static void known_answers(void **state)
{
    (void)state;
    struct hash hash = merkle_empty();
    assert_hash(&hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hash = merkle_leaf(TEXT(""));
    assert_hash(&hash, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    hash = merkle_leaf(TEXT("L123456"));
    assert_hash(&hash, "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
    /* node("N123", "N456") of the same source hashes four bytes a side: the prefix is what it
     * shows. */
    const struct text parts[] = {{"\x01", 1}, TEXT("N123"), TEXT("N456")};
    hash = hash_parts(parts, 3);
    assert_hash(&hash, "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
    struct hash sides[2];
    memset(&sides[0], 'a', sizeof sides[0]);
    memset(&sides[1], 'b', sizeof sides[1]);
    const struct text full[] = {{"\x01", 1}, {(const char *)sides, sizeof sides}};
    struct hash should = hash_parts(full, 2);
    hash = merkle_node(&sides[0], &sides[1]);
    assert_memory_equal(hash.bytes, should.bytes, sizeof should.bytes);
}

static json_t *load(const char *path)
{
    json_error_t error;
    /* The vectors hold unsigned numbers past INT64_MAX, which jansson reads only as reals. */
    json_t *json = json_load_file(path, JSON_DECODE_INT_AS_REAL, &error);
    if (!json)
        fail_msg("%s: %s", path, error.text);
    return json;
}

static bool data_there(void)
{
    DIR *there = opendir(DATA);
    if (there)
        closedir(there);
    else
        print_message("skipped: %s is not here\n", DATA);
    return there != NULL;
}

static void published_roots(void **state)
{
    (void)state;
    if (!data_there())
        skip();
    json_t *json = load(DATA "rfc6962-roots.json");
    json_t *inputs = json_object_get(json, "leaf_inputs_hex");
    json_t *roots = json_object_get(json, "roots_by_size");
    struct merkle_edge edge = {0};
    assert_int_equal(json_array_size(roots), json_array_size(inputs) + 1);
    for (size_t i = 0; i < json_array_size(roots); i++) {
        struct hash root = merkle_root(&edge);
        assert_hash(&root, json_string_value(json_array_get(roots, i)));
        if (i == json_array_size(inputs))
            break;
        struct text hex = text_of(json_string_value(json_array_get(inputs, i)));
        char bytes[32];
        assert_true(text_unhex(hex, bytes, hex.len / 2));
        struct hash leaf = merkle_leaf((struct text){bytes, hex.len / 2});
        merkle_append(&edge, &leaf);
    }
    json_decref(json);
}

/* A hash of a vector. Some are words of another length ("don't care"), which a struct hash cannot
 * hold: their digest stands for them, equal where they are equal and good for nothing else, and the
 * answer is false. */
static bool vector_hash(struct arena *arena, const json_t *value, struct hash *out)
{
    struct text bytes;
    assert_true(text_unbase64(arena, text_of(json_string_value(value)), &bytes));
    if (bytes.len == sizeof out->bytes)
        memcpy(out->bytes, bytes.at, bytes.len);
    else
        *out = hash_parts((const struct text[]){TEXT("another length: "), bytes}, 2);
    return bytes.len == sizeof out->bytes;
}

static size_t vector_proof(struct arena *arena, const json_t *json, struct hash *out)
{
    const json_t *list = json_object_get(json, "proof");
    assert_true(json_array_size(list) <= 63);
    for (size_t i = 0; i < json_array_size(list); i++)
        vector_hash(arena, json_array_get(list, i), &out[i]);
    return json_array_size(list);
}

/* False for an unsigned number that no int64_t holds. */
static bool vector_int(const json_t *json, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(json, name);
    assert_true(json_is_real(value));
    double number = json_real_value(value);
    if (number >= 9223372036854775808.0)
        return false;
    assert_true(number < 9007199254740992.0);
    *out = (int64_t)number;
    return true;
}

static bool inclusion_holds(struct arena *arena, const json_t *json)
{
    struct hash root, leaf, proof[63];
    int64_t index, size;
    if (!vector_int(json, "leafIdx", &index) || !vector_int(json, "treeSize", &size))
        return false;
    if (!vector_hash(arena, json_object_get(json, "root"), &root) ||
        !vector_hash(arena, json_object_get(json, "leafHash"), &leaf))
        return false;
    size_t count = vector_proof(arena, json, proof);
    return merkle_verify_inclusion(index, size, &leaf, proof, count, &root);
}

static bool consistency_holds(struct arena *arena, const json_t *json)
{
    struct hash old_root, new_root, proof[63];
    int64_t old_size, new_size;
    if (!vector_int(json, "size1", &old_size) || !vector_int(json, "size2", &new_size))
        return false;
    vector_hash(arena, json_object_get(json, "root1"), &old_root);
    vector_hash(arena, json_object_get(json, "root2"), &new_root);
    size_t count = vector_proof(arena, json, proof);
    return merkle_verify_consistency(old_size, new_size, &old_root, &new_root, proof, count);
}

/* Runs every file below path; *good counts those that were to hold. */
static int vectors(const char *path, bool (*holds)(struct arena *, const json_t *), int *good)
{
    struct arena *arena = arena_new(4096);
    int count = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        char below[600];
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (!text_ends(text_of(below), TEXT(".json"))) {
            count += vectors(below, holds, good);
            continue;
        }
        json_t *json = load(below);
        bool should = !json_boolean_value(json_object_get(json, "wantErr"));
        if (holds(arena, json) != should)
            fail_msg("%s: %s", below, should ? "should hold" : "should not hold");
        *good += should;
        count++;
        json_decref(json);
    }
    closedir(folder);
    arena_free(arena);
    return count;
}

static void published_vectors(void **state)
{
    (void)state;
    if (!data_there())
        skip();
    int good = 0;
    assert_int_equal(vectors(DATA "testdata/inclusion", inclusion_holds, &good), 98);
    assert_true(good > 0 && good < 98);
    good = 0;
    assert_int_equal(vectors(DATA "testdata/consistency", consistency_holds, &good), 98);
    assert_true(good > 0 && good < 98);
}

struct tree {
    struct hash leaves[MOST];
    struct hash roots[MOST + 1];
};

static struct tree *tree_new(void)
{
    struct tree *tree = calloc(1, sizeof *tree);
    assert_non_null(tree);
    for (int i = 0; i < MOST; i++) {
        char data[16];
        int len = snprintf(data, sizeof data, "leaf %d", i);
        tree->leaves[i] = merkle_leaf((struct text){data, (size_t)len});
    }
    for (int i = 0; i <= MOST; i++)
        tree->roots[i] = reference(tree->leaves, (size_t)i);
    return tree;
}

static bool tree_get(void *from, int level, int64_t start, struct hash *out, struct fault *why)
{
    struct tree *tree = from;
    assert_true(start % (INT64_C(1) << level) == 0 && start + (INT64_C(1) << level) <= MOST);
    *out = reference(tree->leaves + start, (size_t)1 << level);
    (void)why;
    return true;
}

static void edges_give_the_recursive_root(void **state)
{
    (void)state;
    struct tree *tree = tree_new();
    struct arena *arena = arena_new(4096);
    struct merkle_edge edge = {0};
    for (int size = 0;; size++) {
        struct hash root = merkle_root(&edge);
        assert_memory_equal(root.bytes, tree->roots[size].bytes, sizeof root.bytes);
        struct text bytes = merkle_edge_bytes(&edge, arena);
        struct merkle_edge again;
        assert_true(merkle_edge_read(size, bytes, &again));
        root = merkle_root(&again);
        assert_memory_equal(root.bytes, tree->roots[size].bytes, sizeof root.bytes);
        if (size == MOST)
            break;
        merkle_append(&edge, &tree->leaves[size]);
    }
    struct merkle_edge out;
    assert_false(merkle_edge_read(-1, (struct text){"", 0}, &out));
    assert_false(merkle_edge_read(3, (struct text){(const char *)tree->leaves, 32}, &out));
    assert_false(merkle_edge_read(3, (struct text){(const char *)tree->leaves, 65}, &out));
    arena_free(arena);
    free(tree);
}

static void every_inclusion_proof_holds(void **state)
{
    (void)state;
    struct tree *tree = tree_new();
    struct hash proof[63];
    size_t count;
    for (int size = 1; size <= MOST; size++)
        for (int index = 0; index < size; index++) {
            assert_true(
                merkle_prove_inclusion(index, size, tree_get, tree, proof, &count, NULL));
            assert_true(merkle_verify_inclusion(index, size, &tree->leaves[index], proof, count,
                                                &tree->roots[size]));
            assert_false(merkle_verify_inclusion(index, size, &tree->leaves[(index + 1) % MOST],
                                                 proof, count, &tree->roots[size]));
            assert_false(merkle_verify_inclusion(index, size, &tree->leaves[index], proof, count,
                                                 &tree->roots[size - 1]));
        }
    struct fault why = {""};
    assert_false(merkle_prove_inclusion(5, 5, tree_get, tree, proof, &count, &why));
    assert_non_null(strstr(why.why, "index 5"));
    free(tree);
}

static void every_consistency_proof_holds(void **state)
{
    (void)state;
    struct tree *tree = tree_new();
    struct hash proof[63];
    size_t count;
    for (int size = 1; size <= MOST; size++)
        for (int old = 1; old <= size; old++) {
            assert_true(merkle_prove_consistency(old, size, tree_get, tree, proof, &count, NULL));
            assert_true(merkle_verify_consistency(old, size, &tree->roots[old],
                                                  &tree->roots[size], proof, count));
            assert_false(merkle_verify_consistency(old, size, &tree->roots[old - 1],
                                                   &tree->roots[size], proof, count));
            assert_false(merkle_verify_consistency(old, size, &tree->roots[old],
                                                   &tree->roots[size - 1], proof, count));
        }
    assert_false(merkle_prove_consistency(0, 5, tree_get, tree, proof, &count, NULL));
    assert_false(merkle_prove_consistency(6, 5, tree_get, tree, proof, &count, NULL));
    free(tree);
}

/* Turns every bit of bytes over and back, and counts how often holds still said yes. */
static int survivors(void *bytes, size_t size, bool (*holds)(void *), void *context)
{
    unsigned char *at = bytes;
    int still = 0;
    for (size_t bit = 0; bit < size * 8; bit++) {
        at[bit / 8] ^= (unsigned char)(1 << bit % 8);
        still += holds(context);
        at[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_true(holds(context));
    return still;
}

struct claim {
    int64_t a, b;
    struct hash first, second, proof[63];
    size_t count;
};

static bool claim_included(void *context)
{
    const struct claim *claim = context;
    return merkle_verify_inclusion(claim->a, claim->b, &claim->first, claim->proof, claim->count,
                                   &claim->second);
}

static bool claim_consistent(void *context)
{
    const struct claim *claim = context;
    return merkle_verify_consistency(claim->a, claim->b, &claim->first, &claim->second,
                                     claim->proof, claim->count);
}

static void assert_no_bit_can_change(struct claim *claim, bool (*holds)(void *))
{
    assert_int_equal(survivors(&claim->first, sizeof claim->first, holds, claim), 0);
    assert_int_equal(survivors(&claim->second, sizeof claim->second, holds, claim), 0);
    assert_int_equal(survivors(claim->proof, claim->count * sizeof *claim->proof, holds, claim), 0);
    if (claim->count) {
        claim->count--;
        assert_false(holds(claim));
        claim->count++;
    }
    claim->proof[claim->count++] = claim->first;
    assert_false(holds(claim));
    claim->count--;
}

static void no_bit_of_a_proof_can_change(void **state)
{
    (void)state;
    struct tree *tree = tree_new();
    static const int sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 16, 21, 255, 256, 257, 300};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        int size = sizes[s], step = size > 30 ? 37 : 1;
        for (int i = 0; i < size; i += step) {
            struct claim claim = {i, size, tree->leaves[i], tree->roots[size], {{{0}}}, 0};
            assert_true(merkle_prove_inclusion(i, size, tree_get, tree, claim.proof, &claim.count,
                                               NULL));
            assert_no_bit_can_change(&claim, claim_included);
            claim = (struct claim){i + 1, size, tree->roots[i + 1], tree->roots[size], {{{0}}}, 0};
            assert_true(merkle_prove_consistency(i + 1, size, tree_get, tree, claim.proof,
                                                 &claim.count, NULL));
            assert_no_bit_can_change(&claim, claim_consistent);
        }
    }
    free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(published_roots),
        cmocka_unit_test(published_vectors),
        cmocka_unit_test(edges_give_the_recursive_root),
        cmocka_unit_test(every_inclusion_proof_holds),
        cmocka_unit_test(every_consistency_proof_holds),
        cmocka_unit_test(no_bit_of_a_proof_can_change),
    };
    return cmocka_run_group_tests_name("journal/merkle", tests, NULL, NULL);
}
