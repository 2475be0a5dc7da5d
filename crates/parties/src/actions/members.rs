//! Who belongs to whom: entered by officers, declared by managers and confirmed, ended.
//!
//! An officer may also bind a business of their own place to a manager anywhere (连锁总部 in another county), by its exact code: that
//! counts once the other side, the manager or the officers of its place, confirmed it.

use kit_base::clock::china_day;
use kit_base::codes::platform;
use kit_base::{Error, Ids, Millis, Result};
use kit_db::Tx;
use kit_web::{Act, Cx, Page, Scope};
use serde_json::json;

use crate::asked::day;
use crate::model::Party;
use crate::model::members::{EndMember, Member, MemberQuery, NewMember, RELATIONS};
use crate::reference::Reference;
use crate::store::{self, members};

/// Characters of a place, a note, a reason.
const LONGEST: usize = 200;
/// The permission of whoever enters, confirms and ends.
const WRITE: &str = "parties.members_write";

/// Who enters a relation, and how far they reach.
#[derive(Debug, Clone)]
pub struct Writer {
    pub name: String,
    pub scope: Scope,
    /// It came with a sheet.
    pub import: bool,
}

impl Writer {
    /// Where it comes from: what a business says of itself is declared, whichever way it came.
    fn source(&self) -> &'static str {
        match (&self.scope, self.import) {
            (Scope::Businesses(_), _) => "manager",
            (_, true) => "import",
            _ => "officer",
        }
    }
}

fn unknown() -> Error {
    Error::not_found("没有这条入驻关系，或不在您的范围内")
}

fn short(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    match text.chars().count() > LONGEST {
        true => Err(Error::invalid(field, "text_long", format!("最多 {LONGEST} 个字"))),
        false => Ok(text.to_owned()),
    }
}

/// A day as it was said, or today.
fn said(field: &'static str, text: &str, today: &str) -> Result<String> {
    match text.trim() {
        "" => Ok(today.to_owned()),
        text => Ok(day(field, text)?.to_string()),
    }
}

/// The record that stands for this one. Errors: `party_unknown`.
fn party(tx: &mut Tx, field: &'static str, id: &str) -> Result<Party> {
    let found = match store::by_id(tx, id)? {
        Some(party) => Some(crate::standing(tx, party)?),
        None => None,
    };
    found.ok_or_else(|| Error::invalid(field, "party_unknown", "没有这个主体，或不在您的辖区内"))
}

/// Both sides of a relation, and whether the writer speaks for the manager's.
///
/// Errors: `party_unknown`.
fn sides(tx: &mut Tx, writer: &Writer, new: &NewMember) -> Result<(Party, Party, bool)> {
    let (field, id) = match new.manager_code.trim() {
        "" => ("manager", new.manager.clone()),
        code => ("manager_code", found(tx, "manager_code", code)?),
    };
    let manager = party(tx, field, &id)?;
    let own = writer.scope.covers(&manager.division, Some(&manager.id));
    let unknown = || Error::invalid(field, "party_unknown", "没有这个主体，或不在您的辖区内");
    // elsewhere it is known by nothing but its exact code
    if !own && field == "manager" {
        return Err(unknown());
    }
    let member = party(tx, "member", &new.member)?;
    if !own && !writer.scope.covers(&member.division, None) {
        return Err(unknown());
    }
    Ok((manager, member, own))
}

/// Enters a relation. Of a business it is a declaration about itself, which an officer confirms; of an officer of the member's place
/// alone it is one that the manager's side confirms.
///
/// Errors: `party_unknown`, `relation_unknown`, `market_kind`, `member_self`, `site_unknown`, `text_long`, `date_form`, `period_order`,
/// `member_known`.
pub fn add(tx: &mut Tx, ids: &Ids, now: Millis, writer: &Writer, new: &NewMember) -> Result<Member> {
    let (manager, member, own) = sides(tx, writer, new)?;
    if !RELATIONS.iter().any(|r| r.0 == new.relation) {
        return Err(Error::invalid("relation", "relation_unknown", "关系应为市场入场、连锁门店或平台入驻"));
    }
    if new.relation == "market" && manager.kind != "market" {
        let text = "只有业态为“批发市场和农贸市场”的主体可以有入场销售者，请先核对其业态";
        return Err(Error::invalid("manager", "market_kind", text));
    }
    if manager.id == member.id {
        return Err(Error::invalid("member", "member_self", "开办者不能是自己的成员"));
    }
    if !new.site.is_empty() && !store::sites(tx, &member.id)?.iter().any(|s| s.id == new.site) {
        return Err(Error::invalid("site", "site_unknown", "该成员没有这个场所"));
    }
    let today = china_day(now).to_string();
    let from = said("from", &new.from, &today)?;
    let until = match new.until.trim() {
        "" => String::new(),
        text => day("until", text)?.to_string(),
    };
    if !until.is_empty() && until <= from {
        return Err(Error::invalid("until", "period_order", "结束日期应晚于起始日期"));
    }
    let source = writer.source();
    let confirmed = own && source != "manager";
    let made = Member {
        id: ids.next(now),
        manager: manager.id,
        manager_name: manager.name,
        manager_division: manager.division,
        member: member.id,
        member_name: member.name,
        member_code: member.code,
        member_division: member.division,
        division_name: String::new(),
        site: new.site.clone(),
        site_name: String::new(),
        relation: new.relation.clone(),
        place: short("place", &new.place)?,
        from,
        until,
        state: String::new(),
        may_confirm: false,
        source: source.to_owned(),
        note: short("note", &new.note)?,
        added_at: now,
        added_by: writer.name.clone(),
        confirmed_at: confirmed.then_some(now),
        confirmed_by: if confirmed { writer.name.clone() } else { String::new() },
        end_reason: String::new(),
        ended_by: String::new(),
        simulated: manager.simulated || member.simulated,
    };
    if members::meets(tx, &made)? {
        let text = format!("“{}”在这段时间已是“{}”的成员", made.member_name, made.manager_name);
        return Err(Error::conflict("member_known", text).at("member"));
    }
    members::add(tx, &made)?;
    Ok(made)
}

