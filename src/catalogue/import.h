/* A loaded city as commands, so that setting one up travels the ordinary way. */
#ifndef YIMEN_CATALOGUE_IMPORT_H
#define YIMEN_CATALOGUE_IMPORT_H

#include "catalogue/city.h"

struct city_command {
    const char *name; /* of the command: "catalogue.place.define" */
    struct text json; /* its input, canonical; read with shape_from_json(command->input, …) */
};

struct city_commands {
    struct city_command *items;
    size_t count;
};

/* The commands that set up a city, in the order in which each finds what it refers to: region,
 * notices by publication, hours, departments, places from the centre down, items by code and date.
 * Notices and hours are the clock's commands, known here by name alone. Not among them: accounts,
 * whose passwords are drawn by whoever sets up the city, and delegations, which need the accounts'
 * numbers; their lists stand in the struct city. A post may name an account that does not exist
 * yet. */
void city_commands(const struct city *city, struct arena *arena, struct city_commands *out);

#endif
