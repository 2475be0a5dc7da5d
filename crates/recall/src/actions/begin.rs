//! Recalls begin: by the bureau, by the business, or by what another room found.

use kit_base::{Error, Result};
use kit_flow::store::projection::phase;
use kit_flow::{Ask, Case, Flows, New, engine};
use kit_web::{Act, Scope};
use serde_json::{Map, Value, json};
use trace::model::LotNo;

use super::{code, named};
use crate::model::{NewRecall, Recall, SOURCES};
use crate::store::recalls;
use crate::{KIND, rules};

/// What another room found that calls for a recall.
#[derive(Debug, Clone)]
pub struct Cause<'a> {
    /// Any lot of the batch.
    pub lot: LotNo,
    /// 1, 2, 3
    pub grade: i64,
    /// safety, label, illegal, carcass, spoilt
    pub cause: &'a str,
    /// For the public, at most 400 characters.
    pub reason: &'a str,
    /// sample, rapid, investigation, complaint, inspection
    pub source: &'a str,
    /// Number or id there.
    pub source_ref: &'a str,
}

/// The batch that a recall is about.
struct Subject {
    lot: trace::model::Lot,
    product: trace::store::products::Product,
    party: parties::Brief,
}

/// Errors: `lot_unknown`.
fn subject(act: &mut Act, lot: LotNo) -> Result<Subject> {
    let unknown = || Error::invalid("lot", "lot_unknown", "没有这个批次");
    let found = trace::store::lots::by_no(act.tx, lot)?.ok_or_else(unknown)?;
    let lot = trace::store::lots::by_no(act.tx, found.origin)?.ok_or_else(unknown)?;
    let product = trace::store::products::by_id(act.tx, &lot.product)?.ok_or_else(unknown)?;
    let holder = parties::standing_id(act.tx, &lot.holder)?;
    let party = parties::brief(act.tx, &holder)?.ok_or_else(unknown)?;
    Ok(Subject { lot, product, party })
}

/// Errors: `mode_unknown`, `source_unknown`, `reason_length`, `source_ref_length`, `grade_range`, `cause_unknown`.
fn check(new: &NewRecall) -> Result<()> {
    if !["ordered", "voluntary"].contains(&new.mode.as_str()) {
        return Err(Error::invalid("mode", "mode_unknown", "请选择责令召回或主动召回"));
    }
    if !SOURCES.iter().any(|(code, _)| *code == new.source) {
        return Err(Error::invalid("source", "source_unknown", "没有这种来源"));
    }
    rules::text("reason", &new.reason, 2, 400, "召回原因")?;
    rules::text("source_ref", &new.source_ref, 0, 100, "来源编号")?;
    rules::level(new.grade)?;
    rules::cause(&new.cause).map(drop)
}

/// Begins a recall as the one who asks. Whoever may order does so at once.
///
/// Errors: those of [`check`], `lot_unknown`, `out_of_scope`, `mode_not_own`, `recall_open`.
pub fn begin(act: &mut Act, new: &NewRecall) -> Result<Recall> {
    check(new)?;
    let scope = act.who().scope_for("recall.begin");
    if matches!(scope, Scope::Businesses(_)) && (new.mode != "voluntary" || new.source != "self") {
        return Err(Error::invalid("mode", "mode_not_own", "企业只能主动召回自查发现的食品"));
    }
    let subject = subject(act, new.lot)?;
    if !scope.covers(&subject.party.division, Some(&subject.party.id)) {
        let text = format!(
            "这批食品由“{}”生产，不在您的辖区或主体范围内，请通报其所在地监管部门",
            subject.party.name
        );
        return Err(Error::forbidden("out_of_scope", text));
    }
    if let Some(open) = recalls::open_of_lot(act.tx, subject.lot.no)? {
        let number = recalls::by_id(act.tx, &open)?.map(|r| r.number).unwrap_or_default();
        return Err(Error::conflict("recall_open", format!("这一批次已在召回中：{number}")));
    }
    let flows = act.cx.house.held::<Flows>();
    let case = engine::open(act, &flows, KIND, &opening(new, &subject)?)?;
    let recall = keep(act, &case, new, &subject)?;
    if new.mode == "ordered" && act.who().may("recall.order") {
        let form =
            json!({ "order_reason": new.reason.trim(), "grade": new.grade.to_string(), "cause": new.cause });
        let ask = Ask::action("order", form);
        engine::take(act, &flows, &recall.id, &ask)?;
    }
    fresh(act, &recall.id)
}

