/* The facts that identity's decisions need, and what other modules may ask. SELECT only. */
#include "identity/parts.h"

#define ACCOUNT_COLUMNS                                                                            \
    "SELECT account_id, login, display, roles, department, place, state, password_hash, "          \
    "imported, created_at, closed_at, signed_in_at FROM account "

static const struct db_sql select_account = {ACCOUNT_COLUMNS
                                             "WHERE region = $1 AND account_id = $2"};
static const struct db_sql select_login = {
    ACCOUNT_COLUMNS "WHERE region = $1 AND login_key = $2 ORDER BY account_id LIMIT 1"};
static const struct db_sql select_administrators = {
    "SELECT roles FROM account WHERE region = $1 AND state = 'open' AND account_id <> $2 "
    "AND (roles & $3) <> 0"};
/* Waits leave room for far fewer than 100. */
static const struct db_sql select_failures = {
    "SELECT at FROM sign_in_failure WHERE region = $1 AND login_hash = $2 AND at > $3 "
    "ORDER BY at DESC, entry DESC LIMIT 100"};
static const struct db_sql select_grants = {
    "SELECT delegation_id, account_id, department, powers, all_items, amount_limit_fen, "
    "area_limit_m2, extend_limit_days, valid_from_date, valid_to_date, substitute_account, "
    "revoked_at FROM delegation WHERE region = $1 AND revoked_at = 0 AND "
    "(account_id = $2 OR substitute_account = $2) ORDER BY delegation_id"};
static const struct db_sql select_grant = {
    "SELECT delegation_id, account_id, department, powers, all_items, amount_limit_fen, "
    "area_limit_m2, extend_limit_days, valid_from_date, valid_to_date, substitute_account, "
    "revoked_at FROM delegation WHERE region = $1 AND delegation_id = $2"};
static const struct db_sql select_letter = {
    "SELECT document, powers FROM delegation WHERE region = $1 AND delegation_id = $2"};
static const struct db_sql select_grant_items = {
    "SELECT item FROM delegation_item WHERE region = $1 AND delegation_id = $2 ORDER BY item"};
#define ABSENCE_COLUMNS                                                                            \
    "SELECT absence_id, account_id, first_date, last_date, ended_at FROM absence "
static const struct db_sql select_absence = {ABSENCE_COLUMNS
                                             "WHERE region = $1 AND absence_id = $2"};
static const struct db_sql select_absences = {
    ABSENCE_COLUMNS "WHERE region = $1 AND account_id = $2 AND ended_at = 0 ORDER BY absence_id"};
static const struct db_sql select_token = {
    "SELECT account_id, revoked_at FROM api_token WHERE region = $1 AND token_id = $2"};

/* Login names differ only by more than ASCII case. */
struct text login_folded(struct text login, struct arena *arena)
{
    /* What a migrated system called somebody ("resource:TEST") stays as it was written: there "test"
     * may be another. */
    if (text_find(login, TEXT(":")) >= 0)
        return login;
    char *at = arena_alloc(arena, login.len);
    for (size_t i = 0; i < login.len; i++)
        at[i] = login.at[i] >= 'A' && login.at[i] <= 'Z' ? (char)(login.at[i] + 32) : login.at[i];
    return (struct text){at, login.len};
}

static void account_row(const struct db_rows *rows, size_t row, struct account *out)
{
    *out = (struct account){
        .account_id = db_cell_int(rows, row, "account_id"),
        .login = db_cell_text(rows, row, "login"),
        .display = db_cell_text(rows, row, "display"),
        .roles = db_cell_int(rows, row, "roles"),
        .department = db_cell_text(rows, row, "department"),
        .place = db_cell_text(rows, row, "place"),
        .state = text_is(db_cell_text(rows, row, "state"), "open") ? ACCOUNT_OPEN : ACCOUNT_CLOSED,
        .has_password = db_cell_text(rows, row, "password_hash").len > 0,
        .imported = db_cell_int(rows, row, "imported"),
        .created_at = db_cell_int(rows, row, "created_at"),
        .closed_at = db_cell_int(rows, row, "closed_at"),
        .signed_in_at = db_cell_int(rows, row, "signed_in_at"),
    };
}

static bool find_account(struct db_read *db, int64_t region, int64_t account_id,
                         struct arena *arena, struct account *out, struct text *hash, bool *found,
                         struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, &select_account, DB_ARGS(db_int(region), db_int(account_id)), arena, &rows,
                   why))
        return false;
    *found = rows.count > 0;
    if (!*found)
        return true;
    account_row(&rows, 0, out);
    if (hash)
        *hash = db_cell_text(&rows, 0, "password_hash");
    return true;
}

