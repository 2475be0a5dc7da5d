//! The content of a frozen scope as a file: one JSON value a line, so that neither writing nor reading holds a second
//! copy in memory. The file's name in the store is the hash of its bytes.

use std::io::{BufRead as _, BufReader, Read};

use kit_base::{Error, Result};
use kit_files::{Files, Kept};
use serde::{Deserialize, Serialize};

use crate::model::{Marks, View};
use crate::rules::picture::{LotFact, PartyFact, Picture, ProductFact};

/// Bytes gathered before they are handed to the store.
const PIECE: usize = 256 * 1024;
/// Largest content, in bytes.
const LIMIT: u64 = 4 << 30;

/// First line.
#[derive(Debug, Serialize, Deserialize)]
pub struct Head {
    /// `shian-scope/1`
    pub form: String,
    /// number of the case
    pub case: String,
    pub at: i64,
    pub view: View,
    pub marks: Marks,
    /// hash of the network file, where the case is of one; then there are no further lines
    pub network: Option<String>,
    pub event: i64,
    pub reached: i64,
    pub sources: i64,
    pub followers: i64,
    pub complete: bool,
    pub seeds: Vec<u32>,
}

pub const FORM: &str = "shian-scope/1";

#[derive(Serialize, Deserialize)]
enum Line {
    #[serde(rename = "p")]
    Party(PartyFact),
    #[serde(rename = "d")]
    Product(ProductFact),
    #[serde(rename = "b")]
    Batch(String),
    #[serde(rename = "l")]
    Lot(LotFact),
    #[serde(rename = "r")]
    Relation(u32, u32),
}

/// What a file holds.
pub enum Content {
    Picture(Box<Picture>),
    /// hash of the network file
    Network(String),
}

/// Writes the content into the store.
pub fn write(files: &Files, head: &Head, picture: &Picture) -> Result<Kept> {
    let mut intake = files.intake(LIMIT)?;
    let mut piece = serde_json::to_vec(head).map_err(Error::internal)?;
    piece.push(b'\n');
    if head.network.is_none() {
        let parties = picture.parties.iter().cloned().map(Line::Party);
        let products = picture.products.iter().cloned().map(Line::Product);
        let batches = picture.batches.iter().cloned().map(Line::Batch);
        let lots = picture.lots.iter().copied().map(Line::Lot);
        let relations = picture.relations.iter().map(|&(from, into)| Line::Relation(from, into));
        for line in parties.chain(products).chain(batches).chain(lots).chain(relations) {
            serde_json::to_writer(&mut piece, &line).map_err(Error::internal)?;
            piece.push(b'\n');
            if piece.len() >= PIECE {
                intake.write(&piece)?;
                piece.clear();
            }
        }
    }
    intake.write(&piece)?;
    intake.keep()
}

/// Reads a content back.
pub fn read(from: impl Read) -> Result<Content> {
    let mut lines = BufReader::with_capacity(PIECE, from).lines();
    let head = lines.next().ok_or_else(|| Error::internal("frozen scope is empty"))??;
    let head: Head = serde_json::from_str(&head).map_err(Error::internal)?;
    if head.form != FORM {
        return Err(Error::internal(format!("frozen scope of form {}", head.form)));
    }
    if let Some(hash) = head.network {
        return Ok(Content::Network(hash));
    }
    let mut picture = Picture {
        event: head.event,
        seeds: head.seeds,
        reached: head.reached,
        sources: head.sources,
        followers: head.followers,
        complete: head.complete,
        ..Picture::default()
    };
    for line in lines {
        match serde_json::from_str(&line?).map_err(Error::internal)? {
            Line::Party(party) => picture.parties.push(party),
            Line::Product(product) => picture.products.push(product),
            Line::Batch(batch) => picture.batches.push(batch),
            Line::Lot(lot) => picture.lots.push(lot),
            Line::Relation(from, into) => picture.relations.push((from, into)),
        }
    }
    Ok(Content::Picture(Box::new(picture)))
}
