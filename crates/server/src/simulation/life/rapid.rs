//! Rapid tests: a market's point and the bureau's, tests of each working day, and positives with their different ends.

use std::rc::Rc;

use kit_base::Result;
use serde_json::{Value, json};
use simulator::{Dice, Role};

use super::people::{Business, Someone};
use super::{Life, text};

/// Food, what it is tested for, and how.
const TESTS: &[(&str, &str, &str)] = &[
    ("韭菜", "腐霉利", "胶体金免疫层析法"),
    ("豇豆", "灭蝇胺", "胶体金免疫层析法"),
    ("芹菜", "毒死蜱", "胶体金免疫层析法"),
    ("乌鸡", "恩诺沙星", "胶体金免疫层析法"),
    ("鲫鱼", "孔雀石绿", "胶体金免疫层析法"),
    ("猪肉", "克伦特罗", "胶体金免疫层析法"),
    ("青椒", "有机磷和氨基甲酸酯类农药", "酶抑制率法"),
    ("香蕉", "吡虫啉", "胶体金免疫层析法"),
];

/// What becomes of a positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Released,
    Settled,
    Objected,
    Waiting,
}

pub fn begin(life: &Rc<Life>) {
    let of = life.clone();
    life.work.begin("rapid tests", async move { points(of).await });
}

async fn points(life: Rc<Life>) -> Result<()> {
    life.at(1, 9 * 60).await;
    let office = life.people.borrow().offices.first().cloned().unwrap_or_default();
    let Some(officer) = office.officers.first().cloned() else { return Ok(()) };
    let mut dice = life.dice();
    let market = life.some(&[Role::Market], Some(0), 1, &mut dice).pop().map(|no| life.business(no));
    let stalls: Vec<Business> =
        life.some(&[Role::Stall], Some(0), 12, &mut dice).into_iter().map(|no| life.business(no)).collect();
    let new = |name: String, kind: &str, party: &str| json!({ "name": name, "kind": kind, "party": party });
    let bureau = life.post(&officer, "/api/rapid/points", new("快检车".into(), "bureau", "")).await?;
    let bureau = text(&bureau, "id")?;
    let mut at = vec![(bureau.clone(), officer.clone())];
    if let Some(market) = &market {
        let body = new(format!("{}快检室", market.name), "market", &market.id);
        let made = life.post(&officer, "/api/rapid/points", body).await?;
        at.push((text(&made, "id")?, life.owner(market).await?));
    }
    let turns = [Turn::Released, Turn::Settled, Turn::Objected, Turn::Waiting];
    let days = i64::from(life.figure("rapid_days")?);
    let first = (life.days - days).max(2);
    for (no, day) in (first..life.days).enumerate() {
        for (point, who) in &at {
            let (of, point, who, stalls, own) =
                (life.clone(), point.clone(), who.clone(), stalls.clone(), life.dice());
            life.work.begin("rapid day", async move { tested(of, point, who, stalls, day, own).await });
        }
        // a positive each fifth day, at the bureau's own point, where all ends are open
        if let Some(stall) = stalls.get(no / 5).filter(|_| no % 5 == 2).cloned() {
            let turn = turns[(no / 5) % turns.len()];
            let turn = if day + 1 >= life.days { Turn::Waiting } else { turn };
            let (of, point, officer, own) = (life.clone(), bureau.clone(), officer.clone(), life.dice());
            life.work.begin("rapid positive", async move {
                positive(of, (point, officer), stall, (no, turn), day, own).await
            });
        }
    }
    Ok(())
}

fn test(
    life: &Life,
    key: String,
    what: (&str, &str, &str),
    stall: Option<&Business>,
    result: &str,
    card: &str,
) -> Value {
    let (food, item, method) = what;
    json!({
        "key": key, "party": stall.map_or("", |s| s.id.as_str()), "stall": stall.map_or_else(String::new, |s| format!("{}号摊", s.no % 90 + 1)),
        "vendor": stall.map_or("", |s| s.person.as_str()), "food": food, "goods": "farm", "item": item, "method": method,
        "card": { "maker": "示范试剂厂（模拟）", "batch": card, "expires": life.date(life.days + 200) }, "result": result,
    })
}

/// A morning's tests, all of them negative.
async fn tested(
    life: Rc<Life>,
    point: String,
    who: Someone,
    stalls: Vec<Business>,
    day: i64,
    mut dice: Dice,
) -> Result<()> {
    life.at(day, dice.between(7 * 60 + 30, 9 * 60)).await;
    let mut items = Vec::new();
    for no in 0..dice.between(6, 12) {
        let what = TESTS[dice.below(TESTS.len() as u32) as usize];
        let stall = stalls.get(dice.below(stalls.len().max(1) as u32) as usize);
        items.push(test(&life, format!("{point}-{day}-{no}"), what, stall, "negative", "示范2601"));
    }
    life.post(&who, "/api/rapid/tests", json!({ "point": point, "items": items })).await.map(drop)
}

async fn positive(
    life: Rc<Life>,
    (point, officer): (String, Someone),
    stall: Business,
    (no, turn): (usize, Turn),
    day: i64,
    mut dice: Dice,
) -> Result<()> {
    life.at(day, dice.between(9 * 60, 10 * 60)).await;
    let what = TESTS[no % TESTS.len()];
    let send = |item: Value| json!({ "point": point, "items": [item] });
    let first = test(&life, format!("p-{no}"), what, Some(&stall), "positive", "示范2601");
    let first = life.post(&officer, "/api/rapid/tests", send(first)).await?[0].clone();
    let (case, number) = (text(&first, "case_id")?, text(&first, "number")?);
    if turn == Turn::Waiting {
        return Ok(());
    }
    life.work.pass(super::MINUTE * 75);
    let result = if turn == Turn::Released { "negative" } else { "positive" };
    let mut again = test(&life, format!("p-{no}-2"), what, Some(&stall), result, "示范2602");
    again["again"] = json!(number);
    life.post(&officer, "/api/rapid/tests", send(again)).await?;
    if turn == Turn::Released {
        return Ok(());
    }
    life.act(&officer, &case, "tell", json!({ "told_name": stall.person })).await?;
    life.work.pass(super::MINUTE * 20);
    let owner = life.owner(&stall).await?;
    if turn == Turn::Objected {
        return life
            .act(&owner, &case, "object", json!({ "reason": "进货有合格证，对结果有异议" }))
            .await
            .map(drop);
    }
    life.act(&owner, &case, "accept", json!({ "accepted_by": stall.person })).await?;
    life.work.pass(super::MINUTE * 40);
    life.act(&officer, &case, "settle", json!({ "reason": "被检测人无异议，责令停止销售并销毁" }))
        .await
        .map(drop)
}
