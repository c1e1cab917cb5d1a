#include "flow/facts.h"

#include <stdlib.h>

#include "flow/flow.h"

void standing_init(struct standing_set *set, const struct module *const *modules)
{
    *set = (struct standing_set){.modules = modules};
    set->now = arena_new(64 * 1024);
    set->before = arena_new(64 * 1024);
}

bool standing_load(struct standing_set *set, struct db_read *db, int64_t region, struct fault *why)
{
    struct arena *fresh = set->before;
    size_t count = 0;
    arena_reset(fresh);
    while (set->modules[count])
        count++;
    struct standing *items = arena_array(fresh, count, sizeof *items);
    size_t filled = 0;
    for (size_t i = 0; i < count; i++) {
        const struct module *module = set->modules[i];
        if (!module->standing)
            continue;
        items[filled].module = module;
        if (!module->standing(db, region, fresh, &items[filled].facts, why))
            return fault_set(why, "standing facts of %s could not be read", module->name);
        filled++;
    }
    set->before = set->now;
    set->now = fresh;
    set->items = items;
    set->count = filled;
    return true;
}

void standing_end(struct standing_set *set)
{
    arena_free(set->now);
    arena_free(set->before);
}

/* A reader's facts: one set for each region it has looked at. */
struct known_region {
    struct known_region *next;
    int64_t region;
    int64_t version; /* of region_head.standing */
    struct standing_set set;
};

struct flow_facts {
    const struct module *const *modules;
    struct known_region *known;
    struct arena *scratch;
};

struct flow_facts *flow_facts_new(const struct module *const *modules)
{
    struct flow_facts *facts = calloc(1, sizeof *facts);
    if (!facts)
        abort();
    facts->modules = modules;
    facts->scratch = arena_new(1024);
    return facts;
}

void flow_facts_free(struct flow_facts *facts)
{
    if (!facts)
        return;
    while (facts->known) {
        struct known_region *next = facts->known->next;
        standing_end(&facts->known->set);
        free(facts->known);
        facts->known = next;
    }
    arena_free(facts->scratch);
    free(facts);
}

bool flow_facts_at(struct flow_facts *facts, struct db_read *db, int64_t region,
                   const struct standing **standing, size_t *count, struct flow_stand *stand,
                   struct fault *why)
{
    struct known_region *known = facts->known;
    struct journal_place place;
    arena_reset(facts->scratch);
    if (!journal_place_of(db, region, facts->scratch, &place, why))
        return false;
    *stand = (struct flow_stand){place.seq, place.standing, place.live_at};
    while (known && known->region != region)
        known = known->next;
    if (!known) {
        known = calloc(1, sizeof *known);
        if (!known)
            abort();
        known->region = region;
        known->version = stand->version - 1;
        standing_init(&known->set, facts->modules);
        known->next = facts->known;
        facts->known = known;
    }
    if (known->version != stand->version) {
        if (!standing_load(&known->set, db, region, why))
            return false;
        known->version = stand->version;
    }
    *standing = known->set.items;
    *count = known->set.count;
    return true;
}

bool flow_facts_get(struct flow_facts *facts, struct db_read *db, int64_t region,
                    const struct standing **standing, size_t *count, struct fault *why)
{
    struct flow_stand stand;
    return flow_facts_at(facts, db, region, standing, count, &stand, why);
}
