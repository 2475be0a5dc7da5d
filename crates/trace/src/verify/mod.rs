//! Walks the whole ledger: that its leaves hash to the signed checkpoints, and that the database hashes to its leaves.
//!
//! Every difference is a [`Fault`] that names what it is about: the event that was changed, deleted or added, the
//! declared error, the code, the audit row, the leaf. Memory is bounded: a tile of leaves and a thousand events at once.

mod facts;

use std::collections::{HashMap, VecDeque};

use kit_base::Result;
use kit_db::Tx;
use kit_ledger::hash::leaf_hash;
use kit_ledger::store::{self as ledger, Leaf};
use kit_ledger::tree::{Edge, WIDTH};
use kit_ledger::{Checkpoint, Entry, Hash, PublicKey};
use kit_web::audit;
use serde::Serialize;

use crate::model::EventNo;
use crate::store::events::numbers;

/// Something that is not as the ledger has it.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    /// `event_changed`, `event_deleted`, `event_added`, `lot_added`, `input_added`, `papers_added`, `correction_…`, `code_…`, `void_…`,
    /// `records_changed`, `leaf_…`, `audit_…`, `tile_changed`, `checkpoint_wrong`, `ledger_set_back`
    pub code: &'static str,
    /// Number of the event, the code, the leaf …
    pub place: String,
    /// The event that it is about, where it is about one.
    pub event: Option<EventNo>,
    pub message: String,
}

impl Fault {
    fn new(code: &'static str, place: impl ToString, message: impl Into<String>) -> Self {
        Self { code, place: place.to_string(), event: None, message: message.into() }
    }

    fn of(code: &'static str, event: EventNo, message: impl Into<String>) -> Self {
        Self { event: Some(event), ..Self::new(code, event, message) }
    }
}

/// What was walked.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Walked {
    pub leaves: i64,
    /// Leaves under the latest checkpoint; what is beyond it is checked all the same, only not signed yet.
    pub signed: i64,
    pub checkpoints: u64,
    pub events: i64,
    pub corrections: u64,
    pub codes: u64,
    /// Entries of cases, documents, and samples with all that belongs to them; told by whoever has them walked.
    pub entries: i64,
    pub papers: i64,
    pub samples: i64,
    pub faults: u64,
}

/// What the walk is held against.
pub struct Against<'a> {
    pub key: &'a PublicKey,
    /// Checkpoints kept elsewhere: the server's copy, one that somebody wrote down.
    pub known: Vec<Checkpoint>,
}

/// How to tell; `fault` answers whether to go on.
pub struct Tell<'a> {
    pub fault: &'a mut dyn FnMut(Fault) -> bool,
    /// Leaves and events done, of all.
    pub progress: &'a mut dyn FnMut(i64, i64),
}

/// Walks everything. Ends early where `tell.fault` does not want more.
///
/// Errors: those of the database; that the ledger does not fit is a fault, not an error.
pub fn verify(tx: &mut Tx, against: &Against, tell: Tell) -> Result<Walked> {
    let mut walk = Walk {
        tell,
        done: Walked { signed: ledger::size(tx)?, ..Walked::default() },
        edge: Edge::default(),
        next_event: 1,
        before: None,
        known: against.known.iter().cloned().map(|c| ("外存检查点", c)).collect(),
        goes_on: true,
        total: 0,
    };
    let last = ledger::last_leaf(tx)?;
    walk.total = last + numbers(tx)?.0;
    walk.latest(tx, against.key, last)?;
    let mut from = 0;
    while from < last && walk.goes_on {
        let to = (from + WIDTH as i64).min(last);
        walk.tile(tx, against.key, from, to)?;
        from = to;
    }
    if walk.goes_on {
        walk.ends(tx, last)?;
    }
    if walk.goes_on {
        facts::others(&mut walk, tx)?;
    }
    walk.done.leaves = last;
    walk.done.events = walk.next_event - 1;
    Ok(walk.done)
}

struct Walk<'a> {
    tell: Tell<'a>,
    done: Walked,
    /// The signed tree so far.
    edge: Edge,
    next_event: EventNo,
    /// Hash of the audit row before the next leaf.
    before: Option<String>,
    /// Checkpoints to come, ascending, and what they are called.
    known: VecDeque<(&'static str, Checkpoint)>,
    goes_on: bool,
    total: i64,
}

