-- What lists of samples ask for: the name of the place, the clock that runs out first; and who compared a limit with its standard.

ALTER TABLE samples ADD COLUMN party_name TEXT NOT NULL DEFAULT '';       -- of the place on the day of the task
ALTER TABLE samples ADD COLUMN due_at BIGINT;                             -- ms UTC, from when the running clock nearest its end is too late; NULL: none runs
ALTER TABLE samples ADD COLUMN due_clock TEXT NOT NULL DEFAULT '';        -- its code in the definition; '' none
ALTER TABLE samples ADD COLUMN late BIGINT NOT NULL DEFAULT 0;            -- 1: a clock ran out and it was told to those above
CREATE INDEX samples_due ON samples (due_at);

-- 核验: somebody other than who took the row in compared it with the standard. The row itself is never changed.
CREATE TABLE limit_checks (
    limit_id TEXT NOT NULL PRIMARY KEY, -- limits.id
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    note TEXT NOT NULL,                 -- edition and table it was compared with
    at BIGINT NOT NULL,
    CONSTRAINT limit_checks_of FOREIGN KEY (limit_id) REFERENCES limits (id)
) WITHOUT ROWID;

-- Who of the laboratory is to test a sample; advice among colleagues, the separations hold for whoever does it.
CREATE TABLE sample_assignments (
    sample TEXT NOT NULL PRIMARY KEY,
    analyst TEXT NOT NULL,              -- users.id
    analyst_name TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sample_assignments_analyst ON sample_assignments (analyst);
