#include "db/postgresql_writes.h"

#include <stdlib.h>
#include <string.h>

#include "db/postgresql_pipeline.h"

static bool is_insert(const struct pg_statement *statement)
{
    return statement->insert.table != NULL;
}

/* The column by which rows of this write are told apart from those of others, or NULL: the first that
 * it holds to a value and leaves at it. */
static const struct pin *key_of(const struct meaning *meaning)
{
    for (size_t i = 0; i < meaning->count; i++)
        if (!meaning_changes(meaning, meaning->pins[i].column))
            return &meaning->pins[i];
    return NULL;
}

/* What all the columns that it holds and leaves are held to: different, so are the rows. */
static uint64_t whole_of(const struct meaning *meaning, const struct db_value *row)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < meaning->count; i++)
        if (!meaning_changes(meaning, meaning->pins[i].column))
            hash = value_mix(hash, &row[meaning->pins[i].variable]);
    return hash;
}

static bool holds(const uint64_t *hashes, size_t count, uint64_t hash)
{
    for (size_t i = 0; i < count; i++)
        if (hashes[i] == hash)
            return true;
    return false;
}

/* ---- sending ---- */

static void send_inserts(struct postgresql *pg, const struct write_group *group, size_t from,
                         size_t to, enum sent_kind kind)
{
    static const size_t sizes[] = {256, 64, 16};
    for (size_t i = 0; from < to; i++) {
        /* The rest, fewer than the smallest size, in one. */
        size_t size = i < sizeof sizes / sizeof *sizes ? sizes[i] : to - from;
        for (; size <= to - from && from < to; from += size)
            pg_send(pg, kind, pg_insert_for(pg, &group->statement->insert, size),
                    group->cells + from * group->width, group->width);
    }
}

static void send_others(struct postgresql *pg, const struct write_group *group, size_t from,
                        size_t to, enum sent_kind kind)
{
    for (size_t which = 0; which < GATHER_SIZES; which++)
        for (size_t size = pg_gather_sizes[which]; size <= to - from; from += size)
            pg_send(pg, kind, pg_gathered_for(pg, group->statement, which),
                    group->cells + from * group->width, group->width);
    for (; from < to; from++)
        pg_send(pg, kind, group->statement, group->cells + from * group->width, group->width);
}

/* The rows of the last operation by themselves: they may be counted. */
static void send_group(struct postgresql *pg, struct write_group *group)
{
    bool counted = group->operation == pg->db.operation;
    size_t rows = group->rows, before = counted ? rows - group->last : rows;
    group->rows = group->last = 0;
    if (is_insert(group->statement)) {
        send_inserts(pg, group, 0, before, SENT_GATHERED);
        send_inserts(pg, group, before, rows, SENT_WRITE);
    } else {
        send_others(pg, group, 0, before, SENT_GATHERED);
        send_others(pg, group, before, rows, SENT_WRITE);
    }
}

/* Leaves no gap among those that hold something. */
static void remove_group(struct writes *writes, size_t i)
{
    struct write_group last = writes->groups[--writes->count];
    writes->groups[writes->count] = writes->groups[i];
    writes->groups[i] = last;
}

void writes_flush(struct postgresql *pg)
{
    struct writes *writes = &pg->writes;
    for (size_t i = 0; i < writes->count; i++)
        send_group(pg, &writes->groups[i]);
    writes_forget(pg);
}

void writes_flush_for(struct postgresql *pg, const struct meaning *query)
{
    struct writes *writes = &pg->writes;
    for (size_t i = 0; i < writes->count;) {
        struct write_group *group = &writes->groups[i];
        if (meaning_relation(query, &group->statement->meaning).touch == TOUCHES_NOT) {
            i++;
            continue;
        }
        send_group(pg, group);
        remove_group(writes, i);
    }
}

void writes_forget(struct postgresql *pg)
{
    struct writes *writes = &pg->writes;
    for (size_t i = 0; i < writes->count; i++)
        writes->groups[i].rows = 0;
    writes->count = 0;
    if (writes->arena)
        arena_reset(writes->arena);
}

void writes_free(struct postgresql *pg)
{
    for (size_t i = 0; pg->writes.groups && i < MOST_GROUPS; i++)
        free(pg->writes.groups[i].cells);
    free(pg->writes.groups);
    arena_free(pg->writes.arena);
}

/* ---- waiting ---- */

/* True if it may overtake the group, or be overtaken by it. A waiting write has to do with its own
 * table only. */
static bool cannot_meet(const struct write_group *group, const struct meaning *meaning,
                        const struct pin *key, const struct db_value *cells, size_t rows,
                        size_t width)
{
    const struct meaning *other = &group->statement->meaning;
    const struct pin *other_key = key_of(other);
    if (!meaning_names(meaning, other->table))
        return true;
    if (!key || !text_equal(key->column, other_key->column))
        return false;
    for (size_t row = 0; row < rows; row++)
        if (holds(group->keys, group->rows,
                  value_mix(0, &cells[row * width + (size_t)key->variable])))
            return false;
    return true;
}

/* Sends the groups that the write could meet; its own only if it does not wait itself. */
static void make_way(struct postgresql *pg, const struct pg_statement *statement, bool waits,
                     const struct db_value *cells, size_t rows, size_t width)
{
    struct writes *writes = &pg->writes;
    const struct meaning *meaning = &statement->meaning;
    const struct pin *key = meaning->kind == MEANS_ANYTHING ? NULL : key_of(meaning);
    for (size_t i = 0; i < writes->count;) {
        struct write_group *group = &writes->groups[i];
        if (!(waits && group->statement == statement) &&
            !cannot_meet(group, meaning, key, cells, rows, width)) {
            send_group(pg, group);
            remove_group(writes, i);
        } else {
            i++;
        }
    }
}

