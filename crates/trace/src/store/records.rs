//! Everything stored of events, errors and codes, as the ledger looks at it.

use kit_base::Result;
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{EventNo, LotNo};
use crate::record::{self, AdditiveFacts, EventFacts, LotFacts, Record};

kit_db::statements! {
    EVENTS = "SELECT no, id, kind, party, division, counterpart, counterpart_division, counterpart_name, at, at_ms,
            recorded_at, actor, channel, batch, doc_no, first_lot, lots, difference, reason, declared, doc, simulated
        FROM events WHERE no >= $1 AND no <= $2 ORDER BY no";
    LOTS = "SELECT event, no, product, holder, division, state, origin, batch, made, expires, amount, unit, inspector
        FROM lots WHERE event >= $1 AND event <= $2 ORDER BY event, no";
    INPUTS = "SELECT event, lot, amount FROM inputs WHERE event >= $1 AND event <= $2 ORDER BY event, lot";
    PAPERS = "SELECT event, animal_quarantine, meat_inspection, plant_quarantine, quality, commitment, customs,
            import_inspection, vehicle, supplier_contact, supplier_phone, supplier_address, supplier_licence
        FROM move_papers WHERE event >= $1 AND event <= $2 ORDER BY event";
    ADDITIVES = "SELECT event, place, name, amount, unit, purpose FROM move_additives
        WHERE event >= $1 AND event <= $2 ORDER BY event, place";
    OTHER_PAPERS = "SELECT event FROM move_papers WHERE event < 1 OR event > $1
        UNION ALL SELECT event FROM move_additives WHERE event < 1 OR event > $1";
    OTHER_EVENTS = "SELECT no, id FROM events WHERE no < 1 UNION ALL SELECT no, id FROM events WHERE no > $1";
    OTHER_LOTS = "SELECT no, event FROM lots WHERE event < 1 UNION ALL SELECT no, event FROM lots WHERE event > $1";
    OTHER_INPUTS = "SELECT lot, event FROM inputs WHERE event < 1 UNION ALL SELECT lot, event FROM inputs WHERE event > $1";
    CORRECTIONS = "SELECT c.event, c.reason, c.actor, c.at, c.replaced_by, i.hash, c.actor_name
        FROM corrections c LEFT JOIN ledger_items i ON i.kind = 'correction' AND i.item = CAST(c.event AS TEXT)
        ORDER BY c.event";
    LOST_CORRECTIONS = "SELECT item FROM ledger_items WHERE kind = 'correction'
        AND item NOT IN (SELECT CAST(event AS TEXT) FROM corrections)";
    CODES = "SELECT t.code, t.lot, t.party, t.division, t.made_at, t.voided_at, t.void_reason, c.hash, v.hash
        FROM trace_codes t LEFT JOIN ledger_items c ON c.kind = 'code' AND c.item = t.code
        LEFT JOIN ledger_items v ON v.kind = 'void' AND v.item = t.code";
    CORRECTIONS_AFTER = "SELECT event, reason, actor, at, replaced_by, CAST(NULL AS BYTEA), actor_name FROM corrections
        WHERE event > $1 ORDER BY event LIMIT $2";
    CODES_AFTER = "SELECT code, lot, party, division, made_at, voided_at, void_reason, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA)
        FROM trace_codes WHERE code > $1 ORDER BY code LIMIT $2";
    LOST_CODES = "SELECT i.kind, i.item FROM ledger_items i WHERE i.kind IN ('code', 'void')
        AND NOT EXISTS (SELECT 1 FROM trace_codes t WHERE t.code = i.item)";
    EVENTS_OF_ORIGIN = "SELECT DISTINCT event FROM lots WHERE origin = $1 ORDER BY event LIMIT $2";
    SCOPE_OF_EVENT = "SELECT no, party, division, counterpart, counterpart_division FROM events WHERE id = $1";
}

/// An event as it is stored.
struct StoredEvent {
    no: EventNo,
    id: String,
    kind: String,
    party: String,
    division: String,
    counterpart: Option<String>,
    counterpart_division: Option<String>,
    counterpart_name: String,
    at: String,
    at_ms: Option<i64>,
    recorded_at: i64,
    actor: String,
    channel: String,
    batch: String,
    doc_no: String,
    first_lot: LotNo,
    lots: i64,
    difference: Option<i64>,
    reason: String,
    declared: i64,
    doc: Option<String>,
    simulated: i64,
}

impl FromRow for StoredEvent {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            no: r.get(0)?,
            id: r.get(1)?,
            kind: r.get(2)?,
            party: r.get(3)?,
            division: r.get(4)?,
            counterpart: r.get(5)?,
            counterpart_division: r.get(6)?,
            counterpart_name: r.get(7)?,
            at: r.get(8)?,
            at_ms: r.get(9)?,
            recorded_at: r.get(10)?,
            actor: r.get(11)?,
            channel: r.get(12)?,
            batch: r.get(13)?,
            doc_no: r.get(14)?,
            first_lot: r.get(15)?,
            lots: r.get(16)?,
            difference: r.get(17)?,
            reason: r.get(18)?,
            declared: r.get(19)?,
            doc: r.get(20)?,
            simulated: r.get(21)?,
        })
    }
}

