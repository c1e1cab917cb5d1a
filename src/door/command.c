/* Commands: POST. Checked, read, prepared on a helper thread where that is slow, queued to the
 * region's writer; the request sleeps until the batch is on disk. */
#include "door/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"

#define COMMAND_BODY (64 * 1024) /* bytes, where the list says nothing else */
#define KEY_LEAST 16             /* characters of an unsigned request's idempotency key */
#define LOOK_BODY (512 * 1024)   /* of a look asked by POST: a receipt, percent-encoded */

/* What a file's sender says it will be; chunks may be as many as are taken at all. */
static int64_t declared(const struct http_request *request)
{
    int64_t length;
    struct text said = http_header(request, "content-length");
    return said.len && text_int(said, &length) ? length : FILES_LIMIT;
}

/* Nobody streams a file here whom the list's column, or the command's own word on the path, keeps out:
 * a disk must not fill with what is refused afterwards. */
static bool turned_away(struct door *door, const struct match *match,
                        const struct http_request *request)
{
    struct http_request *mine = (struct http_request *)request; /* its arena and its loop's reader */
    struct exchange *exchange = arena_alloc(http_arena(mine), sizeof *exchange);
    struct fault why = {0};
    exchange->door = door;
    exchange->request = mine;
    exchange->arena = http_arena(mine);
    exchange->reader = http_loop_context(mine);
    exchange->match = *match;
    bool admitted = exchange_peek(exchange) && !input_admit(exchange, &why) && !why.why[0];
    guard_end(exchange, KEY_UNTOLD); /* whoever is turned away is told, and counted, when answered */
    if (!admitted)
        return true;
    return !exchange->actor.account &&
           !limits_take(door->limits, LIMIT_UPLOADED, exchange->client, declared(request),
                        time_monotonic());
}

struct http_plan command_plan(const struct http_request *request, void *context)
{
    struct door *door = context;
    struct match match;
    struct http_plan plan = {.body_limit = COMMAND_BODY, .field_limit = COMMAND_BODY};
    if (http_method(request) != HTTP_POST ||
        !routes_match(door->routes, http_path(request), &match))
        return plan;
    if (!match.command) {
        if (match.look && match.look->by_post)
            plan.body_limit = LOOK_BODY;
        return plan;
    }
    const struct command *command = match.command;
    struct text type = http_header(request, "content-type");
    plan.to_disk = text_starts(type, TEXT("multipart/"));
    if (command->body_limit)
        plan.body_limit = plan.field_limit = command->body_limit;
    plan.turn_away = plan.to_disk && turned_away(door, &match, request);
    if (shape_takes_upload(command->input) && plan.to_disk) {
        plan.field_limit = command->body_limit ? command->body_limit : COMMAND_BODY;
        plan.body_limit = FILES_LIMIT + plan.field_limit;
    }
    return plan;
}

/* A refusal goes back to the page its form was on, with everything typed and everything wrong. */
static bool show_page_again(struct exchange *exchange, enum refusal refusal)
{
    struct text rest = exchange->page, raw, path, query = TEXT("");
    struct match match;
    struct served served;
    struct fault why = {0};
    struct problems problems = exchange->problems;
    void *page = NULL;
    if (exchange->json || !exchange->page.len || !text_cut(&rest, '?', &raw))
        return false;
    if (rest.at)
        query = rest;
    if (!page_path_decode(raw, exchange->arena, &path) ||
        !routes_match(exchange->door->routes, path, &match) || !match.look || match.look->serve)
        return false;
    enum refusal look = look_run(exchange, match.look, &match, query, &page, &served, &why);
    exchange->problems = problems;
    if (look || why.why[0])
        return false;
    answer_look(exchange, match.look, page, refusal_text(refusal)->status);
    return true;
}

/* The page that shows the thing a command is about: above the form's own, above the list it is in. */
static struct text page_above(struct exchange *exchange, struct text path)
{
    struct text route = text_of(exchange->command->path), up = path;
    struct match match;
    bool in_list = route.len && route.at[route.len - 1] == '}';
    for (int cut = 0; up.len > 1; cut++) {
        while (up.len > 0 && up.at[up.len - 1] != '/')
            up.len--;
        up.len -= up.len > 0;
        if (cut >= in_list && routes_match(exchange->door->routes, up, &match) && match.look)
            return up;
    }
    return TEXT("/");
}

/* Somebody else was first, or the time is over: nothing that could be typed there would help, so the
 * form's page, if it is there for nothing else, is of no more use. */
