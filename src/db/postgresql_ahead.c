#include "db/postgresql_ahead.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgresql_pipeline.h"
#include "db/postgresql_rows.h"

/* ---- what was written ---- */

static void touch_put(struct ahead *ahead, uint64_t hash)
{
    size_t at = (size_t)(hash >> 1) & (ahead->touch_room - 1);
    while (ahead->touched[at] && ahead->touched[at] != hash)
        at = (at + 1) & (ahead->touch_room - 1);
    ahead->touches += !ahead->touched[at];
    ahead->touched[at] = hash;
}

static void touch(struct ahead *ahead, uint64_t hash)
{
    if (ahead->touches * 2 >= ahead->touch_room) {
        uint64_t *old = ahead->touched;
        size_t room = ahead->touch_room;
        ahead->touch_room = room ? room * 2 : 1024;
        ahead->touched = calloc(ahead->touch_room, sizeof *ahead->touched);
        if (!ahead->touched)
            abort();
        ahead->touches = 0;
        for (size_t i = 0; i < room; i++)
            if (old[i])
                touch_put(ahead, old[i]);
        free(old);
    }
    touch_put(ahead, hash | 1);
}

static bool was_touched(const struct ahead *ahead, uint64_t hash)
{
    if (!ahead->touch_room)
        return false;
    hash |= 1;
    size_t at = (size_t)(hash >> 1) & (ahead->touch_room - 1);
    while (ahead->touched[at] && ahead->touched[at] != hash)
        at = (at + 1) & (ahead->touch_room - 1);
    return ahead->touched[at] == hash;
}

static uint64_t hash_touch(size_t write, int variable, const struct db_value *value)
{
    return value_mix((uint64_t)write << 32 | (uint64_t)variable << 1, value);
}

/* The pins of a write by which some query or its rows can be told apart from it. */
static void choose_pins(struct ahead *ahead, size_t write)
{
    const struct meaning *meaning = &ahead->writes[write].statement->meaning;
    uint64_t pins = 0;
    for (size_t q = 0; q < ahead->query_count; q++) {
        const struct relation *relation = &ahead->relations[q][write];
        for (size_t p = 0; p < meaning->count; p++)
            if (relation->touch >= TOUCHES_SAME && meaning->pins[p].variable == relation->write)
                pins |= (uint64_t)1 << p;
    }
    ahead->writes[write].pins = pins;
}
_Static_assert(MOST_PINS <= 64, "pins are bits");

static void relate(struct ahead *ahead, size_t query, size_t write)
{
    ahead->relations[query][write] =
        meaning_relation(&ahead->queries[query]->meaning,
                         &ahead->writes[write].statement->meaning);
    choose_pins(ahead, write);
}

/* Its number, met now or before; false when there are too many. */
static bool query_number(struct ahead *ahead, const struct pg_statement *statement, size_t *number)
{
    for (*number = 0; *number < ahead->query_count; ++*number)
        if (ahead->queries[*number] == statement)
            return true;
    if (ahead->query_count == MOST_AHEAD_STATEMENTS)
        return false;
    ahead->queries[ahead->query_count++] = statement;
    for (size_t w = 0; w < ahead->write_count; w++)
        relate(ahead, *number, w);
    return true;
}

static bool write_number(struct ahead *ahead, const struct pg_statement *statement, size_t *number)
{
    for (*number = 0; *number < ahead->write_count; ++*number)
        if (ahead->writes[*number].statement == statement)
            return true;
    if (ahead->write_count == MOST_AHEAD_STATEMENTS)
        return false;
    ahead->writes[ahead->write_count++] = (struct ahead_write){.statement = statement};
    for (size_t q = 0; q < ahead->query_count; q++)
        relate(ahead, q, *number);
    return true;
}

static uint64_t hash_read(size_t query, const struct db_value *args, size_t count)
{
    uint64_t hash = query + 1;
    for (size_t i = 0; i < count; i++)
        hash = value_mix(hash, &args[i]);
    return hash;
}

