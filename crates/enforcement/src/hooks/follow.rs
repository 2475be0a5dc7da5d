//! What follows from an entry: the columns of lists, and what the public sees.

use kit_base::{Error, Result};
use kit_flow::log::{Body, Effect, Entry, How};
use kit_flow::state::Phase;
use kit_flow::store::projection::phase;
use kit_flow::{Case, Flows, engine};
use kit_web::Act;
use serde_json::{Map, Value, json};

use crate::actions::measure::{ids, sum, text};
use crate::actions::words;
use crate::model::EnforcementCase;
use crate::rules::{range, tables};
use crate::store;
use crate::store::cases::NewRow;

/// Columns follow the log; the first entry makes the row.
pub fn after(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    let row = match store::cases::by_id(act.tx, &case.id)? {
        Some(row) => row,
        None => begun(act, case)?,
    };
    let mut row = followed(row, case, entry, body);
    publication(act, &mut row, case, entry)?;
    store::cases::follow(act.tx, &row)
}

fn begun(act: &mut Act, case: &Case) -> Result<EnforcementCase> {
    let o = &case.state.opened;
    let (mut source, mut reference, mut what) = (
        text_of(&case.state.data, "source").to_owned(),
        text_of(&case.state.data, "source_ref").to_owned(),
        text_of(&case.state.data, "what").to_owned(),
    );
    if !o.parent.is_empty() {
        let flows = act.cx.house.held::<Flows>();
        if let Some(above) = engine::load(act.tx, &flows, &o.parent)? {
            source = if above.state.opened.kind == "case_simple" { "simple" } else { "finding" }.to_owned();
            reference.clone_from(&above.state.opened.number);
            what.clone_from(&above.state.opened.title);
        }
    }
    let kind = parties::brief(act.tx, &o.business)?.map(|b| b.kind).unwrap_or_default();
    let row = NewRow {
        id: &case.id,
        kind: &o.kind,
        number: &o.number,
        source: &source,
        source_ref: &reference,
        above: &o.parent,
        party: &o.business,
        party_kind: &kind,
        division: &o.division,
        what: if what.is_empty() { &o.title } else { &what },
        status: &case.state.status,
        phase: phase(&case.state.phase),
        opened_at: case.state.opened_at,
        simulated: o.simulated,
    };
    store::cases::insert(act.tx, &row)?;
    store::cases::by_id(act.tx, &case.id)?.ok_or_else(|| Error::internal("the case just kept is gone"))
}

fn text_of<'m>(data: &'m Map<String, Value>, field: &str) -> &'m str {
    data.get(field).and_then(Value::as_str).unwrap_or("")
}

fn followed(mut row: EnforcementCase, case: &Case, entry: &Entry, body: &Body) -> EnforcementCase {
    let state = &case.state;
    let data = Value::Object(state.data.clone());
    text(&data, "article").clone_into(&mut row.article);
    (row.goods_value, row.gain) = (sum(&data, "goods_value"), sum(&data, "gain"));
    for effect in &body.effects {
        match effect {
            Effect::Did(action) if action == "decide" => {
                row.penalties = ids(&data, "penalties");
                let fined = row.penalties.iter().any(|p| p == "fine");
                row.fine = sum(&data, "fine").filter(|_| fined);
                row.confiscated = sum(&data, "confiscated");
                row.decided_at = Some(entry.occurred_at);
            }
            Effect::Did(action) if action == "exempt" => row.decided_at = Some(entry.occurred_at),
            Effect::Did(action) if action.starts_with("serve") => row.served_at = Some(entry.occurred_at),
            Effect::Did(action) if action == "pay" => row.paid += sum(&data, "paid").unwrap_or(0),
            Effect::Issued { code, number, .. } if code == "decision" || code == "no_penalty" => {
                row.decision.clone_from(number);
            }
            _ => {}
        }
    }
    row.status.clone_from(&state.status);
    phase(&state.phase).clone_into(&mut row.phase);
    let flag = |f: &str| state.flags.contains(f);
    let ended =
        ["archived", "not_filed", "withdrawn", "transferred", "ordinary", "stale", "no_penalty", "unfounded"];
    (row.closed_at, row.outcome) = match &state.phase {
        Phase::Ended(How::Done) => {
            let outcome = ended.iter().find(|f| flag(f)).copied().unwrap_or("archived");
            (Some(entry.at), if outcome == "stale" { "ordinary" } else { outcome }.to_owned())
        }
        Phase::Ended(How::Terminated) => (Some(entry.at), "terminated".to_owned()),
        Phase::Ended(How::Void) => (Some(entry.at), "void".to_owned()),
        _ => (None, String::new()),
    };
    row
}

/// Shown by the publication hall from today for its term; withdrawn at once where the decision no longer stands.
fn publication(act: &mut Act, row: &mut EnforcementCase, case: &Case, entry: &Entry) -> Result<()> {
    if entry.action == "publish" {
        announce(act, row, case)?;
        row.published_at = Some(entry.at);
    }
    let fallen = entry.action == "revoke" || matches!(case.state.phase, Phase::Ended(How::Void));
    if row.published_at.is_some() && row.withdrawn_at.is_none() && fallen {
        let reason = case.state.data.get("revoke_reason").and_then(Value::as_str).unwrap_or("案件作废");
        publication::revoke(act, &row.id, entry.occurred_at, reason)?;
        row.withdrawn_at = Some(entry.at);
    }
    Ok(())
}

fn announce(act: &mut Act, row: &EnforcementCase, case: &Case) -> Result<()> {
    let tables = tables::get()?;
    let Some(kind) = range::public_kind(&row.penalties) else { return Ok(()) };
    let county = kit_flow::store::projection::county(&row.division).to_owned();
    let issuer = accounts::in_charge(act.tx, &county)?.map(|b| b.name).unwrap_or_default();
    let conduct = tables.bands.iter().find(|b| b.code == row.article);
    let conduct = conduct.map(|b| b.conduct.clone()).unwrap_or_default();
    let text = words::penalties(&Value::Object(case.state.data.clone()))?;
    let content =
        json!({ "违法类型": conduct, "处罚内容": text, "决定书文号": row.decision, "处罚机关": issuer });
    let announcement = publication::Announcement {
        kind,
        about: &row.id,
        party: &row.party,
        number: &row.decision,
        title: &format!("行政处罚决定：{conduct}"),
        content,
        issuer: &issuer,
        decided_at: row.decided_at.unwrap_or(act.now),
        from: Some(act.now),
        until: None,
    };
    publication::announce(act, &announcement).map(drop)
}
