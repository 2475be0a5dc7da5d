//! What looks like a copied code: pure functions of what was scanned and what is known of the food.
//!
//! A code on a packet is printed once and read a few times, near where the packet is. A copied one is read too often, too far
//! apart, or when the food can be on no shelf any more. Each rule gives a reason to look, never a verdict.

use std::collections::BTreeSet;

use kit_base::Millis;

pub use super::limits::Limits;

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Hours since 1970 UTC.
    pub hour: i64,
    /// '' not told
    pub place: String,
    pub scans: i64,
}

/// What is known of a code.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// It names one thing, by its serial number.
    pub single: bool,
    /// Looks like ours, and nobody has it.
    pub unknown: bool,
    /// Labels printed or pieces made; unknown where it is sold by weight without labels.
    pub pieces: Option<i64>,
    /// When the last of it left the last shelf known here; `None`: there is some left, or it is not known.
    pub gone_at: Option<Millis>,
    pub voided_at: Option<Millis>,
    /// Since when it is recalled.
    pub recalled_at: Option<Millis>,
    /// First moment after its last day.
    pub expired_at: Option<Millis>,
}

/// A reason to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// places, many, sold_out, voided, recalled, expired, unknown
    pub rule: &'static str,
    /// Chinese
    pub detail: String,
    /// Scans that gave the reason.
    pub scans: i64,
}

/// Every reason to look at a code.
pub fn suspect(counts: &[Count], facts: &Facts, limits: &Limits) -> Vec<Suspicion> {
    let total: i64 = counts.iter().map(|c| c.scans).sum();
    if facts.unknown {
        let enough = total >= limits.unknown_scans;
        let detail = format!("平台未发过此码，被扫 {total} 次");
        return enough.then_some(Suspicion { rule: "unknown", detail, scans: total }).into_iter().collect();
    }
    let after = |since: Option<Millis>, days: i64| {
        let from = since.map(|at| at + days * DAY);
        from.map_or(0, |from| counts.iter().filter(|c| c.hour * HOUR >= from).map(|c| c.scans).sum())
    };
    let days = limits.days_after;
    let late = [
        ("voided", after(facts.voided_at, 0), "作废之后"),
        ("recalled", after(facts.recalled_at, days), &*format!("召回 {days} 天之后")),
        ("sold_out", after(facts.gone_at, days), &*format!("售完 {days} 天之后")),
        ("expired", after(facts.expired_at, days), &*format!("过期 {days} 天之后")),
    ];
    let late = late.into_iter().filter(|(_, scans, _)| *scans > 0);
    let late =
        late.map(|(rule, scans, when)| Suspicion {
            rule, detail: format!("{when}被扫 {scans} 次"), scans
        });
    [places(counts, facts, limits), many(total, facts, limits)].into_iter().flatten().chain(late).collect()
}

/// Cities too far apart for the time: of one thing within hours, of a batch at all.
fn places(counts: &[Count], facts: &Facts, limits: &Limits) -> Option<Suspicion> {
    let city = |c: &Count| c.place.get(..4).map(str::to_owned);
    let (most, hours) = match facts.single {
        true => (limits.cities_of_one, limits.hours),
        false => (limits.cities_of_batch, i64::MAX),
    };
    let mut told: Vec<&Count> = counts.iter().filter(|c| !c.place.is_empty()).collect();
    told.sort_by_key(|c| c.hour);
    let mut start = 0;
    for end in 0..told.len() {
        while told[end].hour - told[start].hour > hours {
            start += 1;
        }
        let window = &told[start..=end];
        let cities: BTreeSet<String> = window.iter().filter_map(|c| city(c)).collect();
        if cities.len() as i64 > most {
            let scans = window.iter().map(|c| c.scans).sum();
            let detail = if facts.single {
                format!("同一件商品 {hours} 小时内在 {} 个城市被扫", cities.len())
            } else {
                format!("同一批次在 {} 个城市被扫", cities.len())
            };
            return Some(Suspicion { rule: "places", detail, scans });
        }
    }
    None
}

