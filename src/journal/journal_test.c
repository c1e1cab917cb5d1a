#include "journal/journal.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "db/testing.h"
#include "journal/testing.h"

#define GOOD(call)                                                                                 \
    do {                                                                                           \
        struct fault inside = {""};                                                                \
        if (!(call))                                                                               \
            fail_msg("%s: %s", #call, inside.why);                                                 \
    } while (0)

static int64_t count_of(struct db *db, const struct db_sql *sql)
{
    struct arena *arena = arena_new(4096);
    struct db_rows rows;
    GOOD(db_select(db_reader(db), sql, DB_ARGS(db_int(TESTING_REGION)), arena, &rows, &inside));
    int64_t count = rows.cells[0].number;
    arena_free(arena);
    return count;
}

static int64_t entries_stored(struct db *db)
{
    static const struct db_sql sql = {"SELECT count(*) AS count FROM journal WHERE region = $1"};
    return count_of(db, &sql);
}

static void a_new_log(const char *where)
{
    struct db *db = testing_log(where);
    struct arena *arena = arena_new(4096);
    struct text vkey, again, bytes;
    struct fault why = {""};
    bool found;
    testing_stands(db, NULL, 0);
    testing_verified(db);
    GOOD(journal_vkey(db_reader(db), TESTING_REGION, arena, &vkey, &inside));
    GOOD(journal_init(db, TESTING_REGION, TEXT("another/name"), &inside)); /* is there: untouched */
    GOOD(journal_vkey(db_reader(db), TESTING_REGION, arena, &again, &inside));
    assert_true(text_equal(vkey, again));
    GOOD(journal_tile(db_reader(db), TESTING_REGION, 0, 0, 1, arena, &bytes, &found, &inside));
    assert_false(found);
    GOOD(journal_receipt(db_reader(db), TESTING_REGION, 0, arena, &bytes, &found, &inside));
    assert_false(found);
    /* A region that has no log. */
    GOOD(journal_checkpoint(db_reader(db), 110101, arena, &bytes, &found, &inside));
    assert_false(found);
    GOOD(journal_entry_bundle(db_reader(db), 110101, 0, 1, arena, &bytes, &found, &inside));
    assert_false(found);
    struct journal *journal = NULL;
    assert_false(journal_open(db, 110101, &journal, &why));
    assert_non_null(strstr(why.why, "no journal"));
    static const int64_t regions[] = {0, -330482, 99999, 1000000};
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++)
        assert_false(journal_init(db, regions[i], TEXT("a/log"), NULL));
    assert_false(journal_init(db, 110101, TEXT("a log"), NULL));
    assert_false(journal_init(db, 110101, TEXT(""), NULL));
    arena_free(arena);
    db_close(db);
}

/* Any cutting into batches gives the tree that RFC 6962 defines. */
static void random_batches(const char *where)
{
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    unsigned random = 12345;
    int64_t size = 0;
    while (size < 1100) {
        random = random * 1103515245 + 12345;
        int64_t count = (random >> 16) % 7 == 0 ? (random >> 8) % 500 : (random >> 8) % 20;
        testing_append(db, journal, count);
        size += count;
        assert_int_equal(journal_next(journal), size);
        assert_int_equal(journal_stands(journal).size, size);
        struct hash *leaves = testing_leaves(db, size);
        testing_stands(db, leaves, size);
        free(leaves);
        if (random >> 20 & 1) { /* as another process would find it */
            journal_close(journal);
            journal = testing_journal(db);
        }
    }
    assert_int_equal(entries_stored(db), size);
    testing_verified(db);
    journal_close(journal);
    db_close(db);
}

