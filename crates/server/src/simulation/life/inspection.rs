//! Visits: the plan of the year, daily, flying, special and remote visits with their checklists, photos and signatures,
//! and draws that anybody can do again.

use std::rc::Rc;

use kit_base::{Error, Result};
use serde_json::{Value, json};
use simulator::{Dice, Fault, Role};

use super::people::{Business, Someone};
use super::{Life, Scene, findings, nights, text};

/// A version of a checklist.
#[derive(Debug, Clone)]
pub struct List {
    hash: String,
    code: String,
    /// Code and when a photo is asked for.
    items: Vec<(String, String)>,
}

/// What makes a visit special among the others; the rest is thrown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Usual,
    /// Nothing is found.
    Clean,
    /// Something that affects the safety of food is found.
    Serious,
    /// Nobody goes.
    Missed,
    Cancelled,
    /// The officers have arrived when the life ends.
    Underway,
    /// Planned for the days to come.
    Ahead,
    Refused,
    Appealed,
    Held,
}

/// Those that every city sees, each once; the day is in thousandths of the life.
const TURNS: &[(Turn, i64)] = &[
    (Turn::Serious, 90),
    (Turn::Serious, 220),
    (Turn::Serious, 420),
    (Turn::Serious, 700),
    (Turn::Clean, 150),
    (Turn::Refused, 330),
    (Turn::Appealed, 480),
    (Turn::Appealed, 930),
    (Turn::Held, 860),
    (Turn::Missed, 620),
    (Turn::Missed, 880),
    (Turn::Cancelled, 550),
    (Turn::Underway, 1_000),
    (Turn::Underway, 1_000),
    (Turn::Ahead, 1_000),
    (Turn::Ahead, 1_000),
    (Turn::Ahead, 1_000),
    (Turn::Ahead, 1_000),
];

pub async fn begin(life: &Rc<Life>) -> Result<()> {
    let count = (life.world.party_count() * life.figure("visits_permille")? / 1_000)
        .max(life.figure("visits_least")?);
    // a life of other days than sixty has as many visits a day
    let count = (i64::from(count) * life.days / 60).max(TURNS.len() as i64) as usize;
    let mut dice = life.dice();
    let counties = life.people.borrow().offices.len().max(1);
    for no in 0..count {
        let (turn, permille) = TURNS.get(no).copied().unwrap_or((Turn::Usual, dice.between(10, 1_060)));
        // the offices of the demo officers see the most
        let county = if dice.below(5) < 3 { dice.below(2) } else { dice.below(counties as u32) };
        let roles = roles(turn, &mut dice);
        let Some(party) = life.some(roles, Some(county as usize), 1, &mut dice).pop() else { continue };
        let day = permille * life.days / 1_000;
        let (of, own) = (life.clone(), life.dice());
        life.work.begin("visit", async move { visit(of, party, turn, day, own).await });
    }
    // the businesses of the demo accounts are visited too
    let (factory, shop) = (life.people.borrow().factory, life.people.borrow().shop);
    for (party, permille) in [(factory, 300), (factory, 780), (shop, 380), (shop, 820)] {
        let (Some(party), of, own) = (party, life.clone(), life.dice()) else { continue };
        let day = permille * life.days / 1_000;
        life.work.begin("visit", async move { visit(of, party, Turn::Usual, day, own).await });
    }
    let of = life.clone();
    life.work.begin("plan of the year", async move { year(of).await });
    for (county, permille, visited) in [(0, 200, true), (1, 520, true), (0, 900, false)] {
        let of = life.clone();
        life.work.begin("draw", async move { draw(of, county, permille, visited).await });
    }
    Ok(())
}

fn roles(turn: Turn, dice: &mut Dice) -> &'static [Role] {
    match (turn, dice.below(20)) {
        (Turn::Serious, 0..10) => &[Role::Restaurant],
        (Turn::Serious, _) => &[Role::Shop],
        (_, 0..7) => &[Role::Restaurant],
        (_, 7..10) => &[Role::Canteen],
        (_, 10..14) => &[Role::Shop],
        (_, 14) => &[Role::SmallShop],
        (_, 15..17) => &[Role::Producer],
        (_, 17) => &[Role::Workshop],
        (_, 18) => &[Role::Farm],
        _ => &[Role::Wholesaler, Role::DistributionCentre, Role::Stall],
    }
}

/// The leader of the city has the plan of the year computed; each county sees its part.
async fn year(life: Rc<Life>) -> Result<()> {
    let leader = life.leader();
    life.at(1, 9 * 60 + 10).await;
    let city = life.world.places().city.0;
    let year: i64 = life.date(life.today())[..4].parse().map_err(Error::internal)?;
    life.post(&leader, "/api/inspection-plans", json!({ "year": year, "division": city })).await?;
    nights::jobs(&life.house).await
}

