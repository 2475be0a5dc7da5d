//! Laboratories of the sample city, all invented: one tests, one rechecks, one cannot do the items; and what they do.
//!
//! The limit that fails a sample is invented and says so: no table of the standards is shipped.

use std::rc::Rc;
use std::sync::Arc;

use accounts::demo::{self, Home, Named};
use kit_base::{Error, Result};
use serde_json::{Value, json};
use simulator::Dice;

use super::super::people::Someone;
use super::super::{Life, MINUTE, nights, text};
use super::Turn;

const LIMITS: &str = "标准,项目,CAS,食品分类,食品,除外,限量,单位,组成,检验方法,生效,失效,来源,已核验
示范限量（模拟数据）,苯甲酸,,4,,,≤1.0,g/kg,,示范方法一,2020-01-01,,模拟数据，不是标准,否
示范限量（模拟数据）,山梨酸,,4,,,≤1.0,g/kg,,示范方法一,2020-01-01,,模拟数据，不是标准,否
示范限量（模拟数据）,苯甲酸,,6,,,≤1.0,g/kg,,示范方法一,2020-01-01,,模拟数据，不是标准,否
示范限量（模拟数据）,苯甲酸,,16,,,≤1.0,g/kg,,示范方法一,2020-01-01,,模拟数据，不是标准,否
示范限量（模拟数据）,苯甲酸,,12,,,≤0.6,g/kg,,示范方法一,2020-01-01,,模拟数据，不是标准,否
";

/// The laboratory and its people.
#[derive(Clone)]
pub struct Lab {
    pub party: String,
    people: Staff,
    /// People of the one that rechecks.
    again: Staff,
}

#[derive(Clone)]
struct Staff {
    analyst: Someone,
    verifier: Someone,
    head: Someone,
}

/// Laboratories: name, what their people sign in with, whether they can do the items of the plan.
const LABS: [(&str, &str, bool); 3] = [
    ("禾安示范检验检测中心（模拟）", "lab", true),
    ("龙湖示范食品检验所（模拟）", "relab", true),
    ("龙都示范计量测试所（模拟）", "", false),
];

/// Opens the laboratories: records among the businesses, three people each, what they can test, the invented limits.
pub async fn laboratory(life: &Rc<Life>) -> Result<Lab> {
    let mut made = Vec::new();
    for (no, (name, login, _)) in LABS.iter().enumerate() {
        made.push(opened(life, name, login, 700 + 10 * u32::try_from(no).map_err(Error::internal)?).await?);
    }
    let place = life.world.places();
    let sysadmin = life.people.borrow().sysadmin.clone();
    life.put(&sysadmin, "/api/limits/import", "text/csv", LIMITS.into()).await?;
    let officer = life.office(&place.town.0).officers.first().cloned().unwrap_or_default();
    let item = |item: &str| json!({ "item": item, "method": "示范方法一", "lod": "0.005", "unit": "g/kg" });
    for ((party, _), (_, _, able)) in made.iter().zip(LABS) {
        let items = if able { vec![item("苯甲酸"), item("山梨酸")] } else { vec![item("净含量")] };
        let body = json!({
            "party": party, "cma": "000000000000", "cma_until": life.date(1_500), "recheck": true, "items": items,
        });
        life.post(&officer, "/api/labs", body).await?;
    }
    let gone = || Error::internal("a laboratory of the life is gone");
    let mut made = made.into_iter();
    let (party, people) = made.next().ok_or_else(gone)?;
    let (_, again) = made.next().ok_or_else(gone)?;
    Ok(Lab { party, people: people.ok_or_else(gone)?, again: again.ok_or_else(gone)? })
}

/// One laboratory; who signs in with nothing has nobody.
async fn opened(
    life: &Rc<Life>,
    name: &'static str,
    login: &'static str,
    first: u32,
) -> Result<(String, Option<Staff>)> {
    let (hash, place) = (life.password.clone(), life.world.places());
    let names: Vec<String> = (0..3).map(|n| life.text.name(first + n)).collect();
    let (division, known) = (place.counties.first().cloned().unwrap_or_default().0, names.clone());
    let search = life.house.held::<parties::Search>();
    let made = life.by_house("sample.laboratory", move |act| {
        let new = json!({ "name": name, "kind": "other", "division": division, "address": "检测路1号", "note": "模拟数据" });
        let new: parties::NewParty = serde_json::from_value(new).map_err(Error::internal)?;
        let (ids, now) = (act.ids().clone(), act.now);
        let program = parties::Program { name: "simulator", simulated: true };
        let lab = parties::bring_in(act.tx, &ids, now, &Arc::clone(&search), parties::reference::get(), program, vec![new])?;
        let lab = lab.into_iter().next().map(|p| p.id).unwrap_or_default();
        let mut people = Vec::new();
        let roles = [("analyst", "business_clerk"), ("verifier", "business_clerk"), ("head", "business_owner")];
        for (i, (post, role)) in roles.iter().enumerate().filter(|_| !login.is_empty()) {
            let (login, home) = (format!("{login}.{post}"), Home::Party(&lab));
            let who = Named { login: &login, full_name: &known[i], title: "", role, home: &home };
            people.push(demo::named(act, &hash, &who)?);
        }
        Ok(json!({ "id": lab, "people": people }))
    });
    let made = made.await?;
    let of = |i: usize| {
        let id = made["people"][i].as_str()?.to_owned();
        Some(Someone { id, name: names[i].clone() })
    };
    let staff = || Some(Staff { analyst: of(0)?, verifier: of(1)?, head: of(2)? });
    Ok((text(&made, "id")?, staff()))
}

