//! What this room adds to cases of its kind.

use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Result};
use kit_flow::log::{Body, Effect, Entry};
use kit_flow::papers::Words;
use kit_flow::state::{Phase, Run};
use kit_flow::store::projection::phase;
use kit_flow::{Ask, Case, Hooks};
use kit_web::Act;
use serde_json::{Map, Value, json};

use crate::actions::{custody, disposal, duties, letters, recheck, sides};
use crate::model::{KINDS, Lab, Sample, TestResult};
use crate::rules::judge::{Judged, Outcome};
use crate::rules::{microbial, settings};
use crate::store::samples;
use crate::store::tests::Round;
use crate::{KIND, store};

pub const HOOKS: Hooks = Hooks { before, after, member, ..Hooks::none(KIND) };

/// Items of an application go by their names.
fn member(field: &str, item: &str) -> Option<String> {
    (field == "apply_items").then(|| item.to_owned())
}

/// Actions that come with more than a form, and so only over the routes of this room.
const OWN: [&str; 21] = [
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
    "spare_unfit",
    "spare_handed",
    "recheck_enter",
    "recheck_back",
    "recheck_verify",
    "recheck_upheld",
    "recheck_overturned",
];
/// An objection of either kind that nobody has decided.
const OPEN: [&str; 2] = ["objection", "sampling_objection"];
/// What ends one and leaves the failure as it was.
const ANSWERED: [&str; 4] = ["objection_refuse", "objection_fails", "sampling_refuse", "sampling_fails"];

/// Whether an action answers an objection: a failure that waited for the answer stands from then on.
pub fn answers(action: &str) -> bool {
    ANSWERED.contains(&action)
}

/// The route by which any case may be acted upon.
const ANY_CASE: &str = "/api/cases/{id}/acts";

