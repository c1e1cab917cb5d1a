/* The events of links: what they hold and what they do to the tables. */
#include "identity/provider.h"

#define FIELD(record, member, kind, more)                                                          \
    {                                                                                              \
        .name = #member, .type = kind, .offset = offsetof(struct record, member), .flags = (more), \
        .label = ""                                                                                \
    }
#define SHAPE(record, words)                                                                       \
    static const struct shape record##_shape = {#record, words, sizeof(struct record),             \
                                                SHAPE_FIELDS(record##_fields)}

static const struct field account_linked_fields[] = {
    FIELD(account_linked, link_id, FIELD_INT, 0),
    FIELD(account_linked, account_id, FIELD_INT, 0),
    FIELD(account_linked, provider, FIELD_TEXT, FIELD_CODE),
    FIELD(account_linked, issuer, FIELD_TEXT, FIELD_CODE),
    FIELD(account_linked, claim, FIELD_TEXT, FIELD_CODE),
    FIELD(account_linked, subject, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
};
SHAPE(account_linked, "绑定统一身份认证");
static const struct field account_unlinked_fields[] = {
    FIELD(account_unlinked, link_id, FIELD_INT, 0),
    FIELD(account_unlinked, account_id, FIELD_INT, 0),
    FIELD(account_unlinked, keep_session, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
};
SHAPE(account_unlinked, "解除统一身份认证");

static const struct db_sql insert_link = {
    "INSERT INTO account_link (region, link_id, account_id, issuer, claim, subject, linked_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};
static const struct db_sql delete_link = {
    "DELETE FROM account_link WHERE region = $1 AND link_id = $2"};
static const struct db_sql insert_way = {
    "INSERT INTO session_way (region, token_hash, provider, second, expires_at) "
    "VALUES ($1, $2, $3, $4, $5)"};
static const struct db_sql sweep_ways = {
    "DELETE FROM session_way WHERE region = $1 AND expires_at <= $2"};

bool keep_way(struct db *db, const struct entry_head *head, const struct session_opened *body,
              struct fault *why)
{
    return !body->way.len ||
           (db_write(db, &sweep_ways, DB_ARGS(db_int(head->region), db_int(head->at)), why) &&
            db_write(db, &insert_way,
                     DB_ARGS(db_int(head->region), db_text(body->token_hash), db_text(body->way),
                             db_int(body->way_second), db_int(body->expires_at)),
                     why));
}

static bool apply_linked(struct db *db, const struct entry_head *head, const void *event,
                         struct arena *arena, struct fault *why)
{
    const struct account_linked *body = event;
    (void)arena;
    return db_write(db, &insert_link,
                    DB_ARGS(db_int(head->region), db_int(body->link_id), db_int(body->account_id),
                            db_text(body->issuer), db_text(body->claim), db_text(body->subject),
                            db_int(head->at)),
                    why);
}

static bool apply_unlinked(struct db *db, const struct entry_head *head, const void *event,
                           struct arena *arena, struct fault *why)
{
    const struct account_unlinked *body = event;
    (void)arena;
    return db_write(db, &delete_link, DB_ARGS(db_int(head->region), db_int(body->link_id)), why);
}

/* Whoever was let in by it is out. */
static bool enact_unlinked(struct db *db, const struct entry_head *head, const void *event,
                           struct arena *arena, struct fault *why)
{
    const struct account_unlinked *body = event;
    (void)arena;
    return end_sessions(db, head->region, body->account_id, body->keep_session, why);
}

const struct event_kind account_linked_kind = {.name = "account.linked",
                                               .title = "绑定统一身份认证",
                                               .version = 1,
                                               .shape = &account_linked_shape,
                                               .apply = apply_linked,
                                               .internal = true};
const struct event_kind account_unlinked_kind = {.name = "account.unlinked",
                                                 .title = "解除统一身份认证",
                                                 .version = 1,
                                                 .shape = &account_unlinked_shape,
                                                 .apply = apply_unlinked,
                                                 .enact = enact_unlinked,
                                                 .standing = true,
                                                 .internal = true};
