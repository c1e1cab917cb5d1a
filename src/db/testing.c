#include "db/testing.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is to be removed at the end of the process. */
struct place {
    struct place *next;
    enum db_engine engine;
    int number;
    char where[512];
    char name[128]; /* the directory, or the database's name */
};

/* The one list of a test process; atexit can be given no argument. */
static struct place *places;

__attribute__((noreturn, format(printf, 1, 2))) static void give_up(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("test database: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(99);
}

static const char *server(void)
{
    const char *url = getenv("YIMEN_TEST_POSTGRESQL");
    return url && *url ? url : NULL;
}

bool testing_has_postgresql(void)
{
    if (server())
        return true;
    const char *both = getenv("YIMEN_TEST_REQUIRE_BOTH");
    if (both && strcmp(both, "1") == 0)
        give_up("YIMEN_TEST_POSTGRESQL names no server, but both engines must be tested");
    static const char warning[] = "WARNING: NOT tested on PostgreSQL (YIMEN_TEST_POSTGRESQL)\n";
    if (!getenv("YIMEN_TEST_WARNED")) {
        fputs(warning, stderr);
        setenv("YIMEN_TEST_WARNED", "1", 1);
    }
    return false;
}

static bool administer(const char *format, const char *name)
{
    char sql[256];
    snprintf(sql, sizeof sql, format, name);
    PGconn *connection = PQconnectdb(server());
    PGresult *result = PQexec(connection, sql);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!good)
        fprintf(stderr, "%s: %s", sql, PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
    return good;
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
    (void)stat;
    (void)type;
    (void)walk;
    return remove(path);
}

static void remove_all(void)
{
    while (places) {
        struct place *place = places;
        places = place->next;
        if (place->engine == DB_SQLITE)
            nftw(place->name, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        else
            administer("DROP DATABASE IF EXISTS \"%s\" WITH (FORCE)", place->name);
        free(place);
    }
}

/* The server's URL with another database: what stands between the authority and '?'. */
static void other_database(char *out, size_t size, const char *name)
{
    const char *url = server();
    const char *authority = strstr(url, "://");
    if (!authority)
        give_up("YIMEN_TEST_POSTGRESQL must be a postgresql:// URL");
    authority += 3;
    size_t before = (size_t)(authority - url) + strcspn(authority, "/?");
    const char *query = strchr(url, '?');
    snprintf(out, size, "%.*s/%s%s", (int)before, url, name, query ? query : "");
}

const char *testing_database(enum db_engine engine, const char *name)
{
    struct place *place = calloc(1, sizeof *place);
    if (!place)
        give_up("out of memory");
    place->engine = engine;
    place->number = places ? places->number + 1 : 1;
    if (engine == DB_SQLITE) {
        const char *tmp = getenv("TMPDIR");
        snprintf(place->name, sizeof place->name, "%.100s/yimen-XXXXXX",
                 tmp && *tmp ? tmp : "/tmp");
        if (!mkdtemp(place->name))
            give_up("no temporary directory: %m");
        snprintf(place->where, sizeof place->where, "%s/%s.db", place->name, name);
    } else {
        if (!testing_has_postgresql())
            give_up("no PostgreSQL");
        snprintf(place->name, sizeof place->name, "yimen_%.30s_%d_%d", name, (int)getpid(),
                 place->number);
        if (!administer("CREATE DATABASE \"%s\" TEMPLATE template0", place->name))
            exit(99);
        other_database(place->where, sizeof place->where, place->name);
    }
    if (!places)
        atexit(remove_all);
    place->next = places;
    places = place;
    return place->where;
}

void testing_each_engine(void (*test)(const char *where))
{
    test(testing_database(DB_SQLITE, "test"));
    if (testing_has_postgresql())
        test(testing_database(DB_POSTGRESQL, "test"));
}
