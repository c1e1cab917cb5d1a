/* Form, multipart or JSON, and the path's parameters, into a command's input. */
#include "door/parts.h"

#include <strings.h>

#include "base/log.h"

#define MOST_PAIRS 2000

static bool is_type(struct text content_type, const char *type)
{
    struct text name;
    if (!text_cut(&content_type, ';', &name))
        return false;
    name = text_trim(name);
    struct text wanted = text_of(type);
    return name.len == wanted.len && strncasecmp(name.at, type, name.len) == 0;
}

/* The path's parameters as members at the head of the JSON object, so that one reader checks all;
 * a body that brings one of them too has a duplicate name and is refused. */
static struct text json_with_path(const struct exchange *exchange, const struct pairs *from_path)
{
    struct text body = text_trim(http_body(exchange->request));
    struct buf out = {.arena = exchange->arena};
    if (body.len == 0)
        body = TEXT("{}");
    if (from_path->count == 0 || body.at[0] != '{')
        return body;
    buf_char(&out, '{');
    for (size_t i = 0; i < from_path->count; i++) {
        const struct pair *pair = &from_path->items[i];
        const struct field *field = shape_field(exchange->command->input, pair->name);
        int64_t number;
        if (i)
            buf_char(&out, ',');
        buf_json(&out, pair->name);
        buf_char(&out, ':');
        if ((field->type == FIELD_INT || field->type == FIELD_MONEY) &&
            text_int(pair->value, &number))
            buf_int(&out, number);
        else
            buf_json(&out, pair->value);
    }
    struct text rest = text_trim(text_slice(body, 1, body.len));
    if (rest.len && rest.at[0] != '}')
        buf_char(&out, ',');
    buf_text(&out, rest);
    return buf_done(&out);
}

static bool file_came(const struct http_part *part)
{
    return part->path && (part->file_name.len || part->size);
}

static void add_slot(struct exchange *exchange, size_t index, const struct http_part *part,
                     struct text path, struct upload *upload)
{
    size_t count = exchange->slot_count;
    exchange->slots =
        arena_grow(exchange->arena, exchange->slots, count * sizeof *exchange->slots,
                   (count + 1) * sizeof *exchange->slots);
    exchange->slots[count] = (struct slot){index, part, path, upload, -1};
    exchange->slot_count = count + 1;
}

/* The place in the record that a path of names and indexes leads to, if an upload lies there. */
static struct upload *upload_at(const struct shape *shape, void *record, struct text path)
{
    struct text name;
    while (text_cut(&path, '.', &name)) {
        const struct field *field = shape_field(shape, name);
        int64_t index;
        if (!field || (field->flags & FIELD_INTERNAL))
            return NULL;
        void *at = (char *)record + field->offset;
        if (field->of == &upload_shape && field->type == FIELD_RECORD)
            return path.at ? NULL : at;
        if (field->type == FIELD_LIST) {
            struct list *list = at;
            if (!text_cut(&path, '.', &name) || !text_int(name, &index) || index < 0 ||
                (size_t)index >= list->count)
                return NULL;
            at = (char *)list->items + (size_t)index * field->of->size;
        } else if (field->type != FIELD_RECORD) {
            return NULL;
        }
        shape = field->of;
        record = at;
    }
    return NULL;
}

/* The reader of forms could not know that a file came: it is not missing then. */
static void not_missing(struct problems *problems, struct text path)
{
    size_t kept = 0;
    for (size_t i = 0; i < problems->count; i++)
        if (problems->items[i].code != REFUSED_MISSING ||
            !text_equal(problems->items[i].field, path))
            problems->items[kept++] = problems->items[i];
    problems->count = kept;
}

