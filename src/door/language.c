/* Which language the answer is in: what the address asks for (?lang=en, a link of each page, which a
 * cookie then remembers), else what was chosen before, else what the browser likes best. */
#include "door/parts.h"

#include "base/wording.h"

#define LANGUAGE_COOKIE "yimen_language"
#define LANGUAGE_COOKIE_S (365 * 24 * 3600)

/* The value of that wish ("lang=") in a query string, and where it lies: from the '&' or '?' before it
 * on. */
static bool asked(struct text target, struct text wish, size_t *from, size_t *to, struct text *value)
{
    ptrdiff_t query = text_find(target, TEXT("?"));
    for (size_t at = query < 0 ? target.len : (size_t)query; at < target.len; at = *to) {
        struct text rest = text_slice(target, at + 1, target.len), part;
        part = rest;
        text_cut(&rest, '&', &part);
        *from = at;
        *to = at + 1 + part.len;
        if (text_starts(part, wish)) {
            *value = text_slice(part, wish.len, part.len);
            return true;
        }
    }
    return false;
}

bool target_wish(struct text target, struct text wish, struct text *value)
{
    size_t from, to;
    return asked(target, wish, &from, &to, value);
}

static struct text without(struct text target, struct text wish, struct arena *arena)
{
    size_t from, to;
    struct text value;
    if (!asked(target, wish, &from, &to, &value))
        return target;
    struct text before = text_slice(target, 0, from), after = text_slice(target, to, target.len);
    /* What followed the first of a query becomes its first. */
    if (after.len && target.at[from] == '?')
        return text_format(arena, "%.*s?%.*s", TEXT_ARG(before),
                           TEXT_ARG(text_slice(after, 1, after.len)));
    return text_format(arena, "%.*s%.*s", TEXT_ARG(before), TEXT_ARG(after));
}

struct text target_plain(struct text target, struct arena *arena)
{
    return without(without(target, TEXT(LANGUAGE_WISH), arena), TEXT(DISPLAY_WISH), arena);
}

void language_find(struct exchange *exchange)
{
    char room[64];
    struct text value;
    struct http_request *request = exchange->request;
    if (target_wish(http_target(request), TEXT(LANGUAGE_WISH), &value) &&
        language_of(value, &exchange->language))
        exchange->language_chosen = true;
    else if (!language_of(http_cookie(request, cookie_name(exchange->door, LANGUAGE_COOKIE, room)),
                          &exchange->language))
        exchange->language = language_accepted(http_header(request, "accept-language"));
    /* Only English takes a message apart. */
    if (exchange->language == LANGUAGE_ENGLISH)
        wordings_keep(exchange->arena);
}

void language_headers(struct exchange *exchange)
{
    const char *tag = language_words(exchange->language)->tag;
    http_answer_header(exchange->request, "Content-Language", text_of(tag));
    if (exchange->language_chosen)
        cookie_set(exchange, LANGUAGE_COOKIE, text_of(tag), LANGUAGE_COOKIE_S);
}

struct wordings_of exchange_worded(const struct exchange *exchange)
{
    return (struct wordings_of){
        {exchange->arena, exchange->kept ? kept_arena(exchange->kept) : NULL}};
}

struct text exchange_say(const struct exchange *exchange, struct text words)
{
    struct wordings_of worded = exchange_worded(exchange);
    struct text said = speech_say(exchange->door->speeches[exchange->language], &worded, words,
                                  exchange->arena);
    return said_plain(said, exchange->arena);
}

bool languages_open(struct door *door, struct fault *why)
{
    const struct asset *words = asset_find(TEXT("en.mo"));
    struct text mo = words ? (struct text){(const char *)words->bytes, words->size} : TEXT("");
    return speech_open(LANGUAGE_HANT, mo, &door->speeches[LANGUAGE_HANT], why) &&
           speech_open(LANGUAGE_ENGLISH, mo, &door->speeches[LANGUAGE_ENGLISH], why);
}

void languages_close(struct door *door)
{
    for (int i = 0; i < LANGUAGES; i++) {
        view_free(door->views[i]);
        speech_close(door->speeches[i]);
    }
}
