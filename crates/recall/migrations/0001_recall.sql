-- Recalls, what is known of where the food is, what each holder reports, and drills. The course of a recall is its case
-- (kit-flow, kind `recall`, the same id); amounts are base units (g, ml, pieces); NULL is unknown.

CREATE TABLE recalls (
    id TEXT NOT NULL PRIMARY KEY,       -- the case
    number TEXT NOT NULL,               -- 召回〔2026〕3号
    code TEXT NOT NULL,                 -- of the public page, cannot be guessed before it is told
    mode TEXT NOT NULL,                 -- ordered 责令召回, voluntary 主动召回
    grade BIGINT NOT NULL,              -- 召回级别 1, 2, 3
    cause TEXT NOT NULL,                -- data/recall/causes.csv
    reason TEXT NOT NULL,               -- what is wrong, for the public
    source TEXT NOT NULL,               -- self, sample, rapid, investigation, complaint, inspection, other
    source_ref TEXT NOT NULL,           -- number or id there; '' none
    party TEXT NOT NULL,                -- who recalls: the producer of the batch
    division TEXT NOT NULL,             -- where that lies
    product TEXT NOT NULL,
    food TEXT NOT NULL,                 -- name of the product as it was then
    spec TEXT NOT NULL,
    batch TEXT NOT NULL,                -- 批号
    made TEXT NOT NULL,                 -- 生产日期, partial or ''
    unit TEXT NOT NULL,
    lot BIGINT NOT NULL,                -- the lot that the batch began with
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    late BIGINT NOT NULL,               -- 1: some deadline was missed
    opened_at BIGINT NOT NULL,
    ordered_at BIGINT,
    planned_at BIGINT,                  -- 启动: the plan was reported
    announced_at BIGINT,
    finished_at BIGINT,
    closed_at BIGINT,
    outcome TEXT NOT NULL,              -- '' goes on; closed, withdrawn, terminated, void
    notice TEXT NOT NULL,               -- publication.withdrawals.id that scan pages show; '' none
    wanted_at BIGINT,                   -- a scope and tasks were asked for
    event BIGINT,                       -- last event of the ledger that the scope saw
    scoped_at BIGINT,
    scope_micros BIGINT,                -- how long finding it took
    scope_hash TEXT NOT NULL,           -- SHA-256 over every line of the scope; '' none yet
    lots_certain BIGINT NOT NULL,
    lots_possible BIGINT NOT NULL,
    issued_at BIGINT,                   -- the last notice to a holder was issued
    simulated BIGINT NOT NULL,
    CONSTRAINT recalls_code UNIQUE (code)
);
CREATE INDEX recalls_division ON recalls (division, opened_at);
CREATE INDEX recalls_party ON recalls (party, opened_at);
CREATE INDEX recalls_lot ON recalls (lot);

-- Batches that the scope reached: the recalled one, others of its number, and what was made of them.
CREATE TABLE recall_batches (
    recall TEXT NOT NULL,
    origin BIGINT NOT NULL,             -- the lot that the batch began with
    certain BIGINT NOT NULL,            -- 1: came from the recalled batch; 0: from another of the same number
    seed BIGINT NOT NULL,               -- 1: began the walk
    product TEXT NOT NULL,
    food TEXT NOT NULL,
    batch TEXT NOT NULL,
    unit TEXT NOT NULL,
    produced BIGINT,                    -- amount it began with
    used BIGINT NOT NULL,               -- made into something else
    gap BIGINT NOT NULL,                -- what declared histories do not add up to; 0 where every step was checked
    unknown BIGINT NOT NULL,            -- lots of it without an amount
    back_destroyed BIGINT NOT NULL,     -- of what came back to the producer: destroyed
    back_remedied BIGINT NOT NULL,      -- of what came back: mended
    PRIMARY KEY (recall, origin)
) WITHOUT ROWID;