/// Businesses and officers are drawn at random; the visits of it are made like others.
async fn draw(life: Rc<Life>, county: usize, permille: i64, visited: bool) -> Result<()> {
    let mut dice = life.dice();
    life.at(permille * life.days / 1_000, 9 * 60 + 40).await;
    let Some(office) = life.people.borrow().offices.get(county).cloned() else { return Ok(()) };
    let Some(officer) = office.officers.first() else { return Ok(()) };
    let new = json!({
        "name": if visited { "食品销售双随机抽查" } else { "餐饮服务双随机抽查" }, "division": office.county,
        "kinds": if visited { json!(["shop", "small_shop"]) } else { json!(["restaurant"]) }, "count": 4, "team": 2,
    });
    let drawn = life.post(officer, "/api/draws", new).await?;
    let id = text(&drawn, "id")?;
    let path = format!("/api/draws/{id}");
    nights::checkpoint(&life.house).await?;
    life.later(1, &mut dice).await;
    life.post(officer, &format!("{path}/run"), json!({})).await?;
    if !visited {
        return Ok(());
    }
    let due = life.date(life.today() + 14);
    life.post(officer, &format!("{path}/visits"), json!({ "due": due })).await?;
    let visits = life.get(officer, &format!("/api/visits?draw={id}&size=50")).await?;
    for planned in visits["items"].as_array().into_iter().flatten() {
        let id = text(planned, "party")?;
        let Some(no) = life.no_of(&id) else { continue };
        let sent: Vec<Someone> = planned["officers"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|o| Someone {
                id: o["user"].as_str().unwrap_or_default().to_owned(),
                name: o["name"].as_str().unwrap_or_default().to_owned(),
            })
            .collect();
        let [one, two] = <[Someone; 2]>::try_from(sent).map_err(|_| Error::internal("a draw sends two"))?;
        let (of, own, planned) = (life.clone(), life.dice(), planned.clone());
        life.work.begin("drawn visit", async move {
            let mut dice = own;
            of.later(dice.between(1, 9), &mut dice).await;
            let at = At { business: of.business(no), one, two, turn: Turn::Usual };
            on_site(&of, &planned, &at, dice).await
        });
    }
    Ok(())
}

/// Who goes where.
struct At {
    business: Business,
    one: Someone,
    two: Someone,
    turn: Turn,
}

async fn visit(life: Rc<Life>, party: u32, turn: Turn, day: i64, mut dice: Dice) -> Result<()> {
    let business = life.business(party);
    let (one, two) = life.pair(&business.division, &mut dice);
    let ahead = dice.between(2, 7);
    let day = match turn {
        Turn::Ahead => life.days + dice.between(0, 12),
        // the last working day: the afternoon finds them there
        Turn::Underway => (0..life.days).rev().find(|d| life.working(*d) == *d).unwrap_or(day),
        _ => day,
    };
    life.at((day - ahead).clamp(0, life.days - 3), dice.between(8 * 60 + 35, 11 * 60)).await;
    let due = life.date(life.working(day.max(life.today() + 1)) + dice.between(0, 4));
    let planned = json!({
        "kind": kind(business.role, turn, &mut dice), "party": business.id, "officers": [one.id, two.id], "due": due,
        "reason": *dice.pick(&["年度计划", "年度计划", "年度计划", "风险等级调整后加密", "节前重点检查"]),
    });
    let planned = life.post(&one, "/api/visits", planned).await?;
    let at = At { business, one, two, turn };
    if turn == Turn::Cancelled {
        life.later(1, &mut dice).await;
        let chief = life.office(&at.business.division).chief;
        let why = json!({ "reason": "企业停业装修，恢复营业后另行安排" });
        return life.act(&chief, &text(&planned, "id")?, "cancel", why).await.map(drop);
    }
    if turn == Turn::Missed {
        return Ok(());
    }
    life.at(day, dice.between(9 * 60, 16 * 60)).await;
    on_site(&life, &planned, &at, dice).await
}

fn kind(role: Role, turn: Turn, dice: &mut Dice) -> &'static str {
    let thrown = dice.below(20);
    match (role, turn) {
        (Role::Farm, _) => ["patrol", "audit", "survey", "enforcement", "backtrack"][thrown as usize % 5],
        (_, Turn::Serious) => "flying",
        (Role::Producer, _) if thrown < 4 => "system",
        _ => match thrown {
            0..12 => "daily",
            // 许可核查 belongs to an application and has a course of its own
            12..17 => "special",
            17..19 => "flying",
            _ => "remote",
        },
    }
}

