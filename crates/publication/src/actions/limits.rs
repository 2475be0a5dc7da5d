//! The limits from which a code looks copied, looked at and set.

use std::collections::{BTreeMap, HashMap};

use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::Act;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::scans::limits::{Limits, SETTINGS};
use crate::store::limits as store;

/// One limit as it holds.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Limit {
    pub name: String,
    /// Chinese
    pub title: String,
    pub unit: String,
    pub value: i64,
    pub default: i64,
    pub least: i64,
    pub most: i64,
    /// setting: ours, no law
    pub certainty: String,
    pub source: String,
    /// Who set it; empty where the default holds.
    pub changed_by: String,
    pub changed_at: Option<Millis>,
}

/// Every limit with its default and what was set.
pub fn all(tx: &mut Tx) -> Result<Vec<Limit>> {
    let mut set: HashMap<String, (i64, String, Millis)> =
        store::all(tx)?.into_iter().map(|(name, value, by, at)| (name, (value, by, at))).collect();
    let one = |s: &crate::scans::limits::Setting| {
        let set = set.remove(s.name);
        Limit {
            name: s.name.to_owned(),
            title: s.title.to_owned(),
            unit: s.unit.to_owned(),
            value: set.as_ref().map_or(s.default, |(value, ..)| *value),
            default: s.default,
            least: s.least,
            most: s.most,
            certainty: s.certainty.to_owned(),
            source: s.source.to_owned(),
            changed_at: set.as_ref().map(|(.., at)| *at),
            changed_by: set.map(|(_, by, _)| by).unwrap_or_default(),
        }
    };
    Ok(SETTINGS.iter().map(one).collect())
}

/// What the rules go by now.
pub fn limits(tx: &mut Tx) -> Result<Limits> {
    let set = store::all(tx)?.into_iter().map(|(name, value, ..)| (name, value)).collect();
    Ok(Limits::with(&set))
}

/// Sets limits by name; nothing in place of a number brings the default back. They hold from the next look.
///
/// Errors: `limit_unknown`, `limit_range`, with the name as field.
pub fn set(act: &mut Act, values: &BTreeMap<String, Option<i64>>) -> Result<Vec<Limit>> {
    let before: HashMap<String, i64> = all(act.tx)?.into_iter().map(|l| (l.name, l.value)).collect();
    let mut changes = Vec::new();
    for (name, value) in values {
        let setting = SETTINGS.iter().find(|s| s.name == name).ok_or_else(|| {
            Error::invalid(format!("values/{name}"), "limit_unknown", format!("没有名为“{name}”的设置"))
        })?;
        if value.is_some_and(|v| !(setting.least..=setting.most).contains(&v)) {
            let text =
                format!("“{}”应在 {} 到 {} {}之间", setting.title, setting.least, setting.most, setting.unit);
            return Err(Error::invalid(format!("values/{name}"), "limit_range", text));
        }
        let new = value.unwrap_or(setting.default);
        let old = before.get(name).copied().unwrap_or(setting.default);
        match value {
            Some(value) => {
                let by = act.who().name.clone();
                store::set(act.tx, name, *value, &by, act.now)?;
            }
            None => store::clear(act.tx, name)?,
        }
        if old != new {
            changes.push(json!({ "name": name, "old": old, "new": new }));
        }
    }
    act.subject("limits", "scans", "");
    act.note(json!({ "changes": changes }));
    all(act.tx)
}
