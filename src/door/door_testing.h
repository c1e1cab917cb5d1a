/* For this room's tests: a module of one noun, a house with it on either engine, and one that asks.
 */
#ifndef YIMEN_DOOR_TESTING_H
#define YIMEN_DOOR_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/random.h"
#include "db/testing.h"
#include "door/door.h"
#include "files/files.h"
#include "http/http_testing.h"
#include "identity/identity.h"
#include "trace/trace.h"

#define REGION INT64_C(330482)
#define THREADS 2

/* A module of one noun: notes with an optional paper. */
struct note {
    int64_t note_id;
    struct text words;
    int64_t count;
    struct upload paper;
};
static const struct field note_fields[] = {
    {"note_id", FIELD_INT, offsetof(struct note, note_id), .flags = FIELD_REQUIRED, .low = 1,
     .label = "编号"},
    {"words", FIELD_TEXT, offsetof(struct note, words), .flags = FIELD_REQUIRED, .high = 20,
     .label = "内容"},
    {"count", FIELD_INT, offsetof(struct note, count), .high = 9, .label = "份数"},
    {"paper", FIELD_RECORD, offsetof(struct note, paper), .label = "文件", .of = &upload_shape},
};
static const struct shape note_shape = {"note", "记录", sizeof(struct note),
                                        SHAPE_FIELDS(note_fields)};

static inline bool apply_note(struct db *db, const struct entry_head *head, const void *body,
                              struct arena *arena, struct fault *why)
{
    (void)db, (void)head, (void)body, (void)arena, (void)why;
    return true;
}
static const struct event_kind note_kind = {
    .name = "note.made", .title = "记录", .version = 1, .shape = &note_shape, .apply = apply_note};

static inline enum refusal decide_note(const void *facts, const void *input,
                                       const struct context *context, struct decision *out)
{
    const struct note *note = input;
    (void)facts;
    if (text_is(note->words, "closed"))
        return decision_refuse(out, REFUSED_STATE, "words", NULL);
    if (text_is(note->words, "gone"))
        return decision_refuse(out, REFUSED_STALE, "", "已归档。");
    struct text subject = text_format(context->arena, "note:%lld", (long long)note->note_id);
    decision_emit(out, &note_kind, subject, note);
    if (note->paper.sha256.len)
        files_emit(out, &note->paper, subject, TEXT(""), false);
    out->location = text_format(context->arena, "/notes/%lld", (long long)note->note_id);
    return OK;
}
/* What the path alone says: there is no note 404, and 409 is shut. */
static inline enum refusal admit_note(const void *facts, const void *input,
                                      const struct context *context, struct decision *out)
{
    const struct note *note = input;
    (void)facts, (void)context;
    if (note->note_id == 404)
        return decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
    return note->note_id == 409 ? decision_refuse(out, REFUSED_STATE, "", "已关闭。") : OK;
}
static const struct command note_command = {.name = "note.make",
                                            .title = "记录",
                                            .path = "/notes/{note_id}",
                                            .roles = ROLE_ANYONE,
                                            .input = &note_shape,
                                            .admit = admit_note,
                                            .decide = decide_note};
static const struct command guarded_command = {.name = "note.guarded",
                                               .title = "内部记录",
                                               .path = "/staff/notes/{note_id}",
                                               .roles = ROLE_CLERK,
                                               .input = &note_shape,
                                               .decide = decide_note};

static inline enum refusal look_note(const struct look_context *context, const void *query,
                                     void *page, struct fault *why)
{
    const struct note *asked = query;
    struct note *shown = page;
    (void)context;
    if (asked->note_id == 404)
        return REFUSED_NOT_FOUND;
    if (asked->note_id == 500) {
        fault_set(why, "a fault made on purpose");
        return OK;
    }
    shown->note_id = asked->note_id;
    shown->words = TEXT("<b>");
    return OK;
}
static const struct shape note_query_shape = {"note_query", "记录", sizeof(struct note),
                                              note_fields, 1};
static const struct look note_look = {.name = "note.note",
                                      .title = "记录",
                                      .path = "/notes/{note_id}",
                                      .roles = ROLE_ANYONE,
                                      .query = &note_query_shape,
                                      .page = &note_shape,
                                      .template = "note/note.html",
                                      .look = look_note};

/* What a kept page may depend on, and how often it was really looked up. */
static _Atomic int looked_up;

