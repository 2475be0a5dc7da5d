//! A proof as a file: records, their leaves, and the checkpoint that all of it hashes to. It is checked without asking
//! anybody anything but the log's public key.

use kit_base::{Error, Millis, Result};
use serde::{Deserialize, Serialize};

use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::hash::{Hash, base64, hash_from, leaf_hash};
use crate::log::Included;
use crate::note::PublicKey;
use crate::tree::includes;

pub const FORMAT: &str = "shian-proof/1";

/// What a consumer keeps.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProofFile {
    /// [`FORMAT`]
    pub format: String,
    /// What it is a proof of, for people.
    pub about: String,
    /// The signed note.
    pub checkpoint: String,
    /// When the checkpoint was made; not signed. ms UTC
    pub checkpoint_at: Millis,
    pub leaves: Vec<LeafProof>,
    pub records: Vec<RecordProof>,
}

/// A leaf of the log, and its way to the checkpoint's root.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeafProof {
    /// Index in the log.
    pub index: u64,
    pub entry: String,
    /// base64, the leaf's sibling first
    pub path: Vec<String>,
}

/// A record, and its way to a root that its leaf names.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordProof {
    /// Index in `leaves`.
    pub leaf: usize,
    /// `events`, or the kind of another fact
    pub kind: String,
    /// Place among those of its kind in the leaf, from 0.
    pub index: u64,
    /// The open part of the record, as it was hashed.
    pub public: String,
    /// Hash of the part that is not shown, base64; `None` where all is open.
    pub sealed: Option<String>,
    pub path: Vec<String>,
}

/// What a proof that holds says.
#[derive(Debug, Clone)]
pub struct Proven {
    pub checkpoint: Checkpoint,
    /// Leaf, kind and open part of each record.
    pub records: Vec<(Entry, String, String)>,
}

/// Hash of a record: its open part, and the hash of what is not shown.
pub fn record_hash(public: &str, sealed: Option<&Hash>) -> Hash {
    let mut bytes = Vec::with_capacity(public.len() + 33);
    bytes.extend_from_slice(public.as_bytes());
    bytes.push(b'\n');
    bytes.extend_from_slice(sealed.map_or(&[], |hash| hash.as_slice()));
    leaf_hash(&bytes)
}

impl From<Included> for LeafProof {
    fn from(i: Included) -> Self {
        Self { index: i.index, entry: i.entry, path: i.path.iter().map(|h| base64(h)).collect() }
    }
}

impl ProofFile {
    /// Checks everything in the file against the public key.
    ///
    /// Errors: `proof_form`, `proof_wrong` with the place as the field, and those of opening the checkpoint.
    pub fn check(&self, key: &PublicKey) -> Result<Proven> {
        if self.format != FORMAT {
            let text = format!("不认识的凭证格式“{}”，请使用新版程序校验", self.format);
            return Err(Error::invalid("format", "proof_form", text));
        }
        let checkpoint = Checkpoint::open(&self.checkpoint, key).map_err(|e| e.at("checkpoint"))?;
        let mut entries = Vec::with_capacity(self.leaves.len());
        for (i, leaf) in self.leaves.iter().enumerate() {
            entries.push(leaf.check(&checkpoint).map_err(|e| e.at(format!("leaves/{i}")))?);
        }
        let mut records = Vec::with_capacity(self.records.len());
        for (i, record) in self.records.iter().enumerate() {
            let place = format!("records/{i}");
            let entry = entries.get(record.leaf).ok_or_else(|| form(&place))?;
            record.check(entry).map_err(|e| e.at(place))?;
            records.push((entry.clone(), record.kind.clone(), record.public.clone()));
        }
        Ok(Proven { checkpoint, records })
    }
}

fn form(place: &str) -> Error {
    Error::invalid(place, "proof_form", "凭证文件内容不完整")
}

fn wrong(text: &str) -> Error {
    Error::conflict("proof_wrong", text)
}

fn path_from(path: &[String]) -> Result<Vec<Hash>> {
    path.iter().map(|text| hash_from(text)).collect()
}

impl LeafProof {
    fn check(&self, checkpoint: &Checkpoint) -> Result<Entry> {
        let (leaf, path) = (leaf_hash(self.entry.as_bytes()), path_from(&self.path)?);
        if !includes(&checkpoint.root, checkpoint.size, self.index, &leaf, &path) {
            return Err(wrong("账本条目不在检查点之内，凭证已被改动"));
        }
        let entry = Entry::parse(&self.entry)?;
        if entry.no as u64 != self.index + 1 {
            return Err(wrong("账本条目的序号与位置不符"));
        }
        Ok(entry)
    }
}

impl RecordProof {
    fn check(&self, entry: &Entry) -> Result<()> {
        let roots = match self.kind.as_str() {
            "events" => entry.events.map(|e| ((e.last - e.first + 1) as u64, e.root)),
            kind => entry.items.get(kind).map(|i| (i.count, i.root)),
        };
        let (count, root) = roots.ok_or_else(|| wrong("账本条目没有这一类记录"))?;
        let sealed = self.sealed.as_deref().map(hash_from).transpose()?;
        let hash = record_hash(&self.public, sealed.as_ref());
        if !includes(&root, count, self.index, &hash, &path_from(&self.path)?) {
            return Err(wrong("记录内容与账本不符，已被改动"));
        }
        Ok(())
    }
}

/// The way of one hash to the root over a short list.
pub fn path_in(hashes: &[Hash], index: usize) -> Vec<Hash> {
    let (mut path, mut part, mut at) = (Vec::new(), hashes, index);
    while part.len() > 1 {
        let (left, right) = part.split_at(part.len().next_power_of_two() / 2);
        if at < left.len() {
            path.push(crate::hash::Stack::root_of(right));
            part = left;
        } else {
            path.push(crate::hash::Stack::root_of(left));
            at -= left.len();
            part = right;
        }
    }
    path.reverse();
    path
}
