//! Who answers for how much of which batch, out of the lots that a walk reached and what was taken from them.
//!
//! Of each lot there remains, for whoever holds it: its amount, less what was passed on under the same batch (sent, received,
//! refused, counted), less what was made into something else, and what went missing on the way or at a count added to that. Along a
//! batch this telescopes: what it began with = what was made into something else + what the holders answer for. Declared
//! histories need not add up; what they lack is the batch's gap. What was sent to a name outside of the platform left it as a sale
//! does: who sent it answers for it, and whom it went to is listed, to be told by letter.

use std::collections::BTreeMap;

use kit_base::Unit;
use trace::graph::LotSet;
use trace::model::EventKind;

/// A lot as far as a scope needs to know it.
#[derive(Debug, Clone, PartialEq)]
pub struct Lot {
    pub no: u32,
    pub origin: u32,
    pub holder: String,
    pub product: String,
    pub batch: String,
    pub unit: Unit,
    /// NULL unknown.
    pub amount: Option<i64>,
    pub on_hand: Option<i64>,
    /// The event that made it was declared wrong: it is nowhere.
    pub wrong: bool,
}

/// Something taken from a lot.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    pub lot: u32,
    pub kind: EventKind,
    pub amount: Option<i64>,
    pub difference: Option<i64>,
    /// Whom it was sent or sold to, where they are named and not on the platform.
    pub outside: String,
}

/// What went to somebody outside of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Who sent it.
    pub party: String,
    pub origin: u32,
    pub name: String,
    pub certain: bool,
    pub unit: Unit,
    pub amount: i64,
}

/// A batch that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub origin: u32,
    pub certain: bool,
    pub product: String,
    pub batch: String,
    pub unit: Unit,
    /// What it began with.
    pub produced: Option<i64>,
    /// Made into something else.
    pub used: i64,
    /// What declared histories do not add up to.
    pub gap: i64,
    /// Lots without an amount.
    pub unknown: i64,
}

/// What one holder answers for of one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub party: String,
    pub origin: u32,
    pub certain: bool,
    pub unit: Unit,
    pub due: i64,
    /// By the ledger: on hand or on the way, sold, lost or destroyed.
    pub on_hand: i64,
    pub sold: i64,
    pub gone: i64,
    pub unknown: i64,
}

impl Line {
    /// What no record explains; less than nothing where a count found more than there should be.
    pub fn open(&self) -> i64 {
        self.due - self.on_hand - self.sold - self.gone
    }

    fn nothing(&self) -> bool {
        [self.due, self.on_hand, self.sold, self.gone, self.unknown].iter().all(|n| *n == 0)
    }
}

/// All of it; batches by origin, lines by holder and origin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub batches: Vec<Batch>,
    pub lines: Vec<Line>,
    /// By sender, batch and name.
    pub outside: Vec<Outside>,
    pub lots_certain: i64,
    pub lots_possible: i64,
}

/// What was taken from a lot, summed.
#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    passed: i64,
    used: i64,
    sold: i64,
    gone: i64,
    difference: i64,
    unknown: bool,
}

impl Taken {
    fn add(&mut self, u: &Use) {
        use EventKind as K;
        self.difference += u.difference.unwrap_or(0);
        let Some(amount) = u.amount else {
            // an observation takes nothing
            self.unknown |= u.kind != K::Observe;
            return;
        };
        match u.kind {
            K::Ship if !u.outside.is_empty() => self.sold += amount,
            K::Ship | K::Return | K::Receive | K::Refuse | K::Stocktake => self.passed += amount,
            K::Sell => self.sold += amount,
            K::Loss | K::Destroy => self.gone += amount,
            K::Harvest | K::Produce | K::Pack | K::Unpack | K::Opening | K::Observe => self.used += amount,
        }
    }
}

/// `lots` ascending by number; `certain` the lots that came from the recalled batch itself.
pub fn scope(lots: &[Lot], uses: &[Use], certain: &LotSet) -> Scope {
    let mut taken = vec![Taken::default(); lots.len()];
    for u in uses {
        if let Ok(at) = lots.binary_search_by_key(&u.lot, |l| l.no) {
            taken[at].add(u);
        }
    }
    let mut out = Scope { outside: outside(lots, uses, certain), ..Scope::default() };
    let mut batches: BTreeMap<u32, Batch> = BTreeMap::new();
    let mut lines: BTreeMap<(&str, u32), Line> = BTreeMap::new();
    for (lot, taken) in lots.iter().zip(&taken).filter(|(lot, _)| !lot.wrong) {
        let sure = certain.contains(lot.origin) || certain.contains(lot.no);
        *(if sure { &mut out.lots_certain } else { &mut out.lots_possible }) += 1;
        let batch = batches.entry(lot.origin).or_insert_with(|| fresh(lot));
        batch.certain |= sure;
        let line = lines.entry((&lot.holder, lot.origin)).or_insert_with(|| blank(lot));
        line.certain |= sure;
        batch.used += taken.used;
        if lot.no == lot.origin {
            batch.produced = lot.amount;
        }
        let Some(amount) = lot.amount.filter(|_| !taken.unknown) else {
            (batch.unknown, line.unknown) = (batch.unknown + 1, line.unknown + 1);
            continue;
        };
        line.due += amount - taken.passed - taken.used + taken.difference;
        line.on_hand += lot.on_hand.unwrap_or(0);
        line.sold += taken.sold;
        line.gone += taken.gone;
    }
    out.lines = lines.into_values().filter(|l| !l.nothing()).collect();
    let mut held: BTreeMap<u32, i64> = BTreeMap::new();
    for line in &out.lines {
        *held.entry(line.origin).or_default() += line.due;
    }
    for batch in batches.values_mut() {
        let held = held.get(&batch.origin).copied().unwrap_or(0);
        batch.gap = batch.produced.map_or(0, |p| p - batch.used - held);
    }
    out.batches = batches.into_values().collect();
    out
}

fn outside(lots: &[Lot], uses: &[Use], certain: &LotSet) -> Vec<Outside> {
    let mut found: BTreeMap<(&str, u32, &str), Outside> = BTreeMap::new();
    for u in uses.iter().filter(|u| !u.outside.trim().is_empty()) {
        if !matches!(u.kind, EventKind::Ship | EventKind::Sell) {
            continue;
        }
        let Ok(at) = lots.binary_search_by_key(&u.lot, |l| l.no) else { continue };
        let lot = &lots[at];
        if lot.wrong {
            continue;
        }
        let sent = found.entry((&lot.holder, lot.origin, u.outside.trim())).or_insert_with(|| Outside {
            party: lot.holder.clone(),
            origin: lot.origin,
            name: u.outside.trim().to_owned(),
            certain: false,
            unit: lot.unit,
            amount: 0,
        });
        sent.certain |= certain.contains(lot.origin) || certain.contains(lot.no);
        sent.amount += u.amount.unwrap_or(0);
    }
    found.into_values().collect()
}

fn fresh(lot: &Lot) -> Batch {
    Batch {
        origin: lot.origin,
        certain: false,
        product: lot.product.clone(),
        batch: lot.batch.clone(),
        unit: lot.unit,
        produced: None,
        used: 0,
        gap: 0,
        unknown: 0,
    }
}

fn blank(lot: &Lot) -> Line {
    Line {
        party: lot.holder.clone(),
        origin: lot.origin,
        certain: false,
        unit: lot.unit,
        due: 0,
        on_hand: 0,
        sold: 0,
        gone: 0,
        unknown: 0,
    }
}
