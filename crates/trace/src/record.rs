//! What the ledger keeps of an event, a declared error and a trace code: records, and their hashes.
//!
//! A record has an open part, as text that a consumer may read in a proof, and a sealed part of which only a hash goes
//! in: amounts, counterparts, papers, people. The sealed part of an event begins with the event's id, which is random and
//! not in the open part, so that nobody finds the amounts by trying them. Both parts together have every stored column.

use kit_ledger::{Hash, record_hash};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::model::{EventNo, LotNo, NewEvent};

/// Kinds of facts that are no events.
pub const CORRECTION: &str = "correction";
pub const CODE: &str = "code";
pub const VOID: &str = "void";

/// An event as its row has it.
#[derive(Debug)]
pub struct EventFacts<'a> {
    pub no: EventNo,
    pub id: &'a str,
    pub kind: &'a str,
    pub party: &'a str,
    pub division: &'a str,
    pub counterpart: Option<&'a str>,
    pub counterpart_division: Option<&'a str>,
    pub counterpart_name: &'a str,
    pub at: &'a str,
    pub at_ms: Option<i64>,
    pub recorded_at: i64,
    pub actor: &'a str,
    pub channel: &'a str,
    pub batch: &'a str,
    pub doc_no: &'a str,
    pub first_lot: LotNo,
    pub lots: i64,
    pub difference: Option<i64>,
    pub reason: &'a str,
    pub declared: i64,
    pub doc: Option<&'a str>,
    pub simulated: i64,
    pub papers: Option<[&'a str; 12]>,
    pub additives: Vec<AdditiveFacts<'a>>,
}

/// An additive as its row has it.
#[derive(Debug)]
pub struct AdditiveFacts<'a> {
    pub place: i64,
    pub name: &'a str,
    pub amount: i64,
    pub unit: &'a str,
    pub purpose: &'a str,
}

/// A lot as its row has it.
#[derive(Debug)]
pub struct LotFacts<'a> {
    pub no: LotNo,
    pub product: &'a str,
    pub holder: &'a str,
    pub division: &'a str,
    pub state: &'a str,
    pub origin: LotNo,
    pub batch: &'a str,
    pub made: &'a str,
    pub expires: &'a str,
    pub amount: Option<i64>,
    pub unit: &'a str,
    pub inspector: &'a str,
}

/// A record: the text of its open part, and the hash of what is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub public: String,
    pub sealed: Option<Hash>,
}

impl Record {
    pub fn hash(&self) -> Hash {
        record_hash(&self.public, self.sealed.as_ref())
    }
}

#[derive(Serialize)]
struct OpenEvent<'a> {
    event: EventNo,
    kind: &'a str,
    party: &'a str,
    division: &'a str,
    at: &'a str,
    recorded_at: i64,
    channel: &'a str,
    declared: i64,
    simulated: i64,
    first_lot: LotNo,
    lot_count: i64,
    lots: Vec<OpenLot<'a>>,
}

#[derive(Serialize)]
struct OpenLot<'a> {
    lot: LotNo,
    product: &'a str,
    origin: LotNo,
    batch: &'a str,
    made: &'a str,
    expires: &'a str,
}

impl<'a> From<&LotFacts<'a>> for OpenLot<'a> {
    fn from(l: &LotFacts<'a>) -> Self {
        Self {
            lot: l.no,
            product: l.product,
            origin: l.origin,
            batch: l.batch,
            made: l.made,
            expires: l.expires,
        }
    }
}

#[derive(Serialize)]
struct OpenCorrection {
    event: EventNo,
    at: i64,
    replaced_by: Option<EventNo>,
}

#[derive(Serialize)]
struct OpenCode<'a> {
    code: &'a str,
    lot: LotNo,
    party: &'a str,
    division: &'a str,
    made_at: i64,
}

#[derive(Serialize)]
struct OpenVoid<'a> {
    code: &'a str,
    voided_at: i64,
    reason: &'a str,
}

