-- Limits from which a code looks copied, where a city has set others than those of data/scan-limits.csv.
CREATE TABLE scan_limits (
    name TEXT NOT NULL PRIMARY KEY,     -- as in data/scan-limits.csv
    value BIGINT NOT NULL,
    changed_by TEXT NOT NULL,           -- name shown to people
    changed_at BIGINT NOT NULL          -- ms UTC
);
