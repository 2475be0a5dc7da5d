-- Who declared an event wrong, by name as it was then; and the way from the right event back to the wrong one.
ALTER TABLE corrections ADD COLUMN actor_name TEXT NOT NULL DEFAULT '';
CREATE INDEX corrections_replaced_by ON corrections (replaced_by);
CREATE INDEX corrections_at ON corrections (at);