/// The record of an event: lots ascending, inputs (lot, base units) ascending.
pub fn of_event(e: &EventFacts, lots: &[LotFacts], inputs: &[(LotNo, Option<i64>)]) -> Record {
    let public = text(&OpenEvent {
        event: e.no,
        kind: e.kind,
        party: e.party,
        division: e.division,
        at: e.at,
        recorded_at: e.recorded_at,
        channel: e.channel,
        declared: e.declared,
        simulated: e.simulated,
        first_lot: e.first_lot,
        lot_count: e.lots,
        lots: lots.iter().map(OpenLot::from).collect(),
    });
    let mut sealed = Sealed::new("shian-event/1");
    sealed.text(e.id);
    sealed.maybe(e.counterpart).maybe(e.counterpart_division).text(e.counterpart_name);
    sealed.number(e.at_ms).text(e.actor).text(e.batch).text(e.doc_no);
    sealed.number(e.difference).text(e.reason).maybe(e.doc);
    sealed.number(Some(lots.len() as i64));
    for l in lots {
        sealed.text(l.holder).text(l.division).text(l.state).number(l.amount).text(l.unit).text(l.inspector);
    }
    sealed.number(Some(inputs.len() as i64));
    for (lot, amount) in inputs {
        sealed.number(Some(*lot)).number(*amount);
    }
    sealed.number(Some(e.papers.map_or(0, |papers| papers.len() as i64)));
    for text in e.papers.iter().flatten() {
        sealed.text(text);
    }
    sealed.number(Some(e.additives.len() as i64));
    for a in &e.additives {
        sealed.number(Some(a.place)).text(a.name).number(Some(a.amount)).text(a.unit).text(a.purpose);
    }
    Record { public, sealed: Some(sealed.hash()) }
}

/// The hash of the record of an event on its way into the database.
pub fn of_new(no: EventNo, first_lot: LotNo, e: &NewEvent) -> Hash {
    let facts = EventFacts {
        no,
        id: &e.id,
        kind: e.kind.as_str(),
        party: &e.party,
        division: &e.division,
        counterpart: e.counterpart.as_deref(),
        counterpart_division: e.counterpart_division.as_deref(),
        counterpart_name: &e.counterpart_name,
        at: &e.at,
        at_ms: e.at_ms,
        recorded_at: e.recorded_at,
        actor: &e.actor,
        channel: e.channel,
        batch: &e.batch,
        doc_no: &e.doc_no,
        first_lot,
        lots: e.makes.len() as i64,
        difference: e.difference,
        reason: &e.reason,
        declared: i64::from(e.declared),
        doc: e.doc.as_deref(),
        simulated: i64::from(e.simulated),
        papers: e.papers.as_ref().map(|papers| papers.values()),
        additives: (0..)
            .zip(&e.additives)
            .map(|(place, a)| AdditiveFacts {
                place,
                name: &a.name,
                amount: a.amount,
                unit: a.unit.as_str(),
                purpose: &a.purpose,
            })
            .collect(),
    };
    let lots: Vec<LotFacts> = e
        .makes
        .iter()
        .zip(first_lot..)
        .map(|(l, no)| LotFacts {
            no,
            product: &l.product,
            holder: &l.holder,
            division: &l.division,
            state: if l.in_transit { "transit" } else { "stock" },
            origin: l.origin.unwrap_or(no),
            batch: &l.batch,
            made: &l.made,
            expires: &l.expires,
            amount: l.amount,
            unit: l.unit.as_str(),
            inspector: &l.inspector,
        })
        .collect();
    let mut inputs = e.inputs.clone();
    inputs.sort_unstable();
    of_event(&facts, &lots, &inputs).hash()
}

/// The record of a declared error; `by` is the declarer's name, empty where a file declared it.
pub fn of_correction(
    event: EventNo,
    reason: &str,
    (actor, by): (&str, &str),
    at: i64,
    replaced_by: Option<EventNo>,
) -> Record {
    let mut sealed = Sealed::new("shian-correction/1");
    sealed.text(actor).text(reason);
    if !by.is_empty() {
        sealed.text(by);
    }
    Record { public: text(&OpenCorrection { event, at, replaced_by }), sealed: Some(sealed.hash()) }
}

/// The record of a trace code.
pub fn of_code(code: &str, lot: LotNo, party: &str, division: &str, made_at: i64) -> Record {
    Record { public: text(&OpenCode { code, lot, party, division, made_at }), sealed: None }
}

/// The record of a trace code's voiding.
pub fn of_void(code: &str, voided_at: i64, reason: &str) -> Record {
    Record { public: text(&OpenVoid { code, voided_at, reason }), sealed: None }
}

fn text(open: &impl Serialize) -> String {
    // numbers and texts always have a JSON form
    serde_json::to_string(open).unwrap_or_default()
}

/// Hashes fields so that no two lists of fields look the same: a tag each, and the length of a text before it.
struct Sealed(Sha256);

impl Sealed {
    fn new(label: &str) -> Self {
        let mut sealed = Self(Sha256::new());
        sealed.text(label);
        sealed
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.0.update([2]);
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
        self
    }

    fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => {
                self.0.update([0]);
                self
            }
        }
    }

    fn number(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(number) => {
                self.0.update([1]);
                self.0.update(number.to_be_bytes());
            }
            None => self.0.update([0]),
        }
        self
    }

    fn hash(self) -> Hash {
        self.0.finalize().into()
    }
}
