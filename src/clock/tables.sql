-- Calendars, opening hours and deadlines, derived from the journal.

CREATE TABLE IF NOT EXISTS calendar_notice (
    region {int} NOT NULL,
    version {int} NOT NULL,            -- the order in which the region learned of it, from 1
    year {int} NOT NULL,               -- the notice's, not the dates'
    published_date {int} NOT NULL,
    scope TEXT NOT NULL,               -- year, change
    document TEXT NOT NULL,
    source TEXT NOT NULL,
    in_force {int} NOT NULL,           -- 1: running deadlines know of it
    PRIMARY KEY (region, version)
) {strict};

CREATE TABLE IF NOT EXISTS calendar_day (
    region {int} NOT NULL,
    version {int} NOT NULL,
    date {int} NOT NULL,
    off {int} NOT NULL,                -- 0: a make-up workday
    name TEXT NOT NULL,
    PRIMARY KEY (region, version, date)
) {strict};

CREATE TABLE IF NOT EXISTS opening_hours (
    region {int} NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    late_is_next_day {int} NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (region, code)
) {strict};

CREATE TABLE IF NOT EXISTS opening_shift (
    region {int} NOT NULL,
    code TEXT NOT NULL,
    number {int} NOT NULL,             -- the last that fits a date rules
    valid_from {int} NOT NULL,         -- date, 0: always
    valid_to {int} NOT NULL,           -- date, 0: open-ended
    weekdays {int} NOT NULL,           -- bit 0 Monday … bit 6 Sunday
    opens_ms {int} NOT NULL,           -- after midnight
    lunch_from_ms {int} NOT NULL,
    lunch_to_ms {int} NOT NULL,
    closes_ms {int} NOT NULL,
    PRIMARY KEY (region, code, number)
) {strict};

CREATE TABLE IF NOT EXISTS deadline (
    region {int} NOT NULL,
    id TEXT NOT NULL,                  -- "case:17/promised"
    subject TEXT NOT NULL,             -- "case:17"
    state TEXT NOT NULL,               -- running, paused, closed
    kind TEXT NOT NULL,
    start_date {int} NOT NULL,         -- not counted
    unit TEXT NOT NULL,                -- working_days, calendar_days
    days {int} NOT NULL,
    remind_days {int} NOT NULL,        -- where the outer rungs stand; 0: as usual
    red_after_days {int} NOT NULL,
    hours TEXT NOT NULL,               -- code of opening hours, or empty
    extension {int} NOT NULL,          -- days, 0: none
    extended_date {int} NOT NULL,
    extension_paper TEXT NOT NULL,
    due_date {int} NOT NULL,           -- 0: paused, or waiting for a year to be published
    due_at {int} NOT NULL,
    waits_for_year {int} NOT NULL,
    calendar_version {int} NOT NULL,
    known_date {int} NOT NULL,
    stale {int} NOT NULL,              -- 1: a notice took effect, to be recounted
    outcome TEXT NOT NULL,
    finish_date {int} NOT NULL,
    used {int} NOT NULL,               -- working days, when closed
    pauses {int} NOT NULL DEFAULT 0,   -- rows in deadline_pause
    PRIMARY KEY (region, id)
) {changing};
CREATE INDEX IF NOT EXISTS deadline_running ON deadline (region, due_at) WHERE state = 'running';
CREATE INDEX IF NOT EXISTS deadline_stale ON deadline (region, id) WHERE stale = 1;

CREATE TABLE IF NOT EXISTS deadline_pause (
    region {int} NOT NULL,
    deadline TEXT NOT NULL,
    from_idx {int} NOT NULL,           -- the entry that paused it
    reason TEXT NOT NULL,
    from_date {int} NOT NULL,
    to_date {int} NOT NULL,            -- 0: open
    planned_days {int} NOT NULL,
    paper TEXT NOT NULL,
    PRIMARY KEY (region, deadline, from_idx)
) {strict};

CREATE TABLE IF NOT EXISTS deadline_rung (
    region {int} NOT NULL,
    deadline TEXT NOT NULL,
    rung TEXT NOT NULL,
    due_at {int} NOT NULL,
    fired_idx {int},                   -- the entry of its firing; NULL: still to come
    PRIMARY KEY (region, deadline, rung)
) {strict};
CREATE INDEX IF NOT EXISTS deadline_rung_due ON deadline_rung (region, due_at, deadline, rung)
    WHERE fired_idx IS NULL;
