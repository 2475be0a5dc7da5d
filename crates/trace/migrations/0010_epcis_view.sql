-- EPCIS events as others ask for them: one row for each captured document event and each other event of the ledger.
-- A projection of the ledger, written after the fact in the order of event numbers; it can be thrown away.

CREATE TABLE epcis_view (
    no BIGINT NOT NULL PRIMARY KEY,     -- ledger event; of a captured event its first
    at_ms BIGINT NOT NULL,              -- eventTime, ms UTC
    recorded_at BIGINT NOT NULL,        -- ms UTC
    id TEXT NOT NULL,                   -- eventID
    kind TEXT NOT NULL,                 -- ObjectEvent …
    action TEXT NOT NULL,               -- ADD, OBSERVE, DELETE; empty for a transformation
    step TEXT NOT NULL,                 -- bizStep, bare word or URI; empty where there is none
    disposition TEXT NOT NULL,
    party TEXT NOT NULL,                -- whose event it is
    division TEXT NOT NULL,             -- where that business lies
    counterpart TEXT,                   -- the other business of a transfer recorded here
    captured BIGINT NOT NULL,           -- 1: its words are those of a document
    read_point TEXT,                    -- look-up text; NULL in events recorded here: the business
    location TEXT
);
CREATE INDEX epcis_view_time ON epcis_view (at_ms, no);
CREATE INDEX epcis_view_recorded ON epcis_view (recorded_at, no);
CREATE INDEX epcis_view_step ON epcis_view (step, at_ms, no);
CREATE INDEX epcis_view_party ON epcis_view (party, at_ms, no);
CREATE INDEX epcis_view_counterpart ON epcis_view (counterpart, at_ms, no) WHERE counterpart IS NOT NULL;
CREATE INDEX epcis_view_division ON epcis_view (division, at_ms, no);
CREATE INDEX epcis_view_id ON epcis_view (id);
CREATE INDEX epcis_view_read_point ON epcis_view (read_point, at_ms, no) WHERE read_point IS NOT NULL;
CREATE INDEX epcis_view_location ON epcis_view (location, at_ms, no) WHERE location IS NOT NULL;

-- Trade items that captured events name in any of their lots or single things.
CREATE TABLE epcis_gtins (
    gtin TEXT NOT NULL,                 -- 14 digits
    event BIGINT NOT NULL,
    PRIMARY KEY (gtin, event)
) WITHOUT ROWID;

-- How far the projection has come. One row; whoever carries it on holds it until the commit.
CREATE TABLE epcis_view_mark (
    id BIGINT NOT NULL PRIMARY KEY,
    event BIGINT NOT NULL,
    CONSTRAINT epcis_view_mark_one CHECK (id = 1)
);
INSERT INTO epcis_view_mark (id, event) VALUES (1, 0);

CREATE INDEX epcis_events_first ON epcis_events (first_event);
