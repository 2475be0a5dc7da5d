//! Proposals of targeted sampling (靶向抽检建议): computed, looked at, taken or declined.

use findings::Against;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Act, Cx, House, Page, Scope};
use serde_json::json;

use super::foods::Foods;
use super::{changes, samples};
use crate::Signals;
use crate::model::targets::{CellChange, DeclineTarget, TakeTarget, Target, TargetQuery, TargetSite};
use crate::rules::statistics::within;
use crate::rules::targets::{self as rules, Gathered, Known, Site};
use crate::store::{plans, targets as store};

const DAY: Millis = 86_400_000;
/// Years of results that are looked at, in days: the longest that a rule looks back.
const BACK: i64 = 1_095;
/// Proposals of one computing; those with the most points.
const MOST: usize = 2_000;
/// Businesses that are looked at for one proposal.
const PARTIES: usize = 200;
/// Characters of a reason.
const LONGEST: usize = 400;

fn unknown() -> Error {
    Error::not_found("没有这条抽检建议，或不在您的辖区内")
}

/// Computes all proposals anew; answers how many are open then.
pub fn compute(act: &mut Act) -> Result<i64> {
    let now = act.now;
    let mut gathered = Gathered::new(now);
    store::results(act.tx, now - BACK * DAY, &mut |found| gathered.result(found))?;
    if let Some(signals) = act.cx.house.try_held::<Signals>() {
        (signals.positives)(act.tx, now - BACK * DAY, &mut |p| gathered.positive(&p))?;
    }
    let least = rules::limit("propose")?.least;
    let mut worth = Vec::new();
    for (cell, known) in gathered.cells() {
        let why = rules::food(&known, now)?;
        let points: i64 = why.iter().map(|p| p.points).sum();
        if points >= least {
            worth.push((points, cell, known, why));
        }
    }
    worth.sort_by(|a, b| (b.0, &a.1).cmp(&(a.0, &b.1)));
    worth.truncate(MOST);
    let mut open = 0;
    for (points, cell, known, why) in worth {
        let there = store::open(act.tx, &cell)?;
        if there.is_none()
            && let Some((decided_at, before)) = store::decided(act.tx, &cell)?
            && !rules::again(decided_at, before, points, now)?
        {
            continue;
        }
        let sites = sites(act, &known)?;
        let target = Target {
            id: there.clone().unwrap_or_else(|| act.id()),
            place: cell.place,
            place_name: String::new(),
            category: cell.category,
            category_name: String::new(),
            stage: cell.stage,
            item: cell.item,
            points,
            batches: rules::batches(points)?,
            why,
            sites,
            rules: rules::hash()?,
            state: "open".into(),
            made_at: now,
            computed_at: now,
            decided_at: None,
            decided_by: String::new(),
            reason: String::new(),
            plan: String::new(),
            cell: String::new(),
            sample: String::new(),
            simulated: known.simulated,
        };
        store::put(act.tx, &target, there.is_some())?;
        open += 1;
    }
    let lapsed = store::lapse(act.tx, now, "依据已不足以提出建议")?;
    act.subject("sample_targets", &kit_base::clock::china_day(now).to_string(), "");
    act.note(json!({ "open": open, "lapsed": lapsed, "rules": rules::hash()? }));
    Ok(open)
}

