//! Whom the food went to outside of the platform: a letter each, and that they were told.

use kit_base::amount::Shown;
use kit_base::clock::china_day;
use kit_base::{Error, Result, Unit};
use kit_db::Tx;
use kit_flow::papers::fill::{Block, Content};
use kit_flow::papers::template::Look;
use kit_web::{Act, Actor, Cx};
use serde_json::json;

use super::{goes_on, task, unknown};
use crate::model::{NewTold, Outside, Recall};
use crate::rules::{self, level, scope};
use crate::store::outside;

/// Keeps whom the food went to; whoever is known keeps number and letter.
pub fn keep(act: &mut Act, recall: &Recall, found: &[scope::Outside]) -> Result<()> {
    let known = outside::known(act.tx, &recall.id)?;
    let mut last = known.iter().map(|k| k.3).max().unwrap_or(0);
    let mut new = Vec::new();
    for o in found {
        let same = |k: &&(String, i64, String, i64)| {
            (k.0.as_str(), k.1, k.2.as_str()) == (o.party.as_str(), i64::from(o.origin), o.name.as_str())
        };
        match known.iter().find(same) {
            Some(k) => outside::set(act.tx, &recall.id, k.3, o)?,
            None => {
                last += 1;
                new.push((last, format!("{}告知函第{last}号", recall.number), o));
            }
        }
    }
    outside::add(act.tx, &recall.id, act.now, &new)
}

/// One of them with its recall, for the business that sent it and officers of that place. Errors: not found.
pub fn seen(tx: &mut Tx, who: &Actor, id: &str, no: i64) -> Result<(Recall, Outside)> {
    let found = outside::one(tx, id, no)?.ok_or_else(unknown)?;
    match task(tx, who, id, &found.party) {
        Ok((recall, _)) => Ok((recall, found)),
        // the bureau that runs the recall may do it for all
        Err(_) => Ok((super::seen(tx, who, "recall.supervise", id)?, found)),
    }
}

/// Those of a recall: of the sender that asks, or all for the bureau that runs it. Errors: not found.
pub fn list(tx: &mut Tx, who: &Actor, id: &str, party: &str) -> Result<Vec<Outside>> {
    match party {
        "" => drop(super::seen(tx, who, "recall.read", id)?),
        party => drop(task(tx, who, id, party)?),
    }
    outside::list(tx, id, party)
}

/// They were told.
///
/// Errors: not found, `case_ended`, `how_unknown`, `note_length`, `told_already`.
pub fn told(act: &mut Act, id: &str, no: i64, new: &NewTold) -> Result<()> {
    let (recall, of) = seen(act.tx, act.who(), id, no)?;
    goes_on(&recall)?;
    if !["letter", "phone", "visit"].contains(&new.how.as_str()) {
        return Err(Error::invalid("how", "how_unknown", "请选择函件、电话或上门"));
    }
    rules::text("note", &new.note, 0, 300, "说明")?;
    let (user, name) = (act.who().user.clone(), act.who().name.clone());
    if !outside::told(act.tx, id, no, act.now, &new.how, new.note.trim(), (&user, &name))? {
        return Err(Error::conflict("told_already", "已登记过告知"));
    }
    act.subject("recall", id, &recall.division);
    act.note(json!({ "outside": of.no, "how": new.how }));
    Ok(())
}

/// What the letter says. Its date is that of its number.
pub fn letter(tx: &mut Tx, cx: &Cx, recall: &Recall, of: &Outside) -> Result<Content> {
    let county = kit_flow::store::projection::county(&recall.division).to_owned();
    let organ = accounts::in_charge(tx, &county)?.map_or_else(|| "市场监督管理局".to_owned(), |b| b.name);
    let flows = cx.house.held::<kit_flow::Flows>();
    let case = kit_flow::engine::load(tx, &flows, &recall.id)?;
    let data = case.map(|c| c.state.data).unwrap_or_default();
    let hotline = data.get("hotline").and_then(|v| v.as_str()).unwrap_or("").to_owned();
    let amount = Unit::parse(&of.unit).map_or_else(String::new, |u| Shown(of.amount, u).to_string());
    let level = level(recall.grade)?;
    let day = china_day(of.issued_at);
    let what = format!(
        "{}生产的“{}”（批号{}）因{}，正在实施{}（{}）。据“{}”的发货记录，你单位购进了{}（批号{}）{amount}。",
        recall.party_name,
        recall.food,
        recall.batch,
        recall.reason,
        level.name,
        recall.number,
        of.party_name,
        of.food,
        of.batch
    );
    Ok(Content {
        look: Look::Letter,
        organ,
        title: "食品召回告知函".to_owned(),
        number: of.number.clone(),
        addressee: of.name.clone(),
        blocks: vec![
            Block::Text(what),
            Block::Text(
                "依据食品安全法第六十三条，请立即停止经营和使用并封存上述食品，通知相关生产经营者和消费者，并将现存、已售、销毁的数量告知供货者，配合退回或就地销毁。".to_owned(),
            ),
            Block::Text(format!("咨询电话：{}", if hotline.is_empty() { "12315" } else { &hotline })),
        ],
        remedies: Vec::new(),
        date: format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        signs: Vec::new(),
        simulated: recall.simulated,
    })
}
