//! Types and ids; no SQL, no HTTP. Amounts are base units: grams, millilitres, pieces.

mod followers;
mod views;
mod work;

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::model::LotNo;

use crate::rules::report::Told;

pub use followers::*;
pub use views::*;
pub use work::*;

/// Where a recall came from, and in words.
pub const SOURCES: [(&str, &str); 7] = [
    ("self", "企业自查"),
    ("sample", "监督抽检"),
    ("rapid", "快速检测"),
    ("investigation", "问题食品排查"),
    ("complaint", "投诉举报"),
    ("inspection", "监督检查"),
    ("other", "其他"),
];

/// A recall. Its id is that of its case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recall {
    pub id: String,
    pub number: String,
    /// Of the public page: `/recalls/CODE`.
    pub code: String,
    /// ordered 责令召回, voluntary 主动召回
    pub mode: String,
    /// 1, 2, 3
    pub grade: i64,
    /// safety, label, illegal, carcass, spoilt
    pub cause: String,
    pub reason: String,
    /// self, sample, rapid, investigation, complaint, inspection, other
    pub source: String,
    pub source_ref: String,
    pub party: String,
    #[serde(default)]
    pub party_name: String,
    pub division: String,
    pub product: String,
    pub food: String,
    pub spec: String,
    pub batch: String,
    pub made: String,
    /// g, ml, pc
    pub unit: String,
    /// The lot that the batch began with.
    pub lot: LotNo,
    pub status: String,
    pub phase: String,
    /// A deadline was missed.
    pub late: bool,
    pub opened_at: Millis,
    pub ordered_at: Option<Millis>,
    pub planned_at: Option<Millis>,
    pub announced_at: Option<Millis>,
    pub finished_at: Option<Millis>,
    pub closed_at: Option<Millis>,
    /// Empty while it goes on; closed, withdrawn, terminated, void.
    pub outcome: String,
    /// What scan pages show; empty: nothing.
    pub notice: String,
    /// Finding the holders and issuing the notices was asked for.
    pub wanted_at: Option<Millis>,
    /// Last event of the ledger that the scope saw.
    pub event: Option<i64>,
    pub scoped_at: Option<Millis>,
    /// How long finding it took, µs.
    pub scope_micros: Option<i64>,
    pub scope_hash: String,
    pub lots_certain: i64,
    pub lots_possible: i64,
    pub issued_at: Option<Millis>,
    pub simulated: bool,
}

impl FromRow for Recall {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            number: r.get(1)?,
            code: r.get(2)?,
            mode: r.get(3)?,
            grade: r.get(4)?,
            cause: r.get(5)?,
            reason: r.get(6)?,
            source: r.get(7)?,
            source_ref: r.get(8)?,
            party: r.get(9)?,
            party_name: String::new(),
            division: r.get(10)?,
            product: r.get(11)?,
            food: r.get(12)?,
            spec: r.get(13)?,
            batch: r.get(14)?,
            made: r.get(15)?,
            unit: r.get(16)?,
            lot: r.get(17)?,
            status: r.get(18)?,
            phase: r.get(19)?,
            late: r.get::<i64>(20)? == 1,
            opened_at: r.get(21)?,
            ordered_at: r.get(22)?,
            planned_at: r.get(23)?,
            announced_at: r.get(24)?,
            finished_at: r.get(25)?,
            closed_at: r.get(26)?,
            outcome: r.get(27)?,
            notice: r.get(28)?,
            wanted_at: r.get(29)?,
            event: r.get(30)?,
            scoped_at: r.get(31)?,
            scope_micros: r.get(32)?,
            scope_hash: r.get(33)?,
            lots_certain: r.get(34)?,
            lots_possible: r.get(35)?,
            issued_at: r.get(36)?,
            simulated: r.get::<i64>(37)? == 1,
        })
    }
}

/// A new recall.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecall {
    /// Any lot of the batch.
    pub lot: LotNo,
    /// ordered, voluntary
    pub mode: String,
    pub grade: i64,
    pub cause: String,
    /// For the public: 2 to 400 characters.
    pub reason: String,
    pub source: String,
    #[serde(default)]
    pub source_ref: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RecallQuery {
    /// Number, food, batch, reason.
    pub q: Option<String>,
    /// open, late, ended
    pub state: Option<String>,
    pub status: Option<String>,
    pub grade: Option<i64>,
    pub mode: Option<String>,
    pub source: Option<String>,
    pub division: Option<String>,
    pub party: Option<String>,
    pub lot: Option<LotNo>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A batch that the scope reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Batch {
    pub origin: LotNo,
    /// It came from the recalled batch itself; else from another of the same number.
    pub certain: bool,
    /// The walk began with it.
    pub seed: bool,
    pub product: String,
    pub food: String,
    pub batch: String,
    pub unit: String,
    pub produced: Option<i64>,
    pub used: i64,
    pub gap: i64,
    pub unknown: i64,
    pub back_destroyed: i64,
    pub back_remedied: i64,
}

impl FromRow for Batch {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            origin: r.get(0)?,
            certain: r.get::<i64>(1)? == 1,
            seed: r.get::<i64>(2)? == 1,
            product: r.get(3)?,
            food: r.get(4)?,
            batch: r.get(5)?,
            unit: r.get(6)?,
            produced: r.get(7)?,
            used: r.get(8)?,
            gap: r.get(9)?,
            unknown: r.get(10)?,
            back_destroyed: r.get(11)?,
            back_remedied: r.get(12)?,
        })
    }
}

