/* Passwords, tokens and the seals over them: everything here uses libsodium, nothing is decided.
 * Passwords are hashed with Argon2id (RFC 9106), 64 MiB and 2 passes. */
#include <sodium.h>
#include <string.h>

#include "base/random.h"
#include "identity/parts.h"

/* Argon2id of a random password nobody knows, made with the parameters of service: checked where
 * there is no account, so that an unknown name takes as long as a wrong password. */
static const char unknown_hash[] =
    "$argon2id$v=19$m=65536,t=2,p=1$3roYuCTRcxlHbgJQFpC8dw$1TAzUCLXL1jaMdTWGQnure3i36u3+FYOjcXkUq0El9g";

static struct text base64url(struct arena *arena, const void *bytes, size_t size)
{
    size_t room = sodium_base64_encoded_len(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *at = arena_alloc(arena, room);
    sodium_bin2base64(at, room, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text_of(at);
}

struct text secret_new(struct arena *arena)
{
    unsigned char bytes[32];
    random_bytes(bytes, sizeof bytes);
    struct text secret = base64url(arena, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
    return secret;
}

struct text secret_hash(struct text secret, struct arena *arena)
{
    struct hash hash = hash_of(secret);
    return hash_hex(arena, &hash);
}

static bool password_hash(struct text password, bool quick, struct arena *arena, struct text *out,
                          struct fault *why)
{
    char hash[crypto_pwhash_STRBYTES];
    if (sodium_init() < 0 ||
        crypto_pwhash_str(hash, password.at, password.len,
                          quick ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          quick ? crypto_pwhash_MEMLIMIT_MIN
                                : crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return fault_set(why, "identity: no memory to hash a password");
    *out = text_copy(arena, text_of(hash));
    return true;
}

bool password_fits(struct text password, struct text hash)
{
    char stored[crypto_pwhash_STRBYTES] = {0};
    bool known = hash.len > 0 && hash.len < sizeof stored;
    if (sodium_init() < 0)
        return false;
    memcpy(stored, known ? hash.at : unknown_hash, known ? hash.len : sizeof unknown_hash);
    bool fits = crypto_pwhash_str_verify(stored, password.at, password.len) == 0;
    return fits && known;
}

bool prepare_account_create(struct db_read *db, const struct context *context, void *input,
                            struct fault *why)
{
    struct account_create *wanted = input;
    (void)db;
    return wanted->password.len == 0 ||
           password_hash(wanted->password, wanted->quick, context->arena, &wanted->password_hash,
                         why);
}

bool prepare_password_set(struct db_read *db, const struct context *context, void *input,
                          struct fault *why)
{
    struct password_set *wanted = input;
    (void)db;
    return password_hash(wanted->password, wanted->quick, context->arena, &wanted->password_hash,
                         why);
}

bool prepare_password_change(struct db_read *db, const struct context *context, void *input,
                             struct fault *why)
{
    struct password_change *wanted = input;
    if (!read_password_hash_of(db, context->region, context->actor->account, context->arena,
                               &wanted->hash_seen, why))
        return false;
    wanted->verified = password_fits(wanted->current, wanted->hash_seen);
    return password_hash(wanted->password, wanted->quick, context->arena, &wanted->password_hash,
                         why);
}

bool prepare_token_create(struct db_read *db, const struct context *context, void *input,
                          struct fault *why)
{
    struct token_create *wanted = input;
    (void)db, (void)why;
    wanted->token = secret_new(context->arena);
    wanted->token_hash = secret_hash(wanted->token, context->arena);
    return true;
}

/* HMAC-SHA-256 of a message under a secret of any length. */
static struct text sealed(struct text secret, struct text message, struct arena *arena)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.at, secret.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)message.at, message.len);
    crypto_auth_hmacsha256_final(&state, mac);
    return base64url(arena, mac, sizeof mac);
}

static bool same(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.at, b.at, a.len) == 0);
}

struct text identity_device_name(struct text login, struct arena *arena)
{
    return text_slice(secret_hash(login_folded(login, arena), arena), 0, 16);
}

/* "nonce.seal" under the account's stored password: whoever has it has signed in to that account while
 * it had that password, and nothing of it need be kept. */
static struct text device_make(struct text nonce, struct text hash, struct arena *arena)
{
    struct text message = text_format(arena, "device\n%.*s", TEXT_ARG(nonce));
    struct text seal = sealed(hash, message, arena);
    return text_format(arena, "%.*s.%.*s", TEXT_ARG(nonce), TEXT_ARG(seal));
}

