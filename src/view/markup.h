/* Follows the HTML of a template character by character, so that the compiler knows where a value
 * would stand and can refuse places where escaping is not enough. No full parser: what it does not
 * know it takes for a place where values are refused. */
#ifndef YIMEN_VIEW_MARKUP_H
#define YIMEN_VIEW_MARKUP_H

#include <stdbool.h>

enum markup_state {
    MARKUP_TEXT,
    MARKUP_LESS,   /* just after '<' */
    MARKUP_NAME,   /* in a tag's name */
    MARKUP_TAG,    /* in a tag, between attributes */
    MARKUP_KEY,    /* in an attribute's name */
    MARKUP_EQUALS, /* after '=' */
    MARKUP_QUOTED, /* in a quoted attribute value */
    MARKUP_UNQUOTED,
    MARKUP_DECLARED, /* <!doctype …> */
    MARKUP_COMMENT,
    MARKUP_RAW,   /* in script or style: values are refused */
    MARKUP_WORDS, /* in title or textarea: values only, no elements */
};

enum markup_key { KEY_PLAIN, KEY_ADDRESS, KEY_FORBIDDEN };

struct markup {
    enum markup_state state;
    enum markup_key key; /* kind of the attribute whose value this is */
    char quote;
    bool begun;       /* the attribute's value has a character already */
    bool closing;     /* this is an end tag */
    bool spaces_kept; /* inside pre */
    bool verbatim;    /* inside code or pre */
    char tag[12];     /* its name in lower case, cut */
    char word[12];    /* attribute's name, cut; or what was read of an end tag in raw text */
    unsigned tag_len, word_len;
};

/* Where a value would stand. */
enum markup_place {
    PLACE_TEXT,  /* between elements: everything may stand here */
    PLACE_WORDS, /* text only */
    PLACE_ATTRIBUTE,
    PLACE_ADDRESS_START, /* begins href, src, action, … */
    PLACE_ADDRESS_PART,
    PLACE_TAG, /* between attributes: conditions, but no values */
    PLACE_NONE,
};

void markup_step(struct markup *markup, char c);
/* Call at each template tag: what is there now; ends a half-read name. */
enum markup_place markup_here(struct markup *markup);
/* Both branches end in the same place; *into then stands for both. */
bool markup_join(struct markup *into, const struct markup *other);
/* What stands here is shown or sent back exactly as it is, in every language: code, what was typed. */
bool markup_exact(const struct markup *markup);
/* White space here may be shortened. */
bool markup_loose(const struct markup *markup);

#endif