/// Arrival, photos, record; then what was found goes its way.
async fn on_site(life: &Rc<Life>, planned: &Value, at: &At, mut dice: Dice) -> Result<()> {
    let visit = text(planned, "id")?;
    let list = list(life, &at.one, &text(planned, "checklist")?).await?;
    let business = &at.business;
    let arrived = json!({ "client_key": format!("arrive-{visit}"), "at": life.now() });
    life.post(&at.one, &format!("/api/visits/{visit}/arrive"), arrived).await?;
    let began = life.now();
    if at.turn == Turn::Underway {
        shot(life, at, &visit, "", Scene::Door, &mut dice).await?;
        return Ok(());
    }
    let bad = faults(life, &list, at.turn, &mut dice)?;
    let whole = matches!(planned["kind"].as_str(), Some("daily" | "system" | "random"));
    let mut answers = Vec::new();
    for (i, (item, asked)) in list.items.iter().enumerate() {
        if let Some(fault) = bad.iter().find(|f| f.item == *item) {
            answers.push(bad_answer(life, at, &visit, fault, &mut dice).await?);
        } else if whole || i % 3 == 0 {
            let photos = match asked == "always" {
                true => vec![shot(life, at, &visit, item, Scene::Licence, &mut dice).await?],
                false => Vec::new(),
            };
            let verdict = if photos.is_empty() && dice.once_in(9) { "na" } else { "ok" };
            answers.push(json!({ "item": item, "verdict": verdict, "photos": photos }));
        }
    }
    life.work.pass(dice.between(12, 70) * super::MINUTE);
    let record = json!({
        "client_key": format!("record-{visit}"), "device": "手持终端", "started_at": began, "ended_at": life.now(),
        "lon": business.lon, "lat": business.lat, "accuracy": dice.between(5, 25), "answers": answers,
        "opinion": if bad.is_empty() { "" } else { "对发现的问题按要求整改，整改完成后上传证据" },
        "due": life.date(life.working(life.today() + dice.between(7, 14))),
        "signatures": signatures(life, at, &visit, &mut dice).await?,
        "exams": exams(life, at, &visit, began).await?,
    });
    let answer = life.post(&at.one, &format!("/api/visits/{visit}/record"), record).await?;
    for found in answer["findings"].as_array().into_iter().flatten() {
        let Some(fault) = bad.iter().find(|f| found["item"] == f.item.as_str()) else { continue };
        let case = findings::Case {
            id: text(found, "id")?,
            business: business.clone(),
            verifier: if found["status"] == "verifying" { at.two.clone() } else { at.one.clone() },
            scene: Scene::named(&fault.scene),
            answer: fault.answer.clone(),
        };
        let (of, own, status) = (life.clone(), life.dice(), text(found, "status")?);
        life.work.begin("finding", async move { findings::course(of, case, &status, own).await });
    }
    after(life, at, &visit, &mut dice).await
}

/// What the business and the leader do about a record before it is published.
async fn after(life: &Rc<Life>, at: &At, visit: &str, dice: &mut Dice) -> Result<()> {
    let owner = match at.turn {
        Turn::Appealed => life.owner(&at.business).await?,
        _ if dice.once_in(9) => life.owner(&at.business).await?,
        _ => Someone::default(),
    };
    life.later(dice.between(1, 3), dice).await;
    match at.turn {
        Turn::Held => {
            let chief = life.office(&at.business.division).chief;
            let why = json!({ "why_held": "同一主体另有案件正在调查，公示可能影响取证" });
            life.act(&chief, visit, "hold", why).await?;
        }
        Turn::Appealed => {
            let grounds = json!({ "grounds": "冷藏柜检查时正在除霜，二十分钟后温度恢复正常，附温度记录" });
            life.act(&owner, visit, "appeal", grounds).await?;
            life.later(dice.between(2, 4), dice).await;
            let third = life.other(&at.business.division, &[&at.one, &at.two]);
            let decision =
                json!({ "decision": "调阅温度记录并复看照片，检查时温度确不符合要求，维持原结果" });
            life.act(&third, visit, "uphold", decision).await?;
        }
        _ if !owner.id.is_empty() => {
            let reply = *dice.pick(&[
                "已组织全体人员学习，保证今后不再发生",
                "问题属实，当天已整改，请求复查",
                "感谢指出，已调整采购流程",
            ]);
            life.act(&owner, visit, "reply", json!({ "reply": reply })).await?;
        }
        _ => {}
    }
    Ok(())
}

