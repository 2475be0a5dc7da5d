//! The record of a visit (监督检查结果记录).

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Examined;

/// What was seen at one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    pub item: String,
    /// ok, bad, na
    pub verdict: String,
    #[serde(default)]
    pub note: String,
    /// Hashes of photos of this visit.
    #[serde(default)]
    pub photos: Vec<String>,
    /// minor, general, serious; of what is bad.
    #[serde(default)]
    pub severity: String,
    /// Put right there and then.
    #[serde(default)]
    pub on_the_spot: bool,
    /// Photos that show it put right.
    #[serde(default)]
    pub after: Vec<String>,
    /// To be mended by: `2026-03-13`; empty: the day of the record.
    #[serde(default)]
    pub due: String,
}

/// An officer's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficerSignature {
    pub user: String,
    /// Hash of the picture.
    pub file: String,
}

/// Who signed for the business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BusinessSignature {
    pub name: String,
    #[serde(default)]
    pub post: String,
    /// Hash of the picture.
    pub file: String,
}

/// The business would not sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    pub reason: String,
    /// Who saw it.
    pub witness: String,
    /// Hash of the witness's signature, or of the video.
    pub file: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signatures {
    pub officers: Vec<OfficerSignature>,
    #[serde(default)]
    pub business: Option<BusinessSignature>,
    #[serde(default)]
    pub refusal: Option<Refusal>,
}

/// A record as the device hands it in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    /// The device's own key: a repeat is answered and not done again, for ever.
    pub client_key: String,
    #[serde(default)]
    pub device: String,
    /// By the device, ms UTC.
    pub started_at: Millis,
    pub ended_at: Millis,
    /// Degrees, WGS-84.
    #[serde(default)]
    pub lon: Option<f64>,
    #[serde(default)]
    pub lat: Option<f64>,
    /// Metres.
    #[serde(default)]
    pub accuracy: Option<i64>,
    pub answers: Vec<Answered>,
    #[serde(default)]
    pub opinion: String,
    /// To be mended by, where an answer does not say: `2026-03-13`.
    #[serde(default)]
    pub due: String,
    pub signatures: Signatures,
    /// 监督抽考: people of the business who were examined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exams: Vec<Examined>,
}

/// A finding that the record opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenedFinding {
    pub id: String,
    pub number: String,
    pub code: String,
    pub item: String,
    pub status: String,
}

/// What a record is answered, the same for each repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recorded {
    pub visit: String,
    /// 检查记录〔2026〕1号
    pub number: String,
    pub code: String,
    pub status: String,
    /// no_issue, issue_found
    pub conclusion: String,
    /// onsite_correct, rectify, case
    pub handling: Vec<String>,
    /// First moment beyond the term for publication.
    pub publish_by: Option<Millis>,
    /// Where the business answers; the QR says it.
    pub answer_url: String,
    pub findings: Vec<OpenedFinding>,
    /// Photos that show what was shown before.
    #[serde(default)]
    pub reused: Vec<ReusedPhoto>,
    /// What came of those who were examined.
    #[serde(default)]
    pub exams: Vec<ExamResult>,
}

/// A photo of a record that was shown before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReusedPhoto {
    pub sha256: String,
    pub item: String,
    /// Where: 检查〔2026〕1号, 问题〔2026〕9号
    pub number: String,
}

/// What came of somebody who was examined, in brief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExamResult {
    pub no: i64,
    pub post: String,
    /// Masked.
    pub name: String,
    /// Of a hundred.
    pub score: i64,
    pub passed: bool,
}

/// A record as it was kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecordView {
    pub record: NewRecord,
    pub user: String,
    pub user_name: String,
    pub received_at: Millis,
    /// Metres from the business; `null` unknown.
    pub distance: Option<i64>,
    /// SHA-256 of the record, a fact of the ledger.
    pub hash: String,
}

/// A photo, video, voice or signature of a visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VisitPhoto {
    pub visit: String,
    pub sha256: String,
    pub media: String,
    pub size: i64,
    pub item: String,
    pub user: String,
    pub user_name: String,
    pub taken_at: Option<Millis>,
    pub received_at: Millis,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub accuracy: Option<i64>,
    /// Metres from the business.
    pub distance: Option<i64>,
    pub in_app: bool,
    /// reused, far, no_place, clock, album, edited, unread
    pub doubts: Vec<String>,
    /// SHA-256 of all of it, a fact of the ledger.
    pub hash: String,
    /// Where it was shown before: `visit:ID`, `finding:ID`; empty nowhere.
    pub reused: String,
    /// The number of that: 检查〔2026〕1号, 问题〔2026〕9号; empty nowhere.
    pub reused_number: String,
}

impl FromRow for VisitPhoto {
    fn from_row(r: &Row) -> Result<Self> {
        let doubts: String = r.get(14)?;
        Ok(Self {
            visit: r.get(0)?,
            sha256: r.get(1)?,
            media: r.get(2)?,
            size: r.get(3)?,
            item: r.get(4)?,
            user: r.get(5)?,
            user_name: r.get(6)?,
            taken_at: r.get(7)?,
            received_at: r.get(8)?,
            lon: r.get(9)?,
            lat: r.get(10)?,
            accuracy: r.get(11)?,
            distance: r.get(12)?,
            in_app: r.get::<i64>(13)? == 1,
            doubts: doubts.split(',').filter(|d| !d.is_empty()).map(str::to_owned).collect(),
            hash: r.get(15)?,
            reused: r.get(16)?,
            reused_number: String::new(),
        })
    }
}
