/* Event kinds by name: a small open-addressed table made once. */
#include <stdlib.h>

#include "flow/flow.h"

struct registry {
    size_t size; /* a power of two */
    const struct event_kind *slots[];
};

static size_t slot_of(const struct registry *registry, struct text name)
{
    size_t at = (size_t)text_hash(name) & (registry->size - 1);
    while (registry->slots[at] && !text_is(name, registry->slots[at]->name))
        at = (at + 1) & (registry->size - 1);
    return at;
}

struct registry *registry_new(const struct module *const *modules, struct fault *why)
{
    size_t count = 0, size = 64;
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->events && modules[i]->events[j]; j++)
            count++;
    while (size < count * 2)
        size *= 2;
    struct registry *registry = calloc(1, sizeof *registry + size * sizeof *registry->slots);
    if (!registry)
        abort();
    registry->size = size;
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->events && modules[i]->events[j]; j++) {
            const struct event_kind *kind = modules[i]->events[j];
            size_t at = slot_of(registry, text_of(kind->name));
            if (registry->slots[at]) {
                fault_set(why, "two event kinds are named %s", kind->name);
                free(registry);
                return NULL;
            }
            registry->slots[at] = kind;
        }
    return registry;
}

void registry_free(struct registry *registry)
{
    free(registry);
}

const struct event_kind *registry_find(const struct registry *registry, struct text name)
{
    return registry->slots[slot_of(registry, name)];
}
