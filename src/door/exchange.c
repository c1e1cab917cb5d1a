/* Who asks, where, and what kind of answer they read. */
#include "door/parts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static struct text host_of(const struct http_request *request)
{
    struct text host = http_header(request, "host");
    if (host.len && host.at[0] == '[') {
        ptrdiff_t end = text_find(host, TEXT("]"));
        return end < 0 ? host : text_slice(host, 0, (size_t)end + 1);
    }
    struct text name;
    return text_cut(&host, ':', &name) ? name : host;
}

static const struct door_region *region_of(const struct door *door, struct text host)
{
    for (size_t i = 0; i < door->options.region_count; i++) {
        const struct door_region *region = &door->options.regions[i];
        for (size_t j = 0; j < region->host_count; j++)
            if (strlen(region->hosts[j]) == host.len &&
                strncasecmp(region->hosts[j], host.at, host.len) == 0)
                return region;
    }
    return &door->options.regions[0];
}

/* The quality (0 to 1000) that an Accept header gives a media type by its own name; -1: not named. */
static int quality_of(struct text accept, const char *type)
{
    struct text range;
    while (text_cut(&accept, ',', &range)) {
        struct text name, parameter;
        if (!text_cut(&range, ';', &name))
            continue;
        name = text_trim(name);
        if (name.len != strlen(type) || strncasecmp(name.at, type, name.len) != 0)
            continue;
        int quality = 1000;
        while (text_cut(&range, ';', &parameter)) {
            parameter = text_trim(parameter);
            if (parameter.len < 3 || strncasecmp(parameter.at, "q=", 2) != 0)
                continue;
            quality = parameter.at[2] == '1' ? 1000 : 0;
            for (size_t i = 4, unit = 100; i < parameter.len && i < 7; i++, unit /= 10)
                if (parameter.at[i] >= '0' && parameter.at[i] <= '9' && quality < 1000)
                    quality += (parameter.at[i] - '0') * (int)unit;
        }
        return quality;
    }
    return -1;
}

bool wants_json(struct text accept, bool otherwise)
{
    int json = quality_of(accept, "application/json");
    int problem = quality_of(accept, "application/problem+json");
    int html = quality_of(accept, "text/html");
    if (problem > json)
        json = problem;
    if (json < 0 && html < 0)
        return otherwise;
    return json > 0 && json >= html;
}

bool wants_table(struct text accept)
{
    int csv = quality_of(accept, "text/csv");
    return csv > 0 && csv > quality_of(accept, "text/html") &&
           csv > quality_of(accept, "application/json");
}

bool path_is_ours(struct text path)
{
    if (path.len == 0 || path.at[0] != '/' || (path.len > 1 && path.at[1] == '/'))
        return false;
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.at[i] <= ' ' || path.at[i] == '\\' || path.at[i] == 0x7f)
            return false;
    return true;
}

bool page_path_decode(struct text raw, struct arena *arena, struct text *out)
{
    char *at = arena_alloc(arena, raw.len);
    size_t to = 0;
    for (size_t i = 0; i < raw.len; i++) {
        unsigned char byte = (unsigned char)raw.at[i];
        if (byte == '%') {
            if (i + 3 > raw.len || !text_unhex(text_slice(raw, i + 1, i + 3), &byte, 1))
                return false;
            i += 2;
        }
        at[to++] = (char)byte;
    }
    *out = (struct text){at, to};
    return text_utf8(*out);
}

/* The host that a URL in Origin or Referer names is the one that was asked. */
static bool names_host(struct text url, struct text host)
{
    ptrdiff_t scheme = text_find(url, TEXT("://"));
    struct text rest, authority;
    if (scheme < 0 || host.len == 0)
        return false;
    rest = text_slice(url, (size_t)scheme + 3, url.len);
    return text_cut(&rest, '/', &authority) && authority.len == host.len &&
           strncasecmp(authority.at, host.at, host.len) == 0;
}

/* Every browser says where a form comes from, in one of three headers; what says nothing is no
 * browser and carries no cookie that another site could misuse. */
bool same_origin(const struct http_request *request)
{
    struct text fetch = http_header(request, "sec-fetch-site");
    struct text host = http_header(request, "host");
    struct text origin = http_header(request, "origin");
    struct text referer = http_header(request, "referer");
    if (fetch.len && !text_is(fetch, "same-origin") && !text_is(fetch, "none"))
        return false;
    if (origin.len)
        return names_host(origin, host);
    return referer.len == 0 || names_host(referer, host);
}

const char *cookie_name(const struct door *door, const char *plain, char room[64])
{
    snprintf(room, 64, "%s%s", door->options.behind_tls ? "__Host-" : "", plain);
    return room;
}