static void other_writers(const char *where)
{
    struct db *first_db = testing_log(where), *second_db = testing_log(where);
    struct journal *first = testing_journal(first_db), *second = testing_journal(second_db);
    bool moved;
    testing_append(first_db, first, 300);
    for (int round = 0; round < 5; round++) {
        GOOD(db_begin(second_db, &inside));
        GOOD(journal_begin(second, second_db, &moved, &inside));
        assert_true(moved);
        assert_int_equal(journal_next(second), journal_next(first));
        testing_add(second, 100);
        GOOD(journal_end(second, second_db, &inside));
        assert_int_equal(db_commit(second_db, NULL), DB_COMMITTED);
        GOOD(db_begin(second_db, &inside));
        GOOD(journal_begin(second, second_db, &moved, &inside));
        assert_false(moved); /* nobody but itself */
        GOOD(journal_end(second, second_db, &inside));
        assert_int_equal(db_commit(second_db, NULL), DB_COMMITTED);

        GOOD(db_begin(first_db, &inside));
        GOOD(journal_begin(first, first_db, &moved, &inside));
        assert_true(moved);
        assert_int_equal(journal_next(first), 300 + round * 107 + 100);
        testing_add(first, 7);
        GOOD(journal_end(first, first_db, &inside));
        assert_int_equal(db_commit(first_db, NULL), DB_COMMITTED);
    }
    assert_int_equal(entries_stored(first_db), 300 + 5 * 107);
    testing_verified(first_db);
    journal_close(first);
    journal_close(second);
    db_close(first_db);
    db_close(second_db);
}

struct rival {
    const char *where;
    int batches;
};

/* Another server: its own connection, its own journal. */
static void *rival_writes(void *argument)
{
    const struct rival *rival = argument;
    struct fault why = {""};
    struct db *db;
    if (!db_open(rival->where, false, &db, &why))
        return "cannot open";
    struct journal *journal = testing_journal(db);
    for (int i = 0; i < rival->batches; i++)
        testing_append(db, journal, 1 + i % 9);
    journal_close(journal);
    db_close(db);
    return NULL;
}

static void writers_at_once(const char *where)
{
    struct db *db = testing_log(where);
    struct rival rival = {where, 60};
    pthread_t threads[3];
    void *said;
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, rival_writes, &rival), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_join(threads[i], &said), 0);
        if (said)
            fail_msg("%s", (const char *)said);
    }
    int64_t expected = 0;
    for (int i = 0; i < rival.batches; i++)
        expected += 3 * (1 + i % 9);
    assert_int_equal(entries_stored(db), expected);
    testing_verified(db);
    db_close(db);
}

/* True when the transaction died, at journal_end or, where statements travel in a pipeline, at
 * COMMIT. */
static bool dies(struct db *db, struct journal *journal)
{
    struct fault why = {""};
    bool died = !journal_end(journal, db, &why) || db_commit(db, &why) != DB_COMMITTED;
    assert_int_equal(died, why.why[0] != 0);
    db_rollback(db);
    journal_forget(journal);
    return died;
}

/* A writer that does not ask the head first and believes what it remembers. */
static void stale_writer(const char *where)
{
    struct db *db = testing_log(where), *other_db = testing_log(where);
    struct journal *journal = testing_journal(db), *other = testing_journal(other_db);
    testing_append(db, journal, 5);
    testing_append(other_db, other, 3);
    /* Its entry would take an index that is taken. */
    GOOD(db_begin(db, &inside));
    testing_add(journal, 1);
    assert_true(dies(db, journal));
    assert_int_equal(entries_stored(db), 8);
    /* With nothing to insert, only the guard of the head stands in its way. */
    testing_append(db, journal, 1);
    testing_append(other_db, other, 1);
    GOOD(db_begin(db, &inside));
    journal_live_at(journal, journal_clock(journal) + 1000);
    assert_true(dies(db, journal));
    /* An index that is free, but a size that is not the head's: the guard again. */
    static const struct db_sql cut = {"DELETE FROM journal WHERE region = $1 AND idx >= 8"};
    testing_append(db, journal, 1);
    testing_append(other_db, other, 1);
    GOOD(db_begin(other_db, &inside));
    GOOD(db_write(other_db, &cut, DB_ARGS(db_int(TESTING_REGION)), &inside));
    assert_int_equal(db_commit(other_db, NULL), DB_COMMITTED);
    GOOD(db_begin(db, &inside));
    testing_add(journal, 1);
    assert_true(dies(db, journal));
    assert_int_equal(entries_stored(db), 8);
    journal_close(journal);
    journal_close(other);
    db_close(db);
    db_close(other_db);
}

