/* The OpenAPI 3.1 document, written from the modules' lists and shapes: it cannot disagree with what
 * the door accepts and answers. */
#include "door/door.h"

struct paths {
    const struct module *const *modules;
    struct buf *out;
    bool first;
};

static void parameters(const char *path, const struct shape *query, struct buf *out)
{
    bool first = true;
    buf_str(out, "\"parameters\":[");
    for (size_t i = 0; query && i < query->count; i++) {
        const struct field *field = &query->fields[i];
        struct text in_path = text_format(out->arena, "{%s}", field->name);
        struct text in_rest = text_format(out->arena, "{%s*}", field->name);
        bool path_field = text_find(text_of(path), in_path) >= 0 ||
                          text_find(text_of(path), in_rest) >= 0;
        if (field->flags & FIELD_INTERNAL)
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

static void problems(struct buf *out)
{
    buf_str(out, "\"default\":{\"description\":\"RFC 9457\",\"content\":{\"application/problem+json\":"
                 "{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}}");
}

static void operation_head(const char *name, const char *title, int64_t roles, struct buf *out)
{
    buf_str(out, "{\"operationId\":");
    buf_json(out, text_of(name));
    buf_str(out, ",\"summary\":");
    buf_json(out, text_of(title));
    buf_str(out, roles & (ROLE_ANYONE | ROLE_APPLICANT)
                     ? ",\"security\":[],"
                     : ",\"security\":[{\"bearer\":[]},{\"session\":[]}],");
}

static void write_look(const struct look *look, struct buf *out)
{
    operation_head(look->name, look->title, look->roles, out);
    parameters(look->path, look->query, out);
    buf_str(out, ",\"responses\":{\"200\":{\"description\":\"OK\"");
    if (look->page) {
        buf_str(out, ",\"content\":{\"application/json\":{\"schema\":");
        shape_to_schema(look->page, out);
        buf_str(out, "},\"text/html\":{}}");
    }
    buf_str(out, "},");
    problems(out);
    buf_str(out, "}}");
}

static void write_command(const struct command *command, struct buf *out)
{
    operation_head(command->name, command->title, command->roles, out);
    buf_str(out, "\"requestBody\":{\"content\":{\"application/json\":{\"schema\":");
    shape_to_schema(command->input, out);
    buf_str(out, "}}},\"responses\":{\"201\":{\"description\":\"Journalled\",\"content\":"
                 "{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/answer\"}}}},");
    problems(out);
    buf_str(out, "}}");
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

static void write_path(struct paths *paths, const char *path)
{
    struct buf *out = paths->out;
    const struct look *look = look_at(paths->modules, path);
    const struct command *command = command_at(paths->modules, path);
    if (!paths->first)
        buf_char(out, ',');
    paths->first = false;
    buf_json(out, path_name(path, out->arena));
    buf_str(out, ":{");
    if (look) {
        buf_str(out, "\"get\":");
        write_look(look, out);
    }
    if (command) {
        buf_str(out, look ? ",\"post\":" : "\"post\":");
        write_command(command, out);
    }
    buf_char(out, '}');
}

void door_openapi(const struct module *const *modules, struct buf *out)
{
    struct paths paths = {modules, out, true};
    buf_str(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Yimen\",\"version\":\"1\"},"
                 "\"components\":{\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":"
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
