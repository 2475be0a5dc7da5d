//! Shapes that leave the room, and rows.

use kit_base::{Defect, Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An application as lists show it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Permit {
    /// Also the id of its case.
    pub id: String,
    /// 食许申〔2026〕12号
    pub number: String,
    pub matter: String,
    pub matter_name: String,
    /// new, change, renew, reissue, cancel
    pub act: String,
    pub act_name: String,
    /// commitment, remote; empty ordinary
    pub mode: String,
    pub party: String,
    pub party_name: String,
    /// Business that acts for the applicant with a mandate; empty none.
    pub agent: String,
    pub division: String,
    /// Number of the licence that it is about; empty for a new one.
    pub licence: String,
    pub form: String,
    pub form_version: i64,
    pub submission: String,
    pub status: String,
    /// open, suspended, done, terminated, void
    pub phase: String,
    pub received_at: Millis,
    pub accepted_at: Option<Millis>,
    pub decided_at: Option<Millis>,
    pub due_at: Option<Millis>,
    /// granted, not_accepted, refused, withdrawn, lapsed, terminated, void; empty while it goes on
    pub outcome: String,
    /// Id of the licence that it ended in; empty none.
    pub issued: String,
    pub simulated: bool,
    /// What the officer should look at.
    pub notes: Vec<Note>,
}

impl FromRow for Permit {
    fn from_row(r: &Row) -> Result<Self> {
        let notes: String = r.get(21)?;
        Ok(Self {
            id: r.get(0)?,
            number: r.get(1)?,
            matter: r.get(2)?,
            matter_name: String::new(),
            act: r.get(3)?,
            act_name: String::new(),
            mode: r.get(4)?,
            party: r.get(5)?,
            party_name: r.get(6)?,
            agent: r.get(7)?,
            division: r.get(8)?,
            licence: r.get(9)?,
            form: r.get(10)?,
            form_version: r.get(11)?,
            submission: r.get(12)?,
            status: r.get(13)?,
            phase: r.get(14)?,
            received_at: r.get(15)?,
            accepted_at: r.get(16)?,
            decided_at: r.get(17)?,
            due_at: r.get(18)?,
            outcome: r.get(19)?,
            issued: r.get(20)?,
            notes: serde_json::from_str(&notes).map_err(kit_base::Error::internal)?,
            simulated: r.get::<i64>(22)? == 1,
        })
    }
}

/// Something that is no fault of the form and yet to be looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    pub code: String,
    pub text: String,
}

/// An application with all that belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PermitView {
    pub permit: Permit,
    /// The case: status, clocks, documents, and what the asker may do.
    pub case: kit_flow::answers::CaseView,
    /// What was filled in; personal data masked unless it was asked for whole.
    pub content: Map<String, Value>,
    pub files: Vec<PermitFile>,
    /// What is still missing of the photos of a remote survey.
    pub shots: Vec<ShotView>,
    pub submissions: Vec<Submission>,
    /// On-site checks, the latest first.
    pub visits: Vec<PermitVisit>,
    /// Id of the check that goes on or went on after the grant; empty none.
    pub check: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ShotView {
    pub code: String,
    pub name: String,
    pub hint: String,
    /// Photos taken.
    pub taken: i64,
}

/// An on-site check that the inspection room does for a case of this room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitVisit {
    /// Its page is that of the visit.
    pub visit: String,
    /// 核查〔2026〕1号
    pub number: String,
    /// Last day: `2026-03-10`.
    pub due: String,
    pub opened_at: Millis,
    /// 核查记录〔2026〕1号; empty before.
    pub record_no: String,
    /// no_issue, issue_found; empty before.
    pub conclusion: String,
    pub recorded_at: Option<Millis>,
    /// Called off, or void.
    pub off: bool,
}

/// What was handed in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Submission {
    pub id: String,
    pub form: String,
    pub form_version: i64,
    /// SHA-256 of the bytes as they came.
    pub file: String,
    pub size: i64,
    pub user_name: String,
    pub received_at: Millis,
    /// How many faults it had.
    pub defects: i64,
}

/// What came of handing in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Handed {
    pub submission: String,
    /// Id of the application; empty where there are defects.
    pub permit: String,
    pub number: String,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    #[schemars(skip)]
    pub defects: Vec<Fault>,
}

/// A defect that is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    pub place: String,
    pub code: String,
    pub message: String,
}

impl From<Defect> for Fault {
    fn from(d: Defect) -> Self {
        Self { place: d.place, code: d.code.into_owned(), message: d.message }
    }
}

impl From<Fault> for Defect {
    fn from(f: Fault) -> Self {
        Self { place: f.place, code: f.code.into(), message: f.message }
    }
}

/// A form that is not handed in yet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Draft {
    pub id: String,
    pub party: String,
    pub party_name: String,
    pub matter: String,
    pub act: String,
    pub mode: String,
    /// Number of the licence that it is about; empty for a new one.
    pub licence: String,
    pub form_version: i64,
    pub content: Map<String, Value>,
    pub updated_at: Millis,
}

impl FromRow for Draft {
    fn from_row(r: &Row) -> Result<Self> {
        let content: String = r.get(8)?;
        Ok(Self {
            id: r.get(0)?,
            party: r.get(1)?,
            party_name: r.get(2)?,
            matter: r.get(3)?,
            act: r.get(4)?,
            mode: r.get(5)?,
            licence: r.get(6)?,
            form_version: r.get(7)?,
            content: serde_json::from_str(&content).map_err(kit_base::Error::internal)?,
            updated_at: r.get(9)?,
        })
    }
}

/// What is applied for, by whom: beside the form itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    pub matter: String,
    /// new, change, renew, reissue, cancel
    pub act: String,
    /// commitment, remote; ordinary where left out
    pub mode: Option<String>,
    /// Applicant; the asker's own business where it is the only one.
    pub party: Option<String>,
    /// Number of the licence that it is about.
    pub licence: Option<String>,
    /// Version of the form that was filled in.
    pub version: i64,
    /// Draft that is done with.
    pub draft: Option<String>,
}

/// A paper or photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PermitFile {
    pub id: String,
    pub party: String,
    /// SHA-256 of the content.
    pub file: String,
    pub media: String,
    pub size: i64,
    pub name: String,
    /// Which photo of a remote survey; empty a paper.
    pub shot: String,
    pub user_name: String,
    pub taken_at: Option<Millis>,
    pub received_at: Millis,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// Metres.
    pub accuracy: Option<i64>,
    pub in_app: bool,
    /// What an officer should look at: reused, far, no_place, clock, album, edited, unread.
    pub doubts: Vec<String>,
    pub hash: String,
}

impl FromRow for PermitFile {
    fn from_row(r: &Row) -> Result<Self> {
        let doubts: String = r.get(14)?;
        Ok(Self {
            id: r.get(0)?,
            party: r.get(1)?,
            file: r.get(2)?,
            media: r.get(3)?,
            size: r.get(4)?,
            name: r.get(5)?,
            shot: r.get(6)?,
            user_name: r.get(7)?,
            taken_at: r.get(8)?,
            received_at: r.get(9)?,
            lon: r.get(10)?,
            lat: r.get(11)?,
            accuracy: r.get(12)?,
            in_app: r.get::<i64>(13)? == 1,
            doubts: doubts.split(',').filter(|d| !d.is_empty()).map(str::to_owned).collect(),
            hash: r.get(15)?,
        })
    }
}
