//! Proposals of targeted sampling: what is known of a food in a county becomes points, each of them explained. Pure; the rules are rows of
//! data/sampling/target-rules.csv.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use findings::wilson::share;
use kit_base::{Error, Millis, Result};
use serde::Deserialize;

use super::statistics::season;
use crate::model::targets::Point;

const DAY: Millis = 86_400_000;
const TEXT: &str = include_str!("../../../../data/sampling/target-rules.csv");

/// A rule: what counts how much.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Rule {
    pub code: String,
    /// food, site, limit
    pub of: String,
    pub name: String,
    pub fact: String,
    /// each: points times the fact; once: where the fact is at least `least`; limit: a value of this platform
    pub way: String,
    pub least: i64,
    pub points: i64,
    pub cap: i64,
    /// Days that the fact looks back; 0 none.
    pub days: i64,
    pub certainty: String,
    pub source: String,
    pub note: String,
}

/// All rules. Errors: a fault of the file that this program was built with.
pub fn rules() -> Result<&'static [Rule]> {
    static READ: OnceLock<std::result::Result<Vec<Rule>, String>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(TEXT.as_bytes());
        reader.deserialize().collect::<std::result::Result<Vec<Rule>, _>>().map_err(|e| e.to_string())
    });
    read.as_deref().map_err(Error::internal)
}

/// SHA-256 of the rules.
pub fn hash() -> Result<String> {
    kit_files::hash_of(&mut TEXT.as_bytes())
}

/// A value of this platform. Errors: the rule is not there.
pub fn limit(code: &str) -> Result<&'static Rule> {
    let found = rules()?.iter().find(|r| r.of == "limit" && r.code == code);
    found.ok_or_else(|| Error::internal(format!("no rule {code} in data/sampling/target-rules.csv")))
}

/// A food at a stage in a county, tested for an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// County, 6 digits.
    pub place: String,
    pub category: String,
    pub stage: String,
    pub item: String,
}

/// A result that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub cell: Cell,
    pub party: String,
    pub food: String,
    pub taken_at: Millis,
    pub stood_at: Millis,
    pub fails: bool,
    pub simulated: bool,
}

/// A positive of a rapid test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Positive {
    pub place: String,
    pub food: String,
    pub item: String,
    pub at: Millis,
}

/// What is known of a cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    pub tested: i64,
    pub failures: i64,
    pub season: i64,
    pub near: i64,
    pub positives: i64,
    pub last: Option<Millis>,
    pub foods: BTreeSet<String>,
    /// Failures of each business that was sampled.
    pub parties: BTreeMap<String, i64>,
    pub simulated: bool,
}

/// Gathers results and positives by cell, as of a moment.
pub struct Gathered {
    now: Millis,
    cells: BTreeMap<Cell, Known>,
}

impl Gathered {
    pub fn new(now: Millis) -> Self {
        Self { now, cells: BTreeMap::new() }
    }

    /// Takes a result in.
    pub fn result(&mut self, r: Found) -> Result<()> {
        let within = |code: &str| -> Result<bool> {
            let days = rules()?.iter().find(|r| r.code == code).map_or(0, |r| r.days);
            Ok(r.stood_at >= self.now - days * DAY && r.stood_at <= self.now)
        };
        let (year, seasons) = (within("fails_here")?, within("season")?);
        let same_season = season(r.taken_at) == season(self.now);
        let known = self.cells.entry(r.cell).or_default();
        known.foods.insert(r.food);
        known.simulated |= r.simulated;
        known.last = known.last.max(Some(r.taken_at));
        known.tested += i64::from(year);
        known.failures += i64::from(year && r.fails);
        known.season += i64::from(seasons && same_season && r.fails);
        *known.parties.entry(r.party).or_default() += i64::from(year && r.fails);
        Ok(())
    }

    /// Takes a positive in: of the cells of its county that test this item in this food.
    pub fn positive(&mut self, p: &Positive) -> Result<()> {
        let days = rules()?.iter().find(|r| r.code == "rapid").map_or(0, |r| r.days);
        if p.at < self.now - days * DAY || p.at > self.now {
            return Ok(());
        }
        let meant = |cell: &Cell, known: &Known| {
            cell.place == p.place && cell.item == p.item && known.foods.contains(&p.food)
        };
        for (_, known) in self.cells.iter_mut().filter(|(cell, known)| meant(cell, known)) {
            known.positives += 1;
        }
        Ok(())
    }

