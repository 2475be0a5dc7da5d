//! Visits as people look at them: today's list, one with all that belongs to it, and the pack for a day without a network.

use findings::Finding;
use kit_base::clock::{china_day, day_start};
use kit_base::coords::LonLat;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_flow::{Flows, engine};
use kit_web::{Act, Actor, Cx};
use serde_json::json;

use super::checklists::by_hash;
use super::exams;
use super::record::answer_url;
use super::visits::{lock_of, named, seen};
use crate::model::{
    Checklist, FoundView, MineQuery, Pack, PackBusiness, PackLicence, Visit, VisitView, kind,
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
        exams: store::exams::of_visit(tx, id)?,
        answer_url: answer_url(&cx.house.public_url, &visit.code),
        visit,
    })
}

/// Tells the public: the result appears and leaves by its own clock. Of what was found only the item of the checklist is told,
/// never what officers wrote: that may name people.
pub fn announce(act: &mut Act, visit: &Visit) -> Result<()> {
    let list = pinned(act.tx, visit)?;
    let mut problems = Vec::new();
    for (finding, item) in store::records::findings(act.tx, &visit.id)? {
        let found = findings::by_id(act.tx, &finding)?;
        // what was found not to be true is not told
        if found.is_some_and(|f| ["dismissed", "void"].contains(&f.outcome.as_str())) {
            continue;
        }
        problems.extend(list.list.iter().find(|i| i.code == item).map(|i| i.text.clone()));
    }
    let exams = store::exams::of_visit(act.tx, &visit.id)?;
    problems.extend(exams.iter().any(|e| !e.passed).then(|| "食品安全管理人员监督抽考不合格".to_owned()));
    let amended = visit.conclusion == "no_issue";
    let kind = kind(&visit.kind)?;
    let mut content = json!({
        "检查类型": kind.name,
        "检查结论": if amended { "未发现问题" } else { "发现问题" },
        "发现的问题": if amended { Vec::new() } else { problems },
        "处理": visit.handling.iter().map(|h| super::print::way(h)).collect::<Vec<_>>(),
        "检查依据": format!("{}（第 {} 版）", list.head.name, list.head.version),
    });
    if !exams.is_empty() {
        let passed = exams.iter().filter(|e| e.passed).count();
        content["监督抽考"] = json!(format!("抽考 {} 人，合格 {passed} 人", exams.len()));
    }
    let issuer = accounts::bureau_of(act.tx, &visit.division)?.unwrap_or_else(|| "市场监督管理部门".into());
    let new = publication::Announcement {
        kind: "inspection",
        about: &visit.id,
        party: &visit.party,
        number: &visit.record_no,
        title: &format!("{}结果", kind.name),
        content,
        issuer: &issuer,
        decided_at: visit.recorded_at.unwrap_or(act.now),
        from: Some(act.now),
        until: None,
    };
    publication::announce(act, &new).map(drop)
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
        exam: exams::prepared(tx, &cx.house, &visit)?,
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
