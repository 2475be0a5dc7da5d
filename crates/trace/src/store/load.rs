//! Adding many rows at once: what the simulator makes. Numbers continue the dense ones; nothing is checked against
//! stock here, the caller brings a world whose books are right (a test folds them).

use std::sync::Arc;

use kit_base::{Error, Millis, Result, Unit};
use kit_db::{FromRow, Param, Row, Tx, params};

use crate::model::{EventKind, EventNo, LotNo};
use crate::record::{self, EventFacts, LotFacts};
use crate::store::events::{EVENT_COLUMNS, LOT_COLUMNS, STOCK_COLUMNS};
use crate::store::products::Product;

kit_db::statements! {
    SIMULATED = "SELECT id FROM simulations LIMIT 1";
    SIMULATION = "SELECT id, profile, scale, seed, days, first_day, first_event, first_lot, parties, products, events,
            started_at, done_at
        FROM simulations ORDER BY id LIMIT 1";
    BEGIN = "INSERT INTO simulations (id, profile, scale, seed, days, first_day, first_event, first_lot, parties, products,
            events, started_at, done_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, $9, NULL)";
    REACHED = "UPDATE simulations SET parties = parties + $2, products = products + $3, events = events + $4 WHERE id = $1";
    DONE = "UPDATE simulations SET done_at = $2 WHERE id = $1 AND done_at IS NULL";
    COUNTS = "SELECT (SELECT count(*) FROM products), (SELECT event FROM trace_numbers WHERE id = 1)";
}

/// A world of the simulator in this database.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    pub id: String,
    pub profile: String,
    /// Share of the published figures.
    pub scale: f64,
    pub seed: i64,
    pub days: i64,
    /// `2026-03-02`, in China
    pub first_day: String,
    pub first_event: EventNo,
    pub first_lot: LotNo,
    /// Rows loaded so far.
    pub parties: i64,
    pub products: i64,
    pub events: i64,
    pub started_at: Millis,
    /// `None`: the load is not whole yet.
    pub done_at: Option<Millis>,
}

impl FromRow for Simulated {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            profile: r.get(1)?,
            scale: r.get(2)?,
            seed: r.get(3)?,
            days: r.get(4)?,
            first_day: r.get(5)?,
            first_event: r.get(6)?,
            first_lot: r.get(7)?,
            parties: r.get(8)?,
            products: r.get(9)?,
            events: r.get(10)?,
            started_at: r.get(11)?,
            done_at: r.get(12)?,
        })
    }
}

/// Whether anything in this database was made by the simulator. Cheap: one row of a tiny table.
pub fn is_simulated(tx: &mut Tx) -> Result<bool> {
    Ok(tx.one::<String>(SIMULATED, &[])?.is_some())
}

/// The world in this database, whole or not.
pub fn simulation(tx: &mut Tx) -> Result<Option<Simulated>> {
    tx.one(SIMULATION, &[])
}

/// Notes that a world is about to be loaded; its counts begin at 0.
pub fn begin(tx: &mut Tx, s: &Simulated) -> Result<()> {
    let values = params![
        &s.id,
        &s.profile,
        s.scale,
        s.seed,
        s.days,
        &s.first_day,
        s.first_event,
        s.first_lot,
        s.started_at
    ];
    tx.exec(BEGIN, values).map(drop)
}

/// Notes what the same transaction adds.
pub fn reached(tx: &mut Tx, id: &str, parties: i64, products: i64, events: i64) -> Result<()> {
    tx.exec(REACHED, params![id, parties, products, events]).map(drop)
}

/// Notes that the world is whole.
pub fn done(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    tx.exec(DONE, params![id, now]).map(drop)
}

/// How many products there are, and the last event number: both 0 in a house that has recorded nothing.
pub fn recorded(tx: &mut Tx) -> Result<(i64, EventNo)> {
    tx.one(COUNTS, &[])?.ok_or_else(|| Error::internal("trace numbers are missing"))
}

/// An event with its number; what it does not name is empty.
#[derive(Debug)]
pub struct EventRow {
    pub no: EventNo,
    pub id: String,
    pub kind: EventKind,
    pub party: Arc<str>,
    pub division: Arc<str>,
    /// Business and its division.
    pub counterpart: Option<(Arc<str>, Arc<str>)>,
    pub counterpart_name: String,
    pub at: Arc<str>,
    pub at_ms: Millis,
    /// The capture it came with.
    pub batch: Arc<str>,
    pub doc_no: String,
    pub first_lot: LotNo,
    pub lots: i64,
    /// Base units.
    pub difference: Option<i64>,
    pub reason: &'static str,
}