/// Where it is done: at the manager's place, or at the member's.
fn side(m: &Member, manages: bool) -> &str {
    if manages { &m.manager_division } else { &m.member_division }
}

/// [`add`] as the one who asks. Errors: those of it.
pub fn create(act: &mut Act, new: &NewMember) -> Result<Member> {
    let who = act.who();
    let writer = Writer { name: who.name.clone(), scope: who.scope_for(WRITE), import: false };
    let (ids, now) = (act.ids().clone(), act.now);
    let made = add(act.tx, &ids, now, &writer, new)?;
    let manages = writer.scope.covers(&made.manager_division, Some(&made.manager));
    act.subject("party_member", &made.id, side(&made, manages));
    act.note(json!({ "manager": made.manager, "member": made.member, "relation": made.relation, "from": made.from }));
    shown(act, &made.id)
}

/// Whether who reaches so far may confirm a relation. Errors: not found, `member_own`.
fn confirms(scope: &Scope, m: &Member) -> Result<()> {
    if !scope.covers(&m.manager_division, Some(&m.manager)) {
        return Err(unknown());
    }
    match scope {
        Scope::Businesses(_) if m.source == "manager" => {
            Err(Error::forbidden("member_own", "本单位申报的成员由监管部门确认"))
        }
        _ => Ok(()),
    }
}

/// What was declared counts from now on: what the manager said, by an officer of its place; what officers of the member's place said, by
/// the manager too. Errors: not found, `member_own`, `member_confirmed`.
pub fn confirm(act: &mut Act, id: &str) -> Result<Member> {
    let found = members::by_id(act.tx, id)?.ok_or_else(unknown)?;
    confirms(&act.who().scope_for(WRITE), &found)?;
    let name = act.who().name.clone();
    if !members::confirm(act.tx, id, act.now, &name)? {
        return Err(Error::conflict("member_confirmed", "这条关系已经确认过"));
    }
    act.subject("party_member", id, &found.manager_division);
    shown(act, id)
}

/// Ends a relation; an officer of either side may. Errors: not found, `reason_missing`, `text_long`, `date_form`, `period_order`, `member_ended`.
pub fn end(act: &mut Act, id: &str, end: &EndMember) -> Result<Member> {
    let found = members::by_id(act.tx, id)?.ok_or_else(unknown)?;
    let scope = act.who().scope_for(WRITE);
    let manages = scope.covers(&found.manager_division, Some(&found.manager));
    if !manages && !scope.covers(&found.member_division, None) {
        return Err(unknown());
    }
    let reason = short("reason", &end.reason)?;
    if reason.is_empty() {
        return Err(Error::invalid("reason", "reason_missing", "请写明结束的原因"));
    }
    let until = said("until", &end.until, &china_day(act.now).to_string())?;
    if until < found.from {
        return Err(Error::invalid("until", "period_order", "结束日期不能早于起始日期"));
    }
    let name = act.who().name.clone();
    if !members::end(act.tx, id, &until, &reason, &name)? {
        return Err(Error::conflict("member_ended", "这条关系已经有结束日期"));
    }
    act.subject("party_member", id, side(&found, manages));
    act.note(json!({ "until": until, "reason": reason }));
    shown(act, id)
}

fn shown(act: &mut Act, id: &str) -> Result<Member> {
    let found = members::by_id(act.tx, id)?.ok_or_else(unknown)?;
    let places = crate::divisions::today(&act.cx.house);
    let mut found = named(&places, &china_day(act.now).to_string(), found);
    found.may_confirm = waits_for(&act.who().scope_for(WRITE), &found);
    Ok(found)
}

fn waits_for(scope: &Scope, m: &Member) -> bool {
    m.state == "declared" && confirms(scope, m).is_ok()
}

/// With the names of its place and state.
pub fn named(places: &Reference, today: &str, mut m: Member) -> Member {
    m.division_name = places.full_name(&m.member_division);
    m.state = m.state_on(today).to_owned();
    m
}

/// A list, named.
pub fn list(tx: &mut Tx, cx: &Cx, places: &Reference, q: &MemberQuery) -> Result<Page<Member>> {
    let today = china_day(cx.now()).to_string();
    let writes = if cx.who.may(WRITE) { cx.who.scope_for(WRITE) } else { Scope::nothing() };
    let Page { items, total, page, size } = members::list(tx, &cx.who.scope, q, &today)?;
    let mut items: Vec<Member> = items.into_iter().map(|m| named(places, &today, m)).collect();
    items.iter_mut().for_each(|m| m.may_confirm = waits_for(&writes, m));
    Ok(Page { items, total, page, size })
}

/// The business that a platform code or credit code stands for. Errors: `party_unknown`.
pub fn found(tx: &mut Tx, field: &'static str, text: &str) -> Result<String> {
    let text = text.trim().to_uppercase();
    let party = match platform::read(&text) {
        Ok((platform::Kind::Business, code)) => store::by_code(tx, &code)?,
        _ => store::by_uscc(tx, &text)?,
    };
    let wrong = || Error::invalid(field, "party_unknown", format!("没有主体码或信用代码为 {text} 的主体"));
    party.map(|p| p.id).ok_or_else(wrong)
}
