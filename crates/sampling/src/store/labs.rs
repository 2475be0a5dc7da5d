//! Laboratories and what they are accredited for.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{Lab, LabItem};

kit_db::statements! {
    PUT = "INSERT INTO labs (id, name, division, cma, cma_until, recheck, state, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 'active', $7)
        ON CONFLICT (id) DO UPDATE SET name = $2, division = $3, cma = $4, cma_until = $5, recheck = $6, updated_at = $7";
    BY_ID = "SELECT id, name, division, cma, cma_until, recheck, state, state_at, state_why, state_by FROM labs WHERE id = $1";
    ALL = "SELECT id, name, division, cma, cma_until, recheck, state, state_at, state_why, state_by FROM labs ORDER BY name LIMIT 2000";
    SET_STATE = "UPDATE labs SET state = $2, state_at = $3, state_why = $4, state_by = $5 WHERE id = $1";
    CLEAR = "DELETE FROM lab_items WHERE lab = $1";
    ADD_ITEM = "INSERT INTO lab_items (lab, item, method, lod, loq, unit) VALUES ($1, $2, $3, $4, $5, $6)";
    ITEMS = "SELECT item, method, lod, loq, unit FROM lab_items WHERE lab = $1 ORDER BY item, method";
}

impl FromRow for LabItem {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { item: r.get(0)?, method: r.get(1)?, lod: r.get(2)?, loq: r.get(3)?, unit: r.get(4)? })
    }
}

pub fn put(tx: &mut Tx, lab: &Lab, now: Millis) -> Result<()> {
    let row = params![&lab.id, &lab.name, &lab.division, &lab.cma, &lab.cma_until, lab.recheck, now];
    tx.exec(PUT, row)?;
    tx.exec(CLEAR, params![&lab.id])?;
    for i in &lab.items {
        tx.exec(ADD_ITEM, params![&lab.id, &i.item, &i.method, &i.lod, &i.loq, &i.unit])?;
    }
    Ok(())
}

/// It is given samples again, or no more.
pub fn set_state(tx: &mut Tx, id: &str, state: &str, now: Millis, (why, by): (&str, &str)) -> Result<()> {
    tx.exec(SET_STATE, params![id, state, now, why, by]).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Lab>> {
    let Some(lab) = tx.one::<Lab>(BY_ID, params![id])? else { return Ok(None) };
    let items = tx.all(ITEMS, params![id])?;
    Ok(Some(Lab { items, ..lab }))
}

/// All, without their items.
pub fn all(tx: &mut Tx) -> Result<Vec<Lab>> {
    tx.all(ALL, &[])
}
