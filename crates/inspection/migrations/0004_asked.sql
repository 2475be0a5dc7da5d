-- Visits that another room asks for: the on-site check of an application, of a licence after the grant.
ALTER TABLE visits ADD COLUMN about TEXT NOT NULL DEFAULT '';      -- the case that asked for it; '' none
ALTER TABLE visits ADD COLUMN counts BIGINT NOT NULL DEFAULT 1;    -- 1: a supervision visit; 0: it counts in no plan and no draw
CREATE INDEX visits_about ON visits (about) WHERE about <> '';
