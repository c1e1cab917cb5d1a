/* Inside flow: the standing facts of one region, loaded by the modules' hooks. */
#ifndef YIMEN_FLOW_FACTS_H
#define YIMEN_FLOW_FACTS_H

#include "flow/module.h"

struct standing_set {
    const struct module *const *modules;
    struct standing *items;
    size_t count;
    struct arena *now;    /* the facts in use */
    struct arena *before; /* those before, which the last answers may still point into */
};

void standing_init(struct standing_set *set, const struct module *const *modules);
bool standing_load(struct standing_set *set, struct db_read *db, int64_t region, struct fault *why);
void standing_end(struct standing_set *set);

#endif
