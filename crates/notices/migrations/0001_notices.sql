-- Messages to people (消息), written in the transaction that causes them.

CREATE TABLE notices (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    user_id TEXT NOT NULL,              -- whose it is
    kind TEXT NOT NULL,                 -- task, returned, reminder, urged, expired, answered, ended
    title TEXT NOT NULL,                -- what it is about, Chinese
    body TEXT NOT NULL,                 -- what happened and what to do, one sentence, Chinese
    link TEXT NOT NULL,                 -- page that it leads to: /cases/…
    at BIGINT NOT NULL,                 -- ms UTC
    read_at BIGINT,                     -- NULL: not read
    simulated BIGINT NOT NULL,          -- 1: about something that was made by the simulator
    CONSTRAINT notices_kind CHECK (kind IN ('task', 'returned', 'reminder', 'urged', 'expired', 'answered', 'ended'))
);
CREATE INDEX notices_user ON notices (user_id, id);
CREATE INDEX notices_unread ON notices (user_id) WHERE read_at IS NULL;