static bool same_read(const struct ahead_read *read, size_t query, const struct db_value *args,
                      size_t count)
{
    if (read->query != query)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!db_value_equal(&read->args[i], &args[i]))
            return false;
    return true;
}

/* The slot of that read, or the free one for it. */
static size_t *slot_of(struct ahead *ahead, size_t query, const struct db_value *args,
                       size_t count, uint64_t hash)
{
    size_t at = (size_t)hash & (ahead->slot_room - 1);
    while (ahead->slots[at]) {
        const struct ahead_read *read = &ahead->reads[ahead->slots[at] - 1];
        if (read->hash == hash && same_read(read, query, args, count))
            break;
        at = (at + 1) & (ahead->slot_room - 1);
    }
    return &ahead->slots[at];
}

/* A row as the server would send it, of the columns of that answer; NULL where it would be sent in
 * some other way. */
static PGresult *row_told(const struct meaning *query, const struct meaning *put,
                          const struct db_value *row, const struct pg_answer *like)
{
    PGresult *told = PQcopyResult(like->result, PG_COPYRES_ATTRS);
    struct text columns = query->columns;
    bool good = told != NULL;
    for (int i = 0; good && i < like->width; i++) {
        const struct db_value *cell = &row[meaning_pin(put, meaning_column(&columns))->variable];
        uint64_t number = htobe64((uint64_t)cell->number);
        Oid type = PQftype(told, i);
        if (cell->type == DB_NULL)
            good = PQsetvalue(told, 0, i, NULL, -1);
        else if (cell->type == DB_INT)
            good = type == TYPE_INT8 && PQsetvalue(told, 0, i, (char *)&number, sizeof number);
        else
            good = type == (cell->type == DB_TEXT ? TYPE_TEXT : TYPE_BYTEA) &&
                   PQsetvalue(told, 0, i, (char *)(uintptr_t)cell->text.at, (int)cell->text.len);
    }
    if (good)
        return told;
    PQclear(told);
    return NULL;
}

/* What the query gives from now on, asked for the row that was put. */
static void tell(struct ahead *ahead, size_t number, const struct meaning *put,
                 const struct db_value *row)
{
    const struct pg_statement *statement = ahead->queries[number];
    const struct meaning *query = &statement->meaning;
    size_t count = (size_t)statement->count;
    struct db_value args[MOST_GATHERED_VALUES];
    struct text keys = put->keys;
    if (count > MOST_GATHERED_VALUES)
        return; /* asked in its turn: it is not answered ahead either */
    args[query->region] = row[put->region];
    for (struct text key = meaning_column(&keys); key.len; key = meaning_column(&keys))
        if (meaning_pin(query, key))
            args[meaning_pin(query, key)->variable] = row[meaning_pin(put, key)->variable];
    size_t slot = *slot_of(ahead, number, args, count, hash_read(number, args, count));
    if (!slot)
        return;
    struct ahead_read *read = &ahead->reads[slot - 1];
    PGresult *told = read->answer.result ? row_told(query, put, row, &read->answer) : NULL;
    if (told)
        read->answer = (struct pg_answer){told, NULL, 1, read->answer.width};
    else
        read->stale = true;
    PQclear(read->told);
    read->told = told;
}

static void tell_all(struct ahead *ahead, size_t write, const struct db_value *cells, size_t rows,
                     size_t width)
{
    const struct meaning *meaning = &ahead->writes[write].statement->meaning;
    for (size_t q = 0; q < ahead->query_count; q++)
        if (ahead->relations[q][write].touch == TOUCHES_TOLD)
            for (size_t row = 0; row < rows; row++)
                tell(ahead, q, meaning, cells + row * width);
}

