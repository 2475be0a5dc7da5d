-- Licensing and filing (许可备案): applications, what was handed in for them, licences and what became of them.

-- An application. Its course is that of its case (flow_cases, same id); columns about it follow the log.
CREATE TABLE permits (
    id TEXT NOT NULL PRIMARY KEY,       -- that of its case
    number TEXT NOT NULL,               -- 食许申〔2026〕12号
    matter TEXT NOT NULL,               -- data/licensing/matters.json
    act TEXT NOT NULL,                  -- new, change, renew, reissue, cancel
    mode TEXT NOT NULL,                 -- commitment 告知承诺, remote 远程踏勘, '' ordinary
    party TEXT NOT NULL,                -- applicant
    party_name TEXT NOT NULL,           -- as it was then
    agent TEXT NOT NULL,                -- business that acts for it with a mandate; '' none
    division TEXT NOT NULL,
    licence TEXT NOT NULL,              -- the licence that it is about; '' for a new one
    form TEXT NOT NULL,
    form_version BIGINT NOT NULL,
    submission TEXT NOT NULL,           -- the latest good one
    content TEXT NOT NULL,              -- JSON of what that says
    notes TEXT NOT NULL,                -- JSON [{code,text}]: what the officer should look at (late, name differs)
    status TEXT NOT NULL,               -- of its case
    phase TEXT NOT NULL,                -- open, suspended, done, terminated, void
    received_at BIGINT NOT NULL,        -- ms UTC
    accepted_at BIGINT,                 -- NULL not yet
    decided_at BIGINT,
    due_at BIGINT,                      -- first moment too late of the clock that runs now; NULL none
    outcome TEXT NOT NULL,              -- granted, not_accepted, refused, withdrawn, lapsed, terminated, void; '' goes on
    issued TEXT NOT NULL,               -- licence that it ended in; '' none
    simulated BIGINT NOT NULL,
    CONSTRAINT permits_act CHECK (act IN ('new', 'change', 'renew', 'reissue', 'cancel')),
    CONSTRAINT permits_mode CHECK (mode IN ('', 'commitment', 'remote'))
);
CREATE INDEX permits_division ON permits (division, received_at);
CREATE INDEX permits_party ON permits (party, received_at);
CREATE INDEX permits_agent ON permits (agent) WHERE agent <> '';

-- What was handed in, byte for byte, before anybody looked at it; never changed.
CREATE TABLE permit_submissions (
    id TEXT NOT NULL PRIMARY KEY,
    permit TEXT NOT NULL,               -- '' where it was refused for its faults
    party TEXT NOT NULL,
    matter TEXT NOT NULL,
    act TEXT NOT NULL,
    mode TEXT NOT NULL,
    form TEXT NOT NULL,
    form_version BIGINT NOT NULL,
    file TEXT NOT NULL,                 -- content: SHA-256 of the bytes as they came
    size BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    defects TEXT NOT NULL               -- JSON of what was wrong; '[]' nothing
);
CREATE INDEX permit_submissions_permit ON permit_submissions (permit, received_at);
CREATE INDEX permit_submissions_party ON permit_submissions (party, received_at);

-- A form that is not handed in yet.
CREATE TABLE permit_drafts (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    party TEXT NOT NULL,
    party_name TEXT NOT NULL,
    matter TEXT NOT NULL,
    act TEXT NOT NULL,
    mode TEXT NOT NULL,
    licence TEXT NOT NULL,
    form_version BIGINT NOT NULL,       -- pinned when the draft began
    content TEXT NOT NULL,              -- JSON as far as it is filled in
    updated_at BIGINT NOT NULL
);
CREATE INDEX permit_drafts_user ON permit_drafts (user_id, updated_at);

-- Papers and photos that applications name.
CREATE TABLE permit_files (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    file TEXT NOT NULL,                 -- content: SHA-256
    media TEXT NOT NULL,
    size BIGINT NOT NULL,
    name TEXT NOT NULL,
    shot TEXT NOT NULL,                 -- which photo of a remote survey; '' a paper
    taken_at BIGINT,                    -- time by the device, ms UTC; NULL not told
    received_at BIGINT NOT NULL,
    lon DOUBLE PRECISION,               -- degrees, WGS-84; NULL not told
    lat DOUBLE PRECISION,
    accuracy BIGINT,                    -- metres
    in_app BIGINT NOT NULL,             -- 1: taken in the app
    doubts TEXT NOT NULL,               -- 'far,clock': what an officer should look at; '' none
    hash TEXT NOT NULL                  -- SHA-256 of all of the above, in the ledger
);
CREATE INDEX permit_files_party ON permit_files (party, received_at);
CREATE INDEX permit_files_file ON permit_files (file);

