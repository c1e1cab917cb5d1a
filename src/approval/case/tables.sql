CREATE TABLE IF NOT EXISTS cases (
    region {int} NOT NULL,
    case_id {int} NOT NULL,
    case_no TEXT NOT NULL,
    query_code TEXT NOT NULL,
    item_code TEXT NOT NULL,
    item_version {int} NOT NULL,
    item_name TEXT NOT NULL,
    department TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
    applicant_type TEXT NOT NULL DEFAULT 'none',
    applicant_name TEXT NOT NULL DEFAULT '',
    id_number TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    agent_name TEXT NOT NULL DEFAULT '',
    agent_phone TEXT NOT NULL DEFAULT '',
    delivery_method TEXT NOT NULL DEFAULT 'none',
    matter TEXT NOT NULL DEFAULT '',
    details TEXT NOT NULL DEFAULT '',
    amount_fen {int} NOT NULL DEFAULT 0,
    area_m2 {int} NOT NULL DEFAULT 0,
    created_at {int} NOT NULL,
    submitted_at {int} NOT NULL DEFAULT 0,
    received_at {int} NOT NULL DEFAULT 0,
    accepted_at {int} NOT NULL DEFAULT 0,
    deemed {int} NOT NULL DEFAULT 0,
    gap_open {int} NOT NULL DEFAULT 0,
    supplements {int} NOT NULL DEFAULT 0,
    extended_days {int} NOT NULL DEFAULT 0,
    suspensions {int} NOT NULL DEFAULT 0,
    due_at {int} NOT NULL DEFAULT 0,
    -- 1 where no clock runs, so that such cases come last on the desk.
    later {int} NOT NULL DEFAULT 1,
    promised_date {int} NOT NULL DEFAULT 0,
    statutory_date {int} NOT NULL DEFAULT 0,
    state_before TEXT NOT NULL DEFAULT 'none',
    reviewer TEXT NOT NULL DEFAULT '',
    verifier TEXT NOT NULL DEFAULT '',
    recommendation TEXT NOT NULL DEFAULT 'none',
    outcome TEXT NOT NULL DEFAULT 'none',
    reason TEXT NOT NULL DEFAULT '',
    reviewed_at {int} NOT NULL DEFAULT 0,
    decided_at {int} NOT NULL DEFAULT 0,
    used_days {int} NOT NULL DEFAULT 0,
    saved_days {int} NOT NULL DEFAULT 0,
    certificate_no TEXT NOT NULL DEFAULT '',
    issued_at {int} NOT NULL DEFAULT 0,
    delivered_at {int} NOT NULL DEFAULT 0,
    closed_at {int} NOT NULL DEFAULT 0,
    erased_at {int} NOT NULL DEFAULT 0, -- what is private in it has been forgotten
    PRIMARY KEY (region, case_id)
) {changing};
CREATE UNIQUE INDEX IF NOT EXISTS cases_by_number ON cases (region, case_no);
-- The desk: what is open in a department, the nearest deadline first. With the state in them (and what
-- their own condition says, which SQLite asks for again) the indexes alone count a desk and pass over
-- what lies on others.
CREATE INDEX IF NOT EXISTS cases_open_department ON cases
    (region, department, later, due_at, case_id, state, closed_at) WHERE closed_at = 0;
CREATE INDEX IF NOT EXISTS cases_open ON cases (region, later, due_at, case_id, state, closed_at)
    WHERE closed_at = 0;
-- What is counted (figures.c): each question is answered from one of these alone.
CREATE INDEX IF NOT EXISTS cases_submitted ON cases
    (region, submitted_at, department, item_code, channel) WHERE submitted_at > 0;
CREATE INDEX IF NOT EXISTS cases_accepted ON cases
    (region, accepted_at, department, item_code, channel, supplements) WHERE accepted_at > 0;
CREATE INDEX IF NOT EXISTS cases_decided ON cases
    (region, decided_at, department, item_code, channel, outcome, used_days, promised_date,
     statutory_date) WHERE decided_at > 0;
CREATE INDEX IF NOT EXISTS cases_ended ON cases
    (region, closed_at, department, item_code, channel, state, decided_at, submitted_at)
    WHERE closed_at > 0;

CREATE TABLE IF NOT EXISTS case_material (
    region {int} NOT NULL,
    case_id {int} NOT NULL,
    position {int} NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    required {int} NOT NULL,
    can_defer {int} NOT NULL,
    state TEXT NOT NULL DEFAULT 'none',
    file_sha256 TEXT NOT NULL DEFAULT '',
    file_name TEXT NOT NULL DEFAULT '',
    file_size {int} NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    supplied_at {int} NOT NULL DEFAULT 0,
    PRIMARY KEY (region, case_id, code)
) {changing};

CREATE TABLE IF NOT EXISTS case_serial (
    region {int} NOT NULL,
    series TEXT NOT NULL,
    last {int} NOT NULL,
    PRIMARY KEY (region, series)
) {strict};