impl<'a> From<&'a StoredEvent> for EventFacts<'a> {
    fn from(e: &'a StoredEvent) -> Self {
        Self {
            no: e.no,
            id: &e.id,
            kind: &e.kind,
            party: &e.party,
            division: &e.division,
            counterpart: e.counterpart.as_deref(),
            counterpart_division: e.counterpart_division.as_deref(),
            counterpart_name: &e.counterpart_name,
            at: &e.at,
            at_ms: e.at_ms,
            recorded_at: e.recorded_at,
            actor: &e.actor,
            channel: &e.channel,
            batch: &e.batch,
            doc_no: &e.doc_no,
            first_lot: e.first_lot,
            lots: e.lots,
            difference: e.difference,
            reason: &e.reason,
            declared: e.declared,
            doc: e.doc.as_deref(),
            simulated: e.simulated,
            papers: None,
            additives: Vec::new(),
        }
    }
}

/// Everything stored of the events `first ..= last`.
pub struct Stored {
    events: Vec<StoredEvent>,
    lots: Vec<StoredLot>,
    inputs: Vec<(EventNo, LotNo, Option<i64>)>,
    papers: Vec<StoredPapers>,
    additives: Vec<StoredAdditive>,
}

struct StoredPapers(EventNo, [String; 12]);

impl FromRow for StoredPapers {
    fn from_row(r: &Row) -> Result<Self> {
        let mut values: [String; 12] = Default::default();
        for (i, value) in values.iter_mut().enumerate() {
            *value = r.get(i + 1)?;
        }
        Ok(Self(r.get(0)?, values))
    }
}

type StoredAdditive = (EventNo, i64, String, i64, String, String);

/// Cuts what belongs to an event off the front of rows that stand in the order of events.
fn own<'r, T>(rows: &mut &'r [T], event: EventNo, of: impl Fn(&T) -> EventNo) -> &'r [T] {
    let (own, rest) = rows.split_at(rows.iter().take_while(|row| of(row) == event).count());
    *rows = rest;
    own
}

impl Stored {
    /// Reads everything of the events `first ..= last`.
    pub fn read(tx: &mut Tx, first: EventNo, last: EventNo) -> Result<Self> {
        let range = params![first, last];
        Ok(Self {
            events: tx.all(EVENTS, range)?,
            lots: tx.all(LOTS, range)?,
            inputs: tx.all(INPUTS, range)?,
            papers: tx.all(PAPERS, range)?,
            additives: tx.all(ADDITIVES, range)?,
        })
    }

    /// Id and record of each event, ascending. What belongs to an event that is not there is passed over.
    pub fn each(&self, mut f: impl FnMut(EventNo, &str, Record)) {
        let (mut lots, mut inputs) = (self.lots.as_slice(), self.inputs.as_slice());
        let (mut papers, mut additives) = (self.papers.as_slice(), self.additives.as_slice());
        for event in &self.events {
            let no = event.no;
            skip(&mut lots, no, |l| l.event);
            skip(&mut inputs, no, |i| i.0);
            skip(&mut papers, no, |p| p.0);
            skip(&mut additives, no, |a| a.0);
            let lots: Vec<LotFacts> = own(&mut lots, no, |l| l.event).iter().map(Into::into).collect();
            let inputs: Vec<_> =
                own(&mut inputs, no, |i| i.0).iter().map(|(_, lot, amount)| (*lot, *amount)).collect();
            let mut facts = EventFacts::from(event);
            let papers = own(&mut papers, no, |p| p.0).first();
            facts.papers = papers.map(|StoredPapers(_, values)| values.each_ref().map(String::as_str));
            let additives = own(&mut additives, no, |a| a.0).iter();
            facts.additives = additives
                .map(|(_, place, name, amount, unit, purpose)| AdditiveFacts {
                    place: *place,
                    name,
                    amount: *amount,
                    unit,
                    purpose,
                })
                .collect();
            f(no, &event.id, record::of_event(&facts, &lots, &inputs));
        }
    }
}

/// Passes over rows of events before this one.
fn skip<T>(rows: &mut &[T], event: EventNo, of: impl Fn(&T) -> EventNo) {
    let gone = rows.iter().take_while(|row| of(row) < event).count();
    *rows = &rows[gone..];
}

/// A lot as it is stored.
struct StoredLot {
    event: EventNo,
    no: LotNo,
    product: String,
    holder: String,
    division: String,
    state: String,
    origin: LotNo,
    batch: String,
    made: String,
    expires: String,
    amount: Option<i64>,
    unit: String,
    inspector: String,
}

impl FromRow for StoredLot {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            event: r.get(0)?,
            no: r.get(1)?,
            product: r.get(2)?,
            holder: r.get(3)?,
            division: r.get(4)?,
            state: r.get(5)?,
            origin: r.get(6)?,
            batch: r.get(7)?,
            made: r.get(8)?,
            expires: r.get(9)?,
            amount: r.get(10)?,
            unit: r.get(11)?,
            inspector: r.get(12)?,
        })
    }
}