static inline enum refusal look_kept(const struct look_context *context, const void *query,
                                     void *page, struct fault *why)
{
    const struct note *asked = query;
    struct note *shown = page;
    struct journal_place place;
    looked_up++;
    if (!journal_place_of(context->db, context->region, context->arena, &place, why))
        return OK;
    shown->note_id = asked->note_id;
    shown->words =
        text_format(context->arena, "%lld|%lld|%.*s", (long long)place.seq,
                    (long long)(context->now_ms / MINUTE_MS), TEXT_ARG(context->actor->display));
    return asked->note_id == 404 ? REFUSED_NOT_FOUND : OK;
}
static const struct look kept_look = {.name = "note.kept",
                                      .title = "记录",
                                      .path = "/kept/{note_id}",
                                      .roles = ROLE_ANYONE,
                                      .by_journal = true,
                                      .query = &note_query_shape,
                                      .page = &note_shape,
                                      .template = "note/note.html",
                                      .look = look_kept};

/* Somebody's file: 7 is shown whole, 8 masked, 9 is nobody's; 500 shows one without saying so. */
static inline enum refusal look_person(const struct look_context *context, const void *query,
                                       void *page, struct fault *why)
{
    const struct note *asked = query;
    struct note *shown = page;
    (void)why;
    shown->note_id = asked->note_id;
    shown->words = TEXT("王小明");
    look_shows(context, (struct shown){.subject = text_format(context->arena, "case:%lld",
                                                              (long long)asked->note_id),
                                       .persons = asked->note_id != 9,
                                       .masked = asked->note_id == 8,
                                       .why = WHY_DUTY});
    return OK;
}
static const struct look person_look = {.name = "note.person",
                                        .title = "档案",
                                        .path = "/people/{note_id}",
                                        .roles = ROLE_ANYONE,
                                        .by_journal = true,
                                        .people = true,
                                        .query = &note_query_shape,
                                        .page = &note_shape,
                                        .template = "note/note.html",
                                        .look = look_person};
/* Kept up to date: how often it was written about a note; 100: about all of them; 9: it is always the
 * same. */
static inline enum refusal look_live(const struct look_context *context, const void *query,
                                     void *page, struct fault *why)
{
    static const struct db_sql told = {
        "SELECT COUNT(*) AS n FROM journal WHERE region = $1 AND subject LIKE $2"};
    const struct note *asked = query;
    struct note *shown = page;
    struct db_rows rows;
    bool one = asked->note_id != 100;
    struct text subject = text_format(context->arena, "note:%lld", (long long)asked->note_id);
    if (!db_select(context->db, &told,
                   DB_ARGS(db_int(context->region), db_text(one ? subject : TEXT("note:%"))),
                   context->arena, &rows, why))
        return OK;
    int64_t count = db_cell_int(&rows, 0, "n");
    shown->words = text_format(context->arena, "%lld次", (long long)(asked->note_id == 9 ? 0 : count));
    look_shows(context, (struct shown){.subject = one ? subject : TEXT(""),
                                       .persons = one ? 1 : count,
                                       .masked = !one,
                                       .why = one ? WHY_DUTY : WHY_MASKED});
    return asked->note_id == 404 ? REFUSED_NOT_FOUND : OK;
}
static const struct look live_look = {.name = "note.live",
                                      .title = "记录",
                                      .path = "/live/{note_id}",
                                      .roles = ROLE_ANYONE,
                                      .by_journal = true,
                                      .live = "note:",
                                      .people = true,
                                      .query = &note_query_shape,
                                      .page = &note_shape,
                                      .template = "note/note.html",
                                      .look = look_live};
static const struct look live_staff_look = {.name = "note.live_staff",
                                            .title = "记录",
                                            .path = "/staff/live/{note_id}",
                                            .roles = ROLE_CLERK,
                                            .by_journal = true,
                                            .live = "note:",
                                            .people = true,
                                            .query = &note_query_shape,
                                            .page = &note_shape,
                                            .template = "note/note.html",
                                            .look = look_live};
static const struct look unsaid_look = {.name = "note.unsaid",
                                        .title = "档案",
                                        .path = "/unsaid/{note_id}",
                                        .roles = ROLE_ANYONE,
                                        .query = &note_query_shape,
                                        .page = &note_shape,
                                        .template = "note/note.html",
                                        .look = look_person};

