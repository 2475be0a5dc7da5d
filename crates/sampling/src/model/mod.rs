//! What the room keeps, and the shapes that leave it.

mod assay;
mod desk;
mod disposal;
mod draws;
mod field;
mod labs;
mod listing;
mod own;
mod statistics;
pub mod targets;

pub use assay::*;
pub use desk::*;
pub use disposal::*;
pub use draws::*;
pub use field::*;
pub use labs::*;
pub use listing::*;
pub use own::*;
pub use statistics::*;

use crate::rules::judge::Judged;
use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where food is sampled.
pub const STAGES: [(&str, &str); 3] = [("produce", "生产"), ("trade", "流通"), ("catering", "餐饮")];
/// How sampling and testing are kept apart.
pub const MODES: [(&str, &str); 3] = [("inner", "内分离"), ("outer", "外分离"), ("quality", "质分离")];
pub const KINDS: [(&str, &str); 2] = [("supervision", "监督抽检"), ("monitor", "风险监测")];
/// Who ordered it, and how its numbers begin (1.11).
pub const SOURCES: [(&str, &str); 4] =
    [("national", "GBJ"), ("province", "SBJ"), ("city", "DBJ"), ("county", "XBJ")];

/// A sample to be taken.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSample {
    /// Where it is sampled.
    pub party: String,
    #[serde(default)]
    pub site: String,
    /// Cell of a plan; empty for none.
    #[serde(default)]
    pub quota: String,
    /// national, province, city, county
    pub source: String,
    /// inner, outer, quality
    pub mode: String,
    /// supervision, monitor
    pub kind: String,
    /// produce, trade, catering
    pub stage: String,
    /// Place in the tree of foods: `14.1`.
    pub category: String,
    pub food: String,
    pub lab: String,
    /// Two people.
    pub samplers: Vec<String>,
    /// Items to be tested beside those of the plan, the most wanted first; at most 50.
    #[serde(default)]
    pub items: Vec<String>,
}

/// A sample as lists show it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Sample {
    /// Also the id of its case.
    pub id: String,
    pub number: String,
    pub sample_no: String,
    pub blind: String,
    pub quota: String,
    pub mode: String,
    pub kind: String,
    pub stage: String,
    pub category: String,
    pub food: String,
    pub party: String,
    pub party_name: String,
    pub division: String,
    pub lab: String,
    pub sampler1: String,
    pub sampler2: String,
    pub house1: String,
    pub house2: String,
    pub producer: String,
    pub lot: Option<i64>,
    pub trace_code: String,
    /// JSON of the 抽样单.
    pub sheet: String,
    pub sheet_hash: String,
    pub taken_at: Option<Millis>,
    pub made: String,
    pub received_at: Option<Millis>,
    pub issued_at: Option<Millis>,
    /// conforms, fails, undecided, monitored; empty for none yet.
    pub verdict: String,
    pub grave: bool,
    pub served_at: Option<Millis>,
    pub confirmed_at: Option<Millis>,
    pub recheck_lab: String,
    pub recheck_draw: String,
    pub finding: String,
    pub scope_certain: Option<i64>,
    pub scope_possible: Option<i64>,
    pub status: String,
    pub phase: String,
    pub flags: Vec<String>,
    pub opened_at: Millis,
    pub closed_at: Option<Millis>,
    pub simulated: bool,
    /// Who signed the report.
    pub issued_by: String,
    pub rechecked_at: Option<Millis>,
    /// upheld, overturned; empty for no recheck.
    pub recheck_verdict: String,
    /// A failure that stood already was overturned afterwards.
    pub overturned_at: Option<Millis>,
}

