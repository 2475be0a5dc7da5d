//! Files as people and programs read them.

use findings::wilson::Share;
use kit_base::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the content says it is.
pub const FORMAT: &str = "shian-feedback-1";

/// The manager that a file is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Manager {
    pub id: String,
    /// 主体码
    pub code: String,
    pub name: String,
    pub division: String,
    /// Of most of its members: market, chain, platform.
    pub relation: String,
}

/// A member of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Who {
    pub code: String,
    /// Masked where it is like a person's.
    pub name: String,
    /// 摊位号, 门店号; empty: not said
    pub place: String,
}

/// A failure that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failing {
    pub sample_no: String,
    pub who: Who,
    pub food: String,
    pub category: String,
    /// What fails, with result, limit and standard.
    pub failing: String,
    /// Days in China; empty: not known.
    pub taken: String,
    pub stood: String,
    /// 核查处置 goes on.
    pub open: bool,
}

/// A failure that an earlier file told and that was overturned since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Corrected {
    pub sample_no: String,
    pub who: Who,
    pub food: String,
}

/// A line of the risk: of a food, an item, a member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    pub key: String,
    pub name: String,
    pub share: Share,
}

/// A week of the trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Week {
    /// `2026-W10`
    pub week: String,
    pub share: Share,
}

/// A recall or a hold that touches a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Touched {
    /// recall 召回, hold 暂停流转
    pub kind: String,
    pub number: String,
    pub who: Who,
    pub food: String,
    pub batch: String,
    pub what: String,
    /// Days in China.
    pub since: String,
    /// Last day in time; empty without a clock.
    pub due: String,
}

/// Open findings of one kind, as numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Open {
    /// inspection, sample, camera, model, complaint, self_check, exchange
    pub source: String,
    pub name: String,
    pub open: i64,
    pub serious: i64,
    pub late: i64,
    /// Found in the week.
    pub new: i64,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Content {
    /// [`FORMAT`]
    pub format: String,
    pub manager: Manager,
    /// ISO week, `2026-W10`.
    pub week: String,
    /// First and last day.
    pub from: String,
    pub to: String,
    pub version: i64,
    /// Who belonged to it on the last day.
    pub members: i64,
    /// Failures that stood in the week, and earlier ones whose disposal goes on.
    pub failing: Vec<Failing>,
    pub earlier: Vec<Failing>,
    pub corrected: Vec<Corrected>,
    /// Results that stood in the week.
    pub tested: Share,
    /// First day of the period of the lines below; it ends with the week.
    pub since: String,
    pub total: Share,
    pub foods: Vec<Line>,
    pub items: Vec<Line>,
    pub by_member: Vec<Line>,
    /// The latest last.
    pub weeks: Vec<Week>,
    pub touching: Vec<Touched>,
    pub findings: Vec<Open>,
    /// Made by the simulator: not real.
    pub simulated: bool,
}

/// A file in a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FileRow {
    pub id: String,
    pub manager: String,
    pub name: String,
    pub division: String,
    pub division_name: String,
    /// market, chain, platform
    pub relation: String,
    pub week: String,
    /// First moment of the week, and of the one after.
    pub from_at: Millis,
    pub until_at: Millis,
    pub version: i64,
    /// Why it was made again; empty: the first.
    pub reason: String,
    pub made_by: String,
    pub made_at: Millis,
    /// SHA-256 of the content.
    pub hash: String,
    #[serde(skip)]
    pub file: String,
    #[serde(skip)]
    pub sheet: String,
    pub members: i64,
    pub failed: i64,
    pub open_failed: i64,
    pub touching: i64,
    pub open_findings: i64,
    pub simulated: bool,
    /// 签收; `null`: not yet.
    pub taken_at: Option<Millis>,
    pub taken_by: String,
    pub taken_note: String,
    /// There is a later version of the same week.
    pub replaced: bool,
}

/// A file with what it says.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FileView {
    pub row: FileRow,
    pub content: Content,
    /// The signed note of the content, and the key that it opens with.
    pub note: String,
    pub key: String,
    /// The asker may take receipt, or have it made again.
    pub may_take: bool,
    pub may_make: bool,
}

/// How a list is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FileQuery {
    pub manager: Option<String>,
    /// `2026-W10`
    pub week: Option<String>,
    /// market, chain, platform
    pub relation: Option<String>,
    /// taken, waiting
    pub receipt: Option<String>,
    /// 1: only files with new failures, recalls or holds
    pub alert: Option<u8>,
    /// 1: also versions that a later one replaced
    pub all: Option<u8>,
    /// Name of the manager.
    pub q: Option<String>,
    /// week, name, failed, members, taken; `-` before it turns it round. The latest week first where it is not said.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// Receipt (签收).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Receipt {
    /// What was done about it; may be empty.
    pub note: String,
}

/// Why a file is made again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Anew {
    pub reason: String,
}
