-- What goes with food on its way: certificates, the vehicle, the supplier where it is outside the platform (进货查验记录,
-- 食品安全法 50, 53, 59, 60, 65, 98). At most one row an event; events without papers have none. Empty: not given.
CREATE TABLE move_papers (
    event BIGINT NOT NULL PRIMARY KEY,
    animal_quarantine TEXT NOT NULL,    -- 动物检疫合格证明 number
    meat_inspection TEXT NOT NULL,      -- 肉品品质检验合格证 number
    plant_quarantine TEXT NOT NULL,     -- 植物检疫证书 number
    quality TEXT NOT NULL,              -- 产品合格证明 (出厂检验报告) number
    commitment TEXT NOT NULL,           -- 承诺达标合格证 number
    customs TEXT NOT NULL,              -- 报关单号, of imports
    import_inspection TEXT NOT NULL,    -- 入境货物检验检疫证明 number, of imports
    vehicle TEXT NOT NULL,              -- plate
    supplier_contact TEXT NOT NULL,     -- person; shown whole to the business that recorded it only
    supplier_phone TEXT NOT NULL,
    supplier_address TEXT NOT NULL,
    supplier_licence TEXT NOT NULL      -- licence number, or credit code
);

-- Food additives that went into a production (食品安全法 50; GB 2760).
CREATE TABLE move_additives (
    event BIGINT NOT NULL,
    place BIGINT NOT NULL,              -- from 0, in the order they were given
    name TEXT NOT NULL,
    amount BIGINT NOT NULL,             -- milligrams or microlitres: additives are weighed finer than food
    unit TEXT NOT NULL,                 -- mg, ul
    purpose TEXT NOT NULL,              -- 功能类别: 防腐剂, 膨松剂 …
    PRIMARY KEY (event, place),
    CONSTRAINT move_additives_unit CHECK (unit IN ('mg', 'ul')),
    CONSTRAINT move_additives_amount CHECK (amount > 0)
) WITHOUT ROWID;
