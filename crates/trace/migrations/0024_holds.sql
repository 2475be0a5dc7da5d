-- Food that may not move for now (暂停流转): what somebody holds of one batch, while a room looks into it. A hold is set and
-- lifted, never removed; it stands beside the ledger and changes none of its rows.
CREATE TABLE lot_holds (
    id TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,                       -- parties.id: whose stock
    origin BIGINT NOT NULL,                     -- the lot the batch began with: a lot made anew by a stock-take is held as well
    lot BIGINT NOT NULL,                        -- the lot that was looked at
    about TEXT NOT NULL,                        -- id of the case that it is for
    reason TEXT NOT NULL,                       -- zh, shown to the holder
    set_at BIGINT NOT NULL,
    set_by TEXT NOT NULL,                       -- user id; '' the house
    lifted_at BIGINT,                           -- NULL: stands
    lift_reason TEXT NOT NULL,
    CONSTRAINT lot_holds_about_holder_origin UNIQUE (about, holder, origin)
);
CREATE INDEX lot_holds_origin ON lot_holds (origin, holder);
