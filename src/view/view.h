/* Pages from templates whose variables are fields of a shape. Escaping is what happens when nothing
 * is said; a template that names an unknown field does not load. See view/README.md for the
 * language. */
#ifndef YIMEN_VIEW_VIEW_H
#define YIMEN_VIEW_VIEW_H

#include "base/fault.h"
#include "base/shape.h"
#include "base/speech.h"
#include "base/text.h"

/* A file embedded at build time. */
struct asset {
    const char *name; /* "approval/case.html" */
    const unsigned char *bytes;
    size_t size;
    const char *hash; /* first 16 hex digits of its SHA-256: in the address of cached assets */
    const char *media_type;
};
extern const struct asset assets[];
extern const size_t asset_count;
const struct asset *asset_find(struct text name);
/* "/assets/HASH/web/yimen.css": the address a browser may keep for ever. */
struct text asset_path(struct arena *arena, const struct asset *asset);
/* The inverse, for whoever serves: NULL unless such a file with just that hash may be served
 * (style sheets, scripts, pictures; never templates, SQL or calendars). */
const struct asset *asset_served(struct text path);

/* What a {{form name}} in a template needs to know of a command. */
struct view_form {
    const char *name;
    const char *title;
    const char *said; /* once it is done; NULL: a general sentence */
    const char *path;
    const struct shape *input;
    bool upload; /* the input has a file: multipart */
};

/* What every page has besides its own struct. */
/* How the reader wants pages shown; empty: as the browser does. */
struct display {
    struct text size;     /* "large", or "elder": larger still, and fewer things */
    struct text contrast; /* "high" */
    struct text colour;   /* "light", "dark" */
};

struct frame {
    struct text title;
    struct text path;      /* of this page */
    struct text origin;    /* "https://HOST" as the visitor reached it; empty: not known */
    struct text signed_in; /* shown name, empty: nobody */
    bool staff;            /* staff chrome or public chrome */
    bool registers;        /* may take in applications at a window */
    bool sees_cases;       /* and the desk, the cases and those of before */
    bool sees_catalogue;   /* and the items with their drafts */
    bool sees_accounts;    /* and the pages of accounts */
    bool sees_grants;      /* and those of delegations */
    bool sees_looks;       /* and who looked at whose data */
    struct text table;     /* where the page's list is had as a table (CSV), or empty */
    struct display display;
    struct text csrf;
    struct text form_key; /* becomes the form's idempotency key */
    int64_t now_ms;
    struct text place;               /* the centre's name */
    struct text notice;              /* a success message shown once, or empty */
    struct text receipt;             /* the address of its receipt, or empty */
    struct text live;                /* where the journal stood: a live page; empty: none */
    const char *submitted;           /* name of the command that was refused, or NULL */
    const struct pairs *sent;        /* its values, so that nothing typed is lost */
    const struct problems *problems; /* what was wrong */
    struct wordings_of worded;       /* where the texts of the page were worded */
};

/* The page of a refusal or fault: templates "view/problem.html" (public) and
 * "view/problem_staff.html". */
struct problem_page {
    struct text title;     /* 没有找到这个页面 */
    struct text what;      /* what is wrong, a sentence or two */
    struct text remedy;    /* what to do */
    struct text back;      /* a path; empty: the first page */
    struct text back_name; /* 返回办件; empty: 返回首页 */
    struct text code;      /* the log's key of a fault, or empty */
    struct list problems;  /* struct text: each thing that is wrong, where there are several */
    struct list typed;     /* struct typed_view: what was filled in and could not be handed in */
};
struct typed_view {
    struct text label;
    struct text value;
};
extern const struct shape problem_page_shape;

struct view;

/* Compiles every .html file of the list; forms are the commands that {{form}} may name. Files and
 * forms must live as long as the view. */
bool view_load_forms(const struct asset *files, size_t count, const struct view_form *forms,
                     size_t form_count, struct view **out, struct fault *why);
/* The same in a language: English templates are the files "en/…" of the assets where those are, written
 * by tools/po.py when the program is built; traditional ones are converted here. speech must live as
 * long as the view; NULL: the source. */
bool view_load_said(const struct speech *speech, const struct asset *files, size_t count,
                    const struct view_form *forms, size_t form_count, struct view **out,
                    struct fault *why);
/* Checks that a template's variables all exist in page, and makes the page's program; at start-up
 * for every look. The fault names template and line. */
bool view_check(struct view *view, const char *template, const struct shape *page,
                struct fault *why);
/* Appends the page to out. Only for pairs of template and shape that view_check has seen; any
 * thread may render. frame may not be NULL. */
bool view_render(const struct view *view, const char *template, const struct shape *page,
                 const void *record, const struct frame *frame, struct buf *out, struct fault *why);
void view_free(struct view *view);

#endif
