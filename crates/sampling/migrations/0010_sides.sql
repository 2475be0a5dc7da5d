-- 核查处置: who has which stream, what was attached to it, and that the producer was told.

-- Streams that were given to a bureau; one without a row is the bureau's that sampled.
CREATE TABLE sample_stream_given (
    sample TEXT NOT NULL,
    side TEXT NOT NULL,                 -- trade 流通, producer 生产
    stream TEXT NOT NULL,
    division TEXT NOT NULL,             -- place whose people fill it in and pass it
    bureau TEXT NOT NULL,               -- its name on that day
    given_at BIGINT NOT NULL,           -- ms UTC
    given_name TEXT NOT NULL,           -- who gave it; '' the house
    PRIMARY KEY (sample, side, stream),
    CONSTRAINT sample_stream_given_side CHECK (side IN ('trade', 'producer'))
) WITHOUT ROWID;
CREATE INDEX sample_stream_given_division ON sample_stream_given (division, sample);

-- Photos and papers of a stream; never changed.
CREATE TABLE sample_stream_files (
    id TEXT NOT NULL PRIMARY KEY,
    sample TEXT NOT NULL,
    side TEXT NOT NULL,
    stream TEXT NOT NULL,
    name TEXT NOT NULL,                 -- as who handed it in calls it
    file TEXT NOT NULL,                 -- SHA-256
    media TEXT NOT NULL,
    size BIGINT NOT NULL,               -- bytes
    user_name TEXT NOT NULL,
    at BIGINT NOT NULL,                 -- ms UTC
    CONSTRAINT sample_stream_files_once UNIQUE (sample, side, stream, file)
);

ALTER TABLE samples ADD COLUMN producer_told_at BIGINT;     -- the producer named on it was sent its notice; NULL not yet
CREATE INDEX samples_producer ON samples (producer, producer_told_at);

-- What a conclusion brings with it when its case may have ended already (令15号第二十六条、第三十五条).
CREATE TABLE sample_duties (
    sample TEXT NOT NULL,
    code TEXT NOT NULL,                 -- tell_pass 合格结论报送, tell_recheck 通报复检结论
    began_at BIGINT NOT NULL,           -- ms UTC
    last_day TEXT NOT NULL,             -- in China, 2026-03-01
    late_from BIGINT NOT NULL,          -- ms UTC, the first moment too late
    done_at BIGINT,                     -- NULL: not yet
    done_name TEXT NOT NULL,
    told_to TEXT NOT NULL,              -- to whom
    late_said BIGINT NOT NULL,          -- 1: the leaders were told that it is late
    PRIMARY KEY (sample, code)
) WITHOUT ROWID;
CREATE INDEX sample_duties_late ON sample_duties (late_said, late_from);
