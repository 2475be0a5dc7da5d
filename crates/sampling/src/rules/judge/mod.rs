//! Judgement (判定): results against dated limits, and the rule by which it was decided.
//!
//! Which limits hold is decided by the day, the food and its place in the tree of foods: of all rows that hold on the day
//! and are for this item, those of the most specific category count, else those of its parents up to "all foods".

mod holds;
mod plan;
mod sums;
mod text;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dec::Dec;
use super::reading::Reading;
use super::unit;
use holds::single;
use plan::plan;
use sums::{ratios, sum};
pub use text::{cells, read_bound, words};

/// How a limit binds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "cmp")]
#[schemars(rename = "LimitBound")]
pub enum Bound {
    /// ≤
    Most { value: Dec },
    /// <
    Under { value: Dec },
    /// ≥
    Least { value: Dec },
    /// >
    Over { value: Dec },
    /// From … to, both included.
    Range { low: Dec, high: Dec },
    /// 不得检出
    Absent,
    /// n/c/m/M: of n results at most c above m, none above M; without M it is a plan of two classes.
    Plan { n: u32, c: u32, m: Dec, top: Option<Dec> },
    /// The sum of the results of several items, ≤.
    Sum { parts: Vec<String>, value: Dec },
    /// The sum of the ratios of several items to their own limits, ≤.
    Ratios { parts: Vec<Part>, value: Dec },
}

/// One item of a sum of ratios, with its own limit in the unit of the row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "LimitPart")]
pub struct Part {
    pub item: String,
    pub value: Dec,
}

/// A row of a table of limits; never changed once it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FoodLimit")]
pub struct Limit {
    pub id: String,
    /// GB 2762-2022
    pub standard: String,
    pub item: String,
    /// Place in the tree of foods: `14.1.2`; empty for all foods.
    pub category: String,
    /// The food within the category, as the standard names it; empty for all.
    pub food: String,
    /// Foods that it does not hold for.
    pub except: Vec<String>,
    pub bound: Bound,
    pub unit: String,
    /// First day, `2022-06-30`.
    pub from: String,
    /// First day on which it holds no longer; empty without end.
    pub until: String,
    /// Somebody compared it with the standard.
    pub verified: bool,
}

/// What was found of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FoundItem")]
pub struct Found {
    pub item: String,
    pub readings: Vec<Reading>,
    pub unit: String,
    /// Limit of detection of the method, in `unit`.
    #[serde(default)]
    pub lod: Option<Dec>,
}

/// A sample, as far as judgement goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Food<'a> {
    pub category: &'a str,
    pub name: &'a str,
    /// The day that counts: of production, else of sampling.
    pub day: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "JudgedOutcome")]
pub enum Outcome {
    Conforms,
    Fails,
    /// It cannot be said; why stands beside it.
    Undecided,
}

/// What came of one item against one limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "JudgedItem")]
pub struct Judged {
    pub item: String,
    /// As it was reported.
    pub result: String,
    pub unit: String,
    /// `None`: no row holds for this item, food and day.
    pub limit: Option<Limit>,
    pub outcome: Outcome,
    /// The rule, in words.
    pub rule: String,
}

/// The rows that hold for an item of a food on a day: those of the most specific category, and there those that name the food.
pub fn holding<'l>(limits: &'l [Limit], item: &str, food: &Food) -> Vec<&'l Limit> {
    let here = |l: &&Limit| {
        l.item == item
            && l.from.as_str() <= food.day
            && (l.until.is_empty() || food.day < l.until.as_str())
            && within(food.category, &l.category)
            && (l.food.is_empty() || l.food == food.name)
            && !l.except.iter().any(|e| e == food.name)
    };
    let all: Vec<&Limit> = limits.iter().filter(here).collect();
    let depth = |l: &Limit| (depth(&l.category), !l.food.is_empty());
    let best = all.iter().map(|l| depth(l)).max();
    all.into_iter().filter(|l| Some(depth(l)) == best).collect()
}

/// Of rows about the same item, category and food of the same standard the one with the latest first day holds; of rows of one day the
/// one that was added last (ids grow with time). So a corrected row, or a new version of a standard, takes the place of the one before,
/// which stays as it is under the verdicts that it made.
pub fn latest(limits: Vec<Limit>) -> Vec<Limit> {
    let mut best: BTreeMap<[String; 4], Limit> = BTreeMap::new();
    for limit in limits {
        let version = limit.standard.rsplit_once('-').map_or(limit.standard.as_str(), |(number, _)| number);
        let same = [version, &limit.item, &limit.category, &limit.food].map(str::to_owned);
        match best.entry(same) {
            Entry::Occupied(mut had) => {
                let newer = (&limit.from, &limit.id) > (&had.get().from, &had.get().id);
                if newer {
                    had.insert(limit);
                }
            }
            Entry::Vacant(place) => drop(place.insert(limit)),
        }
    }
    best.into_values().collect()
}

