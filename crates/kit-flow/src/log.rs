//! The log of a case: entries that are only added, each hashed with the one before it.
//!
//! An entry tells what was done and, as effects, all that came of it. So the state is a fold of the effects alone: it
//! needs neither the definition nor the calendar of that day, and old logs replay for ever. Names of effects and of their
//! fields are never changed; new ones are added.

use kit_base::{Error, Millis, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::clock::{Due, Left};
use crate::definition::Mode;

/// What came of an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Opened(Opened),
    /// The status after it.
    Entered(String),
    Flagged(String),
    Unflagged(String),
    /// Who wrote the entry did this action of the definition.
    Did(String),
    /// Values of the form that stay with the case.
    Kept(Map<String, Value>),
    Started {
        clock: String,
        left: Left,
        due: Due,
        remind_at: Option<Millis>,
    },
    Paused {
        clock: String,
        left: Left,
    },
    Resumed {
        clock: String,
        due: Due,
        remind_at: Option<Millis>,
    },
    /// The calendar of a year was announced.
    Moved {
        clock: String,
        due: Due,
        remind_at: Option<Millis>,
    },
    /// It has another period than it was started with.
    Renewed {
        clock: String,
        left: Left,
        due: Due,
        remind_at: Option<Millis>,
    },
    Stopped(String),
    Expired(String),
    Reminded(String),
    TaskOpened {
        task: i64,
        code: String,
        may: String,
        mode: Mode,
        seats: Vec<Person>,
    },
    TaskClosed(i64),
    Seated {
        task: i64,
        person: Person,
        added: bool,
    },
    /// 加签 of a task of one: from now on every seat signs.
    Countersigned(i64),
    Unseated {
        task: i64,
        user: String,
    },
    Delegated {
        task: i64,
        user: String,
        to: Person,
    },
    Answered {
        task: i64,
        user: String,
    },
    Signed {
        task: i64,
        user: String,
    },
    Urged(i64),
    Suspended(String),
    Continued,
    Ended(How),
    Locked {
        person: Person,
        until: Millis,
    },
    Unlocked,
    Issued {
        code: String,
        serial: i64,
        number: String,
    },
    Annulled {
        number: String,
    },
    Child {
        kind: String,
        case: String,
    },
    ChildEnded(String),
    Handled {
        division: String,
        level: u8,
    },
    /// The entry before is taken back.
    Undone,
}

/// How a case begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Hash of the definition, see [`crate::definition::hash_of`].
    pub definition: String,
    pub kind: String,
    /// The number that people use; empty for kinds without.
    pub number: String,
    pub title: String,
    /// Where it lies; whose it is follows from it.
    pub division: String,
    /// Business that it is about; empty for none.
    pub business: String,
    /// The case above it; empty for none.
    pub parent: String,
    pub simulated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Person {
    pub user: String,
    pub name: String,
}

/// How a case came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// 办结
    Done,
    /// 终止
    Terminated,
    /// 作废
    Void,
}

/// What somebody did, before it is in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// An action of the definition, or `op.…`.
    pub action: String,
    /// When it happened; earlier than it was recorded with 补录 and offline work.
    pub occurred_at: Millis,
    pub note: String,
    pub form: Value,
    pub effects: Vec<Effect>,
}

/// The part of an entry that is kept as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Body {
    pub form: Value,
    pub effects: Vec<Effect>,
    /// The last year whose calendar was known.
    pub calendar: i16,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub case: String,
    /// From 1, dense.
    pub seq: i64,
    /// When it was recorded, ms UTC.
    pub at: Millis,
    pub occurred_at: Millis,
    /// Who; empty for the house itself.
    pub user: String,
    pub user_name: String,
    pub action: String,
    pub note: String,
    /// [`Body`] as JSON, as it was hashed.
    pub body: String,
    /// The client's key, so that a repeat is answered and not done again; empty for none.
    pub client_key: String,
    /// Hash of the entry before; empty at the first.
    pub before: String,
    /// Hex SHA-256.
    pub hash: String,
}

impl Entry {
    /// What is kept as JSON.
    pub fn read(&self) -> Result<Body> {
        serde_json::from_str(&self.body)
            .map_err(|e| Error::internal(format!("entry {} of case {}: {e}", self.seq, self.case)))
    }

    /// The hash that it should have: over the hash before and every field, each with its length before it.
    pub fn right_hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let mut put = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        put(self.before.as_bytes());
        put(self.case.as_bytes());
        [self.seq, self.at, self.occurred_at].iter().for_each(|n| put(&n.to_be_bytes()));
        [&self.user, &self.user_name, &self.action, &self.note, &self.body, &self.client_key]
            .iter()
            .for_each(|text| put(text.as_bytes()));
        hasher.finalize().into()
    }

    /// Puts the hash in.
    pub fn sealed(mut self) -> Self {
        self.hash = hex::encode(self.right_hash());
        self
    }
}

/// Checks that entries follow one another from the first, and that none was changed.
///
/// Errors: `flow_log_broken` with the number of the first that does not fit.
pub fn verify(entries: &[Entry]) -> Result<()> {
    let mut before = "";
    for (i, entry) in entries.iter().enumerate() {
        let fits = entry.seq == i as i64 + 1
            && entry.before == before
            && entry.hash == hex::encode(entry.right_hash());
        if !fits {
            let text = format!("案卷 {} 的记录在第 {} 条处断裂", entry.case, i + 1);
            return Err(Error::conflict("flow_log_broken", text).at((i + 1).to_string()));
        }
        before = &entry.hash;
    }
    Ok(())
}
