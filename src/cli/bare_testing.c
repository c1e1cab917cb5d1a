/* What SQLite itself costs: the rows of a run, inserted by nothing but SQLite. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bench_testing.h"
#include "modules.h"

enum { GROUP = 256, MOST_TABLES = 64 };

struct bare_table {
    sqlite3_stmt *insert;
    int width;
    sqlite3_value **cells; /* rows * width, in the order in which the run inserted them */
    size_t rows, room, next;
};

struct bare {
    sqlite3 *db;
    bool recorded; /* "written" holds what was written into derived tables, version by version */
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
        size_t size = table->room * (size_t)table->width * sizeof *table->cells;
        if (!size)
            bench_give_up("a table without columns");
        table->cells = realloc(table->cells, size);
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

static bool derived(const char *name)
{
    for (size_t i = 0; modules[i]; i++)
        for (const struct table *table = modules[i]->tables; table && table->name; table++)
            if (strcmp(table->name, name) == 0)
                return true;
    return false;
}

/* The rows that the run has and the fresh city has not; or all that it wrote. */
static void read_table(struct bare *bare, const char *name)
{
    struct bare_table *table = &bare->tables[bare->count];
    char *columns = columns_of(bare, name, &table->width);
    char *query =
        bare->recorded && derived(name)
            ? sqlite3_mprintf("SELECT %s FROM written.log_%s WHERE rowid > (SELECT n FROM "
                              "written.before WHERE name = %Q) ORDER BY rowid",
                              columns, name, name)
            : sqlite3_mprintf("SELECT %s FROM ran.%s AS r WHERE NOT EXISTS (SELECT %s INTERSECT "
                              "SELECT %s FROM main.%s WHERE rowid = r.rowid) ORDER BY rowid",
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

/* Each version of each row that a replay writes into the derived tables, kept by triggers. */
static void record_writes(struct bare *bare)
{
    run(bare, "CREATE TABLE before (name TEXT, n INTEGER)");
    for (size_t i = 0; modules[i]; i++)
        for (const struct table *table = modules[i]->tables; table && table->name; table++) {
            int width;
            const char *name = table->name;
            char *columns = columns_of(bare, name, &width);
            char *news = sqlite3_mprintf("");
            for (struct text rest = text_of(columns), column; text_cut(&rest, ',', &column);) {
                column = text_trim(column);
                char *more = sqlite3_mprintf("%s%sNEW.%.*s", news, *news ? ", " : "",
                                             TEXT_ARG(column));
                sqlite3_free(news);
                news = more;
            }
            char *sql = sqlite3_mprintf(
                "CREATE TABLE log_%s AS SELECT %s FROM %s;"
                "CREATE TRIGGER log_%s_insert AFTER INSERT ON %s BEGIN "
                "INSERT INTO log_%s VALUES (%s); END;"
                "CREATE TRIGGER log_%s_update AFTER UPDATE ON %s BEGIN "
                "INSERT INTO log_%s VALUES (%s); END;",
                name, columns, name, name, name, name, news, name, name, name, news);
            run(bare, sql);
            sqlite3_free(sql);
            sqlite3_free(news);
            sqlite3_free(columns);
        }
}

static void replay(const char *from, const char *to)
{
    struct db *target;
    struct db_read *source;
    struct checkpoint head;
    struct fault why = {0};
    struct arena *arena = arena_new(4096);
    if (!db_open_reader(from, &source, &why) || !db_open(to, false, &target, &why) ||
        !journal_head(source, BENCH_REGION, arena, &head, &why) || !db_begin(target, &why) ||
        !flow_replay(source, target, modules, BENCH_REGION, &head, NULL, &why) ||
        db_commit(target, &why) != DB_COMMITTED)
        bench_give_up("replay: %s", why.why);
    db_close(target);
    db_close_reader(source);
    arena_free(arena);
}

static void make_recorder(const char *path)
{
    struct bare bare = {0};
    struct db *db;
    struct fault why = {0};
    if (!db_open(path, false, &db, &why) || !flow_create(db, modules, &why))
        bench_give_up("%s", why.why);
    db_close(db);
    if (sqlite3_open(path, &bare.db) != SQLITE_OK)
        bench_give_up("SQLite: %s", path);
    record_writes(&bare);
    sqlite3_close(bare.db);
}

/* What a run wrote into derived tables: replayed once for the city alone, to know what was there
 * before, and once for all. */
static const char *record(struct bench_world *world, const char *ran)
{
    const char *before = bench_path(world, "before.db"), *all = bench_path(world, "written.db");
    struct bare bare = {0};
    make_recorder(before);
    make_recorder(all);
    replay(world->where, before);
    replay(ran, all);
    if (sqlite3_open(all, &bare.db) != SQLITE_OK)
        bench_give_up("SQLite: %s", all);
    char *attach = sqlite3_mprintf("ATTACH %Q AS city", before);
    run(&bare, attach);
    sqlite3_free(attach);
    for (size_t i = 0; modules[i]; i++)
        for (const struct table *table = modules[i]->tables; table && table->name; table++) {
            char *sql = sqlite3_mprintf(
                "INSERT INTO main.before SELECT %Q, count(*) FROM city.log_%s", table->name,
                table->name);
            run(&bare, sql);
            sqlite3_free(sql);
        }
    sqlite3_close(bare.db);
    return all;
}

struct bench_rows bench_bare(struct bench_world *world, const char *ran, int64_t commands,
                             bool versions)
{
    struct bare bare = {.figures.transactions = (commands + GROUP - 1) / GROUP,
                        .recorded = versions};
    const char *written = versions ? record(world, ran) : NULL;
    const char *path = bench_copy(world, "bare.db");
    if (sqlite3_open(path, &bare.db) != SQLITE_OK)
        bench_give_up("SQLite: %s", path);
    run(&bare, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
    char *attach = sqlite3_mprintf("ATTACH %Q AS ran; ATTACH %Q AS written", ran,
                                   written ? written : ":memory:");
    run(&bare, attach);
    sqlite3_free(attach);
    read_tables(&bare);
    run(&bare, "DETACH ran; DETACH written");
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
