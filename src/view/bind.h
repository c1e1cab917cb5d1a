/* Inside view/: nodes and a shape become a program. */
#ifndef YIMEN_VIEW_BIND_H
#define YIMEN_VIEW_BIND_H

#include "view/template.h"

struct bind_block {
    enum node_kind kind;
    size_t test;  /* the OP_TEST or OP_EACH whose jump is still open, or NO_OP */
    size_t begin; /* first op of a body that repeats */
    size_t ends;  /* chain of OP_JUMPs to the end, linked through their jump */
};
#define NO_OP SIZE_MAX

struct binder {
    struct view *view;
    struct program *program;
    struct fault *why;
    size_t op_cap, control_cap;
    struct buf pending; /* static text not yet an op */
    const struct shape *scopes[TEMPLATE_LEVELS];
    bool records[TEMPLATE_LEVELS]; /* the level is a record of its own, not {{rows}} */
    size_t depth;
    struct bind_block blocks[TEMPLATE_BLOCKS * 2];
    size_t block_depth;
    size_t includes;
    const struct view_form *form;
    const struct template *content; /* what {{content}} stands for, while in a layout */
    bool content_seen;
    /* Where we are, for faults. */
    const struct template *template;
    const struct node *node;
};

bool bind_fault(struct binder *binder, const char *what, struct text about);
/* Appends an op after the static text that waits. */
struct op *bind_op(struct binder *binder, enum op_kind kind);
/* "applicant.name", "../case_id", "frame.title". */
bool bind_path(struct binder *binder, struct text path, struct source *out);
/* The same, and it must be one value: no list, no record. */
bool bind_plain(struct binder *binder, struct text path, struct source *out);
/* A field that shape has, or a fault. */
const struct field *bind_field(struct binder *binder, const struct shape *shape, struct text name);

bool bind_form(struct binder *binder);
bool bind_control(struct binder *binder);
bool bind_submit(struct binder *binder);

#endif
