/* What a file is, and where it goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/testing.h"
#include "files/files.h"
#include "flow/flow.h"

struct place {
    char directory[64];
    struct arena *arena;
};

static const char *write_file(struct place *place, const char *name, struct text bytes)
{
    const char *path = text_format(place->arena, "%s/%s", place->directory, name).at;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.at, bytes.len), (ssize_t)bytes.len);
    close(fd);
    return path;
}

static void little(struct buf *buf, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_char(buf, (char)(value >> (8 * i)));
}

/* A ZIP file with one stored, empty member of that name (APPNOTE 4.3). */
static struct text zip(struct arena *arena, const char *name, const char *comment)
{
    struct buf out = {.arena = arena};
    uint32_t len = (uint32_t)strlen(name);
    buf_add(&out, "PK\3\4\24\0\0\0\0\0\0\0\0\0", 14);
    little(&out, 0, 4), little(&out, 0, 4), little(&out, 0, 4);
    little(&out, len, 2), little(&out, 0, 2);
    buf_str(&out, name);
    uint32_t directory = (uint32_t)out.len;
    buf_add(&out, "PK\1\2\24\0\24\0\0\0\0\0\0\0\0\0", 16);
    little(&out, 0, 4), little(&out, 0, 4), little(&out, 0, 4);
    little(&out, len, 2);
    for (int i = 0; i < 4; i++)
        little(&out, 0, 2);
    little(&out, 0, 4), little(&out, 0, 4);
    buf_str(&out, name);
    uint32_t size = (uint32_t)out.len - directory;
    buf_add(&out, "PK\5\6\0\0\0\0\1\0\1\0", 12);
    little(&out, size, 4), little(&out, directory, 4), little(&out, (uint32_t)strlen(comment), 2);
    buf_str(&out, comment);
    return buf_done(&out);
}

