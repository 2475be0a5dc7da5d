-- Who belongs to whom: stalls to their market, branches to their chain, sellers to their platform, each from a day until a day.
-- A relation that its manager declared counts once an officer confirmed it: what is told to managers of their members is not for
-- whoever claims to be one. Nothing is deleted: a relation ends.
CREATE TABLE party_members (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    manager TEXT NOT NULL,              -- parties.id: 市场开办者, 连锁总部, 平台
    member TEXT NOT NULL,               -- parties.id
    site TEXT NOT NULL,                 -- party_sites.id of the member: only that place belongs there; '' all of it
    relation TEXT NOT NULL,             -- market 入场, chain 门店, platform 入驻
    place TEXT NOT NULL,                -- 摊位号, 门店号, 店铺; '' not said
    from_day TEXT NOT NULL,             -- first day, 2026-03-01
    until_day TEXT NOT NULL,            -- first day on which it holds no longer; '' it holds
    source TEXT NOT NULL,               -- officer, import, manager
    note TEXT NOT NULL,
    added_at BIGINT NOT NULL,           -- ms UTC
    added_by TEXT NOT NULL,             -- name shown to people
    confirmed_at BIGINT,                -- NULL: declared by the manager, not looked at yet
    confirmed_by TEXT NOT NULL,
    end_reason TEXT NOT NULL,           -- '' it holds
    ended_by TEXT NOT NULL,
    CONSTRAINT party_members_manager FOREIGN KEY (manager) REFERENCES parties (id),
    CONSTRAINT party_members_member FOREIGN KEY (member) REFERENCES parties (id),
    CONSTRAINT party_members_two CHECK (manager <> member),
    CONSTRAINT party_members_relation CHECK (relation IN ('market', 'chain', 'platform')),
    CONSTRAINT party_members_source CHECK (source IN ('officer', 'import', 'manager'))
);
CREATE INDEX party_members_of_manager ON party_members (manager, member);
CREATE INDEX party_members_of_member ON party_members (member);
