-- Runs of variants that grade by the month (data/risk/variants.csv): how far each has come, so that one that was broken off goes on.

CREATE TABLE risk_runs (
    variant TEXT NOT NULL PRIMARY KEY,  -- data/risk/variants.csv
    run TEXT NOT NULL,                  -- 2026-03
    after_party TEXT NOT NULL,          -- it has come so far; '' it begins
    done_at BIGINT                      -- ms UTC; NULL: it goes on
);
