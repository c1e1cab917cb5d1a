/* What the pages of the catalogue's staff show. */
#ifndef YIMEN_CATALOGUE_EDIT_PAGES_H
#define YIMEN_CATALOGUE_EDIT_PAGES_H

#include "catalogue/diff.h"
#include "catalogue/draft.h"
#include "catalogue/pages.h"

struct editing_query {
    struct text department; /* of those who see all: one alone */
    struct text after;      /* code of the last item of the page before */
};

struct edited_row {
    struct text code;
    struct text name;
    struct text department_name;
    int64_t newest;          /* version, 0: never published */
    int64_t in_force;        /* version, 0: none today */
    int64_t state;           /* enum version_state, of the item as a whole */
    int64_t withdrawn_after; /* date */
    int64_t upcoming_from;   /* date from which the newest is in force, if not yet */
    int64_t revision;        /* of the draft, 0: none */
    int64_t saved_at;
};

struct editing_page {
    struct list rows; /* struct edited_row */
    int64_t found;    /* over all pages */
    struct text next; /* the next page's after */
    struct text department;
    struct list departments; /* struct department_choice; empty: only the own is seen */
    bool may_write;
};

struct new_item_page {
    struct list departments; /* struct department_choice; empty: the own */
    struct text department_name;
};

struct edited_page {
    struct text item_code;
    struct text name;
    struct text department_name;
    struct list versions; /* struct version_told, newest first */
    int64_t newest;
    int64_t revision; /* of the draft, 0: none */
    int64_t saved_at;
    struct text saved_by;
    int64_t withdrawal_id;
    struct text notice_no;
    bool withdrawn;
    bool may_write, may_withdraw;
};

struct mistake {
    struct text section; /* word's name, empty: of none */
    struct text field;   /* control of the form, or a path of the item */
    struct text message;
};

struct section_row {
    struct text section;
    struct text label;
    struct text said; /* what is in it, in a few words */
    int64_t mistakes;
};

/* What every page of a draft says of it. */
struct draft_page {
    struct text item_code;
    struct text name;
    int64_t revision;
    int64_t based_on;
    int64_t newest; /* published version, 0: none */
    int64_t started_at, saved_at;
    struct text saved_by;
    struct list authors;  /* texts: names */
    struct list sections; /* struct section_row */
    struct list mistakes; /* struct mistake */
    struct list changes;  /* struct change, against the newest version */
    int64_t valid_from;   /* suggested */
    bool author;          /* who looks has typed some of it */
    bool may_write, may_publish;
};

struct row_row { /* a row of a list, in the overview of its section */
    struct text item_code;
    struct text section;
    int64_t row;
    struct text name;
    struct text said;
    int64_t mistakes;
    int64_t up, down; /* where it goes; 0: not */
    int64_t gone;     /* 0, where it goes when it is taken out */
};

struct choice_row {
    struct text code;
    struct text name;
};

struct section_page {
    struct text item_code;
    struct text name;
    struct text section;
    struct text section_name;
    int64_t row; /* of a row's page */
    int64_t revision;
    struct item item;     /* of a row's page: that row alone in its list */
    struct list mistakes; /* struct mistake: field is a control's name */
    struct list rows;     /* struct row_row */
    bool rows_of_list;    /* the section is a list */
    bool chooses_department;
    struct list objects, departments, places; /* struct choice_row */
    bool may_write;
};

struct changes_page {
    struct text item_code;
    struct text name;
    int64_t from, to; /* versions; to 0: the draft */
    struct list changes; /* struct change */
    struct list versions; /* struct version_told */
    struct list froms, tos; /* struct department_choice: what may be compared; code: the version */
    bool has_draft;
};

struct withdrawing_page {
    struct text item_code;
    struct text name;
    bool may_withdraw;
    bool withdrawn;
};

extern const struct look editing_look;
extern const struct look new_item_look;
extern const struct look edited_look;
extern const struct look draft_look;
extern const struct look section_look;
extern const struct look row_look;
extern const struct look preview_look;
extern const struct look publishing_look;
extern const struct look changes_look;
extern const struct look withdrawing_look;

/* Queries. */
struct edited_query {
    struct text item_code;
};
struct section_query {
    struct text item_code;
    int64_t section;
    int64_t row;
};
struct changes_query {
    struct text item_code;
    int64_t from, to;
};
extern const struct shape editing_query_shape, edited_query_shape, section_query_shape,
    row_query_shape, changes_query_shape;
extern const struct shape editing_page_shape, new_item_page_shape, edited_page_shape,
    draft_page_shape, section_page_shape, changes_page_shape, withdrawing_page_shape;

#define EDIT_LOOK(name)                                                                            \
    enum refusal name(const struct look_context *context, const void *asked, void *out,            \
                      struct fault *why)
EDIT_LOOK(section_show);
EDIT_LOOK(row_show);

/* What the pages of drafts share. */
struct text actor_name(const struct look_context *context, struct text actor, struct fault *why);
/* The draft that this actor may see, or why not. */
enum refusal draft_shown(const struct look_context *context, struct text item_code,
                         struct kept_draft *out, struct fault *why);
bool sees_department(const struct actor *actor, struct text department);
struct list mistakes_of(const struct look_context *context, const struct item *item);

#endif