static bool moved_on(struct exchange *exchange, enum refusal refusal)
{
    struct text raw, path, rest = exchange->page;
    struct match match;
    if (refusal != REFUSED_STATE && refusal != REFUSED_STALE && refusal != REFUSED_ONCE &&
        refusal != REFUSED_TOO_LATE)
        return false;
    for (size_t i = 0; i < exchange->problems.count; i++)
        if (exchange->problems.items[i].field.len)
            return false;
    if (exchange->json || !exchange->page.len || !text_cut(&rest, '?', &raw) ||
        !page_path_decode(raw, exchange->arena, &path) ||
        !routes_match(exchange->door->routes, path, &match) || !match.look ||
        strcmp(match.look->path, exchange->command->path) != 0)
        return false;
    answer_moved_on(exchange, refusal, page_above(exchange, path));
    return true;
}

static void refuse(struct exchange *exchange, enum refusal refusal)
{
    bool key_wrong = refusal == REFUSED_NOT_FOUND && exchange->command->guards;
    if (exchange->problems.count == 0) {
        const struct refusal_text *words = refusal_text(refusal);
        problem_add(&exchange->problems, exchange->arena, TEXT(""), refusal,
                    text_format(exchange->arena, "%s。%s", words->title, words->remedy));
    }
    answer_wait(exchange);
    /* The form's page needs the same key: it would count twice. */
    if (key_wrong || (!moved_on(exchange, refusal) && !show_page_again(exchange, refusal)))
        answer_refusal(exchange, refusal);
}

static void answer_done(struct exchange *exchange)
{
    const struct job *job = &exchange->job;
    struct http_request *request = exchange->request;
    if (!exchange->json) {
        struct text location = job->location.len    ? job->location
                               : exchange->page.len ? exchange->page
                                                    : TEXT("/");
        struct text notice = text_of(exchange->command->name);
        if (job->index >= 0)
            notice = text_format(exchange->arena, "%s:%lld", exchange->command->name,
                                 (long long)job->index);
        cookie_set(exchange, "yimen_notice", notice, 60);
        answer_redirect(exchange, location);
        return;
    }
    answer_headers(exchange);
    http_answer_header(request, "Cache-Control", TEXT("no-store"));
    if (job->location.len)
        http_answer_header(request, "Location", job->location);
    if (job->index >= 0)
        http_answer_header(request, "Link",
                           text_format(exchange->arena,
                                       "</receipts/%06lld/%lld>; rel=\"related\"; "
                                       "type=\"text/plain\"; title=\"receipt\"",
                                       (long long)job->region, (long long)job->index));
    http_answer(request, job->index >= 0 ? 201 : 200, "application/json", job->answer);
}

/* A name and password that do not match: the address that tried them is counted. */
static void refuse_after(struct exchange *exchange, enum refusal refusal)
{
    if (session_signs_in(exchange->command))
        limits_take(exchange->door->limits, LIMIT_FAILURES, exchange->client, 1, time_monotonic());
    refuse(exchange, refusal);
}

static enum key_told told_by(const struct job *job)
{
    if (job->end == JOB_DONE)
        return KEY_RIGHT;
    return job->end == JOB_REFUSED && job->refusal == REFUSED_NOT_FOUND ? KEY_WRONG : KEY_UNTOLD;
}

/* Back on the loop, the batch is on disk. */
static void resume(struct http_request *request, void *with)
{
    struct exchange *exchange = with;
    struct job *job = &exchange->job;
    enum refusal refusal = job->refusal;
    (void)request;
    exchange->problems = job->problems;
    exchange->wait_ms = job->wait_ms;
    exchange->away = job->away;
    /* Of a command that a lost database took along nobody knows: its files stay. */
    input_settle(exchange, job->end == JOB_DONE || job->away);
    guard_end(exchange, told_by(job));
    if (job->end == JOB_FAULT)
        answer_fault(exchange, &job->fault);
    else if (job->end == JOB_REFUSED)
        refuse(exchange, refusal);
    else if (session_after(exchange, &refusal))
        return;
    else if (refusal)
        refuse_after(exchange, refusal);
    else
        answer_done(exchange);
}

/* On the writer's thread; door_ring wakes all of a batch at once. */
void command_ended(struct job *job)
{
    struct exchange *exchange = job->context;
    struct door *door = exchange->door;
    if (door->ended_count == door->ended_room) {
        door->ended_room = door->ended_room * 2 + 64;
        door->ended = realloc(door->ended, door->ended_room * sizeof(struct http_request *));
        if (!door->ended)
            abort();
    }
    door->ended[door->ended_count++] = exchange->request;
}

