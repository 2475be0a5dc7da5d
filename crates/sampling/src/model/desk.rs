//! Plans, limits, published notices, draws.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rules::judge::Limit;

/// A plan of a year.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewSamplePlan")]
pub struct NewPlan {
    pub name: String,
    pub year: i64,
    pub division: String,
    /// national, province, city, county
    pub source: String,
    pub quotas: Vec<NewQuota>,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewSampleQuota")]
pub struct NewQuota {
    /// Place in the tree of foods.
    pub category: String,
    pub category_name: String,
    pub stage: String,
    pub division: String,
    pub items: Vec<String>,
    pub quota: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SamplePlan")]
pub struct Plan {
    pub id: String,
    pub name: String,
    pub year: i64,
    pub division: String,
    pub source: String,
    pub created_at: Millis,
    pub quota: i64,
    pub taken: i64,
}

impl FromRow for Plan {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            name: r.get(1)?,
            year: r.get(2)?,
            division: r.get(3)?,
            source: r.get(4)?,
            created_at: r.get(5)?,
            quota: r.get::<Option<i64>>(6)?.unwrap_or(0),
            taken: r.get::<Option<i64>>(7)?.unwrap_or(0),
        })
    }
}

/// A cell of a plan with how far it is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleCell")]
pub struct Cell {
    pub id: String,
    pub category: String,
    pub category_name: String,
    pub stage: String,
    pub division: String,
    pub items: Vec<String>,
    pub quota: i64,
    /// Tasks that were made, not counting those that ended without a sample.
    pub tasks: i64,
    pub taken: i64,
    pub reported: i64,
    pub failed: i64,
}

impl FromRow for Cell {
    fn from_row(r: &Row) -> Result<Self> {
        let items: String = r.get(5)?;
        Ok(Self {
            id: r.get(0)?,
            category: r.get(1)?,
            category_name: r.get(2)?,
            stage: r.get(3)?,
            division: r.get(4)?,
            items: items.split(';').filter(|i| !i.is_empty()).map(str::to_owned).collect(),
            quota: r.get(6)?,
            tasks: r.get::<Option<i64>>(7)?.unwrap_or(0),
            taken: r.get::<Option<i64>>(8)?.unwrap_or(0),
            reported: r.get::<Option<i64>>(9)?.unwrap_or(0),
            failed: r.get::<Option<i64>>(10)?.unwrap_or(0),
        })
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleProgress")]
pub struct Progress {
    pub plan: Plan,
    pub cells: Vec<Cell>,
}

/// A limit with where it comes from.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct LimitRow {
    #[serde(flatten)]
    pub limit: Limit,
    pub cas: String,
    pub method: String,
    pub source: String,
    /// `null`: nobody compared it here; `verified` may come with the table as well.
    pub checked: Option<LimitCheck>,
}

/// 核验: compared with the standard by somebody other than who took it in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct LimitCheck {
    pub by_name: String,
    pub note: String,
    pub at: Millis,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct LimitQuery {
    /// In the item, the standard, the food.
    pub q: Option<String>,
    pub item: Option<String>,
    /// What holds for this class: its own rows and those of the classes above.
    pub category: Option<String>,
    /// What holds on this day.
    pub day: Option<String>,
    /// 1, 0
    pub verified: Option<i64>,
    /// `item` (as without), `item_down`, `standard`, `standard_down`, `food`, `food_down`, `from`, `from_down`.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// What became of a sheet.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleImport")]
pub struct Imported {
    pub read: i64,
    pub added: i64,
    /// Already there.
    pub known: i64,
    pub rejected: i64,
    /// The first hundred: place and what to do.
    pub defects: Vec<String>,
    /// Of rows that were taken in, the first hundred: place and what of the row was not taken as it stands.
    pub notes: Vec<String>,
    /// Id of a file of published notices, for its rejected rows; empty otherwise.
    pub id: String,
    /// Of a zip, what came of each workbook in it; empty of a single one.
    pub books: Vec<ImportedBook>,
}

/// A workbook out of a zip.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportedBook {
    pub name: String,
    pub added: i64,
    pub known: i64,
    pub rejected: i64,
    /// For its rejected rows; empty where it was not taken in.
    pub id: String,
    /// Why it was not taken in; empty: it was.
    pub why: String,
}

/// How published notices are asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct PublishedQuery {
    /// In the food, the shop, the producer, the number.
    pub q: Option<String>,
    /// 1: only those that failed.
    pub fails: Option<i64>,
    /// `day` (as without: the latest first), `day_up`, `food`, `food_down`, `shop`, `shop_down`, `producer`, `producer_down`.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A sample out of a published notice.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PublishedRow {
    pub sample_no: String,
    pub food: String,
    pub shop: String,
    pub producer: String,
    pub day: String,
    pub fails: bool,
    /// JSON as read.
    pub told: String,
}

impl FromRow for PublishedRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            sample_no: r.get(0)?,
            food: r.get(1)?,
            shop: r.get(2)?,
            producer: r.get(3)?,
            day: r.get(4)?,
            fails: r.get::<i64>(5)? == 1,
            told: r.get(6)?,
        })
    }
}
