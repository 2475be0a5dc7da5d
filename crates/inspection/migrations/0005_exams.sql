-- 监督抽考: people of a business who look after food safety, examined at a visit, with what they were asked and chose
CREATE TABLE visit_exams (
    visit TEXT NOT NULL,
    no BIGINT NOT NULL,                 -- of the paper, from 1
    post TEXT NOT NULL,                 -- director 食品安全总监, officer 食品安全员, head 主要负责人, other
    name TEXT NOT NULL,                 -- masked: 张*; the whole name stands nowhere
    bank TEXT NOT NULL,                 -- bank, version, stage and seed give the same paper again
    version BIGINT NOT NULL,
    stage TEXT NOT NULL,                -- production, sale, catering
    seed TEXT NOT NULL,
    asked BIGINT NOT NULL,              -- questions
    hits BIGINT NOT NULL,               -- answered as they should be
    score BIGINT NOT NULL,              -- of a hundred
    pass BIGINT NOT NULL,               -- from how many it was passed then
    started_at BIGINT NOT NULL,         -- by the device, ms UTC
    ended_at BIGINT NOT NULL,
    file TEXT NOT NULL,                 -- signature of the person (visit_photos.file); '' none
    finding TEXT NOT NULL,              -- what it opened; '' none
    content TEXT NOT NULL,              -- JSON: each question as it was asked, and what was chosen
    PRIMARY KEY (visit, no),
    CONSTRAINT visit_exams_of FOREIGN KEY (visit) REFERENCES visits (id),
    CONSTRAINT visit_exams_score CHECK (score BETWEEN 0 AND 100)
);
