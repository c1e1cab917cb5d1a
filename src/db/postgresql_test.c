/* What only a server can do to us: other writers, lost connections, full buffers. */
#include "db/given_testing.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Without a server there is nothing to test; testing_has_postgresql says so aloud. */
static const char *fresh(void)
{
    if (!testing_has_postgresql())
        skip();
    const char *where = testing_database(DB_POSTGRESQL, "server");
    struct db *db = opened(where);
    GOOD(db_script(db, TEXT("CREATE TABLE pair (region {int}, k {int} PRIMARY KEY, v {int});"
                            "INSERT INTO pair VALUES (1, 1, 0), (1, 2, 0);"),
                   &trouble));
    db_close(db);
    return where;
}

static const struct db_sql add_one = {"UPDATE pair SET v = v + 1 WHERE region = 1 AND k = $1"};
static const struct db_sql insert = {"INSERT INTO pair (region, k, v) VALUES (1, $1, 0)"};
static const struct db_sql repeatable = {"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"};
static const char count[] = "SELECT count(*) FROM pair WHERE region = 1";
static const char sum[] = "SELECT sum(v) FROM pair WHERE region = 1";
static const char own_pid[] = "SELECT pg_backend_pid()";

/* Ends the server's process of a connection and waits until it is gone. */
static void terminate(struct db *by, int64_t pid)
{
    static const struct db_sql end = {"SELECT pg_terminate_backend($1::int, 5000)"};
    struct arena *arena = arena_new(1024);
    struct db_rows rows;
    GOOD(db_select(db_reader(by), &end, DB_ARGS(db_int(pid)), arena, &rows, &trouble));
    assert_int_equal(rows.cells[0].number, 1);
    arena_free(arena);
}

static void a_serialization_failure_may_be_run_again(void **state)
{
    (void)state;
    const char *where = fresh();
    struct db *one = opened(where), *two = opened(where);
    for (int attempt = 0; attempt < 2; attempt++) {
        GOOD(db_begin(one, &trouble));
        GOOD(db_write(one, &repeatable, NULL, 0, &trouble));
        int64_t before = number_of(one, sum);
        if (attempt == 0)
            GOOD(db_write(two, &add_one, DB_ARGS(db_int(1)), &trouble));
        assert_int_equal(before, attempt);
        struct fault why = {0};
        db_write(one, &add_one, DB_ARGS(db_int(1)), &why);
        assert_int_equal(db_commit(one, &why), attempt == 0 ? DB_RETRY : DB_COMMITTED);
        assert_int_equal(strstr(why.why, "40001") != NULL, attempt == 0);
    }
    assert_int_equal(number_of(two, sum), 2);
    db_close(one);
    db_close(two);
}

struct other {
    struct db *db;
    int64_t then;
    bool good;
    bool retryable;
};

static void *cross(void *context)
{
    struct other *other = context;
    other->good = db_write(other->db, &add_one, DB_ARGS(db_int(other->then)), NULL) &&
                  db_flush(other->db, NULL);
    other->retryable = db_retryable(other->db);
    if (!other->good)
        db_rollback(other->db); /* so that the other one can go on */
    return NULL;
}

static void a_deadlock_may_be_run_again(void **state)
{
    (void)state;
    const char *where = fresh();
    struct other others[2] = {{opened(where), 2, false, false}, {opened(where), 1, false, false}};
    for (int i = 0; i < 2; i++) {
        GOOD(db_begin(others[i].db, &trouble));
        GOOD(db_write(others[i].db, &add_one, DB_ARGS(db_int(i + 1)), &trouble));
        GOOD(db_flush(others[i].db, &trouble));
    }
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cross, &others[0]), 0);
    cross(&others[1]);
    pthread_join(thread, NULL);
    assert_int_equal(others[0].good + others[1].good, 1);
    struct other *loser = others[0].good ? &others[1] : &others[0];
    assert_true(loser->retryable);
    assert_int_equal(db_commit(others[others[0].good ? 0 : 1].db, NULL), DB_COMMITTED);
    assert_int_equal(number_of(loser->db, sum), 2);
    db_close(others[0].db);
    db_close(others[1].db);
}

