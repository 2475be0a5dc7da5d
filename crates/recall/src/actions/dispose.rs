//! 无害化处理、补救、销毁: announced with time and place, watched by an officer, photographed.

use kit_base::{Error, Result, Unit};
use kit_web::Act;
use serde_json::json;

use super::report::{keep, known, producer, proven};
use super::{goes_on, task, unknown};
use crate::model::{Disposal, Line, NewDisposal, Recall, Watched};
use crate::rules::report::Told;
use crate::rules::{self, cause};
use crate::store::{recalls, reports, tasks};

/// Announces a disposal.
///
/// Errors: not found, `case_ended`, `what_unknown`, `stock_unknown`, `remedy_not_here`, `told_length`, `place_length`, `method_length`,
/// `planned_past`, `amount_range`, `line_unknown`.
pub fn plan(act: &mut Act, id: &str, party: &str, new: &NewDisposal) -> Result<Disposal> {
    let recall = match new.stock.as_str() {
        "held" => task(act.tx, act.who(), id, party)?.0,
        "back" => producer(act, id)?,
        _ => return Err(Error::invalid("stock", "stock_unknown", "请选择处置现存的还是退回的")),
    };
    goes_on(&recall)?;
    check(act, &recall, new)?;
    let (left, unit) = left(act, &recall, party, new)?;
    if !(1..=left).contains(&new.amount) {
        let text = format!("可以处置的有 {}，请核对数量", kit_base::amount::Shown(left.max(0), unit));
        return Err(Error::invalid("amount", "amount_range", text));
    }
    let disposal = Disposal {
        id: act.id(),
        party: if new.stock == "back" { recall.party.clone() } else { party.to_owned() },
        party_name: String::new(),
        origin: new.origin,
        what: new.what.clone(),
        stock: new.stock.clone(),
        amount: new.amount,
        unit: unit.as_str().to_owned(),
        place: new.place.trim().to_owned(),
        method: new.method.trim().to_owned(),
        told: new.told.trim().to_owned(),
        planned_at: new.planned_at,
        user: act.who().user.clone(),
        user_name: act.who().name.clone(),
        at: act.now,
        state: "planned".into(),
        watched_by: String::new(),
        watched_name: String::new(),
        watched_at: None,
        opinion: String::new(),
        proof: Vec::new(),
    };
    reports::add_disposal(act.tx, id, &disposal)?;
    act.subject("recall", id, &recall.division);
    act.note(json!({ "disposal": disposal.id, "what": disposal.what, "amount": disposal.amount }));
    Ok(disposal)
}

fn check(act: &Act, recall: &Recall, new: &NewDisposal) -> Result<()> {
    if !["destroy", "harmless", "remedy"].contains(&new.what.as_str()) {
        return Err(Error::invalid("what", "what_unknown", "请选择销毁、无害化处理或补救"));
    }
    let cause = cause(&recall.cause)?;
    if new.what == "remedy" && !cause.remedy {
        let text = "只有因标签、标志或者说明书问题召回的食品，在保证安全的情况下可以补救后继续销售";
        return Err(Error::invalid("what", "remedy_not_here", text));
    }
    if new.what == "remedy" {
        rules::text("told", &new.told, 5, 300, "销售时向消费者明示的补救措施")?;
    }
    rules::text("place", &new.place, 2, 200, "处置地点")?;
    rules::text("method", &new.method, 2, 500, "处置方式")?;
    if new.planned_at < act.now && !cause.on_the_spot {
        let text = "销毁、处置应当提前报告时间和地点，请填写以后的时间";
        return Err(Error::invalid("planned_at", "planned_past", text));
    }
    Ok(())
}

