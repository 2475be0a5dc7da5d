//! Applications for licences in each step: granted after a visit, mended, accepted by silence, refused, withdrawn, granted on
//! commitment and checked, and those that wait.

use std::rc::Rc;

use kit_base::Result;
use serde_json::{Value, json};
use simulator::{Dice, Role};

use super::people::{Business, Someone};
use super::{Life, Scene, picture, text};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// As far as the life lasts.
    Granted,
    Mended,
    /// Asked to mend, nothing came yet.
    Mending,
    /// Nobody answers in time: accepted by law; then it goes on.
    Silent,
    Refused,
    Withdrawn,
    /// Granted on commitment; what the check found.
    Kept,
    Broken,
    Unchecked,
}

/// With when it is handed in, in thousandths of the life.
const TURNS: &[(Turn, i64)] = &[
    (Turn::Granted, 30),
    (Turn::Granted, 190),
    (Turn::Granted, 410),
    (Turn::Granted, 560),
    (Turn::Mended, 110),
    (Turn::Silent, 260),
    (Turn::Refused, 330),
    (Turn::Withdrawn, 480),
    (Turn::Kept, 140),
    (Turn::Broken, 230),
    (Turn::Unchecked, 760),
    (Turn::Mending, 860),
    (Turn::Granted, 840),
    (Turn::Granted, 880),
    (Turn::Granted, 920),
    (Turn::Granted, 950),
    (Turn::Granted, 985),
];

/// A number of nobody, of the shape that is asked for.
const NOBODY: &str = "11010519491231002X";

pub fn begin(life: &Rc<Life>) {
    let mut dice = life.dice();
    // no business applies twice
    let mut shops = [0, 1].map(|county| life.some(&[Role::Shop], Some(county), TURNS.len(), &mut dice));
    for (no, (turn, permille)) in TURNS.iter().copied().enumerate() {
        let Some(party) = shops[usize::from(no % 4 == 3)].pop() else { continue };
        let (of, own, day) = (life.clone(), life.dice(), permille * life.days / 1_000);
        life.work.begin("application", async move { application(of, party, turn, day, own).await });
    }
}

/// Who decides on it.
struct Desk {
    accept: Someone,
    visitors: [Someone; 2],
    chief: Someone,
}

async fn application(life: Rc<Life>, party: u32, turn: Turn, day: i64, mut dice: Dice) -> Result<()> {
    life.at(day, dice.between(9 * 60, 16 * 60)).await;
    let business = life.business(party);
    let owner = life.owner(&business).await?;
    let desk = desk(&life, &business);
    let paper = picture::jpeg(Scene::Licence, &mut dice)?;
    let file = text(&life.put(&owner, "/api/permits/files", "image/jpeg", paper).await?, "id")?;
    let committed = matches!(turn, Turn::Kept | Turn::Broken | Turn::Unchecked);
    let form = form(&life, &business, &file, committed);
    let mode = if committed { "&mode=commitment" } else { "" };
    let path = format!("/api/permits?matter=food_business&act=new&version=1{mode}");
    let handed = life.put(&owner, &path, "application/octet-stream", form.to_string().into_bytes()).await?;
    let case = text(&handed, "permit")?;
    match turn {
        Turn::Kept | Turn::Broken | Turn::Unchecked => {
            commitment(&life, &case, &owner, &desk, turn, &mut dice).await
        }
        Turn::Withdrawn => {
            life.later(1, &mut dice).await;
            life.act(&owner, &case, "withdraw_application", json!({ "reason": "另择经营地址，重新申请" }))
                .await
                .map(drop)
        }
        Turn::Mended | Turn::Mending => {
            life.later(1, &mut dice).await;
            life.act(
                &desk.accept,
                &case,
                "ask_mend",
                json!({ "to_mend": "补交食品安全管理制度、设备布局图的清晰扫描件" }),
            )
            .await?;
            if turn == Turn::Mending {
                return Ok(());
            }
            life.later(3, &mut dice).await;
            let path = format!("/api/permits/{case}/mend?version=1");
            life.put(&owner, &path, "application/octet-stream", form.to_string().into_bytes()).await?;
            life.later(1, &mut dice).await;
            life.act(&desk.accept, &case, "accept", json!({})).await?;
            decided(&life, &case, &desk, turn, &mut dice).await
        }
        Turn::Silent => {
            // five working days without a word
            life.at(life.after_working(5), 15 * 60).await;
            decided(&life, &case, &desk, turn, &mut dice).await
        }
        _ => {
            life.later(dice.between(1, 2), &mut dice).await;
            life.act(&desk.accept, &case, "accept", json!({})).await?;
            decided(&life, &case, &desk, turn, &mut dice).await
        }
    }
}

