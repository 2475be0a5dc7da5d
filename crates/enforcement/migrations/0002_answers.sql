-- What a business hands in with its answer (陈述申辩、要求听证、申请延期、报告缴款的材料). The bureau sees a piece once an answer names it.
ALTER TABLE enforcement_evidence ADD COLUMN by_party BIGINT NOT NULL DEFAULT 0; -- 1: handed in by the business itself
ALTER TABLE enforcement_evidence ADD COLUMN sent_at BIGINT;                     -- of those: when its answer named it, ms UTC; NULL not yet
