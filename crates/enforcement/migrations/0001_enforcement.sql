-- Cases of enforcement (执法办案): what the case of each does not say by itself, for lists, counters and publication; and the evidence.

CREATE TABLE enforcement_cases (
    id TEXT NOT NULL PRIMARY KEY,       -- that of its case (flow_cases.id)
    kind TEXT NOT NULL,                 -- case 普通程序, case_simple 简易程序
    number TEXT NOT NULL,               -- 案〔2026〕12号
    source TEXT NOT NULL,               -- inspection, sample, complaint, transfer, assigned, finding, simple
    source_ref TEXT NOT NULL,           -- number of the visit, the sample, the complaint; '' none
    above TEXT NOT NULL,                -- the case that it came of: a finding, a simple case; '' none
    party TEXT NOT NULL,                -- business
    party_kind TEXT NOT NULL,           -- 业态 of it then
    division TEXT NOT NULL,
    what TEXT NOT NULL,                 -- the lead
    article TEXT NOT NULL,              -- code of the row of the penalty table; '' not said yet
    goods_value BIGINT,                 -- fen; NULL not said
    gain BIGINT,                        -- 违法所得, fen; NULL not said
    penalties TEXT NOT NULL,            -- ',fine,warning,' of the decision; '' none yet
    fine BIGINT,                        -- fen; NULL none
    confiscated BIGINT,                 -- 没收违法所得, fen; NULL none
    decision TEXT NOT NULL,             -- number of the decision; '' none
    decided_at BIGINT,                  -- ms UTC
    served_at BIGINT,
    paid BIGINT NOT NULL,               -- fen so far
    published_at BIGINT,                -- handed to the publication hall, which keeps its term; NULL not public
    withdrawn_at BIGINT,                -- the publication was withdrawn
    status TEXT NOT NULL,               -- of its case
    phase TEXT NOT NULL,                -- of its case: open, suspended, done, terminated, void
    outcome TEXT NOT NULL,              -- archived, not_filed, withdrawn, transferred, ordinary, no_penalty, terminated, void; '' goes on
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,                   -- NULL: goes on
    simulated BIGINT NOT NULL,
    CONSTRAINT enforcement_cases_kind CHECK (kind IN ('case', 'case_simple')),
    CONSTRAINT enforcement_cases_paid CHECK (paid >= 0)
);
CREATE INDEX enforcement_cases_division ON enforcement_cases (division, opened_at);
CREATE INDEX enforcement_cases_party ON enforcement_cases (party, decided_at);

-- Evidence of a case. Camera evidence counts only after a legal and a technical review by people (行政处罚法第四十一条).
CREATE TABLE enforcement_evidence (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- document 书证, thing 物证, audiovisual 视听资料, data 电子数据, witness 证人证言, statement 当事人陈述, opinion 鉴定意见, record 笔录
    title TEXT NOT NULL,
    origin TEXT NOT NULL,               -- where it comes from, who handed it in
    camera BIGINT NOT NULL,             -- 1: taken by a monitoring device (电子技术监控设备)
    file TEXT NOT NULL,                 -- SHA-256 of the content as it came; '' no file (a thing)
    media TEXT NOT NULL,
    size BIGINT NOT NULL,               -- bytes
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    legal_user TEXT NOT NULL,           -- legal review; '' none yet
    legal_name TEXT NOT NULL,
    legal_at BIGINT,
    legal_pass BIGINT,                  -- 1 it may be used, 0 it may not; NULL none yet
    legal_note TEXT NOT NULL,
    technical_user TEXT NOT NULL,       -- technical review
    technical_name TEXT NOT NULL,
    technical_at BIGINT,
    technical_pass BIGINT,
    technical_note TEXT NOT NULL,
    hash TEXT NOT NULL,                 -- SHA-256 of the record without reviews, a fact of the ledger
    CONSTRAINT enforcement_evidence_of FOREIGN KEY (case_id) REFERENCES enforcement_cases (id)
);
CREATE INDEX enforcement_evidence_case ON enforcement_evidence (case_id, received_at);
