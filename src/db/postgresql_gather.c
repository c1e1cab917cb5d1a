#include "db/postgresql_gather.h"

#include <string.h>

static void send_alone(struct postgresql *pg, struct pg_statement *statement, size_t read)
{
    size_t count = (size_t)statement->count;
    ahead_sent(&pg->ahead, &read, 1, false);
    pg_send(pg, SENT_AHEAD, statement, pg->ahead.reads[read].args, count ? count : 1);
}

static void send_together(struct postgresql *pg, struct pg_statement *one, size_t which,
                          const size_t *reads)
{
    struct ahead *ahead = &pg->ahead;
    struct pg_statement *statement = pg_gathered_for(pg, one, which);
    size_t times = pg_gather_sizes[which], width = (size_t)one->count;
    struct db_value args[MOST_GATHERED * MOST_GATHERED_VALUES];
    for (size_t i = 0; i < times; i++)
        memcpy(args + i * width, ahead->reads[reads[i]].args, width * sizeof *args);
    ahead_sent(ahead, reads, times, true);
    pg_send(pg, SENT_AHEAD, statement, args, width);
}

static void send_waiting(struct postgresql *pg, struct ahead_waiting *waiting)
{
    size_t at = 0;
    for (size_t which = 0; which < GATHER_SIZES; which++)
        for (; waiting->count - at >= pg_gather_sizes[which]; at += pg_gather_sizes[which])
            send_together(pg, waiting->statement, which, waiting->reads + at);
    while (at < waiting->count)
        send_alone(pg, waiting->statement, waiting->reads[at++]);
    waiting->count = 0;
}

static bool gathers(const struct pg_statement *statement, const struct db_value *args)
{
    for (int i = 0; i < statement->count; i++)
        if (args[i].type == DB_NULL)
            return false; /* it would have no type */
    return statement->count > 0 && statement->count <= MOST_GATHERED_VALUES;
}

static bool same_types(const struct db_value *a, const struct db_value *b, int count)
{
    for (int i = 0; i < count; i++)
        if (a[i].type != b[i].type)
            return false;
    return true;
}

void gather_ask(struct postgresql *pg, struct pg_statement *statement, const struct db_value *args)
{
    struct ahead *ahead = &pg->ahead;
    size_t read;
    if (!ahead_ask(ahead, statement, args, &read))
        return;
    if (!gathers(statement, args)) {
        send_alone(pg, statement, read);
        return;
    }
    struct ahead_waiting *waiting = &ahead->waiting[ahead->reads[read].query];
    if (waiting->count &&
        !same_types(args, ahead->reads[waiting->reads[0]].args, statement->count))
        send_waiting(pg, waiting);
    waiting->statement = statement;
    waiting->reads[waiting->count++] = read;
    if (waiting->count == MOST_GATHERED)
        send_waiting(pg, waiting);
}

void gather_rest(struct postgresql *pg)
{
    for (size_t i = 0; i < pg->ahead.query_count; i++)
        send_waiting(pg, &pg->ahead.waiting[i]);
}