/// Errors: `use_sampling`, `not_sampler`, `item_not_failed`, `recheck_microbial`, `recheck_spoilt`, `spare_not_there`, `streams_open`,
/// `use_draw`, `served_future`, `served_early`, `producer_unserved`, `apply_late`, `not_corrected`, `producer_none`,
/// `producer_near`, `answer_future`, `answer_early`.
fn before(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    let Some(action) = ask.action.as_deref() else { return Ok(()) };
    // under older definitions the bureau enters what came of a recheck
    let by_lab = case.pinned.definition.actions.iter().any(|a| a.code == "recheck_enter");
    let own = OWN.contains(&action) && (action != "spare_handed" || by_lab);
    if own && act.cx.route == ANY_CASE {
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
        "serve" => served(act, &sample, ask),
        "apply" => failed_items(act, &sample, ask),
        "apply_producer" => {
            failed_items(act, &sample, ask)?;
            producer_in_time(act, &sample)
        }
        "admit" => admissible(act, &sample),
        "corrected" => corrected(act, &sample),
        "spare_handed" if custody::holder(act, &case.id, "spare")? != sample.recheck_lab => {
            let text = "复检机构尚未签收备份样品";
            Err(Error::conflict("spare_not_there", text))
        }
        "assist" | "notify_producer" => letters::sendable(act.tx, &sample, action),
        "assist_answer" => letters::answerable(act.tx, case, &ask.form, act.now),
        "dispose" => {
            let open = sides::open(act.tx, &sample)?;
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

/// Terms of the business count from the day of service: not a day that is still to come, nor one before there was a report.
fn served(act: &mut Act, sample: &Sample, ask: &Ask) -> Result<()> {
    let day = ask.form.get("served_on").and_then(Value::as_str).unwrap_or("");
    // a form that is no date is told by the form
    let Ok(day) = day.parse::<jiff::civil::Date>() else { return Ok(()) };
    let wrong = |code: &'static str, text: String| Err(Error::invalid("form/served_on", code, text));
    if day > china_day(act.now) {
        return wrong("served_future", "送达日期不能晚于今天".to_owned());
    }
    match sample.issued_at.map(china_day) {
        Some(issued) if day < issued => {
            wrong("served_early", format!("报告于 {issued} 签发，送达日期不能更早"))
        }
        _ => Ok(()),
    }
}

/// Only what failed is rechecked.
fn failed_items(act: &mut Act, sample: &Sample, ask: &Ask) -> Result<()> {
    let failing = recheck::still_failing(act.tx, &sample.id)?;
    let asked = ask.form.get("apply_items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for (i, item) in asked.iter().enumerate() {
        if !failing.iter().any(|j| Some(j.item.as_str()) == item.as_str()) {
            let text = "只能对不合格项目申请复检";
            return Err(Error::invalid(format!("form/apply_items/{i}"), "item_not_failed", text));
        }
    }
    Ok(())
}

/// Microbes and spoilt spares are not rechecked (2.10): refused with the reason where nothing else was asked for.
fn admissible(act: &mut Act, sample: &Sample) -> Result<()> {
    let asked = recheck::asked(act.tx, &sample.id)?;
    let refused = recheck::refused(act.tx, sample, &asked, act.now)?;
    if refused.len() < asked.len() {
        return Ok(());
    }
    let Some(first) = refused.first() else { return Ok(()) };
    let tested = store::tests::verdicts(act.tx, Round::First, &sample.id)?;
    let today = china_day(act.now).to_string();
    let unit = tested.iter().find(|j| j.item == first.item).map_or("", |j| j.unit.as_str());
    let living = microbial(&first.item, unit, &today)?;
    let code = if living { "recheck_microbial" } else { "recheck_spoilt" };
    let text = format!("{}：{}，请作出不予复检决定并说明", first.item, first.why);
    Err(Error::conflict(code, text))
}

/// The producer has its own days from the day on which it was served (食品安全法第八十八条); that day stands in its stream 启动.
fn producer_in_time(act: &mut Act, sample: &Sample) -> Result<()> {
    let served = sides::producer_served(act.tx, &sample.id)?;
    let served = served.ok_or_else(|| {
        let text = "请先在核查处置“启动”中填写标称生产者的送达日期";
        Error::conflict("producer_unserved", text)
    })?;
    let calendar = act.cx.house.held::<kit_flow::Flows>().calendar(act.tx)?;
    let code = if farm(sample) { "farm_apply_days" } else { "apply_days" };
    let days = settings::number(code, &served.to_string())?;
    match calendar.working_days_between(day_start(served), act.now) > days {
        true => {
            let text =
                format!("标称生产者于 {served} 收到检验结论，已过 {days} 个工作日，逾期申请的不予复检");
            Err(Error::conflict("apply_late", text))
        }
        false => Ok(()),
    }
}

/// Whether the sheet says that it is 食用农产品.
fn farm(sample: &Sample) -> bool {
    let sheet: Value = serde_json::from_str(&sample.sheet).unwrap_or_default();
    sheet.get("goods_type").and_then(Value::as_str) == Some("farm")
}

/// A declared correction may take the failure away; nothing else does.
fn corrected(act: &mut Act, sample: &Sample) -> Result<()> {
    match store::corrected::outcome(act.tx, &sample.id)?.as_str() {
        "conforms" => Ok(()),
        _ => {
            let text = "检验机构没有声明更正，或更正后仍不合格";
            Err(Error::conflict("not_corrected", text))
        }
    }
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
    if entry.action == "apply" || entry.action == "apply_producer" {
        let items = state.data.get("apply_items").cloned().unwrap_or_default();
        samples::set_asked(act.tx, &case.id, &items.to_string(), "")?;
    }
    samples::set_course(act.tx, &case.id, &state.status, phase(&state.phase), &flags, closed)?;
    // days that others have, and after which nothing is to be done, are nobody's work
    let work = |code: &str| case.pinned.definition.clock(code).is_some_and(|c| c.expiry.is_some());
    let running = state.clocks.iter().filter(|(code, c)| c.state == Run::Running && work(code));
    let due = running.map(|(code, c)| (c.due.late_from, code.as_str())).min();
    store::listing::set_due(act.tx, &case.id, due, state.level > 0)?;
    for effect in &body.effects {
        match effect {
            Effect::Entered(status) if status == "served" => samples::set_served(act.tx, &case.id, entry.at)?,
            _ => {}
        }
    }
    // whoever objected in time is answered before anything is made public
    let objected = OPEN.iter().any(|flag| state.flags.contains(*flag));
    if state.status == "disposal" && state.is_open() && !objected {
        disposal::confirm(act, &case.id)?;
    }
    followed(act, case, entry, body)?;
    changed(act, case, &entry.action)
}

/// Whose the streams are once the disposal begins, what a conclusion brings with it, and who hears of letters.
fn followed(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    let Some(sample) = samples::by_id(act.tx, &case.id)? else { return Ok(()) };
    let entered = |e: &Effect| matches!(e, Effect::Entered(status) if status == "disposal");
    if body.effects.iter().any(entered) && case.state.is_open() {
        sides::give_first(act, &sample)?;
    }
    duties::begin(act, &case.id, &entry.action)?;
    match entry.action.as_str() {
        "assist" | "notify_producer" => letters::sent(act, &sample),
        "assist_answer" => letters::answered(act, &sample, case),
        _ => Ok(()),
    }
}

/// What an application, a recheck or a correction changes of a failure.
fn changed(act: &mut Act, case: &Case, action: &str) -> Result<()> {
    let Some(sample) = samples::by_id(act.tx, &case.id)? else { return Ok(()) };
    match action {
        "admit" => recheck::admitted(act, &sample),
        _ => disposal::undo(act, &sample, action),
    }
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
        "maker.name",
        "maker.address",
        "results",
        "recheck.lab",
        "recheck.cma",
        "recheck.verdict",
        "recheck.results",
    ],
};

fn fields(act: &mut Act, case: &Case) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    let Some(s) = samples::by_id(act.tx, &case.id)? else { return Ok(out) };
    let lab = store::labs::by_id(act.tx, &s.lab)?;
    let told: Value = serde_json::from_str(&s.sheet).map_err(Error::internal)?;
    let text = |code: &str| told.get(code).and_then(Value::as_str).unwrap_or("").to_owned();
    let failing = recheck::still_failing(act.tx, &s.id)?;
    let maker = sides::maker(act.tx, &s)?;
    let again = store::labs::by_id(act.tx, &s.recheck_lab)?;
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
        ("maker.name", json!(Some(maker.name).filter(|t| !t.is_empty()))),
        ("maker.address", json!(Some(maker.address).filter(|t| !t.is_empty()))),
        ("results", results(act, &s)?),
        ("recheck.lab", json!(again.as_ref().map(|l| l.name.clone()))),
        ("recheck.cma", json!(again.as_ref().map(|l| l.cma.clone()))),
        ("recheck.verdict", json!(rechecked(&s, &failing))),
        ("recheck.results", again_rows(act, &s)?),
    ];
    out.extend(pairs.map(|(name, value)| (name.to_owned(), value)));
    Ok(out)
}

