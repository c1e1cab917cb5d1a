/* A draft as it was saved last. */
#include "catalogue/draft.h"

bool draft_read(struct db_read *db, int64_t region, struct text item_code, struct arena *arena,
                struct draft_facts *out, struct fault *why)
{
    static const struct db_sql sql = {"SELECT started_at, saved_at, saved_by, doc FROM item_draft "
                                      "WHERE region = $1 AND item_code = $2"};
    struct db_rows rows;
    *out = (struct draft_facts){0};
    if (!db_select(db, &sql, DB_ARGS(db_int(region), db_text(item_code)), arena, &rows, why))
        return false;
    if (!rows.count)
        return true;
    out->found = true;
    out->kept.started_at = db_cell_int(&rows, 0, "started_at");
    out->kept.saved_at = db_cell_int(&rows, 0, "saved_at");
    out->kept.saved_by = db_cell_text(&rows, 0, "saved_by");
    return shape_read_json(&item_draft_shape, db_cell_text(&rows, 0, "doc"), arena,
                           &out->kept.draft, why);
}

bool draft_facts_read(struct db_read *db, const struct context *context, const void *input,
                      const void **facts, struct fault *why)
{
    struct draft_facts *known = arena_alloc(context->arena, sizeof *known);
    *facts = known;
    return draft_read(db, context->region, *(const struct text *)input, context->arena, known, why);
}