void ahead_wrote(struct ahead *ahead, const struct pg_statement *statement,
                 const struct db_value *cells, size_t rows, size_t width)
{
    size_t number;
    if (!ahead->count)
        return;
    if (!write_number(ahead, statement, &number)) {
        ahead_forget(ahead);
        return;
    }
    struct ahead_write *write = &ahead->writes[number];
    const struct meaning *meaning = &statement->meaning;
    write->done = true;
    if (meaning->kind == MEANS_PUT)
        tell_all(ahead, number, cells, rows, width);
    for (size_t p = 0; write->pins && p < meaning->count; p++) {
        int variable = meaning->pins[p].variable;
        if (!(write->pins >> p & 1))
            continue;
        for (size_t row = 0; row < rows; row++)
            touch(ahead, hash_touch(number, variable, &cells[row * width + (size_t)variable]));
    }
}

/* ---- what was read ---- */

static bool row_touched(const struct ahead *ahead, const struct pg_answer *answer, int column,
                        size_t write, int variable)
{
    for (int row = 0; row < answer->count; row++) {
        struct db_value cell;
        if (!postgresql_cell(answer->result, pg_answer_row(answer, row), column, &cell) ||
            was_touched(ahead, hash_touch(write, variable, &cell)))
            return true;
    }
    return false;
}

static bool holds(const struct ahead *ahead, const struct ahead_read *read)
{
    for (size_t w = 0; w < ahead->write_count; w++) {
        const struct relation *relation = &ahead->relations[read->query][w];
        if (!ahead->writes[w].done || relation->touch == TOUCHES_NOT ||
            relation->touch == TOUCHES_TOLD)
            continue;
        if (relation->touch == TOUCHES_ALWAYS)
            return false;
        if (relation->touch == TOUCHES_SAME &&
            was_touched(ahead, hash_touch(w, relation->write, &read->args[relation->query])))
            return false;
        if (relation->touch == TOUCHES_ROWS &&
            row_touched(ahead, &read->answer, relation->query, w, relation->write))
            return false;
    }
    return true;
}

struct ahead_read *ahead_find(struct ahead *ahead, const struct pg_statement *statement,
                              const struct db_value *args)
{
    size_t query, count = (size_t)statement->count;
    if (!ahead->count || !query_number(ahead, statement, &query))
        return NULL;
    size_t slot = *slot_of(ahead, query, args, count, hash_read(query, args, count));
    return slot ? &ahead->reads[slot - 1] : NULL;
}

const struct pg_answer *ahead_answer(const struct ahead *ahead, struct ahead_read *read)
{
    if (!read->answer.result || read->stale)
        return NULL;
    read->stale = !holds(ahead, read);
    return read->stale ? NULL : &read->answer;
}

static void grow(struct ahead *ahead)
{
    ahead->room = ahead->room ? ahead->room * 2 : 512;
    ahead->slot_room = ahead->room * 2;
    free(ahead->slots);
    ahead->reads = realloc(ahead->reads, ahead->room * sizeof *ahead->reads);
    ahead->slots = calloc(ahead->slot_room, sizeof *ahead->slots);
    if (!ahead->reads || !ahead->slots)
        abort();
    for (size_t i = 0; i < ahead->count; i++) {
        size_t at = (size_t)ahead->reads[i].hash & (ahead->slot_room - 1);
        while (ahead->slots[at])
            at = (at + 1) & (ahead->slot_room - 1);
        ahead->slots[at] = i + 1;
    }
}

static const struct db_value *copy_args(struct arena *arena, const struct db_value *args,
                                        size_t count)
{
    struct db_value *copy = arena_array(arena, count, sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        copy[i] = args[i];
        if (args[i].type > DB_INT)
            copy[i].text = text_copy(arena, args[i].text);
    }
    return copy;
}

bool ahead_ask(struct ahead *ahead, const struct pg_statement *statement,
               const struct db_value *args, size_t *number)
{
    size_t query, count = (size_t)statement->count;
    if (!query_number(ahead, statement, &query))
        return false;
    if (!ahead->arena)
        ahead->arena = arena_new(64 * 1024);
    if (ahead->count == ahead->room)
        grow(ahead);
    uint64_t hash = hash_read(query, args, count);
    size_t *slot = slot_of(ahead, query, args, count, hash);
    if (*slot)
        return false;
    *number = ahead->count++;
    *slot = ahead->count;
    ahead->reads[*number] = (struct ahead_read){
        .query = query,
        .args = copy_args(ahead->arena, args, count),
        .hash = hash,
        .round = ahead->round,
    };
    ahead->asked++;
    return true;
}

