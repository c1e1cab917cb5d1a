#include "journal/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "db/testing.h"
#include "journal/testing.h"

enum { TILE = 256 };

#define GOOD(call)                                                                                 \
    do {                                                                                           \
        struct fault inside = {""};                                                                \
        if (!(call))                                                                               \
            fail_msg("%s: %s", #call, inside.why);                                                 \
    } while (0)

static void reading_back(const char *where)
{
    static const struct db_sql erase = {
        "DELETE FROM journal_private WHERE region = $1 AND idx = $2"};
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    struct arena *arena = arena_new(4096);
    struct list list;
    testing_append(db, journal, 20);
    GOOD(db_write(db, &erase, DB_ARGS(db_int(TESTING_REGION), db_int(6)), &inside));
    GOOD(db_flush(db, &inside));
    GOOD(journal_read(db_reader(db), TESTING_REGION, 5, 10, arena, &list, &inside));
    const struct entry *entries = list.items;
    assert_int_equal(list.count, 10);
    for (size_t i = 0; i < list.count; i++) {
        int64_t index = 5 + (int64_t)i;
        const struct entry *entry = &entries[i];
        assert_int_equal(entry->head.index, index);
        assert_int_equal(entry->head.region, TESTING_REGION);
        assert_int_equal(entry->head.at,
                         time_at(date_of(2014, 5, 4), 9 * HOUR_MS) + index * 1000);
        assert_true(text_equal(entry->head.subject,
                               text_format(arena, "case:%lld", (long long)index % 7)));
        assert_int_equal(entry->has_private, index % 3 == 0);
        assert_int_equal(entry->erased, index == 6);
        assert_int_equal(entry->private_body.len > 0, index % 3 == 0 && index != 6);
        if (!entry->private_body.len)
            continue;
        assert_true(text_equal(entry->private_body,
                               text_format(arena, "{\"name\":\"\xe5\xbc\xa0 %lld\"}",
                                           (long long)index)));
        assert_int_equal(entry->salt.len, 32);
        const struct text parts[] = {entry->salt, entry->private_body};
        struct hash commitment = hash_parts(parts, 2);
        assert_true(hash_equal(&commitment, &entry->commitment));
    }
    testing_verified(db); /* erased, and everything holds */

    GOOD(journal_history(db_reader(db), TESTING_REGION, TEXT("case:3"), -1, 2, arena, &list,
                         &inside));
    entries = list.items;
    assert_int_equal(list.count, 2);
    assert_int_equal(entries[0].head.index, 3);
    assert_int_equal(entries[1].head.index, 10);
    GOOD(journal_history(db_reader(db), TESTING_REGION, TEXT("case:3"), 10, 2, arena, &list,
                         &inside));
    entries = list.items;
    assert_int_equal(list.count, 1);
    assert_int_equal(entries[0].head.index, 17);
    GOOD(journal_history(db_reader(db), TESTING_REGION, TEXT("case:9"), -1, 2, arena, &list,
                         &inside));
    assert_int_equal(list.count, 0);
    GOOD(journal_read(db_reader(db), TESTING_REGION, 20, 10, arena, &list, &inside));
    assert_int_equal(list.count, 0);
    arena_free(arena);
    journal_close(journal);
    db_close(db);
}

static void assert_receipt(struct db *db, const struct note_key *key, int64_t index, int64_t size)
{
    struct arena *arena = arena_new(1 << 16);
    struct text file;
    struct proof proof;
    struct checkpoint seen;
    struct entry entry;
    bool found;
    GOOD(journal_receipt(db_reader(db), TESTING_REGION, index, arena, &file, &found, &inside));
    assert_int_equal(found, index >= 0 && index < size);
    if (found) {
        assert_true(proof_read(file, arena, &proof));
        GOOD(proof_verify(&proof, key, &seen, &inside));
        assert_int_equal(seen.size, size);
        GOOD(entry_read(proof.extra, arena, &entry, &inside));
        assert_int_equal(entry.head.index, index);
    }
    arena_free(arena);
}

static void receipts(const char *where)
{
    static const int64_t sizes[] = {1, 2, 255, 256, 257, 512, 600};
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    struct arena *arena = arena_new(4096);
    struct note_key key = testing_key(db, arena);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        testing_append(db, journal, sizes[s] - journal_next(journal));
        for (int64_t index = -1; index <= sizes[s]; index += sizes[s] > 300 ? 7 : 3)
            assert_receipt(db, &key, index, sizes[s]);
        assert_receipt(db, &key, sizes[s] - 1, sizes[s]);
        assert_receipt(db, &key, sizes[s], sizes[s]);
    }
    arena_free(arena);
    journal_close(journal);
    db_close(db);
}

