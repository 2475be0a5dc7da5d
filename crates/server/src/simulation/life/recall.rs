//! Recalls: one that a leader ordered and that came to its end, one that goes on with a shop that cannot tell where its food went, one
//! that a business began by itself, and the drills of the last nights.

use std::rc::Rc;

use kit_base::{Error, Result};
use serde_json::{Value, json};
use simulator::{Dice, Role};

use super::people::{Business, Someone};
use super::{DAY, Life, Scene, nights, text};

/// Holders that a recall of the sample has: enough to see, few enough to be lived quickly.
const HOLDERS: std::ops::RangeInclusive<i64> = 3..=24;

/// What a story recalls.
struct Batch {
    lot: i64,
    maker: Business,
}

pub fn begin(life: &Rc<Life>) -> Result<()> {
    // the last is of the factory of the demo account, wherever it lies: its owner has their own part to do
    let factory = life.people.borrow().factory;
    let own = factory.map(|no| life.business(no).division).unwrap_or_default();
    let own = life.people.borrow().offices.iter().position(|o| own.starts_with(&o.county)).unwrap_or(0);
    for (name, county, permille, how, maker) in [
        ("recall that ended", 0, 300, How::Ended, None),
        ("recall that goes on", 0, 880, How::Running, None),
        ("recall by the business itself", 1, 950, How::Own, None),
        ("recall of the factory", own, 900, How::Running, factory),
    ] {
        let of = life.clone();
        life.work.begin(name, async move { recall(of, (county, maker), permille, how).await });
    }
    let (of, nights) = (life.clone(), i64::from(life.figure("drill_nights")?));
    life.work.begin("recall drills", async move {
        for day in (of.days - nights).max(1)..of.days {
            of.any_day(day, 3 * 60).await;
            drill(&of).await?;
        }
        Ok(())
    });
    Ok(())
}

async fn drill(life: &Rc<Life>) -> Result<()> {
    let house = life.house.clone();
    tokio::task::spawn_blocking(move || recall::drill_nightly(&house).map(drop))
        .await
        .map_err(Error::internal)?
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Ended,
    Running,
    Own,
}

/// A batch of a maker of the county, or of this one, that some others have by now.
async fn batch(
    life: &Rc<Life>,
    (county, maker): (usize, Option<u32>),
    officer: &Someone,
    dice: &mut Dice,
) -> Result<Option<Batch>> {
    let made_to = life.date(life.today() - 2);
    let (makers, lots_each) = match maker {
        Some(only) => (vec![only], 30),
        None => (life.some(&[Role::Producer, Role::Workshop], Some(county), 12, dice), 6),
    };
    for party in makers {
        let maker = life.business(party);
        let path = format!("/api/lots?holder={}&made_to={made_to}&size=30", maker.id);
        let lots = life.get(officer, &path).await?;
        let made = |l: &&Value| ["produce", "pack"].contains(&l["kind"].as_str().unwrap_or(""));
        for lot in lots["items"].as_array().into_iter().flatten().filter(made).take(lots_each) {
            let no = lot["no"].as_i64().unwrap_or_default();
            let seen = life.get(officer, &format!("/api/recalls/preview?lot={no}")).await?;
            if HOLDERS.contains(&seen["holders_certain"].as_i64().unwrap_or_default())
                && seen["open"].is_null()
            {
                return Ok(Some(Batch { lot: no, maker }));
            }
        }
    }
    Ok(None)
}