impl Walk<'_> {
    fn fault(&mut self, fault: Fault) {
        if self.goes_on {
            self.done.faults += 1;
            self.goes_on = (self.tell.fault)(fault);
        }
    }

    /// The latest checkpoint is of the tree that the state names, and no known one is beyond it.
    fn latest(&mut self, tx: &mut Tx, key: &PublicKey, last: i64) -> Result<()> {
        let signed = self.done.signed;
        let latest = ledger::latest(tx)?;
        let size = latest.as_ref().map_or(0, |c| c.size);
        if size != signed || signed > last {
            let text =
                format!("账本状态记为 {signed} 条，最新检查点为 {size} 条，条目共 {last} 条，三者不符");
            self.fault(Fault::new("checkpoint_wrong", signed, text));
        }
        if let Some(Err(e)) = latest.map(|c| Checkpoint::open(&c.note, key)) {
            self.fault(Fault::new("checkpoint_wrong", size, format!("最新检查点：{}", e.message)));
        }
        let mut known: Vec<_> = self.known.drain(..).collect();
        known.sort_by_key(|(_, c)| c.size);
        for (_, beyond) in known.iter().filter(|(_, c)| c.size > signed as u64) {
            let text = format!(
                "外存检查点已有 {} 条，数据库的账本只签署到 {signed} 条：数据库被退回到从前的状态",
                beyond.size
            );
            self.fault(Fault::new("ledger_set_back", beyond.size, text));
        }
        self.known = known.into_iter().filter(|(_, c)| c.size <= signed as u64).collect();
        Ok(())
    }

    /// The leaves `from + 1 ..= to`, at most one tile.
    fn tile(&mut self, tx: &mut Tx, key: &PublicKey, from: i64, to: i64) -> Result<()> {
        let leaves = ledger::leaves_after(tx, from, to - from)?;
        let entries: HashMap<i64, Option<Entry>> =
            leaves.iter().map(|leaf| (leaf.no, Entry::parse(&leaf.entry).ok())).collect();
        let hash_of = |no: i64| entries.get(&no).and_then(|e| e.as_ref()).map(|e| e.audit.clone());
        let before = self.before.take();
        let links =
            audit::links(
                tx,
                from + 1,
                to,
                |no| {
                    if no == from + 1 { before.clone() } else { hash_of(no - 1) }
                },
            )?;
        self.before = hash_of(to);
        let links: HashMap<i64, audit::Link> = links.into_iter().map(|link| (link.no, link)).collect();
        self.gather_checkpoints(tx, key, from, to)?;
        let tile = ledger::tile(tx, 0, from as u64 / WIDTH)?;
        let mut stored = leaves.into_iter().peekable();
        for no in from + 1..=to {
            let leaf = stored.next_if(|leaf| leaf.no == no);
            self.leaf_in_tree(tx, no, leaf.as_ref(), &tile)?;
            let Some(leaf) = leaf else { continue };
            let Some(Some(entry)) = entries.get(&no) else {
                self.fault(Fault::new("leaf_changed", no, format!("账本第 {no} 条的内容无法识别")));
                continue;
            };
            self.audit_row(no, entry, links.get(&no));
            facts::of_leaf(self, tx, &leaf, entry)?;
            if !self.goes_on {
                return Ok(());
            }
        }
        (self.tell.progress)(to + self.next_event - 1, self.total);
        Ok(())
    }

    /// Checkpoints that the leaves of this tile reach; each must be signed.
    fn gather_checkpoints(&mut self, tx: &mut Tx, key: &PublicKey, from: i64, to: i64) -> Result<()> {
        for stored in ledger::checkpoints(tx, from, to)? {
            match Checkpoint::open(&stored.note, key) {
                Ok(c) if c.size == stored.size as u64 => self.known.push_back(("检查点", c)),
                Ok(_) => self.fault(Fault::new("checkpoint_wrong", stored.size, "检查点与其登记的条数不符")),
                Err(e) => self.fault(Fault::new("checkpoint_wrong", stored.size, e.message)),
            }
        }
        self.known.make_contiguous().sort_by_key(|(_, c)| c.size);
        Ok(())
    }

    /// The leaf's place in the tree: the tile's hash is what the checkpoints sign, the entry must hash to it.
    fn leaf_in_tree(&mut self, tx: &mut Tx, no: i64, leaf: Option<&Leaf>, tile: &[u8]) -> Result<()> {
        let computed = leaf.map(|leaf| leaf_hash(leaf.entry.as_bytes()));
        if computed.is_none() {
            self.fault(Fault::new("leaf_deleted", no, format!("账本第 {no} 条被删除")));
        }
        if no > self.done.signed {
            return Ok(());
        }
        let at = ((no - 1) as u64 % WIDTH) as usize * 32;
        let in_tile: Option<Hash> = tile.get(at..at + 32).and_then(|bytes| bytes.try_into().ok());
        if computed.is_some() && in_tile != computed {
            self.fault(Fault::new("leaf_changed", no, format!("账本第 {no} 条与账本分片不符")));
        }
        let mut full = Vec::new();
        let hash = in_tile.or(computed).unwrap_or_default();
        self.edge.push(hash, &mut |tile| {
            full.push(tile);
            Ok(())
        })?;
        for made in full.iter().filter(|made| made.level > 0) {
            if ledger::tile(tx, made.level, made.no)? != made.hashes.concat() {
                self.tile_fault(made.level, made.no);
            }
        }
        while self.known.front().is_some_and(|(_, c)| c.size <= self.edge.size()) {
            let Some((name, checkpoint)) = self.known.pop_front() else { break };
            self.done.checkpoints += 1;
            if checkpoint.root != self.edge.root() {
                let text = format!("{name}（{} 条）的根与账本不符", checkpoint.size);
                self.fault(Fault::new("checkpoint_wrong", checkpoint.size, text));
            }
        }
        Ok(())
    }

    fn tile_fault(&mut self, level: u8, no: u64) {
        self.fault(Fault::new(
            "tile_changed",
            format!("{level}/{no}"),
            format!("账本分片 {level}/{no} 被改动"),
        ));
    }

    fn audit_row(&mut self, no: i64, entry: &Entry, link: Option<&audit::Link>) {
        let fault = match link {
            None => ("audit_deleted", "被删除"),
            Some(l) if l.hash != entry.audit || l.right != entry.audit || l.at != entry.at => {
                ("audit_changed", "被改动")
            }
            Some(_) if entry.no != no => ("leaf_changed", "与账本条目错位"),
            Some(_) => return,
        };
        self.fault(Fault::new(fault.0, no, format!("审计记录第 {no} 条{}", fault.1)));
    }

    /// The ends of the log: tiles that are not full, checkpoints and audit rows beyond it.
    fn ends(&mut self, tx: &mut Tx, last: i64) -> Result<()> {
        let partial: Vec<(u8, u64, Vec<u8>)> =
            self.edge.partial().map(|(level, no, hashes)| (level, no, hashes.concat())).collect();
        for (level, no, hashes) in partial {
            if level > 0 && ledger::tile(tx, level, no)? != hashes {
                self.tile_fault(level, no);
            }
        }
        for beyond in ledger::checkpoints(tx, last, i64::MAX)? {
            let text = format!("检查点声称有 {} 条，账本只有 {last} 条", beyond.size);
            self.fault(Fault::new("checkpoint_wrong", beyond.size, text));
        }
        let (end, _) = audit::end(tx)?;
        if end != last {
            let text = format!("审计记录到第 {end} 条，账本到第 {last} 条");
            self.fault(Fault::new("audit_added", end, text));
        }
        for link in audit::links(tx, last + 1, last + audit::STEP, |_| None)? {
            self.fault(Fault::new("audit_added", link.no, format!("审计记录第 {} 条不在账本内", link.no)));
        }
        for (kind, item) in ledger::stray_items(tx, last)? {
            self.fault(Fault::new("leaf_changed", &item, format!("事实 {kind} {item} 不属于任何账本条目")));
        }
        Ok(())
    }
}

/// Hash of each event `first ..= last` as the tables have it now; `None` where it is not there.
pub fn hashes(tx: &mut Tx, first: EventNo, last: EventNo) -> Result<Vec<Option<Hash>>> {
    Ok(facts::read(tx, first, last)?.into_iter().map(|found| found.map(|(_, hash)| hash)).collect())
}
