//! Cases begin, and are seen.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::{Flows, New, engine};
use kit_web::{Act, Actor};
use serde_json::json;

use crate::model::{EnforcementCase, NewCase, SOURCES};
use crate::store;

/// Characters of a title.
const TITLE: usize = 60;

/// Begins a case from a lead.
///
/// Errors: `procedure_unknown`, `source_unknown`, `what_missing`, `what_long`, `source_ref_long`, `party_unknown`.
pub fn begin(act: &mut Act, new: &NewCase) -> Result<EnforcementCase> {
    let kind = match new.procedure.as_str() {
        "ordinary" => "case",
        "simple" => "case_simple",
        _ => {
            let text = "程序应为普通程序或简易程序";
            return Err(Error::invalid("procedure", "procedure_unknown", text));
        }
    };
    if !SOURCES[..5].iter().any(|(code, _)| *code == new.source) {
        return Err(Error::invalid("source", "source_unknown", "没有这种线索来源"));
    }
    match new.what.trim().chars().count() {
        0 => return Err(Error::invalid("what", "what_missing", "请写明线索内容")),
        2_001.. => return Err(Error::invalid("what", "what_long", "线索内容不超过 2000 字")),
        _ => {}
    }
    if new.source_ref.chars().count() > 100 {
        return Err(Error::invalid("source_ref", "source_ref_long", "来源编号不超过 100 字"));
    }
    let unknown = || Error::invalid("party", "party_unknown", "没有这个主体，或不在您的辖区内");
    let party = parties::brief(act.tx, &new.party)?.ok_or_else(unknown)?;
    if !act.who().scope_for("enforcement.handle").covers(&party.division, Some(&party.id)) {
        return Err(unknown());
    }
    let cut = |text: &str| text.trim().chars().take(TITLE).collect::<String>();
    let data = json!({ "source": new.source, "source_ref": new.source_ref.trim(), "what": new.what.trim() });
    let wanted = New {
        title: format!("{}：{}", cut(&party.name), cut(&new.what)),
        division: party.division,
        business: party.id,
        simulated: party.simulated,
        data: data.as_object().cloned().unwrap_or_default(),
        ..New::default()
    };
    let flows = act.cx.house.held::<Flows>();
    let case = engine::open(act, &flows, kind, &wanted)?;
    act.subject("enforcement", &case.id, &case.state.opened.division);
    act.note(json!({ "procedure": new.procedure, "source": new.source }));
    let row = store::cases::by_id(act.tx, &case.id)?;
    let row = row.ok_or_else(|| Error::internal("the case just kept is gone"))?;
    one_named(act.tx, row)
}

/// Begins a case from a finding as the house. The id.
pub fn of_house(act: &mut Act, finding: &str, party: &str, what: &str) -> Result<String> {
    let found = parties::brief(act.tx, party)?;
    let party = found.ok_or_else(|| Error::internal(format!("business {party} of a finding is gone")))?;
    let cut = |text: &str| text.trim().chars().take(TITLE).collect::<String>();
    let wanted = New {
        title: format!("{}：{}", cut(&party.name), cut(what)),
        division: party.division,
        business: party.id,
        parent: finding.to_owned(),
        simulated: party.simulated,
        ..New::default()
    };
    let flows = act.cx.house.held::<Flows>();
    engine::open_by_house(act, &flows, "case", &wanted).map(|case| case.id)
}

/// Puts the names of businesses in.
pub fn named(tx: &mut Tx, mut list: Vec<EnforcementCase>) -> Result<Vec<EnforcementCase>> {
    let ids: Vec<String> = list.iter().map(|c| c.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    for case in &mut list {
        case.party_name = briefs.get(&case.party).map(|b| b.name.clone()).unwrap_or_default();
    }
    Ok(list)
}

fn one_named(tx: &mut Tx, row: EnforcementCase) -> Result<EnforcementCase> {
    named(tx, vec![row])?.pop().ok_or_else(|| Error::internal("the case just kept is gone"))
}

/// A case that somebody may see. Errors: not found, also where its existence is not theirs to know.
pub fn seen(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<EnforcementCase> {
    let unknown = || Error::not_found("没有这个案件，或不在您的范围内");
    let found = store::cases::by_id(tx, id)?.ok_or_else(unknown)?;
    if !who.scope_for(permission).covers(&found.division, Some(&found.party)) {
        return Err(unknown());
    }
    one_named(tx, found)
}
