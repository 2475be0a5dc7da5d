//! What documents of a case may name beside forms and the usual fields.

use kit_base::Result;
use kit_flow::papers::Words;
use kit_flow::papers::words::{capital, money};
use kit_flow::{Case, Flows, engine};
use kit_web::Act;
use serde_json::{Map, Value, json};

use super::measure::{self, ids, sum, text};
use crate::model::{EVIDENCE_KINDS, SOURCES};
use crate::rules::{range, tables};
use crate::store;

const NAMES: &[&str] = &[
    "lead.source",
    "lead.ref",
    "lead.what",
    "penalty.article",
    "penalty.conduct",
    "penalty.range",
    "penalty.text",
    "penalty.circumstances",
    "hearing.right",
    "evidence",
    "served.number",
    "sum.due",
    "sum.surcharge",
    "sum.total",
    "sum.paid",
];

pub const CASE: Words = Words { kind: "case", fields, names: NAMES };
pub const SIMPLE: Words = Words { kind: "case_simple", fields, names: NAMES };
pub const PRESERVE: Words = Words { kind: "preserve", fields: above, names: &["above.number", "above.what"] };
pub const SEIZE: Words = Words { kind: "seize", fields: above, names: &["above.number", "above.what"] };

/// The case that a measure belongs to.
fn above(act: &mut Act, case: &Case) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    let flows = act.cx.house.held::<Flows>();
    if let Some(above) = engine::load(act.tx, &flows, &case.state.opened.parent)? {
        out.insert("above.number".into(), json!(above.state.opened.number));
        out.insert("above.what".into(), json!(above.state.opened.title));
    }
    Ok(out)
}

fn fields(act: &mut Act, case: &Case) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    let data = Value::Object(case.state.data.clone());
    if let Some(row) = store::cases::by_id(act.tx, &case.id)? {
        let source = SOURCES.iter().find(|(code, _)| *code == row.source).map(|(_, name)| *name);
        put("lead.source", json!(source));
        put("lead.ref", json!(row.source_ref));
        put("lead.what", json!(row.what));
        let owed = measure::owed(case, &row, act.now)?;
        put("sum.surcharge", json!(owed.surcharge));
        put("sum.total", json!(owed.total));
        put("sum.due", json!(owed.total - owed.surcharge));
        put("sum.paid", json!(row.paid));
    }
    let served = case.state.documents.iter().rev().find(|d| d.code == "decision" || d.code == "no_penalty");
    put("served.number", json!(served.map(|d| &d.number)));
    let tables = tables::get()?;
    put("penalty.text", json!(penalties(&data)?));
    let named = ids(&data, "circumstances");
    let named: Vec<&str> =
        named.iter().filter_map(|c| tables.circumstance(c)).map(|c| c.name.as_str()).collect();
    put("penalty.circumstances", json!(if named.is_empty() { "无".to_owned() } else { named.join("；") }));
    if !text(&data, "article").is_empty() {
        let facts = measure::facts(act.tx, case, &data, act.now)?;
        if let Ok(range) = range::range(tables, &facts) {
            put("penalty.article", json!(range.article));
            put("penalty.conduct", json!(range.conduct));
            put("penalty.range", json!(range.reasons.join("；")));
        }
    }
    let due = measure::due(case, &data)?;
    if !due.hearing.is_empty() {
        put("hearing.right", json!(due.hearing.join("、")));
    }
    let chosen = ids(&data, "proof");
    let list: Vec<Value> = store::evidence::of_case(act.tx, &case.id)?
        .into_iter()
        .filter(|e| chosen.is_empty() || chosen.contains(&e.id))
        .map(|e| {
            let kind = EVIDENCE_KINDS.iter().find(|(code, _)| *code == e.kind).map(|(_, name)| *name);
            json!({ "title": e.title, "kind": kind, "origin": e.origin })
        })
        .collect();
    put("evidence", json!(list));
    Ok(out)
}

/// `1. 警告\n2. 罚款 50,000元（大写：伍万元整）`; empty where there is none.
pub fn penalties(data: &Value) -> Result<String> {
    let tables = tables::get()?;
    let mut lines = Vec::new();
    for code in ids(data, "penalties") {
        let Some(kind) = tables.kind(&code) else { continue };
        let amount = match code.as_str() {
            "fine" => sum(data, "fine"),
            "confiscate_gain" => sum(data, "confiscated").or(sum(data, "gain")),
            _ => None,
        };
        let amount = amount.map(|fen| format!(" {}（大写：人民币{}）", money(fen), capital(fen)));
        lines.push(format!("{}{}", kind.name, amount.unwrap_or_default()));
    }
    let other = text(data, "other_penalty");
    if !other.is_empty() {
        lines.push(other.to_owned());
    }
    let numbered = lines.iter().enumerate().map(|(i, line)| format!("{}. {line}", i + 1));
    Ok(numbered.collect::<Vec<_>>().join("\n"))
}
