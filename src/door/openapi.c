/* The OpenAPI 3.1 document, written from the modules' lists and shapes: it cannot disagree with what
 * the door accepts and answers. */
#include <string.h>

#include "door/door.h"
#include "identity/identity.h"
#include "files/files.h"

struct paths {
    const struct module *const *modules;
    const struct door_example *examples;
    struct buf *out;
};

static bool in_path(const char *path, const struct field *field, struct arena *arena)
{
    return text_find(text_of(path), text_format(arena, "{%s}", field->name)) >= 0 ||
           text_find(text_of(path), text_format(arena, "{%s*}", field->name)) >= 0;
}

/* The path's parameters, and where `query` says so the others as the address's query string. */
static void parameters(const char *path, const struct shape *shape, bool query, struct buf *out)
{
    bool first = true;
    buf_str(out, "\"parameters\":[");
    for (size_t i = 0; shape && i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        bool path_field = in_path(path, field, out->arena);
        if ((field->flags & FIELD_INTERNAL) || (!path_field && !query))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_str(out, "{\"name\":");
        buf_json(out, text_of(field->name));
        buf_format(out, ",\"in\":\"%s\",\"required\":%s,\"description\":",
                   path_field ? "path" : "query",
                   path_field || (field->flags & FIELD_REQUIRED) ? "true" : "false");
        buf_json(out, text_of(field->label ? field->label : field->name));
        buf_format(out, ",\"schema\":{\"type\":\"%s\"}}",
                   field->type == FIELD_INT || field->type == FIELD_MONEY ? "integer"
                   : field->type == FIELD_BOOL                            ? "boolean"
                   : field->type == FIELD_TEXTS                           ? "array"
                                                                          : "string");
    }
    buf_char(out, ']');
}

/* What a body may hold: all but what the path says already, which would be there twice. */
static struct shape body_of(const struct shape *shape, const char *path, struct arena *arena)
{
    struct field *fields = arena_array(arena, shape->count, sizeof *fields);
    struct shape body = *shape;
    body.count = 0;
    for (size_t i = 0; i < shape->count; i++)
        if (!in_path(path, &shape->fields[i], arena))
            fields[body.count++] = shape->fields[i];
    body.fields = fields;
    return body;
}

static void problems(struct buf *out)
{
    buf_str(out, "\"4XX\":{\"$ref\":\"#/components/responses/problem\"},"
                 "\"5XX\":{\"$ref\":\"#/components/responses/problem\"}");
}

/* A token needs the scope, if it was given for some only. */
static void operation_head(struct text name, const char *title, int64_t roles, bool writes,
                           struct buf *out)
{
    const char *scope = scope_name(scope_needed(name, writes));
    buf_str(out, "{\"operationId\":");
    buf_json(out, name);
    buf_str(out, ",\"summary\":");
    buf_json(out, text_of(title));
    if (roles & (ROLE_ANYONE | ROLE_APPLICANT))
        buf_str(out, ",\"security\":[],");
    else
        buf_format(out, ",\"security\":[{\"bearer\":[%s%s%s]},{\"session\":[]}],",
                   scope ? "\"" : "", scope ? scope : "", scope ? "\"" : "");
}

static void write_answer(const struct look *look, bool table, struct buf *out)
{
    buf_str(out, ",\"responses\":{\"200\":{\"description\":\"OK\"");
    if (table) {
        buf_str(out, ",\"content\":{\"text/csv\":{\"schema\":{\"type\":\"string\"}}}");
    } else if (look->page) {
        buf_str(out, ",\"content\":{\"application/json\":{\"schema\":");
        shape_to_answer_schema(look->page, out);
        buf_format(out, "},\"text/html\":{}%s}",
                   look->live ? ",\"text/event-stream\":{\"schema\":{\"type\":\"string\"}}" : "");
    }
    buf_str(out, "},");
    problems(out);
    buf_str(out, "}}");
}

