#include "door/route.h"

#include <stdlib.h>
#include <string.h>

struct node {
    struct text segment; /* of a literal */
    struct node **literals;
    size_t count;
    struct node *parameter;
    struct node *rest;
    const struct look *look;
    const struct command *command;
};

struct routes {
    struct arena *arena;
    struct node root;
};

static bool is_parameter(struct text segment)
{
    return segment.len > 2 && segment.at[0] == '{' && segment.at[segment.len - 1] == '}';
}

static bool is_rest(struct text segment)
{
    return is_parameter(segment) && segment.at[segment.len - 2] == '*';
}

static struct text parameter_name(struct text segment)
{
    return text_slice(segment, 1, segment.len - (is_rest(segment) ? 2 : 1));
}

static struct node *node_new(struct routes *routes, struct text segment)
{
    struct node *node = arena_alloc(routes->arena, sizeof *node);
    node->segment = segment;
    return node;
}

static struct node *literal_of(const struct node *node, struct text segment)
{
    for (size_t i = 0; i < node->count; i++)
        if (text_equal(node->literals[i]->segment, segment))
            return node->literals[i];
    return NULL;
}

static struct node *step(struct routes *routes, struct node *node, struct text segment)
{
    struct node **place = is_rest(segment) ? &node->rest : &node->parameter;
    if (is_parameter(segment)) {
        if (!*place)
            *place = node_new(routes, TEXT(""));
        return *place;
    }
    struct node *found = literal_of(node, segment);
    if (found)
        return found;
    node->literals = arena_grow(routes->arena, node->literals, node->count * sizeof(found),
                                (node->count + 1) * sizeof(found));
    return node->literals[node->count++] = node_new(routes, segment);
}

/* The node of a route, its parameters checked against the shape that will take them. */
static struct node *place_of(struct routes *routes, const char *name, const char *path,
                             const struct shape *shape, struct fault *why)
{
    struct node *node = &routes->root;
    struct text rest = text_of(path), segment;
    size_t parameters = 0;
    if (!text_cut(&rest, '/', &segment) || segment.len) {
        fault_set(why, "%s: the path %s does not begin with /", name, path);
        return NULL;
    }
    while (text_cut(&rest, '/', &segment)) {
        if (is_parameter(segment) &&
            (++parameters > ROUTE_PARAMETERS || !shape ||
             !shape_field(shape, parameter_name(segment)))) {
            fault_set(why, "%s: %.*s in %s is no field of its input", name, TEXT_ARG(segment),
                      path);
            return NULL;
        }
        node = step(routes, node, segment);
    }
    return node;
}

static bool add_command(struct routes *routes, const struct command *command, struct fault *why)
{
    if (!command->path)
        return true;
    struct node *node = place_of(routes, command->name, command->path, command->input, why);
    if (!node)
        return false;
    if (node->command)
        return fault_set(why, "%s and %s have the same path", node->command->name, command->name);
    node->command = command;
    return true;
}

static bool add_look(struct routes *routes, const struct look *look, struct fault *why)
{
    if (!look->name || !look->path)
        return fault_set(why, "a look has no name or no path");
    struct node *node = place_of(routes, look->name, look->path, look->query, why);
    if (!node)
        return false;
    if (node->look)
        return fault_set(why, "%s and %s have the same path", node->look->name, look->name);
    node->look = look;
    return true;
}

bool routes_new(const struct module *const *modules, struct routes **out, struct fault *why)
{
    struct arena *arena = arena_new(16 * 1024);
    struct routes *routes = arena_alloc(arena, sizeof *routes);
    bool good = true;
    routes->arena = arena;
    for (size_t i = 0; good && modules[i]; i++) {
        const struct module *module = modules[i];
        for (size_t j = 0; good && module->commands && module->commands[j]; j++)
            good = add_command(routes, module->commands[j], why);
        for (size_t j = 0; good && module->looks && module->looks[j]; j++)
            good = add_look(routes, module->looks[j], why);
    }
    if (!good) {
        arena_free(arena);
        return false;
    }
    *out = routes;
    return true;
}

void routes_free(struct routes *routes)
{
    if (routes)
        arena_free(routes->arena);
}

static bool ends_here(const struct node *node)
{
    return node->look || node->command;
}

/* path: what is left after the node's own segment; at NULL when nothing is, not even a slash. */
static bool walk(const struct node *node, struct text path, struct match *out)
{
    struct text rest = path, segment;
    if (!text_cut(&rest, '/', &segment)) {
        out->look = node->look;
        out->command = node->command;
        return ends_here(node);
    }
    const struct node *literal = literal_of(node, segment);
    if (literal && walk(literal, rest, out))
        return true;
    size_t count = out->count;
    if (node->parameter && segment.len && count < ROUTE_PARAMETERS) {
        out->values[count] = segment;
        out->count = count + 1;
        if (walk(node->parameter, rest, out))
            return true;
        out->count = count;
    }
    if (node->rest && path.len && count < ROUTE_PARAMETERS && ends_here(node->rest)) {
        out->values[count] = path;
        out->count = count + 1;
        out->look = node->rest->look;
        out->command = node->rest->command;
        return true;
    }
    return false;
}

bool routes_match(const struct routes *routes, struct text path, struct match *out)
{
    *out = (struct match){0};
    if (path.len == 0 || path.at[0] != '/')
        return false;
    return walk(&routes->root, text_slice(path, 1, path.len), out);
}

void route_pairs(const char *route, const struct match *match, struct pairs *pairs,
                 struct arena *arena)
{
    struct text rest = text_of(route), segment;
    size_t next = 0;
    while (text_cut(&rest, '/', &segment))
        if (is_parameter(segment) && next < match->count)
            pair_add(pairs, arena, parameter_name(segment), match->values[next++]);
}
