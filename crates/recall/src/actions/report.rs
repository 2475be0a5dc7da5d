//! What holders report, and what the producer confirms of it.

use kit_base::{Error, Result, Unit};
use kit_db::Tx;
use kit_files::hash_of_fields;
use kit_web::Act;
use serde_json::json;

use super::{goes_on, task, unknown, visited};
use crate::model::{Accept, Confirm, Line, NewReport, Recall, Report};
use crate::rules::report::{Known, Stand, Told, missing, stand, unaccounted};
use crate::rules::{self, cause};
use crate::store::{reports, tasks};

/// Lines that a report may have.
const MOST: usize = 500;

/// What is known of a line before a report.
pub fn known(line: &Line) -> Result<Known> {
    Ok(Known {
        unit: Unit::parse(&line.unit).ok_or_else(|| Error::internal("unit of a line"))?,
        due: line.due,
        book_on_hand: line.book_on_hand,
        book_sold: line.book_sold,
        book_gone: line.book_gone,
        unknown: line.unknown,
        confirmed: line.confirmed,
        supervised: line.supervised,
    })
}

/// Keeps a report; all of its lines or none.
///
/// Errors: not found, `case_ended`, `lines_missing`, `line_unknown`, `proof_missing`, `proof_unknown`, `destroy_on_the_spot`, those of
/// [`unaccounted`] under `lines/N`.
pub fn report(act: &mut Act, id: &str, party: &str, new: &NewReport) -> Result<()> {
    let (recall, of) = visited(act.tx, act.who(), id, party)?;
    goes_on(&recall)?;
    if new.lines.is_empty() || new.lines.len() > MOST {
        return Err(Error::invalid("lines", "lines_missing", "请填写每一批的数量"));
    }
    rules::text("note", &new.note, 0, 500, "说明")?;
    proven(act, id, party, &new.proof)?;
    let something =
        new.lines.iter().any(|l| [l.on_hand, l.sold, l.destroyed, l.returned].iter().any(|n| *n > 0));
    if something && new.proof.is_empty() {
        let text = "请为这次报告选定照片：封存现场、销售记录、销毁现场或退货单据";
        return Err(Error::invalid("proof", "proof_missing", text));
    }
    for (i, asked) in new.lines.iter().enumerate() {
        let place = format!("lines/{i}");
        let no_line = || Error::invalid(&*place, "line_unknown", "贵单位没有这一批");
        let line = tasks::line(act.tx, id, party, asked.origin)?.ok_or_else(no_line)?;
        let told = Told {
            on_hand: asked.on_hand,
            sold: asked.sold,
            destroyed: asked.destroyed,
            remedied: line.told.map_or(0, |t| t.remedied),
            returned: asked.returned,
        };
        if told.returned > line.told.map_or(0, |t| t.returned) && cause(&recall.cause)?.on_the_spot {
            let text = "这类食品应当立即就地销毁，不得退运；请登记销毁处置";
            return Err(Error::invalid("returned", "destroy_on_the_spot", text).under(&place));
        }
        unaccounted(&known(&line)?, &told).map_err(|e| e.under(&place))?;
        let after = (line.confirmed, line.supervised);
        keep(act, &recall, &line, told, after, "report", &new.note, &new.proof)?;
    }
    act.subject("recall", id, &of.division);
    act.note(json!({ "party": party, "lines": new.lines.len(), "photos": new.proof.len() }));
    Ok(())
}

/// Somebody of the holder opened the task. Errors: not found.
pub fn opened(act: &mut Act, id: &str, party: &str) -> Result<()> {
    let (recall, _) = task(act.tx, act.who(), id, party)?;
    act.subject("recall", &recall.id, &recall.division);
    tasks::seen(act.tx, &recall.id, party, act.now)
}

/// Photos are of this recall and this holder. Errors: `proof_unknown`.
pub fn proven(act: &mut Act, id: &str, party: &str, proof: &[String]) -> Result<()> {
    for (i, photo) in proof.iter().enumerate() {
        let found = reports::photo(act.tx, id, photo)?.filter(|p| p.party == party);
        if found.is_none() {
            let text = "没有这张照片，或不是这家单位的";
            return Err(Error::invalid(format!("proof/{i}"), "proof_unknown", text));
        }
    }
    Ok(())
}

