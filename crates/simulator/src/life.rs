//! What the supervision of an invented city is made of: figures, what visits find, invented names.

use std::collections::BTreeMap;

use kit_base::{Error, Result};
use serde::Deserialize;

use crate::data::{self, Words};

/// Something that a visit may find (data/simulator/faults.csv).
#[derive(Debug, Clone, Deserialize)]
pub struct Fault {
    /// Code of a checklist: catering, sale, production.
    pub checklist: String,
    /// Code of one of its items.
    pub item: String,
    /// minor, general, serious
    pub severity: String,
    /// What its photo shows: kitchen, store, shelf, label, door, plant.
    pub scene: String,
    pub note: String,
    /// What is ordered.
    pub measure: String,
    /// What the business answers when it is mended.
    pub answer: String,
}

/// Figures, faults and names.
pub struct Life {
    figures: BTreeMap<String, u32>,
    pub faults: Vec<Fault>,
    pub told: Vec<Told>,
    words: Words,
}

impl Life {
    /// Errors: a fault of the files.
    pub fn read() -> Result<Self> {
        let (figures, faults, told) = data::life()?;
        Ok(Self { figures, faults, told, words: data::catalogue()?.words })
    }

    /// A figure of data/simulator/life.csv.
    ///
    /// Errors: a fault of the file where it is not there.
    pub fn figure(&self, key: &str) -> Result<u32> {
        let found = self.figures.get(key).copied();
        found.ok_or_else(|| Error::internal(format!("data/simulator/life.csv: no {key}")))
    }

    /// The name of invented person `no`: a surname, and a plant or a solar term that nobody is called.
    pub fn name(&self, no: u32) -> String {
        let (first, last) = (self.words.of("given"), self.words.of("surname"));
        let of =
            |list: &[String], no: u32| list.get(no as usize % list.len().max(1)).cloned().unwrap_or_default();
        of(last, no.wrapping_mul(7)) + &of(first, no.wrapping_mul(11).wrapping_add(no / 30))
    }
}

/// Something that is told of a business from elsewhere than a visit (data/simulator/notes.csv).
#[derive(Debug, Clone, Deserialize)]
pub struct Told {
    /// complaint, camera, model, self_check, exchange
    pub source: String,
    /// minor, general, serious
    pub severity: String,
    /// What its photo shows.
    pub scene: String,
    pub what: String,
    pub rule: String,
    pub measure: String,
    pub answer: String,
}
