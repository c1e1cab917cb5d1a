#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/driver.h"

static size_t slot_of(const struct statements *statements, const void *key, size_t rows)
{
    uint64_t mixed = ((uint64_t)(uintptr_t)key >> 3) * 0x9e3779b97f4a7c15u + rows * 0x85ebca6bu;
    size_t at = (size_t)(mixed >> 32) & (statements->room - 1);
    while (statements->slots[at].key &&
           (statements->slots[at].key != key || statements->slots[at].rows != rows))
        at = (at + 1) & (statements->room - 1);
    return at;
}

static void statements_grow(struct statements *statements)
{
    struct statements wider = {.room = statements->room ? statements->room * 2 : 64};
    wider.slots = calloc(wider.room, sizeof *wider.slots);
    if (!wider.slots) {
        fputs("out of memory for prepared statements\n", stderr);
        abort();
    }
    for (size_t i = 0; i < statements->room; i++) {
        const struct statement *old = &statements->slots[i];
        if (old->key)
            wider.slots[slot_of(&wider, old->key, old->rows)] = *old;
    }
    wider.used = statements->used;
    free(statements->slots);
    *statements = wider;
}

struct statement *statement_at(struct statements *statements, const void *key, size_t rows)
{
    if (statements->used * 2 >= statements->room)
        statements_grow(statements);
    struct statement *slot = &statements->slots[slot_of(statements, key, rows)];
    if (!slot->key) {
        slot->key = key;
        slot->rows = rows;
        statements->used++;
    }
    return slot;
}

void statements_free(struct statements *statements)
{
    free(statements->slots);
    *statements = (struct statements){0};
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool insert_is(const struct statement *slot, const struct db_insert *insert)
{
    return slot->prepared && slot->insert.width == insert->width &&
           same(slot->insert.table, insert->table) && same(slot->insert.columns, insert->columns) &&
           same(slot->insert.after, insert->after);
}

void insert_set(struct statement *slot, const struct db_insert *insert, bool numbered,
                struct arena *arena)
{
    struct buf out = {.arena = arena};
    buf_format(&out, "INSERT INTO %s (%s) VALUES ", insert->table, insert->columns);
    for (size_t i = 0; i < slot->rows * insert->width; i++) {
        buf_str(&out, i % insert->width ? ", " : i ? "), (" : "(");
        if (numbered)
            buf_format(&out, "$%zu", i + 1);
        else
            buf_char(&out, '?');
    }
    buf_char(&out, ')');
    if (insert->after)
        buf_format(&out, " %s", insert->after);
    buf_char(&out, '\0');
    slot->text = out.at;
    slot->insert = (struct db_insert){
        .table = text_cstr(arena, text_of(insert->table)),
        .columns = text_cstr(arena, text_of(insert->columns)),
        .width = insert->width,
        .after = insert->after ? text_cstr(arena, text_of(insert->after)) : NULL,
    };
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t both = (a ^ b) * 0x9e3779b97f4a7c15u;
    return both ^ both >> 29;
}

uint64_t value_mix(uint64_t hash, const struct db_value *value)
{
    uint64_t own = value->type <= DB_INT ? (uint64_t)value->number : text_hash(value->text);
    return mix(hash, mix(own, (uint64_t)value->type + 1));
}

bool db_value_equal(const struct db_value *a, const struct db_value *b)
{
    return a->type == b->type &&
           (a->type == DB_NULL || (a->type == DB_INT ? a->number == b->number
                                                     : text_equal(a->text, b->text)));
}
