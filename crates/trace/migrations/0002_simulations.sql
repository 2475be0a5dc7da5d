-- Worlds that the simulator put into this database; at most one. A load that broke off is taken up again from here.
CREATE TABLE simulations (
    id TEXT NOT NULL PRIMARY KEY,
    profile TEXT NOT NULL,              -- puyang, hebei, fujian
    scale DOUBLE PRECISION NOT NULL,    -- share of the published figures
    seed BIGINT NOT NULL,
    days BIGINT NOT NULL,
    first_day TEXT NOT NULL,            -- civil day in China
    first_event BIGINT NOT NULL,        -- number its first event has
    first_lot BIGINT NOT NULL,
    parties BIGINT NOT NULL,            -- loaded so far
    products BIGINT NOT NULL,
    events BIGINT NOT NULL,
    started_at BIGINT NOT NULL,         -- ms UTC
    done_at BIGINT,                     -- NULL: not whole yet
    CONSTRAINT simulations_seed UNIQUE (profile, seed)
);
