-- Sampling and testing: laboratories, limits, plans, samples with their custody, results and verdicts.

-- Laboratories are businesses (parties.id) with what they are accredited for.
CREATE TABLE labs (
    id TEXT NOT NULL PRIMARY KEY,       -- parties.id
    name TEXT NOT NULL,                 -- as in its certificate
    division TEXT NOT NULL,             -- where it lies
    cma TEXT NOT NULL,                  -- number of its CMA certificate
    cma_until TEXT NOT NULL,            -- last day of that certificate
    recheck BIGINT NOT NULL,            -- 1: in the published list of 复检机构
    state TEXT NOT NULL,                -- active, withdrawn
    updated_at BIGINT NOT NULL,
    CONSTRAINT labs_state CHECK (state IN ('active', 'withdrawn'))
);

CREATE TABLE lab_items (
    lab TEXT NOT NULL,
    item TEXT NOT NULL,                 -- 检验项目
    method TEXT NOT NULL,               -- 检验方法标准
    lod TEXT NOT NULL,                  -- limit of detection, decimal; '' none
    loq TEXT NOT NULL,                  -- limit of quantification; '' none
    unit TEXT NOT NULL,
    PRIMARY KEY (lab, item, method)
) WITHOUT ROWID;

-- Limits (限量), dated; a row never changes, a corrected one is another row that ends the first by its day.
CREATE TABLE limits (
    id TEXT NOT NULL PRIMARY KEY,
    standard TEXT NOT NULL,             -- GB 2762-2022
    item TEXT NOT NULL,
    cas TEXT NOT NULL,
    category TEXT NOT NULL,             -- place in the tree of foods, levels apart by dots; '' all foods
    food TEXT NOT NULL,                 -- the food as the standard names it; '' all of the category
    except_foods TEXT NOT NULL,         -- foods that it does not hold for, apart by ;
    bound TEXT NOT NULL,                -- JSON, see rules::judge::Bound
    unit TEXT NOT NULL,
    method TEXT NOT NULL,
    from_day TEXT NOT NULL,             -- first day
    until_day TEXT NOT NULL,            -- first day on which it holds no longer; '' without end
    source TEXT NOT NULL,
    verified BIGINT NOT NULL,           -- 1: somebody compared it with the standard
    hash TEXT NOT NULL,                 -- of all of the above: the same row is imported once
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    CONSTRAINT limits_hash UNIQUE (hash)
);
CREATE INDEX limits_item ON limits (item, from_day);

