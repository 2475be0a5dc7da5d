-- The latest time of recording given out: a clock that goes back, or two servers whose clocks differ, never make an
-- event look older than the one before it.
ALTER TABLE trace_numbers ADD COLUMN recorded_at BIGINT NOT NULL DEFAULT 0;
UPDATE trace_numbers SET recorded_at = COALESCE((SELECT max(recorded_at) FROM events), 0);
