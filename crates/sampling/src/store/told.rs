//! Results that stand, of one business.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

kit_db::statements! {
    OF_PARTY = "SELECT id, sample_no, party, site, food, category, taken_at, issued_at, confirmed_at, flags, closed_at, simulated
        FROM samples
        WHERE party = $1 AND kind = 'supervision' AND phase <> 'void' AND issued_at IS NOT NULL
            AND (confirmed_at IS NOT NULL OR (closed_at IS NOT NULL AND ((CASE WHEN corrected = '' THEN verdict ELSE corrected END) = 'conforms' OR flags LIKE '%,overturned,%')))
            AND COALESCE(confirmed_at, issued_at) >= $2
        ORDER BY COALESCE(confirmed_at, issued_at), id";
    ITEMS = "SELECT item FROM sample_verdicts WHERE sample = $1 AND outcome IN ('conforms', 'fails') ORDER BY no";
}

/// A sample whose result stands.
pub struct Stands {
    pub id: String,
    pub sample_no: String,
    pub party: String,
    pub site: String,
    pub food: String,
    pub category: String,
    pub taken_at: Option<Millis>,
    pub issued_at: Millis,
    pub confirmed_at: Option<Millis>,
    pub flags: String,
    pub closed_at: Option<Millis>,
    pub simulated: bool,
}

impl FromRow for Stands {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            sample_no: r.get(1)?,
            party: r.get(2)?,
            site: r.get(3)?,
            food: r.get(4)?,
            category: r.get(5)?,
            taken_at: r.get(6)?,
            issued_at: r.get(7)?,
            confirmed_at: r.get(8)?,
            flags: r.get(9)?,
            closed_at: r.get(10)?,
            simulated: r.get(11)?,
        })
    }
}

pub fn of_party(tx: &mut Tx, party: &str, since: Millis) -> Result<Vec<Stands>> {
    tx.all(OF_PARTY, params![party, since])
}

/// Items that were decided.
pub fn items(tx: &mut Tx, sample: &str) -> Result<Vec<String>> {
    tx.all(ITEMS, params![sample])
}
