-- Platforms of delivery and shopping to which the signed feed is pushed, and every delivery to each.

CREATE TABLE credit_platforms (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    name TEXT NOT NULL,
    dest TEXT NOT NULL,                 -- https address that takes deliveries
    token TEXT NOT NULL,                -- sealed; signs deliveries for the receiver; '' none
    division TEXT NOT NULL,             -- it receives what lies below this
    state TEXT NOT NULL,                -- active, paused
    note TEXT NOT NULL,                 -- why the last attempt failed, or why it is paused; '' none
    cursor BIGINT NOT NULL,             -- credit_feed.no up to which it acknowledged, or nothing was for it
    seq BIGINT NOT NULL,                -- deliveries acknowledged
    pending BIGINT,                     -- where the delivery under way ends, written before it is sent; NULL none
    failures BIGINT NOT NULL,           -- in a row
    due_at BIGINT NOT NULL,             -- not looked at before, ms UTC
    delivered_at BIGINT,                -- last acknowledgement; NULL none yet
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,           -- name shown to people
    CONSTRAINT credit_platforms_state CHECK (state IN ('active', 'paused')),
    CONSTRAINT credit_platforms_name UNIQUE (division, name)
);
CREATE INDEX credit_platforms_due ON credit_platforms (state, due_at);

-- A delivery: the same part of the feed each time it is tried, until it is acknowledged.
CREATE TABLE credit_deliveries (
    platform TEXT NOT NULL,
    seq BIGINT NOT NULL,                -- from 1, dense
    after_no BIGINT NOT NULL,           -- lines after this number of the feed
    upto BIGINT NOT NULL,               -- up to this
    lines BIGINT NOT NULL,              -- how many
    attempts BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,            -- last attempt
    error TEXT NOT NULL,                -- of the last attempt; '' it was acknowledged
    acknowledged_at BIGINT,             -- NULL: not yet
    PRIMARY KEY (platform, seq),
    CONSTRAINT credit_deliveries_of FOREIGN KEY (platform) REFERENCES credit_platforms (id)
);
