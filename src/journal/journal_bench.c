/* What the journal costs: appended entries against a bare loop that inserts the same rows in the
 * same batches, then reading them back, receipts and verification. One run, printed as measured. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/testing.h"
#include "journal/testing.h"

enum { ENTRIES = 1 << 17, BATCH = 256, RECEIPTS = 2000 };

static _Noreturn void stop(const char *doing, const struct fault *why)
{
    fprintf(stderr, "%s: %s\n", doing, why->why);
    exit(1);
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct stretch {
    double wall, cpu;
};

static struct stretch start(void)
{
    return (struct stretch){seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)};
}

/* Prints and returns how many a second. */
static double tell(const char *what, int count, struct stretch since)
{
    struct stretch now = start();
    double rate = count / (now.wall - since.wall);
    printf("%-34s %9.0f /s %9.0f /s of processor time\n", what, rate,
           count / (now.cpu - since.cpu));
    return rate;
}

/* The rows of one page, copied as a program without a journal would write them. */
static void copy_page(struct db *to, const struct entry *entries, size_t count)
{
    static const struct db_insert plain = {"journal", "region, idx, at, subject, entry", 5, NULL};
    static const struct db_insert hidden = {"journal_private", "region, idx, salt, body", 4, NULL};
    struct db_value cells[BATCH * 5], private_cells[BATCH * 4];
    struct fault why = {""};
    size_t used = 0, private_used = 0;
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = &entries[i];
        const struct db_value row[] = {db_int(TESTING_REGION), db_int(entry->head.index),
                                       db_int(entry->head.at), db_text(entry->head.subject),
                                       db_text(entry->bytes)};
        memcpy(cells + used, row, sizeof row);
        used += 5;
        if (!entry->private_body.len)
            continue;
        const struct db_value private_row[] = {db_int(TESTING_REGION), db_int(entry->head.index),
                                               db_bytes(entry->salt.at, entry->salt.len),
                                               db_text(entry->private_body)};
        memcpy(private_cells + private_used, private_row, sizeof private_row);
        private_used += 4;
    }
    if (!db_begin(to, &why) || !db_insert(to, &plain, cells, used / 5, &why) ||
        !db_insert(to, &hidden, private_cells, private_used / 4, &why) ||
        db_commit(to, &why) != DB_COMMITTED)
        stop("bare rows", &why);
}

static double bare_rows(struct db *from, enum db_engine engine)
{
    struct db *to = testing_log(testing_database(engine, "bare"));
    struct arena *arena = arena_new(64 << 20);
    struct fault why = {""};
    struct list all;
    if (!journal_read(db_reader(from), TESTING_REGION, 0, ENTRIES, arena, &all, &why))
        stop("reading", &why);
    struct stretch since = start();
    for (size_t done = 0; done < all.count; done += BATCH)
        copy_page(to, (const struct entry *)all.items + done, BATCH);
    double rate = tell("bare rows, batches of 256", ENTRIES, since);
    arena_free(arena);
    db_close(to);
    return rate;
}

static void reading(struct db *db)
{
    struct arena *arena = arena_new(1 << 20);
    struct fault why = {""};
    struct stretch since = start();
    for (int64_t done = 0; done < ENTRIES; done += 1000) {
        struct list page;
        arena_reset(arena);
        if (!journal_read(db_reader(db), TESTING_REGION, done, 1000, arena, &page, &why))
            stop("reading", &why);
    }
    tell("read back", ENTRIES, since);
    since = start();
    for (int64_t i = 0; i < RECEIPTS; i++) {
        struct text proof;
        bool found;
        arena_reset(arena);
        if (!journal_receipt(db_reader(db), TESTING_REGION, i * 7919 % ENTRIES, arena, &proof,
                             &found, &why))
            stop("receipts", &why);
    }
    tell("receipts", RECEIPTS, since);
    since = start();
    struct text wrong;
    if (!journal_verify(db_reader(db), TESTING_REGION, arena, NULL, NULL, &wrong, &why) ||
        wrong.len)
        stop("verify", &why);
    tell("verified", ENTRIES, since);
    arena_free(arena);
}

static void measure(enum db_engine engine, const char *name)
{
    printf("%s\n", name);
    struct db *db = testing_log(testing_database(engine, "bench"));
    struct journal *journal = testing_journal(db);
    struct stretch since = start();
    for (int i = 0; i < ENTRIES; i += BATCH)
        testing_append(db, journal, BATCH);
    double rate = tell("appended, batches of 256", ENTRIES, since);
    printf("%-34s %9.2f\n", "appended : bare rows", rate / bare_rows(db, engine));
    reading(db);
    journal_close(journal);
    db_close(db);
}

int main(void)
{
    measure(DB_SQLITE, "SQLite");
    if (testing_has_postgresql())
        measure(DB_POSTGRESQL, "PostgreSQL");
    return 0;
}
