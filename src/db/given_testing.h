/* What the tests of this folder share: a table of every type and ways to fill it. */
#ifndef YIMEN_DB_GIVEN_TESTING_H
#define YIMEN_DB_GIVEN_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/testing.h"

#define GOOD(call)                                                                                 \
    do {                                                                                           \
        struct fault trouble = {0};                                                                \
        if (!(call))                                                                               \
            fail_msg("%s: %s", #call, trouble.why);                                                \
    } while (0)

#define ON_BOTH(name)                                                                              \
    static void name##_on_both(void **state)                                                       \
    {                                                                                              \
        (void)state;                                                                               \
        testing_each_engine(name);                                                                 \
    }

static inline struct db *opened(const char *where)
{
    struct db *db = NULL;
    GOOD(db_open(where, false, &db, &trouble));
    return db;
}

static inline void script(struct db *db, const char *ddl)
{
    GOOD(db_script(db, text_of(ddl), &trouble));
}

/* The only cell of the only row. */
static inline int64_t number_of(struct db *db, const char *query)
{
    struct arena *arena = arena_new(1024);
    struct db_rows rows;
    const struct db_sql sql = {query};
    GOOD(db_select(db_reader(db), &sql, NULL, 0, arena, &rows, &trouble));
    assert_int_equal(rows.count, 1);
    int64_t number = rows.cells[0].number;
    arena_free(arena);
    return number;
}

#define PAIRS_DDL                                                                                  \
    "CREATE TABLE pair (region {int} NOT NULL, k {int} NOT NULL, v {int}, t TEXT, b {bytes},"      \
    " PRIMARY KEY (region, k)) {strict};"
#define ADD_PAIR "INSERT INTO pair (region, k, v, t, b) VALUES ($1, $2, $3, $4, $5)"
#define COUNT_PAIRS "SELECT count(*) AS n FROM pair WHERE region = 1"
#define SUM_PAIRS "SELECT sum(v) AS n FROM pair WHERE region = 1"

/* Every third v, every fifth t and every second b is NULL. */
static inline void insert_rows(struct db *db, const struct db_insert *insert, int64_t from,
                               size_t rows)
{
    struct db_value *cells = calloc(rows * 5, sizeof *cells);
    for (size_t i = 0; i < rows; i++) {
        cells[i * 5] = db_int(1);
        cells[i * 5 + 1] = db_int(from + (int64_t)i);
        cells[i * 5 + 2] = i % 3 ? db_int((int64_t)i) : db_null();
        cells[i * 5 + 3] = i % 5 ? db_text(TEXT("词")) : db_null();
        cells[i * 5 + 4] = i % 2 ? db_bytes("\0\1", 2) : db_null();
    }
    GOOD(db_insert(db, insert, cells, rows, &trouble));
    free(cells);
}

#endif
