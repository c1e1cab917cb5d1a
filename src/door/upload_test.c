/* Files at the door, on both engines: what is taken, and that nothing stays of what is refused. */
#include <dirent.h>

#include "door/door_testing.h"

static struct text multipart(struct world *world, const char *type, const char *name,
                             const char *content)
{
    return text_format(world->arena,
                       "--XX\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\npaper\r\n"
                       "--XX\r\nContent-Disposition: form-data; name=\"paper\"; filename=\"%s\"\r\n"
                       "Content-Type: %s\r\n\r\n%s\r\n--XX--\r\n",
                       name, type, content);
}

static void uploads(struct world *world)
{
    const char *headers = "Content-Type: multipart/form-data; boundary=XX\r\n" WANT_JSON;
    struct text good = multipart(world, "application/pdf", "a.pdf", "%PDF-1.7 words");
    struct hash hash = hash_of(TEXT("%PDF-1.7 words"));
    struct text sha256 = hash_hex(world->arena, &hash);
    assert_int_equal(request(world, "POST", "/notes/8", headers, good), 201);
    assert_true(says(world, "\"count\":2"));
    assert_int_equal(access(files_path(world->files, sha256, world->arena).at, R_OK), 0);
    assert_int_equal(request(world, "POST", "/notes/8", headers,
                             multipart(world, "image/png", "a.png", "%PDF-1.7 words")),
                     415);
    assert_true(says(world, "\"field\":\"paper\",\"code\":\"unsupported\""));
    assert_int_equal(request(world, "POST", "/notes/8", headers,
                             multipart(world, "text/html", "a.html", "<html>")),
                     415);
    /* A name is read by people, so it is written by the rules of every other field. */
    static const char *const names[][2] = {{"\u202efdp.exe", "malformed"},
                                           {"a\xc2\x85.pdf", "malformed"},
                                           {"%0a.pdf", ""},
                                           {"字字字字字字字字字字.pdf", ""}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct text body = multipart(world, "application/pdf", names[i][0], "%PDF-1.7 named");
        assert_int_equal(request(world, "POST", "/notes/8", headers, body),
                         names[i][1][0] ? 422 : 201);
        assert_true(!names[i][1][0] || says(world, names[i][1]));
    }
    char long_name[300] = {0};
    memset(long_name, 'x', 256);
    assert_int_equal(request(world, "POST", "/notes/8", headers,
                             multipart(world, "application/pdf", long_name, "%PDF-1.7 named")),
                     422);
    assert_true(says(world, "\"field\":\"paper\",\"code\":\"too_long\""));
    /* A browser's empty file input is no file. */
    assert_int_equal(request(world, "POST", "/notes/8", headers,
                             multipart(world, "application/octet-stream", "", "")),
                     201);
    /* The record cannot be forged through JSON. */
    assert_int_equal(request(world, "POST", "/notes/8", JSON,
                             TEXT("{\"words\":\"a\",\"paper\":{\"sha256\":\"00\"}}")),
                     422);
    assert_int_equal(request(world, "GET",
                             text_format(world->arena, "/staff/files/%.*s", TEXT_ARG(sha256)).at,
                             WANT_JSON, TEXT("")),
                     401);
}

