-- A third kind of notice: a confirmed test result that failed, shown before anybody orders a recall and apart from one. The check on kinds
-- is part of the table, so the table is written anew.

ALTER TABLE withdrawals RENAME TO withdrawals_before;
DROP INDEX withdrawals_product;
DROP INDEX withdrawals_division;
DROP INDEX withdrawals_standing;
CREATE TABLE withdrawals (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    kind TEXT NOT NULL,                 -- recall 召回: shown with what to do; failure 检验不合格: the same, and nobody has ordered a recall;
                                        -- withdrawal 撤下公示: the pages are not shown
    product TEXT NOT NULL,              -- the product it is about
    batch TEXT NOT NULL,                -- only this batch number of it; '' every batch
    lot BIGINT,                         -- only the batch that began with this lot; NULL: not so narrow
    party TEXT NOT NULL,                -- business that keeps the product
    division TEXT NOT NULL,             -- where it lies, for jurisdiction
    grade BIGINT,                       -- 召回级别 1, 2 or 3 (食品召回管理办法); NULL not graded, or no recall
    reason TEXT NOT NULL,               -- what is wrong, for the public
    advice TEXT NOT NULL,               -- what to do; '' the usual advice
    issuer TEXT NOT NULL,               -- authority or business that gave it out
    since BIGINT NOT NULL,              -- ms UTC
    until BIGINT,                       -- ms UTC, shown up to then; NULL until it is lifted
    author TEXT NOT NULL,               -- user who set it
    lifted_at BIGINT,                   -- ms UTC
    lifted_by TEXT NOT NULL,            -- user, '' as long as it stands
    lift_reason TEXT NOT NULL,
    CONSTRAINT withdrawals_kinds CHECK (kind IN ('recall', 'failure', 'withdrawal')),
    CONSTRAINT withdrawals_grades CHECK (grade IS NULL OR grade IN (1, 2, 3))
);
INSERT INTO withdrawals (id, kind, product, batch, lot, party, division, grade, reason, advice, issuer, since, until, author,
        lifted_at, lifted_by, lift_reason)
    SELECT id, kind, product, batch, lot, party, division, grade, reason, advice, issuer, since, until, author, lifted_at,
        lifted_by, lift_reason
    FROM withdrawals_before;
DROP TABLE withdrawals_before;
CREATE INDEX withdrawals_product ON withdrawals (product, since);
CREATE INDEX withdrawals_division ON withdrawals (division, since);
CREATE INDEX withdrawals_standing ON withdrawals (since) WHERE lifted_at IS NULL;
