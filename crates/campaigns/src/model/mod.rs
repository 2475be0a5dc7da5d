//! What campaigns are made of, and the shapes that leave the room.

mod views;

pub use views::*;

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A kind of food that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CampaignFood")]
pub struct Food {
    pub name: String,
    /// Place in the tree of foods: `14.1`.
    pub category: String,
    /// produce, trade, catering
    pub stage: String,
}

/// A campaign as it is planned.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCampaign {
    pub name: String,
    #[serde(default)]
    pub intro: String,
    pub division: String,
    /// province, city, county
    pub source: String,
    /// First and last day of choosing: `2026-04-01`.
    pub from_day: String,
    pub until_day: String,
    /// Samples in all, 1 to 5,000.
    pub batches: i64,
    /// Samples of each county at least.
    pub floor: i64,
    /// Samples from one place at most.
    pub most: i64,
    /// 1 to 200.
    pub foods: Vec<Food>,
    /// Businesses that may be named, at most 200; none: nobody is named.
    #[serde(default)]
    pub places: Vec<String>,
    /// 检验项目, at most 50.
    #[serde(default)]
    pub items: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Campaign {
    pub id: String,
    /// In the address of its public page.
    pub code: String,
    pub name: String,
    pub intro: String,
    pub division: String,
    pub source: String,
    pub from_day: String,
    pub until_day: String,
    pub batches: i64,
    pub floor: i64,
    pub most: i64,
    /// draft, open, closed, drawn, ended
    pub state: String,
    pub rules: String,
    pub rules_hash: String,
    pub tally_hash: String,
    /// Empty for none.
    pub draw: String,
    pub summary: String,
    pub by_name: String,
    pub created_at: Millis,
    pub opened_at: Option<Millis>,
    pub closed_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub simulated: bool,
    /// 心愿
    pub wishes: i64,
    /// Kinds of food that may be chosen.
    pub kinds: i64,
    /// Batches that were drawn, taken, and ended with a result; and those that failed.
    pub drawn: i64,
    pub taken: i64,
    pub done: i64,
    pub failed: i64,
}

impl FromRow for Campaign {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            code: r.get(1)?,
            name: r.get(2)?,
            intro: r.get(3)?,
            division: r.get(4)?,
            source: r.get(5)?,
            from_day: r.get(6)?,
            until_day: r.get(7)?,
            batches: r.get(8)?,
            floor: r.get(9)?,
            most: r.get(10)?,
            state: r.get(11)?,
            rules: r.get(12)?,
            rules_hash: r.get(13)?,
            tally_hash: r.get(14)?,
            draw: r.get(15)?,
            summary: r.get(16)?,
            by_name: r.get(17)?,
            created_at: r.get(18)?,
            opened_at: r.get(19)?,
            closed_at: r.get(20)?,
            ended_at: r.get(21)?,
            simulated: r.get::<i64>(22)? == 1,
            wishes: r.get(23)?,
            kinds: r.get(24)?,
            drawn: r.get(25)?,
            taken: r.get(26)?,
            done: r.get(27)?,
            failed: r.get(28)?,
        })
    }
}

/// What may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CampaignOption")]
pub struct Choice {
    /// food, place, item, county
    pub part: String,
    pub code: String,
    pub name: String,
    pub category: String,
    pub stage: String,
}

impl FromRow for Choice {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { part: r.get(0)?, code: r.get(1)?, name: r.get(2)?, category: r.get(3)?, stage: r.get(4)? })
    }
}

/// A count; foods by county, the others in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CampaignCount")]
pub struct Count {
    /// food, place, item, county
    pub part: String,
    pub code: String,
    /// Foods: six digits; others empty.
    pub county: String,
    pub votes: i64,
}

/// What a page sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "CampaignBallot")]
pub struct Ballot {
    pub county: String,
    pub food: Vec<String>,
    pub place: Vec<String>,
    pub item: Vec<String>,
    /// In own words.
    pub wish: String,
    /// A telephone number; empty for none.
    pub contact: String,
    /// Of the page that it was filled in on.
    pub page: String,
    pub care: String,
}

/// A batch and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CampaignBatch")]
pub struct Batch {
    pub no: i64,
    pub food: String,
    pub county: String,
    pub party: String,
    pub place_code: String,
    pub place_name: String,
    /// User ids.
    pub officers: Vec<String>,
    pub sample: String,
    /// open, planned, taken, testing, conforms, fails, none
    pub state: String,
    pub taken_at: Option<Millis>,
    pub ended_at: Option<Millis>,
}

impl FromRow for Batch {
    fn from_row(r: &Row) -> Result<Self> {
        let officers: String = r.get(6)?;
        Ok(Self {
            no: r.get(0)?,
            food: r.get(1)?,
            county: r.get(2)?,
            party: r.get(3)?,
            place_code: r.get(4)?,
            place_name: r.get(5)?,
            officers: officers.split(',').filter(|o| !o.is_empty()).map(str::to_owned).collect(),
            sample: r.get(7)?,
            state: r.get(8)?,
            taken_at: r.get(9)?,
            ended_at: r.get(10)?,
        })
    }
}
