#include "journal/note.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "journal/merkle.h"

/* The example of the signed-note specification. */
#define SPEC_VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define SPEC_SIGNATURE                                                                             \
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
#define SPEC_LINE "\xe2\x80\x94 example.com/foo " SPEC_SIGNATURE "\n"
#define SPEC_TEXT "This is an example message.\n"

static struct arena *arena(void **state)
{
    return *state;
}

static int set_up(void **state)
{
    *state = arena_new(4096);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static struct note_key key_of(const char *name, int seed)
{
    unsigned char bytes[32];
    struct note_key key;
    memset(bytes, seed, sizeof bytes);
    note_key_make(text_of(name), bytes, &key);
    return key;
}

static void known_answer(void **state)
{
    struct note_key key;
    struct text text;
    assert_true(note_vkey_read(TEXT(SPEC_VKEY), arena(state), &key));
    assert_true(text_equal(note_vkey(&key, arena(state)), TEXT(SPEC_VKEY)));
    assert_false(key.can_sign);
    assert_true(note_open(TEXT(SPEC_TEXT "\n" SPEC_LINE), &key, &text));
    assert_true(text_is(text, SPEC_TEXT));
}

/* Ed25519 of RFC 8032 section 7.1, test 1: the seed gives that public key. */
static void key_from_seed(void **state)
{
    unsigned char seed[32], public_key[32];
    struct note_key key, again;
    assert_true(
        text_unhex(TEXT("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"), seed,
                   sizeof seed));
    assert_true(
        text_unhex(TEXT("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
                   public_key, sizeof public_key));
    note_key_make(TEXT("yimen.example/log/330482"), seed, &key);
    assert_memory_equal(key.public_key, public_key, sizeof public_key);
    struct text vkey = note_vkey(&key, arena(state));
    assert_true(note_vkey_read(vkey, arena(state), &again));
    assert_memory_equal(again.public_key, public_key, sizeof public_key);
    assert_memory_equal(again.id, key.id, sizeof key.id);
}

static void malformed_vkeys(void **state)
{
    static const char *const bad[] = {
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530d903a+",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", /* the id */
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", /* the name */
        "example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", /* type 2 */
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "exam ple.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "exam\xe3\x80\x80ple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "exam\x01ple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "exam\xff+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    };
    struct note_key key;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (note_vkey_read(text_of(bad[i]), arena(state), &key))
            fail_msg("read: %s", bad[i]);
}

static void sign_and_open(void **state)
{
    static const char *const texts[] = {"one line\n", "\n", "two\nlines\n", "an empty\n\nline\n",
                                        "\xe4\xb8\x80\xe9\x97\xa8\n"};
    struct note_key key = key_of("yimen.example/log/330482", 7), other = key_of("other", 8),
                    stranger = key_of("yimen.example/log/330482", 9);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct text note = note_sign(text_of(texts[i]), &key, arena(state)), text;
        assert_true(note_open(note, &key, &text));
        assert_true(text_is(text, texts[i]));
        assert_false(note_open(note, &other, &text));
        assert_false(note_open(note, &stranger, &text));
    }
}

static void other_signatures(void **state)
{
    struct note_key key = key_of("a.example/log", 7), other = key_of("b.example", 8);
    struct text body = TEXT("text\n"), text;
    struct text ours = note_sign(body, &key, arena(state));
    struct text theirs = note_sign(body, &other, arena(state));
    struct text our_line = text_slice(ours, body.len + 1, ours.len);
    struct text their_line = text_slice(theirs, body.len + 1, theirs.len);
    struct buf note = {.arena = arena(state)};
    buf_text(&note, body);
    buf_char(&note, '\n');
    for (int i = 0; i < 20; i++)
        buf_text(&note, their_line);
    assert_false(note_open(buf_done(&note), &key, &text)); /* nobody we know */
    buf_text(&note, our_line);
    assert_true(note_open(buf_done(&note), &key, &text)); /* unknown ones are passed over */
    assert_true(text_is(text, "text\n"));
    /* A second signature that says it is ours and is not rejects the note, after the good one. */
    struct text wrong = note_sign(TEXT("another text\n"), &key, arena(state));
    buf_text(&note, text_slice(wrong, 14, wrong.len));
    assert_false(note_open(buf_done(&note), &key, &text));
    /* More lines than anybody needs. */
    struct buf flood = {.arena = arena(state)};
    buf_text(&flood, ours);
    for (int i = 0; i < 100; i++)
        buf_text(&flood, their_line);
    assert_false(note_open(buf_done(&flood), &key, &text));
}

static void malformed_notes(void **state)
{
    static const struct {
        const char *note;
        const char *why;
    } bad[] = {
        {"", "empty"},
        {SPEC_TEXT, "no signature"},
        {SPEC_TEXT "\n", "no signature line"},
        {SPEC_TEXT SPEC_LINE, "no empty line"},
        {"This is an example message.\n\n\xe2\x80\x94 example.com/foo " SPEC_SIGNATURE, "no end"},
        {SPEC_TEXT "\n" SPEC_LINE "\n", "an empty line after the signatures"},
        {SPEC_TEXT "\n" SPEC_LINE "x\n", "another line after the signatures"},
        {SPEC_TEXT "\n- example.com/foo " SPEC_SIGNATURE "\n", "a hyphen for the dash"},
        {SPEC_TEXT "\n\xe2\x80\x94  " SPEC_SIGNATURE "\n", "no name"},
        {SPEC_TEXT "\n\xe2\x80\x94 example.com/foo\n", "no signature in the line"},
        {SPEC_TEXT "\n\xe2\x80\x94 example.com/foo Uw2QOg==\n", "an id alone"},
        {SPEC_TEXT "\n\xe2\x80\x94 example.com/foo Uw2QOkn8\n", "a short signature"},
        {SPEC_TEXT "\n\xe2\x80\x94 example.com/foo " SPEC_SIGNATURE " \n", "a space at the end"},
        {SPEC_TEXT "\n\xe2\x80\x94 a+b AAAAAAA=\n" SPEC_LINE, "a plus in a name"},
        {SPEC_TEXT "\n\xe2\x80\x94 other AAAA*AA=\n" SPEC_LINE, "bad base64"},
        {"This is an example\tmessage.\n\n" SPEC_LINE, "a tab"},
        {"This is an example message.\r\n\n" SPEC_LINE, "a carriage return"},
        {"This is an example message\xff.\n\n" SPEC_LINE, "not UTF-8"},
        {"This is an example message!\n\n" SPEC_LINE, "another text"},
        {"\n" SPEC_LINE, "no text"},
    };
    struct note_key key;
    struct text text;
    assert_true(note_vkey_read(TEXT(SPEC_VKEY), arena(state), &key));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (note_open(text_of(bad[i].note), &key, &text))
            fail_msg("opened with %s", bad[i].why);
}

static void no_bit_of_a_note_can_change(void **state)
{
    struct note_key key = key_of("a.example/log", 7);
    struct text note = note_sign(TEXT("a.example/log\n5\nsomething\n"), &key, arena(state)), text;
    char *bytes = arena_copy(arena(state), note.at, note.len);
    for (size_t bit = 0; bit < note.len * 8; bit++) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        if (note_open((struct text){bytes, note.len}, &key, &text))
            fail_msg("bit %zu changed and the note opened", bit);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
    }
    assert_true(note_open((struct text){bytes, note.len}, &key, &text));
}

