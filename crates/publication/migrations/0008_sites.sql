-- Where it was: the place of a sample that was taken, for maps. NULL: that of the business.
ALTER TABLE publication_items ADD COLUMN lon DOUBLE PRECISION;
ALTER TABLE publication_items ADD COLUMN lat DOUBLE PRECISION;