/* A full group goes when the next comes: until then its last rows can still be counted. */
static bool fits(const struct write_group *group, const struct db_value *cells, size_t rows)
{
    const struct meaning *meaning = &group->statement->meaning;
    size_t most = is_insert(group->statement) ? MOST_GROUP_ROWS : pg_gather_sizes[0];
    if (group->rows + rows > most)
        return false;
    for (size_t i = 0; i < rows * group->width; i++) {
        enum db_type first = group->cells[i % group->width].type;
        if (cells[i].type != first && cells[i].type != DB_NULL && first != DB_NULL)
            return false;
    }
    return is_insert(group->statement) ||
           !holds(group->whole, group->rows, whole_of(meaning, cells));
}

/* True if both rows of a PUT are for one row of the table. */
static bool same_row(const struct meaning *put, const struct db_value *a, const struct db_value *b)
{
    /* The region is no pin. */
    if (put->region >= 0 && !db_value_equal(&a[put->region], &b[put->region]))
        return false;
    for (size_t i = 0; i < put->count; i++) {
        int variable = put->pins[i].variable;
        if (!meaning_changes(put, put->pins[i].column) && !db_value_equal(&a[variable], &b[variable]))
            return false;
    }
    return true;
}

/* Nobody has seen the row that waits, and nobody will: another is put in its place. */
static void give_way(struct write_group *group, const struct db_value *row)
{
    const struct meaning *put = &group->statement->meaning;
    uint64_t whole = whole_of(put, row);
    size_t width = group->width;
    for (size_t i = 0; i < group->rows;) {
        struct db_value *old = group->cells + i * width;
        if (group->whole[i] != whole || !same_row(put, old, row)) {
            i++;
            continue;
        }
        size_t last = --group->rows;
        memmove(old, group->cells + last * width, width * sizeof *old);
        group->keys[i] = group->keys[last];
        group->whole[i] = group->whole[last];
    }
    if (group->last > group->rows)
        group->last = group->rows;
}

static struct write_group *group_for(struct postgresql *pg, struct pg_statement *statement,
                                     const struct db_value *cells, size_t rows, size_t width)
{
    struct writes *writes = &pg->writes;
    for (size_t i = 0; writes->groups && i < writes->count; i++) {
        struct write_group *group = &writes->groups[i];
        if (group->statement != statement)
            continue;
        if (statement->meaning.kind == MEANS_PUT)
            for (size_t row = 0; row < rows; row++)
                give_way(group, cells + row * width);
        if (!fits(group, cells, rows))
            send_group(pg, group);
        return group;
    }
    if (!writes->groups) {
        writes->groups = calloc(MOST_GROUPS, sizeof *writes->groups);
        writes->arena = arena_new(64 * 1024);
        if (!writes->groups)
            abort();
    }
    if (writes->count == MOST_GROUPS)
        writes_flush(pg);
    struct write_group *group = &writes->groups[writes->count++];
    if (group->room < width) {
        free(group->cells);
        group->room = width;
        group->cells = calloc(MOST_GROUP_ROWS * width, sizeof *group->cells);
        if (!group->cells)
            abort();
    }
    group->statement = statement;
    group->width = width;
    return group;
}

static void append(struct postgresql *pg, struct write_group *group, const struct db_value *cells,
                   size_t rows)
{
    const struct meaning *meaning = &group->statement->meaning;
    int key = key_of(meaning)->variable;
    for (size_t row = 0; row < rows; row++, cells += group->width) {
        struct db_value *to = group->cells + group->rows * group->width;
        for (size_t i = 0; i < group->width; i++) {
            to[i] = cells[i];
            if (cells[i].type > DB_INT)
                to[i].text = text_copy(pg->writes.arena, cells[i].text);
        }
        group->keys[group->rows] = value_mix(0, &cells[key]);
        group->whole[group->rows] =
            meaning->kind == MEANS_INSERT ? 0 : whole_of(meaning, cells);
        group->rows++;
    }
    group->last = group->operation == pg->db.operation ? group->last + rows : rows;
    group->operation = pg->db.operation;
}

static bool gathers(const struct pg_statement *statement, const struct db_value *cells,
                    size_t rows)
{
    const struct meaning *meaning = &statement->meaning;
    if (meaning->kind == MEANS_ANYTHING || !key_of(meaning))
        return false;
    if (is_insert(statement))
        return rows < MOST_GROUP_ROWS;
    if (meaning->kind == MEANS_INSERT || statement->count > MOST_GATHERED_VALUES)
        return false;
    for (int i = 0; i < statement->count; i++)
        if (cells[i].type == DB_NULL)
            return false; /* it would have no type */
    return true;
}

void writes_add(struct postgresql *pg, struct pg_statement *statement,
                const struct db_value *cells, size_t rows, size_t width)
{
    bool waits = pg->db.open && gathers(statement, cells, rows);
    make_way(pg, statement, waits, cells, rows, width);
    if (!waits) {
        struct pg_statement *all =
            is_insert(statement) ? pg_insert_for(pg, &statement->insert, rows) : statement;
        pg_send(pg, SENT_WRITE, all, cells, width ? width : 1);
        return;
    }
    append(pg, group_for(pg, statement, cells, rows, width), cells, rows);
}
