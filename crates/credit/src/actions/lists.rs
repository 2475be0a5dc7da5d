//! The list of serious violations, the red list, and measures that follow from them.

use kit_base::{Error, Millis, Result};
use kit_flow::{Case, Flows, New, engine};
use kit_web::Act;
use publication::Announcement;
use serde_json::json;

use super::feed;
use super::notes::{Note, note};
use crate::SERIOUS;
use crate::model::lists::{Begun, Ground, Listed, Measure, NewSerious, Proposal, Serious};
use crate::model::{Decision, reason};
use crate::rules::score::months_after;
use crate::rules::tables::{rows, tables};
use crate::store::{adjustments, lists as store};

/// data/credit/grounds.csv
pub fn grounds() -> Result<Vec<Ground>> {
    rows(include_str!("../../../../data/credit/grounds.csv"))
}

/// data/credit/measures.csv
pub fn measures() -> Result<Vec<Measure>> {
    rows(include_str!("../../../../data/credit/measures.csv"))
}

/// Begins the course that may put a business on the list.
///
/// Errors: `ground_unknown`, `penalty_missing`, `what_length`, `party_unknown`, `listed_already`.
pub fn begin(act: &mut Act, new: &NewSerious) -> Result<Begun> {
    let grounds = grounds()?;
    let ground = grounds.iter().find(|g| g.code == new.ground);
    let ground = ground.ok_or_else(|| Error::invalid("ground", "ground_unknown", "没有这种列入事由"))?;
    if new.penalty.trim().is_empty() || new.penalty.chars().count() > 100 {
        return Err(Error::invalid("penalty", "penalty_missing", "请填写行政处罚决定书文号，不超过 100 字"));
    }
    if !(10..=2000).contains(&new.what.trim().chars().count()) {
        return Err(Error::invalid("what", "what_length", "请写明违法事实，10 至 2000 个字"));
    }
    let unknown = || Error::invalid("party", "party_unknown", "没有这个主体，或不在您的辖区内");
    let party = parties::brief(act.tx, &new.party)?.ok_or_else(unknown)?;
    if !act.who().scope_for("credit.serious").covers(&party.division, Some(&party.id)) {
        return Err(unknown());
    }
    let now = act.now;
    if !store::on_list(act.tx, &party.id, &party.id, "serious", now)?.is_empty() {
        return Err(Error::conflict("listed_already", "该主体已在严重违法失信名单上"));
    }
    let flows = act.cx.house.held::<Flows>();
    let case = engine::open(
        act,
        &flows,
        SERIOUS,
        &New {
            title: format!("{}：{}", party.name, ground.name),
            division: party.division.clone(),
            business: party.id.clone(),
            simulated: party.simulated,
            ..New::default()
        },
    )?;
    let row = Serious {
        id: case.id.clone(),
        party: party.id,
        ground: new.ground.clone(),
        penalty: new.penalty.trim().to_owned(),
        what: new.what.trim().to_owned(),
        listed_at: None,
    };
    store::add_serious(act.tx, &row)?;
    act.subject("serious", &case.id, &party.division);
    act.note(json!({ "ground": new.ground, "penalty": row.penalty }));
    Ok(Begun { number: case.state.opened.number.clone(), id: case.id })
}

/// What a case was begun for, with the name of its ground; `None` for a case of another kind.
pub fn begun_for(tx: &mut kit_db::Tx, case: &str) -> Result<Option<Serious>> {
    let Some(mut row) = store::serious(tx, case)? else { return Ok(None) };
    if let Some(ground) = grounds()?.into_iter().find(|g| g.code == row.ground) {
        row.ground = ground.name;
    }
    Ok(Some(row))
}

/// Whether a business may ask to leave before the term is over.
///
/// Errors: `repair_early`, `repair_again`.
pub fn may_apply(act: &mut Act, case: &Case) -> Result<()> {
    let found = store::serious(act.tx, &case.id)?;
    let Some(listed) = found.and_then(|s| s.listed_at) else { return Ok(()) };
    let first = months_after(listed, tables()?.number("repair_months")?)?;
    if act.now < first {
        let day = kit_base::clock::china_day(first);
        return Err(Error::conflict("repair_early", format!("列入满一年后才能申请修复，最早 {day}")));
    }
    let party = &case.state.opened.business;
    if super::collect::punished_since(act.tx, party, listed, act.now)? {
        return Err(Error::conflict("repair_again", "列入后又受到行政处罚，不能申请提前移出"));
    }
    Ok(())
}

/// The authority of a place, as documents name it.
fn authority(act: &Act, division: &str) -> String {
    let county: String = division.chars().take(6).collect();
    let name = parties::divisions::today(&act.cx.house).full_name(&county);
    format!("{name}市场监督管理局")
}

