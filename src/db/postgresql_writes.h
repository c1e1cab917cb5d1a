/* Writes of one kind, sent as one for many rows: most of what a write costs the server is not its row
 * but the statement. A write waits in a group of its kind until the group is full or something needs
 * it done, and may be overtaken by writes that cannot meet it: those of other tables (there are no
 * triggers, cascades or foreign keys), and those of other rows, by the same column held to another
 * value. Private to this folder. */
#ifndef YIMEN_DB_POSTGRESQL_WRITES_H
#define YIMEN_DB_POSTGRESQL_WRITES_H

#include "db/driver.h"
#include "db/meaning.h"

struct pg_statement;
struct postgresql;

enum { MOST_GROUPS = 24, MOST_GROUP_ROWS = 256 };

struct write_group {
    struct pg_statement *statement; /* for one row */
    size_t width, rows;
    size_t last; /* rows of the last operation, and which it was */
    uint64_t operation;
    struct db_value *cells; /* MOST_GROUP_ROWS of `room` values */
    size_t room;
    uint64_t keys[MOST_GROUP_ROWS];  /* what the first column that tells rows apart is held to */
    uint64_t whole[MOST_GROUP_ROWS]; /* what all of them are held to; not of an INSERT */
};

struct writes {
    struct arena *arena; /* the values that wait */
    struct write_group *groups; /* MOST_GROUPS, those that hold something first */
    size_t count;
};

/* One operation: rows times width values for the statement of one row. Outside a transaction nothing
 * waits. */
void writes_add(struct postgresql *pg, struct pg_statement *statement,
                const struct db_value *cells, size_t rows, size_t width);
/* Sends everything. */
void writes_flush(struct postgresql *pg);
/* Sends what may change the answer to that query. */
void writes_flush_for(struct postgresql *pg, const struct meaning *query);
/* What waits is not to be done. */
void writes_forget(struct postgresql *pg);
void writes_free(struct postgresql *pg);

#endif
