/* The few commands whose outcome is a secret for one browser: it leaves in a cookie or is shown
 * once, and is kept nowhere. */
#include "door/parts.h"

/* From name and password to the code. */
#define SECOND "yimen_second"
/* From here to a provider and back. */
#define TRIP "yimen_trip"
/* "provider.token": by whose word the session is open, and what that house wants to be shown when one
 * signs out there. */
#define WAY "yimen_way"
#define WAY_MOST 3000 /* bytes; a longer token is left out */

bool session_signs_in(const struct command *command)
{
    return command == &identity_sign_in || command == &identity_sign_in_code ||
           command == &identity_sign_in_back;
}

static bool leads_away(const struct command *command)
{
    return command == &identity_sign_in_with || command == &identity_link_begin ||
           command == &identity_sign_out_there;
}

bool session_repeats(const struct command *command)
{
    return !session_signs_in(command) && command != &identity_totp_begin &&
           command != &identity_totp_confirm && command != &identity_password_set &&
           command != &identity_password_change && !leads_away(command) &&
           command != &identity_link_back;
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

static struct text cookie(const struct exchange *exchange, const char *plain)
{
    char room[64];
    return http_cookie(exchange->request, cookie_name(exchange->door, plain, room));
}

static struct text here(const struct exchange *exchange, const char *path)
{
    struct text origin = exchange_origin(exchange);
    return text_format(exchange->arena, "%.*s%s", TEXT_ARG(origin), path);
}

static void bring_code(struct exchange *exchange, struct sign_in_code *input)
{
    struct text part, rest = input->second = cookie(exchange, SECOND);
    /* Until, seal, the way, and the login that both steps are of. */
    if (text_cut(&rest, '.', &part) && rest.at && text_cut(&rest, '.', &part) && rest.at &&
        text_cut(&rest, '.', &part) && rest.at)
        input->in.login = rest;
    bring(exchange, &input->in);
}

/* Whoever comes back in vain finds what went wrong on the page where they began. */
static void bring_back(struct exchange *exchange, struct provider_back *input, const char *page)
{
    input->providers = exchange->door->options.providers;
    input->trip = cookie(exchange, TRIP);
    input->in.from = exchange->client;
    exchange->page = text_of(page);
}

static void bring_leave(struct exchange *exchange, struct provider_leave *input)
{
    struct text rest = cookie(exchange, WAY), key;
    input->providers = exchange->door->options.providers;
    input->back = here(exchange, "/staff/sign-in");
    if (text_cut(&rest, '.', &key) && rest.at && text_equal(key, input->provider))
        input->id_token = rest;
}

static void bring_link(struct exchange *exchange, struct link_add *input)
{
    const struct oidc_setting *setting =
        oidc_find(exchange->door->options.providers, input->provider);
    input->issuer = setting ? setting->issuer : TEXT("");
    input->claim = setting ? setting->claim : TEXT("");
}

void session_bring(struct exchange *exchange)
{
    const struct command *command = exchange->command;
    struct provider_begin *begin = exchange->input;
    if (command == &identity_sign_in)
        bring(exchange, exchange->input);
    else if (command == &identity_sign_in_code)
        bring_code(exchange, exchange->input);
    else if (command == &identity_sign_in_back)
        bring_back(exchange, exchange->input, "/staff/sign-in");
    else if (command == &identity_link_back)
        bring_back(exchange, exchange->input, "/staff/me");
    else if (command == &identity_sign_out_there)
        bring_leave(exchange, exchange->input);
    else if (command == &identity_link_add)
        bring_link(exchange, exchange->input);
    if (command != &identity_sign_in_with && command != &identity_link_begin)
        return;
    begin->providers = exchange->door->options.providers;
    begin->back = here(exchange, OIDC_BACK_PATH);
}

/* On to a provider. A form's redirect to another site is what our own policy forbids (form-action), so
 * the page that is answered goes there by itself, or by its link. */
static void lead_away(struct exchange *exchange)
{
    struct leave_page page = {.out = exchange->command == &identity_sign_out_there};
    struct text provider;
    if (page.out) {
        const struct provider_leave *input = exchange->input;
        page.url = input->url;
        provider = input->provider;
        cookie_clear(exchange, WAY);
    } else {
        const struct provider_begin *input = exchange->input;
        page.url = input->begun.url;
        provider = input->provider;
        cookie_set(exchange, TRIP, input->begun.trip, OIDC_BEGUN_MS / SECOND_MS);
    }
    const struct oidc_setting *setting = oidc_find(exchange->door->options.providers, provider);
    page.name = setting ? setting->name : provider;
    if (!answer_make(exchange, &identity_leave_look, &page, 200))
        return;
    if (!exchange->json)
        http_answer_header(exchange->request, "Refresh",
                           text_format(exchange->arena, "0; url=%.*s", TEXT_ARG(page.url)));
    answer_send(exchange);
}

/* The first step was right, and the account has a second one. */
static void first_step(struct exchange *exchange, const struct sign_in *input)
{
    cookie_set(exchange, SECOND, input->second_new, SECOND_STEP_MS / SECOND_MS);
    if (!exchange->json) {
        answer_redirect(exchange, exchange->job.location);
        return;
    }
    answer_headers(exchange);
    http_answer_header(exchange->request, "Cache-Control", TEXT("no-store"));
    http_answer(exchange->request, 200, "application/json", exchange->job.answer);
}

/* By the word that came with this request; one that came before a second step has its cookie. */
static void keep_way(struct exchange *exchange, const struct sign_in *input)
{
    const struct provider_back *back = exchange->input;
    struct text token = exchange->command == &identity_sign_in_back ? back->person.id_token
                                                                    : TEXT("");
    if (!input->way.len)
        cookie_clear(exchange, WAY);
    else if (exchange->command == &identity_sign_in_back)
        cookie_set(exchange, WAY,
                   text_format(exchange->arena, "%.*s.%.*s", TEXT_ARG(input->way),
                               token.len <= WAY_MOST ? (int)token.len : 0, token.at),
                   SESSION_ABSOLUTE_MS / SECOND_MS);
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

/* What a browser came with to sign in, whichever way. */
static const struct sign_in *brought(const struct exchange *exchange)
{
    const void *input = exchange->input;
    if (exchange->command == &identity_sign_in_code)
        return &((const struct sign_in_code *)input)->in;
    return exchange->command == &identity_sign_in_back ? &((const struct provider_back *)input)->in
                                                       : input;
}

/* Whom the session that ends was opened by, to be left too if one likes. */
static void sign_out(struct exchange *exchange)
{
    struct text rest = cookie(exchange, WAY), key;
    cookie_clear(exchange, "yimen_session");
    cookie_clear(exchange, "yimen_seen");
    exchange->stamp = TEXT("");
    if (text_cut(&rest, '.', &key) && oidc_find(exchange->door->options.providers, key))
        exchange->job.location =
            text_format(exchange->arena, "/staff/sign-in?left=%.*s", TEXT_ARG(key));
}

bool session_after(struct exchange *exchange, enum refusal *refusal)
{
    const struct command *command = exchange->command;
    if (leads_away(command)) {
        lead_away(exchange);
        return true;
    }
    if (command == &identity_sign_in_back || command == &identity_link_back)
        cookie_clear(exchange, TRIP);
    if (session_signs_in(command) && exchange->job.location.len == 0) {
        *refusal = command == &identity_sign_in ? REFUSED_PASSWORD : REFUSED_CODE;
        return false;
    }
    if (session_signs_in(command)) {
        keep_way(exchange, brought(exchange));
        if (exchange->job.index < 0)
            first_step(exchange, brought(exchange));
        else
            signed_in(exchange, brought(exchange));
        return true;
    }
    if (command == &identity_sign_out) {
        sign_out(exchange);
        return false;
    }
    if (command == &identity_token_create) {
        token_made(exchange);
        return true;
    }
    return false;
}