fn many(total: i64, facts: &Facts, limits: &Limits) -> Option<Suspicion> {
    let pieces = if facts.single { Some(1) } else { facts.pieces }?;
    let most = pieces.saturating_mul(limits.scans_per_piece).max(limits.least_scans);
    let detail = format!("被扫 {total} 次，而标签或产量只有 {pieces} 件");
    (total > most).then_some(Suspicion { rule: "many", detail, scans: total })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(hour: i64, place: &str, scans: i64) -> Count {
        Count { hour, place: place.to_owned(), scans }
    }

    fn rules(counts: &[Count], facts: Facts) -> Vec<&'static str> {
        suspect(counts, &facts, &Limits::default()).iter().map(|s| s.rule).collect()
    }

    #[test]
    fn each_rule_at_its_limit() {
        let facts = Facts::default;
        let at = |hour: i64| Some(hour * HOUR);
        let table: Vec<(&str, Vec<Count>, Facts, Vec<&str>)> = vec![
            ("nothing", vec![], facts(), vec![]),
            ("unknown, rarely", vec![count(0, "", 2)], Facts { unknown: true, ..facts() }, vec![]),
            (
                "unknown",
                vec![count(0, "", 2), count(5, "", 1)],
                Facts { unknown: true, ..facts() },
                vec!["unknown"],
            ),
            (
                "one thing, two cities, hours apart",
                vec![count(0, "4109", 1), count(3, "4101", 1)],
                Facts { single: true, ..facts() },
                vec![],
            ),
            (
                "one thing, two cities at once",
                vec![count(0, "410902", 1), count(2, "4101", 1)],
                Facts { single: true, ..facts() },
                vec!["places"],
            ),
            (
                "one thing, two counties",
                vec![count(0, "410902", 1), count(0, "410922", 1)],
                Facts { single: true, ..facts() },
                vec![],
            ),
            ("a batch, two cities", vec![count(0, "4109", 1), count(0, "4101", 1)], facts(), vec![]),
            (
                "ten pieces, fifty scans",
                vec![count(0, "", 50)],
                Facts { pieces: Some(10), ..facts() },
                vec![],
            ),
            ("ten pieces, more", vec![count(0, "", 51)], Facts { pieces: Some(10), ..facts() }, vec!["many"]),
            ("one piece, few scans", vec![count(0, "", 20)], Facts { pieces: Some(1), ..facts() }, vec![]),
            ("before it was voided", vec![count(9, "", 1)], Facts { voided_at: at(10), ..facts() }, vec![]),
            ("after", vec![count(10, "", 1)], Facts { voided_at: at(10), ..facts() }, vec!["voided"]),
            (
                "soon after its last day",
                vec![count(24 * 60 - 1, "", 1)],
                Facts { expired_at: at(0), ..facts() },
                vec![],
            ),
            (
                "long after",
                vec![count(24 * 60, "", 1)],
                Facts { expired_at: at(0), ..facts() },
                vec!["expired"],
            ),
            (
                "long after the last sale",
                vec![count(24 * 60, "", 1)],
                Facts { gone_at: at(0), ..facts() },
                vec!["sold_out"],
            ),
            (
                "long after the recall",
                vec![count(24 * 60, "", 1)],
                Facts { recalled_at: at(0), ..facts() },
                vec!["recalled"],
            ),
        ];
        for (name, counts, facts, expected) in table {
            assert_eq!(rules(&counts, facts), expected, "{name}");
        }
        let far: Vec<Count> = (0..31).map(|i| count(i * 100, &format!("{}", 4100 + i), 1)).collect();
        assert_eq!(rules(&far[..30], facts()), Vec::<&str>::new());
        assert_eq!(rules(&far, facts()), ["places"]);
    }
}
