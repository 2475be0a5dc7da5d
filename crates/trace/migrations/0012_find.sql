-- Search hears of products by a number that grows with every change of any of them.

ALTER TABLE products ADD COLUMN seq BIGINT NOT NULL DEFAULT 0; -- number of the last change, from product_changes
UPDATE products SET seq = n.seq
    FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS seq FROM products) AS n WHERE n.id = products.id;
CREATE INDEX products_seq ON products (seq);

-- The number of the last change. One row; whoever changes a product holds it until the commit, so numbers are in commit
-- order and a reader that has seen one has seen all before it.
CREATE TABLE product_changes (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    CONSTRAINT product_changes_one CHECK (id = 1)
);
INSERT INTO product_changes (id, seq) SELECT 1, COUNT(*) FROM products;

-- Batches are looked for by the number on the pack; moves carry it on and are left out.
CREATE INDEX lots_batch ON lots (batch, no) WHERE origin = no;