impl FromRow for Sample {
    fn from_row(r: &Row) -> Result<Self> {
        let flags: String = r.get(35)?;
        Ok(Self {
            id: r.get(0)?,
            number: r.get(1)?,
            sample_no: r.get(2)?,
            blind: r.get(3)?,
            quota: r.get(4)?,
            mode: r.get(5)?,
            kind: r.get(6)?,
            stage: r.get(7)?,
            category: r.get(8)?,
            food: r.get(9)?,
            party: r.get(10)?,
            party_name: String::new(),
            division: r.get(11)?,
            lab: r.get(12)?,
            sampler1: r.get(13)?,
            sampler2: r.get(14)?,
            house1: r.get(15)?,
            house2: r.get(16)?,
            producer: r.get(17)?,
            lot: r.get(18)?,
            trace_code: r.get(19)?,
            sheet: r.get(20)?,
            sheet_hash: r.get(21)?,
            taken_at: r.get(22)?,
            made: r.get(23)?,
            received_at: r.get(24)?,
            issued_at: r.get(25)?,
            verdict: r.get(26)?,
            grave: r.get::<i64>(27)? == 1,
            served_at: r.get(28)?,
            confirmed_at: r.get(29)?,
            recheck_lab: r.get(30)?,
            recheck_draw: r.get(31)?,
            finding: r.get(32)?,
            scope_certain: r.get(33)?,
            scope_possible: r.get(34)?,
            flags: flags.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
            status: r.get(36)?,
            phase: r.get(37)?,
            opened_at: r.get(38)?,
            closed_at: r.get(39)?,
            simulated: r.get::<i64>(40)? == 1,
            issued_by: r.get(41)?,
            rechecked_at: r.get(42)?,
            recheck_verdict: r.get(43)?,
            overturned_at: r.get(44)?,
        })
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SampleQuery {
    /// In the food or the sample number.
    pub q: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// 检样 or 备样 and who had it from when.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SamplePart")]
pub struct Part {
    /// test, spare
    pub part: String,
    pub seal: String,
    pub amount: String,
    pub unit: String,
    pub hands: Vec<Hand>,
    /// To whom it is on offer; empty for nobody.
    pub offered_to: String,
}

/// A stretch of custody; the next begins where it ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleHand")]
pub struct Hand {
    pub no: i64,
    pub holder: String,
    pub holder_name: String,
    pub person: String,
    pub person_name: String,
    pub giver: String,
    pub giver_name: String,
    pub from_at: Millis,
    pub until_at: Option<Millis>,
    /// °C
    pub temperature: String,
    pub seal_whole: bool,
    pub note: String,
    pub hash: String,
}

impl FromRow for Hand {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            no: r.get(0)?,
            holder: r.get(1)?,
            holder_name: r.get(2)?,
            person: r.get(3)?,
            person_name: r.get(4)?,
            giver: r.get(5)?,
            giver_name: r.get(6)?,
            from_at: r.get(7)?,
            until_at: r.get(8)?,
            temperature: r.get(9)?,
            seal_whole: r.get::<i64>(10)? == 1,
            note: r.get(11)?,
            hash: r.get(12)?,
        })
    }
}

/// Offers a part to somebody: the giver's signature.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleOffer")]
pub struct Offer {
    /// test, spare
    pub part: String,
    /// The laboratory that is to have it.
    pub receiver: String,
    /// 16 letters and digits of the giver's phone, shown as a QR code and scanned by the receiver; empty for none.
    #[serde(default)]
    pub code: String,
}

/// Takes over what was offered: the receiver's signature.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleOver")]
pub struct Over {
    /// °C, where it matters; decimal.
    #[serde(default)]
    pub temperature: String,
    pub seal_whole: bool,
    #[serde(default)]
    pub note: String,
}

/// The spare that came, or was to come, cannot be tested.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SpareUnfit")]
pub struct Unfit {
    /// seal, spoilt, expired, short, other
    pub found: String,
    /// In words.
    pub finding: String,
}

/// A sample with all that belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleDetail")]
pub struct Detail {
    pub sample: Sample,
    pub lab_name: String,
    pub sampler_names: Vec<String>,
    /// Items that whoever ordered it wants tested.
    pub asked: Vec<String>,
    pub media: Vec<Media>,
    pub parts: Vec<Part>,
    /// Of the newest revision.
    pub results: Vec<TestResult>,
    pub judged: Vec<Judged>,
    pub corrections: Vec<Correction>,
    pub streams: Vec<Stream>,
    /// Whose each stream is; one that is not among them is the bureau's that sampled.
    pub given: Vec<Given>,
    pub stream_files: Vec<StreamFile>,
    /// The producer named on it.
    pub maker: NamedMaker,
    /// 协查函, the first first.
    pub letters: Vec<Letter>,
    /// What the conclusion brings with it.
    pub duties: Vec<Duty>,
    /// Until when the spare is kept; `null` before there is a conclusion.
    pub spare_kept: Option<SpareKept>,
    /// What was said against it, the first first.
    pub objections: Vec<Objected>,
    /// `null` before its laboratory is drawn.
    pub recheck: Option<Recheck>,
    /// What the last correction came to: conforms, fails, undecided; empty: none.
    pub corrected: String,
    /// The sample whose report came to fail by a correction, because of which this one is taken.
    pub follows: Option<SampleLink>,
    /// Samples taken again because a correction made this one fail.
    pub followed_by: Vec<SampleLink>,
}

/// Another sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SampleLink {
    pub id: String,
    pub sample_no: String,
    pub food: String,
}
