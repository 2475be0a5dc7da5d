-- Changes of plans after they were made, and proposals of targeted sampling (靶向抽检建议).

-- A change of a plan: one version, with why and by whom; the plan as it was made is version 0.
CREATE TABLE sample_plan_versions (
    plan TEXT NOT NULL,
    no BIGINT NOT NULL,                 -- from 1, dense
    reason TEXT NOT NULL,
    target TEXT NOT NULL,               -- sample_targets.id that it came from; '' none
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    at BIGINT NOT NULL,                 -- ms UTC
    PRIMARY KEY (plan, no),
    CONSTRAINT sample_plan_versions_of FOREIGN KEY (plan) REFERENCES sample_plans (id)
) WITHOUT ROWID;

-- What it changed; the cell before and after as JSON.
CREATE TABLE sample_plan_changes (
    plan TEXT NOT NULL,
    no BIGINT NOT NULL,
    line BIGINT NOT NULL,               -- from 1
    cell TEXT NOT NULL,                 -- sample_quotas.id, also of one that is no more
    action TEXT NOT NULL,               -- add, change, remove
    before_cell TEXT NOT NULL,          -- '' of one that was added
    after_cell TEXT NOT NULL,           -- '' of one that was removed
    PRIMARY KEY (plan, no, line),
    CONSTRAINT sample_plan_changes_action CHECK (action IN ('add', 'change', 'remove'))
) WITHOUT ROWID;

-- A proposal: sample this food, for this item, at this stage, in this county, more than is planned. Computed, never an order: somebody
-- takes it or declines it, with why.
CREATE TABLE sample_targets (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    place TEXT NOT NULL,                -- county, 6 digits
    category TEXT NOT NULL,             -- place in the tree of foods
    stage TEXT NOT NULL,                -- produce, trade, catering
    item TEXT NOT NULL,                 -- 检验项目
    points BIGINT NOT NULL,
    batches BIGINT NOT NULL,            -- proposed
    why TEXT NOT NULL,                  -- JSON: the points one by one, with their facts and rules
    sites TEXT NOT NULL,                -- JSON: businesses to begin with, each with its points
    rules TEXT NOT NULL,                -- SHA-256 of the rules that it was computed by
    state TEXT NOT NULL,                -- open, taken, declined, lapsed (the reasons are gone)
    made_at BIGINT NOT NULL,            -- first proposed, ms UTC
    computed_at BIGINT NOT NULL,        -- last computed
    decided_at BIGINT,
    decided_by TEXT NOT NULL,           -- name shown to people
    reason TEXT NOT NULL,               -- why it was taken or declined
    plan TEXT NOT NULL,                 -- taken into the plan; '' not
    cell TEXT NOT NULL,                 -- cell that holds it
    sample TEXT NOT NULL,               -- taken as a task: samples.id; '' not
    simulated BIGINT NOT NULL,
    CONSTRAINT sample_targets_state CHECK (state IN ('open', 'taken', 'declined', 'lapsed'))
);
CREATE INDEX sample_targets_place ON sample_targets (place, state);
CREATE UNIQUE INDEX sample_targets_open ON sample_targets (place, category, stage, item) WHERE state = 'open';
