-- Where each month's partitions of events, lots and inputs end.
CREATE TABLE trace_cuts (
    month TEXT NOT NULL PRIMARY KEY,    -- 2026-03, the month that ended
    event BIGINT NOT NULL,              -- first event number after it
    lot BIGINT NOT NULL,                -- first lot number after it
    at BIGINT NOT NULL                  -- ms UTC
);
