//! The limits from which a code looks copied: defaults of data/scan-limits.csv, over which stands what a city has set. They are
//! settings, not limits of a law: what they should be, a city learns from its own list.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A limit that may be set.
#[derive(Debug, Clone)]
pub struct Setting {
    pub name: &'static str,
    /// Chinese
    pub title: &'static str,
    pub unit: &'static str,
    pub default: i64,
    pub least: i64,
    pub most: i64,
    /// always `setting`
    pub certainty: &'static str,
    pub source: &'static str,
}

/// Every limit, in the order of the file.
pub static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let text = include_str!("../../../../data/scan-limits.csv");
    text.lines().skip(1).filter(|l| !l.is_empty()).map(setting).collect()
});

fn setting(line: &'static str) -> Setting {
    let cells: Vec<&str> = line.split(',').collect();
    let &[name, title, unit, value, least, most, certainty, source] = cells.as_slice() else {
        // the file is compiled in; a test reads every line
        panic!("data/scan-limits.csv: {line}");
    };
    let number =
        |cell: &str| cell.parse().unwrap_or_else(|_| panic!("data/scan-limits.csv: {cell} in {line}"));
    Setting {
        name,
        title,
        unit,
        default: number(value),
        least: number(least),
        most: number(most),
        certainty,
        source,
    }
}

/// The limits as they hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Cities in which one single thing may be scanned within [`Limits::hours`].
    pub cities_of_one: i64,
    /// Cities in which the packets of one batch may be.
    pub cities_of_batch: i64,
    pub hours: i64,
    /// A packet is scanned so often by those who buy and eat it.
    pub scans_per_piece: i64,
    /// Fewer scans than this are never too many.
    pub least_scans: i64,
    /// Days after the last sale, the last day it may be eaten or the recall, in which a packet may still be in a kitchen.
    pub days_after: i64,
    /// Scans of a code that we never gave out.
    pub unknown_scans: i64,
}

impl Limits {
    /// The defaults, with what was set over them.
    pub fn with(set: &HashMap<String, i64>) -> Self {
        let of = |name: &str| {
            let default = || SETTINGS.iter().find(|s| s.name == name).map(|s| s.default);
            // every name below is a line of the file, which a test reads
            set.get(name)
                .copied()
                .or_else(default)
                .unwrap_or_else(|| panic!("data/scan-limits.csv has no {name}"))
        };
        Self {
            cities_of_one: of("cities_of_one"),
            cities_of_batch: of("cities_of_batch"),
            hours: of("hours"),
            scans_per_piece: of("scans_per_piece"),
            least_scans: of("least_scans"),
            days_after: of("days_after"),
            unknown_scans: of("unknown_scans"),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::with(&HashMap::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_its_line() {
        let limits = Limits::default();
        assert_eq!((limits.cities_of_one, limits.hours, limits.days_after), (1, 2, 60));
        assert_eq!(SETTINGS.len(), 7);
        for one in SETTINGS.iter() {
            assert!(one.least <= one.default && one.default <= one.most, "{}", one.name);
            assert!(one.certainty == "setting" && one.source.contains("不是法规限值"), "{}", one.name);
        }
    }
}
