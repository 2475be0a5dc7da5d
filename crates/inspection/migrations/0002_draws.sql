-- Draws (双随机): what was committed to before, what was mixed in, and what came of it; anyone can do it again.
CREATE TABLE draws (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    division TEXT NOT NULL,             -- where the subjects lie
    count BIGINT NOT NULL,              -- subjects to be drawn
    team BIGINT NOT NULL,               -- officers a subject
    subjects BIGINT NOT NULL,           -- in the pool
    officers BIGINT NOT NULL,           -- in the pool
    pool TEXT NOT NULL,                 -- the pool as lines of text, see docs/draw_verify.py
    pool_hash TEXT NOT NULL,            -- SHA-256 of it, hex
    seed TEXT NOT NULL,                 -- 32 bytes, hex; told to nobody before the draw
    seed_hash TEXT NOT NULL,            -- SHA-256 of its bytes, hex; in the ledger with pool_hash before the draw
    checkpoint TEXT NOT NULL,           -- the signed note that was mixed in: the first of the ledger over the commitment; '' not yet
    result TEXT NOT NULL,               -- JSON; '' not yet
    by_name TEXT NOT NULL,
    committed_at BIGINT NOT NULL,       -- ms UTC
    drawn_at BIGINT,                    -- NULL not yet
    visits_at BIGINT,                   -- when visits were planned from it; NULL not yet
    CONSTRAINT draws_pool CHECK (count > 0 AND team >= 2)
);
CREATE INDEX draws_division ON draws (division, committed_at);
