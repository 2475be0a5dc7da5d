//! Judgement (判定): results against dated limits, and the rule by which it was decided.
//!
//! Which limits hold is decided by the day, the food and its place in the tree of foods: of all rows that hold on the day
//! and are for this item, those of the most specific category count, else those of its parents up to "all foods".

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dec::Dec;
use super::reading::Reading;
use super::unit;

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

fn single(bound: &Bound, limit: &Limit, of: &Found) -> Verdict {
    let (readings, lod) = match converted(limit, of) {
        Ok(found) => found,
        Err(why) => return undecided(why),
    };
    let [reading] = readings.as_slice() else {
        return undecided("限量针对单个结果，却有多个结果");
    };
    let wording = words(bound, &limit.unit);
    match holds(bound, reading, lod) {
        Some(true) => (Outcome::Conforms, format!("{}，限量 {wording}，合格", reading.shown())),
        Some(false) => (Outcome::Fails, format!("{}，限量 {wording}，不合格", reading.shown())),
        None => undecided(format!("{}，限量 {wording}，凭此结果不能判定", reading.shown())),
    }
}

/// Where the true value may lie: from, to, and whether the ends are excluded; `None` without an end.
fn lies(reading: &Reading, lod: Option<Dec>) -> (Option<Dec>, Option<Dec>) {
    match reading {
        Reading::Value(v) => (Some(*v), Some(*v)),
        Reading::Below(v) => (Some(Dec::ZERO), Some(*v)),
        Reading::Above(v) => (Some(*v), None),
        Reading::NotDetected(own) => (Some(Dec::ZERO), (*own).or(lod)),
        Reading::Detected => (lod, None),
    }
}

/// Whether a bound holds whatever the true value is; `None` where that depends on it.
fn holds(bound: &Bound, reading: &Reading, lod: Option<Dec>) -> Option<bool> {
    let exact = matches!(reading, Reading::Value(_));
    let absent = matches!(reading, Reading::NotDetected(_));
    let (low, high) = lies(reading, lod);
    // a value below `high` when it is not exact: `<10` is less than 10
    let at_most = |limit: Dec| match (low, high) {
        (_, Some(high)) if high <= limit => Some(true),
        (Some(low), _) if low > limit => Some(false),
        // above is more than its bound
        (Some(low), None) if matches!(reading, Reading::Above(_)) && low >= limit => Some(false),
        // not detected, and nobody says how fine the method is: it conforms (3.1)
        (_, None) if absent => Some(true),
        _ => None,
    };
    let under = |limit: Dec| match (low, high) {
        (_, Some(high)) if high < limit || !exact && high <= limit => Some(true),
        (Some(low), _) if low >= limit => Some(false),
        (_, None) if absent => Some(true),
        _ => None,
    };
    match bound {
        Bound::Most { value } => at_most(*value),
        Bound::Under { value } => under(*value),
        Bound::Least { value } => match (reading, lod) {
            (Reading::NotDetected(None), None) => (!value.is_zero()).then_some(false),
            _ => under(*value).map(|under| !under),
        },
        Bound::Over { value } => match (reading, lod) {
            (Reading::NotDetected(None), None) => Some(false),
            _ => at_most(*value).map(|most| !most),
        },
        Bound::Range { low: from, high: to } => {
            let least = holds(&Bound::Least { value: *from }, reading, lod);
            match (least, at_most(*to)) {
                (Some(true), Some(true)) => Some(true),
                (Some(false), _) | (_, Some(false)) => Some(false),
                _ => None,
            }
        }
        Bound::Absent => match reading {
            Reading::NotDetected(_) | Reading::Below(_) => Some(true),
            Reading::Value(v) if v.is_zero() => Some(true),
            Reading::Value(v) => Some(lod.is_some_and(|lod| *v < lod)),
            Reading::Above(_) | Reading::Detected => Some(false),
        },
        Bound::Plan { .. } | Bound::Sum { .. } | Bound::Ratios { .. } => None,
    }
}

