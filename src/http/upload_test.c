/* Multipart bodies on their way to disk: never in memory, never in a loop's way, never left over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "http/http_testing.h"

enum {
    MIB = 1024 * 1024,
    LARGE = 64 * MIB,
    PIECE = 64 * 1024,
};

/* Waits end when what they wait for is there; this is how long a busy machine may take. */
enum { PATIENCE_MS = 60000 };

static struct {
    struct http_server *server;
    struct http_server *hasty; /* with a short time for bodies, for the test of that time alone */
    char directory[64];
} house;

static struct http_plan plan(const struct http_request *request, void *context)
{
    (void)context;
    bool upload = text_starts(http_path(request), TEXT("/upload"));
    return (struct http_plan){.body_limit = upload ? LARGE + MIB : 1000,
                              .to_disk = upload,
                              .field_limit = 2000,
                              .turn_away = text_is(http_query(request), "away")};
}

/* Says what arrived, one line a part. */
static void handle(struct http_request *request, void *context)
{
    (void)context;
    const struct http_part *parts;
    if (http_turned_away(request)) {
        http_answer(request, 403, "text/plain", TEXT("not you"));
        return;
    }
    size_t count = http_parts(request, &parts);
    struct arena *arena = http_arena(request);
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        buf_format(&out, "%.*s|%.*s|%.*s|%.*s|%lld|", TEXT_ARG(parts[i].name),
                   TEXT_ARG(parts[i].file_name), TEXT_ARG(parts[i].media_type),
                   TEXT_ARG(parts[i].value), (long long)parts[i].size);
        if (parts[i].path) {
            buf_text(&out, hash_hex(arena, &parts[i].sha256));
            buf_format(&out, "|%.*s", TEXT_ARG(text_slice(parts[i].head, 0, 10)));
            if (text_is(http_query(request), "keep")) {
                http_part_keep(request, i);
                buf_format(&out, "|%s|", parts[i].path);
            }
        }
        buf_str(&out, "\n");
    }
    http_answer(request, 200, "text/plain", buf_done(&out));
}

static int set_up(void **state)
{
    (void)state;
    strcpy(house.directory, "/tmp/yimen-upload-XXXXXX");
    if (!mkdtemp(house.directory))
        return -1;
    struct http_options options = {.address = "127.0.0.1",
                                   .threads = 1, /* so that a blocked loop would be noticed */
                                   .body_timeout_ms = 2 * PATIENCE_MS,
                                   .upload_directory = house.directory,
                                   .plan = plan,
                                   .handle = handle};
    struct fault why = {0};
    if (!http_start(&options, &house.server, &why))
        return -1;
    options.body_timeout_ms = 300;
    return http_start(&options, &house.hasty, &why) ? 0 : -1;
}

static int files_left(void)
{
    DIR *directory = opendir(house.directory);
    int count = -2; /* "." and ".." */
    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

static int tear_down(void **state)
{
    (void)state;
    http_stop(house.server, 1000);
    http_stop(house.hasty, 1000);
    return rmdir(house.directory);
}

static int begin_at(const struct http_server *server, const char *target, int64_t length)
{
    char text[300];
    int fd = dial(http_port(server));
    snprintf(text, sizeof text,
             "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=xyz\r\n"
             "Content-Length: %lld\r\n\r\n",
             target, (long long)length);
    assert_true(fd >= 0 && say_text(fd, text));
    return fd;
}

static int begin(const char *target, int64_t length)
{
    return begin_at(house.server, target, length);
}

/* A file that is no longer wanted is removed by a helper thread, some time after the answer. */
static void nothing_left(void)
{
    for (int i = 0; files_left() && i < PATIENCE_MS / 5; i++)
        usleep(5000);
    assert_int_equal(files_left(), 0);
}

static const char opening[] =
    "--xyz\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n一句话\r\n"
    "--xyz\r\nContent-Disposition: form-data; name=\"paper\"; filename=\"dir/图纸.pdf\"\r\n"
    "Content-Type: application/pdf\r\n\r\n";
static const char closing[] = "\r\n--xyz--\r\n";

static int64_t resident(void)
{
    long pages = 0, all;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &all, &pages), 2);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static _Atomic bool asking;
static _Atomic int answers;

