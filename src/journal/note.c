#include "journal/note.h"

#include <sodium.h>
#include <string.h>

#include "journal/merkle.h"

enum { ED25519 = 0x01, SIGNATURE_LINES = 100, KEY_ID = 4, SIGNATURE = 64 };

#define DASH "\xe2\x80\x94 " /* U+2014 and a space begin every signature line */

/* Exactly size bytes of base64, or false. */
static bool unbase64(struct text a, void *out, size_t size)
{
    if (a.len != (size + 2) / 3 * 4)
        return false;
    struct arena *scratch = arena_new(1024);
    struct text bytes;
    bool good = text_unbase64(scratch, a, &bytes) && bytes.len == size;
    if (good)
        memcpy(out, bytes.at, size);
    arena_free(scratch);
    return good;
}

/* White_Space of the Unicode character database, as signed-note's "Unicode spaces". */
static bool is_space(int32_t c)
{
    return (c >= 0x09 && c <= 0x0d) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

bool note_name_good(struct text name)
{
    if (!name.len || !text_utf8(name))
        return false;
    for (int32_t c; (c = text_next(&name)) >= 0;)
        if (is_space(c) || c == '+' || c < 0x20)
            return false;
    return true;
}

static void key_id(struct note_key *key)
{
    const struct text parts[] = {
        key->name, {"\n\x01", 2}, {(const char *)key->public_key, sizeof key->public_key}};
    struct hash hash = hash_parts(parts, 3);
    memcpy(key->id, hash.bytes, sizeof key->id);
}

void note_key_make(struct text name, const unsigned char seed[32], struct note_key *out)
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    *out = (struct note_key){.name = name, .can_sign = true};
    memcpy(out->seed, seed, sizeof out->seed);
    crypto_sign_seed_keypair(out->public_key, secret, seed);
    sodium_memzero(secret, sizeof secret);
    key_id(out);
}

bool note_key_public(struct text name, struct text public_key, struct note_key *out)
{
    *out = (struct note_key){.name = name};
    if (!note_name_good(name) || public_key.len != sizeof out->public_key)
        return false;
    memcpy(out->public_key, public_key.at, public_key.len);
    key_id(out);
    return true;
}

struct text note_vkey(const struct note_key *key, struct arena *arena)
{
    unsigned char typed[1 + sizeof key->public_key] = {ED25519};
    memcpy(typed + 1, key->public_key, sizeof key->public_key);
    struct buf vkey = {.arena = arena};
    buf_text(&vkey, key->name);
    buf_char(&vkey, '+');
    buf_text(&vkey, text_hex(arena, key->id, sizeof key->id));
    buf_char(&vkey, '+');
    buf_text(&vkey, text_base64(arena, typed, sizeof typed));
    return buf_done(&vkey);
}

bool note_vkey_read(struct text vkey, struct arena *arena, struct note_key *out)
{
    struct text name, id, rest = vkey;
    unsigned char typed[1 + sizeof out->public_key], said[KEY_ID];
    /* The key's base64 may hold a '+' of its own: only the first two divide. */
    if (!text_cut(&rest, '+', &name) || !text_cut(&rest, '+', &id) || !rest.at)
        return false;
    if (!note_name_good(name) || !text_unhex(id, said, sizeof said) ||
        !unbase64(rest, typed, sizeof typed) || typed[0] != ED25519)
        return false;
    struct text public_key = {(const char *)typed + 1, sizeof typed - 1};
    return note_key_public(text_copy(arena, name), public_key, out) &&
           memcmp(out->id, said, sizeof said) == 0;
}

struct text note_sign(struct text text, const struct note_key *key, struct arena *arena)
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES], line[KEY_ID + SIGNATURE];
    /* libsodium's secret key is the seed followed by the public key. */
    memcpy(secret, key->seed, sizeof key->seed);
    memcpy(secret + sizeof key->seed, key->public_key, sizeof key->public_key);
    memcpy(line, key->id, KEY_ID);
    crypto_sign_detached(line + KEY_ID, NULL, (const unsigned char *)text.at, text.len, secret);
    sodium_memzero(secret, sizeof secret);
    struct buf note = {.arena = arena};
    buf_text(&note, text);
    buf_str(&note, "\n" DASH);
    buf_text(&note, key->name);
    buf_char(&note, ' ');
    buf_text(&note, text_base64(arena, line, sizeof line));
    buf_char(&note, '\n');
    return buf_done(&note);
}

/* Where the last empty line begins: the offset of its line feed, or -1. */
static ptrdiff_t last_empty_line(struct text note)
{
    for (size_t i = note.len; i >= 2; i--)
        if (note.at[i - 1] == '\n' && note.at[i - 2] == '\n')
            return (ptrdiff_t)(i - 1);
    return -1;
}

static bool controls_free(struct text note)
{
    for (size_t i = 0; i < note.len; i++)
        if ((unsigned char)note.at[i] < 0x20 && note.at[i] != '\n')
            return false;
    return true;
}

/* One signature line without its line feed. False: malformed. *bad: by this key, and wrong. */
static bool signature_line(struct text line, const struct note_key *key, struct text text,
                           struct arena *scratch, bool *good, bool *bad)
{
    struct text name, payload;
    if (!text_starts(line, TEXT(DASH)))
        return false;
    line = text_slice(line, sizeof DASH - 1, line.len);
    if (!text_cut(&line, ' ', &name) || !note_name_good(name) || !line.at ||
        !text_unbase64(scratch, line, &payload) || payload.len <= KEY_ID)
        return false;
    if (!text_equal(name, key->name) || memcmp(payload.at, key->id, KEY_ID) != 0)
        return true;
    if (payload.len == KEY_ID + SIGNATURE &&
        crypto_sign_verify_detached((const unsigned char *)payload.at + KEY_ID,
                                    (const unsigned char *)text.at, text.len,
                                    key->public_key) == 0)
        *good = true;
    else
        *bad = true;
    return true;
}

