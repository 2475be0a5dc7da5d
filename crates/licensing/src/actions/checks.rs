//! After the grant: commitments are checked, registrations looked at for the first time, false ones revoked.

use kit_base::{Error, Result};
use kit_flow::log::{Body, Effect, How};
use kit_flow::state::Phase;
use kit_flow::{Case, Flows, New, engine};
use kit_web::Act;
use serde_json::{Map, Value, json};

use crate::model::matters::{Matter, Rule};
use crate::model::{Check, Licence, Permit};
use crate::store::licences as store;

/// Kind of the case of a check.
pub const KIND: &str = "permit_check";

/// Opens the check that the rule asks for after a grant.
pub fn after_grant(act: &mut Act, matter: &Matter, permit: &Permit, licence: &Licence) -> Result<()> {
    let (why, rule, what) = match (permit.mode.as_str(), &matter.commitment, &matter.first_check) {
        ("commitment", Some(rule), _) => ("commitment", rule, "核查告知承诺是否属实"),
        (_, _, Some(rule)) if permit.act == "new" => ("first", rule, "登记后首次检查"),
        _ => return Ok(()),
    };
    let title = format!("{}：{what}（{}）", permit.party_name, licence.number);
    begin(act, licence, why, &title, Some(rule), true).map(drop)
}

/// Opens a check on suspicion.
///
/// Errors: not found, `check_open`, `licence_ended`, `what_missing`, those of the case.
pub fn suspect(act: &mut Act, licence: &str, what: &str) -> Result<Check> {
    let unknown = || Error::not_found("没有这份证照，或不在您的辖区内");
    let licence = store::by_id(act.tx, licence)?.ok_or_else(unknown)?;
    if !act.who().scope_for("permits.check").covers(&licence.division, Some(&licence.party)) {
        return Err(unknown());
    }
    if licence.status != "valid" {
        return Err(Error::conflict("licence_ended", "证照已不是有效状态"));
    }
    match what.trim().chars().count() {
        0 => return Err(Error::invalid("what", "what_missing", "请写明核查的事由")),
        501.. => return Err(Error::invalid("what", "what_long", "事由不超过 500 字")),
        _ => {}
    }
    if store::open_check(act.tx, &licence.id)?.is_some() {
        return Err(Error::conflict("check_open", "这份证照已有核查在办"));
    }
    let short: String = what.trim().chars().take(60).collect();
    let title = format!("{}：{short}（{}）", licence.party_name, licence.number);
    begin(act, &licence, "suspicion", &title, None, false)
}

fn begin(
    act: &mut Act,
    licence: &Licence,
    why: &str,
    title: &str,
    rule: Option<&Rule>,
    by_house: bool,
) -> Result<Check> {
    let flows = act.cx.house.held::<Flows>();
    let mut terms = Map::new();
    if let Some(rule) = rule {
        terms.insert("check".into(), serde_json::to_value(rule.period).map_err(Error::internal)?);
    }
    let mut data = Map::new();
    data.insert("terms".into(), Value::Object(terms));
    let new = New {
        title: title.to_owned(),
        division: licence.division.clone(),
        business: licence.party.clone(),
        simulated: licence.simulated,
        data,
        ..New::default()
    };
    let case = match by_house {
        true => engine::open_by_house(act, &flows, KIND, &new)?,
        false => engine::open(act, &flows, KIND, &new)?,
    };
    let check = Check {
        id: case.id,
        licence: licence.id.clone(),
        party: licence.party.clone(),
        why: why.to_owned(),
        what: title.to_owned(),
        opened_at: act.now,
        outcome: String::new(),
    };
    store::add_check(act.tx, &check)?;
    act.subject("licence", &licence.id, &licence.division);
    act.note(json!({ "check": check.id, "why": why }));
    Ok(check)
}

/// The licence follows its check.
pub fn after(act: &mut Act, case: &Case, body: &Body) -> Result<()> {
    let Some(check) = store::check(act.tx, &case.id)? else { return Ok(()) };
    let outcome = match &case.state.phase {
        Phase::Ended(How::Done) => case.state.status.clone(),
        Phase::Ended(How::Terminated) => "terminated".to_owned(),
        Phase::Ended(How::Void) => "void".to_owned(),
        _ => String::new(),
    };
    store::set_check(act.tx, &case.id, &outcome)?;
    if body.effects.iter().any(|e| matches!(e, Effect::Entered(s) if s == "revoked")) {
        revoke(act, &check, case)?;
        act.subject("case", &case.id, &case.state.opened.division);
    }
    Ok(())
}

/// The licence is revoked, also where it was changed or renewed since.
fn revoke(act: &mut Act, check: &Check, case: &Case) -> Result<()> {
    let Some(of) = store::by_id(act.tx, &check.licence)? else { return Ok(()) };
    let number = case.state.documents.iter().rev().find(|d| d.code == "revocation").map(|d| d.number.clone());
    let reason = format!("撤销（{}）", number.unwrap_or_default());
    if let Some(now) = store::last(act.tx, &of.number)? {
        store::end(act.tx, &now.id, "revoked", act.now, &reason)?;
    }
    parties::drop_licence(act, &of.party, &of.number)
}
