/* Inside the catalogue: an item while it is being written. One draft an item at a time; who typed any
 * of it does not publish it. Its words are private in the journal until they are published. */
#ifndef YIMEN_CATALOGUE_DRAFT_H
#define YIMEN_CATALOGUE_DRAFT_H

#include "catalogue/parts.h"

/* Who writes, and who puts in force; both of the item's own department, an administrator of any. */
#define DRAFT_WRITERS (ROLE_CLERK | ROLE_REVIEWER | ROLE_HEAD | ROLE_ADMINISTRATOR)
#define DRAFT_PUBLISHERS (ROLE_HEAD | ROLE_ADMINISTRATOR)
/* Whose page it is at all. */
#define CATALOGUE_LOOKERS (ROLE_WORK | ROLE_ADMINISTRATOR)
/* Who looks into every department's. */
#define DRAFT_OVERSEERS (ROLE_MANAGER | ROLE_SUPERVISOR | ROLE_ADMINISTRATOR)

/* The parts of an item that are edited together: four of plain fields, the others one list each. */
enum draft_section {
    SECTION_NONE,
    SECTION_BASICS,
    SECTION_LIMITS,
    SECTION_WAYS,
    SECTION_WORDS,
    SECTION_LAWS,
    SECTION_MATERIALS,
    SECTION_MEASURES,
    SECTION_FEES,
    SECTION_RESULTS,
    SECTION_SPECIALS,
    SECTION_STEPS,
    SECTION_ANSWERS,
    SECTION_COUNT,
};
extern const struct word draft_section_words[];

/* Whether the section has this field of item_shape. */
bool section_holds(int64_t section, struct text field);
/* The section of a problem's path ("materials.0.name"), SECTION_NONE for what none edits. */
int64_t section_of(struct text path);
/* The one list that the section is, NULL for plain fields. */
const struct field *section_list(int64_t section);

struct item_draft {
    struct text item_code;
    struct text department; /* whose staff write it, as the draft began */
    int64_t revision;       /* from 1; what a form was made from, so that nobody overwrites unseen */
    int64_t based_on;       /* version, 0: a new item */
    struct list authors;    /* texts: actors who typed any of it, each once */
    struct item item;       /* version and valid_from are set when it is published */
};
extern const struct shape item_draft_shape;

/* A draft as it lies in its table. */
struct kept_draft {
    struct item_draft draft;
    struct text saved_by; /* actor */
    int64_t started_at, saved_at;
};
struct draft_facts {
    bool found;
    struct kept_draft kept;
};

struct draft_start {
    struct text item_code;
    int64_t version;        /* to begin from; 0: the newest */
    struct text name;       /* of a new item; empty: the item exists */
    struct text department; /* of a new item, where an administrator begins it */
};
struct draft_save {
    struct text item_code;
    int64_t section;
    int64_t row; /* only of draft_row: from 1, 0 adds one */
    int64_t revision;
    struct item item; /* nothing but the section's fields; of draft_row one row of its list */
};
struct draft_move {
    struct text item_code;
    int64_t section;
    int64_t row;
    int64_t to; /* where the row stands afterwards, from 1; 0: it is taken out */
    int64_t revision;
};
struct draft_end {
    struct text item_code;
    int64_t revision;
};
struct draft_publish {
    struct text item_code;
    int64_t revision;
    int64_t over; /* the newest version that the publisher compared it with; 0: there was none */
    int64_t valid_from;
};
struct draft_saved { /* the answer */
    struct text item_code;
    int64_t revision;
    int64_t mistakes;
};
extern const struct shape draft_saved_shape;
/* That a draft is over: its words are those of the version, or nobody's. */
struct draft_over {
    struct text item_code;
    int64_t revision;
    int64_t version; /* 0: discarded */
};
extern const struct shape draft_over_shape;

/* Everything that keeps an item from being published: the rules of its shape, check.h, and what it
 * names. Pure. */
void item_mistakes(const struct catalogue *catalogue, const struct item *item, struct arena *arena,
                   struct problems *problems);
/* Departments and places that the item names exist. Pure. */
void item_references(const struct catalogue *catalogue, const struct item *item,
                     struct arena *arena, struct problems *problems);
/* The same words and the same order. Pure. */
bool items_equal(const struct item *one, const struct item *other, struct arena *arena);
bool draft_has_author(const struct item_draft *draft, struct text actor);

bool draft_read(struct db_read *db, int64_t region, struct text item_code, struct arena *arena,
                struct draft_facts *out, struct fault *why);
/* `read` of every command about a draft: the input begins with the item's code. */
bool draft_facts_read(struct db_read *db, const struct context *context, const void *input,
                      const void **facts, struct fault *why);

#define DRAFT_DECIDE(name)                                                                         \
    enum refusal name(const void *facts, const void *input, const struct context *context,         \
                      struct decision *out)
DRAFT_DECIDE(draft_start_decide);
DRAFT_DECIDE(draft_save_decide);
DRAFT_DECIDE(draft_row_decide);
DRAFT_DECIDE(draft_move_decide);
DRAFT_DECIDE(draft_discard_decide);
DRAFT_DECIDE(draft_publish_decide);

extern const struct event_kind item_drafted;
extern const struct event_kind item_draft_saved;
extern const struct event_kind item_draft_over;

extern const struct command catalogue_draft_start;
extern const struct command catalogue_draft_save;
extern const struct command catalogue_draft_row;
extern const struct command catalogue_draft_move;
extern const struct command catalogue_draft_discard;
extern const struct command catalogue_draft_publish;

#endif
