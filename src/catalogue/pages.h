/* What the catalogue's pages show. */
#ifndef YIMEN_CATALOGUE_PAGES_H
#define YIMEN_CATALOGUE_PAGES_H

#include "catalogue/parts.h"

struct items_query {
    struct text department; /* code; empty: all */
    struct text words;      /* what somebody types: search.h */
    struct text after;      /* code of the last item of the page before */
};
extern const struct shape items_query_shape;

struct item_row {
    struct text code;
    struct text name;
    struct text theme;
    struct text department;
    struct text department_name;
    int64_t case_kind;
    struct text promised; /* "10个工作日", "即办" */
    bool online;
    bool guide_only;
};

struct department_choice {
    struct text code;
    struct text name;
    bool chosen;
};
extern const struct shape department_choice_shape;

struct items_page {
    struct text department;
    struct text department_name; /* of the one chosen, or empty */
    struct text words;
    int64_t manner;    /* enum search_manner: how the words were understood */
    struct list sought; /* texts: the words as they were understood, simplified */
    struct list items; /* struct item_row: the best first; all of them in the order of codes */
    int64_t found;     /* over all pages */
    int64_t mentioned; /* behind these, over all pages: only the text of the guide has the words */
    struct list near;  /* struct item_row: where few are found, what is written or spelt nearly so */
    struct text next;  /* the next page's after, or empty */
    struct list departments; /* struct department_choice: those that have items */
};
extern const struct shape items_page_shape;

struct item_query {
    struct text item_code;
    int64_t version; /* 0: the newest in force */
};
extern const struct shape item_query_shape;

struct place_row {
    struct text code;
    struct text name;
    int64_t kind;
    struct text parent;
    struct text parent_name;
    struct text division_name;
    struct text address;
    struct text phone;
};

/* How a version stands today; of an item as a whole: how its newest does, or the one in force. */
enum version_state {
    STATE_NONE,
    STATE_IN_FORCE,
    STATE_UPCOMING,  /* published, not yet in force */
    STATE_REPLACED,  /* by a newer one */
    STATE_ENDED,     /* its last day is over */
    STATE_WITHDRAWN, /* and its last day is over */
    STATE_UNPUBLISHED,
};
extern const struct word version_state_words[];

struct version_told {
    struct text code;
    int64_t version;
    int64_t previous; /* version before it, 0: the first */
    int64_t published_at;
    int64_t valid_from, valid_to;
    int64_t withdrawn_after;
    int64_t state; /* enum version_state */
};

extern const struct shape version_told_shape;

struct item_page {
    struct item guide;
    struct text department_name;
    struct text statutory; /* "20个工作日", "没有法定期限" */
    struct text promised;
    struct list objects; /* texts: 自然人 … */
    struct list joins;   /* texts: names of the other departments */
    struct list places;  /* struct place_row */
    struct text remedy;
    bool offered; /* may be applied for today */
    int64_t newest; /* version in force today, 0: none */
    struct list versions;    /* struct version_told, newest first */
    int64_t withdrawn_after; /* the version's last day; 0: it is not withdrawn */
    int64_t withdrawal_id;   /* of the notice that says so */
    struct text notice_no;
    bool preview; /* of a draft */
};
extern const struct shape item_page_shape;

/* Fills all but offered, newest and what follows it. */
void guide_fill(const struct catalogue *catalogue, const struct look_context *context,
                const struct item *item, struct item_page *page);
/* struct version_told, newest first. */
struct list versions_told(const struct catalogue *catalogue, struct text item_code, int64_t today,
                          struct arena *arena);

struct notice_row {
    int64_t withdrawal_id;
    struct text item_code;
    struct text item_name;
    struct text department_name;
    struct text notice_no;
    struct text basis;
    struct text reason;
    int64_t last_date;
    int64_t announced_at;
};
struct notices_query {
    int64_t before; /* the id of the last notice of the page before; 0: from the newest */
};
struct notices_page {
    struct list notices; /* struct notice_row, newest first */
    int64_t next;
};
struct notice_query {
    int64_t withdrawal_id;
};
struct notice_page {
    struct notice_row notice;
    struct text centre; /* who announces it */
    struct text title;
    struct text link; /* of this page, for its code */
};
extern const struct shape notices_query_shape, notices_page_shape, notice_query_shape,
    notice_page_shape;

struct department_row {
    struct text code;
    struct text name;     /* today's */
    struct text former;   /* the name before it, or empty */
    struct text unit;
    struct text phone;
    struct text successor;
    struct text successor_name;
    bool in_centre;
    int64_t item_count; /* offered today */
};
struct departments_page {
    struct list departments; /* struct department_row: those that exist today */
    struct list former;      /* struct department_row: merged into others */
};
extern const struct shape departments_page_shape;

struct places_query {
    struct text parent; /* code; empty: the centre and what stands directly under it */
};
extern const struct shape places_query_shape;

struct places_page {
    struct text parent;
    struct text parent_name;
    struct text above; /* the parent's own parent, or empty */
    struct list places; /* struct place_row */
};
extern const struct shape places_page_shape;

#endif
