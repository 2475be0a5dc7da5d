-- 你点我检: campaigns, what may be chosen, ballots without a name, and the batches that came of them.

CREATE TABLE campaigns (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,                 -- in the address of its public page
    name TEXT NOT NULL,
    intro TEXT NOT NULL,
    division TEXT NOT NULL,             -- whose it is
    source TEXT NOT NULL,               -- 任务来源 of its samples: province, city, county
    from_day TEXT NOT NULL,             -- first day of choosing
    until_day TEXT NOT NULL,            -- last day of choosing
    batches BIGINT NOT NULL,            -- samples in all
    floor BIGINT NOT NULL,              -- of each county at least
    most BIGINT NOT NULL,               -- of one place at most
    state TEXT NOT NULL,                -- draft, open, closed (choosing is over), drawn, ended
    rules TEXT NOT NULL,                -- the rules as they were published, lines of text; '' draft
    rules_hash TEXT NOT NULL,           -- SHA-256 of them, hex; a fact of the ledger
    tally TEXT NOT NULL,                -- JSON of all counts when choosing ended; '' before
    tally_hash TEXT NOT NULL,           -- SHA-256, hex; a fact of the ledger
    draw TEXT NOT NULL,                 -- kit_draws.id; '' none
    summary TEXT NOT NULL,              -- what the bureau says at the end
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,         -- ms UTC
    opened_at BIGINT,
    closed_at BIGINT,
    ended_at BIGINT,
    simulated BIGINT NOT NULL,
    CONSTRAINT campaigns_code UNIQUE (code),
    CONSTRAINT campaigns_state CHECK (state IN ('draft', 'open', 'closed', 'drawn', 'ended')),
    CONSTRAINT campaigns_some CHECK (batches > 0 AND floor >= 0 AND most > 0)
);
CREATE INDEX campaigns_division ON campaigns (division, created_at);

-- What may be chosen; fixed when the campaign is published.
CREATE TABLE campaign_options (
    campaign TEXT NOT NULL,
    part TEXT NOT NULL,                 -- food, place, item, county
    code TEXT NOT NULL,                 -- F01, code of the business, I01, division
    no BIGINT NOT NULL,                 -- order on the page
    name TEXT NOT NULL,
    category TEXT NOT NULL,             -- foods: place in the tree of foods; '' others
    stage TEXT NOT NULL,                -- foods: produce, trade, catering; '' others
    PRIMARY KEY (campaign, part, code),
    CONSTRAINT campaign_options_part CHECK (part IN ('food', 'place', 'item', 'county'))
) WITHOUT ROWID;

-- A secret of each day: what a device is counted by cannot be found again once it is gone.
CREATE TABLE campaign_salts (
    campaign TEXT NOT NULL,
    day TEXT NOT NULL,                  -- of China; the row goes when the day is over
    salt TEXT NOT NULL,                 -- 32 bytes, hex
    PRIMARY KEY (campaign, day)
) WITHOUT ROWID;

CREATE TABLE campaign_ballots (
    id TEXT NOT NULL PRIMARY KEY,
    campaign TEXT NOT NULL,
    receipt TEXT NOT NULL,              -- SHA-256 of the code that the voter keeps
    day TEXT NOT NULL,
    county TEXT NOT NULL,
    foods TEXT NOT NULL,                -- ',F01,F02,'
    places TEXT NOT NULL,
    items TEXT NOT NULL,
    wish TEXT NOT NULL,                 -- in own words; '' none
    device TEXT NOT NULL,               -- hash with the salt of the day
    network TEXT NOT NULL,              -- hash with the salt of the day
    contact TEXT NOT NULL,              -- where the result is sent; '' nowhere, or it was sent
    at BIGINT NOT NULL,
    CONSTRAINT campaign_ballots_receipt UNIQUE (receipt)
);
CREATE INDEX campaign_ballots_device ON campaign_ballots (campaign, day, device);
CREATE INDEX campaign_ballots_network ON campaign_ballots (campaign, day, network);

-- Batches as they were drawn, and what became of each.
CREATE TABLE campaign_batches (
    campaign TEXT NOT NULL,
    no BIGINT NOT NULL,                 -- from 1, in the order of the draw
    food TEXT NOT NULL,
    county TEXT NOT NULL,
    party TEXT NOT NULL,                -- parties.id; '' no place was left
    place_code TEXT NOT NULL,
    place_name TEXT NOT NULL,
    officers TEXT NOT NULL,             -- user ids, apart by commas
    sample TEXT NOT NULL,               -- '' no task yet
    state TEXT NOT NULL,                -- open, planned, taken, testing, conforms, fails, none
    taken_at BIGINT,
    ended_at BIGINT,
    PRIMARY KEY (campaign, no),
    CONSTRAINT campaign_batches_state CHECK (state IN ('open', 'planned', 'taken', 'testing', 'conforms', 'fails', 'none'))
) WITHOUT ROWID;
CREATE INDEX campaign_batches_sample ON campaign_batches (sample);
CREATE INDEX campaign_batches_state ON campaign_batches (campaign, state, food);

-- Results on their way to those who left a number: an adapter of the bureau takes them.
CREATE TABLE campaign_letters (
    id TEXT NOT NULL PRIMARY KEY,
    campaign TEXT NOT NULL,
    contact TEXT NOT NULL,              -- '' once it was taken
    shown TEXT NOT NULL,                -- the contact, masked
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    taken_at BIGINT,
    taken_by TEXT NOT NULL
);
CREATE INDEX campaign_letters_of ON campaign_letters (campaign, at);
