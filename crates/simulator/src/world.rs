//! Who there is: parties with their trades, goods and trading partners. Built once, then only read.

mod build;
mod describe;

use kit_base::{Error, Result};

pub(crate) use build::{classes_sold, near};

use crate::data::{self, Buyer, Catalogue, ClassNo, GoodNo, Profile, TradeNo};
use crate::model::{Role, SimParty, SimProduct};

/// Where a world lies: (code, name) each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Four digits.
    pub city: (String, String),
    /// Six digits each.
    pub counties: Vec<(String, String)>,
    /// Nine digits.
    pub town: (String, String),
}

/// No party, no market, no supplier.
pub(crate) const NOBODY: u32 = u32::MAX;

/// What makes a world; the same options make the same world.
#[derive(Debug, Clone, PartialEq)]
pub struct SimOptions {
    /// A name of data/simulator/profiles.csv.
    pub profile: String,
    /// Share of the published figures, above 0 and up to 1.
    pub scale: f64,
    pub seed: u64,
    /// Days to simulate, 1 to 3650.
    pub days: u32,
    /// First day; `None` takes the profile's.
    pub start: Option<jiff::civil::Date>,
    /// Number of the first event and of the first lot.
    pub first_event: u64,
    pub first_lot: u64,
}

impl SimOptions {
    pub fn new(profile: &str, scale: f64, seed: u64, days: u32) -> Self {
        Self { profile: profile.to_owned(), scale, seed, days, start: None, first_event: 1, first_lot: 1 }
    }

    /// Errors: `scale_range`, `days_range`.
    pub fn check(&self) -> Result<()> {
        if !(self.scale > 0.0 && self.scale <= 1.0) {
            return Err(Error::invalid("scale", "scale_range", "规模须大于 0 且不超过 1"));
        }
        if !(1..=3650).contains(&self.days) {
            return Err(Error::invalid("days", "days_range", "天数须在 1 到 3650 之间"));
        }
        Ok(())
    }
}

/// The little that a party needs while days pass; names and codes are made on demand.
#[derive(Debug, Clone)]
pub(crate) struct Station {
    pub role: Role,
    pub trade: TradeNo,
    pub county: u16,
    /// Place among its trade; 0 is the biggest.
    pub rank: u32,
    /// Place among its role.
    pub serial: u32,
    pub market: u32,
    pub chain: u32,
    pub first_product: u32,
    pub products: u32,
    pub goods: Vec<GoodNo>,
    /// Where its suppliers stand in [`World::contacts`], row after row of its channels.
    pub contacts: u32,
}

impl Station {
    fn buyer(&self) -> Buyer {
        Buyer { role: self.role, chained: self.chain != NOBODY }
    }
}

/// A channel as one buyer sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub class: ClassNo,
    pub weight: u32,
    pub bulk: i64,
    /// The suppliers, in [`World::contacts`].
    pub from: u32,
    pub count: u32,
}

/// The invented city: parties and products. Everything is a function of the options.
pub struct World {
    pub(crate) catalogue: Catalogue,
    pub(crate) profile: Profile,
    pub(crate) options: SimOptions,
    pub(crate) stations: Vec<Station>,
    pub(crate) contacts: Vec<u32>,
    /// Makers of a good, or its importers, biggest first.
    pub(crate) sellers_of: Vec<Vec<u32>>,
    /// (first product, owner), ascending.
    owners: Vec<(u32, u32)>,
    products: u32,
    pub(crate) start: jiff::civil::Date,
}

impl World {
    /// Builds the parties of a profile at a scale.
    ///
    /// Errors: `profile_unknown`, `scale_range`, `days_range`.
    pub fn new(options: SimOptions) -> Result<Self> {
        options.check()?;
        let profile = data::profile(&options.profile)?;
        let catalogue = data::catalogue()?;
        build::world(options, profile, catalogue)
    }

    pub fn party_count(&self) -> u32 {
        self.stations.len() as u32
    }

    pub fn product_count(&self) -> u32 {
        self.products
    }

    /// First day of the simulation.
    pub fn start(&self) -> jiff::civil::Date {
        self.start
    }

    /// The civil date of a day of the simulation (negative: before the first).
    pub fn date(&self, day: i32) -> jiff::civil::Date {
        let span = jiff::Span::new().days(i64::from(day));
        self.start.checked_add(span).unwrap_or(self.start)
    }