/* Drawers, each with the key 7: looked into, and filled. */
static const struct shape drawer_shape = {"drawer", "抽屉", sizeof(struct note), note_fields + 1, 2};
static const struct field drawer_input_fields[] = {
    {"words", FIELD_TEXT, offsetof(struct note, words), .flags = FIELD_REQUIRED, .high = 20,
     .label = "名称"},
    {"count", FIELD_INT, offsetof(struct note, count), .high = 9, .label = "钥匙"},
    {"paper", FIELD_RECORD, offsetof(struct note, paper), .label = "文件", .of = &upload_shape},
    {"note_id", FIELD_INT, offsetof(struct note, note_id), .label = "编号"},
};
static const struct shape drawer_input_shape = {"drawer_input", "抽屉", sizeof(struct note),
                                                SHAPE_FIELDS(drawer_input_fields)};
static inline enum refusal look_drawer(const struct look_context *context, const void *query,
                                       void *page, struct fault *why)
{
    (void)context, (void)why;
    *(struct note *)page = *(const struct note *)query;
    return ((const struct note *)query)->count == 7 ? OK : REFUSED_NOT_FOUND;
}
static const struct look drawer_look = {.name = "note.drawer",
                                        .title = "抽屉",
                                        .path = "/drawers/{words}/{count}",
                                        .roles = ROLE_ANYONE,
                                        .by_journal = true,
                                        .guards = "words",
                                        .query = &drawer_shape,
                                        .page = &note_shape,
                                        .template = "note/note.html",
                                        .look = look_drawer};
static inline enum refusal admit_drawer(const void *facts, const void *input,
                                        const struct context *context, struct decision *out)
{
    (void)facts, (void)context;
    return ((const struct note *)input)->count == 7
               ? OK
               : decision_refuse(out, REFUSED_NOT_FOUND, "", NULL);
}
static inline enum refusal decide_drawer(const void *facts, const void *input,
                                         const struct context *context, struct decision *out)
{
    enum refusal refusal = admit_drawer(facts, input, context, out);
    return refusal ? refusal : decide_note(facts, input, context, out);
}
static const struct command drawer_command = {.name = "note.fill",
                                              .title = "放入",
                                              .path = "/drawers/{words}/{count}",
                                              .roles = ROLE_ANYONE,
                                              .input = &drawer_input_shape,
                                              .guards = "words",
                                              .admit = admit_drawer,
                                              .decide = decide_drawer};

/* Lists of as many rows as the address says, three a page; of people where they are under a hundred. */
struct row {
    int64_t row_id;
    struct text words;
    int64_t at, day, price_fen;
    bool done;
    struct list tags; /* struct text */
};
static const struct field row_fields[] = {
    {"row_id", FIELD_INT, offsetof(struct row, row_id), .label = "编号"},
    {"words", FIELD_TEXT, offsetof(struct row, words), .label = "内容"},
    {"at", FIELD_TIME, offsetof(struct row, at), .label = "时间"},
    {"day", FIELD_DATE, offsetof(struct row, day), .label = "日期"},
    {"price_fen", FIELD_MONEY, offsetof(struct row, price_fen), .label = "金额"},
    {"done", FIELD_BOOL, offsetof(struct row, done), .label = "已完成"},
    {"tags", FIELD_TEXTS, offsetof(struct row, tags), .label = "标签"},
};
static const struct shape row_shape = {"row", "行", sizeof(struct row), SHAPE_FIELDS(row_fields)};
struct rows_ask {
    int64_t count, after;
    struct text words;
};
static const struct field rows_ask_fields[] = {
    {"count", FIELD_INT, offsetof(struct rows_ask, count), .label = "行数"},
    {"after", FIELD_INT, offsetof(struct rows_ask, after), .label = "从此之后"},
    {"words", FIELD_TEXT, offsetof(struct rows_ask, words), .label = "内容"},
};
static const struct shape rows_ask_shape = {"rows_ask", "查询", sizeof(struct rows_ask),
                                            SHAPE_FIELDS(rows_ask_fields)};
