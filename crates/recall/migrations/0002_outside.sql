-- Whom the food went to outside of the platform: nobody there has a task, so whoever sent it, or an officer, tells them by letter.
CREATE TABLE recall_outside (
    recall TEXT NOT NULL,
    no BIGINT NOT NULL,                 -- in the recall, from 1
    party TEXT NOT NULL,                -- business on the platform that sent it
    origin BIGINT NOT NULL,             -- lot with which the batch began
    name TEXT NOT NULL,                 -- as the sender wrote it down
    certain BIGINT NOT NULL,            -- 1: food that certainly came from the batch
    unit TEXT NOT NULL,
    amount BIGINT NOT NULL,             -- base units; 0 where none was recorded
    number TEXT NOT NULL,               -- 告知函文号
    issued_at BIGINT NOT NULL,
    told_at BIGINT,                     -- NULL not told yet
    how TEXT NOT NULL,                  -- letter, phone, visit; '' not yet
    note TEXT NOT NULL,                 -- what they said, how much of it they have
    told_by TEXT NOT NULL,
    told_name TEXT NOT NULL,
    PRIMARY KEY (recall, no),
    CONSTRAINT recall_outside_once UNIQUE (recall, party, origin, name),
    CONSTRAINT recall_outside_how CHECK (how IN ('', 'letter', 'phone', 'visit'))
) WITHOUT ROWID;
