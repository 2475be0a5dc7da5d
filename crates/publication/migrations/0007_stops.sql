-- How often recalls, failed results and withdrawals were set or lifted. Every server looks here before it shows a page that it kept, so
-- that none shows food as good after another has written down that it is not.
CREATE TABLE publication_stops (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    CONSTRAINT publication_stops_one CHECK (id = 1)
);
INSERT INTO publication_stops (id, version) VALUES (1, 0);