static void place_files(struct exchange *exchange, const struct http_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!file_came(&parts[i]))
            continue;
        struct text path = parts[i].name;
        struct upload *upload =
            upload_at(exchange->command->input, exchange->input, path);
        bool twice = false;
        for (size_t j = 0; upload && j < exchange->slot_count; j++)
            twice |= exchange->slots[j].upload == upload;
        if (!upload || twice) {
            enum refusal code = upload ? REFUSED_REPEATED : REFUSED_UNDECLARED;
            const struct refusal_text *words = refusal_text(code);
            problem_add(&exchange->problems, exchange->arena, path, code,
                        text_format(exchange->arena, "%s：%.*s。%s", words->title, TEXT_ARG(path),
                                    words->remedy));
            continue;
        }
        not_missing(&exchange->problems, path);
        if (shape_text(shape_field(&upload_shape, TEXT("name")), path, parts[i].file_name,
                       exchange->arena, &exchange->problems, &upload->name))
            add_slot(exchange, i, &parts[i], path, upload);
    }
}

static bool read_pairs(struct exchange *exchange, const struct http_part *parts, size_t count,
                       bool multipart)
{
    if (!multipart)
        return pairs_parse(http_body(exchange->request), MOST_PAIRS, exchange->arena,
                           &exchange->sent);
    if (count > MOST_PAIRS)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!parts[i].path)
            pair_add(&exchange->sent, exchange->arena, parts[i].name, parts[i].value);
    return true;
}

static enum refusal read_form(struct exchange *exchange, const struct pairs *from_path,
                              bool multipart)
{
    const struct http_part *parts = NULL;
    size_t count = multipart ? http_parts(exchange->request, &parts) : 0;
    for (size_t i = 0; i < from_path->count; i++)
        pair_add(&exchange->sent, exchange->arena, from_path->items[i].name,
                 from_path->items[i].value);
    if (!read_pairs(exchange, parts, count, multipart))
        return REFUSED_BODY;
    struct text page = pair_value(&exchange->sent, TEXT("_page"), NULL);
    if (path_is_ours(page))
        exchange->page = page;
    shape_from_form(exchange->command->input, &exchange->sent, exchange->arena, exchange->input,
                    &exchange->problems);
    place_files(exchange, parts, count);
    return OK;
}

enum refusal input_read(struct exchange *exchange)
{
    struct text type = http_header(exchange->request, "content-type");
    const struct command *command = exchange->command;
    struct pairs from_path = {0};
    enum refusal refusal = OK;
    bool multipart = is_type(type, "multipart/form-data");
    exchange->input = arena_alloc(exchange->arena, command->input->size);
    route_pairs(command->path, &exchange->match, &from_path, exchange->arena);
    exchange->from_json = is_type(type, "application/json") ||
                          (type.len == 0 && http_body(exchange->request).len == 0);
    if (exchange->from_json)
        shape_from_json(command->input, json_with_path(exchange, &from_path), exchange->arena,
                        exchange->input, &exchange->problems);
    else if (multipart || is_type(type, "application/x-www-form-urlencoded"))
        refusal = read_form(exchange, &from_path, multipart);
    else
        refusal = REFUSED_UNSUPPORTED;
    if (!refusal && path_is_wrong(exchange, &from_path)) {
        exchange->problems = (struct problems){0};
        refusal = REFUSED_NOT_FOUND;
    }
    if (!refusal && exchange->problems.count == 1 &&
        exchange->problems.items[0].code == REFUSED_BODY)
        refusal = REFUSED_BODY;
    return refusal;
}

