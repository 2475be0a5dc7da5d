//! An index that follows a table by the numbers of its changes: changes of this server at their commit, those of others read
//! from the database before a search. Nothing is passed over, whoever takes what in when.

use parking_lot::RwLock;

use crate::index::{Found, Index, Query, Thing};

#[derive(Default)]
struct State {
    index: Index,
    /// the last change up to which all are taken in
    seq: i64,
}

/// The index and how far it has come; shared by all requests.
#[derive(Default)]
pub struct Followed {
    state: RwLock<State>,
}

impl Followed {
    pub fn new() -> Self {
        Self::default()
    }

    /// The number up to which every change is taken in.
    pub fn reached(&self) -> i64 {
        self.state.read().seq
    }

    /// Takes in things as a commit of this server left them, in the order of their changes. One older than what is known of
    /// it is passed over.
    pub fn apply(&self, things: &[Thing]) {
        let rows = Index::rows(things);
        let mut state = self.state.write();
        state.index.put_all(things, &rows);
        // only what joins on is known to be without a gap
        for thing in things {
            state.seq += i64::from(thing.seq == state.seq + 1);
        }
    }

    /// Takes in all that changed after `from` and up to `until`, as it was read. Answers whether it did: it does not where
    /// another came first, or put an index in its place that has not come so far; what was read then joins on to nothing.
    pub fn step(&self, from: i64, until: i64, things: &[Thing]) -> bool {
        let rows = Index::rows(things);
        let mut state = self.state.write();
        if state.seq != from {
            return false;
        }
        state.index.put_all(things, &rows);
        state.seq = until;
        true
    }

    /// Puts an index that was built aside in the place of this one; answers how many things it knows.
    pub fn replace(&self, fresh: Self) -> usize {
        let state = fresh.state.into_inner();
        let known = state.index.len();
        *self.state.write() = state;
        known
    }

    /// What holds every word of the query, best first.
    pub fn find(&self, query: &Query) -> Found {
        self.state.read().index.find(query)
    }

    /// What may be meant by a query with a typing error, nearest first.
    pub fn near(&self, query: &Query) -> Found {
        self.state.read().index.near(query)
    }

    /// Things known.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;

    fn thing(seq: i64) -> Thing {
        Thing {
            id: seq as u128,
            seq,
            text: Text::new(&format!("老王{seq}号店")),
            division: "410902".into(),
            kind: "shop".into(),
            status: "active".into(),
        }
    }

    fn known(followed: &Followed, seq: i64) -> bool {
        let text = format!("老王{seq}号店");
        let query = Query { text, jurisdiction: vec![String::new()], take: 10, ..Query::default() };
        followed.find(&query).ids.contains(&(seq as u128))
    }

    #[test]
    fn an_index_put_in_place_while_a_step_was_read_leaves_no_gap() {
        let followed = Followed::new();
        let all: Vec<Thing> = (1..=30).map(thing).collect();
        assert!(followed.step(0, 20, &all[..20]));
        // somebody reads the next step, and meanwhile an index that has come to 10 only is put in place
        let from = followed.reached();
        let fresh = Followed::new();
        assert!(fresh.step(0, 10, &all[..10]));
        assert_eq!(followed.replace(fresh), 10);
        assert!(!followed.step(from, 30, &all[20..]));
        assert_eq!(followed.reached(), 10);
        // what is read next joins on
        assert!(followed.step(10, 30, &all[10..]));
        assert!((1..=30).all(|seq| known(&followed, seq)));
    }

    #[test]
    fn a_commit_that_does_not_join_on_is_found_but_not_counted() {
        let followed = Followed::new();
        followed.apply(&[thing(1), thing(2)]);
        followed.apply(&[thing(5)]);
        assert_eq!((followed.reached(), known(&followed, 5)), (2, true));
        assert!(followed.step(2, 5, &[thing(3), thing(4), thing(5)]));
        assert_eq!((followed.reached(), followed.len()), (5, 5));
    }
}
