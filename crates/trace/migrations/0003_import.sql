-- What came in from elsewhere: EPCIS documents, networks of an incident.

-- Codes by which other systems name businesses and places (GLN above all), and the business each stands for.
CREATE TABLE party_keys (
    code TEXT NOT NULL PRIMARY KEY,     -- 13 digits of a GLN, or the look-up text of another code
    party TEXT NOT NULL,
    actor TEXT NOT NULL,                -- who said so
    at BIGINT NOT NULL                  -- ms UTC
) WITHOUT ROWID;
CREATE INDEX party_keys_party ON party_keys (party);

-- EPCIS events as they were captured. The event itself is the `doc` of its first ledger event.
CREATE TABLE epcis_events (
    id TEXT NOT NULL,                   -- eventID; `sha256:` and the content's hash where the event has none
    error BIGINT NOT NULL,              -- 1: declares the event of this id wrong (it repeats its id; there may be several)
    hash TEXT NOT NULL,                 -- SHA-256 of the comparable form, so that a repeat is known
    kind TEXT NOT NULL,                 -- ObjectEvent …, as written
    at_ms BIGINT NOT NULL,              -- eventTime, ms UTC
    party TEXT NOT NULL,                -- business that declared it
    division TEXT NOT NULL,             -- where that business lies
    first_event BIGINT NOT NULL,        -- its ledger events: first_event ..= last_event
    last_event BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,        -- ms UTC
    PRIMARY KEY (id, error, hash)
) WITHOUT ROWID;
CREATE INDEX epcis_events_time ON epcis_events (at_ms, first_event);
CREATE INDEX epcis_events_party ON epcis_events (party, at_ms);

-- Which codes an EPCIS event names.
CREATE TABLE epcis_codes (
    code TEXT NOT NULL,                 -- look-up text
    event BIGINT NOT NULL,              -- first_event of the EPCIS event
    PRIMARY KEY (code, event)
) WITHOUT ROWID;

-- Networks of an incident, imported as businesses, lots and moves; marks and groups stay in the kept file.
CREATE TABLE network_imports (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,                 -- file name
    file TEXT NOT NULL,                 -- SHA-256, name in the file store
    division TEXT NOT NULL,             -- division its businesses were put under
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,                 -- ms UTC
    stations BIGINT NOT NULL,
    deliveries BIGINT NOT NULL,
    relations BIGINT NOT NULL,
    CONSTRAINT network_imports_file UNIQUE (file)
);

-- What a station or delivery of the file became.
CREATE TABLE network_keys (
    import TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- station, delivery
    source TEXT NOT NULL,               -- its id in the file
    party TEXT,                         -- of a station
    lot BIGINT,                         -- of a delivery: the lot on its way
    PRIMARY KEY (import, kind, source)
) WITHOUT ROWID;
