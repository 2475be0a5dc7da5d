//! What agents did under a mandate.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{Mandate, MandateAct};

kit_db::statements! {
    INSERT = "INSERT INTO mandate_acts (id, mandate, permit, number, what, user_id, user_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Bounded: the page shows the latest.
    OF_MANDATE = "SELECT permit, number, what, user_name, at FROM mandate_acts WHERE mandate = $1 ORDER BY at DESC, id DESC LIMIT 500";
    BY_ID = "SELECT id, principal, agent, matters, from_day, until_day, given_at, revoked_at FROM licence_mandates WHERE id = $1";
}

/// An act on its way into the database.
pub struct NewAct<'a> {
    pub id: &'a str,
    pub mandate: &'a str,
    pub permit: &'a str,
    pub number: &'a str,
    pub what: &'a str,
    pub user: &'a str,
    pub user_name: &'a str,
    pub at: Millis,
}

pub fn insert(tx: &mut Tx, a: &NewAct) -> Result<()> {
    let row = params![a.id, a.mandate, a.permit, a.number, a.what, a.user, a.user_name, a.at];
    tx.exec(INSERT, row).map(drop)
}

impl FromRow for MandateAct {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            permit: r.get(0)?,
            number: r.get(1)?,
            what: r.get(2)?,
            user_name: r.get(3)?,
            at: r.get(4)?,
        })
    }
}

/// The latest first.
pub fn of_mandate(tx: &mut Tx, mandate: &str) -> Result<Vec<MandateAct>> {
    tx.all(OF_MANDATE, params![mandate])
}

pub fn mandate(tx: &mut Tx, id: &str) -> Result<Option<Mandate>> {
    tx.one(BY_ID, params![id])
}
