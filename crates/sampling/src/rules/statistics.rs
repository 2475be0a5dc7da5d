//! Counting samples: seasons, levels of food, laboratories beside one another, times of steps. Pure.

use std::collections::BTreeMap;

use findings::wilson::{FEW, Share, share};
use kit_base::Millis;
use kit_base::clock::china_day;

use crate::model::{By, StepLine};

/// Below so many expected failures the normal approximation behind z does not hold.
const EXPECTED: f64 = 5.0;

/// Tested and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub n: i64,
    pub hits: i64,
}

impl Tally {
    pub fn add(&mut self, fails: bool) {
        self.n += 1;
        self.hits += i64::from(fails);
    }
    pub fn share(self) -> Share {
        share(self.hits, self.n)
    }
}

/// 春 from March, 夏 from June, 秋 from September, 冬 from December.
pub fn season(taken_at: Millis) -> &'static str {
    match china_day(taken_at).month() {
        3..=5 => "spring",
        6..=8 => "summer",
        9..=11 => "autumn",
        _ => "winter",
    }
}

pub const SEASONS: [(&str, &str); 4] =
    [("spring", "春季"), ("summer", "夏季"), ("autumn", "秋季"), ("winter", "冬季")];

/// `2026-03`
pub fn month(taken_at: Millis) -> String {
    china_day(taken_at).strftime("%Y-%m").to_string()
}

/// The level of a place in the tree of foods that stands one below another: of `14.1.2` below `14` it is `14.1`.
pub fn level_below<'a>(category: &'a str, above: &str) -> &'a str {
    let depth = if above.is_empty() { 0 } else { above.split('.').count() };
    let end = category.match_indices('.').nth(depth).map_or(category.len(), |(at, _)| at);
    &category[..end]
}

/// Whether a food lies at a place of the tree or below: `14.1` lies in `14`, `141` does not.
pub fn within(category: &str, above: &str) -> bool {
    above.is_empty()
        || category == above
        || category.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

/// What one sample, or one result of an item, counts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub category: String,
    pub stage: String,
    pub division: String,
    pub lab: String,
    pub taken_at: Millis,
    /// Of results only.
    pub item: String,
    pub fails: bool,
}

/// Which line or column it belongs to. `above`: food that is asked for; `digits`: of parts of the division.
pub fn key(f: &Fact, by: By, above: &str, digits: usize) -> String {
    match by {
        By::Food => level_below(&f.category, above).to_owned(),
        By::Item => f.item.clone(),
        By::Stage => f.stage.clone(),
        By::Region => f.division[..digits.min(f.division.len())].to_owned(),
        By::Season => season(f.taken_at).to_owned(),
        By::Month => month(f.taken_at),
        By::Lab => f.lab.clone(),
    }
}

/// A laboratory against all together, by what it tests: (expected failures, z, few).
///
/// Expected: the rate of each food over all laboratories, weighted with how many of it this one tested; z: observed less expected over the root
/// of Σ n·p·(1−p). It tells of few, or of one laboratory alone, nothing.
pub fn beside(
    own: &BTreeMap<String, Tally>,
    all: &BTreeMap<String, Tally>,
    labs: usize,
) -> (f64, Option<f64>, bool) {
    let (mut expected, mut variance, mut n, mut hits) = (0.0, 0.0, 0, 0);
    for (food, t) in own {
        let whole = all.get(food).copied().unwrap_or_default();
        let p = if whole.n > 0 { whole.hits as f64 / whole.n as f64 } else { 0.0 };
        expected += t.n as f64 * p;
        variance += t.n as f64 * p * (1.0 - p);
        n += t.n;
        hits += t.hits;
    }
    let few = n < FEW || expected < EXPECTED;
    let z = (labs > 1 && variance > 0.0).then(|| (hits as f64 - expected) / variance.sqrt());
    (expected, z, few)
}

/// One step of one sample.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Step {
    pub from: Option<Millis>,
    pub until: Option<Millis>,
    /// First moment too late; `None` without a clock.
    pub late_from: Option<Millis>,
}

/// Steps of one kind, on their way to a line.
#[derive(Debug, Default)]
pub struct Steps {
    took: Vec<Millis>,
    in_time: i64,
    late: i64,
    overdue: i64,
}

impl Steps {
    /// Counts a step that ended in the period, or has not ended and is over its clock now.
    pub fn add(&mut self, step: Step, (from, until): (Millis, Millis), now: Millis) {
        let Some(began) = step.from else { return };
        match (step.until, step.late_from) {
            (Some(ended), clock) if ended >= from && ended < until => {
                self.took.push((ended - began).max(0));
                match clock {
                    Some(late_from) if ended < late_from => self.in_time += 1,
                    Some(_) => self.late += 1,
                    None => {}
                }
            }
            (None, Some(late_from)) if late_from <= now => self.overdue += 1,
            _ => {}
        }
    }

