//! Whom a plan concerns: who sees it, and the bureaus that are told of the cells they have in it.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Act, Scope};

use super::desk;
use crate::model::targets::PlanVersion;
use crate::model::{Plan, Progress};

/// People of a bureau who see to sampling.
const ROLES: &[&str] = &["leader", "officer"];

/// A plan as somebody sees it: all of it where it is of their place, else the cells that they have in it.
///
/// Errors: not found, also where they have none.
pub fn seen(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Progress> {
    let mut found = desk::progress(tx, id)?;
    if scope.covers(&found.plan.division, None) {
        return Ok(found);
    }
    found.cells.retain(|c| scope.covers(&c.division, None));
    match found.cells.is_empty() {
        true => Err(Error::not_found("没有这个抽检计划，或不在您的范围内")),
        false => Ok(found),
    }
}

/// Tells the bureaus that have cells in a plan just made.
pub fn tell_made(act: &mut Act, made: &Progress) -> Result<()> {
    let cells: Vec<(String, i64)> = made.cells.iter().map(|c| (c.division.clone(), c.quota)).collect();
    let year = made.plan.year;
    tell(act, &made.plan, "抽检计划下达", &cells, |n, batches| {
        format!("{year} 年度，本辖区 {n} 个指标，共 {batches} 批次，请安排抽样")
    })
}

/// Tells the bureaus whose cells a change touched.
pub fn tell_changed(act: &mut Act, plan: &Plan, version: &PlanVersion) -> Result<()> {
    let shape = |c: &crate::model::targets::CellChanged| c.after.clone().or_else(|| c.before.clone());
    let touched = version.cells.iter().filter_map(shape).map(|s| (s.division, s.quota));
    let cells: Vec<(String, i64)> = touched.collect();
    tell(act, plan, "抽检计划调整", &cells, |n, _| {
        format!("第 {} 次调整，本辖区 {n} 个指标有变动：{}", version.no, version.reason)
    })
}

/// One message to each person, of all the cells of theirs. Those whose post reaches the whole place of the plan made it
/// themselves, or see it made.
fn tell(
    act: &mut Act,
    plan: &Plan,
    title: &str,
    cells: &[(String, i64)],
    words: impl Fn(i64, i64) -> String,
) -> Result<()> {
    let mut of_place: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (division, quota) in cells.iter().filter(|(division, _)| *division != plan.division) {
        let sum = of_place.entry(division).or_default();
        *sum = (sum.0 + 1, sum.1 + quota);
    }
    if of_place.is_empty() {
        return Ok(());
    }
    let above = accounts::near(act.tx, ROLES, &plan.division, "", "", act.now)?;
    let above: BTreeSet<String> = above.into_iter().map(|n| n.user).collect();
    let mut people: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (division, (n, batches)) in of_place {
        let near = accounts::near(act.tx, ROLES, division, "", "", act.now)?;
        let users: BTreeSet<String> = near.into_iter().map(|n| n.user).collect();
        for user in users.difference(&above) {
            let sum = people.entry(user.clone()).or_default();
            *sum = (sum.0 + n, sum.1 + batches);
        }
    }
    let messages: Vec<notices::New> = people
        .into_iter()
        .map(|(user, (n, batches))| notices::New {
            user,
            kind: "task",
            title: format!("{title}：{}", plan.name),
            body: words(n, batches),
            link: format!("/sample-plans/{}", plan.id),
            simulated: false,
        })
        .collect();
    notices::send(act, &messages)
}
