//! Weekly files: a market with its stalls and a chain with its shops, the last weeks of the life; the first file is taken receipt of, the last
//! waits. What should be sampled more is computed on the last day, and a plan was changed before.

use std::rc::Rc;

use jiff::civil::Weekday;
use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::{Value, json};

use super::people::{Business, Someone};
use super::{Life, members, text};

/// Days before the end on which the relations are known.
const SINCE: i64 = 30;

pub fn begin(life: &Rc<Life>) {
    let of = life.clone();
    life.work.begin("weekly files", async move {
        let began = (of.days - SINCE).max(0);
        of.at(began, 9 * 60 + 5).await;
        let managers = managers(&of).await?;
        let Some(officer) = of.people.borrow().offices.first().and_then(|o| o.officers.first().cloned())
        else {
            return Ok(());
        };
        changed(&of, &officer).await?;
        let mut taken = false;
        for day in of.today() + 1..of.days {
            of.any_day(day, 7 * 60).await;
            if china_day(of.now()).weekday() != Weekday::Monday {
                continue;
            }
            weekly(&of).await?;
            if !taken && let Some(market) = managers.first() {
                taken = received(&of, market).await?;
            }
        }
        Ok(())
    });
    let of = life.clone();
    life.work.begin("targeted proposals", async move {
        of.any_day(of.days - 1, 17 * 60).await;
        let house = of.house.clone();
        tokio::task::spawn_blocking(move || ::sampling::compute_targets(&house).map(drop))
            .await
            .map_err(Error::internal)?
    });
}

async fn weekly(life: &Rc<Life>) -> Result<()> {
    let house = life.house.clone();
    tokio::task::spawn_blocking(move || ::feedback::jobs::tick(&house, &|_| Ok(())).map(drop))
        .await
        .map_err(Error::internal)?
}

/// Enters who belongs to whom; answers the managers, each of whom has somebody who reads its files.
async fn managers(life: &Rc<Life>) -> Result<Vec<Business>> {
    let mut managers = Vec::new();
    for group in [members::market(life), members::chain(life)].into_iter().flatten() {
        let manager = life.business(group.head);
        let ids: Vec<String> = group.members.iter().map(|no| life.business(*no).id).collect();
        let (id, since) = (manager.id.clone(), life.date(0));
        life.by_house("sample.members", move |act| entered(act, &id, group.relation, &ids, &since)).await?;
        life.owner(&manager).await?;
        managers.push(manager);
    }
    Ok(managers)
}

fn entered(act: &mut Act, manager: &str, relation: &str, members: &[String], since: &str) -> Result<Value> {
    let (ids, now) = (act.ids().clone(), act.now);
    let place = if relation == "market" { "号摊位" } else { "店" };
    for (at, member) in members.iter().enumerate() {
        let new = parties::NewMember {
            manager: manager.to_owned(),
            manager_code: String::new(),
            member: member.clone(),
            site: String::new(),
            relation: relation.to_owned(),
            place: format!("{} {place}", at + 1),
            from: since.to_owned(),
            until: String::new(),
            note: "模拟数据".to_owned(),
        };
        parties::enter_member(act.tx, &ids, now, "示范城市", &new)?;
    }
    Ok(json!(members.len()))
}

/// The market takes receipt of its first file; answers whether there was one.
async fn received(life: &Rc<Life>, market: &Business) -> Result<bool> {
    let owner = life.owner(market).await?;
    let list = life.get(&owner, "/api/feedback").await?;
    let Some(first) = list["items"].get(0) else { return Ok(false) };
    let path = format!("/api/feedback/{}/receipt", text(first, "id")?);
    life.post(&owner, &path, json!({ "note": "已通知有关摊位" })).await?;
    Ok(true)
}

/// A plan is given more of what is sampled first, before a festival.
async fn changed(life: &Rc<Life>, officer: &Someone) -> Result<()> {
    let plans = life.get(officer, "/api/sample-plans").await?;
    let Some(plan) = plans.get(0) else { return Ok(()) };
    let path = format!("/api/sample-plans/{}", text(plan, "id")?);
    let progress = life.get(officer, &path).await?;
    let Some(cell) = progress["cells"].get(0) else { return Ok(()) };
    let more = cell["quota"].as_i64().unwrap_or(0) + 2;
    let change: Value = json!({ "reason": "节日期间加抽", "cells": [{ "cell": cell["id"], "quota": more }] });
    life.post(officer, &format!("{path}/changes"), change).await.map(drop)
}
