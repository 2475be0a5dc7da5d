//! Facts of lots by their numbers: what each is, who has it, what became of it. For rooms that look at many lots at once.
//!
//! Numbers come from a walk over the graph: ascending, a few or most of the table. Where they stand thick a run of the
//! table is read and what was not asked for is passed over; where they stand thin they are looked up by number.

use kit_base::{Error, Result, Unit};
use kit_db::{FromRow, Row, Tx, params};
use serde::{Deserialize, Serialize};

use crate::graph::LotSet;
use crate::model::EventKind;

kit_db::statements! {
    /// $1: a list of lot numbers
    LOTS_OF = {
        sqlite: "SELECT l.no, l.event, l.product, l.holder, l.state, l.batch, l.made, l.expires, l.amount, l.unit, s.on_hand,
                e.kind, e.party, e.at, e.counterpart, e.counterpart_name, c.event, l.division, e.division,
                CASE WHEN e.channel = 'network' THEN e.doc END, l.origin
            FROM json_each($1) j CROSS JOIN lots l ON l.no = j.value JOIN events e ON e.no = l.event
            LEFT JOIN stock s ON s.lot = l.no LEFT JOIN corrections c ON c.event = l.event ORDER BY l.no",
        postgres: "SELECT l.no, l.event, l.product, l.holder, l.state, l.batch, l.made, l.expires, l.amount, l.unit, s.on_hand,
                e.kind, e.party, e.at, e.counterpart, e.counterpart_name, c.event, l.division, e.division,
                CASE WHEN e.channel = 'network' THEN e.doc END, l.origin
            FROM lots l JOIN events e ON e.no = l.event
            LEFT JOIN stock s ON s.lot = l.no LEFT JOIN corrections c ON c.event = l.event
            WHERE l.no = ANY(CAST(translate(CAST($1 AS TEXT), '[]', '{}') AS BIGINT[])) ORDER BY l.no",
    };
    LOTS_BETWEEN = "SELECT l.no, l.event, l.product, l.holder, l.state, l.batch, l.made, l.expires, l.amount, l.unit, s.on_hand,
            e.kind, e.party, e.at, e.counterpart, e.counterpart_name, c.event, l.division, e.division,
                CASE WHEN e.channel = 'network' THEN e.doc END, l.origin
        FROM lots l JOIN events e ON e.no = l.event
        LEFT JOIN stock s ON s.lot = l.no LEFT JOIN corrections c ON c.event = l.event
        WHERE l.no >= $1 AND l.no <= $2 ORDER BY l.no";
    /// $1: a list of lot numbers
    USES_OF = {
        sqlite: "SELECT i.lot, i.amount, e.kind, e.at, e.difference, CASE WHEN e.counterpart IS NULL THEN e.counterpart_name ELSE '' END
            FROM json_each($1) j CROSS JOIN inputs i ON i.lot = j.value JOIN events e ON e.no = i.event
            LEFT JOIN corrections c ON c.event = i.event WHERE c.event IS NULL",
        postgres: "SELECT i.lot, i.amount, e.kind, e.at, e.difference, CASE WHEN e.counterpart IS NULL THEN e.counterpart_name ELSE '' END
            FROM inputs i JOIN events e ON e.no = i.event LEFT JOIN corrections c ON c.event = i.event
            WHERE i.lot = ANY(CAST(translate(CAST($1 AS TEXT), '[]', '{}') AS BIGINT[])) AND c.event IS NULL",
    };
    USES_BETWEEN = "SELECT i.lot, i.amount, e.kind, e.at, e.difference, CASE WHEN e.counterpart IS NULL THEN e.counterpart_name ELSE '' END
        FROM inputs i JOIN events e ON e.no = i.event LEFT JOIN corrections c ON c.event = i.event
        WHERE i.event > $1 AND i.event <= $2 AND e.no > $1 AND e.no <= $2 AND c.event IS NULL";
}

