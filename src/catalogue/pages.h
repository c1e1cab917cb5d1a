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
};

struct department_choice {
    struct text code;
    struct text name;
    bool chosen;
};

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
};
extern const struct shape item_page_shape;

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
