/* What leaves: pages, JSON, problems, redirects, bytes. Every answer carries the same few headers. */
#include "door/parts.h"

#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "files/files.h"

static const char *const headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
     "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Permissions-Policy",
     "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
     "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

#define HSTS_NAME "Strict-Transport-Security"
#define HSTS_VALUE "max-age=31536000; includeSubDomains"

const char *answer_fields(bool behind_tls, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        buf_format(&out, "%s: %s\r\n", headers[i][0], headers[i][1]);
    if (behind_tls)
        buf_str(&out, HSTS_NAME ": " HSTS_VALUE "\r\n");
    return text_cstr(arena, buf_done(&out));
}

void answer_headers(struct exchange *exchange)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        http_answer_header(exchange->request, headers[i][0], text_of(headers[i][1]));
    if (exchange->door->options.behind_tls)
        http_answer_header(exchange->request, HSTS_NAME, TEXT(HSTS_VALUE));
    if (exchange->stamp.len)
        cookie_set(exchange, "yimen_seen", exchange->stamp, -1);
}

static void vary(struct exchange *exchange)
{
    http_answer_header(exchange->request, "Vary", 
                       TEXT("Accept, Accept-Language, Cookie, Authorization"));
    http_answer_header(exchange->request, "Cache-Control", TEXT("no-store"));
    language_headers(exchange);
    display_headers(exchange);
}

static bool staff_path(const struct exchange *exchange)
{
    struct text path = http_path(exchange->request);
    return text_is(path, "/staff") || text_starts(path, TEXT("/staff/"));
}

/* Where the visitor reached us: the server has seen that the host is well formed. */
struct text exchange_origin(const struct exchange *exchange)
{
    struct text host = http_header(exchange->request, "host");
    if (!host.len)
        return host;
    return text_format(exchange->arena, "%s://%.*s",
                       exchange->door->options.behind_tls ? "https" : "http", TEXT_ARG(host));
}

static struct frame frame_of(const struct exchange *exchange, struct text title)
{
    unsigned char key[16];
    random_bytes(key, sizeof key);
    return (struct frame){
        .title = title,
        .path = exchange->page.len
                    ? exchange->page
                    : target_plain(http_target(exchange->request), exchange->arena),
        .origin = exchange_origin(exchange),
        .signed_in = exchange->actor.display,
        .staff = staff_path(exchange),
        .registers = exchange->actor.roles & ROLE_CLERK,
        .sees_looks = exchange->actor.roles & TRACE_AUDITORS,
        .sees_cases = exchange->actor.roles & ROLE_WORK,
        .sees_catalogue = exchange->actor.roles & (ROLE_WORK | ROLE_ADMINISTRATOR),
        .sees_accounts = exchange->actor.roles & (ROLE_MANAGER | ROLE_SUPERVISOR | ROLE_THREE),
        .sees_grants = exchange->actor.roles & (ROLE_HEAD | ROLE_MANAGER | ROLE_SUPERVISOR |
                                                ROLE_SECURITY | ROLE_AUDITOR),
        .csrf = identity_csrf(exchange->actor.session.len ? exchange->brought.session : TEXT(""),
                              exchange->arena),
        .form_key = text_hex(exchange->arena, key, sizeof key),
        .now_ms = exchange->now_ms,
        .place = exchange->region->place,
        .notice = exchange->notice,
        .receipt = exchange->receipt,
        .display = exchange->display,
        .worded = exchange_worded(exchange),
    };
}

static struct text title_of(const struct look *look, const void *page)
{
    const struct field *field = shape_field(look->page, TEXT("title"));
    if (field && field->type == FIELD_TEXT) {
        struct text title = *(const struct text *)(const void *)((const char *)page + field->offset);
        if (title.len)
            return title;
    }
    return text_of(look->title);
}

bool answer_make(struct exchange *exchange, const struct look *look, const void *page, int status)
{
    struct buf out = {.arena = exchange->arena};
    struct fault why = {0};
    exchange->media_type = "application/json";
    exchange->status = status;
    if (exchange->json) {
        if (exchange->kept)
            buf_text(&out, kept_json(exchange->kept, look->page, page));
        else
            shape_to_answer(look->page, page, &out);
    } else {
        struct frame frame = frame_of(exchange, title_of(look, page));
        if (look->live && status == 200)
            frame.live = text_format(exchange->arena, "%lld", (long long)exchange->position);
        if (status == 200)
            frame.table = table_address(exchange, look, page);
        else {
            frame.submitted = exchange->command->name;
            frame.sent = &exchange->sent;
            frame.problems = &exchange->problems;
        }
        exchange->media_type = "text/html; charset=utf-8";
        if (!view_render(exchange->door->views[exchange->language], look->template, look->page,
                         page, &frame, &out, &why)) {
            answer_fault(exchange, &why);
            return false;
        }
    }
    exchange->body = buf_done(&out);
    return true;
}

