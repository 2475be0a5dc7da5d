-- Files on their way in, over as many connections as it takes. The bytes lie in the file store under the id; what this table
-- says of them is the truth: bytes beyond `received` were never acknowledged and are written over.
CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,           -- user who sends it; nobody else sees it
    name TEXT NOT NULL,            -- file name as it was told
    media TEXT NOT NULL,           -- media type as it was told, may be empty
    size BIGINT NOT NULL,          -- bytes in all, told at the beginning
    received BIGINT NOT NULL,      -- bytes that are on the disk and acknowledged
    created_at BIGINT NOT NULL,    -- ms UTC
    expires_at BIGINT NOT NULL,    -- ms UTC; gone after it, unless it was used
    done_at BIGINT,                -- ms UTC of the last byte, NULL before
    file TEXT,                     -- SHA-256 of the content once an import has taken it, NULL before
    CONSTRAINT uploads_size CHECK (size > 0),
    CONSTRAINT uploads_received CHECK (received >= 0 AND received <= size)
);
CREATE INDEX uploads_owner ON uploads (owner, created_at);
CREATE INDEX uploads_expires ON uploads (expires_at);
