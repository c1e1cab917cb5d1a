/* How a text was worded: its format and what was put in. An arena that keeps wordings lets a text be
 * said in another language later, as exactly as if it had been made there, while what is stored and
 * compared stays in the language it was written in. Kept only where somebody wants that. */
#ifndef YIMEN_BASE_WORDING_H
#define YIMEN_BASE_WORDING_H

#include "base/text.h"

struct wording {
    struct text said;
    const char *format; /* as given to text_format */
    struct text *pieces; /* each argument as it was written, in order */
    size_t count;
    struct wording *next;
};

/* From now until it is reset, the arena remembers every text of text_format that is not plain ASCII. */
void wordings_keep(struct arena *arena);
bool wordings_kept(const struct arena *arena);
/* For text_format: said is what format and arguments gave. */
void wording_note(struct arena *arena, struct text said, const char *format, va_list args);
/* How that text was worded, wherever its bytes lie now; NULL: not here. */
const struct wording *wording_find(const struct arena *arena, struct text said);

/* The format with every argument written %s: what it is called in po/. */
struct text wording_plain(const char *format, struct arena *arena);

#endif
