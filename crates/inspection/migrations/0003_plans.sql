-- Yearly plans (年度监督检查计划): how often each business is to be visited, and how far it has come.
CREATE TABLE plans (
    id TEXT NOT NULL PRIMARY KEY,
    year BIGINT NOT NULL,
    division TEXT NOT NULL,             -- prefix
    name TEXT NOT NULL,
    state TEXT NOT NULL,                -- computing, ready
    businesses BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    begun_at BIGINT NOT NULL,           -- ms UTC
    ready_at BIGINT,                    -- NULL: not yet
    CONSTRAINT plans_once UNIQUE (year, division),
    CONSTRAINT plans_state CHECK (state IN ('computing', 'ready'))
);

-- One business of a plan
CREATE TABLE plan_items (
    plan TEXT NOT NULL,
    party TEXT NOT NULL,
    division TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- 业态
    grade TEXT NOT NULL,                -- A to D; '' not graded
    priority BIGINT NOT NULL,           -- 1: 重点检查对象
    needed BIGINT NOT NULL,             -- visits in the year
    done BIGINT NOT NULL,               -- recorded in the year
    reason TEXT NOT NULL,               -- grade 风险等级, floor 两年全覆盖, priority 重点对象, none 本年不要求
    PRIMARY KEY (plan, party)
);
CREATE INDEX plan_items_place ON plan_items (plan, division, priority);

-- The same by county, for the progress of bureaus
CREATE TABLE plan_counts (
    plan TEXT NOT NULL,
    county TEXT NOT NULL,               -- 6 digits
    grade TEXT NOT NULL,                -- '' not graded
    businesses BIGINT NOT NULL,
    needed BIGINT NOT NULL,
    done BIGINT NOT NULL,               -- no more of a business than it needs
    PRIMARY KEY (plan, county, grade)
);
