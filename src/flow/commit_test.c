/* A COMMIT whose answer never comes: the connection to PostgreSQL runs through a middleman who hangs up
 * while the server is at the COMMIT, which it then ends all the same. Whatever happens, a command is
 * done once. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/random.h"
#include "db/testing.h"
#include "flow/flow.h"

#define REGION 330482

/* ---- the least module: marks on a wall ---- */

struct mark {
    struct text name;
};
static const struct field mark_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct mark, name), FIELD_REQUIRED, 0, 0, "名称"},
};
static const struct shape mark_shape = {"mark", "标记", sizeof(struct mark),
                                        SHAPE_FIELDS(mark_fields)};

static bool apply_mark(struct db *db, const struct entry_head *head, const void *body,
                       struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {"INSERT INTO mark (region, idx, name) VALUES ($1, $2, $3)"};
    (void)arena;
    return db_write(db, &sql,
                    DB_ARGS(db_int(head->region), db_int(head->index),
                            db_text(((const struct mark *)body)->name)),
                    why);
}

static const struct event_kind mark_event = {
    .name = "wall.marked", .version = 1, .shape = &mark_shape, .apply = apply_mark};

static enum refusal decide_mark(const void *facts, const void *input, const struct context *context,
                                struct decision *out)
{
    (void)facts;
    (void)context;
    decision_emit(out, &mark_event, TEXT("wall:1"), input);
    return OK;
}

static const struct command mark_command = {
    .name = "wall.mark", .roles = ROLE_CLERK, .input = &mark_shape, .decide = decide_mark};
static const struct command *const commands[] = {&mark_command, NULL};
static const struct event_kind *const events[] = {&mark_event, NULL};
static const struct table tables[] = {{"mark", "region, idx"}, {NULL, NULL}};
static const struct module wall = {
    .name = "wall", .commands = commands, .events = events, .tables = tables};
static const struct module *const modules_of_test[] = {&wall, NULL};

/* ---- the middleman ---- */

struct middleman {
    int listener;
    char dir[32], path[64], server[108];
    atomic_bool hang_up; /* the connection that is open */
    atomic_bool away;    /* whoever comes is turned away */
    atomic_bool stop;
    pthread_t thread;
};

static bool pass(int from, int to)
{
    char bytes[65536];
    ssize_t size = read(from, bytes, sizeof bytes);
    return size > 0 && write(to, bytes, (size_t)size) == size;
}

static void stand_for(struct middleman *man, int client)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", man->server);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = connect(server, (struct sockaddr *)&address, sizeof address) == 0;
    while (good && !atomic_load(&man->stop) && !atomic_exchange(&man->hang_up, false)) {
        struct pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        if (poll(ends, 2, 10) > 0)
            good = (!ends[0].revents || pass(client, server)) &&
                   (!ends[1].revents || pass(server, client));
    }
    close(server);
    close(client);
}

static void *stand_between(void *with)
{
    struct middleman *man = with;
    while (!atomic_load(&man->stop)) {
        struct pollfd wait = {man->listener, POLLIN, 0};
        if (poll(&wait, 1, 10) != 1)
            continue;
        int client = accept(man->listener, NULL, NULL);
        if (client >= 0 && atomic_load(&man->away))
            close(client);
        else if (client >= 0)
            stand_for(man, client);
    }
    return NULL;
}

/* Where to connect to reach `where` through him. */
static void middleman_start(struct middleman *man, const char *where, char through[600])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *host = strstr(where, "host=") + 5;
    int length = (int)strcspn(host, "&");
    *man = (struct middleman){.dir = "/tmp/yimen-man-XXXXXX"};
    assert_non_null(mkdtemp(man->dir));
    snprintf(man->path, sizeof man->path, "%s/.s.PGSQL.5432", man->dir);
    snprintf(man->server, sizeof man->server, "%.*s/.s.PGSQL.5432", length, host);
    snprintf(through, 600, "%.*s%s%s", (int)(host - where), where, man->dir, host + length);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", man->path);
    man->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(man->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(man->listener, 4), 0);
    assert_int_equal(pthread_create(&man->thread, NULL, stand_between, man), 0);
}

