//! Decisions as pure functions over facts and a time.

pub mod custody;
pub mod dec;
pub mod instrument;
pub mod judge;
mod microbes;
pub mod reading;
pub mod seal;
pub mod settings;
pub mod sheet;
pub mod spare;
pub mod statistics;
pub mod steps;
pub mod targets;
#[cfg(test)]
mod tests;
pub mod unit;
#[cfg(test)]
mod whole;
pub mod workbook;

use kit_base::workdays::Period;
use kit_base::{Error, Result};
use serde_json::{Map, Value, json};

pub use microbes::microbial;

use crate::model::{KINDS, Lab, MODES, NewSample, SOURCES, STAGES};

/// Errors: `mode_unknown`, `kind_unknown`, `stage_unknown`, `source_unknown`, `category_form`, `food_missing`, `items_many`,
/// `item_form`, `samplers_two`.
pub fn check_new(new: &NewSample) -> Result<()> {
    let known = |list: &[(&str, &str)], code: &str| list.iter().any(|(c, _)| *c == code);
    if !known(&MODES, &new.mode) {
        return Err(Error::invalid("mode", "mode_unknown", "抽检分离方式应为内分离、外分离或质分离"));
    }
    if !known(&KINDS, &new.kind) {
        return Err(Error::invalid("kind", "kind_unknown", "类别应为监督抽检或风险监测"));
    }
    if !known(&STAGES, &new.stage) {
        return Err(Error::invalid("stage", "stage_unknown", "环节应为生产、流通或餐饮"));
    }
    if !known(&SOURCES, &new.source) {
        return Err(Error::invalid("source", "source_unknown", "任务来源应为国家、省级、市级或县级"));
    }
    category(&new.category)?;
    if new.food.trim().is_empty() || new.food.chars().count() > 100 {
        return Err(Error::invalid("food", "food_missing", "请填写食品名称，不超过 100 字"));
    }
    if new.items.len() > 50 {
        return Err(Error::invalid("items", "items_many", "指定的检验项目不超过 50 个"));
    }
    if let Some(i) = new.items.iter().position(|i| !(1..=60).contains(&i.trim().chars().count())) {
        return Err(Error::invalid(format!("items/{i}"), "item_form", "检验项目应为 1 至 60 字"));
    }
    match new.samplers.as_slice() {
        [one, two] if one != two => Ok(()),
        _ => Err(Error::invalid("samplers", "samplers_two", "抽样人员应为两名不同的人")),
    }
}

/// `14.1.2`: levels of digits and letters apart by dots; empty is no food. Errors: `category_form`.
pub fn category(text: &str) -> Result<()> {
    let level = |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric());
    match text.len() <= 40 && text.split('.').all(level) {
        true => Ok(()),
        false => Err(Error::invalid("category", "category_form", "食品分类应如 14.1.2")),
    }
}

/// Sampling and testing apart, by organisation, in the modes of the day that say so. Errors: `not_apart`.
pub fn apart(mode: &str, houses: [&str; 2], lab: &str, day: &str) -> Result<()> {
    if settings::words("apart_modes", day)?.contains(&mode) && houses.contains(&lab) {
        let text = "外分离、质分离的抽样人员不能来自检验机构";
        return Err(Error::invalid("samplers", "not_apart", text));
    }
    Ok(())
}

/// Whether a laboratory may be given samples on a day. Errors: `lab_withdrawn`, `cma_over`.
pub fn fit(lab: &Lab, today: &str) -> Result<()> {
    if lab.state != "active" {
        return Err(Error::invalid("lab", "lab_withdrawn", "该检验机构已停止承检"));
    }
    if lab.cma_until.as_str() < today {
        let text = format!("该检验机构的资质认定证书已于 {} 到期", lab.cma_until);
        return Err(Error::invalid("lab", "cma_over", text));
    }
    Ok(())
}

/// 抽样单编号 (1.11): prefix, year, division, serial.
pub fn sample_no(source: &str, year: i16, division: &str, serial: i64) -> String {
    let prefix = SOURCES.iter().find(|s| s.0 == source).map_or("XBJ", |s| s.1);
    let place = format!("{:0<6}", division.get(..6.min(division.len())).unwrap_or(""));
    format!("{prefix}{:02}{place}{serial:09}", year.rem_euclid(100))
}

/// Periods of a case that what is sampled decides (`terms`): those of 食用农产品 (农产品质量安全法第五十一条).
pub fn terms(day: &str) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    for (name, code) in [("applyfarm", "farm_apply_days"), ("recheck_reportfarm", "farm_recheck_days")] {
        let days = u16::try_from(settings::number(code, day)?).map_err(Error::internal)?;
        out.insert(name.to_owned(), json!(Period::WorkingDays(days)));
    }
    Ok(out)
}
