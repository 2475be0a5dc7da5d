-- What declared corrections make of a report, and the sample that is taken again because of one.

ALTER TABLE samples ADD COLUMN corrected TEXT NOT NULL DEFAULT '';  -- what the last correction came to: conforms, fails, undecided; '' none, or of monitoring
ALTER TABLE samples ADD COLUMN follows TEXT NOT NULL DEFAULT '';    -- samples.id: taken again because a correction made that one fail; '' of itself
UPDATE samples SET corrected = (SELECT c.outcome FROM sample_corrections c WHERE c.sample = samples.id ORDER BY c.at DESC, c.id DESC LIMIT 1)
    WHERE kind <> 'monitor' AND EXISTS (SELECT 1 FROM sample_corrections c WHERE c.sample = samples.id);
CREATE INDEX samples_follows ON samples (follows);

-- A table that was imported could call its own rows verified. Who takes a row in never verifies it: such rows wait to be compared.
UPDATE limits SET verified = 0 WHERE verified = 1;

-- A laboratory that is given no more samples, with why; what it has it gives back or a leader ends.
ALTER TABLE labs ADD COLUMN state_at BIGINT;                        -- when its state was last set; NULL never
ALTER TABLE labs ADD COLUMN state_why TEXT NOT NULL DEFAULT '';
ALTER TABLE labs ADD COLUMN state_by TEXT NOT NULL DEFAULT '';      -- name of who set it

-- 抽样单 and 抽样告知书 on paper.
ALTER TABLE samples ADD COLUMN paper_code TEXT NOT NULL DEFAULT ''; -- what both carry, for /doc/{code}; '' not sealed, or before there were papers
CREATE INDEX samples_paper_code ON samples (paper_code);