-- Plans (抽检计划) and their quotas by cell.
CREATE TABLE sample_plans (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    year BIGINT NOT NULL,
    division TEXT NOT NULL,             -- whose plan it is
    source TEXT NOT NULL,               -- 任务来源: national 国抽, province 省抽, city 市抽, county 县抽
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE TABLE sample_quotas (
    id TEXT NOT NULL PRIMARY KEY,
    plan TEXT NOT NULL,
    category TEXT NOT NULL,             -- place in the tree of foods
    category_name TEXT NOT NULL,
    stage TEXT NOT NULL,                -- produce, trade, catering
    division TEXT NOT NULL,             -- where
    items TEXT NOT NULL,                -- package of items, apart by ;
    quota BIGINT NOT NULL,
    CONSTRAINT sample_quotas_plan_category_stage_division UNIQUE (plan, category, stage, division),
    CONSTRAINT sample_quotas_of FOREIGN KEY (plan) REFERENCES sample_plans (id),
    CONSTRAINT sample_quotas_some CHECK (quota > 0)
);

CREATE TABLE samples (
    id TEXT NOT NULL PRIMARY KEY,       -- that of its case
    number TEXT NOT NULL,               -- of the case: 抽检〔2026〕12号
    sample_no TEXT NOT NULL,            -- 抽样单编号: given with the task, never changed
    blind TEXT NOT NULL,                -- what the laboratory knows it by
    quota TEXT NOT NULL,                -- cell of a plan; '' none
    mode TEXT NOT NULL,                 -- inner 内分离, outer 外分离, quality 质分离
    kind TEXT NOT NULL,                 -- supervision 监督抽检, monitor 风险监测 (no verdict), recheck after 处置
    stage TEXT NOT NULL,                -- produce, trade, catering
    category TEXT NOT NULL,             -- place in the tree of foods
    food TEXT NOT NULL,                 -- name of the food
    party TEXT NOT NULL,                -- where it is sampled
    party_kind TEXT NOT NULL,
    site TEXT NOT NULL,
    division TEXT NOT NULL,
    lab TEXT NOT NULL,                  -- labs.id
    sampler1 TEXT NOT NULL,             -- users.id; two at least
    sampler2 TEXT NOT NULL,
    house1 TEXT NOT NULL,               -- bureau or business each belongs to
    house2 TEXT NOT NULL,
    producer TEXT NOT NULL,             -- parties.id of the producer named on it; '' not known here
    lot BIGINT,                         -- the lot that was sampled; NULL not tied
    trace_code TEXT NOT NULL,           -- scanned; '' none
    sheet TEXT NOT NULL,                -- JSON of the 抽样单; '{}' not filled yet
    sheet_hash TEXT NOT NULL,           -- SHA-256, a fact of the ledger
    taken_at BIGINT,                    -- ms UTC
    made TEXT NOT NULL,                 -- day that limits are looked up by: production, else purchase, else sampling
    received_at BIGINT,
    issued_at BIGINT,
    verdict TEXT NOT NULL,              -- conforms, fails, undecided, monitored; '' none yet
    grave BIGINT NOT NULL,              -- 1: may harm gravely
    served_at BIGINT,
    confirmed_at BIGINT,                -- 不合格确认
    recheck_lab TEXT NOT NULL,
    recheck_draw TEXT NOT NULL,         -- JSON of the draw; '' none
    finding TEXT NOT NULL,              -- opened when it was confirmed
    scope_certain BIGINT,               -- lots that came from the lot; NULL not looked up
    scope_possible BIGINT,              -- other lots of the same batch; NULL not looked up
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    flags TEXT NOT NULL,                -- ',a,b,'
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    simulated BIGINT NOT NULL,
    CONSTRAINT samples_sample_no UNIQUE (sample_no),
    CONSTRAINT samples_blind UNIQUE (blind),
    CONSTRAINT samples_two CHECK (sampler1 <> sampler2),
    CONSTRAINT samples_mode CHECK (mode IN ('inner', 'outer', 'quality')),
    CONSTRAINT samples_stage CHECK (stage IN ('produce', 'trade', 'catering'))
);
CREATE INDEX samples_division ON samples (division, opened_at);
CREATE INDEX samples_lab ON samples (lab, status);
CREATE INDEX samples_party ON samples (party, opened_at);
CREATE INDEX samples_sampler1 ON samples (sampler1, status);
CREATE INDEX samples_sampler2 ON samples (sampler2, status);
CREATE INDEX samples_quota ON samples (quota);

-- Photos and papers; never changed.
CREATE TABLE sample_media (
    id TEXT NOT NULL PRIMARY KEY,
    sample TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- door, licence, shelf, sample, label, seal, people, receipt, notice, other
    file TEXT NOT NULL,                 -- SHA-256
    media TEXT NOT NULL,
    size BIGINT NOT NULL,
    taken_at BIGINT,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    user_id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    CONSTRAINT sample_media_sample_kind_file UNIQUE (sample, kind, file)
);

-- 检样 and 备样, each with its seal and its own custody.
CREATE TABLE sample_parts (
    sample TEXT NOT NULL,
    part TEXT NOT NULL,                 -- test 检样, spare 备样
    seal TEXT NOT NULL,                 -- number of the seal
    amount TEXT NOT NULL,               -- decimal
    unit TEXT NOT NULL,
    PRIMARY KEY (sample, part),
    CONSTRAINT sample_parts_part CHECK (part IN ('test', 'spare'))
) WITHOUT ROWID;
CREATE UNIQUE INDEX sample_parts_seal ON sample_parts (seal);

-- Who had a part from when: the next begins where the one before ends. A hand-over that was offered and not taken over
-- changes nothing.
CREATE TABLE sample_hands (
    sample TEXT NOT NULL,
    part TEXT NOT NULL,
    no BIGINT NOT NULL,                 -- from 1, dense
    holder TEXT NOT NULL,               -- bureau or business (id) that has it
    holder_name TEXT NOT NULL,
    person TEXT NOT NULL,               -- users.id of who took it over
    person_name TEXT NOT NULL,
    giver TEXT NOT NULL,                -- users.id of who gave it; '' the first
    giver_name TEXT NOT NULL,
    from_at BIGINT NOT NULL,            -- taken over
    until_at BIGINT,                    -- NULL: still there
    temperature TEXT NOT NULL,          -- °C at the hand-over; '' not measured
    seal_whole BIGINT NOT NULL,         -- 1: the seal was whole
    note TEXT NOT NULL,
    hash TEXT NOT NULL,                 -- of the above and of the row before; a fact of the ledger
    PRIMARY KEY (sample, part, no)
) WITHOUT ROWID;

CREATE TABLE sample_offers (
    sample TEXT NOT NULL,
    part TEXT NOT NULL,
    giver TEXT NOT NULL,
    giver_name TEXT NOT NULL,
    receiver TEXT NOT NULL,             -- bureau or business that is to have it
    offered_at BIGINT NOT NULL,
    PRIMARY KEY (sample, part)
) WITHOUT ROWID;

-- Results as they were entered; each entry is a new revision, nothing is changed.
CREATE TABLE sample_results (
    sample TEXT NOT NULL,
    revision BIGINT NOT NULL,           -- from 1
    item TEXT NOT NULL,
    method TEXT NOT NULL,
    result TEXT NOT NULL,               -- as written
    unit TEXT NOT NULL,
    lod TEXT NOT NULL,                  -- decimal; '' not told
    entered_by TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (sample, revision, item)
) WITHOUT ROWID;

-- What came of them when the report was issued; frozen with the limit and the rule.
CREATE TABLE sample_verdicts (
    sample TEXT NOT NULL,
    no BIGINT NOT NULL,                 -- order of items
    item TEXT NOT NULL,
    judged TEXT NOT NULL,               -- JSON, see rules::judge::Judged
    outcome TEXT NOT NULL,
    decided_by TEXT NOT NULL,           -- user who decided an item that no rule decides; '' the rule
    decided_why TEXT NOT NULL,
    PRIMARY KEY (sample, no)
) WITHOUT ROWID;

-- Declared corrections of locked results: what stood stays, and both are shown.
CREATE TABLE sample_corrections (
    id TEXT NOT NULL PRIMARY KEY,
    sample TEXT NOT NULL,
    item TEXT NOT NULL,
    before_result TEXT NOT NULL,
    after_result TEXT NOT NULL,
    unit TEXT NOT NULL,
    judged TEXT NOT NULL,               -- JSON: the item under the limits that were frozen
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX sample_corrections_of ON sample_corrections (sample, at);

-- 核查处置: seven streams, two parties.
CREATE TABLE sample_streams (
    sample TEXT NOT NULL,
    side TEXT NOT NULL,                 -- trade 流通, producer 生产
    stream TEXT NOT NULL,               -- start, control, cause, penalty, mending, transfer, risk
    state TEXT NOT NULL,                -- filled, passed, returned
    form TEXT NOT NULL,                 -- JSON
    filled_by TEXT NOT NULL,
    filled_name TEXT NOT NULL,
    filled_at BIGINT NOT NULL,
    reviewed_by TEXT NOT NULL,
    reviewed_at BIGINT,
    reason TEXT NOT NULL,               -- 退回原因
    PRIMARY KEY (sample, side, stream),
    CONSTRAINT sample_streams_side CHECK (side IN ('trade', 'producer'))
) WITHOUT ROWID;

-- Published notices of others, taken in from their workbooks.
CREATE TABLE published_files (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    file TEXT NOT NULL,                 -- as it came
    division TEXT NOT NULL,             -- whose office took it in
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    samples BIGINT NOT NULL,
    items BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    rejected_file TEXT NOT NULL         -- rows that did not go in; '' none
);
CREATE TABLE published_samples (
    sample_no TEXT NOT NULL PRIMARY KEY,
    file_id TEXT NOT NULL,
    division TEXT NOT NULL,             -- of the office that took it in
    food TEXT NOT NULL,
    shop TEXT NOT NULL,
    producer TEXT NOT NULL,
    day TEXT NOT NULL,                  -- produced, else purchased; '' not known
    fails BIGINT NOT NULL,
    told TEXT NOT NULL                  -- JSON, see rules::workbook::Published
) WITHOUT ROWID;
CREATE INDEX published_samples_day ON published_samples (division, day);
