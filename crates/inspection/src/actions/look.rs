//! Visits as people look at them: today's list, one with all that belongs to it, and the pack for a day without a network.

use findings::Finding;
use kit_base::clock::{china_day, day_start};
use kit_base::coords::LonLat;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_flow::{Flows, engine};
use kit_web::{Actor, Cx};

use super::checklists::by_hash;
use super::record::answer_url;
use super::visits::{lock_of, named, seen};
use crate::model::{
    Checklist, FoundView, MineQuery, Pack, PackBusiness, PackLicence, PublicProblem, PublicResult, Visit,
    VisitView, kind,
};
use crate::rules::visit::day;
use crate::{rules, store};

const DAY: Millis = 86_400_000;
/// Visits due within so many days count as today's where nobody says.
const AHEAD: i64 = 7;
/// Findings that a pack has.
const MOST_FINDINGS: usize = 50;

/// Today's list of the asker, in route order.
///
/// Errors: `date_form`, `place_form`.
pub fn mine(tx: &mut Tx, cx: &Cx, q: &MineQuery) -> Result<Vec<Visit>> {
    let from = match &q.date {
        Some(text) => day("date", text)?,
        None => day_start(china_day(cx.now())),
    };
    let start = match (q.lon, q.lat) {
        (Some(lon), Some(lat)) if LonLat::new(lon, lat).is_real() => Some(LonLat::new(lon, lat)),
        (None, None) => None,
        _ => return Err(Error::invalid("lon", "place_form", "经纬度应同时给出，且在有效范围内")),
    };
    let until = from + (1 + q.ahead.unwrap_or(AHEAD).clamp(0, 400)) * DAY;
    let list = store::visits::mine(tx, &cx.who.user, until)?;
    let list = named(tx, list)?;
    let stops: Vec<Option<LonLat>> =
        list.iter().map(|v| v.lon.zip(v.lat).map(|(lon, lat)| LonLat::new(lon, lat))).collect();
    let order = rules::route::order(&stops, start);
    let mut list: Vec<Option<Visit>> = list.into_iter().map(Some).collect();
    let take = |(i, metres): (usize, Option<f64>)| {
        let visit = list[i].take()?;
        Some(Visit { next_m: metres.map(|m| m.round() as i64), ..visit })
    };
    Ok(order.into_iter().filter_map(take).collect())
}

fn found_view(f: Finding, item: String) -> FoundView {
    FoundView {
        id: f.id,
        number: f.number,
        code: f.code,
        item,
        what: f.what,
        severity: f.severity,
        status: f.status,
        due_at: f.due_at,
        closed_at: f.closed_at,
    }
}

/// A visit with all that belongs to it. Errors: not found.
pub fn whole(tx: &mut Tx, cx: &Cx, who: &Actor, id: &str) -> Result<VisitView> {
    let visit = seen(tx, who, "inspection.read", id)?;
    let list = pinned(tx, &visit)?;
    let mut found = Vec::new();
    for (finding, item) in store::records::findings(tx, id)? {
        found.extend(findings::by_id(tx, &finding)?.map(|f| found_view(f, item)));
    }
    Ok(VisitView {
        kind_of: kind(&visit.kind)?.clone(),
        checklist_name: list.head.name,
        checklist_version: list.head.version,
        record: store::records::of_visit(tx, id)?,
        open_findings: found.iter().filter(|f| f.closed_at.is_none()).count() as i64,
        findings: found,
        answer_url: answer_url(&cx.house.public_url, &visit.code),
        visit,
    })
}

/// Published results of the business of a platform code, the latest first. Errors: not found, those of the code.
pub fn published(tx: &mut Tx, code: &str) -> Result<Vec<PublicResult>> {
    let party = parties::by_code(tx, code)?.ok_or_else(|| Error::not_found("没有这个主体"))?;
    let visits = store::visits::published(tx, &party.id)?;
    let visits = named(tx, visits)?;
    visits.into_iter().map(|v| public(tx, v)).collect()
}

fn public(tx: &mut Tx, visit: Visit) -> Result<PublicResult> {
    let list = pinned(tx, &visit)?;
    let mut problems = Vec::new();
    for (finding, item) in store::records::findings(tx, &visit.id)? {
        let Some(found) = findings::by_id(tx, &finding)? else { continue };
        // what was found not to be true, or void, is not told
        if ["dismissed", "void"].contains(&found.outcome.as_str()) {
            continue;
        }
        let text = list.list.iter().find(|i| i.code == item).map(|i| i.text.clone());
        problems.push(PublicProblem { what: text.unwrap_or_default(), mended: found.outcome == "closed" });
    }
    Ok(PublicResult {
        number: visit.record_no,
        name: visit.name,
        kind_name: visit.kind_name,
        recorded_at: visit.recorded_at,
        published_at: visit.published_at,
        conclusion: visit.conclusion,
        handling: visit.handling,
        problems,
        simulated: visit.simulated,
    })
}

/// The checklist of a visit. Errors: `internal` where it is not there.
pub fn pinned(tx: &mut Tx, visit: &Visit) -> Result<Checklist> {
    by_hash(tx, &visit.checklist)?.ok_or_else(|| Error::internal("a visit without its checklist"))
}

/// All that a visit needs without a network. Errors: not found.
pub fn pack(tx: &mut Tx, cx: &Cx, id: &str) -> Result<Pack> {
    let visit = seen(tx, &cx.who, "inspection.visit", id)?;
    let flows = cx.house.held::<Flows>();
    let case = engine::seen(tx, &flows, &cx.who, id)?;
    let open = findings::open_of(tx, &visit.party, cx.now())?;
    let list = pinned(tx, &visit)?;
    Ok(Pack {
        kind: kind(&visit.kind)?.clone(),
        business: business(tx, cx, &visit)?,
        visits: store::visits::last(tx, &visit.party, id)?,
        findings: open.into_iter().take(MOST_FINDINGS).map(|f| found_view(f, String::new())).collect(),
        checklist: list.into(),
        lock: lock_of(tx, &case, cx.now())?,
        answer_url: answer_url(&cx.house.public_url, ""),
        made_at: cx.now(),
        visit,
    })
}

fn business(tx: &mut Tx, cx: &Cx, visit: &Visit) -> Result<PackBusiness> {
    let brief =
        parties::brief(tx, &visit.party)?.ok_or_else(|| Error::internal("a visit without its business"))?;
    let licences = parties::licences(tx, &brief.id)?.into_iter().map(|l| PackLicence {
        kind: l.kind,
        number: l.number,
        issued: l.issued,
        expires: l.expires,
    });
    let licences = licences.collect();
    let grade = match cx.house.try_held::<parties::Grading>() {
        Some(grading) => (grading.of)(tx, &brief.id)?.map(|s| s.grade),
        None => None,
    };
    Ok(PackBusiness {
        id: brief.id,
        code: brief.code,
        name: brief.name,
        kind: brief.kind,
        address: visit.address.clone(),
        lon: visit.lon,
        lat: visit.lat,
        status: brief.status,
        licences,
        grade,
    })
}
