-- Results of the laboratory that rechecks, what an overturned failure takes back, and what instruments read.

ALTER TABLE samples ADD COLUMN issued_by TEXT NOT NULL DEFAULT '';        -- users.id of who signed the report
ALTER TABLE samples ADD COLUMN recheck_asked TEXT NOT NULL DEFAULT '';    -- JSON: items to be rechecked; '' none
ALTER TABLE samples ADD COLUMN recheck_refused TEXT NOT NULL DEFAULT '';  -- JSON: items asked for and not rechecked, with why; '' none
ALTER TABLE samples ADD COLUMN rechecked_at BIGINT;                       -- the report of the recheck was signed
ALTER TABLE samples ADD COLUMN rechecked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE samples ADD COLUMN recheck_verdict TEXT NOT NULL DEFAULT '';  -- upheld 维持, overturned 推翻
ALTER TABLE samples ADD COLUMN finding_producer TEXT NOT NULL DEFAULT ''; -- the finding about the producer; '' none
ALTER TABLE samples ADD COLUMN notice TEXT NOT NULL DEFAULT '';           -- the public notice on its batch; '' none
ALTER TABLE samples ADD COLUMN overturned_at BIGINT;                      -- a failure that stood was overturned afterwards

-- A result is tied to the reading that it was signed from; one that differs says why.
ALTER TABLE sample_results ADD COLUMN reading TEXT NOT NULL DEFAULT '';   -- assay_readings.id; '' entered by hand
ALTER TABLE sample_results ADD COLUMN note TEXT NOT NULL DEFAULT '';      -- why it is not what was read; '' it is

-- Like sample_results and sample_verdicts, by the other laboratory.
CREATE TABLE recheck_results (
    sample TEXT NOT NULL,
    revision BIGINT NOT NULL,           -- from 1
    item TEXT NOT NULL,
    method TEXT NOT NULL,
    result TEXT NOT NULL,               -- as written
    unit TEXT NOT NULL,
    lod TEXT NOT NULL,                  -- decimal; '' not told
    reading TEXT NOT NULL,
    note TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (sample, revision, item)
) WITHOUT ROWID;
CREATE TABLE recheck_verdicts (
    sample TEXT NOT NULL,
    no BIGINT NOT NULL,
    item TEXT NOT NULL,
    judged TEXT NOT NULL,               -- JSON, see rules::judge::Judged; under the limits of the first report
    outcome TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_why TEXT NOT NULL,
    PRIMARY KEY (sample, no)
) WITHOUT ROWID;

-- What an instrument or a program handed in at once.
CREATE TABLE assay_runs (
    id TEXT NOT NULL PRIMARY KEY,
    lab TEXT NOT NULL,
    shape TEXT NOT NULL,                -- code in data/instruments.json; 'http' for a program
    name TEXT NOT NULL,                 -- of the file, or of the program
    file TEXT NOT NULL,                 -- as it came, SHA-256; '' by a program
    rows_read BIGINT NOT NULL,
    rows_taken BIGINT NOT NULL,
    rejected_file TEXT NOT NULL,        -- rows that did not fit; '' none
    added_by TEXT NOT NULL,
    added_name TEXT NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE INDEX assay_runs_lab ON assay_runs (lab, added_at);

-- What was read: proposed to the analyst, never changed; a later one of the same item counts.
CREATE TABLE assay_readings (
    id TEXT NOT NULL PRIMARY KEY,
    run TEXT NOT NULL,
    line BIGINT NOT NULL,               -- row of the file, from 1
    sample TEXT NOT NULL,
    lab TEXT NOT NULL,
    item TEXT NOT NULL,
    method TEXT NOT NULL,
    result TEXT NOT NULL,
    unit TEXT NOT NULL,
    lod TEXT NOT NULL,
    read_at BIGINT NOT NULL,            -- came in
    CONSTRAINT assay_readings_of FOREIGN KEY (run) REFERENCES assay_runs (id)
);
CREATE INDEX assay_readings_sample ON assay_readings (sample, lab, item);

-- Tables of limits that were taken in, for the rows that did not go in.
CREATE TABLE limit_files (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    rejected_file TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL
);
