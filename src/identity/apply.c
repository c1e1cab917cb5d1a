/* Identity's events: what they hold and what they do to the tables. The only writer of these. */
#include "identity/parts.h"

#define FIELD(record, member, kind, more)                                                          \
    {                                                                                              \
        .name = #member, .type = kind, .offset = offsetof(struct record, member), .flags = (more), \
        .label = ""                                                                                \
    }
#define SHAPE(record, words)                                                                       \
    static const struct shape record##_shape = {#record, words, sizeof(struct record),             \
                                                SHAPE_FIELDS(record##_fields)}

static const struct field account_created_fields[] = {
    FIELD(account_created, account_id, FIELD_INT, 0),
    FIELD(account_created, login, FIELD_TEXT, FIELD_PRIVATE),
    FIELD(account_created, display, FIELD_TEXT, FIELD_PRIVATE),
    {"roles", FIELD_RECORD, offsetof(struct account_created, roles), .of = &role_set_shape},
    FIELD(account_created, department, FIELD_TEXT, FIELD_CODE),
    FIELD(account_created, place, FIELD_TEXT, FIELD_CODE),
    FIELD(account_created, password_hash, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
    FIELD(account_created, imported, FIELD_BOOL, 0),
};
SHAPE(account_created, "新建账号");
static const struct field account_changed_fields[] = {
    FIELD(account_changed, account_id, FIELD_INT, 0),
    FIELD(account_changed, display, FIELD_TEXT, FIELD_PRIVATE),
    {"roles", FIELD_RECORD, offsetof(struct account_changed, roles), .of = &role_set_shape},
    FIELD(account_changed, department, FIELD_TEXT, FIELD_CODE),
    FIELD(account_changed, place, FIELD_TEXT, FIELD_CODE),
};
SHAPE(account_changed, "修改账号");
static const struct field account_closed_fields[] = {
    FIELD(account_closed, account_id, FIELD_INT, 0),
    FIELD(account_closed, reason, FIELD_TEXT, FIELD_PRIVATE | FIELD_LINES),
};
SHAPE(account_closed, "停用账号");
static const struct field password_was_set_fields[] = {
    FIELD(password_was_set, account_id, FIELD_INT, 0),
    FIELD(password_was_set, password_hash, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
    FIELD(password_was_set, keep_session, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
};
SHAPE(password_was_set, "设置密码");
static const struct field session_opened_fields[] = {
    FIELD(session_opened, account_id, FIELD_INT, 0),
    FIELD(session_opened, expires_at, FIELD_TIME, 0),
    FIELD(session_opened, totp_step, FIELD_INT, 0),
    FIELD(session_opened, way, FIELD_TEXT, FIELD_CODE),
    FIELD(session_opened, way_second, FIELD_BOOL, 0),
    FIELD(session_opened, token_hash, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
    FIELD(session_opened, seen_key, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
    FIELD(session_opened, recovery_hash, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
};
SHAPE(session_opened, "登录");
static const struct field session_closed_fields[] = {
    FIELD(session_closed, account_id, FIELD_INT, 0),
    FIELD(session_closed, token_hash, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
};
SHAPE(session_closed, "退出登录");
static const struct field sign_in_failed_fields[] = {
    FIELD(sign_in_failed, account_id, FIELD_INT, 0),
    FIELD(sign_in_failed, login_hash, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
    FIELD(sign_in_failed, name_hash, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
};
SHAPE(sign_in_failed, "登录失败");
static const struct field delegation_granted_fields[] = {
    FIELD(delegation_granted, delegation_id, FIELD_INT, 0),
    {"grant", FIELD_RECORD, offsetof(struct delegation_granted, grant),
     .of = &delegation_grant_shape},
};
SHAPE(delegation_granted, "授权");
static const struct field delegation_revoked_fields[] = {
    FIELD(delegation_revoked, delegation_id, FIELD_INT, 0),
    FIELD(delegation_revoked, reason, FIELD_TEXT, FIELD_PRIVATE | FIELD_LINES),
};
SHAPE(delegation_revoked, "撤销授权");
static const struct field absence_recorded_fields[] = {
    FIELD(absence_recorded, absence_id, FIELD_INT, 0),
    FIELD(absence_recorded, account_id, FIELD_INT, 0),
    FIELD(absence_recorded, first_date, FIELD_DATE, 0),
    FIELD(absence_recorded, last_date, FIELD_DATE, 0),
    FIELD(absence_recorded, reason, FIELD_TEXT, FIELD_PRIVATE | FIELD_LINES),
};
SHAPE(absence_recorded, "登记离岗");
static const struct field absence_ended_fields[] = {
    FIELD(absence_ended, absence_id, FIELD_INT, 0),
    FIELD(absence_ended, account_id, FIELD_INT, 0),
};
SHAPE(absence_ended, "结束离岗");
static const struct field token_created_fields[] = {
    FIELD(token_created, token_id, FIELD_INT, 0),
    FIELD(token_created, account_id, FIELD_INT, 0),
    FIELD(token_created, label, FIELD_TEXT, FIELD_PRIVATE),
    {"scopes", FIELD_RECORD, offsetof(struct token_created, scopes), .of = &scope_set_shape},
    FIELD(token_created, expires_at, FIELD_TIME, 0),
    FIELD(token_created, token_hash, FIELD_TEXT, FIELD_PRIVATE | FIELD_CODE),
};
SHAPE(token_created, "新建接口令牌");
static const struct field token_revoked_fields[] = {
    FIELD(token_revoked, token_id, FIELD_INT, 0),
};
SHAPE(token_revoked, "撤销接口令牌");

static const struct db_sql insert_account = {
    "INSERT INTO account (region, account_id, login, login_key, display, roles, department, place, "
    "state, password_hash, imported, created_at, closed_at, signed_in_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11, 0, 0)"};
static const struct db_sql update_account = {
    "UPDATE account SET display = $3, roles = $4, department = $5, place = $6 "
    "WHERE region = $1 AND account_id = $2"};
static const struct db_sql close_account = {
    "UPDATE account SET state = 'closed', closed_at = $3 WHERE region = $1 AND account_id = $2"};
static const struct db_sql set_password = {
    "UPDATE account SET password_hash = $3 WHERE region = $1 AND account_id = $2"};
static const struct db_sql set_signed_in = {
    "UPDATE account SET signed_in_at = $3 WHERE region = $1 AND account_id = $2"};
static const struct db_sql insert_session = {
    "INSERT INTO session (region, token_hash, account_id, seen_key, opened_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6)"};
static const struct db_sql sweep_sessions = {
    "DELETE FROM session WHERE region = $1 AND expires_at <= $2"};
static const struct db_sql delete_session = {
    "DELETE FROM session WHERE region = $1 AND token_hash = $2"};
static const struct db_sql delete_sessions = {
    "DELETE FROM session WHERE region = $1 AND account_id = $2 AND token_hash <> $3"};
static const struct db_sql insert_failure = {
    "INSERT INTO sign_in_failure (region, login_hash, entry, at) VALUES ($1, $2, $3, $4)"};
static const struct db_sql sweep_failures = {
    "DELETE FROM sign_in_failure WHERE region = $1 AND at <= $2"};
static const struct db_sql insert_delegation = {
    "INSERT INTO delegation (region, delegation_id, account_id, department, document, powers, "
    "all_items, amount_limit_fen, area_limit_m2, extend_limit_days, valid_from_date, "
    "valid_to_date, substitute_account, granted_by, granted_at, revoked_at, revoke_reason) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, '')"};
static const struct db_sql insert_delegation_item = {
    "INSERT INTO delegation_item (region, delegation_id, item) VALUES ($1, $2, $3) "
    "ON CONFLICT (region, delegation_id, item) DO NOTHING"};
static const struct db_sql revoke_delegation = {
    "UPDATE delegation SET revoked_at = $3, revoke_reason = $4 "
    "WHERE region = $1 AND delegation_id = $2"};
static const struct db_sql insert_absence = {
    "INSERT INTO absence (region, absence_id, account_id, first_date, last_date, reason, "
    "recorded_by, recorded_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)"};
static const struct db_sql end_absence = {
    "UPDATE absence SET ended_at = $3 WHERE region = $1 AND absence_id = $2"};
static const struct db_sql insert_token = {
    "INSERT INTO api_token (region, token_id, account_id, label, scopes, token_hash, created_at, "
    "expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)"};
static const struct db_sql revoke_token = {
    "UPDATE api_token SET revoked_at = $3 WHERE region = $1 AND token_id = $2"};

static bool apply_account_created(struct db *db, const struct entry_head *head, const void *event,
                                  struct arena *arena, struct fault *why)
{
    const struct account_created *body = event;
    return db_write(db, &insert_account,
                    DB_ARGS(db_int(head->region), db_int(body->account_id), db_text(body->login),
                            db_text(login_folded(body->login, arena)), db_text(body->display),
                            db_int(role_set_bits(&body->roles)), db_text(body->department),
                            db_text(body->place), db_text(body->password_hash),
                            db_int(body->imported), db_int(head->at)),
                    why);
}

static bool apply_account_changed(struct db *db, const struct entry_head *head, const void *event,
                                  struct arena *arena, struct fault *why)
{
    const struct account_changed *body = event;
    (void)arena;
    return db_write(db, &update_account,
                    DB_ARGS(db_int(head->region), db_int(body->account_id), db_text(body->display),
                            db_int(role_set_bits(&body->roles)), db_text(body->department),
                            db_text(body->place)),
                    why);
}

static bool apply_account_closed(struct db *db, const struct entry_head *head, const void *event,
                                 struct arena *arena, struct fault *why)
{
    const struct account_closed *body = event;
    (void)arena;
    return db_write(db, &close_account,
                    DB_ARGS(db_int(head->region), db_int(body->account_id), db_int(head->at)), why);
}

bool end_sessions(struct db *db, int64_t region, int64_t account_id, struct text keep,
                  struct fault *why)
{
    return db_write(db, &delete_sessions, DB_ARGS(db_int(region), db_int(account_id), db_text(keep)),
                    why);
}

static bool enact_account_closed(struct db *db, const struct entry_head *head, const void *event,
                                 struct arena *arena, struct fault *why)
{
    const struct account_closed *body = event;
    (void)arena;
    return end_sessions(db, head->region, body->account_id, TEXT(""), why);
}

static bool apply_password_set(struct db *db, const struct entry_head *head, const void *event,
                               struct arena *arena, struct fault *why)
{
    const struct password_was_set *body = event;
    (void)arena;
    return db_write(
        db, &set_password,
        DB_ARGS(db_int(head->region), db_int(body->account_id), db_text(body->password_hash)), why);
}

/* Whoever held the old password is out. */
static bool enact_password_set(struct db *db, const struct entry_head *head, const void *event,
                               struct arena *arena, struct fault *why)
{
    const struct password_was_set *body = event;
    (void)arena;
    return end_sessions(db, head->region, body->account_id, body->keep_session, why);
}

static bool apply_session_opened(struct db *db, const struct entry_head *head, const void *event,
                                 struct arena *arena, struct fault *why)
{
    const struct session_opened *body = event;
    (void)arena;
    return db_write(db, &set_signed_in,
                    DB_ARGS(db_int(head->region), db_int(body->account_id), db_int(head->at)),
                    why) &&
           use_second_step(db, head, body, why);
}

static bool enact_session_opened(struct db *db, const struct entry_head *head, const void *event,
                                 struct arena *arena, struct fault *why)
{
    const struct session_opened *body = event;
    (void)arena;
    return db_write(db, &sweep_sessions, DB_ARGS(db_int(head->region), db_int(head->at)), why) &&
           db_write(db, &insert_session,
                    DB_ARGS(db_int(head->region), db_text(body->token_hash),
                            db_int(body->account_id), db_text(body->seen_key), db_int(head->at),
                            db_int(body->expires_at)),
                    why) &&
           keep_way(db, head, body, why);
}

/* Sessions and failures are no derived state; replay has nothing to do. */
static bool apply_nothing(struct db *db, const struct entry_head *head, const void *event,
                          struct arena *arena, struct fault *why)
{
    (void)db, (void)head, (void)event, (void)arena, (void)why;
    return true;
}

static bool enact_session_closed(struct db *db, const struct entry_head *head, const void *event,
                                 struct arena *arena, struct fault *why)
{
    const struct session_closed *body = event;
    (void)arena;
    return db_write(db, &delete_session, DB_ARGS(db_int(head->region), db_text(body->token_hash)),
                    why);
}

static bool enact_sign_in_failed(struct db *db, const struct entry_head *head, const void *event,
                                 struct arena *arena, struct fault *why)
{
    const struct sign_in_failed *body = event;
    const struct text hashes[] = {body->login_hash, body->name_hash};
    (void)arena;
    if (!db_write(db, &sweep_failures,
                  DB_ARGS(db_int(head->region), db_int(head->at - SIGN_IN_DAY_MS)), why))
        return false;
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
        if (hashes[i].len &&
            !db_write(db, &insert_failure,
                      DB_ARGS(db_int(head->region), db_text(hashes[i]), db_int(head->index),
                              db_int(head->at)),
                      why))
            return false;
    return true;
}

static bool apply_delegation_granted(struct db *db, const struct entry_head *head,
                                     const void *event, struct arena *arena, struct fault *why)
{
    const struct delegation_granted *body = event;
    const struct delegation_grant *grant = &body->grant;
    const struct text *items = grant->items.items;
    (void)arena;
    if (!db_write(db, &insert_delegation,
                  DB_ARGS(db_int(head->region), db_int(body->delegation_id),
                          db_int(grant->account_id), db_text(grant->department),
                          db_text(grant->document), db_int(power_set_bits(&grant->powers)),
                          db_int(grant->all_items), db_int(grant->amount_limit_fen),
                          db_int(grant->area_limit_m2), db_int(grant->extend_limit_days),
                          db_int(grant->valid_from_date), db_int(grant->valid_to_date),
                          db_int(grant->substitute_account), db_text(head->actor),
                          db_int(head->at)),
                  why))
        return false;
    for (size_t i = 0; i < grant->items.count; i++)
        if (!db_write(db, &insert_delegation_item,
                      DB_ARGS(db_int(head->region), db_int(body->delegation_id),
                              db_text(items[i])),
                      why))
            return false;
    return true;
}

static bool apply_delegation_revoked(struct db *db, const struct entry_head *head,
                                     const void *event, struct arena *arena, struct fault *why)
{
    const struct delegation_revoked *body = event;
    (void)arena;
    return db_write(db, &revoke_delegation,
                    DB_ARGS(db_int(head->region), db_int(body->delegation_id), db_int(head->at),
                            db_text(body->reason)),
                    why);
}

static bool apply_absence_recorded(struct db *db, const struct entry_head *head,
                                   const void *event, struct arena *arena, struct fault *why)
{
    const struct absence_recorded *body = event;
    (void)arena;
    return db_write(db, &insert_absence,
                    DB_ARGS(db_int(head->region), db_int(body->absence_id),
                            db_int(body->account_id), db_int(body->first_date),
                            db_int(body->last_date), db_text(body->reason), db_text(head->actor),
                            db_int(head->at)),
                    why);
}

static bool apply_absence_ended(struct db *db, const struct entry_head *head, const void *event,
                                struct arena *arena, struct fault *why)
{
    const struct absence_ended *body = event;
    (void)arena;
    return db_write(db, &end_absence,
                    DB_ARGS(db_int(head->region), db_int(body->absence_id), db_int(head->at)), why);
}

static bool apply_token_created(struct db *db, const struct entry_head *head, const void *event,
                                struct arena *arena, struct fault *why)
{
    const struct token_created *body = event;
    (void)arena;
    return db_write(db, &insert_token,
                    DB_ARGS(db_int(head->region), db_int(body->token_id), db_int(body->account_id),
                            db_text(body->label), db_int(scope_set_bits(&body->scopes)),
                            db_text(body->token_hash), db_int(head->at),
                            db_int(body->expires_at)),
                    why);
}

static bool apply_token_revoked(struct db *db, const struct entry_head *head, const void *event,
                                struct arena *arena, struct fault *why)
{
    const struct token_revoked *body = event;
    (void)arena;
    return db_write(db, &revoke_token,
                    DB_ARGS(db_int(head->region), db_int(body->token_id), db_int(head->at)), why);
}

#define KIND(variable, words, title_words, body, applied, ...)                                     \
    const struct event_kind variable = {.name = words,                                             \
                                        .title = title_words,                                      \
                                        .version = 1,                                              \
                                        .shape = &body##_shape,                                    \
                                        .apply = applied,                                          \
                                        .internal = true,                                          \
                                        __VA_ARGS__}
bool identity_sign_all_out(struct db *db, struct fault *why)
{
    return db_script(db, TEXT("DELETE FROM session; DELETE FROM session_way; "
                              "DELETE FROM sign_in_failure;"), why);
}

KIND(account_created_kind, "account.created", "新建账号", account_created, apply_account_created, );
KIND(account_changed_kind, "account.changed", "修改账号", account_changed, apply_account_changed,
     .standing = true);
KIND(account_closed_kind, "account.closed", "停用账号", account_closed, apply_account_closed,
     .enact = enact_account_closed, .standing = true);
KIND(password_set_kind, "password.set", "设置密码", password_was_set, apply_password_set,
     .enact = enact_password_set, .standing = true);
KIND(session_opened_kind, "session.opened", "登录", session_opened, apply_session_opened,
     .enact = enact_session_opened);
KIND(session_closed_kind, "session.closed", "退出登录", session_closed, apply_nothing,
     .enact = enact_session_closed, .standing = true);
KIND(sign_in_failed_kind, "sign_in.failed", "登录失败", sign_in_failed, apply_nothing,
     .enact = enact_sign_in_failed);
KIND(delegation_granted_kind, "delegation.granted", "授权", delegation_granted,
     apply_delegation_granted, );
KIND(delegation_revoked_kind, "delegation.revoked", "撤销授权", delegation_revoked,
     apply_delegation_revoked, );
KIND(absence_recorded_kind, "absence.recorded", "登记离岗", absence_recorded,
     apply_absence_recorded, );
KIND(absence_ended_kind, "absence.ended", "结束离岗", absence_ended, apply_absence_ended, );
KIND(token_created_kind, "token.created", "新建接口令牌", token_created, apply_token_created, );
KIND(token_revoked_kind, "token.revoked", "撤销接口令牌", token_revoked, apply_token_revoked,
     .standing = true);
