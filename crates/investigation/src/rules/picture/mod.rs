//! The picture of a case: the lots that a walk reached with what became of them, and what follows from that.

mod network;
mod pages;
mod summary;
#[cfg(test)]
mod tests;

pub use parties::store::facts::PartyFact;
use std::collections::HashMap;
pub use trace::store::facts::ProductFact;

use kit_base::{PartialDate, Unit};
use serde::{Deserialize, Serialize};
use trace::model::EventKind;

pub use network::{delivery_id, network};
pub use pages::{Business, LotRow, MoveRow, PageAsk, ScoreOf, businesses, lots, moves};
pub use summary::{Bin, County, Pair, Place, Summary, Sums, county_name, pair_parties, summary};

/// What was taken from a lot, in base units, by what was done with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gone {
    /// to other businesses, known here or not
    pub shipped: i64,
    /// made into something, packed, accepted, counted: it went on as another lot
    pub used: i64,
    /// to consumers
    pub sold: i64,
    pub lost: i64,
    pub destroyed: i64,
    /// shipped less accepted, booked less counted
    pub difference: i64,
    /// some use has no amount
    pub unknown: bool,
}

/// A lot that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "Flat", into = "Flat")]
pub struct LotFact {
    pub no: u32,
    pub event: i64,
    /// places in the lists of the picture
    pub product: u32,
    pub holder: u32,
    /// whose act made it; for goods on the way or bought from outside, who sent it
    pub sender: u32,
    pub batch: u32,
    pub kind: EventKind,
    pub transit: bool,
    /// it went from one business to another: goods on the way, or bought from outside
    pub delivery: bool,
    pub unit: Unit,
    pub at: Option<PartialDate>,
    /// when goods on the way were accepted
    pub arrival: Option<PartialDate>,
    pub made: Option<PartialDate>,
    pub expires: Option<PartialDate>,
    pub amount: Option<i64>,
    pub on_hand: Option<i64>,
    pub gone: Gone,
    /// the event that made it was declared wrong: it is nowhere
    pub corrected: bool,
}

/// A lot as it is written down, without names: a third of the size.
type Flat = (
    (u32, i64, u32, u32, u32, u32, EventKind, Unit),
    (u8, Option<PartialDate>, Option<PartialDate>, Option<PartialDate>, Option<PartialDate>),
    (Option<i64>, Option<i64>, i64, i64, i64, i64, i64, i64),
);

const TRANSIT: u8 = 1;
const DELIVERY: u8 = 2;
const UNKNOWN: u8 = 4;
const CORRECTED: u8 = 8;

impl From<LotFact> for Flat {
    fn from(l: LotFact) -> Self {
        let flags = [
            (l.transit, TRANSIT),
            (l.delivery, DELIVERY),
            (l.gone.unknown, UNKNOWN),
            (l.corrected, CORRECTED),
        ];
        let flags = flags.iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum();
        let g = l.gone;
        (
            (l.no, l.event, l.product, l.holder, l.sender, l.batch, l.kind, l.unit),
            (flags, l.at, l.arrival, l.made, l.expires),
            (l.amount, l.on_hand, g.shipped, g.used, g.sold, g.lost, g.destroyed, g.difference),
        )
    }
}

impl From<Flat> for LotFact {
    fn from((ids, dates, amounts): Flat) -> Self {
        let (no, event, product, holder, sender, batch, kind, unit) = ids;
        let (flags, at, arrival, made, expires) = dates;
        let (amount, on_hand, shipped, used, sold, lost, destroyed, difference) = amounts;
        let unknown = flags & UNKNOWN != 0;
        Self {
            no,
            event,
            product,
            holder,
            sender,
            batch,
            kind,
            transit: flags & TRANSIT != 0,
            delivery: flags & DELIVERY != 0,
            unit,
            at,
            arrival,
            made,
            expires,
            amount,
            on_hand,
            gone: Gone { shipped, used, sold, lost, destroyed, difference, unknown },
            corrected: flags & CORRECTED != 0,
        }
    }
}

impl LotFact {
    /// What neither stock nor any record explains, in base units; `None` where a part of the sum is unknown. Goods lost
    /// on the way and missing at a count are in it.
    pub fn unaccounted(&self) -> Option<i64> {
        if self.corrected {
            return Some(0);
        }
        let (amount, on_hand, g) = (self.amount?, self.on_hand?, &self.gone);
        let explained = g.shipped + g.used + g.sold + g.lost + g.destroyed + on_hand;
        (!g.unknown).then_some(amount - explained + g.difference)
    }
}

/// What the id of a business of the picture begins with where it is not known here.
pub const OUTSIDE: &str = "outside:";

/// What a walk reached, within the filters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// last event of the ledger that was seen
    pub event: i64,
    /// ascending by number
    pub lots: Vec<LotFact>,
    pub parties: Vec<PartyFact>,
    pub products: Vec<ProductFact>,
    pub batches: Vec<String>,
    /// which delivery went into which, by lot numbers
    pub relations: Vec<(u32, u32)>,
    /// lots it starts from, ascending
    pub seeds: Vec<u32>,
    /// lots reached before the filters: in all, to the sources, to the followers
    pub reached: i64,
    pub sources: i64,
    pub followers: i64,
    /// false where the distance left something out
    pub complete: bool,
}

impl Picture {
    pub fn deliveries(&self) -> impl Iterator<Item = &LotFact> {
        self.lots.iter().filter(|lot| lot.delivery)
    }

    pub fn is_seed(&self, lot: u32) -> bool {
        self.seeds.binary_search(&lot).is_ok()
    }

    /// The unit most lots are counted in.
    pub fn main_unit(&self) -> Unit {
        let mut counts = [(Unit::G, 0_u32), (Unit::Ml, 0), (Unit::Pc, 0)];
        for lot in &self.lots {
            counts[lot.unit as usize].1 += 1;
        }
        counts.into_iter().rev().max_by_key(|(_, n)| *n).map_or(Unit::G, |(unit, _)| unit)
    }

    pub fn simulated(&self) -> bool {
        self.parties.iter().any(|p| p.simulated)
    }
}

/// Texts by number: each is kept once.
#[derive(Debug, Default)]
pub struct Names {
    pub list: Vec<String>,
    places: HashMap<String, u32>,
}

impl Names {
    pub fn place(&mut self, text: &str) -> u32 {
        if let Some(&at) = self.places.get(text) {
            return at;
        }
        let at = self.list.len() as u32;
        self.list.push(text.to_owned());
        self.places.insert(text.to_owned(), at);
        at
    }
}

/// A date as the ledger has it; empty, or text that is no date, is unknown.
pub fn known_date(text: &str) -> Option<PartialDate> {
    text.get(..10).unwrap_or(text).parse().ok()
}
