-- Items of plans computed before 0007: a job fills in what their list is searched and sorted by. The index is empty once it has.
CREATE INDEX plan_items_lacking ON plan_items (plan, party) WHERE code = '';