static void rolled_back(const char *where)
{
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    bool moved, written;
    testing_append(db, journal, 250);
    struct hash *leaves = testing_leaves(db, 250);
    GOOD(db_begin(db, &inside));
    GOOD(journal_begin(journal, db, &moved, &inside));
    assert_false(moved);
    testing_add(journal, 20); /* a tile gets full and is undone */
    journal_standing(journal);
    GOOD(journal_end(journal, db, &inside));
    assert_int_equal(journal_stands(journal).size, 270);
    db_rollback(db);
    journal_forget(journal);
    assert_int_equal(journal_stands(journal).size, 270);
    GOOD(journal_was_written(journal, db_reader(db), &written, &inside));
    assert_false(written);
    testing_stands(db, leaves, 250);

    GOOD(db_begin(db, &inside));
    GOOD(journal_begin(journal, db, &moved, &inside));
    assert_true(moved);
    assert_int_equal(journal_next(journal), 250);
    assert_int_equal(journal_standing_seen(journal), 0);
    testing_add(journal, 5);
    db_rollback(db); /* before journal_end */
    journal_forget(journal);
    testing_stands(db, leaves, 250);
    testing_append(db, journal, 30);
    GOOD(journal_was_written(journal, db_reader(db), &written, &inside));
    assert_true(written);
    /* Others have gone on since. */
    struct db *other_db = testing_log(where);
    struct journal *other = testing_journal(other_db);
    testing_append(other_db, other, 400);
    GOOD(journal_was_written(journal, db_reader(db), &written, &inside));
    assert_true(written);
    /* Not written, and another took the place. */
    GOOD(db_begin(db, &inside));
    GOOD(journal_begin(journal, db, &moved, &inside));
    struct entry_head head = {.at = 0, .kind = TEXT("k"), .version = 1, .subject = TEXT("s")};
    journal_add(journal, &head, TEXT("{}"), (struct text){"", 0});
    GOOD(journal_end(journal, db, &inside));
    db_rollback(db);
    journal_forget(journal);
    testing_append(other_db, other, 2);
    GOOD(journal_was_written(journal, db_reader(db), &written, &inside));
    assert_false(written);
    testing_verified(db);
    free(leaves);
    journal_close(journal);
    journal_close(other);
    db_close(db);
    db_close(other_db);
}

static void clock_and_standing(const char *where)
{
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    struct journal *other = testing_journal(db);
    int64_t standing;
    bool moved;
    GOOD(db_begin(db, &inside));
    GOOD(journal_begin(journal, db, &moved, &inside));
    assert_int_equal(journal_clock(journal), 0);
    journal_live_at(journal, 5000);
    journal_live_at(journal, 4000); /* a clock set back */
    assert_int_equal(journal_clock(journal), 5000);
    GOOD(journal_end(journal, db, &inside)); /* no entry: the clock moves alone */
    assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
    testing_stands(db, NULL, 0);
    GOOD(journal_standing_of(db_reader(db), TESTING_REGION, &standing, &inside));
    assert_int_equal(standing, 0);

    GOOD(db_begin(db, &inside));
    GOOD(journal_begin(other, db, &moved, &inside));
    assert_int_equal(journal_clock(other), 5000);
    journal_standing(other);
    journal_standing(other); /* twice in a batch is once */
    testing_add(other, 2);
    GOOD(journal_end(other, db, &inside));
    assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
    assert_int_equal(journal_standing_seen(other), 1);
    GOOD(journal_standing_of(db_reader(db), TESTING_REGION, &standing, &inside));
    assert_int_equal(standing, 1);
    testing_append(db, other, 1);
    GOOD(db_begin(db, &inside));
    GOOD(journal_begin(journal, db, &moved, &inside));
    assert_true(moved);
    assert_int_equal(journal_standing_seen(journal), 1);
    journal_standing(journal);
    GOOD(journal_end(journal, db, &inside));
    assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
    GOOD(journal_standing_of(db_reader(db), TESTING_REGION, &standing, &inside));
    assert_int_equal(standing, 2);
    assert_false(journal_standing_of(db_reader(db), 110101, &standing, NULL));
    testing_verified(db);
    journal_close(journal);
    journal_close(other);
    db_close(db);
}