static void looking_at_content(void **state)
{
    struct place *place = *state;
    const struct {
        struct text bytes;
        const char *media_type;
    } rows[] = {
        {TEXT("%PDF-1.7\n"), "application/pdf"},
        {TEXT("\x89PNG\r\n\x1a\n...."), "image/png"},
        {TEXT("\xff\xd8\xff\xe0...."), "image/jpeg"},
        {zip(place->arena, "OFD.xml", ""), "application/ofd"},
        {zip(place->arena, "OFD.xml", "a comment at the end"), "application/ofd"},
        {zip(place->arena, "word/document.xml", ""),
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {zip(place->arena, "evil.exe", ""), NULL},
        {TEXT("PK\3\4 but nothing more"), NULL},
        {TEXT("土地使用权分割申请\n"), "text/plain"},
        {TEXT("cut within a character \xe5\x9c"), "text/plain"},
        {TEXT("bytes \xff\xfe that are no text"), NULL},
        {TEXT("with a zero \0 in it"), NULL},
        {TEXT("  <html><script>"), NULL},
        {TEXT("\xef\xbb\xbf <html><script>"), NULL},
        {TEXT("\xef\xbb\xbf申请"), "text/plain"},
        {TEXT("GIF89a/*<svg/onload=1>*/=1;"), "text/plain"}, /* handed out as a text, never shown */
        {TEXT("MZ\x90\0\3"), NULL},
        {TEXT(""), NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = write_file(place, "sniffed", rows[i].bytes);
        const struct file_type *type = files_sniff(text_slice(rows[i].bytes, 0, 512), path);
        if (!rows[i].media_type) {
            assert_null(type);
            continue;
        }
        assert_non_null(type);
        assert_string_equal(type->media_type, rows[i].media_type);
    }
}

/* What a citizen named "a.bat" must not run on a clerk's desk. */
static void handed_out_by_what_it_is(void **state)
{
    static const struct {
        const char *type, *name, *handed;
    } rows[] = {
        {"application/pdf", "a.pdf", "a.pdf"},
        {"application/pdf", "A.PDF", "A.PDF"},
        {"application/pdf", "a.pdf.exe", "a.pdf.exe.pdf"},
        {"text/plain", "a.bat", "a.bat.txt"},
        {"text/plain", "申请表", "申请表.txt"},
        {"image/jpeg", "a.jpeg", "a.jpeg"},
        {"image/jpeg", "a.JPG", "a.JPG"},
        {"image/png", "a.jpeg", "a.jpeg.png"},
        {"application/pdf", "", "aa.pdf"},
    };
    struct arena *arena = arena_new(1024);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct file_row file = {.sha256 = TEXT("aa"),
                                .name = text_of(rows[i].name),
                                .media_type = text_of(rows[i].type)};
        struct text got = files_handed_name(&file, arena);
        if (!text_is(got, rows[i].handed))
            fail_msg("%s as %s: %.*s", rows[i].name, rows[i].type, TEXT_ARG(got));
    }
    arena_free(arena);
}

static void what_is_said_must_agree(void **state)
{
    static const struct {
        const char *head, *declared, *name;
        bool agrees;
    } rows[] = {
        {"%PDF-1.7", "application/pdf", "a.pdf", true},
        {"%PDF-1.7", "Application/PDF; x=1", "A.PDF", true},
        {"%PDF-1.7", "application/octet-stream", "scan", true},
        {"%PDF-1.7", "", "scan", true},
        {"%PDF-1.7", "image/png", "a.pdf", false},
        {"%PDF-1.7", "application/pdf", "a.png", false},
        {"\xff\xd8\xff", "image/jpeg", "photo.jpeg", true},
        {"%PDF-1.7", "application/pdf", "photo.jpeg", false},
        {"plain", "text/html", "a.txt", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct file_type *type = files_sniff(text_of(rows[i].head), NULL);
        assert_non_null(type);
        assert_int_equal(files_agree(type, text_of(rows[i].declared), text_of(rows[i].name)),
                         rows[i].agrees);
    }
}

static bool count_one(struct text sha256, const char *path, void *with)
{
    assert_int_equal(sha256.len, 64);
    assert_int_equal(access(path, R_OK), 0);
    ++*(int *)with;
    return true;
}

static void keeping(void **state)
{
    struct place *place = *state;
    const char *directory = text_format(place->arena, "%s/files", place->directory).at;
    struct text bytes = TEXT("twice the same");
    struct hash hash = hash_of(bytes);
    struct fault why = {0};
    int kept = 0, hold;
    assert_true(files_prepare(directory, &why));
    for (int i = 0; i < 2; i++) {
        const char *temporary = write_file(place, "files/incoming/part", bytes);
        assert_true(files_keep(directory, temporary, &hash, &hold, &why));
        files_release(hold);
        assert_int_not_equal(access(temporary, F_OK), 0);
    }
    struct text path = files_path(directory, hash_hex(place->arena, &hash), place->arena);
    struct stat about;
    assert_int_equal(stat(path.at, &about), 0);
    assert_int_equal(about.st_size, (off_t)bytes.len);
    assert_true(files_each(directory, count_one, &kept, &why));
    assert_int_equal(kept, 1);
    /* A name that is no hash leads nowhere. */
    assert_int_equal(files_path(directory, TEXT("../../etc/passwd"), place->arena).len, 0);
    assert_int_equal(files_path(directory, TEXT(""), place->arena).len, 0);
    struct hash other = hash_of(TEXT("never written"));
    assert_false(files_keep(directory, "/nonexistent/part", &other, &hold, &why));
    assert_true(why.why[0]);
}

#define REGION INT64_C(330482)

static int keep(struct place *place, const char *directory, struct text bytes)
{
    struct hash hash = hash_of(bytes);
    struct fault why = {0};
    int hold;
    const char *temporary = write_file(place, "held/incoming/part", bytes);
    if (!files_keep(directory, temporary, &hash, &hold, &why))
        fail_msg("%s", why.why);
    return hold;
}

static struct place *the_place;

/* What a refused command brought leaves, unless another waits with it or an entry names it. */
static void dropping(const char *where)
{
    static const struct module *const modules[] = {&files_module, NULL};
    static const struct db_sql name_it = {
        "INSERT INTO file (region, entry, sha256, name, size, media_type, subject, department, "
        "actor, stored_at, kept_back) VALUES ($1, 0, $2, '', 1, '', '', '', '', 0, 0)"};
    struct place *place = the_place;
    const char *directory = text_format(place->arena, "%s/held", place->directory).at;
    struct text bytes = TEXT("a paper");
    struct hash hash = hash_of(bytes);
    struct text sha256 = hash_hex(place->arena, &hash);
    const char *path = files_path(directory, sha256, place->arena).at;
    struct fault why = {0};
    struct db *db;
    bool removed;
    assert_true(db_open(where, false, &db, &why) && flow_create(db, modules, &why) &&
                journal_init(db, REGION, TEXT("yimen.example/log/330482"), &why) &&
                files_prepare(directory, &why));
    /* Alone. */
    assert_true(files_drop(directory, sha256, keep(place, directory, bytes), db_reader(db),
                           &removed, &why));
    assert_true(removed && access(path, F_OK) != 0);
    assert_int_equal(files_hold(directory, sha256, &why), -1);
    assert_false(why.why[0]);
    /* Sent twice at once: the first to be refused leaves it to the other. */
    int first = keep(place, directory, bytes), second = keep(place, directory, bytes);
    assert_true(files_drop(directory, sha256, first, db_reader(db), &removed, &why));
    assert_true(!removed && access(path, F_OK) == 0);
    assert_true(files_drop(directory, sha256, second, db_reader(db), &removed, &why));
    assert_true(removed && access(path, F_OK) != 0);
    /* Gone and sent again while an old hold lasts: that one is on other bytes. */
    first = keep(place, directory, bytes);
    assert_int_equal(unlink(path), 0);
    second = keep(place, directory, bytes);
    assert_true(files_drop(directory, sha256, first, db_reader(db), &removed, &why));
    assert_true(!removed && access(path, F_OK) == 0);
    /* Named meanwhile. */
    if (!db_begin(db, &why) ||
        !db_write(db, &name_it, DB_ARGS(db_int(REGION), db_text(sha256)), &why) ||
        db_commit(db, &why) != DB_COMMITTED)
        fail_msg("%s", why.why);
    assert_true(files_drop(directory, sha256, second, db_reader(db), &removed, &why));
    assert_true(!removed && access(path, F_OK) == 0);
    assert_int_equal(unlink(path), 0);
    db_close(db);
}

static void dropping_on_each(void **state)
{
    the_place = *state;
    testing_each_engine(dropping);
}

static int set_up(void **state)
{
    static struct place place;
    place = (struct place){"/tmp/yimen-files-XXXXXX", arena_new(64 * 1024)};
    *state = &place;
    return mkdtemp(place.directory) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", place->directory);
    arena_free(place->arena);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looking_at_content),
        cmocka_unit_test(what_is_said_must_agree),
        cmocka_unit_test(handed_out_by_what_it_is),
        cmocka_unit_test(keeping),
        cmocka_unit_test(dropping_on_each),
    };
    return cmocka_run_group_tests_name("files", tests, set_up, tear_down);
}
