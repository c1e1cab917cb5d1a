/* The table of files, its event and the look that hands a file out. */
#include "files/parts.h"
#include "flow/flow.h"

#define FIELD(record, member) .name = #member, .offset = offsetof(struct record, member)

/* Whoever can guess a paper (a form with a name put in) could find it by its hash or its length, so
 * both lie under the salted commitment, which proves as well what was handed in. */
static const struct field upload_fields[] = {
    {FIELD(upload, sha256), .type = FIELD_TEXT,
     .flags = FIELD_INTERNAL | FIELD_CODE | FIELD_PRIVATE, .high = 64, .label = "SHA-256"},
    {FIELD(upload, name), .type = FIELD_TEXT, .flags = FIELD_INTERNAL | FIELD_PRIVATE, .high = 255,
     .label = "文件名"},
    {FIELD(upload, size), .type = FIELD_INT, .flags = FIELD_INTERNAL | FIELD_PRIVATE,
     .label = "字节数"},
    {FIELD(upload, media_type), .type = FIELD_TEXT, .flags = FIELD_INTERNAL | FIELD_CODE,
     .high = 100, .label = "文件类型"},
};
const struct shape upload_shape = {"upload", "文件", sizeof(struct upload),
                                   SHAPE_FIELDS(upload_fields)};

static const struct field file_stored_fields[] = {
    {FIELD(file_stored, file), .type = FIELD_RECORD, .label = "文件", .of = &upload_shape},
    {FIELD(file_stored, department), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "部门"},
    {FIELD(file_stored, kept_back), .type = FIELD_BOOL, .label = "提交前不公开给工作人员"},
};
static const struct shape file_stored_shape = {"file_stored", "收到文件",
                                               sizeof(struct file_stored),
                                               SHAPE_FIELDS(file_stored_fields)};

static const struct field handed_over_fields[] = {
    {FIELD(file_handed_over, files), .type = FIELD_TEXTS, .flags = FIELD_CODE | FIELD_PRIVATE,
     .label = "文件"},
};
static const struct shape handed_over_shape = {"file_handed_over", "文件随申请提交",
                                               sizeof(struct file_handed_over),
                                               SHAPE_FIELDS(handed_over_fields)};

static const struct field forgotten_fields[] = {
    {FIELD(file_forgotten, subject), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "所属"},
};
static const struct shape forgotten_shape = {"file_forgotten", "删除文件",
                                             sizeof(struct file_forgotten),
                                             SHAPE_FIELDS(forgotten_fields)};

static const struct field file_row_fields[] = {
    {FIELD(file_row, sha256), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "SHA-256"},
    {FIELD(file_row, name), .type = FIELD_TEXT, .flags = FIELD_PRIVATE, .label = "文件名"},
    {FIELD(file_row, size), .type = FIELD_INT, .label = "字节数"},
    {FIELD(file_row, media_type), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "文件类型"},
    {FIELD(file_row, subject), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "所属"},
    {FIELD(file_row, department), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "部门"},
    {FIELD(file_row, actor), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "提交者"},
    {FIELD(file_row, stored_at), .type = FIELD_TIME, .label = "收到时间"},
    {FIELD(file_row, kept_back), .type = FIELD_BOOL, .label = "未提交"},
};
const struct shape file_row_shape = {"file_row", "文件", sizeof(struct file_row),
                                     SHAPE_FIELDS(file_row_fields)};

bool shape_takes_upload(const struct shape *shape)
{
    for (size_t i = 0; shape && i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        if (field->of == &upload_shape ||
            ((field->type == FIELD_RECORD || field->type == FIELD_LIST) &&
             shape_takes_upload(field->of)))
            return true;
    }
    return false;
}