/// What may still be disposed of. Errors: `line_unknown`.
fn left(act: &mut Act, recall: &Recall, party: &str, new: &NewDisposal) -> Result<(i64, Unit)> {
    let no_line = || Error::invalid("origin", "line_unknown", "没有这一批，或还没有报告数量");
    if new.stock == "back" {
        let batch = tasks::batch(act.tx, &recall.id, new.origin)?.ok_or_else(no_line)?;
        let planned = reports::planned(act.tx, &recall.id, &recall.party, new.origin, "back")?;
        let back = tasks::confirmed(act.tx, &recall.id, new.origin)?;
        let unit = Unit::parse(&batch.unit).ok_or_else(no_line)?;
        return Ok((back - batch.back_destroyed - batch.back_remedied - planned, unit));
    }
    let line = tasks::line(act.tx, &recall.id, party, new.origin)?.ok_or_else(no_line)?;
    let told = line.told.ok_or_else(no_line)?;
    let planned = reports::planned(act.tx, &recall.id, party, new.origin, "held")?;
    Ok((told.on_hand - planned, known(&line)?.unit))
}

/// What an officer saw. Done: the amount moves from what is on hand, or back, to what is destroyed or mended.
///
/// Errors: not found, `case_ended`, `opinion_length`, `proof_missing`, `proof_unknown`, `watched_already`, `amount_range`.
pub fn watch(act: &mut Act, id: &str, disposal: &str, seen: &Watched) -> Result<()> {
    let recall = recalls::by_id(act.tx, id)?.ok_or_else(unknown)?;
    let mut found = reports::disposal(act.tx, id, disposal)?.ok_or_else(unknown)?;
    let division = parties::brief(act.tx, &found.party)?.map(|b| b.division).unwrap_or_default();
    if !act.who().scope_for("recall.visit").covers(&division, None) {
        return Err(unknown());
    }
    goes_on(&recall)?;
    rules::text("opinion", &seen.opinion, 2, 500, "监督情况")?;
    proven(act, id, &found.party, &seen.proof)?;
    if seen.done && seen.proof.is_empty() {
        return Err(Error::invalid("proof", "proof_missing", "请附处置现场的照片"));
    }
    found.state = if seen.done { "done" } else { "refused" }.to_owned();
    found.watched_by.clone_from(&act.who().user);
    found.watched_name.clone_from(&act.who().name);
    found.watched_at = Some(seen.at.map_or(act.now, |at| at.clamp(found.at.min(act.now), act.now)));
    found.opinion = seen.opinion.trim().to_owned();
    found.proof.clone_from(&seen.proof);
    if !reports::watched(act.tx, id, &found)? {
        return Err(Error::conflict("watched_already", "这次处置已经登记过结果"));
    }
    if seen.done {
        done(act, &recall, &found)?;
    }
    act.subject("recall", id, &division);
    act.note(json!({ "disposal": disposal, "state": found.state }));
    Ok(())
}

fn done(act: &mut Act, recall: &Recall, d: &Disposal) -> Result<()> {
    let mended = d.what == "remedy";
    let parts = if mended { (0, d.amount) } else { (d.amount, 0) };
    if d.stock == "back" {
        return tasks::back(act.tx, &recall.id, d.origin, parts.0, parts.1);
    }
    let gone = || Error::internal("the line of a disposal is gone");
    let line: Line = tasks::line(act.tx, &recall.id, &d.party, d.origin)?.ok_or_else(gone)?;
    let told = line.told.ok_or_else(gone)?;
    if told.on_hand < d.amount {
        let text = format!(
            "该单位现在报告的现存只有 {}，少于处置数量，请先核对",
            kit_base::amount::Shown(told.on_hand, known(&line)?.unit)
        );
        return Err(Error::conflict("amount_range", text));
    }
    let after = Told {
        on_hand: told.on_hand - d.amount,
        destroyed: told.destroyed + parts.0,
        remedied: told.remedied + parts.1,
        ..told
    };
    let supervised = line.supervised + d.amount;
    keep(act, recall, &line, after, (line.confirmed, supervised), "disposal", &d.opinion, &d.proof)
}
