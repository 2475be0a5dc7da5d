//! Questions and answers of the room.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use kit_draw::keep::Proof;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Campaign, Choice, Count};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct CampaignQuery {
    /// In the name.
    pub q: Option<String>,
    /// draft, open, closed, drawn, ended
    pub state: Option<String>,
    /// created (default), wishes, batches; `-` before it: falling
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A campaign with all that its pages show.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CampaignDetail {
    pub campaign: Campaign,
    pub options: Vec<Choice>,
    /// Counts as they stand, or as they stood when choosing ended.
    pub counts: Vec<Count>,
    /// Most ballots of one network on one day: how far one place may have weighed.
    pub largest_network: i64,
    /// Batches by food and county with their states.
    pub cells: Vec<BatchCell>,
    pub proof: Option<Proof>,
    /// Results that wait to be sent.
    pub letters: i64,
    pub page_url: String,
    pub file_url: String,
}

/// Batches of a food in a county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BatchCell {
    pub food: String,
    pub county: String,
    pub batches: i64,
    pub taken: i64,
    pub done: i64,
    pub failed: i64,
}

impl FromRow for BatchCell {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            food: r.get(0)?,
            county: r.get(1)?,
            batches: r.get(2)?,
            taken: r.get(3)?,
            done: r.get(4)?,
            failed: r.get(5)?,
        })
    }
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct BatchQuery {
    pub state: Option<String>,
    pub food: Option<String>,
    pub county: Option<String>,
    /// In the name of the place.
    pub q: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// How the next tasks are done.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignTasks {
    /// inner, outer, quality
    pub mode: String,
    pub lab: String,
    /// At most so many, 1 to 200.
    pub most: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CampaignTasksMade {
    pub made: i64,
    /// No place, nobody to go, or the place is closed since.
    pub dropped: i64,
    /// Still without a task.
    pub left: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignEnd {
    /// What the bureau says at the end.
    pub summary: String,
}

/// A wish in own words.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Wish {
    pub county: String,
    pub wish: String,
    pub day: String,
}

impl FromRow for Wish {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { county: r.get(0)?, wish: r.get(1)?, day: r.get(2)? })
    }
}

/// A result on its way; the contact masked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CampaignLetter")]
pub struct Letter {
    pub id: String,
    pub shown: String,
    pub text: String,
    pub at: Millis,
    pub taken_at: Option<Millis>,
}

impl FromRow for Letter {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { id: r.get(0)?, shown: r.get(1)?, text: r.get(2)?, at: r.get(3)?, taken_at: r.get(4)? })
    }
}

/// A result with where to send it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CampaignPost")]
pub struct Post {
    pub id: String,
    pub contact: String,
    pub text: String,
}

impl FromRow for Post {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { id: r.get(0)?, contact: r.get(1)?, text: r.get(2)? })
    }
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct PageQuery {
    pub page: Option<i64>,
    pub size: Option<i64>,
}