/// A lot with its number.
#[derive(Debug)]
pub struct LotRow {
    pub no: LotNo,
    pub event: EventNo,
    pub product: String,
    pub holder: Arc<str>,
    pub division: Arc<str>,
    pub in_transit: bool,
    pub origin: LotNo,
    pub batch: String,
    pub made: String,
    pub expires: String,
    /// Base units.
    pub amount: i64,
    pub unit: Unit,
    pub inspector: String,
}

/// What is on hand of a lot, 0 for one that is used up.
#[derive(Debug)]
pub struct StockRow {
    pub lot: LotNo,
    pub holder: Arc<str>,
    pub division: Arc<str>,
    pub product: String,
    pub in_transit: bool,
    pub expires: String,
    /// Base units.
    pub on_hand: i64,
}

/// A trace code for the batch that began with a lot.
#[derive(Debug)]
pub struct CodeRow {
    pub code: String,
    pub lot: LotNo,
    pub party: Arc<str>,
    pub division: Arc<str>,
    pub made_at: Millis,
    /// Labels printed.
    pub printed: i64,
}

/// Adds products, each with its search text.
pub fn products(tx: &mut Tx, rows: &[(Product, String)]) -> Result<()> {
    let columns = &[
        "id",
        "party",
        "division",
        "gtin",
        "own_code",
        "name",
        "brand",
        "category",
        "spec",
        "unit",
        "pack_size",
        "shelf_days",
        "standard",
        "storage",
        "producer",
        "producer_party",
        "licence",
        "status",
        "search",
        "simulated",
        "created_at",
        "updated_at",
    ];
    let values = rows.iter().map(|(p, search)| {
        vec![
            Param::from(&p.id),
            Param::from(&p.party),
            Param::from(&p.division),
            Param::from(&p.gtin),
            Param::from(&p.own_code),
            Param::from(&p.name),
            Param::from(&p.brand),
            Param::from(&p.category),
            Param::from(&p.spec),
            Param::from(p.unit.as_str()),
            Param::from(p.pack_size),
            Param::from(p.shelf_days),
            Param::from(&p.standard),
            Param::from(&p.storage),
            Param::from(&p.producer),
            Param::from(&p.producer_party),
            Param::from(&p.licence),
            Param::from(&p.status),
            Param::from(search),
            Param::from(p.simulated),
            Param::from(p.created_at),
            Param::from(p.updated_at),
        ]
    });
    tx.insert_many("products", columns, values).map(drop)
}

/// Adds simulated events, recorded at the moment at which they happen, with their lots and inputs (event, lot, base
/// units) in the order of the events, and notes their records for the ledger.
pub fn records(
    tx: &mut Tx,
    rows: &[EventRow],
    lots_of: &[LotRow],
    inputs_of: &[(EventNo, LotNo, i64)],
) -> Result<()> {
    events(tx, rows)?;
    lots(tx, lots_of)?;
    inputs(tx, inputs_of)?;
    let (mut lots, mut inputs) = (lots_of, inputs_of);
    for e in rows {
        let (own, rest) = lots.split_at(lots.iter().take_while(|l| l.event == e.no).count());
        lots = rest;
        let (taken, rest) = inputs.split_at(inputs.iter().take_while(|i| i.0 == e.no).count());
        inputs = rest;
        let own: Vec<LotFacts> = own.iter().map(LotFacts::from).collect();
        let mut taken: Vec<(LotNo, Option<i64>)> =
            taken.iter().map(|(_, lot, amount)| (*lot, Some(*amount))).collect();
        taken.sort_unstable();
        tx.event_fact(e.no, record::of_event(&EventFacts::from(e), &own, &taken).hash())?;
    }
    if lots.is_empty() && inputs.is_empty() {
        return Ok(());
    }
    Err(Error::internal("lots and inputs of a bulk load are not in the order of their events"))
}

/// What these rows do not name is empty.
impl<'a> From<&'a EventRow> for EventFacts<'a> {
    fn from(e: &'a EventRow) -> Self {
        Self {
            no: e.no,
            id: &e.id,
            kind: e.kind.as_str(),
            party: &e.party,
            division: &e.division,
            counterpart: e.counterpart.as_ref().map(|(id, _)| &**id),
            counterpart_division: e.counterpart.as_ref().map(|(_, division)| &**division),
            counterpart_name: &e.counterpart_name,
            at: &e.at,
            at_ms: Some(e.at_ms),
            recorded_at: e.at_ms,
            actor: "",
            channel: "simulator",
            batch: &e.batch,
            doc_no: &e.doc_no,
            first_lot: e.first_lot,
            lots: e.lots,
            difference: e.difference,
            reason: e.reason,
            declared: 0,
            doc: None,
            simulated: 1,
            papers: None,
            additives: Vec::new(),
        }
    }
}