/// One holder's task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Task {
    pub recall: String,
    pub party: String,
    pub no: i64,
    pub name: String,
    pub code: String,
    pub kind: String,
    pub division: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// Certainly of the batch; else possibly.
    pub certain: bool,
    /// 通知书文号
    pub number: String,
    pub issued_at: Millis,
    pub due_at: Millis,
    pub seen_at: Option<Millis>,
    pub reported_at: Option<Millis>,
    pub changed_at: Option<Millis>,
    /// open, reported, settled
    pub state: String,
}

impl FromRow for Task {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            recall: r.get(0)?,
            party: r.get(1)?,
            no: r.get(2)?,
            name: r.get(3)?,
            code: r.get(4)?,
            kind: r.get(5)?,
            division: r.get(6)?,
            lon: r.get(7)?,
            lat: r.get(8)?,
            certain: r.get::<i64>(9)? == 1,
            number: r.get(10)?,
            issued_at: r.get(11)?,
            due_at: r.get(12)?,
            seen_at: r.get(13)?,
            reported_at: r.get(14)?,
            changed_at: r.get(15)?,
            state: r.get(16)?,
        })
    }
}

/// A task in a list, with the sums of its lines in the recall's own unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaskRow {
    #[serde(flatten)]
    pub task: Task,
    /// What it answers for.
    pub due: i64,
    pub on_hand: Option<i64>,
    pub sold: Option<i64>,
    /// Destroyed and mended.
    pub disposed: Option<i64>,
    pub returned: Option<i64>,
    /// 去向不明; of what was reported.
    pub open: Option<i64>,
    /// Of that: explained, and accepted by an officer.
    pub accepted: i64,
}

impl FromRow for TaskRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            task: Task::from_row(r)?,
            due: r.get(17)?,
            on_hand: r.get(18)?,
            sold: r.get(19)?,
            disposed: r.get(20)?,
            returned: r.get(21)?,
            open: r.get(22)?,
            accepted: r.get(23)?,
        })
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TaskQuery {
    /// Name or code of the business.
    pub q: Option<String>,
    /// open, late, reported, settled, unaccounted (and not accepted)
    pub state: Option<String>,
    /// 1 certain, 0 possible
    pub certain: Option<i64>,
    pub division: Option<String>,
    /// no, due, open, reported
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// What a holder answers for of one batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    pub party: String,
    pub origin: LotNo,
    pub certain: bool,
    pub unit: String,
    pub due: i64,
    pub book_on_hand: i64,
    pub book_sold: i64,
    pub book_gone: i64,
    pub book_open: i64,
    pub unknown: i64,
    /// `null`: not reported.
    pub told: Option<Told>,
    pub confirmed: i64,
    pub supervised: i64,
    /// The amount unaccounted that an officer accepted; it counts while it is what is missing.
    #[serde(default)]
    pub accepted: Option<i64>,
    #[serde(default)]
    pub food: String,
    #[serde(default)]
    pub batch: String,
}

impl FromRow for Line {
    fn from_row(r: &Row) -> Result<Self> {
        let on_hand: Option<i64> = r.get(10)?;
        let told = match on_hand {
            Some(on_hand) => Some(Told {
                on_hand,
                sold: r.get(11)?,
                destroyed: r.get(12)?,
                remedied: r.get(13)?,
                returned: r.get(14)?,
            }),
            None => None,
        };
        Ok(Self {
            party: r.get(0)?,
            origin: r.get(1)?,
            certain: r.get::<i64>(2)? == 1,
            unit: r.get(3)?,
            due: r.get(4)?,
            book_on_hand: r.get(5)?,
            book_sold: r.get(6)?,
            book_gone: r.get(7)?,
            book_open: r.get(8)?,
            unknown: r.get(9)?,
            told,
            confirmed: r.get(15)?,
            supervised: r.get(16)?,
            accepted: r.get(17)?,
            food: String::new(),
            batch: String::new(),
        })
    }
}