static void middleman_end(struct middleman *man)
{
    atomic_store(&man->stop, true);
    pthread_join(man->thread, NULL);
    close(man->listener);
    unlink(man->path);
    rmdir(man->dir);
}

/* ---- the stories ---- */

static int64_t number(struct db *db, const char *text)
{
    const struct db_sql sql = {text};
    struct arena *arena = arena_new(1024);
    struct fault why = {0};
    struct db_rows rows;
    if (!db_select(db_reader(db), &sql, NULL, 0, arena, &rows, &why))
        fail_msg("%s", why.why);
    int64_t found = rows.cells[0].number;
    arena_free(arena);
    return found;
}

/* COMMIT takes a second: a deferred trigger sleeps. */
static struct db *make_house(const char *where)
{
    static const char ddl[] =
        "CREATE TABLE mark (region {int} NOT NULL, idx {int} NOT NULL, name TEXT NOT NULL,"
        " PRIMARY KEY (region, idx)) {strict};"
        "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS"
        " $f$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $f$;"
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON mark DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION dawdle();";
    struct fault why = {0};
    struct db *db;
    if (!db_open(where, false, &db, &why) || !flow_create(db, modules_of_test, &why) ||
        !db_script(db, text_of(ddl), &why) ||
        !journal_init(db, REGION, TEXT("test.example/log/330482"), &why))
        fail_msg("%s", why.why);
    return db;
}

static void over(struct job *job)
{
    atomic_store((atomic_bool *)job->context, true);
}

static void wait_for_commit(struct db *by)
{
    while (!number(by, "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event = 'PgSleep' "
                       "AND datname = current_database()"))
        usleep(10 * 1000);
}

/* Runs one command whose COMMIT loses its answer; the database can be reached again after away_ms. */
static void lost(int away_ms, enum job_end expected)
{
    if (!testing_has_postgresql())
        skip();
    static const int64_t regions[] = {REGION};
    const char *where = testing_database(DB_POSTGRESQL, "commit");
    char through[600];
    struct fault why = {0};
    struct middleman man;
    struct flow *flow;
    struct db *by = make_house(where);
    middleman_start(&man, where, through);
    struct flow_options options = {
        .where = through, .modules = modules_of_test, .regions = regions, .region_count = 1};
    if (!flow_open(&options, &flow, &why) || !flow_start(flow, &why))
        fail_msg("%s", why.why);
    atomic_bool done = false;
    struct mark mark = {TEXT("x")};
    struct job job = {.command = &mark_command,
                      .region = REGION,
                      .actor = {.account = 5, .name = TEXT("account:5"), .roles = ROLE_CLERK},
                      .input = &mark,
                      .arena = arena_new(4096),
                      .done = over,
                      .context = &done};
    random_bytes(job.luck, sizeof job.luck);
    flow_submit(flow, &job);
    wait_for_commit(by);
    atomic_store(&man.away, away_ms > 0);
    atomic_store(&man.hang_up, true);
    usleep((useconds_t)away_ms * 1000);
    atomic_store(&man.away, false);
    while (!atomic_load(&done))
        usleep(10 * 1000);
    assert_int_equal(job.end, expected);
    assert_int_equal(job.away, expected == JOB_FAULT);
    assert_int_equal(number(by, "SELECT count(*) AS n FROM mark WHERE region = 330482"), 1);
    assert_int_equal(number(by, "SELECT count(*) AS n FROM journal WHERE region = 330482"), 1);
    flow_close(flow);
    middleman_end(&man);
    arena_free(job.arena);
    db_close(by);
}

/* Reconnected before the old COMMIT has ended: the head is looked at after it. */
static void a_late_commit_is_waited_for(void **state)
{
    (void)state;
    lost(0, JOB_DONE);
}

/* Nobody knows, and nobody can be asked: told as a fault, and not tried again unasked. */
static void what_nobody_knows_is_not_run_again(void **state)
{
    (void)state;
    lost(6000, JOB_FAULT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_late_commit_is_waited_for),
        cmocka_unit_test(what_nobody_knows_is_not_run_again),
    };
    return cmocka_run_group_tests_name("commit", tests, NULL, NULL);
}