/* Asks for something small all the time; counts the answers. */
static void *ask_meanwhile(void *with)
{
    (void)with;
    while (atomic_load(&asking)) {
        char bytes[512]; /* not from the heap, whose sanitizer gives nothing back for a while */
        int fd = dial(http_port(house.server));
        assert_true(say_text(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        assert_true(recv(fd, bytes, sizeof bytes, 0) > 0);
        close(fd);
        atomic_fetch_add(&answers, 1);
        usleep(2000);
    }
    return NULL;
}

static void large_upload(void **state)
{
    (void)state;
    char *piece = malloc(PIECE), wanted[200];
    int64_t length = (int64_t)(sizeof opening + sizeof closing - 2) + LARGE;
    struct heard *heard = heard_new();
    struct arena *arena = arena_new(1024);
    pthread_t thread;
    for (int i = 0; i < PIECE; i++)
        piece[i] = (char)(i * 7 + i / 251);
    struct hash_stream *stream = hash_stream_new();
    memset(heard->bytes, 1, sizeof heard->bytes);
    int64_t before = resident(), most = before;
    atomic_store(&asking, true);
    assert_int_equal(pthread_create(&thread, NULL, ask_meanwhile, NULL), 0);
    int fd = begin("/upload", length);
    assert_true(say_text(fd, opening));
    for (int sent = 0; sent < LARGE; sent += PIECE) {
        memcpy(piece, &sent, sizeof sent);
        hash_stream_add(stream, piece, PIECE);
        assert_true(say(fd, piece, PIECE));
        if (sent % MIB == 0 && resident() > most)
            most = resident();
    }
    /* The end is held back until others were answered: a loop that waits for it would answer nobody. */
    for (int i = 0; atomic_load(&answers) < 5 && i < PATIENCE_MS / 5; i++)
        usleep(5000);
    int meanwhile = atomic_load(&answers);
    assert_true(say_text(fd, closing));
    hear(fd, heard, 1, false, 0, PATIENCE_MS);
    atomic_store(&asking, false);
    pthread_join(thread, NULL);
    close(fd);
    struct hash hash = hash_stream_end(stream);
    print_message("64 MiB: %lld KiB more resident, %d other requests answered meanwhile\n",
                  (long long)(most - before) / 1024, meanwhile);
    snprintf(wanted, sizeof wanted, "paper|图纸.pdf|application/pdf||%d|%.*s|", LARGE,
             TEXT_ARG(hash_hex(arena, &hash)));
    assert_int_equal(heard->statuses[0], 200);
    assert_true(heard_has(heard, "\r\n\r\nnote|||一句话|9|\n"));
    assert_true(heard_has(heard, wanted));
    assert_true(most - before < 16 * MIB);
    assert_true(meanwhile >= 5);
    nothing_left();
    arena_free(arena);
    free(heard);
    free(piece);
}

/* The same bytes chunked, in pieces of odd sizes. */
static void chunked_upload(void **state)
{
    (void)state;
    struct heard *heard = heard_new();
    int fd = dial(http_port(house.server));
    char bytes[5000], chunk[6000];
    size_t size = sizeof opening - 1;
    memcpy(bytes, opening, size);
    memset(bytes + size, '\r', 3000);
    size += 3000;
    memcpy(bytes + size, closing, sizeof closing - 1);
    size += sizeof closing - 1;
    assert_true(say_text(fd,
                         "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; "
                         "boundary=xyz\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (size_t at = 0, step = 1; at < size; step = step * 3 + 1) {
        size_t n = size - at < step ? size - at : step;
        int head = snprintf(chunk, sizeof chunk, "%zx\r\n", n);
        memcpy(chunk + head, bytes + at, n);
        memcpy(chunk + head + n, "\r\n", 2);
        assert_true(say(fd, chunk, (size_t)head + n + 2));
        at += n;
        usleep(1000);
    }
    assert_true(say_text(fd, "0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    hear(fd, heard, 2, false, 0, PATIENCE_MS);
    close(fd);
    assert_int_equal(heard->count, 2);
    assert_int_equal(heard->statuses[0], 200);
    assert_true(heard_has(heard, "paper|图纸.pdf|application/pdf||3000|"));
    assert_int_equal(heard->statuses[1], 200);
    free(heard);
}

static void kept_file(void **state)
{
    (void)state;
    struct heard *heard = heard_new();
    int fd = begin("/upload?keep", (int64_t)(sizeof opening + sizeof closing - 2) + 5);
    assert_true(say_text(fd, opening) && say_text(fd, "12345") && say_text(fd, closing));
    hear(fd, heard, 1, false, 0, PATIENCE_MS);
    close(fd);
    assert_int_equal(heard->statuses[0], 200);
    struct text path = {heard->bytes, heard->len}, bytes;
    ptrdiff_t at = text_find(path, text_of(house.directory));
    assert_true(at > 0);
    path = text_slice(path, (size_t)at, path.len);
    assert_true(text_cut(&path, '|', &bytes));
    assert_int_equal(files_left(), 1);
    struct arena *arena = arena_new(1024);
    const char *name = text_cstr(arena, bytes);
    struct stat about;
    char held[10] = "";
    assert_int_equal(stat(name, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    FILE *file = fopen(name, "r");
    assert_int_equal(fread(held, 1, sizeof held, file), 5);
    fclose(file);
    assert_memory_equal(held, "12345", 5);
    assert_int_equal(unlink(name), 0);
    arena_free(arena);
    free(heard);
}

/* A peer that goes away in the middle leaves no file. */
static void broken_off(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        int fd = begin("/upload", LARGE);
        struct linger hard = {i % 2, 0};
        char *piece = calloc(1, PIECE);
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        assert_true(say_text(fd, opening));
        for (int k = 0; k < i * 8; k++)
            assert_true(say(fd, piece, PIECE));
        if (i == 9)
            usleep(50000);
        close(fd);
        free(piece);
    }
    nothing_left();
}

/* A peer that stops sending in the middle is cut like any slow body. */
static void stalled(void **state)
{
    (void)state;
    struct heard *heard = heard_new();
    int fd = begin_at(house.hasty, "/upload", LARGE);
    assert_true(say_text(fd, opening));
    hear(fd, heard, 1, false, 0, PATIENCE_MS);
    close(fd);
    assert_int_equal(heard->count, 1);
    assert_int_equal(heard->statuses[0], 408);
    nothing_left();
    free(heard);
}

#define FIELD "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
#define FIFTY "01234567890123456789012345678901234567890123456789"
#define THOUSAND                                                                                   \
    FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY      \
        FIFTY FIFTY FIFTY FIFTY FIFTY

static const struct {
    const char *target, *media_type, *body;
    int status;
} bad[] = {
    {"/upload", "multipart/form-data; boundary=xyz", FIELD "1\r\n--xyz--", 200},
    {"/upload", "multipart/form-data; boundary=xyz", FIELD "1", 400},
    {"/upload", "multipart/form-data; boundary=xyz", "{}", 400},
    {"/upload", "multipart/form-data; boundary=xyz", FIELD "1\r\n--xyz--\r\nmore", 400},
    {"/upload", "multipart/form-data; boundary=xyz", FIELD THOUSAND "\r\n--xyz--", 200},
    {"/upload", "multipart/form-data; boundary=xyz", FIELD THOUSAND THOUSAND "\r\n--xyz--", 413},
    {"/upload", "multipart/form-data", FIELD "1\r\n--xyz--", 415},
    {"/upload", "application/json", "{}", 415},
    {"/other", "application/json", "{}", 200},
    {"/other", "application/json", THOUSAND "x", 413},
};

static void bad_bodies(void **state)
{
    (void)state;
    char text[4000];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text,
                 "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                 bad[i].target, bad[i].media_type, strlen(bad[i].body), bad[i].body);
        struct heard *heard = ask(http_port(house.server), text);
        if (heard->count != 1 || heard->statuses[0] != bad[i].status)
            fail_msg("body %zu: %.*s", i, (int)heard->len, heard->bytes);
        free(heard);
    }
    nothing_left();
}

/* A file input in which nothing was chosen is no part. */
static void nothing_chosen(void **state)
{
    (void)state;
    static const char body[] =
        "--xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n\r\n" FIELD "1\r\n--xyz--\r\n";
    struct heard *heard = heard_new();
    int fd = begin("/upload", sizeof body - 1);
    assert_true(say_text(fd, body));
    hear(fd, heard, 1, false, 0, PATIENCE_MS);
    close(fd);
    assert_int_equal(heard->statuses[0], 200);
    assert_true(heard_has(heard, "\r\n\r\na|||1|1|\n"));
    assert_int_equal(files_left(), 0);
    free(heard);
}

/* Who is turned away hears why before the body is there, and nothing of it reaches the disk; however
 * it would have come, and whatever follows it. */
static void turned_away(void **state)
{
    (void)state;
    static const char *const framed[] = {"Content-Length: 60000000\r\n",
                                         "Content-Length: 60000000\r\nExpect: 100-continue\r\n",
                                         "Transfer-Encoding: chunked\r\n"};
    char text[400], *piece = calloc(1, PIECE);
    for (size_t i = 0; i < 2 * sizeof framed / sizeof *framed; i++) {
        struct heard *heard = heard_new();
        int fd = dial(http_port(house.server));
        snprintf(text, sizeof text,
                 "POST /upload?away HTTP/1.1\r\nHost: x\r\n%s"
                 "Content-Type: multipart/form-data; boundary=xyz\r\n\r\n",
                 framed[i / 2]);
        assert_true(say_text(fd, text));
        if (i % 2) { /* one who does not wait for the answer */
            say_text(fd, opening);
            say(fd, piece, PIECE);
        }
        hear(fd, heard, 1, false, 0, PATIENCE_MS);
        assert_int_equal(heard->count, 1);
        assert_int_equal(heard->statuses[0], 403);
        assert_true(heard_has(heard, "Connection: close\r\n") && heard_has(heard, "not you"));
        assert_int_equal(files_left(), 0);
        hear(fd, heard, 2, false, 0, PATIENCE_MS);
        assert_true(heard->closed && heard->count == 1);
        close(fd);
        free(heard);
    }
    free(piece);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_upload),   cmocka_unit_test(chunked_upload),
        cmocka_unit_test(kept_file),      cmocka_unit_test(broken_off),
        cmocka_unit_test(stalled),        cmocka_unit_test(bad_bodies),
        cmocka_unit_test(nothing_chosen), cmocka_unit_test(turned_away),
    };
    return cmocka_run_group_tests_name("http upload", tests, set_up, tear_down);
}
