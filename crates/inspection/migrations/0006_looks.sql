-- What a photo looks like (dHash in four parts, see findings), and where it was shown before.
ALTER TABLE visit_photos ADD COLUMN look0 BIGINT;                       -- sixteen bits each; NULL: no picture, a signature, or too flat
ALTER TABLE visit_photos ADD COLUMN look1 BIGINT;
ALTER TABLE visit_photos ADD COLUMN look2 BIGINT;
ALTER TABLE visit_photos ADD COLUMN look3 BIGINT;
ALTER TABLE visit_photos ADD COLUMN reused TEXT NOT NULL DEFAULT '';    -- visit:ID, finding:ID; '' nowhere
CREATE INDEX visit_photos_look0 ON visit_photos (look0) WHERE look0 IS NOT NULL;
CREATE INDEX visit_photos_look1 ON visit_photos (look1) WHERE look1 IS NOT NULL;
CREATE INDEX visit_photos_look2 ON visit_photos (look2) WHERE look2 IS NOT NULL;
CREATE INDEX visit_photos_look3 ON visit_photos (look3) WHERE look3 IS NOT NULL;
