/* The door over real sockets, on both engines, with identity, files, the log and a small module. */
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

static bool apply_note(struct db *db, const struct entry_head *head, const void *body,
                       struct arena *arena, struct fault *why)
{
    (void)db, (void)head, (void)body, (void)arena, (void)why;
    return true;
}
static const struct event_kind note_kind = {
    .name = "note.made", .title = "记录", .version = 1, .shape = &note_shape, .apply = apply_note};

static enum refusal decide_note(const void *facts, const void *input, const struct context *context,
                                struct decision *out)
{
    const struct note *note = input;
    (void)facts;
    if (text_is(note->words, "closed"))
        return decision_refuse(out, REFUSED_STATE, "words", NULL);
    struct text subject = text_format(context->arena, "note:%lld", (long long)note->note_id);
    decision_emit(out, &note_kind, subject, note);
    if (note->paper.sha256.len)
        files_emit(out, &note->paper, subject, TEXT(""), false);
    out->location = text_format(context->arena, "/notes/%lld", (long long)note->note_id);
    return OK;
}
static const struct command note_command = {.name = "note.make",
                                            .title = "记录",
                                            .path = "/notes/{note_id}",
                                            .roles = ROLE_ANYONE,
                                            .input = &note_shape,
                                            .decide = decide_note};
static const struct command guarded_command = {.name = "note.guarded",
                                               .title = "内部记录",
                                               .path = "/staff/notes/{note_id}",
                                               .roles = ROLE_CLERK,
                                               .input = &note_shape,
                                               .decide = decide_note};

static enum refusal look_note(const struct look_context *context, const void *query, void *page,
                              struct fault *why)
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

