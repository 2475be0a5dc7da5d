-- Items that whoever ordered a sample wants tested, beside those of its plan: what the public chose (你点我检).
CREATE TABLE sample_asked (
    sample TEXT NOT NULL,
    no BIGINT NOT NULL,                 -- from 0, the most wanted first
    item TEXT NOT NULL,
    PRIMARY KEY (sample, no)
) WITHOUT ROWID;
