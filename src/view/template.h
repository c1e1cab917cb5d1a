/* Inside view/: a template as nodes (parse.c), a page as a program (bind.c, render.c). */
#ifndef YIMEN_VIEW_TEMPLATE_H
#define YIMEN_VIEW_TEMPLATE_H

#include "view/markup.h"
#include "view/view.h"

enum {
    TEMPLATE_WORDS = 24,   /* in one tag */
    TEMPLATE_BLOCKS = 32,  /* open at once in one template */
    TEMPLATE_LEVELS = 8,   /* records around one another */
    TEMPLATE_INCLUDES = 8, /* within one another */
    CONTROL_NAME = 160,    /* bytes of a control's full name */
};

enum node_kind {
    NODE_STATIC,
    NODE_VALUE,
    NODE_IF,
    NODE_EACH,
    NODE_ROWS,
    NODE_FORM,
    NODE_ELSE,
    NODE_END,
    NODE_INCLUDE,
    NODE_LAYOUT,
    NODE_FIELD,
    NODE_HIDDEN,
    NODE_CHOICES,
    NODE_FILE,
    NODE_SUBMIT,
    NODE_ERRORS,
    NODE_TOKENS,
    NODE_ASSET,
    NODE_COUNT,
    NODE_QR,
};

struct argument {
    struct text text;
    bool quoted;
};

struct node {
    enum node_kind kind;
    int line;
    enum markup_place place;
    bool exact; /* markup_exact */
    enum node_kind opener;      /* of NODE_ELSE and NODE_END */
    struct text text;           /* NODE_STATIC */
    struct argument *arguments; /* without the tag's own word */
    size_t count;
};

struct template
{
    struct text name;
    struct node *nodes;
    size_t count;
};

/* Tags to nodes; blocks balanced, every value in a place where it can be escaped. */
bool template_parse(struct text name, struct text source, struct arena *arena, struct template *out,
                    struct fault *why);
bool template_fault(const struct template *template, const struct node *node, struct fault *why,
                    const char *what, struct text about);

/* Where a value is found while rendering. */
struct source {
    int level; /* LEVEL_FRAME, or how many records deep */
    size_t base;
    const struct field *field; /* at base + field->offset; NULL: no source */
};
#define LEVEL_FRAME (-1)

struct option_list { /* {{choices}} */
    struct source list;
    const struct field *value;
    const struct field *label;
};

/* A name in a form: "materials.#.state" cut at the rows. */
struct control_name {
    struct text parts[TEMPLATE_LEVELS + 1];
    int levels[TEMPLATE_LEVELS];
    size_t rows;
};

enum control_kind {
    CONTROL_INPUT,
    CONTROL_AREA,
    CONTROL_RADIOS,
    CONTROL_SELECT,
    CONTROL_CHECKBOX,
    CONTROL_INPUTS,  /* texts */
    CONTROL_CHOICES, /* radios or a select, from a list of the record */
    CONTROL_CHECKBOXES,
    CONTROL_FILE,
    CONTROL_HIDDEN,
};

struct control {
    enum control_kind kind;
    const char *form; /* the command's name */
    struct control_name name;
    const struct field *field; /* NULL for a file */
    struct source from;
    struct source row; /* `for`: names the row this control stands in */
    struct option_list options;
    struct source named; /* `label PATH`: the words of the record instead of `label` */
    struct text label, hint, fixed, autocomplete;
    bool heading, bare, small, select, radios, lines;
};

enum op_kind {
    OP_STATIC,
    OP_DISPLAY,
    OP_RAW,
    OP_ADDRESS,
    OP_ADDRESS_PART,
    OP_UNESCAPED,
    OP_COUNT,
    OP_QR,
    OP_ROW,
    OP_EACH,
    OP_ROWS,
    OP_NEXT,
    OP_JUMP,
    OP_TEST,
    OP_FORM,
    OP_FORM_END,
    OP_SUBMIT,
    OP_CONTROL,
    OP_ERRORS,
    OP_TOKENS,
};

struct path_part {
    struct text text; /* before the parameter */
    struct text name; /* of the parameter; empty at the end */
    struct source value;
};

