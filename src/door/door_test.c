/* The door over real sockets, on both engines, with identity, files, the log and a small module. */
#include "door/door_testing.h"

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
    /* What a chat app hangs on a link does not keep a person from the page. */
    assert_int_equal(request(world, "GET", "/notes/5?from=singlemessage", "", TEXT("")), 200);
    assert_int_equal(request(world, "GET", "/notes/5?from.x=1&isappinstalled=0", "", TEXT("")), 200);
    assert_int_equal(request(world, "GET", "/notes/5?note_id=six", "", TEXT("")), 422);
    assert_int_equal(request(world, "GET", "/notes/5?%zz", "", TEXT("")), 400);
    assert_int_equal(request(world, "GET", "/nowhere", "", TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/notes/500", "", TEXT("")), 500);
    assert_false(says(world, "on purpose"));
    assert_int_equal(request(world, "DELETE", "/notes/5", "", TEXT("")), 405);
    assert_true(says(world, "Allow: GET, HEAD, POST, OPTIONS"));
    assert_true(says(world, "<h1 class=\"govuk-heading-l\">此网址不支持这种操作</h1>"));
    assert_int_equal(request(world, "DELETE", "/notes/5", WANT_JSON, TEXT("")), 405);
    assert_true(says(world, "\"type\":\"/problems/method\""));
    assert_int_equal(request(world, "DELETE", "/healthz", "", TEXT("")), 405);
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
    /* With the right hash too: what no page links to is not served. */
    static const char *const kept[] = {"identity/truth.sql", "view/staff.html",
                                       "cities/pinghu/calendars/2014.yaml"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const struct asset *asset = asset_find(text_of(kept[i]));
        assert_non_null(asset);
        assert_int_equal(
            request(world, "GET", asset_path(world->arena, asset).at, "", TEXT("")), 404);
    }
}

static void commands(struct world *world)
{
    assert_int_equal(form(world, "/notes/5", "", "words=hello&count=3"), 303);
    assert_true(says(world, "Location: /notes/5") && says(world, "yimen_notice=note.make:"));
    struct text cookie = text_format(world->arena, "Cookie: yimen_notice=%.*s\r\n",
                                     TEXT_ARG(between(world, "yimen_notice=", ";")));
    assert_int_equal(request(world, "GET", "/notes/5", text_cstr(world->arena, cookie), TEXT("")),
                     200);
    assert_true(says(world, "下载回执") && says(world, "href=\"/receipts/330482/"));
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
    /* Where things have moved on the form is of no more use; the words are still to be copied. */
    assert_int_equal(form(world, "/notes/5", "", "words=gone&_page=/notes/5"), 409);
    assert_true(says(world, "已归档。") && says(world, "<dd class=\"ym-lines\">gone</dd>") &&
                says(world, "查看最新情况"));
    assert_false(says(world, "<h1>5</h1>"));
    assert_int_equal(form(world, "/notes/5", WANT_JSON, "words=gone&_page=/notes/5"), 409);
    assert_true(says(world, "/problems/stale") && !says(world, "typed"));
    /* A page that is there for more than this form is shown as it is now. */
    assert_int_equal(form(world, "/notes/5", "", "words=gone&_page=/kept/5"), 409);
    assert_true(says(world, "<h1>5</h1>"));
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
    assert_int_equal(request(world, "GET", "/kept/5?colour=red", WANT_JSON, TEXT("")), 422);
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

static int sign_in(struct world *world, const char *headers, const char *password)
{
    return form(world, "/staff/sign-in", text_format(world->arena, WANT_JSON "%s", headers).at,
                text_format(world->arena, "login=Shen&password=%s", password).at);
}

static int64_t wait_said(struct world *world)
{
    int64_t wait_s;
    assert_true(text_int(between(world, "Retry-After: ", "\r"), &wait_s));
    return wait_s;
}

static void guessing(struct world *world)
{
    for (int i = 0; i < SIGN_IN_FAILURES; i++)
        assert_int_equal(sign_in(world, "", "wrong+horse"), 403);
    assert_true(says(world, "/problems/password"));
    assert_int_equal(sign_in(world, "", "correct+horse"), 429);
    assert_true(wait_said(world) > 890 && wait_said(world) <= 900 && says(world, "请15分钟后再试"));
    pass(world, 16 * MINUTE_MS);
    assert_int_equal(sign_in(world, "", "correct+horse"), 201);
    assert_true(says(world, "\"csrf\":\""));
    assert_false(says(world, "correct horse"));
}

/* After the five failures above: those of strangers keep no browser out that was there before. */
static void devices(struct world *world)
{
    struct text device = between(world, "Set-Cookie: yimen_device_", ";");
    const char *known =
        text_format(world->arena, "Cookie: yimen_device_%.*s\r\n", TEXT_ARG(device)).at;
    const char *forged = text_format(world->arena, "Cookie: yimen_device_%.*s%c\r\n",
                                     (int)device.len - 1, device.at,
                                     device.at[device.len - 1] == 'A' ? 'B' : 'A')
                             .at;
    for (int i = 0; i < SIGN_IN_FAILURES; i++)
        assert_int_equal(sign_in(world, "", "wrong+horse"), 403);
    assert_int_equal(sign_in(world, "", "correct+horse"), 429);
    assert_int_equal(sign_in(world, known, "correct+horse"), 201);
    pass(world, 16 * MINUTE_MS);
    assert_int_equal(sign_in(world, "", "wrong+horse"), 403);
    /* One failure at this address, but the eleventh of that name. */
    assert_int_equal(sign_in(world, "", "correct+horse"), 429);
    assert_true(wait_said(world) > 110 && wait_said(world) <= 120);
    assert_int_equal(sign_in(world, forged, "correct+horse"), 429);
    assert_int_equal(sign_in(world, known, "correct+horse"), 201);
    /* A browser's own failures are its own, and no name but that one's. */
    for (int i = 0; i < SIGN_IN_FAILURES; i++)
        assert_int_equal(sign_in(world, known, "wrong+horse"), 403);
    assert_int_equal(sign_in(world, known, "correct+horse"), 429);
    pass(world, 3 * MINUTE_MS);
    assert_int_equal(sign_in(world, known, "correct+horse"), 429);
    assert_int_equal(sign_in(world, "", "correct+horse"), 201);
    /* A new password makes all browsers strangers, this one, which would have to wait, too. */
    const char *session = signed_in(world);
    assert_int_equal(request(world, "GET", "/staff/me", session, TEXT("")), 200);
    struct text csrf = between(world, "name=\"_token\" value=\"", "\"");
    const char *json = text_format(world->arena, JSON "X-CSRF-Token: %.*s\r\n%s", TEXT_ARG(csrf),
                                   session)
                           .at;
    new_password(world, json, "correct horse", "other horses", 201);
    assert_int_equal(sign_in(world, known, "other+horses"), 201);
}

/* Asked for twice under one key a token is made once and shown once; who missed it hears what to do. */
static void tokens(struct world *world)
{
    assert_int_equal(form(world, "/staff/sign-in", WANT_JSON, "login=guan&password=correct+horse"),
                     201);
    struct text session = between(world, "yimen_session=", ";");
    struct text csrf = between(world, "\"csrf\":\"", "\"");
    const char *keyed = text_format(world->arena,
                                    JSON "X-CSRF-Token: %.*s\r\nIdempotency-Key: t\r\n"
                                         "Cookie: yimen_session=%.*s\r\n",
                                    TEXT_ARG(csrf), TEXT_ARG(session))
                            .at;
    const char *target =
        text_format(world->arena, "/staff/accounts/%lld/tokens", (long long)world->clerk).at;
    struct text asked = TEXT("{\"label\":\"报表\"}");
    assert_int_equal(request(world, "POST", target, keyed, asked), 201);
    struct text index = between(world, "\"index\":", ",");
    struct text token = between(world, "\"token\":\"", "\"");
    assert_int_equal(request(world, "POST", target, keyed, asked), 200);
    assert_true(text_equal(index, between(world, "\"index\":", ",")));
    assert_true(says(world, "只在建立时显示一次") && says(world, "请撤销该令牌后重新建立"));
    assert_false(says(world, "\"token\"") || says(world, token.at));
    const char *typed = text_format(world->arena, "label=form&_key=t2&_token=%.*s", TEXT_ARG(csrf)).at;
    const char *cookie = text_format(world->arena, "Cookie: yimen_session=%.*s\r\n",
                                     TEXT_ARG(session))
                             .at;
    assert_int_equal(form(world, target, cookie, typed), 201);
    assert_true(says(world, "请妥善保存"));
    assert_int_equal(form(world, target, cookie, typed), 200);
    assert_true(says(world, "请撤销该令牌后重新建立"));
    /* The first one works, and there is no third. */
    const char *bearer =
        text_format(world->arena, WANT_JSON "Authorization: Bearer %.*s\r\n", TEXT_ARG(token)).at;
    assert_int_equal(request(world, "GET", "/staff/me", bearer, TEXT("")), 200);
    /* A program has not signed in, and is not told that it signed out. */
    const char *said = text_format(world->arena, JSON "%s", bearer).at;
    assert_int_equal(request(world, "POST", "/staff/sign-out", said, TEXT("{}")), 409);
    assert_int_equal(request(world, "GET", "/staff/me", bearer, TEXT("")), 200);
    /* Its owner is told by whom it was made. */
    assert_true(says(world, "\"made_by\":\"安全管理员\""));
    struct text own = between(world, "\"label\":\"", "\"");
    assert_true(text_is(own, "报表"));
    const char *page = text_format(world->arena, "Accept: text/html\r\nAuthorization: Bearer %.*s\r\n",
                                   TEXT_ARG(token))
                           .at;
    assert_int_equal(request(world, "GET", "/staff/me", page, TEXT("")), 200);
    assert_true(says(world, "接口令牌“报表”：") && says(world, "由安全管理员设置"));
    const char *account =
        text_format(world->arena, "/staff/accounts/%lld", (long long)world->clerk).at;
    const char *json = text_format(world->arena, WANT_JSON "%s", cookie).at;
    assert_int_equal(request(world, "GET", account, json, TEXT("")), 200);
    struct text rows = between(world, "\"tokens\":[", "]");
    int count = 0;
    for (ptrdiff_t at; (at = text_find(rows, TEXT("\"token_id\""))) >= 0; count++)
        rows = text_slice(rows, (size_t)at + 1, rows.len);
    assert_int_equal(count, 2);
    assert_int_equal(request(world, "POST", target, keyed, TEXT("{\"label\":\"别的\"}")), 422);
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
    open_world(&world, where);
    looks(&world);
    statics(&world);
    commands(&world);
    once(&world);
    sessions(&world);
    ended(&world);
    kept(&world);
    guessing(&world);
    devices(&world);
    tokens(&world);
    the_log(&world);
    compare_world(&world, where);
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