/* Files in the house: those of requests on their way, and those that are kept. */
static int incoming(const struct world *world)
{
    char path[100];
    int count = -2; /* "." and ".." */
    snprintf(path, sizeof path, "%s/incoming", world->files);
    DIR *directory = opendir(path);
    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

static bool count_file(struct text sha256, const char *path, void *with)
{
    (void)sha256, (void)path;
    ++*(int *)with;
    return true;
}

static int kept_files(const struct world *world)
{
    struct fault why = {0};
    int count = 0;
    must(files_each(world->files, count_file, &count, &why), &why);
    return count;
}

/* Announces an upload of 500 MB and sends nothing of it: the answer does not wait for it. */
static void away(struct world *world, const char *target, const char *headers, int status)
{
    struct heard *heard = &world->heard;
    int fd = dial(world->port);
    struct text head = text_format(world->arena,
                                   "POST %s HTTP/1.1\r\nHost: pinghu.test\r\n" WANT_JSON
                                   "Content-Type: multipart/form-data; boundary=XX\r\n"
                                   "Content-Length: 500000000\r\n%s\r\n",
                                   target, headers);
    heard->len = 0;
    heard->closed = false;
    assert_true(fd >= 0 && say(fd, head.at, head.len));
    hear(fd, heard, 1, false, 0, 20000);
    close(fd);
    if (heard->count != 1 || heard->statuses[0] != status)
        fail_msg("%s: %.*s", target, (int)heard->len, heard->bytes);
    assert_int_equal(incoming(world), 0);
}

/* Nothing of an upload that is refused stays on the disk, and what can be known from its head is
 * refused before it comes. */
static void refused_uploads(struct world *world)
{
    const char *headers = "Content-Type: multipart/form-data; boundary=XX\r\n" WANT_JSON;
    int before = kept_files(world);
    away(world, "/staff/notes/5", "", 401);
    away(world, "/staff/notes/5", "Cookie: yimen_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n", 401);
    away(world, "/staff/notes/5", "Authorization: Bearer nobodys\r\n", 401);
    away(world, "/notes/404", "", 404);
    assert_true(says(world, "/problems/not_found"));
    away(world, "/notes/five", "", 404);
    away(world, "/notes/409", "", 409);
    assert_true(says(world, "已关闭"));
    away(world, "/notes/5", "Origin: https://evil.example\r\n", 403);
    assert_true(says(world, "/problems/token"));
    away(world, "/problems/state", "", 413);
    /* What only the decision knows is refused afterwards. */
    struct text closed = text_format(world->arena,
                                     "--XX\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\n"
                                     "closed\r\n--XX\r\nContent-Disposition: form-data; "
                                     "name=\"paper\"; filename=\"b.pdf\"\r\n\r\n%%PDF-1.7 new\r\n"
                                     "--XX--\r\n");
    assert_int_equal(request(world, "POST", "/notes/8", headers, closed), 409);
    eventually(incoming(world) == 0);
    assert_int_equal(kept_files(world), before);
    /* So is a key that is none, and a form of a wrong kind. */
    const char *keyed = text_format(world->arena, "%sIdempotency-Key: short\r\n", headers).at;
    assert_int_equal(request(world, "POST", "/notes/8", keyed,
                             multipart(world, "application/pdf", "c.pdf", "%PDF-1.7 other")),
                     422);
    eventually(incoming(world) == 0);
    assert_int_equal(kept_files(world), before);
    /* A paper that is in the journal stays, whoever brings it again in vain. */
    struct text good = multipart(world, "application/pdf", "b.pdf", "%PDF-1.7 new");
    assert_int_equal(request(world, "POST", "/notes/8", headers, good), 201);
    assert_int_equal(kept_files(world), before + 1);
    assert_int_equal(request(world, "POST", "/notes/8", headers, closed), 409);
    eventually(incoming(world) == 0);
    assert_int_equal(kept_files(world), before + 1);
}

/* Whoever is not signed in is not looked up: their upload may be the first to meet a connection that
 * was lost, and every one of them would be. */
static void upload_meets_lost_connections(struct world *world, const char *where)
{
    static const struct db_sql end_others = {
        "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"};
    const char *headers = "Content-Type: multipart/form-data; boundary=XX\r\n" WANT_JSON;
    struct text good = multipart(world, "application/pdf", "d.pdf", "%PDF-1.7 after");
    struct fault why = {0};
    struct db *db;
    struct db_rows rows;
    if (strncmp(where, "postgresql:", 11) != 0)
        return;
    must(db_open(where, false, &db, &why) &&
             db_select(db_reader(db), &end_others, NULL, 0, world->arena, &rows, &why),
         &why);
    assert_true(db_cell_int(&rows, 0, "n") > THREADS);
    db_close(db);
    for (int i = 0; i < 4 * THREADS; i++)
        assert_int_equal(request(world, "POST", "/notes/8", headers, good), 201);
}

static void all_uploads(const char *where)
{
    struct world world;
    open_world(&world, where);
    uploads(&world);
    refused_uploads(&world);
    upload_meets_lost_connections(&world, where);
    compare_world(&world, where);
    close_world(&world);
}

static void on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(all_uploads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(on_both_engines)};
    return cmocka_run_group_tests_name("door uploads", tests, NULL, NULL);
}
