/* Paths to looks and commands: a tree of segments compiled once from the modules' lists. */
#ifndef YIMEN_DOOR_ROUTE_H
#define YIMEN_DOOR_ROUTE_H

#include "flow/module.h"

#define ROUTE_PARAMETERS 8

struct routes;

/* What a path leads to. */
struct match {
    const struct look *look;       /* for GET and HEAD, or NULL */
    const struct command *command; /* for POST, or NULL */
    /* The path's parameters in order; names are those of the look or the command asked for. */
    struct text values[ROUTE_PARAMETERS];
    size_t count;
};

/* False: two of the same path, a malformed path, or a parameter that its shape lacks. */
bool routes_new(const struct module *const *modules, struct routes **out, struct fault *why);
void routes_free(struct routes *routes);
/* False: nothing is there. A literal segment goes before a parameter, that before the rest; a
 * segment that fits a literal but leads nowhere is tried as a parameter too. */
bool routes_match(const struct routes *routes, struct text path, struct match *out);
/* Adds a match's values under the parameter names of a look's or command's path. */
void route_pairs(const char *route, const struct match *match, struct pairs *pairs,
                 struct arena *arena);

#endif
