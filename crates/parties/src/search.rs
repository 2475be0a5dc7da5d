//! Search over all businesses: their names, codes, licences and addresses, see [`kit_find`].

use kit_base::Result;
use kit_db::{Db, Tx};
use kit_find::{Followed, Text, Thing};

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

/// The index of the house; shared by all requests.
///
/// It hears of changes on this server at their commit, and of those on other servers by their numbers: before each
/// search, what changed since the last is read from the database.
#[derive(Default)]
pub struct Search(Followed);

impl Search {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in businesses as they are after a change, in the order of their changes. An entry older than what is known
    /// of its business is passed over.
    pub fn apply(&self, entries: &[Entry]) {
        self.0.apply(&things(entries));
    }

    /// Takes in what other servers changed.
    pub fn catch_up(&self, tx: &mut Tx) -> Result<()> {
        let last = store::last_seq(tx)?;
        loop {
            let from = self.0.reached();
            if from >= last {
                return Ok(());
            }
            // numbers whose business changed again since are in no row: the step is whole all the same
            let until = (from + STEP).min(last);
            let entries = store::entries(tx, from, until)?;
            self.0.step(from, until, &things(&entries));
        }
    }

    /// Builds the index anew aside and puts it in the place of the old one, which answers meanwhile.
    pub fn rebuild(&self, db: &Db) -> Result<usize> {
        let fresh = Self::new();
        db.read_blocking(|tx| fresh.catch_up(tx))?;
        Ok(self.0.replace(fresh.0))
    }

    /// The businesses that hold every word of the query, best first, then in the order they came.
    pub fn find(&self, query: &Query) -> Found {
        named(self.0.find(query))
    }

    /// Businesses that may be meant by a query with a typing error, nearest first.
    pub fn near(&self, query: &Query) -> Found {
        named(self.0.near(query))
    }

    /// Businesses known.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        self.0.bytes()
    }
}

fn things(entries: &[Entry]) -> Vec<Thing> {
    entries.iter().filter_map(thing).collect()
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