/// What came of the recheck, in words.
fn rechecked(s: &Sample, failing: &[Judged]) -> Option<String> {
    match s.recheck_verdict.as_str() {
        "upheld" => Some(format!("维持不合格：{}", disposal::told(failing))),
        "overturned" => Some("推翻初检结论，复检项目符合要求".to_owned()),
        _ => None,
    }
}

/// The rows of the report.
fn results(act: &mut Act, s: &Sample) -> Result<Value> {
    let (judged, results) = (
        store::tests::verdicts(act.tx, Round::First, &s.id)?,
        store::tests::results(act.tx, Round::First, &s.id)?,
    );
    let lab = store::labs::by_id(act.tx, &s.lab)?;
    Ok(rows(&judged, &results, lab.as_ref()))
}

/// The rows of the report of the recheck.
fn again_rows(act: &mut Act, s: &Sample) -> Result<Value> {
    let judged = store::tests::verdicts(act.tx, Round::Again, &s.id)?;
    let lab = store::labs::by_id(act.tx, &s.recheck_lab)?;
    Ok(rows(&judged, &store::tests::results(act.tx, Round::Again, &s.id)?, lab.as_ref()))
}

/// Limits of detection and of quantification of a result: as entered, else those of the method that the laboratory is accredited for.
fn detectable(r: &TestResult, lab: Option<&Lab>) -> String {
    let able = lab.and_then(|l| l.items.iter().find(|a| a.item == r.item && a.method == r.method));
    let dash = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
    let (loq, of) = able.map_or(("", ""), |a| (a.loq.as_str(), a.unit.as_str()));
    if r.lod.is_empty() && loq.is_empty() {
        return "—".into();
    }
    // the first is told in the unit of the result, the second in that of the accreditation
    match of.is_empty() || of == r.unit {
        true => format!("{} / {} {}", dash(&r.lod), dash(loq), r.unit),
        false => format!("{} {} / {} {of}", dash(&r.lod), r.unit, dash(loq)),
    }
}

fn rows(judged: &[Judged], results: &[TestResult], lab: Option<&Lab>) -> Value {
    let limits = |item: &str| {
        let found = results.iter().find(|r| r.item == item);
        found.map_or_else(|| "—".to_owned(), |r| detectable(r, lab))
    };
    let method =
        |item: &str| results.iter().find(|r| r.item == item).map_or("", |r| r.method.as_str()).to_owned();
    let word = |outcome: Outcome| match outcome {
        Outcome::Conforms => "合格",
        Outcome::Fails => "不合格",
        Outcome::Undecided => "未判定",
    };
    if judged.is_empty() {
        let row = |r: &TestResult| json!({ "item": r.item, "method": r.method, "result": format!("{} {}", r.result, r.unit), "limits": limits(&r.item), "rule": "风险监测", "verdict": "不作判定" });
        return Value::Array(results.iter().map(row).collect());
    }
    let row = |j: &Judged| {
        let method = method(&j.item);
        let method = if method.is_empty() { "—".to_owned() } else { method };
        let result = if j.result.is_empty() { "—".to_owned() } else { format!("{} {}", j.result, j.unit) };
        json!({ "item": j.item, "method": method, "result": result, "limits": limits(&j.item), "rule": j.rule, "verdict": word(j.outcome) })
    };
    Value::Array(judged.iter().map(row).collect())
}