void answer_send(struct exchange *exchange)
{
    if (exchange->served) {
        answer_served(exchange, exchange->served);
        return;
    }
    answer_headers(exchange);
    vary(exchange);
    if (exchange->notice.len && !exchange->json)
        cookie_clear(exchange, "yimen_notice");
    http_answer(exchange->request, exchange->status, exchange->media_type, exchange->body);
}

static void problem_json(struct exchange *exchange, const struct refusal_text *words,
                         struct buf *out)
{
    buf_format(out, "{\"type\":\"/problems/%s\",\"title\":", words->name);
    buf_json(out, exchange_say(exchange, text_of(words->title)));
    buf_format(out, ",\"status\":%d,\"detail\":", words->status);
    buf_json(out, exchange_say(exchange, exchange->problems.count == 1
                                             ? exchange->problems.items[0].message
                                             : text_of(words->remedy)));
    buf_str(out, ",\"errors\":[");
    for (size_t i = 0; i < exchange->problems.count; i++) {
        const struct problem *problem = &exchange->problems.items[i];
        if (i)
            buf_char(out, ',');
        buf_str(out, "{\"field\":");
        buf_json(out, problem->field);
        buf_format(out, ",\"code\":\"%s\",\"message\":", refusal_text(problem->code)->name);
        buf_json(out, exchange_say(exchange, problem->message));
        buf_char(out, '}');
    }
    buf_str(out, "]}");
}

static bool problem_html(struct exchange *exchange, struct problem_page *page, struct buf *out,
                         struct fault *why)
{
    struct frame frame = frame_of(exchange, page->title);
    bool staff = frame.staff && exchange->actor.account;
    frame.staff = staff;
    if (!page->back.len) {
        page->back = path_is_ours(exchange->page) ? exchange->page
                     : staff                      ? TEXT("/staff")
                                                  : TEXT("");
        page->back_name =
            exchange->page.len ? TEXT("返回上一页") : staff ? TEXT("返回工作台") : TEXT("");
    }
    const char *template = staff ? "view/problem_staff.html" : "view/problem.html";
    return view_render(exchange->door->views[exchange->language], template, &problem_page_shape,
                       page, &frame, out, why);
}

static struct problem_page page_of_refusal(const struct exchange *exchange,
                                           const struct refusal_text *words)
{
    struct problem_page page = {.title = text_of(words->title), .remedy = text_of(words->remedy)};
    struct text *lines = arena_array(exchange->arena, exchange->problems.count, sizeof *lines);
    for (size_t i = 0; i < exchange->problems.count; i++)
        lines[i] = exchange->problems.items[i].message;
    page.problems = (struct list){lines, exchange->problems.count};
    if (exchange->problems.count == 1) {
        page.what = lines[0];
        page.problems.count = 0;
        /* A message often ends with what to do; once is enough. */
        if (text_find(page.what, page.remedy) >= 0)
            page.remedy = TEXT("");
    }
    return page;
}

static void refuse_in_html(struct exchange *exchange, const struct refusal_text *words,
                           struct problem_page *page, struct buf *out)
{
    struct fault why = {0};
    if (problem_html(exchange, page, out, &why))
        return;
    log_line(LOG_ERROR, "door.page", "%s", why.why);
    buf_text(out, exchange_say(exchange, text_of(words->title)));
}

void answer_moved_on(struct exchange *exchange, enum refusal refusal, struct text now_at)
{
    const struct refusal_text *words = refusal_text(refusal);
    const struct shape *shape = exchange->command->input;
    struct buf out = {.arena = exchange->arena};
    struct problem_page page = page_of_refusal(exchange, words);
    struct typed_view *typed = arena_array(exchange->arena, shape->count, sizeof *typed);
    page.typed.items = typed;
    page.back = now_at;
    page.back_name = TEXT("查看最新情况");
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        struct text value = pair_value(&exchange->sent, text_of(field->name), NULL);
        /* Choices are quickly made again; words are not quickly written again. */
        if (field->type == FIELD_TEXT && !(field->flags & FIELD_SECRET) && value.len)
            typed[page.typed.count++] = (struct typed_view){text_of(field->label), value};
    }
    refuse_in_html(exchange, words, &page, &out);
    answer_headers(exchange);
    vary(exchange);
    http_answer(exchange->request, words->status, "text/html; charset=utf-8", buf_done(&out));
}

