//! What a dossier tells of a business's trade. Bounded: the latest events are looked at, not all.

use kit_base::Result;
use kit_db::{FromRow, Row, Tx, params};

kit_db::statements! {
    SUPPLIERS = "SELECT r.counterpart, r.counterpart_name, count(*), max(r.at) FROM (
            SELECT counterpart, counterpart_name, at FROM events WHERE party = $1 AND kind = 'receive' ORDER BY no DESC LIMIT $2
        ) r GROUP BY r.counterpart, r.counterpart_name ORDER BY max(r.at) DESC, count(*) DESC LIMIT $3";
    CUSTOMERS = "SELECT r.counterpart, r.counterpart_name, count(*), max(r.at) FROM (
            SELECT counterpart, counterpart_name, at FROM events WHERE party = $1 AND kind = 'ship' ORDER BY no DESC LIMIT $2
        ) r GROUP BY r.counterpart, r.counterpart_name ORDER BY max(r.at) DESC, count(*) DESC LIMIT $3";
    ON_HAND = "SELECT p.unit, s.state, count(*), CAST(sum(s.on_hand) AS BIGINT) FROM stock s JOIN products p ON p.id = s.product
        WHERE s.holder = $1 AND s.on_hand > 0 GROUP BY p.unit, s.state ORDER BY s.state, p.unit";
    EXPIRED = "SELECT count(*) FROM stock WHERE holder = $1 AND on_hand > 0 AND state = 'stock' AND expires <> '' AND expires < substr($2, 1, length(expires))";
}

/// The other side of a business's trade.
#[derive(Debug)]
pub struct Partner {
    pub party: Option<String>,
    /// As written, where it is not known here.
    pub name: String,
    pub times: i64,
    /// Business date, may be partial or empty.
    pub last: String,
}

impl FromRow for Partner {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { party: r.get(0)?, name: r.get(1)?, times: r.get(2)?, last: r.get(3)? })
    }
}

/// From whom it bought in its last `of` purchases, the latest first, at most `most`.
pub fn suppliers(tx: &mut Tx, party: &str, of: i64, most: i64) -> Result<Vec<Partner>> {
    tx.all(SUPPLIERS, params![party, of, most])
}

/// To whom it shipped in its last `of` deliveries, the latest first, at most `most`.
pub fn customers(tx: &mut Tx, party: &str, of: i64, most: i64) -> Result<Vec<Partner>> {
    tx.all(CUSTOMERS, params![party, of, most])
}

/// Unit, state, lots and base units of what it holds.
pub fn on_hand(tx: &mut Tx, party: &str) -> Result<Vec<(String, String, i64, i64)>> {
    tx.all(ON_HAND, params![party])
}

/// Lots in stock whose last day lies before `today`.
pub fn expired(tx: &mut Tx, party: &str, today: &str) -> Result<i64> {
    tx.one(EXPIRED, params![party, today]).map(|n| n.unwrap_or(0))
}