static bool device_known(struct text device, struct text hash, struct arena *arena)
{
    struct text rest = device, nonce;
    return hash.len && device.len == 2 * TOKEN_CHARS + 1 && text_cut(&rest, '.', &nonce) &&
           same(device, device_make(nonce, hash, arena));
}

/* What its failures are counted under. */
static void count_under(struct sign_in *wanted, struct arena *arena)
{
    struct text login = login_folded(wanted->login, arena);
    wanted->name_hash = TEXT("");
    if (device_known(wanted->device, wanted->hash_seen, arena)) {
        wanted->login_hash = secret_hash(wanted->device, arena);
        return;
    }
    /* Who mistypes a name at one address, or means to, keeps nobody out elsewhere for that alone. */
    wanted->login_hash = secret_hash(
        text_format(arena, "%.*s\n%.*s", TEXT_ARG(login), TEXT_ARG(wanted->from)), arena);
    wanted->name_hash = secret_hash(text_format(arena, "name\n%.*s", TEXT_ARG(login)), arena);
}

/* "until.seal.way.login": who brings it has taken the first step of that account, a short while ago
 * and that way, and the account has the password that it had. */
struct text second_make(struct text login, struct text way, int64_t until_ms, struct text hash,
                        struct arena *arena)
{
    struct text folded = login_folded(login, arena);
    struct text rest = text_format(arena, "%.*s.%.*s", TEXT_ARG(way), TEXT_ARG(folded));
    struct text seal = sealed(
        hash,
        text_format(arena, "second\n%lld\n%.*s", (long long)until_ms, TEXT_ARG(rest)), arena);
    return text_format(arena, "%lld.%.*s.%.*s", (long long)until_ms, TEXT_ARG(seal),
                       TEXT_ARG(rest));
}

/* A session's secrets, should it be opened. */
void sign_in_draw(struct sign_in *wanted, struct arena *arena)
{
    wanted->token = secret_new(arena);
    wanted->token_hash = secret_hash(wanted->token, arena);
    wanted->seen_key = secret_new(arena);
    wanted->device_new = device_make(secret_new(arena), wanted->hash_seen, arena);
}

/* The account's stored hash, and how long the name waits here; who has to wait is refused whatever the
 * password or code: no time is spent on it. */
bool sign_in_look_up(struct db_read *db, const struct context *context, struct sign_in *wanted,
                     struct fault *why)
{
    struct sign_in_facts failures = {0};
    if (!read_password_hash(db, context->region, wanted->login, context->arena, &wanted->hash_seen,
                            why))
        return false;
    count_under(wanted, context->arena);
    if (!read_failures(db, context, wanted, &failures, why))
        return false;
    wanted->wait_ms = sign_in_wait(&failures, context->now_ms);
    return true;
}

bool prepare_sign_in(struct db_read *db, const struct context *context, void *input,
                     struct fault *why)
{
    struct sign_in *wanted = input;
    if (!sign_in_look_up(db, context, wanted, why))
        return false;
    if (wanted->wait_ms)
        return true;
    wanted->verified = password_fits(wanted->password, wanted->hash_seen);
    wanted->second_new = second_make(wanted->login, TEXT(""), context->now_ms + SECOND_STEP_MS,
                                     wanted->hash_seen, context->arena);
    sign_in_draw(wanted, context->arena);
    return true;
}

bool prepare_sign_in_code(struct db_read *db, const struct context *context, void *input,
                          struct fault *why)
{
    struct sign_in_code *wanted = input;
    struct sign_in *in = &wanted->in;
    struct arena *arena = context->arena;
    struct text rest = wanted->second, until, seal, way, key, secret;
    struct account account;
    struct totp totp;
    bool found;
    int64_t until_ms;
    wanted->stale = true;
    if (!text_cut(&rest, '.', &until) || !rest.at || !text_cut(&rest, '.', &seal) || !rest.at ||
        !text_cut(&rest, '.', &way) || !rest.at || !text_int(until, &until_ms) || rest.len == 0 ||
        rest.len > 64)
        return true;
    in->login = rest;
    in->way = way;
    if (!sign_in_look_up(db, context, in, why))
        return false;
    in->verified = in->hash_seen.len &&
                   same(wanted->second,
                        second_make(in->login, way, until_ms, in->hash_seen, arena));
    wanted->stale = !in->verified || context->now_ms >= until_ms;
    if (wanted->stale || in->wait_ms)
        return true;
    if (!identity_account_by_login(db, context->region, in->login, arena, &account, &found, why) ||
        !found || !read_totp(db, context->region, account.account_id, arena, &totp, why) ||
        !read_house_key(db, context->region, arena, &key, why))
        return !why->why[0];
    /* A telephone goes by the world's clock, also where the house's own is a simulated one. */
    if (totp_open(key, context->region, account.account_id, totp.sealed, arena, &secret))
        wanted->step = totp_step(secret, wanted->code, time_now());
    wanted->recovery_hash = totp_recovery_hash(account.account_id, wanted->code, arena);
    sign_in_draw(in, arena);
    return true;
}

