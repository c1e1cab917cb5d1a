CREATE TABLE IF NOT EXISTS catalogue_region (
    region {int} NOT NULL PRIMARY KEY,
    doc TEXT NOT NULL
) {strict};

CREATE TABLE IF NOT EXISTS department (
    region {int} NOT NULL,
    code TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (region, code)
) {strict};

CREATE TABLE IF NOT EXISTS place (
    region {int} NOT NULL,
    code TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (region, code)
) {strict};

CREATE TABLE IF NOT EXISTS item (
    region {int} NOT NULL,
    item_code TEXT NOT NULL,
    version {int} NOT NULL,
    name TEXT NOT NULL,
    department TEXT NOT NULL,
    case_kind {int} NOT NULL,
    valid_from {int} NOT NULL,
    valid_to {int} NOT NULL,
    withdrawn_after {int} NOT NULL,
    published_at {int} NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (region, item_code, version)
) {strict};

CREATE TABLE IF NOT EXISTS item_withdrawal (
    region {int} NOT NULL,
    withdrawal_id {int} NOT NULL,
    item_code TEXT NOT NULL,
    announced_at {int} NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (region, withdrawal_id)
) {strict};

CREATE TABLE IF NOT EXISTS item_draft (
    region {int} NOT NULL,
    item_code TEXT NOT NULL,
    name TEXT NOT NULL,
    department TEXT NOT NULL,
    revision {int} NOT NULL,
    started_at {int} NOT NULL,
    saved_at {int} NOT NULL,
    saved_by TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (region, item_code)
) {strict};
