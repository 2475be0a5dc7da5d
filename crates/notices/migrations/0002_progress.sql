-- A kind more: how far something is that somebody waits for (progress). A CHECK is changed by making the table anew.
CREATE TABLE notices_next (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    user_id TEXT NOT NULL,              -- whose it is
    kind TEXT NOT NULL,                 -- task, returned, reminder, urged, expired, answered, progress, ended
    title TEXT NOT NULL,                -- what it is about, Chinese
    body TEXT NOT NULL,                 -- what happened and what to do, one sentence, Chinese
    link TEXT NOT NULL,                 -- page that it leads to: /cases/…
    at BIGINT NOT NULL,                 -- ms UTC
    read_at BIGINT,                     -- NULL: not read
    simulated BIGINT NOT NULL,          -- 1: about something that was made by the simulator
    CONSTRAINT notices_next_kind CHECK (kind IN ('task', 'returned', 'reminder', 'urged', 'expired', 'answered', 'progress', 'ended'))
);
INSERT INTO notices_next (id, user_id, kind, title, body, link, at, read_at, simulated)
    SELECT id, user_id, kind, title, body, link, at, read_at, simulated FROM notices;
DROP TABLE notices;
ALTER TABLE notices_next RENAME TO notices;
CREATE INDEX notices_user ON notices (user_id, id);
CREATE INDEX notices_unread ON notices (user_id) WHERE read_at IS NULL;
