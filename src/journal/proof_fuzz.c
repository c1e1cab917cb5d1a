/* Whatever bytes come in, the readers of receipts, notes, paths and entries say yes or no, and what
 * they say yes to is written again as it was. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "journal/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void try_proof(struct text input, const struct note_key *key, struct arena *arena)
{
    struct proof proof;
    struct checkpoint seen;
    struct fault why = {""};
    if (!proof_read(input, arena, &proof))
        return;
    /* An empty extra line is read as none, the one thing that is not written again. */
    if (proof.extra.len || text_find(input, TEXT("\nextra \n")) < 0)
        must(text_equal(proof_text(&proof, arena), input));
    must(proof_verify(&proof, key, &seen, &why) == (why.why[0] == 0));
}

static void try_note(struct text input, const struct note_key *key, struct arena *arena)
{
    struct text text;
    struct checkpoint checkpoint;
    struct note_key read;
    if (note_open(input, key, &text))
        must(text_starts(input, text) && text.len < input.len);
    if (checkpoint_read(input, &checkpoint))
        must(text_starts(input, checkpoint_text(&checkpoint, arena)));
    if (note_vkey_read(input, arena, &read))
        must(note_name_good(read.name) && text_starts(input, read.name));
}

static void try_path(struct text input, struct arena *arena)
{
    int level, width;
    int64_t n;
    if (!tile_path_read(input, &level, &n, &width))
        return;
    must(level >= -1 && level <= 63 && n >= 0 && width >= 1 && width <= 256);
    must(text_equal(tile_path(level, n, width, arena), input));
}

static void try_entry(struct text input, struct arena *arena)
{
    struct entry entry;
    struct fault why = {""};
    struct buf again = {.arena = arena};
    bool good = entry_read(input, arena, &entry, &why);
    must(good == (why.why[0] == 0));
    if (!good)
        return;
    must(entry_body_good(entry.body, arena, NULL));
    entry_write(&entry.head, entry.body, entry.has_private ? &entry.commitment : NULL, arena,
                &again);
    must(text_equal(buf_done(&again), input));
    again.len = 0;
    must(json_canonical(input, &again) && text_equal(buf_done(&again), input));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* The first byte chooses, so that one corpus serves all. */
    if (size == 0)
        return 0;
    static const unsigned char seed[32] = {1};
    struct arena *arena = arena_new(4096);
    struct note_key key;
    struct text input = {(const char *)data + 1, size - 1};
    note_key_make(TEXT("yimen.example/log/330482"), seed, &key);
    switch (data[0] % 4) {
    case 0:
        try_proof(input, &key, arena);
        break;
    case 1:
        try_note(input, &key, arena);
        break;
    case 2:
        try_path(input, arena);
        break;
    default:
        try_entry(input, arena);
    }
    arena_free(arena);
    return 0;
}
