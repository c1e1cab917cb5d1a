/* Finding guides by what somebody types: words in simplified or traditional script, pinyin, initials, a
 * code, with a slip of one character. README.md says how, and why it is done in memory.
 *
 * The index is part of the standing catalogue: made with it, read by whoever looks, never changed. */
#ifndef YIMEN_CATALOGUE_SEARCH_H
#define YIMEN_CATALOGUE_SEARCH_H

#include "base/han.h"
#include "catalogue/parts.h"

/* Where in an item a field of the index comes from. */
enum indexed_field {
    INDEXED_TITLE,
    INDEXED_SHORT,
    INDEXED_KEYWORD,
    INDEXED_RESULT,
    INDEXED_THEME,
};

/* A text of the index, once however many items have it. */
struct indexed_text {
    uint64_t has[2]; /* which units are in it, hashed */
    uint32_t at;     /* in the index's units */
    uint32_t len;
};

/* How a text may be spelt. */
struct indexed_letters {
    uint32_t all; /* every letter, a the lowest bit */
    /* By initial, a the first: the initials of what may come behind it, a the lowest bit. */
    uint32_t follow[26];
};

/* That a text is a field of an item. */
struct indexed_field_of {
    uint32_t text;
    uint32_t field; /* enum indexed_field */
};

/* One version of an item; it stands at the place that the version has in the catalogue. */
struct indexed {
    uint64_t has[2];     /* of all its fields */
    uint64_t keywords;   /* with which two units a keyword begins, hashed */
    uint32_t first;      /* of its fields in the index's: the title */
    uint32_t count;      /* how many */
    uint32_t title;      /* units in it */
    uint32_t guide;      /* of its guide's pieces in the index's */
    uint32_t pieces;     /* how many */
    uint32_t code, national_code; /* hashes; 0: it has none */
    uint16_t department; /* its place in the catalogue, or INDEXED_NOBODY */
    bool later;          /* a later version of the same item follows */
    int64_t valid_from, valid_to, withdrawn_after; /* dates, as in the version */
};
enum { INDEXED_NOBODY = UINT16_MAX };

struct search_index {
    struct indexed *items;
    size_t count;
    const struct indexed_field_of *fields;
    const struct indexed_text *texts;
    const struct indexed_letters *letters; /* beside the texts */
    size_t text_count;
    const struct indexed_text *pieces; /* of the text of guides: conditions, papers, laws, answers */
    size_t piece_count;
    const uint32_t *guides; /* places of pieces */
    const uint16_t *units;
};

/* Lives in the arena, points into nothing else. */
const struct search_index *search_index_make(const struct catalogue *catalogue,
                                             struct arena *arena);
/* Whether that version is the one offered on the day, as catalogue_find_item says. */
bool indexed_offered(const struct search_index *index, size_t at, int64_t today);
uint32_t search_hash(struct units units); /* never 0 */
void search_has(struct units units, uint64_t has[2]);
bool search_holds(struct units in, struct units what);
/* A bit for two neighbours, as they are hashed in `keywords`. */
uint64_t search_pair(uint16_t first, uint16_t second);

/* ---- pinyin ---- */

/* What somebody spelt in letters, ready to be held against characters: each may be spelt by its
 * initial, by zh, ch, sh, or in full; the last also in part. */
struct spelling;
enum spelt { SPELT_NOT, SPELT_INSIDE, SPELT_AHEAD, SPELT_WHOLE };
enum { SPELLING_MOST = 60 }; /* letters */

/* letters: a to z and digits, 2 to SPELLING_MOST of them. */
const struct spelling *spelling_of(struct units letters, struct arena *arena);
enum spelt spelt(const struct spelling *spelling, struct units field);
/* From a text's letters and what follows them: false says that it is not spelt so; not even nearly, for
 * which the first two initials or the last two must be right. */
bool may_be_spelt(const struct spelling *spelling, const struct indexed_letters *letters);
bool may_be_nearly_spelt(const struct spelling *spelling, const struct indexed_letters *letters);
/* What is not spelt so may nearly be: with one to three characters passed over at one place (1), with a
 * letter wrong, missing, too many, or two the wrong way round (2: of four and more). 3: it is not. */
enum { SPELT_APART = 1, SPELT_SLIPPED, SPELT_OTHERWISE };
size_t nearly_spelt(const struct spelling *spelling, struct units field);

/* ---- slips ---- */

/* A pattern for counting slips (wrong, missing, extra units), at most 64 units. */
struct slips;
const struct slips *slips_of(struct units pattern, struct arena *arena);
/* The fewest slips with which the pattern stands anywhere in the field. */
size_t slips_in(const struct slips *slips, struct units field);

/* ---- the search ---- */

enum search_manner { SEARCH_ALL, SEARCH_CODE, SEARCH_WORDS, SEARCH_SPELLING };
extern const struct word search_manner_words[];

struct search_query {
    struct text words;
    struct text department; /* code, or empty: all */
    struct text after;      /* code of the last item of the page before */
    int64_t today;
    size_t most; /* on a page */
};

struct search_found {
    enum search_manner manner;
    struct list sought;  /* texts: the words as they were understood */
    const struct item **items;
    size_t count;
    int64_t found;       /* on all pages, by what an item is called, spelt or filed under */
    int64_t mentioned;   /* behind these: only the guide's text has the words; where few are found */
    bool more;           /* after the last */
    const struct item **near; /* with a slip, or nearest; only where few were found */
    size_t near_count;
};
enum { SEARCH_NEAR = 10 };

/* department of the query: known to the catalogue. */
struct search_found search(const struct catalogue *catalogue, const struct search_query *query,
                           struct arena *arena);

#endif