fn desk(life: &Life, business: &Business) -> Desk {
    let office = life.office(&business.division);
    let of = |no: usize| office.officers.get(no).cloned().unwrap_or_default();
    Desk { accept: of(0), visitors: [of(2), of(3)], chief: office.chief }
}

/// The form of a shop.
fn form(life: &Life, business: &Business, file: &str, committed: bool) -> Value {
    let party = life.world.party(business.no);
    let mut form = json!({
        "name": business.name, "uscc": party.uscc, "legal": business.person, "legal_id": NOBODY, "phone": "13800000000",
        "address": party.address, "main_form": "1", "sale_mode": "retail", "items": ["X2"], "area": 120,
        "equipment": [{ "name": "冷藏柜", "count": 2 }], "managers": [{ "name": business.person, "post": "officer", "id_no": NOBODY }],
        "layout": [file], "rules": [file], "true": true,
    });
    if committed {
        form["commit_known"] = json!(true);
        form["commit_meets"] = json!(true);
        form["commit_paper"] = json!(file);
    }
    form
}

/// Visit, decision, licence.
async fn decided(life: &Rc<Life>, case: &str, desk: &Desk, turn: Turn, dice: &mut Dice) -> Result<()> {
    life.later(1, dice).await;
    let [one, two] = &desk.visitors;
    life.act(&desk.accept, case, "send_visit", json!({ "visitors": [one.id, two.id], "method": "onsite" }))
        .await?;
    life.later(dice.between(1, 3), dice).await;
    let (result, record) = match turn {
        Turn::Refused => ("fail", "食品库房与住宿区相通，无独立库房，现场不符合要求"),
        _ => ("pass", "逐项核对，经营场所、设备布局与申请材料一致"),
    };
    for who in [one, two] {
        life.act(who, case, "visited", json!({ "visit_result": result, "visit_record": record })).await?;
    }
    life.later(dice.between(1, 2), dice).await;
    if turn == Turn::Refused {
        let form = json!({
            "reason": "经营场所不具备与经营项目相适应的条件（令78号）", "remedy": "可在六十日内申请行政复议，或在六个月内提起行政诉讼",
        });
        return life.act(&desk.chief, case, "refuse", form).await.map(drop);
    }
    life.act(&desk.chief, case, "grant", json!({})).await?;
    life.later(1, dice).await;
    life.act(&desk.accept, case, "issue", json!({})).await.map(drop)
}

/// Granted on the spot; looked at within thirty days.
async fn commitment(
    life: &Rc<Life>,
    case: &str,
    owner: &Someone,
    desk: &Desk,
    turn: Turn,
    dice: &mut Dice,
) -> Result<()> {
    life.work.pass(super::MINUTE * 30);
    life.act(&desk.accept, case, "grant_on_spot", json!({ "spot_note": "承诺书齐全，符合告知承诺条件" }))
        .await?;
    life.act(&desk.accept, case, "issue", json!({})).await?;
    if turn == Turn::Unchecked {
        return Ok(());
    }
    let seen = life.get(&desk.accept, &format!("/api/permits/{case}")).await?;
    let check = text(&seen, "check")?;
    life.later(dice.between(9, 16), dice).await;
    let with = &desk.visitors[0].id;
    if turn == Turn::Kept {
        let form = json!({ "check_record": "现场与承诺内容一致", "with": with });
        return life.act(&desk.accept, &check, "kept", form).await.map(drop);
    }
    let form = json!({ "check_record": "现场无冷藏设备，与承诺不符", "with": with, "ground": "承诺不实" });
    life.act(&desk.accept, &check, "broken", form).await?;
    life.later(2, dice).await;
    life.act(owner, &check, "answer", json!({ "answer": "设备已订购，尚未到货" })).await?;
    life.later(2, dice).await;
    let form = json!({ "reason": "承诺不实，依行政许可法第六十九条撤销许可", "remedy": "可以申请行政复议或者提起行政诉讼" });
    life.act(&desk.chief, &check, "revoke", form).await.map(drop)
}
