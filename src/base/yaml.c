#include "base/yaml.h"

#include <libfyaml.h>
#include <string.h>

#include "base/file.h"

#define DEPTH_LIMIT 16

struct reader {
    struct fy_parser *parser;
    struct arena *arena;
    struct text file;
    struct yaml_marks marks;
    size_t mark_room;
    struct pairs pairs;
    struct yaml_errors *errors;
    size_t found; /* errors of this file */
    struct text *bad; /* paths complained of: what is wrong with them was said */
    size_t bad_count;
    bool broken; /* the file could not be taken apart to its end */
    int64_t line; /* of the latest event */
};

static void error_add(struct yaml_errors *errors, struct text file, int64_t line,
                      struct text message)
{
    size_t size = sizeof *errors->items;
    errors->items = arena_grow(errors->arena, errors->items, errors->count * size,
                               (errors->count + 1) * size);
    errors->items[errors->count++] = (struct yaml_error){file, line, message};
}

void yaml_error_add(struct yaml_errors *errors, struct text file, int64_t line,
                    const char *chinese, const char *english)
{
    error_add(errors, file, line, text_format(errors->arena, "%s / %s", chinese, english));
}

struct text yaml_errors_text(const struct yaml_errors *errors, struct arena *arena)
{
    struct buf buf = {arena};
    for (size_t i = 0; i < errors->count; i++) {
        const struct yaml_error *error = &errors->items[i];
        buf_text(&buf, error->file);
        if (error->line > 0)
            buf_format(&buf, ":%lld", (long long)error->line);
        buf_str(&buf, ": ");
        buf_text(&buf, error->message);
        buf_char(&buf, '\n');
    }
    return buf_done(&buf);
}

static void complain(struct reader *reader, int64_t line, const char *chinese,
                     const char *english)
{
    yaml_error_add(reader->errors, reader->file, line, chinese, english);
    reader->found++;
}

static void complain_of(struct reader *reader, int64_t line, struct text path,
                        const char *chinese, const char *english)
{
    struct arena *arena = reader->errors->arena;
    error_add(reader->errors, reader->file, line,
              text_format(arena, "“%.*s”%s / \"%.*s\" %s", TEXT_ARG(path), chinese,
                          TEXT_ARG(path), english));
    reader->found++;
    reader->bad = arena_grow(reader->arena, reader->bad, reader->bad_count * sizeof path,
                             (reader->bad_count + 1) * sizeof path);
    reader->bad[reader->bad_count++] = path;
}

static void mark(struct reader *reader, struct text path, int64_t line)
{
    struct yaml_marks *marks = &reader->marks;
    if (marks->count == reader->mark_room) {
        size_t room = reader->mark_room ? reader->mark_room * 2 : 64;
        marks->items =
            arena_grow(reader->arena, marks->items, reader->mark_room * sizeof *marks->items,
                       room * sizeof *marks->items);
        reader->mark_room = room;
    }
    marks->items[marks->count++] = (struct yaml_mark){path, line};
}

int64_t yaml_line(const struct yaml_marks *marks, struct text path)
{
    for (;;) {
        for (size_t i = 0; marks && i < marks->count; i++)
            if (text_equal(marks->items[i].path, path))
                return marks->items[i].line;
        if (!path.len)
            return 0;
        while (path.len && path.at[path.len - 1] != '.')
            path.len--;
        if (path.len)
            path.len--;
    }
}

void yaml_problems_add(struct yaml_errors *errors, struct text file,
                       const struct yaml_marks *marks, const struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        struct buf buf = {errors->arena};
        if (problem->field.len)
            buf_format(&buf, "%.*s：", TEXT_ARG(problem->field));
        buf_text(&buf, problem->message);
        buf_format(&buf, " / %s", refusal_text(problem->code)->english);
        error_add(errors, file, yaml_line(marks, problem->field), buf_done(&buf));
    }
}

/* Events. The token of an event that says where it stands, and what must not be on it. */
static struct fy_token *event_token(const struct fy_event *event, bool *decorated)
{
    switch (event->type) {
    case FYET_SCALAR:
        *decorated = event->scalar.anchor || event->scalar.tag;
        return event->scalar.value;
    case FYET_SEQUENCE_START:
        *decorated = event->sequence_start.anchor || event->sequence_start.tag;
        return event->sequence_start.sequence_start;
    case FYET_MAPPING_START:
        *decorated = event->mapping_start.anchor || event->mapping_start.tag;
        return event->mapping_start.mapping_start;
    case FYET_ALIAS:
        *decorated = true;
        return event->alias.anchor;
    case FYET_DOCUMENT_START:
        *decorated = false;
        return event->document_start.document_start;
    default:
        *decorated = false;
        return NULL;
    }
}

