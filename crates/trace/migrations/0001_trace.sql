-- 一品一码: products, lots, and the events that made and moved them.
-- Events, lots and inputs are append-only. On PostgreSQL they are partitioned by their dense number; a new partition
-- is cut at the number reached when a month ends, so a number tells its partition and a month is one partition.

CREATE TABLE products (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,                -- the business that keeps this record
    division TEXT NOT NULL,             -- that business's division, for jurisdiction
    gtin TEXT,                          -- 14 digits, left-padded; NULL where there is no barcode
    own_code TEXT NOT NULL,             -- the business's own number for it
    name TEXT NOT NULL,
    brand TEXT NOT NULL,
    category TEXT NOT NULL,             -- food category (32 大类) or agricultural code
    spec TEXT NOT NULL,                 -- 规格 as printed: 500g/袋
    unit TEXT NOT NULL,                 -- base unit it is counted in: g, ml, pc
    pack_size BIGINT,                   -- base units in one sales pack, NULL where sold loose
    shelf_days BIGINT,                  -- 保质期 in days, NULL where none is stated
    standard TEXT NOT NULL,             -- 执行标准
    storage TEXT NOT NULL,              -- 贮存条件
    producer TEXT NOT NULL,             -- 生产者 as printed
    producer_party TEXT,                -- the same as a business known here
    licence TEXT NOT NULL,              -- SC number printed on it, empty for farm produce
    status TEXT NOT NULL,               -- active, withdrawn
    search TEXT NOT NULL,               -- normalised name, brand, codes, pinyin
    simulated BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT products_party_own_code UNIQUE (party, own_code),
    CONSTRAINT products_gtin UNIQUE (gtin),
    CONSTRAINT products_unit CHECK (unit IN ('g', 'ml', 'pc')),
    CONSTRAINT products_status CHECK (status IN ('active', 'withdrawn'))
);
CREATE INDEX products_division ON products (division, id);

-- Qualifications, labels, pictures and reports of a product or of one lot.
CREATE TABLE trace_files (
    id TEXT NOT NULL PRIMARY KEY,
    product TEXT NOT NULL,
    lot BIGINT,                         -- NULL: holds for the product
    kind TEXT NOT NULL,                 -- licence, label, picture, test_report, certificate
    title TEXT NOT NULL,
    hash TEXT NOT NULL,                 -- SHA-256, name in the file store
    media TEXT NOT NULL,
    size BIGINT NOT NULL,               -- bytes
    conclusion TEXT NOT NULL,           -- of a report: pass, fail, or empty
    number TEXT NOT NULL,               -- report or certificate number
    issued TEXT NOT NULL,               -- day, may be empty
    public BIGINT NOT NULL,             -- 1: shown on the scan page
    created_at BIGINT NOT NULL,
    CONSTRAINT trace_files_kind CHECK (kind IN ('licence', 'label', 'picture', 'test_report', 'certificate'))
);
CREATE INDEX trace_files_product ON trace_files (product, lot);

-- The numbers reached. One row; whoever appends holds it until the commit, so numbers are dense and in commit order.
CREATE TABLE trace_numbers (
    id BIGINT NOT NULL PRIMARY KEY,
    event BIGINT NOT NULL,
    lot BIGINT NOT NULL,
    CONSTRAINT trace_numbers_one CHECK (id = 1)
);
INSERT INTO trace_numbers (id, event, lot) VALUES (1, 0, 0);

CREATE TABLE events (
    no BIGINT NOT NULL PRIMARY KEY,     -- dense, in commit order, from 1
    id TEXT NOT NULL,                   -- the event's public id
    kind TEXT NOT NULL,                 -- harvest, produce, pack, unpack, ship, receive, refuse, return, sell, loss, destroy, stocktake, observe, opening
    party TEXT NOT NULL,                -- whose act it is
    division TEXT NOT NULL,             -- where that business lies
    counterpart TEXT,                   -- the other business of a transfer
    counterpart_division TEXT,
    counterpart_name TEXT NOT NULL,     -- the other side where it is not known here
    at TEXT NOT NULL,                   -- business date, may be partial (2012, 2012-11) or empty: unknown
    at_ms BIGINT,                       -- the moment, where it is known; ms UTC
    recorded_at BIGINT NOT NULL,        -- ms UTC
    actor TEXT NOT NULL,                -- user who recorded it; empty for imports by command
    channel TEXT NOT NULL,              -- form, xlsx, api, epcis, network, simulator
    batch TEXT NOT NULL,                -- the capture it came with
    doc_no TEXT NOT NULL,               -- delivery note or other paper, groups the lines of one document
    first_lot BIGINT NOT NULL,          -- its lots are first_lot .. first_lot + lots - 1
    lots BIGINT NOT NULL,
    difference BIGINT,                  -- shipped less accepted, or booked less counted; base units
    reason TEXT NOT NULL,               -- of a refusal, loss, destruction, difference
    declared BIGINT NOT NULL,           -- 1: history declared by its importer, outside the stock checks
    doc TEXT,                           -- what else the source said, JSON (an EPCIS event as it came)
    simulated BIGINT NOT NULL
) PARTITION BY RANGE (no);
--postgres CREATE TABLE events_open PARTITION OF events DEFAULT;
CREATE INDEX events_party ON events (party, kind, no);
CREATE INDEX events_counterpart ON events (counterpart, kind, no);
CREATE INDEX events_doc ON events (party, doc_no);
CREATE INDEX events_id ON events (id);

