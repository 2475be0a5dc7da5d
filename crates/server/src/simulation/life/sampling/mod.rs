//! Sampling: a plan of the county, and samples in each step: planned, on the way, being tested, conforming, failing and served, objected
//! to, rechecked, in disposal, refused. Some are taken of those whose managers are told every week.

mod failed;
mod lab;
mod published;

use std::rc::Rc;

use kit_base::{Error, Result};
use serde_json::{Value, json};
use simulator::{Dice, Role};

use super::members::{self, Group};
use super::people::{Business, Someone};
use super::{Life, Scene, text};
pub use lab::Lab;

/// How far a sample comes, or what it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Planned,
    Refused,
    /// Sealed and offered to the laboratory.
    Offered,
    /// In test, with readings that the analyst has not signed yet.
    Read,
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

/// Where a sample is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Maker,
    Shop,
    /// Of the chain, of the market that weekly files are made for.
    Branch,
    Stall,
}

/// How far it comes, where it is taken, and when, in thousandths of the life. Weekly files are made in its second half.
const TURNS: &[(Turn, Whose, i64)] = &[
    (Turn::Disposed, Whose::Maker, 60),
    (Turn::Disposal, Whose::Branch, 150),
    (Turn::Disposal, Whose::Maker, 380),
    (Turn::Conforms, Whose::Branch, 90),
    (Turn::Conforms, Whose::Maker, 200),
    (Turn::Conforms, Whose::Stall, 310),
    (Turn::Conforms, Whose::Maker, 420),
    (Turn::Conforms, Whose::Branch, 540),
    (Turn::Conforms, Whose::Maker, 640),
    (Turn::Conforms, Whose::Stall, 720),
    (Turn::Refused, Whose::Maker, 480),
    (Turn::Objected, Whose::Shop, 640),
    (Turn::Served, Whose::Maker, 700),
    (Turn::Failed, Whose::Shop, 560),
    (Turn::Failed, Whose::Maker, 600),
    (Turn::Read, Whose::Shop, 760),
    (Turn::Testing, Whose::Maker, 930),
    (Turn::Offered, Whose::Shop, 950),
    (Turn::Planned, Whose::Maker, 940),
    (Turn::Planned, Whose::Shop, 960),
    (Turn::Rechecking, Whose::Maker, 500),
    (Turn::Overturned, Whose::Branch, 260),
    (Turn::Upheld, Whose::Maker, 330),
    (Turn::Testing, Whose::Shop, 910),
    (Turn::Disposal, Whose::Branch, 470),
    (Turn::Disposal, Whose::Stall, 500),
    (Turn::Conforms, Whose::Branch, 600),
];

pub fn begin(life: &Rc<Life>) {
    let of = life.clone();
    life.work.begin("laboratory", async move {
        let lab = lab::laboratory(&of).await?;
        let office = of.people.borrow().offices.first().cloned().unwrap_or_default();
        let Some(officer) = office.officers.first().cloned() else { return Ok(()) };
        let quotas = plan(&of, &officer, &office.county).await?;
        super::campaigns::begin(&of, &lab);
        published::begin(&of, &officer);
        let mut dice = of.dice();
        let mut places = Places::of(&of);
        for (no, (turn, whose, permille)) in TURNS.iter().copied().enumerate() {
            let Some(party) = places.next(&of, whose, &mut dice) else { continue };
            // the plan is the county's own
            let near = of.business(party).division.starts_with(&office.county);
            let quota =
                quotas.get(usize::from(whose != Whose::Maker)).filter(|_| near).cloned().unwrap_or_default();
            let (on, own, lab, day) = (of.clone(), of.dice(), lab.clone(), permille * of.days / 1_000);
            let at = At { party, day, no, made_here: whose == Whose::Maker, quota };
            of.work.begin("sample", async move { sample(on, at, lab, turn, own).await });
        }
        Ok(())
    });
}

/// Where the next sample is taken.
struct Places {
    branches: std::vec::IntoIter<u32>,
    stalls: std::vec::IntoIter<u32>,
}

