//! Decisions as pure functions over facts and a time.

pub mod draw;
pub mod opening;
pub mod report;
pub mod scope;
#[cfg(test)]
mod twin_tests;

use kit_base::workdays::Period;
use kit_base::{Error, Result};
use serde_json::{Map, Value, json};

const LEVELS: &str = include_str!("../../../../data/recall/levels.csv");
const CAUSES: &str = include_str!("../../../../data/recall/causes.csv");
const SETTINGS: &str = include_str!("../../../../data/recall/settings.csv");

/// 召回级别, as data/recall/levels.csv has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub grade: i64,
    pub name: &'static str,
    pub meaning: &'static str,
    /// Hours to begin in.
    pub start: u16,
    /// Working days to finish in, from the announcement.
    pub finish: u16,
}

/// The periods of all levels as they stand today, under the names that the definition of the case asks for: whoever orders a recall may
/// change its level.
pub fn terms() -> Result<Map<String, Value>> {
    let mut out = Map::new();
    for level in levels()? {
        out.insert(format!("start{}", level.grade), json!(Period::Hours(level.start)));
        out.insert(format!("finish{}", level.grade), json!(Period::WorkingDays(level.finish)));
    }
    Ok(out)
}

/// Why food is recalled, as data/recall/causes.csv has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseKind {
    pub code: &'static str,
    pub name: &'static str,
    /// It may be mended and sold on, and buyers are told (食品安全法第六十三条).
    pub remedy: bool,
    /// It is destroyed at once where it is.
    pub on_the_spot: bool,
    pub source: &'static str,
}

fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).filter(|l| !l.is_empty()).map(|l| l.split(',').collect())
}

fn wrong(table: &str) -> Error {
    Error::internal(format!("data/recall/{table}.csv cannot be read"))
}

/// All levels, the gravest first.
pub fn levels() -> Result<Vec<Level>> {
    let one = |row: Vec<&'static str>| match row.as_slice() {
        [grade, name, meaning, start, finish, ..] => Ok(Level {
            grade: grade.parse().map_err(Error::internal)?,
            name,
            meaning,
            start: start.parse().map_err(Error::internal)?,
            finish: finish.parse().map_err(Error::internal)?,
        }),
        _ => Err(wrong("levels")),
    };
    rows(LEVELS).map(one).collect()
}

/// Errors: `grade_range`.
pub fn level(grade: i64) -> Result<Level> {
    let found = levels()?.into_iter().find(|l| l.grade == grade);
    found.ok_or_else(|| Error::invalid("grade", "grade_range", "召回级别应为 1、2 或 3"))
}

/// All causes.
pub fn causes() -> Result<Vec<CauseKind>> {
    let one = |row: Vec<&'static str>| match row.as_slice() {
        [code, name, remedy, on_the_spot, source, ..] => {
            Ok(CauseKind { code, name, remedy: *remedy == "1", on_the_spot: *on_the_spot == "1", source })
        }
        _ => Err(wrong("causes")),
    };
    rows(CAUSES).map(one).collect()
}

/// Errors: `cause_unknown`.
pub fn cause(code: &str) -> Result<CauseKind> {
    let found = causes()?.into_iter().find(|c| c.code == code);
    found.ok_or_else(|| Error::invalid("cause", "cause_unknown", "没有这种召回原因"))
}

/// A setting of ours by its name in data/recall/settings.csv.
pub fn setting(name: &str) -> Result<i64> {
    let found = rows(SETTINGS).find(|r| r.first() == Some(&name)).and_then(|r| r.get(1)?.parse().ok());
    found.ok_or_else(|| wrong("settings"))
}

/// A text within its bounds. Errors: `FIELD_length`.
pub fn text(field: &'static str, value: &str, least: usize, most: usize, name: &str) -> Result<()> {
    match (least..=most).contains(&value.trim().chars().count()) {
        true => Ok(()),
        false if least == 0 => {
            Err(Error::invalid(field, format!("{field}_length"), format!("{name}不超过 {most} 字")))
        }
        false => {
            Err(Error::invalid(field, format!("{field}_length"), format!("请填写{name}，不超过 {most} 字")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_the_regulation() {
        let found: Vec<(i64, u16, u16)> =
            levels().unwrap().iter().map(|l| (l.grade, l.start, l.finish)).collect();
        assert_eq!(found, [(1, 24, 10), (2, 48, 20), (3, 72, 30)]);
        assert_eq!(level(4).unwrap_err().code, "grade_range");
        let terms = terms().unwrap();
        assert_eq!(terms["start2"], json!({ "unit": "hours", "count": 48 }));
        assert_eq!(terms["finish3"], json!({ "unit": "working_days", "count": 30 }));
    }

    #[test]
    fn whoever_orders_chooses_among_all_levels_and_causes() {
        let flow: Value = serde_json::from_str(crate::FLOW).unwrap();
        let order = flow["actions"].as_array().unwrap().iter().find(|a| a["code"] == "order").unwrap();
        let choices = |field: &str| -> Vec<(String, String)> {
            let field = order["form"].as_array().unwrap().iter().find(|f| f["code"] == field).unwrap();
            let text = |v: &Value| v.as_str().unwrap().to_owned();
            field["options"]
                .as_array()
                .unwrap()
                .iter()
                .map(|o| (text(&o["code"]), text(&o["name"])))
                .collect()
        };
        let short =
            |l: Level| (l.grade.to_string(), format!("{}：{}", l.name.replace("召回", ""), l.meaning));
        let levels: Vec<_> = levels().unwrap().into_iter().map(short).collect();
        let (chosen, causes_chosen) = (choices("grade"), choices("cause"));
        for ((code, name), (own, meaning)) in chosen.iter().zip(&levels) {
            assert_eq!(code, own);
            assert!(meaning.ends_with(name.split_once('：').unwrap().1), "{name} and {meaning}");
        }
        assert_eq!(chosen.len(), levels.len());
        let causes: Vec<_> =
            causes().unwrap().iter().map(|c| (c.code.to_owned(), c.name.to_owned())).collect();
        assert_eq!(causes_chosen, causes);
    }

    #[test]
    fn only_labels_are_mended() {
        let mended: Vec<&str> = causes().unwrap().iter().filter(|c| c.remedy).map(|c| c.code).collect();
        assert_eq!(mended, ["label"]);
        assert_eq!(setting("report_hours").unwrap(), 24);
        assert!(setting("nothing").is_err());
    }
}