-- One task a holder, with the notice as it was issued.
CREATE TABLE recall_tasks (
    recall TEXT NOT NULL,
    party TEXT NOT NULL,
    no BIGINT NOT NULL,                 -- in the recall, from 1
    name TEXT NOT NULL,
    code TEXT NOT NULL,                 -- 主体码
    kind TEXT NOT NULL,
    division TEXT NOT NULL,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    certain BIGINT NOT NULL,            -- 1: holds food that certainly came from the batch
    number TEXT NOT NULL,               -- 通知书文号
    paper TEXT NOT NULL,                -- JSON of all that the notice says
    paper_hash TEXT NOT NULL,           -- SHA-256 of it, a fact of the ledger
    issued_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,             -- first moment at which the report is late
    seen_at BIGINT,                     -- somebody of the business opened it
    reported_at BIGINT,                 -- the first report
    changed_at BIGINT,                  -- the last
    state TEXT NOT NULL,                -- open, reported, settled: nothing on hand, everything explained
    PRIMARY KEY (recall, party),
    CONSTRAINT recall_tasks_no UNIQUE (recall, no)
) WITHOUT ROWID;
CREATE INDEX recall_tasks_party ON recall_tasks (party, issued_at);
CREATE INDEX recall_tasks_division ON recall_tasks (recall, division);

-- What a holder answers for of a batch, what the ledger knows of it, and what was reported last.
CREATE TABLE recall_lines (
    recall TEXT NOT NULL,
    party TEXT NOT NULL,
    origin BIGINT NOT NULL,
    certain BIGINT NOT NULL,
    unit TEXT NOT NULL,
    due BIGINT NOT NULL,                -- came in less passed on and used: what it answers for
    book_on_hand BIGINT NOT NULL,       -- of it, by the ledger, when the scope was drawn: on hand or on the way
    book_sold BIGINT NOT NULL,
    book_gone BIGINT NOT NULL,          -- lost or destroyed before
    book_open BIGINT NOT NULL,          -- no record explains it
    unknown BIGINT NOT NULL,            -- lots without an amount
    on_hand BIGINT,                     -- reported; NULL not yet
    sold BIGINT,
    destroyed BIGINT,
    remedied BIGINT,
    returned BIGINT,
    confirmed BIGINT NOT NULL,          -- of what was returned: the producer has it
    supervised BIGINT NOT NULL,         -- of what was destroyed or mended: under the eyes of an officer
    PRIMARY KEY (recall, party, origin)
) WITHOUT ROWID;

-- Every report as it was made; only added.
CREATE TABLE recall_reports (
    id TEXT NOT NULL PRIMARY KEY,
    recall TEXT NOT NULL,
    party TEXT NOT NULL,
    origin BIGINT NOT NULL,
    kind TEXT NOT NULL,                 -- report, disposal, confirm
    on_hand BIGINT NOT NULL,
    sold BIGINT NOT NULL,
    destroyed BIGINT NOT NULL,
    remedied BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    note TEXT NOT NULL,
    proof TEXT NOT NULL,                -- JSON: ids of photos
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    hash TEXT NOT NULL                  -- over all of it, a fact of the ledger
);
CREATE INDEX recall_reports_of ON recall_reports (recall, party, at);
CREATE INDEX recall_reports_at ON recall_reports (recall, at);

-- Photos, fixed five ways (五定): time, place, person, matter, scene.
CREATE TABLE recall_photos (
    id TEXT NOT NULL PRIMARY KEY,
    recall TEXT NOT NULL,
    party TEXT NOT NULL,
    file TEXT NOT NULL,                 -- SHA-256 of the content
    media TEXT NOT NULL,
    size BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    taken_at BIGINT,
    received_at BIGINT NOT NULL,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    accuracy BIGINT,                    -- metres
    distance BIGINT,                    -- metres from the business
    camera_app BIGINT NOT NULL,         -- 1: taken in the app
    exif TEXT NOT NULL,
    doubts TEXT NOT NULL,               -- ',far,album,' or ''
    reused TEXT NOT NULL,               -- another photo with the same content; '' none
    hash TEXT NOT NULL
);
CREATE INDEX recall_photos_of ON recall_photos (recall, party);
CREATE INDEX recall_photos_file ON recall_photos (file);

