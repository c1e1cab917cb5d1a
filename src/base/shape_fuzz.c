/* Whatever comes in for any command or event of the house, the readers of forms, JSON and the journal
 * end with a record or with what is wrong, never with both; and a record that was read is written as
 * JSON that reads back to the same. The first byte chooses the reader, the second the shape. */
#include <jansson.h>
#include <stdlib.h>

#include "base/json.h"
#include "modules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HOW = 2, MOST_PAIRS = 2000, INPUT_LIMIT = 1 << 16 };

static void must(bool holds)
{
    if (!holds)
        abort();
}

static const struct shape *command_shape(unsigned number)
{
    const struct shape *found[512];
    size_t count = 0;
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++)
            if (modules[i]->commands[j]->input && count < 512)
                found[count++] = modules[i]->commands[j]->input;
    return count ? found[number % count] : NULL;
}

static const struct shape *event_shape(unsigned number)
{
    const struct shape *found[512];
    size_t count = 0;
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->events && modules[i]->events[j]; j++)
            if (count < 512)
                found[count++] = modules[i]->events[j]->shape;
    return count ? found[number % count] : NULL;
}

static void try_record(const struct shape *shape, const void *record, struct arena *arena)
{
    struct buf once = {.arena = arena}, again = {.arena = arena}, answer = {.arena = arena};
    struct fault why = {0};
    void *read = arena_alloc(arena, shape->size);
    shape_to_json(shape, record, SHAPE_ALL, &once);
    must(text_utf8(buf_done(&once)));
    must(shape_read_json(shape, buf_done(&once), arena, read, &why));
    shape_to_json(shape, read, SHAPE_ALL, &again);
    must(text_equal(buf_done(&once), buf_done(&again)));
    shape_to_answer(shape, record, &answer);
    json_t *parsed = json_loadb(answer.at, answer.len, JSON_REJECT_DUPLICATES, NULL);
    must(parsed != NULL);
    json_decref(parsed);
    again.len = 0;
    must(json_canonical(buf_done(&once), &again) && text_equal(buf_done(&once), buf_done(&again)));
}

static void told(const struct problems *problems)
{
    must(problems->count <= PROBLEMS_MOST + 1);
    for (size_t i = 0; i < problems->count; i++)
        must(text_utf8(problems->items[i].field) && problems->items[i].message.len &&
             text_utf8(problems->items[i].message));
}

static void try_form(const struct shape *shape, struct text input, struct arena *arena)
{
    struct pairs pairs = {0};
    struct problems problems = {0};
    void *record = arena_alloc(arena, shape->size);
    if (!pairs_parse(input, MOST_PAIRS, arena, &pairs))
        return;
    bool good = shape_from_form(shape, &pairs, arena, record, &problems);
    must(good == (problems.count == 0));
    told(&problems);
    if (good)
        try_record(shape, record, arena);
}

static void try_json(const struct shape *shape, struct text input, struct arena *arena)
{
    struct problems problems = {0};
    void *record = arena_alloc(arena, shape->size);
    bool good = shape_from_json(shape, input, arena, record, &problems);
    must(good == (problems.count == 0));
    told(&problems);
    if (good)
        try_record(shape, record, arena);
}

static void try_journal(const struct shape *shape, struct text input, struct arena *arena)
{
    struct fault why = {0};
    void *record = arena_alloc(arena, shape->size);
    /* An entry is UTF-8 before its body comes here (journal/entry.c). */
    if (!text_utf8(input))
        return;
    bool good = shape_read_json(shape, input, arena, record, &why);
    must(good == (why.why[0] == 0));
    /* Nor does it come in another than the canonical form, which writes no character as it may not
     * stand; whatever comes must be read without harm, and no more. */
    struct buf canonical = {.arena = arena};
    if (good && json_canonical(input, &canonical) && text_equal(buf_done(&canonical), input))
        try_record(shape, record, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HOW || size > INPUT_LIMIT)
        return 0;
    /* On the heap and of exact size, so that the sanitizer sees a byte read too many. */
    size_t len = size - HOW;
    char *at = malloc(len ? len : 1);
    must(at);
    for (size_t i = 0; i < len; i++)
        at[i] = (char)data[HOW + i];
    struct arena *arena = arena_new(4096);
    switch (data[0] % 3) {
    case 0:
        try_form(command_shape(data[1]), (struct text){at, len}, arena);
        break;
    case 1:
        try_json(command_shape(data[1]), (struct text){at, len}, arena);
        break;
    default:
        try_journal(event_shape(data[1]), (struct text){at, len}, arena);
    }
    arena_free(arena);
    free(at);
    return 0;
}
