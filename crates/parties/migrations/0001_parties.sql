-- Food businesses (主体) and what is known of them. A business is one legal person (or one 个体工商户) under one platform
-- code; its further premises are party_sites.

-- The change number: every write of a business takes the next one. One row; its lock makes the numbers commit in order,
-- so that whoever reads "all changes after n" misses none.
CREATE TABLE party_counter (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    CONSTRAINT party_counter_single CHECK (id = 1)
);
INSERT INTO party_counter (id, seq) VALUES (1, 0);

CREATE TABLE parties (
    id TEXT NOT NULL PRIMARY KEY,              -- UUIDv7
    seq BIGINT NOT NULL,                       -- change number of the last write
    code TEXT NOT NULL,                        -- platform code 主体码 (一店一码), opaque, never given out again
    name TEXT NOT NULL,
    uscc TEXT,                                 -- 统一社会信用代码; NULL: has none or unknown
    kind TEXT NOT NULL,                        -- 业态, data/business-kinds.csv
    division TEXT NOT NULL,                    -- 6, 9 or 12 digits; who supervises follows from it
    address TEXT NOT NULL,                     -- '' unknown
    lon DOUBLE PRECISION,                      -- degrees, WGS-84; NULL unknown
    lat DOUBLE PRECISION,
    datum TEXT,                                -- in which system the source gave it: wgs84, gcj02, bd09
    accuracy BIGINT,                           -- metres; NULL unknown
    status TEXT NOT NULL,                      -- active 正常, suspended 停业, closed 注销, revoked 吊销
    items TEXT NOT NULL,                       -- 经营项目, codes of data/trade-items.csv with commas; '' none
    note TEXT NOT NULL,
    origin TEXT NOT NULL,                      -- import job or command that brought it; '' typed in
    simulated BIGINT NOT NULL,                 -- 1: made by the simulator, every page says so
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT parties_code UNIQUE (code),
    CONSTRAINT parties_uscc UNIQUE (uscc),
    CONSTRAINT parties_status_known CHECK (status IN ('active', 'suspended', 'closed', 'revoked')),
    CONSTRAINT parties_place_whole CHECK ((lon IS NULL) = (lat IS NULL)),
    CONSTRAINT parties_simulated_flag CHECK (simulated IN (0, 1))
);
CREATE UNIQUE INDEX parties_seq ON parties (seq);
CREATE INDEX parties_division ON parties (division, kind, status);
CREATE INDEX parties_name ON parties (name, address);

-- 许可证、备案、登记
CREATE TABLE party_licences (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    kind TEXT NOT NULL,                        -- sc, jy, yb, local: data/licence-kinds.csv
    number TEXT NOT NULL,                      -- plain form: upper case, no spaces
    issued TEXT NOT NULL,                      -- date, whole or partial; '' unknown
    expires TEXT NOT NULL,                     -- date, whole or partial; '' unknown or without end
    issuer TEXT NOT NULL,                      -- 发证机关; '' unknown
    CONSTRAINT party_licences_party_number UNIQUE (party, number),
    CONSTRAINT party_licences_of FOREIGN KEY (party) REFERENCES parties (id)
);
CREATE INDEX party_licences_by_number ON party_licences (number);
CREATE INDEX party_licences_by_expiry ON party_licences (expires);

-- Persons in charge; personal data: shown masked, and whole only to those who may, which is audited
CREATE TABLE party_people (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    role TEXT NOT NULL,                        -- legal 法定代表人, head 负责人, director 食品安全总监, officer 食品安全员, contact 联系人
    name TEXT NOT NULL,
    phone TEXT NOT NULL,                       -- '' unknown
    CONSTRAINT party_people_of FOREIGN KEY (party) REFERENCES parties (id)
);
CREATE INDEX party_people_by_party ON party_people (party);

-- Further premises of a business: warehouses, workshops, booths
CREATE TABLE party_sites (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,                        -- production, warehouse, shop, booth, office
    division TEXT NOT NULL,
    address TEXT NOT NULL,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    datum TEXT,
    accuracy BIGINT,
    closed_at BIGINT,                          -- NULL: in use
    CONSTRAINT party_sites_of FOREIGN KEY (party) REFERENCES parties (id),
    CONSTRAINT party_sites_place_whole CHECK ((lon IS NULL) = (lat IS NULL))
);
CREATE INDEX party_sites_by_party ON party_sites (party);

-- What changed when; never edited. The audit chain proves it, this is for reading.
CREATE TABLE party_changes (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    seq BIGINT NOT NULL,                       -- change number that the business took with it
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,                       -- name shown to people
    action TEXT NOT NULL,                      -- create, update, status, site
    changes TEXT NOT NULL                      -- JSON: [{"field","old","new"}], personal data masked
);
CREATE INDEX party_changes_by_party ON party_changes (party, seq);
