-- The number of the last item; its lock makes numbers commit in their order.
CREATE TABLE publication_counter (
    id BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL,
    CONSTRAINT publication_counter_one CHECK (id = 1)
);
INSERT INTO publication_counter (id, last) SELECT 1, coalesce(max(no), 0) FROM publication_items;