    /// What the profile calls the place: 濮阳市.
    pub fn title(&self) -> &str {
        &self.profile.title
    }

    /// The parties in the order of their numbers, made one at a time.
    pub fn parties(&self) -> impl Iterator<Item = SimParty> + '_ {
        (0..self.party_count()).map(|no| self.party(no))
    }

    /// The products in the order of their numbers, made one at a time.
    pub fn products(&self) -> impl Iterator<Item = SimProduct> + '_ {
        (0..self.product_count()).map(|no| self.product(no))
    }

    /// The party of a number below [`World::party_count`].
    pub fn party(&self, no: u32) -> SimParty {
        describe::party(self, no)
    }

    /// The product of a number below [`World::product_count`].
    pub fn product(&self, no: u32) -> SimProduct {
        describe::product(self, no)
    }

    /// Codes and names of the first county's city, of all counties, and of the first county's first town.
    pub fn places(&self) -> Places {
        let counties = self.profile.counties.iter().map(|c| (c.code.clone(), c.name.clone())).collect();
        let first = self.profile.counties.first();
        let town = first.and_then(|c| c.towns.split('|').next()).and_then(|town| town.split_once(' '));
        let owned = |(code, name): (&str, &str)| (code.to_owned(), name.to_owned());
        Places {
            city: first.map(|c| owned((&c.code[..4], &c.city))).unwrap_or_default(),
            counties,
            town: town.map(owned).unwrap_or_default(),
        }
    }

    /// City and county of a party: 濮阳市清丰县.
    pub fn county_of(&self, party: u32) -> String {
        let county = &self.profile.counties[usize::from(self.stations[party as usize].county)];
        format!("{}{}", county.city, county.name)
    }

    /// What a role is called: 小食杂店.
    pub fn role_text(&self, role: Role) -> &str {
        &self.catalogue.roles[role as usize].text
    }

    /// The role of a party, without making its names.
    pub fn role(&self, party: u32) -> Role {
        self.stations[party as usize].role
    }

    /// The batch number on the label: the day it was made and a serial number.
    pub fn batch_text(&self, batch: crate::model::Batch) -> String {
        let date = self.date(batch.made);
        format!("{:04}{:02}{:02}{:06}", date.year(), date.month(), date.day(), batch.serial % 1_000_000)
    }

    /// The inspector and the number of the outgoing test report of a batch that `party` made.
    pub fn release(&self, party: u32, batch: crate::model::Batch) -> (String, String) {
        describe::release(self, party, batch)
    }

    /// What a recipe calls for: (good, base units) for `nominal` base units of a product, or `None` without a recipe.
    pub fn recipe_inputs(&self, product: u32, nominal: i64) -> Option<Vec<(String, i64)>> {
        let good = &self.catalogue.goods[usize::from(self.good_of(product))];
        let recipe = good.recipe.as_ref()?;
        Some(
            recipe
                .inputs
                .iter()
                .map(|&(input, amount)| {
                    (
                        self.catalogue.goods[usize::from(input)].code.clone(),
                        needed(nominal, amount, recipe.yields),
                    )
                })
                .collect(),
        )
    }

    pub(crate) fn owner_of(&self, product: u32) -> u32 {
        let after = self.owners.partition_point(|&(first, _)| first <= product);
        self.owners[after - 1].1
    }

    pub(crate) fn good_of(&self, product: u32) -> GoodNo {
        let owner = &self.stations[self.owner_of(product) as usize];
        owner.goods[(product - owner.first_product) as usize % owner.goods.len()]
    }

    /// The channels of a party with its own suppliers.
    pub(crate) fn rows(&self, party: u32) -> impl Iterator<Item = Row> + '_ {
        let station = &self.stations[party as usize];
        let buyer = station.buyer();
        let mut from = station.contacts;
        self.catalogue.channels.iter().filter(move |channel| channel.buyer == buyer).map(move |channel| {
            let row = Row {
                class: channel.class,
                weight: channel.weight,
                bulk: channel.bulk,
                from,
                count: channel.contacts,
            };
            from += channel.contacts;
            row
        })
    }
}

/// Base units of an input for `nominal` base units of output, rounded up.
pub(crate) fn needed(nominal: i64, amount: i64, yields: i64) -> i64 {
    let exact = i128::from(nominal) * i128::from(amount);
    let yields = i128::from(yields);
    i64::try_from((exact + yields - 1) / yields).unwrap_or(i64::MAX)
}
