//! What lives and so cannot be counted again: no recheck of it (2.10). By unit and exact name, rows of data/sampling/microbes.csv:
//! a part of a name says nothing, 多菌灵 is a pesticide and 脱氧雪腐镰刀菌烯醇 a toxin.

use std::sync::OnceLock;

use kit_base::{Error, Result};
use serde::Deserialize;

use super::unit;

#[derive(Debug, Clone, Deserialize)]
struct Row {
    /// unit: how a unit begins, as [`unit::normal`] writes it; item: a whole name
    by: String,
    word: String,
    valid_from: String,
    /// Empty: still valid.
    valid_to: String,
    #[expect(dead_code, reason = "read so that a row without it is refused")]
    certainty: String,
    #[expect(dead_code, reason = "read so that a row without it is refused")]
    source: String,
}

fn rows() -> Result<&'static [Row]> {
    static READ: OnceLock<std::result::Result<Vec<Row>, String>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let text = include_str!("../../../../data/sampling/microbes.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().collect::<std::result::Result<Vec<Row>, _>>().map_err(|e| e.to_string())
    });
    read.as_deref().map_err(Error::internal)
}

/// Whether what an item counts lives, by the rows that hold on a day (`2026-03-01`).
///
/// Errors: a fault of the file that this program was built with.
pub fn microbial(item: &str, in_unit: &str, day: &str) -> Result<bool> {
    let (item, in_unit) = (item.trim(), unit::normal(in_unit));
    let holds =
        |r: &&Row| r.valid_from.as_str() <= day && (r.valid_to.is_empty() || day <= r.valid_to.as_str());
    Ok(rows()?.iter().filter(holds).any(|r| match r.by.as_str() {
        "unit" => in_unit.starts_with(&r.word),
        _ => item == r.word,
    }))
}