fn plan(limit: &Limit, of: &Found, (n, c, m, top): (u32, u32, Dec, Option<Dec>)) -> Verdict {
    let wording = words(&limit.bound, &limit.unit);
    let (readings, lod) = match converted(limit, of) {
        Ok(found) => found,
        Err(why) => return undecided(why),
    };
    let shown: Vec<String> = readings.iter().map(Reading::shown).collect();
    let shown = shown.join("、");
    // one "not detected" for the whole says it of each
    let whole = readings.len() == 1 && matches!(readings[0], Reading::NotDetected(_) | Reading::Below(_));
    let count = u32::try_from(readings.len()).unwrap_or(u32::MAX);
    if count != n && !whole {
        return undecided(format!("采样方案 {wording} 需 {n} 个结果，只有 {count} 个"));
    }
    let (mut over, mut unsure) = (0_u32, false);
    for reading in &readings {
        if let Some(top) = top {
            match holds(&Bound::Most { value: top }, reading, lod) {
                Some(true) => {}
                Some(false) => {
                    let rule = format!("{shown}；采样方案 {wording}：{} 超过 M，不合格", reading.shown());
                    return (Outcome::Fails, rule);
                }
                None => unsure = true,
            }
        }
        match holds(&Bound::Most { value: m }, reading, lod) {
            Some(true) => {}
            Some(false) => over += 1,
            None => unsure = true,
        }
    }
    let told = format!("{shown}；采样方案 {wording}：{over} 个超过 m");
    match (over > c, unsure) {
        (true, _) => (Outcome::Fails, format!("{told}，多于 c，不合格")),
        (false, false) => (Outcome::Conforms, format!("{told}，不多于 c，合格")),
        (false, true) => undecided(format!("{told}，有结果凭其写法不能判定")),
    }
}

/// A part as a number: what was not detected counts as nought. Errors: why there is none.
fn counted(limit: &Limit, item: &str, all: &[Found]) -> Result<Dec, String> {
    let of = all.iter().find(|f| f.item == item).ok_or_else(|| format!("缺少{item}的结果"))?;
    let (readings, _) = converted(limit, of)?;
    match readings.as_slice() {
        [Reading::Value(v)] => Ok(*v),
        [Reading::NotDetected(_) | Reading::Below(_)] => Ok(Dec::ZERO),
        _ => Err(format!("{item}的结果不能相加")),
    }
}

fn sum(limit: &Limit, parts: &[String], value: Dec, all: &[Found]) -> Verdict {
    let mut total = Dec::ZERO;
    for part in parts {
        let next = counted(limit, part, all);
        match next.map(|v| total.plus(v)) {
            Ok(Some(sum)) => total = sum,
            Ok(None) => return undecided("结果的位数过多，不能相加"),
            Err(why) => return undecided(format!("按{}之和判定，{why}", parts.join("与"))),
        }
    }
    let told = format!("{}之和 {total}（未检出按 0 计），限量 ≤{value} {}", parts.join("与"), limit.unit);
    match total <= value {
        true => (Outcome::Conforms, format!("{told}，合格")),
        false => (Outcome::Fails, format!("{told}，不合格")),
    }
}

/// Compares `Σ vᵢ/Lᵢ` with the value without dividing: both sides times all limits.
fn ratios(limit: &Limit, parts: &[Part], value: Dec, all: &[Found]) -> Verdict {
    let mut amounts = Vec::new();
    for part in parts {
        match counted(limit, &part.item, all) {
            Ok(amount) => amounts.push(amount),
            // an additive that was not used was not tested for
            Err(_) if !all.iter().any(|f| f.item == part.item) => amounts.push(Dec::ZERO),
            Err(why) => return undecided(why),
        }
    }
    let product = |skip: Option<usize>| {
        let mut others = parts.iter().enumerate().filter(|(i, _)| Some(*i) != skip);
        others.try_fold(Dec::ONE, |p, (_, part)| p.times(part.value))
    };
    let left = amounts
        .iter()
        .enumerate()
        .try_fold(Dec::ZERO, |sum, (i, amount)| sum.plus(amount.times(product(Some(i))?)?));
    let right = product(None).and_then(|all| all.times(value));
    let (Some(left), Some(right)) = (left, right) else {
        return undecided("结果的位数过多，不能求和");
    };
    let terms: Vec<String> =
        parts.iter().zip(&amounts).map(|(p, a)| format!("{} {a}/{}", p.item, p.value)).collect();
    let told = format!("各自用量占其最大使用量的比例之和：{}，限量 ≤{value}", terms.join(" + "));
    match left <= right {
        true => (Outcome::Conforms, format!("{told}，合格")),
        false => (Outcome::Fails, format!("{told}，不合格")),
    }
}

