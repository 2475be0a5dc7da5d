//! What becomes of a sample that failed: served, objected to, disposed of.

use std::rc::Rc;

use kit_base::Result;
use serde_json::json;
use simulator::Dice;

use super::super::people::{Business, Someone};
use super::super::{Life, MINUTE};
use super::Turn;
use super::lab::{Lab, rechecked};

/// Served; then seven working days for an objection, and the disposal.
pub async fn failed(
    life: &Rc<Life>,
    (id, blind): (&str, &str),
    business: &Business,
    (officer, lab): (&Someone, &Lab),
    turn: Turn,
    dice: &mut Dice,
) -> Result<()> {
    life.later(1, dice).await;
    let serve = json!({ "receiver": business.person, "served_on": life.date(life.today()) });
    life.act(officer, id, "tell", json!({ "told_to": "上级市场监督管理局（模拟）" })).await?;
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
        life.work.pass(MINUTE * 40);
        let review = json!({ "side": "trade", "stream": stream, "pass": true });
        life.post(&chief, &format!("{path}/review"), review).await?;
    }
    if turn != Turn::Disposed {
        return Ok(());
    }
    life.later(1, dice).await;
    life.act(&chief, id, "dispose", json!({ "decision": "处置到位，予以办结" })).await.map(drop)
}