/* The next event, or NULL at the end or after an error, which has then been said. */
static struct fy_event *next(struct reader *reader)
{
    struct fy_event *event = fy_parser_parse(reader->parser);
    if (!event)
        return NULL;
    bool decorated = false;
    struct fy_token *token = event_token(event, &decorated);
    if (token) {
        const struct fy_mark *at = fy_token_start_mark(token);
        if (at)
            reader->line = at->line + 1;
    }
    if (decorated)
        complain(reader, reader->line, "不允许使用锚点、引用和标签",
                 "anchors, aliases and tags are not allowed");
    return event;
}

static struct text scalar_text(struct reader *reader, const struct fy_event *event, bool *plain)
{
    size_t len = 0;
    const char *at = fy_token_get_text(event->scalar.value, &len);
    *plain = fy_token_scalar_style(event->scalar.value) == FYSS_PLAIN;
    return text_copy(reader->arena, (struct text){at ? at : "", at ? len : 0});
}

static bool is_null(struct text value, bool plain)
{
    return plain && (!value.len || text_is(value, "~") || text_is(value, "null"));
}

static bool key_good(struct text key)
{
    if (!key.len || key.len > 60 || key.at[0] < 'a' || key.at[0] > 'z')
        return false;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return true;
}

static struct text path_join(struct reader *reader, struct text path, struct text name)
{
    if (!path.len)
        return name;
    return text_format(reader->arena, "%.*s.%.*s", TEXT_ARG(path), TEXT_ARG(name));
}

/* What kind of node a field is written as; an unknown field may be anything: it is said once. */
enum node { NODE_ANY, NODE_SCALAR, NODE_LIST, NODE_MAPPING };

static enum node node_of(const struct field *field)
{
    if (!field)
        return NODE_ANY;
    switch (field->type) {
    case FIELD_LIST:
    case FIELD_TEXTS:
        return NODE_LIST;
    case FIELD_RECORD:
        return NODE_MAPPING;
    default:
        return NODE_SCALAR;
    }
}

static bool value_read(struct reader *reader, struct fy_event *event, const struct field *field,
                       enum node want, struct text path, int depth);

/* Passes over a whole node whose first event was taken. False when the file broke off. */
static bool skip(struct reader *reader, const struct fy_event *first)
{
    bool opens = first->type == FYET_MAPPING_START || first->type == FYET_SEQUENCE_START;
    for (int open = opens ? 1 : 0; open > 0;) {
        struct fy_event *event = next(reader);
        if (!event)
            return false;
        if (event->type == FYET_MAPPING_START || event->type == FYET_SEQUENCE_START)
            open++;
        else if (event->type == FYET_MAPPING_END || event->type == FYET_SEQUENCE_END)
            open--;
        fy_parser_event_free(reader->parser, event);
    }
    return true;
}

struct keys {
    struct text *items;
    size_t count;
};

static bool key_seen(struct reader *reader, struct keys *keys, struct text key)
{
    for (size_t i = 0; i < keys->count; i++)
        if (text_equal(keys->items[i], key))
            return true;
    keys->items = arena_grow(reader->arena, keys->items, keys->count * sizeof key,
                             (keys->count + 1) * sizeof key);
    keys->items[keys->count++] = key;
    return false;
}