bool prepare_totp_begin(struct db_read *db, const struct context *context, void *input,
                        struct fault *why)
{
    struct totp_begin *wanted = input;
    int64_t account_id = context->actor->account;
    if (!read_password_hash_of(db, context->region, account_id, context->arena, &wanted->hash_seen,
                               why) ||
        !read_house_key(db, context->region, context->arena, &wanted->house_key, why))
        return false;
    wanted->verified = password_fits(wanted->current, wanted->hash_seen);
    if (!wanted->house_key.len)
        wanted->house_key = secret_new(context->arena);
    wanted->sealed = totp_seal(wanted->house_key, context->region, account_id,
                               totp_secret_new(context->arena), context->arena);
    return true;
}

bool prepare_totp_confirm(struct db_read *db, const struct context *context, void *input,
                          struct fault *why)
{
    struct totp_confirm *wanted = input;
    struct arena *arena = context->arena;
    int64_t account_id = context->actor->account;
    struct totp totp;
    struct text key, secret;
    if (!read_totp(db, context->region, account_id, arena, &totp, why) ||
        !read_house_key(db, context->region, arena, &key, why))
        return false;
    wanted->sealed = totp.sealed;
    if (!totp_open(key, context->region, account_id, totp.sealed, arena, &secret))
        return true;
    wanted->step = totp_step(secret, wanted->code, time_now());
    struct text *hashes = arena_array(arena, RECOVERY_CODES, sizeof *hashes);
    for (int i = 0; i < RECOVERY_CODES; i++)
        hashes[i] = totp_recovery_hash(account_id, totp_recovery(secret, i, arena), arena);
    wanted->recovery = (struct list){hashes, RECOVERY_CODES};
    return true;
}

struct text identity_csrf(struct text session, struct arena *arena)
{
    return session.len ? sealed(session, TEXT("form"), arena) : TEXT("");
}

bool identity_csrf_holds(struct text session, struct text csrf)
{
    struct arena *arena = arena_new(256);
    bool holds = session.len && same(identity_csrf(session, arena), csrf);
    arena_free(arena);
    return holds;
}

/* "minute.seal": the minute (of 1970) in which the session was last used. */
static struct text stamp_make(struct text seen_key, int64_t minute, struct arena *arena)
{
    struct text number = text_format(arena, "%lld", (long long)minute);
    struct text seal = sealed(seen_key, number, arena);
    return text_format(arena, "%.*s.%.*s", TEXT_ARG(number), TEXT_ARG(seal));
}

static bool stamp_read(struct text stamp, struct text seen_key, struct arena *arena,
                       int64_t *minute)
{
    struct text rest = stamp, number;
    return stamp.len < 100 && text_cut(&rest, '.', &number) && text_int(number, minute) &&
           same(stamp, stamp_make(seen_key, *minute, arena));
}

/* With the account in the same row, and the counter by which the writer knows whether this still holds:
 * every request asks this first. */
#define HOLDER                                                                                     \
    "a.account_id, a.display, a.roles, a.department, a.place, a.state, "                           \
    "(SELECT h.standing + 1 FROM region_head h WHERE h.region = $1) AS stood_at, "                 \
    "(SELECT t.confirmed_at FROM totp t WHERE t.region = $1 AND t.account_id = a.account_id) "     \
    "AS second_at, "                                                                               \
    "(SELECT w.second FROM session_way w WHERE w.region = $1 AND w.token_hash = $2) "              \
    "AS way_second "
static const struct db_sql select_session = {
    "SELECT s.seen_key, s.opened_at, s.expires_at, " HOLDER "FROM session s JOIN account a "
    "ON a.region = s.region AND a.account_id = s.account_id "
    "WHERE s.region = $1 AND a.region = $1 AND s.token_hash = $2"};
