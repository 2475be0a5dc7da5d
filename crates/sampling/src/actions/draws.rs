//! Draws of places, foods and people: committed to, drawn, turned into tasks, published.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kit_base::clock::china_day;
use kit_base::{Error, Kind, Millis, Result};
use kit_db::Tx;
use kit_draw::keep::{self, New};
use kit_draw::seats::{Cell as Seat, Place, Pool};
use kit_draw::store::{Draw, Whole};
use kit_draw::{DrawFile, MOST_OFFICERS, MOST_SUBJECTS, Picked};
use kit_web::{Act, Actor, Cx};
use serde_json::json;

use super::samples;
use crate::model::{
    Cell, DrawTasks, DrawTasksMade, DrawnSeat, NewSample, NewSampleDraw, Plan, SampleDrawView,
};
use crate::rules;
use crate::store::{draws as store, plans};

/// Whose draws these are.
pub const ROOM: &str = "sampling";
/// Samples that one draw may have.
const MOST: i64 = 500;
const DAY: Millis = 86_400_000;

/// Commits to a pool and a seed; the seed stays secret until the draw.
///
/// Errors: `name_form`, `count_range`, `most_range`, `apart_range`, `division_form`, `out_of_scope`, `plan_unknown`, `quota_unknown`,
/// `quota_none`, `pool_empty`, `pool_large`, `officers_few`, `person_unfit`.
pub fn commit(act: &mut Act, new: &NewSampleDraw) -> Result<Draw> {
    check(new)?;
    if !act.who().scope_for("sampling.plan").covers(&new.division, None) {
        return Err(Error::invalid("division", "out_of_scope", "不在您的辖区内"));
    }
    let plan = plans::by_id(act.tx, &new.plan)?.filter(|p| meet(&p.division, &new.division));
    let plan =
        plan.ok_or_else(|| Error::invalid("plan", "plan_unknown", "没有这个抽检计划，或不在您的辖区内"))?;
    let pool = pool(act, new)?;
    let about = New { room: ROOM, about: &plan.id, name: new.name.trim(), division: &new.division };
    act.subject("sample_draw", &plan.id, &new.division);
    keep::commit(act, &about, &pool)
}

fn check(new: &NewSampleDraw) -> Result<()> {
    let wrong =
        |field: &'static str, code: &'static str, text: String| Err(Error::invalid(field, code, text));
    if new.name.trim().is_empty() || new.name.chars().count() > 80 {
        return wrong("name", "name_form", "请填写名称，不超过 80 字".into());
    }
    if !(1..=MOST).contains(&new.count) {
        return wrong("count", "count_range", format!("抽取批次数应为 1 至 {MOST}"));
    }
    if !(1..=20).contains(&new.most) {
        return wrong("most", "most_range", "同一单位应为 1 至 20 批次".into());
    }
    if !(0..=365).contains(&new.apart_days) {
        return wrong("apart_days", "apart_range", "间隔天数应为 0 至 365".into());
    }
    if new.division.len() < 2 || !new.division.bytes().all(|b| b.is_ascii_digit()) {
        return wrong("division", "division_form", "请选择区划".into());
    }
    Ok(())
}