void cookie_set(struct exchange *exchange, const char *plain, struct text value, int64_t max_age_s)
{
    char room[64];
    struct buf out = {.arena = exchange->arena};
    buf_format(&out, "%s=%.*s; Path=/; HttpOnly; SameSite=Lax",
               cookie_name(exchange->door, plain, room), TEXT_ARG(value));
    if (max_age_s >= 0)
        buf_format(&out, "; Max-Age=%lld", (long long)max_age_s);
    if (exchange->door->options.behind_tls)
        buf_str(&out, "; Secure");
    http_answer_header(exchange->request, "Set-Cookie", buf_done(&out));
}

void cookie_clear(struct exchange *exchange, const char *plain)
{
    cookie_set(exchange, plain, TEXT(""), 0);
}

static void read_credentials(struct exchange *exchange)
{
    char room[64];
    struct http_request *request = exchange->request;
    struct text scheme, value = http_header(request, "authorization");
    if (value.len && text_cut(&value, ' ', &scheme) && scheme.len == 6 &&
        strncasecmp(scheme.at, "Bearer", 6) == 0) {
        exchange->brought.bearer = text_trim(value);
        return;
    }
    exchange->brought.session =
        http_cookie(request, cookie_name(exchange->door, "yimen_session", room));
    exchange->brought.seen = http_cookie(request, cookie_name(exchange->door, "yimen_seen", room));
}

/* What the command that led here has to say, once: its name travels, and its index in the journal. */
static void read_notice(struct exchange *exchange)
{
    char room[64];
    struct text index =
        http_cookie(exchange->request, cookie_name(exchange->door, "yimen_notice", room));
    struct text name = index;
    int64_t entry;
    text_cut(&index, ':', &name);
    if (text_int(index, &entry) && entry >= 0)
        exchange->receipt = text_format(exchange->arena, "/receipts/%06lld/%lld",
                                        (long long)exchange->region->region, (long long)entry);
    const struct view_form *forms = exchange->door->forms;
    for (size_t i = 0; name.len && i < exchange->door->form_count; i++)
        if (text_is(name, forms[i].name))
            exchange->notice = forms[i].said ? text_of(forms[i].said) : TEXT("操作已完成。");
}

static bool find_actor(struct exchange *exchange, struct fault *why)
{
    bool found = false;
    exchange->actor = (struct actor){.name = TEXT("applicant"),
                                     .display = TEXT(""),
                                     .roles = ROLE_ANYONE | ROLE_APPLICANT};
    return identity_actor(exchange->reader->db, exchange->region->region, &exchange->brought,
                          exchange->now_ms, exchange->arena, &exchange->actor, &found,
                          &exchange->stamp, why);
}

/* The last address of the last such header is the one that our own proxy wrote; what stands before it
 * came with the request. */
static struct text client_of(const struct door *door, const struct http_request *request)
{
    const char *header = door->options.client_header;
    if (!header)
        return door->options.behind_tls ? TEXT("") : http_peer(request);
    struct text rest = http_header_last(request, header), one, last = TEXT("");
    while (text_cut(&rest, ',', &one))
        last = text_trim(one);
    return last;
}

bool exchange_reopen(struct exchange *exchange)
{
    struct fault why = {0}; /* the first one has the say */
    exchange->away = !reader_reopen(exchange->door, exchange->reader, &why);
    return !exchange->away;
}

static bool find_out(struct exchange *exchange, struct fault *why)
{
    struct fault again = {0};
    exchange->region = region_of(exchange->door, host_of(exchange->request));
    exchange->client = client_of(exchange->door, exchange->request);
    exchange->now_ms = flow_time(exchange->door->options.flow, exchange->region->region);
    read_credentials(exchange);
    exchange->away = !reader_ready(exchange->door, exchange->reader, why);
    if (exchange->away)
        return false;
    if (find_actor(exchange, why))
        return true;
    /* The connection may be old and dead; a new one has the say. */
    return exchange_reopen(exchange) && find_actor(exchange, &again);
}

bool exchange_peek(struct exchange *exchange)
{
    struct fault why = {0};
    return find_out(exchange, &why);
}

bool exchange_begin(struct exchange *exchange)
{
    struct http_request *request = exchange->request;
    struct fault why = {0};
    bool json_body =
        text_starts(http_header(request, "content-type"), TEXT("application/json"));
    bool found = find_out(exchange, &why);
    exchange->quiet = http_header(request, "yimen-live").len > 0 || live_wanted(exchange);
    if (exchange->quiet)
        exchange->stamp = TEXT("");
    else
        read_notice(exchange);
    language_find(exchange);
    display_find(exchange);
    exchange->json = wants_json(http_header(request, "accept"),
                                json_body || exchange->brought.bearer.len > 0);
    if (!found)
        answer_fault(exchange, &why);
    return found;
}
