//! What cases of enforcement are made of, and the shapes that leave the room.

pub mod mine;

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a lead comes from.
pub const SOURCES: [(&str, &str); 7] = [
    ("inspection", "监督检查"),
    ("sample", "抽检"),
    ("complaint", "投诉举报"),
    ("transfer", "其他部门移送"),
    ("assigned", "上级交办"),
    ("finding", "问题闭环转来"),
    ("simple", "简易程序转来"),
];

/// Kinds of evidence (行政处罚法第四十六条).
pub const EVIDENCE_KINDS: [(&str, &str); 8] = [
    ("document", "书证"),
    ("thing", "物证"),
    ("audiovisual", "视听资料"),
    ("data", "电子数据"),
    ("witness", "证人证言"),
    ("statement", "当事人的陈述"),
    ("opinion", "鉴定意见"),
    ("record", "勘验笔录、现场笔录"),
];

/// A case to be begun.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewEnforcementCase")]
pub struct NewCase {
    /// `ordinary` 普通程序 or `simple` 简易程序.
    pub procedure: String,
    /// inspection, sample, complaint, transfer, assigned
    pub source: String,
    /// Number of the visit, the sample, the complaint; empty for none.
    #[serde(default)]
    pub source_ref: String,
    /// Business that it is about.
    pub party: String,
    /// The lead: what is suspected.
    pub what: String,
}

/// A case as lists show it. Sums in fen.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EnforcementCase {
    /// Also the id of its case of the flow kit.
    pub id: String,
    /// case, `case_simple`
    pub kind: String,
    pub number: String,
    pub source: String,
    pub source_ref: String,
    /// The finding or the simple case that it came of; empty for none.
    pub above: String,
    pub party: String,
    pub party_name: String,
    pub party_kind: String,
    pub division: String,
    pub what: String,
    /// Code of the penalty table; empty: not said yet.
    pub article: String,
    pub goods_value: Option<i64>,
    pub gain: Option<i64>,
    pub penalties: Vec<String>,
    pub fine: Option<i64>,
    pub confiscated: Option<i64>,
    /// Number of the decision; empty: none yet.
    pub decision: String,
    pub decided_at: Option<Millis>,
    pub served_at: Option<Millis>,
    pub paid: i64,
    pub published_at: Option<Millis>,
    pub withdrawn_at: Option<Millis>,
    pub status: String,
    /// open, suspended, done, terminated, void
    pub phase: String,
    /// archived, `not_filed`, withdrawn, transferred, ordinary, `no_penalty`, unfounded, terminated, void; empty while it goes on.
    pub outcome: String,
    pub opened_at: Millis,
    pub closed_at: Option<Millis>,
    pub simulated: bool,
}

/// The codes of a list kept as `,a,b,`.
pub fn listed(text: &str) -> Vec<String> {
    text.split(',').filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

impl FromRow for EnforcementCase {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            kind: r.get(1)?,
            number: r.get(2)?,
            source: r.get(3)?,
            source_ref: r.get(4)?,
            above: r.get(5)?,
            party: r.get(6)?,
            party_name: String::new(),
            party_kind: r.get(7)?,
            division: r.get(8)?,
            what: r.get(9)?,
            article: r.get(10)?,
            goods_value: r.get(11)?,
            gain: r.get(12)?,
            penalties: listed(&r.get::<String>(13)?),
            fine: r.get(14)?,
            confiscated: r.get(15)?,
            decision: r.get(16)?,
            decided_at: r.get(17)?,
            served_at: r.get(18)?,
            paid: r.get(19)?,
            published_at: r.get(20)?,
            withdrawn_at: r.get(21)?,
            status: r.get(22)?,
            phase: r.get(23)?,
            outcome: r.get(24)?,
            opened_at: r.get(25)?,
            closed_at: r.get(26)?,
            simulated: r.get::<i64>(27)? == 1,
        })
    }
}

/// What is wanted of the list.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct CaseQuery {
    /// Text in the lead, or the number.
    pub q: Option<String>,
    pub party: Option<String>,
    /// case, `case_simple`
    pub kind: Option<String>,
    pub source: Option<String>,
    pub status: Option<String>,
    /// `open` goes on, `decided`, `ended`.
    pub state: Option<String>,
    /// Prefix of divisions.
    pub division: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// How evidence is handed in.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Given {
    /// document, thing, audiovisual, data, witness, statement, opinion, record
    pub kind: String,
    pub title: String,
    /// Where it comes from, who handed it in.
    pub origin: String,
    /// 1: taken by a monitoring device.
    pub camera: Option<i64>,
    /// Number of an upload in pieces, in place of a body.
    pub upload: Option<String>,
}

/// Which of the two reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EvidenceReviewKind")]
pub enum ReviewKind {
    /// 法制审核
    Legal,
    /// 技术审核
    Technical,
}

/// A review of camera evidence.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewEvidenceReview")]
pub struct NewReview {
    pub review: ReviewKind,
    pub pass: bool,
    pub note: String,
}

/// A review that was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EvidenceReview")]
pub struct Review {
    pub user: String,
    pub name: String,
    pub at: Millis,
    pub pass: bool,
    pub note: String,
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CaseEvidence")]
pub struct Evidence {
    pub id: String,
    pub case: String,
    pub kind: String,
    pub title: String,
    pub origin: String,
    pub camera: bool,
    /// SHA-256 of the content; empty for a thing without a file.
    pub file: String,
    pub media: String,
    pub size: i64,
    pub user: String,
    pub user_name: String,
    pub received_at: Millis,
    pub legal: Option<Review>,
    pub technical: Option<Review>,
    /// May be used: no camera evidence, or both reviews passed.
    pub admissible: bool,
    /// SHA-256 of the record, a fact of the ledger.
    pub hash: String,
    /// Handed in by the business itself, with an answer to what was served on it.
    pub by_party: bool,
    /// Of those: when the answer was given; `null` not yet.
    pub sent_at: Option<Millis>,
}

impl FromRow for Evidence {
    fn from_row(r: &Row) -> Result<Self> {
        let review = |from: usize| -> Result<Option<Review>> {
            let Some(at) = r.get::<Option<i64>>(from + 2)? else { return Ok(None) };
            Ok(Some(Review {
                user: r.get(from)?,
                name: r.get(from + 1)?,
                at,
                pass: r.get::<Option<i64>>(from + 3)? == Some(1),
                note: r.get(from + 4)?,
            }))
        };
        let camera = r.get::<i64>(5)? == 1;
        let (legal, technical) = (review(12)?, review(17)?);
        let passed = |r: &Option<Review>| r.as_ref().is_some_and(|r| r.pass);
        Ok(Self {
            id: r.get(0)?,
            case: r.get(1)?,
            kind: r.get(2)?,
            title: r.get(3)?,
            origin: r.get(4)?,
            camera,
            file: r.get(6)?,
            media: r.get(7)?,
            size: r.get(8)?,
            user: r.get(9)?,
            user_name: r.get(10)?,
            received_at: r.get(11)?,
            admissible: !camera || passed(&legal) && passed(&technical),
            legal,
            technical,
            hash: r.get(22)?,
            by_party: r.get::<i64>(23)? == 1,
            sent_at: r.get(24)?,
        })
    }
}