CREATE TABLE lots (
    no BIGINT NOT NULL PRIMARY KEY,     -- dense, from 1
    event BIGINT NOT NULL,              -- the one event that made it
    product TEXT NOT NULL,
    holder TEXT NOT NULL,               -- business it came to be at (for goods on the way: the receiver)
    division TEXT NOT NULL,             -- where that business lies
    state TEXT NOT NULL,                -- stock, transit
    origin BIGINT NOT NULL,             -- the lot that its batch began with; moves keep it, making a product sets it anew
    batch TEXT NOT NULL,                -- 批号 as printed
    made TEXT NOT NULL,                 -- 生产日期, may be partial or empty
    expires TEXT NOT NULL,              -- last day it may be eaten; empty where none is stated
    amount BIGINT,                      -- base units; NULL unknown
    unit TEXT NOT NULL,
    inspector TEXT NOT NULL             -- who let it out of the door, for lots that were made
) PARTITION BY RANGE (no);
--postgres CREATE TABLE lots_open PARTITION OF lots DEFAULT;
CREATE INDEX lots_holder ON lots (holder, no);
CREATE INDEX lots_product ON lots (product, batch);
CREATE INDEX lots_origin ON lots (origin);
CREATE INDEX lots_event ON lots (event);

CREATE TABLE inputs (
    event BIGINT NOT NULL,              -- every input of an event went into every lot it made
    lot BIGINT NOT NULL,
    amount BIGINT,                      -- base units of the lot; NULL unknown
    PRIMARY KEY (event, lot)
) WITHOUT ROWID PARTITION BY RANGE (event);
--postgres CREATE TABLE inputs_open PARTITION OF inputs DEFAULT;
CREATE INDEX inputs_lot ON inputs (lot, event);

-- What is on hand: a projection of lots and inputs, checked against their fold in tests.
CREATE TABLE stock (
    lot BIGINT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    division TEXT NOT NULL,
    product TEXT NOT NULL,
    state TEXT NOT NULL,                -- stock, transit
    expires TEXT NOT NULL,
    on_hand BIGINT NOT NULL,            -- base units
    CONSTRAINT stock_not_negative CHECK (on_hand >= 0)
);
CREATE INDEX stock_holder ON stock (holder, state, product) WHERE on_hand > 0;
CREATE INDEX stock_product ON stock (product) WHERE on_hand > 0;

-- One item of a capture by the client's own key, so that a repeat is answered with the first event.
CREATE TABLE capture_keys (
    party TEXT NOT NULL,
    client_key TEXT NOT NULL,
    event BIGINT NOT NULL,
    PRIMARY KEY (party, client_key)
) WITHOUT ROWID;

-- A declaration that an event was recorded in error; the event itself stays as it is.
CREATE TABLE corrections (
    event BIGINT NOT NULL PRIMARY KEY,  -- the event declared wrong
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,                 -- ms UTC
    replaced_by BIGINT                  -- event that says what was meant, if any
);

-- Trace codes: one per product and batch.
CREATE TABLE trace_codes (
    code TEXT NOT NULL PRIMARY KEY,
    lot BIGINT NOT NULL,                -- the lot that the batch began with
    party TEXT NOT NULL,                -- who made the code
    division TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    printed BIGINT NOT NULL,            -- labels printed
    voided_at BIGINT,
    void_reason TEXT NOT NULL,
    CONSTRAINT trace_codes_lot UNIQUE (lot)
);

-- Item and class identifiers of EPCIS documents: the latest lot each stands for.
CREATE TABLE epcs (
    epc TEXT NOT NULL PRIMARY KEY,      -- normal key of the identifier
    lot BIGINT NOT NULL
);
CREATE INDEX epcs_lot ON epcs (lot);