void answer_refusal(struct exchange *exchange, enum refusal refusal)
{
    const struct refusal_text *words = refusal_text(refusal);
    struct buf out = {.arena = exchange->arena};
    if (refusal == REFUSED_SIGN_IN)
        http_answer_header(exchange->request, "WWW-Authenticate", TEXT("Bearer"));
    if (exchange->json) {
        problem_json(exchange, words, &out);
    } else {
        struct problem_page page = page_of_refusal(exchange, words);
        refuse_in_html(exchange, words, &page, &out);
    }
    answer_headers(exchange);
    vary(exchange);
    http_answer(exchange->request, words->status,
                exchange->json ? "application/problem+json" : "text/html; charset=utf-8",
                buf_done(&out));
}

void answer_fault(struct exchange *exchange, const struct fault *why)
{
    unsigned char seed[8];
    struct buf out = {.arena = exchange->arena};
    struct fault again = {0};
    random_bytes(seed, sizeof seed);
    struct text key = random_code(exchange->arena, seed, sizeof seed);
    int status = exchange->away ? 503 : 500;
    log_line(LOG_ERROR, "door.fault", "%.*s: %s", TEXT_ARG(key), why->why);
    if (exchange->json) {
        buf_str(&out, "{\"type\":\"/problems/fault\",\"title\":");
        buf_json(&out, exchange_say(exchange, exchange->away ? TEXT("系统暂时不可用")
                                                             : TEXT("系统故障")));
        buf_format(&out, ",\"status\":%d,\"detail\":", status);
        buf_json(&out, exchange_say(
                           exchange, TEXT("请稍后重试；如仍不成功，请告知工作人员故障编号。")));
        buf_str(&out, ",\"instance\":");
        buf_json(&out, key);
        buf_str(&out, ",\"errors\":[]}");
    } else {
        struct problem_page page = {
            .title = exchange->away ? TEXT("系统暂时不可用") : TEXT("系统故障"),
            .what = exchange->away ? TEXT("系统暂时不能办理，正在恢复。")
                                   : TEXT("系统没有完成这次操作，没有保存任何内容。"),
            .remedy = TEXT("请稍后重试；如仍不成功，请告知工作人员下面的故障编号。"),
            .code = key};
        if (!problem_html(exchange, &page, &out, &again))
            buf_text(&out, exchange_say(exchange, TEXT("系统故障，请稍后重试。")));
    }
    answer_headers(exchange);
    vary(exchange);
    if (exchange->away)
        http_answer_header(exchange->request, "Retry-After", TEXT("5"));
    http_answer(exchange->request, status,
                exchange->json ? "application/problem+json" : "text/html; charset=utf-8",
                buf_done(&out));
}

void answer_method(struct exchange *exchange, const char *allow)
{
    bool asked = http_method(exchange->request) == HTTP_OPTIONS;
    http_answer_header(exchange->request, "Allow", text_of(allow));
    /* Files and the like are answered before it is known who asks and where. */
    if (!asked && exchange->region) {
        answer_refusal(exchange, REFUSED_METHOD);
        return;
    }
    answer_headers(exchange);
    http_answer_static(exchange->request, asked ? 204 : 405,
                       asked ? NULL : "text/plain; charset=utf-8",
                       asked ? TEXT("")
                             : TEXT("此网址不支持这种操作。 / Not possible at this address.\n"));
}

void answer_redirect(struct exchange *exchange, struct text location)
{
    answer_headers(exchange);
    vary(exchange);
    http_answer_header(exchange->request, "Location", location);
    http_answer_static(exchange->request, 303, NULL, TEXT(""));
}

/* RFC 6266: the plain name for old readers, the real one percent-encoded. */
static struct text disposition(struct exchange *exchange, struct text name)
{
    struct buf out = {.arena = exchange->arena};
    buf_str(&out, "attachment; filename=\"");
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     c == '.' || c == '-' || c == '_';
        buf_char(&out, plain ? c : '_');
    }
    buf_str(&out, "\"; filename*=UTF-8''");
    buf_url(&out, name);
    return buf_done(&out);
}

void answer_served(struct exchange *exchange, const struct served *served)
{
    answer_headers(exchange);
    http_answer_header(exchange->request, "Cache-Control",
                       text_of(served->cache ? served->cache : "no-store"));
    if (served->file_name.len)
        http_answer_header(exchange->request, "Content-Disposition",
                           disposition(exchange, served->file_name));
    if (!served->path) {
        http_answer(exchange->request, 200, served->media_type, served->body);
        return;
    }
    /* A name that is no absolute path is the hash of a kept file. */
    struct text path = text_of(served->path);
    if (path.len && path.at[0] != '/')
        path = files_path(exchange->door->options.files_directory, path, exchange->arena);
    http_answer_file(exchange->request, served->media_type, text_cstr(exchange->arena, path));
}
