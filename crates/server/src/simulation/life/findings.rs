//! Findings after they were found: mended with proof, sent back, late, silent, unchecked; and those that others than
//! visits told of.

use std::rc::Rc;

use kit_base::Result;
use serde_json::json;
use simulator::{Dice, Role, Told};

use super::people::{Business, Someone};
use super::{Life, Scene, Shot, enforcement, text};

/// A finding and what belongs to it.
pub struct Case {
    pub id: String,
    pub business: Business,
    /// Whoever checks.
    pub verifier: Someone,
    pub scene: Scene,
    /// What the business answers.
    pub answer: String,
}

/// How it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Mended,
    Back,
    Late,
    Silent,
    Unchecked,
}

fn fate(life: &Life, dice: &mut Dice) -> Result<Fate> {
    let mut thrown = dice.below(100);
    let fates = [
        ("back_percent", Fate::Back),
        ("late_percent", Fate::Late),
        ("silent_percent", Fate::Silent),
        ("unchecked_percent", Fate::Unchecked),
    ];
    for (key, fate) in fates {
        let share = life.figure(key)?;
        if thrown < share {
            return Ok(fate);
        }
        thrown -= share;
    }
    Ok(Fate::Mended)
}

/// From its status after it was found to its end, if the life lasts so long.
pub async fn course(life: Rc<Life>, case: Case, status: &str, mut dice: Dice) -> Result<()> {
    match status {
        "case" => enforcement::of_finding(&life, &case, dice).await,
        "verifying" => {
            life.later(dice.between(1, 4), &mut dice).await;
            checked(&life, &case, "改正情况属实", &mut dice).await
        }
        _ => mending(&life, &case, &mut dice).await,
    }
}

async fn mending(life: &Life, case: &Case, dice: &mut Dice) -> Result<()> {
    let fate = fate(life, dice)?;
    if fate == Fate::Silent {
        return Ok(());
    }
    let days = if fate == Fate::Late { dice.between(17, 24) } else { dice.between(2, 6) };
    life.later(days, dice).await;
    mend(life, case, dice).await?;
    if fate == Fate::Unchecked {
        return Ok(());
    }
    life.later(dice.between(1, 3), dice).await;
    if fate == Fate::Back {
        let due = life.date(life.working(life.today() + 7));
        let why = json!({ "result": "现场复看仍有同类情况，整改不彻底", "due": due });
        life.act(&case.verifier, &case.id, "back", why).await?;
        life.later(dice.between(2, 6), dice).await;
        mend(life, case, dice).await?;
        life.later(dice.between(1, 3), dice).await;
    }
    checked(life, case, "现场复查，已按要求整改", dice).await
}

/// The business shows what it did.
async fn mend(life: &Life, case: &Case, dice: &mut Dice) -> Result<()> {
    let owner = life.owner(&case.business).await?;
    let mut at = case.business.shot();
    // now and then an officer has something to look at twice
    match dice.below(16) {
        0 => at.in_app = false,
        1 => at = Shot { lon: at.lon + 0.02, ..at },
        _ => {}
    }
    let mut proof = Vec::new();
    for _ in 0..dice.between(1, 2) {
        let path = format!("/api/findings/{}/evidence?stage=mend", case.id);
        proof.push(text(&life.photo(&owner, &path, &at, case.scene, dice).await?, "id")?);
    }
    let form = json!({ "answer": case.answer, "proof": proof });
    life.act(&owner, &case.id, "mend", form).await.map(drop)
}

async fn checked(life: &Life, case: &Case, result: &str, dice: &mut Dice) -> Result<()> {
    let mut form = json!({ "result": result });
    if dice.below(5) < 2 {
        let path = format!("/api/findings/{}/evidence?stage=verify", case.id);
        let kept = life.photo(&case.verifier, &path, &case.business.shot(), case.scene, dice).await?;
        form["check_proof"] = json!([text(&kept, "id")?]);
    }
    life.act(&case.verifier, &case.id, "close", form).await.map(drop)
}

/// What happens to something that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Usual,
    /// Nobody assigns it.
    Left,
    Dismissed,
    Void,
    Suspended,
    Extended,
}

