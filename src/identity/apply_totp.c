/* The events of the second step, and what they do to its tables. */
#include "identity/parts.h"

#define FIELD(record, member, kind, more)                                                          \
    {                                                                                              \
        .name = #member, .type = kind, .offset = offsetof(struct record, member), .flags = (more), \
        .label = ""                                                                                \
    }
#define SHAPE(record, words)                                                                       \
    static const struct shape record##_shape = {#record, words, sizeof(struct record),             \
                                                SHAPE_FIELDS(record##_fields)}

static const struct field totp_begun_fields[] = {
    FIELD(totp_begun, account_id, FIELD_INT, 0),
    FIELD(totp_begun, sealed, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
};
SHAPE(totp_begun, "开始启用两步登录");
static const struct field totp_confirmed_fields[] = {
    FIELD(totp_confirmed, account_id, FIELD_INT, 0),
    FIELD(totp_confirmed, step, FIELD_INT, 0),
    FIELD(totp_confirmed, recovery, FIELD_TEXTS, FIELD_PRIVATE | FIELD_CODE),
};
SHAPE(totp_confirmed, "启用两步登录");
static const struct field totp_was_reset_fields[] = {
    FIELD(totp_was_reset, account_id, FIELD_INT, 0),
    FIELD(totp_was_reset, reason, FIELD_TEXT, FIELD_PRIVATE | FIELD_LINES),
};
SHAPE(totp_was_reset, "重设两步登录");

static const struct db_sql forget_codes = {
    "DELETE FROM recovery_code WHERE region = $1 AND account_id = $2"};
static const struct db_sql forget = {"DELETE FROM totp WHERE region = $1 AND account_id = $2"};
static const struct db_sql begin = {
    "INSERT INTO totp (region, account_id, sealed, begun_at, confirmed_at, last_step) "
    "VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT (region, account_id) DO UPDATE SET "
    "sealed = excluded.sealed, begun_at = excluded.begun_at"};
static const struct db_sql confirm = {
    "UPDATE totp SET confirmed_at = $3, last_step = $4 WHERE region = $1 AND account_id = $2"};
static const struct db_sql insert_code = {
    "INSERT INTO recovery_code (region, account_id, code_hash, used_at) VALUES ($1, $2, $3, 0) "
    "ON CONFLICT (region, account_id, code_hash) DO NOTHING"};
static const struct db_sql use_step = {
    "UPDATE totp SET last_step = $3 WHERE region = $1 AND account_id = $2"};
static const struct db_sql use_code = {"UPDATE recovery_code SET used_at = $4 "
                                       "WHERE region = $1 AND account_id = $2 AND code_hash = $3"};
static const struct db_sql insert_key = {
    "INSERT INTO house_key (region, sealing, made_at) VALUES ($1, $2, $3) "
    "ON CONFLICT (region) DO NOTHING"};

static bool apply_begun(struct db *db, const struct entry_head *head, const void *event,
                        struct arena *arena, struct fault *why)
{
    const struct totp_begun *body = event;
    (void)arena;
    return db_write(db, &begin,
                    DB_ARGS(db_int(head->region), db_int(body->account_id), db_text(body->sealed),
                            db_int(head->at)),
                    why);
}

static bool enact_begun(struct db *db, const struct entry_head *head, const void *event,
                        struct arena *arena, struct fault *why)
{
    const struct totp_begun *body = event;
    (void)arena;
    return db_write(db, &insert_key,
                    DB_ARGS(db_int(head->region), db_text(body->house_key), db_int(head->at)), why);
}

static bool apply_confirmed(struct db *db, const struct entry_head *head, const void *event,
                            struct arena *arena, struct fault *why)
{
    const struct totp_confirmed *body = event;
    const struct text *hashes = body->recovery.items;
    (void)arena;
    if (!db_write(db, &confirm,
                  DB_ARGS(db_int(head->region), db_int(body->account_id), db_int(head->at),
                          db_int(body->step)),
                  why))
        return false;
    for (size_t i = 0; i < body->recovery.count; i++)
        if (!db_write(db, &insert_code,
                      DB_ARGS(db_int(head->region), db_int(body->account_id), db_text(hashes[i])),
                      why))
            return false;
    return true;
}

static bool apply_reset(struct db *db, const struct entry_head *head, const void *event,
                        struct arena *arena, struct fault *why)
{
    const struct totp_was_reset *body = event;
    (void)arena;
    return db_write(db, &forget, DB_ARGS(db_int(head->region), db_int(body->account_id)), why) &&
           db_write(db, &forget_codes, DB_ARGS(db_int(head->region), db_int(body->account_id)),
                    why);
}

/* Whoever held the telephone that was lost is out. */
static bool enact_reset(struct db *db, const struct entry_head *head, const void *event,
                        struct arena *arena, struct fault *why)
{
    const struct totp_was_reset *body = event;
    (void)arena;
    return end_sessions(db, head->region, body->account_id, TEXT(""), why);
}

bool use_second_step(struct db *db, const struct entry_head *head,
                     const struct session_opened *body, struct fault *why)
{
    if (body->totp_step)
        return db_write(
            db, &use_step,
            DB_ARGS(db_int(head->region), db_int(body->account_id), db_int(body->totp_step)), why);
    return body->recovery_hash.len == 0 ||
           db_write(db, &use_code,
                    DB_ARGS(db_int(head->region), db_int(body->account_id),
                            db_text(body->recovery_hash), db_int(head->at)),
                    why);
}

const struct event_kind totp_begun_kind = {.name = "totp.begun",
                                           .title = "开始启用两步登录",
                                           .version = 1,
                                           .shape = &totp_begun_shape,
                                           .apply = apply_begun,
                                           .enact = enact_begun,
                                           .internal = true};
const struct event_kind totp_confirmed_kind = {.name = "totp.confirmed",
                                               .title = "启用两步登录",
                                               .version = 1,
                                               .shape = &totp_confirmed_shape,
                                               .apply = apply_confirmed,
                                               .internal = true};
const struct event_kind totp_reset_kind = {.name = "totp.reset",
                                           .title = "重设两步登录",
                                           .version = 1,
                                           .shape = &totp_was_reset_shape,
                                           .apply = apply_reset,
                                           .enact = enact_reset,
                                           .standing = true,
                                           .internal = true};
