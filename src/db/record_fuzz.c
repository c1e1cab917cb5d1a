/* Rows as a database could give them, of any names, types and values, into a record of every kind of
 * field: a record or a fault; and a record that was read is written as values that read back to it. */
#include <stdlib.h>
#include <string.h>

#include "db/db.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct all {
    struct text words, code;
    int64_t number, at, day, fen, state;
    bool yes;
    struct list many, texts;
};
static const struct word states[] = {{"", "无"}, {"open", "开"}, {"shut", "关"}, {0}};
#define IS(member, kind) {#member, kind, offsetof(struct all, member), .label = #member}
static const struct field all_fields[] = {
    IS(words, FIELD_TEXT),
    IS(code, FIELD_TEXT),
    IS(number, FIELD_INT),
    IS(at, FIELD_TIME),
    IS(day, FIELD_DATE),
    IS(fen, FIELD_MONEY),
    {"state", FIELD_WORD, offsetof(struct all, state), .label = "state", .words = states},
    IS(yes, FIELD_BOOL),
    IS(texts, FIELD_TEXTS),
};
static const struct shape all_shape = {"all", "all", sizeof(struct all), SHAPE_FIELDS(all_fields)};

enum { MOST_COLUMNS = 12 };
struct source {
    const uint8_t *at;
    size_t left;
};

static uint8_t byte(struct source *from)
{
    if (!from->left)
        return 0;
    from->left--;
    return *from->at++;
}

static struct text words(struct source *from, struct arena *arena)
{
    size_t len = byte(from);
    if (len > from->left)
        len = from->left;
    /* A copy of exact size: a byte read too many is seen. */
    char *copy = arena_alloc(arena, len + 1);
    memcpy(copy, from->at, len);
    from->at += len;
    from->left -= len;
    return (struct text){copy, len};
}

static struct db_value value(struct source *from, struct arena *arena)
{
    uint8_t kind = byte(from);
    int64_t number = 0;
    switch (kind % 5) {
    case 0:
        return (struct db_value){.type = DB_NULL};
    case 1:
        for (int i = 0; i < 8; i++)
            number = (int64_t)((uint64_t)number << 8 | byte(from));
        return db_int(number);
    case 2:
        return db_text(text_of(states[kind / 5 % 3].name));
    default:
        return db_text(words(from, arena));
    }
}

static const char *name(struct source *from, struct arena *arena)
{
    uint8_t kind = byte(from);
    size_t count = sizeof all_fields / sizeof *all_fields;
    if (kind < 240)
        return all_fields[kind % count].name;
    return text_cstr(arena, words(from, arena));
}

static void try_again(const struct all *record, struct arena *arena)
{
    struct db_value cells[MOST_COLUMNS];
    const char *names[MOST_COLUMNS];
    struct all again = {0};
    struct fault why = {0};
    size_t count = db_values(&all_shape, record, arena, cells, MOST_COLUMNS), at = 0;
    for (size_t i = 0; i < sizeof all_fields / sizeof *all_fields; i++)
        if (all_fields[i].type != FIELD_TEXTS)
            names[at++] = all_fields[i].name;
    struct db_rows rows = {.count = 1, .width = count, .names = names, .cells = cells};
    if (at != count || !db_record(&all_shape, &rows, 0, arena, &again, &why))
        abort();
    if (!text_equal(record->words, again.words) || !text_equal(record->code, again.code) ||
        record->number != again.number || record->at != again.at || record->day != again.day ||
        record->fen != again.fen || record->state != again.state || record->yes != again.yes)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source from = {data, size};
    struct arena *arena = arena_new(4096);
    size_t width = 1 + byte(&from) % MOST_COLUMNS, count = byte(&from) % 4;
    const char *names[MOST_COLUMNS];
    struct db_value cells[MOST_COLUMNS * 4];
    struct list list = {0};
    struct fault why = {0};
    for (size_t i = 0; i < width; i++)
        names[i] = name(&from, arena);
    for (size_t i = 0; i < width * count; i++)
        cells[i] = value(&from, arena);
    struct db_rows rows = {.count = count, .width = width, .names = names, .cells = cells};
    bool good = db_records(&all_shape, &rows, arena, &list, &why);
    if (good != (why.why[0] == 0) || (good && list.count != count))
        abort();
    for (size_t i = 0; good && i < count; i++)
        try_again((const struct all *)list.items + i, arena);
    arena_free(arena);
    return 0;
}