/// Businesses to begin with: those that were sampled there, with the most points.
fn sites(act: &mut Act, known: &Known) -> Result<Vec<TargetSite>> {
    let mut parties: Vec<(&String, i64)> = known.parties.iter().map(|(p, n)| (p, *n)).collect();
    parties.sort_by_key(|(party, failures)| (-failures, (*party).clone()));
    let grading = act.cx.house.try_held::<parties::Grading>();
    let mut out = Vec::new();
    for (party, failures) in parties.into_iter().take(PARTIES) {
        let Some(brief) = parties::brief(act.tx, party)?.filter(|b| b.status == "active") else { continue };
        let grade = match &grading {
            Some(grading) => (grading.of)(act.tx, party)?.map(|s| s.grade).unwrap_or_default(),
            None => String::new(),
        };
        let against = findings::against(act.tx, party, party, act.now - 365 * DAY)?;
        let serious = |a: &&Against| a.severity == "serious";
        let complaints = findings::open_of(act.tx, party, act.now)?
            .into_iter()
            .filter(|f| f.source == "complaint")
            .count();
        let counted = Site {
            grade,
            failures,
            complaints: complaints as i64,
            serious: against.iter().filter(serious).count() as i64,
            findings: against.iter().filter(|a| !serious(a)).count() as i64,
        };
        let why = rules::site(&counted)?;
        let points = why.iter().map(|p| p.points).sum();
        if points > 0 {
            out.push(TargetSite { party: brief.id, name: brief.name, points, why });
        }
    }
    out.sort_by(|a, b| (b.points, &a.party).cmp(&(a.points, &b.party)));
    out.truncate(usize::try_from(rules::limit("sites")?.least).unwrap_or(0));
    Ok(out)
}

/// With the names of its place and food.
pub fn named(house: &House, foods: &Foods, mut t: Target) -> Target {
    t.place_name = parties::divisions::today(house).full_name(&t.place);
    t.category_name = foods.name(&t.category);
    t
}