async fn recall(
    life: Rc<Life>,
    (county, maker): (usize, Option<u32>),
    permille: i64,
    how: How,
) -> Result<()> {
    let mut dice = life.dice();
    life.at(permille * life.days / 1_000, 9 * 60 + 20).await;
    let office = life.people.borrow().offices.get(county).cloned().unwrap_or_default();
    let Some(officer) = office.officers.first().cloned() else { return Ok(()) };
    let Some(batch) = batch(&life, (county, maker), &officer, &mut dice).await? else { return Ok(()) };
    let owner = life.owner(&batch.maker).await?;
    if how == How::Own {
        let new = json!({ "lot": batch.lot, "mode": "voluntary", "grade": 3, "cause": "label", "reason": "标签漏印致敏物质提示“含大豆”", "source": "self" });
        return life.post(&owner, "/api/recalls", new).await.map(drop);
    }
    let new = json!({
        "lot": batch.lot, "mode": "ordered", "grade": 2, "cause": "safety", "source": "sample", "source_ref": "示范抽检",
        "reason": "监督抽检检出苯甲酸超过示范限量（模拟数据）",
    });
    let id = text(&life.post(&office.chief, "/api/recalls", new).await?, "id")?;
    announced(&life, &id, &batch, &owner, &officer, &mut dice).await?;
    let tasks = life.get(&officer, &format!("/api/recalls/{id}/tasks?size=100")).await?;
    let tasks: Vec<Value> = tasks["items"].as_array().cloned().unwrap_or_default();
    // of the one that goes on a holder cannot tell where a part went, and some have not reported yet
    let mut loses = how == How::Running;
    for (no, task) in tasks.iter().enumerate() {
        let waits = no % 5 == 3 || maker.is_some() && task["party"] == batch.maker.id.as_str();
        if how == How::Running && waits {
            continue;
        }
        life.work.pass(super::MINUTE * 17);
        let lost = reported(&life, &id, &batch, task, loses, &mut dice).await?;
        loses &= !lost;
    }
    called(&life, &id, &officer, &mut dice).await?;
    match how {
        How::Ended => ended(&life, &id, (&batch, &owner), &officer, &office.chief, &mut dice).await,
        _ => Ok(()),
    }
}

/// Plan, review and announcement; then the house finds the holders and tells them.
async fn announced(
    life: &Rc<Life>,
    id: &str,
    batch: &Batch,
    owner: &Someone,
    officer: &Someone,
    dice: &mut Dice,
) -> Result<()> {
    life.work.pass(super::MINUTE * 150);
    let plan = json!({
        "area": "本市各县区", "harm": "防腐剂超标，长期食用可能损害健康", "steps": "二十个工作日内完成：通知、下架封存、退回、销毁、总结",
        "wording": "召回批次以公告所列批号为准，其他批次不受影响", "channels": "门店张贴、本平台公示", "duties": "立即停止销售、封存，如实报告数量，配合退回",
        "measures": "退回后集中销毁，费用由本单位承担", "expected": "未售出的全部收回", "hotline": "0393-0000000",
    });
    life.act(owner, id, "plan", plan).await?;
    life.work.pass(super::MINUTE * 45);
    life.claim(officer, id).await?;
    life.act(officer, id, "accept", json!({ "plan_opinion": "计划完整，同意实施" })).await?;
    life.work.pass(super::MINUTE * 30);
    let ends = life.date(life.after_working(20));
    let announce = json!({ "begins": life.date(life.today()), "ends": ends, "refund": format!("凭包装到购买处或“{}”退货退款", batch.maker.name) });
    life.act(owner, id, "announce", announce).await?;
    nights::jobs(&life.house).await?;
    life.later(1, dice).await;
    Ok(())
}

/// A holder takes a photo and reports: shops send back what they have, the maker keeps its own for destruction. Where somebody is to lose
/// a part of it, it answers whether this one did.
async fn reported(
    life: &Rc<Life>,
    id: &str,
    batch: &Batch,
    task: &Value,
    loses: bool,
    dice: &mut Dice,
) -> Result<bool> {
    let party = text(task, "party")?;
    let Some(no) = life.no_of(&party) else { return Ok(false) };
    let business = life.business(no);
    let who = life.owner(&business).await?;
    let path = format!("/api/recalls/{id}/tasks/mine");
    let seen = life.get(&who, &path).await?;
    if seen["lines"].as_array().is_none_or(Vec::is_empty) {
        return Ok(false);
    }
    let photo = format!("/api/recalls/{id}/photos?party={party}");
    let photo = life.photo(&who, &photo, &business.shot(), Scene::Store, dice).await?;
    let own = party == batch.maker.id;
    let mut missing = 0;
    let mut line = |l: &Value| {
        let n = |f: &str| l[f].as_i64().unwrap_or_default().max(0);
        let due = n("due");
        let held = n("book_on_hand").min(due);
        let gone = n("book_gone").min(due - held);
        let rest = due - held - gone;
        // a tenth of it
        let lost = if loses && !own { (due / 10).min(rest) } else { 0 };
        missing += lost;
        json!({
            "origin": l["origin"], "on_hand": if own { held } else { 0 }, "returned": if own { 0 } else { held },
            "sold": rest - lost, "destroyed": gone,
        })
    };
    let lines: Vec<Value> = seen["lines"].as_array().into_iter().flatten().map(&mut line).collect();
    let note = if missing > 0 { "手写账本缺页，差额正在核对" } else { "已下架封存" };
    let body = json!({ "lines": lines, "proof": [photo["id"]], "note": note });
    life.post(&who, &format!("{path}/report"), body).await?;
    Ok(missing > 0)
}

