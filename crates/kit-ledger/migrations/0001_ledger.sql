-- The tamper-evident log (C2SP tlog-tiles): one leaf per row of the audit, and with it the facts of that transaction.
-- Leaves, records and items are written in the transaction itself; tiles and checkpoints are made from them afterwards.

CREATE TABLE ledger_leaves (
    no BIGINT NOT NULL PRIMARY KEY,     -- number of the audit row; the index in the log is one less
    entry TEXT NOT NULL,                -- what is hashed: lines of text, see entry.rs
    first_event BIGINT,                 -- the events of this transaction, first to last; NULL: none
    last_event BIGINT
);
CREATE UNIQUE INDEX ledger_leaves_event ON ledger_leaves (last_event) WHERE last_event IS NOT NULL;

-- Hashes of the event records of a leaf that has more than one, in their order: 32 bytes each, 4096 a row.
CREATE TABLE ledger_records (
    leaf BIGINT NOT NULL,
    part BIGINT NOT NULL,               -- from 0
    hashes BYTEA NOT NULL,
    PRIMARY KEY (leaf, part)
);

-- Facts that are no events: a declared error, a trace code, its voiding.
CREATE TABLE ledger_items (
    kind TEXT NOT NULL,
    item TEXT NOT NULL,                 -- what it is about: the event's number, the code
    leaf BIGINT NOT NULL,
    place BIGINT NOT NULL,              -- among those of its kind in the leaf, from 0
    hash BYTEA NOT NULL,
    PRIMARY KEY (kind, item)
) WITHOUT ROWID;
CREATE INDEX ledger_items_leaf ON ledger_items (leaf, kind, place);

-- Tiles of hashes. The last of each level grows until it has 256; its beginning is every narrower tile.
CREATE TABLE ledger_tiles (
    level BIGINT NOT NULL,
    no BIGINT NOT NULL,
    hashes BYTEA NOT NULL,              -- 32 bytes each
    PRIMARY KEY (level, no)
);

-- How many leaves are in tiles and signed. One row; whoever makes tiles holds it.
CREATE TABLE ledger_state (
    id BIGINT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    CONSTRAINT ledger_state_one CHECK (id = 1)
);
INSERT INTO ledger_state (id, size) VALUES (1, 0);

-- Signed checkpoints. After a week the first of each hour stays.
CREATE TABLE ledger_checkpoints (
    size BIGINT NOT NULL PRIMARY KEY,   -- leaves
    at BIGINT NOT NULL,                 -- ms UTC
    note TEXT NOT NULL,                 -- the signed note as it is served
    hourly BIGINT NOT NULL              -- 1: the first of its hour
);
CREATE INDEX ledger_checkpoints_at ON ledger_checkpoints (at);