-- Licences, registrations and filings that this house issued. A change or renewal is a new row of the same number.
CREATE TABLE licences (
    id TEXT NOT NULL PRIMARY KEY,
    permit TEXT NOT NULL,               -- application that it came of
    party TEXT NOT NULL,
    party_name TEXT NOT NULL,
    matter TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- sc, jy, yb, local
    number TEXT NOT NULL,
    division TEXT NOT NULL,
    issuer TEXT NOT NULL,
    issued TEXT NOT NULL,               -- day, 2026-03-01
    expires TEXT NOT NULL,              -- last day; '' without end
    face TEXT NOT NULL,                 -- JSON [[name, text]]: what is printed on it
    status TEXT NOT NULL,               -- valid, expired, replaced, cancelled, revoked
    status_at BIGINT NOT NULL,
    reason TEXT NOT NULL,               -- why it is no more; '' valid
    code TEXT NOT NULL,                 -- in its QR code, cannot be guessed
    note TEXT NOT NULL,                 -- the signed form that verifies without this house
    remind_on TEXT NOT NULL,            -- day from which the business is reminded to renew; '' never
    shut_on TEXT NOT NULL,              -- last day in time to apply; '' none
    reminded_at BIGINT,                 -- NULL not yet
    simulated BIGINT NOT NULL,
    CONSTRAINT licences_code UNIQUE (code),
    CONSTRAINT licences_status CHECK (status IN ('valid', 'expired', 'replaced', 'cancelled', 'revoked'))
);
CREATE UNIQUE INDEX licences_standing ON licences (number) WHERE status = 'valid';
CREATE INDEX licences_number ON licences (number);
CREATE INDEX licences_division ON licences (division, issued);
CREATE INDEX licences_party ON licences (party);
CREATE INDEX licences_expires ON licences (status, expires);
CREATE INDEX licences_remind ON licences (status, remind_on);

-- Serials without gaps, by prefix and county.
CREATE TABLE licence_series (
    prefix TEXT NOT NULL,
    county TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (prefix, county)
);

-- Checks after the grant: of a commitment, the first of a registration, on suspicion. Same id as the case.
CREATE TABLE licence_checks (
    id TEXT NOT NULL PRIMARY KEY,
    licence TEXT NOT NULL,
    party TEXT NOT NULL,
    why TEXT NOT NULL,                  -- commitment, first, suspicion
    what TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    outcome TEXT NOT NULL               -- kept, revoked, terminated, void; '' goes on
);
CREATE INDEX licence_checks_licence ON licence_checks (licence);

-- Who may not apply (五年内禁止申请, 终身禁业), as agencies list them.
CREATE TABLE licence_bans (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,                 -- person, business
    look TEXT NOT NULL,                 -- person: SHA-256 of the number with this house's word before it; business: credit code
    shown TEXT NOT NULL,                -- the number masked, or the credit code
    name TEXT NOT NULL,
    since TEXT NOT NULL,                -- day
    until_day TEXT NOT NULL,            -- last day; '' for life
    basis TEXT NOT NULL,                -- article and number of the decision
    file TEXT NOT NULL,                 -- list that it came in
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    CONSTRAINT licence_bans_once UNIQUE (kind, look, since)
);
CREATE INDEX licence_bans_look ON licence_bans (look);

-- Business licences (营业执照) as the registration office has them: the local register behind the adapter.
CREATE TABLE business_register (
    uscc TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    legal TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,                -- active 存续, revoked 吊销, cancelled 注销, moved 迁出
    until_day TEXT NOT NULL,            -- '' without end
    source TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Who may act for whom (委托代理).
CREATE TABLE licence_mandates (
    id TEXT NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL,            -- business
    agent TEXT NOT NULL,                -- business
    matters TEXT NOT NULL,              -- codes with commas; '' all
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    revoked_at BIGINT                   -- NULL stands
);
CREATE INDEX licence_mandates_agent ON licence_mandates (agent);
CREATE INDEX licence_mandates_principal ON licence_mandates (principal);
