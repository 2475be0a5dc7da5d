-- Grades are counted by county on the first page of every bureau: read in order from an index, not sorted each time.
ALTER TABLE risk_standing ADD COLUMN county TEXT NOT NULL DEFAULT '';
UPDATE risk_standing SET county = substr(division, 1, 6);
CREATE INDEX risk_standing_county ON risk_standing (county, grade, credit_grade, division);
-- lists of one trade, the worst first
CREATE INDEX risk_standing_kind ON risk_standing (kind, total, party);
