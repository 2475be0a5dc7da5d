-- How often codes are scanned, and what looks like a copy. Nothing here tells who scanned: no address, no hash of one.

CREATE TABLE scan_counts (
    code TEXT NOT NULL,                 -- trace or business code; GTIN/batch[/serial] of a Digital Link
    hour BIGINT NOT NULL,               -- hours since 1970 UTC
    place TEXT NOT NULL,                -- division of 4 or 6 digits that the page reported; '' not told
    scans BIGINT NOT NULL,
    PRIMARY KEY (code, hour, place)
) WITHOUT ROWID;
CREATE INDEX scan_counts_hour ON scan_counts (hour, code);

CREATE TABLE suspicions (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    rule TEXT NOT NULL,                 -- places, many, sold_out, voided, recalled, expired, unknown
    product TEXT NOT NULL,              -- its name; '' not known
    batch TEXT NOT NULL,
    party TEXT NOT NULL,                -- business that keeps the product; '' not known
    division TEXT NOT NULL,             -- where that lies, else where it was scanned; '' neither known: all officers see it
    detail TEXT NOT NULL,               -- what was seen, Chinese
    scans BIGINT NOT NULL,
    first_at BIGINT NOT NULL,           -- when it was first suspected, ms UTC
    last_at BIGINT NOT NULL,            -- when it was last seen so
    checked_at BIGINT,                  -- an officer looked into it
    checked_by TEXT NOT NULL,
    checked_note TEXT NOT NULL,
    checked_scans BIGINT NOT NULL,      -- scans there were then: twice as many open it again
    CONSTRAINT suspicions_code_rule UNIQUE (code, rule)
);
CREATE INDEX suspicions_division ON suspicions (division, last_at);