/// The decision to list: the list, the file, the public page, the platforms, and the measures to be confirmed.
pub fn listed(act: &mut Act, case: &Case, at: Millis) -> Result<()> {
    let Some(serious) = store::serious(act.tx, &case.id)? else { return Ok(()) };
    let o = &case.state.opened;
    let until_at = months_after(at, tables()?.number("list_months")?)?;
    let grounds = grounds()?;
    let ground = grounds.iter().find(|g| g.code == serious.ground).map_or("", |g| g.name.as_str());
    let number = case.state.documents.iter().rev().find(|d| d.code == "decision").map(|d| d.number.clone());
    let number = number.unwrap_or_default();
    store::set_listed(act.tx, &case.id, at)?;
    let row = Listed {
        id: case.id.clone(),
        list: "serious".into(),
        party: o.business.clone(),
        party_name: String::new(),
        division: o.division.clone(),
        ground: serious.ground.clone(),
        reason: ground.to_owned(),
        number: number.clone(),
        since: at,
        until_at,
        removed_at: None,
        removed_why: String::new(),
        simulated: o.simulated,
    };
    store::add(act.tx, &row)?;
    note(
        act,
        &Note {
            kind: "listed.serious",
            party: &o.business,
            about: &case.id,
            number: &number,
            what: ground,
            at,
        },
    )?;
    let issuer = authority(act, &o.division);
    let content = json!({ "列入事由": ground, "处罚决定书文号": serious.penalty, "违法事实": serious.what });
    publication::announce(
        act,
        &Announcement {
            kind: "serious",
            about: &case.id,
            party: &o.business,
            number: &number,
            title: "列入严重违法失信名单",
            content,
            issuer: &issuer,
            decided_at: at,
            from: Some(at),
            until: Some(until_at),
        },
    )?;
    propose(act, &o.business, &o.division, "listed.serious", &format!("listed:{}", case.id))
}

/// Taken off the list: its term is over, its credit was repaired, or the case was void.
pub fn removed(act: &mut Act, case: &Case, at: Millis, why: &str) -> Result<()> {
    if !store::remove(act.tx, &case.id, at, why)? {
        return Ok(());
    }
    let party = &case.state.opened.business;
    note(act, &Note { kind: "listed.removed", party, about: &case.id, number: "", what: why, at })?;
    publication::end(act, &case.id, at)?;
    Ok(())
}

/// Proposes what follows from a ground; a person confirms.
pub fn propose(act: &mut Act, party: &str, division: &str, trigger: &str, basis: &str) -> Result<()> {
    for measure in measures()?.iter().filter(|m| m.trigger == trigger) {
        let (id, now) = (act.id(), act.now);
        store::propose(act.tx, &id, party, division, &measure.code, basis, now)?;
    }
    Ok(())
}

/// Confirms or refuses a measure. The red list takes the business up with it.
///
/// Errors: `reason_length`, `proposal_decided`; not found.
pub fn decide(act: &mut Act, id: &str, decision: &Decision) -> Result<Proposal> {
    let unknown = || Error::not_found("没有这项建议，或不在您的辖区内");
    let found = store::proposal(act.tx, id)?.ok_or_else(unknown)?;
    if !act.who().scope_for("credit.measures").covers(&found.division, Some(&found.party)) {
        return Err(unknown());
    }
    if !decision.accept {
        reason("answer", &decision.answer)?;
    }
    let (user, name) = (act.who().user.clone(), act.who().name.clone());
    let decided = adjustments::Decision {
        user: &user,
        name: &name,
        at: act.now,
        accepted: decision.accept,
        answer: decision.answer.trim(),
    };
    if !store::decide(act.tx, id, &decided)? {
        return Err(Error::conflict("proposal_decided", "这项建议已经处理过了"));
    }
    if decision.accept {
        confirmed(act, &found)?;
    }
    act.subject("credit_measure", id, &found.division);
    act.note(json!({ "measure": found.measure, "confirmed": decision.accept }));
    let made = store::proposal(act.tx, id)?.ok_or_else(unknown)?;
    named(act.tx, vec![made])?.pop().ok_or_else(unknown)
}

fn confirmed(act: &mut Act, p: &Proposal) -> Result<()> {
    match p.measure.as_str() {
        "red_list" => red(act, p),
        "platform_notice" => {
            let now = act.now;
            feed::put(
                act.tx,
                now,
                &p.party,
                "notice",
                &json!({ "what": "已列入严重违法失信名单，请依法采取措施" }),
            )
        }
        _ => Ok(()),
    }
}

fn red(act: &mut Act, p: &Proposal) -> Result<()> {
    let now = act.now;
    let until_at = months_after(now, tables()?.number("red_months")?)?;
    let row = Listed {
        id: p.id.clone(),
        list: "red".into(),
        party: p.party.clone(),
        party_name: String::new(),
        division: p.division.clone(),
        ground: String::new(),
        reason: "信用A级".into(),
        number: String::new(),
        since: now,
        until_at,
        removed_at: None,
        removed_why: String::new(),
        simulated: false,
    };
    let simulated = parties::brief(act.tx, &p.party)?.is_some_and(|b| b.simulated);
    store::add(act.tx, &Listed { simulated, ..row })?;
    let issuer = authority(act, &p.division);
    publication::announce(
        act,
        &Announcement {
            kind: "red",
            about: &p.id,
            party: &p.party,
            number: "",
            title: "列入食品安全红名单",
            content: json!({ "列入依据": "信用等级A级" }),
            issuer: &issuer,
            decided_at: now,
            from: Some(now),
            until: Some(until_at),
        },
    )?;
    feed::put(act.tx, now, &p.party, "red", &json!({ "until": until_at }))?;
    propose(act, &p.party, &p.division, "red", &format!("red:{}", p.id))
}

/// Puts names of businesses and measures in.
pub fn named(tx: &mut kit_db::Tx, mut list: Vec<Proposal>) -> Result<Vec<Proposal>> {
    let ids: Vec<String> = list.iter().map(|p| p.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    let measures = measures()?;
    for p in &mut list {
        p.party_name = briefs.get(&p.party).map(|b| b.name.clone()).unwrap_or_default();
        if let Some(measure) = measures.iter().find(|m| m.code == p.measure) {
            (p.measure_name, p.side) = (measure.name.clone(), measure.side.clone());
            p.source = measure.source.clone();
        }
    }
    Ok(list)
}