fn depth(category: &str) -> usize {
    if category.is_empty() { 0 } else { category.split('.').count() }
}

/// Whether a category is another one or lies below it.
pub fn within(category: &str, above: &str) -> bool {
    above.is_empty()
        || category == above
        || category.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

/// Judges everything that was found; sums and ratios are judged where one of their items was tested.
pub fn judge(limits: &[Limit], food: &Food, found: &[Found]) -> Vec<Judged> {
    let mut out = Vec::new();
    for of in found {
        let rows = holding(limits, &of.item, food);
        if rows.is_empty() {
            out.push(said(of, None, Outcome::Undecided, "没有适用于该食品、该日期的限量，需人工判定"));
        }
        out.extend(rows.into_iter().map(|row| against(row, of, found)));
    }
    out.extend(together(limits, food, found));
    out
}

/// Sums and ratios whose own name was not reported, but one of whose parts was.
fn together(limits: &[Limit], food: &Food, found: &[Found]) -> Vec<Judged> {
    let mut names: Vec<&str> = limits
        .iter()
        .filter(|l| parts(&l.bound).iter().any(|p| found.iter().any(|f| f.item == **p)))
        .map(|l| l.item.as_str())
        .filter(|item| !found.iter().any(|f| f.item == *item))
        .collect();
    names.sort_unstable();
    names.dedup();
    let whole =
        |item: &str| Found { item: item.to_owned(), readings: Vec::new(), unit: String::new(), lod: None };
    let mut out = Vec::new();
    for name in names {
        let of = whole(name);
        out.extend(holding(limits, name, food).into_iter().map(|row| against(row, &of, found)));
    }
    out
}

/// The items that a sum or a sum of ratios is made of.
pub fn parts(bound: &Bound) -> Vec<&String> {
    match bound {
        Bound::Sum { parts, .. } => parts.iter().collect(),
        Bound::Ratios { parts, .. } => parts.iter().map(|p| &p.item).collect(),
        _ => Vec::new(),
    }
}

fn said(of: &Found, limit: Option<&Limit>, outcome: Outcome, rule: impl Into<String>) -> Judged {
    let result: Vec<String> = of.readings.iter().map(Reading::shown).collect();
    Judged {
        item: of.item.clone(),
        result: result.join(";"),
        unit: of.unit.clone(),
        limit: limit.cloned(),
        outcome,
        rule: rule.into(),
    }
}

/// One item against one row.
pub fn against(limit: &Limit, of: &Found, all: &[Found]) -> Judged {
    let (outcome, rule) = match &limit.bound {
        // the sum itself was reported
        Bound::Sum { value, .. } if !of.readings.is_empty() => {
            single(&Bound::Most { value: *value }, limit, of)
        }
        Bound::Sum { parts, value } => sum(limit, parts, *value, all),
        Bound::Ratios { value, .. } if !of.readings.is_empty() => {
            single(&Bound::Most { value: *value }, limit, of)
        }
        Bound::Ratios { parts, value } => ratios(limit, parts, *value, all),
        Bound::Plan { n, c, m, top } => plan(limit, of, (*n, *c, *m, *top)),
        bound => single(bound, limit, of),
    };
    let rule = if limit.verified { rule } else { format!("{rule}（限量未经核验）") };
    said(of, Some(limit), outcome, rule)
}

type Verdict = (Outcome, String);

fn undecided(why: impl Into<String>) -> Verdict {
    (Outcome::Undecided, why.into())
}

/// The readings in the unit of the limit. Errors: why they cannot be compared.
fn converted(limit: &Limit, of: &Found) -> Result<(Vec<Reading>, Option<Dec>), String> {
    if of.readings.is_empty() {
        return Err(format!("没有{}的结果", of.item));
    }
    // 不得检出 asks for no unit
    let power = match unit::shift(&of.unit, &limit.unit) {
        Some(power) => power,
        None if of.unit.is_empty() && of.readings.iter().all(unitless) => 0,
        None if limit.bound == Bound::Absent => 0,
        None => return Err(format!("结果的单位“{}”与限量的单位“{}”不能换算", of.unit, limit.unit)),
    };
    Ok((of.readings.iter().map(|r| r.shift(power)).collect(), of.lod.map(|d| d.shift(power))))
}

fn unitless(reading: &Reading) -> bool {
    matches!(reading, Reading::NotDetected(_) | Reading::Detected)
}

/// What the items make of the sample: it fails where one fails; it is undecided where none fails and one is undecided.
pub fn verdict(judged: &[Judged]) -> Outcome {
    if judged.iter().any(|j| j.outcome == Outcome::Fails) {
        return Outcome::Fails;
    }
    match judged.is_empty() || judged.iter().any(|j| j.outcome == Outcome::Undecided) {
        true => Outcome::Undecided,
        false => Outcome::Conforms,
    }
}