impl<'a> From<&'a LotRow> for LotFacts<'a> {
    fn from(l: &'a LotRow) -> Self {
        Self {
            no: l.no,
            product: &l.product,
            holder: &l.holder,
            division: &l.division,
            state: state(l.in_transit),
            origin: l.origin,
            batch: &l.batch,
            made: &l.made,
            expires: &l.expires,
            amount: Some(l.amount),
            unit: l.unit.as_str(),
            inspector: &l.inspector,
        }
    }
}

fn events(tx: &mut Tx, rows: &[EventRow]) -> Result<()> {
    let values = rows.iter().map(|e| {
        vec![
            Param::Int(e.no),
            Param::Text(&e.id),
            Param::Text(e.kind.as_str()),
            Param::Text(&e.party),
            Param::Text(&e.division),
            Param::from(e.counterpart.as_ref().map(|(id, _)| &**id)),
            Param::from(e.counterpart.as_ref().map(|(_, division)| &**division)),
            Param::Text(&e.counterpart_name),
            Param::Text(&e.at),
            Param::Int(e.at_ms),
            Param::Int(e.at_ms),
            Param::Text(""),
            Param::Text("simulator"),
            Param::Text(&e.batch),
            Param::Text(&e.doc_no),
            Param::Int(e.first_lot),
            Param::Int(e.lots),
            Param::from(e.difference),
            Param::Text(e.reason),
            Param::Int(0),
            Param::Null,
            Param::Int(1),
        ]
    });
    tx.insert_many("events", &EVENT_COLUMNS, values).map(drop)
}

fn lots(tx: &mut Tx, rows: &[LotRow]) -> Result<()> {
    let values = rows.iter().map(|l| {
        vec![
            Param::Int(l.no),
            Param::Int(l.event),
            Param::Text(&l.product),
            Param::Text(&l.holder),
            Param::Text(&l.division),
            Param::Text(state(l.in_transit)),
            Param::Int(l.origin),
            Param::Text(&l.batch),
            Param::Text(&l.made),
            Param::Text(&l.expires),
            Param::Int(l.amount),
            Param::Text(l.unit.as_str()),
            Param::Text(&l.inspector),
        ]
    });
    tx.insert_many("lots", &LOT_COLUMNS, values).map(drop)
}

fn inputs(tx: &mut Tx, rows: &[(EventNo, LotNo, i64)]) -> Result<()> {
    let values = rows.iter().map(|(event, lot, amount)| [*event, *lot, *amount].map(Param::Int).to_vec());
    tx.insert_many("inputs", &["event", "lot", "amount"], values).map(drop)
}

/// Adds the stock of lots, once each.
pub fn stock(tx: &mut Tx, rows: &[StockRow]) -> Result<()> {
    let values = rows.iter().map(|s| {
        vec![
            Param::Int(s.lot),
            Param::Text(&s.holder),
            Param::Text(&s.division),
            Param::Text(&s.product),
            Param::Text(state(s.in_transit)),
            Param::Text(&s.expires),
            Param::Int(s.on_hand),
        ]
    });
    tx.insert_many("stock", &STOCK_COLUMNS, values).map(drop)
}

/// Adds trace codes.
pub fn codes(tx: &mut Tx, rows: &[CodeRow]) -> Result<()> {
    let columns = &["code", "lot", "party", "division", "made_at", "printed", "void_reason"];
    let values = rows.iter().map(|c| {
        vec![
            Param::Text(&c.code),
            Param::Int(c.lot),
            Param::Text(&c.party),
            Param::Text(&c.division),
            Param::Int(c.made_at),
            Param::Int(c.printed),
            Param::Text(""),
        ]
    });
    tx.insert_many("trace_codes", columns, values)?;
    for c in rows {
        let record = record::of_code(&c.code, c.lot, &c.party, &c.division, c.made_at);
        tx.fact(record::CODE, c.code.clone(), record.hash());
    }
    Ok(())
}

fn state(in_transit: bool) -> &'static str {
    if in_transit { "transit" } else { "stock" }
}
