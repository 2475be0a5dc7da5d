//! What this room adds to cases of its kind.

use std::collections::BTreeSet;

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_flow::log::{Body, Effect, Entry};
use kit_flow::papers::Words;
use kit_flow::state::Phase;
use kit_flow::store::projection::phase;
use kit_flow::{Ask, Case, Hooks};
use kit_web::Act;
use serde_json::{Map, Value, json};

use crate::actions::{custody, disposal};
use crate::model::{KINDS, Sample};
use crate::rules::judge::Outcome;
use crate::rules::{microbial, sheet};
use crate::store::samples;
use crate::{KIND, store};

pub const HOOKS: Hooks = Hooks { kind: KIND, facts: |_, _| Ok(BTreeSet::new()), before, after };

/// Actions that come with more than a form, and so only over the routes of this room.
const OWN: [&str; 14] = [
    "inner",
    "outer",
    "quality",
    "take",
    "seal",
    "accept",
    "reject",
    "enter",
    "send_back",
    "verify",
    "issue_pass",
    "issue_monitor",
    "issue_fail",
    "issue_grave",
];
/// The route by which any case may be acted upon.
const ANY_CASE: &str = "/api/cases/{id}/acts";

/// Errors: `use_sampling`, `not_sampler`, `item_not_failed`, `recheck_microbial`, `recheck_spoilt`, `spare_not_there`, `streams_open`, `use_draw`.
fn before(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    let Some(action) = ask.action.as_deref() else { return Ok(()) };
    if OWN.contains(&action) && act.cx.route == ANY_CASE {
        return Err(Error::conflict("use_sampling", "请在抽样检验页面办理"));
    }
    if action == "draw_lab" && act.cx.route == ANY_CASE {
        return Err(Error::conflict("use_draw", "复检机构由系统随机抽取，请在样品页面办理"));
    }
    let Some(sample) = samples::by_id(act.tx, &case.id)? else { return Ok(()) };
    match action {
        "refuse" | "miss" if !crate::actions::samples::is_sampler(act.who(), &sample) => {
            Err(Error::forbidden("not_sampler", "您不是这份样品的抽样人员"))
        }
        "apply" => failed_items(act, &sample, ask),
        "admit" => admissible(act, &sample),
        "spare_handed" if custody::holder(act, &case.id, "spare")? != sample.recheck_lab => {
            let text = "复检机构尚未签收备份样品";
            Err(Error::conflict("spare_not_there", text))
        }
        "dispose" => {
            let had = store::disposal::of_sample(act.tx, &case.id)?;
            let passed: Vec<(String, String)> =
                had.into_iter().filter(|s| s.state == "passed").map(|s| (s.side, s.stream)).collect();
            let open = sheet::open_streams(&disposal::sides(&sample), &passed)?;
            match open.is_empty() {
                true => Ok(()),
                false => {
                    let text = format!("以下处置工作线尚未审核通过：{}", open.join("、"));
                    Err(Error::conflict("streams_open", text))
                }
            }
        }
        _ => Ok(()),
    }
}

/// Only what failed is rechecked.
fn failed_items(act: &mut Act, sample: &Sample, ask: &Ask) -> Result<()> {
    let failing = disposal::failing(act, &sample.id)?;
    let asked = ask.form.get("apply_items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for (i, item) in asked.iter().enumerate() {
        if !failing.iter().any(|j| Some(j.item.as_str()) == item.as_str()) {
            let text = "只能对不合格项目申请复检";
            return Err(Error::invalid(format!("form/apply_items/{i}"), "item_not_failed", text));
        }
    }
    Ok(())
}

/// Microbes and spoilt spares are not rechecked (2.10).
fn admissible(act: &mut Act, sample: &Sample) -> Result<()> {
    let asked = act_items(act, &sample.id)?;
    let all = store::tests::verdicts(act.tx, &sample.id)?;
    let living = all
        .iter()
        .find(|j| j.outcome == Outcome::Fails && asked.contains(&j.item) && microbial(&j.item, &j.unit));
    if let Some(j) = living {
        let text = format!("{}为微生物指标，不予复检，请作出不予复检决定并说明", j.item);
        return Err(Error::conflict("recheck_microbial", text));
    }
    let told: Value = serde_json::from_str(&sample.sheet).map_err(Error::internal)?;
    let expires = told.get("expires").and_then(Value::as_str).unwrap_or("");
    if !expires.is_empty() && expires < china_day(act.now).to_string().as_str() {
        let text = format!("备份样品保质期至 {expires}，已超过，不予复检，请作出不予复检决定并说明");
        return Err(Error::conflict("recheck_spoilt", text));
    }
    Ok(())
}

