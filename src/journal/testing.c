#include "journal/testing.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"

static _Noreturn void give_up(const char *doing, const struct fault *why)
{
    fprintf(stderr, "test log: %s: %s\n", doing, why->why);
    exit(99);
}

static struct text file_read(const char *path, struct arena *arena)
{
    struct buf bytes = {.arena = arena};
    char some[4096];
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(99);
    }
    for (size_t got; (got = fread(some, 1, sizeof some, file)) > 0;)
        buf_add(&bytes, some, got);
    fclose(file);
    return buf_done(&bytes);
}

struct db *testing_log(const char *where)
{
    struct fault why = {""};
    struct db *db;
    struct arena *arena = arena_new(4096);
    if (!db_open(where, false, &db, &why) ||
        !db_script(db, file_read("src/journal/tables.sql", arena), &why) ||
        !journal_init(db, TESTING_REGION, TEXT(TESTING_ORIGIN), &why))
        give_up("making it", &why);
    arena_free(arena);
    return db;
}

struct journal *testing_journal(struct db *db)
{
    struct fault why = {""};
    struct journal *journal;
    if (!journal_open(db, TESTING_REGION, &journal, &why))
        give_up("opening it", &why);
    return journal;
}

void testing_add(struct journal *journal, int64_t count)
{
    struct arena *arena = arena_new(4096);
    for (int64_t i = 0; i < count; i++) {
        long long index = (long long)journal_next(journal);
        struct entry_head head = {
            .at = time_at(date_of(2014, 5, 4), 9 * HOUR_MS) + index * 1000,
            .actor = text_format(arena, "account:%lld", index % 5),
            .kind = TEXT("case.accepted"),
            .version = 1,
            .subject = text_format(arena, "case:%lld", index % 7)};
        struct text body = text_format(
            arena, "{\"item\":\"\xe5\x9c\x9f\xe5\x9c\xb0\xe8\xaf\x81\",\"number\":%lld}", index);
        struct text private_body =
            index % 3 ? (struct text){"", 0}
                      : text_format(arena, "{\"name\":\"\xe5\xbc\xa0 %lld\"}", index);
        journal_add(journal, &head, body, private_body);
        arena_reset(arena);
    }
    arena_free(arena);
}

void testing_append(struct db *db, struct journal *journal, int64_t count)
{
    struct fault why = {""};
    bool moved;
    if (!db_begin(db, &why) || !journal_begin(journal, db, &moved, &why))
        give_up("journal_begin", &why);
    testing_add(journal, count);
    if (!journal_end(journal, db, &why) || db_commit(db, &why) != DB_COMMITTED)
        give_up("journal_end", &why);
}

struct hash testing_root(const struct hash *leaves, size_t count)
{
    if (count == 0)
        return merkle_empty();
    if (count == 1)
        return leaves[0];
    size_t k = 1;
    while (k * 2 < count)
        k *= 2;
    struct hash left = testing_root(leaves, k), right = testing_root(leaves + k, count - k);
    return merkle_node(&left, &right);
}

struct hash *testing_leaves(struct db *db, int64_t count)
{
    struct fault why = {""};
    struct hash *leaves = calloc((size_t)count + 1, sizeof *leaves);
    struct arena *arena = arena_new(1 << 20);
    for (int64_t done = 0; leaves && done < count;) {
        struct list page;
        if (!journal_read(db_reader(db), TESTING_REGION, done, 1000, arena, &page, &why))
            give_up("reading it", &why);
        const struct entry *entries = page.items;
        if (page.count == 0 || entries[0].head.index != done)
            give_up("an entry is missing", &why);
        for (size_t i = 0; i < page.count && done < count; i++)
            leaves[done++] = merkle_leaf(entries[i].bytes);
        arena_reset(arena);
    }
    arena_free(arena);
    return leaves;
}

struct note_key testing_key(struct db *db, struct arena *arena)
{
    struct fault why = {""};
    struct text vkey;
    struct note_key key;
    if (!journal_vkey(db_reader(db), TESTING_REGION, arena, &vkey, &why) ||
        !note_vkey_read(vkey, arena, &key))
        give_up("its key", &why);
    return key;
}

static bool says(const struct checkpoint *checkpoint, int64_t size, const struct hash *root)
{
    return checkpoint->size == size && hash_equal(&checkpoint->root, root) &&
           text_is(checkpoint->origin, TESTING_ORIGIN);
}

void testing_stands(struct db *db, const struct hash *leaves, int64_t size)
{
    struct fault why = {""};
    struct arena *arena = arena_new(4096);
    struct note_key key = testing_key(db, arena);
    struct hash root = testing_root(leaves, (size_t)size);
    struct checkpoint head, said;
    struct text note, text;
    bool found;
    if (!journal_head(db_reader(db), TESTING_REGION, arena, &head, &why) ||
        !says(&head, size, &root))
        give_up("its head is not that of its entries", &why);
    if (!journal_checkpoint(db_reader(db), TESTING_REGION, arena, &note, &found, &why) || !found ||
        !note_open(note, &key, &text) || !checkpoint_read(text, &said) || !says(&said, size, &root))
        give_up("its checkpoint is not that of its entries", &why);
    arena_free(arena);
}

void testing_verified(struct db *db)
{
    struct fault why = {""};
    struct arena *arena = arena_new(4096);
    struct text wrong;
    if (!journal_verify(db_reader(db), TESTING_REGION, arena, NULL, NULL, &wrong, &why))
        give_up("verifying it", &why);
    if (wrong.len) {
        fault_set(&why, "%.*s", TEXT_ARG(wrong));
        give_up("it does not verify", &why);
    }
    arena_free(arena);
}