const TURNS: &[(Turn, i64)] = &[
    (Turn::Left, 700),
    (Turn::Left, 985),
    (Turn::Left, 992),
    (Turn::Dismissed, 300),
    (Turn::Void, 450),
    (Turn::Suspended, 760),
    (Turn::Extended, 880),
];

pub fn begin(life: &Rc<Life>) {
    let mut dice = life.dice();
    let share = i64::from(life.figure("notes_percent").unwrap_or(30));
    let visits = life.figure("visits_permille").unwrap_or(45) * life.world.party_count() / 1_000;
    let count = (i64::from(visits) * share / 100 * life.days / 60).max(TURNS.len() as i64 + 9) as usize;
    for no in 0..count {
        let (turn, permille) = TURNS.get(no).copied().unwrap_or((Turn::Usual, dice.between(5, 990)));
        let Some(told) = life.text.told.get(no % life.text.told.len().max(1)).cloned() else { return };
        let roles: &[Role] = match (told.source.as_str(), told.scene.as_str()) {
            ("complaint", "shelf") => &[Role::Shop, Role::SmallShop],
            ("exchange", "plant") => &[Role::Canteen],
            _ => &[Role::Restaurant, Role::Canteen],
        };
        let county = dice.below(3).min(life.people.borrow().offices.len() as u32 - 1) as usize;
        let Some(party) = life.some(roles, Some(county), 1, &mut dice).pop() else { continue };
        let (of, own, day) = (life.clone(), life.dice(), permille * life.days / 1_000);
        life.work.begin("told", async move { heard(of, party, told, turn, day, own).await });
    }
}

async fn heard(life: Rc<Life>, party: u32, told: Told, turn: Turn, day: i64, mut dice: Dice) -> Result<()> {
    life.at(day, dice.between(8 * 60 + 40, 16 * 60 + 30)).await;
    let business = life.business(party);
    let (one, two) = life.pair(&business.division, &mut dice);
    let own = told.source == "self_check";
    let who = if own { life.owner(&business).await? } else { one.clone() };
    let number = match told.source.as_str() {
        "complaint" => format!("12315-{}", dice.between(100_000, 999_999)),
        "exchange" => format!("转办{}号", dice.between(10, 99)),
        _ => String::new(),
    };
    let new = json!({
        "source": told.source, "source_ref": number, "party": business.id, "what": told.what, "rule": told.rule,
        "severity": told.severity,
    });
    let id = text(&life.post(&who, "/api/findings", new).await?, "id")?;
    let scene = Scene::named(&told.scene);
    if !own {
        let path = format!("/api/findings/{id}/evidence?stage=found");
        life.photo(&one, &path, &business.shot(), scene, &mut dice).await?;
    }
    let chief = life.office(&business.division).chief;
    if turn == Turn::Left {
        return Ok(());
    }
    life.later(1, &mut dice).await;
    match turn {
        Turn::Dismissed => {
            let why = json!({ "reason": "调取监控与小票核实，反映情况不是本店" });
            return life.act(&chief, &id, "dismiss", why).await.map(drop);
        }
        Turn::Void => {
            let op = json!({ "op": { "do": "void" }, "note": "同一问题重复登记" });
            return life.post(&chief, &format!("/api/cases/{id}/acts"), op).await.map(drop);
        }
        _ => {}
    }
    let due = life.date(life.working(life.today() + dice.between(7, 12)));
    let form = json!({ "measure": told.measure, "due": due, "verifier": two.id });
    life.act(&one, &id, "assign", form).await?;
    let case = Case { id: id.clone(), business, verifier: two, scene, answer: told.answer };
    match turn {
        Turn::Suspended => {
            life.later(1, &mut dice).await;
            let op = json!({ "op": { "do": "suspend", "reason": "停业" }, "note": "企业停业装修一个月" });
            life.post(&chief, &format!("/api/cases/{id}/acts"), op).await.map(drop)
        }
        Turn::Extended => {
            life.later(2, &mut dice).await;
            let due = life.date(life.working(life.today() + 20));
            let form = json!({ "due": due, "reason": "设备须由厂家发货，申请延长" });
            life.act(&chief, &id, "extend", form).await.map(drop)
        }
        _ => mending(&life, &case, &mut dice).await,
    }
}