static void only_what_can_be_read(const char *where)
{
    static const struct {
        const char *body;
        int64_t at, version;
        bool private_body;
        const char *says; /* NULL: taken in */
    } rows[] = {
        {"{\"a\":1}", 0, 1, false, NULL},
        {"{\"a\":1}", 0, 1, true, NULL},
        {"{\"a\": 1}", 0, 1, false, "canonical form"},
        {"{\"a\": 1}", 0, 1, true, "canonical form"},
        {"{\"b\":1,\"a\":2}", 0, 1, false, "names in order"},
        {"{\"a\":9007199254740992}", 0, 1, false, "2^53"},
        {"[]", 0, 1, false, "canonical form"},
        {"", 0, 1, false, "canonical form"},
        {"{}", 0, 0, false, "version"},
        {"{}", INT64_MAX, 1, false, "years"},
        {"{}", INT64_MIN, 1, false, "years"},
    };
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    int64_t stored = 0;
    bool moved;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct entry_head head = {.at = rows[i].at, .actor = TEXT("system"), .kind = TEXT("k"),
                                  .version = rows[i].version, .subject = TEXT("s")};
        struct text body = text_of(rows[i].body), empty = {"", 0};
        struct fault why = {""};
        assert_true(db_begin(db, &why) && journal_begin(journal, db, &moved, &why));
        journal_add(journal, &head, rows[i].private_body ? TEXT("{}") : body,
                    rows[i].private_body ? body : empty);
        assert_int_equal(journal_next(journal), stored + 1);
        bool good = journal_end(journal, db, &why);
        if (good != !rows[i].says || (rows[i].says && !strstr(why.why, rows[i].says)))
            fail_msg("row %zu: %s", i, why.why);
        if (good) {
            assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
            stored++;
        } else {
            db_rollback(db);
            journal_forget(journal);
        }
    }
    static const struct text words[] = {{"\xff", 1}, {"a\0b", 3}};
    for (size_t i = 0; i < 6; i++) {
        struct entry_head head = {.version = 1};
        struct fault why = {""};
        *(i % 3 == 0 ? &head.actor : i % 3 == 1 ? &head.kind : &head.subject) = words[i / 3];
        assert_true(db_begin(db, &why) && journal_begin(journal, db, &moved, &why));
        journal_add(journal, &head, TEXT("{}"), (struct text){"", 0});
        assert_false(journal_end(journal, db, &why));
        assert_non_null(strstr(why.why, "UTF-8"));
        db_rollback(db);
        journal_forget(journal);
    }
    assert_int_equal(entries_stored(db), stored);
    testing_verified(db);
    journal_close(journal);
    db_close(db);
}

