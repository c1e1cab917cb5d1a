/* The languages of the house. Everything is written in simplified Chinese, and so it stands in the
 * journal. Traditional Chinese is the same words in other characters (script.h); English is looked up
 * in what po/en.po became. Nobody who writes a page or a message does anything for it. */
#ifndef YIMEN_BASE_SPEECH_H
#define YIMEN_BASE_SPEECH_H

#include "base/fault.h"
#include "base/text.h"

enum language { LANGUAGE_HANS, LANGUAGE_HANT, LANGUAGE_ENGLISH };
#define LANGUAGES 3

struct language_words {
    const char *tag; /* BCP 47, as in <html lang> */
};
const struct language_words *language_words(enum language language);
/* The language of that tag, exactly as language_words writes it. */
bool language_of(struct text tag, enum language *out);
/* What an Accept-Language header likes best among ours (RFC 9110 section 12.5.4, looked up as RFC 4647
 * section 3.4 says); the source where it names none. */
enum language language_accepted(struct text header);

struct speech;

/* words: the bytes of a GNU .mo file, of English; they must live as long. */
bool speech_open(enum language language, struct text words, struct speech **out, struct fault *why);
void speech_close(struct speech *speech); /* NULL is allowed */
enum language speech_language(const struct speech *speech); /* NULL: the source */

/* Where texts of text_format may have been worded: see wording.h. */
struct wordings_of {
    const struct arena *arenas[2]; /* NULL: none */
};

/* The same in that language. What nobody translated is somebody's data: English keeps it as it is and
 * puts it between DATA_BEGIN and DATA_END. speech NULL: words as they are. */
struct text speech_say(const struct speech *speech, const struct wordings_of *worded,
                       struct text words, struct arena *arena);
#define DATA_BEGIN '\001' /* no input holds such characters, see shape.h */
#define DATA_END '\002'
/* Words of the program alone: nothing is looked for but the words themselves. */
struct text speech_word(const struct speech *speech, struct text words, struct arena *arena);
/* A code or something else that is never changed: marked as Chinese where it is. */
struct text speech_data(const struct speech *speech, struct text words, struct arena *arena);
/* What speech_say gave, escaped for HTML; marks become <span lang="zh-CN">. */
void buf_said_html(struct buf *buf, struct text said);
/* The same where no element may stand; marks are dropped. */
void buf_said_words(struct buf *buf, struct text said);
/* Without marks, for JSON and plain text. */
struct text said_plain(struct text said, struct arena *arena);

#endif