/* The header's key may be written as a structured string, in quotes. */
static struct text idempotency_key(const struct exchange *exchange)
{
    struct text key = http_header(exchange->request, "idempotency-key");
    if (key.len == 0)
        key = pair_value(&exchange->sent, TEXT("_key"), NULL);
    if (key.len >= 2 && key.at[0] == '"' && key.at[key.len - 1] == '"')
        key = text_slice(key, 1, key.len - 1);
    return key;
}

/* All who are not signed in are one actor: whoever sent a stranger's key with the same input would be
 * given that stranger's answer, and with it the query code. So theirs must be hard to hit upon. */
static bool key_good(struct text key, const struct actor *actor)
{
    if (key.len && key.len < KEY_LEAST && !actor->account)
        return false;
    for (size_t i = 0; i < key.len; i++)
        if (key.at[i] < 0x21 || key.at[i] > 0x7e)
            return false;
    return key.len <= 200;
}

static void submit(struct exchange *exchange)
{
    struct job *job = &exchange->job;
    const struct command *command = exchange->command;
    enum refusal refusal = guard_begin(exchange, command->guards, command->input, exchange->input);
    if (refusal) {
        input_settle(exchange, false);
        refuse(exchange, refusal);
        return;
    }
    *job = (struct job){.command = command,
                        .region = exchange->region->region,
                        .actor = exchange->actor,
                        .input = exchange->input,
                        .arena = exchange->arena,
                        .done = command_ended,
                        .context = exchange};
    if (session_repeats(exchange->command))
        job->idempotency_key = idempotency_key(exchange);
    random_bytes(job->luck, sizeof job->luck);
    http_park(exchange->request, resume, exchange);
    flow_submit(exchange->door->options.flow, job);
}

static bool prepare(struct exchange *exchange, struct reader *reader)
{
    struct context context = {.region = exchange->region->region,
                              .now_ms = exchange->now_ms,
                              .actor = &exchange->actor,
                              .arena = exchange->arena};
    exchange->fault = (struct fault){0};
    return flow_facts_get(reader->facts, reader->db, context.region, &context.standing,
                          &context.standing_count, &exchange->fault) &&
           exchange->command->prepare(reader->db, &context, exchange->input, &exchange->fault);
}

/* On a helper thread: files, then the command's own preparation with a connection of its own. */
static void help(void *with)
{
    struct exchange *exchange = with;
    if (!input_files(exchange, &exchange->fault) || exchange->problems.count ||
        !exchange->command->prepare)
        return;
    struct reader *reader = reader_take(exchange->door, &exchange->fault);
    exchange->away = !reader;
    if (!reader)
        return;
    bool good = prepare(exchange, reader);
    if (!good) {
        /* A connection that broke is replaced once; a real fault comes again. */
        struct fault again = {0};
        exchange->away = !reader_reopen(exchange->door, reader, &again);
        good = !exchange->away && prepare(exchange, reader);
    }
    if (good)
        reader_give(exchange->door, reader);
    else
        reader_free(reader);
}

static void helped(struct http_request *request, void *with)
{
    struct exchange *exchange = with;
    (void)request;
    if (exchange->hashing)
        limits_give(exchange->door->limits, LIMIT_HASHING, exchange->client, 1, time_monotonic());
    if (exchange->fault.why[0] || exchange->problems.count)
        input_settle(exchange, false);
    if (exchange->fault.why[0])
        answer_fault(exchange, &exchange->fault);
    else if (exchange->problems.count)
        refuse(exchange, exchange->problems.items[0].code);
    else
        submit(exchange);
}

/* Forms with a session need its token; JSON with a session needs it in a header. A bearer token is
 * never sent by a browser of itself. What has neither must come from a page of this site. */
static bool token_holds(const struct exchange *exchange)
{
    if (exchange->actor.account && exchange->brought.bearer.len)
        return true;
    if (!same_origin(exchange->request))
        return false;
    if (session_signs_in(exchange->command))
        return true;
    struct text token = exchange->from_json
                            ? http_header(exchange->request, "x-csrf-token")
                            : pair_value(&exchange->sent, TEXT("_token"), NULL);
    /* A token without its session: the session has ended since, and what a clerk filled in must not
     * pass for an applicant's own. */
    if (exchange->actor.session.len == 0)
        return token.len == 0;
    return identity_csrf_holds(exchange->brought.session, token);
}