static enum refusal look_kept(const struct look_context *context, const void *query, void *page,
                              struct fault *why)
{
    const struct note *asked = query;
    struct note *shown = page;
    int64_t seq, standing;
    looked_up++;
    if (!journal_moved_to(context->db, context->region, context->arena, &seq, &standing, why))
        return OK;
    shown->note_id = asked->note_id;
    shown->words = text_format(context->arena, "%lld|%lld|%.*s", (long long)seq,
                               (long long)(context->now_ms / MINUTE_MS),
                               TEXT_ARG(context->actor->display));
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

static const char note_html[] =
    "<!doctype html>\n<html lang=\"zh-CN\"><head><title>{{frame.title}}</title>\n"
    "<link rel=\"stylesheet\" href=\"{{asset \"web/yimen.css\"}}\"></head><body>\n"
    "<h1>{{note_id}}</h1>\n<p>{{words}}</p>\n"
    "{{form \"note.make\"}}\n{{field words}}{{field count}}{{file paper label \"文件\"}}\n"
    "{{submit \"记录\"}}{{end}}\n</body></html>\n";
static const struct asset note_pages[] = {
    {"note/note.html", (const unsigned char *)note_html, sizeof note_html - 1, "", "text/html"}};

static const struct command *const note_commands[] = {&note_command, &guarded_command, NULL};
static const struct event_kind *const note_events[] = {&note_kind, NULL};
static const struct look *const note_looks[] = {&note_look, &kept_look, NULL};
static const struct module note_module = {
    .name = "note", .commands = note_commands, .events = note_events, .looks = note_looks};
static const struct module *const list[] = {&identity_module, &files_module, &log_module,
                                            &note_module, NULL};

struct world {
    struct arena *arena;
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

static int64_t world_now(void *with)
{
    return __atomic_load_n(&((struct world *)with)->now_ms, __ATOMIC_RELAXED);
}

static void pass(struct world *world, int64_t ms)
{
    __atomic_add_fetch(&world->now_ms, ms, __ATOMIC_RELAXED);
}

static void must(bool good, const struct fault *why)
{
    if (!good)
        fail_msg("%s", why->why);
}

static void console(struct world *world, struct db_read *db, const struct command *command,
                    void *input, struct job *job)
{
    struct fault why = {0};
    *job = (struct job){.command = command,
                        .region = REGION,
                        .actor = {.name = TEXT("console"), .roles = ROLE_ADMINISTRATOR},
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

static void open_world(struct world *world, const char *where)
{
    static const char *const hosts[] = {"pinghu.test"};
    struct fault why = {0};
    struct db *db;
    struct db_read *reader = NULL;
    struct job job;
    *world = (struct world){.arena = arena_new(64 * 1024),
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
                                   .pages = note_pages,
                                   .page_count = 1};
    must(door_start(world->door, &options, &why), &why);
    world->port = door_port(world->door);
}

static void close_world(struct world *world)
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
static int request(struct world *world, const char *method, const char *target, const char *headers,
                   struct text body)
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

static bool says(const struct world *world, const char *words)
{
    return text_find((struct text){world->heard.bytes, world->heard.len}, text_of(words)) >= 0;
}

/* What stands between two words in the last answer. */
static struct text between(struct world *world, const char *before, const char *after)
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

static int form(struct world *world, const char *target, const char *headers, const char *body)
{
    return request(world, "POST", target, text_format(world->arena, FORM "%s", headers).at,
                   text_of(body));
}

static void looks(struct world *world)
{
    assert_int_equal(request(world, "GET", "/notes/5", "", TEXT("")), 200);
    assert_true(says(world, "<h1>5</h1>") && says(world, "&lt;b&gt;"));
    assert_true(says(world, "Content-Security-Policy: default-src 'none'"));
    assert_true(says(world, "X-Content-Type-Options: nosniff"));
    assert_int_equal(request(world, "GET", "/notes/5", WANT_JSON, TEXT("")), 200);
    assert_true(says(world, "\"note_id\":5") && says(world, "Vary: Accept"));
    assert_int_equal(request(world, "GET", "/notes/5",
                             "Accept: text/html, application/json;q=0.5\r\n", TEXT("")),
                     200);
    assert_true(says(world, "text/html"));
    assert_int_equal(request(world, "HEAD", "/notes/5", "", TEXT("")), 200);
    assert_int_equal(request(world, "GET", "/notes/five", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/notes/404", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/notes/404", WANT_JSON, TEXT("")), 404);
    assert_true(says(world, "application/problem+json") &&
                says(world, "\"type\":\"/problems/not_found\""));
    assert_int_equal(request(world, "GET", "/notes/5?colour=red", WANT_JSON, TEXT("")), 422);
    assert_true(says(world, "\"field\":\"colour\",\"code\":\"undeclared\""));
    assert_int_equal(request(world, "GET", "/notes/5?%zz", "", TEXT("")), 400);
    assert_int_equal(request(world, "GET", "/nowhere", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/notes/500", "", TEXT("")), 500);
    assert_false(says(world, "on purpose"));
    assert_int_equal(request(world, "DELETE", "/notes/5", "", TEXT("")), 405);
    assert_true(says(world, "Allow: GET, HEAD, POST, OPTIONS"));
    assert_int_equal(request(world, "OPTIONS", "/notes/5", "", TEXT("")), 204);
    assert_int_equal(request(world, "GET", "/problems/state", "", TEXT("")), 200);
    assert_int_equal(request(world, "GET", "/openapi.json", "", TEXT("")), 200);
    assert_true(says(world, "\"operationId\":\"note.make\""));
    assert_int_equal(request(world, "GET", "/healthz", "", TEXT("")), 200);
}

static void statics(struct world *world)
{
    assert_int_equal(request(world, "GET", "/notes/5", "", TEXT("")), 200);
    struct text path = between(world, "href=\"", "\"");
    assert_int_equal(request(world, "GET", text_cstr(world->arena, path),
                             "Accept-Encoding: br, gzip\r\n", TEXT("")),
                     200);
    assert_true(says(world, "immutable") && says(world, "Content-Encoding: gzip"));
    assert_int_equal(request(world, "GET", text_cstr(world->arena, path),
                             "Accept-Encoding: gzip;q=0\r\n", TEXT("")),
                     200);
    assert_false(says(world, "Content-Encoding"));
    assert_int_equal(request(world, "GET", "/assets/0123456789abcdef/web/yimen.css", "", TEXT("")),
                     404);
    assert_int_equal(request(world, "GET", "/assets/x/identity/truth.sql", "", TEXT("")), 404);
}

static void commands(struct world *world)
{
    assert_int_equal(form(world, "/notes/5", "", "words=hello&count=3"), 303);
    assert_true(says(world, "Location: /notes/5") && says(world, "yimen_notice=note.make"));
    assert_int_equal(request(world, "POST", "/notes/5", JSON, TEXT("{\"words\":\"hello\"}")), 201);
    assert_true(says(world, "\"receipt\":\"/receipts/330482/") &&
                says(world, "Location: /notes/5"));
    assert_true(says(world, "Link: </receipts/330482/"));
    struct text receipt = between(world, "\"receipt\":\"", "\"");
    assert_int_equal(request(world, "GET", text_cstr(world->arena, receipt), "", TEXT("")), 200);
    assert_true(says(world, "c2sp.org/tlog-proof@v1") && says(world, ".tlog-proof"));
    /* Every mistake in one answer. */
    assert_int_equal(request(world, "POST", "/notes/5", JSON, TEXT("{\"count\":12,\"colour\":1}")),
                     422);
    assert_true(says(world, "\"field\":\"words\",\"code\":\"missing\"") &&
                says(world, "\"field\":\"count\",\"code\":\"out_of_range\"") &&
                says(world, "\"field\":\"colour\",\"code\":\"undeclared\""));
    /* The path's parameter twice. */
    assert_int_equal(
        request(world, "POST", "/notes/5", JSON, TEXT("{\"note_id\":6,\"words\":\"a\"}")), 400);
    assert_int_equal(form(world, "/notes/5", WANT_JSON, "note_id=6&words=a"), 422);
    assert_int_equal(request(world, "POST", "/notes/x", JSON, TEXT("{\"words\":\"a\"}")), 404);
    assert_int_equal(request(world, "POST", "/notes/5", JSON, TEXT("{")), 400);
    assert_int_equal(
        request(world, "POST", "/notes/5", "Content-Type: text/xml\r\n" WANT_JSON, TEXT("<a/>")),
        415);
    assert_int_equal(request(world, "POST", "/notes/5", JSON, TEXT("{\"words\":\"closed\"}")), 409);
    /* A refused form comes back on its page, nothing typed is lost. */
    assert_int_equal(form(world, "/notes/5", "", "words=closed&count=3&_page=/notes/5"), 409);
    assert_true(says(world, "<h1>5</h1>") && says(world, "value=\"closed\"") &&
                says(world, "value=\"3\""));
    assert_int_equal(form(world, "/notes/5", "", "words=closed&_page=//evil.example/"), 409);
    assert_false(says(world, "evil"));
    /* A form from another site. */
    assert_int_equal(form(world, "/notes/5", "Origin: https://evil.example\r\n", "words=a"), 403);
    assert_int_equal(form(world, "/notes/5", "Sec-Fetch-Site: cross-site\r\n", "words=a"), 403);
    assert_int_equal(form(world, "/notes/5", "Origin: null\r\n", "words=a"), 403);
    assert_int_equal(form(world, "/notes/5", "Origin: http://pinghu.test\r\n", "words=a"), 303);
}

static void once(struct world *world)
{
    const char *key = JSON "Idempotency-Key: \"b6e1c0a4-k-1-9f2d\"\r\n";
    assert_int_equal(request(world, "POST", "/notes/7", key, TEXT("{\"words\":\"once\"}")), 201);
    struct text first = between(world, "\"index\":", ",");
    assert_int_equal(request(world, "POST", "/notes/7", key, TEXT("{\"words\":\"once\"}")), 201);
    assert_true(text_equal(first, between(world, "\"index\":", ",")));
    assert_int_equal(request(world, "POST", "/notes/7", key, TEXT("{\"words\":\"other\"}")), 422);
    assert_true(says(world, "/problems/idempotency"));
    assert_int_equal(form(world, "/notes/7", WANT_JSON, "words=once&_key=b6e1c0a4-k-2-9f2d"), 201);
    first = between(world, "\"index\":", ",");
    assert_int_equal(form(world, "/notes/7", WANT_JSON, "words=once&_key=b6e1c0a4-k-2-9f2d"), 201);
    assert_true(text_equal(first, between(world, "\"index\":", ",")));
    /* A key that a stranger could hit upon. */
    key = JSON "Idempotency-Key: \"order-000000001\"\r\n";
    assert_int_equal(request(world, "POST", "/notes/7", key, TEXT("{\"words\":\"once\"}")), 422);
    assert_true(says(world, "\"field\":\"Idempotency-Key\""));
}

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

static const char *signed_in(struct world *world)
{
    assert_int_equal(
        form(world, "/staff/sign-in", "", "login=shen&password=correct+horse&next=/notes/5"), 303);
    assert_true(says(world, "Location: /notes/5") && says(world, "HttpOnly") &&
                says(world, "SameSite=Lax"));
    struct text token = between(world, "yimen_session=", ";");
    assert_int_equal(token.len, TOKEN_CHARS);
    return text_format(world->arena, "Cookie: yimen_session=%.*s\r\n", TEXT_ARG(token)).at;
}

static void new_password(struct world *world, const char *headers, const char *old,
                          const char *new, int status)
{
    struct text body =
        text_format(world->arena, "{\"current\":\"%s\",\"password\":\"%s\",\"again\":\"%s\"}", old,
                    new, new);
    assert_int_equal(request(world, "POST", "/staff/me/password", headers, body), status);
}

static void sessions(struct world *world)
{
    assert_int_equal(request(world, "GET", "/staff/me", "", TEXT("")), 303);
    assert_true(says(world, "Location: /staff/sign-in?next=%2Fstaff%2Fme"));
    assert_int_equal(request(world, "GET", "/staff/me", WANT_JSON, TEXT("")), 401);
    assert_int_equal(form(world, "/staff/notes/5", WANT_JSON, "words=a"), 401);
    const char *cookie = signed_in(world);
    assert_int_equal(request(world, "GET", "/staff/me", cookie, TEXT("")), 200);
    struct text csrf = between(world, "name=\"_token\" value=\"", "\"");
    struct text stamp = between(world, "yimen_seen=", ";");
    assert_int_equal(request(world, "GET", "/staff/accounts", cookie, TEXT("")), 403);
    assert_int_equal(form(world, "/staff/notes/5", cookie, "words=a"), 403);
    assert_int_equal(form(world, "/staff/notes/5", cookie,
                          text_format(world->arena, "words=a&_token=%.*s", TEXT_ARG(csrf)).at),
                     303);
    const char *json = text_format(world->arena, JSON "%s", cookie).at;
    assert_int_equal(request(world, "POST", "/staff/notes/5", json, TEXT("{\"words\":\"a\"}")),
                     403);
    json = text_format(world->arena, "%sX-CSRF-Token: %.*s\r\n", json, TEXT_ARG(csrf)).at;
    assert_int_equal(request(world, "POST", "/staff/notes/5", json, TEXT("{\"words\":\"a\"}")),
                     201);
    /* Signed in, a key is one's own; but a second password under it is no repetition. */
    const char *keyed = text_format(world->arena, "%sIdempotency-Key: k\r\n", json).at;
    assert_int_equal(request(world, "POST", "/staff/notes/5", keyed, TEXT("{\"words\":\"a\"}")),
                     201);
    new_password(world, keyed, "correct horse", "other horses", 201);
    new_password(world, keyed, "correct horse", "third horses", 403);
    new_password(world, keyed, "other horses", "correct horse", 201);
    /* Idle too long; with a stamp of use in between it lives on. */
    pass(world, 20 * MINUTE_MS);
    const char *both = text_format(world->arena, "Cookie: %.*s; yimen_seen=%.*s\r\n",
                                   (int)strlen(cookie) - 10, cookie + 8, TEXT_ARG(stamp))
                           .at;
    assert_int_equal(request(world, "GET", "/staff/me", both, TEXT("")), 200);
    struct text later = between(world, "yimen_seen=", ";");
    pass(world, 20 * MINUTE_MS);
    assert_int_equal(request(world, "GET", "/staff/me", WANT_JSON, TEXT("")), 401);
    const char *old = text_format(world->arena, WANT_JSON "%s", both).at;
    assert_int_equal(request(world, "GET", "/staff/me", old, TEXT("")), 401);
    both = text_format(world->arena, WANT_JSON "Cookie: %.*s; yimen_seen=%.*s\r\n",
                       (int)strlen(cookie) - 10, cookie + 8, TEXT_ARG(later))
               .at;
    assert_int_equal(request(world, "GET", "/staff/me", both, TEXT("")), 200);
    /* A forged stamp does not count. */
    both = text_format(world->arena, WANT_JSON "Cookie: %.*s; yimen_seen=99999999.%.*s\r\n",
                       (int)strlen(cookie) - 10, cookie + 8, 43, later.at + later.len - 43)
               .at;
    assert_int_equal(request(world, "GET", "/staff/me", both, TEXT("")), 401);
    /* Signed out means out. */
    cookie = signed_in(world);
    assert_int_equal(request(world, "GET", "/staff/me", cookie, TEXT("")), 200);
    csrf = between(world, "name=\"_token\" value=\"", "\"");
    assert_int_equal(form(world, "/staff/sign-out", cookie,
                          text_format(world->arena, "_token=%.*s", TEXT_ARG(csrf)).at),
                     303);
    assert_int_equal(request(world, "GET", "/staff/me",
                             text_format(world->arena, WANT_JSON "%s", cookie).at, TEXT("")),
                     401);
}

/* Asks often enough to meet every loop; each must say the words, as JSON and as a page. */
static void all_say(struct world *world, const char *target, const char *headers,
                    const char *words)
{
    const char *json = text_format(world->arena, WANT_JSON "%s", headers).at;
    for (int i = 0; i < 12; i++) {
        assert_int_equal(request(world, "GET", target, i % 3 ? json : headers, TEXT("")), 200);
        if (!says(world, words))
            fail_msg("%s does not say %s", target, words);
    }
}

static const char *kept_words(struct world *world, int64_t seq, const char *display)
{
    return text_format(world->arena, "%lld|%lld|%s", (long long)seq,
                       (long long)(world_now(world) / MINUTE_MS), display)
        .at;
}

/* A page that is kept is shown to nobody else, for nothing else, and not once anything moved. */
static void kept(struct world *world)
{
    const char *cookie = signed_in(world);
    assert_int_equal(request(world, "POST", "/notes/5", JSON, TEXT("{\"words\":\"a\"}")), 201);
    int64_t seq;
    assert_true(text_int(between(world, "\"index\":", ","), &seq));
    int64_t before = looked_up;
    all_say(world, "/kept/5", "", kept_words(world, ++seq, ""));
    all_say(world, "/kept/5", "", kept_words(world, seq, ""));
    assert_true(looked_up - before <= THREADS);
    all_say(world, "/kept/6", "", "6");
    all_say(world, "/kept/5", cookie, kept_words(world, seq, "沈"));
    for (int i = 0; i < 12; i++) {
        assert_int_equal(request(world, "GET", "/kept/5", WANT_JSON, TEXT("")), 200);
        assert_false(says(world, "沈"));
    }
    assert_int_equal(request(world, "GET", "/kept/404", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/kept/404", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/kept/five", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/kept/5?colour=red", "", TEXT("")), 422);
    pass(world, MINUTE_MS);
    all_say(world, "/kept/5", "", kept_words(world, seq, ""));
    assert_int_equal(request(world, "POST", "/notes/5", JSON, TEXT("{\"words\":\"b\"}")), 201);
    all_say(world, "/kept/5", "", kept_words(world, seq + 1, ""));
}

/* What is no session or token of anybody must not pass for an applicant. */
static void ended(struct world *world)
{
    const char *cookie = signed_in(world);
    assert_int_equal(request(world, "GET", "/staff/me", cookie, TEXT("")), 200);
    struct text csrf = between(world, "name=\"_token\" value=\"", "\"");
    struct text typed = text_format(world->arena, "words=a&_token=%.*s", TEXT_ARG(csrf));
    assert_int_equal(form(world, "/notes/5", cookie, typed.at), 303);
    assert_int_equal(form(world, "/staff/sign-out", cookie, typed.at + strlen("words=a&")), 303);
    assert_int_equal(form(world, "/notes/5", cookie, typed.at), 403);
    assert_int_equal(form(world, "/notes/5", "", "words=a&_token="), 303);
    const char *bearer = JSON "Authorization: Bearer 0123456789012345678901234567890123456789012\r\n";
    assert_int_equal(request(world, "POST", "/notes/5", bearer, TEXT("{\"words\":\"a\"}")), 401);
    assert_true(says(world, "WWW-Authenticate: Bearer"));
    assert_int_equal(request(world, "GET", "/notes/5", bearer, TEXT("")), 401);
}

static void guessing(struct world *world)
{
    for (int i = 0; i < SIGN_IN_FAILURES; i++)
        assert_int_equal(
            form(world, "/staff/sign-in", WANT_JSON, "login=Shen&password=wrong+horse"), 403);
    assert_true(says(world, "/problems/password"));
    assert_int_equal(form(world, "/staff/sign-in", WANT_JSON, "login=shen&password=correct+horse"),
                     429);
    pass(world, 16 * MINUTE_MS);
    assert_int_equal(form(world, "/staff/sign-in", WANT_JSON, "login=shen&password=correct+horse"),
                     201);
    assert_true(says(world, "\"csrf\":\""));
    assert_false(says(world, "correct horse"));
}

static void the_log(struct world *world)
{
    assert_int_equal(request(world, "GET", "/log/330482/checkpoint", "", TEXT("")), 200);
    assert_true(says(world, "\r\n\r\nyimen.example/log/330482\n"));
    assert_int_equal(request(world, "GET", "/log/330482/vkey", "", TEXT("")), 200);
    assert_true(says(world, "yimen.example/log/330482+"));
    assert_int_equal(request(world, "GET", "/log/330482/tile/0/000.p/1", "", TEXT("")), 200);
    assert_true(says(world, "Content-Length: 32\r\n") && says(world, "immutable"));
    assert_int_equal(request(world, "GET", "/log/330482/tile/entries/000.p/1", "", TEXT("")), 200);
    assert_int_equal(request(world, "GET", "/log/330482/tile/0/000", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/log/330482/tile/0/1", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/log/110101/checkpoint", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/log/110101/vkey", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/receipts/330482/999999", "", TEXT("")), 404);
}

static void whole_day(const char *where)
{
    struct world world;
    struct fault why = {0};
    struct text wrong = TEXT("");
    open_world(&world, where);
    looks(&world);
    statics(&world);
    commands(&world);
    once(&world);
    uploads(&world);
    sessions(&world);
    ended(&world);
    kept(&world);
    guessing(&world);
    the_log(&world);
    must(flow_compare(where, list, world.arena, NULL, &wrong, &why), &why);
    assert_int_equal(wrong.len, 0);
    close_world(&world);
}

static void on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(whole_day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(on_both_engines)};
    return cmocka_run_group_tests_name("door", tests, NULL, NULL);
}
