-- Named EPCIS queries and their subscriptions. Each belongs to the person who made it and reaches as far as that person
-- does at the moment of each answer.

CREATE TABLE epcis_queries (
    owner TEXT NOT NULL,                -- user id
    name TEXT NOT NULL,
    params TEXT NOT NULL,               -- JSON: parameter to list of texts
    created_at BIGINT NOT NULL,         -- ms UTC
    PRIMARY KEY (owner, name)
) WITHOUT ROWID;

CREATE TABLE epcis_subscriptions (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    query TEXT NOT NULL,                -- name of the query
    division TEXT NOT NULL,             -- where its owner belongs, for the audit
    dest TEXT NOT NULL,                 -- http(s) address of the receiver
    token TEXT NOT NULL,                -- signatureToken, sealed; empty where there is none
    schedule TEXT NOT NULL,             -- JSON; empty: stream
    report_if_empty BIGINT NOT NULL,
    initial_at BIGINT,                  -- initialRecordTime, ms UTC
    created_at BIGINT NOT NULL,
    state TEXT NOT NULL,                -- active, paused
    note TEXT NOT NULL,                 -- why it is paused, or the last failure; Chinese
    cursor BIGINT NOT NULL,             -- events up to this number were acknowledged
    seq BIGINT NOT NULL,                -- deliveries acknowledged
    pending BIGINT,                     -- last event number of the delivery under way
    failures BIGINT NOT NULL,           -- in a row
    due_at BIGINT NOT NULL,             -- not before this, ms UTC
    delivered_at BIGINT,                -- last acknowledgement, ms UTC
    CONSTRAINT epcis_subscriptions_state CHECK (state IN ('active', 'paused'))
);
CREATE INDEX epcis_subscriptions_due ON epcis_subscriptions (state, due_at);
CREATE INDEX epcis_subscriptions_owner ON epcis_subscriptions (owner, query);

-- Deliveries that were acknowledged: where each ended, so that a receiver that lost some can go back.
CREATE TABLE epcis_deliveries (
    subscription TEXT NOT NULL,
    seq BIGINT NOT NULL,
    upto BIGINT NOT NULL,               -- last event number it covered
    events BIGINT NOT NULL,
    at BIGINT NOT NULL,                 -- ms UTC
    PRIMARY KEY (subscription, seq)
) WITHOUT ROWID;
