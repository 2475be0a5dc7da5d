//! Proofs out of the ledger, and its opening on a database that had records before there was one.

use std::collections::BTreeMap;

use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_ledger::log::include;
use kit_ledger::proof::{FORMAT, ProofFile, RecordProof, path_in};
use kit_ledger::store::{self as ledger, Leaf, PART, Signed};
use kit_ledger::{Batch, Entry, Hash};
use kit_web::audit;
use serde_json::json;

use crate::model::{EventNo, LotNo};
use crate::record::{self, Record};
use crate::store::{codes, events, records};

/// The most events that one proof has.
pub const MOST: i64 = 64;

/// What a page says of a batch's place in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Records of the batch, counted no further than [`MOST`].
    pub records: i64,
    /// Number of the leaf with the first of them.
    pub leaf: i64,
    /// Leaves under the latest checkpoint, and when it was made; `None` where the first record is not under one yet.
    pub signed: Option<(i64, Millis)>,
}

/// Where the batch that began with a lot stands in the ledger. Three indexed reads.
pub fn standing(tx: &mut Tx, origin: LotNo) -> Result<Option<Standing>> {
    let events = records::events_of_batch(tx, origin, MOST)?;
    let Some(&first) = events.first() else { return Ok(None) };
    let Some(leaf) = ledger::leaf_of_event(tx, first)? else { return Ok(None) };
    let signed = ledger::latest(tx)?.filter(|c| c.size >= leaf.no).map(|c| (c.size, c.at));
    Ok(Some(Standing { records: events.len() as i64, leaf: leaf.no, signed }))
}

/// The proof of a trace code: that it stands for its lot, and the records of the batch that began with it.
///
/// Errors: `not_found`; `proof_waiting` where it is not under a checkpoint yet.
pub fn of_code(tx: &mut Tx, code: &str) -> Result<ProofFile> {
    let unknown = || Error::not_found("没有这个追溯码");
    let found = codes::by_code(tx, code)?.ok_or_else(unknown)?;
    let mut making = Making::new(tx)?;
    let own = record::of_code(&found.code, found.lot, &found.party, &found.division, found.made_at);
    making.item(tx, record::CODE, &found.code, own)?;
    if let Some(at) = found.voided_at {
        making.item(tx, record::VOID, &found.code, record::of_void(&found.code, at, &found.void_reason))?;
    }
    for event in records::events_of_batch(tx, found.lot, MOST)? {
        making.event(tx, event)?;
    }
    making.finish(tx, format!("追溯码 {code} 及其批次的流转记录"))
}

/// The proof of one event.
///
/// Errors: `not_found`; `proof_waiting` where it is not under a checkpoint yet.
pub fn of_event(tx: &mut Tx, no: EventNo) -> Result<ProofFile> {
    let mut making = Making::new(tx)?;
    making.event(tx, no)?;
    if making.records.is_empty() {
        return Err(waiting());
    }
    making.finish(tx, format!("第 {no} 号流转记录"))
}

fn waiting() -> Error {
    Error::conflict("proof_waiting", "记录已写入账本，正在签署，请一两秒后重试").retry_after(1)
}

/// A proof in the making; what the checkpoint does not have yet is left out.
struct Making {
    signed: Signed,
    /// Leaves by number.
    leaves: BTreeMap<i64, Vec<RecordProof>>,
    records: Vec<EventNo>,
}

impl Making {
    fn new(tx: &mut Tx) -> Result<Self> {
        let signed = ledger::latest(tx)?.ok_or_else(waiting)?;
        Ok(Self { signed, leaves: BTreeMap::new(), records: Vec::new() })
    }

    fn event(&mut self, tx: &mut Tx, no: EventNo) -> Result<()> {
        let leaf = ledger::leaf_of_event(tx, no)?.filter(|leaf| leaf.no <= self.signed.size);
        let Some(leaf) = leaf else { return Ok(()) };
        let gone = || Error::internal(format!("event {no} of the ledger is missing"));
        let events = Entry::parse(&leaf.entry)?.events.ok_or_else(gone)?;
        let hashes = record_hashes(tx, &leaf, events.first, events.last)?;
        let index = (no - events.first) as usize;
        let path = if hashes.is_empty() { Vec::new() } else { path_in(&hashes, index) };
        let record = record_of(tx, no)?.ok_or_else(gone)?;
        self.add(leaf.no, "events", index as u64, record, &path);
        self.records.push(no);
        Ok(())
    }

