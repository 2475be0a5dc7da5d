//! Lots of a chain, many at once: what somebody who draws or checks a chain needs of each.

use kit_base::Result;
use kit_db::{FromRow, Param, Row, Sql, Tx};

use crate::model::LotNo;

/// Lots asked for by one statement; the last number fills up the places.
const AT_ONCE: usize = 32;

// one lot is asked for so often that it has texts of its own: a list of 32 costs four times as much
kit_db::statements! {
    STEPS = "SELECT l.no, l.product, p.name, l.holder, l.division, l.state, l.batch, e.kind, e.at, e.party, e.counterpart,
            e.counterpart_name, s.on_hand, e.simulated
        FROM lots l JOIN events e ON e.no = l.event JOIN products p ON p.id = l.product
        LEFT JOIN stock s ON s.lot = l.no LEFT JOIN corrections c ON c.event = l.event
        WHERE c.event IS NULL AND l.no IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                 $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
        ORDER BY l.no";
    STEP = "SELECT l.no, l.product, p.name, l.holder, l.division, l.state, l.batch, e.kind, e.at, e.party, e.counterpart,
            e.counterpart_name, s.on_hand, e.simulated
        FROM lots l JOIN events e ON e.no = l.event JOIN products p ON p.id = l.product
        LEFT JOIN stock s ON s.lot = l.no LEFT JOIN corrections c ON c.event = l.event
        WHERE c.event IS NULL AND l.no = $1";
    ORIGIN = "SELECT no, product, batch FROM lots WHERE origin = no AND no = $1";
    ORIGINS = "SELECT no, product, batch FROM lots WHERE origin = no AND no IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                 $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)";
}

/// A lot as a station of a chain. Lots of events declared wrong are none.
#[derive(Debug, Clone)]
pub struct Step {
    pub no: LotNo,
    pub product: String,
    pub product_name: String,
    pub holder: String,
    pub division: String,
    pub in_transit: bool,
    pub batch: String,
    /// kind and business date of the event that made it
    pub kind: String,
    pub at: String,
    /// whose act that was, and the other side of it
    pub party: String,
    pub counterpart: Option<String>,
    pub counterpart_name: String,
    /// base units; unknown for declared history
    pub on_hand: Option<i64>,
    pub simulated: bool,
}

impl FromRow for Step {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            no: r.get(0)?,
            product: r.get(1)?,
            product_name: r.get(2)?,
            holder: r.get(3)?,
            division: r.get(4)?,
            in_transit: r.get::<String>(5)? == "transit",
            batch: r.get(6)?,
            kind: r.get(7)?,
            at: r.get(8)?,
            party: r.get(9)?,
            counterpart: r.get(10)?,
            counterpart_name: r.get(11)?,
            on_hand: r.get(12)?,
            simulated: r.get(13)?,
        })
    }
}

/// The stations of these lots, ascending within each 32.
pub fn steps(tx: &mut Tx, lots: &[LotNo]) -> Result<Vec<Step>> {
    in_groups(tx, STEP, STEPS, lots)
}

/// Of these lots, those with which a batch began: number, product, batch.
pub fn origins(tx: &mut Tx, lots: &[LotNo]) -> Result<Vec<(LotNo, String, String)>> {
    in_groups(tx, ORIGIN, ORIGINS, lots)
}

fn in_groups<T: FromRow>(tx: &mut Tx, one: Sql, many: Sql, lots: &[LotNo]) -> Result<Vec<T>> {
    if let [lot] = lots {
        return tx.all::<T>(one, &[Param::Int(*lot)]);
    }
    let mut out = Vec::with_capacity(lots.len());
    for group in lots.chunks(AT_ONCE) {
        let last = group[group.len() - 1];
        let mut places = [Param::Int(last); AT_ONCE];
        for (place, lot) in places.iter_mut().zip(group) {
            *place = Param::Int(*lot);
        }
        out.extend(tx.all::<T>(many, &places)?);
    }
    Ok(out)
}
