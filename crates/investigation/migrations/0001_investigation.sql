-- 问题食品排查: cases, where they start, what was marked, what was frozen.

CREATE TABLE investigations (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    number TEXT NOT NULL,               -- 排查〔2026〕0001, gapless within a division and year
    title TEXT NOT NULL,
    reason TEXT NOT NULL,               -- what made it necessary; may be empty
    division TEXT NOT NULL,             -- whose case it is; '' the whole country
    state TEXT NOT NULL,                -- open 排查中, frozen 已固定, closed 已结束
    source TEXT NOT NULL,               -- ledger: lots of the ledger; network: a file
    question TEXT NOT NULL,             -- JSON: products, businesses, period and list it began with
    network TEXT,                       -- SHA-256 of the network file in the file store
    file_name TEXT NOT NULL,            -- of the network file; '' none
    stations BIGINT NOT NULL,           -- businesses as last counted
    deliveries BIGINT NOT NULL,         -- deliveries as last counted
    simulated BIGINT NOT NULL,
    creator TEXT NOT NULL,              -- user id
    creator_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,         -- ms UTC
    updated_at BIGINT NOT NULL,
    CONSTRAINT investigations_division_number UNIQUE (division, number),
    CONSTRAINT investigations_state CHECK (state IN ('open', 'frozen', 'closed')),
    CONSTRAINT investigations_source CHECK (source IN ('ledger', 'network'))
);
CREATE INDEX investigations_at ON investigations (division, created_at);

-- The last number given out. Taken in the transaction that uses it, so there are no gaps.
CREATE TABLE investigation_numbers (
    division TEXT NOT NULL,
    series TEXT NOT NULL,               -- case 排查, scope 范围
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (division, series, year)
) WITHOUT ROWID;

-- The lots a case starts from.
CREATE TABLE investigation_seeds (
    investigation TEXT NOT NULL,
    lot BIGINT NOT NULL,
    PRIMARY KEY (investigation, lot)
) WITHOUT ROWID;

-- What was marked, change by change; never edited. A withdrawal is a change of its own that names what it withdraws.
CREATE TABLE investigation_marks (
    investigation TEXT NOT NULL,
    no BIGINT NOT NULL,                 -- from 1
    at BIGINT NOT NULL,                 -- ms UTC
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    change TEXT NOT NULL,               -- JSON: what is different from before; null for a mark taken away
    withdraws BIGINT,                   -- the change that this one takes back
    PRIMARY KEY (investigation, no)
) WITHOUT ROWID;

-- Frozen scopes (固定范围): what was found, as it was then. The content is a file; its name is the hash of its bytes.
CREATE TABLE investigation_scopes (
    id TEXT NOT NULL PRIMARY KEY,
    investigation TEXT NOT NULL,
    number TEXT NOT NULL,               -- 范围〔2026〕0001
    division TEXT NOT NULL,
    bureau TEXT NOT NULL,               -- who issues orders from it, by name
    note TEXT NOT NULL,                 -- grounds, who approved
    event BIGINT NOT NULL,              -- last event of the ledger that was seen; 0 for a network file
    lots BIGINT NOT NULL,
    stations BIGINT NOT NULL,
    deliveries BIGINT NOT NULL,
    summary TEXT NOT NULL,              -- JSON: filters, totals, counties
    marks TEXT NOT NULL,                -- JSON: all marks that held
    content TEXT NOT NULL,              -- SHA-256
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    at BIGINT NOT NULL,                 -- ms UTC
    CONSTRAINT investigation_scopes_division_number UNIQUE (division, number)
);
CREATE INDEX investigation_scopes_of ON investigation_scopes (investigation, at);
