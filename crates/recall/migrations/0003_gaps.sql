-- A holder is done when its sums close, or what is missing was explained and an officer accepted that.
ALTER TABLE recall_lines ADD COLUMN accepted BIGINT;  -- the amount unaccounted that an officer accepted; NULL none; it lapses when another amount is missing
-- who counted as done with amounts unaccounted is not
UPDATE recall_tasks SET state = 'reported'
    WHERE state = 'settled' AND EXISTS (SELECT 1 FROM recall_lines l WHERE l.recall = recall_tasks.recall AND l.party = recall_tasks.party
        AND l.due - l.on_hand - l.sold - l.destroyed - l.remedied - l.returned > 0);
