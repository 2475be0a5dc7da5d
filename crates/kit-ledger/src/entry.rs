//! What a leaf says: which audit row it stands for, and the facts of that transaction. Lines of text:
//!
//! ```text
//! shian-leaf/1
//! audit 17 1772500000000 <hash of the audit row, hex>
//! events 5 12 <root over the records of events 5 to 12, base64>
//! code 3 <root over the three codes made, base64>
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kit_base::{Error, Millis, Result};

use crate::hash::{Hash, base64, hash_from};

const HEAD: &str = "shian-leaf/1";

/// A leaf's entry, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Number of the audit row.
    pub no: i64,
    /// ms UTC
    pub at: Millis,
    /// Hash of the audit row, hex.
    pub audit: String,
    pub events: Option<Events>,
    /// Facts that are no events, by kind.
    pub items: BTreeMap<String, Items>,
}

/// The events of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Events {
    pub first: i64,
    pub last: i64,
    pub root: Hash,
}

/// The facts of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Items {
    pub count: u64,
    pub root: Hash,
}

impl Entry {
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\naudit {} {} {}\n", self.no, self.at, self.audit);
        // writing to a String cannot fail
        if let Some(e) = &self.events {
            let _ = writeln!(text, "events {} {} {}", e.first, e.last, base64(&e.root));
        }
        for (kind, items) in &self.items {
            let _ = writeln!(text, "{kind} {} {}", items.count, base64(&items.root));
        }
        text
    }

    /// Errors: `leaf_form`.
    pub fn parse(text: &str) -> Result<Self> {
        let read = Self::read(text).filter(|entry| entry.text() == text);
        read.ok_or_else(|| Error::invalid("", "leaf_form", "账本条目格式不正确"))
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.strip_prefix(HEAD)?.strip_prefix('\n')?.lines();
        let mut audit = lines.next()?.strip_prefix("audit ")?.split(' ');
        let mut entry = Self {
            no: audit.next()?.parse().ok()?,
            at: audit.next()?.parse().ok()?,
            audit: audit.next()?.to_owned(),
            events: None,
            items: BTreeMap::new(),
        };
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["events", first, last, root] => {
                    let root = hash_from(root).ok()?;
                    entry.events =
                        Some(Events { first: first.parse().ok()?, last: last.parse().ok()?, root });
                }
                [kind, count, root] => {
                    let items = Items { count: count.parse().ok()?, root: hash_from(root).ok()? };
                    entry.items.insert((*kind).to_owned(), items);
                }
                _ => return None,
            }
        }
        Some(entry)
    }
}
