-- Reports (报表): what was counted for a place and a period, kept as it was, with its files.

CREATE TABLE reports (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    template TEXT NOT NULL,             -- code of data/reports
    template_hash TEXT NOT NULL,        -- SHA-256 of the template it was made by, hex; '' not made yet
    division TEXT NOT NULL,
    first_day TEXT NOT NULL,            -- 2026-03-01
    last_day TEXT NOT NULL,
    edition BIGINT NOT NULL,            -- from 1; made again, the one before stays
    cause TEXT NOT NULL,                -- schedule 按时, missed 补制, asked 手工
    state TEXT NOT NULL,                -- waiting, done, partial (a file is missing), failed
    content TEXT NOT NULL,              -- JSON of everything it says; '' not made yet
    hash TEXT NOT NULL,                 -- SHA-256 of content, a fact of the ledger
    xlsx TEXT NOT NULL,                 -- SHA-256 in the file store; '' none
    pdf TEXT NOT NULL,
    fault TEXT NOT NULL,                -- what is missing and why, Chinese; '' nothing
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,             -- when the schedule wants it, ms UTC
    asked_by TEXT NOT NULL,             -- user; '' the schedule
    asked_name TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    made_at BIGINT,                     -- NULL: not yet
    simulated BIGINT NOT NULL,
    CONSTRAINT reports_once UNIQUE (template, division, first_day, edition),
    CONSTRAINT reports_state CHECK (state IN ('waiting', 'done', 'partial', 'failed')),
    CONSTRAINT reports_cause CHECK (cause IN ('schedule', 'missed', 'asked'))
);
CREATE INDEX reports_division ON reports (division, last_day);
CREATE INDEX reports_waiting ON reports (due_at, id) WHERE state = 'waiting';

-- Who is told when a report of a place is ready.
CREATE TABLE report_subscriptions (
    user_id TEXT NOT NULL,
    template TEXT NOT NULL,
    division TEXT NOT NULL,
    since BIGINT NOT NULL,              -- ms UTC
    PRIMARY KEY (user_id, template, division)
) WITHOUT ROWID;
CREATE INDEX report_subscriptions_of ON report_subscriptions (template, division);

-- How far the schedule of a template has come: the first day of the next period. What was missed while nothing ran is made up from here.
CREATE TABLE report_course (
    template TEXT NOT NULL PRIMARY KEY,
    next_day TEXT NOT NULL
) WITHOUT ROWID;
