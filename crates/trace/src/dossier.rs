//! What this room adds to the dossier of a business (全景画像): stock, suppliers, customers, the latest moves.

use kit_base::amount::Shown;
use kit_base::clock::china_day;
use kit_base::{Result, Unit};
use kit_db::Tx;
use kit_web::Cx;
use parties::{Party, Section, SectionFn, SectionLine};

use crate::model::EventKind;
use crate::store::dossier::{self as store, Partner};
use crate::store::lists::{self, EventQuery, Ledger};

/// The server puts these into the house; parties asks them without knowing whose they are.
pub const SECTIONS: &[SectionFn] = &[stock, suppliers, customers, latest];

/// Purchases or deliveries that partners are counted over.
const LOOKED_AT: i64 = 5_000;
/// Partners or moves that a section shows.
const SHOWN: i64 = 10;

fn may(cx: &Cx, party: &Party) -> bool {
    cx.who.may("trace.read") && cx.who.scope_for("trace.read").covers(&party.division, Some(&party.id))
}

fn line(label: impl Into<String>, value: impl Into<String>, link: impl Into<String>) -> SectionLine {
    SectionLine { label: label.into(), value: value.into(), link: link.into() }
}

fn section(code: &str, title: &str, lines: Vec<SectionLine>) -> Option<Section> {
    let section = |lines| Section { code: code.to_owned(), title: title.to_owned(), lines };
    Some(lines).filter(|l| !l.is_empty()).map(section)
}

fn stock(tx: &mut Tx, cx: &Cx, party: &Party) -> Result<Option<Section>> {
    if !may(cx, party) {
        return Ok(None);
    }
    let link = |state: &str| format!("/lots?holder={}&on_hand=1&state={state}", party.id);
    let mut lines = Vec::new();
    for (unit, state, lots, amount) in store::on_hand(tx, &party.id)? {
        let Some(unit) = Unit::parse(&unit) else { continue };
        let (what, how) = if state == "transit" { ("待收货", "共") } else { ("在库", "现存") };
        lines.push(line(what, format!("{lots} 批，{how} {}", Shown(amount, unit)), link(&state)));
    }
    let today = china_day(cx.now()).to_string();
    let expired = store::expired(tx, &party.id, &today)?;
    if expired > 0 {
        lines.push(line(
            "已过期仍在库",
            format!("{expired} 批"),
            format!("{}&expires_before={today}", link("stock")),
        ));
    }
    Ok(section("stock", "库存", lines))
}

fn suppliers(tx: &mut Tx, cx: &Cx, party: &Party) -> Result<Option<Section>> {
    if !may(cx, party) {
        return Ok(None);
    }
    let found = under_all(tx, party, store::suppliers)?;
    Ok(section("suppliers", "近期供货者", partners(tx, party, "purchases", found)?))
}

fn customers(tx: &mut Tx, cx: &Cx, party: &Party) -> Result<Option<Section>> {
    if !may(cx, party) {
        return Ok(None);
    }
    let found = under_all(tx, party, store::customers)?;
    Ok(section("customers", "近期购货者", partners(tx, party, "sales", found)?))
}

/// Partners of the business and of the records that were merged into it, the latest first.
fn under_all(
    tx: &mut Tx,
    party: &Party,
    of: fn(&mut Tx, &str, i64, i64) -> Result<Vec<Partner>>,
) -> Result<Vec<Partner>> {
    let mut found = Vec::new();
    for id in parties::also(tx, &party.id)? {
        found.extend(of(tx, &id, LOOKED_AT, SHOWN)?);
    }
    found.sort_by(|a, b| b.last.cmp(&a.last));
    found.truncate(SHOWN as usize);
    Ok(found)
}

fn partners(tx: &mut Tx, party: &Party, ledger: &str, found: Vec<Partner>) -> Result<Vec<SectionLine>> {
    let mut lines = Vec::with_capacity(found.len());
    for partner in found {
        let (name, link) = match &partner.party {
            Some(id) => (
                parties::brief(tx, id)?.map(|b| b.name).unwrap_or_default(),
                format!("/ledgers/{ledger}?party={}&counterpart={id}", party.id),
            ),
            None => (partner.name, String::new()),
        };
        let last = if partner.last.is_empty() { "日期未知" } else { &partner.last };
        lines.push(line(name, format!("{} 次，最近 {last}", partner.times), link));
    }
    Ok(lines)
}

fn latest(tx: &mut Tx, cx: &Cx, party: &Party) -> Result<Option<Section>> {
    if !may(cx, party) {
        return Ok(None);
    }
    let query = EventQuery { party: Some(party.id.clone()), size: Some(SHOWN), ..EventQuery::default() };
    let page = lists::events(tx, &cx.who.scope_for("trace.read"), Ledger::All, &query, None)?;
    let one = |e: lists::EventRow| {
        let kind = EventKind::parse(&e.kind).map_or_else(|| e.kind.clone(), |k| k.name().to_owned());
        let unit = e.unit.as_deref().and_then(Unit::parse);
        let amount = e.amount.zip(unit).map(|(n, u)| format!(" {}", Shown(n, u))).unwrap_or_default();
        let product = e.product_name.unwrap_or_default();
        let wrong = if e.corrected.is_some() { "（已更正）" } else { "" };
        let link = e.lot.map(|lot| format!("/lots/{lot}")).unwrap_or_default();
        line(format!("{} {kind}", e.at), format!("{product}{amount}{wrong}"), link)
    };
    Ok(section("events", "最近的流转", page.items.into_iter().map(one).collect()))
}
