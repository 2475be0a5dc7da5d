//! What messages are made of.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// User id.
    pub user: String,
    /// task, returned, reminder, urged, expired, answered, progress, ended
    pub kind: &'static str,
    pub title: String,
    /// One sentence.
    pub body: String,
    /// Page of the console: `/cases/…`.
    pub link: String,
    pub simulated: bool,
}

/// A message.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    pub id: String,
    /// task, returned, reminder, urged, expired, answered, progress, ended
    pub kind: String,
    pub title: String,
    pub body: String,
    /// Page of the console.
    pub link: String,
    pub at: Millis,
    /// `null`: not read.
    pub read_at: Option<Millis>,
    pub simulated: bool,
}

impl FromRow for Message {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            kind: r.get(1)?,
            title: r.get(2)?,
            body: r.get(3)?,
            link: r.get(4)?,
            at: r.get(5)?,
            read_at: r.get(6)?,
            simulated: r.get::<i64>(7)? == 1,
        })
    }
}

/// What is wanted of one's messages.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct MessageQuery {
    /// 1: those not read.
    pub unread: Option<i64>,
    pub kind: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// Which messages were read.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Read {
    /// At most 500; those that are not one's own are passed over.
    pub ids: Vec<String>,
    /// Every one that is there.
    pub all: bool,
}

/// How many are not read.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    pub unread: i64,
}
