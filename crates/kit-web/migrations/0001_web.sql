-- Who did or looked at what: one chain of rows, each hashed with the one before it.
CREATE TABLE audit (
    no BIGINT NOT NULL PRIMARY KEY,     -- dense, from 1
    at BIGINT NOT NULL,                 -- ms UTC
    user_id TEXT NOT NULL,              -- who; empty for the house itself
    user_name TEXT NOT NULL,            -- their name at the time
    bureau TEXT NOT NULL,               -- their bureau or business at the time, id or empty
    address TEXT NOT NULL,              -- network address, empty for commands and jobs
    action TEXT NOT NULL,               -- room.verb, from the route table
    subject TEXT NOT NULL,              -- kind:id of what it was done to
    division TEXT NOT NULL,             -- division of the subject, for the list's jurisdiction
    note TEXT NOT NULL,                 -- JSON: what changed, or what was looked at
    hash TEXT NOT NULL                  -- SHA-256 of the hash before and this row
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_user ON audit (user_id, no);
CREATE INDEX audit_subject ON audit (subject, no);
CREATE INDEX audit_action ON audit (action, no);

-- The end of the chain; one row.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    no BIGINT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT audit_head_one CHECK (id = 1)
);
INSERT INTO audit_head (id, no, hash) VALUES (1, 0, '');

-- Answers of writes by the client's key, so that a repeated request is answered and not done again.
CREATE TABLE idempotency (
    user_id TEXT NOT NULL,
    route TEXT NOT NULL,
    idem TEXT NOT NULL,                 -- the client's key
    request TEXT NOT NULL,              -- SHA-256 of path and body: the same key with another request is refused
    answer TEXT NOT NULL,               -- JSON of the first answer
    at BIGINT NOT NULL,                 -- ms UTC; rows older than a week are swept
    PRIMARY KEY (user_id, route, idem)
) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);
