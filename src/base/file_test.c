/* Files as people leave them lying about, and lines of the log that are too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

static const char *made(struct arena *arena, const char *folder, const char *name, const char *words)
{
    const char *path = text_format(arena, "%s/%s", folder, name).at;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, words, strlen(words)), strlen(words));
    close(fd);
    return path;
}

static void whole_files(void **state)
{
    (void)state;
    char folder[] = "/tmp/file_test.XXXXXX";
    struct arena *arena = arena_new(4096);
    assert_non_null(mkdtemp(folder));
    const char *pipe = text_format(arena, "%s/pipe", folder).at;
    const char *link = text_format(arena, "%s/link", folder).at;
    assert_int_equal(mkfifo(pipe, 0600), 0);
    const char *eight = made(arena, folder, "eight", "12345678");
    assert_int_equal(symlink(eight, link), 0);
    const struct {
        const char *path, *words, *fault;
    } rows[] = {
        {eight, "12345678", NULL},
        {link, "12345678", NULL},
        {made(arena, folder, "empty", ""), "", NULL},
        {made(arena, folder, "nine", "123456789"), NULL, "over 8 bytes"},
        {pipe, NULL, "not a regular file"},
        {folder, NULL, "not a regular file"},
        {"/dev/zero", NULL, "not a regular file"},
        {"/tmp/file_test.absent", NULL, "No such file"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault why = {0};
        struct text found = {0};
        assert_int_equal(file_read(rows[i].path, 8, arena, &found, &why), rows[i].words != NULL);
        if (rows[i].words)
            assert_true(text_is(found, rows[i].words));
        else
            assert_non_null(strstr(why.why, rows[i].fault));
    }
    static const char *const names[] = {"eight", "empty", "nine", "pipe", "link"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(text_format(arena, "%s/%s", folder, names[i]).at);
    rmdir(folder);
    arena_free(arena);
}

/* Whatever their length, they are one JSON object of whole characters. */
static void long_lines(void **state)
{
    (void)state;
    int ends[2];
    char words[1100], line[8192];
    for (size_t length = 1018; length < 1030; length++) {
        memset(words, 'a', length);
        memcpy(words + length, "字字字", sizeof "字字字");
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        int kept = dup(STDERR_FILENO);
        dup2(ends[1], STDERR_FILENO);
        log_line(LOG_INFO, "test", "%s", words);
        dup2(kept, STDERR_FILENO);
        close(kept);
        close(ends[1]);
        ssize_t got = read(ends[0], line, sizeof line);
        close(ends[0]);
        assert_true(got > 0);
        json_error_t error;
        json_t *root = json_loadb(line, (size_t)got, 0, &error);
        if (!root)
            fail_msg("%zu: %s", length, error.text);
        const char *message = json_string_value(json_object_get(root, "message"));
        assert_true(strlen(message) >= 1015 && strlen(message) <= 1023);
        json_decref(root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole_files), cmocka_unit_test(long_lines)};
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