/// Begins a recall for what another room found: by the house, to be ordered by whoever may. The id of the recall, or of the one
/// of this batch that goes on already.
///
/// Errors: those of [`begin`] but for the jurisdiction.
pub fn open_for(act: &mut Act, cause: &Cause) -> Result<String> {
    let new = NewRecall {
        lot: cause.lot,
        mode: "ordered".into(),
        grade: cause.grade,
        cause: cause.cause.to_owned(),
        reason: cause.reason.to_owned(),
        source: cause.source.to_owned(),
        source_ref: cause.source_ref.to_owned(),
    };
    check(&new)?;
    let subject = subject(act, new.lot)?;
    if let Some(open) = recalls::open_of_lot(act.tx, subject.lot.no)? {
        return Ok(open);
    }
    let flows = act.cx.house.held::<Flows>();
    let case = engine::open_by_house(act, &flows, KIND, &opening(&new, &subject)?)?;
    keep(act, &case, &new, &subject).map(|r| r.id)
}

fn opening(new: &NewRecall, subject: &Subject) -> Result<New> {
    let mut data = Map::new();
    data.insert("terms".into(), rules::terms()?.into());
    // as the form that may change it says it
    let grade = new.grade.to_string();
    for (name, value) in [("mode", json!(new.mode)), ("grade", json!(grade)), ("cause", json!(new.cause))] {
        data.insert(name.into(), value);
    }
    let food: String = subject.product.name.chars().take(60).collect();
    let reason: String = new.reason.trim().chars().take(80).collect();
    Ok(New {
        title: format!("召回{food} 批号{}：{reason}", subject.lot.batch),
        division: subject.party.division.clone(),
        business: subject.party.id.clone(),
        simulated: subject.party.simulated,
        data,
        ..New::default()
    })
}

fn keep(act: &mut Act, case: &Case, new: &NewRecall, s: &Subject) -> Result<Recall> {
    let recall = Recall {
        id: case.id.clone(),
        number: case.state.opened.number.clone(),
        code: code(act),
        mode: new.mode.clone(),
        grade: new.grade,
        cause: new.cause.clone(),
        reason: new.reason.trim().to_owned(),
        source: new.source.clone(),
        source_ref: new.source_ref.trim().to_owned(),
        party: s.party.id.clone(),
        party_name: s.party.name.clone(),
        division: s.party.division.clone(),
        product: s.product.id.clone(),
        food: s.product.name.clone(),
        spec: s.product.spec.clone(),
        batch: s.lot.batch.clone(),
        made: s.lot.made.clone(),
        unit: s.lot.unit.as_str().to_owned(),
        lot: s.lot.no,
        status: case.state.status.clone(),
        phase: phase(&case.state.phase).to_owned(),
        late: false,
        opened_at: case.state.opened_at,
        ordered_at: None,
        planned_at: None,
        announced_at: None,
        finished_at: None,
        closed_at: None,
        outcome: String::new(),
        notice: String::new(),
        wanted_at: None,
        event: None,
        scoped_at: None,
        scope_micros: None,
        scope_hash: String::new(),
        lots_certain: 0,
        lots_possible: 0,
        issued_at: None,
        simulated: case.state.opened.simulated,
    };
    recalls::insert(act.tx, &recall)?;
    act.subject("recall", &recall.id, &recall.division);
    act.note(json!({ "mode": new.mode, "grade": new.grade, "lot": s.lot.no, "source": new.source }));
    Ok(recall)
}

fn fresh(act: &mut Act, id: &str) -> Result<Recall> {
    let found = recalls::by_id(act.tx, id)?;
    named(act.tx, found.ok_or_else(|| Error::internal("the recall just kept is gone"))?)
}

/// Asks for the holders to be found and told; the job does it in parts.
///
/// Errors: `case_ended`.
pub fn want(act: &mut Act, recall: &mut Recall) -> Result<()> {
    super::goes_on(recall)?;
    recall.wanted_at = Some(act.now);
    let title = format!("召回{}：查找持有单位并发出通知", recall.number);
    act.enqueue(crate::jobs::ISSUE.name, &recall.id, &title).map(drop)
}

/// What is empty becomes nothing in a document.
pub fn or_nothing(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}
