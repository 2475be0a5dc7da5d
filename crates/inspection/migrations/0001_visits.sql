-- Visits (监督检查): what the case of each does not say by itself, the checklists they are pinned to, photos and records.

-- Versions of checklists (检查要点表), by the hash of their content; never changed.
CREATE TABLE checklists (
    hash TEXT NOT NULL PRIMARY KEY,     -- SHA-256 of the content, hex
    code TEXT NOT NULL,                 -- production, sale, catering, …
    version BIGINT NOT NULL,            -- from 1
    name TEXT NOT NULL,
    source TEXT NOT NULL,               -- the laws it follows
    origin TEXT NOT NULL,               -- data 随程序, import 由机关导入
    items BIGINT NOT NULL,              -- how many
    content TEXT NOT NULL,              -- JSON of the items
    by_name TEXT NOT NULL,              -- who brought it; '' the program
    added_at BIGINT NOT NULL,           -- ms UTC
    CONSTRAINT checklists_version UNIQUE (code, version)
);

CREATE TABLE visits (
    id TEXT NOT NULL PRIMARY KEY,       -- that of its case (flow_cases.id)
    number TEXT NOT NULL,               -- 检查〔2026〕1号
    code TEXT NOT NULL,                 -- on the record: the business answers by it; 16 letters and digits, cannot be guessed
    kind TEXT NOT NULL,                 -- data/visit-kinds.csv
    party TEXT NOT NULL,
    party_kind TEXT NOT NULL,           -- 业态 of it then
    site TEXT NOT NULL,                 -- one of its further premises; '' the business itself
    division TEXT NOT NULL,             -- where it lies
    checklist TEXT NOT NULL,            -- hash of the version pinned
    due TEXT NOT NULL,                  -- last day, 2026-03-10
    due_at BIGINT NOT NULL,             -- first moment after it, ms UTC
    reason TEXT NOT NULL,
    draw TEXT NOT NULL,                 -- the draw it came from; '' none
    plan TEXT NOT NULL,                 -- the yearly plan it counts for; '' none
    reach BIGINT NOT NULL,              -- digits of the jurisdiction of who planned it: 2 province, 4 city, 6 county, 9 station
    planned_at BIGINT NOT NULL,
    recorded_at BIGINT,                 -- when the record was handed in; NULL not yet
    record_no TEXT NOT NULL,            -- 检查记录〔2026〕1号; '' not yet
    conclusion TEXT NOT NULL,           -- no_issue, issue_found; '' not yet
    handling TEXT NOT NULL,             -- ',onsite_correct,rectify,case,' what became of what was found
    bad BIGINT NOT NULL,                -- items that do not hold
    publish_by BIGINT,                  -- first moment beyond the statute's term for publication
    published_at BIGINT,
    device TEXT NOT NULL,               -- that works on it without a network; '' none
    status TEXT NOT NULL,               -- of its case
    phase TEXT NOT NULL,                -- of its case: open, suspended, done, terminated, void
    level BIGINT NOT NULL,              -- escalations so far
    simulated BIGINT NOT NULL,
    CONSTRAINT visits_code UNIQUE (code),
    CONSTRAINT visits_checklist FOREIGN KEY (checklist) REFERENCES checklists (hash)
);
CREATE INDEX visits_division ON visits (division, planned_at);
CREATE INDEX visits_party ON visits (party, planned_at);
CREATE INDEX visits_recorded ON visits (recorded_at) WHERE recorded_at IS NOT NULL;
CREATE INDEX visits_draw ON visits (draw) WHERE draw <> '';

-- Who is sent
CREATE TABLE visit_officers (
    visit TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (visit, user_id),
    CONSTRAINT visit_officers_of FOREIGN KEY (visit) REFERENCES visits (id)
);
CREATE INDEX visit_officers_user ON visit_officers (user_id, visit);

-- 回避: who may not inspect a business
CREATE TABLE recusals (
    officer TEXT NOT NULL,              -- user id
    party TEXT NOT NULL,
    name TEXT NOT NULL,                 -- of the officer
    division TEXT NOT NULL,             -- of the business
    reason TEXT NOT NULL,
    by_name TEXT NOT NULL,              -- who noted it
    at BIGINT NOT NULL,                 -- ms UTC
    PRIMARY KEY (officer, party)
);
CREATE INDEX recusals_party ON recusals (party);

-- Photos, videos, voice and signatures of a visit, fixed by time, place, person, matter and scene; never changed
CREATE TABLE visit_photos (
    visit TEXT NOT NULL,
    file TEXT NOT NULL,                 -- content: SHA-256, as it came
    media TEXT NOT NULL,
    size BIGINT NOT NULL,               -- bytes
    item TEXT NOT NULL,                 -- of the checklist, 'signature', or ''
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    taken_at BIGINT,                    -- by the device, ms UTC; NULL not told
    received_at BIGINT NOT NULL,
    lon DOUBLE PRECISION,               -- degrees, WGS-84; NULL not told
    lat DOUBLE PRECISION,
    accuracy BIGINT,                    -- metres; NULL not told
    distance BIGINT,                    -- metres from the business; NULL one of the two is unknown
    camera_app BIGINT NOT NULL,         -- 1: taken in the app
    doubts TEXT NOT NULL,               -- ',far,clock,' as evidence of findings has; '' none
    hash TEXT NOT NULL,                 -- SHA-256 of all of the above, in the ledger
    PRIMARY KEY (visit, file),
    CONSTRAINT visit_photos_of FOREIGN KEY (visit) REFERENCES visits (id)
);
CREATE INDEX visit_photos_file ON visit_photos (file);

-- 检查记录, as it came
CREATE TABLE visit_records (
    visit TEXT NOT NULL PRIMARY KEY,
    client_key TEXT NOT NULL,
    content TEXT NOT NULL,              -- JSON
    hash TEXT NOT NULL,                 -- SHA-256 of it, in the ledger
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    distance BIGINT,                    -- metres from the business; NULL unknown
    answer TEXT NOT NULL,               -- JSON: what a repeat is answered
    CONSTRAINT visit_records_of FOREIGN KEY (visit) REFERENCES visits (id)
);

-- What it found
CREATE TABLE visit_findings (
    visit TEXT NOT NULL,
    finding TEXT NOT NULL,
    item TEXT NOT NULL,                 -- of the checklist
    PRIMARY KEY (visit, finding),
    CONSTRAINT visit_findings_of FOREIGN KEY (visit) REFERENCES visits (id)
);
CREATE INDEX visit_findings_finding ON visit_findings (finding);
