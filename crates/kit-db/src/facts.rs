//! What a unit of work records for ever. The ledger's leaf takes it at the end of the same transaction.

/// SHA-256.
pub type Digest = [u8; 32];

/// The facts of one unit of work, in the order in which they were recorded.
#[derive(Debug, Default)]
pub struct Facts {
    /// Number of the first event; the others follow without a gap.
    pub first_event: i64,
    /// Hash of each event's record.
    pub events: Vec<Digest>,
    pub items: Vec<Fact>,
}

/// A fact that is no event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What kind of fact: `correction`, `code`, `void`.
    pub kind: &'static str,
    /// What it is about; only one fact of a kind may be about it.
    pub item: String,
    pub hash: Digest,
}

impl Facts {
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.items.is_empty()
    }

    /// How much there is, to go back to with [`Facts::truncate`].
    pub(crate) fn mark(&self) -> (usize, usize) {
        (self.events.len(), self.items.len())
    }

    pub(crate) fn truncate(&mut self, (events, items): (usize, usize)) {
        self.events.truncate(events);
        self.items.truncate(items);
    }
}
