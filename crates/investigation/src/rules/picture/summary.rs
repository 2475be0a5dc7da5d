//! Sums over a picture: by business, by county, over time, and from business to business.

use std::collections::BTreeMap;

use kit_base::{PartialDate, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{LotFact, Picture};

/// Sums of one unit, in base units, of what is known; how many lots are not known stands beside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sums {
    /// g, ml, pc
    pub unit: String,
    pub lots: i64,
    /// accepted from others, and made or begun here
    pub received: i64,
    pub made: i64,
    pub shipped: i64,
    pub used: i64,
    pub sold: i64,
    pub lost: i64,
    pub destroyed: i64,
    pub on_hand: i64,
    /// on its way to the business, not accepted yet
    pub on_way: i64,
    pub unaccounted: i64,
    /// lots whose amount, stock or balance is unknown
    pub unknown_amount: i64,
    pub unknown_on_hand: i64,
    pub unknown_unaccounted: i64,
}

impl Sums {
    fn add(&mut self, lot: &LotFact) {
        self.lots += 1;
        if lot.corrected {
            return;
        }
        match (lot.amount, lot.transit) {
            (None, _) => self.unknown_amount += 1,
            (Some(_), true) => {}
            (Some(amount), false) if comes_from_others(lot) => self.received += amount,
            (Some(amount), false) => self.made += amount,
        }
        if !lot.transit {
            self.shipped += lot.gone.shipped;
            self.used += lot.gone.used;
        }
        self.sold += lot.gone.sold;
        self.lost += lot.gone.lost;
        self.destroyed += lot.gone.destroyed;
        match (lot.on_hand, lot.transit) {
            (None, _) => self.unknown_on_hand += 1,
            (Some(amount), true) => self.on_way += amount,
            (Some(amount), false) => self.on_hand += amount,
        }
        match lot.unaccounted() {
            None => self.unknown_unaccounted += 1,
            Some(amount) => self.unaccounted += amount,
        }
    }

    /// On hand or on the way, where at least one lot is known.
    pub fn known_on_hand(&self) -> Option<i64> {
        (self.unknown_on_hand < self.lots).then_some(self.on_hand + self.on_way)
    }

    pub fn known_sold(&self) -> Option<i64> {
        (self.unknown_amount < self.lots || self.sold > 0).then_some(self.sold)
    }

    pub fn known_unaccounted(&self) -> Option<i64> {
        (self.unknown_unaccounted < self.lots).then_some(self.unaccounted)
    }
}

fn comes_from_others(lot: &LotFact) -> bool {
    use trace::model::EventKind as K;
    matches!(lot.kind, K::Receive | K::Refuse)
}

/// Sums unit by unit: grams, millilitres, pieces.
#[derive(Debug, Clone, Default)]
struct ByUnit([Sums; 3]);

impl ByUnit {
    fn add(&mut self, lot: &LotFact) {
        self.0[lot.unit as usize].add(lot);
    }

    fn list(self) -> Vec<Sums> {
        let named = [Unit::G, Unit::Ml, Unit::Pc].into_iter().zip(self.0);
        let used = named.filter(|(_, sums)| sums.lots > 0);
        used.map(|(unit, sums)| Sums { unit: unit.as_str().to_owned(), ..sums }).collect()
    }
}

/// A business of the picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// place in the picture's list
    pub party: u32,
    pub lots: i64,
    /// lots that the case starts from
    pub seeds: i64,
    /// deliveries that came in and went out
    pub into: i64,
    pub out: i64,
    pub sums: Vec<Sums>,
}

/// What went from one business to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pair {
    pub from: u32,
    pub to: u32,
    pub deliveries: i64,
    /// base units by unit: grams, millilitres, pieces; of what is known
    pub amounts: [i64; 3],
    pub unknown_amount: i64,
    pub first: Option<PartialDate>,
    pub last: Option<PartialDate>,
}

/// A county (6 digits; shorter or empty where no more is known).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct County {
    pub division: String,
    pub name: String,
    pub stations: i64,
    pub lots: i64,
    pub sums: Vec<Sums>,
}

/// A day or month of the timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bin {
    /// `2026-03-01`, `2026-03`
    pub at: String,
    /// lots that came to be
    pub lots: i64,
    /// of them deliveries
    pub deliveries: i64,
}

/// All sums of a picture.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// most lots first
    pub places: Vec<Place>,
    /// most deliveries first
    pub pairs: Vec<Pair>,
    pub counties: Vec<County>,
    pub totals: Vec<Sums>,
    pub deliveries: i64,
    pub timeline: Vec<Bin>,
    /// lots whose date is not known to the month
    pub undated: i64,
}

