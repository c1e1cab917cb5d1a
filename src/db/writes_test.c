/* Writes that wait for others of their kind end in the same rows as writes done one by one: the same
 * random play on both engines, of which SQLite never lets a write wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "db/given_testing.h"
#include "db/postgresql_pipeline.h"

enum { ROUNDS = 150, STEPS = 120, BURST = 300 };

#define TABLES                                                                                     \
    "CREATE TABLE t (region {int} NOT NULL, id {int} NOT NULL, grp {int} NOT NULL, n {int},"       \
    " w TEXT NOT NULL DEFAULT '', PRIMARY KEY (region, id)) {strict};"                             \
    "CREATE TABLE u (region {int} NOT NULL, id {int} NOT NULL, part {int} NOT NULL, n {int},"      \
    " PRIMARY KEY (region, id, part)) {strict};"

/* All take region, two numbers and a third for what is put. */
static const struct db_sql writes[] = {
    {"UPDATE t SET n = $4 WHERE region = $1 AND id = $2 AND grp <> $3"},
    {"UPDATE t SET n = n + 1, grp = $3 WHERE region = $1 AND id = $2 AND grp <> $4"},
    {"UPDATE t SET n = CASE WHEN $4 = 3 THEN 0 ELSE $4 END WHERE region = $1 AND grp = $2 AND id < $3"},
    {"UPDATE t SET id = $3 WHERE region = $1 AND id = $2 AND n = $4 AND NOT EXISTS"
     " (SELECT 1 FROM t AS other WHERE other.region = $1 AND other.id = $3)"},
    {"UPDATE t SET w = 'it''s $4', n = $4 WHERE region = $1 AND id = $2 AND grp = $3"},
    {"UPDATE t SET grp = $3 WHERE region = $1 AND grp = $2 AND n <> $4"},
    {"DELETE FROM t WHERE region = $1 AND id = $2 AND grp <> $3 AND n <> $4"},
    {"DELETE FROM t WHERE region = $1 AND grp = $2 AND id = $3 AND coalesce(n, -1) <> $4"},
    {"INSERT INTO t (region, id, grp, n) VALUES ($1, $2, $3, $4)"
     " ON CONFLICT (region, id) DO UPDATE SET n = coalesce(t.n, 0) + 1, grp = $3"},
    {"UPDATE u SET n = $4 WHERE region = $1 AND id = $2 AND part = $3"},
    {"DELETE FROM u WHERE region = $1 AND id = $2 AND part <> $3 AND n <> $4"},
    {"INSERT INTO u (region, id, part, n) SELECT region, id, $3, $2 FROM t WHERE region = $1 AND"
     " id = $4 ON CONFLICT (region, id, part) DO NOTHING"},
    {"DELETE FROM u WHERE region = $1 AND id = $2 AND part + $3 <> $4 AND id IN"
     " (SELECT grp FROM t WHERE t.region = $1)"},
};
enum { WRITES = sizeof writes / sizeof *writes };

static const struct db_insert inserts[] = {
    {"t", "region, id, grp, n", 4, "ON CONFLICT (region, id) DO NOTHING"},
    {"u", "region, id, part, n", 4, "ON CONFLICT (region, id, part) DO NOTHING"},
    {"t", "region, grp, id, n", 4, "ON CONFLICT (region, id) DO NOTHING"},
    {"u", "region, part, id, n", 4, "ON CONFLICT (region, id, part) DO UPDATE SET n = excluded.n"},
    {"t", "region, id, grp, n", 4,
     "ON CONFLICT (region, id) DO UPDATE SET n = excluded.n, grp = excluded.grp"},
};
enum { INSERTS = sizeof inserts / sizeof *inserts };

static const struct db_sql looks[] = {
    {"SELECT id, grp, n, w FROM t WHERE region = $1 AND id = $2"},
    {"SELECT id, part, n FROM u WHERE region = $1 AND id = $2 ORDER BY part"},
    {"SELECT id, n FROM t WHERE region = $1 AND grp = $2 ORDER BY id"},
    {"SELECT u.id, u.part, t.n FROM u JOIN t ON t.region = u.region AND t.id = u.id"
     " WHERE u.region = $1 AND t.grp = $2 ORDER BY u.id, u.part"},
};
static const struct db_sql everything[] = {
    {"SELECT id, grp, n, w FROM t WHERE region = $1 ORDER BY id"},
    {"SELECT id, part, n FROM u WHERE region = $1 ORDER BY id, part"},
};

struct play {
    struct db *db[2]; /* one that lets writes wait, one that does not */
    struct arena *arena;
    uint64_t seed, from;
    int64_t most; /* of a value */
    uint64_t operations;
};

static int64_t choose(struct play *play, int64_t below)
{
    play->seed = play->seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((play->seed >> 33) % (uint64_t)below);
}

