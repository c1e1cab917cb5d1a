#include "db/given_testing.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct db_insert into_pair = {"pair", "region, k, v, t, b", 5, NULL};

static void put(struct db *db, int64_t from, size_t rows)
{
    GOOD(db_begin(db, &trouble));
    insert_rows(db, &into_pair, from, rows);
    assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
}

struct writing {
    struct db *db;
    int64_t next;
    int calls;
};

static void write_more(int done, int total, void *context)
{
    struct writing *writing = context;
    assert_in_range(done, 1, total);
    writing->calls++;
    put(writing->db, writing->next, 100);
    writing->next += 100;
}

/* Looking into a backup leaves nothing beside it. */
static void one_file(const char *path)
{
    static const char *const beside[] = {"-wal",  "-shm",      "-journal",
                                         ".part", ".part-wal", ".part-shm"};
    struct db *db;
    GOOD(db_open(path, true, &db, &trouble));
    assert_int_equal(number_of(db, COUNT_PAIRS), 60000);
    db_close(db);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        char other[700];
        snprintf(other, sizeof other, "%s%s", path, beside[i]);
        assert_int_not_equal(access(other, F_OK), 0);
    }
}

static void a_backup_is_of_one_moment(void **state)
{
    (void)state;
    const char *where = testing_database(DB_SQLITE, "backup");
    char to[600];
    snprintf(to, sizeof to, "%s.copy", where);
    struct db *db = opened(where);
    script(db, PAIRS_DDL);
    put(db, 0, 60000);
    struct writing writing = {db, 60000, 0};
    GOOD(db_backup(where, to, write_more, &writing, &trouble));
    assert_in_range(writing.calls, 2, 1000);
    assert_int_equal(number_of(db, COUNT_PAIRS), 60000 + writing.calls * 100);
    one_file(to);
    struct db *copy = opened(to);
    assert_int_equal(number_of(copy, COUNT_PAIRS), 60000);
    db_close(copy);
    struct stat stat_;
    assert_int_equal(stat(to, &stat_), 0);
    assert_int_equal(stat_.st_mode & 0777, 0600);
    struct fault why = {0};
    assert_false(db_backup("postgresql://", to, NULL, NULL, &why));
    assert_non_null(strstr(why.why, "pg_dump"));
    why.why[0] = 0;
    assert_false(db_backup("/nowhere/x.db", to, NULL, NULL, &why));
    copy = opened(to); /* a failed backup leaves the last good one */
    assert_int_equal(number_of(copy, COUNT_PAIRS), 60000);
    db_close(copy);
    db_close(db);
}

static off_t size_of(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 ? found.st_size : 0;
}

static void checkpoints_bound_the_wal(void **state)
{
    (void)state;
    const char *where = testing_database(DB_SQLITE, "wal");
    char wal[600];
    snprintf(wal, sizeof wal, "%s-wal", where);
    struct db *db = opened(where);
    struct db *keeper = opened(where);
    script(db, PAIRS_DDL);
    off_t grown = 0;
    for (int i = 0; i < 40; i++)
        put(db, i * 500, 500);
    grown = size_of(wal);
    int64_t pages = 0;
    GOOD(db_checkpoint(keeper, true, &pages, &trouble));
    assert_true(pages > 100 && pages * 4096 <= grown);
    for (int i = 40; i < 200; i++) {
        put(db, i * 500, 500);
        if (i % 10 == 0)
            GOOD(db_checkpoint(keeper, false, &pages, &trouble));
    }
    assert_true(size_of(wal) <= grown * 2);
    assert_int_equal(number_of(db, COUNT_PAIRS), 100000);
    db_close(keeper);
    db_close(db);
}

static void a_second_writer_waits_and_may_try_again(void **state)
{
    (void)state;
    const char *where = testing_database(DB_SQLITE, "busy");
    struct db *one = opened(where), *two = opened(where);
    script(one, PAIRS_DDL);
    GOOD(db_begin(one, &trouble));
    struct fault why = {0};
    assert_false(db_begin(two, &why));
    assert_true(db_retryable(two));
    assert_int_equal(db_commit(one, NULL), DB_COMMITTED);
    put(two, 0, 1);
    db_close(one);
    db_close(two);
}

static void a_missing_file_is_a_fault_for_readers(void **state)
{
    (void)state;
    char where[600];
    snprintf(where, sizeof where, "%s.absent", testing_database(DB_SQLITE, "absent"));
    struct db_read *reader = NULL;
    struct fault why = {0};
    assert_false(db_open_reader(where, &reader, &why));
    assert_null(reader);
    assert_true(why.why[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_is_of_one_moment),
        cmocka_unit_test(checkpoints_bound_the_wal),
        cmocka_unit_test(a_second_writer_waits_and_may_try_again),
        cmocka_unit_test(a_missing_file_is_a_fault_for_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