static const struct db_sql select_bearer = {
    "SELECT t.expires_at, t.revoked_at, t.scopes, " HOLDER "FROM api_token t JOIN account a "
    "ON a.region = t.region AND a.account_id = t.account_id "
    "WHERE t.region = $1 AND a.region = $1 AND t.token_hash = $2"};

/* True while the session has not ended. *stamp: a new stamp of last use, if one is due. */
static bool session_holds(const struct db_rows *row, const struct credentials *brought,
                          int64_t now_ms, struct arena *arena, struct text *stamp)
{
    if (now_ms >= db_cell_int(row, 0, "expires_at"))
        return false;
    struct text seen_key = db_cell_text(row, 0, "seen_key");
    int64_t minute = 0, seen_at = db_cell_int(row, 0, "opened_at");
    if (stamp_read(brought->seen, seen_key, arena, &minute) && minute * MINUTE_MS > seen_at)
        seen_at = minute * MINUTE_MS;
    if (now_ms - seen_at >= SESSION_IDLE_MS)
        return false;
    if (now_ms / MINUTE_MS != minute)
        *stamp = stamp_make(seen_key, now_ms / MINUTE_MS, arena);
    return true;
}

static bool bearer_holds(const struct db_rows *row, int64_t now_ms)
{
    return now_ms < db_cell_int(row, 0, "expires_at") && db_cell_int(row, 0, "revoked_at") == 0;
}

struct actor identity_actor_of(const struct account *account, struct arena *arena)
{
    return (struct actor){
        .account = account->account_id,
        .name = text_format(arena, "account:%lld", (long long)account->account_id),
        .display = account->display,
        .roles = account->roles | ROLE_ANYONE,
        .department = account->department,
        .place = account->place,
    };
}

/* The account of a session's or token's row; *found false: it is closed. */
static void holder(const struct db_rows *row, struct arena *arena, struct actor *out, bool *found)
{
    struct account account = {
        .account_id = db_cell_int(row, 0, "account_id"),
        .display = db_cell_text(row, 0, "display"),
        .roles = db_cell_int(row, 0, "roles"),
        .department = db_cell_text(row, 0, "department"),
        .place = db_cell_text(row, 0, "place"),
    };
    *found = text_is(db_cell_text(row, 0, "state"), "open");
    if (!*found)
        return;
    *out = identity_actor_of(&account, arena);
    out->stood_at = db_cell_int(row, 0, "stood_at");
    out->second = db_cell_int(row, 0, "second_at") > 0 || db_cell_int(row, 0, "way_second") > 0;
}

/* How long it holds was judged when the request came; here only whether it was ended since. */
bool identity_stands(struct db_read *db, const struct context *context, const struct actor *brought,
                     struct actor *out, bool *stands, struct fault *why)
{
    bool bearer = brought->bearer.len > 0;
    struct text token_hash = bearer ? brought->bearer : brought->session;
    struct db_rows rows;
    *stands = false;
    if (!db_select(db, bearer ? &select_bearer : &select_session,
                   DB_ARGS(db_int(context->region), db_text(token_hash)), context->arena, &rows,
                   why))
        return false;
    if (rows.count == 0 || (bearer && db_cell_int(&rows, 0, "revoked_at")))
        return true;
    holder(&rows, context->arena, out, stands);
    out->session = brought->session;
    out->bearer = brought->bearer;
    out->scopes = bearer ? db_cell_int(&rows, 0, "scopes") : 0;
    return true;
}

bool identity_actor(struct db_read *db, int64_t region, const struct credentials *credentials,
                    int64_t now_ms, struct arena *arena, struct actor *out, bool *found,
                    struct text *stamp, struct fault *why)
{
    struct text token = credentials->bearer.len ? credentials->bearer : credentials->session;
    struct text token_hash = secret_hash(token, arena);
    struct db_rows rows;
    bool bearer = credentials->bearer.len > 0;
    *found = false;
    *stamp = TEXT("");
    if (token.len != TOKEN_CHARS)
        return true;
    if (!db_select(db, bearer ? &select_bearer : &select_session,
                   DB_ARGS(db_int(region), db_text(token_hash)), arena, &rows, why))
        return false;
    if (rows.count == 0 || !(bearer ? bearer_holds(&rows, now_ms)
                                    : session_holds(&rows, credentials, now_ms, arena, stamp)))
        return true;
    holder(&rows, arena, out, found);
    if (*found)
        *(bearer ? &out->bearer : &out->session) = token_hash;
    if (*found && bearer)
        out->scopes = db_cell_int(&rows, 0, "scopes");
    return true;
}