/// Numbers in a block that is read as a run or looked up.
const BLOCK: u32 = 16_384;
/// From this part of a block on, it is read as a run.
const THICK: u32 = BLOCK / 5;
/// Events whose uses are read at once.
const STEP: i64 = 200_000;
/// Numbers a list statement takes at once.
pub const CHUNK: usize = 2_000;

/// A lot with the event that made it, as the ledger has it.
pub struct RawLot {
    pub no: u32,
    pub event: i64,
    pub product: String,
    pub holder: String,
    pub transit: bool,
    pub batch: String,
    pub made: String,
    pub expires: String,
    pub amount: Option<i64>,
    pub unit: Unit,
    pub on_hand: Option<i64>,
    pub kind: EventKind,
    pub party: String,
    pub at: String,
    pub counterpart: Option<String>,
    pub counterpart_name: String,
    pub corrected: bool,
    /// where its holder lies, and where the business lies whose act made it
    pub division: String,
    pub sender_division: String,
    /// what the file of a network said of the delivery, JSON
    pub network_doc: Option<String>,
    /// the lot that its batch began with
    pub origin: u32,
}

impl FromRow for RawLot {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            no: number(r)?,
            event: r.get(1)?,
            product: r.get(2)?,
            holder: r.get(3)?,
            transit: r.get::<String>(4)? == "transit",
            batch: r.get(5)?,
            made: r.get(6)?,
            expires: r.get(7)?,
            amount: r.get(8)?,
            unit: unit(&r.get::<String>(9)?)?,
            on_hand: r.get(10)?,
            kind: kind(&r.get::<String>(11)?)?,
            party: r.get(12)?,
            at: r.get(13)?,
            counterpart: r.get(14)?,
            counterpart_name: r.get(15)?,
            corrected: r.get::<Option<i64>>(16)?.is_some(),
            division: r.get(17)?,
            sender_division: r.get(18)?,
            network_doc: r.get(19)?,
            origin: dense(r.get(20)?)?,
        })
    }
}

fn number(r: &Row) -> Result<u32> {
    dense(r.get(0)?)
}

fn dense(no: i64) -> Result<u32> {
    u32::try_from(no).map_err(|_| Error::internal(format!("lot {no} does not fit the graph")))
}

fn unit(text: &str) -> Result<Unit> {
    Unit::parse(text).ok_or_else(|| Error::internal(format!("unit {text} of a lot")))
}

fn kind(text: &str) -> Result<EventKind> {
    EventKind::parse(text).ok_or_else(|| Error::internal(format!("kind {text} of an event")))
}

/// A list of numbers as the one text parameter that both databases can read.
pub(crate) fn number_list(numbers: impl IntoIterator<Item = i64>) -> String {
    let mut text = String::from("[");
    for number in numbers {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&number.to_string());
    }
    text.push(']');
    text
}

/// Hands over the lots of ascending numbers, ascending; numbers that the ledger has not are left out.
pub fn lots(tx: &mut Tx, numbers: &[u32], each: &mut dyn FnMut(RawLot) -> Result<()>) -> Result<()> {
    for block in blocks(numbers) {
        match block {
            Block::Run(first, last, wanted) => {
                let mut wanted = wanted.iter().copied().peekable();
                tx.scan(LOTS_BETWEEN, params![first, last], &mut |row| {
                    let no = number(row)?;
                    while wanted.next_if(|&w| w < no).is_some() {}
                    if wanted.next_if_eq(&no).is_some() {
                        each(RawLot::from_row(row)?)?;
                    }
                    Ok(true)
                })?;
            }
            Block::Single(wanted) => {
                for part in wanted.chunks(CHUNK) {
                    let list = number_list(part.iter().map(|&no| i64::from(no)));
                    tx.scan(LOTS_OF, params![&list], &mut |row| each(RawLot::from_row(row)?).map(|()| true))?;
                }
            }
        }
    }
    Ok(())
}