/// A bound in words: `≤0.2 mg/kg`, `n=5,c=2,m=10000,M=100000 CFU/g`.
pub fn words(bound: &Bound, unit: &str) -> String {
    let text = match bound {
        Bound::Most { value } => format!("≤{value}"),
        Bound::Under { value } => format!("<{value}"),
        Bound::Least { value } => format!("≥{value}"),
        Bound::Over { value } => format!(">{value}"),
        Bound::Range { low, high } => format!("{low}～{high}"),
        Bound::Absent => return "不得检出".into(),
        Bound::Plan { n, c, m, top: Some(top) } => format!("n={n},c={c},m={m},M={top}"),
        Bound::Plan { n, c, m, top: None } => format!("n={n},c={c},m={m}"),
        Bound::Sum { parts, value } => format!("{}之和 ≤{value}", parts.join("与")),
        Bound::Ratios { value, .. } => format!("比例之和 ≤{value}"),
    };
    format!("{text} {unit}").trim().to_owned()
}

/// Reads a bound as workbooks write it: `≤0.2`, `52±1.0`, `51.0～53.0`, `不得检出`, `n=5,c=2,m=10,M=100`, each with a
/// unit behind it or without.
pub fn read_bound(text: &str) -> Option<(Bound, String)> {
    let text = text.trim().replace('＝', "=").replace('，', ",").replace('＜', "<").replace('＞', ">");
    if ["不得检出", "ND", "阴性"].iter().any(|w| text.starts_with(w)) {
        return Some((Bound::Absent, String::new()));
    }
    if text.contains("n=") {
        return read_plan(&text);
    }
    type Sign = (&'static str, fn(Dec) -> Bound);
    let signs: [Sign; 8] = [
        ("≤", |value| Bound::Most { value }),
        ("<=", |value| Bound::Most { value }),
        ("≥", |value| Bound::Least { value }),
        (">=", |value| Bound::Least { value }),
        ("<", |value| Bound::Under { value }),
        (">", |value| Bound::Over { value }),
        ("不超过", |value| Bound::Most { value }),
        ("不低于", |value| Bound::Least { value }),
    ];
    for (sign, make) in signs {
        if let Some(rest) = text.strip_prefix(sign) {
            return super::reading::number(rest).map(|(value, unit)| (make(value), unit));
        }
    }
    if let Some((middle, spread)) = text.split_once('±') {
        let middle = Dec::parse(middle)?;
        let (spread, unit) = super::reading::number(spread)?;
        return Some((Bound::Range { low: middle.minus(spread)?, high: middle.plus(spread)? }, unit));
    }
    for sign in ["～", "~", "—", "-"] {
        if let Some((low, high)) = text.split_once(sign) {
            let low = Dec::parse(low)?;
            let (high, unit) = super::reading::number(high)?;
            return (low <= high).then_some((Bound::Range { low, high }, unit));
        }
    }
    None
}

fn read_plan(text: &str) -> Option<(Bound, String)> {
    let (mut n, mut c, mut m, mut top, mut unit) = (None, None, None, None, String::new());
    for part in text.split([',', ';']).map(str::trim) {
        let (name, value) = part.split_once('=')?;
        let (value, of) = super::reading::number(value)?;
        match name.trim() {
            "n" => n = value.to_string().parse().ok(),
            "c" => c = value.to_string().parse().ok(),
            "m" => m = Some(value),
            "M" => top = Some(value),
            _ => return None,
        }
        if !of.is_empty() {
            unit = of;
        }
    }
    Some((Bound::Plan { n: n?, c: c?, m: m?, top }, unit))
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