    /// Every cell with what is known, also of the other counties of its city.
    pub fn cells(mut self) -> BTreeMap<Cell, Known> {
        let mut city: BTreeMap<(String, String, String), i64> = BTreeMap::new();
        let of = |cell: &Cell| {
            (cell.place.get(..4).unwrap_or_default().to_owned(), cell.category.clone(), cell.item.clone())
        };
        let mut here: BTreeMap<(String, String, String), i64> = BTreeMap::new();
        let own = |cell: &Cell| (cell.place.clone(), cell.category.clone(), cell.item.clone());
        for (cell, known) in &self.cells {
            *city.entry(of(cell)).or_default() += known.failures;
            *here.entry(own(cell)).or_default() += known.failures;
        }
        for (cell, known) in &mut self.cells {
            let all = city.get(&of(cell)).copied().unwrap_or(0);
            known.near = all - here.get(&own(cell)).copied().unwrap_or(0);
        }
        self.cells
    }
}

/// A fact and how it is told.
fn point(rule: &Rule, value: i64, fact: String) -> Option<Point> {
    let points = match rule.way.as_str() {
        "each" => (value / rule.least.max(1)) * rule.points,
        "once" if value >= rule.least => rule.points,
        _ => 0,
    };
    let points = points.min(rule.cap);
    (points > 0).then(|| Point {
        code: rule.code.clone(),
        name: rule.name.clone(),
        fact,
        points,
        certainty: rule.certainty.clone(),
        source: rule.source.clone(),
        note: rule.note.replace("least", &rule.least.to_string()).replace("cap", &rule.cap.to_string()),
    })
}

/// How long a rule looks back, as people say it: `三年`, `90 天`.
fn span(days: i64) -> String {
    const YEARS: [&str; 6] = ["", "一年", "两年", "三年", "四年", "五年"];
    let years = usize::try_from(days / 365).ok().filter(|_| days % 365 == 0);
    let named = years.and_then(|n| YEARS.get(n)).filter(|name| !name.is_empty());
    named.map_or_else(|| format!("{days} 天"), |name| (*name).to_owned())
}

/// Points of a food: one for each rule that counts. A cell in which nothing failed and nothing was positive has none.
pub fn food(known: &Known, now: Millis) -> Result<Vec<Point>> {
    if known.failures + known.season + known.positives == 0 {
        return Ok(Vec::new());
    }
    let s = share(known.failures, known.tested);
    let low = s.low.map_or(0, |low| (low * 100.0).floor() as i64);
    let since = known.last.map_or(0, |at| (now - at) / DAY);
    let mut out = Vec::new();
    for rule in rules()?.iter().filter(|r| r.of == "food") {
        let (value, fact) = match rule.fact.as_str() {
            "failures" => (known.failures, format!("{}内 {} 批次不合格", span(rule.days), known.failures)),
            "rate_low" => {
                (low, format!("{} 批次中 {} 批次不合格，不合格率的下限 {low}%", known.tested, known.failures))
            }
            "failures_near" => {
                (known.near, format!("同市其他县区 {}内 {} 批次不合格", span(rule.days), known.near))
            }
            "failures_season" => {
                (known.season, format!("{}内同一季节 {} 批次不合格", span(rule.days), known.season))
            }
            "positives" => (known.positives, format!("{}内 {} 次快检阳性", span(rule.days), known.positives)),
            "days_since" => (since, format!("最近一次抽样在 {} 天前", since)),
            _ => continue,
        };
        out.extend(point(rule, value, fact));
    }
    Ok(out)
}

/// What is known of a business.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// A to D; empty: none.
    pub grade: String,
    pub failures: i64,
    pub complaints: i64,
    pub serious: i64,
    pub findings: i64,
}

/// Points of a business.
pub fn site(s: &Site) -> Result<Vec<Point>> {
    let grade = ["A", "B", "C", "D"].iter().position(|g| *g == s.grade).map_or(0, |at| at as i64 + 1);
    let mut out: Vec<Point> = Vec::new();
    for rule in rules()?.iter().filter(|r| r.of == "site") {
        let (value, fact) = match rule.fact.as_str() {
            // of the grades the one that it has
            "grade" if out.iter().any(|p| p.code.starts_with("grade_")) => continue,
            "grade" => (grade, format!("风险等级 {}", s.grade)),
            "failures" => (s.failures, format!("{}内 {} 批次不合格", span(rule.days), s.failures)),
            "complaints" => (s.complaints, format!("{} 项未闭环的投诉举报问题", s.complaints)),
            "serious" => (s.serious, format!("{}内 {} 项严重问题", span(rule.days), s.serious)),
            "findings" => (s.findings, format!("{}内 {} 项其他问题", span(rule.days), s.findings)),
            _ => continue,
        };
        out.extend(point(rule, value, fact));
    }
    Ok(out)
}

