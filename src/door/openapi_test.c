/* The API document against the modules' lists: everything that is registered is in it under its
 * method, and nothing else is. That every listed path is answered by a running server is shown by
 * tests/scenarios/openapi. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <string.h>

#include "cli/cli.h"
#include "door/door.h"
#include "modules.h"

static const char *const plain[] = {"/healthz", "/openapi.json", "/metrics", "/assets/{name}"};

struct document {
    struct arena *arena;
    json_t *root, *paths;
    size_t found; /* operations that a list accounts for */
};

static const char *name_in_document(struct document *document, const char *path)
{
    struct buf out = {.arena = document->arena};
    for (; *path; path++)
        if (*path != '*')
            buf_char(&out, *path);
    return text_cstr(document->arena, buf_done(&out));
}

/* Every parameter of the path is declared, once, as required; and no other "in path". */
static void check_parameters(const char *path, json_t *operation)
{
    json_t *list = json_object_get(operation, "parameters"), *parameter;
    size_t i, braces = 0, declared = 0;
    for (const char *at = path; *at; at++)
        braces += *at == '{';
    json_array_foreach(list, i, parameter) {
        const char *name = json_string_value(json_object_get(parameter, "name"));
        char room[100];
        if (strcmp(json_string_value(json_object_get(parameter, "in")), "path") != 0)
            continue;
        snprintf(room, sizeof room, "{%s}", name);
        if (!strstr(path, room) || !json_is_true(json_object_get(parameter, "required")))
            fail_msg("%s: parameter %s", path, name);
        declared++;
    }
    if (declared != braces)
        fail_msg("%s: %zu of %zu parameters are declared", path, declared, braces);
}

static json_t *must_have(struct document *document, const char *route, const char *method,
                         const char *id)
{
    const char *path = name_in_document(document, route);
    json_t *operation = json_object_get(json_object_get(document->paths, path), method);
    const char *is = json_string_value(json_object_get(operation, "operationId"));
    if (!operation || !is || strcmp(is, id) != 0)
        fail_msg("%s %s is %s, not %s", method, path, is ? is : "not there", id);
    if (json_object_size(json_object_get(operation, "responses")) == 0)
        fail_msg("%s %s answers nothing", method, path);
    check_parameters(path, operation);
    document->found++;
    return operation;
}

/* What the path says already is refused in the body, so it is not offered there. */
static void check_body(const char *path, json_t *operation, const char *kind)
{
    json_t *body = json_object_get(operation, "requestBody");
    json_t *media = json_object_get(json_object_get(body, "content"), kind);
    json_t *properties = json_object_get(json_object_get(media, "schema"), "properties");
    const char *name;
    json_t *property;
    assert_true(json_is_object(media));
    json_object_foreach(properties, name, property) {
        char room[100];
        snprintf(room, sizeof room, "{%s}", name);
        if (strstr(path, room))
            fail_msg("%s: %s is in the path and in the body", path, name);
    }
}

/* A form's page that is named like its command. */
static const char *id_of_look(struct document *document, const struct module *module,
                              const struct look *look)
{
    for (size_t i = 0; module->commands && module->commands[i]; i++)
        if (module->commands[i]->path && strcmp(module->commands[i]->path, look->path) == 0 &&
            strcmp(module->commands[i]->name, look->name) == 0)
            return text_format(document->arena, "%s.page", look->name).at;
    return look->name;
}

static void check_module(struct document *document, const struct module *module)
{
    for (size_t i = 0; module->looks && module->looks[i]; i++) {
        const struct look *look = module->looks[i];
        must_have(document, look->path, "get", id_of_look(document, module, look));
        if (look->list) {
            const char *path = text_format(document->arena, "%s.csv", look->path).at;
            const char *id = text_format(document->arena, "%s.csv", look->name).at;
            must_have(document, path, "get", id);
            if (look->by_post)
                must_have(document, path, "post", text_format(document->arena, "%s.post", id).at);
        }
        if (look->by_post) {
            const char *id = text_format(document->arena, "%s.post", look->name).at;
            check_body(look->path, must_have(document, look->path, "post", id),
                       "application/x-www-form-urlencoded");
        }
    }
    for (size_t i = 0; module->commands && module->commands[i]; i++) {
        const struct command *command = module->commands[i];
        if (command->path)
            check_body(command->path, must_have(document, command->path, "post", command->name),
                       "application/json");
    }
}

static size_t count_operations(struct document *document)
{
    const char *path, *method;
    json_t *methods, *operation, *ids = json_object();
    size_t count = 0;
    json_object_foreach(document->paths, path, methods) {
        json_object_foreach(methods, method, operation) {
            const char *id = json_string_value(json_object_get(operation, "operationId"));
            if (strcmp(method, "get") != 0 && strcmp(method, "post") != 0)
                fail_msg("%s: method %s", path, method);
            if (!id || json_object_get(ids, id))
                fail_msg("%s: operationId %s is used twice", path, id ? id : "missing");
            json_object_set_new(ids, id, json_true());
            count++;
        }
    }
    json_decref(ids);
    return count;
}

static void everything_and_nothing_else(void **state)
{
    struct document document = {.arena = arena_new(64 * 1024)};
    struct buf out = {.arena = document.arena};
    json_error_t error;
    (void)state;
    door_openapi(modules, cli_examples, &out);
    document.root = json_loadb(out.at, out.len, JSON_REJECT_DUPLICATES, &error);
    if (!document.root)
        fail_msg("line %d: %s", error.line, error.text);
    document.paths = json_object_get(document.root, "paths");
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        json_t *get = json_object_get(json_object_get(document.paths, plain[i]), "get");
        assert_true(json_is_object(get));
        check_parameters(plain[i], get);
        document.found++;
    }
    for (size_t i = 0; modules[i]; i++)
        check_module(&document, modules[i]);
    assert_true(document.found > 80);
    assert_int_equal(count_operations(&document), document.found);
    json_decref(document.root);
    arena_free(document.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_and_nothing_else)};
    return cmocka_run_group_tests_name("openapi", tests, NULL, NULL);
}
