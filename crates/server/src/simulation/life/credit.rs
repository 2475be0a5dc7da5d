//! Grades that two people adjusted, a business on the list of serious offenders, and measures that somebody confirmed.

use std::rc::Rc;

use kit_base::Result;
use serde_json::json;
use simulator::Role;

use super::{Life, text};

pub fn begin(life: &Rc<Life>) {
    for (permille, accepted) in [(250, Some(true)), (430, Some(false)), (930, None)] {
        let of = life.clone();
        life.work.begin("adjustment", async move { adjusted(of, permille, accepted).await });
    }
    // on the list, told and waiting, proposed yesterday
    for (no, permille) in [(0, 120), (1, 880), (2, 985)] {
        let of = life.clone();
        life.work.begin("list of serious offenders", async move { listed(of, no, permille).await });
    }
}

/// An officer asks for another grade, a leader decides.
async fn adjusted(life: Rc<Life>, permille: i64, accepted: Option<bool>) -> Result<()> {
    let mut dice = life.dice();
    let Some(party) = life.some(&[Role::Restaurant, Role::Canteen], Some(0), 1, &mut dice).pop() else {
        return Ok(());
    };
    let business = life.business(party);
    let office = life.office(&business.division);
    let Some(officer) = office.officers.first() else { return Ok(()) };
    life.at(permille * life.days / 1_000, 10 * 60 + 15).await;
    let form = json!({ "grade": "D", "reason": "连续两次夜查发现超许可范围制售冷荤，日常计分未能反映" });
    let made = life.post(officer, &format!("/api/parties/{}/risk/adjust", business.id), form).await?;
    let Some(accept) = accepted else { return Ok(()) };
    life.later(2, &mut dice).await;
    let reason = if accept { "" } else { "夜查记录尚未形成书面结论，待复查后再议" };
    let path = format!("/api/risk/adjustments/{}/decide", text(&made, "id")?);
    life.post(&office.chief, &path, json!({ "accept": accept, "answer": reason })).await.map(drop)
}

/// 严重违法失信名单: proposed, told, answered, decided; then measures.
async fn listed(life: Rc<Life>, no: usize, permille: i64) -> Result<()> {
    let mut dice = life.dice();
    let Some(party) = life.some(&[Role::Workshop, Role::Restaurant], Some(no % 2), 1, &mut dice).pop() else {
        return Ok(());
    };
    let business = life.business(party);
    let office = life.office(&business.division);
    let Some(officer) = office.officers.first() else { return Ok(()) };
    life.at(permille * life.days / 1_000, 9 * 60 + 30).await;
    let form = json!({
        "party": business.id, "ground": "nonfood", "penalty": "示范市监罚〔模拟〕7号",
        "what": "用回收食品作为原料生产经营食品，受到责令停产停业的行政处罚",
    });
    let case = text(&life.post(officer, "/api/credit/serious", form).await?, "id")?;
    life.later(2, &mut dice).await;
    let chief = &office.chief;
    life.claim(chief, &case).await?;
    life.act(chief, &case, "notice", json!({ "opinion": "事实清楚，符合列入情形，同意告知" })).await?;
    life.later(3, &mut dice).await;
    let owner = life.owner(&business).await?;
    life.act(&owner, &case, "reply", json!({ "reply": "已停用回收原料，更换负责人，请求从轻" })).await?;
    life.later(2, &mut dice).await;
    life.claim(chief, &case).await?;
    let list = json!({ "reason": "情节严重，性质恶劣，社会危害较大", "answer": "整改情况可在申请信用修复时考虑，不影响列入" });
    life.act(chief, &case, "list", list).await?;
    // the night proposes measures; one is confirmed, one refused
    life.later(2, &mut dice).await;
    let waiting = life.get(chief, "/api/credit/measures").await?;
    for (measure, accept) in waiting["items"].as_array().into_iter().flatten().zip([true, false]) {
        let path = format!("/api/credit/measures/{}/decide", text(measure, "id")?);
        let reason = if accept { "" } else { "该主体不在本措施适用范围，另行研究" };
        life.post(chief, &path, json!({ "accept": accept, "answer": reason })).await?;
    }
    Ok(())
}
