//! Consumers and people with an account who follow a batch, and what they were told.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::model::LotNo;

/// Somebody who follows a batch, as an officer sees it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Follower {
    pub token: String,
    /// Masked; empty: none was given, or it is wiped.
    pub phone: String,
    /// Follows with an account, and is told by a message in the system.
    pub account: bool,
    /// The lot that the followed batch began with: the recalled one, or one made of it.
    pub lot: LotNo,
    /// Since when.
    pub at: Millis,
    pub told: Vec<ToldOf>,
}

impl FromRow for Follower {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            token: r.get(0)?,
            phone: r.get(1)?,
            account: r.get::<i64>(2)? == 1,
            lot: r.get(3)?,
            at: r.get(4)?,
            told: Vec::new(),
        })
    }
}

/// That a follower was told of a recall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ToldOf {
    /// page 自己的查询页, notice 站内消息, sms 短信等渠道, phone 电话
    pub how: String,
    pub at: Millis,
    /// Empty: the house.
    pub user_name: String,
    pub note: String,
}

impl FromRow for ToldOf {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { how: r.get(0)?, at: r.get(1)?, user_name: r.get(2)?, note: r.get(3)? })
    }
}

/// Followers of a recall in numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FollowerCounts {
    pub followers: i64,
    /// With a telephone number.
    pub phones: i64,
    /// With an account.
    pub accounts: i64,
    /// With a number, and neither called nor written to.
    pub waiting: i64,
}

impl FromRow for FollowerCounts {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { followers: r.get(0)?, phones: r.get(1)?, accounts: r.get(2)?, waiting: r.get(3)? })
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FollowerQuery {
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A text for the bureau's own channel, with where it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FollowerLetter {
    pub phone: String,
    pub text: String,
}

/// That an officer told a follower.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowerTold {
    /// phone, sms
    pub how: String,
    /// At most 300 characters.
    #[serde(default)]
    pub note: String,
}

/// Whether the asker follows a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Following {
    pub following: bool,
}
