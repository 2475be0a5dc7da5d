//! Rows of lists with the names that go with their ids.

use std::collections::HashMap;
use std::sync::Arc;

use kit_base::{Millis, Result};
use kit_db::Tx;
use kit_web::House;
use parties::reference::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store::lists::LotRow;
use crate::store::products::Product;

/// A lot in a list, with the names of its holder and sender.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct NamedLot {
    #[serde(flatten)]
    pub lot: LotRow,
    pub holder_name: String,
    /// Of the business whose act made it.
    pub from_name: String,
    pub division_name: String,
}

/// A product in a list, with the name of the business that keeps its record.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct NamedProduct {
    #[serde(flatten)]
    pub product: Product,
    pub party_name: String,
    pub category_name: String,
    pub division_name: String,
}

/// Names of businesses, each asked for once; forgets all of them past a bound.
pub struct Names {
    all: HashMap<String, Known>,
    divisions: Arc<Reference>,
}

/// Name and address of a business.
#[derive(Debug, Clone, Default)]
struct Known {
    name: String,
    address: String,
}

/// Names held at once, about 20 MB.
const MOST: usize = 100_000;

impl Names {
    /// Names of divisions are those that the house knows.
    pub fn of_house(house: &House) -> Self {
        Self { all: HashMap::new(), divisions: parties::divisions::today(house) }
    }

    /// The name of a division on the day of a record; `at` may be partial or empty, then the day of its recording counts.
    pub fn division(&self, code: &str, at: &str, recorded_at: Millis) -> String {
        if at.is_empty() {
            return self.divisions.full_name_on(code, &parties::divisions::day_of(recorded_at));
        }
        self.divisions.full_name_on(code, at)
    }

    /// The name of a business; empty where there is none.
    pub fn of(&mut self, tx: &mut Tx, id: &str) -> Result<String> {
        self.known(tx, id).map(|k| k.name.clone())
    }

    /// Its address; empty where there is none.
    pub fn address_of(&mut self, tx: &mut Tx, id: &str) -> Result<String> {
        self.known(tx, id).map(|k| k.address.clone())
    }

    fn known(&mut self, tx: &mut Tx, id: &str) -> Result<&Known> {
        if self.all.len() >= MOST {
            self.all.clear();
        }
        if !self.all.contains_key(id) {
            let found = parties::brief(tx, id)?;
            let known = found.map(|b| Known { name: b.name, address: b.address }).unwrap_or_default();
            self.all.insert(id.to_owned(), known);
        }
        self.all.get(id).ok_or_else(|| kit_base::Error::internal("a name just kept is gone"))
    }

    pub fn lot(&mut self, tx: &mut Tx, lot: LotRow) -> Result<NamedLot> {
        Ok(NamedLot {
            holder_name: self.of(tx, &lot.holder)?,
            from_name: self.of(tx, &lot.from)?,
            division_name: self.division(&lot.division, &lot.at, lot.recorded_at),
            lot,
        })
    }

    pub fn product(&mut self, tx: &mut Tx, product: Product) -> Result<NamedProduct> {
        Ok(NamedProduct {
            party_name: self.of(tx, &product.party)?,
            category_name: category_name(&product.category),
            division_name: self.divisions.full_name(&product.division),
            product,
        })
    }
}

/// The name of a food category; the code itself where it is unknown.
pub fn category_name(code: &str) -> String {
    parties::reference::get().category(code).map_or_else(|| code.to_owned(), |c| c.name.to_owned())
}
