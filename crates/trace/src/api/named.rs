//! Rows of lists with the names that go with their ids.

use std::collections::HashMap;

use kit_base::Result;
use kit_db::Tx;
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
#[derive(Debug, Default)]
pub struct Names(HashMap<String, Known>);

/// Name and address of a business.
#[derive(Debug, Clone, Default)]
struct Known {
    name: String,
    address: String,
}

/// Names held at once, about 20 MB.
const MOST: usize = 100_000;

impl Names {
    /// The name of a business; empty where there is none.
    pub fn of(&mut self, tx: &mut Tx, id: &str) -> Result<String> {
        self.known(tx, id).map(|k| k.name.clone())
    }

    /// Its address; empty where there is none.
    pub fn address_of(&mut self, tx: &mut Tx, id: &str) -> Result<String> {
        self.known(tx, id).map(|k| k.address.clone())
    }

    fn known(&mut self, tx: &mut Tx, id: &str) -> Result<&Known> {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        if !self.0.contains_key(id) {
            let found = parties::brief(tx, id)?;
            let known = found.map(|b| Known { name: b.name, address: b.address }).unwrap_or_default();
            self.0.insert(id.to_owned(), known);
        }
        self.0.get(id).ok_or_else(|| kit_base::Error::internal("a name just kept is gone"))
    }

    pub fn lot(&mut self, tx: &mut Tx, lot: LotRow) -> Result<NamedLot> {
        Ok(NamedLot {
            holder_name: self.of(tx, &lot.holder)?,
            from_name: self.of(tx, &lot.from)?,
            division_name: parties::reference::get().full_name(&lot.division),
            lot,
        })
    }

    pub fn product(&mut self, tx: &mut Tx, product: Product) -> Result<NamedProduct> {
        Ok(NamedProduct {
            party_name: self.of(tx, &product.party)?,
            category_name: category_name(&product.category),
            division_name: parties::reference::get().full_name(&product.division),
            product,
        })
    }
}

/// The name of a food category; the code itself where it is unknown.
pub fn category_name(code: &str) -> String {
    parties::reference::get().category(code).map_or_else(|| code.to_owned(), |c| c.name.to_owned())
}
