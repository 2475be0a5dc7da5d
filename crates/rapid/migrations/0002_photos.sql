-- Photos of a test: the card as it was read, the display of the reader, the sample.
CREATE TABLE rapid_photos (
    id TEXT NOT NULL PRIMARY KEY,
    test TEXT NOT NULL,                 -- rapid_tests.id
    file TEXT NOT NULL,                 -- SHA-256 of the content, in the file store
    media TEXT NOT NULL,
    size BIGINT NOT NULL,               -- bytes
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    taken_at BIGINT,                    -- ms UTC by the device; NULL not said
    received_at BIGINT NOT NULL,
    in_app BIGINT NOT NULL,             -- 1: taken now, not chosen from an album
    doubts TEXT NOT NULL,               -- reused, clock, album, edited, with commas
    hash TEXT NOT NULL                  -- of what is fixed of it; a fact of the ledger
);
CREATE INDEX rapid_photos_test ON rapid_photos (test, received_at);
CREATE INDEX rapid_photos_file ON rapid_photos (file);

-- positives that still go on, by point
CREATE INDEX rapid_positives_point ON rapid_positives (point, closed_at);
