//! The risk grade (风险分级): static and dynamic points, steps up and down, and the grade they make.

use std::collections::BTreeMap;

use kit_base::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tables::{Factor, RuleSet};

/// Records behind a fact that are named with it.
pub const MOST_REFS: usize = 5;

/// What is known: a number or a word, and the records that it comes from. What is not known is not there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    pub v: Value,
    /// `finding:ID`, `event:ID`; at most [`MOST_REFS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub r: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Number(i64),
    Word(String),
}

/// Facts about one business by code.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts(pub BTreeMap<String, Fact>);

impl Facts {
    pub fn put(&mut self, code: &str, value: i64) {
        self.0.insert(code.to_owned(), Fact { v: Value::Number(value), r: Vec::new() });
    }

    pub fn say(&mut self, code: &str, word: &str) {
        self.0.insert(code.to_owned(), Fact { v: Value::Word(word.to_owned()), r: Vec::new() });
    }

    /// One more of something, and the record that says so.
    pub fn count(&mut self, code: &str, record: String) {
        let fact = self.0.entry(code.to_owned()).or_insert(Fact { v: Value::Number(0), r: Vec::new() });
        if let Value::Number(n) = &mut fact.v {
            *n += 1;
        }
        if fact.r.len() < MOST_REFS {
            fact.r.push(record);
        }
    }

    pub fn number(&self, code: &str) -> Option<i64> {
        match &self.0.get(code)?.v {
            Value::Number(n) => Some(*n),
            Value::Word(_) => None,
        }
    }

    pub fn word(&self, code: &str) -> &str {
        match self.0.get(code).map(|f| &f.v) {
            Some(Value::Word(word)) => word,
            _ => "",
        }
    }
}

/// A factor that counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Point {
    /// static, dynamic, credit, up, down, to_d
    pub part: String,
    pub code: String,
    pub name: String,
    /// Points; steps for up and down.
    pub points: i64,
    /// Most that this factor counts.
    pub cap: i64,
    /// What is so, in words.
    pub why: String,
    /// Records behind it: `finding:ID`, `event:ID`.
    pub records: Vec<String>,
    pub source: String,
    pub article: String,
    /// page, unconfirmed: so the source; setting: set by this platform, for the agency to change.
    pub certainty: String,
}

/// What facts amount to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assessment {
    pub points: Vec<Point>,
    pub static_points: i64,
    pub dynamic_points: i64,
    pub credit_points: i64,
    pub total: i64,
    /// By points alone.
    pub base_grade: String,
    /// After the steps up and down.
    pub grade: String,
    /// Visits a year.
    pub least: i64,
    pub most: i64,
}

const GRADES: [&str; 4] = ["A", "B", "C", "D"];

/// The grade that facts amount to under rules. Pure: the same facts and rules give the same points for ever.
///
/// Errors: `internal` where the rules have no band for the points.
pub fn assess(rules: &RuleSet, facts: &Facts) -> Result<Assessment> {
    let mut points: Vec<Point> = Vec::new();
    for factor in &rules.factors {
        // the first row of a factor that fits is the one
        if points.iter().any(|p| p.code == factor.code) {
            continue;
        }
        if let Some(n) = counts(factor, facts) {
            points.push(point(factor, n, facts));
        }
    }
    let of = |part: &str| points.iter().filter(|p| p.part == part).map(|p| p.points).sum::<i64>();
    let v = &rules.variant;
    let static_points = of("static").min(v.static_most);
    let dynamic_points = of("dynamic").min(v.dynamic_most);
    let credit_points = of("credit").min(v.credit_most);
    let total = static_points + dynamic_points + credit_points;
    let bands = rules.bands_for(facts.word("kind"));
    let fits = |over: Option<i64>, upto: Option<i64>| {
        over.is_none_or(|o| total > o) && upto.is_none_or(|u| total <= u)
    };
    let none = || Error::internal(format!("no grade for {total} points in {}", rules.variant.variant));
    let base = bands.iter().find(|b| fits(b.over, b.upto)).ok_or_else(none)?;
    let at = GRADES.iter().position(|g| *g == base.grade).ok_or_else(none)?;
    let grade = stepped(at, of("up"), of("down"), of("to_d") > 0);
    let band = bands.iter().find(|b| b.grade == GRADES[grade]).ok_or_else(none)?;
    let (least, most, base_grade) = (band.least, band.most, base.grade.clone());
    Ok(Assessment {
        static_points,
        dynamic_points,
        credit_points,
        total,
        base_grade,
        grade: GRADES[grade].to_owned(),
        least,
        most,
        points,
    })
}