    /// Half, nine tenths and all took no longer (nearest rank).
    pub fn line(mut self) -> StepLine {
        self.took.sort_unstable();
        let n = self.took.len();
        let at = |percent: usize| self.took.get((n * percent).div_ceil(100).max(1) - 1).copied();
        StepLine {
            n: n as i64,
            half: at(50),
            ninety: at(90),
            longest: self.took.last().copied(),
            in_time: self.in_time,
            late: self.late,
            overdue: self.overdue,
            ..StepLine::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_of_foods() {
        let table =
            [("14.1.2", "", "14"), ("14.1.2", "14", "14.1"), ("14.1", "14.1", "14.1"), ("4", "", "4")];
        for (category, above, level) in table {
            assert_eq!(level_below(category, above), level, "{category} below {above}");
        }
        for (category, above, inside) in [
            ("14.1", "14", true),
            ("14", "14", true),
            ("141", "14", false),
            ("4", "", true),
            ("14", "14.1", false),
        ] {
            assert_eq!(within(category, above), inside, "{category} in {above}");
        }
    }

    #[test]
    fn seasons_begin_in_china() {
        // 2026-02-28T23:59:59 and 2026-03-01T00:00 in China
        assert_eq!((season(1_772_294_399_000), season(1_772_294_400_000)), ("winter", "spring"));
        assert_eq!(month(1_772_294_400_000), "2026-03");
    }

    fn tallies(rows: &[(&str, i64, i64)]) -> BTreeMap<String, Tally> {
        rows.iter().map(|(food, n, hits)| ((*food).to_owned(), Tally { n: *n, hits: *hits })).collect()
    }

    /// Worked out by hand. All: food 1 at 10 of 200, food 2 at 60 of 200. The first tested 100 and 100: it would have 5 + 30.
    #[test]
    fn a_laboratory_is_measured_by_what_it_tests() {
        let all = tallies(&[("1", 200, 10), ("2", 200, 60)]);
        let (expected, z, few) = beside(&tallies(&[("1", 100, 8), ("2", 100, 40)]), &all, 2);
        assert!((expected - 35.0).abs() < 1e-9 && !few);
        // √(100·0.05·0.95 + 100·0.3·0.7) = √25.75 = 5.0744…
        assert!((z.unwrap() - 13.0 / 25.75_f64.sqrt()).abs() < 1e-9);
        // who tests the risky food alone is not worse for it: 30 of 100 at a rate of 0.3
        let (expected, z, _) = beside(&tallies(&[("2", 100, 30)]), &all, 2);
        assert!((expected - 30.0).abs() < 1e-9 && z.unwrap().abs() < 1e-9);
        // few: fewer than thirty, or fewer than five failures to be expected; alone: nothing to compare with
        assert!(beside(&tallies(&[("2", 29, 20)]), &all, 2).2);
        assert!(beside(&tallies(&[("1", 99, 9)]), &all, 2).2);
        assert_eq!(beside(&tallies(&[("1", 100, 8)]), &all, 1).1, None);
        assert_eq!(
            beside(&tallies(&[("1", 50, 0)]), &tallies(&[("1", 50, 0)]), 2).1,
            None,
            "no failure at all"
        );
    }

    #[test]
    fn times_of_steps() {
        let mut steps = Steps::default();
        let ended =
            |took: Millis, late_from| Step { from: Some(1_000), until: Some(1_000 + took), late_from };
        for took in 1..=10 {
            steps.add(ended(took, Some(1_008)), (1_000, 2_000), 5_000);
        }
        steps.add(ended(3_000, None), (1_000, 2_000), 5_000);
        steps.add(Step { from: Some(1_000), until: None, late_from: Some(5_000) }, (1_000, 2_000), 5_000);
        steps.add(Step { from: Some(1_000), until: None, late_from: Some(5_001) }, (1_000, 2_000), 5_000);
        steps.add(Step { from: None, until: None, late_from: None }, (1_000, 2_000), 5_000);
        let line = steps.line();
        assert_eq!((line.n, line.half, line.ninety, line.longest), (10, Some(5), Some(9), Some(10)));
        assert_eq!((line.in_time, line.late, line.overdue), (7, 3, 1));
        assert_eq!(Steps::default().line(), StepLine::default());
    }
}
