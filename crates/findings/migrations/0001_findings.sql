-- Problems and their closing (问题闭环): what the case of each does not say by itself, and the evidence.

CREATE TABLE findings (
    id TEXT NOT NULL PRIMARY KEY,       -- that of its case (flow_cases.id)
    number TEXT NOT NULL,               -- 问题〔2026〕12号
    code TEXT NOT NULL,                 -- on the record: who scans it answers; 16 letters and digits, cannot be guessed
    source TEXT NOT NULL,               -- inspection, sample, camera, model, complaint, self_check, exchange
    source_ref TEXT NOT NULL,           -- what found it: number of the visit, of the sample; '' none
    party TEXT NOT NULL,                -- business that it is about
    party_kind TEXT NOT NULL,           -- 业态 of it then, for rates
    site TEXT NOT NULL,                 -- one of its further premises; '' the business itself
    division TEXT NOT NULL,             -- where it lies
    what TEXT NOT NULL,                 -- what was found
    rule TEXT NOT NULL,                 -- what it breaks: article, standard, item of a checklist
    severity TEXT NOT NULL,             -- minor 轻微, general 一般, serious 严重
    found_at BIGINT NOT NULL,           -- ms UTC
    due_at BIGINT,                      -- first moment at which mending is late; NULL not ordered yet
    mended_at BIGINT,                   -- first answer of the business; NULL none
    in_time BIGINT,                     -- 1: that answer came before due_at; NULL no answer yet
    overdue_at BIGINT,                  -- when it was first overdue; NULL never
    reopened BIGINT NOT NULL,           -- times that the check sent it back
    closed_at BIGINT,                   -- NULL: goes on
    outcome TEXT NOT NULL,              -- closed 闭环, dismissed 不属实, filed 立案, terminated, void; '' goes on
    status TEXT NOT NULL,               -- of its case: found, mending, verifying, case, closed, dismissed, filed
    phase TEXT NOT NULL,                -- of its case: open, suspended, done, terminated, void
    level BIGINT NOT NULL,              -- escalations so far
    simulated BIGINT NOT NULL,
    CONSTRAINT findings_code UNIQUE (code),
    CONSTRAINT findings_source CHECK (source IN ('inspection', 'sample', 'camera', 'model', 'complaint', 'self_check', 'exchange')),
    CONSTRAINT findings_severity CHECK (severity IN ('minor', 'general', 'serious'))
);
CREATE INDEX findings_division ON findings (division, found_at);
CREATE INDEX findings_party ON findings (party, found_at);

-- Evidence (证据), fixed by time, place, person, matter and scene (五定); never changed.
CREATE TABLE finding_evidence (
    id TEXT NOT NULL PRIMARY KEY,
    finding TEXT NOT NULL,              -- matter
    stage TEXT NOT NULL,                -- found 发现, mend 整改, verify 复查
    file TEXT NOT NULL,                 -- content: SHA-256, as it came, EXIF and all
    media TEXT NOT NULL,
    size BIGINT NOT NULL,               -- bytes
    user_id TEXT NOT NULL,              -- person
    user_name TEXT NOT NULL,
    taken_at BIGINT,                    -- time by the device, ms UTC; NULL not told
    received_at BIGINT NOT NULL,        -- time by this server
    lon DOUBLE PRECISION,               -- place, degrees, WGS-84; NULL not told
    lat DOUBLE PRECISION,
    accuracy BIGINT,                    -- metres; NULL not told
    distance BIGINT,                    -- metres from the business; NULL one of the two is unknown
    camera_app BIGINT NOT NULL,         -- 1: taken in the app, not chosen from an album
    exif TEXT NOT NULL,                 -- JSON of what the camera wrote
    width BIGINT,                       -- pixels; NULL no photo, or it could not be read
    height BIGINT,
    look0 BIGINT,                       -- perceptual hash, 16 bits each; NULL no photo, or one without structure
    look1 BIGINT,
    look2 BIGINT,
    look3 BIGINT,
    doubts TEXT NOT NULL,               -- ',reused,far,clock,album,unread,' what an officer should look at; '' none
    reused TEXT NOT NULL,               -- evidence of another finding that shows the same; '' none
    hash TEXT NOT NULL,                 -- SHA-256 of all of the above, in the ledger
    CONSTRAINT finding_evidence_of FOREIGN KEY (finding) REFERENCES findings (id),
    CONSTRAINT finding_evidence_stage CHECK (stage IN ('found', 'mend', 'verify'))
);
CREATE INDEX finding_evidence_finding ON finding_evidence (finding, received_at);
CREATE INDEX finding_evidence_file ON finding_evidence (file);
CREATE INDEX finding_evidence_look0 ON finding_evidence (look0) WHERE look0 IS NOT NULL;
CREATE INDEX finding_evidence_look1 ON finding_evidence (look1) WHERE look1 IS NOT NULL;
CREATE INDEX finding_evidence_look2 ON finding_evidence (look2) WHERE look2 IS NOT NULL;
CREATE INDEX finding_evidence_look3 ON finding_evidence (look3) WHERE look3 IS NOT NULL;