/// Two are drawn and called.
async fn called(life: &Rc<Life>, id: &str, officer: &Someone, dice: &mut Dice) -> Result<()> {
    life.later(1, dice).await;
    let path = format!("/api/recalls/{id}/draws");
    life.post(officer, &path, json!({ "size": 2 })).await?;
    super::nights::checkpoint(&life.house).await?;
    life.later(1, dice).await;
    life.post(officer, &format!("{path}/run"), json!({})).await?;
    let seen = life.get(officer, &format!("/api/recalls/{id}")).await?;
    for check in seen["checks"].as_array().into_iter().flatten() {
        life.work.pass(super::MINUTE * 6);
        let said = json!({ "round": check["round"], "party": check["party"], "reached": true, "informed": true, "stopped": true });
        life.post(officer, &format!("/api/recalls/{id}/checks"), said).await?;
    }
    Ok(())
}

/// What came back is confirmed, everything is destroyed before an officer's eyes, the end report is evaluated.
async fn ended(
    life: &Rc<Life>,
    id: &str,
    (batch, owner): (&Batch, &Someone),
    officer: &Someone,
    chief: &Someone,
    dice: &mut Dice,
) -> Result<()> {
    life.later(2, dice).await;
    let mine = format!("/api/recalls/{id}/tasks/mine");
    let seen = life.get(owner, &mine).await?;
    for back in seen["returns"].as_array().into_iter().flatten() {
        let body = json!({ "party": back["party"], "origin": back["origin"], "amount": back["returned"] });
        life.post(owner, &format!("/api/recalls/{id}/returns"), body).await?;
    }
    life.act(owner, id, "finish", json!({ "finish_note": "未售出的均已收回" })).await?;
    let mut heaps: Vec<(Value, &str, i64)> = Vec::new();
    for line in seen["lines"].as_array().into_iter().flatten() {
        heaps.push((line["origin"].clone(), "held", line["told"]["on_hand"].as_i64().unwrap_or_default()));
    }
    let mut back: std::collections::BTreeMap<i64, i64> = std::collections::BTreeMap::new();
    for r in seen["returns"].as_array().into_iter().flatten() {
        let n = |f: &str| r[f].as_i64().unwrap_or_default();
        *back.entry(n("origin")).or_default() += n("returned");
    }
    heaps.extend(back.into_iter().map(|(origin, amount)| (json!(origin), "back", amount)));
    for (origin, stock, amount) in heaps.into_iter().filter(|h| h.2 > 0) {
        let path = format!("/api/recalls/{id}/disposals");
        let plan = json!({
            "origin": origin, "stock": stock, "what": "destroy", "amount": amount, "place": "市无害化处理中心", "method": "粉碎后高温化制",
            "planned_at": life.now() + DAY,
        });
        let made = text(&life.post(owner, &path, plan).await?, "id")?;
        life.later(1, dice).await;
        let photo = format!("/api/recalls/{id}/photos?party={}", batch.maker.id);
        let photo = life.photo(officer, &photo, &batch.maker.shot(), Scene::Plant, dice).await?;
        let watched =
            json!({ "done": true, "opinion": "现场清点数量一致，监督销毁", "proof": [photo["id"]] });
        life.post(officer, &format!("{path}/{made}"), watched).await?;
    }
    life.later(1, dice).await;
    let summary = json!({ "summary": "召回食品全部处置，未收到健康损害报告", "improve": "投料改为双人复核，每批次自检防腐剂" });
    life.act(owner, id, "summary", summary).await?;
    life.later(2, dice).await;
    life.claim(chief, id).await?;
    life.act(chief, id, "pass", json!({ "opinion": "召回有效，予以办结" })).await.map(drop)
}
