-- Cases: the log of each, what the log amounts to (projections, written with it), numbers, and days that were announced.

-- Every version of every kind that a case was ever begun under; never changed.
CREATE TABLE flow_definitions (
    hash TEXT NOT NULL PRIMARY KEY,     -- SHA-256 of the text, hex
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    content TEXT NOT NULL,              -- the JSON as it stood in data/flows
    added_at BIGINT NOT NULL,           -- ms UTC
    CONSTRAINT flow_definitions_kind_version UNIQUE (kind, version)
);

-- What each log amounts to. A projection: the fold of flow_log says the same.
CREATE TABLE flow_cases (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    kind TEXT NOT NULL,
    definition TEXT NOT NULL,           -- the version that it was begun under, for ever
    number TEXT NOT NULL,               -- as people write it; '' none
    title TEXT NOT NULL,
    division TEXT NOT NULL,             -- where it lies: who may see it follows from it
    business TEXT NOT NULL,             -- parties.id; '' none
    parent TEXT NOT NULL,               -- the case above; '' none
    status TEXT NOT NULL,
    phase TEXT NOT NULL,                -- open, suspended 挂起, done 办结, terminated 终止, void 作废
    flags TEXT NOT NULL,                -- ',a,b,'; '' none
    handled TEXT NOT NULL,              -- division that has it now: higher up after an escalation
    level BIGINT NOT NULL,              -- escalations so far
    drafter TEXT NOT NULL,              -- user; '' the house
    drafter_name TEXT NOT NULL,
    seq BIGINT NOT NULL,                -- entries
    head TEXT NOT NULL,                 -- hash of the last
    next_due BIGINT,                    -- ms UTC, when the first running clock is over; NULL none runs
    opened_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    ended_at BIGINT,                    -- NULL: not ended
    simulated BIGINT NOT NULL,
    CONSTRAINT flow_cases_definition FOREIGN KEY (definition) REFERENCES flow_definitions (hash),
    CONSTRAINT flow_cases_phase CHECK (phase IN ('open', 'suspended', 'done', 'terminated', 'void')),
    CONSTRAINT flow_cases_ended CHECK ((ended_at IS NULL) = (phase IN ('open', 'suspended')))
);
CREATE INDEX flow_cases_division ON flow_cases (division, kind, phase, updated_at);
CREATE INDEX flow_cases_business ON flow_cases (business, kind, updated_at);
CREATE INDEX flow_cases_parent ON flow_cases (parent) WHERE parent <> '';

-- The log; only added to.
CREATE TABLE flow_log (
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,                -- from 1, dense
    at BIGINT NOT NULL,                 -- when it was recorded, ms UTC
    occurred_at BIGINT NOT NULL,        -- when it happened
    user_id TEXT NOT NULL,              -- '' the house
    user_name TEXT NOT NULL,
    action TEXT NOT NULL,               -- an action of the definition, or op.…
    note TEXT NOT NULL,
    body TEXT NOT NULL,                 -- JSON: form, effects, last year of the calendar
    client_key TEXT NOT NULL,           -- '' none
    before_hash TEXT NOT NULL,
    hash TEXT NOT NULL,                 -- SHA-256 over the hash before and all of the above
    PRIMARY KEY (case_id, seq),
    CONSTRAINT flow_log_of FOREIGN KEY (case_id) REFERENCES flow_cases (id)
);
CREATE UNIQUE INDEX flow_log_client_key ON flow_log (case_id, client_key) WHERE client_key <> '';

-- Open tasks and whose they are; a task that is everybody's has one row without a user. A projection.
CREATE TABLE flow_seats (
    case_id TEXT NOT NULL,
    task BIGINT NOT NULL,
    user_id TEXT NOT NULL,              -- who has it in hand; '' whoever may claims it
    code TEXT NOT NULL,
    may TEXT NOT NULL,                  -- permission of those who may have it
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, task, user_id)
);
CREATE INDEX flow_seats_user ON flow_seats (user_id, may);

-- Clocks. A projection.
CREATE TABLE flow_clocks (
    case_id TEXT NOT NULL,
    code TEXT NOT NULL,
    state TEXT NOT NULL,                -- running, paused, stopped, expired
    late_from BIGINT NOT NULL,          -- ms UTC, the first moment too late
    last_day TEXT NOT NULL,             -- in China, 2026-03-01
    remind_at BIGINT,                   -- NULL: not any more, or never
    provisional BIGINT NOT NULL,        -- 1: runs through a year whose calendar is not announced
    PRIMARY KEY (case_id, code)
);
CREATE INDEX flow_clocks_due ON flow_clocks (late_from, case_id) WHERE state = 'running';
CREATE INDEX flow_clocks_remind ON flow_clocks (remind_at, case_id) WHERE remind_at IS NOT NULL;

-- Numbered documents, void ones too. A projection.
CREATE TABLE flow_documents (
    division TEXT NOT NULL,             -- county whose series it is
    series TEXT NOT NULL,               -- kind.document
    year BIGINT NOT NULL,
    serial BIGINT NOT NULL,             -- from 1 without gaps
    number TEXT NOT NULL,               -- as people write it
    case_id TEXT NOT NULL,
    code TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    annulled_at BIGINT,                 -- NULL: stands
    PRIMARY KEY (division, series, year, serial)
);
CREATE INDEX flow_documents_case ON flow_documents (case_id);

-- The last number of each series; taken in the transaction that uses it.
CREATE TABLE flow_numbers (
    division TEXT NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (division, series, year)
);

-- Days of years that were announced after this program was made; a year is there whole.
CREATE TABLE flow_days (
    day TEXT NOT NULL PRIMARY KEY,      -- 2027-01-01
    kind TEXT NOT NULL,                 -- holiday, makeup_workday
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    loaded_at BIGINT NOT NULL,
    CONSTRAINT flow_days_kind CHECK (kind IN ('holiday', 'makeup_workday'))
);

-- How often days were loaded: whoever keeps a calendar in memory sees that it is old. One row.
CREATE TABLE flow_calendar (
    id BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    CONSTRAINT flow_calendar_one CHECK (id = 1)
);
INSERT INTO flow_calendar (id, revision) VALUES (1, 0);
