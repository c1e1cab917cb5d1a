/* What a statement reads or writes, as far as its text says plainly: which table, which columns are
 * held to a variable, which are changed. By this the PostgreSQL driver knows whether what was read
 * ahead still holds after a write. Whatever is not plain is taken for the worst. Private to this
 * folder.
 *
 * It rests on two rules of our one SQL: no generated columns, triggers or cascades, so that a write
 * changes nothing but what it names; and one region a transaction, or from one db_flush to the next,
 * so that a region tells nothing apart. */
#ifndef YIMEN_DB_MEANING_H
#define YIMEN_DB_MEANING_H

#include "db/db.h"

enum meaning_kind {
    MEANS_ANYTHING, /* a write of whatever, or a query that is not plain */
    MEANS_QUERY,    /* SELECT columns FROM one table WHERE … AND … ORDER BY columns */
    MEANS_INSERT,   /* leaves what is there */
    MEANS_PUT,      /* a multi-row insert after which each row is what it says, was it there or not */
    MEANS_UPDATE,
    MEANS_DELETE,
};

enum { MOST_PINS = 48 };

/* "column = $n": where a query looks, which rows an UPDATE or DELETE is for, what an INSERT puts. */
struct pin {
    struct text column;
    int variable; /* from 0 */
};

struct meaning {
    enum meaning_kind kind;
    struct text text;    /* the whole */
    struct text table;   /* empty where it is not known which; an INSERT's, UPDATE's or DELETE's even
                          * where the rest of it is not plain */
    struct text columns; /* of a plain query: what it selects */
    struct text where;   /* of a plain query, UPDATE or DELETE: all behind WHERE */
    struct text set;     /* of an UPDATE: between SET and WHERE */
    struct text keys;    /* of a PUT: the columns by which a row is there already */
    bool only_pins;      /* of a plain query: nothing but pins behind WHERE (and region) */
    int region;          /* the variable that region is held to, or -1 */
    size_t count;
    struct pin pins[MOST_PINS]; /* without region */
};

/* The texts point into sql. */
void meaning_of(struct text sql, struct meaning *out);
/* Of a multi-row insert; the variables are those of one row. */
void meaning_of_insert(const struct db_insert *insert, struct meaning *out);

/* True of an UPDATE or PUT that sets the column of a row that was there, or may. */
bool meaning_changes(const struct meaning *write, struct text column);
/* True if the write has to do with that table, or may: it writes it or speaks of it. */
bool meaning_names(const struct meaning *write, struct text table);
/* The pin of that column, or NULL. */
const struct pin *meaning_pin(const struct meaning *meaning, struct text column);
/* Of a plain query: the name of the next column it selects; empty behind the last. */
struct text meaning_column(struct text *columns);

/* How a write can change what a query gave. */
enum touch {
    TOUCHES_NOT,
    TOUCHES_TOLD, /* asked for a row that was put, the query gives just what the PUT says */
    TOUCHES_ALWAYS,
    TOUCHES_SAME, /* if the query's variable `query` and the write's variable `write` are equal */
    TOUCHES_ROWS, /* if a row it gave has the write's variable `write` in its column `query` */
};
struct relation {
    enum touch touch;
    int query, write;
};
struct relation meaning_relation(const struct meaning *query, const struct meaning *write);

#endif
