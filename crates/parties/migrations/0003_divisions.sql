-- Changes of 行政区划 that an agency took in after those of data/divisions.csv (撤销、新设、更名、划转), each with its day. A
-- row is one pair: a division that was divided among three has three rows. Nothing is edited.
CREATE TABLE division_changes (
    no BIGINT NOT NULL PRIMARY KEY,            -- dense, in the order they were taken in; other servers follow by it
    day TEXT NOT NULL,                         -- first day of the new state, 2026-03-01; may lie ahead
    old_code TEXT NOT NULL,                    -- 4, 6, 9 or 12 digits; '' for one that was set up anew
    old_name TEXT NOT NULL,
    new_code TEXT NOT NULL,                    -- the same as the old for a new name; '' for one that ended without successor
    new_name TEXT NOT NULL,
    basis TEXT NOT NULL,                       -- 依据: number of the order; '' not told
    file TEXT NOT NULL,                        -- name of the list it came in
    actor TEXT NOT NULL,                       -- name shown to people
    at BIGINT NOT NULL,                        -- ms UTC
    CONSTRAINT division_changes_once UNIQUE (day, old_code, new_code)
);
