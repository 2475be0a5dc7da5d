//! Yearly plans: begun by people, computed by a job county by county, counted as visits are recorded.

use std::collections::HashMap;

use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_sheets::out::Format;
use kit_web::{Act, Actor, Page, Scope};
use serde_json::json;

use crate::jobs::{EXPORT, ExportInput, PLAN};
use crate::model::{NewPlan, Plan, PlanBegun, PlanItem, PlanItemQuery, PlanView, Visit, kind};
use crate::rules::plan::{Known, item, rules};
use crate::store::plans as store;

/// Begins a plan; one of the same year and place is computed anew.
///
/// Errors: `year_range`, `division_form`, `out_of_scope`.
pub fn begin(act: &mut Act, new: &NewPlan) -> Result<PlanBegun> {
    let this = i64::from(china_day(act.now).year());
    if !(this..=this + 1).contains(&new.year) {
        return Err(Error::invalid("year", "year_range", "只能编制今年或明年的计划"));
    }
    let digits = new.division.len() >= 2 && new.division.bytes().all(|b| b.is_ascii_digit());
    if !digits {
        return Err(Error::invalid("division", "division_form", "请选择区划"));
    }
    if !act.who().scope_for("inspection.yearly").covers(&new.division, None) {
        return Err(Error::invalid("division", "out_of_scope", "不在您的辖区内"));
    }
    let plan = match store::of_year(act.tx, new.year, &new.division)? {
        Some(found) => {
            store::again(act.tx, &found.id, act.now)?;
            found.id
        }
        None => {
            let plan = Plan {
                id: act.id(),
                year: new.year,
                division: new.division.clone(),
                name: format!("{} 年度监督检查计划", new.year),
                state: "computing".into(),
                businesses: 0,
                by_name: act.who().name.clone(),
                begun_at: act.now,
                ready_at: None,
            };
            store::insert(act.tx, &plan)?;
            plan.id
        }
    };
    let job = act.enqueue(PLAN.name, &plan, "编制年度监督检查计划")?;
    act.subject("plan", &plan, &new.division);
    act.note(json!({ "year": new.year }));
    Ok(PlanBegun { plan, job })
}

/// The grades of a place, by business.
pub type Grades = HashMap<String, (String, i64)>;

/// The items of a county. `grades`: of those that have one.
pub fn county(tx: &mut Tx, plan: &Plan, county: &str, grades: &Grades) -> Result<Vec<PlanItem>> {
    let rules = rules();
    let year = i16::try_from(plan.year).map_err(Error::internal)?;
    let from = day_start(jiff::civil::date(year, 1, 1));
    let since = day_start(jiff::civil::date(year - (rules.coverage - 1), 1, 1));
    let until = day_start(jiff::civil::date(year + 1, 1, 1));
    let visits = store::recorded(tx, since, county)?;
    let mut out = Vec::new();
    parties::store::facts::active(tx, county, &mut |p| {
        let recorded: &[Millis] = visits.get(&p.id).map_or(&[], Vec::as_slice);
        let grade = grades.get(&p.id).map(|(grade, least)| (grade.as_str(), *least));
        let known = Known {
            kind: &p.kind,
            grade,
            covered: recorded.iter().any(|at| *at < from),
            done: recorded.iter().filter(|at| (from..until).contains(*at)).count() as i64,
            last: recorded.iter().max().copied(),
        };
        let of = item(known, plan.year, rules);
        out.push(PlanItem { party: p.id, name: p.name, code: p.code, division: p.division, ..of });
        Ok(true)
    })?;
    Ok(out)
}

/// A plan that somebody may see. Errors: not found.
pub fn seen(tx: &mut Tx, who: &Actor, id: &str) -> Result<Plan> {
    let unknown = || Error::not_found("没有这份计划，或不在您的辖区内");
    let found = store::by_id(tx, id)?.ok_or_else(unknown)?;
    if near(&who.scope_for("inspection.progress"), &found.division) { Ok(found) } else { Err(unknown()) }
}

/// Within the scope or around it: a county sees the plan of its city, and of it its own part.
fn near(scope: &Scope, division: &str) -> bool {
    match scope {
        Scope::Divisions(own) => {
            own.iter().any(|p| division.starts_with(p.as_str()) || p.starts_with(division))
        }
        Scope::Businesses(_) => false,
    }
}

/// Plans that somebody may see, the latest year first.
pub fn list(tx: &mut Tx, who: &Actor) -> Result<Vec<Plan>> {
    let scope = who.scope_for("inspection.progress");
    let mut all = store::all(tx)?;
    all.retain(|p| near(&scope, &p.division));
    Ok(all)
}

/// A plan with how far it has come. Errors: not found.
pub fn progress(tx: &mut Tx, who: &Actor, id: &str) -> Result<PlanView> {
    let plan = seen(tx, who, id)?;
    let scope = who.scope_for("inspection.progress");
    let mut counts = store::counts(tx, id)?;
    counts.retain(|c| near(&scope, &c.county));
    Ok(PlanView { plan, counts })
}

/// Items of a plan, with names. Errors: not found.
pub fn items(tx: &mut Tx, who: &Actor, id: &str, q: &PlanItemQuery, now: Millis) -> Result<Page<PlanItem>> {
    let plan = seen(tx, who, id)?;
    let mut page = store::items(tx, &who.scope_for("inspection.progress"), &plan.id, q, now)?;
    let ids: Vec<String> = page.items.iter().map(|i| i.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    for item in &mut page.items {
        // the name of today; what is searched for is that of the plan
        if let Some(brief) = briefs.get(&item.party) {
            item.name.clone_from(&brief.name);
        }
    }
    Ok(page)
}

/// Queues the list as a file; answers the job. Errors: not found, `sort_unknown`.
pub fn export(act: &mut Act, id: &str, format: Format, list: PlanItemQuery) -> Result<String> {
    let plan = seen(act.tx, act.who(), id)?;
    store::checked(&list)?;
    let scope = act.who().scope_for("inspection.progress");
    let input = ExportInput { format, list, plan: plan.id.clone(), scope, actor: act.who().name.clone() };
    let text = serde_json::to_string(&input).map_err(Error::internal)?;
    let job = act.enqueue(EXPORT.name, &text, "导出年度监督检查计划")?;
    act.subject("plan", &plan.id, &plan.division);
    act.note(json!({ "list": input.list, "format": input.format, "job": job }));
    Ok(job)
}

/// The plan that a visit counts for: the nearest of the year; empty for none.
pub fn of_visit(tx: &mut Tx, division: &str, at: Millis) -> Result<String> {
    let year = i64::from(china_day(at).year());
    Ok(store::covering(tx, year, division)?.into_iter().next().unwrap_or_default())
}

/// A visit was recorded (`by` 1) or is void (-1): every plan of the year that covers it counts.
pub fn count(act: &mut Act, visit: &Visit, by: i64) -> Result<()> {
    let Some(at) = visit.recorded_at.filter(|_| kind(&visit.kind).is_ok_and(|k| k.supervises())) else {
        return Ok(());
    };
    let year = i64::from(china_day(at).year());
    let county = visit.division.get(..6).unwrap_or(&visit.division).to_owned();
    for plan in store::covering(act.tx, year, &visit.division)? {
        let except = if by < 0 { visit.id.as_str() } else { "" };
        let last = store::last_recorded(act.tx, &visit.party, except)?;
        let counted = store::Counted { party: &visit.party, county: &county, year, by, last };
        store::count(act.tx, &plan, &counted)?;
    }
    Ok(())
}
