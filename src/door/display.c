/* How pages are shown: what the address asks for (?display=large, a link of each page, which a cookie
 * then remembers), else what was chosen before, else as the browser does. Three things are chosen, each
 * apart from the others; "elder" is the version for old people as GB/T 37668-2019 and the ministry's
 * 互联网网站适老化通用设计规范 ask for: letters of 18 points at least, strong contrast, fewer things. */
#include "door/parts.h"

#include <string.h>

#define DISPLAY_COOKIE "yimen_display"
#define DISPLAY_COOKIE_S (365 * 24 * 3600)

enum { SIZE, CONTRAST, COLOUR, THINGS, WORDS = 3 };

/* By thing; the first word is what holds without a choice, and is not said in the page. */
static const char *const words[THINGS][WORDS] = {
    [SIZE] = {"size-normal", "size-large", "elder"},
    [CONTRAST] = {"contrast-normal", "contrast-high"},
    [COLOUR] = {"colour-system", "colour-light", "colour-dark"},
};

/* What a page is told: the attributes of <html>. */
static const char *const said[THINGS][WORDS] = {
    [SIZE] = {"", "large", "elder"},
    [CONTRAST] = {"", "high"},
    [COLOUR] = {"", "light", "dark"},
};

static bool word_of(struct text asked, int *thing, int *word)
{
    for (*thing = 0; *thing < THINGS; (*thing)++)
        for (*word = 0; *word < WORDS; (*word)++)
            if (words[*thing][*word] && text_is(asked, words[*thing][*word]))
                return true;
    return false;
}

/* One wish of an address or of the cookie; what is none of ours changes nothing. */
static bool take(struct text asked, int chosen[THINGS])
{
    int thing, word;
    if (text_is(asked, "standard")) {
        memset(chosen, 0, THINGS * sizeof *chosen);
        return true;
    }
    if (!word_of(asked, &thing, &word))
        return false;
    chosen[thing] = word;
    return true;
}

void display_find(struct exchange *exchange)
{
    char room[64];
    int chosen[THINGS] = {0};
    struct text part, asked = {0};
    struct http_request *request = exchange->request;
    struct text kept = http_cookie(request, cookie_name(exchange->door, DISPLAY_COOKIE, room));
    while (text_cut(&kept, '.', &part))
        take(part, chosen);
    exchange->display_chosen =
        target_wish(http_target(request), TEXT(DISPLAY_WISH), &asked) && take(asked, chosen);
    if (exchange->display_chosen && text_is(asked, "elder"))
        chosen[CONTRAST] = 1;
    exchange->display = (struct display){.size = text_of(said[SIZE][chosen[SIZE]]),
                                         .contrast = text_of(said[CONTRAST][chosen[CONTRAST]]),
                                         .colour = text_of(said[COLOUR][chosen[COLOUR]])};
    if (exchange->display_chosen)
        exchange->display_kept = text_format(
            exchange->arena, "%s.%s.%s", words[SIZE][chosen[SIZE]],
            words[CONTRAST][chosen[CONTRAST]], words[COLOUR][chosen[COLOUR]]);
}

void display_headers(struct exchange *exchange)
{
    if (exchange->display_chosen)
        cookie_set(exchange, DISPLAY_COOKIE, exchange->display_kept, DISPLAY_COOKIE_S);
}
