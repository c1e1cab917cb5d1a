/* The answers given under an Idempotency-Key, kept in the transaction they speak of. */
#include <string.h>

#include "journal/journal.h"

bool idempotency_find(struct db_read *db, int64_t region, struct text key, struct arena *arena,
                      struct idempotency *out, bool *found, struct fault *why)
{
    static const struct db_sql sql = {
        "SELECT request, idx, count, answer, location, at FROM idempotency"
        " WHERE region = $1 AND key = $2"};
    struct db_rows rows;
    if (!db_select(db, &sql, DB_ARGS(db_int(region), db_text(key)), arena, &rows, why))
        return false;
    *found = rows.count == 1;
    if (!*found)
        return true;
    struct text request = db_cell_text(&rows, 0, "request");
    if (request.len != sizeof out->request.bytes)
        return fault_set(why, "idempotency: a request's hash is damaged");
    *out = (struct idempotency){.key = key,
                                .index = db_cell_int(&rows, 0, "idx"),
                                .count = db_cell_int(&rows, 0, "count"),
                                .answer = db_cell_text(&rows, 0, "answer"),
                                .location = db_cell_text(&rows, 0, "location"),
                                .at = db_cell_int(&rows, 0, "at")};
    memcpy(out->request.bytes, request.at, request.len);
    return true;
}

bool idempotency_keep(struct db *db, int64_t region, const struct idempotency *kept,
                      struct fault *why)
{
    static const struct db_insert insert = {
        "idempotency", "region, key, request, idx, count, answer, location, at", 8, NULL};
    const struct db_value cells[] = {db_int(region),
                                     db_text(kept->key),
                                     db_bytes(kept->request.bytes, sizeof kept->request.bytes),
                                     db_int(kept->index),
                                     db_int(kept->count),
                                     db_text(kept->answer),
                                     db_text(kept->location),
                                     db_int(kept->at)};
    return db_insert(db, &insert, cells, 1, why);
}