impl<'a> From<&'a StoredLot> for LotFacts<'a> {
    fn from(l: &'a StoredLot) -> Self {
        Self {
            no: l.no,
            product: &l.product,
            holder: &l.holder,
            division: &l.division,
            state: &l.state,
            origin: l.origin,
            batch: &l.batch,
            made: &l.made,
            expires: &l.expires,
            amount: l.amount,
            unit: &l.unit,
            inspector: &l.inspector,
        }
    }
}

type Each<'e, T> = &'e mut dyn FnMut(T) -> Result<bool>;

fn scan<T: FromRow>(tx: &mut Tx, sql: kit_db::Sql, values: &[kit_db::Param], each: Each<T>) -> Result<()> {
    tx.scan(sql, values, &mut |row| each(T::from_row(row)?))
}

/// Events (number, id) with a number outside of `1 ..= last`.
pub fn other_events(tx: &mut Tx, last: EventNo, each: Each<(EventNo, String)>) -> Result<()> {
    scan(tx, OTHER_EVENTS, params![last], each)
}

/// Lots (number, event) of events outside of `1 ..= last`.
pub fn other_lots(tx: &mut Tx, last: EventNo, each: Each<(LotNo, EventNo)>) -> Result<()> {
    scan(tx, OTHER_LOTS, params![last], each)
}

/// Inputs (lot, event) of events outside of `1 ..= last`.
pub fn other_inputs(tx: &mut Tx, last: EventNo, each: Each<(LotNo, EventNo)>) -> Result<()> {
    scan(tx, OTHER_INPUTS, params![last], each)
}

/// Events outside of `1 ..= last` that have papers or additives.
pub fn other_papers(tx: &mut Tx, last: EventNo, each: Each<EventNo>) -> Result<()> {
    scan(tx, OTHER_PAPERS, params![last], each)
}

/// A declared error, and the hash that the ledger has of it.
pub struct StoredCorrection {
    pub event: EventNo,
    pub reason: String,
    pub actor: String,
    pub at: i64,
    pub replaced_by: Option<EventNo>,
    pub known: Option<Vec<u8>>,
    /// name of who declared it
    pub by: String,
}

impl FromRow for StoredCorrection {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            event: r.get(0)?,
            reason: r.get(1)?,
            actor: r.get(2)?,
            at: r.get(3)?,
            replaced_by: r.get(4)?,
            known: r.get(5)?,
            by: r.get(6)?,
        })
    }
}

pub fn corrections(tx: &mut Tx, each: Each<StoredCorrection>) -> Result<()> {
    scan(tx, CORRECTIONS, &[], each)
}

/// Numbers of events whose declared error the ledger has and the table has not.
pub fn lost_corrections(tx: &mut Tx, each: Each<String>) -> Result<()> {
    scan(tx, LOST_CORRECTIONS, &[], each)
}

/// At most `most` declared errors of events after a number, without what the ledger has of them.
pub fn corrections_after(tx: &mut Tx, after: EventNo, most: i64) -> Result<Vec<StoredCorrection>> {
    tx.all(CORRECTIONS_AFTER, params![after, most])
}

/// At most `most` codes after a code, without what the ledger has of them.
pub fn codes_after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<StoredCode>> {
    tx.all(CODES_AFTER, params![after, most])
}

/// A trace code, and the hashes that the ledger has of its making and its voiding.
pub struct StoredCode {
    pub code: String,
    pub lot: LotNo,
    pub party: String,
    pub division: String,
    pub made_at: i64,
    pub voided_at: Option<i64>,
    pub void_reason: String,
    pub known: Option<Vec<u8>>,
    pub known_void: Option<Vec<u8>>,
}

impl FromRow for StoredCode {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            code: r.get(0)?,
            lot: r.get(1)?,
            party: r.get(2)?,
            division: r.get(3)?,
            made_at: r.get(4)?,
            voided_at: r.get(5)?,
            void_reason: r.get(6)?,
            known: r.get(7)?,
            known_void: r.get(8)?,
        })
    }
}

pub fn codes(tx: &mut Tx, each: Each<StoredCode>) -> Result<()> {
    scan(tx, CODES, &[], each)
}

/// Kind and code of facts that the ledger has of codes that are not there.
pub fn lost_codes(tx: &mut Tx, each: Each<(String, String)>) -> Result<()> {
    scan(tx, LOST_CODES, &[], each)
}

/// Events that made lots of the batch that began with `origin`, ascending, at most so many.
pub fn events_of_batch(tx: &mut Tx, origin: LotNo, most: i64) -> Result<Vec<EventNo>> {
    tx.all(EVENTS_OF_ORIGIN, params![origin, most])
}

/// Whom an event is of: number, business and division, those of the other side.
pub type Sides = (EventNo, String, String, Option<String>, Option<String>);

pub fn sides(tx: &mut Tx, id: &str) -> Result<Option<Sides>> {
    tx.one(SCOPE_OF_EVENT, params![id])
}
