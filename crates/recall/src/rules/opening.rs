//! At which level, and for which cause, a recall of food that failed a test is begun: a proposal, that whoever orders it confirms or changes.

use kit_base::{Error, Result};

use super::{rows, wrong};

const OPENING: &str = include_str!("../../../../data/recall/opening.csv");

/// What is proposed, with the reason in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// 1, 2, 3
    pub grade: i64,
    /// safety, label, illegal, carcass, spoilt
    pub cause: &'static str,
    pub why: &'static str,
}

/// For what failed, on a day (`2026-03-01`): each item by the first row that fits it, of all items the gravest. `grave`: whoever signed
/// the report declared that it may do serious harm. Without an item what holds for any.
pub fn proposed<'a>(items: impl IntoIterator<Item = &'a str>, grave: bool, day: &str) -> Result<Proposal> {
    let all: Vec<Proposal> =
        items.into_iter().map(|item| of_item(item, grave, day)).collect::<Result<_>>()?;
    // min_by_key takes the first of equals: what stands first in the report
    match all.into_iter().min_by_key(|p| p.grade) {
        Some(gravest) => Ok(gravest),
        None => of_item("", grave, day),
    }
}

fn of_item(item: &str, grave: bool, day: &str) -> Result<Proposal> {
    for row in rows(OPENING) {
        let &[from, until, items, only_grave, grade, cause, why, ..] = row.as_slice() else {
            return Err(wrong("opening"));
        };
        let stands = from <= day && (until.is_empty() || day < until);
        let named = items.is_empty() || items.split('|').any(|word| item.contains(word));
        if stands && named && (only_grave.is_empty() || grave) {
            let grade = grade.parse().map_err(Error::internal)?;
            return Ok(Proposal { grade, cause, why });
        }
    }
    Err(wrong("opening"))
}

#[cfg(test)]
mod tests {
    use super::super::{cause, level};
    use super::*;

    fn of(items: &[&'static str], grave: bool) -> (i64, &'static str) {
        let found = proposed(items.iter().copied(), grave, "2026-03-03").unwrap();
        (found.grade, found.cause)
    }

    #[test]
    fn the_gravest_of_what_failed_decides() {
        assert_eq!(of(&["苯甲酸"], false), (2, "safety"));
        assert_eq!(of(&["苯甲酸"], true), (1, "safety"));
        assert_eq!(of(&["标签"], false), (3, "label"));
        assert_eq!(of(&["标签"], true), (1, "label"));
        assert_eq!(of(&["标签", "苯甲酸"], false), (2, "safety"));
        assert_eq!(of(&["苯甲酸", "苏丹红Ⅰ"], false), (1, "illegal"));
        assert_eq!(of(&["感官（霉变）"], false), (2, "spoilt"));
        assert_eq!(of(&[], false), (2, "safety"));
    }

    #[test]
    fn every_row_has_a_level_and_a_cause_that_there_are() {
        for row in rows(OPENING) {
            assert_eq!(row.len(), 9, "{row:?}");
            level(row[4].parse().unwrap()).unwrap();
            cause(row[5]).unwrap();
            assert!(!row[6].is_empty() && !row[7].is_empty() && ["page", "H"].contains(&row[8]), "{row:?}");
        }
        assert!(proposed(["苯甲酸"], false, "2015-08-31").is_err(), "before the regulation there is none");
    }
}