enum Block<'n> {
    /// from, until, and which of them are wanted
    Run(u32, u32, &'n [u32]),
    Single(&'n [u32]),
}

/// Cuts ascending numbers into runs of thick blocks and the thin rest between them.
fn blocks(numbers: &[u32]) -> Vec<Block<'_>> {
    let mut out = Vec::new();
    let (mut rest, mut thin_from) = (numbers, numbers);
    let mut thin = 0;
    while let Some(&first) = rest.first() {
        let last = first.saturating_add(BLOCK - 1);
        let here = rest.partition_point(|&no| no <= last);
        if here as u32 >= THICK {
            if thin > 0 {
                out.push(Block::Single(&thin_from[..thin]));
            }
            out.push(Block::Run(first, rest[here - 1], &rest[..here]));
            (thin_from, thin) = (&rest[here..], 0);
        } else {
            thin += here;
        }
        rest = &rest[here..];
    }
    if thin > 0 {
        out.push(Block::Single(&thin_from[..thin]));
    }
    out
}

/// One taking from a lot.
pub struct RawUse {
    pub lot: u32,
    pub amount: Option<i64>,
    pub kind: EventKind,
    pub at: String,
    pub difference: Option<i64>,
    /// The other side, where it is named and not known here.
    pub outside: String,
}

impl FromRow for RawUse {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            lot: number(r)?,
            amount: r.get(1)?,
            kind: kind(&r.get::<String>(2)?)?,
            at: r.get(3)?,
            difference: r.get(4)?,
            outside: r.get(5)?,
        })
    }
}

/// Hands over every taking from the lots; what was declared wrong is left out. `all` lots there are, `events` the
/// first event a lot of these was made by and the last of the ledger.
pub fn uses(
    tx: &mut Tx,
    numbers: &[u32],
    all: u32,
    events: (i64, i64),
    each: &mut dyn FnMut(RawUse) -> Result<()>,
) -> Result<()> {
    if (numbers.len() as u64) * 5 < u64::from(all) || numbers.len() < CHUNK {
        for part in numbers.chunks(CHUNK) {
            let list = number_list(part.iter().map(|&no| i64::from(no)));
            tx.scan(USES_OF, params![&list], &mut |row| each(RawUse::from_row(row)?).map(|()| true))?;
        }
        return Ok(());
    }
    let wanted = LotSet::of(numbers);
    let (mut from, last) = events;
    while from < last {
        let until = (from + STEP).min(last);
        tx.scan(USES_BETWEEN, params![from, until], &mut |row| {
            if wanted.contains(number(row)?) {
                each(RawUse::from_row(row)?)?;
            }
            Ok(true)
        })?;
        from = until;
    }
    Ok(())
}

/// A product in brief.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ProductFact {
    pub id: String,
    pub name: String,
    pub spec: String,
    pub producer: String,
}

const PRODUCTS: &str = "SELECT id, name, spec, producer FROM products";

impl FromRow for ProductFact {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { id: r.get(0)?, name: r.get(1)?, spec: r.get(2)?, producer: r.get(3)? })
    }
}

/// Products by id, in no order.
pub fn products(tx: &mut Tx, ids: &[String]) -> Result<Vec<ProductFact>> {
    tx.list_any(PRODUCTS, "id = ?", ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thick_runs_are_read_and_thin_ones_looked_up_and_none_is_lost() {
        let thin: Vec<u32> = (1..200).map(|i| i * 1_000).collect();
        let thick: Vec<u32> = (300_000..340_000).collect();
        let after: Vec<u32> = vec![900_000, 2_000_000];
        let all: Vec<u32> = [thin, thick, after].concat();
        let blocks = blocks(&all);
        let shape: String =
            blocks.iter().map(|b| if matches!(b, Block::Run(..)) { 'R' } else { 'S' }).collect();
        assert!(shape.starts_with("SR") && shape.ends_with("RS"), "{shape}");
        let again: Vec<u32> = blocks
            .iter()
            .flat_map(|b| match b {
                Block::Run(_, _, numbers) | Block::Single(numbers) => numbers.to_vec(),
            })
            .collect();
        assert_eq!(again, all);
    }
}
