-- Who of the house looked at whose data.
CREATE TABLE IF NOT EXISTS look_trace (
    region {int} NOT NULL,
    entry {int} NOT NULL,
    at {int} NOT NULL,
    account {int} NOT NULL,            -- 0: the command line
    made_by TEXT NOT NULL,             -- session, token or console
    department TEXT NOT NULL,
    post TEXT NOT NULL,
    look TEXT NOT NULL,
    subject TEXT NOT NULL,             -- 'case:17'; empty: a list
    persons {int} NOT NULL,
    masked {int} NOT NULL,
    why TEXT NOT NULL,
    reason {int} NOT NULL,             -- the entry in look_reason
    closed {int} NOT NULL,             -- 1: outside opening hours
    asked TEXT NOT NULL,
    from_address TEXT NOT NULL,
    PRIMARY KEY (region, entry)
) {strict};
CREATE INDEX IF NOT EXISTS look_trace_subject ON look_trace (region, subject, entry);
-- With the subject in it the index alone counts how many somebody looked at.
CREATE INDEX IF NOT EXISTS look_trace_account ON look_trace (region, account, at, closed, subject);
CREATE INDEX IF NOT EXISTS look_trace_from ON look_trace (region, from_address, entry);
CREATE INDEX IF NOT EXISTS look_trace_at ON look_trace (region, at, entry);

-- A reason once typed for looking at what is not one's own to handle.
CREATE TABLE IF NOT EXISTS look_reason (
    region {int} NOT NULL,
    entry {int} NOT NULL,
    at {int} NOT NULL,
    account {int} NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (region, entry)
) {changing};
CREATE INDEX IF NOT EXISTS look_reason_subject ON look_reason (region, subject, account, entry);

CREATE TABLE IF NOT EXISTS look_alarm (
    region {int} NOT NULL,
    entry {int} NOT NULL,
    at {int} NOT NULL,
    account {int} NOT NULL,
    cause TEXT NOT NULL,
    subjects {int} NOT NULL,
    most {int} NOT NULL,
    PRIMARY KEY (region, entry)
) {strict};
CREATE INDEX IF NOT EXISTS look_alarm_account ON look_alarm (region, account, cause, at);
