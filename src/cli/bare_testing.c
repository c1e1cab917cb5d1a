/* What SQLite itself costs: the rows of a run, inserted by nothing but SQLite. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bench_testing.h"

enum { GROUP = 256, MOST_TABLES = 64 };

struct bare_table {
    sqlite3_stmt *insert;
    int width;
    sqlite3_value **cells; /* rows * width, in the order in which the run inserted them */
    size_t rows, room, next;
};

struct bare {
    sqlite3 *db;
    struct bare_table tables[MOST_TABLES];
    size_t count;
    struct bench_rows figures;
};

static void must(struct bare *bare, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        bench_give_up("SQLite: %s", sqlite3_errmsg(bare->db));
}

static void run(struct bare *bare, const char *sql)
{
    must(bare, sqlite3_exec(bare->db, sql, NULL, NULL, NULL));
}

static sqlite3_stmt *prepare(struct bare *bare, const char *sql)
{
    sqlite3_stmt *statement;
    must(bare, sqlite3_prepare_v3(bare->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

/* The columns that a row is written with, without generated ones. */
static char *columns_of(struct bare *bare, const char *name, int *width)
{
    char *sql = sqlite3_mprintf("SELECT name FROM pragma_table_info(%Q)", name);
    char *columns = sqlite3_mprintf("");
    sqlite3_stmt *list = prepare(bare, sql);
    for (*width = 0; sqlite3_step(list) == SQLITE_ROW; ++*width) {
        char *more = sqlite3_mprintf("%s%s%s", columns, *width ? ", " : "",
                                     (const char *)sqlite3_column_text(list, 0));
        sqlite3_free(columns);
        columns = more;
    }
    sqlite3_finalize(list);
    sqlite3_free(sql);
    return columns;
}

static void keep_row(struct bare *bare, struct bare_table *table, sqlite3_stmt *row)
{
    if (table->rows == table->room) {
        table->room = table->room ? table->room * 2 : 256;
        table->cells = realloc(table->cells, table->room * (size_t)table->width * sizeof *table->cells);
        if (!table->cells)
            bench_give_up("no memory");
    }
    for (int i = 0; i < table->width; i++) {
        table->cells[table->rows * (size_t)table->width + (size_t)i] =
            sqlite3_value_dup(sqlite3_column_value(row, i));
        int type = sqlite3_column_type(row, i);
        bare->figures.bytes += type == SQLITE_INTEGER ? 8 : sqlite3_column_bytes(row, i);
    }
    table->rows++;
}

/* The rows that the run has and the fresh city has not. */
static void read_table(struct bare *bare, const char *name)
{
    struct bare_table *table = &bare->tables[bare->count];
    char *columns = columns_of(bare, name, &table->width);
    char *query = sqlite3_mprintf(
        "SELECT %s FROM ran.%s AS r WHERE NOT EXISTS (SELECT %s INTERSECT SELECT %s FROM main.%s "
        "WHERE rowid = r.rowid) ORDER BY rowid",
        columns, name, columns, columns, name);
    sqlite3_stmt *rows = prepare(bare, query);
    int code;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW)
        keep_row(bare, table, rows);
    must(bare, code);
    sqlite3_finalize(rows);
    sqlite3_free(query);
    if (table->rows) {
        char *marks = sqlite3_mprintf("?");
        for (int i = 1; i < table->width; i++) {
            char *more = sqlite3_mprintf("%s, ?", marks);
            sqlite3_free(marks);
            marks = more;
        }
        /* A counter's row may be there already. */
        char *insert = sqlite3_mprintf("INSERT OR REPLACE INTO %s (%s) VALUES (%s)", name, columns,
                                       marks);
        table->insert = prepare(bare, insert);
        bare->figures.rows += (int64_t)table->rows;
        bare->count++;
        sqlite3_free(insert);
        sqlite3_free(marks);
    }
    sqlite3_free(columns);
}

static void read_tables(struct bare *bare)
{
    char *names[MOST_TABLES];
    size_t count = 0;
    sqlite3_stmt *list = prepare(bare, "SELECT name FROM main.sqlite_schema WHERE type = 'table' "
                                       "AND name NOT LIKE 'sqlite%' ORDER BY name");
    while (sqlite3_step(list) == SQLITE_ROW && count < MOST_TABLES)
        names[count++] = sqlite3_mprintf("%s", (const char *)sqlite3_column_text(list, 0));
    sqlite3_finalize(list);
    for (size_t i = 0; i < count; i++) {
        read_table(bare, names[i]);
        sqlite3_free(names[i]);
    }
}

static void insert_row(struct bare *bare, struct bare_table *table)
{
    sqlite3_value *const *cells = &table->cells[table->next++ * (size_t)table->width];
    for (int i = 0; i < table->width; i++)
        must(bare, sqlite3_bind_value(table->insert, i + 1, cells[i]));
    must(bare, sqlite3_step(table->insert));
    must(bare, sqlite3_reset(table->insert));
}

/* Transaction n of all: each table's share of its rows. */
static void insert_group(struct bare *bare, int64_t n)
{
    run(bare, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < bare->count; i++) {
        struct bare_table *table = &bare->tables[i];
        size_t upto = table->rows * (size_t)(n + 1) / (size_t)bare->figures.transactions;
        while (table->next < upto)
            insert_row(bare, table);
    }
    run(bare, "COMMIT");
}

struct bench_rows bench_bare(struct bench_world *world, const char *ran, int64_t commands)
{
    struct bare bare = {.figures.transactions = (commands + GROUP - 1) / GROUP};
    const char *path = bench_copy(world, "bare.db");
    if (sqlite3_open(path, &bare.db) != SQLITE_OK)
        bench_give_up("SQLite: %s", path);
    run(&bare, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
    char *attach = sqlite3_mprintf("ATTACH %Q AS ran", ran);
    run(&bare, attach);
    sqlite3_free(attach);
    read_tables(&bare);
    run(&bare, "DETACH ran");
    struct bench_checkpoints *checkpoints = bench_checkpoints_start(path);
    int64_t from = load_now_us();
    double cpu = bench_cpu();
    for (int64_t n = 0; n < bare.figures.transactions; n++)
        insert_group(&bare, n);
    bare.figures.seconds = (double)(load_now_us() - from) / 1e6;
    bare.figures.cpu_seconds = bench_cpu() - cpu;
    bench_checkpoints_end(checkpoints);
    for (size_t i = 0; i < bare.count; i++) {
        struct bare_table *table = &bare.tables[i];
        for (size_t j = 0; j < table->rows * (size_t)table->width; j++)
            sqlite3_value_free(table->cells[j]);
        free(table->cells);
        sqlite3_finalize(table->insert);
    }
    sqlite3_close(bare.db);
    return bare.figures;
}
