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

/* What was asked is kept too (the answer to a repeated key), so inputs count as well. */
bool flow_shapes_sound(const struct module *const *modules, struct fault *why)
{
    for (size_t i = 0; modules[i]; i++) {
        const struct event_kind *const *kinds = modules[i]->events;
        const struct command *const *commands = modules[i]->commands;
        for (size_t j = 0; kinds && kinds[j]; j++)
            if (kinds[j]->shape && !shape_sound(kinds[j]->shape, why))
                return false;
        for (size_t j = 0; commands && commands[j]; j++)
            if (commands[j]->input && !shape_sound(commands[j]->input, why))
                return false;
    }
    return true;
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