/// Writes what now holds of a line beside its history. `after`: confirmed and supervised.
#[allow(clippy::too_many_arguments, reason = "the parts of one record")]
pub fn keep(
    act: &mut Act,
    recall: &Recall,
    line: &Line,
    told: Told,
    after: (i64, i64),
    kind: &str,
    note: &str,
    proof: &[String],
) -> Result<()> {
    let mut report = Report {
        id: act.id(),
        party: line.party.clone(),
        origin: line.origin,
        kind: kind.to_owned(),
        told,
        confirmed: after.0,
        note: note.trim().to_owned(),
        proof: proof.to_vec(),
        user: act.who().user.clone(),
        user_name: act.who().name.clone(),
        at: act.now,
        hash: String::new(),
    };
    let amounts = [told.on_hand, told.sold, told.destroyed, told.remedied, told.returned, after.0];
    let mut fields = vec![report.id.clone(), recall.id.clone(), line.party.clone(), line.origin.to_string()];
    fields.push(kind.to_owned());
    fields.extend(amounts.map(|n| n.to_string()));
    fields.extend([report.note.clone(), proof.join(","), report.user.clone(), report.at.to_string()]);
    let hash = hash_of_fields(&fields);
    report.hash = hex::encode(hash);
    reports::insert(act.tx, &recall.id, &report)?;
    act.tx.fact("recall_report", report.id.clone(), hash);
    tasks::set_told(act.tx, &recall.id, line, &told, after.0, after.1)?;
    let state = stands(act.tx, &recall.id, &line.party)?;
    tasks::changed(act.tx, &recall.id, &line.party, act.now, state.code())
}

/// Where a holder stands with all its batches: as with the one that is furthest behind.
pub fn stands(tx: &mut Tx, recall: &str, party: &str) -> Result<Stand> {
    let lines = tasks::lines_of(tx, recall, party)?;
    // what a correction of the ledger took away is not waited for
    let asked =
        lines.iter().filter(|l| l.told.is_some() || l.due != 0 || l.book_on_hand != 0 || l.unknown != 0);
    Ok(asked.map(|l| stand(l.due, l.told.as_ref(), l.accepted)).min().unwrap_or(Stand::Settled))
}

/// Accepts why an amount is missing: by an officer of the holder's place, who did not report it.
///
/// Errors: not found, `case_ended`, `line_unknown`, `gap_none`, `gap_changed`, `reason_length`, `same_person`.
pub fn accept(act: &mut Act, id: &str, party: &str, new: &Accept) -> Result<()> {
    let (recall, of) = task(act.tx, act.who(), id, party)?;
    goes_on(&recall)?;
    let no_line = || Error::invalid("origin", "line_unknown", "这家单位没有报告这一批");
    let line = tasks::line(act.tx, id, party, new.origin)?.ok_or_else(no_line)?;
    let told = line.told.ok_or_else(no_line)?;
    let missing = missing(line.due, Some(&told)).unwrap_or(0);
    if missing <= 0 || line.accepted == Some(missing) {
        return Err(Error::conflict("gap_none", "这一批没有需要核定的差额"));
    }
    if missing != new.amount {
        let shown = kit_base::amount::Shown(missing, known(&line)?.unit);
        return Err(Error::conflict("gap_changed", format!("差额现在是 {shown}，请核对后再核定")));
    }
    rules::text("reason", &new.reason, 5, 500, "差额的原因和核实情况")?;
    let user = act.who().user.clone();
    let last =
        reports::of(act.tx, id, party)?.into_iter().find(|r| r.origin == new.origin && r.kind == "report");
    if last.is_some_and(|r| r.user == user) {
        let text = "数量由您代为填报，差额请由其他监管人员核定";
        return Err(Error::forbidden("same_person", text));
    }
    tasks::accept(act.tx, id, &line, missing)?;
    keep(act, &recall, &line, told, (line.confirmed, line.supervised), "accept", &new.reason, &[])?;
    act.subject("recall", id, &of.division);
    act.note(json!({ "party": party, "origin": new.origin, "accepted": missing }));
    Ok(())
}

/// The producer has so much of what a holder sent back: all of it so far.
///
/// Errors: not found, `case_ended`, `line_unknown`, `confirm_range`.
pub fn confirm(act: &mut Act, id: &str, new: &Confirm) -> Result<()> {
    let recall = producer(act, id)?;
    goes_on(&recall)?;
    let no_line = || Error::invalid("origin", "line_unknown", "这家单位没有报告退回这一批");
    let line = tasks::line(act.tx, id, &new.party, new.origin)?.ok_or_else(no_line)?;
    let told = line.told.ok_or_else(no_line)?;
    if !(line.confirmed..=told.returned).contains(&new.amount) {
        let unit = known(&line)?.unit;
        let shown = |n| kit_base::amount::Shown(n, unit);
        let text = format!(
            "该单位报告退回 {}，已确认 {}；确认数应在两者之间",
            shown(told.returned),
            shown(line.confirmed)
        );
        return Err(Error::invalid("amount", "confirm_range", text));
    }
    keep(act, &recall, &line, told, (new.amount, line.supervised), "confirm", "", &[])?;
    act.subject("recall", id, &recall.division);
    act.note(json!({ "party": new.party, "confirmed": new.amount }));
    Ok(())
}

/// The recall, for its producer or an officer of the place. Errors: not found.
pub fn producer(act: &mut Act, id: &str) -> Result<Recall> {
    let recall = crate::store::recalls::by_id(act.tx, id)?.ok_or_else(unknown)?;
    let who = act.who();
    let may = |p: &str| who.may(p) && who.scope_for(p).covers(&recall.division, Some(&recall.party));
    if may("recall.own") || may("recall.supervise") { Ok(recall) } else { Err(unknown()) }
}
