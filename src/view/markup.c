#include "view/markup.h"

#include <string.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* An overlong name keeps its start, which is no name of the lists below. */
static void keep(char *word, unsigned *len, char c)
{
    if (*len < 11)
        word[(*len)++] = lower(c);
    word[*len] = 0;
}

static bool among(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

static enum markup_key key_of(const struct markup *markup)
{
    /* Elements that run, load or redirect: nobody's value has business in their attributes. */
    static const char *const tags[] = {"script", "style", "iframe", "object", "embed",
                                       "base",   "meta",  "link",   NULL};
    static const char *const addresses[] = {"href", "src",  "action", "formaction",
                                            "cite", "data", "poster", NULL};
    static const char *const forbidden[] = {"style", "srcset", "srcdoc", "ping", NULL};
    if (among(markup->tag, tags) || among(markup->word, forbidden) ||
        (markup->word[0] == 'o' && markup->word[1] == 'n') || strchr(markup->word, ':'))
        return KEY_FORBIDDEN;
    return among(markup->word, addresses) ? KEY_ADDRESS : KEY_PLAIN;
}

static void tag_begin(struct markup *markup)
{
    markup->state = MARKUP_LESS;
    markup->closing = false;
    markup->tag_len = 0;
    markup->tag[0] = 0;
}

static void tag_end(struct markup *markup)
{
    static const char *const raw[] = {"script", "style", NULL};
    static const char *const words[] = {"title", "textarea", NULL};
    markup->state = MARKUP_TEXT;
    if (strcmp(markup->tag, "pre") == 0)
        markup->spaces_kept = !markup->closing;
    if (strcmp(markup->tag, "pre") == 0 || strcmp(markup->tag, "code") == 0)
        markup->verbatim = !markup->closing;
    if (markup->closing)
        return;
    if (among(markup->tag, raw))
        markup->state = MARKUP_RAW;
    else if (among(markup->tag, words))
        markup->state = MARKUP_WORDS;
    markup->word_len = 0;
    markup->word[0] = 0;
}

static void key_begin(struct markup *markup, char c)
{
    markup->state = MARKUP_KEY;
    markup->word_len = 0;
    keep(markup->word, &markup->word_len, c);
}

static void in_tag(struct markup *markup, char c)
{
    if (c == '>')
        tag_end(markup);
    else if (c == '=')
        markup->state = MARKUP_EQUALS;
    else if (blank(c) || c == '/')
        markup->state = MARKUP_TAG;
    else if (markup->state == MARKUP_KEY)
        keep(markup->word, &markup->word_len, c);
    else
        key_begin(markup, c);
}

static void after_equals(struct markup *markup, char c)
{
    if (blank(c))
        return;
    markup->key = key_of(markup);
    markup->begun = false;
    if (c == '"' || c == '\'') {
        markup->state = MARKUP_QUOTED;
        markup->quote = c;
    } else if (c == '>') {
        tag_end(markup);
    } else {
        markup->state = MARKUP_UNQUOTED;
    }
}

/* In script, style, title, textarea: only their own end tag ends them. */
static void in_raw(struct markup *markup, char c)
{
    if (c == '<') {
        markup->word_len = 0;
        keep(markup->word, &markup->word_len, c);
        return;
    }
    if (markup->word_len == 0)
        return;
    if (c == '>' || blank(c)) {
        bool own =
            strncmp(markup->word, "</", 2) == 0 && strcmp(markup->word + 2, markup->tag) == 0;
        markup->word_len = 0;
        if (own) {
            markup->closing = true;
            markup->state = MARKUP_TAG;
            if (c == '>')
                tag_end(markup);
        }
        return;
    }
    keep(markup->word, &markup->word_len, c);
}

static void after_less(struct markup *markup, char c)
{
    if (c == '/') {
        markup->closing = true;
    } else if (c == '!') {
        markup->state = MARKUP_DECLARED;
        markup->word_len = 0;
    } else if ((lower(c) >= 'a' && lower(c) <= 'z') || c == '?') {
        markup->state = MARKUP_NAME;
        keep(markup->tag, &markup->tag_len, c);
    } else {
        markup->state = MARKUP_TEXT;
    }
}

/* word counts the dashes of "<!--" and, in a comment, of "-->". */
static void declared(struct markup *markup, char c)
{
    if (markup->state == MARKUP_DECLARED) {
        if (c == '>')
            markup->state = MARKUP_TEXT;
        else if (c == '-' && ++markup->word_len == 2) {
            markup->state = MARKUP_COMMENT;
            markup->word_len = 0;
        }
        return;
    }
    if (c == '-')
        markup->word_len += markup->word_len < 2;
    else if (c == '>' && markup->word_len == 2)
        markup->state = MARKUP_TEXT;
    else
        markup->word_len = 0;
}

void markup_step(struct markup *markup, char c)
{
    switch (markup->state) {
    case MARKUP_TEXT:
        if (c == '<')
            tag_begin(markup);
        break;
    case MARKUP_LESS:
        after_less(markup, c);
        break;
    case MARKUP_NAME:
        if (c == '>')
            tag_end(markup);
        else if (blank(c) || c == '/')
            markup->state = MARKUP_TAG;
        else
            keep(markup->tag, &markup->tag_len, c);
        break;
    case MARKUP_TAG:
    case MARKUP_KEY:
        in_tag(markup, c);
        break;
    case MARKUP_EQUALS:
        after_equals(markup, c);
        break;
    case MARKUP_QUOTED:
        if (c == markup->quote)
            markup->state = MARKUP_TAG;
        else
            markup->begun = true;
        break;
    case MARKUP_UNQUOTED:
        if (c == '>')
            tag_end(markup);
        else if (blank(c))
            markup->state = MARKUP_TAG;
        break;
    case MARKUP_DECLARED:
    case MARKUP_COMMENT:
        declared(markup, c);
        break;
    case MARKUP_RAW:
    case MARKUP_WORDS:
        in_raw(markup, c);
        break;
    }
}

enum markup_place markup_here(struct markup *markup)
{
    if (markup->state == MARKUP_NAME || markup->state == MARKUP_KEY)
        markup->state = MARKUP_TAG;
    switch (markup->state) {
    case MARKUP_TEXT:
        return PLACE_TEXT;
    case MARKUP_WORDS:
        return PLACE_WORDS;
    case MARKUP_TAG:
        return PLACE_TAG;
    case MARKUP_QUOTED:
        if (markup->key == KEY_FORBIDDEN)
            return PLACE_NONE;
        if (markup->key == KEY_PLAIN)
            return PLACE_ATTRIBUTE;
        return markup->begun ? PLACE_ADDRESS_PART : PLACE_ADDRESS_START;
    default:
        return PLACE_NONE;
    }
}

bool markup_join(struct markup *into, const struct markup *other)
{
    if (into->state != other->state || into->spaces_kept != other->spaces_kept ||
        into->verbatim != other->verbatim)
        return false;
    if (into->state == MARKUP_TEXT)
        return true;
    if (strcmp(into->tag, other->tag) != 0 || into->closing != other->closing)
        return false;
    if (into->state == MARKUP_QUOTED && (into->quote != other->quote || into->key != other->key))
        return false;
    into->begun = into->begun && other->begun;
    return true;
}

bool markup_exact(const struct markup *markup)
{
    if (markup->state == MARKUP_QUOTED)
        return strcmp(markup->word, "value") == 0;
    if (markup->state == MARKUP_WORDS)
        return strcmp(markup->tag, "textarea") == 0;
    return markup->verbatim;
}

bool markup_loose(const struct markup *markup)
{
    return !markup->spaces_kept && (markup->state == MARKUP_TEXT || markup->state == MARKUP_TAG);
}