static void a_lost_connection_is_known_and_comes_back(void **state)
{
    (void)state;
    const char *where = fresh();
    struct db *db = opened(where), *by = opened(where);
    assert_int_equal(number_of(db, sum), 0);
    terminate(by, number_of(db, own_pid));
    struct arena *arena = arena_new(1024);
    struct db_rows rows;
    struct fault why = {0};
    const struct db_sql sql = {sum};
    assert_true(db_alive(db)); /* nobody has told us yet */
    assert_false(db_select(db_reader(db), &sql, NULL, 0, arena, &rows, &why));
    assert_false(db_alive(db));
    assert_true(db_retryable(db));
    assert_false(db_begin(db, NULL));
    assert_false(db_write(db, &add_one, DB_ARGS(db_int(1)), NULL));
    GOOD(db_reconnect(db, &trouble));
    assert_true(db_alive(db));
    GOOD(db_write(db, &add_one, DB_ARGS(db_int(1)), &trouble));
    assert_int_equal(number_of(db, sum), 1);
    arena_free(arena);
    db_close(db);
    db_close(by);
}

/* Ended before anything of it was answered: the server tells so, and it may be run again. */
static void a_break_before_commit_may_be_run_again(void **state)
{
    (void)state;
    const char *where = fresh();
    struct db *db = opened(where), *by = opened(where);
    GOOD(db_begin(db, &trouble));
    int64_t pid = number_of(db, own_pid);
    terminate(by, pid);
    struct fault why = {0};
    db_write(db, &insert, DB_ARGS(db_int(7)), &why);
    assert_int_equal(db_commit(db, &why), DB_RETRY);
    assert_false(db_alive(db));
    GOOD(db_reconnect(db, &trouble));
    assert_int_equal(number_of(db, count), 2);
    db_close(db);
    db_close(by);
}

static void a_break_at_commit_is_unknown(void **state)
{
    (void)state;
    const char *where = fresh();
    struct db *db = opened(where), *by = opened(where);
    GOOD(db_begin(db, &trouble));
    GOOD(db_write(db, &insert, DB_ARGS(db_int(7)), &trouble));
    assert_int_equal(number_of(db, count), 3);
    GOOD(db_write(db, &insert, DB_ARGS(db_int(8)), &trouble));
    int64_t pid = number_of(db, own_pid);
    /* COMMIT is prepared by an earlier transaction, so that nothing is queued before it. */
    assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
    GOOD(db_begin(db, &trouble));
    GOOD(db_write(db, &insert, DB_ARGS(db_int(9)), &trouble));
    GOOD(db_flush(db, &trouble));
    terminate(by, pid);
    struct fault why = {0};
    assert_int_equal(db_commit(db, &why), DB_UNKNOWN);
    assert_non_null(strstr(why.why, "COMMIT"));
    assert_false(db_alive(db));
    GOOD(db_reconnect(db, &trouble));
    assert_int_equal(number_of(db, count), 4);
    db_close(db);
    db_close(by);
}

/* A comparison reads many tables while others write, and pauses for longer than a writer may. */
static void a_reading_transaction_sees_one_moment(void **state)
{
    (void)state;
    static const char limit[] = "SELECT CAST(setting AS BIGINT) AS n FROM pg_settings"
                                " WHERE name = 'idle_in_transaction_session_timeout'";
    const char *where = fresh();
    struct db *reader = NULL, *by = opened(where);
    GOOD(db_open(where, true, &reader, &trouble));
    GOOD(db_begin(reader, &trouble));
    assert_int_equal(number_of(reader, count), 2);
    GOOD(db_write(by, &insert, DB_ARGS(db_int(7)), &trouble));
    assert_int_equal(number_of(by, count), 3);
    assert_int_equal(number_of(reader, count), 2);
    assert_int_equal(number_of(reader, limit), 3600 * 1000);
    assert_int_equal(number_of(by, limit), 30 * 1000);
    db_rollback(reader);
    assert_int_equal(number_of(reader, count), 3);
    db_close(reader);
    db_close(by);
}

/* ---- a middleman that swallows the answer to COMMIT ---- */

struct middleman {
    int listener;
    char server[108];
    atomic_int cut; /* 1: let the next request through, then hang up without its answer */
    atomic_bool stop;
    pthread_t thread;
};

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Passes one lot on; false when this side has hung up. */
static bool pass(int from, int to)
{
    char bytes[65536];
    ssize_t size = read(from, bytes, sizeof bytes);
    return size > 0 && write(to, bytes, (size_t)size) == size;
}

static void serve_one(struct middleman *man, int client)
{
    int server = connect_to(man->server);
    bool asked = false;
    while (!atomic_load(&man->stop)) {
        struct pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        if (poll(ends, 2, 50) <= 0)
            continue;
        if (ends[1].revents) {
            char dropped[65536];
            if (atomic_load(&man->cut) && asked) {
                (void)!read(server, dropped, sizeof dropped);
                break;
            }
            if (!pass(server, client))
                break;
        }
        if (ends[0].revents) {
            asked = atomic_load(&man->cut);
            if (!pass(client, server))
                break;
        }
    }
    close(server);
    close(client);
}

