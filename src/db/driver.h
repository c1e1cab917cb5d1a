/* What the two drivers have in common: the head of every connection, the calls the front makes, and
 * the table of prepared statements. Private to this folder. */
#ifndef YIMEN_DB_DRIVER_H
#define YIMEN_DB_DRIVER_H

#include "db/db.h"

struct db;

struct driver {
    enum db_engine engine;
    void (*close)(struct db *db);
    bool (*alive)(const struct db *db);
    bool (*reconnect)(struct db *db, struct fault *why);
    /* writes: it may be an UPDATE … RETURNING; else anything but a query is a fault. */
    bool (*select)(struct db *db, const struct db_sql *sql, bool writes,
                   const struct db_value *args, size_t count, struct arena *arena,
                   struct db_rows *out, struct fault *why);
    bool (*write)(struct db *db, const struct db_sql *sql, const struct db_value *args,
                  size_t count, struct fault *why);
    /* rows is one of the few sizes that the front cuts to: one prepared statement for each. */
    bool (*insert)(struct db *db, const struct db_insert *insert, const struct db_value *cells,
                   size_t rows, struct fault *why);
    bool (*flush)(struct db *db, struct fault *why);
    bool (*changed)(struct db *db, int64_t *rows, struct fault *why);
    bool (*begin)(struct db *db, struct fault *why);
    enum db_commit (*commit)(struct db *db, struct fault *why);
    void (*rollback)(struct db *db);
    bool (*script)(struct db *db, const char *sql, struct fault *why);
    bool (*checkpoint)(struct db *db, bool restart, int64_t *wal_pages, struct fault *why);
    bool (*purge)(struct db *db, bool *whole, struct fault *why);
    /* Ends a round of asking. NULL where reading ahead gains nothing. */
    bool (*ahead)(struct db *db, size_t *asked, struct fault *why);
};

/* The head of both drivers' connections. */
struct db {
    const struct driver *driver;
    struct arena *arena; /* lives as long as the connection: paths, statement texts, names */
    const char *where;
    const char *scratch; /* name of the scratch place, or NULL */
    bool read_only;
    bool open;      /* a transaction is open */
    bool broken;    /* and can only be rolled back */
    bool retryable; /* set by the driver with each fault */
    bool ahead;     /* db_select asks and does not wait */
    uint64_t operation; /* counts db_write and db_insert: whose rows db_changed tells */
};

bool sqlite_open(const char *where, bool read_only, bool scratch, struct db **out,
                 struct fault *why);
bool postgresql_open(const char *where, bool read_only, const char *scratch, struct db **out,
                     struct fault *why);

/* A place in the table of prepared statements. The address of the struct db_sql or db_insert finds
 * it; the text decides, so a statement made up at run time may reuse an address. */
struct statement {
    const void *key;
    size_t rows; /* of an insert; 0 for a struct db_sql */
    const char *text;
    struct db_insert insert; /* what the text was made of; texts of its own */
    void *prepared;          /* the driver's; NULL until made */
};

struct statements {
    struct statement *slots; /* open addressing, a power of two */
    size_t room;
    size_t used;
};

/* The place for that key, made if it is not there; valid until the next call. */
struct statement *statement_at(struct statements *statements, const void *key, size_t rows);
void statements_free(struct statements *statements);

/* True when the place holds that insert already. */
bool insert_is(const struct statement *slot, const struct db_insert *insert);
/* Sets text and insert of the place, in the arena: "INSERT INTO t (…) VALUES (…),(…) after" with
 * $1…$n if numbered, else '?'. */
void insert_set(struct statement *slot, const struct db_insert *insert, bool numbered,
                struct arena *arena);

/* Mixes a value into a hash, for tables in memory. */
uint64_t value_mix(uint64_t hash, const struct db_value *value);

/* The template with {int} {bytes} {strict} replaced, ended by NUL; NULL with a fault at an unknown
 * word in braces. */
const char *template_fill(struct text ddl, enum db_engine engine, struct arena *arena,
                          struct fault *why);

#endif
