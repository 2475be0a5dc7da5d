-- Lists, proposals of joint measures, and the signed feed of platforms.

-- Red list and 严重违法失信名单: on it from a time until a time; by the times alone.
CREATE TABLE credit_lists (
    id TEXT NOT NULL PRIMARY KEY,       -- that of the case, or of the proposal that put it there
    list TEXT NOT NULL,                 -- red, serious
    party TEXT NOT NULL,
    division TEXT NOT NULL,
    ground TEXT NOT NULL,               -- data/credit/grounds.csv; '' none
    reason TEXT NOT NULL,
    number TEXT NOT NULL,               -- of the decision; '' none
    since BIGINT NOT NULL,              -- ms UTC
    until_at BIGINT NOT NULL,
    removed_at BIGINT,                  -- NULL: not before its time
    removed_why TEXT NOT NULL,
    simulated BIGINT NOT NULL,
    CONSTRAINT credit_lists_list CHECK (list IN ('red', 'serious'))
);
CREATE INDEX credit_lists_party ON credit_lists (party, list);
CREATE INDEX credit_lists_list ON credit_lists (list, since);

-- What a case of the kind `serious` was begun for.
CREATE TABLE credit_serious (
    id TEXT NOT NULL PRIMARY KEY,       -- that of the case
    party TEXT NOT NULL,
    ground TEXT NOT NULL,
    penalty TEXT NOT NULL,              -- 处罚决定书文号
    what TEXT NOT NULL,
    listed_at BIGINT                    -- NULL: not listed
);

-- Joint incentives and punishments (守信激励、失信惩戒): the house proposes, a person confirms.
CREATE TABLE credit_proposals (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    division TEXT NOT NULL,
    measure TEXT NOT NULL,              -- data/credit/measures.csv
    basis TEXT NOT NULL,                -- listed:CASE, credit.D:2026, red:ID
    proposed_at BIGINT NOT NULL,
    decider TEXT NOT NULL,              -- user; '' not decided
    decider_name TEXT NOT NULL,
    decided_at BIGINT,
    confirmed BIGINT,                   -- 1, 0; NULL not decided
    reason TEXT NOT NULL,
    CONSTRAINT credit_proposals_once UNIQUE (party, measure, basis)
);
CREATE INDEX credit_proposals_open ON credit_proposals (division, proposed_at) WHERE decided_at IS NULL;

-- What goes out to platforms, in order. The counter's lock makes the numbers commit in their order.
CREATE TABLE credit_counter (
    id BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL,
    CONSTRAINT credit_counter_one CHECK (id = 1)
);
INSERT INTO credit_counter (id, last) VALUES (1, 0);
CREATE TABLE credit_feed (
    no BIGINT NOT NULL PRIMARY KEY,     -- dense
    at BIGINT NOT NULL,
    party TEXT NOT NULL,
    division TEXT NOT NULL,
    line TEXT NOT NULL                  -- JSON, as it was signed
);
CREATE INDEX credit_feed_division ON credit_feed (division, no);

-- How far each platform says that it has read.
CREATE TABLE credit_receipts (
    reader TEXT NOT NULL PRIMARY KEY,   -- key or user
    name TEXT NOT NULL,
    division TEXT NOT NULL,
    upto BIGINT NOT NULL,
    at BIGINT NOT NULL
);
