/* The few commands whose outcome is a secret for one browser: it leaves in a cookie or is shown
 * once, and is kept nowhere. */
#include "door/parts.h"

/* From name and password to the code. */
#define SECOND "yimen_second"

bool session_signs_in(const struct command *command)
{
    return command == &identity_sign_in || command == &identity_sign_in_code;
}

bool session_repeats(const struct command *command)
{
    return !session_signs_in(command) && command != &identity_totp_begin &&
           command != &identity_totp_confirm && command != &identity_password_set &&
           command != &identity_password_change;
}

/* The job's answer with one more member. */
static struct text answer_with(const struct exchange *exchange, const char *name,
                               struct text value)
{
    struct buf out = {.arena = exchange->arena};
    struct text answer = exchange->job.answer;
    buf_text(&out, text_slice(answer, 0, answer.len - 1));
    buf_format(&out, ",\"%s\":", name);
    buf_json(&out, value);
    buf_char(&out, '}');
    return buf_done(&out);
}

/* The browser of each account is known by a cookie of its own: a window's computer has several. */
static const char *device_cookie(const struct exchange *exchange, const struct sign_in *input)
{
    struct text name = identity_device_name(input->login, exchange->arena);
    return text_format(exchange->arena, "yimen_device_%.*s", TEXT_ARG(name)).at;
}

static void bring(struct exchange *exchange, struct sign_in *input)
{
    char room[64];
    input->from = exchange->client;
    input->device = http_cookie(exchange->request, cookie_name(exchange->door,
                                                               device_cookie(exchange, input), room));
}

void session_bring(struct exchange *exchange)
{
    char room[64];
    if (exchange->command == &identity_sign_in)
        bring(exchange, exchange->input);
    if (exchange->command != &identity_sign_in_code)
        return;
    struct sign_in_code *input = exchange->input;
    struct text rest, part;
    input->second = http_cookie(exchange->request, cookie_name(exchange->door, SECOND, room));
    rest = input->second;
    /* Until, seal, and the login that both steps are of. */
    if (text_cut(&rest, '.', &part) && rest.at && text_cut(&rest, '.', &part) && rest.at)
        input->in.login = rest;
    bring(exchange, &input->in);
}

/* Name and password were right, and the account has a second step. */
static void first_step(struct exchange *exchange)
{
    const struct sign_in *input = exchange->input;
    cookie_set(exchange, SECOND, input->second_new, SECOND_STEP_MS / SECOND_MS);
    if (!exchange->json) {
        answer_redirect(exchange, exchange->job.location);
        return;
    }
    answer_headers(exchange);
    http_answer_header(exchange->request, "Cache-Control", TEXT("no-store"));
    http_answer(exchange->request, 200, "application/json", exchange->job.answer);
}

static void signed_in(struct exchange *exchange, const struct sign_in *input)
{
    cookie_clear(exchange, SECOND);
    cookie_set(exchange, "yimen_session", input->token, SESSION_ABSOLUTE_MS / SECOND_MS);
    cookie_set(exchange, device_cookie(exchange, input), input->device_new,
               DEVICE_MS / SECOND_MS);
    cookie_clear(exchange, "yimen_seen");
    exchange->stamp = TEXT("");
    if (!exchange->json) {
        answer_redirect(exchange, exchange->job.location);
        return;
    }
    answer_headers(exchange);
    http_answer_header(exchange->request, "Cache-Control", TEXT("no-store"));
    http_answer(exchange->request, 201, "application/json",
                answer_with(exchange, "csrf", identity_csrf(input->token, exchange->arena)));
}

#define TOKEN_ONCE                                                                                 \
    "该令牌此前已经建立，令牌内容只在建立时显示一次，本次没有新建。如当时没有记下，请撤销该令牌后重新建立。"

/* The secret of a token that this very request made; to a repetition only what became of the first. */
static void token_made(struct exchange *exchange)
{
    const struct token_create *input = exchange->input;
    bool again = exchange->job.repeated;
    int status = again ? 200 : 201;
    struct text secret = again ? TEXT("") : input->token;
    struct text said = exchange_say(exchange, again ? TEXT(TOKEN_ONCE)
                                                    : TEXT("接口令牌（只显示这一次，请妥善保存）："));
    answer_headers(exchange);
    http_answer_header(exchange->request, "Cache-Control", TEXT("no-store"));
    if (exchange->json)
        http_answer(exchange->request, status, "application/json",
                    again ? answer_with(exchange, "notice", said)
                          : answer_with(exchange, "token", input->token));
    else
        http_answer(exchange->request, status, "text/plain; charset=utf-8",
                    text_format(exchange->arena, "%.*s\n%.*s%s", TEXT_ARG(said),
                                TEXT_ARG(secret), again ? "" : "\n"));
}

bool session_after(struct exchange *exchange, enum refusal *refusal)
{
    const struct command *command = exchange->command;
    if (session_signs_in(command) && exchange->job.location.len == 0) {
        *refusal = command == &identity_sign_in ? REFUSED_PASSWORD : REFUSED_CODE;
        return false;
    }
    if (command == &identity_sign_in && exchange->job.index < 0) {
        first_step(exchange);
        return true;
    }
    if (session_signs_in(command)) {
        signed_in(exchange, command == &identity_sign_in
                                ? exchange->input
                                : &((const struct sign_in_code *)exchange->input)->in);
        return true;
    }
    if (command == &identity_sign_out) {
        cookie_clear(exchange, "yimen_session");
        cookie_clear(exchange, "yimen_seen");
        exchange->stamp = TEXT("");
        return false;
    }
    if (command == &identity_token_create) {
        token_made(exchange);
        return true;
    }
    return false;
}
