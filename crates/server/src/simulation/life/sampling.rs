//! Sampling: invented laboratories with their people (one tests, one rechecks, one cannot do the items), a plan of the county, and samples in each step: planned, on the way,
//! being tested, conforming, failing and served, objected to, rechecked, in disposal, refused.
//!
//! The limit that fails one is invented and says so: no table of the standards is shipped.

use std::rc::Rc;
use std::sync::Arc;

use accounts::demo::{self, Home, Named};
use kit_base::{Error, Result};
use serde_json::{Value, json};
use simulator::{Dice, Role};

use super::people::{Business, Someone};
use super::{Life, Scene, text};

const LIMITS: &str = "标准,项目,CAS,食品分类,食品,除外,限量,单位,组成,检验方法,生效,失效,来源,已核验
示范限量（模拟数据）,苯甲酸,,4,,,≤1.0,g/kg,,示范方法一,2020-01-01,,模拟数据，不是标准,否
示范限量（模拟数据）,山梨酸,,4,,,≤1.0,g/kg,,示范方法一,2020-01-01,,模拟数据，不是标准,否
示范限量（模拟数据）,苯甲酸,,6,,,≤1.0,g/kg,,示范方法一,2020-01-01,,模拟数据，不是标准,否
示范限量（模拟数据）,苯甲酸,,16,,,≤1.0,g/kg,,示范方法一,2020-01-01,,模拟数据，不是标准,否
示范限量（模拟数据）,苯甲酸,,12,,,≤0.6,g/kg,,示范方法一,2020-01-01,,模拟数据，不是标准,否
";

/// How far a sample comes, or what it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Planned,
    Refused,
    /// Sealed and offered to the laboratory.
    Offered,
    Testing,
    Conforms,
    /// Fails, not served yet.
    Failed,
    Served,
    Objected,
    /// At the laboratory that was drawn, not entered yet.
    Rechecking,
    Overturned,
    Upheld,
    Disposal,
    Disposed,
}

/// With when it is taken, in thousandths of the life.
const TURNS: &[(Turn, i64)] = &[
    (Turn::Disposed, 60),
    (Turn::Disposal, 150),
    (Turn::Disposal, 380),
    (Turn::Conforms, 90),
    (Turn::Conforms, 200),
    (Turn::Conforms, 310),
    (Turn::Conforms, 420),
    (Turn::Conforms, 540),
    (Turn::Conforms, 640),
    (Turn::Conforms, 720),
    (Turn::Refused, 480),
    (Turn::Objected, 640),
    (Turn::Served, 700),
    (Turn::Failed, 560),
    (Turn::Failed, 600),
    (Turn::Testing, 900),
    (Turn::Testing, 930),
    (Turn::Offered, 950),
    (Turn::Planned, 940),
    (Turn::Planned, 960),
    (Turn::Rechecking, 500),
    (Turn::Overturned, 260),
    (Turn::Upheld, 330),
    (Turn::Testing, 910),
];

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

pub fn begin(life: &Rc<Life>) {
    let of = life.clone();
    life.work.begin("laboratory", async move {
        let lab = laboratory(&of).await?;
        let office = of.people.borrow().offices.first().cloned().unwrap_or_default();
        let Some(officer) = office.officers.first().cloned() else { return Ok(()) };
        let quotas = plan(&of, &officer, &office.county).await?;
        super::campaigns::begin(&of, &lab);
        let mut dice = of.dice();
        for (no, (turn, permille)) in TURNS.iter().copied().enumerate() {
            let maker = no % 2 == 0;
            let roles: &[Role] = if maker { &[Role::Producer, Role::Workshop] } else { &[Role::Shop] };
            let Some(party) = of.some(roles, Some(0), 1, &mut dice).pop() else { continue };
            let quota = quotas.get(usize::from(!maker)).cloned().unwrap_or_default();
            let (on, own, lab, day) = (of.clone(), of.dice(), lab.clone(), permille * of.days / 1_000);
            of.work.begin("sample", async move { sample(on, party, lab, turn, (day, no, quota), own).await });
        }
        Ok(())
    });
}

