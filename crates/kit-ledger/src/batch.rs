//! The leaf of a transaction: gathers its facts, and is written last, with the audit row.

use std::collections::BTreeMap;

use kit_base::{Error, Millis, Result};
use kit_db::Tx;

use crate::entry::{Entry, Events, Items};
use crate::hash::{Hash, Stack};
use crate::store::{self, Leaf, PART};

/// A leaf in the making. Memory stays bounded however many facts there are.
pub struct Batch {
    leaf: i64,
    first_event: i64,
    events: Stack,
    /// Hashes not written yet.
    waiting: Vec<Hash>,
    items: BTreeMap<String, Stack>,
}

impl Batch {
    /// The leaf of the audit row with this number.
    pub fn new(leaf: i64) -> Self {
        Self { leaf, first_event: 0, events: Stack::default(), waiting: Vec::new(), items: BTreeMap::new() }
    }

    /// Takes what the transaction recorded.
    pub fn take(&mut self, tx: &mut Tx) -> Result<()> {
        let facts = tx.take_facts();
        for (i, hash) in facts.events.iter().enumerate() {
            self.event(tx, facts.first_event + i as i64, *hash)?;
        }
        facts.items.iter().try_for_each(|fact| self.item(tx, fact.kind, &fact.item, &fact.hash))
    }

    /// Adds the record of an event; they come in the order of their numbers.
    pub fn event(&mut self, tx: &mut Tx, no: i64, hash: Hash) -> Result<()> {
        if self.events.count() == 0 {
            self.first_event = no;
        }
        let next = self.first_event + self.events.count() as i64;
        if no != next {
            return Err(Error::internal(format!("event {no} given to the ledger where {next} was next")));
        }
        if self.waiting.len() == PART {
            self.write_part(tx)?;
        }
        self.events.push(hash);
        self.waiting.push(hash);
        Ok(())
    }

    fn write_part(&mut self, tx: &mut Tx) -> Result<()> {
        let written = self.events.count() - self.waiting.len() as u64;
        store::insert_part(tx, self.leaf, (written / PART as u64) as i64, &self.waiting)?;
        self.waiting.clear();
        Ok(())
    }

    /// Adds a fact that is no event.
    pub fn item(&mut self, tx: &mut Tx, kind: &str, item: &str, hash: &Hash) -> Result<()> {
        let stack = self.items.entry(kind.to_owned()).or_default();
        store::insert_item(tx, kind, item, (self.leaf, stack.count() as i64), hash)?;
        stack.push(*hash);
        Ok(())
    }

    /// Writes the leaf: `at` and `audit` (hex) are those of the audit row.
    pub fn finish(mut self, tx: &mut Tx, at: Millis, audit: &str) -> Result<()> {
        let count = self.events.count();
        // the record of a single event is the root itself
        if count > 1 {
            self.write_part(tx)?;
        }
        let last = self.first_event + count as i64 - 1;
        let events = (count > 0).then(|| Events { first: self.first_event, last, root: self.events.root() });
        let items = self
            .items
            .into_iter()
            .map(|(kind, stack)| (kind, Items { count: stack.count(), root: stack.root() }))
            .collect();
        let entry = Entry { no: self.leaf, at, audit: audit.to_owned(), events, items };
        let leaf = Leaf {
            no: self.leaf,
            entry: entry.text(),
            first_event: events.map(|e| e.first),
            last_event: events.map(|e| e.last),
        };
        store::insert_leaf(tx, &leaf)
    }
}