/* A page that only holds the form of a command may be named like it; no two operations may. */
static void write_look(const struct look *look, const struct command *beside, struct buf *out)
{
    bool alike = beside && strcmp(beside->name, look->name) == 0;
    struct text id = text_format(out->arena, "%s%s", look->name, alike ? ".page" : "");
    operation_head(id, look->title, look->roles, false, out);
    parameters(look->path, look->query, true, out);
    write_answer(look, false, out);
}

/* The same look, its query in the body. */
static void write_asked(const struct look *look, bool table, struct buf *out)
{
    struct shape body = body_of(look->query, look->path, out->arena);
    operation_head(text_format(out->arena, "%s%s.post", look->name, table ? LOOK_TABLE : ""),
                   look->title, look->roles, false, out);
    parameters(look->path, look->query, false, out);
    buf_str(out, ",\"requestBody\":{\"required\":true,\"content\":"
                 "{\"application/x-www-form-urlencoded\":{\"schema\":");
    shape_to_schema(&body, out);
    buf_str(out, "}}}");
    write_answer(look, table, out);
}

/* "{rest*}" has no word in OpenAPI; it is an ordinary parameter there. */
static struct text path_name(const char *path, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (; *path; path++)
        if (*path != '*')
            buf_char(&out, *path);
    return buf_done(&out);
}

static const char *example_of(const struct door_example *examples, const char *operation)
{
    for (; examples && examples->operation; examples++)
        if (strcmp(examples->operation, operation) == 0)
            return examples->body;
    return NULL;
}

static void write_command(const struct command *command, const char *example, struct buf *out)
{
    struct shape body = body_of(command->input, command->path, out->arena);
    operation_head(text_of(command->name), command->title, command->roles, true, out);
    parameters(command->path, command->input, false, out);
    buf_str(out, ",\"requestBody\":{\"content\":{\"application/json\":{\"schema\":");
    shape_to_schema(&body, out);
    if (example)
        buf_format(out, ",\"example\":%s", example);
    /* Forms name the same fields by their paths, "materials.0.code"; a file comes in a part. */
    buf_format(out, "},\"%s\":{\"schema\":{\"type\":\"object\"}}",
               shape_takes_upload(command->input) ? "multipart/form-data"
                                                  : "application/x-www-form-urlencoded");
    buf_str(out, "}},\"responses\":{\"201\":{\"description\":\"Journalled\",\"content\":"
                 "{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/answer\"}}}},");
    problems(out);
    buf_str(out, "}}");
}

static const struct command *command_at(const struct module *const *modules, const char *path)
{
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++) {
            const struct command *command = modules[i]->commands[j];
            if (command->path && text_is(text_of(command->path), path))
                return command;
        }
    return NULL;
}

static const struct look *look_at(const struct module *const *modules, const char *path)
{
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->looks && modules[i]->looks[j]; j++)
            if (text_is(text_of(modules[i]->looks[j]->path), path))
                return modules[i]->looks[j];
    return NULL;
}

/* All rows of a list, as a table. x-list: where they stand in the page. */
static void write_table(const struct look *look, struct buf *out)
{
    buf_char(out, ',');
    buf_json(out, text_format(out->arena, "%.*s" LOOK_TABLE,
                              TEXT_ARG(path_name(look->path, out->arena))));
    buf_str(out, ":{\"get\":");
    operation_head(text_format(out->arena, "%s" LOOK_TABLE, look->name), look->title, look->roles,
                   false, out);
    buf_format(out, "\"x-list\":\"%s\",", look->list);
    parameters(look->path, look->query, true, out);
    write_answer(look, true, out);
    if (look->by_post) {
        buf_str(out, ",\"post\":");
        write_asked(look, true, out);
    }
    buf_char(out, '}');
}

