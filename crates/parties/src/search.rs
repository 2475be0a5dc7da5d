//! Search over all businesses: their names, codes, licences and addresses, see [`kit_find`].

use kit_base::Result;
use kit_db::{Db, Tx};
use kit_find::{Index, Text, Thing};
use parking_lot::RwLock;

use crate::store;

pub use kit_find::Query;

/// What search knows of a business.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: String,
    pub seq: i64,
    pub name: String,
    pub code: String,
    pub uscc: String,
    pub licences: Vec<String>,
    pub address: String,
    pub division: String,
    pub kind: String,
    pub status: String,
}

/// What was found: ids of one page, best first, and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub ids: Vec<String>,
    pub total: usize,
}

/// Changes read at once.
const STEP: i64 = 20_000;

#[derive(Default)]
struct State {
    index: Index,
    /// the last change up to which all are taken in
    seq: i64,
}

/// The index of the house; shared by all requests.
///
/// It hears of changes on this server at their commit, and of those on other servers by their numbers: before each
/// search, what changed since the last is read from the database.
#[derive(Default)]
pub struct Search {
    state: RwLock<State>,
}

impl Search {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in businesses as they are after a change, in the order of their changes. An entry older than what is known
    /// of its business is passed over.
    pub fn apply(&self, entries: &[Entry]) {
        let things: Vec<Thing> = entries.iter().filter_map(thing).collect();
        let rows = Index::rows(&things);
        let mut state = self.state.write();
        state.index.put_all(&things, &rows);
        // only what joins on is known to be without a gap
        for entry in entries {
            state.seq += i64::from(entry.seq == state.seq + 1);
        }
    }

    /// Takes in what other servers changed.
    pub fn catch_up(&self, tx: &mut Tx) -> Result<()> {
        let last = store::last_seq(tx)?;
        loop {
            let from = self.state.read().seq;
            if from >= last {
                return Ok(());
            }
            let until = (from + STEP).min(last);
            let entries = store::entries(tx, from, until)?;
            self.apply(&entries);
            // numbers whose business changed again since are in no row: the step is whole all the same
            let mut state = self.state.write();
            state.seq = state.seq.max(until);
        }
    }

    /// Builds the index anew aside and puts it in the place of the old one, which answers meanwhile.
    pub fn rebuild(&self, db: &Db) -> Result<usize> {
        let fresh = Self::new();
        db.read_blocking(|tx| fresh.catch_up(tx))?;
        let state = fresh.state.into_inner();
        let known = state.index.len();
        *self.state.write() = state;
        Ok(known)
    }

    /// The businesses that hold every word of the query, best first, then in the order they came.
    pub fn find(&self, query: &Query) -> Found {
        named(self.state.read().index.find(query))
    }

    /// Businesses that may be meant by a query with a typing error, nearest first.
    pub fn near(&self, query: &Query) -> Found {
        named(self.state.read().index.near(query))
    }

    /// Businesses known.
    pub fn len(&self) -> usize {
        self.state.read().index.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        self.state.read().index.bytes()
    }
}

fn thing(entry: &Entry) -> Option<Thing> {
    let text = Text::new(&entry.name).code(&entry.code).code(&entry.uscc);
    let text = entry.licences.iter().fold(text, |text, licence| text.code(licence));
    Some(Thing {
        id: uuid::Uuid::try_parse(&entry.id).ok()?.as_u128(),
        seq: entry.seq,
        text: text.other(&entry.address),
        division: entry.division.clone(),
        kind: entry.kind.clone(),
        status: entry.status.clone(),
    })
}

fn named(found: kit_find::Found) -> Found {
    let ids = found.ids.into_iter().map(|id| uuid::Uuid::from_u128(id).to_string()).collect();
    Found { ids, total: found.total }
}
