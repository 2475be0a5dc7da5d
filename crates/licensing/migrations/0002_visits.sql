-- On-site checks that the inspection room does for a case of this room: an application, or a check after the grant.
CREATE TABLE permit_visits (
    visit TEXT NOT NULL PRIMARY KEY,    -- id of the visit, and of its case
    case_id TEXT NOT NULL,              -- the application or the check
    number TEXT NOT NULL,               -- 核查〔2026〕1号
    due TEXT NOT NULL,                  -- last day, 2026-03-10
    opened_at BIGINT NOT NULL,          -- ms UTC
    record_no TEXT NOT NULL,            -- 核查记录〔2026〕1号; '' not yet
    conclusion TEXT NOT NULL,           -- no_issue, issue_found; '' not yet
    recorded_at BIGINT,                 -- NULL not yet
    off BIGINT NOT NULL                 -- 1: called off, or void
);
CREATE INDEX permit_visits_case ON permit_visits (case_id, opened_at);
