CREATE TABLE IF NOT EXISTS file (
    region {int} NOT NULL,
    entry {int} NOT NULL,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    size {int} NOT NULL,
    media_type TEXT NOT NULL,
    subject TEXT NOT NULL,
    department TEXT NOT NULL,
    actor TEXT NOT NULL,
    stored_at {int} NOT NULL,
    kept_back {int} NOT NULL,          -- 1: not handed in yet, so not the staff's to read
    PRIMARY KEY (region, entry)
) {strict};
CREATE INDEX IF NOT EXISTS file_sha256 ON file (region, sha256);
CREATE INDEX IF NOT EXISTS file_subject ON file (region, subject);
