/* The only writer of drafts. */
#include "catalogue/draft.h"

static struct text doc_of(const struct item_draft *draft, struct arena *arena)
{
    struct buf buf = {arena};
    shape_to_json(&item_draft_shape, draft, SHAPE_ALL, &buf);
    return buf_done(&buf);
}

static bool drafted_apply(struct db *db, const struct entry_head *head, const void *body,
                          struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {
        "INSERT INTO item_draft (region, item_code, name, department, revision, started_at, "
        "saved_at, saved_by, doc) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)"};
    const struct item_draft *draft = body;
    return db_write(db, &sql,
                    DB_ARGS(db_int(head->region), db_text(draft->item_code),
                            db_text(draft->item.name), db_text(draft->department),
                            db_int(draft->revision), db_int(head->at), db_text(head->actor),
                            db_text(doc_of(draft, arena))),
                    why);
}

static bool saved_apply(struct db *db, const struct entry_head *head, const void *body,
                        struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {
        "UPDATE item_draft SET name = $3, revision = $4, saved_at = $5, saved_by = $6, doc = $7 "
        "WHERE region = $1 AND item_code = $2"};
    const struct item_draft *draft = body;
    return db_write(db, &sql,
                    DB_ARGS(db_int(head->region), db_text(draft->item_code),
                            db_text(draft->item.name), db_int(draft->revision), db_int(head->at),
                            db_text(head->actor), db_text(doc_of(draft, arena))),
                    why);
}

static bool over_apply(struct db *db, const struct entry_head *head, const void *body,
                       struct arena *arena, struct fault *why)
{
    static const struct db_sql sql = {
        "DELETE FROM item_draft WHERE region = $1 AND item_code = $2"};
    const struct draft_over *over = body;
    (void)arena;
    return db_write(db, &sql, DB_ARGS(db_int(head->region), db_text(over->item_code)), why);
}

const struct event_kind item_drafted = {
    .name = "item.drafted",
    .title = "事项开始起草",
    .version = 1,
    .shape = &item_draft_shape,
    .apply = drafted_apply,
    .internal = true,
};

const struct event_kind item_draft_saved = {
    .name = "item.draft_saved",
    .title = "事项草稿已保存",
    .version = 1,
    .shape = &item_draft_shape,
    .apply = saved_apply,
    .internal = true,
};

const struct event_kind item_draft_over = {
    .name = "item.draft_over",
    .title = "事项草稿已结束",
    .version = 1,
    .shape = &draft_over_shape,
    .apply = over_apply,
    .internal = true,
};
