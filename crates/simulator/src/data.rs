//! Reads data/simulator: every count, recipe, season and name is a row there, none is a constant here.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kit_base::{Error, Result, Unit};
use serde::Deserialize;

use crate::model::Role;

mod files;

pub use files::{catalogue, life, profile, profile_names};

/// Number of a good, trade or class: its place in the [`Catalogue`].
pub type GoodNo = u16;
pub type TradeNo = u16;
pub type ClassNo = u8;

/// A place whose figures a world has.
#[derive(Debug, Clone)]
pub struct Profile {
    pub name: String,
    pub title: String,
    pub start: Date,
    pub gtin_prefix: String,
    pub phone: String,
    pub counties: Vec<County>,
    numbers: BTreeMap<String, i64>,
}

impl Profile {
    /// A count or rate of the profile at scale 1.0.
    pub fn number(&self, key: &str) -> Result<i64> {
        self.numbers.get(key).copied().ok_or_else(|| {
            Error::internal(format!("data/simulator/profiles.csv: profile {} has no row {key}", self.name))
        })
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct County {
    profile: String,
    pub code: String,
    pub province: String,
    pub city: String,
    pub name: String,
    pub weight: u32,
    pub lat_min: f64,
    pub lat_max: f64,
    pub lon_min: f64,
    pub lon_max: f64,
    /// Towns (`410902001 中原路街道`), `|` between.
    pub towns: String,
}

#[derive(Debug, Clone)]
pub struct Good {
    pub code: String,
    pub name: String,
    pub class: ClassNo,
    pub category: String,
    pub unit: Unit,
    pub shelf_days: u32,
    /// In season, January first.
    pub months: [bool; 12],
    /// Out of season it comes from the grower's store.
    pub store: bool,
    /// The trades that deal in it first: growers, makers, importers.
    pub trades: Vec<TradeNo>,
    /// A usual harvest, batch or import, base units.
    pub lot: i64,
    /// A usual purchase line of a shop, base units.
    pub line: i64,
    pub pack_size: Option<i64>,
    pub pack: String,
    pub kinds: Vec<String>,
    pub recipe: Option<Recipe>,
}

#[derive(Debug, Clone)]
pub struct Recipe {
    /// `pack` rather than `produce`.
    pub pack: bool,
    /// Base units of output for the input amounts below.
    pub yields: i64,
    pub inputs: Vec<(GoodNo, i64)>,
}

#[derive(Debug, Clone)]
pub struct Trade {
    pub code: String,
    pub role: Role,
    pub share: u32,
    pub category: String,
    pub form: String,
    pub closed: [bool; 12],
    pub suffixes: Vec<String>,
    pub goods: Vec<GoodNo>,
}

#[derive(Debug, Clone)]
pub struct RoleRow {
    pub text: String,
    pub lines_weight: u32,
    pub order_days: u32,
    pub sell_days: u32,
    /// Permille of a mean day, Monday first.
    pub week: [u32; 7],
}

/// Who buys what from whom. A chain's shops have rows of their own.
#[derive(Debug, Clone)]
pub struct Channel {
    pub buyer: Buyer,
    pub class: ClassNo,
    pub supplier: Role,
    pub weight: u32,
    pub contacts: u32,
    /// Size of a line, permille of the good's usual line.
    pub bulk: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buyer {
    pub role: Role,
    pub chained: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Class {
    pub class: String,
    pub cover_days: i64,
    pub sell_out_days: i64,
    pub start_lines: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A batch goes wrong while it is made.
    Produce,
    /// A harvest goes wrong.
    Harvest,
    /// A bought lot is used in place of the first ingredient.
    Substitute,
}

#[derive(Debug, Clone, Deserialize)]
pub struct IncidentRow {
    pub code: String,
    pub title: String,
    pub trade: String,
    pub good: String,
    pub trigger: Trigger,
    pub substitute: Option<String>,
    pub start_permille: u32,
    pub window_days: u32,
    pub max_lots: u32,
    pub hazard: String,
    pub cases: usize,
    pub controls: usize,
    pub case_weight: f64,
    pub control_weight: f64,
}

#[derive(Debug, Clone)]
pub struct Words {
    lists: BTreeMap<String, Vec<String>>,
}

impl Words {
    /// The list of a kind; empty where the file has none.
    pub fn of(&self, kind: &str) -> &[String] {
        self.lists.get(kind).map_or(&[], Vec::as_slice)
    }
}

/// How often the everyday mishaps happen.
#[derive(Debug, Clone, Deserialize)]
pub struct Rates {
    /// Of so many deliveries one is refused, arrives with less, takes a day longer.
    pub refuse_one_in: u32,
    pub differ_one_in: u32,
    pub late_one_in: u32,
    /// Of so many lots offered on a day one is sent back, spoils in part, is left over on its last day.
    pub return_one_in: u32,
    pub loss_one_in: u32,
    pub leftover_one_in: u32,
    /// Of so many shelves looked through one is counted short.
    pub count_one_in: u32,
    /// Of a hundred lines asked of a dealer with outside brands, how many ask for one of those.
    pub outside_percent: u32,
    /// Of so many lines asked in vain for an outside brand one makes the dealer order it.
    pub import_one_in: u32,
}

/// All of data/simulator but the profiles.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub goods: Vec<Good>,
    pub trades: Vec<Trade>,
    pub classes: Vec<Class>,
    /// In the order of [`Role::ALL`].
    pub roles: Vec<RoleRow>,
    pub channels: Vec<Channel>,
    pub incidents: Vec<IncidentRow>,
    pub rates: Rates,
    pub words: Words,
}