/// Batches that so many points propose.
pub fn batches(points: i64) -> Result<i64> {
    let rule = limit("batches")?;
    Ok((points + rule.least - 1).div_euclid(rule.least.max(1)).clamp(1, rule.cap))
}

/// Whether something that was decided is proposed again: after the rest, or where it has twice the points.
pub fn again(decided_at: Millis, before: i64, points: i64, now: Millis) -> Result<bool> {
    let rest = limit("rest")?.least;
    Ok(now - decided_at >= rest * DAY || points >= 2 * before)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-03T09:26:40+08:00
    const NOW: Millis = 1_772_500_000_000;

    fn cell(place: &str) -> Cell {
        Cell { place: place.into(), category: "4.1".into(), stage: "trade".into(), item: "苯甲酸".into() }
    }

    fn result(place: &str, days: i64, fails: bool) -> Found {
        let at = NOW - days * DAY;
        let (party, food) = ("p".into(), "豆干".into());
        Found { cell: cell(place), party, food, taken_at: at, stood_at: at, fails, simulated: false }
    }

    fn points(all: &[Point]) -> Vec<(&str, i64)> {
        all.iter().map(|p| (p.code.as_str(), p.points)).collect()
    }

    #[test]
    fn whole_years_are_told_as_years() {
        let told = [365, 730, 1_095, 90, 366, 0, 2_190].map(span);
        assert_eq!(told, ["一年", "两年", "三年", "90 天", "366 天", "0 天", "2190 天"]);
    }

    /// Worked out by hand: two failures of forty here, one in the next county, one a year ago in the same season, a positive.
    #[test]
    fn each_point_has_its_fact() {
        let mut g = Gathered::new(NOW);
        (0..38).for_each(|i| g.result(result("410902", 10 + i, false)).unwrap());
        g.result(result("410902", 5, true)).unwrap();
        // autumn: no spring
        g.result(result("410902", 120, true)).unwrap();
        g.result(result("410922", 9, true)).unwrap();
        // before the year, in spring
        g.result(result("410902", 366, true)).unwrap();
        let positive =
            Positive { place: "410902".into(), food: "豆干".into(), item: "苯甲酸".into(), at: NOW };
        g.positive(&positive).unwrap();
        g.positive(&Positive { food: "面条".into(), ..positive }).unwrap();
        let cells = g.cells();
        let known = &cells[&cell("410902")];
        assert_eq!((known.tested, known.failures, known.near, known.positives), (40, 2, 1, 1));
        // only the failure a year ago was in spring: that of five days ago was in winter
        assert_eq!(known.season, 1);
        let all = food(known, NOW).unwrap();
        // Wilson of 2 in 40: low 1.38 %, below 5
        assert_eq!(points(&all), [("fails_here", 20), ("fails_near", 3), ("season", 5), ("rapid", 5)]);
        assert!(all.iter().all(|p| p.certainty == "setting" && p.source == "本平台设定"), "ours says so");
    }

    #[test]
    fn nothing_comes_of_nothing_and_caps_hold() {
        let mut g = Gathered::new(NOW);
        g.result(result("410902", 200, false)).unwrap();
        assert_eq!(food(&g.cells()[&cell("410902")], NOW).unwrap(), []);
        let mut g = Gathered::new(NOW);
        (0..50).for_each(|i| g.result(result("410902", 100 + i, true)).unwrap());
        let all = food(&g.cells()[&cell("410902")], NOW).unwrap();
        // 100 to 149 days ago: from November 23 to October 5, autumn
        assert_eq!(points(&all), [("fails_here", 40), ("rate_here", 20), ("untested", 10)]);
        assert_eq!(batches(70).unwrap(), 5);
        assert_eq!(batches(1).unwrap(), 1);
        assert_eq!(batches(10_000).unwrap(), 20);
    }

    #[test]
    fn a_business_has_the_points_of_its_grade_alone() {
        let s = Site { grade: "D".into(), failures: 1, complaints: 3, serious: 1, findings: 2 };
        let all = site(&s).unwrap();
        let want =
            [("grade_d", 30), ("site_fails", 10), ("complaints", 20), ("serious", 10), ("findings", 6)];
        assert_eq!(points(&all), want);
        assert_eq!(points(&site(&Site { grade: "B".into(), ..Site::default() }).unwrap()), [("grade_b", 10)]);
        assert!(site(&Site { grade: "A".into(), ..Site::default() }).unwrap().is_empty());
    }

    #[test]
    fn what_was_decided_rests() {
        assert!(!again(NOW - 89 * DAY, 30, 59, NOW).unwrap());
        assert!(again(NOW - 89 * DAY, 30, 60, NOW).unwrap());
        assert!(again(NOW - 90 * DAY, 30, 30, NOW).unwrap());
    }
}
