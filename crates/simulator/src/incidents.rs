//! Planted incidents and their sealed answers: which lots are bad, who still holds them, who sold them.
//!
//! The food flows as it would without; only the bad lots are remembered, by a bit that every lot hands on to what is
//! made of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::data::{GoodNo, IncidentRow, Trigger};
use crate::engine::HeldLot;
use crate::model::{SimEvent, SimKind};
use crate::world::World;

/// Observations of clean food that are kept to draw controls from.
const MOST_CLEAN: usize = 4000;
/// Of the clean lots sold, one in so many is looked at.
const CLEAN_ONE_IN: u64 = 7;

/// The truth about a planted incident; belongs in a sealed file, never in the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Code of data/simulator/incidents.csv.
    pub incident: String,
    pub title: String,
    pub hazard: String,
    pub profile: String,
    pub scale: f64,
    pub seed: u64,
    pub days: u32,
    /// The party where it began, by number, name and 统一社会信用代码.
    pub source_party: u32,
    pub source_name: String,
    pub source_uscc: String,
    /// The lots with which it began, and the day of the first.
    pub source_lots: Vec<u64>,
    pub source_day: u32,
    /// Every lot that is one of those or was made, shipped or received from one, ascending.
    pub affected_lots: Vec<u64>,
    /// Every party that made, held or was sent one, ascending.
    pub affected_parties: Vec<u32>,
    /// Who holds what of it after the last day; `transit`: on the way to that party.
    pub holders: Vec<Held>,
    /// Base units of affected lots sold or served, by party and lot.
    pub sold: Vec<Held>,
    /// Sick people or positive samples, at places that sold affected food, with positive weights.
    pub cases: Vec<Observation>,
    /// Healthy people or clean samples, at places that never had any, with negative weights.
    pub controls: Vec<Observation>,
}

/// An amount of a lot at a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub party: u32,
    pub lot: u64,
    pub product: u32,
    /// Base units.
    pub amount: i64,
    pub transit: bool,
}

/// Something observed at a party about a lot it sold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    pub party: u32,
    /// The stock lot at the party.
    pub lot: u64,
    /// The lot on the way by which it came; `None` where the party made it.
    pub delivery: Option<u64>,
    pub day: u32,
    pub weight: f64,
}

/// What the end of a simulation finds in stock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub no: u64,
    product: u32,
    amount: i64,
    taint: u8,
}

impl From<&HeldLot> for Part {
    fn from(lot: &HeldLot) -> Self {
        Self { no: lot.no, product: lot.product, amount: lot.amount, taint: lot.taint }
    }
}

struct Plan {
    row: IncidentRow,
    bit: u8,
    party: u32,
    good: GoodNo,
    start: u32,
    end: u32,
    /// Lots that may still go wrong.
    left: u32,
    source_lots: Vec<u64>,
    source_day: Option<u32>,
    affected: BTreeSet<u64>,
    parties: BTreeSet<u32>,
    /// Product of every affected lot that was sold, with the sum.
    sold: BTreeMap<(u32, u64), i64>,
    products: BTreeMap<u64, u32>,
    /// Goods that affected food was sold as: what a clean sample is compared with.
    goods: BTreeSet<GoodNo>,
    cases: BTreeMap<(u32, u64), Observation>,
    clean: Vec<(GoodNo, Observation)>,
}

/// The planted incidents of a simulation.
pub(crate) struct Incidents {
    plans: Vec<Plan>,
}

impl Incidents {
    /// Chooses source and days: the biggest of the trade, at the row's share of the simulated days.
    pub fn plan(world: &World) -> Self {
        let days = world.options.days;
        let mut plans = Vec::new();
        for (at, row) in world.catalogue.incidents.iter().take(8).enumerate() {
            let good = world.catalogue.goods.iter().position(|good| good.code == row.good);
            let party = world.stations.iter().position(|station| {
                station.rank == 0 && world.catalogue.trades[usize::from(station.trade)].code == row.trade
            });
            let (Some(good), Some(party)) = (good, party) else { continue };
            let start = u64::from(days) * u64::from(row.start_permille) / 1000;
            let start = start as u32;
            plans.push(Plan {
                bit: 1 << at,
                party: party as u32,
                good: good as GoodNo,
                start,
                end: start + row.window_days,
                left: row.max_lots,
                row: row.clone(),
                source_lots: Vec::new(),
                source_day: None,
                affected: BTreeSet::new(),
                parties: BTreeSet::new(),
                sold: BTreeMap::new(),
                products: BTreeMap::new(),
                goods: BTreeSet::new(),
                cases: BTreeMap::new(),
                clean: Vec::new(),
            });
        }
        Self { plans }
    }

    /// The good that a party must make or harvest now, so that its incident happens.
    pub fn due(&self, party: u32, day: u32) -> Option<GoodNo> {
        let due =
            |plan: &&Plan| plan.party == party && (plan.start..plan.end).contains(&day) && plan.left > 0;
        self.plans.iter().find(due).map(|plan| plan.good)
    }

    /// The bits that a lot made now gets at its source; `lot` is the number it will have.
    pub fn spoil(&mut self, party: u32, good: GoodNo, day: u32, lot: u64) -> u8 {
        let mut bits = 0;
        for plan in &mut self.plans {
            let now = (plan.start..plan.end).contains(&day) && plan.left > 0;
            if plan.party != party || plan.good != good || !now {
                continue;
            }
            plan.left -= 1;
            if plan.row.trigger != Trigger::Substitute {
                bits |= plan.bit;
                plan.source_lots.push(lot);
            }
        }
        bits
    }