static bool find_login(struct db_read *db, int64_t region, struct text login, struct arena *arena,
                       struct account *out, struct text *hash, bool *found, struct fault *why)
{
    struct db_rows rows;
    *found = false;
    if (login.len == 0)
        return true;
    if (!db_select(db, &select_login,
                   DB_ARGS(db_int(region), db_text(login_folded(login, arena))), arena, &rows, why))
        return false;
    *found = rows.count > 0;
    if (!*found)
        return true;
    account_row(&rows, 0, out);
    if (hash)
        *hash = db_cell_text(&rows, 0, "password_hash");
    return true;
}

bool identity_account(struct db_read *db, int64_t region, int64_t account_id, struct arena *arena,
                      struct account *out, bool *found, struct fault *why)
{
    return find_account(db, region, account_id, arena, out, NULL, found, why);
}

bool identity_account_by_login(struct db_read *db, int64_t region, struct text login,
                               struct arena *arena, struct account *out, bool *found,
                               struct fault *why)
{
    return find_login(db, region, login, arena, out, NULL, found, why);
}

bool read_password_hash(struct db_read *db, int64_t region, struct text login, struct arena *arena,
                        struct text *hash, struct fault *why)
{
    struct account account;
    bool found;
    *hash = TEXT("");
    if (!find_login(db, region, login, arena, &account, hash, &found, why))
        return false;
    if (found && account.state != ACCOUNT_OPEN)
        *hash = TEXT("");
    return true;
}

bool read_password_hash_of(struct db_read *db, int64_t region, int64_t account_id,
                           struct arena *arena, struct text *hash, struct fault *why)
{
    struct account account;
    bool found;
    *hash = TEXT("");
    return find_account(db, region, account_id, arena, &account, hash, &found, why);
}

static bool department_known(const struct context *context, struct text department)
{
    struct list names = department.len ? context_names(context, NAMES_DEPARTMENT) : (struct list){0};
    return department.len == 0 || names_hold(&names, department);
}

static bool read_account_facts(struct db_read *db, const struct context *context,
                               int64_t account_id, struct text department, const void **facts,
                               struct fault *why)
{
    struct account_facts *known = arena_alloc(context->arena, sizeof *known);
    struct db_rows rows;
    *facts = known;
    known->department_known = department_known(context, department);
    if (!find_account(db, context->region, account_id, context->arena, &known->account,
                      &known->password_hash, &known->found, why) ||
        !db_select(db, &select_administrators,
                   DB_ARGS(db_int(context->region), db_int(account_id), db_int(ROLE_THREE)),
                   context->arena, &rows, why))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        known->others |= db_cell_int(&rows, i, "roles") & ROLE_THREE;
    return true;
}

static bool read_login_facts(struct db_read *db, const struct context *context, struct text login,
                             struct text department, const void **facts, struct fault *why)
{
    struct account_facts *known = arena_alloc(context->arena, sizeof *known);
    *facts = known;
    known->department_known = department_known(context, department);
    return find_login(db, context->region, login, context->arena, &known->account, NULL,
                      &known->login_taken, why);
}

bool read_account_create(struct db_read *db, const struct context *context, const void *input,
                         const void **facts, struct fault *why)
{
    const struct account_create *wanted = input;
    return read_login_facts(db, context, wanted->login, wanted->department, facts, why);
}

bool read_account_import(struct db_read *db, const struct context *context, const void *input,
                         const void **facts, struct fault *why)
{
    const struct account_import *wanted = input;
    return read_login_facts(db, context, wanted->login, wanted->department, facts, why);
}

bool read_account_change(struct db_read *db, const struct context *context, const void *input,
                         const void **facts, struct fault *why)
{
    const struct account_change *wanted = input;
    return read_account_facts(db, context, wanted->account_id, TEXT(""), facts, why);
}

bool read_account_assign(struct db_read *db, const struct context *context, const void *input,
                         const void **facts, struct fault *why)
{
    const struct account_assign *wanted = input;
    return read_account_facts(db, context, wanted->account_id, wanted->department, facts, why);
}

bool read_account_close(struct db_read *db, const struct context *context, const void *input,
                        const void **facts, struct fault *why)
{
    const struct account_close *wanted = input;
    return read_account_facts(db, context, wanted->account_id, TEXT(""), facts, why);
}

bool read_password_set(struct db_read *db, const struct context *context, const void *input,
                       const void **facts, struct fault *why)
{
    const struct password_set *wanted = input;
    return read_account_facts(db, context, wanted->account_id, TEXT(""), facts, why);
}

bool read_password_change(struct db_read *db, const struct context *context, const void *input,
                          const void **facts, struct fault *why)
{
    (void)input;
    return read_account_facts(db, context, context->actor->account, TEXT(""), facts, why);
}

