-- What markets, chains and platforms are told each week of their members: a signed file, never changed; made again it is the next
-- version, and the one before stays.
CREATE TABLE feedback_files (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    manager TEXT NOT NULL,              -- parties.id: 市场开办者, 连锁总部, 平台
    name TEXT NOT NULL,                 -- of it then
    division TEXT NOT NULL,             -- where it lay then
    relation TEXT NOT NULL,             -- of most of its members: market, chain, platform
    week TEXT NOT NULL,                 -- ISO week, 2026-W10
    from_at BIGINT NOT NULL,            -- Monday 00:00 in China, ms UTC
    until_at BIGINT NOT NULL,           -- the Monday after
    version BIGINT NOT NULL,            -- from 1
    reason TEXT NOT NULL,               -- why it was made again; '' the first
    made_by TEXT NOT NULL,              -- name; '' the house
    made_at BIGINT NOT NULL,
    hash TEXT NOT NULL,                 -- SHA-256 of the content: in the note, and a fact of the ledger
    file TEXT NOT NULL,                 -- kept file: content with its note, JSON
    sheet TEXT NOT NULL,                -- kept file: the same as xlsx
    members BIGINT NOT NULL,            -- who belonged to it on the last day
    failed BIGINT NOT NULL,             -- failures that stood in the week
    open_failed BIGINT NOT NULL,        -- of earlier weeks, 核查处置 goes on
    touching BIGINT NOT NULL,           -- recalls and holds
    open_findings BIGINT NOT NULL,
    simulated BIGINT NOT NULL,
    taken_at BIGINT,                    -- 签收; NULL not yet
    taken_by TEXT NOT NULL,             -- name shown to people
    taken_note TEXT NOT NULL,
    CONSTRAINT feedback_files_once UNIQUE (manager, week, version),
    CONSTRAINT feedback_files_version CHECK (version > 0)
);
CREATE INDEX feedback_files_division ON feedback_files (division, from_at);
CREATE INDEX feedback_files_manager ON feedback_files (manager, from_at);

-- Failures that a file told, so that the next one says which of them were overturned.
CREATE TABLE feedback_told (
    file TEXT NOT NULL,
    sample TEXT NOT NULL,
    PRIMARY KEY (file, sample)
) WITHOUT ROWID;

-- How far the files of a week are.
CREATE TABLE feedback_weeks (
    week TEXT NOT NULL PRIMARY KEY,
    after TEXT NOT NULL,                -- the last manager that was looked at
    done_at BIGINT                      -- NULL: goes on
);