/// 监督抽考 at some of the usual visits. Who is examined and how well follows from the id of the visit and is not thrown: all else is thrown
/// as it would be without.
async fn exams(life: &Life, at: &At, visit: &str, began: i64) -> Result<Vec<Value>> {
    let lot: usize = visit.bytes().map(usize::from).sum();
    if !lot.is_multiple_of(3) || at.turn != Turn::Usual {
        return Ok(Vec::new());
    }
    let pack = life.get(&at.one, &format!("/api/visits/{visit}/pack")).await?;
    let exam = &pack["exam"];
    let Some(questions) = exam["papers"][0]["questions"].as_array() else { return Ok(Vec::new()) };
    let wrong = lot / 3 % 4;
    let answer = |(i, q): (usize, &Value)| {
        let chosen = if i < wrong { json!("A") } else { q["right"].clone() };
        json!({ "question": q["code"], "chosen": chosen })
    };
    let answers: Vec<Value> = questions.iter().enumerate().map(answer).collect();
    let post = if wrong < 2 { "director" } else { "officer" };
    let name = ["王*", "李*", "张*", "刘*", "陈*"][lot % 5];
    let one = json!({
        "no": 1, "bank": exam["bank"], "version": exam["version"], "post": post, "name": name, "started_at": began,
        "ended_at": life.now(), "answers": answers
    });
    Ok(vec![one])
}

async fn list(life: &Life, who: &Someone, hash: &str) -> Result<List> {
    if let Some(known) = life.checklists.borrow().iter().find(|l| l.hash == hash) {
        return Ok(known.clone());
    }
    let told = life.get(who, &format!("/api/checklists/{hash}")).await?;
    let of = |item: &Value| Ok((text(item, "code")?, text(item, "photo")?));
    let items = told["list"].as_array().into_iter().flatten().map(of).collect::<Result<Vec<_>>>()?;
    let list = List { hash: hash.to_owned(), code: text(&told["head"], "code")?, items };
    life.checklists.borrow_mut().push(list.clone());
    Ok(list)
}

/// What does not hold.
fn faults(life: &Life, list: &List, turn: Turn, dice: &mut Dice) -> Result<Vec<Fault>> {
    let serious = turn == Turn::Serious;
    let some = serious || turn == Turn::Appealed || dice.below(100) < life.figure("problem_percent")?;
    let fits = |f: &&Fault| f.checklist == list.code && (f.severity == "serious") == serious;
    let mut all: Vec<Fault> = life.text.faults.iter().filter(fits).cloned().collect();
    if turn == Turn::Clean || !some || all.is_empty() {
        return Ok(Vec::new());
    }
    let mut count = 1;
    for key in ["second_percent", "third_percent"] {
        match dice.below(100) < life.figure(key)? {
            true => count += 1,
            false => break,
        }
    }
    let mut out = Vec::new();
    while out.len() < count && !all.is_empty() {
        out.push(all.swap_remove(dice.below(all.len() as u32) as usize));
    }
    Ok(out)
}

async fn bad_answer(life: &Life, at: &At, visit: &str, fault: &Fault, dice: &mut Dice) -> Result<Value> {
    let scene = Scene::named(&fault.scene);
    let photo = shot(life, at, visit, &fault.item, scene, dice).await?;
    let mut answer = json!({
        "item": fault.item, "verdict": "bad", "note": fault.note, "severity": fault.severity, "photos": [photo],
    });
    if fault.severity == "minor" && dice.below(5) < 4 {
        answer["on_the_spot"] = json!(true);
        answer["after"] = json!([shot(life, at, visit, &fault.item, scene, dice).await?]);
    }
    Ok(answer)
}

async fn signatures(life: &Life, at: &At, visit: &str, dice: &mut Dice) -> Result<Value> {
    let mut files = Vec::new();
    for _ in 0..3 {
        files.push(shot(life, at, visit, "signature", Scene::Signature, dice).await?);
    }
    let officers = json!([{ "user": at.one.id, "file": files[0] }, { "user": at.two.id, "file": files[1] }]);
    Ok(match at.turn {
        Turn::Refused => json!({
            "officers": officers,
            "refusal": { "reason": "负责人拒绝签字，称不认可检查结果", "witness": "社区网格员", "file": files[2] },
        }),
        _ => json!({
            "officers": officers,
            "business": { "name": at.business.person, "post": "负责人", "file": files[2] },
        }),
    })
}

/// A photo of a visit; answers its hash.
async fn shot(
    life: &Life,
    at: &At,
    visit: &str,
    item: &str,
    scene: Scene,
    dice: &mut Dice,
) -> Result<String> {
    let path = format!("/api/visits/{visit}/photos?item={item}");
    let kept = life.photo(&at.one, &path, &at.business.shot(), scene, dice).await?;
    text(&kept, "sha256")
}
