/* What changed between two versions of an item, field by field, as people read it. Pure. */
#ifndef YIMEN_CATALOGUE_DIFF_H
#define YIMEN_CATALOGUE_DIFF_H

#include "catalogue/catalogue.h"

enum change_kind { CHANGE_NONE, CHANGE_ALTERED, CHANGE_ADDED, CHANGE_REMOVED, CHANGE_MOVED };
extern const struct word change_kind_words[]; /* altered, added, removed, moved */

struct change {
    struct text path;  /* "materials.m1.name" */
    struct text label; /* "申请材料：身份证，份数" */
    int64_t kind;      /* enum change_kind */
    struct text old, new; /* as printed; empty: nothing there */
};
extern const struct shape change_shape;

/* struct change, in the order of the item's fields; version is no change. Rows of a list are the same
 * row where their code (else their name, question or kind) is; moved means another order of those that
 * both have. */
struct list item_changes(const struct item *old, const struct item *new, struct arena *arena);

#endif