struct form_open {
    const struct view_form *form;
    struct path_part *parts;
    size_t count;
    struct source marks; /* `marks LIST`: what is wrong with what is saved; no field: nothing */
    const struct field *mark_name, *mark_words; /* of an item of that list */
};

/* What an {{if}} asks. */
struct test {
    bool negate;
    bool compare;
    const int64_t *numbers; /* words, numbers, bools, dates */
    const struct text *texts;
    size_t count;
};

/* How a value is said in another language than the source. */
enum saying {
    SAYING_HTML,  /* between elements: what is Chinese in English is marked */
    SAYING_WORDS, /* in an attribute or a title */
    SAYING_DATA,  /* as it is, and marked */
    SAYING_EXACT, /* as it is */
};

struct op {
    enum op_kind kind;
    enum saying saying; /* OP_DISPLAY */
    int level;   /* OP_EACH, OP_ROWS, OP_NEXT, OP_ROW */
    size_t jump; /* op to go to: OP_TEST if false, OP_EACH if empty */
    size_t size; /* OP_EACH: of an item; OP_ROWS: how many */
    struct text text;
    struct source source;
    union {
        const struct test *test;
        const struct form_open *form;
        const struct control *control;
    };
};

struct program {
    const char *template;
    const struct shape *page;
    struct op *ops;
    size_t count;
    const struct control **controls;
    size_t control_count;
    size_t size_hint;
    struct program *next;
};

enum { PROGRAM_TABLE = 512 };

struct view {
    struct arena *arena;
    const struct speech *speech; /* NULL: the source */
    const struct asset *files;
    size_t file_count;
    struct template *templates;
    size_t template_count;
    const struct view_form *forms;
    size_t form_count;
    struct program *programs[PROGRAM_TABLE];
};

const struct template *view_template(const struct view *view, struct text name);
const struct asset *view_file(const struct view *view, struct text name);
const struct view_form *view_form(const struct view *view, struct text name);
bool program_bind(struct view *view, const struct template *template, const struct shape *page,
                  struct program *program, struct fault *why);

/* What a page may say of its frame. */
struct frame_values {
    struct text title, path, signed_in, place, notice, receipt;
    int64_t now_ms;
    bool staff, wrong, registers, sees_cases, sees_catalogue, sees_accounts, sees_grants;
    bool sees_looks;
    struct text table;
    struct text language; /* the tag of the page's own */
    struct text live; /* the journal's position, of a page that is kept up to date */
    struct text size, contrast, colour; /* struct display */
    struct text here; /* this page's address, and what a further part of its query begins with */
};
extern const struct shape frame_shape;

struct render {
    const struct program *program;
    const struct frame *frame;
    const struct speech *speech; /* of the view; NULL: the source */
    struct frame_values values;
    struct buf *out;
    const char *records[TEMPLATE_LEVELS];
    size_t rows[TEMPLATE_LEVELS];
    size_t counts[TEMPLATE_LEVELS];
    int form_number;
    const struct form_open *form; /* the open one */
    bool form_sent;   /* the open form is the one that was refused */
    bool sent_seen;   /* and such a form was there already */
    struct text *shown; /* by problem: as its control says it, "" without one; NULL: no problems */
    size_t errors_at; /* byte in out, SIZE_MAX: no {{errors}} */
};

const void *source_record(const struct render *render, const struct source *source);
void control_render(struct render *render, const struct control *control);
/* Once the page is there, and with it every control that can be linked to, the summary goes in at
 * the place of {{errors}}. */
void errors_render(struct render *render);
/* What is wrong and what to do; where the message says nothing, what is usually done. */
struct text problem_words(const struct problem *problem);
void form_render(struct render *render, const struct form_open *form, struct text class);
/* A button that says which row it is for. look: the classes after the button's own. */
void submit_render(struct render *render, const struct control *control);
void tokens_render(struct render *render);
/* An address that leads to a script or to another host without saying so becomes "#". */
bool address_safe(struct text address);
/* What a page says, in its language, marked as speech.h does; and words of the program itself. */
struct text render_say(const struct render *render, struct text words);
struct text render_word(const struct render *render, const char *words);
void program_render(const struct view *view, const struct program *program, const void *record,
                    const struct frame *frame, struct buf *out);

#endif
