-- Truth besides the journal: sessions that are open, and failures that still count.
CREATE TABLE IF NOT EXISTS session (
    region {int} NOT NULL,
    token_hash TEXT NOT NULL,
    account_id {int} NOT NULL,
    seen_key TEXT NOT NULL,
    opened_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    PRIMARY KEY (region, token_hash)
) {strict};
CREATE INDEX IF NOT EXISTS session_account ON session (region, account_id);
CREATE INDEX IF NOT EXISTS session_expiry ON session (region, expires_at);
-- Of sessions that a provider's word opened: whose, and whether it spoke of a second factor.
CREATE TABLE IF NOT EXISTS session_way (
    region {int} NOT NULL,
    token_hash TEXT NOT NULL,
    provider TEXT NOT NULL,
    second {int} NOT NULL,
    expires_at {int} NOT NULL,
    PRIMARY KEY (region, token_hash)
) {strict};
CREATE INDEX IF NOT EXISTS session_way_expiry ON session_way (region, expires_at);
CREATE TABLE IF NOT EXISTS sign_in_failure (
    region {int} NOT NULL,
    login_hash TEXT NOT NULL,
    entry {int} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (region, login_hash, entry)
) {strict};
CREATE INDEX IF NOT EXISTS sign_in_failure_at ON sign_in_failure (region, at);
-- What secrets of accounts are sealed under. Drawn when the first is; never in the journal.
CREATE TABLE IF NOT EXISTS house_key (
    region {int} NOT NULL,
    sealing TEXT NOT NULL,
    made_at {int} NOT NULL,
    PRIMARY KEY (region)
) {strict};