impl Places {
    fn of(life: &Life) -> Self {
        let members = |group: Option<Group>| group.map(|g| g.members).unwrap_or_default().into_iter();
        Self { branches: members(members::chain(life)), stalls: members(members::market(life)) }
    }

    /// A member that was not sampled yet; where there is none any shop.
    fn next(&mut self, life: &Life, whose: Whose, dice: &mut Dice) -> Option<u32> {
        let member = match whose {
            Whose::Branch => self.branches.next(),
            Whose::Stall => self.stalls.next(),
            _ => None,
        };
        let roles: &[Role] =
            if whose == Whose::Maker { &[Role::Producer, Role::Workshop] } else { &[Role::Shop] };
        member.or_else(|| life.some(roles, Some(0), 1, dice).pop())
    }
}

/// A sample that is taken.
struct At {
    party: u32,
    /// Of the life.
    day: i64,
    /// Of the sample, for its seals and who goes.
    no: usize,
    made_here: bool,
    /// Cell of the plan.
    quota: String,
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

async fn sample(life: Rc<Life>, at: At, lab: Lab, turn: Turn, mut dice: Dice) -> Result<()> {
    let At { party, day, no, made_here, quota } = at;
    let business = life.business(party);
    // both of the bureau, which keeps what they take
    let officers = life.office(&business.division).officers;
    let of = |no: usize| officers.get(no % officers.len().max(1)).cloned().unwrap_or_default();
    let (one, two) = (of(no), of(no + 1));
    life.at(day, dice.between(9 * 60, 15 * 60)).await;
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
    let mut filled = sheet(life, task, business, no)?;
    filled["signatures"] = signatures(life, &path("media?kind=signature"), (one, business), dice).await?;
    life.post(one, &path("sheet"), filled).await?;
    life.post(two, &path("seal"), json!({})).await?;
    for part in ["test", "spare"] {
        life.post(one, &path("offers"), json!({ "part": part, "receiver": lab.party })).await?;
    }
    if turn == Turn::Offered {
        return Ok(());
    }
    lab::tested(life, task, lab, turn, dice).await?;
    if turn > Turn::Failed {
        failed::failed(life, (&id, &text(task, "blind")?), business, (one, lab), turn, dice).await?;
    }
    Ok(())
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (*self as u8).partial_cmp(&(*other as u8))
    }
}

/// The sampler and the business sign on the spot.
async fn signatures(
    life: &Rc<Life>,
    path: &str,
    (one, business): (&Someone, &Business),
    dice: &mut Dice,
) -> Result<Value> {
    let mut out = Vec::new();
    for (role, name) in [("first", &one.name), ("business", &business.person)] {
        let drawn = life.photo(one, path, &business.shot(), Scene::Signature, dice).await?;
        out.push(json!({ "role": role, "name": name, "file": drawn["file"] }));
    }
    Ok(Value::Array(out))
}

/// The 抽样单.
fn sheet(life: &Life, task: &Value, business: &Business, no: usize) -> Result<Value> {
    let (today, party) = (life.today(), life.world.party(business.no));
    let made_here = text(task, "stage")? == "produce";
    Ok(
        json!({ "code": "", "seal_test": format!("示范{:04}-J", no + 1), "seal_spare": format!("示范{:04}-B", no + 1), "sheet": {
        "task_source": "县局", "sampling_type": "usual", "place_type": if made_here { "成品库" } else { "货架" }, "food_major": "豆制品",
        "task_class": "监督抽检", "unit_name": "市场监督管理局（模拟）", "shop_name": business.name, "shop_address": party.address,
        "area_type": "city", "shop_contact": business.person, "goods_type": "industrial", "origin": if made_here { "own" } else { "bought" },
        "nature": "usual", "packing": "prepacked", "name": "五香豆干", "made": life.date(today - 12), "spec": "120g/袋",
        "batch": format!("示范{}", life.date(today - 12).replace('-', "")), "price": 500, "imported": false, "sterile": "plain", "form": "solid",
        "storage": "room", "base_amount": "500", "amount": "2.4", "spare_amount": "1.2", "amount_unit": "kg", "expires": life.date(today + 168),
    } }),
    )
}
