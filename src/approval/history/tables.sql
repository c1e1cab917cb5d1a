-- Migrated cases, derived from the journal. Dates as text are as the log gave them; the columns
-- ending in _at are the same moments in ms, NULL where the log gives none.

CREATE TABLE IF NOT EXISTS history_log (
    region {int} NOT NULL,
    log_id {int} NOT NULL,        -- one more than the index of its entry
    file TEXT NOT NULL,           -- SHA-256, hex
    header TEXT NOT NULL,         -- canonical JSON
    loose_events {int} NOT NULL,  -- events outside any case
    imported_at {int} NOT NULL,
    PRIMARY KEY (region, log_id)
) {strict};
CREATE UNIQUE INDEX IF NOT EXISTS history_log_file ON history_log (region, file);

CREATE TABLE IF NOT EXISTS history_case (
    region {int} NOT NULL,
    log_id {int} NOT NULL,
    case_no {int} NOT NULL,       -- from 1, as in the file
    name TEXT NOT NULL,
    responsible TEXT NOT NULL,
    department TEXT NOT NULL,
    channel TEXT NOT NULL,
    case_group TEXT NOT NULL,
    startdate TEXT NOT NULL,
    deadline TEXT NOT NULL,
    enddate_planned TEXT NOT NULL,
    enddate TEXT NOT NULL,
    deadline_at {int},
    end_at {int},
    extra TEXT NOT NULL,          -- canonical JSON or empty
    events {int} NOT NULL,
    PRIMARY KEY (region, log_id, case_no)
) {strict};

CREATE TABLE IF NOT EXISTS history_event (
    region {int} NOT NULL,
    log_id {int} NOT NULL,
    case_no {int} NOT NULL,       -- 0: outside any case
    event_no {int} NOT NULL,      -- from 1
    activity TEXT NOT NULL,
    instance TEXT NOT NULL,
    resource TEXT NOT NULL,
    event_group TEXT NOT NULL,
    transition TEXT NOT NULL,
    event_time TEXT NOT NULL,
    event_at {int},
    extra TEXT NOT NULL,
    PRIMARY KEY (region, log_id, case_no, event_no)
) {strict};

-- Who acted: each becomes an account that nobody signs in with.
CREATE TABLE IF NOT EXISTS history_resource (
    region {int} NOT NULL,
    resource TEXT NOT NULL,
    account TEXT NOT NULL,        -- "resource:NAME"
    PRIMARY KEY (region, resource)
) {strict};