/* A tile of that width is there and holds these hashes, or is not there. */
static void assert_tile(struct db *db, int level, int64_t n, int width, const struct hash *hashes)
{
    struct arena *arena = arena_new(1 << 16);
    struct text bytes;
    bool found;
    GOOD(journal_tile(db_reader(db), TESTING_REGION, level, n, width, arena, &bytes, &found,
                      &inside));
    if (found != (hashes != NULL))
        fail_msg("tile %d/%d.p/%d: %s", level, (int)n, width, found ? "there" : "not there");
    if (found) {
        assert_int_equal(bytes.len, width * 32);
        assert_memory_equal(bytes.at, hashes, bytes.len);
    }
    arena_free(arena);
}

static void assert_bundle(struct db *db, int64_t n, int width, const struct hash *leaves)
{
    struct arena *arena = arena_new(1 << 16);
    struct text bytes;
    bool found;
    GOOD(journal_entry_bundle(db_reader(db), TESTING_REGION, n, width, arena, &bytes, &found,
                              &inside));
    assert_int_equal(found, leaves != NULL);
    for (int i = 0; found && i < width; i++) {
        assert_true(bytes.len >= 2);
        size_t len = (size_t)(unsigned char)bytes.at[0] << 8 | (unsigned char)bytes.at[1];
        assert_true(bytes.len >= 2 + len);
        struct hash leaf = merkle_leaf(text_slice(bytes, 2, 2 + len));
        assert_memory_equal(leaf.bytes, leaves[n * TILE + i].bytes, sizeof leaf.bytes);
        bytes = text_slice(bytes, 2 + len, bytes.len);
    }
    assert_true(!found || bytes.len == 0);
    arena_free(arena);
}

static void tiles_and_bundles(const char *where)
{
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    testing_append(db, journal, 600);
    struct hash *leaves = testing_leaves(db, 600), roots[2];
    for (int i = 0; i < 2; i++)
        roots[i] = testing_root(leaves + i * TILE, TILE);
    for (int width = 1; width <= TILE; width += 17) {
        assert_tile(db, 0, 0, width, leaves);
        assert_tile(db, 0, 1, width, leaves + TILE);
        assert_tile(db, 0, 2, width, width <= 88 ? leaves + 2 * TILE : NULL);
        assert_tile(db, 0, 3, width, NULL);
        assert_tile(db, 1, 0, width, width <= 2 ? roots : NULL);
        assert_tile(db, 2, 0, width, NULL);
        assert_bundle(db, 1, width, leaves);
        assert_bundle(db, 2, width, width <= 88 ? leaves : NULL);
    }
    assert_tile(db, 0, 1, 256, leaves + TILE);
    assert_tile(db, 0, 2, 88, leaves + 2 * TILE);
    assert_tile(db, 0, 2, 89, NULL);
    assert_tile(db, 1, 0, 2, roots);
    assert_bundle(db, 0, 256, leaves);
    assert_bundle(db, 2, 88, leaves);
    assert_bundle(db, 2, 89, NULL);
    static const struct {
        int level;
        int64_t n;
        int width;
    } never[] = {{0, -1, 1},  {0, 0, 0},  {0, 0, -1}, {0, 0, 257}, {-1, 0, 1}, {63, 0, 1},
                 {64, 0, 1}, {8, 0, 1}, {0, INT64_MAX / 256, 1}, {0, INT64_MAX, 256}};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        assert_tile(db, never[i].level, never[i].n, never[i].width, NULL);
        if (never[i].level == 0)
            assert_bundle(db, never[i].n, never[i].width, NULL);
    }
    free(leaves);
    journal_close(journal);
    db_close(db);
}

