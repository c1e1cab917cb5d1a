/* A log written out as it is served, checked by code that nobody here wrote (tests/third-party). */
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "db/testing.h"
#include "journal/testing.h"

enum { TILE = 256, LEVELS = 4, PATH = 256 };

#define GO                                                                                         \
    "GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode GOCACHE=\"$PWD/build/go-cache\" go "

static int run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int run(const char *format, ...)
{
    char command[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void write_file(const char *folder, const char *name, struct text bytes)
{
    char path[PATH * 2];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            fail_msg("%s: %s", path, strerror(errno));
        *slash = '/';
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

/* Tile or bundle (level -1) as the server would answer for its path; it must be there. */
static void write_tile(struct db *db, const char *folder, int level, int64_t n, int width)
{
    struct arena *arena = arena_new(1 << 16);
    struct fault why = {""};
    struct text bytes, path = tile_path(level, n, width, arena);
    bool found = false;
    if (!(level < 0
              ? journal_entry_bundle(db_reader(db), TESTING_REGION, n, width, arena, &bytes, &found,
                                     &why)
              : journal_tile(db_reader(db), TESTING_REGION, level, n, width, arena, &bytes, &found,
                             &why)) ||
        !found)
        fail_msg("%.*s: %s", TEXT_ARG(path), why.why);
    write_file(folder, text_cstr(arena, text_format(arena, "tile/%.*s", TEXT_ARG(path))), bytes);
    arena_free(arena);
}

/* What appeared between two sizes: full tiles and the partial ones of the new size. */
static void write_tiles(struct db *db, const char *folder, int64_t from, int64_t size)
{
    for (int level = -1; level < LEVELS; level++) {
        int shift = level < 0 ? 0 : 8 * level;
        int64_t before = from >> shift, now = size >> shift;
        for (int64_t n = before / TILE; n < now / TILE; n++)
            write_tile(db, folder, level, n, TILE);
        if (now % TILE)
            write_tile(db, folder, level, now / TILE, (int)(now % TILE));
    }
}

static void write_receipt(struct db *db, const char *folder, int64_t index, int64_t size)
{
    struct arena *arena = arena_new(1 << 16);
    struct fault why = {""};
    struct text proof;
    bool found = false;
    char name[PATH];
    if (!journal_receipt(db_reader(db), TESTING_REGION, index, arena, &proof, &found, &why) ||
        !found)
        fail_msg("receipt %d: %s", (int)index, why.why);
    snprintf(name, sizeof name, "proof.%lld.%lld", (long long)size, (long long)index);
    write_file(folder, name, proof);
    arena_free(arena);
}

static const int64_t sizes[] = {1,   2,   3,     7,     8,     9,     255,           256,
                                257, 511, 512,   600,   65535, 65536, 65537,         65536 + 256,
                                65536 + 300, 70000};
static const int64_t places[] = {0, 1, 255, 256, 300, 65535, 65536, 65799, 69999};

static void grow(struct db *db, struct journal *journal, int64_t to)
{
    for (int64_t left; (left = to - journal_stands(journal).size) > 0;)
        testing_append(db, journal, left < TILE ? left : TILE);
}

/* Everything that an outsider can get of the log, at every size. */
static void write_log(const char *folder, enum db_engine engine)
{
    struct db *db = testing_log(testing_database(engine, "outside"));
    struct journal *journal = testing_journal(db);
    struct arena *arena = arena_new(4096);
    struct fault why = {""};
    struct text note, vkey;
    bool found;
    assert_true(journal_vkey(db_reader(db), TESTING_REGION, arena, &vkey, &why));
    write_file(folder, "vkey", vkey);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        grow(db, journal, sizes[i]);
        char name[PATH];
        snprintf(name, sizeof name, "checkpoint.%lld", (long long)sizes[i]);
        assert_true(
            journal_checkpoint(db_reader(db), TESTING_REGION, arena, &note, &found, &why));
        write_file(folder, name, note);
        write_tiles(db, folder, i ? sizes[i - 1] : 0, sizes[i]);
        for (size_t p = 0; p < sizeof places / sizeof *places; p++)
            if (places[p] < sizes[i])
                write_receipt(db, folder, places[p], sizes[i]);
        arena_reset(arena);
    }
    arena_free(arena);
    journal_close(journal);
    db_close(db);
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
    (void)stat;
    (void)type;
    (void)walk;
    return remove(path);
}

static int set_up(void **state, enum db_engine engine)
{
    static const char form[] = "/tmp/yimen-outside-XXXXXX";
    char *folder = malloc(sizeof form);
    assert_non_null(folder);
    memcpy(folder, form, sizeof form);
    assert_non_null(mkdtemp(folder));
    *state = folder;
    if (run("mkdir -p build/third-party && " GO
            "build -o build/third-party/check tests/third-party/check.go") != 0)
        fail_msg("Go could not build tests/third-party/check.go (golang-golang-x-mod-dev?)");
    write_log(folder, engine);
    return 0;
}

static int on_sqlite(void **state)
{
    return set_up(state, DB_SQLITE);
}

static int on_postgresql(void **state)
{
    return set_up(state, DB_POSTGRESQL);
}

static int tear_down(void **state)
{
    nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return 0;
}

static int check(const char *folder)
{
    return run("build/third-party/check %s > %s/said 2>&1", folder, folder);
}

static void holds_for_go(void **state)
{
    const char *folder = *state;
    if (check(folder) != 0) {
        run("cat %s/said >&2", folder);
        fail_msg("the log does not hold");
    }
}

static long file_size(const char *folder, const char *name)
{
    struct stat stat_of;
    char path[PATH * 2];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(stat(path, &stat_of), 0);
    return (long)stat_of.st_size;
}

/* Turns one bit of a file over: once to break it, once more to mend it. */
static void turn_bit(const char *folder, const char *name, long at)
{
    char path[PATH * 2];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_true(byte >= 0);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 1, file), byte ^ 1);
    assert_int_equal(fclose(file), 0);
}