/// Days are shown one by one up to this many; then months.
const DAYS: usize = 100;

pub fn summary(picture: &Picture) -> Summary {
    let mut places: Vec<(Place, ByUnit)> = (0..picture.parties.len() as u32)
        .map(|party| (Place { party, ..Place::default() }, ByUnit::default()))
        .collect();
    let mut pairs: BTreeMap<(u32, u32), Pair> = BTreeMap::new();
    let mut totals = ByUnit::default();
    let mut counties: BTreeMap<&str, (County, ByUnit)> = BTreeMap::new();
    for lot in &picture.lots {
        totals.add(lot);
        let (place, sums) = &mut places[lot.holder as usize];
        place.lots += 1;
        place.seeds += i64::from(picture.is_seed(lot.no));
        sums.add(lot);
        let division = &picture.parties[lot.holder as usize].division;
        let county = counties.entry(division.get(..6).unwrap_or(division)).or_default();
        county.0.lots += 1;
        county.1.add(lot);
        if lot.delivery {
            place.into += 1;
            places[lot.sender as usize].0.out += 1;
            let pair = pairs.entry((lot.sender, lot.holder)).or_default();
            add_delivery(pair, lot);
        }
    }
    let mut places: Vec<Place> =
        places.into_iter().map(|(place, sums)| Place { sums: sums.list(), ..place }).collect();
    places.retain(|p| p.lots > 0 || p.out > 0);
    for place in &places {
        let division = &picture.parties[place.party as usize].division;
        counties.entry(division.get(..6).unwrap_or(division)).or_default().0.stations += 1;
    }
    places.sort_by_key(|p| (-p.lots, p.party));
    let deliveries = pairs.values().map(|p| p.deliveries).sum();
    let mut pairs: Vec<Pair> = pairs.into_values().collect();
    pairs.sort_by_key(|p| (-p.deliveries, p.from, p.to));
    let (timeline, undated) = timeline(picture);
    let county = |(code, (county, sums)): (&str, (County, ByUnit))| County {
        division: code.to_owned(),
        name: county_name(code),
        sums: sums.list(),
        ..county
    };
    Summary {
        places,
        pairs,
        counties: counties.into_iter().map(county).collect(),
        totals: totals.list(),
        deliveries,
        timeline,
        undated,
    }
}

fn add_delivery(pair: &mut Pair, lot: &LotFact) {
    (pair.from, pair.to) = (lot.sender, lot.holder);
    pair.deliveries += 1;
    match lot.amount {
        Some(amount) => pair.amounts[lot.unit as usize] += amount,
        None => pair.unknown_amount += 1,
    }
    if let Some(at) = lot.at {
        pair.first = Some(pair.first.map_or(at, |first| first.min(at)));
        pair.last = Some(pair.last.map_or(at, |last| last.max(at)));
    }
}

/// The name of a county with its city; the code itself where it is not known.
pub fn county_name(code: &str) -> String {
    let reference = parties::reference::get();
    match reference.full_name(code) {
        name if name.is_empty() && code.is_empty() => "区划不明".to_owned(),
        name if name.is_empty() => code.to_owned(),
        name => name,
    }
}

/// Bins in order, and how many lots have no month.
fn timeline(picture: &Picture) -> (Vec<Bin>, i64) {
    let mut days: BTreeMap<(i16, i8, i8), (i64, i64)> = BTreeMap::new();
    let mut undated = 0;
    for lot in &picture.lots {
        let Some((at, month)) = lot.at.and_then(|at| Some((at, at.month?))) else {
            undated += 1;
            continue;
        };
        let bin = days.entry((at.year, month, at.day.unwrap_or(0))).or_default();
        bin.0 += 1;
        bin.1 += i64::from(lot.delivery);
    }
    let by_day = days.len() <= DAYS && days.keys().all(|(_, _, day)| *day > 0);
    let mut bins: Vec<Bin> = Vec::new();
    for ((year, month, day), (lots, deliveries)) in days {
        let at =
            if by_day { format!("{year:04}-{month:02}-{day:02}") } else { format!("{year:04}-{month:02}") };
        match bins.last_mut().filter(|bin| bin.at == at) {
            Some(bin) => {
                bin.lots += lots;
                bin.deliveries += deliveries;
            }
            None => bins.push(Bin { at, lots, deliveries }),
        }
    }
    (bins, undated)
}

/// Names of the two ends of a pair.
pub fn pair_parties<'p>(picture: &'p Picture, pair: &Pair) -> (&'p str, &'p str) {
    (&picture.parties[pair.from as usize].id, &picture.parties[pair.to as usize].id)
}