struct rows_page {
    int64_t note_id;
    struct text words;
    struct list rows; /* struct row */
    int64_t next;
};
static const struct field rows_page_fields[] = {
    {"note_id", FIELD_INT, offsetof(struct rows_page, note_id), .label = "编号"},
    {"words", FIELD_TEXT, offsetof(struct rows_page, words), .label = "内容"},
    {"rows", FIELD_LIST, offsetof(struct rows_page, rows), .label = "行", .of = &row_shape},
    {"next", FIELD_INT, offsetof(struct rows_page, next), .label = "下一页"},
};
static const struct shape rows_page_shape = {"rows_page", "列表", sizeof(struct rows_page),
                                             SHAPE_FIELDS(rows_page_fields)};
static inline enum refusal look_rows_(const struct look_context *context, const void *query,
                                      void *out, struct fault *why)
{
    const struct rows_ask *asked = query;
    struct rows_page *page = out;
    int64_t most = look_rows(context, 3), left = asked->count - asked->after;
    int64_t count = left < most ? left : most;
    struct row *rows = arena_array(context->arena, (size_t)count, sizeof *rows);
    struct text *tags = arena_array(context->arena, 2, sizeof *tags);
    if (asked->count == 404)
        return REFUSED_NOT_FOUND;
    if (asked->count == 500 && context->rows)
        fault_set(why, "a fault made on purpose");
    tags[0] = TEXT("甲");
    tags[1] = TEXT("乙");
    for (int64_t i = 0; i < count; i++)
        rows[i] = (struct row){.row_id = asked->after + i + 1};
    for (int64_t i = 0; i < count && asked->count < 1000; i++)
        rows[i] = (struct row){rows[i].row_id, TEXT("=1+1,\"x\""), context->now_ms, 16194, 1250, true,
                               {tags, 2}};
    page->rows = (struct list){rows, (size_t)count};
    page->next = left > most ? asked->after + most : 0;
    if (asked->count < 100)
        look_shows(context, (struct shown){.persons = count, .masked = true, .why = WHY_MASKED});
    return OK;
}
static inline bool rows_onward(const void *page, void *query)
{
    ((struct rows_ask *)query)->after = ((const struct rows_page *)page)->next;
    return ((const struct rows_page *)page)->next;
}
static const struct look rows_look = {.name = "note.rows",
                                      .title = "列表",
                                      .path = "/rows/{count}",
                                      .roles = ROLE_ANYONE,
                                      .by_journal = true,
                                      .people = true,
                                      .query = &rows_ask_shape,
                                      .page = &rows_page_shape,
                                      .template = "note/rows.html",
                                      .list = "rows",
                                      .turns = "after",
                                      .onward = rows_onward,
                                      .look = look_rows_};
static const struct look own_rows_look = {.name = "note.own",
                                          .title = "内部列表",
                                          .path = "/staff/rows/{count}",
                                          .roles = ROLE_CLERK,
                                          .query = &rows_ask_shape,
                                          .page = &rows_page_shape,
                                          .template = "note/rows.html",
                                          .list = "rows",
                                          .turns = "after",
                                          .onward = rows_onward,
                                          .people = true,
                                          .look = look_rows_};

static const char rows_html[] = "{{layout \"view/public.html\"}}\n<h1>{{note_id}}</h1>\n";
static const char note_html[] =
    "<!doctype html>\n<html lang=\"zh-CN\"><head><title>{{frame.title}}</title>\n"
    "<link rel=\"stylesheet\" href=\"{{asset \"web/yimen.css\"}}\"></head><body>\n"
    "<h1>{{note_id}}</h1>\n<p>{{words}}</p>\n"
    "{{include \"view/notice.html\"}}\n"
    "{{form \"note.make\"}}\n{{field words}}{{field count}}{{file paper label \"文件\"}}\n"
    "{{submit \"记录\"}}{{end}}\n</body></html>\n";
static const struct asset note_pages[] = {
    {"note/note.html", (const unsigned char *)note_html, sizeof note_html - 1, "", "text/html"},
    {"note/rows.html", (const unsigned char *)rows_html, sizeof rows_html - 1, "", "text/html"}};

static const struct command *const note_commands[] = {&note_command, &guarded_command,
                                                     &drawer_command, NULL};
static const struct event_kind *const note_events[] = {&note_kind, NULL};
static const struct look *const note_looks[] = {&note_look, &kept_look, &drawer_look,
                                               &person_look, &unsaid_look, &live_look,
                                               &live_staff_look, &rows_look, &own_rows_look, NULL};
