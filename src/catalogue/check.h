/* What makes a region, an item, a department or a place valid, whether it comes from a file or a
 * page. Pure. */
#ifndef YIMEN_CATALOGUE_CHECK_H
#define YIMEN_CATALOGUE_CHECK_H

#include "catalogue/catalogue.h"

/* The item by itself: the promise not over the statutory limit in the same unit; no promised days
 * for what is decided on the spot; fees with their basis exactly where a fee is asked; no statutory
 * limit written as 0 with no unit; a permit delivered within the law's 10 working days; a limit
 * marked law with its article; every material with a basis and a name that says what it is; codes
 * used once; whole, or guide_only and then not applied for; an organ's check character right (GB
 * 32100, GB 11714). Problems name their field. */
void item_check(const struct item *item, struct arena *arena, struct problems *problems);
/* The settings: each a known name, once, and a number within what the law or the house allows. */
void region_check(const struct region *region, struct arena *arena, struct problems *problems);
void department_check(const struct department *department, struct arena *arena,
                      struct problems *problems);
void place_check(const struct place *place, struct arena *arena, struct problems *problems);
/* Whether a place of that kind may stand directly under one of the other. */
bool place_fits(int64_t kind, int64_t parent_kind);

#endif