static void same_rows(struct play *play, const struct db_sql *sql, const struct db_value *args,
                      size_t count)
{
    struct db_rows rows[2];
    for (size_t i = 0; i < 2; i++)
        GOOD(db_select(db_reader(play->db[i]), sql, args, count, play->arena, &rows[i], &trouble));
    bool good = rows[0].count == rows[1].count;
    for (size_t i = 0; good && i < rows[0].count * rows[0].width; i++) {
        const struct db_value *a = &rows[0].cells[i], *b = &rows[1].cells[i];
        good = a->type == b->type && a->number == b->number && text_equal(a->text, b->text);
    }
    if (!good)
        fail_msg("seed %llu: not the same on both engines: %s", (unsigned long long)play->from,
                 sql->text);
}

static void write_one(struct play *play, size_t kind, int64_t id)
{
    struct db_value args[] = {db_int(1), db_int(id), db_int(choose(play, play->most)),
                              choose(play, 12) ? db_int(choose(play, 5)) : db_null()};
    for (size_t i = 0; i < 2; i++)
        GOOD(db_write(play->db[i], &writes[kind], args, 4, &trouble));
    play->operations++;
}

/* Only few rows, of different ids, may be put at once. */
static void insert_some(struct play *play)
{
    size_t kind = (size_t)choose(play, INSERTS);
    const struct db_insert *insert = &inserts[kind];
    bool puts = strstr(insert->after, "DO UPDATE") != NULL;
    size_t id = strstr(insert->columns, "region, id") ? 1 : 2;
    int64_t first = choose(play, play->most);
    struct db_value cells[4 * 40];
    size_t rows = 1 + (size_t)choose(play, choose(play, 4) ? 3 : puts ? 12 : 40);
    for (size_t i = 0; i < rows * 4; i++)
        cells[i] = i % 4 == 0                           ? db_int(1)
                   : i % 4 == 3 && !choose(play, 10) ? db_null()
                                                        : db_int(choose(play, play->most));
    for (size_t row = 0; puts && row < rows; row++)
        cells[row * 4 + id] = db_int((first + (int64_t)row) % play->most);
    for (size_t i = 0; i < 2; i++)
        GOOD(db_insert(play->db[i], insert, cells, rows, &trouble));
    play->operations++;
}

static void same_count(struct play *play)
{
    int64_t changed[2];
    for (size_t i = 0; i < 2; i++)
        GOOD(db_changed(play->db[i], &changed[i], &trouble));
    if (changed[0] != changed[1])
        fail_msg("seed %llu: %lld rows changed, or %lld", (unsigned long long)play->from,
                 (long long)changed[0], (long long)changed[1]);
}

static void step(struct play *play)
{
    int64_t kind = choose(play, 20);
    if (kind < 12) {
        write_one(play, (size_t)choose(play, WRITES), choose(play, play->most));
    } else if (kind < 17) {
        insert_some(play);
    } else if (kind < 18) {
        insert_some(play);
        same_count(play);
    } else if (kind < 19) {
        /* As a batch does: the same write for many rows. */
        size_t same = (size_t)choose(play, WRITES);
        for (int64_t id = 0, count = choose(play, BURST); id < count; id++)
            write_one(play, same, id % play->most);
        same_count(play);
    } else {
        same_rows(play, &looks[choose(play, sizeof looks / sizeof *looks)],
                  DB_ARGS(db_int(1), db_int(choose(play, play->most))));
    }
}

static void round_of(struct play *play)
{
    arena_reset(play->arena);
    play->from = play->seed;
    play->most = choose(play, 2) ? 12 : 280;
    for (size_t i = 0; i < 2; i++)
        GOOD(db_begin(play->db[i], &trouble));
    for (int64_t i = choose(play, STEPS); i >= 0; i--)
        step(play);
    bool undone = choose(play, 5) == 0;
    for (size_t i = 0; i < 2; i++) {
        struct fault why = {0};
        if (undone)
            db_rollback(play->db[i]);
        else if (db_commit(play->db[i], &why) != DB_COMMITTED)
            fail_msg("seed %llu: %s", (unsigned long long)play->from, why.why);
    }
    for (size_t i = 0; i < sizeof everything / sizeof *everything; i++)
        same_rows(play, &everything[i], DB_ARGS(db_int(1)));
}

static void played_on(struct play *play, enum db_engine engine)
{
    play->db[0] = opened(testing_database(engine, "waiting"));
    play->db[1] = opened(testing_database(DB_SQLITE, "at_once"));
    for (size_t i = 0; i < 2; i++)
        script(play->db[i], TABLES);
    for (int round = 0; round < ROUNDS; round++)
        round_of(play);
}

static void the_same_rows_as_one_by_one(void **state)
{
    struct play play = {.arena = arena_new(1 << 16)};
    (void)state;
    random_bytes(&play.seed, sizeof play.seed);
    print_message("# seed %llu\n", (unsigned long long)play.seed);
    played_on(&play, testing_has_postgresql() ? DB_POSTGRESQL : DB_SQLITE);
    for (size_t i = 0; i < 2; i++)
        db_close(play.db[i]);
    arena_free(play.arena);
}

