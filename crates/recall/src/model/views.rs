//! What is told of a recall and of drills.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::model::LotNo;

use super::*;
use crate::rules::report::Account;

/// A county's part of a recall, in the recall's own unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct County {
    pub division: String,
    #[serde(default)]
    pub name: String,
    pub holders: i64,
    pub reported: i64,
    pub due: i64,
    /// On hand and sealed, returned, destroyed, mended.
    pub controlled: i64,
    /// 去向不明
    pub open: i64,
}

impl FromRow for County {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            division: r.get(0)?,
            name: String::new(),
            holders: r.get(1)?,
            reported: r.get(2)?,
            due: r.get(3)?,
            controlled: r.get(4)?,
            open: r.get(5)?,
        })
    }
}

/// How much was under control at the end of a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Day {
    /// `2026-03-01`
    pub day: String,
    pub controlled: i64,
    pub reports: i64,
}

/// Tasks by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    pub tasks: i64,
    pub certain: i64,
    pub reported: i64,
    pub settled: i64,
    pub late: i64,
    pub seen: i64,
    /// Reported, with amounts unaccounted that no officer has accepted.
    pub gaps: i64,
}

impl FromRow for Counts {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            tasks: r.get(0)?,
            certain: r.get(1)?,
            reported: r.get(2)?,
            settled: r.get(3)?,
            late: r.get(4)?,
            seen: r.get(5)?,
            gaps: r.get(6)?,
        })
    }
}

/// Call-backs in numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reached {
    pub drawn: i64,
    pub called: i64,
    pub reached: i64,
    pub informed: i64,
    pub stopped: i64,
}

/// A recall with what is known of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Detail {
    pub recall: Recall,
    pub level_name: String,
    pub cause_name: String,
    /// It may be mended and sold on.
    pub remedy: bool,
    /// It is destroyed where it is, and not sent back.
    pub on_the_spot: bool,
    pub counts: Counts,
    /// The recalled batch itself.
    pub account: Account,
    /// Every batch that the scope reached, a unit each: with what was made of it, and the possible ones.
    pub accounts: Vec<Account>,
    pub batches: Vec<Batch>,
    pub batches_count: i64,
    pub counties: Vec<County>,
    pub days: Vec<Day>,
    pub draws: Vec<CheckDraw>,
    /// Whom to call is promised and not drawn yet.
    pub promised: Option<kit_draw::keep::Proof>,
    pub checks: Vec<Check>,
    pub reached: Reached,
    pub disposals: Vec<Disposal>,
    /// Buyers outside of the platform; of them told.
    pub outside: i64,
    pub outside_told: i64,
    /// Consumers who follow the batch; of them with a telephone number.
    pub followers: i64,
    pub phones: i64,
}

/// A recall that goes on, as an officer of a place where some of it lies sees it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Visits {
    pub id: String,
    pub number: String,
    pub grade: i64,
    pub food: String,
    pub batch: String,
    pub party_name: String,
    pub reason: String,
    pub on_the_spot: bool,
    pub unit: String,
    pub simulated: bool,
    /// Holders in the asker's jurisdiction, and those of them that have not reported.
    pub holders: i64,
    pub waiting: i64,
    /// First moment at which one of these is late.
    pub due_at: Option<Millis>,
    /// The holders; in the answer for one recall only.
    pub tasks: Vec<TaskRow>,
}

/// A disposal that was announced and that nobody has watched yet, as an officer of its place sees it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RecallWatch")]
pub struct Watch {
    pub disposal: Disposal,
    pub recall: String,
    pub number: String,
    pub grade: i64,
    /// Of the batch that is disposed of.
    pub food: String,
    pub batch: String,
    pub reason: String,
    pub simulated: bool,
    /// Where who does it is registered; the words of the announcement say where it is done.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
}

impl FromRow for Watch {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            disposal: Disposal::from_row(r)?,
            recall: r.get(20)?,
            number: r.get(21)?,
            grade: r.get(22)?,
            food: String::new(),
            batch: String::new(),
            reason: r.get(23)?,
            simulated: r.get(24)?,
            lon: r.get(25)?,
            lat: r.get(26)?,
        })
    }
}