/* One department, so that somebody can work for it. */
static inline bool note_standing(struct db_read *db, int64_t region, struct arena *arena,
                                 void **facts, struct fault *why)
{
    (void)db, (void)region, (void)arena, (void)facts, (void)why;
    return true;
}
static inline struct list note_names(const void *facts, enum naming what, int64_t now_ms,
                                     struct arena *arena)
{
    struct named *names = arena_alloc(arena, sizeof *names);
    (void)facts, (void)now_ms;
    *names = (struct named){TEXT("011"), TEXT("国土资源局"), TEXT("011")};
    return (struct list){names, what == NAMES_DEPARTMENT};
}
static const struct module note_module = {.name = "note",
                                          .commands = note_commands,
                                          .events = note_events,
                                          .looks = note_looks,
                                          .standing = note_standing,
                                          .names = note_names};
static const struct module *const list[] = {&identity_module, &trace_module, &files_module,
                                            &door_journal_module, &note_module, NULL};

struct world {
    struct arena *arena;
    const char *where;
    struct door *door;
    struct flow *flow;
    char files[64];
    int64_t now_ms;
    int port;
    struct door_region region;
    int64_t regions[1];
    int64_t clerk;
    struct heard heard;
};

static inline int64_t world_now(void *with)
{
    return __atomic_load_n(&((struct world *)with)->now_ms, __ATOMIC_RELAXED);
}

static inline void pass(struct world *world, int64_t ms)
{
    __atomic_add_fetch(&world->now_ms, ms, __ATOMIC_RELAXED);
}

static inline void must(bool good, const struct fault *why)
{
    if (!good)
        fail_msg("%s", why->why);
}

static inline void console(struct world *world, struct db_read *db, const struct command *command,
                           void *input, struct job *job)
{
    struct fault why = {0};
    *job = (struct job){.command = command,
                        .region = REGION,
                        .actor = {.name = TEXT("console"), .roles = ROLE_IMPORTER},
                        .input = input,
                        .arena = world->arena};
    struct context context = {
        .region = REGION, .now_ms = world->now_ms, .actor = &job->actor, .arena = world->arena};
    random_bytes(job->luck, sizeof job->luck);
    if (command->prepare)
        must(command->prepare(db, &context, input, &why), &why);
    must(flow_run(world->flow, &job, 1, &why), &why);
    assert_int_equal(job->end, JOB_DONE);
}

static inline void open_world(struct world *world, const char *where)
{
    static const char *const hosts[] = {"pinghu.test"};
    struct fault why = {0};
    struct db *db;
    struct db_read *reader = NULL;
    struct job job;
    *world = (struct world){.arena = arena_new(64 * 1024),
                            .where = where,
                            .door = door_new(),
                            .files = "/tmp/yimen-door-XXXXXX",
                            .now_ms = INT64_C(1399165200000),
                            .regions = {REGION}};
    assert_non_null(mkdtemp(world->files));
    must(db_open(where, false, &db, &why) && flow_create(db, list, &why) &&
             journal_init(db, REGION, TEXT("yimen.example/log/330482"), &why),
         &why);
    db_close(db);
    struct flow_options flow = {.where = where,
                                .modules = list,
                                .regions = world->regions,
                                .region_count = 1,
                                .now = world_now,
                                .clock = world,
                                .after_batch = door_ring,
                                .context = world->door};
    must(flow_open(&flow, &world->flow, &why) && db_open_reader(where, &reader, &why), &why);
    struct account_create person = {.login = TEXT("shen"),
                                    .display = TEXT("沈雅琴"),
                                    .roles = {.clerk = true},
                                    .department = TEXT("011"),
                                    .password = TEXT("correct horse"),
                                    .quick = true};
    console(world, reader, &identity_account_create, &person, &job);
    world->clerk = job.index + 1;
    struct account_create keeper = {.login = TEXT("guan"),
                                    .display = TEXT("安全管理员"),
                                    .roles = {.security = true},
                                    .password = TEXT("correct horse"),
                                    .quick = true};
    console(world, reader, &identity_account_create, &keeper, &job);
    db_close_reader(reader);
    must(flow_start(world->flow, &why), &why);
    world->region = (struct door_region){REGION, hosts, 1, TEXT("测试中心")};
    struct door_options options = {.where = where,
                                   .modules = list,
                                   .flow = world->flow,
                                   .regions = &world->region,
                                   .region_count = 1,
                                   .files_directory = world->files,
                                   .address = "127.0.0.1",
                                   .threads = THREADS,
                                   .limits = {[LIMIT_GUESSES] = 4},
                                   .streams = 16,
                                   .pages = note_pages,
                                   .page_count = sizeof note_pages / sizeof *note_pages};
    must(door_start(world->door, &options, &why), &why);
    world->port = door_port(world->door);
}