/// Items that the application names.
fn act_items(act: &mut Act, id: &str) -> Result<Vec<String>> {
    let flows = act.cx.house.held::<kit_flow::Flows>();
    let case = kit_flow::engine::load(act.tx, &flows, id)?;
    let data = case.map(|c| c.state.data).unwrap_or_default();
    let items = data.get("apply_items").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Columns about the course follow the log; a confirmed failure has its consequences in the same transaction.
fn after(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    if samples::by_id(act.tx, &case.id)?.is_none() {
        // the first entry: the row is written next, by the one who begins it
        return Ok(());
    }
    let state = &case.state;
    let flags = match state.flags.is_empty() {
        true => String::new(),
        false => format!(",{},", state.flags.iter().cloned().collect::<Vec<_>>().join(",")),
    };
    let closed = matches!(state.phase, Phase::Ended(_)).then_some(entry.at);
    samples::set_course(act.tx, &case.id, &state.status, phase(&state.phase), &flags, closed)?;
    for effect in &body.effects {
        match effect {
            Effect::Entered(status) if status == "served" => samples::set_served(act.tx, &case.id, entry.at)?,
            Effect::Entered(status) if status == "disposal" => disposal::confirm(act, &case.id)?,
            _ => {}
        }
    }
    Ok(())
}

/// What documents of a sample may name beside forms and the usual fields.
pub const WORDS: Words = Words {
    kind: KIND,
    fields,
    names: &[
        "lab.name",
        "lab.cma",
        "sample.no",
        "sample.blind",
        "sample.food",
        "sample.spec",
        "sample.made",
        "sample.taken",
        "sample.received",
        "sample.kind",
        "sample.verdict",
        "sample.failing",
        "results",
    ],
};

fn fields(act: &mut Act, case: &Case) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    let Some(s) = samples::by_id(act.tx, &case.id)? else { return Ok(out) };
    let lab = store::labs::by_id(act.tx, &s.lab)?;
    let told: Value = serde_json::from_str(&s.sheet).map_err(Error::internal)?;
    let text = |code: &str| told.get(code).and_then(Value::as_str).unwrap_or("").to_owned();
    let failing = disposal::failing(act, &s.id)?;
    let kind = KINDS.iter().find(|k| k.0 == s.kind).map_or("", |k| k.1);
    let verdict = match s.verdict.as_str() {
        "conforms" => "所检项目符合要求，合格".to_owned(),
        "fails" => format!("不合格：{}", disposal::told(&failing)),
        _ => "风险监测，不作判定".to_owned(),
    };
    let spec =
        [text("spec"), text("batch")].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("　");
    let pairs = [
        ("lab.name", json!(lab.as_ref().map(|l| l.name.clone()))),
        ("lab.cma", json!(lab.as_ref().map(|l| l.cma.clone()))),
        ("sample.no", json!(s.sample_no)),
        ("sample.blind", json!(s.blind)),
        ("sample.food", json!(s.food)),
        ("sample.spec", json!(spec)),
        ("sample.made", json!(s.made)),
        ("sample.taken", json!(s.taken_at)),
        ("sample.received", json!(s.received_at)),
        ("sample.kind", json!(kind)),
        ("sample.verdict", json!(verdict)),
        ("sample.failing", json!(disposal::told(&failing))),
        ("results", results(act, &s)?),
    ];
    out.extend(pairs.map(|(name, value)| (name.to_owned(), value)));
    Ok(out)
}

/// The rows of the report.
fn results(act: &mut Act, s: &Sample) -> Result<Value> {
    let judged = store::tests::verdicts(act.tx, &s.id)?;
    let results = store::tests::results(act.tx, &s.id)?;
    let method =
        |item: &str| results.iter().find(|r| r.item == item).map_or("", |r| r.method.as_str()).to_owned();
    let word = |outcome: Outcome| match outcome {
        Outcome::Conforms => "合格",
        Outcome::Fails => "不合格",
        Outcome::Undecided => "未判定",
    };
    if judged.is_empty() {
        let row = |r: &crate::model::TestResult| json!({ "item": r.item, "method": r.method, "result": format!("{} {}", r.result, r.unit), "rule": "风险监测", "verdict": "不作判定" });
        return Ok(Value::Array(results.iter().map(row).collect()));
    }
    let row = |j: &crate::rules::judge::Judged| {
        let method = method(&j.item);
        let method = if method.is_empty() { "—".to_owned() } else { method };
        let result = if j.result.is_empty() { "—".to_owned() } else { format!("{} {}", j.result, j.unit) };
        json!({ "item": j.item, "method": method, "result": result, "rule": j.rule, "verdict": word(j.outcome) })
    };
    Ok(Value::Array(judged.iter().map(row).collect()))
}
