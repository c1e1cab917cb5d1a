/* The only writer of the catalogue's tables. */
#include "catalogue/parts.h"

static struct text doc_of(const struct shape *shape, const void *body, struct arena *arena)
{
    struct buf buf = {arena};
    shape_to_json(shape, body, SHAPE_ALL, &buf);
    return buf_done(&buf);
}

static bool region_set_apply(struct db *db, const struct entry_head *head, const void *body,
                             struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {
        "INSERT INTO catalogue_region (region, doc) VALUES ($1, $2) "
        "ON CONFLICT (region) DO UPDATE SET doc = excluded.doc"};
    return db_write(
        db, &sql, DB_ARGS(db_int(head->region), db_text(doc_of(&region_shape, body, arena))), why);
}

static bool department_defined_apply(struct db *db, const struct entry_head *head,
                                     const void *body, struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {
        "INSERT INTO department (region, code, doc) VALUES ($1, $2, $3) "
        "ON CONFLICT (region, code) DO UPDATE SET doc = excluded.doc"};
    const struct department *department = body;
    return db_write(db, &sql,
                    DB_ARGS(db_int(head->region), db_text(department->code),
                            db_text(doc_of(&department_shape, body, arena))),
                    why);
}

static bool place_defined_apply(struct db *db, const struct entry_head *head, const void *body,
                                struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {
        "INSERT INTO place (region, code, doc) VALUES ($1, $2, $3) "
        "ON CONFLICT (region, code) DO UPDATE SET doc = excluded.doc"};
    const struct place *place = body;
    return db_write(db, &sql,
                    DB_ARGS(db_int(head->region), db_text(place->code),
                            db_text(doc_of(&place_shape, body, arena))),
                    why);
}

static bool item_published_apply(struct db *db, const struct entry_head *head, const void *body,
                                 struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {
        "INSERT INTO item (region, item_code, version, name, department, case_kind, valid_from, "
        "valid_to, withdrawn_after, published_at, doc) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)"};
    const struct item *item = body;
    return db_write(db, &sql,
                    DB_ARGS(db_int(head->region), db_text(item->code), db_int(item->version),
                            db_text(item->name), db_text(item->department),
                            db_int(item->case_kind), db_int(item->valid_from),
                            db_int(item->valid_to), db_int(head->at),
                            db_text(doc_of(&item_shape, body, arena))),
                    why);
}

static bool item_withdrawn_apply(struct db *db, const struct entry_head *head, const void *body,
                                 struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {"UPDATE item SET withdrawn_after = $3 WHERE region = $1 AND "
                                      "item_code = $2 AND withdrawn_after = 0"};
    static const struct db_sql announce = {
        "INSERT INTO item_withdrawal (region, withdrawal_id, item_code, announced_at, doc) "
        "VALUES ($1, $2, $3, $4, $5)"};
    const struct item_withdrawal *withdrawal = body;
    return db_write(db, &announce,
                    DB_ARGS(db_int(head->region), db_int(head->index),
                            db_text(withdrawal->item_code), db_int(head->at),
                            db_text(doc_of(&item_withdrawal_shape, body, arena))),
                    why) &&
           db_write(db, &sql,
                    DB_ARGS(db_int(head->region), db_text(withdrawal->item_code),
                            db_int(withdrawal->last_date)),
                    why);
}

const struct event_kind region_set = {
    .name = "region.set",
    .title = "区域已设置",
    .version = 1,
    .shape = &region_shape,
    .apply = region_set_apply,
    .standing = true,
};

const struct event_kind department_defined = {
    .name = "department.defined",
    .title = "部门已登记",
    .version = 1,
    .shape = &department_shape,
    .apply = department_defined_apply,
    .standing = true,
};

const struct event_kind place_defined = {
    .name = "place.defined",
    .title = "地点已登记",
    .version = 1,
    .shape = &place_shape,
    .apply = place_defined_apply,
    .standing = true,
};

const struct event_kind item_published = {
    .name = "item.published",
    .title = "事项已发布",
    .version = 1,
    .shape = &item_shape,
    .apply = item_published_apply,
    .standing = true,
};

const struct event_kind item_withdrawn = {
    .name = "item.withdrawn",
    .title = "事项已停止办理",
    .version = 1,
    .shape = &item_withdrawal_shape,
    .apply = item_withdrawn_apply,
    .standing = true,
};