    fn item(&mut self, tx: &mut Tx, kind: &str, item: &str, record: Record) -> Result<()> {
        let place = ledger::item(tx, kind, item)?.filter(|(leaf, _)| *leaf <= self.signed.size);
        let Some((leaf, place)) = place else { return Ok(()) };
        let mut hashes = Vec::new();
        ledger::items_of(tx, leaf, kind, &mut |hash| hashes.push(hash))?;
        let path = path_in(&hashes, place as usize);
        self.add(leaf, kind, place as u64, record, &path);
        Ok(())
    }

    fn add(&mut self, leaf: i64, kind: &str, index: u64, record: Record, path: &[Hash]) {
        let base64 = |hash: &Hash| kit_ledger::hash::base64(hash);
        self.leaves.entry(leaf).or_default().push(RecordProof {
            leaf: 0,
            kind: kind.to_owned(),
            index,
            public: record.public,
            sealed: record.sealed.as_ref().map(base64),
            path: path.iter().map(base64).collect(),
        });
    }

    fn finish(self, tx: &mut Tx, about: String) -> Result<ProofFile> {
        if self.leaves.is_empty() {
            return Err(waiting());
        }
        let numbers: Vec<i64> = self.leaves.keys().copied().collect();
        let leaves = include(tx, &self.signed, &numbers)?.into_iter().map(Into::into).collect();
        let records = self.leaves.into_values().enumerate();
        let records = records
            .flat_map(|(leaf, own)| own.into_iter().map(move |record| RecordProof { leaf, ..record }))
            .collect();
        Ok(ProofFile {
            format: FORMAT.to_owned(),
            about,
            checkpoint: self.signed.note,
            checkpoint_at: self.signed.at,
            leaves,
            records,
        })
    }
}

/// Record hashes of a leaf; empty where it has a single event, whose hash is the root.
fn record_hashes(tx: &mut Tx, leaf: &Leaf, first: EventNo, last: EventNo) -> Result<Vec<Hash>> {
    let mut hashes = Vec::new();
    if first < last {
        for part in 0..=(last - first) / PART as i64 {
            hashes.extend(ledger::part(tx, leaf.no, part)?);
        }
        if hashes.len() as i64 != last - first + 1 {
            return Err(Error::internal(format!("records of leaf {} are not whole", leaf.no)));
        }
    }
    Ok(hashes)
}

/// The record of an event as the tables have it.
fn record_of(tx: &mut Tx, no: EventNo) -> Result<Option<Record>> {
    let mut found = None;
    records::Stored::read(tx, no, no)?.each(|_, _, record| found = Some(record));
    Ok(found)
}

/// Opens the ledger on a database: audit rows from before get their leaves, and all that was recorded until then goes
/// into one leaf. Nothing happens where there is a ledger already, or nothing to take in.
pub fn open_ledger(tx: &mut Tx, now: Millis) -> Result<()> {
    if ledger::last_leaf(tx)? > 0 || ledger::size(tx)? > 0 {
        return Ok(());
    }
    audit::begin_ledger(tx)?;
    let (last, _) = events::numbers(tx)?;
    if last == 0 && audit::end(tx)?.0 == 0 {
        return Ok(());
    }
    let note = json!({ "events": last });
    audit::append_by_house(tx, "ledger.open", now, "ledger", &note, |tx, leaf| everything(tx, leaf, last))
}

/// Events a step; each step is read, hashed and let go.
const STEP: i64 = 1_000;

fn everything(tx: &mut Tx, leaf: &mut Batch, last: EventNo) -> Result<()> {
    for from in (1..=last).step_by(STEP as usize) {
        let found = crate::verify::hashes(tx, from, (from + STEP - 1).min(last))?;
        for (no, hash) in (from..).zip(found) {
            let hash = hash.ok_or_else(|| Error::internal(format!("event {no} is missing")))?;
            leaf.event(tx, no, hash)?;
        }
    }
    let mut after = 0;
    loop {
        let found = records::corrections_after(tx, after, STEP)?;
        let Some(last) = found.last() else { break };
        after = last.event;
        for c in found {
            let record = record::of_correction(c.event, &c.reason, (&c.actor, &c.by), c.at, c.replaced_by);
            leaf.item(tx, record::CORRECTION, &c.event.to_string(), &record.hash())?;
        }
    }
    let mut after = String::new();
    loop {
        let found = records::codes_after(tx, &after, STEP)?;
        let Some(last) = found.last() else { return Ok(()) };
        after.clone_from(&last.code);
        for c in found {
            let made = record::of_code(&c.code, c.lot, &c.party, &c.division, c.made_at);
            leaf.item(tx, record::CODE, &c.code, &made.hash())?;
            if let Some(at) = c.voided_at {
                let void = record::of_void(&c.code, at, &c.void_reason);
                leaf.item(tx, record::VOID, &c.code, &void.hash())?;
            }
        }
    }
}
