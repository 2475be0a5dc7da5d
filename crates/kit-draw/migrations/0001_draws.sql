-- Draws of rooms: what was committed to before, what was mixed in, and what came of it; anyone can do it again.
CREATE TABLE kit_draws (
    id TEXT NOT NULL PRIMARY KEY,
    room TEXT NOT NULL,                 -- whose draw it is: sampling, campaigns
    about TEXT NOT NULL,                -- what it is drawn for: id of a plan or campaign
    name TEXT NOT NULL,
    division TEXT NOT NULL,             -- where the subjects lie
    seats BIGINT NOT NULL,              -- to be drawn
    subjects BIGINT NOT NULL,           -- in the pool
    officers BIGINT NOT NULL,           -- in the pool
    excluded BIGINT NOT NULL,           -- left out before, with the reason in the pool
    pool TEXT NOT NULL,                 -- lines of text, see docs/draw_verify.py
    pool_hash TEXT NOT NULL,            -- SHA-256 of it, hex
    seed TEXT NOT NULL,                 -- 32 bytes, hex; told to nobody before the draw
    seed_hash TEXT NOT NULL,            -- SHA-256 of its bytes, hex; in the ledger with pool_hash before the draw
    checkpoint TEXT NOT NULL,           -- the signed note that was mixed in: the first of the ledger over the commitment; '' not yet
    result TEXT NOT NULL,               -- JSON; '' not yet
    by_name TEXT NOT NULL,
    committed_at BIGINT NOT NULL,       -- ms UTC
    drawn_at BIGINT,                    -- NULL not yet
    used_at BIGINT,                     -- when the room made what was drawn; NULL not yet
    CONSTRAINT kit_draws_seats CHECK (seats > 0)
);
CREATE INDEX kit_draws_room ON kit_draws (room, division, committed_at);
CREATE INDEX kit_draws_about ON kit_draws (about);