static inline void close_world(struct world *world)
{
    char command[100];
    door_stop(world->door, 1000);
    flow_close(world->flow);
    door_free(world->door);
    snprintf(command, sizeof command, "rm -rf '%s'", world->files);
    assert_int_equal(system(command), 0);
    arena_free(world->arena);
}

/* Sends a request and reads one answer; gives its status. */
static inline int request(struct world *world, const char *method, const char *target,
                          const char *headers, struct text body)
{
    struct buf out = {.arena = world->arena};
    struct pollfd poller = {.events = POLLIN};
    struct heard *heard = &world->heard;
    int fd = dial(world->port);
    assert_true(fd >= 0);
    buf_format(&out, "%s %s HTTP/1.1\r\nHost: pinghu.test\r\n%s", method, target, headers);
    if (strcmp(method, "POST") == 0)
        buf_format(&out, "Content-Length: %zu\r\n", body.len);
    buf_str(&out, "\r\n");
    buf_text(&out, body);
    assert_true(say(fd, out.at, out.len));
    heard->len = 0;
    heard->count = 0;
    poller.fd = fd;
    while (heard->count == 0 && poll(&poller, 1, 20000) == 1) {
        ssize_t got = read(fd, heard->bytes + heard->len, sizeof heard->bytes - heard->len);
        assert_true(got > 0);
        heard->len += (size_t)got;
        understand(heard, strcmp(method, "HEAD") == 0);
    }
    close(fd);
    assert_int_equal(heard->count, 1);
    return heard->statuses[0];
}

static inline bool says(const struct world *world, const char *words)
{
    return text_find((struct text){world->heard.bytes, world->heard.len}, text_of(words)) >= 0;
}

/* What stands between two words in the last answer. */
static inline struct text between(struct world *world, const char *before, const char *after)
{
    struct text all = {world->heard.bytes, world->heard.len};
    ptrdiff_t from = text_find(all, text_of(before));
    assert_true(from >= 0);
    all = text_slice(all, (size_t)from + strlen(before), all.len);
    ptrdiff_t to = text_find(all, text_of(after));
    assert_true(to >= 0);
    return text_copy(world->arena, text_slice(all, 0, (size_t)to));
}

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define JSON "Content-Type: application/json\r\n"
#define WANT_JSON "Accept: application/json\r\n"

static inline int form(struct world *world, const char *target, const char *headers,
                       const char *body)
{
    return request(world, "POST", target, text_format(world->arena, FORM "%s", headers).at,
                   text_of(body));
}

/* The cookie of somebody who has signed in, as a line of a head. */
static inline struct text comes_as(struct world *world, const char *login)
{
    assert_int_equal(form(world, "/staff/sign-in", "",
                          text_format(world->arena, "login=%s&password=correct+horse", login).at),
                     303);
    return text_format(world->arena, "Cookie: yimen_session=%.*s\r\n",
                       TEXT_ARG(between(world, "yimen_session=", ";")));
}

/* Traces so far, and the last one. */
static inline int64_t traces(struct world *world, struct look_row *last)
{
    static const struct db_sql all = {"SELECT entry, at, account, department, post, made_by, look, "
                                      "subject, persons, masked, why, from_address FROM look_trace "
                                      "WHERE region = $1 ORDER BY entry"};
    struct db_read *db = NULL;
    struct db_rows rows = {0};
    struct list told = {0};
    struct fault why = {0};
    must(db_open_reader(world->where, &db, &why) &&
             db_select(db, &all, DB_ARGS(db_int(REGION)), world->arena, &rows, &why) &&
             db_records(&look_row_shape, &rows, world->arena, &told, &why),
         &why);
    db_close_reader(db);
    *last = told.count ? ((struct look_row *)told.items)[told.count - 1] : (struct look_row){0};
    return (int64_t)told.count;
}

/* The tables are what the journal says. */
static inline void compare_world(struct world *world, const char *where)
{
    struct fault why = {0};
    struct text wrong = TEXT("");
    must(flow_compare(where, list, world->arena, NULL, &wrong, &why), &why);
    assert_int_equal(wrong.len, 0);
}

#endif