static bool failures_of(struct db_read *db, const struct context *context, struct text hash,
                        struct failures *out, struct fault *why)
{
    struct db_rows rows;
    *out = (struct failures){0};
    if (!hash.len)
        return true;
    if (!db_select(db, &select_failures,
                   DB_ARGS(db_int(context->region), db_text(hash),
                           db_int(context->now_ms - SIGN_IN_DAY_MS)),
                   context->arena, &rows, why))
        return false;
    out->count = (int64_t)rows.count;
    if (rows.count)
        out->last_at = db_cell_int(&rows, 0, "at");
    if (rows.count >= SIGN_IN_FAILURES)
        out->nth_at = db_cell_int(&rows, SIGN_IN_FAILURES - 1, "at");
    return true;
}

bool read_failures(struct db_read *db, const struct context *context, const struct sign_in *wanted,
                   struct sign_in_facts *out, struct fault *why)
{
    return failures_of(db, context, wanted->login_hash, &out->here, why) &&
           failures_of(db, context, wanted->name_hash, &out->all, why);
}

bool read_sign_in(struct db_read *db, const struct context *context, const void *input,
                  const void **facts, struct fault *why)
{
    const struct sign_in *wanted = input;
    struct sign_in_facts *known = arena_alloc(context->arena, sizeof *known);
    *facts = known;
    return find_login(db, context->region, wanted->login, context->arena, &known->account,
                      &known->password_hash, &known->found, why) &&
           read_failures(db, context, wanted, known, why);
}

static bool grant_row(struct db_read *db, int64_t region, const struct db_rows *rows, size_t row,
                      struct arena *arena, struct grant *out, struct fault *why)
{
    struct db_rows items;
    *out = (struct grant){
        .delegation_id = db_cell_int(rows, row, "delegation_id"),
        .account_id = db_cell_int(rows, row, "account_id"),
        .department = db_cell_text(rows, row, "department"),
        .powers = db_cell_int(rows, row, "powers"),
        .all_items = db_cell_int(rows, row, "all_items"),
        .amount_limit_fen = db_cell_int(rows, row, "amount_limit_fen"),
        .area_limit_m2 = db_cell_int(rows, row, "area_limit_m2"),
        .extend_limit_days = db_cell_int(rows, row, "extend_limit_days"),
        .valid_from_date = db_cell_int(rows, row, "valid_from_date"),
        .valid_to_date = db_cell_int(rows, row, "valid_to_date"),
        .substitute_account = db_cell_int(rows, row, "substitute_account"),
        .revoked_at = db_cell_int(rows, row, "revoked_at"),
    };
    if (out->all_items)
        return true;
    if (!db_select(db, &select_grant_items, DB_ARGS(db_int(region), db_int(out->delegation_id)),
                   arena, &items, why))
        return false;
    struct text *codes = arena_array(arena, items.count, sizeof *codes);
    for (size_t i = 0; i < items.count; i++)
        codes[i] = db_cell_text(&items, i, "item");
    out->items = (struct list){codes, items.count};
    return true;
}

static void absence_row(const struct db_rows *rows, size_t row, struct absence *out)
{
    *out = (struct absence){db_cell_int(rows, row, "absence_id"),
                            db_cell_int(rows, row, "account_id"),
                            db_cell_int(rows, row, "first_date"),
                            db_cell_int(rows, row, "last_date"),
                            db_cell_int(rows, row, "ended_at")};
}

static bool standing_absences(struct db_read *db, int64_t region, int64_t account_id,
                              struct arena *arena, struct list *out, struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, &select_absences, DB_ARGS(db_int(region), db_int(account_id)), arena, &rows,
                   why))
        return false;
    struct absence *absences = arena_array(arena, rows.count, sizeof *absences);
    for (size_t i = 0; i < rows.count; i++)
        absence_row(&rows, i, &absences[i]);
    *out = (struct list){absences, rows.count};
    return true;
}

bool identity_grants(struct db_read *db, int64_t region, int64_t account_id, struct arena *arena,
                     struct list *out, struct fault *why)
{
    struct db_rows rows;
    *out = (struct list){0};
    if (account_id == 0)
        return true;
    if (!db_select(db, &select_grants, DB_ARGS(db_int(region), db_int(account_id)), arena, &rows,
                   why))
        return false;
    struct grant *grants = arena_array(arena, rows.count, sizeof *grants);
    for (size_t i = 0; i < rows.count; i++) {
        if (!grant_row(db, region, &rows, i, arena, &grants[i], why))
            return false;
        grants[i].as_substitute = grants[i].account_id != account_id;
        if (grants[i].as_substitute && !standing_absences(db, region, grants[i].account_id, arena,
                                                          &grants[i].absences, why))
            return false;
    }
    *out = (struct list){grants, rows.count};
    return true;
}

