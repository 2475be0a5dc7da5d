//! What is known of a recall, for those who look.

use std::collections::{BTreeMap, HashMap};

use kit_base::{Millis, Result};
use kit_db::Tx;
use kit_web::Cx;

use super::trace::day;
use super::{named, unknown};
use crate::model::{Day, Detail, Holding, Mine, Recall, TaskRow, Visits, Watch};
use crate::rules::report::Account;
use crate::rules::{cause, level};
use crate::store::{checks, follows, outside, recalls, reports, tasks};

/// Batches that are listed; the accounts are over all.
const BATCHES: i64 = 200;

/// A recall with its accounts.
pub fn detail(tx: &mut Tx, cx: &Cx, recall: Recall) -> Result<Detail> {
    let (id, now) = (recall.id.clone(), cx.now());
    let (level, cause) = (level(recall.grade)?, cause(&recall.cause)?);
    let mut counties = tasks::counties(tx, &id, &recall.unit)?;
    for c in &mut counties {
        c.name = parties::reference::get().full_name(&c.division);
    }
    let mut disposals = reports::disposals(tx, &id)?;
    let ids: Vec<String> = disposals.iter().map(|d| d.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    for d in &mut disposals {
        d.party_name = briefs.get(&d.party).map(|b| b.name.clone()).unwrap_or_default();
    }
    let followers = follows::counts(tx, &id, recall.lot)?;
    let (outside, outside_told) = outside::counts(tx, &id)?;
    Ok(Detail {
        outside,
        outside_told,
        level_name: level.name.to_owned(),
        cause_name: cause.name.to_owned(),
        remedy: cause.remedy,
        on_the_spot: cause.on_the_spot,
        counts: tasks::counts(tx, &id, now)?,
        account: account(tx, &recall)?,
        accounts: tasks::accounts(tx, &id, None)?,
        batches: tasks::batches(tx, &id, BATCHES)?,
        batches_count: tasks::batches_count(tx, &id)?,
        counties,
        days: days(tx, &id)?,
        draws: checks::draws(tx, &id)?,
        promised: super::calls::promised(tx, &id)?,
        checks: checks::checks(tx, &id)?,
        reached: checks::reached(tx, &id)?,
        disposals,
        followers: followers.followers,
        phones: followers.phones,
        recall,
    })
}

/// The account of the recalled batch itself.
pub fn account(tx: &mut Tx, recall: &Recall) -> Result<Account> {
    let found = tasks::accounts(tx, &recall.id, Some(recall.lot))?.into_iter().next();
    Ok(found.unwrap_or_else(|| Account { unit: recall.unit.clone(), ..Account::default() }))
}

/// What was under control at the end of each day on which something was reported.
pub fn days(tx: &mut Tx, id: &str) -> Result<Vec<Day>> {
    let mut last: HashMap<(String, i64), i64> = HashMap::new();
    let mut days: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let mut sum = 0;
    reports::each_controlled(tx, id, &mut |party, origin, at, controlled| {
        sum += controlled - last.insert((party, origin), controlled).unwrap_or(0);
        let today = days.entry(day(at)).or_default();
        *today = (sum, today.1 + 1);
    })?;
    Ok(days.into_iter().map(|(day, (controlled, reports))| Day { day, controlled, reports }).collect())
}

/// Recalls that a business has a part in.
pub fn mine(tx: &mut Tx, party: &str) -> Result<Vec<Mine>> {
    let mut held: HashMap<String, crate::model::Task> =
        tasks::of_party(tx, party)?.into_iter().map(|t| (t.recall.clone(), t)).collect();
    let mut out = Vec::new();
    for recall in recalls::of_party(tx, party)? {
        let (task, maker) = (held.remove(&recall.id), recall.party == party);
        out.push(Mine { recall: named(tx, recall)?, task, maker });
    }
    Ok(out)
}

/// Recalls that go on and have holders in the asker's jurisdiction, whoever runs them; the latest first.
pub fn visits(tx: &mut Tx, cx: &Cx) -> Result<Vec<Visits>> {
    let scope = cx.who.scope_for("recall.supervise");
    let mut out = Vec::new();
    for counted in tasks::near_counts(tx, &scope)? {
        out.extend(visit(tx, counted, Vec::new())?);
    }
    Ok(out)
}

/// The holders of one recall in the asker's jurisdiction. Errors: not found.
pub fn visits_of(tx: &mut Tx, cx: &Cx, id: &str) -> Result<Visits> {
    let scope = cx.who.scope_for("recall.supervise");
    let near = tasks::near(tx, &scope, id, cx.now())?;
    let open: Vec<i64> = near.iter().filter(|t| t.task.state == "open").map(|t| t.task.due_at).collect();
    let counted = (id.to_owned(), near.len() as i64, open.len() as i64, open.iter().min().copied());
    match near.is_empty() {
        true => Err(unknown()),
        false => visit(tx, counted, near)?.ok_or_else(unknown),
    }
}

/// Disposals that wait for an officer of the asker's jurisdiction, whoever runs the recall.
pub fn watches(tx: &mut Tx, cx: &Cx) -> Result<Vec<Watch>> {
    let mut out = reports::watches(tx, &cx.who.scope_for("recall.supervise"))?;
    let ids: Vec<String> = out.iter().map(|w| w.disposal.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    for w in &mut out {
        w.disposal.party_name = briefs.get(&w.disposal.party).map(|b| b.name.clone()).unwrap_or_default();
        if let Some(batch) = tasks::batch(tx, &w.recall, w.disposal.origin)? {
            (w.food, w.batch) = (batch.food, batch.batch);
        }
    }
    Ok(out)
}

fn visit(
    tx: &mut Tx,
    (id, holders, waiting, due_at): (String, i64, i64, Option<Millis>),
    tasks: Vec<TaskRow>,
) -> Result<Option<Visits>> {
    let Some(recall) = recalls::by_id(tx, &id)? else { return Ok(None) };
    let recall = named(tx, recall)?;
    Ok(Some(Visits {
        on_the_spot: cause(&recall.cause)?.on_the_spot,
        id: recall.id,
        number: recall.number,
        grade: recall.grade,
        food: recall.food,
        batch: recall.batch,
        party_name: recall.party_name,
        reason: recall.reason,
        unit: recall.unit,
        simulated: recall.simulated,
        holders,
        waiting,
        due_at,
        tasks,
    }))
}

/// What one holder sees. Errors: not found.
pub fn holding(tx: &mut Tx, cx: &Cx, id: &str, party: &str) -> Result<Holding> {
    let (recall, task) = super::task(tx, &cx.who, id, party).map_err(|_| unknown())?;
    let (level, cause) = (level(recall.grade)?, cause(&recall.cause)?);
    let mut lines = tasks::lines_of(tx, id, party)?;
    for line in &mut lines {
        if let Some(batch) = tasks::batch(tx, id, line.origin)? {
            (line.food, line.batch) = (batch.food, batch.batch);
        }
    }
    let maker = recall.party == party;
    let disposals = reports::disposals(tx, id)?.into_iter().filter(|d| d.party == party).collect();
    Ok(Holding {
        outside: outside::list(tx, id, party)?.len() as i64,
        level_name: level.name.to_owned(),
        cause_name: cause.name.to_owned(),
        remedy: cause.remedy,
        on_the_spot: cause.on_the_spot,
        lines,
        photos: reports::photos(tx, id, party)?,
        reports: reports::of(tx, id, party)?,
        disposals,
        returns: if maker { tasks::returns(tx, id)? } else { Vec::new() },
        recall,
        task,
    })
}
