-- Keys of programs, and by what a session was opened.

ALTER TABLE sessions ADD COLUMN factor TEXT NOT NULL DEFAULT 'password';  -- password, totp: the strongest that was shown

-- Keys of programs of a business or bureau
CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL,                       -- SHA-256 of the key; the key itself is shown once and kept nowhere
    name TEXT NOT NULL,
    party TEXT,                                -- parties.id
    bureau TEXT,
    division TEXT NOT NULL,                    -- of the business or bureau
    made_by TEXT NOT NULL,                     -- user id
    made_at BIGINT NOT NULL,                   -- ms UTC
    until_at BIGINT NOT NULL,                  -- first moment after
    revoked_by TEXT,
    revoked_at BIGINT,                         -- NULL: stands
    used_on TEXT,                              -- last day it was used, 2026-03-01; no finer; NULL never
    CONSTRAINT api_keys_token UNIQUE (token),
    CONSTRAINT api_keys_belong_once CHECK ((bureau IS NULL) <> (party IS NULL))
);
CREATE INDEX api_keys_party ON api_keys (party);
CREATE INDEX api_keys_division ON api_keys (division);

CREATE TABLE api_key_permissions (
    api_key TEXT NOT NULL,
    permission TEXT NOT NULL,                  -- room.verb
    PRIMARY KEY (api_key, permission),
    CONSTRAINT api_key_permissions_of FOREIGN KEY (api_key) REFERENCES api_keys (id)
) WITHOUT ROWID;
