/* docs/journal.md shows a real log: what it prints must hold, or outsiders build on sand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "journal/entry.h"

static int read_document(void **state)
{
    struct arena *arena = arena_new(64 * 1024);
    struct buf *document = arena_alloc(arena, sizeof *document);
    document->arena = arena;
    FILE *file = fopen("docs/journal.md", "rb");
    assert_non_null(file);
    char some[4096];
    for (size_t got; (got = fread(some, 1, sizeof some, file)) > 0;)
        buf_add(document, some, got);
    fclose(file);
    *state = document;
    return 0;
}

static int drop_document(void **state)
{
    arena_free(((struct buf *)*state)->arena);
    return 0;
}

/* What stands between "```name" and "```". */
static struct text block(const struct buf *document, const char *name)
{
    char opening[40];
    snprintf(opening, sizeof opening, "\n```%s\n", name);
    struct text rest = buf_done(document);
    ptrdiff_t from = text_find(rest, text_of(opening));
    assert_true(from >= 0);
    rest = text_slice(rest, (size_t)from + strlen(opening), rest.len);
    ptrdiff_t to = text_find(rest, TEXT("\n```\n"));
    assert_true(to >= 0);
    return text_slice(rest, 0, (size_t)to + 1);
}

static void its_entry_and_private_part(void **state)
{
    struct buf *document = *state;
    struct text entry_line = block(document, "entry"), parts = block(document, "private"), line;
    struct entry entry;
    struct fault why = {""};
    unsigned char salt[32];
    entry_line.len--;
    if (!entry_read(entry_line, document->arena, &entry, &why))
        fail_msg("%s", why.why);
    assert_true(entry.has_private);
    assert_true(text_cut(&parts, '\n', &line));
    assert_true(text_unhex(line, salt, sizeof salt));
    assert_true(text_cut(&parts, '\n', &line));
    struct hash hash = entry_commitment((struct text){(const char *)salt, sizeof salt}, line);
    assert_true(hash_equal(&hash, &entry.commitment));
}

static void its_receipt_and_key(void **state)
{
    struct buf *document = *state;
    struct text vkey = block(document, "vkey"), entry = block(document, "entry"), shown;
    struct note_key key;
    struct proof proof;
    struct checkpoint seen;
    struct fault why = {""};
    assert_true(
        note_vkey_read(text_slice(vkey, 0, vkey.len - 1), document->arena, &key));
    assert_true(proof_read(block(document, "receipt"), document->arena, &proof));
    if (!proof_verify(&proof, &key, &seen, &why))
        fail_msg("%s", why.why);
    assert_true(text_equal(proof.extra, text_slice(entry, 0, entry.len - 1)));
    /* The checkpoint shown by itself is the same one. */
    shown = text_trim(proof.checkpoint);
    struct buf indented = {.arena = document->arena};
    struct text line;
    while (text_cut(&shown, '\n', &line)) {
        buf_str(&indented, line.len ? "    " : "");
        buf_text(&indented, line);
        buf_char(&indented, '\n');
    }
    assert_true(text_find(buf_done(document), buf_done(&indented)) >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_entry_and_private_part),
        cmocka_unit_test(its_receipt_and_key),
    };
    return cmocka_run_group_tests_name("journal/document", tests, read_document, drop_document);
}
