/* What is asked ahead by one query with different values, sent as one query for all of them: its
 * cost is less in the rows than in the asking. Private to this folder. */
#ifndef YIMEN_DB_POSTGRESQL_GATHER_H
#define YIMEN_DB_POSTGRESQL_GATHER_H

#include "db/postgresql_pipeline.h"

/* Asks ahead: by itself at once, or with the next of its kind. */
void gather_ask(struct postgresql *pg, struct pg_statement *statement,
                const struct db_value *args);
/* Sends what still waits for more of its kind. */
void gather_rest(struct postgresql *pg);

#endif