static const struct db_sql insert_file = {
    "INSERT INTO file (region, entry, sha256, name, size, media_type, subject, department, actor, "
    "stored_at, kept_back) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};
static const struct db_sql hand_over = {
    "UPDATE file SET kept_back = 0 WHERE region = $1 AND subject = $2 AND sha256 = $3"};
static const struct db_sql select_one = {
    "SELECT entry FROM file WHERE region = $1 AND sha256 = $2 LIMIT 1"};
#define FILE_COLUMNS                                                                               \
    "SELECT sha256, name, size, media_type, subject, department, actor, stored_at, "        \
    "kept_back FROM file "
static const struct db_sql select_by_hash = {
    FILE_COLUMNS "WHERE region = $1 AND sha256 = $2 AND kept_back = 0 AND (department = '' OR "
                 "$3 = '' OR department = $3) ORDER BY entry LIMIT 1"};
static const struct db_sql select_by_subject = {FILE_COLUMNS
                                                "WHERE region = $1 AND subject = $2 ORDER BY entry"};

static bool apply_file_stored(struct db *db, const struct entry_head *head, const void *event,
                              struct arena *arena, struct fault *why)
{
    const struct file_stored *body = event;
    const struct upload *file = &body->file;
    (void)arena;
    return db_write(db, &insert_file,
                    DB_ARGS(db_int(head->region), db_int(head->index), db_text(file->sha256),
                            db_text(file->name), db_int(file->size), db_text(file->media_type),
                            db_text(head->subject), db_text(body->department),
                            db_text(head->actor), db_int(head->at), db_int(body->kept_back)),
                    why);
}

static bool apply_handed_over(struct db *db, const struct entry_head *head, const void *event,
                              struct arena *arena, struct fault *why)
{
    const struct file_handed_over *body = event;
    const struct text *files = body->files.items;
    (void)arena;
    for (size_t i = 0; i < body->files.count; i++)
        if (!db_write(db, &hand_over,
                      DB_ARGS(db_int(head->region), db_text(head->subject), db_text(files[i])),
                      why))
            return false;
    return true;
}

static const struct db_sql forget = {"DELETE FROM file WHERE region = $1 AND subject = $2"};

static bool apply_forgotten(struct db *db, const struct entry_head *head, const void *event,
                            struct arena *arena, struct fault *why)
{
    const struct file_forgotten *body = event;
    (void)arena;
    return db_write(db, &forget, DB_ARGS(db_int(head->region), db_text(body->subject)), why);
}

const struct event_kind file_forgotten_kind = {
    .name = "file.forgotten",
    .title = "删除文件",
    .version = 1,
    .shape = &forgotten_shape,
    .apply = apply_forgotten,
    .internal = true,
};
const struct event_kind file_stored_kind = {
    .name = "file.stored",
    .title = "收到文件",
    .version = 1,
    .shape = &file_stored_shape,
    .apply = apply_file_stored,
};
const struct event_kind file_handed_over_kind = {
    .name = "file.handed_over",
    .title = "文件随申请提交",
    .version = 1,
    .shape = &handed_over_shape,
    .apply = apply_handed_over,
    .internal = true,
};

bool files_of(struct db_read *db, int64_t region, struct text subject, struct arena *arena,
              struct list *out, struct fault *why)
{
    struct db_rows rows;
    return db_select(db, &select_by_subject, DB_ARGS(db_int(region), db_text(subject)), arena,
                     &rows, why) &&
           db_records(&file_row_shape, &rows, arena, out, why);
}

bool files_named(struct db_read *db, struct text sha256, struct arena *arena, bool *named,
                 struct fault *why)
{
    struct list regions;
    struct db_rows rows;
    *named = false;
    if (!flow_regions(db, arena, &regions, why))
        return false;
    for (size_t i = 0; !*named && i < regions.count; i++) {
        int64_t region = ((const int64_t *)regions.items)[i];
        if (!db_select(db, &select_one, DB_ARGS(db_int(region), db_text(sha256)), arena, &rows,
                       why))
            return false;
        *named = rows.count > 0;
    }
    return true;
}

struct file_query {
    struct text sha256;
};
static const struct field file_query_fields[] = {
    {FIELD(file_query, sha256), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,
     .low = 64, .high = 64, .label = "SHA-256"},
};
static const struct shape file_query_shape = {"file_query", "文件", sizeof(struct file_query),
                                              SHAPE_FIELDS(file_query_fields)};

/* Staff of a department read their department's files; the centre's managers read all, but nobody what
 * is kept back. Who supervises or keeps the system reads none, and no browser keeps one. */
static enum refusal serve_file(const struct look_context *context, const void *query,
                               struct served *out, struct fault *why)
{
    const struct file_query *wanted = query;
    struct db_rows rows;
    struct file_row file = {0};
    struct text department = context->actor->department;
    /* No code is "-": of no department, and no manager either, is who reads nothing of any. */
    if (!department.len && !(context->actor->roles & ROLE_MANAGER))
        department = TEXT("-");
    if (!db_select(context->db, &select_by_hash,
                   DB_ARGS(db_int(context->region), db_text(wanted->sha256),
                           db_text(department)),
                   context->arena, &rows, why))
        return OK;
    if (rows.count == 0)
        return REFUSED_NOT_FOUND;
    if (!db_record(&file_row_shape, &rows, 0, context->arena, &file, why))
        return OK;
    out->media_type = text_cstr(context->arena, file.media_type);
    out->path = text_cstr(context->arena, file.sha256);
    out->cache = "no-store";
    out->file_name = files_handed_name(&file, context->arena);
    look_shows(context, (struct shown){.subject = file.subject, .persons = 1, .why = WHY_DUTY});
    return OK;
}

static const struct look file_look = {
    .name = "files.file",
    .title = "文件",
    .path = "/staff/files/{sha256}",
    .roles = ROLE_CLERK | ROLE_REVIEWER | ROLE_VERIFIER | ROLE_HEAD | ROLE_MANAGER,
    .people = true,
    .query = &file_query_shape,
    .serve = serve_file,
};

static const struct event_kind *const events[] = {&file_stored_kind, &file_handed_over_kind,
                                               &file_forgotten_kind, NULL};
static const struct look *const looks[] = {&file_look, NULL};
static const struct table tables[] = {{"file", "region, entry"}, {NULL, NULL}};

const struct module files_module = {
    .name = "files",
    .events = events,
    .looks = looks,
    .tables = tables,
    .tables_sql = "files/tables.sql",
};