/* A batch of one command: every case's row once, and once more. */
static void many_go_as_few(void **state)
{
    enum { CASES = 512 };
    static const struct db_sql update = {"UPDATE t SET n = $3 WHERE region = $1 AND id = $2"};
    struct db_value row[4] = {db_int(1), db_int(0), db_int(7), db_int(0)};
    (void)state;
    if (!testing_has_postgresql())
        return;
    struct db *db = opened(testing_database(DB_POSTGRESQL, "few"));
    const struct postgresql *pg = (const struct postgresql *)db;
    script(db, TABLES);
    uint64_t before = pg->sent;
    GOOD(db_begin(db, &trouble));
    for (int64_t id = 0; id < CASES; id++) {
        row[1] = db_int(id);
        GOOD(db_insert(db, &inserts[0], row, 1, &trouble));
        GOOD(db_insert(db, &inserts[1], row, 1, &trouble));
    }
    for (int64_t i = 0; i < CASES * 2; i++)
        GOOD(db_write(db, &update, DB_ARGS(db_int(1), db_int(i % CASES), db_int(i)), &trouble));
    struct fault why = {0};
    assert_int_equal(db_commit(db, &why), DB_COMMITTED);
    assert_true(pg->sent - before < CASES * 4 / 20);
    assert_int_equal(number_of(db, "SELECT sum(n) AS n FROM t WHERE region = 1"),
                     CASES * (3 * CASES - 1) / 2); /* each has its second */
    db_close(db);
}

/* What a row is put to again while it waits takes the place of what it was; nothing else does. */
static void the_last_that_was_put(void **state)
{
    enum { TIMES = 200 };
    static const struct db_insert put = {
        "u", "region, id, part, n", 4,
        "ON CONFLICT (region, id, part) DO UPDATE SET n = excluded.n"};
    static const struct db_sql other = {"UPDATE u SET n = n + 1000 WHERE region = $1 AND id = $2"};
    (void)state;
    if (!testing_has_postgresql())
        return;
    struct db *db = opened(testing_database(DB_POSTGRESQL, "put"));
    const struct postgresql *pg = (const struct postgresql *)db;
    script(db, TABLES);
    GOOD(db_begin(db, &trouble));
    uint64_t before = pg->sent;
    /* A rebuild has the rows of all regions in one transaction. */
    const struct db_value elsewhere[] = {db_int(2), db_int(1), db_int(1), db_int(7)};
    GOOD(db_insert(db, &put, elsewhere, 1, &trouble));
    for (int64_t i = 0; i < TIMES; i++) {
        struct db_value rows[] = {db_int(1), db_int(1), db_int(1), db_int(i),
                                  db_int(1), db_int(1), db_int(2), db_int(-i)};
        GOOD(db_insert(db, &put, rows, 2, &trouble));
        GOOD(db_insert(db, &inserts[0], rows, 1, &trouble)); /* another table is passed by */
        if (i == TIMES / 2)
            GOOD(db_write(db, &other, DB_ARGS(db_int(1), db_int(1)), &trouble));
    }
    struct fault why = {0};
    assert_int_equal(db_commit(db, &why), DB_COMMITTED);
    assert_true(pg->sent - before < 20);
    assert_int_equal(number_of(db, "SELECT n FROM u WHERE region = 1 AND part = 1"), TIMES - 1);
    assert_int_equal(number_of(db, "SELECT n FROM u WHERE region = 1 AND part = 2"), 1 - TIMES);
    assert_int_equal(number_of(db, "SELECT n FROM u WHERE region = 2 AND part = 1"), 7);
    db_close(db);
}

/* An insert's struct made anew at the same address while rows of the one before wait: those go first,
 * and what was prepared for them keeps its own address, by which its many-row inserts are found. */
static void another_insert_at_the_same_address(void **state)
{
    enum { TIMES = 20, ROWS = 70 };
    struct db_insert insert = inserts[0];
    (void)state;
    if (!testing_has_postgresql())
        return;
    struct db *db = opened(testing_database(DB_POSTGRESQL, "same"));
    const struct postgresql *pg = (const struct postgresql *)db;
    script(db, TABLES);
    GOOD(db_begin(db, &trouble));
    for (int64_t i = 0; i < TIMES; i++) {
        insert = inserts[i % 2];
        for (int64_t row = 0; row < ROWS; row++) {
            const struct db_value cells[] = {db_int(1), db_int(i * ROWS + row), db_int(i),
                                             db_int(0)};
            GOOD(db_insert(db, &insert, cells, 1, &trouble));
        }
    }
    size_t kept = 0;
    for (const struct pg_statement *one = pg->retired; one; one = one->retired)
        kept++;
    struct fault why = {0};
    assert_int_equal(db_commit(db, &why), DB_COMMITTED);
    assert_int_equal(kept, TIMES - 1);
    assert_int_equal(number_of(db, "SELECT count(*) FROM t WHERE region = 1"), TIMES / 2 * ROWS);
    assert_int_equal(number_of(db, "SELECT count(*) FROM u WHERE region = 1"), TIMES / 2 * ROWS);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_rows_as_one_by_one),
        cmocka_unit_test(many_go_as_few),
        cmocka_unit_test(the_last_that_was_put),
        cmocka_unit_test(another_insert_at_the_same_address),
    };
    return cmocka_run_group_tests_name("writes that wait", tests, NULL, NULL);
}