/* The outsider is no yes-man: a bit turned anywhere is noticed. */
static void go_notices(void **state)
{
    static const char *const names[] = {
        "checkpoint.257",     "tile/0/000",         "tile/0/273.p/112",
        "tile/1/000",         "tile/1/001.p/17",    "tile/2/000.p/1",
        "tile/entries/255",   "tile/entries/273.p/112", "proof.70000.300",
        "tile/entries/000.p/7", "vkey",
    };
    const char *folder = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        long middle = file_size(folder, names[i]) / 2;
        turn_bit(folder, names[i], middle);
        if (check(folder) != 1)
            fail_msg("a bit of %s was turned and nobody noticed", names[i]);
        turn_bit(folder, names[i], middle);
    }
    assert_int_equal(check(folder), 0);
}

static int node(const char *folder, const char *name)
{
    return run("node tests/third-party/check-proof.mjs %s/%s \"$(cat %s/vkey)\" > %s/said 2>&1",
               folder, name, folder, folder);
}

static void receipts_hold_for_node(void **state)
{
    static const char *const names[] = {"proof.1.0",       "proof.256.255",  "proof.257.256",
                                        "proof.65536.300", "proof.70000.0", "proof.70000.69999"};
    const char *folder = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (node(folder, names[i]) != 0) {
            run("cat %s/said >&2", folder);
            fail_msg("%s does not hold", names[i]);
        }
    }
    /* In the entry, in a hash, in the size, in the signature. */
    long size = file_size(folder, "proof.70000.0");
    const long places_in_file[] = {60, size - 330, size - 153, size - 20};
    for (size_t i = 0; i < sizeof places_in_file / sizeof *places_in_file; i++) {
        turn_bit(folder, "proof.70000.0", places_in_file[i]);
        if (node(folder, "proof.70000.0") != 1)
            fail_msg("byte %ld was changed and nobody noticed", places_in_file[i]);
        turn_bit(folder, "proof.70000.0", places_in_file[i]);
    }
    assert_int_equal(node(folder, "proof.70000.0"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_for_go),
        cmocka_unit_test(go_notices),
        cmocka_unit_test(receipts_hold_for_node),
    };
    int failed = cmocka_run_group_tests_name("third party, SQLite", tests, on_sqlite, tear_down);
    if (testing_has_postgresql())
        failed += cmocka_run_group_tests_name("third party, PostgreSQL", tests, on_postgresql,
                                              tear_down);
    return failed;
}