/* Past 65,536 entries a tile of level 1 is full; the widths at 70,000 are those that the
 * specification of tlog-tiles counts out. */
static void past_65536(void **state)
{
    (void)state;
    struct db *db = testing_log(testing_database(DB_SQLITE, "large"));
    struct journal *journal = testing_journal(db);
    struct arena *arena = arena_new(4096);
    struct note_key key = testing_key(db, arena);
    while (journal_next(journal) < 65536 - 256)
        testing_append(db, journal, 256);
    static const int64_t sizes[] = {65535, 65536, 65537, 65536 + 300, 70000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        testing_append(db, journal, sizes[s] - (s ? sizes[s - 1] : journal_next(journal)));
        journal_close(journal); /* the next one catches up from the head */
        journal = testing_journal(db);
        static const int64_t places[] = {0, 255, 256, 40000, 65279, 65280, 65535, 65536, 65800};
        for (size_t i = 0; i < sizeof places / sizeof *places; i++)
            assert_receipt(db, &key, places[i], sizes[s]);
        assert_receipt(db, &key, sizes[s] - 1, sizes[s]);
    }
    struct hash *leaves = testing_leaves(db, 70000);
    testing_stands(db, leaves, 70000);
    struct hash *roots = calloc(273, sizeof *roots);
    assert_non_null(roots);
    for (int i = 0; i < 273; i++)
        roots[i] = testing_root(leaves + i * TILE, TILE);
    assert_tile(db, 0, 272, 256, leaves + 272 * TILE);
    assert_tile(db, 0, 273, 112, leaves + 273 * TILE);
    assert_tile(db, 0, 273, 113, NULL);
    assert_tile(db, 1, 0, 256, roots);
    assert_tile(db, 1, 1, 17, roots + TILE);
    assert_tile(db, 1, 1, 18, NULL);
    struct hash top = testing_root(roots, TILE);
    assert_tile(db, 2, 0, 1, &top);
    assert_tile(db, 2, 0, 2, NULL);
    assert_tile(db, 3, 0, 1, NULL);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct hash then = testing_root(leaves, (size_t)sizes[s]), now;
        GOOD(journal_root_at(db_reader(db), TESTING_REGION, sizes[s], arena, &now, &inside));
        assert_memory_equal(now.bytes, then.bytes, sizeof now.bytes);
    }
    testing_verified(db);
    free(roots);
    free(leaves);
    arena_free(arena);
    journal_close(journal);
    db_close(db);
}

/* An entry of the greatest length travels in a bundle whole. */
static void long_entries(const char *where)
{
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    struct entry_head head = {.kind = TEXT("k"), .version = 1, .subject = TEXT("s")};
    struct arena *arena = arena_new(1 << 20);
    struct buf body = {.arena = arena};
    bool moved;
    buf_str(&body, "{\"a\":\"");
    for (int i = 0; i < 65000; i++)
        buf_char(&body, 'x');
    buf_str(&body, "\"}");
    GOOD(db_begin(db, &inside));
    GOOD(journal_begin(journal, db, &moved, &inside));
    for (int i = 0; i < 3; i++)
        journal_add(journal, &head, buf_done(&body), (struct text){"", 0});
    GOOD(journal_end(journal, db, &inside));
    assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
    struct hash *leaves = testing_leaves(db, 3);
    assert_bundle(db, 0, 3, leaves);
    free(leaves);
    arena_free(arena);
    journal_close(journal);
    db_close(db);
}

#define EACH(name)                                                                                 \
    static void each_##name(void **state)                                                          \
    {                                                                                              \
        (void)state;                                                                               \
        testing_each_engine(name);                                                                 \
    }
EACH(reading_back)
EACH(receipts)
EACH(tiles_and_bundles)
EACH(long_entries)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reading_back),
        cmocka_unit_test(each_receipts),
        cmocka_unit_test(each_tiles_and_bundles),
        cmocka_unit_test(each_long_entries),
        cmocka_unit_test(past_65536),
    };
    return cmocka_run_group_tests_name("journal/read", tests, NULL, NULL);
}
