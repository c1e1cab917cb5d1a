/* What decisions about a case need to know. SELECT only. */
#include "approval/case/parts.h"

/* Columns in the order of the shape's fields, which is the cheapest to fill a record from. */
#define ALL                                                                                        \
    "SELECT case_id, case_no, query_code, item_code, item_version, item_name, department, kind, "  \
    "state, channel, place, applicant_type, applicant_name, id_number, phone, address, "           \
    "agent_name, agent_phone, delivery_method, matter, details, amount_fen, area_m2, "             \
    "created_at, submitted_at, received_at, accepted_at, deemed, gap_open, supplements, "          \
    "extended_days, suspensions, due_at, "                                                         \
    "promised_date, statutory_date, state_before, reviewer, verifier, recommendation, outcome, "   \
    "reason, reviewed_at, decided_at, used_days, saved_days, certificate_no, issued_at, "          \
    "delivered_at, closed_at, erased_at FROM cases "
static const struct db_sql by_id = {ALL "WHERE region = $1 AND case_id = $2"};
static const struct db_sql by_number = {ALL "WHERE region = $1 AND case_no = $2"};
#define PAPER                                                                                      \
    "SELECT code, name, required, can_defer, state, file_sha256, file_name, file_size, note, "     \
    "supplied_at, position FROM case_material "
static const struct db_sql materials_of = {PAPER "WHERE region = $1 AND case_id = $2"};
static const struct db_sql material_of = {PAPER "WHERE region = $1 AND case_id = $2 AND code = $3"};
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

/* Into the item's order: positions count from 0 without gaps, and a few rows are cheaper put in
 * their places here than sorted by the database. */
static bool in_order(const struct db_rows *rows, struct list *list, struct arena *arena,
                     struct fault *why)
{
    struct case_material *sorted = arena_array(arena, list->count, sizeof *sorted);
    for (size_t i = 0; i < list->count; i++) {
        int64_t at = db_cell_int(rows, i, "position");
        if (at < 0 || (size_t)at >= list->count)
            return fault_set(why, "a case's materials have a gap");
        sorted[at] = ((const struct case_material *)list->items)[i];
    }
    list->items = sorted;
    return true;
}

bool case_materials_read(struct db_read *db, int64_t region, int64_t case_id, struct arena *arena,
                         struct list *out, struct fault *why)
{
    struct db_rows rows;
    return db_select(db, &materials_of, DB_ARGS(db_int(region), db_int(case_id)), arena, &rows,
                     why) &&
           db_records(&case_material_shape, &rows, arena, out, why) &&
           in_order(&rows, out, arena, why);
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

/* What a decision looks at besides the case itself. */
enum { ALONE = 0, PAPERS = 1, CLOCKS = 2, GRANTS = 4 };

static bool rest_of(struct db_read *db, const struct context *context, int what,
                    struct case_facts *facts, struct fault *why)
{
    struct arena *arena = context->arena;
    if ((what & PAPERS) && !case_materials_read(db, context->region, facts->file.case_id, arena,
                                                &facts->materials, why))
        return false;
    if ((what & CLOCKS) &&
        !clock_deadlines_read(db, context->region, case_subject(facts->file.case_id, arena), arena,
                              &facts->deadlines, why))
        return false;
    return !(what & GRANTS) || !(context->actor->roles & ROLE_VERIFIER) ||
           identity_grants(db, context->region, context->actor->account, arena, &facts->grants,
                           why);
}

static bool find_key(struct db_read *db, const struct context *context, const void *input,
                     struct case_facts *out, struct fault *why)
{
    const struct case_key *key = input; /* every input by key begins with it */
    if (!case_file_by_number(db, context->region, key->case_no, context->arena, &out->file,
                             &out->found, why))
        return false;
    /* A case that is forgotten has no code. */
    out->key_holds = out->found && out->file.query_code.len &&
                     text_equal(key->query_code, out->file.query_code);
    return true;
}

static bool read_key(struct db_read *db, const struct context *context, const void *input, int what,
                     const void **facts, struct fault *why)
{
    struct case_facts *out = arena_alloc(context->arena, sizeof *out);
    *facts = out;
    return find_key(db, context, input, out, why) &&
           (!out->key_holds || rest_of(db, context, what, out, why));
}

static bool read_id(struct db_read *db, const struct context *context, const void *input, int what,
                    const void **facts, struct fault *why)
{
    const struct case_only *only = input; /* every input by id begins with it */
    struct case_facts *out = arena_alloc(context->arena, sizeof *out);
    *facts = out;
    if (!case_file_read(db, context->region, only->case_id, context->arena, &out->file,
                        &out->found, why))
        return false;
    return !out->found || rest_of(db, context, what, out, why);
}

/* The one paper that is said, or none where the item has no such. */
CASE_READ(case_read_key_paper)
{
    const struct case_provide *said = input;
    struct db_rows rows;
    struct case_facts *out = arena_alloc(context->arena, sizeof *out);
    *facts = out;
    if (!find_key(db, context, input, out, why))
        return false;
    return !out->key_holds ||
           (db_select(db, &material_of,
                      DB_ARGS(db_int(context->region), db_int(out->file.case_id),
                              db_text(said->code)),
                      context->arena, &rows, why) &&
            db_records(&case_material_shape, &rows, context->arena, &out->materials, why));
}

#define READ(name, how, what)                                                                      \
    CASE_READ(name)                                                                                \
    {                                                                                              \
        return how(db, context, input, what, facts, why);                                          \
    }
READ(case_read_key, read_key, ALONE)
READ(case_read_key_clocks, read_key, CLOCKS)
READ(case_read_key_all, read_key, PAPERS | CLOCKS)
READ(case_read_id, read_id, ALONE)
READ(case_read_id_papers, read_id, PAPERS)
READ(case_read_id_clocks, read_id, CLOCKS)
READ(case_read_id_grants, read_id, GRANTS)
READ(case_read_id_clocks_grants, read_id, CLOCKS | GRANTS)
READ(case_read_id_papers_grants, read_id, PAPERS | GRANTS)
READ(case_read_id_papers_clocks, read_id, PAPERS | CLOCKS)
READ(case_read_id_papers_clocks_grants, read_id, PAPERS | CLOCKS | GRANTS)

CASE_READ(case_read_undo)
{
    struct list entries;
    struct case_before *before = arena_alloc(context->arena, sizeof *before);
    if (!case_read_id_papers_grants(db, context, input, facts, why))
        return false;
    struct case_facts *out = (struct case_facts *)*facts;
    out->before = before;
    if (!out->found)
        return true;
    if (!journal_history(db, context->region, case_subject(out->file.case_id, context->arena), -1,
                         CASE_STEPS, context->arena, &entries, why))
        return false;
    case_before_of(&entries, context->arena, before);
    return true;
}
