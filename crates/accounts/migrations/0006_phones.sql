-- A session opened on a phone may be taken up again by that phone after it was idle, for sending what was done with no network
-- (docs/decisions/0027-resume.md).
ALTER TABLE sessions ADD COLUMN phone_key TEXT NOT NULL DEFAULT '';   -- P-256, SEC1 uncompressed, base64; '' none
ALTER TABLE sessions ADD COLUMN phone_no BIGINT NOT NULL DEFAULT 0;   -- the last number that was signed: each counts once, and only upwards
ALTER TABLE sessions ADD COLUMN resumed_at BIGINT;                    -- ms UTC; from then on it only sends; NULL: a full session
