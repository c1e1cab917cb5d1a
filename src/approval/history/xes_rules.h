/* What the standard knows: the lexical forms of its types (XML Schema part 2), the keys of its
 * extensions, and the words for every error. Pure functions. */
#ifndef YIMEN_APPROVAL_HISTORY_XES_RULES_H
#define YIMEN_APPROVAL_HISTORY_XES_RULES_H

#include "approval/history/xes.h"

/* XES_FINE, XES_VALUE or XES_ZONE. */
enum xes_wrong xes_check_value(enum xes_type type, struct text value);

/* Extensions whose keys are fixed by IEEE 1849 section 7; others are free. */
enum { XES_STANDARDS = 7 };
/* Which standard extension has this prefix, or -1. */
int xes_standard(struct text prefix);
/* True if uri is that extension's definition (any host, "/concept.xesext"). */
bool xes_standard_uri(int standard, struct text uri);
/* The prefix of a key ("concept" of "concept:name"), empty if there is none. */
struct text xes_prefix(struct text key);
/* XES_FINE, XES_EXTENSION_KEY or XES_EXTENSION_TYPE for a key whose prefix is a standard one. */
enum xes_wrong xes_check_key(struct text key, enum xes_type type);

/* Takes the first key off the front of a classifier's keys: apostrophes quote a key with spaces;
 * without them the longest run of words that is a global key wins, since real logs write such keys
 * bare. False: none left. *known says whether it is one of the globals of the scope. */
bool xes_next_key(struct text *keys, const struct xes_global *globals, struct text scope,
                  struct text *key, bool *known);

/* Fills error: the words for wrong with {1} and {2} replaced by first and second, clipped. */
void xes_say(struct xes_error *error, enum xes_wrong wrong, int64_t line, struct text first,
             struct text second);

#endif