/// Opens the laboratories: records among the businesses, three people each, what they can test, the invented limits.
async fn laboratory(life: &Rc<Life>) -> Result<Lab> {
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

/// The county's plan of the year; answers its cells, makers first.
async fn plan(life: &Rc<Life>, officer: &Someone, county: &str) -> Result<Vec<String>> {
    life.at(2, 10 * 60).await;
    let year = life.date(life.today())[..4].to_owned();
    let cell = |category: &str, name: &str, stage: &str, quota: i64| json!({ "category": category, "category_name": name, "stage": stage, "division": county, "items": ["苯甲酸", "山梨酸"], "quota": quota });
    let body = json!({
        "name": format!("{year} 年县级食品安全监督抽检计划"), "year": year.parse::<i64>().map_err(Error::internal)?, "division": county,
        "source": "county",
        "quotas": [cell("4", "豆制品、果蔬制品", "produce", 24), cell("4", "豆制品、果蔬制品", "trade", 16), cell("12", "调味品", "trade", 10)],
    });
    let made = life.post(officer, "/api/sample-plans", body).await?;
    let cells = made["cells"].as_array().map_or(&[][..], Vec::as_slice);
    let of = |stage: &str| {
        let cell = cells.iter().find(|c| c["stage"] == stage && c["category"] == "4");
        text(cell.unwrap_or(&Value::Null), "id")
    };
    Ok(vec![of("produce")?, of("trade")?])
}

const KINDS: [(&str, Scene); 8] = [
    ("door", Scene::Door),
    ("licence", Scene::Licence),
    ("shelf", Scene::Shelf),
    ("sample", Scene::Store),
    ("label", Scene::Label),
    ("seal", Scene::Label),
    ("people", Scene::Plant),
    ("receipt", Scene::Licence),
];

async fn sample(
    life: Rc<Life>,
    party: u32,
    lab: Lab,
    turn: Turn,
    on: (i64, usize, String),
    mut dice: Dice,
) -> Result<()> {
    let (day, no, quota) = on;
    let business = life.business(party);
    // both of the bureau, which keeps what they take
    let officers = life.office(&business.division).officers;
    let of = |no: usize| officers.get(no % officers.len().max(1)).cloned().unwrap_or_default();
    let (one, two) = (of(no), of(no + 1));
    life.at(day, dice.between(9 * 60, 15 * 60)).await;
    let made_here = no % 2 == 0;
    let task = json!({
        "party": business.id, "quota": quota, "source": "county", "mode": "outer", "kind": "supervision",
        "stage": if made_here { "produce" } else { "trade" }, "category": "4", "food": "豆干", "lab": lab.party,
        "samplers": [one.id, two.id],
    });
    let task = life.post(&one, "/api/samples", task).await?;
    course(&life, &task, (&one, &two), &business, &lab, turn, no, &mut dice).await
}

/// What becomes of a task that two officers were given.
#[allow(clippy::too_many_arguments, reason = "one course of a sample, told by two stories")]
pub async fn course(
    life: &Rc<Life>,
    task: &Value,
    (one, two): (&Someone, &Someone),
    business: &Business,
    lab: &Lab,
    turn: Turn,
    no: usize,
    dice: &mut Dice,
) -> Result<()> {
    let id = text(task, "id")?;
    let path = |what: &str| format!("/api/samples/{id}/{what}");
    if turn == Turn::Planned {
        return Ok(());
    }
    life.later(dice.between(1, 2), dice).await;
    let door = path("media?kind=door");
    if turn == Turn::Refused {
        life.photo(one, &door, &business.shot(), Scene::Door, dice).await?;
        let missed =
            json!({ "refused": true, "reason": "负责人称外出，店员锁门离开", "witness": "社区网格员" });
        return life.post(one, &path("missed"), missed).await.map(drop);
    }
    for (kind, scene) in KINDS {
        life.photo(one, &path(&format!("media?kind={kind}")), &business.shot(), scene, dice).await?;
    }
    life.post(one, &path("sheet"), sheet(life, business, no)).await?;
    life.post(two, &path("seal"), json!({})).await?;
    for part in ["test", "spare"] {
        life.post(one, &path("offers"), json!({ "part": part, "receiver": lab.party })).await?;
    }
    if turn == Turn::Offered {
        return Ok(());
    }
    tested(life, task, lab, turn, dice).await?;
    if turn > Turn::Failed {
        failed(life, (&id, &text(task, "blind")?), business, (one, lab), turn, dice).await?;
    }
    Ok(())
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (*self as u8).partial_cmp(&(*other as u8))
    }
}

