-- Work that outlives a request: the queue is a table, so a job is enqueued in the transaction that caused it.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,            -- name of the job kind, room.verb
    input TEXT NOT NULL,           -- an id, or empty; never the data itself
    title TEXT NOT NULL,           -- what the person who waits reads, Chinese
    owner TEXT NOT NULL,           -- user who asked for it, empty for the house's own duties
    state TEXT NOT NULL,           -- queued, running, done, failed, cancelled
    due_at BIGINT NOT NULL,        -- ms UTC; not before this
    attempts BIGINT NOT NULL,      -- times it was begun
    done BIGINT NOT NULL,          -- units of progress reached
    total BIGINT,                  -- units in all, NULL while unknown
    note TEXT NOT NULL,            -- what it is doing now, Chinese
    result TEXT,                   -- JSON for the page that waits
    error TEXT,                    -- Chinese text of the last failure
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT jobs_state CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled'))
);
CREATE INDEX jobs_next ON jobs (state, due_at);
CREATE INDEX jobs_owner ON jobs (owner, created_at);
