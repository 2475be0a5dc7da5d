//! What findings are made of, and the shapes that leave the room.

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What found it.
pub const SOURCES: [(&str, &str); 7] = [
    ("inspection", "监督检查"),
    ("sample", "抽检"),
    ("camera", "明厨亮灶"),
    ("model", "风险模型"),
    ("complaint", "投诉举报"),
    ("self_check", "企业自查"),
    ("exchange", "其他部门通报"),
];
/// How bad it is.
pub const SEVERITIES: [(&str, &str); 3] = [("minor", "轻微"), ("general", "一般"), ("serious", "严重")];

/// A finding to be kept.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFinding {
    /// inspection, sample, camera, model, complaint, self_check, exchange
    pub source: String,
    /// Number of the visit, the sample, the complaint; empty for none.
    #[serde(default)]
    pub source_ref: String,
    /// Business that it is about.
    pub party: String,
    /// One of its further premises; empty for the business itself.
    #[serde(default)]
    pub site: String,
    /// What was found.
    pub what: String,
    /// What it breaks: article, standard, item of a checklist.
    pub rule: String,
    /// minor, general, serious
    pub severity: String,
    /// When it was found, ms UTC; now where it is not said.
    #[serde(default)]
    pub found_at: Option<Millis>,
}

/// A finding as lists show it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Also the id of its case.
    pub id: String,
    /// 问题〔2026〕12号
    pub number: String,
    /// On the record: who scans it answers.
    pub code: String,
    pub source: String,
    pub source_ref: String,
    pub party: String,
    pub party_name: String,
    pub party_kind: String,
    /// Empty: the business itself.
    pub site: String,
    pub division: String,
    pub what: String,
    pub rule: String,
    /// minor, general, serious
    pub severity: String,
    pub found_at: Millis,
    /// First moment at which mending is late.
    pub due_at: Option<Millis>,
    pub mended_at: Option<Millis>,
    /// The first answer came in time; `null` no answer yet.
    pub in_time: Option<bool>,
    pub overdue_at: Option<Millis>,
    pub reopened: i64,
    pub closed_at: Option<Millis>,
    /// closed, dismissed, filed, terminated, void; empty while it goes on.
    pub outcome: String,
    /// found, mending, verifying, case, closed, dismissed, filed
    pub status: String,
    /// open, suspended, done, terminated, void
    pub phase: String,
    /// Escalations so far.
    pub level: i64,
    pub simulated: bool,
}

impl FromRow for Finding {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            number: r.get(1)?,
            code: r.get(2)?,
            source: r.get(3)?,
            source_ref: r.get(4)?,
            party: r.get(5)?,
            party_name: String::new(),
            party_kind: r.get(6)?,
            site: r.get(7)?,
            division: r.get(8)?,
            what: r.get(9)?,
            rule: r.get(10)?,
            severity: r.get(11)?,
            found_at: r.get(12)?,
            due_at: r.get(13)?,
            mended_at: r.get(14)?,
            in_time: r.get::<Option<i64>>(15)?.map(|n| n == 1),
            overdue_at: r.get(16)?,
            reopened: r.get(17)?,
            closed_at: r.get(18)?,
            outcome: r.get(19)?,
            status: r.get(20)?,
            phase: r.get(21)?,
            level: r.get(22)?,
            simulated: r.get::<i64>(23)? == 1,
        })
    }
}

/// What is wanted of the list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FindingQuery {
    /// Text in what was found, in the rule, or the number.
    pub q: Option<String>,
    pub party: Option<String>,
    /// 业态 of the business.
    pub kind: Option<String>,
    pub source: Option<String>,
    pub severity: Option<String>,
    /// A status of the case.
    pub status: Option<String>,
    /// `open` goes on, `late` overdue and not closed, `ended`.
    pub state: Option<String>,
    /// Prefix of divisions.
    pub division: Option<String>,
    /// First day found: `2026-01-01`.
    pub from: Option<String>,
    /// Last day found.
    pub to: Option<String>,
    /// What a figure of the rates counts: found, closed, ordered, in_time, overdue, reopened.
    pub measure: Option<String>,
    /// `found` the latest first, `found_up`, `due` the nearest first, `due_down`.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// How evidence was taken, as the app tells it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Taken {
    /// found, mend, verify
    pub stage: String,
    /// Time by the device, ms UTC.
    pub taken_at: Option<Millis>,
    /// Degrees, WGS-84.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// Metres.
    pub accuracy: Option<i64>,
    /// 1: taken in the app, not chosen from an album.
    pub in_app: Option<i64>,
    /// A finished upload (`/api/uploads`) in place of the body: photos and film over lines that break.
    pub upload: Option<String>,
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    pub id: String,
    pub finding: String,
    /// found, mend, verify
    pub stage: String,
    /// SHA-256 of the content.
    pub file: String,
    pub media: String,
    pub size: i64,
    pub user: String,
    pub user_name: String,
    pub taken_at: Option<Millis>,
    pub received_at: Millis,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// Metres.
    pub accuracy: Option<i64>,
    /// Metres from the business.
    pub distance: Option<i64>,
    pub in_app: bool,
    /// JSON of what the camera wrote.
    pub exif: String,
    pub width: Option<i64>,
    pub height: Option<i64>,
    /// What an officer should look at: reused, far, no_place, clock, album, edited, unread.
    pub doubts: Vec<String>,
    /// What has shown the same before: evidence of another finding by its id, or `visit:ID`; empty for none.
    pub reused: String,
    /// SHA-256 of the record, a fact of the ledger.
    pub hash: String,
}

impl FromRow for Evidence {
    fn from_row(r: &Row) -> Result<Self> {
        let doubts: String = r.get(18)?;
        Ok(Self {
            id: r.get(0)?,
            finding: r.get(1)?,
            stage: r.get(2)?,
            file: r.get(3)?,
            media: r.get(4)?,
            size: r.get(5)?,
            user: r.get(6)?,
            user_name: r.get(7)?,
            taken_at: r.get(8)?,
            received_at: r.get(9)?,
            lon: r.get(10)?,
            lat: r.get(11)?,
            accuracy: r.get(12)?,
            distance: r.get(13)?,
            in_app: r.get::<i64>(14)? == 1,
            exif: r.get(15)?,
            width: r.get(16)?,
            height: r.get(17)?,
            doubts: doubts.split(',').filter(|d| !d.is_empty()).map(str::to_owned).collect(),
            reused: r.get(19)?,
            hash: r.get(20)?,
        })
    }
}

/// Rates by county, kind of business, or source.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    /// Division of six digits, kind, or source.
    pub of: String,
    pub found: i64,
    pub closed: i64,
    /// Ordered to be mended by a day.
    pub ordered: i64,
    /// Answered in time.
    pub in_time: i64,
    /// Overdue at some time.
    pub overdue: i64,
    /// Sent back by a check at least once.
    pub reopened: i64,
}

impl FromRow for Rate {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            of: r.get(0)?,
            found: r.get(1)?,
            closed: r.get(2)?,
            ordered: r.get(3)?,
            in_time: r.get(4)?,
            overdue: r.get(5)?,
            reopened: r.get(6)?,
        })
    }
}

/// How rates are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    County,
    Kind,
    Source,
}

impl By {
    /// Errors: `by_unknown`.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "county" => Ok(Self::County),
            "kind" => Ok(Self::Kind),
            "source" => Ok(Self::Source),
            _ => Err(Error::invalid("by", "by_unknown", "分组应为县区、类别或来源")),
        }
    }
}