/* One key and its value; *end is set at the mapping's end. */
static bool entry_read_one(struct reader *reader, const struct shape *shape, struct keys *keys,
                           struct text path, int depth, bool *end)
{
    struct fy_event *event = next(reader);
    if (!event)
        return false;
    *end = event->type == FYET_MAPPING_END;
    bool scalar = event->type == FYET_SCALAR, plain = false;
    struct text key = scalar ? scalar_text(reader, event, &plain) : (struct text){0};
    bool passed = scalar || *end || skip(reader, event);
    fy_parser_event_free(reader->parser, event);
    if (*end || !passed)
        return passed;
    int64_t line = reader->line;
    const struct field *field = NULL;
    enum node want = NODE_ANY;
    struct text full = path_join(reader, path, key);
    bool known = true;
    if (!scalar || !key_good(key)) {
        complain(reader, line, "键只能由小写字母、数字和下划线组成",
                 "a key consists of lower-case letters, digits and underscores");
        known = false;
    } else if (key_seen(reader, keys, key)) {
        complain_of(reader, line, full, "重复出现", "is repeated");
        known = false;
    } else if (shape) {
        field = shape_field(shape, key);
        known = field && !(field->flags & FIELD_INTERNAL);
        want = node_of(field);
        if (!known)
            complain_of(reader, line, full, "不是可用的键", "is not a known key");
        mark(reader, full, line);
    }
    event = next(reader);
    if (!event)
        return false;
    bool ok = known ? value_read(reader, event, field, want, full, depth) : skip(reader, event);
    fy_parser_event_free(reader->parser, event);
    return ok;
}

static bool mapping_read(struct reader *reader, const struct shape *shape, struct text path,
                         int depth)
{
    struct keys keys = {0};
    bool end = false, any = false;
    for (;; any = true) {
        if (!entry_read_one(reader, shape, &keys, path, depth, &end))
            return false;
        if (end)
            break;
    }
    if (!any)
        complain_of(reader, reader->line, path, "是空的", "is empty");
    return true;
}

static bool list_read(struct reader *reader, const struct field *field, struct text path,
                      int depth)
{
    for (int64_t index = 0;; index++) {
        struct fy_event *event = next(reader);
        if (!event)
            return false;
        bool end = event->type == FYET_SEQUENCE_END, ok = true;
        if (!end && field->type == FIELD_TEXTS) {
            /* A form repeats the name of a list of texts. */
            ok = value_read(reader, event, NULL, NODE_SCALAR, path, depth);
        } else if (!end) {
            struct text number = text_format(reader->arena, "%lld", (long long)index);
            struct text full = path_join(reader, path, number);
            mark(reader, full, reader->line);
            ok = value_read(reader, event, field, NODE_MAPPING, full, depth);
        }
        fy_parser_event_free(reader->parser, event);
        if (end || !ok)
            return ok;
    }
}

/* Takes the node that starts with event. False when the file broke off. */
static bool value_read(struct reader *reader, struct fy_event *event, const struct field *field,
                       enum node want, struct text path, int depth)
{
    int64_t line = reader->line;
    if (depth >= DEPTH_LIMIT) {
        complain(reader, line, "嵌套过深", "is nested too deep");
        return skip(reader, event);
    }
    if (event->type == FYET_SCALAR && want == NODE_SCALAR) {
        bool plain = false;
        struct text value = scalar_text(reader, event, &plain);
        if (is_null(value, plain))
            complain_of(reader, line, path, "没有值，不需要时请删去整行",
                        "has no value; leave the line out if it is not needed");
        else if (!text_utf8(value))
            complain_of(reader, line, path, "不是有效的 UTF-8 文字", "is not valid UTF-8");
        else
            pair_add(&reader->pairs, reader->arena, path, value);
        return true;
    }
    if (event->type == FYET_SEQUENCE_START && want == NODE_LIST)
        return list_read(reader, field, path, depth + 1);
    if (event->type == FYET_MAPPING_START && want == NODE_MAPPING)
        return mapping_read(reader, field ? field->of : NULL, path, depth + 1);
    if (want == NODE_SCALAR)
        complain_of(reader, line, path, "应当是一个值", "must be one value");
    else if (want == NODE_LIST)
        complain_of(reader, line, path, "应当是列表", "must be a list");
    else
        complain_of(reader, line, path, "应当是键和值的对应", "must be a mapping");
    return skip(reader, event);
}

/* The whole stream: one document whose root is a mapping. */
static void stream_read(struct reader *reader, const struct shape *shape)
{
    size_t documents = 0;
    struct fy_event *event;
    while ((event = next(reader))) {
        bool go_on = true;
        if (event->type == FYET_DOCUMENT_START && documents++ > 0) {
            complain(reader, reader->line, "一个文件只能有一个文档",
                     "a file holds one document");
            reader->broken = true;
            go_on = false;
        } else if (event->type == FYET_MAPPING_START) {
            mark(reader, TEXT(""), reader->line);
            go_on = mapping_read(reader, shape, TEXT(""), 1);
        } else if (event->type == FYET_SCALAR || event->type == FYET_SEQUENCE_START ||
                   event->type == FYET_ALIAS) {
            complain(reader, reader->line, "文件应当是键和值的对应", "the file must be a mapping");
            reader->broken = true;
            go_on = false;
        }
        fy_parser_event_free(reader->parser, event);
        if (!go_on)
            return;
    }
    if (!documents && !fy_parser_get_stream_error(reader->parser))
        complain(reader, 0, "文件是空的", "the file is empty");
    reader->broken = reader->broken || !documents;
}