/// What one holder sees and does.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Holding {
    /// Buyers outside of the platform to whom it sent the food.
    pub outside: i64,
    pub recall: Recall,
    pub level_name: String,
    pub cause_name: String,
    pub remedy: bool,
    pub on_the_spot: bool,
    pub task: Task,
    pub lines: Vec<Line>,
    pub photos: Vec<Photo>,
    pub reports: Vec<Report>,
    pub disposals: Vec<Disposal>,
    /// For the producer: what others say they sent back, and what is confirmed.
    pub returns: Vec<ReturnRow>,
}

/// What somebody sent back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnRow {
    pub party: String,
    pub name: String,
    pub origin: LotNo,
    pub unit: String,
    pub returned: i64,
    pub confirmed: i64,
}

impl FromRow for ReturnRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            party: r.get(0)?,
            name: r.get(1)?,
            origin: r.get(2)?,
            unit: r.get(3)?,
            returned: r.get(4)?,
            confirmed: r.get(5)?,
        })
    }
}

/// A recall that the asker's business has a part in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Mine {
    pub recall: Recall,
    /// Of the business as a holder; `null` where it has nothing to report.
    pub task: Option<Task>,
    /// It is the business that recalls.
    pub maker: bool,
}

/// What a recall of a lot would reach, before it is begun.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    pub lot: LotNo,
    pub food: String,
    pub spec: String,
    pub batch: String,
    pub made: String,
    pub party: String,
    pub party_name: String,
    pub division: String,
    pub lots_certain: i64,
    pub lots_possible: i64,
    pub holders_certain: i64,
    pub holders_possible: i64,
    pub counties: i64,
    pub account: Account,
    /// How long it took, µs.
    pub micros: i64,
    /// A recall of the batch that goes on.
    pub open: Option<String>,
}

/// A drill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Drill {
    pub id: String,
    pub at: Millis,
    /// nightly, hand
    pub way: String,
    pub user_name: String,
    /// Hex, of the draw; empty: the lot was chosen.
    pub seed: String,
    /// Lots there were, 1 to this.
    pub all_lots: i64,
    pub lot: LotNo,
    pub food: String,
    pub batch: String,
    pub party: String,
    pub division: String,
    pub sources: i64,
    pub followers: i64,
    pub holders: i64,
    pub counties: i64,
    /// Time to trace, µs.
    pub micros: i64,
    pub links: i64,
    pub broken: i64,
    pub simulated: bool,
}

impl FromRow for Drill {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            at: r.get(1)?,
            way: r.get(2)?,
            user_name: r.get(3)?,
            seed: r.get(4)?,
            all_lots: r.get(5)?,
            lot: r.get(6)?,
            food: r.get(7)?,
            batch: r.get(8)?,
            party: r.get(9)?,
            division: r.get(10)?,
            sources: r.get(11)?,
            followers: r.get(12)?,
            holders: r.get(13)?,
            counties: r.get(14)?,
            micros: r.get(15)?,
            links: r.get(16)?,
            broken: r.get(17)?,
            simulated: r.get::<i64>(18)? == 1,
        })
    }
}

/// Links of one county in a drill.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Links {
    /// 6 digits
    pub division: String,
    #[serde(default)]
    pub name: String,
    /// Deliveries that were walked.
    pub links: i64,
    /// 发货后久未收货
    pub on_way: i64,
    /// 来源在平台以外
    pub outside: i64,
    /// 数量不明
    pub unknown: i64,
    /// 收货少于发货
    pub missing: i64,
    /// Drills that came to this county.
    #[serde(default)]
    pub drills: i64,
}

impl Links {
    pub fn broken(&self) -> i64 {
        self.on_way + self.outside + self.unknown + self.missing
    }
}

/// Figures over drills.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct DrillFigures {
    pub drills: i64,
    /// First and last day of those counted; empty: none.
    pub from: String,
    pub to: String,
    /// Time to trace, µs: half, nine in ten, ninety-nine in a hundred, the longest.
    pub p50: i64,
    pub p90: i64,
    pub p99: i64,
    pub most: i64,
    pub links: i64,
    pub broken: i64,
    pub counties: Vec<Links>,
    pub simulated: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewDrill {
    /// Any lot; drawn where it is not said.
    pub lot: Option<LotNo>,
}