static void write_path(struct paths *paths, const char *path)
{
    struct buf *out = paths->out;
    const struct look *look = look_at(paths->modules, path);
    const struct command *command = command_at(paths->modules, path);
    buf_char(out, ',');
    buf_json(out, path_name(path, out->arena));
    buf_str(out, ":{");
    if (look) {
        buf_str(out, "\"get\":");
        write_look(look, command, out);
    }
    if (command) {
        buf_str(out, look ? ",\"post\":" : "\"post\":");
        write_command(command, example_of(paths->examples, command->name), out);
    } else if (look && look->by_post) {
        buf_str(out, ",\"post\":");
        write_asked(look, false, out);
    }
    buf_char(out, '}');
    if (look && look->list)
        write_table(look, out);
}

/* What the door answers by itself, whoever asks. */
#define PLAIN_GET(path, id, title)                                                                 \
    "\"" path "\":{\"get\":{\"operationId\":\"" id "\",\"summary\":\"" title "\",\"security\":[],"
#define PLAIN_JSON "\"200\":{\"description\":\"OK\",\"content\":{\"application/json\":{}}},"
#define PLAIN_METHOD "\"405\":{\"description\":\"Method\"}"
static const char plain_paths[] =
    PLAIN_GET("/healthz", "door.health", "运行状态")
    "\"responses\":{" PLAIN_JSON PLAIN_METHOD ",\"503\":{\"description\":\"No database\","
    "\"content\":{\"application/json\":{}}}}}},"
    PLAIN_GET("/openapi.json", "door.openapi", "接口说明")
    "\"responses\":{" PLAIN_JSON PLAIN_METHOD "}}},"
    PLAIN_GET("/metrics", "door.metrics", "运行指标（Prometheus）")
    "\"responses\":{\"200\":{\"description\":\"OK\",\"content\":{\"text/plain\":{}}},"
    "\"404\":{\"description\":\"Not for you\"}}}},"
    PLAIN_GET("/assets/{name}", "door.asset", "样式与图片")
    "\"parameters\":[{\"name\":\"name\",\"in\":\"path\",\"required\":true,\"description\":"
    "\"摘要与文件名，以斜线相隔\",\"schema\":{\"type\":\"string\"}}],"
    "\"responses\":{\"200\":{\"description\":\"OK\"},\"404\":{\"description\":\"Not found\"}}}}";

void door_openapi(const struct module *const *modules, const struct door_example *examples,
                  struct buf *out)
{
    struct paths paths = {modules, examples, out};
    buf_str(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Yimen\",\"version\":\"1\",\"license\":"
                 "{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}},"
                 "\"servers\":[{\"url\":\"/\"}],"
                 "\"components\":{\"responses\":{\"problem\":{\"description\":\"RFC 9457\","
                 "\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":"
                 "\"#/components/schemas/problem\"}},\"text/html\":{}}}},"
                 "\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":"
                 "\"bearer\"},\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":"
                 "\"yimen_session\"}},\"schemas\":{\"problem\":{\"type\":\"object\",\"required\":"
                 "[\"type\",\"title\",\"status\",\"errors\"],\"properties\":{\"type\":{\"type\":"
                 "\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
                 "\"detail\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":"
                 "{\"type\":\"object\",\"properties\":{\"field\":{\"type\":\"string\"},\"code\":"
                 "{\"type\":\"string\"},\"message\":{\"type\":\"string\"}}}}}},\"answer\":{\"type\":"
                 "\"object\",\"required\":[\"region\",\"index\",\"count\"],\"properties\":"
                 "{\"region\":{\"type\":\"string\"},\"index\":{\"type\":\"integer\"},\"count\":"
                 "{\"type\":\"integer\"},\"receipt\":{\"type\":\"string\"},\"location\":{\"type\":"
                 "\"string\"}}}}},\"paths\":{");
    buf_str(out, plain_paths);
    for (size_t i = 0; modules[i]; i++) {
        const struct module *module = modules[i];
        for (size_t j = 0; module->looks && module->looks[j]; j++)
            write_path(&paths, module->looks[j]->path);
        for (size_t j = 0; module->commands && module->commands[j]; j++)
            if (module->commands[j]->path && !look_at(modules, module->commands[j]->path))
                write_path(&paths, module->commands[j]->path);
    }
    buf_str(out, "}}");
}
