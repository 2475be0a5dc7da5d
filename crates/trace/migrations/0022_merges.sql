-- How far the ledger was when two records of a business became one: what was recorded under them since then has a higher
-- number, and a merge with such records is not taken apart.
CREATE TABLE trace_merges (
    merge_id TEXT NOT NULL PRIMARY KEY,
    event BIGINT NOT NULL               -- last event number at the merge
);