/// In the laboratory, which sees the blind code alone.
pub async fn tested(life: &Rc<Life>, task: &Value, lab: &Lab, turn: Turn, dice: &mut Dice) -> Result<()> {
    let assay = format!("/api/assays/{}", text(task, "blind")?);
    life.later(dice.between(1, 2), dice).await;
    let over = json!({ "seal_whole": true, "temperature": format!("{}.{}", dice.between(3, 6), dice.between(0, 9)) });
    life.post(&lab.people.analyst, &format!("{assay}/accept"), over).await?;
    life.later(dice.between(3, 6), dice).await;
    // the sample city has a limit of it for what is made of beans, fruit and vegetables alone
    let both = text(task, "category")?.starts_with('4');
    if turn == Turn::Read {
        return read(life, task, &lab.people.analyst, both, &["0.412", "0.408"]).await;
    }
    let found = match turn {
        Turn::Conforms | Turn::Testing => format!("0.{:02}", dice.between(5, 48)),
        _ => format!("1.{}", dice.between(15, 60)),
    };
    // what comes from the instrument the analyst signs, else it is written down by hand
    if dice.once_in(2) {
        read(life, task, &lab.people.analyst, both, &[&found]).await?;
        life.work.pass(MINUTE * 25);
    }
    let found = format!("{found} g/kg");
    let mut items = vec![json!({ "item": "苯甲酸", "method": "示范方法一", "result": found })];
    if both {
        items.push(json!({ "item": "山梨酸", "method": "示范方法一", "result": "未检出" }));
    }
    life.post(&lab.people.analyst, &format!("{assay}/results"), json!({ "items": items })).await?;
    life.later(1, dice).await;
    life.post(&lab.people.verifier, &format!("{assay}/verify"), json!({})).await?;
    if turn == Turn::Testing {
        return Ok(());
    }
    life.later(1, dice).await;
    life.post(&lab.people.head, &format!("{assay}/issue"), json!({})).await.map(drop)
}

/// What an instrument read, for the analyst to sign: of an item the last one counts. Where an item was read twice, one row more is of no
/// sample that is tested here.
async fn read(life: &Rc<Life>, task: &Value, by: &Someone, both: bool, found: &[&str]) -> Result<()> {
    let blind = text(task, "blind")?;
    let row = |blind: &str, item: &str, result: &str| json!({ "blind": blind, "item": item, "method": "示范方法一", "result": result, "unit": "g/kg" });
    let mut items: Vec<Value> = found.iter().map(|value| row(&blind, "苯甲酸", value)).collect();
    if both {
        items.push(row(&blind, "山梨酸", "未检出"));
    }
    if found.len() > 1 {
        items.push(row("ZZZZZZZZZZ", "苯甲酸", "0.3"));
    }
    life.post(by, "/api/assays/runs", json!({ "name": "液相色谱 1 号（模拟）", "items": items }))
        .await
        .map(drop)
}

/// Admitted, drawn in the open, and the spare in the hands of the other laboratory; what it finds.
pub async fn rechecked(
    life: &Rc<Life>,
    (id, blind): (&str, &str),
    (officer, lab): (&Someone, &Lab),
    turn: Turn,
    dice: &mut Dice,
) -> Result<()> {
    life.later(1, dice).await;
    life.act(officer, id, "admit", json!({})).await?;
    let draw = format!("/api/samples/{id}/draw");
    life.post(officer, &draw, json!({})).await?;
    nights::checkpoint(&life.house).await?;
    life.later(1, dice).await;
    life.post(officer, &format!("{draw}/run"), json!({})).await?;
    let assay = format!("/api/assays/{blind}");
    let to = life.get(&lab.people.analyst, &assay).await?["hand_to"]["lab"].clone();
    life.post(&lab.people.analyst, &format!("{assay}/offers"), json!({ "part": "spare", "receiver": to }))
        .await?;
    life.later(1, dice).await;
    let whole = json!({ "seal_whole": true, "temperature": "4.1" });
    life.post(&lab.again.analyst, &format!("{assay}/receive"), whole).await?;
    let task = json!({ "blind": blind });
    if turn == Turn::Rechecking {
        return read(life, &task, &lab.again.analyst, true, &["1.18"]).await;
    }
    let value = if turn == Turn::Overturned { "0.62 g/kg" } else { "1.21 g/kg" };
    life.later(dice.between(2, 4), dice).await;
    let items = json!([{ "item": "苯甲酸", "method": "示范方法一", "result": value }]);
    life.post(&lab.again.analyst, &format!("{assay}/results"), json!({ "items": items })).await?;
    life.later(1, dice).await;
    life.post(&lab.again.verifier, &format!("{assay}/verify"), json!({})).await?;
    life.post(&lab.again.head, &format!("{assay}/issue"), json!({})).await.map(drop)
}