static void checkpoints(void **state)
{
    /* The example of the tlog-checkpoint specification. */
    struct checkpoint read;
    assert_true(checkpoint_read(TEXT("example.com/behind-the-sofa\n20852163\n"
                                     "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"),
                                &read));
    assert_true(text_is(read.origin, "example.com/behind-the-sofa"));
    assert_int_equal(read.size, 20852163);
    assert_true(text_is(checkpoint_text(&read, arena(state)),
                        "example.com/behind-the-sofa\n20852163\n"
                        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"));
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"o\n0\n" ROOT, true},
        {"o\n7\n" ROOT "an extension\n", true},
        {"o\n9223372036854775807\n" ROOT, true},
        {"o\n9223372036854775808\n" ROOT, false},
        {"o\n7\n" ROOT "an extension\n\nafter an empty line\n", false},
        {"o\n7\n" ROOT "\n", false},
        {"\n7\n" ROOT, false},
        {"o\n07\n" ROOT, false},
        {"o\n-7\n" ROOT, false},
        {"o\n-0\n" ROOT, false},
        {"o\n+7\n" ROOT, false},
        {"o\n 7\n" ROOT, false},
        {"o\n\n" ROOT, false},
        {"o\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", false},
        {"o\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", false},
        {"o\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n", false},
        {"o\n7\n", false},
        {"o\n7", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (checkpoint_read(text_of(rows[i].text), &read) != rows[i].good)
            fail_msg("row %zu: %s", i, rows[i].text);
}

/* A proof of entry `index` in a tree of `size` small entries, as a file. */
static struct text proof_file(struct arena *in, int64_t index, int64_t size,
                              const struct note_key *key)
{
    struct proof proof = {.index = index};
    struct merkle_edge edge = {0};
    struct hash leaves[64];
    assert_true(size <= 64);
    for (int64_t i = 0; i < size; i++) {
        struct text entry = text_format(in, "{\"entry\":%d}", (int)i);
        leaves[i] = merkle_leaf(entry);
        merkle_append(&edge, &leaves[i]);
        if (i == index)
            proof.extra = entry;
    }
    /* The audit path by halves, as RFC 6962 section 2.1.1 says it. */
    struct hash path[63];
    int64_t low = 0, high = size;
    size_t depth = 0;
    while (high - low > 1) {
        int64_t half = 1;
        while (half * 2 < high - low)
            half *= 2;
        bool left = index < low + half;
        struct merkle_edge side = {0};
        for (int64_t i = left ? low + half : low; i < (left ? high : low + half); i++)
            merkle_append(&side, &leaves[i]);
        path[depth++] = merkle_root(&side);
        if (left)
            high = low + half;
        else
            low += half;
    }
    while (depth)
        proof.hashes[proof.count++] = path[--depth];
    struct checkpoint checkpoint = {key->name, size, merkle_root(&edge)};
    proof.checkpoint = note_sign(checkpoint_text(&checkpoint, in), key, in);
    return proof_text(&proof, in);
}

static void proofs_travel(void **state)
{
    struct note_key key = key_of("a.example/log", 7), other = key_of("a.example/log", 8);
    for (int64_t size = 1; size <= 64; size++)
        for (int64_t index = 0; index < size; index += size > 9 ? 5 : 1) {
            struct text file = proof_file(arena(state), index, size, &key);
            struct proof proof;
            struct checkpoint seen;
            struct fault why = {""};
            assert_true(proof_read(file, arena(state), &proof));
            assert_true(text_equal(proof_text(&proof, arena(state)), file));
            if (!proof_verify(&proof, &key, &seen, &why))
                fail_msg("%d of %d: %s", (int)index, (int)size, why.why);
            assert_int_equal(seen.size, size);
            assert_false(proof_verify(&proof, &other, &seen, &why));
            assert_non_null(strstr(why.why, "signature"));
            arena_reset(arena(state));
        }
}

static void proofs_name_what_is_wrong(void **state)
{
    struct note_key key = key_of("a.example/log", 7);
    struct text file = proof_file(arena(state), 5, 20, &key);
    struct proof proof;
    struct checkpoint seen;
    static const struct {
        int which;
        const char *says;
    } rows[] = {{0, "no entry"}, {1, "signature"}, {2, "not a checkpoint"}, {3, "another log"},
                {4, "index 20"}, {5, "root"},      {6, "root"},             {7, "root"},
                {8, "root"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault why = {""};
        assert_true(proof_read(file, arena(state), &proof));
        switch (rows[i].which) {
        case 0:
            proof.extra.len = 0;
            break;
        case 1:
            proof.checkpoint.len -= 1;
            break;
        case 2:
            proof.checkpoint = note_sign(TEXT("some text\n"), &key, arena(state));
            break;
        case 3:
            proof.checkpoint =
                note_sign(TEXT("b.example/log\n20\n" ROOT), &key, arena(state));
            break;
        case 4:
            proof.index = 20;
            break;
        case 5:
            proof.index = 4;
            break;
        case 6:
            proof.extra = TEXT("{\"entry\":6}");
            break;
        case 7:
            proof.count--;
            break;
        case 8:
            proof.hashes[2].bytes[31] ^= 1;
            break;
        }
        assert_false(proof_verify(&proof, &key, &seen, &why));
        if (!strstr(why.why, rows[i].says))
            fail_msg("row %zu says: %s", i, why.why);
    }
}

static void no_bit_of_a_proof_file_can_change(void **state)
{
    struct note_key key = key_of("a.example/log", 7);
    struct text file = proof_file(arena(state), 5, 20, &key);
    char *bytes = malloc(file.len);
    assert_non_null(bytes);
    memcpy(bytes, file.at, file.len);
    struct arena *scratch = arena_new(4096);
    for (size_t bit = 0; bit < file.len * 8; bit++) {
        struct proof proof;
        struct checkpoint seen;
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        if (proof_read((struct text){bytes, file.len}, scratch, &proof) &&
            proof_verify(&proof, &key, &seen, NULL))
            fail_msg("bit %zu changed and the proof holds", bit);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        arena_reset(scratch);
    }
    arena_free(scratch);
    free(bytes);
}

static void malformed_proofs(void **state)
{
#define FIRST "c2sp.org/tlog-proof@v1\n"
#define HASH "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ="
    static const struct {
        const char *file;
        bool good;
    } rows[] = {
        {FIRST "extra e30=\nindex 0\n\no\n", true},
        {FIRST "index 73894\n" HASH "\n" HASH "\n\no\n", true}, /* extra may be absent */
        {FIRST "extra e30=\nindex 0\n\n", false},
        {FIRST "extra e30=\nindex 0\n", false},
        {FIRST "extra e30=\nindex 0\n" HASH "\n", false},
        {FIRST "extra e30\nindex 0\n\no\n", false},
        {FIRST "index 00\n\no\n", false},
        {FIRST "index -1\n\no\n", false},
        {FIRST "index\n\no\n", false},
        {FIRST "extra e30=\nextra e30=\nindex 0\n\no\n", false},
        {FIRST "index 0\nextra e30=\n\no\n", false},
        {FIRST "index 0\n" HASH " \n\no\n", false},
        {FIRST "index 0\ngSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPg==\n\no\n", false},
        {"c2sp.org/tlog-proof@v2\nindex 0\n\no\n", false},
        {"index 0\n\no\n", false},
        {"", false},
    };
    struct proof proof;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (proof_read(text_of(rows[i].file), arena(state), &proof) != rows[i].good)
            fail_msg("row %zu", i);
    struct buf file = {.arena = arena(state)};
    buf_str(&file, FIRST "index 0\n");
    for (int i = 0; i < 64; i++)
        buf_str(&file, HASH "\n");
    buf_str(&file, "\no\n");
    assert_false(proof_read(buf_done(&file), arena(state), &proof)); /* deeper than any tree */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(known_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(key_from_seed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(malformed_vkeys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sign_and_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_signatures, set_up, tear_down),
        cmocka_unit_test_setup_teardown(malformed_notes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_bit_of_a_note_can_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(checkpoints, set_up, tear_down),
        cmocka_unit_test_setup_teardown(proofs_travel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(proofs_name_what_is_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_bit_of_a_proof_file_can_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(malformed_proofs, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("journal/note", tests, NULL, NULL);
}
