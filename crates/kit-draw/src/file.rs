//! A draw as it is published, and done again.

use kit_base::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{hash, officers, seats};

/// A subject that was drawn, with who is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Picked {
    /// Empty: no place is left for this seat.
    pub subject: String,
    /// Empty: nobody is free to go.
    pub officers: Vec<String>,
    /// Too few were left without the rotation of areas: it was set aside.
    pub waived: bool,
    /// The cell whose seat it is; draws of places alone have none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cell: String,
}

/// A draw as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DrawFile {
    /// shian-draw-1, shian-draw-2
    pub format: String,
    pub id: String,
    pub name: String,
    /// SHA-256 of the bytes of the seed, hex; in the ledger before.
    pub seed_hash: String,
    /// SHA-256 of the lines of the pool, hex; in the ledger before.
    pub pool_hash: String,
    /// 32 bytes, hex; empty before the draw.
    pub seed: String,
    /// The signed checkpoint that was mixed in; empty before the draw.
    pub checkpoint: String,
    /// Lines of the pool.
    pub pool: String,
    /// Empty before the draw.
    pub result: Vec<Picked>,
}

impl DrawFile {
    /// As it is told while it is secret whom it fell on: what was promised, nothing else.
    pub fn closed(self) -> Self {
        Self {
            seed: String::new(),
            checkpoint: String::new(),
            pool: String::new(),
            result: Vec::new(),
            ..self
        }
    }
}

/// The root that a checkpoint says, base64. Errors: `draw_checkpoint`.
pub fn root_of(note: &str) -> Result<String> {
    let root = note.lines().nth(2).filter(|l| !l.is_empty());
    root.map(str::to_owned)
        .ok_or_else(|| Error::invalid("checkpoint", "draw_checkpoint", "账本检查点的格式不正确"))
}

/// Does a draw of either kind. Errors: `draw_format`, `draw_checkpoint`, `pool_line`, those of the pool.
pub fn again(format: &str, pool: &str, seed: &str, checkpoint: &str) -> Result<Vec<Picked>> {
    let (root, pool_hash) = (root_of(checkpoint)?, hash(pool.as_bytes()));
    match format {
        officers::FORMAT => Ok(officers::draw(&officers::Pool::read(pool)?, seed, &root, &pool_hash)),
        seats::FORMAT => Ok(seats::draw(&seats::Pool::read(pool)?, seed, &root, &pool_hash)),
        _ => Err(Error::invalid("format", "draw_format", "不是随机抽取文件")),
    }
}

/// Does a published draw again and compares; answers how many were drawn. Who signed the checkpoint is for others to look at.
///
/// Errors: `draw_format`, `draw_not_yet`, `draw_seed`, `draw_pool`, `draw_checkpoint`, `pool_line`, `draw_result` with the first difference.
pub fn verify(file: &DrawFile) -> Result<usize> {
    let wrong = |field: &str, code: &'static str, text: &str| Err(Error::invalid(field, code, text));
    if ![officers::FORMAT, seats::FORMAT].contains(&file.format.as_str()) {
        return wrong("format", "draw_format", "不是随机抽取文件");
    }
    if file.seed.is_empty() {
        return wrong("seed", "draw_not_yet", "尚未抽取，种子没有公开");
    }
    let seed = hex::decode(&file.seed).unwrap_or_default();
    if hash(&seed) != file.seed_hash {
        return wrong("seed", "draw_seed", "种子与事先承诺的不一致");
    }
    if hash(file.pool.as_bytes()) != file.pool_hash {
        return wrong("pool", "draw_pool", "抽取名单与事先承诺的不一致");
    }
    let again = again(&file.format, &file.pool, &file.seed, &file.checkpoint)?;
    let differs = again.iter().zip(&file.result).position(|(a, b)| a != b);
    match differs {
        None if again.len() == file.result.len() => Ok(again.len()),
        at => {
            let at = at.unwrap_or(again.len().min(file.result.len()));
            let text = format!("第 {} 个结果与重新抽取的不一致", at + 1);
            Err(Error::invalid(format!("result/{at}"), "draw_result", text))
        }
    }
}
