-- What is on hand in a division, by state and last day: figures of the first page, and lists of what expires.
CREATE INDEX stock_division ON stock (division, state, expires) WHERE on_hand > 0;
