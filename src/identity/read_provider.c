/* The facts of links: SELECT only. */
#include "identity/provider.h"

#define LINK "SELECT link_id, account_id, issuer, claim, subject, linked_at FROM account_link "
static const struct db_sql select_links = {
    LINK "WHERE region = $1 AND account_id = $2 ORDER BY link_id"};
static const struct db_sql select_link = {LINK "WHERE region = $1 AND link_id = $2"};
static const struct db_sql select_subject = {
    LINK "WHERE region = $1 AND subject = $2 AND claim = $3 AND issuer = $4"};

static void link_row(const struct db_rows *rows, size_t row, struct link *out)
{
    *out = (struct link){db_cell_int(rows, row, "link_id"),   db_cell_int(rows, row, "account_id"),
                         db_cell_text(rows, row, "issuer"),   db_cell_text(rows, row, "claim"),
                         db_cell_text(rows, row, "subject"), db_cell_int(rows, row, "linked_at")};
}

bool read_links(struct db_read *db, int64_t region, int64_t account_id, struct arena *arena,
                struct list *out, struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, &select_links, DB_ARGS(db_int(region), db_int(account_id)), arena, &rows,
                   why))
        return false;
    struct link *links = arena_array(arena, rows.count, sizeof *links);
    for (size_t i = 0; i < rows.count; i++)
        link_row(&rows, i, &links[i]);
    *out = (struct list){links, rows.count};
    return true;
}

static bool link_to(struct db_read *db, int64_t region, struct text issuer, struct text claim,
                    struct text subject, struct arena *arena, struct link *out, bool *found,
                    struct fault *why)
{
    struct db_rows rows;
    *found = false;
    if (!db_select(db, &select_subject,
                   DB_ARGS(db_int(region), db_text(subject), db_text(claim), db_text(issuer)),
                   arena, &rows, why))
        return false;
    *found = rows.count > 0;
    if (*found)
        link_row(&rows, 0, out);
    return true;
}

bool read_link_of(struct db_read *db, int64_t region, const struct oidc_person *person,
                  struct arena *arena, struct link *out, bool *found, struct fault *why)
{
    return link_to(db, region, person->issuer, person->claim, person->subject, arena, out, found,
                   why);
}

static bool account_of(struct db_read *db, const struct context *context, int64_t account_id,
                       struct link_facts *known, struct fault *why)
{
    return identity_account(db, context->region, account_id, context->arena, &known->account,
                            &known->found, why) &&
           read_password_hash_of(db, context->region, account_id, context->arena,
                                 &known->password_hash, why);
}

/* Who has that subject already, and what the account has of that issuer. */
static bool before_linking(struct db_read *db, const struct context *context, int64_t account_id,
                           struct text issuer, struct text claim, struct text subject,
                           struct link_facts *known, struct fault *why)
{
    struct list links;
    if (!account_of(db, context, account_id, known, why) ||
        !link_to(db, context->region, issuer, claim, subject, context->arena, &known->link,
                 &known->link_found, why) ||
        !read_links(db, context->region, account_id, context->arena, &links, why))
        return false;
    for (size_t i = 0; i < links.count; i++)
        if (text_equal(((const struct link *)links.items)[i].issuer, issuer))
            known->has_one = true;
    return true;
}

READ(read_link_begin)
{
    struct link_facts *known = arena_alloc(context->arena, sizeof *known);
    (void)input;
    *facts = known;
    return account_of(db, context, context->actor->account, known, why);
}

READ(read_sign_in_back)
{
    const struct provider_back *wanted = input;
    struct back_facts *known = arena_alloc(context->arena, sizeof *known);
    struct sign_in_facts *of = &known->of;
    struct link link;
    *facts = known;
    if (wanted->end != OIDC_GOOD)
        return true;
    if (!read_link_of(db, context->region, &wanted->person, context->arena, &link, &known->linked,
                      why))
        return false;
    return !known->linked ||
           (identity_account(db, context->region, link.account_id, context->arena, &of->account,
                             &of->found, why) &&
            read_password_hash_of(db, context->region, link.account_id, context->arena,
                                  &of->password_hash, why) &&
            read_totp(db, context->region, link.account_id, context->arena, &of->totp, why) &&
            read_failures(db, context, &wanted->in, of, why));
}

READ(read_link_back)
{
    const struct provider_back *wanted = input;
    const struct oidc_person *person = &wanted->person;
    struct link_facts *known = arena_alloc(context->arena, sizeof *known);
    *facts = known;
    return wanted->end != OIDC_GOOD ||
           before_linking(db, context, context->actor->account, person->issuer, person->claim,
                          person->subject, known, why);
}

READ(read_link_add)
{
    const struct link_add *wanted = input;
    struct link_facts *known = arena_alloc(context->arena, sizeof *known);
    *facts = known;
    return before_linking(db, context, wanted->account_id, wanted->issuer, wanted->claim,
                          wanted->subject, known, why);
}

READ(read_link_remove)
{
    const struct link_remove *wanted = input;
    struct link_facts *known = arena_alloc(context->arena, sizeof *known);
    struct db_rows rows;
    *facts = known;
    if (!db_select(db, &select_link, DB_ARGS(db_int(context->region), db_int(wanted->link_id)),
                   context->arena, &rows, why))
        return false;
    known->link_found = rows.count > 0;
    if (!known->link_found)
        return true;
    link_row(&rows, 0, &known->link);
    return account_of(db, context, known->link.account_id, known, why);
}
