#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/db.h"

/* Most names differ in their first letter already. */
static bool same_name(const char *a, const char *b)
{
    return a[0] == b[0] && strcmp(a, b) == 0;
}

const struct db_value *db_cell(const struct db_rows *rows, size_t row, const char *column)
{
    if (row < rows->count)
        for (size_t i = 0; i < rows->width; i++)
            if (same_name(rows->names[i], column))
                return &rows->cells[row * rows->width + i];
    fprintf(stderr, "bug: no column %s in row %zu of %zu\n", column, row, rows->count);
    abort();
}

int64_t db_cell_int(const struct db_rows *rows, size_t row, const char *column)
{
    return db_cell(rows, row, column)->number;
}

struct text db_cell_text(const struct db_rows *rows, size_t row, const char *column)
{
    return db_cell(rows, row, column)->text;
}

/* The field that column i fills, or NULL. Columns mostly come in the order of the fields, so the
 * search starts behind the last one found. */
static const struct field *field_for(const struct shape *shape, const char *column, size_t *next)
{
    for (size_t tried = 0; tried < shape->count; tried++) {
        size_t at = (*next + tried) % shape->count;
        if (same_name(shape->fields[at].name, column)) {
            *next = at + 1;
            return &shape->fields[at];
        }
    }
    return NULL;
}

static bool wrong_type(const struct field *field, const struct db_value *cell, struct fault *why)
{
    static const char *const names[] = {"NULL", "an integer", "text", "bytes"};
    return fault_set(why, "column %s: %s does not fit the field", field->name, names[cell->type]);
}

/* A NULL leaves "nothing": the empty text, 0, false, the word 0. */
static bool fill(const struct field *field, const struct db_value *cell, struct arena *arena,
                 void *record, struct fault *why)
{
    void *at = (char *)record + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        if (cell->type == DB_INT)
            return wrong_type(field, cell, why);
        *(struct text *)at =
            cell->type == DB_NULL ? TEXT("") : text_copy(arena, cell->text);
        return true;
    case FIELD_INT:
    case FIELD_TIME:
    case FIELD_DATE:
    case FIELD_MONEY:
        if (cell->type > DB_INT)
            return wrong_type(field, cell, why);
        *(int64_t *)at = cell->number;
        return true;
    case FIELD_BOOL:
        if (cell->type > DB_INT)
            return wrong_type(field, cell, why);
        *(bool *)at = cell->number != 0;
        return true;
    case FIELD_WORD:
        *(int64_t *)at = 0;
        if (cell->type == DB_NULL)
            return true;
        if (cell->type != DB_TEXT)
            return wrong_type(field, cell, why);
        if (!word_index(field->words, cell->text, at))
            return fault_set(why, "column %s: the shape knows no such word", field->name);
        return true;
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_RECORD:
        break;
    }
    return fault_set(why, "column %s: the field holds no single value", field->name);
}

bool db_record(const struct shape *shape, const struct db_rows *rows, size_t row,
               struct arena *arena, void *record, struct fault *why)
{
    const struct db_value *cells = &rows->cells[row * rows->width];
    size_t next = 0;
    for (size_t i = 0; i < rows->width; i++) {
        const struct field *field = field_for(shape, rows->names[i], &next);
        if (field && !fill(field, &cells[i], arena, record, why))
            return false;
    }
    return true;
}

bool db_records(const struct shape *shape, const struct db_rows *rows, struct arena *arena,
                struct list *out, struct fault *why)
{
    char *items = arena_array(arena, rows->count, shape->size);
    for (size_t row = 0; row < rows->count; row++)
        if (!db_record(shape, rows, row, arena, items + row * shape->size, why))
            return false;
    *out = (struct list){items, rows->count};
    return true;
}

static struct text word_name(const struct field *field, int64_t index)
{
    for (int64_t i = 0; field->words[i].name; i++)
        if (i == index)
            return text_of(field->words[i].name);
    fprintf(stderr, "bug: field %s holds no word of its list\n", field->name);
    abort();
}

size_t db_values(const struct shape *shape, const void *record, struct arena *arena,
                 struct db_value *out, size_t room)
{
    (void)arena; /* every value so far stands in the record or in a constant */
    size_t count = 0;
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        const void *at = (const char *)record + field->offset;
        if (field->type == FIELD_LIST || field->type == FIELD_TEXTS || field->type == FIELD_RECORD)
            continue;
        if (count == room) {
            fprintf(stderr, "bug: shape %s has more than %zu values\n", shape->name, room);
            abort();
        }
        if (field->type == FIELD_TEXT)
            out[count++] = db_text(*(const struct text *)at);
        else if (field->type == FIELD_WORD)
            out[count++] = db_text(word_name(field, *(const int64_t *)at));
        else if (field->type == FIELD_BOOL)
            out[count++] = db_int(*(const bool *)at);
        else
            out[count++] = db_int(*(const int64_t *)at);
    }
    return count;
}