-- 无害化处理、补救、销毁: told before, watched, photographed.
CREATE TABLE recall_disposals (
    id TEXT NOT NULL PRIMARY KEY,
    recall TEXT NOT NULL,
    party TEXT NOT NULL,                -- who does it
    origin BIGINT NOT NULL,
    what TEXT NOT NULL,                 -- destroy, harmless, remedy
    stock TEXT NOT NULL,                -- held: of its own; back: of what came back to the producer
    amount BIGINT NOT NULL,
    unit TEXT NOT NULL,
    place TEXT NOT NULL,
    method TEXT NOT NULL,
    told TEXT NOT NULL,                 -- what buyers are told of the mending; '' no mending
    planned_at BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,                -- planned, done, refused
    watched_by TEXT NOT NULL,           -- officer
    watched_name TEXT NOT NULL,
    watched_at BIGINT,
    opinion TEXT NOT NULL,
    proof TEXT NOT NULL                 -- JSON: ids of photos
);
CREATE INDEX recall_disposals_of ON recall_disposals (recall, state, planned_at);

-- Call-backs (回访核查) among holders, drawn so that anybody can draw again.
CREATE TABLE recall_draws (
    recall TEXT NOT NULL,
    round BIGINT NOT NULL,
    seed TEXT NOT NULL,                 -- hex; the ticket of a holder is SHA-256(seed, party)
    pool BIGINT NOT NULL,               -- holders that it was drawn from
    pool_hash TEXT NOT NULL,            -- SHA-256 of their ids, ascending, a line each
    size BIGINT NOT NULL,
    at BIGINT NOT NULL,
    user_name TEXT NOT NULL,
    PRIMARY KEY (recall, round)
) WITHOUT ROWID;
CREATE TABLE recall_checks (
    recall TEXT NOT NULL,
    round BIGINT NOT NULL,
    party TEXT NOT NULL,
    place BIGINT NOT NULL,              -- in the order of the tickets
    reached BIGINT,                     -- NULL not yet; 1: somebody answered
    informed BIGINT,                    -- 1: knew of the recall
    stopped BIGINT,                     -- 1: had taken it off the shelf
    note TEXT NOT NULL,
    user_name TEXT NOT NULL,
    at BIGINT,
    PRIMARY KEY (recall, round, party)
) WITHOUT ROWID;

-- Consumers who follow a batch. Nothing says who they are but a telephone number, if they gave one; it is wiped when the
-- recall ends.
CREATE TABLE recall_follows (
    token TEXT NOT NULL PRIMARY KEY,    -- cannot be guessed
    lot BIGINT NOT NULL,                -- the lot that the batch began with
    code TEXT NOT NULL,                 -- as it was scanned
    phone TEXT NOT NULL,                -- '' none, or wiped
    at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX recall_follows_lot ON recall_follows (lot);

-- Drills (模拟召回): a lot is traced and nothing else happens.
CREATE TABLE recall_drills (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    way TEXT NOT NULL,                  -- nightly, hand
    user_name TEXT NOT NULL,
    seed TEXT NOT NULL,                 -- hex, of the draw; '' the lot was chosen
    all_lots BIGINT NOT NULL,           -- lots there were, 1 to this
    lot BIGINT NOT NULL,
    food TEXT NOT NULL,
    batch TEXT NOT NULL,
    party TEXT NOT NULL,
    division TEXT NOT NULL,
    sources BIGINT NOT NULL,            -- lots it came from
    followers BIGINT NOT NULL,          -- lots that came of it
    holders BIGINT NOT NULL,
    counties BIGINT NOT NULL,
    micros BIGINT NOT NULL,             -- time to trace: walk, facts, holders, sums
    links BIGINT NOT NULL,
    broken BIGINT NOT NULL,
    simulated BIGINT NOT NULL
);
CREATE INDEX recall_drills_at ON recall_drills (at);
CREATE TABLE recall_drill_links (
    drill TEXT NOT NULL,
    division TEXT NOT NULL,             -- county of who received, 6 digits
    links BIGINT NOT NULL,              -- deliveries that were walked
    on_way BIGINT NOT NULL,             -- sent long ago and never received
    outside BIGINT NOT NULL,            -- bought from somebody who is not known here
    unknown BIGINT NOT NULL,            -- without an amount
    missing BIGINT NOT NULL,            -- less arrived than was sent
    PRIMARY KEY (drill, division)
) WITHOUT ROWID;
