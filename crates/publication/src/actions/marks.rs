//! Red marks of maps: places with a published failing result of the last time.

use std::collections::HashMap;

use kit_base::clock::china_day;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use parties::Brief;
use parties::reference::Reference;
use schemars::JsonSchema;
use serde::Serialize;

use crate::store::marks as store;

const DAY: Millis = 86_400_000;
/// Days that are looked back where nothing is said, and at most. Ours, no law.
const DAYS: i64 = 180;
const LONGEST: i64 = 1_095;
/// Marks of one answer.
const MOST: i64 = 2_000;

/// A published failing result and where it was sampled.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Mark {
    /// The page of it: `/open/item/{id}`.
    pub id: String,
    /// Name of the business, masked where it is like a person's.
    pub name: String,
    /// 主体码
    pub code: String,
    pub division: String,
    pub division_name: String,
    /// Degrees, WGS-84; `null`: not known, in the list only.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub food: String,
    /// What fails, with result, limit and standard.
    pub failing: String,
    /// 抽样单编号
    pub number: String,
    /// Days in China: the result stood, and is shown since.
    pub decided: String,
    pub shown_from: String,
    pub simulated: bool,
}

/// The marks of a place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Marks {
    /// First day that is looked at.
    pub since: String,
    pub days: i64,
    /// The latest first.
    pub items: Vec<Mark>,
    /// There are more than are answered.
    pub more: bool,
}

/// Errors: `division_form`, `days_range`.
pub fn marks(
    tx: &mut Tx,
    places: &Reference,
    division: &str,
    days: Option<i64>,
    now: Millis,
) -> Result<Marks> {
    if division.len() > 12 || !division.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::invalid("division", "division_form", "行政区划应为数字代码"));
    }
    let days = days.unwrap_or(DAYS);
    if !(1..=LONGEST).contains(&days) {
        return Err(Error::invalid("days", "days_range", format!("天数应为 1 至 {LONGEST}")));
    }
    let since = now - days * DAY;
    let mut found = store::failing(tx, division, since, now, MOST + 1)?;
    let more = found.len() as i64 > MOST;
    found.truncate(MOST as usize);
    let ids: Vec<String> = found.iter().map(|f| f.item.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    let items = found.into_iter().map(|f| mark(places, &briefs, f)).collect();
    Ok(Marks { since: china_day(since).to_string(), days, items, more })
}

/// At the place where it was sampled; at that of the business where nobody said one (bought from afar, brought in before).
fn mark(places: &Reference, briefs: &HashMap<String, Brief>, found: store::Failing) -> Mark {
    let store::Failing { item: i, lon, lat } = found;
    let told = |key: &str| i.content.get(key).and_then(serde_json::Value::as_str).unwrap_or("").to_owned();
    let at = briefs.get(&i.party);
    Mark {
        lon: lon.or_else(|| at.and_then(|b| b.lon)),
        lat: lat.or_else(|| at.and_then(|b| b.lat)),
        food: told("食品"),
        failing: told("不合格项目"),
        division_name: places.full_name(&i.division),
        decided: china_day(i.decided_at).to_string(),
        shown_from: china_day(i.from_at).to_string(),
        id: i.id,
        name: i.name,
        code: i.code,
        division: i.division,
        number: i.number,
        simulated: i.simulated,
    }
}
