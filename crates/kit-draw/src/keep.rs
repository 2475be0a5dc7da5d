//! The course of a draw: committed to, drawn with the first checkpoint over that, published.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::Act;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::file::{DrawFile, Picked, again};
use crate::seats::{self, Pool};
use crate::store::{self, Draw, Whole};
use crate::{commitment, hash};

/// The kind of fact in the ledger.
pub const FACT: &str = "draw";
/// That of what was drawn.
pub const RESULT: &str = "draw_result";

/// A draw to be committed to.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    pub room: &'a str,
    /// What it is drawn for.
    pub about: &'a str,
    pub name: &'a str,
    pub division: &'a str,
}

/// Where a draw stands in the ledger, and its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DrawProof")]
pub struct Proof {
    pub draw: Draw,
    /// Leaf of the ledger with the commitment; `null`: on its way there.
    pub leaf: Option<i64>,
    /// Leaves signed so far: at `leaf` or above, it can be drawn.
    pub ledger_size: i64,
    /// The note that was mixed in; empty before the draw.
    pub checkpoint: String,
}

/// Commits to a pool and a seed; the seed stays secret until the draw. Errors: those of the database.
pub fn commit(act: &mut Act, new: &New, pool: &Pool) -> Result<Draw> {
    let (text, seed) = (pool.text(), act.ids().bytes::<32>());
    let whole = Whole {
        draw: Draw {
            id: act.id(),
            about: new.about.to_owned(),
            name: new.name.to_owned(),
            division: new.division.to_owned(),
            seats: pool.count as i64,
            subjects: pool.places.len() as i64,
            officers: pool.officers.len() as i64,
            excluded: pool.excluded.len() as i64,
            by_name: act.who().name.clone(),
            committed_at: act.now,
            drawn_at: None,
            used_at: None,
            seed_hash: hash(&seed),
            pool_hash: hash(text.as_bytes()),
        },
        seed: hex::encode(seed),
        checkpoint: String::new(),
        pool: text,
        result: String::new(),
    };
    store::insert(act.tx, new.room, &whole)?;
    let d = whole.draw;
    act.tx.fact(FACT, d.id.clone(), commitment(&d.seed_hash, &d.pool_hash));
    act.note(json!({ "draw": d.id, "seed_hash": d.seed_hash, "pool_hash": d.pool_hash }));
    Ok(d)
}

/// The first signed checkpoint over a commitment: its size and note. Errors: `draw_early` before there is one.
pub fn first_checkpoint(tx: &mut Tx, id: &str) -> Result<(i64, String)> {
    let early = || Error::conflict("draw_early", "账本尚未签署此次承诺，请稍后再抽取");
    let leaf = kit_ledger::store::item(tx, FACT, id)?.map(|found| found.0);
    let latest = kit_ledger::store::latest(tx)?.map_or(0, |c| c.size);
    let leaf = leaf.filter(|leaf| *leaf <= latest).ok_or_else(early)?;
    let first = kit_ledger::store::checkpoints(tx, leaf - 1, latest)?.into_iter().next().ok_or_else(early)?;
    Ok((first.size, first.note))
}

/// Draws, once; drawing again answers what was drawn. Errors: `draw_early`.
pub fn run(act: &mut Act, room: &str, whole: &Whole) -> Result<Vec<Picked>> {
    if whole.draw.drawn_at.is_some() {
        return picked(whole);
    }
    let id = whole.draw.id.as_str();
    let (size, note) = first_checkpoint(act.tx, id)?;
    let result = again(seats::FORMAT, &whole.pool, &whole.seed, &note)?;
    let text = serde_json::to_string(&result).map_err(Error::internal)?;
    store::drawn(act.tx, id, &note, &text, act.now)?;
    act.tx.fact(RESULT, id.to_owned(), Sha256::digest(text.as_bytes()).into());
    act.note(json!({ "draw": id, "room": room, "checkpoint": size, "drawn": result.len() }));
    Ok(result)
}

/// What was drawn; nothing before.
pub fn picked(whole: &Whole) -> Result<Vec<Picked>> {
    match whole.result.as_str() {
        "" => Ok(Vec::new()),
        text => serde_json::from_str(text).map_err(Error::internal),
    }
}

/// Where it stands.
pub fn proof(tx: &mut Tx, whole: &Whole) -> Result<Proof> {
    Ok(Proof {
        leaf: kit_ledger::store::item(tx, FACT, &whole.draw.id)?.map(|found| found.0),
        ledger_size: kit_ledger::store::latest(tx)?.map_or(0, |c| c.size),
        checkpoint: whole.checkpoint.clone(),
        draw: whole.draw.clone(),
    })
}

/// What anybody may have: before the draw the hashes, after it all. `open`: the pool is no secret even before.
pub fn file(whole: Whole, open: bool) -> Result<DrawFile> {
    let drawn = whole.draw.drawn_at.is_some();
    Ok(DrawFile {
        format: seats::FORMAT.into(),
        result: picked(&whole)?,
        id: whole.draw.id,
        name: whole.draw.name,
        seed_hash: whole.draw.seed_hash,
        pool_hash: whole.draw.pool_hash,
        seed: if drawn { whole.seed } else { String::new() },
        checkpoint: whole.checkpoint,
        pool: if drawn || open { whole.pool } else { String::new() },
    })
}
