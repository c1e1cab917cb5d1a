/* The online backup of SQLite. The source's read transaction stays open throughout, so the copy is
 * of one moment however much is written meanwhile, and never has to begin again. */
#include <fcntl.h>
#include <libgen.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/driver.h"

enum { PAGES_A_STEP = 256, BUSY_MS = 5000 };

static bool copy_pages(sqlite3 *from, sqlite3 *to,
                       void (*progress)(int done, int total, void *), void *context,
                       struct fault *why)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return fault_set(why, "backup: %s", sqlite3_errmsg(to));
    int code;
    do {
        code = sqlite3_backup_step(backup, PAGES_A_STEP);
        int total = sqlite3_backup_pagecount(backup);
        if (progress && (code == SQLITE_OK || code == SQLITE_DONE))
            progress(total - sqlite3_backup_remaining(backup), total, context);
    } while (code == SQLITE_OK);
    sqlite3_backup_finish(backup);
    return code == SQLITE_DONE || fault_set(why, "backup: %s", sqlite3_errstr(code));
}

/* The copied header asks for a write-ahead log, so whoever looks into the copy would leave two files
 * beside it. A backup is one file: it has a rollback journal until a server opens it to write. */
static bool make_single(sqlite3 *to, struct fault *why)
{
    return sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) == SQLITE_OK ||
           fault_set(why, "backup: cannot finish the copy: %s", sqlite3_errmsg(to));
}

static bool copy_database(const char *where, const char *part,
                          void (*progress)(int done, int total, void *), void *context,
                          struct fault *why)
{
    sqlite3 *from = NULL, *to = NULL;
    bool good = false;
    if (sqlite3_open_v2(where, &from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK ||
        sqlite3_busy_timeout(from, BUSY_MS) != SQLITE_OK ||
        sqlite3_exec(from, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) !=
            SQLITE_OK)
        fault_set(why, "backup: cannot read: %s", sqlite3_errmsg(from));
    else if (sqlite3_open_v2(part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
             SQLITE_OK)
        fault_set(why, "backup: cannot write: %s", sqlite3_errmsg(to));
    else
        good = copy_pages(from, to, progress, context, why) && make_single(to, why);
    sqlite3_close(to);
    sqlite3_close(from);
    return good;
}

static bool sync_path(const char *path, int flags, struct fault *why)
{
    int fd = open(path, flags | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (!good)
        fault_set(why, "backup: cannot sync: %m");
    if (fd >= 0)
        close(fd);
    return good;
}

/* The copy is made beside its place and moved there when it is whole and on disk, so a file of
 * that name is always a good backup. */
bool db_backup(const char *where, const char *to, void (*progress)(int done, int total, void *),
               void *context, struct fault *why)
{
    if (strncmp(where, "postgresql:", 11) == 0 || strncmp(where, "postgres:", 9) == 0)
        return fault_set(why, "backup copies SQLite files; for PostgreSQL use pg_dump");
    struct arena *arena = arena_new(1024);
    const char *part = text_format(arena, "%s.part", to).at;
    unlink(part);
    int fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 || fault_set(why, "backup: cannot make the file: %m");
    if (fd >= 0)
        close(fd);
    good = good && copy_database(where, part, progress, context, why) &&
           sync_path(part, O_RDONLY, why);
    if (good && rename(part, to) != 0)
        good = fault_set(why, "backup: cannot rename: %m");
    if (good)
        good = sync_path(dirname(text_cstr(arena, text_of(to))), O_RDONLY | O_DIRECTORY, why);
    else if (fd >= 0)
        unlink(part);
    arena_free(arena);
    return good;
}
