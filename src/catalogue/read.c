/* The catalogue in memory, and finding things in it. */
#include "catalogue/parts.h"
#include "catalogue/search.h"

static bool docs_read(struct db_read *db, const struct db_sql *sql, const struct shape *shape,
                      int64_t region, struct arena *arena, void **out, size_t *count,
                      struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    char *items = arena_array(arena, rows.count, shape->size);
    for (size_t i = 0; i < rows.count; i++)
        if (!shape_read_json(shape, db_cell_text(&rows, i, "doc"), arena, items + i * shape->size,
                             why))
            return fault_set(why, "row %zu of %s could not be read", i, shape->name);
    *out = items;
    *count = rows.count;
    return true;
}

static bool versions_read(struct catalogue *catalogue, struct db_read *db, int64_t region,
                          struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {"SELECT item_code, version, withdrawn_after, published_at, "
                                      "doc FROM item WHERE region = $1 "
                                      "ORDER BY item_code, version"};
    struct db_rows rows;
    if (!db_select(db, &sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    catalogue->version_count = rows.count;
    catalogue->versions = arena_array(arena, rows.count, sizeof *catalogue->versions);
    for (size_t i = 0; i < rows.count; i++) {
        struct version *version = &catalogue->versions[i];
        version->withdrawn_after = db_cell_int(&rows, i, "withdrawn_after");
        version->published_at = db_cell_int(&rows, i, "published_at");
        if (!shape_read_json(&item_shape, db_cell_text(&rows, i, "doc"), arena, &version->item,
                             why))
            return fault_set(why, "an item version could not be read");
    }
    return true;
}

static bool withdrawals_read(struct catalogue *catalogue, struct db_read *db, int64_t region,
                             struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {
        "SELECT withdrawal_id, announced_at, doc FROM item_withdrawal WHERE region = $1 "
        "ORDER BY withdrawal_id"};
    struct db_rows rows;
    if (!db_select(db, &sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    catalogue->withdrawal_count = rows.count;
    catalogue->withdrawals = arena_array(arena, rows.count, sizeof *catalogue->withdrawals);
    for (size_t i = 0; i < rows.count; i++) {
        struct announced *one = &catalogue->withdrawals[i];
        one->withdrawal_id = db_cell_int(&rows, i, "withdrawal_id");
        one->announced_at = db_cell_int(&rows, i, "announced_at");
        if (!shape_read_json(&item_withdrawal_shape, db_cell_text(&rows, i, "doc"), arena,
                             &one->withdrawal, why))
            return fault_set(why, "a withdrawal could not be read");
    }
    return true;
}

bool catalogue_load(struct db_read *db, int64_t region, struct arena *arena, void **facts,
                    struct fault *why)
{
    static const struct db_sql region_sql = {
        "SELECT doc FROM catalogue_region WHERE region = $1"};
    static const struct db_sql department_sql = {
        "SELECT doc FROM department WHERE region = $1 ORDER BY code"};
    static const struct db_sql place_sql = {
        "SELECT doc FROM place WHERE region = $1 ORDER BY code"};
    struct catalogue *catalogue = arena_alloc(arena, sizeof *catalogue);
    void *regions = NULL, *departments = NULL, *places = NULL;
    size_t region_count = 0;
    if (!docs_read(db, &region_sql, &region_shape, region, arena, &regions, &region_count, why) ||
        !docs_read(db, &department_sql, &department_shape, region, arena, &departments,
                   &catalogue->department_count, why) ||
        !docs_read(db, &place_sql, &place_shape, region, arena, &places, &catalogue->place_count,
                   why) ||
        !versions_read(catalogue, db, region, arena, why) ||
        !withdrawals_read(catalogue, db, region, arena, why))
        return false;
    catalogue->has_region = region_count > 0;
    if (catalogue->has_region)
        catalogue->region = *(const struct region *)regions;
    catalogue->departments = departments;
    catalogue->places = places;
    catalogue->index = search_index_make(catalogue, arena);
    *facts = catalogue;
    return true;
}