static void *stand_between(void *context)
{
    struct middleman *man = context;
    while (!atomic_load(&man->stop)) {
        struct pollfd wait = {man->listener, POLLIN, 0};
        if (poll(&wait, 1, 50) == 1) {
            int client = accept(man->listener, NULL, NULL);
            if (client >= 0)
                serve_one(man, client);
        }
    }
    return NULL;
}

static void a_commit_whose_answer_is_lost_was_done(void **state)
{
    (void)state;
    const char *where = fresh();
    char dir[] = "/tmp/yimen-man-XXXXXX", path[64], through[600];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/.s.PGSQL.5432", dir);
    struct middleman man = {.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    assert_int_equal(bind(man.listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(man.listener, 4), 0);
    const char *host = strstr(where, "host=") + 5;
    int length = (int)strcspn(host, "&");
    snprintf(man.server, sizeof man.server, "%.*s/.s.PGSQL.5432", length, host);
    snprintf(through, sizeof through, "%.*s%s%s", (int)(host - where), where, dir, host + length);
    assert_int_equal(pthread_create(&man.thread, NULL, stand_between, &man), 0);

    struct db *db = opened(through), *by = opened(where);
    GOOD(db_begin(db, &trouble));
    GOOD(db_write(db, &insert, DB_ARGS(db_int(7)), &trouble));
    GOOD(db_flush(db, &trouble));
    atomic_store(&man.cut, 1);
    struct fault why = {0};
    assert_int_equal(db_commit(db, &why), DB_UNKNOWN);
    assert_int_equal(number_of(by, count), 3);
    atomic_store(&man.cut, 0);
    GOOD(db_reconnect(db, &trouble));
    assert_int_equal(number_of(db, count), 3);
    db_close(db);
    db_close(by);
    atomic_store(&man.stop, true);
    pthread_join(man.thread, NULL);
    close(man.listener);
    unlink(path);
    rmdir(dir);
}

/* As a cancelled wait for the synchronous replica does, this COMMIT succeeds with a warning. */
static void a_warning_at_commit_is_no_acknowledgement(void **state)
{
    (void)state;
    static const char ddl[] =
        "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS"
        " $f$ BEGIN RAISE WARNING 'not replicated'; RETURN NULL; END $f$;"
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON pair DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION warn();";
    const char *where = fresh();
    struct db *db = opened(where);
    GOOD(db_script(db, text_of(ddl), &trouble));
    GOOD(db_begin(db, &trouble));
    GOOD(db_write(db, &insert, DB_ARGS(db_int(7)), &trouble));
    struct fault why = {0};
    assert_int_equal(db_commit(db, &why), DB_UNKNOWN);
    assert_non_null(strstr(why.why, "warning"));
    assert_false(db_alive(db));
    GOOD(db_reconnect(db, &trouble));
    assert_int_equal(number_of(db, count), 3);
    db_close(db);
}

/* Both sides have more to say than their buffers hold. */
static void a_full_pipeline_does_not_stand_still(void **state)
{
    (void)state;
    static const struct db_sql talk = {"INSERT INTO long (region, body) VALUES (1, $1)"
                                       " RETURNING body"};
    const char *where = fresh();
    struct db *db = opened(where);
    enum { SIZE = 20000, TIMES = 1500 };
    char *body = malloc(SIZE);
    memset(body, 'x', SIZE);
    GOOD(db_script(db, TEXT("CREATE UNLOGGED TABLE long (region {int}, body TEXT);"), &trouble));
    GOOD(db_begin(db, &trouble));
    for (int i = 0; i < TIMES; i++)
        GOOD(db_write(db, &talk, DB_ARGS(db_text((struct text){body, SIZE})), &trouble));
    assert_int_equal(number_of(db, "SELECT count(*) FROM long WHERE region = 1"), TIMES);
    assert_int_equal(db_commit(db, NULL), DB_COMMITTED);
    free(body);
    db_close(db);
}

static void a_fault_deep_in_the_pipeline_is_told_once(void **state)
{
    (void)state;
    const char *where = fresh();
    struct db *db = opened(where);
    GOOD(db_begin(db, &trouble));
    struct fault why = {0};
    bool good = true;
    for (int i = 0; i < 5000; i++)
        good = db_write(db, &insert, DB_ARGS(db_int(i == 10 ? 1 : 100 + i)), good ? &why : NULL) &&
               good;
    assert_int_not_equal(db_commit(db, &why), DB_COMMITTED);
    assert_non_null(strstr(why.why, "23505"));
    assert_null(strstr(why.why, "Key ("));
    assert_int_equal(number_of(db, count), 2);
    GOOD(db_write(db, &insert, DB_ARGS(db_int(5)), &trouble));
    assert_int_equal(number_of(db, count), 3);
    db_close(db);
}

/* A reader's prepared query outlives a change of its table by somebody else. */
static void a_query_is_prepared_again_after_a_change_of_its_table(void **state)
{
    (void)state;
    static const struct db_sql all = {"SELECT * FROM pair WHERE region = $1 ORDER BY k"};
    const char *where = fresh();
    struct db *db = opened(where);
    struct db_read *reader = NULL;
    struct arena *arena = arena_new(1024);
    struct db_rows rows;
    GOOD(db_open_reader(where, &reader, &trouble));
    for (size_t i = 0; i < 3; i++) {
        GOOD(db_select(reader, &all, DB_ARGS(db_int(1)), arena, &rows, &trouble));
        assert_int_equal(rows.width, 3 + i);
        assert_string_equal(rows.names[rows.width - 1], i == 0 ? "v" : i == 1 ? "c0" : "c1");
        struct text ddl = text_format(arena, "ALTER TABLE pair ADD COLUMN c%zu {int};", i);
        GOOD(db_script(db, ddl, &trouble));
    }
    arena_free(arena);
    db_close_reader(reader);
    db_close(db);
}

static void settings_are_made(void **state)
{
    (void)state;
    static const struct db_sql shown = {
        "SELECT name, setting FROM pg_settings WHERE name IN ('application_name',"
        " 'statement_timeout', 'idle_in_transaction_session_timeout',"
        " 'default_transaction_read_only', 'client_encoding') ORDER BY name"};
    static const char *const want[] = {"yimen", "UTF8", "on", "3600000", "60000"};
    struct db_read *reader = NULL;
    struct arena *arena = arena_new(1024);
    struct db_rows rows;
    GOOD(db_open_reader(fresh(), &reader, &trouble));
    GOOD(db_select(reader, &shown, NULL, 0, arena, &rows, &trouble));
    assert_int_equal(rows.count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_true(text_is(db_cell_text(&rows, i, "setting"), want[i]));
    arena_free(arena);
    db_close_reader(reader);
}

static void a_schema_may_be_named_in_the_address(void **state)
{
    (void)state;
    const char *where = fresh();
    char in_schema[700], by_words[700];
    struct db *db = opened(where);
    GOOD(db_script(db, TEXT("CREATE SCHEMA apart;"), &trouble));
    snprintf(in_schema, sizeof in_schema, "%s&options=-csearch_path%%3Dapart", where);
    struct db *apart = opened(in_schema);
    GOOD(db_script(apart, TEXT("CREATE TABLE pair (region {int}, k {int}, v {int});"), &trouble));
    assert_int_equal(number_of(apart, count), 0);
    assert_int_equal(number_of(db, count), 2);
    db_close(apart);
    const char *name = strstr(where, ":///") + 4, *host = strstr(where, "host=") + 5;
    snprintf(by_words, sizeof by_words, "postgresql:host=%.*s dbname=%.*s user=yimen",
             (int)strcspn(host, "&"), host, (int)strcspn(name, "?"), name);
    struct db *same = opened(by_words);
    assert_int_equal(number_of(same, count), 2);
    db_close(same);
    db_close(db);
}

static void nobody_listens(void **state)
{
    (void)state;
    struct db *db = NULL;
    struct fault why = {0};
    assert_false(db_open("postgresql:///x?host=/nowhere", false, &db, &why));
    assert_null(db);
    assert_non_null(strstr(why.why, "cannot connect"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_serialization_failure_may_be_run_again),
        cmocka_unit_test(a_deadlock_may_be_run_again),
        cmocka_unit_test(a_lost_connection_is_known_and_comes_back),
        cmocka_unit_test(a_break_before_commit_may_be_run_again),
        cmocka_unit_test(a_break_at_commit_is_unknown),
        cmocka_unit_test(a_reading_transaction_sees_one_moment),
        cmocka_unit_test(a_commit_whose_answer_is_lost_was_done),
        cmocka_unit_test(a_warning_at_commit_is_no_acknowledgement),
        cmocka_unit_test(a_full_pipeline_does_not_stand_still),
        cmocka_unit_test(a_fault_deep_in_the_pipeline_is_told_once),
        cmocka_unit_test(a_query_is_prepared_again_after_a_change_of_its_table),
        cmocka_unit_test(settings_are_made),
        cmocka_unit_test(a_schema_may_be_named_in_the_address),
        cmocka_unit_test(nobody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
