-- The list of a plan is searched by name and code, and sorted by what is due next. A plan of before has them once it is computed again.
ALTER TABLE plan_items ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_items ADD COLUMN code TEXT NOT NULL DEFAULT '';    -- platform code
ALTER TABLE plan_items ADD COLUMN next_due BIGINT;                  -- first moment at which the next visit is late, ms UTC; NULL: nothing more is asked
ALTER TABLE plan_items ADD COLUMN last_at BIGINT;                   -- last recorded visit, of any year; NULL: none known
CREATE INDEX plan_items_due ON plan_items (plan, COALESCE(next_due, 9000000000000));
