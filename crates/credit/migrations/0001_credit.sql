-- Risk grade and credit file (风险分级、信用档案): what is known against and for each business, and what the rules make of it.

-- What happened, as rooms noted it (信用记录); never changed but for a revocation, which is kept beside it.
CREATE TABLE credit_events (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    kind TEXT NOT NULL,                 -- data/credit/events.csv
    party TEXT NOT NULL,
    division TEXT NOT NULL,             -- where the business lay then
    about TEXT NOT NULL,                -- id of the visit, case, sample, licence it came from; with kind and party it is there once
    number TEXT NOT NULL,               -- as people know it: 文号, 证号; '' none
    what TEXT NOT NULL,                 -- in words, without personal data
    at BIGINT NOT NULL,                 -- when it happened, ms UTC
    noted_at BIGINT NOT NULL,
    noted_by TEXT NOT NULL,             -- name shown to people
    revoked_at BIGINT,                  -- NULL: stands
    revoke_reason TEXT NOT NULL,
    simulated BIGINT NOT NULL,
    CONSTRAINT credit_events_once UNIQUE (party, kind, about)
);
CREATE INDEX credit_events_party ON credit_events (party, at);
CREATE INDEX credit_events_about ON credit_events (about);

-- Every text of rules that a grade was ever made by; never changed.
CREATE TABLE risk_rules (
    hash TEXT NOT NULL PRIMARY KEY,     -- SHA-256 of the text, hex
    variant TEXT NOT NULL,              -- data/risk/variants.csv
    content TEXT NOT NULL,              -- JSON of the rows in force on that day
    added_at BIGINT NOT NULL
);

-- Every grade that was ever given, with its facts and points: it can be made again and compared.
CREATE TABLE risk_grades (
    party TEXT NOT NULL,
    no BIGINT NOT NULL,                 -- from 1 for each business, dense
    year BIGINT NOT NULL,
    rules TEXT NOT NULL,                -- risk_rules.hash
    facts TEXT NOT NULL,                -- JSON: code to value and the records behind it
    points TEXT NOT NULL,               -- JSON: [code, points] of every factor that counted
    static_points BIGINT NOT NULL,
    dynamic_points BIGINT NOT NULL,
    credit_points BIGINT NOT NULL,
    total BIGINT NOT NULL,
    computed TEXT NOT NULL,             -- A to D, by the rules alone
    grade TEXT NOT NULL,                -- A to D, as it stands: another where two people adjusted it
    cause TEXT NOT NULL,                -- first, yearly, event, adjust, rules
    at BIGINT NOT NULL,                 -- ms UTC
    PRIMARY KEY (party, no),
    CONSTRAINT risk_grades_computed CHECK (computed IN ('A', 'B', 'C', 'D')),
    CONSTRAINT risk_grades_grade CHECK (grade IN ('A', 'B', 'C', 'D'))
);

-- The grade that stands, for lists; the last row of risk_grades says the same.
CREATE TABLE risk_standing (
    party TEXT NOT NULL PRIMARY KEY,
    division TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- 业态
    no BIGINT NOT NULL,
    year BIGINT NOT NULL,
    rules TEXT NOT NULL,
    total BIGINT NOT NULL,
    grade TEXT NOT NULL,
    before_grade TEXT NOT NULL,         -- '' none before
    least BIGINT NOT NULL,              -- visits a year by the rules
    most BIGINT NOT NULL,
    credit_score BIGINT NOT NULL,       -- 0 to 100
    credit_grade TEXT NOT NULL,
    at BIGINT NOT NULL,
    simulated BIGINT NOT NULL
);
CREATE INDEX risk_standing_division ON risk_standing (division, grade, credit_grade);
CREATE INDEX risk_standing_total ON risk_standing (total, party);
CREATE INDEX risk_standing_grade ON risk_standing (grade, total, party);
CREATE INDEX risk_standing_credit ON risk_standing (credit_score, party);

-- Businesses of which something happened since they were graded.
CREATE TABLE risk_due (
    party TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);

-- How far grading has come: the change number of businesses that it has followed, and the year's run. One row.
CREATE TABLE risk_course (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,                -- parties.seq
    run TEXT NOT NULL,                  -- 2026, or 2026-03 of variants that run by month; '' none yet
    after_party TEXT NOT NULL,          -- the run has come so far; '' it begins
    done_at BIGINT,                     -- NULL: the run goes on
    CONSTRAINT risk_course_one CHECK (id = 1)
);
INSERT INTO risk_course (id, seq, run, after_party, done_at) VALUES (1, 0, '', '', NULL);

-- Adjustments by hand (人工调整): proposed by one, decided by another; holds to the end of its year.
CREATE TABLE risk_adjustments (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    division TEXT NOT NULL,
    year BIGINT NOT NULL,
    from_grade TEXT NOT NULL,
    to_grade TEXT NOT NULL,
    reason TEXT NOT NULL,
    proposer TEXT NOT NULL,             -- user
    proposer_name TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    decider TEXT NOT NULL,              -- user; '' not decided
    decider_name TEXT NOT NULL,
    decided_at BIGINT,
    accepted BIGINT,                    -- 1, 0; NULL not decided
    answer TEXT NOT NULL,
    CONSTRAINT risk_adjustments_two CHECK (decider = '' OR decider <> proposer),
    CONSTRAINT risk_adjustments_grade CHECK (to_grade IN ('A', 'B', 'C', 'D'))
);
CREATE INDEX risk_adjustments_party ON risk_adjustments (party, year);
CREATE INDEX risk_adjustments_open ON risk_adjustments (division, proposed_at) WHERE decided_at IS NULL;
