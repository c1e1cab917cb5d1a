/* What identity's pages share; only for view*.c. */
#ifndef YIMEN_IDENTITY_PAGES_H
#define YIMEN_IDENTITY_PAGES_H

#include "identity/parts.h"

#define FIELD(record, member) .name = #member, .offset = offsetof(struct record, member)
#define SHAPE(variable, words)                                                                     \
    static const struct shape variable##_shape = {#variable, words, sizeof(struct variable),       \
                                                  SHAPE_FIELDS(variable##_fields)}
#define PAGE_ROWS 100

struct after_query {
    int64_t after;
};
extern const struct shape after_query_shape;

struct account_row {
    int64_t account_id;
    struct text login;
    struct text display;
    struct text role_names;
    struct text department;
    struct text department_name;
    struct text place;
    struct text place_name;
    int64_t state;
    bool has_password;
    bool imported;
    int64_t created_at;
    int64_t closed_at;
    int64_t signed_in_at;
    struct role_set roles;
};
extern const struct shape account_row_shape;

struct grant_row {
    int64_t delegation_id;
    int64_t account_id;
    struct text display;
    struct text department;
    struct text department_name;
    struct text document;
    struct text power_names;
    bool all_items;
    struct list items;      /* struct text */
    struct list item_names; /* struct text: name and code */
    int64_t amount_limit_fen;
    int64_t area_limit_m2;
    int64_t extend_limit_days;
    int64_t valid_from_date;
    int64_t valid_to_date;
    int64_t substitute_account;
    struct text substitute_display;
    struct text granted_by;
    int64_t granted_at;
    int64_t revoked_at;
    struct text revoke_reason;
};
extern const struct shape grant_row_shape;

/* What an account of another house is here, and the houses whose word counts. */
struct link_row {
    int64_t link_id;
    struct text name;
    struct text issuer;
    struct text subject;
    int64_t linked_at;
};
extern const struct shape link_row_shape;
struct provider_row {
    struct text provider; /* its key */
    struct text name;
};
extern const struct shape provider_row_shape;
struct list view_providers(const struct look_context *context);
bool view_links(const struct look_context *context, int64_t account_id, struct list *out,
                struct fault *why);

/* The pages of accounts. Lists of struct account_row. */
bool view_account(const struct look_context *context, int64_t account_id, struct list *out,
                  struct fault *why);
/* The open accounts of a department, or with an empty code of all of them. */
bool view_colleagues(const struct look_context *context, struct text department, struct list *out,
                     struct fault *why);
/* "国有土地使用权分割及变更登记（011-001）": the name for reading, the code for telling apart. */
struct text name_and_code(const struct list *names, struct text code, struct arena *arena);
/* A list of struct grant_row: the letters an account has, or is the substitute in. */
bool view_grants_of(const struct look_context *context, int64_t account_id, struct list *out,
                    struct fault *why);

extern const struct look sign_in_look, sign_in_code_look, back_look, totp_look;
extern const struct look accounts_look, account_new_look, account_look, me_look;
extern const struct look delegations_look, delegation_new_look, absences_look;

#endif