bool input_files(struct exchange *exchange, struct fault *why)
{
    const char *directory = exchange->door->options.files_directory;
    for (size_t i = 0; i < exchange->slot_count; i++) {
        struct slot *slot = &exchange->slots[i];
        const struct http_part *file = slot->file;
        if (file->size > FILES_LIMIT) {
            problem_add(&exchange->problems, exchange->arena, slot->path, REFUSED_TOO_LARGE,
                        TEXT("文件超过 1 GB，请压缩或拆分后重新上传。"));
            continue;
        }
        const struct file_type *type = files_sniff(file->head, file->path);
        if (!type || !files_agree(type, file->media_type, file->file_name)) {
            problem_add(&exchange->problems, exchange->arena, slot->path, REFUSED_UNSUPPORTED,
                        type ? TEXT("文件内容与所声明的类型不一致，请重新选择文件。")
                             : TEXT("不接受这种文件，请上传 PDF、OFD、DOCX、JPG、PNG 或纯文本文件。"));
            continue;
        }
        *slot->upload = (struct upload){hash_hex(exchange->arena, &file->sha256),
                                        slot->upload->name, file->size,
                                        text_of(type->media_type)};
    }
    for (size_t i = 0; exchange->problems.count == 0 && i < exchange->slot_count; i++) {
        struct slot *slot = &exchange->slots[i];
        http_part_keep(exchange->request, slot->part);
        if (!files_keep(directory, slot->file->path, &slot->file->sha256, &slot->hold, why))
            return false;
    }
    return true;
}

void input_settle(struct exchange *exchange, bool stay)
{
    for (size_t i = 0; i < exchange->slot_count; i++) {
        struct slot *slot = &exchange->slots[i];
        struct fault why = {0};
        bool removed;
        if (slot->hold < 0)
            continue;
        if (stay)
            metrics_file(exchange->door, slot->upload->size);
        bool leave = stay || !reader_ready(exchange->door, exchange->reader, &why);
        if (leave)
            files_release(slot->hold);
        else if (!files_drop(exchange->door->options.files_directory, slot->upload->sha256,
                             slot->hold, exchange->reader->db, &removed, &why))
            fault_set(&why, "%s could not be removed", "a refused file");
        if (why.why[0])
            log_line(LOG_ERROR, "door.files", "a refused file stays: %s", why.why);
        slot->hold = -1;
    }
}

/* What the command's admit looks at. */
static bool admit_read(struct exchange *exchange, struct context *context, const void *input,
                       const void **facts, struct fault *why)
{
    const struct command *command = exchange->match.command;
    struct reader *reader = exchange->reader;
    return flow_facts_get(reader->facts, reader->db, context->region, &context->standing,
                          &context->standing_count, why) &&
           (!command->read || command->read(reader->db, context, input, facts, why));
}

enum refusal input_admit(struct exchange *exchange, struct fault *why)
{
    const struct command *command = exchange->match.command;
    struct context context = {.region = exchange->region->region,
                              .now_ms = exchange->now_ms,
                              .actor = &exchange->actor,
                              .arena = exchange->arena};
    struct decision decision = {.arena = exchange->arena};
    struct pairs from_path = {0};
    const void *facts = NULL;
    enum refusal refusal = gate_refusal(exchange, command->name, command->roles, true);
    if (refusal)
        return refusal;
    if (!(exchange->actor.account && exchange->brought.bearer.len) &&
        !same_origin(exchange->request))
        return REFUSED_TOKEN;
    if (!command->admit)
        return OK;
    void *input = arena_alloc(exchange->arena, command->input->size);
    route_pairs(command->path, &exchange->match, &from_path, exchange->arena);
    shape_from_form(command->input, &from_path, exchange->arena, input, &exchange->problems);
    bool wrong = path_is_wrong(exchange, &from_path);
    exchange->problems = (struct problems){0}; /* what else is missing is still on its way */
    if (wrong)
        return REFUSED_NOT_FOUND;
    refusal = guard_begin(exchange, command->guards, command->input, input);
    if (refusal)
        return refusal;
    if (!admit_read(exchange, &context, input, &facts, why)) {
        /* Nobody who is not signed in was looked up before: a lost connection is met here. */
        if (!exchange_reopen(exchange))
            return OK;
        *why = (struct fault){0};
        if (!admit_read(exchange, &context, input, &facts, why))
            return OK;
    }
    refusal = command->admit(facts, input, &context, &decision);
    exchange->problems = decision.problems;
    return refusal;
}
