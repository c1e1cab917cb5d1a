/* The lists of identity: all that it can do and show, and its tables. */
#include "identity/pages.h"
#include "identity/provider.h"

static const struct command *const commands[] = {
    &identity_account_create,    &identity_account_import,
    &identity_account_change,    &identity_account_assign,
    &identity_account_close,     &identity_password_set,
    &identity_password_change,   &identity_sign_in,
    &identity_sign_in_code,
    &identity_sign_in_with,
    &identity_sign_in_back,
    &identity_sign_out_there,
    &identity_link_begin,
    &identity_link_back,
    &identity_link_add,
    &identity_link_remove,
    &identity_totp_begin,
    &identity_totp_confirm,
    &identity_totp_reset,
    &identity_sign_out,          &identity_delegation_grant,
    &identity_delegation_revoke, &identity_absence_record,
    &identity_absence_end,       &identity_token_create,
    &identity_token_revoke,      NULL};
static const struct event_kind *const events[] = {
    &account_created_kind,    &account_changed_kind,
    &account_closed_kind,     &password_set_kind,
    &account_linked_kind,
    &account_unlinked_kind,
    &totp_begun_kind,
    &totp_confirmed_kind,
    &totp_reset_kind,
    &session_opened_kind,     &session_closed_kind,
    &sign_in_failed_kind,     &delegation_granted_kind,
    &delegation_revoked_kind, &absence_recorded_kind,
    &absence_ended_kind,      &token_created_kind,
    &token_revoked_kind,      NULL};
static const struct look *const looks[] = {&sign_in_look,
    &sign_in_code_look,
    &back_look,
    &identity_leave_look,
    &totp_look,        &accounts_look, &account_new_look,
                                           &account_look,        &me_look,       &delegations_look,
                                           &delegation_new_look, &absences_look, NULL};
static const struct table tables[] = {
    {"account", "region, account_id"},
    {"delegation", "region, delegation_id"},
    {"delegation_item", "region, delegation_id, item"},
    {"absence", "region, absence_id"},
    {"api_token", "region, token_id"},
    {"account_link", "region, link_id"},
    {"totp", "region, account_id"},
    {"recovery_code", "region, account_id, code_hash"},
    {NULL, NULL},
};
const struct module identity_module = {
    .name = "identity",
    .commands = commands,
    .events = events,
    .looks = looks,
    .tables = tables,
    .tables_sql = "identity/tables.sql",
    .truth_sql = "identity/truth.sql",
    .stands = identity_stands,
};