/* libfyaml's own words on what is malformed. */
static void diagnostics_take(struct reader *reader, struct fy_diag *diag)
{
    void *walk = NULL;
    struct fy_diag_error *error;
    bool said = false;
    while ((error = fy_diag_errors_iterate(diag, &walk))) {
        error_add(reader->errors, reader->file, error->line > 0 ? error->line : reader->line,
                  text_format(reader->errors->arena, "YAML 写法有误 / malformed YAML: %s",
                              error->msg ? error->msg : ""));
        reader->found++;
        reader->broken = said = true;
    }
    if (!said && fy_parser_get_stream_error(reader->parser))
        complain(reader, reader->line, "YAML 写法有误", "malformed YAML");
    reader->broken = reader->broken || fy_parser_get_stream_error(reader->parser);
}

static bool is_bad(const struct reader *reader, struct text path)
{
    for (size_t i = 0; i < reader->bad_count; i++)
        if (text_equal(reader->bad[i], path))
            return true;
    return false;
}

/* The scalars by the rules of a form. What was already called wrong is not called missing too, and
 * a file that broke off gets no opinion on what it might have held. */
static void values_read(struct reader *reader, const struct shape *shape, void *out)
{
    if (reader->broken)
        return;
    struct problems problems = {0};
    shape_from_form(shape, &reader->pairs, reader->arena, out, &problems);
    for (size_t i = 0; i < problems.count; i++) {
        if (is_bad(reader, problems.items[i].field))
            continue;
        struct problems one = {&problems.items[i], 1};
        yaml_problems_add(reader->errors, reader->file, &reader->marks, &one);
        reader->found++;
    }
}

static void events_read(struct reader *reader, struct text yaml, const struct shape *shape)
{
    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.colorize = false;
    struct fy_diag *diag = fy_diag_create(&diag_cfg);
    if (!diag) {
        complain(reader, 0, "无法启动 YAML 解析", "the YAML parser cannot start");
        reader->broken = true;
        return;
    }
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
                               .diag = diag};
    reader->parser = fy_parser_create(&cfg);
    if (reader->parser && fy_parser_set_string(reader->parser, yaml.at, yaml.len) == 0) {
        stream_read(reader, shape);
        diagnostics_take(reader, diag);
    } else {
        complain(reader, 0, "无法启动 YAML 解析", "the YAML parser cannot start");
        reader->broken = true;
    }
    if (reader->parser)
        fy_parser_destroy(reader->parser);
    fy_diag_destroy(diag);
}

bool yaml_parse(struct text yaml, struct text file, const struct shape *shape,
                struct arena *arena, void *out, struct yaml_marks *marks,
                struct yaml_errors *errors)
{
    memset(out, 0, shape->size);
    struct reader reader = {.arena = arena, .file = file, .errors = errors};
    if (yaml.len > YAML_LIMIT) {
        complain(&reader, 0, "文件过大", "the file is too large");
    } else if (!text_utf8(yaml) || memchr(yaml.at, 0, yaml.len)) {
        complain(&reader, 0, "文件不是有效的 UTF-8 文字", "the file is not valid UTF-8 text");
    } else {
        events_read(&reader, yaml, shape);
        values_read(&reader, shape, out);
    }
    if (marks)
        *marks = reader.marks;
    return reader.found == 0;
}

bool yaml_read(const char *path, struct text name, const struct shape *shape, struct arena *arena,
               void *out, struct yaml_marks *marks, struct yaml_errors *errors)
{
    struct text yaml;
    struct fault why = {0};
    if (!file_read(path, YAML_LIMIT, arena, &yaml, &why)) {
        error_add(errors, name, 0,
                  text_format(errors->arena, "无法读取 / cannot be read: %s", why.why));
        memset(out, 0, shape->size);
        return false;
    }
    return yaml_parse(yaml, name, shape, arena, out, marks, errors);
}
