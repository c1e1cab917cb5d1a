-- The journal's truth. Nothing here is ever changed but the head of a region, and nothing is ever
-- deleted but a private body (erasure) and spent idempotency keys.

CREATE TABLE IF NOT EXISTS region_head (
    region {int} NOT NULL PRIMARY KEY, -- GB/T 2260
    ordinal {int} NOT NULL,            -- from 1 in the order they were set up; the first is the default
    seq {int} NOT NULL,                -- entries so far
    root {bytes} NOT NULL,             -- of their Merkle tree
    edge {bytes} NOT NULL,             -- roots of its perfect subtrees, largest first
    clock_at {int} NOT NULL,           -- latest moment a live command was decided at, ms
    checkpoint TEXT NOT NULL,          -- signed note over (origin, seq, root)
    standing {int} NOT NULL,           -- goes up when standing facts change
    origin TEXT NOT NULL               -- the log's name
) {strict};

CREATE TABLE IF NOT EXISTS journal (
    region {int} NOT NULL,
    idx {int} NOT NULL,
    at {int} NOT NULL,                 -- as in the entry, ms
    subject TEXT NOT NULL,             -- as in the entry
    entry TEXT NOT NULL,               -- the canonical JSON that was hashed
    PRIMARY KEY (region, idx)
) {strict};
CREATE INDEX IF NOT EXISTS journal_subject ON journal (region, subject, idx);

CREATE TABLE IF NOT EXISTS journal_private (
    region {int} NOT NULL,
    idx {int} NOT NULL,
    salt {bytes} NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (region, idx)
) {strict};

-- Full tiles only: 256 hashes each; the root of each is an entry of the level above.
CREATE TABLE IF NOT EXISTS journal_tile (
    region {int} NOT NULL,
    level {int} NOT NULL,
    n {int} NOT NULL,
    hashes {bytes} NOT NULL,
    root {bytes} NOT NULL,
    PRIMARY KEY (region, level, n)
) {strict};

-- seed is the secret half; from_seq the size from which the key signs.
CREATE TABLE IF NOT EXISTS journal_key (
    region {int} NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    public_key {bytes} NOT NULL,
    seed {bytes} NOT NULL,
    from_seq {int} NOT NULL,
    PRIMARY KEY (region, id)
) {strict};

CREATE TABLE IF NOT EXISTS idempotency (
    region {int} NOT NULL,
    key TEXT NOT NULL,
    request {bytes} NOT NULL,
    idx {int} NOT NULL,
    count {int} NOT NULL,
    answer TEXT NOT NULL,
    location TEXT NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (region, key)
) {strict};