/// Steps up count each; of the reasons for a step down one, and none beside a step up.
fn stepped(at: usize, up: i64, down: i64, last: bool) -> usize {
    if last {
        return GRADES.len() - 1;
    }
    let steps = match up {
        0 => -down.min(1),
        up => up,
    };
    let at = i64::try_from(at).unwrap_or(0) + steps;
    usize::try_from(at.clamp(0, 3)).unwrap_or(0)
}

/// Points of a factor; `None` where it does not apply.
fn counts(factor: &Factor, facts: &Facts) -> Option<i64> {
    let fact = facts.0.get(&factor.fact);
    let number = || facts.number(&factor.fact);
    let value: i64 = factor.value.parse().unwrap_or(0);
    let points = match factor.test.as_str() {
        "unknown" => fact.is_none().then_some(factor.points),
        "is" => match &fact?.v {
            Value::Word(word) => (*word == factor.value).then_some(factor.points),
            Value::Number(n) => (*n == value).then_some(factor.points),
        },
        "in" => factor.value.split('|').any(|w| w == facts.word(&factor.fact)).then_some(factor.points),
        "least" => (number()? >= value).then_some(factor.points),
        "each" => Some(number()? / value.max(1) * factor.points).filter(|n| *n > 0),
        _ => None,
    };
    points.map(|n| n.min(factor.cap))
}

fn point(factor: &Factor, points: i64, facts: &Facts) -> Point {
    let fact = facts.0.get(&factor.fact);
    Point {
        part: factor.part.clone(),
        code: factor.code.clone(),
        name: factor.name.clone(),
        points,
        cap: factor.cap,
        why: why(factor, facts, points),
        records: fact.map(|f| f.r.clone()).unwrap_or_default(),
        source: factor.source.clone(),
        article: factor.article.clone(),
        certainty: factor.certainty.clone(),
    }
}

/// What is so, in words an owner understands.
fn why(factor: &Factor, facts: &Facts, points: i64) -> String {
    let n = facts.number(&factor.fact);
    let capped = |text: String, raw: i64| match raw > points {
        true => format!("{text}，本项最多 {points} 分"),
        false => text,
    };
    match (factor.fact.as_str(), n) {
        ("kind", _) => format!("业态为{}", kind_name(facts.word("kind"))),
        ("licence", _) => match facts.word("licence") {
            "expired" => "登记的许可已过期".to_owned(),
            _ => "没有登记应有的许可".to_owned(),
        },
        ("staff", _) => "没有登记食品安全总监或食品安全员".to_owned(),
        ("visits.last_days", Some(days)) => format!("最近一次检查在 {days} 天前"),
        ("visits.last_days", None) => "系统内没有检查记录".to_owned(),
        ("items", None) => "没有登记经营项目".to_owned(),
        ("items", Some(n)) => format!("登记经营项目 {n} 个"),
        ("items.high", Some(n)) => format!("有高风险经营项目 {n} 个"),
        ("credit.lost", Some(n)) => capped(
            format!("信用失 {n} 分"),
            n / factor.value.parse::<i64>().unwrap_or(1).max(1) * factor.points,
        ),
        ("clean.years", Some(n)) => format!("连续 {n} 年没有违法行为记录"),
        (_, Some(n)) if factor.test == "each" => {
            capped(format!("近12个月 {n} 次，每次 {} 分", factor.points), n * factor.points)
        }
        (_, Some(n)) => format!("{n} 次"),
        (_, None) => String::new(),
    }
}

fn kind_name(code: &str) -> String {
    parties::reference::get().business_kind(code).map_or_else(|| code.to_owned(), |k| k.name.to_owned())
}
