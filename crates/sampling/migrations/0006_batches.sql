-- Whether another sample of the same batch still fails when one is overturned.

ALTER TABLE samples ADD COLUMN batch_lot BIGINT;    -- the lot that the batch of a confirmed failure began with; NULL tied to none
CREATE INDEX samples_batch ON samples (batch_lot);