bool identity_letter(struct db_read *db, int64_t region, int64_t delegation_id,
                     struct arena *arena, struct text *out, struct fault *why)
{
    struct db_rows rows;
    *out = TEXT("");
    if (!db_select(db, &select_letter, DB_ARGS(db_int(region), db_int(delegation_id)), arena, &rows,
                   why))
        return false;
    if (rows.count) {
        struct text document = db_cell_text(&rows, 0, "document");
        struct text powers = power_labels(db_cell_int(&rows, 0, "powers"), arena);
        *out = text_format(arena, "%.*s（%.*s）", TEXT_ARG(document), TEXT_ARG(powers));
    }
    return true;
}

/* A code that means nothing today could come to mean something later, which nobody has signed. */
static void judge_items(const struct context *context, const struct delegation_grant *wanted,
                        struct delegation_facts *known)
{
    const struct text *codes = wanted->items.items;
    struct list names =
        wanted->items.count ? context_names(context, NAMES_ITEM) : (struct list){0};
    for (size_t i = wanted->items.count; i-- > 0;) {
        const struct named *item = name_find(&names, codes[i]);
        if (!item)
            known->item_unknown = codes[i];
        else if (!text_equal(item->department, wanted->department))
            known->item_foreign = codes[i];
    }
}

bool read_delegation_grant(struct db_read *db, const struct context *context, const void *input,
                           const void **facts, struct fault *why)
{
    const struct delegation_grant *wanted = input;
    struct delegation_facts *known = arena_alloc(context->arena, sizeof *known);
    *facts = known;
    judge_items(context, wanted, known);
    return find_account(db, context->region, wanted->account_id, context->arena, &known->account,
                        NULL, &known->account_found, why) &&
           find_account(db, context->region, wanted->substitute_account, context->arena,
                        &known->substitute, NULL, &known->substitute_found, why);
}

bool read_delegation_revoke(struct db_read *db, const struct context *context, const void *input,
                            const void **facts, struct fault *why)
{
    const struct delegation_revoke *wanted = input;
    struct delegation_facts *known = arena_alloc(context->arena, sizeof *known);
    struct db_rows rows;
    *facts = known;
    if (!db_select(db, &select_grant,
                   DB_ARGS(db_int(context->region), db_int(wanted->delegation_id)), context->arena,
                   &rows, why))
        return false;
    known->grant_found = rows.count > 0;
    return !known->grant_found ||
           grant_row(db, context->region, &rows, 0, context->arena, &known->grant, why);
}

bool read_absence_record(struct db_read *db, const struct context *context, const void *input,
                         const void **facts, struct fault *why)
{
    const struct absence_record *wanted = input;
    struct absence_facts *known = arena_alloc(context->arena, sizeof *known);
    int64_t account_id = wanted->account_id ? wanted->account_id : context->actor->account;
    *facts = known;
    return find_account(db, context->region, account_id, context->arena, &known->account, NULL,
                        &known->account_found, why) &&
           standing_absences(db, context->region, account_id, context->arena, &known->standing,
                             why);
}

bool read_absence_end(struct db_read *db, const struct context *context, const void *input,
                      const void **facts, struct fault *why)
{
    const struct absence_end *wanted = input;
    struct absence_facts *known = arena_alloc(context->arena, sizeof *known);
    struct db_rows rows;
    *facts = known;
    if (!db_select(db, &select_absence,
                   DB_ARGS(db_int(context->region), db_int(wanted->absence_id)), context->arena,
                   &rows, why))
        return false;
    known->absence_found = rows.count > 0;
    if (!known->absence_found)
        return true;
    absence_row(&rows, 0, &known->absence);
    return find_account(db, context->region, known->absence.account_id, context->arena,
                        &known->account, NULL, &known->account_found, why);
}

bool read_token_create(struct db_read *db, const struct context *context, const void *input,
                       const void **facts, struct fault *why)
{
    const struct token_create *wanted = input;
    struct token_facts *known = arena_alloc(context->arena, sizeof *known);
    *facts = known;
    return find_account(db, context->region, wanted->account_id, context->arena, &known->account,
                        NULL, &known->account_found, why);
}

bool read_token_revoke(struct db_read *db, const struct context *context, const void *input,
                       const void **facts, struct fault *why)
{
    const struct token_revoke *wanted = input;
    struct token_facts *known = arena_alloc(context->arena, sizeof *known);
    struct db_rows rows;
    *facts = known;
    if (!db_select(db, &select_token, DB_ARGS(db_int(context->region), db_int(wanted->token_id)),
                   context->arena, &rows, why))
        return false;
    known->token_found = rows.count > 0;
    if (known->token_found) {
        known->owner = db_cell_int(&rows, 0, "account_id");
        known->revoked_at = db_cell_int(&rows, 0, "revoked_at");
    }
    return true;
}
