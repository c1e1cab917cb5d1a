/* What decisions about a case need to know. SELECT only. */
#include "approval/case/parts.h"

static const struct db_sql by_id = {"SELECT * FROM cases WHERE region = $1 AND case_id = $2"};
static const struct db_sql by_number = {"SELECT * FROM cases WHERE region = $1 AND case_no = $2"};
static const struct db_sql materials_of = {
    "SELECT code, name, required, can_defer, state, file_sha256, file_name, file_size, note, "
    "supplied_at FROM case_material WHERE region = $1 AND case_id = $2 ORDER BY position"};
static const struct db_sql serial_of = {
    "SELECT last FROM case_serial WHERE region = $1 AND series = $2"};

static bool one_case(struct db_read *db, const struct db_sql *sql, int64_t region,
                     struct db_value key, struct arena *arena, struct case_file *out, bool *found,
                     struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, sql, DB_ARGS(db_int(region), key), arena, &rows, why))
        return false;
    *found = rows.count == 1;
    return !*found || db_record(&case_file_shape, &rows, 0, arena, out, why);
}

bool case_file_read(struct db_read *db, int64_t region, int64_t case_id, struct arena *arena,
                    struct case_file *out, bool *found, struct fault *why)
{
    return one_case(db, &by_id, region, db_int(case_id), arena, out, found, why);
}

bool case_file_by_number(struct db_read *db, int64_t region, struct text case_no,
                         struct arena *arena, struct case_file *out, bool *found,
                         struct fault *why)
{
    return one_case(db, &by_number, region, db_text(case_no), arena, out, found, why);
}

bool case_materials_read(struct db_read *db, int64_t region, int64_t case_id, struct arena *arena,
                         struct list *out, struct fault *why)
{
    struct db_rows rows;
    return db_select(db, &materials_of, DB_ARGS(db_int(region), db_int(case_id)), arena, &rows,
                     why) &&
           db_records(&case_material_shape, &rows, arena, out, why);
}

bool case_read_draft(struct db_read *db, const struct context *context, const void *input,
                     const void **facts, struct fault *why)
{
    const struct case_draft *draft = input;
    struct case_facts *out = arena_alloc(context->arena, sizeof *out);
    const struct item *item = catalogue_item(context, draft->item_code, 0);
    struct db_rows rows;
    *facts = out;
    out->next_serial = 1;
    if (!item)
        return true;
    struct text series =
        case_series(context->region, context->now_ms, item->department, context->arena);
    if (!db_select(db, &serial_of, DB_ARGS(db_int(context->region), db_text(series)),
                   context->arena, &rows, why))
        return false;
    if (rows.count)
        out->next_serial = db_cell_int(&rows, 0, "last") + 1;
    return true;
}

/* What hangs on a case that was found. */
static bool rest_of(struct db_read *db, const struct context *context, struct case_facts *facts,
                    struct fault *why)
{
    struct arena *arena = context->arena;
    struct text subject = case_subject(facts->file.case_id, arena);
    if (!case_materials_read(db, context->region, facts->file.case_id, arena, &facts->materials,
                             why) ||
        !clock_deadlines_read(db, context->region, subject, arena, &facts->deadlines, why))
        return false;
    int64_t by_delegation = ROLE_VERIFIER | ROLE_HEAD;
    return !(context->actor->roles & by_delegation) ||
           identity_grants(db, context->region, context->actor->account, arena, &facts->grants,
                           why);
}

bool case_read_key(struct db_read *db, const struct context *context, const void *input,
                   const void **facts, struct fault *why)
{
    const struct case_key *key = input; /* every input by key begins with it */
    struct case_facts *out = arena_alloc(context->arena, sizeof *out);
    *facts = out;
    if (!case_file_by_number(db, context->region, key->case_no, context->arena, &out->file,
                             &out->found, why))
        return false;
    out->key_holds = out->found && text_equal(key->query_code, out->file.query_code);
    return !out->found || rest_of(db, context, out, why);
}

bool case_read_id(struct db_read *db, const struct context *context, const void *input,
                  const void **facts, struct fault *why)
{
    const struct case_only *only = input; /* every input by id begins with it */
    struct case_facts *out = arena_alloc(context->arena, sizeof *out);
    *facts = out;
    if (!case_file_read(db, context->region, only->case_id, context->arena, &out->file,
                        &out->found, why))
        return false;
    return !out->found || rest_of(db, context, out, why);
}