/// One lies within the other.
fn meet(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// People who take a sample on a day.
fn team(now: Millis) -> Result<usize> {
    let two = rules::settings::number("team", &china_day(now).to_string())?;
    usize::try_from(two).map_err(Error::internal)
}

fn pool(act: &mut Act, new: &NewSampleDraw) -> Result<Pool> {
    let cells = cells(act, new)?;
    let mut pool = Pool {
        count: new.count as usize,
        floor: 0,
        team: team(act.now)?,
        most: new.most as usize,
        cells,
        ..Pool::default()
    };
    places(act, new, &mut pool)?;
    officers(act, new, &mut pool)?;
    Ok(pool)
}

/// Cells of the plan there that are not full, each with as many seats as are open.
fn cells(act: &mut Act, new: &NewSampleDraw) -> Result<Vec<Seat>> {
    let all: Vec<Cell> =
        plans::cells(act.tx, &new.plan)?.into_iter().filter(|c| meet(&c.division, &new.division)).collect();
    if let Some(i) = new.quotas.iter().position(|q| !all.iter().any(|c| c.id == *q)) {
        let text = "计划在此区划没有这个指标";
        return Err(Error::invalid(format!("quotas/{i}"), "quota_unknown", text));
    }
    let asked = |c: &Cell| new.quotas.is_empty() || new.quotas.contains(&c.id);
    let mut out: Vec<Seat> = all
        .into_iter()
        .filter(|c| asked(c) && c.quota > c.tasks)
        .map(|c| Seat {
            area: if c.division.len() > new.division.len() { c.division } else { new.division.clone() },
            group: c.stage,
            weight: (c.quota - c.tasks) as u64,
            most: (c.quota - c.tasks) as usize,
            id: c.id,
        })
        .collect();
    if out.is_empty() {
        return Err(Error::invalid("quotas", "quota_none", "所选指标都已派满任务，没有可抽取的批次"));
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(out)
}

/// Open businesses where food of these stages is found.
fn places(act: &mut Act, new: &NewSampleDraw, pool: &mut Pool) -> Result<()> {
    let since = act.now - new.apart_days * DAY;
    let recent: HashSet<String> = match new.apart_days {
        0 => HashSet::new(),
        _ => store::sampled(act.tx, since, &new.division)?.into_iter().collect(),
    };
    let stages: BTreeSet<String> = pool.cells.iter().map(|c| c.group.clone()).collect();
    parties::store::facts::active(act.tx, &new.division, &mut |p| {
        let stage = parties::reference::get().stage(&p.kind);
        if !stages.contains(stage) {
            return Ok(true);
        }
        if recent.contains(&p.id) {
            pool.excluded.insert(p.code, "recent".into());
            return Ok(true);
        }
        pool.places.push(Place { id: p.code, area: p.division, groups: stage.to_owned(), weight: 1 });
        Ok(pool.places.len() <= MOST_SUBJECTS)
    })?;
    if pool.places.is_empty() {
        return Err(Error::invalid("division", "pool_empty", "没有可抽取的单位，请放宽范围或缩短间隔天数"));
    }
    if pool.places.len() > MOST_SUBJECTS {
        let text = format!("可抽取的单位超过 {MOST_SUBJECTS} 家，请按区县分开抽取");
        return Err(Error::new(Kind::TooLarge, "pool_large", text).at("division"));
    }
    pool.places.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(())
}

/// Who may sample there: whoever reaches all of it goes everywhere, others in the one area that they reach.
fn officers(act: &mut Act, new: &NewSampleDraw, pool: &mut Pool) -> Result<()> {
    let scope = act.who().scope_for("sampling.plan");
    let areas: BTreeSet<String> = pool.cells.iter().map(|c| c.area.clone()).collect();
    let areas: Vec<String> = areas.into_iter().collect();
    let mut out = accounts::officers_within(act.tx, &new.division, &areas, &scope, act.now)?;
    if let Some(i) = new.officers.iter().position(|o| !out.iter().any(|(user, _)| user == o)) {
        let text = "该人员不能在此辖区抽样";
        return Err(Error::invalid(format!("officers/{i}"), "person_unfit", text));
    }
    if !new.officers.is_empty() {
        out.retain(|(user, _)| new.officers.contains(user));
    }
    if out.len() < pool.team || out.len() > MOST_OFFICERS {
        let text = format!("抽样人员库须有 {} 至 {MOST_OFFICERS} 人", pool.team);
        return Err(Error::invalid("officers", "officers_few", text));
    }
    pool.officers = out;
    Ok(())
}

/// A draw that the asker may see. Errors: not found.
fn own(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<Whole> {
    let unknown = || Error::not_found("没有这次抽取，或不在您的辖区内");
    let found = kit_draw::store::by_id(tx, ROOM, id)?.ok_or_else(unknown)?;
    match who.scope_for(permission).covers(&found.draw.division, None) {
        true => Ok(found),
        false => Err(unknown()),
    }
}

/// Draws: the first checkpoint over the commitment is mixed in. Drawing again answers what was drawn.
///
/// Errors: not found, `draw_early` before the ledger has signed the commitment.
pub fn run(act: &mut Act, id: &str) -> Result<SampleDrawView> {
    let whole = own(act.tx, act.who(), "sampling.plan", id)?;
    act.subject("sample_draw", id, &whole.draw.division);
    keep::run(act, ROOM, &whole)?;
    view(act.tx, act.cx, id)
}

/// A draw with its proof and what came of it. Errors: not found.
pub fn view(tx: &mut Tx, cx: &Cx, id: &str) -> Result<SampleDrawView> {
    let permission = if cx.who.may("sampling.read") { "sampling.read" } else { "sampling.plan" };
    let whole = own(tx, &cx.who, permission, id)?;
    let plan = plans::by_id(tx, &whole.draw.about)?;
    let cells = plans::cells(tx, &whole.draw.about)?;
    let tasks: BTreeMap<i64, String> = store::of(tx, id)?.into_iter().collect();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut seats = Vec::new();
    for (i, one) in keep::picked(&whole)?.into_iter().enumerate() {
        let no = i as i64 + 1;
        let cell = cells.iter().find(|c| c.id == one.cell);
        let party = if one.subject.is_empty() { None } else { parties::by_code(tx, &one.subject)? };
        seats.push(DrawnSeat {
            no,
            category_name: cell.map(|c| c.category_name.clone()).unwrap_or_default(),
            stage: cell.map(|c| c.stage.clone()).unwrap_or_default(),
            officers: named(tx, &mut names, one.officers)?,
            quota: one.cell,
            code: one.subject,
            name: party.as_ref().map(|p| p.name.clone()).unwrap_or_default(),
            address: party.as_ref().map(|p| p.address.clone()).unwrap_or_default(),
            party: party.map(|p| p.id).unwrap_or_default(),
            waived: one.waived,
            sample: tasks.get(&no).cloned().unwrap_or_default(),
        });
    }
    Ok(SampleDrawView {
        proof: keep::proof(tx, &whole)?,
        plan_name: plan.map(|p| p.name).unwrap_or_default(),
        seats,
        waiting: store::waiting(tx, id)?,
        file_url: format!("{}/api/public/sample-draws/{id}", cx.house.public_url),
    })
}

fn named(tx: &mut Tx, names: &mut BTreeMap<String, String>, users: Vec<String>) -> Result<Vec<String>> {
    let mut out = Vec::with_capacity(users.len());
    for user in users {
        if !names.contains_key(&user) {
            names.insert(user.clone(), accounts::name_of(tx, &user)?.unwrap_or_default());
        }
        out.extend(names.get(&user).cloned());
    }
    Ok(out)
}

/// What anybody may have. Samples are taken unannounced: whom it fell on is told once every task of it was taken or ended; before
/// that the hashes alone. Errors: not found.
pub fn file(tx: &mut Tx, id: &str) -> Result<DrawFile> {
    let whole = kit_draw::store::by_id(tx, ROOM, id)?.ok_or_else(|| Error::not_found("没有这次抽取"))?;
    let told = whole.draw.used_at.is_some() && store::waiting(tx, id)? == 0;
    let file = keep::file(whole, false)?;
    Ok(if told { file } else { file.closed() })
}

/// The whole file for those who may see the draw, at any time after it. Errors: not found.
pub fn own_file(tx: &mut Tx, who: &Actor, id: &str) -> Result<DrawFile> {
    keep::file(own(tx, who, "sampling.read", id)?, false)
}

/// Makes a task of each place that was drawn, once.
///
/// Errors: not found, `draw_not_yet`, `draw_used`, those of [`samples::create`].
pub fn tasks(act: &mut Act, id: &str, ask: &DrawTasks) -> Result<DrawTasksMade> {
    let whole = own(act.tx, act.who(), "sampling.plan", id)?;
    if whole.draw.drawn_at.is_none() {
        return Err(Error::conflict("draw_not_yet", "尚未抽取，不能派发任务"));
    }
    if !kit_draw::store::used(act.tx, id, act.now)? {
        return Err(Error::conflict("draw_used", "已按此次抽取派发过任务"));
    }
    let plan = plans::by_id(act.tx, &whole.draw.about)?;
    let plan = plan.ok_or_else(|| Error::internal("the plan of a draw is gone"))?;
    let cells = plans::cells(act.tx, &plan.id)?;
    let mut done = DrawTasksMade { made: 0, left: 0 };
    let team = Pool::read(&whole.pool)?.team;
    for (i, one) in keep::picked(&whole)?.into_iter().enumerate() {
        match task(act, &plan, &cells, (one, team), ask)? {
            Some(sample) => {
                store::insert(act.tx, id, i as i64 + 1, &sample)?;
                done.made += 1;
            }
            None => done.left += 1,
        }
    }
    act.subject("sample_draw", id, &whole.draw.division);
    act.note(json!({ "made": done.made, "left": done.left }));
    Ok(done)
}

fn task(
    act: &mut Act,
    plan: &Plan,
    cells: &[Cell],
    (one, team): (Picked, usize),
    ask: &DrawTasks,
) -> Result<Option<String>> {
    let Some(cell) = cells.iter().find(|c| c.id == one.cell) else { return Ok(None) };
    if one.subject.is_empty() || one.officers.len() != team {
        return Ok(None);
    }
    let Some(party) = parties::by_code(act.tx, &one.subject)?.filter(|p| p.status.as_str() == "active")
    else {
        return Ok(None);
    };
    let new = NewSample {
        party: party.id,
        site: String::new(),
        quota: cell.id.clone(),
        source: plan.source.clone(),
        mode: ask.mode.clone(),
        kind: ask.kind.clone(),
        stage: cell.stage.clone(),
        category: cell.category.clone(),
        food: cell.category_name.clone(),
        lab: ask.lab.clone(),
        samplers: one.officers,
        items: Vec::new(),
    };
    samples::create(act, &new).map(|s| Some(s.id))
}
