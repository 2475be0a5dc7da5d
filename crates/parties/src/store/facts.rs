//! Businesses in brief, many at once. For rooms that look at many.

use kit_base::Result;
use kit_db::{FromRow, Row, Tx};
use serde::{Deserialize, Serialize};

/// A business in brief.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PartyFact {
    pub id: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub division: String,
    pub address: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub simulated: bool,
}

impl FromRow for PartyFact {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            code: r.get(1)?,
            name: r.get(2)?,
            kind: r.get(3)?,
            division: r.get(4)?,
            address: r.get(5)?,
            lon: r.get(6)?,
            lat: r.get(7)?,
            simulated: r.get(8)?,
        })
    }
}

const FACTS: &str = "SELECT id, code, name, kind, division, address, lon, lat, simulated FROM parties";

/// Businesses by id, in no order; unknown ones are left out. A record that was merged into another is that record.
pub fn parties(tx: &mut Tx, ids: &[String]) -> Result<Vec<PartyFact>> {
    tx.list_any(FACTS, "id = ?", ids)
}

/// (code, id) of business codes, in no order.
pub fn ids_of_codes(tx: &mut Tx, codes: &[String]) -> Result<Vec<(String, String)>> {
    tx.list_any("SELECT code, id FROM parties", "code = ?", codes)
}