void ahead_sent(struct ahead *ahead, const size_t *reads, size_t count, bool gathered)
{
    if (ahead->parcel_count == ahead->parcel_room) {
        ahead->parcel_room = ahead->parcel_room ? ahead->parcel_room * 2 : 64;
        ahead->parcels = realloc(ahead->parcels, ahead->parcel_room * sizeof *ahead->parcels);
        if (!ahead->parcels)
            abort();
    }
    ahead->parcels[ahead->parcel_count++] =
        (struct ahead_parcel){.reads = arena_copy(ahead->arena, reads, count * sizeof *reads),
                              .count = count,
                              .gathered = gathered};
}

/* Each row to the read that it is for. They come in the order of the reads, or else nobody has an
 * answer: each is asked again in its turn. */
static void share_out(struct ahead *ahead, const struct ahead_parcel *parcel)
{
    const PGresult *result = parcel->result;
    int rows = PQntuples(result), width = PQnfields(result) - 1;
    int *numbers = arena_array(ahead->arena, (size_t)rows, sizeof *numbers);
    struct db_value of = db_int(0);
    for (int row = 0; row < rows; row++) {
        int64_t before = of.number;
        if (!postgresql_cell(result, row, width, &of) || of.number < before ||
            of.number >= (int64_t)parcel->count)
            return;
        numbers[row] = row;
    }
    int row = 0;
    for (size_t i = 0; i < parcel->count; i++) {
        struct pg_answer *answer = &ahead->reads[parcel->reads[i]].answer;
        *answer = (struct pg_answer){.result = result, .rows = numbers + row, .width = width};
        while (row < rows && postgresql_cell(result, row, width, &of) && of.number == (int64_t)i) {
            answer->count++;
            row++;
        }
    }
}

bool ahead_full(const struct ahead *ahead)
{
    return ahead->query_count == MOST_AHEAD_STATEMENTS ||
           ahead->write_count == MOST_AHEAD_STATEMENTS;
}

void ahead_came(struct ahead *ahead, uint64_t span, PGresult *result)
{
    if (span != ahead->span) {
        PQclear(result); /* forgotten meanwhile */
        return;
    }
    struct ahead_parcel *parcel = &ahead->parcels[ahead->came++];
    parcel->result = result;
    for (size_t i = 0; i < parcel->count; i++)
        ahead->reads[parcel->reads[i]].came = true;
    if (parcel->gathered)
        share_out(ahead, parcel);
    else
        ahead->reads[parcel->reads[0]].answer = pg_answer_all(result);
}

void ahead_forget(struct ahead *ahead)
{
    ahead->span++;
    for (size_t i = 0; i < ahead->parcel_count; i++)
        PQclear(ahead->parcels[i].result);
    for (size_t i = 0; i < ahead->count; i++)
        PQclear(ahead->reads[i].told);
    for (size_t i = 0; i < ahead->query_count; i++)
        ahead->waiting[i].count = 0;
    if (ahead->count)
        memset(ahead->slots, 0, ahead->slot_room * sizeof *ahead->slots);
    if (ahead->touches)
        memset(ahead->touched, 0, ahead->touch_room * sizeof *ahead->touched);
    for (size_t w = 0; w < ahead->write_count; w++)
        ahead->writes[w].done = false;
    ahead->count = ahead->parcel_count = ahead->came = ahead->touches = ahead->asked = 0;
    if (ahead->arena)
        arena_reset(ahead->arena);
}

void ahead_forget_statements(struct ahead *ahead)
{
    ahead_forget(ahead);
    ahead->query_count = ahead->write_count = 0;
}

void ahead_free(struct ahead *ahead)
{
    ahead_forget(ahead);
    arena_free(ahead->arena);
    free(ahead->reads);
    free(ahead->parcels);
    free(ahead->slots);
    free(ahead->touched);
}