/// A proposal within a reach. Errors: not found.
fn within_reach(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Target> {
    let found = store::by_id(tx, id)?.ok_or_else(unknown)?;
    match scope {
        Scope::Divisions(_) if scope.covers(&found.place, None) => Ok(found),
        _ => Err(unknown()),
    }
}

pub fn list(tx: &mut Tx, cx: &Cx, q: &TargetQuery) -> Result<Page<Target>> {
    let foods = Foods::read(tx)?;
    let Page { items, total, page, size } = store::list(tx, &cx.who.scope, q)?;
    let items = items.into_iter().map(|t| named(&cx.house, &foods, t)).collect();
    Ok(Page { items, total, page, size })
}

pub fn one(tx: &mut Tx, cx: &Cx, id: &str) -> Result<Target> {
    let found = within_reach(tx, &cx.who.scope, id)?;
    let foods = Foods::read(tx)?;
    Ok(named(&cx.house, &foods, found))
}

fn short(text: &str) -> Result<String> {
    let text = text.trim();
    match text.chars().count() > LONGEST {
        true => Err(Error::invalid("reason", "text_long", format!("最多 {LONGEST} 个字"))),
        false => Ok(text.to_owned()),
    }
}

/// Takes a proposal, into a plan or as a task; what it was proposed for is kept as the reason.
///
/// Errors: not found, `target_decided`, `target_way`, `text_long`, those of a change of a plan and of a task.
pub fn take(act: &mut Act, id: &str, take: &TakeTarget) -> Result<Target> {
    let scope = act.who().scope_for("sampling.plan");
    let mut target = open(act, &scope, id)?;
    let foods = Foods::read(act.tx)?;
    let why: Vec<String> = target.why.iter().map(|p| p.fact.clone()).collect();
    let own = short(&take.reason)?;
    let more = if own.is_empty() { String::new() } else { format!("。{own}") };
    let reason: String = format!("靶向抽检建议（{} 分）：{}{more}", target.points, why.join("，"));
    match (&take.task, take.plan.as_str()) {
        (None, plan) if !plan.is_empty() => {
            target.cell = into_plan(act, &target, plan, take.batches, &reason, &foods)?;
            target.plan = plan.to_owned();
        }
        (Some(task), "") => {
            if !within(&task.category, &target.category) || task.stage != target.stage {
                let text = "任务的食品分类、环节应与建议一致";
                return Err(Error::invalid("task/category", "target_other", text));
            }
            let made = samples::create(act, task).map_err(|e| match &e.field {
                Some(field) => {
                    let field = format!("task/{field}");
                    e.at(field)
                }
                None => e,
            })?;
            if made.division.get(..6) != Some(target.place.as_str()) {
                return Err(Error::invalid("task/party", "target_other", "被抽样单位不在建议的县区"));
            }
            target.sample = made.id;
        }
        _ => {
            let text = "请选择列入一个抽检计划，或派发为一个抽样任务";
            return Err(Error::invalid("plan", "target_way", text));
        }
    }
    target.state = "taken".into();
    target.reason = reason;
    decided(act, target, &foods)
}

/// Declines a proposal. Errors: not found, `target_decided`, `reason_missing`, `text_long`.
pub fn decline(act: &mut Act, id: &str, decline: &DeclineTarget) -> Result<Target> {
    let scope = act.who().scope_for("sampling.plan");
    let mut target = open(act, &scope, id)?;
    target.reason = short(&decline.reason)?;
    if target.reason.is_empty() {
        return Err(Error::invalid("reason", "reason_missing", "请写明不采纳的原因"));
    }
    target.state = "declined".into();
    let foods = Foods::read(act.tx)?;
    decided(act, target, &foods)
}

fn open(act: &mut Act, scope: &Scope, id: &str) -> Result<Target> {
    let found = within_reach(act.tx, scope, id)?;
    match found.state.as_str() {
        "open" => Ok(found),
        _ => Err(Error::conflict("target_decided", "这条建议已经处理过或已失效")),
    }
}

fn decided(act: &mut Act, mut target: Target, foods: &Foods) -> Result<Target> {
    target.decided_at = Some(act.now);
    target.decided_by = act.who().name.clone();
    if !store::decide(act.tx, &target)? {
        return Err(Error::conflict("target_decided", "这条建议已经处理过或已失效"));
    }
    act.subject("sample_target", &target.id, &target.place);
    act.note(json!({ "state": target.state, "plan": target.plan, "sample": target.sample, "points": target.points }));
    Ok(named(&act.cx.house, foods, target))
}

/// The cell of a plan that takes it: more batches of one that is there, or a new one.
fn into_plan(
    act: &mut Act,
    target: &Target,
    plan: &str,
    batches: Option<i64>,
    reason: &str,
    foods: &Foods,
) -> Result<String> {
    let more = batches.unwrap_or(target.batches);
    if !(1..=1_000).contains(&more) {
        return Err(Error::invalid("batches", "quota_range", "批次数应为 1 至 1000"));
    }
    let plan = changes::own(act, plan)
        .map_err(|_| Error::invalid("plan", "plan_unknown", "没有这个抽检计划，或不在您的辖区内"))?;
    if !target.place.starts_with(&plan.division) {
        return Err(Error::invalid("plan", "cell_beyond", "建议的县区不在这个计划的地区内"));
    }
    let cells = plans::cells(act.tx, &plan.id)?;
    let same = |c: &&crate::model::Cell| {
        (&c.category, &c.stage, &c.division) == (&target.category, &target.stage, &target.place)
    };
    let change = match cells.iter().find(same) {
        // no items: the laboratory goes by the rules of the food, and one item would narrow that
        Some(c) => CellChange {
            cell: c.id.clone(),
            quota: Some(c.quota + more),
            items: (!c.items.is_empty() && !c.items.contains(&target.item))
                .then(|| c.items.iter().chain([&target.item]).cloned().collect()),
            ..CellChange::default()
        },
        None => CellChange {
            category: target.category.clone(),
            category_name: foods
                .name(&target.category)
                .split_once(' ')
                .map_or_else(|| target.category.clone(), |(_, name)| name.to_owned()),
            stage: target.stage.clone(),
            division: target.place.clone(),
            items: Some(vec![target.item.clone()]),
            quota: Some(more),
            ..CellChange::default()
        },
    };
    let version = changes::keep(act, &plan, reason, &target.id, &[change])?;
    Ok(version.cells.into_iter().next().map(|c| c.cell).unwrap_or_default())
}
