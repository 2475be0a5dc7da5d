-- Two records of one business made one (合并): the duplicate stays as it was, closed, and points at the survivor; what was
-- recorded under it keeps its id.
ALTER TABLE parties ADD COLUMN merged_into TEXT;
CREATE INDEX parties_merged ON parties (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE party_merges (
    id TEXT NOT NULL PRIMARY KEY,
    duplicate TEXT NOT NULL,
    survivor TEXT NOT NULL,
    status TEXT NOT NULL,                      -- what the duplicate's status was before
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,                       -- name shown to people
    at BIGINT NOT NULL,                        -- ms UTC
    undone_at BIGINT,                          -- NULL: stands
    undone_by TEXT NOT NULL,
    undo_reason TEXT NOT NULL
);
CREATE INDEX party_merges_duplicate ON party_merges (duplicate, at);
CREATE INDEX party_merges_survivor ON party_merges (survivor, at);
