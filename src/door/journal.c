/* The journal as anybody may read and check it: tlog-tiles, receipts, the verifier's key, and the
 * list of refusals that problem answers point to. */
#include "door/door.h"

struct tile_query {
    int64_t region;
    struct text rest;
};
struct receipt_query {
    int64_t region;
    int64_t index;
};
struct name_query {
    struct text name;
};

#define REGION_FIELD(record)                                                                       \
    {                                                                                              \
        "region", FIELD_INT, offsetof(struct record, region), .flags = FIELD_REQUIRED,             \
            .low = 100000, .high = 999999, .label = "区划代码"                                     \
    }
static const struct field tile_fields[] = {
    REGION_FIELD(tile_query),
    {"rest", FIELD_TEXT, offsetof(struct tile_query, rest), .flags = FIELD_CODE, .label = "瓦片"},
};
static const struct shape tile_shape = {"tile_query", "日志", sizeof(struct tile_query),
                                        SHAPE_FIELDS(tile_fields)};
static const struct field receipt_fields[] = {
    REGION_FIELD(receipt_query),
    {"index", FIELD_INT, offsetof(struct receipt_query, index), .label = "序号"},
};
static const struct shape receipt_shape = {"receipt_query", "回执", sizeof(struct receipt_query),
                                           SHAPE_FIELDS(receipt_fields)};
static const struct field name_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct name_query, name), .flags = FIELD_CODE, .label = "名称"},
};
static const struct shape name_shape = {"name_query", "问题", sizeof(struct name_query),
                                        SHAPE_FIELDS(name_fields)};

#define FOREVER "public, max-age=31536000, immutable"

static enum refusal serve_checkpoint(const struct look_context *context, const void *query,
                                     struct served *out, struct fault *why)
{
    const struct tile_query *wanted = query;
    bool found = false;
    if (!journal_checkpoint(context->db, wanted->region, context->arena, &out->body, &found, why))
        return OK;
    out->media_type = "text/plain; charset=utf-8";
    out->cache = "no-cache";
    return found ? OK : REFUSED_NOT_FOUND;
}

static enum refusal serve_tile(const struct look_context *context, const void *query,
                               struct served *out, struct fault *why)
{
    const struct tile_query *wanted = query;
    int64_t n;
    int level, width;
    bool found = false;
    if (!tile_path_read(wanted->rest, &level, &n, &width))
        return REFUSED_NOT_FOUND;
    out->media_type = "application/octet-stream";
    out->cache = FOREVER;
    if (level < 0 ? !journal_entry_bundle(context->db, wanted->region, n, width, context->arena,
                                          &out->body, &found, why)
                  : !journal_tile(context->db, wanted->region, level, n, width, context->arena,
                                  &out->body, &found, why))
        return OK;
    return found ? OK : REFUSED_NOT_FOUND;
}

static enum refusal serve_vkey(const struct look_context *context, const void *query,
                               struct served *out, struct fault *why)
{
    const struct tile_query *wanted = query;
    struct text vkey;
    struct text note;
    bool found = false;
    if (!journal_checkpoint(context->db, wanted->region, context->arena, &note, &found, why))
        return OK;
    if (!found)
        return REFUSED_NOT_FOUND;
    if (!journal_vkeys(context->db, wanted->region, context->arena, &vkey, why))
        return OK;
    out->media_type = "text/plain; charset=utf-8";
    out->body = vkey;
    out->cache = "no-cache";
    return OK;
}

static enum refusal serve_receipt(const struct look_context *context, const void *query,
                                  struct served *out, struct fault *why)
{
    const struct receipt_query *wanted = query;
    bool found = false;
    if (!journal_receipt(context->db, wanted->region, wanted->index, context->arena, &out->body,
                         &found, why))
        return OK;
    out->media_type = "text/plain; charset=utf-8";
    out->cache = "no-cache";
    out->file_name = text_format(context->arena, "%06lld-%lld.tlog-proof",
                                 (long long)wanted->region, (long long)wanted->index);
    return found ? OK : REFUSED_NOT_FOUND;
}

static enum refusal serve_problem(const struct look_context *context, const void *query,
                                  struct served *out, struct fault *why)
{
    const struct name_query *wanted = query;
    (void)why;
    for (const struct refusal_text *words = refusal_list(); words->name; words++) {
        if (!text_is(wanted->name, words->name) || words->code == OK)
            continue;
        out->media_type = "text/plain; charset=utf-8";
        out->cache = "public, max-age=3600";
        out->body = text_format(context->arena, "%s (%d)\n%s。%s\n%s\n", words->name,
                                words->status, words->title, words->remedy, words->english);
        return OK;
    }
    return REFUSED_NOT_FOUND;
}

static const struct look checkpoint_look = {
    .name = "log.checkpoint",
    .title = "日志检查点",
    .path = "/log/{region}/checkpoint",
    .roles = ROLE_ANYONE,
    .query = &tile_shape,
    .serve = serve_checkpoint,
};
static const struct look tile_look = {
    .name = "log.tile",
    .title = "日志瓦片",
    .path = "/log/{region}/tile/{rest*}",
    .roles = ROLE_ANYONE,
    .query = &tile_shape,
    .serve = serve_tile,
};
static const struct look vkey_look = {
    .name = "log.vkey",
    .title = "日志验证密钥",
    .path = "/log/{region}/vkey",
    .roles = ROLE_ANYONE,
    .query = &tile_shape,
    .serve = serve_vkey,
};
static const struct look receipt_look = {
    .name = "log.receipt",
    .title = "回执",
    .path = "/receipts/{region}/{index}",
    .roles = ROLE_ANYONE,
    .query = &receipt_shape,
    .serve = serve_receipt,
};
static const struct look problem_look = {
    .name = "log.problem",
    .title = "问题说明",
    .path = "/problems/{name}",
    .roles = ROLE_ANYONE,
    .query = &name_shape,
    .serve = serve_problem,
};

static const struct look *const looks[] = {&checkpoint_look, &tile_look,    &vkey_look,
                                           &receipt_look,    &problem_look, NULL};

const struct module door_journal_module = {.name = "log", .looks = looks};
