-- Who follows a batch may do so with an account, to be told in the system; and who of the followers was told of a recall, how and when.
ALTER TABLE recall_follows ADD COLUMN user_id TEXT NOT NULL DEFAULT '';  -- account; '' followed on the public page, without one
CREATE INDEX recall_follows_user ON recall_follows (user_id, lot) WHERE user_id <> '';
CREATE TABLE recall_told (
    recall TEXT NOT NULL,
    token TEXT NOT NULL,                -- recall_follows.token
    how TEXT NOT NULL,                  -- page: their own page says so; notice: a message in the system; sms: number and text were handed to
                                        -- the bureau's own channel; phone: somebody called
    at BIGINT NOT NULL,
    user_name TEXT NOT NULL,            -- '' the house
    note TEXT NOT NULL,                 -- what they said
    PRIMARY KEY (recall, token, how),
    CONSTRAINT recall_told_how CHECK (how IN ('page', 'notice', 'sms', 'phone'))
) WITHOUT ROWID;
