/* A loaded city as commands, so that setting one up travels the ordinary way. */
#ifndef YIMEN_CATALOGUE_IMPORT_H
#define YIMEN_CATALOGUE_IMPORT_H

#include "catalogue/city.h"

struct city_command {
    const struct command *command;
    void *input; /* a copy of its own in the arena */
};

struct city_commands {
    struct city_command *items;
    size_t count;
};

/* The catalogue's commands that set up a city, in the order in which each finds what it refers to:
 * region, departments, places from the centre down, items by code and date. Notices, hours,
 * accounts and delegations belong to other modules: whoever sets up a city turns those lists of the
 * struct city into their commands. A post may name an account that does not exist yet. */
void city_commands(const struct city *city, struct arena *arena, struct city_commands *out);

#endif
