-- Rapid tests (快检): where they are made, with which devices and cards, what came of them, and what was refused.

-- 快检点: a market's own room, a bureau's van, a school kitchen.
CREATE TABLE rapid_points (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,                 -- in addresses and topics; ten letters and digits
    name TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- market, bureau, school, business
    party TEXT NOT NULL,                -- parties.id of whose point it is; '' a bureau's
    bureau TEXT NOT NULL,               -- bureaus.id; '' a business's
    division TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,                -- active, ended
    simulated BIGINT NOT NULL,
    made_at BIGINT NOT NULL,            -- ms UTC
    made_by TEXT NOT NULL,
    CONSTRAINT rapid_points_code UNIQUE (code),
    CONSTRAINT rapid_points_kind CHECK (kind IN ('market', 'bureau', 'school', 'business')),
    CONSTRAINT rapid_points_one CHECK ((party = '') <> (bureau = ''))
);
CREATE INDEX rapid_points_division ON rapid_points (division);
CREATE INDEX rapid_points_party ON rapid_points (party);

-- A device signs what it sends with its own key, for its own point alone.
CREATE TABLE rapid_devices (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,                 -- in topics
    point TEXT NOT NULL,                -- rapid_points.id; never changes
    name TEXT NOT NULL,
    model TEXT NOT NULL,
    serial_no TEXT NOT NULL,            -- 出厂编号
    secret TEXT NOT NULL,               -- 32 bytes, sealed by the vault; '' withdrawn
    state TEXT NOT NULL,                -- active, withdrawn
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    seen_at BIGINT,                     -- last message that was taken; NULL never
    CONSTRAINT rapid_devices_code UNIQUE (code)
);
CREATE INDEX rapid_devices_point ON rapid_devices (point);

-- Cards and reagents as a point first used them: the last day of a batch is said once, so that nobody types it later.
CREATE TABLE rapid_cards (
    point TEXT NOT NULL,
    maker TEXT NOT NULL,
    batch TEXT NOT NULL,                -- 批号
    item TEXT NOT NULL,
    expires TEXT NOT NULL,              -- last day, 2026-03-01
    first_at BIGINT NOT NULL,
    PRIMARY KEY (point, maker, batch, item)
) WITHOUT ROWID;

CREATE TABLE rapid_tests (
    id TEXT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,               -- 快检编号 KJ2641090200000001
    point TEXT NOT NULL,
    division TEXT NOT NULL,             -- of the point
    party TEXT NOT NULL,                -- parties.id of who was tested; '' not on the platform
    stall TEXT NOT NULL,                -- 摊位号
    vendor TEXT NOT NULL,               -- name as it was said; masked where it is a person's
    food TEXT NOT NULL,
    goods TEXT NOT NULL,                -- farm 食用农产品, other
    product TEXT NOT NULL,              -- products.id; '' not known
    lot BIGINT,                         -- NULL: not tied to a lot
    trace_code TEXT NOT NULL,           -- scanned; '' none
    source_place TEXT NOT NULL,         -- 产地或进货来源
    item TEXT NOT NULL,
    method TEXT NOT NULL,
    device TEXT NOT NULL,               -- rapid_devices.id; '' by eye
    card_maker TEXT NOT NULL,
    card_batch TEXT NOT NULL,
    card_expires TEXT NOT NULL,
    result TEXT NOT NULL,               -- negative, positive, suspect, invalid
    value TEXT NOT NULL,                -- as read, decimal or text; '' none
    unit TEXT NOT NULL,
    tester TEXT NOT NULL,               -- users.id; '' a device by itself
    tester_name TEXT NOT NULL,
    official BIGINT NOT NULL,           -- 1: 监管部门抽查; 0: the market's or school's own
    tested_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    channel TEXT NOT NULL,              -- form, http, device
    client_key TEXT NOT NULL,           -- of the sender; a repeat goes in once
    again TEXT NOT NULL,                -- rapid_tests.id of which this is the second test; '' none
    case_id TEXT NOT NULL,              -- case of the positive; '' none
    hash TEXT NOT NULL,                 -- of what was said; a fact of the ledger
    simulated BIGINT NOT NULL,
    CONSTRAINT rapid_tests_number UNIQUE (number),
    CONSTRAINT rapid_tests_point_client_key UNIQUE (point, client_key),
    CONSTRAINT rapid_tests_result CHECK (result IN ('negative', 'positive', 'suspect', 'invalid')),
    CONSTRAINT rapid_tests_goods CHECK (goods IN ('farm', 'other'))
);
CREATE INDEX rapid_tests_division ON rapid_tests (division, tested_at);
CREATE INDEX rapid_tests_point ON rapid_tests (point, tested_at);
CREATE INDEX rapid_tests_party ON rapid_tests (party, tested_at);
CREATE INDEX rapid_tests_case ON rapid_tests (case_id);

-- The course of each positive, following the log of its case of the kind `rapid`.
CREATE TABLE rapid_positives (
    id TEXT NOT NULL PRIMARY KEY,       -- of the case
    test TEXT NOT NULL,                 -- rapid_tests.id of the first
    number TEXT NOT NULL,
    point TEXT NOT NULL,
    division TEXT NOT NULL,
    party TEXT NOT NULL,                -- whom the case is about
    goods TEXT NOT NULL,
    official BIGINT NOT NULL,
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    flags TEXT NOT NULL,                -- ',a,b,'
    retest_due BIGINT,                  -- ms UTC; NULL not running
    sample TEXT NOT NULL,               -- samples.id of the statutory test; '' none
    finding TEXT NOT NULL,              -- findings.id; '' none
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    simulated BIGINT NOT NULL
);
CREATE INDEX rapid_positives_division ON rapid_positives (division, opened_at);
CREATE INDEX rapid_positives_sample ON rapid_positives (sample);

-- Messages of devices that did not go in, and why. Bounded: the same fault of the same sender on a day is one row that counts.
CREATE TABLE rapid_refused (
    id TEXT NOT NULL PRIMARY KEY,
    day TEXT NOT NULL,                  -- 2026-03-01, in China
    topic TEXT NOT NULL,                -- of a point that is known; '' another
    point TEXT NOT NULL,
    division TEXT NOT NULL,             -- of the point; '' not known
    code TEXT NOT NULL,
    message TEXT NOT NULL,              -- zh
    sent TEXT NOT NULL,                 -- beginning of the last one
    times BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    CONSTRAINT rapid_refused_day_topic_code UNIQUE (day, topic, code)
);
CREATE INDEX rapid_refused_division ON rapid_refused (division, last_at);
