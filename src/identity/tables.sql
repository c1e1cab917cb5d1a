-- Derived from the journal.
CREATE TABLE IF NOT EXISTS account (
    region {int} NOT NULL,
    account_id {int} NOT NULL,
    login TEXT NOT NULL,
    login_key TEXT NOT NULL,
    display TEXT NOT NULL,
    roles {int} NOT NULL,
    department TEXT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    imported {int} NOT NULL,
    created_at {int} NOT NULL,
    closed_at {int} NOT NULL,
    signed_in_at {int} NOT NULL,
    PRIMARY KEY (region, account_id)
) {strict};
CREATE INDEX IF NOT EXISTS account_login ON account (region, login_key);
CREATE TABLE IF NOT EXISTS delegation (
    region {int} NOT NULL,
    delegation_id {int} NOT NULL,
    account_id {int} NOT NULL,
    department TEXT NOT NULL,
    document TEXT NOT NULL,
    powers {int} NOT NULL,
    all_items {int} NOT NULL,
    amount_limit_fen {int} NOT NULL,
    area_limit_m2 {int} NOT NULL,
    extend_limit_days {int} NOT NULL,
    valid_from_date {int} NOT NULL,
    valid_to_date {int} NOT NULL,
    substitute_account {int} NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at {int} NOT NULL,
    revoked_at {int} NOT NULL,
    revoke_reason TEXT NOT NULL,
    PRIMARY KEY (region, delegation_id)
) {strict};
CREATE INDEX IF NOT EXISTS delegation_account ON delegation (region, account_id);
CREATE INDEX IF NOT EXISTS delegation_substitute ON delegation (region, substitute_account);
CREATE TABLE IF NOT EXISTS delegation_item (
    region {int} NOT NULL,
    delegation_id {int} NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (region, delegation_id, item)
) {strict};
CREATE TABLE IF NOT EXISTS absence (
    region {int} NOT NULL,
    absence_id {int} NOT NULL,
    account_id {int} NOT NULL,
    first_date {int} NOT NULL,
    last_date {int} NOT NULL,
    reason TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at {int} NOT NULL,
    ended_at {int} NOT NULL,           -- 0: it stands
    PRIMARY KEY (region, absence_id)
) {strict};
CREATE INDEX IF NOT EXISTS absence_account ON absence (region, account_id);
CREATE TABLE IF NOT EXISTS api_token (
    region {int} NOT NULL,
    token_id {int} NOT NULL,
    account_id {int} NOT NULL,
    label TEXT NOT NULL,
    scopes {int} NOT NULL,             -- 0: all
    token_hash TEXT NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    revoked_at {int} NOT NULL,
    PRIMARY KEY (region, token_id)
) {strict};
CREATE INDEX IF NOT EXISTS api_token_hash ON api_token (region, token_hash);
CREATE INDEX IF NOT EXISTS api_token_account ON api_token (region, account_id);
-- The second step of signing in; of a sealed secret nothing can be read without the house's key.
CREATE TABLE IF NOT EXISTS totp (
    region {int} NOT NULL,
    account_id {int} NOT NULL,
    sealed TEXT NOT NULL,
    begun_at {int} NOT NULL,
    confirmed_at {int} NOT NULL,       -- 0: not yet
    last_step {int} NOT NULL,
    PRIMARY KEY (region, account_id)
) {strict};
CREATE TABLE IF NOT EXISTS recovery_code (
    region {int} NOT NULL,
    account_id {int} NOT NULL,
    code_hash TEXT NOT NULL,
    used_at {int} NOT NULL,            -- 0: unused
    PRIMARY KEY (region, account_id, code_hash)
) {strict};
-- Accounts of other houses by whose word the account is signed in to.
CREATE TABLE IF NOT EXISTS account_link (
    region {int} NOT NULL,
    link_id {int} NOT NULL,
    account_id {int} NOT NULL,
    issuer TEXT NOT NULL,
    claim TEXT NOT NULL,
    subject TEXT NOT NULL,
    linked_at {int} NOT NULL,
    PRIMARY KEY (region, link_id)
) {strict};
CREATE INDEX IF NOT EXISTS account_link_subject ON account_link (region, subject);
CREATE INDEX IF NOT EXISTS account_link_account ON account_link (region, account_id);
