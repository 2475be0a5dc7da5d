-- What appears on the public pages when its clock says and leaves when its term ends (公示): inspection results, penalties,
-- licences, lists. Whether it is shown follows from the times alone; the duty only writes down that it was.
CREATE TABLE publication_items (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    no BIGINT NOT NULL,                 -- dense, in the order they were announced: open data is paged by it
    kind TEXT NOT NULL,                 -- data/publication/terms.csv
    about TEXT NOT NULL,                -- id of the visit, case, licence that it comes from; with the kind it is there once
    party TEXT NOT NULL,                -- parties.id
    name TEXT NOT NULL,                 -- of the business, masked where it is like a person's
    code TEXT NOT NULL,                 -- 主体码
    uscc TEXT NOT NULL,                 -- '' none
    division TEXT NOT NULL,
    number TEXT NOT NULL,               -- 决定书文号, 证号; '' none
    title TEXT NOT NULL,
    content TEXT NOT NULL,              -- JSON: what the public may read, by Chinese heading; telephone and id numbers masked
    issuer TEXT NOT NULL,               -- authority
    decided_at BIGINT NOT NULL,         -- when the result was formed, ms UTC
    from_at BIGINT NOT NULL,            -- shown from then on
    due_at BIGINT NOT NULL,             -- first moment at which showing it is late by law
    until_at BIGINT,                    -- shown before then; NULL as long as it stands
    hold_reason TEXT NOT NULL,          -- '' not held back
    held_at BIGINT,
    held_by TEXT NOT NULL,              -- name; '' not held back
    shown_at BIGINT,                    -- when the duty saw it shown first
    ended_at BIGINT,                    -- when the duty saw its term over
    withdrawn_at BIGINT,                -- NULL: not withdrawn
    withdraw_due BIGINT,                -- first moment at which withdrawing it is late: three working days after the revocation
    withdraw_reason TEXT NOT NULL,
    withdrawn_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    simulated BIGINT NOT NULL,
    CONSTRAINT publication_items_no UNIQUE (no),
    CONSTRAINT publication_items_once UNIQUE (kind, about)
);
CREATE INDEX publication_items_kind ON publication_items (kind, from_at, no);
CREATE INDEX publication_items_party ON publication_items (party, from_at);
CREATE INDEX publication_items_division ON publication_items (division, created_at);
CREATE INDEX publication_items_to_show ON publication_items (from_at) WHERE shown_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX publication_items_to_end ON publication_items (until_at) WHERE ended_at IS NULL AND until_at IS NOT NULL;