bool note_open(struct text note, const struct note_key *key, struct text *signed_text)
{
    ptrdiff_t empty = last_empty_line(note);
    if (empty < 1 || !text_utf8(note) || !controls_free(note) || note.at[note.len - 1] != '\n')
        return false;
    struct text text = {note.at, (size_t)empty};
    struct text lines = text_slice(note, (size_t)empty + 1, note.len - 1), line;
    if (!lines.len)
        return false;
    struct arena *scratch = arena_new(1024);
    bool well = true, good = false, bad = false;
    int count = 0;
    while (well && !bad && text_cut(&lines, '\n', &line))
        well = ++count <= SIGNATURE_LINES &&
               signature_line(line, key, text, scratch, &good, &bad);
    arena_free(scratch);
    if (!well || bad || !good)
        return false;
    *signed_text = text;
    return true;
}

struct text checkpoint_text(const struct checkpoint *checkpoint, struct arena *arena)
{
    struct buf text = {.arena = arena};
    buf_text(&text, checkpoint->origin);
    buf_char(&text, '\n');
    buf_int(&text, checkpoint->size);
    buf_char(&text, '\n');
    buf_text(&text, text_base64(arena, checkpoint->root.bytes, sizeof checkpoint->root.bytes));
    buf_char(&text, '\n');
    return buf_done(&text);
}

/* Decimal without sign or leading zero. */
static bool natural(struct text a, int64_t *out)
{
    return a.len && (a.at[0] != '0' || a.len == 1) && text_int(a, out) && *out >= 0 &&
           a.at[0] != '-';
}

bool checkpoint_read(struct text signed_text, struct checkpoint *out)
{
    struct text rest = signed_text, origin, size, root, line;
    if (!rest.len || rest.at[rest.len - 1] != '\n')
        return false;
    rest.len--;
    if (!text_cut(&rest, '\n', &origin) || !text_cut(&rest, '\n', &size) ||
        !text_cut(&rest, '\n', &root))
        return false;
    out->origin = origin;
    if (!origin.len || !natural(size, &out->size) ||
        !unbase64(root, out->root.bytes, sizeof out->root.bytes))
        return false;
    /* Extension lines may follow; none is empty. */
    while (text_cut(&rest, '\n', &line))
        if (!line.len)
            return false;
    return true;
}

#define PROOF_FIRST_LINE "c2sp.org/tlog-proof@v1"

struct text proof_text(const struct proof *proof, struct arena *arena)
{
    struct buf file = {.arena = arena};
    buf_str(&file, PROOF_FIRST_LINE "\n");
    if (proof->extra.len) {
        buf_str(&file, "extra ");
        buf_text(&file, text_base64(arena, proof->extra.at, proof->extra.len));
        buf_char(&file, '\n');
    }
    buf_str(&file, "index ");
    buf_int(&file, proof->index);
    buf_char(&file, '\n');
    for (size_t i = 0; i < proof->count; i++) {
        buf_text(&file,
                 text_base64(arena, proof->hashes[i].bytes, sizeof proof->hashes[i].bytes));
        buf_char(&file, '\n');
    }
    buf_char(&file, '\n');
    buf_text(&file, proof->checkpoint);
    return buf_done(&file);
}

bool proof_read(struct text file, struct arena *arena, struct proof *out)
{
    struct text rest = file, line;
    *out = (struct proof){.extra = {"", 0}};
    if (!text_cut(&rest, '\n', &line) || !text_is(line, PROOF_FIRST_LINE) ||
        !text_cut(&rest, '\n', &line))
        return false;
    if (text_starts(line, TEXT("extra "))) {
        if (!text_unbase64(arena, text_slice(line, 6, line.len), &out->extra) ||
            !text_cut(&rest, '\n', &line))
            return false;
    }
    if (!text_starts(line, TEXT("index ")) ||
        !natural(text_slice(line, 6, line.len), &out->index))
        return false;
    for (;;) {
        if (!text_cut(&rest, '\n', &line))
            return false;
        if (!line.len)
            break;
        if (out->count == sizeof out->hashes / sizeof *out->hashes ||
            !unbase64(line, out->hashes[out->count].bytes, sizeof(struct hash)))
            return false;
        out->count++;
    }
    if (!rest.len)
        return false;
    out->checkpoint = text_copy(arena, rest);
    return true;
}

bool proof_verify(const struct proof *proof, const struct note_key *key, struct checkpoint *seen,
                  struct fault *why)
{
    struct text text;
    if (!proof->extra.len)
        return fault_set(why, "the file carries no entry");
    if (!note_open(proof->checkpoint, key, &text))
        return fault_set(why, "the checkpoint carries no good signature by this key");
    if (!checkpoint_read(text, seen))
        return fault_set(why, "the signed text is not a checkpoint");
    if (!text_equal(seen->origin, key->name))
        return fault_set(why, "the checkpoint is of another log than the key");
    if (proof->index >= seen->size)
        return fault_set(why, "index %lld is not below the checkpoint's size %lld",
                         (long long)proof->index, (long long)seen->size);
    struct hash leaf = merkle_leaf(proof->extra);
    if (!merkle_verify_inclusion(proof->index, seen->size, &leaf, proof->hashes, proof->count,
                                 &seen->root))
        return fault_set(why, "the entry and the hashes do not lead to the checkpoint's root");
    return true;
}