    /// Ingredients swapped on a day: (bit, party, the ingredient it passes for, the product that is used).
    pub fn substitutes(&self, world: &World, day: u32) -> Vec<(u8, u32, GoodNo, u32)> {
        let swaps = self.plans.iter().filter(|plan| plan.start == day);
        swaps
            .filter_map(|plan| {
                let code = plan.row.substitute.as_ref()?;
                let good = world.catalogue.goods.iter().position(|good| &good.code == code)?;
                let dealer = *world.sellers_of[good].first()?;
                let station = &world.stations[dealer as usize];
                let place = station.goods.iter().position(|&own| usize::from(own) == good)?;
                let recipe = world.catalogue.goods[usize::from(plan.good)].recipe.as_ref()?;
                let passes_for = recipe.inputs.first()?.0;
                Some((plan.bit, plan.party, passes_for, station.first_product + place as u32))
            })
            .collect()
    }

    /// Names the lot with which incidents began.
    pub fn source(&mut self, bits: u8, lot: u64) {
        for plan in self.plans.iter_mut().filter(|plan| plan.bit & bits != 0) {
            plan.source_lots.push(lot);
        }
    }

    /// An event took or made affected lots.
    pub fn saw(&mut self, bits: u8, event: &SimEvent) {
        for plan in self.plans.iter_mut().filter(|plan| plan.bit & bits != 0) {
            plan.source_day.get_or_insert(event.day);
            plan.parties.insert(event.party);
            for lot in &event.outs {
                plan.affected.insert(lot.no);
                plan.parties.insert(lot.holder);
                plan.products.insert(lot.no, lot.product);
            }
            if event.kind == SimKind::Sell {
                for &(lot, amount) in &event.inputs {
                    *plan.sold.entry((event.party, lot)).or_default() += amount;
                }
            }
        }
    }

    /// A lot reaches consumers: it may become a case, or be looked at and found clean.
    pub fn sold_here(&mut self, world: &World, party: u32, lot: &HeldLot, day: u32) {
        for plan in &mut self.plans {
            if day < plan.start {
                continue;
            }
            let seen = || Observation {
                party,
                lot: lot.no,
                delivery: (lot.via != 0).then_some(lot.via),
                day,
                weight: plan.row.case_weight,
            };
            if lot.taint & plan.bit != 0 {
                plan.goods.insert(lot.good);
                plan.cases.entry((party, lot.no)).or_insert_with(seen);
            } else if lot.no.is_multiple_of(CLEAN_ONE_IN) && plan.clean.len() < MOST_CLEAN {
                let class = world.catalogue.goods[usize::from(lot.good)].class;
                let planted = world.catalogue.goods[usize::from(plan.good)].class;
                if class == planted || plan.goods.contains(&lot.good) {
                    let clean = Observation { weight: plan.row.control_weight, ..seen() };
                    plan.clean.push((lot.good, clean));
                }
            }
        }
    }

    /// The answers; `held` is what is in stock or on the way, ascending by party and lot. An incident that did not
    /// come to pass (too few days) has none.
    pub fn answers(&self, world: &World, held: &[(u32, Part, bool)]) -> Vec<Answer> {
        let happened = self.plans.iter().filter(|plan| !plan.source_lots.is_empty());
        happened.map(|plan| plan.answer(world, held)).collect()
    }
}

impl Plan {
    fn answer(&self, world: &World, held: &[(u32, Part, bool)]) -> Answer {
        let source = world.party(self.party);
        let holders = held.iter().filter(|(_, part, _)| part.taint & self.bit != 0);
        Answer {
            incident: self.row.code.clone(),
            title: self.row.title.clone(),
            hazard: self.row.hazard.clone(),
            profile: world.options.profile.clone(),
            scale: world.options.scale,
            seed: world.options.seed,
            days: world.options.days,
            source_party: self.party,
            source_name: source.name,
            source_uscc: source.uscc,
            source_lots: self.source_lots.clone(),
            source_day: self.source_day.unwrap_or(self.start),
            affected_lots: self.affected.iter().copied().collect(),
            affected_parties: self.parties.iter().copied().collect(),
            holders: holders
                .map(|&(party, part, transit)| Held {
                    party,
                    lot: part.no,
                    product: part.product,
                    amount: part.amount,
                    transit,
                })
                .collect(),
            sold: self
                .sold
                .iter()
                .map(|(&(party, lot), &amount)| {
                    let product = self.products.get(&lot).copied().unwrap_or_default();
                    Held { party, lot, product, amount, transit: false }
                })
                .collect(),
            cases: spread(&self.cases.values().cloned().collect::<Vec<_>>(), self.row.cases),
            controls: self.controls(),
        }
    }

    /// Clean lots, of what affected food was sold as, at places that never had any of it; one a place.
    fn controls(&self) -> Vec<Observation> {
        let mut places = BTreeSet::new();
        let clean = self.clean.iter().filter(|(_, seen)| !self.parties.contains(&seen.party));
        let (same, other): (Vec<_>, Vec<_>) = clean.partition(|(good, _)| self.goods.contains(good));
        let ordered = same.into_iter().chain(other).map(|(_, seen)| seen.clone());
        let one_a_place: Vec<Observation> = ordered.filter(|seen| places.insert(seen.party)).collect();
        spread(&one_a_place, self.row.controls)
    }
}

/// `count` of `items` from all over the list.
fn spread<T: Clone>(items: &[T], count: usize) -> Vec<T> {
    let count = count.min(items.len());
    (0..count).map(|at| items[at * items.len() / count].clone()).collect()
}
