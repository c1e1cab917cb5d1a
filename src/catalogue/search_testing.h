/* For tests and measurements alone: a catalogue in memory, without a database. */
#ifndef YIMEN_CATALOGUE_SEARCH_TESTING_H
#define YIMEN_CATALOGUE_SEARCH_TESTING_H

#include "catalogue/search.h"

/* items and departments: any order; they are copied, sorted as the tables are, and indexed. */
const struct catalogue *catalogue_testing(struct list items, struct list departments,
                                          struct arena *arena);
/* All departments, all pages' first 50. */
struct search_found search_testing(const struct catalogue *catalogue, const char *words,
                                   int64_t today, struct arena *arena);
/* At which place from 1 an item of that name is, what was found first and what is near behind it; 0: it
 * is not there. */
size_t search_testing_place(const struct search_found *found, struct text name);

#endif
