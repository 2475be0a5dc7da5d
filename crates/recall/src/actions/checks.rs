//! Effectiveness checks: holders drawn at random are called.

use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::json;

use super::{goes_on, seen};
use crate::model::{CheckDraw, CheckResult};
use crate::rules::{self, draw};
use crate::store::{checks, tasks};

/// Draws whom to call among the holders that were told and not drawn before; the producer is not called.
///
/// Errors: not found, `case_ended`, `size_range`, `pool_empty`.
pub fn draw(act: &mut Act, id: &str, size: i64) -> Result<CheckDraw> {
    let recall = seen(act.tx, act.who(), "recall.supervise", id)?;
    goes_on(&recall)?;
    if !(1..=200).contains(&size) {
        return Err(Error::invalid("size", "size_range", "一次抽取 1 至 200 家"));
    }
    let before: Vec<String> = checks::checks(act.tx, id)?.into_iter().map(|c| c.party).collect();
    let mut pool = tasks::parties(act.tx, id)?;
    pool.retain(|p| *p != recall.party && !before.contains(p));
    if pool.is_empty() {
        return Err(Error::conflict("pool_empty", "没有可以抽取的持有单位：尚未发出通知，或已全部抽过"));
    }
    let seed: [u8; 32] = act.ids().bytes();
    let drawn = draw::drawn(&seed, &pool, usize::try_from(size).unwrap_or(0));
    let hash = draw::pool_hash(&pool);
    let round = checks::draws(act.tx, id)?.len() as i64 + 1;
    let made = CheckDraw {
        round,
        seed: hex::encode(seed),
        pool: pool.len() as i64,
        pool_hash: hex::encode(hash),
        size: drawn.len() as i64,
        at: act.now,
        user_name: act.who().name.clone(),
    };
    checks::add_draw(act.tx, id, &made, &drawn)?;
    let text = kit_files::hash_of_fields(&[
        id.to_owned(),
        made.seed.clone(),
        made.pool_hash.clone(),
        drawn.join(","),
    ]);
    act.tx.fact("recall_draw", format!("{id}#{round}"), text);
    act.subject("recall", id, &recall.division);
    act.note(json!({ "round": round, "pool": made.pool, "drawn": drawn.len() }));
    Ok(made)
}

/// What somebody was told on the telephone. Errors: not found, `case_ended`, `note_length`, `check_done`.
pub fn result(act: &mut Act, id: &str, said: &CheckResult) -> Result<()> {
    let recall = seen(act.tx, act.who(), "recall.supervise", id)?;
    goes_on(&recall)?;
    rules::text("note", &said.note, 0, 500, "说明")?;
    let said = CheckResult {
        // whoever was not reached told nothing
        informed: said.informed && said.reached,
        stopped: said.stopped && said.reached,
        ..said.clone()
    };
    let (name, now) = (act.who().name.clone(), act.now);
    if !checks::result(act.tx, id, &said, &name, now)? {
        return Err(Error::conflict("check_done", "没有抽到这家单位，或已登记过结果"));
    }
    act.subject("recall", id, &recall.division);
    act.note(json!({ "party": said.party, "reached": said.reached }));
    Ok(())
}