/// The 抽样单.
fn sheet(life: &Life, business: &Business, no: usize) -> Value {
    let (today, party) = (life.today(), life.world.party(business.no));
    json!({ "code": "", "seal_test": format!("示范{:04}-J", no + 1), "seal_spare": format!("示范{:04}-B", no + 1), "sheet": {
        "task_source": "县局", "sampling_type": "usual", "place_type": if no.is_multiple_of(2) { "成品库" } else { "货架" }, "food_major": "豆制品",
        "task_class": "监督抽检", "unit_name": "市场监督管理局（模拟）", "shop_name": business.name, "shop_address": party.address,
        "area_type": "city", "shop_contact": business.person, "goods_type": "industrial", "origin": if no.is_multiple_of(2) { "own" } else { "bought" },
        "nature": "usual", "packing": "prepacked", "name": "五香豆干", "made": life.date(today - 12), "spec": "120g/袋",
        "batch": format!("示范{}", life.date(today - 12).replace('-', "")), "price": 500, "imported": false, "sterile": "plain", "form": "solid",
        "storage": "room", "base_amount": "500", "amount": "2.4", "spare_amount": "1.2", "amount_unit": "kg", "expires": life.date(today + 168),
    } })
}

/// In the laboratory, which sees the blind code alone.
async fn tested(life: &Rc<Life>, task: &Value, lab: &Lab, turn: Turn, dice: &mut Dice) -> Result<()> {
    let assay = format!("/api/assays/{}", text(task, "blind")?);
    life.later(dice.between(1, 2), dice).await;
    let over = json!({ "seal_whole": true, "temperature": format!("{}.{}", dice.between(3, 6), dice.between(0, 9)) });
    life.post(&lab.people.analyst, &format!("{assay}/accept"), over).await?;
    life.later(dice.between(3, 6), dice).await;
    if turn == Turn::Testing && dice.once_in(2) {
        return read(life, task, &lab.people.analyst, &["0.412", "0.408"]).await;
    }
    let found = match turn {
        Turn::Conforms | Turn::Testing => format!("0.{:02} g/kg", dice.between(5, 48)),
        _ => format!("1.{} g/kg", dice.between(15, 60)),
    };
    let mut items = vec![json!({ "item": "苯甲酸", "method": "示范方法一", "result": found })];
    // the sample city has a limit of it for what is made of beans, fruit and vegetables alone
    if text(task, "category")?.starts_with('4') {
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

/// What an instrument read, for the analyst to sign: of an item the last one counts. One row is of no sample that is tested here.
async fn read(life: &Rc<Life>, task: &Value, by: &Someone, found: &[&str]) -> Result<()> {
    let blind = text(task, "blind")?;
    let row = |blind: &str, item: &str, result: &str| json!({ "blind": blind, "item": item, "method": "示范方法一", "result": result, "unit": "g/kg" });
    let mut items: Vec<Value> = found.iter().map(|value| row(&blind, "苯甲酸", value)).collect();
    items.push(row(&blind, "山梨酸", "未检出"));
    items.push(row("ZZZZZZZZZZ", "苯甲酸", "0.3"));
    life.post(by, "/api/assays/runs", json!({ "name": "液相色谱 1 号（模拟）", "items": items }))
        .await
        .map(drop)
}

/// Admitted, drawn in the open, and the spare in the hands of the other laboratory; what it finds.
async fn rechecked(
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
    super::nights::checkpoint(&life.house).await?;
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
        return read(life, &task, &lab.again.analyst, &["1.18"]).await;
    }
    let value = if turn == Turn::Overturned { "0.62 g/kg" } else { "1.21 g/kg" };
    life.later(dice.between(2, 4), dice).await;
    let items = json!([{ "item": "苯甲酸", "method": "示范方法一", "result": value }]);
    life.post(&lab.again.analyst, &format!("{assay}/results"), json!({ "items": items })).await?;
    life.later(1, dice).await;
    life.post(&lab.again.verifier, &format!("{assay}/verify"), json!({})).await?;
    life.post(&lab.again.head, &format!("{assay}/issue"), json!({})).await.map(drop)
}

/// Served; then seven working days for an objection, and the disposal.
async fn failed(
    life: &Rc<Life>,
    (id, blind): (&str, &str),
    business: &Business,
    (officer, lab): (&Someone, &Lab),
    turn: Turn,
    dice: &mut Dice,
) -> Result<()> {
    life.later(1, dice).await;
    let serve = json!({ "receiver": business.person, "served_on": life.date(life.today()) });
    life.act(officer, id, "serve", serve).await?;
    if turn == Turn::Served {
        return Ok(());
    }
    let owner = life.owner(business).await?;
    life.later(2, dice).await;
    let acts = format!("/api/own-samples/{id}/acts");
    if turn >= Turn::Objected && turn <= Turn::Upheld {
        let apply = json!({ "apply_reason": "对检验结果有异议，申请复检", "apply_items": ["苯甲酸"] });
        life.post(&owner, &acts, json!({ "action": "apply", "form": apply })).await?;
        return match turn {
            Turn::Objected => Ok(()),
            _ => rechecked(life, (id, blind), (officer, lab), turn, dice).await,
        };
    }
    let accept = json!({ "accepted_by": business.person });
    life.post(&owner, &acts, json!({ "action": "accept_result", "form": accept })).await?;
    disposal(life, id, business, officer, turn, dice).await
}

async fn disposal(
    life: &Rc<Life>,
    id: &str,
    business: &Business,
    officer: &Someone,
    turn: Turn,
    dice: &mut Dice,
) -> Result<()> {
    let chief = life.office(&business.division).chief;
    let forms = [
        ("start", json!({ "served": life.date(life.today()), "taken": true })),
        ("control", json!({ "stock": 10, "sold": 90, "recalled": 5, "removed": 10, "unit": "kg" })),
        ("cause", json!({ "stage": "making", "cause": "投料称量失误" })),
        ("penalty", json!({ "filed": true })),
        ("mending", json!({ "report": true, "opinion": "已更换计量器具并培训" })),
        ("transfer", json!({ "moved": false })),
        ("risk", json!({ "assessment": "个案，同类产品另抽三批次均合格" })),
    ];
    let last = if turn == Turn::Disposed { forms.len() } else { 3 };
    for (stream, form) in forms.into_iter().take(last) {
        life.later(dice.between(1, 2), dice).await;
        let path = format!("/api/samples/{id}/streams");
        life.post(officer, &path, json!({ "side": "trade", "stream": stream, "form": form })).await?;
        life.work.pass(super::MINUTE * 40);
        let review = json!({ "side": "trade", "stream": stream, "pass": true });
        life.post(&chief, &format!("{path}/review"), review).await?;
    }
    if turn != Turn::Disposed {
        return Ok(());
    }
    life.later(1, dice).await;
    life.act(&chief, id, "dispose", json!({ "decision": "处置到位，予以办结" })).await.map(drop)
}
