//! 回访: which holders are called is drawn so that anybody can do it again.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_draw::keep::{self, New, Proof};
use kit_draw::seats::{Cell, Place, Pool};
use kit_draw::store::Whole;
use kit_draw::{DrawFile, hash};
use kit_web::Act;
use serde_json::json;

use super::{goes_on, seen};
use crate::model::{CheckDraw, Recall};
use crate::store::{checks, tasks};

const ROOM: &str = "recall.calls";

/// Commits to the holders that may be called, how many, and a seed, which stays secret until the draw. Said again it is the same promise, as
/// long as the holders are the same.
///
/// Errors: not found, `case_ended`, `size_range`, `pool_empty`.
pub fn promise(act: &mut Act, id: &str, size: i64) -> Result<Proof> {
    let recall = open(act, id)?;
    if !(1..=200).contains(&size) {
        return Err(Error::invalid("size", "size_range", "一次抽取 1 至 200 家"));
    }
    let pool = pool(act.tx, &recall, usize::try_from(size).unwrap_or(1))?;
    let had = kit_draw::store::latest(act.tx, ROOM, id)?;
    let same = |w: &Whole| w.draw.drawn_at.is_none() && w.draw.pool_hash == hash(pool.text().as_bytes());
    if !had.as_ref().is_some_and(same) {
        let name = format!("召回回访抽取（{}）", recall.code);
        keep::commit(act, &New { room: ROOM, about: id, name: &name, division: &recall.division }, &pool)?;
    }
    act.subject("recall", id, &recall.division);
    promised(act.tx, id)?.ok_or_else(|| Error::internal("the promise just made is gone"))
}

/// Draws with the first checkpoint over the promise.
///
/// Errors: not found, `case_ended`, `draw_not_committed`, `draw_early`, `pool_changed`, `pool_empty`.
pub fn draw(act: &mut Act, id: &str) -> Result<CheckDraw> {
    let recall = open(act, id)?;
    let none = || Error::conflict("draw_not_committed", "请先承诺名单，再抽取");
    let waits = |w: &Whole| w.draw.drawn_at.is_none();
    let whole = kit_draw::store::latest(act.tx, ROOM, id)?.filter(waits).ok_or_else(none)?;
    if pool(act.tx, &recall, usize::try_from(whole.draw.seats).unwrap_or(1))?.text() != whole.pool {
        let text = "承诺之后持有单位有变化，请重新承诺名单";
        return Err(Error::conflict("pool_changed", text));
    }
    let picked = keep::run(act, ROOM, &whole)?;
    let drawn: Vec<String> = picked.into_iter().map(|p| p.subject).filter(|s| !s.is_empty()).collect();
    let round = checks::draws(act.tx, id)?.len() as i64 + 1;
    let made = CheckDraw {
        round,
        seed: whole.seed,
        pool: whole.draw.subjects,
        pool_hash: whole.draw.pool_hash,
        size: drawn.len() as i64,
        at: act.now,
        user_name: act.who().name.clone(),
        draw: whole.draw.id.clone(),
    };
    checks::add_draw(act.tx, id, &made, &drawn)?;
    kit_draw::store::used(act.tx, &whole.draw.id, act.now)?;
    act.subject("recall", id, &recall.division);
    act.note(json!({ "round": round, "draw": made.draw, "drawn": drawn.len() }));
    Ok(made)
}

/// A promise that waits for its draw.
pub fn promised(tx: &mut Tx, id: &str) -> Result<Option<Proof>> {
    let waits = |w: &Whole| w.draw.drawn_at.is_none();
    let whole = kit_draw::store::latest(tx, ROOM, id)?.filter(waits);
    whole.map(|w| keep::proof(tx, &w)).transpose()
}

/// What anybody may have: before the draw what was promised, after it everything. Holders are in it by ids that name nobody. Errors: not found.
pub fn file(tx: &mut Tx, draw: &str) -> Result<DrawFile> {
    let whole = kit_draw::store::by_id(tx, ROOM, draw)?.ok_or_else(|| Error::not_found("没有这次抽取"))?;
    keep::file(whole, false)
}

fn open(act: &mut Act, id: &str) -> Result<Recall> {
    let recall = seen(act.tx, act.who(), "recall.supervise", id)?;
    goes_on(&recall)?;
    Ok(recall)
}

/// Holders that were told and not drawn before, each with the same chance; the producer is not called. Errors: `pool_empty`.
fn pool(tx: &mut Tx, recall: &Recall, size: usize) -> Result<Pool> {
    let before: Vec<String> = checks::checks(tx, &recall.id)?.into_iter().map(|c| c.party).collect();
    let mut ids = tasks::parties(tx, &recall.id)?;
    ids.retain(|p| *p != recall.party && !before.contains(p));
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Err(Error::conflict("pool_empty", "没有可以抽取的持有单位：尚未发出通知，或已全部抽过"));
    }
    let count = size.min(ids.len());
    let all = Cell { id: "callback".into(), area: String::new(), group: "-".into(), weight: 1, most: count };
    let place = |id: String| Place { id, area: "-".into(), groups: "-".into(), weight: 1 };
    Ok(Pool {
        count,
        most: 1,
        cells: vec![all],
        places: ids.into_iter().map(place).collect(),
        ..Pool::default()
    })
}