/* One address has had its share; message says what to do. */
static void answer_limited(struct exchange *exchange, const char *message, const char *wait_s)
{
    exchange->problems = (struct problems){0};
    problem_add(&exchange->problems, exchange->arena, TEXT(""), REFUSED_TOO_MANY, text_of(message));
    http_answer_header(exchange->request, "Retry-After", text_of(wait_s));
    refuse(exchange, REFUSED_TOO_MANY);
}

/* Its body was not taken: says why. */
static void refuse_unread(struct exchange *exchange)
{
    struct fault why = {0};
    enum refusal refusal = input_admit(exchange, &why);
    guard_end(exchange, refusal == REFUSED_NOT_FOUND ? KEY_WRONG : KEY_UNTOLD);
    if (!refusal && !why.why[0] && !exchange->actor.account &&
        !limits_has_room(exchange->door->limits, LIMIT_UPLOADED, exchange->client,
                         declared(exchange->request), time_monotonic())) {
        answer_limited(exchange,
                       "从您所在的网络今天上传的文件已达上限，本次没有上传。请减小文件，明天再传，"
                       "或将纸质材料带到窗口提交。",
                       "86400");
        return;
    }
    if (!refusal && !why.why[0])
        fault_set(&why, "an upload could not be looked at when it came");
    exchange->away = !refusal;
    if (refusal)
        refuse(exchange, refusal);
    else
        answer_fault(exchange, &why);
}

/* Passwords are checked, and providers asked, for so many at a time, of one address for fewer: who
 * floods the house with them fills the own share of the line. */
static void prepare_later(struct exchange *exchange)
{
    struct limits *limits = exchange->door->limits;
    int64_t now_ms = time_monotonic();
    if (session_signs_in(exchange->command) &&
        !limits_has_room(limits, LIMIT_FAILURES, exchange->client, 1, now_ms)) {
        answer_limited(exchange,
                       "从您所在的网络登录失败的次数过多，请15分钟后再试，或换一个网络登录。", "900");
        return;
    }
    bool (*offer)(struct http_request *request, void (*work)(void *with),
                  void (*resume)(struct http_request *request, void *with), void *with) =
        exchange->command->outside ? http_work_outside : http_work_hard;
    exchange->hashing = limits_take(limits, LIMIT_HASHING, exchange->client, 1, now_ms);
    if (exchange->hashing && offer(exchange->request, help, helped, exchange))
        return;
    if (exchange->hashing)
        limits_give(limits, LIMIT_HASHING, exchange->client, 1, now_ms);
    exchange->hashing = false;
    answer_limited(exchange, "同时办理的人较多，这次没有办成，请稍后再试。", "5");
}

/* What anybody may begin, one address may begin so often. */
static bool begins_too_much(struct exchange *exchange)
{
    if (!exchange->command->begins || exchange->actor.account || exchange->problems.count ||
        limits_take(exchange->door->limits, LIMIT_BEGUN, exchange->client, 1, time_monotonic()))
        return false;
    answer_limited(exchange,
                   "从您所在的网络一小时内开始的申请过多。请继续填写已经开始的申请，一小时后再试，"
                   "或到窗口办理。",
                   "3600");
    return true;
}

void command_handle(struct exchange *exchange)
{
    exchange->command = exchange->match.command;
    const struct command *command = exchange->command;
    /* Answers in the kind of what was sent unless something else is asked for. */
    enum refusal refusal = gate_refusal(exchange, command->name, command->roles, true);
    if (refusal) {
        answer_refusal(exchange, refusal);
        return;
    }
    if (http_turned_away(exchange->request)) {
        refuse_unread(exchange);
        return;
    }
    refusal = input_read(exchange);
    if (!token_holds(exchange)) {
        exchange->problems = (struct problems){0};
        refuse(exchange, REFUSED_TOKEN);
        return;
    }
    if (refusal) {
        answer_refusal(exchange, refusal);
        return;
    }
    if (exchange->problems.count == 0 && !key_good(idempotency_key(exchange), &exchange->actor))
        problem_add(&exchange->problems, exchange->arena, TEXT("Idempotency-Key"),
                    REFUSED_MALFORMED,
                    TEXT("幂等键应为不超过200个可见的 ASCII 字符；未登录时应为随机生成的16个以上字符。"));
    if (begins_too_much(exchange))
        return;
    session_bring(exchange);
    if (exchange->slot_count)
        http_work(exchange->request, help, helped, exchange);
    else if (exchange->problems.count)
        refuse(exchange, exchange->problems.items[0].code);
    else if (!command->prepare)
        submit(exchange);
    else
        prepare_later(exchange);
}