static void the_longest_entry(const char *where)
{
    struct db *db = testing_log(where);
    struct journal *journal = testing_journal(db);
    struct arena *arena = arena_new(1 << 20);
    bool moved;
    int64_t around = 0; /* bytes of an entry with an empty text in its body */
    for (int64_t length = 0, step = 0; step < 3; step++) {
        struct buf body = {.arena = arena};
        struct entry_head head = {.at = 0, .actor = TEXT("system"), .kind = TEXT("k"),
                                  .version = 1, .subject = TEXT("s")};
        struct fault why = {""};
        buf_str(&body, "{\"a\":\"");
        for (int64_t i = 0; i < length; i++)
            buf_char(&body, 'x');
        buf_str(&body, "\"}");
        assert_true(db_begin(db, &why) && journal_begin(journal, db, &moved, &why));
        journal_add(journal, &head, buf_done(&body), (struct text){"", 0});
        bool good = journal_end(journal, db, &why);
        assert_int_equal(good, step < 2);
        if (good) {
            struct list list;
            assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
            GOOD(journal_read(db_reader(db), TESTING_REGION, step, 1, arena, &list, &inside));
            int64_t bytes = (int64_t)((const struct entry *)list.items)->bytes.len;
            if (step == 0)
                around = bytes;
            assert_int_equal(bytes, around + length);
            length = step == 0 ? 65535 - around : length + 1;
        } else {
            assert_non_null(strstr(why.why, "65536 bytes"));
            db_rollback(db);
            journal_forget(journal);
        }
    }
    testing_verified(db);
    arena_free(arena);
    journal_close(journal);
    db_close(db);
}

static void idempotency(const char *where)
{
    struct db *db = testing_log(where);
    struct arena *arena = arena_new(4096);
    struct idempotency kept = {.key = TEXT("account:12 abc"),
                               .request = merkle_leaf(TEXT("x")),
                               .index = 17,
                               .count = 2,
                               .answer = TEXT("{\"a\":1}"),
                               .location = TEXT("/cases/17"),
                               .at = 5000},
                       found_one;
    bool found;
    GOOD(idempotency_find(db_reader(db), TESTING_REGION, kept.key, arena, &found_one, &found,
                          &inside));
    assert_false(found);
    GOOD(db_begin(db, &inside));
    GOOD(idempotency_keep(db, TESTING_REGION, &kept, &inside));
    GOOD(idempotency_find(db_reader(db), TESTING_REGION, kept.key, arena, &found_one, &found,
                          &inside));
    assert_true(found); /* already within the transaction */
    assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
    GOOD(idempotency_find(db_reader(db), TESTING_REGION, kept.key, arena, &found_one, &found,
                          &inside));
    assert_true(found);
    assert_true(hash_equal(&found_one.request, &kept.request));
    assert_int_equal(found_one.index, 17);
    assert_int_equal(found_one.count, 2);
    assert_int_equal(found_one.at, 5000);
    assert_true(text_equal(found_one.answer, kept.answer));
    assert_true(text_equal(found_one.location, kept.location));
    assert_true(text_equal(found_one.key, kept.key));
    GOOD(idempotency_find(db_reader(db), 110101, kept.key, arena, &found_one, &found, &inside));
    assert_false(found); /* another region's */
    struct fault why = {""};
    assert_true(db_begin(db, &why));
    assert_false(idempotency_keep(db, TESTING_REGION, &kept, &why) &&
                 db_commit(db, &why) == DB_COMMITTED); /* twice the same key */
    db_rollback(db);
    arena_free(arena);
    db_close(db);
}

#define EACH(name)                                                                                 \
    static void each_##name(void **state)                                                          \
    {                                                                                              \
        (void)state;                                                                               \
        testing_each_engine(name);                                                                 \
    }
EACH(a_new_log)
EACH(random_batches)
EACH(other_writers)
EACH(writers_at_once)
EACH(stale_writer)
EACH(rolled_back)
EACH(clock_and_standing)
EACH(only_what_can_be_read)
EACH(the_longest_entry)
EACH(idempotency)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_a_new_log),
        cmocka_unit_test(each_random_batches),
        cmocka_unit_test(each_other_writers),
        cmocka_unit_test(each_writers_at_once),
        cmocka_unit_test(each_stale_writer),
        cmocka_unit_test(each_rolled_back),
        cmocka_unit_test(each_clock_and_standing),
        cmocka_unit_test(each_only_what_can_be_read),
        cmocka_unit_test(each_the_longest_entry),
        cmocka_unit_test(each_idempotency),
    };
    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
